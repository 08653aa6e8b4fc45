//! Secrets go to their own server and nowhere else, whatever it says back.

use super::faults::{limits, net};
use super::server::{Server, reply};
use super::{Outcome, ask_with, net_with};
use noticeboard::fetch::{Known, Origin};
use noticeboard::model::{Document, DocumentKey, SourceId};
use noticeboard::pipeline::{self, Options};
use noticeboard::{config, store::Store};
use std::path::Path;
use tempfile::TempDir;

const TOKEN: &str = "t0ken/with+odd chars";
const ENCODED: &str = "t0ken%2Fwith%2Bodd%20chars";

/// A source with a secret in a file, as a config would write it.
fn origin(address: &str) -> (Origin, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("token"), format!("{TOKEN}\n")).unwrap();
    let text = format!(
        "http = {{ url = \"{address}?t={{secret}}\", secret = {{ file = \"token\" }}, \
         headers = {{ Authorization = \"Bearer {{secret}}\", X-Plain = \"frogs\" }} }}"
    );
    (toml::from_str::<Origin>(&text).unwrap().resolved_from(folder.path()), folder)
}

fn tells(text: &str) -> bool {
    [TOKEN, ENCODED, "t0ken"].iter().any(|secret| text.contains(secret))
}

fn assert_silent(outcome: &Outcome) {
    assert!(!tells(&format!("{outcome:?}")), "{outcome:?}");
    for Document { bytes, .. } in &outcome.documents {
        assert!(!tells(&String::from_utf8_lossy(bytes)), "{}", String::from_utf8_lossy(bytes));
    }
}

#[tokio::test]
async fn a_secret_goes_into_address_and_header_and_comes_back_in_nothing() {
    let server = Server::start(|n, _| match n {
        0 => reply("301 Moved Permanently", &[&format!("Location: /there?t={ENCODED}")], b""),
        _ => {
            let media_type = format!("Content-Type: text/xml; t=\"{TOKEN}\"");
            let body = format!("<rss><link>https://ponds.example/?t={ENCODED}</link><title>{TOKEN}</title></rss>");
            reply("200 OK", &[&media_type], body.as_bytes())
        }
    })
    .await;
    let (origin, _folder) = origin(&server.address);
    let outcome = ask_with(origin, Known::default(), net()).await;
    assert_silent(&outcome);
    let document = &outcome.documents[0];
    assert_eq!(document.key, format!("{}?t={{secret}}", server.address));
    assert!(String::from_utf8_lossy(&document.bytes).contains("<title>{secret}</title>"));
    assert_eq!(outcome.answered.unwrap().told.moved_to, None, "an address with the secret is not remembered");
    let requests = server.requests();
    assert!(requests[0].starts_with(&format!("GET /?t={ENCODED} ")), "{requests:?}");
    for request in requests {
        let request = request.to_ascii_lowercase();
        assert!(request.contains(&format!("authorization: bearer {TOKEN}\r\n")), "{request}");
        assert!(request.contains("x-plain: frogs\r\n"), "{request}");
    }
}

#[tokio::test]
async fn a_secret_does_not_follow_to_another_server() {
    let other = Server::start(|_, _| reply("200 OK", &[], b"hello")).await;
    let to = format!("Location: {}/x", other.address);
    let server = Server::start(move |_, _| reply("302 Found", &[&to], b"")).await;
    let (origin, _folder) = origin(&server.address);
    let outcome = ask_with(origin, Known::default(), net()).await;
    assert_eq!(outcome.documents.len(), 1);
    let request = other.requests()[0].to_ascii_lowercase();
    assert!(!tells(&request) && !request.contains("authorization") && !request.contains("x-plain"), "{request}");
}

#[tokio::test]
async fn failures_tell_no_secret() {
    // As it may stand in the name of a server and in a scheme, which ignore case.
    const PLAIN: &str = "T0ken-Of-Ponds";
    for answer in [
        ("503 Service Unavailable", format!("Retry-After: {TOKEN}")),
        ("200 OK", format!("Content-Encoding: {TOKEN}")),
        ("404 Not Found", "X-A: b".to_owned()),
        ("302 Found", format!("Location: http://{PLAIN}.example/")),
        ("302 Found", format!("Location: {PLAIN}://x/")),
    ] {
        let is_plain = answer.1.contains(PLAIN);
        let server = Server::start(move |_, _| reply(answer.0, &[&answer.1], b"")).await;
        let (origin, folder) = origin(&server.address);
        if is_plain {
            std::fs::write(folder.path().join("token"), PLAIN).unwrap();
        }
        let net = net().with_names(|_| Err(std::io::Error::other("no such name")));
        let outcome = ask_with(origin, Known::default(), net).await;
        assert!(!is_plain || outcome.failure().contains("{secret}"), "{}", outcome.failure());
        let told = format!("{outcome:?}");
        assert!(!tells(&told) && !told.to_ascii_lowercase().contains("t0ken"), "{told}");
    }
}

/// Everything in the files below a folder, compressed or not.
fn whole(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(whole(&path)),
            false => found.push((path.display().to_string(), std::fs::read(&path).unwrap())),
        }
    }
    found
}

