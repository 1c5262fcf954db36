//! What a dry run does instead of writing files and of waiting. That nothing is sent is the plan's own affair.

use rhai::NativeCallContext;

use super::poll_tracker::PollTracker;
use super::run_host::Host;
use crate::file_access::ResolvedPath;
use crate::script::error::termination::Termination;
use crate::script::error::throw::{RhaiResultOf, throw};

impl Host {
    /// Returns the file that `function` writes where the script says `path`; `None` in a dry run, which says so instead.
    ///
    /// # Errors
    /// `planning`: a plan is evaluated. `not_allowed`: it lies elsewhere, or nothing may be written.
    pub(in crate::script) fn file_to_write(
        &self,
        ctx: &NativeCallContext,
        function: &str,
        path: &str,
    ) -> RhaiResultOf<Option<ResolvedPath>> {
        self.ensure_not_planning(ctx, function)?;
        let file = self
            .paths()
            .to_write(path)
            .map_err(|refused| throw(ctx, refused))?;
        if self.settings().options.dry_run {
            self.console()
                .note(&format!("dry run: `{path}` is not written"));
            return Ok(None);
        }
        Ok(Some(file))
    }

    /// Notes that the script asked how sessions stand.
    pub(in crate::script) fn record_poll(&self) {
        let poll_tracker = self.poll_tracker().get();
        self.poll_tracker().set(PollTracker {
            polled: true,
            ..poll_tracker
        });
    }

    /// Counts a sleep that a test skips, and returns how many there were.
    pub(super) fn count_skipped_sleep(&self) -> u32 {
        let poll_tracker = self.poll_tracker().get();
        let sleeps = poll_tracker.sleeps + 1;
        self.poll_tracker().set(PollTracker {
            sleeps,
            ..poll_tracker
        });
        sleeps
    }

    /// Takes no time for a sleep of a dry run. A script that asks, sleeps, asks again and sleeps again waits for what will
    /// not come.
    pub(in crate::script) fn skip_dry_run_sleep(&self) -> RhaiResultOf<()> {
        let mut poll_tracker = self.poll_tracker().get();
        poll_tracker.poll_rounds += u32::from(poll_tracker.polled);
        poll_tracker.polled = false;
        self.poll_tracker().set(poll_tracker);
        if poll_tracker.poll_rounds > 1 {
            self.console()
                .note("dry run: the script waits for sessions to change, and ends here");
            return Err(Termination::Waiting.into());
        }
        Ok(())
    }
}
