use super::server::{Reply, Server, reply};
use super::{Outcome, ask_with, net};
use noticeboard::fetch::{Known, Origin, Validators};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

const LIMIT: u64 = 1_000_000;

/// Settings as a config would write them.
pub fn origin(url: &str, more: &str) -> Origin {
    toml::from_str(&format!("http = {{ url = \"{url}\", max_size = {LIMIT}{more} }}")).unwrap()
}

async fn ask(url: &str, known: Known) -> Outcome {
    ask_with(origin(url, ", timeout = 5, allow_private = true"), known, net(Path::new("unused"))).await
}

async fn ask_guarded(url: &str) -> Outcome {
    ask_with(origin(url, ", timeout = 5"), Known::default(), net(Path::new("unused"))).await
}

#[tokio::test]
async fn a_document_comes_with_its_media_type_and_address() {
    let server = Server::start(|_, _| reply("200 OK", &["Content-Type: text/calendar; charset=utf-8"], b"BEGIN")).await;
    let url = format!("{}/a.ics", server.address);
    let outcome = ask(&url, Known::default()).await;
    let document = &outcome.documents[0];
    assert_eq!((document.key.as_str(), document.bytes.as_slice()), (url.as_str(), b"BEGIN".as_slice()));
    assert_eq!(document.url.as_ref().unwrap().as_str(), url);
    assert_eq!(document.media_type.as_deref(), Some("text/calendar; charset=utf-8"));
    assert_eq!(outcome.present(), [url]);
    let request = &server.requests()[0].to_lowercase();
    assert!(request.contains("user-agent: noticeboard/") && request.contains("(+https://board.example/)"), "{request}");
    assert!(!request.contains("if-none-match"));
}

