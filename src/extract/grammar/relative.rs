//! Days counted from the day of publication: `last weekend`, `this Saturday`, `tomorrow`, `on Friday`, `in two weeks`.

use super::date::dates;
use crate::extract::language::{Class, Language, Unit};
use crate::extract::tokens::{Text, Token};
use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

/// Which one is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The one before.
    Last,
    /// The one of this week, or the coming one.
    This,
    /// The one after.
    Next,
    /// Only the weekday is named; the tense decides.
    Bare,
}

/// A day or weekend named from the day of publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relative {
    /// `tomorrow`, `in two weeks`.
    Days(i64),
    /// `in two months`.
    Months(i32),
    /// `next Tuesday`.
    Weekday(Which, Weekday),
    /// `last weekend`.
    Weekend(Which),
}

impl Relative {
    /// First and last day, counted from `published`; `past` tells whether the text looks back.
    pub fn days(self, published: NaiveDate, past: bool, language: &Language) -> Option<(NaiveDate, Option<NaiveDate>)> {
        match self {
            Relative::Days(days) if days < 0 => {
                Some((published.checked_sub_days(Days::new(days.unsigned_abs()))?, None))
            }
            Relative::Days(days) => Some((published.checked_add_days(Days::new(days.unsigned_abs()))?, None)),
            Relative::Months(months) if months < 0 => {
                Some((published.checked_sub_months(Months::new(months.unsigned_abs()))?, None))
            }
            Relative::Months(months) => Some((published.checked_add_months(Months::new(months.unsigned_abs()))?, None)),
            Relative::Weekday(which, weekday) => {
                Some((near(published, weekday, which, past, language.next_week_after)?, None))
            }
            Relative::Weekend(which) => {
                let saturday = near_weekend(published, which, language.next_weekend_after)?;
                Some((saturday, saturday.succ_opt()))
            }
        }
    }
}

fn near(published: NaiveDate, weekday: Weekday, which: Which, past: bool, week_after: bool) -> Option<NaiveDate> {
    let ahead = u64::from((7 + weekday.num_days_from_monday() - published.weekday().num_days_from_monday()) % 7);
    let back = if ahead == 0 { 7 } else { 7 - ahead };
    match which {
        Which::Last => published.checked_sub_days(Days::new(back)),
        Which::Bare | Which::This if past => published.checked_sub_days(Days::new(back % 7)),
        Which::Next if week_after => {
            let to_monday = 7 - u64::from(published.weekday().num_days_from_monday());
            published.checked_add_days(Days::new(to_monday + u64::from(weekday.num_days_from_monday())))
        }
        Which::Next => published.checked_add_days(Days::new(if ahead == 0 { 7 } else { ahead })),
        Which::This | Which::Bare => published.checked_add_days(Days::new(ahead)),
    }
}

fn near_weekend(published: NaiveDate, which: Which, after: bool) -> Option<NaiveDate> {
    // The Saturday of the week that `published` lies in, weeks beginning on Monday.
    let monday = published.checked_sub_days(Days::new(u64::from(published.weekday().num_days_from_monday())))?;
    let saturday = monday.checked_add_days(Days::new(5))?;
    match which {
        Which::Last => saturday.checked_sub_days(Days::new(7)),
        Which::Next if !after && saturday > published => Some(saturday),
        Which::This | Which::Bare => Some(saturday),
        Which::Next => saturday.checked_add_days(Days::new(7)),
    }
}

