//! A text on the desk: its blocks, words and mentions, and what its parts are called (labels, headings, table heads).

use super::Prose;
use super::blocks::{Block, BlockKind, Sheet};
use super::bytes::any;
use super::cues::{Cue, cues};
use super::grammar::date::slash_order;
use super::html;
use super::kept::Tokens;
use super::language::{Class, Classes, Language, NumericOrder, WordId, better, is_at_home, language, of_dates};
use super::mentions::{MOST_MENTIONS, Mention, What, classes, in_block, openers};
use super::resolve::Years;
use super::tokens::{Text, Token, tokenize};
use std::ops::Range;

/// A text on the desk.
#[derive(Debug)]
pub struct Page<'s> {
    /// Title, description and text, block by block.
    pub blocks: Vec<Block<'s>>,
    /// What it says about when.
    pub mentions: Vec<Mention>,
    /// The language it is in.
    pub language: &'static Language,
    /// What it says about years.
    pub years: Years,
    /// The lists that the words of its title stand in.
    pub title: Classes,
    /// The same, of its first blocks.
    pub opening: Classes,
    /// The name of what it calls itself a part of: block and token.
    pub host: Option<(usize, usize)>,
    /// It looks back on something.
    pub past: bool,
    /// It names an event in its title, or asks to come.
    pub invites: bool,
    tokens: Tokens,
    cues: Vec<Cue>,
    /// The tokens and cues of each block.
    parts: Vec<Part>,
    day_first: Option<bool>,
    /// Heads of its tables: (table, index of the head's block).
    heads: Vec<(usize, usize)>,
}

#[derive(Debug, Clone)]
struct Part {
    tokens: Range<usize>,
    cues: Range<usize>,
    /// The lists that its words stand in.
    classes: Classes,
    /// A mention may stand in it: it has a number or a word of time, or is in a script where any word may have one.
    may_mention: bool,
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
    /// Days that are not the event's.
    OtherDate,
    /// Anything else.
    Other,
}

const OPENING_BLOCKS: usize = 8;

/// Cuts a text into blocks.
pub fn sheet<'h>(prose: &Prose<'h>) -> Sheet<'h> {
    let mut sheet = Sheet::with_room(prose.html.len());
    sheet.plain(BlockKind::Title, prose.title);
    if let Some(summary) = prose.summary {
        sheet.plain(BlockKind::Summary, summary);
    }
    html::read(prose.html, &mut sheet);
    sheet
}

impl<'s> Page<'s> {
    /// Reads a text that is cut into blocks.
    pub fn read(prose: &Prose, sheet: &'s Sheet) -> Self {
        let declared = language(prose.language);
        let blocks = sheet.blocks();
        let mut tokens = Tokens::with_room(prose.html.len() / BYTES_A_TOKEN);
        let mut parts = parts(&blocks, declared, &mut tokens);
        let running = |index: &usize| blocks.get(*index).is_some_and(|block| block.is_running());
        let running = || (0..blocks.len().min(40)).filter(running);
        let mut language = declared;
        let own = |index: usize| parts.get(index).and_then(|part| tokens.get(part.tokens.clone())).unwrap_or_default();
        if !is_at_home(declared, running().map(own))
            && let Some(better) = better(declared, running().filter_map(|index| Some(blocks.get(index)?.text)))
        {
            language = better;
            tokens.clear();
            parts = self::parts(&blocks, language, &mut tokens);
        }
        Self::of(prose, blocks, language, tokens, parts)
    }

    /// Reads the same text by the language that its dates are written in, if that is another one than its own.
    pub fn read_by_its_dates(&self, prose: &Prose, sheet: &'s Sheet) -> Option<Self> {
        let blocks = sheet.blocks();
        let language = of_dates(self.language, blocks.iter().map(|block| block.text))?;
        let mut tokens = Tokens::with_room(prose.html.len() / BYTES_A_TOKEN);
        let parts = parts(&blocks, language, &mut tokens);
        Some(Self::of(prose, blocks, language, tokens, parts))
    }

