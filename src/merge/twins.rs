//! Which sightings tell of the same event, and why. Wrongly joining two events hides one, so doubt keeps them apart.

use super::bonds::Bonds;
use super::candidates;
use super::evidence::{Evidence, Shared};
use super::groups::{Groups, Tells};
use super::identity::known_as;
use super::profile::{Profile, counts, is_home};
use super::recaps::recaps;
use super::words::{Title, has, shared, words};
use super::{Cluster, KnownEvents, Placed, Situation, days, is_too_common, rank};
use crate::model::*;
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// The sightings of one event, and what joined them.
pub(super) struct Joined {
    pub(super) cluster: Cluster,
    pub(super) matches: Vec<Match>,
}

/// Groups sightings into events.
pub(super) fn join(mut sightings: Vec<Placed>, known: &KnownEvents, situation: &Situation) -> Vec<Joined> {
    let rules = situation.rules;
    sightings.sort_by_cached_key(|placed| rank(placed, rules));
    let mut joining = Joining { sightings: &sightings, groups: Groups::new(sightings.len()), matches: Vec::new() };
    joining.bind(Bonds::of(rules, &sightings, known));
    joining.same_name_in_source();
    joining.same_page_in_source();
    let profiles: Vec<Profile> = sightings.iter().map(Profile::of).collect();
    let pairs = candidates::pairs(&profiles);
    joining.alike_in_source(&profiles, &pairs, rules);
    let mut tells = Tells::new(&sightings, &mut joining.groups);
    joining.shared_names(&mut tells, &profiles, rules);
    joining.still_one(&mut tells, known, situation);
    joining.alike(&mut tells, &profiles, &pairs, rules);
    for told in recaps(&sightings, rules, &mut joining.groups) {
        joining.note(told.event, told.recap, told.reasons);
    }
    let Joining { mut groups, matches, .. } = joining;
    let mut of_group: BTreeMap<usize, Vec<Match>> = BTreeMap::new();
    for (at, found) in matches {
        of_group.entry(groups.find(at)).or_default().push(found);
    }
    let first: Vec<usize> = (0..sightings.len()).filter(|at| groups.find(*at) == *at).collect();
    let matches = first.iter().map(|at| of_group.remove(at).unwrap_or_default()).collect::<Vec<_>>();
    groups.split(sightings).into_iter().zip(matches).map(|(cluster, matches)| Joined { cluster, matches }).collect()
}

/// The groups as they grow, with what joined them.
struct Joining<'s> {
    sightings: &'s [Placed],
    groups: Groups,
    /// (one of the two, why).
    matches: Vec<(usize, Match)>,
}

impl<'s> Joining<'s> {
    /// Joins what the maintainer says to be one event, and holds to what is said to be several.
    fn bind(&mut self, bonds: Bonds) {
        self.groups.keep_apart(bonds.apart);
        for members in bonds.together {
            for other in members.iter().skip(1) {
                self.join(members[0], *other, || vec![Reason::alone("pinned together by the overrides")]);
            }
        }
    }

    /// Makes two groups one, unless that is forbidden.
    fn join(&mut self, a: usize, b: usize, why: impl FnOnce() -> Vec<Reason>) {
        if self.groups.find(a) != self.groups.find(b) && self.groups.join(a, b) {
            self.note(a, b, why());
        }
    }

    fn note(&mut self, a: usize, b: usize, reasons: Vec<Reason>) {
        let telling = |at: usize| {
            let placed = &self.sightings[at];
            Telling { document: placed.document.clone(), title: placed.sighting.facts.title.clone() }
        };
        self.matches.push((a, Match { one: telling(a.min(b)), other: telling(a.max(b)), reasons }));
    }

    /// Joins two groups, unless a source keeps them apart.
    fn join_told(&mut self, tells: &mut Tells<'s>, a: usize, b: usize, why: impl FnOnce() -> Vec<Reason>) {
        if tells.may_join(&mut self.groups, a, b) {
            let (x, y) = (self.groups.find(a), self.groups.find(b));
            self.join(a, b, why);
            if self.groups.find(a) == self.groups.find(b) {
                tells.joined(x, y, &mut self.groups);
            }
        }
    }

    /// Sightings of one source that share a UID are one event (its revisions, or a file kept twice).
    fn same_name_in_source(&mut self) {
        let mut first: BTreeMap<(&SourceId, &str), usize> = BTreeMap::new();
        for (at, placed) in self.sightings.iter().enumerate() {
            for key in &placed.sighting.keys {
                if let Key::Uid(uid) = key {
                    let known = *first.entry((&placed.document.source, uid)).or_insert(at);
                    self.join(known, at, || vec![Reason::alone(format!("same UID {uid}"))]);
                }
            }
        }
    }

