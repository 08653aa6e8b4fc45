//! All due sources at once, but bounded.
//!
//! In: sources, the most urgent first. Out: one bounded channel. Here is what keeps a run polite (few requests at one server), small (few
//! sources and few documents at once), short (it ends when its time is over) and alive (a source that panics has failed, no more).

mod queue;

use super::asking::Asking;
use super::budget::Room;
use super::{Answered, Arrival, Due, FetchError, Known, Net, Origin};
use futures_util::FutureExt;
use queue::{Queue, Turn};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

/// Arrivals that may wait to be read.
const WAITING: usize = 32;
/// Before the one more try after a hiccup.
const PAUSE: Duration = Duration::from_secs(1);

/// What is sent through the channel: an arrival, and the room that it takes.
pub(super) type Sent = (Arrival, Option<Room>);

/// Asks all due sources at once but bounded; what arrives comes in no particular order between sources.
/// Must be called inside a tokio runtime. Arrivals end when all sources have ended or the run's time is over: sources that were not reached
/// by then send no end. When they are dropped, asking stops.
pub fn due(sources: Vec<Due>, net: Net) -> Arrivals {
    let (out, arrivals) = mpsc::channel(WAITING);
    let until = net.until;
    tokio::spawn(run(sources, Arc::new(net), out));
    Arrivals { arrivals, until, taken: None }
}

/// What arrives from all sources.
#[derive(Debug)]
pub struct Arrivals {
    arrivals: mpsc::Receiver<Sent>,
    until: Instant,
    /// Taken by the last document; free once the next arrival is asked for.
    taken: Option<Room>,
}

impl Arrivals {
    /// Asking ends at that moment, unless it ends before.
    pub fn end_by(&mut self, until: Instant) {
        self.until = self.until.min(until);
    }

    /// The next arrival; none when asking has ended.
    pub async fn recv(&mut self) -> Option<Arrival> {
        self.taken = None;
        if self.until <= Instant::now() {
            // What waits already still comes.
            self.arrivals.close();
        }
        let sent = tokio::select! {
            sent = self.arrivals.recv() => sent,
            () = sleep_until(self.until), if Instant::now() < self.until => {
                self.arrivals.close();
                self.arrivals.recv().await
            }
        };
        let (arrival, room) = sent?;
        self.taken = room;
        Some(arrival)
    }
}

/// A source on its way to its end.
struct Task {
    asking: Asking,
    origin: Origin,
    subject: String,
    tries: u8,
    /// When it was first begun.
    began: Option<Instant>,
}

impl Task {
    fn new(due: Due, net: &Arc<Net>, out: &mpsc::Sender<Sent>) -> Self {
        let subject = subject(&due.origin, &due.known);
        let asking = Asking::new(due.source, Arc::new(due.known), Arc::clone(net), out.clone());
        Self { asking, origin: due.origin, subject, tries: 0, began: None }
    }

    /// One try, whose turn at its host has come. Answers with itself where it is to be tried once more, else it has told its end.
    async fn attempt(mut self, host: Option<String>, is_last: bool) -> Option<Self> {
        let first = *self.began.get_or_insert_with(Instant::now);
        self.tries += 1;
        let is_in_time = self.tries > 1 || self.asking.tell_begun().await;
        self.asking.is_last = is_last;
        self.asking.begin(host.filter(|_| is_in_time));
        match caught(self.origin.fetch(&self.asking)).await {
            Err(error) if self.tries == 1 && error.may_pass() => {
                self.asking.spent = self.asking.taken();
                Some(self)
            }
            ended => {
                self.asking.end(ended, &self.subject, first.elapsed()).await;
                None
            }
        }
    }
}

/// A mistake of ours costs the source that met it, and no other.
async fn caught(fetch: impl Future<Output = Result<Answered, FetchError>>) -> Result<Answered, FetchError> {
    AssertUnwindSafe(fetch).catch_unwind().await.unwrap_or(Err(FetchError::Crashed))
}

/// What a source as a whole is told by: its origin, or the only address that its page offers.
fn subject(origin: &Origin, known: &Known) -> String {
    match known.offered.as_slice() {
        [(url, _)] => super::without_credentials(url.as_str()),
        _ => origin.subject(),
    }
}

async fn run(sources: Vec<Due>, net: Arc<Net>, out: mpsc::Sender<Sent>) {
    let manners = net.manners();
    let mut queue = Queue::new(net.limits.at_one_host);
    for due in sources {
        queue.add(due.origin.host(), Task::new(due, &net, &out));
    }
    queue.open(manners);
    let mut running = JoinSet::new();
    loop {
        let now = Instant::now();
        queue.wake(now, manners);
        while running.len() < net.limits.at_once
            && let Some(Turn { place, host, is_last, item }) = queue.next(manners)
        {
            running.spawn(async move { (place, item.attempt(host, is_last).await) });
        }
        if running.is_empty() && queue.is_empty() {
            return;
        }
        let wake = queue.next_wake();
        tokio::select! {
            ended = running.join_next(), if !running.is_empty() => {
                if let Some(Ok((place, retry))) = ended {
                    queue.ended(place, manners);
                    if let Some(task) = retry {
                        queue.put_back(place, task, Instant::now() + PAUSE);
                    }
                }
            }
            () = sleep_until(wake.unwrap_or(now)), if wake.is_some() => {}
            () = sleep_until(net.until) => return,
            () = out.closed() => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::{Failed, Limits};
    use crate::model::SourceId;

    fn net() -> Net {
        Net::new("test".to_owned(), Limits::default(), "unused".into(), chrono::DateTime::UNIX_EPOCH)
    }

    #[tokio::test]
    async fn a_panic_is_a_failed_source() {
        let (out, arrivals) = mpsc::channel(4);
        let mut arrivals = Arrivals { arrivals, until: net().until, taken: None };
        let asking = Asking::new(SourceId::new("turku-js").unwrap(), Arc::new(Known::default()), Arc::new(net()), out);
        let ended = caught(async { panic!("a mistake of ours") }).await;
        asking.end(ended, "https://turku.example/", Duration::ZERO).await;
        let Some(Arrival::Failed(Failed { source, problem, .. })) = arrivals.recv().await else {
            panic!("should have failed")
        };
        assert_eq!(source.as_str(), "turku-js");
        assert_eq!(problem.subject.as_deref(), Some("https://turku.example/"));
        assert!(problem.message.contains("a mistake in noticeboard"), "{}", problem.message);
    }
}
