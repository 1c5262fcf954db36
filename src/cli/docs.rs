//! `docs`: the reference of the functions for scripts.

use clap::{Args, ValueEnum};

use super::command_error::CommandError;
use super::output;
use crate::error::ExitStatus;
use crate::reference::{Reference, definitions, markdown, terminal};

const AFTER_HELP: &str = "\
Examples:
  gradient-bulk docs                      everything, by topic
  gradient-bulk docs invite_all           one function
  gradient-bulk docs DateTime             the members of a type
  gradient-bulk docs time                 a topic
  gradient-bulk docs arrays               a page about the language
  gradient-bulk docs midnight             what has a word in its description
  gradient-bulk docs --format definitions > gradient-bulk.d.rhai";

/// The width of a page in a file or a pipe.
const DEFAULT_WIDTH: usize = 80;

/// Show what scripts can call
///
/// Without NAME, lists everything by topic.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Docs {
    /// A function, a method or property such as DateTime.plus_days, a type, a topic, or any word
    name: Option<String>,

    /// Print the whole reference in this format
    #[arg(long, value_name = "FORMAT", conflicts_with = "name")]
    format: Option<Format>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// A Markdown document with links
    Markdown,
    /// Definitions for the Rhai language server, to save as a .d.rhai file
    Definitions,
}

impl Docs {
    pub(super) fn run(&self) -> Result<ExitStatus, CommandError> {
        let reference = Reference::read();
        let width = output::width().map_or(DEFAULT_WIDTH, usize::from);
        let color = output::is_stdout_colored();
        let text = match (self.format, &self.name) {
            (Some(Format::Markdown), _) => markdown::document(&reference),
            (Some(Format::Definitions), _) => definitions::file(&reference),
            (None, Some(name)) => reference.explain(name, width, color)?,
            (None, None) => {
                let list = terminal::overview(&reference, width, color);
                format!(
                    "{list}\n`gradient-bulk docs NAME` explains any of them, a type, or a function of Rhai.\n"
                )
            }
        };
        output::print(text.trim_end())?;
        Ok(ExitStatus::Success)
    }
}
