//! What modules add to an entry: when something happens, pictures, recordings.

use super::dates::stamp;
use super::described::Geo;
use super::people::person;
use crate::model::{Declared, DeclaredTime, DeclaredValue, Image, Link, Stamp};
use crate::read::xml::Node;
use chrono::{NaiveTime, TimeDelta};

/// A timestamp that could not be read, for one Problem a feed.
pub(super) struct BadDate {
    pub field: String,
    pub found: String,
    pub line: u32,
}

/// The RSS event module (`ev:`), xCal and GeoRSS.
pub(super) fn declared(entry: &Node, geo: Option<&Geo>, bad: &mut Vec<BadDate>) -> Declared {
    let start = time(entry, &["ev:startdate", "xcal:dtstart"], bad);
    let mut end = time(entry, &["ev:enddate", "xcal:dtend"], bad);
    if let Some(end) = end.as_mut().filter(|end| end.field == "xcal:dtend") {
        make_inclusive(end);
    }
    let not_before = |end: &DeclaredTime| start.as_ref().is_some_and(|start| end.value.day() >= start.value.day());
    Declared {
        end: end.filter(not_before),
        start,
        place: entry.plain("ev:location").or_else(|| entry.plain("xcal:location")),
        coordinates: geo.and_then(Geo::coordinates),
        organizers: entry.plain("ev:organizer").map(|name| person(&name)).into_iter().collect(),
        ..Declared::default()
    }
}

fn time(entry: &Node, names: &[&str], bad: &mut Vec<BadDate>) -> Option<DeclaredTime> {
    let node = entry.elements().find(|node| names.contains(&&*node.name) && !node.text().trim().is_empty())?;
    let raw = node.text().trim().to_owned();
    let Some(stamp) = stamp(&raw) else {
        bad.push(BadDate { field: node.name.to_string(), found: raw, line: node.line });
        return None;
    };
    let value = match stamp {
        Stamp::Day(day) => DeclaredValue::Day(day),
        Stamp::Local(local) => DeclaredValue::Local(local),
        Stamp::At(at) => DeclaredValue::At(at),
    };
    Some(DeclaredTime { field: node.name.to_string(), raw, line: node.line, value })
}

/// xCal's end is iCalendar's: a day is exclusive (RFC 5545 §3.6.1).
fn make_inclusive(end: &mut DeclaredTime) {
    if let DeclaredValue::Day(day) = end.value {
        end.value = DeclaredValue::Day(day.checked_sub_signed(TimeDelta::days(1)).unwrap_or(day));
    }
}

/// Pictures declared beside the text: enclosures and Media RSS, also inside a `media:group`.
pub(super) fn images(entry: &Node) -> Vec<Image> {
    distinct(with_groups(entry).filter_map(|node| {
        let inner = |name: &str| node.plain(name).filter(|text| !text.is_empty());
        let url = image_address(node)?;
        Some(Image { url, alt: inner("media:description"), title: inner("media:title") })
    }))
}

/// The elements of an entry, and those of its `media:group`s.
fn with_groups<'n, 't>(entry: &'n Node<'t>) -> impl Iterator<Item = &'n Node<'t>> {
    let groups = entry.elements().filter(|node| node.name == "media:group");
    entry.elements().chain(groups.flat_map(Node::elements))
}

/// Each picture once; no entry needs more than twenty.
pub(super) fn distinct(images: impl Iterator<Item = Image>) -> Vec<Image> {
    let mut found: Vec<Image> = Vec::new();
    for image in images.take(500) {
        if found.len() < 20 && !found.iter().any(|known| known.url == image.url) {
            found.push(image);
        }
    }
    found
}

fn image_address(node: &Node) -> Option<String> {
    let is_image = || {
        let kind = node.attribute("type").unwrap_or_default().to_ascii_lowercase();
        kind.starts_with("image/") || node.attribute("medium").as_deref() == Some("image")
    };
    match &*node.name {
        "enclosure" | "media:content" if is_image() => node.word("url"),
        "media:thumbnail" => node.word("url"),
        "itunes:image" => node.word("href"),
        "link" | "atom:link" if node.attribute("rel").as_deref() == Some("enclosure") && is_image() => {
            node.word("href")
        }
        _ => None,
    }
}

/// Recordings among the enclosures.
pub(super) fn recordings(entry: &Node) -> Vec<Link> {
    let is_video = |node: &&Node| node.attribute("type").is_some_and(|kind| kind.starts_with("video/"));
    let enclosures = entry.elements().filter(|node| node.name == "enclosure").filter(is_video);
    let hrefs = enclosures.filter_map(|node| node.word("url")).take(5);
    hrefs.map(|href| Link { rel: "video".into(), href }).collect()
}

/// A moment to compare by; days and local times as if in UTC.
pub(super) fn seconds(stamp: &Stamp) -> i64 {
    match stamp {
        Stamp::Day(day) => day.and_time(NaiveTime::MIN).and_utc().timestamp(),
        Stamp::Local(local) => local.and_utc().timestamp(),
        Stamp::At(at) => at.timestamp(),
    }
}
