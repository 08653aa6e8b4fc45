//! Repetitions: `every other Monday`, `every first Thursday of the month`, `weekly … on Wednesday at 13:00 CET`.

use super::Text;
use super::clock::{Hours, hours};
use crate::extract::language::lookup;
use crate::model::weekday_code;

/// A repetition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeats {
    /// RRULE value.
    pub rule: String,
    /// Hours, if said.
    pub hours: Option<Hours>,
}

/// How far behind "weekly" its weekday may stand, in tokens.
const REACH: usize = 14;

/// The repetition that begins at `i`.
pub fn repeats(text: &Text, i: usize) -> Option<(Repeats, usize)> {
    let (rule, end) =
        every(text, i).or_else(|| adjective(text, i)).or_else(|| plural(text, i)).or_else(|| nth(text, i))?;
    let (hours, end) = hours_behind(text, end);
    Some((Repeats { rule, hours }, end))
}

/// "every [other|first|2nd] Wednesday [of the month]", "every two weeks on Monday", "every day at".
fn every(text: &Text, i: usize) -> Option<(String, usize)> {
    let words = text.words;
    if !words.every.contains(&text.lower(i)) {
        return None;
    }
    let mut at = i + 1;
    let other = words.other.contains(&text.lower(at)) && !of_month(text, at + 2).0;
    if other {
        at += 1;
    }
    let count = lookup(words.counts, text.lower(at))
        .or_else(|| text.at(at).and_then(|t| t.small()).filter(|_| lookup(words.units, text.lower(at + 1)).is_some()));
    if let Some(count) = count {
        let frequency = lookup(words.units, text.lower(at + 1))?;
        let (days, end) = weekdays_behind(text, at + 2)?;
        return Some((format!("FREQ={frequency};INTERVAL={count};BYDAY={days}"), end));
    }
    if let Some((rule, end)) = nth(text, at) {
        return Some((rule, end));
    }
    if let Some((position, after)) = position(text, at) {
        let (day, end) = text.weekday(after)?;
        return Some((format!("FREQ=MONTHLY;BYDAY={position}{}", weekday_code(day)), end));
    }
    if let Some((days, end)) = weekday_list(text, at) {
        let rule =
            if other { format!("FREQ=WEEKLY;INTERVAL=2;BYDAY={days}") } else { format!("FREQ=WEEKLY;BYDAY={days}") };
        return Some((rule, end));
    }
    let frequency = lookup(words.units, text.lower(at))?;
    if frequency == "DAILY" {
        return hours_behind(text, at + 1).0.is_some().then(|| ("FREQ=DAILY".to_owned(), at + 1));
    }
    let (days, end) = weekdays_behind(text, at + 1)?;
    let interval = if other { ";INTERVAL=2" } else { "" };
    Some((format!("FREQ={frequency}{interval};BYDAY={days}"), end))
}

/// "weekly technical meetings occur Wednesday at", "monthly on the 2nd Tuesday".
fn adjective(text: &Text, i: usize) -> Option<(String, usize)> {
    let frequency = lookup(text.words.often, text.lower(i))?;
    let mut happens = false;
    for at in i + 1..i + 1 + REACH {
        let token = text.at(at)?;
        if token.is('.') || token.is(';') || token.new_line {
            return None;
        }
        let word = text.lower(at);
        happens |= text.words.happens.contains(&word) || text.words.event_nouns.contains(&word);
        if frequency == "MONTHLY" {
            if let Some((rule, end)) = nth_weekday(text, at) {
                return Some((rule, of_month(text, end).1));
            }
            continue;
        }
        if text.words.last.contains(&word) || text.words.next.contains(&word) || text.words.this.contains(&word) {
            return None;
        }
        if text.weekday(at).is_none() {
            continue;
        }
        // "weekly meeting on Wednesday 5 March" is one of them, not the rule.
        if super::date::dates(text, at).is_some() || !(happens || at <= i + 4) {
            return None;
        }
        let (days, end) = weekday_list(text, at)?;
        let interval = if frequency == "BIWEEKLY" { ";INTERVAL=2" } else { "" };
        return Some((format!("FREQ=WEEKLY{interval};BYDAY={days}"), end));
    }
    None
}

