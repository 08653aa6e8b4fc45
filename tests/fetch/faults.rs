//! What servers and networks do wrong: each fault has a name, ends within its bound, and costs no other source.

use super::server::{Reply, Server, reply};
use super::{http, net_with};
use noticeboard::fetch::{Arrival, Attempt, Due, Failed, Known, Limits, Net, Origin, due};
use noticeboard::model::{Document, Problem, SourceId};
use std::io::{self, Write};
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

/// Bounds of two seconds each, and this machine allowed by its address.
pub fn limits() -> Limits {
    toml::from_str("spacing = 0\nconnect = 2\nfirst_byte = 2\nidle = 2\nallow = [\"127.0.0.1\"]").unwrap()
}

pub fn net() -> Net {
    net_with(Path::new("unused"), limits())
}

/// A source of that server with a limit of a million bytes, by the rules that hold without `allow_private`.
pub fn origin(address: &str) -> Origin {
    http::origin(address, ", timeout = 10")
}

/// How a source ended that was asked beside a healthy one.
#[derive(Debug, Default)]
pub struct Ended {
    pub documents: Vec<Document>,
    pub failed: Option<Problem>,
    pub attempt: Attempt,
}

impl Ended {
    pub fn message(&self) -> &str {
        self.failed.as_ref().map_or("it answered well", |problem| problem.message.as_str())
    }
}

/// Asks a source beside a healthy one, which must not notice.
pub async fn beside_another(faulty: Origin, net: Net) -> Ended {
    let healthy = Server::start(|_, _| reply("200 OK", &[], b"well")).await;
    let due_of = |id: &str, origin| Due { source: SourceId::new(id).unwrap(), origin, known: Known::default() };
    let begun = Instant::now();
    let mut arrivals = due(vec![due_of("faulty", faulty), due_of("healthy", origin(&healthy.address))], net);
    let (mut ended, mut is_well) = (Ended::default(), false);
    while let Some(arrival) = arrivals.recv().await {
        match arrival {
            Arrival::Document(document) if document.source.as_str() == "faulty" => ended.documents.push(document),
            Arrival::Answered(answered) if answered.source.as_str() == "faulty" => ended.attempt = answered.attempt,
            Arrival::Failed(Failed { source, problem, attempt, .. }) => {
                assert_eq!(source.as_str(), "faulty", "{problem}");
                (ended.failed, ended.attempt) = (Some(problem), attempt);
            }
            Arrival::Answered(_) => is_well = true,
            _ => {}
        }
    }
    assert!(is_well, "the healthy source did not answer beside {ended:?}");
    assert!(begun.elapsed() < Duration::from_secs(20), "{ended:?}");
    ended
}

async fn fails_with(name: &str, faulty: Origin, net: Net, expected: &str) -> Ended {
    let ended = beside_another(faulty, net).await;
    assert!(ended.message().starts_with(expected), "{name}: {}", ended.message());
    assert!(ended.failed.as_ref().is_some_and(|problem| problem.hint.is_some()), "{name} has no way out");
    assert!(ended.documents.is_empty(), "{name}");
    ended
}

fn head(fields: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\n{fields}\r\n\r\n").into_bytes()
}

const CHUNKED: &str = "Transfer-Encoding: chunked";

