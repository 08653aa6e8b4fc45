//! `noticeboard preview URL|FILE`: what would be read from it, with the words that gave each date underlined.

use super::screen::{Screen, printable};
use super::{Exit, moment, settings, underline, wait_for, words};
use crate::config;
use crate::model::Sighting;
use crate::pipeline;
use crate::report::{Preview, PreviewEntry};
use chrono::{DateTime, Utc};
use clap::Args;
use std::path::Path;

#[derive(Debug, Args)]
pub(super) struct PreviewArgs {
    /// An address or a file: a post, a feed, a calendar or a page
    #[arg(value_name = "URL|FILE")]
    what: String,
    /// Take this for the current time, such as 2026-03-14T09:00:00Z
    #[arg(long, value_name = "RFC3339", value_parser = moment)]
    now: Option<DateTime<Utc>>,
}

pub(super) fn preview(
    config: Option<&Path>,
    args: &PreviewArgs,
    now: DateTime<Utc>,
    screen: &Screen,
) -> Result<Exit, Exit> {
    // A config is of help, but none is needed: only one that was named must be there.
    let needed = config.is_some() || config::find(None, Path::new(".")).is_ok();
    let settings = if needed { Some(settings(config, screen)?) } else { None };
    let now = args.now.unwrap_or(now);
    let preview = wait_for(pipeline::preview(settings.as_ref(), &args.what, now), screen)?;
    screen.say_drawn(&told(&preview, screen.styled));
    Ok(if preview.problems.is_empty() { Exit::Well } else { Exit::NeedsPerson })
}

fn told(preview: &Preview, styled: bool) -> String {
    let mut parts = vec![printable(&format!("{} ({})", preview.title, preview.format))];
    parts.extend(preview.entries.iter().map(|entry| entry_told(entry, styled)));
    if preview.entries.is_empty() {
        parts.push("nothing to read in it".to_owned());
    }
    parts.extend(preview.problems.iter().map(|problem| printable(&problem.to_string())));
    parts.join("\n\n")
}

fn entry_told(entry: &PreviewEntry, styled: bool) -> String {
    let mut lines = vec![printable(&entry.title)];
    lines.extend(entry.url.as_ref().map(ToString::to_string));
    lines.extend(entry.published.map(|moment| format!("published {}", moment.format("%Y-%m-%d %H:%M %:z"))));
    if let Some(reason) = &entry.skipped {
        lines.push(printable(&format!("not published: {reason}")));
    }
    let quotes: Vec<String> = entry.events.iter().flat_map(quotes).collect();
    for paragraph in underline::paragraphs(&entry.text, &quotes, styled) {
        lines.push(String::new());
        lines.extend(paragraph.lines().map(|line| format!("  {line}")));
    }
    for event in &entry.events {
        lines.push(String::new());
        lines.extend(event_told(event));
    }
    if entry.events.is_empty() && entry.skipped.is_none() {
        lines.push("no event".to_owned());
    }
    lines.join("\n")
}

/// The words that gave days and places. A title or a tag found again in the text says nothing.
fn quotes(event: &Sighting) -> Vec<String> {
    let unquoted = ["title", "summary", "html", "tags", "page", "images", "language", "organizers"];
    let told = event.facts.provenance.iter().filter(|(name, _)| !unquoted.contains(&name.as_str()));
    told.map(|(_, from)| from.evidence.quote.clone()).collect()
}

/// The reading: each field, and the words and the rule that gave it.
fn event_told(event: &Sighting) -> Vec<String> {
    let mut lines = vec![format!("event ({}, confidence {:.2})", words::role(event.role), event.confidence)];
    for (name, value) in words::fields(&event.facts) {
        let evidence = event.facts.provenance.get(name).map(|from| &from.evidence);
        // A default that no words gave is no reading.
        if evidence.is_none() && name == "status" {
            continue;
        }
        let mut values = value.lines();
        lines.push(printable(&format!("  {name:<12} {}", values.next().unwrap_or_default())));
        lines.extend(values.map(|value| printable(&format!("  {:<12} {value}", ""))));
        if let Some(evidence) = evidence {
            let quote = if evidence.quote == value { String::new() } else { format!("\"{}\", ", evidence.quote) };
            lines.push(printable(&format!("  {:<12} {quote}{} ({:.2})", "", evidence.rule, evidence.confidence)));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::words::tests::lighthouse_camp;
    use crate::model::{Key, SightingRole, SourceRevision};

    #[test]
    fn a_preview_shows_the_words_and_what_was_made_of_them() {
        let camp = Sighting {
            keys: vec![Key::Path("posts/camp.md".into())],
            facts: lighthouse_camp(),
            role: SightingRole::Announcement,
            confidence: 0.93,
            post: Some(0),
            mentions: vec![],
            revision: SourceRevision::default(),
            missing: 0,
        };
        let entries = vec![
            PreviewEntry {
                title: "Winter camp".into(),
                url: "https://quillhaven.example/posts/camp/".parse().ok(),
                published: DateTime::parse_from_rfc3339("2026-10-05T18:30:00+01:00").ok(),
                events: vec![camp],
                skipped: None,
                text:
                    "The keepers lend us their house.\nIt is from the 12th to the 14th of February 2027 in Gull Point."
                        .into(),
            },
            PreviewEntry { title: "Keys".into(), skipped: Some("draft".into()), ..PreviewEntry::default() },
        ];
        let preview = Preview { title: "posts/camp.md".into(), format: "Markdown".into(), entries, problems: vec![] };
        insta::assert_snapshot!(told(&preview, false), @r#"
posts/camp.md (Markdown)

Winter camp
https://quillhaven.example/posts/camp/
published 2026-10-05 18:30 +01:00

  It is from the 12th to the 14th of February 2027 in Gull Point.
        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ^^^^^^^^^^^^^

event (announcement, confidence 0.93)
  title        Winter camp
               front matter title (0.93)
  when         2027-02-12 to 2027-02-14
               "from the 12th to the 14th of February 2027", range of days (0.93)
  place        Gull Point
               "in Gull Point", in a place (0.93)
  deadlines    registration until 2027-01-25
  tags         camp, free software
  page         https://quillhaven.example/posts/camp/

Keys
not published: draft
"#);
        assert!(told(&preview, true).contains(
            "It is \u{1b}[4mfrom the 12th to the 14th of February 2027\u{1b}[24m \u{1b}[4min Gull Point\u{1b}[24m."
        ));
    }
}
