//! The board: posts and events without twins.

use super::{Event, Post};

/// What is published: events in calendar order (first day, start, id), posts newest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Board {
    /// The events.
    pub events: Vec<Event>,
    /// The posts.
    pub posts: Vec<Post>,
}
