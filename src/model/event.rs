//! An event: what happens.

use super::{CleanHtml, EventId, Evidence, Image, Person, Place, PostId, Recurrence, SourceId, Tag, Verdict, When};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use url::Url;

/// An event on the board.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Its name, for ever. iCalendar UID, Atom and JSON Feed ids are made of it.
    pub id: EventId,
    /// What is told about it.
    pub facts: Facts,
    /// The posts that announce it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub announced_in: Vec<PostId>,
    /// The posts that look back on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recapped_in: Vec<PostId>,
    /// The sources that tell of it, strongest first.
    pub sources: Vec<SourceId>,
    /// First seen, last changed, SEQUENCE.
    pub revision: Revision,
    /// True while its source no longer has it although it is upcoming.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub vanished: bool,
}

/// What is told about an event, by one source or, after merging, by all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// One clean line.
    pub title: String,
    /// A short description, plain text of one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// The description.
    #[serde(default, skip_serializing_if = "CleanHtml::is_empty")]
    pub html: CleanHtml,
    /// When.
    pub when: When,
    /// How it repeats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recurrence: Option<Recurrence>,
    /// Where.
    #[serde(default, skip_serializing_if = "Place::is_empty")]
    pub place: Place,
    /// Whether it takes place.
    #[serde(default)]
    pub status: EventStatus,
    /// Dates of their own kind, never the event's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deadlines: Vec<Deadline>,
    /// The programme.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sessions: Vec<Session>,
    /// Who holds it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub organizers: Vec<Person>,
    /// Normalised through the config's aliases; sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
    /// Page, registration, video.
    #[serde(default)]
    pub links: EventLinks,
    /// Pictures, absolute addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<Image>,
    /// BCP 47 language of title and text, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Where each field (`title`, `when`, `place`, …) comes from.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub provenance: BTreeMap<String, Provenance>,
}

/// Where one field comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// The source.
    pub source: SourceId,
    /// The document inside it.
    pub document: String,
    /// The words and the rule.
    pub evidence: Evidence,
}

/// Addresses that belong to an event.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct EventLinks {
    /// The page about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<Url>,
    /// Where to register.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration: Option<Url>,
    /// A recording.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub video: Option<Url>,
    /// A map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub map: Option<Url>,
}

/// Whether an event takes place.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EventStatus {
    /// As announced.
    #[default]
    Scheduled,
    /// Not yet certain.
    Tentative,
    /// It does not take place.
    Cancelled,
    /// Put off, new date unknown.
    Postponed,
    /// Takes place at another time than was announced before.
    Moved {
        /// The earlier first day.
        from: NaiveDate,
    },
}

/// A date of its own kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// Of what.
    pub kind: DeadlineKind,
    /// The last day or moment.
    pub at: When,
}

/// The kinds of deadlines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeadlineKind {
    /// To register.
    Registration,
    /// To propose a talk or paper.
    CallForPapers,
    /// Any other.
    Other,
}

/// An item of the programme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// What.
    pub title: String,
    /// When.
    pub when: When,
    /// By whom, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speaker: Option<String>,
    /// In which room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<String>,
}

/// First seen, last changed, and how often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// When Noticeboard first saw it.
    pub first_seen: DateTime<Utc>,
    /// LAST-MODIFIED, DTSTAMP and `updated`.
    pub last_changed: DateTime<Utc>,
    /// SEQUENCE (RFC 5545 §3.8.7.4); never falls.
    pub sequence: u32,
    /// How the notice stands to the event, for the record: an event first met in a recap is not announced anew.
    pub verdict: Verdict,
}

impl Event {
    /// The iCalendar UID: the id, as RFC 7986 §5.3 recommends.
    pub fn uid(&self) -> &str {
        self.id.as_str()
    }
}
