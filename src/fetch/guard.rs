//! Whom we may talk to: public servers, unless the config says otherwise for a source.
//!
//! In: an address about to be asked, or the answers of the name service. Out: yes or a refusal. Both are needed: a resolver is
//! never asked for a host that is an IP address, and a name may lead anywhere. The ranges are those of the IANA
//! special-purpose registries (RFC 6890 and its updates); addresses that carry an IPv4 address are judged by it.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use url::{Host, Url};

/// Why an address is not asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Refused {
    /// Only web addresses are asked.
    #[error("expected an address with `http` or `https`, but found `{0}`")]
    Scheme(String),
    /// This machine, its network, or no place at all.
    #[error("expected a server on the public internet, but `{0}` is, or leads to, a private address")]
    Private(String),
}

/// Looks at an address before it is asked, each hop of a redirect too.
pub(super) fn check(url: &Url, allow_private: bool) -> Result<(), Refused> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Refused::Scheme(url.scheme().to_owned()));
    }
    // The parser has already turned `2130706433`, `0x7f.1` and the like into addresses.
    let public = match url.host() {
        Some(Host::Ipv4(ip)) => is_public_v4(ip),
        Some(Host::Ipv6(ip)) => is_public_v6(ip),
        Some(Host::Domain(_)) => true,
        None => false,
    };
    if public || allow_private {
        return Ok(());
    }
    Err(Refused::Private(url.host_str().unwrap_or_default().to_owned()))
}

/// The system's name service, less all answers that are not public. What it lets through is what is connected to,
/// so a name that changes its mind gains nothing.
pub(super) struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let some = !found.is_empty();
            let public: Vec<SocketAddr> = found.into_iter().filter(|address| is_public(address.ip())).collect();
            if some && public.is_empty() {
                return Err(Refused::Private(name.as_str().to_owned()).into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !matches!(
        (a, b, c),
        (0 | 10 | 127 | 224.., _, _)         // this network, private, loopback, multicast and reserved
            | (100, 64..=127, _)             // carrier NAT
            | (169, 254, _)                  // link-local, cloud metadata
            | (172, 16..=31, _)              // private
            | (192, 0, 0 | 2)                // protocol assignments, documentation
            | (192, 88, 99)                  // 6to4 relays
            | (192, 168, _)                  // private
            | (198, 18 | 19, _)              // benchmarks
            | (198, 51, 100)                 // documentation
            | (203, 0, 113) // documentation
    )
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let carried = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match ip.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] => carried(high, low), // IPv4-mapped
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => carried(high, low), // NAT64, how IPv6-only networks reach the rest
        [0x2002, high, low, ..] => carried(high, low),            // 6to4
        [0x2001, second, ..] => second > 0x1ff && second != 0xdb8, // protocol assignments, documentation
        [0x3fff, second, ..] => second > 0xfff,                   // documentation
        [first, ..] => first & 0xe000 == 0x2000,                  // global unicast; all else is special
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(url: &str) -> bool {
        check(&Url::parse(url).unwrap(), false).is_err()
    }

    #[test]
    fn private_and_special_addresses_are_refused_however_they_are_written() {
        let hosts = [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f.1",
            "0177.0.0.1",
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.127.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.1",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "[::]",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:10.0.0.1]",
            "[::ffff:a9fe:a9fe]",
            "[::127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[64:ff9b::10.0.0.1]",
            "[64:ff9b:1::1]",
            "[100::1]",
            "[2001::1]",
            "[2001:10::1]",
            "[2001:20::1]",
            "[2001:db8::1]",
            "[2002:7f00:1::]",
            "[2002:a00:1::]",
            "[3fff::1]",
            "[5f00::1]",
            "[fc00::1]",
            "[fd12:3456::1]",
            "[fe80::1]",
            "[fec0::1]",
            "[ff02::1]",
        ];
        for host in hosts {
            assert!(refused(&format!("http://{host}/feed.xml")), "{host}");
        }
    }

    #[test]
    fn public_addresses_and_names_pass() {
        let hosts = [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.0.1",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.17.0.1",
            "[2606:4700::1111]",
            "[2001:4860:4860::8888]",
            "[64:ff9b::8.8.8.8]",
            "[::ffff:8.8.8.8]",
            "example.org",
        ];
        for host in hosts {
            assert!(!refused(&format!("https://{host}/feed.xml")), "{host}");
        }
    }

    #[test]
    fn only_web_addresses_pass_even_where_private_ones_are_allowed() {
        for url in ["file:///etc/passwd", "ftp://example.org/x", "gopher://127.0.0.1/", "data:text/plain,x"] {
            assert!(check(&Url::parse(url).unwrap(), true).is_err(), "{url}");
        }
        assert!(check(&Url::parse("http://127.0.0.1/").unwrap(), true).is_ok());
    }

    #[tokio::test]
    async fn a_name_that_leads_to_this_machine_is_refused() {
        let error = PublicOnly.resolve("localhost".parse().unwrap()).await.err().unwrap();
        assert_eq!(error.downcast_ref::<Refused>(), Some(&Refused::Private("localhost".to_owned())));
    }
}
