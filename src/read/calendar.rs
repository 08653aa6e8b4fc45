//! Entries from a calendar.
//!
//! In: text of one or more VCALENDARs (RFC 5545, with RFC 7986's and 9073's properties; vCalendar 1.0 as far as it agrees), or the same
//! in JSON or XML (jCal, RFC 7265; xCal, RFC 6321), or JSCalendar (RFC 8984).
//! Out: an [`Entry`] for each event, with changes of single occurrences folded into their series. One broken value costs that value,
//! one broken event that event. DTSTAMP is not read: many servers set it to the moment of the request.

mod clock;
mod event;
mod jcal;
mod jscalendar;
mod lines;
mod location;
mod pace;
mod repeats;
mod series;
mod text;
pub(super) mod times;
mod xcal;
mod zones;

use super::Read;
use crate::model::{Document, Format, Problem, ProblemKind};
use chrono::{DateTime, Utc};
use event::{Event, revision};
use lines::{Component, Ended};
use serde_json::Value;
use std::collections::HashMap;
use zones::Zones;

/// More events are no community's calendar.
const MOST_EVENTS: usize = 50_000;
/// Told one by one; a file with more troubles has one.
const MOST_PROBLEMS: usize = 100;

/// Reads all events of the file.
pub fn read(text: &str, document: &Document) -> Read {
    let mut read = Read { format: Some(Format::ICalendar), ..Read::default() };
    let all = match components(text) {
        Ok(all) => all,
        Err(problem) => {
            read.problems.push(problem.at(&document.source, &document.key));
            return read;
        }
    };
    if !all.iter().any(|component| component.name.starts_with('V')) {
        read.problems.push(Problem::new(
            ProblemKind::Read,
            "expected a calendar that begins with BEGIN:VCALENDAR, but found none",
        ));
    }
    read.pace = pace::of(&all);
    let loose: Vec<Component> = all.iter().filter(|component| component.name == "VEVENT").cloned().collect();
    let mut events =
        Vec::with_capacity(all.iter().map(|calendar| calendar.parts.len()).sum::<usize>().min(MOST_EVENTS));
    for calendar in all.into_iter().filter(|component| component.name == "VCALENDAR") {
        read_calendar(&calendar, &mut events, &mut read.problems);
    }
    if !loose.is_empty() {
        let calendar = Component { parts: loose, ..Component::default() };
        read_calendar(&calendar, &mut events, &mut read.problems);
    }
    read.entries = series::fold(newest(events, &mut read.problems), &mut read.problems);
    if read.problems.len() > MOST_PROBLEMS {
        let more = read.problems.len() - MOST_PROBLEMS;
        read.problems.truncate(MOST_PROBLEMS);
        read.problems.push(Problem::new(ProblemKind::Read, format!("{more} further problems are not told one by one")));
    }
    read.problems = read.problems.into_iter().map(|problem| problem.at(&document.source, &document.key)).collect();
    read
}

/// The components of the text, in whichever of its forms a calendar is written.
fn components(text: &str) -> Result<Vec<Component<'_>>, Problem> {
    match text.trim_start().chars().next() {
        Some('<') => Ok(jcal::components(&xcal::calendars(text))),
        Some('[' | '{') => {
            let value: Value = serde_json::from_str(text).map_err(|error| {
                let line = u32::try_from(error.line()).unwrap_or(0);
                Problem::new(ProblemKind::Read, "expected a calendar as whole JSON, but it breaks off or goes wrong")
                    .line(line)
            })?;
            let is_jcal = value.as_array().is_some_and(|list| !list.iter().any(Value::is_object));
            Ok(if is_jcal { jcal::components(&value) } else { vec![jscalendar::calendar(&value)] })
        }
        _ => Ok(lines::components(text)),
    }
}

