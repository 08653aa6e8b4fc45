use super::*;
use url::Url;

/// A board of two sources: `town` (a calendar) and `quay` (a blog, of higher priority), and a third, `weir`.
pub(super) fn rules() -> Rules {
    let source = |name: &str, order, priority| {
        let id = SourceId::new(name).unwrap();
        (id.clone(), SourceRules { priority, ..SourceRules::plain(id, order) })
    };
    Rules {
        site: Site {
            title: "Quay".into(),
            description: None,
            url: Url::parse("https://board.quay.example/").unwrap(),
            language: "en".into(),
            zone: crate::zone::by_name("Europe/Lisbon").unwrap(),
        },
        sources: [source("town", 0, 0), source("quay", 1, 1), source("weir", 2, 0)].into(),
        tag_aliases: BTreeMap::new(),
        publish_confidence: 0.6,
        vanish_after_runs: 3,
        publish_emails: false,
    }
}

/// What a document says of an event on one day.
pub(super) fn sighting(title: &str, day: &str, keys: Vec<Key>) -> Sighting {
    Sighting {
        keys,
        facts: Facts {
            title: title.into(),
            summary: None,
            html: CleanHtml::default(),
            when: When::day(day.parse().unwrap()),
            recurrence: None,
            place: Place::default(),
            status: EventStatus::Scheduled,
            deadlines: Vec::new(),
            sessions: Vec::new(),
            organizers: Vec::new(),
            tags: Vec::new(),
            links: EventLinks::default(),
            images: Vec::new(),
            language: None,
            provenance: BTreeMap::new(),
        },
        role: SightingRole::Calendar,
        confidence: 1.0,
        post: None,
        mentions: Vec::new(),
        revision: SourceRevision::default(),
        missing: 0,
    }
}
