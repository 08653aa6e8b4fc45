//! From the words of a post to the lines of `events.ics`: the clock of a place, its coordinates, repetitions that leave days out.

mod common;

use common::{Board, Vevent, post};

const UTC: &str = r#"
[[source]]
id = "posts"
from.directory = { path = "posts" }
link = "https://paperboats.example/{path}/"
time_zone = "UTC"
"#;

const NOW: &str = "2025-03-02T00:00:00Z";

/// The only event of a post.
fn published(title: &str, text: &str) -> (Board, Vevent) {
    let board = Board::new(UTC);
    board.write("posts/a.md", post(title, "2025-03-01T10:00:00Z", "language: en", text));
    let told = board.run(NOW, &[]);
    assert!(matches!(told.code, Some(0 | 3)), "{told:?}");
    let event = board.event(title);
    (board, event)
}

/// The whole lines of these properties.
fn lines<'a>(event: &'a Vevent, names: &[&str]) -> Vec<&'a str> {
    let is_one = |line: &&String| names.iter().any(|name| line.split([':', ';']).next() == Some(name));
    event.0.iter().filter(is_one).map(String::as_str).collect()
}

#[test]
fn the_towns_clock_and_its_coordinates_reach_the_calendar() {
    let (board, event) = published("Spring walk", "Join us for a walk in Turku, Finland on 5 April 2025 at 10:00.");
    assert_eq!(lines(&event, &["DTSTART"]), ["DTSTART;TZID=Europe/Helsinki:20250405T100000"]);
    assert_eq!(lines(&event, &["LOCATION"]), ["LOCATION:Turku\\, Finland"]);
    let geo: Vec<f64> = event.get("GEO").unwrap().split(';').map(|degrees| degrees.parse().unwrap()).collect();
    assert!((geo[0] - 60.45).abs() < 0.05 && (geo[1] - 22.27).abs() < 0.05, "{geo:?}");
    assert!(board.published("events.ics").contains("BEGIN:VTIMEZONE\r\nTZID:Europe/Helsinki"));
    assert!(board.published("events.json").contains("zone of the place"));
}

#[test]
fn what_has_no_place_stays_on_the_sources_clock() {
    let (_, event) = published("Spring talk", "Join us for our spring talk on 5 April 2025 at 10:00, online on Zoom.");
    assert_eq!(lines(&event, &["DTSTART"]), ["DTSTART:20250405T100000Z"]);
    assert_eq!(event.get("GEO"), None);
}

#[test]
fn a_repetition_leaves_out_days_and_ends_on_its_own_clock() {
    let text = "Join our meetup in Turku, Finland every Wednesday at 18:00 from 2 April 2025 until 28 May 2025, \
                except 30 April and 14 May.";
    let (_, event) = published("Wednesday meetup", text);
    assert_eq!(
        lines(&event, &["DTSTART", "RRULE", "EXDATE"]),
        [
            "DTSTART;TZID=Europe/Helsinki:20250402T180000",
            "RRULE:FREQ=WEEKLY;BYDAY=WE;UNTIL=20250528T205959Z",
            "EXDATE;TZID=Europe/Helsinki:20250430T180000",
            "EXDATE;TZID=Europe/Helsinki:20250514T180000",
        ]
    );
}

#[test]
fn a_zone_word_of_the_wrong_half_of_the_year_is_told_with_what_was_understood() {
    let board = Board::new(UTC);
    let text = "Join us for our summer talk on 2 July 2025 at 18:00 CET, online on Zoom.";
    board.write("posts/a.md", post("Summer talk", "2025-06-01T10:00:00Z", "language: en", text));
    let told = board.run("2025-06-02T00:00:00Z", &[]);
    assert_eq!(told.code, Some(3));
    assert!(told.err.contains("posts: a.md: expected `CEST` on 2025-07-02, but found `CET` in `"), "{}", told.err);
    assert!(told.err.contains("; understood as clock time in Europe/Berlin"), "{}", told.err);
    assert_eq!(board.event("Summer talk").get("DTSTART"), Some("20250702T180000"));
}
