//! What a feed or an entry says of itself, in one shape for all formats.
//!
//! Texts keep their kind, language and base; addresses are as written, or absolute where an `xml:base` stands around them.

use crate::model::{Declared, Image, Link, Pace, Person, Stamp};

/// What a feed, an entry, or the feed that an entry was taken from says of itself.
#[derive(Debug, Clone, Default)]
pub struct Described {
    /// Line of the document where it begins, from 1; 0 where lines mean nothing.
    pub line: u32,
    /// Its title.
    pub title: Option<Text>,
    /// A feed's subtitle, an entry's summary.
    pub summary: Option<Text>,
    /// An entry's text.
    pub content: Option<Text>,
    /// Where the content is to be found, where it is not in the feed (RFC 4287 §4.1.3.2).
    pub content_source: Option<String>,
    /// Whose rights.
    pub rights: Option<Text>,
    /// The page; of several in RSS the last, which readers take.
    pub url: Option<String>,
    /// The page told first, if several are: an entry keeps being known by it.
    pub first_url: Option<String>,
    /// Its name for ever.
    pub id: Option<String>,
    /// True where RSS says (or leaves it open) that the id is an address too.
    pub id_is_address: bool,
    /// When it was published.
    pub published: Option<Stamp>,
    /// When it last changed.
    pub updated: Option<Stamp>,
    /// When it was made.
    pub created: Option<Stamp>,
    /// When it is over.
    pub expired: Option<Stamp>,
    /// BCP 47 language tag.
    pub language: Option<String>,
    /// `xml:base` around it and on it.
    pub base: Option<String>,
    /// Who wrote it.
    pub authors: Vec<Person>,
    /// Who helped.
    pub contributors: Vec<Person>,
    /// Who publishes it.
    pub publisher: Option<Person>,
    /// What it is about.
    pub categories: Vec<Category>,
    /// Addresses with their purpose, the page's among them.
    pub links: Vec<Reference>,
    /// What is attached.
    pub enclosures: Vec<Reference>,
    /// A page to comment on it.
    pub comments: Option<String>,
    /// A small square picture.
    pub icon: Option<String>,
    /// A wide picture.
    pub logo: Option<String>,
    /// The picture of a feed (RSS) or its podcast.
    pub image: Option<Picture>,
    /// The program that made it.
    pub generator: Option<Generator>,
    /// A page about the format.
    pub docs: Option<String>,
    /// Where.
    pub geo: Option<Geo>,
    /// How often to ask.
    pub schedule: Schedule,
    /// The feed that the entry was taken from (RFC 4287 §4.2.11).
    pub source: Option<Box<Described>>,
    /// When and where something happens, from the event modules.
    pub declared: Declared,
    /// Pictures beside the text.
    pub images: Vec<Image>,
    /// Recordings beside the text.
    pub recordings: Vec<Link>,
    /// True for what must not be shown yet (RFC 5023 §13.1.1).
    pub is_draft: bool,
}

/// A text with what it is written in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The text: HTML, or plain where the kind says so.
    pub value: String,
    /// Plain or markup.
    pub kind: TextKind,
    /// BCP 47 language tag.
    pub language: Option<String>,
    /// What relative addresses in it count from.
    pub base: Option<String>,
}

/// The kinds of an Atom text construct (RFC 4287 §3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextKind {
    /// No markup.
    Plain,
    /// HTML, as RSS and Atom's `html` have it.
    Html,
    /// Markup that stood in the feed itself.
    Xhtml,
}

/// A tag.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Category {
    /// The tag itself.
    pub term: String,
    /// Whose tag it is.
    pub scheme: Option<String>,
    /// The tag for people.
    pub label: Option<String>,
}

/// An address with its purpose (RFC 4287 §4.2.7), or something attached.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reference {
    /// The address; empty where none is given.
    pub url: String,
    /// What it is to the entry: `alternate`, `self`, `enclosure`.
    pub rel: Option<String>,
    /// Media type.
    pub media_type: Option<String>,
    /// For people.
    pub title: Option<String>,
    /// Language of what is there.
    pub language: Option<String>,
    /// Bytes, as written.
    pub length: Option<String>,
}

/// A picture that stands for a feed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Picture {
    /// Its address.
    pub url: Option<String>,
    /// Text for those who don't see it.
    pub title: Option<String>,
    /// Where it leads.
    pub link: Option<String>,
}

/// The program that made a feed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Generator {
    /// Its name.
    pub name: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// Its page.
    pub url: Option<String>,
}

/// A place as coordinates (GeoRSS, W3C Basic Geo).
#[derive(Debug, Clone, PartialEq)]
pub struct Geo {
    /// Point, line, polygon or box.
    pub shape: Shape,
    /// Longitude and latitude in degrees, as far as the reference system is the usual one.
    pub points: Vec<(f64, f64)>,
}

/// The shape of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One point.
    Point,
    /// Points along a line.
    Line,
    /// The outline of an area.
    Polygon,
    /// Two corners.
    Box,
}

/// How often a feed wants to be asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schedule {
    /// RSS `ttl`: minutes, as written.
    pub ttl: Option<String>,
    /// RSS `skipHours`: hours in GMT at which nothing is new.
    pub skip_hours: Vec<u8>,
    /// RSS `skipDays`.
    pub skip_days: Vec<String>,
    /// `sy:updatePeriod`.
    pub update_period: Option<String>,
    /// `sy:updateFrequency`: how often in each period.
    pub update_frequency: Option<u32>,
}

impl Schedule {
    /// The same as one rhythm, if it says anything.
    pub(super) fn pace(&self) -> Option<Pace> {
        const DAY: u32 = 24 * 60;
        let period = match self.update_period.as_deref().map(str::trim) {
            Some("hourly") => Some(60),
            Some("daily") => Some(DAY),
            Some("weekly") => Some(7 * DAY),
            Some("monthly") => Some(30 * DAY),
            Some("yearly") => Some(365 * DAY),
            _ => None,
        };
        let often = self.update_frequency.unwrap_or(1).max(1);
        let ttl = self.ttl.as_deref().and_then(|minutes| minutes.trim().parse().ok());
        let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
        let day = |name: &String| days.iter().position(|day| name.trim().eq_ignore_ascii_case(day));
        let pace = Pace {
            minutes: ttl.into_iter().chain(period.map(|minutes| minutes / often)).max().filter(|minutes| *minutes > 0),
            // Some count from 1 to 24.
            skip_hours: self.skip_hours.iter().map(|hour| hour % 24).collect(),
            skip_days: self.skip_days.iter().filter_map(day).filter_map(|day| u8::try_from(day).ok()).collect(),
        };
        (pace != Pace::default()).then_some(pace)
    }
}

impl Described {
    /// Where the page is: first what is a page, then what is anything.
    pub(super) fn page(&self) -> Option<&str> {
        let alternates =
            || self.links.iter().filter(|link| link.rel.as_deref() == Some("alternate") && !link.url.is_empty());
        let is_page = |link: &&Reference| link.media_type.as_deref().is_none_or(|kind| kind.contains("html"));
        alternates().find(is_page).or_else(|| alternates().next()).map(|link| link.url.as_str())
    }
}
