//! Which language a text is in, where what was declared looks wrong: by its commonest small words.
//!
//! A site's configured language is often not that of every post. Only a text that hardly has a common word of its declared language is
//! looked at again, and only a language that clearly fits better is taken.

use super::super::bytes::any;
use super::super::tokens::Token;
use super::index::{Affixes, first_bytes};
use super::{Class, FILES, Language, all, common, nth};
use std::sync::LazyLock;

/// So many words tell enough.
const MOST_WORDS: usize = 80;
/// And so many bytes of each part.
const MOST_BYTES: usize = 2_000;
/// Fewer tell nothing.
const LEAST_WORDS: usize = 25;
/// Running text of a language has at least such a share of its common words.
const OWN_SHARE: f32 = 0.07;
/// A better language must have at least this, and twice that of the declared one.
const BETTER_SHARE: f32 = 0.14;

/// The words of a text, cut as those of the declared language, have enough of its common ones: no other language needs to be tried.
pub fn is_at_home<'t>(declared: &Language, parts: impl Iterator<Item = &'t [Token]>) -> bool {
    let words = parts.flatten().filter(|token| token.is_word()).take(MOST_WORDS);
    let (mut all, mut common, mut unspaced) = (0, 0, 0);
    for token in words {
        all += 1;
        common += usize::from(declared.lexicon.classes(token.word).has(Class::Common));
        unspaced += usize::from(!token.spaced);
    }
    // Words that no space parts may be those of a script that has none.
    all >= LEAST_WORDS && unspaced * 2 < all && common as f32 >= OWN_SHARE * all as f32
}

/// The language that clearly fits better than the declared one, by the beginning of a text.
pub fn better<'t>(declared: &'static Language, parts: impl Iterator<Item = &'t str>) -> Option<&'static Language> {
    let mut words: Vec<&str> = Vec::with_capacity(MOST_WORDS);
    let mut unspaced = 0;
    for part in parts {
        let part = part.get(..MOST_BYTES).unwrap_or(part);
        let chars = part.chars().take(if part.is_ascii() { 0 } else { 500 });
        unspaced += chars.filter(|c| super::super::tokens::is_unspaced(*c)).count();
        let found = part.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
        words.extend(found.take(MOST_WORDS - words.len()));
        if words.len() == MOST_WORDS {
            break;
        }
    }
    if unspaced >= LEAST_WORDS && declared.lexicon.longest_run == 0 {
        let kana = |word: &&str| word.chars().any(|c| ('\u{3041}'..='\u{30ff}').contains(&c));
        let code = if words.iter().any(kana) { "ja" } else { "zh" };
        return all().find(|language| language.code == code);
    }
    if words.len() < LEAST_WORDS || declared.lexicon.longest_run > 0 && unspaced > 0 {
        return None;
    }
    let shares = common::counts(&words).map(|common| common as f32 / words.len() as f32);
    let own = FILES.iter().zip(shares).find(|((code, _), _)| *code == declared.code).map_or(0.0, |(_, share)| share);
    if own >= OWN_SHARE {
        return None;
    }
    let (at, best) = shares.into_iter().enumerate().max_by(|(_, a), (_, b)| a.total_cmp(b))?;
    if best >= BETTER_SHARE.max(2.0 * own) { nth(at) } else { None }
}

/// So many words before and after a month's name tell whose it is.
const AROUND: usize = 5;
/// So many blocks tell enough.
const MOST_BLOCKS: usize = 60;

/// The other language that the dates of a text are written in, as where a community writes in one language and takes its dates from a calendar
/// in another: that of the names of months which stand with a day and with a year or a weekday.
pub fn of_dates<'t>(own: &Language, blocks: impl Iterator<Item = &'t str>) -> Option<&'static Language> {
    let others: Vec<&'static Language> = all().filter(|language| language.code != own.code).collect();
    let mut scores = vec![0; others.len()];
    let mut words = Vec::new();
    for block in blocks.filter(|block| any(block.as_bytes(), |byte| byte.is_ascii_digit())).take(MOST_BLOCKS) {
        cut(block.get(..MOST_BYTES).unwrap_or(block), &mut words);
        for (at, word) in words.iter().enumerate().filter(|(_, word)| may_be_month(word)) {
            let around = words.get(at.saturating_sub(2)..).unwrap_or_default().iter().take(5);
            if !around.copied().any(|word| number(word).is_some()) || month(own, word) {
                continue;
            }
            for (language, score) in others.iter().zip(&mut scores) {
                *score += if month(language, word) { date_at(language, &words, at) } else { 0 };
            }
        }
    }
    // Of those that share their months' names, the first that also knows the words around them.
    let best = scores.iter().zip(&others).rev().max_by_key(|(score, _)| **score);
    best.filter(|(score, _)| **score > 0).map(|(_, language)| *language)
}

/// The letters and digits of a text, where nothing else parts them.
fn cut<'t>(text: &'t str, words: &mut Vec<&'t str>) {
    words.clear();
    let bytes = text.as_bytes();
    let (mut start, mut at) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        let (goes_on, length) = match byte {
            0..=0x7f => (byte.is_ascii_alphanumeric(), 1),
            _ => {
                let c = text.get(at..).and_then(|rest| rest.chars().next()).unwrap_or_default();
                (c.is_alphanumeric(), c.len_utf8())
            }
        };
        if !goes_on {
            words.extend(text.get(start..at).filter(|word| !word.is_empty()));
            start = at + length;
        }
        at += length;
    }
    words.extend(text.get(start..).filter(|word| !word.is_empty()));
}