/// Answers to one request with what is expected of each.
fn answers() -> Vec<(&'static str, Reply, &'static str)> {
    let fields = |count: usize, long: usize| {
        let lines: Vec<String> = (0..count).map(|n| format!("X-{n}: {}", "x".repeat(long))).collect();
        Reply::Raw(head(&lines.join("\r\n")))
    };
    let after = |fields: &str, body: &[u8]| [head(fields), body.to_vec()].concat();
    let silent = "no answer within 2 s of the connection";
    let stalled = "the answer stopped in its middle: nothing more came for 2 s";
    let closed = "the server closed the connection before its answer";
    let header = "expected at most 100 header fields and 64 KiB of them";
    let large = "expected at most 1000000 bytes, but the answer has more";
    let chunks = "expected the answer in pieces with their lengths";
    vec![
        ("silence", Reply::Silence, silent),
        ("a stall in the header", Reply::Hold(b"HTTP/1.1 200 OK\r\nContent-Ty".to_vec()), silent),
        ("a stall before the body", Reply::Hold(head("Content-Length: 9")), stalled),
        ("a stall between pieces", Reply::Hold(after(CHUNKED, b"5\r\nhello\r\n")), stalled),
        ("closed at once", Reply::Raw(Vec::new()), closed),
        ("closed in the header", Reply::Raw(b"HTTP/1.1 200 OK\r\nContent-Ty".to_vec()), closed),
        (
            "closed before the body",
            Reply::Raw(head("Content-Length: 9")),
            "expected 9 bytes, but the connection closed after 0",
        ),
        (
            "closed in the body",
            Reply::Raw(after("Content-Length: 900", b"hello")),
            "expected 900 bytes, but the connection closed after 5",
        ),
        (
            "closed between pieces",
            Reply::Raw(after(CHUNKED, b"5\r\nhello\r\n")),
            "expected more bytes, but the connection closed after 5",
        ),
        ("pieces without lengths", Reply::Raw(after(CHUNKED, b"hello, this is no length")), chunks),
        ("a piece longer than its length", Reply::Raw(after(CHUNKED, b"5\r\nhello, world\r\n0\r\n\r\n")), chunks),
        ("another protocol", Reply::Raw(b"SSH-2.0-Harbour\r\n".to_vec()), "expected an answer in HTTP"),
        (
            "two lengths",
            Reply::Raw(after("Content-Length: 5\r\nContent-Length: 6", b"hello")),
            "expected an answer in HTTP",
        ),
        ("more header fields than anyone needs", fields(101, 5), header),
        ("long header fields", fields(70, 1000), header),
        (
            "header fields without end",
            Reply::Endless(b"HTTP/1.1 200 OK\r\n".to_vec(), b"X-A: more\r\n".to_vec()),
            header,
        ),
        ("a header field without end", Reply::Endless(b"HTTP/1.1 200 OK\r\nX-A: ".to_vec(), vec![b'x'; 4096]), header),
        (
            "more than the limit, as announced",
            Reply::Hold(head("Content-Length: 1000001")),
            "expected at most 1000000 bytes, but the server announces 1000001",
        ),
        ("a body without end", Reply::Endless(head("X-A: b"), vec![b'x'; 65536]), large),
        (
            "pieces without end",
            Reply::Endless(head(CHUNKED), [b"8000\r\n", &[b'x'; 32768][..], b"\r\n"].concat()),
            large,
        ),
        ("a bomb of gzip", reply("200 OK", &["Content-Encoding: gzip"], &gzip(&bomb())), large),
        ("a bomb of deflate", reply("200 OK", &["Content-Encoding: deflate"], &deflate(&bomb())), large),
        ("a bomb of brotli", reply("200 OK", &["Content-Encoding: br"], &br(&bomb())), large),
        (
            "gzip that says it is brotli",
            reply("200 OK", &["Content-Encoding: br"], &gzip(b"hello")),
            "expected an answer packed as `br`, as it says",
        ),
        (
            "gzip cut short with its length",
            reply("200 OK", &["Content-Encoding: gzip"], &gzip(b"hello")[..12]),
            "expected an answer packed as `gzip`, as it says",
        ),
        (
            "a packing nobody asked for",
            reply("200 OK", &["Content-Encoding: zstd"], b"(\xb5/\xfd"),
            "expected an answer packed as asked for, but found `zstd`",
        ),
        (
            "two packings",
            reply("200 OK", &["Content-Encoding: gzip", "Content-Encoding: br"], b"x"),
            "expected an answer packed as asked for, but found `gzip, br`",
        ),
        (
            "an answer to another question",
            Reply::Raw(b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n".to_vec()),
            "expected a document, but the server answered that nothing changed, which it was not asked",
        ),
        (
            "a redirect to itself",
            reply("302 Found", &["Location: /"], b""),
            "expected at most 5 redirects, but found more",
        ),
        (
            "a redirect to nowhere",
            reply("302 Found", &[], b""),
            "expected a redirect to an address, but found one without",
        ),
        (
            "a redirect to this machine",
            reply("302 Found", &["Location: http://127.0.0.2/"], b""),
            "expected a server on the public internet, but `127.0.0.2`",
        ),
        (
            "a redirect to the cloud's secrets",
            reply("302 Found", &["Location: http://169.254.169.254/latest/meta-data/"], b""),
            "expected a server on the public internet, but `169.254.169.254`",
        ),
        (
            "a redirect to a private network in other words",
            reply("302 Found", &["Location: http://0x0a.1/"], b""),
            "expected a server on the public internet, but `10.0.0.1`",
        ),
        (
            "a redirect to a file",
            reply("302 Found", &["Location: file:///etc/passwd"], b""),
            "expected an address with `http` or `https`, but found `file`",
        ),
    ]
}

fn bomb() -> Vec<u8> {
    vec![0; 64 * 1024 * 1024]
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(text).unwrap();
    packer.finish().unwrap()
}

fn deflate(text: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(text).unwrap();
    packer.finish().unwrap()
}

fn br(text: &[u8]) -> Vec<u8> {
    let settings = brotli::enc::BrotliEncoderParams { quality: 1, ..Default::default() };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &*text, &mut packed, &settings).unwrap();
    packed
}