    /// A text that is cut into the words of its language.
    fn of(
        prose: &Prose,
        blocks: Vec<Block<'s>>,
        language: &'static Language,
        tokens: Tokens,
        mut parts: Vec<Part>,
    ) -> Self {
        let own = |part: &Part| tokens.get(part.tokens.clone()).unwrap_or_default();
        let day_first = match language.numeric_order {
            NumericOrder::DayFirst => Some(true),
            NumericOrder::MonthFirst => Some(false),
            NumericOrder::Unknown => {
                parts.iter().filter(|part| part.may_mention).find_map(|part| slash_order(own(part)))
            }
        };
        let text = |block: usize, part: &Part| {
            let source = blocks.get(block).map_or("", |block| block.text);
            Text { source, tokens: own(part), language, day_first }
        };
        let mut mentions = Vec::with_capacity(8);
        let mut opening = Vec::new();
        for (index, part) in parts.iter().enumerate().filter(|(_, part)| part.may_mention) {
            if mentions.len() > MOST_MENTIONS {
                break;
            }
            openers(own(part), language, &mut opening);
            in_block(index, &text(index, part), &opening, &mut mentions);
        }
        // Where nothing is said about when, nothing else needs to be known.
        let mut all_cues = Vec::new();
        for (index, part) in parts.iter_mut().enumerate().filter(|_| !mentions.is_empty()) {
            let from = all_cues.len();
            cues(&text(index, part), &mut all_cues);
            part.cues = from..all_cues.len();
            let own = all_cues.get(from..).unwrap_or_default();
            part.classes = own.iter().fold(Classes::default(), |all, cue| all.with(cue.classes));
        }
        for mention in &mut mentions {
            let Some(part) = parts.get(mention.block) else { continue };
            mention.hear(&text(mention.block, part), all_cues.get(part.cues.clone()).unwrap_or_default());
        }
        let heads = blocks
            .iter()
            .enumerate()
            .filter_map(|(index, block)| match block.kind {
                BlockKind::Row { table, head: true } => Some((table, index)),
                _ => None,
            })
            .collect();
        let mut page = Self {
            blocks,
            mentions,
            language,
            years: Years::default(),
            title: Classes::default(),
            opening: Classes::default(),
            host: None,
            past: false,
            invites: false,
            tokens,
            cues: all_cues,
            parts,
            day_first,
            heads,
        };
        page.years = page.years_of(prose);
        page.title = page.classes_of(0);
        page.opening = (1..=OPENING_BLOCKS).fold(Classes::default(), |all, at| all.with(page.classes_of(at)));
        let ahead = page.opening.has(Class::Ahead) || page.title.has(Class::Ahead);
        page.past = page.title.has(Class::RecapTitle) || (page.opening.has(Class::Past) && !ahead);
        page.host = page.host_in(1..OPENING_BLOCKS);
        page.invites = page.names_event(0) || page.opening.has(Class::Invitation);
        page
    }

