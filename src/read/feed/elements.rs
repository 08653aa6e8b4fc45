//! An element of a feed, an entry or a source, and what it says: RSS, Atom, CDF and their modules alike.
//!
//! Feeds mix the vocabularies, so one table serves them all. Where several elements say the same thing, the format's own word comes
//! first (`title` before `dc:title`), and of two alike the first that says something.

use super::dates::notice_stamp;
use super::described::{Described, Generator, Picture, Reference, Text, TextKind};
use super::fields::{self, BadDate};
use super::text::construct;
use super::{categories, geo, people};
use crate::model::{Person, Stamp, web_url};
use crate::read::YEARS;
use crate::read::xml::{Around, Node, join};
use chrono::Datelike;

/// No entry has more people or links than these.
const MOST_PEOPLE: usize = 50;
const MOST_LINKS: usize = 200;

/// What the element says of itself through the elements in it.
pub(super) fn described(node: &Node, around: &Around, is_atom: bool, bad: &mut Vec<BadDate>) -> Described {
    let inside = around.inside(node);
    let mut teller = Teller::new(inside.into_owned(), is_atom, bad);
    teller.told.line = node.line;
    teller.own_attributes(node);
    for element in node.elements() {
        teller.element(element);
    }
    teller.finish(node)
}

/// How good a word each thing is known by so far; lower is better.
#[derive(Default)]
struct Ranks {
    title: Option<u8>,
    summary: Option<u8>,
    content: Option<u8>,
    rights: Option<u8>,
    published: Option<u8>,
    updated: Option<u8>,
    created: Option<u8>,
    id: Option<u8>,
    page: Option<u8>,
    first_page: Option<u8>,
    authors: Option<u8>,
    image: Option<u8>,
}

/// True, and remembered, where a word of this rank says more than what is known.
fn better(known: &mut Option<u8>, rank: u8) -> bool {
    let is_better = known.is_none_or(|known| rank < known);
    if is_better {
        *known = Some(rank);
    }
    is_better
}

/// The same where of two alike the later counts: a date given again is a newer one.
fn as_good(known: &mut Option<u8>, rank: u8) -> bool {
    let is_as_good = known.is_none_or(|known| rank <= known);
    if is_as_good {
        *known = Some(rank);
    }
    is_as_good
}

struct Teller<'b> {
    told: Described,
    ranks: Ranks,
    around: Around,
    /// The feed speaks Atom, not RSS.
    is_atom: bool,
    bad: &'b mut Vec<BadDate>,
    /// Who looks after the site: the author of a feed that names none.
    editor: Option<Person>,
}

impl<'b> Teller<'b> {
    fn new(around: Around, is_atom: bool, bad: &'b mut Vec<BadDate>) -> Self {
        Self { told: Described::default(), ranks: Ranks::default(), around, is_atom, bad, editor: None }
    }

    /// What stands in the start tag: RDF's name for it, CDF's address and date.
    fn own_attributes(&mut self, node: &Node) {
        if let Some(about) = node.word("rdf:about") {
            self.told.id_is_address = true;
            self.told.id = Some(about);
            self.ranks.id = Some(5);
        }
        if let Some(href) = node.word("href") {
            self.page(self.absolute(&href), 0);
        }
        self.told.updated = node.word("lastmod").as_deref().and_then(notice_stamp);
    }

