//! Posts: which are touched, and what a settlement decided.

use super::board::Shown;
use super::pieces::parsed;
use super::readings::Readings;
use super::told::{Leaning, PostFrame, Told};
use super::{Store, StoreError};
use crate::merge::{KnownPosts, PlacedPost, SettledPost};
use crate::model::*;
use rusqlite::{OptionalExtension, params};
use std::collections::BTreeSet;

/// A source's first import of more posts than this does not flood the board's feeds.
const FLOOD: usize = 50;

/// Of such an import, as many of the newest join the board's feeds.
const FLOOD_SHOWN: usize = 10;

impl Store {
    /// The names of all groups of posts that touched documents tell or told.
    pub fn touched_post_groups(&self) -> Result<BTreeSet<String>, StoreError> {
        let mut query = self.db.prepare(
            "SELECT group_key FROM post_told JOIN touched USING (document)
             UNION SELECT substr(key, 6) FROM touched_key WHERE key LIKE 'post:%'",
        )?;
        Ok(query.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }

    /// Every telling of a group's post, and what is known of it.
    pub fn post_group(
        &self,
        group: &str,
        readings: &mut Readings,
    ) -> Result<(Vec<PlacedPost>, KnownPosts), StoreError> {
        let mut told = Vec::new();
        let mut known = KnownPosts::default();
        let mut ids = BTreeSet::new();
        let mut query = self.db.prepare_cached(
            "SELECT document, at, json, facts FROM post_told JOIN read_post USING (document, at) WHERE group_key = ?1 ORDER BY document, at",
        )?;
        let mut rows = query.query([group])?;
        while let Some(row) = rows.next()? {
            let Some(frame) = readings.frame(self, row.get(0)?)? else { continue };
            let (keys, mut facts): (Vec<Key>, PostFacts) = (parsed(row, 2)?, parsed(row, 3)?);
            frame.choose_links(&mut facts.html);
            self.known_by(&frame.key.source, &keys, group, &mut ids, &mut known)?;
            let (document, group) = (frame.key.clone(), group.to_owned());
            told.push(PlacedPost { document, index: row.get(1)?, keys, facts, group });
        }
        for id in ids {
            let id = PostId::from_text(&id);
            if let Some(post) = self.post(&id)? {
                known.posts.insert(id, post);
            }
        }
        Ok((told, known))
    }

    /// The ids that names of a telling lead to, or that a new post of them would be given.
    fn known_by(
        &self,
        source: &SourceId,
        keys: &[Key],
        group: &str,
        ids: &mut BTreeSet<String>,
        known: &mut KnownPosts,
    ) -> Result<(), StoreError> {
        let names: Vec<String> = keys.iter().map(Key::text).chain([group.to_owned()]).collect();
        for (name, id) in self.aliases(POST_ALIASES, source, &names)? {
            if !self.is_post_of_another(&id, group)? {
                known.aliases.insert((source.clone(), name), PostId::from_text(&id));
            }
            ids.insert(id);
        }
        for id in keys.first().into_iter().flat_map(|key| first_ids(source, key)) {
            if !self.db.prepare_cached("SELECT 1 FROM post WHERE id = ?1")?.exists([id.as_str()])? {
                break;
            }
            ids.insert(id.as_str().to_owned());
        }
        Ok(())
    }

    /// True for an id that tellings of another address hold: a telling that has moved on leaves the post to those that stayed.
    fn is_post_of_another(&self, id: &str, group: &str) -> Result<bool, StoreError> {
        let mut query = self.db.prepare_cached("SELECT 1 FROM post_told WHERE post = ?1 AND group_key <> ?2")?;
        Ok(query.exists([id, group])?)
    }

    /// Keeps a settled post; answers with the slices it was and is shown in, if it changed.
    pub fn apply_post(&self, settled: &SettledPost) -> Result<BTreeSet<Shown>, StoreError> {
        let (post, id) = (&settled.post, settled.post.id.as_str());
        let mut query = self.db.prepare_cached("SELECT board, living FROM post WHERE id = ?1")?;
        let was: Option<(bool, bool)> = query.query_row([id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let sources: BTreeSet<&str> = settled.members.iter().map(|(document, _)| document.source.as_str()).collect();
        let has_same_sources = || -> Result<bool, StoreError> {
            let known = self.names("SELECT source FROM post_source WHERE post = ?1", id)?;
            Ok(sources.iter().copied().eq(known.iter().map(String::as_str)))
        };
        let members = self.rows_of(&settled.members)?;
        let mut shown = BTreeSet::new();
        if settled.changed || was.is_none_or(|(_, living)| !living) || !has_same_sources()? {
            if was.is_some_and(|(_, living)| living) {
                shown.extend(self.shown_post(&post.id)?);
            }
            self.write_post(post, was.map(|(board, _)| board), members.first().copied(), &sources)?;
            shown.insert(Shown::BoardPost);
            shown.extend(post.facts.tags.iter().map(|tag| Shown::TagPost(tag.to_string())));
            shown.extend(sources.into_iter().map(|source| Shown::SourcePost(source.to_owned())));
        }
        for (document, at) in members {
            self.db
                .prepare_cached("UPDATE post_told SET post = ?3 WHERE document = ?1 AND at = ?2")?
                .execute(params![document, at, id])?;
        }
        let mut add = self.db.prepare_cached("INSERT OR REPLACE INTO post_alias VALUES (?1, ?2, ?3)")?;
        for (source, key) in &settled.aliases {
            add.execute([source.as_str(), key, id])?;
        }
        Ok(shown)
    }

    /// Writes a post. A known one may be held back from the board's own feeds.
    fn write_post(
        &self,
        post: &Post,
        board: Option<bool>,
        first: Option<(i64, usize)>,
        sources: &BTreeSet<&str>,
    ) -> Result<(), StoreError> {
        let id = post.id.as_str();
        let Told { facts, piece } = self.told::<(Vec<Key>, PostFacts)>(&post.facts, first)?;
        self.db
            .prepare_cached(
                "INSERT OR REPLACE INTO post (id, moment, updated, living, board, json, facts, told_in, told_at)
                 VALUES (?1, ?2, ?3, 1, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                id,
                post.order_moment().timestamp(),
                post.updated.timestamp(),
                board.unwrap_or(true),
                serde_json::to_string(&PostFrame::of(post))?,
                facts,
                piece.map(|(document, _)| document),
                piece.map(|(_, at)| at),
            ])?;
        if board.is_some() {
            self.db.prepare_cached("DELETE FROM post_tag WHERE post = ?1")?.execute([id])?;
            self.db.prepare_cached("DELETE FROM post_source WHERE post = ?1")?.execute([id])?;
        }
        let mut add = self.db.prepare_cached("INSERT OR IGNORE INTO post_tag VALUES (?1, ?2)")?;
        for tag in &post.facts.tags {
            add.execute([id, tag.as_str()])?;
        }
        let mut add = self.db.prepare_cached("INSERT INTO post_source VALUES (?1, ?2)")?;
        for source in sources {
            add.execute([id, *source])?;
        }
        Ok(())
    }

    /// Takes every post off the board that nothing tells any more; answers with the slices it was shown in.
    pub fn withdraw_posts(&self) -> Result<BTreeSet<Shown>, StoreError> {
        let mut query = self.db.prepare(
            "SELECT id FROM post WHERE living = 1 AND NOT EXISTS (SELECT 1 FROM post_told WHERE post_told.post = post.id)",
        )?;
        let gone: Vec<String> = query.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let mut shown = BTreeSet::new();
        for id in gone {
            shown.extend(self.shown_post(&PostId::from_text(&id))?);
            self.db.prepare_cached("UPDATE post SET living = 0 WHERE id = ?1")?.execute([&id])?;
        }
        Ok(shown)
    }

    /// Notes that what is told in a group makes no post.
    pub fn untell_posts(&self, group: &str) -> Result<(), StoreError> {
        self.db
            .prepare_cached("UPDATE post_told SET post = NULL WHERE group_key = ?1 AND post IS NOT NULL")?
            .execute([group])?;
        Ok(())
    }

    /// A first import of many posts fills its own slices only, but for its newest few. Of its posts only the `new` ones can flood: others may tell the rest, and they are on the board.
    pub fn hold_flood(&self, source: &SourceId, new: &BTreeSet<PostId>) -> Result<(), StoreError> {
        let mut query = self.db.prepare_cached(
            "SELECT post.id FROM post JOIN post_source ON post_source.post = post.id WHERE source = ?1 AND living = 1 ORDER BY moment DESC, id",
        )?;
        let ids: Vec<String> = query.query_map([source.as_str()], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let ids: Vec<PostId> = ids.iter().map(|id| PostId::from_text(id)).filter(|id| new.contains(id)).collect();
        if ids.len() > FLOOD {
            for id in ids.iter().skip(FLOOD_SHOWN) {
                self.db.prepare_cached("UPDATE post SET board = 0 WHERE id = ?1")?.execute([id.as_str()])?;
            }
        }
        Ok(())
    }

    /// A post by id.
    pub fn post(&self, id: &PostId) -> Result<Option<Post>, StoreError> {
        let (columns, joined) = (Post::COLUMNS, Post::JOINED);
        let mut query = self.db.prepare_cached(&format!("SELECT {columns} FROM post {joined} WHERE id = ?1"))?;
        let mut rows = query.query([id.as_str()])?;
        rows.next()?.map(Post::from_row).transpose()
    }

    /// The id of the post told at that place of a document.
    pub(super) fn post_at(&self, document: i64, at: usize) -> Result<Option<PostId>, StoreError> {
        let mut query = self.db.prepare_cached("SELECT post FROM post_told WHERE document = ?1 AND at = ?2")?;
        let id: Option<Option<String>> = query.query_row(params![document, at], |row| row.get(0)).optional()?;
        Ok(id.flatten().map(|id| PostId::from_text(&id)))
    }

    /// How many posts are on the board or in a slice.
    pub fn count_posts(&self) -> Result<usize, StoreError> {
        let mut query = self.db.prepare_cached("SELECT count(*) FROM post WHERE living = 1")?;
        Ok(query.query_row([], |row| row.get::<_, i64>(0))? as usize)
    }

    /// True if a source has told a post before.
    pub fn has_posts(&self, source: &SourceId) -> Result<bool, StoreError> {
        Ok(self.db.prepare_cached("SELECT 1 FROM post_alias WHERE source = ?1")?.exists([source.as_str()])?)
    }
}

/// The posts that a source calls by up to four names.
const POST_ALIASES: &str = "SELECT key, post FROM post_alias WHERE source = ?1 AND key IN (?2, ?3, ?4, ?5)";

/// The ids that a post of that first key may have been given.
fn first_ids(source: &SourceId, key: &Key) -> impl Iterator<Item = PostId> {
    (0..1000).map(|n| PostId::at_first_sight(source, &key.text(), n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_import_takes_nothing_off_the_board_that_others_told_before() {
        let store = Store::in_memory().unwrap();
        let insert = |id: &str, moment: usize| {
            store
                .db
                .execute(
                    "INSERT INTO post (id, moment, updated, living, board, json) VALUES (?1, ?2, 0, 1, 1, '{}')",
                    params![id, moment],
                )
                .unwrap();
            store.db.execute("INSERT INTO post_source VALUES (?1, 'late')", [id]).unwrap();
        };
        insert("old", 0);
        let new: BTreeSet<PostId> = (1..=60).map(|n| PostId::from_text(&format!("new-{n:02}"))).collect();
        new.iter().zip(1..).for_each(|(id, moment)| insert(id.as_str(), moment));
        store.hold_flood(&SourceId::new("late").unwrap(), &new).unwrap();
        let shown =
            |id: &str| store.db.query_row("SELECT board FROM post WHERE id = ?1", [id], |row| row.get::<_, bool>(0));
        assert!(shown("old").unwrap() && shown("new-60").unwrap() && !shown("new-01").unwrap());
    }
}
