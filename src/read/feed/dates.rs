//! Timestamps as feeds and front matter have them: RFC 3339, RFC 822, and what people make of both.
//!
//! A wrong weekday, a full month name, `CET`, `24:00`, `+0100`, a missing zone or hour do no harm. What could mean two days
//! (`03/04/2025`) or leaves the day open (`March 2025`) is refused rather than guessed.

use crate::model::Stamp;
use crate::zone::{self, ZoneWord};
use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, Timelike};

/// Longer texts are no timestamps.
const LONGEST: usize = 100;

/// Abbreviations as machines write them: an offset, not a region's clock. Minutes east.
const OFFSETS: &[(&str, i32)] = &[
    ("Z", 0),
    ("UT", 0),
    ("UTC", 0),
    ("GMT", 0),
    ("WET", 0),
    ("WEST", 60),
    ("N", 60),
    ("BST", 60),
    ("CET", 60),
    ("MEZ", 60),
    ("CEST", 120),
    ("MESZ", 120),
    ("EET", 120),
    ("EEST", 180),
    ("MSK", 180),
    ("SAST", 120),
    ("A", -60),
    ("AT", -240),
    ("AST", -240),
    ("ADT", -180),
    ("EST", -300),
    ("EDT", -240),
    ("CST", -360),
    ("CDT", -300),
    ("MST", -420),
    ("MDT", -360),
    ("PST", -480),
    ("PDT", -420),
    ("M", -720),
    ("Y", 720),
    ("AKST", -540),
    ("AKDT", -480),
    ("HST", -600),
    ("JST", 540),
    ("KST", 540),
    ("HKT", 480),
    ("SGT", 480),
    ("AWST", 480),
    ("AEST", 600),
    ("AEDT", 660),
    ("NZST", 720),
    ("NZDT", 780),
];

/// Reads a timestamp; `None` if it is none, or could mean several days.
pub fn stamp(text: &str) -> Option<Stamp> {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    if let Some(at) = unix_time(text).map(|at| at.fixed_offset()).or_else(|| by_the_book(text)) {
        return Some(Stamp::At(at));
    }
    let text = without_comment(text);
    let mut parts = Parts::default();
    for token in text.split(|c: char| c.is_whitespace() || c == ',').filter(|token| !token.is_empty()) {
        parts.take(token)?;
    }
    parts.stamp()
}

/// The same for when a notice was published, which may leave month or day open (`2025-03`, W3C-DTF): then its first day.
pub fn notice_stamp(text: &str) -> Option<Stamp> {
    let first_day = || {
        let (year, month) = text.trim().split_once('-').unwrap_or((text.trim(), "1"));
        let whole =
            year.len() == 4 && month.len() <= 2 && (year.to_owned() + month).bytes().all(|b| b.is_ascii_digit());
        NaiveDate::from_ymd_opt(year.parse().ok().filter(|_| whole)?, month.parse().ok()?, 1)
    };
    stamp(text).or_else(|| first_day().map(Stamp::Day))
}

/// What follows RFC 3339, or RFC 2822 with an offset in digits, as most do.
fn by_the_book(text: &str) -> Option<DateTime<FixedOffset>> {
    if !text.ends_with(|c: char| c.is_ascii_digit() || c == 'Z') {
        return None;
    }
    let is_dated = text.as_bytes().get(4) == Some(&b'-');
    let at = if is_dated { DateTime::parse_from_rfc3339(text) } else { DateTime::parse_from_rfc2822(text) };
    let at = at.ok().filter(|at| (1..=9999).contains(&at.year()))?;
    // Leap seconds and parts of a second tell nothing here.
    at.with_second(at.second().min(59))?.with_nanosecond(0)
}

/// Seconds or milliseconds since 1970; eight digits are a day.
fn unix_time(text: &str) -> Option<DateTime<chrono::Utc>> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    match text.len() {
        9..=10 => DateTime::from_timestamp(text.parse().ok()?, 0),
        12..=13 => DateTime::from_timestamp_millis(text.parse().ok()?),
        _ => None,
    }
}

/// RFC 822 comments: `+0100 (CET)`.
fn without_comment(text: &str) -> &str {
    text.split_once('(').map_or(text, |(before, _)| before)
}

/// What the words have given so far.
#[derive(Default)]
struct Parts {
    date: Option<NaiveDate>,
    year: Option<i32>,
    month: Option<u32>,
    day: Option<u32>,
    time: Option<Clock>,
    zone: Option<Zone>,
}

