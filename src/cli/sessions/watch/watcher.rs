//! Watches sessions: polls the API, shows what changed, and ends when the goal is reached.

use std::io::{self, Write as _};
use std::pin::pin;
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use super::screen::Screen;
use super::text::{View, frame};
use crate::api::{Client, Error as ApiError, Session, SessionFilter};
use crate::cli::options::duration;
use crate::cli::output;
use crate::error::{Error, ExitStatus};
use crate::monitoring::{self, PollInterval, TargetStatus, changes};
use crate::runtime::Runtime;
use crate::text::escape_line;

/// How often the screen is redrawn: it counts down seconds, and the window may have been resized.
const REFRESH_INTERVAL: Duration = Duration::from_millis(200);

#[derive(Debug, Args)]
pub(in crate::cli::sessions) struct WatchArgs {
    /// Keep watching, and show what changes
    #[arg(
        id = "watch",
        long = "watch",
        conflicts_with_all = ["status", "due_before", "stale", "sort", "columns", "format", "json", "quiet"],
        help_heading = "Watching"
    )]
    pub(in crate::cli::sessions) is_enabled: bool,

    /// Time between two checks
    #[arg(
        long,
        value_name = "TIME",
        requires = "watch",
        default_value = "30s",
        value_parser = duration,
        help_heading = "Watching"
    )]
    every: Duration,

    /// Watch until all sessions have reached this status
    #[arg(
        long,
        value_name = "STATUS",
        requires = "watch",
        help_heading = "Watching"
    )]
    until: Option<String>,

    /// Give up waiting after this long
    #[arg(
        long,
        value_name = "TIME",
        requires = "until",
        value_parser = duration,
        help_heading = "Watching"
    )]
    wait: Option<Duration>,
}

/// The sessions to watch, and how to show their times.
pub(in crate::cli::sessions) struct WatchTarget<'a> {
    pub(in crate::cli::sessions) client: &'a Client,
    pub(in crate::cli::sessions) filter: SessionFilter,
    /// The name for people.
    pub(in crate::cli::sessions) label: String,
    pub(in crate::cli::sessions) zone: TimeZone,
    /// A fixed time that replaces the clock.
    pub(in crate::cli::sessions) now: Option<Timestamp>,
}

impl WatchArgs {
    pub(in crate::cli::sessions) fn goal(&self) -> Result<Option<TargetStatus>, monitoring::Error> {
        self.until.as_deref().map(TargetStatus::parse).transpose()
    }

    /// Watches until the goal is reached, the time is up, or the user interrupts it.
    pub(in crate::cli::sessions) fn run(
        &self,
        goal: Option<TargetStatus>,
        watch_target: WatchTarget,
        runtime: &Runtime,
    ) -> Result<ExitStatus, Error> {
        let mut watcher = Watcher {
            view: View::new(&watch_target.label, watch_target.zone, goal),
            client: watch_target.client,
            filter: watch_target.filter,
            now: watch_target.now,
            screen: Screen::open(),
            deadline: self.wait.and_then(|wait| Instant::now().checked_add(wait)),
            is_output_closed: false,
            written: Ok(()),
            is_throttled: false,
        };
        watcher.view.deadline = watcher.deadline;
        let poll_interval = PollInterval::new(self.every);
        let ended = runtime.wait_unless_interrupted(watcher.watch(poll_interval));
        let ended = ended.unwrap_or(Ok(ExitStatus::Interrupted));
        let written = watcher.finish(ended.as_ref().copied().ok());
        output::finish(ended, written)
    }
}

struct Watcher<'a> {
    client: &'a Client,
    filter: SessionFilter,
    now: Option<Timestamp>,
    view: View,
    /// `None` if a line is printed for each change instead.
    screen: Option<Screen>,
    deadline: Option<Instant>,
    /// The API asked to wait since the last poll started.
    is_throttled: bool,
    /// Nothing reads the lines any more: the pipe is closed, or standard output failed.
    is_output_closed: bool,
    /// The first error of standard output that is not a closed pipe.
    written: Result<(), Error>,
}

