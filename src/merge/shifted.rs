//! A document that gives most of its upcoming events other dates at once: at first that is taken for an accident, such as a wrong zone, a wrong
//! year or an import that stamped everything with its own day.
//!
//! In: the old reading and the new. Out: whether the new dates are believed. It takes as long as for a document that suddenly says nothing.

use super::carry::{Carry, Cause};
use super::suspect::is_proven;
use crate::model::*;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Fewer events than this may well all move at once.
const MANY: usize = 5;

/// What to think of the new dates, if they are not believed.
pub(super) fn shifted(old: &Reading, new: &Reading, on: &Carry) -> Option<(Suspicion, Problem)> {
    if on.cause != Cause::Changed || on.accept {
        return None;
    }
    let now = by_name(new);
    let (mut upcoming, mut moved) = (0, Vec::new());
    for (name, was) in by_name(old) {
        let (Some(was), Some(Some(is))) = (was, now.get(name)) else { continue };
        // What is over may well be used again for the next time.
        if was.missing > 0 || was.facts.when.first_day() < on.today {
            continue;
        }
        upcoming += 1;
        if is_moved(&was.facts, &is.facts) {
            moved.push((name, &is.facts.when));
        }
    }
    if upcoming < MANY || moved.len() * 2 <= upcoming {
        return None;
    }
    let says = says(&moved);
    // A moment that is yet to come was told by a clock that went wrong.
    let same = |known: &Suspicion| !known.believed && known.says == says && known.since <= on.now;
    let before = old.suspicion.filter(same);
    let known = before.unwrap_or(Suspicion { since: on.now, answers: 0, believed: false, says });
    let known = Suspicion { answers: known.answers.saturating_add(1), ..known };
    if is_proven(&known, on) {
        return None;
    }
    let message = format!(
        "{} of {upcoming} upcoming events have other dates than before, all at once; nothing was changed",
        moved.len()
    );
    let problem = Problem::new(ProblemKind::Brake, message).at(&on.document.source, &on.document.key);
    let hint = format!(
        "if they have really moved, run once with `--only {} --accept`, else it is believed after a day of such answers",
        on.document.source
    );
    Some((known, problem.hint(hint)))
}

/// The events of a reading by their first name; none where several share it.
fn by_name(reading: &Reading) -> BTreeMap<&Key, Option<&Sighting>> {
    let mut named = BTreeMap::new();
    for sighting in &reading.sightings {
        if let Some(name) = sighting.keys.first() {
            named.entry(name).and_modify(|known| *known = None).or_insert(Some(sighting));
        }
    }
    named
}

/// True for another day, or another hour on it. An hour that was not told before is none, nor is the next date of a series.
fn is_moved(was: &Facts, is: &Facts) -> bool {
    if was.recurrence.is_some() || is.recurrence.is_some() {
        return false;
    }
    let is_timed = !was.when.is_all_day() && !is.when.is_all_day();
    was.when.first_day() != is.when.first_day()
        || is_timed && crate::zone::start_of(&was.when) != crate::zone::start_of(&is.when)
}

