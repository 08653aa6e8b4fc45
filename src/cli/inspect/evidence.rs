//! `inspect evidence POSTS.jsonl...`: of each post the dates in it with the evidence for each being the event's, by name.
//!
//! It is what `src/extract/scores/make.py` makes the table of scores from. The posts are those of `eval`, and go the same way through `read`.

use crate::cli::Exit;
use crate::cli::posts::{self, Posted};
use crate::cli::screen::Screen;
use crate::model::{EntryKind, Rules};
use crate::{extract, normalize, read};
use chrono::NaiveDate;
use clap::Args;
use serde::Serialize;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct EvidenceArgs {
    /// Posts, one JSON object a line
    #[arg(value_name = "POSTS.jsonl", required = true)]
    posts: Vec<PathBuf>,
}

/// What is printed of a post.
#[derive(Debug, Serialize)]
struct Answer {
    id: String,
    candidates: Vec<Candidate>,
}

/// A date that may be the event's; days are inclusive.
#[derive(Debug, Serialize)]
struct Candidate {
    first: NaiveDate,
    last: NaiveDate,
    evidence: Vec<&'static str>,
}

pub(super) fn print(args: &EvidenceArgs, screen: &Screen) -> Result<Exit, Exit> {
    posts::answer_each(&args.posts, screen, evidence)
}

fn evidence(post: Posted, rules: &Rules) -> Answer {
    let candidates = post.document().map(|document| {
        let read = read::read(&document);
        let context = normalize::Context::new(&document, read.format, rules);
        let is_prose = |kind: EntryKind| matches!(kind, EntryKind::Post | EntryKind::Section);
        let entries = read.entries.iter().filter(|entry| is_prose(entry.kind));
        let dates =
            entries.flat_map(|entry| context.as_ref().map(|context| extract::candidates(&context.prose(entry))));
        dates.flatten().map(|(first, last, evidence)| Candidate { first, last, evidence }).collect()
    });
    Answer { id: post.id, candidates: candidates.unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_date_of_a_post_comes_with_its_evidence() {
        let line = br#"{"id": "a", "published": "2025-03-01", "title": "Bat walk", "body": "Join us on 4 May 2025.\n\nRegister by 1 May."}"#;
        let answer = evidence(posts::posted(line).unwrap(), &posts::rules().unwrap());
        let days: Vec<String> = answer.candidates.iter().map(|date| date.first.to_string()).collect();
        assert_eq!(days, ["2025-05-04", "2025-05-01"]);
        assert!(answer.candidates.iter().all(|date| date.evidence.contains(&"any")));
    }
}
