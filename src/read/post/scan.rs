//! Takes shortcodes, templates, comments and components out of Markdown before it is rendered.
//!
//! In: the text below the front matter. Out: Markdown in which a mark (two private characters around a number) stands where HTML of ours belongs,
//! and that HTML. Code spans and code blocks are copied as they are. Time is linear: searches remember their last find, and look-ahead has a budget.

use super::code;
use super::component::{Args, Rendered, code_block, render};
use super::jsx;
use crate::model::Format;
use html_escape::encode_double_quoted_attribute;
use std::collections::HashMap;
use std::ops::Range;

/// Opens a mark. Removed from authors' text, where it means nothing.
pub(super) const MARK: char = '\u{f0000}';
/// Closes a mark.
pub(super) const MARK_END: char = '\u{f0001}';

/// Markdown with marks, and what they stand for.
#[derive(Debug, Default)]
pub(super) struct Prepared {
    pub text: String,
    pub pieces: Vec<Piece>,
}

/// How far ahead, in characters, the end of a link is looked for.
const NEAR: usize = 400;

/// HTML of ours.
#[derive(Debug)]
pub(super) struct Piece {
    pub html: String,
    /// True if it may not stand inside a paragraph.
    pub block: bool,
}

/// Prepares a text.
pub(super) fn prepare(text: &str, format: Format) -> Prepared {
    let foreign = |c: char| matches!(c, MARK | MARK_END | '\r' | '\0');
    // Both marks begin with the byte F3 in UTF-8.
    let may_hold = memchr::memchr3(0xf3, b'\r', 0, text.as_bytes()).is_some();
    let text: String = if may_hold { text.chars().filter(|c| !foreign(*c)).collect() } else { text.to_owned() };
    let mdx = format == Format::Mdx;
    // Nothing but Markdown's own marks: nothing is to be prepared.
    if format == Format::Markdown
        && memchr::memchr2(b'{', b'<', text.as_bytes()).is_none()
        && memchr::memmem::find(text.as_bytes(), b":::").is_none()
    {
        return Prepared { text, pieces: Vec::new() };
    }
    let code = match format {
        Format::Mdx => code::by_lines(&text),
        // Indented HTML is no code.
        Format::Html => Vec::new(),
        _ => code::by_markdown(&text),
    };
    let mut scanner = Scanner {
        text: &text,
        at: 0,
        mdx,
        out: Prepared { text: String::with_capacity(text.len()), pieces: Vec::new() },
        code: code.into_iter().peekable(),
        found: HashMap::new(),
        fuel: text.len() * 4 + 4096,
        open: Vec::new(),
        imports: HashMap::new(),
        indent: jsx::Indent::default(),
    };
    scanner.run();
    scanner.out
}

/// The place in the text, and what is known so far.
pub(super) struct Scanner<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) mdx: bool,
    out: Prepared,
    code: std::iter::Peekable<std::vec::IntoIter<Range<usize>>>,
    /// Where each needle was last found.
    found: HashMap<&'static str, usize>,
    /// How many bytes may still be looked ahead at in vain.
    pub(super) fuel: usize,
    /// Open components, with what closes them.
    pub(super) open: Vec<(String, &'static str)>,
    /// Pictures by the name under which MDX imports them.
    pub(super) imports: HashMap<String, String>,
    indent: jsx::Indent,
}

impl<'a> Scanner<'a> {
    /// What is still to be read.
    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The next place of `needle` at or after `from`; calls with the same needle must not go back.
    pub(super) fn find(&mut self, needle: &'static str, from: usize) -> Option<usize> {
        let known = self.found.get(needle).copied().filter(|at| *at >= from);
        let at = match known {
            Some(at) => at,
            None => self.text.get(from..).and_then(|rest| rest.find(needle)).map_or(usize::MAX, |at| at + from),
        };
        self.found.insert(needle, at);
        (at != usize::MAX).then_some(at)
    }

    /// Puts a result in place of what was read.
    pub(super) fn put(&mut self, rendered: Rendered) {
        let (html, block) = match rendered {
            Rendered::Nothing => return,
            Rendered::Plain(text) => return self.out.text.push_str(&text),
            Rendered::Block(html) => (html, true),
            Rendered::Inline(html) => (html, false),
        };
        self.out.text.push_str(&format!("{MARK}{}{MARK_END}", self.out.pieces.len()));
        self.out.pieces.push(Piece { html, block });
    }

