use super::*;
use chrono::NaiveTime;

fn rules() -> Rules {
    let id = SourceId::new("blog").unwrap();
    let root = Url::parse("https://lake.example/").unwrap();
    let source = SourceRules {
        site: None,
        id: id.clone(),
        title: "Lake blog".into(),
        order: 0,
        priority: 0,
        trust: Trust::Publish,
        link: Some(LinkRule { template: "https://lake.example/{path}/".into(), site_root: root }),
        root: "content".into(),
        tags: [Tag::new("blog").unwrap()].into(),
        place: None,
        zone: None,
        language: None,
        only_tags: BTreeSet::new(),
        without_tags: [Tag::new("internal").unwrap()].into(),
        follow: None,
        records: None,
    };
    Rules {
        site: Site {
            title: "Lake".into(),
            description: None,
            url: Url::parse("https://events.lake.example/").unwrap(),
            language: "en".into(),
            zone: crate::zone::by_name("Europe/Helsinki").unwrap(),
        },
        sources: [(id, source)].into(),
        places: Default::default(),
        overrides: Overrides::default(),
        tag_aliases: [(Tag::new("meet-up").unwrap(), Tag::new("meetup").unwrap())].into(),
        publish_confidence: 0.6,
        vanish_after_runs: 3,
        publish_emails: false,
    }
}

fn document() -> Document {
    Document {
        source: SourceId::new("blog").unwrap(),
        key: "content/walks/spring.md".into(),
        url: None,
        media_type: None,
        bytes: Vec::new(),
        version: String::new(),
        first_seen: None,
    }
}

fn entry() -> Entry {
    Entry {
        keys: vec![Key::Path("content/walks/spring.md".into())],
        title: "Spring walk".into(),
        html: "<p>We walk.</p>".into(),
        published: Some(Stamp::Day("2025-03-01".parse().unwrap())),
        tags: vec!["Meet-Up".into()],
        ..Entry::default()
    }
}

fn read(entry: Entry, extraction: Extraction) -> Reading {
    let (rules, document) = (rules(), document());
    let mut reading = Reading::default();
    normalize(&Context::new(&document, Some(Format::Markdown), &rules).unwrap(), entry, extraction, &mut reading);
    reading
}

fn says(first: &str, last: Option<&str>, quote: &str) -> Extraction {
    let span = TimeSpan { last: last.map(|d| d.parse().unwrap()), ..TimeSpan::day(first.parse().unwrap()) };
    let evidence = Evidence { quote: quote.into(), rule: "test".into(), confidence: 0.9 };
    let statements = vec![Statement { about: About::When(span), evidence }];
    Extraction { found: vec![Found { confidence: 0.9, statements, ..Found::default() }] }
}

fn declares(raw: &str) -> Entry {
    let value = DeclaredValue::Day(raw.parse().unwrap());
    let start = DeclaredTime { field: "startDate".into(), raw: raw.into(), line: 3, value };
    Entry { declared: Declared { start: Some(start), ..Declared::default() }, ..entry() }
}

#[test]
fn a_post_has_an_absolute_address_tags_and_its_authors_offset() {
    let reading = read(entry(), Extraction::default());
    let (keys, post) = &reading.posts[0];
    assert_eq!(post.url.as_ref().unwrap().as_str(), "https://lake.example/walks/spring/");
    assert_eq!(post.tags.iter().map(Tag::as_str).collect::<Vec<_>>(), ["blog", "meetup"]);
    assert_eq!(post.published.unwrap().to_rfc3339(), "2025-03-01T00:00:00+02:00");
    assert_eq!(keys.len(), 2);
    assert!(reading.sightings.is_empty());
}

#[test]
fn the_text_is_believed_against_front_matter_and_both_are_named() {
    let reading = read(declares("2025-03-13"), says("2025-03-14", Some("2025-03-16"), "March 14-16"));
    assert_eq!(reading.sightings[0].facts.when.first_day().to_string(), "2025-03-14");
    let problem = &reading.problems[0];
    assert_eq!((problem.kind, problem.line), (ProblemKind::Contradiction, 3));
    assert!(problem.message.contains("2025-03-13") && problem.message.contains("March 14-16"), "{problem}");
}

