//! What was taken off for good, remembered without telling what it was.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Salted hashes of the names of what was forgotten. Who knows a name can ask whether it is among them; nobody can list the names.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Forgotten {
    /// Drawn once for each store.
    pub salt: String,
    /// Each with the number of the deed it belongs to: what was forgotten together comes back together.
    pub hashes: BTreeSet<(String, u32)>,
}

impl Forgotten {
    /// As what a name is remembered.
    pub fn hash(&self, name: &str) -> String {
        let mut hash = Sha256::new();
        for part in [self.salt.as_bytes(), name.as_bytes()] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }

    /// The deeds in which something of that name was forgotten.
    pub fn deeds(&self, name: &str) -> impl Iterator<Item = u32> + '_ {
        let hash = self.hash(name);
        let range = (hash.clone(), 0)..=(hash, u32::MAX);
        self.hashes.range(range).map(|(_, deed)| *deed)
    }

    /// True if something of that name was forgotten.
    pub fn has(&self, name: &str) -> bool {
        !self.hashes.is_empty() && self.deeds(name).next().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_again_and_only_under_its_own_salt() {
        let mut forgotten = Forgotten { salt: "a".to_owned(), ..Forgotten::default() };
        assert!(!forgotten.has("event url:ponds.example/walk"));
        for deed in [2, 7] {
            forgotten.hashes.insert((forgotten.hash("event url:ponds.example/walk"), deed));
        }
        assert!(forgotten.has("event url:ponds.example/walk") && !forgotten.has("event url:ponds.example/wal"));
        assert_eq!(forgotten.deeds("event url:ponds.example/walk").collect::<Vec<_>>(), [2, 7]);
        let told = serde_json::to_string(&forgotten).unwrap();
        assert!(!told.contains("ponds") && serde_json::from_str::<Forgotten>(&told).unwrap() == forgotten);
        assert!(!Forgotten { salt: "b".to_owned(), ..forgotten }.has("event url:ponds.example/walk"));
    }
}
