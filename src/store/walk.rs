//! Touched sightings with all their neighbours, one block after another, so that no more than a block is ever in memory.

use super::readings::Readings;
use super::{Store, StoreError};
use crate::merge::{Changes, KnownEvents, Passes, Placed, Waits, block_keys, is_too_common, passes};
use crate::model::*;
use rusqlite::params;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::{BuildHasher, RandomState};

/// Touched sightings with all their neighbours.
#[derive(Debug, Default)]
pub struct Neighbourhood {
    /// The sightings.
    pub sightings: Vec<Placed>,
    /// What is known of their events.
    pub known: KnownEvents,
    /// Documents of which only our reading changed.
    pub upgraded: BTreeSet<DocumentKey>,
}

/// Walks from everything touched to its neighbours: shared names, shared days, former companions.
pub struct Walk<'a> {
    store: &'a Store,
    rules: &'a Rules,
    starts: std::vec::IntoIter<Step>,
    upgraded: HashSet<i64>,
    /// The events that touched documents were part of when the walk began.
    former: BTreeMap<i64, Vec<String>>,
    /// Known events that no block told of so far; a later one may yet.
    untold: BTreeSet<EventId>,
    seen: Seen,
    todo: Vec<Step>,
    readings: Readings,
    block: Block,
}

/// The events that a source calls by up to four names.
const EVENT_ALIASES: &str = "SELECT key, event FROM alias WHERE source = ?1 AND key IN (?2, ?3, ?4, ?5)";

/// The block at hand.
#[derive(Default)]
struct Block {
    events: BTreeSet<String>,
    found: Neighbourhood,
}

/// The steps that were gone. There are millions of them on a large board, so that of each only a number is held: two that share one are less
/// likely than a broken machine, and nobody can choose them, as the numbers are others in each run.
#[derive(Default)]
struct Seen {
    numbers: HashSet<u64>,
    numbering: RandomState,
}

impl Seen {
    /// False where it was there already.
    fn insert(&mut self, step: &Step) -> bool {
        self.numbers.insert(self.numbering.hash_one(step))
    }

    fn contains(&self, step: &Step) -> bool {
        self.numbers.contains(&self.numbering.hash_one(step))
    }

    fn remove(&mut self, step: &Step) {
        self.numbers.remove(&self.numbering.hash_one(step));
    }
}

#[derive(Debug, PartialEq, Eq, Hash)]
enum Step {
    Document(i64),
    Sighting(i64, usize),
    Event(String),
    Key(String),
    /// What a decision that binds events together names.
    Bond(usize),
}

impl Store {
    /// A walk over all that is touched. Blocks come one by one from [`Walk::next_block`].
    pub fn walk<'a>(&'a self, rules: &'a Rules) -> Result<Walk<'a>, StoreError> {
        let touched = self.touched()?;
        let upgraded = touched.iter().filter(|(_, upgraded)| *upgraded).map(|(id, _)| *id).collect();
        let mut former: BTreeMap<i64, Vec<String>> = BTreeMap::new();
        let mut query = self.db.prepare("SELECT DISTINCT document, event FROM member JOIN touched USING (document)")?;
        for row in query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))? {
            let (document, event) = row?;
            former.entry(document).or_default().push(event);
        }
        let mut starts: Vec<Step> = touched.into_iter().map(|(id, _)| Step::Document(id)).collect();
        let mut query = self.db.prepare("SELECT key FROM touched_key WHERE key NOT LIKE 'post:%' ORDER BY key")?;
        let keys: Vec<String> = query.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        starts.extend(keys.into_iter().map(Step::Key));
        Ok(Walk {
            store: self,
            rules,
            starts: starts.into_iter(),
            upgraded,
            former,
            untold: BTreeSet::new(),
            seen: Seen::default(),
            todo: Vec::new(),
            readings: Readings::default(),
            block: Block::default(),
        })
    }
}

impl<'a> Walk<'a> {
    /// The next block that was not handed out yet; `None` when all are.
    pub fn next_block(&mut self) -> Result<Option<Neighbourhood>, StoreError> {
        while let Some(start) = self.starts.next() {
            self.todo.push(start);
            while let Some(step) = self.todo.pop() {
                if self.seen.insert(&step) {
                    self.follow(step)?;
                }
            }
            let Block { events, mut found, .. } = std::mem::take(&mut self.block);
            if found.sightings.is_empty() && events.is_empty() {
                continue;
            }
            for event in &events {
                let id = EventId::from_text(event);
                if let Some(known) = self.store.event(&id)? {
                    found.known.events.insert(id, known);
                }
            }
            return Ok(Some(found));
        }
        Ok(None)
    }

    /// Notes what a block came to: no later block may take up what is settled; what nothing tells of here may be told in a later one.
    pub fn settled(&mut self, changes: &Changes) {
        for settled in changes.told() {
            self.seen.insert(&Step::Event(settled.event.id.to_string()));
            self.untold.remove(&settled.event.id);
        }
        for id in &changes.withdrawn {
            self.seen.remove(&Step::Event(id.to_string()));
            self.untold.insert(id.clone());
        }
    }

    /// The known events that no block told of, once all are settled.
    pub fn untold(self) -> BTreeSet<EventId> {
        self.untold
    }

    fn follow(&mut self, step: Step) -> Result<(), StoreError> {
        match step {
            Step::Document(id) => self.document(id),
            Step::Sighting(id, at) => self.sighting(id, at),
            Step::Event(event) => self.event(event),
            Step::Key(key) => self.key(&key),
            Step::Bond(bond) => self.bond(bond),
        }
    }

