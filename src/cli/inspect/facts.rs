//! `inspect facts FEED...`: all that a feed says, as one JSON object.
//!
//! Addresses are absolute as far as a base is known, times are in UTC (RFC 3339; a time without a zone counts as UTC), markup is as safe as
//! what is published. With several files each gets a line of `{"file": …, "facts": …}`.

use super::harmless::harmless;
use super::{answer, document};
use crate::cli::Exit;
use crate::cli::screen::Screen;
use crate::model::{Document, Person, Stamp};
use crate::read;
use crate::read::feed::described::{Category, Described, Generator, Geo, Picture, Reference, Shape, Text, TextKind};
use chrono::{NaiveTime, Utc};
use clap::Args;
use serde_json::{Map, Value, json};
use std::path::PathBuf;
use url::Url;

#[derive(Debug, Args)]
pub(super) struct FactsArgs {
    /// Feeds: Atom, RSS, JSON Feed
    #[arg(value_name = "FEED", required = true)]
    feeds: Vec<PathBuf>,
    /// The address the feed was fetched from
    #[arg(long, env = "NB_BASE_URL", value_name = "URL")]
    base: Option<Url>,
    /// What the server called it, such as `text/xml; charset=utf-8`
    #[arg(long, env = "NB_CONTENT_TYPE", value_name = "TYPE")]
    media_type: Option<String>,
}

pub(super) fn print(args: &FactsArgs, screen: &Screen) -> Result<Exit, Exit> {
    for file in &args.feeds {
        let document = document(file, args.base.as_ref(), args.media_type.as_deref(), screen)?;
        let facts = of(&document, None);
        match args.feeds.len() {
            1 => answer(&facts, screen)?,
            _ => answer(&json!({ "file": file.display().to_string(), "facts": facts }), screen)?,
        };
    }
    Ok(Exit::Well)
}

/// The facts of a feed. `language` is what the server told (`Content-Language`).
pub(super) fn of(document: &Document, language: Option<&str>) -> Value {
    let Some((feed, encoding)) = read::feed_facts(document, language) else {
        return json!({ "format": "", "feed": {}, "entries": [] });
    };
    let teller = Teller { base: document.url.as_ref(), is_atom: feed.format.starts_with("atom") };
    let entries: Vec<Value> = feed.entries.iter().map(|entry| teller.described(entry, false)).collect();
    json!({ "format": feed.format, "encoding": encoding, "feed": teller.described(&feed.about, true), "entries": entries })
}

/// Tells things as JSON, with addresses counted from `base`.
struct Teller<'b> {
    base: Option<&'b Url>,
    is_atom: bool,
}

