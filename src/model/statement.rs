//! What some words say about when and where: which words, which rule, how sure.

use super::{Attendance, DeadlineKind};
use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

/// What `extract` makes of one entry's title and text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Extraction {
    /// The events it tells of, in the order of the text; empty for a post that announces nothing.
    pub found: Vec<Found>,
}

/// One event that a text tells of.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// What the text does with it.
    pub verdict: Verdict,
    /// How sure we are that this is an event with these days, 0 to 1. Below the publishing threshold it goes to review.
    pub confidence: f32,
    /// Its own title where a text tells of several; none: the entry's title is the event's.
    pub title: Option<String>,
    /// Its own address as written, where a text tells of several.
    pub link: Option<String>,
    /// The heading it stands under, where a text tells of several.
    pub heading: Option<String>,
    /// What the words say, strongest first within each kind.
    pub statements: Vec<Statement>,
}

/// What a text does with an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Tells of it beforehand, or is its page.
    #[default]
    Announcement,
    /// Looks back on it.
    Recap,
    /// One item in a list of several.
    Listed,
}

/// One fact that some words state.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// The fact.
    pub about: About,
    /// The words and the rule.
    pub evidence: Evidence,
}

/// The kinds of facts.
#[derive(Debug, Clone, PartialEq)]
pub enum About {
    /// It takes place then.
    When(TimeSpan),
    /// It repeats by this RRULE value (RFC 5545 §3.3.10), at the times of the span; the span's `first` may be absent.
    Repeats {
        /// `FREQ=WEEKLY;BYDAY=WE`.
        rule: String,
        /// Hours and zone.
        from: Option<NaiveTime>,
        /// End of each occurrence.
        to: Option<NaiveTime>,
        /// Zone word as written (`CET`, `Europe/Berlin`).
        zone: Option<String>,
        /// The first day, where the text names one.
        first: Option<NaiveDate>,
        /// Days on which it does not take place.
        except: Vec<NaiveDate>,
    },
    /// It takes place there.
    Place {
        /// Venue or town, as written and cleaned.
        name: Option<String>,
        /// Postal address in one line.
        address: Option<String>,
        /// Room inside the venue.
        room: Option<String>,
    },
    /// It can be joined online there.
    Online {
        /// Address as written; none where only the venue (`Discord`) is named.
        href: Option<String>,
        /// What the words call it.
        name: String,
    },
    /// How one may attend.
    Attendance(Attendance),
    /// A date of its own kind, never the event's.
    Deadline {
        /// Of what.
        kind: DeadlineKind,
        /// The last day or moment.
        at: TimeSpan,
    },
    /// An item of its programme.
    Session {
        /// What.
        title: String,
        /// When.
        at: TimeSpan,
        /// By whom, as written.
        speaker: Option<String>,
    },
    /// It will not take place, was moved, …
    Status(super::EventStatus),
}

/// Days and hours as the words give them. What is not said stays `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeSpan {
    /// First (or only) day.
    pub first: NaiveDate,
    /// Last day, inclusive, if said.
    pub last: Option<NaiveDate>,
    /// Clock time on the first day, if said.
    pub from: Option<NaiveTime>,
    /// Clock time of the end: on the last day if there is one, else on the first (or past midnight, if earlier than `from`).
    pub to: Option<NaiveTime>,
    /// Zone word as written: `CEST`, `UTC+2`, `Europe/Berlin`.
    pub zone: Option<String>,
}

impl TimeSpan {
    /// A bare day.
    pub fn day(first: NaiveDate) -> Self {
        Self { first, last: None, from: None, to: None, zone: None }
    }

    /// The last day, inclusive.
    pub fn last_day(&self) -> NaiveDate {
        self.last.unwrap_or(self.first)
    }
}

/// Where a fact comes from: kept with every field of an event, shown by `explain`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Evidence {
    /// The words, as they stand in the text (white space collapsed); or the structured field's value.
    pub quote: String,
    /// The rule or field that read them: `between-ordinals-of-month`, `front matter startDate`, `DTSTART`.
    pub rule: String,
    /// How sure, 0 to 1.
    pub confidence: f32,
}

/// What an expression of time is to the text's event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Its days.
    Event,
    /// A day or item of its programme.
    Session,
    /// A last day for something.
    Deadline(super::DeadlineKind),
    /// When one may come in.
    Doors,
    /// When the notice was written.
    Publication,
    /// When a version was released.
    Release,
    /// Any other past.
    History,
    /// Days of an earlier edition.
    PastEdition,
    /// Days of a later edition.
    NextEdition,
    /// Hours that stand alone.
    Hours,
    /// It repeats so.
    Repetition,
}

/// Words of a text that say something about when, and what they were taken for.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    /// The words, white space collapsed.
    pub quote: String,
    /// What they mean: `2026-05-03..2026-05-05`, `2026-05-14 19:00-21:00 CEST`, `RRULE FREQ=WEEKLY;BYDAY=WE 13:00`, `19:00`;
    /// several days that are no range are parted by commas.
    pub reading: String,
    /// What they were taken for.
    pub role: Role,
    /// How sure of that, 0 to 1.
    pub score: f32,
}
