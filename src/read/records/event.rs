//! One record → an event's entry.
//!
//! In: the fields of a record, and which of them the source named. Out: an [`Entry`], or why there is none. Fields that the source did not name are read
//! under the names that front matter has as well; `date` is the event's here.

use super::shape::{in_words, listed, on_its_clock, since_1970, words};
use super::{Record, at_path};
use crate::model::{Document, Entry, EntryKind, Key, Problem, ProblemKind, Records};
use crate::read::post::{Field, Value, declare, general_fields, get, parse_date, prose, start_field};
use std::collections::HashMap;

const TITLE: &[&str] =
    &["title", "name", "eventname", "eventtitle", "conference", "event", "summary", "subject", "what"];
pub(super) const DATE: &[&str] = &["date", "day", "datetime", "dates", "when"];
const PAGE: &[&str] = &["url", "link", "website", "homepage", "web", "site", "href", "hyperlink", "eventurl", "page"];
const ID: &[&str] = &["id", "uid", "uuid", "slug", "key"];
const TEXT: &[&str] = &["description", "body", "content", "text", "about", "details"];

/// An event before it has a key, and its own id.
pub(super) struct Found {
    entry: Entry,
    id: Option<String>,
}

/// True where a record has a title and a start; `dated` says whether a `date` is one.
pub(super) fn looks_like_one(record: &Record, dated: bool) -> bool {
    // A bare number is as often a second of a recording or a row of a table.
    let is_one = |field: &&Field| match &field.value {
        Value::Number(text) => since_1970(&field.value).is_some() || parse_date(text).is_some(),
        _ => true,
    };
    let own_start = start_field(&record.fields).or_else(|| start_field(&record.inner));
    let starts = own_start.filter(is_one).is_some()
        || (dated && (first_of(record, DATE).is_some() || days_of(record).is_some()));
    starts && first_of(record, TITLE).is_some()
}

fn first<'a>(fields: &'a [Field], names: &[&str]) -> Option<&'a Field> {
    names.iter().filter_map(|name| get(fields, name)).find(|field| words(&field.value).is_some())
}

/// The first field of one of these names, or else of those in tables inside.
fn first_of<'a>(record: &'a Record, names: &[&str]) -> Option<&'a Field> {
    first(&record.fields, names).or_else(|| first(&record.inner, names))
}

/// A field that lists the days of the event.
fn days_of(record: &Record) -> Option<(&Field, (String, String))> {
    let fields = DATE.iter().filter_map(|name| get(&record.fields, name).or_else(|| get(&record.inner, name)));
    fields.filter_map(|field| Some((field, listed(&field.value)?))).next()
}

/// The event of a record.
pub(super) fn entry(record: &Record, told: Option<&Records>, problems: &mut Vec<Problem>) -> Result<Found, Problem> {
    let left_out = |message: String| {
        let message = format!("{message} (event {} of the list)", record.number);
        Problem::new(ProblemKind::Read, message).line(record.line).hint("the event is left out until it has one")
    };
    let fields = canonical(record, told);
    let mut own = Vec::new();
    let mut entry = general_fields(&fields, &mut own);
    declare(&fields, &mut entry, &mut own);
    if entry.title.is_empty() {
        return Err(left_out("expected a title, found none".to_owned()));
    }
    if entry.declared.start.is_none() {
        let why = own.into_iter().map(|problem| problem.message).next();
        let why = why.unwrap_or_else(|| "expected a start such as 2026-03-14, found none".to_owned());
        return Err(left_out(format!("{why} in `{}`", entry.title.chars().take(80).collect::<String>())));
    }
    let id = told.and_then(|told| told.id.as_deref()).and_then(|path| at_path(&record.fields, path));
    let id = id.or_else(|| first_of(record, ID)).and_then(|field| field.value.text()).map(str::to_owned);
    problems.extend(own);
    on_its_clock(&mut entry);
    entry.kind = EntryKind::Event;
    entry.line = record.line;
    // What names the day of the event says nothing of the notice.
    entry.published = None;
    if let Some(text) = first(&fields, TEXT).and_then(|field| words(&field.value)) {
        entry.html = prose(text);
    }
    Ok(Found { entry, id })
}

