//! Where a schema.org event takes place: names, addresses, coordinates, rooms on the web.

use super::node::{Node, Thing};
use crate::model::{Entry, Link, clean_line};

/// Takes one `location` into the entry; of several the first of each kind counts.
pub(super) fn location(place: Thing, entry: &mut Entry) {
    match place {
        Thing::Text(place) if is_address(place) => online(place.trim().to_owned(), entry),
        Thing::Text(place) => {
            let place = clean_line(&html_escape::decode_html_entities(place));
            entry.declared.place = entry.declared.place.take().or(Some(place).filter(|place| !place.is_empty()));
        }
        Thing::Node(place) if place.types().contains(&"VirtualLocation") => {
            if let Some(url) = place.address("url").or_else(|| place.text("name").filter(|name| is_address(name))) {
                online(url, entry);
            }
        }
        Thing::Node(place) => on_the_ground(place, entry),
    }
}

fn on_the_ground(place: Node, entry: &mut Entry) {
    let declared = &mut entry.declared;
    let name = place.text("name").or_else(|| place.text("legalName")).map(|name| clean_line(&name));
    // An address may stand where its place should.
    let mut address = match place.things("address").into_iter().next() {
        Some(address) => lines(address),
        None => lines_of(place),
    };
    if declared.place.is_none() {
        declared.place = name.filter(|name| !name.is_empty());
    }
    if declared.place.is_none() && !address.is_empty() {
        declared.place = Some(std::mem::take(&mut address).join(", "));
    }
    if declared.address.is_empty() {
        declared.address = address;
    }
    let geo = place.nodes("geo").into_iter().next().unwrap_or(place);
    let degree = |name| geo.text(name).and_then(|text| text.parse::<f64>().ok());
    let coordinates = degree("latitude").zip(degree("longitude"));
    let on_earth = coordinates.filter(|(north, east)| north.abs() <= 90.0 && east.abs() <= 180.0);
    declared.coordinates = declared.coordinates.or(on_earth);
}

fn is_address(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with("https://") || text.starts_with("http://")
}

fn online(href: String, entry: &mut Entry) {
    entry.links.push(Link { rel: "online".to_owned(), href });
}

fn lines(address: Thing) -> Vec<String> {
    match address {
        Thing::Text(text) => {
            let text = html_escape::decode_html_entities(text);
            text.lines().map(clean_line).filter(|line| !line.is_empty()).collect()
        }
        Thing::Node(node) => lines_of(node),
    }
}

fn lines_of(address: Node) -> Vec<String> {
    let parts = ["streetAddress", "postalCode", "addressLocality", "addressRegion", "addressCountry"];
    let mut lines: Vec<String> =
        parts.iter().filter_map(|name| address.text(name)).map(|line| clean_line(&line)).collect();
    lines.retain(|line| !line.is_empty());
    lines
}
