//! Where, behind a label: "Where: the Old Mill", a row "Location | Turku, Finland and online", 📍 and what follows it.

use crate::extract::blocks::Block;
use crate::extract::bytes::any;
use crate::extract::language::{Class, Classes};
use crate::extract::mentions::ends_sentence;
use crate::extract::online::online_name;
use crate::extract::page::{Label, Page};
use crate::extract::telling::{MOST_TOKENS, evidence, line, place};
use crate::extract::tokens::{Token, TokenKind};
use crate::model::{About, Statement};

/// Stands before places where others write "Where:".
const PIN: [char; 3] = ['📍', '🏢', '🏠'];

/// The tokens of the values behind labels for places.
pub fn labelled(page: &Page, index: usize, block: &Block) -> Vec<(usize, usize)> {
    let text = page.text(index);
    if block.is_row() {
        let (Some(label), Some(value)) = (block.cells.first(), block.cells.get(1)) else { return Vec::new() };
        let (from, to) = page.tokens_at(index, label.start, label.end);
        let is_where = page.label_of(index, from, to) == Some(Label::Where);
        return if is_where { vec![page.tokens_at(index, value.start, value.end)] } else { Vec::new() };
    }
    let mut found = Vec::new();
    let mut line = 0;
    // A colon, also a wide one, or a pictogram.
    let may_label = any(text.source.as_bytes(), |byte| byte == b':' || byte >= 0xef);
    let most = if may_label { text.tokens.len().min(MOST_TOKENS) } else { 0 };
    for at in 0..most {
        // A word between words begins and ends nothing.
        let Some(token) = text.at(at) else { break };
        let is_inside = token.is_word() && !token.new_line && !(at > 0 && text.at(at - 1).is_some_and(Token::is_stop));
        if is_inside {
            continue;
        }
        if PIN.iter().any(|pin| text.is(at, *pin)) {
            let ends = |to: &usize| text.at(*to).is_none_or(|token| token.new_line || is_sign(token));
            found.extend((at + 2..at + 60).find(ends).map(|to| (at + 1, to)));
        }
        if text.at(at).is_some_and(|token| token.new_line || [',', ';', '|'].iter().any(|mark| token.is(*mark)))
            || at > 0 && ends_sentence(&text, at - 1)
        {
            line = if text.at(at).is_some_and(|token| token.is_word() || token.is_number()) { at } else { at + 1 };
        }
        if !text.is(at, ':') || text.at(at + 1).is_some_and(|t| t.is_number() && !t.spaced) {
            continue;
        }
        // "Date: 5 May Time: 18:00 Place: Old Mill": the label may be only the last word before its colon.
        let own = [line, at.saturating_sub(1)]
            .into_iter()
            .find(|from| *from < at && page.label_of(index, *from, at) == Some(Label::Where));
        if own.is_none() {
            continue;
        }
        let ends = |to: &usize| {
            text.at(*to).is_some_and(|token| token.new_line)
                || ends_sentence(&text, to - 1) && *to > at + 3
                || text.is(to + 1, ':') && text.at(*to).is_some_and(|t| t.capital) && *to > at + 1
        };
        let to = (at + 2..text.tokens.len().min(at + 60)).find(ends).unwrap_or(text.tokens.len().min(at + 60));
        if at + 1 < to {
            found.push((at + 1, to));
        }
    }
    let under = found.is_empty()
        && block.heading.is_some_and(|heading| index == heading + 1)
        && page.heading_label(index) == Some(Label::Where)
        && block.text.len() < 300;
    if under {
        let to = (1..text.tokens.len())
            .find(|at| text.at(*at).is_some_and(|token| token.new_line))
            .unwrap_or(text.tokens.len());
        found.push((0, to));
    }
    found
}

/// A pictogram, which opens another line of facts.
fn is_sign(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Mark(c) if ('\u{1f300}'..='\u{1faff}').contains(&c) || ('\u{2600}'..='\u{27bf}').contains(&c))
}

/// Gives a venue of the internet the address that its line links to.
pub fn linked(mut statement: Statement, block: &Block) -> Statement {
    if let About::Online { href, .. } = &mut statement.about {
        *href = block.links.first().map(|link| link.href.to_string());
    }
    statement
}

/// What the value of a label for places says.
pub fn value_of(page: &Page, index: usize, from: usize, to: usize) -> Option<Statement> {
    let text = page.text(index);
    let value = text.between(from, to);
    let value = value.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '(' | ')' | '.' | '"' | '）'));
    let value = line(value);
    if value.is_empty() || value.contains(['{', '}']) || value.len() > 300 {
        return None;
    }
    let says = page.classes_in(index, from, to);
    if says.has(Class::NoPlace) && value.len() < 40 {
        return None;
    }
    let online = online_name(page, index, from, to);
    let short = value.len() < 60;
    if says.has(Class::Online) || online.is_some() && short {
        if let Some(end) = before_online(page, index, from, to, online) {
            let there = line(text.between(from, end));
            return Some(place(&there, &value, "labelled-place", 0.9));
        }
        let name = online.map_or(value.clone(), |(from, to)| text.between(from, to).to_owned());
        let about = About::Online { href: None, name };
        return Some(Statement { about, evidence: evidence(&value, "labelled-place", 0.85) });
    }
    let digits = value.chars().any(|c| c.is_ascii_digit());
    let (room_to, _) = (from..to).find(|at| text.is(*at, ',')).map_or((from, 0), |at| (at, 0));
    let room = page.classes_in(index, from, room_to).has(Class::Room).then(|| line(text.between(from, room_to)));
    let rest = match &room {
        Some(_) => line(text.between(room_to + 1, to)),
        None => value.clone(),
    };
    let about = if digits && rest.contains(',') {
        About::Place { name: None, address: Some(rest), room }
    } else {
        About::Place { name: Some(rest), address: None, room }
    };
    Some(Statement { about, evidence: evidence(&value, "labelled-place", 0.9) })
}

/// "Sheffield, UK and online": where the part that is a place on earth ends.
fn before_online(page: &Page, index: usize, from: usize, to: usize, named: Option<(usize, usize)>) -> Option<usize> {
    let text = page.text(index);
    let cue = page.cues(index).iter().find(|cue| {
        (from..to).contains(&(cue.at as usize)) && cue.classes.any(Classes::of(&[Class::Online, Class::Hybrid]))
    });
    let online = cue.map(|cue| cue.at as usize).into_iter().chain(named.map(|(at, _)| at)).min()?;
    let joins = |at: usize| {
        text.has(at, Class::And)
            || text.at(at).is_some_and(|t| matches!(t.kind, TokenKind::Mark('&' | '+' | '/' | '(' | ',' | ';')))
    };
    let mut end = online;
    while end > from && !joins(end - 1) && online - end < 3 {
        end -= 1;
    }
    while end > from && joins(end - 1) {
        end -= 1;
    }
    let somewhere = (from..end).any(|at| text.at(at).is_some_and(|token| token.capital));
    (end > from && end < online && somewhere).then_some(end)
}
