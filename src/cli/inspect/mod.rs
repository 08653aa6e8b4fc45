//! `noticeboard inspect`: what the rooms make of one file, as JSON, for those who work on them or measure them.
//!
//! One subcommand a kind of document, one file each. What is printed follows the schemas that outside comparers of feeds, calendars,
//! pages and posts ask for, so that anyone can run them. Each may be written as an option too (`inspect --facts FILE`).

mod calendar;
mod cases;
mod date;
mod evidence;
mod facts;
mod frontmatter;
mod harmless;
mod html;
mod rrule;

use super::Exit;
use super::screen::Screen;
use crate::model::{Document, SourceId};
use clap::{Args, Subcommand};
use serde::Serialize;
use std::path::Path;
use url::Url;

#[derive(Debug, Args)]
pub(super) struct InspectArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The dates of each post, with the evidence for each
    Evidence(evidence::EvidenceArgs),
    /// All that a feed says
    #[command(long_flag = "facts")]
    Facts(facts::FactsArgs),
    /// The same of many feeds, named in a file of cases
    Cases(cases::CasesArgs),
    /// A feed's timestamp in UTC
    #[command(long_flag = "date")]
    Date(date::DateArgs),
    /// The occurrences of a calendar's events in a window
    #[command(long_flag = "calendar")]
    Calendar(calendar::CalendarArgs),
    /// The first starts of a repetition
    #[command(long_flag = "rrule")]
    Rrule(rrule::RruleArgs),
    /// The events that a web page marks as such
    #[command(long_flag = "html")]
    Html(html::HtmlArgs),
    /// The front matter of a post, and the text below
    #[command(long_flag = "frontmatter")]
    Frontmatter(frontmatter::FrontmatterArgs),
}

pub(super) fn inspect(args: &InspectArgs, screen: &Screen) -> Result<Exit, Exit> {
    match &args.what {
        What::Evidence(args) => evidence::print(args, screen),
        What::Facts(args) => facts::print(args, screen),
        What::Cases(args) => cases::print(args, screen),
        What::Date(args) => date::print(args, screen),
        What::Calendar(args) => calendar::print(args, screen),
        What::Rrule(args) => rrule::print(args, screen),
        What::Html(args) => html::print(args, screen),
        What::Frontmatter(args) => frontmatter::print(args, screen),
    }
}

/// The file as if it had been fetched from `url` and the server had called it `media_type`.
fn document(file: &Path, url: Option<&Url>, media_type: Option<&str>, screen: &Screen) -> Result<Document, Exit> {
    let bytes = std::fs::read(file).map_err(|error| {
        screen.complain(&format!("{}: {error}", file.display()));
        Exit::Failed
    })?;
    Ok(Document {
        source: SourceId::new("inspect").ok_or(Exit::Failed)?,
        key: file.display().to_string(),
        url: url.cloned(),
        media_type: media_type.map(str::to_owned).filter(|media_type| !media_type.is_empty()),
        bytes,
        version: String::new(),
        first_seen: None,
    })
}

/// Prints an answer as one line of JSON.
fn answer(value: &impl Serialize, screen: &Screen) -> Result<Exit, Exit> {
    screen.say_drawn(&serde_json::to_string(value).map_err(|_| Exit::Failed)?);
    Ok(Exit::Well)
}
