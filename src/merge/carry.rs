//! What a document told before and tells no more: kept, marked as missing, or believed to be an accident.

use super::overrides::with_approved;
use super::renamed::mend;
use super::shifted::shifted;
use super::suspect::{Emptied, emptied};
use crate::model::*;
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// A new reading with what is carried over from the old one.
#[derive(Debug)]
pub enum Carried {
    /// The reading to keep.
    Reading(Box<Reading>),
    /// Nothing of the document could be read: the old reading, saying so. The last good document is still the one before.
    Unread(Box<Reading>),
    /// The document says nothing where it said much, or gives most events other dates at once: the old reading stays, remembering that, and the problem says so.
    Suspected(Box<Reading>, Problem),
    /// The document lost most of its upcoming events at once: the old reading stays, and the problem says so.
    Brake(Problem),
}

/// Why there is a new reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The document changed.
    Changed,
    /// Noticeboard reads the same bytes otherwise than before.
    Upgrade,
    /// The maintainer changed the rules by which the same bytes are read.
    Rules,
}

/// All that decides what is carried over.
pub struct Carry<'a> {
    /// Why it was read.
    pub cause: Cause,
    /// The configuration.
    pub rules: &'a Rules,
    /// The document.
    pub document: &'a DocumentKey,
    /// Today in the site's zone.
    pub today: NaiveDate,
    /// The moment of the run.
    pub now: DateTime<Utc>,
    /// The maintainer accepts losses.
    pub accept: bool,
}

/// Carries over what the new reading lacks.
///
/// An entry whose names have all changed is known again by what it says. A document that says nothing where it said much, or gives most of its events other dates at once, is suspected for a day. What can't be read, wholly or in part, costs nothing that was known. A feed is a window: what falls out of it stays as it was. Anywhere else an event that is told no more is missing and counted;
/// after an upgrade of our own reading it stays as it was, and so does one that we are only less sure of. What the maintainer or author hid or filtered is not carried.
pub fn carry(old: &Reading, mut new: Reading, on: &Carry) -> Carried {
    let approved;
    let old = match old.unsure.is_empty() || on.rules.overrides.is_empty() {
        true => old,
        false => {
            approved = with_approved(old.clone(), &on.document.source, on.rules);
            &approved
        }
    };
    if old.data && !new.data && new.problems.is_empty() && !on.accept {
        return Carried::Unread(Box::new(Reading { problems: vec![no_data(&new, on)], ..old.clone() }));
    }
    let tells_nothing = new.sightings.is_empty() && new.posts.is_empty();
    if tells_nothing && !new.hidden.is_empty() && !new.data {
        return Carried::Reading(Box::new(new));
    }
    let damaged = new.problems.iter().any(|problem| problem.kind == ProblemKind::Read);
    if damaged && tells_nothing {
        return Carried::Unread(Box::new(Reading { problems: new.problems, ..old.clone() }));
    }
    if on.cause != Cause::Changed {
        new.suspicion = old.suspicion;
    }
    if on.cause == Cause::Changed {
        mend(old, &mut new);
    }
    let believed = match emptied(old, &new, on) {
        Emptied::No => None,
        Emptied::Suspected(suspicion, problem) => {
            let suspicion = Some(suspicion);
            return Carried::Suspected(Box::new(Reading { suspicion, ..old.clone() }), problem);
        }
        Emptied::Believed(suspicion) => Some(suspicion),
    };
    if believed.is_some() {
        new.suspicion = believed;
    }
    if let Some((suspicion, problem)) = shifted(old, &new, on) {
        let suspicion = Some(suspicion);
        return Carried::Suspected(Box::new(Reading { suspicion, ..old.clone() }), problem);
    }
    let window = old.window || new.window;
    let lost = lost(old, &new, window, on);
    let stays = window || damaged || on.cause != Cause::Changed;
    if !stays
        && !on.accept
        && believed.is_none()
        && let Some(problem) = brake(old, &lost, on)
    {
        return Carried::Brake(problem);
    }
    if window {
        new.told = Some(new.posts.len().max(new.sightings.len()));
        carry_posts(old, &mut new, on);
    }
    carry_sightings(old, &mut new, &lost, stays, on);
    Carried::Reading(Box::new(new))
}

/// What is left of a reading whose document is gone after the maintainer has changed the rules.
pub fn keep_wanted(mut reading: Reading, on: &Carry) -> Reading {
    for sighting in &mut reading.sightings {
        on.retag(&mut sighting.facts.tags);
    }
    reading.sightings.retain(|sighting| on.wanted(&sighting.facts.tags));
    reading
}

/// The sightings that the new reading lacks and that nobody has hidden.
fn lost<'o>(old: &'o Reading, new: &Reading, window: bool, on: &Carry) -> Vec<&'o Sighting> {
    let before = Told::by(old.sightings.iter().map(|sighting| &sighting.keys));
    let now = Told::by(new.sightings.iter().map(|s| &s.keys).chain(new.hidden.iter()));
    let unsure = Told::by(new.unsure.iter().map(|sighting| &sighting.keys));
    let stays = |sighting: &&Sighting| match on.cause {
        Cause::Rules => {
            let mut tags = sighting.facts.tags.clone();
            on.retag(&mut tags);
            (window || sighting.missing > 0) && on.wanted(&tags)
        }
        Cause::Changed | Cause::Upgrade => true,
    };
    let is_told = |sighting: &Sighting| {
        now.has(&sighting.keys, &before) || sighting.unsure && unsure.has(&sighting.keys, &before)
    };
    old.sightings.iter().filter(|sighting| !is_told(sighting)).filter(stays).collect()
}

