//! Lists of events in the shapes in which the interfaces of calendars and forums answer, of invented communities.

use crate::model::{DeclaredValue, Document, Entry, SourceId};
use crate::read::{Read, read};

fn answer(address: &str, text: &str) -> Read {
    read(&Document {
        source: SourceId::new("turku-js").unwrap(),
        key: address.to_owned(),
        url: url::Url::parse(address).ok(),
        media_type: Some("application/json; charset=utf-8".to_owned()),
        bytes: text.as_bytes().to_vec(),
        version: String::new(),
        first_seen: None,
    })
}

/// Title, start, end, place, address and page of each.
fn shown(read: &Read) -> Vec<String> {
    let time = |time: &Option<crate::model::DeclaredTime>| match time.as_ref().map(|time| &time.value) {
        None => "-".to_owned(),
        Some(DeclaredValue::Day(day)) => day.to_string(),
        Some(DeclaredValue::Local(time)) => time.format("%Y-%m-%dT%H:%M").to_string(),
        Some(DeclaredValue::Zoned(time, zone)) => format!("{} {zone}", time.format("%Y-%m-%dT%H:%M")),
        Some(DeclaredValue::At(at)) => at.format("%Y-%m-%dT%H:%M%:z").to_string(),
    };
    let one = |entry: &Entry| {
        let declared = &entry.declared;
        let place = declared.place.iter().chain(&declared.address).map(String::as_str).collect::<Vec<_>>().join("; ");
        let page = entry.url.as_deref().unwrap_or("-");
        format!("{} | {} | {} | {place} | {page}", entry.title, time(&declared.start), time(&declared.end))
    };
    assert_eq!(read.problems, []);
    read.entries.iter().map(one).collect()
}

#[test]
fn seconds_since_1970_are_moments_and_places_are_tables() {
    let read = answer(
        "https://agenda.example/api/events",
        r#"[{"id": 7, "title": "Bat walk", "slug": "bat-walk", "multidate": false, "recurrent": null, "parentId": null,
            "start_datetime": 1777917600, "end_datetime": 1777924800, "tags": ["bats"], "media": [],
            "place": {"id": 2, "name": "Old mill", "address": "Canal street 3, Turku", "latitude": 60.45, "longitude": 22.26}},
           {"id": 8, "title": "Owl night", "slug": "owl-night", "start_datetime": 1780254000000, "end_datetime": null, "place": {"name": "Porto"},
            "online_locations": ["https://meet.example/owls"]}]"#,
    );
    assert_eq!(
        shown(&read),
        [
            "Bat walk | 2026-05-04T18:00+00:00 | 2026-05-04T20:00+00:00 | Old mill; Canal street 3, Turku | -",
            "Owl night | 2026-05-31T19:00+00:00 | - | Porto | -"
        ]
    );
    assert_eq!(read.entries[0].declared.coordinates, Some((60.45, 22.26)));
    assert_eq!(
        (read.entries[0].slug.as_deref(), read.entries[0].tags.as_slice()),
        (Some("bat-walk"), ["bats".to_owned()].as_slice())
    );
    assert_eq!(read.entries[1].links[0].href, "https://meet.example/owls");
}

#[test]
fn an_event_without_a_name_has_that_of_the_post_that_announces_it() {
    let read = answer(
        "https://forum.example/discourse-post-event/events.json",
        r#"{"events": [
            {"id": 31, "category_id": 4, "name": null, "starts_at": "2026-05-04T17:00:00.000Z", "ends_at": "2026-05-04T19:00:00.000Z", "timezone": "Europe/Helsinki",
             "post": {"id": 31, "post_number": 1, "url": "/t/bat-walk/12/1", "topic": {"id": 12, "title": "Bat walk"}}},
            {"id": 32, "name": "Owl night", "starts_at": "2026-06-01T18:00:00.000+03:00", "timezone": "Europe/Helsinki",
             "recurrence": "every_week", "rrule": "DTSTART:20260601T150000Z\nRRULE:FREQ=WEEKLY;BYDAY=MO",
             "post": {"url": "/t/owls/13/1", "topic": {"title": "About owls"}}}]}"#,
    );
    assert_eq!(
        shown(&read),
        [
            "Bat walk | 2026-05-04T20:00 Europe/Helsinki | 2026-05-04T22:00 Europe/Helsinki |  | /t/bat-walk/12/1",
            "Owl night | 2026-06-01T18:00 Europe/Helsinki | - |  | /t/owls/13/1"
        ]
    );
    let rules = read.entries[1].declared.recurrence.clone().map(|recurrence| recurrence.rules);
    assert_eq!(rules, Some(vec!["FREQ=WEEKLY;BYDAY=MO".to_owned()]));
    assert!(read.entries[0].declared.recurrence.is_none());
}

