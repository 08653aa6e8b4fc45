//! Lists of events of invented communities.

use crate::model::{DeclaredValue, Document, Entry, EntryKind, Format, Key, Records};
use crate::read::cost::assert_linear;
use crate::read::{Read, read, read_by};
use proptest::prelude::*;

fn document(key: &str, text: &str) -> Document {
    crate::read::tests::document(key, None, text.as_bytes())
}

fn shown(read: &Read) -> Vec<(String, String, String)> {
    let days = |entry: &Entry| {
        let day = |time: &Option<crate::model::DeclaredTime>| {
            time.as_ref().map(|time| time.value.day().to_string()).unwrap_or_default()
        };
        format!("{} {}", day(&entry.declared.start), day(&entry.declared.end)).trim().to_owned()
    };
    let place = |entry: &Entry| entry.declared.place.clone().unwrap_or_default();
    read.entries.iter().map(|entry| (entry.title.clone(), days(entry), place(entry))).collect()
}

fn told() -> Records {
    Records {
        list: Some("meetings.all".to_owned()),
        title: Some("what".to_owned()),
        start: Some("times.first".to_owned()),
        end: Some("times.last".to_owned()),
        place: vec!["hall.name".to_owned(), "town".to_owned()],
        url: Some("more".to_owned()),
        ..Records::default()
    }
}

#[test]
fn each_syntax_is_read_where_the_names_speak_for_themselves() {
    let expected = [
        ("Bat walk".to_owned(), "2026-05-04 2026-05-05".to_owned(), "Turku, Finland".to_owned()),
        ("Owl night".to_owned(), "2026-06-01".to_owned(), "Porto".to_owned()),
    ];
    for (key, text) in [
        (
            "2026/birds.json",
            r#"[{"name": "Bat walk", "startDate": "2026-05-04", "endDate": "2026-05-05", "city": "Turku", "country": "Finland"},
                {"name": "Owl night", "startDate": "2026-06-01", "city": "Porto"}]"#,
        ),
        (
            "_data/birds.yml",
            "- title: Bat walk\n  start: 2026-05-04\n  end: 2026-05-05\n  location: Turku, Finland\n- title: Owl night\n  start: 2026-06-01\n  location: Porto\n",
        ),
        (
            "data/birds.toml",
            "[[walk]]\ntitle = 'Bat walk'\nstart_date = 2026-05-04\nend_date = 2026-05-05\nplace = 'Turku, Finland'\n[[walk]]\ntitle = 'Owl night'\nstart_date = 2026-06-01\nplace = 'Porto'\n",
        ),
        (
            "birds.csv",
            "\u{feff}Name;Start date;End date;City;Country\r\nBat walk;2026-05-04;2026-05-05;Turku;Finland\r\n\"Owl night\";2026-06-01;;Porto;\r\n",
        ),
        (
            "events.yaml",
            "events:\n- name: Bat walk\n  date: 2026-05-04 – 2026-05-05\n  where: Turku, Finland\n- name: Owl night\n  date: 2026-06-01\n  where: Porto\n",
        ),
    ] {
        let read = read(&document(key, text));
        assert_eq!(read.format, Some(Format::Records), "{key}");
        assert_eq!(read.problems, [], "{key}");
        assert_eq!(shown(&read), expected, "{key}");
        assert!(read.entries.iter().all(|entry| entry.kind == EntryKind::Event), "{key}");
    }
}

#[test]
fn what_is_no_list_of_events_is_left_alone() {
    for (key, text) in [
        ("package.json", r#"{"name": "a", "files": ["b"], "start": "c"}"#),
        ("posts.json", r#"[{"title": "A", "date": "2026-05-04"}]"#),
        ("data.json", "[1, 2]"),
        ("broken.json", "[{"),
        ("config.yml", "title: A\nstart: b\n"),
        ("people.csv", "name,age\nAda,36\n"),
    ] {
        let read = read(&document(key, text));
        assert!(read.entries.is_empty() && read.problems.is_empty() && read.skipped.is_some(), "{key}: {read:?}");
    }
}

#[test]
fn the_source_says_which_fields_hold_what() {
    let text = r#"{"meetings": {"all": [{"what": "Bat walk", "times": {"first": "4 May 2026 21:00", "last": "4 May 2026 23:00"},
        "hall": {"name": "Old mill"}, "town": "Turku", "more": "https://bats.example/walk"}]}}"#;
    let read = read_by(&document("list.txt", text), Some(&told()));
    assert_eq!(read.problems, []);
    let entry = &read.entries[0];
    let at = |hour| {
        DeclaredValue::Local(chrono::NaiveDate::from_ymd_opt(2026, 5, 4).unwrap().and_hms_opt(hour, 0, 0).unwrap())
    };
    assert_eq!(entry.declared.start.as_ref().map(|start| &start.value), Some(&at(21)));
    assert_eq!(entry.declared.end.as_ref().map(|end| &end.value), Some(&at(23)));
    assert_eq!(entry.declared.place.as_deref(), Some("Old mill, Turku"));
    assert_eq!(entry.url.as_deref(), Some("https://bats.example/walk"));
    assert_eq!(entry.keys, [Key::Path("list.txt#https://bats.example/walk".to_owned())]);
}

