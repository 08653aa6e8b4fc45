//! The blocks of a text: headings, paragraphs, list items and table rows as plain text, with where links, bold words and code stand in it.

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
pub struct Anchor {
    /// Its words.
    pub at: Stretch,
    /// Its address as written.
    pub href: String,
}

/// One block of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Plain text; white space is collapsed, a forced line break is `\n`, cells are parted by ` | `.
    pub text: String,
    /// Its links.
    pub links: Vec<Anchor>,
    /// Its bold words.
    pub bold: Vec<Stretch>,
    /// Its words in `code`.
    pub code: Vec<Stretch>,
    /// The cells of a row.
    pub cells: Vec<Stretch>,
    /// The nearest heading above (index of its block).
    pub heading: Option<usize>,
}

impl Block {
    /// An empty block.
    pub fn new(kind: BlockKind) -> Self {
        let (links, bold, code, cells) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { kind, text: String::new(), links, bold, code, cells, heading: None }
    }

    /// A line of plain text.
    pub fn plain(kind: BlockKind, text: &str) -> Self {
        let mut block = Self::new(kind);
        for word in text.split_whitespace().take_while({
            let mut length = 0;
            move |word| {
                length += word.len();
                length < MOST_TEXT
            }
        }) {
            if !block.text.is_empty() {
                block.text.push(' ');
            }
            block.text.push_str(word);
        }
        block
    }

    /// The text of a stretch.
    pub fn slice(&self, at: Stretch) -> &str {
        self.text.get(at.start..at.end).unwrap_or_default()
    }

    /// The text of cell `n`.
    pub fn cell(&self, n: usize) -> Option<&str> {
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

/// A paragraph of lines with `|` is a table that the Markdown reader did not take for one.
pub fn split_table(block: Block, table: usize, blocks: &mut Vec<Block>) {
    let is_rule = |line: &str| line.contains('-') && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '));
    let mut start = 0;
    let mut links = block.links.into_iter().peekable();
    let mut bold = block.bold.into_iter().peekable();
    let mut code = block.code.into_iter().peekable();
    let mut lines = block.text.split('\n').peekable();
    while let Some(line) = lines.next() {
        let end = start + line.len();
        let own = |at: &Stretch| at.start < end;
        let moved =
            |at: Stretch| Stretch { start: at.start.saturating_sub(start), end: at.end.min(end).saturating_sub(start) };
        let mut row = Block::new(BlockKind::Paragraph);
        row.heading = block.heading;
        row.links = std::iter::from_fn(|| links.next_if(|link| own(&link.at)))
            .map(|link| Anchor { at: moved(link.at), ..link })
            .collect();
        row.bold = std::iter::from_fn(|| bold.next_if(own)).map(moved).collect();
        row.code = std::iter::from_fn(|| code.next_if(own)).map(moved).collect();
        if line.contains('|') {
            let head = lines.peek().is_some_and(|next| is_rule(next));
            row.kind = BlockKind::Row { table, head };
            row.cells = cells(line);
        }
        line.clone_into(&mut row.text);
        start = end + 1;
        if !is_rule(line) && !line.trim().is_empty() {
            blocks.push(row);
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
