//! reStructuredText: title and field list, sections, paragraphs, lists; the rest is in [`super::rst_directives`] and [`super::rst_tables`].
//!
//! In: lines. Out: Pelican's field list, Nikola's comments (`.. date: 2025-03-01`) and ABlog's `post` directive as fields, text as HTML.

use super::inline::Inline;
use super::rst_directives::{Explicit, block_below, explicit, option, parts};
use super::rst_inline::Names;
use super::{DEPTH, Written, after, between, dedent, element, field, indent, indented, line, rst_tables, verbatim};
use crate::read::feed::text::plain_of_html;

pub(super) fn read(lines: &[&str]) -> Written {
    let mut written = Written::default();
    let mut reader = Reader { out: String::new(), names: Names::default(), adornments: Vec::new() };
    reader.note_names(lines);
    let body = reader.header(lines, &mut written);
    reader.blocks(after(lines, body), 0);
    written.html = reader.out;
    written
}

pub(super) struct Reader {
    pub(super) out: String,
    pub(super) names: Names,
    /// The adornments of titles, highest first, with whether a line stands above, too.
    adornments: Vec<(char, bool)>,
}

impl Reader {
    /// Reads what stands above the text: comments of fields, the title, a field list, `.. post::`; says where the text begins.
    fn header(&mut self, lines: &[&str], written: &mut Written) -> usize {
        let mut at = 0;
        let mut titled = false;
        while at < lines.len() {
            let here = line(lines, at);
            if here.is_empty() {
                at += 1;
            } else if let Some((name, value)) = comment_field(here) {
                // Where Nikola's comments name the post, a title in the text is a heading.
                titled |= name == "title";
                written.fields.push(field(name, value, at));
                at += 1;
            } else if let Some((name, value)) = option(here) {
                let more = indented(after(lines, at + 1), 1);
                let words: Vec<&str> = std::iter::once(value)
                    .chain(between(lines, at + 1, at + 1 + more).iter().map(|line| line.trim()))
                    .collect();
                written.fields.push(field(name, &plain_of_html(&self.names.html(&words.join(" "), 0)), at));
                at += 1 + more;
            } else if let Some(Explicit::Directive("post", day)) = explicit(here) {
                let more = block_below(after(lines, at));
                let directive = parts(day, between(lines, at + 1, at + 1 + more));
                written.fields.push(field("date", &directive.argument, at));
                let options = directive.options.iter().zip(at + 1..);
                written.fields.extend(options.map(|((name, value), at)| field(name, value, at)));
                at += 1 + more;
            } else if !titled && let Some(found) = self.title(after(lines, at)) {
                titled = true;
                let title = plain_of_html(&self.names.html(found.text, 0));
                written.fields.push(field("title", &title, at));
                at += found.lines;
            } else if explicit(here).is_some_and(|found| {
                matches!(found, Explicit::Comment | Explicit::Target(..) | Explicit::Substitution(..))
            }) {
                at += 1 + block_below(after(lines, at));
            } else {
                break;
            }
        }
        at
    }

    /// Blocks, one after the other.
    pub(super) fn blocks(&mut self, lines: &[&str], depth: usize) {
        let mut at = 0;
        while at < lines.len() {
            at += self.block(after(lines, at), depth).max(1);
        }
    }

    fn block(&mut self, lines: &[&str], depth: usize) -> usize {
        let here = line(lines, 0);
        if here.is_empty() {
            return 1;
        }
        if indent(here) > 0 {
            return self.quoted(lines, depth);
        }
        if rst_tables::begins_grid(here) {
            return self.grid(lines);
        }
        if rst_tables::begins_simple(here) {
            return self.simple(lines);
        }
        if let Some(found) = self.title(lines) {
            let html = self.names.html(found.text, 0);
            element(&mut self.out, &format!("h{}", found.level), &html);
            return found.lines;
        }
        if adornment(here).is_some() && here.len() >= 4 {
            self.out.push_str("<hr>\n");
            return 1;
        }
        if here == ".." || here.starts_with(".. ") {
            return self.explicit(lines, depth);
        }
        if here == "__" || here.starts_with("__ ") {
            return 1;
        }
        if here.starts_with(">>> ") {
            let count = lines.iter().take_while(|line| !line.is_empty()).count();
            verbatim(&mut self.out, between(lines, 0, count));
            return count;
        }
        if depth < DEPTH
            && let Some(taken) = self.list(lines, depth)
        {
            return taken;
        }
        self.paragraph(lines)
    }

