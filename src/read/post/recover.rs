//! What can still be read of broken front matter.
//!
//! In: a file whose front matter no parser takes. Out: its text, and each field that can be read alone. A field that cannot is left out;
//! one that may have said that the post is a draft makes it one, as nothing may be published by a slip. Where little is sure (nothing could be
//! read, no line closes the fields, nobody knows their language), any line that begins with such a word does.

use super::front_matter::{MAX_BYTES, Parts, closing, opening};
use super::value::{self, Broken, Field, Value};

/// Keys that may keep a post from being shown.
const VEILS: [&str; 8] = ["draft", "published", "private", "hidden", "unlisted", "status", "publishdate", "embargo"];

/// Front matter that nothing closes is looked for in so many lines.
const OPEN_LINES: usize = 200;

/// More fields than this are no front matter.
const MOST: usize = 2000;

/// Takes a file apart as far as that goes.
pub(super) fn split(text: &str) -> Parts<'_> {
    let (language, whole, above) = match opening(text) {
        Some((fence, language, rest)) => (language, closing(rest, fence).ok_or_else(|| until_it_ends(rest)), 1),
        None => ("json", object_of_lines(text).ok_or_else(|| until_a_blank_line(text)), 0),
    };
    let is_closed = whole.is_ok();
    let (Ok((whole, body)) | Err((whole, body))) = whole;
    let inner = whole.get(..MAX_BYTES.min(whole.len())).unwrap_or_default();
    let mut fields = match language {
        "toml" => pieces(inner, begins_toml, above, toml),
        "yaml" => pieces(inner, begins_yaml, above, yaml),
        "json" => pieces(inner, |line| line.trim_start().starts_with('"'), above, json),
        _ => Vec::new(),
    };
    fields.retain(|field| field.value != Value::Null);
    let is_sure = is_closed && !fields.is_empty() && fields.len() < MOST && inner.len() == whole.len();
    if !is_sure {
        let (text, above, most) = if is_closed { (whole, above, usize::MAX) } else { (text, 0, OPEN_LINES) };
        // What was read speaks for itself.
        let is_read = |line: u32| fields.iter().any(|field| field.line == line);
        let veiled = text.lines().take(most).zip(above + 1..).find(|(text, line)| is_veil(text) && !is_read(*line));
        if let Some((_, line)) = veiled {
            hide(&mut fields, line);
        }
    }
    Parts { fields: Some(fields), body }
}

/// Front matter without a closing line: as long as its lines look like fields.
fn until_it_ends(rest: &str) -> (&str, &str) {
    let is_field = |line: &str| {
        let indented = line.starts_with([' ', '\t', '-', '#', '[', ']', '}']) && !line.trim().is_empty();
        indented || begins_yaml(line) || begins_toml(line)
    };
    let length = rest.split_inclusive('\n').take_while(|line| is_field(line)).map(str::len).sum();
    rest.split_at(length)
}

/// JSON that begins a file: until a line that holds its last brace alone.
fn object_of_lines(text: &str) -> Option<(&str, &str)> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        at += line.len();
        if line.trim_end() == "}" {
            return Some(text.split_at(at));
        }
    }
    None
}

/// JSON whose last brace is missing, or has company: people write none with blank lines.
fn until_a_blank_line(text: &str) -> (&str, &str) {
    let length = text.split_inclusive('\n').take_while(|line| !line.trim().is_empty()).map(str::len).sum();
    text.split_at(length)
}

fn begins_yaml(line: &str) -> bool {
    let key = line.split_once(':').map_or("", |(key, _)| key);
    line.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '"' | '\'' | '_')) && is_key(key)
}

fn begins_toml(line: &str) -> bool {
    line.starts_with('[') || line.split_once('=').is_some_and(|(key, _)| is_key(key))
}

fn is_key(text: &str) -> bool {
    let text = text.trim();
    (1..=64).contains(&text.len()) && text.split_whitespace().count() <= 3
}

