//! Where: labelled lines, addresses, "held at …", "trip to …".

use super::blocks::Block;
use super::gazetteer::{COUNTRIES, ONLINE_NAMES, ends_with_country};
use super::grammar::{Text, date::dates};
use super::language::{Words, find_phrase, has_phrase};
use super::mentions::Mention;
use super::online::{attendance, online_in};
use super::page::{Label, Page};
use super::tokens::{Token, tokens};
use super::venues::{BESIDE_DATE, behind_date, dates_in, is_address, is_venue, unprefaced};
use crate::model::{About, Attendance, Evidence, Statement};

/// Places are looked for in so many blocks, and so many letters of each.
const MOST_BLOCKS: usize = 60;
pub(super) const MOST_LETTERS: usize = 3000;
/// A name of more words is a sentence.
const MOST_WORDS: usize = 30;
const MOST_PLACES: usize = 4;

/// What a text says about where; `own` is the block that says when.
pub fn statements(page: &Page, own: Option<usize>) -> Vec<Statement> {
    let mut places: Vec<Statement> = Vec::new();
    let mut online: Vec<Statement> = Vec::new();
    for index in 0..page.blocks.len().min(MOST_BLOCKS) {
        let near = own.is_some_and(|own| index.abs_diff(own) <= 2) || index <= 4;
        places.extend(places_in(page, index, near));
        online.extend(online_in(page, index));
    }
    places.sort_by(|a, b| b.evidence.confidence.total_cmp(&a.evidence.confidence));
    let mut known: Vec<About> = Vec::new();
    places.retain(|place| {
        let fresh = !known.contains(&place.about);
        known.push(place.about.clone());
        fresh
    });
    places.truncate(MOST_PLACES);
    online.truncate(2);
    places.extend(online);
    places.extend(attendance(page));
    places
}

/// The block says where, in so many words, that something takes place.
pub fn stands_in(page: &Page, index: usize) -> bool {
    page.blocks.get(index).is_some_and(|block| !block.is_row())
        && places_in(page, index, true)
            .iter()
            .any(|statement| matches!(statement.about, About::Place { .. }) && statement.evidence.confidence >= 0.6)
}

/// The block names a venue right beside a date.
pub fn beside_date(page: &Page, index: usize) -> bool {
    places_in(page, index, true).iter().any(|statement| statement.evidence.rule == BESIDE_DATE)
}

/// What one block says about where.
pub fn in_block(page: &Page, index: usize) -> Vec<Statement> {
    let mut statements = places_in(page, index, true);
    statements.truncate(1);
    statements.extend(online_in(page, index).into_iter().take(1));
    statements
}

/// What a list's item says about where, between its date and its title: `| Turku, Finland |`, `(online)`.
pub fn listed(page: &Page, mention: &Mention) -> Vec<Statement> {
    let Some(block) = page.block(mention) else { return Vec::new() };
    let rest = block.text.get(mention.end..).unwrap_or_default();
    let mut statements = Vec::new();
    let lower: String = rest.chars().take(120).flat_map(char::to_lowercase).collect();
    if has_phrase(&lower, page.words.hybrid) {
        statements.push(attends(Attendance::Mixed, "hybrid", 0.7));
    } else if has_phrase(&lower, page.words.online) {
        statements.push(attends(Attendance::Online, "virtual", 0.7));
    }
    let part = rest.split('|').map(str::trim).find(|part| {
        part.split(", ").count() >= 2
            && part.len() < 80
            && part.starts_with(char::is_uppercase)
            && part.chars().all(|c| !c.is_ascii_digit())
    });
    if let Some(part) = part {
        statements.push(place(part, part, "listed-place", 0.7));
    }
    if statements.is_empty() {
        statements = in_block(page, mention.block);
    }
    statements
}

