//! The run that a command is about: one by its number, or the newest.

use std::path::Path;
use std::rc::Rc;
use std::str::FromStr;

use crate::change_kind::ChangeKind;
use crate::ledger::{self, Ledger, Run, RunId};

/// The word for the newest run.
pub(in crate::cli) const LAST: &str = "last";

/// A run as it is named on the command line.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) enum RunSelector {
    Number(RunId),
    Last,
}

impl RunSelector {
    /// Finds the run in the ledger at `path`, which may not exist yet.
    pub(in crate::cli) fn find(self, path: &Path) -> Result<(Rc<Ledger>, Run), ledger::Error> {
        self.find_except(path, None)
    }

    /// Likewise, but `last` is the newest run of another kind than `except`.
    pub(in crate::cli) fn find_except(
        self,
        path: &Path,
        except: Option<ChangeKind>,
    ) -> Result<(Rc<Ledger>, Run), ledger::Error> {
        let ledger = Ledger::open_existing(path)?;
        let run = match (self, &ledger) {
            (Self::Number(run), Some(ledger)) => Some(ledger.run(run)?),
            (Self::Last, Some(ledger)) => ledger.newest_run(except)?,
            (_, None) => None,
        };
        ledger.map(Rc::new).zip(run).ok_or(match self {
            Self::Number(run) => ledger::Error::NoRun { run },
            Self::Last => ledger::Error::NoRuns,
        })
    }
}

impl FromStr for RunSelector {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == LAST {
            return Ok(Self::Last);
        }
        let number = text.parse().map(Self::Number);
        number.map_err(|_| "a run is a number, such as 12, or `last`".to_owned())
    }
}
