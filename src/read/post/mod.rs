//! Posts: Markdown, MDX, AsciiDoc, reStructuredText, Org, or HTML with front matter, as Hugo, Zola, Jekyll and Next- or Astro-style sites write them.
//!
//! In: one decoded file. Out: one [`Entry`], or why there is none. Front matter that cannot be read costs what it says on the broken lines,
//! not the post; where those might say that it is a draft, it is one.

mod code;
mod component;
mod dates;
mod event_fields;
mod fields;
mod front_matter;
mod js;
mod json;
mod jsx;
mod markdown;
mod markup;
mod recover;
mod scan;
mod strict;
#[cfg(test)]
mod tests;
mod unfenced;
mod value;

use super::Read;
use crate::model::{Document, Entry, EntryKind, Format, Key, Problem, ProblemKind, Stamp};
use chrono::NaiveDate;
pub(super) use dates::{parse as parse_date, parse_stamp};
pub(super) use event_fields::{END, START, declare, start_field};
pub(super) use fields::entry as general_fields;
pub(super) use front_matter::is_ahead as has_front_matter;
pub(super) use value::{Broken, Field, Value, get, json, toml, yaml};

/// Reads a post.
pub fn read(text: &str, document: &Document, format: Format) -> Read {
    let mut read = Read { format: Some(format), ..Read::default() };
    let mut parts = front_matter::split(text).unwrap_or_else(|broken| {
        read.problems.push(unreadable(broken));
        recover::split(text)
    });
    if parts.fields.is_none()
        && format == Format::Markdown
        && let Some((fields, body)) = unfenced::split(text)
    {
        parts = front_matter::Parts { fields: Some(fields), body };
    }
    let mut fields = parts.fields.unwrap_or_default();
    read.problems.extend(repeated_keys(&fields));
    let written = is_markup(format).then(|| {
        let above = text.len().saturating_sub(parts.body.len());
        let above = text.bytes().take(above).filter(|byte| *byte == b'\n').count();
        markup::read(parts.body, format, u32::try_from(above).unwrap_or_default())
    });
    let written_html = written.map(|written| {
        // Front matter stands above the header and counts more.
        fields.splice(0..0, written.fields);
        written.html
    });
    let mut entry = entry(&fields, parts.body, written_html, document, format, &mut read.problems);
    // Broken fields made it a post, though none may be left.
    if entry.title.is_empty() && !read.problems.is_empty() {
        entry.title = FileName::of(document).words();
    }
    if entry.title.is_empty() {
        read.skipped = Some("no front matter and no heading".to_owned());
    } else {
        read.entries.push(entry);
    }
    for problem in &mut read.problems {
        *problem = std::mem::replace(problem, Problem::new(ProblemKind::Read, "")).at(&document.source, &document.key);
    }
    read
}

fn unreadable(broken: Broken) -> Problem {
    Problem::new(ProblemKind::Read, broken.message)
        .line(broken.line)
        .hint("the rest of the post is read; a field that cannot be read counts as missing")
}

/// Front matter as JSON, if there is any, and the text below.
pub(super) fn front_matter(text: &str) -> Result<(Option<serde_json::Value>, String), Problem> {
    let told = |broken: Broken| {
        Problem::new(ProblemKind::Read, broken.message).line(broken.line).hint("repair the front matter at that line")
    };
    let parts = front_matter::split(text).map_err(told)?;
    if let Some(broken) = front_matter::forgiven(text) {
        return Err(told(broken));
    }
    Ok((parts.fields.map(|fields| json::object(&fields)), parts.body.to_owned()))
}

/// A key given twice is a slip worth telling; the last one counts, as Jekyll has it.
fn repeated_keys(fields: &[Field]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for field in fields {
        if !seen.insert(&field.name) {
            let message = format!("expected the key `{}` once, found it again; the last one counts", field.name);
            problems.push(Problem::new(ProblemKind::Field, message).line(field.line));
        }
        if let Value::Map(inner) = &field.value {
            problems.extend(repeated_keys(inner));
        }
    }
    problems
}

fn is_markup(format: Format) -> bool {
    matches!(format, Format::AsciiDoc | Format::Rst | Format::Org)
}

