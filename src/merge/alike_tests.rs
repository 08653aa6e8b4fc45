use super::tests::{first, only, place, rules, sighting, titles};
use super::*;

/// `title | when | place`, told by a calendar.
fn told(source: &str, index: usize, line: &str) -> Placed {
    let cells: Vec<&str> = line.split('|').map(str::trim).collect();
    let mut sighting = sighting(cells[0], &cells[1][..10], vec![Key::Uid(format!("{index}-of-{source}@town.example"))]);
    if let Some(hour) = cells[1].get(11..16) {
        let start = format!("{}T{hour}:00", &cells[1][..10]);
        sighting.facts.when = match cells[1].get(17..) {
            Some(zone) if !zone.is_empty() => {
                When::Zoned { start: start.parse().unwrap(), end: None, zone: crate::zone::by_name(zone).unwrap() }
            }
            _ => When::Instant { start: format!("{start}Z").parse().unwrap(), end: None },
        };
    }
    let start = crate::zone::start_of(&sighting.facts.when);
    let is_moment = matches!(sighting.facts.when, When::Instant { .. });
    sighting.board_day = is_moment.then(|| crate::zone::to_local(start, &rules().site.zone).date());
    sighting.facts.place.name = cells.get(2).filter(|name| !name.is_empty()).map(|name| (*name).to_owned());
    place(source, &format!("{source}.ics"), index, sighting)
}

#[test]
fn two_sources_that_share_no_name_tell_of_one_event_where_all_agrees() {
    let lantern = "Lantern walk by the river | 2026-12-04 18:30 Europe/Lisbon | Harbour Hall, Lisbon";
    // Another telling, and whether it is of the same event.
    let cases = [
        ("LANTERN WALK BY THE RIVER 🎉 | 2026-12-04 18:30 Europe/Lisbon | Harbour Hall, Lisbon", true),
        ("Reminder: Lantren walk by the river | 2026-12-04 18:30 Europe/Lisbon | Harbour Hall", true),
        ("[Lisbon] Lantern walk by the river | 2026-12-04 18:30 | Lisbon", true),
        ("Lantern walk by the river | 2026-12-04 | Harbour Hall, Lisbon", true),
        ("Lantern walk by the river @ Harbour Hall | 2026-12-04 18:30 Europe/Lisbon |", true),
        ("Lantern walk by the river | 2026-12-04 18:30 Europe/Lisbon | Harbour Hall, Porto", false),
        ("Lantern walk by the river | 2026-12-05 18:30 Europe/Lisbon | Harbour Hall, Lisbon", false),
        ("Net mending | 2026-12-04 18:30 Europe/Lisbon | Harbour Hall, Lisbon", false),
        ("Lantern walk by the river #3 | 2026-12-04 18:30 Europe/Lisbon | Harbour Hall, Lisbon", true),
    ];
    for (other, expected) in cases {
        let changes = first(vec![told("town", 0, lantern), told("weir", 0, other)]);
        assert_eq!(changes.settled.len() == 1, expected, "{other}: {:?}", changes.settled[0].matches);
    }
}

#[test]
fn what_is_known_of_too_little_stays_apart() {
    let two = |a: &str, b: &str| first(vec![told("town", 0, a), told("weir", 0, b)]).settled.len() == 2;
    assert!(two("Coffee hour | 2026-12-04 | ", "Coffee hour | 2026-12-04 |"));
    assert!(two(
        "Workshop | 2026-12-04 10:00 | Harbour Hall, Lisbon",
        "Workshop | 2026-12-04 10:00 | Old Mill, Lisbon"
    ));
    assert!(two(
        "Walkers' Meetup #12 | 2026-12-04 18:00 | Old Mill",
        "Walkers' Meetup #13 | 2026-12-04 18:00 | Old Mill"
    ));
    let series = |line: &str| {
        let mut told = told("weir", 0, line);
        let rules = vec!["FREQ=WEEKLY;BYDAY=FR".to_owned()];
        told.sighting.facts.recurrence = Some(Recurrence { rules, ..Recurrence::default() });
        told
    };
    let line = "Sewing evening for all | 2026-12-04 18:00 Europe/Lisbon | Old Mill, Lisbon";
    assert_eq!(first(vec![told("town", 0, line), series(line)]).settled.len(), 2, "a series and its occurrence");
}

#[test]
fn an_evening_and_its_moment_in_utc_share_a_day_on_the_boards_clock() {
    let mut told = vec![
        told("town", 0, "Night reading at the mill | 2026-07-01 | Old Mill, Lisbon"),
        told("weir", 0, "Night reading at the mill | 2026-07-01 23:30 | Old Mill, Lisbon"),
    ];
    assert_eq!(told[1].sighting.board_day.unwrap().to_string(), "2026-07-02");
    assert_eq!(first(told.clone()).settled.len(), 2, "half past midnight is the day after");
    told[0].sighting.facts.when = When::day("2026-07-02".parse().unwrap());
    assert_eq!(first(told).settled.len(), 1);
}

