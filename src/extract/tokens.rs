//! Text → words, numbers and marks, each with its place in the text and what the language knows of it.

use super::language::{Class, Language, Lexicon, Marks, Meaning, Spelling, WordId};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Letters.
    Word,
    /// Digits; `ordinal` with a glued `st`, `nd`, `rd` or `th`, or what stands for them.
    Number {
        /// Its value; it means nothing from nine digits on.
        value: u32,
        /// How many digits.
        digits: u8,
        /// `14th`.
        ordinal: bool,
    },
    /// Anything else, one character.
    Mark(char),
}

/// A token of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// First byte in the text.
    pub start: u32,
    /// Byte behind the last.
    pub end: u32,
    /// White space stands before it, or nothing does.
    pub spaced: bool,
    /// A forced line break stands before it.
    pub new_line: bool,
    /// A word that begins with a capital.
    pub capital: bool,
    /// What the lexicon calls it.
    pub word: WordId,
}

impl Token {
    /// True for this mark.
    pub fn is(&self, mark: char) -> bool {
        self.kind == TokenKind::Mark(mark)
    }

    /// True for a word.
    pub fn is_word(&self) -> bool {
        self.kind == TokenKind::Word
    }

    /// A number of one or two digits.
    pub fn small(&self) -> Option<u32> {
        match self.kind {
            TokenKind::Number { value, digits: 1 | 2, .. } => Some(value),
            _ => None,
        }
    }

    /// A number with exactly `count` digits and no ordinal ending.
    pub fn digits(&self, count: u8) -> Option<u32> {
        match self.kind {
            TokenKind::Number { value, digits, ordinal: false } if digits == count && digits < 9 => Some(value),
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
        matches!(
            self.kind,
            TokenKind::Mark('-' | '–' | '—' | '‐' | '‑' | '‒' | '−' | '~' | '〜' | '～' | '－' | '➔' | '→')
        )
    }

    /// A mark that may end a sentence.
    pub fn is_stop(&self) -> bool {
        matches!(self.kind, TokenKind::Mark('.' | '!' | '?' | '。' | '！' | '？'))
    }
}

/// A stretch of text with its tokens, and what is known about reading it.
#[derive(Debug, Clone, Copy)]
pub struct Text<'t> {
    /// The text.
    pub source: &'t str,
    /// Its tokens.
    pub tokens: &'t [Token],
    /// The language it is in.
    pub language: &'static Language,
    /// True where `3/4/2025` is the third of April, if anything tells.
    pub day_first: Option<bool>,
}

