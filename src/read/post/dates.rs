//! Dates as people write them in front matter.
//!
//! In: one field's text. Out: a day, a clock time, or a moment; `None` for anything else. Year-month-day, day.month.year, month names
//! in English, RFC 2822, clock times with `am`/`pm`, offsets and zone words. Month/day/year and day/month/year are refused: nobody can tell them apart.

use crate::model::{DeclaredValue, Stamp};
use crate::read::feed::dates::{is_weekday, month};
use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveTime, TimeZone};

/// A clock time, or a span of two, with a zone word behind.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Clock {
    pub start: NaiveTime,
    pub end: Option<NaiveTime>,
    /// `CET`, `Europe/Helsinki`, `+02:00`.
    pub zone: Option<String>,
}

/// Reads a day, with or without a time.
pub(in crate::read) fn parse(text: &str) -> Option<DeclaredValue> {
    let text = text.trim().trim_matches(['"', '\'']).trim();
    if text.is_empty() || text.len() > 80 {
        return None;
    }
    let (day, rest) = parse_day(text)?;
    let rest = rest.trim_start_matches([',', ' ', 'T', 't', '\u{a0}']).trim();
    let rest = rest.strip_prefix("at ").unwrap_or(rest).trim();
    if rest.is_empty() {
        return Some(DeclaredValue::Day(day));
    }
    let (time, rest, next_day) = parse_time(rest)?;
    let day = if next_day { day.checked_add_days(Days::new(1))? } else { day };
    let local = day.and_time(time);
    match rest.trim() {
        "" => Some(DeclaredValue::Local(local)),
        zone => match offset(zone) {
            Some(offset) => offset.from_local_datetime(&local).single().map(DeclaredValue::At),
            None => is_zone_word(zone).then(|| DeclaredValue::Zoned(local, unwrapped(zone).to_owned())),
        },
    }
}

/// Reads the moment of a notice. A zone word is dropped: within a day is near enough for when something was published.
pub(in crate::read) fn parse_stamp(text: &str) -> Option<Stamp> {
    Some(match parse(text)? {
        DeclaredValue::Day(day) => Stamp::Day(day),
        DeclaredValue::Local(time) | DeclaredValue::Zoned(time, _) => Stamp::Local(time),
        DeclaredValue::At(at) => Stamp::At(at),
    })
}

/// Reads `18:30`, `6:30pm`, `18:30 - 21:00`, `18:30 CET`.
pub(super) fn parse_clock(text: &str) -> Option<Clock> {
    let (mut start, rest, _) = parse_time(text.trim())?;
    let (end, rest) =
        match rest.trim_start().strip_prefix(['-', '–', '—']).or_else(|| rest.trim_start().strip_prefix("to ")) {
            Some(after) => match parse_time(after.trim_start()) {
                Some((end, rest, _)) => (Some(end), rest),
                None => (None, rest),
            },
            None => (None, rest),
        };
    // In `6 - 9pm` the `pm` counts for both.
    if let Some(end) = end
        && end > start
        && end.signed_duration_since(start).num_hours() >= 12
        && has_half(text)
        && text.to_ascii_lowercase().matches(['a', 'p']).count() == 1
    {
        start = start.overflowing_add_signed(chrono::TimeDelta::hours(12)).0;
    }
    let zone = rest.trim();
    match zone {
        "" => Some(Clock { start, end, zone: None }),
        zone => (is_zone_word(zone) || offset(zone).is_some()).then(|| Clock {
            start,
            end,
            zone: Some(unwrapped(zone).to_owned()),
        }),
    }
}

fn has_half(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower.contains("am") || lower.contains("pm") || lower.contains("a.m") || lower.contains("p.m")
}

/// A day at the beginning of the text, and what follows it.
fn parse_day(text: &str) -> Option<(NaiveDate, &str)> {
    numeric_day(text).or_else(|| worded_day(text))
}

fn numeric_day(text: &str) -> Option<(NaiveDate, &str)> {
    let (first, rest) = digits(text)?;
    if first.len() == 8 {
        let (year, month, day) = (first.get(..4)?, first.get(4..6)?, first.get(6..)?);
        return Some((day_of(year, month, day)?, rest));
    }
    let separator = rest.chars().next().filter(|c| matches!(c, '-' | '/' | '.'))?;
    let (second, rest) = digits(rest.strip_prefix(separator)?)?;
    let rest = rest.strip_prefix(separator)?;
    let (third, rest) = digits(rest.trim_start_matches(if separator == '.' { ' ' } else { separator }))?;
    match (first.len(), separator, third.len()) {
        (4, _, 1 | 2) => Some((day_of(first, second, third)?, rest)),
        (1 | 2, '.', 4) => Some((day_of(third, second, first)?, rest)),
        _ => None,
    }
}

