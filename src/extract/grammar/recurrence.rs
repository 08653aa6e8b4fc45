//! Repetitions: `every other Monday`, `every first Thursday of the month`, `weekly … on Wednesday at 13:00 CET`, with their first
//! day, their end and their exceptions.

use super::clock::{Hours, hours};
use super::date::{Partial, dates};
use crate::extract::language::{Class, Marks, Often, Unit};
use crate::extract::tokens::Text;
use crate::model::weekday_code;

/// A repetition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeats {
    /// RRULE value.
    pub rule: String,
    /// Hours, if said.
    pub hours: Option<Hours>,
    /// Its first day, if said.
    pub first: Option<Partial>,
    /// Its last day, if said.
    pub until: Option<Partial>,
    /// Days on which it does not take place.
    pub except: Vec<Partial>,
}

/// How far behind "weekly" its weekday may stand, in tokens.
const REACH: usize = 14;

/// The repetition that begins at `i`.
pub fn repeats(text: &Text, i: usize) -> Option<(Repeats, usize)> {
    if !text.may_begin(i, Marks::OPENS_REPETITION) {
        return None;
    }
    let (rule, end) =
        every(text, i).or_else(|| adjective(text, i)).or_else(|| each(text, i)).or_else(|| nth(text, i))?;
    let (hours, end) = hours_behind(text, end);
    let mut repeats = Repeats { rule, hours, first: None, until: None, except: Vec::new() };
    let end = bounds(text, end, &mut repeats);
    Some((repeats, end))
}

/// "every [other|first|2nd] Wednesday [of the month]", "every two weeks on Monday", "every day at".
fn every(text: &Text, i: usize) -> Option<(String, usize)> {
    let mut at = text.phrase(i, Class::Every)?;
    let skipped = text.phrase(at, Class::Other).filter(|end| {
        text.position(at).is_none() || text.phrase(*end, Class::And).is_none() && !of_month(text, end + 1).0
    });
    let other = skipped.is_some();
    at = skipped.unwrap_or(at);
    let unit = |at: usize| text.longest(at, |meaning| meaning.unit);
    if let Some((count, after)) = text.count(at).filter(|(_, after)| unit(*after).is_some()) {
        let (unit, after) = unit(after)?;
        let (days, end) = weekdays_behind(text, after)?;
        let frequency = if unit == Unit::Week { "WEEKLY" } else { return None };
        return Some((format!("FREQ={frequency};INTERVAL={count};BYDAY={days}"), end));
    }
    if let Some((rule, end)) = nth(text, at) {
        return Some((rule, end));
    }
    if let Some((position, after)) = text.position(at)
        && let Some((day, end)) = text.weekday(after)
    {
        return Some((format!("FREQ=MONTHLY;BYDAY={position}{}", weekday_code(day)), of_month(text, end).1));
    }
    if let Some((days, end)) = weekday_list(text, at) {
        let rule =
            if other { format!("FREQ=WEEKLY;INTERVAL=2;BYDAY={days}") } else { format!("FREQ=WEEKLY;BYDAY={days}") };
        return Some((rule, end));
    }
    let (unit, after) = unit(at)?;
    let interval = if other { ";INTERVAL=2" } else { "" };
    match unit {
        Unit::Day => hours_behind(text, after).0.map(|_| ("FREQ=DAILY".to_owned(), after)),
        Unit::Weekday => Some(("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR".to_owned(), after)),
        Unit::Week => {
            let (days, end) = weekdays_behind(text, after)?;
            Some((format!("FREQ=WEEKLY{interval};BYDAY={days}"), end))
        }
        Unit::Month => {
            let at = text.skip_phrase(text.skip(after, ','), Class::On);
            let (rule, end) = nth_weekday(text, text.skip_phrase(at, Class::Determiner))?;
            Some((rule, end))
        }
        Unit::Year => None,
    }
}

/// "weekly technical meetings occur Wednesday at", "monthly on the 2nd Tuesday".
fn adjective(text: &Text, i: usize) -> Option<(String, usize)> {
    let (often, after) = text.longest(i, |meaning| meaning.often)?;
    let mut happens = false;
    for at in after..after + REACH {
        let token = text.at(at)?;
        if token.is_stop() || token.is(';') || token.new_line {
            return None;
        }
        happens |= text.has(at, Class::Happens) || text.has(at, Class::EventNoun);
        if often == Often::Monthly {
            if let Some((rule, end)) = nth_weekday(text, at) {
                return Some((rule, of_month(text, end).1));
            }
            continue;
        }
        if text.has(at, Class::Last) || text.has(at, Class::Next) || text.has(at, Class::This) {
            return None;
        }
        if matches!(often, Often::Daily | Often::Weekdays | Often::Yearly) {
            let timed = hours(text, at).is_some() && often != Often::Yearly;
            let rule = if often == Often::Daily { "FREQ=DAILY" } else { "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR" };
            if timed && at <= after + 4 {
                return Some((rule.to_owned(), at));
            }
            continue;
        }
        if text.weekday(at).is_none() {
            continue;
        }
        // "weekly meeting on Wednesday 5 March" is one of them, not the rule.
        if dates(text, at).is_some() || !(happens || at <= after + 3) {
            return None;
        }
        let (days, end) = weekday_list(text, at)?;
        let interval = if often == Often::Fortnightly { ";INTERVAL=2" } else { "" };
        return Some((format!("FREQ=WEEKLY{interval};BYDAY={days}"), end));
    }
    None
}

