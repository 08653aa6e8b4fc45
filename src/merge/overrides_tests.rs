//! What is decided by hand, over sightings without a store.

use super::super::tests::{rules, sighting};
use super::super::{Change, Situation, settle};
use super::*;
use std::collections::BTreeSet;

fn told(source: &str, title: &str, day: &str, keys: &[&str]) -> Placed {
    let keys = keys.iter().map(|key| Key::Uid((*key).to_owned())).collect();
    let document = DocumentKey { source: SourceId::new(source).unwrap(), key: format!("{title}.ics") };
    Placed { document, index: 0, sighting: sighting(title, day, keys), post: None }
}

fn decided(events: Vec<EventOverride>, bonds: Vec<Bond>) -> Rules {
    Rules { overrides: Overrides::new("overrides.toml".into(), events, bonds), ..rules() }
}

fn name(uid: &str) -> EventName {
    EventName::key(format!("uid:{uid}"), None, 1)
}

fn settled(told: &[Placed], known: &KnownEvents, rules: &Rules, now: &str) -> Changes {
    let upgraded = BTreeSet::new();
    settle(told.to_vec(), known, &Situation { rules, now: now.parse().unwrap(), upgraded: &upgraded })
}

fn titles(changes: &Changes) -> Vec<String> {
    let mut titles: Vec<String> = changes.settled.iter().map(|settled| settled.event.facts.title.clone()).collect();
    titles.sort();
    titles
}

fn known(changes: &Changes) -> KnownEvents {
    let mut known = KnownEvents::default();
    for settled in changes.told() {
        known.events.insert(settled.event.id.clone(), settled.event.clone());
        known.aliases.extend(settled.aliases.iter().map(|alias| (alias.clone(), settled.event.id.clone())));
    }
    known
}

const FIRST: &str = "2026-11-01T12:00:00Z";
const LATER: &str = "2026-11-02T12:00:00Z";

#[test]
fn what_is_kept_apart_is_not_joined_through_a_third_source() {
    let both = [
        told("town", "Boat fair", "2027-03-01", &["fair@town"]),
        told("quay", "Boat fair by night", "2027-03-01", &["night@quay"]),
        told("weir", "Boat fair, all day", "2027-03-01", &["fair@town", "night@quay"]),
    ];
    let bond = |together| vec![Bond { together, names: vec![name("fair@town"), name("night@quay")] }];
    assert_eq!(settled(&both, &KnownEvents::default(), &rules(), FIRST).settled.len(), 1);
    for order in [[0, 1, 2], [1, 2, 0], [2, 0, 1]] {
        let told: Vec<Placed> = order.iter().map(|at| both[*at].clone()).collect();
        let apart = settled(&told, &KnownEvents::default(), &decided(vec![], bond(false)), FIRST);
        assert_eq!(apart.settled.len(), 2, "{order:?}: {:?}", titles(&apart));
    }
    let two = &both[..2];
    assert_eq!(settled(two, &KnownEvents::default(), &rules(), FIRST).settled.len(), 2);
    assert_eq!(settled(two, &KnownEvents::default(), &decided(vec![], bond(true)), FIRST).settled.len(), 1);
}

#[test]
fn what_changes_while_it_is_hidden_has_changed_when_it_is_back() {
    let fair = |day: &str| [told("town", "Boat fair", day, &["fair@town"])];
    let hidden = EventOverride { name: name("fair@town"), deed: Some(Deed::Hide), fixes: Fixes::default() };
    let hidden = decided(vec![hidden], vec![]);
    let first = settled(&fair("2027-03-01"), &KnownEvents::default(), &rules(), FIRST);
    let away = settled(&fair("2027-03-02"), &known(&first), &hidden, LATER);
    assert_eq!((away.settled.len(), away.hidden.len(), away.withdrawn.len()), (0, 1, 0));
    let back = settled(&fair("2027-03-02"), &known(&away), &rules(), LATER);
    let (before, after) = (&first.settled[0].event, &back.settled[0].event);
    assert_eq!((&after.id, after.revision.sequence), (&before.id, 1));
}

#[test]
fn of_two_decisions_about_one_field_the_later_one_counts() {
    let fixed = |title: &str, deed| EventOverride {
        name: name("fair@town"),
        deed,
        fixes: Fixes { title: Some(title.to_owned()), ..Fixes::default() },
    };
    let fair = [told("town", "Boat fair", "2027-03-01", &["fair@town"])];
    let rules =
        decided(vec![fixed("One", Some(Deed::Hide)), fixed("Two", None), fixed("Three", Some(Deed::Approve))], vec![]);
    let changes = settled(&fair, &KnownEvents::default(), &rules, FIRST);
    assert_eq!(titles(&changes), ["Three"]);
    let again = settled(&fair, &known(&changes), &rules, LATER);
    assert_eq!(again.settled[0].change, Change::None, "a correction is one change");
}

