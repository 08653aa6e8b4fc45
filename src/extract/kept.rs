//! Room that one text leaves to the next.
//!
//! The tokens of a text take several times its own bytes. Getting as much from the system anew for every text, and giving it back, costs more
//! than reading a short text does, so each thread keeps the room of its last text. Of what stood in it nothing is left.

use super::tokens::Token;
use std::cell::Cell;
use std::ops::{Deref, DerefMut};

thread_local! {
    static ROOM: Cell<Vec<Token>> = const { Cell::new(Vec::new()) };
}

/// More room, in tokens, is given back: few texts are longer than 200 KB.
const MOST_KEPT: usize = 1 << 16;

/// The tokens of a text, in the room of the one before.
#[derive(Debug)]
pub struct Tokens(Vec<Token>);

impl Tokens {
    /// None yet, with room for so many.
    pub fn with_room(most: usize) -> Self {
        let mut tokens = ROOM.take();
        tokens.reserve(most);
        Self(tokens)
    }
}

impl Deref for Tokens {
    type Target = Vec<Token>;

    fn deref(&self) -> &Vec<Token> {
        &self.0
    }
}

impl DerefMut for Tokens {
    fn deref_mut(&mut self) -> &mut Vec<Token> {
        &mut self.0
    }
}

impl Drop for Tokens {
    fn drop(&mut self) {
        let mut tokens = std::mem::take(&mut self.0);
        if tokens.capacity() <= MOST_KEPT {
            tokens.clear();
            // A thread that ends keeps nothing.
            _ = ROOM.try_with(|room| room.set(tokens));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::language::language;
    use super::super::tokens::tokenize;
    use super::*;

    #[test]
    fn a_text_finds_room_and_nothing_else_of_the_last() {
        let words = |text: &str| {
            let mut tokens = Tokens::with_room(10);
            tokenize(text, language("en"), &mut tokens);
            (tokens.len(), tokens.capacity())
        };
        let (count, room) = words(&"kites ".repeat(1_000));
        assert_eq!((count, words("two kites")), (1_000, (2, room)));
        let (count, _) = words(&"kites ".repeat(2 * MOST_KEPT));
        assert_eq!(count, 2 * MOST_KEPT);
        assert!(words("two kites").1 <= MOST_KEPT);
    }

    #[test]
    fn two_texts_at_once_have_room_of_their_own() {
        let (mut one, mut other) = (Tokens::with_room(4), Tokens::with_room(4));
        tokenize("one kite", language("en"), &mut one);
        tokenize("another of our kites", language("en"), &mut other);
        assert_eq!((one.len(), other.len()), (2, 4));
    }
}
