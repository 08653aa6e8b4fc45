//! A small invented board for the tests of this room.

use super::{Artifact, Publisher, Slice, SliceKind, SliceLink, View};
use crate::model::*;
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Utc};
use std::io;
use url::Url;

/// A board held in memory.
pub struct Board {
    pub view: View,
    pub posts: Vec<Post>,
    pub events: Vec<Event>,
}

impl Slice for Board {
    fn view(&self) -> &View {
        &self.view
    }

    fn posts(&mut self, limit: usize, each: &mut dyn FnMut(&Post) -> io::Result<()>) -> io::Result<()> {
        self.posts.iter().take(limit).try_for_each(each)
    }

    fn every_post(&mut self, each: &mut dyn FnMut(&Post) -> io::Result<()>) -> io::Result<()> {
        self.posts.iter().try_for_each(each)
    }

    fn events(&mut self, each: &mut dyn FnMut(&Event) -> io::Result<()>) -> io::Result<()> {
        self.events.iter().try_for_each(each)
    }
}

impl Board {
    /// What a publisher makes of it.
    pub fn render(&mut self, publisher: &dyn Publisher) -> String {
        let artifact = publisher.artifacts()[0];
        self.render_artifact(publisher, &artifact)
    }

    pub fn render_artifact(&mut self, publisher: &dyn Publisher, artifact: &Artifact) -> String {
        let mut out = Vec::new();
        publisher.render(artifact, self, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }
}

/// A board without anything on it, on 20 March 2025.
pub fn empty_board() -> Board {
    let url = Url::parse("https://board.example/").unwrap();
    let site = Site {
        title: "Turku Makers".into(),
        description: Some("What makers & menders do in Turku".into()),
        url: url.clone(),
        language: "en".into(),
        zone: ZoneId::checked("Europe/Helsinki"),
    };
    let publish = ["atom", "rss", "json", "icalendar", "events-json", "page"].map(str::to_owned).to_vec();
    let slices = vec![
        SliceLink { kind: SliceKind::Tag(tag("mending")), folder: "tags/mending/".into() },
        SliceLink { kind: SliceKind::Source(source(), "Our blog".into()), folder: "sources/blog/".into() },
    ];
    let view = View {
        site,
        kind: SliceKind::Board,
        base: url,
        today: day(20),
        posts_updated: None,
        publish,
        slices,
        publish_emails: false,
    };
    Board { view, posts: Vec::new(), events: Vec::new() }
}

/// A board with one post and one event.
pub fn small_board() -> Board {
    let mut board = empty_board();
    board.posts.push(post("Mending evening: bring socks & tea", 1));
    board.view.posts_updated = Some(at("2025-03-02T08:30:00Z"));
    board.events.push(event("Mending evening", When::AllDay { first: day(28), last: day(30) }));
    board
}

pub fn post(title: &str, n: u32) -> Post {
    Post {
        id: PostId::at_first_sight(&source(), "path:mending.md", n),
        source: source(),
        facts: PostFacts {
            title: title.into(),
            summary: Some("Bring what is torn.".into()),
            html: CleanHtml::sanitised("<p>Bring <b>socks</b> ]]&gt; &amp; a needle.</p>".into()),
            url: Some(Url::parse("https://makers.example/mending/").unwrap()),
            published: Some(local("2025-03-01T09:00:00+02:00")),
            author_updated: None,
            authors: vec![Person { name: "Aino Salo".into(), email: Some("aino@makers.example".into()), url: None }],
            tags: vec![tag("mending")],
            images: vec![],
            language: None,
        },
        first_seen: at("2025-03-01T10:00:00Z"),
        updated: local("2025-03-02T10:30:00+02:00"),
    }
}

pub fn event(title: &str, when: When) -> Event {
    Event {
        id: EventId::at_first_sight(&source(), title, 0),
        facts: Facts {
            title: title.into(),
            summary: None,
            html: CleanHtml::sanitised("<p>Bring socks, needles; tea.</p>".into()),
            when,
            recurrence: None,
            place: Place {
                name: Some("Harbour Hall".into()),
                coordinates: Some(Coordinates { latitude: 60.45, longitude: 22.25 }),
                ..Place::default()
            },
            status: EventStatus::Scheduled,
            deadlines: vec![],
            sessions: vec![],
            organizers: vec![Person {
                name: "Aino \"A\" Salo".into(),
                email: Some("aino@makers.example".into()),
                url: None,
            }],
            tags: vec![tag("mending")],
            links: EventLinks {
                page: Some(Url::parse("https://makers.example/mending/").unwrap()),
                ..EventLinks::default()
            },
            images: vec![],
            language: None,
            provenance: Default::default(),
        },
        announced_in: vec![],
        recapped_in: vec![],
        sources: vec![source()],
        revision: Revision {
            first_seen: at("2025-03-01T10:00:00Z"),
            last_changed: at("2025-03-02T08:30:00Z"),
            sequence: 1,
            verdict: Verdict::Announcement,
        },
        vanished: false,
    }
}

/// An evening on Helsinki's clock.
pub fn evening(d: u32) -> When {
    let hour = |h| day(d).and_hms_opt(h, 0, 0);
    When::Zoned { start: hour(18).unwrap(), end: hour(20), zone: ZoneId::checked("Europe/Helsinki") }
}

/// A day of March 2025.
pub fn day(d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 3, d).unwrap()
}

pub fn time(d: u32, hour: u32) -> NaiveDateTime {
    day(d).and_hms_opt(hour, 0, 0).unwrap()
}

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub fn local(text: &str) -> DateTime<FixedOffset> {
    text.parse().unwrap()
}

pub fn tag(text: &str) -> Tag {
    Tag::new(text).unwrap()
}

pub fn source() -> SourceId {
    SourceId::new("blog").unwrap()
}