#[derive(Clone, Copy)]
struct Clock {
    hour: u32,
    minute: u32,
    second: u32,
}

enum Zone {
    Fixed(FixedOffset),
    Named(crate::model::ZoneId),
    /// A word that may mean several zones: the time stays local.
    Unclear,
}

impl Parts {
    fn take(&mut self, token: &str) -> Option<()> {
        let lower = token.to_lowercase();
        let first = lower.chars().next()?;
        if lower.contains(':') && first.is_ascii_digit() {
            return self.take_with_time(token);
        }
        if self.time.is_some() && matches!(first, '+' | '-' | '−') {
            return self.take_zone(token);
        }
        if first.is_ascii_digit() {
            return self.take_number(&lower);
        }
        if let Some(month) = month(&lower) {
            return (self.month.is_none() && self.date.is_none()).then(|| self.month = Some(month));
        }
        match lower.trim_end_matches('.') {
            "am" | "pm" => self.take_half_of_day(lower.starts_with('p')),
            // After a clock time, capital letters name Atlantic time.
            "at" if token != "AT" || self.time.is_none() => Some(()),
            "um" | "of" | "the" | "o'clock" => Some(()),
            word if is_weekday(word) => Some(()),
            _ => self.take_zone(token),
        }
    }

    /// `10:00`, `10:00:00.5Z`, `2025-03-14T10:00+01:00`.
    fn take_with_time(&mut self, token: &str) -> Option<()> {
        let (date, time) = match token.split_once(['T', 't']).filter(|(date, _)| is_date_like(date)) {
            Some((date, time)) => (Some(date), time),
            None => (None, token),
        };
        if let Some(date) = date {
            self.take_number(date)?;
        }
        if self.time.is_some() {
            return None;
        }
        let ends = time.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.' | ',')).unwrap_or(time.len());
        let (clock, rest) = (time.get(..ends)?, time.get(ends..)?);
        self.time = Some(clock_time(clock)?);
        match rest.to_lowercase().as_str() {
            "" => Some(()),
            "am" | "pm" => self.take_half_of_day(rest.starts_with(['p', 'P'])),
            _ => self.take_zone(rest),
        }
    }

    fn take_half_of_day(&mut self, afternoon: bool) -> Option<()> {
        let clock = self.time.as_mut().filter(|clock| (1..=12).contains(&clock.hour))?;
        clock.hour = clock.hour % 12 + if afternoon { 12 } else { 0 };
        Some(())
    }

    fn take_zone(&mut self, word: &str) -> Option<()> {
        if self.zone.is_some() {
            // `+0100 CET`: the first said enough.
            return Some(());
        }
        let known = OFFSETS.iter().find(|(name, _)| name.eq_ignore_ascii_case(word));
        let fixed = known.and_then(|(_, minutes)| FixedOffset::east_opt(minutes * 60));
        self.zone =
            Some(match fixed.map(ZoneWord::Fixed).or_else(|| hours_alone(word)).or_else(|| zone::by_word(word)) {
                Some(ZoneWord::Fixed(offset)) => Zone::Fixed(offset),
                Some(ZoneWord::Zone(zone)) => Zone::Named(zone),
                // Only a word of capital letters can be an abbreviation; anything else means that this is no timestamp.
                None if word.len() <= 5 && word.bytes().all(|b| b.is_ascii_uppercase()) => Zone::Unclear,
                None => return None,
            });
        Some(())
    }

