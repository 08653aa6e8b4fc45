//! JSCalendar (RFC 8984) → the components of iCalendar.
//!
//! In: a JSON value, an `Event` or a `Group` of them. Out: one VCALENDAR. Each property becomes the one that says the same in iCalendar;
//! what has none (alerts, relations, the wishes of participants) is not for a board.

use super::MOST_EVENTS;
use super::jcal::escaped;
use super::lines::{Component, Property};
use serde_json::{Map, Value};

/// More occurrences that differ, places or links of one event are a mistake or an attack.
const MOST_PARTS: usize = 5_000;

/// What a changed occurrence takes over from its series, unless it is so long that thousands of copies are too much; the rest is the series' own.
const CHANGED: [&str; 11] = [
    "uid",
    "title",
    "start",
    "timeZone",
    "showWithoutTime",
    "duration",
    "locations",
    "status",
    "sequence",
    "updated",
    "privacy",
];
const LONGEST_KEPT: usize = 2_000;
/// Bytes of all copies together; where they are used up, only short values are taken over.
const MOST_COPIED: usize = 16 << 20;
const LONGEST_KEPT_THEN: usize = 200;

type Object = Map<String, Value>;

/// The calendar of one object or a list of them.
pub(super) fn calendar(value: &Value) -> Component<'static> {
    let mut calendar = Component { name: "VCALENDAR".into(), ..Component::default() };
    let entries = match value {
        Value::Array(list) => list.iter().collect(),
        Value::Object(group) if kind(group) == "group" => {
            group.get("entries").and_then(Value::as_array).into_iter().flatten().collect()
        }
        one => vec![one],
    };
    let (mut zones, mut copied) = (Vec::new(), 0);
    for event in entries.into_iter().filter_map(Value::as_object).filter(|object| kind(object) == "event") {
        // One more than are read, so that it is told.
        let room = (MOST_EVENTS + 1).saturating_sub(calendar.parts.len());
        let series = std::iter::once_with(|| vevent(event));
        calendar.parts.extend(series.chain(changes(event, &mut copied)).take(room));
        let room = MOST_EVENTS.saturating_sub(zones.len());
        zones.extend(objects(event, "timeZones").map(|(id, zone)| time_zone(id, zone)).take(room));
    }
    calendar.parts.append(&mut zones);
    calendar
}

/// Early drafts wrote `jsevent` and `jsgroup`.
fn kind(object: &Object) -> String {
    let kind = text(object, "@type").unwrap_or_default().to_ascii_lowercase();
    kind.strip_prefix("js").unwrap_or(&kind).to_owned()
}

fn vevent(event: &Object) -> Component<'static> {
    let mut out = Component { name: "VEVENT".into(), ..Component::default() };
    put_text(&mut out, "UID", text(event, "uid"));
    let cancels = text(event, "method").is_some_and(|method| method.eq_ignore_ascii_case("cancel"));
    put_text(&mut out, "STATUS", if cancels { Some("CANCELLED") } else { text(event, "status") });
    for (name, property) in [("created", "CREATED"), ("updated", "LAST-MODIFIED"), ("duration", "DURATION")] {
        put(&mut out, property, text(event, name).unwrap_or_default());
    }
    if let Some(number) = event.get("sequence").and_then(Value::as_u64) {
        put(&mut out, "SEQUENCE", &number.to_string());
    }
    if let Some(start) = text(event, "start") {
        out.properties.push(time(event, "DTSTART", start));
    }
    title_and_text(event, &mut out);
    places(event, &mut out);
    links(event, &mut out);
    for list in ["keywords", "categories"] {
        for (tag, _) in event.get(list).and_then(Value::as_object).into_iter().flatten().take(MOST_PARTS) {
            put_text(&mut out, "CATEGORIES", Some(tag));
        }
    }
    match text(event, "privacy") {
        Some("private") => put(&mut out, "CLASS", "PRIVATE"),
        Some("secret") => put(&mut out, "CLASS", "CONFIDENTIAL"),
        _ => {}
    }
    organizers(event, &mut out);
    for (list, property) in [("recurrenceRules", "RRULE"), ("excludedRecurrenceRules", "EXRULE")] {
        for rule in event.get(list).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object) {
            put(&mut out, property, &rrule(rule));
        }
    }
    for (at, patch) in objects(event, "recurrenceOverrides") {
        match patch {
            patch if patch.get("excluded") == Some(&Value::Bool(true)) => {
                out.properties.push(time(event, "EXDATE", at))
            }
            patch if patch.is_empty() => out.properties.push(time(event, "RDATE", at)),
            _ => {}
        }
    }
    out
}

