//! Hours: `18:30`, `4pm–7pm CEST`, `from 9:00 to 17:00`, `19 Uhr`, `18h30`, 午後7時, `noon`, with the zone's word as written.

use super::zone::zone;
use crate::extract::language::{Class, Classes, Marks};
use crate::extract::tokens::{Text, Token, TokenKind};
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
    /// `18:30`, `6pm`, `19 Uhr`, `noon`.
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

/// As many other clocks may tell the same hours.
const MOST_CLOCKS: usize = 6;

/// Hours that begin at `i`: one time or a range, with a zone. The same hours on further clocks ("17:00 UTC / 19:00 CEST") are passed over.
pub fn hours(text: &Text, i: usize) -> Option<(Hours, usize)> {
    told(text, i, false)
}

/// The same right behind a date, where `18.30` is an hour too.
pub fn hours_of_date(text: &Text, i: usize) -> Option<(Hours, usize)> {
    told(text, i, true)
}

fn told(text: &Text, i: usize, dotted: bool) -> Option<(Hours, usize)> {
    let (mut hours, mut end) = one_clock(text, i, dotted)?;
    if let Some((zone, after)) = hours.zone.is_none().then(|| zone_by_twin(text, end, hours.from)).flatten() {
        (hours.zone, end) = (Some(zone), after);
    }
    for _ in 0..MOST_CLOCKS {
        let Some(after) = other_clock(text, end, &hours) else { break };
        end = after;
    }
    Some((hours, end))
}

/// "9 AM Australian Western / 1:00 UTC", "16:00 (14:00 UTC)": words for a zone that nobody knows are explained by the same moment in UTC.
fn zone_by_twin(text: &Text, i: usize, from: NaiveTime) -> Option<(String, usize)> {
    let mut at = i;
    while at < i + 3 && text.at(at).is_some_and(|token| token.capital && !token.new_line) {
        at += 1;
    }
    let bracket = text.is(at, '(');
    if !bracket && !text.is(at, '/') {
        return None;
    }
    let (twin, end) = one_clock(text, at + 1, false)?;
    if !matches!(twin.zone.as_deref(), Some("UTC" | "GMT")) || bracket && !text.is(end, ')') {
        return None;
    }
    let minutes = (from - twin.from).num_minutes().rem_euclid(24 * 60);
    let minutes = if minutes > 12 * 60 { minutes - 24 * 60 } else { minutes };
    let sign = if minutes < 0 { '-' } else { '+' };
    let (hour, minute) = (minutes.abs() / 60, minutes.abs() % 60);
    let zone = if minute == 0 { format!("UTC{sign}{hour}") } else { format!("UTC{sign}{hour}:{minute:02}") };
    Some((zone, if bracket { end + 1 } else { end }))
}

/// Behind hours with a zone: the same hours in another zone.
fn other_clock(text: &Text, i: usize, hours: &Hours) -> Option<usize> {
    let bracket = text.is(i, '(');
    let parted = bracket
        || text.at(i).is_some_and(|t| t.is('/') || t.is('|') || t.is(',') || t.is('=') || t.is('·') || t.is(';'));
    let at = if parted { i + 1 } else { text.skip_phrase(i, Class::And) };
    let at = text.skip_phrase(at, Class::At);
    let (other, end) = (at > i).then(|| one_clock(text, at, false)).flatten()?;
    let differs = other.zone.is_some() && (hours.zone.is_some() || bracket) && other.zone != hours.zone;
    if !differs {
        return None;
    }
    match bracket {
        true => (text.is(end, ')') || other_clock(text, end, &other).is_some()).then(|| text.skip(end, ')')),
        false => Some(end),
    }
}