fn entry(
    fields: &[Field],
    body: &str,
    written: Option<String>,
    document: &Document,
    format: Format,
    problems: &mut Vec<Problem>,
) -> Entry {
    let name = FileName::of(document);
    let mut entry = fields::entry(fields, problems);
    event_fields::declare(fields, &mut entry, problems);
    let wants_heading = entry.title.is_empty();
    let heading;
    (entry.html, heading) = match (written, format) {
        (Some(html), _) => (html, None),
        (None, Format::Html) => (markdown::filled_html(&scan::prepare(body, format)), None),
        (None, _) => markdown::to_html(&scan::prepare(body, format), wants_heading),
    };
    if wants_heading {
        entry.title = heading.map(|text| markdown::plain_line(&text)).unwrap_or_default();
    }
    // Without fields and heading there is nothing that makes a text a post.
    if entry.title.is_empty() && !fields.is_empty() {
        entry.title = name.words();
    }
    entry.line = 1;
    entry.kind = if name.stem == "_index" { EntryKind::Section } else { EntryKind::Post };
    entry.published = entry.published.or_else(|| name.day().map(Stamp::Day));
    entry.language = entry.language.or_else(|| name.language.clone());
    if name.in_drafts && entry.hidden.is_none() {
        entry.hidden = Some("draft".to_owned());
    }
    entry.keys = vec![own_key(document)];
    entry
}

/// The day in `…/2025/03/14-pi-day.md` or `…/2025/03/14/pi-day.md`.
fn foldered_day(path: &str) -> Option<NaiveDate> {
    let parts: Vec<&str> = path.rsplit('/').take(5).collect();
    let number = |text: &str, digits: usize| {
        text.get(..digits).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?.parse::<u32>().ok()
    };
    parts.windows(3).find_map(|window| {
        let [day, month, year] = window else { return None };
        let bare = |text: &str, digits: usize| number(text, digits).filter(|_| text.len() == digits);
        let ends = day.get(2..).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']));
        let day = number(day, 2).filter(|_| ends)?;
        NaiveDate::from_ymd_opt(bare(year, 4)?.try_into().ok()?, bare(month, 2)?, day)
    })
}

/// What names a document inside its source.
pub(super) fn own_key(document: &Document) -> Key {
    document.url.as_ref().map_or_else(|| Key::Path(document.key.clone()), Key::url)
}

/// `fr`, `nds`, `pt-br`, `zh-Hant`, `es-419`: five plain letters are a word (RFC 5646 §2.1).
fn is_language(text: &str) -> bool {
    let letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (language, rest) = text.split_once('-').map_or((text, None), |(language, rest)| (language, Some(rest)));
    let fits = |rest: &str| (matches!(rest.len(), 2 | 4) && letters(rest)) || (rest.len() == 3 && digits(rest));
    matches!(language.len(), 2 | 3) && letters(language) && rest.is_none_or(fits)
}

/// What a file's name tells.
struct FileName {
    stem: String,
    folder: String,
    language: Option<String>,
    in_drafts: bool,
    /// The day that folders make (`2025/03/14-pi-day.md`, `2025/03/14/pi-day.md`), as Docusaurus and Jekyll have it.
    foldered: Option<NaiveDate>,
}

impl FileName {
    fn of(document: &Document) -> Self {
        let path = document.url.as_ref().map_or(document.key.as_str(), |url| url.path());
        let mut parts = path.trim_end_matches('/').rsplit('/');
        let file = parts.next().unwrap_or_default();
        let folder = parts.next().unwrap_or_default().to_owned();
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        // Hugo's translations: `post.fr.md`.
        let language = stem.rsplit_once('.').filter(|(_, language)| is_language(language));
        let (stem, language) = language.map_or((stem, None), |(stem, l)| (stem, Some(l.to_owned())));
        let in_drafts = path.split('/').any(|part| part == "_drafts");
        Self { stem: stem.to_owned(), folder, language, in_drafts, foldered: foldered_day(path) }
    }

    /// The part that names the page: the folder of an `index.md`.
    fn name(&self) -> &str {
        if matches!(self.stem.as_str(), "index" | "_index") && !self.folder.is_empty() {
            &self.folder
        } else {
            &self.stem
        }
    }

    /// The date that Jekyll's posts and Hugo's bundles begin with.
    fn day(&self) -> Option<NaiveDate> {
        let name = self.name();
        let day = name
            .get(..10)
            .filter(|_| name.len() == 10 || name.get(10..).is_some_and(|rest| rest.starts_with(['-', '_', '.'])));
        let own = day.and_then(|day| NaiveDate::parse_from_str(day, "%Y-%m-%d").ok());
        own.or(self.foldered)
    }

    /// The name as words, for posts without a title.
    fn words(&self) -> String {
        let name = self.name();
        let digits = |count: usize| name.bytes().take_while(|b| b.is_ascii_digit() || *b == b'-').count() >= count;
        let dated = match (self.day(), self.foldered) {
            (Some(_), None) => 11,
            (Some(_), Some(_)) if digits(3) => 3,
            _ => 0,
        };
        let name = name.get(dated..).filter(|rest| !rest.is_empty()).unwrap_or(name);
        let words = name.replace(['-', '_'], " ");
        let mut chars = words.trim().chars();
        chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
    }
}

/// A text field of data as HTML: people write Markdown there.
pub(super) fn prose(text: &str) -> String {
    markdown::to_html(&scan::prepare(text, Format::Markdown), false).0
}
