//! Text → words, numbers and marks, each with its place in the text.

use std::borrow::Cow;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Letters.
    Word,
    /// ASCII digits; `ordinal` with a glued `st`, `nd`, `rd` or `th`.
    Number {
        /// Its value; none from nine digits on.
        value: Option<u32>,
        /// How many digits.
        digits: usize,
        /// `14th`.
        ordinal: bool,
    },
    /// Anything else, one character.
    Mark(char),
}

/// A token of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token<'t> {
    /// What it is.
    pub kind: TokenKind,
    /// Its letters as written.
    pub text: &'t str,
    /// Its letters in lower case.
    pub lower: Cow<'t, str>,
    /// First byte in the text.
    pub start: usize,
    /// Byte behind the last.
    pub end: usize,
    /// White space stands before it, or nothing does.
    pub spaced: bool,
    /// A forced line break stands before it.
    pub new_line: bool,
}

impl Token<'_> {
    /// True for this mark.
    pub fn is(&self, mark: char) -> bool {
        self.kind == TokenKind::Mark(mark)
    }

    /// True for a word.
    pub fn is_word(&self) -> bool {
        self.kind == TokenKind::Word
    }

    /// A word that begins with a capital.
    pub fn is_capital(&self) -> bool {
        self.is_word() && self.text.starts_with(char::is_uppercase)
    }

    /// A number of one or two digits.
    pub fn small(&self) -> Option<u32> {
        match self.kind {
            TokenKind::Number { value, digits: 1 | 2, .. } => value,
            _ => None,
        }
    }

    /// A number with exactly `count` digits and no ordinal ending.
    pub fn digits(&self, count: usize) -> Option<u32> {
        match self.kind {
            TokenKind::Number { value, digits, ordinal: false } if digits == count => value,
            _ => None,
        }
    }

    /// `14th`.
    pub fn is_ordinal(&self) -> bool {
        matches!(self.kind, TokenKind::Number { ordinal: true, .. })
    }

    /// True for any number.
    pub fn is_number(&self) -> bool {
        matches!(self.kind, TokenKind::Number { .. })
    }

    /// A dash of any length.
    pub fn is_dash(&self) -> bool {
        matches!(self.kind, TokenKind::Mark('-' | '–' | '—' | '‐' | '‑' | '‒' | '−' | '~'))
    }
}

/// The tokens of a text.
pub fn tokens<'t>(text: &'t str, ordinals: &[&str]) -> Vec<Token<'t>> {
    let mut out: Vec<Token<'t>> = Vec::new();
    let mut chars = text.char_indices().peekable();
    let (mut spaced, mut new_line) = (true, false);
    while let Some((start, first)) = chars.next() {
        if first.is_whitespace() {
            spaced = true;
            new_line |= first == '\n';
            continue;
        }
        let mut end = start + first.len_utf8();
        let same: fn(char) -> bool = if first.is_ascii_digit() {
            |c| c.is_ascii_digit()
        } else if is_letter(first) {
            is_letter
        } else {
            |_| false
        };
        while let Some((at, c)) = chars.next_if(|(_, c)| same(*c)) {
            end = at + c.len_utf8();
        }
        let word = text.get(start..end).unwrap_or_default();
        let lower =
            if word.chars().any(char::is_uppercase) { Cow::Owned(word.to_lowercase()) } else { Cow::Borrowed(word) };
        let kind = if first.is_ascii_digit() {
            let value = if word.len() < 9 { word.parse().ok() } else { None };
            TokenKind::Number { value, digits: word.len(), ordinal: false }
        } else if is_letter(first) {
            TokenKind::Word
        } else {
            TokenKind::Mark(first)
        };
        if kind == TokenKind::Word
            && !spaced
            && ordinals.contains(&lower.as_ref())
            && let Some(Token {
                kind: TokenKind::Number { ordinal, digits: 1..=2, .. }, end: last, text: letters, ..
            }) = out.last_mut()
        {
            *ordinal = true;
            *letters = text.get(start - letters.len()..end).unwrap_or_default();
            *last = end;
            continue;
        }
        out.push(Token { kind, text: word, lower, start, end, spaced, new_line });
        (spaced, new_line) = (false, false);
    }
    out
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() || unicode_normalization::char::is_combining_mark(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_numbers_and_marks() {
        let texts: Vec<_> = tokens("On Oct.22nd–23rd, 10am", &["nd", "rd"]).iter().map(|t| t.text).collect();
        assert_eq!(texts, ["On", "Oct", ".", "22nd", "–", "23rd", ",", "10", "am"]);
    }
}