    /// The block of a mention.
    pub fn block(&self, mention: &Mention) -> Option<&Block<'s>> {
        self.blocks.get(mention.block)
    }

    /// The words of a block.
    pub fn text(&self, block: usize) -> Text<'_> {
        let tokens = self.parts.get(block).and_then(|part| self.tokens.get(part.tokens.clone())).unwrap_or_default();
        let source = self.blocks.get(block).map_or("", |block| block.text);
        Text { source, tokens, language: self.language, day_first: self.day_first }
    }

    /// The cues of a block.
    pub fn cues(&self, block: usize) -> &[Cue] {
        self.parts.get(block).and_then(|part| self.cues.get(part.cues.clone())).unwrap_or_default()
    }

    /// The lists that the words of a block stand in.
    pub fn classes_of(&self, block: usize) -> Classes {
        self.parts.get(block).map(|part| part.classes).unwrap_or_default()
    }

    /// The same, of some tokens of a block.
    pub fn classes_in(&self, block: usize, from: usize, to: usize) -> Classes {
        classes(self.cues(block), from, to)
    }

    /// How many words and phrases of a list stand in these blocks.
    pub fn count(&self, blocks: Range<usize>, class: Class) -> usize {
        let mut seen: Vec<(WordId, u32)> = Vec::new();
        for block in blocks {
            let text = self.text(block);
            for cue in self.cues(block).iter().filter(|cue| cue.classes.has(class)) {
                let word = text.at(cue.at as usize).map_or(WordId::default(), |token| token.word);
                if !seen.contains(&(word, cue.end - cue.at)) {
                    seen.push((word, cue.end - cue.at));
                }
            }
        }
        seen.len()
    }

    /// The label that a mention stands behind: a row's first cell, a column's head, words before a colon, or a heading.
    pub fn label(&self, mention: &Mention) -> Option<Label> {
        let block = self.block(mention)?;
        if block.is_row() {
            let column = block.column(mention.start)?;
            let side = (column > 0).then(|| self.cell_label(mention.block, 0)).flatten();
            return side.filter(|label| *label != Label::Other).or_else(|| self.column_label(mention)).or(side);
        }
        self.own_label(mention).or_else(|| self.heading_label(mention.block))
    }

    /// The words before the colon that a mention stands behind.
    fn own_label(&self, mention: &Mention) -> Option<Label> {
        let text = self.text(mention.block);
        let least = mention.clause.0.max(mention.at.saturating_sub(LABEL_REACH));
        let colon = (least..mention.at).rev().find(|at| {
            let clock = text.glued(at + 1) && text.at(at + 1).is_some_and(Token::is_number);
            text.is(*at, ':') && !clock || text.is(*at, '|')
        })?;
        let opens = |at: &usize| {
            let parts = text.at(*at).is_some_and(|t| {
                [',', ';', '|', '•', '·', ')', '–', '—'].iter().any(|mark| t.is(*mark)) || t.is_number()
            });
            parts || text.at(at + 1).is_some_and(|t| t.new_line)
        };
        let from = (mention.clause.0..colon).rev().find(opens).map_or(mention.clause.0, |at| at + 1);
        self.label_of(mention.block, from, colon)
    }

    fn cell_label(&self, block: usize, column: usize) -> Option<Label> {
        let cell = self.blocks.get(block)?.cells.get(column)?;
        let (from, to) = self.tokens_at(block, cell.start, cell.end);
        self.label_of(block, from, to)
    }

    /// The tokens that stand in these bytes of a block.
    pub fn tokens_at(&self, block: usize, start: usize, end: usize) -> (usize, usize) {
        let tokens = self.text(block).tokens;
        (tokens.partition_point(|t| (t.start as usize) < start), tokens.partition_point(|t| (t.start as usize) < end))
    }

    /// The head of the column that a mention stands in.
    pub fn column_label(&self, mention: &Mention) -> Option<Label> {
        let block = self.block(mention)?;
        let BlockKind::Row { table, .. } = block.kind else { return None };
        let column = block.column(mention.start)?;
        let (_, head) = self.heads.get(self.heads.binary_search_by_key(&table, |(of, _)| *of).ok()?)?;
        self.cell_label(*head, column)
    }

    /// The label that a block's heading is.
    pub fn heading_label(&self, block: usize) -> Option<Label> {
        let heading = self.blocks.get(block)?.heading.filter(|heading| block - heading <= 3)?;
        self.label_of_block(heading)
    }

    /// What a whole block announces as a label.
    pub fn label_of_block(&self, block: usize) -> Option<Label> {
        self.label_of(block, 0, self.text(block).tokens.len())
    }

    /// What a few words announce as a label.
    pub fn label_of(&self, block: usize, from: usize, to: usize) -> Option<Label> {
        let text = self.text(block);
        let is_word = |at: &usize| text.at(*at).is_some_and(|t| t.is_word() || t.is_number());
        let first = (from..to).find(is_word)?;
        let last = (from..to).rev().find(is_word)? + 1;
        if last - first > MOST_LABEL_TOKENS {
            return None;
        }
        let cues = self.cues(block);
        let start = cues.partition_point(|cue| (cue.at as usize) < first);
        let mut within = Classes::default();
        let mut whole = Classes::default();
        for cue in cues.iter().skip(start).take_while(|cue| (cue.end as usize) <= last || (cue.at as usize) < last) {
            if cue.end as usize > last {
                continue;
            }
            within = within.with(cue.classes);
            if (cue.at as usize, cue.end as usize) == (first, last) {
                whole = whole.with(cue.classes);
            }
        }
        let other = within.has(Class::LabelOtherDate) && !whole.has(Class::LabelWhen);
        Some(if within.has(Class::DeadlineAny) && !whole.has(Class::LabelWhen) || whole.has(Class::LabelDeadline) {
            Label::Deadline
        } else if other {
            Label::OtherDate
        } else if whole.has(Class::LabelWhen) || within.has(Class::LabelWhenNoun) {
            Label::When
        } else if whole.has(Class::LabelTime) {
            Label::Time
        } else if whole.has(Class::LabelWhere) {
            Label::Where
        } else {
            Label::Other
        })
    }

    /// The lists that the words of a block's heading stand in.
    pub fn heading(&self, block: usize) -> Classes {
        let heading = self.blocks.get(block).and_then(|block| block.heading);
        heading.map(|heading| self.classes_of(heading)).unwrap_or_default()
    }

    /// The heading of a block says what the title says.
    pub fn is_under_title(&self, block: usize) -> bool {
        let heading = self.blocks.get(block).and_then(|block| block.heading).and_then(|at| self.blocks.get(at));
        let title = self.blocks.first().map_or("", |title| title.text);
        title.len() > 8 && heading.is_some_and(|heading| heading.text.len() < 400 && heading.text.contains(title))
    }

    /// The name behind "part of", unless the title has it too.
    fn host_in(&self, blocks: Range<usize>) -> Option<(usize, usize)> {
        let title = self.blocks.first().map_or("", |title| title.text);
        blocks.into_iter().find_map(|block| {
            let text = self.text(block);
            let cue = self.cues(block).iter().find(|cue| cue.classes.has(Class::PartOf))?;
            let end = cue.end as usize;
            let name = (end..end + 4).find(|at| text.at(*at).is_some_and(|token| token.capital))?;
            let own = text.written(name).len() > 2 && !title.contains(text.written(name));
            own.then_some((block, name))
        })
    }

    /// The name of the greater event stands among these tokens of a block.
    pub fn names_host(&self, block: usize, from: usize, to: usize) -> bool {
        let Some((of, name)) = self.host else { return false };
        let name = self.text(of).written(name);
        let text = self.text(block);
        (from..to).any(|at| text.at(at).is_some_and(|token| token.capital) && text.written(at) == name)
    }

    /// A noun for an event, or a name such as `YarnConf` or `Weavefest`; "next week" is none.
    pub fn names_event(&self, block: usize) -> bool {
        self.event_noun_in(block, 0, usize::MAX)
    }

    /// The same, in some tokens of a block.
    pub fn event_noun_in(&self, block: usize, from: usize, to: usize) -> bool {
        let text = self.text(block);
        self.cues(block).iter().filter(|cue| cue.at as usize >= from && cue.end as usize <= to).any(|cue| {
            let at = cue.at as usize;
            let spans = at > 0 && [Class::This, Class::Next, Class::Last].iter().any(|class| text.has(at - 1, *class));
            let measured = cue.classes.has(Class::TimeNoun) && (spans || at > 0 && text.count(at - 1).is_some());
            cue.classes.has(Class::EventNoun) && !measured
        })
    }

    fn years_of(&self, prose: &Prose) -> Years {
        let mut titled = Vec::new();
        for (index, _) in self
            .blocks
            .iter()
            .enumerate()
            .take(2)
            .filter(|(_, block)| matches!(block.kind, BlockKind::Title | BlockKind::Summary))
        {
            titled.extend(years_in(&self.text(index)));
        }
        titled.truncate(6);
        let full = self.mentions.iter().filter_map(|mention| match &mention.what {
            What::Dates(dates, _) => dates.days.iter().find_map(|day| super::resolve::day(day, day.year?)),
            _ => None,
        });
        let anchor = prose.published.or(prose.seen);
        let named = match anchor {
            Some(_) => Vec::new(),
            None => (1..self.blocks.len().min(40)).flat_map(|block| years_in(&self.text(block))).take(20).collect(),
        };
        Years { published: prose.published, anchor, titled, named, full: full.take(200).collect() }
    }
}

