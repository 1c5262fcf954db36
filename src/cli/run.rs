//! `run`: runs a script.

use std::ffi::OsString;
use std::mem;
use std::rc::Rc;

use clap::{Args, ValueHint};
use serde::Serialize;

use super::command_error::CommandError;
use super::options::{
    ApiAccessArgs, ApiConnection, ClockArgs, ConnectionArgs, FileAccessArgs, InviteArgs,
    MemoryArgs, ReadingArgs, SendArgs, SummarySource, script_args,
};
use super::output;
use crate::bulk::{Counts, ScoreCounts, Shard};
use crate::error::{Error, ExitStatus};
use crate::file_access::Stdin;
use crate::ledger::RunId;
use crate::runtime::Runtime;
use crate::script::{Console, Host, HostSettings, Source};

/// Run a script: a path, or the name of a shipped one
///
/// Options come before SCRIPT; everything after it is passed to the script. `run SCRIPT --help` explains its arguments.
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
    clock: ClockArgs,

    #[command(flatten)]
    send_args: SendArgs,

    #[command(flatten)]
    invite_args: InviteArgs,

    #[command(flatten)]
    files: FileAccessArgs,

    #[command(flatten)]
    api_access: ApiAccessArgs,

    #[command(flatten)]
    reading: ReadingArgs,

    #[command(flatten)]
    memory: MemoryArgs,

    /// Process only shard I of N of the rows; use one machine and one ledger per shard
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
}

/// The results of a script in the object of `--json`.
#[derive(Serialize)]
struct RunSummary {
    runs: Vec<RunId>,
    #[serde(flatten)]
    counts: Counts,
    /// Absent if nothing was to be scored.
    #[serde(skip_serializing_if = "Option::is_none")]
    scores: Option<ScoreCounts>,
}

impl Run {
    pub(super) fn run(mut self, stdin: &Stdin) -> Result<ExitStatus, CommandError> {
        let memory = self.memory.watch();
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
        let settings = self.connection.settings(&self.clock)?;
        let options = self
            .send_args
            .options(&settings, self.invite_args, self.shard)?;
        let reading_rules = self.reading.rules(&settings.reading)?;
        let own_files = &settings.own_files;
        let words_as_named = words.iter().map(String::as_str);
        let paths = self.files.paths(words_as_named, own_files, stdin)?;
        let runtime = Rc::new(Runtime::start()?);
        runtime.set_exit_message(|| output::note("interrupted"));
        let status = ApiConnection::with(&settings, &runtime, |api_connection| {
            let commands = self.connection.commands();
            let terminal =
                self.send_args
                    .terminal(&runtime, api_connection, options.clone(), commands, stdin);
            let mut host_settings = HostSettings {
                arguments,
                memory,
                reading_rules,
                permissions: self.api_access.permissions(&settings),
                ..api_connection.host_settings(options, settings.ledger.clone(), &reference, &words)
            };
            let sha256 = program.source.sha256.to_string();
            host_settings.run.author.script_sha256 = Some(sha256);
            let runtime = Rc::clone(&runtime);
            let terminal = Rc::new(terminal);
            let console = Rc::clone(&terminal) as Rc<dyn Console>;
            let host = Host::new(runtime, console, host_settings, paths, None);
            let ended = program.run(&host).map_err(Error::from);
            let counts = host.counts();
            let scores = host.scores();
            let score_counts = scores.as_ref().copied().unwrap_or_default();
            let status = ExitStatus::for_script(&ended, &counts);
            let results = RunSummary {
                runs: host.runs(),
                counts: counts.as_ref().copied().unwrap_or_default(),
                scores: Some(score_counts).filter(|counts| *counts != ScoreCounts::default()),
            };
            let source = Some(SummarySource::Script(&reference));
            let error = ended.as_ref().err();
            let written = self
                .send_args
                .print_summary(source, api_connection, &terminal, status, results, error)
                .and(terminal.take_output_error());
            let result = ended.and(counts.map_err(Error::from)).map(|_| status);
            let result = result.and_then(|status| Ok(scores.map(|_| status)?));
            output::finish(result, written)
        })?;
        Ok(status)
    }
}

/// Returns the names of the options of `run`, which scripts cannot use for their arguments.
pub(super) fn reserved() -> Vec<String> {
    script_args::option_names::<Run>()
}
