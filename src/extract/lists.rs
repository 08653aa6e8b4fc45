//! Lists of several events: items or rows that each begin with their own date.

use super::blocks::{Block, BlockKind};
use super::judged::Judged;
use super::language::Class;
use super::mentions::{Mention, What};
use super::page::{Label, Page};
use super::telling::short_line;
use crate::model::{About, Evidence, Found, Statement, Verdict};

/// Fewer are no list.
const LEAST: usize = 2;
const MOST: usize = 1000;
/// So many characters of a title are kept.
const MOST_TITLE: usize = 200;

/// The events of a list; empty where the text is none.
pub fn events(page: &Page, judged: &[Judged]) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut used = usize::MAX;
    let mut used_heading = None;
    let mut items = 0;
    for item in judged.iter().filter(|item| item.is_candidate()) {
        let Some(mention) = item.mention.and_then(|at| page.mentions.get(at)).filter(|mention| mention.block != used)
        else {
            continue;
        };
        let Some(block) = page.block(mention) else { continue };
        let by_heading = heads(page, judged, mention);
        if !leads(block, mention) && (by_heading.is_none() || used_heading == block.heading) {
            continue;
        }
        if !is_listing(page, mention.block) || found.len() >= MOST {
            continue;
        }
        let named = if leads(block, mention) { title(page, mention, block) } else { by_heading };
        let Some((title, link)) = named else { continue };
        used = mention.block;
        used_heading = block.heading;
        items += 1;
        let evidence =
            Evidence { quote: mention.quote(&page.blocks), rule: format!("listed-{}", item.rule), confidence: 0.8 };
        let mut statements = vec![Statement { about: About::When(item.span.clone()), evidence }];
        statements.extend(super::places::listed(page, mention));
        let heading = block.heading.and_then(|heading| page.blocks.get(heading)).map(|heading| heading.text.to_owned());
        let confidence = if item.plain { 0.8 } else { 0.65 };
        found.push(Found { verdict: Verdict::Listed, confidence, title: Some(title), link, heading, statements });
    }
    if items < LEAST { Vec::new() } else { found }
}

/// The title says that the text is a list of events.
pub fn is_listed_title(page: &Page) -> bool {
    let words = page.text(0).tokens.iter().filter(|token| token.is_word() || token.is_number()).count();
    page.title.has(Class::WhatsOnSurely) || words <= 2 && page.title.has(Class::WhatsOn)
}

/// The text or its part is a list of events.
pub fn is_listing(page: &Page, block: usize) -> bool {
    is_listed_title(page) || page.heading(block).has(Class::WhatsOn)
}

/// "## Yarn fair", and its date in the first lines below: the heading's title, and where it leads.
fn heads(page: &Page, judged: &[Judged], mention: &Mention) -> Option<(String, Option<String>)> {
    let at = page.block(mention)?.heading.filter(|at| mention.block - at <= 2)?;
    let heading = page.blocks.get(at)?;
    let says = page.classes_of(at);
    let own = !says.has(Class::WhatsOn) && page.label_of_block(at).is_none_or(|label| label == Label::Other);
    let dated = judged
        .iter()
        .any(|item| item.mention.and_then(|at| page.mentions.get(at)).is_some_and(|mention| mention.block == at));
    let listing = is_listed_title(page) && !says.has(Class::Schedule);
    (own && !dated && listing).then(|| (line(heading.text), heading.links.first().map(|link| link.href.to_string())))
}

/// The item or row begins with its date.
pub(super) fn leads(block: &Block, mention: &Mention) -> bool {
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
pub(super) fn title(page: &Page, mention: &Mention, block: &Block) -> Option<(String, Option<String>)> {
    if let BlockKind::Item(depth) = block.kind {
        let nested = page
            .blocks
            .get(mention.block + 1)
            .filter(|next| matches!(next.kind, BlockKind::Item(below) if below > depth));
        if let Some(link) = nested.and_then(|nested| nested.links.first().map(|link| (nested.slice(link.at), link))) {
            return Some((line(link.0), Some(link.1.href.to_string())));
        }
    }
    if let Some(link) = block.links.iter().find(|link| link.at.start >= mention.end) {
        return Some((line(block.slice(link.at)), Some(link.href.to_string())));
    }
    let bold = block.bold.iter().find(|bold| bold.start >= mention.end).map(|bold| line(block.slice(*bold)));
    let rest = block.text.get(mention.end..)?.trim_matches(|c: char| !c.is_alphanumeric() && c != '(' && c != ')');
    let rest = rest.split([',', '|', '\n']).next().map(line);
    bold.or(rest).filter(|title| !title.is_empty()).map(|title| (title, None))
}

fn line(text: &str) -> String {
    short_line(text, MOST_TITLE)
}
