//! The event's days: mentions that agree speak with one voice, the strongest voice wins.

use super::grammar::clock::Hours;
use super::language::has_phrase;
use super::mentions::{Mention, What};
use super::page::{Label, Page};
use super::roles::{Judged, Role, set_hours, tail};
use super::sessions::Programme;
use crate::model::{About, Evidence, Statement, TimeSpan};
use chrono::NaiveDate;

/// The event's own days.
#[derive(Debug, Clone, PartialEq)]
pub struct Own {
    /// First day.
    pub first: NaiveDate,
    /// Last day.
    pub last: NaiveDate,
    /// What speaks for these days.
    pub points: f32,
    /// The block that says so.
    pub block: usize,
    /// Its clause speaks of something past.
    pub past: bool,
    /// The mention that says so, where it is not the programme.
    pub mention: Option<usize>,
    /// Hours stand with its date.
    pub timed: bool,
    /// Its hours stand near the date, not with it.
    pub timed_beside: bool,
}

/// Mentions of the same days.
#[derive(Debug)]
struct Voice {
    first: NaiveDate,
    last: NaiveDate,
    points: f32,
    best: f32,
    mention: usize,
    span: TimeSpan,
    rule: &'static str,
    blocks: Vec<usize>,
}

/// At most so many alternatives are told.
const MOST_ALTERNATIVES: usize = 3;
const MOST_VOICES: usize = 200;
/// More agreement than this adds nothing.
const MOST_AGREEING: usize = 4;

/// The best days, and all statements about days and deadlines.
pub fn best(page: &Page, judged: &[Judged], programme: &Programme) -> Option<(Own, Vec<Statement>)> {
    let mut voices = voices(page, judged);
    support(&mut voices, programme);
    voices.sort_by(|a, b| b.points.total_cmp(&a.points).then(a.mention.cmp(&b.mention)));
    let deadlines = judged.iter().filter_map(|judged| deadline(page, judged));
    let mut statements = Vec::new();
    let own = if let Some(voice) = voices.first() {
        let mention = page.mentions.get(voice.mention)?;
        let past = has_phrase(&mention.clause(), page.words.past);
        let mut own = Own {
            first: voice.first,
            last: voice.last,
            points: voice.points,
            block: mention.block,
            past,
            mention: Some(voice.mention),
            timed: voice.span.from.is_some(),
            timed_beside: false,
        };
        for (rank, voice) in voices.iter().take(1 + MOST_ALTERNATIVES).enumerate() {
            let mut span = voice.span.clone();
            if rank == 0 {
                let timed = span.from.is_some();
                complete(page, &mut span, &voice.blocks);
                own.timed_beside = !timed && span.from.is_some();
            }
            let sure = super::verdict::confidence(voice.points + 1.5);
            let confidence = if rank == 0 { sure } else { sure.min(0.4) };
            let quote = page.mentions.get(voice.mention)?.quote(&page.blocks);
            statements.push(Statement {
                about: About::When(span),
                evidence: Evidence { quote, rule: voice.rule.to_owned(), confidence },
            });
        }
        own
    } else {
        let (own, statement) = of_programme(page, programme)?;
        statements.push(statement);
        own
    };
    statements.extend(deadlines);
    Some((own, statements))
}

