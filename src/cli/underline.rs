//! The paragraphs of a text that hold quoted words, wrapped, with those words underlined.

use super::screen::printable;

/// Width of a line, in characters, without its indent.
const WIDTH: usize = 92;

/// Every paragraph that holds one of the quotes. Underlined with escape sequences if `styled`, else with `^` on a line below.
pub(super) fn paragraphs(text: &str, quotes: &[String], styled: bool) -> Vec<String> {
    let quotes: Vec<Vec<char>> =
        quotes.iter().map(|quote| collapsed(quote)).filter(|quote| !quote.is_empty()).collect();
    let lines: Vec<Vec<char>> = text.lines().map(collapsed).collect();
    let blocks: Vec<Vec<char>> = text.split("\n\n").map(collapsed).collect();
    // Where a text is wrapped, a quote runs over line ends; only then are lines too short to look at.
    let within = |some: &[Vec<char>], quote| some.iter().any(|block| places(block, quote).next().is_some());
    let wrapped = quotes.iter().any(|quote| !within(&lines, quote) && within(&blocks, quote));
    let blocks = if wrapped { blocks } else { lines };
    blocks.iter().filter_map(|block| underlined(block, &quotes, styled)).collect()
}

fn collapsed(text: &str) -> Vec<char> {
    printable(&text.split_whitespace().collect::<Vec<_>>().join(" ")).chars().collect()
}

/// Where a quote stands in a block; found from left to right, without overlap.
fn places<'a>(block: &'a [char], quote: &'a [char]) -> impl Iterator<Item = usize> + 'a {
    let mut from = 0;
    std::iter::from_fn(move || {
        let at = block.get(from..)?.windows(quote.len()).position(|window| window == quote)?;
        let found = from + at;
        from = found + quote.len();
        Some(found)
    })
}

fn underlined(block: &[char], quotes: &[Vec<char>], styled: bool) -> Option<String> {
    let mut marked = vec![false; block.len()];
    for quote in quotes {
        for at in places(block, quote) {
            marked.iter_mut().skip(at).take(quote.len()).for_each(|mark| *mark = true);
        }
    }
    if !marked.contains(&true) {
        return None;
    }
    let mut out = Vec::new();
    for line in wrapped(block) {
        let (Some(chars), Some(marks)) = (block.get(line.clone()), marked.get(line)) else { continue };
        if styled {
            out.push(with_escapes(chars, marks));
        } else {
            out.push(chars.iter().collect());
            if marks.contains(&true) {
                let below: String = marks.iter().map(|&mark| if mark { '^' } else { ' ' }).collect();
                out.push(below.trim_end().to_owned());
            }
        }
    }
    Some(out.join("\n"))
}

fn with_escapes(chars: &[char], marks: &[bool]) -> String {
    let mut line = String::new();
    let mut on = false;
    for (c, &mark) in chars.iter().zip(marks) {
        if mark != on {
            line.push_str(if mark { "\u{1b}[4m" } else { "\u{1b}[24m" });
            on = mark;
        }
        line.push(*c);
    }
    if on {
        line.push_str("\u{1b}[24m");
    }
    line
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

    fn quotes(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
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
        assert_eq!(shown, ["on \u{1b}[4m5[2J May or\u{1b}[24m"]);
    }

    #[test]
    fn a_long_text_is_wrapped_at_words() {
        let text = "word ".repeat(200) + &"x".repeat(300) + " end";
        let shown = paragraphs(&text, &quotes(&["end"]), false).join("\n");
        let long = shown.lines().filter(|line| line.chars().count() > WIDTH).count();
        assert_eq!(long, 1, "{shown}");
    }
}
