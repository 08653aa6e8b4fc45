//! A programme → the entry of its conference.
//!
//! In: a [`Schedule`] as written. Out: an [`Entry`] of whole days with its sessions in order of time, or what was found in its stead.

use super::{Conference, Schedule, Talk};
use crate::model::{
    Declared, DeclaredSession, DeclaredTime, DeclaredValue, Document, Entry, EntryKind, Image, Key, Problem,
    ProblemKind, ZoneId, clean_line,
};
use crate::read::post::{parse_date, prose};
use crate::zone;
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use html_escape::encode_text;

/// The largest programmes of volunteers' congresses have about as many talks.
const MOST_TALKS: usize = 2_000;
/// So many talks that cannot be read are told of one programme.
const MOST_PROBLEMS: usize = 20;
/// The latest end of a night that still belongs to the day before.
const LATEST_CHANGE: NaiveTime = NaiveTime::from_hms_opt(10, 0, 0).expect("a time of day");
/// No talk takes longer.
const LONGEST: TimeDelta = TimeDelta::days(14);

/// A talk that stands on a day, with what its row shows.
struct Row {
    day: NaiveDate,
    local: Option<NaiveDateTime>,
    local_end: Option<NaiveDateTime>,
    session: DeclaredSession,
}

/// The conference; or, where it has no title or day, what was found.
pub(super) fn entry(mut schedule: Schedule, document: &Document, problems: &mut Vec<Problem>) -> Result<Entry, String> {
    problems.extend(schedule.broken.take());
    let conference = &schedule.conference;
    let title = conference.title.as_ref().or(conference.acronym.as_ref()).map(|title| clean_line(title));
    let title = title.filter(|title| !title.is_empty()).ok_or("no title")?;
    let zone = conference.zone.as_deref().and_then(zone::by_name);
    let rows = rows(&schedule, zone.as_ref(), problems);
    let dated = schedule.days.iter().filter_map(|day| day_of(day.date.as_deref()?));
    let days: Vec<NaiveDate> = dated.chain(rows.iter().map(|row| row.day)).collect();
    let time = |name: &str, written: &Option<String>, other: Option<&NaiveDate>| {
        let told = written.as_ref().and_then(|text| Some((text.clone(), day_of(text)?)));
        let (raw, day) = told.or_else(|| other.map(|day| (day.to_string(), *day)))?;
        Some(DeclaredTime { field: name.to_owned(), raw, line: 0, value: DeclaredValue::Day(day) })
    };
    let start = time("start", &conference.start, days.iter().min()).ok_or("no day")?;
    let end = time("end", &conference.end, days.iter().max());
    let name = conference.acronym.as_deref().map(clean_line).filter(|name| !name.is_empty());
    let name = format!("{}#{} {}", document.key, name.as_ref().unwrap_or(&title), start.value.day().year());
    Ok(Entry {
        keys: vec![Key::Part(name)],
        kind: EntryKind::Event,
        title,
        html: html(conference, &rows),
        url: conference.url.clone().or_else(|| conference.base_url.clone()),
        base: conference.base_url.clone(),
        tags: conference.keywords.clone(),
        images: conference.logo.iter().map(|url| Image { url: url.clone(), ..Image::default() }).collect(),
        declared: Declared {
            start: Some(start),
            end,
            zone: conference.zone.clone(),
            place: conference.venue.clone().or_else(|| conference.city.clone()),
            address: conference.venue.as_ref().and(conference.city.clone()).into_iter().collect(),
            sessions: rows.into_iter().map(|row| row.session).collect(),
            ..Declared::default()
        },
        ..Entry::default()
    })
}

/// The talks in order of time. Those that cannot be read are told.
fn rows(schedule: &Schedule, zone: Option<&ZoneId>, problems: &mut Vec<Problem>) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut left_out = Vec::new();
    for day in &schedule.days {
        let date = day.date.as_deref().and_then(day_of);
        let of_all = || time_of(&format!("2000-01-01 {}", schedule.conference.day_change.as_deref()?));
        let begins = day.start.as_deref().and_then(time_of).or_else(of_all);
        let change = begins.map(|begins| begins.time()).filter(|change| *change <= LATEST_CHANGE);
        for talk in &day.talks {
            match row(talk, date, change, zone) {
                Ok(row) => rows.push(row),
                Err(message) => left_out.push(Problem::new(ProblemKind::Field, message).line(talk.line)),
            }
        }
    }
    if rows.len() > MOST_TALKS {
        let message = format!("expected at most {MOST_TALKS} talks, found {}; the rest is left out", rows.len());
        problems.push(Problem::new(ProblemKind::Read, message));
    }
    problems.extend(left_out.into_iter().take(MOST_PROBLEMS));
    rows.truncate(MOST_TALKS);
    rows.sort_by_cached_key(|row| (row.day, row.local, row.session.room.clone()));
    rows
}