#[test]
fn the_text_may_name_the_end_that_front_matter_leaves_open() {
    let reading = read(declares("2025-03-14"), says("2025-03-14", Some("2025-03-16"), "March 14-16"));
    assert_eq!(reading.sightings[0].facts.when.last_day().to_string(), "2025-03-16");
    assert!(reading.problems.is_empty());
}

#[test]
fn what_is_not_sure_goes_to_review() {
    let mut extraction = says("2025-03-14", None, "on the 14th");
    extraction.found[0].confidence = 0.4;
    let reading = read(entry(), extraction);
    assert_eq!((reading.sightings.len(), reading.unsure.len()), (0, 1));
}

#[test]
fn a_draft_and_a_filtered_entry_give_nothing_and_say_why() {
    let draft = Entry { hidden: Some("draft".into()), ..entry() };
    assert_eq!(read(draft, Extraction::default()).skipped.as_deref(), Some("draft"));
    let internal = Entry { tags: vec!["internal".into()], ..entry() };
    let reading = read(internal, says("2025-03-14", None, "x"));
    assert!(reading.posts.is_empty() && reading.sightings.is_empty() && reading.skipped.is_some());
}

#[test]
fn hours_without_a_zone_are_on_the_sites_clock() {
    let mut extraction = says("2025-03-14", None, "14 March at 18:00");
    if let About::When(span) = &mut extraction.found[0].statements[0].about {
        span.from = NaiveTime::from_hms_opt(18, 0, 0);
    }
    let reading = read(entry(), extraction);
    assert!(
        matches!(&reading.sightings[0].facts.when, When::Zoned { zone, end: None, .. } if zone.as_str() == "Europe/Helsinki")
    );
}

#[test]
fn an_end_in_a_year_nobody_means_is_left_out_and_called_by_its_name() {
    let mut entry = declares("2025-03-14");
    let value = DeclaredValue::Day("9999-12-31".parse().unwrap());
    entry.declared.end = Some(DeclaredTime { field: "endDate".into(), raw: "9999-12-31".into(), line: 4, value });
    let reading = read(entry, Extraction::default());
    assert_eq!(reading.sightings[0].facts.when, When::day("2025-03-14".parse().unwrap()));
    let message = &reading.problems[0].message;
    assert_eq!(
        message,
        "expected a day between 1900 and 2199 in `endDate`, but found `9999-12-31`; the end was left out"
    );
    let told = read(self::entry(), says("2025-03-14", Some("9999-12-31"), "14 March to the end of days"));
    assert_eq!(told.sightings, []);
}

#[test]
fn the_names_of_what_is_hidden_are_noted() {
    let reading = read(Entry { hidden: Some("draft".into()), ..entry() }, Extraction::default());
    assert!(reading.hidden[0].contains(&Key::Path("content/walks/spring.md".into())));
}

/// An event at 18:00 in words that may name a zone and a place.
fn evening(day: &str, zone: Option<&str>, place: Option<&str>) -> Extraction {
    let quote = format!("{day} at 18:00{}", zone.map(|zone| format!(" {zone}")).unwrap_or_default());
    let mut extraction = says(day, None, &quote);
    let statements = &mut extraction.found[0].statements;
    if let About::When(span) = &mut statements[0].about {
        (span.from, span.zone) = (NaiveTime::from_hms_opt(18, 0, 0), zone.map(str::to_owned));
    }
    let evidence =
        Evidence { quote: format!("in {}", place.unwrap_or_default()), rule: "test".into(), confidence: 0.8 };
    let about = |name: &str| About::Place { name: Some(name.into()), address: None, room: None };
    statements.extend(place.map(|name| Statement { about: about(name), evidence }));
    extraction
}

/// Start and zone of the only event.
fn clock(reading: &Reading) -> (String, String) {
    match &reading.sightings[0].facts.when {
        When::Zoned { start, zone, .. } => (start.to_string(), zone.to_string()),
        when => (crate::zone::start_of(when).to_string(), "none".into()),
    }
}

fn zone_after(extraction: Extraction) -> String {
    clock(&read(entry(), extraction)).1
}

