//! Front matter: the fields above a post's text.
//!
//! In: a decoded file. Out: its fields, the text below them, and the line on which that begins; or what is wrong, with its line in the file.
//! `---` fences YAML, `+++` TOML, `{` begins JSON (Hugo); `---toml` and `---json` name another language. Only at the very beginning of the file.

use super::value::{self, Broken, Field};

/// Front matter longer than this is a mistake: long ones of real sites have 20 KiB.
pub(super) const MAX_BYTES: usize = 256 * 1024;

/// A post taken apart.
#[derive(Debug, Default)]
pub(super) struct Parts<'a> {
    /// The fields, with lines of the file; `None` where there is no front matter.
    pub fields: Option<Vec<Field>>,
    /// The text below.
    pub body: &'a str,
}

/// True where the text begins like front matter.
pub(in crate::read) fn is_ahead(text: &str) -> bool {
    matches!(opening(text), Some((_, language, _)) if !language.is_empty())
}

/// Takes a file apart.
pub(super) fn split(text: &str) -> Result<Parts<'_>, Broken> {
    if text.starts_with('{') {
        return split_json(text);
    }
    let Some((fence, language, rest)) = opening(text) else {
        return Ok(Parts { fields: None, body: text });
    };
    let Some((inner, body)) = closing(rest, fence) else {
        return Err(Broken {
            line: 1,
            message: format!("expected a line `{fence}` that closes the front matter, found none"),
        });
    };
    if inner.len() > MAX_BYTES {
        return Err(Broken { line: 1, message: format!("expected front matter of at most {} KiB", MAX_BYTES / 1024) });
    }
    // Every parser here takes `\n`; a lone `\r` left over would become part of values.
    let inner = inner.replace("\r\n", "\n");
    let fields = match language {
        "toml" => value::from_toml(&inner),
        "yaml" => value::from_yaml(&inner),
        "json" => value::from_json(&inner).map(|(fields, _)| fields),
        other => {
            return Err(Broken {
                line: 1,
                message: format!("expected yaml, toml or json after `---`, found `{other}`"),
            });
        }
    };
    match fields {
        Ok(mut fields) => {
            shift(&mut fields, 1);
            Ok(Parts { fields: Some(fields), body })
        }
        Err(broken) => Err(explained(language, Broken { line: broken.line + 1, ..broken })),
    }
}

/// What is wrong with front matter that was read, where generators keep to an older standard than we do.
pub(super) fn forgiven(text: &str) -> Option<Broken> {
    let (fence, _, rest) = opening(text).filter(|(_, language, _)| *language == "toml")?;
    let (inner, _) = closing(rest, fence)?;
    let broken = value::newer_toml(&inner.replace("\r\n", "\n"))?;
    Some(explained("toml 1.0", Broken { line: broken.line + 1, ..broken }))
}

fn explained(language: &str, broken: Broken) -> Broken {
    let message =
        format!("expected front matter in {}, found an error: {}", language.to_ascii_uppercase(), broken.message);
    Broken { message, ..broken }
}

fn split_json(text: &str) -> Result<Parts<'_>, Broken> {
    // A post may also begin with a brace that is no front matter, such as a shortcode or a JSX expression.
    let like_json = text.get(1..).is_some_and(|rest| rest.trim_start().starts_with(['"', '}']));
    if !like_json {
        return Ok(Parts { fields: None, body: text });
    }
    let (fields, end) = value::from_json(text).map_err(|broken| explained("json", broken))?;
    Ok(Parts { fields: Some(fields), body: text.get(end..).unwrap_or_default() })
}

/// The fence, the language, and the text after the opening line.
pub(super) fn opening(text: &str) -> Option<(&'static str, &str, &str)> {
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    let line = line.trim_end();
    if line == "+++" {
        return Some(("+++", "toml", rest));
    }
    let language = line.strip_prefix("---")?.trim_start();
    match language {
        "" | "yml" => Some(("---", "yaml", rest)),
        word if word.bytes().all(|b| b.is_ascii_lowercase()) && word.len() <= 12 => Some(("---", word, rest)),
        word if word.starts_with('#') => Some(("---", "yaml", rest)),
        _ => None,
    }
}

/// The text before and after the closing line.
pub(super) fn closing<'a>(rest: &'a str, fence: &str) -> Option<(&'a str, &'a str)> {
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        let bare = line.trim_end();
        if bare == fence || (fence == "---" && bare == "...") {
            return Some((rest.get(..at)?, rest.get(at + line.len()..)?));
        }
        at += line.len();
    }
    None
}

fn shift(fields: &mut [Field], by: u32) {
    for field in fields {
        field.line += by;
        if let value::Value::Map(inner) = &mut field.value {
            shift(inner, by);
        }
    }
}
