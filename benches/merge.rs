//! How long it takes to find twins among many events, and how that grows.
//!
//! ```console
//! $ tests/bench merge             10,000 and 100,000 sightings
//! ```
//!
//! A board is made up of sources of thirty sightings each; a quarter of them tell again what another source tells, with another title and clock.
//! Events are as dense in time at every size, as a larger board is a board of more places and not of more years.

#![allow(clippy::print_stdout, reason = "figures are what a bench is for")]

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use noticeboard::merge::{self, KnownEvents, Placed, Situation};
use noticeboard::model::*;
use noticeboard::zone;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

const TOWNS: &[&str] =
    &["Leeds", "Turku", "Porto", "Graz", "Gdynia", "Lyon", "Padova", "Utrecht", "Aarhus", "Cluj-Napoca"];
const TOPICS: &[&str] = &[
    "lantern", "harbour", "compiler", "choir", "kettle", "orchard", "radio", "weaving", "chess", "geology", "origami",
    "kernel",
];
const KINDS: &[&str] = &["Meetup", "Workshop", "Talk", "Conference", "Hackathon"];
const OF_A_SOURCE: usize = 30;
/// Days over which the events of a board lie.
const DAYS: usize = 360;

fn main() {
    // `cargo test --benches` runs this without the word; there is nothing to test.
    if !std::env::args().any(|word| word == "--bench") {
        return;
    }
    let small = measured(10_000);
    let large = measured(100_000);
    println!("ten times as many take {:.1} times as long", large / small);
}

/// Seconds for a board of so many sightings.
fn measured(count: usize) -> f64 {
    let (sightings, rules) = board(count);
    let upgraded = BTreeSet::new();
    let now: DateTime<Utc> = "2026-12-01T12:00:00Z".parse().expect("a moment");
    let situation = Situation { rules: &rules, now, upgraded: &upgraded };
    let start = Instant::now();
    let changes = merge::settle(sightings, &KnownEvents::default(), &situation);
    let seconds = start.elapsed().as_secs_f64();
    let joined = changes.settled.iter().filter(|settled| settled.members.len() > 1).count();
    let memory = peak().map_or_else(String::new, |kib| format!(", {} MiB at most", kib / 1024));
    println!(
        "{count} sightings: {seconds:.2} s, {} events, {joined} of several sources{memory}",
        changes.settled.len()
    );
    seconds
}

/// The most memory this process ever held, in KiB, where the system tells.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.trim().parse().ok())
}

fn board(count: usize) -> (Vec<Placed>, Rules) {
    let lisbon = zone::by_name("Europe/Lisbon").expect("a zone");
    let mut rules = Rules::plain(Site::nowhere(lisbon.clone()).expect("a site"));
    let mut sightings: Vec<Placed> = Vec::with_capacity(count);
    let mut dice = Dice(7);
    for nth in 0..count {
        let order = nth / OF_A_SOURCE;
        let source = SourceId::new(&format!("s{order}")).expect("an id");
        rules.sources.entry(source.clone()).or_insert_with(|| SourceRules::plain(source.clone(), order));
        let document = DocumentKey { source: source.clone(), key: "events.ics".into() };
        let again = (nth > OF_A_SOURCE && dice.below(4) == 0)
            .then(|| sightings[dice.below(nth - OF_A_SOURCE)].sighting.facts.clone());
        let facts = match again {
            Some(facts) => Facts {
                title: format!("Reminder: {}", facts.title.to_uppercase()),
                links: EventLinks::default(),
                ..facts
            },
            None => event(nth, &mut dice, &lisbon),
        };
        let page = format!("https://{source}.example/events/{nth}").parse().ok();
        let keys =
            vec![Key::Uid(format!("{nth}@{source}.example"))].into_iter().chain(page.as_ref().map(Key::url)).collect();
        let facts = Facts { links: EventLinks { page, ..EventLinks::default() }, ..facts };
        let sighting = Sighting {
            keys,
            facts,
            board_day: None,
            zone_guessed: false,
            role: SightingRole::Calendar,
            confidence: 1.0,
            post: None,
            mentions: Vec::new(),
            revision: SourceRevision::default(),
            missing: 0,
            unsure: false,
        };
        sightings.push(Placed { document, index: nth % OF_A_SOURCE, sighting, post: None });
    }
    (sightings, rules)
}

fn event(nth: usize, dice: &mut Dice, zone: &ZoneId) -> Facts {
    let town = dice.of(TOWNS);
    let day = NaiveDate::from_ymd_opt(2026, 12, 1).expect("a day") + TimeDelta::days(dice.below(DAYS) as i64);
    let start = day.and_hms_opt(9 + dice.below(12) as u32, 15 * dice.below(4) as u32, 0).expect("a time");
    Facts {
        title: format!(
            "{} {} {}: {} and {} {}",
            dice.of(TOPICS),
            dice.of(KINDS),
            town,
            dice.of(TOPICS),
            dice.of(TOPICS),
            word(nth)
        ),
        summary: None,
        html: CleanHtml::default(),
        when: When::Zoned { start, end: Some(start + TimeDelta::hours(2)), zone: zone.clone() },
        recurrence: None,
        place: Place { name: Some(format!("{} House, {town}", word(dice.below(400)))), ..Place::default() },
        status: EventStatus::Scheduled,
        deadlines: Vec::new(),
        sessions: Vec::new(),
        organizers: Vec::new(),
        tags: Vec::new(),
        links: EventLinks::default(),
        images: Vec::new(),
        language: Some("en".into()),
        provenance: BTreeMap::new(),
    }
}

/// A made-up word for a number.
fn word(number: usize) -> String {
    const SYLLABLES: &[&str] = &["ba", "ke", "lo", "mi", "nu", "ra", "se", "ti", "vo", "zu"];
    format!("{number:04}").bytes().map(|digit| SYLLABLES[usize::from(digit - b'0')]).collect()
}

/// Numbers by chance, the same each time (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }
}
