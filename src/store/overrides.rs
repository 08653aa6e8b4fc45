//! What the maintainer's decisions name, what they touch when they change, and what waits for a decision.

use super::{Store, StoreError};
use crate::merge::{Changes, Waits};
use crate::model::*;
use rusqlite::{OptionalExtension, params};
use std::collections::BTreeSet;

/// A sighting that makes no event until a person has looked.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// The document that tells of it.
    pub document: DocumentKey,
    /// What it tells.
    pub sighting: Sighting,
    /// Why it waits.
    pub why: Waits,
    /// The name that stands for it alone.
    pub name: String,
}

impl Store {
    /// Notes by which names a sighting is called.
    pub(super) fn set_named(&self, document: i64, at: usize, named: &Named) -> Result<(), StoreError> {
        self.db.prepare_cached("DELETE FROM named WHERE document = ?1 AND at = ?2")?.execute(params![document, at])?;
        for name in named {
            self.db.prepare_cached("INSERT INTO named VALUES (?1, ?2, ?3)")?.execute(params![name, document, at])?;
        }
        Ok(())
    }

    /// Forgets the names of what a document tells from that place on, and that it waits.
    pub(super) fn forget_named(&self, document: i64, from: usize) -> Result<(), StoreError> {
        self.db
            .prepare_cached("DELETE FROM named WHERE document = ?1 AND at >= ?2")?
            .execute(params![document, from])?;
        self.forget_waiting(document, from)
    }

    /// Forgets that what a document tells from that place on waits.
    pub(super) fn forget_waiting(&self, document: i64, from: usize) -> Result<(), StoreError> {
        self.db
            .prepare_cached("DELETE FROM waiting WHERE document = ?1 AND at >= ?2")?
            .execute(params![document, from])?;
        Ok(())
    }

