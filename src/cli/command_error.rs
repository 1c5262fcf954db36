//! Why a command failed: what clap says about the command line, or anything else.

use crate::error::Error;

/// Why a command could not do what it was asked.
#[derive(Debug)]
pub(super) enum CommandError {
    /// The command line is wrong, or asks for help.
    Usage {
        /// Clap's own account, which it prints best.
        source: clap::Error,
        /// What clap cannot know.
        hint: Option<String>,
    },
    /// Anything else.
    Error(Error),
}

impl<E: Into<Error>> From<E> for CommandError {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}
