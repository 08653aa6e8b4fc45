//! `inspect html FILE BASE`: the events that a web page marks as such, in JSON-LD, microdata, RDFa or microformats.

use super::{answer, document};
use crate::cli::Exit;
use crate::cli::screen::Screen;
use crate::model::{Declared, DeclaredTime, DeclaredValue, Entry, EntryKind};
use crate::read;
use clap::Args;
use serde::Serialize;
use std::path::PathBuf;
use url::Url;

#[derive(Debug, Args)]
pub(super) struct HtmlArgs {
    /// A web page
    file: PathBuf,
    /// The address it is taken to come from
    base: Option<Url>,
}

/// What is printed of a page.
#[derive(Debug, Serialize)]
struct Answer {
    events: Vec<Event>,
}

/// An event as the page declares it: times in ISO 8601, those without a zone as they are written, a bare last day inclusive.
#[derive(Debug, PartialEq, Serialize)]
struct Event {
    name: String,
    start: Option<String>,
    end: Option<String>,
    location: Option<String>,
    url: Option<String>,
}

pub(super) fn print(args: &HtmlArgs, screen: &Screen) -> Result<Exit, Exit> {
    let read = read::read(&document(&args.file, args.base.as_ref(), Some("text/html"), screen)?);
    let events = read.entries.into_iter().filter(|entry| entry.kind == EntryKind::Event);
    answer(&Answer { events: events.map(|entry| event(entry, args.base.as_ref())).collect() }, screen)
}

fn event(entry: Entry, page: Option<&Url>) -> Event {
    let base = match (page, &entry.base) {
        (Some(page), Some(base)) => page.join(base).ok(),
        (page, _) => page.cloned(),
    };
    let absolute = |url: String| base.as_ref().and_then(|base| base.join(&url).ok()).map_or(url, String::from);
    Event {
        name: entry.title,
        start: entry.declared.start.as_ref().map(iso),
        end: entry.declared.end.as_ref().map(iso),
        location: location(&entry.declared),
        url: entry.url.map(absolute),
    }
}

fn iso(time: &DeclaredTime) -> String {
    match &time.value {
        DeclaredValue::Day(day) => day.to_string(),
        DeclaredValue::Local(local) | DeclaredValue::Zoned(local, _) => local.format("%Y-%m-%dT%H:%M:%S").to_string(),
        DeclaredValue::At(at) => at.to_rfc3339(),
    }
}

/// The place with the lines of its address on one line.
fn location(declared: &Declared) -> Option<String> {
    let lines: Vec<&str> = declared.place.iter().chain(&declared.address).map(String::as_str).collect();
    (!lines.is_empty()).then(|| lines.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_printed_with_its_times_in_iso_8601_and_its_address_made_absolute() {
        let time = |value| Some(DeclaredTime { field: "x".into(), raw: String::new(), line: 0, value });
        let declared = Declared {
            start: time(DeclaredValue::At("2027-05-04T18:00:00+03:00".parse().unwrap())),
            end: time(DeclaredValue::Day("2027-05-05".parse().unwrap())),
            place: Some("Boat house".into()),
            address: vec!["Quay 3".into()],
            ..Declared::default()
        };
        let entry = Entry { title: "Bat walk".into(), url: Some("bats".into()), declared, ..Entry::default() };
        let expected = Event {
            name: "Bat walk".into(),
            start: Some("2027-05-04T18:00:00+03:00".into()),
            end: Some("2027-05-05".into()),
            location: Some("Boat house, Quay 3".into()),
            url: Some("https://a.example/walks/bats".into()),
        };
        assert_eq!(event(entry, Url::parse("https://a.example/walks/").ok().as_ref()), expected);
    }
}