#[test]
fn a_broken_record_costs_itself_and_names_its_number_and_line() {
    let text = "- title: Bat walk\n  start: 2026-05-04\n- title: Owl night\n  start: someday\n- title: Fox watch\n  start: 2026-07-01\n- title: Hare hunt\n  start: 2026-08-01\n";
    let read = read(&document("walks.yml", text));
    assert_eq!(read.entries.len(), 3);
    assert_eq!(
        read.problems.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [
            "turku-js: walks.yml:3: expected a day such as 2025-03-14 in `start`, but found `someday` in `Owl night` (event 2 of the list)\n  hint: the event is left out until it has one"
        ]
    );
}

#[test]
fn a_list_that_is_promised_and_missing_is_a_problem() {
    for (text, message) in [("{\"a\": []}", "in `meetings.all`, found none"), ("{", "found an error")] {
        let read = read_by(&document("list.json", text), Some(&told()));
        assert!(read.problems.len() == 1 && read.problems[0].message.contains(message), "{read:?}");
    }
}

#[test]
fn keys_stay_when_records_are_added_above() {
    let key = |text: &str| read(&document("walks.csv", text)).entries.last().unwrap().keys.clone();
    let one = key("title,start,id\nBat walk,2026-05-04,bat\n");
    assert_eq!(one, [Key::Path("walks.csv#bat".to_owned())]);
    assert_eq!(key("title,start,id\nOwl night,2026-05-01,owl\nBat walk,2026-05-05,bat\n"), one);
    assert_eq!(key("title,start\nBat walk,2026-05-04\n"), [Key::Path("walks.csv#Bat walk 2026-05-04".to_owned())]);
}

#[test]
fn an_address_that_records_share_names_none_of_them() {
    let keys = |rows: &str| -> Vec<_> {
        let read = read(&document("walks.csv", &format!("title,start,url\n{rows}")));
        read.entries.into_iter().flat_map(|entry| entry.keys).collect()
    };
    let key = |name: &str| Key::Path(format!("walks.csv#{name}"));
    let below = "Bat walk,2026-05-04,https://bats.example/\nFox watch,2026-05-09,https://bats.example/\nHare hunt,2026-05-12,https://hares.example/\n";
    let expected = [key("Bat walk 2026-05-04"), key("Fox watch 2026-05-09"), key("https://hares.example/")];
    assert_eq!(keys(below), expected);
    let all = keys(&format!("Owl night,2026-05-01,https://bats.example/\n{below}"));
    assert_eq!(all.get(1..), Some(expected.as_slice()));
}

#[test]
fn calendars_in_json_are_no_lists_of_events() {
    let text = r#"[{"@type": "Event", "uid": "walk", "title": "Bat walk", "start": "2026-05-04T21:00:00", "timeZone": "Europe/Helsinki", "duration": "PT1H", "privacy": "private"},
        {"@type": "Event", "uid": "owl", "title": "Owl night", "start": "2026-06-01T21:00:00", "timeZone": "Europe/Helsinki", "duration": "PT1H"}]"#;
    for list in [text.to_owned(), format!(r#"{{"@type": "Group", "uid": "birds", "entries": {text}}}"#)] {
        let mut document = document("events.json", &list);
        document.media_type = Some("application/json".to_owned());
        assert_eq!(read(&document).format, Some(Format::ICalendar), "{list}");
    }
}

#[test]
fn long_and_deep_input_is_read_in_linear_time() {
    for (key, head, unit, repeats) in [
        ("events.csv", "title,start\n", "\"a", 20_000),
        ("events.csv", "title,start\n", "a,2026-05-04\n", 4_000),
        ("events.json", "", "[", 20_000),
        ("events.yml", "", "- ", 4_000),
        ("events.toml", "", "[[a]]\ntitle = 'a'\nstart = 2026-05-04\n", 750),
    ] {
        let text = |repeats| format!("{head}{}", unit.repeat(repeats));
        assert_linear(&format!("{unit} in {key}"), repeats, text, |text| drop(read(&document(key, text))));
    }
}

proptest! {
    #[test]
    fn no_data_panics(text in "[-a-z\\[\\]{}:,;\"'\n\t 0-9|=#é]{0,200}", told_so in any::<bool>()) {
        for key in ["events.json", "events.yml", "events.toml", "events.csv"] {
            read_by(&document(key, &text), told_so.then(told).as_ref());
        }
    }
}
