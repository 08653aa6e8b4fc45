//! Document → entries, in their author's words. One file (or folder) a format; pure.
//!
//! In: fetched bytes. Out: [`Entry`]s, or why there are none. What a document is written in is found out by looking at it: how it was
//! transported says little (a repository may hold calendars, a web server may hand out Markdown).

mod calendar;
#[cfg(test)]
mod cost;
pub mod feed;
mod page;
mod post;
mod records;
mod schedule;
mod site;
mod text;
mod xml;

use crate::model::{Document, Entry, Format, Offer, Pace, Problem, ProblemKind, Records, SiteConfig};
use chrono::Datelike;
use std::borrow::Cow;

/// What a document holds.
#[derive(Debug, Clone, Default)]
pub struct Read {
    /// What it is written in, once found out.
    pub format: Option<Format>,
    /// Its entries, in document order.
    pub entries: Vec<Entry>,
    /// Why nothing is to be read from it although nothing is wrong with it (`not text`, `no title`).
    pub skipped: Option<String>,
    /// What it tells of the addresses of posts, where it is the configuration of a site.
    pub site: Option<SiteConfig>,
    /// How often a feed says that it is worth asking.
    pub pace: Option<Pace>,
    /// What a page without events offers to read in its stead, one for each kind.
    pub offers: Vec<Offer>,
    /// What was left out.
    pub problems: Vec<Problem>,
}

/// Reads a document in whatever format it turns out to be. Never fails: what can't be read is a [`Problem`].
pub fn read(document: &Document) -> Read {
    read_by(document, None)
}

/// Reads a document of a source that may say that its documents are lists of events.
pub fn read_by(document: &Document, records: Option<&Records>) -> Read {
    let mut read = any(document, records);
    for entry in &mut read.entries {
        for (name, stamp) in [("published", &mut entry.published), ("updated", &mut entry.updated)] {
            let Some(odd) = stamp.take_if(|stamp| !YEARS.contains(&stamp.day().year())) else { continue };
            let message = format!(
                "expected {name} between {} and {}, found `{}` (`{}`)",
                YEARS.start(),
                YEARS.end(),
                odd.day(),
                entry.title.chars().take(80).collect::<String>(),
            );
            read.problems.push(Problem::new(ProblemKind::Field, message).at(&document.source, &document.key));
        }
    }
    read
}

/// A post's front matter as JSON, and the text below it. Strict, where [`read`] forgives: what is wrong is told with its line.
pub fn front_matter(document: &Document) -> Result<(serde_json::Value, String), Problem> {
    let at = |problem: Problem| problem.at(&document.source, &document.key);
    let text = text::decode(&document.bytes, document.media_type.as_deref())
        .ok_or_else(|| at(Problem::new(ProblemKind::Read, "expected text, found binary content").line(1)))?;
    let (data, body) = post::front_matter(text.strip_prefix('\u{feff}').unwrap_or(&text)).map_err(at)?;
    // YAML, TOML and JSON are UTF-8; that an older text was told by its letters is a courtesy.
    if let Some(error) = std::str::from_utf8(&document.bytes).err().filter(|_| data.is_some()) {
        let before = document.bytes.iter().take(error.valid_up_to());
        let line = before.filter(|byte| **byte == b'\n').count() as u32 + 1;
        return Err(at(Problem::new(ProblemKind::Read, "expected UTF-8, found other bytes").line(line)));
    }
    Ok((data.unwrap_or_else(|| serde_json::Value::Object(serde_json::Map::new())), body))
}

