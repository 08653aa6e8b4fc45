//! Dates, ranges and lists of dates, as far as the words name them: the year may be missing, never the month.

use super::clock::{Hours, hours};
use super::{SlashOrder, Text};
use chrono::{Datelike, NaiveDate, Weekday};

/// A day as the words name it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Partial {
    /// Year, if named.
    pub year: Option<i32>,
    /// Month, if named; always after [`dates`].
    pub month: Option<u32>,
    /// Day of the month.
    pub day: u32,
    /// Weekday, if named.
    pub weekday: Option<Weekday>,
    /// Which one of the month's such weekdays, counted from its end if negative; instead of `day`.
    pub nth: Option<i8>,
}

/// One or several days that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dates {
    /// The days in the order of the text.
    pub days: Vec<Partial>,
    /// The first and last of a range; else each one of a list.
    pub range: bool,
    /// Hours that stand with the first day and the last.
    pub hours: [Option<Hours>; 2],
    /// The name of the form.
    pub rule: &'static str,
}

/// How a single day is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    MonthDay,
    DayMonth,
    Numbers,
    Bare,
}

const MOST_DAYS: usize = 8;

/// The date, range or list that begins at `i`.
pub fn dates(text: &Text, i: usize) -> Option<(Dates, usize)> {
    let words = text.words;
    let mut at = i;
    let between = words.between.contains(&text.lower(at));
    if between || (words.from.contains(&text.lower(at)) && !text.is(at + 1, ':')) {
        at += 1;
    }
    let (weekdays, after) = weekdays(text, at);
    at = if after > i { skip_articles(text, after) } else { i };
    let (mut first, mut form, mut end) = unit(text, at, true)?;
    first.weekday = weekdays.first().copied().or(first.weekday);
    let mut days = vec![first];
    let mut clocks: [Option<Hours>; 2] = [None, None];
    let mut range = false;
    while days.len() < MOST_DAYS {
        let (with_hours, after_hours) = own_hours(text, end);
        let mut next = joined(text, end, form, between).map(|joined| (joined, None));
        if next.is_none() && with_hours.is_some() && form != Form::Bare {
            next = joined(text, after_hours, form, between).filter(|j| j.form != Form::Bare).map(|j| (j, with_hours));
        }
        let Some((joined, own)) = next else { break };
        if own.is_some() && clocks[0].is_none() {
            clocks[0] = own;
        }
        range |= joined.range;
        days.push(joined.day);
        (form, end) = (joined.form, joined.end);
    }
    if let Some(last) = days.last_mut().filter(|last| last.year.is_none()) {
        (last.year, end) = match year_at(text, end) {
            (Some(year), after) => (Some(year), after),
            (None, _) => (None, end),
        };
    }
    if clocks[0].is_some() {
        let (last, after) = own_hours(text, end);
        if last.is_some() {
            (clocks[1], end) = (last, after);
        }
    }
    spread(&mut days)?;
    if let (Some(last), 2) = (days.last_mut(), weekdays.len()) {
        last.weekday = weekdays.get(1).copied();
    }
    if weekdays.len() > 2 || (weekdays.len() == 2 && days.len() == 1) {
        days.iter_mut().for_each(|day| day.weekday = None);
    }
    if days.len() == 1 {
        end = weekday_behind(text, end, &mut days);
    }
    let rule = match (days.len(), between, range, form) {
        (1, _, _, Form::Numbers) => "numeric-date",
        (1, _, _, Form::MonthDay) => "month-day",
        (1, ..) => "day-month",
        (_, true, ..) => "between-days-of-month",
        (_, _, true, _) => "day-range",
        _ => "day-list",
    };
    Some((Dates { range: range || between && days.len() == 2, days, hours: clocks, rule }, end))
}

struct Joined {
    day: Partial,
    form: Form,
    end: usize,
    range: bool,
}

