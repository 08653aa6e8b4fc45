//! How deep HTML nests, quickly and without building its tree.
//!
//! In: HTML as anybody wrote it. Out: whether a browser's tree of it (HTML §13.2.6) stays small. Building the tree of markup that never closes
//! takes time, and with formatting elements memory, that grow with the square of its length, so this is asked before.
//! It keeps a stack of its own by simpler rules, which leave rather too much open than too little.

/// Formatting elements that stay open are made anew in every block; together no more of them than this.
const MOST_REPEATED: usize = 400_000;

const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "frame", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
];
/// Their end may be left out: one ends where another of its group begins, and so do those of lower rank.
const OPTIONAL_END: &[(u8, &[&str])] = &[
    (0, &["p"]),
    (0, &["option"]),
    (1, &["li"]),
    (1, &["dd", "dt"]),
    (2, &["td", "th", "caption"]),
    (3, &["tr"]),
    (4, &["tbody", "thead", "tfoot"]),
];
/// Met once, or not at all.
const ONCE: &[&str] = &["html", "head", "body"];
/// What they hold is no markup.
const RAW: &[&str] =
    &["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript", "plaintext"];
/// Made anew where a block begins before they end.
const FORMATTING: &[&str] =
    &["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
const INLINE: &[&str] =
    &["span", "abbr", "cite", "del", "dfn", "ins", "kbd", "label", "mark", "q", "samp", "sub", "sup", "time", "var"];
/// An end tag does not reach past these (HTML §13.2.4.2).
const SCOPES: &[&str] =
    &["applet", "caption", "marquee", "object", "select", "table", "td", "template", "th", "svg", "math"];
/// Their end tag ends what is still open inside.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "button",
    "center",
    "details",
    "dialog",
    "div",
    "dl",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "listing",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "select",
    "search",
    "section",
    "summary",
    "ul",
    "li",
    "dd",
    "dt",
];
const TABLE: &[&str] = &["table", "tbody", "thead", "tfoot", "tr", "td", "th", "caption"];
/// HTML goes on inside these parts of drawings and formulas.
const ISLANDS: &[&str] = &["foreignobject", "desc", "title", "annotation-xml", "mi", "mo", "mn", "ms", "mtext"];
/// Where these begin, a drawing or formula is over.
const BREAKS_OUT: &[&str] = &[
    "blockquote",
    "body",
    "br",
    "center",
    "code",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "hr",
    "i",
    "img",
    "li",
    "listing",
    "menu",
    "meta",
    "nobr",
    "ol",
    "p",
    "pre",
    "ruby",
    "s",
    "small",
    "span",
    "strong",
    "strike",
    "sub",
    "sup",
    "table",
    "tt",
    "u",
    "ul",
    "var",
    "b",
    "big",
];

/// True where more than `limit` elements are open at once, or open formatting would be repeated without end.
pub fn nests_deeper(html: &str, limit: usize) -> bool {
    let html = html.to_ascii_lowercase();
    let mut open = Open::default();
    let mut rest = html.as_str();
    while let Some(at) = rest.find('<') {
        rest = open.markup(rest.get(at + 1..).unwrap_or_default());
        if open.stack.len() > limit || open.repeated > MOST_REPEATED {
            return true;
        }
    }
    false
}

#[derive(Default)]
struct Open<'h> {
    stack: Vec<&'h str>,
    formatting: usize,
    repeated: usize,
}

impl<'h> Open<'h> {
    /// Takes the markup that follows a `<`; answers what follows it.
    fn markup(&mut self, text: &'h str) -> &'h str {
        if let Some(comment) = text.strip_prefix("!--") {
            return if comment.starts_with(['>', '-']) { comment } else { after(comment, "--") };
        }
        if text.starts_with(['!', '?']) {
            return after(text, ">");
        }
        let (tag, closes) = text.strip_prefix('/').map_or((text, false), |tag| (tag, true));
        if !tag.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return if closes { after(tag, ">") } else { text };
        }
        let end = tag.find(|c: char| c.is_whitespace() || c == '/' || c == '>').unwrap_or(tag.len());
        let (name, attributes) = tag.split_at(end);
        let rest = attributes.get(tag_end(attributes)..).unwrap_or_default();
        if closes {
            self.end(name);
        } else if RAW.contains(&name) && !self.foreign() {
            return rest.find(&format!("</{name}")).and_then(|at| rest.get(at..)).unwrap_or_default();
        } else {
            let empty = attributes.get(..attributes.len() - rest.len()).is_some_and(|tag| tag.ends_with("/>"));
            self.start(name, empty);
        }
        rest
    }

    /// Inside a drawing or formula, where other rules hold.
    fn foreign(&self) -> bool {
        let nearest = self.stack.iter().rev().find(|name| matches!(**name, "svg" | "math") || ISLANDS.contains(name));
        nearest.is_some_and(|name| !ISLANDS.contains(name))
    }

