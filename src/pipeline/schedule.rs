//! When a source is asked again.
//!
//! In: what is known of a source's answers, and what its server and its feed say. Out: the moment from which it is due. A source that
//! changes often is asked in every run, one that rests less and less often; one that fails is left alone longer each time. What others
//! ask for is respected within bounds, so that one wrong header hides no event.

use super::RunError;
use super::gather::Gather;
use crate::fetch::Told;
use crate::model::{Pace, SourceId};
use crate::store::SourceState;
use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc};
use std::hash::{DefaultHasher, Hash, Hasher};

/// No answer is taken for new longer than this, whatever its server or feed says.
const LONGEST_FRESH: TimeDelta = TimeDelta::hours(12);
/// A source that hasn't changed for long is still asked so often.
const LONGEST_REST: TimeDelta = TimeDelta::hours(6);
/// A source rests for this part of the time since it last changed.
const REST: i32 = 10;
/// The first pause after a failure; each further one doubles it.
const FIRST_PAUSE: TimeDelta = TimeDelta::minutes(10);
/// A source that has failed for long is still asked once a day.
const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(24);
/// A server may ask to be left alone for so long.
const LONGEST_WAIT: TimeDelta = TimeDelta::days(7);
/// Runs begin a little earlier or later than they should: a source that is due so soon is due.
pub(super) const SLACK: TimeDelta = TimeDelta::minutes(1);

impl Gather<'_> {
    /// What is known of a source at the address that it has in the settings; nothing of another it had before.
    pub(super) fn state(&self, id: &SourceId) -> Result<SourceState, RunError> {
        let state = self.store.source(id)?;
        let address = self.sources.get(id).map(|source| source.origin.subject());
        if state.address == address {
            return Ok(state);
        }
        let SourceState { etag, last_modified, last_tried, last_good, failing_since, .. } = state;
        Ok(SourceState { etag, last_modified, last_tried, last_good, failing_since, address, ..SourceState::default() })
    }

    /// True where the source is asked in this run.
    pub(super) fn is_due(&self, state: &SourceState) -> bool {
        let now = self.options.now;
        match self.options.all || self.options.only.is_some() {
            true => !must_wait(state, now),
            false => !state.retired && is_due(state, now),
        }
    }

    /// What is known of a source that has answered well.
    pub(super) fn after_answer(&mut self, id: &SourceId, told: &Told) -> Result<SourceState, RunError> {
        let now = self.options.now;
        let mut state = self.state(id)?;
        if self.fetched.contains_key(id) {
            state.last_changed = Some(now);
            state.pace = self.paces.remove(id);
        }
        // A portal or a page about maintenance, too, may be where a redirect leads.
        let is_read = !self.unread.contains(id);
        state.moved_to = told.moved_to.clone().or(state.moved_to).filter(|_| is_read);
        (state.last_tried, state.last_good) = (Some(now), Some(now));
        (state.failing_since, state.failures, state.retired) = (None, 0, false);
        // Of several documents some may have been refused.
        state.wait_until = wait_until(told, now);
        // What is held must be sent again, and what could not be read may soon be mended.
        let may_rest = is_read && !self.held.contains(id);
        state.next_due = may_rest.then(|| after_answer(&state, told, now));
        Ok(state)
    }

    /// What is known of a source that has failed. If it was asked where it has moved to, it is asked at its own address again.
    pub(super) fn after_failure(&self, id: &SourceId, state: SourceState, told: &Told) -> SourceState {
        let now = self.options.now;
        let failures = state.failures.saturating_add(1);
        let wait_until = wait_until(told, now);
        SourceState {
            last_tried: Some(now),
            // A clock that went wrong may have told a moment that is yet to come.
            failing_since: state.failing_since.filter(|since| *since <= now).or(Some(now)),
            failures,
            next_due: wait_until.max(Some(after_failure(id.as_str(), failures, now))),
            wait_until,
            moved_to: None,
            retired: told.gone,
            ..state
        }
    }
}

/// True where the source is due. A clock that was set back keeps nobody waiting.
pub(super) fn is_due(state: &SourceState, now: DateTime<Utc>) -> bool {
    let was_set_back = state.last_tried.is_some_and(|tried| now < tried);
    was_set_back || state.next_due.is_none_or(|due| due <= now + SLACK) && !must_wait(state, now)
}

/// True where its server has asked to be left alone for now: then it is, whoever asks.
pub(super) fn must_wait(state: &SourceState, now: DateTime<Utc>) -> bool {
    let is_sound = state.last_tried.is_none_or(|tried| tried <= now);
    is_sound && state.wait_until.is_some_and(|until| now < until)
}

/// When a source that answered well is asked next.
pub(super) fn after_answer(state: &SourceState, told: &Told, now: DateTime<Utc>) -> DateTime<Utc> {
    let fresh = told.fresh_for.and_then(|fresh| TimeDelta::from_std(fresh).ok());
    let pace = state.pace.as_ref();
    let minutes = pace.and_then(|pace| pace.minutes).map(|minutes| TimeDelta::minutes(minutes.into()));
    let asked_for = fresh.into_iter().chain(minutes).max().unwrap_or_default().min(LONGEST_FRESH);
    let since = state.last_changed.map(|at| now.signed_duration_since(at)).unwrap_or_default();
    let rest = (since.max(TimeDelta::zero()) / REST).min(LONGEST_REST);
    let due = now + asked_for.max(rest);
    pace.map_or(due, |pace| after_silence(due, pace))
}

