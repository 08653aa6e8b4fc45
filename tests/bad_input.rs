//! Bad input: each piece gives one clear problem that names the place; everything else is published, and nothing known is lost.

mod common;

use common::{Board, POSTS, Told, post};
use std::fs;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// What the server answers, changed by the test as it goes.
#[derive(Clone)]
enum Answer {
    Text(&'static str, String),
    /// So many bytes.
    Flood(usize),
    Silence,
}

/// A server on this machine.
struct Server {
    _runtime: tokio::runtime::Runtime,
    address: String,
    answer: Arc<Mutex<Answer>>,
}

impl Server {
    fn start(answer: Answer) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let answer = Arc::new(Mutex::new(answer));
        let said = Arc::clone(&answer);
        runtime.spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let answer = said.lock().unwrap().clone();
                tokio::spawn(async move {
                    let mut request = [0; 4096];
                    let length = stream.read(&mut request).await.unwrap_or(0);
                    let request = String::from_utf8_lossy(&request[..length]).into_owned();
                    let head = |kind: &str, length: usize| {
                        format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n")
                    };
                    match answer {
                        Answer::Text(_, text) if request.contains(&etag(&text)) => {
                            let _ = stream.write_all(b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n").await;
                        }
                        Answer::Text(kind, text) => {
                            let kind = format!("{kind}\r\nETag: {}", etag(&text));
                            let _ = stream.write_all((head(&kind, text.len()) + &text).as_bytes()).await;
                        }
                        Answer::Flood(length) => {
                            let _ = stream.write_all(head("text/calendar", length).as_bytes()).await;
                            let part = vec![b'x'; 1 << 20];
                            for _ in 0..length >> 20 {
                                if stream.write_all(&part).await.is_err() {
                                    return;
                                }
                            }
                        }
                        Answer::Silence => tokio::time::sleep(Duration::from_secs(60)).await,
                    }
                    let _ = stream.shutdown().await;
                });
            }
        });
        Self { _runtime: runtime, address, answer }
    }

    fn now_answers(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }

    fn source(&self, file: &str) -> String {
        format!(
            "{POSTS}\n[[source]]\nid = \"web\"\nfrom.http = {{ url = \"{}/{file}\", timeout = 2, allow_private = true }}\n",
            self.address
        )
    }
}

/// Texts of these tests differ in length.
fn etag(text: &str) -> String {
    format!("\"of-{}\"", text.len())
}

/// The moment of the nth run, an hour after the one before.
fn hour(n: u32) -> String {
    format!("2026-12-01T{n:02}:00:00Z")
}

fn picnic() -> String {
    post("Picnic", "2026-11-05T10:00:00Z", "startDate: 2027-02-01", "Bring gloves.")
}

fn vevent(uid: &str, title: &str, start: &str) -> String {
    format!(
        "BEGIN:VEVENT\r\nUID:{uid}@town.example\r\nDTSTAMP:20261101T000000Z\r\nDTSTART{start}\r\nSUMMARY:{title}\r\nEND:VEVENT\r\n"
    )
}

fn calendar(events: &[String]) -> String {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//town//EN\r\n{}END:VCALENDAR\r\n", events.concat())
}

fn evenings(count: usize) -> Vec<String> {
    (0..count)
        .map(|n| vevent(&format!("evening-{n}"), &format!("Evening {n}"), &format!(";VALUE=DATE:202702{:02}", n + 1)))
        .collect()
}

const FEED: &str = "<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel><title>Town news</title><link>https://town.example/</link><description>News</description>\n\
<item><title>Bridge reopened</title><link>https://town.example/bridge</link><guid>https://town.example/bridge</guid><pubDate>Thu, 05 Nov 2026 10:00:00 GMT</pubDate><description>At last.</description></item>\n\
<item><title>Weir painted</title><link>https://town.example/weir</link><guid>https://town.example/weir</guid><pubDate>Fri, 06 Nov 2026 10:00:00 GMT</pubDate><description>Green again.</description></item>\n\
</channel></rss>\n";

/// The problems that a run told, each with its hint.
fn problems(told: &Told) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in told.err.lines() {
        match found.last_mut().filter(|_| line.starts_with(' ')) {
            Some(problem) => problem.push_str(line),
            None => found.push(line.to_owned()),
        }
    }
    found
}

/// The one problem that a run told; it needs a person.
fn only_problem(told: &Told, places: &[&str]) -> String {
    let found = problems(told);
    assert_eq!((told.code, found.len()), (Some(3), 1), "{told:?}");
    for place in places {
        assert!(found[0].contains(place), "`{place}` is not named in: {}", found[0]);
    }
    found[0].clone()
}

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
    survives(("text/calendar", calendar(&evenings(2))), nothing, "all.ics", &["web: ", "all.ics", "nothing"], false);
}

