//! The small tree of an entry, which borrows from its text; and what the elements around it say for it.

use quick_xml::events::attributes::Attributes;
use std::borrow::Cow;

/// Attributes of one element beyond this are dropped.
const MOST_ATTRIBUTES: usize = 60;

/// An element.
#[derive(Debug, Clone, Default)]
pub(in crate::read) struct Node<'t> {
    /// Lower case, with our prefix.
    pub name: Cow<'t, str>,
    /// As written, without its prefix.
    pub local: &'t str,
    /// The inside of its start tag behind the name.
    pub attributes: &'t str,
    pub children: Vec<Child<'t>>,
    pub line: u32,
}

#[derive(Debug, Clone)]
pub(in crate::read) enum Child<'t> {
    Element(Node<'t>),
    Text(Cow<'t, str>),
}

impl<'t> Node<'t> {
    /// True for the name, in Atom's namespace or in none.
    pub fn is(&self, name: &str) -> bool {
        self.plain_name() == name
    }

    /// The name, where Atom's namespace counts as none.
    pub fn plain_name(&self) -> &str {
        self.name.strip_prefix("atom:").unwrap_or(&self.name)
    }

    /// An attribute by its name in small letters, as the document writes its prefix; without white space around it.
    pub fn attribute(&self, name: &str) -> Option<Cow<'t, str>> {
        if self.attributes.len() <= name.len() {
            return None;
        }
        let is_it = |key: &[u8]| key.eq_ignore_ascii_case(name.as_bytes());
        let value = attributes(self.attributes).find(|(key, _)| is_it(key.as_bytes())).map(|(_, value)| value)?;
        Some(match value {
            Cow::Borrowed(value) => Cow::Borrowed(value.trim()),
            Cow::Owned(value) => Cow::Owned(value.trim().to_owned()),
        })
    }

    /// An attribute that says something.
    pub fn word(&self, name: &str) -> Option<String> {
        self.attribute(name).filter(|value| !value.is_empty()).map(Cow::into_owned)
    }

    pub fn elements(&self) -> impl Iterator<Item = &Node<'t>> {
        self.children.iter().filter_map(|child| match child {
            Child::Element(node) => Some(node),
            Child::Text(_) => None,
        })
    }

    pub fn has_elements(&self) -> bool {
        self.elements().next().is_some()
    }

    /// True where words stand beside the elements.
    pub fn has_words(&self) -> bool {
        self.children.iter().any(|child| matches!(child, Child::Text(text) if !text.trim().is_empty()))
    }

    /// The child of exactly this name (`title` is not `atom:title`), if it holds any text.
    pub fn plain(&self, name: &str) -> Option<String> {
        let texts = self.elements().filter(|node| node.name == name).map(|node| node.text().trim().to_owned());
        texts.into_iter().find(|text| !text.is_empty())
    }

    /// All text inside, markup left out.
    pub fn text(&self) -> Cow<'_, str> {
        if let [Child::Text(text)] = self.children.as_slice() {
            return Cow::Borrowed(text);
        }
        let mut out = String::new();
        self.add_text(&mut out);
        Cow::Owned(out)
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
                    out.push('<');
                    out.push_str(node.local);
                    for (name, value) in attributes(node.attributes).filter(|(name, _)| !is_declaration(name)) {
                        let value = html_escape::encode_double_quoted_attribute(&value).into_owned();
                        out.extend([" ", &name.to_ascii_lowercase(), "=\"", &value, "\""]);
                    }
                    out.push('>');
                    node.add_markup(out);
                    if !matches!(node.local, "br" | "img" | "hr" | "input" | "wbr" | "source" | "col") {
                        out.extend(["</", node.local, ">"]);
                    }
                }
            }
        }
    }
}

/// Names as written and values, references in them resolved.
pub(super) fn attributes(tag: &str) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
    let mut all = Attributes::html(tag, 0);
    all.with_checks(false);
    all.flatten().take(MOST_ATTRIBUTES).filter_map(|attribute| {
        let value = match attribute.value {
            Cow::Borrowed(value) => html_escape::decode_html_entities(std::str::from_utf8(value).ok()?),
            Cow::Owned(value) => Cow::Owned(String::from_utf8(value).ok()?),
        };
        Some((std::str::from_utf8(attribute.key.into_inner()).ok()?, value))
    })
}

pub(super) fn is_declaration(name: &str) -> bool {
    name.get(..5).is_some_and(|head| head.eq_ignore_ascii_case("xmlns"))
}

/// What the elements around an entry say for it.
#[derive(Debug, Clone, Default)]
pub(in crate::read) struct Around {
    /// `xml:base`, made absolute as far as it can be.
    pub base: Option<String>,
    /// `xml:lang`; none too where it was taken back.
    pub language: Option<String>,
    /// The document's own address: what an outermost `xml:base` counts from.
    pub document: Option<String>,
}

impl Around {
    /// The same for what is inside this element.
    pub fn inside(&self, node: &Node) -> Cow<'_, Around> {
        if node.attributes.is_empty() {
            return Cow::Borrowed(self);
        }
        let base = node.word("xml:base").or_else(|| node.word("base").filter(|_| node.name == "channel"));
        let base = base.map(|own| join(self.base.as_deref().or(self.document.as_deref()), &own));
        let language = node.attribute("xml:lang").map(|own| Some(own.replace('_', "-")).filter(|own| !own.is_empty()));
        if base.is_none() && language.is_none() {
            return Cow::Borrowed(self);
        }
        Cow::Owned(Around {
            base: base.or_else(|| self.base.clone()),
            language: language.unwrap_or_else(|| self.language.clone()),
            document: self.document.clone(),
        })
    }
}

/// True for an address that begins with a scheme.
pub(in crate::read) fn is_absolute(address: &str) -> bool {
    address.split_once(':').is_some_and(|(scheme, _)| {
        scheme.len() > 1 && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    })
}

/// An address as written, made absolute if there is a base to count from.
pub(in crate::read) fn join(base: Option<&str>, address: &str) -> String {
    let Some(base) = base.filter(|_| !is_absolute(address)) else { return address.to_owned() };
    if address.is_empty() {
        return base.to_owned();
    }
    let joined = url::Url::parse(base).and_then(|base| base.join(address));
    joined.map_or_else(|_| address.to_owned(), String::from)
}
