//! The keys of `noticeboard.toml`, as they are written: read by serde, told to editors as a JSON Schema.
//!
//! The documentation comments here are the descriptions that an editor shows. A key that must be there is an `Option` marked
//! `required`: whether it is there is checked against the schema, so that one missing key does not hide other mistakes.

use crate::fetch::{Limits, Origin};
use crate::model::Rules;
use crate::publish::SliceKind;
use schemars::{JsonSchema, generate::SchemaSettings};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A board of Noticeboard.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(title = "noticeboard.toml")]
#[serde(deny_unknown_fields)]
pub(super) struct Config {
    /// The board itself.
    #[schemars(required)]
    pub site: Option<SiteTable>,
    /// Where the community writes: repositories, feeds, calendars, folders.
    #[schemars(required)]
    pub source: Option<Vec<SourceTable>>,
    /// How sources are asked over the network.
    #[serde(default)]
    pub fetch: Limits,
    /// What tags are called.
    #[serde(default)]
    pub tags: TagsTable,
    /// What is too unsure to be published, and when an event is given up.
    #[serde(default)]
    pub review: ReviewTable,
    /// Where to publish, and what.
    #[serde(default)]
    pub output: OutputTable,
    /// What survives a run.
    #[serde(default)]
    pub store: StoreTable,
}

/// The board itself.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SiteTable {
    /// What the board is called.
    #[schemars(required)]
    pub title: Option<String>,
    /// One sentence about it.
    pub description: Option<String>,
    /// Where the output will be published, such as `https://events.example.org/`.
    #[schemars(required)]
    pub url: Option<String>,
    /// The community's time zone, such as `Europe/Bucharest`: for times that name none, and for what "today" is.
    #[schemars(required)]
    pub time_zone: Option<String>,
    /// The language of the board, such as `en` or `pt-BR`.
    #[schemars(extend("default" = "en"))]
    pub language: Option<String>,
}

/// One place where the community writes.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceTable {
    /// Its name in addresses and messages: lower-case letters, digits and hyphens. Events are remembered under it: keep it.
    #[schemars(required)]
    pub id: Option<String>,
    /// Its name for people; the id, if missing.
    pub title: Option<String>,
    /// Where its documents live: `from.git`, `from.http` or `from.directory`.
    #[schemars(with = "Origin", required)]
    pub from: Option<toml::Value>,
    /// The folder that `{path}` and `{dir}` of the link rule count from, below the repository or directory.
    #[serde(default)]
    pub root: String,
    /// How a post's address is made of its path, such as `https://example.org/{path}/`. There are `{path}` (no extension, no
    /// `index`), `{dir}`, `{file}`, `{slug}`, `{year}`, `{month}` and `{day}`. Front matter that names its own address wins.
    pub link: Option<String>,
    /// Tags added to everything that comes from here.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Only what carries one of these tags.
    #[serde(default)]
    pub only_tags: Vec<String>,
    /// Nothing that carries one of these tags.
    #[serde(default)]
    pub without_tags: Vec<String>,
    /// Where sources disagree about an event, the one with the higher number is believed.
    #[schemars(range(min = -1000, max = 1000))]
    #[serde(default)]
    pub priority: i32,
    /// Whether its events are published at once: `publish`; or only if a source of trust `publish` tells of them too, or they are
    /// approved in the overrides file: `review`; or only if they are approved there: `approval`. Its posts are published only with `publish`. What waits is listed by `noticeboard review`.
    #[schemars(extend("enum" = ["publish", "review", "approval"], "default" = "publish"))]
    pub trust: Option<String>,
    /// The place of events that name none.
    pub place: Option<String>,
    /// The time zone of times that name none; the site's, if missing.
    pub time_zone: Option<String>,
    /// The language of what names none; the site's, if missing.
    pub language: Option<String>,
    /// The documents are lists of events (YAML, TOML, JSON, CSV): which of their fields hold what.
    pub records: Option<RecordsTable>,
}

/// Which fields of a list of events hold what. Dots reach into tables, as in `venue.name`; what is missing is looked for under known names.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordsTable {
    /// The field that holds the list, such as `events`; the whole document, if missing.
    pub list: Option<String>,
    /// What names a record for ever; its address, or its title and start, if missing.
    pub id: Option<String>,
    /// The event's title.
    pub title: Option<String>,
    /// When it starts.
    pub start: Option<String>,
    /// When it ends; a bare day is the last.
    pub end: Option<String>,
    /// Where it is, from narrow to wide: `["city", "country"]`.
    #[serde(default)]
    pub place: Vec<String>,
    /// Its page.
    pub url: Option<String>,
    /// What it is about.
    pub summary: Option<String>,
    /// Its tags.
    pub tags: Option<String>,
}

/// What tags are called.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct TagsTable {
    /// A tag and its other spellings: `meetup = ["meetups", "meet-up"]`.
    pub aliases: BTreeMap<String, Vec<String>>,
}

/// What is too unsure to be published, and when an event is given up.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ReviewTable {
    /// An event found in prose is published from this confidence on, 0 to 1; below it waits for review.
    #[schemars(range(min = 0, max = 1))]
    pub confidence: f64,
    /// An upcoming event that its source no longer has is cancelled after so many good answers without it.
    #[schemars(range(min = 1, max = 1000))]
    pub vanish_after_runs: u32,
    /// The file with what is decided by hand; `overrides.toml` beside this file, where it is there.
    pub overrides: Option<PathBuf>,
}

impl Default for ReviewTable {
    fn default() -> Self {
        let (confidence, vanish_after_runs) = (Rules::PUBLISH_CONFIDENCE, Rules::VANISH_AFTER_RUNS);
        Self { confidence, vanish_after_runs, overrides: None }
    }
}

/// Where to publish, and what.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct OutputTable {
    /// The folder to publish into. Files in it that Noticeboard did not write are left alone.
    pub directory: PathBuf,
    /// The formats to publish.
    pub publish: Vec<String>,
    /// What parts of the board are published on their own as well: each of its `tags`, each of its `sources`.
    pub slices: Vec<String>,
    /// Publish the e-mail addresses of people.
    pub emails: bool,
    /// Write `review.html`: what waits for a person, with its words. It is linked nowhere, but whoever knows its address can read it.
    pub review: bool,
}

impl Default for OutputTable {
    fn default() -> Self {
        let publish = crate::publish::names().map(str::to_owned).collect();
        let slices = SliceKind::NAMES.map(str::to_owned).into();
        Self { directory: "public".into(), publish, slices, emails: false, review: false }
    }
}

/// What survives a run.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct StoreTable {
    /// The SQLite file.
    pub sqlite: PathBuf,
}

impl Default for StoreTable {
    fn default() -> Self {
        Self { sqlite: "noticeboard.db".into() }
    }
}

/// The JSON Schema of the file, without references, so that it is also easy to walk.
pub fn schema() -> serde_json::Value {
    let generator = SchemaSettings::draft07().with(|settings| settings.inline_subschemas = true).into_generator();
    let mut schema = generator.into_root_schema_for::<Config>().to_value();
    if let Some(names) = schema.pointer_mut("/properties/output/properties/publish/items") {
        names["enum"] = crate::publish::names().collect::<Vec<_>>().into();
    }
    if let Some(names) = schema.pointer_mut("/properties/output/properties/slices/items") {
        names["enum"] = SliceKind::NAMES.to_vec().into();
    }
    schema
}
