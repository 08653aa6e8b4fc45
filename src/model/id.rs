//! Names that never change.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A source's name in the config: lower-case letters, digits and hyphens. Part of addresses, so checked when the config is read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SourceId(String);

impl SourceId {
    /// Takes a name that is one; `None` for an empty one, or one with anything but `a-z`, `0-9` and `-`.
    pub fn new(name: &str) -> Option<Self> {
        let good = !name.is_empty()
            && name.len() <= 64
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        good.then(|| Self(name.to_owned()))
    }

    /// The name as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

macro_rules! opaque_id {
    ($name:ident, $what:literal, $salt:literal) => {
        #[doc = concat!("The name of ", $what, ", kept for ever: a UUID of version 8 (RFC 9562 §5.8) made of the SHA-256 of source, first key and a counter.")]
        ///
        /// Neither the site's address nor title nor start is in it, so none of them can change it.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The id at first sight; `n` counts from 0 and tells apart what shares a first key.
            pub fn at_first_sight(source: &SourceId, first_key: &str, n: u32) -> Self {
                Self(uuid_v8(&[$salt, source.as_str(), first_key, &n.to_string()]))
            }

            /// Takes the text of an id back, from a store or the command line.
            pub fn from_text(text: &str) -> Self {
                Self(text.to_owned())
            }

            /// The 36 characters of the UUID.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The id as an IRI, for Atom and JSON Feed.
            pub fn urn(&self) -> String {
                format!("urn:uuid:{}", self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

opaque_id!(EventId, "an event", "event");
opaque_id!(PostId, "a post", "post");

impl fmt::Display for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A tag in the spelling that the config's aliases lead to: trimmed, lower case, white space collapsed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tag(String);

impl Tag {
    /// `None` where nothing is left after cleaning.
    pub fn new(text: &str) -> Option<Self> {
        let clean = super::clean_line(text).to_lowercase();
        (!clean.is_empty()).then_some(Self(clean))
    }

    /// The tag's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A version 8 UUID (RFC 9562 §5.8) of the SHA-256 of `parts`, each preceded by its length so that no two lists look alike.
pub(crate) fn uuid_v8(parts: &[&str]) -> String {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let digest = hash.finalize();
    let mut b = [0u8; 16];
    b.copy_from_slice(&digest[..16]);
    b[6] = (b[6] & 0x0f) | 0x80;
    b[8] = (b[8] & 0x3f) | 0x80;
    let [high, low] = [u128::from_be_bytes(b) >> 64, u128::from_be_bytes(b)].map(|half| half as u64);
    let [time, version] = [high >> 16, high].map(|end| end as u16);
    format!("{:08x}-{time:04x}-{version:04x}-{:04x}-{:012x}", high >> 32, low >> 48, low & 0xffff_ffff_ffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_first_runs_agree_and_counters_tell_apart() {
        let source = SourceId::new("blog").unwrap();
        let id = EventId::at_first_sight(&source, "path:a.md", 0);
        assert_eq!(id, EventId::at_first_sight(&source, "path:a.md", 0));
        assert_ne!(id, EventId::at_first_sight(&source, "path:a.md", 1));
        assert_eq!(uuid_v8(&["blog", "path:a.md", "0"]), "111dfff6-22c7-8dc2-a093-f8d28fc4ce44");
        assert_eq!(id.as_str().len(), 36);
        assert_eq!(&id.as_str()[14..15], "8");
    }

    #[test]
    fn source_ids_are_fit_for_addresses() {
        assert!(SourceId::new("helsinki-rust").is_some());
        for bad in ["", "Big", "a/b", "..", "é"] {
            assert!(SourceId::new(bad).is_none(), "{bad}");
        }
    }
}
