//! Noticeboard gathers a community's events from where it already writes, works out when and where, joins what is the same event,
//! and publishes one board.
//!
//! ```text
//!             ┌────────── digest: pure, one document at a time ──────────┐     settle: pure
//! config ─► fetch ─► Document ─► read ─► Entry ─► extract ─► normalize ─► Reading ─► merge ─► Changes ─► store ─► publish ─► write
//! ```
//!
//! The nouns are in [`model`], each verb has a room of its own. [`pipeline::run`] is one whole run; [`compose`](compose::compose) is the heart
//! without edges: documents in, a board out, with neither clock nor disk.
//!
//! ```
//! use noticeboard::compose::{Known, compose};
//! use noticeboard::config;
//! use noticeboard::model::{Document, SourceId};
//! use std::path::Path;
//!
//! let settings = config::parse(
//!     r#"
//!     [site]
//!     title = "Lakeside"
//!     url = "https://events.lakeside.example/"
//!     time_zone = "Europe/Helsinki"
//!     [[source]]
//!     id = "blog"
//!     link = "https://lakeside.example/{path}/"
//!     from.directory = { path = "posts" }
//!     "#,
//!     Path::new("noticeboard.toml"),
//!     Path::new("/srv/lakeside"),
//! )?;
//! let post = "+++\ntitle = \"Spring walk\"\ndate = 2025-03-01\n+++\nJoin us for a walk in Turku, Finland on 5 April 2025 at 10:00.\n";
//! let document = Document {
//!     source: SourceId::new("blog").unwrap(),
//!     key: "spring-walk.md".into(),
//!     url: None,
//!     media_type: None,
//!     bytes: post.into(),
//!     version: String::new(),
//!     first_seen: None,
//! };
//! let (board, problems) = compose(&[document], &Known::default(), &settings.rules, "2025-03-02T00:00:00Z".parse()?);
//! assert_eq!(board.events[0].facts.when.first_day().to_string(), "2025-04-05");
//! assert_eq!(board.events[0].facts.place.line().as_deref(), Some("Turku, Finland"));
//! assert!(problems.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod cli;
pub mod compose;
pub mod config;
pub mod extract;
pub mod fetch;
pub mod gazetteer;
pub mod merge;
pub mod model;
pub mod normalize;
pub mod pipeline;
pub mod publish;
pub mod read;
pub mod recur;
pub mod report;
pub mod store;
pub mod write;
pub mod zone;