#[tokio::test]
async fn each_fault_of_an_answer_has_its_name_and_ends_within_its_bound() {
    let mut asked = tokio::task::JoinSet::new();
    for (name, answer, expected) in answers() {
        asked.spawn(async move {
            let answer = std::sync::Mutex::new(Some(answer));
            let again = Arc::new(std::sync::Mutex::new(Vec::new()));
            let server = Server::start(move |_, _| match answer.lock().unwrap().take() {
                Some(Reply::Raw(bytes)) => {
                    *again.lock().unwrap() = bytes.clone();
                    Reply::Raw(bytes)
                }
                Some(other) => other,
                // What is redirected, or tried once more, gets the same.
                None => Reply::Raw(again.lock().unwrap().clone()),
            })
            .await;
            fails_with(name, origin(&server.address), net(), expected).await;
            assert!(*server.sent.lock().unwrap() < 50_000_000, "{name}");
        });
    }
    asked.join_all().await;
}

#[tokio::test]
async fn a_body_longer_than_its_length_ends_where_it_says() {
    let server = Server::start(|_, _| Reply::Raw([head("Content-Length: 5"), b"hello, world".to_vec()].concat())).await;
    let ended = beside_another(origin(&server.address), net()).await;
    assert_eq!(ended.documents[0].bytes, b"hello");
}

#[tokio::test]
async fn lines_in_a_header_that_are_no_fields_are_passed_over() {
    let fields = "Warning in line 7\r\nContent-Type : text/xml\r\nX-Long: one\r\n two\r\nContent-Length: 5";
    let server = Server::start(move |_, _| Reply::Raw([head(fields), b"hello".to_vec()].concat())).await;
    let ended = beside_another(origin(&server.address), net()).await;
    assert_eq!(ended.documents.first().map(|document| document.bytes.as_slice()), Some(&b"hello"[..]), "{ended:?}");
}

#[tokio::test]
async fn an_error_page_in_the_place_of_a_feed_is_handed_on_as_what_it_is() {
    let page = b"<!doctype html><title>Error 500</title>";
    let server = Server::start(move |_, _| reply("200 OK", &["Content-Type: text/html"], page)).await;
    let ended = beside_another(origin(&server.address), net()).await;
    assert_eq!(ended.documents[0].media_type.as_deref(), Some("text/html"));
}

#[tokio::test]
async fn an_attempt_tells_status_and_bytes_as_they_were_sent() {
    let packed = gzip(&vec![b'x'; 100_000]);
    let length = packed.len() as u64;
    let server = Server::start(move |n, _| match n {
        0 => reply("302 Found", &["Location: /there"], b""),
        _ => reply("200 OK", &["Content-Encoding: gzip"], &packed),
    })
    .await;
    let ended = beside_another(origin(&server.address), net()).await;
    assert_eq!((ended.attempt.status, ended.attempt.received), (Some(200), length));
    let server = Server::start(|_, _| reply("404 Not Found", &[], b"nothing here")).await;
    let ended = beside_another(origin(&server.address), net()).await;
    assert_eq!((ended.attempt.status, ended.attempt.received), (Some(404), 0));
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_server_that_takes_no_calls_is_not_waited_for() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut calls = Vec::new();
    // Nobody takes these, and then there is room for no more.
    while let Ok(Ok(call)) = tokio::time::timeout(Duration::from_millis(300), TcpStream::connect(address)).await {
        calls.push(call);
        assert!(calls.len() < 100, "there is always room");
    }
    fails_with("a full house", origin(&format!("http://{address}/")), net(), "no connection within 2 s").await;
}

