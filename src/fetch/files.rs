//! Which files of a folder or a repository are documents: the rules that both origins share.
//!
//! Paths here are keys: below the folder or repository, with `/`. Hidden files and folders (`.git`, `.github`) are never read.

use crate::model::SiteConfig;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use serde::{Deserialize, Deserializer, de};

/// Larger than this is not a page or a calendar: a whole community's calendar of ten years has 2 MB.
pub(super) const MAX_FILE: u64 = 16 * 1024 * 1024;

/// More files than this is a mistake in the globs: a big project's whole site has some 10,000.
pub(super) const MAX_FILES: usize = 100_000;

/// What is read where `include` is not given.
pub(super) fn default_include() -> Vec<String> {
    let posts = ["**/*.md", "**/*.markdown", "**/*.mdx", "**/*.adoc", "**/*.asciidoc", "**/*.rst", "**/*.org"];
    let others = ["**/*.ics", "**/*.xml", "**/*.atom", "**/*.rss"];
    posts.into_iter().chain(others).map(str::to_owned).collect()
}

/// The words for a file over [`MAX_FILE`].
pub(super) fn too_large(size: u64) -> String {
    format!("expected at most 16 MiB, but found {size} bytes")
}

/// The way out for a file over [`MAX_FILE`].
pub(super) const TOO_LARGE_HINT: &str = "leave it out with `exclude`, or split it";

/// The words for a link that is not followed.
pub(super) const LEADS_OUT: &str = "expected a file, but found a link that leads outside, or to a hidden file";

/// The words for a link to nothing, or to another link.
pub(super) const LEADS_NOWHERE: &str = "expected a file, but found a link that leads to none";

/// The way out where a link leads outside.
pub(super) const OUTSIDE_HINT: &str = "put the file itself there, or leave the link out with `exclude`";

/// A glob that is none.
#[derive(Debug, thiserror::Error)]
#[error("expected a glob, but found `{glob}`: {why}")]
pub struct BadGlob {
    glob: String,
    why: String,
}

/// The globs of a source, ready to choose.
pub(super) struct Globs {
    include: GlobSet,
    exclude: GlobSet,
}

impl Globs {
    /// Prepares the globs. None to include means the default.
    pub(super) fn new(include: &[String], exclude: &[String]) -> Result<Self, BadGlob> {
        let include = if include.is_empty() { &default_include() } else { include };
        Ok(Self { include: set(include)?, exclude: set(exclude)? })
    }

    /// True where the file of this key is a document; the configuration of a site is one too.
    pub(super) fn choose(&self, key: &str) -> bool {
        !is_hidden(key) && (self.include.is_match(key) || SiteConfig::may_be(key)) && !self.exclude.is_match(key)
    }

    /// True where one of the keys is of a file that was asked for.
    pub(super) fn ask_for_any<'k>(&self, mut keys: impl Iterator<Item = &'k str>) -> bool {
        keys.any(|key| self.include.is_match(key))
    }

    /// True where this path, or everything below it, was left out on purpose.
    pub(super) fn leave_out(&self, path: &str) -> bool {
        is_hidden(path) || self.exclude.is_match(path) || self.exclude.is_match(format!("{path}/x"))
    }
}

/// True where any part of the path begins with a dot.
pub(super) fn is_hidden(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with('.'))
}

/// Reads a list of globs from the config, so that a bad one is underlined there.
pub(super) fn deserialize_globs<'de, D: Deserializer<'de>>(config: D) -> Result<Vec<String>, D::Error> {
    let globs = Vec::<String>::deserialize(config)?;
    set(&globs).map_err(de::Error::custom)?;
    Ok(globs)
}

fn set(globs: &[String]) -> Result<GlobSet, BadGlob> {
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        let bad = |e: globset::Error| BadGlob { glob: glob.clone(), why: e.kind().to_string() };
        let from_root = glob.trim_start_matches("./").trim_start_matches('/');
        set.add(GlobBuilder::new(from_root).literal_separator(true).build().map_err(bad)?);
    }
    set.build().map_err(|e| BadGlob { glob: globs.join(" "), why: e.kind().to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn globs(include: &[&str], exclude: &[&str]) -> Globs {
        let owned = |list: &[&str]| list.iter().map(|g| (*g).to_owned()).collect::<Vec<_>>();
        Globs::new(&owned(include), &owned(exclude)).unwrap()
    }

    #[test]
    fn a_star_stays_in_its_folder_and_two_do_not() {
        let one = globs(&["content/*.md"], &[]);
        assert!(one.choose("content/a.md"));
        assert!(!one.choose("content/blog/a.md"));
        assert!(globs(&["content/**/*.md"], &[]).choose("content/blog/a.md"));
    }

    #[test]
    fn the_default_reads_posts_feeds_and_calendars_but_nothing_hidden() {
        let default = globs(&[], &["drafts/**"]);
        for key in ["a.md", "x/y/b.mdx", "c.ics", "feed.xml", "notes.markdown", "d.adoc", "e.rst", "f.org"] {
            assert!(default.choose(key), "{key}");
        }
        for key in [".github/ISSUE_TEMPLATE.md", "logo.png", "drafts/a.md", "x/.hidden.md"] {
            assert!(!default.choose(key), "{key}");
        }
        assert!(default.leave_out("drafts"));
    }

    #[test]
    fn the_configuration_of_a_site_comes_along_but_was_not_asked_for() {
        let posts = globs(&["content/**/*.md"], &[]);
        assert!(posts.choose("hugo.toml") && posts.choose("config/_default/hugo.yaml") && !posts.choose("a/hugo.toml"));
        assert!(!posts.ask_for_any(["hugo.toml"].into_iter()) && posts.ask_for_any(["content/a.md"].into_iter()));
        assert!(!globs(&[], &["hugo.toml"]).choose("hugo.toml"));
    }

    #[test]
    fn a_leading_dot_or_slash_means_the_root() {
        assert!(globs(&["./content/*.md"], &[]).choose("content/a.md"));
        assert!(globs(&["/content/*.md"], &[]).choose("content/a.md"));
    }

    #[test]
    fn a_bad_glob_is_named() {
        let error = Globs::new(&["content/[a.md".to_owned()], &[]).err().unwrap().to_string();
        assert!(error.starts_with("expected a glob, but found `content/[a.md`: "), "{error}");
    }
}
