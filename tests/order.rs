//! Any order and any cut of the same documents into runs ends in the same board.

mod common;

use common::{Board, post};
use noticeboard::compose::{Known, compose};
use noticeboard::config::{self, Settings};
use noticeboard::model::{self, Document, Event, Post, PostId, SourceId};
use noticeboard::pipeline::{self, Options};
use noticeboard::publish::{Slice, SliceKind, View};
use noticeboard::store::{Store, StoreSlice};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

const SOURCES: &str = r#"
[[source]]
id = "quay"
from.directory = { path = "quay" }
link = "https://quay.example/{path}/"
priority = 1
tags = ["quay"]

[[source]]
id = "weir"
from.directory = { path = "weir" }
link = "https://weir.example/notes/{path}/"

[[source]]
id = "town"
from.directory = { path = "town" }
"#;

const NOW: &str = "2026-12-01T12:00:00Z";

/// A document of one of the sources: its path below the board, and its text.
type Told = (String, String);

/// What is compared of an event: all but its revision. Posts go by their address, as who was first gives the id.
#[derive(Debug, Clone, PartialEq)]
struct SeenEvent {
    event: Event,
    /// `None` where the event has several sources, or a page that names others too: then who was first gives the id.
    id: Option<String>,
    announced_in: Vec<String>,
}

/// What is compared of a post.
#[derive(Debug, Clone, PartialEq)]
struct SeenPost {
    facts: model::PostFacts,
    source: SourceId,
}

#[derive(Debug, PartialEq)]
struct Seen {
    events: Vec<SeenEvent>,
    posts: Vec<SeenPost>,
    /// Slice → titles of what it shows.
    slices: BTreeMap<String, (Vec<String>, Vec<String>)>,
}

fn seen(events: Vec<Event>, posts: &[Post], told_in: &dyn Fn(&PostId) -> BTreeSet<SourceId>) -> Seen {
    let address: BTreeMap<&PostId, String> = posts
        .iter()
        .map(|post| (&post.id, post.facts.url.as_ref().map_or_else(|| post.facts.title.clone(), |url| url.to_string())))
        .collect();
    let mut slices: BTreeMap<String, (Vec<String>, Vec<String>)> = BTreeMap::new();
    for post in posts {
        let tags = post.facts.tags.iter().map(|tag| format!("tag {tag}"));
        for slice in tags.chain(told_in(&post.id).iter().map(|id| format!("source {id}"))) {
            slices.entry(slice).or_default().0.push(post.facts.title.clone());
        }
    }
    for event in &events {
        let tags = event.facts.tags.iter().map(|tag| format!("tag {tag}"));
        for slice in tags.chain(event.sources.iter().map(|id| format!("source {id}"))) {
            slices.entry(slice).or_default().1.push(event.facts.title.clone());
        }
    }
    slices.values_mut().for_each(|(posts, events)| {
        posts.sort();
        events.sort();
    });
    let moment = NOW.parse().unwrap();
    let revision = model::Revision {
        first_seen: moment,
        last_changed: moment,
        sequence: 0,
        verdict: model::Verdict::Announcement,
    };
    let mut of_page: BTreeMap<Option<url::Url>, usize> = BTreeMap::new();
    for event in &events {
        *of_page.entry(event.facts.links.page.clone()).or_default() += usize::from(event.facts.links.page.is_some());
    }
    of_page.insert(None, 1);
    let mut events: Vec<SeenEvent> = events
        .into_iter()
        .map(|mut event| {
            // That it moved is its history.
            if let model::EventStatus::Moved { .. } = event.facts.status {
                event.facts.status = model::EventStatus::Scheduled;
            }
            let mut announced_in: Vec<String> = event
                .announced_in
                .iter()
                .map(|id| address.get(id).cloned().unwrap_or_else(|| format!("nobody's {id}")))
                .collect();
            announced_in.sort();
            let alone = event.sources.len() == 1 && of_page[&event.facts.links.page] == 1;
            let id = alone.then(|| event.id.to_string());
            let event = Event {
                id: model::EventId::from_text(""),
                announced_in: Vec::new(),
                revision: revision.clone(),
                ..event
            };
            SeenEvent { event, id, announced_in }
        })
        .collect();
    events.sort_by_cached_key(|seen| format!("{seen:?}"));
    let mut posts: Vec<SeenPost> =
        posts.iter().map(|post| SeenPost { facts: post.facts.clone(), source: post.source.clone() }).collect();
    posts.sort_by_cached_key(|seen| format!("{seen:?}"));
    Seen { events, posts, slices }
}

