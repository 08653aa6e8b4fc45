//! Tokens → the words and phrases among them that the language knows.

use super::language::Classes;
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

/// Appends the cues of a text: every word and phrase that stands in a list of the language.
pub fn cues(text: &Text, out: &mut Vec<Cue>) {
    let lexicon = &text.language.lexicon;
    for (i, token) in text.tokens.iter().enumerate() {
        if token.word == 0 {
            continue;
        }
        let at = i as u32;
        let own = lexicon.classes(token.word);
        if !own.is_empty() {
            out.push(Cue { at, end: at + 1, classes: own });
        }
        if !lexicon.leads(token.word) {
            continue;
        }
        // Where no word that is known follows, no phrase can.
        let next = text.at(i + 1).filter(|next| next.is_word() || next.is_number()).or_else(|| text.at(i + 2));
        if next.is_none_or(|next| next.word == 0) {
            continue;
        }
        for (rest, meaning) in lexicon.phrases(token.word) {
            if let Some(end) = text.follow(i + 1, rest).filter(|_| !meaning.classes.is_empty()) {
                out.push(Cue { at, end: end as u32, classes: meaning.classes });
            }
        }
    }
}
