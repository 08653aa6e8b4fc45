use super::*;
use crate::model::DeclaredValue;
use proptest::prelude::*;

fn document() -> Document {
    crate::read::tests::document("https://lake.example/feed", None, b"")
}

fn rss(items: &str) -> Read {
    let head = "<?xml version='1.0'?><rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:content='http://purl.org/rss/1.0/modules/content/' \
        xmlns:ev='http://purl.org/rss/1.0/modules/event/'><channel><title>Lake</title><link>https://lake.example/</link><language>en</language>";
    super::read(&format!("{head}\n{items}</channel></rss>"), &document(), Format::Rss)
}

fn atom(entries: &str) -> Read {
    let head = "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='fi' xml:base='https://lake.example/blog/'><author><name>The Lake</name></author>";
    super::read(&format!("{head}{entries}</feed>"), &document(), Format::Atom)
}

fn json(items: &str) -> Read {
    let head = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "Lake", "home_page_url": "https://lake.example/", "language": "fi",
        "authors": [{"name": "The Lake"}], "items": ["#;
    super::read(&format!("{head}{items}]}}"), &document(), Format::JsonFeed)
}

fn titles(read: &Read) -> Vec<&str> {
    read.entries.iter().map(|entry| entry.title.as_str()).collect()
}

#[test]
fn an_rss_item_with_everything_is_read() {
    let read = rss(
        "<item><title>Rust &amp;amp; &lt;b&gt;sauna&lt;/b&gt;</title><link>https://lake.example/sauna/</link><guid isPermaLink='false'>sauna-1</guid>\
        <pubDate>Mon, 14 Mar 2025 10:00:00 +0200</pubDate><dc:creator>Aino Virta</dc:creator><author>editor@lake.example (Aino Virta)</author>\
        <category>Events</category><dc:subject>Sauna</dc:subject><description>Short &lt;i&gt;words&lt;/i&gt;</description>\
        <content:encoded><![CDATA[<p>Long words</p>]]></content:encoded><enclosure url='/a.jpg' type='image/jpeg' length='1'/>\
        <ev:startdate>2025-04-05T18:00:00+03:00</ev:startdate><ev:enddate>2025-04-05</ev:enddate><ev:location>Boat house</ev:location></item>",
    );
    assert_eq!(read.problems, []);
    let entry = &read.entries[0];
    assert_eq!(
        (entry.title.as_str(), entry.html.as_str(), entry.summary.as_deref()),
        ("Rust & sauna", "<p>Long words</p>", Some("Short words"))
    );
    assert_eq!(entry.keys, [Key::Guid("sauna-1".into()), Key::Url("lake.example/sauna".into())]);
    assert!(matches!(entry.published, Some(Stamp::At(at)) if at.to_rfc3339() == "2025-03-14T10:00:00+02:00"));
    assert_eq!(
        (entry.tags.join(" "), entry.images[0].url.as_str(), entry.language.as_deref()),
        ("Events Sauna".into(), "/a.jpg", Some("en"))
    );
    assert_eq!((entry.authors[0].name.as_str(), entry.base.as_deref()), ("Aino Virta", Some("https://lake.example/")));
    assert!(matches!(entry.declared.start.as_ref().unwrap().value, DeclaredValue::At(_)));
    assert_eq!((entry.declared.place.as_deref(), entry.line), (Some("Boat house"), 2));
}

#[test]
fn an_atom_entry_with_everything_is_read() {
    let read = atom(
        "<entry><id>tag:lake,2025:1</id><title type='html'>Swim &amp;amp; &lt;b&gt;run&lt;/b&gt;</title><link rel='self' href='x.atom'/>\
        <link type='application/json' href='x.json'/><link type='text/html' href='swim/'/><updated>2025-03-15T10:00:00Z</updated><category term='sport' label='Sport'/>\
        <author><name>Aino</name><uri>https://aino.example</uri><email>aino@lake.example</email></author><summary>In short</summary>\
        <content type='xhtml' xml:base='swim/'><div xmlns='http://www.w3.org/1999/xhtml'><p class='x'>Cold &amp; clear<br/>water</p></div></content></entry>",
    );
    let entry = &read.entries[0];
    assert_eq!(
        (entry.title.as_str(), entry.html.as_str()),
        ("Swim & run", "<p class=\"x\">Cold &amp; clear<br>water</p>")
    );
    assert_eq!(
        (entry.url.as_deref(), entry.summary.as_deref()),
        (Some("https://lake.example/blog/swim/"), Some("In short"))
    );
    assert_eq!(entry.base.as_deref(), Some("https://lake.example/blog/swim/"));
    assert_eq!(entry.published, entry.updated);
    assert_eq!((entry.tags.join(""), entry.language.as_deref()), ("Sport".into(), Some("fi")));
    assert_eq!((entry.authors[0].url.as_deref(), entry.keys.len()), (Some("https://aino.example"), 2));
}

#[test]
fn what_a_video_site_says_of_a_recording_is_its_text() {
    let group = "<media:group xmlns:media='http://search.yahoo.com/mrss/'><media:title>Swim</media:title><media:description>Cold &lt; clear\n\nBring a towel\
        </media:description></media:group>";
    let read = atom(&format!("<entry><id>a</id><title>Swim</title>{group}</entry>"));
    assert_eq!(read.entries[0].html, "<p>Cold &lt; clear</p>\n<p>Bring a towel</p>");
    let read = rss(&format!("<item><guid>a</guid>{group}</item>"));
    assert_eq!((titles(&read), read.entries[0].html.contains("towel")), (vec!["Swim"], true));
}

#[test]
fn references_to_the_marks_of_windows_are_those_marks() {
    let read = rss("<item><guid>a</guid><title>don&#146;t &#x97; do</title></item>");
    assert_eq!(titles(&read), ["don\u{2019}t \u{2014} do"]);
}

#[test]
fn a_json_feed_item_with_everything_is_read() {
    let read = json(
        r#"{"id": "swim-1", "url": "/swim/", "external_url": "https://elsewhere.example/", "title": "Swim &\n run", "summary": "In  short",
        "content_html": "<p>Cold</p>", "content_text": "Cold", "date_published": "2025-03-14T10:00:00+02:00", "date_modified": "2025-03-15",
        "authors": [{"name": "Aino", "url": "https://aino.example", "avatar": "x"}, {}], "tags": ["Sport", "", 7], "language": "sv",
        "image": "/a.jpg", "banner_image": "/a.jpg", "attachments": [{"url": "/b.png", "mime_type": "image/png", "title": "B"},
        {"url": "/c.mp4", "mime_type": "video/mp4"}, {"mime_type": "video/mp4"}, 5]}"#,
    );
    assert_eq!(read.problems, []);
    let entry = &read.entries[0];
    assert_eq!(
        (entry.title.as_str(), entry.html.as_str(), entry.summary.as_deref()),
        ("Swim & run", "<p>Cold</p>", Some("In short"))
    );
    assert_eq!(entry.keys, [Key::Guid("swim-1".into()), Key::Url("lake.example/swim".into())]);
    assert!(matches!(entry.published, Some(Stamp::At(at)) if at.to_rfc3339() == "2025-03-14T10:00:00+02:00"));
    assert!(matches!(entry.updated, Some(Stamp::Day(day)) if day.to_string() == "2025-03-15"));
    assert_eq!((entry.authors.len(), entry.authors[0].url.as_deref()), (1, Some("https://aino.example")));
    assert_eq!((entry.tags.join(" "), entry.language.as_deref()), ("Sport".into(), Some("sv")));
    let images: Vec<_> = entry.images.iter().map(|image| (image.url.as_str(), image.title.as_deref())).collect();
    assert_eq!(images, [("/a.jpg", None), ("/b.png", Some("B"))]);
    assert_eq!(entry.links.iter().map(|link| link.href.as_str()).collect::<Vec<_>>(), ["/c.mp4"]);
}

