//! How much a run may ask of the network, and how it behaves there: the `[fetch]` table of the config.

use super::guard::Allowed;
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
    /// Seconds until there must be a connection, its encryption included: 1 to 600. This and the next two are for `from.http`; git has bounds of its own.
    #[schemars(range(min = 1, max = 600))]
    pub connect: u64,
    /// Seconds until an answer must have begun once there is a connection: 1 to 600.
    #[schemars(range(min = 1, max = 600))]
    pub first_byte: u64,
    /// Seconds that an answer may pause once it has begun: 1 to 600.
    #[schemars(range(min = 1, max = 600))]
    pub idle: u64,
    /// Seconds that asking may take in one run: 1 to 86400. Sources that are not reached come first in the next.
    #[schemars(range(min = 1, max = 86_400))]
    pub total: u64,
    /// Servers of your own network that may be asked all the same: names, addresses such as `192.168.1.5`, networks such as `10.0.0.0/8`.
    #[schemars(with = "Vec<String>")]
    pub allow: Allowed,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // Enough to hide slow servers, few enough for a small machine.
            at_once: 16,
            at_one_host: 4,
            spacing: 100,
            // A server that is there takes the call sooner; one that makes its feed anew for each asker needs longer to begin.
            connect: 10,
            first_byte: 20,
            idle: 15,
            total: 600,
            allow: Allowed::default(),
        }
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
