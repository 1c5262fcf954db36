//! From the command line to a command, and from its end to an exit status.

use std::ffi::OsString;
use std::io;

use clap::{CommandFactory as _, Parser, Subcommand};

use super::command_error::CommandError;
use super::output::Streams;
use super::{
    check, completions, docs, doctor, new, output, repl, run, runs, sandbox, scripts, send,
    sessions, test, usage,
};
use crate::error::ExitStatus;
use crate::render::{Style, render};

const AFTER_HELP: &str = "\
Examples:
  gradient-bulk run --sandbox invite_csv people.csv    rehearse a script
  gradient-bulk docs                                   what scripts can call
  gradient-bulk new invite_team.rhai                   begin a script of your own
  gradient-bulk doctor                                 what is configured, and whether it works

Exit status:
  0    all done
  1    script error, or a failed test
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
#[command(name = "gradient-bulk", version, after_help = AFTER_HELP, disable_help_subcommand = true)]
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
    Repl(repl::Repl),
    Check(check::Check),
    Docs(docs::Docs),
    New(new::New),
    Scripts(scripts::Scripts),
    Test(test::Test),
    Sandbox(sandbox::Serve),
    Doctor(doctor::Doctor),
    Completions(completions::Completions),
}

/// Runs the command that `arguments` name, reports its error, and returns how the process is to end.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitStatus {
    let words: Vec<OsString> = arguments.into_iter().collect();
    let parsed = Arguments::try_parse_from(&words).map_err(|error| usage::explain(error, &words));
    let ended = parsed.and_then(|arguments| match arguments.command {
        Command::Run(command) => command.run(),
        Command::Send(command) => command.run(),
        Command::Runs(command) => command.run(),
        Command::Sessions(command) => command.run(),
        Command::Repl(command) => command.run(),
        Command::Check(command) => command.run(),
        Command::Docs(command) => command.run(),
        Command::New(command) => command.run(),
        Command::Scripts(command) => Ok(scripts::run(&command)),
        Command::Test(command) => command.run(),
        Command::Sandbox(command) => command.run(),
        Command::Doctor(command) => command.run(),
        Command::Completions(command) => Ok(command.run(Arguments::command())),
    });
    ended.unwrap_or_else(|failure| report_error(&failure, &Streams::Process))
}

/// Reports that the process could not even begin.
#[must_use]
pub fn report_failed_start(error: &io::Error) -> ExitStatus {
    output::note(&format!("error: cannot start: {error}"));
    ExitStatus::ScriptError
}

/// Reports `failure` to `streams`, and returns how a process ends with it.
pub(super) fn report_error(failure: &CommandError, streams: &Streams) -> ExitStatus {
    match failure {
        CommandError::Usage { source, hint } => {
            // Help and version are errors to clap; it knows where they are printed.
            match streams {
                Streams::Process => {
                    let _ = source.print();
                }
                Streams::Record(record) if source.use_stderr() => {
                    let text = source.render().to_string();
                    let first = text.split("\n\n").next().unwrap_or_default();
                    record.record_error(first.trim_start_matches("error: "));
                    record.note(text.trim_end());
                }
                Streams::Record(record) => record.print(source.render().to_string().trim_end()),
            }
            if let Some(hint) = hint {
                streams.note(&format!("\n  hint: {hint}"));
            }
            match source.exit_code() {
                0 => ExitStatus::Success,
                _ => ExitStatus::Usage,
            }
        }
        CommandError::Error(error) => {
            match streams {
                Streams::Process => {
                    output::note_preformatted(&render(error, output::stderr_style()))
                }
                Streams::Record(record) => {
                    record.record_error(&error.to_string());
                    record.note(&render(error, Style::default()));
                }
            }
            error.exit_status()
        }
    }
}