#[test]
fn a_json_feed_of_the_first_version_with_odd_types_is_read() {
    let read = json(
        r#"{"id": 7, "content_text": "Tonight <3\n\nBring a towel", "author": {"name": "Aino"}, "title": null, "date_published": "someday"},
        "no item", {"id": "b", "title": ["x"], "summary": "Only this", "tags": "none", "external_url": "https://pond.example/b"}"#,
    );
    assert_eq!(titles(&read), ["Tonight <3 Bring a towel", "Only this"]);
    let [first, second] = &read.entries[..] else { panic!("{:?}", read.entries) };
    assert_eq!(
        (first.keys[0].clone(), first.html.as_str()),
        (Key::Guid("7".into()), "<p>Tonight &lt;3</p>\n<p>Bring a towel</p>")
    );
    assert_eq!((first.authors[0].name.as_str(), first.language.as_deref()), ("Aino", Some("fi")));
    assert_eq!((second.authors[0].name.as_str(), second.url.as_deref()), ("The Lake", Some("https://pond.example/b")));
    assert_eq!((second.html.as_str(), second.summary.as_deref()), ("<p>Only this</p>", None));
    assert!(read.problems[0].to_string().contains("`date_published`"), "{:?}", read.problems);
}

#[test]
fn a_json_feed_without_a_list_of_items_is_a_problem() {
    let read =
        super::read(r#"{"feed_url": "https://lake.example/feed.json", "items": {}}"#, &document(), Format::JsonFeed);
    assert!(read.problems[0].message.ends_with("found no list of `items`"), "{:?}", read.problems);
    assert_eq!(json("").problems, []);
}

#[test]
fn a_json_feed_that_breaks_off_keeps_what_came_before() {
    let whole = r#"{"version": "https://jsonfeed.org/version/1.1", "language": "fi", "items": [
        {"id": "a", "title": "A, [b] and \"}"}, {"id": "b", "title": "B"}, {"id": "c", "title": "C"}]}"#;
    let end = whole.find("\"C\"").unwrap();
    let read = super::read(&whole[..end], &document(), Format::JsonFeed);
    assert_eq!(titles(&read), ["A, [b] and \"}", "B"]);
    assert_eq!(read.entries[0].language.as_deref(), Some("fi"));
    assert!(read.problems[0].message.contains("truncated after 2 entries"), "{:?}", read.problems);
    for end in 0..whole.len() {
        let read = super::read(&whole[..end], &document(), Format::JsonFeed);
        assert_eq!(read.problems.len(), 1, "{end}");
    }
}

