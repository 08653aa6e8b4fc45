//! What holds for every publisher, and the three feeds of posts.

use super::sample::{day, empty_board, post, small_board};
use super::*;

/// Title, address, id, dates, tags and text of the entries, as another reader sees them.
fn feeds() -> [&'static dyn Publisher; 3] {
    [&atom::Atom, &rss::Rss, &jsonfeed::JsonFeed]
}

#[test]
fn names_and_files_are_told_apart() {
    let mut names: Vec<&str> = ALL.iter().map(|publisher| publisher.name()).collect();
    let mut files: Vec<&str> = ALL.iter().flat_map(|publisher| publisher.artifacts()).map(|a| a.file).collect();
    let count = (names.len(), files.len());
    names.sort_unstable();
    names.dedup();
    files.sort_unstable();
    files.dedup();
    assert_eq!((names.len(), files.len()), count);
}

#[test]
fn only_daily_files_depend_on_the_day() {
    for publisher in ALL {
        for artifact in publisher.artifacts().iter().filter(|artifact| !artifact.daily) {
            let mut board = small_board();
            let before = board.render_artifact(*publisher, artifact);
            board.view.today = day(31);
            assert_eq!(board.render_artifact(*publisher, artifact), before, "{}", artifact.file);
        }
    }
}

#[test]
fn an_atom_feed_of_one_post() {
    insta::assert_snapshot!(small_board().render(&atom::Atom), @r#"
    <?xml version="1.0"?>
    <feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Turku Makers</title><id>urn:uuid:c0af1a31-132b-8f46-a5af-8e660b5bd6ea</id><updated>2025-03-02T08:30:00+00:00</updated><author><name>Turku Makers</name></author><generator>Noticeboard</generator><link href="https://board.example/feed.atom" rel="self" type="application/atom+xml"/><link href="https://board.example/" rel="alternate" type="text/html"/><subtitle>What makers &amp; menders do in Turku</subtitle><entry><title>Mending evening: bring socks &amp; tea</title><id>urn:uuid:270d221d-bca4-88c5-a7e0-a1e6ddb1cc63</id><updated>2025-03-02T10:30:00+02:00</updated><author><name>Aino Salo</name></author><category term="mending"/><link href="https://makers.example/mending/" rel="alternate" type="text/html"/><published>2025-03-01T09:00:00+02:00</published><summary>Bring what is torn.</summary><content type="html">&lt;p&gt;Bring &lt;b&gt;socks&lt;/b&gt; ]]&amp;gt; &amp;amp; a needle.&lt;/p&gt;</content></entry></feed>
    "#);
}

