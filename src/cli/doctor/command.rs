//! `doctor`: shows the configuration and its sources, and checks whether it works.

use clap::Args;

use super::text::{CheckResult, CheckStatus, draw, json};
use super::{checks, restrictions};
use crate::cli::command_error::CommandError;
use crate::cli::options::{ApiConnection, ClockArgs, ConnectionArgs};
use crate::cli::output;
use crate::error::{Error, ExitStatus};
use crate::runtime::Runtime;
use crate::settings::{Configuration, PrivatePlace, Settings, Warning};

const AFTER_HELP: &str = "\
Examples:
  gradient-bulk doctor                         the settings in use, and whether they work
  gradient-bulk doctor --profile staging       the same for a profile
  gradient-bulk doctor --json                  for other programs

Nothing is sent. Each line is ok, a warning, or a fault, with a hint below.
The exit status is 0 unless there is a fault: 2 if the settings are wrong, 4 if
the API refuses the key or does not know the assessment, and 1 otherwise.";

/// Show the configuration and its sources, and check API, key, assessment, clock and ledger
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(in crate::cli) struct Doctor {
    /// Print one JSON object
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    connection: ConnectionArgs,

    #[command(flatten)]
    clock: ClockArgs,
}

impl Doctor {
    pub(in crate::cli) fn run(self) -> Result<ExitStatus, CommandError> {
        let mut results = Vec::new();
        match Configuration::read() {
            Err(error) => results.push(CheckResult::failed("configuration", &error.into())),
            Ok(configuration) => {
                results.push(checks::configuration(&configuration));
                match self.connection.settings_without_warnings(&self.clock) {
                    Err(error) => results.push(CheckResult::failed("settings", &error)),
                    Ok(settings) => {
                        results.extend(restrictions::checks(&settings.restrictions));
                        results.extend(settings.warnings.iter().filter_map(permissions));
                        let Some(found) = run_checks(settings)? else {
                            output::note("interrupted");
                            return Ok(ExitStatus::Interrupted);
                        };
                        results.extend(found);
                    }
                }
            }
        }
        results.push(match self.connection.ledger.path() {
            Ok(path) => checks::ledger(&path),
            Err(error) => CheckResult::failed("ledger", &error),
        });
        let status = status(&results);
        let written = output::print(&if self.json {
            json(&results, status)
        } else {
            draw(&results, output::width(), output::is_stdout_colored())
        });
        Ok(output::finish(Ok(status), written)?)
    }
}

/// Reports what others can do with a file that no other check is about.
fn permissions(warning: &Warning) -> Option<CheckResult> {
    let is_reported = match warning.place {
        PrivatePlace::KeyFile => true,
        PrivatePlace::Ledger => warning.exposure.is_some(),
        PrivatePlace::Configuration | PrivatePlace::Home => false,
    };
    let result = CheckResult::warning("permissions", warning.to_string(), warning.hint());
    Some(result).filter(|_| !is_reported)
}

/// Checks `settings` and what they lead to; `None` if the user interrupted it.
fn run_checks(mut settings: Settings) -> Result<Option<Vec<CheckResult>>, Error> {
    // Report a failure at once.
    settings.limits.max_retries = 0;
    let runtime = Runtime::start()?;
    ApiConnection::with(&settings, &runtime, |api_connection| {
        let mut results = checks::offline_checks(&settings, api_connection);
        let online_checks =
            runtime.wait_unless_interrupted(checks::online_checks(&settings, api_connection));
        Ok(online_checks.map(|online_checks| {
            results.extend(online_checks);
            results
        }))
    })
}

/// Returns the exit status: for several faults, the first of 4, 1, 2, as for every command.
fn status(results: &[CheckResult]) -> ExitStatus {
    [
        ExitStatus::Refused,
        ExitStatus::ScriptError,
        ExitStatus::Usage,
    ]
    .into_iter()
    .find(|status| {
        results
            .iter()
            .any(|result| result.state == CheckStatus::Failed(*status))
    })
    .unwrap_or(ExitStatus::Success)
}
