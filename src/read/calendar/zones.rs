//! The zones that a calendar names: by name, else by the rules in its VTIMEZONE (RFC 5545 §3.6.5).

use super::clock::OwnClock;
use super::lines::{Component, Property};
use super::times::{at, date_or_time, local_time};
use crate::model::{DeclaredValue, ZoneId};
use crate::zone::{self, ZoneWord};
use chrono::{Datelike, NaiveDateTime};
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// More VTIMEZONEs with names of their own are no calendar's; the rest are as if they were not there.
const MOST_OWN: usize = 30;

/// The zones of one VCALENDAR.
#[derive(Default)]
pub(super) struct Zones<'a> {
    by_id: BTreeMap<&'a str, &'a Component<'a>>,
    /// X-WR-TIMEZONE: fills in floating times only.
    default: Option<String>,
    /// TZIDs that nothing is known of; each is told once.
    unknown: RefCell<Vec<String>>,
    /// What the VTIMEZONEs that are named after zones make of the newest values in them.
    compared: RefCell<BTreeMap<String, Compared>>,
    own: RefCell<BTreeMap<String, Option<Rc<OwnZone>>>>,
    /// The zones that TZIDs name, as they were found.
    named: RefCell<BTreeMap<String, Option<ZoneId>>>,
}

/// What a VTIMEZONE makes of its clock.
#[derive(Debug)]
struct OwnZone {
    clock: OwnClock,
    /// The zone whose clock shows the same, if one does.
    same: OnceCell<Option<String>>,
}

/// A VTIMEZONE beside the zone that it is named after.
struct Compared {
    zone: ZoneId,
    /// The year of the newest value: programs write today's rules only, whatever years the older ones are of.
    year: i32,
    /// True if its clock shows another hour at a value of that year.
    differs: bool,
}

impl OwnZone {
    /// It is looked for in the year that is first asked for.
    fn same(&self, year: i32) -> Option<&str> {
        self.same.get_or_init(|| self.clock.same_as(year)).as_deref()
    }
}

impl<'a> Zones<'a> {
    pub fn of(calendar: &'a Component<'a>) -> Self {
        let zones = calendar.parts.iter().filter(|part| part.name == "VTIMEZONE");
        let by_id = zones.filter_map(|zone| Some((zone.first("TZID")?.value.trim(), zone))).collect();
        let default = calendar.text("X-WR-TIMEZONE").and_then(|name| zone::by_name(&name));
        Self { by_id, default: default.map(|zone| zone.as_str().to_owned()), ..Self::default() }
    }

    pub fn unknown(&self) -> Vec<String> {
        self.unknown.take()
    }

    /// TZIDs that are names of zones whose clock is another one than that of the VTIMEZONE; one that holds today's rules is none of them.
    pub fn stale(&self) -> Vec<String> {
        let compared = self.compared.take().into_iter().filter(|(_, compared)| compared.differs);
        let is_of_today = |id: &str, zone: &ZoneId| self.own(id).is_some_and(|own| own.clock.shows_today(zone));
        compared.filter(|(id, compared)| !is_of_today(id, &compared.zone)).map(|(id, _)| id).collect()
    }

    /// The clock of a property's TZID, where it is no known zone's: a series in it can't be told as clock time in a zone.
    pub fn own_clock(&self, property: &Property) -> Option<OwnClock> {
        let id = property.param("TZID")?.trim();
        let own = self.own(id).filter(|_| self.named(id).is_none())?;
        own.same(local_time(&property.value)?.year()).is_none().then(|| own.clock.clone())
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

    /// The zone that a TZID, or the place beside it in its VTIMEZONE, is the name of.
    fn named(&self, id: &str) -> Option<ZoneId> {
        if let Some(known) = self.named.borrow().get(id) {
            return known.clone();
        }
        let location = || self.by_id.get(id)?.text("X-LIC-LOCATION");
        let zone = zone::by_name(id).or_else(|| zone::by_name(&location()?));
        self.named.borrow_mut().insert(id.to_owned(), zone.clone());
        zone
    }

    /// The VTIMEZONE of that name.
    fn own(&self, id: &str) -> Option<Rc<OwnZone>> {
        let component = self.by_id.get(id)?;
        let mut known = self.own.borrow_mut();
        if let Some(own) = known.get(id) {
            return own.clone();
        }
        if known.len() >= MOST_OWN {
            return None;
        }
        let own = OwnClock::of(component).map(|clock| Rc::new(OwnZone { clock, same: OnceCell::new() }));
        known.insert(id.to_owned(), own.clone());
        own
    }

    fn floating(&self, local: NaiveDateTime) -> DeclaredValue {
        match &self.default {
            Some(name) => DeclaredValue::Zoned(local, name.clone()),
            None => DeclaredValue::Local(local),
        }
    }

    /// By its name; a name that nobody else knows means the rules in the file.
    fn zoned(&self, local: NaiveDateTime, id: &str) -> DeclaredValue {
        let id = id.trim();
        if let Some(zone) = self.named(id) {
            self.compare(id, local, &zone);
            return match zone.as_str() {
                "Etc/UTC" => DeclaredValue::At(local.and_utc().fixed_offset()),
                name => DeclaredValue::Zoned(local, name.to_owned()),
            };
        }
        if let Some(own) = self.own(id) {
            match (own.same(local.year()), own.clock.offset_at(local).and_then(|offset| at(local, offset))) {
                (Some("Etc/UTC"), _) => return DeclaredValue::At(local.and_utc().fixed_offset()),
                (Some(name), _) => return DeclaredValue::Zoned(local, name.to_owned()),
                (None, Some(at)) => return DeclaredValue::At(at),
                (None, None) => {}
            }
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
            note(&self.unknown, id);
        }
        self.floating(local)
    }

    /// Notes whether the VTIMEZONE's clock shows another hour than that of the zone it is named after.
    fn compare(&self, id: &str, local: NaiveDateTime, zone: &ZoneId) {
        let Some(own) = self.own(id).filter(|own| own.clock.covers(local)) else { return };
        let mut compared = self.compared.borrow_mut();
        if !compared.contains_key(id) {
            compared.insert(id.to_owned(), Compared { zone: zone.clone(), year: local.year(), differs: false });
        }
        let Some(known) = compared.get_mut(id).filter(|known| known.year <= local.year()) else { return };
        if known.year < local.year() {
            (known.year, known.differs) = (local.year(), false);
        }
        known.differs =
            known.differs || own.clock.offset_at(local) != Some(zone::offset_at(zone::to_utc(local, zone), zone));
    }
}

fn note(noted: &RefCell<Vec<String>>, id: &str) {
    let mut noted = noted.borrow_mut();
    if noted.len() < 20 && !noted.iter().any(|known| known == id) {
        noted.push(id.to_owned());
    }
}
