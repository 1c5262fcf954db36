//! `find`: shows what is known about a candidate, in the ledger and at the API.

use std::io::Write as _;
use std::rc::Rc;

use clap::Args;

use super::command_error::CommandError;
use super::options::{ApiConnection, ConnectionArgs};
use super::output::{self, to_stdout};
use super::{runs, sessions};
use crate::api::Session;
use crate::error::{Error, ExitStatus};
use crate::ledger::{Ledger, Row, RowIter, Run};
use crate::runtime::Runtime;
use crate::settings::Settings;
use crate::text::escape_line;

const AFTER_HELP: &str = "\
Examples:
  gradient-bulk find jane.doe@example.com      was she invited, what is her link, how far is she
  gradient-bulk find doe --all-assessments     also in other assessments";

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
        let settings = self.connection.settings()?;
        let runtime = Runtime::start()?;
        let status = ApiConnection::with(&settings, &runtime, |api_connection| {
            // What the ledger knows is shown even if the API cannot be reached.
            let ledger = Ledger::open_existing(&settings.ledger)?.map(Rc::new);
            let is_found = match &ledger {
                Some(ledger) => self.show_rows(ledger, &settings, api_connection)?,
                None => false,
            };
            if !is_found {
                let text = escape_line(&self.text);
                output::note(&format!("no row with `{text}` in the ledger"));
            }
            self.show_sessions(&settings, &runtime, api_connection)
        })?;
        Ok(status)
    }

    /// Shows the rows of each run at this endpoint, those of the newest run first. Returns whether there are any.
    fn show_rows(
        &self,
        ledger: &Rc<Ledger>,
        settings: &Settings,
        api_connection: &ApiConnection,
    ) -> Result<bool, Error> {
        let mut is_found = false;
        for run in ledger.runs()? {
            if !is_run_at(&run, api_connection) {
                continue;
            }
            let rows = RowIter::of(ledger, run.id, &[])?;
            let is_meant = |row: &Row| self.matches([&row.email, &row.name]);
            let mut rows = rows
                .filter(|row| row.as_ref().map_or(true, is_meant))
                .peekable();
            if rows.peek().is_none() {
                continue;
            }
            is_found = true;
            to_stdout(|out| {
                let title = runs::title(&run, &settings.zone);
                writeln!(out, "{}", escape_line(&title))?;
                runs::write_table(rows, out)
            })?;
        }
        Ok(is_found)
    }

    fn show_sessions(
        &self,
        settings: &Settings,
        runtime: &Runtime,
        api_connection: &ApiConnection,
    ) -> Result<ExitStatus, Error> {
        let found = sessions::fetch_all(api_connection, runtime, settings, self.all_assessments)?;
        let Some((label, sessions)) = found else {
            output::note("interrupted");
            return Ok(ExitStatus::Interrupted);
        };
        let is_meant =
            |session: &&Session| self.matches([&session.candidate_email, &session.candidate_name]);
        let meant: Vec<_> = sessions.iter().filter(is_meant).collect();
        let place = escape_line(&format!("{label} at {}", api_connection.endpoint()));
        if meant.is_empty() {
            let text = escape_line(&self.text);
            output::note(&format!("no session with `{text}` in {place}"));
            return Ok(ExitStatus::Success);
        }
        to_stdout(|out| {
            writeln!(out, "sessions in {place}")?;
            sessions::write_table(&meant, &settings.zone, out)
        })?;
        Ok(ExitStatus::Success)
    }

    fn matches(&self, texts: [&Option<String>; 2]) -> bool {
        let mut texts = texts.into_iter().flatten();
        texts.any(|text| text.to_lowercase().contains(&self.text))
    }
}

fn is_run_at(run: &Run, api_connection: &ApiConnection) -> bool {
    let is_same = || run.spec.api_url == api_connection.client.config().base_url.to_string();
    run.spec.sandbox == api_connection.is_sandbox && (run.spec.sandbox || is_same())
}
