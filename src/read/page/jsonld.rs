//! schema.org events in JSON-LD, and in objects of the same form that other syntaxes are made into.
//!
//! In: the texts of a page's `<script type="application/ld+json">`. Out: an [`Entry`] for each Event or subtype, wherever it stands (`@graph`, lists,
//! `mainEntity`, `@reverse`), and the addresses of those that are only listed. A bare-day `endDate` is inclusive. Sub-events stay inside their event, unless that one is
//! only their frame: a series, or without a day of its own.

mod event;
mod node;
mod place;
mod repair;
mod schedule;

use crate::model::Entry;
use node::{Named, Node, Object, Thing, bare};
use serde_json::Value;
use std::collections::BTreeSet;

/// What is found in the structured data of a page.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Its events with a day.
    pub entries: Vec<Entry>,
    /// Addresses, as written, of things that are listed without saying when they are.
    pub listed: Vec<String>,
    /// What could not be read.
    pub problems: Vec<String>,
}

/// What structured data says of the article that a page is.
#[derive(Debug, Default)]
pub(super) struct Article {
    pub published: Option<String>,
    pub updated: Option<String>,
    pub author: Option<String>,
}

/// The first article in values that says when it was published.
pub(super) fn article(values: &[Value]) -> Option<Article> {
    let mut named = Named::default();
    values.iter().for_each(|value| named.add(value));
    let graphs = values.iter().flat_map(|value| [Some(value), value.get("@graph")]).flatten();
    let objects = graphs.flat_map(|value| value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice));
    let nodes = objects.filter_map(Value::as_object).map(|object| Node::new(object, &named));
    let is_article =
        |node: &Node| node.types().iter().any(|name| name.ends_with("Article") || name.ends_with("Posting"));
    nodes.filter(is_article).find_map(|node| {
        let published = Some(node.text("datePublished")?);
        let author = node.things("author").into_iter().find_map(|thing| match thing {
            Thing::Text(name) => Some(name.to_owned()).filter(|name| !name.contains("://")),
            Thing::Node(node) => node.text("name"),
        });
        Some(Article { published, updated: node.text("dateModified"), author })
    })
}

/// Reads one block, which may hold several values. Of one that breaks off, what came before is kept.
pub(super) fn values(text: &str) -> (Vec<Value>, Option<String>) {
    let read = |text: &str| {
        let (mut values, mut broken) = (Vec::new(), None);
        for value in serde_json::Deserializer::from_str(text).into_iter() {
            match value {
                Ok(value) => values.push(value),
                Err(error) => broken = Some(error.to_string()),
            }
        }
        (values, broken)
    };
    let (values, broken) = read(text);
    // Blocks without events are none of our business, broken or not.
    let tells = ["Event", "Festival", "Hackathon", "CourseInstance"].iter().any(|name| text.contains(name));
    match broken {
        None => (values, None),
        Some(_) if !tells => (values, None),
        Some(_) => {
            let (values, broken) = read(&repair::repaired(text));
            let why = broken.map(|error| error.split(" at line ").next().unwrap_or_default().to_owned());
            (values, why.map(|why| format!("structured data that cannot be read: {why}")))
        }
    }
}

/// The events in values, wherever they stand in them.
pub(super) fn within(values: &[Value]) -> Found {
    let mut named = Named::default();
    values.iter().for_each(|value| named.add(value));
    let mut search = Search { named: &named, events: Vec::new(), seen: BTreeSet::new(), listed: Vec::new() };
    values.iter().for_each(|value| search.collect(value, Around::Nothing));
    let mut found = Found { listed: search.listed, ..Found::default() };
    for (event, around) in search.events {
        let entries = event::entries(event, around, &mut found.problems);
        // Without a day it may be anything that borrows the name, and the page's own text says more.
        if entries.iter().all(|entry| entry.declared.start.is_none()) {
            found.listed.extend(entries.into_iter().filter_map(|entry| entry.url));
        } else {
            found.entries.extend(entries);
        }
    }
    found
}

