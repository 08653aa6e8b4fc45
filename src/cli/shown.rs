//! What a reading looks like to a person: the one mapping that the terminal, `--html` and `--json` of `preview` and `explain` share.
//!
//! In: a preview or an explained event. Out: [`Shown`], which is the JSON as it is printed: entries with their text, events with every
//! field's value, the words it was read from, the rule that read them and how sure it is.

use super::words;
use crate::model::{Event, Facts, Provenance, Sighting, Telling};
use crate::report::{Explained, Preview, PreviewEntry};
use serde::Serialize;

/// A preview, or an event explained.
#[derive(Debug, Serialize)]
pub(super) struct Shown {
    /// The address, path or feed that was read; the event's title where one is explained.
    pub title: String,
    /// What it is written in, for people; none where an event is explained.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    pub entries: Vec<ShownEntry>,
    /// What was left out or contradicts itself.
    pub problems: Vec<String>,
}

/// One post, feed item or calendar event.
#[derive(Debug, Default, Serialize)]
pub(super) struct ShownEntry {
    pub title: String,
    pub url: Option<String>,
    /// When the notice appeared.
    pub published: Option<String>,
    /// Why nothing of it is published.
    pub skipped: Option<String>,
    /// The text, plain, a line a paragraph.
    pub text: String,
    pub events: Vec<ShownEvent>,
}

/// One event that an entry tells of.
#[derive(Debug, Serialize)]
pub(super) struct ShownEvent {
    /// `announcement`, `looking back`, `the event itself`; none where several documents tell of it.
    pub role: Option<&'static str>,
    /// 0 to 1; none where several documents tell of it.
    pub confidence: Option<f32>,
    /// False where it would wait for review.
    pub published: bool,
    pub fields: Vec<Field>,
    /// What Noticeboard itself knows of it: id, sources, first seen, posts. Empty in a preview.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<Field>,
}

/// One field of an event.
#[derive(Debug, Serialize)]
pub(super) struct Field {
    /// `when`, `place`, `deadlines`, …
    pub name: String,
    pub kind: Kind,
    /// Its value in words; a line for each where there are several.
    pub value: String,
    /// The words it was read from, as they stand in the text; none where nothing is quoted.
    pub quote: Option<String>,
    /// The rule or structured field that read them.
    pub rule: Option<String>,
    /// 0 to 1.
    pub confidence: Option<f32>,
    /// The source it comes from.
    pub source: Option<String>,
    /// The document inside the source.
    pub document: Option<String>,
}

/// What a field is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    When,
    Where,
    Other,
}

/// Words to mark in a text.
#[derive(Debug)]
pub(super) struct Quote {
    pub words: String,
    pub kind: Kind,
    /// `in a place, 0.93`
    pub told: String,
}

/// A title or a tag found again in the text says nothing; the words that gave zone and coordinates are those of the place.
const UNMARKED: &[&str] =
    &["title", "summary", "html", "tags", "page", "images", "language", "organizers", "zone", "coordinates"];

impl Kind {
    fn of(name: &str) -> Self {
        match name {
            "when" | "recurrence" | "sessions" => Kind::When,
            "place" | "online" | "attendance" => Kind::Where,
            _ => Kind::Other,
        }
    }

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Kind::When => "when",
            Kind::Where => "where",
            Kind::Other => "other",
        }
    }
}

impl Field {
    fn of(name: &str, value: String, from: Option<&Provenance>) -> Self {
        let evidence = from.map(|from| &from.evidence);
        Self {
            name: name.to_owned(),
            kind: Kind::of(name),
            value,
            quote: evidence.map(|evidence| evidence.quote.clone()).filter(|quote| !quote.is_empty()),
            rule: evidence.map(|evidence| evidence.rule.clone()),
            confidence: evidence.map(|evidence| evidence.confidence),
            source: from.map(|from| from.source.to_string()),
            document: from.map(|from| from.document.clone()),
        }
    }

    fn plain(name: &str, value: String) -> Self {
        Self::of(name, value, None)
    }

    /// `"in Gull Point", in a place (0.93)`, where words or a field gave it.
    pub fn evidence(&self) -> Option<String> {
        let (rule, confidence) = (self.rule.as_ref()?, self.confidence?);
        Some(format!("{}{rule} ({confidence:.2})", self.quoted()))
    }

    /// `"in Gull Point", `, where the words say more than the value does.
    pub fn quoted(&self) -> String {
        let more = self.quote.as_ref().filter(|quote| **quote != self.value);
        more.map(|quote| format!("\"{quote}\", ")).unwrap_or_default()
    }
}

impl ShownEvent {
    /// `event (announcement, confidence 0.93)`
    pub fn heading(&self) -> String {
        let heading = if self.published { "event" } else { "not sure enough to be published" };
        match (self.role, self.confidence) {
            (Some(role), Some(confidence)) => format!("{heading} ({role}, confidence {confidence:.2})"),
            _ => heading.to_owned(),
        }
    }
}