#[test]
fn a_calendar_cut_short_keeps_its_events() {
    let whole = calendar(&evenings(6));
    let half = Answer::Text("text/calendar", whole[..whole.len() / 2].to_owned());
    survives(("text/calendar", whole), half, "all.ics", &["web: ", "all.ics"], false);
}

#[test]
fn losing_most_upcoming_events_at_once_is_held_until_a_person_accepts_it() {
    let board = Board::new(POSTS);
    board.write("posts/town.ics", calendar(&evenings(6)));
    board.run_well(&hour(1));
    let before = board.events();
    board.write("posts/town.ics", calendar(&evenings(2)));
    only_problem(&board.run(&hour(2), &[]), &["posts: town.ics", "4", "6", "--accept"]);
    assert_eq!(board.events(), before);
    let told = board.run(&hour(3), &[]);
    assert_eq!((told.code, told.err.as_str()), (Some(0), ""), "told once");
    board.run(&hour(4), &["--accept"]);
    for n in 5..8 {
        board.run(&hour(n), &[]);
    }
    assert_eq!(board.event("Evening 5").get("STATUS"), Some("CANCELLED"));
    assert_ne!(board.event("Evening 1").get("STATUS"), Some("CANCELLED"));
}

#[test]
fn moved_files_keep_their_events_and_posts() {
    let board = Board::new(POSTS);
    for n in 1..=6 {
        let day = format!("startDate: 2026-12-0{n}");
        board.write(&format!("posts/race-{n}.md"), post(&format!("Race {n}"), "2026-11-01", &day, "On the weir."));
    }
    board.run_well(&hour(1));
    let before = board.events();
    let ids = |board: &Board| {
        let feed = board.published("feed.atom");
        let mut ids: Vec<String> = feed.split("<id>").skip(2).map(|rest| rest[..45].to_owned()).collect();
        ids.sort();
        ids
    };
    let posts = ids(&board);
    for n in 1..=6 {
        let text = fs::read_to_string(board.path(&format!("posts/race-{n}.md"))).unwrap();
        board.remove(&format!("posts/race-{n}.md"));
        board.write(&format!("posts/2026/{n}-race.md"), text);
    }
    board.run_well(&hour(2));
    let after = board.events();
    assert_eq!(after.len(), 6);
    for (old, new) in before.iter().zip(&after) {
        assert_eq!((old.get("UID"), old.number("SEQUENCE")), (new.get("UID"), new.number("SEQUENCE")));
        assert_ne!(old.get("URL"), new.get("URL"), "the address follows");
    }
    assert_eq!(ids(&board), posts);
}

#[test]
fn a_calendar_that_moves_to_another_file_loses_nothing() {
    let board = Board::new(POSTS);
    board.write("posts/town.ics", calendar(&evenings(6)));
    board.run_well(&hour(1));
    let before = board.events();
    board.remove("posts/town.ics");
    board.write("posts/new/town.ics", calendar(&evenings(7)));
    board.run_well(&hour(2));
    assert_eq!(board.events()[..6], before[..]);
    assert_eq!(board.events().len(), 7);
}

#[test]
fn what_is_held_stays_held_and_can_be_accepted_although_the_server_has_nothing_new() {
    let server = Server::start(Answer::Text("text/calendar", calendar(&evenings(6))));
    let board = Board::new(&server.source("all.ics"));
    board.write("posts/picnic.md", picnic());
    board.run_well(&hour(1));
    server.now_answers(Answer::Text("text/calendar", calendar(&evenings(2))));
    only_problem(&board.run(&hour(2), &[]), &["web: ", "--accept"]);
    let told = board.run(&hour(3), &[]);
    assert_eq!((told.code, told.out.as_str(), told.err.as_str()), (Some(0), "", ""), "told once, and not solved");
    board.run(&hour(4), &["--accept"]);
    for n in 5..8 {
        board.run(&hour(n), &[]);
    }
    assert_eq!(board.event("Evening 5").get("STATUS"), Some("CANCELLED"));
}

#[test]
fn an_outage_does_not_count_as_an_answer_without_an_event() {
    let server = Server::start(Answer::Text("text/calendar", calendar(&evenings(3))));
    let board = Board::new(&server.source("all.ics"));
    board.write("posts/picnic.md", picnic());
    board.run_well(&hour(1));
    server.now_answers(Answer::Text("text/calendar", calendar(&evenings(2))));
    board.run(&hour(2), &[]);
    server.now_answers(Answer::Text("text/html", "<!doctype html><html><body><p>Log in.</p></body></html>".into()));
    for n in 3..8 {
        board.run(&hour(n), &[]);
    }
    assert_ne!(board.event("Evening 2").get("STATUS"), Some("CANCELLED"));
}