/// The relative day that begins at `i`.
pub fn relative(text: &Text, i: usize) -> Option<(Relative, usize)> {
    // "Guten Morgen": where nouns have capitals, this is one.
    let noun = text.language.capital_nouns && i > 0 && text.at(i).is_some_and(|token| token.capital && !token.new_line);
    if let Some((days, end)) = text.longest(i, |meaning| meaning.near).filter(|_| !noun || text.is(i - 1, '.')) {
        return Some((Relative::Days(i64::from(days)), end));
    }
    if let Some(found) = counted(text, i) {
        return Some(found);
    }
    let (which, at) = which(text, i).unwrap_or((Which::Bare, i));
    let named = at > i;
    let weekend = text.phrase(at, Class::Weekend);
    if let Some(end) = weekend {
        let (which, end) = match (which, behind(text, end)) {
            (Which::Bare, Some(found)) => found,
            (which, _) => (which, end),
        };
        // "the weekend" alone says too little.
        let said = which != Which::Bare && dates(text, end).is_none();
        return said.then_some((Relative::Weekend(which), end));
    }
    let (weekday, end) = text.weekday(at)?;
    // "on the last Friday in May"
    if (i..=at).any(|from| dates(text, from).is_some()) {
        return None;
    }
    let said_behind = behind(text, end);
    if text.phrase(at, Class::EachWeekday).is_some() && said_behind.is_none() {
        return None;
    }
    match (which, said_behind) {
        (Which::Bare, Some((which, end))) => Some((Relative::Weekday(which, weekday), end)),
        (which, _) => named.then_some((Relative::Weekday(which, weekday), end)),
    }
}

/// "next", "this coming", "on", and the articles before a weekday.
fn which(text: &Text, i: usize) -> Option<(Which, usize)> {
    let mut at = i;
    let mut found = None;
    for _ in 0..3 {
        let step = [
            (Class::Last, Which::Last),
            (Class::Next, Which::Next),
            (Class::This, Which::This),
            (Class::On, Which::Bare),
        ]
        .iter()
        .find_map(|(class, which)| text.phrase(at, *class).map(|end| (*which, end)));
        let Some((which, end)) = step else {
            let after = text.skip_phrase(at, Class::Determiner);
            if after == at || found.is_none() {
                break;
            }
            at = after;
            continue;
        };
        found = Some(match found {
            Some(known) if known != Which::Bare && which == Which::Bare => known,
            _ => which,
        });
        at = end;
    }
    found.map(|which| (which, at))
}

/// "mardi prochain", "lunes que viene".
pub fn behind(text: &Text, i: usize) -> Option<(Which, usize)> {
    let all = [(Class::Last, Which::Last), (Class::Next, Which::Next), (Class::This, Which::This)];
    let found = || all.iter().find_map(|(class, which)| text.phrase(i, *class).map(|end| (*which, end)));
    text.language.next_behind.then(found).flatten()
}

/// "in two weeks", "three days ago", "vor zwei Wochen".
fn counted(text: &Text, i: usize) -> Option<(Relative, usize)> {
    let ahead = text.phrase(i, Class::AheadBy);
    let back = text.phrase(i, Class::AgoBefore);
    if let Some(at) = ahead.or(back) {
        let (relative, end) = span(text, at, back.is_some())?;
        return Some((relative, end));
    }
    text.at(i).filter(|token| token.is_number() || token.word.is_known())?;
    let (relative, end) = span(text, i, true)?;
    if let Some(end) = text.phrase(end, Class::Ago) {
        return Some((relative, end));
    }
    // 2週間後: in scripts without spaces the word stands behind.
    let after = text.phrase(end, Class::AheadBy).filter(|_| text.language.lexicon.longest_run > 0)?;
    span(text, i, false).map(|(relative, _)| (relative, after))
}

fn span(text: &Text, i: usize, back: bool) -> Option<(Relative, usize)> {
    let (count, at) = text.count(i)?;
    let (unit, end) = text.longest(at, |meaning| meaning.unit)?;
    let count = i32::try_from(count).ok()?;
    let count = if back { -count } else { count };
    // A span that is only roughly known, or that goes on, names no day.
    let goes_on = text.at(end).is_some_and(Token::is_dash);
    let relative = match unit {
        Unit::Day => Relative::Days(i64::from(count)),
        Unit::Week => Relative::Days(7 * i64::from(count)),
        Unit::Month => Relative::Months(count),
        Unit::Weekday | Unit::Year => return None,
    };
    (!goes_on).then_some((relative, end))
}
