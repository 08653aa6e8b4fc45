//! What is read of whole pages.

mod article;
mod microformats;
mod platforms;
mod schema_org;

use crate::model::{DeclaredValue, Document, EntryKind, EventStatus, Key, Offer, SourceId, Stamp};
use crate::read::{Read, read};
use proptest::prelude::*;

fn page(html: &str) -> Read {
    page_at("https://turku.example/meet", html)
}

fn page_at(address: &str, html: &str) -> Read {
    read(&Document {
        source: SourceId::new("turku-js").unwrap(),
        key: address.to_owned(),
        url: url::Url::parse(address).ok(),
        media_type: Some("text/html".to_owned()),
        bytes: html.as_bytes().to_vec(),
        version: String::new(),
        first_seen: None,
    })
}

#[test]
fn a_page_without_events_is_one_post_of_its_main_text() {
    let read = page(
        "<!doctype html><html lang=fi><head><title>Spring | Turku JS</title><meta property='og:site_name' content='Turku JS'>\
         <link rel=canonical href=/spring/><meta property='og:image' content='/hall.png'><base href=/></head>\
         <body><nav>Menu</nav><article><time datetime=2025-03-01>1.3.</time><p>Come <b>along</b> &amp; eat<script>x()</script><img src=a.png></article><footer>f</footer></body>",
    );
    let entry = &read.entries[0];
    assert_eq!((entry.title.as_str(), entry.kind), ("Spring", EntryKind::Post));
    assert_eq!(
        entry.html,
        "<time datetime=\"2025-03-01\">1.3.</time><p>Come <b>along</b> &amp; eat<img src=\"a.png\"></p>"
    );
    assert_eq!(entry.published, Some(Stamp::Day("2025-03-01".parse().unwrap())));
    assert_eq!(entry.language.as_deref(), Some("fi"));
    assert_eq!(entry.base.as_deref(), Some("/"));
    assert_eq!(entry.url.as_deref(), Some("/spring/"));
    assert_eq!(entry.images[0].url, "/hall.png");
    assert_eq!(entry.keys, [Key::Url("turku.example/spring".into()), Key::Url("turku.example/meet".into())]);
}

#[test]
fn schema_org_events_are_the_entries_wherever_they_stand() {
    let read = page(
        r#"<script type="application/ld+json"><!-- our events -->
        {"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "x"},
         {"@type": ["BusinessEvent"], "name": "Spring &amp; cake", "startDate": "2025-03-14T18:30:00+02:00", "endDate": "2025-03-15", "url": "/spring",
          "eventStatus": "https://schema.org/EventCancelled", "organizer": {"@type": "Organization", "name": "Turku JS"}, "description": "Two\nlines",
          "location": [{"@type": "Place", "name": "Hall", "address": {"streetAddress": "Quay 3", "addressLocality": "Turku"}, "geo": {"latitude": 60.45, "longitude": "22.26"}},
                       {"@type": "VirtualLocation", "url": "https://meet.example/x"}]},
         {"@type": "Event", "name": "Second", "startDate": "2025-04-01",}]}
        </script><p>Text"#,
    );
    assert_eq!(read.problems, []);
    assert_eq!(read.entries.len(), 2);
    let entry = &read.entries[0];
    assert_eq!((entry.title.as_str(), entry.kind), ("Spring & cake", EntryKind::Event));
    let declared = &entry.declared;
    assert_eq!(
        declared.start.as_ref().map(|s| s.value.clone()),
        Some(DeclaredValue::At("2025-03-14T18:30:00+02:00".parse().unwrap()))
    );
    assert_eq!(declared.end.as_ref().map(|e| e.value.clone()), Some(DeclaredValue::Day("2025-03-15".parse().unwrap())));
    assert_eq!(declared.status, Some(EventStatus::Cancelled));
    assert_eq!((declared.place.as_deref(), declared.address.join(", ").as_str()), (Some("Hall"), "Quay 3, Turku"));
    assert_eq!(declared.coordinates, Some((60.45, 22.26)));
    assert_eq!(entry.links[0].rel, "online");
    assert_eq!(entry.html, "<p>Two<br>lines</p>");
    assert_eq!(entry.keys[0], Key::Url("turku.example/spring".into()));
    assert_ne!(entry.keys, read.entries[1].keys);
}

