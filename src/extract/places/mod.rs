//! Where: labelled lines, addresses, "held at …", "trip to …", a venue beside a date.

mod labelled;
mod running;
mod unspaced;

use crate::extract::language::{Class, Classes, Marks};
use crate::extract::mentions::{Mention, What, ends_sentence};
use crate::extract::names::{name_at, name_between};
use crate::extract::online::{attendance, online_in};
use crate::extract::page::Page;
use crate::extract::telling::{MOST_TOKENS, attends, evidence, line, place};
use crate::extract::tokens::Text;
use crate::extract::venues::{ends_with_country, is_map_link, is_venue};
use crate::gazetteer;
use crate::model::{About, Attendance, Statement};
use labelled::{labelled, linked, value_of};
use running::Seen;

/// Places are looked for in so many blocks.
const MOST_BLOCKS: usize = 60;
const MOST_PLACES: usize = 4;

/// What a text says about where; `own` is the block that says when, `others` are those that tell of other events.
pub fn statements(page: &Page, own: Option<usize>, others: &[usize]) -> Vec<Statement> {
    let mut places: Vec<(f32, Statement)> = Vec::new();
    let mut online: Vec<Statement> = Vec::new();
    for index in (0..page.blocks.len().min(MOST_BLOCKS)).filter(|index| !others.contains(index)) {
        let beside = own.is_some_and(|own| index.abs_diff(own) <= 2);
        let near = beside || index <= 4;
        let bonus = if own == Some(index) {
            0.05
        } else if beside {
            0.02
        } else {
            0.0
        };
        places.extend(places_in(page, index, near).into_iter().map(|place| (place.evidence.confidence + bonus, place)));
        online.extend(online_in(page, index));
    }
    places.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let mut known: Vec<About> = Vec::new();
    let mut places: Vec<Statement> = places.into_iter().map(|(_, place)| place).collect();
    places.retain(|place| {
        let fresh = !known.contains(&place.about);
        known.push(place.about.clone());
        fresh
    });
    with_address(&mut places);
    specific_first(&mut places);
    let mut attended = attendance(page, others);
    let is_online = attended.as_ref().is_some_and(|told| told.about == About::Attendance(Attendance::Online));
    if is_online && places.first().is_some_and(|place| place.evidence.confidence >= SURELY_THERE) {
        // Where a text is sure of the place, a way to take part online is one more way.
        attended.iter_mut().for_each(|told| told.about = About::Attendance(Attendance::Mixed));
    } else if is_online || attended.is_none() && !online.is_empty() {
        // What is near an online event is mostly where its people come from.
        let least = if is_online { SURELY_THERE } else { LIKELY_THERE };
        places.retain(|place| place.evidence.confidence >= least);
    }
    places.truncate(MOST_PLACES);
    online.truncate(2);
    places.extend(online);
    places.extend(attended);
    places
}

/// As sure as this, a text says that the event itself takes place there.
const SURELY_THERE: f32 = 0.85;
/// As sure as this, it may do so although there is a venue of the internet as well.
const LIKELY_THERE: f32 = 0.7;

/// A venue and "the address is …" belong together.
fn with_address(places: &mut Vec<Statement>) {
    let is_address = |place: &Statement| place.evidence.rule == "address-is";
    let lone = |place: &Statement| matches!(&place.about, About::Place { name: Some(_), address: None, .. });
    let (Some(from), Some(to)) = (places.iter().position(is_address), places.iter().position(lone)) else { return };
    if let (Some(Statement { about: About::Place { address: found, .. }, .. }), true) =
        (places.get(from).cloned(), from <= 1)
    {
        if let Some(Statement { about: About::Place { address, .. }, .. }) = places.get_mut(to) {
            *address = found;
        }
        let whole = places.remove(to);
        places.insert(0, whole);
    }
}

/// "in Turku … at the Canal Works in Turku": who names only the town says less than who names a venue there.
fn specific_first(places: &mut [Statement]) {
    let words = |place: &Statement| match &place.about {
        About::Place { name: Some(name), .. } => name.clone(),
        _ => String::new(),
    };
    let Some(first) = places.first() else { return };
    let (town, least) = (words(first), first.evidence.confidence - 0.25);
    if town.is_empty() || town.contains(',') || gazetteer::resolve(&town).is_none_or(|found| found.name != town) {
        return;
    }
    let names_town = |place: &Statement| match &place.about {
        About::Place { name: Some(name), address, .. } => {
            *name != town && (name.contains(&town) || address.as_ref().is_some_and(|address| address.contains(&town)))
        }
        _ => false,
    };
    if let Some(at) = places.iter().position(|place| place.evidence.confidence >= least && names_town(place)) {
        places.get_mut(..=at).unwrap_or_default().rotate_right(1);
    }
}

/// The block says where, in so many words, that something takes place.
pub fn stands_in(page: &Page, index: usize) -> bool {
    page.blocks.get(index).is_some_and(|block| !block.is_row())
        && places_in(page, index, true)
            .iter()
            .any(|statement| matches!(statement.about, About::Place { .. }) && statement.evidence.confidence >= 0.6)
}

/// A venue or town stands right beside a date.
pub fn beside(page: &Page, mention: &Mention) -> bool {
    let text = page.text(mention.block);
    let least = mention.at.saturating_sub(14).max(mention.clause.0);
    let most = (mention.until + 14).min(mention.clause.1);
    let led = |at: usize| {
        text.has(at, Class::PlaceBefore)
            || text.at(at).is_some_and(|t| t.is(',') || t.is('|') || t.is('(') || t.is(':'))
    };
    (least..most).filter(|at| led(*at) && !(mention.at..mention.until).contains(at)).any(|at| {
        let from = text.skip_phrase(at + 1, Class::Determiner);
        let Some(end) = name_at(&text, from) else { return false };
        is_venue(&text, from, end) || text.has(end - 1, Class::Room) || may_be_place(&text, from, end)
    })
}

