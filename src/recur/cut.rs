//! A series in two: what is before one of its occurrences, and what follows from there on, moved (RFC 5545 §3.2.13).

use super::expand::{Starts, first_fits};
use super::rule::{Freq, Rule, Until};
use super::{Series, occurrences};
use crate::model::{Moment, Override, Recurrence, When};
use crate::zone;
use chrono::{Days, NaiveDateTime, TimeDelta, Weekday};

/// Where no rule says how the rest goes on, so much of it is told date by date.
const LISTED_DAYS: u64 = 5 * 366;
const MOST_LISTED: usize = 500;

/// Cuts `recurrence` before the occurrence that `at` names and answers what begins there, moved by `by`.
/// Occurrences that were changed or left out one by one stay so on either side.
pub fn cut(when: &When, recurrence: &mut Recurrence, at: &Moment, by: TimeDelta) -> Recurrence {
    let series = Series::of(when);
    let at = series.start_named(at);
    let following = Following { series: &series, at, by };
    let mut rest = Recurrence { rules: Vec::new(), ..Recurrence::default() };
    let whole = recurrence.clone();
    let mut is_listed = false;
    recurrence.rules.clear();
    for rule in whole.rules.iter().filter_map(|rule| Rule::parse(rule).ok()) {
        let left = following.left(&rule);
        if left == Some(0) || series.is_past(rule.until, at) {
            recurrence.rules.push(rule.to_string());
            continue;
        }
        recurrence.rules.extend(before(&rule, at).map(|rule| rule.to_string()));
        match following.rule(&rule, left) {
            Some(moved) => rest.rules.push(moved.to_string()),
            None => is_listed = true,
        }
    }
    let is_later = |moment: &Moment| series.start_named(moment) >= at;
    let shift = |moment: &Moment| following.shifted(moment);
    (rest.dates, recurrence.dates) = whole.dates.iter().cloned().partition(is_later);
    (rest.except, recurrence.except) = whole.except.iter().cloned().partition(is_later);
    let changes = whole.overrides.iter().cloned().partition::<Vec<Override>, _>(|change| is_later(&change.of));
    (rest.overrides, recurrence.overrides) = changes;
    rest.dates = rest.dates.iter().filter_map(shift).collect();
    rest.except = rest.except.iter().filter_map(shift).collect();
    rest.overrides =
        rest.overrides.into_iter().filter_map(|change| Some(Override { of: shift(&change.of)?, ..change })).collect();
    if is_listed {
        rest.rules.clear();
        rest.dates.extend(following.listed(when, &whole.rules));
    }
    rest
}

/// The rule as far as it goes before `at`; `None` at the beginning of the calendar.
fn before(rule: &Rule, at: NaiveDateTime) -> Option<Rule> {
    let until = at.checked_sub_signed(TimeDelta::seconds(1))?;
    Some(Rule { count: None, until: Some(Until::Local(until)), ..rule.clone() })
}

fn days_after(weekday: Weekday, days: i64) -> Weekday {
    let number = (i64::from(weekday.num_days_from_monday()) + days).rem_euclid(7);
    u8::try_from(number).ok().and_then(|number| Weekday::try_from(number).ok()).unwrap_or(weekday)
}

struct Following<'a> {
    series: &'a Series<'a>,
    at: NaiveDateTime,
    by: TimeDelta,
}

impl Following<'_> {
    /// How many of the starts that the rule counts are left from there on.
    fn left(&self, rule: &Rule) -> Option<u32> {
        let count = rule.count?;
        let starts = Starts::new(rule, self.series.start, self.series.start.date(), self.at.date());
        let gone = starts.take_while(|start| *start < self.at).count();
        let counted = gone.saturating_sub(usize::from(!first_fits(rule, self.series.start)));
        Some(count.saturating_sub(u32::try_from(counted).unwrap_or(u32::MAX)))
    }

    /// The rule from there on, with what is `left` of its count; `None` where no rule says it.
    fn rule(&self, rule: &Rule, left: Option<u32>) -> Option<Rule> {
        let mut moved = Rule { count: left, ..rule.clone() };
        let days = (self.at.checked_add_signed(self.by)?.date() - self.at.date()).num_days();
        let is_by_day =
            |rule: &Rule| !(rule.by_day.is_empty() && rule.by_month_day.is_empty() && rule.by_year_day.is_empty());
        let by_clock = [&rule.by_hour, &rule.by_minute, &rule.by_second].iter().any(|list| !list.is_empty());
        if by_clock && !self.by.is_zero() {
            return None;
        }
        if days != 0 && (rule.freq == Freq::Weekly && rule.by_set_pos.is_empty() && rule.by_month.is_empty()) {
            moved.by_day.iter_mut().for_each(|(weekday, _)| *weekday = days_after(*weekday, days));
            moved.week_start = days_after(moved.week_start, days);
        } else if days != 0 && (is_by_day(rule) || !rule.by_month.is_empty() || !rule.by_week.is_empty()) {
            return None;
        }
        if let Some(until) = rule.until {
            moved.until = Some(match until {
                Until::Day(day) => Until::Day(day.checked_add_signed(TimeDelta::days(days))?),
                Until::Local(time) => Until::Local(time.checked_add_signed(self.by)?),
                Until::Utc(time) => Until::Utc(time.checked_add_signed(self.by)?),
            });
        }
        Some(moved)
    }

    fn shifted(&self, moment: &Moment) -> Option<Moment> {
        Some(match moment {
            Moment::Day(day) => Moment::Day(day.checked_add_signed(self.by)?),
            Moment::Local(local) => Moment::Local(local.checked_add_signed(self.by)?),
            Moment::At(at) => Moment::At(at.checked_add_signed(self.by)?),
        })
    }

    /// The starts from there on, one by one.
    fn listed(&self, when: &When, rules: &[String]) -> Vec<Moment> {
        let recurrence = Recurrence { rules: rules.to_vec(), ..Recurrence::default() };
        let last = self.at.date().checked_add_days(Days::new(LISTED_DAYS)).unwrap_or(self.at.date());
        let found = occurrences(when, &recurrence, self.at.date(), last, MOST_LISTED);
        let named = found.iter().map(|occurrence| match &occurrence.when {
            When::AllDay { first, .. } => Moment::Day(*first),
            When::Zoned { start, .. } => Moment::Local(*start),
            When::Instant { .. } => Moment::At(zone::start_of(&occurrence.when)),
        });
        named
            .filter(|moment| self.series.start_named(moment) >= self.at)
            .filter_map(|moment| self.shifted(&moment))
            .collect()
    }
}
