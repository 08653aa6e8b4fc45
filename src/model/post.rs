//! A post: a notice, as published.

use super::{CleanHtml, Image, Person, PostId, SourceId, Tag};
use chrono::{DateTime, FixedOffset, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

/// A post on the board.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Post {
    /// Its name, for ever.
    pub id: PostId,
    /// The source it is told by (of several, the one with the highest priority).
    pub source: SourceId,
    /// What it says.
    pub facts: PostFacts,
    /// When Noticeboard first saw it.
    pub first_seen: DateTime<Utc>,
    /// What Atom's `updated` says: the author's own, else the day we saw its text change, else `published`, else `first_seen`.
    pub updated: DateTime<FixedOffset>,
}

/// What one document says in one post.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PostFacts {
    /// One clean line.
    pub title: String,
    /// A short description, plain text of one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// The text.
    #[serde(default, skip_serializing_if = "CleanHtml::is_empty")]
    pub html: CleanHtml,
    /// Its canonical address, absolute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<Url>,
    /// When it was published, with the author's offset. Never an event's date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<DateTime<FixedOffset>>,
    /// When its author last changed it, if told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author_updated: Option<DateTime<FixedOffset>>,
    /// Who wrote it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<Person>,
    /// Normalised through the config's aliases; sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
    /// Pictures in and beside the text, absolute addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<Image>,
    /// BCP 47 language, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

impl Post {
    /// The moment that orders posts, newest first: `published`, else first seen.
    pub fn order_moment(&self) -> DateTime<Utc> {
        self.facts.published.map_or(self.first_seen, |p| p.with_timezone(&Utc))
    }
}
