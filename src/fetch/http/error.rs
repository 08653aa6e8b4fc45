//! Why nothing can come of an address, and the ways out.

use super::unpack::MOST_MEMBERS;
use super::{MAX_REDIRECTS, secret};
use crate::fetch::Told;
use crate::fetch::guard::Refused;
use reqwest::StatusCode;
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
    /// A secret that is not where the config says.
    #[error("expected a secret in {at}, but found {found}")]
    Secret {
        /// Where it is kept.
        at: String,
        /// What is there.
        found: &'static str,
    },
    /// A header field that can't be sent.
    #[error("expected a header field of plain characters, but `{0}` has others")]
    Field(String),
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
        /// True where the source's own address is gone for good: 410 (RFC 9110 §15.5.11), and no temporary redirect led to it.
        gone: bool,
    },
    /// 304 to a request without a condition.
    #[error("expected a document, but the server answered that nothing changed, which it was not asked")]
    NothingAsked,
    /// Not asked, because its server wants to be left alone.
    #[error("not asked: its server `{host}` wants to be left alone for {} s", wait.as_secs())]
    LeftAlone {
        /// The server.
        host: String,
        /// For how long.
        wait: Duration,
    },
    /// The name service knows no such server.
    #[error("expected a server, but the name `{0}` is not known")]
    NoSuchHost(String),
    /// The name service gave no answer.
    #[error("the name `{host}` could not be looked up: {why}")]
    NoNames {
        /// The server.
        host: String,
        /// In the words of the system.
        why: String,
    },
    /// No connection in time.
    #[error("no connection within {0} s")]
    NoConnection(u64),
    /// A connection, and then nothing.
    #[error("no answer within {0} s of the connection")]
    Silent(u64),
    /// An answer that pauses.
    #[error("the answer stopped in its middle: nothing more came for {0} s")]
    Stalled(u64),
    /// Slow, all in all.
    #[error("no whole answer within {0} s")]
    TimedOut(u64),
    /// No connection.
    #[error("no answer: {0}")]
    Connect(String),
    /// A certificate that does not prove whose server it is.
    #[error("expected a server that proves its name, but its certificate {0}")]
    Certificate(Distrust),
    /// Encryption that could not be agreed on.
    #[error("no encrypted connection: {0}")]
    Tls(String),
    /// Closed before the answer.
    #[error("the server closed the connection before its answer")]
    Closed,
    /// Something else than HTTP.
    #[error("expected an answer in HTTP, but found another: {0}")]
    NotHttp(String),
    /// Header fields without end.
    #[error("expected at most 100 header fields and 64 KiB of them, but the answer has more")]
    Header,
    /// Closed in the middle.
    #[error("expected {} bytes, but the connection closed after {found}", expected.map_or("more".to_owned(), |n| n.to_string()))]
    CutShort {
        /// What the answer promised, if it did.
        expected: Option<u64>,
        /// What came.
        found: u64,
    },
    /// Pieces that are none (RFC 9112 §7.1).
    #[error("expected the answer in pieces with their lengths, but found something else between them")]
    Chunks,
    /// The answer broke off otherwise.
    #[error("the answer could not be read to its end: {0}")]
    Broken(String),
    /// Larger than the limit.
    #[error("expected at most {0} bytes, but the answer has more")]
    TooLarge(u64),
    /// The same, told by the server beforehand.
    #[error("expected at most {most} bytes, but the server announces {said}")]
    TooLargeSaid {
        /// The limit.
        most: u64,
        /// Its Content-Length.
        said: u64,
    },
    /// Packed in a way we did not ask for.
    #[error("expected an answer packed as asked for, but found `{0}`")]
    Encoding(String),
    /// Not packed as it says.
    #[error("expected an answer packed as `{0}`, as it says, but it can't be unpacked to its end")]
    Packing(&'static str),
    /// Packed in pieces without end.
    #[error("expected gzip of at most {MOST_MEMBERS} members, but the answer has more")]
    Members,
    /// The client could not be made.
    #[error("could not prepare for HTTPS: {0}")]
    NoClient(String),
}

/// What is wrong with a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distrust {
    /// Past its last day.
    Expired,
    /// Before its first day.
    Early,
    /// Another server's.
    Name,
    /// Signed by nobody that this machine trusts.
    Issuer,
    /// Anything else.
    Other,
}

impl std::fmt::Display for Distrust {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Expired => "has expired",
            Self::Early => "is not valid yet",
            Self::Name => "is for another name",
            Self::Issuer => "is signed by nobody this machine trusts",
            Self::Other => "is not sound",
        })
    }
}

