//! RRULE values (RFC 5545 §3.3.10): text ⇄ [`Rule`].

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Weekday};
use std::fmt;
use std::ops::RangeInclusive;

/// How many clock times a day (or hour) may have: more is a mistake or an attack, no event.
const MOST_TIMES: usize = 48;
/// Longest list in one part, and longest rule.
const LONGEST_RULE: usize = 2000;

/// A rule whose parts are each in range.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rule {
    pub freq: Freq,
    pub interval: u32,
    pub by_month: Vec<i32>,
    pub by_week: Vec<i32>,
    pub by_year_day: Vec<i32>,
    pub by_month_day: Vec<i32>,
    /// Weekday with its place in month or year; 0 means each.
    pub by_day: Vec<(Weekday, i32)>,
    pub by_hour: Vec<i32>,
    pub by_minute: Vec<i32>,
    pub by_second: Vec<i32>,
    pub by_set_pos: Vec<i32>,
    pub week_start: Weekday,
    pub count: Option<u32>,
    pub until: Option<Until>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Freq {
    Secondly,
    Minutely,
    Hourly,
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

impl Freq {
    /// The length of a period that is not longer than an hour, in seconds.
    pub fn seconds(self) -> Option<i64> {
        match self {
            Freq::Secondly => Some(1),
            Freq::Minutely => Some(60),
            Freq::Hourly => Some(3600),
            Freq::Daily | Freq::Weekly | Freq::Monthly | Freq::Yearly => None,
        }
    }

    fn period(self) -> &'static str {
        match self {
            Freq::Secondly | Freq::Minutely => "minute",
            Freq::Hourly => "hour",
            Freq::Daily | Freq::Weekly | Freq::Monthly | Freq::Yearly => "day",
        }
    }
}

/// The end of a rule, itself included.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub(super) enum Until {
    Day(NaiveDate),
    Local(NaiveDateTime),
    Utc(NaiveDateTime),
}

impl Rule {
    fn new(freq: Freq) -> Self {
        Self {
            freq,
            interval: 1,
            by_month: Vec::new(),
            by_week: Vec::new(),
            by_year_day: Vec::new(),
            by_month_day: Vec::new(),
            by_day: Vec::new(),
            by_hour: Vec::new(),
            by_minute: Vec::new(),
            by_second: Vec::new(),
            by_set_pos: Vec::new(),
            week_start: Weekday::Mon,
            count: None,
            until: None,
        }
    }

