//! Titles and places as words that can be compared: a text in → its words without case, marks and punctuation, sorted by what they are good for.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// As many words of a title are compared; longer ones are no titles.
const MOST: usize = 24;

/// A title by its words.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Title {
    /// What tells this event from others, each once.
    pub(super) telling: BTreeSet<String>,
    /// Of which kinds it calls itself, by line of `words.txt`.
    pub(super) kinds: BTreeSet<usize>,
    /// Numbers that are no years: `#12`, `3rd`.
    pub(super) numbers: BTreeSet<u32>,
    /// Years: `2026`.
    pub(super) years: BTreeSet<u32>,
}

impl Title {
    pub(super) fn of(text: &str) -> Self {
        let mut title = Self::default();
        for word in words(text).into_iter().take(MOST) {
            if let Some(number) = number(&word) {
                let is_year = (1900..2200).contains(&number) && word.len() == 4;
                if is_year { &mut title.years } else { &mut title.numbers }.insert(number);
            } else if let Some(kind) = LISTS.kinds.get(word.as_str()) {
                title.kinds.insert(*kind);
            } else if !is_empty(&word) {
                title.telling.insert(word);
            }
        }
        title
    }

    /// True where the two name another edition: `Meetup #12` and `Meetup #13`, `Summit 2025` and `Summit 2026`.
    pub(super) fn is_another_edition(&self, other: &Self) -> bool {
        let apart = |a: &BTreeSet<u32>, b: &BTreeSet<u32>| !a.is_empty() && !b.is_empty() && a.is_disjoint(b);
        apart(&self.years, &other.years) || apart(&self.numbers, &other.numbers)
    }
}

/// The words of a text in small letters without marks. Scripts without spaces give pairs of neighbouring signs instead.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut word = String::new();
    let letters = text.nfkd().flat_map(char::to_lowercase).filter(|c| !is_mark(*c));
    for c in letters.chain([' ']) {
        if c.is_alphanumeric() {
            match c {
                'ß' => word.push_str("ss"),
                'ø' => word.push('o'),
                'ł' => word.push('l'),
                'æ' => word.push_str("ae"),
                'đ' => word.push('d'),
                'ı' => word.push('i'),
                _ => word.push(c),
            }
        } else if !word.is_empty() {
            push(std::mem::take(&mut word), &mut found);
        }
    }
    found
}

fn push(word: String, found: &mut Vec<String>) {
    if word.chars().any(is_unspaced) && word.chars().count() > 2 {
        let signs: Vec<char> = word.chars().collect();
        found.extend(signs.windows(2).map(|pair| pair.iter().collect::<String>()));
    } else {
        found.push(word);
    }
}

/// Kana and Han, which are written without spaces.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
}

fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c) || c == '\'' || c == '’'
}

/// `12`, `12th`, `12e`: a number that counts editions.
fn number(word: &str) -> Option<u32> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let ending = &word[digits.len()..];
    matches!(ending, "" | "st" | "nd" | "rd" | "th" | "e" | "eme" | "er" | "o" | "a").then(|| digits.parse().ok())?
}

/// Two spellings of one word: the same, one slip of the pen in a long one, or another ending, as in another language.
pub(super) fn is_same_word(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    // Few slips are at the first letter, and most words differ there.
    if a.as_bytes().first() != b.as_bytes().first() {
        return false;
    }
    let (short, long) = (a.len().min(b.len()), a.len().max(b.len()));
    let beginning = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    short > 4 && (beginning >= 5.max(long * 7 / 10) || long - short < 2 && strsim::osa_distance(a, b) < 2)
}

/// How many words of the first stand in the second too.
pub(super) fn shared(a: &BTreeSet<String>, b: &BTreeSet<String>) -> usize {
    a.iter().filter(|word| has(b, word)).count()
}

/// True where the word or a spelling of it is among these.
pub(super) fn has(among: &BTreeSet<String>, word: &str) -> bool {
    among.contains(word) || among.iter().any(|other| is_same_word(word, other))
}

/// The words of a place's line; none where it only says that one joins from afar.
pub(super) fn place_words(line: &str) -> Vec<String> {
    let words = words(line);
    if words.iter().all(|word| LISTS.afar.contains(word.as_str())) { Vec::new() } else { words }
}

/// True for a word that many venues share: `house`.
pub(super) fn is_of_any_venue(word: &str) -> bool {
    LISTS.venue.contains(word) || word.bytes().all(|byte| byte.is_ascii_digit())
}

/// A single letter of an alphabet, or a word that stands in any title.
fn is_empty(word: &str) -> bool {
    (word.len() == 1 && word.is_ascii()) || LISTS.empty.contains(word)
}

/// The lists of `words.txt`.
struct Lists {
    /// Word → its kind of event.
    kinds: HashMap<&'static str, usize>,
    empty: HashSet<&'static str>,
    /// Of venues that are many.
    venue: HashSet<&'static str>,
    /// Of places that are none.
    afar: HashSet<&'static str>,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let mut lists = Lists { kinds: HashMap::new(), empty: HashSet::new(), afar: HashSet::new(), venue: HashSet::new() };
    for (nth, line) in include_str!("words.txt").lines().enumerate() {
        match line.split_once(": ") {
            Some(("kind", words)) => lists.kinds.extend(words.split(' ').map(|word| (word, nth))),
            Some(("venue", words)) => lists.venue.extend(words.split(' ')),
            Some(("afar", words)) => lists.afar.extend(words.split(' ')),
            Some(("empty", words)) => lists.empty.extend(words.split(' ')),
            _ => {}
        }
    }
    lists
});

#[cfg(test)]
mod tests {
    use super::*;

    fn telling(title: &str) -> Vec<String> {
        Title::of(title).telling.into_iter().collect()
    }

    #[test]
    fn of_a_title_the_telling_words_are_left() {
        assert_eq!(telling("Reminder: the Nets & Knots meetup #12 – October 2026 🎉"), ["knots", "nets"]);
        assert_eq!(telling("Straße am Łabędź: Ø"), ["labedz", "strasse"]);
        let title = Title::of("12th Lantern Conference 2026");
        assert_eq!((title.numbers.first(), title.years.first()), (Some(&12), Some(&2026)));
    }

    #[test]
    fn scripts_without_spaces_give_pairs_of_signs() {
        assert_eq!(words("灯台まつり"), ["灯台", "台ま", "まつ", "つり"]);
        assert_eq!(words("Встреча у маяка"), ["встреча", "у", "маяка"]);
    }

    #[test]
    fn editions_are_told_apart_by_their_numbers() {
        let cases = [
            ("Meetup #12", "Meetup #13", true),
            ("Meetup 12", "12th meetup", false),
            ("Summit 2025", "Summit 2026", true),
            ("Summit", "Summit 2026", false),
        ];
        for (a, b, expected) in cases {
            assert_eq!(Title::of(a).is_another_edition(&Title::of(b)), expected, "{a} | {b}");
        }
    }

    #[test]
    fn one_slip_in_a_long_word_is_no_other_word() {
        assert!(is_same_word("lantern", "lanetrn") && is_same_word("picnic", "picnics"));
        assert!(is_same_word("observability", "observabilitate"));
        assert!(!is_same_word("rust", "dust") && !is_same_word("lantern", "latent"));
    }
}
