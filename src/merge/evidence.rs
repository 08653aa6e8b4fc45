//! Two sightings of one day → what speaks for and against their being one event, as a sum of weights with its reasons.
//!
//! The weights are logarithms of odds by feel, tuned on labelled boards (`tests/twins.rs`). Wrongly joining two events hides one, so that
//! [`Evidence::is_enough`] asks for more than titles and days where nothing else is known.

use super::candidates::series;
use super::days;
use super::profile::Profile;
use super::words::{has, is_of_any_venue, is_same_word, shared, words};
use crate::gazetteer::Town;
use crate::model::*;
use chrono::TimeDelta;
use std::collections::BTreeSet;

/// From this sum on two sightings are one event, if a place, a link or a person speaks for it too.
const ENOUGH: f32 = 5.5;
/// The sum where nothing but title and days is known.
const ENOUGH_ALONE: f32 = 7.25;
/// The sum where the two seem to be in two places.
const ENOUGH_ELSEWHERE: f32 = 8.0;
/// So much at most may place, address to join, links, people and two languages of a page say together.
const MOST_ELSE: f32 = 9.5;
/// A document tells each of its events once, mostly.
const SAME_SOURCE: f32 = -1.0;
/// So much less says the beginning of a title than all of it.
const HEAD: f32 = 0.5;
/// And the beginnings of two.
const HEADS: f32 = 1.5;
/// Towns farther apart than this many degrees are two towns.
const FAR: f64 = 0.3;
/// Coordinates nearer than this many degrees are one venue.
const NEAR: f64 = 0.003;

/// How two sightings share an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shared {
    /// It is the page of both.
    Own,
    /// It is the page of one, and the other links to it.
    Mentioned,
}

/// What two sightings share and what sets them apart.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Evidence {
    /// (what, weight), strongest first; weights of 0 are left out.
    reasons: Vec<Reason>,
    /// A place, link or person speaks for it.
    corroborated: bool,
    /// They are in two places.
    elsewhere: bool,
    /// Something rules it out, whatever the sum.
    impossible: bool,
}

impl Evidence {
    /// Compares two sightings; `link` says how much an address that both have speaks for one event.
    pub(super) fn between(a: &Profile, b: &Profile, site: &ZoneId, link: impl Fn(&str, Shared) -> f32) -> Self {
        let mut evidence = Self::default();
        evidence.titles(a, b);
        evidence.days(a, b, site);
        evidence.places(a, b);
        evidence.links(a, b, link);
        evidence.people(a, b);
        if a.source() == b.source() {
            evidence.same_source(a, b);
        }
        evidence.reasons.sort_by(|x, y| y.weight.total_cmp(&x.weight));
        evidence
    }

    /// False where time and title alone leave too little for one event, whatever else is known: most pairs need no closer look.
    pub(super) fn is_possible(a: &Profile, b: &Profile, site: &ZoneId) -> bool {
        let mut evidence = Self::default();
        evidence.days(a, b, site);
        if !evidence.impossible {
            evidence.titles(a, b);
        }
        !evidence.impossible && evidence.sum() + MOST_ELSE >= ENOUGH
    }

    pub(super) fn sum(&self) -> f32 {
        self.reasons.iter().map(|reason| reason.weight).sum()
    }

    /// True where the two are one event.
    pub(super) fn is_enough(&self) -> bool {
        let enough = match (self.elsewhere, self.corroborated) {
            (true, _) => ENOUGH_ELSEWHERE,
            (false, true) => ENOUGH,
            (false, false) => ENOUGH_ALONE,
        };
        !self.impossible && self.sum() >= enough
    }

    /// True where no third sighting may join the two.
    pub(super) fn is_against(&self) -> bool {
        self.impossible || (self.elsewhere && !self.is_enough())
    }

    /// Why, in words.
    pub(super) fn into_reasons(self) -> Vec<Reason> {
        self.reasons
    }

    fn add(&mut self, weight: f32, text: impl Into<String>) {
        if weight != 0.0 {
            self.reasons.push(Reason { text: text.into(), weight });
        }
    }

    fn elsewhere(&mut self, weight: f32, text: &str) {
        self.elsewhere = true;
        self.add(weight, text);
    }

