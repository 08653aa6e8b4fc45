//! `CET` is the word of one half of the year and `CEST` of the other: whether a zone word fits the day it stands beside.

use super::words::{ZoneWord, by_word};
use super::{iana, offset_at, to_utc};
use chrono::{Datelike, FixedOffset, NaiveDate, NaiveDateTime};

/// A zone word beside a day of the other half of the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Misfit {
    /// The word that fits the day.
    pub fitting: &'static str,
    /// What the word says to the letter.
    pub literal: FixedOffset,
}

/// Words of standard time and of summer time, with the city whose clock they mean. `GMT` counts only where the place is known to be there.
const HALVES: &[(&str, &str, &str)] = &[
    ("CET", "CEST", "Europe/Berlin"),
    ("MEZ", "MESZ", "Europe/Berlin"),
    ("EET", "EEST", "Europe/Helsinki"),
    ("WET", "WEST", "Europe/Lisbon"),
    ("GMT", "BST", "Europe/London"),
    ("EST", "EDT", "America/New_York"),
    ("CST", "CDT", "America/Chicago"),
    ("MST", "MDT", "America/Denver"),
    ("PST", "PDT", "America/Los_Angeles"),
    ("AKST", "AKDT", "America/Anchorage"),
    ("NST", "NDT", "America/St_Johns"),
    ("AEST", "AEDT", "Australia/Sydney"),
    ("ACST", "ACDT", "Australia/Adelaide"),
    ("NZST", "NZDT", "Pacific/Auckland"),
];

/// What does not fit, if a zone word names the half of the year in which that clock time does not lie.
pub fn misfit(word: &str, local: NaiveDateTime) -> Option<Misfit> {
    let word = word.trim();
    let is = |half: &str| half.eq_ignore_ascii_case(word);
    let (standard, summer, city) = match HALVES.iter().find(|(standard, summer, _)| is(standard) || is(summer)) {
        Some(row) => row,
        None => in_full(word)?,
    };
    let zone = iana(city)?;
    let midnight = |month| NaiveDate::from_ymd_opt(local.year(), month, 1)?.and_hms_opt(0, 0, 0);
    let offset = |at| offset_at(to_utc(at, &zone), &zone);
    let (january, july) = (offset(midnight(1)?), offset(midnight(7)?));
    let [low, high] =
        if january.local_minus_utc() < july.local_minus_utc() { [january, july] } else { [july, january] };
    let (fitting, literal) = if is(standard) { (summer, low) } else { (standard, high) };
    (low != high && offset(local) != literal).then_some(Misfit { fitting, literal })
}

/// `Central European Summer Time`. Names without `summer` are used for both halves.
fn in_full(word: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    let Some(ZoneWord::Zone(zone)) = word.to_lowercase().ends_with("summer time").then(|| by_word(word))? else {
        return None;
    };
    HALVES.iter().find(|(.., city)| *city == zone.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fitting(word: &str, day: &str) -> Option<&'static str> {
        misfit(word, format!("{day}T18:00:00").parse().unwrap()).map(|misfit| misfit.fitting)
    }

    #[test]
    fn a_word_of_the_other_half_of_the_year_does_not_fit() {
        for (word, winter, summer) in [
            ("CET", None, Some("CEST")),
            ("cest", Some("CET"), None),
            ("MEZ", None, Some("MESZ")),
            ("GMT", None, Some("BST")),
            ("BST", Some("GMT"), None),
            ("EST", None, Some("EDT")),
            ("PDT", Some("PST"), None),
            ("British Summer Time", Some("GMT"), None),
            ("AEDT", None, Some("AEST")),
            ("AEST", Some("AEDT"), None),
            ("Central European Time", None, None),
            ("CET/CEST", None, None),
            ("ET", None, None),
            ("JST", None, None),
            ("UTC+1", None, None),
        ] {
            assert_eq!((fitting(word, "2025-01-14"), fitting(word, "2025-07-02")), (winter, summer), "{word}");
        }
    }

    #[test]
    fn the_day_of_the_change_decides() {
        assert_eq!((fitting("CET", "2025-03-29"), fitting("CET", "2025-03-30")), (None, Some("CEST")));
        assert_eq!((fitting("EST", "2025-03-08"), fitting("EST", "2025-03-09")), (None, Some("EDT")));
    }

    #[test]
    fn every_word_leads_to_its_citys_clock() {
        for (standard, summer, city) in HALVES {
            let of_city = |word: &str| by_word(word) == iana(city).map(ZoneWord::Zone);
            assert!(of_city(summer) && (of_city(standard) || *standard == "GMT"), "{city}");
        }
    }
}
