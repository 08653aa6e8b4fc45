//! The overrides file between two runs: what has changed in it is settled anew, and what names nothing is told.
//!
//! In: the decisions and the trust in each source as of today, and a note in the store of those of the last run. Out: what they touch or
//! touched, marked; and a problem for each name that stands for nothing, or for too much.

use super::RunError;
use crate::config::Settings;
use crate::model::*;
use crate::store::{Store, StoreError, hash};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Under which name the store keeps the note.
const DECIDED: &str = "decided";

/// Who has the problems of the file.
const OWNER: &str = "overrides";

#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Decided {
    /// Name → a hash of all that is decided about it.
    names: BTreeMap<String, String>,
    /// Sources that do not publish at once → how far they are trusted.
    trust: BTreeMap<String, String>,
}

/// Marks what is decided otherwise than in the last run as not settled.
pub(super) fn touch(settings: &Settings, store: &Store) -> Result<(), RunError> {
    let note = store.meta(DECIDED)?;
    let before: Decided = note.as_deref().and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
    let now = decided(&settings.rules)?;
    if before == now {
        return Ok(());
    }
    for name in
        settings.rules.overrides.names().filter(|name| before.names.get(&name.text) != now.names.get(&name.text))
    {
        store.touch_named(name)?;
    }
    for name in before.names.keys().filter(|name| !now.names.contains_key(*name)) {
        store.forget_name(name)?;
    }
    for source in settings.rules.sources.keys() {
        if before.trust.get(source.as_str()) != now.trust.get(source.as_str()) {
            store.touch_source(source)?;
        }
    }
    Ok(store.set_meta(DECIDED, &serde_json::to_string(&now).map_err(StoreError::from)?)?)
}

fn decided(rules: &Rules) -> Result<Decided, StoreError> {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for event in rules.overrides.events() {
        names.entry(event.name.text.clone()).or_default().push_str(&serde_json::to_string(event)?);
    }
    for bond in rules.overrides.bonds() {
        for name in &bond.names {
            names.entry(name.text.clone()).or_default().push_str(&serde_json::to_string(bond)?);
        }
    }
    names.values_mut().for_each(|decided| *decided = hash(decided.as_bytes()));
    let trusted = rules.sources.values().filter(|source| source.trust != Trust::Publish);
    Ok(Decided {
        names,
        trust: trusted.map(|source| (source.id.to_string(), source.trust.word().to_owned())).collect(),
    })
}

/// Tells which names stand for nothing, and which for several events where one is corrected. Where not all of the board was looked at,
/// `real` tells what else there is.
pub(super) fn tell(settings: &Settings, store: &Store, real: Option<&Store>) -> Result<(), RunError> {
    let overrides = &settings.rules.overrides;
    let mut problems = Vec::new();
    for name in overrides.names() {
        let count = store.count_named(name)?;
        let is_known = count > 0 || real.map_or(Ok(false), |real| real.count_named(name).map(|count| count > 0))?;
        if !is_known {
            problems.push(nothing(name, overrides.file()));
        } else if count > 1 && is_for_one(name, overrides) {
            problems.push(several(name, count, overrides.file()));
        }
    }
    Ok(store.set_problems(OWNER, &problems)?)
}

fn problem(name: &EventName, file: &str, message: String) -> Problem {
    let subject = Some(file.to_owned());
    Problem { subject, ..Problem::new(ProblemKind::Override, message).line(name.line) }
}

fn nothing(name: &EventName, file: &str) -> Problem {
    problem(name, file, format!("`{}` names no event that is known", name.text))
        .hint("it may have got another name (`noticeboard explain` prints all of an event), or be gone for good: then take the entry out")
}

fn several(name: &EventName, count: usize, file: &str) -> Problem {
    problem(name, file, format!("`{}` names {count} events, and all of them were corrected alike", name.text))
        .hint("name the one that is meant by its id or by a name of its own, as `noticeboard explain` prints them")
}

/// True where what is corrected is seldom the same for two events.
fn is_for_one(name: &EventName, overrides: &Overrides) -> bool {
    let about = overrides.about(&Named::from([name.text.as_str()]));
    about
        .iter()
        .map(|event| &event.fixes)
        .any(|fixes| fixes.title.is_some() || fixes.start.is_some() || fixes.url.is_some())
}