    /// An indented block.
    fn quoted(&mut self, lines: &[&str], depth: usize) -> usize {
        let count = indented(lines, 1).max(1);
        let inner = dedent(between(lines, 0, count));
        if depth >= DEPTH {
            verbatim(&mut self.out, &inner);
            return count;
        }
        self.out.push_str("<blockquote>\n");
        self.blocks(&inner, depth + 1);
        self.out.push_str("</blockquote>\n");
        count
    }

    fn list(&mut self, lines: &[&str], depth: usize) -> Option<usize> {
        if let Some((_, ordered)) = sign(line(lines, 0)) {
            let tag = if ordered { "ol" } else { "ul" };
            return Some(
                self.items(lines, depth, tag, |line| {
                    sign(line).filter(|(_, of)| *of == ordered).map(|(width, _)| width)
                }),
            );
        }
        if line(lines, 0).starts_with("| ") {
            let rows: Vec<&str> =
                lines.iter().map_while(|line| line.strip_prefix('|').or_else(|| line.strip_prefix("  "))).collect();
            let html: Vec<String> = rows.iter().map(|row| self.names.html(row.trim(), 0)).collect();
            element(&mut self.out, "p", &html.join("<br>\n"));
            return Some(rows.len().max(1));
        }
        if option(line(lines, 0)).is_some() {
            return Some(self.terms(lines, depth));
        }
        let defined = |lines: &[&'_ str]| {
            let next = line(lines, 1);
            let first = line(lines, 0);
            !first.is_empty()
                && indent(first) == 0
                && !next.is_empty()
                && indent(next) > 0
                && !first.ends_with("::")
                && sign(first).is_none()
                && !first.starts_with("..")
        };
        defined(lines).then(|| self.definitions(lines, depth, defined))
    }

    fn items(&mut self, lines: &[&str], depth: usize, tag: &str, width: impl Fn(&str) -> Option<usize>) -> usize {
        self.out.push_str(&format!("<{tag}>\n"));
        let mut at = 0;
        while let Some(blanks) = width(line(lines, at)) {
            let first = line(lines, at).get(blanks..).unwrap_or_default();
            let more = indented(after(lines, at + 1), 1);
            let block = between(lines, at + 1, at + 1 + more);
            let lead = block.iter().take_while(|line| !line.is_empty() && sign(line.trim_start()).is_none()).count();
            let words: Vec<&str> =
                std::iter::once(first).chain(block.iter().take(lead).map(|line| line.trim())).collect();
            self.out.push_str(&format!("<li>{}", self.names.html(&literal_colon(&words.join("\n")), 0)));
            self.rest_of_item(after(block, lead), words.last().is_some_and(|word| word.ends_with("::")), depth);
            self.out.push_str("</li>\n");
            at += 1 + more;
            let blank = after(lines, at).iter().take_while(|line| line.is_empty()).count();
            if width(line(lines, at + blank)).is_some() {
                at += blank;
            }
        }
        self.out.push_str(&format!("</{tag}>\n"));
        at
    }

    fn rest_of_item(&mut self, block: &[&str], literal: bool, depth: usize) {
        if block.iter().all(|line| line.is_empty()) {
            return;
        }
        self.out.push('\n');
        let inner = dedent(block);
        if literal { verbatim(&mut self.out, &inner) } else { self.blocks(&inner, depth + 1) }
    }

    /// A field list inside the text.
    fn terms(&mut self, lines: &[&str], depth: usize) -> usize {
        self.out.push_str("<dl>\n");
        let mut at = 0;
        while let Some((term, text)) = option(line(lines, at)) {
            let more = indented(after(lines, at + 1), 1);
            let (term, text) = (self.names.html(term, 0), self.names.html(text, 0));
            self.out.push_str(&format!("<dt>{term}</dt><dd>{text}"));
            self.rest_of_item(between(lines, at + 1, at + 1 + more), false, depth);
            self.out.push_str("</dd>\n");
            at += 1 + more;
        }
        self.out.push_str("</dl>\n");
        at
    }

