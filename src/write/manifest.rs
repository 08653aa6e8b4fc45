//! `.noticeboard/manifest.json`: the files that Noticeboard wrote, with SHA-256 and size. Whatever is not in it is not ours.

use super::{WriteError, paths};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;

/// The files of ours, by their name in the folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    format: String,
    version: u32,
    /// Name → what we wrote there.
    pub files: BTreeMap<String, Written>,
}

/// What we wrote in one file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Written {
    /// SHA-256 in hexadecimal; empty while a move may or may not have happened.
    pub hash: String,
    /// Size in bytes.
    pub bytes: u64,
}

impl Default for Manifest {
    fn default() -> Self {
        Self { format: "noticeboard-manifest".into(), version: 1, files: BTreeMap::new() }
    }
}

impl Manifest {
    /// Reads it; an absent one is an empty one.
    pub fn read(path: &Path) -> Result<Self, WriteError> {
        let wrong = |found: String| WriteError::Manifest { path: path.to_owned(), found };
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(WriteError::io(path)(error)),
        };
        let read: Self = serde_json::from_slice(&bytes).map_err(|error| wrong(format!("`{error}`")))?;
        if read.format != "noticeboard-manifest" || read.version != 1 {
            return Err(wrong(format!("format `{}` version {}", read.format, read.version)));
        }
        Ok(read)
    }

    /// Replaces it as a whole.
    pub fn write(&self, path: &Path) -> Result<(), WriteError> {
        let beside = path.with_extension("json.new");
        let text = serde_json::to_vec_pretty(self).map_err(|error| WriteError::io(path)(error.into()))?;
        paths::make_folder_of(path)?;
        let save = || -> std::io::Result<()> {
            let mut file = fs::File::create(&beside)?;
            file.write_all(&text)?;
            file.write_all(b"\n")?;
            file.sync_all()?;
            fs::rename(&beside, path)
        };
        save().map_err(WriteError::io(path))?;
        path.parent().into_iter().for_each(paths::sync_folder);
        Ok(())
    }
}
