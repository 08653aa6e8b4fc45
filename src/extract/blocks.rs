//! The blocks of a text: headings, paragraphs, list items and table rows as plain text, with where links, bold words and code stand in it.

use std::borrow::Cow;

/// More text than this is no announcement; what lies behind is not read.
pub const MOST_TEXT: usize = 1 << 20;

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// The entry's title.
    Title,
    /// The entry's description.
    Summary,
    /// `h1` to `h6`.
    Heading(u8),
    /// Running text.
    Paragraph,
    /// A list item, with the depth of its list (from 1).
    Item(usize),
    /// A table row; `head` for a row of header cells.
    Row {
        /// Which table of the text, from 1.
        table: usize,
        /// All cells are `th`.
        head: bool,
    },
    /// A block quotation.
    Quote,
}

/// A stretch of a block's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// First byte.
    pub start: usize,
    /// Byte behind the last.
    pub end: usize,
}

impl Stretch {
    /// True where the two share a byte.
    pub fn touches(&self, start: usize, end: usize) -> bool {
        self.start < end && start < self.end
    }
}

/// A link in a block's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor<'h> {
    /// Its words.
    pub at: Stretch,
    /// Its address as written.
    pub href: Cow<'h, str>,
}

/// One block of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block<'s> {
    /// What it is.
    pub kind: BlockKind,
    /// Plain text; white space is collapsed, a forced line break is `\n`, cells are parted by ` | `.
    pub text: &'s str,
    /// Its links.
    pub links: &'s [Anchor<'s>],
    /// Its bold words.
    pub bold: &'s [Stretch],
    /// Its words in `code`.
    pub code: &'s [Stretch],
    /// The cells of a row.
    pub cells: &'s [Stretch],
    /// The nearest heading above (index of its block).
    pub heading: Option<usize>,
}

impl<'s> Block<'s> {
    /// The text of a stretch.
    pub fn slice(&self, at: Stretch) -> &'s str {
        self.text.get(at.start..at.end).unwrap_or_default()
    }

    /// The text of cell `n`.
    pub fn cell(&self, n: usize) -> Option<&'s str> {
        self.cells.get(n).map(|at| self.slice(*at).trim())
    }

    /// True for a row of a table.
    pub fn is_row(&self) -> bool {
        matches!(self.kind, BlockKind::Row { .. })
    }

    /// True for running text: a paragraph, a list item.
    pub fn is_running(&self) -> bool {
        matches!(self.kind, BlockKind::Paragraph | BlockKind::Item(_))
    }

    /// True for a heading.
    pub fn is_heading(&self) -> bool {
        matches!(self.kind, BlockKind::Heading(_))
    }
}

/// The blocks of a text as they are read, one after the other. What they hold stands together, so that a block costs no memory of its own.
#[derive(Debug, Default)]
pub struct Sheet<'h> {
    text: String,
    /// Links of the blocks, and those of the block that is being read; each stretch counts from its block's beginning.
    pub links: Vec<Anchor<'h>>,
    /// The same, of bold words.
    pub bold: Vec<Stretch>,
    /// The same, of words in `code`.
    pub code: Vec<Stretch>,
    /// The same, of cells.
    pub cells: Vec<Stretch>,
    parts: Vec<Part>,
}

/// A block on its sheet.
#[derive(Debug)]
struct Part {
    kind: BlockKind,
    heading: Option<usize>,
    ends: Ends,
}

/// Where what a block holds ends, and that of the next begins.
#[derive(Debug, Clone, Copy, Default)]
struct Ends {
    text: usize,
    links: usize,
    bold: usize,
    code: usize,
    cells: usize,
}

/// About so many bytes of HTML make a block.
const BYTES_A_BLOCK: usize = 150;

impl<'h> Sheet<'h> {
    /// An empty sheet with room for what so many bytes of HTML hold.
    pub fn with_room(bytes: usize) -> Self {
        let text = String::with_capacity(bytes.min(MOST_TEXT));
        Self { text, parts: Vec::with_capacity(bytes / BYTES_A_BLOCK), ..Self::default() }
    }

    /// How many blocks there are.
    pub fn len(&self) -> usize {
        self.parts.len()
    }

