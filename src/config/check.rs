//! The keys as written → [`Settings`]: each name, address, pattern, zone and path is looked at, and everything wrong is told.
//!
//! A value that is wrong becomes a finding and is left out, so that the next one is checked as well; the caller throws the settings away
//! if there is any finding.

use super::mistake::Finding;
use super::shape::span_of;
use super::table::{Config, OutputTable, ReviewTable, SiteTable, StoreTable, TagsTable};
use super::{Output, Settings};
use crate::model::{Overrides, Rules, Site, Tag, ZoneId, clean_line, web_url};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use toml::Spanned;
use toml::de::DeTable;
use url::Url;

/// A check under way.
pub(super) struct Check<'a> {
    pub(super) file: &'a Spanned<DeTable<'a>>,
    pub(super) folder: &'a Path,
    pub(super) findings: &'a mut Vec<Finding>,
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
        let ReviewTable { confidence, vanish_after_runs, overrides } = config.review;
        let overrides = overrides.map(|path| self.absolute(&path));
        let rules = Rules {
            site: site?,
            sources: rules.into_iter().map(|rules| (rules.id.clone(), rules)).collect(),
            tag_aliases: aliases,
            places: BTreeMap::new(),
            overrides: Overrides::default(),
            publish_confidence: confidence as f32,
            vanish_after_runs,
            publish_emails: config.output.emails,
        };
        Some(Settings {
            file: file.to_owned(),
            text: String::new(),
            rules,
            sources,
            fetch: config.fetch,
            output,
            store,
            overrides,
        })
    }

    pub(super) fn tell(&mut self, path: &[&str], message: impl Into<String>) {
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

    pub(super) fn tags(&mut self, path: &[&str], written: &[String], aliases: &BTreeMap<Tag, Tag>) -> BTreeSet<Tag> {
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
        Output { directory, publish, slices: output.slices.iter().cloned().collect(), review: output.review }
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

    pub(super) fn line(&mut self, path: &[&str], text: &str) -> Option<String> {
        let line = clean_line(text);
        if line.is_empty() {
            let key = path.last().copied().unwrap_or_default();
            self.tell(path, format!("expected some text in `{key}`, but found none"));
        }
        (!line.is_empty()).then_some(line)
    }

    pub(super) fn web_url(&mut self, path: &[&str], text: &str) -> Option<Url> {
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

    pub(super) fn zone(&mut self, path: &[&str], name: &str) -> Option<ZoneId> {
        let found = zone(name);
        if found.is_none() {
            self.tell(path, format!("unknown time zone `{name}`, expected a name such as `Europe/Bucharest`"));
        }
        found
    }

    pub(super) fn language(&mut self, path: &[&str], tag: &str) -> Option<String> {
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

    fn absolute(&self, path: &Path) -> PathBuf {
        without_dots(&self.folder.join(path))
    }
}

/// A path without `.` and `..`, so that two paths can be compared.
pub(super) fn without_dots(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => drop(out.pop()),
            other => out.push(other),
        }
    }
    out
}

/// The one question this room asks about time zones.
fn zone(name: &str) -> Option<ZoneId> {
    crate::zone::by_name(name)
}
