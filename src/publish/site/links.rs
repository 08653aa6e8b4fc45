//! The links of a page: to the files of its slice, to the other slices, to the board.

use super::super::embed;
use super::super::{Artifact, SliceKind, View, text};
use serde::Serialize;

/// A link with its words.
#[derive(Debug, Clone, Serialize)]
pub struct Named {
    /// The words.
    pub name: String,
    /// The address; none where there is nothing to link to.
    pub href: Option<String>,
    /// The media type of what it leads to; empty for a page.
    pub media_type: &'static str,
}

/// What stands at the head of every page.
#[derive(Debug, Serialize)]
pub struct Head {
    title: String,
    site: String,
    part: Option<String>,
    description: Option<String>,
    address: String,
    board: String,
    language: String,
    alternates: Vec<Named>,
}

/// Another slice, with its feeds.
#[derive(Debug, Serialize)]
pub struct SliceLinks {
    name: String,
    page: String,
    feeds: Vec<Named>,
}

/// Ways to subscribe.
#[derive(Debug, Serialize)]
pub struct Subscribe {
    calendar: Option<Calendar>,
    feeds: Vec<Named>,
    data: Vec<Named>,
}

#[derive(Debug, Serialize)]
struct Calendar {
    webcal: String,
    file: &'static str,
}

/// How to show the list elsewhere.
#[derive(Debug, Serialize)]
pub struct Embedding {
    script: String,
    page: String,
    fragment: String,
    attribute: String,
}

/// The head of a page of this slice.
pub fn head(view: &View) -> Head {
    Head {
        title: view.title(),
        site: text::title(&view.site.title),
        part: view.kind.label().map(text::line),
        description: view.site.description.as_deref().map(text::line),
        address: text::address(&view.base),
        board: to_board(view),
        language: text::language(&view.site.language).unwrap_or("en").to_owned(),
        alternates: view.artifacts().filter(|artifact| is_feed(artifact)).map(|artifact| named("", artifact)).collect(),
    }
}

/// Feeds and calendar of this slice.
pub fn subscribe(view: &View) -> Subscribe {
    let calendar = view.artifacts().find(|artifact| artifact.media_type == "text/calendar");
    let of_kind = |wanted: fn(&Artifact) -> bool| {
        view.artifacts().filter(|artifact| wanted(artifact)).map(|artifact| named("", artifact)).collect()
    };
    Subscribe {
        calendar: calendar
            .map(|artifact| Calendar { webcal: webcal(&view.address(artifact.file)), file: artifact.file }),
        feeds: of_kind(|artifact| is_feed(artifact) && artifact.media_type != "text/calendar"),
        data: of_kind(|artifact| artifact.media_type == "application/json"),
    }
}

/// The tags of the board, with their feeds.
pub fn tags(view: &View) -> Vec<SliceLinks> {
    slices(view, |kind| matches!(kind, SliceKind::Tag(_)))
}

/// The sources of the board, with their feeds.
pub fn sources(view: &View) -> Vec<SliceLinks> {
    slices(view, |kind| matches!(kind, SliceKind::Source(..)))
}

/// How to embed this slice.
pub fn embed(view: &View) -> Option<Embedding> {
    let attribute = match &view.kind {
        SliceKind::Board => String::new(),
        SliceKind::Tag(tag) => format!(" tag=\"{}\"", html_escape::encode_double_quoted_attribute(tag.as_str())),
        SliceKind::Source(id, _) => format!(" source=\"{id}\""),
    };
    view.all_artifacts().any(|artifact| *artifact == embed::SCRIPT).then(|| Embedding {
        script: text::address(&view.site.url) + embed::SCRIPT.file,
        page: view.address(embed::PAGE.file),
        fragment: view.address(embed::FRAGMENT.file),
        attribute,
    })
}

/// The page of a slice, from this one; without an address if there is no such slice.
pub fn to_slice(view: &View, wanted: &dyn Fn(&SliceKind) -> bool) -> Option<Named> {
    let slice = view.slices.iter().find(|slice| wanted(&slice.kind))?;
    let href = (slice.kind != view.kind).then(|| page_of(view, &slice.folder));
    Some(Named { name: text::line(slice.kind.label()?), href, media_type: "" })
}

/// On the board's page alone: if each of 300 slices listed the other 299, the lists would outweigh the board.
fn slices(view: &View, wanted: fn(&SliceKind) -> bool) -> Vec<SliceLinks> {
    if view.kind != SliceKind::Board {
        return Vec::new();
    }
    let links = view.slices.iter().filter(|slice| wanted(&slice.kind)).map(|slice| {
        let feeds = view.all_artifacts().filter(|artifact| artifact.sliced && is_feed(artifact));
        SliceLinks {
            name: text::line(slice.kind.label().unwrap_or_default()),
            page: page_of(view, &slice.folder),
            feeds: feeds.map(|artifact| named(&slice.folder, artifact)).collect(),
        }
    });
    links.collect()
}

/// The page of a slice. The board's page is put in place after those of the slices, so it may name their files; the slices link
/// to each other and up to the board, which no order can satisfy, so they name folders, which are there as soon as the feeds are.
fn page_of(view: &View, folder: &str) -> String {
    let file = if view.kind == SliceKind::Board { "index.html" } else { "" };
    format!("{}{folder}{file}", to_board(view))
}

/// The way up from this slice's folder to the board's.
fn to_board(view: &View) -> String {
    let own = view.slices.iter().find(|slice| slice.kind == view.kind);
    match (own, &view.kind) {
        (_, SliceKind::Board) => String::new(),
        (Some(slice), _) => "../".repeat(slice.folder.matches('/').count()),
        (None, _) => text::address(&view.site.url),
    }
}

fn named(folder: &str, artifact: &Artifact) -> Named {
    Named {
        name: artifact.title.to_owned(),
        href: Some(format!("{folder}{}", artifact.file)),
        media_type: artifact.media_type,
    }
}

fn is_feed(artifact: &Artifact) -> bool {
    matches!(
        artifact.media_type,
        "application/atom+xml" | "application/rss+xml" | "application/feed+json" | "text/calendar"
    )
}

/// The address under which calendar applications offer to subscribe instead of importing once.
fn webcal(address: &str) -> String {
    let rest = address.split_once(':').map_or(address, |(_, rest)| rest);
    format!("webcal:{rest}")
}
