//! Entry + statements → posts and sightings: one model, zones, tags, clean HTML, absolute links.
//!
//! In: one [`Entry`] in its author's words and what its prose states. Out: what goes into the document's [`Reading`].
//! What contradicts itself becomes a [`Problem`]. Pure: knows no other document, no clock, no store.

mod address;
mod clock;
mod html;
mod place;
mod plain;
mod site;
mod when;

use crate::extract::Prose;
use crate::model::*;
use chrono::{DateTime, FixedOffset, NaiveDate};
use clock::Clock;
use place::Where;
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

pub use html::first_paragraph;

/// One entry with all that is needed to understand it.
pub struct Context<'a> {
    /// Where it stands.
    pub document: &'a Document,
    /// What the document is written in.
    pub format: Option<Format>,
    /// The configuration.
    pub rules: &'a Rules,
    /// Its source's part of it.
    pub source: &'a SourceRules,
}

impl<'a> Context<'a> {
    /// `None` if the document's source is not in the rules.
    pub fn new(document: &'a Document, format: Option<Format>, rules: &'a Rules) -> Option<Self> {
        let source = rules.sources.get(&document.source)?;
        Some(Self { document, format, rules, source })
    }

    /// The zone of times that name none.
    pub fn zone(&self) -> &ZoneId {
        self.source.zone.as_ref().unwrap_or(&self.rules.site.zone)
    }

    /// The language of an entry.
    pub fn language<'e>(&'e self, entry: &'e Entry) -> &'e str {
        let declared = entry.language.as_deref().or(self.source.language.as_deref());
        declared.unwrap_or(&self.rules.site.language)
    }

    /// The day that relative dates count from: when it was published, else when it was first seen.
    pub fn base_day(&self, entry: &Entry) -> Option<NaiveDate> {
        let seen = || self.document.first_seen.map(|at| crate::zone::to_local(at, self.zone()).date());
        entry.published.map(|stamp| stamp.day()).or_else(seen)
    }

    /// What the extractor is to read of an entry.
    pub fn prose<'e>(&'e self, entry: &'e Entry) -> Prose<'e> {
        Prose {
            title: &entry.title,
            summary: entry.summary.as_deref(),
            html: &entry.html,
            published: entry.published.map(|stamp| stamp.day()),
            seen: self.base_day(entry),
            language: self.language(entry),
        }
    }

    fn problem(&self, kind: ProblemKind, message: String) -> Problem {
        Problem::new(kind, message).at(&self.document.source, &self.document.key)
    }

    fn stamp(&self, stamp: Stamp) -> DateTime<FixedOffset> {
        let local = match stamp {
            Stamp::At(at) => return at,
            Stamp::Local(local) => local,
            Stamp::Day(day) => day.and_time(chrono::NaiveTime::MIN),
        };
        let at = crate::zone::to_utc(local, self.zone());
        at.with_timezone(&crate::zone::offset_at(at, self.zone()))
    }
}

/// As many relative links of a document get their second meaning looked up.
const MOST_LINKS: usize = 5_000;

/// Adds what one entry says to its document's reading.
pub fn normalize(context: &Context, entry: Entry, extraction: Extraction, reading: &mut Reading) {
    let tags = tags(context, &entry);
    if let Some(reason) = reason_to_skip(context, &entry, &tags) {
        reading.skipped.get_or_insert(reason);
        reading.hidden.push(keys(&entry, address::canonical(context, &entry).0.as_ref()));
        return;
    }
    let (url, trouble) = address::canonical(context, &entry);
    reading.problems.extend(trouble);
    if entry.kind != EntryKind::Event && context.document.url.is_none() && reading.address.is_none() {
        reading.address.clone_from(&url);
    }
    reading.not_before = reading.not_before.max(entry.not_before);
    reading.not_after = entry.not_after.or(reading.not_after);

    let base = address::link_base(context, &entry, url.as_ref());
    let clean = html::clean(&entry.html, base.as_ref(), context.source.link.as_ref().map(|rule| &rule.site_root));
    reading.problems.extend(clean.lost.map(|message| context.problem(ProblemKind::Read, message)));
    for choice in clean.choices {
        if let Err(at) = reading.links.binary_search(&choice)
            && reading.links.len() < MOST_LINKS
        {
            reading.links.insert(at, choice);
        }
    }
    let common = Common { images: images(&entry, &clean.html, base.as_ref()), html: clean.html, url, base, tags };
    let keys = keys(&entry, common.url.as_ref());

    let first = reading.sightings.len();
    sightings(context, &entry, &common, &keys, extraction, reading);
    match why_no_post(context, &entry) {
        Some(reason) => {
            reading.skipped.get_or_insert(reason.to_owned());
        }
        None => {
            let index = reading.posts.len();
            for sighting in &mut reading.sightings[first..] {
                sighting.post = Some(index);
            }
            reading.posts.push((keys, post(context, entry, common)));
        }
    }
}

