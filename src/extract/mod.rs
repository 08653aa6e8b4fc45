//! Prose → statements about when and where, each with its words and its rule. Pure; the heart.
//!
//! ```text
//! html ─► blocks ─► tokens + cues ─► mentions ─► judged (role, evidence, likelihood) ─► one event, several, or none
//!                     language/        grammar/         roles, scores/                    when, lists, apart, recurring
//!                                                                                         with places and programme
//! ```

mod apart;
mod blocks;
mod bytes;
mod cues;
mod expressions;
mod grammar;
mod html;
mod judged;
mod kept;
mod language;
mod lists;
mod markup;
mod mentions;
mod names;
mod online;
mod page;
mod places;
mod readings;
mod recurring;
mod resolve;
mod roles;
mod scores;
mod sessions;
mod telling;
#[cfg(test)]
mod tests;
mod tokens;
mod venues;
mod verdict;
mod weigh;
mod when;

use crate::model::{About, Evidence, Expression, Extraction, Found, Statement, TimeSpan};
use blocks::Sheet;
use chrono::NaiveDate;
use judged::Judged;
use page::Page;
use sessions::Programme;
use when::Own;

pub use scores::use_scores;

/// A text to read.
#[derive(Debug, Clone, Copy)]
pub struct Prose<'a> {
    /// The title, plain text.
    pub title: &'a str,
    /// The description, plain text.
    pub summary: Option<&'a str>,
    /// The text as HTML (not sanitised).
    pub html: &'a str,
    /// The day it was published: relative dates and missing years count from it, and an announcement looks ahead from it.
    pub published: Option<NaiveDate>,
    /// The day it was first seen: relative dates and missing years count from it where nothing says when it was published.
    pub seen: Option<NaiveDate>,
    /// BCP 47 language.
    pub language: &'a str,
}

/// Below this no one need look at it.
const LEAST_CONFIDENCE: f32 = 0.2;

/// As sure as this, a single event is what a text is about.
const SURE: f32 = 0.5;
/// Days that can be read in two ways are no surer than this: both readings are for a person to look at.
const UNCLEAR: f32 = 0.45;
/// As sure as this, a single event may have a list of others below it.
const SURE_SINGLE: f32 = 0.95;
/// As sure as this, a repeating event stands beside it.
const SURE_REPEATS: f32 = 0.75;

/// Reads a text. Found events come with a confidence; low ones are for the review list.
pub fn extract(prose: &Prose) -> Extraction {
    let sheet = page::sheet(prose);
    let (page, programme, judged) = read(prose, &sheet);
    let found = events(&page, &judged, programme);
    Extraction { found }
}

/// Everything a text says about when, in its order, with what each was taken for.
pub fn expressions(prose: &Prose) -> Vec<Expression> {
    let sheet = page::sheet(prose);
    let (page, _, judged) = read(prose, &sheet);
    expressions::expressions(&page, &judged)
}

/// The evidence of every date of a text, by name: what the table of scores is made from.
#[doc(hidden)]
pub fn candidates(prose: &Prose) -> Vec<(NaiveDate, NaiveDate, Vec<&'static str>)> {
    let sheet = page::sheet(prose);
    let (_, _, judged) = read(prose, &sheet);
    let name = |piece: &scores::Evidence| scores::EVIDENCE.get(*piece as usize).map(|(_, name)| *name);
    judged
        .iter()
        .map(|item| (item.span.first, item.span.last_day(), item.evidence.iter().filter_map(name).collect()))
        .collect()
}

/// The way all of them share: the page, its programme, and every day it names with what it was taken for.
fn read<'s>(prose: &Prose, sheet: &'s Sheet) -> (Page<'s>, Programme, Vec<Judged>) {
    let names_a_day = |page: &Page| page.mentions.iter().any(|mention| mention.is_day());
    let mut page = Page::read(prose, sheet);
    // Most posts name no day at all; some are in one language and their dates in another.
    if !names_a_day(&page) {
        match page.read_by_its_dates(prose, sheet).filter(names_a_day) {
            Some(other) => page = other,
            None => return (page, Programme::default(), Vec::new()),
        }
    }
    let programme = sessions::programme(&page);
    let leaning = verdict::leaning(&page, &programme);
    let judged = roles::judge(&page, &programme, &leaning);
    (page, programme, judged)
}