impl<'t> Text<'t> {
    /// The token at `i`.
    pub fn at(&self, i: usize) -> Option<&'t Token> {
        self.tokens.get(i)
    }

    /// The letters of the token at `i`.
    pub fn written(&self, i: usize) -> &'t str {
        self.at(i).map_or("", |token| self.source.get(token.start as usize..token.end as usize).unwrap_or_default())
    }

    /// The words from token `from` up to token `to`.
    pub fn between(&self, from: usize, to: usize) -> &'t str {
        let ends = || Some((self.at(from)?.start as usize, self.at(to.checked_sub(1)?)?.end as usize));
        ends().and_then(|(start, end)| self.source.get(start..end)).unwrap_or_default()
    }

    /// What the word at `i` means by itself.
    pub fn meaning(&self, i: usize) -> &'static Meaning {
        self.language.lexicon.meaning(self.at(i).map_or(WordId::default(), |token| token.word))
    }

    /// The word at `i` stands in this list.
    pub fn has(&self, i: usize, class: Class) -> bool {
        self.language.lexicon.classes(self.at(i).map_or(WordId::default(), |token| token.word)).has(class)
    }

    /// A number, a word that opens such a thing, or a word of its own in a script without spaces, which may count as a number does.
    pub fn may_begin(&self, i: usize, opens: Marks) -> bool {
        self.at(i).is_some_and(|token| {
            token.is_number()
                || token.word.is(opens)
                || token.is_word() && !token.word.is_known() && self.language.lexicon.longest_run > 0
        })
    }

    /// The place behind the longest word or phrase of this list that begins at `i`.
    pub fn phrase(&self, i: usize, class: Class) -> Option<usize> {
        let token = self.at(i).filter(|token| token.word.is_known())?;
        if !self.language.lexicon.reach_classes(token.word).has(class) {
            return None;
        }
        self.longest(i, |meaning| meaning.classes.has(class).then_some(())).map(|((), end)| end)
    }

    /// What the longest fitting word or phrase at `i` means, and the place behind it.
    pub fn longest<T>(&self, i: usize, fits: impl Fn(&Meaning) -> Option<T>) -> Option<(T, usize)> {
        let token = self.at(i).filter(|token| token.word.is_known())?;
        let lexicon = &self.language.lexicon;
        fits(lexicon.reach(token.word))?;
        let phrase = lexicon.phrases(token.word).find_map(|(rest, meaning)| {
            let found = fits(meaning)?;
            Some((found, self.follow(i + 1, rest)?))
        });
        phrase.or_else(|| fits(lexicon.meaning(token.word)).map(|found| (found, i + 1)))
    }

    /// The place behind these words, where they stand at `i`; small marks between them do not matter.
    pub fn follow(&self, mut i: usize, words: &[WordId]) -> Option<usize> {
        for word in words {
            let mut token = self.at(i)?;
            if matches!(token.kind, TokenKind::Mark('\'' | '’' | '-' | '‑' | '/' | '&' | '.')) {
                i += 1;
                token = self.at(i)?;
            }
            if token.word != *word {
                return None;
            }
            i += 1;
        }
        Some(i)
    }

    /// True for this mark at `i`.
    pub fn is(&self, i: usize, mark: char) -> bool {
        self.at(i).is_some_and(|token| token.is(mark))
    }

    /// True for a token that touches the one before it.
    pub fn glued(&self, i: usize) -> bool {
        self.at(i).is_some_and(|token| !token.spaced)
    }

    /// `i` behind the mark, if it stands there.
    pub fn skip(&self, i: usize, mark: char) -> usize {
        if self.is(i, mark) { i + 1 } else { i }
    }

    /// `i` behind a word or phrase of this list, if one stands there.
    pub fn skip_phrase(&self, i: usize, class: Class) -> usize {
        self.phrase(i, class).unwrap_or(i)
    }
}

/// What a byte begins.
#[derive(Debug, Clone, Copy)]
enum Begins {
    Space,
    Letter,
    Digit,
    Mark,
    /// A character of several bytes.
    Wide,
}

const BEGINS: [Begins; 256] = {
    let mut begins = [Begins::Wide; 256];
    let mut byte = 0;
    while byte < 128 {
        begins[byte] = match byte as u8 {
            b' ' | b'\n' | b'\t' | b'\r' => Begins::Space,
            b'0'..=b'9' => Begins::Digit,
            b'A'..=b'Z' | b'a'..=b'z' => Begins::Letter,
            _ => Begins::Mark,
        };
        byte += 1;
    }
    begins
};