/// The plain text of HTML that was not sanitised yet.
pub fn text_of(html: &str) -> String {
    html::clean(html, None, None).html.plain_text()
}

/// What post and events of an entry share, already clean.
struct Common {
    html: CleanHtml,
    url: Option<Url>,
    base: Option<Url>,
    tags: BTreeSet<Tag>,
    images: Vec<Image>,
}

fn reason_to_skip(context: &Context, entry: &Entry, tags: &BTreeSet<Tag>) -> Option<String> {
    if let Some(reason) = &entry.hidden {
        return Some(clean_line(reason));
    }
    let source = context.source;
    if let Some(tag) = tags.iter().find(|tag| source.without_tags.contains(tag)) {
        return Some(format!("filtered: has the tag `{tag}`"));
    }
    if !source.only_tags.is_empty() && tags.is_disjoint(&source.only_tags) {
        return Some("filtered: has none of the tags asked for".to_owned());
    }
    None
}

/// A notice has a date. A page in a repository that has none (an "about" page, an event's own page) is read for its events only.
fn why_no_post(context: &Context, entry: &Entry) -> Option<&'static str> {
    let is_file = context.document.url.is_none()
        && context.format.is_some_and(|format| format.is_post() || format == Format::Html);
    match entry.kind {
        EntryKind::Event => Some("a calendar: read for its events"),
        EntryKind::Section => Some("a section page: read for its events, not a post"),
        EntryKind::Post if is_file && entry.published.is_none() => {
            Some("a page without a publication date: read for its events, not a post")
        }
        EntryKind::Post | EntryKind::Release => None,
    }
}

fn keys(entry: &Entry, url: Option<&Url>) -> Vec<Key> {
    let mut keys = entry.keys.clone();
    keys.extend(url.map(Key::url));
    keys.sort();
    keys.dedup();
    keys
}

fn tags(context: &Context, entry: &Entry) -> BTreeSet<Tag> {
    let written = entry.tags.iter().take(100).filter_map(|text| Tag::new(text));
    let alias = |tag: Tag| context.rules.tag_aliases.get(&tag).cloned().unwrap_or(tag);
    written.chain(context.source.tags.iter().cloned()).map(alias).collect()
}

fn people(context: &Context, people: &[Person], base: Option<&Url>) -> Vec<Person> {
    let clean = |person: &Person| {
        let name = clean_line(&person.name);
        let email = person.email.as_deref().map(clean_line).filter(|_| context.rules.publish_emails);
        let url = person.url.as_deref().and_then(|url| address::absolute(url, base)).map(String::from);
        (!name.is_empty()).then_some(Person { name, url, email })
    };
    people.iter().take(100).filter_map(clean).collect()
}

fn images(entry: &Entry, html: &CleanHtml, base: Option<&Url>) -> Vec<Image> {
    let declared = entry.images.iter().filter_map(|image| {
        Some(Image {
            url: address::absolute(&image.url, base)?.into(),
            alt: image.alt.as_deref().map(clean_line).filter(|text| !text.is_empty()),
            title: image.title.as_deref().map(clean_line).filter(|text| !text.is_empty()),
        })
    });
    let mut seen = BTreeSet::new();
    declared.chain(html::images(html)).filter(|image| seen.insert(image.url.clone())).take(50).collect()
}

fn title(entry: &Entry) -> String {
    let title = clean_line(&entry.title);
    if title.is_empty() { "(untitled)".to_owned() } else { title }
}

fn summary(entry: &Entry) -> Option<String> {
    entry.summary.as_deref().map(clean_line).filter(|text| !text.is_empty())
}

