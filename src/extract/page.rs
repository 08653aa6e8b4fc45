//! A text on the desk: its blocks and mentions, and what its parts are called (labels, headings, table heads).

use super::Prose;
use super::blocks::{Block, BlockKind};
use super::html::read;
use super::language::{Words, find_phrase, has_phrase, words};
use super::mentions::{Mention, What, mentions};
use super::resolve::Years;

/// A text on the desk.
#[derive(Debug)]
pub struct Page {
    /// Title, description and text, block by block.
    pub blocks: Vec<Block>,
    /// What it says about when.
    pub mentions: Vec<Mention>,
    /// The words of its language.
    pub words: &'static Words,
    /// Its title in lower case.
    pub title: String,
    /// Its first blocks in lower case.
    pub opening: String,
    /// What it says about years.
    pub years: Years,
    /// It looks back on something.
    pub past: bool,
    /// It names an event in its title, or asks to come.
    pub invites: bool,
    /// The name, in lower case, of what it calls itself a part of.
    pub host: Option<String>,
    /// Heads of its tables: (table, index of the head's block).
    heads: Vec<(usize, usize)>,
}

/// What a label announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// Days.
    When,
    /// Hours.
    Time,
    /// A place.
    Where,
    /// A last day for something.
    Deadline,
    /// Anything else.
    Other,
}

const OPENING_BLOCKS: usize = 8;
const OPENING_BYTES: usize = 4000;

impl Page {
    /// Reads a text.
    pub fn read(prose: &Prose) -> Self {
        let words = words(prose.language);
        let mut blocks = vec![Block::plain(BlockKind::Title, prose.title)];
        if let Some(summary) = prose.summary {
            blocks.push(Block::plain(BlockKind::Summary, summary));
        }
        read(prose.html, &mut blocks);
        let mentions = mentions(&blocks, words);
        let title = prose.title.to_lowercase();
        let mut opening = String::new();
        for block in blocks.iter().skip(1).take(OPENING_BLOCKS) {
            opening.extend(block.text.chars().take(OPENING_BYTES).flat_map(char::to_lowercase));
            opening.push('\n');
        }
        let ahead = has_phrase(&opening, words.ahead) || has_phrase(&title, words.ahead);
        let past = has_phrase(&title, words.recap_titles) || (has_phrase(&opening, words.past) && !ahead);
        let years = years(&blocks, &mentions, prose);
        let heads = blocks
            .iter()
            .enumerate()
            .filter_map(|(index, block)| match block.kind {
                BlockKind::Row { table, head: true } => Some((table, index)),
                _ => None,
            })
            .collect();
        let host = host(&opening, words);
        let invites = names_event(&title, words) || has_phrase(&opening, words.invitations);
        Self { blocks, mentions, words, title, opening, years, past, invites, host, heads }
    }

    /// The block of a mention.
    pub fn block(&self, mention: &Mention) -> Option<&Block> {
        self.blocks.get(mention.block)
    }

    /// The label that a stretch of a block stands behind: a row's first cell, a column's head, words before a colon, or a heading.
    pub fn label(&self, mention: &Mention) -> Option<Label> {
        let block = self.block(mention)?;
        if block.is_row() {
            let column =
                block.cells.iter().position(|cell| cell.start <= mention.start && mention.start <= cell.end)?;
            let side = (column > 0).then(|| block.cell(0)).flatten().and_then(|text| self.label_of(text));
            return side.filter(|label| *label != Label::Other).or_else(|| self.column_label(mention)).or(side);
        }
        if let Some((label, _)) = mention.before.split_once([':', '|']) {
            return self.label_of(label);
        }
        self.heading_label(mention.block)
    }

    /// The head of the column that a mention stands in.
    pub fn column_label(&self, mention: &Mention) -> Option<Label> {
        let block = self.block(mention)?;
        let BlockKind::Row { table, .. } = block.kind else { return None };
        let column = block.cells.iter().position(|cell| cell.start <= mention.start && mention.start <= cell.end)?;
        let (_, head) = self.heads.get(self.heads.binary_search_by_key(&table, |(of, _)| *of).ok()?)?;
        self.label_of(self.blocks.get(*head)?.cell(column)?)
    }

