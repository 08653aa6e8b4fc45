use super::*;
use crate::model::{DeclaredTime, DeclaredValue, Entry, EntryKind, EventStatus, Key, SourceId};
use crate::recur;
use chrono::{NaiveDate, NaiveDateTime};
use proptest::prelude::*;

fn document() -> Document {
    Document {
        source: SourceId::new("lake").unwrap(),
        key: "https://lake.example/events.ics".into(),
        url: None,
        media_type: None,
        bytes: Vec::new(),
        version: String::new(),
        first_seen: None,
    }
}

/// Reads events written without their frame, one property a line.
fn calendar(head: &str, events: &[&str]) -> Read {
    let events: String = events.iter().map(|event| format!("BEGIN:VEVENT\n{event}\nEND:VEVENT\n")).collect();
    super::read(
        &format!("BEGIN:VCALENDAR\nVERSION:2.0\n{head}\n{events}END:VCALENDAR\n").replace('\n', "\r\n"),
        &document(),
    )
}

fn one(event: &str) -> Entry {
    let read = calendar("", &[event]);
    assert_eq!(read.problems, []);
    read.entries.into_iter().next().unwrap()
}

fn times(entry: &Entry) -> (DeclaredValue, Option<DeclaredValue>) {
    let value = |time: &DeclaredTime| time.value.clone();
    (value(entry.declared.start.as_ref().unwrap()), entry.declared.end.as_ref().map(value))
}

fn day(text: &str) -> DeclaredValue {
    DeclaredValue::Day(text.parse::<NaiveDate>().unwrap())
}

fn clock(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
}

fn berlin(text: &str) -> DeclaredValue {
    DeclaredValue::Zoned(clock(text), "Europe/Berlin".into())
}

fn messages(read: &Read) -> Vec<&str> {
    read.problems.iter().map(|problem| problem.message.as_str()).collect()
}

#[test]
fn an_event_with_everything_is_read() {
    let entry = one(
        "UID:swim-1@lake.example\nSUMMARY:Autumn swim\\, with sauna\nDTSTART;TZID=Europe/Berlin:20251004T160000\n\
        DTEND;TZID=Europe/Berlin:20251004T180000\nLOCATION:Boat house https://meet.example/swim\nGEO:60.17;24.94\nURL:https://lake.example/swim/\n\
        CATEGORIES:Sport,Sauna\\, hot\nCATEGORIES:outdoor &amp\\; indoor\nSTATUS:TENTATIVE\nSEQUENCE:4\nLAST-MODIFIED:20250901T120000Z\n\
        ORGANIZER;CN=\"Aino Virta\":MAILTO:aino@lake.example\nDESCRIPTION:Bring a towel.\\n\\nSee https://lake.example\nCLASS:PUBLIC\n\
        IMAGE;VALUE=URI;DISPLAY=BADGE:https://lake.example/a.jpg",
    );
    assert_eq!(entry.kind, EntryKind::Event);
    assert_eq!(entry.title, "Autumn swim, with sauna");
    assert_eq!(entry.keys, [Key::Uid("swim-1@lake.example".into()), Key::Url("lake.example/swim".into())]);
    assert_eq!(times(&entry), (berlin("2025-10-04 16:00"), Some(berlin("2025-10-04 18:00"))));
    assert_eq!(entry.declared.place.as_deref(), Some("Boat house"));
    assert_eq!((entry.links[0].rel.as_str(), entry.links[0].href.as_str()), ("online", "https://meet.example/swim"));
    assert_eq!(entry.declared.coordinates, Some((60.17, 24.94)));
    assert_eq!(entry.tags, ["Sport", "Sauna, hot", "outdoor & indoor"]);
    assert_eq!(entry.declared.status, Some(EventStatus::Tentative));
    assert_eq!(entry.declared.sequence, Some(4));
    assert_eq!(entry.declared.organizers[0].name, "Aino Virta");
    assert_eq!(entry.declared.organizers[0].email.as_deref(), Some("aino@lake.example"));
    assert!(entry.html.starts_with("<p>Bring a towel.</p>") && entry.html.contains("<a href="));
    assert_eq!((entry.images.len(), entry.hidden, entry.line), (1, None, 4));
}

