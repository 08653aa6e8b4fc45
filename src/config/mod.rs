//! `noticeboard.toml` → [`Settings`]: every name, address, pattern and zone already checked.
//!
//! In: the path of a TOML file (spec 1.1). Out: [`Settings`] with absolute paths, or every mistake in the file, each with line, column
//! and the words underlined. Whether a source answers is not asked here; that is `fetch`'s business.

mod check;
mod glance;
mod link;
mod mistake;
mod overrides;
mod shape;
mod source;
mod table;
#[cfg(test)]
mod tests;

pub use glance::{Glance, glance};
pub use mistake::{ConfigError, Mistake};
pub(crate) use mistake::{did_you_mean, one_of};
pub use table::schema;

use crate::fetch::{Limits, Origin};
use crate::model::{Rules, SourceId};
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::DeTable;

/// A checked configuration.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The file it was read from.
    pub file: PathBuf,
    /// What its text is called, by which a later run knows it again; empty where the command line says otherwise than the file.
    pub text: String,
    /// What decides what is read and joined.
    pub rules: Rules,
    /// The sources, in the config's order.
    pub sources: Vec<Source>,
    /// How sources are asked over the network.
    pub fetch: Limits,
    /// Where to publish.
    pub output: Output,
    /// The SQLite file, absolute.
    pub store: PathBuf,
    /// The file with what is decided by hand, absolute: the one that is named, else the one beside the config, where it is there.
    pub overrides: Option<PathBuf>,
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
    /// Which parts of the board are published on their own: some of [`SliceKind::NAMES`](crate::publish::SliceKind::NAMES).
    pub slices: BTreeSet<String>,
    /// Whether `review.html` is written.
    pub review: bool,
}

/// Where a config file is looked for, in this order.
const LOOKED_FOR: [&str; 2] = ["config/noticeboard.toml", "noticeboard.toml"];

/// The config file to use: the named one, else the first that is there.
pub fn find(explicit: Option<&Path>, cwd: &Path) -> Result<PathBuf, ConfigError> {
    if let Some(file) = explicit {
        let there = cwd.join(file).is_file();
        let looked = vec![format!("`{}`", file.display())];
        return there.then(|| file.to_owned()).ok_or(ConfigError::NotFound { looked });
    }
    let found = LOOKED_FOR.into_iter().find(|file| cwd.join(file).is_file());
    let looked = || LOOKED_FOR.map(|file| format!("`{file}`")).to_vec();
    found.map(PathBuf::from).ok_or_else(|| ConfigError::NotFound { looked: looked() })
}

/// Reads and checks a config file, and the file with what is decided by hand.
pub fn load(path: &Path) -> Result<Settings, ConfigError> {
    let unreadable = |error| ConfigError::Unreadable { file: path.to_owned(), error };
    let text = fs::read_to_string(path).map_err(unreadable)?;
    let folder = fs::canonicalize(path).map_err(unreadable)?;
    let folder = folder.parent().unwrap_or(Path::new("/"));
    let mut settings = parse(&text, path, folder)?;
    let beside = folder.join(OVERRIDES);
    let decided = settings.overrides.take().or_else(|| beside.is_file().then_some(beside));
    if let Some(file) = &decided {
        let text = fs::read_to_string(file).map_err(|error| ConfigError::Unreadable { file: file.clone(), error })?;
        decide(&mut settings.rules, &text, file, folder)?;
        settings.text = glance::with_overrides(settings.text, &text);
    }
    Ok(Settings { overrides: decided, ..settings })
}

/// What the file with what is decided by hand is called where the config names none.
pub const OVERRIDES: &str = "overrides.toml";

/// Adds to the rules of a board what the text of a file decides by hand. Messages name the file as seen from `folder`.
pub fn decide(rules: &mut Rules, text: &str, file: &Path, folder: &Path) -> Result<(), ConfigError> {
    let name = file.strip_prefix(folder).unwrap_or(file).display().to_string();
    overrides::decide(rules, text, &name).map_err(|findings| mistakes(findings, &name, text))
}

/// Checks the text of a config file that lies, or would lie, in `folder`.
pub fn parse(text: &str, file: &Path, folder: &Path) -> Result<Settings, ConfigError> {
    let name = file.display().to_string();
    let named = |findings: Vec<mistake::Finding>| mistakes(findings, &name, text);
    let (document, broken) = DeTable::parse_recoverable(text);
    if !broken.is_empty() {
        return Err(named(syntax(broken, text)));
    }
    let shape = shape::Shape::check(&document, &schema());
    let mut findings = shape.findings;
    let mut settings = None;
    match readable::<table::Config>(&document, text, &shape.unreadable) {
        Ok(config) => {
            settings = check::Check::new(&document, folder, &mut findings).settings(config, file);
            settings = settings.map(|settings| Settings { text: glance::name_of(text, folder), ..settings });
        }
        Err(error) if findings.is_empty() => {
            let message = error.message().to_owned();
            findings.push(mistake::Finding { span: error.span().unwrap_or(0..0), message, label: None });
        }
        Err(_) => {}
    }
    settings.filter(|_| findings.is_empty()).ok_or_else(|| named(findings))
}

fn mistakes(findings: Vec<mistake::Finding>, file: &str, text: &str) -> ConfigError {
    let mut mistakes: Vec<Mistake> = findings.into_iter().map(|finding| finding.in_file(file, text)).collect();
    mistakes.sort();
    mistakes.dedup();
    ConfigError::Mistakes(mistakes)
}

/// What is no TOML: the first of each line, as the rest of a line often only follows from it.
fn syntax(broken: Vec<toml::de::Error>, text: &str) -> Vec<mistake::Finding> {
    let mut lines = BTreeSet::new();
    let line_of = |at: usize| text.bytes().take(at).filter(|byte| *byte == b'\n').count();
    let places = broken.into_iter().map(|error| (error.span().unwrap_or(0..0), error.message().replace('\n', ", ")));
    places
        .filter(|(span, _)| lines.insert(line_of(span.start)))
        .map(|(span, message)| mistake::Finding { span, message, label: None })
        .collect()
}

/// What serde makes of the file without what has the wrong shape.
fn readable<T: DeserializeOwned>(
    document: &Spanned<DeTable>,
    text: &str,
    unreadable: &[shape::Path],
) -> Result<T, toml::de::Error> {
    if unreadable.is_empty() {
        return T::deserialize(toml::Deserializer::from(document.clone()));
    }
    let mut value = toml::Value::Table(toml::from_str(text)?);
    for path in unreadable {
        remove(&mut value, path);
    }
    T::deserialize(value)
}

/// Takes out the key at the end of a path.
fn remove(value: &mut toml::Value, path: &[String]) {
    let Some((step, rest)) = path.split_first() else { return };
    let inner = match value {
        toml::Value::Table(table) if rest.is_empty() => {
            table.remove(step);
            return;
        }
        toml::Value::Table(table) => table.get_mut(step),
        toml::Value::Array(items) => step.parse().ok().and_then(|at: usize| items.get_mut(at)),
        _ => return,
    };
    if let Some(inner) = inner {
        remove(inner, rest);
    }
}
