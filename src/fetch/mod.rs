//! From the world: sources → a bounded stream of documents. Async edge, one file an origin.

use crate::model::{Document, Problem, SourceId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What the last run knew of a source, so that only what changed is fetched.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Known {
    /// Document key → the origin's name of the version we have ([`Document::version`]).
    pub versions: BTreeMap<String, String>,
    /// Validators of the last answer (HTTP), exactly as received.
    pub validators: Validators,
}

/// HTTP validators (RFC 9110 §8.8), exactly as received.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validators {
    /// ETag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// Last-Modified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
}

/// What arrives from a source. Ends with exactly one `Answered` or `Failed`.
#[derive(Debug)]
pub enum Arrival {
    /// A new or changed document.
    Document(Document),
    /// Something of it was left out (a symlink, a file too large).
    Problem(Problem),
    /// The source answered well.
    Answered(Answered),
    /// Nothing can come of it this time; the problem names it and says why.
    Failed(SourceId, Problem),
}

/// A source's good answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    /// The source.
    pub source: SourceId,
    /// Keys of all documents it has now, changed or not, sorted.
    pub present: Vec<String>,
    /// Validators to send back next time.
    pub validators: Validators,
}

/// Where a source's documents live. The variants are also the config: `from.git = { url = "…" }`.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// Files of a git repository.
    Git(Git),
    /// A feed, a calendar or a page.
    Http(Http),
    /// Files on disk.
    Directory(Directory),
}

/// Files of a git repository.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Git {
    /// Where to fetch it from.
    pub url: String,
    /// The branch.
    pub branch: Option<String>,
    /// Globs of the files to read.
    #[serde(default)]
    pub include: Vec<String>,
    /// Globs of files to leave out.
    #[serde(default)]
    pub exclude: Vec<String>,
}

/// A feed, a calendar or a page.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// Its address.
    pub url: String,
    /// Seconds.
    pub timeout: Option<u64>,
    /// Bytes.
    pub max_size: Option<u64>,
    /// Allow addresses of private networks.
    #[serde(default)]
    pub allow_private: bool,
}

/// Files below a folder.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Directory {
    /// The folder.
    pub path: PathBuf,
    /// Globs of the files to read.
    #[serde(default)]
    pub include: Vec<String>,
    /// Globs of files to leave out.
    #[serde(default)]
    pub exclude: Vec<String>,
}

/// A source that is due, with what is known of it.
#[derive(Debug, Clone)]
pub struct Due {
    /// Its id.
    pub source: SourceId,
    /// Where its documents live.
    pub origin: Origin,
    /// What the last run knew.
    pub known: Known,
}

/// Asks all due sources at once but bounded; what arrives comes through a bounded channel, in no particular order between sources.
/// Must be called inside a tokio runtime. The channel closes when all sources have ended.
pub fn due(sources: Vec<Due>) -> tokio::sync::mpsc::Receiver<Arrival> {
    let _ = sources;
    unimplemented!()
}
