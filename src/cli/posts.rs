//! Files of posts, one JSON object a line: what `eval` and `inspect` look at.
//!
//! In: files, of whose posts only `id`, `language`, `published`, `title`, `format` and `body` are looked at. Out: one line of JSON for each
//! post, in order; a line that is no post is told and the rest still answered.

use super::Exit;
use super::screen::Screen;
use crate::model::{Document, Rules, Site, SourceId, SourceRules};
use crate::zone;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

/// A post as it stands in the file. Whatever else stands there is none of our business.
#[derive(Debug, Deserialize)]
pub(super) struct Posted {
    pub id: String,
    #[serde(default)]
    language: Option<String>,
    #[serde(default)]
    published: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    format: Option<String>,
    body: String,
}

/// UTC under a name that nobody writes, so that a zone that words gave can be told from the site's.
pub(super) const NO_ZONE: &str = "Etc/GMT-0";

/// Prints what `answer` makes of each post.
pub(super) fn answer_each<A: Serialize>(
    files: &[PathBuf],
    screen: &Screen,
    answer: impl Fn(Posted, &Rules) -> A,
) -> Result<Exit, Exit> {
    let rules = rules().ok_or(Exit::Failed)?;
    let mut out = BufWriter::new(io::stdout().lock());
    let mut exit = Exit::Well;
    for file in files {
        match in_file(file, screen, &mut out, &|post| answer(post, &rules)).map_err(|error| {
            screen.complain(&format!("{}: {error}", file.display()));
            Exit::Failed
        })? {
            Ended::AllRead => {}
            Ended::SomeNoPost => exit = Exit::Failed,
            Ended::Unheard => return Ok(exit),
        }
    }
    let _ = out.flush();
    Ok(exit)
}

enum Ended {
    AllRead,
    SomeNoPost,
    /// A reader that has gone away (`| head`) wants no more.
    Unheard,
}

fn in_file<A: Serialize>(
    file: &Path,
    screen: &Screen,
    out: &mut impl Write,
    answer: &impl Fn(Posted) -> A,
) -> io::Result<Ended> {
    let mut posts = BufReader::new(File::open(file)?);
    let mut ended = Ended::AllRead;
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        if posts.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        match posted(&line) {
            Ok(post) => {
                let written = serde_json::to_writer(&mut *out, &answer(post)).map_err(io::Error::from);
                if written.and_then(|()| writeln!(out)).is_err() {
                    return Ok(Ended::Unheard);
                }
            }
            Err(message) => {
                screen.complain(&format!("{}:{number}: {message}", file.display()));
                ended = Ended::SomeNoPost;
            }
        }
    }
    Ok(ended)
}

pub(super) fn posted(line: &[u8]) -> Result<Posted, String> {
    let post: Posted = serde_json::from_slice(line).map_err(|error| {
        format!("expected a post as a JSON object with `id` and `body`, but found an error: {}", without_line(&error))
    })?;
    match post.published.as_deref() {
        Some(published) if day(published).is_none() => {
            Err(format!("expected a day such as 2025-03-14 in `published`, but found `{published}`"))
        }
        _ => Ok(post),
    }
}

/// The line is ours to tell; serde_json counts inside the one it was given.
fn without_line(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

fn day(text: &str) -> Option<NaiveDate> {
    let rest = text.get(10..)?;
    (rest.is_empty() || rest.starts_with(['T', ' '])).then(|| text.get(..10)?.parse().ok()).flatten()
}

/// The defaults of the config, with one source.
pub(super) fn rules() -> Option<Rules> {
    let mut rules = Rules::plain(Site::nowhere(zone::by_name(NO_ZONE)?)?);
    let source = source()?;
    rules.sources.insert(source.clone(), SourceRules::plain(source, 0));
    Some(rules)
}

fn source() -> Option<SourceId> {
    SourceId::new("eval")
}

impl Posted {
    /// The day it was published.
    pub fn day(&self) -> Option<NaiveDate> {
        self.published.as_deref().and_then(day)
    }

    /// The post as a file of a repository: its body behind front matter that says no more than the given fields.
    pub fn document(&self) -> Option<Document> {
        let key = match self.format.as_deref() {
            Some("mdx") => "post.mdx",
            Some("html") => "post.html",
            // The paragraphs of AsciiDoc are those of Markdown.
            _ => "post.md",
        };
        let fields = [("title", &self.title), ("date", &self.published), ("language", &self.language)];
        let mut text = "---\n".to_owned();
        for (name, value) in fields {
            if let Some(value) = value {
                text.push_str(&format!("{name}: {}\n", quoted(value)));
            }
        }
        text.push_str("---\n");
        text.push_str(&self.body);
        Some(Document {
            source: source()?,
            key: key.to_owned(),
            url: None,
            media_type: None,
            bytes: text.into_bytes(),
            version: String::new(),
            first_seen: None,
        })
    }
}

/// One line in the quotes that JSON and YAML share.
fn quoted(value: &str) -> String {
    let line = crate::model::clean_line(value);
    serde_json::Value::String(line).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_post_is_told() {
        assert!(posted(b"{\"id\": \"a\"}").unwrap_err().ends_with("missing field `body`"));
        assert_eq!(
            posted(br#"{"id": "a", "body": "", "published": "May"}"#).unwrap_err(),
            "expected a day such as 2025-03-14 in `published`, but found `May`"
        );
    }
}
