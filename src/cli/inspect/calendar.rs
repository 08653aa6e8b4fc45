//! `inspect calendar FILE FROM TO`: the occurrences that begin in the days from FROM up to TO, itself left out, as a subscriber would see them.
//!
//! In: a calendar file and two days such as 20250314. Out: `{"occurrences": [{"uid", "start", "end", "utc", "summary"}]}`, start and end as
//! in iCalendar on the event's own clock, `utc` the moment of the start where there is one. Problems go to standard error.
//! Private events are shown, too: this is about what is in the file, not about what is published.

use super::{answer, document};
use crate::cli::Exit;
use crate::cli::posts;
use crate::cli::screen::Screen;
use crate::model::{DeclaredValue, Document, Entry, Extraction, Key, Reading, Rules, SourceRules, When, clean_line};
use crate::recur::{self, Occurrence};
use crate::{normalize, read, zone};
use chrono::{Days, NaiveDate, NaiveDateTime};
use clap::Args;
use serde::Serialize;
use std::collections::HashMap;
use std::path::PathBuf;

/// More occurrences of one event than anybody compares by eye or program.
const MOST_OCCURRENCES: usize = 100_000;

#[derive(Debug, Args)]
pub(super) struct CalendarArgs {
    /// The calendar
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The first day, such as 20250314
    #[arg(value_name = "FROM", value_parser = day)]
    from: NaiveDate,
    /// The day after the last
    #[arg(value_name = "TO", value_parser = day)]
    to: NaiveDate,
}

#[derive(Debug, Serialize)]
struct Answer {
    occurrences: Vec<Row>,
}

/// One occurrence.
#[derive(Debug, Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    start: String,
    uid: String,
    end: String,
    utc: Option<String>,
    summary: String,
}

pub(super) fn print(args: &CalendarArgs, screen: &Screen) -> Result<Exit, Exit> {
    let document = document(&args.file, None, Some("text/calendar"), screen)?;
    let mut rules = posts::rules().ok_or(Exit::Failed)?;
    rules.sources.insert(document.source.clone(), SourceRules::plain(document.source.clone(), 0));
    let (occurrences, problems) = occurrences(&document, &rules, args.from, args.to);
    problems.iter().for_each(|problem| screen.complain(problem));
    answer(&Answer { occurrences }, screen)
}

fn day(text: &str) -> Result<NaiveDate, String> {
    NaiveDate::parse_from_str(text, "%Y%m%d").map_err(|_| "expected a day such as 20250314".to_owned())
}

fn occurrences(document: &Document, rules: &Rules, from: NaiveDate, to: NaiveDate) -> (Vec<Row>, Vec<String>) {
    let read = read::read(document);
    let mut problems: Vec<String> = read.problems.iter().map(ToString::to_string).collect();
    let mut rows = Vec::new();
    let text = String::from_utf8_lossy(&document.bytes);
    let blank = uids_with_blanks(&text);
    for mut entry in read.entries {
        entry.hidden = None;
        let Some(context) = normalize::Context::new(document, read.format, rules) else { continue };
        let (uid, title, floats) = (uid(&entry), clean_line(&entry.title), floats(&entry));
        let uid = blank.get(&uid).map_or(uid, |written| (*written).to_owned());
        let mut reading = Reading::default();
        normalize::normalize(&context, entry, Extraction::default(), &mut reading);
        problems.extend(reading.problems.iter().map(ToString::to_string));
        for sighting in reading.sightings {
            let facts = sighting.facts;
            let recurrence = facts.recurrence.unwrap_or_default();
            let last = to.pred_opt().unwrap_or(to);
            let found = recur::occurrences(&facts.when, &recurrence, from, last, MOST_OCCURRENCES);
            let begins_there = |occurrence: &Occurrence| (from..to).contains(&occurrence.when.first_day());
            rows.extend(found.into_iter().filter(begins_there).map(|occurrence| row(&uid, &title, floats, occurrence)));
        }
    }
    rows.sort();
    (rows, problems)
}

