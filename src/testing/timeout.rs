//! How long a test may take.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::sleep;

use crate::interrupt::Interrupt;
use crate::runtime::Runtime;

/// What ends a test: that its time is over, or that the user interrupts all of them.
#[derive(Debug, Default)]
pub struct TestTimeout {
    interrupt: Interrupt,
    has_expired: Arc<AtomicBool>,
}

impl TestTimeout {
    /// Returns the interrupt that ends the test.
    #[must_use]
    pub fn interrupt(&self) -> &Interrupt {
        &self.interrupt
    }

    /// Gives the test, whose work is done on `runtime`, so much `time` from now on; `all` ends every test.
    pub fn begin(&self, runtime: &Runtime, time: Duration, all: &Interrupt) {
        let (own, all, has_expired) = (
            self.interrupt.clone(),
            all.clone(),
            Arc::clone(&self.has_expired),
        );
        runtime.spawn(async move {
            tokio::select! {
                () = all.wait() => {}
                () = sleep(time) => has_expired.store(true, Ordering::Relaxed),
            }
            own.set();
        });
    }

    /// Tells whether the time was over before the test had ended.
    #[must_use]
    pub fn has_expired(&self) -> bool {
        self.has_expired.load(Ordering::Relaxed)
    }
}
