//! The clock that a VTIMEZONE describes (RFC 5545 §3.6.5): its changes in order, and the known zone that shows the same.

use super::lines::Component;
use super::times::{local_time, utc_offset};
use crate::model::{Moment, Recurrence, When, ZoneId};
use crate::recur;
use crate::zone;
use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, NaiveDateTime, TimeDelta, Utc};

/// A clock changes twice a year; a few hundred years of that are as much as is looked at.
const MOST_CHANGES: usize = 1_000;
const MOST_PARTS: usize = 60;
const MOST_RULES: usize = 20;
/// Rules are followed as far as events may be dated on a board that is looked at today.
const YEARS: (i32, i32) = (1970, 2100);
/// A year that nobody plans for yet: zones show in it what today's rules lead to.
const AHEAD: i32 = 2045;

/// When which offset applies.
#[derive(Debug, Clone, Default)]
pub(super) struct OwnClock {
    /// In order of their onsets.
    changes: Vec<Change>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Change {
    /// On the clock before the change.
    onset: NaiveDateTime,
    from: FixedOffset,
    to: FixedOffset,
}

impl OwnClock {
    /// `None` for a VTIMEZONE that says nothing.
    pub fn of(zone: &Component) -> Option<Self> {
        let is_part = |part: &&Component| part.name == "STANDARD" || part.name == "DAYLIGHT";
        let (mut changes, mut rules) = (Vec::new(), MOST_RULES);
        for part in zone.parts.iter().filter(is_part).take(MOST_PARTS) {
            let offset = |name: &str| part.first(name).and_then(|property| utc_offset(&property.value));
            let begin = part.first("DTSTART").and_then(|start| local_time(&start.value));
            let (Some(begin), Some(to)) = (begin, offset("TZOFFSETTO")) else { continue };
            let from = offset("TZOFFSETFROM").unwrap_or(to);
            changes.extend(onsets(part, begin, &mut rules).into_iter().map(|onset| Change { onset, from, to }));
            if changes.len() > MOST_CHANGES {
                break;
            }
        }
        changes.sort_by_key(|change| change.onset);
        (!changes.is_empty()).then_some(Self { changes })
    }

    /// The offset at a clock time. In a gap the one before it applies, in an overlap the first of the two (§3.3.5).
    pub fn offset_at(&self, local: NaiveDateTime) -> Option<FixedOffset> {
        let next = self.changes.partition_point(|change| change.onset <= local);
        let Some(change) = next.checked_sub(1).and_then(|at| self.changes.get(at)) else {
            return self.changes.first().map(|first| first.from);
        };
        let skipped = TimeDelta::seconds(i64::from(change.to.local_minus_utc() - change.from.local_minus_utc()));
        let in_gap = change.onset.checked_add_signed(skipped).is_some_and(|end| local < end);
        Some(if in_gap { change.from } else { change.to })
    }

    /// True if the file says anything about the offset then: many leave out what was before their events.
    pub fn covers(&self, local: NaiveDateTime) -> bool {
        self.changes.first().is_some_and(|first| first.onset <= local)
    }

    /// The moment of a clock time.
    pub fn moment(&self, local: NaiveDateTime) -> Option<DateTime<Utc>> {
        Some(local.and_local_timezone(self.offset_at(local)?).single()?.to_utc())
    }

    /// What it shows in every week of the year.
    fn weeks(&self, year: i32) -> Option<Vec<(NaiveDateTime, FixedOffset)>> {
        let noon = NaiveDate::from_ymd_opt(year, 1, 1)?.and_hms_opt(12, 0, 0)?;
        let weeks = (0..53).filter_map(|week| noon.checked_add_days(Days::new(week * 7)));
        weeks.map(|local| self.offset_at(local).map(|offset| (local, offset))).collect()
    }

    /// True if it goes on as the zone does, whatever it makes of earlier years.
    pub fn shows_today(&self, zone: &ZoneId) -> bool {
        self.weeks(AHEAD).is_some_and(|weeks| agree(&weeks, zone))
    }

