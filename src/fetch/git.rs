//! Documents from a git repository: blobs read from its object store, never a checkout.
//!
//! In: an address or a path, a branch, globs. Out: each chosen file whose blob is not the one we know. A repository on this
//! machine (a plain path) is read in place and nothing is written to it. Any other (`file://` too) is fetched into a bare,
//! shallow repository of ours without blobs; the tree is listed, and the new blobs of chosen files come in one further request.
//! As there is no checkout, no hook, filter, link or submodule of a repository ever acts.

mod address;
mod command;
mod reach;
mod remote;
mod tree;

use super::files;
use super::guard::Refused;
use super::{Answered, Asking, FetchError};
use address::{Address, Place};
use command::Repository;
pub(crate) use command::kill_all;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::time::timeout;

/// Bringing a repository, all its steps together, may take so long.
const ALL: Duration = Duration::from_secs(300);

/// Files of a git repository.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Git {
    /// Where the repository is: `https://…`, `ssh://…`, `git@host:path`, `file://…`, or a path on this machine, which is read
    /// in place as last committed. A relative path counts from the config file's folder.
    #[serde(deserialize_with = "address::deserialize_url")]
    pub url: String,
    /// The branch (or tag) to read. Without it, the one the repository itself calls its head.
    #[serde(default, deserialize_with = "address::deserialize_branch")]
    pub branch: Option<String>,
    /// Globs of the files to read, counted from the repository's root: `*` stays inside one folder, `**` does not.
    /// Without it all posts, calendars and feeds are read. Hidden files and folders never are.
    #[serde(default, deserialize_with = "files::deserialize_globs")]
    pub include: Vec<String>,
    /// Globs of files to leave out, though `include` names them.
    #[serde(default, deserialize_with = "files::deserialize_globs")]
    pub exclude: Vec<String>,
    /// Allows a server of your own network, and a proxy from the environment. Off, only public addresses are asked, directly.
    #[serde(default)]
    pub allow_private: bool,
}

/// Why nothing can come of a repository.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// Not an address of a repository.
    #[error("expected the address or path of a git repository, but found {0}")]
    Address(&'static str),
    /// Not a branch name.
    #[error("expected the name of a branch, but found `{0}`")]
    BadBranch(String),
    /// A server we may not ask.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// A server that git looks up anew, and that does not prove who it is.
    #[error("expected a server that proves its name, but over `git://` none does")]
    Unproven,
    /// A server whose address is not to be found.
    #[error("expected a server, but the name `{0}` could not be looked up")]
    NoNames(String),
    /// Not asked, because its server wants to be left alone.
    #[error("not asked: its server `{host}` wants to be left alone for {} s", wait.as_secs())]
    LeftAlone {
        /// The server.
        host: String,
        /// For how long.
        wait: Duration,
    },
    /// No repository at a path.
    #[error("expected a git repository, but found {0}")]
    NoRepository(&'static str),
    /// The branch, or the head, is not there.
    #[error("expected {0}, but the repository has none")]
    NoRevision(String),
    /// There is no git here.
    #[error("expected the program `git`, but could not start it: {0}")]
    NoGit(String),
    /// git gave up.
    #[error("`git {step}` failed: {said}")]
    Failed {
        /// The subcommand.
        step: String,
        /// Its main words, without credentials.
        said: String,
    },
    /// git did not end.
    #[error("no answer from `git {0}` within 2 minutes")]
    TimedOut(String),
    /// Each step ended, but all of them together take too long.
    #[error("expected a repository that is there within 5 minutes, but found a slower one")]
    TooSlow,
    /// git answered something else than it promises.
    #[error("expected an answer of git's, but found {0}")]
    Odd(&'static str),
    /// More than anyone means.
    #[error("expected at most {} files, but the globs choose more", files::MAX_FILES)]
    TooMany,
    /// Larger than anyone means.
    #[error("expected a repository of at most 2 GiB, but found a larger one")]
    TooLarge,
    /// The folder for our copy can't be written.
    #[error("expected a folder that can be written for the copy of the repository, but found `{0}`")]
    Cache(String),
}

impl GitError {
    pub(super) fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Address(_) => "write `https://…`, `ssh://…`, `git@host:path`, `file://…` or a path",
            Self::BadBranch(_) => "leave `branch` out to read the repository's own head",
            Self::Refused(_) => {
                "if that server is yours and meant, put it into `fetch.allow`, or set `allow_private = true` for this source"
            }
            Self::Unproven => "write `https://…` or `ssh://…`, or set `allow_private = true` for this source",
            Self::LeftAlone { .. } => "another source of this server was told so; a later run asks again",
            Self::NoNames(_) => "check `url`; a later run tries again",
            Self::NoRepository(_) => "check `url`; for a folder that is no repository use `from.directory`",
            Self::NoRevision(_) => "check `branch`, and that something was committed",
            Self::NoGit(_) => "install git, or check PATH",
            Self::Failed { said, .. } => return hint_for(said),
            Self::TimedOut(_) => "a later run tries again; check that the server can be reached from this machine",
            Self::TooSlow => "a later run tries again; narrow `include` if it stays so",
            Self::Odd(_) => "check that `git --version` says 2.37 or newer",
            Self::TooMany => "narrow `include`, or leave folders out with `exclude`",
            Self::TooLarge => "narrow `include`; a server that can filter sends only the chosen files",
            Self::Cache(_) => "check who may write to the store's folder, and that its disk is not full",
        };
        Some(hint.to_owned())
    }
}

