//! How deep a page nests, roughly and quickly.
//!
//! In: HTML. Out: the greatest number of elements open at once, rather too many than too few. Building that tree takes
//! time that grows with the square of its depth, so this is asked first.

use std::collections::HashMap;

/// Elements that close themselves, or the last of their kind.
const SELF_CLOSING: &[&str] = &[
    "area", "base", "body", "br", "col", "dd", "dt", "embed", "head", "hr", "html", "img", "input", "li", "link",
    "meta", "optgroup", "option", "p", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr",
];

/// The greatest depth.
pub(super) fn deepest(html: &str) -> usize {
    let html = html.to_ascii_lowercase();
    let mut open: HashMap<&str, usize> = HashMap::new();
    let (mut depth, mut deepest) = (0usize, 0);
    let mut rest = html.as_str();
    while let Some(at) = rest.find('<') {
        rest = rest.get(at + 1..).unwrap_or_default();
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = after(comment, "-->");
            continue;
        }
        let (tag, closes) = rest.strip_prefix('/').map_or((rest, false), |tag| (tag, true));
        let end = tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len());
        let name = tag.get(..end).unwrap_or_default();
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || SELF_CLOSING.contains(&name) {
            continue;
        }
        match (closes, name) {
            // The end of an element that is not open ends nothing.
            (true, _) => {
                if let Some(count) = open.get_mut(name).filter(|count| **count > 0) {
                    *count -= 1;
                    depth = depth.saturating_sub(1);
                }
            }
            (false, "script") => rest = after(rest, "</script"),
            (false, "style") => rest = after(rest, "</style"),
            (false, _) => {
                *open.entry(name).or_default() += 1;
                depth += 1;
            }
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// What follows `end`; everything, where there is none.
fn after<'a>(text: &'a str, end: &str) -> &'a str {
    text.find(end).and_then(|at| text.get(at + end.len()..)).unwrap_or_default()
}
