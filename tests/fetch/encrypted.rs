//! HTTPS: servers that prove their names, and those that don't. Their certificates are made here.

use super::certificate::{ALWAYS, LONG_AGO, Signer};
use super::faults::{beside_another, net, origin};
use super::server::{Reply, read_head, reply, serve};
use rustls::server::ServerConfig;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// A server at a port of this machine, and how many have called.
struct Encrypted {
    port: u16,
    calls: Arc<AtomicUsize>,
}

/// Starts one with a certificate; it speaks only HTTP/2, or only HTTP/1.1 and answers the nth call with what `answer` says.
async fn start(key: CertifiedKey, two: bool, answer: impl Fn() -> Reply + Send + Sync + 'static) -> Encrypted {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let mut config = config.with_no_client_auth().with_cert_resolver(Arc::new(SingleCertAndKey::from(key)));
    config.alpn_protocols = vec![if two { b"h2".to_vec() } else { b"http/1.1".to_vec() }];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, calls) = (listener.local_addr().unwrap().port(), Arc::new(AtomicUsize::new(0)));
    let (count, answer) = (Arc::clone(&calls), Arc::new(answer));
    tokio::spawn(async move {
        while let Ok((call, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            let (acceptor, answer) = (acceptor.clone(), Arc::clone(&answer));
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(call).await else { return };
                if two {
                    let mut connection = h2::server::handshake(stream).await.unwrap();
                    while let Some(Ok((_, mut respond))) = connection.accept().await {
                        let mut body = respond.send_response(::http::Response::new(()), false).unwrap();
                        body.send_data("over two".into(), true).unwrap();
                    }
                } else {
                    read_head(&mut stream).await;
                    serve(&mut stream, answer(), &Mutex::new(0)).await;
                }
            });
        }
    });
    Encrypted { port, calls }
}

fn names(_: &str) -> std::io::Result<Vec<std::net::IpAddr>> {
    Ok(vec!["127.0.0.1".parse().unwrap()])
}

#[tokio::test]
async fn a_certificate_that_proves_nothing_is_named_and_not_tried_again() {
    let (authority, stranger) = (Signer::new("Harbour Authority", 7), Signer::new("Stranger", 8));
    let server = Signer::new("ponds.example", 9);
    for (key, expected) in [
        (authority.server(&server, "ponds.example", LONG_AGO), "has expired"),
        (authority.server(&server, "ponds.example", ("480101000000Z", "491231235959Z")), "is not valid yet"),
        (authority.server(&server, "other.example", ALWAYS), "is for another name"),
        (stranger.server(&server, "ponds.example", ALWAYS), "is signed by nobody this machine trusts"),
        (server.server(&server, "ponds.example", ALWAYS), "is signed by nobody this machine trusts"),
    ] {
        let encrypted = start(key, false, || reply("200 OK", &[], b"hello")).await;
        let net = net().with_names(names).trusting(authority.authority());
        let ended = beside_another(origin(&format!("https://ponds.example:{}/", encrypted.port)), net).await;
        let message = format!("expected a server that proves its name, but its certificate {expected}");
        assert_eq!(ended.message(), message);
        assert_eq!(encrypted.calls.load(Ordering::SeqCst), 1, "{expected}");
    }
}

#[tokio::test]
async fn http_2_is_spoken_where_the_server_does() {
    let (authority, server) = (Signer::new("Harbour Authority", 7), Signer::new("ponds.example", 9));
    let key = authority.server(&server, "ponds.example", ALWAYS);
    let encrypted = start(key, true, || Reply::Silence).await;
    let net = net().with_names(names).trusting(authority.authority());
    let ended = beside_another(origin(&format!("https://ponds.example:{}/", encrypted.port)), net).await;
    assert_eq!(ended.documents.first().map(|document| document.bytes.as_slice()), Some(&b"over two"[..]), "{ended:?}");
}

#[tokio::test]
async fn a_redirect_from_encrypted_to_plain_is_refused() {
    let (authority, server) = (Signer::new("Harbour Authority", 7), Signer::new("ponds.example", 9));
    let key = authority.server(&server, "ponds.example", ALWAYS);
    let down = || reply("301 Moved Permanently", &["Location: http://ponds.example/"], b"");
    let encrypted = start(key, false, down).await;
    let net = net().with_names(names).trusting(authority.authority());
    let ended = beside_another(origin(&format!("https://ponds.example:{}/", encrypted.port)), net).await;
    assert_eq!(ended.message(), "expected a redirect to an address, but found one from `https` down to `http`");
}
