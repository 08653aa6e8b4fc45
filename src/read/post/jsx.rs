//! MDX: `import` and `export`, components, `{expressions}`.
//!
//! In: a [`Scanner`] at a `<`, a `{`, or the beginning of a line. Out: the scanner behind it, with pictures as figures, text of components kept,
//! the rest gone. In plain Markdown only components (`<CamelCase>`) and comments are handled here.

use super::component::{Args, Rendered, render};
use super::js::{balanced, import, is_statement, literal, statement};
use super::scan::Scanner;
use html_escape::{encode_double_quoted_attribute, encode_text};

/// Elements whose tags may stand inside a paragraph.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "data", "del", "dfn", "em", "i", "img", "ins", "kbd", "mark",
    "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
];

/// An opening tag with its attributes.
struct Tag<'a> {
    name: &'a str,
    attributes: Vec<(&'a str, Attribute<'a>)>,
    closed: bool,
    length: usize,
}

enum Attribute<'a> {
    Flag,
    Text(&'a str),
    Expression(&'a str),
}

/// At a `<`.
pub(super) fn angle(scanner: &mut Scanner<'_>) {
    let rest = scanner.rest();
    if rest.starts_with("<!--") {
        return scanner.skip_to("-->");
    }
    if let Some(after) = rest.strip_prefix("</") {
        return closing(scanner, after);
    }
    if scanner.mdx && rest.starts_with("<>") {
        scanner.at += 2;
        return;
    }
    let name = name_at(rest.get(1..).unwrap_or_default());
    let component = is_component(name, scanner.mdx);
    if name.is_empty() || !(component || scanner.mdx) {
        return scanner.copy(1);
    }
    match tag(scanner, name) {
        Some(tag) if component => {
            scanner.at += tag.length;
            put_component(scanner, &tag);
        }
        Some(tag) => put_element(scanner, &tag),
        // Half a component is none; half an element is text.
        None if component && scanner.mdx => scanner.at += 1 + name.len(),
        None => scanner.copy(1),
    }
}

fn name_at(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))).unwrap_or(text.len());
    let name = text.get(..end).unwrap_or_default();
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) { name } else { "" }
}

/// MDX takes every capital for a component; in Markdown `<IMG>` is HTML and `<Image>` is not.
fn is_component(name: &str, mdx: bool) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase()) && (mdx || name.contains(|c: char| c.is_ascii_lowercase()))
        || (mdx && name.contains('.'))
}

fn closing(scanner: &mut Scanner<'_>, after: &str) {
    let name = name_at(after);
    let end = after.get(name.len()..).unwrap_or_default();
    let spaces = end.len() - end.trim_start().len();
    if !end.trim_start().starts_with('>') || (name.is_empty() && !scanner.mdx) {
        if is_component(name, scanner.mdx) {
            scanner.at += 2 + name.len()
        } else {
            scanner.copy(1)
        }
        return;
    }
    let length = 2 + name.len() + spaces + 1;
    if name.is_empty() || is_component(name, scanner.mdx) {
        scanner.at += length;
        scanner.close(name);
    } else if scanner.mdx {
        scanner.at += length;
        scanner.put(element_piece(name, format!("</{name}>")));
    } else {
        scanner.copy(1);
    }
}

fn element_piece(name: &str, html: String) -> Rendered {
    if INLINE.contains(&name.to_ascii_lowercase().as_str()) { Rendered::Inline(html) } else { Rendered::Block(html) }
}

