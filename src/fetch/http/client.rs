//! The two clients of a run: one that asks public servers only, and one for sources that may be anywhere.
//!
//! In: what the config allows. Out: clients that follow no redirect, unpack nothing and remember nothing but open connections.

use super::cause::innermost;
use super::{HttpError, Packing};
use crate::fetch::guard::{Allowed, Names, Resolver};
use crate::fetch::limits::Limits;
use reqwest::header::{self, HeaderMap, HeaderValue};
use reqwest::{Certificate, Client};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// Header fields of one answer, in number and, over HTTP/2, in bytes.
const MAX_FIELDS: usize = 100;
const MAX_HEADER: u32 = 64 * 1024;
/// What we can read, in the order we like it.
const ACCEPT: &str =
    "text/calendar, application/atom+xml, application/rss+xml, application/xml;q=0.9, text/html;q=0.8, */*;q=0.5";

/// Made when first needed: a board of local files needs no certificates.
#[derive(Default)]
pub(in crate::fetch) struct Clients {
    guarded: OnceLock<Result<Client, String>>,
    open: OnceLock<Result<Client, String>>,
}

/// How they are made.
pub(in crate::fetch) struct Making<'a> {
    pub user_agent: &'a str,
    pub limits: &'a Limits,
    pub names: Option<Names>,
    /// Certificates that are trusted beside the system's, in DER.
    pub trusted: &'a [Vec<u8>],
}

impl Clients {
    pub(in crate::fetch) fn get(&self, allow_private: bool, making: &Making<'_>) -> Result<&Client, HttpError> {
        let slot = if allow_private { &self.open } else { &self.guarded };
        let made = slot.get_or_init(|| making.client(allow_private).map_err(|error| innermost(&error)));
        made.as_ref().map_err(|why| HttpError::NoClient(why.clone()))
    }
}

impl Making<'_> {
    fn client(&self, allow_private: bool) -> Result<Client, reqwest::Error> {
        // Fails where a provider is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut always = HeaderMap::new();
        always.insert(header::ACCEPT, HeaderValue::from_static(ACCEPT));
        always.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(Packing::ACCEPT));
        let trusted = self.trusted.iter().map(|der| Certificate::from_der(der)).collect::<Result<Vec<_>, _>>()?;
        let mut client = Client::builder()
            .user_agent(self.user_agent)
            .default_headers(always)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .connect_timeout(Duration::from_secs(self.limits.connect))
            .http1_max_headers(MAX_FIELDS)
            // Lines that are no fields are passed over, as browsers do.
            .http1_ignore_invalid_headers_in_responses(true)
            .http1_allow_spaces_after_header_name_in_responses(true)
            .http1_allow_obsolete_multiline_headers_in_responses(true)
            .http2_max_header_list_size(MAX_HEADER)
            .pool_max_idle_per_host(self.limits.at_one_host)
            .pool_idle_timeout(Duration::from_secs(10));
        if !trusted.is_empty() {
            client = client.tls_certs_merge(trusted);
        }
        if !allow_private {
            // A proxy looks names up itself, past our guard.
            client = client.no_proxy();
        }
        let allowed: Option<Allowed> = (!allow_private).then(|| self.limits.allow.clone());
        if allowed.is_some() || self.names.is_some() {
            client = client.dns_resolver(Arc::new(Resolver { allowed, names: self.names.clone() }));
        }
        client.build()
    }
}

/// True where an answer has more header fields than anyone needs.
pub(super) fn is_too_much(headers: &HeaderMap) -> bool {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum::<usize>() > MAX_HEADER as usize
}