fn places_in(page: &Page, index: usize, near: bool) -> Vec<Statement> {
    let Some(block) = page.blocks.get(index) else { return Vec::new() };
    let mut found = Vec::new();
    if let Some(value) = labelled(page, index, block) {
        let running = has_phrase(&value.to_lowercase(), page.words.event_verbs) || sentences(&value).nth(1).is_some();
        if !running {
            found.extend(value_of(page.words, &value).map(|statement| linked(statement, block)));
            return found;
        }
    }
    let text = block
        .text
        .get(..block.text.char_indices().nth(MOST_LETTERS).map_or(block.text.len(), |(at, _)| at))
        .unwrap_or_default();
    let lower = text.to_lowercase();
    if lower.len() == text.len()
        && let Some(at) = find_phrase(&lower, page.words.address_before)
    {
        let value = text.get(at..).unwrap_or_default();
        let said = page
            .words
            .address_before
            .iter()
            .filter(|phrase| value.to_lowercase().starts_with(*phrase))
            .map(|p| p.len())
            .max();
        let rest = said.and_then(|said| value.get(said..)).unwrap_or_default();
        let address = sentence(rest).trim_matches(|c: char| c.is_whitespace() || c == ':' || c == '"');
        if address.len() > 4
            && address.len() < 200
            && (address.contains(',') || address.chars().any(|c| c.is_ascii_digit()))
        {
            let quote =
                text.get(at..).map(|value| value.get(..said.unwrap_or(0)).unwrap_or_default()).unwrap_or_default();
            let about = About::Place { name: None, address: Some(line(address)), room: None };
            found.push(Statement {
                about,
                evidence: evidence(&format!("{quote} {}", address.trim()), "address-is", 0.9),
            });
        }
    }
    let tokens = tokens(text, page.words.ordinal_endings);
    let reading = Text { tokens: &tokens, words: page.words, slashes: None };
    let dated = dates_in(page, index);
    let mut i = 0;
    while i < tokens.len() {
        let here = told(&reading, block, i, near, behind_date(&reading, &dated, i));
        match here.or_else(|| unprefaced(&reading, block, i, &dated).filter(|_| near)) {
            Some((statement, end)) => {
                found.push(statement);
                i = end;
            }
            None => i += 1,
        }
    }
    found
}

/// The value behind a label for places.
fn labelled(page: &Page, index: usize, block: &Block) -> Option<String> {
    let is_where = |label: &str| page.label_of(label) == Some(Label::Where);
    if block.is_row() {
        return block.cell(0).filter(|label| is_where(label)).and_then(|_| block.cell(1)).map(line);
    }
    for part in block.text.split('\n').take(30) {
        if let Some(value) = behind_label(part, is_where) {
            return Some(line(value));
        }
    }
    let under =
        block.heading.is_some_and(|heading| index == heading + 1) && page.heading_label(index) == Some(Label::Where);
    (under && block.text.len() < 300).then(|| line(&block.text))
}

/// The value of the place in "Where: …" or "Date: … Time: … Place: …".
fn behind_label(part: &str, is_where: impl Fn(&str) -> bool) -> Option<&str> {
    for (nth, colon) in part.match_indices([':', '|']).map(|(at, _)| at).take(12).enumerate() {
        let before = part.get(..colon)?;
        let word = before.rsplit(' ').next().unwrap_or_default();
        if !(is_where(before) || nth > 0 && word.starts_with(char::is_uppercase) && is_where(word)) {
            continue;
        }
        let value = part.get(colon + 1..)?;
        // The next label ends the value.
        let upto = value.find(": ").and_then(|at| value.get(..at)).and_then(|upto| upto.rsplit_once(' '));
        let value =
            upto.filter(|(_, label)| label.starts_with(char::is_uppercase)).map_or(value, |(value, _)| value).trim();
        return (!value.is_empty()).then_some(value);
    }
    None
}

/// Gives a venue of the internet the address that its line links to.
fn linked(mut statement: Statement, block: &Block) -> Statement {
    if let About::Online { href, .. } = &mut statement.about {
        *href = block.links.first().map(|link| link.href.clone());
    }
    statement
}

