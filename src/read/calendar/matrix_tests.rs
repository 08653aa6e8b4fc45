//! Clocks × repetitions × what a clock does in spring and autumn, worked out by hand; and what implementations disagree about.
//!
//! Berlin's clock skips 02:00–03:00 on 30 March 2025 (29 March 2026, 31 March 2024) and shows 02:00–03:00 twice on 26 October 2025
//! (25 October 2026, 27 October 2024); it is one hour ahead of UTC in winter and two in summer. The clock called `Odd` is 70 minutes ahead
//! in winter and 100 in summer; it skips 02:00–02:30 on 6 April 2025 and shows 02:30–03:00 twice on 5 October 2025.

use super::*;
use crate::model::{DeclaredValue, Entry, SourceId, When};
use crate::{recur, zone};

const BERLIN_RULES: &str = "BEGIN:VTIMEZONE\nTZID:Ours\nBEGIN:STANDARD\nDTSTART:16011028T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\n\
    RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nEND:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:16010325T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n\
    RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\nEND:DAYLIGHT\nEND:VTIMEZONE";
const ODD_RULES: &str = "BEGIN:VTIMEZONE\nTZID:Odd\nBEGIN:STANDARD\nDTSTART:20001001T030000\nTZOFFSETFROM:+0140\nTZOFFSETTO:+0110\n\
    RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=1SU\nEND:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:20000402T020000\nTZOFFSETFROM:+0110\nTZOFFSETTO:+0140\n\
    RRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=1SU\nEND:DAYLIGHT\nEND:VTIMEZONE";

/// Reads events written without their frame; `#` stands for how the clock is named: `DTSTART#20250329T023000`.
fn read(head: &str, clock: &str, events: &[String]) -> Read {
    let events: String =
        events.iter().map(|event| format!("BEGIN:VEVENT\n{}\nEND:VEVENT\n", event.replace('#', clock))).collect();
    let document = Document {
        source: SourceId::new("lake").unwrap(),
        key: "events.ics".into(),
        url: None,
        media_type: None,
        bytes: Vec::new(),
        version: String::new(),
        first_seen: None,
    };
    super::read(&format!("BEGIN:VCALENDAR\n{head}\n{events}END:VCALENDAR\n"), &document)
}

/// `03-29 02:30 (01:30Z)`: what the clock shows, and the moment; floating times have no moment, UTC shows only that.
fn rows(read: &Read) -> Vec<String> {
    let mut rows: Vec<String> = read.entries.iter().flat_map(of_entry).collect();
    rows.sort();
    rows
}

fn of_entry(entry: &Entry) -> Vec<String> {
    let value = |time: &Option<crate::model::DeclaredTime>| time.as_ref().map(|time| time.value.clone());
    let (start, end) = (value(&entry.declared.start).unwrap(), value(&entry.declared.end));
    let floats = matches!(start, DeclaredValue::Local(_));
    let when = times::when(&start, end.as_ref());
    let when = when.unwrap_or(When::Instant { start: times::moment(&start), end: None });
    let recurrence = entry.declared.recurrence.clone().unwrap_or_default();
    let (from, to) = ("2024-01-01".parse().unwrap(), "2027-12-31".parse().unwrap());
    let row = |occurrence: &recur::Occurrence| match &occurrence.when {
        When::AllDay { first, last } if first == last => first.format("%y-%m-%d").to_string(),
        When::AllDay { first, last } => format!("{}/{}", first.format("%y-%m-%d"), last.format("%d")),
        When::Zoned { start, zone, .. } => {
            let utc = zone::to_utc(*start, zone);
            format!("{} ({}Z)", start.format("%y-%m-%d %H:%M"), utc.format("%H:%M"))
        }
        When::Instant { start, .. } if floats => start.format("%y-%m-%d %H:%M").to_string(),
        When::Instant { start, .. } => start.format("%y-%m-%d %H:%MZ").to_string(),
    };
    recur::occurrences(&when, &recurrence, from, to, 10).iter().map(row).collect()
}

