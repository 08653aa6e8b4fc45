//! Words found by their letters: whole, by their beginning, by their ending.

use super::super::bytes::small_letters;
use super::word::{COUNT_BITS, WordId};

/// A word of at most sixteen ASCII letters in small, as two numbers: what a text's words are compared by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spelling {
    head: u64,
    tail: u64,
}

/// The longest word that has a spelling, in letters.
const LONGEST_SPELLING: usize = 16;

impl Spelling {
    /// The spelling of the letters at `at`, and the place behind the last; a longer word has only its first letters.
    #[inline]
    pub fn at(bytes: &[u8], at: usize) -> (Self, usize) {
        let (head, count) = small_letters(bytes, at);
        if count < 8 {
            return (Self { head, tail: 0 }, at + count);
        }
        let (tail, count) = small_letters(bytes, at + 8);
        (Self { head, tail }, at + 8 + count)
    }

    /// The spelling of a word of small letters, if it has one.
    fn of(word: &[u8]) -> Option<Self> {
        let fits = word.len() <= LONGEST_SPELLING && !word.is_empty() && word.iter().all(u8::is_ascii_lowercase);
        fits.then(|| Self::at(word, 0).0)
    }

    /// Its first three letters, as [`first_bytes`] tells them.
    #[inline]
    pub fn first(self, length: usize) -> Option<u32> {
        (length >= 3).then_some(self.head as u32 & 0xff_ffff)
    }

    /// Its last three letters, as [`last_bytes`] tells them.
    #[inline]
    pub fn last(self, length: usize) -> Option<u32> {
        let letters = u128::from(self.head) | u128::from(self.tail) << 64;
        length.checked_sub(3).map(|behind| (letters >> (8 * (behind & 15))) as u32 & 0xff_ffff)
    }