    /// The documents in which something is called by a name, as far as can be known before they are looked at again.
    pub(super) fn documents_named(&self, name: &EventName) -> Result<Vec<i64>, StoreError> {
        let mut found = self.documents_by("SELECT DISTINCT document FROM named WHERE name = ?1", &name.text)?;
        if let Some(key) = &name.key {
            let block = if name.is_of_one_source() { &name.text } else { key };
            found.extend(self.documents_by("SELECT DISTINCT document FROM block WHERE key = ?1", block)?);
        }
        if let Some(id) = &name.id {
            let sql = "SELECT DISTINCT document FROM member WHERE event IN (SELECT id FROM event WHERE id >= ?1 AND id < ?1 || 'g')";
            found.extend(self.documents_by(sql, id)?);
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// Marks what a name stands for as not settled.
    pub fn touch_named(&self, name: &EventName) -> Result<(), StoreError> {
        self.documents_named(name)?.into_iter().try_for_each(|document| self.touch(document, false))?;
        if let Some(id) = &name.id {
            // An event that was taken off the board has no members, but its names still lead to it.
            let sql = "SELECT DISTINCT block.document FROM alias JOIN block ON block.key = alias.key OR block.key = alias.source || ' ' || alias.key
                       WHERE alias.event IN (SELECT id FROM event WHERE living = 0 AND id >= ?1 AND id < ?1 || 'g')";
            self.documents_by(sql, id)?.into_iter().try_for_each(|document| self.touch(document, false))?;
        }
        Ok(())
    }

    /// Marks what a name stood for as not settled, and forgets the name.
    pub fn forget_name(&self, name: &str) -> Result<(), StoreError> {
        let documents = self.documents_by("SELECT DISTINCT document FROM named WHERE name = ?1", name)?;
        documents.into_iter().try_for_each(|document| self.touch(document, false))?;
        self.db.prepare_cached("DELETE FROM named WHERE name = ?1")?.execute([name])?;
        Ok(())
    }

    fn documents_by(&self, sql: &str, value: &str) -> Result<Vec<i64>, StoreError> {
        let mut query = self.db.prepare_cached(sql)?;
        Ok(query.query_map([value], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }

    /// Marks all that a source tells as not settled.
    pub fn touch_source(&self, source: &SourceId) -> Result<(), StoreError> {
        let documents = self.documents_by("SELECT id FROM document WHERE source = ?1", source.as_str())?;
        documents.into_iter().try_for_each(|document| self.touch(document, false))
    }

    /// How many events (or what waits to be some) a name stands for.
    pub fn count_named(&self, name: &EventName) -> Result<usize, StoreError> {
        let mut query = self.db.prepare_cached(
            "SELECT count(DISTINCT coalesce(event, named.document || ' ' || named.at)) FROM named LEFT JOIN member USING (document, at) WHERE name = ?1",
        )?;
        Ok(query.query_row([&name.text], |row| row.get::<_, i64>(0))? as usize)
    }

    /// Notes which sightings wait for a person. Those of touched documents were forgotten on the way to them, but of `upgraded` ones, which
    /// the brake may hold.
    pub fn set_waiting(&self, changes: &Changes, upgraded: &BTreeSet<DocumentKey>) -> Result<(), StoreError> {
        let mut forget = self.db.prepare_cached(
            "DELETE FROM waiting WHERE document = (SELECT id FROM document WHERE source = ?1 AND key = ?2) AND at = ?3",
        )?;
        let members = changes.told().flat_map(|settled| &settled.members);
        let upgraded = members.filter(|(document, _)| upgraded.contains(document));
        for (document, at) in upgraded.chain(&changes.left_out) {
            forget.execute(params![document.source.as_str(), document.key, at])?;
        }
        let mut keep = self.db.prepare_cached(
            "INSERT OR REPLACE INTO waiting SELECT id, ?3, ?4, ?5, ?6 FROM document WHERE source = ?1 AND key = ?2",
        )?;
        for (placed, why) in &changes.waiting {
            let facts = &placed.sighting.facts;
            let last_day = match &facts.recurrence {
                None => Some(facts.when.last_day()),
                Some(recurrence) => crate::recur::last_day(&facts.when, recurrence),
            };
            keep.execute(params![
                placed.document.source.as_str(),
                placed.document.key,
                placed.index,
                serde_json::to_string(why)?,
                facts.when.first_day().to_string(),
                last_day.map(|day| day.to_string())
            ])?;
        }
        Ok(())
    }

    /// What waits for a person and is not over on `today`, in calendar order, at most so many; and how many there are in all.
    pub fn waiting(&self, today: chrono::NaiveDate, most: usize) -> Result<(Vec<Waiting>, usize), StoreError> {
        let mut query = self.db.prepare_cached(
            "SELECT document, at, why FROM waiting WHERE last_day IS NULL OR last_day >= ?1 ORDER BY first_day, document, at LIMIT ?2",
        )?;
        let rows: Vec<(i64, usize, String)> = query
            .query_map(params![today.to_string(), most], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<Result<_, _>>()?;
        let mut waiting = Vec::new();
        for (document, at, why) in &rows {
            let mut query = self.db.prepare_cached("SELECT source, key FROM document WHERE id = ?1")?;
            let key: Option<(String, String)> =
                query.query_row([document], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            let Some((source, key)) = key.and_then(|(source, key)| Some((SourceId::new(&source)?, key))) else {
                continue;
            };
            let Some(sighting) = self.piece::<Sighting>(*document, *at)? else { continue };
            let name = self.own_name(&source, *document, *at, &sighting)?;
            let document = DocumentKey { source, key };
            waiting.push(Waiting { document, sighting, why: serde_json::from_str(why)?, name });
        }
        Ok((waiting, self.count_waiting(today)?))
    }

    /// How many sightings wait for a person and are not over on `today`.
    pub fn count_waiting(&self, today: chrono::NaiveDate) -> Result<usize, StoreError> {
        let mut query =
            self.db.prepare_cached("SELECT count(*) FROM waiting WHERE last_day IS NULL OR last_day >= ?1")?;
        Ok(query.query_row([today.to_string()], |row| row.get::<_, i64>(0))? as usize)
    }

    /// All names by which sources call an event, each with its source.
    pub fn names_of(&self, event: &EventId) -> Result<Vec<String>, StoreError> {
        let mut query = self.db.prepare_cached(
            "SELECT document, at, source FROM member JOIN document ON document.id = member.document WHERE event = ?1 ORDER BY source, key, at",
        )?;
        let rows: Vec<(i64, usize, String)> = query
            .query_map([event.as_str()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<Result<_, _>>()?;
        let mut names = Vec::new();
        for (document, at, source) in rows {
            let Some(sighting) = self.piece::<Sighting>(document, at)? else { continue };
            for name in sighting.keys.iter().map(|key| format!("{source} {}", key.text())) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        Ok(names)
    }

    /// The strongest name that no other sighting of the document has.
    fn own_name(&self, source: &SourceId, document: i64, at: usize, sighting: &Sighting) -> Result<String, StoreError> {
        let mut shared = self.db.prepare_cached("SELECT 1 FROM block WHERE document = ?1 AND at <> ?2 AND key = ?3")?;
        let names: Vec<String> = crate::merge::names(source, sighting).collect();
        for (key, name) in sighting.keys.iter().zip(&names) {
            if !shared.exists(params![document, at, name])? {
                return Ok(format!("{source} {}", key.text()));
            }
        }
        Ok(format!("{source} {}", sighting.keys.first().map(Key::text).unwrap_or_default()))
    }
}
