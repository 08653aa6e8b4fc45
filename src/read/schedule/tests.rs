//! Programmes of invented conferences.

use crate::model::{DeclaredValue, Document, Entry, EntryKind, Format, SourceId};
use crate::read::cost::assert_linear;
use crate::read::{Read, read};
use proptest::prelude::*;

fn document(key: &str, text: &str) -> Document {
    Document {
        source: SourceId::new("turku-js").unwrap(),
        key: key.to_owned(),
        url: url::Url::parse(key).ok(),
        media_type: None,
        bytes: text.as_bytes().to_vec(),
        version: String::new(),
        first_seen: None,
    }
}

/// Title, start with end, speaker and room of each session.
fn sessions(entry: &Entry) -> Vec<String> {
    let time = |value: &DeclaredValue| match value {
        DeclaredValue::Day(day) => day.to_string(),
        DeclaredValue::Local(time) => time.format("%Y-%m-%dT%H:%M").to_string(),
        DeclaredValue::Zoned(time, zone) => format!("{} {zone}", time.format("%Y-%m-%dT%H:%M")),
        DeclaredValue::At(at) => at.format("%Y-%m-%dT%H:%M%:z").to_string(),
    };
    let shown = |session: &crate::model::DeclaredSession| {
        let end = session.end.as_ref().map(time).unwrap_or_default();
        let (speaker, room) = (session.speaker.as_deref().unwrap_or("-"), session.room.as_deref().unwrap_or("-"));
        format!("{} | {} | {end} | {speaker} | {room}", session.title, time(&session.start))
    };
    entry.declared.sessions.iter().map(shown).collect()
}

fn days(entry: &Entry) -> (String, String) {
    let day = |time: &Option<crate::model::DeclaredTime>| time.as_ref().map(|time| time.value.day().to_string());
    (day(&entry.declared.start).unwrap_or_default(), day(&entry.declared.end).unwrap_or_default())
}

fn problems(read: &Read) -> Vec<String> {
    read.problems.iter().map(ToString::to_string).collect()
}

const FRAB: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<schedule>
  <generator name="pretalx" version="2025.1"/>
  <version>3</version>
  <conference>
    <acronym>kelp-2027</acronym>
    <title>Kelp Congress</title>
    <start>2027-05-07</start><end>2027-05-08</end><days>2</days>
    <timeslot_duration>00:05</timeslot_duration>
    <time_zone_name>Europe/Lisbon</time_zone_name>
    <url>https://kelp.example/2027/</url>
  </conference>
  <day index="1" date="2027-05-07" start="2027-05-07T04:00:00+01:00" end="2027-05-08T03:59:00+01:00">
    <room name="Tide pool">
      <event guid="1" id="2"><date>2027-05-07T11:00:00+01:00</date><start>11:00</start><duration>00:45</duration>
        <room>Tide pool</room><title>Nets &amp; knots</title><abstract>On 1 June 2030 nothing happens.</abstract>
        <persons><person id="1">Ana Lima</person><person id="2">Rui Sá</person></persons></event>
      <event id="3"><date>2027-05-08T00:30:00+01:00</date><start>00:30</start><duration>01:00</duration><title>Night dive</title></event>
    </room>
    <room name="Cove"><event id="4"><date>2027-05-07T10:00:00+01:00</date><start>10:00</start><duration>00:30</duration><title>Hello, kelp</title></event></room>
  </day>
  <day index="2" date="2027-05-08"><room name="Cove"/></day>
</schedule>"#;