    fn start(&mut self, name: &'h str, empty: bool) {
        if self.foreign() {
            if !BREAKS_OUT.contains(&name) {
                self.stack.extend((!empty).then_some(name));
                return;
            }
            let begin = self.stack.iter().rposition(|name| matches!(*name, "svg" | "math"));
            self.stack.truncate(begin.unwrap_or_default());
        }
        if VOID.contains(&name) || ONCE.contains(&name) || (empty && matches!(name, "svg" | "math")) {
            return;
        }
        self.end_before(name);
        if FORMATTING.contains(&name) {
            self.formatting += 1;
        } else {
            self.repeated += self.formatting.saturating_sub(1);
        }
        self.stack.push(name);
    }

    /// Ends what need not be ended before such an element, and at most one of its own group.
    fn end_before(&mut self, name: &str) {
        let find = |name: &str| OPTIONAL_END.iter().find(|(_, group)| group.contains(&name));
        let Some((rank, group)) = find(name) else { return };
        while let Some(top) = self.stack.last() {
            let same = group.contains(top);
            if !same && find(top).is_none_or(|(other, _)| other >= rank) {
                return;
            }
            self.stack.pop();
            if same {
                return;
            }
        }
    }

    fn end(&mut self, name: &str) {
        let foreign = self.foreign();
        let formatting = FORMATTING.contains(&name) && !foreign;
        if formatting {
            self.formatting = self.formatting.saturating_sub(1);
        }
        let reaches_past = |other: &str| match name {
            _ if foreign => !BLOCKS.contains(&other) && !SCOPES.contains(&other) && !ISLANDS.contains(&other),
            "li" => !SCOPES.contains(&other) && !matches!(other, "ul" | "ol"),
            "p" => !SCOPES.contains(&other) && other != "button",
            _ if TABLE.contains(&name) => !matches!(other, "table" | "template" | "svg" | "math"),
            _ if formatting || BLOCKS.contains(&name) => !SCOPES.contains(&other) && !ISLANDS.contains(&other),
            _ => FORMATTING.contains(&other) || INLINE.contains(&other),
        };
        for at in (0..self.stack.len()).rev() {
            match self.stack.get(at) {
                Some(other) if *other == name && formatting => {
                    self.stack.remove(at);
                    return;
                }
                Some(other) if *other == name => return self.stack.truncate(at),
                Some(other) if reaches_past(other) => {}
                _ => return,
            }
        }
    }
}

/// Where the tag ends whose attributes these are: after the first `>` outside of quoted values.
fn tag_end(attributes: &str) -> usize {
    let bytes = attributes.as_bytes();
    let (mut at, mut value) = (0, false);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'>' => return at + 1,
            b'"' | b'\'' if value => {
                let rest = bytes.get(at + 1..).unwrap_or_default();
                let Some(length) = rest.iter().position(|other| other == byte) else { return bytes.len() };
                at += length + 1;
                value = false;
            }
            b'=' => value = true,
            byte if byte.is_ascii_whitespace() => {}
            _ => value = false,
        }
        at += 1;
    }
    bytes.len()
}

/// What follows `end`; nothing, where there is none.
fn after<'t>(text: &'t str, end: &str) -> &'t str {
    text.find(end).and_then(|at| text.get(at + end.len()..)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_pages_stay_shallow_however_many_elements_they_have() {
        for page in [
            "<script>'<div>'</script><!-- <div> --><p>a<br><ul><li>a<li>b</ul>",
            "<table><tr><td>a<td>b<tr><td><p>c</table><dl><dt>a<dd>b</dl>",
            "<div title='</div> <b>'><a href=x?a=<b>y</a></div>",
            "<p>one <b>two</b><p><i>three</i><svg viewBox='0 0 1 1'><path d='M0'/><g><rect></rect></g></svg>",
            "<b><p>crossed</b></p><select><option>a<option>b</select>",
        ] {
            assert!(!nests_deeper(&page.repeat(5_000), 20), "{page}");
        }
    }

    #[test]
    fn markup_that_never_closes_is_deep() {
        for unit in [
            "<div>",
            "<b>",
            "<x>",
            "<ul><li>",
            "<li><dd>",
            "<svg><tr>",
            "<span><div></span></div><x>",
            "<div title='</div>'>",
            "<table><tr><td>",
            "<blockquote>",
            "<li><ul></li>",
            "<!--><div><!-->",
            "<div></ div>",
            "<optgroup><ul>",
            "<svg><div></svg>",
            "<svg><foreignObject><div></svg>",
            "<b><table><tr><td></b>",
            "<svg><desc><div/>",
        ] {
            assert!(nests_deeper(&unit.repeat(10_000), 100), "{unit}");
        }
        assert!(nests_deeper(&format!("<svg>{}", "<tr>".repeat(1_000)), 100));
    }

    #[test]
    fn formatting_repeated_in_every_paragraph_is_deep() {
        let fonts: String = (0..90).map(|n| format!("<font size={n}>")).collect();
        assert!(nests_deeper(&format!("<p>{fonts}{}", "<p>x".repeat(100_000)), 100));
    }

    #[test]
    fn it_takes_no_longer_than_reading() {
        for text in ["<", "<!", "</", "<a ", "<a b='", "</b>", "<b></b>", "<script>", "<!--", "<p>", "<a=", "<title>"] {
            nests_deeper(&text.repeat(300_000), 100);
        }
    }
}
