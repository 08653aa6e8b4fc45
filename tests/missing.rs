//! What a source has no more: held by the brake, moved elsewhere, kept and marked, cancelled, or withdrawn at once.

mod common;

use common::input::{Answer, Server, calendar, evenings, hour, only_problem, picnic, vevent};
use common::{Board, POSTS, post};
use std::fs;

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
fn other_dates_for_most_events_at_once_are_held_until_a_person_accepts_them_or_they_stay() {
    let moved = |count: usize| -> Vec<String> {
        let day = |n: usize| format!(";VALUE=DATE:202703{:02}", n + 1);
        (0..count).map(|n| vevent(&format!("evening-{n}"), &format!("Evening {n}"), &day(n))).collect()
    };
    for accepted in [true, false] {
        let board = Board::new(POSTS);
        board.write("posts/town.ics", calendar(&evenings(6)));
        board.run_well(&hour(1));
        let before = board.events();
        board.write("posts/town.ics", calendar(&moved(6)));
        only_problem(&board.run(&hour(2), &[]), &["posts: town.ics", "6 of 6", "--only posts --accept"]);
        assert_eq!(board.events(), before);
        assert!(board.published("health.json").contains("6 of 6 upcoming events have other dates"));
        let told = board.run(&hour(3), &[]);
        assert_eq!((told.code, told.err.as_str(), board.events() == before), (Some(0), "", true), "told once");
        let last = if accepted { &["--only", "posts", "--accept"][..] } else { &[] };
        board.run(if accepted { "2026-12-01T04:00:00Z" } else { "2026-12-02T02:00:00Z" }, last);
        for (old, new) in before.iter().zip(board.events()) {
            assert_eq!((new.get("UID"), new.number("SEQUENCE")), (old.get("UID"), old.number("SEQUENCE") + 1));
            assert!(new.get("DTSTART").is_some_and(|day| day.starts_with("202703")), "{new:?}");
        }
        assert!(!board.published("health.json").contains("upcoming events have other dates"));
    }
}

#[test]
fn events_with_other_names_and_the_same_titles_and_days_keep_their_ids_and_that_is_told() {
    let board = Board::new(POSTS);
    board.write("posts/town.ics", calendar(&evenings(6)));
    board.run_well(&hour(1));
    let before = board.events();
    board.write("posts/town.ics", calendar(&evenings(6)).replace("@town.example", "@new.town.example"));
    let told = board.run(&hour(2), &["-v", "--report", "report.json"]);
    assert_eq!((told.code, told.err.as_str()), (Some(0), ""));
    assert!(told.out.contains("posts: `Evening 1` has other names than before"), "{}", told.out);
    let report = fs::read_to_string(board.path("report.json")).unwrap();
    assert!(report.contains("\"was\": \"uid:evening-1@town.example\""), "{report}");
    assert_eq!(board.events(), before);
    for n in 3..8 {
        board.run_well(&hour(n));
    }
    assert_eq!(board.events(), before, "nothing is missing later on");
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
fn what_said_nothing_and_came_back_as_it_was_is_suspected_anew() {
    let whole = Answer::Text("text/calendar", calendar(&evenings(6)));
    let server = Server::start(whole.clone());
    let board = Board::new(&server.source("all.ics"));
    board.write("posts/picnic.md", picnic());
    board.run_well(&hour(1));
    let before = board.events();
    let nothing = Answer::Text("text/calendar", calendar(&[]));
    server.now_answers(nothing.clone());
    only_problem(&board.run(&hour(2), &[]), &["web: ", "there are none", "--accept"]);
    board.run(&hour(3), &[]);
    server.now_answers(whole);
    assert!(board.run(&hour(4), &[]).out.contains("solved"));
    server.now_answers(nothing);
    only_problem(&board.run("2026-12-31T12:00:00Z", &[]), &["web: ", "since 2026-12-31", "there are none"]);
    assert_eq!(board.events(), before, "one empty answer is no proof");
}

#[test]
fn a_page_in_the_place_of_a_calendar_can_be_accepted_later() {
    let server = Server::start(Answer::Text("text/calendar", calendar(&evenings(3))));
    let board = Board::new(&server.source("events"));
    board.write("posts/picnic.md", picnic());
    board.run_well(&hour(1));
    let page = "<!doctype html><html><body><p>We meet no more.</p></body></html>";
    server.now_answers(Answer::Text("text/html", page.into()));
    only_problem(&board.run(&hour(2), &[]), &["web: ", "but found a web page", "--only web --accept"]);
    board.run(&hour(3), &[]);
    assert!(!board.published("events.json").contains("vanished"));
    let told = board.run(&hour(4), &["--only", "web", "--accept"]);
    assert!(told.out.contains("solved"), "{told:?}");
    assert!(board.published("events.json").contains("vanished"), "its events are missing from now on");
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