#[test]
fn what_an_entry_leaves_out_comes_from_its_feed_or_its_text() {
    let read = atom("<entry><id>a</id><content type='text'>Tonight we &lt;3 swimming</content></entry>");
    let entry = &read.entries[0];
    assert_eq!(
        (entry.title.as_str(), entry.html.as_str()),
        ("Tonight we <3 swimming", "<p>Tonight we &lt;3 swimming</p>")
    );
    assert_eq!(entry.authors[0].name, "The Lake");
    let read = rss(
        "<item><description>Only words here</description></item><item><title>x</title><guid>https://lake.example/x</guid></item>",
    );
    assert!(matches!(&read.entries[0].keys[..], [Key::Guid(made_up)] if made_up.starts_with("made-up:")));
    assert_eq!(read.entries[1].url.as_deref(), Some("https://lake.example/x"));
}

#[test]
fn a_truncated_feed_keeps_what_came_before() {
    for cut in ["<item><title>Half a ti", "<item><title>Half</title>", "<item", "<!-- ", "<item><![CDATA[ab", "&am"] {
        let text = format!("<rss><channel><item><title>One</title></item>\n<item><title>Two</title></item>\n{cut}");
        let read = super::read(&text, &document(), Format::Rss);
        assert_eq!(titles(&read), ["One", "Two"], "{cut}");
        assert_eq!(read.problems.len(), 1, "{cut}");
        assert_eq!(
            read.problems[0].message, "the feed is truncated after 2 entries; what came before is kept",
            "{cut}"
        );
        assert_eq!(read.problems[0].line, 3, "{cut}");
    }
}

#[test]
fn older_dialects_are_read() {
    let rdf = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'><channel rdf:about='x'><title>T</title></channel>\
        <item rdf:about='https://lake.example/1'><title>One</title><link>https://lake.example/1</link></item></rdf:RDF>";
    assert_eq!(titles(&super::read(rdf, &document(), Format::Rss)), ["One"]);
    let old = "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><title mode='escaped' type='text/html'>A &amp;lt; B</title><issued>2004-03-14T10:00:00Z</issued></entry></feed>";
    let read = super::read(old, &document(), Format::Atom);
    assert_eq!(titles(&read), ["A < B"]);
    assert!(read.entries[0].published.is_some());
    let bare =
        "<rss version='0.91'><channel><item><title>One</title><item><title>Two &eacute; & co</title></channel></rss>";
    assert_eq!(titles(&super::read(bare, &document(), Format::Rss)), ["One", "Two é & co"]);
}

