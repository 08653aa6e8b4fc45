//! Several occasions in one text: days that are no span, and items or headings that are events like the best of them.

use super::blocks::BlockKind;
use super::judged::Judged;
use super::language::Class;
use super::lists::{leads, title};
use super::mentions::{Mention, What};
use super::page::{Label, Page};
use super::places;
use super::readings::{names_its_weekday, set_hours};
use super::sessions::Programme;
use super::when::{Own, complete};
use crate::model::{About, Evidence, Found, Statement, TimeSpan, Verdict};
use chrono::{Datelike, NaiveDate};

/// Days that lie so far from one another are occasions of their own: evenings of a course, lectures of a series.
const LEAST_GAP: i64 = 6;
const MOST: usize = 60;

/// The occasions that "6, 13 and 20 May" or the rows of a series name; empty where the days are one event's.
pub fn days(page: &Page, own: &Own, programme: &Programme) -> Vec<TimeSpan> {
    let (mut spans, hours) = match own.mention.and_then(|mention| page.mentions.get(mention)) {
        Some(mention) => (listed(mention, own.first), None),
        None => (programme.days.iter().take(MOST).cloned().collect(), only_hours(page)),
    };
    spans.sort_by_key(|span: &TimeSpan| span.first);
    spans.dedup_by_key(|span| span.first);
    let far = |pair: &[TimeSpan]| matches!(pair, [a, b] if (b.first - a.last_day()).num_days() >= LEAST_GAP);
    if spans.len() < 2 || !spans.windows(2).all(far) {
        return Vec::new();
    }
    for span in spans.iter_mut().filter(|span| span.from.is_none() && span.last.is_none()) {
        match hours {
            Some(What::Hours(hours)) => set_hours(span, hours),
            _ => complete(page, span, &[own.block]),
        }
    }
    spans
}

fn listed(mention: &Mention, first: NaiveDate) -> Vec<TimeSpan> {
    let What::Dates(dates, hours) = &mention.what else { return Vec::new() };
    if dates.range {
        return Vec::new();
    }
    let start = dates.days.first().and_then(|day| day.month);
    let on = |month: u32, day: u32| {
        NaiveDate::from_ymd_opt(first.year() + i32::from(Some(month) < start), month, day).map(TimeSpan::day)
    };
    let mut spans: Vec<TimeSpan> = dates.days.iter().filter_map(|day| on(day.month?, day.day)).collect();
    if let Some(hours) = hours {
        spans.iter_mut().for_each(|span| set_hours(span, hours));
    }
    spans
}

/// The hours of a text that names them once.
fn only_hours<'p>(page: &'p Page) -> Option<&'p What> {
    let mut hours = page.mentions.iter().map(|mention| &mention.what).filter(|what| matches!(what, What::Hours(_)));
    hours.next().filter(|_| hours.next().is_none())
}

/// The events that stand beside the best one in a list, or under headings like its own; empty where it stands alone.
pub fn siblings(page: &Page, judged: &[Judged], own: &Own) -> Vec<Found> {
    let Some(best) = page.blocks.get(own.block) else { return Vec::new() };
    let in_list = matches!(best.kind, BlockKind::Item(_));
    if page.heading(own.block).has(Class::Schedule) {
        return Vec::new();
    }
    let mut found: Vec<(usize, TimeSpan, Found)> = Vec::new();
    // How many of them say an hour, a place or a noun for an event.
    let mut told = 0;
    for item in judged.iter().filter(|item| item.is_candidate()) {
        let Some(mention) = item.mention.and_then(|at| page.mentions.get(at)) else { continue };
        let Some(block) = page.blocks.get(mention.block).filter(|block| block.kind == best.kind) else { continue };
        let known = |known: usize| match in_list {
            true => known == mention.block,
            false => page.blocks.get(known).is_some_and(|known| known.heading == block.heading),
        };
        if found.len() >= MOST || found.last().is_some_and(|(last, ..)| known(*last)) {
            continue;
        }
        let exact = item.span.from.is_some() || item.span.last.is_some() || names_its_weekday(mention, &item.span);
        let ahead = page.years.published.is_some_and(|published| item.span.first >= published);
        let named = match in_list {
            true => {
                (leads(block, mention) && block.heading == best.heading).then(|| title(page, mention, block)).flatten()
            }
            false => under_heading(page, mention).map(|title| (title, None)),
        };
        let Some((title, link)) = named.filter(|_| exact && ahead) else { continue };
        let evidence = Evidence {
            quote: mention.quote(&page.blocks),
            rule: format!("one-of-several-{}", item.rule),
            confidence: 0.7,
        };
        let mut span = item.span.clone();
        complete(page, &mut span, &[mention.block]);
        if let (Some(What::Hours(hours)), None, None) = (only_hours(page), span.from, span.last) {
            set_hours(&mut span, hours);
        }
        let mut statements = vec![Statement { about: About::When(span.clone()), evidence }];
        let here = places::in_block(page, mention.block);
        let above = || found.first().map_or(mention.block, |(block, ..)| *block).checked_sub(1);
        statements.extend(if here.is_empty() {
            above().map(|at| places::in_block(page, at)).unwrap_or_default()
        } else {
            here
        });
        let heading = block.heading.and_then(|heading| page.blocks.get(heading)).map(|heading| heading.text.to_owned());
        let event = Found { verdict: Verdict::Listed, confidence: 0.75, title: Some(title), link, heading, statements };
        told += usize::from(span.from.is_some() || event.statements.len() > 1 || page.names_event(mention.block));
        found.push((mention.block, span, event));
    }
    let own_is_one = found.iter().any(|(block, ..)| *block == own.block);
    let apart =
        found.windows(2).all(|pair| matches!(pair, [(_, a, _), (_, b, _)] if (b.first - a.last_day()).num_days() >= 2));
    let enough = found.len() >= if in_list { 2 } else { 3 } && (told * 2 > found.len() || page.names_event(0));
    if own_is_one && apart && enough { found.into_iter().map(|(_, _, event)| event).collect() } else { Vec::new() }
}

/// The heading right above a date, if it names something.
fn under_heading(page: &Page, mention: &Mention) -> Option<String> {
    let block = page.block(mention)?;
    let at = block.heading.filter(|at| mention.block - at <= 2)?;
    let heading = &page.blocks.get(at)?.text;
    let named = page.label_of_block(at).is_none_or(|label| label == Label::Other);
    let title = heading.split_whitespace().collect::<Vec<_>>().join(" ");
    (named && !page.classes_of(at).has(Class::Schedule)).then_some(title)
}
