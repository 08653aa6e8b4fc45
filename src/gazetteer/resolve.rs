//! The town that a line means.
//!
//! In: a line that says where. Out: the one [`Town`] that it can only mean, or nothing. Read from the right: a country or region limits
//! what stands before it. Where none is named, only a large town does whose name means nothing else: a wrong town puts an event on the
//! wrong clock.

use super::cjk;
use super::file::{Area, By, PLACES};
use super::fold::Key;
use super::line::{Part, parts};
use super::{MOST_WORDS, Town, areas};
use std::collections::HashSet;
use std::sync::LazyLock;

/// Names that are words, first names, rooms, streets as well.
static WORDS: LazyLock<HashSet<&[u8]>> = LazyLock::new(|| {
    let lines = include_str!("words.txt").lines().skip(1);
    lines.flat_map(str::split_whitespace).map(str::as_bytes).collect()
});

/// What no town's name follows as a town: `Rue de Paris`, `Hotel Berlin`.
#[rustfmt::skip]
const STREETS: &[&str] = &[
    "via", "viale", "corso", "piazza", "piazzale", "rue", "place", "avenue", "av", "ave", "boulevard", "bd", "quai", "impasse", "chemin", "calle",
    "c", "plaza", "paseo", "avenida", "avda", "carrer", "rua", "largo", "praca", "travessa", "street", "st", "road", "rd", "lane", "square",
    "strasse", "str", "weg", "allee", "platz", "straat", "laan", "plein", "gade", "vej", "gatan", "gata", "vagen", "ulica", "ul", "aleja", "al",
    "plac", "namesti", "strada", "calea", "bulevardul", "bulevar", "piata", "улица", "ул", "проспект", "пр", "площадь", "hotel", "hostel", "cafe",
    "restaurant", "ristorante", "restaurante", "pizzeria", "trattoria", "bar", "pub", "bistro", "brasserie", "pension", "albergo", "motel",
    "pont", "porte", "gate", "bridge", "line", "route", "from", "von", "near", "outside", "team", "club",
];

/// Rooms that like to be called after a town: `Room Berlin`.
#[rustfmt::skip]
const ROOMS: &[&str] = &[
    "room", "raum", "saal", "konferenzraum", "seminarraum", "meetingraum", "salle", "sala", "salon", "salone", "aula", "suite", "hall", "stage",
    "track", "lokal", "zaal", "sal", "mistnost", "зал", "auditorium", "lounge", "building", "block", "new", "little", "the", "san", "port",
];

/// Small words that may stand before a town: `University of Turku`.
const LINKS: &[&str] = &[
    "of", "de", "di", "da", "do", "din", "des", "der", "in", "at", "a", "zu", "im", "am", "en", "em", "w", "v", "i",
    "und", "in der",
];

/// Countries whose cities number or letter their districts: `Praha 1`, `Dublin 2`, `Aarhus C`.
const NUMBERED: &[&str] = &["CZ", "IE", "HU", "AT", "FR", "SK", "DK"];

/// Towns that everybody means by the name, though another is large or is called so somewhere. The last shares its namesake's clock.
const PLAIN: &[(&str, &str)] = &[("barcelona", "ES"), ("philadelphia", "US"), ("porto", "PT"), ("vancouver", "CA")];

/// People a town needs that is named alone: as a part by one word, by several, behind a post code; at the end of a part.
const ONE_WORD: u32 = 30_000;
const SEVERAL_WORDS: u32 = 15_000;
const WITH_POST_CODE: u32 = 2_000;
const AT_THE_END: u32 = 100_000;

/// Degrees; two towns nearer than that are as good as one.
const NEAR: f64 = 0.3;

/// The town that a line such as `Harbour Hall, 20100 Turku, Finland` or `Paris, TX` means.
pub fn resolve(line: &str) -> Option<Town> {
    if line.contains([';', '|', '\n']) {
        let mut places = line.split([';', '|', '\n']).filter_map(one_place);
        let first = places.next();
        if places.any(|(other, _)| first.is_some_and(|(first, _)| first.zone != other.zone)) {
            return None;
        }
    }
    one_place(line).map(|(town, _)| town)
}