/// True for a text that is a calendar in JSON: jCal names its outermost component first, JSCalendar has types and UIDs, but no JSON-LD context.
pub fn is_in_json(text: &str) -> bool {
    let start = text.trim_start();
    if !start.starts_with(['{', '[']) {
        return false;
    }
    let first = start.trim_start_matches(|c: char| c == '[' || c.is_whitespace());
    if start.starts_with('[') && first.get(..11).is_some_and(|word| word.eq_ignore_ascii_case("\"vcalendar\"")) {
        return true;
    }
    let has = |sign: &str| memchr::memmem::find(text.as_bytes(), sign.as_bytes()).is_some();
    let is_typed = || ["\"Event\"", "\"Group\"", "\"jsevent\"", "\"jsgroup\""].into_iter().any(has);
    has("\"@type\"") && has("\"uid\"") && is_typed() && !has("\"@context\"")
}

fn read_calendar(calendar: &Component, events: &mut Vec<Event>, problems: &mut Vec<Problem>) {
    let zones = Zones::of(calendar);
    let cancelled = calendar.text("METHOD").is_some_and(|method| method.eq_ignore_ascii_case("CANCEL"));
    let mut told_end = false;
    for component in calendar.parts.iter().filter(|part| part.name == "VEVENT") {
        if events.len() >= MOST_EVENTS {
            problems.push(Problem::new(ProblemKind::Read, format!("only the first {MOST_EVENTS} events are read")));
            break;
        }
        if component.ended == Ended::ByFile {
            told_end = true;
            let problem = Problem::new(ProblemKind::Read, "the file ends before END:VEVENT").line(component.line);
            problems.push(
                event::left_out(component, problem).hint("the file seems to be cut off; later events are missing too"),
            );
            continue;
        }
        match event::read(component, &zones, cancelled) {
            Ok(mut event) => {
                problems.append(&mut event.problems);
                events.push(event);
            }
            Err(problem) => problems.push(problem),
        }
    }
    if calendar.ended == Ended::ByFile && !told_end {
        let message = "the file ends before END:VCALENDAR; later events may be missing";
        problems.push(Problem::new(ProblemKind::Read, message));
    }
    for id in zones.unknown() {
        let message = format!("no time zone is known by the name `{id}`; its times count as local ones");
        let hint = "name an IANA zone such as Europe/Berlin, or add a VTIMEZONE to the file";
        problems.push(Problem::new(ProblemKind::Field, message).hint(hint));
    }
    for id in zones.stale() {
        let message =
            format!("the VTIMEZONE `{id}` shows another hour than the zone of that name; the zone was believed");
        let hint = "let the program that writes the calendar update its time zones";
        problems.push(Problem::new(ProblemKind::Field, message).hint(hint));
    }
}

/// Of several VEVENTs with one UID (and RECURRENCE-ID) the newest, in the order of the file.
fn newest(events: Vec<Event>, problems: &mut Vec<Problem>) -> Vec<Event> {
    let mut places: HashMap<(String, Option<DateTime<Utc>>), usize> = HashMap::with_capacity(events.len());
    let mut kept: Vec<Event> = Vec::with_capacity(events.len());
    for event in events {
        let Some(uid) = event.uid.clone() else {
            kept.push(event);
            continue;
        };
        let place = *places.entry((uid, event.occurrence.as_ref().map(times::moment))).or_insert(kept.len());
        let Some(known) = kept.get_mut(place) else {
            kept.push(event);
            continue;
        };
        if known.occurrence.is_none() && differ(known, &event) {
            let uid = known.uid.as_deref().unwrap_or_default();
            let message = format!("several events have the UID `{uid}`; only the newest of them is kept");
            problems.push(Problem::new(ProblemKind::Read, message).line(event.entry.line));
        }
        if revision(&event) >= revision(known) {
            *known = event;
        }
    }
    kept
}

/// True for two that share a UID by mistake.
fn differ(one: &Event, other: &Event) -> bool {
    let start = |event: &Event| event.entry.declared.start.as_ref().map(|start| start.value.day());
    one.entry.title != other.entry.title && start(one) != start(other)
}

#[cfg(test)]
mod forms_tests;
#[cfg(test)]
mod matrix_tests;
#[cfg(test)]
mod tests;
