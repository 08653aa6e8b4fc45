//! The programme: dated headings and table rows with hours become sessions, not events.

use super::blocks::{Block, BlockKind};
use super::grammar::clock::{Hours, hours};
use super::grammar::date::dates;
use super::grammar::zone::zone;
use super::language::Class;
use super::lists::is_listing;
use super::mentions::{Mention, What};
use super::page::{Label, Page};
use super::readings::{set_hours, span};
use super::telling::short_line;
use crate::model::{About, Evidence, Statement, TimeSpan};
use chrono::NaiveDate;

/// The programme of a text.
#[derive(Debug, Clone, Default)]
pub struct Programme {
    /// Blocks whose dates are days of the programme.
    pub blocks: Vec<usize>,
    /// Its days.
    pub days: Vec<TimeSpan>,
    /// Its items.
    pub sessions: Vec<Statement>,
}

impl Programme {
    /// The items that lie within the event's own days; a day outside them is a slip of the pen.
    pub fn within(self, first: NaiveDate, last: NaiveDate) -> Vec<Statement> {
        let inside = |statement: &Statement| match &statement.about {
            About::Session { at, .. } => first <= at.first && at.first <= last,
            _ => true,
        };
        self.sessions.into_iter().filter(inside).collect()
    }
}

const MOST_SESSIONS: usize = 500;
/// A line that is a date and little else.
const SHORT_LINE: usize = 70;

/// Finds the programme.
pub fn programme(page: &Page) -> Programme {
    let mut programme = Programme::default();
    for mention in &page.mentions {
        if !matches!(mention.what, What::Dates(..)) || programme.blocks.last() == Some(&mention.block) {
            continue;
        }
        let Some(block) = page.block(mention) else { continue };
        let Some(day) = span(page, mention) else { continue };
        let line = block.text.len() <= SHORT_LINE + (mention.end - mention.start) && !block.is_row();
        let dated_line = line && (block.is_heading() || mostly_bold(block)) && items_follow(page, mention.block);
        let dated_row = !is_listing(page, mention.block)
            && in_date_column(page, mention)
            && matches!(block.kind, BlockKind::Row { table, .. } if rows_with_dates(page, table) >= 3);
        if matches!(block.kind, BlockKind::Row { head: true, .. }) {
            // "Time | Fri 5 May | Sat 6 May"
            let row =
                page.mentions.iter().filter(|other| other.block == mention.block).filter_map(|other| span(page, other));
            programme.blocks.push(mention.block);
            programme.days.extend(row);
        } else if dated_line {
            programme.blocks.push(mention.block);
            programme.days.push(TimeSpan::day(day.first));
            items(page, mention.block, &day, &mut programme.sessions);
        } else if dated_row {
            programme.blocks.push(mention.block);
            programme.days.push(day.clone());
            let title = block
                .cells
                .iter()
                .find(|cell| !cell.touches(mention.start, mention.end))
                .map(|cell| block.slice(*cell));
            push(&mut programme.sessions, block, title.unwrap_or_default(), None, day);
        } else if under_schedule(page, mention.block)
            && (block.is_heading() || in_date_column(page, mention) || matches!(block.kind, BlockKind::Item(_)))
        {
            programme.blocks.push(mention.block);
            programme.days.push(TimeSpan::day(day.first));
        }
    }
    programme
}

/// "All times are in CEST": the zone of hours that name none.
pub fn zone_of_all(page: &Page) -> Option<String> {
    (0..page.blocks.len().min(100)).find_map(|block| {
        let text = page.text(block);
        let cue = page.cues(block).iter().find(|cue| cue.classes.has(Class::AllTimes))?;
        let end = cue.end as usize;
        (end..end + 10).take_while(|at| !text.is(*at, '.')).find_map(|at| zone(&text, at)).map(|(name, _)| name)
    })
}

