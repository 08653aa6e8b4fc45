//! The upcoming events as schema.org `Event`s in JSON-LD, for search engines.
//!
//! An event whose place nobody has told is left out: without a `location` it would only be reported as a mistake.

use super::super::text;
use super::rows::{Listing, Row};
use crate::model::{Attendance, Place};
use minijinja::Value;
use serde_json::{Map, json};

/// What goes between the script tags; none where there is nothing to say.
pub fn script(listing: &Listing) -> Option<Value> {
    let graph: Vec<serde_json::Value> = listing.upcoming.iter().filter_map(node).collect();
    if graph.is_empty() {
        return None;
    }
    let text = json!({ "@context": "https://schema.org", "@graph": graph }).to_string();
    // Nothing in it may end the script element or begin a comment.
    let safe = text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    Some(Value::from_safe_string(safe))
}

fn node(row: &Row) -> Option<serde_json::Value> {
    let location = location(&row.told_place, row.place.as_deref())?;
    let mut node = Map::new();
    let mut put = |key: &str, value: Option<serde_json::Value>| {
        if let Some(value) = value {
            node.insert(key.to_owned(), value);
        }
    };
    put("@type", Some("Event".into()));
    put("name", Some(row.title.clone().into()));
    put("startDate", Some(row.start.machine.clone().into()));
    put("endDate", row.end.as_ref().map(|end| end.machine.clone().into()));
    put("previousStartDate", row.first_day_before.map(|day| day.to_string().into()));
    put("eventStatus", Some(format!("https://schema.org/{}", status(row.status)).into()));
    put("eventAttendanceMode", Some(format!("https://schema.org/{}", mode(&row.told_place)).into()));
    put("location", Some(location));
    put("url", row.url.clone().map(Into::into));
    put("description", row.summary.clone().filter(|text| !text.is_empty()).map(Into::into));
    put("image", row.image.clone().map(Into::into));
    Some(node.into())
}

fn location(place: &Place, line: Option<&str>) -> Option<serde_json::Value> {
    let name = place.name.as_deref().or(line);
    let address = place.address.as_deref().or(line);
    let physical = name.map(
        |name| json!({ "@type": "Place", "name": text::line(name), "address": text::line(address.unwrap_or(name)) }),
    );
    let online = place.online.as_ref().map(|url| json!({ "@type": "VirtualLocation", "url": text::address(url) }));
    match (physical, online) {
        (Some(physical), Some(online)) => Some(json!([physical, online])),
        (physical, online) => physical.or(online),
    }
}

fn status(status: &str) -> &'static str {
    match status {
        "cancelled" => "EventCancelled",
        "postponed" => "EventPostponed",
        "moved" => "EventRescheduled",
        _ => "EventScheduled",
    }
}

fn mode(place: &Place) -> &'static str {
    match (place.attendance, place.line().is_some(), place.online.is_some()) {
        (Some(Attendance::Mixed), ..) | (None, true, true) => "MixedEventAttendanceMode",
        (Some(Attendance::Online), ..) | (None, false, true) => "OnlineEventAttendanceMode",
        _ => "OfflineEventAttendanceMode",
    }
}
