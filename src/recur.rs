//! Occurrences of a recurrence in a window (RFC 5545 §3.8.5).
//!
//! Rules are expanded on the event's own clock and only then become moments, so that 18:00 stays 18:00 when summer time begins.
//! Where implementations disagree: the first start always is an occurrence (one that the rule does not
//! give comes on top of COUNT), several rules are a union,
//! EXDATE as a day removes that day's occurrences, even changed ones, UNTIL as a day includes that day.

mod cut;
mod expand;
mod rule;

pub use cut::cut;

use crate::model::{Moment, Override, Recurrence, When};
use crate::zone;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use expand::Starts;
use rule::{Rule, Until};
use std::collections::{BTreeSet, HashSet};

/// What [`checked_rule`] says of a rule that ends before it begins: the trace of a series that was taken back as a whole.
pub const NEVER: &str = "`UNTIL` is before the first occurrence";

/// Seconds from one occurrence to the next by a rule that goes by minutes or seconds. Guided tours begin every quarter of an hour, nothing more often.
const SHORTEST_STEP: i64 = 15 * 60;

/// One date of a recurring event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// When.
    pub when: When,
    /// Its own title, if it differs from the series'.
    pub title: Option<String>,
    /// Its own place line, if it differs.
    pub place: Option<String>,
    /// True if this one is cancelled.
    pub cancelled: bool,
}

/// The occurrences that touch the days `from..=to` on the event's own clock, in order, at most `limit`. Work is bounded whatever the rule says.
pub fn occurrences(
    when: &When,
    recurrence: &Recurrence,
    from: NaiveDate,
    to: NaiveDate,
    limit: usize,
) -> Vec<Occurrence> {
    let series = Series::of(when);
    let touches = |when: &When| when.first_day() <= to && when.last_day() >= from;
    let enough = limit.saturating_add(recurrence.except.len()).saturating_add(recurrence.overrides.len());
    let mut starts: BTreeSet<NaiveDateTime> = BTreeSet::new();
    starts.insert(series.shown(series.start));
    starts.extend(recurrence.dates.iter().map(|date| series.start_named(date)));
    let rules: Vec<Rule> = recurrence.rules.iter().filter_map(|rule| Rule::parse(rule).ok()).collect();
    let earliest = from.checked_sub_days(series.days()).unwrap_or(from);
    for rule in &rules {
        let of_rule = Starts::new(rule, series.start, earliest, to)
            .take_while(|start| start.date() <= to && !series.is_past(rule.until, *start));
        starts.extend(of_rule.filter(|start| start.date() >= earliest).take(enough).map(|start| series.shown(start)));
    }
    let except = Except::new(&recurrence.except, &series);
    starts.retain(|start| !except.has(*start));
    let mut found: Vec<Occurrence> = Vec::new();
    for change in &recurrence.overrides {
        let of = series.start_named(&change.of);
        starts.remove(&of);
        if !except.has(of) && touches(&change.when) {
            found.push(changed(change));
        }
    }
    let plain = starts.into_iter().map(|start| series.at(start)).filter(touches).take(enough);
    found.extend(plain.map(|when| Occurrence { when, title: None, place: None, cancelled: false }));
    found.sort_by_key(|occurrence| order(&occurrence.when));
    found.truncate(limit);
    found
}

fn changed(change: &Override) -> Occurrence {
    Occurrence {
        when: change.when.clone(),
        title: change.title.clone(),
        place: change.place.clone(),
        cancelled: change.cancelled,
    }
}

fn order(when: &When) -> NaiveDateTime {
    match when {
        When::AllDay { first, .. } => first.and_time(NaiveTime::MIN),
        When::Zoned { start, .. } => *start,
        When::Instant { start, .. } => start.naive_utc(),
    }
}

/// An event seen as the first of a series: its start on its own clock, and how it makes an occurrence of another start.
struct Series<'a> {
    when: &'a When,
    start: NaiveDateTime,
    length: TimeDelta,
}

impl<'a> Series<'a> {
    fn of(when: &'a When) -> Self {
        let (start, end) = match when {
            When::AllDay { first, last } => (first.and_time(NaiveTime::MIN), Some(last.and_time(NaiveTime::MIN))),
            When::Zoned { start, end, .. } => (*start, *end),
            When::Instant { start, end } => (start.naive_utc(), end.map(|end| end.naive_utc())),
        };
        let length = end.map_or(TimeDelta::zero(), |end| end - start).max(TimeDelta::zero());
        Self { when, start, length }
    }

