use super::*;
use url::Url;

/// A board of two sources: `town` (a calendar) and `quay` (a blog, of higher priority), and a third, `weir`.
pub(super) fn rules() -> Rules {
    let source = |name: &str, order, priority| {
        let id = SourceId::new(name).unwrap();
        (id.clone(), SourceRules { priority, ..SourceRules::plain(id, order) })
    };
    Rules {
        site: Site {
            title: "Quay".into(),
            description: None,
            url: Url::parse("https://board.quay.example/").unwrap(),
            language: "en".into(),
            zone: crate::zone::by_name("Europe/Lisbon").unwrap(),
        },
        sources: [source("town", 0, 0), source("quay", 1, 1), source("weir", 2, 0)].into(),
        tag_aliases: BTreeMap::new(),
        places: BTreeMap::new(),
        overrides: Overrides::default(),
        publish_confidence: 0.6,
        vanish_after_runs: 3,
        publish_emails: false,
    }
}

/// What a document says of an event on one day.
pub(super) fn sighting(title: &str, day: &str, keys: Vec<Key>) -> Sighting {
    Sighting {
        keys,
        facts: Facts {
            title: title.into(),
            summary: None,
            html: CleanHtml::default(),
            when: When::day(day.parse().unwrap()),
            recurrence: None,
            place: Place::default(),
            status: EventStatus::Scheduled,
            deadlines: Vec::new(),
            sessions: Vec::new(),
            organizers: Vec::new(),
            tags: Vec::new(),
            links: EventLinks::default(),
            images: Vec::new(),
            language: None,
            provenance: BTreeMap::new(),
        },
        board_day: None,
        zone_guessed: false,
        role: SightingRole::Calendar,
        confidence: 1.0,
        unsure: false,
        post: None,
        mentions: Vec::new(),
        revision: SourceRevision::default(),
        missing: 0,
    }
}

const NOW: &str = "2026-11-01T12:00:00Z";

fn uid(text: &str) -> Key {
    Key::Uid(format!("{text}@town.example"))
}

fn page(text: &str) -> Key {
    Key::Url(format!("quay.example/{text}"))
}

fn path(text: &str) -> Key {
    Key::Path(text.to_owned())
}

pub(super) fn place(source: &str, document: &str, index: usize, sighting: Sighting) -> Placed {
    let document = DocumentKey { source: SourceId::new(source).unwrap(), key: document.into() };
    Placed { document, index, sighting, post: None }
}

fn recap(title: &str, day: &str, keys: Vec<Key>) -> Sighting {
    Sighting { role: SightingRole::Recap, ..sighting(title, day, keys) }
}

fn missing(runs: u32, sighting: Sighting) -> Sighting {
    Sighting { missing: runs, ..sighting }
}

pub(super) fn settle_at(told: Vec<Placed>, known: &KnownEvents, now: &str) -> Changes {
    let (rules, upgraded) = (rules(), BTreeSet::new());
    settle(told, known, &Situation { rules: &rules, now: now.parse().unwrap(), upgraded: &upgraded })
}

pub(super) fn first(told: Vec<Placed>) -> Changes {
    settle_at(told, &KnownEvents::default(), NOW)
}

pub(super) fn known(changes: &Changes) -> KnownEvents {
    let mut known = KnownEvents::default();
    for settled in &changes.settled {
        known.events.insert(settled.event.id.clone(), settled.event.clone());
        known.aliases.extend(settled.aliases.iter().map(|alias| (alias.clone(), settled.event.id.clone())));
    }
    known
}

/// The titles of all events, sorted.
pub(super) fn titles(changes: &Changes) -> Vec<&str> {
    let mut titles: Vec<&str> = changes.settled.iter().map(|s| s.event.facts.title.as_str()).collect();
    titles.sort_unstable();
    titles
}

pub(super) fn only(changes: &Changes) -> &Settled {
    assert_eq!(changes.settled.len(), 1, "{:?}", titles(changes));
    &changes.settled[0]
}

fn timed(sighting: Sighting, start: &str) -> Sighting {
    let when = When::Instant { start: start.parse().unwrap(), end: None };
    Sighting { facts: Facts { when, ..sighting.facts }, ..sighting }
}

