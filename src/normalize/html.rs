//! HTML that may be published: an allow-list, absolute addresses, nothing active.

use super::plain;
use crate::model::{CleanHtml, Image, LinkChoice, clean_line, is_clean, nests_deeper, web_url};
use ammonia::{Builder, UrlRelative, UrlRelativeEvaluate};
use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
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
    let html = &html[..end];
    let relative = Relative::to(base, site_root);
    match plain::copy(html, &|href| relative.resolve(href)) {
        Some(copy) => Cleaned::new(&copy, &relative, cut),
        None => clean_tree(html, Relative::to(base, site_root), cut),
    }
}

/// The long way: as a browser would read it.
fn clean_tree(html: &str, relative: Relative, cut: Option<String>) -> Cleaned {
    let text: String = html.chars().filter(|c| is_clean(*c)).collect();
    if nests_deeper(&text, MAX_DEPTH) {
        let words = CleanHtml::sanitised(text).plain_text();
        let html = CleanHtml::sanitised(format!("<p>{}</p>", html_escape::encode_safe(&words)));
        let lost =
            format!("expected text nested at most {MAX_DEPTH} elements deep, found a deeper one: it lost its markup");
        return Cleaned { html, choices: Vec::new(), lost: Some(lost) };
    }
    let relative = Arc::new(relative);
    let html = Builder::new()
        .tags(ELEMENTS.clone())
        .url_schemes(["http", "https", "mailto"].into())
        .link_rel(None)
        .url_relative(UrlRelative::Custom(Box::new(Shared(relative.clone()))))
        .clean(&text)
        .to_string();
    Cleaned::new(&html, &relative, cut)
}

impl Cleaned {
    fn new(html: &str, relative: &Relative, lost: Option<String>) -> Self {
        let choices = std::mem::take(&mut *relative.choices());
        Self { html: CleanHtml::sanitised(html.trim().to_owned()), choices, lost }
    }
}

/// From where relative addresses are read, and those of them that could mean two pages.
struct Relative {
    base: Option<Url>,
    site_root: Option<Url>,
    choices: Mutex<Vec<LinkChoice>>,
}

impl Relative {
    fn to(base: Option<&Url>, site_root: Option<&Url>) -> Self {
        Self { base: base.cloned(), site_root: site_root.cloned(), choices: Mutex::default() }
    }

    fn choices(&self) -> MutexGuard<'_, Vec<LinkChoice>> {
        self.choices.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn resolve(&self, href: &str) -> Option<String> {
        let from_page = self.base.as_ref()?.join(href).ok()?;
        let is_path = !href.starts_with(['/', '#', '?']) && !href.is_empty();
        if let Some(from_root) = self.site_root.as_ref().filter(|_| is_path).and_then(|root| root.join(href).ok())
            && from_root != from_page
        {
            let mut choices = self.choices();
            let choice = LinkChoice { from_page: from_page.clone(), from_root };
            if choices.len() < 500 && !choices.contains(&choice) {
                choices.push(choice);
            }
        }
        Some(from_page.into())
    }
}

struct Shared(Arc<Relative>);

