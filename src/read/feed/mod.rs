//! Entries from Atom, RSS and JSON Feed.
//!
//! In: text of a feed: Atom 1.0 (RFC 4287) and 0.3, RSS 0.9x, 1.0 (RDF) and 2.0, JSON Feed 1.0 and 1.1. Out: an [`Entry`] for each item in feed order.
//! A feed that breaks off keeps what came before; one bad date costs that date. When something happens is read only from the event
//! modules (`ev:`, xCal): `published` is about the notice.

pub mod dates;
pub mod described;

mod categories;
mod elements;
mod entry;
mod fields;
mod geo;
mod json;
mod people;
mod release;
pub(super) mod text;

use super::Read;
use super::xml::{self, Around, Node};
use crate::model::{Declared, Document, Entry, EntryKind, Format, Key, Problem, ProblemKind, Stamp, web_url};
use described::Described;
use fields::{BadDate, seconds};
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use url::Url;

/// More entries are no feed but an archive.
const MOST_ENTRIES: usize = 5_000;
/// Room for so many is made at once at most; what only looks like an entry must not cost more.
const MOST_EXPECTED: usize = 1_000;

/// Reads all entries of a feed.
pub fn read(text: &str, document: &Document, format: Format) -> Read {
    let mut read = Read { format: Some(format), ..Read::default() };
    let mut entries: Vec<Entry> = Vec::with_capacity(expected(text, format));
    let walked = walk(text, &outermost(document, None), format, &mut |told| entries.push(entry::entry(told)));
    for entry in &mut entries {
        complete(entry, &walked.feed, document, format);
    }
    tell_apart(&mut entries);
    let count = entries.len();
    read.entries = entries;
    read.pace = walked.feed.schedule.pace();
    let mut tell = |problem: Problem| read.problems.push(problem.at(&document.source, &document.key));
    if walked.root.as_deref().is_none_or(|root| root == "html") && count == 0 {
        let nothing = if format == Format::JsonFeed { "no list of `items`" } else { "no markup" };
        let found = walked.root.map_or(nothing.to_owned(), |root| format!("`<{root}>`"));
        tell(Problem::new(ProblemKind::Read, format!("expected a feed, but found {found}")));
    } else if let Some(line) = walked.broken {
        let message = format!("the feed is truncated after {count} entries; what came before is kept");
        tell(Problem::new(ProblemKind::Read, message).line(line));
    }
    if walked.more {
        tell(Problem::new(ProblemKind::Read, format!("only the first {MOST_ENTRIES} entries are read")));
    }
    if let Some(first) = walked.bad.first() {
        let found: String = crate::model::clean_line(&first.found).chars().take(60).collect();
        let others = match walked.bad.len() {
            1 => String::new(),
            all => format!(", and {} more like it", all - 1),
        };
        let message =
            format!("expected a time such as 2025-03-14T18:00:00Z in `{}`, but found `{found}`{others}", first.field);
        tell(Problem::new(ProblemKind::Field, message).line(first.line));
    }
    read
}

/// A feed with all that it says, for those who look at readers.
#[derive(Debug, Clone, Default)]
pub struct Feed {
    /// Its format and version: `atom10`, `rss20`, `json11`.
    pub format: &'static str,
    /// What it says of itself.
    pub about: Described,
    /// What its entries say, in its order.
    pub entries: Vec<Described>,
}

/// About as many entries as a feed in XML holds, by its beginning: to make room at once costs less than to move entries again and again.
fn expected(text: &str, format: Format) -> usize {
    const BEGINNING: usize = 64 * 1024;
    let end = if format == Format::Atom { "</entry" } else { "</item" };
    let beginning = text.as_bytes().get(..BEGINNING).unwrap_or(text.as_bytes());
    let found = memchr::memmem::find_iter(beginning, end).count();
    (found * text.len().div_ceil(BEGINNING)).min(MOST_EXPECTED)
}

/// Reads all that a feed says. `language` is the one that the server told.
pub fn facts(text: &str, document: &Document, language: Option<&str>, format: Format) -> Feed {
    let mut entries = Vec::new();
    let walked = walk(text, &outermost(document, language), format, &mut |told| entries.push(told));
    Feed { format: walked.format, about: walked.feed, entries }
}

/// What is known of a feed before it is read.
fn outermost(document: &Document, language: Option<&str>) -> Around {
    let address = document.url.as_ref().map(Url::to_string);
    Around { base: None, language: language.map(str::to_owned), document: address }
}

/// What a walk over a feed found beside its entries.
struct Walked {
    feed: Described,
    format: &'static str,
    /// What the outermost element is called; for JSON, whether there are items.
    root: Option<String>,
    broken: Option<u32>,
    more: bool,
    bad: Vec<BadDate>,
}

/// Goes through a feed of any format and hands over what each of its entries says.
fn walk(text: &str, outermost: &Around, format: Format, take: &mut dyn FnMut(Described)) -> Walked {
    let (mut count, mut more) = (0, false);
    let mut bad: Vec<BadDate> = Vec::new();
    let mut bounded = |told: Described| {
        more |= count >= MOST_ENTRIES;
        count += 1;
        if !more {
            take(told);
        }
        !more
    };
    if format == Format::JsonFeed {
        let walked = json::walk(text, bounded, &mut bad);
        let root = walked.has_items.then(|| "feed".to_owned());
        return Walked { feed: walked.feed, format: walked.version, root, broken: walked.broken, more, bad };
    }
    let is_atom = format == Format::Atom;
    let walked = xml::walk(text, &["entry", "item"], outermost, &mut |node, around| {
        bounded(elements::described(node, around, is_atom, &mut bad))
    });
    let (channel, around) = head(&walked.feed, outermost);
    let mut feed = elements::described(channel, &around, is_atom, &mut Vec::new());
    elements::add_picture(&mut feed, &walked.feed, outermost, &mut Vec::new());
    Walked { feed, format: version(&walked.feed, text), root: walked.root, broken: walked.broken, more, bad }
}

