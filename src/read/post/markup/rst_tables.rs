//! Tables of reStructuredText: grids, simple ones, and those of directives.

use super::inline::Inline;
use super::rst::Reader;
use super::{after, between, line, table};

/// True for the line above a grid: `+---+---+`.
pub(super) fn begins_grid(line: &str) -> bool {
    line.starts_with("+-") && line.ends_with('+') && line.bytes().all(|byte| matches!(byte, b'+' | b'-'))
}

/// True for the line above a simple table: `==== ====`.
pub(super) fn begins_simple(line: &str) -> bool {
    line.starts_with("==") && line.contains(' ') && line.bytes().all(|byte| matches!(byte, b'=' | b' '))
}

/// More columns than this are no table; what stands behind them belongs to the last.
const COLUMNS: usize = 50;

/// Where the columns of a simple table begin and end, in characters.
fn spans(rule: &str) -> Vec<(usize, usize)> {
    let mut spans = Vec::new();
    let mut start = None;
    for (at, c) in rule.chars().chain(std::iter::once(' ')).enumerate() {
        match (c == ' ', start) {
            (false, None) => start = Some(at),
            (true, Some(from)) => {
                spans.push((from, at));
                start = None;
            }
            _ => {}
        }
        if spans.len() == COLUMNS {
            break;
        }
    }
    spans
}

/// The characters of a line from one column to another.
fn part(line: &str, from: usize, to: usize) -> String {
    line.chars().skip(from).take(to.saturating_sub(from)).collect::<String>().trim().to_owned()
}

impl Reader {
    /// Writes a grid table; says how many lines it takes.
    pub(super) fn grid(&mut self, lines: &[&str]) -> usize {
        let length = lines.iter().take_while(|line| line.starts_with(['+', '|'])).count();
        let (mut rows, mut head): (Vec<Vec<String>>, usize) = (Vec::new(), 0);
        let mut row: Vec<String> = Vec::new();
        for text in between(lines, 1, length) {
            if text.starts_with('+') {
                if !row.is_empty() {
                    rows.push(std::mem::take(&mut row));
                }
                if text.contains('=') {
                    head = rows.len();
                }
                continue;
            }
            let inner = text.strip_prefix('|').unwrap_or(text);
            for (at, cell) in inner.strip_suffix('|').unwrap_or(inner).split('|').enumerate() {
                // A row that reaches over lines is closed by a rule in some columns only.
                let cell = if cell.len() > 2 && cell.bytes().all(|byte| byte == b'-') { "" } else { cell.trim() };
                match row.get_mut(at) {
                    Some(known) if !cell.is_empty() => known.push_str(&format!("\n{cell}")),
                    Some(_) => {}
                    None => row.push(cell.to_owned()),
                }
            }
        }
        if !row.is_empty() {
            rows.push(row);
        }
        self.rows(&rows, head);
        length.max(1)
    }

    /// Writes a simple table; says how many lines it takes.
    pub(super) fn simple(&mut self, lines: &[&str]) -> usize {
        let columns = spans(line(lines, 0));
        let (mut rows, mut head, mut rules): (Vec<Vec<String>>, usize, usize) = (Vec::new(), 0, 1);
        let mut at = 1;
        while let Some(text) = lines.get(at) {
            at += 1;
            if begins_simple(text) {
                rules += 1;
                // The second rule ends the table, unless rows follow at once: then it closed the head.
                let more = !line(lines, at).is_empty()
                    && after(lines, at).iter().take(super::LONG).any(|line| begins_simple(line));
                if rules == 2 && more {
                    head = rows.len();
                    continue;
                }
                break;
            }
            if text.is_empty() && rules == 1 && at > super::LONG {
                break;
            }
            if text.is_empty() || text.bytes().all(|byte| matches!(byte, b'-' | b' ')) {
                continue;
            }
            let last = columns.len().saturating_sub(1);
            let cells = columns.iter().enumerate();
            let cells: Vec<String> =
                cells.map(|(n, (from, to))| part(text, *from, if n == last { usize::MAX } else { *to })).collect();
            let goes_on = cells.first().is_some_and(String::is_empty);
            match rows.last_mut().filter(|_| goes_on) {
                Some(row) => row
                    .iter_mut()
                    .zip(&cells)
                    .filter(|(_, more)| !more.is_empty())
                    .for_each(|(cell, more)| cell.push_str(&format!("\n{more}"))),
                None => rows.push(cells),
            }
        }
        self.rows(&rows, head);
        at
    }

    fn rows(&mut self, rows: &[Vec<String>], head: usize) {
        let cells = |row: &Vec<String>| row.iter().map(|cell| self.names.html(cell, 0)).collect();
        let shown: Vec<Vec<String>> = rows.iter().map(cells).collect();
        table(&mut self.out, &shown, head);
    }

    /// The tables of directives: rows of commas, or of lists in lists.
    pub(super) fn directive_table(&mut self, name: &str, content: &[&str], header: &str, depth: usize) {
        let commas = |text: &str| -> Vec<String> {
            text.split(',').map(|cell| cell.trim().trim_matches('"').to_owned()).collect()
        };
        match name {
            "csv-table" => {
                let head = (!header.is_empty()).then(|| commas(header));
                let filled = content.iter().filter(|line| !line.trim().is_empty());
                let rows: Vec<Vec<String>> = head.clone().into_iter().chain(filled.map(|line| commas(line))).collect();
                self.rows(&rows, usize::from(head.is_some()));
            }
            "list-table" => {
                let mut rows: Vec<Vec<String>> = Vec::new();
                for text in content.iter().map(|line| line.trim()).filter(|line| !line.is_empty()) {
                    let text = match text.strip_prefix("* ") {
                        Some(rest) => {
                            rows.push(Vec::new());
                            rest.trim_start()
                        }
                        None => text,
                    };
                    let Some(row) = rows.last_mut() else { continue };
                    match (
                        text.strip_prefix('-').filter(|rest| rest.is_empty() || rest.starts_with(' ')),
                        row.last_mut(),
                    ) {
                        (None, Some(cell)) => cell.push_str(&format!("\n{text}")),
                        (cell, _) => row.push(cell.unwrap_or(text).trim().to_owned()),
                    }
                }
                self.rows(&rows, 0);
            }
            _ if depth < super::DEPTH => self.blocks(content, depth + 1),
            _ => {}
        }
    }
}