#[test]
fn a_day_ends_inclusive() {
    for (lines, last) in [
        ("DTEND;VALUE=DATE:20250708", Some("2025-07-07")),
        ("DTEND;VALUE=DATE:20250706", Some("2025-07-05")),
        ("DTEND;VALUE=DATE:20250705", Some("2025-07-05")),
        ("DTEND:20250706T120000Z", Some("2025-07-06")),
        ("DTEND:20250707T000000", Some("2025-07-06")),
        ("DURATION:P3D", Some("2025-07-07")),
        ("X-NOTHING:1", None),
    ] {
        let entry = one(&format!("UID:camp\nSUMMARY:Camp\nDTSTART;VALUE=DATE:20250705\n{lines}"));
        assert_eq!(times(&entry), (day("2025-07-05"), last.map(day)), "{lines}");
    }
    let outlook =
        one("UID:a\nSUMMARY:Fair\nDTSTART:20250705T000000\nDTEND:20250707T000000\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE");
    assert_eq!(times(&outlook), (day("2025-07-05"), Some(day("2025-07-06"))));
}

#[test]
fn an_end_before_the_start_is_dropped_and_told() {
    let read = calendar("", &["UID:a\nSUMMARY:Talk\nDTSTART:20250705T180000Z\nDTEND:20250705T170000Z"]);
    assert_eq!(read.entries[0].declared.end, None);
    assert_eq!(
        messages(&read),
        [
            "event `Talk` (UID `a`): its end `20250705T170000Z` is before its start `20250705T180000Z`; the end is dropped"
        ]
    );
    assert_eq!(read.problems[0].line, 8);
}

#[test]
fn a_duration_runs_by_the_clock() {
    let entry = one("UID:a\nSUMMARY:Night\nDTSTART;TZID=Europe/Berlin:20250329T220000\nDURATION:PT6H");
    assert_eq!(times(&entry).1, Some(berlin("2025-03-30 05:00")));
}

#[test]
fn zones_are_found_by_name_by_rules_and_by_default() {
    let start = |head: &str, dtstart: &str| {
        let read = calendar(head, &[&format!("UID:a\nSUMMARY:Talk\nDTSTART{dtstart}")]);
        (times(&read.entries[0]).0, read.problems.len())
    };
    let rules = "BEGIN:VTIMEZONE\nTZID:Ours\nBEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:+0300\nTZOFFSETTO:+0200\n\
        RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nEND:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:16010101T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0300\n\
        RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\nEND:DAYLIGHT\nEND:VTIMEZONE";
    let at = |text: &str| DeclaredValue::At(chrono::DateTime::parse_from_rfc3339(text).unwrap());
    assert_eq!(start("", ";TZID=W. Europe Standard Time:20250705T180000"), (berlin("2025-07-05 18:00"), 0));
    assert_eq!(
        start("", ";TZID=\"(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna\":20250705T180000"),
        (berlin("2025-07-05 18:00"), 0)
    );
    assert_eq!(
        start(rules, ";TZID=Ours:20250705T180000"),
        (DeclaredValue::Zoned(clock("2025-07-05 18:00"), "Europe/Helsinki".into()), 0)
    );
    let odd = rules.replace("0200", "0215");
    assert_eq!(start(&odd, ";TZID=Ours:20250705T180000"), (at("2025-07-05T18:00:00+03:00"), 0));
    assert_eq!(start(&odd, ";TZID=Ours:20251205T180000"), (at("2025-12-05T18:00:00+02:15"), 0));
    assert_eq!(start("", ":20250705T180000Z"), (at("2025-07-05T18:00:00Z"), 0));
    assert_eq!(start("X-WR-TIMEZONE:Europe/Berlin", ":20250705T180000Z"), (at("2025-07-05T18:00:00Z"), 0));
    assert_eq!(start("X-WR-TIMEZONE:Europe/Berlin", ":20250705T180000"), (berlin("2025-07-05 18:00"), 0));
    assert_eq!(start("", ":20250705T180000"), (DeclaredValue::Local(clock("2025-07-05 18:00")), 0));
    assert_eq!(start("", ";TZID=Shire:20250705T180000"), (DeclaredValue::Local(clock("2025-07-05 18:00")), 1));
}

