//! A run for Prometheus: `run --metrics FILE`, in the text format that node_exporter's textfile collector reads.
//!
//! In: how a run ended, and how each source is doing. Out: gauges, each with HELP and TYPE, in an order that never changes. Seconds and
//! bytes are in the names. Every sample of a source has its id as `source`; titles are escaped.

use super::{Report, Run};
use crate::publish::health::{SourceHealth, State};
use chrono::{DateTime, Utc};
use std::fmt::{Display, Write};

/// The metrics as text.
pub fn metrics(run: &Run) -> String {
    let mut out = Text::default();
    out.gauge("run_timestamp_seconds", "When the last run took place, in seconds since 1970.", run.now.timestamp());
    out.gauge("run_duration_seconds", "How long the last run took.", seconds(run.took.as_millis()));
    out.gauge(
        "run_success",
        "1 if the last run could publish, 0 if it failed as a whole.",
        u8::from(run.ended.is_ok()),
    );
    if let Ok(report) = run.ended {
        totals(report, &mut out);
        sources(&report.health, &mut out);
    }
    out.0
}

fn totals(report: &Report, out: &mut Text) {
    out.gauge("events", "Events on the board.", report.events);
    out.gauge("events_upcoming", "Events on the board that are not over.", report.upcoming);
    out.gauge("posts", "Posts on the board.", report.posts);
    out.gauge("problems", "Problems that stand.", report.new_problems.len() + report.standing_problems.len());
    out.gauge(
        "problems_new",
        "Problems that the last run told for the first time, or again.",
        report.new_problems.len(),
    );
    out.gauge("documents_read", "Documents that the last run read anew.", report.documents_read);
    out.gauge("artifacts_written", "Published files that the last run changed.", report.artifacts_written);
    out.gauge("sources", "Sources in the config.", report.sources);
    out.gauge("sources_asked", "Sources that the last run asked.", report.asked.len());
    out.gauge("sources_unreached", "Sources that it had no time to ask.", report.unreached);
}

fn sources(sources: &[SourceHealth], out: &mut Text) {
    out.head("source_info", "A source with its title, always 1.");
    for source in sources {
        let labels = [("source", source.id.as_str()), ("title", source.title.as_str())];
        out.sample("source_info", &labels, 1);
    }
    let moment = |at: Option<DateTime<Utc>>| at.map(|at| at.timestamp().to_string());
    let last =
        |source: &SourceHealth, of: fn(&crate::publish::health::Attempts) -> String| source.attempts.as_ref().map(of);
    let number = |flag: bool| Some(u8::from(flag).to_string());
    let answer = |source: &SourceHealth, flag| number(flag).filter(|_| source.state != State::Unasked);
    let mut each = |name, help, of: &dyn Fn(&SourceHealth) -> Option<String>| out.of_sources(name, help, sources, of);
    each("source_up", "1 if the source answered well when it was last asked.", &|source| {
        answer(source, matches!(source.state, State::Ok | State::Partial))
    });
    each("source_complete", "1 if it did, and all of what it says is shown.", &|source| {
        answer(source, source.state == State::Ok)
    });
    each("source_retired", "1 if its server says that nothing will be there again.", &|source| number(source.retired));
    each("source_last_tried_timestamp_seconds", "When it was last asked.", &|source| moment(source.last_tried));
    each("source_last_good_timestamp_seconds", "When it last answered well.", &|source| moment(source.last_good));
    each("source_next_due_timestamp_seconds", "From when on it is asked again.", &|source| moment(source.next_due));
    each("source_failures", "How often it has failed one time after the other.", &|source| {
        Some(source.failures.to_string())
    });
    each("source_documents", "Documents known from it.", &|source| Some(source.documents.to_string()));
    each("source_events", "Events known from it.", &|source| Some(source.events.to_string()));
    each("source_events_usual", "Events that it usually has.", &|source| source.events_usually.map(|n| n.to_string()));
    each("source_problems", "Problems that stand with it.", &|source| Some(source.problem_count.to_string()));
    each("source_received_bytes", "Bytes of content that came when it was last asked.", &|source| {
        last(source, |attempts| attempts.last_received.to_string())
    });
    each("source_duration_seconds", "How long it took when it was last asked.", &|source| {
        last(source, |attempts| seconds(attempts.last_took.into()))
    });
}

/// `1.204`
fn seconds(milliseconds: u128) -> String {
    format!("{}.{:03}", milliseconds / 1000, milliseconds % 1000)
}

#[derive(Default)]
struct Text(String);

impl Text {
    fn head(&mut self, name: &str, help: &str) {
        // Writing to a String cannot fail.
        let _ = write!(self.0, "# HELP noticeboard_{name} {help}\n# TYPE noticeboard_{name} gauge\n");
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        let labels: Vec<String> = labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
        let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        let _ = writeln!(self.0, "noticeboard_{name}{labels} {value}");
    }

    fn gauge(&mut self, name: &str, help: &str, value: impl Display) {
        self.head(name, help);
        self.sample(name, &[], value);
    }

