//! Documents from a folder on disk.
//!
//! In: a folder and globs. Out: each chosen file that is new or changed, in the order of the walk. A file whose size, time and
//! inode are those we know is not even opened. Links are never followed out of the folder, nor into another folder.

use super::files::{self, Globs, LEADS_NOWHERE, LEADS_OUT, MAX_FILE, MAX_FILES, OUTSIDE_HINT, TOO_LARGE_HINT};
use super::{Answered, Arrival, Asking, FetchError};
use serde::Deserialize;
use std::ffi::OsString;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A file written this recently may change again without its time changing: clocks of file systems tick in up to 2 s (FAT).
const CLOCK_GRAIN: Duration = Duration::from_secs(2);

/// Files below a folder.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Directory {
    /// The folder. A relative path counts from the config file's folder.
    pub path: PathBuf,
    /// Globs of the files to read, counted from the folder: `*` stays inside one folder, `**` does not.
    /// Without it all posts, calendars and feeds are read. Hidden files and folders never are.
    #[serde(default, deserialize_with = "files::deserialize_globs")]
    pub include: Vec<String>,
    /// Globs of files to leave out, though `include` names them.
    #[serde(default, deserialize_with = "files::deserialize_globs")]
    pub exclude: Vec<String>,
}

/// Why nothing can come of a folder.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// It is not there, or is no folder, or may not be read.
    #[error("expected a folder that can be read, but found {found}")]
    Unreadable {
        /// What is there instead.
        found: String,
    },
    /// More than anyone means.
    #[error("expected at most {MAX_FILES} files, but the globs choose more")]
    TooMany,
}

impl DirectoryError {
    pub(super) fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Unreadable { .. } => "check `path`; a relative one counts from the config file's folder",
            Self::TooMany => "narrow `include`, or leave folders such as `node_modules/**` out with `exclude`",
        };
        Some(hint.to_owned())
    }

    fn unreadable(error: &io::Error) -> Self {
        Self::Unreadable { found: told(error) }
    }
}

/// What went wrong, in words that stay the same from run to run and machine to machine.
fn told(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "nothing".to_owned(),
        io::ErrorKind::NotADirectory => "a file".to_owned(),
        io::ErrorKind::PermissionDenied => "one that we may not read".to_owned(),
        kind => format!("`{kind}`"),
    }
}

impl Directory {
    pub(super) async fn fetch(&self, asking: &Asking) -> Result<Answered, FetchError> {
        let globs = Globs::new(&self.include, &self.exclude)?;
        let (path, asking) = (self.path.clone(), asking.clone());
        let walk = tokio::task::spawn_blocking(move || {
            let root = fs::canonicalize(&path).map_err(|e| DirectoryError::unreadable(&e))?;
            let mut walk = Walk { root, globs: &globs, asking: &asking, present: Vec::new() };
            walk.run()?;
            Ok(asking.answered(walk.present))
        });
        walk.await.unwrap_or(Err(FetchError::Crashed))
    }
}

/// One walk through the folder.
struct Walk<'a> {
    /// Canonical, so that where a link leads can be compared with it.
    root: PathBuf,
    globs: &'a Globs,
    asking: &'a Asking,
    present: Vec<String>,
}

