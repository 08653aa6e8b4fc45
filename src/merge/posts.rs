//! Posts out of readings: the same canonical address in two sources is one post.

use super::Situation;
use crate::model::*;
use std::collections::{BTreeMap, BTreeSet};

/// A post as one document tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedPost {
    /// The document.
    pub document: DocumentKey,
    /// Its place among the document's posts.
    pub index: usize,
    /// Its names, strongest first.
    pub keys: Vec<Key>,
    /// What it says.
    pub facts: PostFacts,
    /// What it shares with the other tellings of the same post: see [`group_keys`].
    pub group: String,
}

/// What is known of the posts at hand.
#[derive(Debug, Clone, Default)]
pub struct KnownPosts {
    /// As last settled.
    pub posts: BTreeMap<PostId, Post>,
    /// (source, key text) → post.
    pub aliases: BTreeMap<(SourceId, String), PostId>,
}

/// A settled post.
#[derive(Debug, Clone, PartialEq)]
pub struct SettledPost {
    /// The post as it is now.
    pub post: Post,
    /// Every place it is told in; all get this id.
    pub members: Vec<(DocumentKey, usize)>,
    /// All its names.
    pub aliases: Vec<(SourceId, String)>,
    /// True if anything of it differs from what was known.
    pub changed: bool,
}

/// Decides posts: groups them by address, names them, dates their changes. Also answers with the known posts that are told no more.
/// What a source tells that does not publish at once makes no post.
pub fn settle_posts(
    told: Vec<PlacedPost>,
    known: &KnownPosts,
    situation: &Situation,
) -> (Vec<SettledPost>, Vec<PostId>) {
    let mut groups: BTreeMap<String, Vec<PlacedPost>> = BTreeMap::new();
    let trust = |source: &SourceId| situation.rules.sources.get(source).map_or(Trust::Publish, |source| source.trust);
    for placed in told.into_iter().filter(|placed| trust(&placed.document.source) == Trust::Publish) {
        groups.entry(placed.group.clone()).or_default().push(placed);
    }
    let mut taken = BTreeSet::new();
    let mut settled: Vec<SettledPost> = Vec::new();
    for (_, mut group) in groups {
        group.sort_by_cached_key(|placed| strength(placed, situation.rules));
        settled.push(settle_one(group, known, situation, &mut taken));
    }
    settled.sort_by(|a, b| a.post.id.cmp(&b.post.id));
    let living: BTreeSet<&PostId> = settled.iter().map(|s| &s.post.id).collect();
    let gone = known.posts.keys().filter(|id| !living.contains(id)).cloned().collect();
    (settled, gone)
}

/// What makes each of a document's posts one with others: its address. An address that several entries of the document share is a whole page's or site's;
/// such posts, and those without an address, stand alone under their strongest name, and where that too is shared, under name and title.
pub fn group_keys(source: &SourceId, posts: &[(Vec<Key>, PostFacts)]) -> Vec<String> {
    let address = |facts: &PostFacts| facts.url.as_ref().map(|url| Key::url(url).text());
    let name = |keys: &[Key]| keys.first().map(Key::text).unwrap_or_default();
    let titled = |keys: &[Key], facts: &PostFacts| format!("{} {}", name(keys), facts.title);
    let (mut addresses, mut names) = (BTreeMap::new(), BTreeMap::new());
    for (keys, facts) in posts {
        // An entry told twice is one entry.
        addresses.entry(address(facts)).or_insert_with(BTreeSet::new).insert(titled(keys, facts));
        names.entry(name(keys)).or_insert_with(BTreeSet::new).insert(facts.title.as_str());
    }
    let key = |(keys, facts): &(Vec<Key>, PostFacts)| match address(facts) {
        Some(url) if addresses.get(&Some(url.clone())).is_none_or(|told| told.len() == 1) => url,
        _ if names.get(&name(keys)).is_none_or(|told| told.len() == 1) => format!("{source} {}", name(keys)),
        _ => format!("{source} {}", titled(keys, facts)),
    };
    posts.iter().map(key).collect()
}

fn strength(placed: &PlacedPost, rules: &Rules) -> (i32, usize, DocumentKey, usize) {
    let source = rules.sources.get(&placed.document.source);
    let priority = source.map_or(i32::MIN + 1, |source| source.priority);
    (-priority, source.map_or(usize::MAX, |source| source.order), placed.document.clone(), placed.index)
}

