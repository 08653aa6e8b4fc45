//! HTML → blocks.
//!
//! One pass over the bytes, no tree, no recursion: any input, however deep or broken, costs its own length. Code blocks,
//! scripts and styles say nothing about when and where and are left out.

use super::blocks::{Anchor, BlockKind, MOST_TEXT, Sheet, Stretch};
use super::bytes::{plain_run, small_letters};
use super::markup::{attribute, is_block, plain_link, tag_end};
use std::borrow::Cow;

/// Appends the blocks of `html` to a sheet.
pub fn read<'h>(html: &'h str, sheet: &mut Sheet<'h>) {
    let mut reader = Reader {
        sheet,
        text: String::new(),
        lists: 0,
        quotes: 0,
        tables: 0,
        heading: None,
        row: None,
        link: None,
        bold: None,
        code: None,
        skip: None,
        preformatted: false,
        piped: false,
        barred: false,
        last_heading: [None; 7],
        length: 0,
        literal: false,
    };
    let mut rest = html;
    while !rest.is_empty() && reader.length < MOST_TEXT {
        rest = reader.step(rest);
    }
    reader.flush();
}

struct Reader<'b, 'h> {
    sheet: &'b mut Sheet<'h>,
    /// The text of the block that is being read.
    text: String,
    lists: usize,
    quotes: usize,
    tables: usize,
    heading: Option<u8>,
    row: Option<Row>,
    link: Option<(usize, Cow<'h, str>)>,
    bold: Option<usize>,
    code: Option<usize>,
    skip: Option<&'static str>,
    /// Inside `pre`: its lines are lines; `code` in it is a program's and left out.
    preformatted: bool,
    /// A bar stands in the line.
    piped: bool,
    /// A bar stands in the block.
    barred: bool,
    last_heading: [Option<usize>; 7],
    length: usize,
    /// No markup ends any more: what looks like its beginning is text.
    literal: bool,
}

#[derive(Default)]
struct Row {
    cell: Option<usize>,
    data: bool,
}

/// Elements whose insides nobody reads.
fn skipped(name: &[u8]) -> Option<&'static str> {
    Some(match name {
        b"script" => "script",
        b"style" => "style",
        b"template" => "template",
        b"noscript" => "noscript",
        b"svg" => "svg",
        b"iframe" => "iframe",
        b"head" => "head",
        b"math" => "math",
        b"select" => "select",
        b"textarea" => "textarea",
        _ => return None,
    })
}

