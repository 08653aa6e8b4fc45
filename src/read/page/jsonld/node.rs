//! An object of JSON-LD as one asks it: by bare names, with what it only names looked up.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

pub(super) type Object = Map<String, Value>;

/// The objects of a page by their `@id`: others may only name them.
#[derive(Debug, Default)]
pub(super) struct Named<'a>(BTreeMap<&'a str, &'a Object>);

impl<'a> Named<'a> {
    /// Collects the objects in a value; `serde_json` and the depth of a page bound its depth.
    pub fn add(&mut self, value: &'a Value) {
        match value {
            Value::Array(values) => values.iter().for_each(|value| self.add(value)),
            Value::Object(object) => {
                if let Some(id) = object.get("@id").and_then(Value::as_str).filter(|_| object.len() > 1) {
                    let known = self.0.entry(id).or_insert(object);
                    if known.len() < object.len() {
                        *known = object;
                    }
                }
                object.values().for_each(|value| self.add(value));
            }
            _ => {}
        }
    }
}

/// An object, and where to look up what it only names.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node<'a> {
    pub object: &'a Object,
    named: &'a Named<'a>,
}

/// A value that is a text or an object.
#[derive(Debug, Clone, Copy)]
pub(super) enum Thing<'a> {
    Text(&'a str),
    Node(Node<'a>),
}

impl<'a> Node<'a> {
    pub fn new(object: &'a Object, named: &'a Named<'a>) -> Self {
        Self { object, named }
    }

    /// What it is, in bare names.
    pub fn types(&self) -> Vec<&'a str> {
        let of = |name| self.object.get(name).map(members).unwrap_or_default();
        let all = [of("@type"), of("type")].concat();
        all.into_iter().filter_map(Value::as_str).map(bare).collect()
    }

    /// The values of a property, whether or not they stand in a list. Its name may carry schema.org's prefix.
    pub fn values(&self, name: &str) -> Vec<&'a Value> {
        let prefixed = || self.object.iter().find(|(key, _)| is_of_schema_org(key) && bare(key) == name);
        let value = self.object.get(name).or_else(|| prefixed().map(|(_, value)| value));
        value.map(members).unwrap_or_default()
    }

    /// The same as texts and objects; an object that only names another gives that one.
    pub fn things(&self, name: &str) -> Vec<Thing<'a>> {
        let thing = |value: &'a Value| match value {
            Value::String(text) => Some(Thing::Text(text)),
            Value::Object(object) => Some(Thing::Node(Node { object: self.followed(object), named: self.named })),
            _ => None,
        };
        self.values(name).into_iter().filter_map(thing).collect()
    }

    /// Only the objects.
    pub fn nodes(&self, name: &str) -> Vec<Node<'a>> {
        let node = |thing| if let Thing::Node(node) = thing { Some(node) } else { None };
        self.things(name).into_iter().filter_map(node).collect()
    }

    fn followed(&self, object: &'a Object) -> &'a Object {
        let id = object.get("@id").and_then(Value::as_str).filter(|_| object.len() == 1);
        id.and_then(|id| self.named.0.get(id)).copied().unwrap_or(object)
    }

    /// The texts of a property, with references to characters read.
    pub fn texts(&self, name: &str) -> Vec<String> {
        let text = |value: &'a Value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Object(object) => {
                let inner = self.followed(object);
                let value = inner.get("@value").or_else(|| inner.get("name"))?;
                members(value).into_iter().find_map(Value::as_str).map(str::to_owned)
            }
            _ => None,
        };
        let texts = self.values(name).into_iter().filter_map(text);
        texts
            .map(|text| html_escape::decode_html_entities(&text).trim().to_owned())
            .filter(|text| !text.is_empty())
            .collect()
    }

    /// The first of them.
    pub fn text(&self, name: &str) -> Option<String> {
        self.texts(name).into_iter().next()
    }

    /// An address: a text, or what an object is named by.
    pub fn address(&self, name: &str) -> Option<String> {
        let address = |thing| match thing {
            Thing::Text(text) => Some(text.trim().to_owned()),
            Thing::Node(node) => node.text("@id").or_else(|| node.text("@value")).or_else(|| node.text("url")),
        };
        self.things(name).into_iter().find_map(address).filter(|address| !address.is_empty())
    }
}

/// A name without the vocabulary in front of it.
pub(super) fn bare(name: &str) -> &str {
    name.rsplit(['/', '#', ':']).next().unwrap_or(name)
}

fn is_of_schema_org(key: &str) -> bool {
    key.starts_with("schema:") || key.contains("schema.org/")
}

fn members(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(values) => values.iter().collect(),
        Value::Object(object) if object.len() == 1 => {
            let list = object.get("@list").or_else(|| object.get("@set")).and_then(Value::as_array);
            list.map_or_else(|| vec![value], |values| values.iter().collect())
        }
        other => vec![other],
    }
}
