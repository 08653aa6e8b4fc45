//! The two pure halves as plain functions: [`digest`] one document, [`compose`] a whole board.

use crate::merge::{self, KnownEvents, KnownPosts, Placed, PlacedPost, Situation};
use crate::model::*;
use crate::{extract, normalize, read};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

/// Raised whenever the same bytes and rules may give another reading than before, so that kept documents are read again.
pub const READING_VERSION: u32 = 4;

/// One document in, its posts, events and problems out. No clock, no store, no neighbour.
pub fn digest(document: &Document, rules: &Rules) -> Reading {
    let records = rules.sources.get(&document.source).and_then(|source| source.records.as_ref());
    let read = read::read_by(document, records);
    let window = read.format.is_some_and(Format::is_window);
    let data = window || matches!(read.format, Some(Format::ICalendar | Format::Records | Format::Schedule));
    let mut reading = Reading {
        problems: read.problems,
        skipped: read.skipped,
        site: read.site,
        pace: read.pace,
        window,
        data,
        ..Reading::default()
    };
    let offer = offer(read.offers, document, rules);
    if offer.as_ref().is_some_and(|offer| offer.kind == OfferKind::Calendar && offer.is_whole) {
        let skipped = Some(format!("a page that offers {}, read in its stead", OfferKind::Calendar.told()));
        return Reading { offer, skipped, ..reading };
    }
    let Some(context) = normalize::Context::new(document, read.format, rules) else { return reading };
    for problem in &mut reading.problems {
        problem.source.get_or_insert_with(|| document.source.clone());
        problem.subject.get_or_insert_with(|| document.key.clone());
    }
    let is_dated = read.entries.iter().any(|entry| entry.published.is_some());
    for entry in read.entries {
        let extraction =
            if entry.kind.is_prose() { extract::extract(&context.prose(&entry)) } else { Extraction::default() };
        normalize::normalize(&context, entry, extraction, &mut reading);
    }
    // What is told in prose is told, also where a file to add to one's calendar is beside it; a page that says when it was published is a post and no list.
    let is_list = |offer: &Offer| offer.kind != OfferKind::Feed || !is_dated;
    if let Some(offer) = offer.filter(|offer| reading.sightings.is_empty() && is_list(offer)) {
        reading.posts.clear();
        reading.skipped = Some(format!("a page that offers {}, read in its stead", offer.kind.told()));
        reading.offer = Some(offer);
    }
    reading
}

/// Which of a page's offers is followed: only those of the page that the config names are.
fn offer(offers: Vec<Offer>, document: &Document, rules: &Rules) -> Option<Offer> {
    let follow = rules.sources.get(&document.source)?.follow.as_ref().filter(|follow| follow.page == document.key)?;
    let of_kind = |kind: &OfferKind| offers.iter().find(|offer| offer.kind == *kind);
    follow.kinds.iter().find_map(of_kind).cloned()
}

/// What was known before a board is composed.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Events and their names.
    pub events: KnownEvents,
    /// Posts and their names.
    pub posts: KnownPosts,
}

/// The heart as one call, for library users and as the oracle of the tests: digest all, settle all.
pub fn compose(documents: &[Document], known: &Known, rules: &Rules, now: DateTime<Utc>) -> (Board, Vec<Problem>) {
    let mut readings: BTreeMap<DocumentKey, Reading> = BTreeMap::new();
    for document in documents {
        let key = DocumentKey { source: document.source.clone(), key: document.key.clone() };
        readings.insert(key, digest(document, rules));
    }
    let pages: BTreeSet<(&SourceId, Key)> =
        readings.iter().filter_map(|(key, reading)| Some((&key.source, Key::url(reading.address.as_ref()?)))).collect();
    let upgraded = BTreeSet::new();
    let situation = Situation { rules, now, upgraded: &upgraded };
    let mut problems: Vec<Problem> = readings.values().flat_map(|reading| reading.problems.clone()).collect();

    let mut told = Vec::new();
    for (document, reading) in &readings {
        let groups = merge::group_keys(&document.source, &reading.posts);
        for (index, ((keys, facts), group)) in reading.posts.iter().zip(groups).enumerate() {
            let mut facts = facts.clone();
            relink(document, reading, &pages, &mut facts.html);
            told.push(PlacedPost { document: document.clone(), index, keys: keys.clone(), facts, group });
        }
    }
    let (posts, _) = merge::settle_posts(told, &known.posts, &situation);
    let post_at: BTreeMap<&(DocumentKey, usize), &PostId> =
        posts.iter().flat_map(|settled| settled.members.iter().map(|member| (member, &settled.post.id))).collect();

    let mut sightings = Vec::new();
    for (document, reading) in &readings {
        for (index, sighting) in reading.all_sightings().enumerate() {
            let mut sighting = sighting.clone();
            relink(document, reading, &pages, &mut sighting.facts.html);
            let post = sighting.post.and_then(|at| post_at.get(&(document.clone(), at))).map(|id| (*id).clone());
            sightings.push(Placed { document: document.clone(), index, sighting, post });
        }
    }
    let changes = merge::settle(sightings, &known.events, &situation);
    problems.extend(changes.settled.iter().flat_map(|settled| settled.problems.clone()));
    let mut board = Board {
        events: changes.settled.into_iter().map(|settled| settled.event).collect(),
        posts: posts.iter().map(|settled| settled.post.clone()).collect(),
    };
    board.events.sort_by_cached_key(|event| {
        (event.facts.when.first_day(), crate::zone::start_of(&event.facts.when), event.id.clone())
    });
    board.posts.sort_by_cached_key(|post| (std::cmp::Reverse(post.order_moment()), post.id.clone()));
    (board, problems)
}

/// Gives each relative link the one of its two meanings that is a page of the source.
fn relink(document: &DocumentKey, reading: &Reading, pages: &BTreeSet<(&SourceId, Key)>, html: &mut CleanHtml) {
    let is_page = |url: &Url| pages.contains(&(&document.source, Key::url(url)));
    let chosen = reading.links.iter().filter(|choice| !is_page(&choice.from_page) && is_page(&choice.from_root));
    merge::relink(html, &chosen.map(|choice| (&choice.from_page, &choice.from_root)).collect());
}
