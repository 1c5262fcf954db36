//! `repl`: evaluates inputs that share variables and functions.

use std::ffi::OsString;
use std::io::{self, IsTerminal as _};
use std::mem;
use std::rc::Rc;

use clap::Args;

use super::command_error::CommandError;
use super::options::{
    ApiAccessArgs, ApiConnection, ClockArgs, ConnectionArgs, FileAccessArgs, InviteLimitArgs,
    LimitArgs, LockArgs, MemoryArgs, ReadingArgs, restricted_options, script_args,
};
use super::output;
use super::terminal::{Terminal, TerminalConfig};
use crate::bulk::Options;
use crate::error::{Error, ExitStatus};
use crate::file_access::Stdin;
use crate::memory::MemoryWatch;
use crate::repl::{
    ExitReason, InputResult, OutputMode, ReplFrontend, Shell, ShellConfig, run_input,
    run_interactive, run_lines,
};
use crate::runtime::{ReplSignals, Runtime};
use crate::script::{
    Arguments, Console, Host, HostSettings, Program, ReplSession, ScriptOutcome, Source,
};
use crate::settings::{self, Settings};

/// The script name of a session that started without one, as the ledger records it.
const DEFAULT_SCRIPT_NAME: &str = "repl";

/// Evaluate scripts line by line
///
/// SCRIPT, a path or the name of a shipped one, is run first; its variables and functions stay. Everything after it is
/// passed to the script. gradient-bulk asks before it sends anything to the real API.
#[derive(Debug, Args)]
#[command(
    override_usage = "gradient-bulk repl [OPTIONS] [SCRIPT] [ARGS]...",
    after_help = "Examples:\n  gradient-bulk repl --sandbox\n  gradient-bulk repl --sandbox -e 'list_sessions().len()'"
)]
pub(super) struct Repl {
    /// A script to run first, and its arguments
    #[arg(value_name = "SCRIPT", trailing_var_arg = true)]
    script: Vec<OsString>,

    /// Evaluate EXPR, print the result and exit; can be repeated
    #[arg(short, value_name = "EXPR", allow_hyphen_values = true)]
    e: Vec<String>,

    /// Print the result of each EXPR as JSON, one per line
    #[arg(long, requires = "e")]
    json: bool,

    /// Send without asking
    #[arg(short, long)]
    yes: bool,

    #[command(flatten)]
    limits: LimitArgs,

    #[command(flatten)]
    invite_limits: InviteLimitArgs,

    #[command(flatten)]
    lock: LockArgs,

    #[command(flatten)]
    connection: ConnectionArgs,

    #[command(flatten)]
    clock: ClockArgs,

    #[command(flatten)]
    files: FileAccessArgs,

    #[command(flatten)]
    api_access: ApiAccessArgs,

    #[command(flatten)]
    reading: ReadingArgs,

    #[command(flatten)]
    memory: MemoryArgs,
}

impl Repl {
    pub(super) fn run(mut self, stdin: &Stdin) -> Result<ExitStatus, CommandError> {
        let memory = self.memory.watch();
        let words = mem::take(&mut self.script);
        let preloaded = preloaded(&words)?;
        let words: Vec<String> = words
            .iter()
            .map(|word| word.to_string_lossy().into_owned())
            .collect();
        let settings = self.connection.settings(&self.clock)?;
        let is_interactive =
            self.e.is_empty() && io::stdin().is_terminal() && io::stderr().is_terminal();
        let output_mode = match (self.json, is_interactive) {
            (true, _) => OutputMode::Json,
            (false, true) => OutputMode::Screen,
            (false, false) => OutputMode::Plain,
        };
        let signals = ReplSignals::default();
        let runtime = Rc::new(if is_interactive {
            Runtime::start_repl(&signals, || {
                output::note("this call cannot end early; press Ctrl-C again to end the session");
            })?
        } else {
            Runtime::start()?
        });
        let status = ApiConnection::with(&settings, &runtime, |api_connection| {
            let (host, terminal) =
                self.host(&words, memory, &settings, api_connection, &runtime, stdin)?;
            let config = ShellConfig {
                frontend: Rc::clone(&terminal) as Rc<dyn ReplFrontend>,
                live: self.yes,
                sandbox: api_connection.is_sandbox,
                endpoint: api_connection.endpoint(),
                output_mode,
            };
            let mut shell = Shell::new(ReplSession::new(host), config);
            let loaded = match preloaded {
                Some((program, arguments)) => shell.load(&program, arguments),
                None => Ok(InputResult::Done),
            };
            let status = if is_interactive {
                run_session(&mut shell, loaded, &signals)
            } else {
                self.run_non_interactive(&mut shell, loaded, stdin)
            };
            runtime.interrupt.clear();
            output::finish(status, terminal.take_output_error())
        })?;
        Ok(status)
    }

