//! Running one test, and the scripts that it runs whole.

use std::ffi::OsString;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use jiff::tz::TimeZone;

use crate::bulk::{Counts, Options};
use crate::cli::failure::Failure;
use crate::cli::options::{Files, script_args};
use crate::cli::output::{Streams, Talk};
use crate::cli::run::reserved;
use crate::cli::start::report;
use crate::cli::terminal::{Commands, Occasion, Terminal};
use crate::error::{Error, ExitStatus};
use crate::interrupt::Interrupt;
use crate::ledger::NewRun;
use crate::moment::{Clock, zone_name};
use crate::runtime::Runtime;
use crate::sandbox;
use crate::script::{
    self, Arguments, Ended, Ending, Host, HostSettings, Program, Ran, RunOptions, Source, Stage,
    Unable,
};
use crate::testing::{self, Case, Fixture, Limit, Record};

/// How a test ended.
#[derive(Debug)]
pub(super) enum Verdict {
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
    case: &Case,
    files: &Files,
    start: &Start,
    interrupt: &Interrupt,
    record: &Rc<Record>,
) -> Verdict {
    match perform(case, files, start, interrupt, record) {
        Ok(Ended::Finished) => Verdict::Passed,
        Ok(Ended::Early(Ending::Interrupted)) => Verdict::Interrupted,
        Ok(Ended::Early(ending)) => Verdict::Failed(ended_early(ending).into()),
        Err(error) => Verdict::Failed(error),
    }
}

fn perform(
    case: &Case,
    files: &Files,
    start: &Start,
    interrupt: &Interrupt,
    record: &Rc<Record>,
) -> Result<Ended, Error> {
    let program = Program::compile(case.source.clone())?;
    let name = case.function.as_deref().unwrap_or_default();
    let limit = Limit::default();
    let runtime = Rc::new(Runtime::beside(limit.interrupt()).map_err(Error::Start)?);
    limit.begin(&runtime, start.limit, interrupt);
    let stage = Rc::new(TestStage {
        fixture: Fixture::open(
            &runtime,
            case.home(),
            files.reach(case.home())?,
            &start.clock,
        )?,
        runtime,
        start: start.clone(),
        record: Rc::clone(record),
    });
    let host = stage.host(
        record,
        case.source.name.to_string(),
        Vec::new(),
        Arguments::new(),
        RunOptions::default(),
        Some(Rc::clone(&stage) as Rc<dyn Stage>),
    );
    let ended = program.run_test(&host, name);
    // What the test found out before says more than that it took long.
    let is_cut_off = matches!(ended, Ok(Ended::Early(Ending::Interrupted))) && limit.is_over();
    drop(host);
    // What the test met comes first, and then that its surroundings could not be cleared away.
    let closed = Rc::into_inner(stage).map_or(Ok(()), TestStage::close);
    if is_cut_off {
        let limit = start.limit;
        return Err(testing::Error::TooLong { limit }.into());
    }
    let ended = ended?;
    closed?;
    Ok(ended)
}

/// Says of a test that it ended before its last line; why is in what it printed.
fn ended_early(ending: Ending) -> script::Error {
    let why = match ending {
        Ending::Exit(_) => "the test called `exit`",
        Ending::Rejected => "a plan of the test was rejected",
        Ending::Refused => "the sandbox refused an invitation of the test",
        Ending::NotConfirmed | Ending::Interrupted => "the test was stopped",
        Ending::Outage => "the sandbox could not be reached",
        Ending::Waiting => "the test waits for sessions to change",
        Ending::OutOfMemory => "the tests use more memory than scripts may",
    };
    let failure = script::Failure::new("ended", why);
    failure
        .hint("`run_script` runs a script that ends so, and returns its status")
        .into()
}

/// What surrounds the test of a thread.
struct TestStage {
    fixture: Fixture,
    runtime: Rc<Runtime>,
    start: Start,
    /// What the test prints.
    record: Rc<Record>,
}

impl TestStage {
    fn host(
        &self,
        record: &Rc<Record>,
        script: String,
        words: Vec<String>,
        arguments: Arguments,
        given: RunOptions,
        stage: Option<Rc<dyn Stage>>,
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
        let occasion = Occasion {
            streams: Streams::Record(Rc::clone(record)),
            talk: Talk::Normal,
            json: false,
            agreed: true,
            place: "the sandbox".to_owned(),
            key: None,
            options: options.clone(),
            commands: Commands::default(),
        };
        let default = || sandbox::ASSESSMENT.to_owned();
        let settings = HostSettings {
            client: self.fixture.client().clone(),
            assessment: Some(given.assessment.unwrap_or_else(default)),
            options,
            ledger: self.fixture.ledger(),
            run: NewRun {
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
            Rc::new(Terminal::new(Rc::clone(&self.runtime), occasion)),
            settings,
            self.fixture.paths(),
            stage,
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
    ) -> Result<Ran, Error> {
        let streams = Streams::Record(Rc::clone(record));
        let given: Vec<OsString> = words.iter().map(OsString::from).collect();
        let prepared = script_args::prepare(reference, source, given, &reserved());
        let (program, arguments): (Program, Arguments) = match prepared {
            Ok(prepared) => prepared,
            Err(failure) => {
                let status = report(&failure, &streams);
                return Ok(ran(status, record));
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
        let status = ExitStatus::of_script(&ended, &counts, host.scores());
        if let Err(error) = ended {
            report(&Failure::Error(error), &streams);
        }
        Ok(Ran {
            counts: counts?,
            rows: host.rows()?,
            ..ran(status, record)
        })
    }

    fn close(self) -> Result<(), Error> {
        Ok(self.fixture.close(&self.runtime)?)
    }
}

/// What came of a script that invited nobody.
fn ran(status: ExitStatus, record: &Record) -> Ran {
    Ran {
        status: status.code(),
        output: record.output(),
        notes: record.notes(),
        error: record.error(),
        counts: Counts::default(),
        rows: Vec::new(),
    }
}

impl Stage for TestStage {
    fn run_script(
        &self,
        reference: &str,
        words: Vec<String>,
        options: RunOptions,
    ) -> Result<Ran, Unable> {
        let unable = |error: Error| Unable {
            hint: error.hints().into_iter().next(),
            message: error.to_string(),
        };
        let source = Source::find_in(self.fixture.home(), self.fixture.reach(), reference);
        let source = source.map_err(|error| unable(error.into()))?;
        let line = [&[reference.to_owned()], words.as_slice()]
            .concat()
            .join(" ");
        let record = Rc::new(Record::default());
        let ran = self.run_program(source, reference, words, options, &record);
        self.record.note(&format!("--- run_script {line}"));
        let printed = record.all();
        if !printed.is_empty() {
            self.record.note(printed.trim_end());
        }
        let ran = ran.map_err(unable)?;
        self.record.note(&format!("--- exit status {}", ran.status));
        Ok(ran)
    }

    fn set_status(&self, email: &str, status: &str) -> Result<(), Unable> {
        let moved = self.fixture.sandbox().set_status(email, status);
        moved.map_err(|error| Unable {
            message: error.to_string(),
            hint: error.hint(),
        })
    }
}
