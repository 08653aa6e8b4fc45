//! Small text forms that several formats share.

use super::View;
use crate::model::{Person, clean_line, uuid_v8, web_url};
use chrono::{DateTime, SecondsFormat, TimeZone};
use url::Url;

/// One line, fit for XML, JSON and iCalendar alike.
pub fn line(text: &str) -> String {
    no_markup(&clean_line(text))
}

/// Text that stays text in programs that take it for HTML, as many feed readers do with titles and calendar applications with descriptions:
/// an invisible word joiner (U+2060) after `<` and `&` where a tag or an entity would begin.
pub fn no_markup(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.find(['<', '&']).and_then(|at| rest.split_at_checked(at + 1)) {
        out.push_str(before);
        let taken_for_markup = match before.ends_with('<') {
            true => behind.starts_with(|next: char| next.is_ascii_alphabetic() || "/!?".contains(next)),
            false => begins_entity(behind),
        };
        if taken_for_markup {
            out.push('\u{2060}');
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// True for `amp;`, `#38;` and the like; the longest name of HTML has 31 letters.
fn begins_entity(text: &str) -> bool {
    let name = text.bytes().take(32).position(|byte| !(byte.is_ascii_alphanumeric() || byte == b'#'));
    name.is_some_and(|end| end > 0 && text.as_bytes().get(end) == Some(&b';'))
}

/// A title; what has none still needs something to click on.
pub fn title(text: &str) -> String {
    let text = line(text);
    if text.is_empty() { "Untitled".to_owned() } else { text }
}

/// HTML without the characters that XML 1.0 §2.2 forbids.
pub fn markup(html: &str) -> String {
    html.chars().filter(|c| crate::model::is_clean(*c)).collect()
}

/// An address in RFC 3986's letters: some that a WHATWG address may keep bare are encoded.
pub fn address(url: &Url) -> String {
    let mut out = String::with_capacity(url.as_str().len());
    for c in url.as_str().chars() {
        match c {
            '"' | '<' | '>' | '{' | '}' | '|' | '\\' | '^' | '`' => out.push_str(&format!("%{:02X}", c as u32)),
            c if c.is_control() || c.is_whitespace() => {}
            c => out.push(c),
        }
    }
    out
}

/// The address of a person or picture as its author wrote it, if it is one that may be published.
pub fn written_address(url: &str) -> Option<String> {
    web_url(url).map(|url| address(&url))
}

/// An e-mail address, if it is to be published and is one.
pub fn email<'a>(person: &'a Person, view: &View) -> Option<&'a str> {
    let email = person.email.as_deref().filter(|_| view.publish_emails)?;
    let (name, domain) = email.split_once('@')?;
    let good = |text: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c))
    };
    (good(name) && good(domain) && domain.contains('.') && !domain.ends_with('.')).then_some(email)
}

/// RFC 3339, to the second.
pub fn rfc3339<Z: TimeZone>(at: &DateTime<Z>) -> String
where
    Z::Offset: std::fmt::Display,
{
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// The name of a slice's feed, for ever: made of the slice and the site's title, so that a move to another address keeps it.
pub fn feed_urn(view: &View) -> String {
    let (kind, name) = match &view.kind {
        super::SliceKind::Board => ("board", ""),
        super::SliceKind::Tag(tag) => ("tag", tag.as_str()),
        super::SliceKind::Source(id, _) => ("source", id.as_str()),
    };
    format!("urn:uuid:{}", uuid_v8(&["feed", &view.site.title, kind, name]))
}

/// A BCP 47 tag, if it looks like one.
pub fn language(tag: &str) -> Option<&str> {
    let part = |text: &str| (1..=8).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
    let first = tag.split('-').next()?;
    (first.len() >= 2 && first.bytes().all(|b| b.is_ascii_alphabetic()) && tag.split('-').all(part)).then_some(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_to_rfc_3986() {
        let url = Url::parse("https://example.org/a|b?q={x}^`|\\").unwrap();
        assert_eq!(address(&url), "https://example.org/a%7Cb?q=%7Bx%7D%5E%60%7C%5C");
    }

    #[test]
    fn text_stays_text_where_it_would_be_taken_for_markup() {
        let shown = |text: &str| no_markup(text).replace('\u{2060}', "·");
        assert_eq!(shown("Vec<T> & co, 1 < 2, a&b; R&D, i <3 u"), "Vec<·T> & co, 1 < 2, a&·b; R&D, i <3 u");
        assert_eq!(shown("&amp;lt;</script>&#38;<!--"), "&·amp;lt;<·/script>&·#38;<·!--");
        assert_eq!(no_markup(&no_markup("<b>&lt;")), no_markup("<b>&lt;"));
    }

    #[test]
    fn languages_are_checked() {
        assert_eq!(language("pt-BR"), Some("pt-BR"));
        for bad in ["", "e", "en us", "1n", "en-", "en\"><x"] {
            assert_eq!(language(bad), None, "{bad}");
        }
    }
}
