//! Markdown (CommonMark with tables, footnotes, strikethrough, task lists, heading attributes) → HTML.
//!
//! In: [`Prepared`] Markdown. Out: HTML, not sanitised, with the pieces in place; paragraphs that held nothing but a figure are gone. Smart punctuation stays off:
//! what the author typed is what dates are read from.

use super::scan::{MARK, MARK_END, Piece, Prepared};
use memchr::memmem;
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, TextMergeStream, html};

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
}

/// Renders. With `take_heading` the first heading is taken out and returned as plain text.
pub(super) fn to_html(prepared: &Prepared, take_heading: bool) -> (String, Option<String>) {
    let mut writer = Writer::new(prepared);
    let mut events = TextMergeStream::new(Parser::new_ext(&prepared.text, options()));
    let mut heading = None;
    while let Some(event) = events.next() {
        match event {
            Event::Start(Tag::Heading { .. }) if take_heading && heading.is_none() => {
                heading = Some(heading_text(&mut events))
            }
            event => writer.take(event),
        }
    }
    let mut out = String::with_capacity(prepared.text.len() + prepared.text.len() / 4);
    html::push_html(&mut out, writer.events.into_iter());
    (without_leftovers(out), heading.filter(|text| !text.is_empty()))
}

fn heading_text<'a>(events: &mut impl Iterator<Item = Event<'a>>) -> String {
    let mut text = String::new();
    for event in events {
        match event {
            Event::End(TagEnd::Heading(_)) => break,
            Event::Text(part) | Event::Code(part) => text.push_str(&without_marks(&part)),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            _ => {}
        }
    }
    text.trim().to_owned()
}

/// About so many bytes of Markdown make an event.
const BYTES_AN_EVENT: usize = 24;

struct Writer<'a> {
    /// What marks stand for; without any there are no marks.
    pieces: &'a [Piece],
    events: Vec<Event<'a>>,
    code: bool,
    /// True between the ends of a Markdown paragraph.
    inside: bool,
    /// Where the paragraph of ours began, if one is open.
    paragraph: Option<usize>,
    /// True inside an element that may not hold a paragraph.
    bare: bool,
    /// Open links, emphases and the like.
    inline: usize,
}

impl<'a> Writer<'a> {
    fn new(prepared: &'a Prepared) -> Self {
        let pieces = &prepared.pieces;
        let events = Vec::with_capacity(prepared.text.len() / BYTES_AN_EVENT);
        Self { pieces, events, code: false, inside: false, paragraph: None, bare: false, inline: 0 }
    }

    fn take(&mut self, event: Event<'a>) {
        match event {
            Event::Start(Tag::Paragraph) => {
                self.inside = true;
                self.begin_paragraph();
            }
            Event::End(TagEnd::Paragraph) => {
                self.end_paragraph();
                (self.inside, self.bare) = (false, false);
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                self.code = true;
                self.events.push(Event::Start(Tag::CodeBlock(kind)));
            }
            Event::End(TagEnd::CodeBlock) => {
                self.code = false;
                self.events.push(Event::End(TagEnd::CodeBlock));
            }
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                self.inline += 1;
                let (dest_url, title) = (self.unmarked(dest_url), self.unmarked(title));
                self.events.push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
            }
            Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
                self.inline += 1;
                let (dest_url, title) = (self.unmarked(dest_url), self.unmarked(title));
                self.events.push(Event::Start(Tag::Image { link_type, dest_url, title, id }));
            }
            Event::Start(tag @ (Tag::Emphasis | Tag::Strong | Tag::Strikethrough)) => {
                self.inline += 1;
                self.events.push(Event::Start(tag));
            }
            Event::End(
                tag @ (TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image),
            ) => {
                self.inline = self.inline.saturating_sub(1);
                self.events.push(Event::End(tag));
            }
            Event::Text(text) if self.code => {
                let text = shown_shortcodes(self.unmarked(text));
                self.events.push(Event::Text(text));
            }
            Event::Code(text) => {
                let text = shown_shortcodes(self.unmarked(text));
                self.events.push(Event::Code(text));
            }
            Event::Text(text) if self.pieces.is_empty() => self.events.push(Event::Text(text)),
            Event::Text(text) => self.text(&text),
            // A piece has just ended its paragraph; what follows begins the next.
            Event::SoftBreak if self.paragraph.is_some_and(|start| start + 1 == self.events.len()) => {}
            Event::Html(_) | Event::InlineHtml(_) if self.pieces.is_empty() => self.events.push(event),
            Event::Html(text) => self.events.push(Event::Html(self.filled(&text).into())),
            Event::InlineHtml(text) => self.events.push(Event::InlineHtml(self.filled(&text).into())),
            other => self.events.push(other),
        }
    }

    fn unmarked(&self, text: CowStr<'a>) -> CowStr<'a> {
        if self.pieces.is_empty() { text } else { without_marks(&text).into() }
    }

    fn text(&mut self, text: &str) {
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(MARK) {
            self.plain(before);
            let (number, after) = after.split_once(MARK_END).unwrap_or((after, ""));
            if let Some(piece) = number.parse().ok().and_then(|n: usize| self.pieces.get(n)) {
                self.piece(piece);
            }
            rest = after;
        }
        self.plain(rest);
    }

    fn plain(&mut self, text: &str) {
        if !text.is_empty() {
            self.events.push(Event::Text(CowStr::from(text.to_owned())));
        }
    }

    fn piece(&mut self, piece: &'a Piece) {
        if piece.block && self.inside && self.inline == 0 {
            self.end_paragraph();
            self.events.push(Event::Html(format!("{}\n", piece.html).into()));
            self.bare = holds_no_paragraph(&piece.html);
            if !self.bare {
                self.begin_paragraph();
            }
        } else {
            self.events.push(Event::InlineHtml(piece.html.as_str().into()));
        }
    }

    fn begin_paragraph(&mut self) {
        self.paragraph = Some(self.events.len());
        self.events.push(Event::Start(Tag::Paragraph));
    }

    /// Closes the paragraph; one that says nothing never was.
    fn end_paragraph(&mut self) {
        let Some(start) = self.paragraph.take() else { return };
        let says_nothing = |event: &Event<'_>| match event {
            Event::Text(text) => text.trim().is_empty(),
            Event::SoftBreak | Event::HardBreak => true,
            _ => false,
        };
        while self.events.len() > start + 1 && self.events.last().is_some_and(says_nothing) {
            self.events.pop();
        }
        if self.events.len() == start + 1 {
            self.events.truncate(start);
        } else {
            self.events.push(Event::End(TagEnd::Paragraph));
        }
    }

    /// HTML of the author with the pieces in place.
    fn filled(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(MARK) {
            out.push_str(before);
            let (number, after) = after.split_once(MARK_END).unwrap_or((after, ""));
            if let Some(piece) = number.parse().ok().and_then(|n: usize| self.pieces.get(n)) {
                out.push_str(&piece.html);
            }
            rest = after;
        }
        out.push_str(rest);
        out
    }
}