/// What a reader from elsewhere misses behind a line that ends with a large town: `Germany`; `Illinois, United States`.
pub fn left_out(line: &str) -> Option<String> {
    let (town, ends) = one_place(line)?;
    let country = country_name(town.country).filter(|name| ends && *name != town.name)?;
    let state = state_name(&town).filter(|name| *name != town.name);
    Some(state.map_or(country.to_owned(), |state| format!("{state}, {country}")))
}

/// The state of an American town.
fn state_name(town: &Town) -> Option<&'static str> {
    let states = include_str!("regions.txt")
        .lines()
        .filter_map(|line| line.strip_prefix("US | ="))
        .filter(|_| town.country == "US");
    let mut names = states.filter_map(|line| line.strip_prefix(town.region)?.rsplit_once('|'));
    names.next()?.1.split(',').next().map(str::trim)
}

/// What a country is called in English.
fn country_name(code: &str) -> Option<&'static str> {
    include_str!("countries.txt").lines().find_map(|line| line.strip_prefix(code)?.strip_prefix(' '))
}

/// The town of a line that names one place; whether it stands at the end, without a country or region.
fn one_place(line: &str) -> Option<(Town, bool)> {
    let parts = parts(line);
    let mut within = Within::default();
    let mut namesake = None;
    for (index, part) in parts.iter().enumerate().rev() {
        let left = parts.get(..index).unwrap_or_default();
        let named = within.compatible(areas_of(&part.words));
        if !named.is_empty() {
            namesake = namesake.or_else(|| town_of_area(part, &within, &named));
            within.limits.push(named);
            continue;
        }
        let (town, within) = match town_in(part, &within) {
            Found::One(town) => (town, within),
            Found::Within(town, within) => (town, within),
            Found::Doubt => return None,
            Found::Nothing => continue,
        };
        let is_plain = within.limits.is_empty() && !parts.get(index + 1).is_some_and(is_unknown_region);
        let ends = within.limits.is_empty() && index + 1 == parts.len();
        return (is_plain || !within.limits.is_empty())
            .then_some((town, ends))
            .filter(|(town, _)| !is_contradicted(left, &within, town));
    }
    let namesake = namesake.filter(|town| !is_contradicted(&parts, &Within::default(), town));
    namesake.map(|town| (town, false))
}

/// What a part says about the town.
enum Found {
    One(Town),
    /// The part itself named the country or region.
    Within(Town, Within),
    /// Some town, and it can't be told which.
    Doubt,
    Nothing,
}

/// Where the town must lie: in one area of each limit.
#[derive(Debug, Default, Clone)]
pub struct Within {
    /// A name such as Georgia may mean several areas.
    pub limits: Vec<Vec<Area>>,
}

impl Within {
    fn holds(&self, town: &Town) -> bool {
        self.limits.iter().all(|areas| areas.iter().any(|area| area.holds(town)))
    }

    /// The areas that can lie in what is known already.
    fn compatible(&self, mut areas: Vec<Area>) -> Vec<Area> {
        areas.retain(|area| self.limits.iter().all(|limit| limit.iter().any(|known| known.meets(area))));
        areas
    }

    fn and(&self, areas: Vec<Area>) -> Within {
        let mut within = self.clone();
        within.limits.push(areas);
        within
    }
}

impl Area {
    fn holds(&self, town: &Town) -> bool {
        match self {
            Area::Country(code) => town.country == *code,
            Area::Region(region) => town.country == region.country && town.region == region.code,
        }
    }

    fn meets(&self, other: &Area) -> bool {
        match (self, other) {
            (Area::Country(one), Area::Country(other)) => one == other,
            (Area::Country(code), Area::Region(region)) | (Area::Region(region), Area::Country(code)) => {
                region.country == *code
            }
            (Area::Region(one), Area::Region(other)) => one == other,
        }
    }
}

/// The countries and regions that words name: `Romania`, `MA`, `Mass.`.
fn areas_of(words: &[&str]) -> Vec<Area> {
    let name = words.join(" ");
    let short =
        name.strip_suffix('.').filter(|short| short.len() <= 5 && short.starts_with(|c: char| c.is_ascii_uppercase()));
    match short.map(|short| areas(&short.to_ascii_uppercase())) {
        Some(found) if !found.is_empty() => found,
        _ => areas(&name),
    }
}

