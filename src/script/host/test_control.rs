//! What a test may do beyond other scripts: skip time, reach its environment.

use std::rc::Rc;
use std::time::Duration;

use rhai::NativeCallContext;

use super::test_environment::TestEnvironment;
use crate::error_code::ErrorCode;
use crate::script::error::throw::{RhaiResultOf, Throw, throw};
use crate::script::host::run_host::Host;

/// How often a script may sleep in a test. Candidates are done after 36 hours: more is waiting for what will not come.
const MAX_SLEEPS: u32 = 10_000;

impl Host {
    /// Takes no time for a sleep in a test, whose clock is moved on instead; tells whether that is so.
    ///
    /// # Errors
    /// `stuck`: the script sleeps and sleeps.
    pub(in crate::script) fn advance_test_clock(
        &self,
        ctx: &NativeCallContext,
        time: Duration,
    ) -> RhaiResultOf<bool> {
        if !self.settings().options.clock.advance(time) {
            return Ok(false);
        }
        if self.count_skipped_sleep() > MAX_SLEEPS {
            let message = format!("the script slept {MAX_SLEEPS} times, and still waits");
            let hint = "nothing moves in a test but what it moves, and time";
            return Err(throw(ctx, Throw::new(ErrorCode::Stuck, message).hint(hint)));
        }
        Ok(true)
    }

    /// Returns the stage of the test that calls `function`.
    ///
    /// # Errors
    /// `test_only`: no test does.
    pub(in crate::script) fn test_environment(
        &self,
        ctx: &NativeCallContext,
        function: &str,
    ) -> RhaiResultOf<Rc<dyn TestEnvironment>> {
        self.ensure_not_planning(ctx, function)?;
        self.current_test_environment().ok_or_else(|| {
            let message = format!("`{function}` is for tests");
            let hint =
                "put the call into a function `test_…`, and run that with `gradient-bulk test`";
            throw(ctx, Throw::new(ErrorCode::TestOnly, message).hint(hint))
        })
    }
}