#[test]
fn changes_of_single_occurrences_are_folded_into_their_series() {
    let read = calendar(
        "",
        &[
            "UID:call\nRECURRENCE-ID:20250612T160000Z\nSUMMARY:Call with guests\nDTSTART;TZID=Europe/Berlin:20250613T190000\nDTEND;TZID=Europe/Berlin:20250613T200000",
            "UID:call\nSUMMARY:Call\nDTSTART;TZID=Europe/Berlin:20250605T180000\nDTEND;TZID=Europe/Berlin:20250605T190000\nRRULE:FREQ=WEEKLY;COUNT=4\nEXDATE;TZID=Europe/Berlin:20250626T180000",
            "UID:call\nRECURRENCE-ID;TZID=Europe/Berlin:20250619T180000\nSUMMARY:Call\nSTATUS:CANCELLED",
            "UID:other\nRECURRENCE-ID:20250620T160000Z\nSUMMARY:Left over\nDTSTART:20250620T160000Z",
        ],
    );
    assert_eq!(messages(&read), [""; 0]);
    assert_eq!(read.entries.len(), 2);
    let series = &read.entries[0];
    let recurrence = series.declared.recurrence.as_ref().unwrap();
    let (start, end) = times(series);
    let when = super::times::when(&start, end.as_ref()).unwrap();
    let (from, to) = ("2025-06-01".parse().unwrap(), "2025-07-31".parse().unwrap());
    let found: Vec<(String, bool)> = recur::occurrences(&when, recurrence, from, to, 10)
        .iter()
        .map(|o| (format!("{} {}", o.when.first_day(), o.title.as_deref().unwrap_or("-")), o.cancelled))
        .collect();
    let row = |text: &str, cancelled| (text.to_owned(), cancelled);
    assert_eq!(
        found,
        [row("2025-06-05 -", false), row("2025-06-13 Call with guests", false), row("2025-06-19 -", true)]
    );
    assert_eq!(read.entries[1].keys, [Key::Uid("other/20250620T160000Z".into())]);
}

#[test]
fn a_floating_change_leaves_its_series_and_stands_alone() {
    let read = calendar(
        "",
        &[
            "UID:call\nSUMMARY:Call\nDTSTART:20250605T180000\nRRULE:FREQ=WEEKLY;UNTIL=20250703T180000",
            "UID:call\nRECURRENCE-ID:20250612T180000\nSUMMARY:Call\nDTSTART:20250613T190000",
            "UID:call\nRECURRENCE-ID:20250619T180000\nSUMMARY:Call\nSTATUS:CANCELLED",
        ],
    );
    assert_eq!(read.entries.len(), 2);
    let recurrence = read.entries[0].declared.recurrence.as_ref().unwrap();
    assert_eq!(recurrence.rules, ["FREQ=WEEKLY;UNTIL=20250703"]);
    assert_eq!(recurrence.except.len(), 2);
}

#[test]
fn of_one_uid_the_newest_stays() {
    let event = |sequence: u32, modified: &str, title: &str| {
        format!("UID:a\nSEQUENCE:{sequence}\nLAST-MODIFIED:{modified}\nSUMMARY:{title}\nDTSTART:20250705T180000Z")
    };
    let (old, new, newest) = (
        event(1, "20250102T000000Z", "Old"),
        event(2, "20250101T000000Z", "New"),
        event(2, "20250103T000000Z", "Newest"),
    );
    for events in [[&old, &new, &newest], [&newest, &new, &old]] {
        let read = calendar("", &events.map(String::as_str));
        let titles: Vec<&str> = read.entries.iter().map(|entry| entry.title.as_str()).collect();
        assert_eq!((titles, read.problems.len()), (vec!["Newest"], 0));
    }
}

