//! The insides of a tag: where it ends, its attributes, what kind of element it is.

use std::borrow::Cow;

/// The place of the `>` that ends a tag; one inside a quoted value does not.
pub fn tag_end(body: &str) -> Option<usize> {
    let first = memchr::memchr(b'>', body.as_bytes())?;
    let inside = body.as_bytes().get(..first).unwrap_or_default();
    if memchr::memchr_iter(b'"', inside).count().is_multiple_of(2) && memchr::memchr(b'\'', inside).is_none() {
        return Some(first);
    }
    let mut quote = None;
    let mut value = false;
    for (at, byte) in body.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), byte) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') if value => quote = Some(byte),
            (None, b'>') => return Some(at),
            (None, _) => {}
        }
        value = byte == b'=' || (value && byte.is_ascii_whitespace());
    }
    // An open quotation mark hides the end: take the next `>` instead.
    Some(first)
}

/// The value of an attribute, with its references resolved.
pub fn attribute<'t>(attributes: &'t str, name: &str) -> Option<Cow<'t, str>> {
    let mut rest = attributes;
    loop {
        let (key, value) = rest.split_at(memchr::memchr(b'=', rest.as_bytes())?);
        let key = key.trim_ascii_end();
        let key = key.get(key.bytes().rposition(|byte| byte.is_ascii_whitespace()).map_or(0, |at| at + 1)..)?;
        let value = value.get(1..)?.trim_ascii_start();
        let (content, after) = match value.bytes().next() {
            Some(quote @ (b'"' | b'\'')) => {
                let inner = value.get(1..)?;
                let end = memchr::memchr(quote, inner.as_bytes()).unwrap_or(inner.len());
                (inner.get(..end)?, inner.get(end + 1..).unwrap_or_default())
            }
            _ => {
                let end = value.bytes().position(|byte| byte.is_ascii_whitespace()).unwrap_or(value.len());
                value.split_at(end)
            }
        };
        if key.eq_ignore_ascii_case(name) {
            return Some(resolved(content));
        }
        rest = after;
    }
}

/// The address of the link that a tag's inside begins, and what follows the tag, where that is written as most are: `a href="…">`.
pub fn plain_link(body: &str) -> Option<(Cow<'_, str>, &str)> {
    let rest = body.strip_prefix("a href=\"")?;
    let (href, rest) = rest.split_at(memchr::memchr(b'"', rest.as_bytes())?);
    Some((resolved(href), rest.strip_prefix("\">")?))
}

/// A value with its references resolved.
fn resolved(value: &str) -> Cow<'_, str> {
    let value = value.trim();
    match memchr::memchr(b'&', value.as_bytes()) {
        Some(_) => Cow::Owned(html_escape::decode_html_entities(value).trim().to_owned()),
        None => Cow::Borrowed(value),
    }
}

/// The element begins a block of its own.
pub fn is_block(name: &[u8]) -> bool {
    matches!(
        name,
        b"p" | b"div"
            | b"li"
            | b"section"
            | b"article"
            | b"header"
            | b"footer"
            | b"main"
            | b"aside"
            | b"nav"
            | b"figure"
            | b"figcaption"
            | b"dl"
            | b"dt"
            | b"dd"
            | b"hr"
            | b"thead"
            | b"tbody"
            | b"tfoot"
            | b"caption"
            | b"address"
            | b"details"
            | b"summary"
            | b"form"
            | b"center"
            | b"picture"
    )
}
