//! Inputs that come from no terminal: no prompt, results as they are, and an end at the first error.

use std::io::{self, BufRead};

use super::shell::{InputResult, Shell};
use super::validator::is_complete;
use crate::error::Error;
use crate::script::ScriptOutcome;

/// Does what the inputs in `lines` say.
///
/// # Errors
/// The first one that an input raised, or reading did.
pub fn run_lines(shell: &mut Shell, lines: impl BufRead) -> Result<ScriptOutcome, Error> {
    let mut input = String::new();
    for line in lines.lines() {
        input.push_str(&line.map_err(unreadable)?);
        if !is_complete(&input) {
            input.push('\n');
            continue;
        }
        if let Some(ended) = run_input(shell, &input)? {
            return Ok(ended);
        }
        input.clear();
    }
    // What is not complete is an error, and the parser says which.
    Ok(run_input(shell, &input)?.unwrap_or(ScriptOutcome::Finished))
}

/// Does what one input says; tells the end, where it ends everything.
///
/// # Errors
/// What it raised.
pub fn run_input(shell: &mut Shell, input: &str) -> Result<Option<ScriptOutcome>, Error> {
    Ok(match shell.handle_input(input)? {
        InputResult::Done | InputResult::ClearScreen => None,
        InputResult::Quit => Some(ScriptOutcome::Finished),
        InputResult::Ended(ending) => Some(ScriptOutcome::Terminated(ending)),
    })
}

fn unreadable(error: io::Error) -> Error {
    Error::Input(error)
}
