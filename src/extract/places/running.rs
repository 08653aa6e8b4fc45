//! Where, in running text: "held at the Old Mill in Turku, Finland", "Friday 5 May, Canal Works, Turku".

use super::may_be_place;
use crate::extract::blocks::{Block, Stretch};
use crate::extract::language::{Class, Classes};
use crate::extract::mentions::{classes, ends_sentence};
use crate::extract::names::{name_at, name_between};
use crate::extract::online::online_name;
use crate::extract::page::Page;
use crate::extract::telling::{evidence, line, place};
use crate::extract::tokens::{Text, Token, TokenKind, is_unspaced};
use crate::extract::venues::{ends_with_country, is_address, is_venue};
use crate::gazetteer;
use crate::model::{About, Statement};

/// A block on the desk.
pub struct Seen<'p> {
    pub page: &'p Page<'p>,
    pub index: usize,
    pub block: &'p Block<'p>,
    pub text: Text<'p>,
    /// The tokens of its dates and hours.
    pub dated: &'p [(usize, usize)],
    /// It stands near the event's date, or at the beginning.
    pub near: bool,
}

/// Words that say that something takes place.
pub const HAPPENS: Classes = Classes::of(&[Class::EventVerb, Class::OnSite, Class::Past]);

/// What leads to the name of a place: "at", "hosted by", "near".
struct Lead {
    /// The token behind it.
    behind: usize,
    /// The lists it stands in.
    classes: Classes,
    is_host: bool,
    is_near: bool,
}

/// A name behind a lead.
struct Named {
    /// Its first token.
    from: usize,
    /// The token behind its last.
    end: usize,
    name: String,
    /// It ends with a country or region.
    country: bool,
    /// It is a town's.
    town: bool,
    /// It is a venue's or an address.
    sited: bool,
}

/// What is said before a lead.
struct Before {
    /// The lists that the word right before it stands in.
    word: Classes,
    /// An event's noun stands right before it.
    noun: bool,
    /// Its sentence says that something takes place.
    happens: bool,
    /// Its sentence says that an event does.
    of_event: bool,
}

/// How sure a place is, why, and where its words begin.
struct Surety {
    confidence: f32,
    rule: &'static str,
    first: usize,
}

