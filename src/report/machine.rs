//! A run for machines: `run --report FILE`.
//!
//! In: how a run ended. Out: JSON of the format `noticeboard-report`, version 1. Moments are RFC 3339 in UTC, `took` is in milliseconds,
//! `received` in bytes. New keys may come; what is there keeps its meaning.

use super::{Asked, Report, Run};
use crate::model::{OfferKind, Problem, Renamed, SourceId};
use serde::Serialize;
use std::path::Path;
use url::Url;

#[derive(Serialize)]
struct Machine<'a> {
    format: &'static str,
    version: u32,
    noticeboard: &'static str,
    run: String,
    took: u64,
    dry_run: bool,
    busy: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    output: &'a Path,
    stages: Vec<MachineStage>,
    documents_read: usize,
    artifacts_rendered: usize,
    artifacts_written: usize,
    events: usize,
    upcoming: usize,
    waiting: usize,
    posts: usize,
    sources: usize,
    unreached: usize,
    stale: Vec<&'a str>,
    asked: Vec<MachineAsked<'a>>,
    followed: Vec<MachineFollowed<'a>>,
    renamed: Vec<MachineRenamed<'a>>,
    problems: MachineProblems<'a>,
}

#[derive(Serialize)]
struct MachineStage {
    name: &'static str,
    done: usize,
    left_out: usize,
}

#[derive(Serialize)]
struct MachineAsked<'a> {
    source: &'a str,
    good: bool,
    status: Option<u16>,
    received: u64,
    took: u64,
    documents: usize,
    events: usize,
}

#[derive(Serialize)]
struct MachineFollowed<'a> {
    source: &'a str,
    kind: OfferKind,
    urls: Vec<String>,
}

#[derive(Serialize)]
struct MachineRenamed<'a> {
    source: &'a str,
    title: &'a str,
    was: &'a str,
    is: &'a str,
}

#[derive(Serialize)]
struct MachineProblems<'a> {
    new: &'a [Problem],
    standing: &'a [Problem],
    gone: &'a [Problem],
}

/// The report as JSON, with a line end.
pub fn json(run: &Run) -> serde_json::Result<String> {
    let nothing = Report::default();
    let (report, error) = match run.ended {
        Ok(report) => (report, None),
        Err(error) => (&nothing, Some(error)),
    };
    let stages = report.stages.iter();
    let machine = Machine {
        format: "noticeboard-report",
        version: 1,
        noticeboard: env!("CARGO_PKG_VERSION"),
        run: run.now.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        took: u64::try_from(run.took.as_millis()).unwrap_or(u64::MAX),
        dry_run: run.dry_run,
        busy: report.busy,
        error,
        output: &report.output,
        stages: stages.map(|s| MachineStage { name: s.name, done: s.done, left_out: s.left_out }).collect(),
        documents_read: report.documents_read,
        artifacts_rendered: report.artifacts_rendered,
        artifacts_written: report.artifacts_written,
        events: report.events,
        upcoming: report.upcoming,
        waiting: report.waiting,
        posts: report.posts,
        sources: report.sources,
        unreached: report.unreached,
        stale: report.stale.iter().map(|source| source.as_str()).collect(),
        asked: report.asked.iter().map(asked).collect(),
        followed: report
            .followed
            .iter()
            .map(|(source, offer)| MachineFollowed {
                source: source.as_str(),
                kind: offer.kind,
                urls: offer.urls.iter().map(without_credentials).collect(),
            })
            .collect(),
        renamed: report.renamed.iter().map(renamed).collect(),
        problems: MachineProblems {
            new: &report.new_problems,
            standing: &report.standing_problems,
            gone: &report.gone_problems,
        },
    };
    Ok(serde_json::to_string_pretty(&machine)? + "\n")
}

fn asked(asked: &Asked) -> MachineAsked<'_> {
    let attempt = &asked.attempt;
    MachineAsked {
        source: asked.source.as_str(),
        good: attempt.good,
        status: attempt.status,
        received: attempt.received,
        took: attempt.took,
        documents: attempt.documents,
        events: attempt.events,
    }
}

fn renamed((source, renamed): &(SourceId, Renamed)) -> MachineRenamed<'_> {
    MachineRenamed { source: source.as_str(), title: &renamed.title, was: &renamed.was, is: &renamed.is }
}

/// What a page offers may hold what only its server should see.
fn without_credentials(url: &Url) -> String {
    let mut url = url.clone();
    let _ = url.set_password(None);
    let _ = url.set_username("");
    url.into()
}