/// Appends the tokens of a text. True where one of them is a number or tells a time.
pub fn tokenize(text: &str, language: &'static Language, out: &mut Vec<Token>) -> bool {
    let bytes = text.as_bytes();
    let lexicon = &language.lexicon;
    let (mut marks, mut numbered) = (Marks::default(), false);
    let (mut spaced, mut new_line) = (true, false);
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        let (mut kind, mut word, mut capital) = (TokenKind::Word, WordId::default(), false);
        match BEGINS[usize::from(byte)] {
            Begins::Space => {
                spaced = true;
                new_line |= byte == b'\n';
                at += 1;
                continue;
            }
            Begins::Letter => {
                let end = plain_words(text, at, (spaced, new_line), lexicon, out, &mut marks);
                if end > at {
                    at = end;
                    (spaced, new_line) = (false, false);
                    continue;
                }
                at = letters(text, at);
                capital = byte & 0x20 == 0;
                word = lexicon.look(text.get(start..at).unwrap_or_default());
            }
            Begins::Digit => (kind, at) = number(bytes, at),
            Begins::Mark => {
                kind = TokenKind::Mark(byte as char);
                at += 1;
            }
            Begins::Wide => {
                let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else { break };
                if c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}') {
                    spaced = true;
                    at += c.len_utf8();
                    continue;
                }
                if is_unspaced(c) {
                    (word, at) = longest_run(text, at, language);
                } else if is_letter(c) {
                    at = letters(text, at);
                    capital = c.is_uppercase();
                    word = lexicon.look(text.get(start..at).unwrap_or_default());
                } else if let Some(digit) = wide_digit(c) {
                    (kind, at) = wide_number(text, at, digit);
                } else if matches!(c, '°' | 'º' | 'ª') && !spaced && make_ordinal(out, at + c.len_utf8()) {
                    at += c.len_utf8();
                    continue;
                } else {
                    kind = TokenKind::Mark(narrow(c));
                    at += c.len_utf8();
                }
            }
        }
        if !spaced && word.is(Marks::ENDS_ORDINAL) {
            // "5:e maj"
            let colon = out.last().is_some_and(|mark| mark.is(':') && !mark.spaced).then(|| out.pop()).flatten();
            if make_ordinal(out, at) {
                continue;
            }
            out.extend(colon);
        }
        marks |= word.marks();
        numbered |= matches!(kind, TokenKind::Number { .. });
        out.push(Token { kind, start: start as u32, end: at as u32, word, spaced, new_line, capital });
        (spaced, new_line) = (false, false);
        // A single blank is what mostly follows.
        if bytes.get(at) == Some(&b' ') {
            (spaced, at) = (true, at + 1);
        }
    }
    numbered || marks.any(Marks::TIMES)
}

/// Appends words of plain letters that single blanks part, which is what most of a text is, and answers the place behind the last.
/// Whether the first is spaced and begins a line is told.
fn plain_words(
    text: &str,
    from: usize,
    (mut spaced, mut new_line): (bool, bool),
    lexicon: &Lexicon,
    out: &mut Vec<Token>,
    marks: &mut Marks,
) -> usize {
    let bytes = text.as_bytes();
    let begins = |at: usize| bytes.get(at).map_or(Begins::Space, |byte| BEGINS[usize::from(*byte)]);
    let (mut at, mut last) = (from, from);
    loop {
        let (spelling, end) = Spelling::at(bytes, at);
        // It goes on with other letters, or is longer than a spelling.
        if matches!(begins(end), Begins::Letter | Begins::Wide) {
            return last;
        }
        let word = lexicon.look_spelled(spelling, end - at, || text.get(at..end).unwrap_or_default());
        if !spaced && word.is(Marks::ENDS_ORDINAL) {
            return last;
        }
        let capital = bytes.get(at).is_some_and(|byte| byte & 0x20 == 0);
        *marks |= word.marks();
        let kind = TokenKind::Word;
        out.push(Token { kind, start: at as u32, end: end as u32, word, spaced, new_line, capital });
        if bytes.get(end) != Some(&b' ') || !matches!(begins(end + 1), Begins::Letter) {
            return end;
        }
        (at, last) = (end + 1, end);
        (spaced, new_line) = (true, false);
    }
}

/// Makes the number right before an ordinal that ends here.
fn make_ordinal(out: &mut [Token], at: usize) -> bool {
    let Some(Token { kind: TokenKind::Number { ordinal, digits: 1..=2, .. }, end, .. }) = out.last_mut() else {
        return false;
    };
    (*ordinal, *end) = (true, at as u32);
    true
}

