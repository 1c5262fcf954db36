//! Scoring sessions: several at once, none of which stops the others by failing.
//!
//! A judge costs money, so who is scored already is left out, nothing is asked for twice, and what is under way when the
//! user interrupts is waited for.

use std::collections::HashSet;
use std::fmt;
use std::ops::Add;
use std::panic::resume_unwind;
use std::pin::pin;
use std::time::Duration;

use futures_util::{FutureExt as _, StreamExt as _, stream::FuturesUnordered};
use serde::Serialize;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::time::{MissedTickBehavior, interval};

use super::throttling::throttling;
use super::{BulkFrontend, Event, Throttling};
use crate::api::{Client, Error, Score};
use crate::interrupt::Interrupt;
use crate::runtime::Runtime;
use crate::status::Status;

/// So many failures in succession because the service cannot be reached or is broken end the scoring.
const MAX_CONSECUTIVE_FAILURES: u32 = 20;
/// How often progress is told.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(100);

/// A session that is to be scored, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scorable {
    /// The session's id.
    pub id: String,
    /// Its status.
    pub status: Option<String>,
    /// The candidate's address.
    pub email: Option<String>,
    /// Their name.
    pub name: Option<String>,
}

/// A session, and what became of its scoring.
#[derive(Debug)]
pub struct ScoringResult {
    /// The session.
    pub session: Scorable,
    /// What became of it.
    pub scoring_status: ScoringStatus,
}

/// What became of a session's scoring.
#[derive(Debug)]
pub enum ScoringStatus {
    /// It is to be scored.
    Open,
    /// It was scored.
    Scored(Box<Score>),
    /// It was left out, for this reason.
    Skipped(String),
    /// It could not be scored, or nobody knows.
    Failed(Error),
}

/// How far scoring got.
#[derive(Clone, Debug, Default)]
pub struct ScoringProgress {
    /// Sessions that were scored.
    pub scored: u64,
    /// Sessions that could not be.
    pub failed: u64,
    /// Why nothing is sent at the moment.
    pub throttling: Option<Throttling>,
}

/// How many sessions became what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ScoreCounts {
    /// Were scored.
    pub scored: u64,
    /// Were left out.
    pub skipped: u64,
    /// Could not be scored.
    pub failed: u64,
    /// Are to be scored, or were not asked for.
    #[serde(skip)]
    pub open: u64,
}

impl ScoreCounts {
    /// Counts `rows`.
    #[must_use]
    pub fn of(rows: &[ScoringResult]) -> Self {
        let mut counts = Self::default();
        for row in rows {
            *match row.scoring_status {
                ScoringStatus::Open => &mut counts.open,
                ScoringStatus::Scored(_) => &mut counts.scored,
                ScoringStatus::Skipped(_) => &mut counts.skipped,
                ScoringStatus::Failed(_) => &mut counts.failed,
            } += 1;
        }
        counts
    }
}

impl Add for ScoreCounts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            scored: self.scored + other.scored,
            skipped: self.skipped + other.skipped,
            failed: self.failed + other.failed,
            open: self.open + other.open,
        }
    }
}

/// `3 scored, 1 skipped, 0 failed`
impl fmt::Display for ScoreCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            scored,
            skipped,
            failed,
            open,
        } = self;
        write!(f, "{scored} scored, {skipped} skipped, {failed} failed")?;
        match open {
            0 => Ok(()),
            open => write!(f, ", {open} not asked for"),
        }
    }
}

/// Decides which of `sessions` are to be scored; with `again`, those that have a score too.
#[must_use]
pub fn select(sessions: Vec<Scorable>, again: bool) -> Vec<ScoringResult> {
    let mut ids = HashSet::new();
    let mut skip_reason = |session: &Scorable| match session.status.as_deref().and_then(Status::of)
    {
        _ if !ids.insert(session.id.clone()) => Some("listed twice"),
        Some(status) if !status.is_finished() => Some("not submitted yet"),
        Some(Status::Scoring) => Some("being scored already"),
        Some(Status::Scored) if !again => Some("scored already"),
        Some(Status::Reviewed) => Some("reviewed already"),
        // What is not known here the API judges.
        _ => None,
    };
    let judge = |session: Scorable| ScoringResult {
        scoring_status: match skip_reason(&session) {
            Some(stop_reason) => ScoringStatus::Skipped(stop_reason.to_owned()),
            None => ScoringStatus::Open,
        },
        session,
    };
    sessions.into_iter().map(judge).collect()
}

/// Scores those of `rows` that are open, `concurrency` at once. Where the user interrupts it, the key is refused or the
/// service is out of order, those that were not asked for stay open or are skipped with that reason.
#[must_use]
pub fn score(
    rows: Vec<ScoringResult>,
    client: &Client,
    concurrency: usize,
    runtime: &Runtime,
    frontend: &dyn BulkFrontend,
) -> Vec<ScoringResult> {
    let total = ScoreCounts::of(&rows).open;
    if total == 0 {
        return rows;
    }
    frontend.progress(Event::Started { total });
    let (events, mut incoming) = unbounded_channel();
    let scoring = Scoring {
        client: client.clone(),
        events,
        stop: Interrupt::default(),
        progress: ScoringProgress::default(),
        consecutive_failures: 0,
        stop_reason: None,
    };
    let interrupt = runtime.interrupt().clone();
    let work = runtime.spawn(scoring.run(rows, concurrency, interrupt));
    while let Some(event) = runtime.wait(incoming.recv()) {
        frontend.progress(event);
    }
    let rows = runtime.wait(work);
    frontend.progress(Event::Ended);
    rows.unwrap_or_else(|gone| resume_unwind(gone.into_panic()))
}

