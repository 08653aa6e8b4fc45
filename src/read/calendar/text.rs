//! Descriptions and places: text → HTML, addresses inside text.

/// Longer addresses are cut: browsers refuse them too.
const LONGEST_ADDRESS: usize = 2_000;

/// A description as HTML: as it is if it holds markup, else paragraphs with line breaks and links.
pub(super) fn html(description: &str) -> String {
    let text = description.trim();
    if is_html(text) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 32);
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines().chain([""]) {
        if !line.trim().is_empty() {
            lines.push(line.trim());
        } else if !lines.is_empty() {
            out.push_str("<p>");
            for (n, line) in lines.drain(..).enumerate() {
                out.push_str(if n > 0 { "<br>\n" } else { "" });
                link(line, &mut out);
            }
            out.push_str("</p>\n");
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// True if the text holds elements that people write into descriptions.
fn is_html(text: &str) -> bool {
    const ELEMENTS: [&str; 14] =
        ["p", "br", "a", "b", "i", "u", "ul", "ol", "li", "div", "span", "strong", "em", "html"];
    text.match_indices('<').any(|(at, _)| {
        let rest = text.get(at + 1..).unwrap_or_default();
        let rest = rest.strip_prefix('/').unwrap_or(rest);
        let name =
            rest.get(..rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len())).unwrap_or_default();
        let after = rest.get(name.len()..).unwrap_or_default();
        ELEMENTS.iter().any(|known| known.eq_ignore_ascii_case(name)) && after.starts_with(['>', ' ', '/'])
    })
}

/// Adds a line as HTML, its addresses as links.
fn link(line: &str, out: &mut String) {
    let mut rest = line;
    while let Some((before, address, after)) = split_at_address(rest) {
        let address = html_escape::encode_double_quoted_attribute(address);
        out.push_str(&html_escape::encode_text(before));
        out.push_str(&format!("<a href=\"{address}\">{address}</a>"));
        rest = after;
    }
    out.push_str(&html_escape::encode_text(rest));
}

/// The first web address in a text, with what is before and after it.
pub(super) fn split_at_address(text: &str) -> Option<(&str, &str, &str)> {
    let is_scheme =
        |at: &usize| text.get(*at..).is_some_and(|rest| rest.starts_with("http://") || rest.starts_with("https://"));
    let begin = text.match_indices("http").map(|(at, _)| at).find(is_scheme)?;
    let rest = text.get(begin..)?;
    let stop = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '`' | '\\' | '|' | '^');
    let end = rest.char_indices().take(LONGEST_ADDRESS).find(|(_, c)| stop(*c)).map(|(at, _)| at);
    let end = end.or_else(|| rest.char_indices().nth(LONGEST_ADDRESS).map(|(at, _)| at)).unwrap_or(rest.len());
    let mut address = rest.get(..end)?;
    loop {
        let last = address.chars().next_back()?;
        let unmatched = last == ')' && address.matches(')').count() > address.matches('(').count();
        if !unmatched && !matches!(last, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | ']') {
            break;
        }
        address = address.get(..address.len() - last.len_utf8())?;
    }
    Some((text.get(..begin)?, address, rest.get(address.len()..)?))
}

/// A place line without web addresses, and the first of them. `None` for a place that is nothing but one.
pub(super) fn place_and_address(location: &str) -> (Option<String>, Option<String>) {
    let Some((before, address, after)) = split_at_address(location) else {
        return (Some(location.to_owned()).filter(|place| !place.trim().is_empty()), None);
    };
    let around = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '(' | ')' | '|' | '/' | '-' | '–');
    let rest: Vec<&str> = [before, after].into_iter().map(|part| part.trim_matches(around)).collect();
    let rest = rest.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    (Some(rest).filter(|place| !place.is_empty()), Some(address.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_becomes_paragraphs_with_links() {
        assert_eq!(
            html("Bring <3 & cake.\nSee https://lake.example/a?b=1&c=2.\n\n\nBye (https://lake.example/x_(y))"),
            "<p>Bring &lt;3 &amp; cake.<br>\nSee <a href=\"https://lake.example/a?b=1&amp;c=2\">https://lake.example/a?b=1&amp;c=2</a>.</p>\n\
             <p>Bye (<a href=\"https://lake.example/x_(y)\">https://lake.example/x_(y)</a>)</p>"
        );
        assert_eq!(html("<b>Bring</b> cake"), "<b>Bring</b> cake");
        assert_eq!(html(" \n "), "");
    }

    #[test]
    fn an_address_in_a_place_is_told_apart() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(place_and_address("Boat house, Pier 2"), (some("Boat house, Pier 2"), None));
        assert_eq!(place_and_address("https://meet.example/x"), (None, some("https://meet.example/x")));
        assert_eq!(
            place_and_address("Pier 2 / https://meet.example/x"),
            (some("Pier 2"), some("https://meet.example/x"))
        );
    }
}