fn any(document: &Document, records: Option<&Records>) -> Read {
    let named = by_name(document);
    if document.bytes.iter().all(u8::is_ascii_whitespace) {
        return if document.url.is_some() { nothing_there(document, "an empty answer") } else { skipped("empty") };
    }
    if named == Name::Other && document.url.is_none() {
        return skipped(NOTHING_OF_OURS);
    }
    let Some(text) = text::decode(&document.bytes, document.media_type.as_deref()) else {
        return match named {
            Name::Format(_) => refused(
                document,
                "expected text, found binary content",
                "look whether the file has the right extension",
            ),
            _ if document.url.is_some() => nothing_there(document, "binary content"),
            _ => skipped(NOTHING_OF_OURS),
        };
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    if document.url.is_none()
        && SiteConfig::may_be(&document.key)
        && let Some(site) = site::read(text, &document.key)
    {
        return Read { site: Some(site), ..skipped("the configuration of the site") };
    }
    if let Some(data) = records::syntax(text, document, records.is_some())
        && let Some(read) = records::read(text, document, data, records)
    {
        return read;
    }
    let Some(format) = format(text, document, named) else {
        let found = "text of another kind";
        return if document.url.is_some() { nothing_there(document, found) } else { skipped(NOTHING_OF_OURS) };
    };
    match format {
        Format::Html if promised_data(named) => refused(
            document,
            "expected a feed or calendar, found a web page",
            "look at the address in a browser: it may ask to log in",
        ),
        Format::Html if post::has_front_matter(text) => post::read(text, document, format),
        Format::Markdown | Format::Mdx | Format::AsciiDoc | Format::Rst | Format::Org => {
            post::read(text, document, format)
        }
        Format::Records => skipped(NOTHING_OF_OURS),
        Format::Atom | Format::Rss | Format::JsonFeed => feed::read(text, document, format),
        Format::ICalendar => calendar::read(text, document),
        Format::Schedule => schedule::read(text, document),
        Format::Html => page::read(text, document),
    }
}

/// All that a feed says, and the label of the encoding it is in, for those who look at readers; `None` for what is no feed.
/// `language` is the one that the server told.
pub fn feed_facts(document: &Document, language: Option<&str>) -> Option<(feed::Feed, Cow<'static, str>)> {
    let (_, encoding) = text::decoded(&document.bytes, document.media_type.as_deref());
    let text = text::decode(&document.bytes, document.media_type.as_deref())?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let format = by_content(text).filter(|format| matches!(format, Format::Atom | Format::Rss | Format::JsonFeed))?;
    Some((feed::facts(text, document, language, format), encoding))
}

/// When posts are written; no format that is published can tell years of five digits.
pub(in crate::read) const YEARS: std::ops::RangeInclusive<i32> = 1900..=2199;

const NOTHING_OF_OURS: &str = "not a post, feed, calendar or page";

fn skipped(why: &str) -> Read {
    Read { skipped: Some(why.to_owned()), ..Read::default() }
}

fn refused(document: &Document, message: &str, hint: &str) -> Read {
    let problem = Problem::new(ProblemKind::Read, message).at(&document.source, &document.key).hint(hint);
    Read { problems: vec![problem], ..Read::default() }
}

/// A folder may hold files that are none of ours; an address was asked because something of ours should be there.
fn nothing_there(document: &Document, found: &str) -> Read {
    let message = format!("expected a feed, calendar, post or page, found {found}");
    refused(document, &message, "look at the address in a browser")
}

fn promised_data(named: Name) -> bool {
    matches!(named, Name::Format(Format::Atom | Format::Rss | Format::JsonFeed | Format::ICalendar))
}

/// What the end of a document's name promises.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Name {
    Format(Format),
    /// Says nothing (no extension, `.xml`, `.txt`, `.php`).
    Silent,
    /// Something that is none of our formats (`.png`, `.css`).
    Other,
}