#[test]
fn a_programme_is_one_event_with_its_talks_as_sessions() {
    let read = read(&document("https://kelp.example/schedule.xml", FRAB));
    assert_eq!((read.format, problems(&read)), (Some(Format::Schedule), vec![]));
    let [entry] = read.entries.as_slice() else { panic!("{:?}", read.entries) };
    assert_eq!((entry.title.as_str(), entry.kind), ("Kelp Congress", EntryKind::Event));
    assert_eq!(days(entry), ("2027-05-07".to_owned(), "2027-05-08".to_owned()));
    assert_eq!(entry.url.as_deref(), Some("https://kelp.example/2027/"));
    assert_eq!(
        sessions(entry),
        [
            "Hello, kelp | 2027-05-07T10:00 Europe/Lisbon | 2027-05-07T10:30 Europe/Lisbon | - | Cove",
            "Nets & knots | 2027-05-07T11:00 Europe/Lisbon | 2027-05-07T11:45 Europe/Lisbon | Ana Lima, Rui Sá | Tide pool",
            "Night dive | 2027-05-08T00:30 Europe/Lisbon | 2027-05-08T01:30 Europe/Lisbon | - | Tide pool",
        ]
    );
    assert!(entry.html.contains("<h3>2027-05-07</h3>"), "{}", entry.html);
    assert!(entry.html.contains("<th>11:00–11:45</th><td>Nets &amp; knots</td><td>Ana Lima, Rui Sá</td>"));
}

#[test]
fn the_oldest_programmes_say_only_the_time_of_day_and_when_a_day_ends() {
    let text = r#"<schedule><conference><title>Barnacle Days</title><venue>Old mill</venue><city>Turku</city>
        <day_change>06:00:00</day_change></conference>
        <day index="1" date="2027-02-06"><room name="Hall"><event id="1"><start>10:00</start><duration>00:50</duration><title>Rust on hulls</title></event>
        <event id="2"><start>01:30</start><duration>soon</duration><title>Night watch</title></event></room></day></schedule>"#;
    let read = read(&document("schedule.xml", text));
    let entry = &read.entries[0];
    assert_eq!(days(entry), ("2027-02-06".to_owned(), "2027-02-06".to_owned()));
    assert_eq!(entry.declared.place.as_deref(), Some("Old mill"));
    assert_eq!(entry.declared.address, ["Turku"]);
    assert_eq!(
        sessions(entry),
        [
            "Rust on hulls | 2027-02-06T10:00 | 2027-02-06T10:50 | - | Hall",
            "Night watch | 2027-02-07T01:30 |  | - | Hall"
        ]
    );
}

#[test]
fn the_same_programme_is_read_from_json() {
    let text = r#"{"schedule": {"version": "3", "base_url": "https://kelp.example/2027/", "conference": {
        "acronym": "kelp-2027", "title": {"en": "Kelp Congress", "pt": "Congresso"}, "start": "2027-05-07T09:00:00+01:00", "end": "2027-05-08", "keywords": ["sea"],
        "time_zone_name": "Europe/Lisbon", "days": [{"index": 1, "date": "2027-05-07", "rooms": {"Cove": [
          {"id": 4, "date": "2027-05-07T11:00:00+01:00", "start": "11:00", "duration": "00:45", "room": "Cove", "title": "Nets & knots",
           "persons": [{"id": 1, "public_name": "Ana Lima"}, {"name": "Rui Sá"}, 7]},
          {"id": 5, "start": "2027-05-07T13:00:00+01:00", "duration": "90", "title": "Lunch"}, 3]}}, {"date": "someday", "rooms": []}]}}}"#;
    let read = read(&document("https://kelp.example/schedule.json", text));
    assert_eq!((read.format, problems(&read)), (Some(Format::Schedule), vec![]));
    let entry = &read.entries[0];
    assert_eq!(days(entry), ("2027-05-07".to_owned(), "2027-05-08".to_owned()));
    assert_eq!((entry.title.as_str(), entry.tags.as_slice()), ("Kelp Congress", ["sea".to_owned()].as_slice()));
    assert_eq!(entry.url.as_deref(), Some("https://kelp.example/2027/"));
    assert_eq!(
        sessions(entry),
        [
            "Nets & knots | 2027-05-07T11:00 Europe/Lisbon | 2027-05-07T11:45 Europe/Lisbon | Ana Lima, Rui Sá | Cove",
            "Lunch | 2027-05-07T13:00 Europe/Lisbon | 2027-05-07T14:30 Europe/Lisbon | - | Cove",
        ]
    );
}

