//! RSS 0.9x, 1.0 (RDF) and 2.0 items.

use super::fields::{self, BadDate};
use super::text;
use super::xml::Node;
use super::{Feed, base, language};
use crate::model::{Entry, Key, Person, web_url};

pub(super) fn entry(node: &Node, bad: &mut Vec<BadDate>) -> Entry {
    let published =
        fields::date(node, &["pubdate", "dc:date", "dcterms:created", "dcterms:issued", "atom:published"], bad);
    let updated = fields::date(node, &["dcterms:modified", "atom:updated", "lastbuilddate"], bad);
    let element = |name: &str| node.elements().find(|node| node.name == name);
    let html_of = |name: &str| element(name).map(text::html_of_rss).filter(|html| !html.is_empty());
    let full = html_of("content:encoded").or_else(|| html_of("xhtml:body")).or_else(|| html_of("body"));
    let full = full.or_else(|| element("atom:content").map(text::html)).or_else(|| html_of("fullitem"));
    let description = html_of("description").or_else(|| element("atom:summary").map(text::html));
    let title = element("title").map(text::html_of_rss).map(|title| text::plain_of_html(&title));
    let title = title.or_else(|| node.plain("dc:title")).or_else(|| element("atom:title").map(text::plain));
    let title = title.or_else(|| fields::media(node, "media:title").map(|title| text::plain_of_html(&title)));
    let (guid, is_address) = guid(node);
    let link = node.plain("feedburner:origlink").or_else(|| node.plain("link")).or_else(|| atom_link(node));
    let rdf = node.attribute("rdf:about").filter(|about| !about.is_empty()).map(str::to_owned);
    let url = link
        .or_else(|| guid.clone().filter(|_| is_address))
        .or_else(|| rdf.clone().filter(|url| web_url(url).is_some()));
    Entry {
        line: node.line,
        title: title.unwrap_or_default(),
        summary: description
            .as_deref()
            .filter(|_| full.is_some())
            .map(text::plain_of_html)
            .filter(|line| !line.is_empty()),
        html: full.or(description).or_else(|| fields::media(node, "media:description")).unwrap_or_default(),
        url,
        base: base(node),
        published,
        updated,
        authors: authors(node),
        tags: tags(node),
        images: fields::images(node),
        links: fields::recordings(node),
        language: language(node).or_else(|| node.plain("dc:language")),
        declared: fields::declared(node, bad),
        keys: guid.or(rdf).map(Key::Guid).into_iter().collect(),
        ..Entry::default()
    }
}

/// RSS 2.0 keeps the items inside its channel, RDF beside it.
pub(super) fn feed(root: &Node) -> Feed {
    let channel = root.elements().find(|node| node.name == "channel").unwrap_or(root);
    Feed {
        base: base(channel).or_else(|| base(root)).or_else(|| channel.plain("link")),
        language: channel
            .plain("language")
            .or_else(|| channel.plain("dc:language"))
            .or_else(|| language(channel))
            .or_else(|| language(root)),
        authors: Vec::new(),
    }
}

/// The guid, and whether it is an address too: so says RSS 2.0 unless `isPermaLink` denies it.
fn guid(node: &Node) -> (Option<String>, bool) {
    let Some(element) = node.elements().find(|node| node.name == "guid" || node.name == "atom:id") else {
        return (None, false);
    };
    let text = element.text().trim().to_owned();
    let denied = element.attribute("ispermalink").is_some_and(|value| value.eq_ignore_ascii_case("false"));
    let is_address = !denied && web_url(&text).is_some();
    (Some(text).filter(|text| !text.is_empty()), is_address)
}

fn atom_link(node: &Node) -> Option<String> {
    let links = node.elements().filter(|node| node.name == "atom:link" || node.name == "link");
    let alternate = links.filter(|link| link.attribute("rel").is_none_or(|rel| rel == "alternate"));
    alternate.filter_map(|link| link.attribute("href")).find(|href| !href.is_empty()).map(str::to_owned)
}

fn authors(node: &Node) -> Vec<Person> {
    let named = |wanted: &'static str| node.elements().filter(move |node| node.name == wanted);
    let mut people: Vec<Person> = Vec::new();
    let atom = named("atom:author").filter_map(|author| author.first("name")).map(|name| fields::person(&name.text()));
    let own =
        named("dc:creator").chain(named("author")).chain(named("dc:author")).map(|node| fields::person(&node.text()));
    for person in own.chain(atom).filter(|person| *person != Person::default()).take(50) {
        if !people.iter().any(|known| known.name == person.name && known.email == person.email) {
            people.push(person);
        }
    }
    people
}

fn tags(node: &Node) -> Vec<String> {
    let words = node.elements().filter(|node| node.name == "category" || node.name == "dc:subject");
    let words = words.map(|node| text::plain_of_html(&node.text()));
    words.filter(|word| !word.is_empty()).take(100).collect()
}