fn by_name(document: &Document) -> Name {
    let path = document.url.as_ref().map_or(document.key.as_str(), |url| url.path());
    let file = path.rsplit('/').next().unwrap_or_default();
    let Some((_, extension)) = file.rsplit_once('.') else { return Name::Silent };
    match extension.to_ascii_lowercase().as_str() {
        "md" | "markdown" | "mdown" | "mkd" => Name::Format(Format::Markdown),
        "mdx" => Name::Format(Format::Mdx),
        "adoc" | "asciidoc" | "asc" => Name::Format(Format::AsciiDoc),
        "rst" | "rest" => Name::Format(Format::Rst),
        "org" => Name::Format(Format::Org),
        "ics" | "ical" | "icalendar" | "ifb" | "jcs" | "xcs" => Name::Format(Format::ICalendar),
        "atom" => Name::Format(Format::Atom),
        "rss" => Name::Format(Format::Rss),
        "html" | "htm" | "xhtml" => Name::Format(Format::Html),
        "xml" | "rdf" | "json" | "txt" | "text" | "yaml" | "yml" | "toml" | "csv" | "tsv" | "php" | "aspx" | "asp"
        | "jsp" | "cgi" | "" => Name::Silent,
        _ => Name::Other,
    }
}

/// Content that is unmistakable, then the server's word (if one was asked), then the name, then what the content looks like.
fn format(text: &str, document: &Document, named: Name) -> Option<Format> {
    let from_web = document.url.is_some() || document.media_type.is_some();
    let content = by_content(text);
    let told = document.media_type.as_deref().and_then(by_media_type);
    // A repository's web interface shows a page at an address that ends in `.md`.
    let shown = from_web && (told == Some(Format::Html) || content == Some(Format::Html));
    if let Name::Format(format) = named
        && format.is_post()
        && !shown
    {
        return Some(format);
    }
    match content {
        Some(format @ (Format::Atom | Format::Rss | Format::JsonFeed | Format::ICalendar | Format::Schedule)) => {
            return Some(format);
        }
        Some(Format::Html) if from_web => return content,
        _ => {}
    }
    let promised = match named {
        Name::Format(format) => Some(format),
        Name::Silent | Name::Other => None,
    };
    told.or(promised).or(content)
}

fn by_media_type(media_type: &str) -> Option<Format> {
    match media_type.split(';').next()?.trim().to_ascii_lowercase().as_str() {
        "text/markdown" | "text/x-markdown" => Some(Format::Markdown),
        "text/mdx" => Some(Format::Mdx),
        "text/asciidoc" | "text/x-asciidoc" => Some(Format::AsciiDoc),
        "text/x-rst" | "text/prs.fallenstein.rst" => Some(Format::Rst),
        "text/org" | "text/x-org" => Some(Format::Org),
        "text/calendar"
        | "application/calendar"
        | "application/calendar+json"
        | "application/calendar+xml"
        | "application/jscalendar+json" => Some(Format::ICalendar),
        "application/feed+json" => Some(Format::JsonFeed),
        "application/atom+xml" => Some(Format::Atom),
        "application/rss+xml" | "application/rdf+xml" => Some(Format::Rss),
        "text/html" | "application/xhtml+xml" => Some(Format::Html),
        _ => None,
    }
}

