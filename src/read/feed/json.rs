//! JSON Feed 1.0 and 1.1 (jsonfeed.org).
//!
//! A feed that breaks off keeps the items that came before. A field of the wrong type costs that field.

use super::described::{Category, Described, Picture, Reference, Text, TextKind};
use super::fields::{self, BadDate};
use crate::model::{Image, Link, Person, Stamp};
use serde_json::{Deserializer, Map, Value};

/// What was found in a text.
pub(super) struct Walked {
    /// What the feed says for all its items.
    pub feed: Described,
    /// Format and version.
    pub version: &'static str,
    /// It has a list of items, be it empty.
    pub has_items: bool,
    /// The line, from 1, where it broke off.
    pub broken: Option<u32>,
}

/// Hands each item to `take` until that says that it is enough.
pub(super) fn walk(text: &str, mut take: impl FnMut(Described) -> bool, bad: &mut Vec<BadDate>) -> Walked {
    let (head, items, broken) = match serde_json::from_str::<Map<String, Value>>(text) {
        Ok(mut feed) => match feed.remove("items") {
            Some(Value::Array(items)) => (feed, Some(items), None),
            _ => (feed, None, None),
        },
        Err(error) => {
            let (head, items) = items_of(text);
            (head, Some(items), u32::try_from(error.line()).ok())
        }
    };
    for item in items.iter().flatten().filter_map(Value::as_object) {
        if !take(entry(item, bad)) {
            break;
        }
    }
    let is_first = word(&head, "version").is_some_and(|version| version.ends_with("/1") || version.ends_with("/1.0"));
    let version = if is_first { "json1" } else { "json11" };
    Walked { feed: feed(&head), version, has_items: items.is_some(), broken }
}

/// The whole items of a feed that is broken somewhere, and what its head says before them.
fn items_of(text: &str) -> (Map<String, Value>, Vec<Value>) {
    let list = text.match_indices("\"items\"").find_map(|(at, name)| {
        let behind = text.get(at + name.len()..)?.trim_start().strip_prefix(':')?;
        Some((at, behind.trim_start().strip_prefix('[')?))
    });
    let Some((at, mut rest)) = list else { return Default::default() };
    let head = text.get(..at).unwrap_or_default().trim_end().trim_end_matches(',');
    let head = serde_json::from_str(&format!("{head}}}")).unwrap_or_default();
    let mut items = Vec::new();
    loop {
        let mut values = Deserializer::from_str(rest).into_iter::<Value>();
        let Some(Ok(value)) = values.next() else { break };
        rest = rest.get(values.byte_offset()..).unwrap_or_default().trim_start();
        items.push(value);
        let Some(next) = rest.strip_prefix(',') else { break };
        rest = next;
    }
    (head, items)
}

fn feed(feed: &Map<String, Value>) -> Described {
    let text = |name: &str| word(feed, name).map(plain);
    let link = |name: &str, rel: &str| reference(feed, name, rel);
    let hubs = feed.get("hubs").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
    let hubs = hubs.filter_map(|hub| reference(hub, "url", "hub")).take(10);
    Described {
        title: text("title"),
        summary: text("description"),
        url: word(feed, "home_page_url"),
        links: link("home_page_url", "alternate").into_iter().chain(link("feed_url", "self")).chain(hubs).collect(),
        language: word(feed, "language"),
        authors: authors(feed),
        icon: word(feed, "favicon"),
        logo: word(feed, "icon"),
        image: word(feed, "icon").map(|url| Picture { url: Some(url), ..Picture::default() }),
        ..Described::default()
    }
}

fn reference(object: &Map<String, Value>, name: &str, rel: &str) -> Option<Reference> {
    Some(Reference { url: word(object, name)?, rel: Some(rel.to_owned()), ..Reference::default() })
}

fn plain(value: String) -> Text {
    Text { value, kind: TextKind::Plain, language: None, base: None }
}

