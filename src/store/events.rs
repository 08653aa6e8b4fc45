//! Events: which are touched, with all their neighbours; and what a settlement decided.

use super::board::Shown;
use super::told::{EventFrame, Leaning, Told};
use super::{Store, StoreError};
use crate::merge::{Change, Settled};
use crate::model::*;
use rusqlite::{OptionalExtension, params};
use std::collections::BTreeSet;

/// How an event is kept.
#[derive(Clone, Copy)]
struct Kept {
    /// It stands on the board.
    living: bool,
    /// It is in the store already.
    is_known: bool,
}

impl Store {
    /// The ids of all touched documents, with whether only our reading of them changed.
    pub fn touched(&self) -> Result<Vec<(i64, bool)>, StoreError> {
        let mut query = self.db.prepare_cached("SELECT document, upgraded FROM touched ORDER BY document")?;
        let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The touched documents of which only our reading changed.
    pub fn upgraded_documents(&self) -> Result<BTreeSet<DocumentKey>, StoreError> {
        let mut query = self.db.prepare(
            "SELECT source, key FROM touched JOIN document ON document.id = touched.document WHERE upgraded = 1",
        )?;
        let rows: Vec<(String, String)> =
            query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        Ok(rows
            .into_iter()
            .filter_map(|(source, key)| Some(DocumentKey { source: SourceId::new(&source)?, key }))
            .collect())
    }

    /// Declares everything touched as settled, but for documents of which only our reading changed.
    pub fn keep_upgraded_touched(&self) -> Result<(), StoreError> {
        Ok(self.db.execute_batch("DELETE FROM touched WHERE upgraded = 0; DELETE FROM touched_key;")?)
    }

    /// Declares everything touched as settled.
    pub fn clear_touched(&self) -> Result<(), StoreError> {
        Ok(self.db.execute_batch("DELETE FROM touched; DELETE FROM touched_key;")?)
    }

    /// Writes settled events; answers with the parts of the board that show or showed what changed.
    pub fn apply(&self, events: &[Settled]) -> Result<BTreeSet<Shown>, StoreError> {
        let mut shown = BTreeSet::new();
        for settled in events {
            let (event, id) = (&settled.event, settled.event.id.as_str());
            let mut query = self.db.prepare_cached("SELECT living FROM event WHERE id = ?1")?;
            let was: Option<bool> = query.query_row([id], |row| row.get(0)).optional()?;
            let members = self.rows_of(&settled.members)?;
            if settled.change != Change::None || was == Some(false) {
                if was == Some(true) {
                    shown.extend(self.shown_event(&event.id)?);
                }
                self.write_event(event, Kept { living: true, is_known: was.is_some() }, members.first().copied())?;
                shown.insert(Shown::BoardEvent);
                shown.extend(event.facts.tags.iter().map(|tag| Shown::TagEvent(tag.to_string())));
                shown.extend(event.sources.iter().map(|source| Shown::SourceEvent(source.to_string())));
            }
            self.write_names(settled, was.is_some(), &members)?;
            self.write_history(settled, was.is_some())?;
        }
        Ok(shown)
    }

    /// Keeps events that are hidden by hand as they would be, off the board.
    pub fn hide(&self, events: &[Settled]) -> Result<BTreeSet<Shown>, StoreError> {
        let mut shown = BTreeSet::new();
        for settled in events {
            shown.extend(self.shown_event(&settled.event.id)?);
            let members = self.rows_of(&settled.members)?;
            self.write_event(&settled.event, Kept { living: false, is_known: true }, members.first().copied())?;
            self.write_names(settled, true, &members)?;
        }
        Ok(shown)
    }

    /// Takes events off the board that nothing tells any more; their ids are kept for a return.
    pub fn withdraw(&self, events: &BTreeSet<EventId>) -> Result<BTreeSet<Shown>, StoreError> {
        let mut shown = BTreeSet::new();
        for id in events {
            shown.extend(self.shown_event(id)?);
            self.db.prepare_cached("UPDATE event SET living = 0 WHERE id = ?1")?.execute([id.as_str()])?;
            self.db.prepare_cached("DELETE FROM member WHERE event = ?1")?.execute([id.as_str()])?;
            self.db.prepare_cached("DELETE FROM matched WHERE event = ?1")?.execute([id.as_str()])?;
            self.set_problems(&format!("event {id}"), &[])?;
        }
        Ok(shown)
    }

    fn write_event(&self, event: &Event, kept: Kept, first: Option<(i64, usize)>) -> Result<(), StoreError> {
        let when = &event.facts.when;
        let last_day = match &event.facts.recurrence {
            None => Some(when.last_day()),
            Some(recurrence) => crate::recur::last_day(when, recurrence),
        };
        let id = event.id.as_str();
        let Told { facts, piece } = self.told::<Sighting>(&event.facts, first)?;
        self.db
            .prepare_cached(
                "INSERT OR REPLACE INTO event (id, first_day, start, last_day, living, json, facts, told_in, told_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?
            .execute(params![
                id,
                when.first_day().to_string(),
                crate::zone::start_of(when).timestamp(),
                last_day.map(|day| day.to_string()),
                kept.living,
                serde_json::to_string(&EventFrame::of(event))?,
                facts,
                piece.map(|(document, _)| document),
                piece.map(|(_, at)| at),
            ])?;
        if kept.is_known {
            self.db.prepare_cached("DELETE FROM event_tag WHERE event = ?1")?.execute([id])?;
            self.db.prepare_cached("DELETE FROM event_source WHERE event = ?1")?.execute([id])?;
        }
        let mut add = self.db.prepare_cached("INSERT OR IGNORE INTO event_tag VALUES (?1, ?2)")?;
        for tag in &event.facts.tags {
            add.execute([id, tag.as_str()])?;
        }
        let mut add = self.db.prepare_cached("INSERT OR IGNORE INTO event_source VALUES (?1, ?2)")?;
        for source in &event.sources {
            add.execute([id, source.as_str()])?;
        }
        Ok(())
    }

    fn write_names(&self, settled: &Settled, is_known: bool, members: &[(i64, usize)]) -> Result<(), StoreError> {
        let id = settled.event.id.as_str();
        if is_known {
            self.db.prepare_cached("DELETE FROM member WHERE event = ?1")?.execute([id])?;
        }
        let mut add = self.db.prepare_cached("INSERT OR REPLACE INTO member VALUES (?1, ?2, ?3)")?;
        for (document, at) in members {
            add.execute(params![document, at, id])?;
        }
        let mut add = self.db.prepare_cached("INSERT OR REPLACE INTO alias VALUES (?1, ?2, ?3)")?;
        for (source, key) in &settled.aliases {
            add.execute([source.as_str(), key, id])?;
        }
        if is_known || !settled.problems.is_empty() {
            self.set_problems(&format!("event {id}"), &settled.problems)?;
        }
        Ok(())
    }

    /// An event by id, living or withdrawn.
    pub fn event(&self, id: &EventId) -> Result<Option<Event>, StoreError> {
        let (columns, joined) = (Event::COLUMNS, Event::JOINED);
        let mut query = self.db.prepare_cached(&format!("SELECT {columns} FROM event {joined} WHERE id = ?1"))?;
        let mut rows = query.query([id.as_str()])?;
        rows.next()?.map(Event::from_row).transpose()
    }

    /// Living events whose id begins so, or that any source calls by this UID, guid, path or address.
    pub fn find_events(&self, what: &str) -> Result<Vec<Event>, StoreError> {
        let mut ids: BTreeSet<String> = BTreeSet::new();
        let what = what.trim().trim_start_matches("urn:uuid:");
        if what.len() >= 4 {
            let mut query =
                self.db.prepare("SELECT id FROM event WHERE living = 1 AND substr(id, 1, length(?1)) = ?1")?;
            ids.extend(query.query_map([what], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?);
        }
        // As `explain` prints them: `blog path:posts/a.md`.
        let printed =
            what.split_once(' ').filter(|(source, _)| SourceId::new(source).is_some()).map(|(_, name)| name.trim());
        let mut names = vec![
            printed.unwrap_or(what).to_owned(),
            format!("uid:{what}"),
            format!("guid:{what}"),
            format!("path:{what}"),
        ];
        names.extend(web_url(what).map(|url| Key::url(&url).text()));
        for name in names {
            let mut query = self.db.prepare_cached("SELECT DISTINCT event FROM alias WHERE key = ?1")?;
            ids.extend(query.query_map([name], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?);
        }
        let mut found = Vec::new();
        for id in ids {
            found.extend(self.event(&EventId::from_text(&id))?);
        }
        Ok(found)
    }

    /// (all living events, those that are not over on `today`).
    pub fn count_events(&self, today: chrono::NaiveDate) -> Result<(usize, usize), StoreError> {
        let mut query = self
            .db
            .prepare_cached("SELECT count(*), sum(last_day IS NULL OR last_day >= ?1) FROM event WHERE living = 1")?;
        let row =
            query.query_row([today.to_string()], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Option<i64>>(1)?)))?;
        Ok((row.0 as usize, row.1.unwrap_or(0) as usize))
    }

    /// How many living events of a source are not over on `today`.
    pub fn count_upcoming_of(&self, source: &SourceId, today: chrono::NaiveDate) -> Result<usize, StoreError> {
        let mut query = self.db.prepare_cached(
            "SELECT count(*) FROM event_source JOIN event ON event.id = event_source.event
             WHERE source = ?1 AND living = 1 AND (last_day IS NULL OR last_day >= ?2)",
        )?;
        Ok(query.query_row([source.as_str(), &today.to_string()], |row| row.get::<_, i64>(0))? as usize)
    }

    /// How many living events a source tells of, as they were last settled.
    pub fn count_events_of(&self, source: &SourceId) -> Result<usize, StoreError> {
        let mut query = self.db.prepare_cached("SELECT events FROM event_count WHERE source = ?1")?;
        Ok(query.query_row([source.as_str()], |row| row.get(0)).optional()?.unwrap_or(0))
    }
}