fn settle_one(
    group: Vec<PlacedPost>,
    known: &KnownPosts,
    situation: &Situation,
    taken: &mut BTreeSet<PostId>,
) -> SettledPost {
    let aliases: Vec<(SourceId, String)> = group
        .iter()
        .flat_map(|placed| {
            let names = own_names(placed).map(Key::text).chain([placed.group.clone()]);
            names.map(|name| (placed.document.source.clone(), name)).collect::<Vec<_>>()
        })
        .collect();
    let named = aliases.iter().filter_map(|alias| known.aliases.get(alias)).find(|id| !taken.contains(id)).cloned();
    let id = named.unwrap_or_else(|| fresh(&group[0], known, taken));
    taken.insert(id.clone());
    let lead = &group[0];
    let mut facts = lead.facts.clone();
    let tags: BTreeSet<Tag> = group.iter().flat_map(|placed| placed.facts.tags.iter().cloned()).collect();
    facts.tags = tags.into_iter().collect();
    let old = known.posts.get(&id);
    let first_seen = old.map_or(situation.now, |old| old.first_seen);
    let updated = updated(&facts, old, first_seen, situation, situation.upgraded.contains(&lead.document));
    let post = Post { id, source: lead.document.source.clone(), facts, first_seen, updated };
    let changed = old != Some(&post);
    let members = group.into_iter().map(|placed| (placed.document, placed.index)).collect();
    SettledPost { post, members, aliases, changed }
}

/// The author's own word, else the day we saw its text change, else `published`, else first seen.
fn updated(
    facts: &PostFacts,
    old: Option<&Post>,
    first_seen: chrono::DateTime<chrono::Utc>,
    situation: &Situation,
    only_our_reading_changed: bool,
) -> chrono::DateTime<chrono::FixedOffset> {
    if let Some(author) = facts.author_updated {
        return author;
    }
    let Some(old) = old else { return facts.published.unwrap_or_else(|| first_seen.fixed_offset()) };
    let words = |facts: &PostFacts| (facts.title.clone(), facts.html.words());
    if only_our_reading_changed || words(facts) == words(&old.facts) {
        return old.updated;
    }
    situation.now.fixed_offset()
}

/// The names of a telling that are its post's alone: an address that it shares with other posts of its document is not.
fn own_names(placed: &PlacedPost) -> impl Iterator<Item = &Key> {
    placed.keys.iter().filter(|key| !matches!(key, Key::Url(_)) || key.text() == placed.group)
}

fn fresh(lead: &PlacedPost, known: &KnownPosts, taken: &BTreeSet<PostId>) -> PostId {
    let (source, key) = (&lead.document.source, &lead.keys.first().map(Key::text).unwrap_or_default());
    let id = (0..1000).map(|n| PostId::at_first_sight(source, key, n));
    let id = id.into_iter().find(|id| !known.posts.contains_key(id) && !taken.contains(id));
    id.unwrap_or_else(|| PostId::at_first_sight(source, key, u32::MAX))
}

/// Replaces link targets in clean HTML: `from` → `to`.
pub fn relink(html: &mut CleanHtml, chosen: &BTreeMap<&url::Url, &url::Url>) {
    if chosen.is_empty() {
        return;
    }
    let mut text = html.as_str().to_owned();
    for (from, to) in chosen {
        let attribute = |url: &url::Url| format!("=\"{}\"", html_escape::encode_double_quoted_attribute(url.as_str()));
        text = text.replace(&attribute(from), &attribute(to));
    }
    *html = CleanHtml::sanitised(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(guid: &str, url: &str, title: &str) -> (Vec<Key>, PostFacts) {
        let url = url::Url::parse(url).unwrap();
        let keys = vec![Key::Guid(guid.into()), Key::url(&url)];
        let facts = PostFacts {
            title: title.into(),
            summary: None,
            html: CleanHtml::default(),
            url: Some(url),
            published: None,
            author_updated: None,
            authors: Vec::new(),
            tags: Vec::new(),
            images: Vec::new(),
            language: None,
        };
        (keys, facts)
    }

    fn groups(posts: &[(Vec<Key>, PostFacts)]) -> usize {
        let source = SourceId::new("town").unwrap();
        group_keys(&source, posts).into_iter().collect::<BTreeSet<_>>().len()
    }

    #[test]
    fn entries_that_all_link_to_the_same_page_are_posts_of_their_own() {
        let page = "https://town.example/news";
        assert_eq!(groups(&[post("1", &format!("{page}#1"), "One"), post("2", &format!("{page}#2"), "Two")]), 2);
        assert_eq!(groups(&[post("x", page, "One"), post("x", page, "Two")]), 2, "not even the guid tells them apart");
        assert_eq!(groups(&[post("1", page, "One"), post("1", page, "One")]), 1, "told twice");
    }

    #[test]
    fn one_address_in_two_sources_is_one_post() {
        let one = [post("1", "https://town.example/a", "One")];
        let other = [post("other", "http://town.example/a/", "One, told again")];
        let (town, quay) = (SourceId::new("town").unwrap(), SourceId::new("quay").unwrap());
        assert_eq!(group_keys(&town, &one), group_keys(&quay, &other));
    }
}