impl UrlRelativeEvaluate<'_> for Shared {
    fn evaluate<'u>(&self, href: &'u str) -> Option<Cow<'u, str>> {
        self.0.resolve(href).map(Cow::Owned)
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
    use proptest::prelude::*;

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

    /// Both ways, as far as the short one goes.
    fn both(html: &str) -> (Option<String>, String) {
        let (page, root) = (url("https://example.org/blog/walk/"), url("https://example.org/"));
        let short = Relative::to(Some(&page), Some(&root));
        let copy = plain::copy(html, &|href| short.resolve(href)).map(|copy| copy.trim().to_owned());
        let long = clean_tree(html, Relative::to(Some(&page), Some(&root)), None);
        if copy.is_some() {
            assert_eq!(*short.choices(), long.choices, "{html}");
        }
        (copy, long.html.as_str().to_owned())
    }

    #[test]
    fn plain_markup_goes_the_short_way_and_comes_out_the_same() {
        for html in [
            "On 3 May > 2 & \"later\" it&#8217;s &lt;open&gt;&nbsp;for&#160;all\u{a0}of us\u{202e}, ă…",
            "<p>See <a class='x' href=\"https://turku.example/a?b=1&amp;c=2#d\" rel=\"nofollow\" title='\"A\"'>us</a>,<br/>\nat <b>7 pm</b>.</p>\r\n<p lang=en-x></p>",
            "<!-- wp:paragraph -->\n<p id=\"a\" onclick=\"x()\">a<!-- more --></p >",
            "<ul><li>a</li> <li><p>b</p><ol start=\"3\"><li>c</li></ol></li></ul><hr /><h2>d</h2><pre>e\n  f</pre>",
            "<a href=\"/map\"><img src=\"../a.jpg\" alt=\"A &amp; B\" width='3'></a><a href=\"mailto:a@turku.example\">a</a><a href='#b'>b</a>",
            "<dl><dt>a</dt><dd>b</dd></dl><b><div>c</div></b><span><p>d</p></span><code>&quot;</code>",
        ] {
            let (copy, tree) = both(html);
            match html.contains("lang=en-x") {
                true => assert_eq!(copy, None),
                false => assert_eq!(copy.as_deref(), Some(tree.as_str())),
            }
        }
    }

    #[test]
    fn what_a_browser_would_move_or_mend_goes_the_long_way() {
        for html in [
            "<p>a<p>b",
            "<p><div>a</div></p>",
            "<b>a<i>b</b>c</i>",
            "<li>a</li>",
            "<h1><h2>a</h2></h1>",
            "<a>b<a>c</a></a>",
            "a < b",
            "<pre>\na</pre>",
            "<p/>a",
            "<script>a()</script>",
            "<table><tr><td>a</td></tr></table>",
            "</p>",
            "<P>a</P>",
            "<a href=x>b</a>",
            "<a href=\"x\">b</a>",
            "<a href=\"javascript:x\">b</a>",
            "<a href=\" https://a.example\">b</a>",
            "<a href=\"https://1.2.3.999/\">b</a>",
            "<a href=\"https://xn--a/\">b</a>",
            "<a href=\"/a\" href=\"/b\">c</a>",
            "&#128;",
            "&notin;",
            "&amp",
            "<!-->a-->",
            "<!--a--!>b-->",
            "<p title='a\u{202e}'>b</p>",
            "<svg></svg>",
            "<img src=\"/a\"alt=\"b\">",
            "<b>",
        ] {
            assert_eq!(both(html).0, None, "{html}");
        }
    }

    /// Elements that are closed, wherever they stand.
    fn nested() -> impl Strategy<Value = String> {
        let text = prop::sample::select(PIECES).prop_map(str::to_owned);
        text.prop_recursive(6, 40, 4, |inner| {
            let names = prop::sample::select(vec![
                "p", "b", "a", "ul", "li", "dl", "dd", "div", "h3", "span", "pre", "summary", "code", "i",
            ]);
            (names, prop::collection::vec(inner, 0..4))
                .prop_map(|(name, inside)| format!("<{name}>{}</{name}>", inside.concat()))
        })
    }

    proptest! {
        #[test]
        fn both_ways_agree(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..14), nested in nested()) {
            for html in [pieces.concat(), nested] {
                let (copy, tree) = both(&html);
                prop_assert!(copy.is_none_or(|copy| copy == tree), "{html}");
            }
        }
    }

    #[test]
    fn both_ways_agree_on_what_others_test_sanitisers_with() {
        let Some(shared) = std::env::var_os("NOTICEBOARD_SHARED") else {
            return eprintln!("##  NOT CHECKED: NOTICEBOARD_SHARED names no folder, so no foreign feed was looked at");
        };
        let folder = std::path::Path::new(&shared).join("conformance/read/dev");
        let cases = std::fs::read_to_string(folder.join("feedparser.cases.jsonl")).unwrap();
        let mut texts = 0;
        for case in cases.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok()) {
            if case["kind"] != "feed-sanitize" {
                continue;
            }
            let bytes = std::fs::read(folder.join(case["file"].as_str().unwrap())).unwrap();
            let document = crate::read::tests::document("https://feeds.example/feed.xml", None, &bytes);
            for entry in crate::read::read(&document).entries {
                let (copy, tree) = both(&entry.html);
                assert!(copy.is_none_or(|copy| copy == tree), "{}: {}", case["id"], entry.html);
                texts += 1;
            }
        }
        assert!(texts > 200, "{texts} texts");
    }

    const PIECES: &[&str] = &[
        "<p>",
        "</p>",
        "<b>",
        "</b>",
        "<a href=\"/x\">",
        "<a href='https://a.example/?b=1&amp;c'>",
        "</a>",
        "<ul>",
        "</ul>",
        "<li>",
        "</li>",
        "<dl>",
        "</dl>",
        "<dt>",
        "</dt>",
        "<div class=\"x\">",
        "</div>",
        "<h2>",
        "</h2>",
        "<pre>",
        "</pre>",
        "<span>",
        "</span>",
        "<br>",
        "<br />",
        "<hr>",
        "<img src=\"./a.png\" alt='\"'>",
        "<code>",
        "</code>",
        "a",
        " ",
        "\n",
        "&amp;",
        "&#8217;",
        "&nbsp;",
        ">",
        "\u{a0}",
        "\u{feff}",
        "<!-- x -->",
        "<!--",
        "-->",
        "é",
        "\"",
        "'",
        "& ",
        "<blockquote cite=\"a&gt;b\">",
        "</blockquote>",
        "<q>",
        "</q>",
        "<summary>",
        "</summary>",
        "=",
        "<i lang=\"fi\" title=\"&quot;\">",
        "</i>",
    ];

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
