//! Which sightings are worth comparing: those of a day or moment that share a word, a place, a link or a person. Keeps the cost near linear.

use super::profile::{Profile, start};
use super::words::Title;
use crate::model::*;
use chrono::{Datelike, NaiveDate, TimeDelta, Timelike};
use std::collections::{BTreeMap, BTreeSet};

/// What more sightings share than this says little of any of them; twins share something rarer as well.
const COMMON: usize = 64;

/// The names of the times at which a sighting happens: its first day, its moment, its series.
pub(super) fn times(sighting: &Sighting) -> Vec<String> {
    let facts = &sighting.facts;
    let mut times = vec![format!("day:{}", sighting.board_day.unwrap_or_else(|| facts.when.first_day()))];
    times.extend(start(&facts.when).map(|start| format!("at:{}", start.timestamp())));
    times.extend(series(facts).map(|series| format!("series:{series}")));
    times.extend(guessed_days(sighting).into_iter().map(|day| format!("day:{day}:{}", title(facts))));
    times
}

/// The days that an hour on a guessed clock, or a moment that may be meant by it, can be on: only titles that agree find each other by them.
fn guessed_days(sighting: &Sighting) -> BTreeSet<NaiveDate> {
    match &sighting.facts.when {
        When::Zoned { start, .. } if sighting.zone_guessed => [start.date()].into(),
        When::Instant { start, .. } => {
            [TimeDelta::hours(-12), TimeDelta::hours(14)].map(|east| (*start + east).date_naive()).into()
        }
        _ => BTreeSet::new(),
    }
}

fn title(facts: &Facts) -> String {
    Title::of(&facts.title).telling.into_iter().collect::<Vec<_>>().join(" ")
}

/// A rule of recurrence with its hour, however often and from when on it is told: `BYDAY=WE;FREQ=WEEKLY 19:00`.
pub(super) fn series(facts: &Facts) -> Option<String> {
    let [rule] = facts.recurrence.as_ref()?.rules.as_slice() else { return None };
    let bound = ["COUNT=", "UNTIL=", "WKST=", "INTERVAL=1"];
    let mut parts: Vec<String> = rule.to_uppercase().split(';').map(str::to_owned).collect();
    parts.retain(|part| {
        !bound.iter().any(|name| part.starts_with(name)) || part.starts_with("INTERVAL=1") && part.len() > 10
    });
    let hour = match &facts.when {
        When::Zoned { start, .. } => format!("{:02}:{:02}", start.hour(), start.minute()),
        When::AllDay { .. } => "all day".to_owned(),
        When::Instant { .. } => return None,
    };
    if parts.iter().any(|part| part.starts_with("INTERVAL=")) {
        return None;
    }
    if !parts.iter().any(|part| part.starts_with("BY")) {
        let is_weekly = parts.iter().any(|part| part == "FREQ=WEEKLY");
        let day = weekday_code(facts.when.first_day().weekday());
        parts.push(is_weekly.then(|| format!("BYDAY={day}"))?);
    }
    parts.sort();
    Some(format!("{} {hour}", parts.join(";")))
}

/// Pairs of sightings by their places in the list, the smaller first.
pub(super) fn pairs(profiles: &[Profile]) -> BTreeSet<(usize, usize)> {
    let mut sharing: BTreeMap<(usize, String), Vec<usize>> = BTreeMap::new();
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    for (at, profile) in profiles.iter().enumerate() {
        let placed = profile.placed;
        if placed.sighting.role == SightingRole::Recap {
            continue;
        }
        let features = features(profile);
        for time in times(&placed.sighting) {
            let next = numbers.len();
            let time = *numbers.entry(time).or_insert(next);
            for feature in &features {
                sharing.entry((time, feature.clone())).or_default().push(at);
            }
        }
    }
    let mut pairs = BTreeSet::new();
    for members in sharing.values().filter(|members| members.len() <= COMMON) {
        for (nth, a) in members.iter().enumerate() {
            pairs.extend(members[nth + 1..].iter().map(|b| (*a, *b)));
        }
    }
    pairs
}

/// What a sighting may share with its twin.
fn features(profile: &Profile) -> BTreeSet<String> {
    let title = &profile.title;
    let mut features: BTreeSet<String> = title.telling.iter().map(|word| format!("word {word}")).collect();
    features.insert(format!("title {:?} {:?}", title.telling, title.kinds));
    features.extend(profile.place.iter().take(12).map(|word| format!("place {word}")));
    features.extend(profile.links.iter().cloned());
    features.extend(profile.placed.sighting.mentions.iter().take(100).cloned());
    features.extend(profile.people.iter().map(|name| format!("person {name}")));
    features
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_is_named_by_rule_and_hour() {
        let facts = |rule: &str| Facts {
            recurrence: Some(Recurrence { rules: vec![rule.into()], ..Recurrence::default() }),
            when: When::Zoned {
                start: "2026-12-02T19:00:00".parse().unwrap(),
                end: None,
                zone: crate::zone::by_name("Europe/Lisbon").unwrap(),
            },
            ..crate::merge::tests::sighting("Sewing", "2026-12-02", vec![]).facts
        };
        let name = |rule: &str| series(&facts(rule));
        assert_eq!(name("FREQ=WEEKLY;COUNT=10").as_deref(), Some("BYDAY=WE;FREQ=WEEKLY 19:00"));
        assert_eq!(name("FREQ=WEEKLY;BYDAY=WE;INTERVAL=1"), name("FREQ=WEEKLY;BYDAY=WE;UNTIL=20271231"));
        assert_eq!(name("FREQ=WEEKLY;BYDAY=WE;INTERVAL=2"), None, "which weeks is not told by the rule");
        assert_eq!(name("FREQ=WEEKLY;BYDAY=WE;INTERVAL=10"), None);
        assert_eq!(name("FREQ=MONTHLY"), None);
    }
}
