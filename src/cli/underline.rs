//! A text with the quoted words in it marked: as pieces for a page, or wrapped for a terminal with those words underlined.

use super::screen::printable;
use super::shown::{Kind, Quote};

/// Width of a line, in characters, without its indent.
const WIDTH: usize = 92;

/// A paragraph, and for each character the quote it belongs to.
struct Block {
    chars: Vec<char>,
    marks: Vec<Option<usize>>,
}

/// Some words of a paragraph.
#[derive(Debug, PartialEq)]
pub(super) struct Piece {
    pub words: String,
    /// The quote they belong to, by its place in the list.
    pub quote: Option<usize>,
}

/// Every paragraph that is not empty, in pieces.
pub(super) fn pieces(text: &str, quotes: &[Quote]) -> Vec<Vec<Piece>> {
    let blocks = blocks(text, quotes);
    blocks.iter().filter(|block| !block.chars.is_empty()).map(|block| runs(&block.chars, &block.marks)).collect()
}

/// Every paragraph that holds one of the quotes. Underlined and coloured with escape sequences if `styled`, else with `^` on a line below.
pub(super) fn paragraphs(text: &str, quotes: &[Quote], styled: bool) -> Vec<String> {
    let blocks = blocks(text, quotes);
    let marked = blocks.iter().filter(|block| block.marks.iter().any(Option::is_some));
    marked.map(|block| underlined(block, quotes, styled)).collect()
}

/// The sequence that colours what is of a kind; `\u{1b}[39m` ends it.
pub(super) fn colour(kind: Kind) -> &'static str {
    match kind {
        Kind::When => "\u{1b}[36m",
        Kind::Where => "\u{1b}[32m",
        Kind::Other => "\u{1b}[33m",
    }
}

fn blocks(text: &str, quotes: &[Quote]) -> Vec<Block> {
    let quotes: Vec<Vec<char>> = quotes.iter().map(|quote| collapsed(&quote.words)).collect();
    let lines: Vec<Vec<char>> = text.lines().map(collapsed).collect();
    let blocks: Vec<Vec<char>> = text.split("\n\n").map(collapsed).collect();
    // Where a text is wrapped, a quote runs over line ends; only then are lines too short to look at.
    let within = |some: &[Vec<char>], quote| some.iter().any(|block| places(block, quote).next().is_some());
    let wrapped = quotes.iter().any(|quote| !within(&lines, quote) && within(&blocks, quote));
    let blocks = if wrapped { blocks } else { lines };
    blocks.into_iter().map(|chars| Block { marks: marks(&chars, &quotes), chars }).collect()
}

fn collapsed(text: &str) -> Vec<char> {
    printable(&text.split_whitespace().collect::<Vec<_>>().join(" ")).chars().collect()
}

/// Where a quote stands in a block; found from left to right, without overlap.
fn places<'a>(block: &'a [char], quote: &'a [char]) -> impl Iterator<Item = usize> + 'a {
    let mut from = 0;
    std::iter::from_fn(move || {
        let at = block.get(from..)?.windows(quote.len().max(1)).position(|window| window == quote)?;
        let found = from + at;
        from = found + quote.len();
        Some(found)
    })
}

/// The quote of each character; the first quote that has it keeps it.
fn marks(block: &[char], quotes: &[Vec<char>]) -> Vec<Option<usize>> {
    let mut marks = vec![None; block.len()];
    for (number, quote) in quotes.iter().enumerate() {
        for at in places(block, quote) {
            marks.iter_mut().skip(at).take(quote.len()).for_each(|mark: &mut Option<usize>| {
                mark.get_or_insert(number);
            });
        }
    }
    marks
}

fn runs(chars: &[char], marks: &[Option<usize>]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (c, &quote) in chars.iter().zip(marks) {
        match pieces.last_mut().filter(|piece| piece.quote == quote) {
            Some(piece) => piece.words.push(*c),
            None => pieces.push(Piece { words: c.to_string(), quote }),
        }
    }
    pieces
}

