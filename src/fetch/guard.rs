//! Whom we may talk to: public servers, and those that the config allows.
//!
//! In: an address about to be asked, or the answers of the name service. Out: yes or a refusal. Both are needed: a resolver is
//! never asked for a host that is an IP address, and a name may lead anywhere. The ranges are those of the IANA
//! special-purpose registries (RFC 6890 and its updates); addresses that carry an IPv4 address are judged by it.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use serde::{Deserialize, Deserializer, de};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
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

/// The name service of this machine, or what a test puts in its place.
pub(super) type Names = Arc<dyn Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync>;

/// Servers of the own network that may be asked: the config's `fetch.allow`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Allowed {
    /// In lower case.
    names: Vec<String>,
    /// Each an address and how many of its first bits count.
    networks: Vec<(IpAddr, u32)>,
}

impl Allowed {
    /// Reads one entry: a name, an address or a network.
    fn add(&mut self, written: &str) -> Result<(), String> {
        let plain = written.trim().replace(['[', ']'], "");
        let (address, bits) = plain.split_once('/').map_or((plain.as_str(), None), |(a, bits)| (a, Some(bits)));
        let Ok(address) = address.parse::<IpAddr>() else {
            return match Host::parse(&plain) {
                Ok(Host::Domain(name)) if !name.contains(['/', '*']) => {
                    self.names.push(name);
                    Ok(())
                }
                _ => {
                    Err(format!("expected a name, an address or a network such as `10.0.0.0/8`, but found `{written}`"))
                }
            };
        };
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Some(most), |bits| bits.parse().ok().filter(|bits| *bits <= most));
        let bits = bits.ok_or_else(|| format!("expected at most {most} bits after `/`, but found `{written}`"))?;
        self.networks.push((address, bits));
        Ok(())
    }

    /// True for a server that is allowed whatever its address is.
    fn has_name(&self, host: &str) -> bool {
        self.names.iter().any(|name| name.eq_ignore_ascii_case(host.trim_end_matches('.')))
    }

    fn has_address(&self, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        self.networks.iter().any(|(network, bits)| match (network, ip) {
            (IpAddr::V4(network), IpAddr::V4(ip)) => {
                first_bits(network.to_bits().into(), ip.to_bits().into(), 32 - bits)
            }
            (IpAddr::V6(network), IpAddr::V6(ip)) => first_bits(network.to_bits(), ip.to_bits(), 128 - bits),
            _ => false,
        })
    }

    /// True where this server may be asked at this address.
    pub(super) fn permits(&self, host: &str, ip: IpAddr) -> bool {
        is_public(ip) || self.has_address(ip) || self.has_name(host)
    }
}

/// True where both agree but for the last bits.
fn first_bits(one: u128, other: u128, last: u32) -> bool {
    (one ^ other).checked_shr(last).unwrap_or(0) == 0
}

impl<'de> Deserialize<'de> for Allowed {
    fn deserialize<D: Deserializer<'de>>(config: D) -> Result<Self, D::Error> {
        let mut allowed = Self::default();
        for written in Vec::<String>::deserialize(config)? {
            allowed.add(&written).map_err(de::Error::custom)?;
        }
        Ok(allowed)
    }
}

/// As it would be written, for the schema's default.
impl serde::Serialize for Allowed {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let networks = self.networks.iter().map(|(address, bits)| format!("{address}/{bits}"));
        to.collect_seq(self.names.iter().cloned().chain(networks))
    }
}

/// Looks at an address before it is asked, each hop of a redirect too. `None` allows all servers.
pub(super) fn check(url: &Url, allowed: Option<&Allowed>) -> Result<(), Refused> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Refused::Scheme(url.scheme().to_owned()));
    }
    let host = url.host_str().unwrap_or_default();
    let Some(allowed) = allowed else { return Ok(()) };
    // The parser has already turned `2130706433`, `0x7f.1` and the like into addresses.
    let permitted = match url.host() {
        Some(Host::Ipv4(ip)) => allowed.permits(host, ip.into()),
        Some(Host::Ipv6(ip)) => allowed.permits(host, ip.into()),
        Some(Host::Domain(_)) => true,
        None => false,
    };
    if permitted { Ok(()) } else { Err(Refused::Private(host.to_owned())) }
}

