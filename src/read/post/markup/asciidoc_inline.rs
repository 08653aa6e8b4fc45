//! AsciiDoc inside a paragraph: emphasis, macros (`link:`, `xref:`, `image:`), and what attributes stand for.

use super::inline::{Inline, Mark, address, link, picture, until};
use html_escape::encode_text;
use std::collections::BTreeMap;

pub(super) struct AsciiDoc;

const fn mark(sign: &'static str, tag: &'static str, verbatim: bool) -> Mark {
    Mark { sign, tag, verbatim, loose: sign.len() > 1 }
}

impl Inline for AsciiDoc {
    const MARKS: &'static [Mark] = &[
        mark("+++", "", true),
        mark("``", "code", false),
        mark("**", "strong", false),
        mark("__", "em", false),
        mark("##", "", false),
        mark("++", "", true),
        Mark { sign: "`+", tag: "code", verbatim: true, loose: false },
        mark("`", "code", false),
        mark("*", "strong", false),
        mark("_", "em", false),
        mark("#", "", false),
        mark("^", "sup", false),
        mark("~", "sub", false),
        mark("+", "", true),
    ];
    const ESCAPES: bool = true;

    fn special(&self, rest: &str, before: Option<char>, depth: usize) -> Option<(String, usize)> {
        let inside = before.is_some_and(char::is_alphanumeric);
        match rest.as_bytes().first()? {
            b'<' => reference(rest, depth),
            b'[' => role(rest),
            b' ' if rest.starts_with(" +\n") || rest == " +" => Some(("<br>\n".to_owned(), rest.len().min(3))),
            b'"' if rest.starts_with("\"`") => Some(("“".to_owned(), 2)),
            b'`' if rest.starts_with("`\"") && before.is_some() => Some(("”".to_owned(), 2)),
            byte if byte.is_ascii_lowercase() && !inside => linked(rest, depth).or_else(|| named(rest, depth)),
            _ => None,
        }
    }
}

/// `https://…[words]`, or the address alone.
fn linked(rest: &str, depth: usize) -> Option<(String, usize)> {
    let href = address(rest)?;
    let words = rest.get(href.len()..)?.strip_prefix('[').and_then(|words| until(words, "]"));
    Some(match words {
        Some(words) => (link(href, &AsciiDoc.html(label(words), depth + 1)), href.len() + words.len() + 2),
        None => (link(href, ""), href.len()),
    })
}

/// `name:target[words]`.
fn named(rest: &str, depth: usize) -> Option<(String, usize)> {
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric())?;
    let name = rest.get(..end).filter(|name| (2..=12).contains(&name.len()))?;
    let after = rest.get(end..)?.strip_prefix(':')?;
    let (target, words) = until(after, "]")?.split_once('[')?;
    if target.contains(char::is_whitespace) && name != "image" {
        return None;
    }
    let inner = |text: &str| AsciiDoc.html(text, depth + 1);
    let html = match name {
        "link" | "mailto" => {
            let href = if name == "mailto" { format!("mailto:{target}") } else { target.replace("++", "") };
            link(&href, &inner(label(words)))
        }
        "xref" => match target.split_once(".adoc") {
            Some((page, _)) => link(page, &inner(words)),
            None => inner(if words.is_empty() { target } else { words }),
        },
        "image" => picture(target, positional(words)),
        "footnote" | "footnoteref" => format!(" ({})", inner(words)),
        "kbd" | "btn" | "stem" | "latexmath" | "asciimath" | "pass" | "indexterm2" => encode_text(words).into_owned(),
        "menu" => encode_text(&format!("{target} › {words}")).into_owned(),
        "icon" | "anchor" | "indexterm" | "bibanchor" => String::new(),
        _ => return None,
    };
    Some((html, end + 1 + target.len() + words.len() + 2))
}

