//! reStructuredText's explicit markup: directives, targets, notes, comments.

use super::inline::{Inline, link, picture};
use super::rst::Reader;
use super::rst_inline::key;
use super::{DEPTH, after, between, dedent, element, indent, indented, line, verbatim};

/// What stands behind `.. `.
pub(super) enum Explicit<'t> {
    Directive(&'t str, &'t str),
    Target(&'t str, &'t str),
    Substitution(&'t str, &'t str, &'t str),
    Note(&'t str, &'t str),
    Comment,
}

/// Tells apart what a line begins.
pub(super) fn explicit(line: &str) -> Option<Explicit<'_>> {
    let rest = if line == ".." { "" } else { line.strip_prefix(".. ")?.trim_start() };
    if let Some(target) = rest.strip_prefix('_') {
        let quoted = target.strip_prefix('`').and_then(|rest| rest.split_once("`:"));
        let (name, address) = quoted
            .or_else(|| target.split_once(": "))
            .or_else(|| target.strip_suffix(':').map(|name| (name, "")))
            .unwrap_or((target, ""));
        return Some(Explicit::Target(name, address.trim()));
    }
    if let Some((name, rest)) = rest.strip_prefix('|').and_then(|rest| rest.split_once("| "))
        && let Some((kind, value)) = rest.split_once("::")
    {
        return Some(Explicit::Substitution(name, kind.trim(), value.trim()));
    }
    if let Some((name, text)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return Some(Explicit::Note(name.trim_start_matches('#'), text.trim()));
    }
    match rest.split_once("::") {
        Some((name, argument)) if is_directive(name) && (argument.is_empty() || argument.starts_with(' ')) => {
            Some(Explicit::Directive(name, argument.trim()))
        }
        _ => Some(Explicit::Comment),
    }
}

fn is_directive(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':' | b'.'))
}

/// A directive taken apart: options above, content below.
pub(super) struct Parts<'t> {
    pub argument: String,
    pub options: Vec<(&'t str, &'t str)>,
    pub content: Vec<&'t str>,
}

impl Parts<'_> {
    fn option(&self, name: &str) -> Option<&str> {
        self.options.iter().find(|(option, _)| *option == name).map(|(_, value)| *value)
    }
}

/// The parts of a directive whose further lines are `block`.
pub(super) fn parts<'t>(argument: &str, block: &[&'t str]) -> Parts<'t> {
    let block = dedent(block);
    let mut argument = argument.to_owned();
    let mut at = 0;
    // An argument may go on in the next lines.
    if !argument.is_empty() {
        while let Some(more) = block.get(at).filter(|line| !line.trim().is_empty() && option(line).is_none()) {
            argument.push(' ');
            argument.push_str(more.trim());
            at += 1;
        }
    }
    let options: Vec<(&str, &str)> = after(&block, at).iter().map_while(|line| option(line)).collect();
    at += options.len();
    at += after(&block, at).iter().take_while(|line| line.trim().is_empty()).count();
    Parts { argument, options, content: after(&block, at).to_vec() }
}

/// `:name: value`.
pub(super) fn option(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix(':')?;
    let (name, value) = rest.split_once(": ").or_else(|| rest.strip_suffix(':').map(|name| (name, "")))?;
    (!name.is_empty() && name.len() <= 60 && !name.starts_with(' ') && !name.contains('`'))
        .then(|| (name, value.trim()))
}

/// How many lines below the first one belong to it.
pub(super) fn block_below(lines: &[&str]) -> usize {
    // A comment sign alone, with a blank line behind it, holds nothing.
    if line(lines, 0) == ".." && line(lines, 1).trim().is_empty() { 0 } else { indented(after(lines, 1), 1) }
}

impl Reader {
    /// Writes what readers see of explicit markup; says how many lines it takes.
    pub(super) fn explicit(&mut self, lines: &[&str], depth: usize) -> usize {
        let more = block_below(lines);
        let block = between(lines, 1, 1 + more);
        match explicit(line(lines, 0)) {
            Some(Explicit::Directive(name, argument)) => {
                // Text may begin on the directive's own line: `.. note:: Text`.
                self.directive(name, argument, block, depth);
            }
            Some(Explicit::Note(name, text)) => {
                let text: Vec<&str> = std::iter::once(text).chain(block.iter().map(|line| line.trim())).collect();
                let html = self.names.html(&text.join(" "), 0);
                let html = if name.is_empty() {
                    html
                } else {
                    format!("<sup>{}</sup> {html}", html_escape::encode_text(name))
                };
                element(&mut self.out, "p", &html);
            }
            _ => {}
        }
        1 + more
    }

