//! `overrides.toml` → what is decided by hand: every name, moment, zone and address already checked.
//!
//! In: the text of the file, and the rules of the board it belongs to. Out: the same rules with the decisions in them, or every mistake
//! in the file. Whether a name stands for anything is not asked here: that the store knows.

use super::mistake::Finding;
use super::shape::{Shape, span_of};
use super::{readable, syntax};
use crate::merge;
use crate::model::*;
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Utc};
use schemars::{JsonSchema, generate::SchemaSettings};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::DeTable;

/// The format in the schema of what may be a TOML date, or text that looks like one.
pub(super) const MOMENT: &str = "moment";

/// What is decided by hand.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct File {
    event: Vec<EventTable>,
    together: Vec<BondTable>,
    apart: Vec<BondTable>,
    tags: BTreeMap<String, String>,
    places: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EventTable {
    #[schemars(required)]
    r#match: Option<String>,
    source: Option<String>,
    #[expect(dead_code, reason = "for people")]
    note: Option<String>,
    #[serde(default)]
    hide: bool,
    #[serde(default)]
    approve: bool,
    #[serde(default)]
    refuse: bool,
    title: Option<String>,
    #[schemars(with = "Option<String>", extend("format" = MOMENT))]
    start: Option<toml::Value>,
    #[schemars(with = "Option<String>", extend("format" = MOMENT))]
    end: Option<toml::Value>,
    time_zone: Option<String>,
    place: Option<String>,
    online: Option<String>,
    #[schemars(extend("enum" = ["scheduled", "tentative", "cancelled", "postponed"]))]
    status: Option<String>,
    url: Option<String>,
    tags: Option<Vec<String>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct BondTable {
    #[schemars(required)]
    r#match: Option<Vec<String>>,
    #[expect(dead_code, reason = "for people")]
    note: Option<String>,
}

/// Adds to the rules what the text of the file decides.
pub(super) fn decide(rules: &mut Rules, text: &str, file: &str) -> Result<(), Vec<Finding>> {
    let (document, broken) = DeTable::parse_recoverable(text);
    if !broken.is_empty() {
        return Err(syntax(broken, text));
    }
    let schema = SchemaSettings::draft07().with(|settings| settings.inline_subschemas = true).into_generator();
    let shape = Shape::check(&document, &schema.into_root_schema_for::<File>().to_value());
    let mut check = Check { document: &document, text, rules, findings: shape.findings };
    match readable::<File>(&document, text, &shape.unreadable) {
        Ok(written) => check.all(written, file),
        Err(error) if check.findings.is_empty() => {
            check.findings.push(Finding {
                span: error.span().unwrap_or(0..0),
                message: error.message().to_owned(),
                label: None,
            });
        }
        Err(_) => {}
    }
    if check.findings.is_empty() { Ok(()) } else { Err(check.findings) }
}

struct Check<'a> {
    document: &'a Spanned<DeTable<'a>>,
    text: &'a str,
    rules: &'a mut Rules,
    findings: Vec<Finding>,
}

