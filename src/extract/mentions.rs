//! Blocks → mentions: every date, span of hours and repetition that the text names, with what is said around it.

use super::blocks::Block;
use super::cues::Cue;
use super::grammar::clock::{Hours, hours, hours_of_date};
use super::grammar::date::{Dates, dates};
use super::grammar::recurrence::{Repeats, repeats};
use super::grammar::relative::{Relative, relative};
use super::language::{Class, Classes, Language, Marks};
use super::telling::line;
use super::tokens::{Text, Token, TokenKind};
use chrono::Timelike;

/// A place where the text says something about when.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    /// Index of its block.
    pub block: usize,
    /// First byte in the block's text.
    pub start: usize,
    /// Byte behind the last.
    pub end: usize,
    /// Its first token in the block.
    pub at: usize,
    /// The token behind its last.
    pub until: usize,
    /// What it says.
    pub what: What,
    /// The tokens of its clause: the first, and the one behind the last.
    pub clause: (usize, usize),
    /// The lists that the words before it in its clause stand in.
    pub before: Classes,
    /// The same, of the three words right before it.
    pub near: Classes,
    /// The same, of its clause behind it.
    pub after: Classes,
    /// The same, of the five words right behind it.
    pub soon: Classes,
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
    /// Learns what the words around it say.
    pub fn hear(&mut self, text: &Text, cues: &[Cue]) {
        let (at, until, clause) = (self.at, self.until, self.clause);
        self.before = classes(cues, clause.0, at);
        self.near = classes(cues, words_back(text, at, 3).max(clause.0), at);
        self.after = classes(cues, until, clause.1);
        self.soon = classes(cues, until, words_ahead(text, until, 5).min(clause.1));
    }

    /// The words, white space collapsed.
    pub fn quote(&self, blocks: &[Block]) -> String {
        let text = blocks.get(self.block).and_then(|block| block.text.get(self.start..self.end)).unwrap_or_default();
        line(text)
    }

    /// The lists that the words of its clause stand in.
    pub fn around(&self) -> Classes {
        self.before.with(self.after)
    }

    /// True for days that the text names, be it only from the day of publication.
    pub fn is_day(&self) -> bool {
        matches!(self.what, What::Dates(..) | What::Relative(..))
    }
}

/// More than this many mentions make no announcement.
pub const MOST_MENTIONS: usize = 2_000;

/// The tokens that a mention may begin with, as far as each tells by itself.
pub fn openers(tokens: &[Token], language: &Language, found: &mut Vec<usize>) {
    let is_unspaced = language.lexicon.longest_run > 0;
    let opens = |token: &Token| match token.word.is_known() {
        true => token.word.is(Marks::OPENS),
        false => token.is_number() || is_unspaced && token.is_word(),
    };
    found.clear();
    found.extend(tokens.iter().enumerate().filter(|(_, token)| opens(token)).map(|(at, _)| at));
}

/// Appends the mentions of one block, whose openers are known; what is said around them is still to be heard.
pub fn in_block(index: usize, text: &Text, openers: &[usize], found: &mut Vec<Mention>) {
    let mut least = 0;
    let mut last: Option<(usize, usize)> = None;
    for i in openers.iter().copied() {
        if i < least || !text.at(i).is_some_and(|token| may_open(token, text, i)) {
            continue;
        }
        if found.len() > MOST_MENTIONS {
            break;
        }
        let Some((mut what, end)) = at(text, i).filter(|(_, end)| *end > i) else {
            // "por la mañana": its last word alone would be tomorrow.
            let may_be = text.at(i).is_some_and(|token| token.word.is(Marks::OPENS_HOURS));
            let half = || text.phrase(i, Class::Am).or_else(|| text.phrase(i, Class::Pm));
            least = may_be.then(half).flatten().unwrap_or(i + 1);
            continue;
        };
        let (Some(first), Some(behind)) = (text.at(i), text.at(end - 1)) else { break };
        let (mut start, end_byte) = (first.start as usize, behind.end as usize);
        let mut from = i;
        // "17:00 UTC on Monday 5 May": the hours stand before their date.
        if let (Some((mention, last_end)), What::Dates(_, own @ None) | What::Relative(_, own @ None)) =
            (last, &mut what)
            && let Some(What::Hours(hours)) = found.get(mention).map(|m| &m.what)
            && adjoins(text, last_end, i)
        {
            *own = Some(hours.clone());
            if let Some(hours) = found.pop() {
                (start, from) = (hours.start, hours.at);
            }
        }
        // "Thursday, June 10th, 5 PM Pacific / Friday June 11th 00:00 UTC": the same moment, better known.
        if zone_of(&what).is_some()
            && let Some((mention, last_end)) = last
            && found.get(mention).is_some_and(|other| other.is_day() && timed_without_zone(&other.what))
            && is_other_clock(text, last_end, i)
            && let Some(other) = found.pop()
        {
            (start, from) = (other.start, other.at);
        }
        let clause = clause(text, from, end);
        found.push(Mention {
            block: index,
            start,
            end: end_byte,
            at: from,
            until: end,
            what,
            clause,
            before: Classes::default(),
            near: Classes::default(),
            after: Classes::default(),
            soon: Classes::default(),
        });
        last = Some((found.len() - 1, end));
        least = end;
    }
}

