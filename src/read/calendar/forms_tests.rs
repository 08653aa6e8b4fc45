//! One calendar in four forms.

use super::*;
use crate::model::{DeclaredValue, Entry, SourceId};

const ICALENDAR: &str = "BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VTIMEZONE
TZID:Ours
BEGIN:STANDARD
DTSTART:20000101T000000
TZOFFSETFROM:+0345
TZOFFSETTO:+0345
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:choir@lake.example
SUMMARY:Choir\\, open
DESCRIPTION:First line\\nsecond; line
DTSTART;TZID=Europe/Berlin:20250705T180000
DURATION:PT2H
RRULE:FREQ=WEEKLY;BYDAY=SA,SU;UNTIL=20250803T160000Z
EXDATE;TZID=Europe/Berlin:20250712T180000
RDATE;TZID=Europe/Berlin:20250809T180000
LOCATION:Old mill
GEO:60.17;24.94
CATEGORIES:Music,Open air
STATUS:TENTATIVE
CLASS:PRIVATE
SEQUENCE:3
ORGANIZER;CN=Aino Virta:mailto:aino@lake.example
URL:https://lake.example/choir
CREATED:20250101T120000Z
LAST-MODIFIED:20250201T120000Z
END:VEVENT
BEGIN:VEVENT
UID:choir@lake.example
RECURRENCE-ID;TZID=Europe/Berlin:20250719T180000
SUMMARY:Choir in the garden
DTSTART;TZID=Europe/Berlin:20250719T190000
DURATION:PT2H
END:VEVENT
BEGIN:VEVENT
UID:camp@lake.example
SUMMARY:Camp
DTSTART;VALUE=DATE:20250801
DURATION:P3D
END:VEVENT
BEGIN:VEVENT
UID:own@lake.example
SUMMARY:Own clock
DTSTART;TZID=Ours:20250801T100000
END:VEVENT
END:VCALENDAR
";

const JCAL: &str = r#"["vcalendar", [["version", {}, "text", "2.0"]], [
 ["vtimezone", [["tzid", {}, "text", "Ours"]], [
  ["standard", [["dtstart", {}, "date-time", "2000-01-01T00:00:00"], ["tzoffsetfrom", {}, "utc-offset", "+03:45"],
    ["tzoffsetto", {}, "utc-offset", "+03:45"]], []]]],
 ["vevent", [
  ["uid", {}, "text", "choir@lake.example"],
  ["summary", {}, "text", "Choir, open"],
  ["description", {}, "text", "First line\nsecond; line"],
  ["dtstart", {"tzid": "Europe/Berlin"}, "date-time", "2025-07-05T18:00:00"],
  ["duration", {}, "duration", "PT2H"],
  ["rrule", {}, "recur", {"freq": "WEEKLY", "byday": ["SA", "SU"], "until": "2025-08-03T16:00:00Z"}],
  ["exdate", {"tzid": "Europe/Berlin"}, "date-time", "2025-07-12T18:00:00"],
  ["rdate", {"tzid": "Europe/Berlin"}, "date-time", "2025-08-09T18:00:00"],
  ["location", {}, "text", "Old mill"],
  ["geo", {}, "float", [60.17, 24.94]],
  ["categories", {}, "text", "Music", "Open air"],
  ["status", {}, "text", "TENTATIVE"],
  ["class", {}, "text", "PRIVATE"],
  ["sequence", {}, "integer", 3],
  ["organizer", {"cn": "Aino Virta"}, "cal-address", "mailto:aino@lake.example"],
  ["url", {}, "uri", "https://lake.example/choir"],
  ["created", {}, "date-time", "2025-01-01T12:00:00Z"],
  ["last-modified", {}, "date-time", "2025-02-01T12:00:00Z"]], []],
 ["vevent", [
  ["uid", {}, "text", "choir@lake.example"],
  ["recurrence-id", {"tzid": "Europe/Berlin"}, "date-time", "2025-07-19T18:00:00"],
  ["summary", {}, "text", "Choir in the garden"],
  ["dtstart", {"tzid": "Europe/Berlin"}, "date-time", "2025-07-19T19:00:00"],
  ["duration", {}, "duration", "PT2H"]], []],
 ["vevent", [["uid", {}, "text", "camp@lake.example"], ["summary", {}, "text", "Camp"],
  ["dtstart", {}, "date", "2025-08-01"], ["duration", {}, "duration", "P3D"]], []],
 ["vevent", [["uid", {}, "text", "own@lake.example"], ["summary", {}, "text", "Own clock"],
  ["dtstart", {"tzid": "Ours"}, "date-time", "2025-08-01T10:00:00"]], []]]]"#;

