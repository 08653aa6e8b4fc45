//! Dates and times as iCalendar writes them (RFC 5545 §3.3.4, §3.3.5).

use crate::model::{Moment, Recurrence, When, ZoneId};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Utc};
use std::collections::BTreeMap;

/// For how many years after its last change a meeting that goes on for ever gets zone rules spelled out.
const YEARS_AHEAD: i32 = 20;

/// The zones of a calendar, each with its VTIMEZONE; one that needs none (UTC) has an empty one.
pub struct Zones(BTreeMap<ZoneId, Vec<String>>);

impl Zones {
    /// All VTIMEZONEs, in the order of their names.
    pub fn lines(&self) -> impl Iterator<Item = &String> {
        self.0.values().flatten()
    }

    fn is_utc(&self, zone: &ZoneId) -> bool {
        self.0.get(zone).is_none_or(Vec::is_empty)
    }
}

/// The years for which each zone of a calendar is used.
#[derive(Default)]
pub struct ZoneYears(BTreeMap<ZoneId, (i32, i32)>);

impl ZoneYears {
    /// Notes the zones of an event.
    pub fn add(&mut self, when: &When, recurrence: Option<&Recurrence>, changed: DateTime<Utc>) {
        self.add_when(when, recurrence.map(|r| (r, changed.year())));
        for change in recurrence.iter().flat_map(|r| &r.overrides) {
            self.add_when(&change.when, None);
        }
    }

    fn add_when(&mut self, when: &When, repeats: Option<(&Recurrence, i32)>) {
        let When::Zoned { start, zone, .. } = when else { return };
        let mut last = when.last_day().year();
        if let Some((recurrence, changed)) = repeats {
            let end = crate::recur::last_day(when, recurrence);
            last = last.max(end.map_or(changed.max(start.year()) + YEARS_AHEAD, |day| day.year()));
        }
        let years = self.0.entry(zone.clone()).or_insert((start.year(), last));
        *years = (years.0.min(start.year()), years.1.max(last));
    }

    /// Looks up their rules.
    pub fn zones(self) -> Zones {
        let rules = |(zone, (first, last))| {
            let lines = crate::zone::vtimezone(&zone, first, last).unwrap_or_default();
            (zone, lines)
        };
        Zones(self.0.into_iter().map(rules).collect())
    }
}

/// `20221014`.
pub fn date(day: NaiveDate) -> String {
    day.format("%Y%m%d").to_string()
}

/// `20221014T160000Z`.
pub fn utc(at: DateTime<Utc>) -> String {
    format!("{}Z", local(at.naive_utc()))
}

fn local(time: NaiveDateTime) -> String {
    time.format("%Y%m%dT%H%M%S").to_string()
}

fn zoned(name: &str, time: NaiveDateTime, zone: &ZoneId, zones: &Zones) -> (String, String) {
    if zones.is_utc(zone) {
        return (name.to_owned(), format!("{}Z", local(time)));
    }
    (format!("{name};TZID={zone}"), local(time))
}

/// DTSTART, and DTEND where an end is known. The last day is inclusive in the model and exclusive here (§3.6.1).
pub fn start_and_end(when: &When, zones: &Zones) -> Vec<(String, String)> {
    match when {
        When::AllDay { first, last } => {
            let day = |name: &str, day| (format!("{name};VALUE=DATE"), date(day));
            let end = (*last).max(*first).succ_opt();
            [day("DTSTART", *first)].into_iter().chain(end.map(|end| day("DTEND", end))).collect()
        }
        When::Zoned { start, end, zone } => {
            let end = end.filter(|end| end > start).map(|end| zoned("DTEND", end, zone, zones));
            [zoned("DTSTART", *start, zone, zones)].into_iter().chain(end).collect()
        }
        When::Instant { start, end } => {
            let end = end.filter(|end| end > start).map(|end| ("DTEND".to_owned(), utc(end)));
            [("DTSTART".to_owned(), utc(*start))].into_iter().chain(end).collect()
        }
    }
}

/// A property that names an occurrence (RECURRENCE-ID, EXDATE, RDATE), of the same type as the series' DTSTART (§3.8.4.4).
pub fn occurrence(name: &str, moment: &Moment, series: &When, zones: &Zones) -> (String, String) {
    match series {
        When::AllDay { .. } => {
            let day = match moment {
                Moment::Day(day) => *day,
                Moment::Local(time) => time.date(),
                Moment::At(at) => at.date_naive(),
            };
            (format!("{name};VALUE=DATE"), date(day))
        }
        When::Zoned { start, zone, .. } => {
            let time = match moment {
                Moment::Day(day) => day.and_time(start.time()),
                Moment::Local(time) => *time,
                Moment::At(at) => crate::zone::to_local(*at, zone),
            };
            zoned(name, time, zone, zones)
        }
        When::Instant { start, .. } => {
            let at = match moment {
                Moment::Day(day) => day.and_time(start.time()).and_utc(),
                Moment::Local(time) => time.and_utc(),
                Moment::At(at) => *at,
            };
            (name.to_owned(), utc(at))
        }
    }
}