fn value_of(words: &'static Words, value: &str) -> Option<Statement> {
    if value.contains(['{', '}']) {
        return None;
    }
    let value = value.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '(' | ')' | '.' | '"'));
    let lower = value.to_lowercase();
    if value.is_empty() {
        return None;
    }
    if has_phrase(&lower, words.no_place) && value.len() < 40 {
        return None;
    }
    if has_phrase(&lower, words.online)
        || ONLINE_NAMES.iter().any(|name| has_phrase(&lower, &[name])) && value.len() < 60
    {
        let also_there = has_phrase(&lower, words.and) && COUNTRIES.iter().any(|country| value.contains(country));
        if !also_there {
            let name = ONLINE_NAMES.iter().find(|name| has_phrase(&lower, &[name]));
            let name =
                name.and_then(|name| lower.find(name).and_then(|at| value.get(at..at + name.len()))).unwrap_or(value);
            let about = About::Online { href: None, name: name.to_owned() };
            return Some(Statement { about, evidence: evidence(value, "labelled-place", 0.85) });
        }
    }
    let digits = value.chars().any(|c| c.is_ascii_digit());
    let room =
        value.split(", ").next().filter(|part| value.contains(", ") && has_phrase(&part.to_lowercase(), words.rooms));
    let rest = room.map_or(value, |room| value.get(room.len() + 2..).unwrap_or(value));
    let about = if digits && rest.contains(',') {
        About::Place { name: None, address: Some(rest.to_owned()), room: room.map(str::to_owned) }
    } else {
        About::Place { name: Some(rest.to_owned()), address: None, room: room.map(str::to_owned) }
    };
    Some(Statement { about, evidence: evidence(value, "labelled-place", 0.9) })
}

/// "held at the Old Mill", "trip to Turku, Finland", "in Turku, Finland" at token `i`, the preposition.
fn told(text: &Text, block: &Block, i: usize, near: bool, dated: bool) -> Option<(Statement, usize)> {
    // "We start from the Old Mill"
    let starts_from = text.words.from.contains(&text.lower(i))
        && i.checked_sub(1).is_some_and(|before| text.words.starts.contains(&text.lower(before)));
    // "on Market Square", but not "on Rust"
    let on = text.words.on.contains(&text.lower(i))
        && name_at(text, text.skip_word(i + 1, text.words.determiners))
            .is_some_and(|(name, _)| is_venue(text.words, &name));
    if !text.words.place_before.contains(&text.lower(i)) && !starts_from && !on {
        return None;
    }
    let from = text.skip_word(i + 1, text.words.determiners);
    let start = text.at(from)?.start;
    let anchor = block.links.iter().take(300).find(|link| link.at.start <= start && start < link.at.end);
    // "in lovely Turku, Finland"
    let adjective = || {
        name_at(text, from + 1).filter(|(name, _)| text.at(from).is_some_and(Token::is_word) && ends_with_country(name))
    };
    let linked = || anchor.filter(|_| text.at(from).is_some_and(Token::is_word)).map(|_| (String::new(), from + 1));
    let (mut name, mut end) = name_at(text, from).or_else(adjective).or_else(linked)?;
    if let Some(anchor) = anchor.filter(|anchor| anchor.at.end > text.at(end - 1).map_or(0, |t| t.end)) {
        let words = block.slice(super::blocks::Stretch { start, end: anchor.at.end });
        if words.split(' ').count() <= 14 {
            name = line(words);
            end = text
                .tokens
                .iter()
                .enumerate()
                .skip(end)
                .take(60)
                .take_while(|(_, t)| t.start < anchor.at.end)
                .last()
                .map_or(end, |(at, _)| at + 1);
        }
    }
    if !name.chars().any(char::is_uppercase) || online_name(&name) {
        return None;
    }
    let country = ends_with_country(&name);
    let before = i.checked_sub(1).map_or("", |at| text.lower(at));
    let lead =
        (i.saturating_sub(20)..i).map(|at| text.at(at).map_or("", |t| t.lower.as_ref())).collect::<Vec<_>>().join(" ");
    let noun_before = text.words.event_nouns.contains(&before);
    let happens = has_phrase(&lead, text.words.event_verbs)
        || has_phrase(&lead, text.words.on_site)
        || has_phrase(&lead, text.words.past);
    let says_of_event = has_phrase(&lead, text.words.event_verbs) && has_phrase(&lead, text.words.event_nouns);
    let plain_to = text.words.to.contains(&text.lower(i));
    let sited = is_venue(text.words, &name) || is_address(&name);
    if !country && !sited && no_place(text, &name, text.words.place_in.contains(&text.lower(i)), noun_before) {
        return None;
    }
    let confidence = match (country, noun_before, happens, near) {
        (true, true, _, _) => 0.9,
        (true, _, true, true) if !plain_to => 0.85,
        (true, _, true, false) if !plain_to => 0.6,
        (false, true, _, true) => 0.65,
        (false, _, true, true) if !plain_to => 0.7,
        // "The hackathon will take place at the Old Mill" says it wherever it stands.
        (false, _, true, false) if !plain_to && says_of_event => 0.62,
        (true, _, _, true) if !plain_to || sited => 0.65,
        (false, _, _, true) if dated && !plain_to => 0.7,
        (false, _, _, true) if !plain_to && sited => 0.62,
        _ => return None,
    };
    let first = if noun_before || text.words.event_verbs.contains(&before) { i - 1 } else { i };
    let quote = block.text.get(text.at(first)?.start..text.at(end - 1)?.end)?;
    let rule = match (noun_before, country) {
        (true, _) => "event-noun-place",
        (_, true) => "city-country",
        _ => "happens-at",
    };
    if let Some(address) = address_behind(text, block, end) {
        let about = About::Place { name: Some(line(&name)), address: Some(line(address)), room: None };
        return Some((
            Statement { about, evidence: evidence(&format!("{quote}: {address}"), "place-with-address", 0.88) },
            end,
        ));
    }
    Some((place(&name, quote, rule, confidence), end))
}

