//! `feed.json`: one item a post.
//!
//! JSON Feed 1.1 (<https://www.jsonfeed.org/version/1.1/>). An item's id is the post's URN; a key without a value is left out.

use super::{Artifact, FEED_LIMIT, Publisher, Shows, Slice, View, text};
use crate::model::Post;
use serde::Serialize;
use std::io;

/// Renders posts as JSON Feed.
pub struct JsonFeed;

const FEED: Artifact = Artifact {
    file: "feed.json",
    media_type: "application/feed+json",
    title: "JSON Feed",
    shows: Shows::Posts,
    sliced: true,
    daily: false,
    rank: 0,
};

impl Publisher for JsonFeed {
    fn name(&self) -> &'static str {
        "json"
    }

    fn artifacts(&self) -> &'static [Artifact] {
        &[FEED]
    }

    fn render(&self, _: &Artifact, slice: &mut dyn Slice, out: &mut dyn io::Write) -> io::Result<()> {
        let view = slice.view().clone();
        let mut items = Vec::new();
        slice.posts(FEED_LIMIT, &mut |post| {
            items.push(item(post));
            Ok(())
        })?;
        serde_json::to_writer_pretty(&mut *out, &feed(&view, items))?;
        out.write_all(b"\n")
    }
}

#[derive(Serialize)]
struct Feed {
    version: &'static str,
    title: String,
    home_page_url: String,
    feed_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    authors: Vec<Author>,
    items: Vec<Item>,
}

#[derive(Serialize)]
struct Author {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

#[derive(Serialize)]
struct Item {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_html: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_published: Option<String>,
    date_modified: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Author>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
}

fn feed(view: &View, items: Vec<Item>) -> Feed {
    Feed {
        version: "https://jsonfeed.org/version/1.1",
        title: view.title(),
        home_page_url: text::address(&view.base),
        feed_url: view.address(FEED.file),
        description: view.site.description.as_deref().map(text::line),
        language: text::language(&view.site.language).map(str::to_owned),
        authors: vec![Author { name: text::title(&view.site.title), url: Some(text::address(&view.site.url)) }],
        items,
    }
}

fn item(post: &Post) -> Item {
    let facts = &post.facts;
    let html = text::markup(facts.html.as_str());
    let summary = facts.summary.as_deref().map(text::line);
    // An item needs one of the two contents, even where the post is but a title.
    let words = html.is_empty().then(|| summary.clone().unwrap_or_else(|| text::title(&facts.title)));
    let authors = facts.authors.iter().map(|author| Author {
        name: text::line(&author.name),
        url: author.url.as_deref().and_then(text::written_address),
    });
    Item {
        id: post.id.urn(),
        url: facts.url.as_ref().map(text::address),
        title: text::title(&facts.title),
        content_html: (!html.is_empty()).then_some(html),
        content_text: words,
        summary,
        image: facts.images.iter().find_map(|image| text::written_address(&image.url)),
        date_published: facts.published.as_ref().map(text::rfc3339),
        date_modified: text::rfc3339(&post.updated),
        authors: authors.filter(|author| !author.name.is_empty()).collect(),
        tags: facts.tags.iter().map(|tag| text::line(tag.as_str())).collect(),
        language: facts.language.as_deref().and_then(text::language).map(str::to_owned),
    }
}