    fn definitions(&mut self, lines: &[&str], depth: usize, defined: impl Fn(&[&str]) -> bool) -> usize {
        self.out.push_str("<dl>\n");
        let mut at = 0;
        while defined(after(lines, at)) {
            let more = indented(after(lines, at + 1), 1);
            let term = self.names.html(line(lines, at), 0);
            self.out.push_str(&format!("<dt>{term}</dt><dd>\n"));
            let inner = dedent(between(lines, at + 1, at + 1 + more));
            self.blocks(&inner, depth + 1);
            self.out.push_str("</dd>\n");
            at += 1 + more;
            let blank = after(lines, at).iter().take_while(|line| line.is_empty()).count();
            if defined(after(lines, at + blank)) {
                at += blank;
            }
        }
        self.out.push_str("</dl>\n");
        at
    }

    fn paragraph(&mut self, lines: &[&str]) -> usize {
        let count = lines.iter().take_while(|line| !line.is_empty()).count().max(1);
        let text = between(lines, 0, count).iter().map(|line| line.trim()).collect::<Vec<_>>().join("\n");
        let shown = literal_colon(&text);
        if !shown.trim().is_empty() {
            let html = self.names.html(&shown, 0);
            element(&mut self.out, "p", &html);
        }
        if !text.ends_with("::") {
            return count;
        }
        let blank = after(lines, count).iter().take_while(|line| line.is_empty()).count();
        let inner = indented(after(lines, count + blank), 1);
        if inner == 0 {
            return count;
        }
        verbatim(&mut self.out, &dedent(between(lines, count + blank, count + blank + inner)));
        count + blank + inner
    }

    /// The title that the lines begin with.
    fn title<'t>(&mut self, lines: &[&'t str]) -> Option<Title<'t>> {
        let over = adornment(line(lines, 0));
        let (at, count) = if over.is_some() { (1, 3) } else { (0, 2) };
        let (text, under) = (line(lines, at), line(lines, at + 1));
        let sign = adornment(under).filter(|sign| over.is_none_or(|over| over == *sign))?;
        let signs = under.chars().count();
        if signs < 4 && signs < text.trim().chars().count() {
            return None;
        }
        let over = over.is_some();
        if text.trim().is_empty() || (!over && indent(text) > 0) {
            return None;
        }
        let known = self.adornments.iter().position(|known| *known == (sign, over));
        let level = known.unwrap_or_else(|| {
            self.adornments.push((sign, over));
            self.adornments.len() - 1
        });
        Some(Title { text: text.trim(), level: (level + 1).clamp(2, 6), lines: count })
    }
}

struct Title<'t> {
    text: &'t str,
    level: usize,
    lines: usize,
}

/// Text that ends in `::` shows one colon, or none where nothing stands before.
fn literal_colon(text: &str) -> String {
    match text.strip_suffix("::") {
        Some(before) if before.is_empty() || before.ends_with(char::is_whitespace) => before.trim_end().to_owned(),
        Some(before) => format!("{before}:"),
        None => text.to_owned(),
    }
}

/// The sign that a line repeats.
fn adornment(line: &str) -> Option<char> {
    let sign = line.chars().next().filter(|c| c.is_ascii_punctuation())?;
    (line.len() >= 2 && line.chars().all(|c| c == sign))
        .then_some(sign)
        .filter(|_| line != ".." && line != "::" && line != "__")
}

/// Nikola's `.. title: Spring meetup`.
fn comment_field(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.strip_prefix(".. ")?.split_once(':')?;
    let fits = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    (fits && !value.starts_with(':')).then(|| (name, value.trim()))
}

/// How wide the sign of an item is, and whether it counts.
fn sign(line: &str) -> Option<(usize, bool)> {
    if ["* ", "- ", "+ ", "• "].iter().any(|sign| line.starts_with(sign)) {
        let width = line.find(' ')? + 1;
        return Some((width, false));
    }
    let inner = line.strip_prefix('(').unwrap_or(line);
    let end = inner.find(['.', ')'])?;
    let number = inner.get(..end)?;
    let counts = number == "#"
        || (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
        || number.len() == 1 && number.bytes().all(|byte| byte.is_ascii_alphabetic());
    let width = line.len() - inner.len() + end + 1;
    (counts && line.get(width..)?.starts_with(' ')).then_some((width + 1, true))
}
