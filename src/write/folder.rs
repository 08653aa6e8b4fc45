//! A folder as output: the publishing transaction.
//!
//! In: artifacts, rendered one by one into `.noticeboard/staging/`, and then the [`OpenList`] of moves and removals, which the caller has
//! committed to its store before. Out: the folder, changed file by file. A reader never sees half a file, nor a page before what it links to:
//! moves go in the order of their rank, removals come last. [`Folder::finish`] may be killed at any point and called again with the same list.

use super::manifest::{Manifest, Written};
use super::{WriteError, paths};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, BufWriter, Read};
use std::path::{Path, PathBuf};

/// An output folder.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    manifest: Manifest,
    staged: Vec<PathBuf>,
    scratch: usize,
}

/// A rendered artifact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staged {
    /// Its name in the folder.
    pub path: String,
    /// SHA-256 in hexadecimal.
    pub hash: String,
    /// Size in bytes.
    pub bytes: u64,
    /// False if the folder already has these bytes; then there is nothing to move.
    pub changed: bool,
}

/// What is still to be done to the folder. Kept by the caller until [`Folder::finish`] has returned.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenList {
    /// Staged files to move into place.
    pub moves: Vec<Move>,
    /// Files of ours that are no longer wanted.
    pub removals: Vec<String>,
}

/// A staged file to move into place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// Its name in the folder.
    pub path: String,
    /// Its SHA-256.
    pub hash: String,
    /// Lower ranks are moved first.
    pub rank: u8,
}

impl Folder {
    /// Opens the folder, making it if it is missing. Whatever is in it and not in its manifest belongs to somebody else and stays untouched.
    pub fn open(root: &Path) -> Result<Self, WriteError> {
        fs::create_dir_all(root).map_err(WriteError::io(root))?;
        let root = fs::canonicalize(root).map_err(WriteError::io(root))?;
        paths::refuse_links(&root, &root.join(paths::STATE).join("staging"))?;
        let manifest = Manifest::read(&root.join(paths::STATE).join("manifest.json"))?;
        Ok(Self { root, manifest, staged: Vec::new(), scratch: 0 })
    }

    /// The names of the files that Noticeboard wrote here.
    pub fn ours(&self) -> impl Iterator<Item = &str> {
        self.manifest.files.keys().map(String::as_str)
    }

    /// True if the file is there, as we wrote it as far as its size tells.
    pub fn has(&self, path: &str) -> bool {
        let Some(written) = self.manifest.files.get(path) else { return false };
        fs::symlink_metadata(self.root.join(path)).is_ok_and(|found| found.is_file() && found.len() == written.bytes)
    }

    /// Replaces a file that changes at every run, outside of any list. The manifest says that it is ours, not what it holds.
    pub fn replace(&mut self, path: &str, bytes: &[u8]) -> Result<(), WriteError> {
        let target = paths::inside(&self.root, path)?;
        paths::refuse_links(&self.root, &target)?;
        if !self.manifest.files.contains_key(path) {
            self.claim(&[Move { path: path.to_owned(), hash: String::new(), rank: 0 }])?;
        }
        let beside = self.beside(path, "new");
        paths::make_folder_of(&beside)?;
        fs::write(&beside, bytes).map_err(WriteError::io(&beside))?;
        fs::rename(&beside, &target).map_err(WriteError::io(&target))
    }

    /// Renders an artifact beside the folder's files. Bytes that the folder already has leave nothing behind.
    pub fn stage(
        &mut self,
        path: &str,
        render: &mut dyn FnMut(&mut dyn io::Write) -> io::Result<()>,
    ) -> Result<Staged, WriteError> {
        let target = paths::inside(&self.root, path)?;
        paths::refuse_links(&self.root, &target)?;
        let there = fs::symlink_metadata(&target).ok();
        let before = self.manifest.files.get(path);
        if there.is_some() && before.is_none() {
            return Err(WriteError::Foreign { path: target });
        }
        self.scratch += 1;
        let scratch = self.staging().join(format!("rendering-{}", self.scratch));
        paths::make_folder_of(&scratch)?;
        let Written { hash, bytes } = render_into(&scratch, render).map_err(WriteError::io(&target))?;
        let same_file = there.is_some_and(|found| found.is_file() && found.len() == bytes);
        let changed = !(same_file && before.is_some_and(|before| before.hash == hash));
        if changed {
            let beside = self.beside(path, &hash);
            fs::rename(&scratch, &beside).map_err(WriteError::io(&beside))?;
            self.staged.push(beside);
        } else {
            fs::remove_file(&scratch).map_err(WriteError::io(&scratch))?;
        }
        Ok(Staged { path: path.to_owned(), hash, bytes, changed })
    }

    /// Makes what was staged outlast a power cut. To be called before the list of moves is committed.
    pub fn sync(&mut self) -> Result<(), WriteError> {
        for path in self.staged.drain(..) {
            // A file staged twice under two contents may have been replaced; what is listed is what counts.
            fs::File::open(&path).and_then(|file| file.sync_all()).map_err(WriteError::io(&path))?;
        }
        let staging = self.staging();
        if staging.is_dir() {
            paths::sync_folder(&staging);
        }
        Ok(())
    }

