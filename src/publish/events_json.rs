//! `events.json`: the whole board as data.
//!
//! One JSON object, keys in this order: `format` (`noticeboard-events`), `version` (1; it rises when a reader would have to change), `site`,
//! `slice`, `events` in calendar order and `posts`, newest first. Events carry everything that is known of them, in the model's own
//! words: `when` and `recurrence` as they were told (days inclusive, no occurrence spelled out, so that the file does not depend on the day),
//! `revision`, and under `provenance` where each field comes from. E-mail addresses only if configured.

use super::{Artifact, Publisher, Shows, Slice, SliceKind, View, text};
use crate::model::{Event, EventId, Facts, Post, PostId, Revision, SourceId};
use serde::Serialize;
use std::borrow::Cow;
use std::io;

/// Renders the board as JSON.
pub struct EventsJson;

const DATA: Artifact = Artifact {
    file: "events.json",
    media_type: "application/json",
    title: "Events as JSON",
    shows: Shows::Both,
    sliced: true,
    daily: false,
    rank: 0,
};

impl Publisher for EventsJson {
    fn name(&self) -> &'static str {
        "events-json"
    }

    fn artifacts(&self) -> &'static [Artifact] {
        &[DATA]
    }

    fn render(&self, _: &Artifact, slice: &mut dyn Slice, out: &mut dyn io::Write) -> io::Result<()> {
        let view = slice.view().clone();
        out.write_all(b"{\n\"format\": \"noticeboard-events\",\n\"version\": 1,\n\"site\": ")?;
        serde_json::to_writer(&mut *out, &site(&view))?;
        out.write_all(b",\n\"slice\": ")?;
        serde_json::to_writer(&mut *out, &slice_name(&view))?;
        out.write_all(b",\n\"events\": [")?;
        let mut list = List { out, count: 0 };
        slice.events(&mut |event| list.item(&event_json(event, &view)))?;
        list.out.write_all(b"\n],\n\"posts\": [")?;
        list.count = 0;
        slice.every_post(&mut |post| list.item(&post_json(post)))?;
        list.out.write_all(b"\n]\n}\n")
    }
}

/// Items one a line, so that a diff of two boards can be read.
struct List<'a> {
    out: &'a mut dyn io::Write,
    count: usize,
}

impl List<'_> {
    fn item(&mut self, item: &impl Serialize) -> io::Result<()> {
        self.out.write_all(if self.count == 0 { b"\n" } else { b",\n" })?;
        self.count += 1;
        serde_json::to_writer(&mut *self.out, item).map_err(io::Error::from)
    }
}

#[derive(Serialize)]
struct SiteJson<'a> {
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    url: &'a str,
    language: &'a str,
    time_zone: &'a str,
}

#[derive(Serialize)]
struct SliceJson<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    url: &'a str,
}

#[derive(Serialize)]
struct EventJson<'a> {
    id: &'a EventId,
    #[serde(flatten)]
    facts: Cow<'a, Facts>,
    #[serde(skip_serializing_if = "<[PostId]>::is_empty")]
    announced_in: &'a [PostId],
    #[serde(skip_serializing_if = "<[PostId]>::is_empty")]
    recapped_in: &'a [PostId],
    sources: &'a [SourceId],
    revision: &'a Revision,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    vanished: bool,
}

#[derive(Serialize)]
struct PostJson<'a> {
    id: &'a PostId,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<String>,
    updated: String,
    source: &'a SourceId,
}

fn site(view: &View) -> SiteJson<'_> {
    SiteJson {
        title: &view.site.title,
        description: view.site.description.as_deref(),
        url: view.site.url.as_str(),
        language: &view.site.language,
        time_zone: view.site.zone.as_str(),
    }
}

fn slice_name(view: &View) -> SliceJson<'_> {
    let (kind, name) = match &view.kind {
        SliceKind::Board => ("board", None),
        SliceKind::Tag(tag) => ("tag", Some(tag.as_str())),
        SliceKind::Source(id, _) => ("source", Some(id.as_str())),
    };
    SliceJson { kind, name, url: view.base.as_str() }
}

fn event_json<'a>(event: &'a Event, view: &View) -> EventJson<'a> {
    EventJson {
        id: &event.id,
        facts: publishable(&event.facts, view),
        announced_in: &event.announced_in,
        recapped_in: &event.recapped_in,
        sources: &event.sources,
        revision: &event.revision,
        vanished: event.vanished,
    }
}

fn publishable<'a>(facts: &'a Facts, view: &View) -> Cow<'a, Facts> {
    if view.publish_emails || facts.organizers.iter().all(|person| person.email.is_none()) {
        return Cow::Borrowed(facts);
    }
    let mut facts = facts.clone();
    facts.organizers.iter_mut().for_each(|person| person.email = None);
    Cow::Owned(facts)
}

fn post_json(post: &Post) -> PostJson<'_> {
    PostJson {
        id: &post.id,
        title: &post.facts.title,
        url: post.facts.url.as_ref().map(text::address),
        published: post.facts.published.as_ref().map(text::rfc3339),
        updated: text::rfc3339(&post.updated),
        source: &post.source,
    }
}
