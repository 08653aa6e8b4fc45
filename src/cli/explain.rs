//! `noticeboard explain EVENT`: every field of an event, with the source, document, words and rule that gave it.

use super::run::from_here;
use super::screen::Screen;
use super::shown::{self, Field, Shown};
use super::{Exit, Form};
use crate::config::Settings;
use crate::pipeline;
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
    #[command(flatten)]
    form: Form,
}

pub(super) fn explain(mut settings: Settings, args: &ExplainArgs, screen: &Screen) -> Result<Exit, Exit> {
    settings.store = args.store.as_deref().map_or(settings.store, from_here);
    match pipeline::explain(&settings, &args.what) {
        Ok(Some(explained)) => {
            let shown = shown::explained(&explained);
            match args.form.of(&shown) {
                Some(text) => screen.say_drawn(&text),
                None => screen.say(&told(&shown)),
            }
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

fn told(shown: &Shown) -> String {
    let mut lines = Vec::new();
    for event in shown.entries.iter().flat_map(|entry| &entry.events) {
        for field in event.fields.iter().chain(&event.history) {
            let value = field.value.lines().enumerate();
            lines.extend(value.map(|(at, line)| format!("{:<12} {line}", if at == 0 { &field.name } else { "" })));
            lines.extend(from_words(field));
        }
    }
    lines.join("\n")
}

/// `mends: posts/camp.md: "from the 12th to the 14th of February 2027", rule day-range, confidence 0.95`
fn from_words(field: &Field) -> Option<String> {
    let (source, document, rule) = (field.source.as_ref()?, field.document.as_ref()?, field.rule.as_ref()?);
    let confidence = field.confidence?;
    let quote = field.quoted();
    Some(format!("{:<12}   {source}: {document}: {quote}rule {rule}, confidence {confidence:.2}", ""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::html;
    use crate::cli::words::tests::lighthouse_camp;
    use crate::model::{Event, EventId, Revision, SourceId, Verdict};
    use crate::report::Explained;
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
        let explained =
            Explained { event, posts: vec![], matches: vec![], revisions: vec![], names: vec![], hidden: false };
        let shown = shown::explained(&explained);
        let page = html::page(&shown);
        assert!(page.contains("<th scope=\"row\">vanished</th><td>its source no longer has it</td>"), "{page}");
        insta::assert_snapshot!(told(&shown), @r#"
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
