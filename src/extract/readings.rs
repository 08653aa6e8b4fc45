//! What the words of a mention mean in days and hours.

use super::grammar::clock::Hours;
use super::grammar::date::Dates;
use super::language::{Class, Unit};
use super::mentions::{Mention, What};
use super::page::Page;
use super::resolve::{Found, resolve};
use crate::model::TimeSpan;
use chrono::{Datelike, NaiveDate, Weekday};

/// What the words of a mention mean in days and hours.
#[derive(Debug, Clone)]
pub struct Reading {
    /// Days and hours.
    pub span: TimeSpan,
    /// The form the date is written in.
    pub rule: &'static str,
    /// How the days were found.
    pub found: Found,
}

/// Days and hours of a mention; two readings where the order of day and month is unknown.
pub fn readings(page: &Page, mention: &Mention) -> Vec<Reading> {
    let past = mention.before.has(Class::Past) || page.past && !mention.before.has(Class::Next);
    match &mention.what {
        What::Dates(dates, hours) => {
            let mut both = vec![dates.clone()];
            if dates.days.iter().any(|day| day.either) {
                let mut turned = dates.clone();
                for day in turned.days.iter_mut().filter(|day| day.either) {
                    (day.month, day.day) = (Some(day.day), day.month.unwrap_or(day.day));
                }
                both.push(turned);
            }
            let read = |dates| {
                let found = resolve(&dates, &page.years, past)?;
                let span = dated(page, mention, &dates, hours.as_ref(), &found);
                Some(Reading { span, rule: dates.rule, found })
            };
            both.into_iter().filter_map(read).collect()
        }
        What::Relative(relative, hours) => {
            let Some((first, last)) = page.years.anchor.and_then(|anchor| relative.days(anchor, past, page.language))
            else {
                return Vec::new();
            };
            let mut span = TimeSpan { last, ..TimeSpan::day(first) };
            if let (Some(hours), None) = (hours, last) {
                set_hours(&mut span, hours);
            }
            vec![Reading {
                span,
                rule: "relative-day",
                found: Found { first, last, weekday_clash: false, guessed: true },
            }]
        }
        What::Repeats(_) | What::Hours(_) => Vec::new(),
    }
}

/// The first reading of a mention.
pub fn span(page: &Page, mention: &Mention) -> Option<TimeSpan> {
    readings(page, mention).into_iter().next().map(|reading| reading.span)
}

fn dated(page: &Page, mention: &Mention, dates: &Dates, hours: Option<&Hours>, found: &Found) -> TimeSpan {
    let mut span = TimeSpan { last: found.last, ..TimeSpan::day(found.first) };
    if span.last.is_none() && mention.near.has(Class::WeekendOf) {
        span = weekend(span.first).unwrap_or(span);
    }
    if span.last.is_none() && dates.days.len() == 1 {
        span.last = lasting(page, mention).and_then(|days| span.first.checked_add_days(chrono::Days::new(days - 1)));
    }
    match (&dates.hours, hours, span.last) {
        ([Some(from), Some(to)], _, Some(_)) if from.to.is_none() && to.to.is_none() => {
            span.from = Some(from.from);
            span.to = Some(to.from);
            span.zone = to.zone.clone().or(from.zone.clone());
        }
        (_, Some(hours), None) => set_hours(&mut span, hours),
        ([Some(hours), _], None, None) => set_hours(&mut span, hours),
        _ => {}
    }
    span
}

/// "starts on 5 May for three days", "the three-day course begins on 5 May": how many days, from 2.
fn lasting(page: &Page, mention: &Mention) -> Option<u64> {
    let text = page.text(mention.block);
    let days = |at: usize| {
        let (count, unit_at) = text.count(at)?;
        let unit_at = text.skip(unit_at, '-');
        let (unit, end) = text.longest(unit_at, |meaning| meaning.unit)?;
        (unit == Unit::Day && (2..=14).contains(&count)).then_some((u64::from(count), end))
    };
    let behind = (mention.until..(mention.until + 4).min(mention.clause.1))
        .find_map(|at| text.phrase(at, Class::Lasting).and_then(days));
    if let Some((count, _)) = behind {
        return Some(count);
    }
    let begins = mention.near.has(Class::Starts);
    let adjective = || (mention.clause.0..mention.at).find_map(days);
    begins.then(adjective).flatten().map(|(count, _)| count)
}

/// Saturday and Sunday, where one of them is named for both.
fn weekend(day: NaiveDate) -> Option<TimeSpan> {
    let saturday = match day.weekday() {
        Weekday::Sat => day,
        Weekday::Sun => day.pred_opt()?,
        _ => return None,
    };
    Some(TimeSpan { last: saturday.succ_opt(), ..TimeSpan::day(saturday) })
}

/// Puts hours into a span of one day.
pub fn set_hours(span: &mut TimeSpan, hours: &Hours) {
    span.from = Some(hours.from);
    span.to = hours.to;
    span.zone.clone_from(&hours.zone);
}

/// "Saturday 24 May", where that day is a Saturday.
pub fn names_its_weekday(mention: &Mention, span: &TimeSpan) -> bool {
    let What::Dates(dates, _) = &mention.what else { return false };
    dates.days.first().and_then(|day| day.weekday) == Some(span.first.weekday())
}