    /// Days by which an occurrence that touches a day may begin before it.
    fn days(&self) -> chrono::Days {
        chrono::Days::new(self.length.num_days().unsigned_abs() + 1)
    }

    /// A start as the clock shows it: one that the clock skips is an hour later.
    fn shown(&self, start: NaiveDateTime) -> NaiveDateTime {
        self.local(self.moment(start))
    }

    /// The occurrence that begins then.
    fn at(&self, start: NaiveDateTime) -> When {
        let end = |start: NaiveDateTime| start.checked_add_signed(self.length).unwrap_or(start);
        match self.when {
            When::AllDay { .. } => When::AllDay { first: start.date(), last: end(start).date() },
            When::Zoned { end: known, zone, .. } => {
                When::Zoned { start, end: known.map(|_| end(start)), zone: zone.clone() }
            }
            When::Instant { end: known, .. } => {
                When::Instant { start: start.and_utc(), end: known.map(|_| end(start).and_utc()) }
            }
        }
    }

    fn moment(&self, start: NaiveDateTime) -> DateTime<Utc> {
        match self.when {
            When::Zoned { zone, .. } => zone::to_utc(start, zone),
            _ => start.and_utc(),
        }
    }

    fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        match self.when {
            When::Zoned { zone, .. } => zone::to_local(at, zone),
            _ => at.naive_utc(),
        }
    }

    /// The start that a RECURRENCE-ID or RDATE names; a bare day of a timed series has the series' hour.
    fn start_named(&self, moment: &Moment) -> NaiveDateTime {
        let named = match moment {
            Moment::Day(day) => day.and_time(self.start.time()),
            Moment::Local(local) => *local,
            Moment::At(at) => self.local(*at),
        };
        if self.when.is_all_day() { named.date().and_time(NaiveTime::MIN) } else { self.shown(named) }
    }

    /// UNTIL in the kind that DTSTART asks for: a day for whole days, else UTC.
    fn fitting(&self, until: Until) -> Until {
        let latest = NaiveTime::from_hms_opt(23, 59, 59).unwrap_or(NaiveTime::MIN);
        match until {
            Until::Day(_) if self.when.is_all_day() => until,
            Until::Local(local) | Until::Utc(local) if self.when.is_all_day() => Until::Day(local.date()),
            Until::Day(day) => Until::Utc(self.moment(day.and_time(latest)).naive_utc()),
            Until::Local(local) => Until::Utc(self.moment(local).naive_utc()),
            Until::Utc(_) => until,
        }
    }

    fn is_past(&self, until: Option<Until>, start: NaiveDateTime) -> bool {
        match until {
            None => false,
            Some(Until::Day(day)) => start.date() > day,
            Some(Until::Local(local) | Until::Utc(local)) if self.when.is_all_day() => start.date() > local.date(),
            Some(Until::Local(local)) => start > local,
            Some(Until::Utc(at)) => self.moment(start) > at.and_utc(),
        }
    }
}

/// What EXDATEs remove.
struct Except {
    days: HashSet<NaiveDate>,
    starts: HashSet<NaiveDateTime>,
}

impl Except {
    fn new(except: &[Moment], series: &Series) -> Self {
        let mut all = Self { days: HashSet::new(), starts: HashSet::new() };
        for moment in except {
            match moment {
                Moment::Day(day) => {
                    all.days.insert(*day);
                }
                other => {
                    all.starts.insert(series.start_named(other));
                }
            }
        }
        all
    }

    fn has(&self, start: NaiveDateTime) -> bool {
        self.days.contains(&start.date()) || self.starts.contains(&start)
    }
}

