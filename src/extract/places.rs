//! Where: labelled lines, addresses, "held at …", "trip to …", a venue beside a date.

use super::blocks::Block;
use super::labelled::{labelled, linked, value_of};
use super::language::{Class, Classes};
use super::mentions::{Mention, What, classes, ends_sentence};
use super::names::{name_at, name_between};
use super::online::{attendance, online_in, online_name};
use super::page::Page;
use super::telling::{MOST_TOKENS, attends, evidence, line, place};
use super::tokens::{Text, Token, TokenKind};
use super::venues::{ends_with_country, is_address, is_map_link, is_venue};
use crate::gazetteer;
use crate::model::{About, Attendance, Statement};

/// Places are looked for in so many blocks.
const MOST_BLOCKS: usize = 60;
const MOST_PLACES: usize = 4;

/// Words that lead to the name of a place.
const LEADS: Classes = Classes::of(&[Class::PlaceBefore, Class::PlaceNear, Class::HostedBy, Class::On, Class::From]);

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
    places.truncate(MOST_PLACES);
    online.truncate(2);
    let here = places.first().is_some_and(|place| place.evidence.confidence >= SURELY_THERE);
    places.extend(online);
    // Where a text names the place, a way to take part online is one more way.
    places.extend(attendance(page, others).map(|mut told| {
        if here && told.about == About::Attendance(Attendance::Online) {
            told.about = About::Attendance(Attendance::Mixed);
        }
        told
    }));
    places
}

