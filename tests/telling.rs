//! What is told of a run beside the board: health, report, metrics, log, and what `check --live` says.

mod common;

use common::input::{Answer, FEED, Server};
use common::{Board, POSTS, Told, post};
use serde_json::Value;
use std::fs;
use std::process::Command;

const NOON: &str = "2026-12-01T12:00:00Z";
const LATER: &str = "2026-12-01T12:15:00Z";
const LOGIN: &str = "<!doctype html><title>Welcome to our network</title><p>Please log in to go on.";

fn feed() -> Answer {
    Answer::Text("application/rss+xml", FEED.to_owned())
}

/// A feed that says it is good for two hours.
fn lasting_feed() -> Answer {
    Answer::Text("application/rss+xml\r\nCache-Control: max-age=7200", FEED.to_owned())
}

/// How the source `web` is doing, by `health.json`.
fn health(board: &Board) -> Value {
    let health: Value = serde_json::from_str(&board.published("health.json")).unwrap();
    assert_eq!((health["format"].as_str(), health["version"].as_u64()), (Some("noticeboard-health"), Some(1)));
    let sources = health["sources"].as_array().unwrap();
    sources.iter().find(|source| source["id"] == "web").unwrap().clone()
}

/// The program with these words, without `run`.
fn noticeboard(board: &Board, words: &[&str]) -> Told {
    let output =
        Command::new(env!("CARGO_BIN_EXE_noticeboard")).current_dir(board.root()).args(words).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Told { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
}

#[test]
fn a_login_page_in_place_of_the_feed_is_not_ok() {
    let server = Server::start(feed());
    let board = Board::new(&server.web("feed.xml"));
    board.run_well(NOON);
    let web = health(&board);
    assert_eq!((&web["state"], &web["documents"], &web["problem_count"]), (&"ok".into(), &1.into(), &0.into()));
    assert_eq!(web["attempts"]["good"], 1);
    assert_eq!(web["events_usually"], 0);
    server.now_answers(Answer::Text("text/html", LOGIN.to_owned()));
    board.run("2026-12-01T13:00:00Z", &["--all"]);
    let web = health(&board);
    assert_eq!((&web["state"], &web["documents"]), (&"partial".into(), &1.into()), "{web}");
    assert_eq!(web["problems"][0]["kind"], "read");
    assert_eq!(web["message"], web["problems"][0]["message"]);
    assert!(web["hint"].is_string(), "{web}");
    assert!(board.published("health.html").contains("answers, but not all of it is shown"));
    server.now_answers(Answer::Head("410 Gone"));
    board.run("2026-12-01T14:00:00Z", &["--all"]);
    let web = health(&board);
    assert_eq!((&web["state"], &web["retired"]), (&"stale".into(), &true.into()));
    assert_eq!((&web["attempts"]["tried"], &web["attempts"]["good"]), (&3.into(), &2.into()));
    assert!(board.published("health.html").contains("gone for good"));
}

#[test]
fn the_events_of_a_source_are_counted_from_its_first_answer_on() {
    let event = |n: u8| {
        format!(
            "BEGIN:VEVENT\r\nUID:{n}@turku.example\r\nDTSTAMP:20261101T000000Z\r\nDTSTART;VALUE=DATE:2027020{n}\r\nSUMMARY:Choir {n}\r\nEND:VEVENT\r\n"
        )
    };
    let calendar = |events: u8| {
        let events: String = (1..=events).map(event).collect();
        let text = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//turku//EN\r\n{events}END:VCALENDAR\r\n");
        Answer::Text("text/calendar", text)
    };
    let server = Server::start(calendar(3));
    let board = Board::new(&server.web("all.ics"));
    let args = ["--report", "report.json", "--all"];
    assert_eq!(board.run(NOON, &args).code, Some(0));
    let web = health(&board);
    assert_eq!((&web["events"], &web["events_usually"]), (&3.into(), &3.into()), "{web}");
    let report: Value = serde_json::from_str(&fs::read_to_string(board.path("report.json")).unwrap()).unwrap();
    assert_eq!(report["asked"][0]["events"], 3);
    server.now_answers(calendar(5));
    board.run("2026-12-01T13:00:00Z", &args);
    let web = health(&board);
    assert_eq!((&web["events"], &web["events_usually"]), (&5.into(), &3.into()), "the median is renewed once a day");
}

#[test]
fn the_configuration_of_a_site_is_no_document() {
    let board = Board::new(
        "[[source]]\nid = \"web\"\nfrom.directory = { path = \"site\", include = [\"content/**/*.md\", \"hugo.toml\"] }\n",
    );
    board.write("site/content/a.md", post("Picnic", "2026-11-05T10:00:00Z", "startDate: 2027-02-01", "Bring gloves."));
    board.write("site/hugo.toml", "baseURL = 'https://ponds.example/'\n");
    board.run(NOON, &[]);
    assert_eq!(health(&board)["documents"], 1);
}

#[test]
fn a_run_before_anything_is_due_ends_at_once_and_touches_nothing() {
    let server = Server::start(lasting_feed());
    let board = Board::new(&server.web("feed.xml"));
    board.run_well(NOON);
    let is_at_rest = |now: &str| board.run(now, &["--log", "info"]).err.contains("nothing is due");
    for (now, expected) in [
        (NOON, true),
        ("2026-12-01T13:58:00Z", true),
        ("2026-12-01T13:59:30Z", false),
        ("2026-12-02T00:00:01Z", false),
        ("2026-12-01T11:00:00Z", false),
    ] {
        let copy = tempfile::tempdir().unwrap();
        common::copy_folder(board.root(), copy.path());
        let before = common::files(board.root());
        assert_eq!(is_at_rest(now), expected, "{now}");
        if expected {
            assert!(common::files(board.root()) == before, "a run with nothing to do touched a file");
        }
        // Each case begins where the first run has ended.
        fs::remove_dir_all(board.path("state")).unwrap();
        common::copy_folder(&copy.path().join("state"), &board.path("state"));
    }
    assert!(is_at_rest(LATER));
    let asked = server.asked();
    board.remove("public/events.ics");
    assert!(!is_at_rest(LATER) && board.path("public/events.ics").exists(), "a deleted file comes back");
    assert!(is_at_rest(LATER));
    board.configure(&format!("{}# and a word\n", server.web("feed.xml")));
    assert!(!is_at_rest(LATER), "another config");
    assert!(is_at_rest(LATER));
    assert_eq!(server.asked(), asked);
    assert!(board.run(LATER, &["--all", "--log", "info"]).err.contains("asking 1 sources"));
    board.configure(POSTS);
    board.write("posts/a.md", "# A\n");
    board.run(LATER, &[]);
    assert!(!is_at_rest(LATER), "folders are looked at in every run");
}

#[test]
fn a_run_that_was_killed_leaves_something_to_do() {
    let server = Server::start(lasting_feed());
    let board = Board::new(&server.web("feed.xml"));
    board.run_well(NOON);
    server.now_answers(Answer::Text(
        "application/rss+xml\r\nCache-Control: max-age=7200",
        FEED.replace("Bridge", "Old bridge"),
    ));
    let killed =
        board.command("2026-12-01T12:05:00Z", &["--all"]).env("NOTICEBOARD_CRASH_AT", "gathered").output().unwrap();
    assert!(!killed.status.success());
    assert!(!board.published("feed.atom").contains("Old bridge"));
    board.run_well(LATER);
    assert!(board.published("feed.atom").contains("Old bridge"));
}

#[test]
fn a_report_tells_machines_all_of_a_run() {
    let server = Server::start(feed());
    let board = Board::new(&server.web("feed.xml"));
    let report = |board: &Board| -> Value {
        serde_json::from_str(&fs::read_to_string(board.path("report.json")).unwrap()).unwrap()
    };
    let args = ["--report", "report.json", "--all"];
    assert_eq!(board.run(NOON, &args).code, Some(0));
    let told = report(&board);
    assert_eq!((&told["format"], &told["version"]), (&"noticeboard-report".into(), &1.into()));
    assert_eq!((&told["run"], &told["busy"], &told["posts"]), (&NOON.into(), &false.into(), &2.into()));
    assert_eq!((&told["asked"][0]["source"], &told["asked"][0]["good"]), (&"web".into(), &true.into()));
    assert!(told["took"].is_u64() && told["asked"][0]["took"].is_u64() && told.get("error").is_none());
    let stages: Vec<&str> =
        told["stages"].as_array().unwrap().iter().filter_map(|stage| stage["name"].as_str()).collect();
    assert_eq!(stages, ["fetch", "digest", "settle", "publish", "write"]);
    server.now_answers(Answer::Text("text/html", LOGIN.to_owned()));
    assert_eq!(board.run("2026-12-01T13:00:00Z", &args).code, Some(3));
    assert_eq!(report(&board)["problems"]["new"][0]["kind"], "read");
    board.run("2026-12-01T14:00:00Z", &args);
    assert_eq!(report(&board)["problems"]["standing"][0]["source"], "web");
    server.now_answers(feed());
    board.run("2026-12-01T15:00:00Z", &args);
    assert_eq!(report(&board)["problems"]["gone"].as_array().unwrap().len(), 1);

    let told = board.run("2026-12-01T16:00:00Z", &["--report", "-", "-v"]);
    let whole: Value = serde_json::from_str(&told.out).unwrap();
    assert_eq!(whole["run"], "2026-12-01T16:00:00Z");
    assert!(told.err.contains("published"), "{told:?}");
    assert!(!told.out.contains("hunter2"), "{}", told.out);

    fs::remove_dir_all(board.path("state")).unwrap();
    board.write("state", "a file where a folder should be");
    assert_eq!(board.run(NOON, &args).code, Some(1));
    assert!(report(&board)["error"].as_str().unwrap().contains("state"), "{}", report(&board));
    let told = board.run(NOON, &["--report", "none/report.json"]);
    assert!(told.err.contains("none/report.json"), "{told:?}");
}

#[test]
fn metrics_tell_of_every_source_also_when_nothing_was_due() {
    let server = Server::start(lasting_feed());
    let board = Board::new(&server.web("feed.xml"));
    let metrics = |now: &str| {
        let told = board.run(now, &["--metrics", "board.prom"]);
        (told.code, fs::read_to_string(board.path("board.prom")).unwrap())
    };
    for now in [NOON, LATER] {
        let (code, text) = metrics(now);
        assert_eq!(code, Some(0));
        for line in [
            "# TYPE noticeboard_source_up gauge",
            "noticeboard_source_up{source=\"web\"} 1",
            "noticeboard_source_info{source=\"web\",title=\"The \\\"town\\\"\"} 1",
            "noticeboard_source_last_good_timestamp_seconds{source=\"web\"} 1796126400",
            "noticeboard_posts 2",
            "noticeboard_run_success 1",
        ] {
            assert!(text.lines().any(|found| found == line), "no {line} in {text}");
        }
        assert!(!text.contains("hunter2"));
    }
    assert_eq!(server.asked(), 1);
    let lock = fs::File::options().write(true).open(board.path("state/board.db.lock")).unwrap();
    lock.lock().unwrap();
    let before = fs::read_to_string(board.path("board.prom")).unwrap();
    assert_eq!(metrics("2026-12-01T18:00:00Z"), (Some(0), before), "the run that is at work will tell");
    let busy = board.run(NOON, &["--report", "-"]);
    assert_eq!(serde_json::from_str::<Value>(&busy.out).unwrap()["busy"], true);
    drop(lock);
    board.write("noticeboard.toml", "[site]");
    assert_eq!(metrics(NOON).0, Some(2));
    assert!(metrics(NOON).1.contains("noticeboard_run_success 0"));
}

#[test]
fn the_log_has_levels_and_holds_no_secret_and_no_escape_sequence() {
    let server = Server::start(feed());
    let board = Board::new(&format!("{}{POSTS}", server.web("feed.xml")));
    board.write(
        "posts/a\u{1b}[31m\nERROR forged.md",
        post("Picnic", "2026-11-05T10:00:00Z", "startDate: 2027-02-01", "Bring gloves."),
    );
    let with = |level: &str| board.run(NOON, &["--all", "--log", level]).err;
    assert!(with("off").is_empty());
    let info = with("info");
    assert!(info.contains("INFO web: answered: "), "{info}");
    assert!(info.contains("INFO settle: ") && !info.contains("arrived"), "{info}");
    assert!(with("warn").is_empty());
    fs::remove_dir_all(board.path("state")).unwrap();
    let debug = with("debug");
    assert!(debug.contains("DEBUG web: http://127.0.0.1"), "{debug}");
    let forged: Vec<&str> = debug.lines().filter(|line| line.contains("ERROR forged.md")).collect();
    assert!(forged.len() == 1 && forged[0].contains("DEBUG posts: a"), "{debug}");
    assert!(!debug.contains("hunter2") && !debug.contains('\u{1b}'), "{debug}");
    server.now_answers(Answer::Head("503 Service Unavailable\r\nRetry-After: 60"));
    let warn = with("warn");
    assert!(
        warn.contains(" WARN web: http://127.0.0.1") && warn.contains("503") && warn.lines().count() == 1,
        "{warn}"
    );
    let quiet = board.command(LATER, &[]).env("NOTICEBOARD_LOG", "info").output().unwrap();
    assert!(String::from_utf8_lossy(&quiet.stderr).contains("INFO fetch: "));
    assert_eq!(board.run(NOON, &["--log", "loud"]).code, Some(2));
}

#[test]
fn check_live_tells_how_each_source_answered_and_leaves_alone_who_asks_for_it() {
    let server = Server::start(feed());
    let board = Board::new(&server.web("feed.xml"));
    let live = |now: &str| noticeboard(&board, &["check", "--live", "--now", now]);
    let told = live(NOON);
    assert_eq!(told.code, Some(0), "{told:?}");
    assert!(told.out.contains(" ms, RSS; 1 document, 2 posts"), "{}", told.out);
    assert!(!board.path("public").exists() && !board.path("state/board.db").exists(), "check changes neither");
    board.run_well(NOON);
    server.now_answers(Answer::Head("503 Service Unavailable\r\nRetry-After: 7200"));
    board.run("2026-12-01T13:00:00Z", &["--all"]);
    let asked = server.asked();
    let told = live("2026-12-01T14:00:00Z");
    assert!(told.out.contains("wants to be left alone until 2026-12-01 15:00 UTC; 1 document, 2 posts"), "{told:?}");
    assert_eq!(server.asked(), asked, "the server was asked");
    server.now_answers(Answer::Head("410 Gone"));
    let told = live("2026-12-01T15:01:00Z");
    assert!(told.out.contains("web: failed, 410, ") && told.out.contains("gone for good"), "{told:?}");
    assert_eq!(told.code, Some(3));
    let lock = fs::File::options().write(true).open(board.path("state/board.db.lock")).unwrap();
    lock.lock().unwrap();
    let told = live("2026-12-01T16:00:00Z");
    assert_eq!(told.code, Some(1));
    assert!(told.err.contains("another run is at work") && told.err.contains("hint:"), "{told:?}");
}