#[test]
fn a_bad_date_costs_only_itself() {
    let item =
        |n: u32, date: &str| format!("<item><title>{n}</title><guid>{n}</guid><pubDate>{date}</pubDate></item>\n");
    let read = rss(&[item(1, "yesterday"), item(2, "14 Mar 2025"), item(3, "03/04/2025")].concat());
    assert_eq!(read.entries.iter().filter(|entry| entry.published.is_some()).count(), 1);
    assert_eq!(read.problems.len(), 1);
    assert_eq!(
        read.problems[0].message,
        "expected a time such as 2025-03-14T18:00:00Z in `pubdate`, but found `yesterday`, and 1 more like it"
    );
}

#[test]
fn a_guid_that_several_share_is_no_name_and_the_newer_version_stays() {
    let read =
        rss("<item><title>A</title><guid isPermaLink='false'>N/A</guid><link>https://lake.example/a</link></item>\
        <item><title>B</title><guid isPermaLink='false'>N/A</guid><link>https://lake.example/b</link></item>");
    assert_eq!(read.entries[0].keys, [Key::Url("lake.example/a".into())]);
    let read = atom(
        "<entry><id>a</id><title>Old</title><updated>2025-01-01T00:00:00Z</updated></entry>\
        <entry><id>a</id><title>New</title><updated>2025-02-01T00:00:00Z</updated></entry>",
    );
    assert_eq!(titles(&read), ["New"]);
}

#[test]
fn an_empty_feed_is_fine_and_a_web_page_is_none() {
    assert!(rss("").problems.is_empty() && atom("").problems.is_empty());
    for text in ["<html><body>Log in</body></html>", "", "not found"] {
        let read = super::read(text, &document(), Format::Rss);
        assert_eq!(read.problems.len(), 1, "{text}");
    }
}

#[test]
fn too_many_entries_are_cut_and_told() {
    let items: String = (0..=MOST_ENTRIES).map(|n| format!("<item><guid>{n}</guid></item>")).collect();
    let read = rss(&items);
    assert_eq!((read.entries.len(), read.problems.len()), (MOST_ENTRIES, 1));
}

#[test]
fn days_of_xcal_end_inclusive_and_drafts_are_hidden() {
    let read = super::read(
        "<rss xmlns:x='urn:ietf:params:xml:ns:xcal'><channel><item><title>Camp</title><x:dtstart>20250705</x:dtstart><x:dtend>20250708</x:dtend></item></channel></rss>",
        &document(),
        Format::Rss,
    );
    let end = read.entries[0].declared.end.as_ref().unwrap();
    assert_eq!(end.value, DeclaredValue::Day("2025-07-07".parse().unwrap()));
    let read = atom(
        "<entry><id>a</id><app:control xmlns:app='http://www.w3.org/2007/app'><app:draft>yes</app:draft></app:control></entry>",
    );
    assert_eq!(read.entries[0].hidden.as_deref(), Some("app:draft"));
}

proptest! {
    #[test]
    fn any_text_is_read(text in any::<String>(), parts in prop::collection::vec(part(), 0..40)) {
        for format in [Format::Rss, Format::Atom, Format::JsonFeed] {
            super::read(&text, &document(), format);
            super::read(&parts.concat(), &document(), format);
        }
    }
}

fn part() -> impl Strategy<Value = String> {
    let fixed = prop::sample::select(vec![
        "<rss>",
        "{\"items\": [",
        "{\"id\": \"a\", \"title\": [1]}",
        ",",
        "{",
        "\"",
        "<feed xmlns='http://www.w3.org/2005/Atom'>",
        "<channel>",
        "<item>",
        "</item>",
        "<entry>",
        "</entry>",
        "<title>",
        "</title>",
        "<title type='html'>",
        "<content type='xhtml'>",
        "</content>",
        "<link href='x'/>",
        "<guid>",
        "</guid>",
        "<pubDate>",
        "</pubDate>",
        "<ev:startdate>",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "&",
        "&#0;",
        "&#x110000;",
        "&eacute;",
        "<a:b xmlns:a='u'",
        "<",
        ">",
        "</",
        "/>",
        "<?x",
        "<!DOCTYPE x [<!ENTITY a 'b'>",
        "&a;",
        "\"",
        "'",
        "=",
    ]);
    prop_oneof![fixed.prop_map(str::to_owned), "\\PC{0,12}", "[0-9TZ: -]{0,20}"]
}