fn settings(board: &Board) -> Settings {
    config::load(&board.path("noticeboard.toml")).unwrap()
}

/// The board by one call of the library.
fn composed(settings: &Settings, documents: &[Told]) -> Seen {
    let now = NOW.parse().unwrap();
    let documents: Vec<Document> = documents
        .iter()
        .map(|(path, text)| {
            let (source, key) = path.split_once('/').unwrap();
            Document {
                source: SourceId::new(source).unwrap(),
                key: key.to_owned(),
                url: None,
                media_type: None,
                bytes: text.clone().into_bytes(),
                version: String::new(),
                first_seen: Some(now),
            }
        })
        .collect();
    let (board, _) = compose(&documents, &Known::default(), &settings.rules, now);
    let told_in = |id: &PostId| {
        // The same address in another source is the same post.
        let url = board.posts.iter().find(|post| post.id == *id).and_then(|post| post.facts.url.clone());
        let tells = |document: &&Document| {
            let reading = noticeboard::compose::digest(document, &settings.rules);
            reading.posts.iter().any(|(_, facts)| facts.url == url)
        };
        documents.iter().filter(tells).map(|document| document.source.clone()).collect()
    };
    seen(board.events.clone(), &board.posts, &told_in)
}

fn run(settings: &Settings, now: &str) -> noticeboard::report::Report {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(pipeline::run(settings, &Options::at(now.parse().unwrap()))).unwrap()
}

/// What the store shows in a slice.
fn slice(settings: &Settings, store: &Store, kind: SliceKind) -> (Vec<Post>, Vec<Event>) {
    let view = View {
        site: settings.rules.site.clone(),
        base: settings.rules.site.url.clone(),
        kind,
        today: "2026-12-01".parse().unwrap(),
        posts_updated: None,
        publish: Vec::new(),
        slices: Vec::new(),
        publish_emails: false,
    };
    let mut slice = StoreSlice { store, view };
    let (mut posts, mut events) = (Vec::new(), Vec::new());
    slice
        .posts(usize::MAX, &mut |post| {
            let _: () = posts.push(post.clone());
            Ok(())
        })
        .unwrap();
    slice
        .events(&mut |event| {
            let _: () = events.push(event.clone());
            Ok(())
        })
        .unwrap();
    (posts, events)
}

/// The board as the store shows it after some runs; its slices are what the store's slices hold.
fn stored(settings: &Settings) -> Seen {
    let store = Store::open(&settings.store).unwrap();
    let (posts, events) = slice(settings, &store, SliceKind::Board);
    let mut slices = BTreeMap::new();
    let mut note = |name: String, kind: SliceKind| {
        let (posts, events) = slice(settings, &store, kind);
        let mut titles = (
            posts.into_iter().map(|post| post.facts.title).collect::<Vec<_>>(),
            events.into_iter().map(|event| event.facts.title).collect::<Vec<_>>(),
        );
        titles.0.sort();
        titles.1.sort();
        if titles != (Vec::new(), Vec::new()) {
            slices.insert(name, titles);
        }
    };
    for tag in store.tags().unwrap() {
        note(format!("tag {tag}"), SliceKind::Tag(tag));
    }
    for source in &settings.sources {
        note(format!("source {}", source.id), SliceKind::Source(source.id.clone(), String::new()));
    }
    Seen { slices, ..seen(events, &posts, &|_| BTreeSet::new()) }
}

