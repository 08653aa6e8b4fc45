//! The walls between the rooms: which part of the program may look where, and which package lives in which room.

use std::fs;
use std::path::{Path, PathBuf};

/// Rooms that only think.
const PURE: &[&str] = &["model", "read", "extract", "normalize", "merge", "publish", "zone", "recur", "gazetteer"];

/// What only an edge may touch.
const OUTSIDE: &[&str] = &[
    "reqwest",
    "tokio",
    "rusqlite",
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "fs::",
    "env::var",
    "Utc::now",
    "Local::now",
    "SystemTime",
    "Instant::now",
    "Zoned::now",
    "TimeZone::system",
    "async fn",
    "crate::fetch",
    "crate::store",
    "crate::write",
    "crate::config",
    "crate::pipeline",
    "crate::cli",
];

/// Packages that live in one room, and where.
const HOMES: &[(&str, &[&str])] = &[
    ("reqwest", &["fetch"]),
    ("rusqlite", &["store"]),
    ("atom_syndication", &["publish/atom.rs"]),
    ("use rss::", &["publish/rss.rs"]),
    ("rss::Channel", &["publish/rss.rs"]),
    ("rss::Item", &["publish/rss.rs"]),
    ("jiff", &["zone"]),
    ("tracing_subscriber", &["cli/log.rs"]),
    ("Utc::now", &["main.rs"]),
    ("SystemTime::now", &["main.rs", "fetch/directory.rs"]),
];

/// Past this a file holds two rooms.
const LONGEST: usize = 500;

/// Every source file with its name below `src`, its text, and the lines of it that are not tests or comments.
fn sources() -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let name = path.strip_prefix("src").unwrap().to_str().unwrap().to_owned();
                let text = fs::read_to_string(&path).unwrap();
                let code = code_of(&path, &text);
                found.push((name, text, code));
            }
        }
    }
    found.sort();
    assert!(found.len() > 50, "the sources were not found");
    found
}

/// Without comments, and without the tests at the end: they may read fixtures.
fn code_of(path: &Path, text: &str) -> String {
    if path.ends_with("tests.rs") {
        return String::new();
    }
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn is_in(name: &str, room: &str) -> bool {
    name == room || name == format!("{room}.rs") || name.starts_with(&format!("{room}/"))
}

/// The word, where it does not stand inside another one.
fn says(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

#[test]
fn pure_rooms_stay_pure() {
    for (name, _, code) in sources().iter().filter(|(name, ..)| PURE.iter().any(|room| is_in(name, room))) {
        let found = OUTSIDE.iter().find(|word| says(code, word));
        assert_eq!(found, None, "src/{name} looks outside; that belongs in an edge");
    }
}

#[test]
fn the_model_imports_no_room() {
    const ROOMS: &[&str] = &["read", "extract", "normalize", "merge", "publish", "compose"];
    for (name, _, code) in sources().iter().filter(|(name, ..)| is_in(name, "model")) {
        let found = ROOMS.iter().find(|room| says(code, &format!("crate::{room}")));
        assert_eq!(found, None, "src/{name} knows a room; the nouns know only each other");
    }
}

#[test]
fn packages_stay_in_their_homes() {
    for (name, _, code) in &sources() {
        for (package, homes) in HOMES {
            let at_home = homes.iter().any(|home| is_in(name, home));
            assert!(at_home || !says(code, package), "src/{name} uses `{package}`, which lives in {homes:?}");
        }
    }
}

#[test]
fn no_file_holds_two_rooms() {
    for (name, text, _) in &sources() {
        let lines = text.lines().count();
        assert!(lines <= LONGEST, "src/{name} has {lines} lines; past {LONGEST} it holds two rooms");
    }
}

#[test]
fn every_file_says_what_it_is() {
    for (name, text, _) in &sources() {
        let is_tests = name.ends_with("tests.rs");
        assert!(is_tests || text.starts_with("//!"), "src/{name} does not begin with what comes in and what goes out");
    }
}
