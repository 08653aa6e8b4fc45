//! The program `git`, run so that neither its environment nor the repository can make it do anything but read.
//!
//! All settings, the address included, go through `GIT_CONFIG_*` variables: nothing of them stands in a list of processes,
//! and nothing can be taken for an option.

use super::{GitError, address};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// A shallow fetch of a big documentation repository takes some seconds.
pub(super) const TIMEOUT: Duration = Duration::from_secs(120);
/// The list of a tree of 100,000 files has some 10 MB.
const MAX_OUTPUT: u64 = 64 * 1024 * 1024;
const MAX_WORDS: u64 = 16 * 1024;

/// What git must not do, whoever asks it to.
const SETTINGS: [(&str, &str); 18] = [
    ("core.hooksPath", "/dev/null"),
    ("core.fsmonitor", "false"),
    ("core.askPass", ""),
    ("credential.helper", ""),
    ("protocol.allow", "never"),
    ("protocol.ext.allow", "never"),
    ("protocol.version", "2"),
    ("submodule.recurse", "false"),
    ("fetch.recurseSubmodules", "false"),
    ("transfer.bundleURI", "false"),
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
    // What arrives stays in packs, whose sizes are looked at.
    ("fetch.unpackLimit", "1"),
    ("transfer.unpackLimit", "1"),
    ("core.bigFileThreshold", "16m"),
    ("http.followRedirects", "false"),
    ("http.lowSpeedLimit", "100"),
    ("http.lowSpeedTime", "30"),
];

/// SSH asks nobody, forwards nothing and runs nothing here.
const SSH: &str = "ssh -o BatchMode=yes -o ConnectTimeout=20 -o ServerAliveInterval=15 -o ClearAllForwardings=yes \
    -o ForwardAgent=no -o ForwardX11=no -o PermitLocalCommand=no";

/// A repository on this disk, and how git may be run on it.
pub(super) struct Repository {
    pub git_dir: PathBuf,
    /// True where git may go and fetch.
    pub is_copy: bool,
    /// The one transport that git may use; none for what is only read.
    protocol: &'static str,
    settings: Vec<(String, String)>,
    secrets: Vec<String>,
}

impl Repository {
    /// Somebody else's repository, only read. It may belong to another user, as in CI jobs.
    pub(super) fn in_place(git_dir: &Path) -> Self {
        let own = [Some(git_dir), git_dir.parent()].into_iter().flatten();
        let settings = own.map(|path| ("safe.directory".to_owned(), path.display().to_string())).collect();
        Self { git_dir: git_dir.to_owned(), is_copy: false, protocol: "", settings, secrets: Vec::new() }
    }

    /// Our copy of the repository at an address, with further settings.
    pub(super) fn copy_of(url: &str, scheme: &'static str, folder: &Path, more: Vec<(String, String)>) -> Self {
        let settings = [
            (format!("protocol.{scheme}.allow"), "always"),
            ("remote.origin.url".to_owned(), url),
            ("remote.origin.promisor".to_owned(), "true"),
        ];
        Self {
            git_dir: folder.to_owned(),
            is_copy: true,
            protocol: scheme,
            settings: settings.map(|(key, value)| (key, value.to_owned())).into_iter().chain(more).collect(),
            secrets: address::secrets(url),
        }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut git = Command::new("git");
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"GIT_")) {
            git.env_remove(name);
        }
        git.env("GIT_DIR", &self.git_dir)
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_ASKPASS", "")
            .env("GIT_ALLOW_PROTOCOL", self.protocol)
            .env("GIT_SSH_COMMAND", SSH)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GIT_NO_REPLACE_OBJECTS", "1")
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("LC_ALL", "C");
        let given = self.settings.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        let mut count = 0usize;
        for (key, value) in SETTINGS.into_iter().chain(given) {
            git.env(format!("GIT_CONFIG_KEY_{count}"), key).env(format!("GIT_CONFIG_VALUE_{count}"), value);
            count += 1;
        }
        git.env("GIT_CONFIG_COUNT", count.to_string())
            .args(args.iter().map(OsStr::new))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        #[cfg(unix)]
        git.process_group(0);
        git
    }

    /// Starts git with both ends of its pipes in our hands. Its errors are not kept: the answer tells.
    pub(super) fn start(&self, args: &[&str]) -> Result<Child, GitError> {
        let mut git = self.command(args);
        git.stdin(Stdio::piped()).stderr(Stdio::null());
        git.spawn().map_err(|e| GitError::NoGit(e.kind().to_string()))
    }

    /// Runs git to its end and returns what it wrote.
    pub(super) async fn output(&self, args: &[&str], input: Option<String>) -> Result<Vec<u8>, GitError> {
        let step = args.iter().find(|arg| !arg.starts_with('-') && !arg.contains('=')).copied().unwrap_or("git");
        let mut git = self.command(args);
        if input.is_some() {
            git.stdin(Stdio::piped());
        }
        let mut child = git.spawn().map_err(|e| GitError::NoGit(e.kind().to_string()))?;
        let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let mut group = Group::of(child);
        let write = async {
            if let (Some(mut stdin), Some(input)) = (stdin, input) {
                // Where git ends early its words say why.
                let _ = stdin.write_all(input.as_bytes()).await;
            }
        };
        let others = async { Ok(tokio::join!(write, take(stderr, MAX_WORDS), group.child.wait())) };
        let all = async { tokio::try_join!(whole(stdout, MAX_OUTPUT), others) };
        let Ok(done) = timeout(TIMEOUT, all).await else { return Err(GitError::TimedOut(step.to_owned())) };
        let (written, ((), said, status)) = done?;
        if !status.is_ok_and(|s| s.success()) {
            return Err(GitError::Failed { step: step.to_owned(), said: self.main_words(&said) });
        }
        Ok(written)
    }

    /// The line that says what went wrong, without credentials and in one piece.
    fn main_words(&self, said: &[u8]) -> String {
        let said = String::from_utf8_lossy(said);
        let lines = || said.lines().map(str::trim).filter(|line| !line.is_empty());
        let telling = |line: &&str| ["fatal:", "error:", "remote:", "ERROR:"].iter().any(|word| line.starts_with(word));
        let line = lines().find(telling).or_else(|| lines().next_back()).unwrap_or("it said nothing");
        let told = self.secrets.iter().fold(line.to_owned(), |line, secret| line.replace(secret.as_str(), ""));
        let told: String = told.chars().filter(|c| !c.is_control()).take(300).collect();
        format!("`{}`", told.replace('`', "'"))
    }
}

