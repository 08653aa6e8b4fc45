//! Changes of single occurrences, and of all that follow one, put into their series (RECURRENCE-ID, RFC 5545 §3.8.4.4).
//!
//! In: the VEVENTs of a calendar, one of each name. Out: an [`Entry`] for each series and single event.

use super::event::Event;
use super::times;
use crate::model::{
    DeclaredTime, DeclaredValue, Entry, EventStatus, Key, Override, Problem, ProblemKind, Recurrence, When,
};
use crate::recur;
use std::collections::HashMap;

/// More changes of one series are a mistake or an attack; each of all that follow cuts it once more.
const MOST_CHANGES: usize = 5_000;
const MOST_CUTS: usize = 100;

/// Puts changes of single occurrences into their series; one without a series is an event of its own.
pub(super) fn fold(events: Vec<Event>, problems: &mut Vec<Problem>) -> Vec<Entry> {
    let (masters, changes): (Vec<Event>, Vec<Event>) = events.into_iter().partition(|event| event.occurrence.is_none());
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut entries: Vec<Entry> = Vec::with_capacity(masters.len());
    for master in masters {
        if let Some(uid) = master.uid {
            places.insert(uid, entries.len());
        }
        entries.push(*master.entry);
    }
    let (ranges, changes): (Vec<Event>, Vec<Event>) = changes.into_iter().partition(|change| change.and_following);
    let mut counts: HashMap<usize, usize> = HashMap::new();
    for change in changes {
        let Some((place, series)) = series_of(&change, &places, &mut entries) else {
            entries.extend(alone(change, true));
            continue;
        };
        if is_enough(&mut counts, place, MOST_CHANGES, series, problems) {
            continue;
        }
        if let Some(detached) = put_into(series, change, problems) {
            entries.push(detached);
        }
    }
    split(&mut entries, &places, ranges, problems);
    entries.sort_by_key(|entry| entry.line);
    entries
}

/// The series that a change is about, and its place among the entries.
fn series_of<'e>(
    change: &Event,
    places: &HashMap<String, usize>,
    entries: &'e mut [Entry],
) -> Option<(usize, &'e mut Entry)> {
    let place = *places.get(change.uid.as_ref()?)?;
    Some((place, entries.get_mut(place)?))
}

/// Counts a change of a series, and tells of the first one that is too many.
fn is_enough(
    counts: &mut HashMap<usize, usize>,
    place: usize,
    most: usize,
    series: &Entry,
    problems: &mut Vec<Problem>,
) -> bool {
    let count = counts.entry(place).or_default();
    *count += 1;
    if *count == most + 1 {
        let message = format!("only {most} changes of `{}` are read", series.title);
        problems.push(Problem::new(ProblemKind::Read, message).line(series.line));
    }
    *count > most
}

/// Cuts series where a change is one of all that follow (RANGE=THISANDFUTURE, RFC 5545 §3.2.13), the last change first.
fn split(
    entries: &mut Vec<Entry>,
    places: &HashMap<String, usize>,
    mut changes: Vec<Event>,
    problems: &mut Vec<Problem>,
) {
    changes.sort_by_key(|change| std::cmp::Reverse(change.occurrence.as_ref().map(times::moment)));
    let mut counts: HashMap<usize, usize> = HashMap::new();
    for change in changes {
        let Some((place, series)) = series_of(&change, places, entries) else {
            entries.extend(alone(change, true));
            continue;
        };
        if is_enough(&mut counts, place, MOST_CUTS, series, problems) {
            continue;
        }
        let (line, title) = (change.entry.line, series.title.clone());
        match following(series, change) {
            Some(rest) => entries.extend(rest),
            None => {
                let message = format!("a change of `{title}` and all that follow can't be understood and is left out");
                problems.push(Problem::new(ProblemKind::Field, message).line(line));
            }
        }
    }
}

