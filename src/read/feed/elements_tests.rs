use super::described::{Shape, TextKind};
use super::*;

fn facts(text: &str, format: Format) -> Feed {
    let document = crate::read::tests::document("https://lake.example/feed", None, b"");
    super::facts(text, &document, None, format)
}

fn rss(head: &str, item: &str) -> Feed {
    facts(&format!("<rss version='2.0'><channel>{head}<item>{item}</item></channel></rss>"), Format::Rss)
}

fn atom(entry: &str) -> Described {
    let text = format!("<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='fi'><entry>{entry}</entry></feed>");
    facts(&text, Format::Atom).entries.remove(0)
}

fn value(text: &Option<described::Text>) -> &str {
    text.as_ref().map_or("", |text| text.value.as_str())
}

#[test]
fn the_format_s_own_word_comes_before_a_module_s() {
    let dc = "xmlns:dc='http://purl.org/dc/elements/1.1/'";
    let feed = rss(
        "",
        &format!(
            "<dc:title {dc}>module</dc:title><title>own</title><dc:creator {dc}>Aino</dc:creator><author>a@lake.example (Aino)</author>"
        ),
    );
    let entry = &feed.entries[0];
    assert_eq!(value(&entry.title), "own");
    assert_eq!((entry.authors.len(), entry.authors[0].email.as_deref()), (1, Some("a@lake.example")));
    let twice = &rss("", "<link>https://lake.example/1</link><link>https://lake.example/2</link>").entries[0];
    assert_eq!(twice.url.as_deref(), Some("https://lake.example/2"));
    assert_eq!(entry::entry(twice.clone()).url.as_deref(), Some("https://lake.example/1"));
}

#[test]
fn a_feed_tells_who_looks_after_it_and_how_often_to_ask() {
    let head = "<webMaster>web@lake.example (Web)</webMaster><ttl>60</ttl><skipHours><hour>1</hour><hour>2</hour><hour>soon</hour></skipHours>\
        <skipDays><day>Sunday</day></skipDays><sy:updatePeriod xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>daily</sy:updatePeriod>\
        <generator>Pen 1.0</generator><image><url>https://lake.example/a.png</url><title>Lake</title><link>https://lake.example/</link></image>\
        <category domain='https://lake.example/tags'>Walks</category><lastBuildDate>Fri, 14 Mar 2025 10:00:00 GMT</lastBuildDate>";
    let about = rss(head, "").about;
    assert_eq!(
        (about.authors[0].name.as_str(), about.publisher.unwrap().email.as_deref()),
        ("Web", Some("web@lake.example"))
    );
    assert_eq!((about.schedule.ttl.as_deref(), about.schedule.skip_hours), (Some("60"), vec![1, 2]));
    assert_eq!(
        (about.schedule.skip_days, about.schedule.update_period.as_deref()),
        (vec!["Sunday".to_owned()], Some("daily"))
    );
    assert_eq!(about.image.unwrap().link.as_deref(), Some("https://lake.example/"));
    assert_eq!(
        (about.categories[0].scheme.as_deref(), about.updated.is_some()),
        (Some("https://lake.example/tags"), true)
    );
}

#[test]
fn language_and_base_hold_until_they_are_taken_back() {
    let entry = atom("<title xml:lang=''>a</title><summary xml:base='b/'>c</summary><link href='d'/>");
    assert_eq!(entry.title.unwrap().language, None);
    let summary = entry.summary.unwrap();
    assert_eq!((summary.language.as_deref(), summary.base.as_deref()), (Some("fi"), Some("https://lake.example/b/")));
    assert_eq!(entry.url.as_deref(), Some("d"));
}

#[test]
fn texts_keep_what_they_are_written_in() {
    let cases = [
        ("<title>1 &lt; 2</title>", "1 < 2", TextKind::Plain),
        ("<title type='html'>&lt;b&gt;a&lt;/b&gt;</title>", "<b>a</b>", TextKind::Html),
        (
            "<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>a &lt; <b>b</b></div></title>",
            "a &lt; <b>b</b>",
            TextKind::Xhtml,
        ),
        ("<title type='html'><div>&lt;b&gt;a&lt;/b&gt;</div></title>", "<b>a</b>", TextKind::Html),
        ("<title type='application/octet-stream'>PGI+YTwv\nYj4=</title>", "<b>a</b>", TextKind::Html),
        ("<title mode='base64' type='text/html'>not base64!</title>", "not base64!", TextKind::Html),
    ];
    for (written, expected, kind) in cases {
        let title = atom(written).title.unwrap();
        assert_eq!((title.value.as_str(), title.kind), (expected, kind), "{written}");
    }
}

#[test]
fn an_entry_tells_the_feed_it_was_taken_from() {
    let source = atom(
        "<source><title>Pond</title><id>tag:pond</id><link rel='self' href='https://pond.example/feed'/><author><name>Eero</name></author></source>",
    );
    let source = source.source.unwrap();
    assert_eq!(
        (value(&source.title), source.id.as_deref(), source.authors[0].name.as_str()),
        ("Pond", Some("tag:pond"), "Eero")
    );
    let source = rss("", "<source url='https://pond.example/feed'>Pond</source>").entries.remove(0).source.unwrap();
    assert_eq!((value(&source.title), source.url.as_deref()), ("Pond", Some("https://pond.example/feed")));
}