    /// The label that a block's heading is.
    pub fn heading_label(&self, block: usize) -> Option<Label> {
        let heading = self.blocks.get(block)?.heading.filter(|heading| block - heading <= 3)?;
        self.label_of(&self.blocks.get(heading)?.text)
    }

    /// What a short text announces as a label.
    pub fn label_of(&self, text: &str) -> Option<Label> {
        let label = bare(text);
        if label.is_empty() || label.split(' ').count() > 5 {
            return None;
        }
        let words = self.words;
        let label = label.as_str();
        Some(if has_phrase(label, words.deadline_any) {
            Label::Deadline
        } else if has_phrase(label, words.label_other_dates) {
            Label::Other
        } else if words.label_when.contains(&label)
            || label.split(' ').any(|word| words.label_when_nouns.contains(&word))
        {
            Label::When
        } else if words.label_time.contains(&label) {
            Label::Time
        } else if words.label_where.contains(&label) {
            Label::Where
        } else {
            Label::Other
        })
    }

    /// The heading of a block, in lower case.
    pub fn heading(&self, block: usize) -> Option<String> {
        let heading = self.blocks.get(block)?.heading?;
        self.blocks.get(heading).map(|heading| heading.text.chars().take(200).flat_map(char::to_lowercase).collect())
    }
}

/// A noun for an event, or a name such as `YarnConf` or `Weavefest`; "next week" is none.
pub fn names_event(title: &str, words: &Words) -> bool {
    let spans = |before: &str| [words.this, words.next, words.last].iter().any(|list| list.contains(&before));
    let mut parts = title.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|word| !word.is_empty());
    let mut before = "";
    let measured = parts.any(|word| {
        let measures = words.time_nouns.contains(&word) && spans(before);
        before = word;
        measures
    });
    let named =
        |word: &str| words.event_endings.iter().any(|ending| word.len() > ending.len() + 1 && word.ends_with(ending));
    let nouns = words.event_nouns.iter().filter(|noun| !measured || !words.time_nouns.contains(noun));
    nouns.into_iter().any(|noun| has_phrase(title, &[noun])) || title.split(|c: char| !c.is_alphabetic()).any(named)
}

/// The name behind "part of".
fn host(opening: &str, words: &Words) -> Option<String> {
    let at = find_phrase(opening, words.part_of)?;
    let behind = opening.get(at..)?;
    let phrase = words.part_of.iter().find(|phrase| behind.starts_with(**phrase))?;
    let mut names =
        behind.get(phrase.len()..)?.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    names.find(|name| !words.determiners.contains(name)).filter(|name| name.len() > 2).map(str::to_owned)
}

/// A label without its decoration.
fn bare(text: &str) -> String {
    let decoration = |c: char| !c.is_alphanumeric();
    let start: String = text.chars().take(120).collect();
    let text: String = start.trim_matches(decoration).chars().take(80).flat_map(char::to_lowercase).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn years(blocks: &[Block], mentions: &[Mention], prose: &Prose) -> Years {
    let mut titled = Vec::new();
    for block in blocks.iter().take(2).filter(|block| matches!(block.kind, BlockKind::Title | BlockKind::Summary)) {
        titled.extend(years_in(&block.text));
    }
    titled.truncate(6);
    let full = mentions.iter().filter_map(|mention| match &mention.what {
        What::Dates(dates, _) => dates.days.iter().find_map(|day| super::resolve::day(day, day.year?)),
        _ => None,
    });
    let anchor = prose.published.or(prose.seen);
    Years { published: prose.published, anchor, titled, full: full.take(200).collect() }
}

/// `2025`, `'25`, and years glued to a name (`Conf2025`).
fn years_in(text: &str) -> Vec<i32> {
    let mut years = Vec::new();
    let mut digits = String::new();
    let mut before = ' ';
    for c in text.chars().chain([' ']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        match (digits.len(), before) {
            (4, lead) if lead != '.' => years.extend(digits.parse().ok().filter(|year| (1990..2100).contains(year))),
            (2, '\'' | '’') => years.extend(digits.parse().ok().map(|year: i32| 2000 + year)),
            _ => {}
        }
        digits.clear();
        before = c;
    }
    years
}
