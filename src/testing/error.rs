//! Why tests cannot be run.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::{api, sandbox};

/// Why tests could not be run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot use the directory `{}`: {source}", path.display())]
    Directory { path: PathBuf, source: io::Error },
    #[error("there is no directory `{}`", directory.display())]
    NoDirectory { directory: PathBuf },
    #[error("no tests in {places}")]
    NoTests { places: String },
    #[error("none of the {tests} tests has `{filter}` in its name")]
    AllFiltered { tests: usize, filter: String },
    #[error("the test took longer than {} s and was stopped", limit.as_secs())]
    TooLong { limit: Duration },
    #[error(transparent)]
    Sandbox(#[from] sandbox::Error),
    #[error(transparent)]
    Api(#[from] api::Error),
}

impl Error {
    /// Returns what the user can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NoDirectory { .. } => Some(
                "name the scripts that contain tests, or their directory: `gradient-bulk test PATH`"
                    .to_owned(),
            ),
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
