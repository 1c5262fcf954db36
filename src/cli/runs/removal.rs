//! `runs … --delete`: deletes a run, or all that are old enough, after a question; and says which it leaves alone.

use std::io::Write as _;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::cli::failure::Failure;
use crate::cli::output::{self, to_stdout};
use crate::cli::terminal::{ask, can_ask, rows};
use crate::error::{Error, ExitStatus};
use crate::ledger::{self, Ledger, Run, RunId};
use crate::runtime::Runtime;

/// How it is to be done.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner {
    /// Without asking.
    pub(super) yes: bool,
    /// With an account as JSON.
    pub(super) json: bool,
}

/// What became of the runs.
#[derive(Debug, Default)]
struct Account {
    deleted: Vec<Run>,
    /// Those that others work on, and who that is.
    kept: Vec<(RunId, String)>,
}

/// Returns the runs that were planned longer ago than `age`.
pub(super) fn older(runs: Vec<Run>, age: Duration) -> Vec<Run> {
    // Nothing is older than what is before all time.
    let Ok(limit) = Timestamp::now().checked_sub(age) else {
        return Vec::new();
    };
    let is_older = |run: &Run| run.created_at < limit;
    runs.into_iter().filter(is_older).collect()
}

/// Deletes `runs` after a question; those that another process works on are left alone.
///
/// # Errors
/// The ledger cannot be written, or the account cannot be printed.
pub(super) fn remove(
    ledger: Option<&Ledger>,
    runs: Vec<Run>,
    manner: Manner,
) -> Result<ExitStatus, Failure> {
    let mut account = Account::default();
    let Some(ledger) = ledger.filter(|_| !runs.is_empty()) else {
        output::note("no run is that old");
        return account.end(manner, ExitStatus::Success);
    };
    let runtime = Runtime::start().map_err(Error::Start)?;
    for run in runs.iter().filter(|run| run.left() > 0) {
        output::note(&format!("run {} has {} not sent", run.id, rows(run.left())));
    }
    if !manner.yes {
        match consent(&runtime, &runs) {
            ExitStatus::Success => {}
            refused => return account.end(manner, refused),
        }
    }
    for run in runs {
        if runtime.interrupt().is_set() {
            break;
        }
        account.remove(ledger, run)?;
    }
    if !account.deleted.is_empty() {
        ledger.clear()?;
    }
    let status = if runtime.interrupt().is_set() {
        ExitStatus::Interrupted
    } else {
        ExitStatus::Success
    };
    account.end(manner, status)
}

fn consent(runtime: &Runtime, runs: &[Run]) -> ExitStatus {
    let (what, count) = (named(runs), rows_of(runs));
    if !can_ask() {
        output::note(&format!(
            "not confirmed: this would delete {what} with {count}, and there is no terminal to ask at\n  hint: pass `--yes` to delete without asking"
        ));
        return ExitStatus::NotConfirmed;
    }
    let question = format!("Delete {what} with {count} for good? [y/N]");
    match ask(runtime, &question).as_deref() {
        Some("y" | "yes") => ExitStatus::Success,
        Some(_) => {
            output::note("not confirmed: nothing is deleted");
            ExitStatus::NotConfirmed
        }
        None => ExitStatus::Interrupted,
    }
}

impl Account {
    fn remove(&mut self, ledger: &Ledger, run: Run) -> Result<(), Error> {
        let _hold = match ledger.hold(run.id) {
            Ok(hold) => hold,
            Err(ledger::Error::Held { run, holder }) => {
                self.kept.push((run, holder.to_string()));
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        ledger.remove(run.id)?;
        self.deleted.push(run);
        Ok(())
    }

    fn end(self, manner: Manner, status: ExitStatus) -> Result<ExitStatus, Failure> {
        for (run, holder) in &self.kept {
            output::note(&format!("run {run} is left alone: it is held by {holder}"));
        }
        if !self.deleted.is_empty() {
            let (what, count) = (named(&self.deleted), rows_of(&self.deleted));
            let verb = if self.deleted.len() == 1 { "is" } else { "are" };
            output::note(&format!("{what} {verb} deleted, with {count}"));
        }
        if manner.json {
            let account = self.as_json();
            to_stdout(|out| Ok(writeln!(out, "{account}")?))?;
        }
        Ok(status)
    }

    fn as_json(&self) -> Value {
        let deleted = self
            .deleted
            .iter()
            .map(|run| json!({ "run": run.id, "rows": run.tally.total(), "left": run.left() }));
        let kept = self
            .kept
            .iter()
            .map(|(run, holder)| json!({ "run": run, "held_by": holder }));
        json!({ "deleted": deleted.collect::<Vec<_>>(), "kept": kept.collect::<Vec<_>>() })
    }
}

/// One run by its number, several by theirs.
fn named(runs: &[Run]) -> String {
    match runs {
        [run] => format!("run {}", run.id),
        many => format!("{} runs", many.len()),
    }
}

fn rows_of(runs: &[Run]) -> String {
    rows(runs.iter().map(|run| run.tally.total()).sum())
}
