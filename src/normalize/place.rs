//! Where an event takes place, and how one may attend.

use super::address;
use crate::gazetteer::{self, Town};
use crate::model::*;
use std::collections::BTreeMap;
use url::Url;

/// A place, with what each part of it was read from.
#[derive(Default)]
pub(super) struct Where {
    pub place: Place,
    /// By field: `place`, `online`, `attendance`, `coordinates`.
    pub evidence: BTreeMap<&'static str, Evidence>,
    /// The town it is in, if the gazetteer knows just one that can be meant.
    pub town: Option<Town>,
    /// Neither fields nor words say where: it is the source's default place.
    pub is_default: bool,
    /// Words say it, no fields.
    is_stated: bool,
    /// What the words call the place where one can join online.
    venue: Option<String>,
}

impl Where {
    /// One can go there.
    pub fn is_somewhere(&self) -> bool {
        self.place.attendance != Some(Attendance::Online)
    }

    /// The place in one line.
    pub fn line(&self) -> Option<String> {
        self.place.line()
    }
}

/// Decides place, online venue and attendance: declared fields first, then what the prose states, then the source's default.
pub(super) fn decide(context: &super::Context, entry: &Entry, base: Option<&Url>, found: Option<&Found>) -> Where {
    let mut told = Where::default();
    physical(context, entry, found, &mut told);
    as_used(context, &mut told);
    online(entry, base, found, &mut told);
    attendance(found, &mut told);
    if told.is_somewhere() {
        globe(&mut told);
        let is_english = context.language(entry).starts_with("en");
        if told.is_stated && is_english {
            add_country(&mut told);
        }
    } else if told.line().is_none() {
        told.place.name = told.venue.take();
    }
    told
}

/// What its readers elsewhere miss: prose says "in Berlin" and means the one in Germany.
fn add_country(told: &mut Where) {
    let Some(left_out) = told.line().filter(|_| told.town.is_some()).and_then(|line| gazetteer::left_out(&line)) else {
        return;
    };
    let known = told.place.address.as_ref().or(told.place.name.as_ref());
    told.place.address = known.map(|known| format!("{known}, {left_out}"));
}

/// The town of the place, whose coordinates stand in where none are declared.
fn globe(told: &mut Where) {
    let Some(line) = told.line() else { return };
    let Some(town) = gazetteer::resolve(&line) else { return };
    told.town = Some(town);
    if told.place.coordinates.is_none() {
        told.place.coordinates = Some(Coordinates { latitude: town.latitude, longitude: town.longitude });
        let confidence = told.evidence.get("place").map_or(1.0, |evidence| evidence.confidence);
        told.evidence.insert("coordinates", Evidence { quote: line, rule: "gazetteer".into(), confidence });
    }
}

fn statements(found: Option<&Found>) -> impl Iterator<Item = &Statement> {
    found.into_iter().flat_map(|found| &found.statements)
}

fn physical(context: &super::Context, entry: &Entry, found: Option<&Found>, told: &mut Where) {
    let declared = declared(entry);
    if let Some(line) = declared.line() {
        told.place = declared;
        told.evidence.insert("place", Evidence { quote: line, rule: "place field".into(), confidence: 1.0 });
        return;
    }
    told.place.coordinates = declared.coordinates;
    let stated = statements(found).find_map(|statement| match &statement.about {
        About::Place { name, address, room } => Some((line(name), line(address), line(room), &statement.evidence)),
        _ => None,
    });
    if let Some((name, address, room, evidence)) = stated {
        (told.place.name, told.place.address, told.place.room) = (name, address, room);
        told.evidence.insert("place", evidence.clone());
        told.is_stated = true;
    } else if let Some(place) = &context.source.place {
        told.place.name = Some(place.clone());
        told.is_default = true;
        let rule = "the source's default place".into();
        told.evidence.insert("place", Evidence { quote: place.clone(), rule, confidence: 0.5 });
    }
}

/// The spelling that the board uses of a place: of the whole of it, or of what it is called beside its address.
fn as_used(context: &super::Context, told: &mut Where) {
    let used = |text: Option<String>| text.and_then(|text| context.rules.places.get(&Rules::spelling(&text))).cloned();
    if let Some(whole) = used(told.line()) {
        (told.place.name, told.place.address, told.place.room) = (Some(whole), None, None);
    } else if let Some(name) = used(told.place.name.clone()) {
        told.place.name = Some(name);
    } else {
        return;
    }
    if let Some(evidence) = told.evidence.get_mut("place") {
        evidence.rule.push_str(", as the board spells it");
    }
}

fn line(text: &Option<String>) -> Option<String> {
    text.as_deref().map(clean_line).filter(|text| !text.is_empty())
}

fn declared(entry: &Entry) -> Place {
    let lines: Vec<String> =
        entry.declared.address.iter().take(12).map(|line| clean_line(line)).filter(|line| !line.is_empty()).collect();
    let coordinates = entry.declared.coordinates.map(|(latitude, longitude)| Coordinates { latitude, longitude });
    Place {
        name: line(&entry.declared.place).filter(|name| web_url(name).is_none()),
        address: (!lines.is_empty()).then(|| lines.join(", ")),
        coordinates: coordinates.filter(|c| c.latitude.abs() <= 90.0 && c.longitude.abs() <= 180.0),
        ..Place::default()
    }
}

fn online(entry: &Entry, base: Option<&Url>, found: Option<&Found>, told: &mut Where) {
    let link = entry.links.iter().find(|link| link.rel == "online").map(|link| link.href.as_str());
    let venue = entry.declared.place.as_deref().filter(|place| web_url(place).is_some());
    if let Some(url) = link.or(venue).and_then(|href| address::absolute(href, base)) {
        let quote = url.to_string();
        told.place.online = Some(url);
        told.evidence.insert("online", Evidence { quote, rule: "online field".into(), confidence: 1.0 });
        return;
    }
    let stated = statements(found).find_map(|statement| match &statement.about {
        About::Online { href, name } => Some((href, name, &statement.evidence)),
        _ => None,
    });
    let Some((href, name, evidence)) = stated else { return };
    told.place.online = href.as_deref().and_then(|href| address::absolute(href, base));
    told.venue = line(&Some(name.clone()));
    told.evidence.insert("online", evidence.clone());
}

/// What is said; else what follows from where it takes place.
fn attendance(found: Option<&Found>, told: &mut Where) {
    let stated = statements(found).find_map(|statement| match &statement.about {
        About::Attendance(attendance) => Some((*attendance, &statement.evidence)),
        _ => None,
    });
    if let Some((attendance, evidence)) = stated {
        told.place.attendance = Some(attendance);
        told.evidence.insert("attendance", evidence.clone());
        return;
    }
    let is_online = told.evidence.contains_key("online");
    let is_somewhere = told.evidence.contains_key("place");
    told.place.attendance = match (is_online, is_somewhere) {
        (true, true) => Some(Attendance::Mixed),
        (true, false) => Some(Attendance::Online),
        (false, true) => Some(Attendance::Offline),
        (false, false) => None,
    };
}