/// "Wednesdays at 18:00", "on Mondays and Fridays".
fn plural(text: &Text, i: usize) -> Option<(String, usize)> {
    if !text.words.plural_weekdays.contains(&text.lower(i)) {
        return None;
    }
    let (days, end) = weekday_list(text, i)?;
    let on = i > 0 && text.words.on.contains(&text.lower(i - 1));
    (on || hours_behind(text, end).0.is_some()).then(|| (format!("FREQ=WEEKLY;BYDAY={days}"), end))
}

/// "first Thursday of the month", "2nd and 4th Tuesday of each month".
fn nth(text: &Text, i: usize) -> Option<(String, usize)> {
    let (rule, end) = nth_weekday(text, i)?;
    let (of_month, end) = of_month(text, end);
    of_month.then_some((rule, end))
}

fn nth_weekday(text: &Text, i: usize) -> Option<(String, usize)> {
    let (first, mut at) = position(text, i)?;
    let mut positions = vec![first];
    while text.words.and.contains(&text.lower(at)) || text.is(at, ',') || text.is(at, '&') {
        let Some((further, after)) = position(text, at + 1).filter(|_| positions.len() < 5) else { break };
        positions.push(further);
        at = after;
    }
    let (day, end) = text.weekday(at)?;
    let days: Vec<String> = positions.iter().map(|position| format!("{position}{}", weekday_code(day))).collect();
    Some((format!("FREQ=MONTHLY;BYDAY={}", days.join(",")), end))
}

pub(super) fn position(text: &Text, i: usize) -> Option<(i8, usize)> {
    let token = text.at(i)?;
    if let Some(day) = token.small().filter(|day| token.is_ordinal() && (1..=5).contains(day)) {
        return Some((i8::try_from(day).ok()?, i + 1));
    }
    Some((lookup(text.words.ordinals, text.lower(i))?, i + 1))
}

/// "of the month", "of each month", "in every month", "each month"; a full list of how people say it.
fn of_month(text: &Text, i: usize) -> (bool, usize) {
    let words = text.words;
    let at = text.skip_word(i, words.of_month);
    let after = text.skip_word(at, words.determiners);
    let after = text.skip_word(after, words.every);
    let month = after > i && lookup(words.units, text.lower(after)) == Some("MONTHLY");
    if month { (true, after + 1) } else { (false, i) }
}

fn weekdays_behind(text: &Text, i: usize) -> Option<(String, usize)> {
    let mut at = text.skip(i, ',');
    at = text.skip_word(at, text.words.on);
    at = text.skip_word(at, text.words.determiners);
    weekday_list(text, at)
}

fn weekday_list(text: &Text, i: usize) -> Option<(String, usize)> {
    let (day, mut end) = text.weekday(i)?;
    let mut codes = vec![weekday_code(day)];
    while codes.len() < 7
        && (text.words.and.contains(&text.lower(end)) || text.is(end, ',') || text.is(end, '&') || text.is(end, '/'))
    {
        let Some((further, after)) = text.weekday(end + 1) else { break };
        codes.push(weekday_code(further));
        end = after;
    }
    Some((codes.join(","), end))
}

fn hours_behind(text: &Text, i: usize) -> (Option<Hours>, usize) {
    let mut at = i;
    for _ in 0..3 {
        at = text.skip_word(at, text.words.before_hours);
        at = text.skip(at, ',');
        at = text.skip(at, '@');
        at = text.skip(at, '(');
    }
    match hours(text, at) {
        Some((hours, end)) => (Some(hours), end),
        None => (None, i),
    }
}
