//! One question to the web, redirects and all, until there is an answer.
//!
//! In: an address, and the validators of its last answer. Out: an answer, unpacked and within bounds. Redirects are followed by hand, so that
//! each hop is judged and takes its turn at its server.

use super::address::{next_hop, strip_credentials};
use super::clock::Clock;
use super::unpack::{Fault, STEP, Unpacker};
use super::{Http, HttpError, MAX_REDIRECTS, Packing, cause, client, secret, told};
use super::{told_or_known, validators};
use crate::fetch::budget::Room;
use crate::fetch::{Asking, Told, Validators, guard};
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Response, StatusCode};
use url::Url;

/// A good answer.
pub(super) enum Answer {
    /// 304: what we have is right; the validators it told.
    Unchanged(Validators, Told),
    /// 200.
    Content(Content),
}

/// What a server sent.
pub(super) struct Content {
    pub url: Url,
    pub media_type: Option<String>,
    pub validators: Validators,
    pub told: Told,
    pub bytes: Vec<u8>,
    /// What the bytes take of the budget.
    pub room: Room,
}

impl Content {
    /// Without credentials, and with `{secret}` wherever the secret stands.
    pub(super) fn hiding(mut self, secret: Option<&secret::Value>) -> Self {
        strip_credentials(&mut self.url);
        let Some(secret) = secret else { return self };
        if secret.is_in(self.url.as_str()) {
            let hidden = Url::parse(&secret.hide(self.url.as_str()));
            self.url = hidden.unwrap_or_else(|_| without_path(self.url));
        }
        self.media_type = self.media_type.map(|media_type| secret.hide(&media_type));
        self.bytes = secret.hide_in_bytes(self.bytes);
        self
    }
}

fn without_path(mut url: Url) -> Url {
    url.set_path("/");
    url.set_query(None);
    url.set_fragment(None);
    url
}

/// One question.
pub(super) struct Question<'a> {
    pub http: &'a Http,
    pub asking: &'a Asking,
    /// The configured address, secret and all: what is sent to nobody else comes from it.
    pub own: &'a Url,
    pub known: Option<&'a Validators>,
    pub secret: Option<&'a secret::Value>,
    pub clock: Clock,
}

