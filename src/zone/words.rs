//! Zone words as people write them in prose.

use super::{by_name, iana};
use crate::model::ZoneId;
use chrono::FixedOffset;

/// What a zone word in prose means: an IANA zone, or a fixed offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ZoneWord {
    /// Clock time there. `CET` and `CEST` both mean Berlin's clock.
    Zone(ZoneId),
    /// `UTC`, `GMT+2`, `+05:30`.
    Fixed(FixedOffset),
}

/// Abbreviations, with the city whose clock stands for them. Those that two continents share (`IST`, `AST`) are not here;
/// `CST` is, as hardly anybody but North Americans writes it.
const ABBREVIATIONS: &[(&[&str], &str)] = &[
    (&["CET", "CEST", "MEZ", "MESZ"], "Europe/Berlin"),
    (&["EET", "EEST"], "Europe/Helsinki"),
    (&["WET", "WEST"], "Europe/Lisbon"),
    (&["BST"], "Europe/London"),
    (&["MSK"], "Europe/Moscow"),
    (&["TRT"], "Europe/Istanbul"),
    (&["EST", "EDT", "ET"], "America/New_York"),
    (&["CST", "CDT", "CT"], "America/Chicago"),
    (&["MST", "MDT", "MT"], "America/Denver"),
    (&["PST", "PDT", "PT"], "America/Los_Angeles"),
    (&["AKST", "AKDT"], "America/Anchorage"),
    (&["ADT"], "America/Halifax"),
    (&["NST", "NDT"], "America/St_Johns"),
    (&["BRT", "BRST"], "America/Sao_Paulo"),
    (&["HST"], "Pacific/Honolulu"),
    (&["JST"], "Asia/Tokyo"),
    (&["KST"], "Asia/Seoul"),
    (&["HKT"], "Asia/Hong_Kong"),
    (&["SGT"], "Asia/Singapore"),
    (&["PHT"], "Asia/Manila"),
    (&["WIB"], "Asia/Jakarta"),
    (&["PKT"], "Asia/Karachi"),
    (&["NPT"], "Asia/Kathmandu"),
    (&["SAST"], "Africa/Johannesburg"),
    (&["WAT"], "Africa/Lagos"),
    (&["EAT"], "Africa/Nairobi"),
    (&["CAT"], "Africa/Maputo"),
    (&["AEST", "AEDT", "AET"], "Australia/Sydney"),
    (&["ACST", "ACDT"], "Australia/Adelaide"),
    (&["AWST"], "Australia/Perth"),
    (&["NZST", "NZDT", "NZT"], "Pacific/Auckland"),
];

/// Names in full, lower case, without their last word `time`.
const FULL_NAMES: &[(&str, &str)] = &[
    ("central european", "Europe/Berlin"),
    ("central european summer", "Europe/Berlin"),
    ("eastern european", "Europe/Helsinki"),
    ("eastern european summer", "Europe/Helsinki"),
    ("british summer", "Europe/London"),
    ("uk", "Europe/London"),
    ("us eastern", "America/New_York"),
    ("eastern", "America/New_York"),
    ("us central", "America/Chicago"),
    ("mountain", "America/Denver"),
    ("us pacific", "America/Los_Angeles"),
    ("pacific", "America/Los_Angeles"),
    ("japan standard", "Asia/Tokyo"),
    ("indian standard", "Asia/Kolkata"),
];

/// Reads a zone word as people write it (`CEST`, `PT`, `UTC+2`, `Europe/Berlin`); `None` if it is none or ambiguous between continents.
pub fn by_word(word: &str) -> Option<ZoneWord> {
    let word = word.trim();
    if word.is_empty() || word.len() > super::LONGEST_NAME {
        return None;
    }
    offset(word)
        .map(ZoneWord::Fixed)
        .or_else(|| abbreviation(word).or_else(|| full_name(word)).and_then(iana).map(ZoneWord::Zone))
        .or_else(|| with_slash(word))
}

/// The city of an abbreviation. Small letters pass only where no word of a language looks the same (`est`, `cat`, `et`).
fn abbreviation(word: &str) -> Option<&'static str> {
    let upper = word.to_ascii_uppercase();
    let unmistakable = upper.len() >= 4 && upper != "WEST" || matches!(upper.as_str(), "CET" | "EET" | "PST" | "PDT");
    if upper != word && !unmistakable {
        return None;
    }
    ABBREVIATIONS.iter().find(|(words, _)| words.contains(&upper.as_str())).map(|(_, city)| *city)
}