    /// One page of a source kept in two files (`walk.md` and `walk/index.md`), or moved from one to the other, tells of one event.
    fn same_page_in_source(&mut self) {
        let mut by_page: BTreeMap<(&SourceId, &Key), Vec<usize>> = BTreeMap::new();
        for (at, placed) in self.sightings.iter().enumerate() {
            let has_uid = placed.sighting.keys.iter().any(|key| matches!(key, Key::Uid(_)));
            for key in placed.sighting.keys.iter().filter(|key| !has_uid && matches!(key, Key::Url(_)) && counts(key)) {
                by_page.entry((&placed.document.source, key)).or_default().push(at);
            }
        }
        for ((_, page), members) in by_page.iter().filter(|(_, members)| members.len() == 2) {
            let (a, b) = (&self.sightings[members[0]], &self.sightings[members[1]]);
            let moved = a.sighting.missing == 0 && b.sighting.missing > 0;
            let (x, y) = (&a.sighting.facts, &b.sighting.facts);
            let alike = x.when == y.when && titles_agree(&x.title, &y.title);
            if a.document != b.document && (moved || alike) {
                self.join(members[0], members[1], || vec![Reason::alone(format!("same page {}", shown(&page.text())))]);
            }
        }
    }

    /// A source that tells an event twice: announced and reminded of, in two languages, under a new name.
    fn alike_in_source(&mut self, profiles: &[Profile], pairs: &BTreeSet<(usize, usize)>, rules: &Rules) {
        let source = |at: usize| &self.sightings[at].document.source;
        let is_possible = |a: usize, b: usize| Evidence::is_possible(&profiles[a], &profiles[b], &rules.site.zone);
        let between = |a: usize, b: usize| Evidence::between(&profiles[a], &profiles[b], &rules.site.zone, in_source);
        for (_, a, b, evidence) in
            surest(pairs.iter().filter(|(a, b)| source(*a) == source(*b) && is_possible(*a, *b)), &between)
        {
            if !self.is_against(a, b, &between) {
                self.join(a, b, || evidence.into_reasons());
            }
        }
    }

    /// True where something sets a member of the one group apart from a member of the other.
    fn is_against(&mut self, a: usize, b: usize, between: &impl Fn(usize, usize) -> Evidence) -> bool {
        let (left, right) = (self.groups.members(a).to_vec(), self.groups.members(b).to_vec());
        let against = |x: usize, y: usize| (x, y) != (a, b) && between(x, y).is_against();
        left.len() * right.len() > MOST_PAIRS || left.iter().any(|x| right.iter().any(|y| against(*x, *y)))
    }

