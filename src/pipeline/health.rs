//! `health.*`: how each source is doing, written after a run that had something to do.
//!
//! In: what the store knows of all sources, and the problems of the run. Out: the two files, at a cost of a few queries.

use super::{Options, RunError};
use crate::config::Settings;
use crate::model::{Problem, SourceId};
use crate::publish::health::{self, SourceHealth};
use crate::report::Report;
use crate::store::{Overview, Store};
use crate::write::Folder;
use std::collections::BTreeMap;

/// Writes how each source is doing: the only files that change although the board does not.
pub(super) fn write(
    settings: &Settings,
    options: &Options,
    store: &Store,
    folder: &mut Folder,
    report: &mut Report,
) -> Result<(), RunError> {
    let is_there = health::FILES.iter().all(|file| settings.output.directory.join(file).is_file());
    let stays = report.is_idle() && is_there;
    if stays && !options.overview {
        return Ok(());
    }
    let sources = sources(settings, store, report)?;
    report.health.clone_from(&sources);
    if stays {
        return Ok(());
    }
    let page = settings.output.publish.iter().any(|name| name == "page");
    let view = health::HealthView { title: settings.rules.site.title.clone(), now: options.now, page, sources };
    let (mut html, mut json) = (Vec::new(), Vec::new());
    let rendered =
        health::render_health_html(&view, &mut html).and_then(|()| health::render_health_json(&view, &mut json));
    rendered.map_err(|error| RunError::File { path: settings.output.directory.join("health.html"), error })?;
    folder.replace("health.json", &json)?;
    Ok(folder.replace("health.html", &html)?)
}

/// How each source of the config is doing, in its order.
fn sources(settings: &Settings, store: &Store, report: &Report) -> Result<Vec<SourceHealth>, RunError> {
    let mut overview = store.overview()?;
    let mut problems = problems_by_source(report);
    let each = settings.sources.iter().map(|source| {
        let known = overview.remove(&source.id).unwrap_or_default();
        let next_due = known.next_due.filter(|_| !source.origin.is_local());
        let title = settings.rules.sources.get(&source.id).map(|rules| rules.title.clone());
        let title = title.unwrap_or_else(|| source.id.to_string());
        let of_source = problems.remove(&source.id).unwrap_or_default();
        SourceHealth { title, ..of(&source.id, Overview { next_due, ..known }, of_source) }
    });
    Ok(each.collect())
}

fn of(id: &SourceId, known: Overview, mut problems: Vec<&Problem>) -> SourceHealth {
    problems.sort_by_key(|problem| health::weight(problem));
    let attempts = known.attempts.as_ref();
    let state = health::State::of(known.failing, known.last_good.is_some(), problems.iter().copied());
    SourceHealth {
        last_tried: known.last_tried,
        last_good: known.last_good,
        next_due: known.next_due,
        retired: known.retired,
        failures: known.failures,
        attempts: attempts.map(|attempts| health::Attempts {
            tried: attempts.tried,
            good: attempts.good,
            last_status: attempts.last_status,
            last_received: attempts.last_received,
            last_took: attempts.last_took,
        }),
        documents: known.documents,
        events: known.events,
        events_usually: attempts.and_then(|attempts| attempts.usual_events),
        problem_count: problems.len(),
        problems: problems.into_iter().take(health::MOST_PROBLEMS).cloned().collect(),
        ..SourceHealth::new(id.clone(), state)
    }
}

/// What stands of each source, told now or before.
fn problems_by_source(report: &Report) -> BTreeMap<&SourceId, Vec<&Problem>> {
    let mut by_source: BTreeMap<&SourceId, Vec<&Problem>> = BTreeMap::new();
    for problem in report.new_problems.iter().chain(&report.standing_problems) {
        if let Some(source) = &problem.source {
            by_source.entry(source).or_default().push(problem);
        }
    }
    by_source
}
