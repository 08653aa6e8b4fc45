//! Events as the page lists them: upcoming by their next date, and the last past ones.

use super::super::{Slice, SliceKind, View, text, words};
use super::links::{Named, to_slice};
use crate::model::{Event, EventStatus, Place, When, ZoneId};
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io;

/// How far ahead the next date of a recurring event is looked for: a yearly one always shows.
const AHEAD: TimeDelta = TimeDelta::days(400);
/// A series with more cancelled dates in a row than this shows only these.
const CANCELLED_IN_A_ROW: usize = 4;

/// How much is listed.
#[derive(Clone, Copy)]
pub struct Size {
    /// Upcoming dates.
    pub upcoming: usize,
    /// Past ones.
    pub past: usize,
    /// Whether tags and sources link to their pages.
    pub links: bool,
}

/// What a page lists.
pub struct Listing {
    /// Soonest first.
    pub upcoming: Vec<Row>,
    /// How many upcoming ones are left out.
    pub more: usize,
    /// Latest first.
    pub past: Vec<Row>,
}

/// One date of an event, ready to be shown.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    pub id: String,
    pub title: String,
    pub language: Option<String>,
    pub url: Option<String>,
    pub summary: Option<String>,
    pub start: Point,
    pub end: Option<Point>,
    /// What stands between start and end.
    pub joint: &'static str,
    /// The zone in words, for a time.
    pub zone: Option<String>,
    /// When it is over: a day, or a moment in RFC 3339.
    pub over: String,
    pub weekday: String,
    pub day: String,
    pub month: String,
    pub heading: String,
    pub ongoing: bool,
    /// `every week`.
    pub repeats: Option<String>,
    pub status: &'static str,
    pub status_words: Option<String>,
    pub place: Option<String>,
    pub online: Option<String>,
    pub registration: Option<String>,
    pub deadlines: Vec<String>,
    pub tags: Vec<Named>,
    pub sources: Vec<Named>,
    pub source_ids: String,
    pub image: Option<String>,
    #[serde(skip)]
    pub told_place: Place,
    #[serde(skip)]
    pub first_day_before: Option<NaiveDate>,
}

/// A point in time: for machines, and in words.
#[derive(Debug, Clone, Serialize)]
pub struct Point {
    /// `2022-10-14`, or RFC 3339.
    pub machine: String,
    /// `Fri 14`.
    pub words: String,
}

/// The events of one month.
#[derive(Serialize)]
pub struct Month<'a> {
    name: &'a str,
    rows: Vec<&'a Row>,
}

/// One date of an event.
struct Dated {
    when: When,
    title: Option<String>,
    place: Option<String>,
    cancelled: bool,
}

type Order = (NaiveDateTime, String);

impl Listing {
    /// Walks the slice once, keeping no more than is shown.
    pub fn of(slice: &mut dyn Slice, size: Size) -> io::Result<Self> {
        let view = slice.view().clone();
        let mut upcoming: BTreeMap<Order, Row> = BTreeMap::new();
        let mut past: BTreeMap<Order, Row> = BTreeMap::new();
        let mut more = 0;
        slice.events(&mut |event| {
            for dated in dates(event, view.today) {
                let when = on_a_clock(&dated.when, &view.site.zone);
                let order = (begins(&when), event.id.to_string());
                if when.last_day() >= view.today {
                    upcoming.insert(order, row(event, &dated, &when, &view, size.links));
                    more += usize::from(upcoming.len() > size.upcoming && upcoming.pop_last().is_some());
                } else if past.len() < size.past || past.first_key_value().is_some_and(|(first, _)| *first < order) {
                    past.insert(order, row(event, &dated, &when, &view, size.links));
                    if past.len() > size.past {
                        past.pop_first();
                    }
                }
            }
            Ok(())
        })?;
        let past = past.into_values().rev().collect();
        Ok(Self { upcoming: upcoming.into_values().collect(), more, past })
    }

