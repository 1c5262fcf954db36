//! `repl`: evaluates what is entered, with everything that was entered before.

use std::ffi::OsString;
use std::io::{self, IsTerminal as _};
use std::mem;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::Args;

use super::command_error::CommandError;
use super::options::{ApiAccessArgs, ApiConnection, ConnectionArgs, FileAccessArgs, script_args};
use super::output::{self, Streams, Verbosity};
use super::terminal::{self, Terminal};
use crate::bulk::Options;
use crate::error::{Error, ExitStatus};
use crate::repl::{
    ExitReason, InputResult, OutputMode, ReplFrontend, Shell, ShellConfig, run_input,
    run_interactive, run_lines,
};
use crate::runtime::Runtime;
use crate::script::{
    Arguments, Console, Ended, Host, HostSettings, Paths, Program, ReplSession, Source,
};
use crate::settings::{self, Settings};
use crate::table::reserve_stdin;

/// What the ledger knows a session by that has no script.
const DEFAULT_SCRIPT_NAME: &str = "repl";

/// Enter scripts line by line, and see what comes of each
///
/// SCRIPT, a path or the name of a shipped one, is run first; its variables and functions stay. Everything after it is the
/// script's. Reading is free; before anything is sent, you are asked.
#[derive(Debug, Args)]
#[command(
    override_usage = "gradient-bulk repl [OPTIONS] [SCRIPT] [ARGS]...",
    after_help = "Examples:\n  gradient-bulk repl --sandbox\n  gradient-bulk repl --sandbox -e 'list_sessions().len()'"
)]
pub(super) struct Repl {
    /// A script to run first, and its arguments
    #[arg(value_name = "SCRIPT", trailing_var_arg = true)]
    script: Vec<OsString>,

    /// Evaluate EXPR, print what comes of it and leave; may be repeated
    #[arg(short, value_name = "EXPR", allow_hyphen_values = true)]
    e: Vec<String>,

    /// Print what comes of each EXPR as JSON, one line each
    #[arg(long, requires = "e")]
    json: bool,

    /// Send without asking
    #[arg(short, long)]
    yes: bool,

    #[command(flatten)]
    connection: ConnectionArgs,

    #[command(flatten)]
    files: FileAccessArgs,

    #[command(flatten)]
    api_access: ApiAccessArgs,
}

impl Repl {
    pub(super) fn run(mut self) -> Result<ExitStatus, CommandError> {
        let words = mem::take(&mut self.script);
        let preloaded = preloaded(&words)?;
        let given: Vec<_> = words
            .iter()
            .skip(1)
            .map(|word| word.to_string_lossy())
            .collect();
        let paths = self.files.paths(given.iter().map(|word| &**word))?;
        let settings = self.connection.settings()?;
        let is_interactive =
            self.e.is_empty() && io::stdin().is_terminal() && io::stderr().is_terminal();
        let leave = Arc::new(AtomicBool::new(false));
        let reading = Arc::new(AtomicBool::new(false));
        let runtime = if is_interactive {
            Runtime::start_repl(Arc::clone(&leave), Arc::clone(&reading))
        } else {
            Runtime::start()
        };
        let runtime = Rc::new(runtime.map_err(Error::Start)?);
        let api_connection = ApiConnection::open(&settings, &runtime)?;
        let mut shell = self.shell(
            &words,
            paths,
            &settings,
            &api_connection,
            &runtime,
            is_interactive,
        );
        let before = match preloaded {
            Some((program, arguments)) => shell.load(&program, arguments),
            None => Ok(InputResult::Done),
        };
        let status = if is_interactive {
            session(&mut shell, before, leave, &reading)
        } else {
            self.run_non_interactive(&mut shell, before)
        };
        runtime.interrupt().clear();
        let closed = api_connection.close();
        let status = status?;
        closed?;
        Ok(status)
    }

