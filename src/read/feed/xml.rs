//! One lenient walk over XML: each entry becomes a small tree, is handed over and dropped.
//!
//! Tags that are never closed, closed twice or cut off, bare `&`, unknown entities and undeclared prefixes are no errors here.
//! Names are lower case with the prefix that this crate uses for their namespace (`dc:creator`), whatever the document calls it.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Deeper markup loses its inner elements, not its text.
const DEEPEST: usize = 150;
/// Attributes of one element beyond this are dropped.
const MOST_ATTRIBUTES: usize = 60;

/// Namespaces with the prefix used for them here; the plain one for RSS's own.
const NAMESPACES: &[(&str, &str)] = &[
    ("http://www.w3.org/2005/atom", "atom"),
    ("http://purl.org/atom/ns#", "atom"),
    ("http://purl.org/dc/elements/1.1/", "dc"),
    ("http://purl.org/dc/elements/1.0/", "dc"),
    ("http://purl.org/dc/terms/", "dcterms"),
    ("http://purl.org/rss/1.0/modules/content/", "content"),
    ("http://search.yahoo.com/mrss", "media"),
    ("http://purl.org/rss/1.0/modules/event/", "ev"),
    ("urn:ietf:params:xml:ns:xcal", "xcal"),
    ("http://www.itunes.com/dtds/podcast-1.0.dtd", "itunes"),
    ("http://www.georss.org/georss", "georss"),
    ("http://www.w3.org/2003/01/geo/wgs84_pos#", "geo"),
    ("http://www.w3.org/1999/xhtml", "xhtml"),
    ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf"),
    ("http://rssnamespace.org/feedburner/ext/1.0", "feedburner"),
    ("http://www.w3.org/2007/app", "app"),
    ("http://purl.org/rss/1.0/", ""),
    ("http://my.netscape.com/rdf/simple/0.9/", ""),
];

/// An element.
#[derive(Debug, Clone, Default)]
pub(super) struct Node {
    /// Lower case, with our prefix.
    pub name: String,
    /// As written, without its prefix.
    local: String,
    attributes: Vec<(String, String)>,
    children: Vec<Child>,
    pub line: u32,
}

#[derive(Debug, Clone)]
enum Child {
    Element(Node),
    Text(String),
}

impl Node {
    /// True for the name, in Atom's namespace or in none.
    pub fn is(&self, name: &str) -> bool {
        self.name.strip_prefix("atom:").unwrap_or(&self.name) == name
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim())
    }

    pub fn elements(&self) -> impl Iterator<Item = &Node> {
        self.children.iter().filter_map(|child| match child {
            Child::Element(node) => Some(node),
            Child::Text(_) => None,
        })
    }

    pub fn has_elements(&self) -> bool {
        self.elements().next().is_some()
    }

    /// Children of that name, in Atom's namespace or in none.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Node> {
        self.elements().filter(move |node| node.is(name))
    }

    pub fn first<'a>(&'a self, name: &'a str) -> Option<&'a Node> {
        self.elements().find(|node| node.is(name))
    }

    /// The child of exactly this name (`title` is not `atom:title`), if it holds any text.
    pub fn plain(&self, name: &str) -> Option<String> {
        let texts = self.elements().filter(|node| node.name == name).map(|node| node.text().trim().to_owned());
        texts.into_iter().find(|text| !text.is_empty())
    }

    /// All text inside, markup left out.
    pub fn text(&self) -> String {
        let mut out = String::new();
        self.add_text(&mut out);
        out
    }

    fn add_text(&self, out: &mut String) {
        for child in &self.children {
            match child {
                Child::Element(node) => node.add_text(out),
                Child::Text(text) => out.push_str(text),
            }
        }
    }

    /// What is inside as markup.
    pub fn markup(&self) -> String {
        let mut out = String::new();
        self.add_markup(&mut out);
        out
    }

    fn add_markup(&self, out: &mut String) {
        for child in &self.children {
            match child {
                Child::Text(text) => out.push_str(&html_escape::encode_text(text)),
                Child::Element(node) => {
                    out.push_str(&format!("<{}", node.local));
                    for (name, value) in node.attributes.iter().filter(|(name, _)| !name.starts_with("xmlns")) {
                        out.push_str(&format!(" {name}=\"{}\"", html_escape::encode_double_quoted_attribute(value)));
                    }
                    out.push('>');
                    node.add_markup(out);
                    if !matches!(node.local.as_str(), "br" | "img" | "hr" | "input" | "wbr" | "source" | "col") {
                        out.push_str(&format!("</{}>", node.local));
                    }
                }
            }
        }
    }
}

/// What a walk found.
pub(super) struct Walked {
    /// The name of the outermost element, if there is one.
    pub root: Option<String>,
    /// The root with everything but the entries, as far as it was read.
    pub feed: Node,
    /// The line where the document breaks off, if it does.
    pub broken: Option<u32>,
}

