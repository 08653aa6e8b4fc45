//! What was forgotten on request is cut out of every reading, by the names it is told under.
//!
//! In: a reading and the salted names of what was forgotten. Out: the reading without it. Inside its source every name counts; across
//! sources only a UID that is long enough to be nobody else's, and an address below a site's home page.

use crate::model::*;
use std::collections::BTreeSet;

/// A UID that is shorter than this, such as `1`, may be another event's in another source.
const OWN_UID: usize = 16;

/// A reading without what was forgotten.
pub struct Cut {
    /// What is left.
    pub reading: Reading,
    /// Something was cut out: then the document itself is not to be kept.
    pub cut: bool,
    /// Nothing is left that anybody would miss: then not even its name is to be kept.
    pub whole: bool,
}

/// The names of an event, or of one that is told by these names, in the source.
pub fn event_names(source: &SourceId, keys: impl IntoIterator<Item = String>) -> Vec<String> {
    names("event", source, keys)
}

/// The names of a post in the source.
pub fn post_names(source: &SourceId, keys: impl IntoIterator<Item = String>) -> Vec<String> {
    names("post", source, keys)
}

/// The name of a source as a whole.
pub fn source_name(source: &SourceId) -> String {
    format!("source {source}")
}

/// Every name that a person may have given, or may give later, for what is told by one of these sources.
pub fn names_asked_for<'s>(what: &str, sources: impl Iterator<Item = &'s SourceId>) -> BTreeSet<String> {
    let what = what.trim().trim_start_matches("urn:uuid:");
    let mut keys = vec![format!("uid:{what}"), format!("guid:{what}"), format!("path:{what}")];
    keys.extend(web_url(what).map(|url| Key::url(&url).text()));
    let mut all = BTreeSet::from([format!("asked {what}"), format!("id {what}"), format!("source {what}")]);
    for source in sources {
        all.extend(event_names(source, keys.clone()));
        all.extend(post_names(source, keys.clone()));
    }
    all
}

fn names(kind: &str, source: &SourceId, keys: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut names = Vec::new();
    for key in keys {
        if leads_across(&key) {
            names.push(format!("{kind} {key}"));
        }
        names.push(format!("{kind} {source} {key}"));
    }
    names
}

/// True for a name that is the same thing's in every source.
fn leads_across(key: &str) -> bool {
    match key.split_once(':') {
        Some(("uid", uid)) => uid.len() >= OWN_UID,
        Some(("url", url)) => url.contains('/'),
        _ => false,
    }
}

/// The names of a sighting, and one of title and day for what has no name of its own.
fn of_sighting(source: &SourceId, sighting: &Sighting) -> Vec<String> {
    let mut names = event_names(source, sighting.keys.iter().map(Key::text));
    names.push(titled_event(source, sighting));
    names
}

/// The name of an event that shares all others with something else.
pub(crate) fn titled_event(source: &SourceId, sighting: &Sighting) -> String {
    let facts = &sighting.facts;
    format!("event {source} titled {} {}", facts.title.to_lowercase(), facts.when.first_day())
}

/// The name of a post that shares all others with something else.
pub(crate) fn titled_post(source: &SourceId, facts: &PostFacts) -> String {
    format!("post {source} titled {}", facts.title.to_lowercase())
}

/// Cuts out what was forgotten.
pub fn cut(source: &SourceId, mut reading: Reading, forgotten: &Forgotten) -> Cut {
    if forgotten.hashes.is_empty() {
        return Cut { reading, cut: false, whole: false };
    }
    let has = |names: &[String]| names.iter().any(|name| forgotten.has(name));
    let mut words: BTreeSet<String> = BTreeSet::new();
    let mut note = |keys: &[Key], title: &str| {
        words.extend(keys.iter().filter_map(|key| Some(key.text().split_once(':')?.1.to_owned())));
        words.insert(title.to_owned());
    };
    // Where each post will stand.
    let mut stands: Vec<Option<usize>> = Vec::new();
    let mut left = 0;
    for (keys, facts) in &reading.posts {
        let mut names = post_names(source, keys.iter().chain(&facts.url.as_ref().map(Key::url)).map(Key::text));
        names.push(titled_post(source, facts));
        let goes = has(&names);
        if goes {
            note(keys, &facts.title);
        }
        stands.push((!goes).then_some(left));
        left += usize::from(!goes);
    }
    let mut goes = |sighting: &Sighting| {
        let is_of_post = sighting.post.is_some_and(|at| stands.get(at).is_some_and(Option::is_none));
        let goes = is_of_post || has(&of_sighting(source, sighting));
        if goes {
            note(&sighting.keys, &sighting.facts.title);
        }
        goes
    };
    reading.sightings.retain(|sighting| !goes(sighting));
    reading.unsure.retain(|sighting| !goes(sighting));
    let hidden = reading.hidden.len();
    let is_named = |keys: &[Key]| {
        let text = || keys.iter().map(Key::text);
        has(&event_names(source, text())) || has(&post_names(source, text()))
    };
    reading.hidden.retain(|keys| !is_named(keys));
    if words.is_empty() && reading.hidden.len() == hidden {
        return Cut { reading, cut: false, whole: false };
    }
    let mut at = 0;
    reading.posts.retain(|_| {
        at += 1;
        stands.get(at - 1).is_some_and(Option::is_some)
    });
    for sighting in reading.sightings.iter_mut().chain(&mut reading.unsure) {
        sighting.post = sighting.post.and_then(|at| stands.get(at).copied().flatten());
    }
    let whole = reading.posts.is_empty()
        && reading.sightings.is_empty()
        && reading.unsure.is_empty()
        && reading.hidden.is_empty()
        && reading.site.is_none()
        && reading.offer.is_none();
    tidy(&mut reading, &words);
    Cut { reading, cut: true, whole }
}

