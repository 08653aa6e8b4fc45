//! From the world: sources → a bounded stream of documents. Async edge, one file an origin.
//!
//! In: the sources that are due, with what the last run knew of each. Out: their new or changed [`Document`]s, a [`Problem`]
//! for each thing left out, and for each source exactly one [`Answered`] or `Failed`, which comes last; none for those that were not reached
//! before the run's time was over.
//! One source never costs another: a slow, broken or hostile one ends in a problem of its own.

mod asking;
mod budget;
pub mod directory;
mod due;
mod files;
pub mod git;
mod guard;
pub mod http;
mod limits;
mod manners;
mod net;

use crate::model::{Document, Follow, Problem, ProblemKind, SourceId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;
use url::Url;

pub(crate) use asking::Asking;
pub use directory::Directory;
pub use due::{Arrivals, due};
pub use git::Git;
pub use guard::Allowed;
pub use http::Http;
pub use limits::Limits;
pub use net::Net;

/// What the last run knew of a source, so that only what changed is fetched.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Known {
    /// Document key → the origin's name of the version we have ([`Document::version`]).
    pub versions: BTreeMap<String, String>,
    /// Validators of the last answer (HTTP), exactly as received.
    pub validators: Validators,
    /// Where the document lies by now (HTTP), if it has moved for good.
    pub moved_to: Option<Url>,
    /// What the source's page offers (HTTP), each with the validators of its last answer: asked now, the page itself was asked before.
    pub offered: Vec<(Url, Validators)>,
}

impl Known {
    /// True where `version` of `key` is what we have. An empty version is never known.
    fn has(&self, key: &str, version: &str) -> bool {
        !version.is_empty() && self.versions.get(key).is_some_and(|known| known == version)
    }
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

impl Validators {
    fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }
}

/// What a server tells about when and where to ask it again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// Its answer is as good as new for so long (Cache-Control, Expires; RFC 9111 §4.2.1).
    pub fresh_for: Option<Duration>,
    /// It wants to be left alone for so long (Retry-After, RFC 9110 §10.2.3).
    pub retry_after: Option<Duration>,
    /// The document lies there from now on (301, 308).
    pub moved_to: Option<Url>,
    /// Nothing will be at the source's own address any more (410).
    pub gone: bool,
}

impl Told {
    /// What two servers, or one twice, tell about one source: it is asked again when neither minds.
    #[must_use]
    pub fn and(self, other: &Told) -> Self {
        let (fresh_for, retry_after) = (self.fresh_for.max(other.fresh_for), self.retry_after.max(other.retry_after));
        Self { fresh_for, retry_after, ..self }
    }
}

/// What arrives from a source. Ends with exactly one `Answered` or `Failed`.
#[derive(Debug)]
pub enum Arrival {
    /// The source's turn has come: it is being asked.
    Begun(SourceId),
    /// A new or changed document.
    Document(Document),
    /// Something of it was left out (a symlink, a file too large).
    Problem(Problem),
    /// The source answered well.
    Answered(Answered),
    /// Nothing can come of it this time.
    Failed(Failed),
}

/// What one attempt to ask a source was like.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attempt {
    /// The last status that its server answered, if it did (RFC 9110 §15).
    pub status: Option<u16>,
    /// Bytes of content that came over the network, as they were sent.
    pub received: u64,
    /// How long it took.
    pub took: Duration,
}

/// A source of which nothing can come this time.
#[derive(Debug)]
pub struct Failed {
    /// The source.
    pub source: SourceId,
    /// Names it and says why.
    pub problem: Problem,
    /// What its server told beside it.
    pub told: Told,
    /// What asking it was like.
    pub attempt: Attempt,
}

/// A source's good answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    /// The source.
    pub source: SourceId,
    /// Keys of all documents it has now, changed or not, sorted. A file that is there but could not be read this time
    /// (too large, no permission) is among them: it has not vanished.
    pub present: Vec<String>,
    /// Validators to send back next time.
    pub validators: Validators,
    /// The same of each document that was asked because the source's page offers it.
    pub offered: BTreeMap<String, Validators>,
    /// When and where to ask again.
    pub told: Told,
    /// What asking it was like.
    pub attempt: Attempt,
}

/// Where a source's documents live. The variants are also the config: `from.git = { url = "…" }`.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// Files on disk.
    Directory(directory::Directory),
    /// Files of a git repository, on this machine or elsewhere.
    Git(git::Git),
    /// A feed, calendar or page on the web; which of them is found out by looking at it.
    Http(http::Http),
}

