//! `noticeboard eval POSTS.jsonl`: what would be published of each post, for measuring how well posts are read.
//!
//! In: posts. Out: one line for each, with the events that `run` would publish and apart from them what it would send to review.
//! Days are inclusive; `end` is missing where it is the start day or unknown. `tz` is there only where the text (or its place) names a
//! zone; other clock times have neither zone nor offset.

use super::Exit;
use super::posts::{self, NO_ZONE, Posted};
use super::screen::Screen;
use crate::compose::{Known, compose, digest};
use crate::model::{Attendance, Document, Event, Facts, Rules, Sighting, When};
use crate::{extract, zone};
use chrono::{DateTime, NaiveDateTime, Utc};
use clap::Args;
use serde::Serialize;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct EvalArgs {
    /// Posts, one JSON object a line
    #[arg(value_name = "POSTS.jsonl")]
    posts: PathBuf,
    /// Weigh the evidence by this table instead of the one compiled in
    #[arg(long, hide = true, value_name = "FILE")]
    scores: Option<PathBuf>,
}

/// What is printed of a post.
#[derive(Debug, PartialEq, Serialize)]
struct Answer {
    id: String,
    /// What `run` would publish.
    events: Vec<Told>,
    /// What it would send to review.
    review: Vec<Told>,
}

/// An event of an answer.
#[derive(Debug, PartialEq, Serialize)]
struct Told {
    start: String,
    end: Option<String>,
    all_day: bool,
    tz: Option<String>,
    location: Option<String>,
    online: bool,
    confidence: f32,
    title: String,
    quote: String,
}

pub(super) fn eval(args: &EvalArgs, screen: &Screen) -> Result<Exit, Exit> {
    if let Some(file) = &args.scores {
        use_scores(file).map_err(|message| {
            screen.complain(&format!("--scores: {}: {message}", file.display()));
            Exit::Misused
        })?;
    }
    posts::answer_each(std::slice::from_ref(&args.posts), screen, answer)
}

fn use_scores(file: &Path) -> Result<(), String> {
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    extract::use_scores(&text).map_err(|message| message.trim_end().to_owned())
}

fn answer(post: Posted, rules: &Rules) -> Answer {
    let now = post.day().unwrap_or_default().and_time(chrono::NaiveTime::MIN).and_utc();
    let Some(document) = post.document() else { return Answer { id: post.id, events: vec![], review: vec![] } };
    let reading = digest(&document, rules);
    let events = published(document, &reading.sightings, rules, now);
    let review = reading.unsure.iter().map(|maybe| told(&maybe.facts, maybe.confidence)).collect();
    Answer { id: post.id, events, review }
}

/// The events of the board that this document alone makes, in the order of its text.
fn published(document: Document, sightings: &[Sighting], rules: &Rules, now: DateTime<Utc>) -> Vec<Told> {
    let (mut board, _) = compose(&[document], &Known::default(), rules, now);
    let mut all = Vec::new();
    for sighting in sightings {
        let is_it =
            |event: &Event| event.facts.when == sighting.facts.when && event.facts.title == sighting.facts.title;
        if let Some(at) = board.events.iter().position(is_it) {
            all.push(told(&board.events.remove(at).facts, sighting.confidence));
        }
    }
    let sure = |facts: &Facts| facts.provenance.get("when").map_or(1.0, |from| from.evidence.confidence);
    all.extend(board.events.iter().map(|event| told(&event.facts, sure(&event.facts))));
    all
}

fn told(facts: &Facts, confidence: f32) -> Told {
    let (start, end, tz) = times(&facts.when);
    Told {
        start,
        end,
        all_day: facts.when.is_all_day(),
        tz,
        location: facts.place.location(),
        online: matches!(facts.place.attendance, Some(Attendance::Online | Attendance::Mixed)),
        confidence,
        title: facts.title.clone(),
        quote: facts.provenance.get("when").map(|from| from.evidence.quote.clone()).unwrap_or_default(),
    }
}

/// Start, end and zone in text.
fn times(when: &When) -> (String, Option<String>, Option<String>) {
    match when {
        When::AllDay { first, last } => (first.to_string(), (last != first).then(|| last.to_string()), None),
        When::Zoned { start, end, zone } if zone.as_str() == NO_ZONE => {
            let text = |time: &NaiveDateTime| time.format("%Y-%m-%dT%H:%M:%S").to_string();
            (text(start), end.as_ref().map(text), None)
        }
        When::Zoned { start, end, zone } => {
            let text = |time: &NaiveDateTime| {
                let moment = zone::to_utc(*time, zone);
                moment.with_timezone(&zone::offset_at(moment, zone)).to_rfc3339()
            };
            (text(start), end.as_ref().map(text), Some(zone.to_string()))
        }
        When::Instant { start, end } => (start.to_rfc3339(), end.map(|end| end.to_rfc3339()), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(fields: serde_json::Value) -> Answer {
        answer(posts::posted(fields.to_string().as_bytes()).unwrap(), &posts::rules().unwrap())
    }

    #[test]
    fn a_body_that_begins_like_front_matter_and_a_title_full_of_signs_break_nothing() {
        let answer = answered(serde_json::json!({
            "id": "a", "published": "2026-03-01", "title": "Kites: \"up\" & --- #1 {x}\n", "format": "markdown", "language": "en",
            "body": "---\ntitle: Other\n---\n\nJoin us at the kite festival on 5 May 2026.\n",
        }));
        assert_eq!(answer.events.len(), 1);
        assert_eq!(answer.events[0].start, "2026-05-05");
        assert_eq!(answer.events[0].title, "Kites: \"up\" & --- #1 {x}");
    }

    #[test]
    fn a_clock_time_has_an_offset_only_where_the_text_names_a_zone() {
        let local = "2026-05-05T18:30:00".parse().unwrap();
        let zoned = |name: &str| times(&When::Zoned { start: local, end: None, zone: zone::by_name(name).unwrap() });
        assert_eq!(zoned(NO_ZONE), ("2026-05-05T18:30:00".into(), None, None));
        assert_eq!(zoned("Europe/Lisbon"), ("2026-05-05T18:30:00+01:00".into(), None, Some("Europe/Lisbon".into())));
        assert_eq!(zoned("UTC").2.as_deref(), Some("Etc/UTC"));
    }
}