/// Where two boards differ, in words short enough to read.
fn difference(cut: &Seen, whole: &Seen) -> Option<String> {
    let only = |a: &[SeenEvent], b: &[SeenEvent]| {
        a.iter().filter(|event| !b.contains(event)).map(|event| format!("\n  {event:?}")).collect::<String>()
    };
    let only_posts = |a: &[SeenPost], b: &[SeenPost]| {
        a.iter().filter(|post| !b.contains(post)).map(|post| format!("\n  {post:?}")).collect::<String>()
    };
    (cut != whole).then(|| {
        format!(
            "in runs only:{}{}\nat once only:{}{}\nslices in runs: {:?}\nslices at once: {:?}",
            only(&cut.events, &whole.events),
            only_posts(&cut.posts, &whole.posts),
            only(&whole.events, &cut.events),
            only_posts(&whole.posts, &cut.posts),
            cut.slices,
            whole.slices
        )
    })
}

/// Runs after each group of documents has been added.
fn told_in_runs(board: &Board, runs: &[Vec<Told>]) -> Seen {
    let settings = settings(board);
    for source in ["quay", "weir", "town"] {
        fs::create_dir_all(board.path(source)).unwrap();
    }
    for (hour, documents) in runs.iter().enumerate() {
        documents.iter().for_each(|(path, text)| board.write(path, text));
        run(&settings, &format!("2026-12-01T{:02}:00:00Z", 12 + hour));
    }
    stored(&settings)
}

/// Documents of a small world where sources share addresses, UIDs, days and titles, and link to each other.
fn document() -> impl Strategy<Value = Told> {
    let title =
        prop_oneof![Just("Harbour picnic"), Just("Weir clean-up"), Just("Net mending"), Just("Harbour picnics")];
    let day = 1..4u32;
    prop_oneof![markdown(title.clone(), day.clone()), calendar(title.clone(), day.clone()), feed(title, day)]
}

fn markdown(title: impl Strategy<Value = &'static str>, day: std::ops::Range<u32>) -> impl Strategy<Value = Told> {
    let address = prop_oneof![
        3 => Just(String::new()),
        2 => (0..3u8).prop_map(|n| format!("url: https://quay.example/shared-{n}/\n")),
    ];
    let event = prop_oneof![
        1 => Just(String::new()),
        3 => (day, prop::bool::ANY, prop::bool::ANY).prop_map(|(day, timed, place)| {
            let hour = if timed { "T18:30:00" } else { "" };
            let place = if place { "address: \"Pier 3\"\n" } else { "" };
            format!("startDate: 2027-02-0{day}{hour}\n{place}")
        }),
    ];
    let tag = prop_oneof![Just(""), Just("tags: [picnic]\n"), Just("tags: [water, picnic]\n")];
    let link =
        prop_oneof![Just(""), Just(" See [more](note-1/)."), Just(" See [more](shared-1/) and [less](/note-2/).")];
    let place = (prop_oneof![Just("quay"), Just("weir")], 0..4u8);
    (place, title, address, event, tag, link).prop_map(|((source, n), title, address, event, tag, link)| {
        let text =
            post(title, "2026-11-05T10:00:00Z", &format!("{address}{tag}{event}"), &format!("Bring gloves.{link}"));
        (format!("{source}/note-{n}.md"), text)
    })
}

fn calendar(title: impl Strategy<Value = &'static str>, day: std::ops::Range<u32>) -> impl Strategy<Value = Told> {
    let event = (0..3u8, title, day, prop::option::of(0..3u8), prop::bool::ANY);
    let source = prop_oneof![Just("town"), Just("weir")];
    (source, 0..2u8, prop::collection::vec(event, 1..4)).prop_map(|(source, n, events)| {
        let mut text = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//town//EN\r\n");
        let mut known = BTreeSet::new();
        for (uid, title, day, shared, timed) in events.into_iter().filter(|(uid, ..)| known.insert(*uid)) {
            let start = if timed { format!("DTSTART:2027020{day}T183000Z") } else { format!("DTSTART;VALUE=DATE:2027020{day}") };
            let url = shared.map(|n| format!("URL:https://quay.example/shared-{n}/\r\n")).unwrap_or_default();
            text += &format!("BEGIN:VEVENT\r\nUID:meeting-{uid}@town.example\r\nDTSTAMP:20261101T000000Z\r\n{start}\r\nSUMMARY:{title}\r\n{url}END:VEVENT\r\n");
        }
        (format!("{source}/calendar-{n}.ics"), text + "END:VCALENDAR\r\n")
    })
}