/// A further day behind a dash, `to`, `and` or a comma at `i`.
fn joined(text: &Text, i: usize, form: Form, between: bool) -> Option<Joined> {
    let token = text.at(i)?;
    let words = text.words;
    let is_to = token.is_dash() || words.to.contains(&text.lower(i)) || token.is('/') && form == Form::Bare;
    let is_and = words.and.contains(&text.lower(i)) || token.is('&') || token.is('+');
    let is_comma = token.is(',') || token.is(';') && form != Form::Bare;
    if !(is_to || is_and || is_comma) {
        return None;
    }
    let mut at = i + 1;
    if token.is_dash() && text.at(at).is_some_and(|t| t.is_dash() && !t.spaced) {
        at += 1;
    }
    if is_comma && (words.and.contains(&text.lower(at)) || text.is(at, '&')) {
        at += 1;
    }
    let (weekdays, after) = weekdays(text, at);
    at = skip_articles(text, after);
    let (mut day, joined_form, end) = unit(text, at, false)?;
    day.weekday = weekdays.first().copied();
    if joined_form == Form::Bare {
        // "3, 4 and 5 May": the month is still to come; "May 3, 4 and 5": it has been.
        let may_follow = form == Form::Bare || form == Form::MonthDay;
        let ordinal = text.at(at).is_some_and(super::super::tokens::Token::is_ordinal);
        let counted = is_and
            && !ordinal
            && text.at(end).is_some_and(|t| t.is_word() && !t.is_capital())
            && form == Form::MonthDay
            && {
                let word = text.lower(end);
                !words.before_hours.contains(&word) && !words.of.contains(&word) && !words.after_date.contains(&word)
            };
        if !may_follow || counted {
            return None;
        }
        // A comma joins only what is joined further on: "May 3, 20 people" is one day.
        let goes_on = text.is(end, ',') || text.is(end, '&') || words.and.contains(&text.lower(end));
        if is_comma && form != Form::Bare && !(goes_on && text.at(end + 1).is_some_and(|t| t.small().is_some())) {
            return None;
        }
    } else if token.is(',') && form != Form::Bare && day.year.is_none() {
        return None;
    }
    Some(Joined { day, form: if joined_form == Form::Bare { form } else { joined_form }, end, range: is_to || between })
}

/// "Saturday and Sunday," before a date; "Fri–Sat".
fn weekdays(text: &Text, i: usize) -> (Vec<Weekday>, usize) {
    let mut found = Vec::new();
    let mut end = i;
    let mut at = i;
    while let Some((day, after)) = text.weekday(at).filter(|_| found.len() < 7) {
        found.push(day);
        end = after;
        at = after;
        let joins = text.at(at).is_some_and(|t| t.is_dash() || t.is('/') || t.is('&') || t.is(','))
            || text.words.and.contains(&text.lower(at))
            || text.words.to.contains(&text.lower(at));
        if joins {
            at += 1;
        }
    }
    if found.is_empty() {
        return (found, i);
    }
    end = text.skip(end, ',');
    (found, end)
}

fn skip_articles(text: &Text, mut i: usize) -> usize {
    for _ in 0..2 {
        i = text.skip_word(i, text.words.of);
    }
    i
}

fn own_hours(text: &Text, i: usize) -> (Option<Hours>, usize) {
    let mut at = text.skip(i, ',');
    at = text.skip_word(at, text.words.at);
    at = text.skip(at, '@');
    match hours(text, at) {
        Some((hours, end)) => (Some(hours), elsewhere(text, end)),
        None => (None, i),
    }
}

/// Behind the same hours on another clock: "(10:00–16:00 Tehran time)".
fn elsewhere(text: &Text, i: usize) -> usize {
    if !text.is(i, '(') {
        return i;
    }
    match hours(text, i + 1) {
        Some((_, end)) if text.is(end, ')') => end + 1,
        _ => i,
    }
}

fn weekday_behind(text: &Text, end: usize, days: &mut [Partial]) -> usize {
    let Some(day) = days.first_mut().filter(|day| day.weekday.is_none()) else { return end };
    let open = text.is(end, '(');
    let at = if open || text.is(end, ',') { end + 1 } else { end };
    match text.weekday(at) {
        Some((weekday, after)) if open && text.is(after, ')') => {
            day.weekday = Some(weekday);
            after + 1
        }
        Some((weekday, after))
            if !open && text.month(after).is_none() && text.at(after).is_none_or(|t| !t.is_number()) =>
        {
            day.weekday = Some(weekday);
            after
        }
        _ => end,
    }
}

/// Hands months and years to the days that lack them; `None` where no month is named at all.
fn spread(days: &mut [Partial]) -> Option<()> {
    fill(days.iter_mut().rev(), |day, near| day.month = day.month.or(near.month));
    fill(days.iter_mut(), |day, near| day.month = day.month.or(near.month));
    let year = |near: &Partial, turn: i32| near.year.map(|year| year + turn);
    fill(days.iter_mut().rev(), |day, next| {
        day.year = day.year.or(year(next, if day.month > next.month { -1 } else { 0 }))
    });
    fill(days.iter_mut(), |day, before| day.year = day.year.or(year(before, i32::from(day.month < before.month))));
    days.iter().all(|day| day.month.is_some()).then_some(())
}

