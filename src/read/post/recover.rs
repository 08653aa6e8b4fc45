//! What can still be read of broken front matter.
//!
//! In: a file whose front matter no parser takes. Out: its text, and each field that can be read alone. A field that cannot is left out;
//! one that may have said that the post is a draft makes it one, as nothing may be published by a slip.

use super::front_matter::{MAX_BYTES, Parts, closing, opening};
use super::value::{self, Broken, Field, Value};

/// Keys that may keep a post from being shown.
const VEILS: [&str; 6] = ["draft", "published", "private", "hidden", "unlisted", "status"];

/// More fields than this are no front matter.
const MOST: usize = 2000;

/// Takes a file apart as far as that goes.
pub(super) fn split(text: &str) -> Parts<'_> {
    let (language, inner, body, above) = match opening(text) {
        Some((fence, language, rest)) => {
            let (inner, body) = closing(rest, fence).unwrap_or_else(|| until_it_ends(rest));
            (language, inner, body, 1)
        }
        None => {
            let (inner, body) = object_of_lines(text);
            ("json", inner, body, 0)
        }
    };
    let inner = inner.get(..MAX_BYTES.min(inner.len())).unwrap_or_default();
    let mut fields = match language {
        "toml" => pieces(inner, begins_toml, above, toml),
        "yaml" => pieces(inner, begins_yaml, above, yaml),
        "json" => pieces(inner, |line| line.trim_start().starts_with('"'), above, json),
        _ => Vec::new(),
    };
    fields.retain(|field| field.value != Value::Null);
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
fn object_of_lines(text: &str) -> (&str, &str) {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        at += line.len();
        if line.trim_end() == "}" {
            return text.split_at(at);
        }
    }
    ("", text)
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
            Err(_) => fields.extend(veil(&piece, shift)),
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
fn veil(piece: &[&str], line: u32) -> Option<Field> {
    let names = |line: &&str| {
        let lower = line.trim_start().trim_start_matches(['"', '\'']).to_ascii_lowercase();
        VEILS.iter().any(|veil| lower.starts_with(veil))
    };
    let name = "draft".to_owned();
    piece.iter().any(names).then(|| Field { name, line: line + 1, value: Value::Bool(true) })
}

fn yaml(piece: &str, _: &mut String) -> Result<Vec<Field>, Broken> {
    value::from_yaml(piece).or_else(|broken| plain(piece).ok_or(broken))
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
            let before = std::time::Instant::now();
            split(&format!("{fence}\n{}---\n", unit.repeat(30_000)));
            split(&format!("+++\n[{}]\n{}\n", "a".repeat(100_000), "a = 1\n".repeat(20_000)));
            assert!(before.elapsed().as_secs() < 8, "{unit} took {:?}", before.elapsed());
        }
    }

    #[test]
    fn what_may_have_been_a_draft_is_one() {
        let (fields, _) = read("---\ntitle: A\ndraft: [true\n---\n");
        assert!(fields.contains(&field("draft", 3, Value::Bool(true))), "{fields:?}");
    }
}
