//! How a run is asked to stop before its end.

use super::RunError;
use tokio::sync::watch;

/// Asks a run to stop, from a signal or from another thread. Clones ask the same run.
#[derive(Debug, Clone, Default)]
pub struct Stop(watch::Sender<bool>);

impl Stop {
    /// Asks for it. The run keeps what it has gathered and ends with [`RunError::Stopped`]; one that is already publishing ends well.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }

    /// True once it was asked for.
    pub(super) fn is_asked(&self) -> bool {
        *self.0.borrow()
    }

    /// An error once it was asked for: for where there is nothing to keep.
    pub(super) fn check(&self) -> Result<(), RunError> {
        if self.is_asked() { Err(RunError::Stopped) } else { Ok(()) }
    }

    /// Waits until it is asked for.
    pub(super) async fn asked(&self) {
        // Fails only without a sender, and there is one in `self`.
        let _ = self.0.subscribe().wait_for(|asked| *asked).await;
    }
}
