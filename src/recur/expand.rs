//! The clock times that a rule yields (RFC 5545 §3.3.10), period by period.
//!
//! A period is a year, month, week, day, hour, minute or second. Without COUNT the first period looked at is the one before the window, however
//! long ago the rule began, so that work is in proportion to the window.

use super::rule::{Freq, Rule};
use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};

/// Days looked at before giving up: 160 years of a rule with COUNT, which must be walked from its beginning.
const BUDGET: u32 = 60_000;

/// Starts of a rule in order, from the first period that may touch `from` up to the one that holds `to`. The first start always is an
/// occurrence; if it does not fit the rule, it comes on top of COUNT.
pub(super) struct Starts<'a> {
    rule: &'a Rule,
    first: NaiveDateTime,
    to: NaiveDate,
    /// Which period comes next, and what is left of the present one, last first.
    period: i64,
    pending: Vec<NaiveDateTime>,
    given: u32,
    budget: u32,
    began: bool,
}

impl<'a> Starts<'a> {
    pub fn new(rule: &'a Rule, first: NaiveDateTime, from: NaiveDate, to: NaiveDate) -> Self {
        let period = if rule.count.is_some() { 0 } else { (periods_between(rule, first, from) - 1).max(0) };
        Self { rule, first, to, period, pending: Vec::new(), given: 0, budget: BUDGET, began: period > 0 }
    }

    /// True if it stopped because it was too much work, not because the rule ended.
    pub fn gave_up(&self) -> bool {
        self.budget == 0
    }

    fn after_first(&mut self) -> Option<NaiveDateTime> {
        while self.budget > 0 {
            while let Some(start) = self.pending.pop() {
                if start > self.first {
                    return Some(start);
                }
            }
            let period = self.period.checked_mul(i64::from(self.rule.interval))?;
            self.period += 1;
            let (begin, length) = period_days(self.rule, self.first, period)?;
            if begin.date() > self.to {
                return None;
            }
            self.budget = self.budget.saturating_sub(length);
            if let Some(seconds) = self.rule.freq.seconds()
                && let Some(later) = next_that_may_fit(self.rule, self.first, begin)
            {
                let step = seconds.saturating_mul(i64::from(self.rule.interval));
                let periods = (later - self.first).num_seconds().saturating_add(step - 1).div_euclid(step);
                self.period = self.period.max(periods);
                continue;
            }
            let mut starts = period_starts(self.rule, self.first, begin, length);
            starts.reverse();
            self.pending = starts;
        }
        None
    }
}

impl Iterator for Starts<'_> {
    type Item = NaiveDateTime;

    fn next(&mut self) -> Option<NaiveDateTime> {
        if self.rule.count.is_some_and(|count| self.given >= count) {
            return None;
        }
        if !self.began {
            self.began = true;
            self.given = u32::from(first_fits(self.rule, self.first));
            return Some(self.first);
        }
        self.given = self.given.saturating_add(1);
        self.after_first()
    }
}

/// How many whole periods (times interval) lie between the first start and `day`, rounded down.
fn periods_between(rule: &Rule, first: NaiveDateTime, day: NaiveDate) -> i64 {
    let days = (day - first.date()).num_days();
    let months = i64::from(day.year() - first.year()) * 12 + i64::from(day.month()) - i64::from(first.month());
    let units = match rule.freq {
        Freq::Secondly | Freq::Minutely | Freq::Hourly => {
            let step = rule.freq.seconds().unwrap_or(1);
            (day.and_time(NaiveTime::MIN) - first).num_seconds().div_euclid(step)
        }
        Freq::Daily => days,
        Freq::Weekly => days / 7,
        Freq::Monthly => months,
        Freq::Yearly => i64::from(day.year() - first.year()),
    };
    // A period before the one that is touched, as weeks need not begin on the same day as the event.
    (units - 1).div_euclid(i64::from(rule.interval))
}

