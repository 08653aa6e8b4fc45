//! The words of a language. One data file a language; the grammar and the rules know none of their own.
//!
//! **A new language** is one file such as `en.toml` and its line in [`FILES`].

mod class;
mod common;
mod detect;
mod file;
mod index;
mod lexicon;
#[cfg(test)]
mod tests;
mod word;

pub use class::{Class, Classes};
pub use detect::{better, is_at_home, of_dates};
pub use file::{Meaning, NumericOrder, Often, Unit};
pub use index::Spelling;
pub use lexicon::Lexicon;
pub use word::{Marks, WordId};

use std::sync::OnceLock;

/// ISO 639-1 codes and the files.
const FILES: &[(&str, &str)] = &[
    ("en", include_str!("en.toml")),
    ("de", include_str!("de.toml")),
    ("fr", include_str!("fr.toml")),
    ("es", include_str!("es.toml")),
    ("it", include_str!("it.toml")),
    ("pt", include_str!("pt.toml")),
    ("nl", include_str!("nl.toml")),
    ("ro", include_str!("ro.toml")),
    ("pl", include_str!("pl.toml")),
    ("cs", include_str!("cs.toml")),
    ("ru", include_str!("ru.toml")),
    ("da", include_str!("da.toml")),
    ("sv", include_str!("sv.toml")),
    ("ja", include_str!("ja.toml")),
    ("zh", include_str!("zh.toml")),
];

/// Languages without a file of their own whose notices read like those of another.
const NEAR: &[(&str, &str)] = &[("nb", "da"), ("no", "da"), ("nn", "da"), ("gl", "pt")];

/// A language, ready for use.
#[derive(Debug)]
pub struct Language {
    /// ISO 639-1 code.
    pub code: &'static str,
    /// How it writes numeric dates.
    pub numeric_order: NumericOrder,
    /// It writes every noun with a capital.
    pub capital_nouns: bool,
    /// "next" and "last" stand behind their weekday.
    pub next_behind: bool,
    /// "next Tuesday" is the one of next week.
    pub next_week_after: bool,
    /// "next weekend" is the one after the coming one.
    pub next_weekend_after: bool,
    /// How names of towns end behind a preposition, and how they end by themselves.
    pub town_endings: Vec<(String, String)>,
    /// Its words.
    pub lexicon: Lexicon,
}

static LANGUAGES: [OnceLock<Option<Language>>; FILES.len()] = [const { OnceLock::new() }; FILES.len()];

/// The language with this BCP 47 tag; English where we have no file of its own.
pub fn language(tag: &str) -> &'static Language {
    let code = tag.split(['-', '_']).next().unwrap_or_default();
    let code = NEAR.iter().find(|(other, _)| other.eq_ignore_ascii_case(code)).map_or(code, |(_, near)| near);
    let at = FILES.iter().position(|(known, _)| known.eq_ignore_ascii_case(code)).unwrap_or(0);
    nth(at).or_else(|| nth(0)).unwrap_or_else(|| unreachable!("a test reads every language file"))
}

/// Every language.
fn all() -> impl Iterator<Item = &'static Language> {
    (0..FILES.len()).filter_map(nth)
}

fn nth(at: usize) -> Option<&'static Language> {
    let (code, text) = FILES.get(at)?;
    LANGUAGES.get(at)?.get_or_init(|| read(code, text).ok()).as_ref()
}

fn read(code: &'static str, text: &str) -> Result<Language, toml::de::Error> {
    let file: file::File = toml::from_str(text)?;
    let english = match FILES.first() {
        Some((first, english)) if *first != code => Some(toml::from_str::<file::File>(english)?),
        _ => None,
    };
    Ok(Language {
        code,
        numeric_order: file.numeric_order,
        capital_nouns: file.capital_nouns,
        next_behind: file.next_behind,
        next_week_after: file.next_week_after,
        next_weekend_after: file.next_weekend_after,
        lexicon: Lexicon::new(&file, english.as_ref()),
        town_endings: file.town_endings,
    })
}