#[test]
fn private_and_cancelled_events_are_marked() {
    assert_eq!(
        one("UID:a\nSUMMARY:Board\nDTSTART:20250705T180000Z\nCLASS:confidential").hidden.as_deref(),
        Some("CLASS:CONFIDENTIAL")
    );
    let read = calendar("METHOD:CANCEL", &["UID:a\nSUMMARY:Talk\nDTSTART:20250705T180000Z"]);
    assert_eq!(read.entries[0].declared.status, Some(EventStatus::Cancelled));
}

#[test]
fn a_broken_event_costs_only_itself() {
    let read = calendar(
        "",
        &[
            "UID:a\nSUMMARY:Good\nDTSTART:20250705T180000Z",
            "UID:b\nSUMMARY:Bad\nDTSTART:next week",
            "UID:c\nSUMMARY:None",
            "UID:d\nSUMMARY:Also good\nDTSTART:20250706T180000Z\nRRULE:FREQ=SECONDLY\nEXDATE:never",
        ],
    );
    let titles: Vec<&str> = read.entries.iter().map(|entry| entry.title.as_str()).collect();
    assert_eq!(titles, ["Good", "Also good"]);
    assert_eq!(
        messages(&read),
        [
            "event `Bad` (UID `b`) is left out: expected a day or time such as 20250314T180000 in DTSTART, but found `next week`",
            "event `None` (UID `c`) is left out: DTSTART is missing",
            "event `Also good` (UID `d`): its rule is left out, so only its first occurrence is shown: `FREQ=SECONDLY` is more often than an event can be",
            "event `Also good` (UID `d`): expected a day or time such as 20250314T180000 in EXDATE, but found `never`",
        ]
    );
    assert_eq!(read.problems[0].line, 12);
    assert_eq!(read.problems[0].subject.as_deref(), Some("https://lake.example/events.ics"));
}

#[test]
fn a_cut_off_file_keeps_what_is_whole() {
    let whole = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nSUMMARY:Whole\nDTSTART:20250705T180000Z\nEND:VEVENT\n";
    let read = super::read(&format!("{whole}BEGIN:VEVENT\nUID:b\nDTSTART:2025"), &document());
    assert_eq!(
        (read.entries.len(), messages(&read)),
        (1, vec!["event with UID `b` is left out: the file ends before END:VEVENT"])
    );
    let read = super::read(whole, &document());
    assert_eq!(
        (read.entries.len(), messages(&read)),
        (1, vec!["the file ends before END:VCALENDAR; later events may be missing"])
    );
}

#[test]
fn a_calendar_without_events_is_fine_and_other_text_is_none() {
    assert!(calendar("X-WR-CALNAME:Empty", &[]).problems.is_empty());
    for text in ["", "<html></html>", "Dear all, our next meeting"] {
        assert_eq!(super::read(text, &document()).problems.len(), 1, "{text}");
    }
    let two = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20250705\nEND:VEVENT\nEND:VCALENDAR\n";
    assert_eq!(super::read(&two.repeat(2).replacen("UID:a", "UID:b", 1), &document()).entries.len(), 2);
}

#[test]
fn periods_bring_their_own_length_and_exrules_take_away() {
    let entry = one(
        "UID:a\nSUMMARY:Shift\nDTSTART:20250705T080000Z\nDTEND:20250705T090000Z\nRDATE;VALUE=PERIOD:20250708T080000Z/PT3H\n\
        RRULE:FREQ=DAILY;COUNT=3\nEXRULE:FREQ=DAILY;INTERVAL=2;COUNT=2",
    );
    let recurrence = entry.declared.recurrence.unwrap();
    assert_eq!((recurrence.dates.len(), recurrence.overrides.len(), recurrence.except.len()), (1, 1, 2));
}

