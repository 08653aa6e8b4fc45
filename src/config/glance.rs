//! A config file at a glance: which text it is, and where its store most likely lies, without reading it as TOML.
//!
//! A file of ten thousand sources takes longer to read than a run with nothing to do. What is guessed here is only where to look: what lies
//! there names the whole text it was made for.

use super::OVERRIDES;
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
    let store = likely(&text, "[store]", "sqlite").map_or_else(|| StoreTable::default().sqlite, PathBuf::from);
    let name = name_of(&text, folder);
    let decided = folder.join(likely(&text, "[review]", "overrides").unwrap_or(OVERRIDES));
    let name = match fs::read_to_string(decided) {
        Ok(decided) => with_overrides(name, &decided),
        Err(_) => name,
    };
    Some(Glance { text: name, store: without_dots(&folder.join(store)) })
}

/// What a config of that name is called together with the text of what is decided by hand.
pub(super) fn with_overrides(name: String, text: &str) -> String {
    crate::store::hash(format!("{name}\n{text}").as_bytes())
}

/// What the text of a config file in that folder is called: a hash of both.
pub(super) fn name_of(text: &str, folder: &Path) -> String {
    crate::store::hash(format!("{}\n{text}", folder.display()).as_bytes())
}

/// The value of a key in what looks like that table.
fn likely<'t>(text: &'t str, table: &str, key: &str) -> Option<&'t str> {
    let mut lines = text.lines().map(str::trim).skip_while(|line| !line.starts_with(table)).skip(1);
    let value = lines.by_ref().take_while(|line| !line.starts_with('[')).find_map(|line| {
        let value = line.strip_prefix(key)?.trim_start().strip_prefix('=')?;
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

    #[test]
    fn a_glance_sees_that_what_is_decided_by_hand_has_changed() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("noticeboard.toml");
        let site = "[site]\ntitle = \"x\"\nurl = \"https://x.example/\"\ntime_zone = \"UTC\"\n[[source]]\nid = \"a\"\nfrom.directory = { path = \"a\" }\n";
        for (review, decided) in [("", "overrides.toml"), ("[review]\noverrides = \"by-hand.toml\"\n", "by-hand.toml")]
        {
            fs::write(&file, format!("{site}{review}")).unwrap();
            let mut seen = std::collections::BTreeSet::new();
            for text in ["", "# nothing yet\n", "[tags]\n\"meet-up\" = \"meetup\"\n"] {
                fs::write(folder.path().join(decided), text).unwrap();
                let glance = glance(&file).unwrap();
                assert_eq!(glance.text, super::super::load(&file).unwrap().text, "{decided}: {text}");
                assert!(seen.insert(glance.text), "{decided}: {text}");
            }
        }
    }
}
