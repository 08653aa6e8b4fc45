//! Web pages.
//!
//! In: one decoded page. Out: the schema.org events of its JSON-LD (an [`Entry`] each); where there are none, the page itself as one post: its main text,
//! title, canonical address, language and date. The parsed tree is `!Send`: it is dropped before this module answers.

mod article;
mod jsonld;

use super::Read;
use super::post::own_key;
use crate::model::{Document, Entry, Format, Image, Key, Problem, ProblemKind, nests_deeper};
use scraper::{ElementRef, Html, Selector};

/// Deeper nesting is a mistake or an attack, and building the tree takes quadratic time: real pages stay below 100.
const MAX_DEPTH: usize = 256;
/// More than any listing shows at once.
const MOST_EVENTS: usize = 1000;

/// Reads a page.
pub fn read(text: &str, document: &Document) -> Read {
    let mut read = Read { format: Some(Format::Html), ..Read::default() };
    if nests_deeper(text, MAX_DEPTH) {
        let message = format!("expected a page nested at most {MAX_DEPTH} elements deep, found a deeper one");
        read.problems.push(Problem::new(ProblemKind::Read, message).at(&document.source, &document.key));
        return read;
    }
    let page = Page { html: Html::parse_document(text) };
    for block in page.all("script[type*='ld+json' i]") {
        let text: String = block.text().collect();
        match jsonld::events(&text) {
            Ok(entries) => read.entries.extend(entries),
            Err(message) => read.problems.push(
                Problem::new(ProblemKind::Read, format!("structured data that cannot be read: {message}"))
                    .at(&document.source, &document.key),
            ),
        }
    }
    if read.entries.len() > MOST_EVENTS {
        read.entries.truncate(MOST_EVENTS);
        let message = format!("only the first {MOST_EVENTS} events are read");
        read.problems.push(Problem::new(ProblemKind::Read, message).at(&document.source, &document.key));
    }
    let base = page.attribute("base[href]", "href");
    let canonical = page.attribute("link[rel~='canonical' i]", "href");
    let language = page.attribute("html", "lang");
    if read.entries.is_empty() {
        let entry = article::entry(&page, canonical.clone());
        if entry.title.is_empty() || entry.html.trim().is_empty() {
            read.skipped = Some("a page without title or text".to_owned());
        } else {
            read.entries.push(entry);
        }
    }
    let alone = read.entries.len() == 1;
    for entry in &mut read.entries {
        entry.base = entry.base.take().or_else(|| base.clone());
        entry.language = entry.language.take().or_else(|| language.clone());
        if alone {
            entry.url = entry.url.take().or_else(|| canonical.clone());
        }
        name(entry, document, alone);
    }
    read
}

/// Each event of a page that holds several is named by its own address, or else by its title and day.
fn name(entry: &mut Entry, document: &Document, alone: bool) {
    let page = own_key(document);
    let own = match (&document.url, &entry.url) {
        (Some(base), Some(url)) => base.join(url).ok(),
        (None, Some(url)) => url::Url::parse(url).ok(),
        _ => None,
    };
    let own = own.filter(|url| url.has_host()).map(|url| Key::url(&url));
    if alone {
        entry.keys.extend(own.filter(|key| *key != page));
        entry.keys.push(page);
    } else {
        entry.keys.extend(own.filter(|key| *key != page));
        let day = entry.declared.start.as_ref().map(|start| start.value.day().to_string()).unwrap_or_default();
        entry.keys.push(Key::Part(format!("{} {} {day}", page.text(), entry.title)));
    }
}

/// A parsed page.
pub(super) struct Page {
    html: Html,
}

impl Page {
    /// Every element that a selector finds. A selector that is none finds nothing.
    fn all(&self, selector: &str) -> Vec<ElementRef<'_>> {
        Selector::parse(selector).map(|selector| self.html.select(&selector).collect()).unwrap_or_default()
    }

    fn first(&self, selector: &str) -> Option<ElementRef<'_>> {
        self.all(selector).into_iter().next()
    }

    /// The first such attribute that says something.
    fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        self.all(selector).iter().find_map(|e| e.attr(name)).map(str::trim).filter(|v| !v.is_empty()).map(str::to_owned)
    }

    /// The content of a `<meta>` by `property` or `name`.
    fn meta(&self, name: &str) -> Option<String> {
        self.attribute(&format!("meta[property='{name}' i], meta[name='{name}' i]"), "content")
    }
}

/// A picture by its address alone.
fn image(url: String) -> Image {
    Image { url, ..Image::default() }
}

#[cfg(test)]
mod tests {
    use crate::model::{DeclaredValue, Document, EntryKind, EventStatus, Key, SourceId, Stamp};
    use crate::read::{Read, read};

    fn page(html: &str) -> Read {
        read(&Document {
            source: SourceId::new("turku-js").unwrap(),
            key: "https://turku.example/meet".to_owned(),
            url: url::Url::parse("https://turku.example/meet").ok(),
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
        assert_eq!(
            declared.end.as_ref().map(|e| e.value.clone()),
            Some(DeclaredValue::Day("2025-03-15".parse().unwrap()))
        );
        assert_eq!(declared.status, Some(EventStatus::Cancelled));
        assert_eq!((declared.place.as_deref(), declared.address.join(", ").as_str()), (Some("Hall"), "Quay 3, Turku"));
        assert_eq!(declared.coordinates, Some((60.45, 22.26)));
        assert_eq!(entry.links[0].rel, "online");
        assert_eq!(entry.html, "<p>Two<br>lines</p>");
        assert_eq!(entry.keys[0], Key::Url("turku.example/spring".into()));
        assert_ne!(entry.keys, read.entries[1].keys);
    }

    #[test]
    fn broken_structured_data_is_told_and_the_page_is_still_read() {
        let read = page(
            "<title>A</title><script type='application/ld+json'>{\"@type\": \"Event\", oops</script><body><p>Text",
        );
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
    fn a_page_nested_without_end_is_a_problem() {
        let read = page(&format!("<title>A</title><body>{}x", "<div>".repeat(200_000)));
        assert!(read.problems[0].message.contains("nested"));
        let lists = "<script>'<div>'</script><!-- <div> --><p>a<br><ul><li>a<li>b</ul>".repeat(2_000);
        assert_eq!(page(&format!("<title>A</title><body>{lists}")).entries.len(), 1);
    }
}
