//! `run`: runs a script.

use std::ffi::OsString;
use std::mem;
use std::rc::Rc;

use clap::{Args, ValueHint};
use serde::Serialize;

use super::command_error::CommandError;
use super::options::{
    ApiAccessArgs, ApiConnection, ConnectionArgs, FileAccessArgs, SendArgs, SummarySource,
    script_args,
};
use crate::bulk::{Counts, ScoreCounts, Shard};
use crate::error::{Error, ExitStatus};
use crate::ledger::RunId;
use crate::runtime::Runtime;
use crate::script::{Host, HostSettings, Source};

/// Run a script: a path, or the name of a shipped one
///
/// Options come before SCRIPT; everything after it is the script's, and `run SCRIPT --help` explains that.
#[derive(Debug, Args)]
#[command(
    override_usage = "gradient-bulk run [OPTIONS] SCRIPT [ARGS]...",
    after_help = "Example:\n  gradient-bulk run --sandbox invite_csv people.csv"
)]
pub(super) struct Run {
    /// The script, and its arguments
    #[arg(value_name = "SCRIPT", required = true, trailing_var_arg = true, value_hint = ValueHint::AnyPath)]
    script: Vec<OsString>,

    #[command(flatten)]
    connection: ConnectionArgs,

    #[command(flatten)]
    send_args: SendArgs,

    #[command(flatten)]
    files: FileAccessArgs,

    #[command(flatten)]
    api_access: ApiAccessArgs,

    /// Take share I of N of the rows only: one machine each, one ledger each
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
}

/// What came of a script, as `--json` prints it.
#[derive(Serialize)]
struct RunSummary {
    runs: Vec<RunId>,
    #[serde(flatten)]
    counts: Counts,
    /// Absent where nothing was to be scored.
    #[serde(skip_serializing_if = "Option::is_none")]
    scores: Option<ScoreCounts>,
    error: Option<String>,
}

impl Run {
    pub(super) fn run(mut self) -> Result<ExitStatus, CommandError> {
        let mut words = mem::take(&mut self.script).into_iter();
        let reference = words.next().unwrap_or_default();
        let reference = reference.to_string_lossy();
        let given: Vec<OsString> = words.collect();
        let words: Vec<String> = given
            .iter()
            .map(|word| word.to_string_lossy().into_owned())
            .collect();
        let source = Source::find(&reference)?;
        let (program, arguments) =
            script_args::compile_and_parse_args(&reference, source, given, &reserved())?;
        let paths = self.files.paths(words.iter().map(String::as_str))?;
        let settings = self.connection.settings()?;
        let runtime = Rc::new(Runtime::start().map_err(Error::Start)?);
        let api_connection = ApiConnection::open(&settings, &runtime)?;
        let options = self.send_args.options(&settings, self.shard);
        let commands = self.connection.commands();
        let terminal =
            self.send_args
                .terminal(&runtime, &api_connection, options.clone(), commands);
        let host = Host::new(
            Rc::clone(&runtime),
            Rc::new(terminal),
            HostSettings {
                client: api_connection.client.clone(),
                assessment: api_connection.assessment.clone(),
                options,
                ledger: settings.ledger.clone(),
                run: api_connection.new_run(
                    reference.clone().into_owned(),
                    words,
                    &settings.zone,
                    self.shard,
                ),
                arguments,
                deny_send: self.api_access.deny_send,
            },
            paths,
            None,
        );
        let ended = program.run(&host).map_err(Error::from);
        let counts = host.counts();
        let status = ExitStatus::for_script(&ended, &counts, host.scores());
        let results = RunSummary {
            runs: host.runs(),
            counts: counts.as_ref().copied().unwrap_or_default(),
            scores: Some(host.scores()).filter(|counts| *counts != ScoreCounts::default()),
            error: match &ended {
                Ok(_) => status.reason().map(str::to_owned),
                Err(error) => Some(error.to_string()),
            },
        };
        let sent = SummarySource::Script(&reference);
        self.send_args
            .print_summary(sent, &api_connection, status, results);
        let closed = api_connection.close();
        // What the script met comes first; that the sandbox did not close well is told only where that is all.
        ended?;
        counts.map_err(Error::from)?;
        closed?;
        Ok(status)
    }
}

/// The names of this command's own options, which scripts may not take.
pub(super) fn reserved() -> Vec<String> {
    script_args::option_names::<Run>()
}