fn post(context: &Context, entry: Entry, common: Common) -> PostFacts {
    PostFacts {
        title: title(&entry),
        summary: summary(&entry),
        published: entry.published.map(|stamp| context.stamp(stamp)),
        author_updated: entry.updated.map(|stamp| context.stamp(stamp)),
        authors: people(context, &entry.authors, common.base.as_ref()),
        tags: common.tags.into_iter().collect(),
        images: common.images,
        language: Some(context.language(&entry).to_owned()),
        html: common.html,
        url: common.url,
    }
}

/// Adds the events that an entry tells of: the declared one with what the prose adds, else those found in the prose.
fn sightings(
    context: &Context,
    entry: &Entry,
    common: &Common,
    keys: &[Key],
    extraction: Extraction,
    reading: &mut Reading,
) {
    let base = common.base.as_ref();
    if entry.declared.start.is_some() {
        let found = extraction.found.into_iter().next();
        let place = place::decide(context, entry, base, found.as_ref());
        let clock = Clock::of(context, &place);
        let decided = when::declared(context, &clock, entry, found.as_ref(), &mut reading.problems);
        if let Some(decided) = decided {
            let parts = Parts { keys: keys.to_vec(), found: found.as_ref(), place, clock, decided };
            tell_misfit(context, entry, &parts, &mut reading.problems);
            let mut sighting = sighting(context, entry, common, parts);
            sighting.confidence = 1.0;
            if sighting.role != SightingRole::Recap || entry.kind == EntryKind::Event {
                sighting.role = SightingRole::Calendar;
            }
            reading.sightings.push(sighting);
        }
        return;
    }
    let several = extraction.found.len() > 1;
    for found in &extraction.found {
        let place = place::decide(context, entry, base, Some(found));
        let clock = Clock::of(context, &place);
        let Some(decided) = when::found(context, &clock, entry, found) else { continue };
        let keys = if several { part_keys(common, keys, found, &decided) } else { keys.to_vec() };
        let parts = Parts { keys, found: Some(found), place, clock, decided };
        let sure = found.confidence >= context.rules.publish_confidence;
        if sure {
            tell_misfit(context, entry, &parts, &mut reading.problems);
        }
        let sighting = Sighting { unsure: !sure, ..sighting(context, entry, common, parts) };
        if sure { &mut reading.sightings } else { &mut reading.unsure }.push(sighting);
    }
}

/// What an event is made of, besides its entry.
struct Parts<'a> {
    keys: Vec<Key>,
    found: Option<&'a Found>,
    place: Where,
    clock: Clock,
    decided: when::Decided,
}

/// Tells of the first zone word of a document that does not fit its day.
fn tell_misfit(context: &Context, entry: &Entry, parts: &Parts, problems: &mut Vec<Problem>) {
    if !problems.iter().any(clock::is_of_misfit) {
        problems.extend(when::misfit(context, &parts.clock, entry, parts.found, &parts.decided));
    }
}

/// The names of one event among several of a document: its own link, its heading, its title with its days.
fn part_keys(common: &Common, keys: &[Key], found: &Found, decided: &when::Decided) -> Vec<Key> {
    let of = keys.last().map(Key::text).unwrap_or_default();
    let words = |text: &Option<String>| text.as_deref().map(slug).filter(|text| !text.is_empty());
    let mut parts = Vec::new();
    let own = found.link.as_deref().and_then(|link| address::absolute(link, common.base.as_ref()));
    if let Some(own) = own.filter(|own| common.url.as_ref() != Some(own)) {
        parts.push(Key::url(&own));
    }
    let title = words(&found.title).or_else(|| words(&found.heading)).unwrap_or_default();
    parts.extend(words(&found.heading).map(|heading| Key::Part(format!("{of}#{heading}#{title}"))));
    parts.push(Key::Part(format!("{of}#{title}#{}", decided.when.first_day())));
    parts
}

