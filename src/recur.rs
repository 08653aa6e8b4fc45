//! Occurrences of a recurrence in a window (RFC 5545 §3.8.5).

use crate::model::{Recurrence, When};
use chrono::NaiveDate;

/// One date of a recurring event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// When.
    pub when: When,
    /// Its own title, if it differs from the series'.
    pub title: Option<String>,
    /// Its own place line, if it differs.
    pub place: Option<String>,
    /// True if this one is cancelled.
    pub cancelled: bool,
}

/// The occurrences that touch the days `from..=to` on the event's own clock, in order, at most `limit`. Work is bounded whatever the rule says.
pub fn occurrences(
    when: &When,
    recurrence: &Recurrence,
    from: NaiveDate,
    to: NaiveDate,
    limit: usize,
) -> Vec<Occurrence> {
    let _ = (when, recurrence, from, to, limit);
    unimplemented!()
}

/// The rule in canonical spelling if it is sound for an event that begins like `when` (RFC 5545 §3.3.10), else what is wrong with it.
/// An UNTIL is turned to the kind that DTSTART asks for; absurd rules (FREQ=SECONDLY, INTERVAL=0) are refused.
pub fn checked_rule(rule: &str, when: &When) -> Result<String, String> {
    let _ = (rule, when);
    unimplemented!()
}

/// The last day on which an occurrence may touch, `None` if it goes on for ever (or beyond what is worth expanding).
pub fn last_day(when: &When, recurrence: &Recurrence) -> Option<NaiveDate> {
    let _ = (when, recurrence);
    unimplemented!()
}