/// Reads the entry by the rules after a change.
fn read_by(change: impl Fn(&mut SourceRules), entry: Entry, extraction: Extraction) -> Reading {
    let (mut rules, document) = (rules(), document());
    rules.sources.values_mut().for_each(change);
    let mut reading = Reading::default();
    normalize(&Context::new(&document, Some(Format::Markdown), &rules).unwrap(), entry, extraction, &mut reading);
    reading
}

#[test]
fn hours_without_a_zone_are_on_the_clock_of_the_town_and_the_evidence_says_so() {
    let reading = read(entry(), evening("2025-03-14", None, Some("Harbour Hall, Lisbon, Portugal")));
    assert_eq!(clock(&reading), ("2025-03-14 18:00:00".into(), "Europe/Lisbon".into()));
    let facts = &reading.sightings[0].facts;
    let zone = &facts.provenance["zone"].evidence;
    assert_eq!((zone.quote.as_str(), zone.rule.as_str()), ("Harbour Hall, Lisbon, Portugal", "zone of the place"));
    assert_eq!(facts.provenance["coordinates"].evidence.rule, "gazetteer");
    let at = facts.place.coordinates.unwrap();
    assert!((at.latitude - 38.72).abs() < 0.1 && (at.longitude + 9.14).abs() < 0.1, "{at:?}");
}

#[test]
fn the_texts_own_zone_comes_before_the_place_and_the_place_before_source_and_site() {
    assert_eq!(zone_after(evening("2025-03-14", Some("CET"), Some("Lisbon, Portugal"))), "Europe/Berlin");
    assert_eq!(zone_after(evening("2025-03-14", Some("UTC"), Some("Lisbon, Portugal"))), "none");
    assert_eq!(zone_after(evening("2025-03-14", None, Some("Nowhereby"))), "Europe/Helsinki");
    assert_eq!(zone_after(evening("2025-03-14", None, Some("Nowhereby, Denmark"))), "Europe/Copenhagen");
    let madrid = |source: &mut SourceRules| source.zone = crate::zone::by_name("Europe/Madrid");
    let by_source = |place| clock(&read_by(madrid, entry(), evening("2025-03-14", None, place))).1;
    assert_eq!(
        (by_source(None).as_str(), by_source(Some("Lisbon, Portugal")).as_str()),
        ("Europe/Madrid", "Europe/Lisbon")
    );
    let reading = read(entry(), evening("2025-03-14", Some("CET"), Some("Lisbon, Portugal")));
    assert!(!reading.sightings[0].facts.provenance.contains_key("zone"));
}

#[test]
fn a_default_place_gives_its_zone_unless_the_source_has_its_own() {
    let lisbon = |source: &mut SourceRules| source.place = Some("Lisbon, Portugal".into());
    let both = |source: &mut SourceRules| {
        source.place = Some("Lisbon, Portugal".into());
        source.zone = crate::zone::by_name("Europe/Madrid");
    };
    assert_eq!(clock(&read_by(lisbon, entry(), evening("2025-03-14", None, None))).1, "Europe/Lisbon");
    assert_eq!(clock(&read_by(both, entry(), evening("2025-03-14", None, None))).1, "Europe/Madrid");
}

#[test]
fn what_is_online_only_takes_no_zone_from_a_place() {
    let mut extraction = evening("2025-03-14", None, Some("Lisbon, Portugal"));
    let evidence = Evidence { quote: "online".into(), rule: "test".into(), confidence: 0.9 };
    extraction.found[0].statements.push(Statement { about: About::Attendance(Attendance::Online), evidence });
    let reading = read(entry(), extraction);
    assert_eq!(clock(&reading).1, "Europe/Helsinki");
    assert_eq!(reading.sightings[0].facts.place.coordinates, None);
}