#[tokio::test]
async fn validators_go_back_byte_for_byte_and_304_brings_no_document() {
    let (etag, date) = ("W/\"a b;é\"", "Sat, 1 Nov 2025 08:00:00 +0000");
    let server = Server::start(move |n, _| match n {
        0 => reply("200 OK", &[&format!("ETag: {etag}"), &format!("Last-Modified: {date}")], b"one"),
        1 => Reply::Raw(
            b"HTTP/1.1 304 Not Modified\r\nLast-Modified: Sun, 2 Nov 2025 08:00:00 GMT\r\nConnection: close\r\n\r\n"
                .to_vec(),
        ),
        _ => Reply::Raw(b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n".to_vec()),
    })
    .await;
    let url = format!("{}/feed", server.address);
    let first = ask(&url, Known::default()).await;
    let known = first.known(Known::default());
    assert_eq!(known.validators, Validators { etag: Some(etag.into()), last_modified: Some(date.into()) });
    let second = ask(&url, known.clone()).await;
    assert!(second.documents.is_empty());
    assert_eq!(second.present(), std::slice::from_ref(&url));
    let request = &server.requests()[1];
    assert!(request.contains(&format!("if-none-match: {etag}\r\n")), "{request}");
    assert!(request.contains(&format!("if-modified-since: {date}\r\n")), "{request}");
    let known = second.known(known);
    assert_eq!(known.validators.etag.as_deref(), Some(etag));
    assert_eq!(known.validators.last_modified.as_deref(), Some("Sun, 2 Nov 2025 08:00:00 GMT"));
    let third = ask(&url, known.clone()).await;
    assert_eq!(third.answered.unwrap().validators, known.validators);
}

#[tokio::test]
async fn validators_without_their_document_are_not_sent() {
    let server = Server::start(|_, _| reply("200 OK", &[], b"one")).await;
    let validators = Validators { etag: Some("\"x\"".into()), last_modified: None };
    let outcome = ask(&server.address, Known { validators, ..Known::default() }).await;
    assert_eq!(outcome.documents.len(), 1);
    assert!(!server.requests()[0].contains("if-none-match"));
}

#[tokio::test]
async fn the_same_bytes_again_are_no_new_document() {
    let server = Server::start(|n, _| reply("200 OK", &[&format!("ETag: \"{n}\"")], b"the same")).await;
    let first = ask(&server.address, Known::default()).await;
    let second = ask(&server.address, first.known(Known::default())).await;
    assert!(second.documents.is_empty());
    assert_eq!(second.answered.unwrap().validators.etag.as_deref(), Some("\"1\""));
}

#[tokio::test]
async fn statuses_are_told_with_a_way_out() {
    let cases = [
        ("404 Not Found", "", "check the address; it may have moved"),
        ("410 Gone", "", "it is gone for good: take the source out of the config; its past events stay"),
        (
            "429 Too Many Requests",
            "Retry-After: 120",
            "the server wants fewer requests, and is left alone; it asks to wait 120 s",
        ),
        (
            "503 Service Unavailable",
            "Retry-After: Sat, 01 Nov 2025 09:00:00 GMT",
            "the server is in trouble; a later run tries again; it asks to wait until Sat, 01 Nov 2025 09:00:00 GMT",
        ),
    ];
    for (status, header, hint) in cases {
        let server =
            Server::start(move |_, _| reply(status, &[if header.is_empty() { "X-A: b" } else { header }], b"no")).await;
        let outcome = ask(&server.address, Known::default()).await;
        assert_eq!(outcome.failure(), format!("expected a document, but the server answered `{status}`"));
        assert_eq!(outcome.failed.unwrap().hint.as_deref(), Some(hint));
        assert_eq!(server.requests().len(), 1, "{status} is not worth a second try");
    }
}

#[tokio::test]
async fn a_hiccup_is_tried_once_more() {
    let server = Server::start(|n, _| match n {
        0 => reply("500 Internal Server Error", &[], b"oh"),
        _ => reply("200 OK", &[], b"well"),
    })
    .await;
    assert_eq!(ask(&server.address, Known::default()).await.documents[0].bytes, b"well");
    let server = Server::start(|_, _| reply("502 Bad Gateway", &[], b"oh")).await;
    assert!(ask(&server.address, Known::default()).await.failure().contains("502 Bad Gateway"));
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn nobody_there_is_a_failure_and_not_a_wait() {
    let outcome = ask("http://127.0.0.1:1/", Known::default()).await;
    assert!(outcome.failure().starts_with("no answer: `"), "{}", outcome.failure());
}

#[tokio::test]
async fn redirects_are_followed_but_not_for_ever() {
    let server = Server::start(|n, _| match n {
        0 => reply("301 Moved Permanently", &["Location: /b/feed.xml"], b""),
        _ => reply("200 OK", &[], b"there"),
    })
    .await;
    let url = format!("{}/a", server.address);
    let outcome = ask(&url, Known::default()).await;
    assert_eq!(outcome.documents[0].key, url);
    assert_eq!(outcome.documents[0].url.as_ref().unwrap().path(), "/b/feed.xml");
    let server = Server::start(|_, _| reply("302 Found", &["Location: /again"], b"")).await;
    let outcome = ask(&server.address, Known::default()).await;
    assert_eq!(outcome.failure(), "expected at most 5 redirects, but found more");
    assert_eq!(server.requests().len(), 6);
}

#[tokio::test]
async fn a_redirect_to_a_file_is_refused() {
    let server = Server::start(|_, _| reply("302 Found", &["Location: file:///etc/passwd"], b"")).await;
    let outcome = ask(&server.address, Known::default()).await;
    assert_eq!(outcome.failure(), "expected an address with `http` or `https`, but found `file`");
}

#[tokio::test]
async fn credentials_go_to_their_server_only_and_are_never_told() {
    let other = Server::start(|_, _| reply("200 OK", &[], b"hello")).await;
    let to = format!("Location: {}/x", other.address);
    let server = Server::start(move |n, _| match n {
        0 => reply("302 Found", &["Location: /same"], b""),
        1 => reply("302 Found", &[&to], b""),
        _ => reply("404 Not Found", &[], b""),
    })
    .await;
    let url = server.address.replace("http://", "http://bot:hunter2@");
    let outcome = ask(&url, Known::default()).await;
    assert!(server.requests().iter().all(|r| r.contains("authorization: Basic")));
    assert!(!other.requests()[0].contains("authorization"));
    assert!(!format!("{outcome:?}").contains("hunter2"));
    let outcome = ask(&url, Known::default()).await;
    assert!(outcome.failed.is_some());
    assert!(!format!("{outcome:?}").contains("hunter2"));
}

#[tokio::test]
async fn private_addresses_are_refused_unless_allowed() {
    let server = Server::start(|_, _| reply("200 OK", &[], b"secret")).await;
    let port = server.address.rsplit(':').next().unwrap().to_owned();
    for host in ["127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]", "[::1]"] {
        let outcome = ask_guarded(&format!("http://{host}:{port}/")).await;
        assert!(outcome.failure().contains("a private address"), "{host}: {}", outcome.failure());
        assert!(outcome.failed.unwrap().hint.unwrap().contains("allow_private"));
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_large_body_stops_at_the_limit() {
    let head = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";
    let server = Server::start(move |_, _| Reply::Flood([head.as_bytes(), &vec![b'x'; 1 << 20]].concat())).await;
    let outcome = ask(&server.address, Known::default()).await;
    assert_eq!(outcome.failure(), "expected at most 1000000 bytes, but the answer has more");
    assert!(outcome.documents.is_empty() && outcome.problems.is_empty());
    assert!(*server.sent.lock().unwrap() < 50_000_000);
}

#[tokio::test]
async fn a_small_answer_that_unpacks_to_a_large_one_stops_at_the_limit() {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..100 {
        packer.write_all(&vec![0; 1 << 20]).unwrap();
    }
    let bomb = packer.finish().unwrap();
    assert!(bomb.len() < 200_000);
    let server = Server::start(move |_, _| reply("200 OK", &["Content-Encoding: gzip"], &bomb)).await;
    let outcome = ask(&server.address, Known::default()).await;
    assert_eq!(outcome.failure(), "expected at most 1000000 bytes, but the answer has more");
}

#[tokio::test]
async fn a_packed_answer_is_unpacked_once_and_odd_packing_is_refused() {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(b"hello").unwrap();
    let packed = packer.finish().unwrap();
    let server = Server::start(move |_, _| reply("200 OK", &["Content-Encoding: gzip"], &packed)).await;
    assert_eq!(ask(&server.address, Known::default()).await.documents[0].bytes, b"hello");
    let server = Server::start(|_, _| reply("200 OK", &["Content-Encoding: zstd"], b"\x28\xb5\x2f\xfd")).await;
    let outcome = ask(&server.address, Known::default()).await;
    assert_eq!(outcome.failure(), "expected an answer packed as asked for, but found `zstd`");
    let server = Server::start(|_, _| reply("200 OK", &["Content-Encoding: gzip"], b"not packed at all")).await;
    let outcome = ask(&server.address, Known::default()).await;
    assert!(outcome.failure().starts_with("expected an answer packed as `gzip`"), "{}", outcome.failure());
    let server = Server::start(|_, _| reply("200 OK", &["Content-Encoding: gzip"], b"<rss version='2.0'/>")).await;
    assert_eq!(ask(&server.address, Known::default()).await.documents[0].bytes, b"<rss version='2.0'/>");
}

#[tokio::test]
async fn silence_and_slowness_end_at_the_time_limit() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n".to_vec();
    let drip = move || Reply::Drip([head.as_slice(), &[b'x'; 5000]].concat());
    let servers = [Server::start(|_, _| Reply::Silence).await, Server::start(move |_, _| drip()).await];
    for server in servers {
        let begun = Instant::now();
        let origin = origin(&server.address, ", timeout = 1, allow_private = true");
        let outcome = ask_with(origin, Known::default(), net(Path::new("unused"))).await;
        assert_eq!(outcome.failure(), "no whole answer within 1 s");
        assert!(begun.elapsed() < Duration::from_secs(4));
    }
}

#[tokio::test]
async fn an_answer_cut_short_is_no_document() {
    let cut = || Reply::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this".to_vec());
    let server = Server::start(move |_, _| cut()).await;
    let outcome = ask(&server.address, Known::default()).await;
    assert_eq!(outcome.failure(), "expected 1000 bytes, but the connection closed after 9");
    assert!(outcome.documents.is_empty());
    let server = Server::start(|_, _| Reply::Raw(Vec::new())).await;
    let outcome = ask(&server.address, Known::default()).await;
    assert_eq!(outcome.failure(), "the server closed the connection before its answer");
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn mistakes_in_the_config_are_named() {
    for (config, expected) in [
        ("http = { url = \"feed.xml\" }", "but found one that is malformed: relative URL without a base"),
        ("http = { url = \"ftp://example.org/\" }", "but found the scheme `ftp`"),
        ("http = { url = \"https://example.org/\", timeout = 0 }", "expected 1 to 600 seconds, but found 0"),
        ("http = { url = \"https://example.org/\", timout = 3 }", "unknown field `timout`"),
    ] {
        let error = toml::from_str::<Origin>(config).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    assert!(toml::from_str::<Origin>("http = { url = \"webcal://calendar.example.org/a.ics\" }").is_ok());
}
