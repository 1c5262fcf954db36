//! `run`: runs a script.

use std::ffi::OsString;
use std::mem;
use std::rc::Rc;

use clap::{Args, CommandFactory as _, Parser};
use serde::Serialize;

use super::connection::{Connected, Connection};
use super::failure::Failure;
use super::script_args;
use super::terminal::{self, Talk, Terminal};
use crate::bulk::Counts;
use crate::error::{Error, ExitStatus};
use crate::runtime::Runtime;
use crate::script::{Ended, Ending, Host, HostSettings, Program, Source};

/// Run a script: a path, or the name of a shipped one
///
/// Options come before SCRIPT; everything after it is the script's, and `run SCRIPT --help` explains that.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a flag of the command line is a bool"
)]
#[command(
    override_usage = "gradient-bulk run [OPTIONS] SCRIPT [ARGS]...",
    after_help = "Example:\n  gradient-bulk run --sandbox invite_csv people.csv"
)]
pub(super) struct Run {
    /// The script, and its arguments
    #[arg(value_name = "SCRIPT", required = true, trailing_var_arg = true)]
    script: Vec<OsString>,

    #[command(flatten)]
    connection: Connection,

    /// Send without asking
    #[arg(short, long)]
    yes: bool,

    /// Print one JSON object at the end; what the script prints goes to standard error
    #[arg(long)]
    json: bool,

    /// Show nothing but results and errors
    #[arg(short, long, conflicts_with = "verbose")]
    quiet: bool,

    /// Show every answer
    #[arg(short, long)]
    verbose: bool,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Summary<'a> {
    script: &'a str,
    sandbox: bool,
    api_url: String,
    exit_status: u8,
    #[serde(flatten)]
    counts: Counts,
    error: Option<String>,
}

impl Run {
    pub(super) fn run(mut self) -> Result<ExitStatus, Failure> {
        let mut words = mem::take(&mut self.script).into_iter();
        let reference = words.next().unwrap_or_default();
        let reference = reference.to_string_lossy();
        let given = words.collect();
        let program = Program::compile(Source::find(&reference)?)?;
        let reserved = reserved();
        let specs = program.args(&reserved)?;
        let arguments = script_args::parse(&reference, program.source(), &specs, &reserved, given)?;
        let settings = self.connection.settings()?;
        let runtime = Rc::new(Runtime::start().map_err(Error::Start)?);
        let connected = Connected::open(&settings, &runtime)?;
        let terminal = self.terminal(&connected);
        let host = Host::new(
            Rc::clone(&runtime),
            Rc::new(terminal),
            HostSettings {
                client: connected.client.clone(),
                assessment: connected.assessment.clone(),
                zone: settings.zone,
                now: settings.now,
                concurrency: settings.concurrency,
                arguments,
            },
        );
        let ended = program.run(&host).map_err(Error::from);
        let status = match &ended {
            Ok(ended) => status(*ended, host.counts()),
            Err(error) => error.exit_status(),
        };
        if self.json {
            let summary = Summary {
                script: &reference,
                sandbox: connected.is_sandbox(),
                api_url: connected.client.config().base_url.to_string(),
                exit_status: status.code(),
                counts: host.counts(),
                error: ended.as_ref().err().map(ToString::to_string),
            };
            terminal::print(&serde_json::to_string(&summary).unwrap_or_default());
        } else if status == ExitStatus::Interrupted {
            terminal::note(&match host.counts() {
                counts if counts.total == 0 => "interrupted".to_owned(),
                counts => format!("interrupted; {counts}"),
            });
        }
        let closed = connected.close(|| {
            terminal::note("another process still uses this one's sandbox; Ctrl-C leaves at once");
        });
        // What the script met comes first; that the sandbox did not close well is told only where that is all.
        ended?;
        closed?;
        Ok(status)
    }

    fn terminal(&self, connected: &Connected) -> Terminal {
        let host = connected.client.config().base_url.host();
        Terminal {
            talk: match (self.quiet, self.verbose) {
                (true, _) => Talk::Quiet,
                (false, false) => Talk::Normal,
                (false, true) => Talk::Verbose,
            },
            json: self.json,
            yes: self.yes || connected.is_sandbox(),
            place: if connected.is_sandbox() {
                "the sandbox".to_owned()
            } else {
                host
            },
        }
    }
}

fn status(ended: Ended, counts: Counts) -> ExitStatus {
    match ended {
        Ended::Early(Ending::Exit(Some(status))) => ExitStatus::Chosen(status),
        Ended::Early(Ending::Interrupted) => ExitStatus::Interrupted,
        Ended::Early(Ending::Rejected) => ExitStatus::Rejected,
        Ended::Early(Ending::NotConfirmed) => ExitStatus::NotConfirmed,
        Ended::Early(Ending::OutOfMemory) => ExitStatus::ScriptError,
        Ended::Finished | Ended::Early(Ending::Exit(None)) if counts.failed > 0 => {
            ExitStatus::RowsFailed
        }
        Ended::Finished | Ended::Early(Ending::Exit(None)) => ExitStatus::Success,
    }
}

/// The names of this command's own options, which scripts may not take.
fn reserved() -> Vec<String> {
    #[derive(Parser)]
    struct Alone {
        #[command(flatten)]
        run: Run,
    }
    Alone::command()
        .get_arguments()
        .filter_map(|arg| arg.get_long().map(ToOwned::to_owned))
        .chain(["help".to_owned()])
        .collect()
}
