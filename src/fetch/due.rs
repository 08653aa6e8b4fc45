//! All due sources at once, but bounded.
//!
//! In: sources. Out: one bounded channel. Here is what keeps a run polite (few requests at one server), small (few sources
//! and few documents at once) and alive (a source that panics has failed, no more).

use super::http::Clients;
use super::{Answered, Arrival, Attempt, Due, Failed, FetchError, Known, Net, Origin};
use crate::model::{Document, Problem, ProblemKind, SourceId};
use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Arrivals that may wait to be read. A document may have 16 MiB, so not many.
const WAITING: usize = 32;

/// Asks all due sources at once but bounded; what arrives comes through a bounded channel, in no particular order between sources.
/// Must be called inside a tokio runtime. The channel closes when all sources have ended; when it is dropped, asking stops.
pub fn due(sources: Vec<Due>, net: Net) -> mpsc::Receiver<Arrival> {
    let (out, arrivals) = mpsc::channel(WAITING);
    let everybody = Arc::new(Semaphore::new(net.limits.at_once));
    let mut hosts: HashMap<String, Arc<Semaphore>> = HashMap::new();
    let clients = Arc::new(Clients::new(&net.user_agent));
    let net = Arc::new(net);
    for Due { source, origin, known } in sources {
        let host = origin
            .host()
            .map(|h| Arc::clone(hosts.entry(h).or_insert_with(|| Arc::new(Semaphore::new(net.limits.at_one_host)))));
        let subject = subject(&origin, &known);
        let asking = Asking { source, known, net: Arc::clone(&net), clients: Arc::clone(&clients), out: out.clone() };
        let everybody = Arc::clone(&everybody);
        tokio::spawn(async move {
            // Its server's turn first: a source that waits for its server must not keep others waiting.
            let _server = match &host {
                Some(host) => host.acquire().await.ok(),
                None => None,
            };
            let _turn = everybody.acquire().await.ok();
            let _ = asking.out.send(Arrival::Begun(asking.source.clone())).await;
            let worker = asking.clone();
            asking.see_through(&subject, async move { origin.fetch(&worker).await }).await;
        });
    }
    arrivals
}

/// What a source as a whole is told by: its origin, or the only address that its page offers.
fn subject(origin: &Origin, known: &Known) -> String {
    match known.offered.as_slice() {
        [(url, _)] => super::without_credentials(url.as_str()),
        _ => origin.subject(),
    }
}

/// One source being asked: what is known of it, and where its arrivals go.
#[derive(Clone)]
pub(crate) struct Asking {
    pub(super) source: SourceId,
    pub(super) known: Known,
    pub(super) net: Arc<Net>,
    pub(super) clients: Arc<Clients>,
    out: mpsc::Sender<Arrival>,
}

impl Asking {
    /// Runs one source to its end and tells how it ended. Stops at once when nobody listens any more.
    async fn see_through<F>(&self, subject: &str, fetch: F)
    where
        F: Future<Output = Result<Answered, FetchError>> + Send + 'static,
    {
        let began = Instant::now();
        let mut work = JoinSet::new();
        work.spawn(fetch);
        let ended = tokio::select! {
            ended = work.join_next() => ended,
            () = self.out.closed() => return,
        };
        let last = match ended {
            Some(Ok(Ok(mut answered))) => {
                answered.attempt.took = began.elapsed();
                Arrival::Answered(answered)
            }
            Some(Ok(Err(error))) => self.failed(&error, subject, began),
            _ => self.failed(&FetchError::Crashed, subject, began),
        };
        // Nobody left to tell is the one way this fails.
        let _ = self.out.send(last).await;
    }

    fn failed(&self, error: &FetchError, subject: &str, began: Instant) -> Arrival {
        Arrival::Failed(Failed {
            source: self.source.clone(),
            problem: error.problem(&self.source, subject),
            told: error.told(),
            attempt: Attempt { status: error.status(), took: began.elapsed(), ..Attempt::default() },
        })
    }

    /// Hands on a document.
    pub(super) async fn document(&self, document: Document) -> Result<(), FetchError> {
        self.out.send(Arrival::Document(document)).await.map_err(|_| FetchError::NobodyWaits)
    }

    /// Hands on a problem of one file.
    pub(super) async fn problem(&self, problem: Problem) -> Result<(), FetchError> {
        self.out.send(Arrival::Problem(problem)).await.map_err(|_| FetchError::NobodyWaits)
    }

    /// Hands on a document or problem from a thread that may block.
    pub(super) fn send_blocking(&self, arrival: Arrival) -> Result<(), FetchError> {
        self.out.blocking_send(arrival).map_err(|_| FetchError::NobodyWaits)
    }

    /// A problem of one file of this source.
    pub(super) fn file_problem(&self, key: &str, message: impl Into<String>, hint: &str) -> Problem {
        Problem::new(ProblemKind::Fetch, message).at(&self.source, key).hint(hint)
    }

    /// A file's document.
    pub(super) fn file(&self, key: &str, version: String, bytes: Vec<u8>) -> Document {
        Document {
            source: self.source.clone(),
            key: key.to_owned(),
            url: None,
            media_type: None,
            bytes,
            version,
            first_seen: None,
        }
    }

    /// A good answer with these documents present.
    pub(super) fn answered(&self, mut present: Vec<String>) -> Answered {
        present.sort_unstable();
        present.dedup();
        Answered {
            source: self.source.clone(),
            present,
            validators: super::Validators::default(),
            offered: std::collections::BTreeMap::new(),
            told: super::Told::default(),
            attempt: Attempt::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asking() -> (Asking, mpsc::Receiver<Arrival>) {
        let (out, arrivals) = mpsc::channel(4);
        let net =
            Net { user_agent: "test".to_owned(), limits: super::super::Limits::default(), git_folder: "unused".into() };
        let source = SourceId::new("turku-js").unwrap();
        let clients = Arc::new(Clients::new(&net.user_agent));
        (Asking { source, known: Known::default(), net: Arc::new(net), clients, out }, arrivals)
    }

    #[tokio::test]
    async fn a_panic_is_a_failed_source() {
        let (asking, mut arrivals) = asking();
        asking.see_through("https://turku.example/", async { panic!("a mistake of ours") }).await;
        let Some(Arrival::Failed(Failed { source, problem, .. })) = arrivals.recv().await else {
            panic!("should have failed")
        };
        assert_eq!(source.as_str(), "turku-js");
        assert_eq!(problem.subject.as_deref(), Some("https://turku.example/"));
    }

    #[tokio::test]
    async fn asking_stops_when_nobody_listens() {
        let (asking, arrivals) = asking();
        drop(arrivals);
        asking.see_through("x", std::future::pending()).await;
    }
}
