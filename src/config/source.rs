//! The `[[source]]` tables as written → sources and their rules.

use super::check::{Check, without_dots};
use super::mistake::Finding;
use super::shape::{span_of, value_of};
use super::table::{RecordsTable, SourceTable};
use super::{Output, Source, link};
use crate::fetch::Origin;
use crate::model::{LinkRule, Records, SourceId, SourceRules, Tag, Trust};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

impl Check<'_> {
    pub(super) fn sources(
        &mut self,
        listed: Vec<SourceTable>,
        aliases: &BTreeMap<Tag, Tag>,
        output: &Output,
    ) -> (Vec<Source>, Vec<SourceRules>) {
        let (mut sources, mut rules) = (Vec::new(), Vec::new());
        let mut ids = BTreeSet::new();
        if listed.is_empty() && span_of(self.file, &["source"]).is_empty() {
            return (sources, rules);
        }
        if listed.is_empty() {
            self.tell(&["source"], "expected at least one `[[source]]`, but there is none");
        }
        for (order, table) in listed.into_iter().enumerate() {
            let at = order.to_string();
            let id = self.source_id(&at, table.id.as_deref(), &mut ids);
            let origin = table.from.as_ref().and_then(|written| self.origin(&at, written, output));
            let mut checked = self.source_rules(&at, order, id.clone(), table, aliases);
            if let Some(rules) = &mut checked {
                rules.follow = origin.as_ref().and_then(Origin::follow);
            }
            sources.extend(id.zip(origin).map(|(id, origin)| Source { id, origin }));
            rules.extend(checked);
        }
        (sources, rules)
    }

    fn source_id(&mut self, at: &str, id: Option<&str>, ids: &mut BTreeSet<SourceId>) -> Option<SourceId> {
        let path = ["source", at, "id"];
        let text = id?;
        let Some(id) = SourceId::new(text) else {
            let message = format!("expected lower-case letters, digits and hyphens in `id`, but found `{text}`");
            self.tell(&path, message);
            return None;
        };
        if !ids.insert(id.clone()) {
            self.tell(&path, format!("expected an id of its own for each source, but `{text}` is used above"));
            return None;
        }
        Some(id)
    }

    fn source_rules(
        &mut self,
        at: &str,
        order: usize,
        id: Option<SourceId>,
        table: SourceTable,
        aliases: &BTreeMap<Tag, Tag>,
    ) -> Option<SourceRules> {
        let path = |key| ["source", at, key];
        let title = table.title.and_then(|title| self.line(&path("title"), &title));
        let place = table.place.and_then(|place| self.line(&path("place"), &place));
        let zone = table.time_zone.and_then(|name| self.zone(&path("time_zone"), &name));
        let language = table.language.and_then(|tag| self.language(&path("language"), &tag));
        let link = table.link.and_then(|template| self.link(&path("link"), &template));
        let root = self.root(&path("root"), &table.root);
        let tags = self.tags(&path("tags"), &table.tags, aliases);
        let only_tags = self.tags(&path("only_tags"), &table.only_tags, aliases);
        let without_tags = self.tags(&path("without_tags"), &table.without_tags, aliases);
        if let Some(both) = only_tags.intersection(&without_tags).next() {
            self.tell(
                &path("without_tags"),
                format!("`{both}` is in `only_tags` and in `without_tags`: nothing passes both"),
            );
        }
        let records = table.records.map(|records| self.records(at, records));
        let id = id?;
        let title = title.unwrap_or_else(|| id.as_str().to_owned());
        let priority = table.priority;
        let trust =
            Trust::ALL.into_iter().find(|trust| table.trust.as_deref() == Some(trust.word())).unwrap_or_default();
        Some(SourceRules {
            id,
            title,
            order,
            priority,
            trust,
            link,
            site: None,
            root,
            tags,
            place,
            zone,
            language,
            only_tags,
            without_tags,
            follow: None,
            records,
        })
    }

    fn records(&mut self, at: &str, table: RecordsTable) -> Records {
        let mut named = |key: &str, name: Option<String>| {
            let name = name?;
            self.line(&["source", at, "records", key], &name)
        };
        Records {
            list: named("list", table.list),
            id: named("id", table.id),
            title: named("title", table.title),
            start: named("start", table.start),
            end: named("end", table.end),
            url: named("url", table.url),
            summary: named("summary", table.summary),
            tags: named("tags", table.tags),
            place: table.place.into_iter().filter_map(|name| named("place", Some(name))).collect(),
        }
    }

    /// Reads an origin, whose keys check themselves, and makes its paths absolute.
    fn origin(&mut self, at: &str, written: &toml::Value, output: &Output) -> Option<Origin> {
        // Only the file itself knows places, but it still has what the shape check took out.
        let mut value = value_of(self.file, &["source", at, "from"])?.clone();
        keep_shared(value.get_mut(), written);
        let mut sound = true;
        let origin = loop {
            let error = match Origin::deserialize(ValueDeserializer::from(value.clone())) {
                Ok(origin) => break origin.resolved_from(self.folder),
                Err(error) => error,
            };
            let span = error.span().unwrap_or_else(|| value.span());
            // Without the wrong key the others can be read, until one is missing that we took out ourselves.
            let more = take_out(value.get_mut(), &span);
            if sound || more {
                self.findings.push(Finding { span, message: error.message().to_owned(), label: None });
            }
            sound = false;
            if !more {
                return None;
            }
        };
        if !sound {
            return None;
        }
        if let Origin::Directory(directory) = &origin
            && without_dots(&directory.path).starts_with(&output.directory)
        {
            let message = "expected a folder outside of `output.directory`, else the board reads itself";
            self.tell(&["source", at, "from", "directory", "path"], message);
            return None;
        }
        if let Origin::Http(http) = &origin
            && let Some(mistake) = http.mistake()
        {
            self.tell(&["source", at, "from", "http", "url"], mistake);
            return None;
        }
        Some(origin)
    }

    fn link(&mut self, path: &[&str], template: &str) -> Option<LinkRule> {
        link::rule(template)
            .map_err(|mistake| {
                // The value's span has its quotes; escapes inside would shift the part, so that then the whole is underlined.
                let value = span_of(self.file, path);
                let plain = value.len() == template.len() + 2;
                let part = value.start + 1 + mistake.part.start..value.start + 1 + mistake.part.end;
                let span = if plain { part } else { value };
                self.findings.push(Finding { span, message: mistake.message, label: mistake.label });
            })
            .ok()
    }

    fn root(&mut self, path: &[&str], root: &str) -> String {
        let parts: Vec<&str> = root.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
        if parts.contains(&"..") {
            self.tell(
                path,
                format!("expected a folder below the repository or directory in `root`, but found `{root}`"),
            );
        }
        parts.join("/")
    }
}

