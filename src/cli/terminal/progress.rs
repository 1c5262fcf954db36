//! The progress of sending: a bar on a terminal, otherwise a line every ten seconds.

use std::cell::Cell;
use std::fmt::Write as _;
use std::io::{self, IsTerminal as _};
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;

use crate::api::Pause;
use crate::bulk::Progress;
use crate::change_kind::ChangeKind;
use crate::cli::output::note;
use crate::time::DateTime;

/// How often a line is written if there is no terminal.
const LOG_INTERVAL: Duration = Duration::from_secs(10);
/// A longer wait is announced with its own line.
const LONG_WAIT: Duration = Duration::from_secs(120);
const TEMPLATE: &str = "{wide_bar} {pos}/{len}  {msg}";

/// Shows the progress.
pub(super) struct Meter {
    bar: ProgressBar,
    total: u64,
    started: Instant,
    last_line: Instant,
}

/// The progress at one moment.
struct ProgressSnapshot<'a> {
    done: u64,
    counts: String,
    pause: Option<&'a Pause>,
    /// How long it is until rows with an unclear result are asked again, if nothing else is left to send.
    asks_again_in: Option<Duration>,
}

impl<'a> From<&'a Progress> for ProgressSnapshot<'a> {
    fn from(progress: &'a Progress) -> Self {
        let mut counts = match progress.kind {
            ChangeKind::Invite => format!("{} created", progress.created),
            kind => format!("{} {}", progress.done, kind.done()),
        };
        for (count, name) in [
            (progress.existing, "existing"),
            (progress.kept, "kept"),
            (progress.failed, "failed"),
            (progress.skipped, "skipped"),
            (progress.unclear + progress.unclear_results, "unclear"),
        ] {
            if count > 0 {
                let _ = write!(counts, ", {count} {name}");
            }
        }
        Self {
            done: progress.ended(),
            counts,
            pause: progress.pause.as_ref(),
            asks_again_in: progress.asks_again_in,
        }
    }
}

impl Meter {
    /// Starts to show the progress of `total` rows.
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
            total,
            started: now,
            last_line: now,
        }
    }

    /// Shows the current progress.
    pub(super) fn update(&mut self, progress: &Progress) {
        let snapshot = ProgressSnapshot::from(progress);
        let text = self.describe(&snapshot);
        if !self.bar.is_hidden() {
            self.bar.set_position(snapshot.done);
            self.bar.set_message(text);
        } else if self.last_line.elapsed() >= LOG_INTERVAL {
            self.last_line = Instant::now();
            note(&format!("{}/{}  {text}", snapshot.done, self.total));
        }
    }

    /// Writes a line above the bar.
    pub(super) fn line(&self, text: &str) {
        self.bar.suspend(|| note(text));
    }

    /// Returns a function that replaces the bar by a line, from any thread.
    pub(super) fn writer(&self) -> impl FnOnce(&str) + Send + 'static {
        let bar = self.bar.clone();
        move |text| {
            bar.finish_and_clear();
            note(text);
        }
    }

    /// Removes the bar.
    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }

    fn describe(&self, snapshot: &ProgressSnapshot) -> String {
        let mut text = snapshot.counts.clone();
        if let Some(pause) = snapshot.pause {
            let left = HumanDuration(pause.remaining.max(Duration::from_secs(1)));
            let _ = write!(text, "; waiting {left:#}: {}", pause.reason);
            return text;
        }
        if let Some(wait) = snapshot.asks_again_in {
            let _ = write!(text, ", asking again in {}", seconds(wait));
            return text;
        }
        let seconds = self.started.elapsed().as_secs_f64();
        #[expect(
            clippy::cast_precision_loss,
            reason = "shown with three digits at most"
        )]
        let (done, left) = (
            snapshot.done as f64,
            self.total.saturating_sub(snapshot.done) as f64,
        );
        if done > 0.0 && seconds >= 1.0 {
            let rate = done / seconds;
            let left = Duration::try_from_secs_f64(left / rate).unwrap_or(Duration::MAX);
            let _ = write!(text, ", {rate:.0}/s, {:#} left", HumanDuration(left));
        }
        text
    }
}

/// Returns a time in seconds, rounded up.
pub(super) fn seconds(time: Duration) -> String {
    format!("{} s", time.as_millis().div_ceil(1000))
}

/// Announces long waits that the API asks for, each once.
#[derive(Debug, Default)]
pub(in crate::cli) struct LongWaitNotifier {
    /// The end of the wait that was announced last.
    announced_until: Cell<Option<Instant>>,
}

impl LongWaitNotifier {
    /// Returns the announcement of `pause`, with times in the zone of `now`; `None` if it is short or was announced.
    pub(in crate::cli) fn notice(&self, pause: &Pause, now: &DateTime) -> Option<String> {
        let is_announced = self
            .announced_until
            .get()
            .is_some_and(|end| Instant::now() < end);
        if is_announced || pause.remaining <= LONG_WAIT {
            return None;
        }
        self.announced_until
            .set(Some(Instant::now() + pause.remaining));
        let until = now.at_instant(Timestamp::now() + pause.remaining);
        Some(format!("waiting until {until}: {}", pause.reason))
    }
}
