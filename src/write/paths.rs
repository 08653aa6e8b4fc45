//! Names inside the output folder: none leads out of it.

use super::WriteError;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Noticeboard's own corner of the output folder.
pub const STATE: &str = ".noticeboard";

/// The place of `name` below `root`, if the name is one that we write.
pub fn inside(root: &Path, name: &str) -> Result<PathBuf, WriteError> {
    let good = |part: &str| {
        !part.is_empty()
            && part != "."
            && part != ".."
            && part != STATE
            && !part.contains(['\\', ':', '\0', '\n', '\r'])
    };
    if name.split('/').all(good) {
        Ok(name.split('/').fold(root.to_owned(), |path, part| path.join(part)))
    } else {
        Err(WriteError::Name { path: name.to_owned() })
    }
}

/// Refuses a place that a symbolic link below `root` leads to or stands in.
pub fn refuse_links(root: &Path, path: &Path) -> Result<(), WriteError> {
    let below = path.strip_prefix(root).map_err(|_| WriteError::Name { path: path.display().to_string() })?;
    let mut at = root.to_owned();
    for part in below.components() {
        at.push(part);
        match fs::symlink_metadata(&at) {
            Ok(found) if found.file_type().is_symlink() => return Err(WriteError::Link { path: at }),
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(WriteError::io(&at)(error)),
        }
    }
    Ok(())
}

/// Makes the folder that `path` stands in.
pub fn make_folder_of(path: &Path) -> Result<(), WriteError> {
    path.parent().map_or(Ok(()), |folder| fs::create_dir_all(folder).map_err(WriteError::io(folder)))
}

/// Removes the folders above `path` that have become empty, up to `root`.
pub fn remove_empty_folders(root: &Path, path: &Path) {
    let mut folder = path.parent();
    while let Some(at) = folder.filter(|at| *at != root && at.starts_with(root)) {
        // Refused as soon as one still holds something.
        if fs::remove_dir(at).is_err() {
            return;
        }
        folder = at.parent();
    }
}

/// Makes what was renamed in a folder outlast a power cut, where the system lets folders be synced.
pub fn sync_folder(folder: &Path) {
    if let Ok(open) = fs::File::open(folder) {
        let _ = open.sync_all();
    }
}