/// Reads each piece alone: from a line that begins a field to the next that does.
fn pieces(
    inner: &str,
    begins: impl Fn(&str) -> bool,
    above: u32,
    read: impl Fn(&str, &mut String) -> Result<Vec<Field>, Broken>,
) -> Vec<Field> {
    let (mut fields, mut table) = (Vec::new(), String::new());
    let lines: Vec<&str> = inner.lines().collect();
    let mut at = 0;
    while at < lines.len() && fields.len() < MOST {
        let more = lines.iter().skip(at + 1).take_while(|line| !begins(line)).count();
        let piece: Vec<&str> = lines.iter().skip(at).take(more + 1).copied().collect();
        let shift = above + u32::try_from(at).unwrap_or_default();
        match read(&piece.join("\n"), &mut table) {
            Ok(found) => found.into_iter().for_each(|field| join(&mut fields, below(field, shift))),
            Err(_) if piece.iter().any(|line| is_veil(line)) => hide(&mut fields, shift + 1),
            Err(_) => {}
        }
        at += more + 1;
    }
    fields
}

fn below(mut field: Field, lines: u32) -> Field {
    field.line += lines;
    if let Value::Map(inner) = field.value {
        field.value = Value::Map(inner.into_iter().map(|inner| below(inner, lines)).collect());
    }
    field
}

/// Adds a field; tables of one name are one table.
fn join(fields: &mut Vec<Field>, field: Field) {
    if let Value::Map(inner) = &field.value
        && let Some(known) = fields.iter_mut().rev().take(8).find(|known| known.name == field.name)
        && let Value::Map(members) = &mut known.value
    {
        members.extend(inner.iter().cloned());
    } else {
        fields.push(field);
    }
}

/// What could not be read and names a key that hides posts, hides this one.
fn hide(fields: &mut Vec<Field>, line: u32) {
    fields.retain(|field| !field.name.eq_ignore_ascii_case("draft"));
    fields.push(Field { name: "draft".to_owned(), line, value: Value::Bool(true) });
}

/// True where a line begins with a key that hides posts, or holds one behind a comma or bracket, and does not plainly say that it hides nothing.
fn is_veil(line: &str) -> bool {
    let mut parts = line.split([',', '{', '[']);
    parts.next().is_some_and(|first| hides(first, false)) || parts.any(|part| hides(part, true))
}

/// `draft: true`, or with `strictly` unset `draft true` as well; never `draft: false`.
fn hides(text: &str, strictly: bool) -> bool {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '-' | '*'));
    let end = text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'))).unwrap_or(text.len());
    let (key, rest) = text.split_at(end);
    let key = key.replace(['_', '-'], "").to_ascii_lowercase();
    let rest = rest.trim_start_matches(['"', '\'', ' ', '\t']);
    let value = rest.trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '=' | '"' | '\'' | '}' | ']'));
    let shows = match key.as_str() {
        "published" => value == "true",
        "status" => value == "published",
        _ => value == "false",
    };
    VEILS.contains(&key.as_str()) && !shows && (!strictly || rest.starts_with([':', '=']))
}

fn yaml(piece: &str, _: &mut String) -> Result<Vec<Field>, Broken> {
    let simple = |broken| plain(piece).filter(|_| !piece.lines().any(is_veil)).ok_or(broken);
    value::from_yaml(piece).or_else(simple)
}

/// `title: Meetup: March` is no YAML, but everybody sees what it says.
fn plain(piece: &str) -> Option<Vec<Field>> {
    let (name, text) = piece.trim_end().split_once(':')?;
    let text = text.trim();
    let simple = !text.contains('\n') && !text.starts_with(['[', '{', '"', '\'', '&', '*', '!', '|', '>', '%', '@']);
    simple.then(|| vec![Field { name: name.trim().to_owned(), line: 1, value: Value::Text(text.to_owned()) }])
}

fn toml(piece: &str, table: &mut String) -> Result<Vec<Field>, Broken> {
    if piece.starts_with('[') {
        // It is read again for each piece below it.
        *table = piece.lines().next().filter(|line| line.len() <= 200).unwrap_or_default().to_owned();
    }
    if piece.starts_with('[') || table.is_empty() {
        return value::from_toml(piece);
    }
    // The table's own line stands above, which counts as one.
    let mut fields = value::from_toml(&format!("{table}\n{piece}"))?;
    fields.iter_mut().for_each(|field| field.line = field.line.saturating_sub(1));
    Ok(fields)
}