/// Occurrences that differ (RFC 8984 §4.3.5), each with what its patch leaves as it is. What that makes of copies is added to `copied`.
fn changes(event: &Object, copied: &mut usize) -> impl Iterator<Item = Component<'static>> {
    let differs = |patch: &Object| !patch.is_empty() && patch.get("excluded") != Some(&Value::Bool(true));
    let number = objects(event, "recurrenceOverrides").filter(|(_, patch)| differs(patch)).count();
    let kept = event.iter().filter(|(name, _)| number > 0 && CHANGED.contains(&name.as_str()));
    let mut usual = Object::new();
    for (name, value) in kept {
        let length = value.to_string().len();
        let copies = length.saturating_mul(number);
        let longest = if copied.saturating_add(copies) <= MOST_COPIED { LONGEST_KEPT } else { LONGEST_KEPT_THEN };
        if length <= longest {
            *copied = copied.saturating_add(copies);
            usual.insert(name.clone(), value.clone());
        }
    }
    objects(event, "recurrenceOverrides").filter(move |(_, patch)| differs(patch)).map(move |(at, patch)| {
        let mut changed = usual.clone();
        changed.insert("start".to_owned(), Value::String(at.to_owned()));
        patch.iter().for_each(|(pointer, value)| set(&mut changed, pointer, value));
        let mut out = vevent(&changed);
        out.properties.push(time(event, "RECURRENCE-ID", at));
        out
    })
}

/// Follows a pointer such as `locations/1/name` (§1.4.9); what it leads through must be there.
fn set(object: &mut Object, pointer: &str, value: &Value) {
    let mut names: Vec<String> = pointer.split('/').map(|name| name.replace("~1", "/").replace("~0", "~")).collect();
    let Some(last) = names.pop() else { return };
    let mut at = object;
    for name in &names {
        let Some(inner) = at.get_mut(name).and_then(Value::as_object_mut) else { return };
        at = inner;
    }
    match value {
        Value::Null => at.remove(&last),
        value => at.insert(last, value.clone()),
    };
}

/// A clock time in the event's zone, or the day of one that is shown without its time.
fn time(event: &Object, name: &str, local: &str) -> Property<'static> {
    let mut property = Property { name: name.to_owned().into(), value: local.to_owned().into(), ..Property::default() };
    if event.get("showWithoutTime") == Some(&Value::Bool(true)) {
        property.params.push(("VALUE".into(), "DATE".into()));
    } else if let Some(zone) = text(event, "timeZone") {
        property.params.push(("TZID".into(), zone.to_owned().into()));
    }
    property
}

fn title_and_text(event: &Object, out: &mut Component) {
    put_text(out, "SUMMARY", text(event, "title"));
    if let (Some(summary), Some(language)) = (out.properties.last_mut(), text(event, "locale")) {
        summary.params.push(("LANGUAGE".into(), language.to_owned().into()));
    }
    let is_html =
        text(event, "descriptionContentType").is_some_and(|kind| kind.to_ascii_lowercase().starts_with("text/html"));
    put_text(out, if is_html { "X-ALT-DESC" } else { "DESCRIPTION" }, text(event, "description"));
    if let Some(description) = out.properties.last_mut().filter(|_| is_html) {
        description.params.push(("FMTTYPE".into(), "text/html".into()));
    }
}

fn places(event: &Object, out: &mut Component) {
    let named = |place: &Object| text(place, "name").or_else(|| text(place, "description")).map(str::to_owned);
    let names: Vec<String> = objects(event, "locations").filter_map(|(_, place)| named(place)).take(5).collect();
    put_text(out, "LOCATION", Some(&names.join(", ")));
    let geo = objects(event, "locations").find_map(|(_, place)| text(place, "coordinates")?.strip_prefix("geo:"));
    put(out, "GEO", geo.unwrap_or_default());
    for (_, place) in objects(event, "virtualLocations") {
        put(out, "CONFERENCE", text(place, "uri").unwrap_or_default());
    }
}

fn links(event: &Object, out: &mut Component) {
    for (_, link) in objects(event, "links") {
        let href = text(link, "href").unwrap_or_default();
        let kind = text(link, "contentType").unwrap_or_default().to_ascii_lowercase();
        let is_picture =
            link.contains_key("display") || text(link, "rel") == Some("icon") || kind.starts_with("image/");
        let is_page =
            matches!(kind.split(';').next(), Some("" | "text/html")) && text(link, "rel") != Some("enclosure");
        match (is_picture, is_page && out.first("URL").is_none()) {
            (true, _) => put(out, "IMAGE", href),
            (false, true) => put(out, "URL", href),
            (false, false) => put(out, "ATTACH", href),
        }
    }
}

fn organizers(event: &Object, out: &mut Component) {
    let has_role = |person: &Object, role: &str| {
        person.get("roles").and_then(Value::as_object).is_some_and(|roles| roles.get(role) == Some(&Value::Bool(true)))
    };
    for (_, person) in objects(event, "participants").filter(|(_, person)| has_role(person, "owner")) {
        let mail = text(person, "email").map(|mail| format!("mailto:{mail}"));
        let sent =
            person.get("sendTo").and_then(Value::as_object).and_then(|ways| text(ways, "imip")).map(str::to_owned);
        put(out, "ORGANIZER", &mail.or(sent).unwrap_or_else(|| "invalid:nomail".to_owned()));
        if let (Some(organizer), Some(name)) = (out.properties.last_mut(), text(person, "name")) {
            organizer.params.push(("CN".into(), name.to_owned().into()));
        }
    }
}