fn underlined(block: &Block, quotes: &[Quote], styled: bool) -> String {
    let mut out = Vec::new();
    for line in wrapped(&block.chars) {
        let (Some(chars), Some(marks)) = (block.chars.get(line.clone()), block.marks.get(line)) else { continue };
        if styled {
            out.push(with_escapes(chars, marks, quotes));
        } else {
            out.push(chars.iter().collect());
            if marks.iter().any(Option::is_some) {
                let below: String = marks.iter().map(|mark| if mark.is_some() { '^' } else { ' ' }).collect();
                out.push(below.trim_end().to_owned());
            }
        }
    }
    out.join("\n")
}

fn with_escapes(chars: &[char], marks: &[Option<usize>], quotes: &[Quote]) -> String {
    let piece = |piece: Piece| match piece.quote.and_then(|at| quotes.get(at)) {
        Some(quote) => format!("\u{1b}[4m{}{}\u{1b}[39m\u{1b}[24m", colour(quote.kind), piece.words),
        None => piece.words,
    };
    runs(chars, marks).into_iter().map(piece).collect()
}

/// The lines of a block, broken at spaces; a word longer than a line stands alone.
fn wrapped(block: &[char]) -> Vec<std::ops::Range<usize>> {
    let mut lines = Vec::new();
    let mut start = 0;
    while start < block.len() {
        let rest = block.len() - start;
        let mut end = block.len();
        if rest > WIDTH {
            let within = (start..=start + WIDTH).rev().find(|&at| at > start && block.get(at) == Some(&' '));
            let beyond = || (start + WIDTH..block.len()).find(|&at| block.get(at) == Some(&' '));
            end = within.or_else(beyond).unwrap_or(block.len());
        }
        lines.push(start..end);
        start = end + 1;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "We met in May.\n\nThe camp takes place from the 12th to the 14th of February 2027 in Gull Point, an hour's walk along the cliffs.\n";

    fn quotes(words: &[&str]) -> Vec<Quote> {
        let quote = |words: &&str| Quote { words: (*words).to_owned(), kind: Kind::When, told: String::new() };
        words.iter().map(quote).collect()
    }

    #[test]
    fn only_paragraphs_with_quoted_words_are_shown_and_the_words_marked() {
        let shown = paragraphs(TEXT, &quotes(&["from the 12th to the 14th of February 2027", "in  Gull Point"]), false);
        insta::assert_snapshot!(shown.join("\n\n"), @r"
The camp takes place from the 12th to the 14th of February 2027 in Gull Point, an hour's
                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ^^^^^^^^^^^^^
walk along the cliffs.
");
        assert!(paragraphs(TEXT, &quotes(&["June", ""]), false).is_empty());
    }

    #[test]
    fn a_terminal_shows_the_words_themselves_underlined() {
        let shown = paragraphs("on 5\u{1b}[2J May\nor", &quotes(&["5[2J May or"]), true);
        assert_eq!(shown, ["on \u{1b}[4m\u{1b}[36m5[2J May or\u{1b}[39m\u{1b}[24m"]);
    }

    #[test]
    fn a_page_gets_every_paragraph_in_pieces() {
        let text = "Bring gloves.\n\nOn 5 May in Turku, on 5 May.";
        let shown = pieces(text, &quotes(&["5 May", "May in Turku"]));
        let piece = |words: &str, quote| Piece { words: words.into(), quote };
        assert_eq!(shown[0], [piece("Bring gloves.", None)]);
        let after = [piece(" in Turku", Some(1)), piece(", on ", None), piece("5 May", Some(0)), piece(".", None)];
        assert_eq!(shown[1][..2], [piece("On ", None), piece("5 May", Some(0))]);
        assert_eq!(shown[1][2..], after);
    }

    #[test]
    fn a_long_text_is_wrapped_at_words() {
        let text = "word ".repeat(200) + &"x".repeat(300) + " end";
        let shown = paragraphs(&text, &quotes(&["end"]), false).join("\n");
        let long = shown.lines().filter(|line| line.chars().count() > WIDTH).count();
        assert_eq!(long, 1, "{shown}");
    }
}
