//! Names as keys: one form for every way to write a name.
//!
//! In: a name in any case, with or without its accents. Out: a [`Key`]: small letters without marks, words parted by one blank.
//! make.py folds the names of the file by the same rules; what changes here changes there, and the file is made anew.

use unicode_normalization::UnicodeNormalization;

/// Bytes of a key; no town's name is longer.
const LONGEST: usize = 80;

/// A folded name, kept in place: nothing is allocated.
pub struct Key {
    bytes: [u8; LONGEST],
    length: usize,
    /// Where the word begins that is being written.
    word: usize,
    fits: bool,
}

impl Key {
    /// The key of a name; nothing where the name has no letters or is longer than any town's.
    pub fn of(name: &str) -> Option<Key> {
        Key::of_words(&[name])
    }

    /// The key of words, as if blanks stood between them.
    pub fn of_words(words: &[&str]) -> Option<Key> {
        let mut key = Key { bytes: [0; LONGEST], length: 0, word: 0, fits: true };
        for word in words {
            for letter in word.chars() {
                key.fold(letter);
                if !key.fits {
                    return None;
                }
            }
            key.gap();
        }
        while key.as_bytes().last() == Some(&b' ') {
            key.length -= 1;
        }
        (key.length > 0 && key.fits).then_some(key)
    }

    /// The key of a short code, which never meets that of a name.
    pub fn of_code(code: &str) -> Key {
        let mut key = Key { bytes: [0; LONGEST], length: 0, word: 0, fits: true };
        key.push(b'#');
        code.bytes().filter(|byte| *byte != b'.').for_each(|byte| key.push(byte));
        key
    }

    /// The letters of the key, UTF-8.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    /// FNV-1a, and the mixing step of MurmurHash3 so that the upper bits are as good as the lower.
    pub fn hash(&self) -> u64 {
        let mut value = self
            .as_bytes()
            .iter()
            .fold(0xCBF2_9CE4_8422_2325u64, |value, byte| (value ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3));
        value = (value ^ (value >> 33)).wrapping_mul(0xFF51_AFD7_ED55_8CCD);
        value = (value ^ (value >> 33)).wrapping_mul(0xC4CE_B9FE_1A85_EC53);
        value ^ (value >> 33)
    }

    fn push(&mut self, byte: u8) {
        match self.bytes.get_mut(self.length) {
            Some(place) => (*place, self.length) = (byte, self.length + 1),
            None => self.fits = false,
        }
    }

    fn fold(&mut self, letter: char) {
        match letter {
            'a'..='z' | '0'..='9' => self.push(letter as u8),
            'A'..='Z' => self.push(letter.to_ascii_lowercase() as u8),
            '\'' | '.' | '`' => {}
            '\0'..='\x7f' => self.gap(),
            _ => letter.to_lowercase().for_each(|low| self.fold_low(low)),
        }
    }

    fn fold_low(&mut self, letter: char) {
        // Most letters of most scripts are their own key; taking them apart first would cost five times as much.
        if matches!(letter, 'а'..='и' | 'к'..='я' | 'α'..='ρ' | 'σ'..='ω' | '\u{4e00}'..='\u{9fff}') {
            return letter.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| self.push(byte));
        }
        if let Some(plain) = plain(letter) {
            plain.bytes().for_each(|byte| self.push(byte));
        } else if is_dropped(letter) {
        } else if is_whole(letter) {
            self.part(letter);
        } else {
            std::iter::once(letter).nfkd().for_each(|part| self.part(part));
        }
    }

    fn part(&mut self, part: char) {
        if part.is_ascii_uppercase() {
            self.push(part.to_ascii_lowercase() as u8);
        } else if is_dropped(part) {
        } else if is_gap(part) {
            self.gap();
        } else {
            part.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| self.push(byte));
        }
    }

    /// A word ends: those that are often shortened take their short form.
    fn gap(&mut self) {
        let short: &[u8] = match self.bytes.get(self.word..self.length).unwrap_or_default() {
            b"" => return,
            b"saint" | b"sankt" | b"sint" => b"st",
            b"sainte" => b"ste",
            b"fort" => b"ft",
            b"mount" => b"mt",
            _ => b"",
        };
        if !short.is_empty() {
            self.length = self.word;
            short.iter().for_each(|byte| self.push(*byte));
        }
        // The blank behind the last word is taken back at the end, and may lack its room there.
        if self.length < LONGEST {
            self.push(b' ');
        }
        self.word = self.length;
    }
}