/// Where the period `n` periods after the first begins, and how many days are to be looked at; `None` beyond the calendar.
fn period_days(rule: &Rule, first: NaiveDateTime, n: i64) -> Option<(NaiveDateTime, u32)> {
    let date = first.date();
    let days = |n: i64| u64::try_from(n).ok().map(Days::new);
    if let Some(seconds) = rule.freq.seconds() {
        let later = TimeDelta::try_seconds(n.checked_mul(seconds)?)?;
        return Some((first.checked_add_signed(later)?, 1));
    }
    let (begin, length) = match rule.freq {
        Freq::Secondly | Freq::Minutely | Freq::Hourly => return None,
        Freq::Daily => (date.checked_add_days(days(n)?)?, 1),
        Freq::Weekly => {
            let into = i64::from(date.weekday().days_since(rule.week_start));
            (date.checked_sub_days(days(into)?)?.checked_add_days(days(n.checked_mul(7)?)?)?, 7)
        }
        Freq::Monthly => {
            let begin = date.with_day(1)?.checked_add_months(Months::new(u32::try_from(n).ok()?))?;
            (begin, month_length(begin))
        }
        Freq::Yearly => {
            let begin = NaiveDate::from_ymd_opt(date.year().checked_add(i32::try_from(n).ok()?)?, 1, 1)?;
            (begin, year_length(begin))
        }
    };
    Some((begin.and_time(first.time()), length))
}

/// The starts of a period in order.
fn period_starts(rule: &Rule, first: NaiveDateTime, begin: NaiveDateTime, length: u32) -> Vec<NaiveDateTime> {
    if !clock_fits(rule, begin) {
        return Vec::new();
    }
    let times = times(rule, begin.time());
    let days = days(rule, first, begin.date(), length).into_iter().filter(|day| day_fits(rule, first, *day));
    chosen(rule, days.flat_map(|day| times.iter().map(move |time| day.and_time(*time))).collect())
}

/// True if the first start is one that the rule itself yields.
pub(super) fn first_fits(rule: &Rule, first: NaiveDateTime) -> bool {
    period_days(rule, first, 0)
        .is_some_and(|(begin, length)| period_starts(rule, first, begin, length).contains(&first))
}

/// The days of a period that are worth a look: of a year or month only those that the rule's months, or the day of the first start, leave.
fn days(rule: &Rule, first: NaiveDateTime, begin: NaiveDate, length: u32) -> Vec<NaiveDate> {
    let is_plain = rule.by_day.is_empty()
        && rule.by_month_day.is_empty()
        && rule.by_year_day.is_empty()
        && rule.by_week.is_empty();
    let month = |month: u32| NaiveDate::from_ymd_opt(begin.year(), month, 1);
    let months: Vec<NaiveDate> = match rule.freq {
        Freq::Yearly if !rule.by_month.is_empty() => {
            rule.by_month.iter().filter_map(|n| month(u32::try_from(*n).ok()?)).collect()
        }
        Freq::Yearly if is_plain => month(first.month()).into_iter().collect(),
        Freq::Monthly if is_plain => vec![begin],
        _ => return begin.iter_days().take(length as usize).collect(),
    };
    match is_plain {
        true => months.into_iter().filter_map(|month| month.with_day(first.day())).collect(),
        false => months.into_iter().flat_map(|month| month.iter_days().take(month_length(month) as usize)).collect(),
    }
}

/// Of a rule that goes by hours, minutes or seconds: whether this one is among those that BYHOUR, BYMINUTE and BYSECOND leave.
fn clock_fits(rule: &Rule, begin: NaiveDateTime) -> bool {
    let leaves = |list: &[i32], of: Freq, n: u32| rule.freq > of || list.is_empty() || list.contains(&(n as i32));
    leaves(&rule.by_hour, Freq::Hourly, begin.hour())
        && leaves(&rule.by_minute, Freq::Minutely, begin.minute())
        && leaves(&rule.by_second, Freq::Secondly, begin.second())
}

/// Where the day, hour or minute that can't hold a start is over, if the period is in such a one: so that a rule by seconds is no more work
/// than one by days.
fn next_that_may_fit(rule: &Rule, first: NaiveDateTime, begin: NaiveDateTime) -> Option<NaiveDateTime> {
    let lacks = |list: &[i32], n: u32| !list.is_empty() && !list.contains(&(n as i32));
    let date = begin.date();
    if !day_fits(rule, first, date) {
        return Some(date.succ_opt()?.and_time(NaiveTime::MIN));
    }
    if lacks(&rule.by_hour, begin.hour()) {
        return date.and_hms_opt(begin.hour(), 0, 0)?.checked_add_signed(TimeDelta::hours(1));
    }
    if rule.freq == Freq::Secondly && lacks(&rule.by_minute, begin.minute()) {
        return date.and_hms_opt(begin.hour(), begin.minute(), 0)?.checked_add_signed(TimeDelta::minutes(1));
    }
    None
}

