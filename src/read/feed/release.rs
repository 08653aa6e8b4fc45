//! Which entries are the notes of a release: their addresses or titles say so.

use url::Url;

/// True for the page of a release or tag at GitHub, Gitea and Forgejo (`/pond/nets/releases/tag/v1.2`) or GitLab (`/pond/nets/-/releases/v1.2`).
pub(super) fn is_page(url: &Url) -> bool {
    let parts: Vec<&str> = url.path().trim_matches('/').split('/').collect();
    let at_gitlab = parts.windows(3).skip(2).any(|parts| matches!(parts, ["-", "releases" | "tags", _]));
    at_gitlab || matches!(parts.as_slice(), [_, _, "releases", "tag", _, ..])
}

/// True for a version and nothing else: `v1.2.3`, `v2.0-rc.1`. Without the letter it could be a date.
pub(super) fn is_version(title: &str) -> bool {
    let Some(number) = title.trim().strip_prefix(['v', 'V']) else { return false };
    let is_sign = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+' | '_');
    number.len() <= 40 && number.starts_with(|c: char| c.is_ascii_digit()) && number.chars().all(is_sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_told_by_their_addresses() {
        for (address, expected) in [
            ("https://github.com/pond/nets/releases/tag/v1.2.3", true),
            ("https://git.example/pond/nets/releases/tag/nets/1.2", true),
            ("https://gitlab.example/pond/deep/nets/-/releases/v1.2", true),
            ("https://gitlab.example/pond/nets/-/tags/v1.2", true),
            ("https://github.com/pond/nets/releases", false),
            ("https://gitlab.example/pond/nets/-/issues/12", false),
            ("https://pond.example/releases/tag/spring", false),
            ("https://pond.example/", false),
        ] {
            assert_eq!(is_page(&Url::parse(address).unwrap()), expected, "{address}");
        }
    }

    #[test]
    fn a_title_that_is_a_version_and_nothing_else_is_told() {
        for (title, expected) in [
            ("v1.2.3", true),
            (" V2.0-rc.1", true),
            ("v3", true),
            ("1.2.3", false),
            ("v1.2 party", false),
            ("v", false),
            ("vé1", false),
        ] {
            assert_eq!(is_version(title), expected, "{title}");
        }
    }
}