/// The first thing in a text that tells its format. Servers put warnings and blank lines in front of feeds, so the first 2 KiB are looked through.
fn by_content(text: &str) -> Option<Format> {
    if post::has_front_matter(text) {
        return Some(Format::Markdown);
    }
    if calendar::is_in_json(text) {
        return Some(Format::ICalendar);
    }
    if schedule::is_in_json(text) {
        return Some(Format::Schedule);
    }
    // The version names the format, wherever in the object it stands; where it is wrong, the addresses do.
    if text.trim_start().starts_with('{') {
        let signs = [
            "jsonfeed.org/version/",
            "jsonfeed.org\\/version\\/",
            "\"home_page_url\"",
            "\"feed_url\"",
            "\"content_html\"",
            "\"content_text\"",
        ];
        let has = |sign: &str| memchr::memmem::find(text.as_bytes(), sign.as_bytes()).is_some();
        return signs.into_iter().any(has).then_some(Format::JsonFeed);
    }
    let head: String = text.chars().take(2048).collect::<String>().to_ascii_lowercase();
    let start = head.trim_start();
    if start.starts_with("begin:vcalendar") || start.contains("\nbegin:vcalendar") {
        return Some(Format::ICalendar);
    }
    let roots = [
        ("<rss", Format::Rss),
        ("<rdf:rdf", Format::Rss),
        ("<feed", Format::Atom),
        ("<channel", Format::Rss),
        ("<schedule", Format::Schedule),
        ("<icalendar", Format::ICalendar),
        ("<xcal:icalendar", Format::ICalendar),
        ("<!doctype html", Format::Html),
        ("<html", Format::Html),
        ("<head", Format::Html),
        ("<body", Format::Html),
    ];
    let is_whole = |format: &Format| *format != Format::Schedule || tag_at(&head, "<conference").is_some();
    let roots = roots.iter().filter(|(_, format)| is_whole(format));
    let found = roots.filter_map(|(root, format)| Some((tag_at(&head, root)?, *format))).min_by_key(|(at, _)| *at);
    found.map(|(_, format)| format).or_else(|| by_prefixed_root(start))
}

/// `<r:rss xmlns:r="…">`: a root in a namespace of its own.
fn by_prefixed_root(head: &str) -> Option<Format> {
    let tags = head.split('<').skip(1).filter(|tag| tag.starts_with(|c: char| c.is_ascii_alphabetic()));
    let name = tags.map(|tag| tag.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next()).next()??;
    match name.split_once(':')?.1 {
        "rss" | "rdf" => Some(Format::Rss),
        "feed" => Some(Format::Atom),
        _ => None,
    }
}