fn times(rule: &Rule, default: NaiveTime) -> Vec<NaiveTime> {
    let or = |list: &[i32], of: Freq, default: u32| -> Vec<u32> {
        let is_given = rule.freq <= of || list.is_empty();
        if is_given { vec![default] } else { list.iter().filter_map(|n| u32::try_from(*n).ok()).collect() }
    };
    let minutes = or(&rule.by_minute, Freq::Minutely, default.minute());
    let seconds = or(&rule.by_second, Freq::Secondly, default.second());
    let mut times = Vec::new();
    for hour in or(&rule.by_hour, Freq::Hourly, default.hour()) {
        for minute in &minutes {
            times.extend(seconds.iter().filter_map(|second| NaiveTime::from_hms_opt(hour, *minute, *second)));
        }
    }
    times
}

/// BYSETPOS: the n-th of the whole period's set, those before the first start included.
fn chosen(rule: &Rule, starts: Vec<NaiveDateTime>) -> Vec<NaiveDateTime> {
    if rule.by_set_pos.is_empty() {
        return starts;
    }
    let total = starts.len() as i32;
    let place = |n: usize| n as i32 + 1;
    let wanted = |n: &usize| rule.by_set_pos.iter().any(|pos| *pos == place(*n) || *pos == place(*n) - total - 1);
    starts.iter().enumerate().filter(|(n, _)| wanted(n)).map(|(_, start)| *start).collect()
}

fn day_fits(rule: &Rule, first: NaiveDateTime, day: NaiveDate) -> bool {
    let or_all = |list: &[i32], n: i32| list.is_empty() || list.contains(&n);
    let from_end = |list: &[i32], n: u32, length: u32| {
        list.is_empty() || list.contains(&(n as i32)) || list.contains(&(n as i32 - length as i32 - 1))
    };
    or_all(&rule.by_month, day.month() as i32)
        && from_end(&rule.by_month_day, day.day(), month_length(day))
        && (rule.by_year_day.is_empty() || from_end(&rule.by_year_day, day.ordinal(), year_length(day)))
        && week_fits(rule, day)
        && (rule.by_day.is_empty() || rule.by_day.iter().any(|wanted| weekday_fits(rule, *wanted, day)))
        && default_fits(rule, first, day)
}

/// What the rule leaves open is as in the first start.
fn default_fits(rule: &Rule, first: NaiveDateTime, day: NaiveDate) -> bool {
    if !rule.by_day.is_empty() || !rule.by_month_day.is_empty() || !rule.by_year_day.is_empty() {
        return true;
    }
    match rule.freq {
        Freq::Yearly if !rule.by_week.is_empty() => day.weekday() == first.weekday(),
        Freq::Yearly => day.day() == first.day() && (!rule.by_month.is_empty() || day.month() == first.month()),
        Freq::Monthly => day.day() == first.day(),
        Freq::Weekly => day.weekday() == first.weekday(),
        Freq::Daily | Freq::Hourly | Freq::Minutely | Freq::Secondly => true,
    }
}

fn weekday_fits(rule: &Rule, (weekday, nth): (chrono::Weekday, i32), day: NaiveDate) -> bool {
    if day.weekday() != weekday || nth == 0 {
        return day.weekday() == weekday;
    }
    let in_month = rule.freq == Freq::Monthly || !rule.by_month.is_empty();
    let (n, length) = if in_month { (day.day(), month_length(day)) } else { (day.ordinal(), year_length(day)) };
    let place = if nth > 0 { (n - 1) / 7 + 1 } else { (length - n) / 7 + 1 };
    place == nth.unsigned_abs()
}

/// BYWEEKNO: week 1 is the first with four days or more in the year (§3.3.10), so a week belongs to the year of its fourth day.
fn week_fits(rule: &Rule, day: NaiveDate) -> bool {
    if rule.by_week.is_empty() {
        return true;
    }
    let fourth = |day: NaiveDate| {
        let into = i64::from(day.weekday().days_since(rule.week_start));
        day.checked_add_signed(TimeDelta::days(3 - into)).unwrap_or(day)
    };
    let middle = fourth(day);
    let number = (middle.ordinal0() / 7 + 1) as i32;
    // 28 December is in the last week of its year, wherever weeks begin.
    let last = NaiveDate::from_ymd_opt(middle.year(), 12, 28).map_or(52, |day| fourth(day).ordinal0() / 7 + 1);
    rule.by_week.iter().any(|week| *week == number || *week == number - last as i32 - 1)
}

fn month_length(day: NaiveDate) -> u32 {
    u32::from(day.num_days_in_month())
}

fn year_length(day: NaiveDate) -> u32 {
    if day.leap_year() { 366 } else { 365 }
}
