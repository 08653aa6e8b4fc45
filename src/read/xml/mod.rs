//! One lenient walk over XML: each entry becomes a small tree that borrows from the text, is handed over and dropped.
//!
//! Tags that are never closed, closed twice or cut off, bare `&`, unknown entities and undeclared prefixes are no errors here.
//! Names are lower case with the prefix that this crate uses for their namespace (`dc:creator`), whatever the document calls it.

mod namespaces;
mod tree;

use memchr::{memchr, memchr_iter, memmem};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;
use std::collections::HashMap;
use std::io::BufRead;
use std::rc::Rc;
pub(super) use tree::{Around, Node, is_absolute, join};
use tree::{Child, attributes, is_declaration};

/// Deeper markup loses its inner elements, not its text.
const DEEPEST: usize = 150;
/// So many elements and texts between them hold most entries.
const USUAL_CHILDREN: usize = 24;
/// Entities that a document may declare for itself, and the longest one: no more than letters with accents need.
const MOST_ENTITIES: usize = 500;
const LONGEST_ENTITY: usize = 200;

/// What a walk found.
pub(super) struct Walked<'t> {
    /// The name of the outermost element, if there is one.
    pub root: Option<String>,
    /// The root with everything but the entries, as far as it was read.
    pub feed: Node<'t>,
    /// The line where the document breaks off, if it does.
    pub broken: Option<u32>,
}

/// Walks the text and hands over each whole element of one of the names with what is said around it; stops when told so.
pub(super) fn walk<'t>(
    text: &'t str,
    entries: &[&str],
    outermost: &Around,
    each: &mut dyn FnMut(&Node<'t>, &Around) -> bool,
) -> Walked<'t> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.expand_empty_elements = true;
    config.allow_dangling_amp = true;
    let mut walker =
        Walker { entries, outermost, stack: Vec::new(), scopes: Vec::new(), feed: None, own_entities: HashMap::new() };
    let mut lines = Lines { text: text.as_bytes(), at: 0, line: 1 };
    // Where the reader stands behind markup, texts are taken from under it: it would hand over each reference as a piece of its own.
    let mut behind_markup = true;
    loop {
        let begin = reader.buffer_position();
        if behind_markup
            && let Some(length) = walker.text_ahead(usize::try_from(begin).ok().and_then(|at| text.get(at..)))
        {
            reader.stream().consume(length);
            continue;
        }
        behind_markup = true;
        let found = match reader.read_event() {
            Ok(Event::Start(start)) => {
                let line = lines.line_at(begin);
                match tag_at(text, begin, &start) {
                    Some(tag) => {
                        // Its end is still to come, although nothing stands between.
                        behind_markup = !is_empty_element(text, reader.buffer_position());
                        walker.start(tag, start.name().as_ref().len(), line)
                    }
                    None => None,
                }
            }
            Ok(Event::End(end)) => walker.end(&String::from_utf8_lossy(end.name().as_ref())),
            Ok(Event::Text(piece)) => {
                behind_markup = false;
                walker.text(piece.xml10_content().unwrap_or_default())
            }
            Ok(Event::CData(piece)) => walker.text(piece.xml10_content().unwrap_or_default()),
            Ok(Event::DocType(declarations)) => walker.declare(&String::from_utf8_lossy(&declarations)),
            Ok(Event::Eof) => {
                let line = lines.line_at(begin);
                let is_open = !walker.stack.is_empty();
                return walker.finish(is_open.then_some(line));
            }
            Ok(Event::GeneralRef(_)) | Err(quick_xml::Error::IllFormed(_)) => {
                behind_markup = false;
                None
            }
            Ok(_) => None,
            Err(_) => {
                let line = lines.line_at(begin);
                return walker.finish(Some(line));
            }
        };
        if let Some((entry, around)) = found
            && !each(&entry, &around)
        {
            return walker.finish(None);
        }
    }
}

fn is_empty_element(text: &str, behind: u64) -> bool {
    let behind = usize::try_from(behind).unwrap_or(usize::MAX);
    text.as_bytes().get(..behind).is_some_and(|read| read.ends_with(b"/>"))
}

/// The inside of the start tag that was just read, as it stands in the text.
fn tag_at<'t>(text: &'t str, begin: u64, start: &BytesStart) -> Option<&'t str> {
    let begin = usize::try_from(begin).ok()?;
    let rest = text.get(begin..)?;
    let open = begin + memchr(b'<', rest.as_bytes())? + 1;
    text.get(open..open + start.len())
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
        let new = memchr_iter(b'\n', passed).count();
        self.line = self.line.saturating_add(u32::try_from(new).unwrap_or(u32::MAX));
        self.at = self.at.max(to);
        self.line
    }
}

struct Open<'t> {
    node: Node<'t>,
    /// As written, with its prefix.
    raw: &'t str,
    /// How many namespace declarations were known before it.
    scopes: usize,
    is_entry: bool,
    /// What it and those around it say for an entry in it, once that was asked.
    around: Option<Rc<Around>>,
}