/// A number by which the same new dates are known again; never that of a document that says nothing.
fn says(moved: &[(&Key, &When)]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for (name, when) in moved {
        (name, when.first_day(), crate::zone::start_of(when).timestamp()).hash(&mut hasher);
    }
    hasher.finish().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merge::carry::{Carried, carry};
    use crate::merge::tests::{rules, sighting};
    use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

    /// A calendar of so many evenings from December on, each moved by as many days as `by` says of it.
    fn evenings(count: u64, by: impl Fn(u64) -> u64) -> Reading {
        let first: NaiveDate = "2026-12-01".parse().unwrap();
        let evening = |n: u64| {
            let day = first + Days::new(n + by(n));
            sighting(&format!("Evening {n}"), &day.to_string(), vec![Key::Uid(format!("evening-{n}"))])
        };
        Reading { sightings: (0..count).map(evening).collect(), data: true, ..Reading::default() }
    }

    /// What is thought of the new reading at that moment.
    fn judged(old: &Reading, new: Reading, now: DateTime<Utc>, accept: bool) -> Carried {
        let (rules, document) =
            (rules(), DocumentKey { source: SourceId::new("town").unwrap(), key: "town.ics".into() });
        let today = now.date_naive();
        carry(old, new, &Carry { cause: Cause::Changed, rules: &rules, document: &document, today, now, accept })
    }

    fn moment() -> DateTime<Utc> {
        "2026-11-01T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn most_dates_of_a_document_at_once_are_held_and_others_are_not() {
        type By = fn(u64) -> u64;
        let cases: [(&str, u64, By, bool); 8] = [
            ("all a day later", 8, |_| 1, true),
            ("all a year later", 8, |_| 365, true),
            ("five a day later", 5, |_| 1, true),
            ("more than half", 8, |n| u64::from(n < 5), true),
            ("half", 8, |n| u64::from(n < 4), false),
            ("a busy week", 20, |n| n % 4 / 3 * 7, false),
            ("two are too few to judge", 2, |_| 1, false),
            ("nothing has moved", 8, |_| 0, false),
        ];
        for (name, count, by, held) in cases {
            let carried = judged(&evenings(count, |_| 0), evenings(count, by), moment(), false);
            assert_eq!(matches!(carried, Carried::Suspected(..)), held, "{name}");
        }
        let accepted = judged(&evenings(8, |_| 0), evenings(8, |_| 1), moment(), true);
        assert!(matches!(accepted, Carried::Reading(_)), "the maintainer releases it");
        let past = judged(&evenings(8, |_| 0), evenings(8, |_| 365), moment() + TimeDelta::days(90), false);
        assert!(matches!(past, Carried::Reading(_)), "what is over is used again for the next time");
    }

    #[test]
    fn new_dates_are_believed_when_they_stay_the_same_for_a_day() {
        let mut old = evenings(8, |_| 0);
        // (hours since the first answer, days moved, held)
        for (hours, days, held) in [(0, 1, true), (20, 2, true), (30, 2, true), (43, 2, true), (45, 2, false)] {
            match judged(&old, evenings(8, |_| days), moment() + TimeDelta::hours(hours), false) {
                Carried::Suspected(reading, problem) => {
                    assert!(held, "after {hours} hours");
                    assert_eq!(reading.sightings, old.sightings);
                    assert!(problem.to_string().contains("8 of 8 upcoming events have other dates"), "{problem}");
                    old = *reading;
                }
                Carried::Reading(reading) => {
                    assert!(!held && reading.suspicion.is_none(), "after {hours} hours");
                }
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn events_that_have_swapped_or_share_their_names_are_no_flood() {
        let old = evenings(8, |_| 0);
        let mut swapped = old.clone();
        let (a, b) = (swapped.sightings[0].keys.clone(), swapped.sightings[1].keys.clone());
        (swapped.sightings[0].keys, swapped.sightings[1].keys) = (b, a);
        assert!(matches!(judged(&old, swapped, moment(), false), Carried::Reading(_)));
        let mut equal = evenings(8, |_| 1);
        equal.sightings.iter_mut().for_each(|sighting| sighting.keys = vec![Key::Uid("1".to_owned())]);
        assert!(shifted_only(&equal), "a name that all share says nothing of their dates");
    }

    /// True where the decider itself has nothing to say.
    fn shifted_only(new: &Reading) -> bool {
        let (rules, document) =
            (rules(), DocumentKey { source: SourceId::new("town").unwrap(), key: "town.ics".into() });
        let now = moment();
        let on = Carry {
            cause: Cause::Changed,
            rules: &rules,
            document: &document,
            today: now.date_naive(),
            now,
            accept: false,
        };
        shifted(&evenings(8, |_| 0), new, &on).is_none()
    }
}