    fn titles(&mut self, a: &Profile, b: &Profile) {
        if a.title.is_another_edition(&b.title) {
            self.impossible = true;
            self.add(-6.0, "another number or year in the title");
        }
        if !a.title.kinds.is_empty() && !b.title.kinds.is_empty() && a.title.kinds.is_disjoint(&b.title.kinds) {
            self.add(-1.5, "another kind of event by the title");
        }
        let whole = alike(a, b, &a.own, &b.own);
        // Two beginnings that agree may be a series' name.
        let best = [(&a.own, &b.head, HEAD), (&a.head, &b.own, HEAD), (&a.head, &b.head, HEADS)]
            .into_iter()
            .filter(|(x, y, _)| !x.is_empty() && !y.is_empty())
            .map(|(x, y, less)| alike(a, b, x, y).0 - less)
            .filter(|weight| *weight > whole.0)
            .max_by(f32::total_cmp);
        let (weight, text) = best.map_or(whole, |weight| (weight, "the beginning of one title is the other"));
        self.add(weight, text);
    }

    fn days(&mut self, a: &Profile, b: &Profile, site: &ZoneId) {
        let (x, y) = (a.facts(), b.facts());
        let [ours, theirs] = days::on_one_clock(&x.when, &y.when, site);
        match (&x.recurrence, &y.recurrence) {
            (None, None) => {}
            (Some(_), Some(_)) if series(x).is_some_and(|one| Some(one) == series(y)) => {
                return self.add(3.0, "same rule of recurrence and hour");
            }
            (Some(one), Some(other)) if one.rules == other.rules => self.add(0.5, "same rule of recurrence"),
            (Some(_), Some(_)) => self.add(-2.0, "another rule of recurrence"),
            _ => {
                self.impossible = true;
                self.add(-6.0, "one is a series, the other is not");
            }
        }
        if a.placed.sighting.zone_guessed != b.placed.sighting.zone_guessed
            && let (Some(one), Some(other)) = (a.start, b.start)
            && one != other
        {
            return match (on_clock(&x.when), on_clock(&y.when)) {
                (Some(one), Some(other)) if one == other => self.add(2.5, "same hour on the clock of one"),
                (Some(_), Some(_)) => self.add(-2.0, "another hour"),
                _ if may_be_zones_apart(one - other) => self.add(1.0, "an hour that may be the same"),
                _ => self.add(-2.0, "another hour"),
            };
        }
        match (a.start, b.start) {
            (Some(one), Some(other)) if one == other => {
                let is_whole = days::end_of(&x.when).1.is_some() && days::end_of(&x.when) == days::end_of(&y.when);
                self.add(if is_whole { 3.5 } else { 3.0 }, "same moment");
            }
            (Some(one), Some(other)) if (one - other).abs() <= TimeDelta::minutes(30) => {
                self.add(1.5, "nearly the same moment")
            }
            (Some(_), Some(_)) if on_clock(&x.when) == on_clock(&y.when) && on_clock(&x.when).is_some() => {
                self.add(1.0, "same hour on another clock");
            }
            (Some(_), Some(_)) if ours.0 <= theirs.1 && theirs.0 <= ours.1 => self.add(-2.0, "another hour"),
            _ if ours == theirs => {
                // Several days say more than one.
                let several = if ours.0 < ours.1 { 0.5 } else { 0.0 };
                self.add(several + if a.start.or(b.start).is_some() { 1.5 } else { 2.0 }, "same days");
            }
            _ if ours.0 == theirs.0
                && [x, y].iter().any(|facts| !facts.when.is_all_day() && days::end_of(&facts.when).1.is_none()) =>
            {
                self.add(1.0, "same first day, with an open end");
            }
            _ if ours.0 == theirs.0 => self.add(-0.5, "same first day"),
            _ if ours.0 <= theirs.1 && theirs.0 <= ours.1 => self.add(-1.5, "days that overlap"),
            _ => {
                self.impossible = true;
                self.add(-6.0, "other days");
            }
        }
    }

