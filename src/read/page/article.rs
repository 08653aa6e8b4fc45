//! A web page as a post.
//!
//! In: a parsed page without events of its own, and the article that its structured data describes. Out: an [`Entry`]: that one's, Open Graph's
//! and HTML's metadata, and the main text without what stands around it.

mod text;

use super::jsonld::Article;
use super::{Page, image};
use crate::model::{Entry, Person, clean_line};
use crate::read::post::parse_stamp;
use scraper::{ElementRef, Selector};

/// Where pages say when they were published, the surest first.
const PUBLISHED: &[&str] = &[
    "article:published_time",
    "og:published_time",
    "date",
    "pubdate",
    "publish-date",
    "dcterms.created",
    "dcterms.issued",
    "dcterms.date",
    "dc.date.issued",
    "dc.date.created",
    "dc.date",
];
/// Where they say when they were changed.
const UPDATED: &[&str] = &["article:modified_time", "og:updated_time", "dcterms.modified", "last-modified"];

/// The page as an entry.
pub(super) fn entry(page: &Page, canonical: Option<String>, described: Option<Article>) -> Entry {
    let described = described.unwrap_or_default();
    let meta = |names: &[&str]| names.iter().find_map(|name| page.meta(name));
    let published = meta(PUBLISHED).or(described.published).or_else(|| time(page));
    Entry {
        line: 1,
        title: title(page),
        summary: page
            .meta("og:description")
            .or_else(|| page.meta("description"))
            .map(|text| clean_line(&text))
            .filter(|s| !s.is_empty()),
        html: text::main(page),
        url: canonical,
        published: published.and_then(|text| parse_stamp(&text)),
        updated: meta(UPDATED).or(described.updated).and_then(|text| parse_stamp(&text)),
        authors: authors(page, described.author),
        tags: page
            .all("meta[property='article:tag']")
            .iter()
            .filter_map(|e| e.attr("content"))
            .map(clean_line)
            .filter(|t| !t.is_empty())
            .collect(),
        images: page.meta("og:image").or_else(|| page.meta("twitter:image")).map(image).into_iter().collect(),
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

fn authors(page: &Page, described: Option<String>) -> Vec<Person> {
    let marked = || page.first("a[rel~='author' i], .p-author, .byline .author").map(|element| page.words(element));
    let named = page.meta("author").or_else(|| page.meta("article:author").filter(|name| !name.contains("://")));
    let name = named.or(described).or_else(marked).map(|name| clean_line(&name)).filter(|name| !name.is_empty());
    name.map(|name| Person { name, ..Person::default() }).into_iter().collect()
}

/// The time that is marked as that of publication, else the first one of the page's only article.
fn time(page: &Page) -> Option<String> {
    let marked = "time[pubdate], time.published, time.entry-date, time.dt-published, [itemprop='datePublished']";
    let only =
        |articles: Vec<ElementRef<'_>>| articles.first().filter(|_| articles.len() == 1).copied().and_then(first_time);
    let written =
        |element: ElementRef<'_>| element.attr("datetime").or_else(|| element.attr("content")).map(str::to_owned);
    let articles = page.all("article");
    // In a list of posts each has a time of its own.
    let marked = page.first(marked).filter(|_| articles.len() < 2).and_then(written);
    marked.or_else(|| only(articles))
}

fn first_time(article: ElementRef<'_>) -> Option<String> {
    let selector = Selector::parse("time[datetime]").ok()?;
    article.select(&selector).next()?.attr("datetime").map(str::to_owned)
}