fn worded_day(text: &str) -> Option<(NaiveDate, &str)> {
    let text = without_weekday(text);
    if let Some((day, rest)) = digits(text) {
        let rest = without_ordinal(rest).trim_start_matches([' ', '-', '.']);
        let rest = rest.strip_prefix("of ").unwrap_or(rest);
        let (month, rest) = month_name(rest)?;
        let (year, rest) = digits(rest.trim_start_matches([' ', ',', '-', '.']))?;
        return (year.len() == 4)
            .then_some(())
            .and_then(|()| Some((NaiveDate::from_ymd_opt(year.parse().ok()?, month, day.parse().ok()?)?, rest)));
    }
    let (month, rest) = month_name(text)?;
    let (day, rest) = digits(rest.trim_start_matches([' ', '.']))?;
    let rest = without_ordinal(rest);
    let (year, rest) = digits(rest.trim_start_matches([' ', ',']))?;
    (year.len() == 4).then_some(())?;
    Some((NaiveDate::from_ymd_opt(year.parse().ok()?, month, day.parse().ok()?)?, rest))
}

fn day_of(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    let year: i32 = year.parse().ok()?;
    // Year 1 is Go's zero time, which tools write where there is no date.
    (year > 1).then(|| NaiveDate::from_ymd_opt(year, month.parse().ok()?, day.parse().ok()?)).flatten()
}

fn digits(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    (1..=8).contains(&end).then(|| text.split_at(end))
}

fn word(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len()))
}

fn without_ordinal(text: &str) -> &str {
    let (ending, rest) = word(text);
    if ["st", "nd", "rd", "th"].contains(&ending.to_ascii_lowercase().as_str()) { rest } else { text }
}

fn without_weekday(text: &str) -> &str {
    let (name, rest) = word(text);
    if is_weekday(name) { rest.trim_start_matches(['.', ',', ' ']) } else { text }
}

fn month_name(text: &str) -> Option<(u32, &str)> {
    let (name, rest) = word(text);
    Some((month(name)?, rest.strip_prefix('.').unwrap_or(rest)))
}

/// A time at the beginning of the text, what follows it, and whether it is `24:00`, which belongs to the next day.
fn parse_time(text: &str) -> Option<(NaiveTime, &str, bool)> {
    let (hour, mut rest) = digits(text)?;
    let (mut minute, mut second) = ("0", "0");
    let mut bare = true;
    let hour_and_more = rest.strip_prefix(':').or_else(|| rest.strip_prefix('h')).and_then(digits);
    if let Some((minutes, after)) = hour_and_more {
        (minute, rest, bare) = (minutes, after, false);
        if let Some((seconds, after)) = rest.strip_prefix(':').and_then(digits) {
            (second, rest) = (seconds, after);
            let fraction = rest.strip_prefix(['.', ',']).and_then(|r| {
                let end = r.find(|c: char| !c.is_ascii_digit()).unwrap_or(r.len());
                (end > 0).then(|| r.get(end..)).flatten()
            });
            rest = fraction.unwrap_or(rest);
        }
    }
    let mut hour: u32 = hour.parse().ok()?;
    let (minute, second): (u32, u32) = (minute.parse().ok()?, second.parse().ok()?);
    if let Some((afternoon, after)) = half_day(rest.trim_start()) {
        (1..=12).contains(&hour).then_some(())?;
        hour = hour % 12 + if afternoon { 12 } else { 0 };
        (rest, bare) = (after, false);
    } else if let Some(after) = ["Uhr", "uhr", "h"].iter().find_map(|w| rest.trim_start().strip_prefix(w)) {
        (rest, bare) = (after, false);
    }
    // A number alone is a time only before a dash (`6 - 9pm`).
    if bare && !rest.trim_start().starts_with(['-', '–', '—']) {
        return None;
    }
    if (hour, minute, second) == (24, 0, 0) {
        return Some((NaiveTime::MIN, rest, true));
    }
    Some((NaiveTime::from_hms_opt(hour, minute, second.min(59))?, rest, false))
}

fn half_day(text: &str) -> Option<(bool, &str)> {
    let lower = text.get(..4).unwrap_or(text).to_ascii_lowercase();
    for (half, afternoon) in [("a.m.", false), ("p.m.", true), ("am", false), ("pm", true)] {
        if lower.starts_with(half) {
            let rest = text.get(half.len()..)?;
            return (!rest.starts_with(|c: char| c.is_alphanumeric())).then_some((afternoon, rest));
        }
    }
    None
}

/// `Z`, `+02:00`, `+0200`, `+2`, `UTC`, `GMT-5`.
fn offset(zone: &str) -> Option<FixedOffset> {
    let zone = unwrapped(zone);
    let upper = zone.to_ascii_uppercase();
    let signed = upper.strip_prefix("UTC").or_else(|| upper.strip_prefix("GMT")).unwrap_or(&upper).trim_start();
    if signed.is_empty() || upper == "Z" {
        return FixedOffset::east_opt(0);
    }
    let sign = match signed.chars().next()? {
        '+' => 1,
        '-' | '−' => -1,
        _ => return None,
    };
    let number = signed.trim_start_matches(['+', '-', '−']);
    let (hours, rest) = digits(number)?;
    let (hours, minutes) = match (hours.len(), rest) {
        (1 | 2, "") => (hours, "0"),
        (3 | 4, "") => hours.split_at(hours.len() - 2),
        (1 | 2, rest) => (hours, rest.strip_prefix(':').filter(|m| m.len() == 2)?),
        _ => return None,
    };
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 15 && minutes < 60).then(|| FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60))).flatten()
}

