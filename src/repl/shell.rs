//! What an input does: it is a command, or a piece of script whose result is shown.

use std::collections::HashSet;
use std::path::PathBuf;
use std::rc::Rc;

use super::commands::{self, COMMANDS, Command};
use super::completion_index::SharedIndex;
use super::frontend::ReplFrontend;
use super::input_log::InputLog;
use super::results::draw;
use crate::error::Error;
use crate::error_code::ErrorCode;
use crate::script::{
    Arguments, Diagnostic, EvalResult, Program, ReplSession, Termination, word_at,
};
use crate::text::escape_line;
use crate::text::nearest;

/// Rows of a result that are shown at first.
const FIRST_ROWS: usize = 20;

/// A session with somebody in front of it.
pub struct Shell {
    pub(super) session: ReplSession,
    pub(super) frontend: Rc<dyn ReplFrontend>,
    pub(super) completion_index: SharedIndex,
    pub(super) input_log: InputLog,
    /// Scripts that this session saved, which it may write again.
    pub(super) saved: HashSet<PathBuf>,
    /// Sending needs no question.
    pub(super) live: bool,
    /// Invitations go to the sandbox, which asks nothing anyway.
    pub(super) sandbox: bool,
    /// Where invitations go, as a person knows it.
    pub(super) endpoint: String,
    pub(super) output_mode: OutputMode,
}

/// How results are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputMode {
    /// To somebody at a screen: fitted to it, of a list the first rows.
    Screen,
    /// As they are: whole, and texts without quotes.
    Plain,
    /// As JSON, a line for each input.
    Json,
}

/// What came of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputResult {
    /// It was done.
    Done,
    /// It ended early.
    Ended(Termination),
    /// The screen is to be cleared.
    ClearScreen,
    /// The user wants to leave.
    Quit,
}

/// What a shell is made for.
pub struct ShellConfig {
    /// Who is in front.
    pub frontend: Rc<dyn ReplFrontend>,
    /// Sending needs no question.
    pub live: bool,
    /// Invitations go to the sandbox.
    pub sandbox: bool,
    /// Where invitations go, as a person knows it.
    pub endpoint: String,
    /// How results are shown.
    pub output_mode: OutputMode,
}

impl Shell {
    /// Begins.
    #[must_use]
    pub fn new(session: ReplSession, config: ShellConfig) -> Self {
        Self {
            session,
            frontend: config.frontend,
            completion_index: SharedIndex::default(),
            input_log: InputLog::default(),
            saved: HashSet::new(),
            live: config.live,
            sandbox: config.sandbox,
            endpoint: config.endpoint,
            output_mode: config.output_mode,
        }
    }

    /// Returns the session.
    #[must_use]
    pub fn session(&self) -> &ReplSession {
        &self.session
    }

    /// Runs a script, whose variables and functions stay.
    ///
    /// # Errors
    /// Those of the script.
    pub fn load(&mut self, program: &Program, arguments: Arguments) -> Result<InputResult, Error> {
        self.prepare_input();
        if let EvalResult::Terminated(ending) = self.session.load(program, arguments)? {
            return Ok(InputResult::Ended(ending));
        }
        self.input_log.add(&program.source().text, false);
        Ok(InputResult::Done)
    }

    /// Does what `input` says.
    ///
    /// # Errors
    /// It is wrong, or raised an error.
    pub fn handle_input(&mut self, input: &str) -> Result<InputResult, Error> {
        if input.trim().is_empty() {
            return Ok(InputResult::Done);
        }
        let command = commands::parse(input).or_else(|| self.parse_bare_command(input));
        let Some(command) = command else {
            return self.evaluate(input);
        };
        match command.spec() {
            Some(spec) => {
                self.prepare_input();
                (spec.run)(self, command.rest.trim())
            }
            None => Err(unknown_command(command.name).into()),
        }
    }

    /// Reads `quit`, `help` or `help NAME` as the command, unless a variable is called so.
    fn parse_bare_command<'a>(&self, input: &'a str) -> Option<Command<'a>> {
        let command = commands::parse_bare(input)?;
        let word = word_at(input.trim_start(), 0);
        let variables = self.session.variables();
        let is_variable = variables.iter().any(|variable| variable.name == word);
        (!is_variable).then_some(command)
    }

    /// Says in one line what this is, where invitations go, and how to go on.
    pub(super) fn greeting(&self) -> String {
        let version = env!("CARGO_PKG_VERSION");
        let output_mode = match (self.sandbox, self.live) {
            (true, _) => "nobody gets an email",
            (false, false) => "asks before it sends",
            (false, true) => "sends without asking",
        };
        let endpoint = escape_line(&self.endpoint);
        format!("gradient-bulk {version} at {endpoint}: {output_mode}; `:help` helps")
    }

    /// Evaluates a piece of script and shows its result.
    pub(super) fn evaluate(&mut self, text: &str) -> Result<InputResult, Error> {
        self.prepare_input();
        let evaluated = self.session.evaluate(text)?;
        match evaluated {
            EvalResult::Terminated(ending) => return Ok(InputResult::Ended(ending)),
            EvalResult::Value => {
                self.show_last(FIRST_ROWS)?;
            }
            EvalResult::Nothing if self.output_mode == OutputMode::Json => {
                self.frontend.print_result("null")
            }
            EvalResult::Nothing => {}
        }
        self.input_log.add(text, evaluated == EvalResult::Value);
        Ok(InputResult::Done)
    }

    /// Shows the last result, of a list so many rows at most.
    pub(super) fn show_last(&self, rows: usize) -> Result<bool, Error> {
        if self.output_mode == OutputMode::Json {
            self.frontend
                .print_result(&self.session.last_as_json().to_string());
            return Ok(true);
        }
        let is_plain = self.output_mode == OutputMode::Plain;
        let rows = if is_plain { usize::MAX } else { rows };
        let Some(shown) = self.session.show_last(rows)? else {
            return Ok(false);
        };
        let width = self.frontend.width();
        self.frontend.print_result(&draw(&shown, width, is_plain));
        Ok(true)
    }

    /// Shows what a command has to say. Where others read the results, it is none of them.
    pub(super) fn print_message(&self, text: &str) {
        if self.output_mode == OutputMode::Json {
            self.frontend.note(text);
        } else {
            self.frontend.print_result(text);
        }
    }

    /// What was interrupted or agreed to before counts no more.
    fn prepare_input(&self) {
        if self.output_mode == OutputMode::Screen {
            self.session.host().runtime().interrupt().clear();
        }
        self.frontend.set_auto_confirm(self.live || self.sandbox);
        self.session.host().reset_single_invites();
    }

    /// Tells completion and highlighting what there is now.
    pub(super) fn refresh_completion_index(&self) {
        let variables = self.session.variables();
        let defined = self.session.functions();
        self.completion_index.update(|index| {
            index.variables = variables;
            index.defined = defined;
        });
    }
}

fn unknown_command(name: &str) -> Diagnostic {
    let failure = Diagnostic::new(
        ErrorCode::UnknownCommand,
        format!("unknown command `:{name}`"),
    );
    let names = COMMANDS.iter().map(|spec| spec.name);
    match nearest(name, names) {
        Some(likely) => failure.hint(format!("did you mean `:{likely}`?")),
        None => failure.hint("`:help` lists the commands"),
    }
}
