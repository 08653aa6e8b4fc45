//! schema.org events in microdata (HTML §5) and RDFa Lite 1.1.
//!
//! In: a parsed page. Out: its items as the objects that JSON-LD would hold, from which [`super::jsonld`] makes entries. Of other vocabularies
//! only data-vocabulary.org's, the forerunner, is understood.

use super::{Ids, Page};
use scraper::ElementRef;
use serde_json::{Map, Value, json};
use std::cell::Cell;
use std::collections::BTreeSet;

/// How a page says what belongs to an item.
struct Syntax {
    /// Marks an item.
    scope: &'static str,
    /// Names what the item is.
    kind: &'static str,
    /// Names a property.
    property: &'static str,
    /// Names the item itself.
    id: &'static [&'static str],
}

const MICRODATA: Syntax = Syntax { scope: "itemscope", kind: "itemtype", property: "itemprop", id: &["itemid"] };
const RDFA: Syntax = Syntax { scope: "typeof", kind: "typeof", property: "property", id: &["resource", "about"] };

/// Elements of a page that are read for its items, those that several items refer to (`itemref`) counted each time.
const MOST_READ: usize = 200_000;
/// Items that refer to items that refer to items.
const MOST_DEEP: usize = 3;

/// The items of a page that are no property of another one.
pub(super) fn items(page: &Page) -> Vec<Value> {
    let ids = page.ids();
    let read = |syntax| Reader::new(page, &ids, syntax).items();
    [&MICRODATA, &RDFA].into_iter().flat_map(read).collect()
}

struct Reader<'a> {
    page: &'a Page,
    ids: &'a Ids<'a>,
    syntax: &'static Syntax,
    /// Ids that items refer to.
    referred: BTreeSet<&'a str>,
    /// Prefixes that stand for schema.org's names.
    prefixes: BTreeSet<String>,
    /// How many more elements may be read.
    left: Cell<usize>,
    /// How many references are being followed.
    deep: Cell<usize>,
}

impl<'a> Reader<'a> {
    fn new(page: &'a Page, ids: &'a Ids<'a>, syntax: &'static Syntax) -> Self {
        let references = page.all("[itemref]").into_iter().filter_map(|element| element.attr("itemref"));
        let referred = references.flat_map(str::split_ascii_whitespace).collect();
        Self { page, ids, syntax, referred, prefixes: prefixes(page), left: Cell::new(MOST_READ), deep: Cell::new(0) }
    }

    fn items(&self) -> Vec<Value> {
        let all = self.page.all(&format!("[{}]", self.syntax.scope)).into_iter();
        all.filter(|element| self.is_outer(*element)).map(|element| self.item(element)).collect()
    }

    /// True for an item that belongs to no other, though it may be written as if it did.
    fn is_outer(&self, element: ElementRef<'a>) -> bool {
        let is_inside = || outer(element).any(|outer| outer.attr(self.syntax.scope).is_some());
        if element.attr(self.syntax.property).is_some() {
            let is_referred = element.attr("id").is_some_and(|id| self.referred.contains(id));
            return !is_referred && !is_inside();
        }
        let is_related = || outer(element).any(|outer| self.relation(outer).is_some());
        !(is_related() && is_inside())
    }

    fn item(&self, element: ElementRef<'a>) -> Value {
        let mut object = Map::new();
        let kinds = element.attr(self.syntax.kind).unwrap_or_default().split_ascii_whitespace();
        object.insert("@type".to_owned(), kinds.map(Value::from).collect());
        if let Some(id) = self.syntax.id.iter().find_map(|name| element.attr(name)) {
            object.insert("@id".to_owned(), id.into());
        }
        self.properties(element, &mut object);
        if self.deep.get() < MOST_DEEP {
            self.deep.set(self.deep.get() + 1);
            let ids = element.attr("itemref").into_iter().flat_map(str::split_ascii_whitespace);
            ids.filter_map(|id| self.ids.get(id)).for_each(|referred| self.property(*referred, &mut object));
            self.deep.set(self.deep.get() - 1);
        }
        Value::Object(object)
    }

    /// Collects what belongs to the item; the depth of a page is bounded.
    fn properties(&self, element: ElementRef<'a>, object: &mut Map<String, Value>) {
        element.child_elements().for_each(|child| self.property(child, object));
    }