/// A case: the lines of an event that starts then, and its occurrences. A change of one occurrence is a second event.
type Case = (&'static str, &'static str, &'static str);

fn check(head: &str, clock: &str, cases: &[Case]) {
    for (event, change, expected) in cases {
        let mut events = vec![format!("UID:a\nSUMMARY:Walk\n{event}")];
        if !change.is_empty() {
            events.push(format!("UID:a\nSUMMARY:Walk\n{change}"));
        }
        let read = read(head, clock, &events);
        assert_eq!(rows(&read).join(", "), *expected, "{clock} {event} {change}");
        assert_eq!(read.problems, [], "{clock} {event}");
    }
}

const BERLIN: &[Case] = &[
    // Before, in and after the gap.
    (
        "DTSTART#20250329T023000\nRRULE:FREQ=DAILY;COUNT=3",
        "",
        "25-03-29 02:30 (01:30Z), 25-03-30 03:30 (01:30Z), 25-03-31 02:30 (00:30Z)",
    ),
    (
        "DTSTART#20250323T180000\nRRULE:FREQ=WEEKLY;COUNT=3",
        "",
        "25-03-23 18:00 (17:00Z), 25-03-30 18:00 (16:00Z), 25-04-06 18:00 (16:00Z)",
    ),
    (
        "DTSTART#20250323T023000\nRRULE:FREQ=WEEKLY;COUNT=3",
        "",
        "25-03-23 02:30 (01:30Z), 25-03-30 03:30 (01:30Z), 25-04-06 02:30 (00:30Z)",
    ),
    (
        "DTSTART#20250130T023000\nRRULE:FREQ=MONTHLY;COUNT=3",
        "",
        "25-01-30 02:30 (01:30Z), 25-03-30 03:30 (01:30Z), 25-04-30 02:30 (00:30Z)",
    ),
    (
        "DTSTART#20240330T023000\nRRULE:FREQ=YEARLY;COUNT=3",
        "",
        "24-03-30 02:30 (01:30Z), 25-03-30 03:30 (01:30Z), 26-03-30 02:30 (00:30Z)",
    ),
    (
        "DTSTART#20250329T023000\nRDATE#20250330T023000,20250331T023000",
        "",
        "25-03-29 02:30 (01:30Z), 25-03-30 03:30 (01:30Z), 25-03-31 02:30 (00:30Z)",
    ),
    (
        "DTSTART#20250329T023000\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE#20250330T023000",
        "",
        "25-03-29 02:30 (01:30Z), 25-03-31 02:30 (00:30Z)",
    ),
    (
        "DTSTART#20250329T023000\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:20250331T003000Z",
        "",
        "25-03-29 02:30 (01:30Z), 25-03-30 03:30 (01:30Z)",
    ),
    (
        "DTSTART#20250329T023000\nRRULE:FREQ=DAILY;COUNT=2",
        "RECURRENCE-ID#20250330T023000\nDTSTART#20250330T100000",
        "25-03-29 02:30 (01:30Z), 25-03-30 10:00 (08:00Z)",
    ),
    // Before, in and after the overlap.
    (
        "DTSTART#20251025T023000\nRRULE:FREQ=DAILY;COUNT=3",
        "",
        "25-10-25 02:30 (00:30Z), 25-10-26 02:30 (00:30Z), 25-10-27 02:30 (01:30Z)",
    ),
    (
        "DTSTART#20251019T023000\nRRULE:FREQ=WEEKLY;COUNT=3",
        "",
        "25-10-19 02:30 (00:30Z), 25-10-26 02:30 (00:30Z), 25-11-02 02:30 (01:30Z)",
    ),
    (
        "DTSTART#20250926T023000\nRRULE:FREQ=MONTHLY;COUNT=3",
        "",
        "25-09-26 02:30 (00:30Z), 25-10-26 02:30 (00:30Z), 25-11-26 02:30 (01:30Z)",
    ),
    (
        "DTSTART#20241026T023000\nRRULE:FREQ=YEARLY;COUNT=3",
        "",
        "24-10-26 02:30 (00:30Z), 25-10-26 02:30 (00:30Z), 26-10-26 02:30 (01:30Z)",
    ),
    (
        "DTSTART#20251025T023000\nRDATE#20251026T023000,20251027T023000",
        "",
        "25-10-25 02:30 (00:30Z), 25-10-26 02:30 (00:30Z), 25-10-27 02:30 (01:30Z)",
    ),
    (
        "DTSTART#20251025T023000\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE#20251026T023000",
        "",
        "25-10-25 02:30 (00:30Z), 25-10-27 02:30 (01:30Z)",
    ),
    (
        "DTSTART#20251025T023000\nRRULE:FREQ=DAILY;COUNT=2",
        "RECURRENCE-ID:20251026T003000Z\nDTSTART#20251027T090000",
        "25-10-25 02:30 (00:30Z), 25-10-27 09:00 (08:00Z)",
    ),
    (
        "DTSTART#20251025T023000\nRRULE:FREQ=DAILY;UNTIL=20251027T013000Z",
        "",
        "25-10-25 02:30 (00:30Z), 25-10-26 02:30 (00:30Z), 25-10-27 02:30 (01:30Z)",
    ),
];

#[test]
fn an_hour_on_berlins_clock_stays_that_hour_however_the_clock_is_named() {
    check("", ";TZID=Europe/Berlin:", BERLIN);
    check("", ";TZID=W. Europe Standard Time:", BERLIN);
    check(BERLIN_RULES, ";TZID=Ours:", BERLIN);
    check("X-WR-TIMEZONE:Europe/Berlin", ":", BERLIN);
}

#[test]
fn an_hour_on_a_clock_that_only_the_file_knows_stays_that_hour() {
    check(
        ODD_RULES,
        ";TZID=Odd:",
        &[
            (
                "DTSTART#20250405T021000\nRRULE:FREQ=DAILY;COUNT=3",
                "",
                "25-04-05 01:00Z, 25-04-06 01:00Z, 25-04-07 00:30Z",
            ),
            ("DTSTART#20250330T180000\nRRULE:FREQ=WEEKLY;COUNT=2", "", "25-03-30 16:50Z, 25-04-06 16:20Z"),
            (
                "DTSTART#20250306T021000\nRRULE:FREQ=MONTHLY;COUNT=3",
                "",
                "25-03-06 01:00Z, 25-04-06 01:00Z, 25-05-06 00:30Z",
            ),
            (
                "DTSTART#20240406T021000\nRRULE:FREQ=YEARLY;COUNT=3",
                "",
                "24-04-06 01:00Z, 25-04-06 01:00Z, 26-04-06 00:30Z",
            ),
            (
                "DTSTART#20251004T024000\nRRULE:FREQ=DAILY;COUNT=3",
                "",
                "25-10-04 01:00Z, 25-10-05 01:00Z, 25-10-06 01:30Z",
            ),
            ("DTSTART#20250405T021000\nRDATE#20250406T021000", "", "25-04-05 01:00Z, 25-04-06 01:00Z"),
            (
                "DTSTART#20250405T021000\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE#20250406T021000",
                "",
                "25-04-05 01:00Z, 25-04-07 00:30Z",
            ),
            (
                "DTSTART#20250405T021000\nRRULE:FREQ=DAILY;COUNT=2",
                "RECURRENCE-ID#20250406T021000\nDTSTART#20250406T120000",
                "25-04-05 01:00Z, 25-04-06 10:20Z",
            ),
            // Monday on that clock is Sunday in UTC.
            ("DTSTART#20250602T003000\nRRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=2", "", "25-06-01 22:50Z, 25-06-08 22:50Z"),
        ],
    );
}

#[test]
fn utc_and_floating_times_know_no_gap() {
    let cases = |end: &str| -> Vec<(String, String, String)> {
        [
            ("20250329T023000\nRRULE:FREQ=DAILY;COUNT=3", "", "25-03-29 02:30, 25-03-30 02:30, 25-03-31 02:30"),
            ("20250323T023000\nRRULE:FREQ=WEEKLY;COUNT=2", "", "25-03-23 02:30, 25-03-30 02:30"),
            ("20250130T023000\nRRULE:FREQ=MONTHLY;COUNT=2", "", "25-01-30 02:30, 25-03-30 02:30"),
            ("20240330T023000\nRRULE:FREQ=YEARLY;COUNT=2", "", "24-03-30 02:30, 25-03-30 02:30"),
            ("20251025T023000\nRRULE:FREQ=DAILY;COUNT=3", "", "25-10-25 02:30, 25-10-26 02:30, 25-10-27 02:30"),
            ("20250329T023000\nRDATE:20250330T023000", "", "25-03-29 02:30, 25-03-30 02:30"),
            ("20250329T023000\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:20250330T023000", "", "25-03-29 02:30, 25-03-31 02:30"),
            (
                "20250329T023000\nRRULE:FREQ=DAILY;COUNT=2",
                "20250330T023000\nDTSTART:20250330T100000",
                "25-03-29 02:30, 25-03-30 10:00",
            ),
        ]
        .iter()
        .map(|(event, change, expected)| {
            let ended = |text: &str| text.replace("00\n", &format!("00{end}\n"));
            let whole = |text: &str| ended(&format!("{text}\n")).trim_end().to_owned();
            let change = if change.is_empty() { String::new() } else { whole(&format!("RECURRENCE-ID:{change}")) };
            let expected = expected.split(", ").map(|row| format!("{row}{end}")).collect::<Vec<_>>().join(", ");
            (whole(&format!("DTSTART:{event}")), change, expected)
        })
        .collect()
    };
    for end in ["", "Z"] {
        for (event, change, expected) in cases(end) {
            let mut events = vec![format!("UID:a\nSUMMARY:Walk\n{event}")];
            events.extend(
                Some(change.clone())
                    .filter(|change| !change.is_empty())
                    .map(|change| format!("UID:a\nSUMMARY:Walk\n{change}")),
            );
            let read = read("", ":", &events);
            assert_eq!(rows(&read).join(", "), expected, "{event} {change}");
        }
    }
}

#[test]
fn whole_days_know_no_clock_whatever_zones_stand_around_them() {
    let cases: &[Case] = &[
        ("DTSTART;VALUE=DATE:20250329\nRRULE:FREQ=DAILY;COUNT=3", "", "25-03-29, 25-03-30, 25-03-31"),
        (
            "DTSTART;VALUE=DATE:20251019\nDTEND;VALUE=DATE:20251021\nRRULE:FREQ=WEEKLY;COUNT=2",
            "",
            "25-10-19/20, 25-10-26/27",
        ),
        ("DTSTART;VALUE=DATE:20250130\nRRULE:FREQ=MONTHLY;COUNT=3", "", "25-01-30, 25-03-30, 25-04-30"),
        ("DTSTART;VALUE=DATE:20240229\nRRULE:FREQ=YEARLY", "", "24-02-29"),
        ("DTSTART;VALUE=DATE:20240330\nRRULE:FREQ=YEARLY;UNTIL=20260330", "", "24-03-30, 25-03-30, 26-03-30"),
        ("DTSTART;VALUE=DATE:20250329\nRDATE;VALUE=DATE:20250330", "", "25-03-29, 25-03-30"),
        ("DTSTART;VALUE=DATE:20251025\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE;VALUE=DATE:20251026", "", "25-10-25, 25-10-27"),
        (
            "DTSTART;VALUE=DATE:20251025\nRRULE:FREQ=DAILY;COUNT=2",
            "RECURRENCE-ID;VALUE=DATE:20251026\nDTSTART;VALUE=DATE:20251028",
            "25-10-25, 25-10-28",
        ),
    ];
    for head in ["", BERLIN_RULES, ODD_RULES, "X-WR-TIMEZONE:America/Los_Angeles"] {
        check(head, ":", cases);
    }
}

#[test]
fn what_implementations_disagree_about_is_decided() {
    // Of each: a head, the events, the occurrences, and how many problems are told.
    let cases: &[(&str, &[&str], &str, usize)] = &[
        (
            "",
            &["DTSTART:20250604T100000Z\nRRULE:FREQ=WEEKLY;BYDAY=TH;COUNT=2"],
            "25-06-04 10:00Z, 25-06-05 10:00Z, 25-06-12 10:00Z",
            1,
        ),
        (
            "",
            &["DTSTART:20250512T100000Z\nRRULE:FREQ=YEARLY;BYWEEKNO=20;COUNT=2"],
            "25-05-12 10:00Z, 26-05-11 10:00Z",
            0,
        ),
        (
            "",
            &["DTSTART:20250131T100000Z\nRRULE:FREQ=YEARLY;BYMONTHDAY=31;COUNT=3"],
            "25-01-31 10:00Z, 25-03-31 10:00Z, 25-05-31 10:00Z",
            0,
        ),
        (
            "",
            &["DTSTART:20250604T100000Z\nRRULE:FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=1;COUNT=2"],
            "25-06-04 10:00Z, 25-06-09 10:00Z, 25-06-16 10:00Z",
            1,
        ),
        (
            "",
            &[
                "SEQUENCE:2\nDTSTART:20250604T100000Z",
                "SEQUENCE:1\nLAST-MODIFIED:20250602T000000Z\nDTSTART:20250604T110000Z",
            ],
            "25-06-04 10:00Z",
            0,
        ),
        (
            "X-WR-TIMEZONE:Europe/Berlin",
            &["DTSTART:20250604T100000Z", "UID:b\nDTSTART:20250604T100000"],
            "25-06-04 10:00 (08:00Z), 25-06-04 10:00Z",
            0,
        ),
        ("", &["DTSTART;TZID=Tokyo Standard Time:20250604T100000"], "25-06-04 10:00 (01:00Z)", 0),
        (
            "BEGIN:VTIMEZONE\nTZID:Asia/Tokyo\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0800\nTZOFFSETTO:+0800\nEND:STANDARD\nEND:VTIMEZONE",
            &["DTSTART;TZID=Asia/Tokyo:20250604T100000"],
            "25-06-04 10:00 (01:00Z)",
            1,
        ),
        ("", &["DTSTART;VALUE=DATE:20250604\nRDATE;VALUE=PERIOD:20250606T000000Z/P2D"], "25-06-04, 25-06-06/07", 0),
        (
            "",
            &[
                "DTSTART:20250604T100000Z\nRRULE:FREQ=DAILY;COUNT=4\nRRULE:FREQ=WEEKLY;COUNT=2\nEXRULE:FREQ=DAILY;INTERVAL=3;COUNT=2",
            ],
            "25-06-05 10:00Z, 25-06-06 10:00Z, 25-06-11 10:00Z",
            0,
        ),
        (
            "",
            &[
                "DTSTART;TZID=Europe/Berlin:20250604T100000\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:20250605T080000Z\nEXDATE;VALUE=DATE:20250606",
            ],
            "25-06-04 10:00 (08:00Z)",
            0,
        ),
        ("", &["DTSTART:20250604T100000Z\nDTEND:20250604T090000Z"], "25-06-04 10:00Z", 1),
        ("", &["DTSTART;VALUE=DATE:20250604\nDTEND:20250605T120000Z"], "25-06-04/05", 0),
        ("", &["DTSTART:20250604T100000Z\nRRULE:FREQ=DAILY;UNTIL=20250605"], "25-06-04 10:00Z, 25-06-05 10:00Z", 0),
        ("", &["DTSTART:20250604T100000Z\nDTEND:soon", "UID:b\nDTSTART:never"], "25-06-04 10:00Z", 2),
    ];
    for (number, (head, events, expected, problems)) in cases.iter().enumerate() {
        let named =
            |event: &&str| if event.starts_with("UID:") { event.to_string() } else { format!("UID:a\n{event}") };
        let events: Vec<String> = events.iter().map(|event| format!("SUMMARY:Walk\n{}", named(event))).collect();
        let read = read(head, ":", &events);
        assert_eq!(rows(&read).join(", "), *expected, "{}: {events:?}", number + 1);
        assert_eq!(read.problems.len(), *problems, "{}: {:?}", number + 1, read.problems);
    }
}
