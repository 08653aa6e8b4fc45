//! Everything a text says about when, in a form that people and tests can read.

use super::grammar::clock::Hours;
use super::grammar::date::Dates;
use super::judged::Judged;
use super::language::Class;
use super::mentions::{Mention, What};
use super::page::Page;
use super::resolve;
use super::roles;
use crate::model::{Expression, Role, TimeSpan};
use chrono::{Datelike, NaiveDate, NaiveTime};

/// The expressions of a text, with what each was taken for.
pub fn expressions(page: &Page, judged: &[Judged]) -> Vec<Expression> {
    let mut found = Vec::new();
    for (index, mention) in page.mentions.iter().enumerate() {
        let quote = mention.quote(&page.blocks);
        let own = judged
            .iter()
            .filter(|item| item.mention == Some(index))
            .max_by(|a, b| a.likelihood.total_cmp(&b.likelihood));
        let (reading, role, score) = match (own, &mention.what) {
            (Some(item), what) => {
                let role = roles::settled(item);
                let score = if role == Role::Event { item.likelihood } else { 1.0 - item.likelihood };
                let list = match what {
                    What::Dates(dates, _) => days_of_list(dates, item.span.first),
                    _ => None,
                };
                (list.unwrap_or_else(|| span(&item.span)), role, score)
            }
            (None, What::Repeats(repeats)) => {
                let rule = format!("RRULE {}", repeats.rule);
                let hours = repeats.hours.as_ref().map(|told| format!(" {}", hours(told))).unwrap_or_default();
                (rule + &hours, Role::Repetition, 0.8)
            }
            (None, What::Hours(told)) => (hours(told), of_hours(mention), 0.8),
            (None, _) => continue,
        };
        found.push(Expression { quote, reading, role, score });
    }
    found
}

fn of_hours(mention: &Mention) -> Role {
    if mention.near.has(Class::Doors) { Role::Doors } else { Role::Hours }
}

/// "5, 6 and 12 June".
fn days_of_list(dates: &Dates, first: NaiveDate) -> Option<String> {
    if dates.range || dates.days.len() < 2 {
        return None;
    }
    let start = dates.days.first().and_then(|day| day.month);
    let year = |month| first.year() + i32::from(Some(month) < start);
    let days: Option<Vec<String>> =
        dates.days.iter().map(|day| Some(resolve::day(day, year(day.month?))?.to_string())).collect();
    days.map(|days| days.join(", "))
}

fn span(at: &TimeSpan) -> String {
    let mut out = at.first.to_string();
    out.extend(at.last.map(|last| format!("..{last}")));
    out.extend(at.from.map(|from| format!(" {}", clock(from, at.to, at.zone.as_deref()))));
    out
}

fn hours(hours: &Hours) -> String {
    clock(hours.from, hours.to, hours.zone.as_deref())
}

fn clock(from: NaiveTime, to: Option<NaiveTime>, zone: Option<&str>) -> String {
    let mut out = from.format("%H:%M").to_string();
    out.extend(to.map(|to| to.format("-%H:%M").to_string()));
    out.extend(zone.map(|zone| format!(" {zone}")));
    out
}