fn unwrapped(zone: &str) -> &str {
    zone.trim().trim_start_matches(['(', '[']).trim_end_matches([')', ']']).trim()
}

/// An abbreviation or an IANA name; whether it names a zone is for `normalize` to say.
pub(super) fn is_zone_word(zone: &str) -> bool {
    let zone = unwrapped(zone);
    let letters =
        zone.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '_' | '-' | '+') || c.is_ascii_digit());
    letters
        && zone.starts_with(|c: char| c.is_ascii_alphabetic())
        && (zone.contains('/') || (2..=5).contains(&zone.len()))
}

/// A moment of a day, time or moment, with UTC where no zone is told: for `publishDate` and `expiryDate`, as Hugo reads them.
pub(super) fn moment(text: &str) -> Option<DateTime<chrono::Utc>> {
    Some(match parse_stamp(text)? {
        Stamp::Day(day) => day.and_time(NaiveTime::MIN).and_utc(),
        Stamp::Local(time) => time.and_utc(),
        Stamp::At(at) => at.with_timezone(&chrono::Utc),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        match parse(text) {
            None => "-".to_owned(),
            Some(DeclaredValue::Day(day)) => day.to_string(),
            Some(DeclaredValue::Local(time)) => time.to_string(),
            Some(DeclaredValue::Zoned(time, zone)) => format!("{time} {zone}"),
            Some(DeclaredValue::At(at)) => at.to_rfc3339(),
        }
    }

    #[test]
    fn days_are_read_in_the_spellings_of_real_sites() {
        for text in [
            "2024-12-07",
            "2024-12-7",
            "2024/12/07",
            "20241207",
            "7.12.2024",
            "7 December 2024",
            "7th of Dec 2024",
            "December 7, 2024",
            "Dec. 7th 2024",
            "Saturday, December 7, 2024",
            "\"2024-12-07\"",
        ] {
            assert_eq!(shown(text), "2024-12-07", "{text}");
        }
    }

    #[test]
    fn times_zones_and_offsets_are_kept() {
        for (text, expected) in [
            ("2025-03-14 18:30", "2025-03-14 18:30:00"),
            ("2025-03-14T18:30:00.123", "2025-03-14 18:30:00"),
            ("2025-03-14T18:30:00+02:00", "2025-03-14T18:30:00+02:00"),
            ("2025-03-14 18:30:00 +0200", "2025-03-14T18:30:00+02:00"),
            ("2025-03-14T18:30Z", "2025-03-14T18:30:00+00:00"),
            ("2025-03-14 18:30 CET", "2025-03-14 18:30:00 CET"),
            ("2025-03-14 18:30 (Europe/Helsinki)", "2025-03-14 18:30:00 Europe/Helsinki"),
            ("March 14, 2025 at 6:30 pm", "2025-03-14 18:30:00"),
            ("Fri, 14 Mar 2025 18:30:00 +0100", "2025-03-14T18:30:00+01:00"),
            ("2025-03-14 24:00", "2025-03-15 00:00:00"),
            ("14 Mar 2025, 6pm UTC-5", "2025-03-14T18:00:00-05:00"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_date_or_could_be_two_is_refused() {
        for text in [
            "14th of Marchember",
            "2025-13-01",
            "2025-02-30",
            "03/04/2025",
            "soon",
            "2025",
            "",
            "0001-01-01T00:00:00Z",
            "2025-03-14 what ever",
            "2025-03-14T99:00",
            "14é",
            "1736899200",
        ] {
            assert_eq!(shown(text), "-", "{text}");
        }
    }

    #[test]
    fn clock_times_may_be_spans_with_a_zone() {
        let clock = |text: &str| {
            parse_clock(text).map(|c| {
                (c.start.to_string(), c.end.map(|e| e.to_string()).unwrap_or_default(), c.zone.unwrap_or_default())
            })
        };
        let some = |a: &str, b: &str, c: &str| Some((a.to_owned(), b.to_owned(), c.to_owned()));
        assert_eq!(clock("18:30"), some("18:30:00", "", ""));
        assert_eq!(clock("18:30 - 21:00"), some("18:30:00", "21:00:00", ""));
        assert_eq!(clock("6:30pm"), some("18:30:00", "", ""));
        assert_eq!(clock("6 - 9pm CET"), some("18:00:00", "21:00:00", "CET"));
        assert_eq!(clock("18:00–20:00 Europe/Helsinki"), some("18:00:00", "20:00:00", "Europe/Helsinki"));
        assert_eq!(clock("evening"), None);
    }
}