fn one_clock(text: &Text, i: usize, dotted: bool) -> Option<(Hours, usize)> {
    if !text.may_begin(i, Marks::OPENS_HOURS) {
        return None;
    }
    let opened = text.phrase(i, Class::From).or_else(|| text.phrase(i, Class::Between));
    let behind = opened.and_then(|end| clock(text, end).map(|(from, after)| (sure_behind(text, i, end, from), after)));
    let (opened, (mut from, after)) = match behind {
        Some(found) => (true, found),
        None => (false, clock(text, i)?),
    };
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
            let mut to = to;
            let half = to.afternoon.is_none() && (1..12).contains(&to.hour);
            if from.afternoon == Some(true) && half && to.time() < from.time() {
                to.afternoon = Some(true);
            }
            let (zone_behind, end) = zone(text, end).map_or((None, end), |(zone, end)| (Some(zone), end));
            let hours = Hours { from: from.time()?, to: to.time(), zone: zone_behind.or(zone_between) };
            return Some((hours, end));
        }
    }
    let sure = match from.form {
        Form::Plain => true,
        Form::Dotted => dotted || zone_between.is_some(),
        Form::Bare => false,
    };
    // "from 18:00": the preposition is none of the hours.
    (sure && (!opened || dotted && from.form == Form::Dotted)).then_some(())?;
    Some((Hours { from: from.time()?, to: None, zone: zone_between }, after_zone))
}

fn range_end(text: &Text, i: usize, start: usize) -> Option<(Clock, usize)> {
    let token = text.at(i)?;
    if token.is_dash() {
        let double = text.at(i + 1).is_some_and(|t| t.is_dash() && !t.spaced);
        return clock(text, if double { i + 2 } else { i + 1 });
    }
    if let Some(end) = text.phrase(i, Class::To) {
        return clock(text, end).map(|(to, after)| (sure_behind(text, i, end, to), after));
    }
    let between = text.has(start, Class::Between) || start > 0 && text.has(start - 1, Class::Between);
    text.phrase(i, Class::And).filter(|_| between).and_then(|end| clock(text, end))
}

/// "de las 10 a las 14": a word that opens or closes a range and makes hours too.
fn sure_behind(text: &Text, i: usize, end: usize, clock: Clock) -> Clock {
    let form = if text.phrase(i, Class::HourBefore) == Some(end) { Form::Plain } else { clock.form };
    Clock { form, ..clock }
}

fn clock(text: &Text, i: usize) -> Option<(Clock, usize)> {
    let token = text.at(i)?;
    let named = |hour, end| Some((Clock { hour, minute: 0, afternoon: None, form: Form::Plain }, end));
    if token.is_word() {
        // "après-midi"
        if i > 0
            && !token.spaced
            && text.at(i - 1).is_some_and(Token::is_dash)
            && text.at(i - 1).is_some_and(|dash| !dash.spaced)
        {
            return None;
        }
        if let Some(end) = text.phrase(i, Class::Noon) {
            return named(12, end);
        }
        if let Some(end) = text.phrase(i, Class::Midnight) {
            return named(0, end);
        }
        // 午後7時, "um 19", "kl. 19"
        let half = text
            .phrase(i, Class::Am)
            .map(|end| (false, end))
            .or_else(|| text.phrase(i, Class::Pm).map(|end| (true, end)));
        if let Some((afternoon, end)) = half.filter(|(_, end)| text.at(*end).is_some_and(Token::is_number)) {
            let (clock, end) = digits(text, end)?;
            return (clock.form != Form::Bare)
                .then_some((Clock { afternoon: clock.afternoon.or(Some(afternoon)), ..clock }, end));
        }
        let end = text.phrase(i, Class::HourBefore)?;
        let end = if text.is(end, '.') && text.glued(end) { end + 1 } else { end };
        let (clock, end) = digits(text, end)?;
        return Some((Clock { form: Form::Plain, ..clock }, end));
    }
    if follows_a_number_or_word(text, i) {
        return None;
    }
    digits(text, i)
}

