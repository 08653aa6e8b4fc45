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
    /// Our reading of the same bytes changed.
    Upgrade,
}

/// Carries over what the new reading lacks.
///
/// A feed is a window: what falls out of it stays as it was. Anywhere else an event that is told no more is missing and counted;
/// after an upgrade of our own reading it stays as it was. What the maintainer hid or filtered is not carried.
pub fn carry(
    old: &Reading,
    mut new: Reading,
    is_window: bool,
    cause: Cause,
    document: &DocumentKey,
    today: NaiveDate,
) -> Carried {
    if new.sightings.is_empty() && new.posts.is_empty() && new.skipped.as_deref().is_some_and(is_hidden) {
        return Carried::Reading(Box::new(new));
    }
    let present: BTreeSet<String> = new.sightings.iter().flat_map(|s| s.keys.iter().map(Key::text)).collect();
    let lacks = |sighting: &&Sighting| !sighting.keys.iter().any(|key| present.contains(&key.text()));
    let lost: Vec<&Sighting> = old.sightings.iter().filter(lacks).collect();
    let stays = is_window || cause == Cause::Upgrade;
    if !stays {
        if let Some(problem) = brake(old, &lost, document, today) {
            return Carried::Brake(problem);
        }
    }
    if is_window {
        carry_posts(old, &mut new);
    }
    for sighting in lost {
        let missing = if stays { sighting.missing } else { sighting.missing.max(1) };
        let post = sighting
            .post
            .and_then(|at| old.posts.get(at))
            .and_then(|(keys, _)| new.posts.iter().position(|(k, _)| k == keys));
        new.sightings.push(Sighting { missing, post, ..sighting.clone() });
    }
    Carried::Reading(Box::new(new))
}

/// Hidden on purpose: nothing of it is carried.
fn is_hidden(reason: &str) -> bool {
    !reason.contains("read for its events")
}

/// As many entries of a feed are remembered; older ones have long been published.
const REMEMBERED: usize = 2_000;

fn carry_posts(old: &Reading, new: &mut Reading) {
    let present: BTreeSet<String> = new.posts.iter().flat_map(|(keys, _)| keys.iter().map(Key::text)).collect();
    let fallen = old.posts.iter().filter(|(keys, _)| !keys.iter().any(|key| present.contains(&key.text())));
    let room = REMEMBERED.saturating_sub(new.posts.len());
    let fallen: Vec<_> = fallen.take(room).cloned().collect();
    new.posts.extend(fallen);
}

/// Losing most of several upcoming events at once looks like an accident at the source.
fn brake(old: &Reading, lost: &[&Sighting], document: &DocumentKey, today: NaiveDate) -> Option<Problem> {
    let upcoming = |s: &&Sighting| s.missing == 0 && (s.facts.recurrence.is_some() || s.facts.when.last_day() >= today);
    let before = old.sightings.iter().filter(|s| upcoming(s)).count();
    let gone = lost.iter().filter(|s| upcoming(s)).count();
    (before >= 4 && gone * 2 > before).then(|| {
        Problem::new(ProblemKind::Brake, format!("expected most of the {before} upcoming events known before, but {gone} of them are gone; nothing was changed"))
            .at(&document.source, &document.key)
            .hint("if they are really gone, run once with `--accept`")
    })
}
