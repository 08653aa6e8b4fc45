//! The `[[source]]` tables as written → sources and their rules.

use super::check::Check;
use super::mistake::Finding;
use super::shape::span_of;
use super::table::SourceTable;
use super::{Output, Source, link};
use crate::fetch::Origin;
use crate::model::{LinkRule, SourceId, SourceRules, Tag};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use url::Url;

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
            let origin = table.from.clone().and_then(|origin| self.origin(&at, origin, output));
            let checked = self.source_rules(&at, order, id.clone(), table, aliases);
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
        let id = id?;
        let title = title.unwrap_or_else(|| id.as_str().to_owned());
        let priority = table.priority;
        Some(SourceRules {
            id,
            title,
            order,
            priority,
            link,
            root,
            tags,
            place,
            zone,
            language,
            only_tags,
            without_tags,
        })
    }

    /// Checks an origin and makes its paths absolute.
    fn origin(&mut self, at: &str, mut origin: Origin, output: &Output) -> Option<Origin> {
        let before = self.findings.len();
        match &mut origin {
            Origin::Git(git) => {
                let path = ["source", at, "from", "git", "url"];
                match git_address(&git.url) {
                    GitAddress::Remote => {}
                    GitAddress::Local => git.url = self.absolute(Path::new(&git.url)).display().to_string(),
                    GitAddress::Bad => {
                        let message = "expected an https, ssh or git address or a path in `url`, but found";
                        self.tell(&path, format!("{message} `{}`", git.url));
                    }
                }
                self.globs(&["source", at, "from", "git", "include"], &git.include);
                self.globs(&["source", at, "from", "git", "exclude"], &git.exclude);
            }
            Origin::Http(http) => {
                let path = |key| ["source", at, "from", "http", key];
                // Calendars are handed around as webcal:, which is https by another name.
                if let Some((_, rest)) = http.url.split_once("webcal://").filter(|(front, _)| front.is_empty()) {
                    http.url = format!("https://{rest}");
                }
                if let Some(url) = self.web_url(&path("url"), &http.url) {
                    http.url = url.into();
                }
                for (key, value) in [("timeout", http.timeout), ("max_size", http.max_size)] {
                    if value == Some(0) {
                        self.tell(&path(key), format!("expected a number above 0 in `{key}`, but found `0`"));
                    }
                }
            }
            Origin::Directory(directory) => {
                let path = |key| ["source", at, "from", "directory", key];
                directory.path = self.absolute(&directory.path);
                if directory.path.starts_with(&output.directory) {
                    self.tell(
                        &path("path"),
                        "expected a folder outside of `output.directory`, else the board reads itself",
                    );
                }
                self.globs(&path("include"), &directory.include);
                self.globs(&path("exclude"), &directory.exclude);
            }
        }
        (self.findings.len() == before).then_some(origin)
    }

    fn globs(&mut self, path: &[&str], globs: &[String]) {
        for (at, glob) in globs.iter().enumerate() {
            if let Err(error) = globset::Glob::new(glob) {
                let at = at.to_string();
                let message =
                    format!("expected a pattern such as `posts/**/*.md`, but found `{glob}`: {}", error.kind());
                self.tell(&[path, &[at.as_str()]].concat(), message);
            }
        }
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

enum GitAddress {
    Remote,
    Local,
    Bad,
}

/// Remote helpers (`ext::`) and options (`-u…`) would run programs; anything else without a scheme or host is a path.
fn git_address(text: &str) -> GitAddress {
    if text.is_empty() || text.starts_with('-') || text.contains("::") || text.contains(char::is_control) {
        return GitAddress::Bad;
    }
    if let Some((scheme, _)) = text.split_once("://") {
        let fits = matches!(scheme, "https" | "http" | "ssh" | "git" | "file") && Url::parse(text).is_ok();
        return if fits { GitAddress::Remote } else { GitAddress::Bad };
    }
    match text.find(':') {
        Some(colon) if colon > 1 && !text.get(..colon).is_some_and(|host| host.contains('/')) => GitAddress::Remote,
        _ => GitAddress::Local,
    }
}