impl ShownEntry {
    /// The words that gave days and places.
    pub fn quotes(&self) -> Vec<Quote> {
        let fields = self.events.iter().flat_map(|event| &event.fields);
        let marked = fields.filter(|field| !UNMARKED.contains(&field.name.as_str()));
        let quote = |field: &Field| {
            let told = format!("{}, {:.2}", field.rule.as_deref()?, field.confidence?);
            Some(Quote { words: field.quote.clone()?, kind: field.kind, told })
        };
        marked.filter_map(quote).collect()
    }
}

/// A preview as it is shown.
pub(super) fn preview(preview: &Preview) -> Shown {
    Shown {
        title: preview.title.clone(),
        format: Some(preview.format.clone()),
        entries: preview.entries.iter().map(previewed).collect(),
        problems: preview.problems.iter().map(ToString::to_string).collect(),
    }
}

fn previewed(entry: &PreviewEntry) -> ShownEntry {
    let sure = entry.events.iter().map(|event| sighted(event, true));
    ShownEntry {
        title: entry.title.clone(),
        url: entry.url.as_ref().map(ToString::to_string),
        published: entry.published.map(|moment| moment.format("%Y-%m-%d %H:%M %:z").to_string()),
        skipped: entry.skipped.clone(),
        text: entry.text.clone(),
        events: sure.chain(entry.unsure.iter().map(|event| sighted(event, false))).collect(),
    }
}

/// An event as one document tells of it.
pub(super) fn sighted(event: &Sighting, published: bool) -> ShownEvent {
    let mut fields = fields(&event.facts);
    // A default that no words gave is no reading.
    fields.retain(|field| field.name != "status" || field.rule.is_some());
    let (role, confidence) = (Some(words::role(event.role)), Some(event.confidence));
    ShownEvent { role, confidence, published, fields, history: Vec::new() }
}

/// An explained event as it is shown.
pub(super) fn explained(explained: &Explained) -> Shown {
    let event = &explained.event;
    let posts = explained.posts.iter().map(|post| {
        let name = if event.recapped_in.contains(&post.id) { "recapped in" } else { "announced in" };
        let url = post.facts.url.as_ref().map(|url| format!("\n{url}")).unwrap_or_default();
        Field::plain(name, format!("{}{url}", post.facts.title))
    });
    let names = explained.names.join("\n");
    let names = (!names.is_empty()).then(|| Field::plain("names", names));
    let hidden = explained.hidden.then(|| Field::plain("hidden", "off the board".to_owned()));
    let shown = ShownEvent {
        role: None,
        confidence: None,
        published: true,
        fields: fields(&event.facts),
        history: history(event)
            .into_iter()
            .chain(hidden)
            .chain(names)
            .chain(posts)
            .chain(merges(explained))
            .chain(revisions(explained))
            .collect(),
    };
    let entry = ShownEntry {
        title: event.facts.title.clone(),
        url: event.facts.links.page.as_ref().map(ToString::to_string),
        text: event.facts.html.plain_text(),
        events: vec![shown],
        ..ShownEntry::default()
    };
    Shown { title: event.facts.title.clone(), format: None, entries: vec![entry], problems: Vec::new() }
}

/// Every field that says something, then what else has words of its own.
fn fields(facts: &Facts) -> Vec<Field> {
    let known = words::fields(facts);
    let further = facts.provenance.iter().filter(|(name, _)| !known.iter().any(|(known, _)| known == name));
    let further: Vec<Field> =
        further.map(|(name, from)| Field::of(name, from.evidence.quote.clone(), Some(from))).collect();
    let named = known.iter().map(|(name, value)| Field::of(name, value.clone(), facts.provenance.get(*name)));
    named.chain(further).collect()
}

/// Each telling that was joined with another, and why.
fn merges(explained: &Explained) -> impl Iterator<Item = Field> {
    explained.matches.iter().map(|found| {
        let telling = |told: &Telling| format!("{}: {}: {}", told.document.source, told.document.key, told.title);
        let reasons: Vec<String> = found.reasons.iter().map(words::reason).collect();
        let score = found.score();
        let score = if score == 0.0 { String::new() } else { format!(" (score {score:.1})") };
        let value = format!("{}\nand {}\n{}{score}", telling(&found.one), telling(&found.other), reasons.join(", "));
        Field::plain("one event", value)
    })
}

/// What it was before each change.
fn revisions(explained: &Explained) -> impl Iterator<Item = Field> {
    explained.revisions.iter().map(|revised| Field::plain("changed", words::revised(revised)))
}

fn history(event: &Event) -> Vec<Field> {
    words::history(event).into_iter().map(|(name, value)| Field::plain(name, value)).collect()
}