    /// All sightings of a touched document, and the events they were part of.
    fn document(&mut self, id: i64) -> Result<(), StoreError> {
        let count = self.store.count_sightings(id)?;
        self.store.forget_named(id, count)?;
        if !self.upgraded.contains(&id) {
            self.store.forget_waiting(id, 0)?;
        }
        self.todo.extend((0..count).map(|at| Step::Sighting(id, at)));
        self.todo.extend(self.former.remove(&id).unwrap_or_default().into_iter().map(Step::Event));
        Ok(())
    }

    fn sighting(&mut self, id: i64, at: usize) -> Result<(), StoreError> {
        let Some(frame) = self.readings.frame(self.store, id)? else { return Ok(()) };
        let document = &frame.key;
        let Some(mut sighting) = self.store.piece::<Sighting>(id, at)? else { return Ok(()) };
        frame.choose_links(&mut sighting.facts.html);
        let post = match sighting.post {
            Some(post) => self.store.post_at(id, post)?,
            None => None,
        };
        if self.upgraded.contains(&id) {
            self.block.found.upgraded.insert(document.clone());
        }
        let mut steps = Vec::new();
        let names: Vec<String> = sighting.keys.iter().map(Key::text).collect();
        for (name, event) in self.store.aliases(EVENT_ALIASES, &document.source, &names)? {
            // What an earlier block has settled is not for this one to claim by an old name.
            let is_settled = self.seen.contains(&Step::Event(event.clone())) && !self.block.events.contains(&event);
            if !is_settled {
                let alias = (document.source.clone(), name);
                self.block.found.known.aliases.insert(alias, EventId::from_text(&event));
                steps.push(Step::Event(event));
            }
        }
        let named = self.named(id, at, &document.source, &sighting)?;
        if let Passes::Waits(Waits::Unsure) = passes(&document.source, &sighting, &named, self.rules) {
            // Nothing is made of it, so that its neighbours are none.
            self.block.found.sightings.push(Placed { document: document.clone(), index: at, sighting, post });
            return Ok(());
        }
        self.todo.extend(steps);
        let bonds = self.rules.overrides.bonds_of(&named).into_iter();
        self.todo.extend(bonds.map(|(bond, _)| Step::Bond(bond)));
        if let Some(first) = names.first() {
            self.taken(&document.source, first)?;
        }
        self.todo.extend(block_keys(&document.source, &sighting).into_iter().map(Step::Key));
        self.block.found.sightings.push(Placed { document: document.clone(), index: at, sighting, post });
        Ok(())
    }

    /// By which names decisions call a sighting; noted, as that may have changed.
    fn named(&self, id: i64, at: usize, source: &SourceId, sighting: &Sighting) -> Result<Named<'a>, StoreError> {
        let overrides = &self.rules.overrides;
        if overrides.is_empty() {
            return Ok(Named::new());
        }
        let aliases = &self.block.found.known.aliases;
        let named = overrides.named(source, sighting, |key| aliases.get(&(source.clone(), key.to_owned())));
        self.store.set_named(id, at, &named)?;
        Ok(named)
    }

    /// All documents in which something has a name of what is one event. What is kept apart need not meet.
    fn bond(&mut self, bond: usize) -> Result<(), StoreError> {
        let bond = self.rules.overrides.bonds().get(bond).filter(|bond| bond.together);
        let Some(bond) = bond else { return Ok(()) };
        for name in &bond.names {
            for document in self.store.documents_named(name)? {
                let count = self.store.count_sightings(document)?;
                self.todo.extend((0..count).map(|at| Step::Sighting(document, at)));
            }
        }
        Ok(())
    }

    /// Notes the events that were given the ids a new one of that first key would be given, and may have moved on to other names since.
    fn taken(&mut self, source: &SourceId, first_key: &str) -> Result<(), StoreError> {
        for n in 0..u32::MAX {
            let id = EventId::at_first_sight(source, first_key, n);
            let exists = self.store.db.prepare_cached("SELECT 1 FROM event WHERE id = ?1")?.exists([id.as_str()])?;
            if n == 0 && exists && self.is_nobody_s(&id)? {
                self.block.events.insert(id.to_string());
            }
            if !exists || !self.block.found.known.taken.insert(id) {
                break;
            }
        }
        Ok(())
    }

    /// True for an event that is off the board and made of nothing, as the other one was made of what two are made of.
    fn is_nobody_s(&self, id: &EventId) -> Result<bool, StoreError> {
        let sql =
            "SELECT 1 FROM event WHERE id = ?1 AND living = 0 AND NOT EXISTS (SELECT 1 FROM member WHERE event = ?1)";
        Ok(self.store.db.prepare_cached(sql)?.exists([id.as_str()])?)
    }

    fn event(&mut self, event: String) -> Result<(), StoreError> {
        let mut query = self.store.db.prepare_cached("SELECT document, at FROM member WHERE event = ?1")?;
        let rows: Vec<(i64, usize)> =
            query.query_map(params![event], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        self.todo.extend(rows.into_iter().map(|(document, at)| Step::Sighting(document, at)));
        self.block.events.insert(event);
        Ok(())
    }

    fn key(&mut self, key: &str) -> Result<(), StoreError> {
        let mut query =
            self.store.db.prepare_cached("SELECT document, at FROM block WHERE key = ?1 ORDER BY document, at")?;
        let rows: Vec<(i64, usize)> =
            query.query_map([key], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        if !is_too_common(key, rows.len()) {
            self.todo.extend(rows.into_iter().map(|(document, at)| Step::Sighting(document, at)));
        }
        Ok(())
    }
}
