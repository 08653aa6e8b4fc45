//! Moves every date of a text, in the forms people write: `2022-10-14`, `14.10.2022`, `October 14, 2022`, `May 14-15, 2022`,
//! `August 29 - September 10`, `the 14th and the 16th of October`, `20 July 2024`.
//!
//! Months and years without a day stay. Where a range comes to lie in two months or years, each of its days names its own.

use chrono::{Datelike, NaiveDate, TimeDelta};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The text, all its days moved by `shift`; days without a year are taken for days of `year`.
pub fn later(text: &str, year: i32, shift: TimeDelta) -> String {
    let tokens = tokens(text);
    let mut out = String::with_capacity(text.len() + 64);
    let mut at = 0;
    while at < tokens.len() {
        let rest = &tokens[at..];
        let (written, used) = numeric(rest, shift)
            .or_else(|| month_first(rest, year, shift))
            .or_else(|| day_first(rest, year, shift))
            .unwrap_or_else(|| (rest[0].to_owned(), 1));
        out.push_str(&written);
        at += used;
    }
    out
}

/// Runs of letters, runs of digits with an ordinal's letters, and single other characters.
fn tokens(text: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let same = |c: char| {
            if first.is_ascii_digit() { c.is_ascii_digit() } else { first.is_alphabetic() && c.is_alphabetic() }
        };
        let mut end = rest.find(|c| !same(c)).unwrap_or(rest.len()).max(first.len_utf8());
        if first.is_ascii_digit() && ["st", "nd", "rd", "th"].iter().any(|letters| rest[end..].starts_with(letters)) {
            end += 2;
        }
        let (token, tail) = rest.split_at(end);
        all.push(token);
        rest = tail;
    }
    all
}

/// `2022-10-14`, `14.10.2022`.
fn numeric(tokens: &[&str], shift: TimeDelta) -> Option<(String, usize)> {
    let [first, joint, second, again, third, ..] = tokens else { return None };
    let number = |text: &str, digits: usize| text.parse::<u32>().ok().filter(|_| text.len() == digits);
    if joint != again {
        return None;
    }
    let (date, form) = match *joint {
        "-" => (NaiveDate::from_ymd_opt(number(first, 4)? as i32, number(second, 2)?, number(third, 2)?)?, "%Y-%m-%d"),
        "." => (NaiveDate::from_ymd_opt(number(third, 4)? as i32, number(second, 2)?, number(first, 2)?)?, "%d.%m.%Y"),
        _ => return None,
    };
    Some(((date + shift).format(form).to_string(), 5))
}

/// A day as written: where it stands in the tokens, and with which letters.
struct Day<'a> {
    number: u32,
    is_ordinal: bool,
    /// Its own month, as written, if it names one.
    month: Option<&'a str>,
    /// What stands between the day before and this one.
    joint: String,
}

impl Day<'_> {
    fn write(&self, date: NaiveDate) -> String {
        let letters = match (self.is_ordinal, date.day()) {
            (false, _) => "",
            (true, 1 | 21 | 31) => "st",
            (true, 2 | 22) => "nd",
            (true, 3 | 23) => "rd",
            (true, _) => "th",
        };
        format!("{}{letters}", date.day())
    }
}

fn month(token: &str) -> Option<u32> {
    let is_it = |name: &str| {
        name == token || (token.len() == 3 && name.starts_with(token)) || (name, token) == ("September", "Sept")
    };
    MONTHS.iter().position(|name| is_it(name)).map(|at| at as u32 + 1)
}

fn written_month(like: &str, date: NaiveDate) -> String {
    let name = MONTHS[date.month0() as usize];
    if like.len() == 3 && like != "May" { name[..3].to_owned() } else { name.to_owned() }
}

fn day(token: &str) -> Option<(u32, bool)> {
    let digits = token.trim_end_matches(char::is_alphabetic);
    let number = digits.parse().ok().filter(|number| digits.len() <= 2 && (1..=31).contains(number))?;
    Some((number, digits.len() < token.len()))
}

fn year_of(token: &str) -> Option<i32> {
    token.parse().ok().filter(|year| token.len() == 4 && (1990..2100).contains(year))
}

/// How many tokens join one day with the next, and what they say: ` - `, `-`, `&`, ` and the `, ` to `.
fn joint(tokens: &[&str]) -> Option<usize> {
    let words = ["-", "–", "&", "and", "to", "To", "the", " "];
    let length = tokens.iter().take_while(|token| words.contains(token)).count();
    tokens[..length].iter().any(|token| *token != " " && *token != "the").then_some(length)
}

