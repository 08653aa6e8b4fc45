//! `feed.rss`: one item a post.
//!
//! RSS 2.0 with the whole text in `content:encoded`, authors in `dc:creator` (an `author` must be an e-mail address)
//! and `atom:link rel=self`, as the RSS Advisory Board's best practices profile asks. `pubDate` is RFC 822 with a year of four digits.

use super::{Artifact, FEED_LIMIT, Publisher, Shows, Slice, View, text};
use crate::model::Post;
use chrono::{DateTime, TimeZone};
use rss::extension::dublincore::DublinCoreExtension;
use rss::extension::{Extension, ExtensionMap};
use rss::{Category, Channel, Guid, Item};
use std::collections::BTreeMap;
use std::io;

/// Renders posts as RSS.
pub struct Rss;

const FEED: Artifact = Artifact {
    file: "feed.rss",
    media_type: "application/rss+xml",
    title: "RSS feed",
    shows: Shows::Posts,
    sliced: true,
    daily: false,
    rank: 0,
};

impl Publisher for Rss {
    fn name(&self) -> &'static str {
        "rss"
    }

    fn artifacts(&self) -> &'static [Artifact] {
        &[FEED]
    }

    fn render(&self, _: &Artifact, slice: &mut dyn Slice, out: &mut dyn io::Write) -> io::Result<()> {
        let view = slice.view().clone();
        let mut channel = empty_channel(&view);
        slice.posts(FEED_LIMIT, &mut |post| {
            channel.items.push(item(post));
            Ok(())
        })?;
        channel.write_to(&mut *out).map_err(io::Error::other)?;
        out.write_all(b"\n")
    }
}

fn empty_channel(view: &View) -> Channel {
    let description = view.site.description.as_deref().map_or_else(|| view.title(), text::line);
    let namespaces = [
        ("atom", "http://www.w3.org/2005/Atom"),
        ("content", "http://purl.org/rss/1.0/modules/content/"),
        ("dc", "http://purl.org/dc/elements/1.1/"),
    ];
    Channel {
        title: view.title(),
        link: text::address(&view.base),
        description: html_escape::encode_text(&description).into_owned(),
        language: text::language(&view.site.language).map(str::to_owned),
        last_build_date: view.posts_updated.as_ref().map(rfc822),
        generator: Some("Noticeboard".into()),
        extensions: self_link(view),
        namespaces: namespaces.map(|(name, uri)| (name.to_owned(), uri.to_owned())).into(),
        ..Channel::default()
    }
}

fn self_link(view: &View) -> ExtensionMap {
    let attrs = [("rel", "self".to_owned()), ("type", FEED.media_type.to_owned()), ("href", view.address(FEED.file))];
    let link = Extension {
        name: "atom:link".into(),
        attrs: attrs.map(|(name, value)| (name.to_owned(), value)).into(),
        ..Extension::default()
    };
    BTreeMap::from([("atom".to_owned(), BTreeMap::from([("link".to_owned(), vec![link])]))])
}

fn item(post: &Post) -> Item {
    let facts = &post.facts;
    let html = text::markup(facts.html.as_str());
    let creators: Vec<String> =
        facts.authors.iter().map(|author| text::line(&author.name)).filter(|name| !name.is_empty()).collect();
    Item {
        title: Some(text::title(&facts.title)),
        link: facts.url.as_ref().map(text::address),
        // The description is HTML by custom, so the plain summary is escaped once more.
        description: facts.summary.as_deref().map(|words| html_escape::encode_text(&text::line(words)).into_owned()),
        content: (!html.is_empty()).then_some(html),
        categories: facts.tags.iter().map(|tag| category(tag.as_str())).collect(),
        guid: Some(Guid { value: post.id.urn(), permalink: false }),
        pub_date: Some(facts.published.as_ref().map_or_else(|| rfc822(&post.first_seen), rfc822)),
        dublin_core_ext: (!creators.is_empty())
            .then(|| DublinCoreExtension { creators, ..DublinCoreExtension::default() }),
        ..Item::default()
    }
}

fn category(name: &str) -> Category {
    Category { name: text::line(name), ..Category::default() }
}

fn rfc822<Z: TimeZone>(at: &DateTime<Z>) -> String
where
    Z::Offset: std::fmt::Display,
{
    at.format("%a, %d %b %Y %H:%M:%S %z").to_string()
}
