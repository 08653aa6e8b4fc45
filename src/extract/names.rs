//! Names in running text: words with capitals, joined by small words, commas and house numbers.

use super::grammar::date::dates;
use super::language::Class;
use super::tokens::{Text, Token, TokenKind};

/// A name of more words is a sentence.
const MOST_WORDS: usize = 30;

/// The token behind the name that begins at `from`.
pub fn name_at(text: &Text, from: usize) -> Option<usize> {
    let fits = |i: usize| text.at(i).is_some_and(|t| t.capital && text.weekday(i).is_none() && text.month(i).is_none());
    // "polo Fibonacci", "salle de l'Ermitage": a venue by its noun, named behind it.
    let joint = |i: usize| text.has(i, Class::NameJoint) || text.is(i, '\'') || text.is(i, '’');
    let named = || (from + 1..from + 5).find(|i| fits(*i) || !joint(*i)).is_some_and(fits);
    let by_noun = (text.has(from, Class::Venue) || text.has(from, Class::Room)) && named();
    if !fits(from) && !by_noun {
        return None;
    }
    let apostrophe = |i: usize| text.at(i).is_some_and(|t| (t.is('’') || t.is('\'')) && !t.spaced);
    let street = |i: usize| text.has(i, Class::Venue) && i > 0 && text.is(i - 1, ',');
    // "Maison des associations": behind a venue's noun, an ordinary one may follow its small word.
    let of_venue = |at: usize, end: usize| {
        at > end
            && at > from
            && text.has(from, Class::Venue)
            && !text.has(from, Class::EventNoun)
            && text.has(at - 1, Class::NameJoint)
            && text.at(at).is_some_and(|token| token.is_word() && !token.capital && token.end - token.start > 3)
            && !text.has(at, Class::NameJoint)
            && !text.meaning(at).times()
            && text.at(at + 1).is_none_or(|next| next.new_line || !next.is_word() || text.has(at + 1, Class::NameJoint))
    };
    // "Доме культуры"
    let mut end = text.phrase(from, Class::Venue).unwrap_or(from + 1);
    let mut at = end;
    while at < from + MOST_WORDS {
        let Some(token) = text.at(at).filter(|t| !t.new_line) else { break };
        if fits(at) || house_number(text, at) || of_venue(at, end) {
            end = at + 1;
        } else if text.is(at - 1, ',') && text.has(at, Class::PlaceBefore) {
            // "w Krakowie, w bibliotece": another place, or the same told once more.
            break;
        } else if text.has(at, Class::NameJoint)
            || token.is(',')
            || joins_words(text, at)
            || apostrophe(at)
            || apostrophe(at - 1) && !token.spaced
            || street(at)
            || token.is('.') && !token.spaced && street(at - 1)
        {
            // Counts only if more of the name follows: "Biblioteka, ul. Długa 5".
        } else {
            break;
        }
        at += 1;
        if at > end + 3 {
            break;
        }
    }
    // "the Lincoln Elementary gym"
    if text.at(end).is_some_and(|t| !t.new_line) && text.has(end, Class::Venue) {
        end += 1;
    }
    let letters: usize = (from..end).map(|at| text.written(at).chars().count()).sum();
    (letters > 1).then_some(end)
}

fn house_number(text: &Text, i: usize) -> bool {
    let Some(token) = text.at(i).filter(|t| t.is_number() && !t.is_ordinal()) else { return false };
    let year = token.digits(4).is_some_and(|year| (1990..2100).contains(&year));
    let day = text.month(i + 1).is_some()
        || text.is(i + 1, ':')
        || (i > 0 && text.month(i - 1).is_some())
        || text.has(i + 1, Class::HourWord)
        || dates(text, i).is_some();
    let long = |i: usize| text.at(i).is_some_and(|t| t.is_number() && t.end - t.start >= 3);
    let post_code = text.glued(i + 1) && text.glued(i + 2) && long(i + 2) && token.end - token.start >= 2;
    let range =
        !post_code && text.at(i + 1).is_some_and(Token::is_dash) && text.at(i + 2).is_some_and(Token::is_number);
    !year && !day && !range
}

fn joins_words(text: &Text, i: usize) -> bool {
    let Some(token) = text.at(i) else { return false };
    let glued_behind = text.at(i + 1).is_some_and(|t| !t.spaced);
    (token.is('.') && !token.spaced && (glued_behind || text.at(i + 1).is_some_and(Token::is_number)) && i > 0)
        || (matches!(token.kind, TokenKind::Mark('-' | '/' | '\'' | '’' | '&')) && (glued_behind || token.is('&')))
}

/// The words of a name, white space collapsed.
pub fn name_between(text: &Text, from: usize, end: usize) -> String {
    let mut name = String::new();
    for at in from..end {
        if text.at(at).is_some_and(|token| token.spaced) && !name.is_empty() {
            name.push(' ');
        }
        name.push_str(text.written(at));
    }
    name
}