#[test]
fn a_talk_that_lacks_something_costs_no_other() {
    let text = "<schedule><conference><title>Kelp</title></conference><day date=\"2027-05-07\"><room name=\"Cove\">
<event><title> </title><start>10:00</start></event>
<event><title>No hour</title><start>later</start></event></room></day>
<day><room><event><title>No day</title><start>10:00</start></event></room></day>
</schedule>";
    let read = read(&document("schedule.xml", text));
    assert_eq!(sessions(&read.entries[0]), ["No hour | 2027-05-07 |  | - | Cove"]);
    assert_eq!(
        problems(&read),
        [
            "turku-js: schedule.xml:2: expected a title of a talk, found none; the talk is left out",
            "turku-js: schedule.xml:4: expected a day such as 2026-03-14 for the talk `No day`, found none; the talk is left out",
        ]
    );
}

#[test]
fn a_programme_without_a_conference_or_that_breaks_off_is_told() {
    let cut = FRAB.split("<event id=\"3\">").next().unwrap();
    let read_cut = read(&document("schedule.xml", cut));
    assert_eq!(sessions(&read_cut.entries[0]).len(), 1);
    assert!(problems(&read_cut)[0].contains("breaks off after 1 talks"), "{:?}", problems(&read_cut));
    for (text, found) in [
        ("<schedule><conference><title>Kelp</title></conference></schedule>", "found no day"),
        ("<schedule><conference><start>2027-05-07</start></conference></schedule>", "found no title"),
        (r#"{"schedule": {"conference": {"title": "Kelp", "rooms": [], "days""#, "found an error"),
    ] {
        let read = read(&document("https://kelp.example/schedule", text));
        assert!(read.entries.is_empty() && problems(&read)[0].contains(found), "{:?}", problems(&read));
    }
}

#[test]
fn what_is_no_programme_is_left_alone() {
    for text in [
        r#"{"schedule": {"rooms": 1}, "conference": 2}"#,
        "<schedule><task name=\"backup\"/></schedule>",
        "<html><schedule></schedule></html>",
    ] {
        assert_ne!(read(&document("https://kelp.example/schedule", text)).format, Some(Format::Schedule), "{text}");
    }
}

#[test]
fn endless_programmes_are_read_in_linear_time() {
    let talk = "<event><title>a</title><start>10:00</start><duration>9999:99</duration></event>";
    let day = "<day date='2027-05-07'><room>";
    let conference = "<schedule><conference><title>a</title></conference>";
    for (head, unit, repeats) in [
        (format!("{conference}{day}"), talk, 4_000),
        (conference.to_owned(), day, 4_000),
        ("<schedule><conference>".to_owned(), "<title>", 20_000),
        (r#"{"schedule": {"conference": {"rooms": "#.to_owned(), "[", 40_000),
    ] {
        let text = |repeats| format!("{head}{}", unit.repeat(repeats));
        assert_linear(unit, repeats, text, |text| {
            let read = read(&document("https://kelp.example/schedule", text));
            assert!(read.entries.iter().all(|entry| entry.declared.sessions.len() <= 2_000));
        });
    }
}

proptest! {
    #[test]
    fn no_programme_panics(inner in "[-a-z<>/=\"{}\\[\\]:, 0-9T+é]{0,200}") {
        read(&document("https://kelp.example/s", &format!("<schedule><conference><title>a</title></conference><day date=\"2027-05-07\">{inner}")));
        read(&document("https://kelp.example/s", &format!("{{\"schedule\": {{\"conference\": {{\"rooms\": {{{inner}")));
    }

    #[test]
    fn no_time_of_a_talk_panics(date in "[-0-9T:+Z]{0,26}", start in "[0-9:]{0,8}", length in "[0-9:]{0,8}") {
        let text = format!("<schedule><conference><title>a</title><day_change>{start}</day_change><time_zone_name>Europe/Lisbon</time_zone_name></conference><day date='2027-05-07' start='{date}'><room><event><title>a</title><date>{date}</date><start>{start}</start><duration>{length}</duration></event></room></day></schedule>");
        read(&document("https://kelp.example/s", &text));
    }
}
