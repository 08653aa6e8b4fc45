//! Progress → the log: what each source answered, stage by stage. Silent unless somebody listens (`--log`).
//!
//! Sources are told by their ids, and documents by their keys, which hold no credentials.

use super::Progress;
use tracing::{debug, info};

/// Writes one line.
pub(super) fn log(progress: &Progress) {
    match progress {
        Progress::Started { sources } => info!("asking {sources} sources"),
        Progress::Fetched { source, attempt } => {
            let status = attempt.status.map(|status| format!("status {status}, ")).unwrap_or_default();
            let told = format!(
                "{status}{} bytes in {} ms, {} new or changed documents",
                attempt.received, attempt.took, attempt.documents
            );
            let verb = if attempt.good { "answered" } else { "failed" };
            info!("{source}: {verb}: {told}");
        }
        Progress::Document(key) => debug!("{}: {}: arrived", key.source, key.key),
        Progress::Followed { source, offer } => {
            info!("{source}: its page offers {}; asking {} addresses", offer.kind.told(), offer.urls.len());
        }
        // The report has logged it.
        Progress::Stage { .. } => {}
    }
}