#[tokio::test]
async fn a_run_leaves_no_secret_in_its_outputs_its_store_or_its_report() {
    let server = Server::start(|n, _| match n % 2 {
        0 => {
            let item = format!("<item><title>Frogs</title><link>https://ponds.example/a?t={ENCODED}</link><description>{TOKEN}</description>\
                <pubDate>Mon, 30 Nov 2026 10:00:00 GMT</pubDate></item>");
            let feed = format!("<rss version='2.0'><channel><title>Ponds</title><link>https://ponds.example/?t={ENCODED}</link>{item}</channel></rss>");
            reply("200 OK", &["Content-Type: text/xml"], feed.as_bytes())
        }
        _ => reply("503 Service Unavailable", &[&format!("Retry-After: {TOKEN}")], TOKEN.as_bytes()),
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let secrets = tempfile::tempdir().unwrap();
    let token = secrets.path().join("token");
    std::fs::write(&token, TOKEN).unwrap();
    let text = format!(
        "[site]\ntitle = \"Ponds\"\nurl = \"https://board.example/\"\ntime_zone = \"UTC\"\n[fetch]\nallow = [\"127.0.0.1\"]\n\
         [[source]]\nid = \"site\"\nfrom.http = {{ url = \"{}/?t={{secret}}\", secret = {{ file = \"{}\" }} }}\n",
        server.address,
        token.display()
    );
    let settings = config::parse(&text, Path::new("noticeboard.toml"), folder.path()).unwrap();
    for day in ["2026-12-01T00:00:00Z", "2026-12-03T00:00:00Z"] {
        let report = pipeline::run(&settings, &Options::at(day.parse().unwrap())).await.unwrap();
        assert_eq!(report.posts, 1, "{report:?}");
        assert!(!tells(&format!("{report:?}")), "{report:?}");
    }
    assert_eq!(server.requests().len(), 2);
    let files = whole(folder.path());
    assert!(files.len() > 3, "the run left files");
    for (name, bytes) in files {
        assert!(!tells(&String::from_utf8_lossy(&bytes)), "{name}");
    }
    // Documents are packed in the store.
    let store = Store::open(&settings.store).unwrap();
    let source = SourceId::new("site").unwrap();
    let keys: Vec<String> = store.versions(&source).unwrap().into_keys().collect();
    assert_eq!(keys, [format!("{}/?t={{secret}}", server.address)]);
    let key = DocumentKey { source, key: keys[0].clone() };
    let document = store.last_good(&key).unwrap().unwrap();
    let text = String::from_utf8_lossy(&document.bytes);
    assert!(text.contains("<description>{secret}</description>") && !tells(&text), "{text}");
}

#[tokio::test]
async fn a_secret_that_is_not_there_is_a_problem_and_nothing_is_asked() {
    let server = Server::start(|_, _| reply("200 OK", &[], b"hello")).await;
    for secret in ["{ env = \"NOTICEBOARD_TEST_NO_SUCH\" }", "{ file = \"/nonexistent/token\" }"] {
        let text = format!("http = {{ url = \"{}/?t={{secret}}\", secret = {secret} }}", server.address);
        let outcome =
            ask_with(toml::from_str(&text).unwrap(), Known::default(), net_with(Path::new("x"), limits())).await;
        assert!(outcome.failure().starts_with("expected a secret in the "), "{}", outcome.failure());
    }
    assert!(server.requests().is_empty());
}

#[test]
fn mistakes_about_secrets_are_found_in_the_config() {
    let check = |from: &str| {
        let text = format!(
            "[site]\ntitle = \"Ponds\"\nurl = \"https://board.example/\"\ntime_zone = \"UTC\"\n[[source]]\nid = \"site\"\nfrom.http = {{ {from} }}\n"
        );
        config::parse(&text, Path::new("noticeboard.toml"), Path::new("/")).map(drop).map_err(|error| error.to_string())
    };
    let url = "url = \"https://ponds.example/\"";
    for (from, expected) in [
        ("url = \"https://ponds.example/?t={secret}\"".to_owned(), "expected `secret`, which `{secret}`"),
        (format!("{url}, secret = {{ env = \"X\" }}"), "expected `{secret}` in `url` or `headers`"),
        (format!("{url}, headers = {{ Host = \"other.example\" }}"), "expected other header fields than `Host`"),
        (format!("{url}, headers = {{ \"Transfer-Encoding\" = \"chunked\" }}"), "expected other header fields than"),
        (format!("{url}, headers = {{ \"a b\" = \"c\" }}"), "expected the name of a header field, but found `a b`"),
        (format!("{url}, headers = {{ X-A = \"b\\r\\nHost: c\" }}"), "expected one line of plain characters in `X-A`"),
    ] {
        let error = check(&from).unwrap_err();
        assert!(error.contains(expected), "{from}: {error}");
    }
    let good =
        "url = \"https://ponds.example/\", secret = { env = \"X\" }, headers = { Authorization = \"Bearer {secret}\" }";
    assert_eq!(check(good), Ok(()));
}