#[test]
fn places_are_longitude_first_whatever_form_they_have() {
    let georss = "xmlns:georss='http://www.georss.org/georss' xmlns:gml='http://www.opengis.net/gml'";
    let cases = [
        (format!("<georss:point {georss}>60.5 22.25</georss:point>"), Shape::Point, 1),
        (format!("<georss:line {georss}>60.5 22.25 61 23</georss:line>"), Shape::Line, 2),
        (format!("<georss:box {georss}>60.5,22.25 61,23</georss:box>"), Shape::Box, 2),
        (
            format!("<georss:where {georss}><gml:Point><gml:pos>60.5 22.25</gml:pos></gml:Point></georss:where>"),
            Shape::Point,
            1,
        ),
        (
            format!(
                "<georss:where {georss}><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>60.5 22.25 61 23 62 22</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></georss:where>"
            ),
            Shape::Polygon,
            3,
        ),
        (
            "<geo:lat xmlns:geo='http://www.w3.org/2003/01/geo/wgs84_pos#'>60.5</geo:lat><geo:long>22.25</geo:long>"
                .into(),
            Shape::Point,
            1,
        ),
    ];
    for (written, shape, count) in cases {
        let geo = atom(&written).geo.unwrap_or_else(|| panic!("{written}"));
        assert_eq!((geo.shape, geo.points.len(), geo.points[0]), (shape, count, (22.25, 60.5)), "{written}");
    }
    assert_eq!(atom(&format!("<georss:point {georss}>somewhere</georss:point>")).geo, None);
}

#[test]
fn places_inside_places_without_end_are_no_trouble() {
    let depth = 140;
    let text = format!("{}{}", "<georss:where>".repeat(depth), "</georss:where>".repeat(depth));
    assert_eq!(atom(&text).geo, None);
}

#[test]
fn what_an_entry_is_known_by_is_as_written() {
    let text =
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://lake.example/'><entry><id>42</id></entry></feed>";
    assert_eq!(facts(text, Format::Atom).entries[0].id.as_deref(), Some("42"));
    let entry = atom("<published>0001-01-01T00:00:00Z</published><updated>2025-03-14T10:00:00Z</updated>");
    assert_eq!((entry.published, entry.updated.is_some()), (None, true));
}

#[test]
fn xhtml_loses_its_own_div_and_no_other() {
    let inside = |content: &str| {
        let content = format!("<content type='xhtml'>{content}</content>");
        atom(&content).content.unwrap().value
    };
    assert_eq!(inside("<div>a<div>b</div><div>c</div></div>"), "a<div>b</div><div>c</div>");
    assert_eq!(inside("<div>a</div><div>b</div>"), "<div>a</div><div>b</div>");
}

#[test]
fn entities_that_a_document_declares_are_known_and_never_grow() {
    let text =
        |declared: &str| format!("<!DOCTYPE rss [{declared}]><rss><channel><title>&lake; &b;</title></channel></rss>");
    let title = |declared: &str| value(&facts(&text(declared), Format::Rss).about.title).to_owned();
    assert_eq!(title("<!ENTITY lake 'J&auml;rvi'><!ENTITY b \"b\">"), "Järvi b");
    assert_eq!(title("<!ENTITY lake '&b;&b;'><!ENTITY b '&lake;&lake;'>"), "&b;&b; &lake;&lake;");
    assert_eq!(title(&format!("<!ENTITY lake '{}'>", "x".repeat(5_000))), "&lake; &b;");
}

#[test]
fn the_version_is_told_by_the_outermost_element() {
    let cases = [
        ("<feed xmlns='http://www.w3.org/2005/Atom'/>", "atom10"),
        ("<feed version='0.3' xmlns='http://purl.org/atom/ns#'/>", "atom03"),
        ("<rss version='0.92'/>", "rss092"),
        ("<r:rss version='2.0' xmlns:r='http://backend.userland.com/rss2'/>", "rss20"),
        (
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'/>",
            "rss10",
        ),
        ("<CHANNEL HREF='https://lake.example/'/>", "cdf"),
    ];
    for (text, expected) in cases {
        assert_eq!(facts(text, Format::Rss).format, expected, "{text}");
    }
}

#[test]
fn rss_1_0_and_cdf_keep_things_in_places_of_their_own() {
    let rdf = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'><channel rdf:about='https://lake.example/'>\
        <title>Lake</title><image rdf:resource='https://lake.example/a.png'/></channel><image rdf:about='x'><title>Waves</title></image>\
        <item rdf:about='https://lake.example/1'><title>One</title></item></rdf:RDF>";
    let feed = facts(rdf, Format::Rss);
    let image = feed.about.image.unwrap();
    assert_eq!((image.url.as_deref(), image.title.as_deref()), (Some("https://lake.example/a.png"), Some("Waves")));
    assert_eq!(
        (feed.entries[0].id.as_deref(), feed.entries[0].url.as_deref()),
        (Some("https://lake.example/1"), Some("https://lake.example/1"))
    );
    let cdf = "<CHANNEL BASE='https://lake.example/'><TITLE>Lake</TITLE><ITEM HREF='/1' LASTMOD='2025-03-14T10:00:00Z'><ABSTRACT>Swim</ABSTRACT></ITEM></CHANNEL>";
    let feed = facts(cdf, Format::Rss);
    assert_eq!(
        (value(&feed.entries[0].summary), feed.entries[0].url.as_deref()),
        ("Swim", Some("https://lake.example/1"))
    );
    assert!(feed.entries[0].updated.is_some());
}
