//! The memory limit of scripts.
//!
//! Rhai's own size limits measure nested data again at every mutating call, which makes building a long array quadratic. An
//! allocator that counts makes the threads of a plan wait for each other. So a thread polls how much memory the process
//! holds, and the engine reads the result between two operations.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use memory_stats::memory_stats;

/// The most memory the process may hold while a script runs, in bytes.
pub(in crate::script) const LIMIT: usize = 2 * 1024 * 1024 * 1024;
/// A script allocates some 10 MiB in this time, or finishes its current operation.
const POLL_INTERVAL: Duration = Duration::from_millis(5);

thread_local! {
    /// The script of this thread asked for one value that would be too large. Not part of [`MemoryMonitor`], as Rhai calls
    /// conversions without any context.
    static VALUE_TOO_LARGE: Cell<bool> = const { Cell::new(false) };
}

/// Watches the memory of the process for one script at a time. Clones share one state.
#[derive(Clone, Debug, Default)]
pub(in crate::script) struct MemoryMonitor {
    exhausted: Arc<AtomicBool>,
}

/// Ends the watch when dropped.
pub(in crate::script) struct MemoryWatch {
    _shutdown: Sender<()>,
}

impl MemoryMonitor {
    /// Starts to watch, for as long as a script runs.
    pub(in crate::script) fn watch(&self) -> MemoryWatch {
        VALUE_TOO_LARGE.set(false);
        self.exhausted.store(false, Ordering::Relaxed);
        let (shutdown, end) = channel();
        let exhausted = Arc::clone(&self.exhausted);
        // A system without a thread left for this stops the script at the next thread it needs.
        let _ = thread::Builder::new()
            .name("memory".to_owned())
            .spawn(move || poll(&exhausted, &end));
        MemoryWatch {
            _shutdown: shutdown,
        }
    }

    /// Returns whether the process holds more memory than a script may use, or would after what the script asked for.
    pub(in crate::script) fn is_exhausted(&self) -> bool {
        self.exhausted.load(Ordering::Relaxed) || VALUE_TOO_LARGE.get()
    }
}

/// Ends the script of this thread at its next step: it asked for a value that would be too large, and no error can be raised.
pub(super) fn mark_exhausted() {
    VALUE_TOO_LARGE.set(true);
}

fn poll(exhausted: &AtomicBool, end: &Receiver<()>) {
    while let Err(RecvTimeoutError::Timeout) = end.recv_timeout(POLL_INTERVAL) {
        let held = memory_stats().map_or(0, |stats| stats.physical_mem);
        exhausted.store(held > LIMIT, Ordering::Relaxed);
    }
}
