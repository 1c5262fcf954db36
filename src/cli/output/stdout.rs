//! Standard output, and what follows if it cannot be written.

use std::io;

use super::lines::{note_preformatted, print_line, stderr_style};
use crate::error::{Error, ExitStatus};
use crate::render::render;
use crate::text::redact_keys;

/// Writes a line to standard output, without API keys. A closed pipe is not an error.
pub(in crate::cli) fn print(text: &str) -> Result<(), Error> {
    print_unredacted(&redact_keys(text))
}

/// Writes a line to standard output as it is. A closed pipe is not an error.
pub(in crate::cli) fn print_unredacted(text: &str) -> Result<(), Error> {
    ignore_closed_pipe(print_line(text))
}

/// Ignores that a pipe was closed, as after `head`: its reader has seen enough. Any other error means that results are lost.
pub(in crate::cli) fn ignore_closed_pipe(written: io::Result<()>) -> Result<(), Error> {
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Error::Output(error)),
        _ => Ok(()),
    }
}

/// Returns the result of a command that ended with `result` and wrote its output as `written` says. Lost output is an error,
/// but the exit statuses that precede 1 in `--help` stay as they are.
pub(in crate::cli) fn finish(
    result: Result<ExitStatus, Error>,
    written: Result<(), Error>,
) -> Result<ExitStatus, Error> {
    let Err(lost) = written else {
        return result;
    };
    match result {
        Err(_)
        | Ok(
            ExitStatus::Interrupted
            | ExitStatus::Refused
            | ExitStatus::Rejected
            | ExitStatus::NotConfirmed,
        ) => {
            note_preformatted(&render(&lost, stderr_style()));
            result
        }
        Ok(_) => Err(lost),
    }
}
