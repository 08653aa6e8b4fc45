//! Addresses of the web: as configured, and where redirects lead.
//!
//! In: text from the config or an answer. Out: an address that may be judged and asked. Credentials stay with their own server.

use super::{HttpError, text};
use reqwest::header::{self, HeaderMap};
use url::Url;

/// Reads a configured address; a calendar's `webcal:` is `https:`.
pub(super) fn address(url: &str) -> Result<Url, HttpError> {
    let url = url.trim();
    let scheme = url.split_once("://").map(|(scheme, rest)| (scheme.to_ascii_lowercase(), rest));
    let parsed = match scheme {
        Some((scheme, rest)) if matches!(scheme.as_str(), "webcal" | "webcals") => {
            Url::parse(&format!("https://{rest}"))
        }
        _ => Url::parse(url),
    };
    let parsed = parsed.map_err(|why| HttpError::Address(format!("one that is malformed: {why}")))?;
    match parsed.scheme() {
        "http" | "https" => Ok(parsed),
        other => Err(HttpError::Address(format!("the scheme `{other}`"))),
    }
}

/// Where a redirect leads. Credentials go on to the same server only, never to another, and never in the clear.
pub(super) fn next_hop(from: &Url, headers: &HeaderMap) -> Result<Url, HttpError> {
    let location = text(headers, &header::LOCATION).ok_or(HttpError::BadRedirect("one without an address"))?;
    let to = from.join(location.trim()).map_err(|_| HttpError::BadRedirect("one that is malformed"))?;
    if from.scheme() == "https" && to.scheme() == "http" {
        return Err(HttpError::BadRedirect("one from `https` down to `http`"));
    }
    Ok(with_credentials_of(from, to))
}

/// Another address, with the credentials of the first where it is at the same server, else with none.
pub(super) fn with_credentials_of(own: &Url, mut other: Url) -> Url {
    strip_credentials(&mut other);
    if own.origin() == other.origin() {
        let _ = other.set_username(own.username());
        let _ = other.set_password(own.password());
    }
    other
}

pub(super) fn strip_credentials(url: &mut Url) {
    let _ = url.set_username("");
    let _ = url.set_password(None);
}
