//! A reading: what one document says, kept in the store so that the document need not be read again.

use super::{Facts, Offer, Pace, PostFacts, Problem, SiteConfig, SourceId, Verdict};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

/// Names a document for good.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DocumentKey {
    /// The source.
    pub source: SourceId,
    /// The document's key inside it.
    pub key: String,
}

/// A name of an entry inside its source. Every key is an alias of its event and its post.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Key {
    /// iCalendar UID (RFC 5545 §3.8.4.7).
    Uid(String),
    /// RSS guid or Atom id.
    Guid(String),
    /// Canonical address of the entry.
    Url(String),
    /// Path of the file below the repository or directory.
    Path(String),
    /// A part of a document that tells of several events: its own link, else its heading, else title and days.
    Part(String),
}

impl Key {
    /// A text in which no two keys look alike: `uid:…`.
    pub fn text(&self) -> String {
        match self {
            Key::Uid(v) => ["uid:", v].concat(),
            Key::Guid(v) => ["guid:", v].concat(),
            Key::Url(v) => ["url:", v].concat(),
            Key::Path(v) => ["path:", v].concat(),
            Key::Part(v) => ["part:", v].concat(),
        }
    }

    /// A canonical address as a key: no fragment, no trailing slash, no default port, scheme-blind.
    pub fn url(url: &Url) -> Self {
        let mut text = String::new();
        text.push_str(url.host_str().unwrap_or(""));
        if let Some(port) = url.port() {
            text.push_str(&format!(":{port}"));
        }
        text.push_str(url.path().trim_end_matches('/'));
        if let Some(query) = url.query() {
            text.push('?');
            text.push_str(query);
        }
        Key::Url(text)
    }
}

/// What one document says. Made by [`crate::compose::digest`], without clock, store or neighbour.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Reading {
    /// The posts, with their keys, strongest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub posts: Vec<(Vec<Key>, PostFacts)>,
    /// What it says of events.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sightings: Vec<Sighting>,
    /// Events it tells of that we are not sure enough of, for the review list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unsure: Vec<Sighting>,
    /// Why nothing of it is published, if nothing is: `draft`, `section page`, `no front matter`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skipped: Option<String>,
    /// The names of each entry that must not be published: a draft, a private one, one that the source's filters leave out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hidden: Vec<Vec<Key>>,
    /// What was left out or contradicts itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
    /// The document is a window on a longer list: what falls out of it has not vanished.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub window: bool,
    /// Of a window: how many entries the document itself tells of, without those that are remembered from before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<usize>,
    /// The document is a feed or calendar: if a page stands in its place one day, that is an accident.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub data: bool,
    /// The page's canonical address, by which others of the source may link to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Url>,
    /// Relative links that could be meant from the page or from the site's root; which one depends on what else the source has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<LinkChoice>,
    /// What the document tells of the addresses of its source's posts, if it is the configuration of their site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<SiteConfig>,
    /// How often the feed says that it is worth asking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pace: Option<Pace>,
    /// What the page offers to read in its stead, where it is followed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<Offer>,
    /// Newer documents of that name said nothing or gave other dates, and are not believed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspicion: Option<Suspicion>,
    /// Entries that were known again though all their names had changed; only until that is told.
    #[serde(skip)]
    pub renamed: Vec<Renamed>,
    /// Not shown before this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<DateTime<Utc>>,
    /// Not shown from this moment on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_after: Option<DateTime<Utc>>,
}

impl Reading {
    /// All that it says of events, sure or not, in the order in which they are numbered.
    pub fn all_sightings(&self) -> impl Iterator<Item = &Sighting> {
        self.sightings.iter().chain(&self.unsure)
    }

    /// Everything but the posts and sightings, which are kept one by one.
    pub fn frame(&self) -> Self {
        Self {
            posts: Vec::new(),
            sightings: Vec::new(),
            unsure: Vec::new(),
            skipped: self.skipped.clone(),
            hidden: self.hidden.clone(),
            problems: self.problems.clone(),
            window: self.window,
            told: self.told,
            data: self.data,
            address: self.address.clone(),
            links: self.links.clone(),
            site: self.site.clone(),
            pace: self.pace.clone(),
            offer: self.offer.clone(),
            suspicion: self.suspicion,
            renamed: Vec::new(),
            not_before: self.not_before,
            not_after: self.not_after,
        }
    }
}

/// A document that suddenly says nothing, or gives most of its events other dates, is not believed at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspicion {
    /// Since when it says so.
    pub since: DateTime<Utc>,
    /// How many good answers in a row said so.
    pub answers: u32,
    /// By now it is believed: the reading is that of the document that says nothing.
    pub believed: bool,
    /// 0 for nothing, else a number made of the new dates: what says something else in each answer is never believed.
    #[serde(default)]
    pub says: u64,
}

/// An entry that has got other names, and is taken for the one of before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamed {
    /// Its title.
    pub title: String,
    /// Its first name before.
    pub was: String,
    /// Its first name now.
    pub is: String,
}

/// A relative link with its two meanings. The HTML holds `from_page`; settling replaces it where only `from_root` is a document of the source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LinkChoice {
    /// Resolved from the page's own address.
    pub from_page: Url,
    /// Resolved from the source's site root.
    pub from_root: Url,
}

/// What one document says of one event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sighting {
    /// Its names inside the source, strongest first. Never empty.
    pub keys: Vec<Key>,
    /// What is said.
    pub facts: Facts,
    /// Its first day on the board's clock, where that may be another than on its own: of a moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub board_day: Option<NaiveDate>,
    /// Nothing told the zone of its hours: they were put on the site's clock for want of a better one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub zone_guessed: bool,
    /// How it is told.
    pub role: SightingRole,
    /// How sure, 0 to 1; structured data says 1.
    pub confidence: f32,
    /// Not sure enough to be published, unless it is approved.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unsure: bool,
    /// Which post of the same reading tells it, if one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<usize>,
    /// Canonical addresses (as [`Key::Url`] texts) of pages that its text links to: a recap links its event.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<String>,
    /// The source's own revision, if it has one.
    #[serde(default)]
    pub revision: SourceRevision,
    /// In how many runs in a row the source answered well without it; 0: it is there.
    #[serde(default)]
    pub missing: u32,
}

/// How a document tells of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SightingRole {
    /// A calendar entry or the event's own page.
    Calendar,
    /// A post that announces it.
    Announcement,
    /// A post that looks back on it.
    Recap,
}

impl From<Verdict> for SightingRole {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Announcement | Verdict::Listed => SightingRole::Announcement,
            Verdict::Recap => SightingRole::Recap,
        }
    }
}

/// SEQUENCE and LAST-MODIFIED as the source gives them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SourceRevision {
    /// SEQUENCE.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequence: Option<u32>,
    /// LAST-MODIFIED, or when the notice was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<DateTime<Utc>>,
}
