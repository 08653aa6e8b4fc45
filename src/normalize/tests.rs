use super::*;
use chrono::NaiveTime;

fn rules() -> Rules {
    let id = SourceId::new("blog").unwrap();
    let root = Url::parse("https://lake.example/").unwrap();
    let source = SourceRules {
        id: id.clone(),
        title: "Lake blog".into(),
        order: 0,
        priority: 0,
        link: Some(LinkRule { template: "https://lake.example/{path}/".into(), site_root: root }),
        root: "content".into(),
        tags: [Tag::new("blog").unwrap()].into(),
        place: None,
        zone: None,
        language: None,
        only_tags: BTreeSet::new(),
        without_tags: [Tag::new("internal").unwrap()].into(),
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
    Extraction { found: vec![Found { confidence: 0.9, statements, ..Found::default() }], ..Extraction::default() }
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
