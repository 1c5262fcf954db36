//! The bound on memory.
//!
//! Rhai's own size limits measure nested data again at every mutating call, which makes building a long array quadratic; an
//! allocator that counts makes the threads of a plan wait for each other. So a thread looks at what the process holds, and
//! the engine reads its verdict between two operations.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use memory_stats::memory_stats;
use mimalloc::MiMalloc;

/// Rows are made on one thread and dropped on another, which this allocator is good at.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Most memory the process may hold while a script runs, in bytes.
pub(in crate::script) const LIMIT: usize = 2 * 1024 * 1024 * 1024;
/// How often it is looked: a script fills some ten MiB in that time, or finishes the one operation it is at.
const POLL_INTERVAL: Duration = Duration::from_millis(5);

static EXHAUSTED: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// The script of this thread asked for one value that would be too large.
    static VALUE_TOO_LARGE: Cell<bool> = const { Cell::new(false) };
}

/// Looks after the memory of the process until dropped.
pub(in crate::script) struct MemoryMonitor {
    _shutdown: Sender<()>,
}

/// Begins to look after the memory of the process, for as long as a script runs.
pub(in crate::script) fn monitor() -> MemoryMonitor {
    VALUE_TOO_LARGE.set(false);
    let (shutdown, end) = channel();
    // A system that has no thread left for this stops the script at the next one it needs.
    let _ = thread::Builder::new()
        .name("memory".to_owned())
        .spawn(move || poll(&end));
    MemoryMonitor {
        _shutdown: shutdown,
    }
}

/// Tells whether the process holds more memory than a script may use, or would if it had done what the script asked for.
/// Costs next to nothing.
pub(in crate::script) fn is_exhausted() -> bool {
    EXHAUSTED.load(Ordering::Relaxed) || VALUE_TOO_LARGE.get()
}

/// Notes that the script of this thread asked for a value that would be too large, where no error can be raised: it ends
/// at its next step.
pub(super) fn mark_exhausted() {
    VALUE_TOO_LARGE.set(true);
}

fn poll(end: &Receiver<()>) {
    while let Err(RecvTimeoutError::Timeout) = end.recv_timeout(POLL_INTERVAL) {
        let held = memory_stats().map_or(0, |stats| stats.physical_mem);
        EXHAUSTED.store(held > LIMIT, Ordering::Relaxed);
    }
    EXHAUSTED.store(false, Ordering::Relaxed);
}
