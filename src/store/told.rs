//! Events and posts with what they say: kept in their own row, or in that of the first piece that tells of them where it says the same.
//!
//! Most say what one document says, word for word. Their texts are the bulk of a store, and so stand in it once.

use super::pieces::{Piece, parsed};
use super::{Store, StoreError};
use crate::model::*;
use chrono::{DateTime, FixedOffset, Utc};
use rusqlite::{Row, params};
use serde::{Deserialize, Serialize};

/// Where something that is kept says what it says.
pub(super) struct Told {
    /// In its own row.
    pub facts: Option<String>,
    /// With this piece: its document, and its place there.
    pub piece: Option<(i64, usize)>,
}

/// What leans on pieces.
pub(super) trait Leaning: Sized {
    /// Its columns, as [`Leaning::from_row`] takes them.
    const COLUMNS: &str;
    /// Joins the pieces that are leant on.
    const JOINED: &str;

    fn from_row(row: &Row) -> Result<Self, StoreError>;
}

/// An event without what is told about it.
#[derive(Serialize, Deserialize)]
pub(super) struct EventFrame {
    id: EventId,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    announced_in: Vec<PostId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    recapped_in: Vec<PostId>,
    sources: Vec<SourceId>,
    revision: Revision,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    vanished: bool,
}

impl EventFrame {
    pub fn of(event: &Event) -> Self {
        let Event { id, facts: _, announced_in, recapped_in, sources, revision, vanished } = event.clone();
        Self { id, announced_in, recapped_in, sources, revision, vanished }
    }
}

impl Leaning for Event {
    const COLUMNS: &str = "event.json, coalesce(event.facts, read_sighting.facts)";
    const JOINED: &str = "LEFT JOIN read_sighting ON read_sighting.document = told_in AND read_sighting.at = told_at";

    fn from_row(row: &Row) -> Result<Self, StoreError> {
        let EventFrame { id, announced_in, recapped_in, sources, revision, vanished } = parsed(row, 0)?;
        Ok(Self { id, facts: parsed(row, 1)?, announced_in, recapped_in, sources, revision, vanished })
    }
}

/// Of an event only when it takes place.
pub(super) struct Times {
    pub when: When,
    pub recurrence: Option<Recurrence>,
    pub changed: DateTime<Utc>,
}

impl Leaning for Times {
    const COLUMNS: &str = Event::COLUMNS;
    const JOINED: &str = Event::JOINED;

    fn from_row(row: &Row) -> Result<Self, StoreError> {
        #[derive(Deserialize)]
        struct OfFrame {
            revision: Revision,
        }
        #[derive(Deserialize)]
        struct OfFacts {
            when: When,
            recurrence: Option<Recurrence>,
        }
        let (OfFrame { revision }, OfFacts { when, recurrence }) = (parsed(row, 0)?, parsed(row, 1)?);
        Ok(Self { when, recurrence, changed: revision.last_changed })
    }
}

/// A post without what it says.
#[derive(Serialize, Deserialize)]
pub(super) struct PostFrame {
    id: PostId,
    source: SourceId,
    first_seen: DateTime<Utc>,
    updated: DateTime<FixedOffset>,
}

impl PostFrame {
    pub fn of(post: &Post) -> Self {
        let Post { id, source, facts: _, first_seen, updated } = post;
        Self { id: id.clone(), source: source.clone(), first_seen: *first_seen, updated: *updated }
    }
}

impl Leaning for Post {
    const COLUMNS: &str = "post.json, coalesce(post.facts, read_post.facts)";
    const JOINED: &str = "LEFT JOIN read_post ON read_post.document = told_in AND read_post.at = told_at";

    fn from_row(row: &Row) -> Result<Self, StoreError> {
        let PostFrame { id, source, first_seen, updated } = parsed(row, 0)?;
        Ok(Self { id, source, facts: parsed(row, 1)?, first_seen, updated })
    }
}

impl Store {
    /// Where these facts are to be kept: with the first piece that tells of them if it says the same, else on their own.
    pub(super) fn told<P: Piece>(&self, facts: &P::Facts, first: Option<(i64, usize)>) -> Result<Told, StoreError> {
        let facts = serde_json::to_string(facts)?;
        if let Some((document, at)) = first
            && self.db.prepare_cached(P::SAYS)?.exists(params![document, at, facts])?
        {
            return Ok(Told { facts: None, piece: first });
        }
        Ok(Told { facts: Some(facts), piece: None })
    }

    /// The rows of documents, in the order of their names; of those that are not kept, none.
    pub(super) fn rows_of(&self, members: &[(DocumentKey, usize)]) -> Result<Vec<(i64, usize)>, StoreError> {
        let mut query = self.db.prepare_cached("SELECT id FROM document WHERE source = ?1 AND key = ?2")?;
        let mut rows = Vec::with_capacity(members.len());
        for (document, at) in members {
            let mut found = query.query([document.source.as_str(), &document.key])?;
            if let Some(row) = found.next()? {
                rows.push((row.get(0)?, *at));
            }
        }
        Ok(rows)
    }