/// Leaves in a value only the keys that the other has as well.
fn keep_shared(value: &mut DeValue, other: &toml::Value) {
    let (DeValue::Table(table), toml::Value::Table(other)) = (value, other) else { return };
    drop_keys(table, |key, _| !other.contains_key(key));
    for (key, inner) in table.iter_mut() {
        if let Some(other) = other.get(key.get_ref().as_ref()) {
            keep_shared(inner.get_mut(), other);
        }
    }
}

/// Takes the simple value at those bytes out of a table of tables; false if there is none.
fn take_out(value: &mut DeValue, span: &Range<usize>) -> bool {
    let DeValue::Table(table) = value else { return false };
    let holds = |outer: Range<usize>| outer.start <= span.start && span.end <= outer.end;
    let before = table.len();
    drop_keys(table, |_, inner| !inner.get_ref().is_table() && holds(inner.span()));
    table.len() < before || table.iter_mut().any(|(_, inner)| take_out(inner.get_mut(), span))
}

fn drop_keys(table: &mut DeTable, is_wrong: impl Fn(&str, &Spanned<DeValue>) -> bool) {
    let wrong: Vec<String> = table
        .iter()
        .filter(|(key, inner)| is_wrong(key.get_ref(), inner))
        .map(|(key, _)| key.get_ref().to_string())
        .collect();
    for key in wrong {
        table.remove(key.as_str());
    }
}
