//! Runs one test, and the scripts that it starts with `run_script`.

use std::ffi::OsString;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;

use crate::bulk::{Counts, Options};
use crate::cli::command_error::CommandError;
use crate::cli::options::{ApiConnection, FileAccessArgs, script_args};
use crate::cli::output::Streams;
use crate::cli::run::reserved;
use crate::cli::terminal::{NextCommands, Terminal, TerminalConfig};
use crate::error::{Error, ExitStatus};
use crate::error_code::ErrorCode;
use crate::file_access::{OwnFiles, Stdin};
use crate::interrupt::Interrupt;
use crate::memory::MemoryWatch;
use crate::runtime::Runtime;
use crate::script::{
    self, Arguments, Host, HostSettings, Program, RunOptions, ScriptOutcome, ScriptOutput, Source,
    Termination, TestEnvironment, TestError,
};
use crate::testing::{self, CapturedOutput, Fixture, TestCase, TestTimeout};
use crate::time::{Clock, ReadingRules};

/// How a test ended.
#[derive(Debug)]
pub(super) enum TestResult {
    Passed,
    Failed(Error),
    Interrupted,
}

/// What all tests of a command have in common. Each test has a clock of its own.
#[derive(Clone, Debug)]
pub(super) struct TestSettings<'a> {
    pub(super) files: &'a FileAccessArgs,
    pub(super) own_files: &'a Arc<OwnFiles>,
    pub(super) stdin: &'a Stdin,
    pub(super) clock: Clock,
    pub(super) zone: TimeZone,
    pub(super) reading_rules: &'a Arc<ReadingRules>,
    pub(super) timeout: Duration,
    pub(super) memory: &'a MemoryWatch,
}

/// Runs `case` in a test environment of its own; its output is added to `captured`.
pub(super) fn run(
    case: &TestCase,
    test_settings: &TestSettings,
    interrupt: &Interrupt,
    captured: &Rc<CapturedOutput>,
) -> TestResult {
    match run_in_fixture(case, test_settings, interrupt, captured) {
        Ok(ScriptOutcome::Finished) => TestResult::Passed,
        Ok(ScriptOutcome::Terminated(Termination::Interrupted)) => TestResult::Interrupted,
        Ok(ScriptOutcome::Terminated(termination)) => {
            TestResult::Failed(early_exit_error(termination).into())
        }
        Err(error) => TestResult::Failed(error),
    }
}

fn run_in_fixture(
    case: &TestCase,
    test_settings: &TestSettings,
    interrupt: &Interrupt,
    captured: &Rc<CapturedOutput>,
) -> Result<ScriptOutcome, Error> {
    let program = Program::compile(case.source.clone())?;
    let name = case.function.as_deref().unwrap_or_default();
    let timeout = TestTimeout::default();
    let runtime = Rc::new(Runtime::with_interrupt(&timeout.interrupt)?);
    timeout.start(&runtime, test_settings.timeout, interrupt);
    let file_access = test_settings.files.file_access(
        case.script_directory(),
        test_settings.own_files,
        test_settings.stdin,
    )?;
    let test_environment = Rc::new(SandboxTestEnvironment {
        fixture: Fixture::open(
            &runtime,
            case.script_directory(),
            file_access,
            &test_settings.clock,
        )?,
        runtime,
        clock: test_settings.clock.clone(),
        zone: test_settings.zone.clone(),
        reading_rules: Arc::clone(test_settings.reading_rules),
        stdin: test_settings.stdin.clone(),
        captured: Rc::clone(captured),
        memory: test_settings.memory.clone(),
    });
    let host = test_environment.host(
        captured,
        &case.source.name,
        &[],
        Arguments::new(),
        RunOptions::default(),
        Some(Rc::clone(&test_environment) as Rc<dyn TestEnvironment>),
    );
    let ended = program.run_test(&host, name);
    let is_timed_out = matches!(
        ended,
        Ok(ScriptOutcome::Terminated(Termination::Interrupted))
    ) && timeout.has_expired();
    drop(host);
    // An error of the test takes precedence over one of cleaning up.
    let closed = Rc::into_inner(test_environment).map_or(Ok(()), SandboxTestEnvironment::close);
    if is_timed_out {
        let limit = test_settings.timeout;
        return Err(testing::Error::TooLong { limit }.into());
    }
    let ended = ended?;
    closed?;
    Ok(ended)
}

/// Explains that a test ended before its last line.
fn early_exit_error(termination: Termination) -> script::Error {
    let why = match termination {
        Termination::Exit(_) => "the test called `exit`",
        Termination::Rejected => "a plan of the test was rejected",
        Termination::Refused => "the sandbox refused an invitation of the test",
        Termination::NotConfirmed | Termination::Interrupted => "the test was stopped",
        Termination::RepeatedFailures => "the sandbox failed or refused one row after another",
        Termination::Waiting => "the test waits for sessions to change",
        Termination::OutOfMemory(_) => "the tests use more memory than scripts may",
        Termination::UnreadOutput => "the test prints without end",
    };
    let failure = script::Diagnostic::new(ErrorCode::Ended, why);
    failure
        .hint("to test a script that ends early, use `run_script`, which returns its status")
        .into()
}

