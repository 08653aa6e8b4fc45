//! VEVENT → [`Entry`] (RFC 5545 §3.6.1).

use super::lines::{Component, Property};
use super::location;
use super::repeats::Repeats;
use super::text;
use super::times;
use super::zones::Zones;
use crate::model::{
    Declared, DeclaredTime, DeclaredValue, Entry, EntryKind, EventStatus, Image, Key, Link, Person, Problem,
    ProblemKind, Stamp, clean_line, web_url,
};
use chrono::{DateTime, Utc};

/// What one VEVENT says, before it is put beside others of its UID.
pub(super) struct Event {
    pub entry: Box<Entry>,
    pub uid: Option<String>,
    /// Which occurrence of its series it is about (RECURRENCE-ID, §3.8.4.4).
    pub occurrence: Option<DeclaredValue>,
    /// It is about all later occurrences, too (RANGE, §3.2.13).
    pub and_following: bool,
    pub problems: Vec<Problem>,
}

/// Reads a VEVENT; `Err` tells why it is left out.
pub(super) fn read(component: &Component, zones: &Zones, cancelled: bool) -> Result<Event, Problem> {
    let mut problems = Vec::new();
    let start = start(component, zones).map_err(|problem| left_out(component, problem))?;
    let occurrence = component.first("RECURRENCE-ID").and_then(|id| zones.value(id, &id.value));
    let mut start = start.or_else(|| stand_in(component, &occurrence)).ok_or_else(|| {
        let problem = Problem::new(ProblemKind::Read, "DTSTART is missing").line(component.line);
        left_out(component, problem)
    })?;
    let mut end = end(component, zones, &start, &mut problems);
    whole_days_of_outlook(component, &mut start, &mut end);
    let repeats = Repeats { component, zones, start: &start, end: end.as_ref() };
    let recurrence = repeats.read(&mut problems)?;
    let mut entry = entry(component, zones);
    entry.declared.start = Some(start);
    entry.declared.end = end;
    entry.declared.recurrence = recurrence;
    if cancelled {
        entry.declared.status = Some(EventStatus::Cancelled);
    }
    let uid = component.text("UID").map(|uid| clean_line(&uid)).filter(|uid| !uid.is_empty());
    entry.keys = keys(&entry, uid.as_deref());
    let range = component.first("RECURRENCE-ID").and_then(|id| id.param("RANGE"));
    let and_following = range.is_some_and(|range| range.eq_ignore_ascii_case("THISANDFUTURE"));
    Ok(Event { entry: Box::new(entry), uid, occurrence, and_following, problems })
}

/// How a maintainer finds the event again: `“Summer camp” (UID abc)`.
pub(super) fn name_of(component: &Component) -> String {
    let part = |name: &str| component.text(name).map(|text| clean_line(&text).chars().take(80).collect::<String>());
    match (part("SUMMARY"), part("UID")) {
        (Some(title), Some(uid)) => format!("event `{title}` (UID `{uid}`)"),
        (Some(title), None) => format!("event `{title}`"),
        (None, Some(uid)) => format!("event with UID `{uid}`"),
        (None, None) => "event without title and UID".to_owned(),
    }
}

pub(super) fn left_out(component: &Component, mut problem: Problem) -> Problem {
    problem.kind = ProblemKind::Read;
    problem.message = format!("{} is left out: {}", name_of(component), problem.message);
    problem
}

fn start(component: &Component, zones: &Zones) -> Result<Option<DeclaredTime>, Problem> {
    let Some(property) = component.first("DTSTART") else { return Ok(None) };
    declared(property, zones).map(Some).ok_or_else(|| unreadable(property))
}

fn declared(property: &Property, zones: &Zones) -> Option<DeclaredTime> {
    let value = zones.value(property, &property.value)?;
    Some(DeclaredTime { field: property.name.to_string(), raw: raw(property), line: property.line, value })
}

fn raw(property: &Property) -> String {
    match property.param("TZID") {
        Some(id) => [property.value.trim(), id].join(" "),
        None => property.value.trim().to_owned(),
    }
}

pub(super) fn unreadable(property: &Property) -> Problem {
    let found: String = clean_line(&property.value).chars().take(60).collect();
    let name = &property.name;
    let message = format!("expected a day or time such as 20250314T180000 in {name}, but found `{found}`");
    Problem::new(ProblemKind::Field, message).line(property.line)
}