    fn element(&mut self, node: &Node) {
        // Atom's own words are RSS's guests.
        let is_guest = !self.is_atom && node.name.starts_with("atom:");
        let rank = if is_guest { 2 } else { 0 };
        match node.plain_name() {
            "title" => self.title(node, rank),
            "dc:title" => self.title(node, 3),
            "media:title" => self.title(node, 4),
            "link" => self.link(node, rank + 1),
            "feedburner:origlink" => self.page_of(node, 0),
            "itunes:link" if node.attribute("rel").as_deref() == Some("image") => self.image_at(node, "href", 1),
            "id" | "guid" => self.id(node, rank),
            "description" | "tagline" | "subtitle" | "abstract" => self.summary(node, rank),
            "summary" => self.short(node, rank),
            "dc:description" | "itunes:summary" | "itunes:subtitle" => self.summary(node, 3),
            "media:description" => self.summary(node, 4),
            "media:group" => {
                node.elements().filter(|inner| inner.name.starts_with("media:")).for_each(|n| self.element(n))
            }
            "content" => self.content(node, rank),
            "content:encoded" => self.content(node, 1),
            "xhtml:body" | "body" | "fullitem" => self.content(node, 1),
            "rights" | "copyright" => self.rights(node, rank),
            "dc:rights" => self.rights(node, 3),
            "pubdate" | "published" | "issued" | "dcterms:issued" => self.published(node, rank),
            "updated" | "modified" | "lastbuilddate" | "dcterms:modified" => self.updated(node, rank),
            "dc:date" => self.updated(node, 3),
            "created" | "dcterms:created" => self.created(node, rank),
            "expirationdate" => self.told.expired = self.told.expired.take().or_else(|| self.date(node)),
            "dcterms:valid" => self.valid(node),
            // Atom's own author comes before Dublin Core's; in RSS both are as usual.
            "author" | "managingeditor" => self.author(node, if self.is_atom { 0 } else { rank.max(1) }),
            "dc:creator" | "dc:author" => self.author(node, 1),
            "itunes:author" => self.author(node, 3),
            "contributor" | "dc:contributor" => self.contributor(node),
            "publisher" | "dc:publisher" | "webmaster" | "itunes:owner" => self.publisher(node),
            "category" | "dc:subject" | "tags" | "keywords" | "itunes:keywords" | "itunes:category"
            | "media:category" => {
                categories::add(node, &mut self.told.categories);
            }
            "enclosure" => self.enclosure(node),
            "language" | "dc:language" => self.told.language = self.told.language.take().or_else(|| words(node)),
            "comments" => self.told.comments = self.told.comments.take().or_else(|| self.address_in(node)),
            "icon" => self.told.icon = self.told.icon.take().or_else(|| self.address_in(node)),
            "logo" => self.told.logo = self.told.logo.take().or_else(|| self.address_in(node)),
            "image" => self.image(node),
            "itunes:image" => self.image_at(node, "href", 1),
            "generator" => self.generator(node),
            "admin:generatoragent" => self.generator_at(node),
            "docs" => self.told.docs = self.told.docs.take().or_else(|| self.address_in(node)),
            "source" => self.source(node),
            "control" | "app:control" => self.told.is_draft |= says_draft(node),
            _ => self.schedule(node),
        }
    }

    fn schedule(&mut self, node: &Node) {
        let schedule = &mut self.told.schedule;
        let plain = || words(node);
        match &*node.name {
            "ttl" => schedule.ttl = schedule.ttl.take().or_else(plain),
            "skiphours" => {
                let hours = node.elements().filter_map(|hour| hour.text().trim().parse().ok());
                schedule.skip_hours = hours.filter(|hour| *hour <= 24).take(24).collect();
            }
            "skipdays" => schedule.skip_days = node.elements().filter_map(words).take(7).collect(),
            "sy:updateperiod" => schedule.update_period = plain(),
            "sy:updatefrequency" => schedule.update_frequency = plain().and_then(|text| text.parse().ok()),
            _ => {}
        }
    }

    fn construct(&self, node: &Node, usual: TextKind) -> Option<Text> {
        Some(construct(node, &self.around, usual)).filter(|text| !text.value.is_empty())
    }

    /// RSS does not say what its texts are written in; Atom's are plain.
    fn usual(&self) -> TextKind {
        if self.is_atom { TextKind::Plain } else { TextKind::Html }
    }

