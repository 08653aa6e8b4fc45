//! An entry: one post, feed item or calendar event, in its author's words.

use super::{EventStatus, Key, Recurrence};
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Utc};

/// What `read` makes of one post, item or VEVENT. Nothing in it is trusted, cleaned or resolved yet.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// Its names, strongest first: UID, guid, own address, path.
    pub keys: Vec<Key>,
    /// What the format says it is.
    pub kind: EntryKind,
    /// Line of the document where it begins, from 1; 0 where lines mean nothing.
    pub line: u32,
    /// The title as plain text (entities and markup already resolved).
    pub title: String,
    /// A short description as plain text.
    pub summary: Option<String>,
    /// The text as HTML, not sanitised. Shortcodes, MDX components, `import` lines and comments are gone.
    pub html: String,
    /// Its address as written; may be relative.
    pub url: Option<String>,
    /// The front matter's `slug` where it is a bare word that takes the file name's place in the link rule. One that begins with `/` is a `url`.
    pub slug: Option<String>,
    /// The base for relative addresses where the format names one (`xml:base`, `<base>`, the feed's link).
    pub base: Option<String>,
    /// When the *notice* was published.
    pub published: Option<Stamp>,
    /// When the notice was last changed by its author.
    pub updated: Option<Stamp>,
    /// Who wrote it, in order.
    pub authors: Vec<Person>,
    /// Tags and categories as written.
    pub tags: Vec<String>,
    /// Pictures declared outside the text (front matter, enclosures). Those inside stay in `html`.
    pub images: Vec<Image>,
    /// Further addresses declared in structured fields (`registration`, `video`, …).
    pub links: Vec<Link>,
    /// BCP 47 language tag, where declared.
    pub language: Option<String>,
    /// When and where as declared in structured fields.
    pub declared: Declared,
    /// Why it must not be published (`draft`, `CLASS:PRIVATE`, …), where it must not.
    pub hidden: Option<String>,
    /// Not shown before this moment (Hugo's `publishDate`).
    pub not_before: Option<DateTime<Utc>>,
    /// Not shown from this moment on (Hugo's `expiryDate`).
    pub not_after: Option<DateTime<Utc>>,
}

/// What the format says an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EntryKind {
    /// A notice (blog post, feed item): whether it announces an event is for its fields and prose to say.
    #[default]
    Post,
    /// A page that lists or introduces others (`_index.md`): read for events, never a post.
    Section,
    /// An event by its format (VEVENT, schema.org Event): never a post.
    Event,
    /// The notes of a release of software: a post, and no event whatever days they name.
    Release,
}

impl EntryKind {
    /// True where the text may tell of events.
    pub fn is_prose(self) -> bool {
        matches!(self, EntryKind::Post | EntryKind::Section)
    }
}

/// A moment as feeds and front matter give it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stamp {
    /// Only the day was given.
    Day(NaiveDate),
    /// Day and time, no zone.
    Local(NaiveDateTime),
    /// Day, time and offset.
    At(DateTime<FixedOffset>),
}

/// Somebody named.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize)]
pub struct Person {
    /// The name as written.
    pub name: String,
    /// A page about them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Address; published only if configured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Image {
    /// Its address: as written in an [`Entry`], absolute in a [`Post`](super::Post) or [`Event`](super::Event).
    pub url: String,
    /// Text for those who don't see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alt: Option<String>,
    /// Its caption.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// An address with its purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it leads to: `registration`, `video`, `slides`, `online`, `map`.
    pub rel: String,
    /// The address as written.
    pub href: String,
}

/// When and where as structured fields declare it.
#[derive(Debug, Clone, Default)]
pub struct Declared {
    /// The start, with the name of the field that gave it.
    pub start: Option<DeclaredTime>,
    /// The end. Inclusive if a bare day (a reader of exclusive formats turns it).
    pub end: Option<DeclaredTime>,
    /// A zone named apart from the times, as written.
    pub zone: Option<String>,
    /// How it repeats.
    pub recurrence: Option<Recurrence>,
    /// Venue name or one-line place, as written.
    pub place: Option<String>,
    /// Lines of the address.
    pub address: Vec<String>,
    /// Latitude and longitude in degrees.
    pub coordinates: Option<(f64, f64)>,
    /// Scheduled, tentative, cancelled, where declared.
    pub status: Option<EventStatus>,
    /// Last moment to register, with its field.
    pub registration_deadline: Option<DeclaredTime>,
    /// Last moment to propose a talk or paper, with its field.
    pub papers_deadline: Option<DeclaredTime>,
    /// Organizers.
    pub organizers: Vec<Person>,
    /// The programme, in order of time.
    pub sessions: Vec<DeclaredSession>,
    /// The source's own SEQUENCE (RFC 5545 §3.8.7.4).
    pub sequence: Option<u32>,
    /// The source's own LAST-MODIFIED (§3.8.7.3).
    pub last_modified: Option<DateTime<Utc>>,
}

/// An item of a programme as structured fields give it.
#[derive(Debug, Clone, PartialEq)]
pub struct DeclaredSession {
    /// What, plain text.
    pub title: String,
    /// When it begins.
    pub start: DeclaredValue,
    /// When it ends, if that is said.
    pub end: Option<DeclaredValue>,
    /// By whom.
    pub speaker: Option<String>,
    /// In which room.
    pub room: Option<String>,
}

/// A time that a structured field gives.
#[derive(Debug, Clone, PartialEq)]
pub struct DeclaredTime {
    /// The field: `startDate`, `DTSTART`.
    pub field: String,
    /// Its value as written.
    pub raw: String,
    /// Line in the document, from 1; 0 if unknown.
    pub line: u32,
    /// What it means.
    pub value: DeclaredValue,
}

/// The value of a declared time.
#[derive(Debug, Clone, PartialEq)]
pub enum DeclaredValue {
    /// A bare day.
    Day(NaiveDate),
    /// Wall-clock time without a zone; the place's, source's or site's zone applies.
    Local(NaiveDateTime),
    /// Wall-clock time with a zone as written (IANA name, Windows name, abbreviation), resolved to IANA where `read` could.
    Zoned(NaiveDateTime, String),
    /// A moment.
    At(DateTime<FixedOffset>),
}

impl DeclaredValue {
    /// The day on its own clock.
    pub fn day(&self) -> NaiveDate {
        match self {
            DeclaredValue::Day(day) => *day,
            DeclaredValue::Local(time) | DeclaredValue::Zoned(time, _) => time.date(),
            DeclaredValue::At(at) => at.date_naive(),
        }
    }
}

impl Stamp {
    /// The day on its own clock.
    pub fn day(&self) -> NaiveDate {
        match self {
            Stamp::Day(day) => *day,
            Stamp::Local(time) => time.date(),
            Stamp::At(at) => at.date_naive(),
        }
    }
}
