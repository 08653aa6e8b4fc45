//! AsciiDoc: header, sections, paragraphs and delimited blocks; lists and tables are in [`super::asciidoc_lists`].
//!
//! In: lines. Out: attributes as fields (`:page-date:` is `date`, as for Jekyll and Antora; `:jbake-type:` is `type`), text as HTML. Nothing is included:
//! a directive that would is gone.

use super::asciidoc_inline::{AsciiDoc, Attributes, positional};
use super::inline::{Inline, picture};
use super::{DEPTH, Written, after, asciidoc_lists, between, dedent, element, field, line, verbatim};
use crate::read::feed::text::plain_of_html;

/// Prefixes that site generators put before the names of their attributes.
const PREFIXES: [&str; 3] = ["page-", "jbake-", "article-"];

/// What begins a line that says nothing to readers.
const HIDDEN: [&str; 8] = ["//", "ifdef::", "ifndef::", "ifeval::", "endif::", "include::", "toc::", "<<<"];

pub(super) fn read(lines: &[&str]) -> Written {
    let mut written = Written::default();
    let length = lines.iter().map(|line| line.len() + 1).sum();
    let mut reader = Reader { out: String::new(), attributes: Attributes::new(length) };
    let body = reader.header(lines, &mut written);
    reader.blocks(after(lines, body), 0);
    written.html = reader.out;
    written
}

pub(super) struct Reader {
    pub(super) out: String,
    attributes: Attributes,
}

impl Reader {
    /// Reads the title, the author line, the revision line and attributes; says where the text begins.
    fn header(&mut self, lines: &[&str], written: &mut Written) -> usize {
        let mut at = 0;
        let mut title_at = None;
        while let Some(here) = lines.get(at) {
            if let Some((name, value)) = attribute(here) {
                let (value, more) = continued(value, after(lines, at + 1));
                self.attributes.set(name, &value);
                let value = self.attributes.expand(&value);
                // jekyll-asciidoc takes values for YAML: `[meetup, cake]`.
                let plain = value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(&value);
                let said = |name| if plain.is_empty() && is_switch(name) { "true" } else { plain };
                written.fields.extend(name_of(name).map(|name| field(name, said(name), at)));
                at += more;
            } else if let Some(title) =
                here.strip_prefix("= ").or_else(|| here.strip_prefix("# ")).filter(|_| title_at.is_none())
            {
                let title = self.attributes.expand(title);
                self.attributes.set("doctitle", &title);
                written.fields.push(field("title", &plain_of_html(&AsciiDoc.html(&title, 0)), at));
                title_at = Some(at);
            } else if title_at.is_some_and(|title| (title + 1..=title + 2).contains(&at)) && is_byline(here) {
                self.byline(here, at, written);
            } else if !(here.is_empty() || here.starts_with("//") && !here.starts_with("////")) {
                break;
            } else if here.is_empty() && title_at.is_some() {
                return at;
            }
            at += 1;
        }
        at
    }

    /// `Ada Bell <ada@example.org>; Cy Dahl`, or `v1.0, 2025-03-01: remark`.
    fn byline(&mut self, text: &str, at: usize, written: &mut Written) {
        let is_date = |part: &&str| super::super::dates::parse(part).is_some();
        let parts = text.split([',', ':', ' ']).map(str::trim).filter(|part| part.len() >= 8);
        if let Some(day) = parts.clone().find(is_date) {
            written.fields.insert(0, field("date", day, at));
            return;
        }
        if text.starts_with('v') && text.get(1..2).is_some_and(|c| c.bytes().all(|byte| byte.is_ascii_digit())) {
            return;
        }
        for author in text.split(';').map(str::trim).filter(|author| !author.is_empty()) {
            self.attributes.set("author", author.split('<').next().unwrap_or_default().trim());
            written.fields.push(field("author", author, at));
        }
    }

    pub(super) fn html(&mut self, text: &str) -> String {
        AsciiDoc.html(&self.attributes.expand(text), 0)
    }

    /// Blocks, one after the other.
    pub(super) fn blocks(&mut self, lines: &[&str], depth: usize) {
        let mut at = 0;
        let mut style = String::new();
        while at < lines.len() {
            let here = line(lines, at);
            if let Some(found) = style_of(here) {
                style = found.to_owned();
                at += 1;
                continue;
            }
            at += self.block(after(lines, at), &style, depth).max(1);
            if !here.is_empty() && !is_title(here) {
                style.clear();
            }
        }
    }

    /// One block; says how many lines it takes.
    pub(super) fn block(&mut self, lines: &[&str], style: &str, depth: usize) -> usize {
        let here = line(lines, 0);
        if let Some(taken) = self.silent(lines) {
            return taken;
        }
        if let Some((level, title)) = heading(here) {
            let title = self.html(title);
            element(&mut self.out, &format!("h{level}"), &title);
            return 1;
        }
        if let Some(level) = underlined(here, line(lines, 1)) {
            let title = self.html(here);
            element(&mut self.out, &format!("h{level}"), &title);
            return 2;
        }
        if let Some(fence) = fence(here) {
            return self.delimited(lines, fence, style, depth);
        }
        if is_title(here) {
            let title = self.html(here.get(1..).unwrap_or_default());
            element(&mut self.out, "p", &format!("<strong>{title}</strong>"));
            return 1;
        }
        if matches!(here, "'''" | "---" | "***" | "- - -" | "* * *") {
            self.out.push_str("<hr>\n");
            return 1;
        }
        if let Some(macro_) = block_macro(here) {
            self.block_macro(macro_);
            return 1;
        }
        if asciidoc_lists::item(here).is_some() && depth < DEPTH {
            return asciidoc_lists::list(self, lines, depth);
        }
        self.paragraph(lines, style)
    }