struct Walker<'t, 'w> {
    entries: &'w [&'w str],
    outermost: &'w Around,
    stack: Vec<Open<'t>>,
    /// Prefix as written in small letters, and ours for it.
    scopes: Vec<(String, Option<&'static str>)>,
    feed: Option<Node<'t>>,
    /// Entities that the document declares.
    own_entities: HashMap<String, String>,
}

/// An entry that has ended, and what is said around it.
type Ended<'t> = Option<(Node<'t>, Rc<Around>)>;

impl<'t> Walker<'t, '_> {
    /// Opens an element, told as the inside of its tag; answers an entry that was never closed if another one begins.
    fn start(&mut self, tag: &'t str, name_length: usize, line: u32) -> Ended<'t> {
        let (raw, attributes) = (tag.get(..name_length)?, tag.get(name_length..)?);
        if !raw.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            return self.bare_bracket(tag, line);
        }
        let known = self.scopes.len();
        if memmem::find(attributes.as_bytes(), b"=").is_some() {
            self.declare_prefixes(attributes);
        }
        let (prefix, local) = raw.split_once(':').unwrap_or(("", raw));
        let name = self.name(raw, prefix, local);
        let unclosed = self.stack.iter().position(|open| open.is_entry && open.raw == raw && open.node.name == name);
        let entry = unclosed.and_then(|at| self.close(at));
        if self.stack.len() >= DEEPEST {
            self.scopes.truncate(known);
            return entry;
        }
        let plain = name.strip_prefix("atom:").unwrap_or(&name);
        let is_entry =
            self.entries.contains(&plain) && self.stack.len() <= 3 && !self.stack.iter().any(|open| open.is_entry);
        let children = if is_entry { Vec::with_capacity(USUAL_CHILDREN) } else { Vec::new() };
        let node = Node { name, local, attributes, children, line };
        self.stack.push(Open { node, raw, scopes: known, is_entry, around: None });
        entry
    }

    /// A bare `<` in a text: what follows up to the next `>` was taken for a tag, and may hold the real one.
    fn bare_bracket(&mut self, content: &'t str, line: u32) -> Ended<'t> {
        let Some((text, tag)) = content.split_once('<') else {
            self.text(Cow::Owned(format!("<{content}>")));
            return None;
        };
        self.text(Cow::Owned(format!("<{text}")));
        if let Some(name) = tag.strip_prefix('/') {
            return self.end(name.trim());
        }
        let name_ends = tag.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(tag.len());
        if tag.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            return self.start(tag, name_ends, line);
        }
        None
    }

    fn declare_prefixes(&mut self, tag: &str) {
        if memmem::find(tag.as_bytes(), b"xmlns").is_none() && memmem::find(tag.as_bytes(), b"XMLNS").is_none() {
            return;
        }
        for (name, uri) in attributes(tag).filter(|(name, _)| is_declaration(name)) {
            let prefix = name.get(5..).unwrap_or_default().trim_start_matches(':').to_ascii_lowercase();
            self.scopes.push((prefix, namespaces::ours(&uri)));
        }
    }

    fn name(&self, raw: &'t str, prefix: &str, local: &str) -> Cow<'t, str> {
        let declared = self.scopes.iter().rev().find(|(known, _)| known.eq_ignore_ascii_case(prefix));
        let ours = declared.and_then(|(_, ours)| *ours).unwrap_or(prefix);
        if ours == prefix && !raw.bytes().any(|byte| byte.is_ascii_uppercase()) && raw.is_ascii() {
            return Cow::Borrowed(raw);
        }
        let (ours, local) = (ours.to_lowercase(), local.to_lowercase());
        Cow::Owned(if ours.is_empty() { local } else { format!("{ours}:{local}") })
    }

    fn end(&mut self, raw: &str) -> Ended<'t> {
        let at = self.stack.iter().rposition(|open| open.raw == raw)?;
        // An end tag of markup that the entry does not hold is none of its own.
        self.close(at)
    }

    /// Closes the elements from place `at` on; answers the entry among them.
    fn close(&mut self, at: usize) -> Ended<'t> {
        let mut entry = None;
        while self.stack.len() > at {
            let open = self.stack.pop()?;
            self.scopes.truncate(open.scopes);
            if open.is_entry {
                entry = Some((open.node, self.around()));
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

    /// What the elements that are open say; known for the innermost once asked, as many entries have the same around them.
    fn around(&mut self) -> Rc<Around> {
        let outermost = self.outermost;
        let Some((open, outer)) = self.stack.split_last_mut() else { return Rc::new(outermost.clone()) };
        let tell = || outer.iter().fold(outermost.clone(), |around, open| around.inside(&open.node).into_owned());
        open.around.get_or_insert_with(|| Rc::new(tell().inside(&open.node).into_owned())).clone()
    }

    fn text(&mut self, text: Cow<'t, str>) -> Ended<'t> {
        let open = self.stack.last_mut()?;
        match open.node.children.last_mut() {
            Some(Child::Text(known)) => known.to_mut().push_str(&text),
            _ => {
                // Most elements hold one text and nothing else.
                if open.node.children.is_empty() {
                    open.node.children.reserve_exact(1);
                }
                open.node.children.push(Child::Text(text));
            }
        }
        None
    }

    /// Takes the text up to the next markup, or a whole CDATA section, if one comes next; answers how long it is.
    fn text_ahead(&mut self, rest: Option<&'t str>) -> Option<usize> {
        const BEGIN: &str = "<![CDATA[";
        let rest = rest?;
        if let Some(section) = rest.strip_prefix(BEGIN) {
            let length = memchr_iter(b']', section.as_bytes())
                .find(|at| section.as_bytes().get(*at..*at + 3) == Some(b"]]>"))?;
            self.text(unix_lines(section.get(..length)?));
            return Some(BEGIN.len() + length + 3);
        }
        let length = memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
        let text = rest.get(..length).filter(|text| !text.is_empty())?;
        if !self.stack.is_empty() {
            let text = self.resolved(text);
            self.text(text);
        }
        Some(length)
    }

    /// A text with its references resolved; a bare `&` is one.
    fn resolved(&self, text: &'t str) -> Cow<'t, str> {
        let Some(mut at) = memchr(b'&', text.as_bytes()) else { return unix_lines(text) };
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        loop {
            out.push_str(rest.get(..at).unwrap_or_default());
            rest = rest.get(at + 1..).unwrap_or_default();
            match name_of_reference(rest) {
                Some(name) => {
                    self.refer(name, &mut out);
                    rest = rest.get(name.len() + 1..).unwrap_or_default();
                }
                None => out.push('&'),
            }
            match memchr(b'&', rest.as_bytes()) {
                Some(next) => at = next,
                None => break,
            }
        }
        out.push_str(rest);
        if memchr(b'\r', out.as_bytes()).is_some() {
            Cow::Owned(unix_lines(&out).into_owned())
        } else {
            Cow::Owned(out)
        }
    }

    fn refer(&self, name: &str, out: &mut String) {
        match name {
            "lt" => out.push('<'),
            "gt" => out.push('>'),
            "amp" => out.push('&'),
            "quot" => out.push('"'),
            "apos" => out.push('\''),
            _ => match name.strip_prefix('#') {
                Some(number) => out.extend(numbered(number)),
                None => out.push_str(&self.entity(name)),
            },
        }
    }

    /// An entity of HTML or of the document's own; an unknown one stays as written.
    fn entity(&self, name: &str) -> String {
        let own = self.own_entities.get(name).cloned();
        own.unwrap_or_else(|| html_escape::decode_html_entities(&format!("&{name};")).into_owned())
    }

    /// `<!ENTITY name "text">` (XML 1.0 §4.2.1). References in the text are resolved once and never to other entities of the document.
    fn declare(&mut self, declarations: &str) -> Ended<'t> {
        for declaration in declarations.split("<!ENTITY").skip(1).take(MOST_ENTITIES) {
            let mut words = declaration.trim_start().splitn(2, char::is_whitespace);
            let (Some(name), Some(rest)) = (words.next(), words.next()) else { continue };
            let Some(quote) = rest.trim_start().chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
            let Some(value) = rest.trim_start().get(1..).and_then(|rest| rest.split(quote).next()) else { continue };
            if value.len() <= LONGEST_ENTITY {
                let value = html_escape::decode_html_entities(value).into_owned();
                self.own_entities.entry(name.to_owned()).or_insert(value);
            }
        }
        None
    }

    fn finish(mut self, broken: Option<u32>) -> Walked<'t> {
        // What is still open was cut off: an entry is dropped, the feed's own parts are kept.
        self.close(0);
        let feed = self.feed.unwrap_or_default();
        let root = (!feed.name.is_empty()).then(|| feed.name.to_string());
        Walked { root, feed, broken }
    }
}

/// The name in `name;…`, if a reference has such a one.
fn name_of_reference(text: &str) -> Option<&str> {
    const LONGEST: usize = 40;
    let bytes = text.as_bytes();
    let head = bytes.get(..bytes.len().min(LONGEST)).unwrap_or_default();
    let end = head
        .iter()
        .position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'#' | b'_' | b'-' | b'.' | b':')))?;
    text.get(..end).filter(|name| !name.is_empty() && bytes.get(end) == Some(&b';'))
}

/// The character of a numeric reference; nothing, where there is none of that number.
fn numbered(number: &str) -> Option<char> {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => number.parse(),
    };
    code.ok().filter(|code| *code != 0).and_then(char::from_u32).map(crate::model::referred)
}

/// Line ends as XML hands them on (XML 1.0 §2.11).
fn unix_lines(text: &str) -> Cow<'_, str> {
    match memchr(b'\r', text.as_bytes()) {
        Some(_) => Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")),
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(text: &str) -> (Vec<String>, Walked<'_>) {
        let mut found = Vec::new();
        let walked = walk(text, &["item"], &Around::default(), &mut |node, _| {
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
        walk(text, &["item"], &Around::default(), &mut |node, _| {
            found.extend(node.elements().map(|child| child.name.to_string()));
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
