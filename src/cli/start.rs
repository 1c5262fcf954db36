//! From the command line to a command, and from its end to an exit status.

use std::ffi::OsString;
use std::io;

use clap::{Parser, Subcommand};

use super::failure::Failure;
use super::{output, run, runs, sandbox, scripts, send, sessions};
use crate::error::ExitStatus;
use crate::render::render;

const EXIT_STATUSES: &str = "\
Exit status:
  0    all done
  1    script error
  2    wrong usage, or a contradiction
  3    some rows failed, or were left out as invalid
  4    refused by the API: the key, its access, or the run's assessment
  5    the plan was rejected, nothing was sent
  6    not confirmed, nothing was sent
  7    waited in vain
  130  interrupted
Where several hold, the first of 130, 4, 5, 6, 1, 3, 7 counts.";

/// Bulk work on the Gradient hiring-assessment API, scripted in Rhai.
#[derive(Debug, Parser)]
#[command(name = "gradient-bulk", version, after_help = EXIT_STATUSES, disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Run(run::Run),
    Send(send::Send),
    Runs(runs::Runs),
    Sessions(sessions::Sessions),
    Scripts(scripts::Scripts),
    Sandbox(sandbox::Serve),
}

/// Runs the command that `arguments` name, reports its error, and returns how the process is to end.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitStatus {
    let parsed = Arguments::try_parse_from(arguments)
        .map_err(|source| Failure::Usage { source, hint: None });
    let ended = parsed.and_then(|arguments| match arguments.command {
        Command::Run(command) => command.run(),
        Command::Send(command) => command.run(),
        Command::Runs(command) => command.run(),
        Command::Sessions(command) => command.run(),
        Command::Scripts(command) => Ok(scripts::run(&command)),
        Command::Sandbox(command) => command.run(),
    });
    ended.unwrap_or_else(|failure| report(&failure))
}

/// Reports that the process could not even begin.
#[must_use]
pub fn report_failed_start(error: &io::Error) -> ExitStatus {
    output::note(&format!("error: cannot start: {error}"));
    ExitStatus::ScriptError
}

fn report(failure: &Failure) -> ExitStatus {
    match failure {
        Failure::Usage { source, hint } => {
            // Help and version are errors to clap; it knows where they are printed.
            let _ = source.print();
            if let Some(hint) = hint {
                output::note(&format!("\n  hint: {hint}"));
            }
            match source.exit_code() {
                0 => ExitStatus::Success,
                _ => ExitStatus::Usage,
            }
        }
        Failure::Error(error) => {
            output::note(&render(error, output::colors_errors()));
            error.exit_status()
        }
    }
}
