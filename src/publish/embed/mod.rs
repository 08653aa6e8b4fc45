//! `embed.js`, `embed.html` and `embed.inc`: the list on other people's pages.
//!
//! `embed.html` is a page for iframes, `embed.inc` plain HTML for server-side includes. `embed.js` (a custom element, the same for every board)
//! takes its events from the `embed.html` beside it: dates in words, zones and the next date of what recurs are already worked out there, so it needs
//! neither zone data nor recurrence rules, loads no descriptions, and only hides what is over by the reader's own clock.
//! Both link to the board by its address alone: they are in place before its pages are.

use super::site::rows::{Listing, Size};
use super::site::{links, template};
use super::{Artifact, Publisher, Shows, Slice, words};
use minijinja::context;
use minijinja::value::Serde;
use std::io;

/// Renders what other pages embed. Made whenever the page is.
pub struct Embed;

pub(super) const SCRIPT: Artifact = Artifact {
    file: "embed.js",
    media_type: "text/javascript",
    title: "Script to embed the list",
    shows: Shows::Neither,
    sliced: false,
    daily: false,
    rank: 0,
};

pub(super) const PAGE: Artifact = Artifact {
    file: "embed.html",
    media_type: "text/html",
    title: "Page for an iframe",
    shows: Shows::Events,
    sliced: true,
    daily: true,
    rank: 1,
};

pub(super) const FRAGMENT: Artifact = Artifact {
    file: "embed.inc",
    media_type: "text/html",
    title: "HTML to include",
    shows: Shows::Events,
    sliced: true,
    daily: true,
    rank: 1,
};

const SCRIPT_TEXT: &str = include_str!("embed.js");

impl Publisher for Embed {
    fn name(&self) -> &'static str {
        "embed"
    }

    fn artifacts(&self) -> &'static [Artifact] {
        &[SCRIPT, PAGE, FRAGMENT]
    }

    fn render(&self, artifact: &Artifact, slice: &mut dyn Slice, out: &mut dyn io::Write) -> io::Result<()> {
        let (name, size) = match artifact.file {
            file if file == SCRIPT.file => return out.write_all(SCRIPT_TEXT.as_bytes()),
            // Enough that a list filtered by the script is not short of events.
            file if file == PAGE.file => ("embed.html", Size { upcoming: 300, past: 50, links: false }),
            _ => ("fragment.html", Size { upcoming: 20, past: 0, links: false }),
        };
        let view = slice.view().clone();
        let listing = Listing::of(slice, size)?;
        let context = context! {
            view => Serde(links::head(&view)),
            today => words::day(view.today),
            upcoming => Serde(&listing.upcoming),
            past => Serde(&listing.past),
            more => listing.more,
        };
        template::render(name, context, out)
    }
}
