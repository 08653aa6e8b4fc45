//! A web page as a post.
//!
//! In: a parsed page without events of its own. Out: an [`Entry`]: Open Graph and HTML metadata, and the main text without navigation, forms and scripts.

use super::{Page, image};
use crate::model::{Entry, Person, clean_line};
use crate::read::post::parse_stamp;
use scraper::node::Node;
use scraper::{ElementRef, Selector};

/// Left out of every text.
const NEVER: &[&str] = &["script", "style", "template", "noscript", "nav", "form", "button", "svg", "dialog", "aside"];
/// Left out too where no element says which text is the main one.
const FRAME: &[&str] = &["header", "footer"];

/// The page as an entry.
pub(super) fn entry(page: &Page, canonical: Option<String>) -> Entry {
    let (html, main) = main_text(page);
    let time = main.and_then(first_time);
    let published =
        ["article:published_time", "date", "dcterms.created", "dc.date"].iter().find_map(|name| page.meta(name));
    Entry {
        line: 1,
        title: title(page),
        summary: page
            .meta("og:description")
            .or_else(|| page.meta("description"))
            .map(|text| clean_line(&text))
            .filter(|s| !s.is_empty()),
        html,
        url: canonical,
        published: published.or(time).and_then(|text| parse_stamp(&text)),
        updated: page
            .meta("article:modified_time")
            .or_else(|| page.meta("og:updated_time"))
            .and_then(|text| parse_stamp(&text)),
        authors: authors(page),
        tags: page
            .all("meta[property='article:tag']")
            .iter()
            .filter_map(|e| e.attr("content"))
            .map(clean_line)
            .filter(|t| !t.is_empty())
            .collect(),
        images: page.meta("og:image").map(image).into_iter().collect(),
        ..Entry::default()
    }
}

fn title(page: &Page) -> String {
    let text = |selector: &str| page.first(selector).map(|e| clean_line(&e.text().collect::<String>()));
    let title = page.meta("og:title").map(|t| clean_line(&t)).filter(|t| !t.is_empty()).or_else(|| text("title"));
    let title = title.map(|title| without_site(&title, page.meta("og:site_name").map(|s| clean_line(&s)).as_deref()));
    title.filter(|title| !title.is_empty()).or_else(|| text("h1")).unwrap_or_default()
}

/// `Spring meetup | Turku JS` is `Spring meetup` on the site `Turku JS`.
fn without_site(title: &str, site: Option<&str>) -> String {
    let Some(site) = site.filter(|site| !site.is_empty()) else { return title.to_owned() };
    let cut = title
        .strip_suffix(site)
        .map(str::trim_end)
        .and_then(|t| t.strip_suffix(['|', '-', '–', '—', '·', ':', '•']))
        .map(str::trim_end);
    cut.filter(|t| !t.is_empty()).unwrap_or(title).to_owned()
}

fn authors(page: &Page) -> Vec<Person> {
    let names = page.meta("author").into_iter().chain(page.meta("article:author").filter(|name| !name.contains("://")));
    names
        .map(|name| Person { name: clean_line(&name), ..Person::default() })
        .filter(|p| !p.name.is_empty())
        .take(1)
        .collect()
}

fn first_time(main: ElementRef<'_>) -> Option<String> {
    let selector = Selector::parse("time[datetime]").ok()?;
    main.select(&selector).next()?.attr("datetime").map(str::to_owned)
}

/// The text of the page's one article, of `main`, or of the body without its frame.
fn main_text(page: &Page) -> (String, Option<ElementRef<'_>>) {
    let articles = page.all("article");
    let only = articles.first().filter(|_| articles.len() == 1).copied();
    if let Some(main) = only.or_else(|| page.first("main")).or_else(|| page.first("[role='main']")) {
        return (inner_html(main, &[]), Some(main));
    }
    (page.first("body").map(|body| inner_html(body, FRAME)).unwrap_or_default(), None)
}

/// Serialises what is inside an element. Walks without recursion: pages may nest as deeply as they like.
fn inner_html(root: ElementRef<'_>, without: &[&str]) -> String {
    let mut out = String::new();
    let mut next = root.first_child();
    while let Some(node) = next {
        let mut inside = false;
        match node.value() {
            Node::Text(text) => out.push_str(&html_escape::encode_text(&**text)),
            Node::Element(element) if !NEVER.contains(&element.name()) && !without.contains(&element.name()) => {
                out.push_str(&opening_tag(element));
                inside = node.has_children();
                if !inside && !is_void(element.name()) {
                    out.push_str(&format!("</{}>", element.name()));
                }
            }
            _ => {}
        }
        if inside {
            next = node.first_child();
            continue;
        }
        let mut at = node;
        next = loop {
            if let Some(sibling) = at.next_sibling() {
                break Some(sibling);
            }
            match at.parent() {
                Some(parent) if parent.id() != root.id() => {
                    if let Node::Element(element) = parent.value() {
                        out.push_str(&format!("</{}>", element.name()));
                    }
                    at = parent;
                }
                _ => break None,
            }
        };
    }
    out.trim().to_owned()
}

fn opening_tag(element: &scraper::node::Element) -> String {
    let mut tag = format!("<{}", element.name());
    for (name, value) in element.attrs() {
        tag.push_str(&format!(" {name}=\"{}\"", html_escape::encode_double_quoted_attribute(value)));
    }
    tag.push('>');
    tag
}

fn is_void(name: &str) -> bool {
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
        .contains(&name)
}
