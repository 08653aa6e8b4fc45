//! The grammar: from a place among the tokens, what date, hours, or repetition begins there, and where it ends.
//!
//! Every parser looks ahead a bounded number of tokens and answers `None` where nothing of its kind begins. What a word is
//! comes from the language's file; the grammar itself knows no words.

pub mod clock;
pub mod date;
mod numeric;
pub mod recurrence;
pub mod relative;
pub mod zone;

use super::language::{Class, Classes};
use super::tokens::{Text, Token, is_unspaced};
use chrono::Weekday;

impl Text<'_> {
    /// The weekday named at `i`, and the place behind it (and its full stop).
    pub fn weekday(&self, i: usize) -> Option<(Weekday, usize)> {
        let token = self.at(i).filter(|token| token.word.is_known())?;
        let (day, end) = self.longest(i, |meaning| meaning.weekday)?;
        let written = self.between(i, end);
        let letters = written.chars().count();
        if letters == 1 && written.chars().any(is_unspaced) {
            let closes = [')', ',', '·'].iter().any(|mark| self.is(i + 1, *mark));
            return (closes && i > 0 && self.is(i - 1, '(')).then_some((day, i + 1));
        }
        if self.has(i, Class::Shy) && !token.capital && end == i + 1 {
            return None;
        }
        // "na segunda parte": the second one of something, not a Monday.
        let joints = Classes::of(&[
            Class::At,
            Class::On,
            Class::Of,
            Class::BeforeHours,
            Class::And,
            Class::To,
            Class::Next,
            Class::PlaceBefore,
        ]);
        let something = self.at(end).is_some_and(|next| next.is_word() && !next.new_line)
            && !self.meaning(end).classes.any(joints)
            && self.month(end).is_none();
        if end == i + 1 && self.meaning(i).ordinal.is_some() && something {
            return None;
        }
        let point = letters <= 5 && self.is(end, '.') && self.glued(end);
        Some((day, if point { end + 1 } else { end }))
    }

    /// The month named at `i`, and the place behind it (and its full stop).
    pub fn month(&self, i: usize) -> Option<(u32, usize)> {
        let token = self.at(i).filter(|token| token.is_word())?;
        let month = self.meaning(i).month?;
        // "5 may 2026"
        let dated = i > 0
            && self.at(i - 1).is_some_and(|t| t.small().is_some())
            && self.at(i + 1).is_some_and(|t| t.digits(4).is_some());
        if self.has(i, Class::Shy) && !token.capital && !dated {
            return None;
        }
        let short = self.written(i).chars().count() <= 5;
        Some((u32::from(month), if short && self.is(i + 1, '.') && self.glued(i + 1) { i + 2 } else { i + 1 }))
    }

    /// A position: "first", `2nd`, `3.`, 第1.
    pub fn position(&self, i: usize) -> Option<(i8, usize)> {
        let small = |i: usize| {
            self.at(i).and_then(Token::small).filter(|n| (1..=5).contains(n)).and_then(|n| i8::try_from(n).ok())
        };
        if let Some(nth) = small(i) {
            let point = self.is(i + 1, '.') && self.glued(i + 1);
            return match self.at(i).is_some_and(Token::is_ordinal) {
                true => Some((nth, i + 1)),
                false => point.then_some((nth, i + 2)),
            };
        }
        if self.written(i) == "第" {
            return small(i + 1).map(|nth| (nth, i + 2));
        }
        self.longest(i, |meaning| meaning.ordinal)
    }

    /// A number in digits or letters.
    pub fn count(&self, i: usize) -> Option<(u32, usize)> {
        if let Some(count) = self.at(i).and_then(Token::small).filter(|count| (1..=99).contains(count)) {
            return Some((count, i + 1));
        }
        self.longest(i, |meaning| meaning.count).map(|(count, end)| (u32::from(count), end))
    }
}
