use super::*;
use crate::merge::tests::{rules, sighting};

fn key(text: &str) -> Key {
    Key::Uid(text.to_owned())
}

fn on<'a>(rules: &'a Rules, document: &'a DocumentKey) -> Carry<'a> {
    let (today, now) = ("2026-11-01".parse().unwrap(), "2026-11-01T12:00:00Z".parse().unwrap());
    Carry { cause: Cause::Changed, rules, document, today, now, accept: false }
}

fn document() -> DocumentKey {
    DocumentKey { source: SourceId::new("town").unwrap(), key: "town.ics".into() }
}

fn telling(sightings: Vec<Sighting>) -> Reading {
    Reading { sightings, data: true, ..Reading::default() }
}

fn event(uid: &str, day: &str) -> Sighting {
    sighting(uid, day, vec![key(uid)])
}

/// Uid and how long it has been missing.
fn kept(carried: Carried) -> Vec<(String, u32)> {
    let Carried::Reading(reading) = carried else { panic!("the brake should not hold it") };
    reading.sightings.iter().map(|s| (s.facts.title.clone(), s.missing)).collect()
}

fn counted(title: &str, missing: u32) -> (String, u32) {
    (title.to_owned(), missing)
}

#[test]
fn an_event_that_is_told_no_more_is_missing() {
    let (rules, document) = (rules(), document());
    let old = telling(vec![event("a", "2026-12-01"), event("b", "2026-12-02")]);
    let new = telling(vec![event("a", "2026-12-01")]);
    assert_eq!(kept(carry(&old, new, &on(&rules, &document))), [counted("a", 0), counted("b", 1)]);
}

#[test]
fn an_address_that_a_whole_group_shares_does_not_stand_for_a_missing_event() {
    let (rules, document) = (rules(), document());
    let shared = |uid: &str| sighting(uid, "2026-12-01", vec![key(uid), Key::Url("group.example/".into())]);
    let old = telling(vec![shared("a"), shared("b")]);
    let new = telling(vec![shared("a")]);
    assert_eq!(kept(carry(&old, new, &on(&rules, &document))), [counted("a", 0), counted("b", 1)]);
}

#[test]
fn an_event_with_a_new_uid_is_known_by_an_address_of_its_own() {
    let (rules, document) = (rules(), document());
    let named = |uid: &str| sighting(uid, "2026-12-01", vec![key(uid), Key::Url("town.example/picnic".into())]);
    let carried = carry(&telling(vec![named("a")]), telling(vec![named("b")]), &on(&rules, &document));
    assert_eq!(kept(carried), [counted("b", 0)]);
}

#[test]
fn what_turned_private_is_not_carried() {
    let (rules, document) = (rules(), document());
    let old = telling(vec![event("a", "2026-12-01"), event("b", "2026-12-02")]);
    let new = Reading { hidden: vec![vec![key("b")]], ..telling(vec![event("a", "2026-12-01")]) };
    assert_eq!(kept(carry(&old, new, &on(&rules, &document))), [counted("a", 0)]);
    let all = Reading { hidden: vec![vec![key("a")], vec![key("b")]], ..telling(Vec::new()) };
    assert_eq!(kept(carry(&old, all, &on(&rules, &document))), []);
}

#[test]
fn a_file_that_lost_its_front_matter_by_mistake_is_not_hidden() {
    let (rules, document) = (rules(), document());
    let old = Reading { data: false, ..telling(vec![event("a", "2026-12-01")]) };
    let new = Reading { skipped: Some("no front matter and no heading".into()), ..Reading::default() };
    assert_eq!(kept(carry(&old, new, &on(&rules, &document))), [counted("a", 1)]);
}

#[test]
fn what_falls_out_of_a_feed_stays() {
    let (rules, document) = (rules(), document());
    let old = Reading { window: true, ..telling(vec![event("a", "2026-12-01")]) };
    let new = Reading { window: true, ..telling(vec![event("b", "2026-12-02")]) };
    assert_eq!(kept(carry(&old, new, &on(&rules, &document))), [counted("b", 0), counted("a", 0)]);
}

#[test]
fn what_an_upgrade_reads_no_more_stays() {
    let (rules, document) = (rules(), document());
    let old = telling(vec![event("a", "2026-12-01")]);
    let carried = carry(&old, telling(Vec::new()), &Carry { cause: Cause::Upgrade, ..on(&rules, &document) });
    assert_eq!(kept(carried), [counted("a", 0)]);
}

#[test]
fn an_event_we_became_unsure_of_is_not_missing() {
    let (rules, document) = (rules(), document());
    let old = telling(vec![event("a", "2026-12-01")]);
    let new = Reading { unsure: vec![event("a", "2026-12-01")], ..telling(Vec::new()) };
    assert_eq!(kept(carry(&old, new, &on(&rules, &document))), [counted("a", 0)]);
}

#[test]
fn a_web_page_in_a_calendar_s_place_costs_no_event_and_is_told() {
    let (rules, document) = (rules(), document());
    let old = telling(vec![event("a", "2026-12-01")]);
    let Carried::Unread(reading) = carry(&old, Reading::default(), &on(&rules, &document)) else { panic!() };
    assert_eq!((reading.sightings.len(), reading.problems.len()), (1, 1));
}