#[test]
fn a_shared_address_makes_twins_where_days_overlap_or_titles_agree() {
    let told = |day: &str, title: &str| {
        vec![
            place("town", "a.ics", 0, sighting("Picnic", "2026-12-01", vec![uid("a"), page("picnic")])),
            place("quay", "picnic.md", 0, sighting(title, day, vec![page("picnic"), path("picnic.md")])),
        ]
    };
    assert_eq!(titles(&first(told("2026-12-01", "Lunch on the quay"))), ["Lunch on the quay"]);
    assert_eq!(titles(&first(told("2026-12-05", "Regatta"))).len(), 2, "neither days nor titles agree");
    assert_eq!(titles(&first(told("2026-12-05", "Picnics"))), ["Picnics"]);
}

#[test]
fn twins_are_found_past_a_third_source_that_disagrees() {
    let told = vec![
        place("quay", "picnic.md", 0, sighting("Picnic", "2026-12-01", vec![page("picnic")])),
        place("town", "a.ics", 0, sighting("Regatta", "2026-12-09", vec![uid("a"), page("picnic")])),
        place("weir", "b.ics", 0, sighting("Picnic", "2026-12-01", vec![uid("b"), page("picnic")])),
    ];
    assert_eq!(titles(&first(told)), ["Picnic", "Regatta"]);
}

#[test]
fn two_events_that_a_source_keeps_apart_are_not_joined_through_another() {
    let told = vec![
        place("town", "a.ics", 0, sighting("Picnic", "2026-12-01", vec![uid("a")])),
        place("town", "a.ics", 1, sighting("Regatta", "2026-12-01", vec![uid("b"), page("day")])),
        place("weir", "b.ics", 0, sighting("Day on the water", "2026-12-01", vec![uid("a"), page("day")])),
    ];
    assert_eq!(first(told).settled.len(), 2);
}

#[test]
fn addresses_of_meetings_and_whole_sites_make_no_twins() {
    for address in ["zoom.us/j/1", "quay.example", "meet.google.com/abc"] {
        let key = Key::Url(address.into());
        let told = vec![
            place("town", "a.ics", 0, sighting("Picnic", "2026-12-01", vec![uid("a"), key.clone()])),
            place("weir", "b.ics", 0, sighting("Picnic", "2026-12-01", vec![uid("b"), key])),
        ];
        assert_eq!(first(told).settled.len(), 2, "{address}");
    }
}

#[test]
fn an_address_that_names_several_events_in_a_source_makes_no_twins() {
    let told = vec![
        place("town", "a.ics", 0, sighting("Picnic", "2026-12-01", vec![uid("a"), page("group")])),
        place("town", "a.ics", 1, sighting("Picnic", "2026-12-01", vec![uid("b"), page("group")])),
        place("quay", "group.md", 0, sighting("Picnic", "2026-12-01", vec![page("group")])),
    ];
    assert_eq!(first(told).settled.len(), 3);
}

#[test]
fn a_moment_and_a_clock_time_that_are_the_same_do_not_disagree() {
    let lisbon = When::Zoned {
        start: "2026-07-02T00:30:00".parse().unwrap(),
        end: None,
        zone: crate::zone::by_name("Europe/Lisbon").unwrap(),
    };
    let mut post = sighting("Night walk", "2026-07-02", vec![page("walk")]);
    post.facts.when = lisbon;
    let entry = timed(sighting("Walk by night", "2026-07-01", vec![uid("a"), page("walk")]), "2026-07-01T23:30:00Z");
    let changes = first(vec![place("quay", "walk.md", 0, post), place("town", "a.ics", 0, entry)]);
    assert_eq!(only(&changes).problems, []);
}

#[test]
fn of_twins_the_timed_one_gives_when_and_the_first_in_priority_the_rest() {
    let day = sighting("Picnic on the quay", "2026-12-01", vec![page("picnic")]);
    let hour = timed(sighting("Picnic", "2026-12-01", vec![uid("a"), page("picnic")]), "2026-12-01T18:00:00Z");
    let changes = first(vec![place("town", "a.ics", 0, hour), place("quay", "picnic.md", 0, day)]);
    let facts = &only(&changes).event.facts;
    assert_eq!((facts.title.as_str(), facts.when.is_all_day()), ("Picnic on the quay", false));
}

