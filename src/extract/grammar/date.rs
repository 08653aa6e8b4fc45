//! Dates, ranges and lists of dates, as far as the words name them: the year may be missing, never the month.

use super::clock::{Hours, hours};
use super::numeric::numeric;
use crate::extract::language::{Class, Marks, NumericOrder};
use crate::extract::tokens::{Text, Token};
use chrono::Weekday;

pub use super::numeric::slash_order;

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
    /// Day and month may be the other way round: nothing told their order.
    pub either: bool,
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
    if !text.may_begin(i, Marks::OPENS_DATE) {
        return None;
    }
    let mut at = i;
    let between = text.phrase(at, Class::Between);
    let from = text.phrase(at, Class::From).filter(|end| !text.is(*end, ':'));
    let opened = between.or(from);
    at = opened.unwrap_or(at);
    let (weekdays, after) = weekdays(text, at);
    at = if after > i { skip_articles(text, after) } else { i };
    let between = between.is_some();
    let (mut first, mut form, mut end) = unit(text, at, true)?;
    first.weekday = weekdays.first().copied().or(first.weekday);
    let mut days = vec![first];
    let mut clocks: [Option<Hours>; 2] = [None, None];
    let mut range = false;
    while days.len() < MOST_DAYS {
        let (own_weekday, end_with_weekday) = weekday_in_brackets(text, end);
        let (with_hours, after_hours) = own_hours(text, end_with_weekday);
        let mut next = joined(text, end_with_weekday, form, between, opened.is_some()).map(|joined| (joined, None));
        if next.is_none() && with_hours.is_some() && form != Form::Bare {
            next = joined(text, after_hours, form, between, opened.is_some())
                .filter(|j| j.form != Form::Bare)
                .map(|j| (j, with_hours));
        }
        let Some((joined, own)) = next else { break };
        if let Some(last) = days.last_mut().filter(|_| own_weekday.is_some()) {
            last.weekday = own_weekday;
        }
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
    } else if let (weekday @ Some(_), after) = weekday_in_brackets(text, end) {
        if let Some(last) = days.last_mut() {
            last.weekday = weekday;
        }
        end = after;
    }
    // 5月3日から5日まで
    if range
        && let Some(after) =
            text.phrase(end, Class::Until).filter(|_| text.at(end).is_some_and(|t| !t.spaced && t.is_word()))
    {
        end = after;
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

/// A further day behind a dash, "to", "and" or a comma at `i`; `opened` by "from" or "between".
fn joined(text: &Text, i: usize, form: Form, between: bool, opened: bool) -> Option<Joined> {
    let token = text.at(i)?;
    let to = text.phrase(i, Class::To);
    let and = text.phrase(i, Class::And).or_else(|| (token.is('&') || token.is('+')).then_some(i + 1));
    let is_to = token.is_dash() || to.is_some() || token.is('/') && form == Form::Bare;
    let is_comma = token.is(',') || token.is(';') && form != Form::Bare;
    if !(is_to || and.is_some() || is_comma) {
        return None;
    }
    let is_and = !is_to && and.is_some();
    let mut at = to.or(and).unwrap_or(i + 1);
    if token.is_dash() && text.at(at).is_some_and(|t| t.is_dash() && !t.spaced) {
        at += 1;
    }
    if is_comma {
        at = text.phrase(at, Class::And).unwrap_or_else(|| text.skip(at, '&'));
    }
    let (weekdays, after) = weekdays(text, at);
    at = skip_articles(text, after);
    let (mut day, joined_form, end) = unit(text, at, false)?;
    day.weekday = weekdays.first().copied();
    if joined_form == Form::Bare {
        // "3, 4 and 5 May": the month is still to come; "May 3, 4 and 5": it has been.
        let marked = form == Form::Numbers && text.has(end - 1, Class::DayMark);
        let may_follow = form == Form::Bare || form == Form::MonthDay || marked;
        let ordinal = text.at(at).is_some_and(Token::is_ordinal);
        let counted = is_and
            && !ordinal
            && text.at(end).is_some_and(|t| t.is_word() && !t.capital)
            && form == Form::MonthDay
            && ![Class::BeforeHours, Class::Of, Class::PlaceBefore, Class::EventVerb, Class::At]
                .iter()
                .any(|class| text.has(end, *class));
        if !may_follow || counted {
            return None;
        }
        // A comma joins only what is joined further on: "May 3, 20 people" is one day.
        let goes_on = text.is(end, ',') || text.is(end, '&') || text.has(end, Class::And);
        if is_comma
            && form != Form::Bare
            && !marked
            && !(goes_on && text.at(end + 1).is_some_and(|t| t.small().is_some()))
        {
            return None;
        }
    } else if token.is(',') && form != Form::Bare && day.year.is_none() {
        return None;
    } else if form == Form::Bare && joined_form == Form::MonthDay {
        // "1 - Wed, Oct 17" counts something.
        return None;
    }
    let range = is_to || between && is_and || opened && to.is_some();
    Some(Joined { day, form: if joined_form == Form::Bare { form } else { joined_form }, end, range })
}

/// "Saturday and Sunday," before a date; "Fri–Sat".
fn weekdays(text: &Text, i: usize) -> (Vec<Weekday>, usize) {
    let mut found = Vec::new();
    let mut end = i;
    let mut at = text.skip_phrase(i, Class::On);
    while let Some((day, after)) = text.weekday(at).filter(|_| found.len() < 7) {
        found.push(day);
        end = after;
        at = after;
        let joins = text.at(at).is_some_and(|t| t.is_dash() || t.is('/') || t.is('&') || t.is(','));
        at = match text.phrase(at, Class::And).or_else(|| text.phrase(at, Class::To)) {
            Some(after) => after,
            None if joins => at + 1,
            None => at,
        };
        at = text.skip_phrase(at, Class::Determiner);
    }
    if found.is_empty() {
        return (found, i);
    }
    end = text.skip(end, ',');
    (found, end)
}

fn skip_articles(text: &Text, mut i: usize) -> usize {
    for _ in 0..3 {
        let mark = text.is(i, '\'') || text.is(i, '’');
        let after = if mark { i + 1 } else { text.skip_phrase(i, Class::Of) };
        // "d. 27. juni"
        i = if after > i && text.is(after, '.') && text.glued(after) { after + 1 } else { after };
    }
    i
}

fn own_hours(text: &Text, i: usize) -> (Option<Hours>, usize) {
    let mut at = text.skip(i, ',');
    at = text.skip_phrase(at, Class::At);
    at = text.skip(at, '@');
    match hours(text, at) {
        Some((hours, end)) => (Some(hours), end),
        None => (None, i),
    }
}

/// `3.5. (Sa)`.
fn weekday_in_brackets(text: &Text, i: usize) -> (Option<Weekday>, usize) {
    if !text.is(i, '(') {
        return (None, i);
    }
    match text.weekday(i + 1) {
        Some((weekday, end)) if text.is(end, ')') => (Some(weekday), end + 1),
        Some((weekday, end)) if text.is(end, ',') || text.is(end, '·') => {
            (Some(weekday), closing(text, end).unwrap_or(i))
        }
        _ => (None, i),
    }
}

/// 5月3日（日・祝）
fn closing(text: &Text, i: usize) -> Option<usize> {
    (i..i + 4).find(|at| text.is(*at, ')')).map(|at| at + 1)
}

fn weekday_behind(text: &Text, end: usize, days: &mut [Partial]) -> usize {
    let Some(day) = days.first_mut().filter(|day| day.weekday.is_none()) else { return end };
    if let (weekday @ Some(_), after) = weekday_in_brackets(text, end) {
        day.weekday = weekday;
        return after;
    }
    match text.weekday(text.skip(end, ',')) {
        Some((weekday, after)) if text.month(after).is_none() && text.at(after).is_none_or(|t| !t.is_number()) => {
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
        .or_else(|| numeric(text, i, !leading))
        .map(|(day, end)| (day, Form::Numbers, end))
        .or_else(|| month_day(text, i).map(|(day, end)| (day, Form::MonthDay, end)))
        .or_else(|| day_month(text, i, leading))
}

/// "third Thursday of June", "last Friday in May 2025".
fn nth_of_month(text: &Text, i: usize) -> Option<(Partial, usize)> {
    let (nth, at) = text.position(i)?;
    let (weekday, at) = text.weekday(at)?;
    let of = text.phrase(at, Class::OfMonth).unwrap_or(at);
    let (month, end) = text.month(of)?;
    let (year, end) = year_at(text, end);
    Some((Partial { year, month: Some(month), weekday: Some(weekday), nth: Some(nth), ..Partial::default() }, end))
}

fn month_day(text: &Text, i: usize) -> Option<(Partial, usize)> {
    let (month, after) = text.month(i)?;
    let mut at = text.skip(after, ',');
    at = text.skip_phrase(at, Class::Determiner);
    if text.is(at, '-') && text.glued(at) {
        at += 1;
    }
    let (day, mut end) = day_number(text, at)?;
    // "June 18 2025" but not "June 18:30" (checked by day_number) and not "June 18.5".
    let (year, after_year) = year_at(text, end);
    if year.is_some() {
        end = after_year;
    }
    // Where the day stands first, "in May 20 people" is no date.
    let day_first = text.language.numeric_order == NumericOrder::DayFirst;
    (!day_first || year.is_some()).then_some((Partial { year, month: Some(month), day, ..Partial::default() }, end))
}

fn day_month(text: &Text, i: usize, leading: bool) -> Option<(Partial, Form, usize)> {
    if leading && text.glued(i) && i > 0 {
        let before = text.at(i - 1)?;
        let fine = ['(', '[', '"', '“', '„', '«', '*', '|', ',', ':', '\'', '’'].iter().any(|mark| before.is(*mark))
            || before.is_dash()
            || text.written(i - 1).chars().all(super::is_unspaced);
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
    at = text.skip_phrase(at, Class::OfMonth);
    at = text.skip_phrase(at, Class::Determiner);
    if text.is(at, '\'') || text.is(at, '’') {
        at += 1;
    }
    if let Some((month, end)) = text.month(at) {
        let mut year_from = text.skip(end, ',');
        if text.is(year_from, '-') && text.glued(year_from) && text.glued(year_from + 1) {
            year_from += 1;
        }
        let (year, after_year) = year_at(text, year_from);
        let end = if year.is_some() { after_year } else { end };
        return Some((Partial { year, month: Some(month), day, ..Partial::default() }, Form::DayMonth, end));
    }
    // The point of "15.-16.12.2016" and "3. bis 5. Mai" belongs to the day.
    let joins = |at: usize| {
        text.at(at).is_some_and(|t| t.is_dash() || t.is(',') || t.is('/') || t.is('&') || t.is('+'))
            || text.phrase(at, Class::To).is_some()
            || text.phrase(at, Class::And).is_some()
    };
    let end = if text.is(after, '.') && text.glued(after) && joins(after + 1) { after + 1 } else { after };
    let end = if text.has(end, Class::DayMark) { end + 1 } else { end };
    Some((Partial { day, ..Partial::default() }, Form::Bare, end))
}

/// A day of a month: 1 to 31, no hour, no part of a longer number.
fn day_number(text: &Text, i: usize) -> Option<(u32, usize)> {
    let Some(token) = text.at(i).filter(|token| token.is_number()) else {
        // "primero de mayo", "premier mai"
        let (nth, end) = text.longest(i, |meaning| meaning.ordinal.filter(|nth| *nth == 1))?;
        let month = text.month(text.skip_phrase(end, Class::OfMonth));
        return month.and_then(|_| u32::try_from(nth).ok()).map(|day| (day, end));
    };
    let day = token.small().filter(|day| (1..=31).contains(day))?;
    let glued_number = |at: usize| text.at(at).is_some_and(|t| t.is_number() && !t.spaced);
    let hour = text.is(i + 1, ':') && text.glued(i + 1) && glued_number(i + 2);
    let decimal = (text.is(i + 1, '.') || text.is(i + 1, '%')) && text.glued(i + 1) && glued_number(i + 2);
    let written = text.written(i + 1);
    let clock = written.eq_ignore_ascii_case("pm")
        || text.has(i + 1, Class::HourWord)
        || text.has(i + 1, Class::HourMark)
        || (text.language.code == "en" || text.glued(i + 1)) && written.eq_ignore_ascii_case("am")
        || text.glued(i + 1) && matches!(written, "h" | "H");
    let unit = text.glued(i + 1)
        && text.at(i + 1).is_some_and(Token::is_word)
        && text.month(i + 1).is_none()
        && !text.written(i + 1).chars().all(super::is_unspaced);
    let other_mark =
        text.has(i + 1, Class::MonthMark) || text.has(i + 1, Class::YearMark) || text.has(i + 1, Class::MinuteMark);
    (!hour && !decimal && !clock && !unit && !other_mark && !text.is(i + 1, '%')).then_some((day, i + 1))
}

/// A year at `i`, perhaps behind a comma or "of": `2025`, `'25`.
pub fn year_at(text: &Text, i: usize) -> (Option<i32>, usize) {
    let at = text.skip(i, ',');
    let of = text.phrase(at, Class::OfMonth).unwrap_or(at);
    let named = |at: usize| text.at(at).and_then(|t| t.digits(4)).filter(|year| (1970..2100).contains(year));
    let at = if named(of).is_some() { of } else { at };
    if let Some(year) = named(at) {
        let clock =
            text.is(at + 1, ':') && text.glued(at + 1) && text.at(at + 2).is_some_and(|t| t.is_number() && !t.spaced);
        if !clock {
            let end = text.phrase(at + 1, Class::YearWord).unwrap_or(at + 1);
            let end = if end > at + 1 && text.is(end, '.') && text.glued(end) { end + 1 } else { end };
            return (i32::try_from(year).ok(), end);
        }
    }
    if (text.is(at, '\'') || text.is(at, '’'))
        && let Some(year) = text.at(at + 1).filter(|t| !t.spaced).and_then(|t| t.digits(2))
    {
        return (i32::try_from(2000 + year).ok(), at + 2);
    }
    (None, i)
}