const XCAL: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<icalendar xmlns="urn:ietf:params:xml:ns:icalendar-2.0"><vcalendar><properties><version><text>2.0</text></version></properties>
<components>
<vtimezone><properties><tzid><text>Ours</text></tzid></properties><components><standard><properties>
 <dtstart><date-time>2000-01-01T00:00:00</date-time></dtstart><tzoffsetfrom><utc-offset>+03:45</utc-offset></tzoffsetfrom>
 <tzoffsetto><utc-offset>+03:45</utc-offset></tzoffsetto></properties></standard></components></vtimezone>
<vevent><properties>
 <uid><text>choir@lake.example</text></uid>
 <summary><text>Choir, open</text></summary>
 <description><text>First line
second; line</text></description>
 <dtstart><parameters><tzid><text>Europe/Berlin</text></tzid></parameters><date-time>2025-07-05T18:00:00</date-time></dtstart>
 <duration><duration>PT2H</duration></duration>
 <rrule><recur><freq>WEEKLY</freq><until>2025-08-03T16:00:00Z</until><byday>SA</byday><byday>SU</byday></recur></rrule>
 <exdate><parameters><tzid><text>Europe/Berlin</text></tzid></parameters><date-time>2025-07-12T18:00:00</date-time></exdate>
 <rdate><parameters><tzid><text>Europe/Berlin</text></tzid></parameters><date-time>2025-08-09T18:00:00</date-time></rdate>
 <location><text>Old mill</text></location>
 <geo><latitude>60.17</latitude><longitude>24.94</longitude></geo>
 <categories><text>Music</text><text>Open air</text></categories>
 <status><text>TENTATIVE</text></status><class><text>PRIVATE</text></class><sequence><integer>3</integer></sequence>
 <organizer><parameters><cn><text>Aino Virta</text></cn></parameters><cal-address>mailto:aino@lake.example</cal-address></organizer>
 <url><uri>https://lake.example/choir</uri></url>
 <created><date-time>2025-01-01T12:00:00Z</date-time></created>
 <last-modified><date-time>2025-02-01T12:00:00Z</date-time></last-modified>
</properties></vevent>
<vevent><properties>
 <uid><text>choir@lake.example</text></uid>
 <recurrence-id><parameters><tzid><text>Europe/Berlin</text></tzid></parameters><date-time>2025-07-19T18:00:00</date-time></recurrence-id>
 <summary><text>Choir in the garden</text></summary>
 <dtstart><parameters><tzid><text>Europe/Berlin</text></tzid></parameters><date-time>2025-07-19T19:00:00</date-time></dtstart>
 <duration><duration>PT2H</duration></duration>
</properties></vevent>
<vevent><properties><uid><text>camp@lake.example</text></uid><summary><text>Camp</text></summary>
 <dtstart><date>2025-08-01</date></dtstart><duration><duration>P3D</duration></duration></properties></vevent>
<vevent><properties><uid><text>own@lake.example</text></uid><summary><text>Own clock</text></summary>
 <dtstart><parameters><tzid><text>Ours</text></tzid></parameters><date-time>2025-08-01T10:00:00</date-time></dtstart></properties></vevent>
</components></vcalendar></icalendar>"#;

const JSCALENDAR: &str = r#"{"@type": "Group", "uid": "all@lake.example", "entries": [
 {"@type": "Event", "uid": "choir@lake.example", "title": "Choir, open", "description": "First line\nsecond; line",
  "start": "2025-07-05T18:00:00", "timeZone": "Europe/Berlin", "duration": "PT2H",
  "recurrenceRules": [{"@type": "RecurrenceRule", "frequency": "weekly", "byDay": [{"day": "sa"}, {"day": "su"}], "until": "2025-08-03T18:00:00"}],
  "recurrenceOverrides": {"2025-07-12T18:00:00": {"excluded": true}, "2025-08-09T18:00:00": {},
   "2025-07-19T18:00:00": {"title": "Choir in the garden", "start": "2025-07-19T19:00:00"}},
  "locations": {"1": {"@type": "Location", "name": "Old mill", "coordinates": "geo:60.17,24.94"}},
  "keywords": {"Music": true, "Open air": true}, "status": "tentative", "privacy": "private", "sequence": 3,
  "participants": {"a": {"name": "Aino Virta", "email": "aino@lake.example", "roles": {"owner": true}}, "b": {"name": "Bo", "roles": {"attendee": true}}},
  "links": {"1": {"href": "https://lake.example/choir"}},
  "created": "2025-01-01T12:00:00Z", "updated": "2025-02-01T12:00:00Z"},
 {"@type": "Event", "uid": "camp@lake.example", "title": "Camp", "start": "2025-08-01T00:00:00", "showWithoutTime": true, "duration": "P3D"},
 {"@type": "Task", "uid": "task@lake.example", "title": "Tidy up"},
 {"@type": "Event", "uid": "own@lake.example", "title": "Own clock", "start": "2025-08-01T10:00:00", "timeZone": "/Ours",
  "timeZones": {"/Ours": {"@type": "TimeZone", "tzId": "Ours", "standard": [{"start": "2000-01-01T00:00:00", "offsetFrom": "+03:45", "offsetTo": "+03:45"}]}}}]}"#;