/// Letters that no rule of Unicode takes apart.
fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ı' => "i",
        'ŋ' => "n",
        'ŧ' => "t",
        'ə' => "e",
        'ς' => "σ",
        _ => return None,
    })
}

/// Marks and apostrophes: they leave no trace.
fn is_dropped(letter: char) -> bool {
    matches!(letter, '\'' | '.' | '`' | '´' | '·' | '\u{2b0}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5c7}'
        | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{200b}'..='\u{200f}' | '\u{2018}'..='\u{201b}' | '\u{2032}'..='\u{2033}')
}

/// Signs that part words.
fn is_gap(letter: char) -> bool {
    matches!(letter, '\0'..='/' | ':'..='`' | '{'..='\u{a9}' | '\u{ab}'..='\u{b1}' | '\u{b6}'..='\u{b9}' | '\u{bb}'..='\u{bf}' | '×' | '÷'
        | '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '\u{3030}' | '\u{30fb}' | '\u{fe10}'..='\u{fe6f}')
}

/// Kana and Hangul: taking marks off would make other sounds of them.
fn is_whole(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30ff}' | '\u{ac00}'..='\u{d7af}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(name: &str) -> String {
        Key::of(name).map(|key| String::from_utf8_lossy(key.as_bytes()).into_owned()).unwrap_or_default()
    }

    #[test]
    fn one_key_for_every_way_to_write_a_name() {
        for (name, key) in [
            ("München", "munchen"),
            ("  SAN  Francisco ", "san francisco"),
            ("Saint-Étienne", "st etienne"),
            ("St. Gallen", "st gallen"),
            ("Sankt Gallen", "st gallen"),
            ("L’Aquila", "laquila"),
            ("'s-Hertogenbosch", "s hertogenbosch"),
            ("Łódź", "lodz"),
            ("Großräschen", "grossraschen"),
            ("Ærøskøbing", "aeroskobing"),
            ("Bucureşti", "bucuresti"),
            ("BUCUREȘTI", "bucuresti"),
            ("İzmir", "izmir"),
            ("Орёл", "орел"),
            ("Йошкар-Ола", "ио\u{448}кар ола"),
            ("パリ", "パリ"),
            ("ハバナ", "ハバナ"),
            ("서울", "서울"),
            ("Αθήνα", "αθηνα"),
            ("Halle (Saale)", "halle saale"),
            ("Tokyo", "tokyo"),
            ("", ""),
            (" – ", ""),
        ] {
            assert_eq!(folded(name), key, "{name}");
        }
        assert!(Key::of(&"a".repeat(80)).is_some());
        assert!(Key::of(&"a".repeat(81)).is_none());
        assert!(Key::of(&"東".repeat(1000)).is_none());
    }

    /// The sum that make.py prints.
    #[test]
    fn the_script_folds_the_same() {
        let letters =
            [(0x20, 0x530), (0x1E00, 0x2000), (0x3000, 0x3100), (0x4E00, 0x4F00), (0xAC00, 0xAD00), (0xFF00, 0xFFA0)];
        let letters = letters.into_iter().flat_map(|(first, end)| first..end).filter_map(char::from_u32);
        let sum = letters.map(|letter| Key::of(&format!("x{letter}x")).map_or(0, |key| key.hash()));
        assert_eq!(sum.fold(0, u64::wrapping_add), 0x6F55_E3A7_3560_A522);
    }
}