/// The moment, or the next hour at which the feed may say something.
fn after_silence(due: DateTime<Utc>, pace: &Pace) -> DateTime<Utc> {
    let is_silent = |at: &DateTime<Utc>| {
        let is_in = |list: &[u8], number: u32| list.iter().any(|known| u32::from(*known) == number);
        is_in(&pace.skip_hours, at.hour()) || is_in(&pace.skip_days, at.weekday().num_days_from_monday())
    };
    let full_hour = due.with_minute(0).and_then(|at| at.with_second(0)).unwrap_or(due);
    let hours = (1..=LONGEST_FRESH.num_hours()).map(|hour| full_hour + TimeDelta::hours(hour));
    // A feed that is silent for longer is asked all the same.
    std::iter::once(due).chain(hours).find(|at| !is_silent(at)).unwrap_or(due)
}

/// When a source that has now failed so many times in a row is asked next. Sources that fail together come back one by one.
pub(super) fn after_failure(source: &str, failures: u32, now: DateTime<Utc>) -> DateTime<Utc> {
    let doubled = FIRST_PAUSE * (1 << failures.saturating_sub(1).min(10));
    let pause = doubled.min(LONGEST_PAUSE);
    let mut hash = DefaultHasher::new();
    (source, failures).hash(&mut hash);
    let percent = i32::try_from(hash.finish() % 21).unwrap_or(0);
    now + pause - pause / 100 * percent
}

/// Until when a server wants to be left alone.
pub(super) fn wait_until(told: &Told, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let wait = told.retry_after.map(|wait| TimeDelta::from_std(wait).unwrap_or(LONGEST_WAIT))?;
    Some(now + wait.min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn minutes_after_answer(state: &SourceState, fresh: Option<u64>, now: &str) -> i64 {
        let told = Told { fresh_for: fresh.map(Duration::from_secs), ..Told::default() };
        (after_answer(state, &told, at(now)) - at(now)).num_minutes()
    }

    #[test]
    fn a_source_rests_longer_the_longer_nothing_changes() {
        let changed = |text: &str| SourceState { last_changed: Some(at(text)), ..SourceState::default() };
        let now = "2026-11-28T12:00:00Z";
        for (last, expected) in [
            ("2026-11-28T12:00:00Z", 0),
            ("2026-11-28T10:00:00Z", 12),
            ("2026-11-27T12:00:00Z", 144),
            ("2025-11-28T12:00:00Z", 360),
            ("2027-01-01T00:00:00Z", 0),
        ] {
            assert_eq!(minutes_after_answer(&changed(last), None, now), expected, "{last}");
        }
    }

    #[test]
    fn what_server_and_feed_ask_for_is_respected_within_bounds() {
        let now = "2026-11-28T12:30:00Z";
        let paced = |pace: Pace| SourceState { pace: Some(pace), ..SourceState::default() };
        assert_eq!(minutes_after_answer(&SourceState::default(), Some(3600), now), 60);
        assert_eq!(minutes_after_answer(&SourceState::default(), Some(u64::MAX / 2), now), 0, "no length of time");
        assert_eq!(minutes_after_answer(&SourceState::default(), Some(31_536_000), now), 12 * 60);
        let hourly = paced(Pace { minutes: Some(60), ..Pace::default() });
        assert_eq!(minutes_after_answer(&hourly, Some(1800), now), 60);
        let nights = paced(Pace { skip_hours: vec![12, 13, 14], ..Pace::default() });
        assert_eq!(minutes_after_answer(&nights, None, now), 150);
        let saturdays = paced(Pace { skip_days: vec![5], ..Pace::default() });
        assert_eq!(minutes_after_answer(&saturdays, None, now), 690);
        let always = paced(Pace { skip_hours: (0..24).collect(), ..Pace::default() });
        assert_eq!(minutes_after_answer(&always, None, now), 0);
    }

    #[test]
    fn each_failure_doubles_the_pause_up_to_a_day() {
        let now = at("2026-11-28T12:00:00Z");
        for (failures, most) in [(1, 10), (2, 20), (5, 160), (9, 1440), (u32::MAX, 1440)] {
            let pause = (after_failure("blog", failures, now) - now).num_minutes();
            assert!((most * 8 / 10..=most).contains(&pause), "{failures}: {pause}");
        }
        let pauses: std::collections::BTreeSet<_> =
            (0..40).map(|n| after_failure(&format!("blog-{n}"), 5, now)).collect();
        assert!(pauses.len() > 10, "they come back one by one");
    }

    #[test]
    fn a_clock_that_was_set_back_keeps_nobody_waiting() {
        let state = SourceState {
            last_tried: Some(at("2036-01-01T00:00:00Z")),
            next_due: Some(at("2036-01-01T06:00:00Z")),
            wait_until: Some(at("2036-01-01T06:00:00Z")),
            ..SourceState::default()
        };
        assert!(is_due(&state, at("2026-11-28T12:00:00Z")));
        assert!(!is_due(&state, at("2036-01-01T01:00:00Z")));
        assert!(must_wait(&state, at("2036-01-01T01:00:00Z")));
    }
}
