//! Entries from Atom, RSS and JSON Feed.
//!
//! In: text of a feed: Atom 1.0 (RFC 4287) and 0.3, RSS 0.9x, 1.0 (RDF) and 2.0, JSON Feed 1.0 and 1.1. Out: an [`Entry`] for each item in feed order.
//! A feed that breaks off keeps what came before; one bad date costs that date. When something happens is read only from the event
//! modules (`ev:`, xCal): `published` is about the notice.

pub mod dates;

mod atom;
mod fields;
mod json;
mod rss;
mod text;
mod xml;

use super::Read;
use crate::model::{Document, Entry, Format, Key, Problem, ProblemKind, Stamp, web_url};
use fields::{BadDate, seconds};
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use url::Url;
use xml::Node;

/// More entries are no feed but an archive.
const MOST_ENTRIES: usize = 5_000;

/// Reads all entries of a feed.
pub fn read(text: &str, document: &Document, format: Format) -> Read {
    let mut read = Read { format: Some(format), ..Read::default() };
    let mut bad: Vec<BadDate> = Vec::new();
    let mut more = false;
    let mut take = |entry: Entry| {
        more |= read.entries.len() >= MOST_ENTRIES;
        if !more {
            read.entries.push(entry);
        }
        !more
    };
    let (feed, root, broken) = match format {
        Format::JsonFeed => {
            let walked = json::walk(text, take, &mut bad);
            (walked.feed, walked.has_items.then(|| "feed".to_owned()), walked.broken)
        }
        _ => {
            let atom = format == Format::Atom;
            let names: &[&str] = if atom { &["entry"] } else { &["item"] };
            let walked = xml::walk(text, names, &mut |node| {
                take(if atom { atom::entry(node, &mut bad) } else { rss::entry(node, &mut bad) })
            });
            (if atom { atom::feed(&walked.feed) } else { rss::feed(&walked.feed) }, walked.root, walked.broken)
        }
    };
    for entry in &mut read.entries {
        complete(entry, &feed, document);
    }
    tell_apart(&mut read.entries);
    let count = read.entries.len();
    let mut tell = |problem: Problem| read.problems.push(problem.at(&document.source, &document.key));
    if root.as_deref().is_none_or(|root| root == "html") && count == 0 {
        let nothing = if format == Format::JsonFeed { "no list of `items`" } else { "no markup" };
        let found = root.map_or(nothing.to_owned(), |root| format!("`<{root}>`"));
        tell(Problem::new(ProblemKind::Read, format!("expected a feed, but found {found}")));
    } else if let Some(line) = broken {
        let message = format!("the feed is truncated after {count} entries; what came before is kept");
        tell(Problem::new(ProblemKind::Read, message).line(line));
    }
    if more {
        tell(Problem::new(ProblemKind::Read, format!("only the first {MOST_ENTRIES} entries are read")));
    }
    if let Some(first) = bad.first() {
        let found: String = crate::model::clean_line(&first.found).chars().take(60).collect();
        let others = if bad.len() > 1 { format!(", and {} more like it", bad.len() - 1) } else { String::new() };
        let message =
            format!("expected a time such as 2025-03-14T18:00:00Z in `{}`, but found `{found}`{others}", first.field);
        tell(Problem::new(ProblemKind::Field, message).line(first.line));
    }
    read
}

/// What the feed says for all its entries.
#[derive(Default)]
struct Feed {
    base: Option<String>,
    language: Option<String>,
    authors: Vec<crate::model::Person>,
}

/// Fills in what the entry leaves to its feed, and names it.
fn complete(entry: &mut Entry, feed: &Feed, document: &Document) {
    // `xml:base` of the entry may itself be relative to the feed's.
    entry.base = match (&entry.base, &feed.base) {
        (Some(own), Some(outer)) => join(outer, own).or_else(|| Some(own.clone())),
        (own, outer) => own.clone().or_else(|| outer.clone()),
    };
    if let (Some(base), Some(url)) = (&entry.base, &document.url)
        && Url::parse(base).is_err()
    {
        entry.base = url.join(base).ok().map(String::from).or(entry.base.take());
    }
    entry.language = entry.language.take().or_else(|| feed.language.clone());
    if entry.authors.is_empty() {
        entry.authors = feed.authors.clone();
    }
    if entry.title.is_empty() {
        entry.title = text::first_words(if entry.html.is_empty() {
            entry.summary.as_deref().unwrap_or_default()
        } else {
            &entry.html
        });
    }
    let base = entry.base.as_deref().and_then(|base| Url::parse(base).ok()).or_else(|| document.url.clone());
    let absolute = |address: &str| web_url(address).or_else(|| web_url(base.as_ref()?.join(address).ok()?.as_str()));
    if let Some(url) = entry.url.as_deref().and_then(absolute) {
        entry.keys.push(Key::url(&url));
    }
}

fn join(outer: &str, inner: &str) -> Option<String> {
    Url::parse(outer).ok()?.join(inner).ok().map(String::from)
}

/// Every entry gets a name of its own: a guid that several different ones share is none, an entry without any name is known by its title
/// and date, and of two versions of one entry the newer stays.
fn tell_apart(entries: &mut Vec<Entry>) {
    let mut owners: HashMap<String, Option<String>> = HashMap::new();
    let mut shared: HashSet<String> = HashSet::new();
    for entry in entries.iter() {
        if let (Some(guid), address) = (guid(entry), address(entry)) {
            match owners.get(&guid) {
                Some(known) if *known != address => {
                    shared.insert(guid);
                }
                Some(_) => {}
                None => {
                    owners.insert(guid, address);
                }
            }
        }
    }
    for entry in entries.iter_mut() {
        if guid(entry).is_some_and(|guid| shared.contains(&guid)) {
            entry.keys.retain(|key| !matches!(key, Key::Guid(_)));
        }
        if entry.keys.is_empty() {
            entry.keys.push(Key::Guid(made_up(entry)));
        }
    }
    let mut places: HashMap<Vec<Key>, usize> = HashMap::new();
    let mut kept: Vec<Entry> = Vec::new();
    for entry in entries.drain(..) {
        match places.get(&entry.keys).and_then(|place| kept.get_mut(*place)) {
            Some(known) if age(&entry) > age(known) => *known = entry,
            Some(_) => {}
            None => {
                places.insert(entry.keys.clone(), kept.len());
                kept.push(entry);
            }
        }
    }
    *entries = kept;
}

fn guid(entry: &Entry) -> Option<String> {
    entry.keys.iter().find_map(|key| match key {
        Key::Guid(guid) => Some(guid.clone()),
        _ => None,
    })
}

fn address(entry: &Entry) -> Option<String> {
    entry.keys.iter().find_map(|key| match key {
        Key::Url(url) => Some(url.clone()),
        _ => None,
    })
}

fn age(entry: &Entry) -> Option<i64> {
    entry.updated.or(entry.published).as_ref().map(seconds)
}

/// A name made of title and date, for an entry that has none.
fn made_up(entry: &Entry) -> String {
    let date = entry.published.as_ref().map(Stamp::day).map(|day| day.to_string()).unwrap_or_default();
    let digest = Sha256::digest(format!("{}\n{date}", entry.title).as_bytes());
    let hex: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    format!("made-up:{hex}")
}

/// `xml:lang`, if it names a language.
fn language(node: &Node) -> Option<String> {
    node.attribute("xml:lang").filter(|language| !language.is_empty()).map(str::to_owned)
}

fn base(node: &Node) -> Option<String> {
    node.attribute("xml:base").filter(|base| !base.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests;