    fn places(&mut self, a: &Profile, b: &Profile) {
        let (x, y) = (&a.facts().place, &b.facts().place);
        if let (Some(one), Some(other)) = (&x.online, &y.online) {
            if Key::url(one) == Key::url(other) {
                // Nobody holds two meetings in one room at once.
                let at_once = a.start.is_some() && a.start == b.start;
                self.corroborated |= at_once;
                self.add(if at_once { 3.0 } else { 0.5 }, "same address to join");
            } else if a.place.is_empty() && b.place.is_empty() {
                self.elsewhere(-2.0, "another address to join");
            }
        }
        if a.place.is_empty() || b.place.is_empty() {
            let (placed, other) = if a.place.is_empty() { (b, a) } else { (a, b) };
            let named: Vec<&String> = placed.place.iter().filter(|word| has(&other.title.telling, word)).collect();
            let is_town = |word: &String| placed.town().is_some_and(|town| words(town.name).contains(word));
            if other.place.is_empty()
                && (named.len() >= placed.place.len().clamp(1, 2) || named.into_iter().any(is_town))
            {
                self.corroborated = true;
                self.add(1.5, "place named in the title");
            }
            return;
        }
        if let (Some(one), Some(other)) = (&x.room, &y.room)
            && !words(one).iter().zip(&words(other)).all(|(one, other)| is_same_word(one, other))
        {
            self.elsewhere(-3.0, "another room");
        }
        let at = |town: &Town| (town.latitude, town.longitude);
        let towns = (a.town(), b.town());
        if let (Some(one), Some(other)) = &towns
            && !is_within(FAR, at(one), at(other))
            && words(one.name) != words(other.name)
        {
            return self.elsewhere(-5.0, "another town");
        }
        let within = |a: &[String], b: &[String]| a.iter().all(|word| b.iter().any(|other| is_same_word(word, other)));
        let (one, other) = (a.venue(), b.venue());
        if !one.is_empty() && !other.is_empty() && (within(one, other) || within(other, one)) {
            self.corroborated = true;
            return self.add(2.5, "same place");
        }
        if let (Some(one), Some(other)) = (x.coordinates, y.coordinates)
            && is_within(NEAR, (one.latitude, one.longitude), (other.latitude, other.longitude))
        {
            self.corroborated = true;
            return self.add(2.5, "same spot on the map");
        }
        if one.is_empty() || other.is_empty() {
            // One of them says no more than the town.
            let is_town =
                within(&a.place, &b.place) || within(&b.place, &a.place) || towns.0.is_some() && towns.1.is_some();
            self.corroborated |= is_town;
            return self.add(if is_town { 1.0 } else { 0.0 }, "same town");
        }
        let telling = one.iter().filter(|word| !is_of_any_venue(word));
        let common = telling.filter(|word| other.iter().any(|name| is_same_word(word, name))).count();
        match common {
            1.. => {
                self.corroborated = true;
                self.add(1.0, "places alike in part");
            }
            // A name alone may be that of a room in the other.
            _ if [x, y].iter().all(|place| place.line().is_some_and(|line| line.contains(','))) => {
                self.elsewhere(-2.0, "another venue");
            }
            _ => self.add(-0.5, "other words for the place"),
        }
    }

    fn links(&mut self, a: &Profile, b: &Profile, link: impl Fn(&str, Shared) -> f32) {
        let shared = a.links.intersection(&b.links).map(|found| (link(found, Shared::Own), found, "same address"));
        let mentions = |a: &Profile, b: &Profile| {
            a.placed
                .sighting
                .mentions
                .iter()
                .take(100)
                .filter(|found| b.links.contains(*found))
                .cloned()
                .collect::<Vec<_>>()
        };
        let linked: Vec<String> = mentions(a, b).into_iter().chain(mentions(b, a)).collect();
        let linked = linked.iter().map(|found| (link(found, Shared::Mentioned), found, "one links to"));
        let best = shared.chain(linked).filter(|(weight, ..)| *weight > 0.0).max_by(|x, y| x.0.total_cmp(&y.0));
        if let Some((weight, found, how)) = best {
            // A home page is shared by all that happens there.
            self.corroborated |= weight >= 2.0;
            self.add(weight, format!("{how} {}", found.trim_start_matches("url:")));
        }
    }

    fn people(&mut self, a: &Profile, b: &Profile) {
        if let Some(name) = a.people.intersection(&b.people).find(|name| !name.is_empty()) {
            self.corroborated = true;
            self.add(1.0, format!("same organizer {name}"));
        }
    }