/// The beginnings of all languages' months: hardly another word is let through.
static MONTHS: LazyLock<Affixes> = LazyLock::new(|| {
    let months: Vec<_> = all().flat_map(|language| language.lexicon.months()).collect();
    Affixes::new(&months, first_bytes)
});

/// Few words may be the name of a month in some language: most are told by their first letters. In other scripts, where those of small and
/// capital letters are not alike, every word may.
fn may_be_month(word: &str) -> bool {
    let Some(first) = word.as_bytes().first_chunk::<3>() else { return false };
    !first.is_ascii() || MONTHS.lets_through(first_bytes(first))
}

/// How many of the words around a month's name the language knows; none where they make no date.
fn date_at(language: &Language, words: &[&str], at: usize) -> u32 {
    let meaning = |word: &str| language.lexicon.meaning(language.lexicon.look(word));
    let word = |at: Option<usize>| at.and_then(|at| words.get(at)).copied().unwrap_or_default();
    let (before, after) = (|steps| word(at.checked_sub(steps)), |steps: usize| word(at.checked_add(steps)));
    let is_day = |word: &str| number(word).is_some_and(|number| (1..=31).contains(&number));
    let is_year = |word: &str| number(word).is_some_and(|number| (1990..=2100).contains(&number));
    // `8 noviembre`, `8 de noviembre`, `november 8`.
    let has_day = is_day(before(1)) || is_day(before(2)) && !meaning(before(1)).classes.is_empty() || is_day(after(1));
    let has_year = is_year(after(1)) || is_year(after(2));
    let around = words.get(at.saturating_sub(AROUND)..).unwrap_or_default().iter().take(2 * AROUND + 1);
    let weekdays = around.clone().filter(|word| meaning(word).weekday.is_some()).count();
    let known = around.filter(|word| !meaning(word).classes.is_empty()).count();
    if has_day && (has_year || weekdays > 0) { 1 + 3 * weekdays as u32 + known as u32 } else { 0 }
}

fn month(language: &Language, word: &str) -> bool {
    language.lexicon.meaning(language.lexicon.look(word)).month.is_some()
}

fn number(word: &str) -> Option<u32> {
    word.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::super::language;
    use super::*;

    fn of(declared: &str, text: &str) -> Option<&'static str> {
        better(language(declared), std::iter::once(text)).map(|language| language.code)
    }

    #[test]
    fn dates_in_another_language_than_the_text_tell_which() {
        let of = |own: &str, text: &str| of_dates(language(own), text.split('|')).map(|language| language.code);
        for (own, text, expected) in [
            ("en", "Come along!|When: domingo 8 de noviembre de 2026 a las 10:30", Some("es")),
            ("en", "When: samedi 3 octobre 2026 à 17h15", Some("fr")),
            ("en", "Sonntag, 7. Juni 2026 um 18:30 Uhr", Some("de")),
            ("en", "Data: sábado, 15 de agosto de 2026, às 10h", Some("pt")),
            ("en", "Quando: sabato 15 agosto 2026 alle 10", Some("it")),
            ("en", "The march 3 miles to Mars in 2020, with 12 others", None),
            ("en", "When: Sunday 8 November 2026", None),
            ("en", "Room 12, mars 4", None),
            ("en", "No number: domingo de noviembre", None),
        ] {
            assert_eq!(of(own, text), expected, "{text}");
        }
    }

    #[test]
    fn every_name_of_a_month_may_be_one() {
        for (language, name) in
            all().flat_map(|language| language.lexicon.months().map(move |(name, _)| (language, name)))
        {
            let name = std::str::from_utf8(&name).unwrap();
            assert!(name.len() < 3 || !month(language, name) || may_be_month(name), "{name}");
            assert!(name.len() < 3 || may_be_month(&name.to_uppercase()), "{name}");
        }
        assert!(all().any(|language| language.lexicon.months().count() > 12));
        assert!(!may_be_month("workshop") && !may_be_month("12") && !may_be_month("2026"));
    }

    #[test]
    fn words_are_cut_where_neither_letters_nor_digits_stand() {
        for (text, words) in [
            ("", &[][..]),
            ("Le 8 août, à 17h15!", &["Le", "8", "août", "à", "17h15"]),
            ("–Tere–", &["Tere"]),
            ("東京 5月", &["東京", "5月"]),
        ] {
            let mut found = vec!["old"];
            cut(text, &mut found);
            assert_eq!(found, words, "{text}");
            assert_eq!(
                found,
                text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>()
            );
        }
    }

    #[test]
    fn a_text_in_another_language_than_declared_is_told_by_its_small_words() {
        let german = "Wir treffen uns am Freitag in der Werkstatt und reparieren mit euch, was nicht mehr geht. Das ist für alle offen, und wer möchte, bringt etwas zu essen mit.";
        let french = "Nous nous retrouvons vendredi à la bibliothèque pour une soirée de jeux avec les enfants du quartier. C'est ouvert à tous, et il y a de quoi boire et manger pour ceux qui restent.";
        let english = "We meet on Friday at the workshop and repair with you what no longer works. It is open to all, and whoever likes to is welcome to bring something to eat for the others.";
        assert_eq!((of("en", german), of("en", french), of("de", english)), (Some("de"), Some("fr"), Some("en")));
        assert_eq!((of("de", german), of("en", english), of("en", "Zoom, Jitsi, Discord")), (None, None, None));
        let japanese =
            "今月の勉強会は図書館で開催します。初心者の方も歓迎です。ぜひお気軽にご参加ください。お待ちしています。";
        assert_eq!((of("en", japanese), of("ja", japanese)), (Some("ja"), None));
    }
}