    /// What readers see nothing of: comments, attributes, conditions, anchors.
    fn silent(&mut self, lines: &[&str]) -> Option<usize> {
        let here = line(lines, 0);
        if here.starts_with("////") && here.bytes().all(|byte| byte == b'/') {
            let end = after(lines, 1).iter().position(|line| *line == here);
            return Some(end.map_or(lines.len(), |end| end + 2));
        }
        if let Some((name, value)) = attribute(here) {
            let (value, more) = continued(value, after(lines, 1));
            self.attributes.set(name, &value);
            return Some(1 + more);
        }
        let alone = here.is_empty() || here == "+" || HIDDEN.iter().any(|sign| here.starts_with(sign));
        alone.then_some(1)
    }

    fn delimited(&mut self, lines: &[&str], fence: &str, style: &str, depth: usize) -> usize {
        let opening = line(lines, 0);
        let closing = if fence == "```" { "```" } else { opening };
        // A block that is never closed goes on to the end (Asciidoctor's way).
        let length = after(lines, 1).iter().position(|line| *line == closing).unwrap_or(lines.len());
        let inner = between(lines, 1, length + 1);
        let taken = (length + 2).min(lines.len());
        match fence {
            "----" | "...." | "```" => verbatim(&mut self.out, inner),
            "++++" => self.out.push_str(&format!("{}\n", inner.join("\n"))),
            "|===" | ",===" | ":===" | "!===" => asciidoc_lists::table(self, inner, fence, style),
            _ if style.starts_with("comment") => {}
            _ if style.starts_with("source") || style.starts_with("listing") || depth >= DEPTH => {
                verbatim(&mut self.out, inner)
            }
            _ => {
                let tag = if fence == "____" || style.starts_with("quote") { "blockquote" } else { "div" };
                self.out.push_str(&format!("<{tag}>\n"));
                self.out.push_str(
                    &admonition(style).map(|word| format!("<p><strong>{word}</strong></p>\n")).unwrap_or_default(),
                );
                if style.starts_with("verse") {
                    self.verse(inner)
                } else {
                    self.blocks(inner, depth + 1)
                }
                self.attribution(style);
                self.out.push_str(&format!("</{tag}>\n"));
            }
        }
        taken
    }

    /// `[quote, Ada Bell, Letters]`.
    fn attribution(&mut self, style: &str) {
        let mut parts = style.split(',').map(|part| part.trim().trim_matches('"')).filter(|part| !part.is_empty());
        if !parts.next().is_some_and(|word| matches!(word, "quote" | "verse")) {
            return;
        }
        let names: Vec<&str> = parts.filter(|part| !part.contains('=')).collect();
        if !names.is_empty() {
            let names = self.html(&names.join(", "));
            element(&mut self.out, "p", &format!("— {names}"));
        }
    }

    fn verse(&mut self, lines: &[&str]) {
        let rows: Vec<String> = lines.iter().map(|line| self.html(line)).collect();
        element(&mut self.out, "p", &rows.join("<br>\n"));
    }

    fn block_macro(&mut self, (name, target, words): (&str, &str, &str)) {
        let target = self.attributes.expand(target);
        match name {
            "image" => {
                let alt = self.attributes.expand(positional(words));
                element(&mut self.out, "figure", &picture(&target, &alt));
            }
            "video" | "audio" => {
                let href = match positional(words) {
                    "youtube" => format!("https://www.youtube.com/watch?v={target}"),
                    "vimeo" => format!("https://vimeo.com/{target}"),
                    _ => target,
                };
                element(&mut self.out, "p", &super::inline::link(&href, "Video"));
            }
            _ => {}
        }
    }

    fn paragraph(&mut self, lines: &[&str], style: &str) -> usize {
        let ends = |line: &&&str| {
            line.is_empty()
                || fence(line).is_some()
                || style_of(line).is_some()
                || **line == "+"
                || HIDDEN.iter().any(|sign| line.starts_with(sign))
        };
        let count = 1 + after(lines, 1).iter().take_while(|line| !ends(line)).count();
        let text = between(lines, 0, count);
        if line(text, 0).starts_with([' ', '\t'])
            || style.starts_with("source")
            || style.starts_with("listing")
            || style.starts_with("literal")
        {
            verbatim(&mut self.out, &dedent(text));
            return count;
        }
        let joined = text.join("\n");
        let words = ["NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"];
        let told = words.iter().find_map(|word| Some((*word, joined.strip_prefix(word)?.strip_prefix(": ")?)));
        let label =
            told.map(|(word, _)| word).or_else(|| words.into_iter().find(|word| style == *word)).and_then(admonition);
        let html = self.html(told.map_or(joined.as_str(), |(_, text)| text));
        let html = label.map(|label| format!("<strong>{label}</strong> {html}")).unwrap_or(html);
        if style.starts_with("verse") {
            self.verse(text);
        } else if style.starts_with("quote") {
            self.out.push_str(&format!("<blockquote>\n<p>{html}</p>\n"));
            self.attribution(style);
            self.out.push_str("</blockquote>\n");
        } else {
            element(&mut self.out, "p", &html);
        }
        count
    }
}

