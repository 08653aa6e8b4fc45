//! What is taken out for good when somebody asks for it, and how that is remembered without its words.

use super::board::Shown;
use super::{Store, StoreError};
use crate::model::*;
use rusqlite::params;
use std::collections::BTreeSet;

/// Under which names the store keeps the salt of forgotten names, and that the file still holds words that were deleted.
const SALT: &str = "salt";
const UNSCRUBBED: &str = "unscrubbed";

/// What a name leads to, whether it is on the board or not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// Events.
    pub events: BTreeSet<EventId>,
    /// Posts.
    pub posts: BTreeSet<PostId>,
}

/// The event at each place of a document, and the post at each.
pub type ToldIn = (Vec<Option<EventId>>, Vec<Option<PostId>>);

impl Store {
    /// The hashed names of what was forgotten.
    pub fn forgotten(&self) -> Result<Forgotten, StoreError> {
        let Some(salt) = self.meta(SALT)? else { return Ok(Forgotten::default()) };
        let mut query = self.db.prepare_cached("SELECT hash, deed FROM forgotten")?;
        let hashes = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        Ok(Forgotten { salt, hashes })
    }

    /// Remembers that what has these names was forgotten, all in one deed.
    pub fn remember_forgotten(&self, names: &BTreeSet<String>) -> Result<Forgotten, StoreError> {
        if self.meta(SALT)?.is_none() {
            let salt: String = self.db.query_row("SELECT lower(hex(randomblob(16)))", [], |row| row.get(0))?;
            self.set_meta(SALT, &salt)?;
        }
        let forgotten = self.forgotten()?;
        let deed: u32 = self.db.query_row("SELECT coalesce(max(deed), 0) + 1 FROM forgotten", [], |row| row.get(0))?;
        for name in names {
            self.keep_forgotten(&forgotten.hash(name), deed)?;
        }
        self.forgotten()
    }

    /// Takes over what another store has forgotten.
    pub fn set_forgotten(&self, forgotten: &Forgotten) -> Result<(), StoreError> {
        if forgotten.hashes.is_empty() {
            return Ok(());
        }
        self.set_meta(SALT, &forgotten.salt)?;
        forgotten.hashes.iter().try_for_each(|(hash, deed)| self.keep_forgotten(hash, *deed))
    }

    /// Keeps one hash of a forgotten name.
    fn keep_forgotten(&self, hash: &str, deed: u32) -> Result<(), StoreError> {
        self.db.prepare_cached("INSERT OR IGNORE INTO forgotten VALUES (?1, ?2)")?.execute(params![hash, deed])?;
        Ok(())
    }

    /// Lets everything in again that was forgotten together with something of such a name; answers in how many deeds it was.
    /// As nobody knows where it came from, all sources are asked anew.
    pub fn let_in_again(&self, names: &BTreeSet<String>) -> Result<usize, StoreError> {
        let forgotten = self.forgotten()?;
        let deeds: BTreeSet<u32> = names.iter().flat_map(|name| forgotten.deeds(name).collect::<Vec<_>>()).collect();
        for deed in &deeds {
            self.db.prepare_cached("DELETE FROM forgotten WHERE deed = ?1")?.execute([deed])?;
        }
        if !deeds.is_empty() {
            self.db.execute_batch(
                "UPDATE document SET hash = '', version = '', validators = NULL WHERE length(bytes) = 0;
                 UPDATE source SET etag = NULL, last_modified = NULL, next_due = NULL;",
            )?;
        }
        Ok(deeds.len())
    }