    /// The zone whose clock shows the same in every week of the year: so a series keeps its hour when summer time begins.
    pub fn same_as(&self, year: i32) -> Option<String> {
        let weeks = self.weeks(year)?;
        let agrees = |name: &&str| zone::by_name(name).is_some_and(|zone| agree(&weeks, &zone));
        let found = STAND_INS.iter().copied().find(agrees).or_else(|| zone::names().find(agrees));
        found.map(str::to_owned)
    }
}

fn agree(weeks: &[(NaiveDateTime, FixedOffset)], zone: &ZoneId) -> bool {
    weeks.iter().all(|(local, offset)| zone::offset_at(zone::to_utc(*local, zone), zone) == *offset)
}

/// The clock times of one observance's changes. Clocks change by the year: other rules, and more than are left, count for nothing.
fn onsets(part: &Component, begin: NaiveDateTime, left: &mut usize) -> Vec<NaiveDateTime> {
    let dates = part.all("RDATE").flat_map(|property| property.value.split(',')).filter_map(local_time);
    let is_yearly = |rule: &String| rule.to_ascii_uppercase().contains("FREQ=YEARLY");
    let rules: Vec<String> =
        part.all("RRULE").map(|rule| rule.value.to_string()).filter(is_yearly).take(1.min(*left)).collect();
    *left = left.saturating_sub(rules.len());
    let recurrence =
        Recurrence { rules, dates: dates.map(Moment::Local).take(MOST_CHANGES).collect(), ..Recurrence::default() };
    let when = When::Instant { start: begin.and_utc(), end: None };
    let day = |year| NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(begin.date());
    let found = recur::occurrences(&when, &recurrence, day(YEARS.0), day(YEARS.1), MOST_CHANGES);
    let mut onsets: Vec<NaiveDateTime> =
        found.iter().map(|occurrence| zone::start_of(&occurrence.when).naive_utc()).collect();
    if begin.year() < YEARS.0 {
        // What began long ago has been so since.
        onsets.push(begin);
    }
    onsets
}

/// Of the zones that show the same, the one that most people mean.
const STAND_INS: &[&str] = &[
    "Etc/UTC",
    "Europe/Berlin",
    "Europe/London",
    "Europe/Helsinki",
    "Europe/Istanbul",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "America/Halifax",
    "America/St_Johns",
    "America/Sao_Paulo",
    "America/Bogota",
    "America/Mexico_City",
    "America/Santiago",
    "Africa/Lagos",
    "Africa/Johannesburg",
    "Africa/Nairobi",
    "Africa/Cairo",
    "Asia/Jerusalem",
    "Asia/Dubai",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Dhaka",
    "Asia/Bangkok",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Australia/Brisbane",
    "Australia/Adelaide",
    "Australia/Darwin",
    "Pacific/Auckland",
    "Pacific/Honolulu",
];

#[cfg(test)]
mod tests {
    use super::super::lines::components;
    use super::*;

    fn clock(parts: &str) -> OwnClock {
        let text = format!("BEGIN:VTIMEZONE\nTZID:Ours\n{parts}END:VTIMEZONE\n");
        OwnClock::of(components(&text).first().unwrap()).unwrap()
    }

    fn part(kind: &str, begin: &str, from: &str, to: &str, rule: &str) -> String {
        format!("BEGIN:{kind}\nDTSTART:{begin}\nTZOFFSETFROM:{from}\nTZOFFSETTO:{to}\n{rule}END:{kind}\n")
    }

    fn minutes(clock: &OwnClock, local: &str) -> i32 {
        let local = NaiveDateTime::parse_from_str(local, "%Y-%m-%d %H:%M").unwrap();
        clock.offset_at(local).unwrap().local_minus_utc() / 60
    }

    #[test]
    fn the_last_change_before_a_clock_time_counts() {
        // Half an hour of summer time, from the first Sunday of April to the first of October.
        let clock = clock(&format!(
            "{}{}",
            part("DAYLIGHT", "16010101T020000", "+0110", "+0140", "RRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=1SU\n"),
            part("STANDARD", "16010101T030000", "+0140", "+0110", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=1SU\n"),
        ));
        for (local, expected) in [
            ("2025-01-10 12:00", 70),
            ("2025-04-06 01:59", 70),
            ("2025-04-06 02:10", 70),
            ("2025-04-06 02:30", 100),
            ("2025-10-05 02:45", 100),
            ("2025-10-05 03:00", 70),
            ("1800-06-01 12:00", 70),
        ] {
            assert_eq!(minutes(&clock, local), expected, "{local}");
        }
        assert_eq!(clock.same_as(2025), None);
    }

    #[test]
    fn a_zone_that_shows_the_same_is_found() {
        for (offset, expected) in
            [("+0000", "Etc/UTC"), ("+0545", "Asia/Kathmandu"), ("-1000", "Pacific/Honolulu"), ("+1245", "none")]
        {
            let clock = clock(&part("STANDARD", "19700101T000000", offset, offset, ""));
            assert_eq!(clock.same_as(2025).unwrap_or("none".into()), expected, "{offset}");
        }
    }
}