/// The ways out that git's own words ask for.
fn hint_for(said: &str) -> Option<String> {
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    let hint = if has(&["could not read Username", "Authentication failed", "Permission denied", "403"]) {
        "the server wants to know who asks: for a private repository use an address with a read-only token or key"
    } else if has(&["returned error: 30"]) {
        "the repository has moved: open it in a browser and put the address it ends at into the config"
    } else if has(&["dubious ownership"]) {
        "the repository belongs to another user: write its plain path instead of `file://`"
    } else if has(&["not found", "does not exist", "does not appear to be a git repository"]) {
        "check `url`; a private repository looks like a missing one to who may not read it"
    } else if has(&["Could not resolve host", "Connection refused", "timed out", "Failed to connect"]) {
        "the server cannot be reached from this machine now; a later run tries again"
    } else {
        return None;
    };
    Some(hint.to_owned())
}

impl Git {
    pub(super) fn resolved_from(mut self, folder: &Path) -> Self {
        if let Ok(Address { place: Place::Here(path), .. }) = Address::parse(&self.url)
            && let Some(path) = folder.join(path).to_str()
        {
            self.url = path.to_owned();
        }
        self
    }

    pub(super) fn subject(&self) -> String {
        super::without_credentials(&self.url)
    }

    pub(super) fn is_local(&self) -> bool {
        matches!(Address::parse(&self.url), Ok(Address { place: Place::Here(_), .. }))
    }

    pub(super) fn host(&self) -> Option<String> {
        Address::parse(&self.url).ok()?.host
    }

    pub(super) async fn fetch(&self, asking: &Asking) -> Result<Answered, FetchError> {
        let globs = files::Globs::new(&self.include, &self.exclude)?;
        let address = Address::parse(&self.url)?;
        let branch = self.branch.as_deref().map(address::checked_branch).transpose()?;
        let plan = match &address.place {
            Place::Here(path) => {
                let repository = Repository::in_place(&git_dir(path)?);
                let revision = local_revision(&repository, branch).await?;
                let mut plan = tree::Plan::of(&repository, &revision, &globs, asking).await?;
                plan.resolve_links(&repository, &globs, asking).await?;
                (repository, plan)
            }
            Place::Elsewhere { scheme } => {
                let folder = asking.net.git_folder.join(asking.source.as_str());
                if let Some(host) = &address.host {
                    let turn = asking.turn(host).await;
                    turn.map_err(|wait| GitError::LeftAlone { host: host.clone(), wait })?;
                }
                let settings = reach::settings(&self.url, &address, scheme, self.allow_private, asking).await?;
                let repository = Repository::copy_of(&self.url, scheme, &folder, settings);
                let brought = timeout(ALL, remote::bring(&repository, branch, &globs, asking)).await;
                let plan = brought.map_err(|_| GitError::TooSlow)??;
                (repository, plan)
            }
        };
        let (repository, plan) = plan;
        plan.hand_on(&repository, &globs, asking).await
    }
}

/// The folder that holds a repository's objects: `.git` of a working copy (a file in a worktree), or the bare one itself.
fn git_dir(path: &Path) -> Result<PathBuf, GitError> {
    let inside = path.join(".git");
    if inside.exists() {
        Ok(inside)
    } else if path.join("HEAD").is_file() && path.join("objects").is_dir() {
        Ok(path.to_owned())
    } else if path.is_dir() {
        Err(GitError::NoRepository("a folder without one"))
    } else if path.exists() {
        Err(GitError::NoRepository("a file"))
    } else {
        Err(GitError::NoRepository("nothing"))
    }
}

/// The commit of the branch; in a CI job's checkout it may be known as the remote's only.
async fn local_revision(repository: &Repository, branch: Option<&str>) -> Result<String, GitError> {
    let names = match branch {
        None => vec!["HEAD".to_owned()],
        Some(b) => ["refs/heads/", "refs/remotes/origin/", "refs/tags/"].map(|at| format!("{at}{b}")).into(),
    };
    for name in names {
        let commit = format!("{name}^{{commit}}");
        match repository.output(&["rev-parse", "--verify", "--quiet", &commit], None).await {
            Ok(found) => return Ok(String::from_utf8_lossy(&found).trim().to_owned()),
            Err(GitError::Failed { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Err(no_revision(branch))
}

fn no_revision(branch: Option<&str>) -> GitError {
    GitError::NoRevision(match branch {
        Some(branch) => format!("a branch or tag `{branch}`"),
        None => "a commit at its head".to_owned(),
    })
}
