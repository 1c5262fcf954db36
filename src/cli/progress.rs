//! How far sending got: a bar on a terminal, a line every ten seconds elsewhere.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _};
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::output::note;
use crate::bulk::Progress;

/// How often a line is written where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(10);
const TEMPLATE: &str = "{wide_bar} {pos}/{len}  {msg}";

/// The progress of one plan that is being sent.
pub(super) struct Meter {
    bar: ProgressBar,
    started: Instant,
    last_line: Instant,
}

impl Meter {
    /// Begins to show how far the sending of `total` invitations got.
    pub(super) fn start(total: u64) -> Self {
        let target = if io::stderr().is_terminal() && total > 1 {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(Some(total), target);
        if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
            bar.set_style(style.progress_chars("=> "));
        }
        let now = Instant::now();
        Self {
            bar,
            started: now,
            last_line: now,
        }
    }

    /// Shows how far it got now.
    pub(super) fn update(&mut self, progress: &Progress) {
        let text = self.describe(progress);
        if !self.bar.is_hidden() {
            self.bar.set_position(progress.done());
            self.bar.set_message(text);
        } else if self.last_line.elapsed() >= LINE_EVERY {
            self.last_line = Instant::now();
            note(&format!("{}/{}  {text}", progress.done(), progress.total));
        }
    }

    /// Writes a line above the bar.
    pub(super) fn line(&self, text: &str) {
        self.bar.suspend(|| note(text));
    }

    /// Takes the bar away.
    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }

    fn describe(&self, progress: &Progress) -> String {
        let mut text = format!("{} created", progress.created);
        for (count, what) in [(progress.existing, "existing"), (progress.failed, "failed")] {
            if count > 0 {
                let _ = write!(text, ", {count} {what}");
            }
        }
        if let Some(waiting) = &progress.waiting {
            let left = HumanDuration(waiting.left.max(Duration::from_secs(1)));
            let _ = write!(text, "; waiting {left:#}: {}", waiting.reason);
            return text;
        }
        let seconds = self.started.elapsed().as_secs_f64();
        #[expect(
            clippy::cast_precision_loss,
            reason = "shown with three digits at most"
        )]
        let (done, left) = (
            progress.done() as f64,
            progress.total.saturating_sub(progress.done()) as f64,
        );
        if done > 0.0 && seconds >= 1.0 {
            let rate = done / seconds;
            let left = Duration::try_from_secs_f64(left / rate).unwrap_or(Duration::MAX);
            let _ = write!(text, ", {rate:.0}/s, {:#} left", HumanDuration(left));
        }
        text
    }
}