/// `<<place,words>>`, `<https://…>`.
fn reference(rest: &str, depth: usize) -> Option<(String, usize)> {
    if let Some(inner) = rest.strip_prefix("<<").and_then(|inner| until(inner, ">>")) {
        let words = inner.split_once(',').map_or(inner, |(_, words)| words);
        return Some((AsciiDoc.html(words.trim(), depth + 1), inner.len() + 4));
    }
    let href = address(rest.get(1..)?)?;
    rest.get(href.len() + 1..)?.starts_with('>').then(|| (link(href, ""), href.len() + 2))
}

/// `[[place]]`, and the role before marked words: `[.small]#words#`.
fn role(rest: &str) -> Option<(String, usize)> {
    if let Some(inner) = rest.strip_prefix("[[").and_then(|inner| until(inner, "]]")) {
        return Some((String::new(), inner.len() + 4));
    }
    let inner = until(rest.get(1..)?, "]")?;
    let behind = rest.get(inner.len() + 2..)?;
    let marks = behind.starts_with(['#', '*', '_', '`']) && !inner.contains(' ');
    marks.then(|| (String::new(), inner.len() + 2))
}

/// The words of a link without its attributes: `words,window=_blank`, `words^`.
fn label(words: &str) -> &str {
    let quoted = words.strip_prefix('"').and_then(|rest| rest.split_once('"')).map(|(words, _)| words);
    let plain = words.split_once(',').filter(|(_, rest)| rest.contains('=')).map_or(words, |(words, _)| words);
    quoted.unwrap_or(plain).trim_end_matches('^')
}

/// The first of a macro's attributes, where it has no name.
pub(super) fn positional(attributes: &str) -> &str {
    let named = attributes.split(',').flat_map(|part| part.trim().strip_prefix("alt=")).next();
    let first = attributes.split(',').next().unwrap_or_default();
    named.unwrap_or(if first.contains('=') { "" } else { first }).trim().trim_matches('"')
}

/// The attributes of a document. Values are short, so that a text of references can't grow without bounds.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    values: BTreeMap<String, String>,
    /// How many bytes references may still add.
    budget: usize,
}

impl Attributes {
    pub fn new(text_length: usize) -> Self {
        Self { values: BTreeMap::new(), budget: 64 * 1024 + 4 * text_length }
    }

    /// `:name: value`; `:!name:` and `:name!:` take it back.
    pub fn set(&mut self, name: &str, value: &str) {
        let plain = name.trim_matches('!').to_ascii_lowercase();
        let value = self.expand(value).chars().take(1000).collect();
        if plain.len() == name.len() {
            self.values.insert(plain, value)
        } else {
            self.values.remove(&plain)
        };
    }

    /// A text with what its references stand for; an unknown one says nothing to readers.
    pub fn expand(&mut self, text: &str) -> String {
        if !text.contains('{') {
            return text.to_owned();
        }
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let name = until(after, "}").filter(|name| is_name(name));
            match name {
                Some(_) if before.ends_with('\\') => {
                    out.pop();
                    out.push('{');
                    rest = after;
                }
                Some(name) => {
                    let value = self.value(name);
                    self.budget = self.budget.saturating_sub(value.len());
                    out.push_str(&value);
                    rest = after.get(name.len() + 1..).unwrap_or_default();
                }
                None => {
                    out.push('{');
                    rest = after;
                }
            }
        }
        out + rest
    }

    fn value(&self, name: &str) -> String {
        let known = match name {
            "nbsp" | "sp" => " ",
            "plus" => "+",
            "amp" => "&",
            "lt" => "<",
            "gt" => ">",
            "apos" | "rsquo" | "lsquo" => "'",
            "quot" | "ldquo" | "rdquo" => "\"",
            "startsb" => "[",
            "endsb" => "]",
            "vbar" => "|",
            "asterisk" => "*",
            "cpp" => "C++",
            name => self.values.get(&name.to_ascii_lowercase()).map_or("", String::as_str),
        };
        if known.len() <= self.budget { known.to_owned() } else { String::new() }
    }
}

fn is_name(name: &str) -> bool {
    let first = name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    first && name.len() <= 60 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}