fn row(talk: &Talk, date: Option<NaiveDate>, change: Option<NaiveTime>, zone: Option<&ZoneId>) -> Result<Row, String> {
    let title = talk.title.as_deref().map(clean_line).filter(|title| !title.is_empty());
    let title = title.ok_or("expected a title of a talk, found none; the talk is left out")?;
    let start = start(talk, date, change).map(|value| in_zone(value, zone));
    let day = date.or_else(|| start.as_ref().map(DeclaredValue::day));
    let day = day.ok_or_else(|| {
        let title: String = title.chars().take(80).collect();
        format!("expected a day such as 2026-03-14 for the talk `{title}`, found none; the talk is left out")
    })?;
    let end = start.as_ref().zip(talk.duration.as_deref().and_then(length));
    let end = end.and_then(|(start, length)| after(start, length, zone));
    let names: Vec<String> =
        talk.speakers.iter().map(|name| clean_line(name)).filter(|name| !name.is_empty()).collect();
    let session = DeclaredSession {
        title,
        start: start.unwrap_or(DeclaredValue::Day(day)),
        end,
        speaker: (!names.is_empty()).then(|| names.join(", ")),
        room: talk.room.as_deref().map(clean_line).filter(|room| !room.is_empty()),
    };
    Ok(Row { day, local: local(&session.start), local_end: session.end.as_ref().and_then(local), session })
}

/// When a talk begins, with its time of day.
fn start(talk: &Talk, date: Option<NaiveDate>, change: Option<NaiveTime>) -> Option<DeclaredValue> {
    let whole = [&talk.date, &talk.start].into_iter().flatten().filter_map(|text| parse_date(text));
    if let Some(value) = whole.into_iter().find(|value| !matches!(value, DeclaredValue::Day(_))) {
        return Some(value);
    }
    let day = talk.date.as_deref().and_then(day_of);
    let time = time_of(&format!("{} {}", day.or(date)?, talk.start.as_deref()?))?;
    // What the night brings stands under the day before.
    let is_at_night = day.is_none() && change.is_some_and(|change| time.time() < change);
    let time = if is_at_night { time.checked_add_signed(TimeDelta::days(1))? } else { time };
    Some(DeclaredValue::Local(time))
}

/// A moment on the conference's own clock, where that is known.
fn in_zone(value: DeclaredValue, zone: Option<&ZoneId>) -> DeclaredValue {
    match (value, zone) {
        (DeclaredValue::At(at), Some(zone)) => {
            DeclaredValue::Zoned(zone::to_local(at.to_utc(), zone), zone.as_str().to_owned())
        }
        (value, _) => value,
    }
}

fn after(start: &DeclaredValue, length: TimeDelta, zone: Option<&ZoneId>) -> Option<DeclaredValue> {
    let add = |time: &NaiveDateTime| match zone {
        Some(zone) => Some(zone::to_local(zone::to_utc(*time, zone).checked_add_signed(length)?, zone)),
        None => time.checked_add_signed(length),
    };
    Some(match start {
        DeclaredValue::Day(_) => return None,
        DeclaredValue::Local(time) => DeclaredValue::Local(add(time)?),
        DeclaredValue::Zoned(time, name) => DeclaredValue::Zoned(add(time)?, name.clone()),
        DeclaredValue::At(at) => DeclaredValue::At(at.checked_add_signed(length)?),
    })
}

/// `00:45`, `1:30`, `00:45:00`, or minutes alone.
fn length(text: &str) -> Option<TimeDelta> {
    let numbers: Vec<i64> =
        text.split(':').take(4).map(|part| part.trim().parse::<u16>().ok().map(i64::from)).collect::<Option<_>>()?;
    let minutes = match numbers.as_slice() {
        [minutes] => *minutes,
        [hours, minutes] | [hours, minutes, _] => hours * 60 + minutes,
        _ => return None,
    };
    Some(TimeDelta::minutes(minutes)).filter(|length| *length > TimeDelta::zero() && *length <= LONGEST)
}

fn day_of(text: &str) -> Option<NaiveDate> {
    parse_date(text).map(|value| value.day())
}

fn time_of(text: &str) -> Option<NaiveDateTime> {
    parse_date(text).as_ref().and_then(local)
}

/// The time on the clock that the value is told on.
fn local(value: &DeclaredValue) -> Option<NaiveDateTime> {
    match value {
        DeclaredValue::Day(_) => None,
        DeclaredValue::Local(time) | DeclaredValue::Zoned(time, _) => Some(*time),
        DeclaredValue::At(at) => Some(at.naive_local()),
    }
}

/// The description, and a table for each day. Talks are not linked: their pages are not the conference's.
fn html(conference: &Conference, rows: &[Row]) -> String {
    let mut html = conference.description.as_deref().map(prose).unwrap_or_default();
    for day in rows.chunk_by(|one, other| one.day == other.day) {
        let date = day.first().map(|row| row.day.to_string()).unwrap_or_default();
        html.push_str(&format!("<h3>{date}</h3>\n<table>\n"));
        for row in day {
            let clock = |time: &NaiveDateTime| time.format("%H:%M").to_string();
            let hours: Vec<String> = row.local.iter().chain(&row.local_end).map(clock).collect();
            let session = &row.session;
            let cells = [Some(&session.title), session.speaker.as_ref(), session.room.as_ref()];
            html.push_str(&format!("<tr><th>{}</th>", hours.join("–")));
            for cell in cells {
                html.push_str(&format!("<td>{}</td>", encode_text(cell.map_or("", |text| text.as_str()))));
            }
            html.push_str("</tr>\n");
        }
        html.push_str("</table>\n");
    }
    html
}