    fn directive(&mut self, name: &str, argument: &str, block: &[&str], depth: usize) {
        let parts = parts(argument, block);
        match name {
            "image" | "figure" | "thumbnail" => {
                let image = picture(&parts.argument, parts.option("alt").unwrap_or_default());
                let target = parts.option("target").filter(|target| !target.ends_with('_'));
                let image = target.map_or(image.clone(), |href| link(href, &image));
                self.out.push_str(&format!("<figure>{image}\n"));
                self.inside(&parts.content, depth);
                self.out.push_str("</figure>\n");
            }
            "code" | "code-block" | "sourcecode" | "parsed-literal" | "highlight" | "prompt" | "doctest" | "math"
            | "listing" => {
                let content: Vec<&str> =
                    if name == "math" && !argument.is_empty() { vec![argument] } else { parts.content };
                if !content.is_empty() {
                    verbatim(&mut self.out, &content);
                }
            }
            "raw" if parts.argument.eq_ignore_ascii_case("html") => {
                self.out.push_str(&format!("{}\n", parts.content.join("\n")))
            }
            "youtube" => element(
                &mut self.out,
                "p",
                &link(&format!("https://www.youtube.com/watch?v={}", parts.argument), "Video"),
            ),
            "vimeo" => element(&mut self.out, "p", &link(&format!("https://vimeo.com/{}", parts.argument), "Video")),
            "csv-table" | "list-table" | "table" => {
                self.titled(&parts.argument);
                self.directive_table(name, &parts.content, parts.option("header").unwrap_or_default(), depth);
            }
            "raw" | "contents" | "include" | "meta" | "role" | "default-role" | "sectnum" | "toctree" | "tags"
            | "class" | "index" | "post" | "update" | "author" | "category" | "template" | "slides" | "gallery"
            | "post-list" | "postlist" | "highlightlang" | "only" | "ifconfig" => {
                if matches!(name, "only" | "post" | "update") {
                    self.inside(&parts.content, depth);
                }
            }
            "topic" | "sidebar" | "admonition" | "container" | "rubric" | "epigraph" | "pull-quote" | "highlights"
            | "compound" | "versionadded" | "versionchanged" | "deprecated" | "dropdown" | "card" | "tab-item"
            | "grid-item-card" => {
                if !matches!(name, "container" | "compound") {
                    self.titled(&parts.argument);
                }
                self.inside(&parts.content, depth);
            }
            // Admonitions, and what we don't know: the text is kept.
            name => {
                let title = [
                    "note",
                    "tip",
                    "hint",
                    "important",
                    "warning",
                    "caution",
                    "attention",
                    "danger",
                    "error",
                    "seealso",
                ];
                let label = title.contains(&name).then(|| {
                    format!(
                        "{}{}:",
                        name.get(..1).unwrap_or_default().to_uppercase(),
                        name.get(1..).unwrap_or_default()
                    )
                });
                let label = label.map(|label| if label == "Seealso:" { "See also:".to_owned() } else { label });
                self.out.push_str("<div>\n");
                if let Some(label) = &label {
                    element(&mut self.out, "p", &format!("<strong>{label}</strong>"));
                }
                if label.is_some() && !parts.argument.is_empty() {
                    let html = self.names.html(&parts.argument, 0);
                    element(&mut self.out, "p", &html);
                }
                self.inside(&parts.content, depth);
                self.out.push_str("</div>\n");
            }
        }
    }

    fn titled(&mut self, title: &str) {
        if !title.is_empty() {
            let title = self.names.html(title, 0);
            element(&mut self.out, "p", &format!("<strong>{title}</strong>"));
        }
    }

    fn inside(&mut self, content: &[&str], depth: usize) {
        if depth < DEPTH { self.blocks(content, depth + 1) } else { verbatim(&mut self.out, content) }
    }

    /// Notes what paragraphs refer to: addresses by name, addresses in order, substitutions.
    pub(super) fn note_names(&mut self, lines: &[&str]) {
        for (at, here) in lines.iter().enumerate() {
            let here = here.trim_start();
            if let Some(address) = here.strip_prefix("__ ").filter(|address| !address.is_empty()) {
                self.names.anonymous.push(address.trim().to_owned());
                continue;
            }
            match here.starts_with("..").then(|| explicit(here)).flatten() {
                Some(Explicit::Target(name, "")) if name.starts_with('_') => {}
                Some(Explicit::Target(name, address)) if name.starts_with("_:") || name == "_" => {
                    self.names.anonymous.push(address.to_owned())
                }
                Some(Explicit::Target(name, address)) => {
                    // An address may stand on the next line, and go on there.
                    let next = line(lines, at + 1);
                    let more = if indent(next) > 0 { next.trim() } else { "" };
                    let whole = format!("{address}{more}");
                    let leads = whole.contains("://") || whole.starts_with("mailto:") || whole.starts_with(['/', '.']);
                    if leads {
                        self.names.targets.insert(key(name), whole);
                    }
                }
                Some(Explicit::Substitution(name, kind, value)) => {
                    let html = match kind {
                        "image" => picture(value, name),
                        "replace" | "unicode" => self.names.html(&value.chars().take(1000).collect::<String>(), 8),
                        _ => continue,
                    };
                    self.names.substitutions.insert(key(name), html);
                }
                _ => {}
            }
        }
    }
}