/// The entries with keys that stay when records are added above: the id names a record, else its address where no other record has it, else title and day.
/// Only records that share their name are told apart by their order.
pub(super) fn named(found: Vec<Found>, document: &Document) -> Vec<Entry> {
    let mut addresses: HashMap<String, usize> = HashMap::new();
    for url in found.iter().filter_map(|event| event.entry.url.clone()) {
        *addresses.entry(url).or_default() += 1;
    }
    let mut names = HashMap::new();
    let with_key = |Found { mut entry, id }: Found| {
        let own_url = entry.url.clone().filter(|url| addresses.get(url) == Some(&1));
        let day = entry.declared.start.as_ref().map(|start| start.value.day().to_string()).unwrap_or_default();
        let name = id.or(own_url).unwrap_or_else(|| format!("{} {day}", entry.title));
        entry.keys = vec![key(document, &name, &mut names)];
        entry
    };
    found.into_iter().map(with_key).collect()
}

/// The key of a name; `names` tells how often each was given so far.
fn key(document: &Document, name: &str, names: &mut HashMap<String, usize>) -> Key {
    let name: String = name.chars().take(200).collect();
    let count = names.entry(name.clone()).or_default();
    *count += 1;
    let again = if *count > 1 { format!(" ({count})") } else { String::new() };
    Key::Path(format!("{}#{name}{again}", document.key))
}

/// The fields under the names that are read later. The last of a name counts.
fn canonical(record: &Record, told: Option<&Records>) -> Vec<Field> {
    let plain = Records::default();
    let told = told.unwrap_or(&plain);
    let named = |path: &Option<String>| path.as_deref().and_then(|path| at_path(&record.fields, path));
    // `date` would be the notice's.
    let kept = record.inner.iter().chain(&record.fields).filter(|field| !field.name.eq_ignore_ascii_case("date"));
    let mut fields: Vec<Field> = kept.map(in_words).collect();
    let mut push = |name: &str, field: Option<&Field>| {
        let plain = |field: &Field| match words(&field.value).filter(|_| name != "tags") {
            Some(text) => Value::Text(since_1970(&field.value).unwrap_or_else(|| text.to_owned())),
            None => field.value.clone(),
        };
        fields.extend(field.map(|field| Field { name: name.to_owned(), line: field.line, value: plain(field) }));
    };
    push("title", named(&told.title).or_else(|| first_of(record, TITLE)));
    push("url", named(&told.url).or_else(|| first_of(record, PAGE)));
    push("description", named(&told.summary));
    push("tags", named(&told.tags));
    let own_start = start_field(&record.fields).or_else(|| start_field(&record.inner));
    let other_start = named(&told.start).or_else(|| own_start.is_none().then(|| first_of(record, DATE)).flatten());
    push("startdate", other_start);
    push("enddate", named(&told.end));
    let place: Vec<&str> = told.place.iter().filter_map(|path| at_path(&record.fields, path)?.value.text()).collect();
    if !place.is_empty() {
        let value = Value::Text(place.join(", "));
        fields.push(Field { name: "location".to_owned(), line: record.line, value });
    }
    // `2026-05-04 – 2026-05-06` is both, and so is a list of days.
    let spanned = other_start
        .or(own_start)
        .and_then(|field| Some((field, field.value.text().filter(|text| parse_date(text).is_none()).and_then(span)?)));
    let no_start = other_start.or(own_start).is_none();
    if let Some((field, (first, last))) = spanned.or_else(|| days_of(record).filter(|_| no_start)) {
        for (name, text) in [("startdate", first), ("enddate", last)] {
            fields.push(Field { name: name.to_owned(), line: field.line, value: Value::Text(text) });
        }
    }
    fields
}

/// Two days in one text.
fn span(text: &str) -> Option<(String, String)> {
    let signs = [" - ", " – ", " — ", "–", " to ", " until ", "/"];
    let pairs = signs.iter().filter_map(|sign| text.split_once(sign));
    pairs
        .map(|(first, last)| (first.trim().to_owned(), last.trim().to_owned()))
        .find(|(first, last)| parse_date(first).is_some() && parse_date(last).is_some())
}