#[test]
fn events_in_microdata_and_rdfa_are_the_entries() {
    let microdata = "<title>A</title><div itemscope itemtype='https://schema.org/WebPage'><ul itemprop=mainEntity itemscope itemtype='https://schema.org/ItemList'>\
         <li itemprop=itemListElement itemscope itemtype='http://schema.org/MusicEvent http://schema.org/Thing'><a itemprop='name url' href='/choir'>Choir <b>night</b></a>\
         <time itemprop=startDate datetime='2025-03-14T18:30+02:00'>Friday</time><meta itemprop=endDate content='2025-03-14T20:00+02:00'>\
         <div itemprop=location itemscope itemtype='https://schema.org/Place'><span itemprop=name>Hall</span><div itemprop=address itemscope \
         itemtype='https://schema.org/PostalAddress'><span itemprop=streetAddress>Quay 3</span>, <span itemprop=addressLocality>Turku</span></div></div>\
         <img itemprop=image src='/choir.png'></li></ul></div>";
    let rdfa = microdata.replace("itemprop='name url'", "property='name url'").replace("itemprop", "property");
    let rdfa = rdfa.replace("itemscope itemtype", "typeof").replace("itemscope", "").replace("itemtype", "typeof");
    for html in [microdata, &rdfa] {
        let read = page(html);
        assert_eq!((read.entries.len(), read.problems.len()), (1, 0), "{html}");
        let entry = &read.entries[0];
        assert_eq!((entry.title.as_str(), entry.kind), ("Choir night", EntryKind::Event), "{html}");
        let declared = &entry.declared;
        assert_eq!(
            declared.start.as_ref().map(|start| start.value.clone()),
            Some(DeclaredValue::At("2025-03-14T18:30:00+02:00".parse().unwrap()))
        );
        assert!(declared.end.is_some());
        assert_eq!((declared.place.as_deref(), declared.address.join(", ").as_str()), (Some("Hall"), "Quay 3, Turku"));
        assert_eq!((entry.url.as_deref(), entry.images[0].url.as_str()), (Some("/choir"), "/choir.png"));
    }
}

#[test]
fn events_in_microformats_are_the_entries() {
    let read = page(
        "<title>A</title><div class='h-feed'><div class='h-event'><h2 class=p-name>Spring <i>swim</i></h2><time class=dt-start datetime='2025-04-05 18:00'>5 April</time>\
         <span class=p-location>Boat house</span><a class=u-url href='/swim'>More</a><div class=e-content><p>Bring a <b>towel</b> &amp;lt;</p></div><span class=p-category>sport</span>\
         <div class='h-event'><span class=p-name>Sauna</span></div></div>\
         <div class=vevent><abbr class=dtstart title='2025-05-05'>5 May</abbr><span class=summary>Fair</span><span class='location vcard'><span class='fn org'>Old Mill</span>\
         <span class=adr><span class=street-address>Quay 3</span> <span class=locality>Turku</span></span></span></div></div>",
    );
    let [swim, fair] = &read.entries[..] else { panic!("{read:?}") };
    assert_eq!(
        (swim.title.as_str(), swim.url.as_deref(), swim.tags.join("")),
        ("Spring swim", Some("/swim"), "sport".into())
    );
    assert_eq!(
        (swim.html.as_str(), swim.declared.place.as_deref()),
        ("<p>Bring a <b>towel</b> &amp;lt;</p>", Some("Boat house"))
    );
    assert_eq!(
        swim.declared.start.as_ref().map(|start| start.value.clone()),
        Some(DeclaredValue::Local("2025-04-05T18:00:00".parse().unwrap()))
    );
    assert_eq!(
        fair.declared.start.as_ref().map(|it| it.value.clone()),
        Some(DeclaredValue::Day("2025-05-05".parse().unwrap()))
    );
    assert_eq!(
        (fair.declared.place.as_deref(), fair.declared.address.join(", ").as_str()),
        (Some("Old Mill"), "Quay 3, Turku")
    );
}

#[test]
fn what_is_marked_as_an_event_and_names_no_day_leaves_the_page_a_post() {
    for marked in [
        "<div class=h-event><b class=p-name>Choir</b></div>",
        "<div itemscope itemtype='https://schema.org/Event'><b itemprop=name>Choir</b></div>",
    ] {
        let read = page(&format!("<title>Choir news</title>{marked}<p>We sing on 5 April."));
        assert_eq!((read.entries.len(), read.entries[0].kind), (1, EntryKind::Post), "{marked}");
    }
}

