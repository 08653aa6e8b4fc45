//! Lists and tables of Org.

use super::inline::Inline;
use super::org::{Reader, belongs};
use super::org_inline::Org;
use super::{after, between, indent, line};

/// An item: its blanks, whether it is numbered, and its text.
pub(super) fn item(line: &str) -> Option<(usize, bool, &str)> {
    let blanks = indent(line);
    let text = line.get(blanks..)?;
    let bullet = ["- ", "+ "].iter().find_map(|sign| text.strip_prefix(sign));
    let star = text.strip_prefix("* ").filter(|_| blanks > 0);
    if let Some(rest) = bullet.or(star) {
        return Some((blanks, false, rest.trim_start()));
    }
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = text.get(digits..)?.strip_prefix(['.', ')'])?.strip_prefix(' ')?;
    (1..=4).contains(&digits).then_some((blanks, true, rest.trim_start()))
}

/// Writes the list that the lines begin with; says how many lines it takes.
pub(super) fn list(reader: &mut Reader, lines: &[&str], depth: usize) -> usize {
    let Some((blanks, numbered, first)) = item(line(lines, 0)) else { return 1 };
    let tag = match (numbered, first.contains(" :: ")) {
        (true, _) => "ol",
        (false, true) => "dl",
        (false, false) => "ul",
    };
    reader.out.push_str(&format!("<{tag}>\n"));
    let mut at = 0;
    while let Some((_, _, text)) =
        item(line(lines, at)).filter(|(own, ordered, _)| *own == blanks && *ordered == numbered)
    {
        let more = after(lines, at + 1).iter().take_while(|line| belongs(line, blanks)).count();
        let inner = between(lines, at + 1, at + 1 + more);
        entry(reader, text, inner, tag, depth);
        at += 1 + more;
    }
    reader.out.push_str(&format!("</{tag}>\n"));
    at.max(1)
}

fn entry(reader: &mut Reader, text: &str, inner: &[&str], tag: &str, depth: usize) {
    let text = ["[ ] ", "[X] ", "[-] "].iter().find_map(|sign| text.strip_prefix(sign)).unwrap_or(text);
    let text = if text.starts_with("[@") { text.split_once("] ").map_or(text, |(_, text)| text) } else { text };
    // The lines that go on with the first one, up to a blank one or a list.
    let goes_on =
        |line: &&&str| !line.trim().is_empty() && item(line).is_none() && !line.trim_start().starts_with("#+");
    let lead = inner.iter().take_while(goes_on).count();
    let words = |text: &str| {
        let lines: Vec<&str> =
            std::iter::once(text).chain(between(inner, 0, lead).iter().map(|line| line.trim())).collect();
        Org.html(&lines.join("\n"), 0)
    };
    let close = match text.split_once(" :: ").filter(|_| tag == "dl") {
        Some((term, text)) => {
            reader.out.push_str(&format!("<dt>{}</dt><dd>{}", Org.html(term, 0), words(text)));
            "</dd>\n"
        }
        None if tag == "dl" => {
            reader.out.push_str(&format!("<dd>{}", words(text)));
            "</dd>\n"
        }
        None => {
            reader.out.push_str(&format!("<li>{}", words(text)));
            "</li>\n"
        }
    };
    let rest = after(inner, lead);
    if rest.iter().any(|line| !line.trim().is_empty()) {
        reader.out.push('\n');
        reader.blocks(rest, depth + 1);
    }
    reader.out.push_str(close);
}

/// Writes the table that the lines begin with; says how many lines it takes.
pub(super) fn table(out: &mut String, lines: &[&str]) -> usize {
    let rows: Vec<&str> = lines.iter().map(|line| line.trim()).take_while(|line| line.starts_with('|')).collect();
    let rule = rows.iter().position(|row| row.starts_with("|-"));
    let head = rule.filter(|at| *at > 0 && rows.len() > at + 1).unwrap_or_default();
    let cells = |row: &&str| -> Vec<String> {
        let inner = row.trim_start_matches('|').trim_end_matches('|');
        inner.split('|').map(|cell| Org.html(cell.trim(), 0)).collect()
    };
    let shown: Vec<Vec<String>> = rows.iter().filter(|row| !row.starts_with("|-")).map(cells).collect();
    super::table(out, &shown, head);
    rows.len().max(1)
}
