//! Plain text made of sanitised HTML, for formats that carry no markup.
//!
//! Paragraphs become paragraphs, list items get a dash, a link's target follows its words in brackets. One pass, no tree.

use crate::model::{CleanHtml, is_clean};

/// The text, at most about `limit` bytes of it.
pub fn plain_text(html: &CleanHtml, limit: usize) -> String {
    let mut text = Plain::default();
    let mut rest = html.as_str();
    while !rest.is_empty() && text.out.len() < limit {
        match rest.find('<') {
            Some(0) => match tag_end(rest) {
                Some(end) => {
                    text.tag(rest.get(1..end).unwrap_or_default());
                    rest = rest.get(end + 1..).unwrap_or_default();
                }
                None => {
                    text.words(rest);
                    rest = "";
                }
            },
            Some(at) => {
                let (words, tail) = rest.split_at(at);
                text.words(words);
                rest = tail;
            }
            None => {
                text.words(rest);
                rest = "";
            }
        }
    }
    text.finish(limit)
}

/// Where the tag at the beginning of `text` ends, looking past `>` inside quotes.
fn tag_end(text: &str) -> Option<usize> {
    let mut quoted = false;
    text.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b'>' && !quoted
    })
}

#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    None,
    Space,
    Line,
    Paragraph,
}

#[derive(Default)]
struct Plain {
    out: String,
    gap: Gap,
    bullet: bool,
    pre: usize,
    link: Option<(String, usize)>,
}

impl Plain {
    fn words(&mut self, text: &str) {
        for c in html_escape::decode_html_entities(text).chars() {
            if c == '\n' && self.pre > 0 {
                self.widen(Gap::Line);
            } else if c.is_whitespace() {
                self.widen(Gap::Space);
            } else if is_clean(c) {
                self.fill();
                self.out.push(c);
            }
        }
    }

    fn tag(&mut self, tag: &str) {
        let (closing, tag) = tag.strip_prefix('/').map_or((false, tag), |name| (true, name));
        let name = tag.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default();
        match name {
            "a" if closing => self.link_target(),
            "a" => self.link = attribute(tag, "href").map(|href| (href, self.out.len())),
            "br" => self.widen(Gap::Line),
            "li" => {
                self.widen(Gap::Line);
                self.bullet = !closing;
            }
            "tr" | "dt" | "dd" | "figcaption" | "summary" => self.widen(Gap::Line),
            "td" | "th" => self.widen(Gap::Space),
            "pre" => {
                self.widen(Gap::Paragraph);
                self.pre = if closing { self.pre.saturating_sub(1) } else { self.pre + 1 };
            }
            "p" | "div" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "dl" | "table" | "blockquote"
            | "figure" | "section" | "article" | "header" | "footer" | "hr" | "details" => self.widen(Gap::Paragraph),
            _ => {}
        }
    }

    fn link_target(&mut self) {
        let Some((href, start)) = self.link.take() else { return };
        let words = self.out.get(start..).unwrap_or_default();
        if href.starts_with("http") && !words.trim().is_empty() && !words.contains(href.as_str()) {
            self.out.push_str(" (");
            self.out.extend(href.chars().filter(|c| is_clean(*c) && !c.is_whitespace()));
            self.out.push(')');
        }
    }

    fn widen(&mut self, gap: Gap) {
        self.gap = self.gap.max(gap);
    }

    fn fill(&mut self) {
        if !self.out.is_empty() {
            self.out.push_str(match self.gap {
                Gap::None => "",
                Gap::Space => " ",
                Gap::Line => "\n",
                Gap::Paragraph => "\n\n",
            });
        }
        self.gap = Gap::None;
        if std::mem::take(&mut self.bullet) {
            self.out.push_str("- ");
        }
    }

    fn finish(mut self, limit: usize) -> String {
        if self.out.len() > limit {
            let end = (0..=limit).rev().find(|at| self.out.is_char_boundary(*at)).unwrap_or(0);
            self.out.truncate(end);
            self.out.truncate(self.out.trim_end().len());
            self.out.push('…');
        }
        self.out
    }
}

/// The value of an attribute, as the sanitiser writes it: in double quotes.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split_once(&format!(" {name}=\""))?.1.split('"').next()?;
    Some(html_escape::decode_html_entities(value).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(html: &str) -> String {
        plain_text(&CleanHtml::sanitised(html.to_owned()), 2_000)
    }

    #[test]
    fn paragraphs_lists_and_links_stay_readable() {
        let html = "<h2>Programme</h2><p>Bring a <b>mug</b> &amp;\n a friend.</p><ul><li>Talks</li><li><p>Tea, see <a href=\"https://tea.example/?a=1&amp;b=2\">the menu</a></p></li></ul><p><a href=\"https://x.example/\">https://x.example/</a></p>";
        assert_eq!(
            plain(html),
            "Programme\n\nBring a mug & a friend.\n\n- Talks\n\n- Tea, see the menu (https://tea.example/?a=1&b=2)\n\nhttps://x.example/"
        );
    }

    #[test]
    fn a_quoted_bracket_does_not_end_a_tag_and_an_open_one_loses_no_text() {
        assert_eq!(plain("<img alt=\"a > b\">seen<br>below"), "seen\nbelow");
        assert_eq!(plain("5 <p and more"), "5 <p and more");
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        let text = plain_text(&CleanHtml::sanitised("é".repeat(100)), 21);
        assert_eq!(text, format!("{}…", "é".repeat(10)));
    }
}
