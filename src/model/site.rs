//! What the configuration of a site's generator tells of the addresses of its posts.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use url::Url;

/// What makes pages of posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Generator {
    /// Hugo.
    Hugo,
    /// Jekyll, as GitHub Pages uses it.
    Jekyll,
    /// Zola.
    Zola,
}

/// The configuration of a site, as far as it decides addresses. It may be spread over several files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteConfig {
    /// What it is the configuration of, if that shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generator: Option<Generator>,
    /// The address of the front page; ends in `/`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Url>,
    /// The folder that the content lies in; no slash at its ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// Hugo's languages, each with the folder of its own content, if it has one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub languages: BTreeMap<String, Option<String>>,
    /// The language whose pages lie at the root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Pages of that language, too, lie in a folder named after it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub language_in_path: bool,
    /// Pages end in `.html` instead of lying in a folder of their own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ugly: bool,
    /// Patterns of addresses by section (the first folder below the content); `/` is that of all others.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub permalinks: BTreeMap<String, String>,
}

/// Where the configuration of a site may lie, without what its kind adds: at the root, or in Hugo's folder for it.
const PLACES: [&str; 8] = [
    "hugo",
    "config",
    "_config",
    "zola",
    "config/_default/hugo",
    "config/_default/config",
    "config/_default/languages",
    "config/_default/permalinks",
];
const KINDS: [&str; 4] = ["toml", "yaml", "yml", "json"];

impl SiteConfig {
    /// The paths of the files that may configure a site, counted from the root of its repository or directory.
    pub fn keys() -> impl Iterator<Item = String> {
        PLACES.into_iter().flat_map(|place| KINDS.map(|kind| format!("{place}.{kind}")))
    }

    /// True for one of [`Self::keys`].
    pub fn may_be(key: &str) -> bool {
        key.rsplit_once('.').is_some_and(|(place, kind)| PLACES.contains(&place) && KINDS.contains(&kind))
    }

    /// Adds what another file of the same site tells.
    #[must_use]
    pub fn and(mut self, other: SiteConfig) -> SiteConfig {
        self.generator = self.generator.or(other.generator);
        self.base = self.base.or(other.base);
        self.content = self.content.or(other.content);
        self.language = self.language.or(other.language);
        self.language_in_path |= other.language_in_path;
        self.ugly |= other.ugly;
        self.languages.extend(other.languages);
        self.permalinks.extend(other.permalinks);
        self
    }
}
