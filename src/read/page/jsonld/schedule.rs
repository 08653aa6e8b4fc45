//! schema.org's Schedule: how an event repeats.
//!
//! In: the schedule, and when the event begins if it says so itself. Out: the first occurrence, its end, and an RFC 5545 rule. A schedule
//! whose frequency is not understood leaves the event as it is.

use super::node::{Node, bare};
use crate::model::{DeclaredTime, DeclaredValue, Moment, Recurrence, When};
use crate::read::page::moment;
use crate::recur;
use chrono::{Days, Months, NaiveDate, NaiveTime};

/// When a scheduled event takes place.
#[derive(Debug)]
pub(super) struct Scheduled {
    pub start: DeclaredTime,
    pub end: Option<DeclaredTime>,
    pub zone: Option<String>,
    pub recurrence: Recurrence,
}

/// Reads a schedule; `start` and `end` are the event's own.
pub(super) fn read(schedule: Node, start: Option<&DeclaredTime>, end: Option<&DeclaredTime>) -> Option<Scheduled> {
    let written = schedule.text("startDate").and_then(|text| Some((moment::parse(&text)?, text)));
    let (value, raw) = match (start, written) {
        (Some(start), _) => (start.value.clone(), start.raw.clone()),
        (None, Some(written)) => written,
        (None, None) => return None,
    };
    let clock = |name: &str| schedule.text(name).and_then(|text| moment::parse_clock(&text));
    let hour = clock("startTime").or_else(|| time_of(&value));
    let rule = rule(schedule, value.day())?;
    let day = first_day(value.day(), &rule);
    let first = on(day, hour, &value);
    let last = clock("endTime").map(|end_hour| {
        let next = hour.is_some_and(|hour| end_hour <= hour);
        on(day.checked_add_days(Days::new(u64::from(next))).unwrap_or(day), Some(end_hour), &value)
    });
    // An event that names its own hours names those of each occurrence; one of bare days the span of the whole series.
    let own_end =
        || end.filter(|end| end.value.day() == value.day() && value.day() == day).map(|end| end.value.clone());
    let last =
        last.or_else(|| schedule.text("duration").and_then(|text| moment::after(&first, &text))).or_else(own_end);
    let time = |value| DeclaredTime { field: "eventSchedule".to_owned(), raw: raw.clone(), line: 0, value };
    Some(Scheduled {
        start: time(first),
        end: last.map(time),
        zone: schedule.text("scheduleTimezone"),
        recurrence: Recurrence { rules: vec![rule], except: except(schedule, hour), ..Recurrence::default() },
    })
}

fn time_of(value: &DeclaredValue) -> Option<NaiveTime> {
    match value {
        DeclaredValue::Day(_) => None,
        DeclaredValue::Local(at) | DeclaredValue::Zoned(at, _) => Some(at.time()),
        DeclaredValue::At(at) => Some(at.naive_local().time()),
    }
}

/// A day and hour on the clock of the event's own start.
fn on(day: NaiveDate, hour: Option<NaiveTime>, like: &DeclaredValue) -> DeclaredValue {
    let Some(local) = hour.map(|hour| day.and_time(hour)) else { return DeclaredValue::Day(day) };
    match like {
        DeclaredValue::Day(_) | DeclaredValue::Local(_) => DeclaredValue::Local(local),
        DeclaredValue::Zoned(_, zone) => DeclaredValue::Zoned(local, zone.clone()),
        DeclaredValue::At(at) => {
            let moment = local.and_local_timezone(*at.offset()).single();
            moment.map_or(DeclaredValue::Local(local), DeclaredValue::At)
        }
    }
}

/// A schedule begins on some day; the event on the first that its rule gives from there.
fn first_day(from: NaiveDate, rule: &str) -> NaiveDate {
    let when = When::day(from);
    if recur::start_fits_rule(&when, rule) {
        return from;
    }
    // The first start always counts as an occurrence.
    let series = Recurrence { rules: vec![rule.to_owned()], ..Recurrence::default() };
    let year_on = from.checked_add_months(Months::new(13)).unwrap_or(from);
    let second = recur::occurrences(&when, &series, from, year_on, 2).into_iter().nth(1);
    second.map_or(from, |occurrence| occurrence.when.first_day())
}

