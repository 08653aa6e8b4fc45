//! Towns, regions and countries of the world, by any of their names.
//!
//! In: a name in any of the languages that are read, or a line that says where. Out: the [`Town`], with its time zone, or the country's
//! or region's code. The data is GeoNames' and CLDR's (LICENCE.md beside this file), made into `places.bin` by `make.py`: every place of
//! 5,000 people and most of 1,000. Names that could be many things resolve only beside a country or region: a wrong town puts an event on
//! the wrong clock.

mod cjk;
mod file;
mod fold;
mod line;
mod resolve;
#[cfg(test)]
mod tests;

pub use resolve::{left_out, resolve};

use file::{Area, PLACES};
use fold::Key;

/// Words of the longest town name that is looked for.
const MOST_WORDS: usize = 5;

/// A populated place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Town {
    /// As it is called in English or at home.
    pub name: &'static str,
    /// ISO 3166 alpha-2.
    pub country: &'static str,
    /// GeoNames' code of the state, province or the like: `TX`, `08`.
    pub region: &'static str,
    /// Degrees north, to a thousandth.
    pub latitude: f64,
    /// Degrees east, to a thousandth.
    pub longitude: f64,
    /// About so many people, within a twentieth; 0 where it isn't known.
    pub population: u32,
    /// IANA name.
    pub zone: &'static str,
}

/// A state, province or the like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// ISO 3166 alpha-2.
    pub country: &'static str,
    /// GeoNames' code, as in [`Town::region`].
    pub code: &'static str,
}

/// All towns that bear this name, in any language and any case, the most populous first.
pub fn towns(name: &str) -> impl Iterator<Item = Town> {
    let bearers = Key::of(name).map(|key| PLACES.named(&key)).unwrap_or_default();
    PLACES.towns(bearers).map(|(town, _)| town)
}

/// Some town bears this name. Many words of prose do that as well.
pub fn is_town(name: &str) -> bool {
    Key::of(name).is_some_and(|key| PLACES.has(&key))
}

/// Two names differ in case, marks and the like at most.
pub fn is_same(one: &str, other: &str) -> bool {
    Key::of(one).zip(Key::of(other)).is_some_and(|(one, other)| one.as_bytes() == other.as_bytes())
}

/// The alpha-2 code of the country of this name in any of the languages, or of this code in capitals (`UK`, `USA`, `FI`, `FIN`).
pub fn country(name: &str) -> Option<&'static str> {
    areas(name).into_iter().find_map(|area| match area {
        Area::Country(code) => Some(code),
        Area::Region(_) => None,
    })
}

/// The region of this name in English or at home, or of this code in capitals; an American one if several are called so.
pub fn region(name: &str) -> Option<Region> {
    let regions = areas(name).into_iter().filter_map(|area| match area {
        Area::Region(region) => Some(region),
        Area::Country(_) => None,
    });
    regions.min_by_key(|region| region.country != "US")
}

/// The zone of a country where all its towns keep the same time.
pub fn country_zone(code: &str) -> Option<&'static str> {
    PLACES.country_zone(code)
}

/// The countries and regions of this name or code.
fn areas(name: &str) -> Vec<Area> {
    let name = name.trim();
    let is_code =
        name.len() >= 2 && name.len() <= 8 && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'.');
    let mut found: Vec<Area> = Vec::new();
    if is_code {
        found.extend(PLACES.areas(&Key::of_code(name)));
    }
    if found.is_empty() {
        let articles = ["the ", "The ", "die ", "la ", "La ", "le ", "les ", "l'", "l’", "el ", "os ", "o ", "a "];
        let bare = articles.iter().find_map(|article| name.strip_prefix(article)).unwrap_or(name);
        found.extend([name, bare].iter().filter_map(|name| Key::of(name)).flat_map(|key| PLACES.areas(&key)));
        found.dedup();
    }
    found
}
