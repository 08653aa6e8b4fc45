//! The table of contents: fetch -> digest -> settle -> publish -> write.

use crate::config::Settings;
use crate::model::SourceId;
use crate::report::{Checked, Explained, Preview, Report};
use chrono::{DateTime, Utc};

/// How to run.
pub struct Options {
    /// The moment of the run.
    pub now: DateTime<Utc>,
    /// Only this source.
    pub only: Option<SourceId>,
    /// Ask every source, whatever its schedule.
    pub all: bool,
    /// Ask no source over the network.
    pub offline: bool,
    /// Change neither store nor output.
    pub dry_run: bool,
    /// Publish what the brake holds.
    pub accept: bool,
    /// Is told how the run gets on.
    pub progress: Option<Box<dyn Fn(&Progress) + Send + Sync>>,
}

/// How a run gets on.
#[derive(Debug, Clone)]
pub enum Progress {
    /// So many sources are asked.
    Started {
        /// How many.
        sources: usize,
    },
    /// A source has answered, or failed.
    Fetched {
        /// Which.
        source: SourceId,
        /// Documents that came.
        documents: usize,
        /// Whether it failed.
        failed: bool,
    },
    /// A stage is done.
    Stage {
        /// Which.
        name: &'static str,
        /// What worked.
        done: usize,
        /// What was left out.
        left_out: usize,
    },
}

/// Why nothing could be published.
#[derive(Debug, thiserror::Error)]
#[error("not built yet")]
pub struct RunError;

/// One whole run.
pub async fn run(_settings: &Settings, _options: &Options) -> Result<Report, RunError> {
    Err(RunError)
}

/// What is wrong with the config's sources.
pub async fn check(_settings: &Settings, _options: &Options, _live: bool) -> Result<Checked, RunError> {
    Err(RunError)
}

/// What would be read from an address or a file.
pub async fn preview(_settings: Option<&Settings>, _what: &str, _now: DateTime<Utc>) -> Result<Preview, RunError> {
    Err(RunError)
}

/// An event by id, UID, beginning of an id, or address.
pub fn explain(_settings: &Settings, _what: &str) -> Result<Option<Explained>, RunError> {
    Err(RunError)
}
