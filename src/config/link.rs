//! A source's `link` rule: is it one, and where does its site begin?

use super::mistake::{did_you_mean, one_of};
use crate::model::LinkRule;
use std::ops::Range;
use url::Url;

/// What may stand in braces.
const PLACEHOLDERS: [&str; 7] = ["path", "dir", "file", "slug", "year", "month", "day"];

/// What is wrong with a rule: which bytes of it, what, and what may have been meant.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LinkMistake {
    pub part: Range<usize>,
    pub message: String,
    pub label: Option<String>,
}

/// Checks a rule and finds the root of its site: scheme, host and the fixed folder before the first placeholder's path segment.
pub(super) fn rule(template: &str) -> Result<LinkRule, LinkMistake> {
    let whole = |message: String| LinkMistake { part: 0..template.len(), message, label: None };
    let mut fixed_end = template.len();
    let mut sample = String::new();
    let mut at = 0;
    while let Some(rest) = template.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(open) = rest.find(['{', '}']) else {
            sample.push_str(rest);
            break;
        };
        sample.push_str(rest.get(..open).unwrap_or_default());
        let start = at + open;
        let inside = rest.get(open + 1..).unwrap_or_default();
        let name = inside.split(['{', '}']).next().unwrap_or_default();
        let closed =
            rest.as_bytes().get(open) == Some(&b'{') && inside.get(name.len()..).is_some_and(|r| r.starts_with('}'));
        if !closed {
            let message = "expected braces in pairs, such as `{path}`, in `link`".to_owned();
            return Err(LinkMistake { part: start..start + 1, message, label: None });
        }
        let end = start + name.len() + 2;
        if !PLACEHOLDERS.contains(&name) {
            let message = format!("unknown placeholder `{{{name}}}` in `link`, expected {}", one_of(BRACED));
            let label =
                did_you_mean(name, PLACEHOLDERS).map(|text| text.replacen('`', "`{", 1).replacen("`?", "}`?", 1));
            return Err(LinkMistake { part: start..end, message, label });
        }
        fixed_end = fixed_end.min(start);
        sample.push('x');
        at = end;
    }
    if fixed_end == template.len() {
        return Err(whole(
            "expected a placeholder such as `{path}` in `link`, else all posts have one address".to_owned(),
        ));
    }
    let fixed = template.get(..fixed_end).unwrap_or_default();
    let host = fixed.split_once("://").map_or("", |(_, rest)| rest);
    let folder = fixed.rfind('/').and_then(|slash| fixed.get(..=slash)).unwrap_or_default();
    let root = crate::model::web_url(folder).filter(|_| host.contains('/'));
    let (Some(mut site_root), Ok(_)) = (root, Url::parse(&sample)) else {
        return Err(whole(format!(
            "expected an address such as `https://example.org/{{path}}/` in `link`, but found `{template}`"
        )));
    };
    site_root.set_query(None);
    site_root.set_fragment(None);
    Ok(LinkRule { template: template.to_owned(), site_root })
}

const BRACED: [&str; 7] = ["{path}", "{dir}", "{file}", "{slug}", "{year}", "{month}", "{day}"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_site_begins_before_the_first_placeholder() {
        for (template, root) in [
            ("https://example.org/{path}/", "https://example.org/"),
            ("https://example.org/blog/{year}/{slug}.html", "https://example.org/blog/"),
            ("https://example.org/blog/p-{slug}", "https://example.org/blog/"),
            ("https://example.org/?page={file}", "https://example.org/"),
            ("http://localhost:1313/docs/{dir}/{file}#top", "http://localhost:1313/docs/"),
        ] {
            assert_eq!(rule(template).unwrap().site_root.as_str(), root, "{template}");
        }
    }

    #[test]
    fn a_rule_that_leads_nowhere_is_refused() {
        for bad in [
            "",
            "{path}",
            "/blog/{path}",
            "https://{path}",
            "ftp://a.example/{path}",
            "https://a.example/blog",
            "https:///{path}",
        ] {
            assert!(rule(bad).is_err(), "{bad}");
        }
        let mistake = rule("https://é.example/{pth}/").unwrap_err();
        assert_eq!(mistake.part, 19..24);
        assert_eq!(mistake.label.as_deref(), Some("did you mean `{path}`?"));
        for bad in ["https://a.example/{path", "https://a.example/path}", "https://a.example/{{path}}"] {
            assert!(rule(bad).unwrap_err().message.contains("braces"), "{bad}");
        }
    }
}
