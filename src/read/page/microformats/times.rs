//! The times of a microformat, put together.
//!
//! In: the texts that its page marks. Out: texts that [`crate::read::page::moment`] reads.

use crate::model::DeclaredValue;
use crate::read::page::moment;
use chrono::{Days, NaiveDate};

/// Joins a day, hours and a zone that stand apart, in whatever order; the first of each counts.
pub(super) fn joined(parts: &[String]) -> String {
    let (mut day, mut hours, mut zone) = (None, None, None);
    for part in parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()) {
        let slot = match part {
            _ if is_zone(part) => &mut zone,
            _ if is_clock(part) => &mut hours,
            _ => &mut day,
        };
        slot.get_or_insert(part);
    }
    match (day, hours) {
        (Some(day), None) if zone.is_none() => day.to_owned(),
        (Some(day), None) => format!("{day} {}", zone.unwrap_or_default()),
        (day, hours) => {
            let time = format!("{}{}", hours.unwrap_or_default(), zone.unwrap_or_default());
            format!("{} {time}", day.unwrap_or_default()).trim().to_owned()
        }
    }
}

fn is_zone(text: &str) -> bool {
    let digits = |rest: &str| rest.chars().all(|c| c.is_ascii_digit() || c == ':') && (1..=5).contains(&rest.len());
    matches!(text, "Z" | "z") || text.strip_prefix(['+', '-', '−']).is_some_and(digits)
}

/// Hours: they begin with at most two digits before a colon, half of the day or the end.
fn is_clock(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text.get(digits..).unwrap_or_default().trim_start().to_ascii_lowercase();
    let is_behind = ["am", "pm", "a.m", "p.m", ":", "z", "+", "-"].iter().any(|sign| rest.starts_with(sign));
    (1..=2).contains(&digits) && (rest.is_empty() || is_behind)
}

/// The end, with what it leaves to the start: the day (microformats2 `h-event`), the next one where the hours are earlier, and the offset. The day that
/// hCalendar names is the one behind the last (RFC 5545 §3.6.1).
pub(super) fn completed(start: Option<&str>, end: String, is_new: bool) -> String {
    let begun = start.and_then(moment::parse);
    if let Some(begun) = begun.as_ref().filter(|_| is_clock(&end)) {
        return on_day_of(begun, &end).unwrap_or(end);
    }
    match (moment::parse(&end), begun) {
        // One that is the start's own day is no day behind it.
        (Some(DeclaredValue::Day(day)), begun) if !is_new && begun.as_ref().is_none_or(|begun| begun.day() < day) => {
            day.pred_opt().map_or(end, |day| day.to_string())
        }
        (Some(DeclaredValue::Local(local)), Some(DeclaredValue::At(begun))) => {
            format!("{}{}", local.format("%Y-%m-%dT%H:%M:%S"), begun.offset())
        }
        _ => end,
    }
}

fn on_day_of(begun: &DeclaredValue, end: &str) -> Option<String> {
    let on = |day: NaiveDate| moment::parse(&format!("{day} {end}"));
    let day = begun.day();
    let same = on(day)?;
    let is_earlier = match (begun, &same) {
        (DeclaredValue::At(begun), DeclaredValue::At(end)) => end < begun,
        (DeclaredValue::At(begun), DeclaredValue::Local(end)) => *end < begun.naive_local(),
        (DeclaredValue::Local(begun), DeclaredValue::Local(end)) => end < begun,
        _ => false,
    };
    let day = if is_earlier { day.checked_add_days(Days::new(1))? } else { day };
    let offset = match (begun, same) {
        (DeclaredValue::At(begun), DeclaredValue::Local(_)) => begun.offset().to_string(),
        _ => String::new(),
    };
    Some(format!("{day} {end}{offset}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_time_are_joined_in_whatever_order_they_stand() {
        let cases: [(&[&str], &str); 7] = [
            (&["2026-05-05", "19:00"], "2026-05-05 19:00"),
            (&["7:00pm", "2026-05-05"], "2026-05-05 7:00pm"),
            (&["2026-125", "19:00", "-08:00"], "2026-125 19:00-08:00"),
            (&["2026-05-05", "Z", "19:00", "20:00"], "2026-05-05 19:00Z"),
            (&["19:00+0200"], "19:00+0200"),
            (&["2026-05-05T19:00Z"], "2026-05-05T19:00Z"),
            (&["2026-05-05"], "2026-05-05"),
        ];
        for (parts, expected) in cases {
            let parts: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
            assert_eq!(joined(&parts), expected);
        }
    }

    #[test]
    fn an_end_takes_what_it_leaves_open_from_the_start() {
        let cases = [
            ("2026-05-05 19:00", "22:00", true, "2026-05-05 22:00"),
            ("2026-05-05 19:00", "1am", true, "2026-05-06 1am"),
            ("2026-05-05T19:00-08:00", "22:00", true, "2026-05-05 22:00-08:00"),
            ("2026-05-05T19:00-08:00", "2026-05-06T01:00", true, "2026-05-06T01:00:00-08:00"),
            ("2026-05-05", "2026-05-08", false, "2026-05-07"),
            ("2026-05-05", "2026-05-05", false, "2026-05-05"),
            ("2026-05-05", "2026-05-08", true, "2026-05-08"),
            ("soon", "later", false, "later"),
        ];
        for (start, end, is_new, expected) in cases {
            assert_eq!(completed(Some(start), end.to_owned(), is_new), expected, "{end}");
        }
    }
}
