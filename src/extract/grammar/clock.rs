//! Hours: `18:30`, `4pm–7pm CEST`, `from 9:00 to 17:00`, `noon`, with the zone's word as written.

use super::Text;
use crate::extract::language::Words;
use chrono::NaiveTime;

/// Hours of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    /// Begin.
    pub from: NaiveTime,
    /// End, if said.
    pub to: Option<NaiveTime>,
    /// Zone word as written.
    pub zone: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `18:30`, `6pm`, `noon`.
    Plain,
    /// `18.30`.
    Dotted,
    /// `18`.
    Bare,
}

#[derive(Debug, Clone, Copy)]
struct Clock {
    hour: u32,
    minute: u32,
    afternoon: Option<bool>,
    form: Form,
}

impl Clock {
    fn time(self) -> Option<NaiveTime> {
        let hour = match self.afternoon {
            _ if self.hour > 12 => self.hour,
            Some(true) if self.hour < 12 => self.hour + 12,
            Some(false) if self.hour == 12 => 0,
            _ => self.hour,
        };
        NaiveTime::from_hms_opt(hour % 24, self.minute, 0)
    }
}

/// Hours that begin at `i`: one time or a range, with a zone.
pub fn hours(text: &Text, i: usize) -> Option<(Hours, usize)> {
    let (mut from, after) = clock(text, i)?;
    let (zone_between, after_zone) = zone(text, after).map_or((None, after), |(zone, end)| (Some(zone), end));
    if let Some((to, end)) = range_end(text, after_zone, i) {
        let both_dotted = from.form == Form::Dotted && to.form == Form::Dotted;
        if from.form == Form::Plain || to.form == Form::Plain || both_dotted {
            if from.afternoon.is_none() && to.afternoon.is_some() && from.hour <= 12 {
                from.afternoon = to.afternoon;
                if from.time() > to.time() {
                    from.afternoon = to.afternoon.map(|afternoon| !afternoon);
                }
            }
            let (zone_behind, end) = zone(text, end).map_or((None, end), |(zone, end)| (Some(zone), end));
            let hours = Hours { from: from.time()?, to: to.time(), zone: zone_behind.or(zone_between) };
            return Some((hours, end));
        }
    }
    let sure = match from.form {
        Form::Plain => true,
        Form::Dotted => zone_between.is_some(),
        Form::Bare => false,
    };
    sure.then_some(())?;
    Some((Hours { from: from.time()?, to: None, zone: zone_between }, after_zone))
}

fn range_end(text: &Text, i: usize, start: usize) -> Option<(Clock, usize)> {
    let token = text.at(i)?;
    let Words { to, and, between, .. } = text.words;
    let and_joins = start > 0 && between.contains(&text.lower(start - 1));
    let joins = token.is_dash() || to.contains(&text.lower(i)) || (and_joins && and.contains(&text.lower(i)));
    let double = token.is_dash() && text.at(i + 1).is_some_and(|t| t.is_dash() && !t.spaced);
    joins.then(|| clock(text, if double { i + 2 } else { i + 1 })).flatten()
}

fn clock(text: &Text, i: usize) -> Option<(Clock, usize)> {
    let token = text.at(i)?;
    let named = |hour| Some((Clock { hour, minute: 0, afternoon: None, form: Form::Plain }, i + 1));
    if text.words.noon.contains(&text.lower(i)) {
        return named(12);
    }
    if text.words.midnight.contains(&text.lower(i)) {
        return named(0);
    }
    let hour = token.small().filter(|hour| *hour <= 24 && !token.is_ordinal())?;
    if follows_a_number_or_word(text, i) {
        return None;
    }
    let (mut minute, mut end, mut form) = (0, i + 1, Form::Bare);
    let separated = text.glued(i + 1) && text.glued(i + 2);
    if let Some(minutes) = text.at(i + 2).and_then(|t| t.digits(2)).filter(|m| separated && *m < 60) {
        if text.is(i + 1, ':') {
            (minute, end, form) = (minutes, i + 3, Form::Plain);
            if text.is(end, ':') && text.at(end + 1).is_some_and(|t| t.digits(2).is_some() && !t.spaced) {
                end += 2;
            }
        } else if text.is(i + 1, '.')
            && !(text.is(i + 3, '.') && text.at(i + 4).is_some_and(|t| t.is_number() && !t.spaced))
        {
            (minute, end, form) = (minutes, i + 3, Form::Dotted);
        }
    }
    let (afternoon, behind) = meridiem(text, end);
    if afternoon.is_some() {
        if hour == 0 || hour > 12 && form == Form::Bare {
            return None;
        }
        (end, form) = (behind, Form::Plain);
    } else if form == Form::Bare && text.lower(end) == "h" && text.glued(end) {
        (end, form) = (end + 1, Form::Plain);
        if let Some(minutes) = text.at(end).filter(|t| !t.spaced).and_then(|t| t.digits(2)).filter(|m| *m < 60) {
            (minute, end) = (minutes, end + 1);
        }
    }
    (hour < 24 || minute == 0).then_some((Clock { hour, minute, afternoon, form }, end))
}

