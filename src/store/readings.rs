//! The frames of readings: what a document is called, and what its relative links mean.

use super::{Store, StoreError};
use crate::model::*;
use rusqlite::OptionalExtension;
use std::collections::BTreeMap;
use std::rc::Rc;
use url::Url;

/// So many bytes of frames, as they are kept, are held at once; then all are let go.
const HELD: usize = 4 * 1024 * 1024;

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
