//! One document from an address on the web.
//!
//! In: an address, and the validators of its last answer. Out: a document if it changed. Requests are conditional (RFC 9110 §13),
//! redirects are followed by hand so that each hop is judged, and sizes count as sent and as unpacked: a small answer that
//! unpacks to a large one is cut off all the same.

mod address;
mod ask;
mod cause;
mod client;
mod clock;
mod error;
mod offered;
mod secret;
mod told;
mod unpack;

use super::{Answered, Asking, FetchError, Told, Validators, without_credentials};
use crate::model::{Document, OfferKind};
use address::{address, with_credentials_of};
use ask::{Answer, Question};
use clock::Clock;
use reqwest::header::{self, HeaderMap, HeaderName};
use serde::{Deserialize, Deserializer, de};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;
use unpack::Packing;
use url::Url;

pub(super) use client::{Clients, Making};
pub use error::{Distrust, HttpError};
pub use secret::Secret;

/// More hops than this are a loop or a mistake.
const MAX_REDIRECTS: usize = 5;

/// A feed, calendar or page on the web.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// The address: `https://…`, `http://…`, or a calendar's `webcal://…`. What is there is found out by looking at it.
    /// `{secret}` in it stands for the value of `secret`.
    #[serde(deserialize_with = "deserialize_url")]
    pub url: String,
    /// Seconds to wait for the whole answer, redirects and a second try included: 1 to 600.
    #[serde(default = "default_timeout", deserialize_with = "deserialize_timeout")]
    #[schemars(range(min = 1, max = 600))]
    pub timeout: u64,
    /// Bytes the answer may have, as it is sent and as it is unpacked: at most 256 MiB.
    #[serde(default = "default_max_size", deserialize_with = "deserialize_max_size")]
    #[schemars(range(min = 1, max = 268_435_456))]
    pub max_size: u64,
    /// Allows servers of your own network, and a proxy from the environment. Off, only public addresses are asked, directly.
    #[serde(default)]
    pub allow_private: bool,
    /// Where the page has no events itself, the first of these that it offers is read: its `calendar`, the pages of single `events` that
    /// it links to on the same server, its `feed`. An empty list follows nothing.
    #[serde(default = "default_follow")]
    #[schemars(schema_with = "follow_schema")]
    pub follow: Vec<OfferKind>,
    /// Where a token or password is kept: `{ env = "NAME" }` or `{ file = "path" }`, counted from the config file's folder. Its value takes the
    /// place of `{secret}` in `url` and `headers`. It goes to that server only; where that says it back, in plain or as `%xx`, `{secret}` is told.
    #[serde(default)]
    #[schemars(with = "Secret")]
    pub secret: Option<Secret>,
    /// Header fields to send with each request to this server: `{ Authorization = "Bearer {secret}" }`.
    #[serde(default, deserialize_with = "secret::deserialize_fields")]
    pub headers: BTreeMap<String, String>,
}

impl Http {
    /// An address with nothing else configured.
    pub fn at(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            timeout: default_timeout(),
            max_size: default_max_size(),
            allow_private: false,
            follow: default_follow(),
            secret: None,
            headers: BTreeMap::new(),
        }
    }

    pub(super) fn resolved_from(self, folder: &Path) -> Self {
        Self { secret: self.secret.map(|secret| secret.resolved_from(folder)), ..self }
    }

    /// What is said of `secret` and said nowhere else, or the other way round.
    pub(crate) fn mistake(&self) -> Option<&'static str> {
        let is_marked = |text: &String| text.contains(secret::MARK);
        match (&self.secret, is_marked(&self.url) || self.headers.values().any(is_marked)) {
            (None, true) => Some("expected `secret`, which `{secret}` in `url` or `headers` stands for"),
            (Some(_), false) => Some("expected `{secret}` in `url` or `headers`, where the secret goes"),
            _ => None,
        }
    }
}

fn default_timeout() -> u64 {
    30
}

/// The same as for a file: a whole community's calendar of ten years has 2 MB.
fn default_max_size() -> u64 {
    super::files::MAX_FILE
}

fn default_follow() -> Vec<OfferKind> {
    OfferKind::ALL.to_vec()
}

fn follow_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    let names = OfferKind::ALL.map(OfferKind::name);
    schemars::json_schema!({ "type": "array", "items": { "type": "string", "enum": names }, "default": names })
}

