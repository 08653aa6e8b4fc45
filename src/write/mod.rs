//! Artifacts → the world: beside, then moved into place, only when the bytes changed. An edge: this is where the output touches the disk.

mod error;
mod file;
mod folder;
mod manifest;
mod paths;

pub use error::WriteError;
pub use file::replace;
pub use folder::{Folder, Move, OpenList, Staged};