/// What an event stands in that tells of it what it leaves out.
#[derive(Debug, Clone, Copy)]
enum Around<'a> {
    Nothing,
    /// It takes place there.
    Place(Node<'a>),
    /// They hold it.
    Organizer(Node<'a>),
    /// It is a part of that: of a series, or an instance of a course.
    Whole(Node<'a>),
}

struct Search<'a, 'n> {
    named: &'n Named<'a>,
    events: Vec<(Node<'n>, Around<'n>)>,
    seen: BTreeSet<*const Object>,
    listed: Vec<String>,
}

impl<'a: 'n, 'n> Search<'a, 'n> {
    /// Finds events; `serde_json` and the depth of a page bound the depth.
    fn collect(&mut self, value: &'a Value, around: Around<'n>) {
        match value {
            Value::Array(values) => values.iter().for_each(|value| self.collect(value, around)),
            Value::Object(object) => self.object(object, around),
            _ => {}
        }
    }

    fn object(&mut self, object: &'a Object, around: Around<'n>) {
        let node = Node::new(object, self.named);
        if is_event(&node) {
            return self.event(node, around);
        }
        let types = node.types();
        if types.contains(&"ItemList") {
            self.listed.extend(addresses(node));
        }
        let is_place = !node.values("address").is_empty() || types.iter().any(|name| name.ends_with("Place"));
        let is_holder = types.iter().any(|name| name.ends_with("Organization"));
        for (key, value) in object {
            match (bare(key), value) {
                ("@reverse", Value::Object(reverse)) => {
                    for (key, value) in reverse {
                        self.collect(value, reversed(bare(key), node));
                    }
                }
                ("event" | "events", value) if is_place => self.collect(value, Around::Place(node)),
                ("event" | "events", value) if is_holder => self.collect(value, Around::Organizer(node)),
                ("hasCourseInstance", value) => self.collect(value, Around::Whole(node)),
                (_, value) => self.collect(value, Around::Nothing),
            }
        }
    }

    fn event(&mut self, event: Node<'n>, around: Around<'n>) {
        let parts: Vec<Node<'n>> = ["subEvent", "subEvents"].iter().flat_map(|name| event.nodes(name)).collect();
        let parts: Vec<Node<'n>> = parts.into_iter().filter(|part| is_event(part) && is_dated(part)).collect();
        let is_frame = event.types().contains(&"EventSeries") || !is_dated(&event);
        if is_frame && !parts.is_empty() {
            parts.into_iter().for_each(|part| self.push(part, Around::Whole(event)));
        } else if !is_session(&event) {
            self.push(event, around);
        }
    }

    fn push(&mut self, event: Node<'n>, around: Around<'n>) {
        if self.seen.insert(std::ptr::from_ref(event.object)) {
            self.events.push((event, around));
        }
    }
}

fn reversed<'a>(property: &str, of: Node<'a>) -> Around<'a> {
    match property {
        "location" => Around::Place(of),
        "organizer" => Around::Organizer(of),
        "superEvent" => Around::Whole(of),
        _ => Around::Nothing,
    }
}

fn is_event(node: &Node) -> bool {
    // Broadcasts and deliveries are events of schema.org's own kind that nobody attends.
    let other = ["PublicationEvent", "BroadcastEvent", "OnDemandEvent", "DeliveryEvent"];
    node.types().iter().any(|name| {
        (name.ends_with("Event") || ["Festival", "Hackathon", "CourseInstance", "EventSeries"].contains(name))
            && !other.contains(name)
    })
}

fn is_dated(node: &Node) -> bool {
    ["startDate", "eventSchedule", "courseSchedule"].iter().any(|name| !node.values(name).is_empty())
}

/// True for a part of a dated event that the page describes apart, and that this one only names.
fn is_session(event: &Node) -> bool {
    let is_named = |value: &&Value| value.as_object().is_some_and(|object| object.len() == 1);
    event.values("superEvent").iter().any(is_named)
        && event
            .nodes("superEvent")
            .iter()
            .any(|whole| is_event(whole) && is_dated(whole) && !whole.types().contains(&"EventSeries"))
}

/// The addresses in an ItemList: of the items themselves or of their places in it.
fn addresses(list: Node) -> Vec<String> {
    let of = |thing: Thing| match thing {
        Thing::Text(url) => Some(url.to_owned()),
        Thing::Node(item) => item.address("url").or_else(|| item.address("item")),
    };
    list.things("itemListElement").into_iter().filter_map(of).collect()
}
