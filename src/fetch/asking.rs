//! One source being asked: what is known of it, what asking it is like, and where its arrivals go.

use super::budget::Room;
use super::due::Sent;
use super::{Answered, Arrival, Attempt, Failed, FetchError, Known, Net, Told, Validators};
use crate::model::{Document, Problem, ProblemKind, SourceId};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU16, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{self, error::TrySendError};
use tokio::time::{Instant, sleep_until};

/// One source being asked.
#[derive(Clone)]
pub(crate) struct Asking {
    pub(super) source: SourceId,
    pub(super) known: Arc<Known>,
    pub(super) net: Arc<Net>,
    /// How much of its time an earlier try has taken.
    pub(super) spent: Duration,
    /// Nobody else waits for its server.
    pub(super) is_last: bool,
    seen: Arc<Seen>,
    out: mpsc::Sender<Sent>,
}

/// What asking has been like so far.
#[derive(Debug, Default)]
struct Seen {
    /// The last status of its server; 0 before there is one.
    status: AtomicU16,
    received: AtomicU64,
    /// Milliseconds that servers have taken to answer; what was waited for turns is none of it.
    taken: AtomicU64,
    /// The server whose first turn was taken when the source was begun.
    begun_at: Mutex<Option<String>>,
}

impl Asking {
    pub(super) fn new(source: SourceId, known: Arc<Known>, net: Arc<Net>, out: mpsc::Sender<Sent>) -> Self {
        Self { source, known, net, spent: Duration::ZERO, is_last: false, seen: Arc::default(), out }
    }

    /// Tells that the source's turn has come. Answers whether that was told at once: behind a slow reader the turn has passed meanwhile.
    pub(super) async fn tell_begun(&self) -> bool {
        match self.out.try_send((Arrival::Begun(self.source.clone()), None)) {
            Err(TrySendError::Full(begun)) => {
                let _ = self.out.send(begun).await;
                false
            }
            _ => true,
        }
    }

    /// As another try, whose turn at `host` has come, or is still to be taken where there is none.
    pub(super) fn begin(&self, host: Option<String>) {
        *self.seen.begun_at.lock().unwrap_or_else(PoisonError::into_inner) = host;
    }

    /// Waits for this source's turn at a server; an error says how long that server wants to be left alone.
    pub(super) async fn turn(&self, host: &str) -> Result<(), Duration> {
        let is_left_alone = || self.net.manners().left_alone(host).map_or(Ok(()), Err);
        is_left_alone()?;
        let begun_at = self.seen.begun_at.lock().unwrap_or_else(PoisonError::into_inner).take();
        if begun_at.as_deref() != Some(host) {
            let turn = self.net.manners().take_turn(host);
            if turn > Instant::now() {
                sleep_until(turn).await;
                // Another source may have been told so meanwhile.
                is_left_alone()?;
            }
        }
        Ok(())
    }

    pub(super) fn saw_status(&self, status: u16) {
        self.seen.status.store(status, Ordering::Relaxed);
    }

    /// A server has taken so long to answer.
    pub(super) fn took_of_its_time(&self, counted: Duration) {
        let counted = u64::try_from(counted.as_millis()).unwrap_or(u64::MAX);
        self.seen.taken.fetch_add(counted, Ordering::Relaxed);
    }

    /// How long servers have taken to answer so far.
    pub(super) fn taken(&self) -> Duration {
        Duration::from_millis(self.seen.taken.load(Ordering::Relaxed))
    }

    /// So many bytes of content came over the network, as they were sent.
    pub(super) fn received(&self, bytes: u64) {
        self.seen.received.fetch_add(bytes, Ordering::Relaxed);
    }

    fn attempt(&self, took: Duration) -> Attempt {
        let status = self.seen.status.load(Ordering::Relaxed);
        Attempt { status: (status != 0).then_some(status), received: self.seen.received.load(Ordering::Relaxed), took }
    }

    /// Tells that the source has ended, and how.
    pub(super) async fn end(&self, ended: Result<Answered, FetchError>, subject: &str, took: Duration) {
        let attempt = self.attempt(took);
        let last = match ended {
            Ok(answered) => Arrival::Answered(Answered { attempt, ..answered }),
            Err(error) => Arrival::Failed(Failed {
                source: self.source.clone(),
                problem: error.problem(&self.source, subject),
                told: error.told(),
                attempt,
            }),
        };
        // Nobody left to tell is the one way this fails.
        let _ = self.out.send((last, None)).await;
    }

    /// Hands on a document, with the room it takes.
    pub(super) async fn document(&self, document: Document, room: Room) -> Result<(), FetchError> {
        self.out.send((Arrival::Document(document), Some(room))).await.map_err(|_| FetchError::NobodyWaits)
    }

    /// Hands on a problem of one file.
    pub(super) async fn problem(&self, problem: Problem) -> Result<(), FetchError> {
        self.out.send((Arrival::Problem(problem), None)).await.map_err(|_| FetchError::NobodyWaits)
    }

    /// Room for a document of so many bytes.
    pub(super) async fn room_for(&self, bytes: u64) -> Room {
        let mut room = self.net.room();
        room.grow_to(usize::try_from(bytes).unwrap_or(usize::MAX)).await;
        room
    }

    /// The same from a thread that may block.
    pub(super) fn room_for_blocking(&self, bytes: u64) -> Room {
        Handle::current().block_on(self.room_for(bytes))
    }

    /// Hands on a document or problem from a thread that may block.
    pub(super) fn send_blocking(&self, arrival: Arrival, room: Option<Room>) -> Result<(), FetchError> {
        self.out.blocking_send((arrival, room)).map_err(|_| FetchError::NobodyWaits)
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
            validators: Validators::default(),
            offered: BTreeMap::new(),
            told: Told::default(),
            attempt: Attempt::default(),
        }
    }
}
