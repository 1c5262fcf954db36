//! Inputs that come from no terminal: no prompt, results as they are, and an end at the first error.

use std::io::{self, BufRead};

use super::shell::{Shell, Taken};
use super::validator::is_complete;
use crate::error::Error;
use crate::script::Ended;

/// Does what the inputs in `lines` say.
///
/// # Errors
/// The first one that an input raised, or reading did.
pub fn read(shell: &mut Shell, lines: impl BufRead) -> Result<Ended, Error> {
    let mut input = String::new();
    for line in lines.lines() {
        input.push_str(&line.map_err(unreadable)?);
        if !is_complete(&input) {
            input.push('\n');
            continue;
        }
        if let Some(ended) = one(shell, &input)? {
            return Ok(ended);
        }
        input.clear();
    }
    // What is not complete is an error, and the parser says which.
    Ok(one(shell, &input)?.unwrap_or(Ended::Finished))
}

/// Does what one input says; tells the end, where it ends everything.
///
/// # Errors
/// What it raised.
pub fn one(shell: &mut Shell, input: &str) -> Result<Option<Ended>, Error> {
    Ok(match shell.take(input)? {
        Taken::Done | Taken::Cleared => None,
        Taken::Quit => Some(Ended::Finished),
        Taken::Ended(ending) => Some(Ended::Early(ending)),
    })
}

fn unreadable(error: io::Error) -> Error {
    Error::Input(error)
}
