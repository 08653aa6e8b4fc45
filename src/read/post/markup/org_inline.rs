//! Org inside a paragraph: emphasis, links, notes, and timestamps as dates that anybody can read.

use super::inline::{Inline, Mark, address, is_picture, link, picture, until};
use crate::read::feed::text::plain_of_html;
use chrono::{Datelike, NaiveDate};
use html_escape::encode_text;

pub(super) struct Org;

const fn mark(sign: &'static str, tag: &'static str, verbatim: bool) -> Mark {
    Mark { sign, tag, verbatim, loose: false }
}

impl Inline for Org {
    const MARKS: &'static [Mark] = &[
        mark("*", "strong", false),
        mark("/", "em", false),
        mark("_", "u", false),
        mark("=", "code", true),
        mark("~", "code", true),
        mark("+", "del", false),
    ];
    const ESCAPES: bool = false;

    fn special(&self, rest: &str, before: Option<char>, depth: usize) -> Option<(String, usize)> {
        match rest.as_bytes().first()? {
            b'<' | b'[' => bracketed(rest, depth),
            b'h' | b'm' if !before.is_some_and(char::is_alphanumeric) => {
                let address = address(rest)?;
                Some((link(address, ""), address.len()))
            }
            b'@' => {
                let inner = until(rest.strip_prefix("@@")?, "@@")?;
                let html = inner.strip_prefix("html:").unwrap_or_default();
                Some((html.to_owned(), inner.len() + 4))
            }
            b'{' => Some((String::new(), until(rest.strip_prefix("{{{")?, "}}}")?.len() + 6)),
            b'\\'
                if rest.starts_with("\\\\")
                    && rest.get(2..).is_some_and(|rest| rest.is_empty() || rest.starts_with('\n')) =>
            {
                Some(("<br>".to_owned(), 2))
            }
            _ => None,
        }
    }
}

fn bracketed(rest: &str, depth: usize) -> Option<(String, usize)> {
    if let Some(inner) = rest.strip_prefix("[[").and_then(|inner| until(inner, "]]")) {
        return Some((described(inner, depth), inner.len() + 4));
    }
    if let Some(inner) = rest.strip_prefix("[fn:").and_then(|inner| until(inner, "]")) {
        let (name, note) = inner.split_once(':').unwrap_or((inner, ""));
        let note = if note.is_empty() {
            format!("<sup>{}</sup>", encode_text(name))
        } else {
            format!(" ({})", Org.html(note, depth + 1))
        };
        return Some((note, inner.len() + 5));
    }
    if let Some(inner) = rest.strip_prefix("<<").and_then(|inner| until(inner, ">>")) {
        let shown = inner.strip_prefix('<').map_or(String::new(), |words| encode_text(words).into_owned());
        let length = inner.len() + 4 + usize::from(inner.starts_with('<'));
        return Some((shown, length.min(rest.len())));
    }
    if let Some(address) = rest.strip_prefix('<').and_then(address)
        && rest.get(address.len() + 1..).is_some_and(|rest| rest.starts_with('>'))
    {
        return Some((link(address, ""), address.len() + 2));
    }
    span(rest)
}

/// `[[address][words]]`.
fn described(inner: &str, depth: usize) -> String {
    let (target, words) = inner.split_once("][").map_or((inner, ""), |(target, words)| (target, words));
    let target = target.strip_prefix("file:").unwrap_or(target);
    if is_picture(words) {
        return link(target, &picture(words, ""));
    }
    if is_picture(target) && words.is_empty() {
        return picture(target, "");
    }
    let words = Org.html(words, depth + 1);
    let leads = target.contains("://")
        || target.starts_with("mailto:")
        || target.starts_with(['/', '.'])
        || target.contains('.');
    match leads {
        true => link(target.strip_suffix(".org").unwrap_or(target), &words),
        false if words.is_empty() => encode_text(target.trim_start_matches(['*', '#'])).into_owned(),
        false => words,
    }
}

/// A timestamp, or a range of two.
fn span(rest: &str) -> Option<(String, usize)> {
    let (first, length) = stamp(rest)?;
    let second = rest.get(length..).and_then(|rest| rest.strip_prefix("--")).and_then(stamp);
    match second {
        Some((last, more)) => Some((format!("{first} – {last}"), length + 2 + more)),
        None => Some((first, length)),
    }
}

/// `<2025-03-14 Fri 18:00-20:00 +1w>` → `Friday, 14 March 2025, 18:00–20:00, every week`.
fn stamp(rest: &str) -> Option<(String, usize)> {
    let close = if rest.starts_with('<') { ">" } else { "]" };
    let inner = until(rest.get(1..).filter(|inner| inner.starts_with(|c: char| c.is_ascii_digit()))?, close)?;
    let day: NaiveDate = inner.get(..10)?.parse().ok()?;
    let mut shown = format!("{}, {} {}", day.format("%A"), day.day(), day.format("%B %Y"));
    for word in inner.get(10..)?.split_whitespace() {
        if word.starts_with(|c: char| c.is_ascii_digit()) && word.contains(':') {
            shown.push_str(&format!(", {}", word.replace('-', "–")));
        } else if let Some(every) = repeats(word) {
            shown.push_str(&every);
        }
    }
    Some((shown, inner.len() + 2))
}

/// `+1w`, `++1m`, `.+2d`: how a timestamp repeats.
fn repeats(word: &str) -> Option<String> {
    let number = word.trim_start_matches('.').strip_prefix('+')?.trim_start_matches('+');
    let unit = match number.chars().next_back()? {
        'd' => "day",
        'w' => "week",
        'm' => "month",
        'y' => "year",
        _ => return None,
    };
    match number.get(..number.len() - 1)?.parse().ok()? {
        1u32 => Some(format!(", every {unit}")),
        count => Some(format!(", every {count} {unit}s")),
    }
}

/// Keeps only what readers see of one line, for titles and tags.
pub(super) fn plain(text: &str) -> String {
    let html = Org.html(text, 0);
    plain_of_html(&html)
}
