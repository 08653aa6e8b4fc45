//! From a commit's tree to documents: list, choose, obtain what is missing, read.

use super::command::{Repository, TIMEOUT};
use super::{FetchError, GitError, remote};
use crate::fetch::files::{self, Globs, LEADS_NOWHERE, LEADS_OUT, MAX_FILE, MAX_FILES, OUTSIDE_HINT, TOO_LARGE_HINT};
use crate::fetch::{Answered, Asking};
use crate::model::Problem;
use std::collections::HashMap;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout};
use tokio::time::timeout;

/// A link's target is a path; more bytes than this are none.
const MAX_TARGET: u64 = 4096;
/// More links than this are not looked at.
const MAX_LINKS: usize = 1000;

/// A file and the blob that holds it.
#[derive(Debug, Clone, PartialEq)]
struct File {
    key: String,
    blob: String,
}

/// What is to be read from a tree.
pub(super) struct Plan {
    /// Chosen files, sorted by path.
    files: Vec<File>,
    links: Vec<File>,
    /// All regular files of the tree, for links; empty where it has no links.
    regular: HashMap<String, String>,
    problems: Vec<Problem>,
    /// Sizes of blobs we have, in bytes.
    sizes: HashMap<String, u64>,
}

impl Plan {
    /// Lists the tree of `revision`, chooses, and obtains the chosen blobs that are neither known nor here.
    pub(super) async fn of(
        repository: &Repository,
        revision: &str,
        globs: &Globs,
        asking: &Asking,
    ) -> Result<Self, GitError> {
        let listed = repository.output(&["ls-tree", "-r", "-z", "--full-tree", revision], None).await?;
        let mut plan = choose(&listed, globs, asking)?;
        plan.obtain(repository, asking).await?;
        Ok(plan)
    }

    /// Asks for the sizes of all blobs to be read, and has those that are not here brought in one request.
    async fn obtain(&mut self, repository: &Repository, asking: &Asking) -> Result<(), GitError> {
        let new = self.files.iter().filter(|file| !asking.known.has(&file.key, &file.blob));
        let mut wanted: Vec<&str> = new.chain(&self.links).map(|file| file.blob.as_str()).collect();
        wanted.retain(|blob| !self.sizes.contains_key(*blob));
        wanted.sort_unstable();
        wanted.dedup();
        if wanted.is_empty() {
            return Ok(());
        }
        let mut sizes = sizes_of(repository, &wanted).await?;
        let missing: Vec<&str> = wanted.into_iter().filter(|blob| !sizes.contains_key(*blob)).collect();
        if !missing.is_empty() {
            if !repository.is_copy {
                return Err(GitError::NoRepository("one that lacks some of its files (a partial clone)"));
            }
            fetch_blobs(repository, &missing).await?;
            let brought = sizes_of(repository, &missing).await?;
            if brought.len() < missing.len() {
                return Err(GitError::Odd("fewer blobs than asked for"));
            }
            sizes.extend(brought);
        }
        self.sizes.extend(sizes);
        Ok(())
    }

    /// Reads where the links lead: out of the repository is a problem, to a file of it is that file, else it is nothing new.
    pub(super) async fn resolve_links(
        &mut self,
        repository: &Repository,
        globs: &Globs,
        asking: &Asking,
    ) -> Result<(), GitError> {
        if self.links.is_empty() {
            return Ok(());
        }
        let mut blobs = Blobs::open(repository)?;
        for link in std::mem::take(&mut self.links) {
            let size = self.sizes.get(&link.blob).copied().unwrap_or(0);
            let target = if size > MAX_TARGET { Vec::new() } else { blobs.read(&link.blob).await? };
            let path = inside(&link.key, &String::from_utf8_lossy(&target));
            let chosen = globs.choose(&link.key);
            match path.filter(|path| !(chosen && files::is_hidden(path))) {
                None => self.problems.push(asking.file_problem(&link.key, LEADS_OUT, OUTSIDE_HINT)),
                Some(path) if chosen => match self.regular.get(&path) {
                    Some(blob) => self.files.push(File { key: link.key, blob: blob.clone() }),
                    None => self.problems.push(asking.file_problem(&link.key, LEADS_NOWHERE, OUTSIDE_HINT)),
                },
                Some(_) => {}
            }
        }
        self.regular = HashMap::new();
        self.files.sort_by(|a, b| a.key.cmp(&b.key));
        self.obtain(repository, asking).await
    }

