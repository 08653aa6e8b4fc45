//! The file of places, read where it lies.
//!
//! In: places.bin, as make.py writes it (its form is told there, at `write`), and the hash of a folded name. Out: the towns, countries
//! and regions of that name. Nothing is unpacked or allocated beforehand: a look-up touches one bucket of about nine towns and fifteen
//! other names. Bytes that make no sense give no town, never a panic.

use super::fold::Key;
use super::{Region, Town};
use std::cmp::Reverse;

/// The file that the program carries.
pub const PLACES: File = File { bytes: include_bytes!("places.bin") };

/// The upper bits of a hash that choose the bucket, and how many of the rest stand beside another name.
const BUCKET_BITS: u32 = 14;
const REST_BITS: u32 = 25;
const BUCKETS: usize = 1 << BUCKET_BITS;

const ZONES: usize = 0;
const COUNTRIES: usize = 1;
const REGIONS: usize = 2;
const CODES: usize = 3;
const BUCKET: usize = 4;
const NAMES: usize = 5;
const TOWNS: usize = 6;
const ODD_ZONES: usize = 7;
const OTHERS: usize = 8;
const KEYS: usize = 9;

/// A file of places.
#[derive(Clone, Copy)]
pub struct File {
    /// All of it.
    pub bytes: &'static [u8],
}

/// A town, by its number, that bears a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bearer {
    /// Its place among all towns.
    pub number: usize,
    /// The kind of the name.
    pub by: By,
}

/// What kind of name a town is called by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// The one it is listed under.
    Own,
    /// Another one that alone means this town.
    Sure,
    /// Another one, in whatever language.
    Other,
}

/// Where a bucket begins.
struct Bucket {
    town: usize,
    name: usize,
    other: usize,
}

impl File {
    /// The towns that bear this name.
    pub fn named(self, key: &Key) -> Vec<Bearer> {
        let mut found = Vec::new();
        self.each_named(key, |bearer| {
            found.push(bearer);
            true
        });
        found
    }

    /// Some town bears this name.
    pub fn has(self, key: &Key) -> bool {
        let mut any = false;
        self.each_named(key, |_| {
            any = true;
            false
        });
        any
    }

    /// Tells of the towns that bear this name, for as long as more are wanted.
    fn each_named(self, key: &Key, mut wants_more: impl FnMut(Bearer) -> bool) {
        let hash = key.hash();
        let index = (hash >> (64 - BUCKET_BITS)) as usize;
        let (Some(bucket), Some(next)) = (self.bucket(index), self.bucket(index + 1)) else { return };
        for (name, first, count) in self.names(&bucket, next.name) {
            let is_it = is_key(name, key);
            if is_it && !(first..first + count).all(|number| wants_more(Bearer { number, by: By::Own })) {
                return;
            }
        }
        let rest = hash >> (64 - BUCKET_BITS - REST_BITS) & ((1 << REST_BITS) - 1);
        let others = self.section(OTHERS);
        let other = |at: usize| {
            let entry = number(others, at * 11 / 2, 6)?;
            Some(if at.is_multiple_of(2) { entry & 0xFFF_FFFF_FFFF } else { entry >> 4 })
        };
        let count = next.other.saturating_sub(bucket.other);
        let first = partition(count, |at| other(bucket.other + at).is_some_and(|entry| entry >> 19 < rest));
        for at in bucket.other + first..next.other {
            let Some(entry) = other(at).filter(|entry| entry >> 19 == rest) else { break };
            let by = if entry >> 18 & 1 == 1 { By::Sure } else { By::Other };
            if !wants_more(Bearer { number: (entry & 0x3_FFFF) as usize, by }) {
                return;
            }
        }
    }

    /// These towns, the most populous first, each with the kind of its name.
    pub fn towns(self, mut bearers: Vec<Bearer>) -> impl Iterator<Item = (Town, By)> {
        bearers.sort_by_cached_key(|bearer| {
            (Reverse(self.record(bearer.number).map(|record| record >> 49)), bearer.number, bearer.by)
        });
        bearers.dedup_by_key(|bearer| bearer.number);
        bearers.into_iter().filter_map(move |bearer| Some((self.town(bearer.number)?, bearer.by)))
    }

