//! Zone words behind hours: `CEST`, `UTC+2`, `Europe/Berlin`, `Helsinki time`, as written.

use crate::extract::language::Class;
use crate::extract::tokens::{Text, Token};

#[rustfmt::skip]
const ZONES: &[&str] = &[
    "UTC", "GMT", "CET", "CEST", "MEZ", "MESZ", "MET", "MEST", "WET", "WEST", "EET", "EEST", "MSK", "BST", "IST", "TRT", "EST",
    "EDT", "ET", "CST", "CDT", "CT", "MST", "MDT", "MT", "PST", "PDT", "PT", "AKST", "AKDT", "HST", "AST", "ADT", "NST",
    "NDT", "BRT", "ART", "CLT", "COT", "JST", "KST", "HKT", "SGT", "PHT", "WIB", "ICT", "AEST", "AEDT", "ACST", "ACDT",
    "AWST", "NZST", "NZDT", "SAST", "EAT", "WAT", "CAT", "GST", "PKT", "UTZ", "Z",
];

const REGIONS: &[&str] = &[
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
    "Etc",
];

/// The zone word that begins at `i`, alone or in brackets.
pub fn zone(text: &Text, i: usize) -> Option<(String, usize)> {
    if text.is(i, '(') || text.is(i, '[') {
        let close = if text.is(i, '(') { ')' } else { ']' };
        let (name, end) = zone_word(text, i + 1)?;
        return text.is(end, close).then_some((name, end + 1));
    }
    zone_word(text, text.skip(i, ','))
}

fn zone_word(text: &Text, i: usize) -> Option<(String, usize)> {
    let token = text.at(i).filter(|token| token.is_word())?;
    let written = text.written(i);
    if let Some(found) = offset(text, i, written) {
        return Some(found);
    }
    if ZONES.contains(&written) && (written != "Z" || !token.spaced) {
        let twin = text.is(i + 1, '/') && text.glued(i + 1) && ZONES.contains(&text.written(i + 2));
        let end = if twin { i + 3 } else { i + 1 };
        return Some((text.between(i, end).to_owned(), end));
    }
    if REGIONS.contains(&written) && text.is(i + 1, '/') {
        let mut end = i + 2;
        while end < i + 9 && text.at(end).is_some_and(|t| !t.spaced && (t.is_word() || t.is('_') || t.is('/'))) {
            end += 1;
        }
        return (end > i + 2).then(|| (text.between(i, end).to_owned(), end));
    }
    // "Mountain Time", "Eastern Daylight Time", "Helsinki time"
    let mut end = i;
    while end < i + 3 && text.at(end).is_some_and(|t| t.capital) && !text.has(end, Class::TimeWord) {
        end += 1;
    }
    let behind = end > i && text.has(end, Class::TimeWord) && text.at(end).is_some_and(|t| !t.new_line);
    behind.then(|| (text.between(i, end + 1).to_owned(), end + 1))
}

/// `UTC+2`, `GMT -05:30`.
fn offset(text: &Text, i: usize, written: &str) -> Option<(String, usize)> {
    if !matches!(written, "UTC" | "GMT") {
        return None;
    }
    let sign = text.at(i + 1).filter(|t| t.is('+') || t.is_dash())?;
    let sign = if sign.is('+') { '+' } else { '-' };
    let hour = text.at(i + 2).filter(|t| !t.spaced).and_then(Token::small).filter(|hour| *hour <= 14)?;
    let minute = text.at(i + 4).and_then(|t| t.digits(2)).filter(|_| text.is(i + 3, ':') && text.glued(i + 3));
    Some(match minute {
        Some(minute) => (format!("{written}{sign}{hour}:{minute:02}"), i + 5),
        None => (format!("{written}{sign}{hour}"), i + 3),
    })
}
