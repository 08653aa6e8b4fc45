//! Is the file shaped as its JSON Schema says? Finds *every* unknown or missing key and value of the wrong kind.
//!
//! In: the parsed file with its positions, and the schema of [`super::table`]. Out: findings, and the same file without what was
//! wrong, so that what is left can still be checked. Only the part of JSON Schema that our own schema uses is known here.

use super::mistake::{Finding, did_you_mean, one_of};
use serde_json::Value as Schema;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The way to a value: keys, and positions in arrays as numbers.
pub(super) type Path = Vec<String>;

/// What the walk has found so far.
#[derive(Debug, Default)]
pub(super) struct Shape {
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// What has to go before serde can read the rest.
    pub unreadable: Vec<Path>,
}

impl Shape {
    /// Compares the whole file with the schema.
    pub fn check(file: &Spanned<DeTable>, schema: &Schema) -> Self {
        let mut shape = Shape::default();
        shape.table(file.get_ref(), 0..0, schema, &mut Vec::new());
        shape
    }

    fn table(&mut self, table: &DeTable, span: Range<usize>, schema: &Schema, path: &mut Path) {
        if let Some(variants) = schema["oneOf"].as_array() {
            return self.choice(table, span, variants, path);
        }
        let known = schema["properties"].as_object();
        for (key, value) in table {
            path.push(key.get_ref().to_string());
            match known.and_then(|known| known.get(key.get_ref().as_ref())) {
                Some(schema) => self.value(value, schema, path),
                None if schema["additionalProperties"].is_object() => {
                    self.value(value, &schema["additionalProperties"], path);
                }
                None => {
                    self.unknown(key, known.into_iter().flat_map(|known| known.keys().map(String::as_str)));
                    self.unreadable.push(path.clone());
                }
            }
            path.pop();
        }
        for key in schema["required"].as_array().into_iter().flatten().filter_map(Schema::as_str) {
            if !table.contains_key(key) {
                let name = match (path.is_empty(), schema["properties"][key]["type"].as_str()) {
                    (true, Some("array")) => format!("a table `[[{key}]]`"),
                    (true, _) => format!("a table `[{key}]`"),
                    _ => format!("the key `{key}`"),
                };
                let message = format!("expected {name} {}, but it is missing", place(path));
                self.findings.push(Finding { span: span.clone(), message, label: None });
                if path.len() > 2 {
                    self.give_up(path);
                }
            }
        }
    }

    /// Notes what serde could not read: an origin goes as a whole, as its keys need each other; so does a list. Tables stay.
    fn give_up(&mut self, path: &Path) {
        let is_item = path.last().is_some_and(|step| step.parse::<usize>().is_ok());
        match path.as_slice() {
            [source, at, from, ..] if from == "from" => {
                self.unreadable.push(vec![source.clone(), at.clone(), from.clone()]);
            }
            [parent @ .., _] if is_item => self.unreadable.push(parent.to_vec()),
            _ => self.unreadable.push(path.clone()),
        }
    }

    /// A table with exactly one key, which says what it is: `from.git`.
    fn choice(&mut self, table: &DeTable, span: Range<usize>, variants: &[Schema], path: &mut Path) {
        let names = || variants.iter().flat_map(|variant| variant["properties"].as_object()).flat_map(|p| p.keys());
        let chosen = table.iter().find_map(|(key, value)| {
            let key = key.get_ref().as_ref();
            Some((key, value, variants.iter().find_map(|variant| variant["properties"].get(key))?))
        });
        for (key, _) in table.iter().filter(|(key, _)| !names().any(|name| name == key.get_ref().as_ref())) {
            self.unknown(key, names().map(String::as_str));
            self.unreadable.push([path.as_slice(), &[key.get_ref().to_string()]].concat());
        }
        match chosen {
            Some((key, value, schema)) => {
                path.push(key.to_owned());
                self.value(value, schema, path);
                path.pop();
                let further = table.iter().map(|(key, _)| key).filter(|k| k.get_ref().as_ref() != key);
                for second in further.filter(|k| names().any(|name| name == k.get_ref().as_ref())) {
                    let message = format!("expected one origin, but found `{}` beside `{key}`", second.get_ref());
                    self.findings.push(Finding { span: second.span(), message, label: None });
                    self.give_up(path);
                }
            }
            None => {
                if table.is_empty() {
                    let message = format!("expected {} {}", one_of(names().map(String::as_str)), place(path));
                    self.findings.push(Finding { span, message, label: None });
                }
                self.give_up(path);
            }
        }
    }

    fn value(&mut self, value: &Spanned<DeValue>, schema: &Schema, path: &mut Path) {
        match (value.get_ref(), kinds(schema)) {
            (DeValue::Table(table), kinds) if kinds.contains(&"object") => {
                self.table(table, value.span(), schema, path);
            }
            (DeValue::Array(items), kinds) if kinds.contains(&"array") => {
                for (at, item) in items.iter().enumerate() {
                    path.push(at.to_string());
                    self.value(item, &schema["items"], path);
                    path.pop();
                }
            }
            (found, kinds) => {
                if let Some(message) = wrong(found, &kinds, schema) {
                    let known = schema["enum"].as_array().into_iter().flatten().filter_map(Schema::as_str);
                    let label = found.as_str().and_then(|word| did_you_mean(word, known));
                    let message = match named(path) {
                        Some(key) => format!("{message} in `{key}`"),
                        None => message,
                    };
                    self.findings.push(Finding { span: value.span(), message, label });
                    let is_text = found.is_str() && kinds.contains(&"string");
                    if !is_text || (schema["enum"].is_array() && path.iter().any(|step| step == "from")) {
                        self.give_up(path);
                    }
                }
            }
        }
    }