fn digits(text: &Text, i: usize) -> Option<(Clock, usize)> {
    let token = text.at(i)?;
    let hour = token.small().filter(|hour| *hour <= 24 && !token.is_ordinal())?;
    let (mut minute, mut end, mut form) = (0, i + 1, Form::Bare);
    let separated = text.glued(i + 1) && text.glued(i + 2);
    let two = |at: usize| text.at(at).and_then(|t| t.digits(2)).filter(|minute| *minute < 60);
    if let Some(minutes) = two(i + 2).filter(|_| separated) {
        let colon = text.is(i + 1, ':');
        let longer = |mark: char| {
            text.is(i + 3, mark) && text.glued(i + 3) && text.at(i + 4).is_some_and(|t| t.is_number() && !t.spaced)
        };
        if colon {
            (minute, end, form) = (minutes, i + 3, Form::Plain);
            if longer(':') {
                end += 2;
            }
        } else if text.is(i + 1, '.') && !longer('.') {
            (minute, end, form) = (minutes, i + 3, Form::Dotted);
        }
    }
    if form == Form::Bare && text.has(end, Class::HourMark) {
        (end, form) = (end + 1, Form::Plain);
        if let Some(minutes) =
            text.at(end).and_then(Token::small).filter(|m| *m < 60 && text.has(end + 1, Class::MinuteMark))
        {
            (minute, end) = (minutes, end + 2);
        } else if text.written(end) == "半" {
            (minute, end) = (30, end + 1);
        }
    }
    let (afternoon, behind) = meridiem(text, end);
    if afternoon.is_some() {
        if hour == 0 || hour > 12 && form == Form::Bare {
            return None;
        }
        (end, form) = (behind, Form::Plain);
    } else if let Some(behind) = text.phrase(end, Class::HourWord).or_else(|| hour_letter(text, end)) {
        let letter = text.written(end).len() == 1;
        let minutes = two(behind).filter(|_| text.glued(behind) || !letter).filter(|_| form == Form::Bare);
        if form != Form::Bare || !letter || text.glued(end) || minutes.is_some() || led(text, i) {
            (end, form) = (behind, Form::Plain);
            if let Some(minutes) = minutes {
                (minute, end) = (minutes, behind + 1);
            }
            // "19 Uhr abends", "8 horas de la noche"
            let (half, after) = meridiem(text, end);
            if half.is_some() && hour <= 12 && hour > 0 {
                return Some((Clock { hour, minute, afternoon: half, form }, after));
            }
        }
    }
    // "18:00 - 21 October": the day of a month is no hour.
    let day = form == Form::Bare && text.month(text.skip_phrase(text.skip(end, '.'), Class::OfMonth)).is_some();
    (!day && (hour < 24 || minute == 0)).then_some((Clock { hour, minute, afternoon, form }, end))
}

/// What stands before a number makes "18 h" hours rather than a length of time.
fn led(text: &Text, i: usize) -> bool {
    let Some(before) = i.checked_sub(1) else { return true };
    let classes = Classes::of(&[
        Class::At,
        Class::HourBefore,
        Class::From,
        Class::To,
        Class::Between,
        Class::And,
        Class::BeforeHours,
        Class::Starting,
        Class::Determiner,
    ]);
    text.meaning(before).classes.any(classes) || text.at(before).is_some_and(|t| t.is(',') || t.is_dash() || t.is('|'))
}

/// `18h`, `18H30`, in all languages.
fn hour_letter(text: &Text, i: usize) -> Option<usize> {
    (text.glued(i) && matches!(text.written(i), "h" | "H")).then_some(i + 1)
}

/// `1.5:30`, `#12:30`, `v2pm` and the like are no times.
fn follows_a_number_or_word(text: &Text, i: usize) -> bool {
    let Some(before) = i.checked_sub(1).filter(|_| text.glued(i)) else { return false };
    let Some(token) = text.at(before) else { return false };
    let iso = matches!(text.written(before), "T" | "t");
    let unspaced = text.written(before).chars().all(super::is_unspaced);
    (token.is_word() && !iso && !unspaced)
        || matches!(token.kind, TokenKind::Mark('.' | ':' | '#' | '$' | '€' | '£' | '_' | '=' | '+'))
}

fn meridiem(text: &Text, i: usize) -> (Option<bool>, usize) {
    // "8 uur 's avonds"
    let i = if text.is(i, '\'') || text.is(i, '’') { i + 1 } else { i };
    let written = text.written(i);
    let english = |word: &str| written.eq_ignore_ascii_case(word) && (text.glued(i) || text.language.code == "en");
    if english("am") {
        return (Some(false), i + 1);
    }
    if written.eq_ignore_ascii_case("pm") {
        return (Some(true), i + 1);
    }
    // a.m., p. m.
    let half = written.eq_ignore_ascii_case("p");
    if (half || written.eq_ignore_ascii_case("a"))
        && text.is(i + 1, '.')
        && text.glued(i + 1)
        && text.written(i + 2).eq_ignore_ascii_case("m")
    {
        let end = if text.is(i + 3, '.') && text.glued(i + 3) { i + 4 } else { i + 3 };
        return (Some(half), end);
    }
    if let Some(end) = text.phrase(i, Class::Am) {
        return (Some(false), end);
    }
    match text.phrase(i, Class::Pm) {
        Some(end) => (Some(true), end),
        None => (None, i),
    }
}