#[test]
fn the_last_day_of_hcalendar_is_the_one_before_its_end() {
    let ends = |html: &str| {
        page(&format!("<title>A</title>{html}")).entries[0].declared.end.as_ref().map(|end| end.value.day().to_string())
    };
    let old = "<div class=vevent><b class=summary>Fair</b><abbr class=dtstart title=2025-05-05>5</abbr>-<abbr class=dtend title=2025-05-08>7 May</abbr></div>";
    let new = "<div class=h-event><b class=p-name>Fair</b><time class=dt-start datetime=2025-05-05>5</time>-<time class=dt-end datetime=2025-05-07>7 May</time></div>";
    assert_eq!((ends(old), ends(new)), (Some("2025-05-07".into()), Some("2025-05-07".into())));
}

#[test]
fn hours_of_a_microformat_may_stand_apart_from_their_day() {
    let read = page(
        "<title>A</title><div class=h-event><span class=p-name>Choir</span> <span class=dt-start><span class=value>2025-04-05</span> at \
         <span class=value>18:00</span></span> to <span class=dt-end>20:30</span></div>",
    );
    let declared = &read.entries[0].declared;
    let local = |time: &str| Some(DeclaredValue::Local(time.parse().unwrap()));
    assert_eq!(declared.start.as_ref().map(|start| start.value.clone()), local("2025-04-05T18:00:00"));
    assert_eq!(declared.end.as_ref().map(|end| end.value.clone()), local("2025-04-05T20:30:00"));
}

#[test]
fn a_page_without_events_offers_what_it_links_to() {
    let feeds = "<link rel=alternate type='application/rss+xml' href='/comments/feed/'><link rel='alternate' type='application/rss+xml' title='News' href='feed/'>";
    let events = "<nav><a href=/events/nav>x</a></nav><main><a href=/events/choir>a</a><a href='/events/choir#more'>b</a><a href=events/fair/?x=1>c</a><a href=https://else.example/events/d>d</a></main>";
    let listed = r#"<script type="application/ld+json">{"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "url": "/a"}, {"@type": "ListItem", "item": "https://www.turku.example/b"}]}</script>"#;
    let cases = [
        (feeds, "feed https://turku.example/feed/"),
        (
            "<link rel=alternate type='text/calendar' href='https://turku.example/all.ics'><a href='webcal://turku.example/all.ics'>x</a>",
            "calendar https://turku.example/all.ics",
        ),
        ("<a href='WebCal://turku.example/all'>Subscribe</a>", "calendar https://turku.example/all"),
        (
            "<a href=/a.ics?x=1>a</a><a href=/b.ics>b</a><a href='/c/?ical=1'>c</a><a href=/c.icsx>d</a>",
            "calendar https://turku.example/a.ics?x=1 https://turku.example/b.ics https://turku.example/c/?ical=1",
        ),
        (
            "<iframe src='https://calendar.google.com/calendar/embed?src=a%40x.example'></iframe>",
            "calendar https://calendar.google.com/calendar/ical/a%40x.example/public/basic.ics",
        ),
        (events, "events https://turku.example/events/choir https://turku.example/events/fair/?x=1"),
        (listed, "events https://turku.example/a https://www.turku.example/b"),
        ("<div class=h-event><a class='p-name u-url' href=/c>C</a></div>", "events https://turku.example/c"),
        ("<main><a href=/events/choir>a</a></main>", ""),
        ("<link rel=alternate hreflang=fi href=/fi/><a href='javascript:x.ics'>x</a>", ""),
        ("<link rel=alternate type='application/rss+xml' href='/'>", ""),
    ];
    for (html, expected) in cases {
        let read = page_at("https://turku.example/", &format!("<title>A</title>{html}<p>Text"));
        assert_eq!((read.entries.len(), read.problems.len()), (1, 0));
        let urls = |offer: &Offer| offer.urls.iter().map(|url| format!(" {url}")).collect::<String>();
        let told: Vec<String> =
            read.offers.iter().map(|offer| format!("{}{}", offer.kind.name(), urls(offer))).collect();
        assert_eq!(told.join("; "), expected, "{html}");
    }
    let event =
        r#"<script type="application/ld+json">{"@type": "Event", "name": "Choir", "startDate": "2025-04-01"}</script>"#;
    assert_eq!(page(&format!("<title>A</title>{feeds}{event}")).offers, []);
    let about = |text: &str| page(&format!("<title>A</title>{feeds}{text}")).offers.len();
    assert_eq!((about("<p>We sing."), about("")), (0, 1), "a page with a text of its own is no way to the feed");
}

