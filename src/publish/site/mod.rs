//! `index.html`: the page for people.
//!
//! In: a slice, and today in the site's zone. Out: one HTML document that needs no script and asks no other host for anything:
//! upcoming events by month, the last past ones, ways to subscribe. Marked up as h-event (microformats2) and schema.org JSON-LD.
//! It links to the files of the publishers in use and to nothing else of ours.

mod jsonld;
pub(super) mod links;
pub(super) mod rows;
pub(super) mod template;

use super::{Artifact, Publisher, Shows, Slice, words};
use minijinja::context;
use minijinja::value::Serde;
use rows::{Listing, Size};
use std::io;

/// Renders the page.
pub struct Page;

const INDEX: Artifact = Artifact {
    file: "index.html",
    media_type: "text/html",
    title: "Page",
    shows: Shows::Both,
    sliced: true,
    daily: true,
    rank: 1,
};

/// More upcoming dates than this are for the calendar; the page says how many it leaves out.
const SIZE: Size = Size { upcoming: 300, past: 20, links: true };

impl Publisher for Page {
    fn name(&self) -> &'static str {
        "page"
    }

    fn artifacts(&self) -> &'static [Artifact] {
        &[INDEX]
    }

    fn render(&self, _: &Artifact, slice: &mut dyn Slice, out: &mut dyn io::Write) -> io::Result<()> {
        let view = slice.view().clone();
        let listing = Listing::of(slice, SIZE)?;
        let context = context! {
            view => Serde(links::head(&view)),
            subscribe => Serde(links::subscribe(&view)),
            tags => Serde(links::tags(&view)),
            sources => Serde(links::sources(&view)),
            embed => Serde(links::embed(&view)),
            today => words::day(view.today),
            months => Serde(listing.months()),
            more => listing.more,
            past => Serde(&listing.past),
            json_ld => jsonld::script(&listing),
        };
        template::render("index.html", context, out)
    }
}

#[cfg(test)]
mod tests;
