//! The tables, as a list of migrations. Entries are never changed once released; new ones are added at the end.

/// Step `n` leads from version `n` to `n + 1` (SQLite's `user_version`).
pub(super) const MIGRATIONS: &[&str] = &[
    r#"
-- A source's last answers.
CREATE TABLE source (
    id TEXT PRIMARY KEY, etag TEXT, last_modified TEXT, last_tried TEXT, last_good TEXT, failing_since TEXT, message TEXT
) STRICT;

-- The last good version of each document, and what was read of it.
CREATE TABLE document (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, key TEXT NOT NULL, hash TEXT NOT NULL, version TEXT NOT NULL,
    media_type TEXT, url TEXT, first_seen TEXT NOT NULL, bytes BLOB NOT NULL,
    gone INTEGER NOT NULL DEFAULT 0,
    reading TEXT NOT NULL, reading_rules TEXT NOT NULL, missing INTEGER NOT NULL DEFAULT 0,
    UNIQUE (source, key)
) STRICT;
CREATE INDEX document_missing ON document (source) WHERE missing = 1;

-- By what sightings find their neighbours.
CREATE TABLE block (document INTEGER NOT NULL, at INTEGER NOT NULL, key TEXT NOT NULL, PRIMARY KEY (document, at, key)) STRICT, WITHOUT ROWID;
CREATE INDEX block_key ON block (key);

-- Canonical addresses of pages, and the addresses that relative links could mean.
CREATE TABLE address (document INTEGER PRIMARY KEY, source TEXT NOT NULL, key TEXT NOT NULL) STRICT;
CREATE INDEX address_key ON address (source, key);
CREATE TABLE wanted (document INTEGER NOT NULL, source TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (document, key)) STRICT, WITHOUT ROWID;
CREATE INDEX wanted_key ON wanted (source, key);

-- Documents and block keys that a run has changed and that are not settled yet.
CREATE TABLE touched (document INTEGER PRIMARY KEY, upgraded INTEGER NOT NULL) STRICT;
CREATE TABLE touched_key (key TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE TABLE event (
    id TEXT PRIMARY KEY, first_day TEXT NOT NULL, start INTEGER NOT NULL, last_day TEXT, living INTEGER NOT NULL, json TEXT NOT NULL
) STRICT;
CREATE INDEX event_order ON event (first_day, start, id) WHERE living = 1;
CREATE TABLE member (document INTEGER NOT NULL, at INTEGER NOT NULL, event TEXT NOT NULL, PRIMARY KEY (document, at)) STRICT, WITHOUT ROWID;
CREATE INDEX member_event ON member (event);
CREATE TABLE alias (source TEXT NOT NULL, key TEXT NOT NULL, event TEXT NOT NULL, PRIMARY KEY (source, key)) STRICT, WITHOUT ROWID;
CREATE TABLE event_tag (event TEXT NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (event, tag)) STRICT, WITHOUT ROWID;
CREATE INDEX event_tag_tag ON event_tag (tag);
CREATE TABLE event_source (event TEXT NOT NULL, source TEXT NOT NULL, PRIMARY KEY (event, source)) STRICT, WITHOUT ROWID;
CREATE INDEX event_source_source ON event_source (source);

CREATE TABLE post (
    id TEXT PRIMARY KEY, moment INTEGER NOT NULL, updated INTEGER NOT NULL, living INTEGER NOT NULL, board INTEGER NOT NULL, json TEXT NOT NULL
) STRICT;
CREATE INDEX post_order ON post (moment DESC, id) WHERE living = 1;
CREATE TABLE post_told (
    document INTEGER NOT NULL, at INTEGER NOT NULL, group_key TEXT NOT NULL, post TEXT, PRIMARY KEY (document, at)
) STRICT, WITHOUT ROWID;
CREATE INDEX post_told_group ON post_told (group_key);
CREATE INDEX post_told_post ON post_told (post);
CREATE TABLE post_alias (source TEXT NOT NULL, key TEXT NOT NULL, post TEXT NOT NULL, PRIMARY KEY (source, key)) STRICT, WITHOUT ROWID;
CREATE TABLE post_tag (post TEXT NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (post, tag)) STRICT, WITHOUT ROWID;
CREATE INDEX post_tag_tag ON post_tag (tag);
CREATE TABLE post_source (post TEXT NOT NULL, source TEXT NOT NULL, PRIMARY KEY (post, source)) STRICT, WITHOUT ROWID;
CREATE INDEX post_source_source ON post_source (source);

-- Problems that stand, by who has them (`document 7`, `event …`, `source …`), and those that were told.
CREATE TABLE problem (owner TEXT NOT NULL, identity TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (owner, identity)) STRICT, WITHOUT ROWID;
CREATE TABLE told (identity TEXT PRIMARY KEY, json TEXT NOT NULL, last_told TEXT NOT NULL) STRICT;

-- Tags that have had a slice once keep it.
CREATE TABLE slice (tag TEXT PRIMARY KEY) STRICT;
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"#,
    r#"
-- Of a document that was asked because the source's page offers it: the validators of its last answer.
ALTER TABLE document ADD COLUMN validators TEXT;
"#,
    r#"
-- When a source is asked again, and what that depends on.
ALTER TABLE source ADD COLUMN address TEXT;
ALTER TABLE source ADD COLUMN next_due TEXT;
ALTER TABLE source ADD COLUMN wait_until TEXT;
ALTER TABLE source ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN last_changed TEXT;
ALTER TABLE source ADD COLUMN moved_to TEXT;
ALTER TABLE source ADD COLUMN retired INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN pace TEXT;
"#,
    r#"
-- How each source was asked and answered; moments in seconds since 1970.
CREATE TABLE attempt (
    source TEXT NOT NULL, at INTEGER NOT NULL, good INTEGER NOT NULL, status INTEGER, received INTEGER NOT NULL, took INTEGER NOT NULL,
    documents INTEGER NOT NULL, events INTEGER NOT NULL
) STRICT;
CREATE INDEX attempt_source ON attempt (source, at);
"#,
    r#"
-- The attempts at each source in short, counted anew once a day.
CREATE TABLE attempt_sum (
    source TEXT PRIMARY KEY, day TEXT NOT NULL, tried INTEGER NOT NULL, good INTEGER NOT NULL, usual INTEGER, status INTEGER,
    received INTEGER NOT NULL, took INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- Documents that are to be shown from a moment on, or until one.
CREATE INDEX document_until ON document (reading_rules) WHERE instr(reading_rules, ' until ') > 0;
"#,
    r#"
-- What the page of a source offers to read in its stead, where it does.
CREATE TABLE offer (document INTEGER PRIMARY KEY, json TEXT NOT NULL) STRICT;
INSERT INTO offer SELECT id, json_extract(reading, '$.offer') FROM document WHERE json_extract(reading, '$.offer') IS NOT NULL;

-- Rows of documents are long, and every run asks these of many.
CREATE INDEX document_version ON document (source, gone, key, version);
CREATE INDEX document_validators ON document (source, gone, key, validators) WHERE validators IS NOT NULL;
CREATE INDEX document_rules ON document (source, reading_rules, key);
CREATE INDEX document_passing ON document (source) WHERE instr(reading_rules, ' ') > 0;
CREATE INDEX source_failing ON source (id) WHERE failing_since IS NOT NULL;
CREATE INDEX attempt_at ON attempt (at);
"#,
    r#"
-- What was read of each document: its posts and sightings one by one, all else in the document's own row.
CREATE TABLE read_post (document INTEGER NOT NULL, at INTEGER NOT NULL, json TEXT NOT NULL, UNIQUE (document, at)) STRICT;
CREATE TABLE read_sighting (document INTEGER NOT NULL, at INTEGER NOT NULL, json TEXT NOT NULL, UNIQUE (document, at)) STRICT;
INSERT INTO read_post SELECT document.id, told.key, told.value FROM document, json_each(reading, '$.posts') AS told;
INSERT INTO read_sighting SELECT document.id, told.key, told.value FROM document, json_each(reading, '$.sightings') AS told;
UPDATE document SET reading = json_remove(reading, '$.posts', '$.sightings');

-- Rows of events are long, and every run counts them.
CREATE INDEX event_counted ON event (id, living, last_day);
"#,
    r#"
-- Documents that are suspected to say nothing by accident: few, and looked for whenever their source answers.
CREATE INDEX document_suspected ON document (source, key) WHERE json_extract(reading, '$.suspicion.believed') = 0;
"#,
    r#"
-- Why the tellings of an event are one event, and what it was before each change.
CREATE TABLE matched (event TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE revised (event TEXT NOT NULL, json TEXT NOT NULL) STRICT;
CREATE INDEX revised_event ON revised (event);
"#,
    r#"
-- By which names of the overrides file sightings were called when they were last looked at, and which sightings wait for a person.
CREATE TABLE named (
    name TEXT NOT NULL, document INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (document, at, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX named_name ON named (name);
CREATE TABLE waiting (
    document INTEGER NOT NULL, at INTEGER NOT NULL, why TEXT NOT NULL, first_day TEXT NOT NULL, last_day TEXT, PRIMARY KEY (document, at)
) STRICT, WITHOUT ROWID;
CREATE INDEX waiting_order ON waiting (first_day);
-- What is unsure is kept beside what is sure from now on: documents that tell of such events are read again.
UPDATE document SET reading_rules = '0/' || substr(reading_rules, instr(reading_rules, '/') + 1), reading = json_remove(reading, '$.unsure')
WHERE json_extract(reading, '$.unsure') IS NOT NULL;
DELETE FROM meta WHERE name = 'read by';
"#,
    r#"
-- What an event or a post says is mostly what its first document says, word for word: then it is kept there only, and the event or post names
-- the place. Before what is told there changes or goes, the event or post gets a copy of its own.
ALTER TABLE read_sighting ADD COLUMN facts TEXT NOT NULL DEFAULT '';
ALTER TABLE read_post ADD COLUMN facts TEXT NOT NULL DEFAULT '';
ALTER TABLE event ADD COLUMN facts TEXT;
ALTER TABLE event ADD COLUMN told_in INTEGER;
ALTER TABLE event ADD COLUMN told_at INTEGER;
ALTER TABLE post ADD COLUMN facts TEXT;
ALTER TABLE post ADD COLUMN told_in INTEGER;
ALTER TABLE post ADD COLUMN told_at INTEGER;
UPDATE read_sighting SET facts = json_extract(json, '$.facts'), json = json_remove(json, '$.facts');
UPDATE read_post SET facts = json_extract(json, '$[1]'), json = json_extract(json, '$[0]');
UPDATE event SET facts = json_extract(json, '$.facts'), json = json_remove(json, '$.facts');
UPDATE post SET facts = json_extract(json, '$.facts'), json = json_remove(json, '$.facts');
-- How many living events each source tells of, counted anew where they change.
CREATE TABLE event_count (source TEXT PRIMARY KEY, events INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO event_count
    SELECT source, count(*) FROM event_source JOIN event ON event.id = event_source.event WHERE living = 1 GROUP BY source;
CREATE INDEX event_told ON event (told_in, told_at) WHERE told_in IS NOT NULL;
CREATE INDEX post_told_in ON post (told_in, told_at) WHERE told_in IS NOT NULL;
CREATE TRIGGER sighting_changes BEFORE UPDATE OF facts ON read_sighting WHEN old.facts <> new.facts BEGIN
    UPDATE event SET facts = old.facts, told_in = NULL, told_at = NULL WHERE told_in = old.document AND told_at = old.at;
END;
CREATE TRIGGER sighting_goes BEFORE DELETE ON read_sighting BEGIN
    UPDATE event SET facts = old.facts, told_in = NULL, told_at = NULL WHERE told_in = old.document AND told_at = old.at;
END;
CREATE TRIGGER post_changes BEFORE UPDATE OF facts ON read_post WHEN old.facts <> new.facts BEGIN
    UPDATE post SET facts = old.facts, told_in = NULL, told_at = NULL WHERE told_in = old.document AND told_at = old.at;
END;
CREATE TRIGGER post_goes BEFORE DELETE ON read_post BEGIN
    UPDATE post SET facts = old.facts, told_in = NULL, told_at = NULL WHERE told_in = old.document AND told_at = old.at;
END;
"#,
    r#"
-- Salted hashes of the names of what was forgotten on request, by the deed in which it was.
CREATE TABLE forgotten (hash TEXT NOT NULL, deed INTEGER NOT NULL, PRIMARY KEY (hash, deed)) STRICT, WITHOUT ROWID;
"#,
];