    /// The blocks.
    pub fn blocks(&self) -> Vec<Block<'_>> {
        let mut from = Ends::default();
        let block = |part: &Part| {
            let (start, end) = (std::mem::replace(&mut from, part.ends), part.ends);
            Block {
                kind: part.kind,
                text: self.text.get(start.text..end.text).unwrap_or_default(),
                links: self.links.get(start.links..end.links).unwrap_or_default(),
                bold: self.bold.get(start.bold..end.bold).unwrap_or_default(),
                code: self.code.get(start.code..end.code).unwrap_or_default(),
                cells: self.cells.get(start.cells..end.cells).unwrap_or_default(),
                heading: part.heading,
            }
        };
        self.parts.iter().map(block).collect()
    }

    fn ends(&self) -> Ends {
        self.parts.last().map(|part| part.ends).unwrap_or_default()
    }

    /// The block that is being read has cells.
    pub fn has_cells(&self) -> bool {
        self.cells.len() > self.ends().cells
    }

    /// Ends the block that is being read.
    pub fn end(&mut self, kind: BlockKind, heading: Option<usize>, text: &str) {
        self.text.push_str(text);
        let ends = Ends {
            text: self.text.len(),
            links: self.links.len(),
            bold: self.bold.len(),
            code: self.code.len(),
            cells: self.cells.len(),
        };
        self.parts.push(Part { kind, heading, ends });
    }

    /// Forgets what the block that is being read holds.
    pub fn discard(&mut self) {
        let ends = self.ends();
        self.links.truncate(ends.links);
        self.bold.truncate(ends.bold);
        self.code.truncate(ends.code);
        self.cells.truncate(ends.cells);
    }

    /// A line of plain text.
    pub fn plain(&mut self, kind: BlockKind, text: &str) {
        let mut length = 0;
        let is_read = |word: &&str| {
            length += word.len();
            length < MOST_TEXT
        };
        let mut line = String::with_capacity(text.len().min(MOST_TEXT));
        for word in text.split_whitespace().take_while(is_read) {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        self.end(kind, None, &line);
    }

    /// Ends a paragraph of lines with `|` as rows: it is a table that the Markdown reader did not take for one.
    pub fn end_table(&mut self, table: usize, heading: Option<usize>, text: &str) {
        let is_rule = |line: &str| line.contains('-') && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '));
        let ends = self.ends();
        let mut links = self.links.split_off(ends.links).into_iter().peekable();
        let mut bold = self.bold.split_off(ends.bold).into_iter().peekable();
        let mut code = self.code.split_off(ends.code).into_iter().peekable();
        let mut start = 0;
        let mut lines = text.split('\n').peekable();
        while let Some(line) = lines.next() {
            let end = start + line.len();
            let own = |at: &Stretch| at.start < end;
            let moved = |at: Stretch| Stretch {
                start: at.start.saturating_sub(start),
                end: at.end.min(end).saturating_sub(start),
            };
            let own_links = std::iter::from_fn(|| links.next_if(|link| own(&link.at)));
            self.links.extend(own_links.map(|link| Anchor { at: moved(link.at), ..link }));
            self.bold.extend(std::iter::from_fn(|| bold.next_if(own)).map(moved));
            self.code.extend(std::iter::from_fn(|| code.next_if(own)).map(moved));
            let mut kind = BlockKind::Paragraph;
            if line.contains('|') {
                let head = lines.peek().is_some_and(|next| is_rule(next));
                kind = BlockKind::Row { table, head };
                self.cells.extend(cells(line));
            }
            start = end + 1;
            if !is_rule(line) && !line.trim().is_empty() {
                self.end(kind, heading, line);
            } else {
                self.discard();
            }
        }
    }
}

fn cells(line: &str) -> Vec<Stretch> {
    let mut cells = Vec::new();
    let mut start = 0;
    let last = line.trim_end_matches(['|', ' ']).len();
    for (at, _) in line.match_indices('|').filter(|(at, _)| *at < last).chain([(last, "")]) {
        // A line may begin with its first bar.
        if at > 0 && start < at {
            cells.push(Stretch { start, end: at });
        }
        start = at + 1;
    }
    cells
}
