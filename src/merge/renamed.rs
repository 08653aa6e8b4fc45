//! Entries that have got other names, as where a site has moved or makes its guids anew, are known again by what they say.
//!
//! In: the old reading and the new. Out: the new one, in which such an entry also has the names of before, so that it keeps its id. Only what
//! has no name left that was known, and says the same as exactly one entry that is told no more, is taken for that.

use crate::model::*;
use std::collections::{BTreeMap, BTreeSet};

/// So many of them are told one by one.
const TOLD: usize = 100;

/// Gives entries with other names those of before too.
pub(super) fn mend(old: &Reading, new: &mut Reading) {
    let mut mended = Vec::new();
    let was = old.sightings.iter().map(|sighting| (&sighting.keys, said(&sighting.facts)));
    let is = new.sightings.iter_mut().map(|sighting| (said(&sighting.facts), &mut sighting.keys));
    rename(was.collect(), is.collect(), &mut mended);
    let was = old.posts.iter().map(|(keys, facts)| (keys, written(facts)));
    let is = new.posts.iter_mut().map(|(keys, facts)| (written(facts), keys));
    rename(was.collect(), is.collect(), &mut mended);
    mended.truncate(TOLD);
    new.renamed = mended;
}

/// By what an event is known again: its title and when it is.
fn said(facts: &Facts) -> Option<String> {
    let when = serde_json::to_string(&facts.when).ok()?;
    Some(format!("{}\t{when}", facts.title))
}

/// By what a post is known again: its title and when it was published. Without a date it is not.
fn written(facts: &PostFacts) -> Option<String> {
    facts.published.map(|at| format!("{}\t{}", facts.title, at.timestamp()))
}

fn rename(was: Vec<(&Vec<Key>, Option<String>)>, is: Vec<(Option<String>, &mut Vec<Key>)>, mended: &mut Vec<Renamed>) {
    let known: BTreeSet<&Key> = was.iter().flat_map(|(keys, _)| keys.iter()).collect();
    let told: BTreeSet<Key> = is.iter().flat_map(|(_, keys)| keys.iter().cloned()).collect();
    let is_new = |keys: &[Key]| !keys.iter().any(|key| known.contains(key));
    let mut of_new: BTreeMap<&str, usize> = BTreeMap::new();
    for (said, keys) in &is {
        if let Some(said) = said.as_deref().filter(|_| is_new(keys)) {
            *of_new.entry(said).or_default() += 1;
        }
    }
    let only: BTreeSet<String> = of_new.into_iter().filter(|(_, n)| *n == 1).map(|(said, _)| said.to_owned()).collect();
    // None where several say the same.
    let mut lost: BTreeMap<&str, Option<&Vec<Key>>> = BTreeMap::new();
    for (keys, said) in &was {
        if let Some(said) = said.as_deref().filter(|_| !keys.iter().any(|key| told.contains(key))) {
            lost.entry(said).and_modify(|known| *known = None).or_insert(Some(keys));
        }
    }
    for (said, keys) in is {
        let Some(said) = said.filter(|said| only.contains(said) && is_new(keys)) else { continue };
        let Some(Some(before)) = lost.get(said.as_str()) else { continue };
        let name = |keys: &[Key]| keys.first().map(Key::text).unwrap_or_default();
        let title = said.split('\t').next().unwrap_or_default().to_owned();
        mended.push(Renamed { title, was: name(before), is: name(keys) });
        keys.extend(before.iter().cloned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merge::tests::sighting;

    fn guid(text: &str) -> Key {
        Key::Guid(text.to_owned())
    }

    fn told(entries: &[(&str, &str, &[&str])]) -> Reading {
        let entry = |(title, day, names): &(&str, &str, &[&str])| {
            sighting(title, day, names.iter().map(|name| guid(name)).collect())
        };
        Reading { sightings: entries.iter().map(entry).collect(), ..Reading::default() }
    }

    #[test]
    fn entries_with_other_names_are_known_again_by_what_they_say() {
        let (one, two) = ("2026-12-01", "2026-12-02");
        type Entries = &'static [(&'static str, &'static str, &'static [&'static str])];
        let old: Entries = &[("walk", "2026-12-01", &["a", "http://old.example/a"]), ("swim", "2026-12-02", &["b"])];
        // (what is told now, the names that each entry has in the end)
        type Case =
            (&'static str, Vec<(&'static str, &'static str, &'static [&'static str])>, Vec<&'static [&'static str]>);
        let cases: [Case; 8] = [
            (
                "all names are new",
                vec![("walk", one, &["x"]), ("swim", two, &["y"])],
                vec![&["x", "a", "http://old.example/a"], &["y", "b"]],
            ),
            (
                "one name is new",
                vec![("walk", one, &["x"]), ("swim", two, &["b"])],
                vec![&["x", "a", "http://old.example/a"], &["b"]],
            ),
            ("two have swapped their names", vec![("walk", one, &["b"]), ("swim", two, &["a"])], vec![&["b"], &["a"]]),
            ("all names are equal", vec![("walk", one, &["x"]), ("walk", one, &["x"])], vec![&["x"], &["x"]]),
            ("a name of before is left", vec![("walk", one, &["x", "a"])], vec![&["x", "a"]]),
            ("another day", vec![("walk", two, &["x"])], vec![&["x"]]),
            ("another title", vec![("run", one, &["x"])], vec![&["x"]]),
            (
                "one more entry, the others as before",
                vec![("walk", one, &["a"]), ("walk", one, &["x"])],
                vec![&["a"], &["x"]],
            ),
        ];
        for (name, now, expected) in cases {
            let mut new = told(&now);
            mend(&told(old), &mut new);
            let names: Vec<Vec<Key>> = new.sightings.iter().map(|sighting| sighting.keys.clone()).collect();
            let expected: Vec<Vec<Key>> =
                expected.iter().map(|keys| keys.iter().map(|key| guid(key)).collect()).collect();
            assert_eq!(names, expected, "{name}");
            let longer = names.iter().zip(&now).filter(|(keys, (_, _, told))| keys.len() > told.len()).count();
            assert_eq!(new.renamed.len(), longer, "each is told: {name}");
        }
    }

    #[test]
    fn where_two_entries_of_before_say_the_same_neither_is_guessed() {
        let day = "2026-12-01";
        let mut new = told(&[("walk", day, &["x"])]);
        mend(&told(&[("walk", day, &["a"]), ("walk", day, &["b"])]), &mut new);
        assert_eq!(new.sightings[0].keys, [guid("x")]);
    }

    #[test]
    fn posts_are_known_again_by_title_and_moment() {
        let post = |name: &str, at: &str| {
            let facts = format!(r#"{{"title": "Bridge", "published": "{at}"}}"#);
            Reading { posts: vec![(vec![guid(name)], serde_json::from_str(&facts).unwrap())], ..Reading::default() }
        };
        for (at, expected) in
            [("2026-11-01T10:00:00Z", vec![guid("x"), guid("a")]), ("2026-11-02T10:00:00Z", vec![guid("x")])]
        {
            let mut new = post("x", at);
            mend(&post("a", "2026-11-01T11:00:00+01:00"), &mut new);
            assert_eq!(new.posts[0].0, expected, "{at}");
        }
    }
}
