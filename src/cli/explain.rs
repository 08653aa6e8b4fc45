//! `noticeboard explain EVENT`: every field of an event, with the source, document, words and rule that gave it.

use super::run::from_here;
use super::screen::Screen;
use super::{Exit, words};
use crate::config::Settings;
use crate::model::Provenance;
use crate::pipeline;
use crate::report::Explained;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// Its id or UID, the beginning of one, or the address of its page
    #[arg(value_name = "EVENT")]
    what: String,
    /// Use this SQLite file instead of the config's
    #[arg(long, value_name = "FILE")]
    store: Option<PathBuf>,
}

pub(super) fn explain(mut settings: Settings, args: &ExplainArgs, screen: &Screen) -> Result<Exit, Exit> {
    settings.store = args.store.as_deref().map_or(settings.store, from_here);
    match pipeline::explain(&settings, &args.what) {
        Ok(Some(explained)) => {
            screen.say(&told(&explained));
            return Ok(Exit::Well);
        }
        Ok(None) => screen.complain(&format!(
            "no event `{}`, expected an id, a UID, the beginning of one, or the address of its page\n  hint: events.json in the output lists all ids",
            args.what
        )),
        Err(error) => screen.complain(&error.to_string()),
    }
    Err(Exit::Failed)
}

fn told(explained: &Explained) -> String {
    let event = &explained.event;
    let provenance = &event.facts.provenance;
    let fields = words::fields(&event.facts);
    let mut lines = Vec::new();
    for (name, value) in &fields {
        entry(&mut lines, name, value);
        lines.extend(provenance.get(*name).map(|from| from_words(from, value)));
    }
    for (name, from) in provenance.iter().filter(|(name, _)| !fields.iter().any(|(known, _)| known == name)) {
        entry(&mut lines, name, &from.evidence.quote);
        lines.push(from_words(from, &from.evidence.quote));
    }
    for (name, value) in words::history(event) {
        entry(&mut lines, name, &value);
    }
    for post in &explained.posts {
        let name = if event.recapped_in.contains(&post.id) { "recapped in" } else { "announced in" };
        let url = post.facts.url.as_ref().map(|url| format!("\n{url}")).unwrap_or_default();
        entry(&mut lines, name, &format!("{}{url}", post.facts.title));
    }
    lines.join("\n")
}

fn entry(lines: &mut Vec<String>, name: &str, value: &str) {
    for (at, line) in value.lines().enumerate() {
        lines.push(format!("{:<12} {line}", if at == 0 { name } else { "" }));
    }
}

/// `mends: posts/camp.md: "from the 12th to the 14th of February 2027", rule day-range, confidence 0.95`
fn from_words(from: &Provenance, value: &str) -> String {
    let evidence = &from.evidence;
    let quote = if evidence.quote.is_empty() || evidence.quote == value {
        String::new()
    } else {
        format!("\"{}\", ", evidence.quote)
    };
    let (source, document) = (&from.source, &from.document);
    format!("{:<12}   {source}: {document}: {quote}rule {}, confidence {:.2}", "", evidence.rule, evidence.confidence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::words::tests::lighthouse_camp;
    use crate::model::{Event, EventId, Revision, SourceId, Verdict};
    use chrono::DateTime;

    #[test]
    fn every_field_is_shown_with_where_it_comes_from() {
        let seen = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        let source = SourceId::new("mends").unwrap();
        let event = Event {
            id: EventId::at_first_sight(&source, "path:posts/camp.md", 0),
            facts: lighthouse_camp(),
            announced_in: vec![],
            recapped_in: vec![],
            sources: vec![source],
            revision: Revision { first_seen: seen, last_changed: seen, sequence: 2, verdict: Verdict::Announcement },
            vanished: true,
        };
        insta::assert_snapshot!(told(&Explained { event, posts: vec![] }), @r#"
title        Winter camp
               mends: posts/camp.md: rule front matter title, confidence 0.93
when         2027-02-12 to 2027-02-14
               mends: posts/camp.md: "from the 12th to the 14th of February 2027", rule range of days, confidence 0.93
place        Gull Point
               mends: posts/camp.md: "in Gull Point", rule in a place, confidence 0.93
status       scheduled
deadlines    registration until 2027-01-25
tags         camp, free software
page         https://quillhaven.example/posts/camp/
id           cb2df639-3407-8405-8cea-85a77a6b3cf2
sources      mends
first seen   2026-09-21 14:13 UTC
changed      2026-09-21 14:13 UTC (sequence 2)
vanished     its source no longer has it
"#);
    }
}