    fn property(&self, element: ElementRef<'a>, object: &mut Map<String, Value>) {
        // An item may refer to what holds it: the work is bounded, not the references.
        self.left.set(self.left.get().saturating_sub(1));
        if self.left.get() == 0 {
            return;
        }
        let is_item = element.attr(self.syntax.scope).is_some();
        let names = element.attr(self.syntax.property).into_iter().flat_map(str::split_ascii_whitespace);
        // An item within an item within an item would double with each of its names: it has the first only.
        for name in names.filter_map(|name| self.own_name(name)).take(if is_item { 1 } else { usize::MAX }) {
            let value = if is_item { self.item(element) } else { self.value(element, name) };
            put(object, name, value);
        }
        match self.relation(element).filter(|_| !is_item) {
            Some(name) => self.related(element, name, object),
            None if !is_item => self.properties(element, object),
            None => {}
        }
    }

    /// `rel` names a property whose value is what stands inside (RDFa 1.0).
    fn relation(&self, element: ElementRef<'a>) -> Option<&'a str> {
        let names = element.attr("rel").filter(|_| self.syntax.scope == RDFA.scope)?;
        names.split_ascii_whitespace().filter(|name| name.contains(':')).find_map(|name| self.own_name(name))
    }

    fn related(&self, element: ElementRef<'a>, name: &str, object: &mut Map<String, Value>) {
        if let Some(href) = element.attr("href").or_else(|| element.attr("resource")) {
            return put(object, name, href.trim().into());
        }
        for inner in element.child_elements() {
            match inner.attr(self.syntax.scope) {
                Some(_) => put(object, name, self.item(inner)),
                None => self.related(inner, name, object),
            }
        }
    }

    /// A property's name, if it is of schema.org's vocabulary.
    fn own_name<'n>(&self, name: &'n str) -> Option<&'n str> {
        match name.split_once(':') {
            Some((_, rest)) if rest.starts_with("//") => name.rsplit(['/', '#']).next(),
            Some((prefix, rest)) => self.prefixes.contains(prefix).then_some(rest),
            None => Some(name),
        }
    }

    /// The value of a property (HTML §5.2.4). `content` counts on every element, as everybody writes it.
    fn value(&self, element: ElementRef<'a>, name: &str) -> Value {
        // The words of a link are what a name says, wherever it leads.
        let is_name = matches!(name, "name" | "description" | "summary");
        let is_time = name.ends_with("Date") || name.ends_with("Time");
        let written = match element.value().name() {
            "time" => element.attr("datetime"),
            "data" | "meter" => element.attr("value"),
            _ if is_time => element.attr("datetime").or_else(|| element.attr("title")),
            _ if is_name => None,
            "a" | "area" | "link" => element.attr("href"),
            "img" | "audio" | "video" | "source" | "iframe" | "embed" | "track" => element.attr("src"),
            "object" => element.attr("data"),
            _ => None,
        };
        if let Some(written) = element.attr("content").or(written) {
            return written.trim().into();
        }
        match element.attr("resource").filter(|_| self.syntax.scope == RDFA.scope && !is_name) {
            Some(id) => json!({ "@id": id }),
            None => self.page.words(element).into(),
        }
    }
}

fn put(object: &mut Map<String, Value>, name: &str, value: Value) {
    if let Value::Array(values) = object.entry(name).or_insert_with(|| Value::Array(Vec::new())) {
        values.push(value);
    }
}

fn outer(element: ElementRef<'_>) -> impl Iterator<Item = ElementRef<'_>> {
    element.ancestors().filter_map(ElementRef::wrap)
}

/// The usual prefixes, and those that the page binds to the vocabulary (`prefix="s: https://schema.org/"`, `xmlns:s`).
fn prefixes(page: &Page) -> BTreeSet<String> {
    let is_ours = |url: &str| url.contains("schema.org") || url.contains("data-vocabulary.org");
    let mut prefixes: BTreeSet<String> = ["schema".to_owned(), "v".to_owned()].into();
    for element in page.all("[prefix]") {
        let words: Vec<&str> = element.attr("prefix").unwrap_or_default().split_ascii_whitespace().collect();
        let bound = words.windows(2).filter_map(|pair| match pair {
            [name, url] if is_ours(url) => name.strip_suffix(':'),
            _ => None,
        });
        prefixes.extend(bound.map(str::to_owned));
    }
    for element in page.first("html").into_iter().chain(page.first("body")) {
        let bound = element.value().attrs().filter(|(_, url)| is_ours(url));
        prefixes.extend(bound.filter_map(|(name, _)| name.strip_prefix("xmlns:")).map(str::to_owned));
    }
    prefixes
}