#[test]
fn an_rss_feed_of_one_post() {
    insta::assert_snapshot!(small_board().render(&rss::Rss), @r#"<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Turku Makers</title><link>https://board.example/</link><description>What makers &amp;amp; menders do in Turku</description><language>en</language><lastBuildDate>Sun, 02 Mar 2025 08:30:00 +0000</lastBuildDate><generator>Noticeboard</generator><atom:link href="https://board.example/feed.rss" rel="self" type="application/rss+xml"></atom:link><item><title>Mending evening: bring socks &amp; tea</title><link>https://makers.example/mending/</link><description><![CDATA[Bring what is torn.]]></description><category>mending</category><guid isPermaLink="false">urn:uuid:270d221d-bca4-88c5-a7e0-a1e6ddb1cc63</guid><pubDate>Sat, 01 Mar 2025 09:00:00 +0200</pubDate><content:encoded><![CDATA[<p>Bring <b>socks</b> ]]&gt; &amp; a needle.</p>]]></content:encoded><dc:creator>Aino Salo</dc:creator></item></channel></rss>"#);
}

#[test]
fn a_json_feed_of_one_post() {
    insta::assert_snapshot!(small_board().render(&jsonfeed::JsonFeed), @r#"
    {
      "version": "https://jsonfeed.org/version/1.1",
      "title": "Turku Makers",
      "home_page_url": "https://board.example/",
      "feed_url": "https://board.example/feed.json",
      "description": "What makers & menders do in Turku",
      "language": "en",
      "authors": [
        {
          "name": "Turku Makers",
          "url": "https://board.example/"
        }
      ],
      "items": [
        {
          "id": "urn:uuid:270d221d-bca4-88c5-a7e0-a1e6ddb1cc63",
          "url": "https://makers.example/mending/",
          "title": "Mending evening: bring socks & tea",
          "content_html": "<p>Bring <b>socks</b> ]]&gt; &amp; a needle.</p>",
          "summary": "Bring what is torn.",
          "date_published": "2025-03-01T09:00:00+02:00",
          "date_modified": "2025-03-02T10:30:00+02:00",
          "authors": [
            {
              "name": "Aino Salo"
            }
          ],
          "tags": [
            "mending"
          ]
        }
      ]
    }
    "#);
}

#[test]
fn the_board_as_json() {
    insta::assert_snapshot!(small_board().render(&events_json::EventsJson), @r#"
    {
    "format": "noticeboard-events",
    "version": 1,
    "site": {"title":"Turku Makers","description":"What makers & menders do in Turku","url":"https://board.example/","language":"en","time_zone":"Europe/Helsinki"},
    "slice": {"kind":"board","url":"https://board.example/"},
    "events": [
    {"id":"a956128f-07e2-86b9-bea8-1a88b510788e","title":"Mending evening","html":"<p>Bring socks, needles; tea.</p>","when":{"kind":"all-day","first":"2025-03-28","last":"2025-03-30"},"place":{"name":"Harbour Hall","coordinates":{"latitude":60.45,"longitude":22.25}},"status":"scheduled","organizers":[{"name":"Aino \"A\" Salo"}],"tags":["mending"],"links":{"page":"https://makers.example/mending/"},"sources":["blog"],"revision":{"first_seen":"2025-03-01T10:00:00Z","last_changed":"2025-03-02T08:30:00Z","sequence":1,"verdict":"announcement"}}
    ],
    "posts": [
    {"id":"270d221d-bca4-88c5-a7e0-a1e6ddb1cc63","title":"Mending evening: bring socks & tea","url":"https://makers.example/mending/","published":"2025-03-01T09:00:00+02:00","updated":"2025-03-02T10:30:00+02:00","source":"blog"}
    ]
    }
    "#);
}

#[test]
fn feeds_are_read_back() {
    let atom: atom_syndication::Feed = small_board().render(&atom::Atom).parse().unwrap();
    let entry = &atom.entries[0];
    assert_eq!(entry.title.value, "Mending evening: bring socks & tea");
    assert_eq!(
        entry.content.as_ref().unwrap().value.as_deref(),
        Some("<p>Bring <b>socks</b> ]]&gt; &amp; a needle.</p>")
    );
    let rss = ::rss::Channel::read_from(small_board().render(&rss::Rss).as_bytes()).unwrap();
    assert_eq!(rss.items[0].title.as_deref(), Some("Mending evening: bring socks & tea"));
    assert_eq!(rss.items[0].content.as_deref(), Some("<p>Bring <b>socks</b> ]]&gt; &amp; a needle.</p>"));
}

#[test]
fn hostile_titles_come_back_as_they_were() {
    for title in ["]]>", "</title><script>", "&amp; &lt;", "<![CDATA[", "👩‍👩‍👧‍👦 שלום", &"long ".repeat(1_000)]
    {
        let mut board = small_board();
        board.posts[0].facts.title = title.into();
        board.posts[0].facts.summary = Some(title.into());
        let atom: atom_syndication::Feed = board.render(&atom::Atom).parse().unwrap();
        assert_eq!(atom.entries[0].title.value.replace('\u{2060}', ""), title.trim());
        let rss = ::rss::Channel::read_from(board.render(&rss::Rss).as_bytes()).unwrap();
        assert_eq!(rss.items[0].title.as_deref().unwrap().replace('\u{2060}', ""), title.trim());
        let json: serde_json::Value = serde_json::from_str(&board.render(&jsonfeed::JsonFeed)).unwrap();
        assert_eq!(json["items"][0]["title"].as_str().unwrap().replace('\u{2060}', ""), title.trim());
    }
}

#[test]
fn characters_that_xml_forbids_are_left_out_wherever_they_come_from() {
    let mut board = small_board();
    board.view.site.title = "Turku\u{b} Makers\u{ffff}".into();
    board.posts[0].facts.title = "a\u{1}b".into();
    board.posts[0].facts.authors[0].name = "Ai\u{0}no".into();
    for feed in feeds() {
        let text = board.render(feed);
        assert!(text.chars().all(|c| c == '\n' || crate::model::is_clean(c)), "{}", feed.name());
    }
}

#[test]
fn an_empty_feed_is_a_feed_with_a_fixed_date() {
    let atom: atom_syndication::Feed = empty_board().render(&atom::Atom).parse().unwrap();
    assert_eq!((atom.entries.len(), atom.updated.to_rfc3339().as_str()), (0, "1970-01-01T00:00:00+00:00"));
    let rss = ::rss::Channel::read_from(empty_board().render(&rss::Rss).as_bytes()).unwrap();
    assert_eq!(rss.items.len(), 0);
}

#[test]
fn a_feed_keeps_its_name_when_the_site_moves() {
    let mut board = empty_board();
    let id = |board: &mut sample::Board| board.render(&atom::Atom).parse::<atom_syndication::Feed>().unwrap().id;
    let before = id(&mut board);
    board.view.base = "https://elsewhere.example/".parse().unwrap();
    board.view.site.url = board.view.base.clone();
    assert_eq!(id(&mut board), before);
    board.view.kind = SliceKind::Tag(sample::tag("mending"));
    assert_ne!(id(&mut board), before);
}

#[test]
fn feeds_carry_the_newest_posts_only() {
    let mut board = empty_board();
    board.posts = (0..250).map(|n| post("One of many", n)).collect();
    for feed in feeds() {
        assert_eq!(board.render(feed).matches("urn:uuid:").count() - usize::from(feed.name() == "atom"), FEED_LIMIT);
    }
}

#[test]
fn addresses_of_people_are_published_only_if_asked_for() {
    for publisher in ALL {
        for artifact in publisher.artifacts() {
            let text = small_board().render_artifact(*publisher, artifact);
            assert!(!text.contains("aino@"), "{}", artifact.file);
        }
    }
    let mut board = small_board();
    board.view.publish_emails = true;
    assert!(board.render(&atom::Atom).contains("<email>aino@makers.example</email>"));
}