    fn title(&mut self, node: &Node, rank: u8) {
        let usual = if node.name == "media:title" { TextKind::Plain } else { self.usual() };
        if let Some(text) = self.construct(node, usual)
            && better(&mut self.ranks.title, rank)
        {
            self.told.title = Some(text);
        }
    }

    fn summary(&mut self, node: &Node, rank: u8) {
        let usual = if node.name == "media:description" { TextKind::Plain } else { self.usual() };
        let Some(text) = self.construct(node, usual) else { return };
        if better(&mut self.ranks.summary, rank) {
            self.told.summary = Some(text);
        } else if rank == 0 && better(&mut self.ranks.content, 6) {
            self.told.content = Some(text);
        }
    }

    /// Where both stand, `summary` is the short text and `description` the long one.
    fn short(&mut self, node: &Node, rank: u8) {
        let known = self.told.summary.clone().filter(|_| self.ranks.summary == Some(rank) && !self.is_atom);
        if known.is_some() && better(&mut self.ranks.content, 6) {
            self.told.content = known;
            self.ranks.summary = None;
        }
        self.summary(node, rank);
    }

    fn content(&mut self, node: &Node, rank: u8) {
        if let Some(source) = node.word("src") {
            let inside = self.around.inside(node);
            self.told.content_source = Some(join(inside.base.as_deref(), &source));
        }
        let usual = if node.is("content") { self.usual() } else { TextKind::Html };
        if let Some(text) = self.construct(node, usual)
            && better(&mut self.ranks.content, rank)
        {
            self.told.content = Some(text);
        }
    }

    fn rights(&mut self, node: &Node, rank: u8) {
        if let Some(text) = self.construct(node, self.usual())
            && better(&mut self.ranks.rights, rank)
        {
            self.told.rights = Some(text);
        }
    }

    fn date(&mut self, node: &Node) -> Option<Stamp> {
        let text = node.text();
        if text.trim().is_empty() {
            return None;
        }
        // Programs write year 1 for a day they don't know; another element may know it.
        let stamp = notice_stamp(&text).filter(|stamp| YEARS.contains(&stamp.day().year()));
        if stamp.is_none() {
            self.bad.push(BadDate { field: node.name.to_string(), found: text.into_owned(), line: node.line });
        }
        stamp
    }

    fn published(&mut self, node: &Node, rank: u8) {
        if let Some(stamp) = self.date(node)
            && as_good(&mut self.ranks.published, rank)
        {
            self.told.published = Some(stamp);
        }
    }

    fn updated(&mut self, node: &Node, rank: u8) {
        if let Some(stamp) = self.date(node)
            && as_good(&mut self.ranks.updated, rank)
        {
            self.told.updated = Some(stamp);
        }
    }

    fn created(&mut self, node: &Node, rank: u8) {
        if let Some(stamp) = self.date(node)
            && as_good(&mut self.ranks.created, rank)
        {
            self.told.created = Some(stamp);
        }
    }

    /// `start=…; end=…; scheme=W3C-DTF` (DCMI Period).
    fn valid(&mut self, node: &Node) {
        let text = node.text();
        let end = text.split(';').find_map(|part| part.trim().strip_prefix("end="));
        self.told.expired = self.told.expired.take().or_else(|| end.and_then(notice_stamp));
    }

    fn id(&mut self, node: &Node, rank: u8) {
        let id = if node.has_elements() { Some(node.markup().trim().to_owned()) } else { words(node) };
        let Some(id) = id else { return };
        if better(&mut self.ranks.id, rank) {
            let denied = node.attribute("ispermalink").is_some_and(|value| value.eq_ignore_ascii_case("false"));
            self.told.id_is_address = node.name == "guid" && !denied;
            self.told.id = Some(id);
        }
    }