fn admonition(style: &str) -> Option<&'static str> {
    let known = [
        ("NOTE", "Note:"),
        ("TIP", "Tip:"),
        ("IMPORTANT", "Important:"),
        ("WARNING", "Warning:"),
        ("CAUTION", "Caution:"),
    ];
    known.into_iter().find(|(word, _)| style.starts_with(word)).map(|(_, shown)| shown)
}

/// The name of an attribute as a field, unless it is one of the processor's own.
fn name_of(name: &str) -> Option<&str> {
    let own = [
        "toc",
        "icons",
        "imagesdir",
        "sectnums",
        "experimental",
        "source-highlighter",
        "idprefix",
        "doctype",
        "doctitle",
    ];
    if name.contains('!') || own.contains(&name) {
        return None;
    }
    let plain =
        PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix)).filter(|rest| !rest.is_empty()).unwrap_or(name);
    Some(match plain {
        "revdate" | "docdate" => "date",
        plain => plain,
    })
}

/// True for attributes that say something by being set, even to nothing.
fn is_switch(name: &str) -> bool {
    ["draft", "private", "hidden", "unlisted"].iter().any(|switch| name.eq_ignore_ascii_case(switch))
}

/// `:name: value`.
fn attribute(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.strip_prefix(':')?.split_once(':')?;
    let fits = !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'!' | b'.'));
    (fits && (value.is_empty() || value.starts_with(' '))).then(|| (name, value.trim()))
}

/// A value that ends in a backslash goes on in the next line.
fn continued(value: &str, lines: &[&str]) -> (String, usize) {
    let mut whole = value.to_owned();
    let mut more = 0;
    while let Some(open) = whole.strip_suffix('\\').map(str::trim_end)
        && let Some(next) = lines.get(more)
    {
        whole = format!("{} {}", open.trim_end_matches(" +"), next.trim());
        more += 1;
        if more == 50 {
            break;
        }
    }
    (whole, more)
}

fn is_byline(line: &str) -> bool {
    line.starts_with(|c: char| c.is_alphanumeric()) && !line.contains("::") && line.len() <= 200
}

/// The style of a block: the words between brackets on a line of their own.
fn style_of(line: &str) -> Option<&str> {
    let inner = line.strip_prefix('[')?.strip_suffix(']')?;
    let inner = inner.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).map_or(inner, |_| "");
    (!inner.contains(['[', ']']) && !inner.starts_with(' ')).then(|| inner.trim())
}

/// `.Title of the block`.
fn is_title(line: &str) -> bool {
    line.strip_prefix('.').is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['.', ' ']))
}

fn heading(line: &str) -> Option<(usize, &str)> {
    let title = line.trim_start_matches(['=', '#']);
    let level = line.len() - title.len();
    let fits = (1..=6).contains(&level) && title.starts_with(' ') && !title.trim().is_empty();
    fits.then(|| (level.max(2), title.trim().trim_end_matches(['=', '#']).trim_end()))
}

/// A title over a line of signs of its own length.
fn underlined(title: &str, under: &str) -> Option<usize> {
    let sign = under.chars().next()?;
    let level = ['=', '-', '~', '^', '+'].iter().position(|known| *known == sign)? + 1;
    let (wide, signs) = (title.chars().count(), under.chars().count());
    let fits = signs >= 3 && wide.abs_diff(signs) <= 1 && under.chars().all(|c| c == sign);
    (fits && title.starts_with(char::is_alphanumeric)).then_some(level.max(2))
}

/// The kind of block that a line opens.
fn fence(line: &str) -> Option<&'static str> {
    if line == "--" {
        return Some("--");
    }
    if line.starts_with("```") {
        return Some("```");
    }
    if let Some(table) = ["|===", ",===", ":===", "!==="].into_iter().find(|sign| line.starts_with(sign)) {
        return line.bytes().skip(1).all(|byte| byte == b'=').then_some(table);
    }
    let kind = ["----", "....", "====", "****", "____", "++++"].into_iter().find(|sign| line.starts_with(sign))?;
    let sign = kind.bytes().next()?;
    line.bytes().all(|byte| byte == sign).then_some(kind)
}

/// `name::target[words]`.
fn block_macro(line: &str) -> Option<(&str, &str, &str)> {
    let (name, rest) = line.split_once("::")?;
    let (target, words) = rest.strip_suffix(']')?.split_once('[')?;
    let fits = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase()) && !target.starts_with(' ');
    fits.then_some((name, target, words))
}
