//! `health.html` and `health.json`: how each source is doing, as of the last run that had something to do.
//!
//! The only files that change although the board does not. Not in [`super::ALL`]: they show a run, not the board.

use super::site::template;
use super::{text, words};
use crate::model::{Problem, ProblemKind, SourceId};
use chrono::{DateTime, Utc};
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;
use std::io;

/// The files.
pub const FILES: [&str; 2] = ["health.html", "health.json"];

/// So many problems of a source are told one by one.
pub const MOST_PROBLEMS: usize = 10;

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
    /// How it was asked over the last ninety days, if it was.
    pub attempts: Option<Attempts>,
    /// Documents known from it.
    pub documents: usize,
    /// Events known from it.
    pub events: usize,
    /// Events that it usually has: the median over its good answers.
    pub events_usually: Option<usize>,
    /// How many problems it has.
    pub problem_count: usize,
    /// The first [`MOST_PROBLEMS`] of them, the worst first.
    pub problems: Vec<Problem>,
}

/// The remembered attempts at a source, in short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Attempts {
    /// How many.
    pub tried: usize,
    /// How many of them went well.
    pub good: usize,
    /// The status of its server's last answer, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_status: Option<u16>,
    /// Bytes of content that came with the last one.
    pub last_received: u64,
    /// Milliseconds that the last one took.
    pub last_took: u64,
}

impl SourceHealth {
    /// A source of that name of which nothing else is known.
    pub fn new(id: SourceId, state: State) -> Self {
        Self {
            title: id.to_string(),
            id,
            state,
            last_tried: None,
            last_good: None,
            next_due: None,
            retired: false,
            failures: 0,
            attempts: None,
            documents: 0,
            events: 0,
            events_usually: None,
            problem_count: 0,
            problems: Vec::new(),
        }
    }
}

/// How a source is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It answered well, and all that it says is shown.
    Ok,
    /// It answered, but not all of it is shown: something could not be read, or the brake holds it.
    Partial,
    /// It fails; its last good events are shown.
    Stale,
    /// It fails, and nothing good is known of it.
    Failed,
    /// It was not asked yet, or not to the end.
    Unasked,
}

impl State {
    /// The state of a source that fails or not, was ever good or not, and has these problems.
    pub fn of<'p>(fails: bool, was_good: bool, problems: impl IntoIterator<Item = &'p Problem>) -> Self {
        let hides = |problem: &Problem| matches!(problem.kind, ProblemKind::Read | ProblemKind::Brake);
        match (fails, was_good) {
            (true, true) => Self::Stale,
            (true, false) => Self::Failed,
            (false, false) => Self::Unasked,
            (false, true) if problems.into_iter().any(hides) => Self::Partial,
            (false, true) => Self::Ok,
        }
    }

    /// For people.
    fn told(self, retired: bool) -> &'static str {
        match self {
            _ if retired => "gone for good",
            Self::Ok => "well",
            Self::Partial => "answers, but not all of it is shown",
            Self::Stale => "fails; shown as last known",
            Self::Failed => "fails; nothing is known",
            Self::Unasked => "not asked yet",
        }
    }
}

/// How much it matters to the health of a source: what hides most comes first.
pub fn weight(problem: &Problem) -> u8 {
    match problem.kind {
        ProblemKind::Fetch => 0,
        ProblemKind::Brake => 1,
        ProblemKind::Read => 2,
        ProblemKind::Output => 3,
        ProblemKind::Field => 4,
        ProblemKind::Contradiction => 5,
        ProblemKind::Disagreement => 6,
        ProblemKind::Override => 7,
    }
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
    #[serde(skip_serializing_if = "Option::is_none")]
    attempts: Option<Attempts>,
    documents: usize,
    events: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    events_usually: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    problem_count: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    problems: Vec<Trouble>,
}

#[derive(Serialize)]
struct Trouble {
    kind: ProblemKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

/// A row of the page: the same, with words for the state.
#[derive(Serialize)]
struct Row<'a> {
    #[serde(flatten)]
    line: Line<'a>,
    told: &'static str,
    more: usize,
}