/// Walks the text and hands over each whole element of one of the names with the feed as known so far; stops when told so.
pub(super) fn walk(text: &str, entries: &[&str], each: &mut dyn FnMut(&Node) -> bool) -> Walked {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.expand_empty_elements = true;
    config.allow_dangling_amp = true;
    let mut walker = Walker { entries, stack: Vec::new(), scopes: Vec::new(), feed: None };
    let mut lines = Lines { text: text.as_bytes(), at: 0, line: 1 };
    loop {
        let line = lines.line_at(reader.buffer_position());
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                if let Some(entry) = walker.start(&start, line)
                    && !each(&entry)
                {
                    return walker.finish(None);
                }
            }
            Ok(Event::End(end)) => {
                let name = String::from_utf8_lossy(end.name().as_ref()).into_owned();
                if let Some(entry) = walker.end(&name)
                    && !each(&entry)
                {
                    return walker.finish(None);
                }
            }
            Ok(Event::Text(text)) => walker.text(&text.xml10_content().unwrap_or_default()),
            Ok(Event::CData(text)) => walker.text(&text.xml10_content().unwrap_or_default()),
            Ok(Event::GeneralRef(name)) => {
                let resolved = match name.resolve_char_ref() {
                    Ok(Some(c)) => crate::model::referred(c).to_string(),
                    Ok(None) => entity(&String::from_utf8_lossy(&name)),
                    Err(_) => String::new(),
                };
                walker.text(&resolved);
            }
            Ok(Event::Eof) => {
                let open = walker.stack.len();
                return walker.finish((open > 0).then_some(line));
            }
            Ok(_) | Err(quick_xml::Error::IllFormed(_)) => {}
            Err(_) => return walker.finish(Some(line)),
        }
    }
}

/// An HTML entity; an unknown one stays as written.
fn entity(name: &str) -> String {
    match name {
        "lt" => "<".into(),
        "gt" => ">".into(),
        "amp" => "&".into(),
        "quot" => "\"".into(),
        "apos" => "'".into(),
        _ => html_escape::decode_html_entities(&format!("&{name};")).into_owned(),
    }
}

/// Counts lines on the way, so that all of them together cost one pass.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u32,
}

impl Lines<'_> {
    fn line_at(&mut self, position: u64) -> u32 {
        let to = usize::try_from(position).unwrap_or(usize::MAX).min(self.text.len());
        let passed = self.text.get(self.at..to).unwrap_or_default();
        let new = passed.iter().filter(|byte| **byte == b'\n').count();
        self.line = self.line.saturating_add(u32::try_from(new).unwrap_or(u32::MAX));
        self.at = self.at.max(to);
        self.line
    }
}

struct Open {
    node: Node,
    /// As written, with its prefix.
    raw: String,
    /// How many namespace declarations were known before it.
    scopes: usize,
    is_entry: bool,
}

struct Walker<'a> {
    entries: &'a [&'a str],
    stack: Vec<Open>,
    /// Prefix as written, and ours for it.
    scopes: Vec<(String, Option<&'static str>)>,
    feed: Option<Node>,
}

