//! Which sightings the maintainer has said to be one event, or not to be.

use super::{KnownEvents, Placed, overrides};
use crate::model::*;
use std::collections::{BTreeMap, BTreeSet};

/// (bond, place among its names).
pub(super) type Label = (usize, usize);

/// The bonds among the sightings of a block.
#[derive(Debug, Default)]
pub(super) struct Bonds {
    /// Sightings that are one event.
    pub together: Vec<Vec<usize>>,
    /// For each sighting, what keeps it apart from those of the same bond and another place in it.
    pub apart: Vec<BTreeSet<Label>>,
}

impl Bonds {
    /// Looks each sighting up among the names of all bonds.
    pub fn of(rules: &Rules, sightings: &[Placed], known: &KnownEvents) -> Self {
        if rules.overrides.bonds().is_empty() {
            return Self::default();
        }
        let mut together: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut apart = vec![BTreeSet::new(); sightings.len()];
        for ((at, placed), labels) in sightings.iter().enumerate().zip(&mut apart) {
            let mut seen = BTreeSet::new();
            for (bond, nth) in rules.overrides.bonds_of(&overrides::named(placed, known, rules)) {
                match rules.overrides.bonds().get(bond) {
                    Some(bond_of) if bond_of.together => together.entry(bond).or_default().push(at),
                    Some(_) if seen.insert(bond) => drop(labels.insert((bond, nth))),
                    _ => {}
                }
            }
        }
        Self { together: together.into_values().collect(), apart }
    }
}

/// True where two groups with these labels must not become one.
pub(super) fn keep_apart(a: &BTreeSet<Label>, b: &BTreeSet<Label>) -> bool {
    a.iter().any(|(bond, nth)| b.iter().any(|(other, place)| bond == other && nth != place))
}