/// UIDs that have blanks around them in the file, by what they are without.
fn uids_with_blanks(text: &str) -> HashMap<String, &str> {
    let written = text.lines().filter_map(|line| line.strip_prefix("UID:"));
    written.map(|uid| (clean_line(uid), uid)).filter(|(clean, uid)| clean != uid).collect()
}

/// The UID of the entry: a change whose series is missing is named after its occurrence as well.
fn uid(entry: &Entry) -> String {
    let uid = entry.keys.iter().find_map(|key| match key {
        Key::Uid(uid) => Some(uid.as_str()),
        _ => None,
    });
    let uid = uid.unwrap_or_default();
    let of = |text: &str| NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%SZ").is_ok();
    uid.rsplit_once('/').filter(|(_, end)| of(end)).map_or(uid, |(uid, _)| uid).to_owned()
}

fn floats(entry: &Entry) -> bool {
    entry.declared.start.as_ref().is_some_and(|start| matches!(start.value, DeclaredValue::Local(_)))
}

fn row(uid: &str, title: &str, floats: bool, occurrence: Occurrence) -> Row {
    let local = |time: NaiveDateTime| time.format("%Y%m%dT%H%M%S").to_string();
    let utc = |time: NaiveDateTime| time.format("%Y%m%dT%H%M%SZ").to_string();
    let (start, end, moment) = match &occurrence.when {
        When::AllDay { first, last } => {
            let end = last.checked_add_days(Days::new(1)).unwrap_or(*last);
            (first.format("%Y%m%d").to_string(), end.format("%Y%m%d").to_string(), None)
        }
        When::Zoned { start, end, zone } => {
            let moment = (!floats).then(|| utc(zone::to_utc(*start, zone).naive_utc()));
            (local(*start), local(end.unwrap_or(*start)), moment)
        }
        When::Instant { start, end } => {
            let start_text = utc(start.naive_utc());
            (start_text.clone(), utc(end.unwrap_or(*start).naive_utc()), Some(start_text))
        }
    };
    let summary = occurrence.title.unwrap_or_else(|| title.to_owned());
    Row { start, uid: uid.to_owned(), end, utc: moment, summary }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SourceId;

    #[test]
    fn the_occurrences_of_a_calendar_are_those_that_begin_in_the_days() {
        let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:call\nSUMMARY:Call\nDTSTART;TZID=Europe/Berlin:20250324T180000\nDURATION:PT1H\n\
            RRULE:FREQ=WEEKLY\nCLASS:PRIVATE\nEND:VEVENT\nBEGIN:VEVENT\nUID:walk \nSUMMARY:Walk\nDTSTART:20250401T070000\nEND:VEVENT\nEND:VCALENDAR\n";
        let source = SourceId::new("inspect").unwrap();
        let mut rules = posts::rules().unwrap();
        rules.sources.insert(source.clone(), SourceRules::plain(source.clone(), 0));
        let document = Document {
            source,
            key: "a.ics".into(),
            url: None,
            media_type: None,
            bytes: text.into(),
            version: String::new(),
            first_seen: None,
        };
        let (rows, problems) = occurrences(&document, &rules, day("20250325").unwrap(), day("20250407").unwrap());
        let row = |start: &str, uid: &str, end: &str, utc: Option<&str>, summary: &str| Row {
            start: start.into(),
            uid: uid.into(),
            end: end.into(),
            utc: utc.map(str::to_owned),
            summary: summary.into(),
        };
        assert_eq!(
            rows,
            [
                row("20250331T180000", "call", "20250331T190000", Some("20250331T160000Z"), "Call"),
                row("20250401T070000", "walk ", "20250401T070000", None, "Walk"),
            ]
        );
        assert_eq!(problems, [""; 0]);
    }
}
