//! Events in microformats2 (`h-event`) and classic hCalendar (`vevent`).
//!
//! In: a parsed page. Out: its events as the objects that JSON-LD would hold, from which [`super::jsonld`] makes entries.

use super::Page;
use super::embedded::words;
use chrono::NaiveDate;
use scraper::ElementRef;
use serde_json::{Map, Value, json};

/// The names of a property: in microformats2, and in hCalendar.
struct Name(&'static str, &'static str);

const NAME: &[Name] = &[Name("p-name", "summary"), Name("p-summary", "fn")];
const START: &[Name] = &[Name("dt-start", "dtstart")];
const END: &[Name] = &[Name("dt-end", "dtend")];
const PLACE: &[Name] = &[Name("p-location", "location")];
const ADDRESS: &[Name] = &[Name("u-url", "url")];
const TEXT: &[Name] = &[Name("e-content", "description"), Name("p-description", "description"), Name("p-summary", "")];
const PICTURE: &[Name] = &[Name("u-photo", "photo"), Name("u-featured", "")];
const TAGS: &[Name] = &[Name("p-category", "category")];

/// The parts of an address, and what schema.org calls them.
const PARTS: [(Name, &str); 5] = [
    (Name("p-street-address", "street-address"), "streetAddress"),
    (Name("p-postal-code", "postal-code"), "postalCode"),
    (Name("p-locality", "locality"), "addressLocality"),
    (Name("p-region", "region"), "addressRegion"),
    (Name("p-country-name", "country-name"), "addressCountry"),
];

/// The events of a page; what stands inside another event is a part of that.
pub(super) fn events(page: &Page) -> Value {
    let all = page.all(".h-event, .vevent").into_iter();
    let is_outer = |element: &ElementRef<'_>| {
        let mut outer = element.ancestors().filter_map(ElementRef::wrap);
        !outer.any(is_event)
    };
    all.filter(is_outer).map(event).collect()
}

fn is_event(element: ElementRef<'_>) -> bool {
    has(element, "h-event") || has(element, "vevent")
}

fn has(element: ElementRef<'_>, class: &str) -> bool {
    !class.is_empty() && element.value().classes().any(|own| own == class)
}

fn event(element: ElementRef<'_>) -> Value {
    let is_new = has(element, "h-event");
    let first = |names: &[Name]| properties(element, names, is_new).into_iter().next();
    let mut object = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            object.insert(name.to_owned(), value);
        }
    };
    put("@type", Some("Event".into()));
    // A name is implied by the words where none is marked (microformats2-parsing, "implied properties").
    let name = first(NAME).map(text).unwrap_or_else(|| words(element).chars().take(MOST_NAME).collect());
    put("name", Some(name.into()));
    let start = first(START).map(moment);
    let end = first(END).map(|it| on_day_of(start.as_deref(), moment(it)));
    // One that is the start's own day is no day behind it.
    let end = if is_new || end == start { end } else { end.map(last_day) };
    put("endDate", end.map(Value::from));
    put("startDate", start.map(Value::from));
    put("url", first(ADDRESS).map(|it| address(it).into()));
    // Descriptions in JSON-LD are escaped once more than markup is.
    let markup = |it: ElementRef<'_>| it.inner_html().replace('&', "&amp;");
    let description = first(TEXT).map(|it| if has(it, "e-content") { markup(it) } else { text(it) });
    put("description", description.map(Value::from));
    put("location", first(PLACE).map(place));
    put("image", first(PICTURE).map(|it| address(it).into()));
    let tags: Vec<Value> = properties(element, TAGS, is_new).into_iter().map(|it| text(it).into()).collect();
    put("keywords", Some(tags.into()));
    Value::Object(object)
}

/// An implied name is no longer, in characters.
const MOST_NAME: usize = 200;
/// More of one property are no event's.
const MOST_VALUES: usize = 50;

/// The elements of a property, those of the first name that has any; none inside another microformat.
fn properties<'a>(element: ElementRef<'a>, names: &[Name], is_new: bool) -> Vec<ElementRef<'a>> {
    let named = |Name(new, old): &Name| {
        let class = if is_new { new } else { old };
        let mut found = Vec::new();
        find(element, class, &mut found);
        found
    };
    names.iter().map(named).find(|found| !found.is_empty()).unwrap_or_default()
}

