//! Names → rules → instants: the one place that knows time-zone data.

use crate::model::ZoneId;
use chrono::{DateTime, FixedOffset, NaiveDateTime, Utc};

/// The zone of that name: an IANA name in any case, a Windows or Outlook name, or an IANA name behind a `/vendor/…/` prefix.
pub fn by_name(name: &str) -> Option<ZoneId> {
    let zone = jiff::tz::TimeZoneDatabase::bundled().get(name).ok()?;
    zone.iana_name().map(ZoneId::checked)
}

/// What a zone word in prose means: an IANA zone, or a fixed offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ZoneWord {
    /// Clock time there. `CET` and `CEST` both mean Berlin's clock.
    Zone(ZoneId),
    /// `UTC`, `GMT+2`, `+05:30`.
    Fixed(FixedOffset),
}

/// Reads a zone word as people write it (`CEST`, `PT`, `UTC+2`, `Europe/Berlin`); `None` if it is none or ambiguous between continents.
pub fn by_word(word: &str) -> Option<ZoneWord> {
    let _ = word;
    unimplemented!()
}

/// The moment of a clock time: in a gap the offset before it applies, in an overlap the first of the two (RFC 5545 §3.3.5).
pub fn to_utc(local: NaiveDateTime, zone: &ZoneId) -> DateTime<Utc> {
    let _ = (local, zone);
    unimplemented!()
}

/// What the clock there shows at that moment.
pub fn to_local(at: DateTime<Utc>, zone: &ZoneId) -> NaiveDateTime {
    let _ = (at, zone);
    unimplemented!()
}

/// The offset in force there at that moment.
pub fn offset_at(at: DateTime<Utc>, zone: &ZoneId) -> FixedOffset {
    let _ = (at, zone);
    unimplemented!()
}

/// A VTIMEZONE (RFC 5545 §3.6.5) right for every clock time of the years `first..=last`, as unfolded lines without line ends.
/// `None` for `Etc/UTC`, which needs none.
pub fn vtimezone(zone: &ZoneId, first: i32, last: i32) -> Option<Vec<String>> {
    let _ = (zone, first, last);
    unimplemented!()
}

/// The version of the bundled data, such as `2026f`.
pub fn data_version() -> &'static str {
    unimplemented!()
}
