//! Just enough JavaScript to step over it. Nothing is ever evaluated.
//!
//! In: text at a bracket, a literal or a statement. Out: where it ends, or what it says. Every look-ahead has a limit.

/// Moves behind the bracket that closes the one at `at`. Strings, template literals and comments are respected.
pub(super) fn balanced(text: &str, at: &mut usize, limit: usize) -> Option<()> {
    let bytes = text.as_bytes();
    let mut depth = 0usize;
    // Depths at which a `${` inside a template literal began.
    let mut templates: Vec<usize> = Vec::new();
    while *at < limit {
        match *bytes.get(*at)? {
            b'{' | b'(' | b'[' => depth += 1,
            b'}' if templates.last() == Some(&depth) => {
                templates.pop();
                depth -= 1;
                *at += 1;
                template(bytes, at, limit, &mut templates, &mut depth)?;
                continue;
            }
            b'}' | b')' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    *at += 1;
                    return Some(());
                }
            }
            quote @ (b'"' | b'\'') => string(bytes, at, quote),
            b'`' => {
                *at += 1;
                template(bytes, at, limit, &mut templates, &mut depth)?;
                continue;
            }
            b'/' if bytes.get(*at + 1) == Some(&b'*') => {
                let end = text.get(*at..limit).and_then(|rest| rest.find("*/"));
                *at = end.map_or(limit, |end| *at + end + 1);
            }
            _ => {}
        }
        *at += 1;
    }
    None
}

/// Moves to the closing quote. An apostrophe in JSX text closes nothing: strings do not go past their line.
fn string(bytes: &[u8], at: &mut usize, quote: u8) {
    let mut i = *at + 1;
    loop {
        match bytes.get(i) {
            Some(b'\\') => i += 2,
            Some(b'\n') | None => return,
            Some(byte) if *byte == quote => {
                *at = i;
                return;
            }
            Some(_) => i += 1,
        }
    }
}

/// Moves behind the end of a template literal, or behind its next `${`.
fn template(bytes: &[u8], at: &mut usize, limit: usize, templates: &mut Vec<usize>, depth: &mut usize) -> Option<()> {
    while *at < limit {
        match *bytes.get(*at)? {
            b'\\' => *at += 2,
            b'`' => {
                *at += 1;
                return Some(());
            }
            b'$' if bytes.get(*at + 1) == Some(&b'{') => {
                *at += 2;
                *depth += 1;
                templates.push(*depth);
                return Some(());
            }
            _ => *at += 1,
        }
    }
    None
}

/// The text of a string literal, a number, or a template literal without `${`.
pub(super) fn literal(code: &str) -> Option<String> {
    let code = code.trim();
    if !code.is_empty() && code.len() < 20 && code.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return Some(code.to_owned());
    }
    let quote = code.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let inner = code.strip_prefix(quote)?.strip_suffix(quote)?;
    let mut text = String::new();
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => text.push('\n'),
                Some('t') => text.push('\t'),
                Some(other) => text.push(other),
                None => {}
            },
            c if c == quote => return None,
            '$' if quote == '`' && chars.as_str().starts_with('{') => return None,
            c => text.push(c),
        }
    }
    Some(text)
}

/// Tells code from a sentence that begins with "import" or "export".
pub(super) fn is_statement(text: &str) -> bool {
    let line = text.split('\n').next().unwrap_or_default();
    if let Some(rest) = line.strip_prefix("import") {
        let after = rest.trim_start();
        let bare = after.starts_with(['{', '*', '"', '\'']);
        return bare
            || (rest.starts_with(' ') && (after.contains(" from ") || after.ends_with(',')))
                && (after.contains(['"', '\'']) || after.contains('{'));
    }
    let Some(rest) = line.strip_prefix("export") else { return false };
    let after = rest.trim_start();
    let words = ["const ", "let ", "var ", "function", "async ", "default ", "class ", "type ", "interface "];
    after.starts_with(['{', '*']) || (rest.starts_with(' ') && words.iter().any(|word| after.starts_with(word)))
}

/// The length of a statement: to the end of the line on which its brackets are closed, else to the next blank line.
pub(super) fn statement(text: &str, fuel: &mut usize) -> usize {
    let limit = (*fuel).min(text.len());
    let mut at = 0;
    while at < limit {
        match text.as_bytes().get(at) {
            Some(b'\n') if !goes_on(text, at) => return at + 1,
            Some(b'{' | b'(' | b'[') => {
                if balanced(text, &mut at, limit).is_none() {
                    *fuel = fuel.saturating_sub(at);
                    break;
                }
                continue;
            }
            Some(quote @ (b'"' | b'\'')) => string(text.as_bytes(), &mut at, *quote),
            Some(_) => {}
            None => break,
        }
        at += 1;
    }
    text.find("\n\n").map_or(text.len(), |end| end + 1).min(text.len())
}

/// True if the line that ends at `at` asks for another.
fn goes_on(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default().trim_end_matches([' ', '\t']);
    before.ends_with(['=', ',', '>', '+', '?', ':', '|', '&']) && !before.ends_with("/>")
}

/// `import cover from './cover.png'`.
pub(super) fn import(code: &str) -> Option<(&str, &str)> {
    let (name, from) = code.strip_prefix("import")?.split_once(" from ")?;
    let path = from.trim().trim_end_matches(';').trim().trim_matches(['"', '\'']);
    Some((name.trim(), path))
}