    /// The countries and regions of this key: their codes.
    pub fn areas(self, key: &Key) -> impl Iterator<Item = Area> + use<> {
        let wanted = key.hash() >> 24;
        let keys = self.section(KEYS);
        let first = partition(keys.len() / 7, |at| number(keys, at * 7, 5).is_some_and(|found| found < wanted));
        (first..)
            .map_while(move |at| (number(keys, at * 7, 5)? == wanted).then(|| number(keys, at * 7 + 5, 2))?)
            .filter_map(move |what| self.area(what as usize))
    }

    /// The only zone of a country.
    pub fn country_zone(self, code: &str) -> Option<&'static str> {
        let countries = self.section(COUNTRIES);
        let at = partition(countries.len() / 5, |at| {
            countries.get(at * 5..at * 5 + 2).is_some_and(|found| found < code.as_bytes())
        });
        let country = countries.get(at * 5..at * 5 + 5)?;
        (country.get(..2)? == code.as_bytes()).then(|| text(self.section(ZONES), number(country, 2, 2)? as usize))?
    }

    fn section(self, section: usize) -> &'static [u8] {
        let place = |section: usize| number(self.bytes, 8 + 4 * section, 4).map(|at| at as usize);
        match (place(section), place(section + 1)) {
            (Some(from), Some(to)) => self.bytes.get(from..to).unwrap_or_default(),
            _ => &[],
        }
    }

    fn bucket(self, index: usize) -> Option<Bucket> {
        let bucket = self.section(BUCKET).get(index * 9..index * 9 + 9)?;
        let part = |at| number(bucket, at, 3).map(|found| found as usize);
        Some(Bucket { town: part(0)?, name: part(3)?, other: part(6)? })
    }

    /// The names of a bucket, each with the number of its first town, and how many towns bear it.
    fn names(self, bucket: &Bucket, end: usize) -> impl Iterator<Item = (&'static [u8], usize, usize)> {
        let names = self.section(NAMES).get(..end).unwrap_or_default();
        let (mut at, mut town) = (bucket.name, bucket.town);
        std::iter::from_fn(move || {
            let mark = *names.get(at)?;
            at += 1;
            let mut count = 1;
            if mark & 0x80 != 0 {
                count = usize::from(*names.get(at)?);
                at += 1;
            }
            let name = names.get(at..at + usize::from(mark & 0x7f))?;
            at += name.len();
            town += count;
            Some((name, town - count, count))
        })
    }

    fn name(self, town: usize) -> Option<&'static str> {
        let after = partition(BUCKETS + 1, |at| self.bucket(at).is_some_and(|bucket| bucket.town <= town));
        let (bucket, next) = (self.bucket(after.checked_sub(1)?)?, self.bucket(after)?);
        let (name, ..) =
            self.names(&bucket, next.name).find(|(_, first, count)| (*first..first + count).contains(&town))?;
        std::str::from_utf8(name).ok()
    }

    fn record(self, town: usize) -> Option<u64> {
        number(self.section(TOWNS), town.checked_mul(7)?, 7)
    }

    fn town(self, number: usize) -> Option<Town> {
        let record = self.record(number)?;
        let bits = |from: u32, count: u32| record >> from & ((1 << count) - 1);
        let region = bits(0, 12) as usize;
        let zone = self.odd_zone(number).or_else(|| self.region_zone(region))?;
        let Region { country, code } = self.region(region)?;
        Some(Town {
            name: self.name(number)?,
            country,
            region: code,
            latitude: thousandths(bits(31, 18), 90),
            longitude: thousandths(bits(12, 19), 180),
            population: people(bits(49, 7)),
            zone: text(self.section(ZONES), zone)?,
        })
    }

    fn region(self, index: usize) -> Option<Region> {
        let country = number(self.section(REGIONS), index * 3, 1)? as usize;
        Some(Region { country: self.country(country)?, code: text(self.section(CODES), index)? })
    }

    fn region_zone(self, index: usize) -> Option<usize> {
        Some(number(self.section(REGIONS), index * 3 + 1, 2)? as usize)
    }

    fn odd_zone(self, town: usize) -> Option<usize> {
        let odd = self.section(ODD_ZONES);
        let at = partition(odd.len() / 5, |at| number(odd, at * 5, 3).is_some_and(|found| found < town as u64));
        (number(odd, at * 5, 3)? == town as u64).then(|| number(odd, at * 5 + 3, 2))?.map(|zone| zone as usize)
    }

    fn country(self, index: usize) -> Option<&'static str> {
        std::str::from_utf8(self.section(COUNTRIES).get(index * 5..index * 5 + 2)?).ok()
    }

    fn area(self, what: usize) -> Option<Area> {
        match what.checked_sub(0x8000) {
            Some(country) => self.country(country).map(Area::Country),
            None => self.region(what).map(Area::Region),
        }
    }
}

