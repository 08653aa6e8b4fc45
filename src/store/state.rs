//! What is known of sources, problems, and what is still to be published.

use super::{Store, StoreError};
use crate::model::{Pace, Problem, SourceId};
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{OptionalExtension, params};
use std::collections::BTreeMap;
use url::Url;

/// A problem that stands is told again after so long.
pub const RETELL_AFTER: TimeDelta = TimeDelta::days(7);

/// A source's last answers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceState {
    /// ETag, exactly as received.
    pub etag: Option<String>,
    /// Last-Modified, exactly as received.
    pub last_modified: Option<String>,
    /// When it was last asked.
    pub last_tried: Option<DateTime<Utc>>,
    /// When it last answered well.
    pub last_good: Option<DateTime<Utc>>,
    /// Since when it fails, if it does.
    pub failing_since: Option<DateTime<Utc>>,
    /// How often it has failed one time after the other.
    pub failures: u32,
    /// When it last sent something new.
    pub last_changed: Option<DateTime<Utc>>,
    /// When it is asked next.
    pub next_due: Option<DateTime<Utc>>,
    /// It asked to be left alone until then, and is.
    pub wait_until: Option<DateTime<Utc>>,
    /// Where its document lies by now, if it has moved for good.
    pub moved_to: Option<Url>,
    /// Nothing will be there any more, by its server's word.
    pub retired: bool,
    /// How often its feed says that it is worth asking.
    pub pace: Option<Pace>,
    /// The address that all this is about.
    pub address: Option<String>,
}

/// What a run has to tell about problems.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Told {
    /// Not told before, or last told a week ago.
    pub new: Vec<Problem>,
    /// All that stand.
    pub standing: Vec<Problem>,
    /// Told before, and gone.
    pub gone: Vec<Problem>,
}

impl Store {
    /// What is known of a source.
    pub fn source(&self, id: &SourceId) -> Result<SourceState, StoreError> {
        let mut query = self.db.prepare_cached(
            "SELECT etag, last_modified, last_tried, last_good, failing_since, failures, last_changed, next_due, wait_until, moved_to, retired, pace, address
             FROM source WHERE id = ?1",
        )?;
        let moment = |text: Option<String>| text.and_then(|text| text.parse().ok());
        let state = query.query_row([id.as_str()], |row| {
            Ok(SourceState {
                etag: row.get(0)?,
                last_modified: row.get(1)?,
                last_tried: moment(row.get(2)?),
                last_good: moment(row.get(3)?),
                failing_since: moment(row.get(4)?),
                failures: row.get(5)?,
                last_changed: moment(row.get(6)?),
                next_due: moment(row.get(7)?),
                wait_until: moment(row.get(8)?),
                moved_to: row.get::<_, Option<String>>(9)?.and_then(|url| url.parse().ok()),
                retired: row.get(10)?,
                pace: row.get::<_, Option<String>>(11)?.and_then(|json| serde_json::from_str(&json).ok()),
                address: row.get(12)?,
            })
        });
        Ok(state.optional()?.unwrap_or_default())
    }

