//! What a microformat includes from elsewhere on the page.
//!
//! In: the root of one. Out: the elements that it names: by a link or object of the class `include` (include pattern), by `itemref`, or, in the cells of
//! a table, by `headers`.

use crate::read::page::Ids;
use scraper::ElementRef;
use std::cell::Cell;

/// More are a mistake.
const MOST: usize = 20;
/// Elements of a page that may be read once more because they are included.
const MOST_READ: usize = 50_000;

/// How much more may be read.
pub(super) struct Budget(Cell<usize>);

impl Default for Budget {
    fn default() -> Self {
        Self(Cell::new(MOST_READ))
    }
}

/// The included elements, in order. What holds the root itself is never included.
pub(super) fn of<'a>(root: ElementRef<'a>, ids: &Ids<'a>, budget: &Budget) -> Vec<ElementRef<'a>> {
    if ids.is_empty() {
        return Vec::new();
    }
    let mut names: Vec<&str> = root.attr("itemref").into_iter().flat_map(str::split_ascii_whitespace).collect();
    let inside = std::iter::once(root).chain(root.descendants().filter_map(ElementRef::wrap));
    for element in inside.take(super::MOST_ELEMENTS) {
        if super::has(element, "include") {
            let target = element.attr("href").or_else(|| element.attr("data"));
            names.extend(target.and_then(|target| target.strip_prefix('#')));
        }
        names.extend(element.attr("headers").into_iter().flat_map(str::split_ascii_whitespace));
    }
    let mut found: Vec<ElementRef<'a>> = Vec::new();
    for element in names.into_iter().filter_map(|name| ids.get(name)).copied() {
        let holds_root = root.id() == element.id() || root.ancestors().any(|outer| outer.id() == element.id());
        let is_known = found.iter().any(|known| known.id() == element.id());
        if holds_root || is_known || found.len() == MOST {
            continue;
        }
        // The first that does not fit is the last one that is looked at.
        let left = budget.0.get();
        let size = element.descendants().take(left + 1).count();
        budget.0.set(left.saturating_sub(size));
        if size > left {
            break;
        }
        found.push(element);
    }
    found
}
