//! Programmes of conferences: the `schedule.xml` of Pentabarf, frab and pretalx, and the same as JSON.
//!
//! In: one decoded document. Out: one [`Entry`](crate::model::Entry), the conference, with its talks as sessions and, for people, as tables in its text.
//! What a talk lacks costs what it would have said, at most the talk. Talks after midnight stand under the day before and are told on their own day.

mod entry;
mod json;
#[cfg(test)]
mod tests;
mod xml;

use super::Read;
use crate::model::{Document, Format, Problem, ProblemKind};

/// A programme as written.
#[derive(Debug, Default)]
struct Schedule {
    conference: Conference,
    days: Vec<Day>,
    /// Why the document was not read to its end.
    broken: Option<Problem>,
}

/// What is said of the whole.
#[derive(Debug, Default)]
struct Conference {
    title: Option<String>,
    acronym: Option<String>,
    start: Option<String>,
    end: Option<String>,
    /// Talks that begin before this time of day are those of the night after (`day_change`).
    day_change: Option<String>,
    zone: Option<String>,
    venue: Option<String>,
    city: Option<String>,
    url: Option<String>,
    base_url: Option<String>,
    description: Option<String>,
    logo: Option<String>,
    keywords: Vec<String>,
}

/// A day of the programme.
#[derive(Debug, Default)]
struct Day {
    date: Option<String>,
    /// When it begins, with its date.
    start: Option<String>,
    talks: Vec<Talk>,
}

#[derive(Debug, Default)]
struct Talk {
    /// In the document, from 1; 0 if unknown.
    line: u32,
    title: Option<String>,
    /// Day and time, in all but the oldest programmes.
    date: Option<String>,
    /// The time of day, or both once more.
    start: Option<String>,
    /// Hours and minutes.
    duration: Option<String>,
    room: Option<String>,
    speakers: Vec<String>,
}

impl Conference {
    /// The fields of these names.
    fn of(field: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            title: field("title"),
            acronym: field("acronym"),
            start: field("start"),
            end: field("end"),
            day_change: field("day_change"),
            zone: field("time_zone_name"),
            venue: field("venue"),
            city: field("city"),
            url: field("url"),
            base_url: field("base_url"),
            description: field("description"),
            logo: field("logo"),
            keywords: Vec::new(),
        }
    }
}

impl Talk {
    fn of(field: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            title: field("title"),
            date: field("date"),
            start: field("start"),
            duration: field("duration"),
            room: field("room"),
            ..Self::default()
        }
    }
}

/// Reads a programme.
pub(super) fn read(text: &str, document: &Document) -> Read {
    let mut read = Read { format: Some(Format::Schedule), ..Read::default() };
    let schedule = if text.trim_start().starts_with('{') { json::schedule(text) } else { xml::schedule(text) };
    let result = entry::entry(schedule, document, &mut read.problems);
    match result {
        Ok(entry) => read.entries.push(entry),
        Err(found) => {
            let message = format!("expected a conference with a title and a first day, found {found}");
            read.problems.push(Problem::new(ProblemKind::Read, message).hint("look at `conference` in the programme"));
        }
    }
    for problem in &mut read.problems {
        *problem = std::mem::replace(problem, Problem::new(ProblemKind::Read, "")).at(&document.source, &document.key);
    }
    read
}

/// True for JSON that is a programme, though it may break off.
pub(super) fn is_in_json(text: &str) -> bool {
    let has = |sign: &str| memchr::memmem::find(text.as_bytes(), sign.as_bytes()).is_some();
    text.trim_start().starts_with('{')
        && has("\"schedule\"")
        && has("\"conference\"")
        && has("\"rooms\"")
        && json::is_schedule(text)
}
