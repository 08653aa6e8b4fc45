//! How a run is told to a person: the stage table, the problems.

use crate::model::{Event, Offer, Post, Problem, Sighting, SourceId};
use crate::store::Attempt;
use chrono::{DateTime, FixedOffset};
use std::path::PathBuf;
use url::Url;

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
}

impl Report {
    /// A report about a board of so many sources.
    pub(crate) fn begin(sources: usize, output: PathBuf) -> Self {
        Self { sources, output, ..Self::default() }
    }

    /// Adds a stage.
    pub(crate) fn stage(&mut self, name: &'static str, done: usize, left_out: usize) {
        self.stages.push(Stage { name, done, left_out });
    }
}
