//! How much memory the documents of all sources may take together while they are under way or wait to be read.
//!
//! A body takes room as it grows and keeps it until its document has been read. Bodies that wait for each other's room would wait for ever,
//! so one at a time may go over the budget: it waits for nobody, and gives its room back as soon as its document has been read.

use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// All documents of a run together: some of the largest at once, or thousands of usual ones.
const BYTES: usize = 64 * 1024 * 1024;
/// Room is taken by so much at a time.
const STEP: usize = 64 * 1024;

/// The room for all of them.
#[derive(Debug, Clone)]
pub(super) struct Budget {
    bytes: Arc<Semaphore>,
    over: Arc<Semaphore>,
}

impl Default for Budget {
    fn default() -> Self {
        Self::of(BYTES)
    }
}

impl Budget {
    fn of(bytes: usize) -> Self {
        Self { bytes: Arc::new(Semaphore::new(bytes)), over: Arc::new(Semaphore::new(1)) }
    }

    /// Room for a document, none of it taken yet.
    pub(super) fn room(&self) -> Room {
        Room { budget: self.clone(), taken: 0, bytes: None, over: None }
    }
}

/// The room that one document takes; given back when dropped.
#[derive(Debug)]
pub(super) struct Room {
    budget: Budget,
    taken: usize,
    bytes: Option<OwnedSemaphorePermit>,
    over: Option<OwnedSemaphorePermit>,
}

impl Room {
    /// True where so many bytes fit into what is taken.
    pub(super) fn holds(&self, bytes: usize) -> bool {
        self.over.is_some() || bytes <= self.taken
    }

    /// Takes what is missing to so many bytes, and waits until it is there.
    pub(super) async fn grow_to(&mut self, bytes: usize) {
        if self.holds(bytes) {
            return;
        }
        let missing = (bytes - self.taken).next_multiple_of(STEP);
        let count = u32::try_from(missing).unwrap_or(u32::MAX);
        // Neither is ever closed, so neither fails.
        tokio::select! {
            biased;
            Ok(more) = Arc::clone(&self.budget.bytes).acquire_many_owned(count) => {
                self.taken += missing;
                match &mut self.bytes {
                    Some(bytes) => bytes.merge(more),
                    none => *none = Some(more),
                }
            }
            Ok(over) = Arc::clone(&self.budget.over).acquire_owned() => self.over = Some(over),
            else => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::time::timeout;

    #[tokio::test]
    async fn documents_that_grow_side_by_side_past_the_budget_all_come_to_their_end() {
        let budget = Budget::of(4 * STEP);
        let mut growing = tokio::task::JoinSet::new();
        for _ in 0..20 {
            let mut room = budget.room();
            growing.spawn(async move {
                // Each alone is larger than all may be.
                for size in 1..=10 {
                    room.grow_to(size * STEP).await;
                    tokio::task::yield_now().await;
                }
            });
        }
        timeout(Duration::from_secs(30), growing.join_all()).await.expect("they wait for each other");
        assert_eq!((budget.bytes.available_permits(), budget.over.available_permits()), (4 * STEP, 1));
    }

    #[tokio::test]
    async fn only_one_at_a_time_goes_over_the_budget() {
        let budget = Budget::of(STEP);
        let (mut first, mut second) = (budget.room(), budget.room());
        first.grow_to(STEP).await;
        first.grow_to(5 * STEP).await;
        assert!(timeout(Duration::from_millis(50), second.grow_to(1)).await.is_err(), "there is no room left");
        drop(first);
        timeout(Duration::from_secs(10), second.grow_to(1)).await.expect("there is room again");
    }
}
