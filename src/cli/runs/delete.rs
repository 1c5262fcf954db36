//! `runs … --delete`: deletes a run, or all runs that are old enough, after a prompt.

use std::io::Write as _;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::cli::command_error::CommandError;
use crate::cli::output::{self, to_stdout};
use crate::cli::terminal::{ask, can_ask};
use crate::error::{Error, ExitStatus};
use crate::file_access::Stdin;
use crate::ledger::{self, Ledger, Run, RunId};
use crate::runtime::Runtime;
use crate::text::{count, is_or_are, write_json};

#[derive(Clone, Copy, Debug)]
pub(super) struct DeleteOptions<'a> {
    /// Delete without asking.
    pub(super) yes: bool,
    /// Print the result as JSON.
    pub(super) json: bool,
    pub(super) stdin: &'a Stdin,
}

#[derive(Debug, Default)]
struct DeleteReport {
    deleted: Vec<Run>,
    /// Runs that other processes work on, with the owners of their locks.
    kept: Vec<(RunId, String)>,
}

/// Returns the runs that were planned longer ago than `age`.
pub(super) fn planned_before(runs: Vec<Run>, age: Duration) -> Vec<Run> {
    // If `age` reaches back beyond the first timestamp, no run is that old.
    let Ok(limit) = Timestamp::now().checked_sub(age) else {
        return Vec::new();
    };
    let is_older = |run: &Run| run.created_at < limit;
    runs.into_iter().filter(is_older).collect()
}

/// Deletes `runs` after a prompt. Runs that another process works on are kept.
pub(super) fn delete_runs(
    ledger: Option<&Ledger>,
    runs: Vec<Run>,
    options: DeleteOptions,
) -> Result<ExitStatus, CommandError> {
    let mut report = DeleteReport::default();
    let Some(ledger) = ledger.filter(|_| !runs.is_empty()) else {
        output::note("no run is that old");
        return report.finish(options, ExitStatus::Success);
    };
    let runtime = Runtime::start()?;
    for run in runs.iter().filter(|run| run.unsent() > 0) {
        output::note(&format!(
            "run {} has {} not sent",
            run.id,
            count(run.unsent(), "row")
        ));
    }
    if !options.yes {
        match consent(&runtime, options.stdin, &runs) {
            ExitStatus::Success => {}
            refused => return report.finish(options, refused),
        }
    }
    for run in runs {
        if runtime.interrupt.is_set() {
            break;
        }
        report.delete_one(ledger, run)?;
    }
    if !report.deleted.is_empty() {
        ledger.vacuum()?;
    }
    let status = if runtime.interrupt.is_set() {
        ExitStatus::Interrupted
    } else {
        ExitStatus::Success
    };
    report.finish(options, status)
}

fn consent(runtime: &Runtime, stdin: &Stdin, runs: &[Run]) -> ExitStatus {
    let (what, count) = (runs_label(runs), row_count_text(runs));
    if !can_ask(stdin) {
        output::note(&format!(
            "not confirmed: this would delete {what} with {count}, and there is no terminal to ask at\n  hint: pass `--yes` to delete without asking"
        ));
        return ExitStatus::NotConfirmed;
    }
    let question = format!("Delete {what} with {count} for good? [y/N]");
    match ask(runtime, stdin, &question).as_deref() {
        Some("y" | "yes") => ExitStatus::Success,
        Some(_) => {
            output::note("not confirmed: nothing is deleted");
            ExitStatus::NotConfirmed
        }
        None => ExitStatus::Interrupted,
    }
}

impl DeleteReport {
    fn delete_one(&mut self, ledger: &Ledger, run: Run) -> Result<(), Error> {
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

    fn finish(
        self,
        options: DeleteOptions,
        status: ExitStatus,
    ) -> Result<ExitStatus, CommandError> {
        for (run, lock_owner) in &self.kept {
            output::note(&format!(
                "run {run} is not deleted: it is in use by {lock_owner}"
            ));
        }
        if !self.deleted.is_empty() {
            let (what, count) = (runs_label(&self.deleted), row_count_text(&self.deleted));
            let verb = is_or_are(self.deleted.len());
            output::note(&format!("{what} {verb} deleted, with {count}"));
        }
        if options.json {
            to_stdout(|out| {
                write_json(&mut *out, &self.as_json())?;
                Ok(writeln!(out)?)
            })?;
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

/// Returns `run 12`, or `3 runs`.
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
