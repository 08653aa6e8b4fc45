//! What is asked of all sources at once, so that a run with nothing to do costs next to nothing.

use super::{Store, StoreError};
use crate::model::SourceId;
use chrono::{DateTime, Utc};
use std::collections::HashMap;

impl Store {
    /// Every source that has documents or was ever asked.
    pub fn known_sources(&self) -> Result<Vec<SourceId>, StoreError> {
        let mut query = self.db.prepare_cached("SELECT source FROM document UNION SELECT id FROM source ORDER BY 1")?;
        let rows = query.query_map([], |row| row.get::<_, String>(0))?;
        let names: Vec<String> = rows.collect::<Result<_, _>>()?;
        Ok(names.iter().filter_map(|name| SourceId::new(name)).collect())
    }

    /// The sources that need not be asked at `now`, each with the address that this holds for: those that are due later than `soon`, and those
    /// of which nothing will come any more. Moments are kept as texts that sort by time.
    pub fn resting(&self, now: DateTime<Utc>, soon: DateTime<Utc>) -> Result<HashMap<String, String>, StoreError> {
        let mut query = self.db.prepare_cached(
            "SELECT id, address FROM source WHERE address IS NOT NULL
             AND (retired = 1 OR next_due > ?2 AND (last_tried IS NULL OR last_tried <= ?1))",
        )?;
        let rows = query.query_map([now.to_rfc3339(), soon.to_rfc3339()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The sources of which a document was read for some time only.
    pub fn read_for_a_time(&self) -> Result<Vec<SourceId>, StoreError> {
        let mut query = self
            .db
            .prepare_cached("SELECT DISTINCT source FROM document WHERE instr(reading_rules, ' ') > 0 ORDER BY 1")?;
        let names = query.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
        Ok(names.iter().filter_map(|name| SourceId::new(name)).collect())
    }

    /// True where nothing has been touched since all was settled.
    pub fn is_settled(&self) -> Result<bool, StoreError> {
        let is_touched = |sql| self.db.prepare_cached(sql)?.exists([]);
        Ok(!is_touched("SELECT 1 FROM touched")? && !is_touched("SELECT 1 FROM touched_key")?)
    }
}

#[cfg(test)]
mod tests {
    use super::super::SourceState;
    use super::*;

    #[test]
    fn a_source_rests_until_it_is_due() {
        let store = Store::in_memory().unwrap();
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let (now, soon) = (at("2026-12-01T12:00:00Z"), at("2026-12-01T12:01:00Z"));
        for (name, tried, due, retired, expected) in [
            ("later", "2026-12-01T11:00:00Z", Some("2026-12-01T12:01:00.5Z"), false, true),
            ("soon", "2026-12-01T11:00:00Z", Some("2026-12-01T12:01:00Z"), false, false),
            ("overdue", "2026-12-01T11:00:00Z", Some("2026-11-30T23:00:00.25Z"), false, false),
            ("always", "2026-12-01T11:00:00Z", None, false, false),
            ("set-back", "2026-12-02T11:00:00Z", Some("2026-12-02T12:00:00Z"), false, false),
            ("retired", "2026-12-01T11:00:00Z", None, true, true),
        ] {
            let (last_tried, next_due) = (Some(at(tried)), due.map(at));
            let address = Some("https://ponds.example/".to_owned());
            let state = SourceState { last_tried, next_due, retired, address, ..SourceState::default() };
            store.set_source(&SourceId::new(name).unwrap(), &state).unwrap();
            assert_eq!(store.resting(now, soon).unwrap().contains_key(name), expected, "{name}");
        }
    }
}