impl Origin {
    /// The origin with its relative paths counted from `folder`, the config file's.
    #[must_use]
    pub fn resolved_from(self, folder: &Path) -> Self {
        match self {
            Origin::Directory(mut directory) => {
                directory.path = folder.join(&directory.path);
                Origin::Directory(directory)
            }
            Origin::Git(git) => Origin::Git(git.resolved_from(folder)),
            Origin::Http(http) => Origin::Http(http.resolved_from(folder)),
        }
    }

    /// Which offers of its page are followed.
    pub fn follow(&self) -> Option<Follow> {
        match self {
            Origin::Directory(_) | Origin::Git(_) => None,
            Origin::Http(http) => Some(Follow { page: http.key(), kinds: http.follow.clone() }),
        }
    }

    /// The address or path as it may be told to a person: without credentials.
    pub fn subject(&self) -> String {
        match self {
            Origin::Directory(directory) => directory.path.display().to_string(),
            Origin::Git(git) => git.subject(),
            Origin::Http(http) => http.key(),
        }
    }

    /// True where asking costs no network, so that it can be asked in every run.
    pub fn is_local(&self) -> bool {
        match self {
            Origin::Directory(_) => true,
            Origin::Git(git) => git.is_local(),
            Origin::Http(_) => false,
        }
    }

    /// The server that is asked, so that no server is asked too much at once; none on this machine's disk.
    fn host(&self) -> Option<String> {
        match self {
            Origin::Directory(_) => None,
            Origin::Git(git) => git.host(),
            Origin::Http(http) => http.host(),
        }
    }

    async fn fetch(&self, asking: &Asking) -> Result<Answered, FetchError> {
        match self {
            Origin::Directory(directory) => directory.fetch(asking).await,
            Origin::Git(git) => git.fetch(asking).await,
            Origin::Http(http) => http.fetch(asking).await,
        }
    }
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

/// Why nothing can come of a source this time.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// Of a folder.
    #[error(transparent)]
    Directory(#[from] directory::DirectoryError),
    /// Of a repository.
    #[error(transparent)]
    Git(#[from] git::GitError),
    /// Of an address on the web.
    #[error(transparent)]
    Http(#[from] http::HttpError),
    /// A glob that is none.
    #[error(transparent)]
    Glob(#[from] files::BadGlob),
    /// A mistake of ours.
    #[error("reading it stopped at a mistake in noticeboard itself")]
    Crashed,
    /// Who asked is gone.
    #[error("nobody waits for the answer any more")]
    NobodyWaits,
}

impl FetchError {
    /// What the server told beside the failure.
    fn told(&self) -> Told {
        match self {
            FetchError::Http(error) => error.told(),
            FetchError::Git(git::GitError::LeftAlone { wait, .. }) => {
                Told { retry_after: Some(*wait), ..Told::default() }
            }
            _ => Told::default(),
        }
    }

    /// True where a second try may well do better.
    fn may_pass(&self) -> bool {
        matches!(self, FetchError::Http(error) if error.may_pass())
    }

    /// The problem of a source as a whole.
    fn problem(&self, source: &SourceId, subject: &str) -> Problem {
        let problem = Problem::new(ProblemKind::Fetch, self.to_string()).at(source, subject);
        let hint = match self {
            FetchError::Directory(error) => error.hint(),
            FetchError::Git(error) => error.hint(),
            FetchError::Http(error) => error.hint(),
            FetchError::Glob(_) => Some("globs are written like `content/**/*.md`".to_owned()),
            FetchError::Crashed => Some("please report it, with the source's address if it is public".to_owned()),
            FetchError::NobodyWaits => None,
        };
        match hint {
            Some(hint) => problem.hint(hint),
            None => problem,
        }
    }
}

/// The address as it may be told: over HTTP the user name, too, may be a token; over SSH it never is.
fn without_credentials(url: &str) -> String {
    // Most have none, and this is asked often.
    if !url.contains('@') {
        return url.to_owned();
    }
    match Url::parse(url) {
        Ok(mut parsed) if url.contains("://") => {
            let had = parsed.password().is_some() || !parsed.username().is_empty();
            let _ = parsed.set_password(None);
            if parsed.scheme() != "ssh" {
                let _ = parsed.set_username("");
            }
            if had { parsed.into() } else { url.to_owned() }
        }
        _ => url.to_owned(),
    }
}
