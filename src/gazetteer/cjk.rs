//! Addresses in Chinese and Japanese, which run from the country to the house without a comma.
//!
//! In: the words of a part, `東京都渋谷区`. Out: the town, here the smallest that is known for sure.

use super::file::{Area, By};
use super::resolve::{Within, candidates};
use super::{Town, areas};

/// Letters of the longest name of a town, with what it is.
const LONGEST: usize = 8;
/// People a town needs when no country or region stands before it.
const ALONE: u32 = 100_000;

/// Han letters or kana.
pub fn is_cjk(word: &str) -> bool {
    word.chars().any(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}'))
}

/// The town that the words begin with, behind countries and regions.
pub fn town(words: &[&str], within: &Within) -> Option<Town> {
    let mut within = within.clone();
    let mut found = None;
    for word in words {
        let mut rest = *word;
        while let Some((name, behind)) = longest(rest, |name, behind| is_step(name, behind, &within)) {
            found = choose(name, behind, &within).or(found);
            let regions: Vec<Area> = areas(name);
            if regions.is_empty() {
                return found;
            }
            within.limits.push(regions);
            rest = behind;
        }
        if found.is_some() && !rest.is_empty() && rest.len() < word.len() {
            break;
        }
    }
    found
}

fn is_step(name: &str, behind: &str, within: &Within) -> bool {
    let areas = areas(name);
    let is_area = !areas.is_empty()
        && areas.iter().all(|area| match area {
            Area::Country(_) => within.limits.is_empty(),
            Area::Region(_) => is_ended(name) || behind.is_empty() || is_ended(behind),
        });
    is_area || choose(name, behind, within).is_some()
}

/// The longest beginning that is fit, and what follows it.
fn longest(text: &str, is_fit: impl Fn(&str, &str) -> bool) -> Option<(&str, &str)> {
    let ends: Vec<usize> = text.char_indices().map(|(at, c)| at + c.len_utf8()).take(LONGEST).collect();
    ends.into_iter()
        .skip(1)
        .rev()
        .filter_map(|end| text.split_at_checked(end))
        .find(|(name, behind)| is_fit(name, behind))
}

/// It says what it is: a city, a prefecture.
fn is_ended(name: &str) -> bool {
    name.ends_with(['市', '区', '區', '都', '府', '县', '県', '縣', '町', '村', '省', '道'])
}

fn choose(name: &str, behind: &str, within: &Within) -> Option<Town> {
    if !is_ended(name) && !behind.is_empty() && !is_ended(behind) {
        return None;
    }
    let mut found = candidates(&[name], within);
    if found.is_empty() && is_ended(name) {
        let bare = name.char_indices().next_back().and_then(|(at, _)| name.get(..at))?;
        found = candidates(&[bare], within);
    }
    let (town, by) = found.first()?;
    let next = found.get(1).map_or(0, |(other, _)| other.population);
    let is_limited = !within.limits.is_empty();
    let is_sure = if is_limited { true } else { *by != By::Other && town.population >= ALONE };
    let times = if is_limited { 3 } else { 10 };
    (is_sure && town.population >= next.saturating_mul(times)).then_some(*town)
}