fn full_name(word: &str) -> Option<&'static str> {
    let lower = word.to_lowercase();
    let name = lower.strip_suffix("time")?.trim_end();
    FULL_NAMES.iter().find(|(full, _)| *full == name).map(|(_, city)| *city)
}

/// `Europe/Berlin`, or two words for the same clock: `CET/CEST`.
fn with_slash(word: &str) -> Option<ZoneWord> {
    let (one, other) = word.split_once('/')?;
    match (abbreviation(one.trim()), abbreviation(other.trim())) {
        (Some(one), Some(other)) => (one == other).then(|| iana(one)).flatten().map(ZoneWord::Zone),
        _ => by_name(word).map(ZoneWord::Zone),
    }
}

/// `UTC`, `Z`, `GMT-05:30`, `UTC + 2`, `+02:00`. Hours alone count only after a name: `+2` may be anything.
fn offset(word: &str) -> Option<FixedOffset> {
    let named = ["UTC", "GMT", "utc", "gmt"].iter().find_map(|name| word.strip_prefix(name));
    let rest = named.unwrap_or(word).trim();
    if rest.is_empty() || named.is_none() && word == "Z" {
        return FixedOffset::east_opt(0);
    }
    let (sign, digits) = match rest.chars().next()? {
        '+' => (1, rest.trim_start_matches('+')),
        '-' | '−' | '–' => (-1, rest.trim_start_matches(['-', '−', '–'])),
        _ => return None,
    };
    let (hours, minutes) = hours_and_minutes(digits.trim_start(), named.is_some())?;
    let in_use = hours <= 14 && minutes < 60;
    in_use.then(|| FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60))).flatten()
}

fn hours_and_minutes(digits: &str, hours_alone: bool) -> Option<(i32, i32)> {
    let (hours, minutes) = match digits.split_once([':', '.']) {
        Some((hours, minutes)) if minutes.len() == 2 => (hours, minutes),
        Some(_) => return None,
        None if digits.len() == 4 && digits.is_ascii() => digits.split_at(2),
        None if hours_alone => (digits, "0"),
        None => return None,
    };
    let all_digits = |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    (all_digits(hours) && all_digits(minutes)).then_some(())?;
    Some((hours.parse().ok()?, minutes.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(word: &str) -> Option<String> {
        match by_word(word) {
            Some(ZoneWord::Zone(zone)) => Some(zone.as_str().to_owned()),
            _ => None,
        }
    }

    fn seconds(word: &str) -> Option<i32> {
        match by_word(word) {
            Some(ZoneWord::Fixed(offset)) => Some(offset.local_minus_utc()),
            _ => None,
        }
    }

    #[test]
    fn an_abbreviation_means_the_clock_of_its_region() {
        for (word, expected) in [
            ("CET", "Europe/Berlin"),
            ("cest", "Europe/Berlin"),
            ("CET/CEST", "Europe/Berlin"),
            ("EEST", "Europe/Helsinki"),
            ("ET", "America/New_York"),
            ("PDT", "America/Los_Angeles"),
            ("Pacific Time", "America/Los_Angeles"),
            ("NZDT", "Pacific/Auckland"),
            ("europe/bucharest", "Europe/Bucharest"),
        ] {
            assert_eq!(zone(word).as_deref(), Some(expected), "{word}");
        }
    }

    #[test]
    fn every_abbreviation_leads_to_a_zone() {
        for (words, city) in ABBREVIATIONS {
            assert!(iana(city).is_some(), "{words:?} {city}");
        }
        for (name, city) in FULL_NAMES {
            assert!(iana(city).is_some(), "{name} {city}");
        }
    }

    #[test]
    fn offsets_are_read_with_and_without_a_name() {
        for (word, expected) in [
            ("UTC", 0),
            ("GMT", 0),
            ("Z", 0),
            ("UTC+2", 7200),
            ("UTC +02", 7200),
            ("GMT-05:30", -19800),
            ("UTC−3", -10800),
            ("+02:00", 7200),
            ("+0530", 19800),
        ] {
            assert_eq!(seconds(word), Some(expected), "{word}");
        }
    }

    #[test]
    fn ambiguous_words_and_words_of_a_language_are_none() {
        for word in
            ["IST", "AST", "est", "et", "cat", "+2", "-5", "UTC+99", "UTC+2:5", "and/or", "CET/PST", "Japan", "Z+2", ""]
        {
            assert_eq!(by_word(word), None, "{word}");
        }
    }
}