proptest! {
    /// Pages are put together by anybody: whatever refers to, includes or holds what, reading ends, and offers are bounded.
    #[test]
    fn whatever_a_page_is_put_together_of_it_is_read(pieces in prop::collection::vec(0..PIECES.len(), 0..80)) {
        let html: String = pieces.into_iter().filter_map(|at| PIECES.get(at)).copied().collect();
        let read = page(&format!("<title>A</title>{html}"));
        prop_assert!(read.offers.iter().all(|offer| (1..=Offer::MOST).contains(&offer.urls.len())));
        prop_assert!(read.entries.iter().all(|entry| !entry.keys.is_empty()));
    }
}

/// Parts of pages, whole and broken.
const PIECES: &[&str] = &[
    "<div id=a itemscope itemtype='https://schema.org/Event' itemref='a b c'>",
    "<div id=b itemprop=subEvent itemscope itemref='a b'>",
    "<div id=c class='h-event vevent' itemref='b c'>",
    "<a class=include href='#a'></a><object class=include data='#c'></object>",
    "<i itemprop='name startDate' class='p-name dt-start summary dtstart'>2027-05-04</i>",
    "<b class=dt-end><i class=value>25:61</i><i class=value-title title=-0800></i></b>",
    "<div vocab='https://schema.org/' typeof=Event resource='#a'>",
    "<p rel='schema:location' property='name startDate'>2027-400T99</p>",
    "<script type='application/ld+json'>{\"@type\": \"Event\", \"@id\": \"#a\", \"name\": \"A\", \"startDate\": \"2027-05-04\", \"duration\": \"P9W\"}</script>",
    "<script type='application/ld+json'>[{\"@type\": \"Event\", \"name\": \"B\", \"subEvent\": {\"@id\": \"#a\"}, \"superEvent\": {\"@id\": \"#a\"},</script>",
    "<script type='application/ld+json'>{\"@type\": \"Event\", \"name\": \"C\", \"eventSchedule\": {\"startDate\": \"9999-12-31\", \"repeatFrequency\": \"P99Y\", \"byDay\": \"-9Monday\", \"endTime\": \"00:00\"}}</script>",
    "<a href=/events/x>x</a><a href='/events/y?z'>y</a><a href=webcal:x>x</a><a href='webcal://é.example/'>x</a>",
    "<iframe src='//calendar.google.com/calendar/embed?src=%ff&src=YUBiLmM&src=a@b'></iframe>",
    "<main class=cookie><nav class=menu><article><h1>é",
    "</div>",
    "</article></nav></main>",
];

#[test]
fn broken_structured_data_is_told_and_the_page_is_still_read() {
    let read =
        page("<title>A</title><script type='application/ld+json'>{\"@type\": \"Event\", oops</script><body><p>Text");
    assert_eq!(read.problems.len(), 1);
    assert_eq!(read.entries.len(), 1);
}

#[test]
fn a_flood_of_events_is_cut_and_told_once() {
    let event = r#"{"@type": "Event", "name": "Choir", "startDate": "2025-04-01"}"#;
    let blocks = format!("<script type='application/ld+json'>[{event},{event}]</script>").repeat(600);
    let read = page(&format!("<title>A</title>{blocks}"));
    assert_eq!(read.entries.len(), 1000);
    assert_eq!(read.problems.len(), 1);
    assert!(read.problems[0].message.contains("only the first 1000"));
}

#[test]
fn items_with_several_names_do_not_double_with_each_level() {
    for (item, scope) in [("itemscope itemprop='a b'", "itemscope"), ("typeof=Thing property='a b'", "typeof=Thing")] {
        let html = format!("<title>A</title><div {scope}>{}x", format!("<div {item}>").repeat(100));
        assert_eq!(page(&html).entries.len(), 1, "{item}");
    }
}

#[test]
fn a_page_nested_without_end_is_a_problem() {
    let read = page(&format!("<title>A</title><body>{}x", "<div>".repeat(200_000)));
    assert!(read.problems[0].message.contains("nested"));
    let lists = "<script>'<div>'</script><!-- <div> --><p>a<br><ul><li>a<li>b</ul>".repeat(2_000);
    assert_eq!(page(&format!("<title>A</title><body>{lists}")).entries.len(), 1);
}
