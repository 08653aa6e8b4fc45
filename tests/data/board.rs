//! A board made of one folder or repository, in a folder of its own.

use crate::common;
use assert_cmd::Command;
use chrono::{NaiveDate, NaiveDateTime};
use noticeboard::model::Rules;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// When every board here is made, unless a test says otherwise.
pub const NOW: &str = "2026-11-23T12:00:00Z";

/// A source to make a board of.
pub struct Site {
    pub path: PathBuf,
    pub root: &'static str,
    /// Read as a git repository, not as a folder.
    pub git: bool,
}

impl Site {
    /// The snapshot of January 2023, a Hugo site.
    pub fn old(data: &Path) -> Self {
        Self { path: data.join("unikraft-2023"), root: "content/en", git: false }
    }

    /// The snapshot of June 2026, a Next.js site.
    pub fn new(data: &Path) -> Self {
        Self { path: data.join("unikraft-2026"), root: "content", git: false }
    }

    /// The same site, somewhere else.
    pub fn at(self, path: PathBuf) -> Self {
        Self { path, ..self }
    }

    fn source(&self) -> String {
        let (path, root) = (self.path.display(), self.root);
        let from =
            if self.git { format!("git = {{ url = \"{path}\"") } else { format!("directory = {{ path = \"{path}\"") };
        format!(
            r#"
[[source]]
id = "site"
from.{from}, include = ["{root}/**"] }}
root = "{root}"
link = "https://unikraft.org/{{path}}/"
"#
        )
    }
}

/// A published board.
pub struct Board {
    board: common::Board,
    json: Value,
    posts: Vec<Value>,
}

impl Board {
    pub fn of(site: &Site) -> Self {
        Self::at(site, NOW)
    }

    pub fn at(site: &Site, now: &str) -> Self {
        let board = common::Board::new(&site.source());
        let told = board.run(now, &[]);
        // 3, something needs a person, is a good answer here.
        assert!(matches!(told.code, Some(0 | 3)), "{told:?}");
        let json: Value = serde_json::from_str(&board.published("events.json")).unwrap();
        // Of a first import only the newest posts join the board's own feeds; the source's slice has them all.
        let slice: Value = serde_json::from_str(&board.published("sources/site/events.json")).unwrap();
        let posts = slice["posts"].as_array().unwrap().clone();
        Self { board, json, posts }
    }

    /// What another command answers.
    pub fn program(&self, words: &[&str]) -> String {
        let output =
            Command::cargo_bin("noticeboard").unwrap().current_dir(self.board.root()).args(words).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(matches!(output.status.code(), Some(0 | 3)), "{words:?} ended with {}: {told}", output.status);
        String::from_utf8(output.stdout).unwrap()
    }

    /// The rules its documents are read by.
    pub fn rules(&self) -> Rules {
        noticeboard::config::load(&self.board.path("noticeboard.toml")).unwrap().rules
    }

    pub fn text(&self, file: &str) -> String {
        self.board.published(file)
    }

    /// The calendar, its folded lines joined.
    pub fn calendar(&self) -> String {
        self.text("events.ics").replace("\r\n ", "").replace("\r\n", "\n")
    }

    /// Everything published, by path, but `health.*`.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        self.board
            .output()
            .into_iter()
            .filter(|(path, _)| !path.starts_with('.'))
            .map(|(path, (bytes, _))| (path, bytes))
            .collect()
    }

    pub fn events(&self) -> Vec<Event<'_>> {
        self.json["events"].as_array().unwrap().iter().map(Event).collect()
    }

    pub fn posts(&self) -> &[Value] {
        &self.posts
    }

    /// The events whose page has that address.
    pub fn events_of(&self, page: &str) -> Vec<Event<'_>> {
        self.events().into_iter().filter(|event| event.page() == Some(page.trim_end_matches('/'))).collect()
    }

    /// The posts with that address.
    pub fn posts_of(&self, page: &str) -> Vec<&Value> {
        let same = |post: &&Value| {
            post["url"].as_str().is_some_and(|url| url.trim_end_matches('/') == page.trim_end_matches('/'))
        };
        self.posts.iter().filter(same).collect()
    }
}

/// An event of `events.json`.
#[derive(Clone, Copy)]
pub struct Event<'a>(pub &'a Value);

impl<'a> Event<'a> {
    pub fn title(self) -> &'a str {
        self.0["title"].as_str().unwrap()
    }

    pub fn page(self) -> Option<&'a str> {
        Some(self.0["links"]["page"].as_str()?.trim_end_matches('/'))
    }

    /// First and last day, inclusive, on the event's own clock.
    pub fn days(self) -> (NaiveDate, NaiveDate) {
        let when = &self.0["when"];
        let day = |name: &str| Some(when[name].as_str()?.get(..10)?.parse().unwrap());
        let first = day("first").or_else(|| day("start")).unwrap();
        (first, day("last").or_else(|| day("end")).unwrap_or(first))
    }

    /// Start and end, with the hour where there is one.
    pub fn times(self) -> Vec<NaiveDateTime> {
        let moment = |name: &str| {
            let text = self.0["when"][name].as_str()?.trim_end_matches('Z');
            text.parse().ok().or_else(|| Some(text.parse::<NaiveDate>().unwrap().into()))
        };
        ["first", "last", "start", "end"].into_iter().filter_map(moment).collect()
    }
}

/// All files below a folder, by their path.
pub fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    common::files(root).into_iter().map(|(path, (bytes, _))| (path, bytes)).collect()
}
