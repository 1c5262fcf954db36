//! `runs … --delete`: deletes a run, or all that are old enough, after a question; and says which it leaves alone.

use std::io::Write as _;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::cli::command_error::CommandError;
use crate::cli::output::{self, to_stdout};
use crate::cli::terminal::{ask, can_ask};
use crate::error::{Error, ExitStatus};
use crate::ledger::{self, Ledger, Run, RunId};
use crate::runtime::Runtime;
use crate::text::{count, is_or_are};

/// How it is to be done.
#[derive(Clone, Copy, Debug)]
pub(super) struct DeleteOptions {
    /// Without asking.
    pub(super) yes: bool,
    /// With an account as JSON.
    pub(super) json: bool,
}

/// What became of the runs.
#[derive(Debug, Default)]
struct DeleteReport {
    deleted: Vec<Run>,
    /// Those that others work on, and who that is.
    kept: Vec<(RunId, String)>,
}

/// Returns the runs that were planned longer ago than `age`.
pub(super) fn planned_before(runs: Vec<Run>, age: Duration) -> Vec<Run> {
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
    delete_options: DeleteOptions,
) -> Result<ExitStatus, CommandError> {
    let mut report = DeleteReport::default();
    let Some(ledger) = ledger.filter(|_| !runs.is_empty()) else {
        output::note("no run is that old");
        return report.end(delete_options, ExitStatus::Success);
    };
    let runtime = Runtime::start().map_err(Error::Start)?;
    for run in runs.iter().filter(|run| run.unsent() > 0) {
        output::note(&format!(
            "run {} has {} not sent",
            run.id,
            count(run.unsent(), "row")
        ));
    }
    if !delete_options.yes {
        match consent(&runtime, &runs) {
            ExitStatus::Success => {}
            refused => return report.end(delete_options, refused),
        }
    }
    for run in runs {
        if runtime.interrupt().is_set() {
            break;
        }
        report.remove(ledger, run)?;
    }
    if !report.deleted.is_empty() {
        ledger.vacuum()?;
    }
    let status = if runtime.interrupt().is_set() {
        ExitStatus::Interrupted
    } else {
        ExitStatus::Success
    };
    report.end(delete_options, status)
}

fn consent(runtime: &Runtime, runs: &[Run]) -> ExitStatus {
    let (what, count) = (runs_label(runs), row_count_text(runs));
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

impl DeleteReport {
    fn remove(&mut self, ledger: &Ledger, run: Run) -> Result<(), Error> {
        let _run_lock = match ledger.lock_run(run.id) {
            Ok(run_lock) => run_lock,
            Err(ledger::Error::RunLocked { run, lock_owner }) => {
                self.kept.push((run, lock_owner.to_string()));
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        ledger.delete_run(run.id)?;
        self.deleted.push(run);
        Ok(())
    }

    fn end(
        self,
        delete_options: DeleteOptions,
        status: ExitStatus,
    ) -> Result<ExitStatus, CommandError> {
        for (run, lock_owner) in &self.kept {
            output::note(&format!(
                "run {run} is left alone: it is held by {lock_owner}"
            ));
        }
        if !self.deleted.is_empty() {
            let (what, count) = (runs_label(&self.deleted), row_count_text(&self.deleted));
            let verb = is_or_are(self.deleted.len());
            output::note(&format!("{what} {verb} deleted, with {count}"));
        }
        if delete_options.json {
            let report = self.as_json();
            to_stdout(|out| Ok(writeln!(out, "{report}")?))?;
        }
        Ok(status)
    }

    fn as_json(&self) -> Value {
        let deleted = self.deleted.iter().map(
            |run| json!({ "run": run.id, "rows": run.state_counts.total(), "left": run.unsent() }),
        );
        let kept = self
            .kept
            .iter()
            .map(|(run, lock_owner)| json!({ "run": run, "held_by": lock_owner }));
        json!({ "deleted": deleted.collect::<Vec<_>>(), "kept": kept.collect::<Vec<_>>() })
    }
}

/// One run by its number, several by theirs.
fn runs_label(runs: &[Run]) -> String {
    match runs {
        [run] => format!("run {}", run.id),
        many => count(many.len(), "run"),
    }
}

fn row_count_text(runs: &[Run]) -> String {
    let total: u64 = runs.iter().map(|run| run.state_counts.total()).sum();
    count(total, "row")
}
