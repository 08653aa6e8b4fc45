//! Posts in AsciiDoc, reStructuredText and Org: their headers as fields, their text as HTML.
//!
//! In: the text of a post below its front matter, if it has any. Out: [`Written`]. These are no complete processors: what readers see is kept, markup
//! that means nothing to them is gone. HTML of the author's is handed on unsanitised, as everywhere in this room. Every function looks at each line
//! a bounded number of times: blocks nest [`DEPTH`] deep, past which they are plain paragraphs.

mod asciidoc;
mod asciidoc_inline;
mod asciidoc_lists;
mod inline;
mod org;
mod org_inline;
mod org_lists;
mod rst;
mod rst_directives;
mod rst_inline;
mod rst_tables;
#[cfg(test)]
mod tests;

use super::value::{Field, Value};
use crate::model::Format;
use html_escape::encode_text;

/// How deep blocks may stand in each other. Authors need four.
const DEPTH: usize = 16;

/// How many lines ahead the end of a block is looked for, where one that is never closed is none.
const LONG: usize = 2000;

/// A post taken apart.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// What the header says; `title` is the document's.
    pub fields: Vec<Field>,
    /// The text, without the title.
    pub html: String,
}

/// Reads a post; `above` lines of the file stand above `text`.
pub(super) fn read(text: &str, format: Format, above: u32) -> Written {
    let text = text.replace('\r', "");
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let mut written = match format {
        Format::AsciiDoc => asciidoc::read(&lines),
        Format::Rst => rst::read(&lines),
        _ => org::read(&lines),
    };
    written.fields.iter_mut().for_each(|field| field.line += above);
    written
}

/// A field of a header; `at` is its line, from 0.
fn field(name: &str, value: &str, at: usize) -> Field {
    let line = u32::try_from(at + 1).unwrap_or(u32::MAX);
    Field { name: name.trim().to_owned(), line, value: Value::Text(value.trim().to_owned()) }
}

/// The lines from `from` on.
fn after<'l, 't>(lines: &'l [&'t str], from: usize) -> &'l [&'t str] {
    lines.get(from..).unwrap_or_default()
}

/// The lines from `from` until before `to`.
fn between<'l, 't>(lines: &'l [&'t str], from: usize, to: usize) -> &'l [&'t str] {
    lines.get(from..to.min(lines.len())).unwrap_or_default()
}

/// The line there, or an empty one.
fn line<'t>(lines: &[&'t str], at: usize) -> &'t str {
    lines.get(at).copied().unwrap_or_default()
}

/// How many blanks a line begins with.
fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

/// The lines without the blanks that all of them begin with.
fn dedent<'t>(lines: &[&'t str]) -> Vec<&'t str> {
    let common = lines.iter().filter(|line| !line.trim().is_empty()).map(|line| indent(line)).min().unwrap_or_default();
    lines.iter().map(|line| line.get(common..).unwrap_or_default()).collect()
}

/// How many of the lines are blank or begin with at least `least` blanks; trailing blank ones are not counted.
fn indented(lines: &[&str], least: usize) -> usize {
    let belongs = |line: &&&str| line.trim().is_empty() || indent(line) >= least;
    let mut count = lines.iter().take_while(belongs).count();
    while count > 0 && line(lines, count - 1).trim().is_empty() {
        count -= 1;
    }
    count
}

/// Text between the tags of an element, on lines of its own.
fn element(out: &mut String, tag: &str, html: &str) {
    out.push_str(&format!("<{tag}>{html}</{tag}>\n"));
}

/// Lines as they stand.
fn verbatim(out: &mut String, lines: &[&str]) {
    out.push_str(&format!("<pre><code>{}</code></pre>\n", encode_text(&lines.join("\n"))));
}

/// A table of cells that are HTML already; `head` rows are headings.
fn table(out: &mut String, rows: &[Vec<String>], head: usize) {
    if rows.is_empty() {
        return;
    }
    out.push_str("<table>\n");
    for (at, row) in rows.iter().enumerate() {
        let tag = if at < head { "th" } else { "td" };
        let cells: String = row.iter().map(|cell| format!("<{tag}>{cell}</{tag}>")).collect();
        out.push_str(&format!("<tr>{cells}</tr>\n"));
    }
    out.push_str("</table>\n");
}