fn feed(title: impl Strategy<Value = &'static str>, _: std::ops::Range<u32>) -> impl Strategy<Value = Told> {
    (0..2u8, prop::collection::vec((0..3u8, title), 1..3)).prop_map(|(n, items)| {
        let mut text = String::from("<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel><title>Town news</title><link>https://town.example/</link><description>News</description>\n");
        let mut known = BTreeSet::new();
        for (shared, title) in items.into_iter().filter(|(shared, _)| known.insert(*shared)) {
            text += &format!("<item><title>{title}</title><link>https://quay.example/shared-{shared}/</link><guid>https://quay.example/shared-{shared}/</guid><pubDate>Thu, 05 Nov 2026 10:00:00 GMT</pubDate><description>Bring gloves.</description></item>\n");
        }
        (format!("town/feed-{n}.xml"), text + "</channel></rss>\n")
    })
}

/// A few documents, each once, in some order and cut into runs.
fn world() -> impl Strategy<Value = Vec<Vec<Told>>> {
    prop::collection::vec((document(), 0..3usize), 1..8).prop_map(|documents| {
        let mut known = BTreeSet::new();
        let mut runs = vec![Vec::new(); 3];
        for ((path, text), run) in documents {
            if known.insert(path.clone()) {
                runs[run].push((path, text));
            }
        }
        runs
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_cut_into_runs_ends_in_the_same_board(runs in world()) {
        let board = Board::new(SOURCES);
        let stored = told_in_runs(&board, &runs);
        let all: Vec<Told> = runs.into_iter().flatten().collect();
        let composed = composed(&settings(&board), &all);
        if let Some(difference) = difference(&stored, &composed) {
            prop_assert!(false, "{}", difference);
        }
    }
}

fn markdown_post(title: &str, fields: &str) -> String {
    post(title, "2026-11-05T10:00:00Z", fields, "Bring gloves.")
}

#[test]
fn events_of_one_day_in_several_documents_all_stay() {
    let board = Board::new(SOURCES);
    let note = |n: usize| (format!("quay/note-{n}.md"), markdown_post(&format!("Picnic {n}"), "startDate: 2027-02-01"));
    let stored = told_in_runs(&board, &[(0..5).map(note).collect()]);
    assert_eq!(stored.events.len(), 5);
}

#[test]
fn a_post_told_by_a_second_source_joins_that_source_s_slice() {
    let address = "url: https://quay.example/shared-0/";
    let runs = [
        vec![("quay/note-0.md".to_owned(), markdown_post("Picnic", address))],
        vec![("weir/note-0.md".to_owned(), markdown_post("Picnic", address))],
    ];
    let board = Board::new(SOURCES);
    let stored = told_in_runs(&board, &runs);
    assert_eq!(stored.slices["source weir"].0, ["Picnic"]);
    fs::remove_file(board.path("weir/note-0.md")).unwrap();
    run(&settings(&board), "2026-12-02T12:00:00Z");
    let store = Store::open(&settings(&board).store).unwrap();
    let weir = SliceKind::Source(SourceId::new("weir").unwrap(), String::new());
    assert_eq!(slice(&settings(&board), &store, weir).0, [], "it is told there no more");
}

#[test]
fn a_post_that_leaves_the_address_of_its_twin_is_another_post() {
    let address = |n: u32| format!("url: https://quay.example/shared-{n}/");
    let runs = [
        vec![
            ("quay/note-0.md".to_owned(), markdown_post("Picnic", &address(0))),
            ("weir/note-0.md".to_owned(), markdown_post("Picnic", &address(0))),
        ],
        vec![("weir/note-0.md".to_owned(), markdown_post("Picnic", &address(1)))],
    ];
    let stored = told_in_runs(&Board::new(SOURCES), &runs);
    let addresses: Vec<&str> = stored.posts.iter().filter_map(|post| Some(post.facts.url.as_ref()?.path())).collect();
    assert_eq!(addresses, ["/shared-0/", "/shared-1/"]);
}

#[test]
fn a_second_run_settles_nothing() {
    let board = Board::new(SOURCES);
    let settings = settings(&board);
    for source in ["weir", "town"] {
        fs::create_dir_all(board.path(source)).unwrap();
    }
    board.write("quay/note-0.md", markdown_post("Picnic", "startDate: 2027-02-01"));
    run(&settings, NOW);
    let before = slice(&settings, &Store::open(&settings.store).unwrap(), SliceKind::Board);
    let report = run(&settings, "2026-12-02T12:00:00Z");
    let settled = report.stages.iter().find(|stage| stage.name == "settle").unwrap();
    assert_eq!((settled.done, settled.left_out), (0, 0));
    assert_eq!(slice(&settings, &Store::open(&settings.store).unwrap(), SliceKind::Board), before);
}

#[test]
fn a_document_edited_and_edited_back_ends_as_before_with_a_higher_sequence() {
    let board = Board::new(SOURCES);
    let first = ("quay/note-0.md".to_owned(), markdown_post("Picnic", "startDate: 2027-02-01"));
    let second = ("quay/note-0.md".to_owned(), markdown_post("Picnic", "startDate: 2027-02-02"));
    let once = told_in_runs(&board, &[vec![first.clone()]]);
    let back = told_in_runs(&board, &[vec![], vec![second], vec![first]]);
    assert_eq!(difference(&back, &once), None);
    let (_, events) = slice(&settings(&board), &Store::open(&settings(&board).store).unwrap(), SliceKind::Board);
    assert_eq!(events[0].revision.sequence, 2);
}

#[test]
fn an_id_is_never_given_twice_whatever_names_move_on() {
    let board = Board::new(SOURCES);
    let note = |file: &str, n: u32, title: &str| {
        let fields = format!("url: https://quay.example/shared-{n}/\nstartDate: 2027-02-0{}", n + 1);
        (format!("quay/{file}.md"), markdown_post(title, &fields))
    };
    let runs = [
        vec![note("b", 0, "Picnic")],
        vec![note("b", 1, "Picnic")],
        vec![note("c", 0, "Regatta")],
        vec![note("c", 2, "Regatta")],
        vec![note("a", 0, "Net mending"), note("d", 0, "Weir clean-up")],
        vec![note("a", 3, "Net mending")],
        vec![note("e", 0, "Lantern walk")],
    ];
    let stored = told_in_runs(&board, &runs);
    let titles: BTreeSet<&str> = stored.events.iter().map(|seen| seen.event.facts.title.as_str()).collect();
    let all = BTreeSet::from(["Lantern walk", "Net mending", "Picnic", "Regatta", "Weir clean-up"]);
    assert_eq!(titles, all);
    let addresses: BTreeSet<&str> =
        stored.posts.iter().filter_map(|seen| Some(seen.facts.url.as_ref()?.path())).collect();
    assert_eq!(addresses, BTreeSet::from(["/shared-0/", "/shared-1/", "/shared-2/", "/shared-3/"]));
}

#[test]
fn twins_that_part_leave_the_id_to_the_one_that_had_it_first() {
    let calendar = |source: &str, n: u32, title: &str, day: u32| {
        let event = format!(
            "UID:meeting@town.example\r\nDTSTAMP:20261101T000000Z\r\nDTSTART;VALUE=DATE:2027020{day}\r\nSUMMARY:{title}\r\n"
        );
        let text = format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nBEGIN:VEVENT\r\n{event}END:VEVENT\r\nEND:VCALENDAR\r\n"
        );
        (format!("{source}/calendar-{n}.ics"), text)
    };
    let alone = told_in_runs(&Board::new(SOURCES), &[vec![calendar("weir", 0, "Harbour picnic", 2)]]);
    let runs = [
        vec![calendar("weir", 0, "Harbour picnic", 2)],
        vec![calendar("town", 1, "Harbour picnics", 1)],
        vec![calendar("town", 0, "Net mending", 1)],
    ];
    let parted = told_in_runs(&Board::new(SOURCES), &runs);
    let picnic = |seen: &Seen| seen.events.iter().find(|e| e.event.facts.title == "Harbour picnic").unwrap().id.clone();
    assert_eq!((parted.events.len(), picnic(&parted)), (2, picnic(&alone)));
}
