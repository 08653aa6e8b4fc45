//! What the maintainer has decided by hand: what is hidden, corrected, approved or refused, and which events are one or are not.

use super::{EventId, EventStatus, Key, Sighting, SourceId, Tag, ZoneId};
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

/// All decisions, with an index that finds those about a sighting.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Overrides {
    /// What their file is called, for people.
    file: String,
    events: Vec<EventOverride>,
    bonds: Vec<Bond>,
    #[serde(skip)]
    index: Index,
}

/// One decision about one event.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EventOverride {
    /// Which event.
    pub name: EventName,
    /// What becomes of it as a whole, if that is decided.
    pub deed: Option<Deed>,
    /// What is corrected.
    pub fixes: Fixes,
}

/// What becomes of an event as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deed {
    /// It leaves the board, whoever tells of it.
    Hide,
    /// It is published, though its source is not trusted or its words are unsure.
    Approve,
    /// What the name stands for is left out, as if its source did not tell of it.
    Refuse,
}

/// What is said instead of what the sources say. What is `None` stays theirs.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Fixes {
    /// One clean line.
    pub title: Option<String>,
    /// When it begins.
    pub start: Option<Edge>,
    /// When it ends; a day is the last one.
    pub end: Option<Edge>,
    /// The zone of hours that name none; else the event's own, else the site's.
    pub zone: Option<ZoneId>,
    /// Where, in one line.
    pub place: Option<String>,
    /// Where to join online.
    pub online: Option<Url>,
    /// Whether it takes place.
    pub status: Option<EventStatus>,
    /// The page about it.
    pub url: Option<Url>,
    /// All its tags.
    pub tags: Option<BTreeSet<Tag>>,
}

/// Where a span of time begins or ends, as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Edge {
    /// A whole day.
    Day(NaiveDate),
    /// An hour on the clock of some zone.
    Clock(NaiveDateTime),
    /// A moment.
    Moment(DateTime<Utc>),
}

/// Whether sightings are of one event.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bond {
    /// True: they are one event. False: they are as many events as there are names.
    pub together: bool,
    /// Two or more names.
    pub names: Vec<EventName>,
}

/// By what a decision calls an event. Names are kept with the line they stand in, which is no part of them.
#[derive(Debug, Clone, Serialize)]
pub struct EventName {
    /// As it is kept and told: `blog path:posts/a.md`, `uid:…`, `url:…`, `id:…`.
    pub text: String,
    /// Line of the file, from 1.
    #[serde(skip)]
    pub line: u32,
    /// Only what this source tells.
    pub source: Option<SourceId>,
    /// The id, or its beginning, of at least [`EventName::SHORTEST`] characters; none where a key is named.
    pub id: Option<String>,
    /// The key, as [`Key::text`] has it; none where an id is named.
    pub key: Option<String>,
}

impl PartialEq for EventName {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

#[derive(Debug, Clone, Default)]
struct Index {
    by_text: BTreeMap<String, Uses>,
    /// The first characters of an id → the names that begin with them.
    by_id: BTreeMap<String, Vec<EventName>>,
}

/// Where a name is used.
#[derive(Debug, Clone, Default)]
struct Uses {
    is_id: bool,
    events: Vec<usize>,
    /// (bond, place among its names).
    bonds: Vec<(usize, usize)>,
}

/// The names by which decisions call a sighting.
pub type Named<'o> = BTreeSet<&'o str>;

impl EventName {
    /// So many characters of an id name it, as in the addresses of pages.
    pub const SHORTEST: usize = 8;

    /// A key, told by one source or by any.
    pub fn key(key: String, source: Option<SourceId>, line: u32) -> Self {
        let text = source.as_ref().map_or_else(|| key.clone(), |source| format!("{source} {key}"));
        Self { text, line, source, id: None, key: Some(key) }
    }

    /// An id or its beginning.
    pub fn id(id: String, source: Option<SourceId>, line: u32) -> Self {
        let own = source.as_ref().map(|source| format!("{source} ")).unwrap_or_default();
        Self { text: format!("{own}id:{id}"), line, source, id: Some(id), key: None }
    }