#[test]
fn an_event_that_turns_private_leaves_at_once_and_is_never_cancelled() {
    let board = Board::new(POSTS);
    board.write("posts/town.ics", calendar(&evenings(3)));
    board.run_well(&hour(1));
    let mut events = evenings(3);
    events[2] = events[2].replace("SUMMARY", "CLASS:PRIVATE\r\nSUMMARY");
    board.write("posts/town.ics", calendar(&events));
    board.run_well(&hour(2));
    let titles: Vec<String> =
        board.events().iter().filter_map(|event| event.get("SUMMARY").map(str::to_owned)).collect();
    assert_eq!(titles, ["Evening 0", "Evening 1"]);
}

#[test]
fn losing_most_files_at_once_is_held_too() {
    let board = Board::new(POSTS);
    for n in 1..=6 {
        let text = post(&format!("Evening {n}"), "2026-11-05", &format!("startDate: 2027-02-0{n}"), "Come.");
        board.write(&format!("posts/evening-{n}.md"), text);
    }
    board.run_well(&hour(1));
    let before = board.output();
    for n in 1..=5 {
        board.remove(&format!("posts/evening-{n}.md"));
    }
    only_problem(&board.run(&hour(2), &[]), &["posts", "5 ", "--accept"]);
    assert!(board.output()["events.ics"] == before["events.ics"]);
}

#[test]
fn a_deleted_file_takes_its_post_along_and_its_event_is_marked_then_cancelled() {
    let board = Board::new(POSTS);
    board.write("posts/picnic.md", picnic());
    board.write("posts/other.md", post("Other", "2026-11-06", "", "Text."));
    board.run_well(&hour(1));
    let before = board.event("Picnic");
    board.remove("posts/picnic.md");
    board.run_well(&hour(2));
    assert!(!board.published("feed.atom").contains("Picnic"), "the post leaves the feeds");
    assert!(board.published("feed.atom").contains("Other"));
    let marked = board.event("Picnic");
    assert_eq!((marked.get("UID"), marked.get("STATUS")), (before.get("UID"), before.get("STATUS")));
    assert!(board.published("events.json").contains("vanished"), "the event is marked");
    board.run_well(&hour(3));
    assert_ne!(board.event("Picnic").get("STATUS"), Some("CANCELLED"), "after two good runs it is too early");
    board.run_well(&hour(4));
    board.run_well(&hour(5));
    let cancelled = board.event("Picnic");
    assert_eq!(cancelled.get("STATUS"), Some("CANCELLED"));
    assert_eq!(cancelled.get("UID"), before.get("UID"));
    assert_eq!(cancelled.number("SEQUENCE"), before.number("SEQUENCE") + 1);
    board.write("posts/picnic.md", picnic());
    board.run_well(&hour(6));
    assert_eq!(board.event("Picnic").get("UID"), before.get("UID"), "and it comes back under its name");
    assert_ne!(board.event("Picnic").get("STATUS"), Some("CANCELLED"));
}

#[test]
fn a_draft_leaves_at_once_and_returns_under_its_name() {
    let board = Board::new(POSTS);
    board.write("posts/picnic.md", picnic());
    board.write("posts/other.md", post("Other", "2026-11-06", "startDate: 2027-03-01", "Text."));
    board.run_well(&hour(1));
    let (before, feed) = (board.event("Picnic"), board.published("feed.atom"));
    board.write("posts/picnic.md", picnic().replace("date:", "draft: true\ndate:"));
    board.run_well(&hour(2));
    assert_eq!(board.titles(), ["Other"]);
    for file in ["feed.atom", "feed.rss", "feed.json", "events.json", "index.html", "embed.html"] {
        assert!(!board.published(file).contains("Picnic"), "{file} still shows it");
    }
    board.write("posts/picnic.md", picnic());
    board.run_well(&hour(3));
    assert_eq!(board.event("Picnic").get("UID"), before.get("UID"));
    let ids = |feed: &str| feed.matches("<id>").count();
    let after = board.published("feed.atom");
    assert_eq!(ids(&after), ids(&feed));
    for id in feed.split("<id>").skip(2).filter_map(|rest| rest.split('<').next()) {
        assert!(after.contains(id), "{id} did not return");
    }
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
