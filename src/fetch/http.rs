//! One document from an address on the web.
//!
//! In: an address, and the validators of its last answer. Out: a document if it changed. Requests are conditional (RFC 9110 §13),
//! redirects are followed by hand so that each hop is judged, and sizes count after decompression: a small answer that
//! unpacks to a large one is cut off all the same.

mod error;
mod offered;
mod told;

use super::guard::{self, PublicOnly};
use super::{Answered, Asking, FetchError, Told, Validators, without_credentials};
use crate::model::{Document, OfferKind};
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Response, StatusCode};
use serde::{Deserialize, Deserializer, de};
use sha2::{Digest, Sha256};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::time::{sleep, timeout};
use url::Url;

pub use error::HttpError;
use error::root_cause;

/// More hops than this are a loop or a mistake.
const MAX_REDIRECTS: usize = 5;
/// A server that is there takes the call sooner.
const CONNECT: Duration = Duration::from_secs(10);
/// Before the one more try after a hiccup.
const PAUSE: Duration = Duration::from_secs(1);
/// What we can read, in the order we like it.
const ACCEPT: &str =
    "text/calendar, application/atom+xml, application/rss+xml, application/xml;q=0.9, text/html;q=0.8, */*;q=0.5";

/// A feed, calendar or page on the web.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// The address: `https://…`, `http://…`, or a calendar's `webcal://…`. What is there is found out by looking at it.
    #[serde(deserialize_with = "deserialize_url")]
    pub url: String,
    /// Seconds to wait for the whole answer, redirects and a second try included: 1 to 600.
    #[serde(default = "default_timeout", deserialize_with = "deserialize_timeout")]
    #[schemars(range(min = 1, max = 600))]
    pub timeout: u64,
    /// Bytes the answer may have, after decompression: at most 256 MiB.
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

/// The two clients of a run, made when first needed: a board of local files needs no certificates.
pub(super) struct Clients {
    user_agent: String,
    guarded: OnceLock<Result<Client, String>>,
    open: OnceLock<Result<Client, String>>,
}

impl Clients {
    pub(super) fn new(user_agent: &str) -> Self {
        Self { user_agent: user_agent.to_owned(), guarded: OnceLock::new(), open: OnceLock::new() }
    }

    fn get(&self, allow_private: bool) -> Result<&Client, HttpError> {
        let slot = if allow_private { &self.open } else { &self.guarded };
        let made = slot.get_or_init(|| self.make(allow_private).map_err(root_cause));
        made.as_ref().map_err(|why| HttpError::NoClient(why.clone()))
    }

    fn make(&self, allow_private: bool) -> Result<Client, reqwest::Error> {
        // Fails where a provider is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .user_agent(&self.user_agent)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .connect_timeout(CONNECT);
        // A proxy looks names up itself, past our guard.
        let client = if allow_private { client } else { client.no_proxy().dns_resolver(Arc::new(PublicOnly)) };
        client.build()
    }
}

