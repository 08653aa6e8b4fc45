//! What an entry says of itself → [`Entry`].

use super::described::Described;
use super::{categories, text};
use crate::model::{Entry, Key, clean_line};

/// The entry as the rooms behind take it.
pub(super) fn entry(told: Described) -> Entry {
    let inner_base = told.content.as_ref().or(told.summary.as_ref()).and_then(|text| text.base.clone());
    let html = told.content.map(text::html).filter(|html| !html.is_empty());
    let has_text = html.is_some();
    let summary = told.summary.as_ref().filter(|_| has_text).map(text::line).filter(|line| !line.is_empty());
    let guid = told.id.map(|id| clean_line(&id));
    let updated = told.updated;
    Entry {
        line: told.line,
        title: told.title.as_ref().map(text::line).unwrap_or_default(),
        summary,
        html: html.or_else(|| told.summary.map(text::html)).unwrap_or_default(),
        url: told.first_url.or(told.url),
        base: inner_base.or(told.base),
        published: told.published.or(told.created).or(updated),
        updated,
        authors: told.authors,
        tags: categories::words(&told.categories),
        images: told.images,
        links: told.recordings,
        language: told.language,
        declared: told.declared,
        hidden: told.is_draft.then(|| "app:draft".to_owned()),
        keys: guid.map(Key::Guid).into_iter().collect(),
        ..Entry::default()
    }
}