    /// Reads what is new and hands it on, one blob at a time.
    pub(super) async fn hand_on(
        self,
        repository: &Repository,
        globs: &Globs,
        asking: &Asking,
    ) -> Result<Answered, FetchError> {
        if !globs.ask_for_any(self.files.iter().map(|file| file.key.as_str())) {
            let message = "expected documents, but the globs choose no file of this repository";
            let hint = "check `include` and `exclude`; without `include` posts, calendars and feeds are read";
            asking.problem(asking.file_problem("", message, hint)).await?;
        }
        for problem in self.problems {
            asking.problem(problem).await?;
        }
        let mut blobs = None;
        for file in &self.files {
            if asking.known.has(&file.key, &file.blob) {
                continue;
            }
            let size = self.sizes.get(&file.blob).copied().unwrap_or(0);
            if size > MAX_FILE {
                asking.problem(asking.file_problem(&file.key, files::too_large(size), TOO_LARGE_HINT)).await?;
                continue;
            }
            let blobs = match &mut blobs {
                Some(open) => open,
                none => none.insert(Blobs::open(repository)?),
            };
            let room = asking.room_for(size).await;
            let bytes = blobs.read(&file.blob).await?;
            asking.document(asking.file(&file.key, file.blob.clone(), bytes), room).await?;
        }
        Ok(asking.answered(self.files.into_iter().map(|file| file.key).collect()))
    }
}

/// Reads git's list (`mode SP type SP id TAB path NUL`) and chooses. Submodules are somebody else's repository, so they are no files.
fn choose(listed: &[u8], globs: &Globs, asking: &Asking) -> Result<Plan, GitError> {
    let mut plan = Plan {
        files: Vec::new(),
        links: Vec::new(),
        regular: HashMap::new(),
        problems: Vec::new(),
        sizes: HashMap::new(),
    };
    let records = || listed.split(|byte| *byte == 0).filter(|record| !record.is_empty());
    let has_links = records().any(|record| record.starts_with(b"120000 "));
    for record in records() {
        let Some(Record { mode, blob, path }) = Record::parse(record) else {
            return Err(GitError::Odd("a list of files in another form"));
        };
        let Ok(key) = std::str::from_utf8(path) else {
            let shown = String::from_utf8_lossy(path);
            if globs.choose(&shown) {
                let message = "expected a name in UTF-8, but found other bytes";
                let hint = "rename it, or leave it out with `exclude`";
                plan.problems.push(asking.file_problem(&shown, message, hint));
            }
            continue;
        };
        let file = || File { key: key.to_owned(), blob: blob.to_owned() };
        match mode {
            "120000" if !globs.leave_out(key) && plan.links.len() < MAX_LINKS => plan.links.push(file()),
            "100644" | "100755" | "100664" => {
                if globs.choose(key) {
                    plan.files.push(file());
                }
                if has_links {
                    plan.regular.insert(key.to_owned(), blob.to_owned());
                }
            }
            _ => {}
        }
    }
    if plan.files.len() > MAX_FILES { Err(GitError::TooMany) } else { Ok(plan) }
}

/// One line of `git ls-tree`.
struct Record<'a> {
    mode: &'a str,
    blob: &'a str,
    path: &'a [u8],
}

impl<'a> Record<'a> {
    fn parse(record: &'a [u8]) -> Option<Self> {
        let tab = record.iter().position(|byte| *byte == b'\t')?;
        let (head, path) = record.split_at_checked(tab)?;
        let mut words = std::str::from_utf8(head).ok()?.split(' ');
        let (mode, _, blob) = (words.next()?, words.next()?, words.next()?);
        Some(Self { mode, blob, path: path.get(1..)? })
    }
}