#[tokio::test]
async fn a_server_that_never_says_hello_over_tls_is_not_waited_for() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://{}/", listener.local_addr().unwrap());
    let silent = tokio::spawn(async move {
        let mut calls = Vec::new();
        while let Ok((call, _)) = listener.accept().await {
            calls.push(call);
        }
    });
    fails_with("no hello", origin(&address), net(), "no connection within 2 s").await;
    silent.abort();
}

#[tokio::test]
async fn names_that_lead_nowhere_or_where_they_may_not_are_told() {
    let unknown = |_: &str| Err(io::Error::new(io::ErrorKind::NotFound, "no such name"));
    let expected = "expected a server, but the name `ponds.example` is not known";
    fails_with("unknown", origin("http://ponds.example/"), net().with_names(unknown), expected).await;
    let calls = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&calls);
    let silent = move |_: &str| {
        count.fetch_add(1, Ordering::SeqCst);
        Err(io::Error::other("the name service does not answer"))
    };
    let expected = "the name `ponds.example` could not be looked up: `the name service does not answer`";
    fails_with("no names", origin("http://ponds.example/"), net().with_names(silent), expected).await;
    assert_eq!(calls.load(Ordering::SeqCst), 2, "a hiccup is worth a second try");
    for address in ["10.0.0.7", "169.254.169.254", "::1", "::ffff:10.0.0.7"] {
        let ip: IpAddr = address.parse().unwrap();
        let net = net().with_names(move |_| Ok(vec![ip]));
        let expected =
            "expected a server on the public internet, but `ponds.example` is, or leads to, a private address";
        fails_with(address, origin("http://ponds.example/"), net, expected).await;
    }
}

#[tokio::test]
async fn a_name_that_changes_its_mind_or_a_redirect_to_a_private_name_is_refused() {
    let server = Server::start(|_, request| match request.contains("GET /elsewhere") {
        true => reply("302 Found", &["Location: http://inside.example/"], b""),
        false => reply("302 Found", &["Location: /again"], b""),
    })
    .await;
    let calls = AtomicUsize::new(0);
    let names = move |_: &str| match calls.fetch_add(1, Ordering::SeqCst) {
        0 => Ok(vec!["127.0.0.1".parse().unwrap()]),
        _ => Ok(vec!["10.0.0.7".parse().unwrap()]),
    };
    let url = format!("http://ponds.example:{}/", server.port());
    let expected = "expected a server on the public internet, but `ponds.example` is, or leads to";
    fails_with("rebinding", origin(&url), net().with_names(names), expected).await;
    assert_eq!(server.requests().len(), 1);
    let names = |host: &str| match host {
        "ponds.example" => Ok(vec!["127.0.0.1".parse().unwrap()]),
        _ => Ok(vec!["192.168.1.9".parse().unwrap()]),
    };
    let expected = "expected a server on the public internet, but `inside.example` is, or leads to";
    fails_with("inside", origin(&format!("{url}elsewhere")), net().with_names(names), expected).await;
}

