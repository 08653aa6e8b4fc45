//! The zones that a calendar names: by name, else by the rules in its VTIMEZONE (RFC 5545 §3.6.5).

use super::lines::{Component, Property};
use super::times::{at, date_or_time, local_time, utc_offset};
use crate::model::{DeclaredValue, Moment, Recurrence, When};
use crate::recur;
use crate::zone::{self, ZoneWord};
use chrono::{Datelike, Days, FixedOffset, NaiveDate, NaiveDateTime};
use std::cell::RefCell;
use std::collections::HashMap;

/// Zones that stand for those with the same clock, for VTIMEZONEs under a name of their own.
const STAND_INS: &[&str] = &[
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

/// The zones of one VCALENDAR.
#[derive(Default)]
pub(super) struct Zones<'a> {
    by_id: HashMap<&'a str, &'a Component>,
    /// X-WR-TIMEZONE: fills in floating times only.
    default: Option<String>,
    /// TZIDs that nothing is known of; each is told once.
    unknown: RefCell<Vec<String>>,
    /// The zone whose clock a VTIMEZONE shows, if one does.
    stand_ins: RefCell<HashMap<String, Option<&'static str>>>,
}

impl<'a> Zones<'a> {
    pub fn of(calendar: &'a Component) -> Self {
        let zones = calendar.parts.iter().filter(|part| part.name == "VTIMEZONE");
        let by_id = zones.filter_map(|zone| Some((zone.first("TZID")?.value.trim(), zone))).collect();
        let default = calendar.text("X-WR-TIMEZONE").and_then(|name| zone::by_name(&name));
        Self {
            by_id,
            default: default.map(|zone| zone.as_str().to_owned()),
            unknown: RefCell::default(),
            stand_ins: RefCell::default(),
        }
    }

    pub fn unknown(&self) -> Vec<String> {
        self.unknown.take()
    }

    /// What a date property (or one value of it) says.
    pub fn value(&self, property: &Property, text: &str) -> Option<DeclaredValue> {
        let value = date_or_time(text)?;
        if property.param("VALUE").is_some_and(|kind| kind.eq_ignore_ascii_case("DATE")) {
            return Some(DeclaredValue::Day(value.day()));
        }
        Some(match (value, property.param("TZID").filter(|id| !id.is_empty())) {
            (DeclaredValue::Local(local), Some(id)) => self.zoned(local, id),
            (DeclaredValue::Local(local), None) => self.floating(local),
            (value, _) => value,
        })
    }

    fn stand_in(&self, id: &str, own: &Component, local: NaiveDateTime) -> Option<&'static str> {
        let mut known = self.stand_ins.borrow_mut();
        *known.entry(id.to_owned()).or_insert_with(|| same_clock(own, local.year()))
    }

    fn floating(&self, local: NaiveDateTime) -> DeclaredValue {
        match &self.default {
            Some(name) => DeclaredValue::Zoned(local, name.clone()),
            None => DeclaredValue::Local(local),
        }
    }

    fn zoned(&self, local: NaiveDateTime, id: &str) -> DeclaredValue {
        let own = self.by_id.get(id.trim());
        let location = own.and_then(|zone| zone.text("X-LIC-LOCATION"));
        if let Some(zone) = zone::by_name(id).or_else(|| zone::by_name(&location?)) {
            return match zone.as_str() {
                "Etc/UTC" => DeclaredValue::At(local.and_utc().fixed_offset()),
                name => DeclaredValue::Zoned(local, name.to_owned()),
            };
        }
        if let Some(name) = own.and_then(|zone| self.stand_in(id, zone, local)) {
            return DeclaredValue::Zoned(local, name.to_owned());
        }
        if let Some(at) = own.and_then(|zone| offset_by_rules(zone, local)).and_then(|offset| at(local, offset)) {
            return DeclaredValue::At(at);
        }
        match zone::by_word(id) {
            Some(ZoneWord::Zone(zone)) => return DeclaredValue::Zoned(local, zone.as_str().to_owned()),
            Some(ZoneWord::Fixed(offset)) => {
                if let Some(at) = at(local, offset) {
                    return DeclaredValue::At(at);
                }
            }
            None => {}
        }
        if self.default.is_none() {
            let mut unknown = self.unknown.borrow_mut();
            if unknown.len() < 20 && !unknown.iter().any(|known| known == id) {
                unknown.push(id.to_owned());
            }
        }
        self.floating(local)
    }
}

/// The zone whose clock shows the same as the VTIMEZONE in every week of the year: so a series keeps its hour when summer time begins.
fn same_clock(own: &Component, year: i32) -> Option<&'static str> {
    let noon = NaiveDate::from_ymd_opt(year, 1, 1)?.and_hms_opt(12, 0, 0)?;
    let weeks = (0..53).filter_map(|week| noon.checked_add_days(Days::new(week * 7)));
    let clock: Vec<(NaiveDateTime, FixedOffset)> =
        weeks.map(|local| offset_by_rules(own, local).map(|offset| (local, offset))).collect::<Option<_>>()?;
    let agrees = |name: &&&str| {
        let Some(zone) = zone::by_name(name) else { return false };
        clock.iter().all(|(local, offset)| zone::offset_at(zone::to_utc(*local, &zone), &zone) == *offset)
    };
    STAND_INS.iter().find(agrees).copied()
}

/// The offset that a VTIMEZONE's own rules give for a clock time: that of the last change before it.
fn offset_by_rules(zone: &Component, local: NaiveDateTime) -> Option<FixedOffset> {
    let mut latest: Option<(NaiveDateTime, FixedOffset)> = None;
    let mut earliest: Option<(NaiveDateTime, FixedOffset)> = None;
    for part in zone.parts.iter().filter(|part| part.name == "STANDARD" || part.name == "DAYLIGHT").take(200) {
        let offset = |name: &str| part.first(name).and_then(|property| utc_offset(&property.value));
        let (Some(begin), Some(to)) =
            (part.first("DTSTART").and_then(|start| local_time(&start.value)), offset("TZOFFSETTO"))
        else {
            continue;
        };
        if let Some(onset) = last_onset(part, begin, local)
            && latest.is_none_or(|(known, _)| onset > known)
        {
            latest = Some((onset, to));
        }
        if earliest.is_none_or(|(known, _)| begin < known) {
            earliest = Some((begin, offset("TZOFFSETFROM").unwrap_or(to)));
        }
    }
    latest.or(earliest).map(|(_, offset)| offset)
}

fn last_onset(part: &Component, begin: NaiveDateTime, local: NaiveDateTime) -> Option<NaiveDateTime> {
    let dates = part.all("RDATE").flat_map(|property| property.value.split(',')).filter_map(local_time);
    let recurrence = Recurrence {
        rules: part.all("RRULE").map(|rule| rule.value.clone()).take(4).collect(),
        dates: dates.map(Moment::Local).take(1000).collect(),
        ..Recurrence::default()
    };
    let when = When::Instant { start: begin.and_utc(), end: None };
    let from = local.date().checked_sub_days(Days::new(800))?;
    let recent = recur::occurrences(&when, &recurrence, from, local.date(), 50);
    let recent = recent.iter().filter_map(|occurrence| match occurrence.when {
        When::Instant { start, .. } => Some(start.naive_utc()),
        _ => None,
    });
    recent.filter(|onset| *onset <= local).max().or_else(|| (begin <= local).then_some(begin))
}