/// The depth of a page is bounded.
fn find<'a>(element: ElementRef<'a>, class: &str, found: &mut Vec<ElementRef<'a>>) {
    for child in element.child_elements() {
        if found.len() >= MOST_VALUES {
            return;
        }
        if has(child, class) {
            found.push(child);
        } else if !is_root(child) {
            find(child, class, found);
        }
    }
}

fn is_root(element: ElementRef<'_>) -> bool {
    let old = ["vevent", "vcard", "hentry", "hproduct", "hreview"];
    element.value().classes().any(|class| class.starts_with("h-") || old.contains(&class))
}

/// What an element says in an attribute instead of its text.
fn written(element: ElementRef<'_>) -> Option<String> {
    let attribute = match element.value().name() {
        "time" | "ins" | "del" => "datetime",
        "abbr" => "title",
        "data" | "input" => "value",
        "img" | "area" => "alt",
        _ => return None,
    };
    element.attr(attribute).map(crate::model::clean_line)
}

/// What is written, else what stands in elements of the class `value` (value class pattern), else the text.
fn told(element: ElementRef<'_>, between: &str) -> String {
    let parts = || {
        let mut found = Vec::new();
        find(element, "value", &mut found);
        let parts: Vec<String> = found.into_iter().map(|it| written(it).unwrap_or_else(|| words(it))).collect();
        (!parts.is_empty()).then(|| parts.join(between))
    };
    written(element).or_else(parts).unwrap_or_else(|| words(element))
}

fn text(element: ElementRef<'_>) -> String {
    told(element, "")
}

/// A day, perhaps with hours, which may stand apart: `<span class="value">2026-05-05</span> … <span class="value">19:00</span>`.
fn moment(element: ElementRef<'_>) -> String {
    told(element, " ")
}

/// The last day where the day behind it is named, as hCalendar does (RFC 5545 §3.6.1).
fn last_day(end: String) -> String {
    let day = end.parse().ok().and_then(|day: NaiveDate| day.pred_opt());
    day.map_or(end, |day| day.to_string())
}

/// An end that tells only hours is on the day of the start (microformats2 `h-event`).
fn on_day_of(start: Option<&str>, end: String) -> String {
    let is_day = |day: &&str| day.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let day = start.and_then(|start| start.get(..10)).filter(is_day);
    match day.filter(|_| end.len() < 16 && end.find(':').is_some_and(|at| at <= 2)) {
        Some(day) => format!("{day} {end}"),
        None => end,
    }
}

fn address(element: ElementRef<'_>) -> String {
    let written = ["href", "src", "data"].iter().find_map(|name| element.attr(name));
    written.map_or_else(|| text(element), |written| written.trim().to_owned())
}

/// A place by its name, or a card or address in parts.
fn place(element: ElementRef<'_>) -> Value {
    let part = |Name(new, old): &Name| {
        let mut found = Vec::new();
        for class in [new, old] {
            find_anywhere(element, class, &mut found);
        }
        found.first().map(|it| text(*it)).filter(|words| !words.is_empty())
    };
    let parts: Map<String, Value> =
        PARTS.iter().filter_map(|(name, key)| Some(((*key).to_owned(), part(name)?.into()))).collect();
    let name = part(&Name("p-name", "fn")).or_else(|| part(&Name("p-org", "org")));
    let degrees = [part(&Name("p-latitude", "latitude")), part(&Name("p-longitude", "longitude"))];
    if parts.is_empty() && name.is_none() {
        return text(element).into();
    }
    json!({ "@type": "Place", "name": name, "address": parts, "latitude": degrees[0], "longitude": degrees[1] })
}

/// Also inside of other microformats: an address may stand in a card of its own.
fn find_anywhere<'a>(element: ElementRef<'a>, class: &str, found: &mut Vec<ElementRef<'a>>) {
    let all = element.descendants().filter_map(ElementRef::wrap);
    found.extend(all.filter(|it| has(*it, class)).take(1));
}
