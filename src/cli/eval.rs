//! `noticeboard eval POSTS.jsonl`: what would be published of each post, for measuring how well posts are read.
//!
//! In: one post a line, of which only `id`, `language`, `published`, `title`, `format` and `body` are looked at. Out: one line for each, with
//! the events that `run` would publish and apart from them what it would send to review. Days are inclusive; `end` is missing where it is the
//! start day or unknown. `tz` is there only where the text (or its place) names a zone; other clock times have neither zone nor offset.

use super::Exit;
use super::screen::Screen;
use crate::compose::{Known, compose, digest};
use crate::model::{Attendance, Document, Event, Facts, Rules, Sighting, Site, SourceId, SourceRules, When};
use crate::zone;
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use clap::Args;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct EvalArgs {
    /// Posts, one JSON object a line
    #[arg(value_name = "POSTS.jsonl")]
    posts: PathBuf,
}

/// A post as it stands in the file. Whatever else stands there is none of our business.
#[derive(Debug, Deserialize)]
struct Posted {
    id: String,
    #[serde(default)]
    language: Option<String>,
    #[serde(default)]
    published: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    format: Option<String>,
    body: String,
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

/// UTC under a name that nobody writes, so that a zone that words gave can be told from the site's.
const NO_ZONE: &str = "Etc/GMT-0";

pub(super) fn eval(args: &EvalArgs, screen: &Screen) -> Result<Exit, Exit> {
    let name = args.posts.display();
    let failed = |error: io::Error| {
        screen.complain(&format!("{name}: {error}"));
        Exit::Failed
    };
    let rules = rules().ok_or(Exit::Failed)?;
    let mut posts = BufReader::new(File::open(&args.posts).map_err(failed)?);
    let mut out = BufWriter::new(io::stdout().lock());
    let mut exit = Exit::Well;
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        if posts.read_until(b'\n', &mut line).map_err(failed)? == 0 {
            break;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let answer = match posted(&line) {
            Ok(post) => answer(post, &rules),
            Err(message) => {
                screen.complain(&format!("{name}:{number}: {message}"));
                exit = Exit::Failed;
                continue;
            }
        };
        let written = serde_json::to_writer(&mut out, &answer).map_err(io::Error::from);
        if written.and_then(|()| writeln!(out)).is_err() {
            // A reader that has gone away (`| head`) wants no more.
            return Ok(exit);
        }
    }
    let _ = out.flush();
    Ok(exit)
}

fn posted(line: &[u8]) -> Result<Posted, String> {
    let post: Posted = serde_json::from_slice(line).map_err(|error| {
        format!("expected a post as a JSON object with `id` and `body`, but found an error: {}", without_line(&error))
    })?;
    match post.published.as_deref() {
        Some(published) if day(published).is_none() => {
            Err(format!("expected a day such as 2025-03-14 in `published`, but found `{published}`"))
        }
        _ => Ok(post),
    }
}

/// The line is ours to tell; serde_json counts inside the one it was given.
fn without_line(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

fn day(text: &str) -> Option<NaiveDate> {
    let rest = text.get(10..)?;
    (rest.is_empty() || rest.starts_with(['T', ' '])).then(|| text.get(..10)?.parse().ok()).flatten()
}

/// The defaults of the config, with one source.
fn rules() -> Option<Rules> {
    let mut rules = Rules::plain(Site::nowhere(zone::by_name(NO_ZONE)?)?);
    let source = source()?;
    rules.sources.insert(source.clone(), SourceRules::plain(source, 0));
    Some(rules)
}

fn source() -> Option<SourceId> {
    SourceId::new("eval")
}

fn answer(post: Posted, rules: &Rules) -> Answer {
    let now = post.published.as_deref().and_then(day).unwrap_or_default().and_time(chrono::NaiveTime::MIN).and_utc();
    let Some(document) = document(&post) else { return Answer { id: post.id, events: vec![], review: vec![] } };
    let reading = digest(&document, rules);
    let events = published(document, &reading.sightings, rules, now);
    let review = reading.unsure.iter().map(|maybe| told(&maybe.facts, maybe.confidence)).collect();
    Answer { id: post.id, events, review }
}

/// The post as a file of a repository: its body behind front matter that says no more than the given fields.
fn document(post: &Posted) -> Option<Document> {
    let key = match post.format.as_deref() {
        Some("mdx") => "post.mdx",
        Some("html") => "post.html",
        // The paragraphs of AsciiDoc are those of Markdown.
        _ => "post.md",
    };
    let fields = [("title", &post.title), ("date", &post.published), ("language", &post.language)];
    let mut text = "---\n".to_owned();
    for (name, value) in fields {
        if let Some(value) = value {
            text.push_str(&format!("{name}: {}\n", quoted(value)));
        }
    }
    text.push_str("---\n");
    text.push_str(&post.body);
    Some(Document {
        source: source()?,
        key: key.to_owned(),
        url: None,
        media_type: None,
        bytes: text.into_bytes(),
        version: String::new(),
        first_seen: None,
    })
}

/// One line in the quotes that JSON and YAML share.
fn quoted(value: &str) -> String {
    let line = crate::model::clean_line(value);
    serde_json::Value::String(line).to_string()
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
        location: facts.place.line(),
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
        answer(posted(fields.to_string().as_bytes()).unwrap(), &rules().unwrap())
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

    #[test]
    fn what_is_no_post_is_told() {
        assert!(posted(b"{\"id\": \"a\"}").unwrap_err().ends_with("missing field `body`"));
        assert_eq!(
            posted(br#"{"id": "a", "body": "", "published": "May"}"#).unwrap_err(),
            "expected a day such as 2025-03-14 in `published`, but found `May`"
        );
    }
}