#[test]
fn where_twins_disagree_on_days_priority_decides_and_a_problem_names_both_in_full() {
    let mut long = sighting("Picnic", "2026-12-01", vec![uid("a"), page("picnic")]);
    long.facts.when = When::AllDay { first: "2026-12-01".parse().unwrap(), last: "2026-12-03".parse().unwrap() };
    let short = sighting("Picnic", "2026-12-01", vec![page("picnic")]);
    let changes = first(vec![place("town", "a.ics", 0, long), place("quay", "picnic.md", 0, short)]);
    let settled = only(&changes);
    assert_eq!(settled.event.facts.when.last_day().to_string(), "2026-12-01");
    assert_eq!(
        settled.problems[0].message,
        "`Picnic` is on 2026-12-01 by quay and on 2026-12-01 to 2026-12-03 by town; the first was believed"
    );
}

#[test]
fn a_cancellation_comes_from_the_source_with_the_highest_priority_only() {
    let mut called_off = sighting("Picnic", "2026-12-01", vec![uid("a"), page("picnic")]);
    called_off.facts.status = EventStatus::Cancelled;
    let on = || sighting("Picnic", "2026-12-01", vec![page("picnic")]);
    let status = |changes: &Changes| only(changes).event.facts.status.clone();
    let by_town = first(vec![place("town", "a.ics", 0, called_off.clone()), place("quay", "picnic.md", 0, on())]);
    assert_eq!(status(&by_town), EventStatus::Scheduled);
    let by_quay = first(vec![place("quay", "a.ics", 0, called_off), place("town", "picnic.md", 0, on())]);
    assert_eq!(status(&by_quay), EventStatus::Cancelled);
}

#[test]
fn a_recap_joins_the_event_it_links_to_or_shares_a_telling_word_with() {
    let events = || {
        vec![
            place("town", "a.ics", 0, sighting("Lantern walk", "2026-10-01", vec![uid("a"), page("walk")])),
            place("town", "a.ics", 1, sighting("Net mending", "2026-10-01", vec![uid("b"), page("nets")])),
        ]
    };
    let told = |recap: Sighting| first([events(), vec![place("quay", "r.md", 0, recap)]].concat());
    assert_eq!(titles(&told(recap("How the lanterns shone on our walk", "2026-10-01", vec![path("r.md")]))).len(), 2);
    let linking =
        Sighting { mentions: vec![page("nets").text()], ..recap("A fine evening", "2026-10-01", vec![path("r.md")]) };
    assert_eq!(titles(&told(linking)), ["Lantern walk", "Net mending"]);
    assert_eq!(told(recap("A fine evening", "2026-10-01", vec![path("r.md")])).settled.len(), 3, "nothing tells which");
    assert_eq!(told(recap("A walk in the town", "2026-10-02", vec![path("r.md")])).settled.len(), 3, "another day");
}

#[test]
fn a_recap_that_fits_three_events_equally_joins_none() {
    let event = |n: usize, key: Key| {
        place("town", &format!("{n}.md"), 0, sighting("Lantern walk", "2026-10-01", vec![key, path(&n.to_string())]))
    };
    let mentions = vec![page("one").text(), page("two").text()];
    let told = vec![
        event(0, page("one")),
        event(1, page("one")),
        event(2, page("two")),
        place("quay", "r.md", 0, Sighting { mentions, ..recap("A fine evening", "2026-10-01", vec![path("r.md")]) }),
    ];
    assert_eq!(first(told).settled.len(), 3, "two of them are one page's");
}

#[test]
fn a_changed_title_and_day_is_the_same_event_with_a_higher_sequence() {
    let before = first(vec![place("town", "a.ics", 0, sighting("Picnic", "2026-12-01", vec![uid("a")]))]);
    let told = vec![place("town", "a.ics", 0, sighting("Great picnic", "2026-12-02", vec![uid("a")]))];
    let after = settle_at(told, &known(&before), "2026-11-02T12:00:00Z");
    let (old, new) = (&only(&before).event, &only(&after).event);
    assert_eq!((&old.id, new.revision.sequence), (&new.id, 1));
    assert_eq!(new.revision.last_changed.to_string(), "2026-11-02 12:00:00 UTC");
    assert_eq!(new.revision.first_seen, old.revision.first_seen);
}