    /// Reads a rule; small letters, blanks and a trailing `;` do no harm.
    pub fn parse(text: &str) -> Result<Rule, String> {
        if text.len() > LONGEST_RULE {
            return Err(format!("a rule of {} characters is too long", text.len()));
        }
        let upper = text.trim().to_ascii_uppercase();
        let upper = upper.strip_prefix("RRULE:").unwrap_or(&upper);
        let mut parts: Vec<(&str, &str)> = Vec::new();
        for part in upper.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            // What has no value says nothing.
            let Some((name, value)) = part.split_once('=') else { continue };
            let (name, value) = (name.trim(), value.trim());
            if parts.iter().any(|(known, _)| *known == name) {
                return Err(format!("`{name}` is given twice"));
            }
            parts.push((name, value));
        }
        let freq = parts.iter().find(|(name, _)| *name == "FREQ").ok_or("`FREQ` is missing")?;
        let mut rule = Rule::new(frequency(freq.1)?);
        parts.iter().try_for_each(|(name, value)| rule.set(name, value))?;
        rule.tidy();
        let times = rule.times();
        if times > MOST_TIMES {
            return Err(format!("{times} times a {} are more than an event can have", rule.freq.period()));
        }
        Ok(rule)
    }

    /// How many clock times a day has, or an hour or minute of a rule that goes by these; what is shorter than the frequency multiplies.
    fn times(&self) -> usize {
        let number = |list: &[i32], of: Freq| if self.freq > of { list.len().max(1) } else { 1 };
        number(&self.by_hour, Freq::Hourly)
            * number(&self.by_minute, Freq::Minutely)
            * number(&self.by_second, Freq::Secondly)
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        match name {
            "FREQ" => {}
            "INTERVAL" => self.interval = positive(name, value)?,
            "COUNT" => self.count = Some(positive(name, value)?),
            "UNTIL" => self.until = Some(until(value)?),
            "WKST" => self.week_start = weekday(value).ok_or_else(|| wrong(name, value))?,
            "BYMONTH" => self.by_month = numbers(name, value, 1..=12, false)?,
            "BYWEEKNO" => self.by_week = numbers(name, value, 1..=53, true)?,
            "BYYEARDAY" => self.by_year_day = numbers(name, value, 1..=366, true)?,
            "BYMONTHDAY" => self.by_month_day = numbers(name, value, 1..=31, true)?,
            "BYDAY" => self.by_day = days(value)?,
            "BYHOUR" => self.by_hour = numbers(name, value, 0..=23, false)?,
            "BYMINUTE" => self.by_minute = numbers(name, value, 0..=59, false)?,
            "BYSECOND" => self.by_second = numbers(name, value, 0..=60, false)?,
            "BYSETPOS" => self.by_set_pos = numbers(name, value, 1..=366, true)?,
            "RSCALE" if value == "GREGORIAN" => {}
            "SKIP" if value == "OMIT" => {}
            "RSCALE" | "SKIP" => return Err(format!("`{name}={value}` is not supported")),
            _ => return Err(format!("`{name}` is no part of a rule")),
        }
        Ok(())
    }

    /// One order, nothing twice, and numbers before weekdays only where they mean something.
    fn tidy(&mut self) {
        if self.freq < Freq::Monthly || !self.by_week.is_empty() {
            self.by_day.iter_mut().for_each(|day| day.1 = 0);
        }
        self.by_day.sort_by_key(|(day, nth)| (day.num_days_from_monday(), *nth));
        self.by_day.dedup();
        let lists = [
            &mut self.by_month,
            &mut self.by_week,
            &mut self.by_year_day,
            &mut self.by_month_day,
            &mut self.by_hour,
            &mut self.by_minute,
            &mut self.by_second,
            &mut self.by_set_pos,
        ];
        for list in lists {
            list.sort_unstable();
            list.dedup();
        }
    }
}

fn frequency(value: &str) -> Result<Freq, String> {
    match value {
        "SECONDLY" => Ok(Freq::Secondly),
        "MINUTELY" => Ok(Freq::Minutely),
        "HOURLY" => Ok(Freq::Hourly),
        "DAILY" => Ok(Freq::Daily),
        "WEEKLY" => Ok(Freq::Weekly),
        "MONTHLY" => Ok(Freq::Monthly),
        "YEARLY" => Ok(Freq::Yearly),
        _ => Err(format!("expected DAILY, WEEKLY, MONTHLY or YEARLY in `FREQ`, but found `{value}`")),
    }
}

fn wrong(name: &str, value: &str) -> String {
    format!("`{name}={value}` is out of range")
}

fn positive<T: TryFrom<u64>>(name: &str, value: &str) -> Result<T, String> {
    let number: u64 = value.parse().map_err(|_| wrong(name, value))?;
    if number == 0 {
        return Err(format!("`{name}=0` has no meaning"));
    }
    T::try_from(number).map_err(|_| wrong(name, value))
}

fn numbers(name: &str, value: &str, range: RangeInclusive<i32>, negative: bool) -> Result<Vec<i32>, String> {
    let number = |text: &str| -> Option<i32> {
        let number: i32 = text.trim().parse().ok()?;
        let fits = range.contains(&number) || negative && number < 0 && range.contains(&number.checked_neg()?);
        fits.then_some(number)
    };
    value.split(',').map(|text| number(text).ok_or_else(|| wrong(name, text))).collect()
}

