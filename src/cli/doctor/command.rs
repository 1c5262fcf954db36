//! `doctor`: what is configured and from where, and whether it works.

use std::rc::Rc;

use clap::Args;

use super::checks;
use super::finding::{Finding, State};
use super::text::{draw, json};
use crate::cli::failure::Failure;
use crate::cli::options::{Connected, Connection};
use crate::cli::output;
use crate::error::{Error, ExitStatus};
use crate::runtime::Runtime;
use crate::settings::{Configuration, Settings};

const AFTER_HELP: &str = "\
Examples:
  gradient-bulk doctor                         what counts here, and whether it works
  gradient-bulk doctor --profile staging       the same for a profile
  gradient-bulk doctor --json                  for other programs

Nobody is invited. Each line is ok, a warning, or a fault, with the cure below.
It ends with 0 unless there is a fault: with 2 where the settings are wrong,
with 4 where the API refuses the key or does not know the assessment, and with 1
for anything else.";

/// Show what is configured and from where, and whether API, key, assessment, clock and ledger are in order
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(in crate::cli) struct Doctor {
    /// Print one JSON object
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    connection: Connection,
}

impl Doctor {
    pub(in crate::cli) fn run(self) -> Result<ExitStatus, Failure> {
        let mut findings = Vec::new();
        match Configuration::read() {
            Err(error) => findings.push(Finding::fault("configuration", &error.into())),
            Ok(configuration) => {
                findings.push(checks::configuration(&configuration));
                match self.connection.unwarned_settings() {
                    Err(error) => findings.push(Finding::fault("settings", &error)),
                    Ok(settings) => {
                        let Some(found) = inspect(settings)? else {
                            output::note("interrupted");
                            return Ok(ExitStatus::Interrupted);
                        };
                        findings.extend(found);
                    }
                }
            }
        }
        findings.push(match self.connection.ledger.path() {
            Ok(path) => checks::ledger(&path),
            Err(error) => Finding::fault("ledger", &error),
        });
        let status = status(&findings);
        output::print(&if self.json {
            json(&findings, status)
        } else {
            draw(&findings, output::width(), output::colors_results())
        });
        Ok(status)
    }
}

/// Looks at what `settings` lead to; `None` where Ctrl-C came first.
fn inspect(mut settings: Settings) -> Result<Option<Vec<Finding>>, Error> {
    // Who asks whether it works wants to know at once.
    settings.max_retries = 0;
    let runtime = Rc::new(Runtime::start().map_err(Error::Start)?);
    let connected = Connected::open(&settings, &runtime)?;
    let mut findings = checks::stated(&settings, &connected);
    let reached = runtime.wait_unless_interrupted(checks::reached(&settings, &connected));
    connected.close()?;
    Ok(reached.map(|reached| {
        findings.extend(reached);
        findings
    }))
}

/// Where several faults hold, the first of 4, 1, 2 counts, as everywhere.
fn status(findings: &[Finding]) -> ExitStatus {
    [
        ExitStatus::Refused,
        ExitStatus::ScriptError,
        ExitStatus::Usage,
    ]
    .into_iter()
    .find(|status| {
        findings
            .iter()
            .any(|finding| finding.state == State::Fault(*status))
    })
    .unwrap_or(ExitStatus::Success)
}