#[test]
fn text_moves_updated_only_and_tags_move_nothing() {
    let told = |change: fn(&mut Facts)| {
        let mut sighting = sighting("Picnic", "2026-12-01", vec![uid("a")]);
        change(&mut sighting.facts);
        vec![place("town", "a.ics", 0, sighting)]
    };
    let before = first(told(|_| {}));
    let after = |change| settle_at(told(change), &known(&before), "2026-11-02T12:00:00Z");
    let text = after(|facts| facts.html = CleanHtml::sanitised("<p>Bring a hat.</p>".into()));
    assert_eq!((only(&text).change, only(&text).event.revision.sequence), (Change::Text, 0));
    assert_ne!(only(&text).event.revision.last_changed, only(&before).event.revision.last_changed);
    let tags = after(|facts| facts.tags = vec![Tag::new("water").unwrap()]);
    assert_eq!(only(&tags).change, Change::Quiet);
    assert_eq!(only(&tags).event.revision, only(&before).event.revision);
    assert_eq!(only(&after(|_| {})).change, Change::None);
}

#[test]
fn coordinates_move_nothing() {
    let mut town = sighting("Picnic", "2026-12-01", vec![page("picnic")]);
    town.facts.place.name = Some("Lisbon".into());
    let told = |sighting: &Sighting| vec![place("quay", "picnic.md", 0, sighting.clone())];
    let before = first(told(&town));
    town.facts.place.coordinates = Some(Coordinates { latitude: 38.725, longitude: -9.15 });
    let after = settle_at(told(&town), &known(&before), "2026-11-05T12:00:00Z");
    let (old, new) = (&only(&before).event, &only(&after).event);
    assert_eq!((new.revision.clone(), only(&after).change), (old.revision.clone(), Change::Quiet));
    assert!(new.facts.place.coordinates.is_some());
}

#[test]
fn a_source_s_sequence_is_taken_over_and_never_falls() {
    let told = |title: &str, sequence: u32| {
        let mut sighting = sighting(title, "2026-12-01", vec![uid("a")]);
        sighting.revision.sequence = Some(sequence);
        vec![place("town", "a.ics", 0, sighting)]
    };
    let before = first(told("Picnic", 5));
    assert_eq!(only(&before).event.revision.sequence, 5);
    let churned = settle_at(told("Picnic", 9), &known(&before), NOW);
    assert_eq!(only(&churned).event.revision.sequence, 5, "churn alone moves nothing");
    let raised = settle_at(told("Picnics", 9), &known(&before), NOW);
    assert_eq!(only(&raised).event.revision.sequence, 9);
    let fallen = settle_at(told("Picnics", 0), &known(&before), NOW);
    assert_eq!(only(&fallen).event.revision.sequence, 6);
}

#[test]
fn what_an_upgrade_alone_changes_in_the_text_moves_no_date() {
    let told = |html: &str| {
        let mut sighting = sighting("Picnic", "2026-12-01", vec![uid("a")]);
        sighting.facts.html = CleanHtml::sanitised(html.into());
        vec![place("town", "a.ics", 0, sighting)]
    };
    let before = first(told("<p>One.</p>"));
    let rules = rules();
    let upgraded = told("")[0].document.clone();
    let upgraded = BTreeSet::from([upgraded]);
    let situation = Situation { rules: &rules, now: "2026-11-02T12:00:00Z".parse().unwrap(), upgraded: &upgraded };
    let after = settle(told("<p>Two.</p>"), &known(&before), &situation);
    assert_eq!(only(&after).event.revision, only(&before).event.revision);
}