impl<'h> Reader<'_, 'h> {
    /// Takes what the rest begins with: a run of text, a reference, markup. Answers what follows.
    fn step(&mut self, rest: &'h str) -> &'h str {
        let is_text = self.skip.is_none();
        let rest = if is_text && self.text.is_empty() { rest.trim_ascii_start() } else { rest };
        let bytes = rest.as_bytes();
        let plain = match bytes.first() {
            // A tag right behind another.
            Some(b'<') => 0,
            _ if is_text => self.plain(rest),
            _ => memchr::memchr(b'<', bytes).unwrap_or(rest.len()),
        };
        let behind = rest.get(plain..).unwrap_or_default();
        match behind.bytes().next() {
            Some(b'<') if !self.literal => match self.markup(behind) {
                Some(after) => after,
                None => {
                    self.literal = true;
                    behind
                }
            },
            Some(b'<') if !is_text => behind.get(1..).unwrap_or_default(),
            Some(b'&') => self.reference(behind),
            Some(_) => {
                let mut chars = behind.chars();
                chars.next().into_iter().for_each(|c| self.push(c));
                chars.as_str()
            }
            None => "",
        }
    }

    /// Takes the markup that `tag` begins with; answers what follows, or `None` where no markup ends any more.
    fn markup(&mut self, tag: &'h str) -> Option<&'h str> {
        if let Some(comment) = tag.strip_prefix("<!--") {
            return comment.find("-->").and_then(|end| comment.get(end + 3..));
        }
        let body = tag.get(1..)?;
        if let Some((href, rest)) = plain_link(body).filter(|_| self.skip.is_none()) {
            self.end_link();
            self.link = Some((self.text.len(), href));
            return Some(rest);
        }
        let first = body.chars().next()?;
        if !first.is_ascii_alphabetic() && !matches!(first, '/' | '!' | '?') {
            self.push('<');
            return Some(body);
        }
        let closing = first == '/';
        let from = usize::from(closing);
        let (letters, count) = small_letters(body.as_bytes(), from);
        let goes_on = body.as_bytes().get(from + count).is_some_and(u8::is_ascii_alphanumeric);
        let behind = match goes_on {
            true => from + body.bytes().skip(from).position(|byte| !byte.is_ascii_alphanumeric())?,
            false => from + count,
        };
        // Most tags are a name and no more.
        let end = if body.as_bytes().get(behind) == Some(&b'>') { behind } else { tag_end(body)? };
        let (name, attributes) = (body.get(from..behind)?, body.get(behind..end).unwrap_or_default());
        let (letters, mut longer) = (letters.to_le_bytes(), [0; 12]);
        let name = match goes_on {
            true => {
                longer.iter_mut().zip(name.bytes()).for_each(|(slot, byte)| *slot = byte.to_ascii_lowercase());
                longer.get(..name.len().min(12)).unwrap_or_default()
            }
            false => letters.get(..count).unwrap_or_default(),
        };
        match self.skip {
            Some(skipped) => {
                if closing && name == skipped.as_bytes() {
                    self.skip = None;
                }
            }
            None if closing => self.close(name),
            None => self.open(name, attributes),
        }
        body.get(end + 1..)
    }

    fn open(&mut self, name: &[u8], attributes: &'h str) {
        if let Some(skipped) = skipped(name) {
            self.skip = Some(skipped).filter(|_| !attributes.trim_end().ends_with('/'));
            return;
        }
        match name {
            b"code" | b"samp" if self.preformatted => self.skip = Some(if name == b"code" { "code" } else { "samp" }),
            b"pre" => {
                self.part();
                self.preformatted = true;
            }
            b"br" => self.line_break(),
            b"a" => {
                self.end_link();
                if let Some(href) = attribute(attributes, "href") {
                    self.link = Some((self.text.len(), href));
                }
            }
            b"b" | b"strong" => self.bold = self.bold.or(Some(self.text.len())),
            b"code" | b"kbd" | b"samp" => self.code = Some(self.text.len()),
            b"ul" | b"ol" => {
                self.part();
                self.lists += 1;
            }
            b"blockquote" => {
                self.part();
                self.quotes += 1;
            }
            b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" => {
                self.part();
                self.heading = name.get(1).map(|digit| digit - b'0');
            }
            b"table" => {
                self.flush();
                self.row = None;
                self.tables += 1;
            }
            b"tr" => {
                self.flush();
                self.row = Some(Row::default());
            }
            b"td" | b"th" => self.open_cell(name == b"td"),
            b"dd" if !self.text.is_empty() => {
                if !self.text.trim_end().ends_with(':') {
                    self.push(':');
                }
                self.push(' ');
            }
            _ if is_block(name) => self.part(),
            _ => {}
        }
    }

    fn close(&mut self, name: &[u8]) {
        match name {
            b"a" => self.end_link(),
            b"b" | b"strong" => self.end_bold(),
            b"code" | b"kbd" | b"samp" => self.end_code(),
            b"ul" | b"ol" => {
                self.part();
                self.lists = self.lists.saturating_sub(1);
            }
            b"blockquote" => {
                self.part();
                self.quotes = self.quotes.saturating_sub(1);
            }
            b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" => {
                self.part();
                self.heading = None;
            }
            b"td" | b"th" => self.close_cell(),
            b"tr" | b"table" => {
                self.flush();
                self.row = None;
            }
            b"pre" => {
                self.part();
                self.preformatted = false;
            }
            b"dt" => {}
            _ if is_block(name) => self.part(),
            _ => {}
        }
    }

    /// Ends a block, or a line inside a cell.
    fn part(&mut self) {
        if self.row.is_some() {
            self.line_break();
        } else {
            self.flush();
        }
    }

    fn line_break(&mut self) {
        let text = &mut self.text;
        if text.ends_with(' ') {
            text.pop();
        }
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
    }

    fn open_cell(&mut self, data: bool) {
        self.close_cell();
        let Some(row) = &mut self.row else { return };
        row.data |= data;
        if self.sheet.has_cells() {
            while self.text.ends_with(['\n', ' ']) {
                self.text.pop();
            }
            self.text.push_str(" | ");
        }
        row.cell = Some(self.text.len());
    }

    fn close_cell(&mut self) {
        if let Some(start) = self.row.as_mut().and_then(|row| row.cell.take()) {
            self.sheet.cells.push(Stretch { start, end: self.text.len().max(start) });
        }
    }

    fn end_link(&mut self) {
        if let Some((start, href)) = self.link.take() {
            let end = self.text.len();
            if start < end {
                self.sheet.links.push(Anchor { at: Stretch { start, end }, href });
            }
        }
    }

    fn end_bold(&mut self) {
        if let Some(start) = self.bold.take() {
            self.sheet.bold.push(Stretch { start, end: self.text.len().max(start) });
        }
    }

    fn end_code(&mut self) {
        if let Some(start) = self.code.take() {
            self.sheet.code.push(Stretch { start, end: self.text.len().max(start) });
        }
    }

    /// Appends the run of plain characters that the text begins with; answers its length.
    fn plain(&mut self, text: &str) -> usize {
        let spaced = matches!(self.text.as_bytes().last(), None | Some(b' ' | b'\n'));
        let mut room = MOST_TEXT.saturating_sub(self.length).min(text.len());
        while !text.is_char_boundary(room) {
            room -= 1;
        }
        let run = plain_run(text.as_bytes().get(..room).unwrap_or_default(), spaced);
        self.text.push_str(text.get(..run).unwrap_or_default());
        self.length += run;
        run
    }

    /// Appends what `&…;` stands for; answers what follows.
    fn reference<'t>(&mut self, text: &'t str) -> &'t str {
        let known = [("&amp;", '&'), ("&quot;", '"'), ("&lt;", '<'), ("&gt;", '>'), ("&#39;", '\''), ("&nbsp;", ' ')];
        if let Some((name, c)) = known.iter().find(|(name, _)| text.starts_with(name)) {
            self.push(*c);
            return text.get(name.len()..).unwrap_or_default();
        }
        let end = text.bytes().take(LONGEST_REFERENCE).position(|byte| byte == b';').map_or(1, |at| at + 1);
        let (reference, rest) = text.split_at(end);
        html_escape::decode_html_entities(reference).chars().for_each(|c| self.push(crate::model::referred(c)));
        rest
    }

    /// Appends a character; white space collapses.
    fn push(&mut self, c: char) {
        if self.skip.is_some() {
            return;
        }
        let in_row = self.row.is_some();
        (self.piped, self.barred) = (self.piped || c == '|', self.barred || c == '|');
        let text = &mut self.text;
        let before = text.len();
        if c == '\n' && (self.piped || self.preformatted) && !in_row {
            // A line of a table that the Markdown reader did not take for one.
            self.piped = false;
            while text.ends_with(' ') {
                text.pop();
            }
            if !text.is_empty() {
                text.push('\n');
            }
        } else if c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}') {
            if !text.is_empty() && !text.ends_with([' ', '\n']) {
                text.push(' ');
            }
        } else if !c.is_control() && c != '\u{ad}' {
            text.push(c);
        }
        self.length += text.len().saturating_sub(before);
    }

    fn flush(&mut self) {
        if self.text.is_empty() && self.row.is_none() {
            // Between the end of a block and the beginning of the next.
            (self.link, self.bold, self.code) = (None, None, None);
            return;
        }
        self.close_cell();
        self.end_link();
        self.end_bold();
        self.end_code();
        self.piped = false;
        let barred = std::mem::take(&mut self.barred);
        let kind = match (&self.row, self.heading) {
            (Some(row), _) => BlockKind::Row { table: self.tables, head: !row.data },
            (None, Some(level)) => BlockKind::Heading(level),
            (None, None) if self.lists > 0 => BlockKind::Item(self.lists),
            (None, None) if self.quotes > 0 => BlockKind::Quote,
            (None, None) => BlockKind::Paragraph,
        };
        if self.text.bytes().all(|byte| matches!(byte, b' ' | b'\n')) {
            self.text.clear();
            self.sheet.discard();
            return;
        }
        let level = if let BlockKind::Heading(level) = kind { usize::from(level) } else { 7 };
        let heading = self.last_heading.iter().take(level).flatten().next_back().copied();
        if let Some(slot) = self.last_heading.get_mut(level) {
            *slot = Some(self.sheet.len());
            for deeper in self.last_heading.iter_mut().skip(level + 1) {
                *deeper = None;
            }
        }
        if kind == BlockKind::Paragraph && barred && self.text.lines().filter(|line| line.contains('|')).count() > 1 {
            self.tables += 1;
            self.sheet.end_table(self.tables, heading, &self.text);
        } else {
            self.sheet.end(kind, heading, &self.text);
        }
        // The room that the text grew into serves the next block.
        self.text.clear();
    }
}