/// The zone of the hours that stand with a date.
fn zone_of(what: &What) -> Option<&str> {
    match what {
        What::Dates(_, Some(hours)) => hours.zone.as_deref(),
        _ => None,
    }
}

fn timed_without_zone(what: &What) -> bool {
    matches!(what, What::Dates(_, Some(hours)) if hours.zone.is_none())
}

/// Nothing but the name of a zone and a slash or bracket stands between.
fn is_other_clock(text: &Text, from: usize, to: usize) -> bool {
    let marks = (from..to).filter(|at| text.is(*at, '/') || text.is(*at, '(')).count();
    marks == 1
        && to - from <= 4
        && (from..to).all(|at| text.at(at).is_some_and(|t| t.capital || t.is('/') || t.is('(')))
}

fn may_open(token: &Token, text: &Text, i: usize) -> bool {
    match token.kind {
        TokenKind::Number { value, digits, .. } => {
            let next = text.at(i + 1);
            let is_mark = || next.is_some_and(|next| matches!(next.kind, TokenKind::Mark(_)));
            let is_known = || next.is_some_and(|next| next.word.is_known());
            // "3 participants"; "pm" and "h" are no words of a language.
            let is_count =
                || next.is_some_and(|next| next.is_word() && !next.word.is_known() && next.end - next.start > 3);
            match digits {
                1 | 2 if value <= 31 => !is_count() || text.language.lexicon.longest_run > 0,
                // A year opens a date only before what parts it from the month.
                1 | 2 | 4 => is_mark() || is_known(),
                _ => false,
            }
        }
        TokenKind::Word if token.word.is_known() => {
            // "on", "from", "this", "one" and their like open nothing where no number and no word of time follows.
            let follows = || {
                let next = text.tokens.get(i + 1..(i + 6).min(text.tokens.len())).unwrap_or_default();
                next.iter().any(|token| token.is_number() || token.word.is(Marks::TIMES))
            };
            token.word.is(Marks::OPENS) && (token.word.is(Marks::NAMES_TIME) || follows())
        }
        TokenKind::Word => text.language.lexicon.longest_run > 0 && text.written(i) == "第",
        TokenKind::Mark(_) => false,
    }
}

/// The lists of all cues that lie within these tokens.
pub fn classes(cues: &[Cue], from: usize, to: usize) -> Classes {
    let start = cues.partition_point(|cue| (cue.at as usize) < from);
    let inside = cues.iter().skip(start).take_while(|cue| (cue.at as usize) < to);
    inside.filter(|cue| cue.end as usize <= to).fold(Classes::default(), |all, cue| all.with(cue.classes))
}

/// The token that begins the `count` words before token `i`.
pub fn words_back(text: &Text, i: usize, count: usize) -> usize {
    let (mut at, mut left) = (i, count);
    while at > 0 && left > 0 && i - at < 3 * count {
        at -= 1;
        left -= usize::from(text.at(at).is_some_and(|token| token.is_word() || token.is_number()));
    }
    at
}

