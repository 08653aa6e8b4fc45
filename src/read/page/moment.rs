//! Times and lengths as structured data on pages writes them.
//!
//! In: the text of one value. Out: a day, a clock time or a moment. On top of what posts write there are the other forms of ISO 8601:
//! ordinal days (`2026-125`), hours without minutes (`2026-05-05T19Z`), hours without colons (`20260505T190000`).

use crate::model::DeclaredValue;
use crate::read::calendar::times;
use crate::read::post::parse_date;
use chrono::{NaiveDate, NaiveTime};

/// Reads a day, with or without a time.
pub(super) fn parse(text: &str) -> Option<DeclaredValue> {
    let text = text.trim();
    let Some((day, rest)) = iso_day(text) else { return parse_date(text) };
    let rest = rest.trim_start_matches(['T', 't', ' ', ',']);
    let clock = clock(rest);
    let separator = if clock.is_empty() { "" } else { "T" };
    parse_date(&format!("{day}{separator}{clock}")).or_else(|| parse_date(text))
}

/// A day at the beginning of a text, and what stands behind it.
fn iso_day(text: &str) -> Option<(NaiveDate, &str)> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (year, rest) = text.split_at_checked(4).filter(|(year, _)| digits(year) == 4)?;
    let year = year.parse().ok()?;
    if let Some(rest) = rest.strip_prefix('-').filter(|rest| digits(rest) == 3) {
        let (day, rest) = rest.split_at_checked(3)?;
        return Some((NaiveDate::from_yo_opt(year, day.parse().ok()?)?, rest));
    }
    let (month, day, rest) = match rest.strip_prefix('-') {
        Some(rest) => {
            let (month, rest) = rest.split_once('-')?;
            let (day, rest) = rest.split_at_checked(digits(rest))?;
            (month, day, rest)
        }
        None if digits(rest) == 4 => (rest.get(..2)?, rest.get(2..4)?, rest.get(4..)?),
        None => return None,
    };
    Some((NaiveDate::from_ymd_opt(year, month.parse().ok()?, day.parse().ok()?)?, rest))
}

/// Hours as they are read elsewhere, with a colon before the minutes.
fn clock(text: &str) -> String {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let Some((hours, rest)) = text.split_at_checked(digits) else { return text.to_owned() };
    let is_whole = rest.starts_with([':', 'h', '.']) || rest.trim_start().starts_with(['a', 'A', 'p', 'P']);
    match (digits, hours.get(..2), hours.get(2..4), hours.get(4..)) {
        (4, Some(hour), Some(minute), _) => format!("{hour}:{minute}{rest}"),
        (6, Some(hour), Some(minute), Some(second)) => format!("{hour}:{minute}:{second}{rest}"),
        (1 | 2, ..) if !is_whole => format!("{hours}:00{rest}"),
        _ => text.to_owned(),
    }
}

/// Reads a clock time alone: `19:00`, `19:00:00+02:00`, `7pm`, `T19:00`.
pub(super) fn parse_clock(text: &str) -> Option<NaiveTime> {
    match parse(&format!("2000-01-01T{}", text.trim().trim_start_matches(['T', 't'])))? {
        DeclaredValue::Local(time) | DeclaredValue::Zoned(time, _) => Some(time.time()),
        DeclaredValue::At(at) => Some(at.naive_local().time()),
        DeclaredValue::Day(_) => None,
    }
}

/// The end of what begins then and takes so long: an ISO 8601 duration such as `PT2H30M` or `P3D`. A bare day is the last one, and hours
/// after one say nothing.
pub(super) fn after(start: &DeclaredValue, duration: &str) -> Option<DeclaredValue> {
    let duration = times::duration(duration)?;
    if matches!(start, DeclaredValue::Day(_)) && !duration.rest.is_zero() {
        return None;
    }
    times::end_after(start, duration)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_iso_8601_is_read() {
        let local = |text: &str| Some(DeclaredValue::Local(text.parse().unwrap()));
        let at = |text: &str| Some(DeclaredValue::At(text.parse().unwrap()));
        let cases = [
            ("2026-125", Some(DeclaredValue::Day("2026-05-05".parse().unwrap()))),
            ("20260505", Some(DeclaredValue::Day("2026-05-05".parse().unwrap()))),
            ("2026-05-05 7pm", local("2026-05-05T19:00:00")),
            ("2026-05-05 07:30:00am", local("2026-05-05T07:30:00")),
            ("2026-125T19:30", local("2026-05-05T19:30:00")),
            ("20260505T193000", local("2026-05-05T19:30:00")),
            ("20260505T1930Z", at("2026-05-05T19:30:00Z")),
            ("2026-05-05T19Z", at("2026-05-05T19:00:00Z")),
            ("2026-05-05T19:30:00.000-0800", at("2026-05-05T19:30:00-08:00")),
            ("2026-05-05 19:30 -08", at("2026-05-05T19:30:00-08:00")),
            ("5 May 2026", Some(DeclaredValue::Day("2026-05-05".parse().unwrap()))),
            ("2026-05", None),
            ("2026-400", None),
            ("soon", None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text), expected, "{text}");
        }
    }

    #[test]
    fn a_length_gives_the_end() {
        let evening = parse("2026-05-05T19:30").unwrap();
        let day = parse("2026-05-05").unwrap();
        let cases = [
            (&evening, "PT2H30M", parse("2026-05-05T22:00")),
            (&evening, "P1DT1H", parse("2026-05-06T20:30")),
            (&evening, "P0Y0M0DT0H90M0S", parse("2026-05-05T21:00")),
            (&day, "P3D", parse("2026-05-07")),
            (&day, "PT2H", None),
            (&evening, "PT0S", None),
            (&evening, "P1M", None),
            (&evening, "2 hours", None),
            (&evening, "P99999999999D", None),
        ];
        for (start, text, expected) in cases {
            assert_eq!(after(start, text), expected, "{text}");
        }
    }
}
