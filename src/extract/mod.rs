//! Prose → statements about when and where, each with its words and its rule. Pure; the heart.

mod blocks;
mod gazetteer;
mod grammar;
mod language;
mod lists;
mod mentions;
mod page;
mod places;
mod recurring;
mod resolve;
mod roles;
mod sessions;
mod tokens;
mod verdict;
mod when;

use crate::model::{About, Evidence, Extraction, Found, Statement};
use chrono::NaiveDate;
use page::Page;

/// A text to read.
#[derive(Debug, Clone, Copy)]
pub struct Prose<'a> {
    /// The title, plain text.
    pub title: &'a str,
    /// The description, plain text.
    pub summary: Option<&'a str>,
    /// The text as HTML (not sanitised).
    pub html: &'a str,
    /// The day it was published: relative dates and missing years count from it, and an announcement looks ahead from it.
    pub published: Option<NaiveDate>,
    /// The day it was first seen: relative dates and missing years count from it where nothing says when it was published.
    pub seen: Option<NaiveDate>,
    /// BCP 47 language.
    pub language: &'a str,
}

/// Below this no one need look at it.
const LEAST_CONFIDENCE: f32 = 0.2;

/// Reads a text. Found events come with a confidence; low ones are for the review list.
pub fn extract(prose: &Prose) -> Extraction {
    let page = Page::read(prose);
    let mut found = recurring::events(&page);
    let programme = sessions::programme(&page);
    let judged = roles::judge(&page, &programme.blocks);
    if let Some((own, statements)) = when::best(&page, &judged, &programme) {
        let leaning = verdict::leaning(&page);
        let confidence = verdict::confidence(own.points + leaning);
        let listed = lists::events(&page, &judged);
        if !listed.is_empty() && confidence < 0.95 {
            found.extend(listed);
        } else if confidence >= LEAST_CONFIDENCE && found.is_empty() {
            let mut statements = statements;
            statements.extend(places::statements(&page, Some(own.block)));
            statements.extend(status(&page));
            statements.extend(programme.sessions);
            let verdict = verdict::verdict(&page, own.first);
            found.push(Found { verdict, confidence, statements, ..Found::default() });
        }
    }
    Extraction { found }
}

fn status(page: &Page) -> Option<Statement> {
    let (status, quote) = verdict::status(page)?;
    let evidence = Evidence { quote, rule: "status-word".to_owned(), confidence: 0.8 };
    Some(Statement { about: About::Status(status), evidence })
}
