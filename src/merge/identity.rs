//! Which known event a cluster of sightings is, or that it is new (DESIGN section 4.1).

use super::{Cluster, KnownEvents, Placed};
use crate::model::*;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Hands out ids, each once.
pub(super) struct Names<'a> {
    known: &'a KnownEvents,
    /// (source, key text) → in how many clusters of that source it stands now.
    uses: BTreeMap<(SourceId, String), usize>,
    /// Which cluster (by its leading sighting) each known id goes to.
    claimed: BTreeMap<EventId, (DocumentKey, usize)>,
    taken: BTreeSet<EventId>,
}

impl<'a> Names<'a> {
    /// Looks at all clusters first, so that an id claimed by several goes to the one with the best claim whatever their order.
    pub(super) fn new(known: &'a KnownEvents, clusters: &[Cluster]) -> Self {
        let mut names = Self { known, uses: BTreeMap::new(), claimed: BTreeMap::new(), taken: BTreeSet::new() };
        for cluster in clusters {
            let keys: BTreeSet<_> = cluster.iter().flat_map(own_keys).collect();
            for key in keys {
                *names.uses.entry(key).or_default() += 1;
            }
        }
        let mut claims: Vec<(Claim, &Cluster)> = clusters
            .iter()
            .flat_map(|cluster| names.claims(cluster).into_iter().map(move |claim| (claim, cluster)))
            .collect();
        claims.sort_by(|(a, c), (b, d)| a.cmp(b).then_with(|| lead(c).cmp(&lead(d))));
        let mut served = BTreeSet::new();
        for (claim, cluster) in claims {
            if !served.contains(&lead(cluster)) && !names.claimed.contains_key(&claim.id) {
                names.claimed.insert(claim.id, lead(cluster));
                served.insert(lead(cluster));
            }
        }
        names
    }

    /// The id of a cluster.
    pub(super) fn name(&mut self, cluster: &Cluster) -> EventId {
        let lead = lead(cluster);
        if let Some((id, _)) = self.claimed.iter().find(|(_, holder)| **holder == lead) {
            return id.clone();
        }
        let (source, key) = own_keys(&cluster[0]).next().unwrap_or((lead.0.source.clone(), lead.0.key.clone()));
        let fresh = (0..).map(|n| EventId::at_first_sight(&source, &key, n));
        let is_new = |id: &EventId| {
            !self.known.events.contains_key(id) && !self.known.taken.contains(id) && !self.taken.contains(id)
        };
        let id = fresh.into_iter().find(is_new);
        let id = id.unwrap_or_else(|| EventId::at_first_sight(&source, &key, u32::MAX));
        self.taken.insert(id.clone());
        id
    }

    /// True if that name stands for one event only, so that it may lead back to it.
    pub(super) fn is_one_event(&self, alias: &(SourceId, String)) -> bool {
        self.uses.get(alias) == Some(&1)
    }

    /// The known events that a cluster's sightings are called by, through every key that names one event then and now.
    fn claims(&self, cluster: &Cluster) -> Vec<Claim> {
        let mut claims: Vec<Claim> = Vec::new();
        let mut names: BTreeMap<&EventId, usize> = BTreeMap::new();
        for placed in cluster {
            for (strength, key) in own_keys(placed).enumerate().filter(|(_, key)| self.uses.get(key) == Some(&1)) {
                let Some(id) = self.known.aliases.get(&key) else { continue };
                *names.entry(id).or_default() += 1;
                let first_seen = self.known.events.get(id).map(|event| event.revision.first_seen);
                let joined = *id != EventId::at_first_sight(&key.0, &key.1, 0);
                let (unseen, names) = (first_seen.is_none(), Reverse(0));
                claims.push(Claim { strength, joined, names, unseen, first_seen, id: id.clone() });
            }
        }
        claims.iter_mut().for_each(|claim| claim.names = Reverse(names.get(&claim.id).copied().unwrap_or(0)));
        claims
    }
}

/// Stronger key first, then who was there before a twin joined, then who is called so by more of its names, then the event known for longest.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Claim {
    strength: usize,
    joined: bool,
    names: Reverse<usize>,
    unseen: bool,
    first_seen: Option<chrono::DateTime<chrono::Utc>>,
    id: EventId,
}

fn lead(cluster: &Cluster) -> (DocumentKey, usize) {
    (cluster[0].document.clone(), cluster[0].index)
}

/// A sighting's names in its source, strongest first.
pub(super) fn own_keys(placed: &Placed) -> impl Iterator<Item = (SourceId, String)> {
    placed.sighting.keys.iter().map(|key| (placed.document.source.clone(), key.text()))
}
