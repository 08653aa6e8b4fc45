//! A repository's address: which are taken, where they lead, and how they are told without their credentials.

use super::GitError;
use serde::{Deserialize, Deserializer, de};
use std::path::PathBuf;
use url::Url;

/// Transports that are taken. `ext::` and other helpers run programs, so they are not.
const SCHEMES: [&str; 5] = ["https", "http", "ssh", "git", "file"];

/// Where a repository is.
#[derive(Debug, PartialEq)]
pub(super) struct Address {
    pub place: Place,
    /// The server.
    pub host: Option<String>,
}

/// On this machine, or reached by a transport of git's.
#[derive(Debug, PartialEq)]
pub(super) enum Place {
    /// A plain path: read in place.
    Here(PathBuf),
    /// Anything else: fetched.
    Elsewhere {
        /// The one transport that is allowed.
        scheme: &'static str,
    },
}

impl Address {
    /// Reads an address as git does: with a scheme, as `host:path` where no slash precedes the colon, else as a path.
    pub(super) fn parse(url: &str) -> Result<Self, GitError> {
        if url.is_empty() || url.starts_with('-') || url.chars().any(char::is_control) {
            return Err(GitError::Address("one that is empty, begins with `-` or has control characters"));
        }
        if let Some((scheme, _)) = url.split_once("://") {
            let lower = scheme.to_ascii_lowercase();
            let known = SCHEMES.into_iter().find(|s| **s == lower);
            let scheme = known.ok_or(GitError::Address("an unknown scheme"))?;
            let parsed = Url::parse(url).map_err(|_| GitError::Address("an address that is malformed"))?;
            let host = parsed.host_str().filter(|h| !h.is_empty()).map(str::to_owned);
            if host.as_deref().is_some_and(|h| h.starts_with('-')) || (host.is_none() && scheme != "file") {
                return Err(GitError::Address("an address without a host"));
            }
            return Ok(Self { place: Place::Elsewhere { scheme }, host });
        }
        match url.split_once(':') {
            Some((before, after)) if !before.contains('/') => {
                let host = before.rsplit('@').next().unwrap_or(before);
                if after.starts_with(':') || host.is_empty() || host.starts_with('-') {
                    return Err(GitError::Address("a transport that runs a program, or no host"));
                }
                Ok(Self { place: Place::Elsewhere { scheme: "ssh" }, host: Some(host.to_owned()) })
            }
            _ => Ok(Self { place: Place::Here(PathBuf::from(url)), host: None }),
        }
    }
}

/// What must never be told of an address: longest first.
pub(super) fn secrets(url: &str) -> Vec<String> {
    let Some((_, rest)) = url.split_once("://") else { return Vec::new() };
    let authority = rest.split('/').next().unwrap_or(rest);
    let Some((user, _)) = authority.rsplit_once('@') else { return Vec::new() };
    let mut secrets = vec![format!("{user}@")];
    match user.split_once(':') {
        Some((_, password)) if !password.is_empty() => secrets.push(password.to_owned()),
        None if url.starts_with("http") => secrets.push(user.to_owned()),
        _ => {}
    }
    secrets
}

/// Takes a branch name that git would take (git-check-ref-format), and that no command line takes for something else.
pub(super) fn checked_branch(branch: &str) -> Result<&str, GitError> {
    let odd = |c: char| c.is_control() || c.is_whitespace() || "~^:?*[\\".contains(c);
    let good = !branch.is_empty()
        && branch.len() <= 255
        && !branch.starts_with(['-', '/', '.'])
        && !branch.ends_with(['/', '.'])
        && !branch.contains("..")
        && !branch.contains("//")
        && !branch.contains("@{")
        && !branch.contains(odd);
    if good { Ok(branch) } else { Err(GitError::BadBranch(branch.escape_debug().to_string())) }
}

pub(super) fn deserialize_url<'de, D: Deserializer<'de>>(config: D) -> Result<String, D::Error> {
    let url = String::deserialize(config)?;
    Address::parse(&url).map_err(de::Error::custom)?;
    Ok(url)
}

pub(super) fn deserialize_branch<'de, D: Deserializer<'de>>(config: D) -> Result<Option<String>, D::Error> {
    let branch = Option::<String>::deserialize(config)?;
    branch.as_deref().map(checked_branch).transpose().map_err(de::Error::custom)?;
    Ok(branch)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::without_credentials;

    #[test]
    fn addresses_lead_where_git_would_go() {
        let elsewhere = |url: &str| match Address::parse(url).unwrap() {
            Address { place: Place::Elsewhere { scheme }, host } => (scheme, host),
            Address { place: Place::Here(path), .. } => panic!("{url} is {}", path.display()),
        };
        assert_eq!(elsewhere("https://git.example.org/docs"), ("https", Some("git.example.org".to_owned())));
        assert_eq!(elsewhere("git@git.example.org:team/docs.git"), ("ssh", Some("git.example.org".to_owned())));
        assert_eq!(elsewhere("ssh://git@git.example.org/docs"), ("ssh", Some("git.example.org".to_owned())));
        assert_eq!(elsewhere("file:///srv/docs"), ("file", None));
        for path in ["/srv/docs", "../docs", "docs", "./a:b"] {
            assert_eq!(Address::parse(path).unwrap().place, Place::Here(PathBuf::from(path)));
        }
    }

    #[test]
    fn addresses_that_run_programs_or_look_like_options_are_refused() {
        for bad in
            ["ext::sh -c id", "-oProxyCommand=x", "ssh://-oProxyCommand=x/y", "-x@host:y", "", "a\nb", "ftp://h/x"]
        {
            assert!(Address::parse(bad).is_err(), "{bad}");
        }
        assert!(Address::parse("user@-oProxyCommand=x:y").is_err());
    }

    #[test]
    fn credentials_are_not_told() {
        let url = "https://bot:hunter2@git.example.org/docs";
        assert_eq!(without_credentials(url), "https://git.example.org/docs");
        assert_eq!(without_credentials("https://tok3n@git.example.org/docs"), "https://git.example.org/docs");
        assert_eq!(without_credentials("ssh://git@git.example.org/docs"), "ssh://git@git.example.org/docs");
        assert_eq!(secrets(url), ["bot:hunter2@", "hunter2"]);
        assert_eq!(secrets("https://tok3n@git.example.org/docs"), ["tok3n@", "tok3n"]);
    }

    #[test]
    fn branches_cannot_be_options_or_ranges() {
        for good in ["main", "release/2.1", "gh-pages", "überarbeitet"] {
            assert!(checked_branch(good).is_ok(), "{good}");
        }
        for bad in ["", "-x", "a..b", "a b", "a:b", "a^", "x@{1}", "a*", "/a", "a/"] {
            assert!(checked_branch(bad).is_err(), "{bad}");
        }
    }
}