    /// The upcoming ones, by month; what is under way stands first.
    pub fn months(&self) -> Vec<Month<'_>> {
        let mut months: Vec<Month> = Vec::new();
        for row in &self.upcoming {
            match months.last_mut().filter(|month| month.name == row.heading) {
                Some(month) => month.rows.push(row),
                None => months.push(Month { name: &row.heading, rows: vec![row] }),
            }
        }
        months
    }
}

/// The dates of an event that a page shows: its own, or of a recurring one the next that takes place and those cancelled before it.
fn dates(event: &Event, today: NaiveDate) -> Vec<Dated> {
    let once = |when: &When| Dated { when: when.clone(), title: None, place: None, cancelled: false };
    let Some(recurrence) = &event.facts.recurrence else { return vec![once(&event.facts.when)] };
    let window = |from: NaiveDate, to: NaiveDate, limit| {
        crate::recur::occurrences(&event.facts.when, recurrence, from, to, limit).into_iter().map(|date| Dated {
            when: date.when,
            title: date.title,
            place: date.place,
            cancelled: date.cancelled,
        })
    };
    let mut shown = Vec::new();
    for dated in window(today, today.checked_add_signed(AHEAD).unwrap_or(today), CANCELLED_IN_A_ROW) {
        let cancelled = dated.cancelled;
        shown.push(dated);
        if !cancelled {
            break;
        }
    }
    if shown.is_empty() {
        let last = crate::recur::last_day(&event.facts.when, recurrence);
        shown.extend(last.and_then(|day| window(day, day, 1).next()));
    }
    if shown.is_empty() {
        shown.push(once(&event.facts.when));
    }
    shown
}

/// A moment has no clock of its own: it is told on the site's.
fn on_a_clock(when: &When, zone: &ZoneId) -> When {
    match when {
        When::Instant { start, end } => When::Zoned {
            start: crate::zone::to_local(*start, zone),
            end: end.map(|end| crate::zone::to_local(end, zone)),
            zone: zone.clone(),
        },
        other => other.clone(),
    }
}

fn begins(when: &When) -> NaiveDateTime {
    match when {
        When::Zoned { start, .. } => *start,
        When::Instant { start, .. } => start.naive_utc(),
        When::AllDay { first, .. } => first.and_time(chrono::NaiveTime::MIN),
    }
}

fn row(event: &Event, dated: &Dated, when: &When, view: &View, links: bool) -> Row {
    let facts = &event.facts;
    let first = when.first_day();
    let ongoing = first < view.today && when.last_day() >= view.today;
    let (status, status_words) = status(event, dated);
    // Nobody should register for, or wait in, what does not take place.
    let takes_place = status != "cancelled";
    let spoken = spoken(when);
    let shown = |link: Named| Named { href: link.href.filter(|_| links), ..link };
    Row {
        id: event.id.to_string(),
        title: text::title(dated.title.as_deref().unwrap_or(&facts.title)),
        language: language(event, view),
        url: facts.links.page.as_ref().map(text::address),
        summary: facts.summary.as_deref().map(text::line),
        start: Point { machine: spoken.start_machine, words: spoken.words.start },
        joint: spoken.words.end.as_ref().map_or("", |(joint, _)| joint),
        end: spoken.words.end.zip(spoken.end_machine).map(|((_, words), machine)| Point { machine, words }),
        zone: spoken.zone,
        over: spoken.over,
        weekday: first.format("%a").to_string(),
        day: first.format("%-d").to_string(),
        month: first.format("%b").to_string(),
        heading: if ongoing { "On now".to_owned() } else { first.format("%B %Y").to_string() },
        ongoing,
        repeats: facts.recurrence.as_ref().map(words::repeats),
        status,
        status_words,
        place: dated.place.as_deref().map(text::line).or_else(|| facts.place.line().map(|line| text::line(&line))),
        online: facts.place.online.as_ref().filter(|_| takes_place).map(text::address),
        registration: facts.links.registration.as_ref().filter(|_| takes_place).map(text::address),
        deadlines: if takes_place { open_deadlines(event, view) } else { Vec::new() },
        tags: facts.tags.iter().map(|tag| tag_link(tag, view)).map(shown).collect(),
        sources: event.sources.iter().filter_map(|source| source_link(source, view)).map(shown).collect(),
        source_ids: event.sources.iter().map(|source| source.as_str()).collect::<Vec<_>>().join(" "),
        image: facts.images.iter().find_map(|image| text::written_address(&image.url)),
        told_place: facts.place.clone(),
        first_day_before: if let EventStatus::Moved { from } = facts.status { Some(from) } else { None },
    }
}

