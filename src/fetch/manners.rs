//! How servers are treated: with a pause between requests, and left alone where they ask for it.
//!
//! In: the names of servers about to be asked, and what they have said. Out: when the next request may begin. Kept for one run.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// What is owed to each server.
#[derive(Debug)]
pub(super) struct Manners {
    spacing: Duration,
    hosts: Mutex<HashMap<String, Host>>,
}

#[derive(Debug, Default)]
struct Host {
    /// When the next request may begin.
    next: Option<Instant>,
    /// It wants to be left alone until then.
    alone: Option<Instant>,
}

impl Host {
    /// How long it still wants to be left alone, if it does.
    fn rest(&self, now: Instant) -> Option<Duration> {
        self.alone?.checked_duration_since(now).filter(|left| !left.is_zero())
    }
}

impl Manners {
    pub(super) fn new(spacing: Duration) -> Self {
        Self { spacing, hosts: Mutex::default() }
    }

    fn hosts(&self) -> MutexGuard<'_, HashMap<String, Host>> {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When the next request at this server may begin; nothing where it may at once, or where there will be none.
    pub(super) fn next(&self, host: &str) -> Option<Instant> {
        let hosts = self.hosts();
        let host = hosts.get(host)?;
        host.next.filter(|_| host.rest(Instant::now()).is_none())
    }

    /// Takes the next turn at this server and tells when it comes.
    pub(super) fn take_turn(&self, host: &str) -> Instant {
        let now = Instant::now();
        let mut hosts = self.hosts();
        let host = hosts.entry(host.to_owned()).or_default();
        if host.rest(now).is_some() {
            return now;
        }
        let turn = host.next.map_or(now, |next| next.max(now));
        host.next = Some(turn + self.spacing);
        turn
    }

    /// The server wants to be left alone for so long.
    pub(super) fn leave_alone(&self, host: &str, wait: Duration) {
        let until = Instant::now().checked_add(wait);
        let mut hosts = self.hosts();
        let host = hosts.entry(host.to_owned()).or_default();
        host.alone = host.alone.max(until);
    }

    /// How long this server still wants to be left alone, if it does.
    pub(super) fn left_alone(&self, host: &str) -> Option<Duration> {
        self.hosts().get(host)?.rest(Instant::now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_at_one_server_are_spaced_and_others_wait_for_nobody() {
        let manners = Manners::new(Duration::from_secs(100));
        assert_eq!(manners.next("a.example"), None);
        let first = manners.take_turn("a.example");
        assert_eq!(manners.take_turn("a.example") - first, Duration::from_secs(100));
        assert_eq!(manners.next("a.example"), Some(first + Duration::from_secs(200)));
        assert!(manners.take_turn("b.example") <= Instant::now());
    }

    #[test]
    fn the_longest_wait_that_a_server_asked_for_holds() {
        let manners = Manners::new(Duration::ZERO);
        manners.leave_alone("a.example", Duration::from_secs(600));
        manners.leave_alone("a.example", Duration::from_secs(5));
        assert!(manners.left_alone("a.example").unwrap() > Duration::from_secs(500));
        assert_eq!(manners.left_alone("b.example"), None);
        let manners = Manners::new(Duration::from_secs(100));
        manners.take_turn("a.example");
        manners.leave_alone("a.example", Duration::from_secs(600));
        assert!(manners.next("a.example").is_none(), "who will not ask need not wait for a turn");
    }
}
