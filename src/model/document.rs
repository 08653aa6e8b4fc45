//! A document: bytes, and where they came from.

use super::SourceId;
use chrono::{DateTime, Utc};
use url::Url;

/// Fetched bytes with their origin. Dropped as soon as its [`Reading`](super::Reading) is made.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The source that supplied it.
    pub source: SourceId,
    /// Its name inside the source, stable between runs: the path below the repository or directory (with `/`), or the configured URL.
    pub key: String,
    /// The address it was finally read from, after redirects; none for a file.
    pub url: Option<Url>,
    /// The media type told by the server, parameters included (`text/calendar; charset=utf-8`); none for a file.
    pub media_type: Option<String>,
    /// The content, undecoded.
    pub bytes: Vec<u8>,
    /// What the origin calls this version (blob id, file time and size, validators): equal means unchanged. May be empty.
    pub version: String,
    /// When this document was first seen; relative dates count from it where nothing says when it was published.
    /// Filled in by the pipeline from the store.
    pub first_seen: Option<DateTime<Utc>>,
}

/// What a document is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Markdown with front matter.
    Markdown,
    /// Markdown with JSX (MDX).
    Mdx,
    /// AsciiDoc.
    AsciiDoc,
    /// reStructuredText.
    Rst,
    /// Org, as Emacs writes it.
    Org,
    /// A list of events as data: JSON, YAML, TOML or CSV.
    Records,
    /// The programme of a conference: Pentabarf's and frab's XML, or the same as JSON.
    Schedule,
    /// Atom 1.0 (RFC 4287).
    Atom,
    /// RSS 2.0 and its predecessors.
    Rss,
    /// JSON Feed 1.0 and 1.1.
    JsonFeed,
    /// iCalendar (RFC 5545), also in JSON or XML, and JSCalendar.
    ICalendar,
    /// A web page.
    Html,
}

impl Format {
    /// True for the formats that authors write posts in.
    pub fn is_post(self) -> bool {
        matches!(self, Format::Markdown | Format::Mdx | Format::AsciiDoc | Format::Rst | Format::Org)
    }

    /// True where a document is a window on a longer list, so that an entry that is no longer in it has not vanished.
    pub fn is_window(self) -> bool {
        matches!(self, Format::Atom | Format::Rss | Format::JsonFeed)
    }
}