/// True for the opening tag of an element that holds words, not paragraphs.
fn holds_no_paragraph(html: &str) -> bool {
    let name = html.strip_prefix('<').and_then(|rest| rest.split([' ', '>']).next()).unwrap_or_default();
    ["p", "summary", "figcaption", "caption", "legend", "h1", "h2", "h3", "h4", "h5", "h6"].contains(&name)
        && !html.contains("</")
}

fn without_marks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(MARK) {
        out.push_str(before);
        rest = after.split_once(MARK_END).map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}

/// In code, Hugo's `{{</* x */>}}` shows `{{< x >}}`.
fn shown_shortcodes(text: CowStr<'_>) -> CowStr<'_> {
    if memmem::find(text.as_bytes(), b"*/").is_none() && memmem::find(text.as_bytes(), b"/*").is_none() {
        return text;
    }
    let shown = text.replace("{{</*", "{{<").replace("*/>}}", ">}}").replace("{{%/*", "{{%").replace("*/%}}", "%}}");
    shown.into()
}

/// Outside of code no opening of a shortcode or template is left, however unbalanced the text was.
fn without_leftovers(html: String) -> String {
    if !["{{", "{%"].iter().any(|opening| memmem::find(html.as_bytes(), opening.as_bytes()).is_some()) {
        return html;
    }
    let mut out = String::with_capacity(html.len());
    let mut rest = html.as_str();
    while let Some(at) = rest.find(['{', '<']) {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        rest = after;
        if rest.starts_with("<code") || rest.starts_with("<pre") {
            let end = if rest.starts_with("<code") { "</code>" } else { "</pre>" };
            let length = rest.find(end).map_or(rest.len(), |at| at + end.len());
            let (code, after) = rest.split_at(length);
            out.push_str(code);
            rest = after;
        } else if ["{{<", "{{&lt;", "{{%"].iter().any(|opening| rest.starts_with(opening)) || rest.starts_with("{%") {
            out.truncate(out.trim_end_matches('{').len());
            rest = rest.get(2..).unwrap_or_default();
        } else {
            let (one, after) = rest.split_at(1);
            out.push_str(one);
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

/// One line of Markdown as plain text: titles and summaries may hold emphasis, code and entities.
pub(super) fn plain_line(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if !text.contains(['`', '*', '_', '[', '&', '<', '\\']) || text.len() > 20_000 {
        return text;
    }
    // The joiner keeps `1. Meeting` and `# 5` from becoming a list or a heading.
    let guarded = format!("\u{2060}{text}");
    let mut out = String::new();
    for event in Parser::new_ext(&guarded, Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Text(part) | Event::Code(part) => out.push_str(&part),
            Event::InlineHtml(tag) if !is_formatting(&tag) => out.push_str(&tag),
            _ => {}
        }
    }
    out.trim_start_matches('\u{2060}').trim().to_owned()
}

/// `Vec<T>` in a title is no markup, `<em>` is.
fn is_formatting(tag: &str) -> bool {
    let name = tag.trim_start_matches(['<', '/']);
    let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
    let known = [
        "a", "abbr", "b", "br", "code", "em", "i", "kbd", "mark", "p", "s", "small", "span", "strong", "sub", "sup",
        "u",
    ];
    name.get(..end).is_some_and(|name| known.contains(&name.to_ascii_lowercase().as_str()))
}

/// A caption's Markdown as HTML without a paragraph around it.
pub(super) fn inline_html(text: &str) -> String {
    let mut out = String::new();
    html::push_html(&mut out, Parser::new_ext(text.trim(), Options::ENABLE_STRIKETHROUGH));
    let trimmed = out.trim();
    let inner = trimmed.strip_prefix("<p>").and_then(|rest| rest.strip_suffix("</p>"));
    inner.filter(|inner| !inner.contains("<p>")).unwrap_or(trimmed).to_owned()
}

/// HTML of the author (a Jekyll page in HTML) with the pieces in place.
pub(super) fn filled_html(prepared: &Prepared) -> String {
    let writer = Writer::new(prepared);
    without_leftovers(writer.filled(&prepared.text))
}