fn voices(page: &Page, judged: &[Judged]) -> Vec<Voice> {
    let mut voices: Vec<Voice> = Vec::new();
    for item in judged {
        let room = voices.len() < MOST_VOICES;
        let Role::Event(points) = item.role else { continue };
        let Some(block) = page.mentions.get(item.mention).map(|mention| mention.block) else { continue };
        let (first, last) = (item.span.first, item.span.last_day());
        match voices.iter_mut().find(|voice| voice.first == first && voice.last == last) {
            Some(voice) => {
                if voice.blocks.len() < MOST_AGREEING {
                    voice.points += 0.6;
                    voice.blocks.push(block);
                }
                let timed = voice.span.from.is_some();
                if points > voice.best {
                    voice.points += points - voice.best;
                    let hours = (voice.span.from, voice.span.to, voice.span.zone.clone());
                    (voice.best, voice.mention, voice.span, voice.rule) =
                        (points, item.mention, item.span.clone(), item.rule);
                    if timed && voice.span.from.is_none() {
                        (voice.span.from, voice.span.to, voice.span.zone) = hours;
                    }
                } else if !timed && item.span.from.is_some() {
                    (voice.span.from, voice.span.to, voice.span.zone) =
                        (item.span.from, item.span.to, item.span.zone.clone());
                }
            }
            None if room => voices.push(Voice {
                first,
                last,
                points,
                best: points,
                mention: item.mention,
                span: item.span.clone(),
                rule: item.rule,
                blocks: vec![block],
            }),
            None => {}
        }
    }
    voices
}

/// A programme speaks for the span from its first day to its last; days inside a range speak for the range.
fn support(voices: &mut [Voice], programme: &Programme) {
    let days = (programme.days.iter().map(|d| d.first).min(), programme.days.iter().map(TimeSpan::last_day).max());
    let spans: Vec<(NaiveDate, NaiveDate, f32)> =
        voices.iter().map(|voice| (voice.first, voice.last, voice.points)).collect();
    for voice in voices.iter_mut() {
        if let (Some(first), Some(last)) = days
            && (voice.first, voice.last) == (first, last)
        {
            voice.points += 1.5;
        }
        if voice.first < voice.last {
            let inside = |(first, last, points): &&(NaiveDate, NaiveDate, f32)| {
                voice.first <= *first
                    && *last <= voice.last
                    && (*first, *last) != (voice.first, voice.last)
                    && *points > 1.0
            };
            let within = spans.iter().filter(inside).count().min(3);
            voice.points += [0.0, 0.7, 1.1, 1.4].get(within).copied().unwrap_or(1.4);
        }
    }
}

fn of_programme(page: &Page, programme: &Programme) -> Option<(Own, Statement)> {
    let first = programme.days.iter().map(|day| day.first).min()?;
    let last = programme.days.iter().map(TimeSpan::last_day).max()?;
    let block = *programme.blocks.first()?;
    let span = TimeSpan { last: (last > first).then_some(last), ..TimeSpan::day(first) };
    let quote = page.mentions.iter().find(|mention| mention.block == block)?.quote(&page.blocks);
    let points = if programme.days.len() > 1 { 4.0 } else { 3.0 };
    let evidence =
        Evidence { quote, rule: "programme-days".to_owned(), confidence: super::verdict::confidence(points + 1.5) };
    Some((
        Own { first, last, points, block, past: false, mention: None, timed: false, timed_beside: false },
        Statement { about: About::When(span), evidence },
    ))
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
    }
}

/// The only hours of the date's own block, or those at which it says to start: "doors 19:00, start 20:00".
fn beside(page: &Page, block: usize) -> Option<&Hours> {
    let from = page.mentions.partition_point(|mention| mention.block < block);
    let own = page.mentions.iter().skip(from).take_while(|mention| mention.block == block);
    let mut hours = own.filter_map(|mention| match &mention.what {
        What::Hours(hours) => Some((mention, hours)),
        _ => None,
    });
    let (mention, first) = hours.next()?;
    let starts = |mention: &Mention| has_phrase(tail(&mention.before, 2), page.words.starts);
    let Some(second) = hours.next() else { return Some(first) };
    if starts(mention) {
        return Some(first);
    }
    std::iter::once(second).chain(hours).find(|(mention, _)| starts(mention)).map(|(_, hours)| hours)
}

fn deadline(page: &Page, judged: &Judged) -> Option<Statement> {
    let Role::Deadline(kind) = judged.role else { return None };
    let quote = page.mentions.get(judged.mention)?.quote(&page.blocks);
    let evidence = Evidence { quote, rule: format!("deadline-{}", judged.rule), confidence: 0.8 };
    Some(Statement { about: About::Deadline { kind, at: judged.span.clone() }, evidence })
}
