//! Partial dates → days: the year that the day of publication, the weekday, the title and the other dates suggest.

use super::grammar::date::{Dates, Partial};
use chrono::{Datelike, NaiveDate};

/// What a document says about years.
#[derive(Debug, Clone, Default)]
pub struct Years {
    /// Day of publication.
    pub published: Option<NaiveDate>,
    /// The day that what is not said in full counts from: of publication, else when it was first seen.
    pub anchor: Option<NaiveDate>,
    /// Years named in title or description.
    pub titled: Vec<i32>,
    /// Years named anywhere else.
    pub named: Vec<i32>,
    /// Days of the document that are named with their year.
    pub full: Vec<NaiveDate>,
}

/// Days found for a mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// First day.
    pub first: NaiveDate,
    /// Last day of several.
    pub last: Option<NaiveDate>,
    /// The named weekday is not that day's.
    pub weekday_clash: bool,
    /// The year is a guess.
    pub guessed: bool,
}

/// A range may be as long as this.
const LONGEST: i64 = 200;
/// A list of days further apart than this is no span.
const LONGEST_LIST: i64 = 14;

/// The days of a mention.
pub fn resolve(dates: &Dates, years: &Years, past: bool) -> Option<Found> {
    let first = dates.days.first()?;
    let last = dates.days.last()?;
    let year = match first.year {
        Some(year) => year,
        None => years.year(first, past)?,
    };
    let begin = day(first, year)?;
    let guessed = first.year.is_none();
    let mut weekday_clash = clash(first, begin);
    let mut end = None;
    if dates.days.len() > 1 {
        let wraps = guessed && last.year.is_none() && (last.month, last.day) < (first.month, first.day);
        end = day(last, last.year.unwrap_or(if wraps { year + 1 } else { year }));
        weekday_clash |= end.is_some_and(|end| clash(last, end));
        let most = if dates.range { LONGEST } else { LONGEST_LIST };
        end = end.filter(|end| (1..=most).contains(&(*end - begin).num_days()));
    }
    Some(Found { first: begin, last: end, weekday_clash, guessed })
}

/// The day in this year.
pub fn day(partial: &Partial, year: i32) -> Option<NaiveDate> {
    let (Some(nth), Some(weekday)) = (partial.nth, partial.weekday) else {
        return NaiveDate::from_ymd_opt(year, partial.month?, partial.day);
    };
    let of_month = |nth: u8| NaiveDate::from_weekday_of_month_opt(year, partial.month?, weekday, nth);
    match u8::try_from(nth) {
        Ok(nth) => of_month(nth),
        Err(_) => of_month(5).or_else(|| of_month(4)),
    }
}

fn clash(partial: &Partial, day: NaiveDate) -> bool {
    partial.weekday.is_some_and(|weekday| weekday != day.weekday())
}

impl Years {
    /// The day that a partial date most likely means.
    pub fn day(&self, partial: &Partial, past: bool) -> Option<NaiveDate> {
        day(partial, self.year(partial, past)?)
    }

    fn year(&self, partial: &Partial, past: bool) -> Option<i32> {
        let mut candidates: Vec<i32> = self.titled.clone();
        if let Some(anchor) = self.anchor {
            candidates.extend((anchor.year() - 1)..=(anchor.year() + 1));
        }
        if candidates.is_empty() {
            candidates.extend(self.full.iter().take(50).map(Datelike::year));
            candidates.extend(&self.named);
        }
        candidates.sort_unstable();
        candidates.dedup();
        let score = |year: i32| day(partial, year).map(|day| (self.score(partial, day, past), year));
        candidates.into_iter().filter_map(score).max_by_key(|(score, year)| (*score, -year)).map(|(_, year)| year)
    }

    fn score(&self, partial: &Partial, day: NaiveDate, past: bool) -> i64 {
        let mut score = 0;
        if partial.weekday.is_some() {
            score += if clash(partial, day) { -300 } else { 300 };
        }
        if self.titled.contains(&day.year()) {
            score += 300;
        }
        if let Some(anchor) = self.anchor {
            let ahead = (day - anchor).num_days();
            score += match (past, ahead) {
                (false, 0..=330) => 300 - ahead / 4,
                (true, -330..=0) => 300 + ahead / 4,
                (false, -45..=-1) => 200 + ahead,
                (true, 1..=30) => 200 - ahead,
                _ => 0,
            };
        }
        let near = self.full.iter().take(50).map(|full| (*full - day).num_days().abs()).min();
        score + if near.is_some_and(|days| days <= 45) { 150 } else { 0 }
    }
}
