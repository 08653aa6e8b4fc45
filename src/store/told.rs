//! Events and posts with what they say: kept in their own row, or in that of the first piece that tells of them where it says the same.
//!
//! Most say what one document says, word for word. Their texts are the bulk of a store, and so stand in it once.

use super::pieces::{Piece, parsed};
use super::{Store, StoreError};
use crate::model::*;
use chrono::{DateTime, FixedOffset, Utc};
use rusqlite::{Row, params};
use serde::{Deserialize, Serialize};

/// Where something that is kept says what it says.
pub(super) struct Told {
    /// In its own row.
    pub facts: Option<String>,
    /// With this piece: its document, and its place there.
    pub piece: Option<(i64, usize)>,
}

/// What leans on pieces.
pub(super) trait Leaning: Sized {
    /// Its columns, as [`Leaning::from_row`] takes them.
    const COLUMNS: &str;
    /// Joins the pieces that are leant on.
    const JOINED: &str;

    fn from_row(row: &Row) -> Result<Self, StoreError>;
}

/// An event without what is told about it.
#[derive(Serialize, Deserialize)]
pub(super) struct EventFrame {
    id: EventId,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    announced_in: Vec<PostId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    recapped_in: Vec<PostId>,
    sources: Vec<SourceId>,
    revision: Revision,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    vanished: bool,
}

impl EventFrame {
    pub fn of(event: &Event) -> Self {
        let Event { id, facts: _, announced_in, recapped_in, sources, revision, vanished } = event.clone();
        Self { id, announced_in, recapped_in, sources, revision, vanished }
    }
}

impl Leaning for Event {
    const COLUMNS: &str = "event.json, coalesce(event.facts, read_sighting.facts)";
    const JOINED: &str = "LEFT JOIN read_sighting ON read_sighting.document = told_in AND read_sighting.at = told_at";

    fn from_row(row: &Row) -> Result<Self, StoreError> {
        let EventFrame { id, announced_in, recapped_in, sources, revision, vanished } = parsed(row, 0)?;
        Ok(Self { id, facts: parsed(row, 1)?, announced_in, recapped_in, sources, revision, vanished })
    }
}

/// A post without what it says.
#[derive(Serialize, Deserialize)]
pub(super) struct PostFrame {
    id: PostId,
    source: SourceId,
    first_seen: DateTime<Utc>,
    updated: DateTime<FixedOffset>,
}

impl PostFrame {
    pub fn of(post: &Post) -> Self {
        let Post { id, source, facts: _, first_seen, updated } = post;
        Self { id: id.clone(), source: source.clone(), first_seen: *first_seen, updated: *updated }
    }
}

impl Leaning for Post {
    const COLUMNS: &str = "post.json, coalesce(post.facts, read_post.facts)";
    const JOINED: &str = "LEFT JOIN read_post ON read_post.document = told_in AND read_post.at = told_at";

    fn from_row(row: &Row) -> Result<Self, StoreError> {
        let PostFrame { id, source, first_seen, updated } = parsed(row, 0)?;
        Ok(Self { id, source, facts: parsed(row, 1)?, first_seen, updated })
    }
}

impl Store {
    /// Where these facts are to be kept: with the first piece that tells of them if it says the same, else on their own.
    pub(super) fn told<P: Piece>(&self, facts: &P::Facts, first: Option<(i64, usize)>) -> Result<Told, StoreError> {
        let facts = serde_json::to_string(facts)?;
        if let Some((document, at)) = first
            && self.db.prepare_cached(P::SAYS)?.exists(params![document, at, facts])?
        {
            return Ok(Told { facts: None, piece: first });
        }
        Ok(Told { facts: Some(facts), piece: None })
    }

    /// The rows of documents, in the order of their names; of those that are not kept, none.
    pub(super) fn rows_of(&self, members: &[(DocumentKey, usize)]) -> Result<Vec<(i64, usize)>, StoreError> {
        let mut query = self.db.prepare_cached("SELECT id FROM document WHERE source = ?1 AND key = ?2")?;
        let mut rows = Vec::with_capacity(members.len());
        for (document, at) in members {
            let mut found = query.query([document.source.as_str(), &document.key])?;
            if let Some(row) = found.next()? {
                rows.push((row.get(0)?, *at));
            }
        }
        Ok(rows)
    }

    /// What a source calls by these names, by a statement that takes four at once.
    pub(super) fn aliases(
        &self,
        sql: &str,
        source: &SourceId,
        names: &[String],
    ) -> Result<Vec<(String, String)>, StoreError> {
        let mut query = self.db.prepare_cached(sql)?;
        let mut found = Vec::new();
        for four in names.chunks(4) {
            let name = |at: usize| four.get(at);
            let mut rows = query.query(params![source.as_str(), name(0), name(1), name(2), name(3)])?;
            while let Some(row) = rows.next()? {
                found.push((row.get(0)?, row.get(1)?));
            }
        }
        Ok(found)
    }
}
