//! Events in microformats2 (`h-event`) and classic hCalendar (`vevent`).
//!
//! In: a parsed page. Out: its events as the objects that JSON-LD would hold, from which [`super::jsonld`] makes entries. What an event includes
//! from elsewhere on the page (the include pattern, `itemref`) counts as its own.

mod include;
mod times;

use super::{Ids, Page};
use scraper::ElementRef;
use serde_json::{Map, Value, json};

/// The names of a property: in microformats2, and in hCalendar.
struct Name(&'static str, &'static str);

const NAME: &[Name] = &[Name("p-name", "summary"), Name("p-summary", "fn")];
const START: &[Name] = &[Name("dt-start", "dtstart")];
const END: &[Name] = &[Name("dt-end", "dtend")];
const LENGTH: &[Name] = &[Name("dt-duration", "duration"), Name("p-duration", "")];
const PLACE: &[Name] =
    &[Name("p-location", "location"), Name("p-adr", "adr"), Name("p-geo", "geo"), Name("u-location", "")];
const ADDRESS: &[Name] = &[Name("u-url", "url")];
const TEXT: &[Name] = &[Name("e-content", "description"), Name("p-description", ""), Name("p-summary", "")];
const PICTURE: &[Name] = &[Name("u-photo", "photo"), Name("u-featured", "")];
const TAGS: &[Name] = &[Name("p-category", "category")];
const ORGANIZER: &[Name] = &[Name("p-organizer", "organizer")];
const STATUS: &[Name] = &[Name("p-status", "status")];

/// The parts of an address, and what schema.org calls them.
const PARTS: [(Name, &str); 5] = [
    (Name("p-street-address", "street-address"), "streetAddress"),
    (Name("p-postal-code", "postal-code"), "postalCode"),
    (Name("p-locality", "locality"), "addressLocality"),
    (Name("p-region", "region"), "addressRegion"),
    (Name("p-country-name", "country-name"), "addressCountry"),
];

/// An implied name is no longer, in characters.
const MOST_NAME: usize = 200;
/// An event of more elements is a mistake.
const MOST_ELEMENTS: usize = 5_000;

/// The events of a page. What stands inside another event is a part of that one, unless only the part has a day.
pub(super) fn events(page: &Page) -> Vec<Value> {
    let all = page.all(".h-event, .vevent").into_iter();
    let outer = all.filter(|element| !element.ancestors().filter_map(ElementRef::wrap).any(is_event));
    let ids = page.ids();
    let reader = Reader { page, ids: &ids, included: include::Budget::default() };
    let mut events = Vec::new();
    outer.for_each(|element| reader.add(element, &mut events));
    events
}

fn is_event(element: ElementRef<'_>) -> bool {
    has(element, "h-event") || has(element, "vevent")
}

fn has(element: ElementRef<'_>, class: &str) -> bool {
    !class.is_empty() && element.value().classes().any(|own| own == class)
}

fn is_root(element: ElementRef<'_>) -> bool {
    let old = ["vevent", "vcard", "hentry", "hproduct", "hreview", "adr", "geo"];
    element.value().classes().any(|class| class.starts_with("h-") || old.contains(&class))
}

/// What is marked inside an event: its own elements, and the outermost events in it.
#[derive(Default)]
struct Marked<'a> {
    own: Vec<ElementRef<'a>>,
    inner: Vec<ElementRef<'a>>,
}

impl<'a> Marked<'a> {
    /// The elements of a property, those of the first name that has any.
    fn of(&self, names: &[Name], is_new: bool) -> Vec<ElementRef<'a>> {
        let named = |Name(new, old): &Name| -> Vec<ElementRef<'a>> {
            let class = if is_new { new } else { old };
            self.own.iter().copied().filter(|element| has(*element, class)).collect()
        };
        names.iter().map(named).find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// Collects what has a class; none inside another microformat. The depth of a page is bounded.
    fn add(&mut self, element: ElementRef<'a>) {
        for child in element.child_elements() {
            if self.own.len() >= MOST_ELEMENTS {
                return;
            }
            if child.attr("class").is_some() {
                self.own.push(child);
            }
            if is_event(child) {
                self.inner.push(child);
            } else if !is_root(child) {
                self.add(child);
            }
        }
    }
}

struct Reader<'a> {
    page: &'a Page,
    ids: &'a Ids<'a>,
    included: include::Budget,
}

impl<'a> Reader<'a> {
    /// Adds an event, or those inside of it where it has no day.
    fn add(&self, element: ElementRef<'a>, events: &mut Vec<Value>) {
        let mut marked = Marked::default();
        marked.add(element);
        let inner = std::mem::take(&mut marked.inner);
        for included in include::of(element, self.ids, &self.included) {
            marked.own.extend(included.attr("class").is_some().then_some(included));
            marked.add(included);
        }
        let is_new = has(element, "h-event");
        if marked.of(START, is_new).is_empty() && !inner.is_empty() {
            return inner.into_iter().for_each(|inner| self.add(inner, events));
        }
        events.push(self.event(element, &marked, is_new));
    }