    /// What a source calls by these names, by a statement that takes four at once.
    pub(super) fn aliases(
        &self,
        sql: &str,
        source: &SourceId,
        names: &[String],
    ) -> Result<Vec<(String, String)>, StoreError> {
        let mut query = self.db.prepare_cached(sql)?;
        let mut found = Vec::new();
        for four in names.chunks(4) {
            let name = |at: usize| four.get(at);
            let mut rows = query.query(params![source.as_str(), name(0), name(1), name(2), name(3)])?;
            while let Some(row) = rows.next()? {
                found.push((row.get(0)?, row.get(1)?));
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::super::schema::MIGRATIONS;
    use super::*;
    use crate::merge::{Change, Settled, SettledPost};
    use std::path::Path;

    const FACTS: &str = r#"{"title":"Boat day","when":{"kind":"all-day","first":"2026-10-14","last":"2026-10-14"},"html":"<p>Oars.</p>"}"#;
    const SAID: &str = r#"{"title":"Boats again","html":"<p>Oars.</p>"}"#;
    const REVISION: &str = r#"{"first_seen":"2026-10-01T00:00:00Z","last_changed":"2026-10-01T00:00:00Z","sequence":0,"verdict":"announcement"}"#;

    fn of<T: serde::de::DeserializeOwned>(json: &str) -> T {
        serde_json::from_str(json).unwrap()
    }

    fn sighting() -> Sighting {
        of(&format!(r#"{{"keys":[{{"guid":"1"}}],"facts":{FACTS},"role":"announcement","confidence":1.0}}"#))
    }

    fn event() -> Event {
        of(&format!(r#"{{"id":"e","facts":{FACTS},"sources":["pond"],"revision":{REVISION}}}"#))
    }

    fn post() -> Post {
        let seen = "2026-10-01T00:00:00Z";
        of(&format!(r#"{{"id":"p","source":"pond","facts":{SAID},"first_seen":"{seen}","updated":"{seen}"}}"#))
    }

    fn key() -> DocumentKey {
        DocumentKey { source: SourceId::new("pond").unwrap(), key: "feed".to_owned() }
    }

    fn reading() -> Reading {
        Reading {
            posts: vec![(vec![Key::Guid("1".to_owned())], of(SAID))],
            sightings: vec![sighting()],
            ..Reading::default()
        }
    }

    /// A document that tells of an event and is a post, all settled.
    fn settled() -> Store {
        let store = Store::in_memory().unwrap();
        let DocumentKey { source, key: name } = key();
        let document = Document {
            source,
            key: name,
            url: None,
            media_type: None,
            bytes: Vec::new(),
            version: String::new(),
            first_seen: None,
        };
        store.keep(&document, "hash", &reading(), "rules", DateTime::UNIX_EPOCH).unwrap();
        let (members, aliases, problems) = (vec![(key(), 0)], Vec::new(), Vec::new());
        let change = Change::New;
        store
            .apply(&[Settled {
                event: event(),
                members: members.clone(),
                aliases: aliases.clone(),
                problems,
                change,
                matches: Vec::new(),
                revised: None,
            }])
            .unwrap();
        store.apply_post(&SettledPost { post: post(), members, aliases, changed: true }).unwrap();
        store
    }

    fn kept(store: &Store) -> (Event, Post) {
        (store.event(&event().id).unwrap().unwrap(), store.post(&post().id).unwrap().unwrap())
    }

    fn leaning(store: &Store) -> usize {
        let sql =
            "SELECT (SELECT count(*) FROM event WHERE facts IS NULL) + (SELECT count(*) FROM post WHERE facts IS NULL)";
        store.db.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn what_a_document_said_stays_with_events_and_posts_until_they_are_settled_anew() {
        let store = settled();
        assert_eq!((kept(&store), leaning(&store)), ((event(), post()), 2));
        store.replace_reading(&key(), &reading(), "other rules", true).unwrap();
        assert_eq!(leaning(&store), 2, "it says the same");
        let mut other = reading();
        other.sightings[0].facts.title = "Another day".to_owned();
        store.replace_reading(&key(), &other, "rules", false).unwrap();
        assert_eq!((kept(&store), leaning(&store)), ((event(), post()), 1));
        store.drop_document(&key()).unwrap();
        assert_eq!((kept(&store), leaning(&store)), ((event(), post()), 0));
    }

    #[test]
    fn an_older_store_says_the_same_in_the_new_places() {
        let db = rusqlite::Connection::open_in_memory().unwrap();
        MIGRATIONS[..8].iter().for_each(|sql| db.execute_batch(sql).unwrap());
        db.pragma_update(None, "user_version", 8).unwrap();
        let (event_json, post_json) =
            (serde_json::to_string(&event()).unwrap(), serde_json::to_string(&post()).unwrap());
        let (sighting_json, said_json) =
            (serde_json::to_string(&sighting()).unwrap(), serde_json::to_string(&reading().posts[0]).unwrap());
        let row = "INSERT INTO document (id, source, key, hash, version, first_seen, bytes, reading, reading_rules)
            VALUES (1, 'pond', 'feed', '', '', '', x'', '{}', '')";
        db.execute(row, []).unwrap();
        db.execute("INSERT INTO event VALUES ('e', '2026-10-14', 0, '2026-10-14', 1, ?1)", [event_json]).unwrap();
        db.execute("INSERT INTO event_source VALUES ('e', 'pond')", []).unwrap();
        db.execute("INSERT INTO post VALUES ('p', 0, 0, 1, 1, ?1)", [post_json]).unwrap();
        db.execute("INSERT INTO read_sighting VALUES (1, 0, ?1)", [sighting_json]).unwrap();
        db.execute("INSERT INTO read_post VALUES (1, 0, ?1)", [said_json]).unwrap();
        let path = Path::new(":memory:");
        let store = Store::prepare(db, path).unwrap().up_to_date(path).unwrap();
        assert_eq!(kept(&store), (event(), post()));
        assert_eq!(store.document(&key()).unwrap().unwrap().reading, reading());
        assert_eq!(store.count_events_of(&key().source).unwrap(), 1);
    }
}