/// Cuts the blocks into tokens.
fn parts(blocks: &[Block], language: &'static Language, tokens: &mut Vec<Token>) -> Vec<Part> {
    let mut part = |(index, block): (usize, &Block)| {
        let from = tokens.len();
        let may_mention =
            is_read(index, block) && (tokenize(block.text, language, tokens) || language.lexicon.longest_run > 0);
        Part { tokens: from..tokens.len(), cues: 0..0, classes: Classes::default(), may_mention }
    };
    blocks.iter().enumerate().map(&mut part).collect()
}

/// Whether the words of a block are looked at: those of the first blocks, and of later ones that name a number or head others.
/// What a long text says further down without a single number tells nothing about when.
fn is_read(index: usize, block: &Block) -> bool {
    let tells = |byte: u8| byte.is_ascii_digit() || byte >= 0xe3;
    let labelled = || block.text.len() < LONGEST_LABELLED && block.text.contains(':');
    index < ALWAYS_READ
        || !(block.is_running() || block.kind == BlockKind::Quote)
        || any(block.text.as_bytes(), tells)
        || labelled()
}

impl Block<'_> {
    /// The cell that this byte of a row stands in.
    fn column(&self, byte: usize) -> Option<usize> {
        self.cells.iter().position(|cell| cell.start <= byte && byte <= cell.end)
    }
}

/// About so many bytes of HTML make a token.
const BYTES_A_TOKEN: usize = 5;
/// So many blocks are read whatever stands in them.
const ALWAYS_READ: usize = 25;
/// A line with a label is no longer, in bytes.
const LONGEST_LABELLED: usize = 300;
/// A label stands so near, in tokens.
const LABEL_REACH: usize = 30;
/// More words are no label.
const MOST_LABEL_TOKENS: usize = 8;

/// `2025`, `'25`, and years glued to a name (`Conf2025`).
fn years_in(text: &Text) -> Vec<i32> {
    let year = |(at, token): (usize, &Token)| {
        let apostrophe = at > 0 && (text.is(at - 1, '\'') || text.is(at - 1, '’')) && !token.spaced;
        let version = at > 0 && text.is(at - 1, '.') && !token.spaced;
        match (token.digits(4).filter(|_| !version), token.digits(2).filter(|_| apostrophe)) {
            (Some(year), _) if (1990..2100).contains(&year) => i32::try_from(year).ok(),
            (_, Some(year)) => i32::try_from(2000 + year).ok(),
            _ => None,
        }
    };
    text.tokens.iter().enumerate().filter_map(year).collect()
}
