//! Where an event takes place, and how one may attend.

use super::{Told, address};
use crate::model::*;
use url::Url;

/// Decides place, online venue and attendance: declared fields first, then what the prose states, then the source's default.
pub(super) fn decide(
    context: &super::Context,
    entry: &Entry,
    base: Option<&Url>,
    found: Option<&Found>,
    told: &mut Told,
) {
    physical(context, entry, found, told);
    online(entry, base, found, told);
    attendance(found, told);
    if told.facts.place.attendance == Some(Attendance::Online) && told.facts.place.line().is_none() {
        told.facts.place.name = told.venue.take();
    }
}

fn statements(found: Option<&Found>) -> impl Iterator<Item = &Statement> {
    found.into_iter().flat_map(|found| &found.statements)
}

fn physical(context: &super::Context, entry: &Entry, found: Option<&Found>, told: &mut Told) {
    let declared = declared(entry);
    if let Some(line) = declared.line() {
        told.facts.place = declared;
        told.by("place", Evidence { quote: line, rule: "place field".into(), confidence: 1.0 });
        return;
    }
    told.facts.place.coordinates = declared.coordinates;
    let stated = statements(found).find_map(|statement| match &statement.about {
        About::Place { name, address, room } => Some((line(name), line(address), line(room), &statement.evidence)),
        _ => None,
    });
    if let Some((name, address, room, evidence)) = stated {
        let place = &mut told.facts.place;
        (place.name, place.address, place.room) = (name, address, room);
        told.by("place", evidence.clone());
    } else if let Some(place) = &context.source.place {
        told.facts.place.name = Some(place.clone());
        told.by("place", Evidence { quote: place.clone(), rule: "the source's default place".into(), confidence: 0.5 });
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

fn online(entry: &Entry, base: Option<&Url>, found: Option<&Found>, told: &mut Told) {
    let link = entry.links.iter().find(|link| link.rel == "online").map(|link| link.href.as_str());
    let venue = entry.declared.place.as_deref().filter(|place| web_url(place).is_some());
    if let Some(url) = link.or(venue).and_then(|href| address::absolute(href, base)) {
        let quote = url.to_string();
        told.facts.place.online = Some(url);
        told.by("online", Evidence { quote, rule: "online field".into(), confidence: 1.0 });
        return;
    }
    let stated = statements(found).find_map(|statement| match &statement.about {
        About::Online { href, name } => Some((href, name, &statement.evidence)),
        _ => None,
    });
    let Some((href, name, evidence)) = stated else { return };
    told.facts.place.online = href.as_deref().and_then(|href| address::absolute(href, base));
    told.venue = line(&Some(name.clone()));
    told.by("online", evidence.clone());
}

/// What is said; else what follows from where it takes place.
fn attendance(found: Option<&Found>, told: &mut Told) {
    let stated = statements(found).find_map(|statement| match &statement.about {
        About::Attendance(attendance) => Some((*attendance, &statement.evidence)),
        _ => None,
    });
    if let Some((attendance, evidence)) = stated {
        told.facts.place.attendance = Some(attendance);
        told.by("attendance", evidence.clone());
        return;
    }
    let is_online = told.facts.provenance.contains_key("online");
    let is_somewhere = told.facts.provenance.contains_key("place");
    told.facts.place.attendance = match (is_online, is_somewhere) {
        (true, true) => Some(Attendance::Mixed),
        (true, false) => Some(Attendance::Online),
        (false, true) => Some(Attendance::Offline),
        (false, false) => None,
    };
}
