//! What a page offers to machines: its calendar, its feed.

use super::Page;
use url::Url;

/// Where a page's own events or news are to be had in a form made to be read.
#[derive(Debug, PartialEq)]
pub(super) struct Offer {
    /// `calendar` or `feed`.
    pub what: &'static str,
    /// Absolute; `webcal:` is told as `https:`.
    pub url: String,
}

/// The media types of `rel=alternate` (HTML §4.6.7.1) that are read, the best first.
const TYPES: [(&str, &str); 5] = [
    ("text/calendar", "calendar"),
    ("application/atom+xml", "feed"),
    ("application/rss+xml", "feed"),
    ("application/feed+json", "feed"),
    ("application/rdf+xml", "feed"),
];

/// The first calendar that the page names, else its first feed that is not one of comments.
pub(super) fn offer(page: &Page, own: &Url) -> Option<Offer> {
    let base = page.attribute("base[href]", "href").and_then(|base| own.join(&base).ok());
    let absolute = |href: &str| {
        let href = href.strip_prefix("webcal:").map_or(href.to_owned(), |rest| format!("https:{rest}"));
        let url = base.as_ref().unwrap_or(own).join(href.trim()).ok()?;
        (matches!(url.scheme(), "http" | "https") && url != *own).then(|| url.to_string())
    };
    let alternate = |(kind, what): &(&str, &'static str)| {
        let links = page.all(&format!("link[rel~='alternate' i][type^='{kind}' i]"));
        let is_own = |text: Option<&str>| !text.unwrap_or_default().to_ascii_lowercase().contains("comment");
        let links = links.iter().filter(|link| is_own(link.attr("href")) && is_own(link.attr("title")));
        links.filter_map(|link| absolute(link.attr("href")?)).next().map(|url| Offer { what, url })
    };
    let linked = || {
        let links = page.all("a[href^='webcal:' i], a[href$='.ics' i]");
        links.iter().find_map(|link| absolute(link.attr("href")?)).map(|url| Offer { what: "calendar", url })
    };
    let (calendars, feeds) = TYPES.split_at(1);
    calendars.iter().find_map(alternate).or_else(linked).or_else(|| feeds.iter().find_map(alternate))
}
