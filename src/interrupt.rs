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

    /// Forgets what was asked: the work that begins now was not meant.
    pub fn clear(&self) {
        self.shared.set.store(false, Ordering::Relaxed);
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

/// What a signal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignalAction {
    /// Ctrl-C: the work is to end.
    Stop,
    /// The process is to end.
    Exit,
}

/// The signals that ask the process to end, from the moment on that they are listened for.
#[derive(Debug)]
pub struct Signals(platform::Signals);

impl Signals {
    /// Begins to listen; the signals no longer end the process by themselves. Needs a running runtime.
    ///
    /// # Errors
    /// The platform refuses to have a signal handled.
    pub fn listen() -> std::io::Result<Self> {
        platform::Signals::listen().map(Self)
    }

    /// Waits for the next signal, and tells what it asks for.
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