    fn event(&self, element: ElementRef<'a>, marked: &Marked<'a>, is_new: bool) -> Value {
        let first = |names: &[Name]| marked.of(names, is_new).into_iter().next();
        let mut object = Map::new();
        let mut put = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                object.insert(name.to_owned(), value);
            }
        };
        put("@type", Some("Event".into()));
        // A name is implied by the words where none is marked (microformats2-parsing, "implied properties").
        let implied = || self.page.words(element).chars().take(MOST_NAME).collect();
        put("name", Some(first(NAME).map(|it| self.text(it)).unwrap_or_else(implied).into()));
        let (start, end) = (first(START).map(|it| self.moment(it)), first(END).map(|it| self.moment(it)));
        let end = end.map(|end| times::completed(start.as_deref(), end, is_new));
        put("startDate", start.map(Value::from));
        put("endDate", end.map(Value::from));
        put("duration", first(LENGTH).map(|it| self.text(it).into()));
        put("url", first(ADDRESS).map(|it| self.address(it).into()));
        // Descriptions in JSON-LD are escaped once more than markup is.
        let markup = |it: ElementRef<'a>| it.inner_html().replace('&', "&amp;");
        let description = first(TEXT).map(|it| if has(it, "e-content") { markup(it) } else { self.text(it) });
        put("description", description.map(Value::from));
        put("location", first(PLACE).map(|it| self.place(it)));
        put("image", first(PICTURE).map(|it| self.address(it).into()));
        put("organizer", first(ORGANIZER).map(|it| self.person(it)));
        put("eventStatus", first(STATUS).map(|it| status(&self.text(it)).into()));
        let tags: Vec<Value> = marked.of(TAGS, is_new).into_iter().map(|it| self.text(it).into()).collect();
        put("keywords", Some(tags.into()));
        Value::Object(object)
    }

    /// What is written, else what stands in elements of the class `value` (value class pattern), else the text.
    fn text(&self, element: ElementRef<'a>) -> String {
        let parts = || {
            let parts = self.values(element);
            (!parts.is_empty()).then(|| parts.concat())
        };
        written(element).or_else(parts).unwrap_or_else(|| self.page.words(element))
    }

    /// The same for a time, whose parts may stand in any order (value class pattern, "date and time parsing").
    fn moment(&self, element: ElementRef<'a>) -> String {
        let parts = self.values(element);
        if parts.is_empty() { self.text(element) } else { times::joined(&parts) }
    }

    fn values(&self, element: ElementRef<'a>) -> Vec<String> {
        let value = |it: ElementRef<'a>| match has(it, "value-title") {
            true => it.attr("title").map(crate::model::clean_line),
            false => has(it, "value").then(|| written(it).unwrap_or_else(|| self.page.words(it))),
        };
        let mut marked = Marked::default();
        marked.add(element);
        marked.own.into_iter().filter_map(value).take(MOST_VALUES).collect()
    }

    fn address(&self, element: ElementRef<'a>) -> String {
        let written = ["href", "src", "data"].iter().find_map(|name| element.attr(name));
        written.map_or_else(|| self.text(element), |written| written.trim().to_owned())
    }

    /// A place by its name, or a card or address in parts.
    fn place(&self, element: ElementRef<'a>) -> Value {
        let part = |name: &Name| self.anywhere(element, name);
        let parts: Map<String, Value> =
            PARTS.iter().filter_map(|(name, key)| Some(((*key).to_owned(), part(name)?.into()))).collect();
        let name = part(&Name("p-name", "fn")).or_else(|| part(&Name("p-org", "org")));
        let degrees = [part(&Name("p-latitude", "latitude")), part(&Name("p-longitude", "longitude"))];
        if parts.is_empty() && name.is_none() {
            let is_point = has(element, "geo") || has(element, "h-geo");
            let name = (!is_point).then(|| self.text(element));
            return json!({ "@type": "Place", "name": name, "latitude": degrees[0], "longitude": degrees[1] });
        }
        json!({ "@type": "Place", "name": name, "address": parts, "latitude": degrees[0], "longitude": degrees[1] })
    }

    fn person(&self, element: ElementRef<'a>) -> Value {
        let name = self.anywhere(element, &Name("p-name", "fn")).unwrap_or_else(|| self.text(element));
        let own = |it: &ElementRef<'a>| it.attr("href").is_some_and(|href| !href.starts_with("mailto:"));
        let links = std::iter::once(element).chain(element.descendants().filter_map(ElementRef::wrap));
        let url = links.into_iter().find(own).map(|it| self.address(it));
        json!({ "@type": "Organization", "name": name, "url": url })
    }

    /// Also inside of other microformats: an address may stand in a card of its own.
    fn anywhere(&self, element: ElementRef<'a>, Name(new, old): &Name) -> Option<String> {
        let mut all = element.descendants().filter_map(ElementRef::wrap).take(MOST_ELEMENTS);
        let found = all.find(|it| has(*it, new) || has(*it, old)).map(|it| self.text(it));
        found.filter(|words| !words.is_empty())
    }
}

/// More parts are no value's.
const MOST_VALUES: usize = 50;

/// What an element says in an attribute instead of its text.
fn written(element: ElementRef<'_>) -> Option<String> {
    let attribute = match element.value().name() {
        "time" | "ins" | "del" => "datetime",
        "abbr" | "link" => "title",
        "data" | "input" => "value",
        "img" | "area" => "alt",
        _ => return None,
    };
    element.attr(attribute).map(crate::model::clean_line)
}

/// hCalendar's status, and what people write there, in schema.org's words.
fn status(word: &str) -> &'static str {
    match word.trim().to_ascii_lowercase().as_str() {
        "cancelled" | "canceled" => "EventCancelled",
        "postponed" => "EventPostponed",
        "confirmed" => "EventScheduled",
        _ => "",
    }
}
