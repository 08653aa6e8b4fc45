//! Dates in digits: `2025-03-14`, `14.03.2025`, `14/3/25`, 2025年3月14日.

use super::date::Partial;
use crate::extract::language::{Class, NumericOrder};
use crate::extract::tokens::{Text, Token, TokenKind};
use chrono::NaiveDate;

/// A date in digits at `i`, and the place behind it; `in_company` where other days stand before it.
pub fn numeric(text: &Text, i: usize, in_company: bool) -> Option<(Partial, usize)> {
    text.at(i).filter(|token| token.is_number())?;
    marked(text, i).or_else(|| three(text, i)).or_else(|| two(text, i, in_company))
}

/// 2025年3月14日, 3月14日; a bare 14日 is no date by itself.
fn marked(text: &Text, i: usize) -> Option<(Partial, usize)> {
    let mut at = i;
    let mut year = None;
    if text.has(at + 1, Class::YearMark)
        && let Some(named) = text.at(at).and_then(|t| t.digits(4)).filter(|year| (1970..2100).contains(year))
    {
        year = i32::try_from(named).ok();
        at += 2;
    }
    let month = text
        .at(at)
        .and_then(Token::small)
        .filter(|month| (1..=12).contains(month) && text.has(at + 1, Class::MonthMark))?;
    let day = text.at(at + 2).and_then(Token::small).filter(|day| (1..=31).contains(day))?;
    let end = if text.has(at + 3, Class::DayMark) { at + 4 } else { at + 3 };
    Some((Partial { year, month: Some(month), day, ..Partial::default() }, end))
}

/// Three numbers with a mark between each two.
fn three(text: &Text, i: usize) -> Option<(Partial, usize)> {
    let [a, first, b, second, c] = text.tokens.get(i..i + 5)? else { return None };
    let (TokenKind::Mark(mark), true) = (first.kind, first.kind == second.kind) else { return None };
    if !matches!(mark, '-' | '/' | '.' | '–' | '‐' | '‑') || !alone(text, i, i + 5, mark) {
        return None;
    }
    // "3. 5. 2026", as Czech has it.
    let spaced = [first, b, second, c].map(|t| t.spaced);
    let wide = mark == '.' && spaced == [false, true, false, true];
    if spaced.contains(&true) && !wide {
        return None;
    }
    let mut either = false;
    let (year, month, day) = if let Some(year) = a.digits(4) {
        (year, b.small()?, c.small()?)
    } else {
        // `4.1.02` is a room, `14.03.26` a date.
        let full = a.digits(2).is_some() && b.digits(2).is_some();
        let led = i > 0 && (text.has(i - 1, Class::On) || text.meaning(i - 1).weekday.is_some());
        let short = c
            .digits(2)
            .filter(|_| (mark == '.' && (full || led) || mark == '/' && full) && !wide)
            .map(|year| 2000 + year);
        let year = c.digits(4).or(short)?;
        let (x, y) = (a.small()?, b.small()?);
        let day_first = match mark {
            _ if x > 12 || x == y => true,
            _ if y > 12 => false,
            '/' => text.day_first.unwrap_or_else(|| {
                either = true;
                text.language.numeric_order != NumericOrder::MonthFirst
            }),
            _ => true,
        };
        if day_first { (year, y, x) } else { (year, x, y) }
    };
    let year = i32::try_from(year).ok().filter(|year| (1970..2100).contains(year))?;
    NaiveDate::from_ymd_opt(year, month, day)?;
    // ISO 8601 date and time: the hours follow behind a `T`.
    let end = i + 5;
    let timed = matches!(text.written(end), "T" | "t") && text.glued(end) && text.glued(end + 1);
    Some((
        Partial { year: Some(year), month: Some(month), day, either, ..Partial::default() },
        if timed { end + 1 } else { end },
    ))
}

