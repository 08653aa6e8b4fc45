//! The event's days: mentions that agree speak with one voice, the likeliest voice wins.

use super::grammar::clock::Hours;
use super::judged::Judged;
use super::language::Class;
use super::mentions::{Mention, What};
use super::page::{Label, Page};
use super::readings::set_hours;
use crate::model::{About, Evidence, Role, Statement, TimeSpan};
use chrono::NaiveDate;

/// The event's own days.
#[derive(Debug, Clone, PartialEq)]
pub struct Own {
    /// First day.
    pub first: NaiveDate,
    /// Last day.
    pub last: NaiveDate,
    /// How likely these are the days of the event that the text is about, 0 to 1.
    pub likelihood: f32,
    /// The block that says so.
    pub block: usize,
    /// Its clause speaks of something past.
    pub past: bool,
    /// The mention that says so, where it is one.
    pub mention: Option<usize>,
}

/// Mentions of the same days.
#[derive(Debug)]
struct Voice<'j> {
    first: NaiveDate,
    last: NaiveDate,
    likelihood: f32,
    best: &'j Judged,
    span: TimeSpan,
    blocks: Vec<usize>,
}

/// At most so many alternatives are told.
const MOST_ALTERNATIVES: usize = 3;
const MOST_VOICES: usize = 200;
/// More agreement than this is not looked at.
const MOST_AGREEING: usize = 4;

/// The best days, and all statements about days and deadlines.
pub fn best(page: &Page, judged: &[Judged]) -> Option<(Own, Vec<Statement>)> {
    let mut voices = voices(judged);
    voices.sort_by(|a, b| b.likelihood.total_cmp(&a.likelihood).then(a.best.mention.cmp(&b.best.mention)));
    let backed = voices.first().map(|voice| voice.likelihood + backing(voice, &voices)).unwrap_or_default();
    if let Some(voice) = voices.first_mut() {
        voice.likelihood = backed.min(1.0);
    }
    let voice = voices.first()?;
    let mention = voice.best.mention.and_then(|at| page.mentions.get(at));
    let own = Own {
        first: voice.first,
        last: voice.last,
        likelihood: voice.likelihood,
        block: voice.best.block,
        past: mention.is_some_and(|mention| mention.around().has(Class::Past)),
        mention: voice.best.mention,
    };
    let mut statements = Vec::new();
    for (rank, voice) in voices.iter().take(1 + MOST_ALTERNATIVES).enumerate() {
        let mut span = voice.span.clone();
        if rank == 0 {
            complete(page, &mut span, &voice.blocks);
        }
        let evidence =
            Evidence { quote: quote(page, voice.best), rule: voice.best.rule.to_owned(), confidence: voice.likelihood };
        statements.push(Statement { about: About::When(span), evidence });
    }
    statements.extend(judged.iter().filter_map(|judged| deadline(page, judged)));
    Some((own, statements))
}

fn voices(judged: &[Judged]) -> Vec<Voice<'_>> {
    let mut voices: Vec<Voice> = Vec::new();
    for item in judged.iter().filter(|item| !matches!(item.role, Role::Deadline(_)) || item.likelihood > 0.5) {
        let (first, last) = (item.span.first, item.span.last_day());
        let known = voices.iter().position(|voice| voice.first == first && voice.last == last);
        let Some(voice) = known.and_then(|at| voices.get_mut(at)) else {
            if voices.len() < MOST_VOICES {
                let (span, blocks) = (item.span.clone(), vec![item.block]);
                voices.push(Voice { first, last, likelihood: item.likelihood, best: item, span, blocks });
            }
            continue;
        };
        voice.likelihood += item.likelihood;
        if voice.blocks.len() < MOST_AGREEING {
            voice.blocks.push(item.block);
        }
        let known = (voice.span.from, voice.span.to, voice.span.zone.clone());
        let own = (item.span.from, item.span.to, item.span.zone.clone());
        let better =
            item.mention.is_some() && (item.likelihood > voice.best.likelihood || voice.best.mention.is_none());
        if better {
            (voice.best, voice.span) = (item, item.span.clone());
        }
        let (kept, other) = if better { (own, known) } else { (known, own) };
        (voice.span.from, voice.span.to, voice.span.zone) = if kept.0.is_some() { kept } else { other };
    }
    voices
}

