//! What things are: the nouns, in the order they turn into each other.
//!
//! Pure values, importing nothing else from this crate. [`Document`] → [`Entry`] → [`Statement`] → [`Reading`]
//! (of [`Post`]s and [`Sighting`]s) → [`Event`] on a board. Whatever is left out on the way becomes a [`Problem`].

mod board;
mod document;
mod entry;
mod event;
mod forgotten;
mod history;
mod id;
mod matched;
mod nesting;
mod offer;
mod overrides;
mod pace;
mod place;
mod post;
mod problem;
mod reading;
mod rules;
mod site;
mod statement;
mod text;
mod when;

pub use board::Board;
pub use document::{Document, Format};
pub use entry::{Declared, DeclaredSession, DeclaredTime, DeclaredValue, Entry, EntryKind, Image, Link, Person, Stamp};
pub use event::{Deadline, DeadlineKind, Event, EventLinks, EventStatus, Facts, Provenance, Revision, Session};
pub use forgotten::Forgotten;
pub use history::Revised;
pub(crate) use id::uuid_v8;
pub use id::{EventId, PostId, SourceId, Tag};
pub use matched::{Match, Reason, Telling};
pub use nesting::nests_deeper;
pub use offer::{Follow, Offer, OfferKind};
pub use overrides::{Bond, Deed, Edge, EventName, EventOverride, Fixes, Named, Overrides};
pub use pace::Pace;
pub use place::{Attendance, Coordinates, Place};
pub use post::{Post, PostFacts};
pub use problem::{Problem, ProblemKind};
pub use reading::{DocumentKey, Key, LinkChoice, Reading, Renamed, Sighting, SightingRole, SourceRevision, Suspicion};
pub use rules::{LinkRule, Records, Rules, Site, SourceRules, Trust};
pub use site::{Generator, SiteConfig};
pub use statement::{About, Evidence, Expression, Extraction, Found, Role, Statement, TimeSpan, Verdict};
pub use text::{CleanHtml, clean_line, clean_text, is_clean, referred, slug, web_url};
pub use when::{Moment, Override, Recurrence, When, ZoneId, weekday_code};