#[test]
fn a_calendar_that_loses_most_of_its_upcoming_events_is_held_unless_that_is_accepted() {
    let (rules, document) = (rules(), document());
    let old = telling((1..=5).map(|n| event(&format!("e{n}"), &format!("2026-12-0{n}"))).collect());
    let new = || telling(vec![event("e1", "2026-12-01"), event("e2", "2026-12-02")]);
    assert!(matches!(carry(&old, new(), &on(&rules, &document)), Carried::Brake(_)));
    let accepting = Carry { accept: true, ..on(&rules, &document) };
    assert_eq!(kept(carry(&old, new(), &accepting)).iter().filter(|(_, missing)| *missing == 1).count(), 3);
}

#[test]
fn tags_of_what_is_carried_follow_today_s_aliases_before_they_are_filtered() {
    let (mut rules, document) = (rules(), document());
    let tag = |text: &str| Tag::new(text).unwrap();
    rules.tag_aliases = [(tag("meet-up"), tag("meetup"))].into();
    rules.sources.get_mut(&document.source).unwrap().only_tags = [tag("meetup")].into();
    let mut sighting = event("a", "2026-12-01");
    sighting.facts.tags = vec![tag("meet-up")];
    let other = event("b", "2026-12-02");
    let old = Reading { window: true, ..telling(vec![sighting, other]) };
    let carried = carry(
        &old,
        Reading { window: true, ..telling(Vec::new()) },
        &Carry { cause: Cause::Rules, ..on(&rules, &document) },
    );
    assert_eq!(kept(carried), [counted("a", 0)]);
    assert_eq!(keep_wanted(old, &on(&rules, &document)).sightings.len(), 1);
}

#[test]
fn a_document_that_says_nothing_where_it_said_much_is_suspected_for_a_day() {
    let (rules, document) = (rules(), document());
    let past = telling((1..=5).map(|n| event(&format!("e{n}"), &format!("2026-09-0{n}"))).collect());
    let coming = telling((1..=5).map(|n| event(&format!("e{n}"), &format!("2026-12-0{n}"))).collect());
    let few = telling((1..=3).map(|n| event(&format!("e{n}"), &format!("2026-12-0{n}"))).collect());
    let at = |hours: i64| Carry {
        now: "2026-11-01T12:00:00Z".parse::<DateTime<Utc>>().unwrap() + chrono::TimeDelta::hours(hours),
        ..on(&rules, &document)
    };
    // At which hours it said nothing, and at which of them it was believed.
    for (name, old, hours, believed) in [
        ("past events", &past, vec![0, 12, 24, 25], 2),
        ("upcoming events", &coming, vec![0, 12, 24, 25], 2),
        ("often", &past, vec![0, 1, 2, 3, 4, 23, 24], 6),
        ("seldom", &past, vec![0, 48, 96], 2),
        ("a clock set back", &past, vec![1000, 0, 1, 2, 24], 4),
        ("few", &few, vec![0], 0),
    ] {
        let mut known = old.clone();
        for (n, hour) in hours.into_iter().enumerate() {
            match carry(&known, telling(Vec::new()), &at(hour)) {
                Carried::Suspected(reading, problem) => {
                    assert!(n < believed, "{name}: {n}");
                    assert_eq!(
                        reading.sightings, old.sightings,
                        "{name}: what was known stays, and nothing is counted"
                    );
                    assert!(problem.hint.unwrap().contains("--accept"), "{name}");
                    known = *reading;
                }
                Carried::Reading(reading) => {
                    assert!(n >= believed, "{name}: {n}");
                    assert!(
                        reading.sightings.iter().all(|sighting| sighting.missing == 1),
                        "{name}: from now on they are missing"
                    );
                    known = *reading;
                }
                other => panic!("{name}: {other:?}"),
            }
        }
    }
    let accepting = Carry { accept: true, ..at(0) };
    assert!(matches!(carry(&past, telling(Vec::new()), &accepting), Carried::Reading(_)));
}

#[test]
fn an_empty_feed_is_suspected_once_and_then_believed_for_good() {
    let (rules, document) = (rules(), document());
    let window = |sightings| Reading { window: true, ..telling(sightings) };
    let old = window((1..=5).map(|n| event(&format!("e{n}"), &format!("2026-12-0{n}"))).collect());
    let suspicion = Suspicion { since: "2026-10-01T12:00:00Z".parse().unwrap(), answers: 9, believed: true, says: 0 };
    let believed = Reading { suspicion: Some(suspicion), ..old };
    let Carried::Reading(again) = carry(&believed, window(Vec::new()), &on(&rules, &document)) else { panic!() };
    assert_eq!((again.sightings.len(), again.suspicion.map(|known| known.believed)), (5, Some(true)));
    let Carried::Reading(back) = carry(&again, window(vec![event("new", "2026-12-09")]), &on(&rules, &document)) else {
        panic!()
    };
    assert_eq!((back.sightings.len(), back.suspicion), (6, None));
    assert_eq!(back.told, Some(1), "what is remembered counts no more");
    let empty = carry(&back, window(Vec::new()), &on(&rules, &document));
    assert!(matches!(empty, Carried::Reading(_)), "a feed of one entry may well lose it: {empty:?}");
}

#[test]
fn a_page_in_a_calendar_s_place_is_believed_only_when_that_is_accepted() {
    let (rules, document) = (rules(), document());
    let old = telling(vec![event("a", "2026-12-01")]);
    let accepting = Carry { accept: true, ..on(&rules, &document) };
    assert_eq!(kept(carry(&old, Reading::default(), &accepting)), [counted("a", 1)]);
}
