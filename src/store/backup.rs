//! A copy of the store while it is in use, and room given back.

use super::{Store, StoreError};
use chrono::NaiveDate;
use std::io;
use std::path::{Path, PathBuf};

/// Room in the file that is less than this is soon filled again: 16 MiB.
const WORTH_IT: i64 = 16 * 1024 * 1024;

/// Under which name the store keeps the day on which it last could not be made smaller.
const NO_ROOM: &str = "no room to shrink";

impl Store {
    /// Writes a whole copy of the store as it is at this moment into a new file. A run may be at work: what it commits later is not in it.
    pub fn backup(&self, path: &Path) -> Result<(), StoreError> {
        let failed = |why: String| StoreError::Backup { path: path.to_owned(), why };
        let is_taken = || {
            failed("a file is there already\n  hint: name one that isn't, such as one with the day in it".to_owned())
        };
        if path.symlink_metadata().is_ok() {
            return Err(is_taken());
        }
        let part = part_of(path);
        // What a copy that was killed has left.
        let _ = std::fs::remove_file(&part);
        let copied =
            self.db.execute("VACUUM INTO ?1", [part.to_string_lossy()]).map_err(|error| failed(error.to_string()));
        let written = copied.and_then(|_| {
            let whole = std::fs::File::open(&part).and_then(|file| file.sync_all());
            whole.and_then(|()| put(&part, path)).map_err(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => is_taken(),
                _ => failed(error.to_string()),
            })
        });
        let _ = std::fs::remove_file(&part);
        written
    }

    /// Gives room back to the disk when more than half of the file is free, as after sources were removed. It takes about a second for each
    /// 100 MB that are left, and needs that much room beside it: without it the file stays as it is, and a whole day
    /// passes before the next try.
    pub fn shrink(&self, today: NaiveDate) -> Result<bool, StoreError> {
        let number = |pragma| self.db.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
        let (free, pages, size) = (number("freelist_count")?, number("page_count")?, number("page_size")?);
        if free.saturating_mul(size) < WORTH_IT || free * 2 < pages {
            return Ok(false);
        }
        let today = today.to_string();
        if self.meta(NO_ROOM)?.as_ref() == Some(&today) {
            return Ok(false);
        }
        let is_done = self.db.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);").is_ok();
        if !is_done {
            // On a disk that is full not even this may be possible.
            let _ = self.set_meta(NO_ROOM, &today);
        }
        Ok(is_done)
    }
}

/// Gives the whole copy its name. Unlike renaming, linking never replaces a file that has come in between.
fn put(part: &Path, path: &Path) -> io::Result<()> {
    match std::fs::hard_link(part, path) {
        // FAT and many network mounts know no links.
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => put_without_links(part, path),
        done => done,
    }
}

/// Takes the name first, so that only our own empty file is replaced.
fn put_without_links(part: &Path, path: &Path) -> io::Result<()> {
    std::fs::File::create_new(path)?;
    std::fs::rename(part, path).inspect_err(|_| {
        let _ = std::fs::remove_file(path);
    })
}

/// The file beside it that is written first.
fn part_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_whole_though_somebody_is_writing() {
        let folder = tempfile::tempdir().unwrap();
        let (path, copy) = (folder.path().join("x.db"), folder.path().join("copy.db"));
        let (store, other) = (Store::open(&path).unwrap(), Store::open(&path).unwrap());
        store.set_meta("kept", "yes").unwrap();
        other.begin().unwrap();
        other.set_meta("open", "yes").unwrap();
        store.backup(&copy).unwrap();
        let restored = Store::open(&copy).unwrap();
        assert_eq!(restored.meta("kept").unwrap().as_deref(), Some("yes"));
        assert_eq!(restored.meta("open").unwrap(), None, "what is not committed is not copied");
        other.commit().unwrap();
        let error = store.backup(&copy).unwrap_err().to_string();
        assert!(error.contains("copy.db") && error.contains("hint:"), "{error}");
        assert_eq!(Store::open(&copy).unwrap().meta("open").unwrap(), None, "what is there is not replaced");
        assert!(!part_of(&copy).exists());
    }

    #[test]
    fn where_there_are_no_links_a_copy_gets_its_name_and_replaces_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let (part, copy) = (folder.path().join("copy.db.part"), folder.path().join("copy.db"));
        std::fs::write(&part, "whole").unwrap();
        put_without_links(&part, &copy).unwrap();
        assert_eq!(std::fs::read_to_string(&copy).unwrap(), "whole");
        std::fs::write(&part, "another").unwrap();
        assert_eq!(put_without_links(&part, &copy).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read_to_string(&copy).unwrap(), "whole");
        std::fs::remove_file(&part).unwrap();
        assert!(put_without_links(&part, &folder.path().join("b.db")).is_err());
        assert!(!folder.path().join("b.db").exists(), "no empty file is left");
    }

    #[test]
    fn room_is_given_back_when_much_is_free() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db");
        let store = Store::open(&path).unwrap();
        store.set_meta("small", "stays").unwrap();
        store.set_meta("big", &"x".repeat(40_000_000)).unwrap();
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert!(!store.shrink(day("2026-11-28")).unwrap(), "nothing is free yet");
        store.clear_meta("big").unwrap();
        store.begin().unwrap();
        assert!(!store.shrink(day("2026-11-28")).unwrap(), "not within a transaction");
        store.commit().unwrap();
        assert!(!store.shrink(day("2026-11-28")).unwrap(), "not tried again on the same day");
        assert!(store.shrink(day("2026-11-29")).unwrap());
        assert!(std::fs::metadata(&path).unwrap().len() < 1_000_000);
        assert_eq!(store.meta("small").unwrap().as_deref(), Some("stays"));
    }

    #[test]
    fn damage_that_is_found_later_tells_the_same_way_out_as_damage_found_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db");
        let store = Store::open(&path).unwrap();
        for n in 0..2_000 {
            store.set_meta(&format!("name-{n}"), &"x".repeat(500)).unwrap();
        }
        store.db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE);").unwrap();
        drop(store);
        let mut bytes = std::fs::read(&path).unwrap();
        let half = bytes.len() / 2;
        bytes.iter_mut().skip(half).for_each(|byte| *byte = 0xA5);
        std::fs::write(&path, bytes).unwrap();
        let store = Store::open(&path).unwrap();
        let error = (0..2_000).find_map(|n| store.meta(&format!("name-{n}")).err()).unwrap().to_string();
        assert!(
            error.contains("damaged") && error.contains("hint: restore a copy (`noticeboard store backup`"),
            "{error}"
        );
    }
}
