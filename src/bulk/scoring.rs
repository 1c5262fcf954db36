//! Scoring sessions, with several requests in flight. A session that fails does not stop the others.
//!
//! Each score costs money, so sessions that have one are skipped, no request is repeated, and after an interrupt requests in
//! flight are awaited.

use std::pin::pin;

use futures_util::{FutureExt as _, StreamExt as _, stream::FuturesUnordered};

use super::frontend::{BulkFrontend, Event};
use super::request_loop::{
    self, EventSender, FailureKind, FailureStreak, MAX_CONSECUTIVE_FAILURES, progress_timer,
};
use super::scoring_result::{ScoreCounts, ScoringProgress, ScoringResult, ScoringStatus};
use crate::api::{Client, Error, Score};
use crate::interrupt::Interrupt;
use crate::runtime::Runtime;

/// Scores the open sessions of `rows`, with up to `concurrency` requests in flight. If the user interrupts it, the rest stay
/// open. If the API refuses the key or is out of order, the rest are skipped for that reason.
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
    let rows = request_loop::run(runtime, frontend, |events| {
        let scoring = Scoring {
            client: client.clone(),
            events,
            stop: Interrupt::default(),
            progress: ScoringProgress::default(),
            failure_streak: FailureStreak::default(),
            stop_reason: None,
        };
        scoring.run(rows, concurrency, runtime.interrupt().clone())
    });
    frontend.progress(Event::Ended);
    rows
}

struct Scoring {
    client: Client,
    events: EventSender,
    /// Set when no more sessions are to be scored. Cancels waiting requests, too.
    stop: Interrupt,
    progress: ScoringProgress,
    failure_streak: FailureStreak,
    /// Why scoring stopped, unless the user interrupted it.
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
        let mut timer = progress_timer();
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
                scored = in_flight.next() => match scored {
                    Some((index, result)) => {
                        if let Some(row) = rows.get_mut(index) {
                            self.record_result(row, result);
                        }
                    }
                    None => break,
                },
                () = &mut interrupted => self.request_stop(None),
                _ = timer.tick() => self.report_progress(),
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
                self.failure_streak.record(None);
                self.progress.scored += 1;
                row.scoring_status = ScoringStatus::Scored(Box::new(score));
                return;
            }
            // No request reached the API, so the session stays open.
            Err(Error::Cancelled { .. }) => return,
            Err(error) => error,
        };
        self.progress.failed += 1;
        let is_outage = self.failure_streak.record(FailureKind::of_score(&error));
        if error.is_auth_error() {
            self.request_stop(Some("not requested: the API refuses the key".to_owned()));
        } else if is_outage {
            let stop_reason =
                format!("not requested after {MAX_CONSECUTIVE_FAILURES} consecutive failures");
            self.request_stop(Some(stop_reason));
        }
        self.events.report(Event::NotScored {
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
        self.events.report(Event::StoppingScoring);
    }

    fn report_progress(&mut self) {
        self.progress.pause = self.client.limiter_status().pause;
        self.events.report(Event::Scoring(self.progress.clone()));
    }
}
