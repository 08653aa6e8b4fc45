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
pub fn settle_posts(
    told: Vec<PlacedPost>,
    known: &KnownPosts,
    situation: &Situation,
) -> (Vec<SettledPost>, Vec<PostId>) {
    let mut groups: BTreeMap<String, Vec<PlacedPost>> = BTreeMap::new();
    for placed in told {
        groups.entry(group_key(&placed)).or_default().push(placed);
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

/// Posts with one address are one; a post without one stands alone under its strongest name.
pub fn group_key(placed: &PlacedPost) -> String {
    match &placed.facts.url {
        Some(url) => Key::url(url).text(),
        None => format!("{} {}", placed.document.source, placed.keys.first().map(Key::text).unwrap_or_default()),
    }
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
        .flat_map(|placed| placed.keys.iter().map(|key| (placed.document.source.clone(), key.text())))
        .collect();
    let named = aliases.iter().filter_map(|alias| known.aliases.get(alias)).find(|id| !taken.contains(id)).cloned();
    let id = named.unwrap_or_else(|| fresh(&aliases, known, taken));
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

fn fresh(aliases: &[(SourceId, String)], known: &KnownPosts, taken: &BTreeSet<PostId>) -> PostId {
    let Some((source, key)) = aliases.first() else { return PostId::from_text("") };
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
