//! Inputs without a terminal: no prompt, results in full, and the first error ends the session.

use std::io::BufRead;

use super::actions::handle_input;
use super::shell::{InputResult, Shell};
use super::validator::is_complete;
use crate::error::Error;
use crate::script::ScriptOutcome;

/// Runs the inputs in `lines`, each of which may take several lines.
pub fn run_lines(shell: &mut Shell, lines: impl BufRead) -> Result<ScriptOutcome, Error> {
    let mut input = String::new();
    for line in lines.lines() {
        input.push_str(&line.map_err(Error::Input)?);
        if !is_complete(&input) {
            input.push('\n');
            continue;
        }
        if let Some(ended) = run_input(shell, &input)? {
            return Ok(ended);
        }
        input.clear();
    }
    // If the last input is incomplete, the parser says what is missing.
    Ok(run_input(shell, &input)?.unwrap_or(ScriptOutcome::Finished))
}

/// Runs one input. Returns how the session ended if the input ended it.
pub fn run_input(shell: &mut Shell, input: &str) -> Result<Option<ScriptOutcome>, Error> {
    Ok(match handle_input(shell, input)? {
        InputResult::Done | InputResult::ClearScreen => None,
        InputResult::Quit => Some(ScriptOutcome::Finished),
        InputResult::Ended(ending) => Some(ScriptOutcome::Terminated(ending)),
    })
}