impl Question<'_> {
    /// Asks there, and where that leads.
    pub(super) async fn ask(&mut self, url: &Url) -> Result<Answer, HttpError> {
        let mut url = url.clone();
        // Where it lies by now, as long as each hop was one for good.
        let (mut moved_to, mut for_good) = (None, true);
        let from_own = url == *self.own;
        for _ in 0..=MAX_REDIRECTS {
            let response = self.send(&url).await?;
            let told = |moved_to| Told { moved_to, ..told::by(response.headers(), self.asking.net.now) };
            match response.status() {
                StatusCode::NOT_MODIFIED => match self.known {
                    None => return Err(HttpError::NothingAsked),
                    // It has another than the one we named, and so it has changed after all.
                    Some(known) if is_another(known, &validators(response.headers())) => self.known = None,
                    known => return Ok(Answer::Unchanged(told_or_known(response.headers(), known), told(moved_to))),
                },
                StatusCode::OK => {
                    let told = told(moved_to);
                    return self.content(response, url, told).await.map(Answer::Content);
                }
                status if matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) => {
                    url = next_hop(&url, response.headers())?;
                    for_good &= matches!(status.as_u16(), 301 | 308);
                    if for_good {
                        let mut there = url.clone();
                        strip_credentials(&mut there);
                        moved_to =
                            Some(there).filter(|there| self.secret.is_none_or(|secret| !secret.is_in(there.as_str())));
                    }
                }
                status => return Err(self.refusal(status, response.headers(), &url, from_own && for_good)),
            }
        }
        Err(HttpError::TooManyRedirects)
    }

    /// One request at one server, in its turn.
    async fn send(&mut self, url: &Url) -> Result<Response, HttpError> {
        let (net, allow_private) = (&self.asking.net, self.http.allow_private);
        guard::check(url, (!allow_private).then_some(&net.limits.allow))?;
        let host = url.host_str().unwrap_or_default();
        let turn = self.asking.turn(host);
        self.clock.pause(turn).await.map_err(|wait| HttpError::LeftAlone { host: host.to_owned(), wait })?;
        let client = net.client(allow_private)?;
        let mut headers = conditions(self.known);
        if url.origin() == self.own.origin() {
            headers.extend(secret::fields(&self.http.headers, self.secret)?);
        }
        if self.asking.is_last {
            // A thousand connections that nobody needs any more take much room. HTTP/2 knows no such field, and it is left out there.
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        let limits = &net.limits;
        let request = client.get(url.clone()).headers(headers).send();
        let sent =
            self.clock.within(limits.connect + limits.first_byte, || HttpError::Silent(limits.first_byte), request);
        let response = sent.await?.map_err(|error| cause::of_request(&error, host, limits.connect))?;
        self.asking.saw_status(response.status().as_u16());
        if client::is_too_much(response.headers()) { Err(HttpError::Header) } else { Ok(response) }
    }

    /// `is_own` where the source's own address led here for good.
    fn refusal(&self, status: StatusCode, headers: &HeaderMap, url: &Url, is_own: bool) -> HttpError {
        let retry_after = super::text(headers, &header::RETRY_AFTER);
        let retry_after = retry_after.map(|text| text.trim().chars().take(64).collect());
        let wait = told::retry_after(headers, self.asking.net.now);
        let error = HttpError::Status { status, retry_after, wait, gone: is_own && status == StatusCode::GONE };
        if let (Some(wait), Some(host)) = (error.wait(), url.host_str()) {
            self.asking.net.manners().leave_alone(host, wait);
        }
        error
    }

    /// Reads the content, unpacks it as it comes, and stops where there is too much of it.
    async fn content(&mut self, mut response: Response, url: Url, told: Told) -> Result<Content, HttpError> {
        let packing = packing(response.headers())?;
        let media_type = super::text(response.headers(), &header::CONTENT_TYPE);
        let validators = validators(response.headers());
        let most = self.http.max_size;
        let said = response.content_length();
        if let Some(said) = said.filter(|said| *said > most) {
            return Err(HttpError::TooLargeSaid { most, said });
        }
        let idle = self.asking.net.limits.idle;
        let mut room = self.asking.net.room();
        let mut unpacker = Unpacker::new(packing);
        let (mut bytes, mut found) = (Vec::new(), 0u64);
        while let Some(chunk) = self
            .clock
            .within(idle, || HttpError::Stalled(idle), response.chunk())
            .await?
            .map_err(|error| cause::of_body(&error, said, found))?
        {
            found += chunk.len() as u64;
            self.asking.received(chunk.len() as u64);
            if found > most {
                return Err(HttpError::TooLarge(most));
            }
            let mut sent = chunk.as_ref();
            loop {
                if !room.holds(bytes.len() + STEP) {
                    self.clock.pause(room.grow_to(bytes.len() + STEP)).await;
                }
                let more = unpacker.step(&mut sent, &mut bytes).map_err(|fault| match fault {
                    Fault::Damaged => HttpError::Packing(packing.name()),
                    Fault::Members => HttpError::Members,
                })?;
                if bytes.len() as u64 > most {
                    return Err(HttpError::TooLarge(most));
                }
                if !more {
                    break;
                }
            }
        }
        if !unpacker.is_whole() {
            return Err(HttpError::Packing(packing.name()));
        }
        bytes.shrink_to_fit();
        Ok(Content { url, media_type, validators, told, bytes, room })
    }
}

fn packing(headers: &HeaderMap) -> Result<Packing, HttpError> {
    let fields: Vec<String> = headers
        .get_all(header::CONTENT_ENCODING)
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        .collect();
    let field = fields.join(", ");
    Packing::named(&field)
        .ok_or_else(|| HttpError::Encoding(field.chars().filter(|c| !c.is_control()).take(40).collect()))
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

/// True where a 304 names another version than the one we have (RFC 9110 §15.4.5 asks for the same). Some servers add to a tag how they
/// packed what it names, or leave that off.
fn is_another(known: &Validators, told: &Validators) -> bool {
    fn opaque(tag: &str) -> &str {
        let tag = tag.trim().trim_start_matches("W/").trim_matches('"');
        let packings = ["gzip", "br", "deflate", "zstd"];
        let bare = packings.iter().find_map(|packing| tag.strip_suffix(packing)).unwrap_or(tag);
        bare.trim_end_matches(['-', ';', ':', '+'])
    }
    match (&known.etag, &told.etag) {
        (Some(known), Some(told)) => opaque(known) != opaque(told),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_the_same_however_weak_or_packed() {
        let tag = |tag: &str| Validators { etag: Some(tag.to_owned()), last_modified: None };
        for (known, told, expected) in [
            ("\"a-1\"", "\"a-1\"", false),
            ("W/\"a-1\"", "\"a-1\"", false),
            ("\"a-1-gzip\"", "\"a-1\"", false),
            ("\"a-1\"", "W/\"a-1;br\"", false),
            ("\"1\"", "\"12\"", true),
            ("\"a-1-gzip\"", "\"a-2-gzip\"", true),
        ] {
            assert_eq!(is_another(&tag(known), &tag(told)), expected, "{known} {told}");
        }
        assert!(!is_another(&tag("\"a\""), &Validators::default()));
    }
}
