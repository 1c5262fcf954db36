//! What a test can do beside what every script can.

use std::rc::Rc;
use std::time::Duration;

use rhai::NativeCallContext;
use serde::Deserialize;

use crate::bulk::{Counts, OutcomeRow};
use crate::script::Host;
use crate::script::diagnosis::throw::{RhaiResultOf, Throw, throw};

/// How often a script may sleep in a test. Candidates are done after 36 hours: more is waiting for what will not come.
const MOST_SLEEPS: u32 = 10_000;

/// What surrounds a test: scripts it runs whole, and candidates whose sessions it moves.
pub trait Stage {
    /// Runs the script called `reference` to its end, as the command line does with `words` as its arguments.
    ///
    /// # Errors
    /// There is no such script, or what it left cannot be read.
    fn run_script(
        &self,
        reference: &str,
        words: Vec<String>,
        options: RunOptions,
    ) -> Result<Ran, Unable>;

    /// Puts the latest session of a candidate into a status, where it stays.
    ///
    /// # Errors
    /// The candidate has no session, or there is no such status.
    fn set_status(&self, email: &str, status: &str) -> Result<(), Unable>;
}

/// The options of `run` that a test may use.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RunOptions {
    /// `--assessment`.
    pub assessment: Option<String>,
    /// `--dry-run`.
    pub dry_run: bool,
    /// `--skip-invalid`.
    pub skip_invalid: bool,
    /// `--again`.
    pub again: bool,
}

/// What came of a script that was run whole.
#[derive(Debug)]
pub struct Ran {
    /// The exit status that the process would have had.
    pub status: u8,
    /// What it wrote to standard output.
    pub output: String,
    /// What it wrote to standard error.
    pub notes: String,
    /// What was wrong.
    pub error: Option<String>,
    /// How many rows had which end.
    pub counts: Counts,
    /// What became of each row.
    pub rows: Vec<OutcomeRow>,
}

/// Why something could not be done for a test.
#[derive(Debug)]
pub struct Unable {
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

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

impl From<Unable> for Throw {
    fn from(unable: Unable) -> Self {
        let thrown = Self::new("unable", unable.message);
        match unable.hint {
            Some(hint) => thrown.hint(hint),
            None => thrown,
        }
    }
}