/// The rule in RFC 5545 §3.3.10.
fn rule(schedule: Node, first: NaiveDate) -> Option<String> {
    let mut rule = frequency(&schedule.text("repeatFrequency")?)?;
    let monthly = rule.contains("MONTHLY");
    let numbers = |name: &str| -> Vec<String> {
        let all = schedule.texts(name).into_iter().filter_map(|text| text.parse::<i8>().ok());
        all.map(|number| number.to_string()).collect()
    };
    let weeks = if monthly { numbers("byMonthWeek") } else { Vec::new() };
    let day = |text: &String| {
        let day = weekday(text)?;
        let ordinal = day.starts_with(|c: char| c.is_ascii_digit() || c == '-') || weeks.is_empty();
        Some(if ordinal { vec![day] } else { weeks.iter().map(|week| format!("{week}{day}")).collect() })
    };
    let days: Vec<String> = by_day(schedule).iter().filter_map(day).flatten().collect();
    let parts = [("BYDAY", days), ("BYMONTH", numbers("byMonth")), ("BYMONTHDAY", numbers("byMonthDay"))];
    for (name, values) in parts.iter().filter(|(_, values)| !values.is_empty()) {
        rule.push_str(&format!(";{name}={}", values.join(",")));
    }
    let count = schedule.text("repeatCount").and_then(|text| text.parse::<u16>().ok()).filter(|count| *count > 0);
    let until = schedule.text("endDate").and_then(|text| moment::parse(&text)).map(|value| value.day());
    match (count, until) {
        (_, Some(until)) => rule.push_str(&format!(";UNTIL={}", until.format("%Y%m%d"))),
        (Some(count), None) => rule.push_str(&format!(";COUNT={count}")),
        (None, None) => {}
    }
    recur::checked_rule_of_floating(&rule, first).ok()
}

/// Days of the week, as texts or as members of a list that names them by their address.
fn by_day(schedule: Node) -> Vec<String> {
    let texts = schedule.texts("byDay");
    if texts.is_empty() { schedule.address("byDay").into_iter().collect() } else { texts }
}

/// `P1W`, `P2M`, or a word such as `Weekly`.
fn frequency(text: &str) -> Option<String> {
    let word = bare(text).to_ascii_lowercase();
    let named = match word.as_str() {
        "daily" => Some(("DAILY", 1)),
        "weekly" => Some(("WEEKLY", 1)),
        "biweekly" | "fortnightly" => Some(("WEEKLY", 2)),
        "monthly" => Some(("MONTHLY", 1)),
        "yearly" | "annually" | "annual" => Some(("YEARLY", 1)),
        _ => None,
    };
    let period = || {
        let (number, unit) = word.strip_prefix('p')?.split_at_checked(word.len().checked_sub(2)?)?;
        let of = match unit {
            "d" => "DAILY",
            "w" => "WEEKLY",
            "m" => "MONTHLY",
            "y" => "YEARLY",
            _ => return None,
        };
        Some((of, number.parse().ok().filter(|number: &u16| *number > 0)?))
    };
    let (of, every) = named.or_else(period)?;
    Some(if every == 1 { format!("FREQ={of}") } else { format!("FREQ={of};INTERVAL={every}") })
}

/// `https://schema.org/Monday`, `Monday` or `MO`, also with its place in the month (`2MO`).
fn weekday(text: &str) -> Option<String> {
    let text = bare(text).to_ascii_uppercase();
    let letters = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-' || c == '+');
    let number = text.strip_suffix(letters)?;
    let names = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"];
    let name = names.into_iter().find(|name| *name == letters || name.get(..2) == Some(letters))?;
    Some(format!("{number}{}", name.get(..2)?))
}

/// What is left out, of the same kind as the start.
fn except(schedule: Node, hour: Option<NaiveTime>) -> Vec<Moment> {
    let dates = schedule.texts("exceptDate");
    let days = dates.iter().filter_map(|text| moment::parse(text)).map(|value| value.day());
    days.map(|day| hour.map_or(Moment::Day(day), |hour| Moment::Local(day.and_time(hour)))).collect()
}
