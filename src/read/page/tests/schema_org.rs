//! Events in the words of schema.org, in each of the syntaxes that pages write them in.

use super::page;
use crate::model::{Declared, EventStatus, Moment};
use crate::read::Read;
use crate::read::page::moment::parse;

fn json(text: &str) -> Read {
    page(&format!("<title>A</title><script type='application/ld+json'>{text}</script><p>Text"))
}

fn event(fields: &str) -> Declared {
    let text = format!(r#"{{"@type": "Event", "name": "Choir", "startDate": "2027-05-04T18:00", {fields}}}"#);
    let read = json(&text);
    assert_eq!((read.entries.len(), &read.problems), (1, &vec![]), "{fields}");
    read.entries.into_iter().next().unwrap().declared
}

/// Title, start and end of each event, in short.
fn told(read: &Read) -> Vec<String> {
    let day = |time: &Option<crate::model::DeclaredTime>| {
        time.as_ref().map(|time| time.value.day().format(" %m-%d").to_string()).unwrap_or_default()
    };
    let events = read.entries.iter().filter(|entry| entry.declared.start.is_some());
    events.map(|entry| format!("{}{}{}", entry.title, day(&entry.declared.start), day(&entry.declared.end))).collect()
}

#[test]
fn an_event_is_found_wherever_it_stands_and_whatever_sort_it_is() {
    let cases: [(&str, &[&str]); 14] = [
        (r#"{"@type": "Hackathon", "name": "A", "startDate": "2027-05-04"}"#, &["A 05-04"]),
        (
            r#"[{"@type": ["Thing", "schema:EducationEvent"], "name": "A", "schema:startDate": "2027-05-04"}]"#,
            &["A 05-04"],
        ),
        (r#"{"@type": "BroadcastEvent", "name": "A", "startDate": "2027-05-04"}"#, &[]),
        (r#"{"@type": "Event", "name": "A", "startDate": {"@type": "Date", "@value": "2027-05-04"}}"#, &["A 05-04"]),
        (
            r#"{"@type": "Event", "name": [{"@value": "A", "@language": "en"}], "startDate": ["2027-05-04"]}"#,
            &["A 05-04"],
        ),
        (
            r#"{"@type": "Course", "name": "Knots", "hasCourseInstance": [{"@type": "CourseInstance", "startDate": "2027-05-04"}]}"#,
            &["Knots 05-04"],
        ),
        (
            r#"{"@type": "EventSeries", "name": "Walks", "startDate": "2027-05-01", "subEvent": [{"@type": "Event", "startDate": "2027-05-04"}, {"@type": "Event", "name": "Bats", "startDate": "2027-05-11"}]}"#,
            &["Walks 05-04", "Bats 05-11"],
        ),
        (
            r#"{"@type": "Festival", "name": "Fair", "startDate": "2027-05-04", "endDate": "2027-05-06", "subEvent": {"@type": "Event", "name": "Talk", "startDate": "2027-05-05"}}"#,
            &["Fair 05-04 05-06"],
        ),
        (
            r##"{"@graph": [{"@type": "Festival", "@id": "#f", "name": "Fair", "startDate": "2027-05-04"}, {"@type": "Event", "name": "Talk", "startDate": "2027-05-05", "superEvent": {"@id": "#f"}}]}"##,
            &["Fair 05-04"],
        ),
        (
            r#"{"@type": "Event", "name": "Talk", "startDate": "2027-05-05", "superEvent": {"@type": "Festival", "name": "Fair", "startDate": "2027-05-04"}}"#,
            &["Talk 05-05"],
        ),
        (
            r#"{"@type": "Event", "name": "A", "startDate": "2027-05-04"} {"@type": "Event", "name": "B", "startDate": "2027-05-05"}"#,
            &["A 05-04", "B 05-05"],
        ),
        (
            r#"[{"@type": "Event", "name": "A", "startDate": "2027-05-04T00:00:00+02:00", "endDate": "2027-05-05T23:59:59+02:00"}]"#,
            &["A 05-04 05-05"],
        ),
        (r#"{"@type": "Event", "name": "A", "startDate": "2027-05-04", "duration": "P2D"}"#, &["A 05-04 05-05"]),
        (
            r#"{"@type": "Event", "name": "A", "startDate": "2027-05-04", "startTime": "19:00", "endDate": "2027-05-05"}"#,
            &["A 05-04 05-05"],
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(told(&json(text)), expected, "{text}");
    }
}

#[test]
fn a_day_that_cannot_be_read_is_told_and_the_page_stays_a_post() {
    let read = json(r#"{"@type": "Event", "name": "A", "startDate": "in spring"}"#);
    assert_eq!((read.entries.len(), read.entries[0].declared.start.is_none()), (1, true));
    assert!(read.problems[0].message.ends_with("in `startDate`, but found `in spring`"), "{:?}", read.problems);
}

#[test]
fn a_place_is_read_however_it_is_written() {
    let hall = r#"{"@type": "Place", "name": "Hall", "address": {"@type": "PostalAddress", "streetAddress": "Quay 3", "addressLocality": "Turku", "addressCountry": {"@type": "Country", "name": "Finland"}}}"#;
    let cases = [
        (r#""location": "Hall""#.to_owned(), Some("Hall"), "", 0),
        (format!(r#""location": {hall}"#), Some("Hall"), "Quay 3, Turku, Finland", 0),
        (r#""location": {"@type": "PostalAddress", "streetAddress": "Quay 3"}"#.to_owned(), Some("Quay 3"), "", 0),
        (r#""location": {"@type": "Place", "address": "Quay 3"}"#.to_owned(), Some("Quay 3"), "", 0),
        (r#""location": {"@type": "VirtualLocation", "url": "https://meet.example/x"}"#.to_owned(), None, "", 1),
        (
            format!(r#""location": [{hall}, {{"@type": "VirtualLocation", "url": "https://meet.example/x"}}]"#),
            Some("Hall"),
            "Quay 3, Turku, Finland",
            1,
        ),
        (r#""location": "https://meet.example/x""#.to_owned(), None, "", 1),
    ];
    for (fields, place, address, links) in cases {
        let read = json(&format!(r#"{{"@type": "Event", "name": "A", "startDate": "2027-05-04", {fields}}}"#));
        let entry = &read.entries[0];
        let found = (entry.declared.place.as_deref(), entry.declared.address.join(", "), entry.links.len());
        assert_eq!(found, (place, address.to_owned(), links), "{fields}");
    }
}

#[test]
fn what_an_event_only_names_or_stands_in_is_looked_up() {
    let cases = [
        r##"{"@graph": [{"@type": "Event", "name": "A", "startDate": "2027-05-04", "location": {"@id": "#hall"}, "organizer": {"@id": "#us"}}, {"@type": "Place", "@id": "#hall", "name": "Hall"}, {"@type": "Organization", "@id": "#us", "name": "Us"}]}"##,
        r#"{"@type": "Place", "name": "Hall", "@reverse": {"location": {"@type": "Event", "name": "A", "startDate": "2027-05-04", "organizer": "Us"}}}"#,
        r#"{"@type": "MusicVenue", "name": "Hall", "address": "Quay 3", "event": [{"@type": "Event", "name": "A", "startDate": "2027-05-04", "organizer": [{"@type": "Person", "name": "Us"}]}]}"#,
        r#"{"@type": "Organization", "name": "Us", "event": {"@type": "Event", "name": "A", "startDate": "2027-05-04", "location": {"name": "Hall"}}}"#,
    ];
    for text in cases {
        let declared = &json(text).entries[0].declared;
        let organizers: Vec<&str> = declared.organizers.iter().map(|person| person.name.as_str()).collect();
        assert_eq!((declared.place.as_deref(), organizers), (Some("Hall"), vec!["Us"]), "{text}");
    }
}

#[test]
fn the_weightiest_status_counts() {
    let from = "2027-04-01".parse().unwrap();
    let cases = [
        (r#""eventStatus": "https://schema.org/EventMovedOnline""#, Some(EventStatus::Scheduled)),
        (r#""eventStatus": {"@id": "schema:EventCancelled"}"#, Some(EventStatus::Cancelled)),
        (r#""eventStatus": "EventPostponed", "previousStartDate": "2027-04-01""#, Some(EventStatus::Postponed)),
        (
            r#""eventStatus": ["EventMovedOnline", "EventRescheduled"], "previousStartDate": ["2027-04-01T18:00"]"#,
            Some(EventStatus::Moved { from }),
        ),
        (r#""doorTime": "17:30""#, None),
    ];
    for (fields, expected) in cases {
        assert_eq!(event(fields).status, expected, "{fields}");
    }
}

#[test]
fn a_schedule_is_a_rule_and_the_event_begins_on_the_first_day_that_it_gives() {
    let cases = [
        (
            r#""repeatFrequency": "P1W", "byDay": "https://schema.org/Wednesday", "endDate": "2027-06-30""#,
            "FREQ=WEEKLY;UNTIL=20270630;BYDAY=WE",
            "2027-05-05T18:00",
        ),
        (
            r#""repeatFrequency": "P2W", "byDay": ["Tuesday"], "repeatCount": 5"#,
            "FREQ=WEEKLY;INTERVAL=2;COUNT=5;BYDAY=TU",
            "2027-05-04T18:00",
        ),
        (
            r#""repeatFrequency": "P1M", "byDay": "Friday", "byMonthWeek": 2"#,
            "FREQ=MONTHLY;BYDAY=2FR",
            "2027-05-14T18:00",
        ),
        (
            r#""repeatFrequency": "Monthly", "byMonthDay": [15], "startTime": "19:30", "endTime": "21:00""#,
            "FREQ=MONTHLY;BYMONTHDAY=15",
            "2027-05-15T19:30",
        ),
        (r#""repeatFrequency": "P1D", "startTime": "19:30""#, "FREQ=DAILY", "2027-05-04T19:30"),
    ];
    for (fields, rule, start) in cases {
        let declared = event(&format!(r#""eventSchedule": {{"@type": "Schedule", {fields}}}"#));
        let parts = |rule: &str| -> std::collections::BTreeSet<String> { rule.split(';').map(str::to_owned).collect() };
        assert_eq!(parts(&declared.recurrence.unwrap().rules[0]), parts(rule), "{fields}");
        assert_eq!(declared.start.map(|start| start.value), parse(start), "{fields}");
    }
    let declared = event(
        r#""eventSchedule": {"repeatFrequency": "P1W", "duration": "PT90M", "scheduleTimezone": "Europe/Helsinki", "exceptDate": ["2027-05-11", "2027-05-18T18:00"]}"#,
    );
    let except = ["2027-05-11T18:00:00", "2027-05-18T18:00:00"].map(|at| Moment::Local(at.parse().unwrap()));
    assert_eq!(declared.recurrence.unwrap().except, except);
    assert_eq!(
        (declared.end.map(|end| end.value), declared.zone.as_deref()),
        (parse("2027-05-04T19:30"), Some("Europe/Helsinki"))
    );
    let never = event(r#""eventSchedule": {"repeatFrequency": "now and then"}"#);
    assert_eq!((never.recurrence, never.start.map(|start| start.value)), (None, parse("2027-05-04T18:00")));
}

#[test]
fn a_schedule_may_be_all_that_says_when_and_there_may_be_several() {
    let read = json(
        r#"{"@type": "Event", "name": "A", "eventSchedule": [{"startDate": "2027-05-04", "startTime": "18:00", "repeatFrequency": "P1W"}, {"startDate": "2027-05-08", "startTime": "10:00", "repeatFrequency": "P1W"}]}"#,
    );
    assert_eq!(told(&read), ["A 05-04", "A 05-08"]);
    assert_ne!(read.entries[0].keys, read.entries[1].keys);
}

#[test]
fn microdata_may_refer_to_elements_elsewhere() {
    let read = page(
        "<title>A</title><p id=when><time itemprop=startDate datetime=2027-05-04T18:00>4 May</time>\
         <div itemscope itemtype='https://schema.org/Event' itemref='when where a missing' id=a><b itemprop=name>Choir</b>\
         <span itemprop=endDate title=2027-05-05>5th</span><link itemprop=url href=/choir><meta itemprop=eventStatus content=EventCancelled></div>\
         <div id=where itemprop=location itemscope itemtype='https://schema.org/Place'><b itemprop=name>Hall</b></div>",
    );
    assert_eq!(told(&read), ["Choir 05-04 05-05"]);
    let entry = &read.entries[0];
    assert_eq!((entry.declared.place.as_deref(), entry.url.as_deref()), (Some("Hall"), Some("/choir")));
    assert_eq!(entry.declared.status, Some(EventStatus::Cancelled));
}

#[test]
fn references_in_a_circle_come_to_an_end() {
    let circle = "<div id=a itemscope itemtype='https://schema.org/Event' itemprop=x itemref='b a'><b itemprop=name>A</b><time itemprop=startDate datetime=2027-05-04></time></div>\
                  <div id=b itemscope itemprop=y itemref='a b'></div><div itemscope itemtype='https://schema.org/Event' itemref='a b'></div>";
    page(&format!("<title>A</title>{}", circle.repeat(500)));
    let nodes = r##"{"@type": "Event", "@id": "#a", "name": {"@id": "#a"}, "subEvent": {"@id": "#a"}, "superEvent": {"@id": "#a"}, "startDate": {"@id": "#a"}}"##;
    json(nodes);
}

#[test]
fn rdfa_binds_prefixes_and_names_things_by_address() {
    for (prefix, before) in [
        ("", "vocab='https://schema.org/'"),
        ("schema:", ""),
        ("s:", "prefix='dc: http://dc.example/ s: https://schema.org/'"),
    ] {
        let read = page(&format!(
            "<title>A</title><div {before} typeof='{prefix}MusicEvent'><a property='{prefix}name' href=/choir>Choir</a>\
             <span property='{prefix}startDate dc:date' content='2027-05-04T18:00'>Tuesday</span><meta property='dc:name' content='other'>\
             <div rel='schema:location'><div typeof='{prefix}Place'><b property='{prefix}name'>Hall</b></div></div>\
             <link property='{prefix}organizer' resource='#us'></div><div typeof='{prefix}Organization' resource='#us'><i property='{prefix}name'>Us</i></div>"
        ));
        assert_eq!(told(&read), ["Choir 05-04"], "{prefix}");
        let declared = &read.entries[0].declared;
        let organizers: Vec<&str> = declared.organizers.iter().map(|person| person.name.as_str()).collect();
        assert_eq!((declared.place.as_deref(), organizers), (Some("Hall"), vec!["Us"]), "{prefix}");
    }
}