/// `1.5:30`, `#12:30`, `v2pm` and the like are no times.
fn follows_a_number_or_word(text: &Text, i: usize) -> bool {
    let Some(before) = i.checked_sub(1).filter(|_| text.glued(i)).and_then(|before| text.at(before)) else {
        return false;
    };
    let iso = before.is_word() && before.lower == "t";
    (before.is_word() && !iso)
        || matches!(
            before.kind,
            super::super::tokens::TokenKind::Mark('.' | ':' | '#' | '$' | '€' | '£' | '_' | '=' | '+')
        )
}

fn meridiem(text: &Text, i: usize) -> (Option<bool>, usize) {
    let word = text.lower(i);
    if text.words.am.contains(&word) {
        return (Some(false), i + 1);
    }
    if text.words.pm.contains(&word) {
        return (Some(true), i + 1);
    }
    // a.m., p.m.
    if matches!(word, "a" | "p")
        && text.is(i + 1, '.')
        && text.glued(i + 1)
        && text.lower(i + 2) == "m"
        && text.glued(i + 2)
    {
        let end = if text.is(i + 3, '.') && text.glued(i + 3) { i + 4 } else { i + 3 };
        return (Some(word == "p"), end);
    }
    (None, i)
}

const ZONES: &[&str] = &[
    "UTC", "GMT", "CET", "CEST", "MET", "MEST", "WET", "WEST", "EET", "EEST", "MSK", "BST", "IST", "TRT", "EST", "EDT",
    "ET", "CST", "CDT", "CT", "MST", "MDT", "MT", "PST", "PDT", "PT", "AKST", "AKDT", "HST", "AST", "ADT", "NST",
    "NDT", "BRT", "ART", "CLT", "COT", "JST", "KST", "HKT", "SGT", "PHT", "WIB", "ICT", "AEST", "AEDT", "ACST", "ACDT",
    "AWST", "NZST", "NZDT", "SAST", "EAT", "WAT", "CAT", "GST", "PKT", "UTZ", "Z",
];

const REGIONS: &[&str] = &[
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
    "Etc",
];

/// The zone word that begins at `i`, alone or in parentheses.
pub fn zone(text: &Text, i: usize) -> Option<(String, usize)> {
    if text.is(i, '(') {
        let (name, end) = zone_word(text, i + 1)?;
        return text.is(end, ')').then_some((name, end + 1));
    }
    zone_word(text, text.skip(i, ','))
}

fn zone_word(text: &Text, i: usize) -> Option<(String, usize)> {
    let token = text.at(i)?;
    if matches!(token.text, "UTC" | "GMT") && text.at(i + 1).is_some_and(|t| t.is('+') || t.is_dash()) {
        let sign = if text.is(i + 1, '+') { '+' } else { '-' };
        let glued = !text.at(i + 2).is_some_and(|t| t.spaced);
        if let Some(hour) = text.at(i + 2).and_then(|t| t.small()).filter(|hour| *hour <= 14 && glued) {
            if let Some(minute) =
                text.at(i + 4).and_then(|t| t.digits(2)).filter(|_| text.is(i + 3, ':') && text.glued(i + 3))
            {
                return Some((format!("{}{sign}{hour}:{minute:02}", token.text), i + 5));
            }
            return Some((format!("{}{sign}{hour}", token.text), i + 3));
        }
    }
    if ZONES.contains(&token.text) && (token.text != "Z" || !token.spaced) {
        return Some((token.text.to_owned(), i + 1));
    }
    if REGIONS.contains(&token.text) && text.is(i + 1, '/') {
        let mut end = i + 2;
        let mut name = format!("{}/", token.text);
        while let Some(part) =
            text.at(end).filter(|t| !t.spaced && (t.is_word() || t.is('_') || t.is('/')) && end < i + 9)
        {
            name.push_str(part.text);
            end += 1;
        }
        return (end > i + 2).then_some((name, end));
    }
    // "Mountain Time", "Eastern Daylight Time", "Helsinki time"
    let mut end = i;
    while end < i + 3
        && text.at(end).is_some_and(|t| t.is_capital() && !text.words.time_word.contains(&t.lower.as_ref()))
    {
        end += 1;
    }
    let name = (end > i && text.words.time_word.contains(&text.lower(end))).then(|| text.tokens.get(i..=end))??;
    Some((name.iter().map(|t| t.text).collect::<Vec<_>>().join(" "), end + 1))
}