/// A good answer.
enum Answer {
    /// 304: what we have is right; the validators it told.
    Unchanged(Validators, Told),
    /// 200.
    Content { url: Url, media_type: Option<String>, validators: Validators, told: Told, bytes: Vec<u8> },
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
        let known = asking.known.versions.contains_key(&key).then_some(known);
        let client = asking.clients.get(self.allow_private)?;
        let own = address(&self.url)?;
        let url = moved_to.map_or_else(|| own.clone(), |there| with_credentials_of(&own, there.clone()));
        let asked = timeout(Duration::from_secs(self.timeout), self.ask(client, &url, known)).await;
        let answer = asked.map_err(|_| HttpError::TimedOut(self.timeout))??;
        Ok(match answer {
            Answer::Unchanged(validators, told) => (validators, told),
            Answer::Content { url, media_type, validators, told, bytes } => {
                let version = version(&url, media_type.as_deref(), &bytes);
                if !asking.known.has(&key, &version) {
                    let document = Document { url: Some(url), media_type, ..asking.file(&key, version, bytes) };
                    asking.document(document).await?;
                }
                (validators, told)
            }
        })
    }

    async fn ask(&self, client: &Client, url: &Url, known: Option<&Validators>) -> Result<Answer, HttpError> {
        match self.follow(client, url, known).await {
            Err(error) if error.may_pass() => {
                sleep(PAUSE).await;
                self.follow(client, url, known).await
            }
            ended => ended,
        }
    }

    async fn follow(&self, client: &Client, url: &Url, known: Option<&Validators>) -> Result<Answer, HttpError> {
        let mut url = url.clone();
        // Where it lies by now, as long as each hop was one for good.
        let (mut moved_to, mut for_good) = (None, true);
        for _ in 0..=MAX_REDIRECTS {
            guard::check(&url, self.allow_private)?;
            let request = client.get(url.clone()).header(header::ACCEPT, ACCEPT).headers(conditions(known));
            let response = request.send().await.map_err(HttpError::of_request)?;
            match response.status() {
                StatusCode::NOT_MODIFIED if known.is_some() => {
                    let told = Told { moved_to, ..told::by(response.headers()) };
                    return Ok(Answer::Unchanged(told_or_known(response.headers(), known), told));
                }
                StatusCode::OK => {
                    let told = Told { moved_to, ..told::by(response.headers()) };
                    return self.content(response, url, told).await;
                }
                status if matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) => {
                    url = next_hop(&url, response.headers())?;
                    for_good &= matches!(status.as_u16(), 301 | 308);
                    if for_good {
                        let mut there = url.clone();
                        strip_credentials(&mut there);
                        moved_to = Some(there);
                    }
                }
                status => {
                    let retry_after = text(response.headers(), &header::RETRY_AFTER);
                    let retry_after = retry_after.map(|text| text.trim().chars().take(64).collect());
                    let wait = told::retry_after(response.headers());
                    return Err(HttpError::Status { status, retry_after, wait });
                }
            }
        }
        Err(HttpError::TooManyRedirects)
    }

    async fn content(&self, mut response: Response, mut url: Url, told: Told) -> Result<Answer, HttpError> {
        let headers = response.headers();
        if let Some(packed) = text(headers, &header::CONTENT_ENCODING).filter(|e| !e.eq_ignore_ascii_case("identity")) {
            return Err(HttpError::Encoding(packed.chars().filter(|c| !c.is_control()).take(40).collect()));
        }
        let media_type = text(headers, &header::CONTENT_TYPE);
        let validators = validators(headers);
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|e| HttpError::Broken(root_cause(e)))? {
            if (bytes.len() + chunk.len()) as u64 > self.max_size {
                return Err(HttpError::TooLarge(self.max_size));
            }
            bytes.extend_from_slice(&chunk);
        }
        strip_credentials(&mut url);
        Ok(Answer::Content { url, media_type, validators, told, bytes })
    }
}

/// Reads a configured address; a calendar's `webcal:` is `https:`.
fn address(url: &str) -> Result<Url, HttpError> {
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
fn next_hop(from: &Url, headers: &HeaderMap) -> Result<Url, HttpError> {
    let location = text(headers, &header::LOCATION).ok_or(HttpError::BadRedirect("one without an address"))?;
    let to = from.join(location.trim()).map_err(|_| HttpError::BadRedirect("one that is malformed"))?;
    if from.scheme() == "https" && to.scheme() == "http" {
        return Err(HttpError::BadRedirect("one from `https` down to `http`"));
    }
    Ok(with_credentials_of(from, to))
}

/// Another address, with the credentials of the first where it is at the same server, else with none.
fn with_credentials_of(own: &Url, mut other: Url) -> Url {
    strip_credentials(&mut other);
    if own.origin() == other.origin() {
        let _ = other.set_username(own.username());
        let _ = other.set_password(own.password());
    }
    other
}

fn strip_credentials(url: &mut Url) {
    let _ = url.set_username("");
    let _ = url.set_password(None);
}

/// The conditions of a conditional request, with the validators byte for byte as they were received.
fn conditions(known: Option<&Validators>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let mut add = |name: HeaderName, value: Option<&String>| {
        if let Some(value) = value.and_then(|value| HeaderValue::from_bytes(value.as_bytes()).ok()) {
            headers.insert(name, value);
        }
    };
    if let Some(known) = known {
        add(header::IF_NONE_MATCH, known.etag.as_ref());
        add(header::IF_MODIFIED_SINCE, known.last_modified.as_ref());
    }
    headers
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
