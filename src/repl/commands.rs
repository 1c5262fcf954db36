//! The commands that start with a colon: one table, from which help, completion and suggestions are made.

use super::actions;
use super::shell::{InputResult, Shell};
use crate::error::Error;

/// A command.
pub(super) struct CommandSpec {
    /// Its name, without the colon.
    pub(super) name: &'static str,
    /// What follows it, as help shows that.
    pub(super) argument: &'static str,
    /// What it takes.
    pub(super) argument_kind: ArgumentKind,
    /// What it does, in one line.
    pub(super) summary: &'static str,
    /// Does it.
    pub(super) run: fn(&mut Shell, &str) -> Result<InputResult, Error>,
}

/// What follows a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ArgumentKind {
    Nothing,
    /// The name of a function or command.
    Name,
    /// A piece of script.
    Script,
    /// A path.
    File,
    /// The name of an assessment.
    Assessment,
    /// `on` or `off`.
    Switch,
}

/// All commands.
pub(super) const COMMANDS: [CommandSpec; 13] = [
    CommandSpec {
        name: "help",
        argument: "[NAME]",
        argument_kind: ArgumentKind::Name,
        summary: "explains the prompt, or a function or command",
        run: actions::help,
    },
    CommandSpec {
        name: "doc",
        argument: "[NAME]",
        argument_kind: ArgumentKind::Name,
        summary: "explains a function; without NAME, lists all that can be called",
        run: actions::doc,
    },
    CommandSpec {
        name: "vars",
        argument: "",
        argument_kind: ArgumentKind::Nothing,
        summary: "lists variables and functions of this session",
        run: actions::vars,
    },
    CommandSpec {
        name: "type",
        argument: "EXPR",
        argument_kind: ArgumentKind::Script,
        summary: "tells the type of what EXPR results in",
        run: actions::print_type,
    },
    CommandSpec {
        name: "time",
        argument: "EXPR",
        argument_kind: ArgumentKind::Script,
        summary: "evaluates EXPR and tells how long it took",
        run: actions::time,
    },
    CommandSpec {
        name: "all",
        argument: "",
        argument_kind: ArgumentKind::Nothing,
        summary: "shows all of the last result",
        run: actions::all,
    },
    CommandSpec {
        name: "load",
        argument: "FILE",
        argument_kind: ArgumentKind::File,
        summary: "runs a script, and keeps its variables and functions",
        run: actions::load,
    },
    CommandSpec {
        name: "save",
        argument: "FILE",
        argument_kind: ArgumentKind::File,
        summary: "writes what was entered so far as a script",
        run: actions::save,
    },
    CommandSpec {
        name: "assessment",
        argument: "[NAME]",
        argument_kind: ArgumentKind::Assessment,
        summary: "tells or chooses what candidates are invited to",
        run: actions::assessment,
    },
    CommandSpec {
        name: "live",
        argument: "on|off",
        argument_kind: ArgumentKind::Switch,
        summary: "`on`: sends without asking; `off`: asks again",
        run: actions::live,
    },
    CommandSpec {
        name: "reset",
        argument: "",
        argument_kind: ArgumentKind::Nothing,
        summary: "forgets variables, functions and what was entered",
        run: actions::reset,
    },
    CommandSpec {
        name: "clear",
        argument: "",
        argument_kind: ArgumentKind::Nothing,
        summary: "clears the screen, as Ctrl-L does",
        run: actions::clear,
    },
    CommandSpec {
        name: "quit",
        argument: "",
        argument_kind: ArgumentKind::Nothing,
        summary: "leaves, as Ctrl-D does",
        run: actions::quit,
    },
];

/// An input that starts with a colon.
#[derive(Clone, Copy, Debug)]
pub(super) struct Command<'a> {
    /// The word behind the colon.
    pub(super) name: &'a str,
    /// What follows it.
    pub(super) rest: &'a str,
}

/// Reads `input` as a command, if it is meant as one.
pub(super) fn parse(input: &str) -> Option<Command<'_>> {
    let text = input.trim_start().strip_prefix(':')?;
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    Some(Command { name, rest })
}

/// Reads `input` as a command whose colon was forgotten: `exit`, `quit`, `help`, `help NAME`.
pub(super) fn parse_bare(input: &str) -> Option<Command<'_>> {
    let text = input.trim().trim_end_matches(';');
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    let name = match (word, rest) {
        ("exit" | "quit", "") => "quit",
        ("help", name) if name.chars().all(|c| c.is_alphanumeric() || c == '_') => "help",
        _ => return None,
    };
    Some(Command { name, rest })
}

impl<'a> Command<'a> {
    /// Finds its entry in the table; a beginning that only one name has is enough.
    pub(super) fn spec(&self) -> Option<&'static CommandSpec> {
        let exact = COMMANDS.iter().find(|spec| spec.name == self.name);
        exact.or_else(|| {
            let mut begun = COMMANDS
                .iter()
                .filter(|spec| !self.name.is_empty() && spec.name.starts_with(self.name));
            let only = begun.next()?;
            begun.next().is_none().then_some(only)
        })
    }

    /// Returns the script that follows it, where it takes one.
    pub(super) fn script(&self) -> &'a str {
        match self.spec() {
            Some(spec) if spec.argument_kind == ArgumentKind::Script => self.rest,
            _ => "",
        }
    }
}