fn words_ahead(text: &Text, i: usize, count: usize) -> usize {
    let (mut at, mut left) = (i, count);
    while left > 0 && at - i < 3 * count {
        let Some(token) = text.at(at) else { break };
        left -= usize::from(token.is_word() || token.is_number());
        at += 1;
    }
    at
}

/// Only words such as "on" stand between hours and their date.
fn adjoins(text: &Text, from: usize, to: usize) -> bool {
    let mut at = from;
    for _ in 0..4 {
        if at == to {
            return true;
        }
        let mark = text.at(at).is_some_and(|t| t.is(',') || t.is('(') || t.is(')') || t.is('|'));
        match text.phrase(at, Class::BeforeDate) {
            Some(end) => at = end,
            None if mark => at += 1,
            None => return false,
        }
    }
    at == to
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
        let evening = text.phrase(i, Class::Pm) == Some(end);
        let (mut hours, end) = hours_behind(text, end);
        // "tonight at 8", 今晚7点
        if let Some(hours) = hours.as_mut().filter(|hours| evening && hours.from.hour() < 12 && hours.zone.is_none()) {
            hours.from += chrono::TimeDelta::hours(12);
        }
        return Some((What::Relative(relative, hours), end));
    }
    hours(text, i).map(|(hours, end)| (What::Hours(hours), end))
}

/// Hours right behind a date: "…, at 18:00", "… | 10am–noon", "… (Friday), from 9:00".
fn hours_behind(text: &Text, i: usize) -> (Option<Hours>, usize) {
    let mut at = i;
    for _ in 0..6 {
        if let Some((hours, end)) = hours_of_date(text, at) {
            return (Some(hours), end);
        }
        let passes = text.at(at).is_some_and(|t| {
            t.is_dash()
                || matches!(
                    t.kind,
                    TokenKind::Mark(
                        ',' | '@' | '|' | '(' | ')' | ':' | '·' | '•' | '*' | ';' | '.' | '⏰' | '🕖' | '🕕' | '🕗'
                    )
                )
        });
        if let Some(end) = text.phrase(at, Class::BeforeHours).or_else(|| text.phrase(at, Class::At)) {
            at = end;
        } else if passes {
            at += 1;
        } else if let Some((_, end)) = text.weekday(at) {
            at = end;
        } else {
            break;
        }
    }
    (None, i)
}

const CLAUSE_BEFORE: usize = 40;
const CLAUSE_AFTER: usize = 30;

/// The sentence or line around some tokens, within bounds.
fn clause(text: &Text, from: usize, end: usize) -> (usize, usize) {
    let least = from.saturating_sub(CLAUSE_BEFORE);
    let mut first = from;
    while first > least && !text.at(first).is_some_and(|token| token.new_line) && !ends_sentence(text, first - 1) {
        first -= 1;
    }
    let most = (end + CLAUSE_AFTER).min(text.tokens.len());
    let mut last = end;
    while last < most && !text.at(last).is_some_and(|token| token.new_line) && !ends_sentence(text, last) {
        last += 1;
    }
    (first, last)
}

/// The token ends a sentence: a stop, white space, and no abbreviation or ordinal before it.
pub fn ends_sentence(text: &Text, i: usize) -> bool {
    let Some(token) = text.at(i).filter(|token| token.is_stop()) else { return false };
    if matches!(token.kind, TokenKind::Mark('。' | '！' | '？')) {
        return true;
    }
    if text.at(i + 1).is_some_and(|next| !next.spaced) {
        return false;
    }
    if !token.is('.') {
        return true;
    }
    let Some(before) = i.checked_sub(1).filter(|_| text.glued(i)) else { return true };
    let Some(word) = text.at(before) else { return true };
    let letters = text.written(before).chars().count();
    let short = word.is_word() && letters < 3;
    let ordinal = word.small().is_some() && text.language.code != "en" && text.at(i + 1).is_some_and(Token::is_word);
    let abbreviated = (text.meaning(before).weekday.is_some() || text.meaning(before).month.is_some()) && letters <= 5;
    // "Boltzmannstr. 3", "Av. 5 de Maio"
    let street = text.at(i + 1).is_some_and(Token::is_number)
        && (text.has(before, Class::Venue) || text.written(before).to_lowercase().ends_with("str"));
    !(short || ordinal || abbreviated || street)
}