/// A change of one occurrence need not say when it was: its RECURRENCE-ID does.
fn stand_in(component: &Component, occurrence: &Option<DeclaredValue>) -> Option<DeclaredTime> {
    let property = component.first("RECURRENCE-ID")?;
    let value = occurrence.clone()?;
    Some(DeclaredTime { field: property.name.to_string(), raw: raw(property), line: property.line, value })
}

/// DTEND, made inclusive if it is a day, else the end that DURATION leads to. An end that is not after the start is dropped,
/// and told if it is before it.
fn end(
    component: &Component,
    zones: &Zones,
    start: &DeclaredTime,
    problems: &mut Vec<Problem>,
) -> Option<DeclaredTime> {
    let mut tell = |message: String, line: u32| {
        let message = format!("{}: {message}", name_of(component));
        problems.push(Problem::new(ProblemKind::Field, message).line(line));
    };
    if let Some(property) = component.first("DTEND") {
        let Some(mut end) = declared(property, zones) else {
            tell(unreadable(property).message, property.line);
            return None;
        };
        if (end.value.day() < start.value.day() || both_timed(start, &end))
            && times::is_before(&end.value, &start.value)
        {
            tell(
                format!("its end `{}` is before its start `{}`; the end is dropped", end.raw, start.raw),
                property.line,
            );
            return None;
        }
        end.value = fitting_end(&start.value, end.value)?;
        return Some(end);
    }
    let property = component.first("DURATION")?;
    match times::duration(&property.value) {
        Some(duration) => {
            let value = times::end_after(&start.value, duration)?;
            Some(DeclaredTime { field: "DURATION".into(), raw: property.value.to_string(), line: property.line, value })
        }
        None => {
            let found: String = clean_line(&property.value).chars().take(60).collect();
            tell(format!("expected a duration such as PT1H30M in DURATION, but found `{found}`"), property.line);
            None
        }
    }
}

fn both_timed(start: &DeclaredTime, end: &DeclaredTime) -> bool {
    !matches!(start.value, DeclaredValue::Day(_)) && !matches!(end.value, DeclaredValue::Day(_))
}

/// The end in the kind of the start: a day is the last one, inclusive.
pub(super) fn fitting_end(start: &DeclaredValue, end: DeclaredValue) -> Option<DeclaredValue> {
    match (start, &end) {
        (DeclaredValue::Day(first), _) => {
            let last = if times::is_midnight(&end) { end.day().pred_opt()? } else { end.day() };
            Some(DeclaredValue::Day(last.max(*first)))
        }
        (_, DeclaredValue::Day(day)) => {
            let midnight = day.and_hms_opt(0, 0, 0)?;
            let end = match start {
                DeclaredValue::Zoned(_, zone) => DeclaredValue::Zoned(midnight, zone.clone()),
                DeclaredValue::At(at) => DeclaredValue::At(midnight.and_local_timezone(*at.offset()).single()?),
                _ => DeclaredValue::Local(midnight),
            };
            times::is_before(start, &end).then_some(end)
        }
        _ => times::is_before(start, &end).then_some(end),
    }
}

/// Outlook writes whole days as midnight to midnight, with a mark.
fn whole_days_of_outlook(component: &Component, start: &mut DeclaredTime, end: &mut Option<DeclaredTime>) {
    let marked = component.first("X-MICROSOFT-CDO-ALLDAYEVENT").is_some_and(|mark| mark.value.trim() == "TRUE");
    let midnights = times::is_midnight(&start.value) && end.as_ref().is_none_or(|end| times::is_midnight(&end.value));
    if !marked || !midnights || matches!(start.value, DeclaredValue::Day(_)) {
        return;
    }
    start.value = DeclaredValue::Day(start.value.day());
    if let Some(end) = end {
        let last = end.value.day().pred_opt().unwrap_or(end.value.day()).max(start.value.day());
        end.value = DeclaredValue::Day(last);
    }
}