/// Lets each day learn from the one passed before it.
fn fill<'d>(days: impl Iterator<Item = &'d mut Partial>, learn: impl Fn(&mut Partial, &Partial)) {
    let mut near: Option<Partial> = None;
    for day in days {
        if let Some(near) = near {
            learn(day, &near);
        }
        near = Some(*day);
    }
}

/// One day at `i`. A bare day (`14th`) counts only in company.
fn unit(text: &Text, i: usize, leading: bool) -> Option<(Partial, Form, usize)> {
    nth_of_month(text, i)
        .or_else(|| numbers(text, i))
        .map(|(day, end)| (day, Form::Numbers, end))
        .or_else(|| month_day(text, i).map(|(day, end)| (day, Form::MonthDay, end)))
        .or_else(|| day_month(text, i, leading))
}

/// "third Thursday of June", "last Friday in May 2025".
fn nth_of_month(text: &Text, i: usize) -> Option<(Partial, usize)> {
    let (nth, at) = super::recurrence::position(text, i)?;
    let (weekday, at) = text.weekday(at)?;
    let of = text.skip_word(at, text.words.of_month);
    let (month, end) = text.month(of).filter(|_| of > at)?;
    let (year, end) = year_at(text, end);
    Some((Partial { year, month: Some(month), day: 0, weekday: Some(weekday), nth: Some(nth) }, end))
}

fn month_day(text: &Text, i: usize) -> Option<(Partial, usize)> {
    let (month, after) = text.month(i)?;
    let mut at = text.skip(after, ',');
    at = text.skip_word(at, text.words.determiners);
    if text.is(at, '-') && text.glued(at) {
        at += 1;
    }
    let (day, mut end) = day_number(text, at)?;
    // "June 18 2025" but not "June 18:30" (checked by day_number) and not "June 18.5".
    let (year, after_year) = year_at(text, end);
    if year.is_some() {
        end = after_year;
    }
    Some((Partial { year, month: Some(month), day, weekday: None, nth: None }, end))
}

fn day_month(text: &Text, i: usize, leading: bool) -> Option<(Partial, Form, usize)> {
    if leading && text.glued(i) && i > 0 {
        let before = text.at(i - 1)?;
        let fine = before.is('(')
            || before.is('[')
            || before.is('"')
            || before.is('“')
            || before.is('*')
            || before.is('|')
            || before.is_dash()
            || before.is(',')
            || before.is(':');
        if !fine {
            return None;
        }
    }
    let (day, after) = day_number(text, i)?;
    let mut at = after;
    if text.is(at, '.') && text.glued(at) {
        at += 1;
    }
    if text.is(at, '-') && text.glued(at) && text.glued(at + 1) && text.month(at + 1).is_some() {
        at += 1;
    }
    at = text.skip_word(at, text.words.of_month);
    at = text.skip_word(at, text.words.determiners);
    if let Some((month, end)) = text.month(at) {
        let mut year_from = text.skip(end, ',');
        if text.is(year_from, '-') && text.glued(year_from) && text.glued(year_from + 1) {
            year_from += 1;
        }
        let (year, after_year) = year_at(text, year_from);
        let end = if year.is_some() { after_year } else { end };
        return Some((Partial { year, month: Some(month), day, weekday: None, nth: None }, Form::DayMonth, end));
    }
    // The point of "15.-16.12.2016" belongs to the day.
    let end = if text.is(after, '.') && text.glued(after) && text.at(after + 1).is_some_and(|t| t.is_dash()) {
        after + 1
    } else {
        after
    };
    Some((Partial { year: None, month: None, day, weekday: None, nth: None }, Form::Bare, end))
}

