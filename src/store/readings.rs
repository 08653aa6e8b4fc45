//! Readings, kept piece by piece: each post and each sighting has a row of its own, so that settling reads no more than it needs.

use super::{Store, StoreError};
use crate::model::*;
use rusqlite::{OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::rc::Rc;
use url::Url;

/// So many bytes of frames, as they are kept, are held at once; then all are let go.
const HELD: usize = 4 * 1024 * 1024;

/// A piece of a reading, with the statements that keep it.
pub(super) trait Piece: Serialize + DeserializeOwned {
    const FIND: &str;
    const FIND_ALL: &str;
    const FORGET: &str;
    const KEEP: &str;
}

impl Piece for Sighting {
    const FIND: &str = "SELECT json FROM read_sighting WHERE document = ?1 AND at = ?2";
    const FIND_ALL: &str = "SELECT json FROM read_sighting WHERE document = ?1 ORDER BY at";
    const FORGET: &str = "DELETE FROM read_sighting WHERE document = ?1";
    const KEEP: &str = "INSERT INTO read_sighting VALUES (?1, ?2, ?3)";
}

/// A post by its names.
impl Piece for (Vec<Key>, PostFacts) {
    const FIND: &str = "SELECT json FROM read_post WHERE document = ?1 AND at = ?2";
    const FIND_ALL: &str = "SELECT json FROM read_post WHERE document = ?1 ORDER BY at";
    const FORGET: &str = "DELETE FROM read_post WHERE document = ?1";
    const KEEP: &str = "INSERT INTO read_post VALUES (?1, ?2, ?3)";
}

impl Store {
    /// The piece at that place of a document's reading.
    pub(super) fn piece<P: Piece>(&self, document: i64, at: usize) -> Result<Option<P>, StoreError> {
        let mut query = self.db.prepare_cached(P::FIND)?;
        let mut rows = query.query(params![document, at])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        Ok(Some(serde_json::from_str(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?))
    }

    /// All pieces of that kind, in order.
    pub(super) fn pieces<P: Piece>(&self, document: i64) -> Result<Vec<P>, StoreError> {
        let mut query = self.db.prepare_cached(P::FIND_ALL)?;
        let mut rows = query.query([document])?;
        let mut pieces = Vec::new();
        while let Some(row) = rows.next()? {
            pieces.push(serde_json::from_str(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?);
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
        self.db.prepare_cached(P::FORGET)?.execute([document])?;
        let mut keep = self.db.prepare_cached(P::KEEP)?;
        for (at, piece) in pieces.enumerate() {
            keep.execute(params![document, at, serde_json::to_string(piece)?])?;
        }
        Ok(())
    }
}

/// A document by name, and what its relative links mean.
pub(super) struct Frame {
    pub key: DocumentKey,
    /// The relative links that mean a page below the site's root: from → to.
    chosen: BTreeMap<Url, Url>,
}

impl Frame {
    /// Gives each relative link the one of its two meanings that is a page of the source.
    pub fn choose_links(&self, html: &mut CleanHtml) {
        crate::merge::relink(html, &self.chosen.iter().collect());
    }
}

/// The frames of readings at hand: looked up once while they are needed again and again, and never more than fit a small machine.
#[derive(Default)]
pub struct Readings {
    frames: BTreeMap<i64, Rc<Frame>>,
    held: usize,
}

impl Readings {
    pub(super) fn frame(&mut self, store: &Store, id: i64) -> Result<Option<Rc<Frame>>, StoreError> {
        if let Some(frame) = self.frames.get(&id) {
            return Ok(Some(frame.clone()));
        }
        let mut query = store.db.prepare_cached("SELECT source, key, reading FROM document WHERE id = ?1")?;
        let row: Option<(String, String, String)> =
            query.query_row([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
        let Some((source, key, json)) = row else { return Ok(None) };
        let Some(source) = SourceId::new(&source) else { return Ok(None) };
        let reading: Reading = serde_json::from_str(&json)?;
        let mut chosen = BTreeMap::new();
        for choice in &reading.links {
            if !store.has_page(&source, &choice.from_page)? && store.has_page(&source, &choice.from_root)? {
                chosen.insert(choice.from_page.clone(), choice.from_root.clone());
            }
        }
        if self.held > HELD {
            self.frames.clear();
            self.held = 0;
        }
        self.held += json.len();
        let frame = Rc::new(Frame { key: DocumentKey { source, key }, chosen });
        self.frames.insert(id, frame.clone());
        Ok(Some(frame))
    }
}