/// The rule in canonical spelling if it is sound for an event that begins like `when` (RFC 5545 §3.3.10), else what is wrong with it.
/// An UNTIL is turned to the kind that DTSTART asks for; absurd rules (FREQ=SECONDLY, INTERVAL=0) are refused.
/// Of COUNT and UNTIL together, which §3.3.10 forbids, the one that ends the series first is kept.
pub fn checked_rule(rule: &str, when: &When) -> Result<String, String> {
    let mut rule = Rule::parse(rule)?;
    refuse_too_often(&rule)?;
    let series = Series::of(when);
    if when.is_all_day() {
        if let Some(freq) = rule.freq.seconds().map(|_| rule.freq) {
            return Err(format!("`FREQ={freq}` does not fit an event of whole days"));
        }
        rule.by_hour.clear();
        rule.by_minute.clear();
        rule.by_second.clear();
    }
    if rule.until.is_some_and(|until| series.is_past(Some(until), series.start)) {
        return Err(NEVER.to_owned());
    }
    rule.until = rule.until.map(|until| series.fitting(until));
    if let (Some(_), Some(until)) = (rule.count, rule.until) {
        let mut counted = rule.clone();
        counted.until = None;
        let last = last_start(&counted, &series);
        match last {
            Some(last) if !series.is_past(Some(until), last) => rule.until = None,
            _ => rule.count = None,
        }
    }
    Ok(rule.to_string())
}

/// [`SHORTEST_STEP`] holds for what a rule by minutes or seconds leaves open; nothing keeps a rule from naming hours and minutes.
fn refuse_too_often(rule: &Rule) -> Result<(), String> {
    let step = rule.freq.seconds().map(|seconds| seconds.saturating_mul(i64::from(rule.interval)));
    match step {
        Some(step) if step < SHORTEST_STEP => Err(format!("`FREQ={}` is more often than an event can be", rule.freq)),
        _ => Ok(()),
    }
}

/// The same for an event whose zone is not known yet. Its UNTIL is kept as a day, which is right in any zone;
/// [`checked_rule`] takes the result again once the zone is known.
pub fn checked_rule_of_floating(rule: &str, first: NaiveDate) -> Result<String, String> {
    let mut floating = Rule::parse(rule)?;
    refuse_too_often(&floating)?;
    floating.until = floating.until.map(|until| match until {
        Until::Day(day) => Until::Day(day),
        Until::Local(time) | Until::Utc(time) => Until::Day(time.date()),
    });
    if floating.until.is_some_and(|until| until < Until::Day(first)) {
        return Err(NEVER.to_owned());
    }
    if floating.until.is_some() {
        floating.count = None;
    }
    Ok(floating.to_string())
}

/// The first starts of a rule as the event's own clock shows them, at most `limit`; also of rules that are absurd for events.
/// `Err` says what is wrong with the rule.
pub fn first_starts(when: &When, rule: &str, limit: usize) -> Result<Vec<NaiveDateTime>, String> {
    let (rule, series) = (Rule::parse(rule)?, Series::of(when));
    let starts = Starts::new(&rule, series.start, series.start.date(), NaiveDate::MAX);
    let starts = starts.take_while(|start| !series.is_past(rule.until, *start));
    Ok(starts.take(limit).map(|start| series.shown(start)).collect())
}

/// True if the event's own start is one that the rule yields; if not, RFC 5545 §3.8.5.3 leaves open what the rule means.
pub fn start_fits_rule(when: &When, rule: &str) -> bool {
    Rule::parse(rule).is_ok_and(|rule| expand::first_fits(&rule, Series::of(when).start))
}

/// The last start of a rule that ends by its COUNT; `None` if finding it is too much work.
fn last_start(rule: &Rule, series: &Series) -> Option<NaiveDateTime> {
    let mut starts = Starts::new(rule, series.start, series.start.date(), NaiveDate::MAX);
    let last = starts.by_ref().last();
    if starts.gave_up() { None } else { last }
}

/// The last day on which an occurrence may touch, `None` if it goes on for ever (or beyond what is worth expanding).
pub fn last_day(when: &When, recurrence: &Recurrence) -> Option<NaiveDate> {
    let series = Series::of(when);
    let mut last = when.last_day();
    let mut reach = |start: NaiveDateTime| last = last.max(series.at(start).last_day());
    recurrence.dates.iter().for_each(|date| reach(series.start_named(date)));
    for rule in recurrence.rules.iter().filter_map(|rule| Rule::parse(rule).ok()) {
        match rule.until {
            Some(Until::Day(day)) => reach(day.and_time(series.start.time())),
            Some(Until::Local(local)) => reach(local),
            Some(Until::Utc(at)) => reach(series.local(at.and_utc())),
            None if rule.count.is_some() => reach(last_start(&rule, &series)?),
            None => return None,
        }
    }
    Some(recurrence.overrides.iter().map(|change| change.when.last_day()).fold(last, NaiveDate::max))
}

#[cfg(test)]
mod tests;