fn read(text: &str) -> Read {
    let document = Document {
        source: SourceId::new("lake").unwrap(),
        key: "events".into(),
        url: None,
        media_type: None,
        bytes: Vec::new(),
        version: String::new(),
        first_seen: None,
    };
    super::read(text, &document)
}

/// What an entry says, without the spelling and the place of its times.
fn said(entry: &Entry) -> String {
    let mut entry = entry.clone();
    entry.line = 0;
    for time in [&mut entry.declared.start, &mut entry.declared.end].into_iter().flatten() {
        (time.line, time.raw) = (0, String::new());
    }
    format!("{entry:#?}")
}

#[test]
fn one_calendar_in_icalendar_jcal_xcal_and_jscalendar_is_the_same() {
    let expected = read(ICALENDAR);
    assert_eq!((expected.entries.len(), expected.problems.len()), (3, 0), "{:?}", expected.problems);
    let recurrence = expected.entries[0].declared.recurrence.as_ref().unwrap();
    assert_eq!((recurrence.rules.len(), recurrence.overrides.len(), recurrence.except.len()), (1, 1, 1));
    for (name, text) in [("jCal", JCAL), ("xCal", XCAL), ("JSCalendar", JSCALENDAR)] {
        let read = read(text);
        assert_eq!(read.problems, [], "{name}");
        assert_eq!(read.entries.len(), 3, "{name}");
        for (entry, expected) in read.entries.iter().zip(&expected.entries) {
            assert_eq!(said(entry), said(expected), "{name}");
        }
    }
}

#[test]
fn the_fields_of_jscalendar_that_icalendar_spells_otherwise_are_read() {
    let read = read(
        r#"{"@type": "Event", "uid": "a", "title": "Talk", "start": "2025-07-05T18:00:00", "timeZone": null, "locale": "fi",
        "description": "<p>Bring <b>cake</b></p>", "descriptionContentType": "text/html", "privacy": "secret",
        "virtualLocations": {"1": {"uri": "https://meet.example/talk"}},
        "links": {"1": {"href": "https://lake.example/a.png", "contentType": "image/png"}},
        "excludedRecurrenceRules": [{"frequency": "daily", "interval": 2}],
        "recurrenceRules": [{"frequency": "monthly", "byDay": [{"day": "fr", "nthOfPeriod": -1}], "count": 3, "byMonth": ["7", "8"]}]}"#,
    );
    let entry = &read.entries[0];
    assert!(matches!(entry.declared.start.as_ref().unwrap().value, DeclaredValue::Local(_)));
    assert_eq!(entry.declared.recurrence.as_ref().unwrap().rules, ["FREQ=MONTHLY;BYMONTH=7,8;BYDAY=-1FR;COUNT=3"]);
    assert_eq!((entry.language.as_deref(), entry.hidden.as_deref()), (Some("fi"), Some("CLASS:CONFIDENTIAL")));
    assert_eq!((entry.links.len(), entry.images.len()), (1, 1));
    assert_eq!(entry.html, "<p>Bring <b>cake</b></p>");
}

#[test]
fn broken_json_and_xml_cost_what_is_broken() {
    let cut = read(JCAL.get(..400).unwrap());
    assert_eq!(cut.problems[0].message, "expected a calendar as whole JSON, but it breaks off or goes wrong");
    let odd = JCAL.replace(r#"["duration", {}, "duration", "P3D"]"#, r#"["duration"], 7, {}, ["x", [], "y"]"#);
    assert_eq!(read(&odd).entries.len(), 3);
    let end = XCAL.find("<vevent><properties><uid><text>own").unwrap();
    assert_eq!(read(XCAL.get(..end).unwrap()).entries.len(), 2);
    for text in
        ["[]", "[[[[[]]]]]", "{}", "<icalendar>", "[\"vcalendar\"]", "{\"@type\": \"Event\"}", "[{\"@type\": 3}]"]
    {
        assert!(read(text).entries.is_empty(), "{text}");
    }
    let deep = format!("<icalendar>{}", "<vcalendar><components>".repeat(5_000));
    assert!(read(&deep).entries.is_empty());
}

#[test]
fn any_cut_of_any_form_is_read() {
    for text in [ICALENDAR, JCAL, XCAL, JSCALENDAR] {
        for at in (0..text.len()).step_by(13) {
            let cut = read(text.get(..at).unwrap_or_default());
            assert!(cut.entries.len() <= 4);
            read(text.get(at..).unwrap_or_default());
        }
    }
    for (from, to) in
        [("\"2025-", "\"9999-"), ("20:", "99:"), ("PT2H", "P9999999999W"), ("weekly", "secondly"), (":", "[")]
    {
        for text in [JCAL, XCAL, JSCALENDAR] {
            read(&text.replace(from, to));
        }
    }
}