/// The environment of the test that runs on this thread.
struct SandboxTestEnvironment {
    fixture: Fixture,
    runtime: Rc<Runtime>,
    clock: Clock,
    zone: TimeZone,
    reading_rules: Arc<ReadingRules>,
    stdin: Stdin,
    captured: Rc<CapturedOutput>,
    memory: MemoryWatch,
}

impl SandboxTestEnvironment {
    fn host(
        &self,
        captured: &Rc<CapturedOutput>,
        script: &str,
        words: &[String],
        arguments: Arguments,
        run_options: RunOptions,
        test_environment: Option<Rc<dyn TestEnvironment>>,
    ) -> Host {
        let client = self.fixture.client.clone();
        let api_connection = ApiConnection::to_sandbox(
            client,
            run_options.assessment,
            &self.fixture.sandbox_directory(),
        );
        let options = Options {
            dry_run: run_options.dry_run,
            skip_invalid: run_options.skip_invalid,
            again: run_options.again,
            ..Options::new(self.zone.clone(), self.clock.clone())
        };
        let commands = NextCommands::default();
        let terminal_config = TerminalConfig {
            streams: Streams::Captured(Rc::clone(captured)),
            ..api_connection.terminal_config(options.clone(), commands, &self.stdin)
        };
        let host_settings = HostSettings {
            arguments,
            memory: self.memory.clone(),
            reading_rules: Arc::clone(&self.reading_rules),
            ..api_connection.host_settings(options, self.fixture.ledger(), script, words)
        };
        Host::new(
            Rc::clone(&self.runtime),
            Rc::new(Terminal::new(Rc::clone(&self.runtime), terminal_config)),
            host_settings,
            self.fixture.paths(),
            test_environment,
        )
    }

    /// Runs a script as `gradient-bulk run` would.
    fn run_program(
        &self,
        source: Source,
        reference: &str,
        words: &[String],
        options: RunOptions,
        captured: &Rc<CapturedOutput>,
    ) -> Result<ScriptOutput, Error> {
        let streams = Streams::Captured(Rc::clone(captured));
        let given: Vec<OsString> = words.iter().map(OsString::from).collect();
        let prepared = script_args::compile_and_parse_args(reference, source, given, &reserved());
        let (program, arguments): (Program, Arguments) = match prepared {
            Ok(prepared) => prepared,
            Err(error) => {
                let status = error.report(&streams);
                return Ok(script_output(status, captured));
            }
        };
        let host = self.host(captured, reference, words, arguments, options, None);
        let ended = program.run(&host).map_err(Error::from);
        let counts = host.counts();
        let status = ExitStatus::for_script(&ended, &counts);
        if let Err(error) = ended {
            CommandError::Error(error).report(&streams);
        }
        Ok(ScriptOutput {
            counts: counts?,
            rows: host.rows()?,
            ..script_output(status, captured)
        })
    }

    fn close(self) -> Result<(), Error> {
        Ok(self.fixture.close(&self.runtime)?)
    }
}

/// Returns the result of a script that invited nobody.
fn script_output(status: ExitStatus, captured: &CapturedOutput) -> ScriptOutput {
    ScriptOutput {
        status: status.code(),
        output: captured.output(),
        notes: captured.notes(),
        error: captured.error(),
        counts: Counts::default(),
        rows: Vec::new(),
    }
}

impl TestEnvironment for SandboxTestEnvironment {
    fn run_script(
        &self,
        reference: &str,
        words: Vec<String>,
        options: RunOptions,
    ) -> Result<ScriptOutput, TestError> {
        let unable = |error: Error| TestError {
            hint: error.hints().into_iter().next(),
            message: error.to_string(),
        };
        let source = Source::find_in(
            &self.fixture.script_directory,
            &self.fixture.file_access,
            reference,
        );
        let source = source.map_err(|error| unable(error.into()))?;
        let line = [&[reference.to_owned()], words.as_slice()]
            .concat()
            .join(" ");
        let captured = Rc::new(CapturedOutput::default());
        let script_output = self.run_program(source, reference, &words, options, &captured);
        self.captured.note(&format!("--- run_script {line}"));
        let printed = captured.all();
        if !printed.is_empty() {
            self.captured.note(printed.trim_end());
        }
        let script_output = script_output.map_err(unable)?;
        self.captured
            .note(&format!("--- exit status {}", script_output.status));
        Ok(script_output)
    }

    fn set_status(&self, email: &str, status: &str) -> Result<(), TestError> {
        let moved = self.fixture.sandbox.set_status(email, status);
        moved.map_err(|error| TestError {
            message: error.to_string(),
            hint: error.hint(),
        })
    }
}
