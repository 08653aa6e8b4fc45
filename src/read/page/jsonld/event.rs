//! One schema.org event → entries.

use super::Around;
use super::node::{Node, Thing, bare};
use super::{place, schedule};
use crate::model::{
    Declared, DeclaredTime, DeclaredValue, Entry, EntryKind, EventStatus, Image, Link, Person, clean_line,
};
use crate::read::page::{image, moment};
use crate::read::post::parse_stamp;
use chrono::{NaiveTime, Timelike};

/// The entries of an event: one, or one for each of its schedules. What it lacks is taken from what is `around` it.
pub(super) fn entries(event: Node, around: Around, problems: &mut Vec<String>) -> Vec<Entry> {
    let Some(mut entry) = entry(event, around) else { return Vec::new() };
    entry.declared.start = time(event, "startDate", problems);
    entry.declared.end = time(event, "endDate", problems);
    hours_of_their_own(event, &mut entry.declared);
    let schedules: Vec<_> = ["eventSchedule", "courseSchedule"].iter().flat_map(|name| event.nodes(name)).collect();
    let (start, end) = (entry.declared.start.clone(), entry.declared.end.clone());
    let scheduled = schedules.into_iter().filter_map(|it| schedule::read(it, start.as_ref(), end.as_ref()));
    let mut repeated: Vec<Entry> = scheduled
        .map(|scheduled| {
            let mut entry = entry.clone();
            entry.declared.start = Some(scheduled.start);
            entry.declared.end = scheduled.end;
            entry.declared.zone = scheduled.zone;
            entry.declared.recurrence = Some(scheduled.recurrence);
            entry
        })
        .collect();
    if repeated.is_empty() {
        by_length(event, &mut entry.declared);
        whole_days(&mut entry.declared);
        repeated.push(entry);
    }
    repeated
}

/// All but when.
fn entry(event: Node, around: Around) -> Option<Entry> {
    let whole = if let Around::Whole(whole) = around { Some(whole) } else { None };
    let or_of_whole = |name: &str| event.text(name).or_else(|| whole.and_then(|whole| whole.text(name)));
    // What data-vocabulary.org and hCalendar called `summary` is the name.
    let title = clean_line(&or_of_whole("name").or_else(|| event.text("summary"))?);
    let id = || event.text("@id").filter(|id| id.contains("://"));
    let description = or_of_whole("description").unwrap_or_default();
    let mut entry = Entry {
        kind: EntryKind::Event,
        title: Some(title).filter(|title| !title.is_empty())?,
        html: description_html(&description),
        url: event.address("url").or_else(|| event.address("mainEntityOfPage")).or_else(id),
        updated: event.text("dateModified").and_then(|text| parse_stamp(&text)),
        published: event.text("datePublished").and_then(|text| parse_stamp(&text)),
        tags: keywords(event),
        images: images(event),
        language: event.text("inLanguage"),
        declared: Declared { status: status(event), organizers: organizers(event, around), ..Declared::default() },
        ..Entry::default()
    };
    let mut places = event.things("location");
    if places.is_empty() {
        places.extend(whole.map(|whole| whole.things("location")).unwrap_or_default());
    }
    if let (true, Around::Place(place)) = (places.is_empty(), around) {
        places.push(Thing::Node(place));
    }
    places.into_iter().for_each(|place| place::location(place, &mut entry));
    for href in event.nodes("offers").into_iter().filter_map(|offer| offer.address("url")) {
        if Some(&href) != entry.url.as_ref() && !entry.links.iter().any(|link| link.href == href) {
            entry.links.push(Link { rel: "registration".to_owned(), href });
        }
    }
    Some(entry)
}

/// The first of the values that can be read; where none can, that is told.
fn time(event: Node, name: &str, problems: &mut Vec<String>) -> Option<DeclaredTime> {
    let texts = event.texts(name);
    let time = |raw: &String| {
        let value = moment::parse(raw)?;
        Some(DeclaredTime { field: name.to_owned(), raw: raw.clone(), line: 0, value })
    };
    let read = texts.iter().find_map(time);
    if let (None, Some(raw)) = (&read, texts.first()) {
        let raw: String = raw.chars().take(60).collect();
        problems.push(format!("expected a day such as 2025-03-14 in `{name}`, but found `{raw}`"));
    }
    read
}

