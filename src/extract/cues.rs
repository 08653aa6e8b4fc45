//! Tokens → the words and phrases among them that the language knows.

use super::language::{Classes, Marks};
use super::tokens::Text;

/// A word or phrase that the language knows, where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Cue {
    /// Its first token.
    pub at: u32,
    /// The token behind its last.
    pub end: u32,
    /// The lists it stands in.
    pub classes: Classes,
}

/// Appends the cues of a text: every word and phrase that stands in a list of the language, unless it is one of small words only.
pub fn cues(text: &Text, out: &mut Vec<Cue>) {
    let lexicon = &text.language.lexicon;
    for (i, token) in text.tokens.iter().enumerate() {
        let at = i as u32;
        if token.word.is(Marks::IS_CUE) {
            out.push(Cue { at, end: at + 1, classes: lexicon.classes(token.word) });
        }
        if !token.word.is(Marks::LEADS_CUES) {
            continue;
        }
        // Where no word that is known follows, no phrase can.
        let next = text.at(i + 1).filter(|next| next.is_word() || next.is_number()).or_else(|| text.at(i + 2));
        if next.is_none_or(|next| !next.word.is_known()) {
            continue;
        }
        for (rest, meaning) in lexicon.phrases(token.word) {
            if let Some(end) = text.follow(i + 1, rest).filter(|_| meaning.is_cue()) {
                out.push(Cue { at, end: end as u32, classes: meaning.classes });
            }
        }
    }
}
