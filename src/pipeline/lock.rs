//! One run at a time.

use super::RunError;
use std::fs::{File, TryLockError};
use std::path::Path;

/// Takes the lock beside the store; `None` if another run holds it. The system lets go of a lock whose owner is dead.
pub(super) fn take(store: &Path) -> Result<Option<File>, RunError> {
    let mut name = store.as_os_str().to_owned();
    name.push(".lock");
    let path = std::path::PathBuf::from(name);
    let failed = |error| RunError::File { path: path.clone(), error };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}