/// Takes away what would still tell of it: problems that quote it (by a word of more than three letters, else every problem would), and links that nothing left has.
fn tidy(reading: &mut Reading, words: &BTreeSet<String>) {
    let quotes = |problem: &Problem| {
        let text = problem.to_string();
        words.iter().any(|word| word.chars().count() > 3 && text.contains(word.as_str()))
    };
    reading.problems.retain(|problem| !quotes(problem));
    let html = reading.posts.iter().map(|(_, facts)| &facts.html);
    let html = html.chain(reading.sightings.iter().chain(&reading.unsure).map(|sighting| &sighting.facts.html));
    // Addresses stand between quotation marks.
    let quoted: BTreeSet<String> =
        html.flat_map(|html| html.as_str().split('"')).map(|part| part.replace("&amp;", "&")).collect();
    reading.links.retain(|link| quoted.contains(link.from_page.as_str()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merge::tests::sighting;

    fn source(name: &str) -> SourceId {
        SourceId::new(name).unwrap()
    }

    fn forgotten(names: &[String]) -> Forgotten {
        let mut all = Forgotten { salt: "s".to_owned(), ..Forgotten::default() };
        all.hashes = names.iter().map(|name| (all.hash(name), 1)).collect();
        all
    }

    fn titles(cut: &Cut) -> Vec<&str> {
        cut.reading.sightings.iter().map(|sighting| sighting.facts.title.as_str()).collect()
    }

    #[test]
    fn what_was_forgotten_is_cut_out_and_the_rest_stays() {
        let told = |name: &str, day: &str, key: Key| sighting(name, day, vec![key]);
        let uid = |text: &str| Key::Uid(text.to_owned());
        let url = |text: &str| Key::Url(text.to_owned());
        let (town, pond) = (source("town"), source("pond"));
        let long = "0123456789@town.example";
        // (forgotten in town, told in, what is told, it is cut)
        for (key, reader, there, goes) in [
            (uid(long), &town, uid(long), true),
            (uid(long), &pond, uid(long), true),
            (uid("1"), &town, uid("1"), true),
            (uid("1"), &pond, uid("1"), false),
            (url("town.example/walk"), &pond, url("town.example/walk"), true),
            (url("town.example/walk"), &pond, url("town.example/walk/2"), false),
            (url("town.example"), &pond, url("town.example"), false),
            (Key::Guid("a".into()), &town, Key::Guid("a".into()), true),
            (Key::Guid("a".into()), &town, uid("a"), false),
        ] {
            let names = forgotten(&event_names(&town, [key.text()]));
            let reading = Reading {
                sightings: vec![told("walk", "2026-12-01", there.clone()), told("swim", "2026-12-02", uid("other"))],
                ..Reading::default()
            };
            let cut = cut(reader, reading, &names);
            let left = if goes { vec!["swim"] } else { vec!["walk", "swim"] };
            assert_eq!((titles(&cut), cut.cut, cut.whole), (left, goes, false), "{key:?} {reader} {there:?}");
        }
    }

    #[test]
    fn a_post_takes_what_it_tells_with_it_and_others_keep_theirs() {
        let town = source("town");
        let post = |name: &str| {
            let facts: PostFacts = serde_json::from_str(&format!(r#"{{"title": "{name}"}}"#)).unwrap();
            (vec![Key::Guid(name.to_owned())], facts)
        };
        let of = |name: &str, at: usize| Sighting {
            post: Some(at),
            ..sighting(name, "2026-12-01", vec![Key::Part(name.to_owned())])
        };
        let reading = Reading {
            posts: vec![post("first"), post("second")],
            sightings: vec![of("a", 0), of("b", 1), of("c", 0)],
            problems: vec![
                Problem::new(ProblemKind::Field, "odd value in `first`"),
                Problem::new(ProblemKind::Field, "odd value in `second`"),
            ],
            ..Reading::default()
        };
        let names = forgotten(&post_names(&town, ["guid:first".to_owned()]));
        let cut = cut(&town, reading, &names);
        assert_eq!(titles(&cut), ["b"]);
        assert_eq!(cut.reading.sightings[0].post, Some(0));
        assert_eq!(cut.reading.posts[0].1.title, "second");
        assert_eq!(cut.reading.problems.len(), 1, "a problem that quotes it goes too");
        let rest = forgotten(&post_names(&town, ["guid:second".to_owned()]));
        assert!(super::cut(&town, cut.reading, &rest).whole);
    }
}
