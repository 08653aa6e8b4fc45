//! What is kept between runs: mistakes of our own, damage to the store, copies of it, and what removed sources leave.

mod common;

use common::input::{Answer, Server, calendar, evenings, picnic};
use common::{Board, post};
use noticeboard::model::{DocumentKey, SourceId};
use noticeboard::store::Store;
use std::process::Command;

const FIRST: &str = "2026-12-01T12:00:00Z";
const SECOND: &str = "2026-12-01T13:00:00Z";
const SOURCE: &str = "\n[[source]]\nid = \"boats\"\nfrom.directory = { path = \"posts\" }\nlink = \"https://paperboats.example/{path}/\"\n";

/// A board of two posts with an event each.
fn board() -> Board {
    let board = Board::new(SOURCE);
    for (name, day) in [("regatta", "2027-06-05"), ("launch", "2027-07-03")] {
        board.write(&format!("posts/{name}.md"), post(name, "2026-11-01", &format!("startDate: {day}"), "Come all."));
    }
    board
}

fn key(path: &str) -> DocumentKey {
    DocumentKey { source: SourceId::new("boats").unwrap(), key: path.to_owned() }
}

/// A run in which reading a document stops at a mistake of ours: exit code, and how often it did.
fn stumbling_at(board: &Board, path: &str, now: &str) -> (Option<i32>, String, usize) {
    let output = board.command(now, &[]).env("NOTICEBOARD_PANIC_AT", path).output().unwrap();
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code(), words.clone(), words.matches("told to stop here").count())
}

#[test]
fn a_mistake_of_ours_costs_one_document_and_is_not_made_again() {
    let board = board();
    let (code, words, stopped) = stumbling_at(&board, "regatta.md", FIRST);
    assert_eq!((code, stopped, board.titles()), (Some(3), 1, vec!["launch".to_owned()]), "{words}");
    assert!(words.contains("a mistake in noticeboard itself") && words.contains("hint: please report it"), "{words}");
    assert_eq!(stumbling_at(&board, "regatta.md", SECOND).2, 0, "it is not tried again");
    board.write("posts/regatta.md", post("regatta", "2026-11-01", "startDate: 2027-06-05", "Come all, and early."));
    let told = board.run(SECOND, &[]);
    assert_eq!((told.code, board.titles().len()), (Some(0), 2), "{}", told.err);
    assert!(told.out.contains("solved"), "{}", told.out);

    // What was read of it before stays.
    board.write("posts/regatta.md", post("regatta", "2026-11-01", "startDate: 2027-06-06", "Come later."));
    let (code, words, stopped) = stumbling_at(&board, "regatta.md", SECOND);
    assert_eq!((code, stopped, board.titles().len()), (Some(3), 1, 2), "{words}");
    assert_eq!(board.event("regatta").get("DTSTART"), Some("20270605"));
    assert_eq!(stumbling_at(&board, "regatta.md", SECOND).2, 0);
    let db = rusqlite::Connection::open(board.path("state/board.db")).unwrap();
    db.execute("UPDATE document SET reading_rules = replace(reading_rules, ' stopped in ', ' stopped in 0.0.')", [])
        .unwrap();
    let told = board.run(SECOND, &[]);
    assert_eq!((told.code, board.titles().len()), (Some(0), 2), "another version tries again: {}", told.err);
    assert_eq!(
        board.event("regatta").get("DTSTART"),
        Some("20270606"),
        "what it stopped at is read, not what was before"
    );
}

#[test]
fn a_copy_of_a_document_that_is_damaged_is_told_and_its_source_is_asked_for_another() {
    let board = board();
    board.run_well(FIRST);
    let db = rusqlite::Connection::open(board.path("state/board.db")).unwrap();
    db.execute("UPDATE document SET bytes = x'FFFFFFFF', reading_rules = '0/old' WHERE key = 'regatta.md'", [])
        .unwrap();
    drop(db);
    let store = Store::open(&board.path("state/board.db")).unwrap();
    assert!(store.last_good(&key("regatta.md")).is_err());
    drop(store);
    let told = board.run(SECOND, &["--dry-run"]);
    assert_eq!(told.code, Some(0), "{}", told.err);
    let told = board.run(SECOND, &[]);
    assert_eq!((told.code, board.titles().len()), (Some(0), 2), "it is mended in the same run: {}", told.err);
    let store = Store::open(&board.path("state/board.db")).unwrap();
    assert!(store.last_good(&key("regatta.md")).unwrap().is_some());
}

