//! Ctrl-C, and what a service manager sends instead, as something that can be asked and awaited.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

/// Whether the user wants the work to end. Clones share one state.
#[derive(Clone, Debug, Default)]
pub struct Interrupt {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    set: AtomicBool,
    changed: Notify,
}

impl Interrupt {
    /// Asks for the work to end.
    pub fn set(&self) {
        self.shared.set.store(true, Ordering::Relaxed);
        self.shared.changed.notify_waiters();
    }

    /// Tells whether the work is to end. Costs next to nothing.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.shared.set.load(Ordering::Relaxed)
    }

    /// Waits until the work is to end.
    pub async fn wait(&self) {
        let changed = self.shared.changed.notified();
        tokio::pin!(changed);
        // Registered before the flag is read, so that a change between the two is not missed.
        changed.as_mut().enable();
        if !self.is_set() {
            changed.await;
        }
    }
}

/// Waits for the next signal that asks the process to end.
///
/// # Errors
/// The platform refuses to have the signal handled.
pub async fn next_signal() -> std::io::Result<()> {
    platform::next_signal().await
}

#[cfg(unix)]
mod platform {
    use tokio::signal::unix::{SignalKind, signal};

    pub(super) async fn next_signal() -> std::io::Result<()> {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut hang_up = signal(SignalKind::hangup())?;
        tokio::select! {
            result = tokio::signal::ctrl_c() => result,
            _ = terminate.recv() => Ok(()),
            _ = hang_up.recv() => Ok(()),
        }
    }
}

#[cfg(not(unix))]
mod platform {
    pub(super) async fn next_signal() -> std::io::Result<()> {
        tokio::signal::ctrl_c().await
    }
}