    fn run(&mut self) {
        self.line_begins();
        while self.at < self.text.len() {
            if let Some(end) = self.code_here() {
                self.copy_code(end);
                continue;
            }
            let until = self.code.peek().map_or(self.text.len(), |range| range.start);
            let rest = self.text.get(self.at..until).unwrap_or_default();
            let stop = match self.mdx {
                true => rest.find(['{', '<', '\\', '\n']),
                false => memchr::memchr3(b'{', b'<', b'\n', rest.as_bytes()),
            };
            let stop = stop.unwrap_or(rest.len());
            self.copy(stop);
            match rest.as_bytes().get(stop) {
                None => {}
                Some(b'\n') => {
                    self.copy(1);
                    self.line_begins();
                }
                Some(b'\\') => self.escaped(),
                Some(b'{') => self.brace(),
                Some(b'<') => jsx::angle(self),
                Some(_) => self.copy(1),
            }
        }
    }

    /// Copies the next `length` bytes.
    pub(super) fn copy(&mut self, length: usize) {
        let end = (self.at + length).min(self.text.len());
        self.out.text.push_str(self.text.get(self.at..end).unwrap_or_default());
        self.at = end;
    }

    /// The end of the code that begins here.
    fn code_here(&mut self) -> Option<usize> {
        while self.code.peek().is_some_and(|range| range.end <= self.at || range.start < self.at) {
            self.code.next();
        }
        self.code.next_if(|range| range.start == self.at).map(|range| range.end)
    }

    fn copy_code(&mut self, end: usize) {
        while self.at < end {
            let rest = self.text.get(self.at..end).unwrap_or_default();
            let length = rest.find('\n').map_or(rest.len(), |at| at + 1);
            self.copy(length.max(1));
            if rest.as_bytes().get(length.wrapping_sub(1)) == Some(&b'\n') {
                self.at += self.indent.inside_code(self.rest()).min(end.saturating_sub(self.at));
            }
        }
    }

    fn line_begins(&mut self) {
        // The fences of `:::note` boxes (Docusaurus, VitePress, Pandoc) go, what is inside stays.
        if self.rest().starts_with(":::") {
            self.at += self.rest().find('\n').unwrap_or(self.rest().len());
        }
        if self.mdx {
            jsx::line_begins(self);
            self.at += self.indent.of_line(self.rest());
        }
    }

    /// `\{` and `\<` are plain characters in MDX.
    fn escaped(&mut self) {
        let next = self.rest().chars().nth(1).filter(|c| !matches!(c, '\n'));
        let length = 1 + next.map_or(0, char::len_utf8);
        // Markdown knows the escape as well, except in front of what is no punctuation.
        self.copy(length);
    }

    fn brace(&mut self) {
        let rest = self.rest();
        if rest.starts_with("{{<") {
            self.hugo("{{<", ">}}");
        } else if rest.starts_with("{{%") {
            self.hugo("{{%", "%}}");
        } else if rest.starts_with("{{/*") {
            self.skip_to("*/}}");
        } else if rest.starts_with("{%") {
            self.tag();
        } else if self.mdx {
            jsx::expression(self);
        } else if rest.starts_with("{{") {
            self.output();
        } else if rest.starts_with("{# ") {
            self.skip_to("#}");
        } else if rest.starts_with("{:") {
            self.attribute_list();
        } else {
            self.copy(1);
        }
    }

    /// Skips a comment; without its end only its beginning goes.
    pub(super) fn skip_to(&mut self, end: &'static str) {
        match self.find(end, self.at) {
            Some(at) => self.at = at + end.len(),
            None => {
                self.at += self
                    .rest()
                    .find(|c: char| !matches!(c, '{' | '/' | '*' | '#' | '<' | '!' | '-'))
                    .unwrap_or(self.rest().len())
                    .max(1)
            }
        }
    }

    /// `{{< name args >}}`.
    fn hugo(&mut self, open: &'static str, close: &'static str) {
        let from = self.at + open.len();
        let Some(inner) = self.inside(open, close, from) else {
            self.at = from;
            return;
        };
        self.at = from + inner.len() + close.len();
        // `{{</* name */>}}` shows a shortcode instead of using it.
        if inner.trim_start().starts_with("/*") {
            return;
        }
        let inner = inner.trim().trim_end_matches('/');
        let name_end = inner.find(|c: char| c.is_whitespace() || c == '"').unwrap_or(inner.len());
        let (name, args) = inner.split_at(name_end);
        match name {
            "highlight" | "code" => self.verbatim("{{", "/highlight", close),
            name if name.starts_with('/') => self.close(name.trim_start_matches('/').trim()),
            name => {
                let args = Args::parse(args);
                match render(name, &args) {
                    Rendered::Nothing => self.open_link(name, &args),
                    rendered => self.put(rendered),
                }
            }
        }
    }