/// `New York`, `Luxembourg`, `Singapore`: the town that its region or country is called after.
fn town_of_area(part: &Part, within: &Within, named: &[Area]) -> Option<Town> {
    let inside = within.and(named.to_vec());
    let is_country = named.iter().any(|area| matches!(area, Area::Country(_)));
    let candidates = candidates(&part.words, &inside).into_iter();
    candidates
        .filter(|(_, by)| *by == By::Own || *by == By::Sure && !is_country)
        .map(|(town, _)| town)
        .find(|town| town.population >= ONE_WORD)
}

/// The towns of this name that lie there, the most populous first.
pub fn candidates(words: &[&str], within: &Within) -> Vec<(Town, By)> {
    let bearers = Key::of_words(words).map(|key| PLACES.named(&key)).unwrap_or_default();
    PLACES.towns(bearers).filter(|(town, _)| within.holds(town)).collect()
}

fn town_in(part: &Part, within: &Within) -> Found {
    let words = part.words.as_slice();
    if words.iter().any(|word| cjk::is_cjk(word)) {
        return cjk::town(words, within).map_or(Found::Nothing, Found::One);
    }
    if part.has_district {
        let town =
            whole(part, words, within).filter(|town| town.population >= AT_THE_END && NUMBERED.contains(&town.country));
        return town.map_or(Found::Nothing, Found::One);
    }
    if words.len() <= MOST_WORDS && is_capital(words) | !within.limits.is_empty() {
        let found = candidates(words, within);
        if !found.is_empty() {
            // A word that may be a town and isn't told to be one says nothing, neither for nor against the other parts.
            let is_word = within.limits.is_empty() && is_common(words);
            return match choose(&found, part, words, within) {
                Some(town) => Found::One(town),
                None if is_word || within.limits.is_empty() && !is_known(&found) => Found::Nothing,
                None => Found::Doubt,
            };
        }
    }
    before_area(part, within)
        .or_else(|| at_the_end(words, within).map(Found::One))
        .or_else(|| before_hyphen(part, within).map(Found::One))
        .unwrap_or(Found::Nothing)
}

/// One of the towns is so large that whoever writes its name may well mean it.
fn is_known(found: &[(Town, By)]) -> bool {
    found.iter().any(|(town, by)| *by != By::Other && town.population >= AT_THE_END)
}

fn whole(part: &Part, words: &[&str], within: &Within) -> Option<Town> {
    choose(&candidates(words, within), part, words, within)
}

/// The one town among several that must be meant.
fn choose(found: &[(Town, By)], part: &Part, words: &[&str], within: &Within) -> Option<Town> {
    let (town, by) = found.first()?;
    let mut others = found.iter().filter(|(other, _)| !is_near(town, other));
    let next = others.clone().next().map_or(0, |(other, _)| other.population);
    let next_own = others.find(|(_, by)| *by != By::Other).map_or(0, |(other, _)| other.population);
    let is_times = |times: u32, next: u32| town.population >= next.saturating_mul(times);
    if !within.limits.is_empty() {
        let is_clear = if *by == By::Other { is_times(10, next_own) } else { true };
        return (is_clear && is_times(3, next)).then_some(*town);
    }
    let least = match words.len() {
        _ if part.has_post_code => WITH_POST_CODE,
        1 => ONE_WORD,
        _ => SEVERAL_WORDS,
    };
    let is_short = words.concat().len() <= 3
        && words.iter().all(|word| *word != "NYC" && word.bytes().all(|byte| byte.is_ascii_uppercase()));
    let is_clear = is_times(10, next) || town.population >= AT_THE_END && is_times(5, next);
    let is_own = *by == By::Own || next_own < SEVERAL_WORDS || is_times(100, next_own);
    let is_fit = *by != By::Other && !is_common(words) && !is_short && is_capital(words);
    let is_plain = PLAIN
        .iter()
        .any(|(name, country)| town.country == *country && words.iter().all(|word| is_one_of(word, &[name])));
    (is_fit && (is_plain || is_clear && is_own) && town.population >= least).then_some(*town)
}