/// "Wednesdays at 18:00", "on Mondays and Fridays", "montags".
fn each(text: &Text, i: usize) -> Option<(String, usize)> {
    text.phrase(i, Class::EachWeekday).filter(|_| dates(text, i).is_none())?;
    let (days, end) = weekday_list(text, i)?;
    if super::relative::behind(text, end).is_some() {
        return None;
    }
    let on = i > 0 && (text.has(i - 1, Class::On) || text.has(i - 1, Class::Determiner));
    (on || hours_behind(text, end).0.is_some()).then(|| (format!("FREQ=WEEKLY;BYDAY={days}"), end))
}

/// "first Thursday of the month", "2nd and 4th Tuesday of each month".
fn nth(text: &Text, i: usize) -> Option<(String, usize)> {
    let led = text.skip_phrase(text.skip_phrase(i, Class::On), Class::Determiner);
    let (rule, end) = nth_weekday(text, i).or_else(|| (led > i).then(|| nth_weekday(text, led)).flatten())?;
    let (of_month, end) = of_month(text, end);
    of_month.then_some((rule, end))
}

fn nth_weekday(text: &Text, i: usize) -> Option<(String, usize)> {
    let (first, mut at) = text.position(i)?;
    let mut positions = vec![first];
    while let Some(next) =
        text.phrase(at, Class::And).or_else(|| (text.is(at, ',') || text.is(at, '&')).then_some(at + 1))
    {
        let next = text.skip_phrase(next, Class::Determiner);
        let Some((further, after)) = text.position(next).filter(|_| positions.len() < 5) else { break };
        positions.push(further);
        at = after;
    }
    let (day, end) = text.weekday(at)?;
    let days: Vec<String> = positions.iter().map(|position| format!("{position}{}", weekday_code(day))).collect();
    Some((format!("FREQ=MONTHLY;BYDAY={}", days.join(",")), end))
}

/// "of the month", "of each month", "in every month", "each month", "monthly".
fn of_month(text: &Text, i: usize) -> (bool, usize) {
    let at = text.skip_phrase(i, Class::OfMonth);
    let after = text.skip_phrase(at, Class::Determiner);
    let after = text.skip_phrase(after, Class::Every);
    let unit = text.longest(after, |meaning| meaning.unit).filter(|(unit, _)| *unit == Unit::Month);
    match unit {
        // One word may be all of it: "miesiąca", "месяца"; elsewhere some word of these must stand before "month".
        Some((_, end)) if after > i || text.language.code != "en" => (true, end),
        _ => (false, i),
    }
}

fn weekdays_behind(text: &Text, i: usize) -> Option<(String, usize)> {
    let mut at = text.skip(i, ',');
    at = text.skip_phrase(at, Class::On);
    at = text.skip_phrase(at, Class::Determiner);
    weekday_list(text, at)
}

fn weekday_list(text: &Text, i: usize) -> Option<(String, usize)> {
    let (day, mut end) = text.weekday(i)?;
    let mut codes = vec![weekday_code(day)];
    while codes.len() < 7 {
        let joins = text.is(end, ',') || text.is(end, '&') || text.is(end, '/');
        let Some(at) = text.phrase(end, Class::And).or_else(|| joins.then_some(end + 1)) else { break };
        let at = text.skip_phrase(text.skip_phrase(at, Class::On), Class::Determiner);
        let Some((further, after)) = text.weekday(at) else { break };
        if dates(text, at).is_some() {
            break;
        }
        codes.push(weekday_code(further));
        end = after;
    }
    Some((codes.join(","), end))
}

fn hours_behind(text: &Text, i: usize) -> (Option<Hours>, usize) {
    let mut at = i;
    for _ in 0..4 {
        if let Some((hours, end)) = hours(text, at) {
            return (Some(hours), end);
        }
        at =
            [Class::BeforeHours, Class::From, Class::At].iter().find_map(|class| text.phrase(at, *class)).unwrap_or(at);
        at = text.skip(at, ',');
        at = text.skip(at, '@');
        at = text.skip(at, '(');
    }
    (None, i)
}

/// "starting 5 May", "until 30 June", "except 24 and 31 December", in any order.
fn bounds(text: &Text, i: usize, repeats: &mut Repeats) -> usize {
    let mut end = i;
    for _ in 0..4 {
        let at = text.skip(text.skip(end, ')'), ',');
        let at = text.skip(at, '(');
        let until = text.phrase(at, Class::Until).and_then(|at| dates(text, at));
        let starting = || text.phrase(at, Class::Starting).and_then(|at| dates(text, text.skip_phrase(at, Class::On)));
        let except = || text.phrase(at, Class::Except).and_then(|at| dates(text, text.skip_phrase(at, Class::On)));
        if let Some((days, after)) = until {
            repeats.until = days.days.last().copied();
            end = after;
        } else if let Some((days, after)) = starting() {
            repeats.first = days.days.first().copied();
            repeats.until = repeats.until.or(days.days.get(1).copied().filter(|_| days.range));
            end = after;
        } else if let Some((days, after)) = except().filter(|(days, _)| !days.range) {
            repeats.except.extend(days.days);
            end = after;
        } else {
            break;
        }
    }
    if end > i { text.skip(end, ')') } else { end }
}