/// The leaders of all groups that run.
static RUNNING: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

/// A running git and the helpers it has started, which outlive it if only it is killed. Whatever still runs when this is dropped
/// (out of time, or nobody waits any more) is killed.
struct Group {
    child: Child,
    leader: Option<u32>,
}

impl Group {
    fn of(child: Child) -> Self {
        let leader = child.id();
        running().extend(leader);
        Self { child, leader }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(leader) = self.leader {
            running().remove(&leader);
        }
        if let Some(leader) = self.child.id() {
            kill(leader);
        }
    }
}

fn running() -> MutexGuard<'static, BTreeSet<u32>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Kills every git that still runs, for where the process ends at once and nothing is dropped.
pub(crate) fn kill_all() {
    std::mem::take(&mut *running()).into_iter().for_each(kill);
}

fn kill(leader: u32) {
    // std can kill one process only. Where there is no such program the leader alone is killed, as it is dropped.
    let kill = std::process::Command::new("kill").args(["-KILL", "--", &format!("-{leader}")]).status();
    drop(kill);
}

/// Reads to the end, or to the limit: a few trees that hold each other many times make a list that never ends.
async fn whole(from: Option<impl AsyncRead + Unpin>, limit: u64) -> Result<Vec<u8>, GitError> {
    let mut kept = Vec::new();
    if let Some(from) = from {
        let _ = from.take(limit + 1).read_to_end(&mut kept).await;
    }
    if kept.len() as u64 > limit { Err(GitError::Odd("more than 64 MiB of it")) } else { Ok(kept) }
}

/// Reads to the end, but keeps no more than one byte over `limit`, so that the child is never stuck.
async fn take(from: Option<impl AsyncRead + Unpin>, limit: u64) -> Vec<u8> {
    let mut kept = Vec::new();
    if let Some(mut from) = from {
        let _ = (&mut from).take(limit + 1).read_to_end(&mut kept).await;
        let _ = tokio::io::copy(&mut from, &mut tokio::io::sink()).await;
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_never_ends_is_not_waited_for() {
        assert!(whole(Some(tokio::io::repeat(b'x')), 1024).await.is_err());
        assert_eq!(whole(Some(&b"list"[..]), 4).await.ok(), Some(b"list".to_vec()));
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn whatever_runs_can_be_killed_before_the_process_ends() {
        let mut sleep = Command::new("sleep");
        let mut group = Group::of(sleep.arg("60").process_group(0).kill_on_drop(true).spawn().unwrap());
        kill_all();
        let ended = timeout(Duration::from_secs(30), group.child.wait()).await.expect("it still runs");
        assert!(!ended.unwrap().success());
    }
}
