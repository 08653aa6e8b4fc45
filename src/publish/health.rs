//! `health.html` and `health.json`: how each source is doing, as of the last run.
//!
//! The only files that change at every run. Not in [`super::ALL`]: they show a run, not the board.

use super::site::template;
use super::{text, words};
use crate::model::SourceId;
use chrono::{DateTime, Utc};
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;
use std::io;

/// The files.
pub const FILES: [&str; 2] = ["health.html", "health.json"];

/// What the health page shows.
#[derive(Debug, Clone)]
pub struct HealthView {
    /// The board's title.
    pub title: String,
    /// Whether there is an `index.html` beside it to link to.
    pub page: bool,
    /// When the run took place.
    pub now: DateTime<Utc>,
    /// The sources, in the config's order.
    pub sources: Vec<SourceHealth>,
}

/// How one source is doing.
#[derive(Debug, Clone)]
pub struct SourceHealth {
    /// Its id.
    pub id: SourceId,
    /// Its title.
    pub title: String,
    /// How it is doing.
    pub state: State,
    /// When it was last asked.
    pub last_tried: Option<DateTime<Utc>>,
    /// When it last answered well.
    pub last_good: Option<DateTime<Utc>>,
    /// From when on it is asked again; at every run, if missing.
    pub next_due: Option<DateTime<Utc>>,
    /// It is not asked any more: its server says that nothing will be there again.
    pub retired: bool,
    /// How often it has failed one time after the other.
    pub failures: u32,
    /// Documents known from it.
    pub documents: usize,
    /// Events known from it.
    pub events: usize,
    /// What is wrong.
    pub message: Option<String>,
    /// What would help.
    pub hint: Option<String>,
}

/// How a source is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It answered well.
    Ok,
    /// It fails; its last good events are shown.
    Stale,
    /// It fails, and nothing good is known of it.
    Failed,
}

#[derive(Serialize)]
struct Report<'a> {
    format: &'static str,
    version: u32,
    title: String,
    run: String,
    sources: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    title: String,
    state: State,
    last_tried: Option<String>,
    last_good: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_due: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    retired: bool,
    failures: u32,
    documents: usize,
    events: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

/// Renders `health.json`.
pub fn render_health_json(health: &HealthView, out: &mut dyn io::Write) -> io::Result<()> {
    let report = Report {
        format: "noticeboard-health",
        version: 1,
        title: text::line(&health.title),
        run: text::rfc3339(&health.now),
        sources: lines(health, text::rfc3339),
    };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    out.write_all(b"\n")
}

/// Renders `health.html`.
pub fn render_health_html(health: &HealthView, out: &mut dyn io::Write) -> io::Result<()> {
    let sources = Value::from(Serde(lines(health, words::moment)));
    let well = health.sources.iter().filter(|source| source.state == State::Ok).count();
    let summary = match health.sources.len() - well {
        0 => "All sources answered well.".to_owned(),
        bad => format!("{bad} of {} sources did not answer well.", health.sources.len()),
    };
    let now = words::moment(&health.now);
    template::render(
        "health.html",
        context! { title => text::title(&health.title), page => health.page, now, summary, sources },
        out,
    )
}

fn lines(health: &HealthView, moment: fn(&DateTime<Utc>) -> String) -> Vec<Line<'_>> {
    health.sources.iter().map(|source| line_of(source, moment)).collect()
}

fn line_of(source: &SourceHealth, moment: fn(&DateTime<Utc>) -> String) -> Line<'_> {
    Line {
        id: source.id.as_str(),
        title: text::line(&source.title),
        state: source.state,
        last_tried: source.last_tried.as_ref().map(moment),
        last_good: source.last_good.as_ref().map(moment),
        next_due: source.next_due.as_ref().filter(|_| !source.retired).map(moment),
        retired: source.retired,
        failures: source.failures,
        documents: source.documents,
        events: source.events,
        message: source.message.as_deref().map(text::line),
        hint: source.hint.as_deref().map(text::line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn health() -> HealthView {
        let at = |text: &str| Some(text.parse().unwrap());
        let source = |id: &str, state, message: Option<&str>| SourceHealth {
            id: SourceId::new(id).unwrap(),
            title: format!("Q&A {id}"),
            state,
            last_tried: at("2025-03-20T06:00:00Z"),
            last_good: at("2025-03-19T06:00:00Z"),
            next_due: at("2025-03-20T07:00:00Z"),
            retired: id == "attic",
            failures: 2,
            documents: 12,
            events: 3,
            message: message.map(str::to_owned),
            hint: None,
        };
        let sources =
            vec![source("blog", State::Ok, None), source("calendar", State::Stale, Some("no answer within 30 s"))];
        HealthView { title: "Turku Makers".into(), page: true, now: at("2025-03-20T06:00:05Z").unwrap(), sources }
    }

    #[test]
    fn health_as_json_is_no_feed() {
        let mut out = Vec::new();
        render_health_json(&health(), &mut out).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(json["format"], "noticeboard-health");
        assert_eq!(json["sources"][1]["state"], "stale");
        assert_eq!(
            (&json["sources"][1]["failures"], &json["sources"][1]["next_due"]),
            (&2.into(), &"2025-03-20T07:00:00Z".into())
        );
        assert!(json.get("items").is_none());
    }

    #[test]
    fn health_as_a_page_says_first_whether_all_is_well() {
        let mut out = Vec::new();
        render_health_html(&health(), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("1 of 2 sources did not answer well."), "{text}");
        assert!(text.contains("Q&amp;A calendar") && text.contains("no answer within 30 s"), "{text}");
        assert!(
            text.contains("Wed 19 March 2025, 06:00 UTC") && text.contains("Thu 20 March 2025, 07:00 UTC"),
            "{text}"
        );
        let mut retired = health();
        retired.sources.iter_mut().for_each(|source| source.retired = true);
        let mut out = Vec::new();
        render_health_html(&retired, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("not any more") && !text.contains("07:00 UTC"), "{text}");
    }
}