    /// Sightings of different sources that share a UID or address which names one event in each, and whose days overlap or titles agree.
    fn shared_names(&mut self, tells: &mut Tells<'s>, profiles: &[Profile], rules: &Rules) {
        let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, placed) in self.sightings.iter().enumerate() {
            for key in placed.sighting.keys.iter().filter(|key| counts(key)) {
                by_name.entry(key.text()).or_default().push(at);
            }
        }
        for (name, members) in by_name.iter().filter(|(name, members)| !is_too_common(name, members.len())) {
            // In each source its strongest sighting speaks for the event.
            let Some(speaking) = tells.one_in_each(members) else { continue };
            for (nth, at) in speaking.iter().enumerate() {
                for other in &speaking[nth + 1..] {
                    let (a, b) = (&self.sightings[*at].sighting.facts, &self.sightings[*other].sighting.facts);
                    let alike =
                        || Evidence::between(&profiles[*at], &profiles[*other], &rules.site.zone, |_, _| 0.0).sum();
                    if let Some(why) = named_alike(name, a, b, &rules.site.zone, alike) {
                        let reasons = || vec![Reason::alone(format!("same {}", shown(name))), Reason::alone(why)];
                        self.join_told(tells, *at, *other, reasons);
                    }
                }
            }
        }
    }

    /// Twins of before stay one event where only one of them moved: the other will follow, or is told to disagree.
    fn still_one(&mut self, tells: &mut Tells<'s>, known: &KnownEvents, situation: &Situation) {
        let mut by_event: BTreeMap<&EventId, BTreeSet<usize>> = BTreeMap::new();
        for (at, placed) in self.sightings.iter().enumerate() {
            let is_upcoming = placed.sighting.facts.when.last_day() >= situation.today();
            for event in known_as(placed, known).into_iter().filter(|_| is_upcoming) {
                by_event.entry(event).or_default().insert(at);
            }
        }
        for members in by_event.into_values().filter(|members| members.len() > 1) {
            let members: Vec<usize> = members.into_iter().collect();
            let Some(speaking) = tells.one_in_each(&members) else { continue };
            for (nth, at) in speaking.iter().enumerate() {
                for other in &speaking[nth + 1..] {
                    let (a, b) = (&self.sightings[*at].sighting.facts, &self.sightings[*other].sighting.facts);
                    let alone = a.recurrence.is_none() && b.recurrence.is_none();
                    if alone && is_near(a, b, &situation.rules.site.zone, MOVED) && titles_agree(&a.title, &b.title) {
                        let reasons =
                            || vec![Reason::alone("known as one event before"), Reason::alone("titles that agree")];
                        self.join_told(tells, *at, *other, reasons);
                    }
                }
            }
        }
    }

    /// Sightings of different sources that are alike in all that is known, the surest first.
    fn alike(&mut self, tells: &mut Tells<'s>, profiles: &[Profile], pairs: &BTreeSet<(usize, usize)>, rules: &Rules) {
        let site = &rules.site.zone;
        let links = Links::of(tells, profiles);
        let between = |a: usize, b: usize| {
            let (one, other) = (&profiles[a], &profiles[b]);
            Evidence::between(one, other, site, |link, _| links.weight(link, one, other))
        };
        let source = |at: usize| &self.sightings[at].document.source;
        let is_possible = |a: usize, b: usize| Evidence::is_possible(&profiles[a], &profiles[b], &rules.site.zone);
        let sure = surest(pairs.iter().filter(|(a, b)| source(*a) != source(*b) && is_possible(*a, *b)), &between);
        let rivals = Rivals::of(&sure, tells, self.sightings);
        for (sum, a, b, evidence) in sure {
            let is_free = tells.may_join(&mut self.groups, a, b) && !self.is_against(a, b, &between);
            if is_free && !rivals.is_doubtful(a, b, sum, tells, self.sightings) {
                self.join_told(tells, a, b, || evidence.into_reasons());
            }
        }
    }
}

/// Two sightings that are one event by all that is known of them, and how much speaks for that.
type Sure = (f32, usize, usize, Evidence);

/// Those of the pairs that are one event, the surest first.
fn surest<'p>(
    pairs: impl Iterator<Item = &'p (usize, usize)>,
    between: &impl Fn(usize, usize) -> Evidence,
) -> Vec<Sure> {
    let compared = pairs.map(|(a, b)| (*a, *b, between(*a, *b)));
    let mut sure: Vec<Sure> = compared
        .filter(|(_, _, evidence)| evidence.is_enough())
        .map(|(a, b, evidence)| (evidence.sum(), a, b, evidence))
        .collect();
    sure.sort_by(|(x, a, b, _), (y, c, d, _)| y.total_cmp(x).then_with(|| (a, b).cmp(&(c, d))));
    sure
}

/// How much an address says inside a source: its events share pages, but a reminder links to the announcement.
fn in_source(_: &str, shared: Shared) -> f32 {
    if shared == Shared::Mentioned { 2.0 } else { 0.0 }
}

/// What addresses name in each source.
struct Links<'s> {
    /// (address, source) → its events.
    events: BTreeMap<(&'s str, &'s SourceId), BTreeSet<usize>>,
    /// The same for those of one time.
    at_a_time: BTreeMap<(&'s str, &'s SourceId, Time), BTreeSet<usize>>,
}

/// First day and start.
type Time = (NaiveDate, Option<DateTime<Utc>>);

impl<'s> Links<'s> {
    fn of(tells: &Tells, profiles: &'s [Profile<'s>]) -> Self {
        let mut links = Self { events: BTreeMap::new(), at_a_time: BTreeMap::new() };
        for (at, profile) in profiles.iter().enumerate() {
            let source = &profile.placed.document.source;
            for link in &profile.links {
                links.events.entry((link, source)).or_default().insert(tells.own(at));
                links.at_a_time.entry((link, source, time(profile))).or_default().insert(tells.own(at));
            }
        }
        links
    }

    /// How much it says that two sightings share an address: much where it is one event's in both sources, some where it is one event's at
    /// that time, nothing where it is several events'.
    fn weight(&self, link: &str, a: &Profile, b: &Profile) -> f32 {
        let count = |of: &Profile| self.events.get(&(link, &of.placed.document.source)).map_or(0, BTreeSet::len);
        let at_a_time =
            |of: &Profile| self.at_a_time.get(&(link, &of.placed.document.source, time(of))).map_or(0, BTreeSet::len);
        let is_home = is_home(link.trim_start_matches("url:"));
        match (count(a).max(count(b)), at_a_time(a).max(at_a_time(b))) {
            (_, 1) if is_home => 1.0,
            _ if is_home => 0.0,
            (1, _) => 3.0,
            (_, 1) => 2.5,
            _ => 0.0,
        }
    }
}

