//! What tells a venue or an address from other names, and places that stand beside a date without a word such as "at".

use super::blocks::Block;
use super::gazetteer::ends_with_country;
use super::grammar::Text;
use super::language::Words;
use super::mentions::What;
use super::page::Page;
use super::places::{name_at, place};
use crate::model::Statement;

/// Stands before places where others write "Where:".
const PIN: char = '📍';

/// The rule for a venue that only a comma parts from a date.
pub const BESIDE_DATE: &str = "place-beside-date";

/// The first byte of each date and span of hours in a block, and the one behind its last.
pub fn dates_in(page: &Page, index: usize) -> Vec<(usize, usize)> {
    let from = page.mentions.partition_point(|mention| mention.block < index);
    let own = page.mentions.iter().skip(from).take_while(|mention| mention.block == index);
    own.filter(|mention| !matches!(mention.what, What::Repeats(_)))
        .map(|mention| (mention.start, mention.end))
        .collect()
}

/// Only a comma or its like stands between a date and token `i`.
pub fn behind_date(text: &Text, dates: &[(usize, usize)], i: usize) -> bool {
    (1..=2).any(|back| {
        let Some(token) = i.checked_sub(back).and_then(|at| text.at(at)) else { return false };
        let parted = (i + 1 - back..i).all(|at| text.at(at).is_some_and(is_parting));
        parted && dates.binary_search_by_key(&token.end, |(_, end)| *end).is_ok()
    })
}

fn is_parting(token: &super::tokens::Token) -> bool {
    token.is(',')
        || token.is(')')
        || token.is('|')
        || token.is('·')
        || token.is('•')
        || token.is(';')
        || token.is_dash()
}

/// A name of a kind of place: "Fore Street", "Old Mill", "Lecture Theatre B"; with a year it is an event's.
pub fn is_venue(words: &Words, name: &str) -> bool {
    let year = |word: &str| word.len() == 4 && word.chars().all(|c| c.is_ascii_digit());
    let kind = |(nth, word): (usize, &str)| nth > 0 && words.venues.contains(&word.to_lowercase().as_str());
    name.split(", ").any(|part| part.split(' ').enumerate().any(kind)) && !name.split(' ').next_back().is_some_and(year)
}

/// A house number, and a town behind a comma.
pub fn is_address(name: &str) -> bool {
    let mut parts = name.split(", ");
    let numbered = |part: &str| {
        part.split(' ').count() > 1
            && part.split(' ').any(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_digit()))
    };
    name.contains(", ") && parts.any(numbered)
}

/// Only a comma or its like stands between token `i` and a date behind it.
fn before_date(text: &Text, dates: &[(usize, usize)], i: usize) -> bool {
    let at = if text.at(i).is_some_and(is_parting) { i + 1 } else { i };
    text.at(at).is_some_and(|token| dates.binary_search_by_key(&token.start, |(start, _)| *start).is_ok())
}

/// "Friday 5 May, Canal Works, Turku", "the usual place (Canal Works)", "Quay Street 5, Turku, Finland" at token `i`, the name.
pub fn unprefaced(text: &Text, block: &Block, i: usize, dates: &[(usize, usize)]) -> Option<(Statement, usize)> {
    let opens = i > 0 && text.is(i - 1, '(');
    let begins = i == 0
        || opens
        || text.at(i).is_some_and(|token| token.new_line)
        || text.at(i - 1).is_some_and(|token| is_parting(token) || token.is(':') || token.is(PIN));
    let dated = behind_date(text, dates, i);
    if !begins && !dated {
        return None;
    }
    let from = text.skip_word(i, text.words.determiners);
    let (name, end) = name_at(text, from)?;
    let country = ends_with_country(&name);
    let beside = dated || before_date(text, dates, end);
    let sited = is_venue(text.words, &name) || is_address(&name) || country;
    let (confidence, rule) = if country && is_address(&name) {
        (0.66, "address")
    } else if beside && sited {
        (if country { 0.8 } else { 0.7 }, BESIDE_DATE)
    } else if opens && text.is(end, ')') && sited && !dates.is_empty() {
        (0.6, "place-in-brackets")
    } else {
        return None;
    };
    let quote = block.text.get(text.at(from)?.start..text.at(end - 1)?.end)?;
    Some((place(&name, quote, rule, confidence), end))
}
