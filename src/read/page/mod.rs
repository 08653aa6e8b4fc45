//! Web pages.
//!
//! In: one decoded page. Out: the schema.org events of its JSON-LD (an [`Entry`] each); where there are none, the page itself as one post: its main text,
//! title, canonical address, language and date. The parsed tree is `!Send`: it is dropped before this module answers.

mod article;
mod jsonld;

use super::Read;
use super::post::own_key;
use crate::model::{Document, Entry, Format, Image, Key, Problem, ProblemKind};
use scraper::{ElementRef, Html, Selector};

/// Reads a page.
pub fn read(text: &str, document: &Document) -> Read {
    let page = Page { html: Html::parse_document(text) };
    let mut read = Read { format: Some(Format::Html), ..Read::default() };
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