/// What stands behind a town.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    /// Its alpha-2 code.
    Country(&'static str),
    /// A part of a country.
    Region(Region),
}

/// The name folds to the key. Most differ in their first letter.
fn is_key(name: &[u8], key: &Key) -> bool {
    let (first, wanted) = (name.first().copied().unwrap_or_default(), key.as_bytes().first().copied());
    if first.is_ascii_alphanumeric() && Some(first.to_ascii_lowercase()) != wanted {
        return false;
    }
    let folded = std::str::from_utf8(name).ok().and_then(Key::of);
    folded.is_some_and(|folded| folded.as_bytes() == key.as_bytes())
}

/// A number of up to eight bytes, the lowest first.
#[inline]
fn number(bytes: &[u8], at: usize, width: usize) -> Option<u64> {
    // Eight bytes at once where there are as many, which is everywhere but at the end of the file.
    if let Some(all) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        return Some(u64::from_le_bytes(*all) & (u64::MAX >> (64 - 8 * width)));
    }
    let bytes = bytes.get(at..at.checked_add(width)?)?;
    Some(bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte)))
}

/// One of a list of texts: how many there are, where each ends, the texts.
fn text(texts: &'static [u8], index: usize) -> Option<&'static str> {
    let place = |index: usize| number(texts, 2 + 2 * index, 2).map(|at| at as usize);
    let count = number(texts, 0, 2)? as usize;
    let from = if index == 0 { 0 } else { place(index - 1)? };
    let words = texts.get(2 + 2 * count..)?;
    (index < count).then(|| std::str::from_utf8(words.get(from..place(index)?)?).ok())?
}

/// How many of the first of `count` things are as told; those are the leading ones.
fn partition(count: usize, is_before: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        if is_before(middle) { low = middle + 1 } else { high = middle }
    }
    low
}

fn thousandths(value: u64, shift: i64) -> f64 {
    (value as i64 - shift * 1000) as f64 / 1000.0
}

/// Seven steps double the number; two digits of it are told.
fn people(step: u64) -> u32 {
    if step == 0 {
        return 0;
    }
    let people = 100.0 * f64::exp2((step - 1) as f64 / 7.0);
    let digits = f64::from(10u32.pow((people.log10() as u32).saturating_sub(1)));
    ((people / digits).round() * digits) as u32
}

#[cfg(test)]
impl File {
    /// The names of a bucket as `names` tells them, and how many other names it has.
    pub fn bucket_for_tests(self, index: usize) -> (Vec<(&'static str, usize, usize)>, usize) {
        let (bucket, next) = (self.bucket(index).unwrap(), self.bucket(index + 1).unwrap());
        let names = self
            .names(&bucket, next.name)
            .map(|(name, first, count)| (std::str::from_utf8(name).unwrap(), first, count));
        (names.collect(), next.other - bucket.other)
    }

    /// A town by its number.
    pub fn town_for_tests(self, number: usize) -> Option<Town> {
        self.town(number)
    }
}
