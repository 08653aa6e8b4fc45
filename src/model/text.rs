//! What may reach a writer: text, addresses and HTML without surprises.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use url::Url;

/// HTML that `normalize` has sanitised: an allow-list of elements, absolute http(s) and mailto addresses, nothing active.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CleanHtml(String);

impl CleanHtml {
    /// Takes HTML that has just been sanitised. Only `normalize` calls this.
    pub(crate) fn sanitised(html: String) -> Self {
        Self(html)
    }

    /// The HTML.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its plain text: one line a block, list items with a dash.
    pub fn plain_text(&self) -> String {
        plain_text(&self.0)
    }

    /// Its words, blind to markup and white space: what tells whether a text changed.
    pub fn words(&self) -> String {
        self.plain_text().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// True where there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn plain_text(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        push_text(&mut out, &rest[..at]);
        let (tag, after) = rest[at..].split_once('>').unwrap_or((&rest[at..], ""));
        let name = tag.trim_start_matches(['<', '/']).split([' ', '/']).next().unwrap_or("");
        match name {
            "p" | "div" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "tr" | "br" | "figure" | "blockquote" | "pre"
            | "dt" | "dd" | "ul" | "ol" | "table" | "hr" | "figcaption" => line_break(&mut out),
            "li" if !tag.starts_with("</") => {
                line_break(&mut out);
                out.push_str("- ");
            }
            "td" | "th" if !out.ends_with(['\n', ' ']) => out.push(' '),
            _ => {}
        }
        rest = after;
    }
    push_text(&mut out, rest);
    clean_text(&out)
}

fn line_break(out: &mut String) {
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

fn push_text(out: &mut String, text: &str) {
    let text = html_escape::decode_html_entities(text);
    for c in text.chars() {
        if !c.is_whitespace() {
            out.push(c);
        } else if !out.ends_with([' ', '\n']) && !out.is_empty() {
            out.push(' ');
        }
    }
}

/// True for a character that XML 1.0 §2.2 allows and that no reader chokes on (no C1 controls, no bidirectional overrides left open).
pub fn is_clean(c: char) -> bool {
    match c {
        '\t' | '\n' => true,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' => false,
        '\u{fffe}' | '\u{ffff}' | '\u{feff}' => false,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => false,
        '\u{fdd0}'..='\u{fdef}' => false,
        c => (c as u32) & 0xfffe != 0xfffe,
    }
}

/// The character that a numeric reference means: 128 to 159 are those of windows-1252, as everybody writes them (HTML §13.2.5.80).
pub fn referred(c: char) -> char {
    match u8::try_from(u32::from(c)) {
        Ok(byte @ 0x80..=0x9f) => {
            encoding_rs::WINDOWS_1252.decode_without_bom_handling(&[byte]).0.chars().next().unwrap_or(c)
        }
        _ => c,
    }
}

/// One line of plain text: NFC, forbidden characters gone, every run of white space one space, trimmed.
pub fn clean_line(text: &str) -> String {
    if is_clean_line(text) {
        return text.to_owned();
    }
    // Composing letters costs most of it, and ASCII has none to compose.
    if text.is_ascii() { line_of(text.chars()) } else { line_of(text.nfc()) }
}

fn line_of(letters: impl Iterator<Item = char>) -> String {
    let mut out = String::new();
    for c in letters {
        if c.is_whitespace() || c == '\u{200b}' {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if is_clean(c) {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// True for most lines: letters of ASCII with single spaces between.
fn is_clean_line(text: &str) -> bool {
    let mut before = b' ';
    text.bytes().all(|byte| {
        let fits = matches!(byte, b'!'..=b'~') || byte == b' ' && before != b' ';
        before = byte;
        fits
    }) && before != b' '
}

/// Plain text of several lines: NFC, forbidden characters gone, lines trimmed at their end, at most one blank line in a row.
pub fn clean_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = 0;
    for line in text.lines() {
        let line: String = match line.is_ascii() {
            true => line.chars().filter(|c| is_clean(*c)).collect(),
            false => line.nfc().filter(|c| is_clean(*c)).collect(),
        };
        let line = line.trim_end();
        blank = if line.is_empty() { blank + 1 } else { 0 };
        if blank > 1 || (line.is_empty() && out.is_empty()) {
            continue;
        }
        out.push_str(line);
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out
}

/// An absolute http(s) address, or `None`. Credentials in it are dropped.
pub fn web_url(text: &str) -> Option<Url> {
    let mut url = Url::parse(text.trim()).ok()?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return None;
    }
    let _ = url.set_username("");
    let _ = url.set_password(None);
    Some(url)
}

/// Words for an address: lower-case ASCII letters and digits with single hyphens, at most 60 characters, diacritics taken off;
/// other scripts fall away, so the result may be empty.
pub fn slug(text: &str) -> String {
    let mut out = String::new();
    for c in text.nfkd().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') && !is_mark(c) {
            out.push('-');
        }
        if out.len() >= 60 {
            break;
        }
    }
    out.trim_end_matches('-').to_owned()
}

fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c) || c == '\'' || c == '’'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_line_without_forbidden_characters() {
        assert_eq!(clean_line("  Hike\u{b}\r\n in\u{a0}\u{202e}Peles\u{326}  \u{0}"), "Hike in Peleș");
    }

    #[test]
    fn only_web_addresses_pass() {
        assert_eq!(web_url("https://user:pw@example.org/a b").unwrap().as_str(), "https://example.org/a%20b");
        for bad in ["javascript:alert(1)", "/relative", "ftp://example.org/", "data:text/html,x", "http://"] {
            assert_eq!(web_url(bad), None, "{bad}");
        }
    }

    #[test]
    fn slugs_take_diacritics_off() {
        assert_eq!(slug("Întâlnire la Ștefan’s — 2025!"), "intalnire-la-stefans-2025");
        assert_eq!(slug("東京"), "");
    }

    #[test]
    fn plain_text_keeps_blocks_apart() {
        let html = CleanHtml::sanitised(
            "<h2>Plan</h2>\n<ul>\n<li>Hike &amp; swim</li>\n<li>Eat</li>\n</ul>\n<p>Bye <b>all</b></p>".into(),
        );
        assert_eq!(html.plain_text(), "Plan\n- Hike & swim\n- Eat\nBye all");
    }
}
