//! Lists and tables of AsciiDoc.

use super::asciidoc::Reader;
use super::{after, line};

/// What begins an item.
#[derive(Debug, PartialEq)]
pub(super) struct Item<'t> {
    /// The sign that tells its level.
    sign: String,
    tag: &'static str,
    term: &'t str,
    text: &'t str,
}

/// The item that a line begins.
pub(super) fn item(line: &str) -> Option<Item<'_>> {
    let text = line.trim_start();
    let (sign, rest) = text.split_once(' ').unwrap_or((text, ""));
    let of = |tag, sign: &str| Some(Item { sign: sign.to_owned(), tag, term: "", text: rest.trim_start() });
    let all = |sign: &str, of: char| (1..=5).contains(&sign.len()) && sign.chars().all(|c| c == of);
    if rest.is_empty() {
        return labelled(text);
    }
    if all(sign, '*') || sign == "-" {
        return of("ul", sign);
    }
    if all(sign, '.') {
        return of("ol", sign);
    }
    let number = sign.strip_suffix('.').or_else(|| sign.strip_suffix(')')).unwrap_or_default();
    if (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit()) {
        return of("ol", "1.");
    }
    if sign.starts_with('<')
        && sign.ends_with('>')
        && sign.bytes().skip(1).all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'>'))
    {
        return of("ol", "<1>");
    }
    labelled(text)
}

/// `term:: text`.
fn labelled(text: &str) -> Option<Item<'_>> {
    for sign in ["::::", ":::", "::", ";;"] {
        let Some((term, rest)) = text.split_once(sign) else { continue };
        let fits = !term.is_empty()
            && term.len() <= 200
            && (rest.is_empty() || rest.starts_with(' '))
            && !term.contains("://");
        return fits.then(|| Item { sign: sign.to_owned(), tag: "dl", term, text: rest.trim() });
    }
    None
}

