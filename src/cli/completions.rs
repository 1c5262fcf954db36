//! `completions`: prints the completion script of a shell.

use clap::builder::PossibleValuesParser;
use clap::{Args, Command};
use clap_complete::{Shell, generate};

use super::command_error::CommandError;
use super::options::LAST;
use super::output;
use crate::error::ExitStatus;
use crate::monitoring::statuses;
use crate::reference::{Entry, Reference};
use crate::script::shipped;

const AFTER_HELP: &str = "\
Examples:
  gradient-bulk completions fish > ~/.config/fish/completions/gradient-bulk.fish
  gradient-bulk completions powershell >> $PROFILE
  gradient-bulk completions elvish >> ~/.config/elvish/rc.elv

For bash, add this line to ~/.bashrc; for zsh, add it to ~/.zshrc below compinit, with zsh for bash:
  source <(gradient-bulk completions bash)";

/// Print a script that lets a shell complete commands and options
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Completions {
    /// Shell to print the script for
    shell: Shell,
}

impl Completions {
    /// Prints the completion script for `program`, the whole command line.
    pub(super) fn run(&self, program: Command) -> Result<ExitStatus, CommandError> {
        let mut program = with_possible_values(program, self.shell);
        let mut script = Vec::new();
        generate(self.shell, &mut program, "gradient-bulk", &mut script);
        // For bash, clap spells a name with a hyphen in two ways that do not match (clap issue 6421).
        let script =
            String::from_utf8_lossy(&script).replace("gradient__subcmd__bulk", "gradient__bulk");
        output::print(script.trim_end())?;
        Ok(ExitStatus::Success)
    }
}

/// Adds values that are known in advance: shipped scripts, names of the reference, statuses.
fn with_possible_values(program: Command, shell: Shell) -> Command {
    let scripts: Vec<String> = shipped().into_iter().map(|script| script.name).collect();
    let named = |command: Command, argument: &str, names: Vec<String>| {
        command.mut_arg(argument, |argument| {
            argument.value_parser(PossibleValuesParser::new(names))
        })
    };
    let program = program
        .mut_subcommand("new", |new| named(new, "from", scripts.clone()))
        .mut_subcommand("docs", |docs| named(docs, "name", doc_names()))
        .mut_subcommand("runs", |runs| named(runs, "run", last_run()))
        .mut_subcommand("send", |send| named(send, "run", last_run()))
        .mut_subcommand("sessions", |sessions| {
            let statuses = || statuses().into_iter().map(str::to_owned).collect();
            let sessions = named(sessions, "status", statuses());
            named(sessions, "until", statuses())
        });
    // Bash also offers files if no name matches; the other shells would offer only the names.
    match shell {
        Shell::Bash => program.mut_subcommand("run", |run| named(run, "script", scripts)),
        _ => program,
    }
}

/// The only run that is known in advance, as a completion script cannot read the ledger.
fn last_run() -> Vec<String> {
    vec![LAST.to_owned()]
}

/// Returns the names that `docs` explains, if they are a single word for a shell.
fn doc_names() -> Vec<String> {
    let reference = Reference::read();
    let names = reference.entries().map(Entry::full_name);
    let topics = reference.topics.iter().map(|topic| topic.title.to_owned());
    let is_word = |name: &String| {
        name.chars()
            .all(|c| c.is_alphanumeric() || "._".contains(c))
    };
    names.chain(topics).filter(is_word).collect()
}
