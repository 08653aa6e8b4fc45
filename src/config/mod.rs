//! `noticeboard.toml` → [`Settings`]: every name, address, pattern and zone already checked.

use crate::fetch::Origin;
use crate::model::{Rules, SourceId};
use std::path::PathBuf;

/// A checked configuration.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The file it was read from.
    pub file: PathBuf,
    /// What decides what is read and joined.
    pub rules: Rules,
    /// The sources, in the config's order.
    pub sources: Vec<Source>,
    /// Where to publish.
    pub output: Output,
    /// The SQLite file, absolute.
    pub store: PathBuf,
}

/// One source: its name and where its documents live.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its id; its other rules are in [`Rules::sources`].
    pub id: SourceId,
    /// Where its documents live; relative paths already resolved against the config's folder.
    pub origin: Origin,
}

/// Where to publish, and what.
#[derive(Debug, Clone)]
pub struct Output {
    /// The folder, absolute.
    pub directory: PathBuf,
    /// Names of publishers, in order.
    pub publish: Vec<String>,
}
