//! What survives a run: last good documents and what was read of them, events and posts with their ids and revisions,
//! what was told, and the list of what is still to be published. One SQLite file.
//!
//! Everything between [`Store::begin`] and [`Store::commit`] happens wholly or not at all, also when the process is killed.

mod attempts;
mod backup;
mod board;
mod documents;
mod events;
mod overview;
mod posts;
mod readings;
mod rest;
mod schema;
mod sources;
mod state;
mod walk;

use rusqlite::Connection;
use rusqlite::config::DbConfig;
use std::path::{Path, PathBuf};
use thiserror::Error;

pub use attempts::Attempt;
pub use board::{Shown, StoreSlice};
pub use documents::KeptDocument;
pub(crate) use documents::hash;
pub use overview::{Attempts, Overview};
pub use readings::Readings;
pub use rest::Scheduled;
pub use state::{RETELL_AFTER, SourceState, Told};
pub use walk::{Neighbourhood, Walk};

/// What can be wrong with the store.
#[derive(Debug, Error)]
pub enum StoreError {
    /// It can't be opened or created.
    #[error("{path}: can't open the store: {source}", path = path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
    /// It was written by a later version.
    #[error(
        "{path}: this store has version {found}, but this noticeboard knows versions up to {known}\n  hint: use the newer noticeboard again, or give `--store` another file to begin anew",
        path = path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// It is no store, or damaged.
    #[error("{path}: not a store, or damaged: {source}\n  hint: {WAY_OUT}", path = path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
    /// It turned out to be damaged while it was used.
    #[error("the store is damaged: {0}\n  hint: {WAY_OUT}")]
    Broken(rusqlite::Error),
    /// A statement failed.
    #[error("the store: {0}")]
    Sql(rusqlite::Error),
    /// What was kept can't be read back.
    #[error("the store holds what can't be read back: {0}\n  hint: {WAY_OUT}")]
    Json(#[from] serde_json::Error),
    /// The kept copy of one document is damaged.
    #[error("the store's copy of a document can't be unpacked\n  hint: {WAY_OUT}")]
    Unpackable,
    /// A copy of it can't be made.
    #[error("{path}: can't keep a copy of the store there: {why}", path = path.display())]
    Backup {
        /// The file.
        path: PathBuf,
        /// Why, and what would help.
        why: String,
    },
}

/// What helps where the store is damaged.
const WAY_OUT: &str = "restore a copy (`noticeboard store backup` makes one), or move it away to begin anew (ids stay the same where sources still have their entries)";

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
        match error.sqlite_error_code() {
            Some(DatabaseCorrupt | NotADatabase) => StoreError::Broken(error),
            _ => StoreError::Sql(error),
        }
    }
}

/// KiB of pages held in memory: the indexes of a few thousand documents.
const CACHE: i64 = 8 * 1024;

/// Pages of 4 KiB that are written beside the file before they are moved into it: few moves while much is kept, and a file that stays small.
const CHECKPOINT: i64 = 4096;

/// The store. One connection, one thread at a time; other processes are kept off by the run's lock, readers are not.
pub struct Store {
    db: Connection,
}

impl Store {
    /// Opens or creates the file, and brings an older one up to date.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let open = |source| StoreError::Open { path: path.to_owned(), source };
        let db = Connection::open(path).map_err(open)?;
        Self::prepare(db, path)
    }

    /// Opens the file only if it is there; for commands that look without changing.
    pub fn open_existing(path: &Path) -> Result<Option<Self>, StoreError> {
        if path.exists() { Self::open(path).map(Some) } else { Ok(None) }
    }

    /// A store that is gone with the process: for `check`, `preview` and tests.
    pub fn in_memory() -> Result<Self, StoreError> {
        let path = Path::new(":memory:");
        let open = |source| StoreError::Open { path: path.to_owned(), source };
        Self::prepare(Connection::open_in_memory().map_err(open)?, path)
    }

    fn prepare(mut db: Connection, path: &Path) -> Result<Self, StoreError> {
        let damaged = |source| StoreError::Damaged { path: path.to_owned(), source };
        db.busy_timeout(std::time::Duration::from_secs(30))?;
        db.pragma_update(None, "journal_mode", "WAL").map_err(damaged)?;
        db.pragma_update(None, "synchronous", "FULL").map_err(damaged)?;
        db.pragma_update(None, "cache_size", -CACHE).map_err(damaged)?;
        db.pragma_update(None, "wal_autocheckpoint", CHECKPOINT)?;
        // Else a statement is prepared anew for each value it is asked with.
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        let found: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(damaged)?;
        let known = schema::MIGRATIONS.len() as i64;
        if found > known {
            return Err(StoreError::Newer { path: path.to_owned(), found, known });
        }
        for (version, sql) in schema::MIGRATIONS.iter().enumerate().skip(found.max(0) as usize) {
            let step = db.transaction()?;
            step.execute_batch(sql).map_err(damaged)?;
            step.pragma_update(None, "user_version", version as i64 + 1)?;
            step.commit()?;
        }
        db.set_prepared_statement_cache_capacity(256);
        Ok(Self { db })
    }

    /// Begins a transaction; nothing is kept until [`Store::commit`].
    pub fn begin(&self) -> Result<(), StoreError> {
        Ok(self.db.execute_batch("BEGIN IMMEDIATE")?)
    }

    /// True between [`Store::begin`] and its end.
    pub fn is_writing(&self) -> bool {
        !self.db.is_autocommit()
    }

    /// Keeps everything since [`Store::begin`].
    pub fn commit(&self) -> Result<(), StoreError> {
        Ok(self.db.execute_batch("COMMIT")?)
    }

    /// Forgets everything since [`Store::begin`]; nothing to do if nothing was begun.
    pub fn rollback(&self) -> Result<(), StoreError> {
        if self.is_writing() { Ok(self.db.execute_batch("ROLLBACK")?) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_store_is_refused_with_a_way_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db");
        Store::open(&path).unwrap().db.pragma_update(None, "user_version", 99).unwrap();
        let error = Store::open(&path).err().unwrap().to_string();
        assert!(error.contains("version 99") && error.contains("hint:"), "{error}");
    }

    #[test]
    fn a_file_that_is_no_store_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db");
        std::fs::write(&path, "my diary, which is long enough to be looked at as a header").unwrap();
        assert!(matches!(Store::open(&path), Err(StoreError::Damaged { .. })));
        assert!(std::fs::read_to_string(&path).unwrap().starts_with("my diary"));
    }
}
