//! What waits for a person, for `noticeboard review` and for `review.html`.

use super::{Options, RunError};
use crate::config::Settings;
use crate::merge::{Passes, passes};
use crate::publish::review::{self, ReviewItem, ReviewView};
use crate::store::{Store, Waiting};
use crate::write::Folder;
use chrono::{DateTime, Utc};

/// As many are shown at once; more than that nobody looks through in one go.
pub const MOST: usize = 500;

/// What waits for a person, and how many there are in all.
#[derive(Debug, Clone, Default)]
pub struct Review {
    /// The first of them in calendar order, without those that were decided since the last run.
    pub waiting: Vec<Waiting>,
    /// How many could not be shown.
    pub more: usize,
}

/// What waits for a person and is not over.
pub fn review(settings: &Settings, now: DateTime<Utc>) -> Result<Review, RunError> {
    let Some(store) = Store::open_existing(&settings.store)? else {
        return Err(RunError::Asked(format!(
            "{}: no store yet\n  hint: run `noticeboard run` first",
            settings.store.display()
        )));
    };
    of(settings, &store, now)
}

fn of(settings: &Settings, store: &Store, now: DateTime<Utc>) -> Result<Review, RunError> {
    let today = crate::zone::to_local(now, &settings.rules.site.zone).date();
    let (mut waiting, all) = store.waiting(today, MOST)?;
    let more = all.saturating_sub(waiting.len());
    waiting.retain(|waiting| {
        let source = &waiting.document.source;
        let named = settings.rules.overrides.named(source, &waiting.sighting, |_| None);
        matches!(passes(source, &waiting.sighting, &named, &settings.rules), Passes::Waits(_))
    });
    Ok(Review { waiting, more })
}

/// Writes `review.html` where the config asks for it, and takes away the one of an earlier config.
pub(super) fn write(
    settings: &Settings,
    options: &Options,
    store: &Store,
    folder: &mut Folder,
) -> Result<(), RunError> {
    if !settings.output.review {
        return Ok(());
    }
    let Review { waiting, more } = of(settings, store, options.now)?;
    let items = waiting.into_iter().map(|waiting| {
        let source = settings.rules.sources.get(&waiting.document.source);
        let source = source.map_or_else(|| waiting.document.source.to_string(), |source| source.title.clone());
        ReviewItem {
            source,
            document: waiting.document.key,
            facts: waiting.sighting.facts,
            why: waiting.why,
            name: waiting.name,
        }
    });
    let page = settings.output.publish.iter().any(|name| name == "page");
    let title = settings.rules.site.title.clone();
    let view = ReviewView { title, page, items: items.collect(), more };
    let mut html = Vec::new();
    let path = || settings.output.directory.join(review::FILE);
    review::render(&view, &mut html).map_err(|error| RunError::File { path: path(), error })?;
    if std::fs::read(path()).is_ok_and(|there| there == html) {
        return Ok(());
    }
    Ok(folder.replace(review::FILE, &html)?)
}
