//! How long one question may take: bounds for its parts, and one for the whole.

use super::HttpError;
use std::future::Future;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// Counts the time that a server needs, not the time that it is kept waiting.
pub(super) struct Clock {
    began: Instant,
    /// How long it stood still.
    paused: Duration,
    until: Instant,
    /// The whole time in seconds, as configured.
    whole: u64,
}

impl Clock {
    /// Starts now; `spent` of the whole time in seconds is gone already.
    pub(super) fn start(whole: u64, spent: Duration) -> Self {
        let left = Duration::from_secs(whole).saturating_sub(spent);
        let began = Instant::now();
        Self { began, paused: Duration::ZERO, until: began + left, whole }
    }

    /// How much time the server has taken since the start.
    pub(super) fn counted(&self) -> Duration {
        self.began.elapsed().saturating_sub(self.paused)
    }

    /// Waits for a part, so many seconds at most.
    pub(super) async fn within<T>(
        &self,
        seconds: u64,
        late: impl FnOnce() -> HttpError,
        part: impl Future<Output = T>,
    ) -> Result<T, HttpError> {
        let soon = Instant::now() + Duration::from_secs(seconds);
        if soon < self.until {
            timeout_at(soon, part).await.map_err(|_| late())
        } else {
            timeout_at(self.until, part).await.map_err(|_| HttpError::TimedOut(self.whole))
        }
    }

    /// Waits for something that is not the server's fault: the clock stands still.
    pub(super) async fn pause<T>(&mut self, work: impl Future<Output = T>) -> T {
        let began = Instant::now();
        let done = work.await;
        let paused = began.elapsed();
        self.paused += paused;
        self.until += paused;
        done
    }
}