impl Teller<'_> {
    fn described(&self, told: &Described, is_feed: bool) -> Value {
        let mut all = Map::new();
        self.text(&mut all, "title", told.title.as_ref());
        // An entry without a short text is told by its long one.
        let summary = told.summary.as_ref().or(told.content.as_ref().filter(|_| !is_feed));
        self.text(&mut all, if is_feed { "subtitle" } else { "summary" }, summary);
        self.text(&mut all, "rights", told.rights.as_ref());
        self.content(&mut all, told);
        let words = [
            ("language", &told.language),
            ("comments", &told.comments),
            ("docs", &told.docs),
            ("ttl", &told.schedule.ttl),
        ];
        for (name, word) in words {
            put(&mut all, name, word.clone());
        }
        put(&mut all, "id", self.id(told));
        for (name, address) in [("url", &told.url), ("icon", &told.icon), ("logo", &told.logo)] {
            put(&mut all, name, address.as_ref().map(|address| self.address(address)));
        }
        let stamps = [
            ("published", told.published),
            ("updated", told.updated),
            ("created", told.created),
            ("expired", told.expired),
        ];
        for (name, stamp) in stamps {
            put(&mut all, name, stamp.map(utc));
        }
        all.insert("authors".into(), self.people(&told.authors));
        all.insert("contributors".into(), self.people(&told.contributors));
        put(&mut all, "publisher", told.publisher.as_ref().map(|person| self.person(person)));
        all.insert("categories".into(), told.categories.iter().map(category).collect());
        all.insert("links".into(), told.links.iter().map(|link| self.reference(link)).collect());
        all.insert("enclosures".into(), told.enclosures.iter().map(|link| self.reference(link)).collect());
        put(&mut all, "image", told.image.as_ref().map(|picture| self.picture(picture)));
        put(&mut all, "generator", told.generator.as_ref().map(|generator| self.generator(generator)));
        put(&mut all, "geo", told.geo.as_ref().map(geo));
        put(&mut all, "source", told.source.as_ref().map(|source| self.described(source, true)));
        let of_feed = told.links.iter().find(|link| link.rel.as_deref() == Some("self"));
        put(&mut all, "self_url", of_feed.map(|link| self.address(&link.url)));
        Value::Object(all)
    }

    fn text(&self, all: &mut Map<String, Value>, name: &str, text: Option<&Text>) {
        let Some(text) = text else { return };
        put(all, name, Some(self.value(text)));
        put(all, &format!("{name}_type"), Some(media_type(text)));
        put(all, &format!("{name}_lang"), text.language.clone());
        put(all, &format!("{name}_base"), text.base.clone());
    }

    /// Markup is sanitised, and its addresses made absolute; a plain text stays as it is.
    fn value(&self, text: &Text) -> String {
        let base = text.base.as_deref().and_then(|base| Url::parse(base).ok());
        match text.kind {
            TextKind::Html | TextKind::Xhtml if text.value.contains(['<', '&']) => {
                harmless(&text.value, base.as_ref().or(self.base))
            }
            _ => text.value.clone(),
        }
    }

    fn content(&self, all: &mut Map<String, Value>, told: &Described) {
        let mut content = Map::new();
        if let Some(text) = &told.content {
            put(&mut content, "value", Some(self.value(text)));
            put(&mut content, "type", Some(media_type(text)));
            put(&mut content, "lang", text.language.clone());
            put(&mut content, "base", text.base.clone());
        }
        put(&mut content, "src", told.content_source.as_ref().map(|source| self.address(source)));
        put(all, "content", Some(content).filter(|content| !content.is_empty()));
    }

    fn address(&self, address: &str) -> String {
        let joined = Url::parse(address).is_err().then(|| self.base?.join(address).ok()).flatten();
        joined.map_or_else(|| address.to_owned(), String::from)
    }

    /// An id that is an address is told whole, although it may be written in short.
    fn id(&self, told: &Described) -> Option<String> {
        let id = told.id.as_ref()?;
        if !told.id_is_address && !self.is_atom {
            return Some(id.clone());
        }
        let own = told.base.as_deref().and_then(|base| Url::parse(base).ok());
        Some(Teller { base: own.as_ref().or(self.base), ..*self }.address(id))
    }

    fn people(&self, people: &[Person]) -> Value {
        people.iter().map(|person| self.person(person)).collect()
    }

    fn person(&self, person: &Person) -> Value {
        let name = Some(&person.name).filter(|name| !name.is_empty());
        json!({ "name": name, "email": person.email, "url": person.url.as_ref().map(|url| self.address(url)) })
    }

    fn reference(&self, link: &Reference) -> Value {
        let url = Some(&link.url).filter(|url| !url.is_empty()).map(|url| self.address(url));
        json!({
            "url": url, "rel": link.rel, "type": link.media_type, "title": link.title, "hreflang": link.language,
            "length": link.length,
        })
    }

    fn picture(&self, picture: &Picture) -> Value {
        let address = |address: &Option<String>| address.as_ref().map(|address| self.address(address));
        json!({ "url": address(&picture.url), "title": picture.title, "link": address(&picture.link) })
    }

    fn generator(&self, generator: &Generator) -> Value {
        let url = generator.url.as_ref().map(|url| self.address(url));
        json!({ "name": generator.name, "version": generator.version, "url": url })
    }
}

fn put(all: &mut Map<String, Value>, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        all.insert(name.to_owned(), value.into());
    }
}

fn media_type(text: &Text) -> &'static str {
    match text.kind {
        TextKind::Plain => "text/plain",
        TextKind::Html => "text/html",
        TextKind::Xhtml => "application/xhtml+xml",
    }
}

fn category(category: &Category) -> Value {
    json!({ "term": category.term, "scheme": category.scheme, "label": category.label })
}

/// Longitude first, as in GeoJSON.
fn geo(geo: &Geo) -> Value {
    let (kind, coordinates) = match geo.shape {
        Shape::Point => ("Point", json!(geo.points.first())),
        Shape::Line => ("LineString", json!(geo.points)),
        Shape::Polygon => ("Polygon", json!([geo.points])),
        Shape::Box => ("Box", json!(geo.points)),
    };
    json!({ "type": kind, "coordinates": coordinates })
}

pub(super) fn utc(stamp: Stamp) -> String {
    let moment = match stamp {
        Stamp::Day(day) => day.and_time(NaiveTime::MIN).and_utc(),
        Stamp::Local(local) => local.and_utc(),
        Stamp::At(at) => at.with_timezone(&Utc),
    };
    moment.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}