#[test]
fn a_decided_day_ends_the_disagreement_of_the_sources() {
    let told = [
        told("town", "Boat fair", "2027-03-01", &["fair@town"]),
        told("quay", "Boat fair", "2027-03-05", &["fair@town"]),
    ];
    assert_eq!(settled(&told, &KnownEvents::default(), &rules(), FIRST).settled[0].problems.len(), 1);
    let fixes = Fixes { start: Some(Edge::Day("2027-03-02".parse().unwrap())), ..Fixes::default() };
    let rules = decided(vec![EventOverride { name: name("fair@town"), deed: None, fixes }], vec![]);
    let changes = settled(&told, &KnownEvents::default(), &rules, FIRST);
    assert_eq!(changes.settled[0].problems, []);
    assert_eq!(changes.settled[0].event.facts.when, When::day("2027-03-02".parse().unwrap()));
}

#[test]
fn a_correction_of_when_takes_what_it_does_not_say_from_the_sources() {
    let zone = |name: &str| crate::zone::by_name(name).unwrap();
    let day = |text: &str| Edge::Day(text.parse().unwrap());
    let clock = |text: &str| Edge::Clock(format!("{text}:00").parse().unwrap());
    let utc = |text: &str| Edge::Moment(format!("{text}:00Z").parse().unwrap());
    let days = When::AllDay { first: "2027-03-01".parse().unwrap(), last: "2027-03-03".parse().unwrap() };
    let hours = When::Zoned {
        start: "2027-03-01T18:00:00".parse().unwrap(),
        end: "2027-03-01T20:00:00".parse().ok(),
        zone: zone("Europe/Berlin"),
    };
    for (told, start, end, named, expected) in [
        (&days, Some(day("2027-03-02")), None, None, "2027-03-02..2027-03-02"),
        (&days, None, Some(day("2027-03-02")), None, "2027-03-01..2027-03-02"),
        (&days, None, Some(day("2027-02-02")), None, "none"),
        (&days, Some(clock("2027-03-02T10:00")), None, None, "2027-03-02 10:00:00.. Europe/Lisbon"),
        (&days, None, Some(clock("2027-03-02T10:00")), None, "none"),
        (&hours, Some(clock("2027-03-01T19:00")), None, None, "2027-03-01 19:00:00.. Europe/Berlin"),
        (&hours, None, Some(clock("2027-03-01T21:00")), None, "2027-03-01 18:00:00..2027-03-01 21:00:00 Europe/Berlin"),
        (&hours, None, Some(utc("2027-03-01T21:00")), None, "2027-03-01 18:00:00..2027-03-01 22:00:00 Europe/Berlin"),
        (&hours, None, None, Some("Europe/Riga"), "2027-03-01 18:00:00..2027-03-01 20:00:00 Europe/Riga"),
        (
            &hours,
            Some(utc("2027-03-01T18:00")),
            Some(clock("2027-03-01T20:00")),
            None,
            "2027-03-01 18:00:00 UTC..2027-03-01 19:00:00 UTC",
        ),
    ] {
        let fixes = Fixes { start, end, zone: named.map(zone), ..Fixes::default() };
        let end_of = |end: &Option<chrono::NaiveDateTime>| end.map(|end| end.to_string()).unwrap_or_default();
        let found = match fixed_when(told, &fixes, &zone("Europe/Lisbon")) {
            None => "none".to_owned(),
            Some(When::AllDay { first, last }) => format!("{first}..{last}"),
            Some(When::Zoned { start, end, zone }) => format!("{start}..{} {zone}", end_of(&end)),
            Some(When::Instant { start, end }) => format!("{start}..{}", end.unwrap()),
        };
        assert_eq!(found, expected, "{fixes:?}");
    }
}

#[test]
fn an_id_still_names_what_it_was_made_of_after_it_was_joined_to_another() {
    let both = [
        told("town", "Boat fair", "2027-03-01", &["fair@town"]),
        told("quay", "Market", "2027-05-01", &["market@quay"]),
    ];
    let first = settled(&both, &KnownEvents::default(), &rules(), FIRST);
    let ids: Vec<EventName> =
        first.settled.iter().map(|settled| EventName::id(settled.event.id.as_str()[..8].to_owned(), None, 1)).collect();
    let rules = decided(vec![], vec![Bond { together: true, names: ids }]);
    let mut known_now = known(&first);
    for _ in 0..3 {
        let joined = settled(&both, &known_now, &rules, LATER);
        assert_eq!(joined.settled.len(), 1);
        known_now = known(&joined);
    }
}
