//! A single file, replaced as a whole: who reads it meets the old one or the new one.

use super::WriteError;
use std::fs;
use std::io::Write;
use std::path::Path;

/// Replaces the file, or makes it. What is there and no file, such as `/dev/stdout` or a pipe, is written to.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    let failed = WriteError::io(path);
    // A link stays where it is; what it leads to is replaced.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if fs::metadata(&path).is_ok_and(|there| !there.is_file()) {
        return fs::OpenOptions::new()
            .write(true)
            .open(&path)
            .and_then(|mut file| file.write_all(bytes))
            .map_err(failed);
    }
    let Some(name) = path.file_name() else { return fs::write(&path, bytes).map_err(failed) };
    let beside = path.with_file_name(format!(".{}.{}.new", name.to_string_lossy(), std::process::id()));
    let save = || -> std::io::Result<()> {
        let mut file = fs::OpenOptions::new().write(true).create_new(true).open(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, &path)
    };
    save().map_err(|error| {
        let _ = fs::remove_file(&beside);
        failed(error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_as_a_whole_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.prom");
        for text in ["first, and longer", "second"] {
            replace(&path, text.as_bytes()).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        let error = replace(&folder.path().join("none/a.prom"), b"x").unwrap_err().to_string();
        assert!(error.contains("none/a.prom"), "{error}");
        assert!(replace(folder.path(), b"x").is_err(), "a folder is no file");
    }
}