/// "Matrix", "Discord server".
fn online_name(name: &str) -> bool {
    let lower = name.to_lowercase();
    ONLINE_NAMES
        .iter()
        .any(|online| lower.strip_prefix(online).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)))
}

/// "a course in Statistics for Everyone", "a talk in German", "in NLP", "at Tools Week 2026" name a subject, a language or another event.
fn no_place(text: &Text, name: &str, plain_in: bool, noun_before: bool) -> bool {
    let lower = name.to_lowercase();
    let last = lower.rsplit(' ').next().unwrap_or_default();
    let subject = text.words.subjects.contains(&last) || name.contains(' ') && noun_before;
    let acronym = !name.contains(' ') && name.chars().all(|c| !c.is_lowercase());
    let other = has_phrase(&lower, text.words.event_nouns)
        || name.ends_with(|c: char| c.is_ascii_digit()) && !name.contains(',');
    other || plain_in && !name.contains(',') && (subject || acronym)
}

/// "…at the Old Mill: 3rd floor, Quay Street 5, 20100 Turku."
fn address_behind<'b>(text: &Text, block: &'b Block, end: usize) -> Option<&'b str> {
    let colon = text.at(end).filter(|t| t.is(':'))?;
    let address = sentence(block.text.get(colon.end..)?).trim();
    let parts = address.split(", ").count();
    (parts >= 3 && address.len() < 250 && address.chars().any(|c| c.is_ascii_digit())).then_some(address)
}

/// A name: words with capitals, joined by small words, commas and house numbers.
pub(super) fn name_at(text: &Text, from: usize) -> Option<(String, usize)> {
    let opening = text.at(from)?;
    let fits =
        |i: usize| text.at(i).is_some_and(|t| t.is_capital() && text.weekday(i).is_none() && text.month(i).is_none());
    if !fits(from) {
        return None;
    }
    let small = |i: usize| text.words.name_joints.contains(&text.lower(i));
    let apostrophe = |i: usize| text.at(i).is_some_and(|t| (t.is('’') || t.is('\'')) && !t.spaced);
    let mut end = from + 1;
    let mut at = end;
    while at < from + MOST_WORDS {
        let Some(token) = text.at(at).filter(|t| !t.new_line) else { break };
        if fits(at) || house_number(text, at) {
            end = at + 1;
        } else if small(at)
            || token.is(',')
            || joins_words(text, at)
            || apostrophe(at)
            || apostrophe(at - 1) && !token.spaced
        {
            // Counts only if more of the name follows.
        } else {
            break;
        }
        at += 1;
        if at > end + 3 {
            break;
        }
    }
    // "the Lincoln Elementary gym"
    if text.at(end).is_some_and(|t| !t.new_line) && text.words.venues.contains(&text.lower(end)) {
        end += 1;
    }
    let stop = text.at(end - 1)?.end;
    let name = name_between(text, from, end);
    (stop > opening.start && name.chars().count() > 1).then_some((name, end))
}