    /// True for a key that only counts inside its source, as a path does.
    pub fn is_of_one_source(&self) -> bool {
        self.key.as_ref().is_some_and(|key| !key.starts_with("uid:") && !key.starts_with("url:"))
    }
}

impl Overrides {
    /// Decisions in the order of their file: of two about one field the later one counts.
    pub fn new(file: String, events: Vec<EventOverride>, bonds: Vec<Bond>) -> Self {
        let mut index = Index::default();
        for (at, event) in events.iter().enumerate() {
            index.uses(&event.name).events.push(at);
        }
        for (at, bond) in bonds.iter().enumerate() {
            for (nth, name) in bond.names.iter().enumerate() {
                index.uses(name).bonds.push((at, nth));
            }
        }
        Self { file, events, bonds, index }
    }

    /// True where nothing is decided.
    pub fn is_empty(&self) -> bool {
        self.index.by_text.is_empty()
    }

    /// What their file is called, for people.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// All decisions about events.
    pub fn events(&self) -> &[EventOverride] {
        &self.events
    }

    /// All decisions on what is one event.
    pub fn bonds(&self) -> &[Bond] {
        &self.bonds
    }

    /// Every name, at its first place in the file.
    pub fn names(&self) -> impl Iterator<Item = &EventName> {
        let all = self.events.iter().map(|event| &event.name).chain(self.bonds.iter().flat_map(|bond| &bond.names));
        let mut told: BTreeMap<&str, &EventName> = BTreeMap::new();
        for name in all {
            told.entry(name.text.as_str())
                .and_modify(|known| *known = if known.line <= name.line { *known } else { name })
                .or_insert(name);
        }
        told.into_values()
    }

    /// The names by which decisions call a sighting. `known` tells the event that one of its keys is known to lead to.
    ///
    /// An id is also known again by the key that it was once made of, so that one which was joined to another still names its own part.
    pub fn named<'k>(
        &self,
        source: &SourceId,
        sighting: &Sighting,
        known: impl Fn(&str) -> Option<&'k EventId>,
    ) -> Named<'_> {
        let mut named = Named::new();
        if self.is_empty() {
            return named;
        }
        let keys: Vec<String> = sighting.keys.iter().map(Key::text).collect();
        for key in &keys {
            for text in [key.clone(), format!("{source} {key}")] {
                named.extend(self.index.by_text.get_key_value(&text).map(|(text, _)| text.as_str()));
            }
        }
        if self.index.by_id.is_empty() {
            return named;
        }
        let ids: Vec<&EventId> = keys.iter().filter_map(|key| known(key)).collect();
        let is_own = |first: &&String| ids.is_empty() || known(first).is_some();
        let first = keys.first().filter(is_own).map(|first| EventId::at_first_sight(source, first, 0));
        for id in ids.into_iter().chain(first.as_ref()) {
            let begins = id.as_str().get(..EventName::SHORTEST).unwrap_or_default();
            let fits = |name: &&EventName| {
                name.id.as_ref().is_some_and(|begin| id.as_str().starts_with(begin.as_str()))
                    && name.source.as_ref().is_none_or(|wanted| wanted == source)
            };
            named
                .extend(self.index.by_id.get(begins).into_iter().flatten().filter(fits).map(|name| name.text.as_str()));
        }
        named
    }

    /// The decisions about what is called by any of these names, in the file's order.
    pub fn about(&self, named: &Named) -> Vec<&EventOverride> {
        let uses = named.iter().filter_map(|name| self.index.by_text.get(*name));
        let at: BTreeSet<usize> = uses.flat_map(|uses| uses.events.iter().copied()).collect();
        at.into_iter().filter_map(|at| self.events.get(at)).collect()
    }

    /// The bonds that name what is called so: (bond, place among its names). Keys come before ids, which may stand for more.
    pub fn bonds_of(&self, named: &Named) -> Vec<(usize, usize)> {
        let mut uses: Vec<&Uses> = named.iter().filter_map(|name| self.index.by_text.get(*name)).collect();
        uses.sort_by_key(|uses| uses.is_id);
        uses.into_iter().flat_map(|uses| uses.bonds.iter().copied()).collect()
    }
}

impl Index {
    fn uses(&mut self, name: &EventName) -> &mut Uses {
        if let Some(id) = &name.id
            && !self.by_text.contains_key(&name.text)
        {
            let begins = id.chars().take(EventName::SHORTEST).collect();
            self.by_id.entry(begins).or_default().push(name.clone());
        }
        let uses = self.by_text.entry(name.text.clone()).or_default();
        uses.is_id = name.id.is_some();
        uses
    }
}
