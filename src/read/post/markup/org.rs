//! Org: keywords above, headlines, drawers, blocks; lists and tables are in [`super::org_lists`].
//!
//! In: lines. Out: keywords as fields (`#+HUGO_BASE_DIR` and such mean nothing here), text as HTML. Headlines that are not exported are gone.

use super::inline::Inline;
use super::org_inline::{Org, plain};
use super::{DEPTH, Written, after, between, dedent, element, field, indent, line, org_lists, verbatim};
use std::collections::BTreeMap;

/// What a keyword is called as a field.
const KEYWORDS: &[(&str, &str)] = &[
    ("filetags", "tags"),
    ("keywords", "tags"),
    ("hugo_tags", "tags"),
    ("hugo_categories", "categories"),
    ("hugo_draft", "draft"),
    ("hugo_publishdate", "publishdate"),
    ("hugo_expirydate", "expirydate"),
    ("hugo_lastmod", "lastmod"),
    ("hugo_slug", "slug"),
    ("hugo_aliases", ""),
    ("subtitle", "description"),
    ("options", ""),
    ("export_file_name", ""),
];

pub(super) fn read(lines: &[&str]) -> Written {
    let mut written = Written::default();
    let mut reader = Reader { out: String::new() };
    let top = lines.iter().take_while(|line| !is_headline(line)).count();
    for (at, line) in between(lines, 0, top).iter().enumerate() {
        if let Some((name, value)) = keyword(line) {
            keyword_field(&name, value, at, &mut written);
        } else if let Some((name, value)) = property(line) {
            // Properties of the whole file (org-roam) stand in a drawer above everything.
            written.fields.push(field(name, &said(value), at));
        }
    }
    if is_unfinished(lines, top) {
        written.fields.retain(|field| field.name != "draft");
        written.fields.push(field("draft", "true", top));
    }
    // A file without a title is named by its first headline.
    let named = written.fields.iter().any(|field| field.name == "title");
    let mut from = 0;
    if !named && let Some((_, title, tags)) = headline(line(lines, top)) {
        written.fields.push(field("title", &plain(&title), top));
        if !tags.is_empty() {
            written.fields.push(field("tags", &tags.join(", "), top));
        }
        reader.blocks(between(lines, 0, top), 0);
        from = top + 1;
        reader.own_drawer(lines, &mut from, &mut written);
    }
    reader.sections(after(lines, from));
    written.html = reader.out;
    written
}

/// True where the first headline is still to be done and the file is for ox-hugo, to which such posts are drafts.
fn is_unfinished(lines: &[&str], top: usize) -> bool {
    let words = line(lines, top).trim_start_matches('*').trim_start();
    let is_open = ["TODO ", "NEXT ", "WAITING "].iter().any(|state| words.starts_with(state));
    let is_own = |name: &str| name.starts_with("hugo_") || name.starts_with("export_");
    let above = || between(lines, 0, top).iter().filter_map(|line| keyword(line)).any(|(name, _)| is_own(&name));
    let below = || {
        let properties = after(lines, top + 1).iter().take_while(|line| !is_headline(line));
        properties.filter_map(|line| property(line)).any(|(name, _)| is_own(&name.to_ascii_lowercase()))
    };
    is_open && (above() || below())
}

fn keyword_field(name: &str, value: &str, at: usize, written: &mut Written) {
    let known = KEYWORDS.iter().find(|(keyword, _)| *keyword == name).map(|(_, field)| *field);
    if known == Some("") || value.is_empty() {
        return;
    }
    if name == "hugo_custom_front_matter" {
        // `:start_date 2025-03-14 :venue "Old mill"`.
        for pair in format!(" {value}").split(" :").skip(1) {
            let (name, value) = pair.split_once(' ').unwrap_or((pair, ""));
            written.fields.push(field(name, &said(value.trim().trim_matches('"')), at));
        }
        return;
    }
    let name = known.unwrap_or_else(|| name.strip_prefix("hugo_").unwrap_or(name));
    let value = match name {
        "tags" => value.split([':', ' ', ',']).filter(|tag| !tag.is_empty()).collect::<Vec<_>>().join(","),
        "title" | "description" | "author" => plain(value),
        _ => said(value),
    };
    let value = if name == "tags" { format!("{value},") } else { value };
    written.fields.push(field(name, &value, at));
}

/// What a value says: `t` is Lisp's truth.
fn said(value: &str) -> String {
    if value.trim() == "t" { "true".to_owned() } else { undated(value) }
}

