//! `runs`: shows, discards and deletes runs of the ledger.

use std::io::Write as _;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use clap::{ArgGroup, Args};
use jiff::tz::TimeZone;

use super::delete::{DeleteOptions, delete_runs, planned_before};
use super::report::report;
use super::rows::write_rows;
use super::text::{overview, record, summary};
use crate::bulk::Outcome;
use crate::cli::command_error::CommandError;
use crate::cli::options::{LedgerArgs, RunSelector, duration};
use crate::cli::output::{
    self, Format, MAX_TABLE_ROWS, to_stdout, write_records, write_report_file,
};
use crate::error::{Error, ExitStatus};
use crate::file_access::Stdin;
use crate::ledger::{self, Ledger, RowState, Run, RunId};
use crate::settings;
use crate::text::count;

const AFTER_HELP: &str = "\
Examples:
  gradient-bulk runs                               all runs, the newest first
  gradient-bulk runs 12                            the results of run 12
  gradient-bulk runs 12 --created --format csv     all links
  gradient-bulk runs 12 --failed --format csv > failed.csv
  gradient-bulk run invite_csv failed.csv          retry the fixed rows
  gradient-bulk runs 12 --report run-12.html       an HTML report to share
  gradient-bulk runs --older-than 90d              runs planned more than 90 days ago
  gradient-bulk runs --older-than 90d --delete     delete them, after you confirm

CSV starts with the columns of the input; rows of plain text have the column email. They are followed by
  gb_line gb_email gb_name gb_outcome gb_invite_url gb_due_date gb_note
or, with only --failed, --invalid or both, which list rows to fix,
  gb_error gb_status gb_attempts
Input columns with these names are replaced, so the file is valid input for the same script again.
In these columns, a value that a spreadsheet would run as a formula starts with an apostrophe; the others are unchanged.

Times in CSV and JSON are UTC. A table shows the first 1000 rows; the other formats show all.";

/// Show what was planned and sent: all runs, or one of them with its rows
///
/// Without RUN, lists all runs, or those of --older-than. With only RUN, shows a summary and the commands that continue with
/// it. With RUN and a filter or --format, shows its rows; several filters can be combined.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP, group = ArgGroup::new("which").args(["run", "older_than"]))]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a flag of the command line is a bool"
)]
pub(in crate::cli) struct Runs {
    /// Number of the run in the list, or `last` for the newest
    #[arg(value_name = "RUN")]
    run: Option<RunSelector>,

    /// Select the runs that were planned longer ago than TIME, such as 90d
    #[arg(long, value_name = "TIME", value_parser = duration, conflicts_with = "filters")]
    older_than: Option<Duration>,

    #[command(flatten)]
    filters: Filters,

    /// Output format [default: table]
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,

    /// Same as --format json; with --delete, print the result as JSON
    #[arg(long, conflicts_with = "format")]
    json: bool,

    /// Write an HTML report of the run as a single file
    #[arg(long, value_name = "FILE", requires = "run", conflicts_with_all = ["discard", "delete", "filters", "format", "json"])]
    report: Option<PathBuf>,

    /// Discard the run: its unsent rows can no longer be sent
    #[arg(long, requires = "run", conflicts_with_all = ["delete", "filters", "format", "json"])]
    discard: bool,

    /// Delete the run and its rows from the ledger for good, after a prompt; with --older-than, all selected runs
    #[arg(long, requires = "which", conflicts_with_all = ["filters", "format"])]
    delete: bool,

    /// Delete without asking
    #[arg(short, long, requires = "delete")]
    yes: bool,

    /// Time zone of displayed times, such as Europe/Berlin [default: this machine's]
    #[arg(long, value_name = "ZONE")]
    tz: Option<String>,

    #[command(flatten)]
    ledger: LedgerArgs,
}

#[derive(Debug, Args)]
#[group(id = "filters", multiple = true, requires = "run")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a flag of the command line is a bool"
)]
struct Filters {
    /// Rows for which a session was created
    #[arg(long, help_heading = "Rows")]
    created: bool,

    /// Rows whose candidate had an active session
    #[arg(long, help_heading = "Rows")]
    existing: bool,

    /// Sessions that were revoked or scored
    #[arg(long, help_heading = "Rows")]
    done: bool,

    /// Sessions that were to be revoked or scored, and stay as they are
    #[arg(long, help_heading = "Rows")]
    kept: bool,

    /// Sessions that may have been scored: the response was lost
    #[arg(long, help_heading = "Rows")]
    unclear: bool,

    /// Rows whose sending failed
    #[arg(long, help_heading = "Rows")]
    failed: bool,

    /// Rows that are not sent yet, or may have been sent without a recorded response
    #[arg(long, help_heading = "Rows")]
    planned: bool,

    /// Rows that were skipped by the script, or because the candidate has finished
    #[arg(long, help_heading = "Rows")]
    skipped: bool,

    /// Rows that cannot be sent as they are
    #[arg(long, help_heading = "Rows")]
    invalid: bool,

    /// Rows whose address or session is in an earlier row
    #[arg(long, help_heading = "Rows")]
    duplicates: bool,

