//! Which sightings tell of the same event. Wrongly joining two events hides one, so doubt keeps them apart.

use super::bonds::{Bonds, Label, keep_apart};
use super::{Cluster, KnownEvents, Placed, days, is_too_common, rank};
use crate::model::*;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Groups sightings into events.
pub(super) fn join(mut sightings: Vec<Placed>, known: &KnownEvents, rules: &Rules) -> Vec<Cluster> {
    sightings.sort_by_cached_key(|placed| rank(placed, rules));
    let mut groups = Groups::new(sightings.len());
    groups.bind(Bonds::of(rules, &sightings, known));
    same_name_in_source(&sightings, &mut groups);
    same_page_in_source(&sightings, &mut groups);
    shared_names(&sightings, rules, &mut groups);
    recaps(&sightings, rules, &mut groups);
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

/// One page of a source kept in two files (`walk.md` and `walk/index.md`), or moved from one to the other, tells of one event.
fn same_page_in_source(sightings: &[Placed], groups: &mut Groups) {
    let mut by_page: BTreeMap<(&SourceId, &Key), Vec<usize>> = BTreeMap::new();
    for (at, placed) in sightings.iter().enumerate() {
        let has_uid = placed.sighting.keys.iter().any(|key| matches!(key, Key::Uid(_)));
        for key in placed.sighting.keys.iter().filter(|key| !has_uid && matches!(key, Key::Url(_)) && counts(key)) {
            by_page.entry((&placed.document.source, key)).or_default().push(at);
        }
    }
    for members in by_page.values().filter(|members| members.len() == 2) {
        let (a, b) = (&sightings[members[0]], &sightings[members[1]]);
        let moved = a.sighting.missing == 0 && b.sighting.missing > 0;
        let (x, y) = (&a.sighting.facts, &b.sighting.facts);
        let alike = x.when == y.when && titles_agree(&x.title, &y.title);
        if a.document != b.document && (moved || alike) {
            groups.join(members[0], members[1]);
        }
    }
}

/// Sightings of different sources that share a UID or address which names one event in each, and whose days overlap or titles agree.
fn shared_names(sightings: &[Placed], rules: &Rules, groups: &mut Groups) {
    let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, placed) in sightings.iter().enumerate() {
        for key in placed.sighting.keys.iter().filter(|key| counts(key)) {
            by_name.entry(key.text()).or_default().push(at);
        }
    }
    let mut tells = Tells::new(sightings, groups);
    for (_, members) in by_name.iter().filter(|(name, members)| !is_too_common(name, members.len())) {
        let mut of_source: BTreeMap<&SourceId, BTreeSet<usize>> = BTreeMap::new();
        for at in members {
            of_source.entry(&sightings[*at].document.source).or_default().insert(tells.own[*at]);
        }
        if of_source.values().any(|events| events.len() > 1) {
            continue;
        }
        // In each source its strongest sighting speaks for the event.
        let speaking: Vec<usize> = of_source.into_values().flatten().collect();
        for (nth, at) in speaking.iter().enumerate() {
            for other in &speaking[nth + 1..] {
                let (a, b) = (&sightings[*at].sighting.facts, &sightings[*other].sighting.facts);
                if days::overlap(&a.when, &b.when, &rules.site.zone) || titles_agree(&a.title, &b.title) {
                    tells.join(groups, *at, *other);
                }
            }
        }
    }
}

/// What each group tells of in each source: two events that a source keeps apart are never joined through another source.
struct Tells<'s> {
    /// For each sighting, the group it forms inside its source.
    own: Vec<usize>,
    of: BTreeMap<usize, BTreeMap<&'s SourceId, usize>>,
}

impl<'s> Tells<'s> {
    fn new(sightings: &'s [Placed], groups: &mut Groups) -> Self {
        let own: Vec<usize> = (0..sightings.len()).map(|at| groups.find(at)).collect();
        let of = own.iter().map(|at| (*at, BTreeMap::from([(&sightings[*at].document.source, *at)]))).collect();
        Self { own, of }
    }

    fn join(&mut self, groups: &mut Groups, a: usize, b: usize) {
        let (x, y) = (groups.find(a), groups.find(b));
        let (Some(left), Some(right)) = (self.of.get(&x), self.of.get(&y)) else { return };
        if x == y || left.iter().any(|(source, event)| right.get(source).is_some_and(|other| other != event)) {
            return;
        }
        let all = left.iter().chain(right).map(|(source, event)| (*source, *event)).collect();
        if groups.join(a, b) {
            self.of.insert(groups.find(a), all);
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
fn recaps(sightings: &[Placed], rules: &Rules, groups: &mut Groups) {
    let is_recap = |at: &usize| sightings[*at].sighting.role == SightingRole::Recap;
    if !(0..sightings.len()).any(|at| is_recap(&at)) {
        return;
    }
    let common = common_words(sightings);
    let words: Vec<BTreeSet<String>> =
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
            let score = words[other].intersection(&words[at]).count() + if linked { 100 } else { 0 };
            match score.cmp(&best.0) {
                Ordering::Greater => best = (score, vec![other]),
                Ordering::Equal => best.1.push(other),
                Ordering::Less => {}
            }
        }
        let events: BTreeSet<usize> = best.1.iter().map(|other| groups.find(*other)).collect();
        if let (1, Some(event)) = (events.len(), events.first()) {
            groups.join(*event, at);
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
pub(super) struct Groups {
    leads: Vec<usize>,
    /// For each group that stands for itself, what it must not be joined with; empty where nothing is kept apart.
    apart: Vec<BTreeSet<Label>>,
}

impl Groups {
    pub(super) fn new(len: usize) -> Self {
        Self { leads: (0..len).collect(), apart: Vec::new() }
    }

    /// Joins what is said to be one event, and holds to what is said to be several.
    fn bind(&mut self, bonds: Bonds) {
        self.apart = bonds.apart;
        for members in bonds.together {
            self.join_all(&members);
        }
    }

    fn find(&mut self, at: usize) -> usize {
        let mut root = at;
        while self.leads[root] != root {
            root = self.leads[root];
        }
        let mut next = at;
        while self.leads[next] != root {
            next = std::mem::replace(&mut self.leads[next], root);
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

    /// Makes the groups of all these one, as far as that is not forbidden.
    pub(super) fn join_all(&mut self, members: &[usize]) {
        for (a, b) in members.iter().zip(members.iter().skip(1)) {
            self.join(*a, *b);
        }
    }

    /// Makes two groups one; false where that is forbidden.
    pub(super) fn join(&mut self, a: usize, b: usize) -> bool {
        let (a, b) = (self.find(a), self.find(b));
        let (first, second) = (a.min(b), a.max(b));
        if first != second && !self.apart.is_empty() {
            let moved = std::mem::take(&mut self.apart[second]);
            if keep_apart(&self.apart[first], &moved) {
                self.apart[second] = moved;
                return false;
            }
            self.apart[first].extend(moved);
        }
        self.leads[second] = first;
        true
    }
}
