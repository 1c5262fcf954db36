//! Ctrl-C and other signals to end, as a flag that can be polled and awaited.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

/// A request to end the current work. Clones share one state.
#[derive(Clone, Debug, Default)]
pub struct Interrupt {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    set: AtomicBool,
    noticed: AtomicBool,
    changed: Notify,
}

impl Interrupt {
    /// Requests the end of the current work.
    pub fn set(&self) {
        self.shared.noticed.store(false, Ordering::Relaxed);
        self.shared.set.store(true, Ordering::Relaxed);
        self.shared.changed.notify_waiters();
    }

    /// Clears the request, as it does not apply to the work that starts now. Nobody has to notice it any more.
    pub fn clear(&self) {
        self.shared.set.store(false, Ordering::Relaxed);
        self.shared.noticed.store(true, Ordering::Relaxed);
    }

    /// Returns whether the work has to end. This is cheap enough for a tight loop.
    pub fn is_set(&self) -> bool {
        let is_set = self.shared.set.load(Ordering::Relaxed);
        if is_set {
            self.shared.noticed.store(true, Ordering::Relaxed);
        }
        is_set
    }

    /// Waits until the work has to end.
    pub async fn wait(&self) {
        let changed = self.shared.changed.notified();
        tokio::pin!(changed);
        // Registered before the flag is read, so that no change in between is missed.
        changed.as_mut().enable();
        if !self.is_set() {
            changed.await;
            self.shared.noticed.store(true, Ordering::Relaxed);
        }
    }

    /// Returns whether any work has noticed the last request. If not, all of it is in calls that cannot end early, such as
    /// one that waits for standard input.
    pub fn is_noticed(&self) -> bool {
        self.shared.noticed.load(Ordering::Relaxed)
    }
}

/// What a signal requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignalAction {
    /// Ctrl-C: end the current work.
    Stop,
    /// End the process.
    Exit,
}

/// The signals that would end the process, received from the moment of [`listen`](Self::listen) on.
#[derive(Debug)]
pub struct Signals(platform::Signals);

impl Signals {
    /// Installs handlers, so that the signals no longer end the process. Must be called inside a runtime.
    pub fn listen() -> std::io::Result<Self> {
        platform::Signals::listen().map(Self)
    }

    /// Waits for the next signal.
    pub async fn next(&mut self) -> SignalAction {
        self.0.next().await
    }
}

#[cfg(unix)]
mod platform {
    use super::SignalAction;
    use tokio::signal::unix::{Signal, SignalKind, signal};

    #[derive(Debug)]
    pub(super) struct Signals {
        interrupt: Signal,
        terminate: Signal,
        hang_up: Signal,
    }

    impl Signals {
        pub(super) fn listen() -> std::io::Result<Self> {
            Ok(Self {
                interrupt: signal(SignalKind::interrupt())?,
                terminate: signal(SignalKind::terminate())?,
                hang_up: signal(SignalKind::hangup())?,
            })
        }

        pub(super) async fn next(&mut self) -> SignalAction {
            tokio::select! {
                _ = self.interrupt.recv() => SignalAction::Stop,
                _ = self.terminate.recv() => SignalAction::Exit,
                _ = self.hang_up.recv() => SignalAction::Exit,
            }
        }
    }
}

#[cfg(windows)]
mod platform {
    use super::SignalAction;
    use tokio::signal::windows::{CtrlBreak, CtrlC, ctrl_break, ctrl_c};

    #[derive(Debug)]
    pub(super) struct Signals {
        interrupt: CtrlC,
        terminate: CtrlBreak,
    }

    impl Signals {
        pub(super) fn listen() -> std::io::Result<Self> {
            Ok(Self {
                interrupt: ctrl_c()?,
                terminate: ctrl_break()?,
            })
        }

        pub(super) async fn next(&mut self) -> SignalAction {
            tokio::select! {
                _ = self.interrupt.recv() => SignalAction::Stop,
                _ = self.terminate.recv() => SignalAction::Exit,
            }
        }
    }
}