    /// Evaluates what the command line says, or else standard input, where a script that was run before went well.
    fn run_non_interactive(
        &self,
        shell: &mut Shell,
        before: Result<InputResult, Error>,
    ) -> Result<ExitStatus, Error> {
        if let InputResult::Ended(ending) = before? {
            return finished(shell, Ended::Early(ending));
        }
        if self.e.is_empty() {
            // What comes there are inputs, and no file.
            reserve_stdin();
            let ended = run_lines(shell, io::stdin().lock())?;
            return finished(shell, ended);
        }
        for expression in &self.e {
            if let Some(ended) = run_input(shell, expression)? {
                return finished(shell, ended);
            }
        }
        finished(shell, Ended::Finished)
    }

    fn shell(
        &self,
        words: &[OsString],
        paths: Paths,
        settings: &Settings,
        api_connection: &ApiConnection,
        runtime: &Rc<Runtime>,
        is_interactive: bool,
    ) -> Shell {
        let options = Options {
            zone: settings.zone.clone(),
            clock: settings.now.into(),
            concurrency: settings.concurrency,
            dry_run: false,
            first: None,
            max_invites: None,
            skip_invalid: false,
            again: false,
            shard: None,
            report_all: false,
        };
        let terminal = Rc::new(Terminal::new(
            Rc::clone(runtime),
            terminal::TerminalConfig {
                verbosity: Verbosity::Normal,
                json: self.json,
                auto_confirm: self.yes || api_connection.is_sandbox(),
                endpoint: api_connection.endpoint(),
                key: api_connection.key_prefix(),
                options: options.clone(),
                commands: self.connection.commands(),
                streams: Streams::Process,
            },
        ));
        let mut words = words.iter().map(|word| word.to_string_lossy().into_owned());
        let host = Host::new(
            Rc::clone(runtime),
            Rc::clone(&terminal) as Rc<dyn Console>,
            HostSettings {
                client: api_connection.client.clone(),
                assessment: api_connection.assessment.clone(),
                options,
                ledger: settings.ledger.clone(),
                run: api_connection.new_run(
                    words
                        .next()
                        .unwrap_or_else(|| DEFAULT_SCRIPT_NAME.to_owned()),
                    words.collect(),
                    &settings.zone,
                    None,
                ),
                arguments: Arguments::default(),
                deny_send: self.api_access.deny_send,
            },
            paths,
            None,
        );
        let config = ShellConfig {
            frontend: terminal as Rc<dyn ReplFrontend>,
            live: self.yes,
            sandbox: api_connection.is_sandbox(),
            endpoint: api_connection.endpoint(),
            output_mode: match (self.json, is_interactive) {
                (true, _) => OutputMode::Json,
                (false, true) => OutputMode::Screen,
                (false, false) => OutputMode::Plain,
            },
        };
        Shell::new(ReplSession::new(host), config)
    }
}

/// Reads the script that is run first, and its arguments.
fn preloaded(words: &[OsString]) -> Result<Option<(Program, Arguments)>, CommandError> {
    let Some((reference, given)) = words.split_first() else {
        return Ok(None);
    };
    let reference = reference.to_string_lossy();
    let source = Source::find(&reference)?;
    let reserved = script_args::option_names::<Repl>();
    script_args::compile_and_parse_args(&reference, source, given.to_vec(), &reserved).map(Some)
}

/// The session of somebody at a terminal.
fn session(
    shell: &mut Shell,
    before: Result<InputResult, Error>,
    leave: Arc<AtomicBool>,
    reading: &AtomicBool,
) -> Result<ExitStatus, Error> {
    Ok(
        match run_interactive(shell, before, &settings::history()?, leave, reading)? {
            ExitReason::UserQuit | ExitReason::Exit(None) => ExitStatus::Success,
            ExitReason::Exit(Some(status)) => ExitStatus::Custom(status),
            ExitReason::Signalled => ExitStatus::Interrupted,
        },
    )
}

/// The status of inputs that ended so.
fn finished(shell: &Shell, ended: Ended) -> Result<ExitStatus, Error> {
    let counts = shell.session().host().counts()?;
    let status = ExitStatus::for_end(ended, counts, shell.session().host().scores());
    if status == ExitStatus::Interrupted {
        output::note("interrupted");
    }
    Ok(status)
}
