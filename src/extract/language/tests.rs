//! Every language file is whole, and agrees with a table of locales that nobody here wrote.

use super::*;
use pure_rust_locales::*;
use std::collections::BTreeSet;
use toml::{Table, Value};

/// Keys that a file may lack.
const OPTIONAL: &[&str] = &["capital_nouns", "next_behind", "next_week_after", "next_weekend_after", "town_endings"];
/// Languages whose months are numbers: the grammar reads them.
const NUMBERED: &[&str] = &["ja", "zh"];
/// Lists that are part of others.
const PARTS: &[(&str, &[&str])] = &[
    ("shy", &["months", "weekdays"]),
    ("each_weekday", &["weekdays"]),
    ("time_nouns", &["event_nouns"]),
    ("place_in", &["place_before"]),
    ("place_to", &["place_before"]),
];

fn tables() -> impl Iterator<Item = (&'static str, Table)> {
    FILES.iter().map(|(code, text)| (*code, text.parse().unwrap()))
}

/// The entries of a list, a list of lists or a table.
fn entries(value: &Value) -> Vec<&str> {
    match value {
        Value::String(entry) => vec![entry],
        Value::Array(all) => all.iter().flat_map(entries).collect(),
        Value::Table(all) => all.keys().map(String::as_str).collect(),
        _ => Vec::new(),
    }
}

/// Every list of a file with its entries; each month and weekday has a list of its own.
fn lists(table: &Table) -> Vec<(String, Vec<&str>)> {
    let mut found = Vec::new();
    for (key, value) in
        table.iter().filter(|(key, _)| !matches!(key.as_str(), "name" | "numeric_order" | "town_endings"))
    {
        match value {
            Value::Array(all) if all.iter().any(Value::is_array) => {
                found.extend(all.iter().enumerate().map(|(at, one)| (format!("{key}[{at}]"), entries(one))));
            }
            value => found.push((key.clone(), entries(value))),
        }
    }
    found
}

/// The codes of all languages.
fn codes() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(code, _)| *code)
}

#[test]
fn every_file_is_read_and_named_once() {
    for (code, text) in FILES {
        let read = read(code, text);
        assert!(read.is_ok(), "{code}: {}", read.err().unwrap());
    }
    assert_eq!(codes().collect::<BTreeSet<_>>().len(), FILES.len());
    for (guest, near) in NEAR {
        assert!(codes().any(|code| code == *near) && codes().all(|code| code != *guest), "{guest} is read as {near}");
    }
}

#[test]
fn every_file_has_the_keys_of_the_english_one() {
    let keys = |table: &Table| -> BTreeSet<String> {
        table.keys().filter(|key| !OPTIONAL.contains(&key.as_str())).cloned().collect()
    };
    let english = keys(&FILES[0].1.parse().unwrap());
    for (code, table) in tables() {
        let differing: Vec<_> = keys(&table).symmetric_difference(&english).cloned().collect();
        assert!(differing.is_empty(), "{code}: {differing:?}");
    }
}

#[test]
fn a_year_has_twelve_months_and_a_week_seven_days() {
    for (code, table) in tables() {
        for (key, count) in [("months", 12), ("weekdays", 7)] {
            let names: Vec<Vec<&str>> = table[key].as_array().unwrap().iter().map(entries).collect();
            if key == "months" && NUMBERED.contains(&code) {
                assert!(names.concat().is_empty(), "{code}: {key}");
                continue;
            }
            assert_eq!(names.len(), count, "{code}: {key}");
            assert!(names.iter().all(|names| !names.is_empty()), "{code}: {key}");
            let mut all = names.concat();
            all.sort_unstable();
            let twice = all.windows(2).find(|pair| pair[0] == pair[1]);
            assert_eq!(twice, None, "{code}: a name of two {key}");
        }
    }
}