    /// All rows
    #[arg(long, help_heading = "Rows")]
    all: bool,
}

impl Filters {
    /// Returns the states to show; an empty list means all of them, and `None` that there is no filter.
    fn states(&self) -> Option<Vec<RowState>> {
        if self.all {
            return Some(Vec::new());
        }
        let states: Vec<RowState> = [
            (self.created, RowState::Created),
            (self.existing, RowState::Existing),
            (self.done, RowState::Done),
            (self.kept, RowState::Kept),
            (self.unclear, RowState::Unclear),
            (self.failed, RowState::Failed),
            (self.planned, RowState::Planned),
            (self.planned, RowState::Sending),
            (self.skipped, RowState::Skipped),
            (self.invalid, RowState::Invalid),
            (self.duplicates, RowState::Duplicate),
        ]
        .into_iter()
        .filter_map(|(is_set, state)| is_set.then_some(state))
        .collect();
        (!states.is_empty()).then_some(states)
    }
}

impl Runs {
    pub(in crate::cli) fn run(self, stdin: &Stdin) -> Result<ExitStatus, CommandError> {
        let zone = settings::display_zone(self.tz.as_deref())?;
        let path = self.ledger.path()?;
        let Some(selector) = self.run else {
            let ledger = Ledger::open_existing(&path)?;
            return self.list(ledger.as_ref(), &zone, stdin);
        };
        let (ledger, found) = selector.find(&path)?;
        if self.delete {
            // Fail before the prompt if another process works on the run.
            drop(ledger.lock_run(found.id)?);
            return delete_runs(Some(&ledger), vec![found], self.delete_options(stdin));
        }
        if self.discard {
            self.discard(&ledger, found.id)?;
        } else if let Some(file) = &self.report {
            write_report_file(file, &report(&ledger, found.id, &zone)?)?;
        } else {
            self.show(&ledger, &found, &zone)?;
        }
        Ok(ExitStatus::Success)
    }

    fn format(&self) -> Option<Format> {
        self.format.or(self.json.then_some(Format::Json))
    }

    fn delete_options<'a>(&self, stdin: &'a Stdin) -> DeleteOptions<'a> {
        DeleteOptions {
            yes: self.yes,
            json: self.json,
            stdin,
        }
    }

    fn list(
        &self,
        ledger: Option<&Ledger>,
        zone: &TimeZone,
        stdin: &Stdin,
    ) -> Result<ExitStatus, CommandError> {
        let mut runs = ledger.map(Ledger::runs).transpose()?.unwrap_or_default();
        let is_empty = runs.is_empty();
        if let Some(age) = self.older_than {
            runs = planned_before(runs, age);
        }
        if self.delete {
            return delete_runs(ledger, runs, self.delete_options(stdin));
        }
        if is_empty {
            output::note("no runs yet");
        } else if runs.is_empty() {
            output::note("no run is that old");
        }
        to_stdout(|out| match self.format() {
            None | Some(Format::Table) if runs.is_empty() => Ok(()),
            None | Some(Format::Table) => {
                Ok(writeln!(out, "{}", overview(&runs, zone, output::width()))?)
            }
            Some(format) => write_records(format, runs.iter().map(record).collect(), out),
        })?;
        Ok(ExitStatus::Success)
    }

    fn show(&self, ledger: &Rc<Ledger>, found: &Run, zone: &TimeZone) -> Result<(), Error> {
        let run = found.id;
        let commands = self.ledger.commands();
        let states = match (self.filters.states(), self.format()) {
            (None, None) => {
                let outcome = Outcome::of(ledger, run)?;
                let problems = [RowState::Failed, RowState::Invalid]
                    .map(|state| Ok((state, outcome.problems(state)?)))
                    .into_iter()
                    .collect::<Result<Vec<_>, ledger::Error>>()?;
                let owner = ledger.lock_owner(run);
                let text = summary(found, &problems, owner, zone, &commands);
                let text = output::wrap_for_stdout(&text);
                return to_stdout(|out| Ok(writeln!(out, "{text}")?));
            }
            (states, _) => states.unwrap_or_default(),
        };
        let format = self.format().unwrap_or(Format::Table);
        to_stdout(|out| write_rows(format, ledger, run, &states, out))?;
        let total = match states.as_slice() {
            [] => found.state_counts.total(),
            states => states
                .iter()
                .map(|state| found.state_counts.of(*state))
                .sum(),
        };
        let beyond = total.saturating_sub(MAX_TABLE_ROWS as u64);
        if total == 0 {
            output::note(&format!("run {run} has no such rows"));
        } else if format == Format::Table && beyond > 0 {
            output::note(&format!(
                "… {beyond} more; `--format csv` shows all {}",
                count(total, "row")
            ));
        }
        Ok(())
    }

    fn discard(&self, ledger: &Ledger, run: RunId) -> Result<(), Error> {
        let _run_lock = ledger.lock_run(run)?;
        let left = ledger.discard(run)?;
        output::note(&format!(
            "run {run} is discarded: {} will not be sent; {} deletes them",
            count(left, "row"),
            self.ledger.commands().line("runs", run, "--delete")
        ));
        Ok(())
    }
}
