//! jCal, iCalendar written in JSON (RFC 7265) → the components of iCalendar.
//!
//! In: JSON values. Out: [`Component`]s whose values are spelt as in iCalendar, so that one reader serves all. What has another shape than
//! RFC 7265 §3 gives it is left out.

use super::lines::{Component, Property};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// Components nest four deep in practice; what lies deeper is dropped.
const DEEPEST: usize = 8;

/// A calendar, or several in a list.
pub(super) fn components(value: &Value) -> Vec<Component<'static>> {
    let Some(list) = value.as_array() else { return Vec::new() };
    match list.first() {
        Some(Value::Array(_)) => list.iter().filter_map(|calendar| component(calendar, 0)).collect(),
        _ => component(value, 0).into_iter().collect(),
    }
}

/// `["vevent", [properties], [components]]` (§3.3).
fn component(value: &Value, depth: usize) -> Option<Component<'static>> {
    let list = value.as_array()?;
    let name = list.first()?.as_str()?.to_ascii_uppercase();
    let part = |at: usize| list.get(at).and_then(Value::as_array).into_iter().flatten();
    let parts =
        if depth < DEEPEST { part(2).filter_map(|inner| component(inner, depth + 1)).collect() } else { Vec::new() };
    Some(Component {
        name: name.into(),
        properties: part(1).filter_map(property).collect(),
        parts,
        ..Component::default()
    })
}

/// `["dtstart", {"tzid": "Europe/Berlin"}, "date-time", "2025-03-14T18:00:00"]` (§3.4); further values follow.
fn property(value: &Value) -> Option<Property<'static>> {
    let list = value.as_array()?;
    let name = list.first()?.as_str()?.to_ascii_uppercase();
    let kind = list.get(2)?.as_str()?.to_ascii_lowercase();
    let params = list.get(1)?.as_object()?.iter();
    let mut params: Vec<(Cow<str>, Cow<str>)> =
        params.map(|(name, value)| (name.to_ascii_uppercase().into(), parameter(value).into())).collect();
    if kind != "unknown" && !params.iter().any(|(name, _)| name == "VALUE") {
        params.push(("VALUE".into(), kind.to_ascii_uppercase().into()));
    }
    let values: Vec<String> = list.iter().skip(3).filter_map(|value| written(value, &kind)).collect();
    Some(Property { name: name.into(), params, value: values.join(",").into(), line: 0 })
}

fn parameter(value: &Value) -> String {
    match value {
        Value::Array(list) => list.iter().filter_map(plain).collect::<Vec<_>>().join(","),
        other => plain(other).unwrap_or_default(),
    }
}

/// One value as iCalendar spells it (§3.6).
fn written(value: &Value, kind: &str) -> Option<String> {
    match (value, kind) {
        (Value::Object(rule), "recur") => Some(recur(rule)),
        (Value::Array(ends), "period") => Some(ends.iter().filter_map(plain).collect::<Vec<_>>().join("/")),
        // A structured value (§3.4.1.3), such as GEO; a part of it may be a list.
        (Value::Array(parts), _) => Some(parts.iter().map(|part| list(part, kind)).collect::<Vec<_>>().join(";")),
        (value, _) => single(value, kind),
    }
}

fn list(part: &Value, kind: &str) -> String {
    match part {
        Value::Array(list) => list.iter().filter_map(|value| single(value, kind)).collect::<Vec<_>>().join(","),
        other => single(other, kind).unwrap_or_default(),
    }
}

fn single(value: &Value, kind: &str) -> Option<String> {
    plain(value).map(|text| if kind == "text" { escaped(&text) } else { text })
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(is) => Some(is.to_string().to_ascii_uppercase()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A rule as an object (§3.6.10).
fn recur(rule: &Map<String, Value>) -> String {
    let part = |(name, value): (&String, &Value)| {
        let value = parameter(value);
        let value = if name.eq_ignore_ascii_case("until") { value.replace(['-', ':'], "") } else { value };
        format!("{}={value}", name.to_ascii_uppercase())
    };
    rule.iter().map(part).collect::<Vec<_>>().join(";")
}

/// A text as iCalendar escapes it (RFC 5545 §3.3.11).
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\r' => {}
            c => out.push(c),
        }
    }
    out
}
