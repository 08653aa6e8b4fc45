//! Whether a repository's server may be asked, and where.
//!
//! In: its name, and what the config allows. Out: settings for git that keep it to what was allowed, or a refusal. Git looks names up itself:
//! over HTTP it is told what we have found, so that a name that changes its mind gains nothing. Over SSH a server proves who it is by its key;
//! over the protocol of git itself it does not, and names are refused there.

use super::GitError;
use super::address::Address;
use crate::fetch::guard::{Refused, Resolver};
use crate::fetch::{Asking, Net};
use std::net::IpAddr;
use std::time::Duration;
use tokio::time::timeout;
use url::Url;

/// What git is told about where it may go.
pub(super) async fn settings(
    url: &str,
    address: &Address,
    scheme: &str,
    allow_private: bool,
    asking: &Asking,
) -> Result<Vec<(String, String)>, GitError> {
    let mut settings = vec![("http.userAgent".to_owned(), asking.net.user_agent.clone())];
    let Some(host) = address.host.as_deref().filter(|_| !allow_private) else { return Ok(settings) };
    // A proxy looks names up itself, past our guard.
    settings.push(("http.proxy".to_owned(), String::new()));
    let bare = host.trim_matches(['[', ']']);
    let addresses = match permitted(bare, &asking.net).await {
        Err(GitError::NoNames(_)) if scheme == "ssh" => return Ok(settings), // A name of ssh's own configuration.
        found => found?,
    };
    if scheme == "git" && bare.parse::<IpAddr>().is_err() {
        return Err(GitError::Unproven);
    }
    if scheme.starts_with("http") && bare.parse::<IpAddr>().is_err() {
        let port = Url::parse(url).ok().and_then(|url| url.port_or_known_default()).unwrap_or(443);
        let list: Vec<String> = addresses.iter().map(written).collect();
        settings.push(("http.curloptResolve".to_owned(), format!("{bare}:{port}:{}", list.join(","))));
    }
    Ok(settings)
}

fn written(address: &IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("[{address}]"),
    }
}

/// The addresses of a server; a refusal where one of them may not be asked.
async fn permitted(host: &str, net: &Net) -> Result<Vec<IpAddr>, GitError> {
    let resolver = Resolver { allowed: None, names: net.names() };
    let found = timeout(Duration::from_secs(net.limits.connect), resolver.addresses(host)).await;
    let Ok(Ok(addresses)) = found else { return Err(GitError::NoNames(host.to_owned())) };
    if addresses.is_empty() {
        return Err(GitError::NoNames(host.to_owned()));
    }
    match addresses.iter().all(|address| net.limits.allow.permits(host, *address)) {
        true => Ok(addresses),
        false => Err(GitError::Refused(Refused::Private(host.to_owned()))),
    }
}
