//! Where: GeoRSS (Simple and GML) and W3C Basic Geo.

use super::described::{Geo, Shape};
use crate::read::xml::Node;

/// More corners are a map.
const MOST_POINTS: usize = 1_000;
/// `georss:where` holds one element of GML, `geo:Point` two numbers.
const DEEPEST: usize = 3;

/// The first place among the elements.
pub(super) fn place(node: &Node) -> Option<Geo> {
    among(node, 0)
}

/// `depth` is how many elements for places are around.
fn among(node: &Node, depth: usize) -> Option<Geo> {
    node.elements().find_map(|element| in_element(element, depth)).or_else(|| {
        let number = |name: &str| node.plain(name)?.parse::<f64>().ok();
        let point = (number("geo:long").or_else(|| number("geo:lon"))?, number("geo:lat")?);
        Some(Geo { shape: Shape::Point, points: vec![point] })
    })
}

fn in_element(node: &Node, depth: usize) -> Option<Geo> {
    let shape = match &*node.name {
        "georss:point" => Shape::Point,
        "georss:line" => Shape::Line,
        "georss:polygon" => Shape::Polygon,
        "georss:box" => Shape::Box,
        "gml:point" => return by_gml(node, Shape::Point),
        "gml:linestring" => return by_gml(node, Shape::Line),
        "gml:polygon" => return by_gml(node, Shape::Polygon),
        "gml:envelope" => return by_gml(node, Shape::Box),
        "georss:where" | "geo:point" if depth < DEEPEST => return among(node, depth + 1),
        _ => return None,
    };
    of(shape, pairs(&node.text()))
}

/// Positions are latitude first unless the reference system is one of metres, whose order is its own.
fn by_gml(node: &Node, shape: Shape) -> Option<Geo> {
    let system = node.attribute("srsname").unwrap_or_default();
    let degrees = system.is_empty() || system.ends_with("4326") || system.to_ascii_lowercase().contains("crs84");
    let mut points = pairs(&node.text());
    if !degrees {
        points.iter_mut().for_each(|(first, second)| std::mem::swap(first, second));
    }
    of(shape, points)
}

fn of(shape: Shape, points: Vec<(f64, f64)>) -> Option<Geo> {
    let enough = match shape {
        Shape::Point => points.len() == 1,
        Shape::Line | Shape::Box => points.len() >= 2,
        Shape::Polygon => points.len() >= 3,
    };
    enough.then_some(Geo { shape, points })
}

/// Latitude and longitude by turns, answered longitude first.
fn pairs(text: &str) -> Vec<(f64, f64)> {
    let numbers = text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
    let numbers: Vec<f64> = numbers.map_while(|word| word.parse().ok()).take(2 * MOST_POINTS).collect();
    numbers.chunks_exact(2).filter_map(|pair| Some((*pair.get(1)?, *pair.first()?))).collect()
}

impl Geo {
    /// The point as latitude and longitude, if it is one on Earth.
    pub(super) fn coordinates(&self) -> Option<(f64, f64)> {
        let (longitude, latitude) = *self.points.first().filter(|_| self.shape == Shape::Point)?;
        let sound = latitude.abs() <= 90.0 && longitude.abs() <= 180.0 && (latitude, longitude) != (0.0, 0.0);
        sound.then_some((latitude, longitude))
    }
}
