//! Venues of the internet, and how one may attend.

use super::blocks::BlockKind;
use super::cues::Cue;
use super::language::{Class, Classes};
use super::mentions::ends_sentence;
use super::page::Page;
use super::telling::{MOST_TOKENS, attends, evidence, line};
use super::tokens::Token;
use super::venues::online_venue;
use crate::model::{About, Attendance, Statement};

/// Names of venues of the internet that are words as well.
const WORDS: [&str; 2] = ["teams", "matrix"];

/// What stands before the name of a venue of the internet.
const LEADS: Classes =
    Classes::of(&[Class::PlaceBefore, Class::On, Class::TakingPart, Class::HostedBy, Class::Determiner]);

/// The sentences of a block: the first token of each, and the one behind its last.
fn sentences(page: &Page, block: usize) -> Vec<(usize, usize)> {
    let text = page.text(block);
    let mut found = Vec::new();
    let mut from = 0;
    let most = text.tokens.len().min(MOST_TOKENS);
    for at in 0..most {
        if ends_sentence(&text, at) || text.at(at + 1).is_none_or(|next| next.new_line) || at + 1 == most {
            found.push((from, at + 1));
            from = at + 1;
        }
    }
    found
}

/// The name of a venue of the internet among some tokens: the tokens it stands in.
pub fn online_name(page: &Page, block: usize, from: usize, to: usize) -> Option<(usize, usize)> {
    let cues = page.cues(block);
    let start = cues.partition_point(|cue| (cue.at as usize) < from);
    let inside = cues.iter().skip(start).take_while(|cue| (cue.at as usize) < to);
    let text = page.text(block);
    // "in teams of three" names nothing, nor does "Virtual Software Teams".
    let is_name = |cue: &&Cue| {
        let at = cue.at as usize;
        let is_word = cue.end - cue.at == 1 && WORDS.iter().any(|word| text.written(at).eq_ignore_ascii_case(word));
        let led = at == 0 || !text.at(at - 1).is_some_and(Token::is_word) || text.meaning(at - 1).classes.any(LEADS);
        !is_word || led && text.at(at).is_some_and(|token| token.capital)
    };
    let named = inside.filter(|cue| cue.classes.has(Class::OnlineName) && cue.end as usize <= to).filter(is_name);
    // Of "Google Meet" and "Meet" the longer.
    named.min_by_key(|cue| (cue.at, std::cmp::Reverse(cue.end))).map(|cue| (cue.at as usize, cue.end as usize))
}

/// Venues of the internet that the event itself takes place in.
pub fn online_in(page: &Page, index: usize) -> Vec<Statement> {
    let Some(block) = page.blocks.get(index) else { return Vec::new() };
    let text = page.text(index);
    if !page.classes_of(index).any(Classes::of(&[
        Class::TakingPart,
        Class::EventVerb,
        Class::Happens,
        Class::LabelWhere,
    ])) {
        return Vec::new();
    }
    let venue_links = block.links.iter().take(60).any(|link| online_venue(&link.href).is_some());
    let mut found = Vec::new();
    if !venue_links && !page.classes_of(index).has(Class::OnlineName) {
        return found;
    }
    for (from, to) in sentences(page, index) {
        let says = page.classes_in(index, from, to);
        if !joins(says) {
            continue;
        }
        let (start, end) =
            (text.at(from).map_or(0, |t| t.start as usize), text.at(to - 1).map_or(0, |t| t.end as usize));
        let link = block.links.iter().take(60).filter(|_| venue_links).find_map(|link| {
            let venue = online_venue(&link.href)?;
            link.at.touches(start, end).then_some((link, venue))
        });
        let named = online_name(page, index, from, to);
        if named.is_none() && link.is_none() {
            continue;
        }
        let bare = || bare_address(block.text.get(start..).unwrap_or_default(), end - start);
        let name_bytes =
            named.and_then(|(from, to)| Some((text.at(from)?.start as usize, text.at(to - 1)?.end as usize)));
        let anchor =
            name_bytes.and_then(|(start, end)| block.links.iter().take(60).find(|link| link.at.touches(start, end)));
        let href = link
            .map(|(link, _)| link.href.to_string())
            .or_else(|| anchor.map(|link| link.href.to_string()))
            .or_else(bare);
        let name = anchor
            .map(|link| line(block.slice(link.at)))
            .or_else(|| link.map(|(_, venue)| venue.to_owned()))
            .or_else(|| named.map(|(from, to)| text.between(from, to).to_owned()));
        let Some(name) = name else { continue };
        let quote = text.between(from, to);
        found.push(Statement { about: About::Online { href, name }, evidence: evidence(quote, "online-venue", 0.75) });
    }
    found
}