#[test]
fn a_days_zone_and_a_deadlines_zone_are_not_the_places() {
    let mut extraction = evening("2025-03-14", None, Some("Lisbon, Portugal"));
    let span = TimeSpan { from: NaiveTime::from_hms_opt(12, 0, 0), ..TimeSpan::day("2025-03-10".parse().unwrap()) };
    let evidence = Evidence { quote: "by 10 March, noon".into(), rule: "test".into(), confidence: 0.9 };
    let session = About::Session { title: "Knots".into(), at: span.clone(), speaker: None };
    let deadline = About::Deadline { kind: DeadlineKind::Registration, at: span };
    let told = [session, deadline].map(|about| Statement { about, evidence: evidence.clone() });
    extraction.found[0].statements.extend(told);
    let facts = &read(entry(), extraction).sightings[0].facts;
    let zone = |when: &When| if let When::Zoned { zone, .. } = when { zone.to_string() } else { String::new() };
    assert_eq!(zone(&facts.sessions[0].when), "Europe/Lisbon");
    assert_eq!(zone(&facts.deadlines[0].at), "Europe/Helsinki");
    let mut bare = says("2025-03-14", None, "14 March");
    bare.found[0].statements.extend(evening("2025-03-14", None, Some("Lisbon, Portugal")).found[0].statements.pop());
    assert!(!read(entry(), bare).sightings[0].facts.provenance.contains_key("zone"));
}

fn declares_hour(value: DeclaredValue, place: &str) -> Entry {
    let start = DeclaredTime { field: "start".into(), raw: "2025-07-14 18:00".into(), line: 3, value };
    let declared = Declared { start: Some(start), place: Some(place.into()), ..Declared::default() };
    Entry { declared, ..entry() }
}

#[test]
fn declared_hours_are_on_the_places_clock_unless_a_zone_is_declared() {
    let local = DeclaredValue::Local("2025-07-14T18:00:00".parse().unwrap());
    let mut entry = declares_hour(local, "Lisbon, Portugal");
    let reading = read(entry.clone(), Extraction::default());
    assert_eq!(clock(&reading).1, "Europe/Lisbon");
    assert_eq!(reading.sightings[0].facts.provenance["zone"].evidence.quote, "Lisbon, Portugal");
    entry.declared.zone = Some("Europe/Rome".into());
    let reading = read(entry, Extraction::default());
    assert_eq!(clock(&reading).1, "Europe/Rome");
    assert!(!reading.sightings[0].facts.provenance.contains_key("zone"));
    let offset = |text: &str| DeclaredValue::At(text.parse().unwrap());
    let zone = |text| clock(&read(declares_hour(offset(text), "Lisbon, Portugal"), Extraction::default())).1;
    assert_eq!(zone("2025-07-14T18:00:00+01:00"), "Europe/Lisbon");
    assert_eq!(zone("2025-07-14T18:00:00+03:00"), "Europe/Helsinki");
    assert_eq!(zone("2025-07-14T18:00:00+09:00"), "none");
}

#[test]
fn declared_coordinates_stay() {
    let mut entry = declares("2025-03-14");
    entry.declared.place = Some("Lisbon, Portugal".into());
    entry.declared.coordinates = Some((38.5, -9.0));
    let facts = &read(entry, Extraction::default()).sightings[0].facts;
    assert_eq!(facts.place.coordinates, Some(Coordinates { latitude: 38.5, longitude: -9.0 }));
    assert!(!facts.provenance.contains_key("coordinates"));
}

fn told(extraction: Extraction) -> Vec<String> {
    read(entry(), extraction).problems.iter().map(|problem| problem.to_string()).collect()
}

#[test]
fn a_zone_word_of_the_wrong_half_of_the_year_means_clock_time_and_is_told() {
    let summer = evening("2025-07-14", Some("CET"), None);
    assert_eq!(clock(&read(entry(), summer.clone())), ("2025-07-14 18:00:00".into(), "Europe/Berlin".into()));
    assert_eq!(
        told(summer),
        [
            "blog: content/walks/spring.md: expected `CEST` on 2025-07-14, but found `CET` in `2025-07-14 at 18:00 CET`; \
          understood as clock time in Europe/Berlin\n  hint: write `CEST`, or `UTC+01:00` if that is what is meant"
        ]
    );
    for (day, word) in [("2025-01-14", "CEST"), ("2025-01-14", "MESZ"), ("2025-07-14", "EST"), ("2025-01-14", "PDT")] {
        assert_eq!(told(evening(day, Some(word), None)).len(), 1, "{word}");
    }
    for (day, word) in [("2025-07-14", "CEST"), ("2025-07-14", "CET/CEST"), ("2025-07-14", "ET"), ("2025-07-14", "GMT")]
    {
        assert_eq!(told(evening(day, Some(word), None)), [""; 0], "{word}");
    }
}

