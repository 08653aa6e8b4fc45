//! The keys as written → [`Settings`]: each name, address, pattern, zone and path is looked at, and everything wrong is told.
//!
//! A value that is wrong becomes a finding and is left out, so that the next one is checked as well; the caller throws the settings away
//! if there is any finding.

use super::mistake::Finding;
use super::shape::span_of;
use super::table::{Config, OutputTable, ReviewTable, SiteTable, SourceTable, StoreTable, TagsTable};
use super::{Output, Settings, Source, link};
use crate::fetch::Origin;
use crate::model::{Rules, Site, SourceId, SourceRules, Tag, ZoneId, clean_line, web_url};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use toml::Spanned;
use toml::de::DeTable;
use url::Url;

/// A check under way.
pub(super) struct Check<'a> {
    file: &'a Spanned<DeTable<'a>>,
    folder: &'a Path,
    findings: &'a mut Vec<Finding>,
}

impl<'a> Check<'a> {
    /// Relative paths count from `folder`.
    pub fn new(file: &'a Spanned<DeTable<'a>>, folder: &'a Path, findings: &'a mut Vec<Finding>) -> Self {
        Self { file, folder, findings }
    }

    /// The settings, as far as the file allows.
    pub fn settings(mut self, config: Config, file: &Path) -> Option<Settings> {
        let aliases = self.aliases(&config.tags);
        let site = config.site.and_then(|site| self.site(site));
        let output = self.output(&config.output);
        let store = self.store(&config.store, &output);
        let listed = config.source.unwrap_or_default();
        let (sources, rules) = self.sources(listed, &aliases, &output);
        let ReviewTable { confidence, vanish_after_runs } = config.review;
        let rules = Rules {
            site: site?,
            sources: rules.into_iter().map(|rules| (rules.id.clone(), rules)).collect(),
            tag_aliases: aliases,
            publish_confidence: confidence,
            vanish_after_runs,
            publish_emails: config.output.emails,
        };
        Some(Settings { file: file.to_owned(), rules, sources, output, store })
    }

    fn tell(&mut self, path: &[&str], message: impl Into<String>) {
        self.findings.push(Finding { span: span_of(self.file, path), message: message.into(), label: None });
    }

    fn suggest(&mut self, path: &[&str], message: impl Into<String>, label: Option<String>) {
        self.findings.push(Finding { span: span_of(self.file, path), message: message.into(), label });
    }

    fn site(&mut self, site: SiteTable) -> Option<Site> {
        let title = site.title.and_then(|title| self.line(&["site", "title"], &title));
        let description = site.description.and_then(|text| self.line(&["site", "description"], &text));
        let url = site.url.and_then(|url| self.site_url(&url));
        let zone = site.time_zone.and_then(|name| self.zone(&["site", "time_zone"], &name));
        let language = match &site.language {
            Some(tag) => self.language(&["site", "language"], tag),
            None => Some("en".to_owned()),
        };
        Some(Site { title: title?, description, url: url?, language: language?, zone: zone? })
    }

    fn site_url(&mut self, text: &str) -> Option<Url> {
        let path = ["site", "url"];
        let mut url = self.web_url(&path, text)?;
        if url.query().is_some() || url.fragment().is_some() {
            self.tell(&path, format!("expected an address without `?` and `#` in `url`, but found `{text}`"));
            return None;
        }
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        Some(url)
    }