/// Days within the days of a voice, or a longer stretch from the same day on, say nothing against it: part of their likelihood is its own.
fn backing(voice: &Voice, voices: &[Voice]) -> f32 {
    const SHARE: f32 = 0.6;
    let within = |a: &Voice, b: &Voice| b.first <= a.first && a.last <= b.last && b.first < b.last;
    let agrees = |other: &&Voice| {
        (other.first, other.last) != (voice.first, voice.last)
            && (within(other, voice) || within(voice, other) && other.first == voice.first)
    };
    voices.iter().filter(agrees).map(|other| other.likelihood * SHARE).sum()
}

/// The words that gave some days.
pub fn quote(page: &Page, judged: &Judged) -> String {
    let mention = judged.mention.and_then(|at| page.mentions.get(at));
    let first = || page.mentions.iter().find(|mention| mention.block == judged.block);
    mention.or_else(first).map(|mention| mention.quote(&page.blocks)).unwrap_or_default()
}

/// Hours that stand behind a label of their own, or right beside the date.
pub(super) fn complete(page: &Page, span: &mut TimeSpan, blocks: &[usize]) {
    if span.from.is_some() || span.last.is_some() {
        return;
    }
    let labelled = page.mentions.iter().find_map(|mention| match &mention.what {
        What::Hours(hours) if page.label(mention) == Some(Label::Time) => Some(hours),
        _ => None,
    });
    if let Some(hours) = labelled.or_else(|| blocks.iter().find_map(|block| beside(page, *block))) {
        set_hours(span, hours);
    } else if let Some(hours) = blocks.iter().find_map(|block| only_near(page, *block)) {
        set_hours(span, hours);
    }
}

/// The hours of a block.
fn hours_of<'p>(page: &'p Page, block: usize) -> impl Iterator<Item = (&'p Mention, &'p Hours)> {
    let from = page.mentions.partition_point(|mention| mention.block < block);
    let own = page.mentions.iter().skip(from).take_while(move |mention| mention.block == block);
    own.filter_map(|mention| match &mention.what {
        What::Hours(hours) => Some((mention, hours)),
        _ => None,
    })
}

/// The only hours of the date's own block, or those at which it says to start: "doors 19:00, start 20:00".
fn beside<'p>(page: &'p Page, block: usize) -> Option<&'p Hours> {
    let mut hours = hours_of(page, block);
    let (mention, first) = hours.next()?;
    let Some(second) = hours.next() else { return Some(first) };
    let starts = |mention: &Mention| mention.near.has(Class::Starts);
    if starts(mention) {
        return Some(first);
    }
    let begun = std::iter::once(second).chain(hours).find(|(mention, _)| starts(mention)).map(|(_, hours)| hours);
    begun.or_else(|| mention.near.has(Class::Doors).then_some(second.1)).or_else(|| first.to.is_some().then_some(first))
}

/// The only hours of the blocks right below or above, where nothing else is told there about when.
fn only_near<'p>(page: &'p Page, block: usize) -> Option<&'p Hours> {
    let near = [block + 1, block.saturating_sub(1), block + 2];
    near.into_iter().filter(|at| *at > 0 && *at != block).find_map(|at| {
        let from = page.mentions.partition_point(|mention| mention.block < at);
        let mut own = page.mentions.iter().skip(from).take_while(|mention| mention.block == at);
        match (own.next().map(|mention| &mention.what), own.next()) {
            (Some(What::Hours(hours)), None) => Some(hours),
            _ => None,
        }
    })
}

fn deadline(page: &Page, judged: &Judged) -> Option<Statement> {
    let Role::Deadline(kind) = judged.role else { return None };
    let evidence = Evidence { quote: quote(page, judged), rule: format!("deadline-{}", judged.rule), confidence: 0.8 };
    Some(Statement { about: About::Deadline { kind, at: judged.span.clone() }, evidence })
}
