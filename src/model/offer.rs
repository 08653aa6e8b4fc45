//! What a page offers to read in its stead.

use serde::{Deserialize, Serialize};
use url::Url;

/// The addresses of one kind that a page offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// What they are.
    pub kind: OfferKind,
    /// Absolute, in the page's order, none twice, at most [`Offer::MOST`].
    pub urls: Vec<Url>,
    /// It holds all that the page tells, and more; a linked file may hold one event of it.
    #[serde(default)]
    pub is_whole: bool,
}

impl Offer {
    /// So many addresses of a page are known.
    pub const MOST: usize = 1000;
    /// The first so many are asked: what a community has ahead of it fits, and its server is not asked all day.
    pub const MOST_ASKED: usize = 30;
}

/// The kinds of what a page offers. The words are also the config: `follow = ["calendar"]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OfferKind {
    /// Calendars to subscribe to, or of single events.
    Calendar,
    /// Pages of single events on the same server.
    Events,
    /// A feed.
    Feed,
}

impl OfferKind {
    /// All, in the order in which they are preferred where the config says nothing.
    pub const ALL: [Self; 3] = [Self::Calendar, Self::Events, Self::Feed];

    /// The word in the config and in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Calendar => "calendar",
            Self::Events => "events",
            Self::Feed => "feed",
        }
    }

    /// As one tells of it: a calendar, events, a feed.
    pub fn told(self) -> &'static str {
        match self {
            Self::Calendar => "a calendar",
            Self::Events => "pages of events",
            Self::Feed => "a feed",
        }
    }
}

/// Which offers of a source's page are followed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Follow {
    /// The page's key: what documents that were found by following offer is not followed. It comes of the source's address and is no rule.
    #[serde(skip)]
    pub page: String,
    /// The first of these that it offers.
    pub kinds: Vec<OfferKind>,
}

impl Follow {
    /// True where nothing else is followed than where the config says nothing.
    pub(crate) fn is_usual(follow: &Option<Self>) -> bool {
        follow.as_ref().is_none_or(|follow| follow.kinds == OfferKind::ALL)
    }
}
