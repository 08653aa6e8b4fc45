//! Days counted from the day of publication: `last weekend`, `this Saturday`, `tomorrow`, `on Friday`.

use super::Text;
use super::date::dates;
use crate::extract::language::lookup;
use chrono::{Datelike, Days, NaiveDate, Weekday};

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
    /// `tomorrow`.
    Days(i64),
    /// `next Tuesday`.
    Weekday(Which, Weekday),
    /// `last weekend`.
    Weekend(Which),
}

impl Relative {
    /// First and last day, counted from `published`; `past` tells whether the text looks back.
    pub fn days(self, published: NaiveDate, past: bool) -> Option<(NaiveDate, Option<NaiveDate>)> {
        match self {
            Relative::Days(days) if days < 0 => {
                Some((published.checked_sub_days(Days::new(days.unsigned_abs()))?, None))
            }
            Relative::Days(days) => Some((published.checked_add_days(Days::new(days.unsigned_abs()))?, None)),
            Relative::Weekday(which, weekday) => Some((near(published, weekday, which, past)?, None)),
            Relative::Weekend(which) => {
                let saturday = near_weekend(published, which)?;
                Some((saturday, saturday.succ_opt()))
            }
        }
    }
}

fn near(published: NaiveDate, weekday: Weekday, which: Which, past: bool) -> Option<NaiveDate> {
    let ahead = u64::from((7 + weekday.num_days_from_monday() - published.weekday().num_days_from_monday()) % 7);
    let back = if ahead == 0 { 7 } else { 7 - ahead };
    match which {
        Which::Last => published.checked_sub_days(Days::new(back)),
        Which::Bare if past => published.checked_sub_days(Days::new(back % 7)),
        Which::Next => published.checked_add_days(Days::new(if ahead == 0 { 7 } else { ahead })),
        Which::This | Which::Bare => published.checked_add_days(Days::new(ahead)),
    }
}

fn near_weekend(published: NaiveDate, which: Which) -> Option<NaiveDate> {
    // The Saturday of the week that `published` lies in, weeks beginning on Monday.
    let monday = published.checked_sub_days(Days::new(u64::from(published.weekday().num_days_from_monday())))?;
    let saturday = monday.checked_add_days(Days::new(5))?;
    match which {
        Which::Last => saturday.checked_sub_days(Days::new(7)),
        Which::This | Which::Bare => Some(saturday),
        Which::Next => saturday.checked_add_days(Days::new(7)),
    }
}

/// The relative day that begins at `i`.
pub fn relative(text: &Text, i: usize) -> Option<(Relative, usize)> {
    let words = text.words;
    let word = text.lower(i);
    if let Some(days) = lookup(words.near_days, word) {
        return Some((Relative::Days(days), i + 1));
    }
    let which = if words.last.contains(&word) {
        Which::Last
    } else if words.this.contains(&word) {
        Which::This
    } else if words.next.contains(&word) {
        Which::Next
    } else if words.on.contains(&word) {
        Which::Bare
    } else {
        return None;
    };
    if which != Which::Bare && words.weekend.contains(&text.lower(i + 1)) {
        return Some((Relative::Weekend(which), i + 2));
    }
    let (weekday, end) = text.weekday(i + 1)?;
    if dates(text, i + 1).is_some() {
        return None;
    }
    let plural = words.plural_weekdays.contains(&text.lower(i + 1));
    (!plural).then_some((Relative::Weekday(which, weekday), end))
}
