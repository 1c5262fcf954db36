//! Running one test, and the scripts that it runs whole.

use std::ffi::OsString;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use jiff::tz::TimeZone;

use crate::bulk::{Counts, Options};
use crate::cli::command_error::CommandError;
use crate::cli::options::{FileAccessArgs, script_args};
use crate::cli::output::{Streams, Verbosity};
use crate::cli::run::reserved;
use crate::cli::start::report_error;
use crate::cli::terminal::{NextCommands, Terminal, TerminalConfig};
use crate::error::{Error, ExitStatus};
use crate::error_code::ErrorCode;
use crate::interrupt::Interrupt;
use crate::ledger::RunSpec;
use crate::runtime::Runtime;
use crate::sandbox;
use crate::script::{
    self, Arguments, Ended, Host, HostSettings, Program, RunOptions, ScriptOutput, Source,
    Termination, TestEnvironment, TestError,
};
use crate::testing::{self, Fixture, Record, TestCase, TestTimeout};
use crate::time::{Clock, zone_name};

/// How a test ended.
#[derive(Debug)]
pub(super) enum TestResult {
    /// Nothing was wrong.
    Passed,
    /// Something was.
    Failed(Error),
    /// It was interrupted.
    Interrupted,
}

/// The time that tests begin at, and how long each may take.
#[derive(Clone, Debug)]
pub(super) struct Start {
    /// The instant.
    pub(super) clock: Clock,
    /// The zone of dates and of shown times.
    pub(super) zone: TimeZone,
    /// The longest that a test may take.
    pub(super) limit: Duration,
}

/// Runs `case` in surroundings of its own; what it prints goes to `record`.
pub(super) fn run(
    case: &TestCase,
    files: &FileAccessArgs,
    start: &Start,
    interrupt: &Interrupt,
    record: &Rc<Record>,
) -> TestResult {
    match run_in_fixture(case, files, start, interrupt, record) {
        Ok(Ended::Finished) => TestResult::Passed,
        Ok(Ended::Early(Termination::Interrupted)) => TestResult::Interrupted,
        Ok(Ended::Early(ending)) => TestResult::Failed(early_exit_error(ending).into()),
        Err(error) => TestResult::Failed(error),
    }
}

fn run_in_fixture(
    case: &TestCase,
    files: &FileAccessArgs,
    start: &Start,
    interrupt: &Interrupt,
    record: &Rc<Record>,
) -> Result<Ended, Error> {
    let program = Program::compile(case.source.clone())?;
    let name = case.function.as_deref().unwrap_or_default();
    let limit = TestTimeout::default();
    let runtime = Rc::new(Runtime::with_interrupt(limit.interrupt()).map_err(Error::Start)?);
    limit.begin(&runtime, start.limit, interrupt);
    let test_environment = Rc::new(SandboxTestEnvironment {
        fixture: Fixture::open(
            &runtime,
            case.home(),
            files.file_access(case.home())?,
            &start.clock,
        )?,
        runtime,
        start: start.clone(),
        record: Rc::clone(record),
    });
    let host = test_environment.host(
        record,
        case.source.name.to_string(),
        Vec::new(),
        Arguments::new(),
        RunOptions::default(),
        Some(Rc::clone(&test_environment) as Rc<dyn TestEnvironment>),
    );
    let ended = program.run_test(&host, name);
    // What the test found out before says more than that it took long.
    let is_timed_out =
        matches!(ended, Ok(Ended::Early(Termination::Interrupted))) && limit.has_expired();
    drop(host);
    // What the test met comes first, and then that its surroundings could not be cleared away.
    let closed = Rc::into_inner(test_environment).map_or(Ok(()), SandboxTestEnvironment::close);
    if is_timed_out {
        let limit = start.limit;
        return Err(testing::Error::TooLong { limit }.into());
    }
    let ended = ended?;
    closed?;
    Ok(ended)
}

/// Says of a test that it ended before its last line; why is in what it printed.
fn early_exit_error(ending: Termination) -> script::Error {
    let why = match ending {
        Termination::Exit(_) => "the test called `exit`",
        Termination::Rejected => "a plan of the test was rejected",
        Termination::Refused => "the sandbox refused an invitation of the test",
        Termination::NotConfirmed | Termination::Interrupted => "the test was stopped",
        Termination::Outage => "the sandbox could not be reached",
        Termination::Waiting => "the test waits for sessions to change",
        Termination::OutOfMemory => "the tests use more memory than scripts may",
    };
    let failure = script::Diagnostic::new(ErrorCode::Ended, why);
    failure
        .hint("`run_script` runs a script that ends so, and returns its status")
        .into()
}

