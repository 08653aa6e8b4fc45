//! When an event happens, and how it repeats.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc, Weekday};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The IANA name of a time zone, checked by [`crate::zone`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ZoneId(String);

impl ZoneId {
    /// Takes a name that [`crate::zone`] has found in its data.
    pub(crate) fn checked(name: &str) -> Self {
        Self(name.to_owned())
    }

    /// The IANA name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ZoneId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// When an event happens. Days are inclusive here; DTEND's exclusive end (RFC 5545 §3.6.1) is the publisher's business.
///
/// An end that is not known is not invented.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum When {
    /// Whole days, no clock, no zone (§3.3.4).
    AllDay {
        /// First day.
        first: NaiveDate,
        /// Last day, at least `first`.
        last: NaiveDate,
    },
    /// Wall-clock time in a named zone (§3.3.5, form 3).
    Zoned {
        /// Start on the zone's clock.
        start: NaiveDateTime,
        /// End on the same clock, after `start`.
        end: Option<NaiveDateTime>,
        /// The zone.
        zone: ZoneId,
    },
    /// A moment (§3.3.5, form 2).
    Instant {
        /// Start.
        start: DateTime<Utc>,
        /// End, after `start`.
        end: Option<DateTime<Utc>>,
    },
}

impl When {
    /// One whole day.
    pub fn day(day: NaiveDate) -> Self {
        When::AllDay { first: day, last: day }
    }

    /// The first day on the event's own clock (UTC for an instant).
    pub fn first_day(&self) -> NaiveDate {
        match self {
            When::AllDay { first, .. } => *first,
            When::Zoned { start, .. } => start.date(),
            When::Instant { start, .. } => start.date_naive(),
        }
    }

    /// The last day, inclusive, on the event's own clock. An end at midnight belongs to the day before.
    pub fn last_day(&self) -> NaiveDate {
        let inclusive = |start: NaiveDateTime, end: Option<NaiveDateTime>| match end {
            Some(end) if end > start => (end - chrono::TimeDelta::seconds(1)).date(),
            _ => start.date(),
        };
        match self {
            When::AllDay { last, .. } => *last,
            When::Zoned { start, end, .. } => inclusive(*start, *end),
            When::Instant { start, end } => inclusive(start.naive_utc(), end.map(|e| e.naive_utc())),
        }
    }

    /// True for whole days.
    pub fn is_all_day(&self) -> bool {
        matches!(self, When::AllDay { .. })
    }
}

/// How an event repeats (RFC 5545 §3.8.5).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Recurrence {
    /// RRULE values, without the name (`FREQ=WEEKLY;BYDAY=WE`), usually one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
    /// RDATE: further occurrences, of the event's own kind of time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dates: Vec<Moment>,
    /// EXDATE: occurrences that do not take place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<Moment>,
    /// Occurrences that differ from the rest (RECURRENCE-ID).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<Override>,
}

/// A point that names an occurrence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Moment {
    /// A day, for whole-day events.
    Day(NaiveDate),
    /// A time on the event's own clock.
    Local(NaiveDateTime),
    /// A moment.
    At(DateTime<Utc>),
}

/// A weekday as a BYDAY spells it (RFC 5545 §3.3.10).
pub fn weekday_code(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "MO",
        Weekday::Tue => "TU",
        Weekday::Wed => "WE",
        Weekday::Thu => "TH",
        Weekday::Fri => "FR",
        Weekday::Sat => "SA",
        Weekday::Sun => "SU",
    }
}

/// One occurrence that differs from its series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// Which occurrence (RECURRENCE-ID, §3.8.4.4), on the series' clock.
    pub of: Moment,
    /// When it takes place instead.
    pub when: When,
    /// Its own title, if it differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its own place line, if it differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// True if only this occurrence is cancelled.
    #[serde(default)]
    pub cancelled: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_at_midnight_belongs_to_the_day_before() {
        let day = |d| NaiveDate::from_ymd_opt(2025, 3, d).unwrap();
        let start = day(14).and_hms_opt(18, 0, 0).unwrap();
        let end = day(15).and_hms_opt(0, 0, 0);
        let when = When::Zoned { start, end, zone: ZoneId::checked("Europe/Helsinki") };
        assert_eq!(when.last_day(), day(14));
    }
}