    /// `14`, `14th`, `2025`, `2025-03-14`, `14-Mar-2025`, `20250314T100000Z`.
    fn take_number(&mut self, token: &str) -> Option<()> {
        if let Some((date, time)) = token.split_once(['T', 't']).filter(|(date, _)| is_date_like(date)) {
            let ends = time.find(|c: char| !c.is_ascii_digit()).unwrap_or(time.len());
            self.take_number(date)?;
            self.time = Some(compact_time(time.get(..ends)?)?);
            let zone = time.get(ends..)?;
            return if zone.is_empty() { Some(()) } else { self.take_zone(zone) };
        }
        if let Some(separator) = ['-', '/', '.'].into_iter().find(|c| token.trim_end_matches('.').contains(*c)) {
            return self.take_date(token.trim_end_matches('.'), separator);
        }
        let digits = token.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '.');
        let number: u32 = digits.parse().ok()?;
        match digits.len() {
            8 => self.set_date(NaiveDate::from_ymd_opt((number / 10_000) as i32, number / 100 % 100, number % 100)?),
            4 if self.year.is_none() => self.set_year(number),
            1 | 2 if self.day.is_none() && self.date.is_none() => {
                self.day = Some(number);
                Some(())
            }
            2 if self.year.is_none() => self.set_year(if number < 50 { 2000 + number } else { 1900 + number }),
            _ => None,
        }
    }

    fn take_date(&mut self, token: &str, separator: char) -> Option<()> {
        let parts: Vec<&str> = token.split(separator).collect();
        let [one, two, three] = parts.as_slice() else { return None };
        let number = |text: &str| -> Option<u32> { text.parse().ok() };
        if let Some(month) = month(&two.to_lowercase()) {
            (self.day, self.month) = (Some(number(one)?), Some(month));
            return match three.len() {
                2 => self.set_year(2000 + number(three)?),
                _ => self.set_year(number(three)?),
            };
        }
        let (one_n, two_n, three_n) = (number(one)?, number(two)?, number(three)?);
        let (year, month, day) = match (one.len(), three.len(), separator) {
            (4, ..) => (one_n, two_n, three_n),
            (_, 4, '.') => (three_n, two_n, one_n),
            (_, 4, _) if one_n > 12 => (three_n, two_n, one_n),
            (_, 4, _) if two_n > 12 => (three_n, one_n, two_n),
            _ => return None,
        };
        self.set_date(NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?)
    }

    fn set_date(&mut self, date: NaiveDate) -> Option<()> {
        (self.date.is_none() && self.day.is_none()).then(|| self.date = Some(date))
    }

    fn set_year(&mut self, year: u32) -> Option<()> {
        self.year = Some(i32::try_from(year).ok().filter(|year| (1..=9999).contains(year))?);
        Some(())
    }

    fn stamp(self) -> Option<Stamp> {
        let date = match self.date {
            Some(date) => date,
            None => NaiveDate::from_ymd_opt(self.year?, self.month?, self.day?)?,
        };
        let Some(clock) = self.time else { return Some(Stamp::Day(date)) };
        let local = clock.on(date)?;
        Some(match self.zone {
            Some(Zone::Fixed(offset)) => Stamp::At(local.and_local_timezone(offset).single()?),
            Some(Zone::Named(zone)) => {
                let at = zone::to_utc(local, &zone);
                Stamp::At(at.with_timezone(&zone::offset_at(at, &zone)))
            }
            Some(Zone::Unclear) | None => Stamp::Local(local),
        })
    }
}

impl Clock {
    fn on(self, date: NaiveDate) -> Option<NaiveDateTime> {
        if (self.hour, self.minute, self.second) == (24, 0, 0) {
            return date.succ_opt()?.and_hms_opt(0, 0, 0);
        }
        date.and_hms_opt(self.hour, self.minute, self.second.min(59))
    }
}

fn is_date_like(text: &str) -> bool {
    text.len() >= 8 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-' || b == b'/')
}

fn clock_time(text: &str) -> Option<Clock> {
    let text = text.split(['.', ',']).next()?;
    let mut parts = text.split(':').map(|part| part.parse::<u32>().ok());
    let clock = Clock { hour: parts.next()??, minute: parts.next()??, second: parts.next().unwrap_or(Some(0))? };
    (parts.next().is_none() && clock.hour <= 24 && clock.minute <= 59 && clock.second <= 60).then_some(clock)
}

fn compact_time(digits: &str) -> Option<Clock> {
    let part = |at: usize| digits.get(at..at + 2).map_or(Some(0), |part| part.parse::<u32>().ok());
    let sound = matches!(digits.len(), 2 | 4 | 6);
    let clock = Clock { hour: part(0)?, minute: part(2)?, second: part(4)? };
    (sound && clock.hour <= 24 && clock.minute <= 59 && clock.second <= 60).then_some(clock)
}

/// `+01`, `-5`: after a clock time hours alone are an offset.
fn hours_alone(word: &str) -> Option<ZoneWord> {
    let (sign, digits) = match word.strip_prefix('+') {
        Some(digits) => (1, digits),
        None => (-1, word.strip_prefix('-')?),
    };
    let hours: i32 = digits.parse().ok().filter(|_| digits.len() <= 2)?;
    (0..=14).contains(&hours).then(|| FixedOffset::east_opt(sign * hours * 3600)).flatten().map(ZoneWord::Fixed)
}

