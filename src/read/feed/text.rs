//! Text constructs: HTML → plain text, plain text → HTML.

use super::described::{Text, TextKind};
use crate::model::clean_line;
use crate::read::xml::{Around, Node};

/// One plain line from what may be HTML: tags out, entities resolved.
pub(in crate::read) fn plain_of_html(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        let is_tag = after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
        match after.split_once('>').filter(|_| is_tag) {
            Some((tag, after)) => {
                if breaks_words(tag) {
                    out.push(' ');
                }
                rest = after;
            }
            None if is_tag => {
                // No `>` follows any more: the rest is text.
                out.push('<');
                out.push_str(after);
                rest = "";
            }
            None => {
                out.push('<');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    clean_line(&html_escape::decode_html_entities(&out))
}

fn breaks_words(tag: &str) -> bool {
    const INLINE: [&str; 11] = ["a", "b", "i", "em", "strong", "span", "code", "u", "sup", "sub", "wbr"];
    let name = tag.trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    !INLINE.iter().any(|inline| inline.eq_ignore_ascii_case(name))
}

/// Plain text as HTML: blank lines part paragraphs.
pub(super) fn html_of_plain(text: &str) -> String {
    let paragraphs = text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
    let paragraphs = paragraphs.map(|paragraph| format!("<p>{}</p>", html_escape::encode_text(paragraph)));
    paragraphs.collect::<Vec<_>>().join("\n")
}

/// A text construct in its own kind (RFC 4287 §3.1, §4.1.3; `mode` is Atom 0.3's). `usual` is what it is where nothing is said.
pub(super) fn construct(node: &Node, around: &Around, usual: TextKind) -> Text {
    let around = around.inside(node);
    let (value, kind) = value(node, usual);
    Text { value, kind, language: around.language.clone(), base: around.base.clone() }
}

fn value(node: &Node, usual: TextKind) -> (String, TextKind) {
    let media_type = node.attribute("type").map(|kind| kind.to_ascii_lowercase()).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    let mode = node.attribute("mode").map(|mode| mode.to_ascii_lowercase());
    let kind = match media_type {
        "" => usual,
        "text" | "text/plain" => TextKind::Plain,
        "xhtml" | "application/xhtml+xml" => TextKind::Xhtml,
        _ => TextKind::Html,
    };
    let mode = mode.as_deref();
    let decoded = (mode == Some("base64") || mode.is_none() && is_encoded(media_type)).then(|| base64(&node.text()));
    if let Some(text) = decoded.flatten() {
        return (text.trim().to_owned(), kind);
    }
    if kind == TextKind::Html && !media_type.is_empty() && wraps_text(node) {
        return (node.text().trim().to_owned(), kind);
    }
    if node.has_elements() && mode != Some("escaped") {
        let markup = node.markup().trim().to_owned();
        return (if media_type == "xhtml" { unwrapped(markup) } else { markup }, TextKind::Xhtml);
    }
    let text = node.text().trim().to_owned();
    match kind {
        // Markup that was not escaped holds elements; a text alone has lost its escaping in the parser.
        TextKind::Xhtml if mode != Some("escaped") => (html_escape::encode_text(&text).into_owned(), TextKind::Xhtml),
        TextKind::Xhtml => (text, TextKind::Html),
        kind => (text, kind),
    }
}

/// Content of another media type than text or XML is in base64 (§4.1.3.3).
fn is_encoded(media_type: &str) -> bool {
    let is_text = media_type.starts_with("text/") || media_type.ends_with("+xml") || media_type.ends_with("/xml");
    media_type.contains('/') && !is_text
}

/// Base64 that holds text, or nothing.
fn base64(text: &str) -> Option<String> {
    use base64::Engine;
    use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
    let lenient = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let letters: String = text.split_ascii_whitespace().collect();
    String::from_utf8(GeneralPurpose::new(&base64::alphabet::STANDARD, lenient).decode(letters).ok()?).ok()
}

/// A text as one plain line.
pub(super) fn line(text: &Text) -> String {
    match text.kind {
        TextKind::Plain => clean_line(&text.value),
        TextKind::Html | TextKind::Xhtml => plain_of_html(&text.value),
    }
}

/// A text as HTML.
pub(super) fn html(text: Text) -> String {
    match text.kind {
        TextKind::Plain => html_of_plain(&text.value),
        TextKind::Html => text.value,
        TextKind::Xhtml => unwrapped(text.value),
    }
}

/// Escaped HTML inside a `div`, as some programs write it.
fn wraps_text(node: &Node) -> bool {
    let mut elements = node.elements();
    let only = elements.next().filter(|_| elements.next().is_none() && !node.has_words());
    only.is_some_and(|div| div.local == "div" && !div.has_elements())
}

/// XHTML comes in one `div` that is not part of it (§3.1.1.3).
fn unwrapped(markup: String) -> String {
    let inside = || {
        let inside = markup.strip_prefix("<div")?.split_once('>')?.1.strip_suffix("</div>")?;
        is_balanced(inside).then(|| inside.trim().to_owned())
    };
    inside().unwrap_or(markup)
}

/// True where no `div` ends that did not begin in the markup, which is of our own writing.
fn is_balanced(markup: &str) -> bool {
    let mut open = 0_usize;
    for (at, _) in markup.match_indices("div") {
        let before = markup.get(..at).unwrap_or_default();
        if before.ends_with("</") {
            let Some(left) = open.checked_sub(1) else { return false };
            open = left;
        } else if before.ends_with('<') {
            open += 1;
        }
    }
    open == 0
}

/// The first words, as a title for what has none.
pub(super) fn first_words(html: &str) -> String {
    const WORDS: usize = 10;
    // Enough for ten words, so that a long text is not turned over for them.
    let head: String = html.chars().take(4_000).collect();
    let text = plain_of_html(&head);
    let words: Vec<&str> = text.split(' ').collect();
    match words.get(..WORDS).filter(|_| words.len() > WORDS) {
        Some(first) => format!("{}…", first.join(" ").trim_end_matches([',', '.', ';', ':'])),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_a_line_and_a_bare_bracket_stays() {
        assert_eq!(
            plain_of_html("<p>Rust &amp; <b>W</b>asm</p><p>1 < 2 and a <3 b</p>"),
            "Rust & Wasm 1 < 2 and a <3 b"
        );
        assert_eq!(plain_of_html("cut <a href="), "cut <a href=");
        assert_eq!(
            first_words("<p>one two three four five six seven eight nine ten, eleven</p>"),
            "one two three four five six seven eight nine ten…"
        );
    }
}