#[test]
fn a_twin_that_could_be_either_of_two_is_neither() {
    let line = |place: &str| format!("Knots for beginners and friends | 2026-12-04 18:00 Europe/Lisbon | {place}");
    let town = || vec![told("town", 0, &line("Old Mill, Lisbon")), told("town", 1, &line("Harbour Hall, Lisbon"))];
    let either = first([town(), vec![told("weir", 0, &line(""))]].concat());
    assert_eq!(either.settled.len(), 3);
    let mill = first([town(), vec![told("weir", 0, &line("Old Mill"))]].concat());
    assert_eq!(mill.settled.len(), 2);
}

#[test]
fn two_that_are_elsewhere_are_not_joined_through_a_third() {
    let line = |place: &str| format!("Knots for beginners and friends | 2026-12-04 18:00 Europe/Lisbon | {place}");
    let told = vec![told("town", 0, &line("Porto")), told("quay", 0, &line("")), told("weir", 0, &line("Lisbon"))];
    assert_eq!(first(told).settled.len(), 2);
}

#[test]
fn an_announcement_and_its_reminder_in_one_blog_are_one_event() {
    let post = |nth: usize, title: &str| {
        let mut told = told("quay", nth, &format!("{title} | 2026-12-04 18:00 Europe/Lisbon | Old Mill, Lisbon"));
        told.document.key = "feed.xml".into();
        told.sighting.post = Some(nth);
        told
    };
    let told = vec![post(0, "Save the date: Knots and nets evening"), post(1, "Tomorrow: Knots and nets evening")];
    let settled = only(&first(told)).clone();
    assert_eq!(settled.members.len(), 2);
    let reasons: Vec<&str> = settled.matches[0].reasons.iter().map(|reason| reason.text.as_str()).collect();
    assert_eq!(reasons, ["same title", "same moment", "same place", "told by one source"]);
}

#[test]
fn two_meetings_of_one_evening_are_not_joined_by_a_post_about_either() {
    let post = |nth: usize, place: &str| {
        let mut told =
            told("quay", nth, &format!("Knots for beginners and friends | 2026-12-04 18:00 Europe/Lisbon | {place}"));
        told.document.key = "feed.xml".into();
        told.sighting.post = Some(nth);
        told
    };
    let told = vec![post(0, "Old Mill, Porto"), post(1, "Porto"), post(2, "Harbour Hall, Porto")];
    assert_eq!(first(told).settled.len(), 2);
}

#[test]
fn pages_of_one_source_in_two_languages_are_one_event() {
    let page = |key: &str, title: &str, language: &str| {
        let mut told = told("quay", 0, &format!("{title} | 2026-12-04 18:00 Europe/Lisbon | Old Mill, Lisbon"));
        told.document.key = key.into();
        told.sighting.keys = vec![Key::Path(key.into())];
        told.sighting.facts.language = Some(language.into());
        told
    };
    let both = |a: &str, b: &str| {
        first(vec![page(a, "Herbstliche Knotenkunde", "de"), page(b, "Autumn knots", "en")]).settled.len() == 1
    };
    assert!(both("talks/knots.de.md", "talks/knots.en.md") && both("de/knots/index.md", "en/knots/index.md"));
    assert!(!both("talks/knots.de.md", "talks/nets.en.md"));
}

#[test]
fn twins_of_which_one_moves_stay_one_event_and_the_stronger_decides() {
    let line =
        |day: u32| format!("Lantern walk by the river | 2026-12-0{day} 18:30 Europe/Lisbon | Harbour Hall, Lisbon");
    let before = first(vec![told("quay", 0, &line(4)), told("weir", 0, &line(4))]);
    let known = super::tests::known(&before);
    let after = super::tests::settle_at(
        vec![told("quay", 0, &line(5)), told("weir", 0, &line(4))],
        &known,
        "2026-11-02T12:00:00Z",
    );
    let settled = only(&after);
    assert_eq!(settled.event.id, only(&before).event.id);
    assert_eq!(settled.event.facts.status, EventStatus::Moved { from: "2026-12-04".parse().unwrap() });
    assert_eq!((settled.event.revision.sequence, settled.problems.len()), (1, 1));
    let was = settled.revised.clone().unwrap();
    assert_eq!((was.title, was.when.map(|when| when.first_day().to_string())), (None, Some("2026-12-04".to_owned())));
    let known = super::tests::known(&after);
    let back = super::tests::settle_at(
        vec![told("quay", 0, &line(4)), told("weir", 0, &line(4))],
        &known,
        "2026-11-03T12:00:00Z",
    );
    assert_eq!(only(&back).event.facts.status, EventStatus::Scheduled, "moved back");
    assert_eq!(titles(&back).len(), 1);
}

#[test]
fn another_calendars_count_of_rows_is_no_name() {
    let row = |source: &str, title: &str| {
        let mut told = told(source, 0, &format!("{title} | 2026-12-04 18:00 Europe/Lisbon |"));
        told.sighting.keys = vec![Key::Uid("event-1".into())];
        told
    };
    assert_eq!(first(vec![row("town", "Knots"), row("weir", "Choir practice")]).settled.len(), 2);
    assert_eq!(first(vec![row("town", "Knots"), row("weir", "Knots")]).settled.len(), 1);
}