/// A month's English name, whole or cut short.
pub(in crate::read) fn month(word: &str) -> Option<u32> {
    let word = word.trim_end_matches('.');
    let short = if word.eq_ignore_ascii_case("sept") { "sep" } else { word };
    short.parse::<chrono::Month>().ok().map(|month| month.number_from_month())
}

/// A weekday's English name, whole or cut short.
pub(in crate::read) fn is_weekday(word: &str) -> bool {
    word.parse::<chrono::Weekday>().is_ok()
        || ["thurs", "thur", "tues"].iter().any(|short| word.eq_ignore_ascii_case(short))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str) -> String {
        match stamp(text) {
            Some(Stamp::Day(day)) => day.to_string(),
            Some(Stamp::Local(local)) => local.format("%Y-%m-%d %H:%M:%S").to_string(),
            Some(Stamp::At(at)) => at.to_rfc3339(),
            None => "none".to_owned(),
        }
    }

    #[test]
    fn timestamps_are_read_in_all_their_dialects() {
        for (text, expected) in [
            ("2025-03-14T10:00:00Z", "2025-03-14T10:00:00+00:00"),
            ("2025-03-14T10:00Z", "2025-03-14T10:00:00+00:00"),
            ("2025-03-14 10:00:00.123 +0100", "2025-03-14T10:00:00+01:00"),
            ("2025-03-14T10:00:00+01", "2025-03-14T10:00:00+01:00"),
            ("2025-03-14T10:00:00", "2025-03-14 10:00:00"),
            ("2025-03-14", "2025-03-14"),
            ("20250314", "2025-03-14"),
            ("20250314T100000Z", "2025-03-14T10:00:00+00:00"),
            ("2025/03/14 10:00", "2025-03-14 10:00:00"),
            ("2025-03-14T24:00:00Z", "2025-03-15T00:00:00+00:00"),
            ("Fri, 14 Mar 2025 10:00:00 GMT", "2025-03-14T10:00:00+00:00"),
            ("Mon, 14 Mar 2025 10:00:00 +0100", "2025-03-14T10:00:00+01:00"),
            ("14 March 2025 10:00 CET", "2025-03-14T10:00:00+01:00"),
            ("Fri, 14 Mar 25 10:00 EST", "2025-03-14T10:00:00-05:00"),
            ("Fri, 14 Jul 2025 10:00:00 EST (no summer time)", "2025-07-14T10:00:00-05:00"),
            ("Friday, March 14th, 2025 10:30 PM", "2025-03-14 22:30:00"),
            ("Mar 14, 2025", "2025-03-14"),
            ("14-Mar-2025 10:00:00 UTC", "2025-03-14T10:00:00+00:00"),
            ("Fri Mar 14 10:00:00 CET 2025", "2025-03-14T10:00:00+01:00"),
            ("Sept 4, 2025 at 12:00am", "2025-09-04 00:00:00"),
            ("14.03.2025 10:00", "2025-03-14 10:00:00"),
            ("14 March 2025 AT 10:00 AT", "2025-03-14T10:00:00-04:00"),
            ("14/03/2025", "2025-03-14"),
            ("14 Mar 2025 10:00:00 IST", "2025-03-14 10:00:00"),
            ("14 Jul 2025 10:00:00 Europe/Berlin", "2025-07-14T10:00:00+02:00"),
            ("1741946400", "2025-03-14T10:00:00+00:00"),
            ("1741946400000", "2025-03-14T10:00:00+00:00"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_day_or_could_be_two_is_none() {
        for text in [
            "",
            "soon",
            "03/04/2025",
            "March 2025",
            "2025",
            "0000-00-00 00:00:00",
            "2025-13-01",
            "30 Feb 2025",
            "10:00",
            "14 Mar 2025 25:00",
            "14 Mar 0000",
            "next Friday 10:00",
            "2025-03-14T10:00:00 nonsense",
            "12345",
        ] {
            assert_eq!(shown(text), "none", "{text}");
        }
    }

    #[test]
    fn a_notice_may_be_of_a_month_or_a_year() {
        let day = |text: &str| notice_stamp(text).map(|stamp| stamp.day().to_string());
        assert_eq!((day("2025-03"), day(" 2025 ")), (Some("2025-03-01".into()), Some("2025-01-01".into())));
        assert_eq!((day("2025-13"), day("25-03"), day("soon")), (None, None, None));
    }

    proptest! {
        #[test]
        fn any_text_is_a_stamp_or_none(text in "\\PC{0,40}", like in "[0-9A-Za-z:+./, TZ-]{0,40}") {
            let _ = (stamp(&text), stamp(&like));
        }
    }
}
