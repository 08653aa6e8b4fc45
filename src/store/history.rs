//! Why an event's tellings are one event, and what it was before each change.

use super::{Store, StoreError};
use crate::merge::Settled;
use crate::model::*;
use rusqlite::{OptionalExtension, params};

/// So many changes of an event are remembered, the last ones.
const REMEMBERED: i64 = 50;

impl Store {
    /// Keeps what a settlement tells of an event's merges and of its change.
    pub(super) fn write_history(&self, settled: &Settled, is_known: bool) -> Result<(), StoreError> {
        let id = settled.event.id.as_str();
        if settled.matches.is_empty() && is_known {
            self.db.prepare_cached("DELETE FROM matched WHERE event = ?1")?.execute([id])?;
        } else if !settled.matches.is_empty() {
            let json = serde_json::to_string(&settled.matches)?;
            self.db.prepare_cached("INSERT OR REPLACE INTO matched VALUES (?1, ?2)")?.execute([id, &json])?;
        }
        let Some(revised) = &settled.revised else { return Ok(()) };
        self.db
            .prepare_cached("INSERT INTO revised (event, json) VALUES (?1, ?2)")?
            .execute([id, &serde_json::to_string(revised)?])?;
        self.db
            .prepare_cached("DELETE FROM revised WHERE event = ?1 AND rowid NOT IN (SELECT rowid FROM revised WHERE event = ?1 ORDER BY rowid DESC LIMIT ?2)")?
            .execute(params![id, REMEMBERED])?;
        Ok(())
    }

    /// Why the tellings of an event are one event.
    pub fn matches(&self, id: &EventId) -> Result<Vec<Match>, StoreError> {
        let mut query = self.db.prepare_cached("SELECT json FROM matched WHERE event = ?1")?;
        let json: Option<String> = query.query_row([id.as_str()], |row| row.get(0)).optional()?;
        Ok(json.map(|json| serde_json::from_str(&json)).transpose()?.unwrap_or_default())
    }

    /// How an event changed, the first change first.
    pub fn revisions(&self, id: &EventId) -> Result<Vec<Revised>, StoreError> {
        let mut query = self.db.prepare_cached("SELECT json FROM revised WHERE event = ?1 ORDER BY rowid")?;
        let rows: Vec<String> = query.query_map([id.as_str()], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(rows.iter().map(|json| serde_json::from_str(json)).collect::<Result<_, _>>()?)
    }
}
