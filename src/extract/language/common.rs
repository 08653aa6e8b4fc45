//! The commonest small words of all languages in one place: one look tells which of them a word belongs to.

use super::super::tokens::words_of;
use super::lexicon::{LONGEST, lower_case};
use super::{Class, FILES, file};
use std::collections::HashMap;
use std::sync::LazyLock;

/// Which languages a word is common in, a bit for each in the order of [`FILES`].
type Languages = u16;

const _: () = assert!(FILES.len() <= Languages::BITS as usize);

static COMMON: LazyLock<HashMap<Box<[u8]>, Languages>> = LazyLock::new(|| {
    let mut common = HashMap::new();
    for (at, (_, text)) in FILES.iter().enumerate() {
        let Ok(file) = toml::from_str::<file::File>(text) else { continue };
        let lists = file.lists.all().into_iter();
        for entry in lists.filter(|(class, _)| *class == Class::Common).flat_map(|(_, entries)| entries) {
            if let [word] = *words_of(entry) {
                *common.entry(word.as_bytes().into()).or_default() |= 1 << at;
            }
        }
    }
    common
});

/// How many of these words are common in each language, in the order of [`FILES`].
pub(super) fn counts(words: &[&str]) -> [usize; FILES.len()] {
    let mut counts = [0; FILES.len()];
    for word in words {
        let mut buffer = [0; LONGEST + 8];
        let known = lower_case(word, &mut buffer).and_then(|word| COMMON.get(word)).copied().unwrap_or_default();
        if known != 0 {
            counts.iter_mut().enumerate().for_each(|(at, count)| *count += usize::from(known >> at & 1 == 1));
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::super::all;
    use super::*;

    #[test]
    fn a_word_is_common_here_where_the_lexicon_of_its_language_says_so() {
        let words: Vec<String> = FILES.iter().flat_map(|(_, text)| text.split('"')).map(str::to_owned).collect();
        let written = words.iter().flat_map(|word| [word.clone(), word.to_uppercase(), format!("{word}s")]);
        for word in written {
            for (count, language) in counts(&[&word]).iter().zip(all()) {
                let known = language.lexicon.classes(language.lexicon.look(&word)).has(Class::Common);
                assert_eq!(*count == 1, known, "{word} in {}", language.code);
            }
        }
        assert_eq!(counts(&["und", "the", "The"])[0], 2);
    }
}
