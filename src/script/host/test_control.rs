//! What a test may do beyond other scripts: skip time, reach its environment.

use std::rc::Rc;
use std::time::Duration;

use rhai::NativeCallContext;

use super::test_environment::Stage;
use crate::script::error::throw::{RhaiResultOf, Throw, throw};
use crate::script::host::run_host::Host;

/// How often a script may sleep in a test. Candidates are done after 36 hours: more is waiting for what will not come.
const MOST_SLEEPS: u32 = 10_000;

impl Host {
    /// Takes no time for a sleep in a test, whose clock is moved on instead; tells whether that is so.
    ///
    /// # Errors
    /// `stuck`: the script sleeps and sleeps.
    pub(in crate::script) fn skip_time(
        &self,
        ctx: &NativeCallContext,
        time: Duration,
    ) -> RhaiResultOf<bool> {
        if !self.settings().options.clock.skip(time) {
            return Ok(false);
        }
        if self.note_sleep() > MOST_SLEEPS {
            let message = format!("the script slept {MOST_SLEEPS} times, and still waits");
            let hint = "nothing moves in a test but what it moves, and time";
            return Err(throw(ctx, Throw::new("stuck", message).hint(hint)));
        }
        Ok(true)
    }

    /// Returns the stage of the test that calls `function`.
    ///
    /// # Errors
    /// `test_only`: no test does.
    pub(in crate::script) fn stage(
        &self,
        ctx: &NativeCallContext,
        function: &str,
    ) -> RhaiResultOf<Rc<dyn Stage>> {
        self.refuse_while_planning(ctx, function)?;
        self.stage_of_test().ok_or_else(|| {
            let message = format!("`{function}` is for tests");
            let hint =
                "put the call into a function `test_…`, and run that with `gradient-bulk test`";
            throw(ctx, Throw::new("test_only", message).hint(hint))
        })
    }
}
