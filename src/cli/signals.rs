//! What a signal does: the run is asked to stop, and if it doesn't soon, the process ends all the same.

use super::Exit;
use super::screen::Screen;
use crate::fetch::git;
use crate::pipeline::Stop;
use std::time::Duration;

/// A run that was asked to stop has so long to keep what it has. What is not committed by then is as if it had never been begun.
const GRACE: Duration = Duration::from_millis(1500);

/// Stops the run at SIGTERM, SIGINT or SIGHUP; what is `told` is what becomes of its work. A second signal ends the process at once.
pub(super) async fn watch(stop: Stop, told: String) {
    if signal().await.is_err() {
        return; // Without handlers a signal ends the process, and the next run mends what is left.
    }
    stop.stop();
    tokio::select! {
        () = tokio::time::sleep(GRACE) => {}
        _ = signal() => {}
    }
    // Ending at once drops nothing, and what was started would go on.
    git::kill_all();
    Screen::of_process().complain(&told);
    std::process::exit(Exit::Failed as i32);
}

#[cfg(unix)]
async fn signal() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        _ = hang_up.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn signal() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