impl Seen<'_> {
    /// "held at the Old Mill", "trip to Turku, Finland", "hosted by Canal Works" at token `i`, the preposition.
    pub fn told(&self, i: usize) -> Option<(Statement, usize)> {
        let lead = self.lead(i)?;
        // Far from the event's date, a place counts only where something takes place there: names need not be looked up.
        let counts = self.near || {
            let before = self.before(i);
            before.noun || before.happens
        };
        let named = counts.then(|| self.named(lead.behind))??;
        let sure = self.sure(i, &lead, &named)?;
        Some(self.whole(i, &lead, named, sure))
    }

    fn before(&self, i: usize) -> Before {
        let text = &self.text;
        let word = i.checked_sub(1).map(|at| text.meaning(at).classes).unwrap_or_default();
        let least = i.saturating_sub(20);
        let since = (least..i).rev().find(|at| ends_sentence(text, *at)).map_or(least, |at| at + 1);
        let said = classes(self.page.cues(self.index), since, i);
        Before {
            word,
            noun: word.has(Class::EventNoun),
            happens: said.any(HAPPENS),
            of_event: said.has(Class::EventVerb) && said.has(Class::EventNoun),
        }
    }

    fn lead(&self, i: usize) -> Option<Lead> {
        let text = &self.text;
        let hosted = text.phrase(i, Class::HostedBy);
        let near = text.phrase(i, Class::PlaceNear).filter(|_| hosted.is_none());
        let classes = text
            .longest(i, |meaning| meaning.classes.has(Class::PlaceBefore).then_some(meaning.classes))
            .map_or(text.meaning(i).classes, |(classes, _)| classes);
        let behind = hosted
            .or(near)
            .or_else(|| text.phrase(i, Class::PlaceBefore))
            .or_else(|| (classes.has(Class::On) || classes.has(Class::From)).then_some(i + 1))?;
        Some(Lead { behind, classes, is_host: hosted.is_some(), is_near: near.is_some() })
    }

    /// The name that begins at this token, with the rest of its link and with its country.
    fn named(&self, behind: usize) -> Option<Named> {
        let text = &self.text;
        let from = text.skip_phrase(behind, Class::Determiner);
        // "à l’église"
        let from = if from > behind { text.skip(text.skip(from, '’'), '\'') } else { from };
        let is_quotation = |token: &Token| matches!(token.kind, TokenKind::Mark('"' | '“' | '„' | '«' | '‘' | '\''));
        let quoted = text.at(from).is_some_and(is_quotation);
        let from = if quoted { from + 1 } else { from };
        let start = text.at(from)?.start as usize;
        let anchor = self.block.links.iter().take(60).find(|link| link.at.start <= start && start < link.at.end);
        let is_word = || text.at(from).is_some_and(Token::is_word);
        let adjective = || {
            let end = name_at(text, from + 1).filter(|_| is_word())?;
            ends_with_country(&name_between(text, from + 1, end)).then_some((from + 1, end))
        };
        let linked = || anchor.filter(|_| is_word()).map(|_| (from, from + 1));
        let (from, mut end) = name_at(text, from).map(|end| (from, end)).or_else(adjective).or_else(linked)?;
        let mut name = name_between(text, from, end);
        if let Some(anchor) = anchor.filter(|anchor| anchor.at.end > text.at(end - 1).map_or(0, |t| t.end as usize)) {
            let words = self.block.slice(Stretch { start, end: anchor.at.end });
            if words.split(' ').count() <= 14 {
                name = line(words);
                end = self.page.tokens_at(self.index, 0, anchor.at.end).1.max(end);
            }
        }
        let is_name = name.chars().any(char::is_uppercase) || name.chars().next().is_some_and(is_unspaced);
        let online = || online_name(self.page, self.index, from, (from + 3).min(end)).is_some_and(|(at, _)| at == from);
        if !is_name || online() {
            return None;
        }
        if let Some((country, after)) = self.country_behind(end) {
            (name, end) = (format!("{name}, {country}"), after);
        }
        let country = ends_with_country(&name);
        let mut town = !country && may_be_place(text, from, end);
        if let Some(base) = uninflected(text, from, end).filter(|_| !country) {
            (name, town) = (base, true);
        }
        let sited = is_venue(text, from, end) || is_address(&name);
        Some(Named { from, end, name, country, town, sited })
    }

    /// Whether the words around the lead and the name say that the event takes place there.
    fn sure(&self, i: usize, lead: &Lead, named: &Named) -> Option<Surety> {
        let text = &self.text;
        let Named { country, town, sited, .. } = *named;
        let known = country || town;
        let own = lead.classes;
        let Before { word: before, noun: noun_before, happens, of_event: says_of_event } = self.before(i);
        let plain_to = own.has(Class::PlaceTo) && !own.has(Class::PlaceIn) && !lead.is_host;
        let starts_from = own.has(Class::From) && before.has(Class::Starts);
        let leads = lead.is_host || own.has(Class::PlaceBefore) || sited || starts_from;
        // "near the Old Mill" is elsewhere, but "lângă Biblioteca Județeană" is how one says where.
        let is_led = if lead.is_near && !own.has(Class::PlaceBefore) { known } else { leads };
        if !is_led {
            return None;
        }
        // "guests from the University of Turku", but "târgul de primăvară din Piața Sfatului"
        let is_there = starts_from || noun_before || sited && own.has(Class::PlaceIn);
        if own.has(Class::From) && !is_there {
            return None;
        }
        // Where every noun has a capital, a name must be known as a place's.
        let is_told = known || sited;
        if !is_told && (text.language.capital_nouns || self.is_no_place(named, own.has(Class::PlaceIn), noun_before)) {
            return None;
        }
        let dated = self.behind_date(i);
        let confidence = match (known, noun_before, happens, self.near) {
            (true, true, _, _) => 0.9,
            (true, _, true, true) if !plain_to => 0.85,
            // "The hackathon will take place at the Old Mill" says it wherever it stands.
            (true, _, true, false) if !plain_to && says_of_event => 0.72,
            (true, _, true, false) if !plain_to => 0.6,
            (false, true, _, true) => 0.65,
            (false, _, true, true) if !plain_to => 0.7,
            _ if lead.is_host && self.near => 0.64,
            (false, _, true, false) if !plain_to && says_of_event => 0.62,
            (true, _, _, true) if !plain_to || sited => 0.65,
            (false, _, _, true) if dated && !plain_to => 0.7,
            (false, _, _, true) if !plain_to && sited => 0.62,
            _ => return None,
        };
        let confidence: f32 = if sited && known { confidence + 0.03 } else { confidence };
        let rule = match (noun_before, known) {
            (true, _) => "event-noun-place",
            (_, true) => "known-place",
            _ if lead.is_host => "hosted-by",
            _ => "happens-at",
        };
        let first = if noun_before || before.has(Class::EventVerb) { i - 1 } else { i };
        Some(Surety { confidence, rule, first })
    }

    /// The place with what stands behind its name: its town, its venue, its address.
    fn whole(&self, i: usize, lead: &Lead, named: Named, sure: Surety) -> (Statement, usize) {
        let text = &self.text;
        let Named { end, name, country, town, .. } = named;
        let Surety { confidence, rule, first } = sure;
        let quote = text.between(first, end);
        let place_of = |name: &str, address: &str, quote: &str, rule: &str, confidence: f32| {
            let about = About::Place { name: Some(line(name)), address: Some(line(address)), room: None };
            Statement { about, evidence: evidence(quote, rule, confidence) }
        };
        if let Some((town, after)) = self.town_behind(end).filter(|_| !country) {
            let sure = confidence.max(0.66) + 0.04;
            return (place_of(&name, &town, text.between(first, after), "venue-in-town", sure), after);
        }
        if let Some((venue, after)) = self.venue_behind(end).filter(|_| town || country) {
            return (place_of(&venue, &name, text.between(first, after), "town-with-venue", confidence + 0.04), after);
        }
        if let Some(address) = self.address_behind(end) {
            return (place_of(&name, address, &format!("{quote}: {address}"), "place-with-address", 0.88), end);
        }
        // "near Turku" is not in Turku, and says less than what is.
        if lead.is_near && (town || country) {
            return (place(&line(text.between(i, end)), quote, rule, confidence - 0.1), end);
        }
        (place(&name, quote, rule, confidence), end)
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
    fn is_no_place(&self, named: &Named, plain_in: bool, noun_before: bool) -> bool {
        let Named { from, end, ref name, .. } = *named;
        let text = &self.text;
        let last = end - 1;
        // "at Tools Week 2026", "at Conf24" — not "in Room 2", "at Dock1".
        let is_count =
            text.at(last).is_some_and(|token| token.is_number() && (token.spaced || token.end - token.start > 1));
        let numbered = is_count && last > from && !text.has(last - 1, Class::Room);
        let subject = text.has(last, Class::Subject) || name.contains(' ') && noun_before;
        let acronym = !name.contains(' ') && name.chars().all(|c| !c.is_lowercase());
        let other = self.page.event_noun_in(self.index, from, end) || numbered && !name.contains(',');
        other || plain_in && !name.contains(',') && (subject || acronym)
    }

    /// "… at the Old Mill (second floor) in Turku, Finland": the town, and the token behind it.
    fn town_behind(&self, end: usize) -> Option<(String, usize)> {
        let text = &self.text;
        let mut at = end;
        let is_quotation = |token: &Token| matches!(token.kind, TokenKind::Mark('"' | '”' | '“' | '»' | '’' | '\''));
        if text.at(at).is_some_and(is_quotation) {
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

    /// "… in Turku, at the Old Mill": the venue, and the token behind it.
    fn venue_behind(&self, end: usize) -> Option<(String, usize)> {
        let text = &self.text;
        let at = text.skip(end, ',');
        let behind = text
            .phrase(at, Class::PlaceBefore)
            .filter(|_| !text.has(at, Class::From) && !text.has(at, Class::PlaceTo))?;
        let from = text.skip_phrase(behind, Class::Determiner);
        let after = name_at(text, from).filter(|after| is_venue(text, from, *after))?;
        let name = name_between(text, from, after);
        (!self.page.event_noun_in(self.index, from, after)).then_some((name, after))
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
        !self.dated.is_empty()
            && (0..=1).any(|back| {
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
    pub fn unprefaced(&self, i: usize) -> Option<(Statement, usize)> {
        let text = &self.text;
        let token = text.at(i)?;
        if !(token.capital || token.word.is_known()) {
            return None;
        }
        let before = i.checked_sub(1).and_then(|before| text.at(before));
        let opens = before.is_some_and(|before| before.is('('));
        let begins = token.new_line
            || before.is_none_or(|before| !before.is_word() && (opens || is_parting(before) || before.is(':')));
        let dated = self.behind_date(i);
        if !begins && !dated {
            return None;
        }
        let from = text.skip_phrase(i, Class::Determiner);
        let end = name_at(text, from)?;
        let beside = dated || self.before_date(end);
        let enclosed = opens && text.is(end, ')') && !self.dated.is_empty();
        let alone = i == 0 && end == text.tokens.len() && self.near && self.index > 0;
        let numbered = || {
            (from..end).any(|at| text.is(at, ',')) && (from..end).any(|at| text.at(at).is_some_and(Token::is_number))
        };
        if !beside && !enclosed && !alone && !numbered() {
            return None;
        }
        let name = name_between(text, from, end);
        if !beside && !enclosed && !alone && !is_address(&name) {
            return None;
        }
        let country = ends_with_country(&name);
        let sited = is_venue(text, from, end) || is_address(&name) || country;
        let town = || may_be_place(text, from, end);
        let (confidence, rule) = if is_address(&name) && (country || town()) {
            (0.66, "address")
        } else if beside && (sited || town()) {
            (if country { 0.8 } else { 0.7 }, "place-beside-date")
        } else if enclosed && sited {
            (0.6, "place-in-brackets")
        } else if alone && (country || sited && town()) {
            (0.6, "line-of-its-own")
        } else {
            return None;
        };
        Some((place(&name, text.between(from, end), rule, confidence), end))
    }
}

/// The name of a town as it is by itself, where its language bends it: "w Krakowie" is in Kraków.
fn uninflected(text: &Text, from: usize, end: usize) -> Option<String> {
    if text.language.town_endings.is_empty() || text.has(from, Class::Venue) || text.has(from, Class::Room) {
        return None;
    }
    let name = name_between(text, from, end);
    let bases = text
        .language
        .town_endings
        .iter()
        .filter_map(|(bent, base)| Some(format!("{}{base}", name.strip_suffix(bent.as_str())?)));
    let mut bases = bases.filter(|base| base.chars().count() > 2 && !base.contains([' ', ',']));
    // The gazetteer knows some bent names, too.
    let known = gazetteer::resolve(&name);
    bases.find_map(|base| {
        let town = gazetteer::resolve(&base).filter(|town| known.is_none_or(|known| known == *town))?;
        // Łódź, where only its marks were bent away.
        Some(if gazetteer::is_same(&base, town.name) { town.name.to_owned() } else { base })
    })
}

fn is_parting(token: &Token) -> bool {
    token.is_dash() || matches!(token.kind, TokenKind::Mark(',' | ')' | '|' | '·' | '•' | ';' | '@'))
}
