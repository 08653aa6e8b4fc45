//! RRULE, RDATE, EXDATE and EXRULE of a VEVENT → [`Recurrence`] (RFC 5545 §3.8.5).
//!
//! A rule stays a rule where its clock is a known zone's. Where only a VTIMEZONE in the file tells the clock, it is expanded on that
//! clock, and its occurrences become moments.

use super::event::{fitting_end, left_out, name_of, unreadable};
use super::lines::{Component, Property};
use super::times;
use super::zones::Zones;
use crate::model::{DeclaredTime, DeclaredValue, Moment, Override, Problem, ProblemKind, Recurrence, When};
use crate::recur;
use crate::zone;
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

/// What makes an event repeat, or not.
const REPEATING: [&str; 4] = ["RRULE", "RDATE", "EXDATE", "EXRULE"];
/// Rules, dates and the like of one event beyond these numbers are a mistake or an attack.
const MOST_RULES: usize = 8;
const MOST_DATES: usize = 5_000;
/// EXRULE is expanded, as far as this: RFC 5545 has no place for it. So are rules on a clock of the file's own.
const EXPANDED_YEARS: i64 = 10;
const MOST_EXPANDED: usize = 1_000;

/// What is asked for the repetitions of one event.
pub(super) struct Repeats<'a> {
    pub component: &'a Component<'a>,
    pub zones: &'a Zones<'a>,
    pub start: &'a DeclaredTime,
    pub end: Option<&'a DeclaredTime>,
}

impl Repeats<'_> {
    /// `Err` tells why the event is left out: it ends before it begins.
    pub fn read(&self, problems: &mut Vec<Problem>) -> Result<Option<Recurrence>, Problem> {
        if !self.component.properties.iter().any(|property| REPEATING.contains(&&*property.name)) {
            return Ok(None);
        }
        let when = times::when(&self.start.value, self.end.map(|end| &end.value));
        let mut recurrence = Recurrence::default();
        for property in self.component.all("RRULE").filter(|rule| !rule.value.trim().is_empty()).take(MOST_RULES) {
            match self.rule(property, when.as_ref(), problems) {
                Ok(rule) if !recurrence.rules.contains(&rule) => recurrence.rules.push(rule),
                Ok(_) => {}
                Err(why) if why == recur::NEVER && self.component.first("RDATE").is_none() => {
                    return Err(left_out(self.component, Problem::new(ProblemKind::Read, why).line(property.line)));
                }
                Err(why) => {
                    let message = format!("its rule is left out, so only its first occurrence is shown: {why}");
                    self.tell(message, property, problems);
                }
            }
        }
        self.dates(&mut recurrence, problems);
        if let Some(when) = when {
            let rules = self.component.all("EXRULE").take(MOST_RULES);
            recurrence.except.extend(rules.flat_map(|rule| excluded(&rule.value, &when)));
        }
        recurrence.dates.truncate(MOST_DATES);
        recurrence.except.truncate(MOST_DATES);
        self.on_own_clock(&mut recurrence, problems);
        Ok((recurrence != Recurrence::default()).then_some(recurrence))
    }

    fn tell(&self, message: String, property: &Property, problems: &mut Vec<Problem>) {
        let message = format!("{}: {message}", name_of(self.component));
        problems.push(Problem::new(ProblemKind::Field, message).line(property.line));
    }

    /// Of a floating event the zone is not known yet, so its UNTIL is kept as the day, which is right in any zone.
    fn rule(&self, property: &Property, when: Option<&When>, problems: &mut Vec<Problem>) -> Result<String, String> {
        let own = self.component.first("DTSTART").and_then(|start| self.zones.own_clock(start));
        let Some(when) = when.filter(|_| own.is_none()) else {
            return recur::checked_rule_of_floating(&property.value, self.start.value.day());
        };
        let rule = recur::checked_rule(&property.value, when)?;
        if !recur::start_fits_rule(when, &rule) {
            let raw = &self.start.raw;
            let message =
                format!("its start `{raw}` is not one that `{rule}` gives; it is shown as the first occurrence");
            self.tell(message, property, problems);
        }
        Ok(rule)
    }

    fn dates(&self, recurrence: &mut Recurrence, problems: &mut Vec<Problem>) {
        let mut tell = |property: &Property, value: &str| {
            let mut wrong = property.clone();
            wrong.value = value.to_owned().into();
            self.tell(unreadable(&wrong).message, property, problems);
        };
        for property in self.component.all("RDATE") {
            for value in values(property) {
                match further_date(property, value, self.zones, &self.start.value) {
                    Some((date, own)) => {
                        recurrence.dates.push(date);
                        recurrence.overrides.extend(own);
                    }
                    None => tell(property, value),
                }
            }
        }
        for property in self.component.all("EXDATE") {
            for value in values(property) {
                match self.zones.value(property, value) {
                    Some(date) => recurrence.except.push(times::moment_in(&date, &self.start.value)),
                    None => tell(property, value),
                }
            }
        }
    }

    /// Expands the rules of an event whose clock no known zone shows.
    fn on_own_clock(&self, recurrence: &mut Recurrence, problems: &mut Vec<Problem>) {
        let Some(property) = self.component.first("DTSTART").filter(|_| !recurrence.rules.is_empty()) else { return };
        let (Some(clock), DeclaredValue::At(start)) = (self.zones.own_clock(property), &self.start.value) else {
            return;
        };
        let rules = std::mem::take(&mut recurrence.rules);
        let first = start.naive_local();
        let (starts, whole) = expanded(rules, first);
        let moments = starts.into_iter().filter_map(|local| clock.moment(local));
        recurrence.dates.extend(moments.filter(|at| *at != start.to_utc()).map(Moment::At));
        if !whole {
            let message =
                format!("its time zone is known from this file only, so {EXPANDED_YEARS} years of it are shown");
            self.tell(message, property, problems);
        }
    }
}