/// `October 14, 2022`, `May 14-15, 2022`, `August 29 - September 10, 2022`, `February 3&4`.
fn month_first(tokens: &[&str], year: i32, shift: TimeDelta) -> Option<(String, usize)> {
    let [name, " ", first, ..] = tokens else { return None };
    month(name)?;
    let (number, is_ordinal) = day(first)?;
    let mut days = vec![Day { number, is_ordinal, month: Some(name), joint: String::new() }];
    let mut used = 3;
    while let Some(length) = joint(&tokens[used..]) {
        let next = &tokens[used + length..];
        let (own, at) = match next {
            [name, " ", ..] if month(name).is_some() => (Some(*name), 2),
            _ => (None, 0),
        };
        let Some((number, is_ordinal)) = next.get(at).and_then(|token| day(token)) else { break };
        if next.get(at + 1) == Some(&":") {
            break;
        }
        days.push(Day { number, is_ordinal, month: own, joint: tokens[used..used + length].concat() });
        used += length + at + 1;
    }
    let (told, before, length) = match &tokens[used..] {
        [",", " ", token, ..] if year_of(token).is_some() => (year_of(token), ", ", 3),
        [" ", token, ..] if year_of(token).is_some() => (year_of(token), " ", 2),
        _ => (None, "", 0),
    };
    let dates = dates(&days, told.unwrap_or(year), days[0].month?)?;
    let mut out = String::new();
    for (at, (day, date)) in days.iter().zip(&dates).enumerate() {
        let (date, earlier) = (*date + shift, at.checked_sub(1).map(|at| dates[at] + shift));
        let other_month = earlier.is_none_or(|earlier| earlier.month() != date.month());
        if told.is_some() && earlier.is_some_and(|earlier| earlier.year() != date.year()) {
            out.push_str(&format!("{before}{}", date.year() - 1));
        }
        out.push_str(if other_month && day.month.is_none() && day.joint == "-" { " - " } else { &day.joint });
        if other_month || day.month.is_some() {
            out.push_str(&format!("{} ", written_month(name, date)));
        }
        out.push_str(&day.write(date));
    }
    if told.is_some() {
        out.push_str(&format!("{before}{}", (*dates.last()? + shift).year()));
    }
    Some((out, used + length))
}

/// `the 14th and the 16th of October`, `14th of January 2023`, `20 July 2024`.
fn day_first(tokens: &[&str], year: i32, shift: TimeDelta) -> Option<(String, usize)> {
    let (number, is_ordinal) = day(tokens.first()?)?;
    let mut days = vec![Day { number, is_ordinal, month: None, joint: String::new() }];
    let mut used = 1;
    while let Some(length) = joint(&tokens[used..]) {
        let Some((number, is_ordinal)) = tokens.get(used + length).and_then(|token| day(token)) else { break };
        days.push(Day { number, is_ordinal, month: None, joint: tokens[used..used + length].concat() });
        used += length + 1;
    }
    let of = match &tokens[used..] {
        [" ", "of", " ", ..] => " of ",
        [" ", ..] => " ",
        _ => return None,
    };
    used += if of == " " { 1 } else { 3 };
    let name = tokens.get(used)?;
    month(name)?;
    used += 1;
    let (told, before, length) = match &tokens[used..] {
        [",", " ", token, ..] if year_of(token).is_some() => (year_of(token), ", ", 3),
        [" ", token, ..] if year_of(token).is_some() => (year_of(token), " ", 2),
        _ => (None, "", 0),
    };
    let dates = dates(&days, told.unwrap_or(year), name)?;
    let mut out = String::new();
    for (at, (day, date)) in days.iter().zip(&dates).enumerate() {
        let (date, next) = (*date + shift, dates.get(at + 1).map(|date| *date + shift));
        out.push_str(&day.joint);
        out.push_str(&day.write(date));
        if next.is_none_or(|next| next.month() != date.month()) {
            out.push_str(&format!("{of}{}", written_month(name, date)));
        }
        if told.is_some() && next.is_none_or(|next| next.year() != date.year()) {
            out.push_str(&format!("{before}{}", date.year()));
        }
    }
    Some((out, used + length))
}

fn dates(days: &[Day], year: i32, month_name: &str) -> Option<Vec<NaiveDate>> {
    let mut current = month(month_name)?;
    days.iter()
        .map(|day| {
            current = day.month.and_then(month).unwrap_or(current);
            NaiveDate::from_ymd_opt(year, current, day.number)
        })
        .collect()
}

#[test]
fn dates_move_in_every_form() {
    let shift = TimeDelta::weeks(5);
    for (written, expected) in [
        ("2022-10-14T09:00:00+01:00", "2022-11-18T09:00:00+01:00"),
        ("/blog/2022-12-28-notes/", "/blog/2023-02-01-notes/"),
        ("Mon, 29.08.2022 at 4pm", "Mon, 03.10.2022 at 4pm"),
        ("Friday, October 14, 2022, 11am CEST", "Friday, November 18, 2022, 11am CEST"),
        ("May 14-15, 2022.", "June 18-19, 2022."),
        ("May 26-28, 2022", "June 30 - July 2, 2022"),
        ("December 7-8, 2024", "January 11-12, 2025"),
        ("November 26-27, 2022", "December 31, 2022 - January 1, 2023"),
        ("between August 29 and September 9, 2022", "between October 3 and October 14, 2022"),
        ("July 1 - July 20, 2024", "August 5 - August 24, 2024"),
        ("on February 3 & 4, 2024, at", "on March 9 & 10, 2024, at"),
        ("between April 4th and April 21st, 2022", "between May 9th and May 26th, 2022"),
        ("between the 14th and the 16th of October.", "between the 18th and the 20th of November."),
        ("30th and 31st of March 2023", "4th and 5th of May 2023"),
        ("the 26th and the 27th of May 2022", "the 30th of June and the 1st of July 2022"),
        ("Saturday, 20 July 2024, 9am", "Saturday, 24 August 2024, 9am"),
        ("Feb 14 2021", "Mar 21 2021"),
        ("released in October 2009", "released in October 2009"),
        ("USoC 2022, v0.11.0, 12:45 - 14:00, 80636 München", "USoC 2022, v0.11.0, 12:45 - 14:00, 80636 München"),
    ] {
        assert_eq!(later(written, 2022, shift), expected, "{written}");
    }
}
