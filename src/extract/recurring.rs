//! Events that repeat: each with the words it is called by, its own place and hours.

use super::blocks::BlockKind;
use super::language::has_phrase;
use super::mentions::{Mention, What};
use super::page::{Label, Page};
use super::places;
use crate::model::{About, Evidence, Found, Statement, Verdict};

const MOST: usize = 50;

/// The repeating events of a text, each with the block that tells of it.
pub fn events(page: &Page) -> Vec<(usize, Found)> {
    let mut found: Vec<(usize, Found)> = Vec::new();
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
            heading: heading.map(|heading| heading.text.clone()),
            statements,
        };
        found.push((mention.block, event));
    }
    if let [(block, only)] = found.as_mut_slice() {
        only.statements.truncate(1);
        only.statements.extend(places::statements(page, Some(*block)));
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
    let labelled = page.label(mention) == Some(Label::When) || timed && places::stands_in(page, mention.block);
    let past = has_phrase(&clause, words.past);
    let confidence = match (timed, verb || noun || labelled, past) {
        (_, false, _) | (_, _, true) => return None,
        (true, ..) if early => 0.8,
        (true, ..) => 0.6,
        (false, ..) if early => 0.5,
        _ => 0.3,
    };
    Some(confidence)
}

/// The words that name it: the noun phrase with an event noun in its sentence or the one before, else its heading, else the page's title.
fn title(page: &Page, mention: &Mention) -> String {
    let Some(block) = page.block(mention) else { return String::new() };
    let until = block.text.get(..mention.start).unwrap_or_default();
    let mut sentences = until.rsplit(['.', '!', '?', '\n']);
    let own = format!("{}{}", sentences.next().unwrap_or_default(), mention.quote(&page.blocks));
    let before = sentences.next().unwrap_or_default();
    let heading = block.heading.and_then(|heading| page.blocks.get(heading)).map(|heading| heading.text.clone());
    let of_page = || page.blocks.first().map(|title| title.text.clone()).unwrap_or_default();
    named(page, &own).or_else(|| named(page, before)).or(heading).unwrap_or_else(of_page)
}

fn named(page: &Page, sentence: &str) -> Option<String> {
    let words: Vec<&str> = sentence.split_whitespace().collect();
    let is_noun = |word: &&str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let single = word.strip_suffix('s').unwrap_or(&word);
        [word.as_str(), single].iter().any(|word| page.words.event_nouns.contains(word))
            && !page.words.time_nouns.contains(&single)
    };
    let noun = words.iter().position(is_noun)?;
    let stop = |word: &&str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        page.words.before_names.contains(&word.as_str())
    };
    let from = words.iter().take(noun).rposition(stop).map_or(0, |at| at + 1);
    let name = words.get(from..=noun)?.join(" ");
    let name = name.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let mut chars = name.chars();
    let first = chars.next()?;
    Some(first.to_uppercase().chain(chars).collect())
}
