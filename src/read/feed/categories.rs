//! Tags: RSS's `category` and Dublin Core's subject, Atom's, iTunes' (nested), Media RSS's, and lists of keywords.

use super::described::{Category, TextKind};
use super::text::{construct, plain_of_html};
use crate::read::xml::{Around, Node};

/// No entry has more tags.
const MOST: usize = 100;
/// iTunes nests a category in a category, and no deeper.
const DEEPEST: usize = 3;

const ITUNES: &str = "http://www.itunes.com/";
const MEDIA: &str = "http://search.yahoo.com/mrss/category_schema";

/// Adds what the element says to the tags known so far.
pub(super) fn add(node: &Node, known: &mut Vec<Category>) {
    add_nested(node, known, 0);
}

fn add_nested(node: &Node, known: &mut Vec<Category>, depth: usize) {
    let scheme = node.word("scheme").or_else(|| node.word("domain"));
    let label = node.word("label");
    match node.plain_name() {
        "itunes:category" => {
            let term = node.word("text").unwrap_or_default();
            put(known, Category { term, scheme: Some(ITUNES.to_owned()), label: None });
            for inner in node.elements().filter(|inner| inner.name == node.name && depth < DEEPEST) {
                add_nested(inner, known, depth + 1);
            }
        }
        "media:category" => {
            let scheme = scheme.unwrap_or_else(|| MEDIA.to_owned());
            put(known, Category { term: text(node), scheme: Some(scheme), label });
        }
        "tags" | "keywords" | "itunes:keywords" => {
            for term in text(node).split(',').map(str::trim) {
                put(known, Category { term: term.to_owned(), ..Category::default() });
            }
        }
        _ => put(known, Category { term: node.word("term").unwrap_or_else(|| text(node)), scheme, label }),
    }
}

fn text(node: &Node) -> String {
    construct(node, &Around::default(), TextKind::Html).value
}

fn put(known: &mut Vec<Category>, category: Category) {
    let says_something = !category.term.is_empty() || category.label.is_some();
    if says_something && known.len() < MOST && !known.contains(&category) {
        known.push(category);
    }
}

/// The tags in words for people; the shelves of podcast and video shops are none.
pub(super) fn words(categories: &[Category]) -> Vec<String> {
    let is_shelf = |category: &&Category| matches!(category.scheme.as_deref(), Some(ITUNES | MEDIA));
    let word = |category: &Category| category.label.clone().unwrap_or_else(|| plain_of_html(&category.term));
    categories.iter().filter(|category| !is_shelf(category)).map(word).filter(|word| !word.is_empty()).collect()
}