    /// One source tells an event twice in an announcement and its reminder, in two languages, or by mistake.
    fn same_source(&mut self, a: &Profile, b: &Profile) {
        self.add(SAME_SOURCE, "told by one source");
        let (x, y) = (&a.placed.sighting, &b.placed.sighting);
        let is_same_document = a.placed.document == b.placed.document;
        if is_same_document && x.post == y.post && x.missing.max(y.missing) == 0 {
            let lengths = [a, b].map(|of| days::end_of(&of.facts().when));
            let twice = a.start == b.start
                && lengths[0] == lengths[1]
                && x.facts.recurrence == y.facts.recurrence
                && a.own.len() > 1
                && a.own == b.own
                && a.title.kinds == b.title.kinds
                && a.place == b.place
                && !a.place.is_empty();
            self.impossible |= !twice;
        }
        if !is_same_document && is_translation(&a.placed.document.key, &b.placed.document.key) {
            self.corroborated = true;
            self.add(3.0, "pages that differ in their language only");
        }
    }
}

/// How much these words of two titles speak for one event, and how that is called.
fn alike(a: &Profile, b: &Profile, x: &BTreeSet<String>, y: &BTreeSet<String>) -> (f32, &'static str) {
    let common = shared(x, y);
    // What only one title says may be the name of the place.
    let left = |of: &BTreeSet<String>, other: &BTreeSet<String>| {
        let is_place = |word: &&String| a.place.iter().chain(&b.place).any(|name| is_same_word(name, word));
        of.iter().filter(|word| !has(other, word) && !is_place(word)).count()
    };
    let (left_x, left_y) = (left(x, y), left(y, x));
    let full = match common {
        0 => 0.0,
        1 => 3.0,
        2 => 3.5,
        _ => 4.5,
    };
    match (common, left_x.min(left_y), left_x.max(left_y)) {
        (0, 0, 0) if a.title.kinds == b.title.kinds && !a.title.kinds.is_empty() => (1.0, "titles of one kind"),
        (0, 0, _) => (0.0, ""),
        (0, ..) if is_other_language(a, b) => (-0.5, "titles without a common word, in two languages"),
        (0, ..) => (-2.5, "titles without a common word"),
        (_, 0, 0) => (full, "same title"),
        (_, 0, more) => ((full - 0.5 * more as f32).max(0.5), "one title within the other"),
        _ => {
            let share = 2.0 * common as f32 / (2 * common + left_x + left_y) as f32;
            (full * share - 2.0 * (1.0 - share), "titles alike in part")
        }
    }
}

/// True where it is known that the two titles are in two languages.
fn is_other_language(a: &Profile, b: &Profile) -> bool {
    let main = |profile: &Profile| profile.facts().language.as_ref().map(|tag| tag.chars().take(2).collect::<String>());
    matches!((main(a), main(b)), (Some(one), Some(other)) if one != other)
}

fn is_within(degrees: f64, a: (f64, f64), b: (f64, f64)) -> bool {
    let east = (a.1 - b.1) * a.0.to_radians().cos();
    (a.0 - b.0).hypot(east) <= degrees
}

/// True for what one zone's clocks may be before another's.
fn may_be_zones_apart(difference: TimeDelta) -> bool {
    difference.abs() <= TimeDelta::hours(14) && difference.num_seconds() % (15 * 60) == 0
}

/// The hour as it stands on a clock that has a zone of its own.
fn on_clock(when: &When) -> Option<chrono::NaiveDateTime> {
    match when {
        When::Zoned { start, .. } => Some(*start),
        _ => None,
    }
}

/// `walk.de.md` and `walk.en.md`, `de/walk.md` and `en/walk.md`, `walk.md` and `walk.de.md`.
fn is_translation(a: &str, b: &str) -> bool {
    let parts = |path: &str| -> (Vec<String>, bool) {
        let all: Vec<&str> = path.split(['/', '.']).collect();
        let rest: Vec<String> = all.iter().filter(|part| !is_language(part)).map(|part| (*part).to_owned()).collect();
        let has_language = rest.len() < all.len();
        (rest, has_language)
    };
    let ((one, of_one), (other, of_other)) = (parts(a), parts(b));
    a != b && one == other && (of_one || of_other)
}

fn is_language(part: &str) -> bool {
    const READ: &[&str] = &[
        "en", "de", "fr", "es", "it", "pt", "nl", "ro", "pl", "cs", "da", "sv", "ru", "ja", "zh", "fi", "no", "uk",
        "hu", "ca",
    ];
    READ.contains(&part.split(['-', '_']).next().unwrap_or(part)) && part.len() < 6
}