/// Writes the list that the lines begin with; says how many lines it takes.
pub(super) fn list(reader: &mut Reader, lines: &[&str], depth: usize) -> usize {
    let mut open: Vec<(String, &'static str)> = Vec::new();
    let mut at = 0;
    while let Some(found) = item(line(lines, at)) {
        let level = open.iter().position(|(sign, _)| *sign == found.sign);
        match level {
            Some(level) => {
                while open.len() > level + 1 {
                    close(reader, &mut open);
                }
                reader.out.push_str(if found.tag == "dl" { "</dd>\n" } else { "</li>\n" });
            }
            None if open.len() < super::DEPTH => {
                reader.out.push_str(&format!("\n<{}>\n", found.tag));
                open.push((found.sign.clone(), found.tag));
            }
            None => break,
        }
        at += 1;
        let more = goes_on(after(lines, at));
        let text: Vec<&str> =
            std::iter::once(found.text).chain(after(lines, at).iter().take(more).map(|line| line.trim())).collect();
        at += more;
        let text = reader.html(
            ["[ ] ", "[x] ", "[*] "]
                .iter()
                .fold(text.join("\n").trim(), |text, sign| text.strip_prefix(sign).unwrap_or(text)),
        );
        if found.tag == "dl" {
            let term = reader.html(found.term);
            reader.out.push_str(&format!("<dt>{term}</dt><dd>{text}"));
        } else {
            reader.out.push_str(&format!("<li>{text}"));
        }
        at += attached(reader, after(lines, at), depth);
        at +=
            blank_before_item(after(lines, at), found.tag == "dl" && found.text.is_empty() && more == 0, reader, depth);
    }
    while !open.is_empty() {
        close(reader, &mut open);
    }
    at.max(1)
}

fn close(reader: &mut Reader, open: &mut Vec<(String, &'static str)>) {
    if let Some((_, tag)) = open.pop() {
        reader.out.push_str(&format!("{}</{tag}>\n", if tag == "dl" { "</dd>\n" } else { "</li>\n" }));
    }
}

/// How many of the lines are still the text of an item.
fn goes_on(lines: &[&str]) -> usize {
    let ends = |text: &str| {
        text.is_empty()
            || text == "+"
            || text == "--"
            || text.starts_with("//")
            || text.starts_with('[')
            || text.starts_with("----")
            || text.starts_with("====")
            || text.starts_with("|===")
            || item(text).is_some()
    };
    lines.iter().take_while(|line| !ends(line)).count()
}

/// Blocks joined to an item with a line `+`.
fn attached(reader: &mut Reader, lines: &[&str], depth: usize) -> usize {
    let mut at = 0;
    while line(lines, at) == "+" {
        at += 1;
        let mut style = "";
        while let Some(found) = line(lines, at).strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            style = found;
            at += 1;
        }
        reader.out.push('\n');
        if at < lines.len() {
            at += reader.block(after(lines, at), style, depth + 1).max(1);
        }
    }
    at
}

/// Blank lines between items belong to the list; below a bare term they may stand before its text.
fn blank_before_item(lines: &[&str], wants_text: bool, reader: &mut Reader, depth: usize) -> usize {
    let blank = lines
        .iter()
        .take_while(|line| line.is_empty() || (line.starts_with("//") && !line.starts_with("////")))
        .count();
    let next = line(lines, blank);
    if item(next).is_some() && blank < lines.len() {
        return blank;
    }
    if wants_text && blank > 0 && !next.is_empty() && !next.starts_with(['=', '[', '.']) {
        let taken = reader.block(after(lines, blank), "", depth + 1).max(1);
        let rest = after(lines, blank + taken);
        return blank + taken + blank_before_item(rest, false, reader, depth);
    }
    0
}

/// Writes a table of lines.
pub(super) fn table(reader: &mut Reader, lines: &[&str], fence: &str, style: &str) {
    let first = lines.iter().position(|line| !line.is_empty()).unwrap_or_default();
    let separator = match fence {
        ",===" => ',',
        ":===" => ':',
        "!===" => '!',
        _ if style.contains("format=csv") || style.contains("format=\"csv\"") => ',',
        _ => '|',
    };
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut width = columns(style);
    for text in after(lines, first).iter().filter(|line| !line.is_empty() && !line.starts_with("//")) {
        let cells: Vec<&str> =
            if separator == '|' || separator == '!' { split(text, separator) } else { text.split(separator).collect() };
        let begins = separator == ','
            || separator == ':'
            || text.starts_with(separator)
            || is_spec(text.split(separator).next().unwrap_or_default());
        let mut cells = cells.into_iter();
        if !begins && let (Some(more), Some(last)) = (cells.next(), rows.last_mut().and_then(|row| row.last_mut())) {
            last.push_str(&format!(" {}", reader.html(more.trim())));
        }
        let cells: Vec<String> = cells.map(|cell| reader.html(cell.trim().trim_matches('"'))).collect();
        let wide = *width.get_or_insert(cells.len().max(1));
        for cell in cells {
            match rows.last_mut().filter(|row| row.len() < wide) {
                Some(row) => row.push(cell),
                None => rows.push(vec![cell]),
            }
        }
    }
    let blank_below = line(lines, first + 1).is_empty() && lines.len() > first + 2;
    let head = style.contains("header")
        || style.contains("%header")
        || (first == 0 && blank_below && !style.contains("noheader"));
    super::table(&mut reader.out, &rows, usize::from(head));
}

/// The cells of a line, without the specs before their bars (`2+|`, `a|`).
fn split(text: &str, separator: char) -> Vec<&str> {
    let mut cells: Vec<&str> = text.split(separator).collect();
    if text.starts_with(separator) || cells.first().is_some_and(|first| is_spec(first)) {
        cells.remove(0);
    }
    let last = cells.len().saturating_sub(1);
    for (at, cell) in cells.iter_mut().enumerate() {
        if at < last
            && let Some((before, _)) = cell.rsplit_once(' ').filter(|(_, spec)| is_spec(spec))
        {
            *cell = before;
        }
    }
    cells
}

fn is_spec(text: &str) -> bool {
    let text = text.trim();
    (1..=6).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_digit() || b".+*<^>aehlmsd".contains(&byte))
        && (text.len() == 1 || text.contains(['+', '*', '.', '<', '^', '>']))
}

/// How many columns the style asks for: `cols="1,2"`, `cols=3*`.
fn columns(style: &str) -> Option<usize> {
    let rest = style.split_once("cols=")?.1;
    let spec = rest
        .strip_prefix('"')
        .map_or_else(|| rest.split(',').next().unwrap_or_default(), |rest| rest.split('"').next().unwrap_or_default());
    let count: usize = spec
        .split([',', ';'])
        .map(|column| column.trim().split_once('*').and_then(|(count, _)| count.parse().ok()).unwrap_or(1))
        .sum();
    (1..=50).contains(&count).then_some(count)
}
