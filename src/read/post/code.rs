//! Where the code stands in a text.
//!
//! In: Markdown. Out: ranges of code spans and code blocks, in order, not overlapping. MDX knows no indented code and parses text inside elements
//! as Markdown, so it has a finder of its own.

use pulldown_cmark::{Event, Options, Parser, Tag};
use std::collections::HashMap;
use std::ops::Range;

/// Code as CommonMark sees it.
pub(super) fn by_markdown(text: &str) -> Vec<Range<usize>> {
    // Code has ticks, a fence of tildes, or an indent: most texts need no parser to tell that there is none.
    let has = |sign: &str| memchr::memmem::find(text.as_bytes(), sign.as_bytes()).is_some();
    // A line that may be indented code, behind a quotation or list mark or not.
    let has_indent = || has("\t") || has("    ");
    if !has("`") && !has("~~~") && !has_indent() {
        return Vec::new();
    }
    if !may_hold_signs(text) {
        return Vec::new();
    }
    let parser = Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter();
    let code = parser.filter_map(|(event, range)| match event {
        Event::Code(_) | Event::Start(Tag::CodeBlock(_)) => Some(range),
        _ => None,
    });
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for range in code {
        if ranges.last().is_none_or(|last| last.end <= range.start) && !range.is_empty() {
            ranges.push(range);
        }
    }
    ranges
}

/// Some code may hold what begins a shortcode or a tag, as far as its lines tell; where code is that holds none need not be known. A code span
/// ends with its paragraph, which a blank line ends at the latest, and an indented line has its indent before all else.
fn may_hold_signs(text: &str) -> bool {
    // Where a box may begin depends on where code ends.
    if memchr::memmem::find(text.as_bytes(), b":::").is_some() {
        return true;
    }
    let (mut ticks, mut signs, mut fenced) = (false, false, false);
    for line in text.lines() {
        if line.bytes().all(|byte| matches!(byte, b' ' | b'\t')) {
            (ticks, signs) = (false, false);
            continue;
        }
        let tick = memchr::memchr(b'`', line.as_bytes());
        ticks |= tick.is_some();
        fenced |= tick.is_some() && line.contains("```") || line.contains("~~~");
        if let Some((before, _)) = line.split_once(['{', '<']) {
            signs = true;
            if fenced || before.contains('\t') || before.contains("    ") {
                return true;
            }
        }
        if signs && ticks {
            return true;
        }
    }
    false
}

/// Code as MDX sees it: fences and spans.
pub(super) fn by_lines(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut paragraph: Vec<(usize, usize)> = Vec::new();
    let mut fence: Option<(usize, char, usize)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_start_matches([' ', '\t', '>']);
        if let Some((start, mark, length)) = fence {
            let run = bare.chars().take_while(|c| *c == mark).count();
            if run >= length && bare.trim_end().chars().all(|c| c == mark) {
                ranges.push(start..at + line.len());
                fence = None;
            }
        } else if let Some((skip, mark, length)) = opening_fence(line) {
            spans(&mut paragraph, &mut ranges);
            fence = Some((at + skip, mark, length));
        } else if bare.trim().is_empty() {
            spans(&mut paragraph, &mut ranges);
        } else {
            runs(line, at, &mut paragraph);
        }
        at += line.len();
    }
    spans(&mut paragraph, &mut ranges);
    if let Some((start, _, _)) = fence {
        ranges.push(start..text.len());
    }
    ranges
}

/// Where in the line a fence begins, behind quote and list marks; its character and length.
fn opening_fence(line: &str) -> Option<(usize, char, usize)> {
    let mut bare = line.trim_start_matches([' ', '\t', '>']);
    if let Some(rest) = bare.strip_prefix(['-', '*', '+']).filter(|rest| rest.starts_with(' ')) {
        bare = rest.trim_start();
    } else if let Some(rest) = bare.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix(['.', ')'])
        && rest.starts_with(' ')
    {
        bare = rest.trim_start();
    }
    let mark = bare.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = bare.chars().take_while(|c| *c == mark).count();
    let info = bare.get(length..)?;
    (length >= 3 && !(mark == '`' && info.contains('`'))).then(|| (line.len() - bare.len(), mark, length))
}

/// Notes the runs of backticks of a line.
fn runs(line: &str, at: usize, out: &mut Vec<(usize, usize)>) {
    let mut start = None;
    for (i, byte) in line.bytes().chain(std::iter::once(0)).enumerate() {
        match (byte == b'`', start) {
            (true, None) => start = Some(i),
            (false, Some(begin)) => {
                out.push((at + begin, i - begin));
                start = None;
            }
            _ => {}
        }
    }
}

/// Pairs runs of one length, first come first served (CommonMark §6.1).
fn spans(runs: &mut Vec<(usize, usize)>, ranges: &mut Vec<Range<usize>>) {
    let mut next_of_length: HashMap<usize, usize> = HashMap::new();
    let mut partner = vec![None; runs.len()];
    for (i, (_, length)) in runs.iter().enumerate().rev() {
        if let Some(slot) = partner.get_mut(i) {
            *slot = next_of_length.insert(*length, i);
        }
    }
    let mut i = 0;
    while let Some(&(start, _)) = runs.get(i) {
        match partner.get(i).copied().flatten().and_then(|j| Some((j, runs.get(j)?))) {
            Some((j, (at, length))) => {
                ranges.push(start..at + length);
                i = j + 1;
            }
            None => i += 1,
        }
    }
    runs.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_code_that_may_hold_a_sign_is_looked_for() {
        for (text, expected) in [
            ("a <b>\n\nand `code`", false),
            ("a <b>\nand `code`", true),
            ("`code\nand <b>`", true),
            ("> `code`\n>\n> <b>", true),
            ("a <b>\n\n    indented", false),
            ("a\n\n    indented <b>", true),
            ("- a\n\n\tindented {{ b }}", true),
            ("a <b>\n\n```\nfenced\n```", false),
            ("```\nfenced\n```\n\na <b>", true),
            ("~~~\n\n<b>\n~~~", true),
            ("`code`\n\n::: note", true),
        ] {
            assert_eq!(may_hold_signs(text), expected, "{text:?}");
            let in_code = |range: &Range<usize>| text[range.clone()].contains(['{', '<']);
            assert!(
                expected
                    || !Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter().any(|(event, range)| {
                        matches!(event, Event::Code(_) | Event::Start(Tag::CodeBlock(_))) && in_code(&range)
                    })
            );
        }
    }
}
