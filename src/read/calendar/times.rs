//! DATE, DATE-TIME and DURATION values (RFC 5545 §3.3).

use crate::model::{DeclaredValue, Moment, When};
use crate::zone;
use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc};

pub(super) fn at(local: NaiveDateTime, offset: FixedOffset) -> Option<DateTime<FixedOffset>> {
    local.and_local_timezone(offset).single()
}

pub(super) fn local_time(text: &str) -> Option<NaiveDateTime> {
    match date_or_time(text)? {
        DeclaredValue::Local(time) => Some(time),
        DeclaredValue::Day(day) => Some(day.and_time(NaiveTime::MIN)),
        DeclaredValue::At(at) => Some(at.naive_utc()),
        DeclaredValue::Zoned(..) => None,
    }
}

pub(super) fn utc_offset(text: &str) -> Option<FixedOffset> {
    let text = text.trim().replace(':', "");
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(&text)),
    };
    let part = |at: usize| digits.get(at..at + 2).map_or(Some(0), |part| part.parse::<i32>().ok());
    FixedOffset::east_opt(sign * (part(0)? * 3600 + part(2)? * 60 + part(4)?))
}

/// `20250314`, `20250314T180000`, `…Z`; with hyphens and colons, without seconds, or with an offset, as some write it.
pub(super) fn date_or_time(text: &str) -> Option<DeclaredValue> {
    let text = text.trim();
    if let Some(value) = by_the_book(text.as_bytes()) {
        return Some(value);
    }
    let (date, time) = match text.split_once(['T', 't', ' ']) {
        Some((date, time)) => (date, Some(time.trim())),
        None => (text, None),
    };
    let digits: String = date.chars().filter(|c| *c != '-' && *c != '/').collect();
    let day = digits_only(&digits, 8).then(|| NaiveDate::parse_from_str(&digits, "%Y%m%d").ok()).flatten()?;
    let Some(time) = time else { return Some(DeclaredValue::Day(day)) };
    let (clock, zone) = match time.find(['Z', 'z', '+', '-']) {
        Some(at) => (time.get(..at)?, time.get(at..)?),
        None => (time, ""),
    };
    let local = clock_time(day, clock)?;
    match zone {
        "" => Some(DeclaredValue::Local(local)),
        "Z" | "z" => Some(DeclaredValue::At(local.and_utc().fixed_offset())),
        offset => at(local, utc_offset(offset.trim_start_matches(['Z', 'z']))?).map(DeclaredValue::At),
    }
}

/// The forms of RFC 5545 §3.3.4 and §3.3.5, which nearly all are; what is wrong in them is left to the lenient way.
fn by_the_book(text: &[u8]) -> Option<DeclaredValue> {
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_u32, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
    };
    let (date, time) = text.split_at_checked(8)?;
    let [year, month, day] = [date.get(..4)?, date.get(4..6)?, date.get(6..)?].map(number);
    let day = NaiveDate::from_ymd_opt(i32::try_from(year?).ok()?, month?, day?)?;
    let (clock, is_utc) = match time {
        [] => return Some(DeclaredValue::Day(day)),
        [b'T', clock @ .., b'Z'] => (clock, true),
        [b'T', clock @ ..] => (clock, false),
        _ => return None,
    };
    let [hour, minute, second] = [clock.get(..2)?, clock.get(2..4)?, clock.get(4..)?].map(number);
    let local = day.and_hms_opt(hour?, minute?, second?).filter(|_| clock.len() == 6)?;
    Some(if is_utc { DeclaredValue::At(local.and_utc().fixed_offset()) } else { DeclaredValue::Local(local) })
}

fn digits_only(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| b.is_ascii_digit())
}

/// Midnight may be written as 24:00 of the day before; a leap second is the second before it.
fn clock_time(day: NaiveDate, clock: &str) -> Option<NaiveDateTime> {
    let digits: String = clock.split('.').next()?.chars().filter(|c| *c != ':').collect();
    let all = match digits.len() {
        6 => digits,
        4 => format!("{digits}00"),
        2 => format!("{digits}0000"),
        _ => return None,
    };
    if !digits_only(&all, 6) {
        return None;
    }
    let part = |at: usize| all.get(at..at + 2)?.parse::<u32>().ok();
    let (hour, minute, second) = (part(0)?, part(2)?, part(4)?);
    if (hour, minute, second) == (24, 0, 0) {
        return day.succ_opt()?.and_hms_opt(0, 0, 0);
    }
    day.and_hms_opt(hour, minute, second.min(59))
}