/// An address that is written out and leads to a venue of the internet; it begins in these first bytes.
fn bare_address(text: &str, within: usize) -> Option<String> {
    let starts = text.match_indices("https://").map(|(at, _)| at).take_while(|at| *at < within).take(8);
    let written = |at| {
        text.get(at..)?.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | ')' | ']' | '|')).next()
    };
    let mut venues = starts.filter_map(written).filter(|address| online_venue(address).is_some());
    venues.next().map(|address| address.trim_end_matches(['.', ',', ';', ':', '!', '?']).to_owned())
}

/// The sentence is about taking part there, not about help, chat or recordings.
fn joins(says: Classes) -> bool {
    says.any(Classes::of(&[Class::TakingPart, Class::EventVerb, Class::Happens, Class::LabelWhere]))
        && !says.has(Class::SideChannel)
}

/// How one may attend, if the text says so anywhere but in blocks about other events.
pub fn attendance(page: &Page, others: &[usize]) -> Option<Statement> {
    let mut best: Option<Statement> = None;
    for (index, block) in page.blocks.iter().enumerate().take(25) {
        if block.kind == BlockKind::Quote
            || others.contains(&index)
            || !page.classes_of(index).any(Classes::of(&[Class::OnSite, Class::Online, Class::Hybrid]))
        {
            continue;
        }
        for (from, to) in sentences(page, index) {
            let says = page.classes_in(index, from, to);
            let on_site = says.has(Class::OnSite);
            let online = joins(says) && says_online(page, index, from, to);
            let about_it = says.any(Classes::of(&[Class::EventNoun, Class::EventVerb, Class::Invitation]));
            let is_title = matches!(block.kind, BlockKind::Title | BlockKind::Summary);
            let mode = if says.has(Class::Hybrid)
                || (on_site && online || is_somewhere_and_online(page, index, from, to)) && about_it
            {
                Attendance::Mixed
            } else if on_site && about_it {
                Attendance::Offline
            } else if online && about_it || is_title && says.has(Class::Online) {
                Attendance::Online
            } else {
                continue;
            };
            // Both ways told anywhere is more than one way told here, and one way told here and the other there is both.
            let known = best.as_ref().map(|known| &known.about);
            let mode = match known {
                None => mode,
                Some(About::Attendance(known)) if *known != mode && *known != Attendance::Mixed => Attendance::Mixed,
                Some(_) => continue,
            };
            best = Some(attends(mode, page.text(index).between(from, to), 0.7));
        }
    }
    best
}

/// The sentence says so in a word of its own: "Virtual Research Environments" is a name.
fn says_online(page: &Page, block: usize, from: usize, to: usize) -> bool {
    let text = page.text(block);
    let is_running = page.blocks.get(block).is_some_and(|block| block.kind == BlockKind::Paragraph);
    let is_capital = |at: usize| text.at(at).is_some_and(|token| token.capital);
    let in_name = |cue: &Cue| {
        let (at, end) = (cue.at as usize, cue.end as usize);
        is_running && !text.language.capital_nouns && at > from && is_capital(at) && is_capital(end)
    };
    let cues = page.cues(block).iter().filter(|cue| (from..to).contains(&(cue.at as usize)));
    cues.filter(|cue| cue.classes.has(Class::Online)).any(|cue| !in_name(cue))
}

/// "in Turku and online", "Turku (or online)".
fn is_somewhere_and_online(page: &Page, block: usize, from: usize, to: usize) -> bool {
    let text = page.text(block);
    let cues =
        page.cues(block).iter().filter(|cue| (from..to).contains(&(cue.at as usize)) && cue.classes.has(Class::Online));
    cues.map(|cue| cue.at as usize).any(|at| {
        let joint = |at: usize| text.has(at, Class::And) || ['&', '+', '/'].iter().any(|mark| text.is(at, *mark));
        let before = at
            .checked_sub(1)
            .filter(|at| joint(*at))
            .and_then(|at| at.checked_sub(if at > 0 && text.is(at - 1, '(') { 2 } else { 1 }));
        before.is_some_and(|at| at >= from && text.at(at).is_some_and(|token| token.capital))
    })
}