/// The name service, less all answers that are not permitted. What it lets through is what is connected to,
/// so a name that changes its mind gains nothing.
pub(super) struct Resolver {
    /// None where all servers are allowed.
    pub allowed: Option<Allowed>,
    pub names: Option<Names>,
}

impl Resolver {
    /// The addresses of a host that may be asked.
    pub(super) async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, Box<dyn std::error::Error + Send + Sync>> {
        let found = match &self.names {
            Some(names) => names(host)?,
            None => tokio::net::lookup_host((host, 0)).await?.map(|address| address.ip()).collect(),
        };
        let some = !found.is_empty();
        let permits = |ip: &IpAddr| self.allowed.as_ref().is_none_or(|allowed| allowed.permits(host, *ip));
        let permitted: Vec<IpAddr> = found.into_iter().filter(permits).collect();
        if some && permitted.is_empty() {
            return Err(Refused::Private(host.to_owned()).into());
        }
        Ok(permitted)
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let own = Self { allowed: self.allowed.clone(), names: self.names.clone() };
        Box::pin(async move {
            let permitted = own.addresses(name.as_str()).await?;
            Ok(Box::new(permitted.into_iter().map(|ip| SocketAddr::new(ip, 0))) as Addrs)
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
        check(&Url::parse(url).unwrap(), Some(&Allowed::default())).is_err()
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
            assert!(check(&Url::parse(url).unwrap(), None).is_err(), "{url}");
        }
        assert!(check(&Url::parse("http://127.0.0.1/").unwrap(), None).is_ok());
    }

    #[tokio::test]
    async fn a_name_that_leads_to_this_machine_is_refused() {
        let resolver = Resolver { allowed: Some(Allowed::default()), names: None };
        let error = resolver.resolve("localhost".parse().unwrap()).await.err().unwrap();
        assert_eq!(error.downcast_ref::<Refused>(), Some(&Refused::Private("localhost".to_owned())));
    }

    fn allowed(written: &[&str]) -> Allowed {
        let mut allowed = Allowed::default();
        written.iter().for_each(|entry| allowed.add(entry).unwrap());
        allowed
    }

    #[test]
    fn servers_of_the_own_network_pass_where_they_are_allowed() {
        let allowed = allowed(&["10.0.0.0/8", "Intranet.example", "[fd00::]/8", "192.168.1.5", "::1"]);
        let passes = |url: &str| check(&Url::parse(url).unwrap(), Some(&allowed)).is_ok();
        for url in [
            "http://10.200.3.4/",
            "http://192.168.1.5/",
            "http://[fd12::9]/",
            "http://[::1]/",
            "http://[::ffff:10.0.0.1]/",
        ] {
            assert!(passes(url), "{url}");
        }
        for url in [
            "http://11.0.0.256/",
            "http://192.168.1.6/",
            "http://[fe80::1]/",
            "http://127.0.0.1/",
            "http://172.16.0.1/",
        ] {
            assert!(Url::parse(url).is_err() || !passes(url), "{url}");
        }
        let here = "127.0.0.1".parse().unwrap();
        assert!(allowed.permits("intranet.example", here) && !allowed.permits("other.example", here));
    }

    #[test]
    fn what_is_no_name_address_or_network_cannot_be_allowed() {
        for written in ["10.0.0.0/33", "fd00::/129", "10.0.0.0/x", "*.example", "a b", "", "intranet.example/feed"] {
            assert!(Allowed::default().add(written).is_err(), "{written}");
        }
    }
}