    /// Evaluates the expressions of the command line, or else standard input, if the script before them succeeded.
    fn run_non_interactive(
        &self,
        shell: &mut Shell,
        loaded: Result<InputResult, Error>,
        stdin: &Stdin,
    ) -> Result<ExitStatus, Error> {
        if let InputResult::Ended(termination) = loaded? {
            return finish(shell, ScriptOutcome::Terminated(termination));
        }
        if self.e.is_empty() {
            // Standard input holds the inputs, so that no script can read it as a file.
            let _ = stdin.take();
            let ended = run_lines(shell, io::stdin().lock())?;
            return finish(shell, ended);
        }
        for expression in &self.e {
            if let Some(ended) = run_input(shell, expression)? {
                return finish(shell, ended);
            }
        }
        finish(shell, ScriptOutcome::Finished)
    }

    fn host(
        &self,
        words: &[String],
        memory: MemoryWatch,
        settings: &Settings,
        api_connection: &ApiConnection,
        runtime: &Rc<Runtime>,
        stdin: &Stdin,
    ) -> Result<(Host, Rc<Terminal>), Error> {
        let given = words.iter().skip(1).map(String::as_str);
        let paths = self.files.paths(given, &settings.own_files, stdin)?;
        let options = Options {
            wait_lock: self.lock.wait_lock,
            ..restricted_options(settings, self.limits, self.invite_limits)?
        };
        let commands = self.connection.commands();
        let terminal_config = TerminalConfig {
            json: self.json,
            auto_confirm: self.yes || api_connection.is_sandbox,
            ..api_connection.terminal_config(options.clone(), commands, stdin)
        };
        let terminal = Rc::new(Terminal::new(Rc::clone(runtime), terminal_config));
        let (script, words) = match words {
            [script, words @ ..] => (script.as_str(), words),
            [] => (DEFAULT_SCRIPT_NAME, words),
        };
        let ledger = settings.ledger.clone();
        let host_settings = HostSettings {
            memory,
            reading_rules: self.reading.rules(&settings.reading)?,
            permissions: self.api_access.permissions(settings),
            ..api_connection.host_settings(options, ledger, script, words)
        };
        let console = Rc::clone(&terminal) as Rc<dyn Console>;
        let host = Host::new(Rc::clone(runtime), console, host_settings, paths, None);
        Ok((host, terminal))
    }
}

/// Compiles the script that is run first, and parses its arguments.
fn preloaded(words: &[OsString]) -> Result<Option<(Program, Arguments)>, CommandError> {
    let Some((reference, given)) = words.split_first() else {
        return Ok(None);
    };
    let reference = reference.to_string_lossy();
    let source = Source::find(&reference)?;
    let reserved = script_args::option_names::<Repl>();
    script_args::compile_and_parse_args(&reference, source, given.to_vec(), &reserved).map(Some)
}

/// Runs an interactive session.
fn run_session(
    shell: &mut Shell,
    loaded: Result<InputResult, Error>,
    signals: &ReplSignals,
) -> Result<ExitStatus, Error> {
    Ok(
        match run_interactive(shell, loaded, &settings::history()?, signals)? {
            ExitReason::UserQuit | ExitReason::Exit(None) => ExitStatus::Success,
            ExitReason::Exit(Some(status)) => ExitStatus::Custom(status),
            ExitReason::Signalled => ExitStatus::Interrupted,
        },
    )
}

/// Returns the exit status after the last input.
fn finish(shell: &Shell, ended: ScriptOutcome) -> Result<ExitStatus, Error> {
    let counts = shell.session.host.counts()?;
    let status = ExitStatus::for_end(ended, counts);
    if status == ExitStatus::Interrupted {
        output::note("interrupted");
    }
    Ok(status)
}
