//! How all sources are doing at a glance: a few queries for all of them, however many there are.

use super::{Attempt, Store, StoreError};
use crate::model::{SiteConfig, SourceId};
use chrono::{DateTime, Utc};
use rusqlite::{Row, params};
use std::collections::BTreeMap;

/// What is known of one source, in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overview {
    /// When it was last asked.
    pub last_tried: Option<DateTime<Utc>>,
    /// When it last answered well.
    pub last_good: Option<DateTime<Utc>>,
    /// It fails.
    pub failing: bool,
    /// How often it has failed one time after the other.
    pub failures: u32,
    /// When it is asked next.
    pub next_due: Option<DateTime<Utc>>,
    /// Nothing will be there any more, by its server's word.
    pub retired: bool,
    /// Documents known from it, without the configuration of its site.
    pub documents: usize,
    /// Living events that it tells of.
    pub events: usize,
    /// How it was asked over the last ninety days, if it was.
    pub attempts: Option<Attempts>,
}

/// The remembered attempts at a source, in short.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attempts {
    /// How many.
    pub tried: usize,
    /// How many of them went well.
    pub good: usize,
    /// Events that it usually has: the median over its good answers.
    pub usual_events: Option<usize>,
    /// The status of its server's last answer, if it has one.
    pub last_status: Option<u16>,
    /// Bytes of content that came with the last attempt.
    pub last_received: u64,
    /// Milliseconds that the last attempt took.
    pub last_took: u64,
}

impl Store {
    /// All sources that anything is known of.
    pub fn overview(&self) -> Result<BTreeMap<SourceId, Overview>, StoreError> {
        let mut sources: BTreeMap<SourceId, Overview> = BTreeMap::new();
        self.each_source(
            "SELECT id, last_tried, last_good, failing_since IS NOT NULL, failures, next_due, retired FROM source",
            &mut |id, row| {
                let moment = |text: Option<String>| text.and_then(|text| text.parse().ok());
                let source = sources.entry(id).or_default();
                (source.last_tried, source.last_good) = (moment(row.get(1)?), moment(row.get(2)?));
                (source.failing, source.failures) = (row.get(3)?, row.get(4)?);
                (source.next_due, source.retired) = (moment(row.get(5)?), row.get(6)?);
                Ok(())
            },
        )?;
        let configs: Vec<String> = SiteConfig::keys().map(|key| format!("'{key}'")).collect();
        let documents = "SELECT source, count(*) FROM document WHERE gone = 0 GROUP BY source";
        self.each_source(documents, &mut |id, row| {
            sources.entry(id).or_default().documents = row.get(1)?;
            Ok(())
        })?;
        let configs = format!(
            "SELECT source, count(*) FROM document WHERE id IN (SELECT id FROM document WHERE gone = 0 AND key IN ({}))
             AND json_extract(reading, '$.site') IS NOT NULL GROUP BY source",
            configs.join(", ")
        );
        self.each_source(&configs, &mut |id, row| {
            let source = sources.entry(id).or_default();
            source.documents = source.documents.saturating_sub(row.get(1)?);
            Ok(())
        })?;
        self.each_source("SELECT source, events FROM event_count WHERE events > 0", &mut |id, row| {
            sources.entry(id).or_default().events = row.get(1)?;
            Ok(())
        })?;
        self.each_source(
            "SELECT source, tried, good, usual, status, received, took FROM attempt_sum",
            &mut |id, row| {
                sources.entry(id).or_default().attempts = Some(Attempts {
                    tried: row.get(1)?,
                    good: row.get(2)?,
                    usual_events: row.get(3)?,
                    last_status: row.get(4)?,
                    last_received: row.get(5)?,
                    last_took: row.get(6)?,
                });
                Ok(())
            },
        )?;
        Ok(sources)
    }

    /// Calls `each` for every row whose first column is a source.
    fn each_source(
        &self,
        sql: &str,
        each: &mut dyn FnMut(SourceId, &Row) -> Result<(), rusqlite::Error>,
    ) -> Result<(), StoreError> {
        let mut query = self.db.prepare_cached(sql)?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            if let Some(id) = SourceId::new(row.get_ref(0)?.as_str().unwrap_or_default()) {
                each(id, row)?;
            }
        }
        Ok(())
    }

    /// Adds an attempt to what is told of them in short. All of them are looked at only once a day: there may be thousands.
    pub(super) fn sum_up(&self, source: &SourceId, attempt: &Attempt) -> Result<(), StoreError> {
        let day = attempt.at.date_naive().to_string();
        let Attempt { good, status, received, took, .. } = attempt;
        let known = self
            .db
            .prepare_cached(
                "UPDATE attempt_sum SET tried = tried + 1, good = good + ?3, status = ?4, received = ?5, took = ?6
                 WHERE source = ?1 AND day = ?2 AND usual IS NOT NULL",
            )?
            .execute(params![source.as_str(), day, good, status, received, took])?;
        if known == 0 {
            let usual = self.usual_events(source)?;
            self.db
                .prepare_cached(
                    "INSERT OR REPLACE INTO attempt_sum (source, day, tried, good, usual, status, received, took)
                     SELECT ?1, ?2, count(*), coalesce(sum(good), 0), ?3, ?4, ?5, ?6 FROM attempt WHERE source = ?1",
                )?
                .execute(params![source.as_str(), day, usual, status, received, took])?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::SourceState;
    use chrono::TimeDelta;

    #[test]
    fn all_sources_are_told_with_their_attempts_in_short() {
        let store = Store::in_memory().unwrap();
        let now = "2026-11-28T12:00:00Z".parse::<DateTime<Utc>>().unwrap();
        let (blog, quiet) = (SourceId::new("blog").unwrap(), SourceId::new("quiet").unwrap());
        let attempt = |hours: i64, good: bool, events: usize| Attempt {
            at: now + TimeDelta::hours(hours),
            good,
            status: Some(if good { 200 } else { 503 }),
            received: 10,
            took: 20,
            documents: 1,
            events,
        };
        for (hours, good, events) in [(0, false, 0), (1, true, 12), (2, true, 12), (30, true, 2), (31, false, 2)] {
            store.note_attempt(&blog, &attempt(hours, good, events)).unwrap();
        }
        store
            .set_source(&blog, &SourceState { failing_since: Some(now), failures: 1, ..SourceState::default() })
            .unwrap();
        store.set_source(&quiet, &SourceState { last_good: Some(now), ..SourceState::default() }).unwrap();
        let told = store.overview().unwrap();
        assert_eq!(told.keys().map(SourceId::as_str).collect::<Vec<_>>(), ["blog", "quiet"]);
        let expected = Attempts {
            tried: 5,
            good: 3,
            usual_events: Some(12),
            last_status: Some(503),
            last_received: 10,
            last_took: 20,
        };
        assert_eq!(told[&blog].attempts, Some(expected));
        assert_eq!((told[&blog].failing, told[&blog].failures), (true, 1));
        assert_eq!((told[&quiet].attempts.as_ref(), told[&quiet].last_good), (None, Some(now)));
        store.forget_source(&blog).unwrap();
        assert_eq!(store.overview().unwrap().len(), 1);
    }
}