#[test]
fn a_check_tells_of_a_damaged_copy_and_looks_at_the_rest() {
    let server = Server::start(Answer::Text("text/calendar", calendar(&evenings(3))));
    let board = Board::new(&(server.source("all.ics") + &server.web("all.ics").replace("\"web\"", "\"other\"")));
    board.write("posts/picnic.md", picnic());
    board.run(FIRST, &[]);
    let db = rusqlite::Connection::open(board.path("state/board.db")).unwrap();
    assert_eq!(db.execute("UPDATE document SET bytes = x'FFFFFFFF' WHERE source = 'web'", []).unwrap(), 1);
    drop(db);
    let mut command = Command::new(env!("CARGO_BIN_EXE_noticeboard"));
    let output = command.current_dir(board.root()).args(["check", "--now", SECOND]).output().unwrap();
    let words = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(3), "{words} {}", String::from_utf8_lossy(&output.stderr));
    assert!(words.contains("web: ") && words.contains("its copy in the store is damaged"), "{words}");
    assert!(words.contains("other: 1 document, 0 posts, 3 events"), "{words}");
}

#[test]
fn a_store_is_copied_whole_and_the_copy_takes_its_place() {
    let board = board();
    let copying = |copy: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_noticeboard"));
        let output = command.current_dir(board.root()).args(["store", "backup", copy]).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, words) = copying("copy.db");
    assert!(code == Some(1) && words.contains("no store is there yet") && words.contains("hint:"), "{words}");
    board.run_well(FIRST);
    assert_eq!(copying("copy.db"), (Some(0), String::new()));
    let (code, words) = copying("copy.db");
    assert!(code == Some(1) && words.contains("copy.db") && words.contains("hint: name one that isn't"), "{words}");
    let (code, words) = copying("nowhere/copy.db");
    assert!(code == Some(1) && words.contains("nowhere/copy.db"), "{words}");
    let before = board.output();
    for file in ["state/board.db", "state/board.db-wal", "state/board.db-shm"] {
        let _ = std::fs::remove_file(board.path(file));
    }
    std::fs::rename(board.path("copy.db"), board.path("state/board.db")).unwrap();
    board.run_well(FIRST);
    assert_eq!(board.output(), before, "nothing is written anew");
}

#[test]
fn what_removed_sources_leave_is_removed_too() {
    let board =
        Board::new(&(SOURCE.to_owned() + "\n[[source]]\nid = \"kites\"\nfrom.directory = { path = \"kites\" }\n"));
    board.write("posts/regatta.md", post("regatta", "2026-11-01", "startDate: 2027-06-05", "Come all."));
    board.write("kites/drachen.md", post("Kites", "2026-11-01", "startDate: 2027-09-05", "Bring string."));
    board.run(FIRST, &[]);
    for folder in ["boats", "kites", "of-another-board"] {
        board.write(&format!("state/.noticeboard-git/{folder}/HEAD"), "ref: refs/heads/main");
    }
    let config = std::fs::read_to_string(board.path("noticeboard.toml")).unwrap();
    board.write("noticeboard.toml", config.replace("id = \"kites\"", "id = \"drachen\""));
    board.run(SECOND, &[]);
    let has = |folder: &str| board.path(&format!("state/.noticeboard-git/{folder}")).exists();
    assert_eq!((has("boats"), has("kites"), has("of-another-board")), (true, false, true));
    let store = Store::open(&board.path("state/board.db")).unwrap();
    let kites = SourceId::new("kites").unwrap();
    assert!(store.documents_of(&kites).unwrap().is_empty() && store.attempts(&kites).unwrap().is_empty());
}