/// A day of a month: 1 to 31, no hour, no part of a longer number.
fn day_number(text: &Text, i: usize) -> Option<(u32, usize)> {
    let token = text.at(i)?;
    let day = token.small().filter(|day| (1..=31).contains(day))?;
    let hour = text.is(i + 1, ':') && text.glued(i + 1) && text.at(i + 2).is_some_and(|t| t.is_number() && !t.spaced);
    let decimal = (text.is(i + 1, '.') || text.is(i + 1, '%'))
        && text.glued(i + 1)
        && text.at(i + 2).is_some_and(|t| t.is_number() && !t.spaced);
    let word = text.lower(i + 1);
    let clock = text.words.am.contains(&word) || text.words.pm.contains(&word) || (word == "h" && text.glued(i + 1));
    let unit = text.glued(i + 1)
        && text.at(i + 1).is_some_and(super::super::tokens::Token::is_word)
        && text.month(i + 1).is_none();
    (!hour && !decimal && !clock && !unit && !text.is(i + 1, '%')).then_some((day, i + 1))
}

/// A year at `i`, perhaps behind a comma: `2025`, `'25`.
fn year_at(text: &Text, i: usize) -> (Option<i32>, usize) {
    let at = text.skip(i, ',');
    if let Some(year) = text.at(at).and_then(|t| t.digits(4)).filter(|year| (1970..2100).contains(year)) {
        let clock =
            text.is(at + 1, ':') && text.glued(at + 1) && text.at(at + 2).is_some_and(|t| t.is_number() && !t.spaced);
        if !clock {
            return (i32::try_from(year).ok(), at + 1);
        }
    }
    if (text.is(at, '\'') || text.is(at, '’'))
        && let Some(year) = text.at(at + 1).filter(|t| !t.spaced).and_then(|t| t.digits(2))
    {
        return (i32::try_from(2000 + year).ok(), at + 2);
    }
    (None, i)
}

/// `2025-03-14`, `2025/03/14`, `14.03.2025`, `14/3/2025`.
fn numbers(text: &Text, i: usize) -> Option<(Partial, usize)> {
    let [a, first, b, second, c] = text.tokens.get(i..i + 5)? else { return None };
    let (super::super::tokens::TokenKind::Mark(mark), true) = (first.kind, first.kind == second.kind) else {
        return None;
    };
    if !matches!(mark, '-' | '/' | '.' | '–' | '‐' | '‑') || [first, b, second, c].iter().any(|t| t.spaced) {
        return None;
    }
    if i > 0
        && !a.spaced
        && text.at(i - 1).is_some_and(|t| {
            t.is_word() || t.is(mark) && !t.is_dash() || t.is('.') || t.is('/') || t.is('_') || t.is('=')
        })
    {
        return None;
    }
    let end = i + 5;
    if text
        .at(end)
        .is_some_and(|t| !t.spaced && t.is(mark) && text.at(end + 1).is_some_and(|t| t.is_number() && !t.spaced))
    {
        return None;
    }
    if text.at(end).is_some_and(|t| !t.spaced && (t.is('/') || t.is('_'))) {
        return None;
    }
    let (year, month, day) = if let Some(year) = a.digits(4) {
        (year, b.small()?, c.small()?)
    } else if let Some(year) = c.digits(4) {
        let (x, y) = (a.small()?, b.small()?);
        match mark {
            '/' if x > 12 || x == y => (year, y, x),
            '/' if y > 12 => (year, x, y),
            '/' => match text.slashes? {
                SlashOrder::DayFirst => (year, y, x),
                SlashOrder::MonthFirst => (year, x, y),
            },
            _ if x > 12 || y <= 12 => (year, y, x),
            _ => (year, x, y),
        }
    } else {
        return None;
    };
    let year = i32::try_from(year).ok().filter(|year| (1970..2100).contains(year))?;
    let date = NaiveDate::from_ymd_opt(year, month, day)?;
    let day = Partial { year: Some(year), month: Some(date.month()), day, weekday: None, nth: None };
    // ISO 8601 date and time: the hours follow behind a `T`.
    let end = if text.lower(end) == "t" && text.glued(end) && text.glued(end + 1) { end + 1 } else { end };
    Some((day, end))
}

/// The order of day and month that the unambiguous slashed dates of these tokens show.
pub fn slash_order(text: &Text) -> Option<SlashOrder> {
    text.tokens.windows(5).find_map(|window| {
        let [a, first, b, second, c] = window else { return None };
        let slashed = first.is('/') && second.is('/') && c.digits(4).is_some();
        let (a, b) = (a.small().filter(|_| slashed)?, b.small()?);
        match (a > 12, b > 12) {
            (true, false) => Some(SlashOrder::DayFirst),
            (false, true) => Some(SlashOrder::MonthFirst),
            _ => None,
        }
    })
}
