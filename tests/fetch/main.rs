//! The edge to the world, against folders, repositories and a misbehaving server made by the tests themselves, all on this machine.

mod certificate;
mod directory;
mod encrypted;
mod faults;
mod follow;
mod git;
mod http;
mod polite;
mod schedule;
mod secret;
mod server;
mod stopped;

use noticeboard::fetch::{Answered, Arrival, Due, Failed, Known, Limits, Net, Origin, Told, due};
use noticeboard::model::{Document, Problem, SourceId};
use std::path::Path;

/// All that came from one source.
#[derive(Debug, Default)]
struct Outcome {
    documents: Vec<Document>,
    problems: Vec<Problem>,
    answered: Option<Answered>,
    failed: Option<Problem>,
    /// What the server told beside a failure.
    told: Told,
}

impl Outcome {
    fn keys(&self) -> Vec<&str> {
        let mut keys: Vec<&str> = self.documents.iter().map(|d| d.key.as_str()).collect();
        keys.sort_unstable();
        keys
    }

    fn present(&self) -> &[String] {
        &self.answered.as_ref().expect("should have answered").present
    }

    fn failure(&self) -> &str {
        &self.failed.as_ref().expect("should have failed").message
    }

    /// What a store would know after this.
    fn known(&self, mut before: Known) -> Known {
        before.versions.extend(self.documents.iter().map(|d| (d.key.clone(), d.version.clone())));
        before.validators = self.answered.as_ref().map(|a| a.validators.clone()).unwrap_or_default();
        before
    }
}

fn net(folder: &Path) -> Net {
    net_with(folder, Limits { spacing: 0, ..Limits::default() })
}

fn net_with(folder: &Path, limits: Limits) -> Net {
    let now = "2026-12-01T00:00:00Z".parse().unwrap();
    Net::new(Net::user_agent("https://board.example/"), limits, folder.to_owned(), now)
}

/// Asks one source, and sees that it ends once, last, and about itself.
async fn ask_with(origin: Origin, known: Known, net: Net) -> Outcome {
    let source = SourceId::new("turku-js").unwrap();
    let mut arrivals = due(vec![Due { source: source.clone(), origin, known }], net);
    let mut outcome = Outcome::default();
    while let Some(arrival) = arrivals.recv().await {
        assert!(outcome.answered.is_none() && outcome.failed.is_none(), "something came after the end: {arrival:?}");
        match arrival {
            Arrival::Begun(whose) => assert_eq!(whose, source),
            Arrival::Document(document) => outcome.documents.push(document),
            Arrival::Problem(problem) => outcome.problems.push(problem),
            Arrival::Answered(answered) => outcome.answered = Some(answered),
            Arrival::Failed(Failed { source: whose, problem, told, .. }) => {
                outcome.told = told;
                assert_eq!(whose, source);
                outcome.failed = Some(problem);
            }
        }
    }
    assert!(outcome.answered.is_some() || outcome.failed.is_some(), "the source never ended");
    outcome
}

#[tokio::test]
async fn a_failing_source_costs_no_other() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.md"), "text").unwrap();
    let origin = |path: &Path| directory::origin(path, &[], &[]);
    let sources = (0..40).map(|n| Due {
        source: SourceId::new(&format!("source-{n}")).unwrap(),
        origin: if n % 2 == 0 { origin(folder.path()) } else { origin(Path::new("/nonexistent/here")) },
        known: Known::default(),
    });
    let mut arrivals = due(sources.collect(), net(folder.path()));
    let (mut good, mut bad) = (0, 0);
    while let Some(arrival) = arrivals.recv().await {
        match arrival {
            Arrival::Answered(_) => good += 1,
            Arrival::Failed(..) => bad += 1,
            _ => {}
        }
    }
    assert_eq!((good, bad), (20, 20));
}

#[tokio::test]
async fn many_sources_at_one_server_take_turns() {
    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
    let server = server::Server::start(move |_, _| server::Reply::Late(answer.to_vec())).await;
    let sources = (0..12).map(|n| Due {
        source: SourceId::new(&format!("source-{n}")).unwrap(),
        origin: http::origin(&format!("{}/{n}", server.address), ", allow_private = true"),
        known: Known::default(),
    });
    let mut arrivals = due(sources.collect(), net(Path::new("unused")));
    let mut good = 0;
    while let Some(arrival) = arrivals.recv().await {
        good += usize::from(matches!(arrival, Arrival::Answered(_)));
    }
    assert_eq!(good, 12);
    let most = server.open.lock().unwrap().1;
    assert!((2..=4).contains(&most), "{most} at once");
}

#[test]
fn every_key_of_every_origin_is_explained_in_the_schema() {
    let schema = serde_json::to_value(schemars::schema_for!(Origin)).unwrap();
    let kinds = schema["$defs"].as_object().unwrap();
    assert_eq!(kinds.keys().collect::<Vec<_>>(), ["Directory", "Git", "Http"]);
    for (kind, schema) in kinds {
        for (key, about) in schema["properties"].as_object().unwrap() {
            assert!(about["description"].as_str().is_some_and(|text| text.len() > 20), "{kind}.{key}");
        }
    }
}
