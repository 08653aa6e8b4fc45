//! The grammar: from a place among the tokens, what date, hours, or repetition begins there, and where it ends.
//!
//! Every parser looks ahead a bounded number of tokens and answers `None` where nothing of its kind begins.

pub mod clock;
pub mod date;
pub mod recurrence;
pub mod relative;

use super::language::{Words, lookup};
use super::tokens::Token;
use chrono::Weekday;

/// The tokens of a text and what is known about reading them.
#[derive(Debug, Clone, Copy)]
pub struct Text<'t> {
    /// The tokens.
    pub tokens: &'t [Token<'t>],
    /// The language's words.
    pub words: &'static Words,
    /// How `3/4/2025` is to be read, if the document tells.
    pub slashes: Option<SlashOrder>,
}

/// The order of day and month between slashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlashOrder {
    /// 31/12/2025.
    DayFirst,
    /// 12/31/2025.
    MonthFirst,
}

impl<'t> Text<'t> {
    /// The token at `i`.
    pub fn at(&self, i: usize) -> Option<&'t Token<'t>> {
        self.tokens.get(i)
    }

    /// The word at `i` in lower case, or nothing.
    pub fn lower(&self, i: usize) -> &str {
        self.at(i).filter(|token| token.is_word()).map_or("", |token| token.lower.as_ref())
    }

    /// True for this mark at `i`.
    pub fn is(&self, i: usize, mark: char) -> bool {
        self.at(i).is_some_and(|token| token.is(mark))
    }

    /// True for a token that touches the one before it.
    pub fn glued(&self, i: usize) -> bool {
        self.at(i).is_some_and(|token| !token.spaced)
    }

    /// `i` behind the mark, if it stands there.
    pub fn skip(&self, i: usize, mark: char) -> usize {
        if self.is(i, mark) { i + 1 } else { i }
    }

    /// `i` behind one of these words, if it stands there.
    pub fn skip_word(&self, i: usize, words: &[&str]) -> usize {
        if words.contains(&self.lower(i)) { i + 1 } else { i }
    }

    /// The weekday named at `i`, and the place behind it (and its full stop).
    pub fn weekday(&self, i: usize) -> Option<(Weekday, usize)> {
        let token = self.at(i).filter(|token| token.is_word())?;
        let day = lookup(self.words.weekdays, token.lower.as_ref())?;
        let short = token.lower.len() <= 5 && !token.lower.ends_with("day");
        if short && !token.is_capital() {
            return None;
        }
        let end = if short && self.is(i + 1, '.') && self.glued(i + 1) { i + 2 } else { i + 1 };
        Some((day, end))
    }

    /// The month named at `i`, and the place behind it (and its full stop).
    pub fn month(&self, i: usize) -> Option<(u32, usize)> {
        let token = self.at(i).filter(|token| token.is_word())?;
        let month = self.words.month(token.text, token.lower.as_ref())?;
        let short = token.lower.chars().count() <= 4;
        let end = if short && self.is(i + 1, '.') && self.glued(i + 1) { i + 2 } else { i + 1 };
        Some((month, end))
    }
}
