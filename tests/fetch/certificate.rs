//! Certificates made for a test (RFC 5280): just enough of DER to write them down, signed with Ed25519 (RFC 8410).

use rustls::SignatureScheme;
use rustls::crypto::ring::sign::any_eddsa_type;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::sign::{CertifiedKey, SigningKey};
use std::sync::Arc;

/// A name, and the key that proves it.
pub struct Signer {
    name: &'static str,
    key: Arc<dyn SigningKey>,
}

impl Signer {
    /// The key is made from one number, so that it is the same each time.
    pub fn new(name: &'static str, seed: u8) -> Self {
        // PKCS #8 version 1 around 32 bytes (RFC 8410 §7).
        let mut der = vec![0x30, 0x2e, 0x02, 0x01, 0, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
        der.extend([seed; 32]);
        Self { name, key: any_eddsa_type(&PrivatePkcs8KeyDer::from(der)).unwrap() }
    }

    /// Its own certificate, as an authority that signs others.
    pub fn authority(&self) -> Vec<u8> {
        let is_authority = [OID_CONSTRAINTS, &tlv(0x01, &[0xff]), &tlv(0x04, &seq(&tlv(0x01, &[0xff])))].concat();
        self.sign(self, ALWAYS, &seq(&is_authority))
    }

    /// The certificate of a server of that DNS name.
    pub fn server(&self, of: &Signer, dns: &str, (from, to): (&str, &str)) -> CertifiedKey {
        let names = seq(&tlv(0x82, dns.as_bytes()));
        let extension = seq(&[OID_NAMES, &tlv(0x04, &names)].concat());
        let certificate = CertificateDer::from(self.sign(of, (from, to), &extension));
        CertifiedKey::new(vec![certificate], Arc::clone(&of.key))
    }

    fn sign(&self, of: &Signer, (from, to): (&str, &str), extension: &[u8]) -> Vec<u8> {
        let body = seq(&[
            tlv(0xa0, &tlv(0x02, &[2])),
            tlv(0x02, &[7]),
            seq(OID_ED25519),
            distinguished(self.name),
            seq(&[tlv(0x17, from.as_bytes()), tlv(0x17, to.as_bytes())].concat()),
            distinguished(of.name),
            of.key.public_key().unwrap().to_vec(),
            tlv(0xa3, &seq(extension)),
        ]
        .concat());
        let signature = self.key.choose_scheme(&[SignatureScheme::ED25519]).unwrap().sign(&body).unwrap();
        seq(&[body, seq(OID_ED25519), tlv(0x03, &[&[0][..], &signature].concat())].concat())
    }
}

/// Valid for a long time.
pub const ALWAYS: (&str, &str) = ("200101000000Z", "491231235959Z");
/// Not valid any more.
pub const LONG_AGO: (&str, &str) = ("100101000000Z", "110101000000Z");

const OID_ED25519: &[u8] = &[0x06, 0x03, 0x2b, 0x65, 0x70];
const OID_COMMON_NAME: &[u8] = &[0x06, 0x03, 0x55, 0x04, 0x03];
const OID_CONSTRAINTS: &[u8] = &[0x06, 0x03, 0x55, 0x1d, 0x13];
const OID_NAMES: &[u8] = &[0x06, 0x03, 0x55, 0x1d, 0x11];

fn distinguished(name: &str) -> Vec<u8> {
    seq(&tlv(0x31, &seq(&[OID_COMMON_NAME, &tlv(0x0c, name.as_bytes())].concat())))
}

fn seq(content: &[u8]) -> Vec<u8> {
    tlv(0x30, content)
}

/// Tag, length, value.
fn tlv(tag: u8, value: &[u8]) -> Vec<u8> {
    let length = u16::try_from(value.len()).unwrap();
    let [high, low] = length.to_be_bytes();
    let length = match length {
        0..=0x7f => vec![low],
        0x80..=0xff => vec![0x81, low],
        _ => vec![0x82, high, low],
    };
    [&[tag][..], &length, value].concat()
}
