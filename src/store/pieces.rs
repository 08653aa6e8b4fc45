//! The pieces of readings: each post and each sighting has a row of its own, so that settling reads no more than it needs.
//!
//! What a piece says stands apart from the rest of it: an event or a post that says the same leans on it.

use super::{Store, StoreError};
use crate::model::*;
use chrono::NaiveDate;
use rusqlite::params;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A piece of a reading, with the statements that keep it.
pub(super) trait Piece: Sized {
    const FIND: &str;
    const FIND_ALL: &str;
    const FORGET: &str;
    const KEEP: &str;
    /// Whether what is said there is this.
    const SAYS: &str;
    /// What is said.
    type Facts: Serialize + DeserializeOwned;
    /// All else.
    type Frame: Serialize + DeserializeOwned;

    fn parts(&self) -> (Self::Frame, &Self::Facts);
    fn whole(frame: Self::Frame, facts: Self::Facts) -> Self;
}

/// A sighting without what it says.
#[derive(Serialize, Deserialize)]
pub(super) struct SightingFrame {
    keys: Vec<Key>,
    role: SightingRole,
    confidence: f32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    post: Option<usize>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    mentions: Vec<String>,
    #[serde(default)]
    revision: SourceRevision,
    #[serde(default)]
    missing: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    board_day: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    zone_guessed: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    unsure: bool,
}

impl Piece for Sighting {
    const FIND: &str = "SELECT json, facts FROM read_sighting WHERE document = ?1 AND at = ?2";
    const FIND_ALL: &str = "SELECT json, facts FROM read_sighting WHERE document = ?1 ORDER BY at";
    const FORGET: &str = "DELETE FROM read_sighting WHERE document = ?1 AND at >= ?2";
    const KEEP: &str = "INSERT INTO read_sighting (document, at, json, facts) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (document, at) DO UPDATE SET json = excluded.json, facts = excluded.facts WHERE json <> excluded.json OR facts <> excluded.facts";
    const SAYS: &str = "SELECT 1 FROM read_sighting WHERE document = ?1 AND at = ?2 AND facts = ?3";
    type Facts = Facts;
    type Frame = SightingFrame;

    fn parts(&self) -> (SightingFrame, &Facts) {
        let Self { keys, facts, board_day, zone_guessed, role, confidence, post, mentions, revision, missing, unsure } =
            self;
        let frame = SightingFrame {
            keys: keys.clone(),
            role: *role,
            confidence: *confidence,
            post: *post,
            mentions: mentions.clone(),
            revision: *revision,
            missing: *missing,
            board_day: *board_day,
            zone_guessed: *zone_guessed,
            unsure: *unsure,
        };
        (frame, facts)
    }

    fn whole(frame: SightingFrame, facts: Facts) -> Self {
        let SightingFrame {
            keys,
            role,
            confidence,
            post,
            mentions,
            revision,
            missing,
            board_day,
            zone_guessed,
            unsure,
        } = frame;
        Self { keys, facts, board_day, zone_guessed, role, confidence, post, mentions, revision, missing, unsure }
    }
}

/// A post by its names.
impl Piece for (Vec<Key>, PostFacts) {
    const FIND: &str = "SELECT json, facts FROM read_post WHERE document = ?1 AND at = ?2";
    const FIND_ALL: &str = "SELECT json, facts FROM read_post WHERE document = ?1 ORDER BY at";
    const FORGET: &str = "DELETE FROM read_post WHERE document = ?1 AND at >= ?2";
    const KEEP: &str = "INSERT INTO read_post (document, at, json, facts) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (document, at) DO UPDATE SET json = excluded.json, facts = excluded.facts WHERE json <> excluded.json OR facts <> excluded.facts";
    const SAYS: &str = "SELECT 1 FROM read_post WHERE document = ?1 AND at = ?2 AND facts = ?3";
    type Facts = PostFacts;
    type Frame = Vec<Key>;

    fn parts(&self) -> (Vec<Key>, &PostFacts) {
        (self.0.clone(), &self.1)
    }

    fn whole(keys: Vec<Key>, facts: PostFacts) -> Self {
        (keys, facts)
    }
}

impl Store {
    /// The piece at that place of a document's reading.
    pub(super) fn piece<P: Piece>(&self, document: i64, at: usize) -> Result<Option<P>, StoreError> {
        let mut query = self.db.prepare_cached(P::FIND)?;
        let mut rows = query.query(params![document, at])?;
        rows.next()?.map(|row| Ok(P::whole(parsed(row, 0)?, parsed(row, 1)?))).transpose()
    }

    /// All pieces of that kind, in order.
    pub(super) fn pieces<P: Piece>(&self, document: i64) -> Result<Vec<P>, StoreError> {
        let mut query = self.db.prepare_cached(P::FIND_ALL)?;
        let mut rows = query.query([document])?;
        let mut pieces = Vec::new();
        while let Some(row) = rows.next()? {
            pieces.push(P::whole(parsed(row, 0)?, parsed(row, 1)?));
        }
        Ok(pieces)
    }

    /// How many sightings a document tells.
    pub(super) fn count_sightings(&self, document: i64) -> Result<usize, StoreError> {
        let mut query = self.db.prepare_cached("SELECT count(*) FROM read_sighting WHERE document = ?1")?;
        Ok(query.query_row([document], |row| row.get(0))?)
    }

    /// Replaces the pieces of that kind.
    pub(super) fn set_pieces<'p, P: Piece + 'p>(
        &self,
        document: i64,
        pieces: impl Iterator<Item = &'p P>,
    ) -> Result<(), StoreError> {
        let mut keep = self.db.prepare_cached(P::KEEP)?;
        let mut count = 0;
        for piece in pieces {
            let (frame, facts) = piece.parts();
            keep.execute(params![document, count, serde_json::to_string(&frame)?, serde_json::to_string(facts)?])?;
            count += 1;
        }
        self.db.prepare_cached(P::FORGET)?.execute(params![document, count])?;
        Ok(())
    }
}

/// What a column keeps as JSON.
pub(super) fn parsed<T: DeserializeOwned>(row: &rusqlite::Row, column: usize) -> Result<T, StoreError> {
    Ok(serde_json::from_str(row.get_ref(column)?.as_str().map_err(rusqlite::Error::from)?)?)
}
