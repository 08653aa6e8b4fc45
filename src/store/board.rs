//! The board, walked in calendar order, and which part of it shows what.

use super::told::{Leaning, Times};
use super::{Store, StoreError};
use crate::model::*;
use crate::publish::{EachTime, Slice, SliceKind, View};
use rusqlite::params;
use std::collections::BTreeSet;
use std::io;

/// A slice in which something changed, and whether it was a post or an event.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shown {
    /// A post on the board itself.
    BoardPost,
    /// An event on the board itself.
    BoardEvent,
    /// A post with this tag.
    TagPost(String),
    /// An event with this tag.
    TagEvent(String),
    /// A post of this source.
    SourcePost(String),
    /// An event of this source.
    SourceEvent(String),
}

impl Store {
    /// All tags that have or once had something.
    pub fn tags(&self) -> Result<Vec<Tag>, StoreError> {
        let mut query = self.db.prepare_cached("SELECT tag FROM slice ORDER BY tag")?;
        let tags: Vec<String> = query.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(tags.iter().filter_map(|tag| Tag::new(tag)).collect())
    }

    /// Notes what has changed: its tags have slices from now on, and the events of its sources are counted anew.
    pub fn note_shown(&self, shown: &BTreeSet<Shown>) -> Result<(), StoreError> {
        for shown in shown {
            let (sql, name) = match shown {
                Shown::TagPost(tag) | Shown::TagEvent(tag) => ("INSERT OR IGNORE INTO slice VALUES (?1)", tag),
                Shown::SourceEvent(source) => (
                    "INSERT OR REPLACE INTO event_count SELECT ?1, count(*)
                     FROM event_source JOIN event ON event.id = event_source.event WHERE source = ?1 AND living = 1",
                    source,
                ),
                Shown::BoardPost | Shown::BoardEvent | Shown::SourcePost(_) => continue,
            };
            self.db.prepare_cached(sql)?.execute([name])?;
        }
        Ok(())
    }

    /// When the newest living post of a slice was updated.
    pub fn posts_updated(&self, kind: &SliceKind) -> Result<Option<chrono::DateTime<chrono::Utc>>, StoreError> {
        let (from, filter, name) = posts_of(kind);
        let sql = format!("SELECT max(updated) FROM {from} WHERE {filter} {}", no_flood(kind));
        let mut query = self.db.prepare_cached(&sql)?;
        let seconds: Option<i64> = query.query_row([name], |row| row.get(0))?;
        Ok(seconds.and_then(|seconds| chrono::DateTime::from_timestamp(seconds, 0)))
    }

    pub(super) fn shown_event(&self, id: &EventId) -> Result<BTreeSet<Shown>, StoreError> {
        let mut shown = BTreeSet::new();
        if !self.db.prepare_cached("SELECT 1 FROM event WHERE id = ?1 AND living = 1")?.exists([id.as_str()])? {
            return Ok(shown);
        }
        shown.insert(Shown::BoardEvent);
        shown.extend(
            self.names("SELECT tag FROM event_tag WHERE event = ?1", id.as_str())?.into_iter().map(Shown::TagEvent),
        );
        shown.extend(
            self.names("SELECT source FROM event_source WHERE event = ?1", id.as_str())?
                .into_iter()
                .map(Shown::SourceEvent),
        );
        Ok(shown)
    }

    pub(super) fn shown_post(&self, id: &PostId) -> Result<BTreeSet<Shown>, StoreError> {
        let mut shown = BTreeSet::new();
        if !self.db.prepare_cached("SELECT 1 FROM post WHERE id = ?1 AND living = 1")?.exists([id.as_str()])? {
            return Ok(shown);
        }
        shown.insert(Shown::BoardPost);
        shown.extend(
            self.names("SELECT tag FROM post_tag WHERE post = ?1", id.as_str())?.into_iter().map(Shown::TagPost),
        );
        shown.extend(
            self.names("SELECT source FROM post_source WHERE post = ?1", id.as_str())?
                .into_iter()
                .map(Shown::SourcePost),
        );
        Ok(shown)
    }