fn tag_at(head: &str, root: &str) -> Option<usize> {
    let ends = |at: usize| {
        head.get(at + root.len()..)
            .is_none_or(|rest| rest.starts_with(|c: char| !c.is_ascii_alphanumeric() && c != '-'))
    };
    head.match_indices(root).map(|(at, _)| at).find(|at| ends(*at))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::model::SourceId;

    /// A document as it comes from a folder, or from the web if its key is an address.
    pub(crate) fn document(key: &str, media_type: Option<&str>, bytes: &[u8]) -> Document {
        Document {
            source: SourceId::new("turku-js").unwrap(),
            key: key.to_owned(),
            url: url::Url::parse(key).ok(),
            media_type: media_type.map(str::to_owned),
            bytes: bytes.to_vec(),
            version: String::new(),
            first_seen: None,
        }
    }

    #[test]
    fn the_format_is_what_the_document_turns_out_to_be() {
        let cases: &[(&str, Option<&str>, &str, Option<Format>)] = &[
            ("posts/a.md", None, "---\ntitle: A\n---\n", Some(Format::Markdown)),
            ("posts/a.mdx", None, "---\ntitle: A\n---\n", Some(Format::Mdx)),
            ("calendar/all.ics", None, "BEGIN:VCALENDAR\r\n", Some(Format::ICalendar)),
            (
                "https://a.example/feed",
                Some("text/html"),
                "<?xml version='1.0'?>\n<rss version='2.0'>",
                Some(Format::Rss),
            ),
            (
                "https://a.example/feed",
                Some("text/xml"),
                "<!-- x --><feed xmlns='http://www.w3.org/2005/Atom'>",
                Some(Format::Atom),
            ),
            ("https://a.example/f.rdf", None, "<rdf:RDF>", Some(Format::Rss)),
            ("https://a.example/raw/a.md", Some("text/plain; charset=utf-8"), "# Hello\n", Some(Format::Markdown)),
            ("https://a.example/blob/a.md", Some("text/html"), "<!DOCTYPE html>", Some(Format::Html)),
            ("https://a.example/", Some("text/html"), "<p>Hello", Some(Format::Html)),
            ("https://a.example/notes.txt", Some("text/plain"), "+++\ntitle='A'\n+++\n", Some(Format::Markdown)),
            ("https://a.example/x", Some("text/plain"), "hello", None),
            (
                "https://a.example/feed.json",
                Some("application/json"),
                r#"{"items": [], "version": "https:\/\/jsonfeed.org\/version\/1"}"#,
                Some(Format::JsonFeed),
            ),
            ("https://a.example/feed", Some("application/feed+json"), "{\"items\": []}", Some(Format::JsonFeed)),
            ("site/feed.json", None, r#"{"version": "https://jsonfeed.org/version/1.1"}"#, Some(Format::JsonFeed)),
            ("events.json", None, r#"["vcalendar", [], []]"#, Some(Format::ICalendar)),
            (
                "https://a.example/all",
                Some("application/calendar+json"),
                "[[\"vcalendar\",[],[]]]",
                Some(Format::ICalendar),
            ),
            (
                "https://a.example/all",
                Some("application/xml"),
                "<?xml version='1.0'?><icalendar/>",
                Some(Format::ICalendar),
            ),
            ("events.json", None, r#"{"@type": "Group", "uid": "a", "entries": []}"#, Some(Format::ICalendar)),
            ("event.json", None, r#"{"@context": "https://schema.org", "@type": "Event", "uid": "a"}"#, None),
            ("https://a.example/data.json", Some("application/json"), "{\"a\": \"<rss>\"}", None),
            ("site/a.html", None, "<!DOCTYPE html><title>A</title>", Some(Format::Html)),
            ("posts/a.md", None, "<rss> is a tag\n# T\n", Some(Format::Markdown)),
        ];
        for (key, media_type, text, expected) in cases {
            assert_eq!(read(&document(key, *media_type, text.as_bytes())).format, *expected, "{key}");
        }
    }

    #[test]
    fn what_is_none_of_our_formats_is_skipped_with_the_reason() {
        for key in ["logo.png", "style.css", "data.json"] {
            assert_eq!(
                read(&document(key, None, b"x")).skipped.as_deref(),
                Some("not a post, feed, calendar or page"),
                "{key}"
            );
        }
        assert_eq!(read(&document("a.md", None, b" \n")).skipped.as_deref(), Some("empty"));
    }

    #[test]
    fn binary_content_behind_a_post_s_name_is_a_problem_that_names_the_file() {
        let read = read(&document("posts/logo.md", None, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0"));
        assert_eq!(read.problems.len(), 1);
        assert_eq!(
            read.problems[0].to_string(),
            "turku-js: posts/logo.md: expected text, found binary content\n  hint: look whether the file has the right extension"
        );
    }

    #[test]
    fn an_address_that_answers_with_nothing_of_ours_is_a_problem() {
        let cases: [(&[u8], &str); 3] = [
            (b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xb3)*.\xb6\0", "binary content"),
            (b" \n", "an empty answer"),
            (b"{\"a\": 1}", "text of another kind"),
        ];
        for (bytes, found) in cases {
            let read = read(&document("https://a.example/feed", Some("application/octet-stream"), bytes));
            assert!(read.problems.len() == 1 && read.problems[0].message.ends_with(found), "{read:?}");
        }
    }

    #[test]
    fn a_post_from_another_age_loses_its_date_and_says_so() {
        for date in ["9999-12-31T23:59:59-12:00", "1066-10-14"] {
            let read = read(&document("a.md", None, format!("---\ntitle: Far\ndate: {date}\n---\nText").as_bytes()));
            assert_eq!(read.entries[0].published, None);
            assert!(read.problems.iter().any(|problem| problem.message.contains("1900")), "{:?}", read.problems);
        }
    }

    #[test]
    fn a_login_page_instead_of_a_calendar_is_a_problem() {
        let read =
            read(&document("https://a.example/all.ics", Some("text/html"), b"<!doctype html><title>Log in</title>"));
        assert!(read.entries.is_empty());
        assert!(read.problems[0].message.contains("found a web page"));
    }
}
