//! Which sightings tell of the same event (DESIGN section 4.2). Wrongly joining two events hides one, so doubt keeps them apart.

use super::{Cluster, Placed, rank};
use crate::model::*;
use std::collections::{BTreeMap, BTreeSet};

/// Groups sightings into events.
pub(super) fn join(mut sightings: Vec<Placed>, rules: &Rules) -> Vec<Cluster> {
    sightings.sort_by_cached_key(|placed| rank(placed, rules));
    let mut groups = Groups::new(sightings.len());
    same_name_in_source(&sightings, &mut groups);
    shared_names(&sightings, &mut groups);
    recaps(&sightings, &mut groups);
    groups.split(sightings)
}

/// Sightings of one source that share a UID are one event (its revisions, or a file kept twice).
fn same_name_in_source(sightings: &[Placed], groups: &mut Groups) {
    let mut first: BTreeMap<(&SourceId, &str), usize> = BTreeMap::new();
    for (at, placed) in sightings.iter().enumerate() {
        for key in &placed.sighting.keys {
            if let Key::Uid(uid) = key {
                let known = *first.entry((&placed.document.source, uid)).or_insert(at);
                groups.join(known, at);
            }
        }
    }
}

/// Sightings of different sources that share a UID or address which names one event in each, and whose days overlap or titles agree.
fn shared_names(sightings: &[Placed], groups: &mut Groups) {
    let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, placed) in sightings.iter().enumerate() {
        for key in placed.sighting.keys.iter().filter(|key| counts(key)) {
            by_name.entry(key.text()).or_default().push(at);
        }
    }
    for members in by_name.values() {
        let mut of_source: BTreeMap<&SourceId, BTreeSet<usize>> = BTreeMap::new();
        for at in members {
            of_source.entry(&sightings[*at].document.source).or_default().insert(groups.find(*at));
        }
        if of_source.values().any(|events| events.len() > 1) {
            continue;
        }
        for pair in members.windows(2) {
            let (a, b) = (&sightings[pair[0]].sighting.facts, &sightings[pair[1]].sighting.facts);
            if a.when.days_overlap(&b.when) || titles_agree(&a.title, &b.title) {
                groups.join(pair[0], pair[1]);
            }
        }
    }
}

/// Addresses of online meetings and of whole sites name no single event.
fn counts(key: &Key) -> bool {
    const MEETING_HOSTS: &[&str] = &[
        "zoom.us",
        "meet.google.com",
        "teams.microsoft.com",
        "meet.jit.si",
        "discord.gg",
        "discord.com",
        "youtube.com",
        "twitch.tv",
        "whereby.com",
        "webex.com",
    ];
    match key {
        Key::Uid(uid) => uid.len() > 3,
        Key::Url(url) => {
            let (host, path) = url.split_once('/').unwrap_or((url, ""));
            let is_meeting = MEETING_HOSTS.iter().any(|known| host == *known || host.ends_with(&format!(".{known}")));
            !is_meeting && !path.is_empty()
        }
        _ => false,
    }
}

fn titles_agree(a: &str, b: &str) -> bool {
    strsim::normalized_levenshtein(&slug(a), &slug(b)) >= 0.8 && !slug(a).is_empty()
}

/// A recap joins the one announced event of its days that it links to, or that shares a telling word of title or place.
fn recaps(sightings: &[Placed], groups: &mut Groups) {
    let common = common_words(sightings);
    let announced: Vec<usize> =
        (0..sightings.len()).filter(|at| sightings[*at].sighting.role != SightingRole::Recap).collect();
    for (at, recap) in sightings.iter().enumerate().filter(|(_, placed)| placed.sighting.role == SightingRole::Recap) {
        let when = &recap.sighting.facts.when;
        let words = telling_words(&recap.sighting.facts, &common);
        let mut best: Vec<(usize, usize)> = Vec::new();
        for other in &announced {
            let facts = &sightings[*other].sighting.facts;
            let inside = facts.when.first_day() <= when.first_day() && when.last_day() <= facts.when.last_day();
            if !inside || facts.recurrence.is_some() {
                continue;
            }
            let linked =
                sightings[*other].sighting.keys.iter().any(|key| recap.sighting.mentions.contains(&key.text()));
            let shared = telling_words(facts, &common).intersection(&words).count();
            let score = shared + if linked { 100 } else { 0 };
            if score > 0 {
                best.push((score, *other));
            }
        }
        best.sort_by(|a, b| b.cmp(a));
        match best[..] {
            [(score, other), (next, rival), ..] if score > next || groups.find(other) == groups.find(rival) => {
                groups.join(other, at)
            }
            [(_, other)] => groups.join(other, at),
            _ => {}
        }
    }
}

/// Words of three letters or more in titles and places that are neither numbers nor common among all sightings at hand.
fn telling_words(facts: &Facts, common: &BTreeSet<String>) -> BTreeSet<String> {
    words(facts).into_iter().filter(|word| !common.contains(word)).collect()
}

fn words(facts: &Facts) -> BTreeSet<String> {
    let text = format!("{} {}", facts.title, facts.place.line().unwrap_or_default());
    slug_words(&text).filter(|word| !GENERIC.contains(&word.as_str())).collect()
}

fn slug_words(text: &str) -> impl Iterator<Item = String> {
    let words: Vec<String> = text.split(|c: char| !c.is_alphanumeric()).map(slug).collect();
    words.into_iter().filter(|word| word.len() >= 3 && !word.bytes().all(|b| b.is_ascii_digit()))
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
        for word in slug_words(&placed.sighting.facts.title).collect::<BTreeSet<_>>() {
            *count.entry(word).or_default() += 1;
        }
    }
    let many = (sightings.len() / 3).max(3);
    count.into_iter().filter(|(_, n)| *n >= many).map(|(word, _)| word).collect()
}

/// Union-find; the smallest member stands for its group, so that nothing depends on the order of joining.
pub(super) struct Groups(Vec<usize>);

impl Groups {
    pub(super) fn new(len: usize) -> Self {
        Self((0..len).collect())
    }

    fn find(&mut self, at: usize) -> usize {
        let mut root = at;
        while self.0[root] != root {
            root = self.0[root];
        }
        let mut next = at;
        while self.0[next] != root {
            next = std::mem::replace(&mut self.0[next], root);
        }
        root
    }

    /// The members of each group, in order.
    pub(super) fn split(mut self, members: Vec<Placed>) -> Vec<Vec<Placed>> {
        let mut groups: BTreeMap<usize, Vec<Placed>> = BTreeMap::new();
        for (at, placed) in members.into_iter().enumerate() {
            groups.entry(self.find(at)).or_default().push(placed);
        }
        groups.into_values().collect()
    }

    pub(super) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        self.0[a.max(b)] = a.min(b);
    }
}