/// Where a link at `key` leads, as a path below the root; none where that is outside, or no path at all.
fn inside(key: &str, target: &str) -> Option<String> {
    if target.is_empty() || target.starts_with('/') || target.contains(['\\', '\0']) {
        return None;
    }
    let mut parts: Vec<&str> = key.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// Sizes of those of these blobs that are here.
async fn sizes_of(repository: &Repository, blobs: &[&str]) -> Result<HashMap<String, u64>, GitError> {
    let told = repository.output(&["cat-file", "--batch-check"], Some(blobs.join("\n") + "\n")).await?;
    let told = String::from_utf8_lossy(&told);
    let size = |line: &str| {
        let mut words = line.split(' ');
        let (blob, _, size) = (words.next()?, words.next().filter(|kind| *kind == "blob")?, words.next()?);
        Some((blob.to_owned(), size.parse().ok()?))
    };
    Ok(told.lines().filter_map(size).collect())
}

/// Brings blobs by their ids (protocol 2 gives any object that can be reached). Without "noop" git would tell the server that we
/// have the commit, and the server would take it that we have its blobs as well.
async fn fetch_blobs(repository: &Repository, blobs: &[&str]) -> Result<(), GitError> {
    let args = [
        "-c",
        "fetch.negotiationAlgorithm=noop",
        "fetch",
        "--quiet",
        "--no-tags",
        "--no-write-fetch-head",
        "--filter=blob:none",
        "--stdin",
        "origin",
    ];
    remote::bounded(repository, &args, Some(blobs.join("\n") + "\n")).await
}

/// A running `git cat-file --batch`: an id in, a blob out.
struct Blobs {
    asks: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// Killed when dropped.
    _git: Child,
}

impl Blobs {
    fn open(repository: &Repository) -> Result<Self, GitError> {
        let mut git = repository.start(&["cat-file", "--batch"])?;
        match (git.stdin.take(), git.stdout.take()) {
            (Some(asks), Some(answers)) => Ok(Self { asks, answers: BufReader::new(answers), _git: git }),
            _ => Err(GitError::Odd("no pipes")),
        }
    }

    async fn read(&mut self, blob: &str) -> Result<Vec<u8>, GitError> {
        match timeout(TIMEOUT, self.exchange(blob)).await {
            Ok(Ok(Some(bytes))) => Ok(bytes),
            Ok(_) => Err(GitError::Odd("a blob that cannot be read")),
            Err(_) => Err(GitError::TimedOut("cat-file".to_owned())),
        }
    }

    /// `id` → `id SP blob SP size LF bytes LF`.
    async fn exchange(&mut self, blob: &str) -> std::io::Result<Option<Vec<u8>>> {
        self.asks.write_all(format!("{blob}\n").as_bytes()).await?;
        self.asks.flush().await?;
        let mut head = String::new();
        (&mut self.answers).take(256).read_line(&mut head).await?;
        let Some(size) = head.trim_end().rsplit(' ').next().and_then(|size| size.parse::<u64>().ok()) else {
            return Ok(None);
        };
        if size > MAX_FILE {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        (&mut self.answers).take(size).read_to_end(&mut bytes).await?;
        let end = self.answers.read_u8().await?;
        Ok((bytes.len() as u64 == size && end == b'\n').then_some(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn a_link_leads_inside_or_nowhere() {
        assert_eq!(inside("blog/a.md", "../posts/b.md").as_deref(), Some("posts/b.md"));
        assert_eq!(inside("a.md", "./b.md").as_deref(), Some("b.md"));
        for outside in ["/etc/passwd", "../../etc/passwd", "../../docs/b.md", "", "..\\..\\x"] {
            assert_eq!(inside("blog/a.md", outside), None, "{outside}");
        }
    }
}
