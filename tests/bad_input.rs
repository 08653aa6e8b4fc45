//! Bad input: each piece gives one clear problem that names the place; everything else is published, and nothing known is lost.

mod common;

use common::input::{Answer, FEED, Server, calendar, evenings, hour, only_problem, picnic, problems, vevent};
use common::{Board, POSTS, Told, post};
use std::fs;
use std::process::Command;

/// One bad file among the posts.
fn with_bad_file(name: &str, bytes: impl AsRef<[u8]>) -> (Board, Told) {
    let board = Board::new(POSTS);
    board.write("posts/picnic.md", picnic());
    board.write(&format!("posts/{name}"), bytes);
    let told = board.run(&hour(1), &[]);
    (board, told)
}

#[test]
fn a_truncated_feed_is_told_and_what_stands_before_the_cut_is_read() {
    let cut = FEED.find("Weir painted").unwrap() + 4;
    let (board, told) = with_bad_file("news.xml", &FEED[..cut]);
    only_problem(&told, &["posts: news.xml"]);
    assert!(board.published("feed.atom").contains("Bridge reopened"));
    assert_eq!(board.titles(), ["Picnic"]);
}

#[test]
fn one_broken_event_costs_only_itself() {
    let events = [
        vevent("a", "Open shed", ";VALUE=DATE:20270203"),
        vevent("b", "Broken evening", ":the third of March"),
        vevent("c", "Net mending", ":20270204T180000Z"),
    ];
    let (board, told) = with_bad_file("town.ics", calendar(&events));
    only_problem(&told, &["posts: town.ics"]);
    assert_eq!(board.titles(), ["Net mending", "Open shed", "Picnic"]);
}

#[test]
fn front_matter_that_does_not_parse_costs_only_its_post() {
    let (board, told) = with_bad_file("broken.md", "---\ntitle: [unclosed\ndate: 2026-11-05\n---\n\nHello.\n");
    only_problem(&told, &["posts: broken.md"]);
    assert_eq!(board.titles(), ["Picnic"]);
}

#[test]
fn front_matter_that_no_longer_parses_leaves_the_last_good_post() {
    let board = Board::new(POSTS);
    board.write("posts/picnic.md", picnic());
    board.write("posts/other.md", post("Other", "2026-11-06", "", "Text."));
    board.run_well(&hour(1));
    let (before, feed) = (board.event("Picnic"), board.published("feed.atom"));
    board.write("posts/picnic.md", picnic().replace("title: \"Picnic\"", "title: [\"Picnic\""));
    only_problem(&board.run(&hour(2), &[]), &["posts: picnic.md"]);
    assert_eq!(board.event("Picnic"), before);
    assert_eq!(board.published("feed.atom"), feed);
    board.write("posts/picnic.md", picnic().replace("Picnic", "Big picnic"));
    let told = board.run(&hour(3), &[]);
    assert!(told.out.contains("solved"), "{told:?}");
    assert_eq!(board.event("Big picnic").get("UID"), before.get("UID"));
}