impl Http {
    /// The document's key: the configured address, without credentials.
    pub(super) fn key(&self) -> String {
        without_credentials(&self.url)
    }

    pub(super) fn host(&self) -> Option<String> {
        address(&self.url).ok()?.host_str().map(str::to_owned)
    }

    pub(super) async fn fetch(&self, asking: &Asking) -> Result<Answered, FetchError> {
        if !asking.known.offered.is_empty() {
            return self.fetch_offered(asking).await;
        }
        let (validators, told) = self.one(asking, &asking.known.validators, asking.known.moved_to.as_ref()).await?;
        Ok(Answered { validators, told, ..asking.answered(vec![self.key()]) })
    }

    /// Asks this address, or where its document has moved to; hands the document on if it changed, and answers with the new validators
    /// and what the server told.
    async fn one(
        &self,
        asking: &Asking,
        known: &Validators,
        moved_to: Option<&Url>,
    ) -> Result<(Validators, Told), FetchError> {
        let key = self.key();
        // Validators without the document they belong to would leave us with nothing.
        let known = Some(known).filter(|known| !known.is_empty() && asking.known.versions.contains_key(&key));
        let secret = self.secret.as_ref().map(Secret::value).transpose()?;
        let own = match &secret {
            Some(secret) => address(&secret.in_address(&self.url))?,
            None => address(&self.url)?,
        };
        let url = moved_to.map_or_else(|| own.clone(), |there| with_credentials_of(&own, there.clone()));
        let clock = Clock::start(self.timeout, asking.spent);
        let mut question = Question { http: self, asking, own: &own, known, secret: secret.as_ref(), clock };
        let asked = question.ask(&url).await;
        asking.took_of_its_time(question.clock.counted());
        let answer = asked.map_err(|error| error.hiding(secret.as_ref()))?;
        Ok(match answer {
            Answer::Unchanged(validators, told) => (validators, told),
            Answer::Content(content) => {
                let content = content.hiding(secret.as_ref());
                let version = version(&content.url, content.media_type.as_deref(), &content.bytes);
                if !asking.known.has(&key, &version) {
                    let file = asking.file(&key, version, content.bytes);
                    let document = Document { url: Some(content.url), media_type: content.media_type, ..file };
                    asking.document(document, content.room).await?;
                }
                (content.validators, content.told)
            }
        })
    }
}

fn validators(headers: &HeaderMap) -> Validators {
    Validators { etag: text(headers, &header::ETAG), last_modified: text(headers, &header::LAST_MODIFIED) }
}

/// A 304 may tell new validators; what it does not tell stays (RFC 9111 §4.3.4).
fn told_or_known(headers: &HeaderMap, known: Option<&Validators>) -> Validators {
    let told = validators(headers);
    let known = known.cloned().unwrap_or_default();
    Validators { etag: told.etag.or(known.etag), last_modified: told.last_modified.or(known.last_modified) }
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name).and_then(|value| std::str::from_utf8(value.as_bytes()).ok()).map(str::to_owned)
}

/// All that reading depends on. Many servers send the same bytes again and again, with new validators or none.
fn version(url: &Url, media_type: Option<&str>, bytes: &[u8]) -> String {
    let mut hash = Sha256::new();
    for part in [url.as_str().as_bytes(), media_type.unwrap_or_default().as_bytes()] {
        hash.update(part);
        hash.update([0]);
    }
    hash.update(bytes);
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn deserialize_url<'de, D: Deserializer<'de>>(config: D) -> Result<String, D::Error> {
    let url = String::deserialize(config)?;
    address(&url).map_err(de::Error::custom)?;
    Ok(url)
}

fn deserialize_timeout<'de, D: Deserializer<'de>>(config: D) -> Result<u64, D::Error> {
    within(u64::deserialize(config)?, 600, "seconds")
}

fn deserialize_max_size<'de, D: Deserializer<'de>>(config: D) -> Result<u64, D::Error> {
    within(u64::deserialize(config)?, 256 * 1024 * 1024, "bytes")
}

fn within<E: de::Error>(value: u64, most: u64, unit: &str) -> Result<u64, E> {
    if (1..=most).contains(&value) {
        return Ok(value);
    }
    Err(E::custom(format!("expected 1 to {most} {unit}, but found {value}")))
}