proptest! {
    #[test]
    fn any_text_is_read(text in any::<String>(), lines in prop::collection::vec(line(), 0..40)) {
        super::read(&text, &document());
        super::read(&lines.join("\n"), &document());
    }

    #[test]
    fn any_cut_of_a_calendar_is_read(at in 0usize..600) {
        let text = "BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\n\
            BEGIN:VEVENT\nUID:a\nSUMMARY:Übung\nDTSTART;TZID=X:20250705T180000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;UNTIL=20251231\nEXDATE;TZID=X:20250712T180000\nEND:VEVENT\nEND:VCALENDAR";
        let cut: String = text.chars().take(at).collect();
        prop_assert!(super::read(&cut, &document()).entries.len() <= 1);
    }
}

fn line() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "BEGIN:VCALENDAR",
        "BEGIN:VEVENT",
        "END:VEVENT",
        "BEGIN:VTIMEZONE",
        "END:VTIMEZONE",
        "BEGIN:STANDARD",
        "END:STANDARD",
        "UID:",
        "DTSTART:",
        "DTSTART;TZID=X:",
        "DTEND:",
        "DTEND;VALUE=DATE:",
        "DURATION:",
        "RRULE:FREQ=DAILY;",
        "EXDATE:",
        "RDATE:",
        "RDATE;VALUE=PERIOD:",
        "RECURRENCE-ID:",
        "TZID:X",
        "TZOFFSETTO:",
        "GEO:",
        "EXRULE:FREQ=DAILY;",
        "DESCRIPTION;ENCODING=QUOTED-PRINTABLE:",
        "SUMMARY:",
        "LOCATION:",
        "ORGANIZER;CN=",
        "X-WR-TIMEZONE:",
        " ",
    ]);
    let value = prop_oneof![
        "[0-9]{8}",
        "[0-9]{8}T[0-9]{6}Z?",
        "P[0-9]{1,9}[DHMST]{1,3}",
        "[-+]?[0-9:;.]{0,9}",
        "(COUNT|UNTIL)=[0-9]{1,9}",
        "\\PC{0,12}",
        "[0-9]{8}T[0-9]{6}/[0-9A-Z]{0,16}"
    ];
    (name, value).prop_map(|(name, value)| format!("{name}{value}"))
}

#[test]
fn a_rule_said_again_counts_once() {
    let event = format!("UID:1\nDTSTART:20270101T100000Z\nSUMMARY:Choir{}", "\nRRULE:FREQ=DAILY;COUNT=3".repeat(500));
    assert_eq!(one(&event).declared.recurrence.unwrap().rules.len(), 1);
}

/// Starts of all occurrences of all entries, with their titles.
fn shown(read: &Read) -> Vec<String> {
    let (from, to) = ("2025-01-01".parse().unwrap(), "2026-12-31".parse().unwrap());
    let mut rows = Vec::new();
    for entry in &read.entries {
        let (start, end) = times(entry);
        let when = super::times::when(&start, end.as_ref()).unwrap();
        let recurrence = entry.declared.recurrence.clone().unwrap_or_default();
        for occurrence in recur::occurrences(&when, &recurrence, from, to, 20) {
            let title = occurrence.title.as_deref().unwrap_or(&entry.title);
            let start = match &occurrence.when {
                crate::model::When::AllDay { first, .. } => first.format("%m-%d").to_string(),
                crate::model::When::Zoned { start, .. } => start.format("%m-%d %H:%M").to_string(),
                crate::model::When::Instant { start, .. } => start.format("%m-%d %H:%MZ").to_string(),
            };
            rows.push(format!("{start} {title}"));
        }
    }
    rows.sort();
    rows
}

