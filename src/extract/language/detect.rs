//! Which language a text is in, where what was declared looks wrong: by its commonest small words.
//!
//! A site's configured language is often not that of every post. Only a text that hardly has a common word of its declared language is
//! looked at again, and only a language that clearly fits better is taken.

use super::super::tokens::Token;
use super::{Class, Language, all};

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
    let share = |language: &Language| {
        let common = words
            .iter()
            .filter(|word| language.lexicon.meaning(language.lexicon.look(word)).classes.has(Class::Common));
        common.count() as f32 / words.len() as f32
    };
    let own = share(declared);
    if own >= OWN_SHARE {
        return None;
    }
    let best = all().map(|language| (share(language), language)).max_by(|(a, _), (b, _)| a.total_cmp(b));
    best.filter(|(share, _)| *share >= BETTER_SHARE.max(2.0 * own)).map(|(_, language)| language)
}

#[cfg(test)]
mod tests {
    use super::super::language;
    use super::*;

    fn of(declared: &str, text: &str) -> Option<&'static str> {
        better(language(declared), std::iter::once(text)).map(|language| language.code)
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
