//! How often a feed or calendar says that it is worth asking.

use serde::{Deserialize, Serialize};

/// What a feed or calendar says of its own rhythm: RSS `ttl`, `skipHours` and `skipDays`, the syndication module's `updatePeriod`, and
/// REFRESH-INTERVAL of a calendar (RFC 7986 §5.7).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    /// Nothing is new for so many minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    /// Hours in UTC (0 to 23) at which nothing is new.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skip_hours: Vec<u8>,
    /// Days of the week in UTC at which nothing is new; 0 is Monday.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skip_days: Vec<u8>,
}
