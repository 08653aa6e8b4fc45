//! The one shape that YAML, TOML and JSON front matter is brought into.
//!
//! In: the text between the fences. Out: [`Field`]s in the order written, scalars as they were spelt (`1.10` stays `1.10`), each with
//! its line. A key that is given twice stays twice; [`get`] takes the last, as Jekyll does.

use serde::Deserialize;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;
use serde_saphyr::options::{AliasLimits, DuplicateKeyPolicy, NonFiniteFloatPolicy};
use std::fmt;
use toml::de::{DeTable, DeValue};

/// A key with its value.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::read) struct Field {
    /// The key as written.
    pub name: String,
    /// Line of the value, from 1, counted where the text begins.
    pub line: u32,
    pub value: Value,
}

/// A value of front matter.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::read) enum Value {
    Null,
    Bool(bool),
    /// A number, as written.
    Number(String),
    /// Text or date, as written.
    Text(String),
    List(Vec<Value>),
    Map(Vec<Field>),
}

/// Why a text could not be read, and where.
#[derive(Debug)]
pub(in crate::read) struct Broken {
    pub line: u32,
    pub message: String,
}

impl Value {
    /// The text of a scalar that says something.
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) | Value::Number(text) => Some(text.trim()).filter(|t| !t.is_empty()),
            _ => None,
        }
    }

    /// True for `true`, and for the words that YAML 1.1 (Jekyll's) reads as true.
    pub fn is_true(&self) -> bool {
        match self {
            Value::Bool(value) => *value,
            Value::Text(text) => ["true", "yes", "on"].contains(&text.trim().to_ascii_lowercase().as_str()),
            _ => false,
        }
    }

    /// True for `false`, and for the words that YAML 1.1 reads as false.
    pub fn is_false(&self) -> bool {
        match self {
            Value::Bool(value) => !value,
            Value::Text(text) => ["false", "no", "off"].contains(&text.trim().to_ascii_lowercase().as_str()),
            _ => false,
        }
    }

    /// The fields of a map.
    pub fn fields(&self) -> &[Field] {
        match self {
            Value::Map(fields) => fields,
            _ => &[],
        }
    }

    /// A list's members, or the value alone.
    pub fn members(&self) -> &[Value] {
        match self {
            Value::List(values) => values,
            other => std::slice::from_ref(other),
        }
    }
}

/// The last field of that name, whatever its case and separators: `startDate`, `start_date` and `Start-Date` are one, `event.start` is `eventstart`.
pub(in crate::read) fn get<'a>(fields: &'a [Field], name: &str) -> Option<&'a Field> {
    fields.iter().rev().find(|f| same_name(&f.name, name))
}

fn same_name(written: &str, plain: &str) -> bool {
    fn letters(name: &str) -> impl Iterator<Item = u8> {
        name.bytes().filter(|byte| !matches!(byte, b'_' | b'-' | b' ' | b'.')).map(|byte| byte.to_ascii_lowercase())
    }
    // The plain name has letters only.
    (plain.len()..=plain.len() + 8).contains(&written.len()) && letters(written).eq(letters(plain))
}

/// Reads the fields of YAML.
pub(super) fn from_yaml(text: &str) -> Result<Vec<Field>, Broken> {
    match yaml(text)? {
        Value::Null => Ok(Vec::new()),
        Value::Map(fields) => Ok(fields),
        _ => Err(Broken { line: 1, message: "it has no `key: value` lines".to_owned() }),
    }
}

/// Reads YAML. Aliases are bounded, nothing is executed, tags mean nothing.
pub(in crate::read) fn yaml(text: &str) -> Result<Value, Broken> {
    let mut limits = AliasLimits::default();
    limits.max_total_replayed_events = 20_000;
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! { max_events: 200_000, max_depth: 48, flow_nesting_limit: 48 },
        alias_limits: limits,
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        non_finite_float_policy: NonFiniteFloatPolicy::AsString,
        strict_booleans: true,
    };
    match serde_saphyr::from_str_with_options::<Option<Spanned<Raw>>>(text, options) {
        Ok(None) => Ok(Value::Null),
        Ok(Some(raw)) => Ok(raw_value(raw, text)),
        Err(error) => {
            let line = error.location().map_or(1, |l| u32::try_from(l.line()).unwrap_or(1)).max(1);
            Err(Broken { line, message: words(&error.without_snippet().to_string()) })
        }
    }
}

/// Reads TOML.
pub(super) fn from_toml(text: &str) -> Result<Vec<Field>, Broken> {
    let lines = Lines::of(text);
    match DeTable::parse(text) {
        Ok(table) => Ok(toml_fields(table.get_ref(), &lines)),
        Err(error) => {
            let line = error.span().map_or(1, |span| lines.at(span.start));
            Err(Broken { line, message: error.message().trim().replace('\n', ", ") })
        }
    }
}

/// The first value that TOML 1.0 does not take, of TOML that was read.
pub(super) fn newer_toml(text: &str) -> Option<Broken> {
    let table = DeTable::parse(text).ok()?;
    let (at, message) = super::strict::newer(table.get_ref(), text)?;
    Some(Broken { line: Lines::of(text).at(at), message: message.to_owned() })
}

