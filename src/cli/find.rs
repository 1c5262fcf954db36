//! `find`: shows what is known about a candidate, in the ledger and at the API.

use std::io::Write as _;
use std::rc::Rc;

use clap::Args;
use serde::Serialize;

use super::command_error::CommandError;
use super::options::{ApiConnection, ClockArgs, ConnectionArgs};
use super::output::{self, Format, to_stdout, write_json};
use super::runs::{self, JsonRow};
use super::sessions;
use crate::api::Session;
use crate::error::{Error, ExitStatus};
use crate::ledger::{self, Ledger, Row, RowIter, Run};
use crate::runtime::Runtime;
use crate::settings::Settings;
use crate::text::escape_line;

const AFTER_HELP: &str = "\
Examples:
  gradient-bulk find jane.doe@example.com      was she invited, what is her link, how far is she
  gradient-bulk find doe --all-assessments     also in other assessments
  gradient-bulk find jane.doe --json | jq -r '.rows[].invite_url'";

/// Find a candidate: what was sent, the link, and the status of the session
///
/// Searches all runs in the ledger, and the sessions of --assessment (or GRADIENT_ASSESSMENT_ID), or of all assessments if none
/// is set.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Find {
    /// Part of an address or a name; case does not matter
    #[arg(value_name = "TEXT", value_parser = search_text)]
    text: String,

    /// Search the sessions of all assessments, even if one is set
    #[arg(long, conflicts_with = "assessment")]
    all_assessments: bool,

    /// Print one JSON object with `rows` of the ledger and `sessions`, which is null if the API cannot be reached
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    connection: ConnectionArgs,
}

fn search_text(text: &str) -> Result<String, &'static str> {
    match text.trim().to_lowercase() {
        text if text.is_empty() => Err("part of an address or a name is needed"),
        text => Ok(text),
    }
}

impl Find {
    pub(super) fn run(self) -> Result<ExitStatus, CommandError> {
        let settings = self.connection.settings(&ClockArgs::default())?;
        let runtime = Runtime::start()?;
        let status = ApiConnection::with(&settings, &runtime, |api_connection| {
            // What the ledger knows is shown even if the API cannot be reached.
            let ledger = Ledger::open_existing(&settings.ledger)?.map(Rc::new);
            let found = FoundRows::of(ledger, &self.text, api_connection)?;
            if !self.json {
                self.show_rows(&found, &api_connection.endpoint(), &settings)?;
            }
            let fetched =
                sessions::fetch_all(api_connection, &runtime, &settings, self.all_assessments);
            if self.json {
                let sessions = fetched.as_ref().ok().and_then(Option::as_ref);
                found.print_json(sessions.map(|(_, sessions)| self.meant(sessions)))?;
            }
            let Some((label, sessions)) = fetched? else {
                output::note("interrupted");
                return Ok(ExitStatus::Interrupted);
            };
            if !self.json {
                let place = format!("{label} at {}", api_connection.endpoint());
                self.show_sessions(&self.meant(&sessions), &place, &settings)?;
            }
            Ok(ExitStatus::Success)
        })?;
        Ok(status)
    }

    /// Shows the rows of each run, those of the newest run first.
    fn show_rows(&self, found: &FoundRows, place: &str, settings: &Settings) -> Result<(), Error> {
        let mut is_found = false;
        for run in &found.runs {
            let mut rows = found.rows(run)?.peekable();
            if rows.peek().is_none() {
                continue;
            }
            is_found = true;
            to_stdout(|out| {
                let title = runs::title(run, &settings.zone);
                writeln!(out, "{}", escape_line(&title))?;
                runs::write_table(run.kind, rows, out)
            })?;
        }
        if !is_found {
            let text = escape_line(&self.text);
            let place = escape_line(place);
            output::note(&format!("no row with `{text}` in the runs at {place}"));
        }
        Ok(())
    }

    fn show_sessions(
        &self,
        sessions: &[&Session],
        place: &str,
        settings: &Settings,
    ) -> Result<(), Error> {
        let place = escape_line(place);
        if sessions.is_empty() {
            let text = escape_line(&self.text);
            output::note(&format!("no session with `{text}` in {place}"));
            return Ok(());
        }
        to_stdout(|out| {
            writeln!(out, "sessions in {place}")?;
            sessions::write_table(sessions, &settings.zone, out)
        })
    }

    fn meant<'s>(&self, sessions: &'s [Session]) -> Vec<&'s Session> {
        let contains = |text: &Option<String>| {
            let text = text.as_deref().unwrap_or_default();
            text.to_lowercase().contains(&self.text)
        };
        let sessions = sessions.iter().filter(|session| {
            contains(&session.candidate_email) || contains(&session.candidate_name)
        });
        sessions.collect()
    }
}

/// The rows about a candidate, in all runs at one endpoint.
struct FoundRows<'a> {
    text: &'a str,
    ledger: Option<Rc<Ledger>>,
    /// The newest first.
    runs: Vec<Run>,
}

/// A row as JSON, with what its run is.
#[derive(Serialize)]
struct FoundRow {
    kind: &'static str,
    planned_at: String,
    #[serde(flatten)]
    row: JsonRow,
}

impl<'a> FoundRows<'a> {
    fn of(
        ledger: Option<Rc<Ledger>>,
        text: &'a str,
        api_connection: &ApiConnection,
    ) -> Result<Self, ledger::Error> {
        let runs = ledger.as_ref().map(|ledger| ledger.runs()).transpose()?;
        let mut runs = runs.unwrap_or_default();
        runs.retain(|run| is_run_at(run, api_connection));
        Ok(Self { text, ledger, runs })
    }

    fn rows(
        &self,
        run: &Run,
    ) -> Result<impl Iterator<Item = Result<Row, ledger::Error>> + use<>, ledger::Error> {
        let rows = self
            .ledger
            .as_ref()
            .map(|ledger| RowIter::of(ledger, run.id, &[]));
        let rows = rows.transpose()?.map(|rows| rows.containing(self.text));
        Ok(rows.into_iter().flatten())
    }

    /// Prints one object. `sessions` is `None` if the API could not be asked.
    fn print_json(&self, sessions: Option<Vec<&Session>>) -> Result<(), Error> {
        to_stdout(|out| {
            out.write_all(b"{\"rows\":")?;
            let rows = self.runs.iter().flat_map(|run| {
                let (rows, error) = match self.rows(run) {
                    Ok(rows) => (Some(rows), None),
                    Err(error) => (None, Some(Err(error))),
                };
                let records = rows
                    .into_iter()
                    .flatten()
                    .map(|row| Ok(FoundRow::of(run, row?)));
                error.into_iter().chain(records)
            });
            write_json(Format::Json, rows, out)?;
            out.write_all(b",\"sessions\":")?;
            match sessions {
                Some(sessions) => {
                    let records = sessions::records(&sessions).into_iter();
                    write_json(Format::Json, records.map(Ok), out)?;
                }
                None => out.write_all(b"null")?,
            }
            Ok(out.write_all(b"}\n")?)
        })
    }
}

impl FoundRow {
    fn of(run: &Run, row: Row) -> Self {
        Self {
            kind: run.kind.name(),
            planned_at: run.created_at.to_string(),
            row: runs::record(run.id, row),
        }
    }
}

fn is_run_at(run: &Run, api_connection: &ApiConnection) -> bool {
    let is_same = || run.spec.api_url == api_connection.client.config().base_url.to_string();
    run.spec.sandbox == api_connection.is_sandbox && (run.spec.sandbox || is_same())
}