fn sighting(context: &Context, entry: &Entry, common: &Common, parts: Parts) -> Sighting {
    let Parts { keys, found, place, clock, decided } = parts;
    let mut facts = Facts {
        title: found
            .and_then(|f| f.title.as_deref())
            .map(clean_line)
            .filter(|t| !t.is_empty())
            .unwrap_or_else(|| title(entry)),
        summary: summary(entry).or_else(|| first_paragraph(&common.html)),
        html: common.html.clone(),
        when: decided.when,
        recurrence: decided.recurrence,
        place: place.place,
        status: EventStatus::Scheduled,
        deadlines: when::deadlines(context, entry, found),
        sessions: when::sessions(&clock, entry, found),
        organizers: people(context, &entry.declared.organizers, common.base.as_ref()),
        tags: common.tags.iter().cloned().collect(),
        links: links(entry, common, found),
        images: common.images.clone(),
        language: Some(context.language(entry).to_owned()),
        provenance: BTreeMap::new(),
    };
    let mut told = Told { context, facts: &mut facts };
    told.by("title", Evidence { quote: clean_line(&entry.title), rule: "title".into(), confidence: 1.0 });
    told.by("when", decided.evidence);
    let of_place = place.evidence.into_iter();
    of_place.chain(decided.zone.map(|zone| ("zone", zone))).for_each(|(field, evidence)| told.by(field, evidence));
    status(entry, found, &mut told);
    for (kind, name) in
        [(DeadlineKind::Registration, "registration deadline"), (DeadlineKind::CallForPapers, "call for papers")]
    {
        let evidence = found.into_iter().flat_map(|f| &f.statements).find_map(|s| match &s.about {
            About::Deadline { kind: k, .. } if *k == kind => Some(s.evidence.clone()),
            _ => None,
        });
        if let Some(evidence) = evidence {
            told.by(name, evidence);
        }
    }
    let mentions = html::links(&common.html).iter().map(|url| Key::url(url).text()).collect::<BTreeSet<_>>();
    let board_day = match &facts.when {
        When::Instant { start, .. } => Some(crate::zone::to_local(*start, &context.rules.site.zone).date()),
        _ => None,
    };
    let zone_guessed =
        matches!(facts.when, When::Zoned { .. }) && !clock.is_told(context) && !when::tells_zone(entry, found);
    Sighting {
        keys,
        facts,
        board_day,
        zone_guessed,
        role: found.map_or(SightingRole::Calendar, |found| found.verdict.into()),
        confidence: found.map_or(1.0, |found| found.confidence),
        unsure: false,
        post: None,
        mentions: mentions.into_iter().take(200).collect(),
        revision: SourceRevision {
            sequence: entry.declared.sequence,
            last_modified: entry
                .declared
                .last_modified
                .or_else(|| entry.updated.or(entry.published).map(|stamp| context.stamp(stamp).to_utc())),
        },
        missing: 0,
    }
}

/// Facts being told, each field with its evidence.
struct Told<'a, 'c> {
    context: &'a Context<'c>,
    facts: &'a mut Facts,
}

impl Told<'_, '_> {
    fn by(&mut self, field: &str, evidence: Evidence) {
        let source = self.context.document.source.clone();
        let document = self.context.document.key.clone();
        self.facts.provenance.insert(field.to_owned(), Provenance { source, document, evidence });
    }
}

fn status(entry: &Entry, found: Option<&Found>, told: &mut Told) {
    if let Some(status) = &entry.declared.status {
        told.facts.status = status.clone();
        told.by("status", Evidence { quote: String::new(), rule: "status field".into(), confidence: 1.0 });
        return;
    }
    let stated = found.into_iter().flat_map(|f| &f.statements).find_map(|s| match &s.about {
        About::Status(status) => Some((status.clone(), s.evidence.clone())),
        _ => None,
    });
    if let Some((status, evidence)) = stated {
        told.facts.status = status;
        told.by("status", evidence);
    }
}

fn links(entry: &Entry, common: &Common, found: Option<&Found>) -> EventLinks {
    let declared = |rel: &str| {
        let link = entry.links.iter().find(|link| link.rel == rel)?;
        address::absolute(&link.href, common.base.as_ref())
    };
    let own = found.and_then(|f| f.link.as_deref()).and_then(|link| address::absolute(link, common.base.as_ref()));
    EventLinks {
        page: own.or_else(|| common.url.clone()),
        registration: declared("registration"),
        video: declared("video"),
        map: declared("map"),
    }
}

#[cfg(test)]
mod tests;
