//! Why tests cannot be run at all.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::{api, sandbox};

/// Why tests could not be found or begun.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A test's own directory cannot be made or deleted.
    #[error("cannot use the directory `{}`: {source}", path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// Nothing is to be run.
    #[error("no tests in {places}")]
    NoTests {
        /// Where was looked.
        places: String,
    },
    /// The filter leaves nothing to run.
    #[error("none of the {tests} tests has `{filter}` in its name")]
    AllFiltered {
        /// How many tests there are.
        tests: usize,
        /// The filter.
        filter: String,
    },
    /// A test took too long, and was stopped.
    #[error("the test was stopped: it took longer than {} s", limit.as_secs())]
    TooLong {
        /// How long it may take.
        limit: Duration,
    },
    /// A test's sandbox cannot be started or ended.
    #[error(transparent)]
    Sandbox(#[from] sandbox::Error),
    /// A test's sandbox cannot be reached.
    #[error(transparent)]
    Api(#[from] api::Error),
}

impl Error {
    /// Returns what the user can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NoTests { .. } => Some(
                "a test is a function without parameters whose name begins with `test_`".to_owned(),
            ),
            Self::TooLong { .. } => Some(
                "look for a loop that never ends; `--timeout 5m` gives every test more time"
                    .to_owned(),
            ),
            Self::Sandbox(error) => error.hint(),
            Self::Api(error) => error.hint(),
            Self::Directory { .. } | Self::AllFiltered { .. } => None,
        }
    }
}