    /// RSS writes the address between the tags, Atom in an attribute.
    fn link(&mut self, node: &Node, rank: u8) {
        let inside = self.around.inside(node);
        let href = node.attribute("href").or_else(|| node.attribute("url"));
        if href.is_none() && (!self.is_atom || words(node).is_some()) {
            return self.page_of(node, rank);
        }
        let has_address = href.is_some();
        let href = href.unwrap_or_default();
        let rel = node.word("rel").unwrap_or_else(|| "alternate".to_owned()).to_ascii_lowercase();
        let rel = rel.strip_prefix("http://www.iana.org/assignments/relation/").unwrap_or(&rel).to_owned();
        let reference = Reference {
            url: if has_address { join(inside.base.as_deref(), &href) } else { String::new() },
            rel: Some(rel.clone()),
            media_type: node.word("type"),
            title: node.word("title"),
            language: node.word("hreflang"),
            length: node.word("length"),
        };
        if self.told.links.len() >= MOST_LINKS {
            return;
        }
        if rel == "enclosure" && has_address {
            self.told.enclosures.push(reference.clone());
        }
        if !self.is_atom && rel == "alternate" && !reference.url.is_empty() {
            self.take_page(&reference.url, rank);
        }
        self.told.links.push(reference);
    }

    fn page_of(&mut self, node: &Node, rank: u8) {
        if let Some(url) = self.address_in(node) {
            self.page(url, rank);
        }
    }

    fn page(&mut self, url: String, rank: u8) {
        self.take_page(&url, rank);
        let media_type = Some("text/html".to_owned());
        if self.told.links.len() < MOST_LINKS {
            self.told.links.push(Reference { url, rel: Some("alternate".into()), media_type, ..Reference::default() });
        }
    }

    fn take_page(&mut self, url: &str, rank: u8) {
        if better(&mut self.ranks.first_page, rank) {
            self.told.first_url = Some(url.to_owned());
        }
        if as_good(&mut self.ranks.page, rank) {
            self.told.url = Some(url.to_owned());
        }
    }

    fn absolute(&self, address: &str) -> String {
        join(self.around.base.as_deref(), address)
    }

    fn address_in(&self, node: &Node) -> Option<String> {
        let inside = self.around.inside(node);
        words(node).map(|address| join(inside.base.as_deref(), &address))
    }

    fn person(&self, node: &Node) -> Option<Person> {
        people::person_in(node, self.around.inside(node).base.as_deref())
    }

    /// Of RSS's words for the author only the best kind counts; people of one kind add up.
    fn author(&mut self, node: &Node, rank: u8) {
        let Some(person) = self.person(node).filter(|person| *person != Person::default()) else { return };
        if better(&mut self.ranks.authors, rank) {
            self.told.authors.clear();
        } else if self.ranks.authors != Some(rank) {
            return;
        }
        let people = &mut self.told.authors;
        let same = |known: &Person| {
            !known.name.is_empty() && known.name == person.name || known.email.is_some() && known.email == person.email
        };
        let (is_full, at) = (people.len() >= MOST_PEOPLE, people.iter().position(same));
        match at.and_then(|at| people.get_mut(at)) {
            Some(known) => {
                known.email = known.email.take().or(person.email);
                known.url = known.url.take().or(person.url);
                if known.name.is_empty() {
                    known.name = person.name;
                }
            }
            None if is_full => {}
            None => people.push(person),
        }
    }

    fn contributor(&mut self, node: &Node) {
        if self.told.contributors.len() < MOST_PEOPLE {
            let person = self.person(node);
            self.told.contributors.extend(person);
        }
    }

    fn publisher(&mut self, node: &Node) {
        if node.name == "webmaster" {
            self.editor = self.editor.take().or_else(|| self.person(node));
        }
        self.told.publisher = self.told.publisher.take().or_else(|| self.person(node));
    }

    fn enclosure(&mut self, node: &Node) {
        let Some(url) = node.word("url").or_else(|| node.word("href")) else { return };
        if self.told.enclosures.len() < MOST_LINKS {
            self.told.enclosures.push(Reference {
                url: self.absolute(&url),
                media_type: node.word("type"),
                length: node.word("length"),
                ..Reference::default()
            });
        }
    }

