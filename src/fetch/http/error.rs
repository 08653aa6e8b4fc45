//! Why nothing can come of an address, and the ways out.

use super::MAX_REDIRECTS;
use crate::fetch::Told;
use crate::fetch::guard::Refused;
use reqwest::StatusCode;
use std::error::Error;
use std::time::Duration;

/// Why nothing can come of an address.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// Not an address of the web.
    #[error("expected an address such as `https://example.org/feed.xml`, but found {0}")]
    Address(String),
    /// One we may not ask.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// A redirect that leads nowhere.
    #[error("expected a redirect to an address, but found {0}")]
    BadRedirect(&'static str),
    /// A loop.
    #[error("expected at most {MAX_REDIRECTS} redirects, but found more")]
    TooManyRedirects,
    /// An answer that is no document.
    #[error("expected a document, but the server answered `{status}`")]
    Status {
        /// The status.
        status: StatusCode,
        /// Seconds or a date, as the server wrote it.
        retry_after: Option<String>,
        /// The same as a length of time.
        wait: Option<Duration>,
    },
    /// Slow or silent.
    #[error("no answer within {0} s")]
    TimedOut(u64),
    /// No connection, or one that broke before the answer began.
    #[error("no answer: {0}")]
    Connect(String),
    /// The answer broke off or could not be unpacked.
    #[error("the answer could not be read to its end: {0}")]
    Broken(String),
    /// Larger than the limit.
    #[error("expected at most {0} bytes, but the answer has more")]
    TooLarge(u64),
    /// Packed in a way we did not ask for.
    #[error("expected an answer packed as asked for, but found `{0}`")]
    Encoding(String),
    /// The client could not be made.
    #[error("could not prepare for HTTPS: {0}")]
    NoClient(String),
}

impl HttpError {
    pub(in crate::fetch) fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Address(_) => "write it as a browser shows it",
            Self::Refused(Refused::Private(_)) => {
                "if that server is yours and meant, set `allow_private = true` for this source"
            }
            Self::Refused(Refused::Scheme(_)) => "for files use `from.directory` or `from.git`",
            Self::BadRedirect(_) | Self::TooManyRedirects => {
                "open it in a browser and put the address it ends at into the config"
            }
            Self::Status { status, retry_after, .. } => return Some(status_hint(*status, retry_after.as_deref())),
            Self::TimedOut(_) => "a later run tries again; a slow server may be given a longer `timeout`",
            Self::Connect(why) if why.contains("certificate") => {
                "this machine does not trust the server's certificate: tell who runs it, or update the system's certificates"
            }
            Self::Connect(_) if proxy_is_set() => {
                "a later run tries again; a proxy is set here, but it is used only with `allow_private = true`"
            }
            Self::Connect(_) => "a later run tries again; check that a browser can open it",
            Self::Broken(_) => "a later run tries again",
            Self::TooLarge(_) => "check that it is a feed, calendar or page, and raise `max_size` if it is",
            Self::Encoding(_) => "tell who runs the server: only gzip, deflate and br were asked for",
            Self::NoClient(_) => "install the system's certificates (often a package named ca-certificates)",
        };
        Some(hint.to_owned())
    }

    /// True where a second try may well do better.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::Connect(_) => true,
            // A server that names a time to come back is not asked sooner.
            Self::Status { status, retry_after, .. } => status.is_server_error() && retry_after.is_none(),
            _ => false,
        }
    }

    /// What the server told beside it.
    pub(in crate::fetch) fn told(&self) -> Told {
        match self {
            Self::Status { status, wait, .. } => {
                let retry_after = wait.filter(|_| self.is_busy());
                Told { retry_after, gone: *status == StatusCode::GONE, ..Told::default() }
            }
            _ => Told::default(),
        }
    }

    /// True where nothing is there any more (RFC 9110 §15.5.5, §15.5.11).
    pub(super) fn is_gone(&self) -> bool {
        matches!(self, Self::Status { status, .. } if matches!(status.as_u16(), 404 | 410))
    }

    /// True where the server wants to be left alone for now.
    pub(super) fn is_busy(&self) -> bool {
        matches!(self, Self::Status { status, .. } if matches!(status.as_u16(), 429 | 503))
    }

    /// What reqwest says, without the address, which may hold credentials.
    pub(super) fn of_request(error: reqwest::Error) -> Self {
        if let Some(refused) = causes(&error).find_map(|cause| cause.downcast_ref::<Refused>()) {
            return Self::Refused(refused.clone());
        }
        Self::Connect(root_cause(error))
    }
}

fn status_hint(status: StatusCode, retry_after: Option<&str>) -> String {
    let hint = match status.as_u16() {
        401 | 403 => "the server wants to know who asks, or refuses programs: ask who runs it",
        404 => "check the address; it may have moved",
        410 => "it is gone for good: take the source out of the config; its past events stay",
        429 => "the server wants fewer requests, and is left alone",
        500.. => "the server is in trouble; a later run tries again",
        _ => "open it in a browser to see what is there now",
    };
    match retry_after {
        Some(seconds) if seconds.bytes().all(|b| b.is_ascii_digit()) => {
            format!("{hint}; it asks to wait {seconds} s")
        }
        Some(date) => format!("{hint}; it asks to wait until {date}"),
        None => hint.to_owned(),
    }
}

fn proxy_is_set() -> bool {
    ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| (*error).source())
}

/// The innermost words: the outer ones only say that a request failed.
pub(super) fn root_cause(error: reqwest::Error) -> String {
    let error = error.without_url();
    let words = causes(&error).last().map_or_else(|| error.to_string(), ToString::to_string);
    let words: String = words.chars().filter(|c| !c.is_control()).take(200).collect();
    format!("`{}`", words.replace('`', "'"))
}
