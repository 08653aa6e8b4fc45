//! Lists of several events: items or rows that each begin with their own date.

use super::blocks::{Block, BlockKind};
use super::language::has_phrase;
use super::mentions::{Mention, What};
use super::page::Page;
use super::roles::{Judged, Role};
use crate::model::{About, Evidence, Found, Statement, Verdict};

/// Fewer are no list.
const LEAST: usize = 2;
const MOST: usize = 1000;

/// The events of a list; empty where the text is none.
pub fn events(page: &Page, judged: &[Judged]) -> Vec<Found> {
    if has_phrase(&page.opening, &["deadline"]) && judged.len() < 6 {
        return Vec::new();
    }
    let mut found: Vec<Found> = Vec::new();
    let mut used = usize::MAX;
    let mut items = 0;
    for item in judged.iter().filter(|item| matches!(item.role, Role::Event(_))) {
        let Some(mention) = page.mentions.get(item.mention).filter(|mention| mention.block != used) else { continue };
        let Some(block) = page.block(mention).filter(|block| leads(block, mention)) else { continue };
        let listed = page.heading(mention.block).is_some_and(|heading| has_phrase(&heading, page.words.whats_on))
            || has_phrase(&page.title, page.words.whats_on);
        if !listed || found.len() >= MOST {
            continue;
        }
        let Some((title, link)) = title(page, mention, block) else { continue };
        used = mention.block;
        items += 1;
        let evidence =
            Evidence { quote: mention.quote(&page.blocks), rule: format!("listed-{}", item.rule), confidence: 0.8 };
        let mut statements = vec![Statement { about: About::When(item.span.clone()), evidence }];
        statements.extend(super::places::listed(page, mention));
        let heading = block.heading.and_then(|heading| page.blocks.get(heading)).map(|heading| heading.text.clone());
        let confidence = if item.plain { 0.8 } else { 0.65 };
        found.push(Found { verdict: Verdict::Listed, confidence, title: Some(title), link, heading, statements });
    }
    if items < LEAST { Vec::new() } else { found }
}

/// The item or row begins with its date.
fn leads(block: &Block, mention: &Mention) -> bool {
    let before = block.text.get(..mention.start).unwrap_or_default();
    match block.kind {
        BlockKind::Item(_) => {
            before.chars().filter(|c| c.is_alphanumeric()).count() == 0 && matches!(mention.what, What::Dates(..))
        }
        BlockKind::Row { .. } => block.cells.first().is_some_and(|cell| cell.touches(mention.start, mention.end)),
        _ => false,
    }
}

/// Title and address: of the nested item below, else the item's own link or words.
fn title(page: &Page, mention: &Mention, block: &Block) -> Option<(String, Option<String>)> {
    if let BlockKind::Item(depth) = block.kind {
        let nested = page
            .blocks
            .get(mention.block + 1)
            .filter(|next| matches!(next.kind, BlockKind::Item(below) if below > depth));
        if let Some(link) = nested.and_then(|nested| nested.links.first().map(|link| (nested.slice(link.at), link))) {
            return Some((line(link.0), Some(link.1.href.clone())));
        }
    }
    if let Some(link) = block.links.iter().find(|link| link.at.start >= mention.end) {
        return Some((line(block.slice(link.at)), Some(link.href.clone())));
    }
    let bold = block.bold.iter().find(|bold| bold.start >= mention.end).map(|bold| line(block.slice(*bold)));
    let rest = block.text.get(mention.end..)?.trim_matches(|c: char| !c.is_alphanumeric() && c != '(' && c != ')');
    let rest = rest.split([',', '|', '\n']).next().map(line);
    bold.or(rest).filter(|title| !title.is_empty()).map(|title| (title, None))
}

fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(200).collect()
}
