//! What a VTIMEZONE says is read back here by a small reader of its own and held against the data, change by change.

use super::*;
use crate::zone::{by_name, offset_at};
use chrono::Weekday;

/// Moments from which an offset applies, as a reader of the VTIMEZONE understands them.
fn onsets(lines: &[String], until: i32) -> Vec<(DateTime<Utc>, i32)> {
    let mut out = Vec::new();
    for part in lines.split(|line| line.starts_with("BEGIN:STANDARD") || line.starts_with("BEGIN:DAYLIGHT")).skip(1) {
        let value = |name: &str| part.iter().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        let (from, to) = (seconds(value("TZOFFSETFROM:")), seconds(value("TZOFFSETTO:")));
        let start = time(value("DTSTART:"));
        let mut starts = vec![start];
        starts.extend(part.iter().filter_map(|line| line.strip_prefix("RDATE:")).map(time));
        if !value("RRULE:").is_empty() {
            starts.extend(yearly(start, value("RRULE:"), from, until));
        }
        out.extend(starts.iter().map(|start| ((*start - TimeDelta::seconds(from.into())).and_utc(), to)));
    }
    out.sort();
    out.dedup();
    out
}

fn yearly(start: NaiveDateTime, rule: &str, from: i32, until: i32) -> Vec<NaiveDateTime> {
    let part = |name: &str| rule.split(';').find_map(|part| part.strip_prefix(name));
    let month: u32 = part("BYMONTH=").unwrap().parse().unwrap();
    let by_day = part("BYDAY=").unwrap();
    let (place, day) = by_day.split_at(by_day.len() - 2);
    let day: Weekday = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
        .iter()
        .position(|name| *name == day)
        .and_then(|n| Weekday::try_from(n as u8).ok())
        .unwrap();
    let end = part("UNTIL=").map(|end| time(end.trim_end_matches('Z')) + TimeDelta::seconds(from.into()));
    let mut out = Vec::new();
    for year in start.year()..=until {
        let date = match place {
            "-1" => (1..=5).rev().find_map(|n| NaiveDate::from_weekday_of_month_opt(year, month, day, n)),
            n => NaiveDate::from_weekday_of_month_opt(year, month, day, n.parse().unwrap()),
        };
        out.push(date.unwrap().and_time(start.time()));
    }
    out.retain(|time| *time >= start && end.is_none_or(|end| *time <= end));
    out
}

fn time(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").unwrap_or_else(|_| panic!("{text}"))
}

fn seconds(text: &str) -> i32 {
    let (sign, digits) = text.split_at(1);
    let part = |n: usize| digits.get(n..n + 2).map_or(0, |d| d.parse::<i32>().unwrap());
    (part(0) * 3600 + part(2) * 60 + part(4)) * if sign == "-" { -1 } else { 1 }
}

const ZONES: &[&str] = &[
    "Europe/Berlin",
    "Europe/Dublin",
    "Europe/Moscow",
    "Europe/Istanbul",
    "America/New_York",
    "America/Vancouver",
    "America/Sao_Paulo",
    "America/Santiago",
    "America/Caracas",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Africa/Monrovia",
    "Asia/Kolkata",
    "Asia/Jerusalem",
    "Asia/Tehran",
    "Asia/Gaza",
    "Asia/Pyongyang",
    "Australia/Lord_Howe",
    "Antarctica/Troll",
    "Pacific/Apia",
    "Pacific/Auckland",
    "America/St_Johns",
    "Etc/GMT-2",
];

#[test]
fn every_change_of_every_zone_is_where_the_data_has_it() {
    for name in ZONES {
        let zone = by_name(name).unwrap();
        for (first, last) in [(1971, 2040), (2005, 2026), (2018, 2019), (2024, 2024), (2026, 2026), (2025, 2090)] {
            let lines = vtimezone(&zone, first, last).unwrap();
            let onsets = onsets(&lines, last + 1);
            let at = |text: String| DateTime::parse_from_rfc3339(&text).unwrap().to_utc();
            let (begin, end) =
                (at(format!("{first:04}-01-01T00:00:00Z")), at(format!("{:04}-01-01T00:00:00Z", last + 1)));
            let said = |at: DateTime<Utc>| onsets.iter().rev().find(|(from, _)| *from <= at).map(|(_, to)| *to);
            let mut probe: Vec<DateTime<Utc>> = vec![begin, end - TimeDelta::seconds(1)];
            let stamp = Timestamp::from_second(begin.timestamp()).unwrap();
            for transition in super::rules(&zone).unwrap().following(stamp) {
                let at = DateTime::from_timestamp(transition.timestamp().as_second(), 0).unwrap();
                if at >= end {
                    break;
                }
                probe.extend([at - TimeDelta::seconds(1), at, at + TimeDelta::days(20)]);
            }
            for at in probe.into_iter().filter(|at| *at < end) {
                let right = offset_at(at, &zone).local_minus_utc();
                assert_eq!(said(at), Some(right), "{name} {first}..={last} at {at}\n{}", lines.join("\n"));
            }
        }
    }
}

#[test]
fn a_zone_with_steady_rules_has_two_observances() {
    let lines = vtimezone(&by_name("Europe/Berlin").unwrap(), 2026, 2026).unwrap();
    assert_eq!(
        lines.join("\n"),
        "BEGIN:VTIMEZONE\nTZID:Europe/Berlin\n\
         BEGIN:STANDARD\nDTSTART:20251026T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nTZNAME:CET\n\
         RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nEND:STANDARD\n\
         BEGIN:DAYLIGHT\nDTSTART:20260329T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nTZNAME:CEST\n\
         RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\nEND:DAYLIGHT\nEND:VTIMEZONE"
    );
}

#[test]
fn a_zone_without_changes_has_one_observance_and_utc_none() {
    let lines = vtimezone(&by_name("Asia/Kolkata").unwrap(), 2026, 2030).unwrap();
    assert_eq!(lines[2..5], ["BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0530"]);
    assert_eq!(lines.len(), 9);
    assert_eq!(vtimezone(&by_name("UTC").unwrap(), 2026, 2030), None);
}

#[test]
fn absurd_years_are_answered() {
    let zone = by_name("Europe/Berlin").unwrap();
    for (first, last) in [(i32::MIN, i32::MIN), (2030, 2020), (i32::MAX, i32::MAX), (9000, 9999)] {
        assert!(vtimezone(&zone, first, last).is_some(), "{first} {last}");
    }
}
