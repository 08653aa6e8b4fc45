//! Events that repeat: each with the words it is called by, its own place and hours.

use super::blocks::BlockKind;
use super::language::{find_phrase, has_phrase};
use super::mentions::{Mention, What};
use super::page::Page;
use super::places;
use crate::model::{About, Evidence, Found, Statement, Verdict};

const MOST: usize = 50;

/// The repeating events of a text.
pub fn events(page: &Page) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for mention in &page.mentions {
        let What::Repeats(repeats) = &mention.what else { continue };
        let Some(confidence) = sure(page, mention, repeats.hours.is_some()) else { continue };
        let hours = repeats.hours.as_ref();
        let about = About::Repeats {
            rule: repeats.rule.clone(),
            from: hours.map(|hours| hours.from),
            to: hours.and_then(|hours| hours.to),
            zone: hours.and_then(|hours| hours.zone.clone()),
            first: None,
        };
        if found.iter().any(|known| known.statements.iter().any(|statement| statement.about == about))
            || found.len() >= MOST
        {
            continue;
        }
        let evidence = Evidence { quote: mention.quote(&page.blocks), rule: "repeats".to_owned(), confidence };
        let mut statements = vec![Statement { about, evidence }];
        statements.extend(places::in_block(page, mention.block));
        let heading =
            page.blocks.get(mention.block).and_then(|block| block.heading).and_then(|heading| page.blocks.get(heading));
        found.push(Found {
            verdict: Verdict::Announcement,
            confidence,
            title: Some(title(page, mention)),
            link: None,
            heading: heading.map(|heading| heading.text.clone()),
            statements,
        });
    }
    if let [only] = found.as_mut_slice() {
        // The one repeating event of a text that is named after it needs no title of its own.
        if only.title.as_ref().is_some_and(|title| page.title.contains(&title.to_lowercase())) {
            only.title = None;
        }
    }
    found
}

/// How sure we are that the repetition is an event's; `None` for habits told in passing.
fn sure(page: &Page, mention: &Mention, timed: bool) -> Option<f32> {
    let clause = mention.clause();
    let words = page.words;
    let block = page.blocks.get(mention.block)?;
    let quote = mention.quote(&page.blocks).to_lowercase();
    let verb = words.happens.iter().any(|word| has_phrase(&clause, &[word]) || has_phrase(&quote, &[word]));
    let noun = has_phrase(&clause, words.event_nouns)
        || has_phrase(&quote, words.event_nouns)
        || has_phrase(&page.title, words.event_nouns);
    let early = mention.block <= 12 || matches!(block.kind, BlockKind::Item(_) | BlockKind::Heading(_));
    let past = has_phrase(&clause, words.past);
    let confidence = match (timed, verb || noun, past) {
        (_, false, _) | (_, _, true) => return None,
        (true, ..) if early => 0.8,
        (true, ..) => 0.6,
        (false, ..) if early => 0.5,
        _ => 0.3,
    };
    Some(confidence)
}

/// The words that name it: the noun phrase with an event noun in its clause or the clause before, else its heading, else the page's title.
fn title(page: &Page, mention: &Mention) -> String {
    let Some(block) = page.block(mention) else { return String::new() };
    let until = block.text.get(..mention.end).unwrap_or_default();
    let lower = until.to_lowercase();
    let sentences: Vec<&str> = until.split(['.', '!', '?', '\n', ':']).collect();
    for sentence in sentences.iter().rev().take(2) {
        if let Some(name) = named(page, sentence) {
            return name;
        }
    }
    let _ = lower;
    let heading = block.heading.and_then(|heading| page.blocks.get(heading)).map(|heading| heading.text.clone());
    heading.unwrap_or_else(|| page.blocks.first().map(|title| title.text.clone()).unwrap_or_default())
}

fn named(page: &Page, sentence: &str) -> Option<String> {
    let words: Vec<&str> = sentence.split_whitespace().collect();
    let is_noun = |word: &&str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        page.words.event_nouns.contains(&word.as_str()) && !page.words.weekend.contains(&word.as_str())
    };
    let noun = words.iter().position(|word| is_noun(word))?;
    let stop = |word: &&str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        matches!(
            word.as_str(),
            "a" | "an"
                | "the"
                | "our"
                | "we"
                | "is"
                | "are"
                | "has"
                | "have"
                | "for"
                | "to"
                | "at"
                | "in"
                | "on"
                | "there"
                | "hold"
                | "host"
                | "of"
                | "and"
                | "you"
                | "your"
        )
    };
    let from = words.iter().take(noun).rposition(|word| stop(word)).map_or(0, |at| at + 1);
    let name = words.get(from..=noun)?.join(" ");
    let name = name.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let mut chars = name.chars();
    let first = chars.next()?;
    let _ = find_phrase("", &[]);
    Some(first.to_uppercase().chain(chars).collect())
}