/// The date leads its row, or stands below a head that says so.
fn in_date_column(page: &Page, mention: &Mention) -> bool {
    let leads = page
        .block(mention)
        .is_some_and(|block| block.cells.first().is_some_and(|cell| cell.touches(mention.start, mention.end)));
    leads || page.column_label(mention) == Some(Label::When)
}

fn under_schedule(page: &Page, block: usize) -> bool {
    page.heading(block).has(Class::Schedule)
}

fn mostly_bold(block: &Block) -> bool {
    block.bold.iter().map(|bold| bold.end - bold.start).sum::<usize>() * 2 > block.text.len()
}

fn rows_with_dates(page: &Page, table: usize) -> usize {
    // Mentions stand in the order of the text, so a table's are together; sixty tell enough.
    let inside = |block: usize| matches!(page.blocks.get(block).map(|b| b.kind), Some(BlockKind::Row { table: of, .. }) if of == table);
    let mut rows: Vec<usize> = page
        .mentions
        .iter()
        .take(400)
        .filter(|m| matches!(m.what, What::Dates(..)) && inside(m.block))
        .map(|m| m.block)
        .take(60)
        .collect();
    rows.dedup();
    rows.len()
}

/// Rows or items that begin with hours stand below this line.
fn items_follow(page: &Page, line: usize) -> bool {
    let below = (line + 1..page.blocks.len().min(line + 5))
        .take_while(|at| page.blocks.get(*at).is_some_and(|block| !block.is_heading()));
    below.into_iter().any(|at| leading_hours(page, at).is_some())
}

/// The hours that a block begins with, and the byte behind them.
fn leading_hours(page: &Page, block: usize) -> Option<(Hours, usize)> {
    let text = page.text(block);
    let (hours, end) = hours(&text, 0)?;
    Some((hours, text.at(end - 1)?.end as usize))
}

fn items(page: &Page, line: usize, day: &TimeSpan, sessions: &mut Vec<Statement>) {
    let mut zone_of_table = None;
    for (index, block) in page.blocks.iter().enumerate().skip(line + 1).take(200) {
        if block.is_heading() || sessions.len() >= MOST_SESSIONS {
            break;
        }
        if matches!(block.kind, BlockKind::Row { head: true, .. }) {
            zone_of_table = zone_in(page, index);
            continue;
        }
        let Some((hours, end)) = leading_hours(page, index) else {
            // The next day's line ends this day.
            if starts_with_date(page, index) {
                break;
            }
            continue;
        };
        let mut at = TimeSpan::day(day.first);
        set_hours(&mut at, &hours);
        at.zone = at.zone.or_else(|| zone_of_table.clone());
        let (title, speaker) = match block.cells.len() {
            0 => (block.text.get(end..).unwrap_or_default(), None),
            _ => (block.cell(1).unwrap_or_default(), block.cell(2)),
        };
        push(sessions, block, title, speaker, at);
    }
}

fn push(sessions: &mut Vec<Statement>, block: &Block, title: &str, speaker: Option<&str>, at: TimeSpan) {
    let title = title
        .trim_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | ':' | '|' | ','))
        .replace('\n', " ");
    if title.is_empty() || sessions.len() >= MOST_SESSIONS {
        return;
    }
    let speaker = speaker.map(|text| text.replace('\n', " ")).filter(|text| !text.is_empty());
    let quote = short_line(block.text, 200);
    let evidence = Evidence { quote, rule: "programme".to_owned(), confidence: 0.8 };
    sessions.push(Statement { about: About::Session { title, at, speaker }, evidence });
}

fn starts_with_date(page: &Page, block: usize) -> bool {
    let text = page.text(block);
    (0..2).any(|at| dates(&text, at).is_some())
}

/// The zone in a table's head: `Time (CET)`.
fn zone_in(page: &Page, block: usize) -> Option<String> {
    let text = page.text(block);
    (0..text.tokens.len().min(12)).filter(|at| text.is(*at, '(')).find_map(|at| zone(&text, at)).map(|(name, _)| name)
}
