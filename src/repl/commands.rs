//! The commands that start with a colon: one table, from which help, completion and suggestions are made.

use super::actions;
use super::shell::{Shell, Taken};
use crate::error::Error;

/// A command.
pub(super) struct Spec {
    /// Its name, without the colon.
    pub(super) name: &'static str,
    /// What follows it, as help shows that.
    pub(super) argument: &'static str,
    /// What it takes.
    pub(super) takes: Takes,
    /// What it does, in one line.
    pub(super) summary: &'static str,
    /// Does it.
    pub(super) act: fn(&mut Shell, &str) -> Result<Taken, Error>,
}

/// What follows a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
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
pub(super) const COMMANDS: [Spec; 13] = [
    Spec {
        name: "help",
        argument: "[NAME]",
        takes: Takes::Name,
        summary: "explains the prompt, or a function or command",
        act: actions::help,
    },
    Spec {
        name: "doc",
        argument: "[NAME]",
        takes: Takes::Name,
        summary: "explains a function; without NAME, lists all that can be called",
        act: actions::doc,
    },
    Spec {
        name: "vars",
        argument: "",
        takes: Takes::Nothing,
        summary: "lists variables and functions of this session",
        act: actions::vars,
    },
    Spec {
        name: "type",
        argument: "EXPR",
        takes: Takes::Script,
        summary: "tells the type of what EXPR results in",
        act: actions::tell_type,
    },
    Spec {
        name: "time",
        argument: "EXPR",
        takes: Takes::Script,
        summary: "evaluates EXPR and tells how long it took",
        act: actions::time,
    },
    Spec {
        name: "all",
        argument: "",
        takes: Takes::Nothing,
        summary: "shows all of the last result",
        act: actions::all,
    },
    Spec {
        name: "load",
        argument: "FILE",
        takes: Takes::File,
        summary: "runs a script, and keeps its variables and functions",
        act: actions::load,
    },
    Spec {
        name: "save",
        argument: "FILE",
        takes: Takes::File,
        summary: "writes what was entered so far as a script",
        act: actions::save,
    },
    Spec {
        name: "assessment",
        argument: "[NAME]",
        takes: Takes::Assessment,
        summary: "tells or chooses what candidates are invited to",
        act: actions::assessment,
    },
    Spec {
        name: "live",
        argument: "on|off",
        takes: Takes::Switch,
        summary: "`on`: sends without asking; `off`: asks again",
        act: actions::live,
    },
    Spec {
        name: "reset",
        argument: "",
        takes: Takes::Nothing,
        summary: "forgets variables, functions and what was entered",
        act: actions::reset,
    },
    Spec {
        name: "clear",
        argument: "",
        takes: Takes::Nothing,
        summary: "clears the screen, as Ctrl-L does",
        act: actions::clear,
    },
    Spec {
        name: "quit",
        argument: "",
        takes: Takes::Nothing,
        summary: "leaves, as Ctrl-D does",
        act: actions::quit,
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
    pub(super) fn spec(&self) -> Option<&'static Spec> {
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
            Some(spec) if spec.takes == Takes::Script => self.rest,
            _ => "",
        }
    }
}
