//! Web pages.
//!
//! In: one decoded page. Out: its events (an [`Entry`] each): those of its JSON-LD, else of its microdata and RDFa, else of its microformats. Where
//! there are none, what the page offers to read in its stead, and the page itself as one post: its main text, title, canonical address, language and date. The parsed tree is `!Send`: it is dropped before this module answers.

mod article;
mod embedded;
mod jsonld;
mod microformats;
mod moment;
mod offers;
#[cfg(test)]
mod tests;

use super::Read;
use super::post::own_key;
use crate::model::{Document, Entry, Format, Image, Key, Problem, ProblemKind, clean_line, nests_deeper};
use scraper::{ElementRef, Html, Selector};
use serde_json::Value;
use std::cell::Cell;
use std::collections::HashMap;

/// Deeper nesting is a mistake or an attack, and building the tree takes quadratic time: real pages stay below 100.
const MAX_DEPTH: usize = 256;
/// Bytes of text that all marked elements of a page may tell together.
const MOST_WORDS: usize = 4 << 20;
/// So many values that cannot be read are told of one page.
const MOST_PROBLEMS: usize = 20;
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
    let page = Page { html: Html::parse_document(text), left: Cell::new(MOST_WORDS) };
    let mut problem = |kind, message: String| {
        read.problems.push(Problem::new(kind, message).at(&document.source, &document.key));
    };
    let blocks = blocks(&page, &mut problem);
    let mut found = jsonld::within(&blocks);
    // A page that tells of its events in several syntaxes tells of the same ones.
    for items in [embedded::items, microformats::events] {
        if found.entries.is_empty() {
            let more = jsonld::within(&items(&page));
            found.entries = more.entries;
            found.listed.extend(more.listed);
            found.problems.extend(more.problems);
        }
    }
    found.problems.into_iter().take(MOST_PROBLEMS).for_each(|message| problem(ProblemKind::Field, message));
    read.entries = found.entries;
    if read.entries.len() > MOST_EVENTS {
        read.entries.truncate(MOST_EVENTS);
        let message = format!("only the first {MOST_EVENTS} events are read");
        read.problems.push(Problem::new(ProblemKind::Read, message).at(&document.source, &document.key));
    }
    let base = page.attribute("base[href]", "href");
    let canonical = page.attribute("link[rel~='canonical' i]", "href").or_else(|| page.meta("og:url"));
    let locale = || page.meta("og:locale").map(|locale| locale.replace('_', "-"));
    let language = page.attribute("html", "lang").or_else(locale);
    if read.entries.is_empty() {
        let listed = &found.listed;
        let entry = article::entry(&page, canonical.clone(), jsonld::article(&blocks));
        let tells = !entry.title.is_empty() && !entry.html.trim().is_empty();
        read.offers = document.url.as_ref().map(|own| offers::offers(&page, own, listed, tells)).unwrap_or_default();
        if tells {
            read.entries.push(entry);
        } else {
            read.skipped = Some("a page without title or text".to_owned());
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

/// The values of the page's JSON-LD.
fn blocks(page: &Page, problem: &mut impl FnMut(ProblemKind, String)) -> Vec<Value> {
    let mut all = Vec::new();
    for block in page.all("script[type*='ld+json' i]") {
        let (values, broken) = jsonld::values(&block.text().collect::<String>());
        all.extend(values);
        broken.into_iter().for_each(|message| problem(ProblemKind::Read, message));
    }
    all
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

/// The elements of a page by their id.
type Ids<'a> = HashMap<&'a str, ElementRef<'a>>;

/// A parsed page.
pub(super) struct Page {
    html: Html,
    /// How many more bytes of text its elements may tell: what stands in many elements at once would be told by each.
    left: Cell<usize>,
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

    /// The text of an element, white space collapsed.
    fn words(&self, element: ElementRef<'_>) -> String {
        let mut words = String::new();
        for text in element.text() {
            if self.left.get() < text.len() {
                break;
            }
            self.left.set(self.left.get() - text.len());
            words.push_str(text);
            words.push(' ');
        }
        clean_line(&words)
    }

    /// The elements that others can refer to; none where none does. Of those with the same id the first counts.
    fn ids(&self) -> Ids<'_> {
        let mut ids = Ids::new();
        if self.first("[itemref], [headers], .include").is_some() {
            for element in self.all("[id]") {
                ids.entry(element.attr("id").unwrap_or_default()).or_insert(element);
            }
        }
        ids
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
