//! Which run a command is about: the one with a number, or the newest.

use std::str::FromStr;

use crate::ledger::{self, Ledger, Run, RunId};

/// The word for the newest run.
pub(in crate::cli) const LAST: &str = "last";

/// A run as a command line names it.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) enum RunGiven {
    Number(RunId),
    Last,
}

impl RunGiven {
    /// Finds the run; `None` is a ledger that is not there yet.
    pub(in crate::cli) fn find(self, ledger: Option<&Ledger>) -> Result<Run, ledger::Error> {
        match (self, ledger) {
            (Self::Number(run), None) => Err(ledger::Error::NoRun { run }),
            (Self::Number(run), Some(ledger)) => ledger.run(run),
            (Self::Last, ledger) => {
                let newest = ledger.map(Ledger::newest).transpose()?.flatten();
                newest.ok_or(ledger::Error::NoRuns)
            }
        }
    }
}

impl FromStr for RunGiven {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == LAST {
            return Ok(Self::Last);
        }
        let number = text.parse().map(Self::Number);
        number.map_err(|_| "a run is a number, such as 12, or `last`".to_owned())
    }
}