impl HttpError {
    pub(in crate::fetch) fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Address(_) => "write it as a browser shows it",
            Self::Refused(Refused::Private(_)) => {
                "if that server is yours and meant, put it into `fetch.allow`, or set `allow_private = true` for this source"
            }
            Self::Refused(Refused::Scheme(_)) => "for files use `from.directory` or `from.git`",
            Self::Secret { .. } => {
                "put it there, alone and on one line of at least 8 characters, where the program can read it"
            }
            Self::Field(_) => "check `headers`, and what the secret is",
            Self::BadRedirect(_) | Self::TooManyRedirects => {
                "open it in a browser and put the address it ends at into the config"
            }
            Self::Status { gone: true, .. } => {
                "it is gone for good: take the source out of the config; its past events stay"
            }
            Self::Status { status, retry_after, .. } => return Some(status_hint(*status, retry_after.as_deref())),
            Self::NothingAsked => "tell who runs the server: something between it and us answers for it",
            Self::LeftAlone { .. } => "another source of this server was told so; a later run asks again",
            Self::NoSuchHost(_) => "check the address; the server may be gone, or its name",
            Self::NoNames { .. } => "a later run tries again; check that this machine can look up names",
            Self::TimedOut(_) => "a later run tries again; a slow server may be given a longer `timeout`",
            Self::Silent(_) => "a later run tries again; a slow server may be given a longer `fetch.first_byte`",
            Self::Stalled(_) => "a later run tries again; a slow server may be given a longer `fetch.idle`",
            Self::Certificate(Distrust::Expired) => {
                "tell who runs the server to renew it; if others work no better, set the clock of this machine"
            }
            Self::Certificate(Distrust::Early) => "check the clock of this machine",
            Self::Certificate(Distrust::Name) => "check the address: the server answers to another name",
            Self::Certificate(_) => "tell who runs the server, or update the system's certificates",
            Self::Tls(_) => "a later run tries again; the server may know only old kinds of encryption",
            Self::NoConnection(_) | Self::Connect(_) if proxy_is_set() => {
                "a later run tries again; a proxy is set here, but it is used only with `allow_private = true`"
            }
            Self::NoConnection(_) | Self::Connect(_) => "a later run tries again; check that a browser can open it",
            Self::Closed | Self::CutShort { .. } | Self::Chunks | Self::Broken(_) => {
                "a later run tries again; if it stays so, tell who runs the server"
            }
            Self::NotHttp(_) => "check scheme and port of the address",
            Self::Header => "tell who runs the server: something adds fields without end",
            Self::TooLarge(_) | Self::TooLargeSaid { .. } => {
                "check that it is a feed, calendar or page, and raise `max_size` if it is"
            }
            Self::Encoding(_) => "tell who runs the server: only gzip, deflate and br were asked for",
            Self::Packing(_) => {
                "a later run tries again; if it stays so, tell who runs the server that it says a wrong Content-Encoding"
            }
            Self::Members => "tell who runs the server that it packs its answer in far too many pieces",
            Self::NoClient(_) => "install the system's certificates (often a package named ca-certificates)",
        };
        Some(hint.to_owned())
    }

    /// With `{secret}` wherever the secret stands: some servers say back what they were sent.
    pub(super) fn hiding(mut self, secret: Option<&secret::Value>) -> Self {
        let Some(secret) = secret else { return self };
        let words = match &mut self {
            Self::Address(words)
            | Self::Encoding(words)
            | Self::Connect(words)
            | Self::Tls(words)
            | Self::NotHttp(words)
            | Self::Broken(words)
            | Self::NoSuchHost(words)
            | Self::NoNames { host: words, .. }
            | Self::LeftAlone { host: words, .. }
            | Self::Refused(Refused::Private(words) | Refused::Scheme(words))
            | Self::Status { retry_after: Some(words), .. } => words,
            _ => return self,
        };
        *words = secret.hide(words);
        self
    }

    /// True where a second try may well do better.
    pub(in crate::fetch) fn may_pass(&self) -> bool {
        match self {
            Self::Connect(_) | Self::Closed | Self::NoNames { .. } => true,
            // A server that names a time to come back is not asked sooner.
            Self::Status { status, retry_after, .. } => status.is_server_error() && retry_after.is_none(),
            _ => false,
        }
    }

    /// What the server told beside it.
    pub(in crate::fetch) fn told(&self) -> Told {
        match self {
            Self::Status { gone, .. } => Told { retry_after: self.wait(), gone: *gone, ..Told::default() },
            Self::LeftAlone { wait, .. } => Told { retry_after: Some(*wait), ..Told::default() },
            _ => Told::default(),
        }
    }

    /// The same of an address that is not the source's own: the source is not gone with it.
    pub(super) fn elsewhere(mut self) -> Self {
        if let Self::Status { gone, .. } = &mut self {
            *gone = false;
        }
        self
    }

    /// How long its server wants to be left alone, where it says so.
    pub(super) fn wait(&self) -> Option<Duration> {
        match self {
            Self::Status { wait, .. } => wait.filter(|_| self.is_busy()),
            _ => None,
        }
    }

    /// True where nothing is there any more (RFC 9110 §15.5.5, §15.5.11).
    pub(super) fn is_gone(&self) -> bool {
        matches!(self, Self::Status { status, .. } if matches!(status.as_u16(), 404 | 410))
    }

    /// True where the server wants to be left alone for now.
    pub(super) fn is_busy(&self) -> bool {
        match self {
            Self::Status { status, .. } => matches!(status.as_u16(), 429 | 503),
            _ => matches!(self, Self::LeftAlone { .. }),
        }
    }
}

fn status_hint(status: StatusCode, retry_after: Option<&str>) -> String {
    let hint = match status.as_u16() {
        401 | 403 => "the server wants to know who asks, or refuses programs: ask who runs it",
        404 | 410 => "check the address; it may have moved",
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
