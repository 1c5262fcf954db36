//! The state of a REPL session, and how it evaluates a script and shows the result.

use std::collections::HashSet;
use std::path::PathBuf;
use std::rc::Rc;

use super::completion_index::SharedIndex;
use super::input_log::InputLog;
use super::results::draw;
use crate::error::Error;
use crate::script::{Arguments, Console, EvalResult, Program, ReplSession, Termination};
use crate::text::{escape_line, to_json};

/// Rows of a result that are shown at first.
const FIRST_ROWS: usize = 20;

/// The terminal side of the REPL.
pub trait ReplFrontend: Console {
    /// Sets whether invitations are sent without asking from now on.
    fn set_auto_confirm(&self, agreed: bool);

    /// Prints a result. Its only control characters are those of colors.
    fn print_result(&self, text: &str);

    fn print_error(&self, error: &Error);

    /// Returns whether results are colored.
    fn colors(&self) -> bool;
}

/// The state of a session.
pub struct Shell {
    /// The session of the script engine.
    pub session: ReplSession,
    pub(super) frontend: Rc<dyn ReplFrontend>,
    pub(super) completion_index: SharedIndex,
    pub(super) input_log: InputLog,
    /// Files that `:save` wrote in this session and may overwrite.
    pub(super) saved: HashSet<PathBuf>,
    pub(super) live: bool,
    pub(super) sandbox: bool,
    pub(super) endpoint: String,
    output_mode: OutputMode,
}

/// How results are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputMode {
    /// Fitted to the screen; only the first rows of a long list.
    Screen,
    /// In full, and texts without quotes.
    Plain,
    /// One line of JSON for each input.
    Json,
}

/// What an input led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputResult {
    /// It was evaluated.
    Done,
    /// It ended early.
    Ended(Termination),
    /// The screen is to be cleared.
    ClearScreen,
    /// The user wants to quit.
    Quit,
}

/// What a shell is built from.
pub struct ShellConfig {
    /// Where results and errors are shown.
    pub frontend: Rc<dyn ReplFrontend>,
    /// Invitations are sent without asking.
    pub live: bool,
    /// Invitations go to the sandbox, which needs no confirmation.
    pub sandbox: bool,
    /// The server that invitations go to, for display.
    pub endpoint: String,
    /// How results are shown.
    pub output_mode: OutputMode,
}

impl Shell {
    /// Starts a session in which nothing has been entered yet.
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

    /// Runs a script and keeps its variables and functions.
    pub fn load(&mut self, program: &Program, arguments: Arguments) -> Result<InputResult, Error> {
        self.prepare_input();
        if let EvalResult::Terminated(ending) = self.session.load(program, arguments)? {
            return Ok(InputResult::Ended(ending));
        }
        self.input_log.add(&program.source.text, false);
        Ok(InputResult::Done)
    }

    /// Returns the first line of a session: the version, the endpoint, and whether sending needs confirmation.
    pub(super) fn greeting(&self) -> String {
        let version = env!("CARGO_PKG_VERSION");
        let confirmation = match (self.sandbox, self.live) {
            (true, _) => "nobody gets an email",
            (false, false) => "asks before it sends",
            (false, true) => "sends without asking",
        };
        let endpoint = escape_line(&self.endpoint);
        format!("gradient-bulk {version} at {endpoint}: {confirmation}; type `:help` for help")
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
                self.frontend.print_result("null");
            }
            EvalResult::Nothing => {}
        }
        self.input_log.add(text, evaluated == EvalResult::Value);
        Ok(InputResult::Done)
    }

    /// Shows the last result, and at most `rows` rows of it on a screen. Returns `false` if there is none.
    pub(super) fn show_last(&self, rows: usize) -> Result<bool, Error> {
        if self.output_mode == OutputMode::Json {
            let json = to_json(&self.session.last_as_json()).unwrap_or_default();
            self.frontend.print_result(&json);
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

    /// Prints what a command shows. With JSON it goes to standard error: it is not a result.
    pub(super) fn print_message(&self, text: &str) {
        if self.output_mode == OutputMode::Json {
            self.frontend.note(text);
        } else {
            self.frontend.print_result(text);
        }
    }

    /// Resets interrupts and confirmations, which hold for one input.
    pub(super) fn prepare_input(&self) {
        if self.output_mode == OutputMode::Screen {
            self.session.host.runtime.interrupt.clear();
        }
        self.frontend.set_auto_confirm(self.live || self.sandbox);
        self.session.host.reset_single_invites();
    }

    /// Makes new variables and functions known to completion and highlighting.
    pub(super) fn refresh_completion_index(&self) {
        let variables = self.session.variables();
        let defined = self.session.functions();
        let imports = self.session.imports.clone();
        self.completion_index.update(|index| {
            index.variables = variables;
            index.defined = defined;
            index.imports = imports;
        });
    }
}
