//! What came of tests, as text: a line for each, what failed and why, and the numbers.

use std::time::Duration;

use super::runner::TestResult;
use crate::render::{Style, render};
use crate::testing::TestCase;
use crate::text::escape_control;

/// What came of one test.
#[derive(Debug)]
pub(super) struct TestReport {
    /// The test.
    pub(super) case: TestCase,
    /// How it ended.
    pub(super) test_result: TestResult,
    /// What it printed.
    pub(super) output: String,
    /// How long it took.
    pub(super) took: Duration,
}

/// How many tests ended how.
#[derive(Debug, Default)]
pub(super) struct TestCounts {
    /// Those that passed.
    pub(super) passed: usize,
    /// Those that failed.
    pub(super) failed: usize,
    /// Those that an interrupt kept from ending.
    pub(super) not_run: usize,
    /// Those that the filter left out.
    pub(super) filtered: usize,
}

impl TestReport {
    /// Names the test: `scripts/tests/invite_csv.rhai: test_invites_everyone`.
    pub(super) fn name(&self) -> String {
        let file = &self.case.source.name;
        let name = match &self.case.function {
            Some(function) => format!("{file}: {function}"),
            None => file.to_string(),
        };
        escape_control(&name)
    }

    /// Says in a line how it ended.
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

    /// Says why it failed, and shows what it printed.
    pub(super) fn explanation(&self, style: Style) -> Option<String> {
        let TestResult::Failed(error) = &self.test_result else {
            return None;
        };
        let mut text = format!("---- {} ----\n{}", self.name(), render(error, style));
        if !self.output.is_empty() {
            text.push_str("\n\nit printed:\n");
            text.push_str(&self.printed());
        }
        Some(text)
    }

    /// Returns what it printed, each line set in.
    pub(super) fn printed(&self) -> String {
        let lines: Vec<String> = self
            .output
            .lines()
            .map(|line| format!("  {}", escape_control(line)))
            .collect();
        lines.join("\n")
    }
}

impl TestCounts {
    /// Counts a test.
    pub(super) fn add(&mut self, test_result: &TestResult) {
        match test_result {
            TestResult::Passed => self.passed += 1,
            TestResult::Failed(_) => self.failed += 1,
            TestResult::Interrupted => self.not_run += 1,
        }
    }

    /// Says in a line how the tests ended, as `cargo test` does.
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
