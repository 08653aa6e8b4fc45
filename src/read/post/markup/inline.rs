//! Markup inside a paragraph, the same way for all three formats.
//!
//! In: the text of a paragraph, and what signs a format has. Out: HTML. A sign that is never closed is text. Once no closing sign is found, none is looked
//! for again, and other looks ahead end after [`NEAR`] bytes, so that time is linear.

use super::DEPTH;
use html_escape::{encode_double_quoted_attribute as attribute, encode_text};

/// How far ahead, in bytes, the end of a link is looked for.
pub(super) const NEAR: usize = 2000;

/// A pair of signs around words.
#[derive(Debug)]
pub(super) struct Mark {
    pub sign: &'static str,
    /// The element; an empty one leaves the words alone.
    pub tag: &'static str,
    /// True where no further markup counts between the signs.
    pub verbatim: bool,
    /// True where the signs may stand inside of a word.
    pub loose: bool,
}

/// What a format writes in paragraphs.
pub(super) trait Inline {
    /// Its pairs of signs, longer ones first.
    const MARKS: &'static [Mark];
    /// Whether a backslash takes the meaning from the sign behind it.
    const ESCAPES: bool;

    /// What begins with `rest` and is no pair of signs (a link, a note), as HTML, and how many bytes it takes.
    fn special(&self, rest: &str, before: Option<char>, depth: usize) -> Option<(String, usize)>;

    /// A text as HTML.
    fn html(&self, text: &str, depth: usize) -> String {
        if depth > DEPTH {
            return encode_text(text).into_owned();
        }
        let mut out = String::with_capacity(text.len() + 16);
        let mut dead = vec![false; Self::MARKS.len()];
        let (mut at, mut before) = (0, None);
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let escaped = rest.strip_prefix('\\').filter(|_| Self::ESCAPES).and_then(|rest| rest.chars().next());
            if let Some(c) = escaped.filter(|c| !c.is_alphanumeric()) {
                push(&mut out, Some(c).filter(|c| !c.is_whitespace()));
                (at, before) = (at + 1 + c.len_utf8(), Some(c));
            } else if let Some((html, length)) = self.special(rest, before, depth).filter(|(_, length)| *length > 0) {
                out.push_str(&html);
                (at, before) = (at + length, Some('x'));
            } else if let Some((html, length)) = self.marked(rest, before, depth, &mut dead) {
                out.push_str(&html);
                (at, before) = (at + length, Some('.'));
            } else {
                let c = rest.chars().next().unwrap_or(' ');
                push(&mut out, Some(c));
                (at, before) = (at + c.len_utf8(), Some(c));
            }
        }
        out
    }

    /// The pair of signs that begins there.
    fn marked(&self, rest: &str, before: Option<char>, depth: usize, dead: &mut [bool]) -> Option<(String, usize)> {
        for (mark, dead) in Self::MARKS.iter().zip(dead) {
            let Some(inner) = rest.strip_prefix(mark.sign).filter(|_| !*dead) else { continue };
            let open = mark.loose || !before.is_some_and(char::is_alphanumeric);
            if !open || inner.starts_with(char::is_whitespace) || inner.is_empty() {
                continue;
            }
            let Some(end) = closing(inner, mark) else {
                *dead = true;
                continue;
            };
            let words = inner.get(..end)?;
            let html = if mark.verbatim { encode_text(words).into_owned() } else { self.html(words, depth + 1) };
            let html = if mark.tag.is_empty() { html } else { format!("<{0}>{html}</{0}>", mark.tag) };
            return Some((html, end + 2 * mark.sign.len()));
        }
        None
    }
}

/// Where the words between two signs end.
fn closing(inner: &str, mark: &Mark) -> Option<usize> {
    inner.match_indices(mark.sign).map(|(at, _)| at).find(|at| {
        let before = inner.get(..*at).and_then(|text| text.chars().next_back());
        let after = inner.get(at + mark.sign.len()..).and_then(|text| text.chars().next());
        before.is_some_and(|c| !c.is_whitespace()) && (mark.loose || !after.is_some_and(char::is_alphanumeric))
    })
}

fn push(out: &mut String, c: Option<char>) {
    match c {
        Some('&') => out.push_str("&amp;"),
        Some('<') => out.push_str("&lt;"),
        Some('>') => out.push_str("&gt;"),
        c => out.extend(c),
    }
}

/// The text until `end`, if that is near.
pub(super) fn until<'t>(text: &'t str, end: &str) -> Option<&'t str> {
    let near = text.as_bytes().get(..NEAR.min(text.len()))?;
    text.get(..memchr::memmem::find(near, end.as_bytes())?)
}

/// The address that a text begins with, without the stop of the sentence around it.
pub(super) fn address(text: &str) -> Option<&str> {
    let known = ["https://", "http://", "mailto:"].iter().any(|scheme| text.starts_with(scheme));
    if !known {
        return None;
    }
    let ends = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '[' | ']' | '"' | '|' | '`');
    let end = text.find(ends).unwrap_or(text.len());
    let address = text.get(..end)?.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_']);
    let address = if address.contains('(') { address } else { address.trim_end_matches(')') };
    (address.len() > 8).then_some(address)
}

/// A link; without words the address is what readers see.
pub(super) fn link(href: &str, words: &str) -> String {
    let shown = if words.trim().is_empty() {
        encode_text(href.trim_start_matches("mailto:")).into_owned()
    } else {
        words.to_owned()
    };
    format!("<a href=\"{}\">{shown}</a>", attribute(href.trim()))
}

/// A picture.
pub(super) fn picture(source: &str, alt: &str) -> String {
    format!("<img src=\"{}\" alt=\"{}\">", attribute(source.trim()), attribute(alt.trim()))
}

/// True for the address of a picture.
pub(super) fn is_picture(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    [".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif"].iter().any(|end| path.ends_with(end))
}
