//! Until when there is nothing to do: noted at the end of a run, so that those before that moment end at once.
//!
//! In: when each source is due, and what else waits for its time: the next day, a post with a date of its own, a problem to be told again.
//! Out: a note in the store that names the config and the program it holds for. A run that does anything takes it away first.

use super::output::own_files;
use super::{Options, PATIENCE, RunError, schedule};
use crate::compose::READING_VERSION;
use crate::config::{Glance, Settings};
use crate::publish::health;
use crate::store::{RETELL_AFTER, Store};
use chrono::{DateTime, Days, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Under which name the store keeps it.
const RESTING: &str = "resting";

#[derive(Debug, Serialize, Deserialize)]
struct Rest {
    /// Which config, read by which program.
    whose: String,
    /// When it was noted. Before that moment it says nothing: then the clock was set back.
    since: DateTime<Utc>,
    /// From then on there is something to do.
    until: DateTime<Utc>,
    /// The files of the board as a whole: if somebody has deleted one of them, there is something to do too.
    files: Vec<String>,
}

impl Rest {
    fn holds(&self, whose: &str, now: DateTime<Utc>) -> bool {
        let is_in_time = (self.since..self.until).contains(&now);
        self.whose == whose && is_in_time && self.files.iter().all(|file| Path::new(file).is_file())
    }
}

/// True where a plain run at that moment would have nothing to do, by what the last run has noted.
pub fn is_at_rest(glance: &Glance, now: DateTime<Utc>) -> bool {
    let note = Store::peek(&glance.store, RESTING).and_then(|json| serde_json::from_str::<Rest>(&json).ok());
    note.is_some_and(|note| note.holds(&whose(&glance.text), now))
}

/// Notes until when there is nothing to do, if it is a while.
pub(super) fn note(settings: &Settings, options: &Options, store: &Store) -> Result<(), RunError> {
    let path = |file| settings.output.directory.join(file).to_str().map(str::to_owned);
    let files: Option<Vec<String>> = own_files(settings).chain(health::FILES).map(path).collect();
    let Some(files) = files.filter(|_| !settings.text.is_empty()) else { return Ok(()) };
    if let Some(until) = until(settings, options.now, store)?.filter(|until| options.now < *until) {
        let rest = Rest { whose: whose(&settings.text), since: options.now, until, files };
        store.set_meta(RESTING, &serde_json::to_string(&rest).map_err(crate::store::StoreError::from)?)?;
    }
    Ok(())
}

/// Takes the note away: from here on a run that is killed leaves something to do.
pub(super) fn forget(store: &Store) -> Result<(), RunError> {
    if store.meta(RESTING)?.is_some() {
        store.clear_meta(RESTING)?;
    }
    Ok(())
}

fn whose(text: &str) -> String {
    format!("{text} {} {READING_VERSION} {}", env!("CARGO_PKG_VERSION"), crate::zone::data_version())
}

/// The first moment at which something is to be done; none where every run has to look.
fn until(settings: &Settings, now: DateTime<Utc>, store: &Store) -> Result<Option<DateTime<Utc>>, RunError> {
    if settings.sources.iter().any(|source| source.origin.is_local()) {
        return Ok(None);
    }
    let today = crate::zone::to_local(now, &settings.rules.site.zone).date();
    let tomorrow = today + Days::new(1);
    let mut until = crate::zone::to_utc(tomorrow.and_time(NaiveTime::MIN), &settings.rules.site.zone);
    let known = store.schedule()?;
    for source in &settings.sources {
        let Some(known) =
            known.get(&source.id).filter(|known| known.address.as_ref() == Some(&source.origin.subject()))
        else {
            return Ok(None);
        };
        if !known.retired {
            let Some(due) = known.next_due else { return Ok(None) };
            until = until.min(due - schedule::SLACK);
        }
        // What fails is told only after a while.
        let told = known.failing_since.map(|since| since + PATIENCE).filter(|told| now < *told);
        until = until.min(told.unwrap_or(until));
    }
    let again = store.last_told_first()?.map(|told| told + RETELL_AFTER);
    Ok(again.into_iter().chain(store.shown_until()?).chain([until]).min())
}