/// The value of a timestamp without its brackets and weekday: `[2025-03-01 Sat 10:00]` → `2025-03-01 10:00`.
fn undated(value: &str) -> String {
    let inner = value.trim().trim_start_matches(['<', '[']).split(['>', ']']).next().unwrap_or_default();
    let is_stamp = value.trim_start().starts_with(['<', '[']) && inner.starts_with(|c: char| c.is_ascii_digit());
    if !is_stamp {
        return value.trim().to_owned();
    }
    let words = inner.split_whitespace().filter(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    words.collect::<Vec<_>>().join(" ")
}

/// `#+KEY: value`.
fn keyword(line: &str) -> Option<(String, &str)> {
    let (name, value) = line.trim_start().strip_prefix("#+")?.split_once(':')?;
    let fits = !name.is_empty() && !name.contains(char::is_whitespace);
    fits.then(|| (name.to_ascii_lowercase(), value.trim()))
}

/// `:NAME: value`, in a drawer.
fn property(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.trim().strip_prefix(':')?.split_once(": ")?;
    (!name.contains(char::is_whitespace)).then(|| (name, value.trim()))
}

fn is_headline(line: &str) -> bool {
    line.starts_with('*') && line.trim_start_matches('*').starts_with(' ')
}

/// The level, the words and the tags of a headline.
fn headline(line: &str) -> Option<(usize, String, Vec<&str>)> {
    if !is_headline(line) {
        return None;
    }
    let words = line.trim_start_matches('*');
    let level = line.len() - words.len();
    let mut words = words.trim();
    let mut tags = Vec::new();
    if let Some((before, last)) = words.rsplit_once(char::is_whitespace)
        && last.len() > 2
        && last.starts_with(':')
        && last.ends_with(':')
    {
        tags = last.split(':').filter(|tag| !tag.is_empty()).collect();
        words = before.trim_end();
    }
    for state in ["TODO", "DONE", "NEXT", "WAITING", "CANCELLED", "CANCELED"] {
        words = words.strip_prefix(state).filter(|rest| rest.starts_with(' ')).map_or(words, str::trim_start);
    }
    if words.starts_with("[#") && words.get(3..4) == Some("]") {
        words = words.get(4..).unwrap_or_default().trim_start();
    }
    Some((level, words.to_owned(), tags))
}

pub(super) struct Reader {
    pub(super) out: String,
}

impl Reader {
    /// The drawer below the headline that names the file: its properties are fields (`:EXPORT_DATE:` of ox-hugo).
    fn own_drawer(&mut self, lines: &[&str], from: &mut usize, written: &mut Written) {
        if !line(lines, *from).trim().eq_ignore_ascii_case(":properties:") {
            return;
        }
        while let Some(line) = lines.get(*from) {
            *from += 1;
            if line.trim().eq_ignore_ascii_case(":end:") {
                break;
            }
            if let Some((name, value)) = property(line) {
                let lower = name.to_ascii_lowercase();
                keyword_field(lower.strip_prefix("export_").unwrap_or(&lower), value, *from - 1, written);
            }
        }
    }

    fn sections(&mut self, lines: &[&str]) {
        let mut at = 0;
        let mut left_out = usize::MAX;
        while at < lines.len() {
            if let Some((level, words, tags)) = headline(line(lines, at)) {
                at += 1;
                if level > left_out {
                    at += after(lines, at).iter().take_while(|line| !is_headline(line)).count();
                    continue;
                }
                let hidden =
                    words.starts_with("COMMENT") || tags.iter().any(|tag| matches!(*tag, "noexport" | "ARCHIVE"));
                left_out = if hidden { level } else { usize::MAX };
                if !hidden {
                    element(&mut self.out, &format!("h{}", (level + 1).min(6)), &Org.html(&words, 0));
                }
            }
            let length = after(lines, at).iter().take_while(|line| !is_headline(line)).count();
            if left_out == usize::MAX {
                self.blocks(between(lines, at, at + length), 0);
            }
            at += length;
        }
    }

    /// The blocks between two headlines, or of an item.
    pub(super) fn blocks(&mut self, lines: &[&str], depth: usize) {
        let (mut at, ends) = (0, Ends::of(lines));
        while at < lines.len() {
            let here = line(lines, at).trim_start();
            let lower = here.get(..8.min(here.len())).unwrap_or_default().to_ascii_lowercase();
            if lower.starts_with("#+begin_") {
                at += self.block(after(lines, at), |name| Some(ends.after(at, &format!("#+end_{name}"))? - at), depth);
            } else if here.starts_with("#+") || here == "#" || here.starts_with("# ") || here.is_empty() {
                at += 1;
            } else if is_drawer(here) {
                at = ends.after(at, ":end:").unwrap_or(at) + 1;
            } else if fixed(here).is_some() {
                let rows: Vec<&str> = after(lines, at).iter().map_while(|line| fixed(line.trim_start())).collect();
                verbatim(&mut self.out, &rows);
                at += rows.len().max(1);
            } else if here.starts_with("CLOSED:") {
                at += 1;
            } else if here.len() >= 5 && here.bytes().all(|byte| byte == b'-') {
                self.out.push_str("<hr>\n");
                at += 1;
            } else if here.starts_with('|') {
                at += org_lists::table(&mut self.out, after(lines, at));
            } else if org_lists::item(line(lines, at)).is_some() && depth < DEPTH {
                at += org_lists::list(self, after(lines, at), depth);
            } else {
                at += self.paragraph(after(lines, at));
            }
        }
    }

    fn paragraph(&mut self, lines: &[&str]) -> usize {
        let goes_on = |line: &&&str| {
            let text = line.trim_start();
            !text.is_empty()
                && !text.starts_with("#+")
                && !text.starts_with("[fn:")
                && !text.starts_with('|')
                && org_lists::item(line).is_none()
        };
        let count = 1 + after(lines, 1).iter().take_while(goes_on).count();
        let text: Vec<&str> =
            lines.iter().take(count).map(|line| line.trim()).filter(|line| !line.starts_with("# ")).collect();
        let text = text.join("\n");
        // A plan is what the author says of the time.
        let text = text.replace("SCHEDULED:", "Scheduled:").replace("DEADLINE:", "Deadline:");
        let text = match text.strip_prefix("[fn:").and_then(|note| note.split_once(']')) {
            Some((name, note)) if !name.contains(':') => format!("{name}: {}", note.trim_start()),
            _ => text,
        };
        element(&mut self.out, "p", &Org.html(&text, 0));
        count
    }

    /// `#+BEGIN_X` … `#+END_X`, which stands at `end_of("x")`.
    fn block(&mut self, lines: &[&str], end_of: impl Fn(&str) -> Option<usize>, depth: usize) -> usize {
        let opening = line(lines, 0).trim_start().get(8..).unwrap_or_default();
        let (name, rest) = opening.split_once(' ').unwrap_or((opening, ""));
        let name = name.to_ascii_lowercase();
        let Some(length) = end_of(&name) else { return 1 };
        let inner = between(lines, 1, length);
        match name.as_str() {
            "src" | "example" => verbatim(&mut self.out, &dedent(inner)),
            "comment" => {}
            "export" if rest.trim().eq_ignore_ascii_case("html") => {
                self.out.push_str(&format!("{}\n", inner.join("\n")))
            }
            "export" => {}
            "verse" => {
                let rows: Vec<String> = inner.iter().map(|line| Org.html(line.trim(), 0)).collect();
                element(&mut self.out, "p", &rows.join("<br>\n"));
            }
            _ if depth >= DEPTH => verbatim(&mut self.out, inner),
            name => {
                let tag = if name == "quote" { "blockquote" } else { "div" };
                self.out.push_str(&format!("<{tag}>\n"));
                self.blocks(inner, depth + 1);
                self.out.push_str(&format!("</{tag}>\n"));
            }
        }
        length + 1
    }
}

/// The lines at which blocks and drawers end, so that no line is looked at once for each block that is left open.
struct Ends(BTreeMap<String, Vec<usize>>);

impl Ends {
    fn of(lines: &[&str]) -> Self {
        let mut ends: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, line) in lines.iter().enumerate() {
            let line = line.trim();
            if line.get(..6).is_some_and(|head| head.eq_ignore_ascii_case("#+end_"))
                || line.eq_ignore_ascii_case(":end:")
            {
                ends.entry(line.to_ascii_lowercase()).or_default().push(at);
            }
        }
        Self(ends)
    }

    /// The next such line.
    fn after(&self, at: usize, end: &str) -> Option<usize> {
        let ends = self.0.get(end)?;
        ends.get(ends.partition_point(|line| *line <= at)).copied()
    }
}

fn is_drawer(line: &str) -> bool {
    let name = line.strip_prefix(':').and_then(|rest| rest.strip_suffix(':')).unwrap_or_default();
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// `: a line as it stands`.
fn fixed(line: &str) -> Option<&str> {
    if line == ":" { Some("") } else { line.strip_prefix(": ") }
}

/// The blanks before the text of an item's further lines.
pub(super) fn belongs(line: &str, to: usize) -> bool {
    line.trim().is_empty() || indent(line) > to
}
