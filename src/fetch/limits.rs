//! How much a run may ask of the network, and how it behaves there: the `[fetch]` table of the config.

use schemars::JsonSchema;
use serde::Deserialize;
use std::time::Duration;

/// How sources are asked over the network.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Sources asked at once.
    #[schemars(range(min = 1, max = 256))]
    pub at_once: usize,
    /// Sources asked at once at one server.
    #[schemars(range(min = 1, max = 256))]
    pub at_one_host: usize,
    /// Milliseconds between the beginnings of two requests at one server: 0 to 60000.
    #[schemars(range(min = 0, max = 60_000))]
    pub spacing: u64,
    /// Seconds that asking may take in one run: 1 to 86400. Sources that are not reached come first in the next.
    #[schemars(range(min = 1, max = 86_400))]
    pub total: u64,
}

impl Default for Limits {
    fn default() -> Self {
        // At once: enough to hide slow servers, few enough for a small machine.
        Self { at_once: 16, at_one_host: 4, spacing: 100, total: 600 }
    }
}

impl Limits {
    /// How long asking may take in one run.
    pub fn total(&self) -> Duration {
        Duration::from_secs(self.total)
    }

    /// The time between the beginnings of two requests at one server.
    pub fn spacing(&self) -> Duration {
        Duration::from_millis(self.spacing)
    }
}