/// `14.03.`, `14/3`, `3/14 (Sat)`: day and month, where what stands around them says that it is a date.
fn two(text: &Text, i: usize, in_company: bool) -> Option<(Partial, usize)> {
    // 2013年 8/24(土)
    let year = text.at(i).and_then(|t| t.digits(4)).filter(|_| text.has(i + 1, Class::YearMark));
    let i = if year.is_some() { i + 2 } else { i };
    let [a, mark, b] = text.tokens.get(i..i + 3)? else { return None };
    let (x, y) = (a.small()?, b.small()?);
    let (point, slash) = (mark.is('.'), mark.is('/'));
    let wide = point && !mark.spaced && b.spaced;
    if !(point || slash) || mark.spaced || b.spaced && !wide || a.is_ordinal() || b.is_ordinal() {
        return None;
    }
    if !alone(text, i, i + 3, if slash { '/' } else { ' ' }) {
        return None;
    }
    let pointed = point && text.is(i + 3, '.') && text.glued(i + 3);
    let day_first_language = text.language.numeric_order == NumericOrder::DayFirst;
    let company = point && !pointed && day_first_language && !wide && (in_company || range_follows(text, i + 3));
    if point && (!pointed && !company || text.at(i + 4).is_some_and(|t| t.is_number() && !t.spaced)) {
        return None;
    }
    let end = if pointed { i + 4 } else { i + 3 };
    let order = text.language.numeric_order;
    let day_first = text.day_first.unwrap_or(order != NumericOrder::MonthFirst);
    let (month, day) = if point || day_first { (y, x) } else { (x, y) };
    NaiveDate::from_ymd_opt(2024, month, day)?;
    // A weekday beside it, or a preposition of dates and no other meaning that such a pair may have.
    let before = |class| i > 0 && text.has(i - 1, class);
    let in_brackets = text.is(end, '(') && text.weekday(end + 1).is_some();
    let weekday = in_brackets || (1..=3).any(|back| back <= i && text.meaning(i - back).weekday.is_some());
    let full = a.digits(2).is_some() && b.digits(2).is_some();
    let led =
        before(Class::On) || before(Class::From) || before(Class::To) || before(Class::Between) || before(Class::At);
    let known_order = text.day_first.is_some() || order != NumericOrder::Unknown;
    let sure =
        weekday || year.is_some() || company || pointed && (full || wide || led) || slash && led && known_order && full;
    let year = year.and_then(|year| i32::try_from(year).ok());
    (sure && (point || known_order)).then_some((Partial { year, month: Some(month), day, ..Partial::default() }, end))
}

/// "3.11 bis zum 5.11.2017": what stands behind is the end of a range.
fn range_follows(text: &Text, i: usize) -> bool {
    let at = match text.phrase(i, Class::To) {
        Some(end) => end,
        None if text.at(i).is_some_and(Token::is_dash) => i + 1,
        None => return false,
    };
    three(text, at).is_some()
}

/// Nothing before or behind makes these numbers part of a longer one, of a path or of a version.
fn alone(text: &Text, i: usize, end: usize, mark: char) -> bool {
    let glued_before = i > 0
        && text.glued(i)
        && text.at(i - 1).is_some_and(|t| {
            t.is_word() && !text.written(i - 1).chars().all(super::is_unspaced)
                || t.is(mark) && !t.is_dash()
                || t.is('.')
                || t.is('/')
                || t.is('_')
                || t.is('=')
        });
    let goes_on = text.at(end).is_some_and(|t| {
        !t.spaced
            && (t.is('/') || t.is('_') || t.is(mark) && text.at(end + 1).is_some_and(|t| t.is_number() && !t.spaced))
    });
    !glued_before && !goes_on
}

/// True where the unambiguous slashed dates of these tokens put the day first, false where they put the month first.
pub fn slash_order(tokens: &[Token]) -> Option<bool> {
    tokens.windows(5).find_map(|window| {
        let [a, first, b, second, c] = window else { return None };
        if !(first.is('/') && second.is('/') && (c.digits(4).is_some() || c.digits(2).is_some())) {
            return None;
        }
        let (a, b) = (a.small()?, b.small()?);
        match (a > 12, b > 12) {
            (true, false) => Some(true),
            (false, true) => Some(false),
            _ => None,
        }
    })
}