/// A DURATION (§3.3.6): whole days, which are days of the calendar, and the exact rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::read) struct Duration {
    pub days: u64,
    pub rest: TimeDelta,
}

/// `None` for what is no duration or a negative one.
pub(in crate::read) fn duration(text: &str) -> Option<Duration> {
    let text = text.trim().to_ascii_uppercase();
    let text = text.strip_prefix('+').unwrap_or(&text).strip_prefix('P')?;
    let (mut days, mut seconds, mut number, mut in_time) = (0u64, 0i64, String::new(), false);
    for c in text.chars() {
        if c.is_ascii_digit() {
            number.push(c);
            continue;
        }
        if c == 'T' {
            in_time = true;
            continue;
        }
        let n: u32 = number.parse().ok().filter(|n| *n < 10_000_000)?;
        number.clear();
        match (c, in_time) {
            ('W', false) => days += u64::from(n) * 7,
            ('D', false) => days += u64::from(n),
            ('H', _) => seconds += i64::from(n) * 3600,
            ('M', true) => seconds += i64::from(n) * 60,
            ('S', _) => seconds += i64::from(n),
            // `P0Y0M0DT2H` is what some tools write; other months and years have no length.
            ('Y' | 'M', false) if n == 0 => {}
            _ => return None,
        }
    }
    number.is_empty().then_some(Duration { days, rest: TimeDelta::try_seconds(seconds)? })
}

/// The end that a duration leads to; inclusive for a day. `None` if it leads nowhere later.
pub(in crate::read) fn end_after(start: &DeclaredValue, duration: Duration) -> Option<DeclaredValue> {
    let days = Days::new(duration.days);
    let later = |local: NaiveDateTime| local.checked_add_days(days)?.checked_add_signed(duration.rest);
    if duration.days == 0 && duration.rest.is_zero() {
        return None;
    }
    match start {
        DeclaredValue::Day(day) => {
            let whole = duration.days + u64::from(!duration.rest.is_zero());
            Some(DeclaredValue::Day(day.checked_add_days(Days::new(whole.saturating_sub(1)))?))
        }
        DeclaredValue::Local(local) => later(*local).map(DeclaredValue::Local),
        DeclaredValue::At(at) => Some(DeclaredValue::At(at.checked_add_days(days)?.checked_add_signed(duration.rest)?)),
        DeclaredValue::Zoned(local, name) => {
            let zone = zone::by_name(name)?;
            let at = zone::to_utc(local.checked_add_days(days)?, &zone).checked_add_signed(duration.rest)?;
            Some(DeclaredValue::Zoned(zone::to_local(at, &zone), name.clone()))
        }
    }
}

/// The value so much later.
pub(super) fn later(value: &DeclaredValue, length: TimeDelta) -> Option<DeclaredValue> {
    match value {
        DeclaredValue::Day(day) => day.checked_add_signed(length).map(DeclaredValue::Day),
        other => end_after(other, Duration { days: 0, rest: length }),
    }
}

/// The moment of a value; a floating one as if it were in UTC, which is enough to tell earlier from later.
pub(super) fn moment(value: &DeclaredValue) -> DateTime<Utc> {
    match value {
        DeclaredValue::Day(day) => day.and_time(NaiveTime::MIN).and_utc(),
        DeclaredValue::Local(local) => local.and_utc(),
        DeclaredValue::At(at) => at.to_utc(),
        DeclaredValue::Zoned(local, name) => match zone::by_name(name) {
            Some(zone) => zone::to_utc(*local, &zone),
            None => local.and_utc(),
        },
    }
}

/// True where the one comes before the other. On one clock no moments are needed.
pub(super) fn is_before(one: &DeclaredValue, other: &DeclaredValue) -> bool {
    match (one, other) {
        (DeclaredValue::Zoned(one, zone), DeclaredValue::Zoned(other, its)) if zone == its => one < other,
        _ => moment(one) < moment(other),
    }
}