/// Ends the series before the change and answers the rest of it as an event of its own: nothing where that is cancelled.
fn following(series: &mut Entry, change: Event) -> Option<Option<Entry>> {
    let (start, occurrence) = (series.declared.start.as_ref()?.value.clone(), change.occurrence.as_ref()?);
    let of = times::moment_in(occurrence, &start);
    let begin = change.entry.declared.start.as_ref()?;
    let by = times::on_clock(&begin.value, &start) - times::on_clock(occurrence, &start);
    let when = times::when(&start, None)
        .or_else(|| times::when(&DeclaredValue::At(times::moment(&start).fixed_offset()), None))?;
    let is_whole = times::on_clock(occurrence, &start) <= times::on_clock(&start, &start);
    let is_cancelled = change.entry.declared.status == Some(EventStatus::Cancelled);
    if is_whole && is_cancelled {
        series.declared.status = Some(EventStatus::Cancelled);
        return Some(None);
    }
    let mut recurrence = series.declared.recurrence.take().unwrap_or_default();
    let rest = recur::cut(&when, &mut recurrence, &of, by);
    series.declared.recurrence = (recurrence != Recurrence::default()).then_some(recurrence);
    if is_cancelled {
        return Some(None);
    }
    let mut entry = series.clone();
    let (mut told, uid) = (change.entry, change.uid);
    let length = series.declared.end.as_ref().map(|end| times::moment(&end.value) - times::moment(&start));
    if begin_is_its_name(&told) {
        told.declared.end = length.and_then(|length| {
            let begin = told.declared.start.as_ref()?;
            Some(DeclaredTime { value: times::later(&begin.value, length)?, ..begin.clone() })
        });
    }
    entry.line = told.line;
    entry.hidden = entry.hidden.or(told.hidden);
    if !is_whole {
        entry.keys = keys_of(uid, &told.title, occurrence);
    }
    if !told.title.is_empty() {
        entry.title = told.title;
    }
    if !told.html.is_empty() {
        entry.html = told.html;
    }
    entry.declared.start = told.declared.start;
    entry.declared.end = told.declared.end;
    entry.declared.place = told.declared.place.or(entry.declared.place);
    entry.declared.status = told.declared.status.or(entry.declared.status);
    entry.declared.recurrence = (rest != Recurrence::default()).then_some(rest);
    if is_whole {
        *series = entry;
        return Some(None);
    }
    Some(Some(entry))
}

/// True for a change that says nothing of its times.
fn begin_is_its_name(entry: &Entry) -> bool {
    entry.declared.start.as_ref().is_some_and(|begin| begin.field == "RECURRENCE-ID")
}

fn keys_of(uid: Option<String>, title: &str, occurrence: &DeclaredValue) -> Vec<Key> {
    let of = times::moment(occurrence).format("%Y%m%dT%H%M%SZ");
    vec![match uid {
        Some(uid) => Key::Uid(format!("{uid}/{of}")),
        None => Key::Part(format!("{title} {of}")),
    }]
}

/// The change as an event of its own, named after the occurrence.
fn alone(change: Event, without_series: bool) -> Option<Entry> {
    let mut entry = change.entry;
    if entry.declared.status == Some(EventStatus::Cancelled) && !without_series {
        return None;
    }
    // It is about one occurrence, whatever rules it repeats.
    entry.declared.recurrence = None;
    entry.keys = keys_of(change.uid, &entry.title, change.occurrence.as_ref()?);
    Some(*entry)
}

/// Where the change is private in a public series, or can't be told apart from its zone because it floats, the series loses that date and
/// the change stands alone.
fn put_into(series: &mut Entry, change: Event, problems: &mut Vec<Problem>) -> Option<Entry> {
    let (start, occurrence) = (series.declared.start.as_ref()?.value.clone(), change.occurrence.as_ref()?);
    let of = times::moment_in(occurrence, &start);
    if change.entry.declared.recurrence.is_some() {
        let message = format!("a change of `{}` repeats itself; only its first occurrence is taken", series.title);
        problems.push(Problem::new(ProblemKind::Field, message).line(change.entry.line));
    }
    let is_private = change.entry.hidden.is_some() && series.hidden.is_none();
    let recurrence = series.declared.recurrence.get_or_insert_default();
    if is_private {
        recurrence.except.push(of);
        return alone(change, false);
    }
    let when = match (&change.entry.declared.start, &change.entry.declared.end) {
        (Some(begin), None) if begin_is_its_name(&change.entry) => {
            as_long_as(&start, series.declared.end.as_ref(), begin)
        }
        (Some(begin), end) => times::when(&begin.value, end.as_ref().map(|end| &end.value)),
        (None, _) => None,
    };
    let Some(when) = when else {
        recurrence.except.push(of);
        return alone(change, false);
    };
    if !recurrence.dates.is_empty() {
        // An RDATE with a length of its own is such a change too; this one says more.
        recurrence.overrides.retain(|known| known.of != of);
    }
    recurrence.overrides.push(Override {
        of,
        when,
        title: Some(change.entry.title.clone()).filter(|title| *title != series.title && !title.is_empty()),
        place: change.entry.declared.place.filter(|place| Some(place) != series.declared.place.as_ref()),
        cancelled: change.entry.declared.status == Some(EventStatus::Cancelled),
    });
    None
}

/// A change that says nothing of its times lasts as long as the others.
fn as_long_as(start: &DeclaredValue, end: Option<&DeclaredTime>, begin: &DeclaredTime) -> Option<When> {
    let length = end.map(|end| times::moment(&end.value) - times::moment(start));
    let end = length.and_then(|length| times::later(&begin.value, length));
    times::when(&begin.value, end.as_ref())
}
