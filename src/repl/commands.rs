//! The commands that start with a colon: the table behind help, completion and suggestions, and the parser.

pub(super) struct CommandSpec {
    /// The name without the colon.
    pub(super) name: &'static str,
    pub(super) argument: ArgumentKind,
    pub(super) action: Action,
    /// What it does, in one line.
    pub(super) summary: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Help,
    Doc,
    Vars,
    Type,
    Time,
    All,
    Load,
    Save,
    Assessment,
    Live,
    Reset,
    Clear,
    Quit,
}

/// What follows the name of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ArgumentKind {
    Nothing,
    /// The name of a function or command.
    Name,
    /// A piece of script.
    Script,
    File,
    /// The name of an assessment.
    Assessment,
    /// `on` or `off`.
    Switch,
}

impl ArgumentKind {
    /// Returns the placeholder that help shows.
    pub(super) fn placeholder(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Name | Self::Assessment => "[NAME]",
            Self::Script => "EXPR",
            Self::File => "FILE",
            Self::Switch => "on|off",
        }
    }
}

pub(super) const COMMANDS: [CommandSpec; 13] = [
    CommandSpec {
        name: "help",
        argument: ArgumentKind::Name,
        action: Action::Help,
        summary: "explains the prompt, or a function or command",
    },
    CommandSpec {
        name: "doc",
        argument: ArgumentKind::Name,
        action: Action::Doc,
        summary: "explains a function; without NAME, lists all of them",
    },
    CommandSpec {
        name: "vars",
        argument: ArgumentKind::Nothing,
        action: Action::Vars,
        summary: "lists the variables, functions and imports of this session",
    },
    CommandSpec {
        name: "type",
        argument: ArgumentKind::Script,
        action: Action::Type,
        summary: "evaluates EXPR and shows the type of its result",
    },
    CommandSpec {
        name: "time",
        argument: ArgumentKind::Script,
        action: Action::Time,
        summary: "evaluates EXPR and shows how long it took",
    },
    CommandSpec {
        name: "all",
        argument: ArgumentKind::Nothing,
        action: Action::All,
        summary: "shows all of the last result",
    },
    CommandSpec {
        name: "load",
        argument: ArgumentKind::File,
        action: Action::Load,
        summary: "runs a script and keeps its variables and functions",
    },
    CommandSpec {
        name: "save",
        argument: ArgumentKind::File,
        action: Action::Save,
        summary: "writes the inputs of this session as a script",
    },
    CommandSpec {
        name: "assessment",
        argument: ArgumentKind::Assessment,
        action: Action::Assessment,
        summary: "shows or selects the assessment that candidates are invited to",
    },
    CommandSpec {
        name: "live",
        argument: ArgumentKind::Switch,
        action: Action::Live,
        summary: "`on`: sends without asking; `off`: asks again",
    },
    CommandSpec {
        name: "reset",
        argument: ArgumentKind::Nothing,
        action: Action::Reset,
        summary: "forgets all variables, functions and inputs",
    },
    CommandSpec {
        name: "clear",
        argument: ArgumentKind::Nothing,
        action: Action::Clear,
        summary: "clears the screen, like Ctrl-L",
    },
    CommandSpec {
        name: "quit",
        argument: ArgumentKind::Nothing,
        action: Action::Quit,
        summary: "quits, like Ctrl-D",
    },
];

/// An input that starts with a colon.
#[derive(Clone, Copy, Debug)]
pub(super) struct Command<'a> {
    /// The word after the colon.
    pub(super) name: &'a str,
    pub(super) rest: &'a str,
}

/// Parses `input` as a command if it starts with a colon.
pub(super) fn parse(input: &str) -> Option<Command<'_>> {
    let text = input.trim_start().strip_prefix(':')?;
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    Some(Command { name, rest })
}

/// Parses `exit`, `quit`, `help` and `help NAME`, which people type without the colon.
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
    /// Finds the command in the table. A prefix is enough if only one name starts with it.
    pub(super) fn spec(&self) -> Option<&'static CommandSpec> {
        let exact = COMMANDS.iter().find(|spec| spec.name == self.name);
        exact.or_else(|| {
            let mut matches = COMMANDS
                .iter()
                .filter(|spec| !self.name.is_empty() && spec.name.starts_with(self.name));
            let first = matches.next()?;
            matches.next().is_none().then_some(first)
        })
    }

    /// Returns the argument if it is a piece of script, and otherwise an empty text.
    pub(super) fn script(&self) -> &'a str {
        match self.spec() {
            Some(spec) if spec.argument == ArgumentKind::Script => self.rest,
            _ => "",
        }
    }
}
