//! The board → artifacts, one file a format. Pure: writes into a sink it is handed.
//!
//! In: one [`Slice`] of the board at a time, walked in order. Out: the bytes of the [`Artifact`]s that each [`Publisher`] of [`ALL`] makes.
//! Nothing here looks at a clock: only artifacts marked `daily` may use [`View::today`].

pub mod atom;
pub mod embed;
pub mod events_json;
pub mod health;
pub mod icalendar;
pub mod jsonfeed;
mod plain;
pub mod review;
pub mod rss;
#[cfg(test)]
mod sample;
pub mod site;
mod text;
mod words;

use crate::model::{Event, Post, Recurrence, Site, SourceId, Tag, When};
use chrono::{DateTime, NaiveDate, Utc};
use std::io;
use url::Url;

/// Renders the board into one format. Can't fail on content: what could be refused was refused in `normalize`.
pub trait Publisher: Sync {
    /// The word in the config: `publish = ["atom", "icalendar"]`.
    fn name(&self) -> &'static str;
    /// The files it makes.
    fn artifacts(&self) -> &'static [Artifact];
    /// Walks the posts or events of one slice in order and writes one of its files as it goes. Where the bytes end up is `write`'s business.
    fn render(&self, artifact: &Artifact, slice: &mut dyn Slice, out: &mut dyn io::Write) -> io::Result<()>;
}

/// Every publisher. Config checking, help and the golden tests walk this list.
pub const ALL: &[&dyn Publisher] = &[
    &atom::Atom,
    &rss::Rss,
    &jsonfeed::JsonFeed,
    &icalendar::ICalendar,
    &events_json::EventsJson,
    &site::Page,
    &embed::Embed,
];

/// The newest posts that a feed carries; older ones are on the page of their source.
pub const FEED_LIMIT: usize = 200;

/// One file that a publisher makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Artifact {
    /// Its name inside the slice's folder: `feed.atom`.
    pub file: &'static str,
    /// Its media type, for links to it.
    pub media_type: &'static str,
    /// What it is called for people: `Atom feed`.
    pub title: &'static str,
    /// What it shows; nothing else can change its bytes.
    pub shows: Shows,
    /// Made for every tag and source too, not for the whole board only.
    pub sliced: bool,
    /// Its bytes depend on the day (upcoming and past).
    pub daily: bool,
    /// Moved into place in this order: pages (1), which link to each other, after what they link to (0). Taken away the other way round.
    pub rank: u8,
}

/// What an artifact shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// Only posts.
    Posts,
    /// Only events.
    Events,
    /// Both.
    Both,
    /// Neither: the same for every board of this site (`embed.js`).
    Neither,
}

/// A part of the board, to be walked.
pub trait Slice {
    /// What part, of which site, seen when.
    fn view(&self) -> &View;
    /// The posts, newest first ([`Post::order_moment`], then id), at most `limit`.
    fn posts(&mut self, limit: usize, each: &mut dyn FnMut(&Post) -> io::Result<()>) -> io::Result<()>;
    /// Every post in the same order, those too that a large first import keeps out of the feeds.
    fn every_post(&mut self, each: &mut dyn FnMut(&Post) -> io::Result<()>) -> io::Result<()>;
    /// The events in calendar order (first day, then start, then id).
    fn events(&mut self, each: &mut dyn FnMut(&Event) -> io::Result<()>) -> io::Result<()>;
    /// Only when the events take place, how they repeat, and when each last changed: a walk that is cheaper.
    fn times(&mut self, each: &mut EachTime) -> io::Result<()> {
        self.events(&mut |event| each(&event.facts.when, event.facts.recurrence.as_ref(), event.revision.last_changed))
    }
}

/// Takes when an event takes place, how it repeats, and when it last changed.
pub type EachTime<'a> = dyn FnMut(&When, Option<&Recurrence>, DateTime<Utc>) -> io::Result<()> + 'a;

/// What a slice is, and what a publisher may need to know beside posts and events.
#[derive(Debug, Clone)]
pub struct View {
    /// The board.
    pub site: Site,
    /// Which part of it.
    pub kind: SliceKind,
    /// The folder of this slice's files, absolute, ends in `/`.
    pub base: Url,
    /// Today in the site's zone: only `daily` artifacts may look at it.
    pub today: NaiveDate,
    /// When the newest post of this slice was updated; `None` without posts.
    pub posts_updated: Option<DateTime<Utc>>,
    /// Names of the publishers in use, in the config's order.
    pub publish: Vec<String>,
    /// All slices of the board but the board itself, for links; sorted.
    pub slices: Vec<SliceLink>,
    /// Whether e-mail addresses are published.
    pub publish_emails: bool,
}

/// Which part of the board.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum SliceKind {
    /// All of it.
    Board,
    /// What carries a tag.
    Tag(Tag),
    /// What a source tells: its id and title.
    Source(SourceId, String),
}

impl SliceKind {
    /// What slices by tag are called in the config.
    pub const TAGS: &str = "tags";
    /// What slices by source are called in the config.
    pub const SOURCES: &str = "sources";
    /// What the config may name.
    pub const NAMES: [&str; 2] = [Self::TAGS, Self::SOURCES];

    /// Its name for people; `None` for the board, which is called like the site.
    pub fn label(&self) -> Option<&str> {
        match self {
            SliceKind::Board => None,
            SliceKind::Tag(tag) => Some(tag.as_str()),
            SliceKind::Source(_, title) => Some(title),
        }
    }
}

impl View {
    /// What this slice is called: the site's title, and which part of it.
    pub fn title(&self) -> String {
        match self.kind.label() {
            None => text::line(&self.site.title),
            Some(part) => format!("{}: {}", text::line(&self.site.title), text::line(part)),
        }
    }

    /// The address of one of this slice's files.
    pub fn address(&self, file: &str) -> String {
        text::address(&self.base) + file
    }

    /// The files that the publishers in use make for this slice, in the order of [`ALL`].
    pub fn artifacts(&self) -> impl Iterator<Item = &'static Artifact> + '_ {
        let whole = self.kind == SliceKind::Board;
        self.all_artifacts().filter(move |artifact| whole || artifact.sliced)
    }

    /// The files that the publishers in use make for the board.
    pub fn all_artifacts(&self) -> impl Iterator<Item = &'static Artifact> + '_ {
        in_use(&self.publish).flat_map(|publisher| publisher.artifacts())
    }
}

/// The publishers that these names of the config stand for, in the order of [`ALL`]. The embed always comes with the page.
pub fn in_use(names: &[String]) -> impl Iterator<Item = &'static dyn Publisher> + '_ {
    let named = |publisher: &dyn Publisher| names.iter().any(|name| name == publisher.name());
    let comes_along = move |publisher: &dyn Publisher| publisher.name() == embed::Embed.name() && named(&site::Page);
    ALL.iter().copied().filter(move |publisher| named(*publisher) || comes_along(*publisher))
}

/// The names by which a config may ask for publishers.
pub fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|publisher| publisher.name()).filter(|name| *name != embed::Embed.name())
}

/// A link to a slice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SliceLink {
    /// Which.
    pub kind: SliceKind,
    /// Its folder below the board's, ends in `/`: `tags/community/`, `sources/blog/`.
    pub folder: String,
}

#[cfg(test)]
mod tests;
