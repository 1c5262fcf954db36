//! What a test can do in addition to other scripts.

use crate::bulk::{Counts, OutcomeRow};
use crate::error_code::ErrorCode;
use crate::script::error::throw::Throw;
use crate::script::values::option_map::option_map;

/// The environment of a test: it runs whole scripts, and moves the sessions of candidates.
pub trait TestEnvironment {
    /// Runs a script to its end, as the command line does.
    ///
    /// # Errors
    /// There is no such script, or its results cannot be read.
    fn run_script(
        &self,
        reference: &str,
        args: Vec<String>,
        options: RunOptions,
    ) -> Result<ScriptOutput, TestError>;

    /// Sets the status of a candidate's latest session, and keeps it there.
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

/// The result of a script that ran to its end.
#[derive(Debug)]
pub struct ScriptOutput {
    /// The exit status that the process would have.
    pub status: u8,
    /// Standard output.
    pub output: String,
    /// Standard error.
    pub notes: String,
    /// The error message, if it failed.
    pub error: Option<String>,
    /// The counts of its rows.
    pub counts: Counts,
    /// The results of its rows.
    pub rows: Vec<OutcomeRow>,
}

#[derive(Debug)]
pub struct TestError {
    pub message: String,
    pub hint: Option<String>,
}

impl From<TestError> for Throw {
    fn from(error: TestError) -> Self {
        Self::new(ErrorCode::Unable, error.message).hint_if(error.hint)
    }
}