impl Watcher<'_> {
    async fn watch(&mut self, mut poll_interval: PollInterval) -> Result<ExitStatus, Error> {
        loop {
            let Some(last_poll) = self.poll_once().await else {
                return Ok(ExitStatus::WaitTimedOut);
            };
            match last_poll {
                Ok(sessions) => self.update(sessions),
                Err(error) if self.view.has_data() && error.is_outage() => {
                    self.record_outage(&error);
                }
                Err(error) => return Err(error.into()),
            }
            std::mem::replace(&mut self.written, Ok(()))?;
            let is_unobserved = self.is_output_closed && self.view.goal.is_none();
            if self.view.is_reached() || is_unobserved {
                return Ok(ExitStatus::Success);
            }
            let wait = poll_interval.after(self.is_throttled);
            self.view.next_poll = Instant::now().checked_add(wait);
            let rested = self.redraw_until(tokio::time::sleep(wait)).await;
            self.view.next_poll = None;
            if rested.is_none() {
                return Ok(ExitStatus::WaitTimedOut);
            }
        }
    }

    /// Polls once; `None` if the time is up before there is a response.
    async fn poll_once(&mut self) -> Option<Result<Vec<Session>, ApiError>> {
        self.is_throttled = false;
        let client = self.client.clone();
        let filter = self.filter.clone();
        self.redraw_until(async move { client.sessions(&filter).await })
            .await
    }

    /// Waits for `work` while redrawing the screen; `None` if the time is up first.
    async fn redraw_until<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        let deadline = self.deadline;
        let mut time_up = pin!(async move {
            match deadline {
                Some(deadline) => sleep_until(deadline).await,
                None => std::future::pending().await,
            }
        });
        let mut tick = interval(REFRESH_INTERVAL);
        tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            tokio::select! {
                biased;
                output = &mut work => return Some(output),
                () = &mut time_up => return None,
                _ = tick.tick() => self.refresh_screen(),
            }
        }
    }

    fn refresh_screen(&mut self) {
        let pause = self.client.limiter_status().pause;
        if let Some(pause) = &pause {
            if !self.is_throttled && self.screen.is_none() {
                output::note(&format!("{}; checking less often", pause.reason));
            }
            self.is_throttled = true;
        }
        self.view.pause = pause;
        self.draw();
    }

    fn draw(&mut self) {
        if let Some(screen) = &mut self.screen {
            let (width, height) = screen.size();
            screen.draw(&frame(&self.view, width, height));
        }
    }

    fn update(&mut self, sessions: Vec<Session>) {
        let clock = Timestamp::now();
        if let Some(since) = self.view.outage_since.take()
            && self.screen.is_none()
        {
            let since = self.view.format_timestamp(since);
            output::note(&format!(
                "the API responds again; there was no response since {since}"
            ));
        }
        let is_first = !self.view.has_data();
        let mut changed = if is_first {
            Vec::new()
        } else {
            changes(&self.view.sessions, &sessions)
        };
        changed.sort_by_key(|change| change.at.unwrap_or(clock));
        self.view.update(sessions, &changed, clock, self.now);
        if self.screen.is_none() {
            if is_first {
                self.print_funnel(clock);
            }
            for change in &changed {
                let text = escape_line(&change.to_string());
                self.print(change.at.unwrap_or(clock), &text);
            }
        }
    }

    fn record_outage(&mut self, error: &ApiError) {
        let (is_new, since) = self
            .view
            .record_outage(&error.to_string(), Timestamp::now());
        if is_new && self.screen.is_none() {
            let (since, outage_reason) =
                (self.view.format_timestamp(since), &self.view.outage_reason);
            output::note(&format!(
                "no response since {since}: {outage_reason}; still trying"
            ));
        }
    }

    fn print_funnel(&mut self, at: Timestamp) {
        self.print(at, &self.view.summary());
    }

    /// Prints a line, unless an earlier one could not be printed.
    fn print(&mut self, at: Timestamp, text: &str) {
        let at = self.view.format_timestamp(at);
        if self.is_output_closed {
            return;
        }
        let written = writeln!(io::stdout().lock(), "{at}  {text}");
        self.is_output_closed = written.is_err();
        self.written = output::ignore_closed_pipe(written);
    }

    /// Shows how the watch ended; `None` means with an error. Returns whether the output could be written.
    fn finish(mut self, status: Option<ExitStatus>) -> Result<(), Error> {
        self.view.ended = Some(match status {
            Some(ExitStatus::Success) => "reached",
            Some(ExitStatus::WaitTimedOut) => "timed out",
            Some(ExitStatus::Interrupted) => "stopped",
            _ => "ended with an error",
        });
        if self.screen.is_some() {
            self.draw();
        } else if self.view.has_data() {
            self.print_funnel(Timestamp::now());
        }
        if let Some(screen) = &mut self.screen {
            screen.close();
        }
        if status == Some(ExitStatus::WaitTimedOut) {
            output::note(&format!(
                "timed out waiting: {}",
                self.view.remaining_text()
            ));
        }
        self.written
    }
}
