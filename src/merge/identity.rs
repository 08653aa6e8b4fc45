//! Which known event a cluster of sightings is, or that it is new.

use super::{Cluster, KnownEvents, Placed};
use crate::model::*;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Hands out ids, each once.
pub(super) struct Names<'a> {
    known: &'a KnownEvents,
    /// (source, key text) → in how many clusters of that source it stands now.
    uses: BTreeMap<(SourceId, String), usize>,
    /// Which known id each cluster goes by, if one.
    claimed: Vec<Option<EventId>>,
    /// How many ids were tried for each first key.
    tried: BTreeMap<(SourceId, String), u32>,
}

impl<'a> Names<'a> {
    /// Looks at all clusters first, so that an id claimed by several goes to the one with the best claim whatever their order.
    pub(super) fn new(known: &'a KnownEvents, clusters: &[Cluster]) -> Self {
        let mut uses: BTreeMap<_, usize> = BTreeMap::new();
        for cluster in clusters {
            for key in cluster.iter().flat_map(own_keys).collect::<BTreeSet<_>>() {
                *uses.entry(key).or_default() += 1;
            }
        }
        let mut names = Self { known, uses, claimed: vec![None; clusters.len()], tried: BTreeMap::new() };
        let mut claims: Vec<(Claim, usize)> = Vec::new();
        for (at, cluster) in clusters.iter().enumerate() {
            claims.extend(names.claims(cluster).into_iter().map(|claim| (claim, at)));
        }
        claims.sort_by(|(a, c), (b, d)| a.cmp(b).then_with(|| lead(&clusters[*c]).cmp(&lead(&clusters[*d]))));
        let mut given = BTreeSet::new();
        for (claim, at) in claims {
            if names.claimed[at].is_none() && given.insert(claim.id.clone()) {
                names.claimed[at] = Some(claim.id);
            }
        }
        names
    }

    /// The id of a cluster, the one at that place.
    pub(super) fn name(&mut self, at: usize, cluster: &Cluster) -> EventId {
        if let Some(id) = self.claimed.get(at).cloned().flatten() {
            return id;
        }
        let (document, _) = lead(cluster);
        let first = own_keys(&cluster[0]).next().unwrap_or((document.source.clone(), document.key.clone()));
        let n = self.tried.entry(first.clone()).or_default();
        loop {
            let id = EventId::at_first_sight(&first.0, &first.1, *n);
            *n = n.saturating_add(1);
            if *n == u32::MAX || !(self.known.events.contains_key(&id) || self.known.taken.contains(&id)) {
                return id;
            }
        }
    }

    /// True if that name stands for one event only, so that it may lead back to it.
    pub(super) fn is_one_event(&self, alias: &(SourceId, String)) -> bool {
        self.uses.get(alias) == Some(&1)
    }

    /// The known events that a cluster's sightings are called by, through every key that names one event then and now.
    fn claims(&self, cluster: &Cluster) -> Vec<Claim> {
        let mut claims: Vec<Claim> = Vec::new();
        let mut names: BTreeMap<&EventId, usize> = BTreeMap::new();
        for (standing, placed) in cluster.iter().enumerate() {
            for (strength, key) in own_keys(placed).enumerate().filter(|(_, key)| self.uses.get(key) == Some(&1)) {
                let Some(id) = self.known.aliases.get(&key) else { continue };
                *names.entry(id).or_default() += 1;
                let first_seen = self.known.events.get(id).map(|event| event.revision.first_seen);
                let joined = *id != EventId::at_first_sight(&key.0, &key.1, 0);
                let (unseen, names) = (first_seen.is_none(), Reverse(0));
                claims.push(Claim { strength, joined, standing, names, unseen, first_seen, id: id.clone() });
            }
        }
        // Where two events were one for a while, all names lead to one of them; the other is known again by the key it was made of.
        let first = cluster.first().and_then(|placed| own_keys(placed).next());
        if let Some(key) = first.filter(|key| self.uses.get(key) == Some(&1)) {
            let id = EventId::at_first_sight(&key.0, &key.1, 0);
            if let Some(event) = self.known.events.get(&id) {
                let first_seen = Some(event.revision.first_seen);
                claims.push(Claim {
                    strength: usize::MAX,
                    joined: false,
                    standing: 0,
                    names: Reverse(0),
                    unseen: false,
                    first_seen,
                    id,
                });
            }
        }
        claims.iter_mut().for_each(|claim| claim.names = Reverse(names.get(&claim.id).copied().unwrap_or(0)));
        claims
    }
}

/// Stronger key first, then who was there before a twin joined, then who leads the cluster, then who is called so by more of its names, then the event known for longest.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Claim {
    strength: usize,
    joined: bool,
    /// Its place in the cluster: who leads there gives the name a new event would get.
    standing: usize,
    names: Reverse<usize>,
    unseen: bool,
    first_seen: Option<chrono::DateTime<chrono::Utc>>,
    id: EventId,
}

fn lead(cluster: &Cluster) -> (&DocumentKey, usize) {
    (&cluster[0].document, cluster[0].index)
}

/// A sighting's names in its source, strongest first.
pub(super) fn own_keys(placed: &Placed) -> impl Iterator<Item = (SourceId, String)> {
    placed.sighting.keys.iter().map(|key| (placed.document.source.clone(), key.text()))
}

/// The events that a sighting's names led to until now.
pub(super) fn known_as<'k>(placed: &Placed, known: &'k KnownEvents) -> Vec<&'k EventId> {
    own_keys(placed).filter_map(|key| known.aliases.get(&key)).collect()
}