fn open_deadlines(event: &Event, view: &View) -> Vec<String> {
    event.facts.deadlines.iter().filter(|one| one.at.last_day() >= view.today).map(words::deadline).collect()
}

/// The event's language where it differs from the page's own words, which are English.
fn language(event: &Event, view: &View) -> Option<String> {
    let told = event.facts.language.as_deref().unwrap_or(&view.site.language);
    text::language(told).filter(|tag| *tag != "en").map(str::to_owned)
}

fn tag_link(tag: &crate::model::Tag, view: &View) -> Named {
    let to = to_slice(view, &|kind| matches!(kind, SliceKind::Tag(other) if other == tag));
    to.unwrap_or_else(|| Named { name: text::line(tag.as_str()), href: None, media_type: "" })
}

fn source_link(source: &crate::model::SourceId, view: &View) -> Option<Named> {
    to_slice(view, &|kind| matches!(kind, SliceKind::Source(id, _) if id == source))
}

fn status(event: &Event, dated: &Dated) -> (&'static str, Option<String>) {
    if dated.cancelled {
        return ("cancelled", Some("Cancelled".into()));
    }
    match &event.facts.status {
        EventStatus::Cancelled => ("cancelled", Some("Cancelled".into())),
        EventStatus::Postponed => ("postponed", Some("Postponed, new date not known yet".into())),
        EventStatus::Moved { from } => ("moved", Some(format!("Moved from {}", words::day(*from)))),
        EventStatus::Tentative => ("tentative", Some("Not yet confirmed".into())),
        EventStatus::Scheduled if event.vanished => ("vanished", Some("No longer listed by its source".into())),
        EventStatus::Scheduled => ("scheduled", None),
    }
}

struct SpokenRow {
    words: words::Spoken,
    start_machine: String,
    end_machine: Option<String>,
    zone: Option<String>,
    over: String,
}

fn spoken(when: &When) -> SpokenRow {
    match when {
        When::Zoned { start, end, zone } => SpokenRow {
            words: words::times(*start, *end),
            start_machine: with_offset(*start, zone),
            end_machine: end.map(|end| with_offset(end, zone)),
            zone: Some(zone_words(*start, zone)),
            over: end.map_or_else(|| start.date().to_string(), |end| with_offset(end, zone)),
        },
        other => {
            let (first, last) = (other.first_day(), other.last_day());
            SpokenRow {
                words: words::days(first, last),
                start_machine: first.to_string(),
                end_machine: Some(last.to_string()),
                zone: None,
                over: last.to_string(),
            }
        }
    }
}

fn with_offset(time: NaiveDateTime, zone: &ZoneId) -> String {
    let at = crate::zone::to_utc(time, zone);
    let offset = crate::zone::offset_at(at, zone);
    at.with_timezone(&offset).format("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// `Helsinki time (UTC+2)`.
fn zone_words(time: NaiveDateTime, zone: &ZoneId) -> String {
    match words::zone(zone.as_str()) {
        utc if utc == "UTC" => utc,
        town => format!("{town} ({})", offset_words(time, zone)),
    }
}

fn offset_words(time: NaiveDateTime, zone: &ZoneId) -> String {
    let seconds = crate::zone::offset_at(crate::zone::to_utc(time, zone), zone).local_minus_utc();
    let (hours, minutes) = (seconds.abs() / 3600, seconds.abs() / 60 % 60);
    let sign = if seconds < 0 { '−' } else { '+' };
    match (hours, minutes) {
        (0, 0) => "UTC".to_owned(),
        (_, 0) => format!("UTC{sign}{hours}"),
        _ => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}
