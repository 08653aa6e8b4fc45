//! Documents, what was read of them, and what that touches.

use super::{Store, StoreError};
use crate::merge::{block_keys, group_keys, names};
use crate::model::*;
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, params};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};

/// A kept document.
#[derive(Debug, Clone)]
pub struct KeptDocument {
    /// Its row.
    pub id: i64,
    /// Its name.
    pub key: DocumentKey,
    /// SHA-256 of its bytes.
    pub hash: String,
    /// By which rules it was read.
    pub reading_rules: String,
    /// What was read.
    pub reading: Reading,
    /// The file is gone, its events are not yet.
    pub gone: bool,
}

/// SHA-256 in hexadecimal.
pub(crate) fn hash(bytes: &[u8]) -> String {
    let digits = |byte: &u8| [byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16).unwrap_or('0'));
    Sha256::digest(bytes).iter().flat_map(digits).collect()
}

impl Store {
    /// Document key → version, of everything a source has.
    pub fn versions(&self, source: &SourceId) -> Result<BTreeMap<String, String>, StoreError> {
        let mut query = self.db.prepare_cached("SELECT key, version FROM document WHERE source = ?1 AND gone = 0")?;
        let rows = query.query_map([source.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// When a document was first seen.
    pub fn first_seen(&self, key: &DocumentKey) -> Result<Option<DateTime<Utc>>, StoreError> {
        let mut query = self.db.prepare_cached("SELECT first_seen FROM document WHERE source = ?1 AND key = ?2")?;
        let text: Option<String> = query.query_row([key.source.as_str(), &key.key], |row| row.get(0)).optional()?;
        Ok(text.and_then(|text| text.parse().ok()))
    }

    /// A kept document with its reading.
    pub fn document(&self, key: &DocumentKey) -> Result<Option<KeptDocument>, StoreError> {
        let mut query = self.db.prepare_cached(
            "SELECT id, hash, reading_rules, reading, gone FROM document WHERE source = ?1 AND key = ?2",
        )?;
        let row = query.query_row([key.source.as_str(), &key.key], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get::<_, String>(3)?, row.get(4)?))
        });
        let Some((id, hash, reading_rules, reading, gone)) = row.optional()? else { return Ok(None) };
        let frame: Reading = serde_json::from_str(&reading)?;
        // What is missing is kept among the others: it was approved.
        let is_unsure = |sighting: &Sighting| sighting.unsure && sighting.missing == 0;
        let (unsure, sightings) = self.pieces(id)?.into_iter().partition(is_unsure);
        let reading = Reading { posts: self.pieces(id)?, sightings, unsure, ..frame };
        Ok(Some(KeptDocument { id, key: key.clone(), hash, reading_rules, reading, gone }))
    }

