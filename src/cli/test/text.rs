//! The results of tests as text: a line for each, explanations of failures, and the totals.

use std::time::Duration;

use super::runner::TestResult;
use crate::error::Error;
use crate::render::{Style, render};
use crate::script::{self, Frame, SourceLocation};
use crate::testing::TestCase;
use crate::text::{count, escape_control};

#[derive(Debug)]
pub(super) struct TestReport {
    pub(super) case: TestCase,
    pub(super) test_result: TestResult,
    pub(super) output: String,
    pub(super) took: Duration,
}

#[derive(Debug, Default)]
pub(super) struct TestCounts {
    pub(super) passed: usize,
    pub(super) failed: usize,
    /// Tests that an interrupt stopped, or that did not start because of it.
    pub(super) not_run: usize,
    /// Tests that `--filter` excluded.
    pub(super) filtered: usize,
}

impl TestReport {
    /// Returns the name of the test, such as `scripts/tests/invite_csv.rhai: test_invites_everyone`.
    pub(super) fn name(&self) -> String {
        let file = &self.case.source.name;
        let name = match &self.case.function {
            Some(function) => format!("{file}: {function}"),
            None => file.to_string(),
        };
        escape_control(&name)
    }

    /// Returns the result as a line.
    pub(super) fn line(&self, with_time: bool) -> String {
        let end = match self.test_result {
            TestResult::Passed => "ok",
            TestResult::Failed(_) => "FAILED",
            TestResult::Interrupted => "interrupted",
        };
        let time = if with_time {
            format!(" ({})", seconds(self.took))
        } else {
            String::new()
        };
        format!("test {} ... {end}{time}", self.name())
    }

    /// Returns why the test failed, with its output, below a heading; `None` if it did not fail.
    fn explanation(&self, heading: &str, style: Style) -> Option<String> {
        let TestResult::Failed(error) = &self.test_result else {
            return None;
        };
        let mut text = format!("---- {heading} ----\n{}", render(error, style));
        if !self.output.is_empty() {
            text.push_str("\n\nit printed:\n");
            text.push_str(&self.printed());
        }
        Some(text)
    }

    /// Returns the location and the message of the error if it occurred while a module was loaded: every test that imports the
    /// module fails in the same way.
    fn import_failure(&self) -> Option<(&SourceLocation, &str)> {
        let TestResult::Failed(Error::Script(script::Error::Failed(diagnostic))) =
            &self.test_result
        else {
            return None;
        };
        let is_import = |frame: &Frame| frame.function == "import";
        let location = diagnostic.location.as_ref()?;
        diagnostic
            .stack
            .iter()
            .any(is_import)
            .then_some((location, &*diagnostic.message))
    }

    fn has_same_import_failure(&self, other: &Self) -> bool {
        match (self.import_failure(), other.import_failure()) {
            (Some((here, message)), Some((there, other_message))) => {
                message == other_message
                    && (&here.name, here.line, here.column)
                        == (&there.name, there.line, there.column)
            }
            _ => false,
        }
    }

    /// Returns the output, indented.
    pub(super) fn printed(&self) -> String {
        let lines: Vec<String> = self
            .output
            .lines()
            .map(|line| format!("  {}", escape_control(line)))
            .collect();
        lines.join("\n")
    }
}

/// The failed tests. Those that failed because of the same imported module are explained once.
#[derive(Debug, Default)]
pub(super) struct Failures {
    /// The first report of each group, and how many others it has.
    groups: Vec<(TestReport, usize)>,
}

impl Failures {
    pub(super) fn add(&mut self, report: TestReport) {
        let same = self
            .groups
            .iter_mut()
            .find(|(first, _)| first.has_same_import_failure(&report));
        match same {
            Some((_, others)) => *others += 1,
            None if matches!(report.test_result, TestResult::Failed(_)) => {
                self.groups.push((report, 0));
            }
            None => {}
        }
    }

    /// Explains all failures; returns `None` if there are none.
    pub(super) fn explain(&self, style: Style) -> Option<String> {
        let explanations: Vec<String> = self
            .groups
            .iter()
            .filter_map(|(report, others)| {
                let heading = match others {
                    0 => report.name(),
                    others => format!("{} and {}", report.name(), count(*others, "other test")),
                };
                report.explanation(&heading, style)
            })
            .collect();
        (!explanations.is_empty()).then(|| explanations.join("\n\n"))
    }
}

impl TestCounts {
    pub(super) fn add(&mut self, test_result: &TestResult) {
        match test_result {
            TestResult::Passed => self.passed += 1,
            TestResult::Failed(_) => self.failed += 1,
            TestResult::Interrupted => self.not_run += 1,
        }
    }

    /// Returns the totals as a line like that of `cargo test`.
    pub(super) fn summary(&self, took: Duration) -> String {
        let result = match (self.failed, self.not_run) {
            (0, 0) => "ok",
            (0, _) => "interrupted",
            (_, _) => "FAILED",
        };
        let not_run = match self.not_run {
            0 => String::new(),
            not_run => format!("; {not_run} not run"),
        };
        format!(
            "test result: {result}. {} passed; {} failed{not_run}; {} filtered out; finished in {}",
            self.passed,
            self.failed,
            self.filtered,
            seconds(took)
        )
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.2}s", time.as_secs_f64())
}