    fn image(&mut self, node: &Node) {
        let child = |name: &str| node.elements().find(|inner| inner.name == name);
        let address = |name: &str| child(name).and_then(|inner| self.address_in(inner));
        let title = child("title").and_then(|title| self.construct(title, TextKind::Html)).map(|text| text.value);
        let picture =
            Picture { url: address("url").or_else(|| node.word("rdf:resource")), title, link: address("link") };
        if picture != Picture::default() && better(&mut self.ranks.image, 0) {
            self.told.image = Some(picture);
        }
    }

    fn image_at(&mut self, node: &Node, attribute: &str, rank: u8) {
        if let Some(href) = node.word(attribute)
            && better(&mut self.ranks.image, rank)
        {
            self.told.image = Some(Picture { url: Some(self.absolute(&href)), ..Picture::default() });
        }
    }

    fn generator(&mut self, node: &Node) {
        let inside = self.around.inside(node);
        let url = node.word("uri").or_else(|| node.word("url")).map(|url| join(inside.base.as_deref(), &url));
        let name = self.construct(node, TextKind::Html).map(|text| text.value);
        self.told.generator = Some(Generator { name, version: node.word("version"), url });
    }

    fn generator_at(&mut self, node: &Node) {
        let url = node.word("rdf:resource").map(|url| self.absolute(&url));
        if self.told.generator.is_none() && url.is_some() {
            self.told.generator = Some(Generator { url, ..Generator::default() });
        }
    }

    /// Atom's source is a whole feed's head, RSS's a name with the feed's address.
    fn source(&mut self, node: &Node) {
        let mut source = described(node, &self.around, self.is_atom, self.bad);
        if !node.has_elements() {
            source.title = self.construct(node, TextKind::Html);
            source.url = node.word("url").map(|url| self.absolute(&url));
        }
        self.told.source = Some(Box::new(source));
    }

    fn finish(mut self, node: &Node) -> Described {
        let told = &mut self.told;
        told.url = told.url.take().or_else(|| told.page().map(str::to_owned));
        let id_as_page = told.id.as_ref().filter(|id| told.id_is_address && web_url(id).is_some());
        told.url = told.url.take().or_else(|| id_as_page.cloned());
        told.language = told.language.take().or_else(|| self.around.language.clone());
        if told.authors.is_empty() && !self.is_atom {
            told.authors.extend(self.editor.take());
        }
        told.base = self.around.base;
        told.geo = geo::place(node);
        told.declared = fields::declared(node, told.geo.as_ref(), self.bad);
        told.images = fields::images(node);
        let picture = told.logo.clone().or_else(|| told.images.first().map(|image| image.url.clone()));
        told.image = told.image.take().or_else(|| Some(Picture { url: Some(picture?), ..Picture::default() }));
        told.recordings = fields::recordings(node);
        self.told
    }
}

/// RSS 1.0 keeps the feed's picture beside the channel, which only points to it.
pub(super) fn add_picture(told: &mut Described, root: &Node, around: &Around, bad: &mut Vec<BadDate>) {
    for node in root.elements().filter(|node| node.name == "image") {
        let mut teller = Teller::new(around.inside(root).into_owned(), false, bad);
        teller.image(node);
        if let Some(picture) = teller.told.image {
            let pointed = told.image.take().and_then(|known| known.url);
            told.image = Some(Picture { url: picture.url.or(pointed), ..picture });
        }
    }
}

/// What stands in an element, as far as it says something.
fn words(node: &Node) -> Option<String> {
    Some(node.text().trim().to_owned()).filter(|text| !text.is_empty())
}

/// RFC 5023 §13.1.1.
fn says_draft(control: &Node) -> bool {
    control.elements().any(|node| node.name.ends_with("draft") && node.text().trim() == "yes")
}
