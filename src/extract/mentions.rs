//! Blocks → mentions: every date, span of hours and repetition that the text names, with the words around it.

use super::blocks::Block;
use super::grammar::clock::{Hours, hours};
use super::grammar::date::{Dates, dates, slash_order};
use super::grammar::recurrence::{Repeats, repeats};
use super::grammar::relative::{Relative, relative};
use super::grammar::{SlashOrder, Text};
use super::language::Words;
use super::tokens::tokens;

/// A place where the text says something about when.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    /// Index of its block.
    pub block: usize,
    /// First byte in the block's text.
    pub start: usize,
    /// Byte behind the last.
    pub end: usize,
    /// What it says.
    pub what: What,
    /// The clause before it, in lower case.
    pub before: String,
    /// The clause behind it, in lower case.
    pub after: String,
}

/// What a mention says.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// Dates, perhaps with hours.
    Dates(Dates, Option<Hours>),
    /// A day counted from publication, perhaps with hours.
    Relative(Relative, Option<Hours>),
    /// A repetition.
    Repeats(Repeats),
    /// Hours alone.
    Hours(Hours),
}

impl Mention {
    /// The words, white space collapsed.
    pub fn quote(&self, blocks: &[Block]) -> String {
        let text = blocks.get(self.block).and_then(|block| block.text.get(self.start..self.end)).unwrap_or_default();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The clause around it.
    pub fn clause(&self) -> String {
        format!("{} {}", self.before, self.after)
    }
}

/// More than this many mentions make no announcement.
const MOST_MENTIONS: usize = 2_000;

/// All mentions of a text, in its order.
pub fn mentions(blocks: &[Block], words: &'static Words) -> Vec<Mention> {
    let mut slashes = None;
    for block in blocks.iter().filter(|block| block.text.contains('/')) {
        let tokens = tokens(&block.text, words.ordinal_endings);
        slashes = slash_order(&Text { tokens: &tokens, words, slashes: None });
        if slashes.is_some() {
            break;
        }
    }
    let mut found = Vec::new();
    for (index, block) in blocks.iter().enumerate() {
        if found.len() > MOST_MENTIONS {
            break;
        }
        in_block(index, block, words, slashes, &mut found);
    }
    found
}

fn in_block(index: usize, block: &Block, words: &'static Words, slashes: Option<SlashOrder>, found: &mut Vec<Mention>) {
    let tokens = tokens(&block.text, words.ordinal_endings);
    let text = Text { tokens: &tokens, words, slashes };
    let mut i = 0;
    let mut last: Option<(usize, usize)> = None;
    while i < tokens.len() && found.len() <= MOST_MENTIONS {
        let Some((what, end)) = at(&text, i) else {
            i += 1;
            continue;
        };
        let (Some(start_byte), Some(end_byte)) = (tokens.get(i).map(|t| t.start), tokens.get(end - 1).map(|t| t.end))
        else {
            break;
        };
        if block.code.iter().take(200).any(|code| code.touches(start_byte, end_byte)) {
            i = end;
            continue;
        }
        let mut start = start_byte;
        let mut what = what;
        // "17:00 UTC on Monday 5 May": the hours stand before their date.
        if let (Some((mention, last_end)), What::Dates(_, own @ None) | What::Relative(_, own @ None)) =
            (last, &mut what)
            && let Some(What::Hours(hours)) = found.get(mention).map(|m| &m.what)
            && adjoins(&text, last_end, i)
        {
            *own = Some(hours.clone());
            start = found.pop().map_or(start, |m| m.start);
        }
        let (before, after) = surroundings(&block.text, start, end_byte);
        found.push(Mention { block: index, start, end: end_byte, what, before, after });
        last = Some((found.len() - 1, end));
        i = end;
    }
}

/// Only words such as "on" stand between hours and their date.
fn adjoins(text: &Text, from: usize, to: usize) -> bool {
    to >= from
        && to - from <= 3
        && (from..to).all(|i| {
            text.at(i).is_some_and(|t| t.is(',') || t.is('(') || t.is(')') || t.is('|'))
                || text.words.before_date.contains(&text.lower(i))
        })
}

fn at(text: &Text, i: usize) -> Option<(What, usize)> {
    if let Some((repeats, end)) = repeats(text, i) {
        return Some((What::Repeats(repeats), end));
    }
    if let Some((dates, end)) = dates(text, i) {
        if dates.hours[0].is_some() {
            return Some((What::Dates(dates, None), end));
        }
        let (hours, end) = hours_behind(text, end);
        return Some((What::Dates(dates, hours), end));
    }
    if let Some((relative, end)) = relative(text, i) {
        let (hours, end) = hours_behind(text, end);
        return Some((What::Relative(relative, hours), end));
    }
    hours(text, i).map(|(hours, end)| (What::Hours(hours), end))
}

/// Hours right behind a date: "…, at 18:00", "… | 10am–noon", "… (Friday), from 9:00".
fn hours_behind(text: &Text, i: usize) -> (Option<Hours>, usize) {
    let mut at = i;
    for _ in 0..6 {
        if let Some((hours, end)) = hours(text, at) {
            return (Some(hours), end);
        }
        let passes = text.at(at).is_some_and(|t| {
            t.is(',')
                || t.is('@')
                || t.is('|')
                || t.is('(')
                || t.is(')')
                || t.is(':')
                || t.is_dash()
                || t.is('·')
                || t.is('•')
                || t.is('*')
                || t.is(';')
                || t.is('.')
        });
        if passes || text.words.before_hours.contains(&text.lower(at)) {
            at += 1;
        } else if let Some((_, end)) = text.weekday(at) {
            at = end;
        } else {
            break;
        }
    }
    (None, i)
}

const CLAUSE_BEFORE: usize = 160;
const CLAUSE_AFTER: usize = 120;

/// The clause before and behind a stretch, in lower case, white space collapsed.
fn surroundings(text: &str, start: usize, end: usize) -> (String, String) {
    let before = text.get(..start).unwrap_or_default();
    let mut from = start;
    let mut next: Option<char> = None;
    for (at, c) in before.char_indices().rev() {
        let ends = c == '\n'
            || (matches!(c, '.' | '!' | '?') && next.is_none_or(char::is_whitespace) && !abbreviation(before, at));
        if ends || start - at > CLAUSE_BEFORE {
            break;
        }
        (from, next) = (at, Some(c));
    }
    let after = text.get(end..).unwrap_or_default();
    let mut to = 0;
    let mut chars = after.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let ends = c == '\n' || (matches!(c, '.' | '!' | '?') && chars.peek().is_none_or(|(_, c)| c.is_whitespace()));
        if ends || at > CLAUSE_AFTER {
            break;
        }
        to = at + c.len_utf8();
    }
    (collapsed(text.get(from..start)), collapsed(after.get(..to)))
}

/// A point behind one or two letters, or behind a digit, ends no sentence.
fn abbreviation(before: &str, point: usize) -> bool {
    let word: Vec<char> =
        before.get(..point).unwrap_or_default().chars().rev().take(3).take_while(|c| c.is_alphanumeric()).collect();
    word.len() < 3 && !word.is_empty() && word.iter().all(|c| c.is_alphabetic())
}

fn collapsed(text: Option<&str>) -> String {
    text.unwrap_or_default().to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}
