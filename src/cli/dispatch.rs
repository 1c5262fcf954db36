//! From the command line to a command, and from its result to an exit status.

use std::ffi::OsString;
use std::io;

use clap::{CommandFactory as _, Parser, Subcommand};

use super::command_error::CommandError;
use super::output::{self, Streams};
use super::{
    check, completions, docs, doctor, find, new, repl, run, runs, sandbox, scripts, send, sessions,
    test, undo, usage,
};
use crate::error::ExitStatus;
use crate::file_access::Stdin;
use crate::runtime::StartError;

const AFTER_HELP: &str = "\
Examples:
  gradient-bulk run --sandbox invite_csv people.csv    rehearse a script
  gradient-bulk docs                                   what scripts can call
  gradient-bulk new invite_team.rhai                   start a script of your own
  gradient-bulk doctor                                 what is configured, and whether it works

Exit status:
  0    success
  1    script error, or a failed test
  2    wrong usage, or options that contradict the run
  3    some rows failed, or were skipped as invalid
  4    refused by the API: the key, its access, or the run's assessment
  5    the plan was rejected, nothing was changed
  6    not confirmed, nothing was changed
  7    timed out waiting, or another process invites to the assessment
  130  interrupted
If several apply, the first of 130, 4, 5, 6, 1, 3, 7 is used.";

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
    Undo(undo::Undo),
    Runs(runs::Runs),
    Sessions(sessions::Sessions),
    Find(find::Find),
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

/// Runs the command that `arguments` name, reports its error, and returns the exit status of the process, whose standard
/// input is `stdin`.
pub fn main(arguments: impl IntoIterator<Item = OsString>, stdin: &Stdin) -> ExitStatus {
    let words: Vec<OsString> = arguments.into_iter().collect();
    let parsed = Arguments::try_parse_from(&words).map_err(|error| usage::explain(error, &words));
    let result = parsed.and_then(|arguments| match arguments.command {
        Command::Run(command) => command.run(stdin),
        Command::Send(command) => command.run(stdin),
        Command::Undo(command) => command.run(stdin),
        Command::Runs(command) => command.run(stdin),
        Command::Sessions(command) => command.run(),
        Command::Find(command) => command.run(),
        Command::Repl(command) => command.run(stdin),
        Command::Check(command) => command.run(),
        Command::Docs(command) => command.run(),
        Command::New(command) => command.run(),
        Command::Scripts(command) => command.run(),
        Command::Test(command) => command.run(),
        Command::Sandbox(command) => command.run(),
        Command::Doctor(command) => command.run(),
        Command::Completions(command) => command.run(Arguments::command()),
    });
    result.unwrap_or_else(|error| error.report(&Streams::Process))
}

/// Reports that the process could not start its thread.
pub fn report_failed_start(error: io::Error) -> ExitStatus {
    CommandError::from(StartError::from(error)).report(&Streams::Process)
}

/// Warns that the process could not be protected: a crash could write its memory to a file.
pub fn report_unprotected(error: &io::Error) {
    output::note(&format!("warning: cannot turn off core dumps: {error}"));
}
