//! What went wrong on the way, from what the libraries below tell of it.
//!
//! In: an error of `reqwest`, without its address, which may hold credentials. Out: one of ours. Types tell where there are some; where there
//! are only words, tests hold them.

use super::HttpError;
use super::error::Distrust;
use crate::fetch::guard::Refused;
use rustls::CertificateError;
use std::error::Error;
use std::io;

type Cause<'a> = &'a (dyn Error + 'static);

/// An error with all that lies below it, the outermost first. What an I/O error wraps is not its source, but itself.
fn causes(error: Cause<'_>) -> impl Iterator<Item = Cause<'_>> {
    std::iter::successors(Some(error), |error| below(*error)).take(32)
}

fn below<'a>(error: Cause<'a>) -> Option<Cause<'a>> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}

/// Why a request got no answer. `connect` is the bound for a connection in seconds.
pub(super) fn of_request(error: &reqwest::Error, host: &str, connect: u64) -> HttpError {
    let words = innermost(error);
    for cause in causes(error) {
        if let Some(refused) = cause.downcast_ref::<Refused>() {
            return HttpError::Refused(refused.clone());
        }
        if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
            return of_tls(tls, words);
        }
    }
    let says = |text: &str| causes(error).any(|cause| cause.to_string().contains(text));
    if error.is_connect() && error.is_timeout() {
        HttpError::NoConnection(connect)
    } else if says("dns error") {
        of_names(error, host, words)
    } else if says("message head is too large") {
        HttpError::Header
    } else if says("invalid HTTP")
        || says("invalid header")
        || says("invalid content-length")
        || says("transfer-encoding")
    {
        HttpError::NotHttp(words)
    } else if says("connection closed before message completed") || !error.is_connect() && was_closed(error) {
        HttpError::Closed
    } else {
        HttpError::Connect(words)
    }
}

/// Why an answer has no end. `expected` and `found` are bytes as they were sent.
pub(super) fn of_body(error: &reqwest::Error, expected: Option<u64>, found: u64) -> HttpError {
    let says = |text: &str| causes(error).any(|cause| cause.to_string().to_ascii_lowercase().contains(text));
    if says("chunk") && !has_kind(error, io::ErrorKind::UnexpectedEof) || says("trailer") {
        HttpError::Chunks
    } else if was_closed(error) {
        HttpError::CutShort { expected, found }
    } else {
        HttpError::Broken(innermost(error))
    }
}

fn of_tls(error: &rustls::Error, words: String) -> HttpError {
    use CertificateError as Why;
    let rustls::Error::InvalidCertificate(why) = error else { return HttpError::Tls(words) };
    HttpError::Certificate(match why {
        Why::Expired | Why::ExpiredContext { .. } => Distrust::Expired,
        Why::NotValidYet | Why::NotValidYetContext { .. } => Distrust::Early,
        Why::NotValidForName | Why::NotValidForNameContext { .. } => Distrust::Name,
        Why::UnknownIssuer => Distrust::Issuer,
        _ => Distrust::Other,
    })
}

/// The system tells names that are not there from name services that don't answer by words only.
fn of_names(error: &reqwest::Error, host: &str, why: String) -> HttpError {
    let unknown = ["not known", "No address associated", "No such host", "nodename nor servname"];
    let says = |text: &&str| why.contains(*text);
    let unknown = unknown.iter().any(says) || has_kind(error, io::ErrorKind::NotFound);
    let host = host.to_owned();
    if unknown { HttpError::NoSuchHost(host) } else { HttpError::NoNames { host, why } }
}

fn was_closed(error: &reqwest::Error) -> bool {
    use io::ErrorKind::*;
    [UnexpectedEof, ConnectionReset, ConnectionAborted, BrokenPipe].into_iter().any(|kind| has_kind(error, kind))
}

fn has_kind(error: &reqwest::Error, kind: io::ErrorKind) -> bool {
    causes(error).any(|cause| cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == kind))
}

/// The innermost words: the outer ones only say that a request failed, and tell the address.
pub(super) fn innermost(error: &reqwest::Error) -> String {
    let words = causes(error).last().filter(|cause| !cause.is::<reqwest::Error>());
    let words = words.map_or_else(|| "the request failed".to_owned(), ToString::to_string);
    let words: String = words.chars().filter(|c| !c.is_control()).take(200).collect();
    format!("`{}`", words.replace('`', "'"))
}
