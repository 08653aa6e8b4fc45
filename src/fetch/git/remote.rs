//! Our copy of a repository elsewhere: bare, shallow, without blobs but those we asked for.

use super::command::Repository;
use super::tree::Plan;
use super::{GitError, no_revision};
use crate::fetch::Asking;
use crate::fetch::files::Globs;
use std::fs;
use std::time::Duration;
use tokio::time::sleep;

/// Where our copy keeps the commit it was fetched at.
const HEAD: &str = "refs/noticeboard/head";
/// Each changed head leaves a pack or two; past this many a new copy is smaller.
const MAX_PACKS: usize = 60;
/// A copy past this is made anew: it holds what is needed no more, or what a fetch that was cut off left behind.
const TIDY_BYTES: u64 = MAX_BYTES / 2;
/// More than this is no community's pages; it must not fill the disk.
const MAX_BYTES: u64 = 2 * 1024 * 1024 * 1024;
/// How often a growing copy is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// Brings our copy up to date and returns what to read from it, all of it there. Asks for nothing but the head where that is the one we have.
pub(super) async fn bring(
    repository: &Repository,
    branch: Option<&str>,
    globs: &Globs,
    asking: &Asking,
) -> Result<Plan, GitError> {
    let head = ask_head(repository, branch).await?;
    tidy(repository)?;
    let mut blobless = true;
    loop {
        let fresh = !repository.git_dir.exists();
        let had = packs_in(repository).1;
        let ended = attempt(repository, &head, blobless, globs, asking).await;
        asking.received(packs_in(repository).1.saturating_sub(had));
        match ended {
            // A copy that was cut off is made anew; a server that can't filter, or give single blobs, is asked for everything.
            Err(GitError::Failed { .. } | GitError::Odd(_)) if !fresh || blobless => {
                blobless = blobless && !fresh;
                remove(repository)?;
            }
            ended => return ended,
        }
    }
}

/// A ref of the remote and what it names now.
struct Head {
    name: String,
    id: String,
}

async fn ask_head(repository: &Repository, branch: Option<&str>) -> Result<Head, GitError> {
    let names = match branch {
        None => vec!["HEAD".to_owned()],
        Some(branch) => vec![format!("refs/heads/{branch}"), format!("refs/tags/{branch}")],
    };
    let mut args = vec!["ls-remote", "--quiet", "origin"];
    args.extend(names.iter().map(String::as_str));
    let listed = repository.output(&args, None).await?;
    let listed = String::from_utf8_lossy(&listed);
    let id_of = |name: &String| {
        let line = listed.lines().filter_map(|line| line.split_once('\t')).find(|(_, n)| n == name)?;
        Some(Head { name: name.clone(), id: line.0.to_owned() })
    };
    names.iter().find_map(id_of).ok_or_else(|| no_revision(branch))
}

async fn attempt(
    repository: &Repository,
    head: &Head,
    blobless: bool,
    globs: &Globs,
    asking: &Asking,
) -> Result<Plan, GitError> {
    if !have(repository, head).await {
        fetch(repository, head, blobless).await?;
    }
    let mut plan = Plan::of(repository, HEAD, globs, asking).await?;
    plan.resolve_links(repository, globs, asking).await?;
    Ok(plan)
}

async fn have(repository: &Repository, head: &Head) -> bool {
    let ours = repository.output(&["rev-parse", "--verify", "--quiet", HEAD], None).await;
    repository.git_dir.exists() && ours.is_ok_and(|ours| String::from_utf8_lossy(&ours).trim() == head.id)
}

async fn fetch(repository: &Repository, head: &Head, blobless: bool) -> Result<(), GitError> {
    if !repository.git_dir.exists() {
        fs::create_dir_all(&repository.git_dir).map_err(|e| GitError::Cache(e.kind().to_string()))?;
        repository.output(&["init", "--quiet", "--bare", "--template="], None).await?;
    }
    let refspec = format!("+{}:{HEAD}", head.name);
    let mut args = vec!["fetch", "--quiet", "--depth=1", "--no-tags", "--no-write-fetch-head", "--update-shallow"];
    if blobless {
        args.push("--filter=blob:none");
    }
    args.extend(["origin", &refspec]);
    bounded(repository, &args, None).await
}

/// Starts anew where many fetches have piled up.
fn tidy(repository: &Repository) -> Result<(), GitError> {
    let (packs, bytes) = packs_in(repository);
    if packs > MAX_PACKS || bytes > TIDY_BYTES { remove(repository) } else { Ok(()) }
}

/// How many packs our copy has, and the bytes of all files beside them, unfinished ones too.
fn packs_in(repository: &Repository) -> (usize, u64) {
    let files = fs::read_dir(repository.git_dir.join("objects/pack")).into_iter().flatten().flatten();
    files.fold((0, 0), |(packs, bytes), file| {
        let pack = file.path().extension().is_some_and(|end| end == "pack");
        (packs + usize::from(pack), bytes + file.metadata().map_or(0, |meta| meta.len()))
    })
}

/// Lets a fetch into our copy go on until it is done or the copy is too large.
pub(super) async fn bounded(repository: &Repository, args: &[&str], input: Option<String>) -> Result<(), GitError> {
    let too_large = async {
        while packs_in(repository).1 <= MAX_BYTES {
            sleep(LOOK).await;
        }
    };
    tokio::select! {
        ended = repository.output(args, input) => ended.map(drop),
        () = too_large => Err(GitError::TooLarge),
    }
}

fn remove(repository: &Repository) -> Result<(), GitError> {
    match fs::remove_dir_all(&repository.git_dir) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(GitError::Cache(error.kind().to_string())),
        _ => Ok(()),
    }
}
