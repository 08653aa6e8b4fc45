//! The shapes in which programs, rather than people, write events.
//!
//! In: the fields of a record. Out: the fields that stand in tables of their own (`{"event": {…}}`, `{"post": {"topic": {…}}}`), the text of one that
//! holds several forms of it (`{"rendered": "…"}`), and seconds since 1970 as the moments that they are.

use super::event::DATE;
use crate::model::{DeclaredTime, DeclaredValue, Entry};
use crate::read::post::{END, Field, START, Value, get, parse_date};
use crate::zone;
use chrono::DateTime;

/// Tables around the event itself, or around the post that announces it.
const AROUND: &[&str] = &["event", "post", "topic", "attributes", "fields", "properties"];
/// Deeper tables belong to something else.
const DEEPEST: usize = 2;
/// What the plain form of a text is called beside its others.
const FORMS: &[&str] = &["rendered", "text", "plaintext", "en"];

/// Longer lists are no start and end, nor the days of one event.
const MOST_MOMENTS: usize = 31;
const MIDNIGHT: &str = "T00:00:00+00:00";

/// The fields inside such tables, the deepest first, so that later ones count more.
pub(super) fn inner(fields: &[Field]) -> Vec<Field> {
    let mut found = Vec::new();
    add_inner(fields, DEEPEST, &mut found);
    found
}

fn add_inner(fields: &[Field], deep: usize, found: &mut Vec<Field>) {
    for inside in AROUND.iter().filter_map(|name| get(fields, name)).map(|field| field.value.fields()) {
        if deep > 1 {
            add_inner(inside, deep - 1, found);
        }
        found.extend(inside.iter().map(in_words));
    }
}

/// The text of a value, or the plain one of its forms.
pub(super) fn words(value: &Value) -> Option<&str> {
    value.text().or_else(|| FORMS.iter().find_map(|name| get(value.fields(), name)?.value.text()))
}

/// A field with its moment in words, where its name says that it is one and its value is a number.
pub(super) fn in_words(field: &Field) -> Field {
    let names = || START.iter().chain(END).chain(DATE);
    let is_time = |field: &Field| names().any(|name| get(std::slice::from_ref(field), name).is_some());
    match since_1970(&field.value).filter(|_| is_time(field)) {
        Some(text) => Field { value: Value::Text(text), ..field.clone() },
        None => field.clone(),
    }
}

/// Ten digits are seconds, thirteen are milliseconds, from 2001 on; no year and no day has so many.
pub(super) fn since_1970(value: &Value) -> Option<String> {
    let Value::Number(digits) = value else { return None };
    let number: i64 = digits.strip_suffix(".0").unwrap_or(digits).parse().ok()?;
    let seconds = match digits.trim_end_matches(".0").len() {
        10 => number,
        13 => number / 1000,
        _ => return None,
    };
    (number > 0).then(|| DateTime::from_timestamp(seconds, 0)).flatten().map(|at| at.to_rfc3339())
}

/// The first and the last of a list of moments. Where all are midnights of UTC, days are meant.
pub(super) fn listed(value: &Value) -> Option<(String, String)> {
    let Value::List(values) = value else { return None };
    let words = |value: &Value| since_1970(value).or_else(|| value.text().map(str::to_owned));
    let mut texts: Vec<String> = values.iter().take(MOST_MOMENTS).map(words).collect::<Option<_>>()?;
    if texts.iter().all(|text| text.ends_with(MIDNIGHT)) {
        texts.iter_mut().for_each(|text| text.truncate(text.len() - MIDNIGHT.len()));
    }
    let (first, last) = (texts.first()?, texts.last()?);
    (parse_date(first).is_some() && parse_date(last).is_some()).then(|| (first.clone(), last.clone()))
}

/// Tells moments on the clock of the zone that is named beside them. Where a rule repeats them and the day there is another one, they stay as they are.
pub(super) fn on_its_clock(entry: &mut Entry) {
    let declared = &mut entry.declared;
    let Some(zone) = declared.zone.as_deref().and_then(zone::by_name) else { return };
    let local = |time: &DeclaredTime| match &time.value {
        DeclaredValue::At(at) => Some((at.date_naive(), zone::to_local(at.to_utc(), &zone))),
        _ => None,
    };
    let is_moved = |(day, local): (chrono::NaiveDate, chrono::NaiveDateTime)| day != local.date();
    if declared.recurrence.is_some() && declared.start.as_ref().and_then(local).is_some_and(is_moved) {
        return;
    }
    for time in [&mut declared.start, &mut declared.end].into_iter().flatten() {
        if let Some((_, local)) = local(time) {
            time.value = DeclaredValue::Zoned(local, zone.as_str().to_owned());
        }
    }
}