fn put_component(scanner: &mut Scanner<'_>, tag: &Tag<'_>) {
    let mut args = Args::default();
    for (name, value) in &tag.attributes {
        match value {
            Attribute::Text(text) => args.push(Some(name), &html_escape::decode_html_entities(text)),
            Attribute::Expression(code) => {
                let value = literal(code).or_else(|| scanner.imports.get(member(code)).cloned());
                if let Some(value) = value {
                    args.push(Some(name), &value);
                }
            }
            Attribute::Flag => {}
        }
    }
    let href = args.named(&["href", "to", "url"]).map(str::to_owned);
    let rendered = render(tag.name, &args);
    if tag.closed {
        return scanner.put(rendered);
    }
    let mut closes = "";
    match (rendered, href) {
        (figure @ Rendered::Block(_), _) => scanner.put(figure),
        (_, Some(href)) => {
            scanner.put(Rendered::Inline(format!("<a href=\"{}\">", encode_double_quoted_attribute(&href))));
            closes = "</a>";
        }
        (other, None) => scanner.put(other),
    }
    scanner.open.push((tag.name.to_owned(), closes));
}

/// `cover`, or the `cover` of `cover.src`.
fn member(code: &str) -> &str {
    code.trim().split('.').next().unwrap_or_default()
}

/// An HTML element of MDX: what JSX adds (`style={{…}}`, `className`, spreads) goes, the rest stays HTML.
fn put_element(scanner: &mut Scanner<'_>, tag: &Tag<'_>) {
    let name = tag.name.to_ascii_lowercase();
    let start = scanner.at;
    scanner.at += tag.length;
    let raw_end = match name.as_str() {
        "pre" => Some("</pre>"),
        "style" => Some("</style>"),
        "script" => Some("</script>"),
        _ => None,
    };
    if let Some(end) = raw_end.filter(|_| !tag.closed)
        && let Some(at) = scanner.find(end, scanner.at)
    {
        let inner = scanner.text.get(start + tag.length..at).unwrap_or_default();
        scanner.at = at + end.len();
        if name == "pre" {
            let inner = literal(inner.trim().trim_start_matches('{').trim_end_matches('}'))
                .map_or(inner.to_owned(), |text| encode_text(&text).into_owned());
            scanner.put(Rendered::Block(format!("<pre>{inner}</pre>")));
        }
        return;
    }
    let mut html = format!("<{name}");
    for (attribute, value) in &tag.attributes {
        let value = match value {
            Attribute::Text(text) => (*text).to_owned(),
            Attribute::Expression(code) => match literal(code).or_else(|| scanner.imports.get(member(code)).cloned()) {
                Some(text) => encode_double_quoted_attribute(&text).into_owned(),
                None => continue,
            },
            Attribute::Flag => String::new(),
        };
        if !matches!(*attribute, "className" | "style" | "key" | "ref") && !attribute.starts_with("on") {
            html.push_str(&format!(" {}=\"{}\"", attribute.to_ascii_lowercase(), value.replace('"', "&quot;")));
        }
    }
    let void = ["area", "br", "col", "embed", "hr", "img", "input", "source", "track", "wbr"].contains(&name.as_str());
    html.push('>');
    if tag.closed && !void {
        html.push_str(&format!("</{name}>"));
    }
    scanner.put(element_piece(&name, html));
}

/// Reads the tag at the scanner's place; looking ahead in vain costs fuel.
fn tag<'a>(scanner: &mut Scanner<'a>, name: &'a str) -> Option<Tag<'a>> {
    let rest = scanner.rest();
    let limit = scanner.fuel.min(rest.len());
    let mut at = 1 + name.len();
    let result = attributes(rest, &mut at, limit);
    match result {
        Some((attributes, closed)) => Some(Tag { name, attributes, closed, length: at }),
        None => {
            scanner.fuel = scanner.fuel.saturating_sub(at);
            None
        }
    }
}

type Attributes<'a> = (Vec<(&'a str, Attribute<'a>)>, bool);

fn attributes<'a>(text: &'a str, at: &mut usize, limit: usize) -> Option<Attributes<'a>> {
    let mut attributes = Vec::new();
    loop {
        skip_space(text, at);
        if *at >= limit {
            return None;
        }
        let rest = text.get(*at..)?;
        if rest.starts_with("/>") {
            *at += 2;
            return Some((attributes, true));
        }
        match rest.chars().next()? {
            '>' => {
                *at += 1;
                return Some((attributes, false));
            }
            '{' => {
                balanced(text, at, limit)?;
            }
            '/' => *at += 1,
            _ => attributes.push(attribute(text, at, limit)?),
        }
    }
}

