//! What a test can do beside what every script can.

use crate::bulk::{Counts, OutcomeRow};
use crate::error_code::ErrorCode;
use crate::script::error::throw::Throw;
use crate::script::values::option_map::option_map;

/// What surrounds a test: scripts it runs whole, and candidates whose sessions it moves.
pub trait TestEnvironment {
    /// Runs the script called `reference` to its end, as the command line does with `args` as its arguments.
    ///
    /// # Errors
    /// There is no such script, or what it left cannot be read.
    fn run_script(
        &self,
        reference: &str,
        args: Vec<String>,
        options: RunOptions,
    ) -> Result<ScriptOutput, TestError>;

    /// Puts the latest session of a candidate into a status, where it stays.
    ///
    /// # Errors
    /// The candidate has no session, or there is no such status.
    fn set_status(&self, email: &str, status: &str) -> Result<(), TestError>;
}

option_map! {
    /// The options of `gradient-bulk run` that a test may use.
    #[derive(Debug, Default)]
    pub struct RunOptions: Options {
        /// Id or name of the assessment. The sandbox's `Senior PM Assessment` by default.
        pub assessment: Option<String>,
        /// Whether this is a dry run, which sends and writes nothing.
        pub dry_run: bool = false,
        /// Whether invalid rows are left out. By default, one of them rejects the whole plan.
        pub skip_invalid: bool = false,
        /// Whether candidates who have finished are invited again.
        pub again: bool = false,
    }
}

/// What came of a script that was run whole.
#[derive(Debug)]
pub struct ScriptOutput {
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
pub struct TestError {
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl From<TestError> for Throw {
    fn from(unable: TestError) -> Self {
        Self::new(ErrorCode::Unable, unable.message).hint_if(unable.hint)
    }
}