fn entry(item: &Map<String, Value>, bad: &mut Vec<BadDate>) -> Described {
    let html = word(item, "content_html").map(|value| Text { kind: TextKind::Html, ..plain(value) });
    let external = reference(item, "external_url", "related");
    let attachments = item.get("attachments").and_then(Value::as_array).into_iter().flatten();
    let enclosures = attachments.filter_map(Value::as_object).filter_map(|attachment| {
        let length = word(attachment, "size_in_bytes");
        let media_type = word(attachment, "mime_type");
        Some(Reference {
            media_type,
            length,
            title: word(attachment, "title"),
            ..reference(attachment, "url", "enclosure")?
        })
    });
    Described {
        title: word(item, "title").map(plain),
        content: html.or_else(|| word(item, "content_text").map(plain)),
        summary: word(item, "summary").map(plain),
        // `external_url` is what a link post points to, and stands in where it has no page of its own.
        url: word(item, "url").or_else(|| word(item, "external_url")),
        links: reference(item, "url", "alternate").into_iter().chain(external).collect(),
        enclosures: enclosures.take(100).collect(),
        published: date(item, "date_published", bad),
        updated: date(item, "date_modified", bad),
        authors: authors(item),
        categories: words(item, "tags").into_iter().map(|term| Category { term, ..Category::default() }).collect(),
        image: word(item, "image")
            .or_else(|| word(item, "banner_image"))
            .map(|url| Picture { url: Some(url), ..Picture::default() }),
        images: images(item),
        recordings: recordings(item),
        language: word(item, "language"),
        id: word(item, "id"),
        ..Described::default()
    }
}

/// A text that says something; numbers count as written, as identifiers often are some.
fn word(object: &Map<String, Value>, name: &str) -> Option<String> {
    let word = match object.get(name)? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!word.is_empty()).then_some(word)
}

fn words(object: &Map<String, Value>, name: &str) -> Vec<String> {
    let list = object.get(name).and_then(Value::as_array).into_iter().flatten();
    let words = list.filter_map(Value::as_str).map(crate::model::clean_line);
    words.filter(|word| !word.is_empty()).take(100).collect()
}

fn date(item: &Map<String, Value>, name: &str, bad: &mut Vec<BadDate>) -> Option<Stamp> {
    let written = word(item, name)?;
    let stamp = super::dates::notice_stamp(&written);
    if stamp.is_none() {
        bad.push(BadDate { field: name.to_owned(), found: written, line: 0 });
    }
    stamp
}

/// `authors` of version 1.1, else the `author` of version 1.0.
fn authors(object: &Map<String, Value>) -> Vec<Person> {
    let person = |value: &Value| match value {
        Value::Object(author) => {
            let name = word(author, "name").map(|name| crate::model::clean_line(&name)).unwrap_or_default();
            Person { name, url: word(author, "url"), email: None }
        }
        Value::String(name) => super::people::person(name),
        _ => Person::default(),
    };
    let own = |name: &str| -> Vec<Person> {
        let values = match object.get(name) {
            Some(Value::Array(values)) => values.as_slice(),
            other => other.map_or(&[][..], std::slice::from_ref),
        };
        values.iter().map(person).filter(|person| *person != Person::default()).take(50).collect()
    };
    let listed = own("authors");
    if listed.is_empty() { own("author") } else { listed }
}

fn images(item: &Map<String, Value>) -> Vec<Image> {
    let own = ["image", "banner_image"].into_iter().filter_map(|name| word(item, name));
    let attached = attachments(item, "image/").map(|(url, title)| Image { url, alt: None, title });
    fields::distinct(own.map(|url| Image { url, alt: None, title: None }).chain(attached))
}

fn recordings(item: &Map<String, Value>) -> Vec<Link> {
    let videos = attachments(item, "video/").take(5);
    videos.map(|(href, _)| Link { rel: "video".into(), href }).collect()
}

/// Address and title of what is attached, of one kind of media type.
fn attachments<'a>(
    item: &'a Map<String, Value>,
    kind: &'a str,
) -> impl Iterator<Item = (String, Option<String>)> + use<'a> {
    let all = item.get("attachments").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
    let own = all.filter(move |one| word(one, "mime_type").is_some_and(|it| it.to_ascii_lowercase().starts_with(kind)));
    own.filter_map(|one| Some((word(one, "url")?, word(one, "title"))))
}
