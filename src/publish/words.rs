//! Dates in words, in English, with the weekday: nobody should have to guess.

use crate::model::{Deadline, DeadlineKind, Recurrence, When};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

/// `Friday, 14 October 2022`.
pub fn day(day: NaiveDate) -> String {
    day.format("%A, %-d %B %Y").to_string()
}

/// A span in words, in two parts, so that each can be marked up as a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    /// `Fri 14`, or the whole of it where there is no end.
    pub start: String,
    /// What joins the two (` – `), and `Sun 16 October 2022`.
    pub end: Option<(&'static str, String)>,
}

impl Spoken {
    /// Both parts.
    pub fn whole(&self) -> String {
        self.start.clone() + &self.end.iter().map(|(joint, end)| format!("{joint}{end}")).collect::<String>()
    }
}

/// `Friday, 14 October 2022`, or `Fri 14 – Sun 16 October 2022` for several.
pub fn days(first: NaiveDate, last: NaiveDate) -> Spoken {
    if first >= last {
        return Spoken { start: day(first), end: None };
    }
    let start = match (first.year() == last.year(), first.month() == last.month()) {
        (true, true) => first.format("%a %-d"),
        (true, false) => first.format("%a %-d %B"),
        _ => first.format("%a %-d %B %Y"),
    };
    Spoken { start: start.to_string(), end: Some((" – ", last.format("%a %-d %B %Y").to_string())) }
}

/// `Friday, 14 October 2022, 18:00–20:00`.
pub fn times(start: NaiveDateTime, end: Option<NaiveDateTime>) -> Spoken {
    let at = |time: NaiveDateTime| format!("{}, {}", day(time.date()), clock(time));
    let end = end.filter(|end| *end > start).map(|end| {
        let same_day = end.date() == start.date() || end == start.date().and_time(NaiveTime::MIN) + TimeDelta::days(1);
        if same_day { ("–", clock(end)) } else { (" – ", at(end)) }
    });
    Spoken { start: at(start), end }
}

/// `18:00`.
pub fn clock(time: NaiveDateTime) -> String {
    time.format("%H:%M").to_string()
}

/// `Fri 14 October 2022, 06:00 UTC`.
pub fn moment(at: &DateTime<Utc>) -> String {
    at.format("%a %-d %B %Y, %H:%M UTC").to_string()
}

/// A zone for people: the town it is named after.
pub fn zone(name: &str) -> String {
    match name.rsplit('/').next() {
        None | Some("UTC" | "UCT" | "GMT" | "Zulu" | "Universal") => "UTC".to_owned(),
        Some(_) if name.starts_with("Etc/") || !name.contains('/') => name.to_owned(),
        Some(town) => format!("{} time", town.replace('_', " ")),
    }
}

/// Day and time with its zone, for a line of text.
pub fn when(when: &When) -> String {
    match when {
        When::AllDay { first, last } => days(*first, *last).whole(),
        When::Zoned { start, end, zone: name } => {
            format!("{} ({})", times(*start, *end).whole(), zone(name.as_str()))
        }
        When::Instant { start, end } => {
            format!("{} (UTC)", times(start.naive_utc(), end.map(|end| end.naive_utc())).whole())
        }
    }
}

/// `every week`, `every 2 months`; the next date says the rest.
pub fn repeats(recurrence: &Recurrence) -> String {
    let [rule] = recurrence.rules.as_slice() else { return "several dates".to_owned() };
    let part = |name: &str| rule.split(';').filter_map(|part| part.split_once('=')).find(|(n, _)| *n == name);
    let unit = match part("FREQ") {
        Some((_, "DAILY")) => "day",
        Some((_, "WEEKLY")) => "week",
        Some((_, "MONTHLY")) => "month",
        Some((_, "YEARLY")) => "year",
        _ => return "several dates".to_owned(),
    };
    match part("INTERVAL").and_then(|(_, number)| number.parse::<u32>().ok()) {
        Some(number @ 2..) => format!("every {number} {unit}s"),
        _ => format!("every {unit}"),
    }
}

/// `Registration closes Friday, 14 October 2022`.
pub fn deadline(deadline: &Deadline) -> String {
    let what = match deadline.kind {
        DeadlineKind::Registration => "Registration closes",
        DeadlineKind::CallForPapers => "Call for papers closes",
        DeadlineKind::Other => "Deadline:",
    };
    let at = match &deadline.at {
        When::AllDay { last, .. } => day(*last),
        timed => when(timed),
    };
    format!("{what} {at}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_say_their_weekdays() {
        let on = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        assert_eq!(days(on(2022, 10, 14), on(2022, 10, 14)).whole(), "Friday, 14 October 2022");
        assert_eq!(days(on(2022, 10, 14), on(2022, 10, 16)).whole(), "Fri 14 – Sun 16 October 2022");
        assert_eq!(days(on(2022, 9, 30), on(2022, 10, 2)).whole(), "Fri 30 September – Sun 2 October 2022");
        assert_eq!(days(on(2022, 12, 31), on(2023, 1, 1)).whole(), "Sat 31 December 2022 – Sun 1 January 2023");
    }

    #[test]
    fn an_evening_names_its_day_once() {
        let at = |d, h| NaiveDate::from_ymd_opt(2025, 3, d).unwrap().and_hms_opt(h, 0, 0).unwrap();
        assert_eq!(times(at(14, 18), Some(at(14, 20))).whole(), "Friday, 14 March 2025, 18:00–20:00");
        assert_eq!(times(at(14, 18), Some(at(15, 0))).whole(), "Friday, 14 March 2025, 18:00–00:00");
        assert_eq!(times(at(14, 18), None).whole(), "Friday, 14 March 2025, 18:00");
        assert_eq!(
            times(at(14, 18), Some(at(16, 12))).whole(),
            "Friday, 14 March 2025, 18:00 – Sunday, 16 March 2025, 12:00"
        );
    }

    #[test]
    fn a_rule_is_told_in_words() {
        let told = |rules: &[&str]| {
            let rules = rules.iter().map(|rule| rule.to_string()).collect();
            repeats(&Recurrence { rules, ..Recurrence::default() })
        };
        assert_eq!(told(&["FREQ=WEEKLY;BYDAY=WE"]), "every week");
        assert_eq!(told(&["FREQ=MONTHLY;INTERVAL=2;BYDAY=1TU"]), "every 2 months");
        assert_eq!(told(&[]), "several dates");
    }

    #[test]
    fn zones_are_called_after_their_town() {
        assert_eq!(zone("America/Argentina/Buenos_Aires"), "Buenos Aires time");
        assert_eq!(zone("Etc/UTC"), "UTC");
        assert_eq!(zone("Etc/GMT+5"), "Etc/GMT+5");
    }
}