fn house_number(text: &Text, i: usize) -> bool {
    let Some(token) = text.at(i).filter(|t| t.is_number() && !t.is_ordinal()) else { return false };
    let year = token.digits(4).is_some_and(|year| (1990..2100).contains(&year));
    let day = dates(text, i).is_some()
        || text.month(i + 1).is_some()
        || text.is(i + 1, ':')
        || (i > 0 && text.month(i - 1).is_some());
    let long = |i: usize| text.at(i).is_some_and(|t| t.is_number() && t.text.len() >= 3);
    let post_code = text.glued(i + 1) && text.glued(i + 2) && long(i + 2) && token.text.len() >= 3;
    let range =
        !post_code && text.at(i + 1).is_some_and(Token::is_dash) && text.at(i + 2).is_some_and(Token::is_number);
    !year && !day && !range
}

fn joins_words(text: &Text, i: usize) -> bool {
    let Some(token) = text.at(i) else { return false };
    let glued_behind = text.at(i + 1).is_some_and(|t| !t.spaced);
    (token.is('.') && !token.spaced && (glued_behind || text.at(i + 1).is_some_and(Token::is_number)) && i > 0)
        || (matches!(token.kind, super::tokens::TokenKind::Mark('-' | '/' | '\'' | '’' | '&'))
            && (glued_behind || token.is('&')))
}

fn name_between(text: &Text, from: usize, end: usize) -> String {
    let mut name = String::new();
    for token in text.tokens.get(from..end).unwrap_or_default() {
        if token.spaced && !name.is_empty() {
            name.push(' ');
        }
        name.push_str(token.text);
    }
    name
}

pub(super) fn attends(mode: Attendance, quote: &str, confidence: f32) -> Statement {
    Statement { about: About::Attendance(mode), evidence: evidence(quote, "attendance-words", confidence) }
}

pub(super) fn place(name: &str, quote: &str, rule: &str, confidence: f32) -> Statement {
    let about = About::Place { name: Some(line(name)), address: None, room: None };
    Statement { about, evidence: evidence(quote, rule, confidence) }
}

pub(super) fn evidence(quote: &str, rule: &str, confidence: f32) -> Evidence {
    let quote: String = line(quote).chars().take(300).collect();
    Evidence { quote, rule: rule.to_owned(), confidence }
}

pub(super) fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text up to the end of its first sentence; a point behind a short word or a number ends none.
fn sentence(text: &str) -> &str {
    sentences(text).next().unwrap_or_default()
}

pub(super) fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (mut word, mut abbreviated) = (0, false);
        for (at, c) in rest.char_indices() {
            let ends = c == '\n'
                || (matches!(c, '.' | '!' | '?')
                    && word > 1
                    && !(abbreviated && word <= 3)
                    && new_sentence(rest.get(at + 1..)));
            if ends {
                let (part, after) = rest.split_at(at);
                rest = after.get(c.len_utf8()..).unwrap_or_default();
                return Some(part);
            }
            if c.is_alphanumeric() {
                abbreviated = if word == 0 { c.is_uppercase() } else { abbreviated && c.is_lowercase() };
                word += 1;
            } else if matches!(c, ')' | '"' | '”') {
                (word, abbreviated) = (2, false);
            } else {
                word = 0;
            }
        }
        Some(std::mem::take(&mut rest))
    })
}

/// White space and then anything but a small letter or a number, or nothing at all.
fn new_sentence(behind: Option<&str>) -> bool {
    let Some(behind) = behind.filter(|text| !text.is_empty()) else { return true };
    behind.starts_with(char::is_whitespace)
        && !behind.chars().find(|c| !c.is_whitespace()).is_some_and(|c| c.is_lowercase() || c.is_numeric())
}