/// What surrounds the test of a thread.
struct SandboxTestEnvironment {
    fixture: Fixture,
    runtime: Rc<Runtime>,
    start: Start,
    /// What the test prints.
    record: Rc<Record>,
}

impl SandboxTestEnvironment {
    fn host(
        &self,
        record: &Rc<Record>,
        script: String,
        words: Vec<String>,
        arguments: Arguments,
        given: RunOptions,
        test_environment: Option<Rc<dyn TestEnvironment>>,
    ) -> Host {
        let options = Options {
            zone: self.start.zone.clone(),
            clock: self.start.clock.clone(),
            concurrency: Fixture::CONCURRENCY,
            dry_run: given.dry_run,
            first: None,
            max_invites: None,
            skip_invalid: given.skip_invalid,
            again: given.again,
            shard: None,
            report_all: false,
        };
        let terminal_config = TerminalConfig {
            streams: Streams::Record(Rc::clone(record)),
            verbosity: Verbosity::Normal,
            json: false,
            auto_confirm: true,
            endpoint: "the sandbox".to_owned(),
            key: None,
            options: options.clone(),
            commands: NextCommands::default(),
        };
        let default = || sandbox::ASSESSMENT.to_owned();
        let settings = HostSettings {
            client: self.fixture.client().clone(),
            assessment: Some(given.assessment.unwrap_or_else(default)),
            options,
            ledger: self.fixture.ledger(),
            run: RunSpec {
                script,
                arguments: words,
                directory: PathBuf::new(),
                api_url: self.fixture.sandbox().base_url().to_owned(),
                sandbox: true,
                zone: zone_name(&self.start.zone),
                shard: None,
            },
            arguments,
            deny_send: false,
        };
        Host::new(
            Rc::clone(&self.runtime),
            Rc::new(Terminal::new(Rc::clone(&self.runtime), terminal_config)),
            settings,
            self.fixture.paths(),
            test_environment,
        )
    }

    /// Runs a script that is there as a process of its own would.
    fn run_program(
        &self,
        source: Source,
        reference: &str,
        words: Vec<String>,
        options: RunOptions,
        record: &Rc<Record>,
    ) -> Result<ScriptOutput, Error> {
        let streams = Streams::Record(Rc::clone(record));
        let given: Vec<OsString> = words.iter().map(OsString::from).collect();
        let prepared = script_args::compile_and_parse_args(reference, source, given, &reserved());
        let (program, arguments): (Program, Arguments) = match prepared {
            Ok(prepared) => prepared,
            Err(failure) => {
                let status = report_error(&failure, &streams);
                return Ok(script_output(status, record));
            }
        };
        let host = self.host(
            record,
            reference.to_owned(),
            words,
            arguments,
            options,
            None,
        );
        let ended = program.run(&host).map_err(Error::from);
        let counts = host.counts();
        let status = ExitStatus::for_script(&ended, &counts, host.scores());
        if let Err(error) = ended {
            report_error(&CommandError::Error(error), &streams);
        }
        Ok(ScriptOutput {
            counts: counts?,
            rows: host.rows()?,
            ..script_output(status, record)
        })
    }

    fn close(self) -> Result<(), Error> {
        Ok(self.fixture.close(&self.runtime)?)
    }
}

/// What came of a script that invited nobody.
fn script_output(status: ExitStatus, record: &Record) -> ScriptOutput {
    ScriptOutput {
        status: status.code(),
        output: record.output(),
        notes: record.notes(),
        error: record.error(),
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
        let source = Source::find_in(self.fixture.home(), self.fixture.file_access(), reference);
        let source = source.map_err(|error| unable(error.into()))?;
        let line = [&[reference.to_owned()], words.as_slice()]
            .concat()
            .join(" ");
        let record = Rc::new(Record::default());
        let script_output = self.run_program(source, reference, words, options, &record);
        self.record.note(&format!("--- run_script {line}"));
        let printed = record.all();
        if !printed.is_empty() {
            self.record.note(printed.trim_end());
        }
        let script_output = script_output.map_err(unable)?;
        self.record
            .note(&format!("--- exit status {}", script_output.status));
        Ok(script_output)
    }

    fn set_status(&self, email: &str, status: &str) -> Result<(), TestError> {
        let moved = self.fixture.sandbox().set_status(email, status);
        moved.map_err(|error| TestError {
            message: error.to_string(),
            hint: error.hint(),
        })
    }
}
