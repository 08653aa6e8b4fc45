//! What can stand in the way of writing. Each variant names its path.

use std::io;
use std::path::{Path, PathBuf};

/// Why an output could not be written. What was published before is untouched, or finished by the next run.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The disk refused.
    #[error("{}: could not be written: {source}", path.display())]
    Io {
        /// Where.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Somebody else's file is where one of ours should go.
    #[error(
        "{}: there is a file that Noticeboard did not write\n  hint: move it away, or choose another output directory",
        path.display()
    )]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// A link in the output folder leads elsewhere.
    #[error(
        "{}: expected a file or folder, but found a symbolic link\n  hint: remove the link, or choose another output directory",
        path.display()
    )]
    Link {
        /// The link.
        path: PathBuf,
    },
    /// A name that may not be written.
    #[error("`{path}`: expected a path below the output directory without `..` or empty parts")]
    Name {
        /// The name.
        path: String,
    },
    /// A file that was ready to be moved is gone.
    #[error(
        "{}: neither the finished file nor its prepared copy is there\n  hint: the next run renders it anew",
        path.display()
    )]
    Gone {
        /// Where it should be.
        path: PathBuf,
    },
    /// The list of our files cannot be understood.
    #[error(
        "{}: expected the list of files that Noticeboard wrote, but found {found}\n  hint: restore it, or empty the output directory",
        path.display()
    )]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// What is wrong with it.
        found: String,
    },
}

impl WriteError {
    /// For `map_err`: the disk refused at `path`.
    pub(super) fn io(path: &Path) -> impl Fn(io::Error) -> Self {
        let path = path.to_owned();
        move |source| WriteError::Io { path: path.clone(), source }
    }
}
