//! HTML that may be published: an allow-list, absolute addresses, nothing active.

use crate::model::{CleanHtml, Image, LinkChoice, clean_line, nests_deeper, web_url};
use ammonia::{Builder, UrlRelative, UrlRelativeEvaluate};
use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::{LazyLock, Mutex};
use url::Url;

/// Larger texts are cut: feeds of it would not be read by anybody, and the largest real post we know has 0.2 MB.
const MAX_HTML: usize = 2 * 1024 * 1024;

/// Deeper nesting is a mistake or an attack, and building the tree takes quadratic time: real texts stay below 100.
const MAX_DEPTH: usize = 256;

/// Clean HTML, and the relative links in it that could be meant from the page or from the site's root.
pub(super) struct Cleaned {
    pub html: CleanHtml,
    pub choices: Vec<LinkChoice>,
    /// What was lost, in words for a problem.
    pub lost: Option<String>,
}

static ELEMENTS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    [
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "caption",
        "cite",
        "code",
        "dd",
        "del",
        "details",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "time",
        "tr",
        "u",
        "ul",
        "var",
        "wbr",
    ]
    .into()
});

/// Sanitises HTML and makes its addresses absolute: from `base`, with `site_root` as the second meaning of a relative link.
pub(super) fn clean(html: &str, base: Option<&Url>, site_root: Option<&Url>) -> Cleaned {
    let mut end = html.len().min(MAX_HTML);
    while !html.is_char_boundary(end) {
        end -= 1;
    }
    let cut = (end < html.len())
        .then(|| format!("expected text of at most {} MiB, found more: its end was left out", MAX_HTML / 1024 / 1024));
    let text: String = html[..end].chars().filter(|c| crate::model::is_clean(*c)).collect();
    if nests_deeper(&text, MAX_DEPTH) {
        let words = CleanHtml::sanitised(text).plain_text();
        let html = CleanHtml::sanitised(format!("<p>{}</p>", html_escape::encode_safe(&words)));
        let lost =
            format!("expected text nested at most {MAX_DEPTH} elements deep, found a deeper one: it lost its markup");
        return Cleaned { html, choices: Vec::new(), lost: Some(lost) };
    }
    let relative = Relative { base: base.cloned(), site_root: site_root.cloned(), choices: Mutex::default() };
    let choices = std::sync::Arc::new(relative);
    let html = Builder::new()
        .tags(ELEMENTS.clone())
        .url_schemes(["http", "https", "mailto"].into())
        .link_rel(None)
        .url_relative(UrlRelative::Custom(Box::new(Shared(choices.clone()))))
        .clean(&text)
        .to_string();
    let choices = std::mem::take(&mut *choices.choices.lock().unwrap_or_else(|poisoned| poisoned.into_inner()));
    Cleaned { html: CleanHtml::sanitised(html.trim().to_owned()), choices, lost: cut }
}

struct Relative {
    base: Option<Url>,
    site_root: Option<Url>,
    choices: Mutex<Vec<LinkChoice>>,
}

struct Shared(std::sync::Arc<Relative>);

impl UrlRelativeEvaluate<'_> for Shared {
    fn evaluate<'u>(&self, href: &'u str) -> Option<Cow<'u, str>> {
        let from_page = self.0.base.as_ref()?.join(href).ok()?;
        let is_path = !href.starts_with(['/', '#', '?']) && !href.is_empty();
        if let Some(from_root) = self.0.site_root.as_ref().filter(|_| is_path).and_then(|root| root.join(href).ok())
            && from_root != from_page
        {
            let mut choices = self.0.choices.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            let choice = LinkChoice { from_page: from_page.clone(), from_root };
            if choices.len() < 500 && !choices.contains(&choice) {
                choices.push(choice);
            }
        }
        Some(String::from(from_page).into())
    }
}

