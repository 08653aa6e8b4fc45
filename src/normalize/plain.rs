//! The short way to clean HTML: a text of nothing but plain, well-nested markup is copied, without building its tree.
//!
//! In: HTML. Out: byte for byte what [`super::html`] makes of its tree, or `None` where that is not certain: an element that is not
//! listed here or stands where a browser would move it, an attribute without quotes, an end tag that is missing, an unusual character
//! reference or address. Most entries of feeds go this way, at a tenth of the cost.

use crate::model::is_clean;
use memchr::{memchr, memchr2};

/// Deeper nesting is for the tree to judge.
const DEPTH: usize = 64;

/// Where a relative address leads, if anywhere.
pub(super) type Resolve<'r> = &'r dyn Fn(&str) -> Option<String>;

/// The cleaned HTML, if the short way is certain.
pub(super) fn copy(html: &str, resolve: Resolve) -> Option<String> {
    let mut copy = Copy { out: String::with_capacity(html.len()), open: Vec::new(), resolve };
    let mut rest = html;
    while let Some(at) = memchr(b'<', rest.as_bytes()) {
        text(rest.get(..at)?, false, &mut copy.out)?;
        rest = copy.markup(rest.get(at + 1..)?)?;
    }
    text(rest, false, &mut copy.out)?;
    copy.open.is_empty().then_some(copy.out)
}

/// What an element may stand in, and what may stand in it, without a browser moving anything (HTML §13.2.6.4.7).
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// Ends an open paragraph.
    Block,
    /// A block that ends an open heading.
    Heading,
    /// A block of a list of this kind.
    Item,
    /// A block of a list of terms.
    Term,
    /// Is opened again after what it was closed by, and ends one of its own name.
    Formatting,
    /// Anything else with an end tag.
    Phrase,
    /// A block without an end tag.
    Rule,
    /// Without an end tag.
    Void,
}

fn kind(name: &str) -> Option<Kind> {
    Some(match name {
        "p" | "div" | "blockquote" | "pre" | "ul" | "ol" | "dl" | "figure" | "figcaption" | "details" | "summary" => {
            Kind::Block
        }
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Kind::Heading,
        "li" => Kind::Item,
        "dd" | "dt" => Kind::Term,
        "a" | "b" | "code" | "em" | "i" | "s" | "small" | "strong" | "u" => Kind::Formatting,
        "abbr" | "cite" | "del" | "dfn" | "ins" | "kbd" | "mark" | "q" | "samp" | "span" | "sub" | "sup" | "time"
        | "var" => Kind::Phrase,
        "hr" => Kind::Rule,
        "br" | "img" | "wbr" => Kind::Void,
        _ => return None,
    })
}

/// True for the attributes that stay.
fn stays(element: &str, attribute: &str) -> bool {
    match attribute {
        "lang" | "title" => true,
        "href" | "hreflang" => element == "a",
        "alt" | "height" | "src" => element == "img",
        "align" | "width" => matches!(element, "img" | "hr"),
        "size" => element == "hr",
        "start" => element == "ol",
        "cite" => matches!(element, "blockquote" | "del" | "ins" | "q"),
        "datetime" => matches!(element, "del" | "ins"),
        _ => false,
    }
}

struct Copy<'h, 'r> {
    out: String,
    open: Vec<&'h str>,
    resolve: Resolve<'r>,
}

