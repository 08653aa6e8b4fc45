//! Days on one clock: a moment in UTC may be another day where people meet.

use crate::model::*;
use chrono::{DateTime, NaiveDate, Utc};

/// First and last day of two events on a clock that both can be read on: the zone that one of them names, else the site's.
pub(super) fn on_one_clock(a: &When, b: &When, site: &ZoneId) -> [(NaiveDate, NaiveDate); 2] {
    let zone = |when: &When| match when {
        When::Zoned { zone, .. } => Some(zone.clone()),
        _ => None,
    };
    let clock = zone(a).or_else(|| zone(b)).unwrap_or_else(|| site.clone());
    [days(a, &clock), days(b, &clock)]
}

/// True where the two share a day.
pub(super) fn overlap(a: &When, b: &When, site: &ZoneId) -> bool {
    let [a, b] = on_one_clock(a, b, site);
    a.0 <= b.1 && b.0 <= a.1
}

/// True where the second lies inside the days of the first.
pub(super) fn contain(a: &When, b: &When, site: &ZoneId) -> bool {
    let [a, b] = on_one_clock(a, b, site);
    a.0 <= b.0 && b.1 <= a.1
}

fn days(when: &When, clock: &ZoneId) -> (NaiveDate, NaiveDate) {
    let local = match when {
        When::Instant { start, end } => When::Zoned {
            start: crate::zone::to_local(*start, clock),
            end: end.map(|end| crate::zone::to_local(end, clock)),
            zone: clock.clone(),
        },
        other => other.clone(),
    };
    (local.first_day(), local.last_day())
}

/// The last day, or the moment of the end where one is known.
pub(super) fn end_of(when: &When) -> (Option<NaiveDate>, Option<DateTime<Utc>>) {
    match when {
        When::AllDay { last, .. } => (Some(*last), None),
        When::Zoned { end, zone, .. } => (None, end.map(|end| crate::zone::to_utc(end, zone))),
        When::Instant { end, .. } => (None, *end),
    }
}

/// `2025-03-14`, or `2025-03-14 to 2025-03-16`.
pub(super) fn in_words((first, last): (NaiveDate, NaiveDate)) -> String {
    if first == last { first.to_string() } else { format!("{first} to {last}") }
}