fn entry(component: &Component, zones: &Zones) -> Entry {
    let line_of = |name: &str| component.text(name).map(|text| clean_line(&html_escape::decode_html_entities(&text)));
    let title = line_of("SUMMARY").unwrap_or_default();
    let place_line = location::line(component).or_else(|| location::name(component));
    let (place, online) = place_line.map_or((None, None), |line| text::place_and_address(&line));
    let language = component.first("SUMMARY").and_then(|summary| summary.param("LANGUAGE")).map(str::to_owned);
    let plain = |text: String| html_escape::decode_html_entities(&text).into_owned();
    let tags = component.all("CATEGORIES").flat_map(Property::texts).take(100).map(plain).collect();
    let moment = |name: &str| component.first(name).and_then(|property| zones.value(property, &property.value));
    let stamp = |name: &str| moment(name).map(|value| Stamp::At(times::moment(&value).fixed_offset()));
    Entry {
        kind: EntryKind::Event,
        line: component.line,
        title,
        html: description(component),
        url: component.text("URL").or_else(|| component.text("X-GOOGLE-EVENT-URL")),
        published: stamp("CREATED"),
        updated: stamp("LAST-MODIFIED"),
        tags,
        images: images(component),
        links: online_links(component, online),
        language,
        declared: Declared {
            place,
            coordinates: location::coordinates(component),
            status: component.text("STATUS").and_then(|status| event_status(&status)),
            organizers: component.all("ORGANIZER").filter_map(organizer).take(20).collect(),
            sequence: component.text("SEQUENCE").and_then(|n| n.parse().ok()),
            last_modified: moment("LAST-MODIFIED").map(|value| times::moment(&value)),
            ..Declared::default()
        },
        hidden: component
            .text("CLASS")
            .filter(|class| ["PRIVATE", "CONFIDENTIAL"].iter().any(|hidden| hidden.eq_ignore_ascii_case(class)))
            .map(|class| format!("CLASS:{}", class.to_ascii_uppercase())),
        ..Entry::default()
    }
}

/// The description; HTML from the properties meant for it comes first.
fn description(component: &Component) -> String {
    let is_html = |property: &&Property| {
        property.param("FMTTYPE").is_some_and(|kind| kind.to_ascii_lowercase().starts_with("text/html"))
    };
    let styled = component.all("STYLED-DESCRIPTION").chain(component.all("X-ALT-DESC")).find(is_html);
    match styled.map(Property::text).filter(|html| !html.trim().is_empty()) {
        Some(html) => html.into_owned(),
        None => component.text("DESCRIPTION").map(|text| text::html(&text)).unwrap_or_default(),
    }
}

fn images(component: &Component) -> Vec<Image> {
    let is_picture = |property: &&Property| {
        property.param("FMTTYPE").is_some_and(|kind| kind.to_ascii_lowercase().starts_with("image/"))
    };
    let images = component.all("IMAGE").chain(component.all("ATTACH").filter(is_picture));
    let urls = images.map(|property| property.value.trim()).filter(|url| web_url(url).is_some());
    urls.take(20).map(|url| Image { url: url.to_owned(), ..Image::default() }).collect()
}

fn online_links(component: &Component, in_place: Option<String>) -> Vec<Link> {
    let fields = ["CONFERENCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL"];
    let declared = fields.iter().flat_map(|name| component.all(name)).map(|property| property.value.trim().to_owned());
    let mut hrefs: Vec<String> = declared.filter(|href| web_url(href).is_some()).chain(in_place).take(5).collect();
    hrefs.dedup();
    hrefs.into_iter().map(|href| Link { rel: "online".into(), href }).collect()
}

fn event_status(text: &str) -> Option<EventStatus> {
    match text.to_ascii_uppercase().as_str() {
        "CONFIRMED" => Some(EventStatus::Scheduled),
        "TENTATIVE" => Some(EventStatus::Tentative),
        "CANCELLED" | "CANCELED" => Some(EventStatus::Cancelled),
        "POSTPONED" => Some(EventStatus::Postponed),
        _ => None,
    }
}

fn organizer(property: &Property) -> Option<Person> {
    let name = clean_line(property.param("CN").unwrap_or_default());
    let address = property.value.trim();
    let mail = address.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:")).and_then(|_| address.get(7..));
    let email = mail.filter(|mail| mail.contains('@')).map(str::to_owned);
    let url = web_url(address).map(|_| address.to_owned());
    // An address instead of a name must not be published as one.
    let name = if name.contains('@') { String::new() } else { name };
    (!name.is_empty() || url.is_some()).then_some(Person { name, url, email })
}

fn keys(entry: &Entry, uid: Option<&str>) -> Vec<Key> {
    let first = match uid {
        Some(uid) => Key::Uid(uid.to_owned()),
        None => {
            let day = entry.declared.start.as_ref().map(|start| start.value.day().to_string());
            Key::Part(format!("{} {}", entry.title, day.unwrap_or_default()))
        }
    };
    let url = entry.url.as_deref().and_then(web_url).map(|url| Key::url(&url));
    [Some(first), url].into_iter().flatten().collect()
}

/// Which of two VEVENTs of one name is newer: SEQUENCE, then LAST-MODIFIED.
pub(super) fn revision(event: &Event) -> (u32, Option<DateTime<Utc>>) {
    (event.entry.declared.sequence.unwrap_or(0), event.entry.declared.last_modified)
}