    /// `{{< button link="…" >}}Register{{< /button >}}`: what leads somewhere and is closed soon becomes a link.
    fn open_link(&mut self, name: &str, args: &Args) {
        let Some(href) = args.named(&["href", "link", "url", "to"]) else { return };
        let rest = self.rest();
        let near = rest.char_indices().nth(NEAR).and_then(|(end, _)| rest.get(..end)).unwrap_or(rest);
        if near
            .match_indices("{{< /")
            .chain(near.match_indices("{{</"))
            .any(|(at, open)| near.get(at + open.len()..).is_some_and(|rest| rest.starts_with(name)))
        {
            self.put(Rendered::Inline(format!("<a href=\"{}\">", encode_double_quoted_attribute(href))));
            self.open.push((name.to_owned(), "</a>"));
        }
    }

    /// Closes the innermost open component of that name, and those inside it.
    pub(super) fn close(&mut self, name: &str) {
        // Deeper nesting than this closes nothing: the list must not be walked at every tag.
        let innermost = self.open.iter().enumerate().rev().take(50);
        let Some(at) = innermost.filter(|(_, (open, _))| open == name).map(|(at, _)| at).next() else { return };
        for (_, closes) in self.open.split_off(at).into_iter().rev() {
            if !closes.is_empty() {
                self.put(Rendered::Inline(closes.to_owned()));
            }
        }
    }

    /// What stands between the fences, if the closing one comes before another opening one. A quoted `>}}` closes nothing.
    fn inside(&mut self, open: &'static str, close: &'static str, from: usize) -> Option<&'a str> {
        let mut end = self.find(close, from)?;
        if self.find(open, from).is_some_and(|next| next < end) {
            return None;
        }
        let first = end;
        for _ in 0..4 {
            if self.text.get(from..end)?.matches('"').count() % 2 == 0 {
                return self.text.get(from..end);
            }
            let beyond = end + close.len();
            let mut limit = (beyond + 500).min(self.text.len());
            while !self.text.is_char_boundary(limit) {
                limit -= 1;
            }
            match self.text.get(beyond..limit).and_then(|rest| rest.find(close)) {
                Some(at) if !self.text.get(end..beyond + at)?.contains("\n\n") => end = beyond + at,
                _ => break,
            }
        }
        self.text.get(from..first)
    }

    /// `{% name args %}`: Liquid and Zola.
    fn tag(&mut self) {
        let from = self.at + 2;
        let Some(inner) = self.inside("{%", "%}", from) else {
            self.at = from;
            return;
        };
        self.at = from + inner.len() + 2;
        let inner = inner.trim_matches('-').trim();
        let name_end = inner.find(|c: char| c.is_whitespace() || c == '(').unwrap_or(inner.len());
        let (name, args) = inner.split_at(name_end);
        match name {
            "comment" => self.block_to("endcomment", "%}"),
            "highlight" => self.verbatim("{%", "endhighlight", "%}"),
            "include" | "include_relative" | "render" | "include_cached" => {
                let mut args = Args::parse(args);
                let name = args.take_first().unwrap_or_default();
                self.put(render(name.split('.').next().unwrap_or_default(), &args));
            }
            name => self.put(render(name, &Args::parse(args.trim_start_matches('(')))),
        }
    }

    /// `{{ name(args) }}` (Zola) or `{{ value | filter }}` (Liquid).
    fn output(&mut self) {
        let from = self.at + 2;
        let inner = self.inside("{{", "}}", from).filter(|inner| inner.len() < 4000 && !inner.contains("\n\n"));
        let Some(inner) = inner else { return self.copy(2) };
        self.at = from + inner.len() + 2;
        let inner = inner.trim_matches('-').trim();
        if let Some(quote @ ('"' | '\'')) = inner.chars().next() {
            // `{{ "/picture.png" | relative_url }}`
            let literal = inner.get(1..).and_then(|rest| rest.split(quote).next()).unwrap_or_default();
            return self.put(Rendered::Plain(literal.to_owned()));
        }
        if let Some((name, args)) = inner.split_once('(')
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b':'))
        {
            self.put(render(name, &Args::parse(args)));
        }
    }

    /// kramdown's `{: .class }`.
    fn attribute_list(&mut self) {
        let line = self.rest().split('\n').next().unwrap_or_default();
        match line.get(..400).unwrap_or(line).find('}') {
            Some(end) => self.at += end + 1,
            None => self.copy(1),
        }
    }

    /// Skips to behind the tag that holds `word`.
    fn block_to(&mut self, word: &'static str, close: &'static str) {
        if let Some(at) = self.find(word, self.at) {
            self.at = self
                .text
                .get(at..)
                .and_then(|rest| rest.find(close))
                .map_or(at + word.len(), |end| at + end + close.len());
        }
    }

    /// Keeps what stands before the tag that holds `word` as a block of code.
    fn verbatim(&mut self, open: &str, word: &'static str, close: &'static str) {
        let start = self.at;
        self.block_to(word, close);
        if self.at > start {
            let inner = self.text.get(start..self.at).unwrap_or_default();
            let code = inner.rfind(open).and_then(|end| inner.get(..end)).unwrap_or_default();
            self.put(code_block(code));
        }
    }
}