struct Scoring {
    client: Client,
    events: UnboundedSender<Event>,
    /// Set when nothing more is to be asked for.
    stop: Interrupt,
    progress: ScoringProgress,
    consecutive_failures: u32,
    /// Why it was stopped, unless the user did.
    stop_reason: Option<String>,
}

impl Scoring {
    async fn run(
        mut self,
        mut rows: Vec<ScoringResult>,
        concurrency: usize,
        interrupt: Interrupt,
    ) -> Vec<ScoringResult> {
        let open = rows.iter().enumerate();
        let open = open.filter(|(_, row)| matches!(row.scoring_status, ScoringStatus::Open));
        let open: Vec<(usize, String)> = open
            .map(|(index, row)| (index, row.session.id.clone()))
            .collect();
        let mut open = open.into_iter();
        let mut in_flight = FuturesUnordered::new();
        let mut tick = interval(PROGRESS_INTERVAL);
        tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let mut interrupted = pin!(interrupt.wait().fuse());
        loop {
            while !self.stop.is_set() && in_flight.len() < concurrency.max(1) {
                let Some((index, id)) = open.next() else {
                    break;
                };
                let (client, stop) = (self.client.clone(), self.stop.clone());
                in_flight.push(async move { (index, client.score(&id, &stop).await) });
            }
            tokio::select! {
                answer = in_flight.next() => match answer {
                    Some((index, result)) => {
                        if let Some(row) = rows.get_mut(index) {
                            self.record_result(row, result);
                        }
                    }
                    None => break,
                },
                () = &mut interrupted => self.request_stop(None),
                _ = tick.tick() => self.report_progress(),
            }
        }
        self.report_progress();
        if let Some(stop_reason) = &self.stop_reason {
            for row in &mut rows {
                if matches!(row.scoring_status, ScoringStatus::Open) {
                    row.scoring_status = ScoringStatus::Skipped(stop_reason.clone());
                }
            }
        }
        rows
    }

    fn record_result(&mut self, row: &mut ScoringResult, result: Result<Score, Error>) {
        let error = match result {
            Ok(score) => {
                self.consecutive_failures = 0;
                self.progress.scored += 1;
                row.scoring_status = ScoringStatus::Scored(Box::new(score));
                return;
            }
            // Nothing was sent, or no connection came about: it stays open.
            Err(Error::Cancelled { .. }) => return,
            Err(error) => error,
        };
        self.progress.failed += 1;
        self.consecutive_failures = if error.is_outage() {
            self.consecutive_failures + 1
        } else {
            0
        };
        if error.is_auth_error() {
            self.request_stop(Some("not asked for: the API refuses the key".to_owned()));
        } else if self.consecutive_failures >= MAX_CONSECUTIVE_FAILURES {
            let stop_reason =
                format!("not asked for after {MAX_CONSECUTIVE_FAILURES} failures in succession");
            self.request_stop(Some(stop_reason));
        }
        self.report(Event::NotScored {
            session: row.session.clone(),
            reason: error.to_string(),
        });
        row.scoring_status = ScoringStatus::Failed(error);
    }

    fn request_stop(&mut self, stop_reason: Option<String>) {
        if self.stop.is_set() {
            return;
        }
        self.stop.set();
        self.stop_reason = stop_reason;
        self.report(Event::StoppingScoring);
    }

    fn report_progress(&mut self) {
        self.progress.throttling = throttling(&self.client);
        self.report(Event::Scoring(self.progress.clone()));
    }

    fn report(&self, event: Event) {
        // Where nobody listens any more, there is nobody to tell.
        let _ = self.events.send(event);
    }
}

#[cfg(test)]
mod tests {
    use super::{Scorable, ScoreCounts, ScoringStatus, select};

    fn session(id: &str, status: Option<&str>) -> Scorable {
        Scorable {
            id: id.to_owned(),
            status: status.map(ToOwned::to_owned),
            ..Scorable::default()
        }
    }

    fn selected(again: bool) -> String {
        let sessions = [
            ("a", Some("submitted")),
            ("b", Some("scored")),
            ("c", Some("setup")),
            ("d", Some("reviewed")),
            ("e", Some("on_hold")),
            ("f", None),
            ("a", Some("submitted")),
        ];
        let sessions = sessions.map(|(id, status)| session(id, status));
        let rows = select(sessions.to_vec(), again);
        let open = rows
            .iter()
            .filter(|row| matches!(row.scoring_status, ScoringStatus::Open));
        assert_eq!(
            ScoreCounts::of(&rows).skipped + open.clone().count() as u64,
            7
        );
        open.map(|row| &*row.session.id).collect()
    }

    #[test]
    fn who_is_scored_already_is_left_out_unless_asked_for() {
        assert_eq!(selected(false), "aef");
        assert_eq!(selected(true), "abef");
    }
}
