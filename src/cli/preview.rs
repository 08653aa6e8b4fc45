//! `noticeboard preview URL|FILE`: what would be read from it, with the words that gave each date underlined.

use super::screen::{Screen, printable};
use super::shown::{self, Shown, ShownEntry, ShownEvent};
use super::{Exit, Form, moment, settings, underline, wait_for};
use crate::config;
use crate::pipeline;
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
    #[command(flatten)]
    form: Form,
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
    let preview = wait_for(pipeline::preview(settings.as_ref(), &args.what, now), None, screen)?;
    let shown = shown::preview(&preview);
    match args.form.of(&shown) {
        Some(text) => screen.say_drawn(&text),
        None => screen.say_drawn(&told(&shown, screen.styled)),
    }
    Ok(if preview.problems.is_empty() { Exit::Well } else { Exit::NeedsPerson })
}

fn told(shown: &Shown, styled: bool) -> String {
    let mut parts = vec![printable(&format!("{} ({})", shown.title, shown.format.as_deref().unwrap_or_default()))];
    parts.extend(shown.entries.iter().map(|entry| entry_told(entry, styled)));
    if shown.entries.is_empty() {
        parts.push("nothing to read in it".to_owned());
    }
    parts.extend(shown.problems.iter().map(|problem| printable(problem)));
    parts.join("\n\n")
}

fn entry_told(entry: &ShownEntry, styled: bool) -> String {
    let mut lines = vec![printable(&entry.title)];
    lines.extend(entry.url.as_deref().map(printable));
    lines.extend(entry.published.as_ref().map(|moment| format!("published {moment}")));
    if let Some(reason) = &entry.skipped {
        lines.push(printable(&format!("not published: {reason}")));
    }
    for paragraph in underline::paragraphs(&entry.text, &entry.quotes(), styled) {
        lines.push(String::new());
        lines.extend(paragraph.lines().map(|line| format!("  {line}")));
    }
    for event in &entry.events {
        lines.push(String::new());
        lines.extend(event_told(event, styled));
    }
    if entry.events.is_empty() && entry.skipped.is_none() {
        lines.push("no event".to_owned());
    }
    lines.join("\n")
}

/// The reading: each field, and the words and the rule that gave it.
fn event_told(event: &ShownEvent, styled: bool) -> Vec<String> {
    let mut lines = vec![event.heading()];
    for field in &event.fields {
        let mut values = field.value.lines();
        let name = format!("{:<12}", field.name);
        let name = match field.rule.is_some() && styled {
            true => format!("{}{name}\u{1b}[39m", underline::colour(field.kind)),
            false => name,
        };
        lines.push(format!("  {name} {}", printable(values.next().unwrap_or_default())));
        lines.extend(values.map(|value| printable(&format!("  {:<12} {value}", ""))));
        lines.extend(field.evidence().map(|evidence| printable(&format!("  {:<12} {evidence}", ""))));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::words::tests::lighthouse_camp;
    use crate::cli::{html, words};
    use crate::report::{Preview, PreviewEntry};

    fn camp() -> Preview {
        let entries = vec![
            PreviewEntry {
                title: "Winter camp".into(),
                url: "https://quillhaven.example/posts/camp/".parse().ok(),
                published: DateTime::parse_from_rfc3339("2026-10-05T18:30:00+01:00").ok(),
                events: vec![words::tests::camp(lighthouse_camp())],
                unsure: vec![],
                skipped: None,
                text:
                    "The keepers lend us their house.\nIt is from the 12th to the 14th of February 2027 in Gull Point."
                        .into(),
            },
            PreviewEntry { title: "Keys".into(), skipped: Some("draft".into()), ..PreviewEntry::default() },
        ];
        Preview { title: "posts/camp.md".into(), format: "Markdown".into(), entries, problems: vec![] }
    }

    #[test]
    fn a_preview_shows_the_words_and_what_was_made_of_them() {
        let preview = shown::preview(&camp());
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
            "It is \u{1b}[4m\u{1b}[36mfrom the 12th to the 14th of February 2027\u{1b}[39m\u{1b}[24m \u{1b}[4m\u{1b}[32min Gull Point\u{1b}[39m\u{1b}[24m."
        ));
    }

    #[test]
    fn what_is_not_sure_enough_says_so() {
        let mut preview = camp();
        let entry = &mut preview.entries[0];
        entry.unsure = std::mem::take(&mut entry.events);
        let told = told(&shown::preview(&preview), false);
        assert!(told.contains("\nnot sure enough to be published (announcement, confidence 0.93)\n"), "{told}");
    }

    #[test]
    fn the_page_shows_the_same_and_lets_no_markup_through() {
        let mut preview = camp();
        preview.entries[1].title = "<script>alert(1)</script> & \"keys\"".into();
        preview.entries[0].text.push_str("\n<b onclick=x>bold</b>");
        let page = html::page(&shown::preview(&preview));
        assert!(page.contains("It is <mark class=\"when\" title=\"range of days, 0.93\">from the 12th to the 14th of February 2027</mark> <mark class=\"where\" title=\"in a place, 0.93\">in Gull Point</mark>."), "{page}");
        assert!(page.contains("<th scope=\"row\">when</th><td>2027-02-12 to 2027-02-14</td>"), "{page}");
        assert!(!page.contains("<script") && !page.contains("<b ") && page.contains("&lt;b onclick=x&gt;"), "{page}");
    }

    #[test]
    fn the_json_names_each_field_with_its_words_rule_and_confidence() {
        let json = serde_json::to_value(shown::preview(&camp())).unwrap();
        let event = &json["entries"][0]["events"][0];
        assert_eq!((event["role"].as_str(), event["published"].as_bool()), (Some("announcement"), Some(true)));
        let place = event["fields"].as_array().unwrap().iter().find(|field| field["name"] == "place").unwrap();
        assert_eq!(
            (place["value"].as_str(), place["quote"].as_str(), place["rule"].as_str(), place["kind"].as_str()),
            (Some("Gull Point"), Some("in Gull Point"), Some("in a place"), Some("where"))
        );
    }
}
