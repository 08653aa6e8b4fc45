//! What TOML 1.1 takes and TOML 1.0 does not.
//!
//! In: TOML that was read. Out: the first of its values that Hugo and Zola, which keep to 1.0, may refuse. Posts are read either way; only who asks
//! whether front matter is valid is told.

use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Where the first such value begins, and what is odd about it.
pub(super) fn newer(table: &DeTable<'_>, text: &str) -> Option<(usize, &'static str)> {
    table.iter().find_map(|(key, value)| {
        let written = text.get(key.span()).unwrap_or_default();
        escape(written).map(|what| (key.span().start, what)).or_else(|| newer_value(value, text))
    })
}

fn newer_value(value: &Spanned<DeValue<'_>>, text: &str) -> Option<(usize, &'static str)> {
    let start = value.span().start;
    let written = text.get(value.span()).unwrap_or_default();
    match value.get_ref() {
        DeValue::String(_) => escape(written).map(|what| (start, what)),
        DeValue::Datetime(_) => (written.matches(':').count() == without_seconds(written))
            .then_some((start, "expected seconds in a time, found none")),
        DeValue::Array(values) => values.iter().find_map(|value| newer_value(value, text)),
        DeValue::Table(table) => newer(table, text).or_else(|| {
            let inline = written.starts_with('{');
            inline.then(|| inline_table(value, text)).flatten().map(|what| (start, what))
        }),
        DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) => None,
    }
}

/// How many colons a time without seconds has; a number that no date has where there is no time.
fn without_seconds(written: &str) -> usize {
    let clock = written.split_once(['T', 't', ' ']).map_or(written, |(_, clock)| clock);
    match clock {
        clock if !clock.contains(':') => usize::MAX,
        clock if clock.contains(['+', '-']) => 2,
        _ => 1,
    }
}

/// The escapes `\e` and `\x` in a string of double quotes.
fn escape(written: &str) -> Option<&'static str> {
    if !written.starts_with('"') {
        return None;
    }
    let mut bytes = written.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'\\' && matches!(bytes.next(), Some(b'e' | b'x')) {
            return Some("expected no escape `\\e` or `\\x`, found one");
        }
    }
    None
}

/// Line breaks and a last comma between the braces.
fn inline_table(value: &Spanned<DeValue<'_>>, text: &str) -> Option<&'static str> {
    let mut inner = Vec::new();
    leaves(value, &mut inner);
    inner.sort_by_key(|span| span.start);
    let (mut at, mut last_comma) = (value.span().start, false);
    let end = value.span().end;
    for span in inner.into_iter().chain(std::iter::once(end..end)) {
        let gap = text.get(at..span.start).unwrap_or_default();
        if gap.contains('\n') {
            return Some("expected a table in braces on one line, found a line break");
        }
        last_comma = gap.trim_end_matches(['}', ' ', '\t']).ends_with(',');
        at = span.end.max(at);
    }
    last_comma.then_some("expected no comma before the closing brace, found one")
}

fn leaves(value: &Spanned<DeValue<'_>>, out: &mut Vec<Range<usize>>) {
    match value.get_ref() {
        DeValue::Table(table) => table.iter().for_each(|(_, inner)| leaves(inner, out)),
        _ => out.push(value.span()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_toml_1_1_takes_is_told_apart() {
        for (text, is_newer) in [
            ("a = 07:32", true),
            ("a = 07:32:00", false),
            ("a = 1979-05-27 07:32", true),
            ("a = 1979-05-27", false),
            ("a = 1979-05-27T07:32:00+02:00", false),
            ("a = 1979-05-27T07:32+02:00", true),
            ("a = \"\\x41\"", true),
            ("a = \"\\\\x41\"", false),
            ("a = '\\x41'", false),
            ("a = { b = 1, }", true),
            ("a = { b = 1,\n c = 2 }", true),
            ("a = { b = [1,\n2,], c.d = \",\" }", false),
            ("a = [\n1,\n]\n[b]\nc = 1", false),
        ] {
            let table = DeTable::parse(text).unwrap();
            assert_eq!(newer(table.get_ref(), text).is_some(), is_newer, "{text}");
        }
    }
}