/// The pictures in clean HTML, in order.
pub(super) fn images(html: &CleanHtml) -> Vec<Image> {
    tags(html.as_str(), "<img ")
        .filter_map(|tag| {
            let text = |name| attribute(tag, name).map(|v| clean_line(&v)).filter(|v| !v.is_empty());
            Some(Image { url: web_url(&attribute(tag, "src")?)?.into(), alt: text("alt"), title: text("title") })
        })
        .collect()
}

/// The web addresses that clean HTML links to.
pub(super) fn links(html: &CleanHtml) -> Vec<Url> {
    tags(html.as_str(), "<a ").filter_map(|tag| web_url(&attribute(tag, "href")?)).collect()
}

/// The insides of the tags that begin so. Sanitised HTML has no `<` or `>` inside attributes that could mislead.
fn tags<'h>(html: &'h str, open: &'static str) -> impl Iterator<Item = &'h str> {
    html.split(open).skip(1).filter_map(|rest| rest.split_once('>').map(|(tag, _)| tag))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split_once(&format!("{name}=\""))?.1.split_once('"')?.0;
    Some(html_escape::decode_html_entities(value).into_owned())
}

/// The first paragraph as plain text of at most about 300 characters, cut between words.
pub fn first_paragraph(html: &CleanHtml) -> Option<String> {
    let inside = html.as_str().split_once("<p>")?.1;
    let inside = inside.split_once("</p>").map_or(inside, |(inside, _)| inside);
    let text = clean_line(&CleanHtml::sanitised(inside.to_owned()).plain_text());
    (!text.is_empty()).then(|| shorten(&text, 300))
}

/// At most `limit` characters, cut between words, with an ellipsis where something was cut.
fn shorten(text: &str, limit: usize) -> String {
    let Some((cut, _)) = text.char_indices().nth(limit) else { return text.to_owned() };
    let head = &text[..cut];
    format!("{}…", head.rsplit_once(' ').map_or(head, |(head, _)| head).trim_end_matches([',', '.', ';', ':']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn addresses_become_absolute_and_active_content_goes() {
        let page = url("https://example.org/blog/walk/");
        let root = url("https://example.org/");
        let html = r##"<p onclick="x()">See <a href="blog/lake/">the lake</a>, <a href="/map">map</a> <a href="javascript:x">no</a>
            <img src="a.jpg" alt="A &amp; B"><script>alert(1)</script></p>"##;
        let cleaned = clean(html, Some(&page), Some(&root));
        let text = cleaned.html.as_str();
        assert!(text.contains(r#"href="https://example.org/blog/walk/blog/lake/""#), "{text}");
        assert!(text.contains(r#"href="https://example.org/map""#));
        assert!(!text.contains("script") && !text.contains("onclick"));
        assert_eq!(cleaned.choices[0].from_root, url("https://example.org/blog/lake/"));
        assert_eq!(images(&cleaned.html)[0].alt.as_deref(), Some("A & B"));
    }

    #[test]
    fn what_nests_without_end_is_published_without_its_markup() {
        for open in ["<div>", "<b>", "<blockquote>\n", "<svg><tr>", "<li><dd>"] {
            let cleaned =
                clean(&format!("<p>On 3 May &amp; later {} <script>x()</script> y", open.repeat(100_000)), None, None);
            let html = cleaned.html.as_str();
            assert!(html.starts_with("<p>On 3 May &amp; later") && !html.contains("script>"), "{html:.200}");
            assert!(cleaned.lost.is_some());
        }
        assert_eq!(clean(&"<p>a <b>b</b>".repeat(1_000), None, None).lost, None);
    }

    #[test]
    fn what_is_too_long_is_cut_and_told() {
        let cleaned = clean(&"é".repeat(MAX_HTML), None, None);
        assert_eq!(cleaned.html.as_str().len(), MAX_HTML);
        assert!(cleaned.lost.is_some_and(|words| words.contains("2 MiB")));
    }

    #[test]
    fn a_summary_is_cut_between_words() {
        assert_eq!(shorten("one two three", 9), "one two…");
        assert_eq!(shorten("ăăă", 3), "ăăă");
    }
}
