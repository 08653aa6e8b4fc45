//! How a run is told: to a person in the words of `cli`, to machines as JSON, to Prometheus as metrics.

mod machine;
mod metrics;

use crate::model::{Event, Match, Offer, Post, Problem, Renamed, Revised, Sighting, SourceId};
use crate::publish::health::SourceHealth;
use crate::store::Attempt;
use chrono::{DateTime, FixedOffset, Utc};
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

pub use machine::json;
pub use metrics::metrics;

/// A run that has ended.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    /// The moment of the run.
    pub now: DateTime<Utc>,
    /// How long it took.
    pub took: Duration,
    /// It changed neither store nor output.
    pub dry_run: bool,
    /// What it did, or why it could do nothing.
    pub ended: Result<&'a Report, &'a str>,
}

/// What a run did.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Each stage with its counts, in order.
    pub stages: Vec<Stage>,
    /// The sources that were asked, in the order in which they ended.
    pub asked: Vec<Asked>,
    /// How many sources were to be asked, but not reached in the time that asking may take.
    pub unreached: usize,
    /// What was asked because the page of a source offers it.
    pub followed: Vec<(SourceId, Offer)>,
    /// Entries whose names had all changed, and that were taken for those of before.
    pub renamed: Vec<(SourceId, Renamed)>,
    /// Documents that were read anew.
    pub documents_read: usize,
    /// Artifacts made.
    pub artifacts_rendered: usize,
    /// Artifacts whose bytes changed.
    pub artifacts_written: usize,
    /// Events on the board.
    pub events: usize,
    /// Those of them that are upcoming.
    pub upcoming: usize,
    /// Events that are not over and wait for a person.
    pub waiting: usize,
    /// Posts on the board.
    pub posts: usize,
    /// Sources in the config.
    pub sources: usize,
    /// Sources that show what they last said, because they did not answer.
    pub stale: Vec<SourceId>,
    /// Problems to tell now.
    pub new_problems: Vec<Problem>,
    /// Problems that stand and are not to be told now.
    pub standing_problems: Vec<Problem>,
    /// Problems that are no more.
    pub gone_problems: Vec<Problem>,
    /// How each source is doing, asked or not, in the config's order; empty where nobody wants to know and nothing has changed.
    pub health: Vec<SourceHealth>,
    /// Another run is at work; this one did nothing.
    pub busy: bool,
    /// Where it was published.
    pub output: PathBuf,
}

/// How asking one source went.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Which.
    pub source: SourceId,
    /// What it was like.
    pub attempt: Attempt,
}

/// One stage of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stage {
    /// Its name.
    pub name: &'static str,
    /// What worked.
    pub done: usize,
    /// What was left out.
    pub left_out: usize,
}

/// What `check` found.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// What would be read, source by source, in the config's order.
    pub sources: Vec<CheckedSource>,
    /// All problems, contradictions among them.
    pub problems: Vec<Problem>,
}

/// What would be read from one source.
#[derive(Debug, Clone)]
pub struct CheckedSource {
    /// Which.
    pub id: SourceId,
    /// What asking it over the network was like, if it was asked.
    pub attempt: Option<Attempt>,
    /// What the document at its address is written in, for people, if it was asked.
    pub format: Option<&'static str>,
    /// Its server wants to be left alone until then, and was not asked.
    pub waits_until: Option<DateTime<Utc>>,
    /// Its documents.
    pub documents: usize,
    /// The posts in them.
    pub posts: usize,
    /// The events in them.
    pub events: usize,
    /// Documents of which nothing is published, each with the reason.
    pub skipped: Vec<(String, String)>,
    /// Documents that may tell of an event, but not surely enough to publish it, each with what was understood.
    pub unsure: Vec<(String, Sighting)>,
}

impl CheckedSource {
    /// A source of that name that gives nothing.
    pub(crate) fn new(id: SourceId) -> Self {
        Self {
            id,
            attempt: None,
            format: None,
            waits_until: None,
            documents: 0,
            posts: 0,
            events: 0,
            skipped: Vec::new(),
            unsure: Vec::new(),
        }
    }
}

/// What would be read from one address or file.
#[derive(Debug, Clone, Default)]
pub struct Preview {
    /// The title of the feed or calendar, or the address or path.
    pub title: String,
    /// What it is written in, for people.
    pub format: String,
    /// Its entries, in its order.
    pub entries: Vec<PreviewEntry>,
    /// What was left out.
    pub problems: Vec<Problem>,
}

/// One entry of a preview.
#[derive(Debug, Clone, Default)]
pub struct PreviewEntry {
    /// Its title.
    pub title: String,
    /// Its address.
    pub url: Option<Url>,
    /// When it was published.
    pub published: Option<DateTime<FixedOffset>>,
    /// The events it tells of.
    pub events: Vec<Sighting>,
    /// Those that it may tell of, but not surely enough to be published.
    pub unsure: Vec<Sighting>,
    /// Why nothing of it would be published.
    pub skipped: Option<String>,
    /// Its text, plain.
    pub text: String,
}

/// An event with the posts about it.
#[derive(Debug, Clone)]
pub struct Explained {
    /// The event.
    pub event: Event,
    /// The posts that announce it or look back on it.
    pub posts: Vec<Post>,
    /// Why its tellings are one event.
    pub matches: Vec<Match>,
    /// How it changed, the first change first.
    pub revisions: Vec<Revised>,
    /// All names by which its sources call it, each with the source: what overrides may name it by.
    pub names: Vec<String>,
    /// It is off the board: hidden by hand, or nothing tells of it any more.
    pub hidden: bool,
}

impl Report {
    /// A report about a board of so many sources.
    pub(crate) fn begin(sources: usize, output: PathBuf) -> Self {
        Self { sources, output, ..Self::default() }
    }

    /// True where nobody was or should have been asked and nothing has changed.
    pub fn is_idle(&self) -> bool {
        let is_quiet = self.new_problems.is_empty() && self.gone_problems.is_empty();
        let is_unasked = self.asked.is_empty() && self.unreached == 0;
        is_unasked && self.documents_read == 0 && self.artifacts_rendered == 0 && is_quiet
    }

    /// Adds a stage.
    pub(crate) fn stage(&mut self, name: &'static str, done: usize, left_out: usize) {
        tracing::info!("{name}: {done}, {left_out} left out");
        self.stages.push(Stage { name, done, left_out });
    }
}
