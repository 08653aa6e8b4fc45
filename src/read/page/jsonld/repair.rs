//! What real pages put around and into JSON.
//!
//! In: the text of a block that is no JSON. Out: it without comment and CDATA wrappers, comments, raw control characters, escapes that JSON does not
//! know and trailing commas; one that was escaped like text is unescaped.

/// The text without what is no JSON.
pub(super) fn repaired(text: &str) -> String {
    let text = unwrapped(text);
    let plain = text.starts_with(['{', '[']) && memchr::memchr(b'"', text.as_bytes()).is_none();
    let unescaped = if plain { html_escape::decode_html_entities(text) } else { text.into() };
    let mut out = String::with_capacity(unescaped.len());
    let mut chars = unescaped.chars().peekable();
    let mut quoted = false;
    while let Some(c) = chars.next() {
        match c {
            '"' => quoted = !quoted,
            '\\' if quoted => {
                let known = chars.peek().is_some_and(|next| "\"\\/bfnrtu".contains(*next));
                if known {
                    out.push(c);
                    out.extend(chars.next());
                }
                continue;
            }
            '/' if !quoted && chars.peek() == Some(&'*') => {
                let mut last = ' ';
                for c in chars.by_ref().skip(1) {
                    if last == '*' && c == '/' {
                        break;
                    }
                    last = c;
                }
                continue;
            }
            '/' if !quoted && chars.peek() == Some(&'/') => {
                while chars.next_if(|c| *c != '\n').is_some() {}
                continue;
            }
            '}' | ']' if !quoted => {
                let kept = out.trim_end();
                out.truncate(kept.strip_suffix(',').unwrap_or(kept).len());
            }
            _ => {}
        }
        out.push(if c.is_control() { ' ' } else { c });
    }
    out
}

fn unwrapped(text: &str) -> &str {
    let mut text = text.trim().trim_start_matches('\u{feff}');
    // A comment in front of the JSON goes whole; one around it only loses its ends.
    while let Some((_, rest)) = text.strip_prefix("<!--").and_then(|rest| rest.split_once("-->"))
        && !rest.trim().is_empty()
    {
        text = rest.trim();
    }
    for (open, close) in [("<!--", "-->"), ("//<![CDATA[", "//]]>"), ("/*<![CDATA[*/", "/*]]>*/"), ("<![CDATA[", "]]>")]
    {
        text = text.strip_prefix(open).unwrap_or(text).trim();
        text = text.strip_suffix(close).unwrap_or(text).trim();
    }
    text.trim_end_matches(';')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_json_goes_and_texts_stay() {
        let cases = [
            ("<!-- {\"a\": 1} -->", "{\"a\": 1}"),
            ("//<![CDATA[\n{\"a\": [1, 2, ], }\n//]]>", "{\"a\": [1, 2]}"),
            ("{\"a\": \"http://x, }\", // why\n \"b\": /* , */ 2}", "{\"a\": \"http://x, }\",   \"b\":  2}"),
            ("{\"a\": \"two\nlines\tand\u{b} more\"};", "{\"a\": \"two lines and  more\"}"),
            (r#"{"a": "it\'s \"so\""}"#, r#"{"a": "it's \"so\""}"#),
            ("{&quot;a&quot;: &quot;b&quot;}", "{\"a\": \"b\"}"),
        ];
        for (text, expected) in cases {
            assert_eq!(repaired(text), expected);
        }
    }
}