#[test]
fn entries_are_in_lower_case_and_stand_once_in_a_list() {
    let mut wrong = Vec::new();
    for (code, table) in tables() {
        for (list, entries) in lists(&table) {
            let mut seen = BTreeSet::new();
            for entry in entries {
                let tidy = entry.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
                if entry != tidy || entry.is_empty() {
                    wrong.push(format!("{code}: {list}: `{entry}` is no tidy entry in lower case"));
                }
                if !seen.insert(entry) {
                    wrong.push(format!("{code}: {list}: `{entry}` stands there twice"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn stems_endings_and_words_are_long_enough_and_not_too_long() {
    let mut wrong = Vec::new();
    for (code, table) in tables() {
        for (list, entries) in lists(&table) {
            for entry in entries {
                let affix = entry.trim_matches('*');
                let short = affix != entry && affix.len() < 3;
                let long = affix.split(' ').any(|word| word.len() > 56) || affix.chars().count() > 56;
                if short || long || affix.contains('*') || affix.len() + 1 < entry.len() {
                    wrong.push(format!("{code}: {list}: `{entry}`"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // As far as the tokens of scripts without spaces are looked ahead.
    assert!(codes().all(|code| language(code).lexicon.longest_run <= 24));
}

#[test]
fn what_must_be_part_of_another_list_is() {
    let mut wrong = Vec::new();
    for (code, table) in tables() {
        for (part, wholes) in PARTS {
            let known: Vec<&str> = wholes.iter().flat_map(|whole| entries(&table[*whole])).collect();
            let lost = entries(&table[*part]).into_iter().filter(|entry| !known.contains(entry));
            wrong.extend(lost.map(|entry| format!("{code}: {part}: `{entry}` is not in {wholes:?}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The names of a locale: months from January on (each list of them), weekdays from Sunday on.
struct Names {
    language: &'static str,
    months: Vec<&'static [&'static str]>,
    weekdays: [&'static [&'static str]; 2],
}

macro_rules! names {
    ($($language:literal = $locale:ident,)*) => {
        vec![$(Names {
            language: $language,
            months: [
                Some($locale::LC_TIME::MON),
                $locale::LC_TIME::ALT_MON,
                Some($locale::LC_TIME::ABMON),
                $locale::LC_TIME::AB_ALT_MON,
            ].into_iter().flatten().collect(),
            weekdays: [$locale::LC_TIME::DAY, $locale::LC_TIME::ABDAY],
        },)*]
    };
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Month,
    Weekday,
}

/// Names of the locales that no file has, and why.
#[rustfmt::skip]
const NOT_OURS: &[(&str, Kind, &str, &str)] = &[
    ("fr", Kind::Month, "mar", "in Canada alone; elsewhere `mar` is a Tuesday"),
    ("fr", Kind::Month, "jui", "in Canada alone, for July; as many write it for June"),
    ("ro", Kind::Weekday, "du", "heads of calendars only"),
    ("ro", Kind::Weekday, "lu", "heads of calendars only"),
    ("ro", Kind::Weekday, "ma", "heads of calendars only; a pronoun elsewhere"),
    ("ro", Kind::Weekday, "mi", "heads of calendars only; a pronoun elsewhere"),
    ("ro", Kind::Weekday, "jo", "heads of calendars only"),
    ("ro", Kind::Weekday, "vi", "heads of calendars only; a pronoun elsewhere"),
    ("ro", Kind::Weekday, "sb", "heads of calendars only"),
    ("pl", Kind::Weekday, "nie", "the word for `not`"),
    ("cs", Kind::Month, "pro", "the word for `for`"),
];

#[test]
fn months_and_weekdays_agree_with_an_independent_table_of_locales() {
    let locales = names! {
        "en" = en_GB, "en" = en_US, "de" = de_DE, "de" = de_AT, "fr" = fr_FR, "fr" = fr_CA, "es" = es_ES, "es" = es_MX,
        "it" = it_IT, "pt" = pt_PT, "pt" = pt_BR, "nl" = nl_NL, "nl" = nl_BE, "ro" = ro_RO, "pl" = pl_PL, "cs" = cs_CZ,
        "ru" = ru_RU, "da" = da_DK, "sv" = sv_SE, "sv" = sv_FI, "ja" = ja_JP, "zh" = zh_CN, "zh" = zh_TW,
    };
    let mut wrong = Vec::new();
    for Names { language: code, months, weekdays } in &locales {
        let lexicon = &language(code).lexicon;
        let meaning = |name: &str| *lexicon.meaning(lexicon.look(name));
        let named = |name: &str, kind: Kind| {
            let name = name.trim().trim_end_matches('.').to_lowercase();
            let excused = NOT_OURS.iter().any(|(of, what, other, _)| (of, *what, *other) == (code, kind, &name));
            (name.chars().count() > 1 && !excused).then_some(name)
        };
        for names in months.iter().filter(|_| !NUMBERED.contains(code)) {
            for (name, month) in names.iter().zip(1..) {
                let name = named(name, Kind::Month).filter(|name| meaning(name).month != Some(month));
                wrong.extend(
                    name.map(|name| format!("{code}: `{name}` is month {month}, not {:?}", meaning(&name).month)),
                );
            }
        }
        for names in weekdays {
            for (name, ahead) in names.iter().zip(0..) {
                let day = (0..ahead).fold(chrono::Weekday::Sun, |day, _| day.succ());
                let name = named(name, Kind::Weekday).filter(|name| meaning(name).weekday != Some(day));
                wrong.extend(name.map(|name| format!("{code}: `{name}` is {day}, not {:?}", meaning(&name).weekday)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let known: BTreeSet<_> = locales.iter().map(|names| names.language).collect();
    assert_eq!(known, codes().collect(), "a language without a locale");
}