impl Walk<'_> {
    fn run(&mut self) -> Result<(), FetchError> {
        let mut folders = vec![String::new()];
        while let Some(folder) = folders.pop() {
            let names = match names_in(&self.root.join(&folder)) {
                Ok(names) => names,
                Err(error) if folder.is_empty() => return Err(DirectoryError::unreadable(&error).into()),
                Err(error) => {
                    // What we know of it has not vanished, we only can't see it.
                    let below = format!("{folder}/");
                    let known = self.asking.known.versions.keys().filter(|key| key.starts_with(&below));
                    self.present.extend(known.cloned());
                    let message = DirectoryError::unreadable(&error).to_string();
                    self.problem(&folder, message, "check who may read it, or leave it out with `exclude`")?;
                    continue;
                }
            };
            let mut below = Vec::new();
            for name in names {
                self.entry(&folder, &name, &mut below)?;
            }
            folders.extend(below.into_iter().rev());
        }
        if !self.globs.ask_for_any(self.present.iter().map(String::as_str)) {
            let hint = "check `include` and `exclude`; without `include` posts, calendars and feeds are read";
            self.problem("", "expected documents, but the globs choose no file of this folder", hint)?;
        }
        Ok(())
    }

    /// One name in a folder: a file to read, a folder to walk later, a link, or nothing of ours.
    fn entry(&mut self, folder: &str, name: &OsString, below: &mut Vec<String>) -> Result<(), FetchError> {
        let shown = name.to_string_lossy();
        let key = if folder.is_empty() { shown.into_owned() } else { format!("{folder}/{shown}") };
        if self.globs.leave_out(&key) {
            return Ok(());
        }
        let path = self.root.join(folder).join(name);
        let Ok(meta) = fs::symlink_metadata(&path) else {
            return Ok(()); // gone since the folder was listed
        };
        if name.to_str().is_none() {
            if meta.is_dir() || self.globs.choose(&key) {
                let message = "expected a name in UTF-8, but found other bytes";
                self.problem(&key, message, "rename it, or leave it out with `exclude`")?;
            }
        } else if meta.is_symlink() {
            self.link(&key, &path)?;
        } else if meta.is_dir() {
            below.push(key);
        } else if self.globs.choose(&key) {
            self.file(key, &path, &meta)?;
        }
        Ok(())
    }

    /// A link: to a file of this folder it is read as that file, to a folder of it it is nothing new.
    fn link(&mut self, key: &str, path: &Path) -> Result<(), FetchError> {
        let chosen = self.globs.choose(key);
        let Ok(target) = fs::canonicalize(path) else {
            return match chosen {
                true => self.problem(key, LEADS_NOWHERE, OUTSIDE_HINT),
                false => Ok(()),
            };
        };
        let Ok(meta) = fs::metadata(&target) else { return Ok(()) };
        let inside = target.strip_prefix(&self.root).is_ok_and(|p| !files::is_hidden(&p.to_string_lossy()));
        if !inside && (chosen || meta.is_dir()) {
            return self.problem(key, LEADS_OUT, OUTSIDE_HINT);
        }
        if chosen && !meta.is_dir() {
            return self.file(key.to_owned(), &target, &meta);
        }
        Ok(())
    }

    fn file(&mut self, key: String, path: &Path, meta: &Metadata) -> Result<(), FetchError> {
        if self.present.len() == MAX_FILES {
            return Err(DirectoryError::TooMany.into());
        }
        self.present.push(key.clone());
        if !meta.is_file() {
            // Opening a pipe would wait for its other end.
            return self.problem(&key, "expected a file, but found a device or a pipe", OUTSIDE_HINT);
        }
        if self.asking.known.has(&key, &version(meta)) {
            return Ok(());
        }
        let room = self.asking.room_for_blocking(meta.len().min(MAX_FILE));
        match read(path) {
            Ok(Contents::All(bytes, version)) => {
                let document = self.asking.file(&key, version, bytes);
                self.asking.send_blocking(Arrival::Document(document), Some(room))
            }
            Ok(Contents::TooLarge(size)) => self.problem(&key, files::too_large(size), TOO_LARGE_HINT),
            Err(error) => {
                let message = format!("expected a file that can be read, but found {}", told(&error));
                self.problem(&key, message, "check who may read it, or leave it out with `exclude`")
            }
        }
    }

    fn problem(&self, key: &str, message: impl Into<String>, hint: &str) -> Result<(), FetchError> {
        let subject = if key.is_empty() { self.root.to_string_lossy() } else { key.into() };
        self.asking.send_blocking(Arrival::Problem(self.asking.file_problem(&subject, message, hint)), None)
    }
}

/// The names in a folder, sorted, so that each run sees the same order on every machine.
fn names_in(folder: &Path) -> io::Result<Vec<OsString>> {
    let mut names = fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name())).collect::<io::Result<Vec<_>>>()?;
    names.sort_unstable();
    Ok(names)
}

/// What a file held.
enum Contents {
    /// All bytes, and their version.
    All(Vec<u8>, String),
    /// More than we read; the size in bytes.
    TooLarge(u64),
}

/// The version is taken before the bytes, so that a change while reading is seen by the next run.
fn read(path: &Path) -> io::Result<Contents> {
    let file = File::open(path)?;
    let meta = file.metadata()?;
    if meta.len() > MAX_FILE {
        return Ok(Contents::TooLarge(meta.len()));
    }
    let version = version(&meta);
    let mut bytes = Vec::with_capacity(usize::try_from(meta.len()).unwrap_or(0));
    file.take(MAX_FILE + 1).read_to_end(&mut bytes)?;
    let size = bytes.len() as u64;
    Ok(if size > MAX_FILE { Contents::TooLarge(size) } else { Contents::All(bytes, version) })
}

/// Size, time and inode; empty (never known) while the file is so new that it may still change within the clock's grain.
fn version(meta: &Metadata) -> String {
    let Ok(modified) = meta.modified() else { return String::new() };
    let settled = SystemTime::now().duration_since(modified).is_ok_and(|age| age >= CLOCK_GRAIN);
    match modified.duration_since(UNIX_EPOCH) {
        Ok(time) if settled => format!("{}-{}-{}", meta.len(), time.as_nanos(), inode(meta)),
        _ => String::new(),
    }
}

#[cfg(unix)]
fn inode(meta: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(meta)
}

#[cfg(not(unix))]
fn inode(_: &Metadata) -> u64 {
    0
}