#[test]
fn a_change_of_all_that_follow_cuts_the_series() {
    let call = |rule: &str| {
        format!("UID:call\nSUMMARY:Call\nDTSTART;TZID=Europe/Berlin:20250602T180000\nDURATION:PT1H\nRRULE:{rule}")
    };
    let change = |of: &str, to: &str| {
        format!(
            "UID:call\nRECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:{of}T180000\nSUMMARY:Late\nDTSTART;TZID=Europe/Berlin:{to}\nDURATION:PT1H"
        )
    };
    for (rule, of, to, expected) in [
        (
            "FREQ=WEEKLY;BYDAY=MO;COUNT=4",
            "20250616",
            "20250616T200000",
            "06-02 18:00 Call, 06-09 18:00 Call, 06-16 20:00 Late, 06-23 20:00 Late",
        ),
        (
            "FREQ=WEEKLY;BYDAY=MO;UNTIL=20250623T160000Z",
            "20250616",
            "20250617T180000",
            "06-02 18:00 Call, 06-09 18:00 Call, 06-17 18:00 Late, 06-24 18:00 Late",
        ),
        (
            "FREQ=MONTHLY;BYDAY=1MO;COUNT=3",
            "20250707",
            "20250708T180000",
            "06-02 18:00 Call, 07-08 18:00 Late, 08-05 18:00 Late",
        ),
        ("FREQ=DAILY;COUNT=3", "20250602", "20250602T190000", "06-02 19:00 Late, 06-03 19:00 Late, 06-04 19:00 Late"),
    ] {
        let read = calendar("", &[&call(rule), &change(of, to)]);
        assert_eq!(read.problems, [], "{rule}");
        assert_eq!(shown(&read).join(", "), expected, "{rule}");
    }
    let cancelled = change("20250616", "20250616T180000") + "\nSTATUS:CANCELLED";
    let read = calendar("", &[&call("FREQ=WEEKLY"), &cancelled]);
    assert_eq!(shown(&read), ["06-02 18:00 Call", "06-09 18:00 Call"]);
    let whole = change("20250602", "20250602T180000") + "\nSTATUS:CANCELLED";
    let read = calendar("", &[&call("FREQ=WEEKLY;COUNT=2"), &whole]);
    assert_eq!((shown(&read).len(), &read.entries[0].declared.status), (2, &Some(EventStatus::Cancelled)));
}

#[test]
fn single_changes_after_a_change_of_all_that_follow_stay() {
    let read = calendar(
        "",
        &[
            "UID:a\nSUMMARY:Tea\nDTSTART:20250602T100000Z\nRRULE:FREQ=DAILY;COUNT=6\nEXDATE:20250606T100000Z",
            "UID:a\nRECURRENCE-ID:20250605T100000Z\nSUMMARY:Cake\nDTSTART:20250605T150000Z",
            "UID:a\nRECURRENCE-ID;RANGE=THISANDFUTURE:20250604T100000Z\nSUMMARY:Coffee\nDTSTART:20250604T110000Z",
            "UID:a\nRECURRENCE-ID;RANGE=THISANDFUTURE:20250607T100000Z\nSUMMARY:Juice\nDTSTART:20250607T100000Z",
        ],
    );
    assert_eq!(
        shown(&read),
        ["06-02 10:00Z Tea", "06-03 10:00Z Tea", "06-04 11:00Z Coffee", "06-05 15:00Z Cake", "06-07 10:00Z Juice"]
    );
}