fn carry_sightings(old: &Reading, new: &mut Reading, lost: &[&Sighting], stays: bool, on: &Carry) {
    let post_at: BTreeMap<&Vec<Key>, usize> = new.posts.iter().enumerate().map(|(at, (keys, _))| (keys, at)).collect();
    let before = Told::by(old.sightings.iter().map(|sighting| &sighting.keys));
    let unsure = Told::by(new.unsure.iter().map(|sighting| &sighting.keys));
    let carried = lost.iter().map(|sighting| {
        let stays = stays || unsure.has(&sighting.keys, &before);
        let missing = if stays { sighting.missing } else { sighting.missing.max(1) };
        let keys = sighting.post.and_then(|at| old.posts.get(at)).map(|(keys, _)| keys);
        let post = keys.and_then(|keys| post_at.get(keys).copied());
        let mut sighting = Sighting { missing, post, ..(*sighting).clone() };
        on.retag(&mut sighting.facts.tags);
        sighting
    });
    let carried: Vec<Sighting> = carried.collect();
    new.sightings.extend(carried);
}

/// In how many entries each name stands.
struct Told<'k>(BTreeMap<&'k Key, usize>);

impl<'k> Told<'k> {
    fn by(entries: impl Iterator<Item = &'k Vec<Key>>) -> Self {
        let mut told = BTreeMap::new();
        for key in entries.flatten() {
            *told.entry(key).or_default() += 1;
        }
        Self(told)
    }

    /// True if the entry with these names, one of those told `before`, is told here too. An address may be a whole group's, so it counts only where it names one entry then and now.
    fn has(&self, keys: &[Key], before: &Told) -> bool {
        let own = |key: &&Key| matches!(key, Key::Uid(_) | Key::Guid(_) | Key::Path(_));
        let mut telling = keys.iter().filter(|key| own(key) || before.0.get(key) == Some(&1)).peekable();
        if telling.peek().is_none() {
            return keys.iter().any(|key| self.0.contains_key(key));
        }
        telling.any(|key| self.0.get(key).is_some_and(|times| own(&key) || *times == 1))
    }
}

impl Carry<'_> {
    /// True where the source's tag filters let it pass.
    fn wanted(&self, tags: &[Tag]) -> bool {
        self.rules.sources.get(&self.document.source).is_some_and(|source| {
            let only = source.only_tags.is_empty() || tags.iter().any(|tag| source.only_tags.contains(tag));
            only && !tags.iter().any(|tag| source.without_tags.contains(tag))
        })
    }

    /// Applies the tag aliases of today to tags of yesterday.
    fn retag(&self, tags: &mut Vec<Tag>) {
        let aliases = &self.rules.tag_aliases;
        let new: BTreeSet<Tag> = tags.drain(..).map(|tag| aliases.get(&tag).cloned().unwrap_or(tag)).collect();
        tags.extend(new);
    }
}

/// A server that is down, or asks to log in, answers with a page or with nothing.
fn no_data(new: &Reading, on: &Carry) -> Problem {
    let found = match new.skipped.as_deref() {
        Some("empty") => "nothing",
        _ => "a web page or other text",
    };
    Problem::new(
        ProblemKind::Read,
        format!("expected a feed, calendar or list of events, as there was before, but found {found}"),
    )
    .at(&on.document.source, &on.document.key)
    .hint(format!(
        "look at it in a browser: it may ask to log in; what was known stays, unless you run once with `--only {} --accept`",
        on.document.source
    ))
}

/// As many entries of a feed are remembered; older ones have long been published.
const REMEMBERED: usize = 2_000;

fn carry_posts(old: &Reading, new: &mut Reading, on: &Carry) {
    let before = Told::by(old.posts.iter().map(|(keys, _)| keys));
    let now = Told::by(new.posts.iter().map(|(keys, _)| keys).chain(new.hidden.iter()));
    let fallen = old.posts.iter().filter(|(keys, _)| !now.has(keys, &before));
    let retagged = fallen.map(|(keys, facts)| {
        let mut facts = facts.clone();
        on.retag(&mut facts.tags);
        (keys.clone(), facts)
    });
    let room = REMEMBERED.saturating_sub(new.posts.len());
    let carried: Vec<_> = retagged.filter(|(_, facts)| on.wanted(&facts.tags)).take(room).collect();
    new.posts.extend(carried);
}

/// Losing most of several upcoming events at once looks like an accident at the source.
fn brake(old: &Reading, lost: &[&Sighting], on: &Carry) -> Option<Problem> {
    let upcoming =
        |s: &&Sighting| s.missing == 0 && (s.facts.recurrence.is_some() || s.facts.when.last_day() >= on.today);
    let before = old.sightings.iter().filter(|s| upcoming(s)).count();
    let gone = lost.iter().filter(|s| upcoming(s)).count();
    (before >= 4 && gone * 2 > before).then(|| {
        Problem::new(ProblemKind::Brake, format!("expected most of the {before} upcoming events known before, but {gone} of them are gone; nothing was changed"))
            .at(&on.document.source, &on.document.key)
            .hint("if they are really gone, run once with `--accept`")
    })
}

#[cfg(test)]
#[path = "carry_tests.rs"]
mod tests;