fn values<'a>(property: &'a Property) -> impl Iterator<Item = &'a str> {
    property.value.split(',').filter(|value| !value.trim().is_empty()).take(MOST_DATES)
}

/// The starts on the clock, and whether they are all.
fn expanded(rules: Vec<String>, first: NaiveDateTime) -> (Vec<NaiveDateTime>, bool) {
    let when = When::Instant { start: first.and_utc(), end: None };
    let recurrence = Recurrence { rules, ..Recurrence::default() };
    let last = first.date().checked_add_signed(TimeDelta::days(EXPANDED_YEARS * 366)).unwrap_or(NaiveDate::MAX);
    let found = recur::occurrences(&when, &recurrence, first.date(), last, MOST_EXPANDED);
    let whole = found.len() < MOST_EXPANDED && recur::last_day(&when, &recurrence).is_some_and(|day| day <= last);
    (found.iter().map(|occurrence| zone::start_of(&occurrence.when).naive_utc()).collect(), whole)
}

/// An RDATE; one that is a period brings its own length.
fn further_date(
    property: &Property,
    value: &str,
    zones: &Zones,
    series: &DeclaredValue,
) -> Option<(Moment, Option<Override>)> {
    let Some((begin, length)) = value.split_once('/') else {
        return Some((times::moment_in(&zones.value(property, value)?, series), None));
    };
    // A period has an hour (§3.3.9), but one of a series of whole days is meant as days.
    let fitting = |value: DeclaredValue| match series {
        DeclaredValue::Day(_) => DeclaredValue::Day(value.day()),
        _ => value,
    };
    let begin = fitting(zones.value(property, begin)?);
    let end = match times::duration(length) {
        Some(duration) => times::end_after(&begin, duration),
        None => zones.value(property, length).and_then(|end| fitting_end(&begin, end)),
    };
    let of = times::moment_in(&begin, series);
    let own = times::when(&begin, end.as_ref());
    let own = own.map(|when| Override { of: of.clone(), when, title: None, place: None, cancelled: false });
    Some((of, own))
}

fn excluded(rule: &str, when: &When) -> Vec<Moment> {
    let Ok(rule) = recur::checked_rule(rule, when) else { return Vec::new() };
    let begin = when.first_day();
    let end = begin.checked_add_signed(TimeDelta::days(EXPANDED_YEARS * 366)).unwrap_or(begin);
    let fits = recur::start_fits_rule(when, &rule);
    let recurrence = Recurrence { rules: vec![rule], ..Recurrence::default() };
    let all = recur::occurrences(when, &recurrence, begin, end, MOST_DATES);
    let all = all.into_iter().skip(usize::from(!fits)).map(|occurrence| match occurrence.when {
        When::AllDay { first, .. } => Moment::Day(first),
        When::Zoned { start, .. } => Moment::Local(start),
        When::Instant { start, .. } => Moment::At(start),
    });
    all.collect()
}