#[test]
fn a_time_in_parts_is_on_the_clock_that_it_names() {
    let read = answer(
        "https://indico.example/export/categ/0.json",
        r#"{"count": 1, "additionalInfo": {"eventCategories": [{"path": []}]}, "_type": "HTTPAPIResult", "ts": 1777910000, "url": "https://indico.example/export/categ/0.json",
            "results": [{"_type": "Conference", "id": "123", "title": "Tide tables", "description": "<p>About <b>tides</b>.</p>",
              "startDate": {"date": "2026-05-04", "time": "09:30:00", "tz": "Europe/Lisbon"}, "endDate": {"date": "2026-05-06", "time": "17:00:00", "tz": "Europe/Lisbon"},
              "timezone": "Europe/Zurich", "creationDate": {"date": "2026-01-04", "time": "09:30:00.123456", "tz": "UTC"}, "keywords": ["sea"],
              "location": "Harbour institute", "room": "Blue room", "address": "Quay 1\n1000 Lisbon", "url": "https://indico.example/event/123/"}]}"#,
    );
    assert_eq!(
        shown(&read),
        [
            "Tide tables | 2026-05-04T09:30 Europe/Lisbon | 2026-05-06T17:00 Europe/Lisbon | Blue room, Harbour institute; Quay 1; 1000 Lisbon | https://indico.example/event/123/"
        ]
    );
    assert!(read.entries[0].html.contains("<b>tides</b>"), "{}", read.entries[0].html);
}

#[test]
fn a_list_of_days_is_a_start_and_an_end_and_talks_are_proposed_until_a_day() {
    let read = answer(
        "https://conferences.example/all-events.json",
        r#"[{"name": "Kelp Congress", "date": [1809648000000, 1809734400000], "hyperlink": "https://kelp.example/", "location": "Porto (Portugal)",
            "cfp": {"link": "https://kelp.example/cfp", "until": "31-January-2027", "untilDate": 1801353600000}},
           {"name": "Bat walk", "date": [1777917600, 1777924800], "location": "Turku", "cfpEndDate": "2026-02-01"},
           {"name": "Owl night", "date": ["2026-05-04"], "location": "Turku"}]"#,
    );
    assert_eq!(
        shown(&read),
        [
            "Kelp Congress | 2027-05-07 | 2027-05-08 | Porto (Portugal) | https://kelp.example/",
            "Bat walk | 2026-05-04T18:00+00:00 | 2026-05-04T20:00+00:00 | Turku | -",
            "Owl night | 2026-05-04 | 2026-05-04 | Turku | -"
        ]
    );
    let until = |at: usize| read.entries[at].declared.papers_deadline.as_ref().map(|time| time.value.day().to_string());
    assert_eq!((until(0).as_deref(), until(1).as_deref()), (Some("2027-01-31"), Some("2026-02-01")));
}

#[test]
fn tables_and_lists_around_events_are_seen_through() {
    let expected = ["Bat walk | 2026-05-04T21:00 Europe/Helsinki | - | Old mill; Turku | https://bats.example/walk"];
    for text in [
        r#"{"entries": [{"api_id": "evt-1", "event": {"name": "Bat walk", "start_at": "2026-05-04T18:00:00.000Z", "timezone": "Europe/Helsinki",
            "url": "https://bats.example/walk", "venue": "Old mill", "city": "Turku"}}]}"#,
        r#"{"data": [{"id": 1, "attributes": {"title": "Bat walk", "startDate": "2026-05-04T18:00:00Z", "timezone": "Europe/Helsinki",
            "url": "https://bats.example/walk", "venue": "Old mill", "city": "Turku"}}]}"#,
        r#"{"_embedded": {"events": [{"name": {"text": "Bat walk", "html": "<b>Bat walk</b>"}, "start": {"timezone": "Europe/Helsinki", "local": "2026-05-04T21:00:00", "utc": "2026-05-04T18:00:00Z"},
            "url": "https://bats.example/walk", "venue": {"name": "Old mill", "city": "Turku"}}]}}"#,
        r#"{"events": [{"id": 3, "url": "https://bats.example/walk", "title": {"rendered": "Bat walk"}, "start_date": "2026-05-04 21:00:00", "end_date": "", "timezone": "Europe/Helsinki",
            "venue": {"venue": "Old mill", "city": "Turku"}}]}"#,
    ] {
        let read = answer("https://bats.example/api/list", text);
        let zoned: Vec<String> =
            shown(&read).into_iter().map(|line| line.replace("21:00 |", "21:00 Europe/Helsinki |")).collect();
        assert_eq!(zoned, expected, "{text}");
    }
}

#[test]
fn what_interfaces_answer_besides_events_is_left_alone() {
    for text in [
        r#"{"topic_list": {"topics": [{"id": 1, "title": "A", "created_at": "2026-05-04T18:00:00Z"}]}}"#,
        r#"{"data": [{"attributes": {"title": "A", "start": 12}}, {"attributes": {"title": "B"}}]}"#,
        r#"{"data": {"cues": [{"name": "Intro", "start": 0.5, "end": 12}, {"name": "Song", "start": 12, "end": 200}]}}"#,
        r#"{"error": {"code": 404, "message": "none"}}"#,
    ] {
        let read = answer("https://bats.example/api/list", text);
        assert!(read.entries.is_empty(), "{text}: {:?}", read.entries);
    }
}
