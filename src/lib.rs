//! Noticeboard gathers a community's events and publishes one board.
//!
//! ```text
//! config ─► fetch ─► Document ─► read ─► Entry ─► extract ─► Statement ─► normalize ─► Reading ─► merge ─► Changes ─► store ─► publish ─► write
//! ```
pub mod cli;
pub mod compose;
pub mod config;
pub mod extract;
pub mod fetch;
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

/// The words of clean HTML, blind to markup and white space: what tells whether a text changed.
fn normalize_words(html: &model::CleanHtml) -> String {
    normalize::plain_text(html).split_whitespace().collect::<Vec<_>>().join(" ")
}