#[tokio::test]
async fn an_allowed_name_may_be_anywhere_and_a_server_may_have_ipv6_only() {
    let answer = |_: usize, _: &str| reply("200 OK", &[], b"hello");
    let server = Server::start(answer).await;
    let with_name: Limits = toml::from_str("spacing = 0\nallow = [\"intranet.example\", \"127.0.0.0/8\"]").unwrap();
    let here = |_: &str| Ok(vec!["127.0.0.1".parse().unwrap()]);
    let net = net_with(Path::new("unused"), with_name).with_names(here);
    let ended = beside_another(origin(&format!("http://intranet.example:{}/", server.port())), net).await;
    assert_eq!(ended.documents.len(), 1, "{ended:?}");
    // Not every machine has it.
    let Some(server) = Server::start_at("[::1]:0", answer).await else { return };
    let with_six: Limits = toml::from_str("spacing = 0\nallow = [\"[::1]/128\", \"127.0.0.1\"]").unwrap();
    let six = |_: &str| Ok(vec!["::1".parse().unwrap()]);
    let net = net_with(Path::new("unused"), with_six).with_names(six);
    let ended = beside_another(origin(&format!("http://six.example:{}/", server.port())), net).await;
    assert_eq!(ended.documents.len(), 1, "{ended:?}");
}

#[test]
fn mistakes_in_what_is_allowed_are_found_in_the_config() {
    for (allow, expected) in [
        ("10.0.0.0/33", "expected at most 32 bits after `/`, but found `10.0.0.0/33`"),
        ("*.example", "expected a name, an address or a network such as `10.0.0.0/8`, but found `*.example`"),
    ] {
        let text = format!(
            "[site]\ntitle = \"Ponds\"\nurl = \"https://board.example/\"\ntime_zone = \"UTC\"\n[fetch]\nallow = [\"{allow}\"]\n\
             [[source]]\nid = \"site\"\nfrom.directory = {{ path = \"posts\" }}\n"
        );
        let error =
            noticeboard::config::parse(&text, Path::new("noticeboard.toml"), Path::new("/")).unwrap_err().to_string();
        assert!(error.contains(expected) && error.contains("noticeboard.toml:6:"), "{error}");
    }
}

#[tokio::test]
async fn a_tag_that_lies_hides_no_change() {
    let server = Server::start(|n, _| match n {
        0 => reply("200 OK", &["ETag: \"one\""], b"first"),
        // Says in one breath that nothing changed, and that it has another one now.
        1 => Reply::Raw(b"HTTP/1.1 304 Not Modified\r\nETag: \"two\"\r\nConnection: close\r\n\r\n".to_vec()),
        2 => reply("200 OK", &["ETag: \"two\""], b"second"),
        // The same tag for other bytes, and how they were packed in the tag.
        3 => reply("200 OK", &["ETag: \"two\""], b"third"),
        _ => Reply::Raw(b"HTTP/1.1 304 Not Modified\r\nETag: \"two-gzip\"\r\nConnection: close\r\n\r\n".to_vec()),
    })
    .await;
    let mut known = Known::default();
    for (run, expected) in [Some(b"first".as_slice()), Some(b"second"), Some(b"third"), None].into_iter().enumerate() {
        let outcome = super::ask_with(origin(&server.address), known.clone(), net()).await;
        assert_eq!(outcome.documents.first().map(|document| document.bytes.as_slice()), expected, "run {run}");
        known = outcome.known(known);
    }
    assert_eq!(server.requests().len(), 5);
    assert!(!server.requests()[2].contains("if-none-match"), "asked again without a condition");
}

#[tokio::test]
async fn a_source_that_may_be_anywhere_is_asked_through_the_proxy_of_the_environment() {
    let proxy = Server::start(|_, _| reply("200 OK", &["Content-Type: text/html"], b"<title>Ponds</title>")).await;
    let address = proxy.address.clone();
    let run = tokio::task::spawn_blocking(move || {
        assert_cmd::Command::new(env!("CARGO_BIN_EXE_noticeboard"))
            .args(["preview", "http://ponds.example/feed.xml"])
            .env("http_proxy", &address)
            .env_remove("HTTP_PROXY")
            .env_remove("no_proxy")
            .env_remove("NO_PROXY")
            .timeout(Duration::from_secs(60))
            .output()
            .unwrap()
    });
    let output = run.await.unwrap();
    let requests = proxy.requests();
    assert!(
        requests.first().is_some_and(|request| request.starts_with("GET http://ponds.example/feed.xml ")),
        "{requests:?} {output:?}"
    );
    assert!(requests[0].to_ascii_lowercase().contains("user-agent: noticeboard/"), "{requests:?}");
    assert!(!requests[0].contains("(+"), "{requests:?}");
}
