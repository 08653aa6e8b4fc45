//! What the targets for one kind of document have in common: the same bytes under every name that its readers go by.
//!
//! Nothing panics, nothing takes long, and the same bytes twice give the same twice.

use chrono::{DateTime, Utc};
use noticeboard::compose::{Known, compose};
use noticeboard::model::{Document, Records, Rules, Site, SourceId, SourceRules};
use noticeboard::zone;
use std::sync::LazyLock;

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let site = Site::nowhere(zone::by_name("Europe/Helsinki").expect("a zone")).expect("an address");
    let mut rules = Rules::plain(site);
    for (n, name) in ["fuzz", "lists"].iter().enumerate() {
        let mut source = SourceRules::plain(source(name), n);
        source.records = (*name == "lists").then(Records::default);
        rules.sources.insert(source.id.clone(), source);
    }
    rules
});

fn source(name: &str) -> SourceId {
    SourceId::new(name).expect("an id")
}

/// Reads the bytes under each name, which may be followed by ` as ` and a media type, all the way to a board.
pub fn read_as(names: &[&str], bytes: &[u8]) {
    for name in names {
        let (name, media_type) = name.split_once(" as ").map_or((*name, None), |(name, told)| (name, Some(told)));
        let is_list = name.starts_with("lists/");
        let document = Document {
            source: source(if is_list { "lists" } else { "fuzz" }),
            key: name.to_owned(),
            url: url::Url::parse(name).ok(),
            media_type: media_type.map(str::to_owned),
            bytes: bytes.to_vec(),
            version: String::new(),
            first_seen: None,
        };
        let now: DateTime<Utc> = "2025-03-01T00:00:00Z".parse().expect("a moment");
        let board = || compose(std::slice::from_ref(&document), &Known::default(), &RULES, now);
        let (once, problems) = board();
        assert_eq!((once, problems), board(), "{name} twice gives the same twice");
    }
}