#[test]
fn a_clock_that_only_the_file_knows_keeps_its_hour() {
    let rules = "BEGIN:VTIMEZONE\nTZID:Ours\nBEGIN:STANDARD\nDTSTART:20001029T030000\nTZOFFSETFROM:+0400\nTZOFFSETTO:+0215\n\
        RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nEND:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:20000326T020000\nTZOFFSETFROM:+0215\nTZOFFSETTO:+0400\n\
        RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\nEND:DAYLIGHT\nEND:VTIMEZONE";
    let event = "UID:a\nSUMMARY:Yoga\nDTSTART;TZID=Ours:20250323T010000\nRRULE:FREQ=WEEKLY;BYDAY=SU;COUNT=4\nEXDATE;TZID=Ours:20250406T010000";
    let read = calendar(rules, &[event]);
    assert_eq!(read.problems, []);
    assert_eq!(shown(&read), ["03-22 22:45Z Yoga", "03-29 22:45Z Yoga", "04-12 21:00Z Yoga"]);
    let endless = calendar(rules, &[&event.replace(";COUNT=4", "")]);
    assert_eq!(
        messages(&endless),
        ["event `Yoga` (UID `a`): its time zone is known from this file only, so 10 years of it are shown"]
    );
}

#[test]
fn rules_in_the_file_that_differ_from_the_zone_they_are_named_after_are_told() {
    let rules = "BEGIN:VTIMEZONE\nTZID:Europe/Berlin\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0100\n\
        END:STANDARD\nEND:VTIMEZONE";
    let event = |day: &str| format!("UID:a\nSUMMARY:Talk\nDTSTART;TZID=Europe/Berlin:{day}T180000");
    let (summer, winter) = (calendar(rules, &[&event("20250705")]), calendar(rules, &[&event("20251205")]));
    assert_eq!(times(&summer.entries[0]).0, berlin("2025-07-05 18:00"));
    assert_eq!(
        messages(&summer),
        ["the VTIMEZONE `Europe/Berlin` shows another hour than the zone of that name; the zone was believed"]
    );
    assert_eq!(winter.problems, []);
}

#[test]
fn rules_of_today_beside_old_events_are_not_told() {
    let fixed = |offset: &str| {
        format!(
            "BEGIN:VTIMEZONE\nTZID:Europe/Istanbul\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:{offset}\nTZOFFSETTO:{offset}\n\
            END:STANDARD\nEND:VTIMEZONE"
        )
    };
    let event = |day: &str| format!("UID:{day}\nSUMMARY:Talk\nDTSTART;TZID=Europe/Istanbul:{day}T180000");
    // Two hours east in winter until 2016, three ever since.
    for (offset, days, problems) in [
        ("+0300", &["20100110"][..], 0),
        ("+0300", &["20100110", "20250110"], 0),
        ("+0200", &["20100110"], 0),
        ("+0200", &["20250110", "20100110"], 1),
        ("+0100", &["20100110"], 1),
    ] {
        let events: Vec<String> = days.iter().map(|day| event(day)).collect();
        let events: Vec<&str> = events.iter().map(String::as_str).collect();
        assert_eq!(calendar(&fixed(offset), &events).problems.len(), problems, "{offset} {days:?}");
    }
}

#[test]
fn a_private_change_leaves_its_public_series() {
    let series = "UID:a\nSUMMARY:Tea\nDTSTART:20250602T100000Z\nRRULE:FREQ=DAILY;COUNT=5";
    let change = |of: &str| format!("UID:a\nRECURRENCE-ID{of}T100000Z\nSUMMARY:Secret\nLOCATION:Cellar\nCLASS:PRIVATE");
    for (of, expected) in [
        (":20250603", "06-02 10:00Z Tea, 06-04 10:00Z Tea, 06-05 10:00Z Tea, 06-06 10:00Z Tea"),
        (";RANGE=THISANDFUTURE:20250604", "06-02 10:00Z Tea, 06-03 10:00Z Tea"),
        (";RANGE=THISANDFUTURE:20250602", ""),
    ] {
        let mut read = calendar("", &[series, &change(of)]);
        read.entries.retain(|entry| entry.hidden.is_none());
        assert_eq!(shown(&read).join(", "), expected, "{of}");
    }
}

#[test]
fn blanks_around_a_uid_are_no_part_of_it() {
    assert_eq!(one("UID: abc@lake \nSUMMARY:Talk\nDTSTART:20250705T180000Z").keys, [Key::Uid("abc@lake".into())]);
}
