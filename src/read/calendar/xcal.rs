//! xCal, iCalendar written in XML (RFC 6321) → the values of jCal, which say the same.
//!
//! In: text. Out: one JSON value for each `vcalendar`. Prefixes of names and tags that are never closed do no harm.

use crate::read::xml::{self, Around, Node};
use serde_json::{Map, Value, json};

/// The calendars in the text.
pub(super) fn calendars(text: &str) -> Value {
    let walked = xml::walk(text, &[], &Around::default(), &mut |_, _| true);
    let mut found: Vec<&Node> = Vec::new();
    let mut left = vec![&walked.feed];
    while let Some(node) = left.pop() {
        match name(node) {
            "vcalendar" => found.push(node),
            _ => {
                let begin = left.len();
                left.extend(node.elements());
                if let Some(inside) = left.get_mut(begin..) {
                    inside.reverse();
                }
            }
        }
    }
    Value::Array(found.into_iter().map(component).collect())
}

/// Small letters, without a prefix.
fn name<'n>(node: &'n Node) -> &'n str {
    node.name.rsplit(':').next().unwrap_or_default()
}

fn first<'n, 't>(node: &'n Node<'t>, wanted: &'n str) -> Option<&'n Node<'t>> {
    node.elements().find(|child| name(child) == wanted)
}

/// What is inside all children of that name.
fn parts<'n, 't>(node: &'n Node<'t>, wanted: &'n str) -> impl Iterator<Item = &'n Node<'t>> {
    node.elements().filter(move |child| name(child) == wanted).flat_map(Node::elements)
}

fn words(node: &Node) -> Value {
    json!(node.text().trim())
}

/// `<vevent><properties>…</properties><components>…</components></vevent>` (RFC 6321 §3.3). The depth is that of the tree.
fn component(node: &Node) -> Value {
    let properties: Vec<Value> = parts(node, "properties").map(property).collect();
    let components: Vec<Value> = parts(node, "components").map(component).collect();
    json!([name(node), properties, components])
}

/// `<dtstart><parameters><tzid><text>…</text></tzid></parameters><date-time>…</date-time></dtstart>` (§3.4, §3.5).
fn property(node: &Node) -> Value {
    let params: Map<String, Value> =
        parts(node, "parameters").map(|param| (name(param).to_owned(), texts(param))).collect();
    let values: Vec<&Node> = node.elements().filter(|child| name(child) != "parameters").collect();
    let kind = values.first().map_or("unknown", |value| name(value));
    let mut written = vec![json!(name(node)), Value::Object(params)];
    if matches!(kind, "latitude" | "longitude" | "code" | "description" | "data") {
        // A structured value without a name of its own (§3.4.1.2, §3.4.1.3).
        written.extend([json!("unknown"), Value::Array(values.iter().map(|value| words(value)).collect())]);
    } else {
        written.push(json!(kind));
        written.extend(values.into_iter().map(value));
    }
    Value::Array(written)
}

fn texts(param: &Node) -> Value {
    Value::Array(param.elements().map(words).collect())
}

/// A value (§3.6).
fn value(node: &Node) -> Value {
    match name(node) {
        "recur" => {
            let mut rule: Map<String, Value> = Map::new();
            for part in node.elements() {
                let list = rule.entry(name(part).to_owned()).or_insert_with(|| Value::Array(Vec::new()));
                if let Value::Array(list) = list {
                    list.push(words(part));
                }
            }
            Value::Object(rule)
        }
        "period" => {
            let end = first(node, "end").or_else(|| first(node, "duration"));
            let ends = first(node, "start").into_iter().chain(end);
            Value::Array(ends.map(words).collect())
        }
        "text" => json!(node.text()),
        _ => words(node),
    }
}