    /// Keeps what is known of a source.
    pub fn set_source(&self, id: &SourceId, state: &SourceState) -> Result<(), StoreError> {
        let text = |moment: &Option<DateTime<Utc>>| moment.map(|at| at.to_rfc3339());
        self.db
            .prepare_cached(
                "INSERT OR REPLACE INTO source (id, etag, last_modified, last_tried, last_good, failing_since, failures, last_changed, next_due,
                 wait_until, moved_to, retired, pace, address) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            )?
            .execute(params![
                id.as_str(),
                state.etag,
                state.last_modified,
                text(&state.last_tried),
                text(&state.last_good),
                text(&state.failing_since),
                state.failures,
                text(&state.last_changed),
                text(&state.next_due),
                text(&state.wait_until),
                state.moved_to.as_ref().map(Url::as_str),
                state.retired,
                state.pace.as_ref().map(serde_json::to_string).transpose()?,
                state.address
            ])?;
        Ok(())
    }

    /// Forgets how a source has answered.
    pub fn forget_source(&self, id: &SourceId) -> Result<(), StoreError> {
        self.db.prepare_cached("DELETE FROM source WHERE id = ?1")?.execute([id.as_str()])?;
        self.db.prepare_cached("DELETE FROM attempt WHERE source = ?1")?.execute([id.as_str()])?;
        self.db.prepare_cached("DELETE FROM attempt_sum WHERE source = ?1")?.execute([id.as_str()])?;
        Ok(())
    }

    /// The sources that fail.
    pub fn failing(&self) -> Result<Vec<SourceId>, StoreError> {
        let mut query = self.db.prepare_cached("SELECT id FROM source WHERE failing_since IS NOT NULL ORDER BY id")?;
        let ids = query.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
        Ok(ids.iter().filter_map(|id| SourceId::new(id)).collect())
    }

    /// Replaces the problems of one owner.
    pub fn set_problems(&self, owner: &str, problems: &[Problem]) -> Result<(), StoreError> {
        self.db.prepare_cached("DELETE FROM problem WHERE owner = ?1")?.execute([owner])?;
        for problem in problems {
            self.db.prepare_cached("INSERT OR IGNORE INTO problem VALUES (?1, ?2, ?3)")?.execute(params![
                owner,
                problem.identity(),
                serde_json::to_string(problem)?
            ])?;
        }
        Ok(())
    }

    /// All problems that stand, sorted, each once.
    pub fn problems(&self) -> Result<Vec<Problem>, StoreError> {
        let mut query = self.db.prepare_cached("SELECT identity, json FROM problem ORDER BY identity")?;
        let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let rows: BTreeMap<String, String> = rows.collect::<Result<_, _>>()?;
        let mut problems: Vec<Problem> =
            rows.values().map(|json| serde_json::from_str(json)).collect::<Result<_, _>>()?;
        problems.sort_by(|a, b| (&a.source, &a.subject, a.line, a).cmp(&(&b.source, &b.subject, b.line, b)));
        Ok(problems)
    }

    /// Works out which problems are to be told, and notes that they were. `quiet` ones stand but are not told yet.
    pub fn tell(&self, now: DateTime<Utc>, quiet: &dyn Fn(&Problem) -> bool) -> Result<Told, StoreError> {
        let mut told = Told { standing: self.problems()?, ..Told::default() };
        let mut query = self.db.prepare_cached("SELECT identity, json, last_told FROM told")?;
        let rows = query.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
        let mut before: BTreeMap<String, (String, String)> = rows.collect::<Result<_, _>>()?;
        for problem in &told.standing {
            let identity = problem.identity();
            let last = before.remove(&identity).and_then(|(_, last)| last.parse::<DateTime<Utc>>().ok());
            // What a clock that went wrong has told later than now is told again.
            let is_due = last.is_none_or(|last| last > now || now.signed_duration_since(last) >= RETELL_AFTER);
            if !is_due || (last.is_none() && quiet(problem)) {
                continue;
            }
            told.new.push(problem.clone());
            self.db.prepare_cached("INSERT OR REPLACE INTO told VALUES (?1, ?2, ?3)")?.execute(params![
                identity,
                serde_json::to_string(problem)?,
                now.to_rfc3339()
            ])?;
        }
        for (identity, (json, _)) in before {
            told.gone.push(serde_json::from_str(&json)?);
            self.db.prepare_cached("DELETE FROM told WHERE identity = ?1")?.execute([identity])?;
        }
        Ok(told)
    }

    /// A small value kept by name.
    pub fn meta(&self, name: &str) -> Result<Option<String>, StoreError> {
        let mut query = self.db.prepare_cached("SELECT value FROM meta WHERE name = ?1")?;
        Ok(query.query_row([name], |row| row.get(0)).optional()?)
    }

    /// Keeps a small value by name.
    pub fn set_meta(&self, name: &str, value: &str) -> Result<(), StoreError> {
        self.db.prepare_cached("INSERT OR REPLACE INTO meta VALUES (?1, ?2)")?.execute([name, value])?;
        Ok(())
    }

    /// Forgets a small value.
    pub fn clear_meta(&self, name: &str) -> Result<(), StoreError> {
        self.db.prepare_cached("DELETE FROM meta WHERE name = ?1")?.execute([name])?;
        Ok(())
    }
}