impl Check<'_> {
    fn all(&mut self, written: File, file: &str) {
        let mut events = Vec::new();
        for (at, table) in written.event.into_iter().enumerate() {
            events.extend(self.event(&at.to_string(), table));
        }
        let mut bonds = Vec::new();
        for (kind, tables) in [("together", written.together), ("apart", written.apart)] {
            for (at, table) in tables.into_iter().enumerate() {
                bonds.extend(self.bond(kind, &at.to_string(), table));
            }
        }
        self.tags(&written.tags);
        self.places(&written.places);
        self.rules.overrides = Overrides::new(file.to_owned(), events, bonds);
    }

    fn tell(&mut self, path: &[&str], message: impl Into<String>) {
        self.suggest(path, message, None);
    }

    fn suggest(&mut self, path: &[&str], message: impl Into<String>, label: Option<String>) {
        self.findings.push(Finding { span: span_of(self.document, path), message: message.into(), label });
    }

    /// The line of a value, from 1.
    fn line_of(&self, path: &[&str]) -> u32 {
        let start = span_of(self.document, path).start;
        let before = self.text.bytes().take(start).filter(|byte| *byte == b'\n').count();
        u32::try_from(before + 1).unwrap_or(u32::MAX)
    }

    fn event(&mut self, at: &str, table: EventTable) -> Option<EventOverride> {
        let path = |key| ["event", at, key];
        let source = table.source.as_deref().and_then(|text| {
            let source = SourceId::new(text);
            if source.is_none() {
                self.tell(&path("source"), format!("expected the id of a source in `source`, but found `{text}`"));
            }
            source
        });
        let name = table.r#match.as_deref().and_then(|text| self.name(&path("match"), text, source.as_ref()));
        let told = [(table.hide, Deed::Hide), (table.approve, Deed::Approve), (table.refuse, Deed::Refuse)];
        let deeds: Vec<Deed> = told.into_iter().filter(|(told, _)| *told).map(|(_, deed)| deed).collect();
        if deeds.len() > 1 {
            self.tell(&path("match"), "expected one of `hide`, `approve` and `refuse`, but found more");
        }
        let fixes = Fixes {
            title: table.title.and_then(|text| self.line(&path("title"), &text)),
            start: table.start.and_then(|value| self.edge(&path("start"), &value)),
            end: table.end.and_then(|value| self.edge(&path("end"), &value)),
            zone: table.time_zone.and_then(|name| self.zone(&path("time_zone"), &name)),
            place: table.place.and_then(|text| self.line(&path("place"), &text)),
            online: table.online.and_then(|text| self.address(&path("online"), &text)),
            status: table.status.as_deref().and_then(status),
            url: table.url.and_then(|text| self.address(&path("url"), &text)),
            tags: table.tags.map(|tags| self.known_tags(at, &tags)),
        };
        let zone = fixes.zone.as_ref().unwrap_or(&self.rules.site.zone).clone();
        if let (Some(start), Some(end)) = (fixes.start, fixes.end)
            && merge::is_no_span(start, end, &zone)
        {
            self.tell(&path("end"), "expected an end after `start`, a day if that is a day and a time if that is one");
        }
        if deeds.is_empty() && fixes == Fixes::default() && self.findings.is_empty() {
            self.tell(
                &path("match"),
                "expected what becomes of it, such as `hide = true` or `title = \"...\"`, but found nothing",
            );
        }
        Some(EventOverride { name: name?, deed: deeds.first().copied(), fixes })
    }

    fn bond(&mut self, kind: &str, at: &str, table: BondTable) -> Option<Bond> {
        let written = table.r#match?;
        let path = [kind, at, "match"];
        if written.len() < 2 {
            self.tell(&path, format!("expected two or more names in `match`, but found {}", written.len()));
        }
        let mut names: Vec<EventName> = Vec::new();
        for (nth, text) in written.iter().enumerate() {
            let nth = nth.to_string();
            let path = [kind, at, "match", nth.as_str()];
            let Some(name) = self.name(&path, text, None) else { continue };
            if names.contains(&name) {
                self.tell(&path, format!("`{text}` is named twice"));
            }
            names.push(name);
        }
        Some(Bond { together: kind == "together", names })
    }

    fn name(&mut self, path: &[&str], text: &str, source: Option<&SourceId>) -> Option<EventName> {
        let line = self.line_of(path);
        let own = text.trim().split_once(' ').and_then(|(first, rest)| Some((SourceId::new(first)?, rest.trim())));
        let named = match own {
            Some((own, rest)) => name(rest, Some(&own), line, &self.rules.site),
            None => name(text.trim(), source, line, &self.rules.site),
        };
        match named {
            None => self.tell(
                path,
                format!("expected an id, an address, or a name as `explain` prints it, such as `blog path:posts/a.md`, in `match`, but found `{text}`"),
            ),
            Some(named) if named.source.is_none() && named.is_of_one_source() => {
                let message = format!("expected the source before `{text}`, as such a name counts only there");
                self.suggest(path, message, Some(format!("write `SOURCE {text}`")));
                return None;
            }
            Some(_) => {}
        }
        named
    }

    fn line(&mut self, path: &[&str], text: &str) -> Option<String> {
        let line = clean_line(text);
        if line.is_empty() {
            let key = path.last().copied().unwrap_or_default();
            self.tell(path, format!("expected some text in `{key}`, but found none"));
        }
        (!line.is_empty()).then_some(line)
    }

    fn zone(&mut self, path: &[&str], name: &str) -> Option<ZoneId> {
        let found = crate::zone::by_name(name);
        if found.is_none() {
            self.tell(path, format!("unknown time zone `{name}`, expected a name such as `Europe/Bucharest`"));
        }
        found
    }

    fn address(&mut self, path: &[&str], text: &str) -> Option<url::Url> {
        let url = web_url(text);
        if url.is_none() {
            let key = path.last().copied().unwrap_or_default();
            self.tell(
                path,
                format!("expected an address such as `https://example.org/` in `{key}`, but found `{text}`"),
            );
        }
        url
    }

    fn edge(&mut self, path: &[&str], value: &toml::Value) -> Option<Edge> {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let edge = edge(&text);
        if edge.is_none() {
            let key = path.last().copied().unwrap_or_default();
            self.tell(path, format!("expected a day such as 2026-05-03 or a time such as 2026-05-03T18:00 in `{key}`, but found `{text}`"));
        }
        edge
    }

    fn known_tags(&mut self, at: &str, written: &[String]) -> std::collections::BTreeSet<Tag> {
        let tags: Option<_> = written.iter().map(|text| Tag::new(text)).collect();
        if tags.is_none() {
            self.tell(&["event", at, "tags"], "expected tags in `tags`, but found an empty one");
        }
        tags.unwrap_or_default()
    }

    /// `"meet-up" = "meetup"`, beside the aliases of the config, which this file corrects.
    fn tags(&mut self, written: &BTreeMap<String, String>) {
        for (spelling, tag) in written {
            match (Tag::new(spelling), Tag::new(tag)) {
                (Some(spelling), Some(tag)) if spelling != tag => {
                    // What led to this spelling leads on.
                    self.rules
                        .tag_aliases
                        .values_mut()
                        .filter(|known| **known == spelling)
                        .for_each(|known| known.clone_from(&tag));
                    self.rules.tag_aliases.remove(&tag);
                    self.rules.tag_aliases.insert(spelling, tag);
                }
                (Some(_), Some(_)) => {}
                _ => self.tell(&["tags", spelling], "expected a spelling and the tag to use, but found an empty one"),
            }
        }
        let aliases = &self.rules.tag_aliases;
        for source in self.rules.sources.values_mut() {
            for tags in [&mut source.tags, &mut source.only_tags, &mut source.without_tags] {
                let known = std::mem::take(tags).into_iter();
                tags.extend(known.map(|tag| aliases.get(&tag).cloned().unwrap_or(tag)));
            }
        }
    }

    fn places(&mut self, written: &BTreeMap<String, String>) {
        for (spelling, place) in written {
            let (from, to) = (Rules::spelling(spelling), clean_line(place));
            if from.is_empty() || to.is_empty() {
                self.tell(&["places", spelling], "expected a spelling and the place to use, but found an empty one");
            } else {
                self.rules.places.insert(from, to);
            }
        }
    }
}