    pub(super) fn names(&self, sql: &str, id: &str) -> Result<Vec<String>, StoreError> {
        let mut query = self.db.prepare_cached(sql)?;
        Ok(query.query_map([id], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }
}

/// The living posts of a slice: their tables, which of them, and a parameter that names it.
fn posts_of(kind: &SliceKind) -> (&'static str, &'static str, String) {
    match kind {
        SliceKind::Board => ("post", "living = 1 AND ?1 = ''", String::new()),
        SliceKind::Tag(tag) => {
            ("post_tag JOIN post ON post.id = post_tag.post", "living = 1 AND tag = ?1", tag.to_string())
        }
        SliceKind::Source(source, _) => {
            ("post_source JOIN post ON post.id = post_source.post", "living = 1 AND source = ?1", source.to_string())
        }
    }
}

/// What keeps the bulk of a large first import out of the board's own feeds.
fn no_flood(kind: &SliceKind) -> &'static str {
    if *kind == SliceKind::Board { "AND board = 1" } else { "" }
}

fn events_of(kind: &SliceKind) -> (&'static str, &'static str, String) {
    match kind {
        SliceKind::Board => ("event", "living = 1 AND ?1 = ''", String::new()),
        SliceKind::Tag(tag) => {
            ("event_tag JOIN event ON event.id = event_tag.event", "living = 1 AND tag = ?1", tag.to_string())
        }
        SliceKind::Source(source, _) => (
            "event_source JOIN event ON event.id = event_source.event",
            "living = 1 AND source = ?1",
            source.to_string(),
        ),
    }
}

/// A slice read from the store as it is walked; one post or event in memory at a time.
pub struct StoreSlice<'a> {
    /// The store.
    pub store: &'a Store,
    /// What the publisher may know beside posts and events.
    pub view: View,
}

impl StoreSlice<'_> {
    fn walk<T: Leaning>(
        &self,
        (from, filter, name): (&str, &str, String),
        order: &str,
        limit: usize,
        each: &mut dyn FnMut(&T) -> io::Result<()>,
    ) -> io::Result<()> {
        let (columns, joined) = (T::COLUMNS, T::JOINED);
        let sql = format!("SELECT {columns} FROM {from} {joined} WHERE {filter} ORDER BY {order} LIMIT ?2");
        let mut query = self.store.db.prepare_cached(&sql).map_err(io::Error::other)?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut rows = query.query(params![name, limit]).map_err(io::Error::other)?;
        while let Some(row) = rows.next().map_err(io::Error::other)? {
            each(&T::from_row(row).map_err(io::Error::other)?)?;
        }
        Ok(())
    }
}

impl Slice for StoreSlice<'_> {
    fn view(&self) -> &View {
        &self.view
    }

    fn posts(&mut self, limit: usize, each: &mut dyn FnMut(&Post) -> io::Result<()>) -> io::Result<()> {
        let (from, filter, name) = posts_of(&self.view.kind);
        let filter = format!("{filter} {}", no_flood(&self.view.kind));
        self.walk((from, &filter, name), NEWEST_FIRST, limit, each)
    }

    fn every_post(&mut self, each: &mut dyn FnMut(&Post) -> io::Result<()>) -> io::Result<()> {
        self.walk(posts_of(&self.view.kind), NEWEST_FIRST, usize::MAX, each)
    }

    fn events(&mut self, each: &mut dyn FnMut(&Event) -> io::Result<()>) -> io::Result<()> {
        self.walk(events_of(&self.view.kind), IN_ORDER, usize::MAX, each)
    }

    fn times(&mut self, each: &mut EachTime) -> io::Result<()> {
        self.walk(events_of(&self.view.kind), IN_ORDER, usize::MAX, &mut |times: &Times| {
            each(&times.when, times.recurrence.as_ref(), times.changed)
        })
    }
}

/// The order of events.
const IN_ORDER: &str = "first_day, start, id";

/// The order of posts.
const NEWEST_FIRST: &str = "moment DESC, id";