    /// The document itself, as it was last fetched; none where it tells what was forgotten. Fails with [`StoreError::Unpackable`] where only this copy is damaged.
    pub fn last_good(&self, key: &DocumentKey) -> Result<Option<Document>, StoreError> {
        let mut query = self.db.prepare_cached(
            "SELECT version, media_type, url, first_seen, bytes FROM document WHERE source = ?1 AND key = ?2",
        )?;
        let row = query.query_row([key.source.as_str(), &key.key], |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, Option<String>>(1)?,
                row.get::<_, Option<String>>(2)?,
                row.get::<_, String>(3)?,
                row.get::<_, Vec<u8>>(4)?,
            ))
        });
        let Some((version, media_type, url, first_seen, packed)) = row.optional()? else { return Ok(None) };
        if packed.is_empty() {
            return Ok(None);
        }
        Ok(Some(Document {
            source: key.source.clone(),
            key: key.key.clone(),
            url: url.and_then(|url| url.parse().ok()),
            media_type,
            bytes: unpack(&packed).map_err(|_| StoreError::Unpackable)?,
            version,
            first_seen: first_seen.parse().ok(),
        }))
    }

    /// Forgets by what the origin would tell that a document has not changed, so that it is sent whole once more.
    pub fn forget_version(&self, key: &DocumentKey) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "UPDATE document SET hash = '', version = '', validators = NULL WHERE source = ?1 AND key = ?2",
            )?
            .execute([key.source.as_str(), &key.key])?;
        self.db
            .prepare_cached("UPDATE source SET etag = NULL, last_modified = NULL, next_due = NULL WHERE id = ?1")?
            .execute([key.source.as_str()])?;
        Ok(())
    }

    /// The documents of a source that are suspected to say nothing by accident.
    pub fn suspected(&self, source: &SourceId) -> Result<Vec<DocumentKey>, StoreError> {
        let mut query = self.db.prepare_cached(
            "SELECT key FROM document WHERE source = ?1 AND json_extract(reading, '$.suspicion.believed') = 0 ORDER BY key",
        )?;
        let rows = query.query_map([source.as_str()], |row| row.get(0))?;
        Ok(rows.map(|row| row.map(|key| DocumentKey { source: source.clone(), key })).collect::<Result<_, _>>()?)
    }

    /// Forgets that a document is suspected: it says again what it said before.
    pub fn clear_suspicion(&self, key: &DocumentKey) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "UPDATE document SET reading = json_remove(reading, '$.suspicion') WHERE source = ?1 AND key = ?2",
            )?
            .execute([key.source.as_str(), &key.key])?;
        Ok(())
    }

    /// The documents of a source of which something could not be read.
    pub fn unread(&self, source: &SourceId) -> Result<Vec<DocumentKey>, StoreError> {
        let mut query = self.db.prepare_cached(
            "SELECT key FROM document WHERE source = ?1 AND gone = 0 AND EXISTS
             (SELECT 1 FROM json_each(reading, '$.problems') WHERE json_extract(value, '$.kind') = 'read') ORDER BY key",
        )?;
        let rows = query.query_map([source.as_str()], |row| row.get(0))?;
        Ok(rows.map(|row| row.map(|key| DocumentKey { source: source.clone(), key })).collect::<Result<_, _>>()?)
    }

    /// Notes that the origin has another name for bytes that are the same.
    pub fn note_version(&self, key: &DocumentKey, version: &str) -> Result<(), StoreError> {
        self.db
            .prepare_cached("UPDATE document SET version = ?3 WHERE source = ?1 AND key = ?2 AND version <> ?3")?
            .execute([key.source.as_str(), &key.key, version])?;
        Ok(())
    }

    /// Document key → what was noted of it with [`Store::note_validators`].
    pub fn validators(&self, source: &SourceId) -> Result<BTreeMap<String, String>, StoreError> {
        let sql = "SELECT key, validators FROM document WHERE source = ?1 AND gone = 0 AND validators IS NOT NULL";
        let mut query = self.db.prepare_cached(sql)?;
        let rows = query.query_map([source.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Notes by what a document's origin tells next time whether it has changed.
    pub fn note_validators(&self, key: &DocumentKey, validators: &str) -> Result<(), StoreError> {
        self.db.prepare_cached("UPDATE document SET validators = ?3 WHERE source = ?1 AND key = ?2")?.execute([
            key.source.as_str(),
            &key.key,
            validators,
        ])?;
        Ok(())
    }

    /// Keeps a document with what was read of it, and marks what that touches.
    pub fn keep(
        &self,
        document: &Document,
        hash: &str,
        reading: &Reading,
        reading_rules: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let first_seen = document.first_seen.unwrap_or(now).to_rfc3339();
        self.db
            .prepare_cached(
                "INSERT INTO document (source, key, hash, version, media_type, url, first_seen, bytes, reading, reading_rules)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, '{}', '')
                 ON CONFLICT (source, key) DO UPDATE SET hash = ?3, version = ?4, media_type = ?5, url = ?6, bytes = ?8, gone = 0",
            )?
            .execute(params![
                document.source.as_str(),
                document.key,
                hash,
                document.version,
                document.media_type,
                document.url.as_ref().map(|url| url.as_str()),
                first_seen,
                pack(&document.bytes),
            ])?;
        let key = DocumentKey { source: document.source.clone(), key: document.key.clone() };
        self.replace_reading(&key, reading, reading_rules, false)
    }

    /// Notes an answer of which nothing could be read: the last good document stays, and what was read of it.
    pub fn keep_unread(
        &self,
        document: &Document,
        hash: &str,
        reading: &Reading,
        reading_rules: &str,
    ) -> Result<(), StoreError> {
        let key = DocumentKey { source: document.source.clone(), key: document.key.clone() };
        self.db
            .prepare_cached("UPDATE document SET hash = ?3, version = ?4, gone = 0 WHERE source = ?1 AND key = ?2")?
            .execute([key.source.as_str(), &key.key, hash, &document.version])?;
        self.replace_reading(&key, reading, reading_rules, false)
    }

    /// Replaces what was read of a kept document, and marks what that touches.
    pub fn replace_reading(
        &self,
        key: &DocumentKey,
        reading: &Reading,
        reading_rules: &str,
        upgraded: bool,
    ) -> Result<(), StoreError> {
        let id: i64 = self
            .db
            .prepare_cached("SELECT id FROM document WHERE source = ?1 AND key = ?2")?
            .query_row([key.source.as_str(), &key.key], |row| row.get(0))?;
        self.touch(id, upgraded)?;
        let missing = reading.sightings.iter().any(|sighting| sighting.missing > 0);
        self.db
            .prepare_cached("UPDATE document SET reading = ?2, reading_rules = ?3, missing = ?4 WHERE id = ?1")?
            .execute(params![id, serde_json::to_string(&reading.frame())?, reading_rules, missing])?;
        self.set_pieces(id, reading.posts.iter())?;
        self.set_pieces(id, reading.all_sightings())?;
        self.db.prepare_cached("DELETE FROM offer WHERE document = ?1")?.execute([id])?;
        if let Some(offer) = &reading.offer {
            let json = serde_json::to_string(offer)?;
            self.db.prepare_cached("INSERT INTO offer VALUES (?1, ?2)")?.execute(params![id, json])?;
        }
        self.index(id, key, reading)
    }

    /// What a page offers to read in its stead.
    pub fn offer(&self, key: &DocumentKey) -> Result<Option<Offer>, StoreError> {
        let mut query = self.db.prepare_cached(
            "SELECT json FROM document JOIN offer ON offer.document = document.id WHERE source = ?1 AND key = ?2",
        )?;
        let json: Option<String> = query.query_row([key.source.as_str(), &key.key], |row| row.get(0)).optional()?;
        Ok(json.map(|json| serde_json::from_str(&json)).transpose()?)
    }

    /// Takes a document away for good: its source was removed. Ids stay in the aliases.
    pub fn drop_document(&self, key: &DocumentKey) -> Result<(), StoreError> {
        let Some(kept) = self.document(key)? else { return Ok(()) };
        self.replace_reading(key, &Reading::default(), "", false)?;
        self.db.prepare_cached("DELETE FROM document WHERE id = ?1")?.execute([kept.id])?;
        self.forget_named(kept.id, 0)
    }

    /// A document of the same source and the same bytes that is new in this run: what `kept` has become, if that is gone.
    pub fn new_with_bytes(&self, kept: &KeptDocument) -> Result<Option<KeptDocument>, StoreError> {
        let mut query = self.db.prepare_cached(
            "SELECT key FROM document JOIN touched ON touched.document = document.id
             WHERE source = ?1 AND hash = ?2 AND key <> ?3 AND gone = 0
               AND NOT EXISTS (SELECT 1 FROM member WHERE member.document = document.id)
               AND NOT EXISTS (SELECT 1 FROM post_told WHERE post_told.document = document.id AND post IS NOT NULL)
             ORDER BY key LIMIT 1",
        )?;
        let key: Option<String> =
            query.query_row([kept.key.source.as_str(), &kept.hash, &kept.key.key], |row| row.get(0)).optional()?;
        match key {
            Some(key) => self.document(&DocumentKey { source: kept.key.source.clone(), key }),
            None => Ok(None),
        }
    }

    /// Lets the names in a moved document lead to the events and posts that it told under its old name.
    pub fn hand_over(&self, old: &KeptDocument, new: &KeptDocument) -> Result<(), StoreError> {
        let source = old.key.source.as_str();
        let add = |table: &str, value: &str, old: &[Key], new: &[Key]| -> Result<(), StoreError> {
            for key in new {
                let sql = format!(
                    "INSERT OR IGNORE INTO {table} SELECT source, ?3, {value} FROM {table} WHERE source = ?1 AND key = ?2"
                );
                for known in old {
                    self.db.prepare_cached(&sql)?.execute([source, &known.text(), &key.text()])?;
                }
            }
            Ok(())
        };
        for (old, new) in old.reading.sightings.iter().zip(&new.reading.sightings) {
            add("alias", "event", &old.keys, &new.keys)?;
        }
        for ((old, _), (new, _)) in old.reading.posts.iter().zip(&new.reading.posts) {
            add("post_alias", "post", old, new)?;
        }
        Ok(())
    }

    /// True if another document that the source still has tells of the same event, by a name that leads across documents.
    pub fn is_told_elsewhere(&self, kept: &KeptDocument, sighting: &Sighting) -> Result<bool, StoreError> {
        let mut query = self.db.prepare_cached(
            "SELECT 1 FROM block JOIN document ON document.id = block.document
             WHERE block.key = ?1 AND document.source = ?2 AND document.id <> ?3 AND gone = 0",
        )?;
        for key in names(&kept.key.source, sighting) {
            if query.exists(params![key, kept.key.source.as_str(), kept.id])? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Marks a document whose file is no longer there.
    pub fn mark_gone(&self, key: &DocumentKey) -> Result<(), StoreError> {
        self.db
            .prepare_cached("UPDATE document SET gone = 1, version = '' WHERE source = ?1 AND key = ?2")?
            .execute([key.source.as_str(), &key.key])?;
        Ok(())
    }

    /// The keys of all documents of a source, those that are gone too.
    pub fn documents_of(&self, source: &SourceId) -> Result<Vec<(DocumentKey, bool)>, StoreError> {
        let mut query = self.db.prepare_cached("SELECT key, gone FROM document WHERE source = ?1 ORDER BY key")?;
        let rows = query.query_map([source.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let key = |(key, gone)| (DocumentKey { source: source.clone(), key }, gone);
        Ok(rows.map(|row| row.map(key)).collect::<Result<_, _>>()?)
    }

    /// All documents that were not read by `rules`.
    pub fn read_otherwise(&self, source: &SourceId, rules: &str) -> Result<Vec<DocumentKey>, StoreError> {
        let mut query = self
            .db
            .prepare_cached("SELECT key FROM document WHERE source = ?1 AND reading_rules <> ?2 ORDER BY key")?;
        let rows = query.query_map([source.as_str(), rules], |row| row.get(0))?;
        Ok(rows.map(|row| row.map(|key| DocumentKey { source: source.clone(), key })).collect::<Result<_, _>>()?)
    }

    /// Documents that hold events which their source no longer has.
    pub fn with_missing(&self, source: &SourceId) -> Result<Vec<DocumentKey>, StoreError> {
        let mut query =
            self.db.prepare_cached("SELECT key FROM document WHERE source = ?1 AND missing = 1 ORDER BY key")?;
        let rows = query.query_map([source.as_str()], |row| row.get(0))?;
        Ok(rows.map(|row| row.map(|key| DocumentKey { source: source.clone(), key })).collect::<Result<_, _>>()?)
    }

    /// What the configuration files among a source's documents tell of its site, all together.
    pub fn site_of(&self, source: &SourceId) -> Result<SiteConfig, StoreError> {
        let keys: Vec<String> = SiteConfig::keys().map(|key| format!("'{key}'")).collect();
        let sql = format!(
            "SELECT reading FROM document WHERE source = ?1 AND gone = 0 AND key IN ({}) ORDER BY key",
            keys.join(", ")
        );
        let mut query = self.db.prepare_cached(&sql)?;
        let readings = query.query_map([source.as_str()], |row| row.get::<_, String>(0))?;
        let mut site = SiteConfig::default();
        for reading in readings {
            site = site.and(serde_json::from_str::<Reading>(&reading?)?.site.unwrap_or_default());
        }
        Ok(site)
    }

    /// How many documents a source has, not counting those that are gone.
    pub fn count_documents(&self, source: &SourceId) -> Result<usize, StoreError> {
        let mut query = self.db.prepare_cached("SELECT count(*) FROM document WHERE source = ?1 AND gone = 0")?;
        Ok(query.query_row([source.as_str()], |row| row.get::<_, i64>(0))? as usize)
    }

    /// Marks a document and the blocks it was part of until now as not settled.
    pub(super) fn touch(&self, id: i64, upgraded: bool) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "INSERT INTO touched (document, upgraded) VALUES (?1, ?2) ON CONFLICT (document) DO UPDATE SET upgraded = min(upgraded, ?2)",
            )?
            .execute(params![id, upgraded])?;
        self.db
            .prepare_cached("INSERT OR IGNORE INTO touched_key SELECT key FROM block WHERE document = ?1")?
            .execute([id])?;
        self.db
            .prepare_cached(
                "INSERT OR IGNORE INTO touched_key SELECT 'post:' || group_key FROM post_told WHERE document = ?1",
            )?
            .execute([id])?;
        Ok(())
    }

    /// Writes the indexes by which a reading is found.
    fn index(&self, id: i64, key: &DocumentKey, reading: &Reading) -> Result<(), StoreError> {
        self.db.prepare_cached("DELETE FROM block WHERE document = ?1")?.execute([id])?;
        let mut add = self.db.prepare_cached("INSERT INTO block VALUES (?1, ?2, ?3)")?;
        for (at, sighting) in reading.all_sightings().enumerate() {
            for block in block_keys(&key.source, sighting) {
                add.execute(params![id, at, block])?;
            }
        }
        self.db.prepare_cached("DELETE FROM post_told WHERE document = ?1")?.execute([id])?;
        let mut add = self.db.prepare_cached("INSERT INTO post_told (document, at, group_key) VALUES (?1, ?2, ?3)")?;
        for (index, group) in group_keys(&key.source, &reading.posts).into_iter().enumerate() {
            add.execute(params![id, index, group])?;
        }
        self.index_links(id, key, reading)?;
        self.set_problems(&format!("document {id}"), &reading.problems)
    }

    /// Pages that link to this one by a relative address are settled anew when it appears or goes.
    fn index_links(&self, id: i64, key: &DocumentKey, reading: &Reading) -> Result<(), StoreError> {
        let old: Option<String> = self
            .db
            .prepare_cached("SELECT key FROM address WHERE document = ?1")?
            .query_row([id], |row| row.get(0))
            .optional()?;
        let new = reading.address.as_ref().map(|url| Key::url(url).text());
        if old != new {
            self.db.prepare_cached("DELETE FROM address WHERE document = ?1")?.execute([id])?;
            if let Some(new) = &new {
                self.db.prepare_cached("INSERT INTO address VALUES (?1, ?2, ?3)")?.execute(params![
                    id,
                    key.source.as_str(),
                    new
                ])?;
            }
            for address in [old, new].into_iter().flatten() {
                let mut query = self.db.prepare_cached("SELECT document FROM wanted WHERE source = ?1 AND key = ?2")?;
                let linking: Vec<i64> = query
                    .query_map(params![key.source.as_str(), address], |row| row.get(0))?
                    .collect::<Result<_, _>>()?;
                for document in linking {
                    self.touch(document, false)?;
                }
            }
        }
        self.db.prepare_cached("DELETE FROM wanted WHERE document = ?1")?.execute([id])?;
        let wanted: BTreeSet<String> = reading
            .links
            .iter()
            .flat_map(|choice| [&choice.from_page, &choice.from_root])
            .map(|url| Key::url(url).text())
            .collect();
        for address in wanted {
            self.db.prepare_cached("INSERT INTO wanted VALUES (?1, ?2, ?3)")?.execute(params![
                id,
                key.source.as_str(),
                address
            ])?;
        }
        Ok(())
    }

    /// True if the source has a page of that canonical address.
    pub fn has_page(&self, source: &SourceId, url: &url::Url) -> Result<bool, StoreError> {
        let mut query = self.db.prepare_cached("SELECT 1 FROM address WHERE source = ?1 AND key = ?2")?;
        Ok(query.exists([source.as_str(), &Key::url(url).text()])?)
    }
}

fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    let done = packer.write_all(bytes).and_then(|()| packer.finish());
    done.unwrap_or_default()
}

fn unpack(packed: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    flate2::read::DeflateDecoder::new(packed).read_to_end(&mut bytes)?;
    Ok(bytes)
}
