//! How each source was asked and answered, run by run.

use super::{Store, StoreError};
use crate::model::SourceId;
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::params;

/// Attempts older than this are forgotten.
const KEPT: TimeDelta = TimeDelta::days(90);

/// One attempt at a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// When.
    pub at: DateTime<Utc>,
    /// It answered well.
    pub good: bool,
    /// The status of its server's answer, if it has one.
    pub status: Option<u16>,
    /// Bytes of content that came over the network.
    pub received: u64,
    /// Milliseconds it took.
    pub took: u64,
    /// Its documents that were new or changed.
    pub documents: usize,
    /// Events that are known from it.
    pub events: usize,
}

impl Store {
    /// Keeps what an attempt was like.
    pub fn note_attempt(&self, source: &SourceId, attempt: &Attempt) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "INSERT INTO attempt (source, at, good, status, received, took, documents, events) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                source.as_str(),
                attempt.at.timestamp(),
                attempt.good,
                attempt.status,
                attempt.received,
                attempt.took,
                attempt.documents,
                attempt.events
            ])?;
        self.sum_up(source, attempt)
    }

    /// The attempts at a source, the last one first.
    pub fn attempts(&self, source: &SourceId) -> Result<Vec<Attempt>, StoreError> {
        let mut query = self.db.prepare_cached(
            "SELECT at, good, status, received, took, documents, events FROM attempt WHERE source = ?1 ORDER BY at DESC, rowid DESC",
        )?;
        let rows = query.query_map([source.as_str()], |row| {
            Ok(Attempt {
                at: DateTime::from_timestamp(row.get(0)?, 0).unwrap_or_default(),
                good: row.get(1)?,
                status: row.get(2)?,
                received: row.get(3)?,
                took: row.get(4)?,
                documents: row.get(5)?,
                events: row.get(6)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many events a source usually has: the median over its good answers that are remembered, if there are any.
    pub fn usual_events(&self, source: &SourceId) -> Result<Option<usize>, StoreError> {
        let mut query =
            self.db.prepare_cached("SELECT events FROM attempt WHERE source = ?1 AND good = 1 ORDER BY events")?;
        let counts = query.query_map([source.as_str()], |row| row.get(0))?.collect::<Result<Vec<usize>, _>>()?;
        Ok(counts.get(counts.len() / 2).copied())
    }

    /// Forgets old attempts. Those at a time that is yet to come stay: it may be the clock of now that is wrong.
    pub fn prune_attempts(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.db.prepare_cached("DELETE FROM attempt WHERE at < ?1")?.execute([(now - KEPT).timestamp()])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_are_kept_for_ninety_days_and_tell_what_is_usual() {
        let store = Store::in_memory().unwrap();
        let (source, now) = (SourceId::new("blog").unwrap(), "2026-11-28T12:00:00Z".parse::<DateTime<Utc>>().unwrap());
        assert_eq!(store.usual_events(&source).unwrap(), None);
        for (days, good, events) in [(100, true, 90), (80, true, 12), (3, true, 14), (2, false, 0), (1, true, 13)] {
            let at = now - TimeDelta::days(days);
            let attempt = Attempt { at, good, status: Some(200), received: 1, took: 2, documents: 1, events };
            store.note_attempt(&source, &attempt).unwrap();
        }
        store.prune_attempts(now - TimeDelta::days(400)).unwrap();
        assert_eq!(store.attempts(&source).unwrap().len(), 5, "a clock that was set back takes no history away");
        store.prune_attempts(now).unwrap();
        let kept = store.attempts(&source).unwrap();
        assert_eq!(kept.iter().map(|attempt| attempt.events).collect::<Vec<_>>(), [13, 0, 14, 12]);
        assert_eq!(store.usual_events(&source).unwrap(), Some(13));
    }
}
