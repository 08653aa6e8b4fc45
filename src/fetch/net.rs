//! What all sources of a run share: how it behaves on the network, how long it has, how much it may hold.

use super::budget::{Budget, Room};
use super::guard::Names;
use super::http::{Clients, HttpError, Making};
use super::limits::Limits;
use super::manners::Manners;
use chrono::{DateTime, Utc};
use std::io;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::time::Instant;

/// What all sources of a run share. A clone is the same: it has the same time left, and owes servers the same.
#[derive(Clone)]
pub struct Net {
    /// What we call ourselves to servers: see [`Net::user_agent`].
    pub user_agent: String,
    /// How much may be asked of the network.
    pub limits: Limits,
    /// The folder where remote repositories are kept between runs, one folder a source. It may be deleted at any time.
    pub git_folder: PathBuf,
    /// When the run began, on the clock on the wall.
    pub now: DateTime<Utc>,
    /// When asking ends, whether all sources were reached or not.
    pub until: Instant,
    names: Option<Names>,
    trusted: Vec<Vec<u8>>,
    manners: Arc<Manners>,
    budget: Budget,
    clients: Arc<Clients>,
}

impl Net {
    /// For a run that begins now.
    pub fn new(user_agent: String, limits: Limits, git_folder: PathBuf, now: DateTime<Utc>) -> Self {
        Self {
            user_agent,
            git_folder,
            now,
            until: Instant::now() + limits.total(),
            names: None,
            trusted: Vec::new(),
            manners: Arc::new(Manners::new(limits.spacing())),
            budget: Budget::default(),
            clients: Arc::default(),
            limits,
        }
    }

    /// Our name, version and the board's address, so that who runs a server can find who asks.
    pub fn user_agent(site: &str) -> String {
        let site: String = site.chars().filter(char::is_ascii_graphic).collect();
        let name = concat!("noticeboard/", env!("CARGO_PKG_VERSION"));
        if site.is_empty() { name.to_owned() } else { format!("{name} (+{site})") }
    }

    /// For tests: names are looked up here instead of at the system's name service.
    #[doc(hidden)]
    #[must_use]
    pub fn with_names(self, names: impl Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync + 'static) -> Self {
        Self { names: Some(Arc::new(names)), ..self }
    }

    /// For tests: a certificate, in DER, that is trusted beside the system's.
    #[doc(hidden)]
    #[must_use]
    pub fn trusting(mut self, certificate: Vec<u8>) -> Self {
        self.trusted.push(certificate);
        self
    }

    pub(super) fn client(&self, allow_private: bool) -> Result<&reqwest::Client, HttpError> {
        let names = self.names.clone();
        let making = Making { user_agent: &self.user_agent, limits: &self.limits, names, trusted: &self.trusted };
        self.clients.get(allow_private, &making)
    }

    /// Room for one document.
    pub(super) fn room(&self) -> Room {
        self.budget.room()
    }

    pub(super) fn manners(&self) -> &Manners {
        &self.manners
    }

    pub(super) fn names(&self) -> Option<Names> {
        self.names.clone()
    }
}

impl std::fmt::Debug for Net {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Net").field("limits", &self.limits).field("until", &self.until).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::Net;

    #[test]
    fn the_name_tells_who_asks_and_nothing_empty() {
        let version = env!("CARGO_PKG_VERSION");
        assert_eq!(
            Net::user_agent("https://board.example/ \r\n"),
            format!("noticeboard/{version} (+https://board.example/)")
        );
        assert_eq!(Net::user_agent(""), format!("noticeboard/{version}"));
    }
}