#[test]
fn british_words_are_british_where_the_place_is() {
    let zone = |day, word, place| clock(&read(entry(), evening(day, Some(word), place)));
    let london = Some("London, UK");
    assert_eq!(zone("2025-07-14", "GMT", london), ("2025-07-14 18:00:00".into(), "Europe/London".into()));
    assert_eq!(zone("2025-07-14", "GMT", None), ("2025-07-14 18:00:00 UTC".into(), "none".into()));
    assert_eq!(zone("2025-07-14", "GMT", Some("Lisbon, Portugal")).1, "none");
    assert_eq!(told(evening("2025-07-14", Some("GMT"), london)).len(), 1);
    assert_eq!(told(evening("2025-01-14", Some("GMT"), london)), [""; 0]);
    assert_eq!(told(evening("2025-01-14", Some("BST"), london)).len(), 1);
    assert_eq!(told(evening("2025-01-14", Some("BST"), None)), [""; 0]);
}

#[test]
fn a_place_whose_clocks_show_what_the_word_says_is_believed() {
    for (word, place, zone) in [
        ("MST", "Phoenix, Arizona", "America/Phoenix"),
        ("CST", "San José, Costa Rica", "America/Costa_Rica"),
        ("EST", "Boston, MA", "America/New_York"),
    ] {
        assert_eq!(zone_after(evening("2025-07-14", Some(word), Some(place))), zone, "{word}");
        assert_eq!(told(evening("2025-07-14", Some(word), Some(place))).len(), usize::from(word == "EST"), "{word}");
    }
    assert_eq!(told(evening("2025-01-14", Some("AEST"), Some("Brisbane, Australia"))), [""; 0]);
}

#[test]
fn zone_words_are_told_once_a_document_and_never_of_what_is_not_sure() {
    let mut extraction = evening("2025-07-14", Some("CET"), None);
    extraction.found.extend(evening("2025-07-21", Some("CET"), None).found);
    assert_eq!(told(extraction.clone()).len(), 1);
    extraction.found.iter_mut().for_each(|found| found.confidence = 0.3);
    assert_eq!(told(extraction), [""; 0]);
}

fn repeating(zone: Option<&str>, from: Option<&str>) -> Extraction {
    let about = About::Repeats {
        rule: "FREQ=WEEKLY;BYDAY=WE;UNTIL=20250702".into(),
        from: from.map(|from| from.parse().unwrap()),
        to: None,
        zone: zone.map(str::to_owned),
        first: None,
        except: vec!["2025-03-19".parse().unwrap()],
    };
    let mut extraction = evening("2025-03-14", None, Some("Lisbon, Portugal"));
    extraction.found[0].statements[0].about = about;
    extraction
}

#[test]
fn a_repetition_is_on_the_places_clock_and_leaves_out_what_it_excepts() {
    let series = |zone, from| {
        let reading = read(entry(), repeating(zone, from));
        let facts = &reading.sightings[0].facts;
        (facts.when.clone(), facts.recurrence.as_ref().unwrap().except.clone(), reading.problems.len())
    };
    let at = |text: &str| text.parse::<chrono::NaiveDateTime>().unwrap();
    let zone = crate::zone::by_name("Europe/Lisbon").unwrap();
    let (when, except, _) = series(None, Some("13:00:00"));
    assert_eq!(when, When::Zoned { start: at("2025-03-05T13:00:00"), end: None, zone });
    assert_eq!(except, [Moment::Local(at("2025-03-19T13:00:00"))]);
    let (when, except, problems) = series(Some("UTC+3"), Some("01:00:00"));
    assert_eq!(when, When::Instant { start: at("2025-03-04T22:00:00").and_utc(), end: None });
    assert_eq!((except, problems), (vec![Moment::At(at("2025-03-18T22:00:00").and_utc())], 0));
    assert_eq!(series(None, None).1, [Moment::Day("2025-03-19".parse().unwrap())]);
    assert_eq!(series(Some("CEST"), Some("13:00:00")).2, 0);
}
