//! `new`: creates a script.

use std::path::{Path, PathBuf};

use clap::Args;

use super::command_error::CommandError;
use super::output;
use crate::error::{Error, ExitStatus};
use crate::script::{Program, Source, create_from_template};

const AFTER_HELP: &str = "\
Examples:
  gradient-bulk new invite_team.rhai
  gradient-bulk new scripts/autumn --from invite_deadlines";

/// Create a script of your own
///
/// Writes a short script with comments to start from, or copies a shipped script and the scripts it imports. Never overwrites
/// a file.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct New {
    /// The file to write; .rhai is added if the name has no extension
    file: PathBuf,

    /// The shipped script to copy, as "gradient-bulk scripts" lists it
    #[arg(long, value_name = "SHIPPED")]
    from: Option<String>,
}

impl New {
    pub(super) fn run(&self) -> Result<ExitStatus, CommandError> {
        let written = create_from_template(&self.file, self.from.as_deref())?;
        for path in &written {
            output::print(&format!("wrote {}", path.display()))?;
        }
        if let Some(script) = written.last() {
            let command = sandbox_command(script)?;
            output::print(&format!("try it against the sandbox: `{command}`"))?;
        }
        Ok(ExitStatus::Success)
    }
}

/// Returns the command that runs `script` against the sandbox.
fn sandbox_command(script: &Path) -> Result<String, Error> {
    let path = script.display().to_string();
    let path = if path.contains(char::is_whitespace) {
        format!("\"{path}\"")
    } else {
        path
    };
    let specs = Program::compile(Source::read(script)?)?.args(&[])?;
    let arguments = specs.iter().filter(|spec| spec.is_positional());
    let arguments = arguments.map(|spec| format!(" {}", spec.option_name().to_uppercase()));
    let arguments: String = arguments.collect();
    Ok(format!("gradient-bulk run --sandbox {path}{arguments}"))
}