impl Walker<'_> {
    /// Opens an element; answers an entry that was never closed if another one begins.
    fn start(&mut self, start: &BytesStart, line: u32) -> Option<Node> {
        let raw = String::from_utf8_lossy(start.name().as_ref()).into_owned();
        if !raw.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            return self.bare_bracket(&String::from_utf8_lossy(start), line);
        }
        let known = self.scopes.len();
        let attributes = self.attributes(start);
        let (prefix, local) = raw.split_once(':').unwrap_or(("", &raw));
        let name = self.name(prefix, local);
        let unclosed = self.stack.iter().position(|open| open.is_entry && open.raw == raw && open.node.name == name);
        let entry = unclosed.and_then(|at| self.close(at));
        if self.stack.len() >= DEEPEST {
            self.scopes.truncate(known);
            return entry;
        }
        let plain = name.strip_prefix("atom:").unwrap_or(&name);
        let is_entry =
            self.entries.contains(&plain) && self.stack.len() <= 3 && !self.stack.iter().any(|open| open.is_entry);
        let node = Node { name, local: local.to_owned(), attributes, children: Vec::new(), line };
        self.stack.push(Open { node, raw, scopes: known, is_entry });
        entry
    }

    /// A bare `<` in a text: what follows up to the next `>` was taken for a tag, and may hold the real one.
    fn bare_bracket(&mut self, content: &str, line: u32) -> Option<Node> {
        let Some((text, tag)) = content.split_once('<') else {
            self.text(&format!("<{content}>"));
            return None;
        };
        self.text(&format!("<{text}"));
        if let Some(name) = tag.strip_prefix('/') {
            return self.end(name.trim());
        }
        let name_ends = tag.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(tag.len());
        if tag.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            return self.start(&BytesStart::from_content(tag, name_ends), line);
        }
        None
    }

    fn attributes(&mut self, start: &BytesStart) -> Vec<(String, String)> {
        let mut out = Vec::new();
        for attribute in start.html_attributes().with_checks(false).flatten().take(MOST_ATTRIBUTES) {
            let name = String::from_utf8_lossy(attribute.key.as_ref()).to_ascii_lowercase();
            let value = String::from_utf8_lossy(&attribute.value);
            let value = html_escape::decode_html_entities(&value).into_owned();
            if let Some(prefix) = name.strip_prefix("xmlns") {
                let uri = value.trim().to_ascii_lowercase();
                let ours =
                    NAMESPACES.iter().find(|(known, _)| known.trim_end_matches('/') == uri.trim_end_matches('/'));
                let prefix = prefix.strip_prefix(':').unwrap_or_default().to_owned();
                self.scopes.push((prefix, ours.map(|(_, ours)| *ours)));
            }
            out.push((name, value));
        }
        out
    }

    fn name(&self, prefix: &str, local: &str) -> String {
        let (prefix, local) = (prefix.to_ascii_lowercase(), local.to_ascii_lowercase());
        let ours = self.scopes.iter().rev().find(|(known, _)| *known == prefix).and_then(|(_, ours)| *ours);
        match ours.unwrap_or(&prefix) {
            "" => local,
            prefix => format!("{prefix}:{local}"),
        }
    }

    fn end(&mut self, raw: &str) -> Option<Node> {
        let at = self.stack.iter().rposition(|open| open.raw == raw)?;
        // An end tag of markup that the entry does not hold is none of its own.
        self.close(at)
    }

    /// Closes the elements from place `at` on; answers the entry among them.
    fn close(&mut self, at: usize) -> Option<Node> {
        let mut entry = None;
        while self.stack.len() > at {
            let open = self.stack.pop()?;
            self.scopes.truncate(open.scopes);
            if open.is_entry {
                entry = Some(open.node);
                continue;
            }
            match self.stack.last_mut() {
                Some(outer) => outer.node.children.push(Child::Element(open.node)),
                None => {
                    self.feed.get_or_insert(open.node);
                }
            }
        }
        entry
    }

    fn text(&mut self, text: &str) {
        let Some(open) = self.stack.last_mut() else { return };
        match open.node.children.last_mut() {
            Some(Child::Text(known)) => known.push_str(text),
            _ => open.node.children.push(Child::Text(text.to_owned())),
        }
    }

    fn finish(mut self, broken: Option<u32>) -> Walked {
        // What is still open was cut off: an entry is dropped, the feed's own parts are kept.
        self.close(0);
        let feed = self.feed.unwrap_or_default();
        let root = (!feed.name.is_empty()).then(|| feed.name.clone());
        Walked { root, feed, broken }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(text: &str) -> (Vec<String>, Walked) {
        let mut found = Vec::new();
        let walked = walk(text, &["item"], &mut |node| {
            found.push(node.markup());
            true
        });
        (found, walked)
    }

    #[test]
    fn broken_markup_keeps_its_text() {
        let (found, walked) = entries(
            "<rss><channel><item><t>a<br>b & c &nbsp;&eacute;&nope; 1 < 2</t></item></wrong><item><t>x</t></channel></rss>",
        );
        assert_eq!(found[0], "<t>a<br>b &amp; c \u{a0}é&amp;nope; 1 &lt; 2</t>");
        assert_eq!((walked.root.as_deref(), walked.broken), (Some("rss"), None));
    }

    #[test]
    fn a_cut_off_document_says_where() {
        let (found, walked) = entries("<rss>\n<channel>\n<item>a</item>\n<item>b</ite");
        assert_eq!((found, walked.broken), (vec!["a".to_owned()], Some(4)));
    }

    #[test]
    fn names_carry_our_prefix_whatever_the_document_calls_it() {
        let text = "<r xmlns:x='http://purl.org/dc/elements/1.1/'><item><x:Creator>A</x:Creator><dc:date>B</dc:date></item></r>";
        let mut found = Vec::new();
        walk(text, &["item"], &mut |node| {
            found.extend(node.elements().map(|child| child.name.clone()));
            true
        });
        assert_eq!(found, ["dc:creator", "dc:date"]);
    }

    #[test]
    fn a_hundred_thousand_open_tags_are_no_trouble() {
        let (found, _) = entries(&format!("<rss><item>{}text</item></rss>", "<div>".repeat(100_000)));
        assert!(found[0].contains("text"));
        let attributes: String = (0..100_000).map(|n| format!(" a{n}='1'")).collect();
        assert_eq!(entries(&format!("<rss><item{attributes}>x</item></rss>")).0, ["x"]);
    }
}
