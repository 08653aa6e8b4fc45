use super::super::sample::{Board, day, empty_board, evening, event, small_board, source, time};
use super::ICalendar;
use crate::model::{EventId, Moment, Override, Recurrence, When};
use crate::model::{EventStatus, clean_line};

fn rendered(board: &mut Board) -> String {
    board.render(&ICalendar).replace("\r\n ", "").replace("\r\n", "\n")
}

/// The lines between the first VEVENT's begin and the last one's end.
fn events(board: &mut Board) -> String {
    let text = rendered(board);
    let begin = text.find("BEGIN:VEVENT").unwrap();
    let end = text.rfind("END:VEVENT").unwrap();
    text[begin..end].to_owned()
}

fn lines<'a>(text: &'a str, names: &[&str]) -> Vec<&'a str> {
    text.lines().filter(|line| names.iter().any(|name| line.starts_with(name))).collect()
}

#[test]
fn a_calendar_with_one_event() {
    insta::assert_snapshot!(rendered(&mut small_board()), @r#"
    BEGIN:VCALENDAR
    VERSION:2.0
    PRODID:-//Noticeboard//Noticeboard//EN
    CALSCALE:GREGORIAN
    NAME:Turku Makers
    X-WR-CALNAME:Turku Makers
    X-WR-CALDESC:What makers & menders do in Turku
    URL:https://board.example/
    SOURCE;VALUE=URI:https://board.example/events.ics
    REFRESH-INTERVAL;VALUE=DURATION:PT4H
    X-PUBLISHED-TTL:PT4H
    BEGIN:VEVENT
    UID:a956128f-07e2-86b9-bea8-1a88b510788e
    DTSTAMP:20250302T083000Z
    CREATED:20250301T100000Z
    LAST-MODIFIED:20250302T083000Z
    SEQUENCE:1
    DTSTART;VALUE=DATE:20250328
    DTEND;VALUE=DATE:20250331
    SUMMARY:Mending evening
    DESCRIPTION:Bring socks\, needles\; tea.\n\nOrganised by Aino "A" Salo\nMore: https://makers.example/mending/
    LOCATION:Harbour Hall
    GEO:60.450000;22.250000
    STATUS:CONFIRMED
    TRANSP:TRANSPARENT
    CATEGORIES:mending
    URL:https://makers.example/mending/
    END:VEVENT
    END:VCALENDAR
    "#);
}

#[test]
fn an_empty_calendar_holds_a_component_that_nobody_shows() {
    let text = rendered(&mut empty_board());
    assert!(!text.contains("VEVENT") && !text.contains("VTODO"));
    assert!(text.contains("BEGIN:VFREEBUSY\nUID:"), "{text}");
}

#[test]
fn an_unchanged_board_gives_the_same_bytes_on_another_day() {
    let mut board = small_board();
    let before = board.render(&ICalendar);
    board.view.today = day(29);
    assert_eq!(board.render(&ICalendar), before);
}

#[test]
fn a_series_names_its_dates_in_its_own_kind_of_time() {
    let mut board = empty_board();
    let mut series = event("Open workshop", evening(5));
    let moved = Override {
        of: Moment::Local(time(19, 18)),
        when: evening(20),
        title: Some("Open workshop, a day late".into()),
        place: Some("Room 2".into()),
        cancelled: false,
    };
    let off = Override { of: Moment::Day(day(26)), when: evening(26), title: None, place: None, cancelled: true };
    series.facts.recurrence = Some(Recurrence {
        rules: vec!["FREQ=WEEKLY;COUNT=6".into()],
        dates: vec![Moment::Local(time(8, 18))],
        except: vec![Moment::Day(day(12))],
        overrides: vec![moved, off],
    });
    board.events.push(series);
    let text = events(&mut board);
    let names = ["DTSTART", "DTEND", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "SUMMARY", "LOCATION", "STATUS"];
    insta::assert_snapshot!(lines(&text, &names).join("\n"), @r#"
    DTSTART;TZID=Europe/Helsinki:20250305T180000
    DTEND;TZID=Europe/Helsinki:20250305T200000
    RRULE:FREQ=WEEKLY;COUNT=6
    RDATE;TZID=Europe/Helsinki:20250308T180000
    EXDATE;TZID=Europe/Helsinki:20250312T180000
    SUMMARY:Open workshop
    LOCATION:Harbour Hall
    STATUS:CONFIRMED
    RECURRENCE-ID;TZID=Europe/Helsinki:20250319T180000
    DTSTART;TZID=Europe/Helsinki:20250320T180000
    DTEND;TZID=Europe/Helsinki:20250320T200000
    SUMMARY:Open workshop\, a day late
    LOCATION:Room 2
    STATUS:CONFIRMED
    RECURRENCE-ID;TZID=Europe/Helsinki:20250326T180000
    DTSTART;TZID=Europe/Helsinki:20250326T180000
    DTEND;TZID=Europe/Helsinki:20250326T200000
    SUMMARY:Open workshop
    LOCATION:Harbour Hall
    STATUS:CANCELLED
    "#);
    assert!(rendered(&mut board).contains("BEGIN:VTIMEZONE\nTZID:Europe/Helsinki\n"));
}

#[test]
fn utc_needs_no_zone_rules() {
    let mut board = empty_board();
    let zone = crate::model::ZoneId::checked("Etc/UTC");
    board.events.push(event("Call", When::Zoned { start: time(5, 18), end: None, zone }));
    let text = rendered(&mut board);
    assert!(text.contains("DTSTART:20250305T180000Z") && !text.contains("TZID") && !text.contains("DTEND"), "{text}");
}

#[test]
fn states_are_told_in_status_and_in_words() {
    let told = |status: EventStatus| {
        let mut board = small_board();
        board.events[0].facts.status = status;
        lines(&events(&mut board), &["STATUS", "DESCRIPTION"]).join("\n").replace("Bring socks\\, needles\\; tea.", "…")
    };
    let cut = |text: String| text.split("\\n\\n…").next().unwrap().to_owned();
    assert_eq!(cut(told(EventStatus::Cancelled)), "DESCRIPTION:Cancelled.");
    assert_eq!(cut(told(EventStatus::Postponed)), "DESCRIPTION:Postponed: the new date is not known yet.");
    assert_eq!(cut(told(EventStatus::Moved { from: day(21) })), "DESCRIPTION:Moved from Friday\\, 21 March 2025.");
    assert!(told(EventStatus::Cancelled).ends_with("STATUS:CANCELLED"));
    assert!(told(EventStatus::Postponed).ends_with("STATUS:TENTATIVE"));
    assert!(told(EventStatus::Moved { from: day(21) }).ends_with("STATUS:CONFIRMED"));
}

#[test]
fn addresses_of_people_are_published_only_if_asked_for() {
    let mut board = small_board();
    assert!(!rendered(&mut board).contains("aino@"));
    board.view.publish_emails = true;
    assert!(rendered(&mut board).contains("ORGANIZER;CN=\"Aino ^'A^' Salo\":mailto:aino@makers.example\n"));
}

#[test]
fn hostile_words_stay_in_their_line() {
    let mut board = empty_board();
    for title in
        ["a\r\nEND:VCALENDAR", "]]></script>", "x\u{0}\u{202e}", "é".repeat(3_000).as_str(), "👩‍👩‍👧‍👦".repeat(40).as_str()]
    {
        let mut hostile = event(title, When::day(day(28)));
        hostile.facts.place.name = Some("Hall\nATTENDEE:mailto:x@y.example".into());
        hostile.id = EventId::at_first_sight(&source(), title, 1);
        board.events.push(hostile);
    }
    let text = board.render(&ICalendar);
    assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains(['\r', '\n'])));
    let text = rendered(&mut board);
    assert_eq!(text.matches("\nEND:VCALENDAR").count(), 1);
    assert!(!text.contains("\nATTENDEE"));
    assert!(text.contains(&format!("SUMMARY:{}", clean_line(&"é".repeat(3_000)))));
}
