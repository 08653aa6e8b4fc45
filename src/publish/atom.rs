//! `feed.atom`: one entry a post.
//!
//! Atom 1.0 (RFC 4287). Content is `type="html"` (§4.1.3.3), never xhtml: one unclosed tag would cost the whole feed.
//! `published` and `updated` are the notice's; when the event happens stands in its text and in the calendar.

use super::{Artifact, FEED_LIMIT, Publisher, Shows, Slice, View, text};
use crate::model::{Person, Post};
use atom_syndication::{Category, Content, Entry, Feed, Generator, Link, Text};
use chrono::{DateTime, Utc};
use std::io;

/// Renders posts as Atom.
pub struct Atom;

const FEED: Artifact = Artifact {
    file: "feed.atom",
    media_type: "application/atom+xml",
    title: "Atom feed",
    shows: Shows::Posts,
    sliced: true,
    daily: false,
    rank: 0,
};

impl Publisher for Atom {
    fn name(&self) -> &'static str {
        "atom"
    }

    fn artifacts(&self) -> &'static [Artifact] {
        &[FEED]
    }

    fn render(&self, _: &Artifact, slice: &mut dyn Slice, out: &mut dyn io::Write) -> io::Result<()> {
        let view = slice.view().clone();
        let mut feed = empty_feed(&view);
        slice.posts(FEED_LIMIT, &mut |post| {
            feed.entries.push(entry(post, &view));
            Ok(())
        })?;
        feed.write_to(&mut *out).map_err(io::Error::other)?;
        out.write_all(b"\n")
    }
}

fn empty_feed(view: &View) -> Feed {
    Feed {
        title: Text::plain(view.title()),
        subtitle: view.site.description.as_deref().map(|words| Text::plain(text::line(words))),
        id: text::feed_urn(view),
        // Never the clock: an empty feed has a fixed date (RFC 4287 §4.1.1 asks for one).
        updated: view.posts_updated.unwrap_or(DateTime::<Utc>::UNIX_EPOCH).fixed_offset(),
        authors: vec![person(&view.site.title, None, None)],
        links: vec![
            link("self", view.address(FEED.file), FEED.media_type),
            link("alternate", text::address(&view.base), "text/html"),
        ],
        generator: Some(Generator { value: "Noticeboard".into(), ..Generator::default() }),
        lang: text::language(&view.site.language).map(str::to_owned),
        ..Feed::default()
    }
}

fn entry(post: &Post, view: &View) -> Entry {
    let facts = &post.facts;
    let html = text::markup(facts.html.as_str());
    Entry {
        id: post.id.urn(),
        title: Text::plain(text::title(&facts.title)),
        updated: post.updated,
        published: facts.published,
        authors: facts.authors.iter().filter_map(|author| author_of(author, view)).collect(),
        categories: facts.tags.iter().map(|tag| category(tag.as_str())).collect(),
        links: facts.url.iter().map(|url| link("alternate", text::address(url), "text/html")).collect(),
        summary: facts.summary.as_deref().map(|words| Text::plain(text::line(words))),
        // An entry without an address must have content (§4.1.2).
        content: (!html.is_empty() || facts.url.is_none()).then(|| Content {
            value: Some(html),
            content_type: Some("html".into()),
            lang: facts.language.as_deref().and_then(text::language).map(str::to_owned),
            ..Content::default()
        }),
        ..Entry::default()
    }
}

fn author_of(author: &Person, view: &View) -> Option<atom_syndication::Person> {
    let url = author.url.as_deref().and_then(text::written_address);
    let name = text::line(&author.name);
    (!name.is_empty()).then(|| person(&name, text::email(author, view), url))
}

fn person(name: &str, email: Option<&str>, uri: Option<String>) -> atom_syndication::Person {
    atom_syndication::Person {
        name: text::title(name),
        email: email.map(str::to_owned),
        uri,
        ..atom_syndication::Person::default()
    }
}

fn category(term: &str) -> Category {
    Category { term: text::line(term), ..Category::default() }
}

fn link(rel: &str, href: String, media_type: &str) -> Link {
    Link { rel: rel.into(), href, mime_type: Some(media_type.into()), ..Link::default() }
}