impl<'h> Copy<'h, '_> {
    /// Copies the markup that follows a `<`; answers what follows it.
    fn markup(&mut self, text: &'h str) -> Option<&'h str> {
        if let Some(comment) = text.strip_prefix("!--") {
            let (inside, rest) = comment.split_once("--")?;
            return rest
                .strip_prefix('>')
                .filter(|_| !inside.is_empty() && !inside.starts_with('>') && !inside.ends_with('-'));
        }
        if let Some(end) = text.strip_prefix('/') {
            let (name, rest) = end.split_once('>')?;
            let name = name.trim_ascii_end();
            self.open.pop().filter(|open| *open == name)?;
            self.out.extend(["</", name, ">"]);
            return Some(rest);
        }
        let length = text.bytes().take_while(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()).count();
        let (name, rest) = text.split_at_checked(length)?;
        let kind = kind(name).filter(|kind| self.fits(name, *kind))?;
        self.out.extend(["<", name]);
        let (rest, closes_itself) = self.attributes(name, rest)?;
        self.out.push('>');
        if !matches!(kind, Kind::Rule | Kind::Void) {
            // A browser takes away the first line break of `pre`.
            let is_as_it_stands = name != "pre" || rest.bytes().next().is_some_and(|byte| byte.is_ascii_graphic());
            if closes_itself || !is_as_it_stands || self.open.len() == DEPTH {
                return None;
            }
            self.open.push(name);
        }
        Some(rest)
    }

    /// True where the element stays where it stands.
    fn fits(&self, name: &str, kind: Kind) -> bool {
        let is_open = |name: &str| self.open.contains(&name);
        let parent = self.open.last().copied().unwrap_or_default();
        match kind {
            Kind::Block | Kind::Rule => !is_open("p"),
            Kind::Heading => !is_open("p") && !self.open.iter().any(|open| self::kind(open) == Some(Kind::Heading)),
            Kind::Item => !is_open("p") && matches!(parent, "ul" | "ol"),
            Kind::Term => !is_open("p") && parent == "dl",
            Kind::Formatting => !is_open(name),
            Kind::Phrase | Kind::Void => true,
        }
    }

    /// Copies the attributes that stay, up to the `>`; answers what follows it, and whether a `/` stood before it.
    fn attributes(&mut self, element: &str, text: &'h str) -> Option<(&'h str, bool)> {
        let mut rest = text;
        let mut copied: [&str; 8] = [""; 8];
        loop {
            let trimmed = rest.trim_ascii_start();
            let is_apart = trimmed.len() < rest.len();
            if let Some(rest) = trimmed.strip_prefix('>') {
                return Some((rest, false));
            }
            if let Some(rest) = trimmed.strip_prefix("/>") {
                return Some((rest, true));
            }
            let length = trimmed.bytes().take_while(|byte| byte.is_ascii_lowercase() || *byte == b'-').count();
            let (name, value) = trimmed.split_at_checked(length).filter(|(name, _)| is_apart && !name.is_empty())?;
            let value = value.strip_prefix('=')?;
            let quote = value.bytes().next().filter(|byte| matches!(byte, b'"' | b'\''))?;
            let value = value.get(1..)?;
            let end = memchr(quote, value.as_bytes())?;
            if stays(element, name) {
                // Of two of one name the first counts.
                let free = copied.iter_mut().find(|known| known.is_empty() || **known == name)?;
                if !free.is_empty() {
                    return None;
                }
                *free = name;
                self.out.extend([" ", name, "=\""]);
                self.value(name, value.get(..end)?)?;
                self.out.push('"');
            }
            rest = value.get(end + 1..)?;
        }
    }

    fn value(&mut self, name: &str, value: &str) -> Option<()> {
        if !value.chars().all(is_clean) {
            return None;
        }
        if !matches!(name, "href" | "src") || is_absolute(value) {
            return text(value, true, &mut self.out);
        }
        // Only what cannot be taken for a scheme is a relative address for certain.
        let is_relative = value.starts_with(['/', '#', '?', '.']) && !value.contains('&');
        text(&(self.resolve)(value).filter(|_| is_relative)?.replace('&', "&amp;"), true, &mut self.out)
    }
}

/// True for an address that surely can be read, whatever follows its host.
fn is_absolute(value: &str) -> bool {
    let Some(rest) = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://")) else {
        return value.starts_with("mailto:");
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_plain = |label: &str| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !label.is_empty() && label.bytes().all(is_plain) && !label.starts_with("xn--")
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    host.split('.').all(is_plain) && last.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// Copies text, escaped as in a serialised tree; an attribute's value is within double quotes.
fn text(text: &str, in_value: bool, out: &mut String) -> Option<()> {
    let is_usual = |byte: u8| matches!(byte, b' '..=b'~' | b'\n' | b'\t');
    let mut rest = text;
    while !rest.is_empty() {
        let usual = memchr2(b'&', b'>', rest.as_bytes()).unwrap_or(rest.len());
        let (run, after) = rest.split_at_checked(usual)?;
        if run.bytes().all(is_usual) && !(in_value && run.contains(['"', '<'])) {
            out.push_str(run);
        } else {
            run.chars().filter(|c| is_clean(*c)).for_each(|c| escaped(c, in_value, out));
        }
        rest = match after.strip_prefix('&') {
            Some(reference) => {
                let (c, rest) = referred(reference)?;
                escaped(c, in_value, out);
                rest
            }
            None => {
                out.push_str(if after.is_empty() { "" } else { "&gt;" });
                after.get(1..).unwrap_or_default()
            }
        };
    }
    Some(())
}

fn escaped(c: char, in_value: bool, out: &mut String) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '\u{a0}' => out.push_str("&nbsp;"),
        '"' if in_value => out.push_str("&quot;"),
        c => out.push(c),
    }
}

/// The character that a reference means, and what follows it: those that feeds are full of.
fn referred(text: &str) -> Option<(char, &str)> {
    if text.starts_with(' ') {
        return Some(('&', text));
    }
    let end = memchr(b';', text.as_bytes().get(..10.min(text.len()))?)?;
    let (name, rest) = (text.get(..end)?, text.get(end + 1..)?);
    let c = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "hellip" => '…',
        "ndash" => '–',
        "mdash" => '—',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        _ => {
            let number = name.strip_prefix('#')?;
            let number = match number.strip_prefix(['x', 'X']) {
                Some(hex) if hex.bytes().all(|byte| byte.is_ascii_hexdigit()) => u32::from_str_radix(hex, 16).ok()?,
                None if number.bytes().all(|byte| byte.is_ascii_digit()) => number.parse().ok()?,
                _ => return None,
            };
            char::from_u32(number).filter(|c| is_clean(*c))?
        }
    };
    Some((c, rest))
}