/// Renders `health.json`.
pub fn render_health_json(health: &HealthView, out: &mut dyn io::Write) -> io::Result<()> {
    let report = Report {
        format: "noticeboard-health",
        version: 1,
        title: text::line(&health.title),
        run: text::rfc3339(&health.now),
        sources: health.sources.iter().map(|source| line_of(source, text::rfc3339)).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    out.write_all(b"\n")
}

/// Renders `health.html`.
pub fn render_health_html(health: &HealthView, out: &mut dyn io::Write) -> io::Result<()> {
    let row = |source| {
        let line: Line = line_of(source, words::moment);
        let more = line.problem_count.saturating_sub(line.problems.len());
        Row { line, told: source.state.told(source.retired), more }
    };
    let sources = Value::from(Serde(health.sources.iter().map(row).collect::<Vec<_>>()));
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

fn line_of(source: &SourceHealth, moment: fn(&DateTime<Utc>) -> String) -> Line<'_> {
    let problems: Vec<Trouble> = source.problems.iter().take(MOST_PROBLEMS).map(trouble).collect();
    Line {
        id: source.id.as_str(),
        title: text::line(&source.title),
        state: source.state,
        last_tried: source.last_tried.as_ref().map(moment),
        last_good: source.last_good.as_ref().map(moment),
        next_due: source.next_due.as_ref().filter(|_| !source.retired).map(moment),
        retired: source.retired,
        failures: source.failures,
        attempts: source.attempts,
        documents: source.documents,
        events: source.events,
        events_usually: source.events_usually,
        message: problems.first().map(|problem| problem.message.clone()),
        hint: problems.first().and_then(|problem| problem.hint.clone()),
        problem_count: source.problem_count,
        problems,
    }
}

fn trouble(problem: &Problem) -> Trouble {
    Trouble {
        kind: problem.kind,
        subject: problem.subject.as_deref().map(text::line),
        line: (problem.line > 0).then_some(problem.line),
        message: text::line(&problem.message),
        hint: problem.hint.as_deref().map(text::line),
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
            attempts: Some(Attempts {
                tried: 120,
                good: 118,
                last_status: Some(503),
                last_received: 2048,
                last_took: 310,
            }),
            documents: 12,
            events: 3,
            events_usually: Some(9),
            problem_count: message.iter().count(),
            problems: message
                .map(|text| Problem::new(ProblemKind::Read, text).hint("look there"))
                .into_iter()
                .collect(),
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
        let calendar = &json["sources"][1];
        assert_eq!((&calendar["message"], &calendar["hint"]), (&"no answer within 30 s".into(), &"look there".into()));
        assert_eq!(calendar["problems"][0]["kind"], "read");
        assert_eq!((&calendar["events"], &calendar["events_usually"]), (&3.into(), &9.into()));
        assert_eq!(
            calendar["attempts"],
            serde_json::json!({ "tried": 120, "good": 118, "last_status": 503, "last_received": 2048, "last_took": 310 })
        );
        assert_eq!(json["sources"][0]["problem_count"], 0);
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
        assert!(text.contains("3 (usually 9)") && text.contains("118 of 120"), "{text}");
        let mut retired = health();
        retired.sources.iter_mut().for_each(|source| source.retired = true);
        let mut out = Vec::new();
        render_health_html(&retired, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("not any more") && !text.contains("07:00 UTC"), "{text}");
    }

    #[test]
    fn what_answers_but_cannot_be_read_is_not_well() {
        let problem = |kind| Problem::new(kind, "x");
        for (fails, was_good, kinds, expected) in [
            (false, true, &[][..], State::Ok),
            (false, true, &[ProblemKind::Contradiction, ProblemKind::Field, ProblemKind::Fetch], State::Ok),
            (false, true, &[ProblemKind::Field, ProblemKind::Read], State::Partial),
            (false, true, &[ProblemKind::Brake], State::Partial),
            (true, true, &[ProblemKind::Read], State::Stale),
            (true, false, &[ProblemKind::Fetch], State::Failed),
            (false, false, &[], State::Unasked),
        ] {
            let problems: Vec<Problem> = kinds.iter().map(|kind| problem(*kind)).collect();
            assert_eq!(State::of(fails, was_good, &problems), expected, "{kinds:?}");
        }
    }

    #[test]
    fn many_problems_are_counted_and_the_first_are_told() {
        let mut health = health();
        for source in &mut health.sources {
            source.problems = (0..40).map(|n| Problem::new(ProblemKind::Read, format!("entry {n} <b>"))).collect();
            source.problem_count = 40;
        }
        let mut out = Vec::new();
        render_health_html(&health, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("and 30 more") && text.contains("entry 9") && !text.contains("entry 10"), "{text}");
        assert!(!text.contains("<b>"), "{text}");
    }
}