/// As sure as this, a text says that the event itself takes place there.
const SURELY_THERE: f32 = 0.7;

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
    let last = name.rsplit(", ").next().unwrap_or_default();
    let last = last.split('/').next().unwrap_or_default();
    let known = gazetteer::is_town(last) || last.rsplit(' ').next().is_some_and(gazetteer::is_town);
    let country = name.contains(", ") && ends_with_country(&name);
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
    let dated: Vec<(usize, usize)> = {
        let from = page.mentions.partition_point(|mention| mention.block < index);
        let own = page.mentions.iter().skip(from).take_while(|mention| mention.block == index);
        own.filter(|mention| !matches!(mention.what, What::Repeats(_)))
            .map(|mention| (mention.at, mention.until))
            .collect()
    };
    let seen = Seen { page, index, block, text, dated: &dated, near };
    let mut i = 0;
    while i < text.tokens.len() {
        let leads = text
            .at(i)
            .is_some_and(|token| token.word != 0 && page.language.lexicon.reach(token.word).classes.any(LEADS));
        let told = leads.then(|| seen.told(i)).flatten();
        match told.or_else(|| seen.unprefaced(i).filter(|_| near)) {
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

/// A block on the desk.
struct Seen<'p> {
    page: &'p Page,
    index: usize,
    block: &'p Block,
    text: Text<'p>,
    /// The tokens of its dates and hours.
    dated: &'p [(usize, usize)],
    /// It stands near the event's date, or at the beginning.
    near: bool,
}

impl Seen<'_> {
    /// "held at the Old Mill", "trip to Turku, Finland", "hosted by Canal Works" at token `i`, the preposition.
    fn told(&self, i: usize) -> Option<(Statement, usize)> {
        let text = &self.text;
        let hosted = text.phrase(i, Class::HostedBy);
        let own = text
            .longest(i, |meaning| meaning.classes.has(Class::PlaceBefore).then_some(meaning.classes))
            .map_or(text.meaning(i).classes, |(classes, _)| classes);
        let near_to = text.phrase(i, Class::PlaceNear).filter(|_| hosted.is_none());
        let behind = hosted
            .or(near_to)
            .or_else(|| text.phrase(i, Class::PlaceBefore))
            .or_else(|| (own.has(Class::On) || own.has(Class::From)).then_some(i + 1))?;
        let from = text.skip_phrase(behind, Class::Determiner);
        // "à l’église"
        let from = if from > behind { text.skip(text.skip(from, '’'), '\'') } else { from };
        let quoted = ['"', '“', '„', '«', '‘', '\''].iter().any(|mark| text.is(from, *mark));
        let from = if quoted { from + 1 } else { from };
        let start = text.at(from)?.start as usize;
        let anchor = self.block.links.iter().take(60).find(|link| link.at.start <= start && start < link.at.end);
        let adjective = || {
            name_at(text, from + 1)
                .filter(|end| {
                    text.at(from).is_some_and(Token::is_word) && ends_with_country(&name_between(text, from + 1, *end))
                })
                .map(|end| (from + 1, end))
        };
        let linked = || anchor.filter(|_| text.at(from).is_some_and(Token::is_word)).map(|_| (from, from + 1));
        let (from, mut end) = name_at(text, from).map(|end| (from, end)).or_else(adjective).or_else(linked)?;
        let mut name = name_between(text, from, end);
        if let Some(anchor) = anchor.filter(|anchor| anchor.at.end > text.at(end - 1).map_or(0, |t| t.end as usize)) {
            let words = self.block.slice(super::blocks::Stretch { start, end: anchor.at.end });
            if words.split(' ').count() <= 14 {
                name = line(words);
                end = self.page.tokens_at(self.index, 0, anchor.at.end).1.max(end);
            }
        }
        let first = name.chars().next()?;
        if !name.chars().any(char::is_uppercase) && !super::tokens::is_unspaced(first)
            || online_name(self.page, self.index, from, (from + 3).min(end)).is_some_and(|(at, _)| at == from)
        {
            return None;
        }
        if let Some((country, after)) = self.country_behind(end) {
            (name, end) = (format!("{name}, {country}"), after);
        }
        let country = ends_with_country(&name);
        let town = !country && may_be_place(text, from, end);
        let before = i.checked_sub(1).map(|at| text.meaning(at).classes).unwrap_or_default();
        let lead = classes(self.page.cues(self.index), i.saturating_sub(20), i);
        let noun_before = before.has(Class::EventNoun);
        let happens = lead.any(Classes::of(&[Class::EventVerb, Class::OnSite, Class::Past]));
        let says_of_event = lead.has(Class::EventVerb) && lead.has(Class::EventNoun);
        let plain_to = own.has(Class::PlaceTo) && !own.has(Class::PlaceIn) && hosted.is_none();
        let sited = is_venue(text, from, end) || is_address(&name);
        let starts_from = own.has(Class::From) && before.has(Class::Starts);
        if near_to.is_some() && !town && !country {
            return None;
        }
        if hosted.is_none() && near_to.is_none() && !own.has(Class::PlaceBefore) && !sited && !starts_from {
            return None;
        }
        // "guests from the University of Turku", but "vă invităm la târgul din Piața Sfatului"
        if own.has(Class::From) && !starts_from && !noun_before && !(sited && happens) {
            return None;
        }
        // Where every noun has a capital, a name must be known as a place's.
        if text.language.capital_nouns && !(country || town || sited) {
            return None;
        }
        if !country && !sited && !town && self.is_no_place(from, end, &name, own.has(Class::PlaceIn), noun_before) {
            return None;
        }
        let known = country || town;
        let dated = self.behind_date(i);
        let confidence = match (known, noun_before, happens, self.near) {
            (true, true, _, _) => 0.9,
            (true, _, true, true) if !plain_to => 0.85,
            (true, _, true, false) if !plain_to => {
                if says_of_event {
                    0.72
                } else {
                    0.6
                }
            }
            (false, true, _, true) => 0.65,
            (false, _, true, true) if !plain_to => 0.7,
            _ if hosted.is_some() && self.near => 0.64,
            // "The hackathon will take place at the Old Mill" says it wherever it stands.
            (false, _, true, false) if !plain_to && says_of_event => 0.62,
            (true, _, _, true) if !plain_to || sited => 0.65,
            (false, _, _, true) if dated && !plain_to => 0.7,
            (false, _, _, true) if !plain_to && sited => 0.62,
            _ => return None,
        };
        let confidence: f32 = if sited && known { confidence + 0.03 } else { confidence };
        let first = if noun_before || before.has(Class::EventVerb) { i - 1 } else { i };
        let quote = text.between(first, end);
        let rule = match (noun_before, known) {
            (true, _) => "event-noun-place",
            (_, true) => "known-place",
            _ if hosted.is_some() => "hosted-by",
            _ => "happens-at",
        };
        if let Some((town, after)) = self.town_behind(end).filter(|_| !country) {
            let quote = text.between(first, after);
            let about = About::Place { name: Some(line(&name)), address: Some(town), room: None };
            return Some((
                Statement { about, evidence: evidence(quote, "venue-in-town", confidence.max(0.66) + 0.04) },
                after,
            ));
        }
        if let Some(address) = self.address_behind(end) {
            let about = About::Place { name: Some(line(&name)), address: Some(line(address)), room: None };
            return Some((
                Statement { about, evidence: evidence(&format!("{quote}: {address}"), "place-with-address", 0.88) },
                end,
            ));
        }
        // "near Turku" is not in Turku.
        let name = if near_to.is_some() { line(text.between(i, end)) } else { name };
        Some((place(&name, quote, rule, confidence), end))
    }

    /// "Turku in Finland", "Turku (Finland)": the country, and the token behind it.
    fn country_behind(&self, end: usize) -> Option<(String, usize)> {
        let text = &self.text;
        let opens = text.is(end, '(');
        let at = if opens { end + 1 } else { end };
        let led = text.has(at, Class::PlaceIn);
        let from = if led { text.skip_phrase(at + 1, Class::Determiner) } else { at };
        let after = name_at(text, from).filter(|after| opens && text.is(*after, ')') || !opens && led)?;
        let country = name_between(text, from, after);
        gazetteer::country(&country).map(|_| (country, if opens { after + 1 } else { after }))
    }

    /// "a course in Statistics for Everyone", "a talk in German", "in NLP", "at Tools Week 2026" name a subject, a language or another event.
    fn is_no_place(&self, from: usize, end: usize, name: &str, plain_in: bool, noun_before: bool) -> bool {
        let last = end - 1;
        let numbered = self.text.at(last).is_some_and(|token| token.is_number() && token.spaced)
            && last > from
            && !self.text.has(last - 1, Class::Room);
        let subject = self.text.has(end - 1, Class::Subject) || name.contains(' ') && noun_before;
        let acronym = !name.contains(' ') && name.chars().all(|c| !c.is_lowercase());
        let other = self.page.event_noun_in(self.index, from, end) || numbered && !name.contains(',');
        other || plain_in && !name.contains(',') && (subject || acronym)
    }

    /// "… at the Old Mill (second floor) in Turku, Finland": the town, and the token behind it.
    fn town_behind(&self, end: usize) -> Option<(String, usize)> {
        let text = &self.text;
        let mut at = end;
        if ['"', '”', '“', '»', '’', '\''].iter().any(|mark| text.is(at, *mark)) {
            at += 1;
        }
        if text.is(at, '(') {
            // "the Old Mill (in Turku/Finland)"
            let from = if text.has(at + 1, Class::PlaceIn) { at + 2 } else { at + 1 };
            let inside = name_at(text, from).filter(|after| text.is(*after, ')') && may_be_place(text, from, *after));
            if let Some(after) = inside {
                return Some((name_between(text, from, after), after + 1));
            }
            at = (at..at + 8).find(|at| text.is(*at, ')'))? + 1;
        }
        at = if text.at(at).is_some_and(|t| t.is(',') || t.is_dash() && t.spaced) { at + 1 } else { at };
        let led = text.has(at, Class::PlaceIn) || text.has(at, Class::PlaceBefore) && !text.has(at, Class::PlaceTo);
        let from = if led { at + 1 } else { at };
        let parted = led || at > end;
        let after = name_at(text, from).filter(|_| parted && text.at(from).is_some_and(|t| !t.new_line))?;
        let town = name_between(text, from, after);
        if let Some((country, behind)) = self.country_behind(after) {
            return Some((format!("{town}, {country}"), behind));
        }
        may_be_place(text, from, after).then_some((town, after))
    }

    /// "…at the Old Mill: 3rd floor, Quay Street 5, 20100 Turku."
    fn address_behind(&self, end: usize) -> Option<&str> {
        let text = &self.text;
        text.at(end).filter(|t| t.is(':'))?;
        let to = (end + 1..text.tokens.len().min(end + 40))
            .find(|at| ends_sentence(text, *at) || text.at(at + 1).is_none_or(|next| next.new_line))?;
        let to = if ends_sentence(text, to) { to } else { to + 1 };
        let address = text.between(end + 1, to).trim();
        (address.split(", ").count() >= 3 && address.len() < 250 && address.chars().any(|c| c.is_ascii_digit()))
            .then_some(address)
    }

    /// Only a comma or its like stands between a date and token `i`.
    fn behind_date(&self, i: usize) -> bool {
        (0..=1).any(|back| {
            let Some(at) = i.checked_sub(back) else { return false };
            let parted = (at..i).all(|at| self.text.at(at).is_some_and(is_parting));
            parted && self.dated.binary_search_by_key(&at, |(_, end)| *end).is_ok()
        })
    }

    /// Only a comma or its like stands between token `i` and a date behind it.
    fn before_date(&self, i: usize) -> bool {
        let at = if self.text.at(i).is_some_and(is_parting) { i + 1 } else { i };
        self.dated.binary_search_by_key(&at, |(start, _)| *start).is_ok()
    }

    /// "Friday 5 May, Canal Works, Turku", "the usual place (Canal Works)", "Quay Street 5, Turku, Finland" at token `i`, the name.
    fn unprefaced(&self, i: usize) -> Option<(Statement, usize)> {
        let text = &self.text;
        let token = text.at(i)?;
        if !(token.capital || token.word != 0) {
            return None;
        }
        let opens = i > 0 && text.is(i - 1, '(');
        let begins = i == 0
            || opens
            || text.at(i).is_some_and(|token| token.new_line)
            || text.at(i - 1).is_some_and(|token| is_parting(token) || token.is(':'));
        let dated = self.behind_date(i);
        if !begins && !dated {
            return None;
        }
        let from = text.skip_phrase(i, Class::Determiner);
        let end = name_at(text, from)?;
        let name = name_between(text, from, end);
        let country = ends_with_country(&name);
        let beside = dated || self.before_date(end);
        let sited = is_venue(text, from, end) || is_address(&name) || country;
        let town = || may_be_place(text, from, end);
        let alone = i == 0 && end == text.tokens.len();
        let (confidence, rule) = if is_address(&name) && (country || town()) {
            (0.66, "address")
        } else if beside && (sited || town()) {
            (if country { 0.8 } else { 0.7 }, "place-beside-date")
        } else if opens && text.is(end, ')') && sited && !self.dated.is_empty() {
            (0.6, "place-in-brackets")
        } else if alone && self.near && self.index > 0 && (country || sited && town()) {
            (0.6, "line-of-its-own")
        } else {
            return None;
        };
        Some((place(&name, text.between(from, end), rule, confidence), end))
    }
}

fn is_parting(token: &Token) -> bool {
    token.is_dash() || matches!(token.kind, TokenKind::Mark(',' | ')' | '|' | '·' | '•' | ';' | '@'))
}
