//! Events that repeat: each with the words it is called by, its own place and hours.

use super::blocks::BlockKind;
use super::grammar::date::Partial;
use super::language::Class;
use super::mentions::{Mention, What};
use super::page::{Label, Page};
use super::places;
use super::resolve;
use super::tokens::Text;
use crate::model::{About, Evidence, Found, Statement, Verdict};
use chrono::NaiveDate;

const MOST: usize = 50;

/// The repeating events of a text, each with the block that tells of it.
pub fn events(page: &Page) -> Vec<(usize, Found)> {
    let mut found: Vec<(usize, Found)> = Vec::new();
    for mention in &page.mentions {
        let What::Repeats(repeats) = &mention.what else { continue };
        let hours = repeats.hours.as_ref().or_else(|| near_hours(page, mention));
        let Some(confidence) = sure(page, mention, hours.is_some()) else { continue };
        let day = |partial: &Partial| resolve_day(page, partial);
        let until = repeats.until.as_ref().and_then(day).map(|day| day.format(";UNTIL=%Y%m%d").to_string());
        let about = About::Repeats {
            rule: repeats.rule.clone() + &until.unwrap_or_default(),
            from: hours.map(|hours| hours.from),
            to: hours.and_then(|hours| hours.to),
            zone: hours.and_then(|hours| hours.zone.clone()),
            first: repeats.first.as_ref().and_then(day),
            except: repeats.except.iter().filter_map(day).collect(),
        };
        if found.iter().any(|(_, known)| known.statements.iter().any(|statement| statement.about == about))
            || found.len() >= MOST
        {
            continue;
        }
        let evidence = Evidence { quote: mention.quote(&page.blocks), rule: "repeats".to_owned(), confidence };
        let mut statements = vec![Statement { about, evidence }];
        statements.extend(places::in_block(page, mention.block));
        let heading =
            page.blocks.get(mention.block).and_then(|block| block.heading).and_then(|heading| page.blocks.get(heading));
        let event = Found {
            verdict: Verdict::Announcement,
            confidence,
            title: Some(title(page, mention)),
            link: None,
            heading: heading.map(|heading| heading.text.to_owned()),
            statements,
        };
        found.push((mention.block, event));
    }
    found
}

/// Where a text tells of one repeating event and no other, all of it is about that one.
pub fn alone(page: &Page, found: &mut [(usize, Found)]) {
    let [(block, only)] = found else { return };
    only.statements.truncate(1);
    only.statements.extend(places::statements(page, Some(*block), &[]));
    // Where the text is named after it, it needs no title of its own.
    let named = page.blocks.first().map(|title| title.text.to_lowercase()).unwrap_or_default();
    if only.title.as_ref().is_some_and(|title| named.contains(&title.to_lowercase())) {
        only.title = None;
    }
}

fn resolve_day(page: &Page, partial: &Partial) -> Option<NaiveDate> {
    match partial.year {
        Some(year) => resolve::day(partial, year),
        None => page.years.day(partial, false),
    }
}

/// The only hours in the sentence or line of a repetition.
fn near_hours<'p>(page: &'p Page, mention: &Mention) -> Option<&'p super::grammar::clock::Hours> {
    let from = page.mentions.partition_point(|other| other.block < mention.block);
    let own = page.mentions.iter().skip(from).take_while(|other| other.block == mention.block);
    let mut inside =
        own.filter(|other| other.at >= mention.clause.0 && other.until <= mention.clause.1).filter_map(|other| {
            match &other.what {
                What::Hours(hours) => Some(hours),
                _ => None,
            }
        });
    inside.next().filter(|_| inside.next().is_none())
}

/// How sure we are that the repetition is an event's; `None` for habits told in passing.
fn sure(page: &Page, mention: &Mention, timed: bool) -> Option<f32> {
    let block = page.blocks.get(mention.block)?;
    let own = page.classes_in(mention.block, mention.at, mention.until);
    let said = mention.around().with(own);
    let verb = said.has(Class::Happens);
    let noun = said.has(Class::EventNoun) || page.title.has(Class::EventNoun);
    // Told in the first lines, or in a text that is named after it; else it may be what every text of a community ends with.
    let titled = page.names_event(0) || !page.title.is_empty() && page.title.has(Class::Happens);
    let listed = matches!(block.kind, BlockKind::Item(_) | BlockKind::Heading(_) | BlockKind::Row { .. });
    let early = mention.block <= 3 || titled && mention.block <= 12 || listed && (titled || mention.block <= 12);
    let labelled = page.label(mention) == Some(Label::When) || timed && places::stands_in(page, mention.block);
    let past = said.has(Class::Past);
    let confidence = match (timed, verb || noun || labelled, past) {
        (_, false, _) | (_, _, true) => return None,
        (true, ..) if early => 0.8,
        (true, ..) => 0.45,
        (false, ..) if early => 0.45,
        _ => 0.3,
    };
    Some(confidence)
}

/// The words that name it: the noun phrase with an event noun in its sentence or the one before, else its heading, else the page's title.
fn title(page: &Page, mention: &Mention) -> String {
    let text = page.text(mention.block);
    let before = (0..mention.clause.0.saturating_sub(1))
        .rev()
        .find(|at| super::mentions::ends_sentence(&text, *at))
        .map_or(0, |at| at + 1);
    let heading = page.block(mention).and_then(|block| block.heading).and_then(|heading| page.blocks.get(heading));
    let of_page = || page.blocks.first().map(|title| title.text.to_owned()).unwrap_or_default();
    named(&text, mention.clause.0, mention.until)
        .or_else(|| named(&text, before, mention.clause.0))
        .or(heading.map(|heading| heading.text.to_owned()))
        .unwrap_or_else(of_page)
}

/// The noun phrase that ends with a noun for an event, among some tokens.
fn named(text: &Text, from: usize, to: usize) -> Option<String> {
    let noun = (from..to).find(|at| text.has(*at, Class::EventNoun) && !text.has(*at, Class::TimeNoun))?;
    let stops = |at: &usize| {
        text.has(*at, Class::BeforeName) || text.at(*at).is_some_and(|token| !token.is_word() && !token.is_dash())
    };
    let begin = (from..noun).rev().find(stops).map_or(from, |at| at + 1);
    let name = text.between(begin, noun + 1).trim_matches(|c: char| !c.is_alphanumeric());
    let mut chars = name.chars();
    let first = chars.next()?;
    Some(first.to_uppercase().chain(chars).collect())
}