    fn unknown<'a>(&mut self, key: &Spanned<toml::de::DeString>, known: impl Iterator<Item = &'a str> + Clone) {
        let message = format!("unknown key `{}`, expected {}", key.get_ref(), one_of(known.clone()));
        let label = did_you_mean(key.get_ref(), known);
        self.findings.push(Finding { span: key.span(), message, label });
    }
}

/// The JSON types that a schema admits.
fn kinds(schema: &Schema) -> Vec<&str> {
    match &schema["type"] {
        Schema::String(kind) => vec![kind],
        Schema::Array(kinds) => kinds.iter().filter_map(Schema::as_str).collect(),
        _ if schema["oneOf"].is_array() => vec!["object"],
        _ => Vec::new(),
    }
}

/// What is wrong with a simple value, if anything is.
fn wrong(value: &DeValue, kinds: &[&str], schema: &Schema) -> Option<String> {
    let number = match value {
        DeValue::Integer(i) => i64::from_str_radix(i.as_str(), i.radix()).ok().map(|i| i as f64),
        DeValue::Float(f) => f.as_str().parse::<f64>().ok().filter(|f| f.is_finite()),
        _ => None,
    };
    let fits = match value {
        DeValue::String(text) => match schema["enum"].as_array() {
            Some(words) => words.iter().any(|word| word.as_str() == Some(text)),
            None => kinds.contains(&"string"),
        },
        DeValue::Boolean(_) => kinds.contains(&"boolean"),
        DeValue::Integer(_) => {
            number.is_some_and(|n| (kinds.contains(&"integer") || kinds.contains(&"number")) && within(n, schema))
        }
        DeValue::Float(_) => number.is_some_and(|n| kinds.contains(&"number") && within(n, schema)),
        DeValue::Datetime(_) => schema["format"] == super::overrides::MOMENT,
        DeValue::Array(_) | DeValue::Table(_) => false,
    };
    (!fits).then(|| format!("expected {}, but found {}", wanted(kinds, schema), found(value)))
}

fn within(number: f64, schema: &Schema) -> bool {
    schema["minimum"].as_f64().is_none_or(|least| number >= least)
        && schema["maximum"].as_f64().is_none_or(|most| number <= most)
}

fn wanted(kinds: &[&str], schema: &Schema) -> String {
    if let Some(words) = schema["enum"].as_array() {
        return one_of(words.iter().filter_map(Schema::as_str));
    }
    let range = match (&schema["minimum"], &schema["maximum"]) {
        (Schema::Number(least), Schema::Number(most)) => format!(" from {least} to {most}"),
        (Schema::Number(least), _) => format!(" from {least} up"),
        _ => String::new(),
    };
    match kinds.first().copied() {
        Some("string") => "text in quotes".to_owned(),
        Some("boolean") => "`true` or `false`".to_owned(),
        Some("integer") => format!("a whole number{range}"),
        Some("number") => format!("a number{range}"),
        Some("array") if schema["items"]["type"] == "string" => "a list such as `[\"one\", \"two\"]`".to_owned(),
        Some("array") => "a list of tables".to_owned(),
        _ => "a table".to_owned(),
    }
}

fn found(value: &DeValue) -> String {
    match value {
        DeValue::String(text) => format!("`{}`", text.chars().take(60).collect::<String>()),
        DeValue::Integer(number) => format!("`{number}`"),
        DeValue::Float(number) => format!("`{number}`"),
        DeValue::Boolean(flag) => format!("`{flag}`"),
        DeValue::Datetime(moment) => format!("`{moment}`"),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

/// The last key of a path.
fn named(path: &Path) -> Option<&str> {
    path.iter().map(String::as_str).rfind(|step| step.parse::<usize>().is_err())
}

/// `in [site]`, `in [[source]]`, `in from.git`.
fn place(path: &Path) -> String {
    match path.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => "in this file".to_owned(),
        [list, at] if at.parse::<usize>().is_ok() => format!("in `[[{list}]]`"),
        [_, at, inner @ ..] if at.parse::<usize>().is_ok() => format!("in `{}`", inner.join(".")),
        other => format!("in `[{}]`", other.join(".")),
    }
}

/// The value at a path, or the innermost one around it that the file has.
pub(super) fn value_of<'a, 'i>(file: &'a Spanned<DeTable<'i>>, path: &[&str]) -> Option<&'a Spanned<DeValue<'i>>> {
    let (first, rest) = path.split_first()?;
    let mut value = file.get_ref().get(*first)?;
    for step in rest {
        let next = match value.get_ref() {
            DeValue::Table(table) => table.get(*step),
            DeValue::Array(items) => step.parse().ok().and_then(|at: usize| items.get(at)),
            _ => None,
        };
        match next {
            Some(inner) => value = inner,
            None => break,
        }
    }
    Some(value)
}

/// Where in the file that value stands.
pub(super) fn span_of(file: &Spanned<DeTable>, path: &[&str]) -> Range<usize> {
    value_of(file, path).map_or(0..0, Spanned::span)
}