/// Reads TOML whole.
pub(in crate::read) fn toml(text: &str) -> Result<Value, Broken> {
    from_toml(text).map(Value::Map)
}

/// Reads JSON whole; lines are not known.
pub(in crate::read) fn json(text: &str) -> Result<Value, Broken> {
    serde_json::from_str(text).map(|value| json_value(value, 0)).map_err(|error| Broken {
        line: u32::try_from(error.line()).unwrap_or(1).max(1),
        message: words(&error.to_string()),
    })
}

/// Reads the JSON object at the beginning of `text`; also says how many bytes it takes.
pub(super) fn from_json(text: &str) -> Result<(Vec<Field>, usize), Broken> {
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>();
    match stream.next() {
        Some(Ok(serde_json::Value::Object(map))) => {
            let end = stream.byte_offset();
            let lines = Lines::of(text);
            let fields = map
                .into_iter()
                .map(|(name, value)| {
                    let line = text.find(&format!("\"{name}\"")).map_or(1, |at| lines.at(at));
                    Field { name, line, value: json_value(value, line) }
                })
                .collect();
            Ok((fields, end))
        }
        Some(Err(error)) => {
            Err(Broken { line: u32::try_from(error.line()).unwrap_or(1).max(1), message: words(&error.to_string()) })
        }
        _ => Err(Broken { line: 1, message: "it is no object".to_owned() }),
    }
}

/// The parser's words without its place, which counts from the fence.
fn words(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    line.split(" at line ").next().unwrap_or_default().trim().trim_end_matches(',').to_owned()
}

/// Where lines begin, so that offsets become lines in logarithmic time.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(text.match_indices('\n').map(|(at, _)| at + 1).collect())
    }

    fn at(&self, offset: usize) -> u32 {
        u32::try_from(self.0.partition_point(|start| *start <= offset) + 1).unwrap_or(u32::MAX)
    }
}

fn toml_fields(table: &DeTable<'_>, lines: &Lines) -> Vec<Field> {
    let mut fields: Vec<(usize, Field)> = table
        .iter()
        .map(|(key, value)| {
            let at = key.span().start;
            let field = Field {
                name: key.get_ref().to_string(),
                line: lines.at(at),
                value: toml_value(value.get_ref(), lines),
            };
            (at, field)
        })
        .collect();
    fields.sort_by_key(|(at, _)| *at);
    fields.into_iter().map(|(_, field)| field).collect()
}

fn toml_value(value: &DeValue<'_>, lines: &Lines) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => Value::Number(number.to_string()),
        DeValue::Float(number) => Value::Number(number.to_string()),
        DeValue::Boolean(value) => Value::Bool(*value),
        DeValue::Datetime(at) => Value::Text(at.to_string()),
        DeValue::Array(values) => Value::List(values.iter().map(|v| toml_value(v.get_ref(), lines)).collect()),
        DeValue::Table(table) => Value::Map(toml_fields(table, lines)),
    }
}

fn json_value(value: serde_json::Value, line: u32) -> Value {
    match value {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(value) => Value::Bool(value),
        serde_json::Value::Number(number) => Value::Number(number.to_string()),
        serde_json::Value::String(text) => Value::Text(text),
        serde_json::Value::Array(values) => Value::List(values.into_iter().map(|v| json_value(v, line)).collect()),
        serde_json::Value::Object(map) => Value::Map(
            map.into_iter().map(|(name, value)| Field { name, line, value: json_value(value, line) }).collect(),
        ),
    }
}

/// YAML as the parser hands it over; numbers get their spelling back from their place in the text.
enum Raw {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<Raw>, Spanned<Raw>)>),
}

fn raw_fields(entries: Vec<(Spanned<Raw>, Spanned<Raw>)>, source: &str) -> Vec<Field> {
    entries
        .into_iter()
        .map(|(key, value)| {
            let line = u32::try_from(key.referenced.line()).unwrap_or(0);
            let name = match raw_value(key, source) {
                Value::Text(text) => text,
                Value::Bool(value) => value.to_string(),
                _ => String::new(),
            };
            Field { name, line, value: raw_value(value, source) }
        })
        .collect()
}

fn raw_value(raw: Spanned<Raw>, source: &str) -> Value {
    let span = raw.defined.span();
    match raw.value {
        Raw::Null => Value::Null,
        Raw::Bool(value) => Value::Bool(value),
        Raw::Number(number) => Value::Number(spelling(span, source).unwrap_or(number)),
        Raw::Text(text) => Value::Text(text),
        Raw::List(values) => Value::List(values.into_iter().map(|v| raw_value(v, source)).collect()),
        Raw::Map(entries) => Value::Map(raw_fields(entries, source)),
    }
}

fn spelling(span: serde_saphyr::Span, source: &str) -> Option<String> {
    let start = usize::try_from(span.byte_offset()?).ok()?;
    let end = start.checked_add(usize::try_from(span.byte_len()?).ok()?)?;
    let text = source.get(start..end)?.trim();
    text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')).then(|| text.to_owned())
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Number(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw::Number(value.to_string()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Raw, E> {
        Ok(Raw::Number(value.to_string()))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Raw, E> {
        Ok(Raw::Number(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(Raw::Number(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Raw, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = seq.next_element()? {
            values.push(value);
        }
        Ok(Raw::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Map(entries))
    }
}