    /// The events and posts, living or not, whose id begins so, or that a source calls by this UID, guid, path or address.
    pub fn named(&self, what: &str) -> Result<Named, StoreError> {
        let what = what.trim().trim_start_matches("urn:uuid:");
        // A page of the board ends in the beginning of the id: `…/events/autumn-walk-1a2b3c4d/`.
        let of_page = web_url(what).and_then(|url| {
            let last = url.path().trim_end_matches('/').rsplit(['/', '-']).next()?.to_owned();
            (last.len() == 8 && last.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(last)
        });
        let mut names = vec![format!("uid:{what}"), format!("guid:{what}"), format!("path:{what}")];
        names.extend(web_url(what).map(|url| Key::url(&url).text()));
        let find = |table: &str, alias: &str, column: &str| -> Result<BTreeSet<String>, StoreError> {
            let mut ids = BTreeSet::new();
            let by_id = format!("SELECT id FROM {table} WHERE substr(id, 1, length(?1)) = ?1");
            for beginning in [Some(what), of_page.as_deref()].into_iter().flatten().filter(|text| text.len() >= 4) {
                ids.extend(self.names(&by_id, beginning)?);
            }
            for name in &names {
                ids.extend(self.names(&format!("SELECT {column} FROM {alias} WHERE key = ?1"), name)?);
            }
            Ok(ids)
        };
        let events = find("event", "alias", "event")?.iter().map(|id| EventId::from_text(id)).collect();
        let posts = find("post", "post_alias", "post")?.iter().map(|id| PostId::from_text(id)).collect();
        Ok(Named { events, posts })
    }

    /// Every name by which sources ever called an event: (source, key text).
    pub fn aliases_of_event(&self, id: &EventId) -> Result<Vec<(SourceId, String)>, StoreError> {
        self.pairs("SELECT source, key FROM alias WHERE event = ?1", id.as_str())
    }

    /// Every name by which sources ever called a post: (source, key text).
    pub fn aliases_of_post(&self, id: &PostId) -> Result<Vec<(SourceId, String)>, StoreError> {
        self.pairs("SELECT source, key FROM post_alias WHERE post = ?1", id.as_str())
    }

    fn pairs(&self, sql: &str, id: &str) -> Result<Vec<(SourceId, String)>, StoreError> {
        let mut query = self.db.prepare_cached(sql)?;
        let rows = query.query_map([id], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
        let rows: Vec<(String, String)> = rows.collect::<Result<_, _>>()?;
        Ok(rows.into_iter().filter_map(|(source, key)| Some((SourceId::new(&source)?, key))).collect())
    }

    /// Which event the sighting at each place of a document is part of, and which post is told at each.
    pub fn told_in(&self, document: i64) -> Result<ToldIn, StoreError> {
        let list = |sql: &str| -> Result<Vec<(usize, Option<String>)>, StoreError> {
            let mut query = self.db.prepare_cached(sql)?;
            let rows = query.query_map([document], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        };
        let mut events = vec![None; self.count_sightings(document)?];
        for (at, id) in list("SELECT at, event FROM member WHERE document = ?1")? {
            if let Some(place) = events.get_mut(at) {
                *place = id.map(|id| EventId::from_text(&id));
            }
        }
        let posts = list("SELECT at, post FROM post_told WHERE document = ?1 ORDER BY at")?;
        Ok((events, posts.into_iter().map(|(_, id)| id.map(|id| PostId::from_text(&id))).collect()))
    }

    /// The documents that tell of an event.
    pub fn documents_of_event(&self, id: &EventId) -> Result<Vec<DocumentKey>, StoreError> {
        let sql =
            "SELECT DISTINCT source, key FROM member JOIN document ON document.id = member.document WHERE event = ?1";
        let keys = self.pairs(sql, id.as_str())?;
        Ok(keys.into_iter().map(|(source, key)| DocumentKey { source, key }).collect())
    }

    /// The documents that tell a post.
    pub fn documents_of_post(&self, id: &PostId) -> Result<Vec<DocumentKey>, StoreError> {
        let sql = "SELECT DISTINCT source, key FROM post_told JOIN document ON document.id = post_told.document WHERE post = ?1";
        let keys = self.pairs(sql, id.as_str())?;
        Ok(keys.into_iter().map(|(source, key)| DocumentKey { source, key }).collect())
    }

    /// The events and posts that a source tells or told.
    pub fn told_by(&self, source: &SourceId) -> Result<Named, StoreError> {
        let events = self.names(
            "SELECT event FROM event_source WHERE source = ?1 UNION SELECT event FROM alias WHERE source = ?1",
            source.as_str(),
        )?;
        let posts = self.names(
            "SELECT post FROM post_source WHERE source = ?1 UNION SELECT post FROM post_alias WHERE source = ?1",
            source.as_str(),
        )?;
        Ok(Named {
            events: events.iter().map(|id| EventId::from_text(id)).collect(),
            posts: posts.iter().map(|id| PostId::from_text(id)).collect(),
        })
    }

    /// True for an event that is on the board.
    pub fn is_living_event(&self, id: &EventId) -> Result<bool, StoreError> {
        Ok(self.db.prepare_cached("SELECT 1 FROM event WHERE id = ?1 AND living = 1")?.exists([id.as_str()])?)
    }

    /// True for a post that is on the board or in a slice.
    pub fn is_living_post(&self, id: &PostId) -> Result<bool, StoreError> {
        Ok(self.db.prepare_cached("SELECT 1 FROM post WHERE id = ?1 AND living = 1")?.exists([id.as_str()])?)
    }

    /// Takes an event out of the store, its names too; answers with the parts of the board that showed it.
    pub fn erase_event(&self, id: &EventId) -> Result<BTreeSet<Shown>, StoreError> {
        let shown = self.shown_event(id)?;
        let tags = self.names("SELECT tag FROM event_tag WHERE event = ?1", id.as_str())?;
        for (table, column) in [
            ("event", "id"),
            ("member", "event"),
            ("alias", "event"),
            ("event_tag", "event"),
            ("event_source", "event"),
            ("matched", "event"),
            ("revised", "event"),
        ] {
            self.db.execute(&format!("DELETE FROM {table} WHERE {column} = ?1"), [id.as_str()])?;
        }
        self.set_problems(&format!("event {id}"), &[])?;
        self.erase_slices(&tags)?;
        Ok(shown)
    }

    /// Takes a post out of the store, its names too; answers with the parts of the board that showed it.
    pub fn erase_post(&self, id: &PostId) -> Result<BTreeSet<Shown>, StoreError> {
        let shown = self.shown_post(id)?;
        let tags = self.names("SELECT tag FROM post_tag WHERE post = ?1", id.as_str())?;
        for (table, column) in [("post", "id"), ("post_alias", "post"), ("post_tag", "post"), ("post_source", "post")] {
            self.db.execute(&format!("DELETE FROM {table} WHERE {column} = ?1"), [id.as_str()])?;
        }
        self.erase_slices(&tags)?;
        Ok(shown)
    }

    /// Slices of tags that nothing else ever had.
    fn erase_slices(&self, tags: &[String]) -> Result<(), StoreError> {
        for tag in tags {
            self.db.execute(
                "DELETE FROM slice WHERE tag = ?1 AND NOT EXISTS (SELECT 1 FROM event_tag WHERE event_tag.tag = ?1)
                 AND NOT EXISTS (SELECT 1 FROM post_tag WHERE post_tag.tag = ?1)",
                [tag],
            )?;
        }
        Ok(())
    }

    /// Takes away the bytes of a document; what was read of it stays.
    pub fn erase_bytes(&self, key: &DocumentKey) -> Result<(), StoreError> {
        self.db
            .prepare_cached("UPDATE document SET bytes = x'' WHERE source = ?1 AND key = ?2")?
            .execute([key.source.as_str(), &key.key])?;
        Ok(())
    }

    /// Takes away the names by which a source called things, and how it answered.
    pub fn erase_source(&self, source: &SourceId) -> Result<(), StoreError> {
        for table in ["alias", "post_alias"] {
            self.db.execute(&format!("DELETE FROM {table} WHERE source = ?1"), [source.as_str()])?;
        }
        self.set_problems(&format!("source {source}"), &[])?;
        self.set_problems(&format!("fetch {source}"), &[])?;
        self.forget_source(source)
    }

    /// Forgets what was told of problems that stand no more, without telling that they are gone.
    pub fn erase_told(&self) -> Result<(), StoreError> {
        Ok(self.db.execute_batch("DELETE FROM told WHERE identity NOT IN (SELECT identity FROM problem)")?)
    }

    /// From here on, what is deleted is overwritten, and [`Store::scrub`] has something to do.
    pub fn begin_erasing(&self) -> Result<(), StoreError> {
        self.db.execute_batch("PRAGMA secure_delete = ON")?;
        Ok(())
    }

    /// Notes within a transaction that what it deletes is to be gone from the file as well.
    pub fn note_unscrubbed(&self) -> Result<(), StoreError> {
        self.set_meta(UNSCRUBBED, "1")
    }

    /// Writes the file anew without what was deleted, where that is still to be done.
    pub fn scrub(&self) -> Result<(), StoreError> {
        if self.meta(UNSCRUBBED)?.is_some() {
            self.db.execute_batch("PRAGMA secure_delete = ON; VACUUM; PRAGMA wal_checkpoint(TRUNCATE);")?;
            self.clear_meta(UNSCRUBBED)?;
        }
        Ok(())
    }
}
