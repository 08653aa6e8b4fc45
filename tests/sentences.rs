//! What each sentence says about when: the tables `sentences/<language>.txt`, by the extractor's own readings.
//!
//! `published DATE` holds for the sentences below it. Each sentence is followed by its readings in the order of the words,
//! indented, one a line; `-` stands for none.

use chrono::NaiveDate;
use noticeboard::extract::{Prose, expressions};
use std::fs;
use std::path::{Path, PathBuf};

/// Fewer sentences say too little of a language.
const LEAST_OF_A_LANGUAGE: usize = 10;
/// Fewer say too little of the grammar.
const LEAST: usize = 150;

#[derive(Debug)]
struct Sentence {
    language: String,
    published: NaiveDate,
    text: String,
    readings: Vec<String>,
}

impl Sentence {
    /// What the extractor reads, where it is not what is expected.
    fn wrong(&self) -> Option<String> {
        let html = format!("<p>{}</p>", html_escape::encode_text(&self.text));
        let (published, language) = (Some(self.published), self.language.as_str());
        let read = expressions(&Prose { title: "", summary: None, html: &html, published, seen: published, language });
        let mut got: Vec<&str> = read.iter().map(|expression| expression.reading.as_str()).collect();
        if got.is_empty() {
            got.push("-");
        }
        let told = || format!("{language}: {}\n    got:    {got:?}\n    wanted: {:?}", self.text, self.readings);
        (got != self.readings).then(told)
    }
}

/// The sentences of a file, in order.
fn sentences(path: &Path) -> Vec<Sentence> {
    let language = path.file_stem().unwrap().to_str().unwrap();
    let mut published = None;
    let mut all: Vec<Sentence> = Vec::new();
    for line in fs::read_to_string(path).unwrap().lines() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(day) = line.strip_prefix("published ") {
            published = Some(day.trim().parse().unwrap());
        } else if line.starts_with(' ') {
            all.last_mut().expect("a sentence before its readings").readings.push(line.trim().to_owned());
        } else {
            let published = published.expect("a day of publication before the sentences");
            all.push(Sentence {
                language: language.to_owned(),
                published,
                text: line.to_owned(),
                readings: Vec::new(),
            });
        }
    }
    all
}

/// The files of a folder with this ending, in the order of their names.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let folder = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap();
    let mut paths: Vec<_> = folder.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == ending));
    paths.sort();
    paths
}

/// The sentences of each file.
fn tables() -> Vec<Vec<Sentence>> {
    files("tests/sentences", "txt").iter().map(|path| sentences(path)).collect()
}

#[test]
fn every_sentence_is_read_as_its_table_says() {
    let all: Vec<Sentence> = tables().into_iter().flatten().collect();
    let wrong: Vec<String> = all.iter().filter_map(Sentence::wrong).collect();
    assert!(wrong.is_empty(), "{} of {} wrong\n{}", wrong.len(), all.len(), wrong.join("\n"));
}

#[test]
fn every_language_has_a_table() {
    let names = |folder, ending| -> Vec<_> {
        files(folder, ending).iter().map(|path| path.file_stem().unwrap().to_owned()).collect()
    };
    assert_eq!(names("tests/sentences", "txt"), names("src/extract/language", "toml"));
}

#[test]
fn every_table_has_enough_sentences_and_each_of_them_a_reading() {
    let tables = tables();
    for table in &tables {
        let language = table.first().map_or("an empty table", |sentence| &sentence.language);
        assert!(table.len() >= LEAST_OF_A_LANGUAGE, "{language}: {} sentences", table.len());
    }
    let all: Vec<&Sentence> = tables.iter().flatten().collect();
    assert!(all.len() >= LEAST, "{} sentences", all.len());
    let bare = all.iter().find(|sentence| sentence.readings.is_empty());
    assert!(bare.is_none(), "expected readings, or `-` for none, below {bare:?}");
}