fn json(piece: &str, _: &mut String) -> Result<Vec<Field>, Broken> {
    let piece = piece.trim_end().trim_end_matches('}').trim_end().trim_end_matches(',');
    value::from_json(&format!("{{{piece}}}")).map(|(fields, _)| fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::cost::assert_linear;

    fn read(text: &str) -> (Vec<(String, u32, String)>, String) {
        let parts = split(text);
        let shown = |field: Field| (field.name, field.line, format!("{:?}", field.value));
        (parts.fields.unwrap_or_default().into_iter().map(shown).collect(), parts.body.to_owned())
    }

    fn field(name: &str, line: u32, value: Value) -> (String, u32, String) {
        (name.to_owned(), line, format!("{value:?}"))
    }

    #[test]
    fn what_stands_around_the_broken_line_is_kept() {
        let text = |text: &str| Value::Text(text.to_owned());
        let (fields, body) = read("---\ntitle: Bat walk: in May\ntags: [a, b\nplace: Old mill\n---\nCome.");
        assert_eq!(fields, [field("title", 2, text("Bat walk: in May")), field("place", 4, text("Old mill"))]);
        assert_eq!(body, "Come.");
        let (fields, _) = read("+++\ntitle = \"Bat walk\"\ndate = oops\n+++\nCome.");
        assert_eq!(fields, [field("title", 2, text("Bat walk"))]);
        let (fields, body) = read("{\n  \"title\": \"Bat walk\",\n  \"b\": oops\n}\nCome.");
        assert_eq!((fields, body.as_str()), (vec![field("title", 2, text("Bat walk"))], "Come."));
        let (fields, body) = read("---\ntitle: Bat walk\nWe meet at the mill.\n\nCome: now.");
        assert_eq!(fields, [field("title", 2, text("Bat walk"))]);
        assert_eq!(body, "We meet at the mill.\n\nCome: now.");
    }

    #[test]
    fn broken_front_matter_is_read_in_linear_time() {
        for (fence, unit) in
            [("---", "a: [\n"), ("---", "a: b: c\n"), ("+++", "[a]\n"), ("+++", "a = \n"), ("---json", "\"a\": [\n")]
        {
            let text = |repeats| format!("{fence}\n{}---\n", unit.repeat(repeats));
            assert_linear(unit, 2_000, text, |text| drop(split(text)));
        }
        let long = |repeats| format!("+++\n[{}]\n{}\n", "a".repeat(repeats * 5), "a = 1\n".repeat(repeats));
        assert_linear("a long name", 2_000, long, |text| drop(split(text)));
    }

    #[test]
    fn what_may_have_been_a_draft_is_one() {
        let (fields, _) = read("---\ntitle: A\ndraft: [true\n---\n");
        assert!(fields.contains(&field("draft", 3, Value::Bool(true))), "{fields:?}");
        for (text, line) in [
            ("---cson\ntitle: 'A'\ndraft: true\n---\nCome.", 3),
            ("{\n\"title\": \"A\",\n\"draft\": true,\n\"b\": oops }\n\nCome.", 3),
            ("{\"title\": \"A\", \"draft\": true, \"b\": oops}\n\nCome.", 1),
            ("---\ntitle: A\n\ntags: [a]\ndraft: true\n\nCome.", 5),
            ("---\ntitle: A\ndraft: true, tags: [a]\n---\nCome.", 3),
            ("---\ntitle: A, draft: true, b: c\n---\nCome.", 2),
            ("---\ntitle: A\npublish_date: 2030-01-01: b\n---\nCome.", 3),
            ("---\ntitle: A\nembargo: [2030-01-01\n---\nCome.", 3),
        ] {
            let (fields, body) = read(text);
            assert!(fields.contains(&field("draft", line, Value::Bool(true))), "{text}: {fields:?}");
            assert!(!body.contains('{'), "{text}: {body}");
        }
    }

    #[test]
    fn what_says_that_it_is_no_draft_is_none() {
        for text in [
            "---\ntitle: A\n\ndraft: false\nCome.",
            "---cson\ndraft: false\npublished: true\n---\nCome.",
            "---\ntitle: A: b\nplace: Mill, hidden in the wood\n---\nDraft: beer.",
        ] {
            let (fields, _) = read(text);
            assert!(
                !fields.contains(&field("draft", 4, Value::Bool(true)))
                    && fields.iter().all(|(name, ..)| name != "draft"),
                "{text}: {fields:?}"
            );
        }
    }
}
