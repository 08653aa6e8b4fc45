//! What an event was before it changed.

use super::{EventStatus, Place, Recurrence, When};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// One change of an event: what was before of the fields that changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Revised {
    /// When it was seen.
    pub at: DateTime<Utc>,
    /// SEQUENCE from then on (RFC 5545 §3.8.7.4).
    pub sequence: u32,
    /// The title before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The time before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
    /// How it repeated before; an empty one where it did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recurrence: Option<Recurrence>,
    /// The place before; an empty one where none was known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// The status before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<EventStatus>,
    /// Links, deadlines or text were others.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub text: bool,
}
