//! What a document told before and tells no more: kept, marked as missing, or believed to be an accident.

use crate::model::*;
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// A new reading with what is carried over from the old one.
#[derive(Debug)]
pub enum Carried {
    /// The reading to keep.
    Reading(Box<Reading>),
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
    /// The maintainer accepts losses.
    pub accept: bool,
}

/// Carries over what the new reading lacks.
///
/// What can't be read, wholly or in part, costs nothing that was known. A feed is a window: what falls out of it stays as it was. Anywhere else an event that is told no more is missing and counted;
/// after an upgrade of our own reading it stays as it was. What the maintainer hid or filtered is not carried.
pub fn carry(old: &Reading, mut new: Reading, on: &Carry) -> Carried {
    if old.data && !new.data && new.problems.is_empty() {
        return Carried::Reading(Box::new(Reading { problems: vec![no_data(&new, on)], ..old.clone() }));
    }
    if new.sightings.is_empty() && new.posts.is_empty() && new.skipped.as_deref().is_some_and(is_hidden) {
        return Carried::Reading(Box::new(new));
    }
    let damaged = new.problems.iter().any(|problem| problem.kind == ProblemKind::Read);
    if damaged && new.sightings.is_empty() && new.posts.is_empty() {
        return Carried::Reading(Box::new(Reading { problems: new.problems, ..old.clone() }));
    }
    let window = old.window || new.window;
    let present: BTreeSet<String> = new.sightings.iter().flat_map(|s| s.keys.iter().map(Key::text)).collect();
    let lost = old.sightings.iter().filter(|sighting| !sighting.keys.iter().any(|key| present.contains(&key.text())));
    let lost: Vec<&Sighting> = match on.cause {
        Cause::Rules => {
            lost.filter(|sighting| (window || sighting.missing > 0) && on.wanted(&sighting.facts.tags)).collect()
        }
        Cause::Changed | Cause::Upgrade => lost.collect(),
    };
    let stays = window || damaged || on.cause != Cause::Changed;
    if !stays
        && !on.accept
        && let Some(problem) = brake(old, &lost, on)
    {
        return Carried::Brake(problem);
    }
    if window {
        carry_posts(old, &mut new, on);
    }
    for sighting in lost {
        let missing = if stays { sighting.missing } else { sighting.missing.max(1) };
        let post = sighting
            .post
            .and_then(|at| old.posts.get(at))
            .and_then(|(keys, _)| new.posts.iter().position(|(k, _)| k == keys));
        let mut sighting = Sighting { missing, post, ..sighting.clone() };
        on.retag(&mut sighting.facts.tags);
        new.sightings.push(sighting);
    }
    Carried::Reading(Box::new(new))
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
    Problem::new(ProblemKind::Read, format!("expected a feed or calendar, as there was before, but found {found}"))
        .at(&on.document.source, &on.document.key)
        .hint("look at it in a browser: it may ask to log in; what was known stays")
}

/// Hidden on purpose: nothing of it is carried.
fn is_hidden(reason: &str) -> bool {
    !reason.contains("read for its events")
}

/// As many entries of a feed are remembered; older ones have long been published.
const REMEMBERED: usize = 2_000;

fn carry_posts(old: &Reading, new: &mut Reading, on: &Carry) {
    let present: BTreeSet<String> = new.posts.iter().flat_map(|(keys, _)| keys.iter().map(Key::text)).collect();
    let fallen = old.posts.iter().filter(|(keys, _)| !keys.iter().any(|key| present.contains(&key.text())));
    let room = REMEMBERED.saturating_sub(new.posts.len());
    for (keys, facts) in fallen.filter(|(_, facts)| on.wanted(&facts.tags)).take(room) {
        let mut facts = facts.clone();
        on.retag(&mut facts.tags);
        new.posts.push((keys.clone(), facts));
    }
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
