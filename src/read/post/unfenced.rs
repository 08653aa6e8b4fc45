//! Fields above a post's text without fences: Pelican's and MultiMarkdown's lines, Nikola's comment.
//!
//! In: Markdown without front matter. Out: its fields and the text below, if it begins with any. Lines count only where one of them is a title and nothing
//! but fields stands before the first blank line, so that prose with a colon stays prose.

use super::value::{Field, Value};

/// Fields and the text below them.
pub(super) fn split(text: &str) -> Option<(Vec<Field>, &str)> {
    let start = text.trim_start();
    match start.strip_prefix("<!--") {
        Some(comment) => in_comment(text, comment),
        None => lines_above(text),
    }
}

/// `<!--`, lines `.. title: Bat walk`, `-->`.
fn in_comment<'t>(text: &'t str, comment: &'t str) -> Option<(Vec<Field>, &'t str)> {
    let (inner, body) = comment.split_once("-->")?;
    let above = text.len() - comment.len();
    let first = text.get(..above)?.matches('\n').count();
    let named = |line: &'t str| line.trim().strip_prefix(".. ").and_then(|line| line.split_once(':'));
    let fields: Vec<Field> = inner
        .lines()
        .enumerate()
        .filter_map(|(at, line)| named(line).map(|(name, value)| field(name, value, first + at)))
        .collect();
    has_title(&fields).then_some((fields, body))
}

/// `Title: Bat walk`, until the first blank line; a line that begins with blanks goes on with the one above.
fn lines_above(text: &str) -> Option<(Vec<Field>, &str)> {
    let mut fields: Vec<Field> = Vec::new();
    let mut length = 0;
    for (at, line) in text.split_inclusive('\n').enumerate() {
        length += line.len();
        if line.trim().is_empty() {
            break;
        }
        match line.split_once(':').filter(|(name, _)| is_name(name)) {
            Some((name, value)) if at < 100 => fields.push(field(name, value, at)),
            _ if line.starts_with("    ") => match &mut fields.last_mut()?.value {
                Value::Text(value) if at < 100 => value.push_str(&format!(" {}", line.trim())),
                _ => return None,
            },
            _ => return None,
        }
    }
    has_title(&fields).then(|| (fields, text.get(length..).unwrap_or_default()))
}

fn is_name(name: &str) -> bool {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    plain && name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.len() <= 40
}

fn has_title(fields: &[Field]) -> bool {
    fields.iter().any(|field| field.name.eq_ignore_ascii_case("title"))
}

fn field(name: &str, value: &str, at: usize) -> Field {
    let line = u32::try_from(at + 1).unwrap_or(u32::MAX);
    let value = value.trim();
    let quoted = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    Field { name: name.trim().to_owned(), line, value: Value::Text(quoted.unwrap_or(value).to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Option<(Vec<(String, u32)>, &str)> {
        split(text).map(|(fields, body)| (fields.into_iter().map(|field| (field.name, field.line)).collect(), body))
    }

    #[test]
    fn fields_without_fences_are_told_from_prose() {
        let of = |list: &[(&str, u32)]| list.iter().map(|(name, line)| ((*name).to_owned(), *line)).collect::<Vec<_>>();
        assert_eq!(names("Title: A\nDate: 2026-03-01\n\nCome."), Some((of(&[("Title", 1), ("Date", 2)]), "Come.")));
        assert_eq!(
            names("<!--\n.. title: A\n.. date: 2026-03-01\n-->\nCome."),
            Some((of(&[("title", 2), ("date", 3)]), "\nCome."))
        );
        for prose in [
            "Note: come early.\n\nText",
            "Title: A\nand prose\n\nText",
            "# Title: A\n",
            "<!-- title: A -->\nText",
            "https://a.example\n",
        ] {
            assert_eq!(names(prose), None, "{prose}");
        }
    }
}
