//! `scripts`: lists the shipped scripts.

use clap::Args;

use super::command_error::CommandError;
use super::output;
use crate::error::ExitStatus;
use crate::script::shipped;

/// List the scripts that come with gradient-bulk
///
/// Run a script by its name: `gradient-bulk run --sandbox NAME`. `gradient-bulk run NAME --help` explains its arguments.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  gradient-bulk scripts")]
pub(super) struct Scripts {}

impl Scripts {
    #[expect(clippy::unused_self, reason = "every command is run by its arguments")]
    pub(super) fn run(&self) -> Result<ExitStatus, CommandError> {
        let scripts = shipped();
        let width = scripts.iter().map(|script| script.name.len()).max();
        for script in scripts {
            let width = width.unwrap_or(0);
            output::print(&format!("{:width$}  {}", script.name, script.summary))?;
        }
        Ok(ExitStatus::Success)
    }
}
