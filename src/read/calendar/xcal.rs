//! xCal, iCalendar written in XML (RFC 6321) → the values of jCal, which say the same.
//!
//! In: text. Out: one JSON value for each `vcalendar`. Prefixes of names and tags that are never closed do no harm.

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Map, Value, json};

/// Elements nest a dozen deep in practice; what lies deeper is dropped with its text.
const DEEPEST: usize = 40;

/// An element: lower case, without its prefix.
#[derive(Debug, Default)]
struct Node {
    name: String,
    text: String,
    children: Vec<Node>,
}

impl Node {
    fn first(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|child| child.name == name)
    }

    fn parts<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Node> {
        self.children.iter().filter(move |child| child.name == name).flat_map(|child| &child.children)
    }
}

/// The calendars in the text.
pub(super) fn calendars(text: &str) -> Value {
    let root = tree(text);
    let mut found: Vec<&Node> = Vec::new();
    let mut left = vec![&root];
    while let Some(node) = left.pop() {
        match node.name.as_str() {
            "vcalendar" => found.push(node),
            _ => left.extend(node.children.iter().rev()),
        }
    }
    Value::Array(found.into_iter().map(component).collect())
}

fn tree(text: &str) -> Node {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.expand_empty_elements = true;
    config.allow_dangling_amp = true;
    let (mut open, mut too_deep) = (vec![Node::default()], 0usize);
    loop {
        match reader.read_event() {
            Ok(Event::Start(_)) if open.len() >= DEEPEST => too_deep += 1,
            Ok(Event::Start(start)) => open.push(Node { name: local(start.name().as_ref()), ..Node::default() }),
            Ok(Event::End(_)) if too_deep > 0 => too_deep -= 1,
            Ok(Event::End(end)) => {
                let name = local(end.name().as_ref());
                if let Some(at) = open.iter().rposition(|node| node.name == name).filter(|at| *at > 0) {
                    close(&mut open, at);
                }
            }
            Ok(Event::Text(text)) => add(&mut open, &text.xml10_content().unwrap_or_default()),
            Ok(Event::CData(text)) => add(&mut open, &text.xml10_content().unwrap_or_default()),
            Ok(Event::GeneralRef(name)) => {
                let text = match name.resolve_char_ref() {
                    Ok(Some(c)) => crate::model::referred(c).to_string(),
                    _ => {
                        html_escape::decode_html_entities(&format!("&{};", String::from_utf8_lossy(&name))).into_owned()
                    }
                };
                add(&mut open, &text);
            }
            Ok(Event::Eof) => break,
            Ok(_) | Err(quick_xml::Error::IllFormed(_)) => {}
            Err(_) => break,
        }
    }
    close(&mut open, 1);
    open.pop().unwrap_or_default()
}

fn local(name: &[u8]) -> String {
    let name = String::from_utf8_lossy(name).to_ascii_lowercase();
    name.rsplit(':').next().unwrap_or_default().to_owned()
}

fn add(open: &mut [Node], text: &str) {
    if let Some(node) = open.last_mut() {
        node.text.push_str(text);
    }
}

/// Ends the elements from place `at` on, innermost first.
fn close(open: &mut Vec<Node>, at: usize) {
    while open.len() > at {
        let Some(node) = open.pop() else { return };
        if let Some(outer) = open.last_mut() {
            outer.children.push(node);
        }
    }
}

/// `<vevent><properties>…</properties><components>…</components></vevent>` (RFC 6321 §3.3). The depth is that of the tree.
fn component(node: &Node) -> Value {
    let properties: Vec<Value> = node.parts("properties").map(property).collect();
    let components: Vec<Value> = node.parts("components").map(component).collect();
    json!([node.name, properties, components])
}

/// `<dtstart><parameters><tzid><text>…</text></tzid></parameters><date-time>…</date-time></dtstart>` (§3.4, §3.5).
fn property(node: &Node) -> Value {
    let params: Map<String, Value> = node.parts("parameters").map(|param| (param.name.clone(), texts(param))).collect();
    let values: Vec<&Node> = node.children.iter().filter(|child| child.name != "parameters").collect();
    let kind = values.first().map_or("unknown", |value| value.name.as_str());
    let mut written = vec![json!(node.name), Value::Object(params)];
    if matches!(kind, "latitude" | "longitude" | "code" | "description" | "data") {
        // A structured value without a name of its own (§3.4.1.2, §3.4.1.3).
        written.extend([json!("unknown"), Value::Array(values.iter().map(|value| json!(value.text.trim())).collect())]);
    } else {
        written.push(json!(kind));
        written.extend(values.into_iter().map(value));
    }
    Value::Array(written)
}

fn texts(param: &Node) -> Value {
    Value::Array(param.children.iter().map(|value| json!(value.text.trim())).collect())
}

/// A value (§3.6).
fn value(node: &Node) -> Value {
    match node.name.as_str() {
        "recur" => {
            let mut rule: Map<String, Value> = Map::new();
            for part in &node.children {
                let list = rule.entry(part.name.clone()).or_insert_with(|| Value::Array(Vec::new()));
                if let Value::Array(list) = list {
                    list.push(json!(part.text.trim()));
                }
            }
            Value::Object(rule)
        }
        "period" => {
            let end = node.first("end").or_else(|| node.first("duration"));
            let ends = node.first("start").into_iter().chain(end);
            Value::Array(ends.map(|end| json!(end.text.trim())).collect())
        }
        "text" => json!(node.text),
        _ => json!(node.text.trim()),
    }
}
