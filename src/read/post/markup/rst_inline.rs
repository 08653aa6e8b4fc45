//! reStructuredText inside a paragraph: emphasis, literals, roles, references and substitutions.

use super::inline::{Inline, Mark, address, link, until};
use html_escape::encode_text;
use std::cell::Cell;
use std::collections::BTreeMap;

/// Names of references without ticks are shorter than this, in bytes.
const LONGEST: usize = 200;

/// What the document defines for its paragraphs.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// `.. _name: address`.
    pub targets: BTreeMap<String, String>,
    /// `__ address`, in order.
    pub anonymous: Vec<String>,
    /// `.. |name| replace:: text`, as HTML.
    pub substitutions: BTreeMap<String, String>,
    /// How many anonymous references were met.
    pub met: Cell<usize>,
}

const fn mark(sign: &'static str, tag: &'static str, verbatim: bool) -> Mark {
    Mark { sign, tag, verbatim, loose: false }
}

impl Inline for Names {
    const MARKS: &'static [Mark] = &[mark("``", "code", true), mark("**", "strong", false), mark("*", "em", false)];
    const ESCAPES: bool = true;

    fn special(&self, rest: &str, before: Option<char>, depth: usize) -> Option<(String, usize)> {
        if before.is_some_and(char::is_alphanumeric) {
            return None;
        }
        match rest.as_bytes().first()? {
            b'`' if !rest.starts_with("``") => self.ticked(rest, depth),
            b':' => self.role(rest, depth),
            b'|' => {
                let name = until(rest.get(1..)?, "|")?;
                let shown = self.substitutions.get(&key(name))?;
                let length = name.len() + 2;
                let signs = rest.get(length..)?.bytes().take_while(|byte| *byte == b'_').count().min(2);
                Some((shown.clone(), length + signs))
            }
            b'[' => {
                let name = until(rest.get(1..)?, "]_")?;
                (name.len() <= 40 && !name.contains(['[', ' '])).then(|| {
                    let shown = name.trim_start_matches('#');
                    let note = if shown.is_empty() || shown == "*" {
                        String::new()
                    } else {
                        format!("<sup>{}</sup>", encode_text(shown))
                    };
                    (note, name.len() + 3)
                })
            }
            b'_' => {
                let name = until(rest.strip_prefix("_`")?, "`")?;
                Some((self.html(name, depth + 1), name.len() + 3))
            }
            byte if byte.is_ascii_alphanumeric() => {
                if let Some(address) = address(rest) {
                    return Some((link(address, ""), address.len()));
                }
                self.word(rest)
            }
            _ => None,
        }
    }
}

impl Names {
    /// `` `words <address>`_ ``, `` `name`_ ``, `` `words`:role: ``, `` `words` ``.
    fn ticked(&self, rest: &str, depth: usize) -> Option<(String, usize)> {
        let inner =
            until(rest.get(1..)?, "`").filter(|inner| !inner.is_empty() && !inner.starts_with(char::is_whitespace))?;
        let length = inner.len() + 2;
        let behind = rest.get(length..)?;
        let signs = behind.bytes().take_while(|byte| *byte == b'_').count().min(2);
        if signs == 0 {
            if let Some(role) = behind.strip_prefix(':').and_then(|rest| until(rest, ":")).filter(|role| is_role(role))
            {
                return Some((self.in_role(role, inner, depth), length + role.len() + 2));
            }
            return Some((format!("<em>{}</em>", encode_text(inner)), length));
        }
        let embedded = inner.strip_suffix('>').and_then(|inner| inner.rsplit_once('<'));
        let html = match embedded {
            Some((words, href)) => {
                let href: String = href.split_whitespace().collect();
                let href = match href.strip_suffix('_') {
                    Some(name) => self.targets.get(&key(name)).cloned().unwrap_or_default(),
                    None => href,
                };
                self.linked(&href, words.trim(), depth)
            }
            None => {
                let href = if signs == 2 { self.next_anonymous() } else { self.targets.get(&key(inner)).cloned() };
                self.linked(&href.unwrap_or_default(), inner, depth)
            }
        };
        Some((html, length + signs))
    }

    fn linked(&self, href: &str, words: &str, depth: usize) -> String {
        let words = self.html(words, depth + 1);
        if href.is_empty() { words } else { link(href, &words) }
    }

    fn next_anonymous(&self) -> Option<String> {
        let at = self.met.get();
        self.met.set(at + 1);
        self.anonymous.get(at).cloned()
    }

    /// `:role:` before ticks.
    fn role(&self, rest: &str, depth: usize) -> Option<(String, usize)> {
        let role = until(rest.get(1..)?, ":").filter(|role| is_role(role))?;
        let inner = until(rest.get(role.len() + 2..)?.strip_prefix('`')?, "`")?;
        Some((self.in_role(role, inner, depth), role.len() + inner.len() + 4))
    }

    fn in_role(&self, role: &str, inner: &str, depth: usize) -> String {
        let words = inner.strip_suffix('>').and_then(|inner| inner.rsplit_once('<'));
        match role {
            "code" | "literal" | "math" | "kbd" | "command" | "file" | "samp" => {
                format!("<code>{}</code>", encode_text(inner))
            }
            "strong" => format!("<strong>{}</strong>", encode_text(inner)),
            "emphasis" | "title" | "title-reference" => format!("<em>{}</em>", encode_text(inner)),
            "sub" | "subscript" => format!("<sub>{}</sub>", encode_text(inner)),
            "sup" | "superscript" => format!("<sup>{}</sup>", encode_text(inner)),
            "raw-html" => inner.to_owned(),
            _ => match words {
                Some((words, target)) if target.contains("://") => self.linked(target, words.trim(), depth),
                Some((words, _)) => self.html(words.trim(), depth + 1),
                None => encode_text(inner.trim_start_matches(['~', '!'])).into_owned(),
            },
        }
    }

    /// `name_` and `words__`.
    fn word(&self, rest: &str) -> Option<(String, usize)> {
        let part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '+');
        let is_end = |(at, c): &(usize, char)| *at >= LONGEST || !part(*c);
        let end = rest.char_indices().find(is_end).map_or(rest.len(), |(at, _)| at);
        let whole = rest.get(..end).filter(|_| end < LONGEST)?.trim_end_matches(['.', '-', '+']);
        let name = whole.trim_end_matches('_');
        let href = match whole.len() - name.len() {
            1 => self.targets.get(&key(name)).cloned(),
            2 => self.next_anonymous(),
            _ => None,
        }?;
        Some((link(&href, &encode_text(name)), whole.len()))
    }
}

fn is_role(role: &str) -> bool {
    (1..=30).contains(&role.len())
        && role.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':'))
}

/// Names count in any case, and any white space is one blank.
pub(super) fn key(name: &str) -> String {
    name.trim_matches('`').split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
