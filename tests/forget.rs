//! Somebody asks to be taken off: `noticeboard forget`.

mod common;

use common::input::{Answer, FEED, Server, calendar, evenings, only_problem, picnic, vevent};
use common::{Board, Told, files, post};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};

const FIRST: &str = "2026-12-01T12:00:00Z";
const SECOND: &str = "2026-12-01T13:00:00Z";
const THIRD: &str = "2026-12-02T13:00:00Z";
const FOURTH: &str = "2026-12-03T13:00:00Z";

/// What only the forgotten texts say: title, text, tag, name in the calendar.
const WORDS: [&str; 5] = ["lantern night", "lantern-night", "zanzibarflute", "glowworm", "quincunx"];

fn command(board: &Board, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_noticeboard"));
    command.current_dir(board.root()).stdin(Stdio::null()).args(["forget", "--now", SECOND]).args(words);
    command
}

fn forget(board: &Board, words: &[&str]) -> Told {
    let output = command(board, words).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Told { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
}

/// The words of [`WORDS`] that are still somewhere in the store or the output, with the file.
fn traces(board: &Board) -> Vec<String> {
    let mut found = Vec::new();
    for folder in ["state", "public"] {
        for (name, (bytes, _)) in files(&board.path(folder)) {
            let text = format!("{name} {}", String::from_utf8_lossy(&bytes)).to_lowercase();
            found.extend(WORDS.iter().filter(|word| text.contains(**word)).map(|word| format!("{word} in {name}")));
        }
    }
    found
}

fn all_evenings(further: &[String]) -> Answer {
    let mut events = evenings(3);
    let named = vevent("quincunx-0123456789", "Lantern night", ";VALUE=DATE:20270203");
    let url = "URL:https://paperboats.example/lantern-night/\r\nDESCRIPTION:By zanzibarflute.\r\nEND:VEVENT";
    events.push(named.replace("END:VEVENT", url));
    events.extend(further.iter().cloned());
    Answer::Text("text/calendar", calendar(&events))
}

/// A post and a calendar that tell of one event, among others.
fn board(server: &Server) -> Board {
    let board = Board::new(&server.source("all.ics"));
    let fields = "startDate: 2027-02-03\ntags: [glowworm]";
    board.write("posts/lantern-night.md", post("Lantern night", "2026-11-01", fields, "With a zanzibarflute."));
    board.write("posts/picnic.md", picnic());
    board.run_well(FIRST);
    board
}

#[test]
fn an_event_that_is_forgotten_leaves_store_and_outputs_and_does_not_come_back() {
    let server = Server::start(all_evenings(&[]));
    let board = board(&server);
    assert_eq!(board.titles(), ["Evening 0", "Evening 1", "Evening 2", "Lantern night", "Picnic"]);
    let id = board.event("Lantern night").get("UID").unwrap().to_owned();
    assert!(traces(&board).len() > 8);
    let before = board.output();

    let told = forget(&board, &["https://paperboats.example/lantern-night/"]);
    assert_eq!((told.code, board.output() == before), (Some(2), true), "nobody is there to be asked: {}", told.err);
    let told = forget(&board, &["--dry-run", "https://paperboats.example/lantern-night/"]);
    assert_eq!((told.code, board.output() == before), (Some(0), true), "{}", told.err);
    assert!(told.out.contains("would be forgotten: 1 event, 1 post and 2 kept documents"), "{}", told.out);

    let told = forget(&board, &["--yes", "https://paperboats.example/lantern-night/"]);
    assert_eq!(told.code, Some(0), "{}", told.err);
    assert!(told.out.contains("event  Lantern night") && told.out.contains("not within reach"), "{}", told.out);
    assert_eq!(traces(&board), Vec::<String>::new());
    assert_eq!(board.titles(), ["Evening 0", "Evening 1", "Evening 2", "Picnic"]);
    assert!(board.published("feed.atom").contains("Picnic"));
    assert!(!board.path("public/tags/glowworm").join("feed.atom").exists());

    // Its sources still tell of it; the rest of their documents is read as before.
    let further = [vevent("evening-9", "Evening 9", ";VALUE=DATE:20270209")];
    server.now_answers(all_evenings(&further));
    let told = board.run(THIRD, &["--all"]);
    assert_eq!((told.code, told.err.as_str()), (Some(0), ""));
    assert_eq!(board.titles(), ["Evening 0", "Evening 1", "Evening 2", "Evening 9", "Picnic"]);
    assert_eq!(traces(&board), Vec::<String>::new());
    let told = forget(&board, &["--yes", "https://paperboats.example/lantern-night/"]);
    assert!(told.code == Some(1) && told.err.contains("nothing is known under the name"), "{}", told.err);

    // A change of the rules reads the documents anew, though they are not kept whole.
    let sources = server.source("all.ics").replace("id = \"web\"", "id = \"web\"\ntags = [\"town\"]");
    board.configure(&sources);
    board.run_well(THIRD);
    assert_eq!(board.titles().len(), 5);
    assert!(board.event("Evening 1").get("CATEGORIES").is_some_and(|tags| tags.contains("town")));
    assert_eq!(traces(&board), Vec::<String>::new());

    let told = forget(&board, &["--undo", &id[..8]]);
    assert_eq!(told.code, Some(0), "{}", told.err);
    board.run_well(FOURTH);
    assert_eq!(board.event("Lantern night").get("UID"), Some(id.as_str()));
    let told = forget(&board, &["--undo", &id[..8]]);
    assert!(told.code == Some(1) && told.err.contains("hint:"), "{}", told.err);
}

#[test]
fn what_dies_while_it_forgets_is_completed_by_the_next_run() {
    let server = Server::start(all_evenings(&[]));
    let board = board(&server);
    let mut dying = command(&board, &["--yes", "https://paperboats.example/lantern-night/"]);
    let status = dying.env("NOTICEBOARD_CRASH_AT", "forgotten").output().unwrap().status;
    assert_eq!(status.signal(), Some(6), "it died there");
    let told = board.run(THIRD, &["--all"]);
    assert_eq!((told.code, told.err.as_str()), (Some(0), ""));
    assert_eq!(board.titles(), ["Evening 0", "Evening 1", "Evening 2", "Picnic"]);
    assert_eq!(traces(&board), Vec::<String>::new());
}

#[test]
fn an_entry_of_a_feed_is_forgotten_and_the_others_stay() {
    let server = Server::start(Answer::Text("application/rss+xml", FEED.to_owned()));
    let board = Board::new(&server.web("feed.xml"));
    board.run(FIRST, &[]);
    assert!(board.published("feed.atom").contains("Weir painted"));
    let told = forget(&board, &["--yes", "https://town.example/weir"]);
    assert_eq!(told.code, Some(0), "{}", told.err);
    let more = FEED.replace(
        "</channel>",
        "<item><title>Lock mended</title><link>https://town.example/lock</link></item></channel>",
    );
    server.now_answers(Answer::Text("application/rss+xml", more));
    board.run(THIRD, &["--all"]);
    let feed = board.published("feed.atom");
    assert!(
        feed.contains("Bridge reopened") && feed.contains("Lock mended") && !feed.contains("Weir painted"),
        "{feed}"
    );
    let all = files(&board.path("state")).into_values().map(|(bytes, _)| String::from_utf8_lossy(&bytes).into_owned());
    assert!(all.collect::<String>().find("Green again").is_none());
}

#[test]
fn a_post_that_tells_of_several_events_stays_where_one_of_them_is_forgotten() {
    let server = Server::start(all_evenings(&[]));
    let board = Board::new(&server.source("all.ics"));
    let list = "- 3 February 2027, 18:00: Lantern walk\n- 5 February 2027, 15:00: Boat race\n";
    board.write("posts/winter.md", post("Upcoming events", "2026-11-01", "", list));
    board.run(FIRST, &[]);
    let id = board.event("Lantern walk").get("UID").unwrap().to_owned();
    let told = forget(&board, &["--yes", &id]);
    assert!(told.out.contains("stays: the post `Upcoming events` tells of other events too"), "{told:?}");
    board.run(THIRD, &["--all"]);
    let titles = board.titles();
    assert!(titles.contains(&"Boat race".to_owned()) && !titles.contains(&"Lantern walk".to_owned()), "{titles:?}");
    assert!(board.published("feed.atom").contains("Upcoming events"));
}

#[test]
fn a_source_is_forgotten_with_all_that_only_it_tells() {
    let server = Server::start(all_evenings(&[]));
    let board = board(&server);
    let told = forget(&board, &["--yes", "web"]);
    assert!(told.out.starts_with("forgotten: 3 events, 0 posts and 1 kept document of source web"), "{told:?}");
    assert_eq!(board.titles(), ["Lantern night", "Picnic"]);
    let asked = server.asked();
    let problem = only_problem(&board.run(THIRD, &["--all"]), &["web", "the config still names it"]);
    assert!(problem.contains("forget --undo web"), "{problem}");
    assert_eq!((server.asked(), board.titles().len()), (asked, 2));
    assert!(board.published("health.json").contains("was forgotten on request"));
    assert_eq!(forget(&board, &["--undo", "web"]).code, Some(0));
    board.run(FOURTH, &["--all"]);
    assert_eq!(board.titles().len(), 5);
}
