//! Readings touched by a run, with their neighbours → [`Changes`]: no twins, stable ids, revisions, cancellations. A pure decider.
//!
//! `settle` is handed whole blocks (see [`block_keys`]): every sighting that shares a block key with a touched one. It decides each block anew
//! from all its sightings, so the order in which documents arrived cannot matter.

mod bonds;
mod candidates;
mod carry;
mod days;
mod evidence;
mod forget;
mod groups;
mod identity;
mod overrides;
mod posts;
mod profile;
mod recaps;
mod renamed;
mod revise;
mod shifted;
mod suspect;
mod twins;
mod words;

use crate::model::*;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

pub use carry::{Carried, Carry, Cause, carry, keep_wanted};
pub use forget::{Cut, cut, event_names, names_asked_for, post_names, source_name};
pub(crate) use forget::{titled_event, titled_post};
pub use overrides::{Passes, is_no_span, passes, with_approved};
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
    /// Why its sightings are one event.
    pub matches: Vec<Match>,
    /// What it was before, where that matters to subscribers.
    pub revised: Option<Revised>,
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
    /// Events of the blocks that are hidden by hand: kept up to date, in no output.
    pub hidden: Vec<Settled>,
    /// Events of the blocks that leave every output; their ids are kept for a return.
    pub withdrawn: Vec<EventId>,
    /// Sightings that make no event until a person has looked, and why.
    pub waiting: Vec<(Placed, Waits)>,
    /// Sightings that make no event and wait for nobody: refused by hand, gone from their source, or told by a source of trust too.
    pub left_out: Vec<(DocumentKey, usize)>,
}

/// Why a sighting waits for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Waits {
    /// Its words are not sure enough.
    Unsure,
    /// No source of trust tells of it.
    ForReview,
    /// Its source publishes nothing without approval.
    ForApproval,
}

/// Decides the blocks that the sightings make up.
pub fn settle(sightings: Vec<Placed>, known: &KnownEvents, situation: &Situation) -> Changes {
    let mut changes = Changes::default();
    let (free, reviewed) = overrides::sift(sightings, known, situation.rules, &mut changes);
    changes.left_out.extend(reviewed.iter().map(|placed| (placed.document.clone(), placed.index)));
    let unconfirmed = unconfirmed(&free, reviewed, known, situation);
    changes.waiting.extend(unconfirmed.into_iter().map(|placed| (placed, Waits::ForReview)));
    let (clusters, matches): (Vec<Cluster>, Vec<Vec<Match>>) =
        joined(free, known, situation).map(|one| (one.cluster, one.matches)).unzip();
    let mut names = identity::Names::new(known, &clusters);
    for (at, (cluster, matches)) in clusters.into_iter().zip(matches).enumerate() {
        let id = names.name(at, &cluster);
        let decided = overrides::about(&cluster, known, situation.rules);
        let mut settled = Settled { matches, ..revise::event(id, cluster, known, situation, &decided) };
        settled.aliases.retain(|alias| names.is_one_event(alias));
        if overrides::is_hidden(&decided) { &mut changes.hidden } else { &mut changes.settled }.push(settled);
    }
    changes.settled.sort_by(|a, b| a.event.id.cmp(&b.event.id));
    changes.hidden.sort_by(|a, b| a.event.id.cmp(&b.event.id));
    changes.waiting.sort_by(|(a, _), (b, _)| (&a.document, a.index).cmp(&(&b.document, b.index)));
    let told: BTreeSet<&EventId> = changes.told().map(|settled| &settled.event.id).collect();
    changes.withdrawn = known.events.keys().filter(|id| !told.contains(id)).cloned().collect();
    changes
}

impl Changes {
    /// Every event that something tells of, hidden or not.
    pub fn told(&self) -> impl Iterator<Item = &Settled> {
        self.settled.iter().chain(&self.hidden)
    }
}

/// The sightings by the event they tell of.
fn joined(sightings: Vec<Placed>, known: &KnownEvents, situation: &Situation) -> impl Iterator<Item = twins::Joined> {
    let blocks = blocks(sightings, known, situation.rules);
    blocks.into_iter().flat_map(|block| twins::join(block, known, situation))
}

/// Those of the reviewed sightings of which no free one tells too. They are looked at beside the free ones, which they never change.
fn unconfirmed(free: &[Placed], reviewed: Vec<Placed>, known: &KnownEvents, situation: &Situation) -> Vec<Placed> {
    if reviewed.is_empty() {
        return reviewed;
    }
    let is_free: BTreeSet<(&DocumentKey, usize)> = free.iter().map(|placed| (&placed.document, placed.index)).collect();
    let all = free.iter().cloned().chain(reviewed).collect();
    let alone = |cluster: &Cluster| !cluster.iter().any(|placed| is_free.contains(&(&placed.document, placed.index)));
    joined(all, known, situation).map(|one| one.cluster).filter(alone).flatten().collect()
}

/// A sighting's names as texts. A UID or address may be shared with other sources, any other name only inside its own.
pub fn names(source: &SourceId, sighting: &Sighting) -> impl Iterator<Item = String> {
    sighting.keys.iter().map(move |key| match key {
        Key::Uid(_) | Key::Url(_) => key.text(),
        Key::Guid(_) | Key::Path(_) | Key::Part(_) => format!("{source} {}", key.text()),
    })
}

/// The texts by which a sighting and its neighbours find each other: shared names, a shared first day, moment or series, and for a recap
/// what it links to.
pub fn block_keys(source: &SourceId, sighting: &Sighting) -> BTreeSet<String> {
    let mut keys: BTreeSet<String> = names(source, sighting).collect();
    keys.extend(candidates::times(sighting));
    if sighting.role == SightingRole::Recap {
        keys.extend(sighting.mentions.iter().take(50).cloned());
    }
    keys
}

/// A key that more sightings share than this joins no blocks: it is a home page or a meeting room, and never makes twins.
pub const TOO_COMMON: usize = 200;

/// True where so many sightings share a block key that it says nothing of them. Days and moments never do.
pub fn is_too_common(key: &str, sightings: usize) -> bool {
    sightings > TOO_COMMON && !key.starts_with("day:") && !key.starts_with("at:")
}

/// Cuts sightings into blocks: those that share a key or were one event before, directly or through others.
fn blocks(sightings: Vec<Placed>, known: &KnownEvents, rules: &Rules) -> Vec<Vec<Placed>> {
    let mut groups = groups::Groups::new(sightings.len());
    let mut sharing: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, placed) in sightings.iter().enumerate() {
        for key in block_keys(&placed.document.source, &placed.sighting) {
            sharing.entry(key).or_default().push(at);
        }
        for event in identity::known_as(placed, known) {
            sharing.entry(format!("event:{event}")).or_default().push(at);
        }
    }
    for (_, members) in sharing.iter().filter(|(key, members)| !is_too_common(key, members.len())) {
        groups.join_all(members);
    }
    for members in bonds::Bonds::of(rules, &sightings, known).together {
        groups.join_all(&members);
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
mod alike_tests;
#[cfg(test)]
mod tests;
