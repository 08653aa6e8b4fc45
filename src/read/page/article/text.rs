//! The main text of a page.
//!
//! In: a parsed page. Out: the HTML of its one article, or of what it marks as its main part, without navigation, banners, forms and scripts. What is left out
//! is told by its element, its role (WAI-ARIA §5.3.4), and by what nearly everybody calls it.

use crate::read::page::Page;
use scraper::node::{Element, Node};
use scraper::{ElementRef, Selector};

/// Left out of every text.
const NEVER: &[&str] = &["script", "style", "template", "noscript", "nav", "form", "button", "svg", "dialog", "aside"];
/// Left out too where no element says which text is the main one.
const FRAME: &[&str] = &["header", "footer"];
/// Roles of what stands around a text.
const ROLES: &[&str] = &[
    "navigation",
    "banner",
    "contentinfo",
    "complementary",
    "search",
    "dialog",
    "alertdialog",
    "menu",
    "menubar",
    "toolbar",
];
/// Classes and ids of what stands around a text.
const NAMES: &[&str] = &[
    "nav",
    "navbar",
    "navigation",
    "menu",
    "main-menu",
    "main-navigation",
    "site-navigation",
    "post-navigation",
    "nav-links",
    "pagination",
    "breadcrumb",
    "breadcrumbs",
    "sidebar",
    "widget",
    "widget-area",
    "footer",
    "site-footer",
    "page-footer",
    "colophon",
    "site-header",
    "masthead",
    "comments",
    "comments-area",
    "comment-list",
    "respond",
    "related",
    "related-posts",
    "sharedaddy",
    "share",
    "share-buttons",
    "social",
    "social-links",
    "social-share",
    "newsletter",
    "popup",
    "modal",
    "skip-link",
    "screen-reader-text",
    "visually-hidden",
    "sr-only",
    "banner",
    "topbar",
];
/// Parts of names of what asks for consent.
const CONSENT: &[&str] = &["cookie", "consent", "gdpr"];
/// What is called like a menu is searched so far, in elements and texts, for the text itself.
const MOST_LOOKED: usize = 5_000;
/// Where systems put the text, where no element of HTML marks it.
const MAIN: &[&str] = &[
    "main",
    "[role='main']",
    "[itemprop='articleBody']",
    ".e-content",
    ".entry-content",
    ".post-content",
    "#main-content",
    "#content",
];

/// The text of the page's one article, of what is marked as its main part, or of the body without its frame.
pub(super) fn main(page: &Page) -> String {
    let marked = || MAIN.iter().find_map(|selector| page.first(selector));
    match article(page).or_else(marked) {
        Some(main) => inner_html(main, &[]),
        None => page.first("body").map(|body| inner_html(body, FRAME)).unwrap_or_default(),
    }
}

/// The only article, or of several the only one with a first heading: the others are about something else.
fn article(page: &Page) -> Option<ElementRef<'_>> {
    let mut articles = page.all("article");
    if articles.len() > 1 {
        let heading = Selector::parse("h1").ok()?;
        articles.retain(|article| article.select(&heading).next().is_some());
    }
    articles.first().filter(|_| articles.len() == 1).copied()
}

/// True for what stands around a text. What holds the text itself is none, whatever it is called.
fn is_left_out(element: ElementRef<'_>) -> bool {
    let value = element.value();
    if NEVER.contains(&value.name()) || is_hidden(value) {
        return true;
    }
    let holds_text = || {
        let mut inside = element.descendants().take(MOST_LOOKED).filter_map(|inner| inner.value().as_element());
        inside.any(|inner| ["h1", "main", "article"].contains(&inner.name()))
    };
    is_around(value) && !holds_text()
}

fn is_hidden(element: &Element) -> bool {
    let style = element.attr("style").unwrap_or_default().to_ascii_lowercase().replace(' ', "");
    element.attr("hidden").is_some() || element.attr("aria-hidden") == Some("true") || style.contains("display:none")
}

fn is_around(element: &Element) -> bool {
    if element.attr("role").is_some_and(|role| ROLES.contains(&role)) {
        return true;
    }
    element.classes().chain(element.attr("id")).any(|name| {
        let name = name.to_ascii_lowercase().replace('_', "-");
        NAMES.contains(&name.as_str()) || CONSENT.iter().any(|part| name.contains(part))
    })
}

/// Serialises what is inside an element. Walks without recursion: pages may nest as deeply as they like.
fn inner_html(root: ElementRef<'_>, without: &[&str]) -> String {
    let mut out = String::new();
    let mut next = root.first_child();
    while let Some(node) = next {
        let mut inside = false;
        match node.value() {
            Node::Text(text) => out.push_str(&html_escape::encode_text(&**text)),
            Node::Element(element)
                if !ElementRef::wrap(node).is_some_and(is_left_out) && !without.contains(&element.name()) =>
            {
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
