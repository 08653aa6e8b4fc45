//! Readings touched by a run, with their neighbours → [`Changes`]: no twins, stable ids, revisions, cancellations. A pure decider.
//!
//! `settle` is handed whole blocks (see [`block_keys`]): every sighting that shares a block key with a touched one. It decides each block anew
//! from all its sightings, so the order in which documents arrived cannot matter.

mod carry;
mod days;
mod forget;
mod identity;
mod posts;
mod renamed;
mod revise;
mod shifted;
mod suspect;
mod twins;

use crate::model::*;
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::{BTreeMap, BTreeSet};

pub use carry::{Carried, Carry, Cause, carry, keep_wanted};
pub use forget::{Cut, cut, event_names, names_asked_for, post_names, source_name};
pub(crate) use forget::{titled_event, titled_post};
pub use posts::{KnownPosts, PlacedPost, SettledPost, group_keys, relink, settle_posts};

/// A sighting and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// The document that tells of it.
    pub document: DocumentKey,
    /// Its place among the document's sightings.
    pub index: usize,
    /// What is told.
    pub sighting: Sighting,
    /// The post that tells it, once that has an id.
    pub post: Option<PostId>,
}

/// What is known of the events that a settlement may concern.
#[derive(Debug, Clone, Default)]
pub struct KnownEvents {
    /// The events as last settled, by id.
    pub events: BTreeMap<EventId, Event>,
    /// (source, key text) → event, for every key of the sightings at hand.
    pub aliases: BTreeMap<(SourceId, String), EventId>,
    /// Ids that new events here might be given, were they not those of other events already.
    pub taken: BTreeSet<EventId>,
}

/// What `settle` needs beside the sightings.
pub struct Situation<'a> {
    /// The configuration.
    pub rules: &'a Rules,
    /// The moment of the run: what changes now is stamped with it.
    pub now: DateTime<Utc>,
    /// Documents whose bytes are the same as before: only our reading of them changed.
    pub upgraded: &'a BTreeSet<DocumentKey>,
}

impl Situation<'_> {
    /// Today in the site's zone.
    pub fn today(&self) -> NaiveDate {
        crate::zone::to_local(self.now, &self.rules.site.zone).date()
    }
}

/// One settled event.
#[derive(Debug, Clone, PartialEq)]
pub struct Settled {
    /// The event as it is now.
    pub event: Event,
    /// The sightings it is made of.
    pub members: Vec<(DocumentKey, usize)>,
    /// All its names: (source, key text).
    pub aliases: Vec<(SourceId, String)>,
    /// Where sources disagree on it.
    pub problems: Vec<Problem>,
    /// How it changed.
    pub change: Change,
}

/// How an event changed in a settlement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Not at all.
    None,
    /// In something that moves neither SEQUENCE nor `updated`.
    Quiet,
    /// In its address, deadlines or text: `updated` moves.
    Text,
    /// In title, when, recurrence, place or status: SEQUENCE rises.
    Weighty,
    /// It is new.
    New,
}

/// What a settlement decides.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changes {
    /// The events of the blocks, changed or not, by id.
    pub settled: Vec<Settled>,
    /// Events of the blocks that leave every output; their ids are kept for a return.
    pub withdrawn: Vec<EventId>,
}

/// Decides the blocks that the sightings make up.
pub fn settle(sightings: Vec<Placed>, known: &KnownEvents, situation: &Situation) -> Changes {
    let clusters: Vec<Cluster> =
        blocks(sightings).into_iter().flat_map(|block| twins::join(block, situation.rules)).collect();
    let mut names = identity::Names::new(known, &clusters);
    let mut changes = Changes::default();
    for (at, cluster) in clusters.into_iter().enumerate() {
        let id = names.name(at, &cluster);
        let mut settled = revise::event(id, cluster, known, situation);
        settled.aliases.retain(|alias| names.is_one_event(alias));
        changes.settled.push(settled);
    }
    changes.settled.sort_by(|a, b| a.event.id.cmp(&b.event.id));
    let living: BTreeSet<&EventId> = changes.settled.iter().map(|settled| &settled.event.id).collect();
    changes.withdrawn = known.events.keys().filter(|id| !living.contains(id)).cloned().collect();
    changes
}

/// A sighting's names as texts. A UID or address may be shared with other sources, any other name only inside its own.
pub fn names(source: &SourceId, sighting: &Sighting) -> impl Iterator<Item = String> {
    sighting.keys.iter().map(move |key| match key {
        Key::Uid(_) | Key::Url(_) => key.text(),
        Key::Guid(_) | Key::Path(_) | Key::Part(_) => format!("{source} {}", key.text()),
    })
}

/// The texts by which a sighting and its neighbours find each other: shared names, shared first day, and for a recap what it links to.
pub fn block_keys(source: &SourceId, sighting: &Sighting) -> BTreeSet<String> {
    let mut keys: BTreeSet<String> = names(source, sighting).collect();
    keys.insert(format!("day:{}", sighting.facts.when.first_day()));
    if sighting.role == SightingRole::Recap {
        keys.extend(sighting.mentions.iter().take(50).cloned());
    }
    keys
}

/// A key that more sightings share than this joins no blocks: it is a home page or a meeting room, and never makes twins.
pub const TOO_COMMON: usize = 200;

/// True where so many sightings share a block key that it says nothing of them. Days never do.
pub fn is_too_common(key: &str, sightings: usize) -> bool {
    sightings > TOO_COMMON && !key.starts_with("day:")
}

/// Cuts sightings into blocks: those that share a key, directly or through others.
fn blocks(sightings: Vec<Placed>) -> Vec<Vec<Placed>> {
    let mut groups = twins::Groups::new(sightings.len());
    let mut sharing: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, placed) in sightings.iter().enumerate() {
        for key in block_keys(&placed.document.source, &placed.sighting) {
            sharing.entry(key).or_default().push(at);
        }
    }
    for (_, members) in sharing.iter().filter(|(key, members)| !is_too_common(key, members.len())) {
        members.iter().for_each(|at| groups.join(members[0], *at));
    }
    groups.split(sightings)
}

/// Sightings of one event, strongest first: present before missing, announcement before recap, priority, config order, then by name.
pub(crate) type Cluster = Vec<Placed>;

/// What decides which sighting speaks first.
fn rank(placed: &Placed, rules: &Rules) -> (bool, bool, i32, usize, DocumentKey, usize) {
    let source = rules.sources.get(&placed.document.source);
    (
        placed.sighting.missing > 0,
        placed.sighting.role == SightingRole::Recap,
        -source.map_or(i32::MIN + 1, |source| source.priority),
        source.map_or(usize::MAX, |source| source.order),
        placed.document.clone(),
        placed.index,
    )
}

#[cfg(test)]
mod tests;