    fn sources(
        &mut self,
        listed: Vec<SourceTable>,
        aliases: &BTreeMap<Tag, Tag>,
        output: &Output,
    ) -> (Vec<Source>, Vec<SourceRules>) {
        let (mut sources, mut rules) = (Vec::new(), Vec::new());
        let mut ids = BTreeMap::new();
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

    fn source_id(&mut self, at: &str, id: Option<&str>, ids: &mut BTreeMap<SourceId, ()>) -> Option<SourceId> {
        let path = ["source", at, "id"];
        let text = id?;
        let Some(id) = SourceId::new(text) else {
            let message = format!("expected lower-case letters, digits and hyphens in `id`, but found `{text}`");
            self.tell(&path, message);
            return None;
        };
        if ids.insert(id.clone(), ()).is_some() {
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

    fn link(&mut self, path: &[&str], template: &str) -> Option<crate::model::LinkRule> {
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

    fn tags(&mut self, path: &[&str], written: &[String], aliases: &BTreeMap<Tag, Tag>) -> BTreeSet<Tag> {
        let mut tags = BTreeSet::new();
        for (at, text) in written.iter().enumerate() {
            match Tag::new(text) {
                Some(tag) => drop(tags.insert(aliases.get(&tag).cloned().unwrap_or(tag))),
                None => {
                    self.tell(&[path, &[at.to_string().as_str()]].concat(), "expected a tag, but found an empty one")
                }
            }
        }
        tags
    }

    fn aliases(&mut self, tags: &TagsTable) -> BTreeMap<Tag, Tag> {
        let mut leads: BTreeMap<Tag, Tag> = BTreeMap::new();
        let named: BTreeSet<Tag> = tags.aliases.keys().filter_map(|name| Tag::new(name)).collect();
        for (name, spellings) in &tags.aliases {
            let path = ["tags", "aliases", name.as_str()];
            let Some(tag) = Tag::new(name) else {
                self.tell(&path, "expected a tag before `=`, but found an empty one");
                continue;
            };
            for (at, text) in spellings.iter().enumerate() {
                let at = at.to_string();
                let path = [path.as_slice(), &[at.as_str()]].concat();
                match Tag::new(text) {
                    None => self.tell(&path, "expected a spelling, but found an empty one"),
                    Some(spelling) if spelling == tag => {}
                    Some(spelling) if named.contains(&spelling) => {
                        self.tell(
                            &path,
                            format!("`{spelling}` leads two ways: to `{tag}`, and it is a tag of its own here"),
                        );
                    }
                    Some(spelling) => match leads.insert(spelling.clone(), tag.clone()) {
                        Some(other) if other != tag => {
                            self.tell(&path, format!("`{spelling}` leads two ways: to `{tag}` and to `{other}`"));
                        }
                        _ => {}
                    },
                }
            }
        }
        leads
    }

    fn output(&mut self, output: &OutputTable) -> Output {
        let directory = self.absolute(&output.directory);
        let mut publish: Vec<String> = Vec::new();
        for (at, name) in output.publish.iter().enumerate() {
            if publish.contains(name) {
                self.tell(&["output", "publish", &at.to_string()], format!("`{name}` is listed twice in `publish`"));
            } else {
                publish.push(name.clone());
            }
        }
        let written = ["output", "publish"];
        if publish.is_empty() && span_of(self.file, &written) != span_of(self.file, &["output"]) {
            self.tell(&written, "expected at least one format in `publish`, but found an empty list");
        }
        if directory.parent().is_none() || self.folder.starts_with(&directory) && directory != self.folder {
            self.tell(
                &["output", "directory"],
                "expected a folder of its own in `directory`, but the config lies inside it",
            );
        }
        Output { directory, publish }
    }

    fn store(&mut self, store: &StoreTable, output: &Output) -> PathBuf {
        let file = self.absolute(&store.sqlite);
        if file.starts_with(&output.directory) {
            let written = !span_of(self.file, &["store"]).is_empty();
            let path = if written { ["store", "sqlite"] } else { ["output", "directory"] };
            self.tell(&path, "expected the store outside of `output.directory`, else it is published with the rest");
        }
        file
    }

    fn line(&mut self, path: &[&str], text: &str) -> Option<String> {
        let line = clean_line(text);
        if line.is_empty() {
            let key = path.last().copied().unwrap_or_default();
            self.tell(path, format!("expected some text in `{key}`, but found none"));
        }
        (!line.is_empty()).then_some(line)
    }

    fn web_url(&mut self, path: &[&str], text: &str) -> Option<Url> {
        let url = web_url(text);
        if url.is_none() {
            let key = path.last().copied().unwrap_or_default();
            let message = format!("expected an address such as `https://example.org/` in `{key}`, but found `{text}`");
            let bare =
                web_url(&format!("https://{text}")).filter(|url| url.host_str().is_some_and(|host| host.contains('.')));
            let label = bare.filter(|_| !text.contains(':')).map(|_| format!("did you mean `https://{text}`?"));
            self.suggest(path, message, label);
        }
        url
    }

    fn zone(&mut self, path: &[&str], name: &str) -> Option<ZoneId> {
        let found = zone(name);
        if found.is_none() {
            self.tell(path, format!("unknown time zone `{name}`, expected a name such as `Europe/Bucharest`"));
        }
        found
    }

    fn language(&mut self, path: &[&str], tag: &str) -> Option<String> {
        let mut parts = tag.split('-');
        let letters = |part: &str, sizes: std::ops::RangeInclusive<usize>| {
            sizes.contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphabetic())
        };
        let fits = parts.next().is_some_and(|first| letters(first, 2..=3))
            && parts.all(|part| (1..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric()));
        if !fits {
            self.tell(path, format!("expected a language such as `en` or `pt-BR`, but found `{tag}`"));
        }
        fits.then(|| tag.to_owned())
    }

    /// A path from the config's folder, without `.` and `..`.
    fn absolute(&self, path: &Path) -> PathBuf {
        let mut out = PathBuf::new();
        for component in self.folder.join(path).components() {
            match component {
                Component::CurDir => {}
                Component::ParentDir => drop(out.pop()),
                other => out.push(other),
            }
        }
        out
    }
}

/// The one question this room asks about time zones.
fn zone(name: &str) -> Option<ZoneId> {
    crate::zone::by_name(name)
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