    /// Its letters as one number whose bits are alike.
    #[inline]
    fn mixed(self) -> u64 {
        (self.head ^ self.tail.rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

/// Words that have a spelling. Open addressing, at most half full.
///
/// A slot holds no letters, only some bits that other words hardly share, and the word: all slots together are small enough to stay at
/// hand, and most words of a text are in none.
#[derive(Debug, Default)]
pub struct Spellings {
    slots: Vec<u32>,
    /// By the place of the word, whose bits in a slot are those that count.
    known: Vec<(Spelling, WordId)>,
}

impl Spellings {
    pub fn new(entries: &[(Box<[u8]>, WordId)]) -> Self {
        let mut slots = vec![0; (entries.len() * 2 + 1).next_power_of_two()];
        let mut known = Vec::new();
        let mask = slots.len() - 1;
        for (text, id) in entries {
            let Some(spelling) = Spelling::of(text) else { continue };
            let mixed = spelling.mixed();
            let mut at = (mixed >> 40) as usize & mask;
            while slots.get(at).is_some_and(|taken| *taken != 0) {
                at = (at + 1) & mask;
            }
            if let Some(slot) = slots.get_mut(at) {
                *slot = Self::bits(mixed) | id.place() as u32;
            }
            known.resize(known.len().max(id.place() + 1), Default::default());
            if let Some(place) = known.get_mut(id.place()) {
                *place = (spelling, *id);
            }
        }
        Self { slots, known }
    }

    /// The bits of a slot that are those of the letters.
    #[inline]
    fn bits(mixed: u64) -> u32 {
        mixed as u32 & (u32::MAX << COUNT_BITS)
    }

    /// The word that is spelled so, if there is one.
    #[inline]
    pub fn find(&self, spelling: Spelling) -> WordId {
        let mixed = spelling.mixed();
        let (bits, mask) = (Self::bits(mixed), self.slots.len().saturating_sub(1));
        let mut at = (mixed >> 40) as usize & mask;
        while let Some(slot) = self.slots.get(at).filter(|slot| **slot != 0) {
            // Other bits leave a number that is no word's.
            if let Some((known, id)) = self.known.get((*slot ^ bits) as usize)
                && *known == spelling
            {
                return *id;
            }
            at = (at + 1) & mask;
        }
        WordId::default()
    }
}

/// FNV-1a; its lowest bits know only the last letters: the highest help.
fn hash(bytes: &[u8]) -> u32 {
    let hash = bytes.iter().fold(0x811c_9dc5u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    hash ^ hash >> 15
}

/// Words of any letters. Open addressing, at most half full.
#[derive(Debug, Default)]
pub struct Index {
    slots: Vec<(u32, WordId)>,
}

impl Index {
    pub fn new(entries: &[(Box<[u8]>, WordId)]) -> Self {
        let mut slots = vec![(0, WordId::default()); (entries.len() * 2 + 1).next_power_of_two()];
        let mask = slots.len() - 1;
        for (text, id) in entries {
            let hash = hash(text);
            let mut at = hash as usize & mask;
            while slots.get(at).is_some_and(|(_, taken)| taken.is_known()) {
                at = (at + 1) & mask;
            }
            if let Some(slot) = slots.get_mut(at) {
                *slot = (hash, *id);
            }
        }
        Self { slots }
    }

    /// The word with exactly these letters, where `of` knows those of each, if there is one.
    pub fn get<'t>(&self, text: &[u8], of: impl Fn(WordId) -> &'t [u8]) -> WordId {
        let (hash, mask) = (hash(text), self.slots.len().saturating_sub(1));
        let mut at = hash as usize & mask;
        while let Some((known, id)) = self.slots.get(at) {
            if !id.is_known() || *known == hash && of(*id) == text {
                return *id;
            }
            at = (at + 1) & mask;
        }
        WordId::default()
    }
}

/// Beginnings or endings of words, with a sieve that lets few other words through.
#[derive(Debug, Default)]
pub struct Affixes {
    lengths: Vec<usize>,
    sieve: Vec<u64>,
    index: Index,
}

/// Bits of a sieve: two to the power of this.
const SIEVE_BITS: u32 = 12;

impl Affixes {
    pub fn new(entries: &[(Box<[u8]>, WordId)], key: fn(&[u8]) -> Option<u32>) -> Self {
        let mut affixes =
            Affixes { sieve: vec![0; 1 << SIEVE_BITS >> 6], index: Index::new(entries), lengths: Vec::new() };
        for (text, _) in entries {
            affixes.lengths.push(text.len());
            let bit = key(text).map_or(0, sieve_bit);
            if let Some(word) = affixes.sieve.get_mut(bit / 64) {
                *word |= 1 << (bit % 64);
            }
        }
        affixes.lengths.sort_unstable_by(|a, b| b.cmp(a));
        affixes.lengths.dedup();
        affixes
    }

    /// Words with these three bytes at that end may be among them.
    #[inline]
    pub fn lets_through(&self, key: Option<u32>) -> bool {
        let Some(key) = key else { return false };
        let bit = sieve_bit(key);
        self.sieve.get(bit / 64).is_some_and(|word| word >> (bit % 64) & 1 == 1)
    }

    /// The longest stem that the word begins with.
    pub fn prefix_of<'t>(&self, word: &[u8], of: impl Fn(WordId) -> &'t [u8] + Copy) -> WordId {
        if !self.lets_through(first_bytes(word)) {
            return WordId::default();
        }
        let mut found =
            self.lengths.iter().filter_map(|length| word.get(..*length)).map(|stem| self.index.get(stem, of));
        found.find(|id| id.is_known()).unwrap_or_default()
    }

    /// The longest ending of the word that leaves something before it.
    pub fn suffix_of<'t>(&self, word: &[u8], of: impl Fn(WordId) -> &'t [u8] + Copy) -> WordId {
        if !self.lets_through(last_bytes(word)) {
            return WordId::default();
        }
        let ending =
            |length: &usize| word.len().checked_sub(*length).filter(|at| *at > 0).and_then(|at| word.get(at..));
        let mut found = self.lengths.iter().filter_map(ending).map(|ending| self.index.get(ending, of));
        found.find(|id| id.is_known()).unwrap_or_default()
    }
}

fn sieve_bit(key: u32) -> usize {
    (key.wrapping_mul(0x9e37_79b1) >> (32 - SIEVE_BITS)) as usize
}

/// The first three bytes; ASCII letters in small.
#[inline]
pub fn first_bytes(word: &[u8]) -> Option<u32> {
    word.first_chunk().map(three)
}

/// The last three bytes; ASCII letters in small.
#[inline]
pub fn last_bytes(word: &[u8]) -> Option<u32> {
    word.last_chunk().map(three)
}

/// Bytes that differ in that bit only share a place in a sieve, which costs nothing but a second look.
fn three([a, b, c]: &[u8; 3]) -> u32 {
    (u32::from(*a) | u32::from(*b) << 8 | u32::from(*c) << 16) | 0x20_2020
}