#[test]
fn a_binary_file_named_md_is_told() {
    let (board, told) = with_bad_file("logo.md", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01");
    only_problem(&told, &["posts: logo.md", "binary"]);
    assert_eq!(board.titles(), ["Picnic"]);
}

#[test]
fn a_link_out_of_the_folder_is_told_and_not_followed() {
    let board = Board::new(POSTS);
    board.write("posts/picnic.md", picnic());
    board.write("secret.md", post("Secret", "2026-11-05", "", "Nobody may read this."));
    std::os::unix::fs::symlink(board.path("secret.md"), board.path("posts/link.md")).unwrap();
    only_problem(&board.run(&hour(1), &[]), &["posts: link.md", "link"]);
    assert_eq!(board.titles(), ["Picnic"]);
    assert!(!board.published("feed.atom").contains("Secret"));
}

#[test]
fn a_link_out_of_the_repository_is_told_and_not_followed() {
    let board = Board::new("\n[[source]]\nid = \"repo\"\nfrom.git = { url = \"repo\" }\n");
    board.write("repo/picnic.md", picnic());
    board.write("secret.md", post("Secret", "2026-11-05", "", "Nobody may read this."));
    std::os::unix::fs::symlink("../secret.md", board.path("repo/link.md")).unwrap();
    for words in [
        &["init", "-q"][..],
        &["add", "-A"],
        &["-c", "user.name=A", "-c", "user.email=a@b.example", "commit", "-qm", "posts"],
    ] {
        assert!(Command::new("git").args(words).current_dir(board.path("repo")).status().unwrap().success());
    }
    only_problem(&board.run(&hour(1), &[]), &["repo: link.md", "link"]);
    assert_eq!(board.titles(), ["Picnic"]);
    assert!(!board.published("feed.atom").contains("Secret"));
}

/// A good run, a bad answer told once, and all that was known still there.
fn survives(good: (&'static str, String), bad: Answer, file: &str, says: &[&str], patient: bool) {
    let server = Server::start(Answer::Text(good.0, good.1));
    let board = Board::new(&server.source(file));
    board.write("posts/picnic.md", picnic());
    board.run_well(&hour(1));
    let before = board.output();
    server.now_answers(bad);
    let mut told = board.run(&hour(2), &["--all"]);
    if patient {
        assert_eq!((told.code, told.err.as_str()), (Some(0), ""), "a source that worked gets a day to come back");
        told = board.run("2026-12-02T02:00:00Z", &["--all"]);
    }
    only_problem(&told, says);
    let after = board.output();
    for file in ["events.ics", "feed.atom", "events.json"] {
        assert!(after[file].0 == before[file].0, "{file} changed");
    }
}

#[test]
fn a_body_of_200_mb_is_refused_and_what_was_known_stays() {
    let calendar = calendar(&evenings(2));
    survives(("text/calendar", calendar), Answer::Flood(200 << 20), "all.ics", &["web: ", "all.ics", "16"], true);
}

#[test]
fn a_source_that_never_answers_keeps_what_was_known() {
    let calendar = calendar(&evenings(2));
    survives(("text/calendar", calendar), Answer::Silence, "all.ics", &["web: ", "all.ics", "2 s"], true);
}

#[test]
fn a_source_that_never_answered_is_told_at_once() {
    let server = Server::start(Answer::Silence);
    let board = Board::new(&server.source("all.ics").replace("timeout = 2", "timeout = 1"));
    board.write("posts/picnic.md", picnic());
    only_problem(&board.run(&hour(1), &[]), &["web: ", "all.ics", "1 s"]);
    assert_eq!(board.titles(), ["Picnic"]);
    assert!(board.published("health.json").contains("\"failed\""));
}

#[test]
fn a_feed_that_becomes_a_web_page_keeps_its_entries() {
    let page = Answer::Text(
        "text/html",
        "<!doctype html><html><head><title>Down</title></head><body><p>Back soon.</p></body></html>".into(),
    );
    survives(("application/rss+xml", FEED.into()), page, "feed.rss", &["web: ", "feed.rss", "web page"], false);
}

#[test]
fn a_calendar_that_becomes_a_web_page_without_a_telling_name_keeps_its_events() {
    let page = Answer::Text(
        "text/html",
        "<!doctype html><html><head><title>Down</title></head><body><p>Back soon.</p></body></html>".into(),
    );
    survives(("text/calendar", calendar(&evenings(2))), page, "export", &["web: ", "export", "web page"], false);
}

#[test]
fn a_calendar_that_becomes_nothing_keeps_its_events() {
    let nothing = Answer::Text("text/calendar", String::new());
    survives(("text/calendar", calendar(&evenings(2))), nothing, "all.ics", &["web: ", "all.ics", "empty"], false);
}

#[test]
fn a_calendar_cut_short_keeps_its_events() {
    let whole = calendar(&evenings(6));
    let half = Answer::Text("text/calendar", whole[..whole.len() / 2].to_owned());
    survives(("text/calendar", whole), half, "all.ics", &["web: ", "all.ics"], false);
}
#[test]
fn two_runs_at_once_do_the_work_once() {
    let board = Board::new(POSTS);
    for n in 0..200 {
        board.write(&format!("posts/post-{n:04}.md"), common::nth_post(n, ""));
    }
    let mut both =
        [board.command(&hour(1), &["-v"]).spawn().unwrap(), board.command(&hour(1), &["-v"]).spawn().unwrap()];
    let codes: Vec<Option<i32>> = both.iter_mut().map(|run| run.wait().unwrap().code()).collect();
    assert_eq!(codes, [Some(0), Some(0)]);
    let told: Vec<String> =
        both.into_iter().map(|run| String::from_utf8(run.wait_with_output().unwrap().stdout).unwrap()).collect();
    assert!(told.iter().any(|text| text.contains("another run is at work")), "{told:?}");
    assert!(told.iter().any(|text| text.contains("200 documents read")), "{told:?}");
    let before = board.output();
    board.run_well(&hour(2));
    assert!(board.output() == before, "the board was not whole");
}

#[test]
fn a_problem_is_told_once_again_after_a_week_and_once_when_it_is_gone() {
    let (board, told) = with_bad_file("logo.md", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0");
    let problem = only_problem(&told, &["logo.md"]);
    let silent = |told: Told| assert_eq!((told.code, told.out.as_str(), told.err.as_str()), (Some(0), "", ""));
    silent(board.run(&hour(2), &[]));
    silent(board.run("2026-12-08T00:59:00Z", &[]));
    assert_eq!(only_problem(&board.run("2026-12-08T02:00:00Z", &[]), &[]), problem);
    silent(board.run("2026-12-08T03:00:00Z", &[]));
    let strict = board.run("2026-12-08T04:00:00Z", &["--strict"]);
    assert_eq!((strict.code, problems(&strict)), (Some(3), vec![problem]));
    board.remove("posts/logo.md");
    let gone = board.run("2026-12-08T05:00:00Z", &[]);
    assert_eq!(
        (gone.code, gone.err.as_str(), gone.out.lines().next().unwrap_or_default().starts_with("solved: ")),
        (Some(0), "", true),
        "{gone:?}"
    );
    silent(board.run("2026-12-08T06:00:00Z", &["--strict"]));
}

#[test]
fn exit_codes_say_how_it_ended() {
    let board = Board::new(POSTS);
    board.write("posts/picnic.md", picnic());
    assert_eq!(board.run(&hour(1), &[]).code, Some(0));
    board.write("posts/logo.md", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0");
    assert_eq!(board.run(&hour(2), &[]).code, Some(3));
    assert_eq!(board.run(&hour(2), &["--quick"]).code, Some(2));
    let before = board.output();
    let store = board.path("state/board.db");
    let good = fs::read(&store).unwrap();
    fs::write(&store, "my diary, which is long enough to be looked at as a header").unwrap();
    let told = board.run(&hour(3), &[]);
    assert_eq!(told.code, Some(1), "{told:?}");
    assert!(told.err.contains("board.db"), "{}", told.err);
    assert!(board.output() == before, "what was published is untouched");
    fs::write(&store, good).unwrap();
    assert_eq!(board.run(&hour(4), &[]).code, Some(0));
}

#[test]
fn entries_of_a_feed_that_all_link_to_one_page_are_published_one_by_one_under_lasting_names() {
    let item = |n: u32| {
        format!(
            "<item><title>News {n}</title><link>https://town.example/</link><guid isPermaLink=\"false\">news-{n}</guid><pubDate>Thu, 05 Nov 2026 10:00:0{n} GMT</pubDate><description>At last.</description></item>\n"
        )
    };
    let feed = |items: u32| {
        let head = "<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel><title>Town news</title><link>https://town.example/</link><description>News</description>\n";
        format!("{head}{}</channel></rss>\n", (0..items).map(item).collect::<String>())
    };
    let board = Board::new(POSTS);
    board.write("posts/town.rss", feed(3));
    board.run_well(&hour(1));
    let ids = |board: &Board| {
        let feed: serde_json::Value = serde_json::from_str(&board.published("feed.json")).unwrap();
        let items = feed["items"].as_array().unwrap().clone();
        items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect::<std::collections::BTreeSet<_>>()
    };
    let before = ids(&board);
    assert_eq!(before.len(), 3);
    board.write("posts/town.rss", feed(4));
    board.run_well(&hour(2));
    assert!(ids(&board).len() == 4 && before.is_subset(&ids(&board)));
}
