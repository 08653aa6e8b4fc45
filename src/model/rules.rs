//! What deciding needs to know of the configuration, already checked.

use super::{Follow, Overrides, SiteConfig, SourceId, Tag, ZoneId};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

/// The configuration as far as it decides what is read out of a document and how events are joined.
#[derive(Debug, Clone, Serialize)]
pub struct Rules {
    /// The board itself.
    pub site: Site,
    /// By source.
    pub sources: BTreeMap<SourceId, SourceRules>,
    /// Spelling (as [`Tag`]) → the tag to use.
    pub tag_aliases: BTreeMap<Tag, Tag>,
    /// Spelling of a place, as [`Rules::spelling`] → the place to use.
    pub places: BTreeMap<String, String>,
    /// What the maintainer has decided by hand.
    pub overrides: Overrides,
    /// Below this confidence an event goes to review, not into the calendar.
    pub publish_confidence: f32,
    /// After this many good answers without it, a vanished upcoming event is cancelled.
    pub vanish_after_runs: u32,
    /// Whether e-mail addresses of people are published.
    pub publish_emails: bool,
}

impl Rules {
    /// The confidence from which on an event is published where the config says nothing.
    pub const PUBLISH_CONFIDENCE: f64 = 0.5;
    /// After how many good answers without it a vanished event is cancelled where the config says nothing.
    pub const VANISH_AFTER_RUNS: u32 = 3;

    /// What a config without any choice of its own says, and no source yet.
    pub fn plain(site: Site) -> Self {
        Self {
            site,
            sources: BTreeMap::new(),
            tag_aliases: BTreeMap::new(),
            places: BTreeMap::new(),
            overrides: Overrides::default(),
            publish_confidence: Self::PUBLISH_CONFIDENCE as f32,
            vanish_after_runs: Self::VANISH_AFTER_RUNS,
            publish_emails: false,
        }
    }

    /// What two spellings of one place have in common: one line, lower case.
    pub fn spelling(place: &str) -> String {
        super::clean_line(place).to_lowercase()
    }
}

/// The board itself.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Site {
    /// Its title, one clean line.
    pub title: String,
    /// One sentence about it.
    pub description: Option<String>,
    /// Where the output is published; ends in `/`.
    pub url: Url,
    /// BCP 47 language of the pages.
    pub language: String,
    /// Zone for times that name none, and for "today".
    pub zone: ZoneId,
}

/// The configuration of one source as far as it decides what is read out of its documents.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SourceRules {
    /// Its id.
    pub id: SourceId,
    /// Its title, for people.
    pub title: String,
    /// Place in the config, from 0; decides between equal priorities.
    pub order: usize,
    /// Higher wins where sources disagree. Default 0.
    pub priority: i32,
    /// Whether its events are published at once. Reaches into no reading.
    #[serde(skip)]
    pub trust: Trust,
    /// How a post's address is made of its path.
    pub link: Option<LinkRule>,
    /// What its site's own configuration tells of addresses; only where there is no link rule. Known from its documents, not from the config.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<SiteConfig>,
    /// The folder that `{path}` and `{dir}` count from, below the repository or directory; no leading or trailing slash.
    pub root: String,
    /// Added to every entry.
    pub tags: BTreeSet<Tag>,
    /// Place of events that name none.
    pub place: Option<String>,
    /// Zone of times that name none; else the site's.
    pub zone: Option<ZoneId>,
    /// BCP 47 language of entries that name none; else the site's.
    pub language: Option<String>,
    /// Only entries with one of these tags, if any are given.
    pub only_tags: BTreeSet<Tag>,
    /// Never entries with one of these tags.
    pub without_tags: BTreeSet<Tag>,
    /// Which offers of its page are followed; only of addresses on the web. What is usual changes no reading's name.
    #[serde(skip_serializing_if = "Follow::is_usual")]
    pub follow: Option<Follow>,
    /// Its documents are lists of events, with these fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub records: Option<Records>,
}

/// Whether what a source tells is published at once. Its posts are only where it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Trust {
    /// At once.
    #[default]
    Publish,
    /// An event waits until a source of trust `publish` tells of it too, or until it is approved.
    Review,
    /// An event waits until it is approved.
    Approval,
}

impl Trust {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Publish, Self::Review, Self::Approval];

    /// The word in the config.
    pub fn word(self) -> &'static str {
        match self {
            Self::Publish => "publish",
            Self::Review => "review",
            Self::Approval => "approval",
        }
    }
}

/// Which fields of a list of events hold what. Dots reach into tables: `venue.name`. What is not told is looked for under known names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Records {
    /// The way to the list; the document itself, if missing.
    pub list: Option<String>,
    /// What names a record for ever.
    pub id: Option<String>,
    /// The event's title.
    pub title: Option<String>,
    /// When it starts.
    pub start: Option<String>,
    /// When it ends; a bare day is the last.
    pub end: Option<String>,
    /// Where it is: from narrow to wide.
    pub place: Vec<String>,
    /// Its page.
    pub url: Option<String>,
    /// What it is about.
    pub summary: Option<String>,
    /// Its tags.
    pub tags: Option<String>,
}

/// A template for a post's address: `https://example.org/{path}/`.
///
/// `{path}` is the path below the root without extension, `index` or `_index`; `{dir}` its folder; `{file}` its last part;
/// `{slug}` the front matter's slug, else `{file}` without a leading date; `{year}`, `{month}`, `{day}` of `published`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkRule {
    /// The template as written; begins with `http://` or `https://` and a host.
    pub template: String,
    /// The site's root: scheme, host and the fixed folder before the first placeholder's path segment; ends in `/`.
    pub site_root: Url,
}

impl Site {
    /// A board that is not published anywhere.
    pub fn nowhere(zone: ZoneId) -> Option<Self> {
        let url = super::web_url("https://preview.invalid/")?;
        Some(Self { title: "Preview".to_owned(), description: None, url, language: "en".to_owned(), zone })
    }
}

impl SourceRules {
    /// A source with nothing configured but its id.
    pub fn plain(id: SourceId, order: usize) -> Self {
        Self {
            title: id.to_string(),
            id,
            order,
            priority: 0,
            trust: Trust::Publish,
            link: None,
            site: None,
            root: String::new(),
            tags: BTreeSet::new(),
            place: None,
            zone: None,
            language: None,
            only_tags: BTreeSet::new(),
            without_tags: BTreeSet::new(),
            follow: None,
            records: None,
        }
    }
}