/// The value as the name of an occurrence of a series that starts like `series`.
pub(super) fn moment_in(value: &DeclaredValue, series: &DeclaredValue) -> Moment {
    match (series, value) {
        (DeclaredValue::Day(_), value) => Moment::Day(value.day()),
        (_, DeclaredValue::Day(day)) => Moment::Day(*day),
        (_, DeclaredValue::Local(local)) => Moment::Local(*local),
        (DeclaredValue::Zoned(_, series), DeclaredValue::Zoned(local, zone)) if series == zone => Moment::Local(*local),
        (DeclaredValue::Zoned(_, series), value) => match zone::by_name(series) {
            Some(zone) => Moment::Local(zone::to_local(moment(value), &zone)),
            None => Moment::At(moment(value)),
        },
        (_, value) => Moment::At(moment(value)),
    }
}

/// What the clock of a series that starts like `series` shows then.
pub(super) fn on_clock(value: &DeclaredValue, series: &DeclaredValue) -> NaiveDateTime {
    match moment_in(value, series) {
        Moment::Day(day) => day.and_time(NaiveTime::MIN),
        Moment::Local(local) => local,
        Moment::At(at) => at.naive_utc(),
    }
}

/// The event's time as the model has it; `None` for a floating one, whose zone is not known here.
pub(super) fn when(start: &DeclaredValue, end: Option<&DeclaredValue>) -> Option<When> {
    match start {
        DeclaredValue::Day(first) => {
            let last = end.map_or(*first, DeclaredValue::day).max(*first);
            Some(When::AllDay { first: *first, last })
        }
        DeclaredValue::At(at) => {
            let end = end.map(moment).filter(|end| *end > at.to_utc());
            Some(When::Instant { start: at.to_utc(), end })
        }
        DeclaredValue::Zoned(local, name) => {
            let zone = zone::by_name(name)?;
            let end = end.map(|end| match end {
                DeclaredValue::Zoned(end, other) if other == name => *end,
                other => zone::to_local(moment(other), &zone),
            });
            Some(When::Zoned { start: *local, end: end.filter(|end| end > local), zone })
        }
        DeclaredValue::Local(_) => None,
    }
}

/// True for midnight on its own clock.
pub(super) fn is_midnight(value: &DeclaredValue) -> bool {
    match value {
        DeclaredValue::Day(_) => true,
        DeclaredValue::Local(time) | DeclaredValue::Zoned(time, _) => time.num_seconds_from_midnight() == 0,
        DeclaredValue::At(at) => at.num_seconds_from_midnight() == 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_are_read_as_people_write_them() {
        let day = NaiveDate::from_ymd_opt(2025, 3, 14).unwrap();
        let local = |h, m| DeclaredValue::Local(day.and_hms_opt(h, m, 0).unwrap());
        for (text, expected) in [
            ("20250314", DeclaredValue::Day(day)),
            ("2025-03-14", DeclaredValue::Day(day)),
            ("20250314T180000", local(18, 0)),
            ("20250314T1830", local(18, 30)),
            ("2025-03-14T18:30:00", local(18, 30)),
        ] {
            assert_eq!(date_or_time(text), Some(expected), "{text}");
        }
        let at = |text: &str| date_or_time(text).map(|value| moment(&value).to_rfc3339());
        assert_eq!(at("20250314T180000Z").unwrap(), "2025-03-14T18:00:00+00:00");
        assert_eq!(at("20250314T180000+0200").unwrap(), "2025-03-14T16:00:00+00:00");
        assert_eq!(at("20250314T240000Z").unwrap(), "2025-03-15T00:00:00+00:00");
        for bad in ["", "soon", "20251332", "20250314T99", "2025", "20250314T18000é", "20250314TT"] {
            assert_eq!(date_or_time(bad), None, "{bad}");
        }
    }

    #[test]
    fn durations_count_days_of_the_calendar() {
        assert_eq!(duration("P1W").unwrap().days, 7);
        assert_eq!(duration("P1DT2H30M").unwrap(), Duration { days: 1, rest: TimeDelta::minutes(150) });
        for bad in ["", "P", "-PT1H", "1H", "PT1", "P1M", "PT99999999999H"] {
            assert!(duration(bad).is_none_or(|d| d.days == 0 && d.rest.is_zero()), "{bad}");
        }
    }
}