fn attribute<'a>(text: &'a str, at: &mut usize, limit: usize) -> Option<(&'a str, Attribute<'a>)> {
    let rest = text.get(*at..)?;
    let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | ':' | '.' | '@')))?;
    let name = rest.get(..end).filter(|name| !name.is_empty())?;
    *at += end;
    skip_space(text, at);
    if !text.get(*at..)?.starts_with('=') {
        return Some((name, Attribute::Flag));
    }
    *at += 1;
    skip_space(text, at);
    let start = *at;
    let rest = text.get(start..)?;
    match rest.chars().next()? {
        '{' => {
            balanced(text, at, limit)?;
            Some((name, Attribute::Expression(text.get(start + 1..at.checked_sub(1)?)?)))
        }
        quote @ ('"' | '\'') => {
            let inner = text.get(start + 1..limit);
            let Some(end) = inner.and_then(|inner| inner.find(quote)) else {
                *at = limit;
                return None;
            };
            *at = start + 1 + end + 1;
            Some((name, Attribute::Text(text.get(start + 1..start + 1 + end)?)))
        }
        _ => {
            let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '>' | '<' | '{' | '"' | '\''))?;
            *at += end;
            (end > 0).then(|| (name, Attribute::Text(rest.get(..end).unwrap_or_default())))
        }
    }
}

fn skip_space(text: &str, at: &mut usize) {
    let rest = text.get(*at..).unwrap_or_default();
    *at += rest.len() - rest.trim_start().len();
}

/// At a `{` of MDX: string literals stay as text, all else goes.
pub(super) fn expression(scanner: &mut Scanner<'_>) {
    let rest = scanner.rest();
    let limit = scanner.fuel.min(rest.len());
    let mut end = 0;
    if balanced(rest, &mut end, limit).is_none() {
        scanner.fuel = scanner.fuel.saturating_sub(end);
        return scanner.copy(1);
    }
    scanner.at += end;
    let code = rest.get(1..end.saturating_sub(1)).unwrap_or_default();
    if let Some(text) = literal(code) {
        let piece = if text.trim().is_empty() {
            Rendered::Plain(text)
        } else {
            Rendered::Inline(encode_text(&text).into_owned())
        };
        scanner.put(piece);
    }
}

/// At the beginning of a line: swallows an `import` or `export` statement.
pub(super) fn line_begins(scanner: &mut Scanner<'_>) {
    while is_statement(scanner.rest()) {
        let rest = scanner.rest();
        let length = statement(rest, &mut scanner.fuel);
        let code = rest.get(..length).unwrap_or_default();
        if let Some((name, path)) = import(code) {
            scanner.imports.insert(name.to_owned(), path.to_owned());
        }
        scanner.at += length;
    }
}

/// How much white space at the beginning of lines means nothing. MDX indents what stands inside elements; only inside lists does it count.
#[derive(Debug, Default)]
pub(super) struct Indent {
    base: usize,
    list: bool,
}

impl Indent {
    /// How many bytes of a line's beginning to leave out.
    pub fn of_line(&mut self, rest: &str) -> usize {
        let line = rest.split('\n').next().unwrap_or_default();
        let bare = line.trim_start_matches([' ', '\t']);
        let indent = line.len() - bare.len();
        if bare.is_empty() {
            return indent;
        }
        let number = bare.trim_start_matches(|c: char| c.is_ascii_digit());
        let marks = ["- ", "* ", "+ "].iter().any(|mark| bare.starts_with(mark))
            || (number.len() < bare.len() && number.starts_with(". "));
        if indent < self.base || (!self.list && indent >= 4) {
            self.base = if indent >= 4 || marks && indent >= 2 { indent } else { 0 };
        }
        self.list = marks || (self.list && indent > self.base);
        self.base.min(indent)
    }

    /// The same for a line of code.
    pub fn inside_code(&self, rest: &str) -> usize {
        let indent = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        self.base.min(indent)
    }
}