    /// Moves and removes what the list says, and answers how many files changed. `step` is told each step before it is taken.
    pub fn finish(&mut self, list: &OpenList, step: &mut dyn FnMut(&str)) -> Result<usize, WriteError> {
        let moves = self.checked(list)?;
        let wanted: BTreeSet<&str> = moves.iter().map(|one| one.path.as_str()).collect();
        let removals: Vec<&String> = list.removals.iter().filter(|path| !wanted.contains(path.as_str())).collect();
        if !moves.is_empty() {
            step("claim");
            self.claim(&moves)?;
        }
        let mut changed = 0;
        let mut done = self.manifest.clone();
        for one in &moves {
            step(&format!("move {}", one.path));
            let (written, moved) = self.move_one(one)?;
            done.files.insert(one.path.clone(), written);
            changed += usize::from(moved);
        }
        self.sync_targets(&moves);
        for path in removals {
            step(&format!("remove {path}"));
            changed += usize::from(self.remove_one(path)?);
            done.files.remove(path);
        }
        if done != self.manifest {
            step("manifest");
            done.write(&self.manifest_path())?;
            self.manifest = done;
        }
        self.clean()?;
        Ok(changed)
    }

    /// The moves in their order, each to a place where a file of ours may be. Deeper folders first: the board's page links down to its slices.
    fn checked(&self, list: &OpenList) -> Result<Vec<Move>, WriteError> {
        for name in list.moves.iter().map(|one| &one.path).chain(&list.removals) {
            paths::refuse_links(&self.root, &paths::inside(&self.root, name)?)?;
        }
        let mut moves = list.moves.clone();
        moves.sort_by(|a, b| order(a).cmp(&order(b)));
        Ok(moves)
    }

    /// Writes down that the files are ours before the first of them is there, with no hash, as nobody knows yet which bytes they hold.
    fn claim(&mut self, moves: &[Move]) -> Result<(), WriteError> {
        let mut claimed = self.manifest.clone();
        for one in moves {
            let target = paths::inside(&self.root, &one.path)?;
            if !claimed.files.contains_key(&one.path) && fs::symlink_metadata(&target).is_ok() {
                return Err(WriteError::Foreign { path: target });
            }
            claimed.files.insert(one.path.clone(), Written::default());
        }
        if claimed != self.manifest {
            claimed.write(&self.manifest_path())?;
            self.manifest = claimed;
        }
        Ok(())
    }

    /// Moves one file, unless a run that was cut short has done it already.
    fn move_one(&self, one: &Move) -> Result<(Written, bool), WriteError> {
        let target = paths::inside(&self.root, &one.path)?;
        let beside = self.beside(&one.path, &one.hash);
        match fs::metadata(&beside) {
            Ok(found) => {
                paths::make_folder_of(&target)?;
                fs::rename(&beside, &target).map_err(WriteError::io(&target))?;
                Ok((Written { hash: one.hash.clone(), bytes: found.len() }, true))
            }
            Err(_) => {
                let written = hash_of(&target).map_err(|_| WriteError::Gone { path: target.clone() })?;
                if written.hash == one.hash { Ok((written, false)) } else { Err(WriteError::Gone { path: target }) }
            }
        }
    }

    fn remove_one(&self, path: &str) -> Result<bool, WriteError> {
        let target = paths::inside(&self.root, path)?;
        if !self.manifest.files.contains_key(path) {
            return Ok(false);
        }
        let removed = match fs::remove_file(&target) {
            Ok(()) => true,
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => return Err(WriteError::io(&target)(error)),
        };
        paths::remove_empty_folders(&self.root, &target);
        Ok(removed)
    }

    fn sync_targets(&self, moves: &[Move]) {
        let folder = |one: &Move| paths::inside(&self.root, &one.path).ok()?.parent().map(Path::to_owned);
        moves.iter().filter_map(folder).collect::<BTreeSet<_>>().iter().for_each(|folder| paths::sync_folder(folder));
    }

    /// Leaves no staged file behind.
    fn clean(&mut self) -> Result<(), WriteError> {
        self.staged.clear();
        let staging = self.staging();
        match fs::remove_dir_all(&staging) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(WriteError::io(&staging)(error)),
            _ => Ok(()),
        }
    }

    fn staging(&self) -> PathBuf {
        self.root.join(paths::STATE).join("staging")
    }

    fn manifest_path(&self) -> PathBuf {
        self.root.join(paths::STATE).join("manifest.json")
    }

    /// Where a rendered file waits: the name tells both the place and the content, so that another run finds it.
    fn beside(&self, path: &str, hash: &str) -> PathBuf {
        let place: String = hex(&Sha256::digest(path.as_bytes())).chars().take(32).collect();
        let content: String = hash.chars().filter(char::is_ascii_hexdigit).collect();
        self.staging().join(format!("{place}-{content}"))
    }
}

fn order(one: &Move) -> (u8, Reverse<usize>, &str) {
    (one.rank, Reverse(one.path.matches('/').count()), &one.path)
}

/// Renders through a buffer, hashing on the way.
fn render_into(path: &Path, render: &mut dyn FnMut(&mut dyn io::Write) -> io::Result<()>) -> io::Result<Written> {
    let file = fs::File::create(path)?;
    let mut out = BufWriter::with_capacity(64 * 1024, Hashing { inner: file, hash: Sha256::new(), bytes: 0 });
    render(&mut out)?;
    let out = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    Ok(Written { hash: hex(&out.hash.finalize()), bytes: out.bytes })
}

struct Hashing<W> {
    inner: W,
    hash: Sha256,
    bytes: u64,
}

impl<W: io::Write> io::Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(bytes)?;
        let taken = bytes.get(..count).unwrap_or(bytes);
        self.hash.update(taken);
        self.bytes += taken.len() as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

fn hash_of(path: &Path) -> io::Result<Written> {
    let mut file = fs::File::open(path)?;
    let mut hash = Sha256::new();
    let mut bytes = 0;
    let mut buffer = [0; 16 * 1024];
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            return Ok(Written { hash: hex(&hash.finalize()), bytes });
        }
        bytes += count as u64;
        hash.update(buffer.get(..count).unwrap_or(&buffer));
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