/// The words of an entry of a language file, as they stand.
pub fn words_of(entry: &str) -> Vec<&str> {
    if entry.chars().any(is_unspaced) {
        return vec![entry];
    }
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(c) = entry.get(at..).and_then(|rest| rest.chars().next()) {
        if is_letter(c) {
            let end = letters(entry, at);
            words.extend(entry.get(at..end));
            at = end;
        } else if c.is_ascii_digit() {
            let end = entry
                .get(at..)
                .and_then(|rest| rest.find(|c: char| !c.is_ascii_digit()))
                .map_or(entry.len(), |n| at + n);
            words.extend(entry.get(at..end));
            at = end;
        } else {
            at += c.len_utf8();
        }
    }
    words
}

/// The end of the word that begins at `at`.
fn letters(text: &str, mut at: usize) -> usize {
    let bytes = text.as_bytes();
    while let Some(&byte) = bytes.get(at) {
        if byte.is_ascii_alphabetic() {
            at += 1;
        } else if byte < 128 {
            break;
        } else {
            match text.get(at..).and_then(|rest| rest.chars().next()) {
                Some(c) if is_letter(c) && !is_unspaced(c) => at += c.len_utf8(),
                _ => break,
            }
        }
    }
    at
}

fn number(bytes: &[u8], start: usize) -> (TokenKind, usize) {
    let mut at = start;
    let mut value = 0u32;
    while let Some(digit) = bytes.get(at).filter(|byte| byte.is_ascii_digit()) {
        value = value.saturating_mul(10).saturating_add(u32::from(digit - b'0'));
        at += 1;
    }
    let digits = u8::try_from(at - start).unwrap_or(u8::MAX);
    (TokenKind::Number { value, digits, ordinal: false }, at)
}

/// `１２`, as Japanese and Chinese texts write numbers too.
fn wide_number(text: &str, start: usize, first: u32) -> (TokenKind, usize) {
    let (mut at, mut digits, mut value) = (start + '０'.len_utf8(), 1u8, first);
    while let Some(digit) = text.get(at..).and_then(|rest| rest.chars().next()).and_then(wide_digit) {
        value = value.saturating_mul(10).saturating_add(digit);
        digits = digits.saturating_add(1);
        at += '０'.len_utf8();
    }
    (TokenKind::Number { value, digits, ordinal: false }, at)
}

fn wide_digit(c: char) -> Option<u32> {
    ('０'..='９').contains(&c).then(|| c as u32 - '０' as u32)
}

/// Full-width marks as their narrow twins.
fn narrow(c: char) -> char {
    match c {
        '（' => '(',
        '）' => ')',
        '：' => ':',
        '，' | '、' => ',',
        '／' => '/',
        '｜' => '|',
        '．' => '.',
        '；' => ';',
        '＠' => '@',
        c => c,
    }
}

/// The longest entry of the lexicon at `at` in a script without spaces, else one character.
fn longest_run(text: &str, at: usize, language: &Language) -> (WordId, usize) {
    let rest = text.get(at..).unwrap_or_default();
    let mut ends = [0; 24];
    let mut count = 0;
    for ((start, c), slot) in rest.char_indices().take(language.lexicon.longest_run.max(1)).zip(&mut ends) {
        if !is_unspaced(c) {
            break;
        }
        *slot = start + c.len_utf8();
        count += 1;
    }
    let ends = ends.get(..count).unwrap_or_default();
    let found = ends
        .iter()
        .rev()
        .map(|end| (language.lexicon.look(rest.get(..*end).unwrap_or_default()), *end))
        .find(|(word, _)| word.is_known());
    let (word, end) = found.unwrap_or((WordId::default(), ends.first().copied().unwrap_or(1)));
    (word, at + end)
}

/// Han, Hiragana, Katakana: scripts that leave no space between words.
pub fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{2fdf}' | '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

pub(super) fn is_letter(c: char) -> bool {
    c.is_alphabetic() && !matches!(c, 'º' | 'ª') || c > '\u{2ff}' && unicode_normalization::char::is_combining_mark(c)
}