/// Where a feed speaks of itself: RSS has a channel inside the root.
fn head<'n, 't>(root: &'n Node<'t>, outermost: &Around) -> (&'n Node<'t>, Around) {
    let channel = root.elements().find(|node| node.name == "channel");
    channel.map_or((root, outermost.clone()), |channel| (channel, outermost.inside(root).into_owned()))
}

/// Format and version of a feed in XML, by its outermost element.
fn version(root: &Node, text: &str) -> &'static str {
    // Netscape's and UserLand's RSS 0.91 are told apart by the document type.
    let begin = text.as_bytes().get(..text.len().min(1_000)).unwrap_or_default();
    let is_netscape = memchr::memmem::find(begin, b"netscape.com/publish/formats/rss-0.91").is_some();
    let namespace = root.attribute("xmlns").unwrap_or_default().to_ascii_lowercase();
    let version = root.attribute("version").unwrap_or_default();
    match (root.plain_name(), &*version) {
        ("feed", "0.1") => "atom01",
        ("feed", "0.2") => "atom02",
        ("feed", _) if version == "0.3" || namespace.contains("purl.org/atom/ns") => "atom03",
        ("feed", _) => "atom10",
        ("rdf:rdf", _) if namespace.contains("netscape") => "rss090",
        ("rdf:rdf", _) => "rss10",
        ("rss", "0.91") if is_netscape => "rss091n",
        ("rss", "0.91") => "rss091u",
        ("rss", "0.92") => "rss092",
        ("rss", "0.93") => "rss093",
        ("rss", "0.94") => "rss094",
        ("rss", "") => "rss",
        ("rss", version) if version.starts_with('2') => "rss20",
        ("rss", _) => "rss",
        ("channel", _) => "cdf",
        _ => "",
    }
}

/// Fills in what the entry leaves to its feed, and names it.
fn complete(entry: &mut Entry, feed: &Described, document: &Document, format: Format) {
    let feed_base = feed.base.as_ref().or(feed.url.as_ref());
    entry.base = entry.base.take().or_else(|| feed_base.cloned());
    if let (Some(base), Some(url)) = (&entry.base, &document.url)
        && !xml::is_absolute(base)
    {
        entry.base = url.join(base).ok().map(String::from).or(entry.base.take());
    }
    entry.language = entry.language.take().or_else(|| feed.language.clone());
    // RSS names those who look after the site, not those who write.
    if entry.authors.is_empty() && format != Format::Rss {
        entry.authors = feed.authors.clone();
    }
    if entry.title.is_empty() {
        entry.title = text::first_words(if entry.html.is_empty() {
            entry.summary.as_deref().unwrap_or_default()
        } else {
            &entry.html
        });
    }
    let base = || entry.base.as_deref().and_then(|base| Url::parse(base).ok()).or_else(|| document.url.clone());
    let absolute = |address: &str| web_url(address).or_else(|| web_url(base()?.join(address).ok()?.as_str()));
    let url = entry.url.as_deref().and_then(absolute);
    if release::is_version(&entry.title) || url.as_ref().is_some_and(release::is_page) {
        entry.kind = EntryKind::Release;
        entry.declared = Declared::default();
    }
    if let Some(url) = url {
        entry.keys.push(Key::url(&url));
    }
}

/// Every entry gets a name of its own: a guid that several different ones share is none, an entry without any name is known by its title
/// and date, and of two versions of one entry the newer stays.
fn tell_apart(entries: &mut Vec<Entry>) {
    let mut owners: HashMap<&str, Option<&str>> = HashMap::with_capacity(entries.len());
    let mut shared: HashSet<String> = HashSet::new();
    for entry in entries.iter() {
        if let (Some(guid), address) = (guid(entry), address(entry))
            && *owners.entry(guid).or_insert(address) != address
        {
            shared.insert(guid.to_owned());
        }
    }
    for entry in entries.iter_mut() {
        if guid(entry).is_some_and(|guid| shared.contains(guid)) {
            entry.keys.retain(|key| !matches!(key, Key::Guid(_)));
        }
        if entry.keys.is_empty() {
            entry.keys.push(Key::Guid(made_up(entry)));
        }
    }
    let mut places: HashMap<Vec<Key>, usize> = HashMap::with_capacity(entries.len());
    let mut kept = 0;
    for at in 0..entries.len() {
        let Some(entry) = entries.get(at) else { break };
        let first = *places.entry(entry.keys.clone()).or_insert(kept);
        let is_newer = || entries.get(first).is_some_and(|known| age(entry) > age(known));
        if first == kept || is_newer() {
            entries.swap(first, at);
        }
        kept = kept.max(first + 1);
    }
    entries.truncate(kept);
}

fn guid(entry: &Entry) -> Option<&str> {
    entry.keys.iter().find_map(|key| match key {
        Key::Guid(guid) => Some(guid.as_str()),
        _ => None,
    })
}

fn address(entry: &Entry) -> Option<&str> {
    entry.keys.iter().find_map(|key| match key {
        Key::Url(url) => Some(url.as_str()),
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

#[cfg(test)]
mod elements_tests;
#[cfg(test)]
mod tests;