/// Hours that stand apart from their day.
fn hours_of_their_own(event: Node, declared: &mut Declared) {
    for (time, name) in [(&mut declared.start, "startTime"), (&mut declared.end, "endTime")] {
        let hour = || event.text(name).and_then(|text| moment::parse_clock(&text));
        if let Some(time) = time
            && let DeclaredValue::Day(day) = time.value
            && let Some(hour) = hour()
        {
            time.value = DeclaredValue::Local(day.and_time(hour));
        }
    }
}

fn by_length(event: Node, declared: &mut Declared) {
    let Some(start) = declared.start.as_ref().filter(|_| declared.end.is_none()) else { return };
    let end = event.text("duration").and_then(|raw| Some((moment::after(&start.value, &raw)?, raw)));
    declared.end = end.map(|(value, raw)| DeclaredTime { field: "duration".to_owned(), raw, line: 0, value });
}

/// From midnight to a minute before midnight is how tools write whole days.
fn whole_days(declared: &mut Declared) {
    let (Some(start), Some(end)) = (&mut declared.start, &mut declared.end) else { return };
    let (first, last) = match (&start.value, &end.value) {
        (DeclaredValue::Local(first), DeclaredValue::Local(last)) => (*first, *last),
        (DeclaredValue::At(first), DeclaredValue::At(last)) => (first.naive_local(), last.naive_local()),
        _ => return,
    };
    if first.time() == NaiveTime::MIN && (last.hour(), last.minute()) == (23, 59) {
        start.value = DeclaredValue::Day(first.date());
        end.value = DeclaredValue::Day(last.date());
    }
}

/// A description is text or HTML; nothing says which.
fn description_html(text: &str) -> String {
    if text.contains("</") || text.contains("<br") {
        return text.to_owned();
    }
    let paragraphs = text.split("\n\n").map(str::trim).filter(|p| !p.is_empty());
    paragraphs.map(|p| format!("<p>{}</p>", html_escape::encode_text(p).replace('\n', "<br>"))).collect()
}

fn keywords(event: Node) -> Vec<String> {
    let texts = event.texts("keywords");
    let words = texts.iter().flat_map(|words| words.split(',')).map(clean_line);
    words.filter(|word| !word.is_empty()).collect()
}

/// Several may stand (`EventRescheduled` and `EventMovedOnline`): the weightiest counts.
fn status(event: Node) -> Option<EventStatus> {
    let named = event.things("eventStatus").into_iter().filter_map(|thing| match thing {
        Thing::Text(word) => Some(word.to_owned()),
        Thing::Node(node) => node.text("@id").or_else(|| node.text("@value")).or_else(|| node.text("name")),
    });
    let words: Vec<String> = named.map(|word| bare(word.trim()).to_owned()).collect();
    let is = |names: &[&str]| words.iter().any(|word| names.contains(&word.as_str()));
    if is(&["EventCancelled", "EventCanceled", "CANCELLED", "cancelled"]) {
        return Some(EventStatus::Cancelled);
    }
    if is(&["EventPostponed"]) {
        return Some(EventStatus::Postponed);
    }
    if is(&["EventRescheduled"]) {
        let from = event.texts("previousStartDate").iter().find_map(|text| moment::parse(text));
        return Some(from.map_or(EventStatus::Scheduled, |from| EventStatus::Moved { from: from.day() }));
    }
    is(&["EventScheduled", "EventMovedOnline"]).then_some(EventStatus::Scheduled)
}

fn images(event: Node) -> Vec<Image> {
    let url = |thing| match thing {
        Thing::Text(url) => Some(url.to_owned()),
        Thing::Node(node) => node.address("url").or_else(|| node.address("contentUrl")).or_else(|| node.text("@id")),
    };
    event.things("image").into_iter().filter_map(url).filter(|url| !url.trim().is_empty()).map(image).collect()
}

fn organizers(event: Node, around: Around) -> Vec<Person> {
    let mut things = event.things("organizer");
    if things.is_empty() {
        things.extend(match around {
            Around::Organizer(node) => vec![Thing::Node(node)],
            Around::Whole(whole) => whole.things("organizer"),
            Around::Nothing | Around::Place(_) => Vec::new(),
        });
    }
    let person = |thing| match thing {
        Thing::Text(name) if name.contains("://") => None,
        Thing::Text(name) => {
            Some(Person { name: clean_line(&html_escape::decode_html_entities(name)), ..Person::default() })
        }
        Thing::Node(node) => Some(Person {
            name: clean_line(&node.text("name").or_else(|| node.text("legalName"))?),
            url: node.address("url"),
            email: node.text("email").map(|email| email.trim_start_matches("mailto:").to_owned()),
        }),
    };
    things.into_iter().filter_map(person).filter(|person| !person.name.is_empty()).collect()
}