/// `Cambridge MA`, `Sinaia Romania`: the area stands in the part itself.
fn before_area(part: &Part, within: &Within) -> Option<Found> {
    for count in (1..=3.min(part.words.len().saturating_sub(1))).rev() {
        let (words, behind) = part.words.split_at_checked(part.words.len() - count)?;
        let areas = within.compatible(areas_of(behind));
        if areas.is_empty() {
            continue;
        }
        let inside = within.and(areas);
        if let Some(town) =
            whole(part, words, &inside).filter(|_| is_capital(words)).or_else(|| at_the_end(words, &inside))
        {
            return Some(Found::Within(town, inside));
        }
    }
    None
}

/// `Universität Freiburg`, `University of Turku`.
fn at_the_end(words: &[&str], within: &Within) -> Option<Town> {
    let is_limited = !within.limits.is_empty();
    if words.len() > if is_limited { 12 } else { 6 } || words.iter().any(|word| is_one_of(word, STREETS)) {
        return None;
    }
    let name =
        |count: usize| words.split_at_checked(words.len().checked_sub(count)?).filter(|(before, _)| !before.is_empty());
    let (before, town) =
        (1..=MOST_WORDS).rev().filter_map(name).find(|(_, name)| !candidates(name, &Within::default()).is_empty())?;
    let last = before.last()?;
    let is_led = last.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()) || LINKS.contains(last);
    if !is_led || is_one_of(last, ROOMS) || !is_capital(town) || is_common(town) {
        return None;
    }
    let found: Vec<(Town, By)> = candidates(town, within).into_iter().filter(|(_, by)| *by != By::Other).collect();
    let least = if is_limited { ONE_WORD } else { AT_THE_END };
    choose(&found, &Part::default(), town, within).filter(|town| town.population >= least)
}

/// `Berlin-Kreuzberg`.
fn before_hyphen(part: &Part, within: &Within) -> Option<Town> {
    let [word] = part.words.as_slice() else { return None };
    let (city, quarter) = word.split_once('-')?;
    if !quarter.starts_with(char::is_uppercase) {
        return None;
    }
    whole(part, &[city], within).filter(|town| town.population >= AT_THE_END)
}

/// Another part names a town by another clock.
fn is_contradicted(left: &[Part], within: &Within, town: &Town) -> bool {
    let others = left.iter().filter(|part| part.words.len() <= MOST_WORDS && !part.has_district);
    others
        .filter_map(|part| whole(part, &part.words, within))
        .any(|other| other.zone != town.zone && other.population >= ONE_WORD)
}

/// Short letters or a county behind a town, which may put it anywhere: `Vienna, Va`.
fn is_unknown_region(part: &Part) -> bool {
    let is_letters = |word: &str| {
        word.len() <= 3 && word.starts_with(char::is_uppercase) && word.chars().all(|c| c.is_alphabetic() || c == '.')
    };
    match part.words.as_slice() {
        [word] => word.is_ascii() && is_letters(word),
        words => words.last().is_some_and(|word| ["County", "Co.", "Parish"].contains(word)),
    }
}

fn is_near(one: &Town, other: &Town) -> bool {
    (one.latitude - other.latitude).abs() < NEAR
        && (one.longitude - other.longitude).abs() < NEAR
        && one.country == other.country
}

/// Written as names are.
fn is_capital(words: &[&str]) -> bool {
    words.first().is_some_and(|word| word.starts_with(|c: char| !c.is_lowercase()))
}

/// It may well mean something else: each of its words is one of [`WORDS`], or it is a part of another town.
fn is_common(words: &[&str]) -> bool {
    let is_word = |word: &&str| {
        let key = Key::of(word);
        key.is_none_or(|key| WORDS.contains(key.as_bytes()))
    };
    words.iter().all(is_word) || is_one_of(&words.join(" "), &["east london"])
}

fn is_one_of(word: &str, list: &[&str]) -> bool {
    Key::of(word).is_some_and(|key| list.iter().any(|one| one.as_bytes() == key.as_bytes()))
}
