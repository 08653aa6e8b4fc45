//! Lists of events as data: YAML, TOML, JSON and CSV.
//!
//! In: a document, and what the source says of its fields. Out: an [`Entry`] of kind Event a record. Without a word from the source a document counts only where
//! nearly every record has a title and a start under names that mean nothing else. A record that can't be read costs itself and is told by its number.

mod csv;
mod event;
#[cfg(test)]
mod program_tests;
mod shape;
#[cfg(test)]
mod tests;

use super::Read;
use super::post::{Broken, Field, Value, get, json, toml, yaml};
use crate::model::{Document, Format, Problem, ProblemKind, Records};

/// More records than this are no list that people keep.
const MOST: usize = 10_000;

/// What data is written in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Syntax {
    Yaml,
    Toml,
    Json,
    Csv,
}

/// A member of a list.
pub(super) struct Record {
    /// From 1.
    number: usize,
    /// In the document, from 1; 0 if unknown.
    line: u32,
    fields: Vec<Field>,
    /// What stands in tables inside.
    inner: Vec<Field>,
}

impl Record {
    fn new(number: usize, line: u32, fields: Vec<Field>) -> Self {
        Self { number, line, inner: shape::inner(&fields), fields }
    }
}

/// The syntax that a document's name, type or, where its source says that it is data, its look tells.
pub(super) fn syntax(text: &str, document: &Document, is_told: bool) -> Option<Syntax> {
    let path = document.url.as_ref().map_or(document.key.as_str(), |url| url.path());
    let extension = path.rsplit('/').next().and_then(|file| file.rsplit_once('.')).map(|(_, extension)| extension);
    let media_type = document.media_type.as_deref().and_then(|told| told.split(';').next()).unwrap_or_default();
    let begins = |signs: &[char]| text.trim_start().starts_with(signs);
    let named = match extension.unwrap_or_default().to_ascii_lowercase().as_str() {
        "yaml" | "yml" => Some(Syntax::Yaml),
        "toml" => Some(Syntax::Toml),
        "json" => Some(Syntax::Json),
        "csv" | "tsv" => Some(Syntax::Csv),
        _ => None,
    };
    let typed = match media_type.trim().to_ascii_lowercase().as_str() {
        "application/json" => Some(Syntax::Json),
        "text/csv" | "text/tab-separated-values" => Some(Syntax::Csv),
        "application/yaml" | "text/yaml" | "application/x-yaml" | "text/x-yaml" => Some(Syntax::Yaml),
        "application/toml" => Some(Syntax::Toml),
        _ => None,
    };
    let found =
        named.or(typed).or_else(|| is_told.then(|| if begins(&['{', '[']) { Syntax::Json } else { Syntax::Csv }))?;
    // A page or a feed at such an address is what it is, and so are JSON Feed, calendars and programmes.
    let is_own = |format| matches!(format, Some(Format::JsonFeed | Format::ICalendar | Format::Schedule));
    let other = begins(&['<']) || (found == Syntax::Json && !is_told && is_own(super::by_content(text)));
    (!other).then_some(found)
}

/// Reads a list of events; `None` where it is none and nobody said that it is one.
pub(super) fn read(text: &str, document: &Document, syntax: Syntax, told: Option<&Records>) -> Option<Read> {
    let mut read = Read { format: Some(Format::Records), ..Read::default() };
    let found = records(text, document, syntax, told);
    let records = match (found, told) {
        (Ok(records), _) if !records.is_empty() => records,
        (_, None) => return None,
        (Err(problem), _) => {
            read.problems.push(problem);
            Vec::new()
        }
        (Ok(_), Some(_)) => {
            read.skipped = Some("a list without events".to_owned());
            Vec::new()
        }
    };
    let mut found = Vec::new();
    for record in records.iter().take(MOST) {
        match event::entry(record, told, &mut read.problems) {
            Ok(event) => found.push(event),
            Err(problem) => read.problems.push(problem),
        }
    }
    read.entries = event::named(found, document);
    if records.len() > MOST {
        let message = format!("expected at most {MOST} events, found {}; the rest is left out", records.len());
        read.problems.push(Problem::new(ProblemKind::Read, message));
    }
    for problem in &mut read.problems {
        *problem = std::mem::replace(problem, Problem::new(ProblemKind::Read, "")).at(&document.source, &document.key);
    }
    Some(read)
}

