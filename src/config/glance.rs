//! A config file at a glance: which text it is, and where its store most likely lies, without reading it as TOML.
//!
//! A file of ten thousand sources takes longer to read than a run with nothing to do. What is guessed here is only where to look: what lies
//! there names the whole text it was made for.

use super::check::without_dots;
use super::table::StoreTable;
use std::fs;
use std::path::{Path, PathBuf};

/// What a glance tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glance {
    /// What [`super::Settings::text`] is for this file.
    pub text: String,
    /// Where its store most likely is.
    pub store: PathBuf,
}

/// Glances at a config file; nothing where it can't be read.
pub fn glance(file: &Path) -> Option<Glance> {
    let text = fs::read_to_string(file).ok()?;
    let file = fs::canonicalize(file).ok()?;
    let folder = file.parent()?;
    let store = likely_store(&text).map_or_else(|| StoreTable::default().sqlite, PathBuf::from);
    Some(Glance { text: name_of(&text, folder), store: without_dots(&folder.join(store)) })
}

/// What the text of a config file in that folder is called: a hash of both.
pub(super) fn name_of(text: &str, folder: &Path) -> String {
    crate::store::hash(format!("{}\n{text}", folder.display()).as_bytes())
}

/// The value of `sqlite` in what looks like the table `[store]`.
fn likely_store(text: &str) -> Option<&str> {
    let mut lines = text.lines().map(str::trim).skip_while(|line| !line.starts_with("[store]")).skip(1);
    let value = lines.by_ref().take_while(|line| !line.starts_with('[')).find_map(|line| {
        let value = line.strip_prefix("sqlite")?.trim_start().strip_prefix('=')?;
        Some(value.trim_start())
    })?;
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value.get(1..)?.split(quote).next().filter(|path| !path.is_empty() && !path.contains('\\'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glance_finds_the_store_and_knows_the_text_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("noticeboard.toml");
        let site = "[site]\ntitle = \"x\"\nurl = \"https://x.example/\"\ntime_zone = \"UTC\"\n[[source]]\nid = \"a\"\nfrom.directory = { path = \"a\" }\n";
        for (store, expected) in [
            ("", "noticeboard.db"),
            ("[store]\nsqlite = \"state/../x.db\" # there\n", "x.db"),
            ("  [store] # kept\n\n  sqlite='y.db'\n[output]\n", "y.db"),
        ] {
            let text = format!("{site}{store}");
            fs::write(&file, &text).unwrap();
            let glance = glance(&file).unwrap();
            let settings = super::super::load(&file).unwrap();
            assert_eq!((glance.store, glance.text), (settings.store.clone(), settings.text), "{store}");
            assert!(settings.store.ends_with(expected), "{store}");
        }
        fs::write(&file, format!("{site}#")).unwrap();
        assert_ne!(glance(&file).unwrap().text, name_of(site, folder.path()), "another text");
        assert_eq!(glance(&folder.path().join("none.toml")), None);
    }
}
