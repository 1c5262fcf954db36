//! `test`: runs the tests in scripts.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;

use super::runner::{self, TestSettings};
use super::text::{Failures, TestCounts, TestReport};
use crate::cli::command_error::CommandError;
use crate::cli::options::{FileAccessArgs, MemoryArgs, ReadingArgs, duration, integer_in};
use crate::cli::output::{self, print};
use crate::error::{Error, ExitStatus};
use crate::file_access::Stdin;
use crate::runtime::{Runtime, StartError};
use crate::script::{STACK, TESTS_DIRECTORY};
use crate::settings::{self, ReadingSettings};
use crate::testing::{self, CapturedOutput, TestCase, find, in_parallel};
use crate::text::count;
use crate::time::Clock;

/// Run the tests in scripts: functions without parameters whose names begin with `test_`
///
/// Each test has its own empty sandbox, ledger and directory, and a clock that does not move by itself. The files it writes
/// are deleted afterwards. A file it reads is looked up in its directory first and then next to its script, or next to the
/// directory `tests` if the script is in one; imports and `run_script` work the same way.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  gradient-bulk test
  gradient-bulk test scripts/tests --filter deadline")]
pub(in crate::cli) struct Test {
    /// Scripts, and directories of scripts at any depth [default: tests]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Run only tests whose name or file name contains TEXT
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,

    /// Number of tests to run in parallel [default: one per processor]
    #[arg(short, long, value_name = "N", allow_negative_numbers = true, value_parser = integer_in::<usize>(1..=u64::MAX))]
    jobs: Option<usize>,

    /// Maximum time for one test; a test that takes longer fails
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration)]
    timeout: Duration,

    /// Time at which the tests start
    #[arg(long, value_name = "INSTANT", default_value = "2030-01-07 09:00")]
    now: String,

    /// Time zone of that time, of dates and of displayed times, such as Europe/Berlin
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    tz: String,

    /// Print only failed tests and the totals
    #[arg(short, long, conflicts_with = "verbose")]
    quiet: bool,

    /// Print the output and the duration of every test
    #[arg(short, long)]
    verbose: bool,

    #[command(flatten)]
    files: FileAccessArgs,

    #[command(flatten)]
    reading: ReadingArgs,

    #[command(flatten)]
    memory: MemoryArgs,
}

impl Test {
    pub(in crate::cli) fn run(&self) -> Result<ExitStatus, CommandError> {
        let memory = self.memory.watch();
        let zone = settings::zone(Some(&self.tz))?;
        let now = settings::parse_now(&self.now, &zone)?;
        let reading_rules = self.reading.rules(&ReadingSettings::default())?;
        let own_files = Arc::new(settings::own_files(None, None)?);
        let (cases, filtered) = self.cases()?;
        let runtime = Runtime::start()?;
        let interrupt = &runtime.interrupt;
        let started = Instant::now();
        if !self.quiet {
            print(&format!("running {}", count(cases.len(), "test")))?;
        }
        let work = |case: &TestCase| {
            let started = Instant::now();
            let captured = Rc::new(CapturedOutput::default());
            // Tests run in parallel, so none of them can have the one standard input.
            let stdin = Stdin::default();
            let _ = stdin.take();
            let test_settings = TestSettings {
                files: &self.files,
                own_files: &own_files,
                stdin: &stdin,
                clock: Clock::manual(now),
                zone: zone.clone(),
                reading_rules: &reading_rules,
                timeout: self.timeout,
                memory: &memory,
            };
            let test_result = runner::run(case, &test_settings, interrupt, &captured);
            TestReport {
                case: case.clone(),
                test_result,
                output: captured.all(),
                took: started.elapsed(),
            }
        };
        let mut counts = TestCounts {
            filtered,
            ..TestCounts::default()
        };
        let mut failures = Failures::default();
        let mut written = Ok(());
        // Twice: a test at the limits of the engine may run a script that reaches them too.
        in_parallel(&cases, self.jobs(), 2 * STACK, interrupt, work, |report| {
            counts.add(&report.test_result);
            if written.is_ok() {
                written = self.show(&report);
            }
            failures.add(report);
        })
        .map_err(StartError::from)?;
        counts.not_run += cases.len() - (counts.passed + counts.failed + counts.not_run);
        written?;
        let explanations = failures.explain(output::stdout_style());
        if let Some(explanations) = &explanations {
            print(&format!("\nfailures:\n\n{explanations}"))?;
        }
        let gap = if self.quiet && explanations.is_none() {
            ""
        } else {
            "\n"
        };
        print(&format!("{gap}{}", counts.summary(started.elapsed())))?;
        Ok(match (interrupt.is_set(), counts.failed) {
            (true, _) => ExitStatus::Interrupted,
            (false, 0) => ExitStatus::Success,
            (false, _) => ExitStatus::ScriptError,
        })
    }

    /// Returns the tests to run, and how many were filtered out.
    fn cases(&self) -> Result<(Vec<TestCase>, usize), Error> {
        let paths = self.paths()?;
        let found = find(&paths)?;
        let tests = found.len();
        if tests == 0 {
            let paths = paths.iter().map(|path| format!("`{}`", path.display()));
            let places = paths.collect::<Vec<_>>().join(", ");
            return Err(testing::Error::NoTests { places }.into());
        }
        let Some(filter) = &self.filter else {
            return Ok((found, 0));
        };
        let is_wanted = |case: &TestCase| {
            // A script that cannot be parsed may contain a matching test.
            let function = case.function.as_ref();
            let in_name = function.is_none_or(|name| name.contains(filter));
            in_name || case.source.name.contains(filter)
        };
        let cases: Vec<TestCase> = found.into_iter().filter(is_wanted).collect();
        if cases.is_empty() {
            let filter = filter.clone();
            return Err(testing::Error::AllFiltered { tests, filter }.into());
        }
        let filtered = tests - cases.len();
        Ok((cases, filtered))
    }

    /// Returns the paths on the command line, or the directory `tests`.
    fn paths(&self) -> Result<Vec<PathBuf>, testing::Error> {
        if !self.paths.is_empty() {
            return Ok(self.paths.clone());
        }
        let directory = PathBuf::from(TESTS_DIRECTORY);
        if directory.is_dir() {
            Ok(vec![directory])
        } else {
            Err(testing::Error::NoDirectory { directory })
        }
    }

    fn jobs(&self) -> usize {
        let processors = || thread::available_parallelism().map_or(1, NonZeroUsize::get);
        self.jobs.unwrap_or_else(processors)
    }

    fn show(&self, report: &TestReport) -> Result<(), Error> {
        if !self.quiet {
            print(&report.line(self.verbose))?;
        }
        if self.verbose && !report.output.is_empty() {
            print(&report.printed())?;
        }
        Ok(())
    }
}