/// A name that the gazetteer knows: cheap for one that it does not.
fn may_be_place(text: &Text, from: usize, end: usize) -> bool {
    let name = name_between(text, from, end);
    let last =
        memchr::memrchr(b',', name.as_bytes()).map_or(name.as_str(), |at| name.get(at + 1..).unwrap_or_default());
    let last = last.trim_ascii_start();
    let last = memchr::memchr(b'/', last.as_bytes()).map_or(last, |at| last.get(..at).unwrap_or_default());
    let known = gazetteer::is_town(last) || last.rsplit_once(' ').is_some_and(|(_, word)| gazetteer::is_town(word));
    let country = last.len() < name.len() && ends_with_country(&name);
    country || known && gazetteer::resolve(&name).is_some()
}

/// What one block says about where.
pub fn in_block(page: &Page, index: usize) -> Vec<Statement> {
    let mut statements = places_in(page, index, true);
    statements.sort_by(|a, b| b.evidence.confidence.total_cmp(&a.evidence.confidence));
    statements.truncate(1);
    statements.extend(online_in(page, index).into_iter().take(1));
    statements
}

/// What a list's item says about where, between its date and its title: `| Turku, Finland |`, `(online)`.
pub fn listed(page: &Page, mention: &Mention) -> Vec<Statement> {
    let Some(block) = page.block(mention) else { return Vec::new() };
    let rest = block.text.get(mention.end..).unwrap_or_default();
    let says = page.classes_in(mention.block, mention.until, mention.until + 24);
    let mut statements = Vec::new();
    if says.has(Class::Hybrid) {
        statements.push(attends(Attendance::Mixed, "hybrid", 0.7));
    } else if says.has(Class::Online) {
        statements.push(attends(Attendance::Online, "virtual", 0.7));
    }
    let part = rest.split(['|', '\n']).map(str::trim).find(|part| {
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
    for (from, to) in labelled(page, index, block) {
        let says = page.classes_in(index, from, to);
        let running = says.has(Class::EventVerb)
            || (from..to.saturating_sub(1)).filter(|at| ends_sentence(&page.text(index), *at)).nth(1).is_some();
        if !running {
            found.extend(value_of(page, index, from, to).map(|statement| linked(statement, block)));
        }
    }
    if !found.is_empty() {
        return found;
    }
    let text = page.text(index);
    let text = Text { tokens: text.tokens.get(..text.tokens.len().min(MOST_TOKENS)).unwrap_or_default(), ..text };
    found.extend(addresses(page, index, &text));
    found.extend(block.links.iter().take(60).filter(|link| is_map_link(&link.href)).filter_map(|link| {
        let words = line(block.slice(link.at));
        let named =
            words.split(' ').count() <= 14 && words.chars().any(char::is_uppercase) && words.chars().count() > 3;
        named.then(|| place(&words, &words, "map-link", 0.8))
    }));
    let is_unspaced = text.language.lexicon.longest_run > 0;
    let dated: Vec<(usize, usize)> = {
        let from = page.mentions.partition_point(|mention| mention.block < index);
        let own = page.mentions.iter().skip(from).take_while(|mention| mention.block == index);
        own.filter(|mention| !matches!(mention.what, What::Repeats(_)))
            .map(|mention| (mention.at, mention.until))
            .collect()
    };
    let seen = Seen { page, index, block, text, dated: &dated, near };
    // Far from the event's date, only what takes place somewhere tells where.
    if !near && !page.classes_of(index).any(running::HAPPENS.with(Classes::of(&[Class::EventNoun]))) && !is_unspaced {
        return found;
    }
    let mut i = 0;
    while i < text.tokens.len() {
        let leads = text.at(i).is_some_and(|token| token.word.is(Marks::LEADS_TO_PLACE));
        let unspaced = || is_unspaced.then(|| unspaced::told(page, index, &text, &dated, i)).flatten();
        let told = leads.then(|| unspaced().or_else(|| seen.told(i))).flatten();
        match told.or_else(|| near.then(|| seen.unprefaced(i)).flatten()) {
            Some((statement, end)) => {
                found.push(statement);
                i = end.max(i + 1);
            }
            None => i += 1,
        }
    }
    found
}

/// "The address is 3rd floor, Quay Street 5, Turku."
fn addresses(page: &Page, index: usize, text: &Text) -> Vec<Statement> {
    let cues = page.cues(index).iter().filter(|cue| cue.classes.has(Class::AddressBefore));
    let read = |from: usize, cue: usize| {
        let to = (from..text.tokens.len().min(from + 40))
            .find(|at| ends_sentence(text, *at) || text.at(at + 1).is_none_or(|next| next.new_line));
        let to = to.map_or(text.tokens.len(), |at| if ends_sentence(text, at) { at } else { at + 1 });
        let address = line(text.between(from, to)).trim_matches(|c: char| c == ':' || c == '"' || c == ' ').to_owned();
        let told = address.len() > 4
            && address.len() < 200
            && (address.contains(',') || address.chars().any(|c| c.is_ascii_digit()));
        let about = About::Place { name: None, address: Some(address), room: None };
        told.then(|| Statement { about, evidence: evidence(text.between(cue, to), "address-is", 0.9) })
    };
    cues.filter_map(|cue| {
        let end = text.skip(cue.end as usize, ':');
        let opens = text.at(end).is_some_and(|token| token.capital || token.is_number());
        let said = cue.end - cue.at > 1 || text.is(cue.end as usize, ':');
        (opens && said).then(|| read(end, cue.at as usize)).flatten()
    })
    .take(2)
    .collect()
}