/// No reference is longer, in bytes.
const LONGEST_REFERENCE: usize = 40;

#[cfg(test)]
mod tests {
    use super::super::blocks::Block;
    use super::*;

    /// Their sheet is left in memory: a test is short.
    fn blocks(html: &str) -> Vec<Block<'_>> {
        let mut sheet = Sheet::default();
        read(html, &mut sheet);
        Box::leak(Box::new(sheet)).blocks()
    }

    #[test]
    fn a_text_falls_into_blocks() {
        let html = "<h2>When</h2><p>On <b>5&nbsp;May</b>\n at <a href='/x?a=1&amp;b=2'>the  mill</a>.<br>Bye</p><ul><li>one<ul><li>two</li></ul></li></ul>";
        let read: Vec<(BlockKind, &str)> = blocks(html).into_iter().map(|b| (b.kind, b.text)).collect();
        let expected = [
            (BlockKind::Heading(2), "When"),
            (BlockKind::Paragraph, "On 5 May at the mill.\nBye"),
            (BlockKind::Item(1), "one"),
            (BlockKind::Item(2), "two"),
        ];
        assert_eq!(read, expected);
        let all = blocks(html);
        let paragraph = &all[1];
        assert_eq!(paragraph.slice(paragraph.bold[0]), "5 May");
        assert_eq!((paragraph.slice(paragraph.links[0].at), &*paragraph.links[0].href), ("the mill", "/x?a=1&b=2"));
        assert_eq!(all[3].heading, Some(0));
    }

    #[test]
    fn a_row_keeps_its_cells_and_code_blocks_are_left_out() {
        let read = blocks(
            "<table><tr><th>Date</th><td>5 May<p>noon</td></tr></table><pre><code>2020-01-01</code></pre><p>x <code>y</code></p>",
        );
        assert_eq!(read[0].text, "Date | 5 May\nnoon");
        assert_eq!(read[0].cell(1), Some("5 May\nnoon"));
        assert_eq!(read[1].slice(read[1].code[0]), "y");
        assert_eq!(read.len(), 2);
    }

    #[test]
    fn lines_with_bars_are_rows() {
        let read = blocks("<p>Info | Details\n:--- | :---\t\nDate | <a href=x>5 May</a>\n| Where | Mill |</p>");
        assert_eq!(
            read.iter().map(|b| b.text).collect::<Vec<_>>(),
            ["Info | Details", "Date | 5 May", "| Where | Mill |"]
        );
        assert_eq!(read[0].kind, BlockKind::Row { table: 1, head: true });
        assert_eq!(
            (read[1].cell(0), read[1].cell(1), read[1].slice(read[1].links[0].at)),
            (Some("Date"), Some("5 May"), "5 May")
        );
        assert_eq!((read[2].cell(0), read[2].cell(1)), (Some("Where"), Some("Mill")));
    }

    #[test]
    fn broken_markup_is_text() {
        for html in ["<", "a < b", "<p", "<a href=\"x>y", "<!-- open", "</", "<p a='>x", "&#x110000;", "<td>x<th>"] {
            blocks(html);
        }
        assert_eq!(blocks("3 < 5 and 6 > 2")[0].text, "3 < 5 and 6 > 2");
    }
}