/// A rule as RFC 5545 §3.3.10 spells it; its UNTIL is on the event's own clock.
fn rrule(rule: &Object) -> String {
    const PARTS: [(&str, &str); 14] = [
        ("frequency", "FREQ"),
        ("interval", "INTERVAL"),
        ("rscale", "RSCALE"),
        ("skip", "SKIP"),
        ("firstDayOfWeek", "WKST"),
        ("byMonthDay", "BYMONTHDAY"),
        ("byMonth", "BYMONTH"),
        ("byYearDay", "BYYEARDAY"),
        ("byWeekNo", "BYWEEKNO"),
        ("byHour", "BYHOUR"),
        ("byMinute", "BYMINUTE"),
        ("bySecond", "BYSECOND"),
        ("bySetPosition", "BYSETPOS"),
        ("count", "COUNT"),
    ];
    let list = |value: &Value| match value {
        Value::Array(list) => list.iter().filter_map(word).collect::<Vec<_>>().join(","),
        other => word(other).unwrap_or_default(),
    };
    let mut parts: Vec<String> =
        PARTS.iter().filter_map(|(name, part)| Some(format!("{part}={}", list(rule.get(*name)?)))).collect();
    let day = |day: &Object| {
        let nth = day.get("nthOfPeriod").and_then(Value::as_i64).filter(|nth| *nth != 0);
        Some(format!("{}{}", nth.map(|nth| nth.to_string()).unwrap_or_default(), text(day, "day")?))
    };
    let days = rule.get("byDay").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
    let days: Vec<String> = days.filter_map(day).collect();
    if !days.is_empty() {
        parts.push(format!("BYDAY={}", days.join(",")));
    }
    parts.extend(text(rule, "until").map(|until| format!("UNTIL={}", until.replace(['-', ':'], ""))));
    parts.join(";")
}

/// A zone of the document's own (§4.7.2) as a VTIMEZONE.
fn time_zone(id: &str, zone: &Object) -> Component<'static> {
    let mut out = Component { name: "VTIMEZONE".into(), ..Component::default() };
    put(&mut out, "TZID", id);
    for (list, name) in [("standard", "STANDARD"), ("daylight", "DAYLIGHT")] {
        for rules in zone.get(list).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object) {
            let mut part = Component { name: name.to_owned().into(), ..Component::default() };
            for (name, property) in [("start", "DTSTART"), ("offsetFrom", "TZOFFSETFROM"), ("offsetTo", "TZOFFSETTO")] {
                put(&mut part, property, text(rules, name).unwrap_or_default());
            }
            for rule in rules.get("recurrenceRules").and_then(Value::as_array).into_iter().flatten() {
                put(&mut part, "RRULE", &rule.as_object().map(rrule).unwrap_or_default());
            }
            for (at, _) in objects(rules, "recurrenceOverrides") {
                put(&mut part, "RDATE", at);
            }
            out.parts.push(part);
        }
    }
    out
}

fn text<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str)
}

fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The objects that a map of the object holds, by their names.
fn objects<'a>(object: &'a Object, name: &str) -> impl Iterator<Item = (&'a str, &'a Object)> {
    let map = object.get(name).and_then(Value::as_object).into_iter().flatten();
    map.filter_map(|(id, value)| Some((id.as_str(), value.as_object()?))).take(MOST_PARTS)
}

/// Adds a property; an empty value says nothing.
fn put(out: &mut Component, name: &str, value: &str) {
    if !value.is_empty() {
        out.properties.push(Property {
            name: name.to_owned().into(),
            value: value.to_owned().into(),
            ..Property::default()
        });
    }
}

fn put_text(out: &mut Component, name: &str, value: Option<&str>) {
    put(out, name, &value.map(escaped).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn no_more_events_are_made_than_are_read() {
        let event = json!({"@type": "Event", "uid": "a", "timeZones": {"/Ours": {}}});
        let parts = calendar(&Value::Array(vec![event; MOST_EVENTS + 5])).parts;
        assert_eq!(parts.iter().filter(|part| part.name == "VEVENT").count(), MOST_EVENTS + 1);
        assert_eq!(parts.iter().filter(|part| part.name == "VTIMEZONE").count(), MOST_EVENTS);
    }

    #[test]
    fn long_values_are_copied_while_there_is_room_for_them() {
        let event = json!({"uid": "a", "title": "Long ".repeat(100), "recurrenceOverrides": {
            "2025-07-05T18:00:00": {"duration": "PT1H"}, "2025-07-06T18:00:00": {"excluded": true}
        }});
        let event = event.as_object().unwrap();
        for (before, has_title) in [(0, true), (MOST_COPIED - 400, false)] {
            let mut copied = before;
            let change = changes(event, &mut copied).next().unwrap();
            assert_eq!((change.text("UID").as_deref(), change.first("SUMMARY").is_some()), (Some("a"), has_title));
            assert_eq!(copied - before, 3 + if has_title { 502 } else { 0 });
        }
    }
}
