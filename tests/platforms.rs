//! What platforms publish, on its whole way to posts and events; and the guide to them.

use noticeboard::compose::digest;
use noticeboard::config::{self, Settings};
use noticeboard::model::{Document, Reading, When};
use std::path::Path;

const SITE: &str = "[site]\ntitle = \"Ponds\"\nurl = \"https://board.example/\"\ntime_zone = \"Europe/Helsinki\"\nlanguage = \"en\"\n\n";

fn settings(sources: &str) -> Settings {
    let text = format!("{SITE}{sources}");
    config::parse(&text, Path::new("noticeboard.toml"), Path::new("/srv/board"))
        .unwrap_or_else(|error| panic!("{error}\n{sources}"))
}

/// What is read of a document that the first of these sources sent.
fn reading(sources: &str, address: &str, media_type: &str, text: &str) -> Reading {
    let settings = settings(sources);
    let document = Document {
        source: settings.sources[0].id.clone(),
        key: address.to_owned(),
        url: url::Url::parse(address).ok(),
        media_type: Some(media_type.to_owned()),
        bytes: text.as_bytes().to_vec(),
        version: String::new(),
        first_seen: Some("2027-03-01T12:00:00Z".parse().unwrap()),
    };
    digest(&document, &settings.rules)
}

fn source(address: &str) -> String {
    format!("[[source]]\nid = \"a\"\nfrom.http = {{ url = \"{address}\" }}\n")
}

const NOTES: [&str; 4] = [
    "<h2>What's new</h2><p>Join us for the release party on 5 May 2027 at 19:00 in Turku, Finland!</p>",
    "<p>Support for 1.x ends on 30 June 2027. The next meeting takes place on 12 May 2027 at 18:00 CET.</p>",
    "<ul><li>2027-05-04: fixed the clock</li><li>2027-05-05: fixed it again</li></ul>",
    "<p>Every first Thursday of the month at 19:00 we sort issues together.</p>",
];

#[test]
fn a_release_is_a_post_whatever_days_its_notes_name() {
    let links = [
        "https://github.com/ponds/nets/releases/tag/v1.2.3",
        "https://gitlab.example/ponds/deep/nets/-/releases/v1.2.3",
        "https://codeberg.org/ponds/nets/releases/tag/v1.2.3",
    ];
    for (link, title) in links.iter().zip(["v1.2.3", "Nets 1.2.3: spring meeting on 5 May 2027", "Release party"]) {
        for notes in NOTES {
            let notes = notes.replace('<', "&lt;").replace('>', "&gt;");
            let feed = format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?><feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en-US\"><id>tag:x,2008:r</id>\
                 <title>Release notes from nets</title><updated>2027-04-01T10:00:00Z</updated><entry><id>tag:x,2008:r/1</id>\
                 <updated>2027-04-01T10:00:00Z</updated><link rel=\"alternate\" type=\"text/html\" href=\"{link}\"/><title>{title}</title>\
                 <content type=\"html\">{notes}</content><author><name>ada</name></author></entry></feed>"
            );
            let read = reading(
                &source("https://x.example/releases.atom"),
                "https://x.example/releases.atom",
                "application/atom+xml",
                &feed,
            );
            assert_eq!(read.posts.len(), 1, "{link}: {:?}", read.skipped);
            assert_eq!(read.posts[0].1.title, title);
            assert!(read.sightings.is_empty() && read.unsure.is_empty(), "{link}: {notes}");
        }
    }
}

#[test]
fn a_programme_is_an_event_with_sessions_in_the_zone_of_the_conference() {
    let text = r#"{"schedule": {"version": "1", "conference": {"acronym": "kelp", "title": "Kelp Congress", "start": "2027-05-07", "end": "2027-05-08",
        "time_zone_name": "Europe/Lisbon", "url": "https://kelp.example/", "days": [{"index": 1, "date": "2027-05-07", "rooms": {"Cove": [
        {"date": "2027-05-07T11:00:00+01:00", "start": "11:00", "duration": "00:45", "title": "Nets", "persons": [{"name": "Ana Lima"}]}]}}]}}}"#;
    let read = reading(&source("https://kelp.example/s.json"), "https://kelp.example/s.json", "application/json", text);
    assert_eq!((read.problems.as_slice(), read.sightings.len(), read.posts.len()), ([].as_slice(), 1, 0));
    let facts = &read.sightings[0].facts;
    let day = |text: &str| text.parse().unwrap();
    assert_eq!(facts.when, When::AllDay { first: day("2027-05-07"), last: day("2027-05-08") });
    let [session] = facts.sessions.as_slice() else { panic!("{:?}", facts.sessions) };
    assert_eq!(
        (session.title.as_str(), session.speaker.as_deref(), session.room.as_deref()),
        ("Nets", Some("Ana Lima"), Some("Cove"))
    );
    match &session.when {
        When::Zoned { start, end: Some(end), zone } => {
            assert_eq!(
                (start.to_string().as_str(), end.to_string().as_str()),
                ("2027-05-07 11:00:00", "2027-05-07 11:45:00")
            );
            assert_eq!(zone.as_str(), "Europe/Lisbon");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(facts.summary, None);
    assert!(facts.html.as_str().contains("<td>Ana Lima</td>"), "{}", facts.html.as_str());
}

#[test]
fn events_as_data_get_their_pages_from_the_link_rule() {
    let sources =
        format!("{}link = \"https://gancio.example/event/{{slug}}\"\n", source("https://gancio.example/api/events"));
    let text = r#"[{"id": 7, "title": "Bat walk", "slug": "bat-walk", "start_datetime": 1809450000}]"#;
    let read = reading(&sources, "https://gancio.example/api/events", "application/json", text);
    let page = read.sightings[0].facts.links.page.as_ref().map(ToString::to_string);
    assert_eq!(page.as_deref(), Some("https://gancio.example/event/bat-walk"));
}

#[test]
fn a_page_of_a_platform_is_followed_to_what_the_config_allows() {
    let page = "<title>Ponds</title><p>A group.</p>";
    let at = "https://www.meetup.com/turku-ponds/";
    let read = reading(&source(at), at, "text/html", page);
    let urls: Vec<String> = read.offer.iter().flat_map(|offer| &offer.urls).map(ToString::to_string).collect();
    assert_eq!(urls, ["https://www.meetup.com/turku-ponds/events/ical/"]);
    let sources = source(at).replace(" }", ", follow = [\"feed\"] }");
    assert!(reading(&sources, at, "text/html", page).offer.is_none());
}

#[test]
fn every_source_of_the_guide_to_platforms_is_sound() {
    let guide = include_str!("../config/platforms.md");
    let blocks: Vec<&str> = guide.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    let sections = guide.matches("\n## ").count();
    assert!(sections >= 10 && blocks.len() == sections, "{} blocks in {sections} sections", blocks.len());
    let all = settings(&blocks.concat());
    assert_eq!(all.sources.len(), guide.matches("[[source]]").count(), "ids are told apart");
    assert!(include_str!("../README.md").contains("(config/platforms.md)"), "README.md does not lead to the guide");
}
