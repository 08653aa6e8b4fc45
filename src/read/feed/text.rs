//! Text constructs: HTML → plain text, plain text → HTML.

use super::xml::Node;
use crate::model::clean_line;

/// One plain line from what may be HTML: tags out, entities resolved.
pub(super) fn plain_of_html(html: &str) -> String {
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

/// The kinds of an Atom text construct (RFC 4287 §3.1, §4.1.3; `mode` and media types are Atom 0.3's).
enum Kind {
    Text,
    Html,
    Xhtml,
}

fn kind(node: &Node) -> Kind {
    let kind = node.attribute("type").unwrap_or("text").to_ascii_lowercase();
    let escaped = node.attribute("mode") == Some("escaped");
    match kind.split(';').next().unwrap_or_default().trim() {
        "xhtml" | "application/xhtml+xml" => Kind::Xhtml,
        "html" | "text/html" if node.has_elements() => Kind::Xhtml,
        "html" | "text/html" => Kind::Html,
        _ if node.has_elements() && !escaped => Kind::Xhtml,
        _ => Kind::Text,
    }
}

/// An Atom text construct as one plain line.
pub(super) fn plain(node: &Node) -> String {
    match kind(node) {
        Kind::Text | Kind::Xhtml => clean_line(&node.text()),
        Kind::Html => plain_of_html(&node.text()),
    }
}

/// An Atom text construct as HTML.
pub(super) fn html(node: &Node) -> String {
    match kind(node) {
        Kind::Text => html_of_plain(&node.text()),
        Kind::Html => node.text().trim().to_owned(),
        Kind::Xhtml => unwrapped(node),
    }
}

/// XHTML comes in one `div` that is not part of it.
fn unwrapped(node: &Node) -> String {
    let mut elements = node.elements();
    match (elements.next(), elements.next()) {
        (Some(div), None) if div.name.rsplit(':').next() == Some("div") => div.markup().trim().to_owned(),
        _ => node.markup().trim().to_owned(),
    }
}

/// RSS says nothing of its kind: text that was escaped once is HTML, elements are XHTML.
pub(super) fn html_of_rss(node: &Node) -> String {
    if node.has_elements() { unwrapped(node) } else { node.text().trim().to_owned() }
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
