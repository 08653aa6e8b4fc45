//! VTIMEZONE (RFC 5545 §3.6.5) from current data.
//!
//! Changes that come back every year on the same weekday of a month become one observance with an RRULE, all others one with RDATEs.

use super::{UTC, from_civil, rules};
use crate::model::{ZoneId, weekday_code};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use jiff::Timestamp;
use jiff::civil;
use jiff::tz::{Dst, TimeZone};

/// A pattern that still holds so many years after the last one asked for is written without an end.
const LOOK_AHEAD: i32 = 8;
/// Fewer repetitions than this are no rule.
const SHORTEST_RUN: usize = 3;

/// A VTIMEZONE (RFC 5545 §3.6.5) right for every clock time of the years `first..=last`, as unfolded lines without line ends.
/// `None` for `Etc/UTC`, which needs none.
pub fn vtimezone(zone: &ZoneId, first: i32, last: i32) -> Option<Vec<String>> {
    if zone.as_str() == UTC {
        return None;
    }
    let rules = rules(zone)?;
    let first = first.clamp(1, 9000);
    let last = last.clamp(first, 9000);
    let changes = changes(&rules, first, last + LOOK_AHEAD)?;
    let mut observances = observances(changes, last);
    observances.sort_by_key(|o| o.first().onset);
    let mut lines = vec!["BEGIN:VTIMEZONE".to_owned(), format!("TZID:{zone}")];
    observances.iter().for_each(|observance| observance.write(&mut lines));
    lines.push("END:VTIMEZONE".to_owned());
    Some(lines)
}

/// A moment from which another offset (or another name for it) applies.
#[derive(Debug, Clone, PartialEq)]
struct Change {
    /// On the clock before the change, as DTSTART wants it.
    onset: NaiveDateTime,
    to: Offset,
    from_seconds: i32,
}

#[derive(Debug, Clone, PartialEq)]
struct Offset {
    seconds: i32,
    name: String,
    daylight: bool,
}

impl Change {
    fn moment(&self) -> DateTime<Utc> {
        (self.onset - TimeDelta::seconds(self.from_seconds.into())).and_utc()
    }

    /// True if `next` is this change a year later, but for the day.
    fn comes_back_as(&self, next: &Change) -> bool {
        next.onset.year() == self.onset.year() + 1
            && next.onset.month() == self.onset.month()
            && next.onset.weekday() == self.onset.weekday()
            && next.onset.time() == self.onset.time()
            && next.from_seconds == self.from_seconds
            && next.to == self.to
    }

    /// Which of its weekday in the month it is: from the front, and from the back if it is the last.
    fn places(&self) -> Places {
        let day = self.onset.day();
        let last = (self.onset.date() + TimeDelta::days(7)).month() != self.onset.month();
        Places { nth: (day <= 28).then(|| (day - 1) / 7 + 1), last }
    }
}

#[derive(Debug, Clone, Copy)]
struct Places {
    nth: Option<u32>,
    last: bool,
}

impl Places {
    fn and(self, other: Places) -> Option<Places> {
        let both = Places { nth: self.nth.filter(|_| self.nth == other.nth), last: self.last && other.last };
        (both.nth.is_some() || both.last).then_some(both)
    }
}

/// The state at the beginning of `first` as a change, then the changes up to the end of `last`.
fn changes(rules: &TimeZone, first: i32, last: i32) -> Option<Vec<Change>> {
    let moment = |year: i32| {
        let date = civil::date(i16::try_from(year).ok()?, 1, 1);
        date.at(0, 0, 0, 0).to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
    };
    let begin = moment(first)?.checked_sub(jiff::SignedDuration::from_hours(26)).ok()?;
    let end = moment(last + 1)?.checked_add(jiff::SignedDuration::from_hours(26)).ok()?;
    let mut all = vec![state_at(rules, begin, first)?];
    for transition in rules.following(begin) {
        if transition.timestamp() >= end {
            break;
        }
        let change = change_at(rules, transition.timestamp())?;
        if all.last().is_none_or(|before| before.to != change.to) {
            all.push(change);
        }
    }
    Some(all)
}

/// What applies at `begin`, as the change that led to it; where that is long ago, as if it had always been so.
fn state_at(rules: &TimeZone, begin: Timestamp, first: i32) -> Option<Change> {
    let before = rules.preceding(begin.checked_add(jiff::SignedDuration::from_secs(1)).ok()?).next();
    let known = before.and_then(|transition| change_at(rules, transition.timestamp()));
    let year = 1970.min(first - 1).max(1);
    match known {
        Some(change) if change.onset.year() >= year => Some(change),
        _ => {
            let to = offset_from(rules, begin);
            let onset = NaiveDate::from_ymd_opt(year, 1, 1)?.and_hms_opt(0, 0, 0)?;
            Some(Change { onset, from_seconds: to.seconds, to })
        }
    }
}

