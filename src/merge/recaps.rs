//! Which event a recap looks back on.

use super::groups::Groups;
use super::words::words;
use super::{Placed, days};
use crate::model::*;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// A recap and the announced sighting it belongs to.
pub(super) struct Told {
    pub(super) recap: usize,
    pub(super) event: usize,
    pub(super) reasons: Vec<Reason>,
}

/// A recap joins the one announced event of its days that it links to, or that shares a telling word of title or place.
pub(super) fn recaps(sightings: &[Placed], rules: &Rules, groups: &mut Groups) -> Vec<Told> {
    let is_recap = |at: &usize| sightings[*at].sighting.role == SightingRole::Recap;
    let mut told = Vec::new();
    if !(0..sightings.len()).any(|at| is_recap(&at)) {
        return told;
    }
    let common = common_words(sightings);
    let telling: Vec<BTreeSet<String>> =
        sightings.iter().map(|placed| telling_words(&placed.sighting.facts, &common)).collect();
    for at in (0..sightings.len()).filter(is_recap) {
        let recap = &sightings[at].sighting;
        let mentions: BTreeSet<&str> = recap.mentions.iter().map(String::as_str).collect();
        let mut best: (usize, Vec<usize>) = (1, Vec::new());
        for other in (0..sightings.len()).filter(|other| !is_recap(other)) {
            let announced = &sightings[other].sighting;
            let facts = &announced.facts;
            if facts.recurrence.is_some() || !days::contain(&facts.when, &recap.facts.when, &rules.site.zone) {
                continue;
            }
            let linked = announced.keys.iter().any(|key| mentions.contains(key.text().as_str()));
            let score = telling[other].intersection(&telling[at]).count() + if linked { LINKED } else { 0 };
            match score.cmp(&best.0) {
                Ordering::Greater => best = (score, vec![other]),
                Ordering::Equal => best.1.push(other),
                Ordering::Less => {}
            }
        }
        let events: BTreeSet<usize> = best.1.iter().map(|other| groups.find(*other)).collect();
        if let (1, Some(event)) = (events.len(), events.first()) {
            if !groups.join(*event, at) {
                continue;
            }
            let text = if best.0 < LINKED {
                "looks back on its day, with a telling word of it"
            } else {
                "looks back on it and links to it"
            };
            let reasons = vec![Reason { text: text.to_owned(), weight: best.0.min(6) as f32 }];
            told.push(Told { recap: at, event: *event, reasons });
        }
    }
    told
}

/// A link tells more than any number of words.
const LINKED: usize = 100;

/// Words of three letters or more in titles and places that are neither numbers nor common among all sightings at hand.
fn telling_words(facts: &Facts, common: &BTreeSet<String>) -> BTreeSet<String> {
    let text = format!("{} {}", facts.title, facts.place.line().unwrap_or_default());
    long_words(&text).filter(|word| !common.contains(word) && !GENERIC.contains(&word.as_str())).collect()
}

fn long_words(text: &str) -> impl Iterator<Item = String> {
    words(text).into_iter().filter(|word| word.len() >= 3 && !word.bytes().all(|b| b.is_ascii_digit()))
}
/// Words that name a kind of event rather than this one.
const GENERIC: &[&str] = &[
    "the",
    "and",
    "for",
    "with",
    "from",
    "our",
    "community",
    "hackathon",
    "meetup",
    "meet",
    "workshop",
    "conference",
    "summit",
    "event",
    "talk",
    "talks",
    "session",
    "sessions",
    "day",
    "days",
    "online",
    "recap",
    "report",
    "summer",
    "winter",
    "spring",
    "autumn",
    "fall",
    "annual",
    "monthly",
    "weekly",
    "university",
    "room",
    "street",
    "building",
    "germany",
    "france",
];

/// Words that stand in many titles here (a project's own name) tell nothing.
fn common_words(sightings: &[Placed]) -> BTreeSet<String> {
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for placed in sightings {
        for word in long_words(&placed.sighting.facts.title).collect::<BTreeSet<_>>() {
            *count.entry(word).or_default() += 1;
        }
    }
    let many = (sightings.len() / 3).max(3);
    count.into_iter().filter(|(_, n)| *n >= many).map(|(word, _)| word).collect()
}
