//! Sightings that belong together: who was joined with whom, and what may not be joined.

use super::Placed;
use super::bonds::{Label, keep_apart};
use crate::model::SourceId;
use std::collections::{BTreeMap, BTreeSet};

/// Union-find; the smallest member stands for its group, so that nothing depends on the order of joining.
pub(super) struct Groups {
    parent: Vec<usize>,
    /// The members of the group that the sighting there stands for.
    members: Vec<Vec<usize>>,
    /// For each group that stands for itself, what it must not be joined with; empty where nothing is kept apart.
    apart: Vec<BTreeSet<Label>>,
}

impl Groups {
    pub(super) fn new(len: usize) -> Self {
        Self { parent: (0..len).collect(), members: (0..len).map(|at| vec![at]).collect(), apart: Vec::new() }
    }

    /// Holds to what the maintainer says to be several events.
    pub(super) fn keep_apart(&mut self, apart: Vec<BTreeSet<Label>>) {
        self.apart = apart;
    }

    /// What stands for a sighting's group.
    pub(super) fn find(&mut self, at: usize) -> usize {
        let mut root = at;
        while self.parent[root] != root {
            root = self.parent[root];
        }
        let mut next = at;
        while self.parent[next] != root {
            next = std::mem::replace(&mut self.parent[next], root);
        }
        root
    }

    /// All that are in a sighting's group.
    pub(super) fn members(&mut self, at: usize) -> &[usize] {
        let root = self.find(at);
        &self.members[root]
    }

    /// Makes two groups one; false where that is forbidden.
    pub(super) fn join(&mut self, a: usize, b: usize) -> bool {
        let (a, b) = (self.find(a), self.find(b));
        let (root, other) = (a.min(b), a.max(b));
        if root == other {
            return true;
        }
        if !self.apart.is_empty() {
            let moved = std::mem::take(&mut self.apart[other]);
            if keep_apart(&self.apart[root], &moved) {
                self.apart[other] = moved;
                return false;
            }
            self.apart[root].extend(moved);
        }
        self.parent[other] = root;
        let mut moved = std::mem::take(&mut self.members[other]);
        self.members[root].append(&mut moved);
        true
    }

    /// Makes the groups of all these one, as far as that is not forbidden.
    pub(super) fn join_all(&mut self, members: &[usize]) {
        for (a, b) in members.iter().zip(members.iter().skip(1)) {
            self.join(*a, *b);
        }
    }

    /// The members of each group, in order.
    pub(super) fn split(mut self, members: Vec<Placed>) -> Vec<Vec<Placed>> {
        let mut groups: BTreeMap<usize, Vec<Placed>> = BTreeMap::new();
        for (at, placed) in members.into_iter().enumerate() {
            groups.entry(self.find(at)).or_default().push(placed);
        }
        groups.into_values().collect()
    }
}

/// What each group tells of in each source: two events that a source keeps apart are never joined through another source.
pub(super) struct Tells<'s> {
    sightings: &'s [Placed],
    /// For each sighting, the group it forms inside its source.
    own: Vec<usize>,
    of: BTreeMap<usize, BTreeMap<&'s SourceId, usize>>,
}

impl<'s> Tells<'s> {
    /// Takes the groups as they are now as what each source keeps apart.
    pub(super) fn new(sightings: &'s [Placed], groups: &mut Groups) -> Self {
        let own: Vec<usize> = (0..sightings.len()).map(|at| groups.find(at)).collect();
        let of = own.iter().map(|at| (*at, BTreeMap::from([(&sightings[*at].document.source, *at)]))).collect();
        Self { sightings, own, of }
    }

    /// The group that a sighting forms inside its source.
    pub(super) fn own(&self, at: usize) -> usize {
        self.own[at]
    }

    /// The sighting that speaks for the one event of each source; `None` where a source has several.
    pub(super) fn one_in_each(&self, members: &[usize]) -> Option<Vec<usize>> {
        let mut of_source: BTreeMap<&SourceId, usize> = BTreeMap::new();
        for at in members {
            let event = self.own[*at];
            if *of_source.entry(&self.sightings[*at].document.source).or_insert(event) != event {
                return None;
            }
        }
        Some(of_source.into_values().collect())
    }

    /// True where two groups may be joined.
    pub(super) fn may_join(&self, groups: &mut Groups, a: usize, b: usize) -> bool {
        let (x, y) = (groups.find(a), groups.find(b));
        let (Some(left), Some(right)) = (self.of.get(&x), self.of.get(&y)) else { return false };
        x != y && !left.iter().any(|(source, event)| right.get(source).is_some_and(|other| other != event))
    }

    /// Notes that the groups for which these two stood were joined.
    pub(super) fn joined(&mut self, x: usize, y: usize, groups: &mut Groups) {
        let all = [self.of.get(&x), self.of.get(&y)].into_iter().flatten().flatten();
        let all = all.map(|(source, event)| (*source, *event)).collect();
        self.of.insert(groups.find(x), all);
    }
}