fn change_at(rules: &TimeZone, at: Timestamp) -> Option<Change> {
    let before = rules.to_offset(at.checked_sub(jiff::SignedDuration::from_secs(1)).ok()?);
    let onset = from_civil(before.to_datetime(at))?;
    Some(Change { onset, from_seconds: before.seconds(), to: offset_from(rules, at) })
}

fn offset_from(rules: &TimeZone, at: Timestamp) -> Offset {
    let info = rules.to_offset_info(at);
    Offset { seconds: info.offset().seconds(), name: info.abbreviation().to_owned(), daylight: info.dst() == Dst::Yes }
}

/// A STANDARD or DAYLIGHT part.
struct Observance {
    changes: Vec<Change>,
    /// Set if the changes follow a yearly rule.
    rule: Option<Rule>,
}

struct Rule {
    places: Places,
    endless: bool,
}

/// Sorts the changes into yearly runs and single ones.
fn observances(changes: Vec<Change>, last: i32) -> Vec<Observance> {
    let horizon = changes.iter().map(|change| change.onset.year()).max().unwrap_or(last);
    let mut runs: Vec<(Vec<Change>, Places)> = Vec::new();
    for change in changes {
        let places = change.places();
        let mut found = None;
        // Only the last few runs can go on, as a run needs a change every year.
        for (n, (run, so_far)) in runs.iter().enumerate().rev().take(12) {
            if run.last().is_some_and(|before| before.comes_back_as(&change)) {
                found = so_far.and(places).map(|both| (n, both));
                break;
            }
        }
        match found.and_then(|(n, both)| Some((runs.get_mut(n)?, both))) {
            Some((run, both)) => {
                run.0.push(change);
                run.1 = both;
            }
            None => runs.push((vec![change], places)),
        }
    }
    let mut out: Vec<Observance> = Vec::new();
    for (run, places) in runs {
        if run.len() >= SHORTEST_RUN {
            let ends = run.last().map_or(0, |change| change.onset.year());
            // A run that holds to the horizon goes on, as far as anybody knows today.
            let endless = ends >= horizon && ends > last;
            if run.first().is_some_and(|change| change.onset.year() <= last) {
                out.push(Observance { changes: run, rule: Some(Rule { places, endless }) });
            }
        } else {
            run.into_iter()
                .filter(|change| change.onset.year() <= last)
                .for_each(|change| add_single(&mut out, change));
        }
    }
    out
}

/// Puts a change beside others of the same offsets.
fn add_single(out: &mut Vec<Observance>, change: Change) {
    let alike = |o: &&mut Observance| {
        let first = o.first();
        o.rule.is_none() && first.to == change.to && first.from_seconds == change.from_seconds
    };
    match out.iter_mut().find(alike) {
        Some(observance) => observance.changes.push(change),
        None => out.push(Observance { changes: vec![change], rule: None }),
    }
}

impl Observance {
    fn first(&self) -> &Change {
        // An observance is made with its first change and never loses one.
        &self.changes[0]
    }

    fn write(&self, lines: &mut Vec<String>) {
        let first = self.first();
        let kind = if first.to.daylight { "DAYLIGHT" } else { "STANDARD" };
        lines.push(format!("BEGIN:{kind}"));
        lines.push(format!("DTSTART:{}", local(first.onset)));
        lines.push(format!("TZOFFSETFROM:{}", offset(first.from_seconds)));
        lines.push(format!("TZOFFSETTO:{}", offset(first.to.seconds)));
        lines.push(format!("TZNAME:{}", first.to.name));
        match &self.rule {
            Some(rule) => lines.push(self.rrule(rule)),
            None => {
                for change in self.changes.iter().skip(1) {
                    lines.push(format!("RDATE:{}", local(change.onset)));
                }
            }
        }
        lines.push(format!("END:{kind}"));
    }

    fn rrule(&self, rule: &Rule) -> String {
        let first = self.first();
        let place = match rule.places {
            Places { last: true, .. } => -1,
            Places { nth, .. } => nth.map_or(1, i64::from),
        };
        let day = weekday_code(first.onset.weekday());
        let mut text = format!("RRULE:FREQ=YEARLY;BYMONTH={};BYDAY={place}{day}", first.onset.month());
        if let (false, Some(last)) = (rule.endless, self.changes.last()) {
            text.push_str(&format!(";UNTIL={}", last.moment().format("%Y%m%dT%H%M%SZ")));
        }
        text
    }
}

fn local(time: NaiveDateTime) -> String {
    time.format("%Y%m%dT%H%M%S").to_string()
}

fn offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let seconds = seconds.abs();
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if rest == 0 { format!("{sign}{hours:02}{minutes:02}") } else { format!("{sign}{hours:02}{minutes:02}{rest:02}") }
}

#[cfg(test)]
mod tests;
