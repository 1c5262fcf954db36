//! What an input does: it is a command, or a piece of script whose result is shown.

use std::collections::HashSet;
use std::path::PathBuf;
use std::rc::Rc;

use super::commands::{self, COMMANDS, Command};
use super::front::Front;
use super::knowledge::Shared;
use super::record::Record;
use super::results::draw;
use crate::error::Error;
use crate::render::visible_line;
use crate::script::{Arguments, Ending, Evaluated, Failure, Program, Session, word_at};
use crate::suggest::nearest;

/// Rows of a result that are shown at first.
const FIRST_ROWS: usize = 20;

/// A session with somebody in front of it.
pub struct Shell {
    pub(super) session: Session,
    pub(super) front: Rc<dyn Front>,
    pub(super) knowledge: Shared,
    pub(super) record: Record,
    /// Scripts that this session saved, which it may write again.
    pub(super) saved: HashSet<PathBuf>,
    /// Sending needs no question.
    pub(super) live: bool,
    /// Invitations go to the sandbox, which asks nothing anyway.
    pub(super) sandbox: bool,
    /// Where invitations go, as a person knows it.
    pub(super) place: String,
    pub(super) manner: Manner,
}

/// How results are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// To somebody at a screen: fitted to it, of a list the first rows.
    Screen,
    /// As they are: whole, and texts without quotes.
    Plain,
    /// As JSON, a line for each input.
    Json,
}

/// What came of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It was done.
    Done,
    /// It ended early.
    Ended(Ending),
    /// The screen is to be cleared.
    Cleared,
    /// The user wants to leave.
    Quit,
}

/// What a shell is made for.
pub struct Occasion {
    /// Who is in front.
    pub front: Rc<dyn Front>,
    /// Sending needs no question.
    pub live: bool,
    /// Invitations go to the sandbox.
    pub sandbox: bool,
    /// Where invitations go, as a person knows it.
    pub place: String,
    /// How results are shown.
    pub manner: Manner,
}

impl Shell {
    /// Begins.
    #[must_use]
    pub fn new(session: Session, occasion: Occasion) -> Self {
        Self {
            session,
            front: occasion.front,
            knowledge: Shared::default(),
            record: Record::default(),
            saved: HashSet::new(),
            live: occasion.live,
            sandbox: occasion.sandbox,
            place: occasion.place,
            manner: occasion.manner,
        }
    }

    /// Returns the session.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Runs a script, whose variables and functions stay.
    ///
    /// # Errors
    /// Those of the script.
    pub fn load(&mut self, program: &Program, arguments: Arguments) -> Result<Taken, Error> {
        self.begin();
        if let Evaluated::Ended(ending) = self.session.load(program, arguments)? {
            return Ok(Taken::Ended(ending));
        }
        self.record.add(&program.source().text, false);
        Ok(Taken::Done)
    }

    /// Does what `input` says.
    ///
    /// # Errors
    /// It is wrong, or raised an error.
    pub fn take(&mut self, input: &str) -> Result<Taken, Error> {
        if input.trim().is_empty() {
            return Ok(Taken::Done);
        }
        let command = commands::parse(input).or_else(|| self.meant_as_command(input));
        let Some(command) = command else {
            return self.evaluate(input);
        };
        match command.spec() {
            Some(spec) => {
                self.begin();
                (spec.act)(self, command.rest.trim())
            }
            None => Err(unknown_command(command.name).into()),
        }
    }

    /// Reads `quit`, `help` or `help NAME` as the command, unless a variable is called so.
    fn meant_as_command<'a>(&self, input: &'a str) -> Option<Command<'a>> {
        let command = commands::parse_bare(input)?;
        let word = word_at(input.trim_start(), 0);
        let variables = self.session.variables();
        let is_variable = variables.iter().any(|variable| variable.name == word);
        (!is_variable).then_some(command)
    }

    /// Says in one line what this is, where invitations go, and how to go on.
    pub(super) fn greeting(&self) -> String {
        let version = env!("CARGO_PKG_VERSION");
        let manner = match (self.sandbox, self.live) {
            (true, _) => "nobody gets an email",
            (false, false) => "asks before it sends",
            (false, true) => "sends without asking",
        };
        let place = visible_line(&self.place);
        format!("gradient-bulk {version} at {place}: {manner}; `:help` helps")
    }

    /// Evaluates a piece of script and shows its result.
    pub(super) fn evaluate(&mut self, text: &str) -> Result<Taken, Error> {
        self.begin();
        let evaluated = self.session.evaluate(text)?;
        match evaluated {
            Evaluated::Ended(ending) => return Ok(Taken::Ended(ending)),
            Evaluated::Value => {
                self.show_last(FIRST_ROWS)?;
            }
            Evaluated::Nothing if self.manner == Manner::Json => self.front.present("null"),
            Evaluated::Nothing => {}
        }
        self.record.add(text, evaluated == Evaluated::Value);
        Ok(Taken::Done)
    }

    /// Shows the last result, of a list so many rows at most.
    pub(super) fn show_last(&self, rows: usize) -> Result<bool, Error> {
        if self.manner == Manner::Json {
            self.front.present(&self.session.last_as_json().to_string());
            return Ok(true);
        }
        let is_plain = self.manner == Manner::Plain;
        let rows = if is_plain { usize::MAX } else { rows };
        let Some(shown) = self.session.show_last(rows)? else {
            return Ok(false);
        };
        let width = self.front.width();
        self.front.present(&draw(&shown, width, is_plain));
        Ok(true)
    }

    /// Shows what a command has to say. Where others read the results, it is none of them.
    pub(super) fn tell(&self, text: &str) {
        if self.manner == Manner::Json {
            self.front.note(text);
        } else {
            self.front.present(text);
        }
    }

    /// What was interrupted or agreed to before counts no more.
    fn begin(&self) {
        if self.manner == Manner::Screen {
            self.session.host().runtime().interrupt().clear();
        }
        self.front.set_agreed(self.live || self.sandbox);
        self.session.host().forget_singles();
    }

    /// Tells completion and highlighting what there is now.
    pub(super) fn publish(&self) {
        let variables = self.session.variables();
        let defined = self.session.functions();
        self.knowledge.update(|known| {
            known.variables = variables;
            known.defined = defined;
        });
    }
}

fn unknown_command(name: &str) -> Failure {
    let failure = Failure::new("unknown_command", format!("unknown command `:{name}`"));
    let names = COMMANDS.iter().map(|spec| spec.name);
    match nearest(name, names) {
        Some(likely) => failure.hint(format!("did you mean `:{likely}`?")),
        None => failure.hint("`:help` lists the commands"),
    }
}
