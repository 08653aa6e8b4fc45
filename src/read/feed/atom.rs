//! Atom 1.0 (RFC 4287) and 0.3 entries.
//!
//! `published` (§4.2.9) may be missing; `updated` (§4.2.15) then stands in.

use super::fields::{self, BadDate};
use super::text;
use super::xml::Node;
use super::{Feed, base, language};
use crate::model::{Entry, Key, Person};

pub(super) fn entry(node: &Node, bad: &mut Vec<BadDate>) -> Entry {
    let updated = fields::date(node, &["atom:updated", "updated", "atom:modified", "modified", "dc:date"], bad);
    let names = ["atom:published", "published", "atom:issued", "issued", "atom:created", "created", "dcterms:created"];
    let published = fields::date(node, &names, bad).or(updated);
    let content = node.first("content").filter(|content| content.attribute("src").is_none());
    let summary = node.first("summary");
    let html = content.map(text::html).filter(|html| !html.is_empty());
    let summary_line = summary.map(text::plain).filter(|line| !line.is_empty());
    let inner_base = content.filter(|_| html.is_some()).or(summary).and_then(base);
    let id = node.first("id").map(|id| id.text().trim().to_owned()).filter(|id| !id.is_empty());
    Entry {
        line: node.line,
        title: node.first("title").map(text::plain).unwrap_or_default(),
        summary: summary_line.filter(|_| html.is_some()),
        html: html
            .or_else(|| summary.map(text::html))
            .or_else(|| fields::media(node, "media:description"))
            .unwrap_or_default(),
        url: node.plain("feedburner:origlink").or_else(|| address(node)),
        base: match (base(node), inner_base) {
            (Some(outer), Some(inner)) => super::join(&outer, &inner).or(Some(inner)),
            (outer, inner) => inner.or(outer),
        },
        published,
        updated,
        authors: authors(node),
        tags: tags(node),
        images: fields::images(node),
        links: fields::recordings(node),
        language: language(node),
        declared: fields::declared(node, bad),
        hidden: is_draft(node).then(|| "app:draft".to_owned()),
        keys: id.map(Key::Guid).into_iter().collect(),
        ..Entry::default()
    }
}

pub(super) fn feed(root: &Node) -> Feed {
    Feed { base: base(root).or_else(|| address(root)), language: language(root), authors: authors(root) }
}

/// The address of the entry's page: `alternate`, HTML before other types.
fn address(node: &Node) -> Option<String> {
    let alternate = |link: &&Node| {
        let rel = link.attribute("rel").unwrap_or("alternate");
        (rel == "alternate" || rel.is_empty()) && link.attribute("href").is_some_and(|href| !href.is_empty())
    };
    let is_page = |link: &&Node| link.attribute("type").is_none_or(|kind| kind.contains("html"));
    let mut links = node.all("link").filter(alternate);
    let page = node.all("link").filter(alternate).find(is_page);
    page.or_else(|| links.next()).and_then(|link| link.attribute("href")).map(str::to_owned)
}

fn authors(node: &Node) -> Vec<Person> {
    let child = |author: &Node, names: &[&str]| {
        let found = names.iter().find_map(|name| author.first(name)).map(|node| crate::model::clean_line(&node.text()));
        found.filter(|text| !text.is_empty())
    };
    let structured = node.all("author").map(|author| {
        if !author.has_elements() {
            return fields::person(&author.text());
        }
        Person {
            name: child(author, &["name"]).unwrap_or_default(),
            url: child(author, &["uri", "url"]),
            email: child(author, &["email"]),
        }
    });
    let known: Vec<Person> = structured.filter(|person| *person != Person::default()).take(50).collect();
    if !known.is_empty() {
        return known;
    }
    let creators = node.elements().filter(|node| node.name == "dc:creator").map(|node| fields::person(&node.text()));
    creators.filter(|person| *person != Person::default()).take(50).collect()
}

fn tags(node: &Node) -> Vec<String> {
    let word = |category: &Node| {
        let named = category.attribute("label").filter(|label| !label.is_empty()).or(category.attribute("term"));
        named.map_or_else(|| category.text().trim().to_owned(), str::to_owned)
    };
    let categories = node.all("category").map(word);
    let subjects = node.elements().filter(|node| node.name == "dc:subject").map(|node| node.text().trim().to_owned());
    categories.chain(subjects).filter(|tag| !tag.is_empty()).take(100).collect()
}

/// RFC 5023 §13.1.1.
fn is_draft(node: &Node) -> bool {
    let control = node.elements().find(|node| node.name == "app:control" || node.name == "control");
    let draft = control.and_then(|control| control.elements().find(|node| node.name.ends_with("draft")));
    draft.is_some_and(|draft| draft.text().trim() == "yes")
}
