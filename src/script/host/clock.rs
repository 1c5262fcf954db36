//! The clock of a run: it stops during planning, and a dry run or a test skips the sleeps of a script.

use std::cell::Cell;
use std::time::Duration;

use jiff::{Timestamp, ZonedDateTime};
use rhai::NativeCallContext;

use super::run_host::Host;
use super::state::Planning;
use crate::error_code::ErrorCode;
use crate::script::error::termination::Termination;
use crate::script::error::throw::{RhaiResultOf, Throw, throw};
use crate::time::DateTime;

/// How often a script may sleep in a test. Candidates finish within 36 hours, so a script that sleeps longer is stuck.
const MAX_TEST_SLEEPS: u32 = 10_000;

impl Host {
    /// Returns the time: that of the clock, the one fixed for the run, or the one at which planning started.
    pub(in crate::script) fn now(&self) -> DateTime {
        self.local(
            self.planning_since
                .get()
                .map_or_else(|| self.clock(), |planning| planning.since),
        )
    }

    fn clock(&self) -> Timestamp {
        self.settings.options.now()
    }

    /// Puts an instant into the run's zone.
    pub(in crate::script) fn local(&self, instant: Timestamp) -> DateTime {
        DateTime::new(ZonedDateTime::new(instant, self.zone().clone()))
    }

    /// Stops the clock until the guard is dropped, while `function` plans. The script may not send or write then.
    pub(in crate::script) fn freeze_clock(&self, function: &'static str) -> PlanningGuard<'_> {
        self.planning_since.set(Some(Planning {
            since: self.clock(),
            function,
        }));
        PlanningGuard(&self.planning_since)
    }

    /// Returns an error if `function` is called while a plan is evaluated.
    pub(in crate::script) fn ensure_not_planning(
        &self,
        ctx: &NativeCallContext,
        function: &str,
    ) -> RhaiResultOf<()> {
        let Some(planning) = self.planning_since.get() else {
            return Ok(());
        };
        let planner = planning.function;
        let message = format!("`{function}` may not be called while `{planner}` plans");
        let hint = "the closure decides about one row: let it return a request or `skip(reason)`";
        Err(throw(
            ctx,
            Throw::new(ErrorCode::Planning, message).hint(hint),
        ))
    }

    /// Records that the script listed sessions.
    pub(in crate::script) fn record_poll(&self) {
        self.poll_tracker.record_poll();
    }

    /// Skips a sleep in a dry run, and ends a script that waits for sessions to change, since they never will.
    pub(in crate::script) fn skip_dry_run_sleep(&self) -> RhaiResultOf<()> {
        if self.poll_tracker.is_stuck_after_sleep() {
            self.console
                .note("dry run: the script waits for sessions to change, and ends here");
            return Err(Termination::Waiting.into());
        }
        Ok(())
    }

    /// Skips a sleep in a test by moving its clock forward; returns `false` outside tests.
    ///
    /// # Errors
    /// `stuck`: the script has slept too often.
    pub(in crate::script) fn advance_test_clock(
        &self,
        ctx: &NativeCallContext,
        time: Duration,
    ) -> RhaiResultOf<bool> {
        if !self.settings.options.clock.advance(time) {
            return Ok(false);
        }
        if self.poll_tracker.count_sleep() > MAX_TEST_SLEEPS {
            let message = format!("the script slept {MAX_TEST_SLEEPS} times and is still waiting");
            let hint = "in a test, a session changes only as time passes, or with `set_status`";
            return Err(throw(ctx, Throw::new(ErrorCode::Stuck, message).hint(hint)));
        }
        Ok(true)
    }
}

/// Starts the clock again when it is dropped.
pub(in crate::script) struct PlanningGuard<'a>(&'a Cell<Option<Planning>>);

impl Drop for PlanningGuard<'_> {
    fn drop(&mut self) {
        self.0.set(None);
    }
}