#[test]
fn a_vanished_upcoming_event_is_marked_then_cancelled_and_stays_so_when_its_day_is_over() {
    let told = |runs| vec![place("town", "a.ics", 0, missing(runs, sighting("Picnic", "2026-12-01", vec![uid("a")])))];
    let seen = |changes: &Changes| (only(changes).event.vanished, only(changes).event.facts.status.clone());
    let there = first(told(0));
    let marked = settle_at(told(1), &known(&there), NOW);
    assert_eq!(seen(&marked), (true, EventStatus::Scheduled));
    let cancelled = settle_at(told(3), &known(&marked), NOW);
    assert_eq!(seen(&cancelled), (true, EventStatus::Cancelled));
    let over = settle_at(told(3), &known(&cancelled), "2027-01-01T12:00:00Z");
    assert_eq!((seen(&over), only(&over).change), ((true, EventStatus::Cancelled), Change::None));
    let back = settle_at(told(0), &known(&cancelled), NOW);
    assert_eq!(seen(&back), (false, EventStatus::Scheduled));
}

#[test]
fn a_past_event_that_its_calendar_drops_stays_as_it_was() {
    let told = |runs| vec![place("town", "a.ics", 0, missing(runs, sighting("Picnic", "2026-10-01", vec![uid("a")])))];
    let after = settle_at(told(3), &known(&first(told(0))), NOW);
    assert_eq!(only(&after).change, Change::None);
}

#[test]
fn what_nobody_tells_any_more_is_withdrawn_and_keeps_its_id_for_a_return() {
    let told = || vec![place("town", "a.ics", 0, sighting("Picnic", "2026-12-01", vec![uid("a")]))];
    let before = first(told());
    let gone = settle_at(Vec::new(), &known(&before), NOW);
    assert_eq!(gone.withdrawn, [only(&before).event.id.clone()]);
    assert_eq!(only(&settle_at(told(), &known(&before), NOW)).event.id, only(&before).event.id);
}

#[test]
fn a_page_that_moves_to_another_file_is_the_same_event() {
    let keys = |file: &str| vec![page("walk"), path(file)];
    let before = first(vec![place("quay", "walk.md", 0, sighting("Walk", "2026-12-01", keys("walk.md")))]);
    let told = vec![
        place("quay", "walk.md", 0, missing(1, sighting("Walk", "2026-12-01", keys("walk.md")))),
        place("quay", "walk/index.md", 0, sighting("Long walk", "2026-12-02", keys("walk/index.md"))),
    ];
    let after = settle_at(told, &known(&before), NOW);
    assert_eq!((&only(&after).event.id, only(&after).event.vanished), (&only(&before).event.id, false));
    assert_eq!(titles(&after), ["Long walk"]);
}

#[test]
fn one_page_in_two_files_is_one_event_unless_the_files_differ() {
    let told = |title: &str| {
        vec![
            place("quay", "walk.md", 0, sighting("Walk", "2026-12-01", vec![page("walk"), path("walk.md")])),
            place("quay", "walk/index.md", 0, sighting(title, "2026-12-01", vec![page("walk"), path("walk/index.md")])),
        ]
    };
    assert_eq!(first(told("Walk")).settled.len(), 1);
    assert_eq!(first(told("Regatta")).settled.len(), 2);
}

#[test]
fn events_that_share_their_only_name_get_an_id_each() {
    let told = (0..2_000).map(|n| {
        place("quay", "feed.xml", n, sighting(&format!("Walk {n}"), "2026-12-01", vec![Key::Guid("x".into())]))
    });
    let changes = first(told.collect());
    let ids: BTreeSet<&EventId> = changes.settled.iter().map(|settled| &settled.event.id).collect();
    assert_eq!(ids.len(), 2_000);
}

#[test]
fn the_order_of_sightings_does_not_matter() {
    let mut told = vec![
        place("town", "a.ics", 0, sighting("Picnic", "2026-12-01", vec![uid("a"), page("picnic")])),
        place("weir", "b.ics", 0, sighting("Picnic", "2026-12-01", vec![uid("a")])),
        place("quay", "picnic.md", 0, sighting("Our picnic", "2026-12-01", vec![page("picnic")])),
        place("quay", "r.md", 0, recap("Picnic", "2026-12-01", vec![path("r.md")])),
    ];
    let one = first(told.clone());
    told.reverse();
    assert_eq!(first(told), one);
}