fn days(value: &str) -> Result<Vec<(Weekday, i32)>, String> {
    let day = |text: &str| -> Option<(Weekday, i32)> {
        let text = text.trim();
        let at = text.len().checked_sub(2)?;
        let (nth, name) = (text.get(..at)?.trim(), text.get(at..)?);
        let nth: i32 = if nth.is_empty() { 0 } else { nth.parse().ok().filter(|n: &i32| *n != 0)? };
        (-53..=53).contains(&nth).then_some((weekday(name)?, nth))
    };
    value.split(',').map(|text| day(text).ok_or_else(|| wrong("BYDAY", text))).collect()
}

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("MO", Weekday::Mon),
    ("TU", Weekday::Tue),
    ("WE", Weekday::Wed),
    ("TH", Weekday::Thu),
    ("FR", Weekday::Fri),
    ("SA", Weekday::Sat),
    ("SU", Weekday::Sun),
];

fn weekday(name: &str) -> Option<Weekday> {
    WEEKDAYS.iter().find(|(known, _)| *known == name).map(|(_, day)| *day)
}

fn weekday_name(day: Weekday) -> &'static str {
    WEEKDAYS.iter().find(|(_, known)| *known == day).map_or("MO", |(name, _)| name)
}

fn until(value: &str) -> Result<Until, String> {
    let day = |text: &str| NaiveDate::parse_from_str(text, "%Y%m%d").ok();
    let read = || -> Option<Until> {
        let Some((date, time)) = value.split_once('T') else {
            return day(value.trim_end_matches('Z')).map(Until::Day);
        };
        let (digits, utc) = time.strip_suffix('Z').map_or((time, false), |digits| (digits, true));
        let time = match digits {
            "240000" | "235960" => NaiveTime::from_hms_opt(23, 59, 59)?,
            _ => NaiveTime::parse_from_str(digits, "%H%M%S").or(NaiveTime::parse_from_str(digits, "%H%M")).ok()?,
        };
        let moment = day(date)?.and_time(time);
        Some(if utc { Until::Utc(moment) } else { Until::Local(moment) })
    };
    read().ok_or_else(|| format!("expected a day or time such as 20250314T180000Z in `UNTIL`, but found `{value}`"))
}

impl fmt::Display for Until {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Until::Day(day) => write!(f, "{}", day.format("%Y%m%d")),
            Until::Local(time) => write!(f, "{}", time.format("%Y%m%dT%H%M%S")),
            Until::Utc(time) => write!(f, "{}", time.format("%Y%m%dT%H%M%SZ")),
        }
    }
}

impl fmt::Display for Freq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format!("{self:?}").to_uppercase())
    }
}

impl fmt::Display for Rule {
    /// The canonical spelling: one order of the parts, defaults left out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FREQ={}", self.freq)?;
        if self.interval != 1 {
            write!(f, ";INTERVAL={}", self.interval)?;
        }
        list(f, "BYMONTH", &self.by_month)?;
        list(f, "BYWEEKNO", &self.by_week)?;
        list(f, "BYYEARDAY", &self.by_year_day)?;
        list(f, "BYMONTHDAY", &self.by_month_day)?;
        let days = self.by_day.iter().map(|(day, nth)| match nth {
            0 => weekday_name(*day).to_owned(),
            nth => format!("{nth}{}", weekday_name(*day)),
        });
        list(f, "BYDAY", &days.collect::<Vec<_>>())?;
        list(f, "BYHOUR", &self.by_hour)?;
        list(f, "BYMINUTE", &self.by_minute)?;
        list(f, "BYSECOND", &self.by_second)?;
        list(f, "BYSETPOS", &self.by_set_pos)?;
        if self.week_start != Weekday::Mon {
            write!(f, ";WKST={}", weekday_name(self.week_start))?;
        }
        if let Some(count) = self.count {
            write!(f, ";COUNT={count}")?;
        }
        self.until.map_or(Ok(()), |until| write!(f, ";UNTIL={until}"))
    }
}

fn list<T: fmt::Display>(f: &mut fmt::Formatter<'_>, name: &str, items: &[T]) -> fmt::Result {
    for (n, item) in items.iter().enumerate() {
        if n == 0 {
            write!(f, ";{name}={item}")?;
        } else {
            write!(f, ",{item}")?;
        }
    }
    Ok(())
}
