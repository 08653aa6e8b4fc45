//! What a store says of the time to come: when something is to be done again.

use super::{Store, StoreError};
use crate::model::SourceId;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use std::collections::BTreeMap;
use std::path::Path;

/// When a source is asked again, and what that depends on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scheduled {
    /// When it is asked next; in every run, if missing.
    pub next_due: Option<DateTime<Utc>>,
    /// Since when it fails, if it does.
    pub failing_since: Option<DateTime<Utc>>,
    /// It is not asked any more.
    pub retired: bool,
    /// The address that all this is about.
    pub address: Option<String>,
}

impl Store {
    /// A small value kept by name in the store of that file, read without changing or waiting for it. The file may be anything, or not there.
    pub fn peek(path: &Path, name: &str) -> Option<String> {
        // Only who may write takes the files away again that SQLite lays beside for as long as it reads.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(path, flags).ok()?;
        db.query_row("SELECT value FROM meta WHERE name = ?1", [name], |row| row.get(0)).optional().ok()?
    }

    /// When each source that was ever asked is asked again.
    pub fn schedule(&self) -> Result<BTreeMap<SourceId, Scheduled>, StoreError> {
        let mut query =
            self.db.prepare_cached("SELECT id, next_due, failing_since, retired, address FROM source ORDER BY id")?;
        let moment = |text: Option<String>| text.and_then(|text| text.parse().ok());
        let rows = query.query_map([], |row| {
            let scheduled = Scheduled {
                next_due: moment(row.get(1)?),
                failing_since: moment(row.get(2)?),
                retired: row.get(3)?,
                address: row.get(4)?,
            };
            Ok((row.get::<_, String>(0)?, scheduled))
        })?;
        let mut sources = BTreeMap::new();
        for row in rows {
            let (id, scheduled) = row?;
            sources.extend(SourceId::new(&id).map(|id| (id, scheduled)));
        }
        Ok(sources)
    }

    /// When the problem was told that was told the longest ago.
    pub fn last_told_first(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let text: Option<String> =
            self.db.prepare_cached("SELECT min(last_told) FROM told")?.query_row([], |row| row.get(0))?;
        Ok(text.and_then(|text| text.parse().ok()))
    }

    /// The first moment at which a document is to be read again, as it is shown from then on, or until then.
    pub fn shown_until(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let mut query =
            self.db.prepare_cached("SELECT reading_rules FROM document WHERE instr(reading_rules, ' until ') > 0")?;
        let rules = query.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
        let moment = |rules: &String| rules.rsplit_once(" until ").and_then(|(_, at)| at.parse().ok());
        Ok(rules.iter().filter_map(moment).min())
    }
}