/// An id or its beginning, the end of a page's address, the address of an event, or a key.
fn name(text: &str, source: Option<&SourceId>, line: u32, site: &Site) -> Option<EventName> {
    let id = |text: &str| id(text).map(|id| EventName::id(id, source.cloned(), line));
    if let Some(kind @ ("uid" | "guid" | "path" | "part" | "url")) = text.split(':').next() {
        let value = text.get(kind.len() + 1..).filter(|value| !value.is_empty())?;
        return Some(EventName::key(format!("{kind}:{value}"), source.cloned(), line));
    }
    if let Some(text) = text.strip_prefix("urn:uuid:").or_else(|| text.strip_prefix("id:")) {
        return id(text);
    }
    if let Some(url) = web_url(text) {
        let page = url.as_str().strip_prefix(site.url.as_str()).and_then(|path| path.strip_prefix("events/"));
        return match page.and_then(|page| page.trim_end_matches('/').rsplit_once('-')) {
            Some((_, last)) => id(last),
            None => Some(EventName::key(Key::url(&url).text(), source.cloned(), line)),
        };
    }
    id(text).or_else(|| id(text.rsplit_once('-')?.1))
}

/// The beginning of a UUID, at least its first eight digits.
fn id(text: &str) -> Option<String> {
    let text = text.to_ascii_lowercase();
    let first = text.get(..EventName::SHORTEST)?;
    let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let rest = text.get(EventName::SHORTEST..)?;
    let follows = rest.is_empty() || rest.starts_with('-') && is_hex(&rest.replace('-', "")) && text.len() <= 36;
    (is_hex(first) && follows).then_some(text)
}

fn status(word: &str) -> Option<EventStatus> {
    Some(match word {
        "scheduled" => EventStatus::Scheduled,
        "tentative" => EventStatus::Tentative,
        "cancelled" => EventStatus::Cancelled,
        "postponed" => EventStatus::Postponed,
        _ => return None,
    })
}

/// `2026-05-03`, `2026-05-03T18:00`, `2026-05-03 18:00:00`, or with `Z` or `+02:00` behind it.
fn edge(text: &str) -> Option<Edge> {
    let text = text.trim().replacen(' ', "T", 1);
    let clock = |text: &str| {
        let forms = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"];
        forms.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
    };
    let moment =
        || DateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M%#z").or_else(|_| DateTime::parse_from_rfc3339(&text));
    let edge = NaiveDate::parse_from_str(&text, "%Y-%m-%d").map(Edge::Day).ok();
    let edge = edge.or_else(|| clock(&text).map(Edge::Clock));
    let edge = edge.or_else(|| Some(Edge::Moment(moment().ok()?.with_timezone(&Utc))))?;
    let year = match edge {
        Edge::Day(day) => day.year(),
        Edge::Clock(clock) => clock.year(),
        Edge::Moment(moment) => moment.year(),
    };
    (1900..=2999).contains(&year).then_some(edge)
}

#[cfg(test)]
#[path = "overrides_tests.rs"]
mod tests;