fn events(page: &Page, judged: &[Judged], programme: Programme) -> Vec<Found> {
    let mut repeating = recurring::events(page);
    let listed = lists::events(page, judged);
    let mut single = Vec::new();
    if let Some((own, statements)) = when::best(page, judged) {
        let likelihood = if is_ambiguous(page, judged, &own) { own.likelihood.min(UNCLEAR) } else { own.likelihood };
        let confidence = rounded(likelihood);
        if !listed.is_empty() && (confidence < SURE_SINGLE || lists::is_listed_title(page)) {
            return repeating.into_iter().map(|(_, found)| found).chain(listed).collect();
        }
        let siblings = if confidence < SURE_SINGLE { apart::siblings(page, judged, &own) } else { Vec::new() };
        if !siblings.is_empty() {
            return repeating.into_iter().map(|(_, found)| found).chain(siblings).collect();
        }
        let begins = begin_with(&mut repeating, &own);
        if confidence >= SURE {
            repeating.retain(|(block, found)| found.confidence >= SURE_REPEATS && (begins || *block != own.block));
        }
        if confidence >= LEAST_CONFIDENCE && !begins && (repeating.is_empty() || confidence >= SURE) {
            let days = apart::days(page, &own, &programme);
            let others: Vec<usize> =
                repeating.iter().map(|(block, _)| *block).filter(|block| *block != own.block).collect();
            let found = found_single(page, judged, (own, statements), confidence, programme, &others);
            let other = other_reading(&found);
            single = on_each(found, days);
            single.extend(other);
        }
    }
    if single.is_empty() {
        recurring::alone(page, &mut repeating);
    }
    single.into_iter().chain(repeating.into_iter().map(|(_, found)| found)).collect()
}

/// Where the best days are not sure enough, the next best are for a person to look at too.
fn other_reading(best: &Found) -> Option<Found> {
    let is_when = |statement: &&Statement| matches!(statement.about, About::When(_));
    let second = best.statements.iter().filter(is_when).nth(1).filter(|_| best.confidence < SURE)?.clone();
    let confidence = rounded(second.evidence.confidence).min(best.confidence);
    let mut other = Found { confidence, ..best.clone() };
    other.statements.retain(|statement| !matches!(statement.about, About::When(_)));
    other.statements.insert(0, second);
    (confidence >= LEAST_CONFIDENCE).then_some(other)
}

/// Nothing tells whether day or month comes first, and both readings are still to come.
fn is_ambiguous(page: &Page, judged: &[Judged], own: &Own) -> bool {
    let ahead = |item: &&Judged| page.years.published.is_none_or(|published| item.span.first >= published);
    let twins = judged.iter().filter(|item| own.mention.is_some() && item.mention == own.mention).filter(ahead);
    twins.filter(|item| !item.evidence.contains(&scores::Evidence::Weekday)).count() > 1
}

fn rounded(likelihood: f32) -> f32 {
    (likelihood * 100.0).round() / 100.0
}

/// "Every Monday from 5 May": the date is the first of the repetition in its block. True if there is one.
fn begin_with(repeating: &mut [(usize, Found)], own: &Own) -> bool {
    if own.last > own.first && (own.last - own.first).num_days() <= 14 {
        return false;
    }
    let same = repeating.iter_mut().find(|(block, found)| *block == own.block && found.confidence >= SURE_REPEATS);
    let statement = same.and_then(|(_, found)| found.statements.first_mut());
    match statement.map(|statement| &mut statement.about) {
        Some(About::Repeats { first, .. }) => {
            *first = Some(own.first);
            true
        }
        _ => false,
    }
}

/// One event for each of several days, with its own part of the programme; the event itself where there are none.
fn on_each(event: Found, days: Vec<TimeSpan>) -> Vec<Found> {
    if days.is_empty() {
        return vec![event];
    }
    let on = |day: TimeSpan| {
        let mut found = event.clone();
        let mut told = false;
        found.statements.retain_mut(|statement| match &mut statement.about {
            About::When(span) if !told => {
                told = true;
                *span = day.clone();
                true
            }
            About::When(_) => false,
            About::Session { at, .. } => at.first == day.first,
            _ => true,
        });
        found
    };
    days.into_iter().map(on).collect()
}

fn found_single(
    page: &Page,
    judged: &[Judged],
    (own, when): (Own, Vec<Statement>),
    confidence: f32,
    programme: Programme,
    others: &[usize],
) -> Found {
    let mut statements = when;
    statements.extend(places::statements(page, Some(own.block), others));
    statements.extend(status(page, judged));
    statements.extend(programme.within(own.first, own.last));
    if let Some(zone) = sessions::zone_of_all(page) {
        for statement in &mut statements {
            if let About::When(at) | About::Session { at, .. } = &mut statement.about
                && at.from.is_some()
            {
                at.zone.get_or_insert_with(|| zone.clone());
            }
        }
    }
    Found { verdict: verdict::verdict(page, &own), confidence, statements, ..Found::default() }
}

fn status(page: &Page, judged: &[Judged]) -> Option<Statement> {
    let (status, quote) = verdict::status(page, judged)?;
    let evidence = Evidence { quote, rule: "status-word".to_owned(), confidence: 0.8 };
    Some(Statement { about: About::Status(status), evidence })
}
