//! Words found by their letters: whole, by their beginning, by their ending.

use super::lexicon::WordId;

/// Where the hash of a word begins.
pub const SEED: u32 = 0x811c_9dc5;

/// The hash with one more byte; the same for `Word`, `WORD` and `word`, and for bytes that differ in that bit only, which the comparison
/// behind it tells apart.
pub const fn hashed(hash: u32, byte: u8) -> u32 {
    (hash ^ (byte | 0x20) as u32).wrapping_mul(0x0100_0193)
}

fn hash(bytes: &[u8]) -> u32 {
    bytes.iter().fold(SEED, |hash, byte| hashed(hash, *byte))
}

/// The lowest bits of a hash know only the last letters: the highest help.
fn slot_of(hash: u32) -> usize {
    (hash ^ hash >> 15) as usize
}

/// Open addressing, at most half full.
#[derive(Debug, Default)]
pub struct Index {
    slots: Vec<(u32, WordId)>,
}

impl Index {
    pub fn new(entries: &[(Box<[u8]>, WordId)]) -> Self {
        let mut index = Index { slots: vec![(0, 0); (entries.len() * 2 + 1).next_power_of_two()] };
        for (text, id) in entries {
            let hash = hash(text);
            let mut at = slot_of(hash) & (index.slots.len() - 1);
            while index.slots.get(at).is_some_and(|(_, taken)| *taken != 0) {
                at = (at + 1) & (index.slots.len() - 1);
            }
            if let Some(slot) = index.slots.get_mut(at) {
                *slot = (hash, *id);
            }
        }
        index
    }

    pub fn get<'t>(&self, text: &[u8], of: impl Fn(WordId) -> &'t [u8]) -> WordId {
        self.find(hash(text), |id| of(id) == text)
    }

    pub fn find(&self, hash: u32, is: impl Fn(WordId) -> bool) -> WordId {
        let mut at = slot_of(hash) & (self.slots.len().saturating_sub(1));
        while let Some((known, id)) = self.slots.get(at) {
            if *id == 0 {
                return 0;
            }
            if *known == hash && is(*id) {
                return *id;
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
        0
    }
}

/// Beginnings or endings of words, with a sieve that lets few other words through.
#[derive(Debug, Default)]
pub struct Affixes {
    lengths: Vec<usize>,
    sieve: Vec<u64>,
    index: Index,
}

const SIEVE_BITS: usize = 4096;

impl Affixes {
    pub fn new(entries: &[(Box<[u8]>, WordId)], key: fn(&[u8]) -> Option<&[u8]>) -> Self {
        let mut affixes = Affixes { sieve: vec![0; SIEVE_BITS / 64], index: Index::new(entries), lengths: Vec::new() };
        for (text, _) in entries {
            affixes.lengths.push(text.len());
            let bit = key(text).map_or(0, hash) as usize % SIEVE_BITS;
            if let Some(word) = affixes.sieve.get_mut(bit / 64) {
                *word |= 1 << (bit % 64);
            }
        }
        affixes.lengths.sort_unstable_by(|a, b| b.cmp(a));
        affixes.lengths.dedup();
        affixes
    }

    pub fn lets_through(&self, key: Option<&[u8]>) -> bool {
        let Some(key) = key else { return false };
        let bit = hash(key) as usize % SIEVE_BITS;
        !self.lengths.is_empty() && self.sieve.get(bit / 64).is_some_and(|word| word >> (bit % 64) & 1 == 1)
    }

    /// The longest stem that the word begins with.
    pub fn prefix_of<'t>(&self, word: &[u8], of: impl Fn(WordId) -> &'t [u8] + Copy) -> WordId {
        if !self.lets_through(first_bytes(word)) {
            return 0;
        }
        let mut found =
            self.lengths.iter().filter_map(|length| word.get(..*length)).map(|stem| self.index.get(stem, of));
        found.find(|id| *id != 0).unwrap_or(0)
    }

    /// The longest ending of the word that leaves something before it.
    pub fn suffix_of<'t>(&self, word: &[u8], of: impl Fn(WordId) -> &'t [u8] + Copy) -> WordId {
        if !self.lets_through(last_bytes(word)) {
            return 0;
        }
        let ending =
            |length: &usize| word.len().checked_sub(*length).filter(|at| *at > 0).and_then(|at| word.get(at..));
        let mut found = self.lengths.iter().filter_map(ending).map(|ending| self.index.get(ending, of));
        found.find(|id| *id != 0).unwrap_or(0)
    }
}

pub fn first_bytes(word: &[u8]) -> Option<&[u8]> {
    word.get(..3)
}

pub fn last_bytes(word: &[u8]) -> Option<&[u8]> {
    word.get(word.len().checked_sub(3)?..)
}
