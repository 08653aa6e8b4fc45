//! Prose → statements about when and where, each with its words and its rule. Pure; the heart.

use crate::model::Extraction;
use chrono::NaiveDate;

/// A text to read.
#[derive(Debug, Clone, Copy)]
pub struct Prose<'a> {
    /// The title, plain text.
    pub title: &'a str,
    /// The description, plain text.
    pub summary: Option<&'a str>,
    /// The text as HTML (not sanitised).
    pub html: &'a str,
    /// The day it was published, or else first seen: relative dates and missing years count from it.
    pub published: Option<NaiveDate>,
    /// BCP 47 language.
    pub language: &'a str,
}

/// Reads a text. Found events come with a confidence; low ones are for the review list.
pub fn extract(prose: &Prose) -> Extraction {
    let _ = prose;
    Extraction::default()
}