    fn of_sources(
        &mut self,
        name: &str,
        help: &str,
        sources: &[SourceHealth],
        of: &dyn Fn(&SourceHealth) -> Option<String>,
    ) {
        let mut values = sources.iter().filter_map(|source| Some((source.id.as_str(), of(source)?))).peekable();
        if values.peek().is_some() {
            self.head(name, help);
        }
        values.for_each(|(id, value)| self.sample(name, &[("source", id)], value));
    }
}

/// A label's value: backslash, quote and line end are escaped, other control characters left out.
fn escaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SourceId;
    use crate::publish::health::Attempts;
    use std::collections::BTreeMap;
    use std::time::Duration;

    /// A small parser of the text format: every sample by its name and labels, and the type of every name.
    fn parsed(text: &str) -> BTreeMap<(String, Vec<(String, String)>), f64> {
        let (mut samples, mut known, mut closed) = (BTreeMap::new(), String::new(), Vec::new());
        for line in text.split_terminator('\n') {
            if let Some(help) = line.strip_prefix("# HELP ") {
                closed.push(std::mem::take(&mut known));
                known = help.split(' ').next().unwrap().to_owned();
                assert!(!closed.contains(&known), "{known} is told in two groups");
            } else if let Some(kind) = line.strip_prefix("# TYPE ") {
                assert_eq!(kind, format!("{known} gauge"));
            } else {
                let (name, rest) = line.split_at(line.find(['{', ' ']).unwrap());
                assert_eq!(name, known, "a sample outside of its group");
                let (labels, value) = labels(rest);
                let value: f64 = value.trim().parse().unwrap_or_else(|_| panic!("{line}"));
                assert_eq!(samples.insert((name.to_owned(), labels), value), None, "{line} twice");
            }
        }
        samples
    }

    fn labels(rest: &str) -> (Vec<(String, String)>, &str) {
        let Some(mut rest) = rest.strip_prefix('{') else { return (Vec::new(), rest) };
        let mut labels = Vec::new();
        while !rest.starts_with('}') {
            let (name, after) = rest.split_once("=\"").unwrap();
            let (mut value, mut chars) = (String::new(), after.char_indices());
            let end = loop {
                match chars.next().unwrap() {
                    (at, '"') => break at,
                    (_, '\\') => value.push(match chars.next().unwrap().1 {
                        'n' => '\n',
                        c @ ('\\' | '"') => c,
                        c => panic!("no escape: {c}"),
                    }),
                    (_, c) => value.push(c),
                }
            };
            labels.push((name.trim_start_matches(',').to_owned(), value));
            rest = &after[end + 1..];
        }
        (labels, &rest[1..])
    }

    #[test]
    fn hostile_titles_stay_inside_their_labels() {
        let source = |id: &str, title: &str, state| SourceHealth {
            title: title.to_owned(),
            attempts: Some(Attempts { tried: 2, good: 1, last_status: None, last_received: 512, last_took: 1204 }),
            ..SourceHealth::new(SourceId::new(id).unwrap(), state)
        };
        let hostile = "a\"} 1\nnoticeboard_run_success 0\n\\ {x=\"\u{1b}[31m\" # HELP";
        let report = Report {
            events: 12,
            unreached: 1,
            health: vec![
                source("ponds", hostile, State::Ok),
                source("attic", "Attic", State::Stale),
                source("new", "New", State::Unasked),
            ],
            ..Report::default()
        };
        let now = "2026-11-28T12:00:00Z".parse().unwrap();
        let run = Run { now, took: Duration::from_millis(70), dry_run: false, ended: Ok(&report) };
        let text = metrics(&run);
        let samples = parsed(&text);
        let of = |name: &str, labels: &[(&str, &str)]| {
            let labels = labels.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
            samples.get(&(format!("noticeboard_{name}"), labels)).copied()
        };
        assert_eq!(of("run_success", &[]), Some(1.0));
        assert_eq!(of("run_duration_seconds", &[]), Some(0.07));
        assert_eq!(of("events", &[]), Some(12.0));
        let told = hostile.replace('\u{1b}', "");
        assert_eq!(of("source_info", &[("source", "ponds"), ("title", told.as_str())]), Some(1.0));
        assert_eq!(of("source_up", &[("source", "attic")]), Some(0.0));
        assert_eq!(of("source_up", &[("source", "new")]), None, "who was not asked is neither up nor down");
        assert_eq!(of("sources_unreached", &[]), Some(1.0));
        assert_eq!(of("source_received_bytes", &[("source", "ponds")]), Some(512.0));
        assert_eq!(of("source_duration_seconds", &[("source", "ponds")]), Some(1.204));
        assert_eq!(of("source_last_good_timestamp_seconds", &[("source", "ponds")]), None, "never is no moment");
        assert_eq!(metrics(&run), text);
        let failed = metrics(&Run { ended: Err("no disk"), ..run });
        assert_eq!(parsed(&failed).len(), 3);
    }
}