fn time(profile: &Profile) -> Time {
    (profile.placed.sighting.facts.when.first_day(), profile.start)
}

/// So many pairs of members are compared before two groups are joined.
const MOST_PAIRS: usize = 400;

/// For each event of a source, the events of another source that it may be, with how much speaks for each.
struct Rivals<'s>(BTreeMap<(usize, &'s SourceId), BTreeMap<usize, f32>>);

/// Two that differ by less than this are equally likely.
const DOUBT: f32 = 0.5;

impl<'s> Rivals<'s> {
    fn of(sure: &[Sure], tells: &Tells, sightings: &'s [Placed]) -> Self {
        let mut rivals: BTreeMap<(usize, &SourceId), BTreeMap<usize, f32>> = BTreeMap::new();
        for (sum, a, b, _) in sure {
            for (one, other) in [(*a, *b), (*b, *a)] {
                let of = rivals.entry((tells.own(one), &sightings[other].document.source)).or_default();
                let best = of.entry(tells.own(other)).or_insert(*sum);
                *best = best.max(*sum);
            }
        }
        Self(rivals)
    }

    /// True where one of the two could as well be another event of the other's source.
    fn is_doubtful(&self, a: usize, b: usize, sum: f32, tells: &Tells, sightings: &'s [Placed]) -> bool {
        [(a, b), (b, a)].into_iter().any(|(one, other)| {
            let of = self.0.get(&(tells.own(one), &sightings[other].document.source));
            of.is_some_and(|of| of.iter().any(|(event, best)| *event != tells.own(other) && *best > sum - DOUBT))
        })
    }
}

/// Two that share a name and are less alike than this are two: somebody quotes another's name.
const UNLIKE: f32 = -1.0;

/// A page whose event moved by more days than this tells of the next edition.
const MOVED: i64 = 27;

/// Why two that share a name are one event, if they are.
fn named_alike(name: &str, a: &Facts, b: &Facts, site: &ZoneId, alike: impl FnOnce() -> f32) -> Option<&'static str> {
    let is_uid = name.starts_with("uid:");
    let agree = titles_agree(&a.title, &b.title);
    // `12345` is somebody's count of rows: it may well be another's, too.
    if is_uid && !name.contains('@') && name.len() < 24 && !agree {
        return None;
    }
    // Who quotes a UID for something else mostly tells another time.
    let shares_word = shared(&Title::of(&a.title).telling, &Title::of(&b.title).telling) > 0;
    if is_uid && !shares_word && !agree && a.when != b.when {
        return None;
    }
    if days::overlap(&a.when, &b.when, site) {
        return (alike() >= UNLIKE).then_some("days that overlap");
    }
    let within = is_within(&a.title, &b.title) || is_within(&b.title, &a.title);
    ((agree || within) && (is_uid && agree || is_near(a, b, site, MOVED))).then_some("titles that agree")
}

fn is_near(a: &Facts, b: &Facts, site: &ZoneId, most: i64) -> bool {
    let [x, y] = days::on_one_clock(&a.when, &b.when, site);
    (x.0 - y.0).num_days().abs() <= most
}

fn titles_agree(a: &str, b: &str) -> bool {
    let (one, other) = (words(a).join("-"), words(b).join("-"));
    let is_alike = !one.is_empty() && strsim::normalized_levenshtein(&one, &other) >= 0.8;
    is_alike && !Title::of(a).is_another_edition(&Title::of(b))
}

/// True where all telling words of the first title stand in the second, which names no other edition.
fn is_within(a: &str, b: &str) -> bool {
    let (one, other) = (Title::of(a), Title::of(b));
    let all = !one.telling.is_empty() && one.telling.iter().all(|word| has(&other.telling, word));
    all && !one.is_another_edition(&other)
}

/// A name for people: `UID a@b.example`, `address a.example/b`.
fn shown(name: &str) -> String {
    match name.split_once(':') {
        Some(("uid", uid)) => format!("UID {uid}"),
        Some(("url", url)) => format!("address {url}"),
        _ => name.to_owned(),
    }
}