/// The records of a document, or why there are none.
fn records(text: &str, document: &Document, syntax: Syntax, told: Option<&Records>) -> Result<Vec<Record>, Problem> {
    let value = match syntax {
        Syntax::Yaml => yaml(text),
        Syntax::Toml => toml(text),
        Syntax::Json => json(text),
        Syntax::Csv => {
            let records = table(text);
            return Ok(if told.is_some() || are_events(&records, document, "") { records } else { Vec::new() });
        }
    };
    let value = value.map_err(|broken: Broken| {
        let message = format!("expected a list of events, found an error: {}", broken.message);
        Problem::new(ProblemKind::Read, message).line(broken.line).hint("repair the file at that line")
    })?;
    if let Some(path) = told.and_then(|told| told.list.as_deref()) {
        let list = at_path(value.fields(), path).map(|field| &field.value);
        let wrong = || {
            let message = format!("expected a list of events in `{path}`, found none");
            Problem::new(ProblemKind::Read, message).hint("look at `list` in the source's `records`")
        };
        return list.and_then(members).ok_or_else(wrong);
    }
    if let Some(list) = members(&value) {
        return Ok(if told.is_some() || are_events(&list, document, "") { list } else { Vec::new() });
    }
    // A table of lists, by year or under the name of what they hold; programs put one more table around them (`data`, `_embedded`).
    let in_table = |fields: &[Field]| -> Vec<Record> {
        let lists = fields.iter().filter_map(|field| Some((field, members(&field.value)?)));
        let lists = lists.filter(|(field, list)| told.is_some() || are_events(list, document, &field.name));
        lists.flat_map(|(_, list)| list).take(MOST + 1).collect()
    };
    let mut all = in_table(value.fields());
    if all.is_empty() {
        all = value
            .fields()
            .iter()
            .map(|field| in_table(field.value.fields()))
            .find(|all| !all.is_empty())
            .unwrap_or_default();
    }
    all.iter_mut().enumerate().for_each(|(at, record)| record.number = at + 1);
    Ok(all)
}

/// The members of a list, if it is one of tables.
fn members(value: &Value) -> Option<Vec<Record>> {
    let Value::List(values) = value else { return None };
    let record = |(at, value): (usize, &Value)| {
        let fields = value.fields().to_vec();
        Record::new(at + 1, fields.first().map_or(0, |field| field.line), fields)
    };
    let are_tables = values.iter().any(|value| matches!(value, Value::Map(_)));
    are_tables.then(|| values.iter().take(MOST + 1).enumerate().map(record).collect())
}

/// The rows of a table, named by its first.
fn table(text: &str) -> Vec<Record> {
    let mut rows = csv::rows(text, MOST + 2).into_iter();
    let Some(head) = rows.next() else { return Vec::new() };
    let record = |(at, row): (usize, csv::Row)| {
        let cells = head.cells.iter().zip(row.cells).filter(|(name, cell)| !name.is_empty() && !cell.is_empty());
        let field =
            |(name, cell): (&String, String)| Field { name: name.clone(), line: row.line, value: Value::Text(cell) };
        Record::new(at + 1, row.line, cells.map(field).collect())
    };
    rows.enumerate().map(record).collect()
}

/// True where nearly every record is named and starts. `date` alone is as often a post's, so there the file or list must be named after events.
fn are_events(records: &[Record], document: &Document, list: &str) -> bool {
    let name = format!("{} {list}", document.key).to_lowercase();
    let named = ["event", "meetup", "conf", "calendar", "agenda", "workshop"].iter().any(|word| name.contains(word));
    let fits = records.iter().filter(|record| event::looks_like_one(record, named)).count();
    // One slip in a long list must not make all its events vanish.
    !records.is_empty() && fits * 4 >= records.len() * 3
}

/// The field at a path of names: as it stands, else through tables at its dots.
fn at_path<'a>(fields: &'a [Field], path: &str) -> Option<&'a Field> {
    let exact = fields.iter().rev().find(|field| field.name == path);
    exact.or_else(|| {
        let (mut fields, mut found) = (fields, None);
        for name in path.split('.') {
            let field = fields.iter().rev().find(|field| field.name == name).or_else(|| get(fields, name))?;
            (found, fields) = (Some(field), field.value.fields());
        }
        found
    })
}
