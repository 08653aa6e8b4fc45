//! What survives a run: last good documents and what was read of them, events and posts with their ids and revisions,
//! what was told, and the list of what is still to be published. One SQLite file.
//!
//! Everything between [`Store::begin`] and [`Store::commit`] happens wholly or not at all, also when the process is killed.

mod attempts;
mod backup;
mod board;
mod documents;
mod events;
mod forget;
mod history;
mod overrides;
mod overview;
mod pieces;
mod posts;
mod readings;
mod rest;
mod schema;
mod sources;
mod state;
mod told;
mod walk;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, TransactionBehavior};
use std::path::{Path, PathBuf};
use thiserror::Error;

pub use attempts::Attempt;
pub use board::{Shown, StoreSlice};
pub use documents::KeptDocument;
pub(crate) use documents::hash;
pub use forget::Named;
pub use overrides::Waiting;
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
        Self::prepare(db, path)?.up_to_date(path)
    }

    /// Opens the file only if it is there, and leaves it at the version it has: for copies of it.
    pub fn open_as_it_is(path: &Path) -> Result<Option<Self>, StoreError> {
        if !path.exists() {
            return Ok(None);
        }
        let open = |source| StoreError::Open { path: path.to_owned(), source };
        Self::prepare(Connection::open(path).map_err(open)?, path).map(Some)
    }

    /// Opens the file only if it is there; for commands that look without changing.
    pub fn open_existing(path: &Path) -> Result<Option<Self>, StoreError> {
        if path.exists() { Self::open(path).map(Some) } else { Ok(None) }
    }

    /// A store that is gone with the process: for `check`, `preview` and tests.
    pub fn in_memory() -> Result<Self, StoreError> {
        let path = Path::new(":memory:");
        let open = |source| StoreError::Open { path: path.to_owned(), source };
        Self::prepare(Connection::open_in_memory().map_err(open)?, path)?.up_to_date(path)
    }

    fn prepare(db: Connection, path: &Path) -> Result<Self, StoreError> {
        let damaged = |source| StoreError::Damaged { path: path.to_owned(), source };
        db.busy_timeout(std::time::Duration::from_secs(30))?;
        db.pragma_update(None, "journal_mode", "WAL").map_err(damaged)?;
        db.pragma_update(None, "synchronous", "FULL").map_err(damaged)?;
        db.pragma_update(None, "cache_size", -CACHE).map_err(damaged)?;
        db.pragma_update(None, "wal_autocheckpoint", CHECKPOINT)?;
        // Else a statement is prepared anew for each value it is asked with.
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        refuse_newer(&db, path)?;
        db.set_prepared_statement_cache_capacity(256);
        Ok(Self { db })
    }

    /// Takes the steps that the file lacks. Which one comes next is looked up where nobody else can take it in between.
    fn up_to_date(mut self, path: &Path) -> Result<Self, StoreError> {
        let damaged = |source| StoreError::Damaged { path: path.to_owned(), source };
        while next_step(refuse_newer(&self.db, path)?).is_some() {
            let step = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let found = refuse_newer(&step, path)?;
            if let Some(sql) = next_step(found) {
                step.execute_batch(sql).map_err(damaged)?;
                step.pragma_update(None, "user_version", found.max(0) + 1)?;
                step.commit()?;
            }
        }
        Ok(self)
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

/// The version of the file, if this noticeboard knows it.
fn refuse_newer(db: &Connection, path: &Path) -> Result<i64, StoreError> {
    let found: i64 = db
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(|source| StoreError::Damaged { path: path.to_owned(), source })?;
    let known = schema::MIGRATIONS.len() as i64;
    if found > known { Err(StoreError::Newer { path: path.to_owned(), found, known }) } else { Ok(found) }
}

/// What leads from that version to the one after it.
fn next_step(found: i64) -> Option<&'static str> {
    schema::MIGRATIONS.get(usize::try_from(found).unwrap_or(0)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_that_bring_a_store_up_to_date_at_once_both_end_well() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db");
        let first = Connection::open(&path).unwrap();
        first.pragma_update(None, "journal_mode", "WAL").unwrap();
        first.execute_batch("BEGIN IMMEDIATE").unwrap();
        let second = std::thread::spawn({
            let path = path.clone();
            move || Store::open(&path).map(|store| store.is_settled().unwrap())
        });
        // Time for the second to see the old version and to wait for the first.
        std::thread::sleep(std::time::Duration::from_millis(300));
        schema::MIGRATIONS.iter().for_each(|sql| first.execute_batch(sql).unwrap());
        first.pragma_update(None, "user_version", schema::MIGRATIONS.len() as i64).unwrap();
        first.execute_batch("COMMIT").unwrap();
        assert!(second.join().unwrap().unwrap());
    }

    #[test]
    fn an_older_store_is_copied_at_the_version_it_has() {
        let folder = tempfile::tempdir().unwrap();
        let (path, copy) = (folder.path().join("x.db"), folder.path().join("copy.db"));
        let version = |path: &Path| -> i64 {
            Connection::open(path).unwrap().pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
        };
        assert!(Store::open_as_it_is(&path).unwrap().is_none());
        let old = Connection::open(&path).unwrap();
        old.execute_batch(schema::MIGRATIONS[0]).unwrap();
        old.pragma_update(None, "user_version", 1).unwrap();
        Store::open_as_it_is(&path).unwrap().unwrap().backup(&copy).unwrap();
        assert_eq!((version(&path), version(&copy)), (1, 1));
        old.pragma_update(None, "user_version", 99).unwrap();
        assert!(matches!(Store::open_as_it_is(&path), Err(StoreError::Newer { .. })));
    }

    #[test]
    fn documents_with_unsure_events_of_an_older_store_are_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db");
        let old = Connection::open(&path).unwrap();
        let before = schema::MIGRATIONS.iter().position(|sql| sql.contains("CREATE TABLE waiting")).unwrap();
        schema::MIGRATIONS[..before].iter().for_each(|sql| old.execute_batch(sql).unwrap());
        old.pragma_update(None, "user_version", before as i64).unwrap();
        let insert = "INSERT INTO document (source, key, hash, version, first_seen, bytes, reading, reading_rules) VALUES ('a', ?1, '', '', '', x'', ?2, '3/abc until x')";
        old.execute(insert, ["sure", "{}"]).unwrap();
        old.execute(insert, ["unsure", "{\"unsure\": [{}], \"skipped\": \"x\"}"]).unwrap();
        let db = Store::open(&path).unwrap().db;
        let mut query = db.prepare("SELECT reading_rules || ' ' || reading FROM document ORDER BY key").unwrap();
        let rows: Vec<String> = query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        assert_eq!(rows, ["3/abc until x {}", "0/abc until x {\"skipped\":\"x\"}"]);
    }

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
