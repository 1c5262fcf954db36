//! The state of sending: records the result of each row, counts, and decides when to stop.

use std::collections::BTreeSet;
use std::mem;
use std::sync::Arc;

use tokio::time::Interval;

use super::difference_samples::ResultDifferences;
use super::existing_sessions::ExistingSession;
use super::frontend::{Event, Progress};
use super::kinds::{EndedRow, Kind, Meaning, Requests};
use super::request_loop::{EventSender, FailureStreak, MAX_CONSECUTIVE_FAILURES, progress_timer};
use super::sample::RowOrigin;
use super::send_attempt::{AttemptEnd, SendAttempt};
use super::send_result::{SendResult, StopReason, new_row_result, unclear_row_result};
use super::unclear_ends::UnclearEnds;
use crate::api::{self, Client};
use crate::interrupt::Interrupt;
use crate::ledger::{PendingRow, RowResult, RowState, RunId, SendQueue, Target};

/// What is sent, and how.
pub(super) struct SendSettings {
    pub(super) run: RunId,
    pub(super) client: Client,
    pub(super) targets: Vec<Target>,
    /// The files that the rows come from.
    pub(super) files: Vec<Arc<str>>,
    /// Report every result, not only failures.
    pub(super) report_all: bool,
}

#[derive(Debug, Default)]
pub(super) struct SendSummary {
    /// Why sending ended early, if it did.
    pub(super) stop: Option<StopReason>,
    pub(super) differences: ResultDifferences,
    /// How many candidates are invited although the API sent no link.
    pub(super) without_link: u64,
}

pub(super) struct SendState<'a, K> {
    settings: &'a SendSettings,
    kind: &'a K,
    pub(super) send_queue: SendQueue,
    pub(super) interrupt: Interrupt,
    pub(super) events: EventSender,
    /// Ticks when progress is reported and results are recorded.
    pub(super) timer: Interval,
    progress: Progress,
    pub(super) summary: SendSummary,
    /// Set when no more rows are to be sent. Cancels retries, too.
    pub(super) stop: Interrupt,
    /// Targets that the API does not know.
    missing_targets: BTreeSet<u32>,
    failure_streak: FailureStreak,
    pub(super) unclear_ends: UnclearEnds,
    /// Rows in succession whose sessions do not exist.
    withheld: Vec<(PendingRow, EndedRow)>,
}

impl<'a, K: Kind> SendState<'a, K> {
    pub(super) fn new(
        settings: &'a SendSettings,
        kind: &'a K,
        send_queue: SendQueue,
        interrupt: Interrupt,
        events: EventSender,
    ) -> Self {
        Self {
            settings,
            kind,
            send_queue,
            interrupt,
            events,
            timer: progress_timer(),
            progress: Progress {
                kind: K::KIND,
                ..Progress::default()
            },
            summary: SendSummary::default(),
            stop: Interrupt::default(),
            missing_targets: BTreeSet::new(),
            failure_streak: FailureStreak::default(),
            unclear_ends: UnclearEnds::default(),
            withheld: Vec::new(),
        }
    }

    /// Returns whether sending ends before the last row.
    pub(super) fn is_stopped(&self) -> bool {
        self.stop.is_set() || self.send_queue.is_closed()
    }

    /// Returns a row that was handed out, if it is to be sent. `session` is the one that the candidate of a parked row has by now.
    pub(super) fn take_row(
        &mut self,
        row: PendingRow,
        session: Option<&ExistingSession>,
    ) -> Option<PendingRow> {
        if self.missing_targets.contains(&row.target) {
            self.send_queue.put_back(row.number);
            return None;
        }
        let reason = session.and_then(|session| self.kind.reason_to_skip(&row, session));
        let Some(reason) = reason else {
            return Some(row);
        };
        self.progress.skipped += 1;
        self.send_queue.record(RowResult {
            note: Some(reason),
            ..new_row_result(&row, RowState::Skipped, 0)
        });
        None
    }

    pub(super) fn record_result(&mut self, attempt: SendAttempt) {
        let SendAttempt {
            row,
            asked_at,
            attempts,
            end,
        } = attempt;
        let meaning = match end {
            AttemptEnd::Cancelled(after) => {
                // If a request may have had its effect, the next `send` repeats it.
                if let Some(error) = after {
                    let unclear = unclear_row_result(&row, asked_at, attempts, &error);
                    self.send_queue.record(unclear);
                }
                return;
            }
            AttemptEnd::Refused(error) => return self.request_stop(StopReason::Refused(error)),
            AttemptEnd::Meaning(meaning) => *meaning,
        };
        match meaning {
            Meaning::NoTarget(error) => {
                self.send_queue.put_back(row.number);
                self.skip_target(row.target, error);
            }
            Meaning::Unclear(error) if row.unclear_ends < self.max_rounds() => {
                self.unclear_ends.add(row.target, &error);
                let unclear = unclear_row_result(&row, asked_at, attempts, &error);
                self.send_queue.park(unclear, row.unclear_ends + 1);
            }
            Meaning::Unclear(error) => {
                let requests = Requests {
                    row: &row,
                    asked_at,
                    attempts,
                };
                self.end_row(&row, EndedRow::failed(requests, error));
            }
            Meaning::Gone(ended) => self.withhold(row, ended),
            Meaning::Ended(ended) => {
                if attempts > 0 {
                    self.unclear_ends.reset_streak();
                    self.record_withheld();
                }
                self.end_row(&row, ended);
            }
        }
    }

    fn end_row(&mut self, row: &PendingRow, ended: EndedRow) {
        let EndedRow {
            recorded,
            result,
            differences,
            unannounced,
        } = ended;
        let origin = RowOrigin::new(row.number, row.location, &self.settings.files);
        let note = recorded.note.clone();
        self.send_queue.record(recorded);
        self.count(&result);
        if !differences.is_empty() {
            let summary = &mut self.summary.differences;
            if matches!(result, SendResult::Created(_)) {
                summary.created.add(differences, &origin);
            } else {
                summary.unannounced.add(unannounced, &origin);
                summary.existing.add(differences, &origin);
            }
        }
        let stop = self.check_failure_streak(&result);
        if result.needs_attention() || self.settings.report_all {
            self.events.report(Event::RowResult {
                origin,
                candidate: row.label(),
                note,
                result,
            });
        }
        if let Some(stop) = stop {
            self.request_stop(stop);
        }
    }

    /// Keeps the result of a row whose session does not exist until another row shows that this is not so for all of them.
    fn withhold(&mut self, row: PendingRow, ended: EndedRow) {
        self.withheld.push((row, ended));
        if self.withheld.len() < MAX_CONSECUTIVE_FAILURES as usize {
            return;
        }
        self.request_stop(StopReason::RepeatedFailures {
            rows: MAX_CONSECUTIVE_FAILURES,
            last: "there is no such session".to_owned(),
            hint: Some(
                "check whether the key belongs to the organization of these sessions; their rows have no result"
                    .to_owned(),
            ),
        });
    }

    /// Records the results that were kept back. If too many sessions do not exist, none of their rows has a result, also not those
    /// that were in flight at the time.
    pub(super) fn record_withheld(&mut self) {
        let is_stopped = matches!(self.summary.stop, Some(StopReason::RepeatedFailures { .. }));
        for (row, ended) in mem::take(&mut self.withheld) {
            if is_stopped {
                self.send_queue.put_back(row.number);
            } else {
                self.end_row(&row, ended);
            }
        }
    }

    /// How often a row is asked again after an unclear end.
    fn max_rounds(&self) -> u32 {
        self.settings.client.config().limits.max_retries
    }

    /// Returns why no more rows are to be sent if this result is one failure too many.
    fn check_failure_streak(&mut self, result: &SendResult) -> Option<StopReason> {
        let error = match result {
            SendResult::Created(_)
            | SendResult::Existing(_)
            | SendResult::Done
            | SendResult::Kept(_) => {
                self.failure_streak.record(None);
                return None;
            }
            // No request was made.
            SendResult::Unsent(_) => return None,
            SendResult::Unclear(error) | SendResult::Failed(error) => error,
        };
        self.failure_streak
            .record(self.kind.failure_kind(error))
            .then(|| StopReason::RepeatedFailures {
                rows: MAX_CONSECUTIVE_FAILURES,
                last: error.to_string(),
                hint: error.hint(),
            })
    }

    fn count(&mut self, result: &SendResult) {
        if let SendResult::Created(invited) | SendResult::Existing(invited) = result {
            self.summary.without_link += u64::from(invited.invite_url.is_none());
        }
        match result {
            SendResult::Created(_) => self.progress.created += 1,
            SendResult::Existing(_) => self.progress.existing += 1,
            SendResult::Done => self.progress.done += 1,
            SendResult::Kept(_) => self.progress.kept += 1,
            SendResult::Unclear(_) => self.progress.unclear_results += 1,
            SendResult::Failed(_) | SendResult::Unsent(_) => self.progress.failed += 1,
        }
    }

    /// Stops sending rows for an assessment that the API does not know. Rows of other assessments are still sent.
    fn skip_target(&mut self, target: u32, error: api::Error) {
        if !self.missing_targets.insert(target) {
            return;
        }
        let targets = &self.settings.targets;
        let label = targets.get(target as usize).map(|t| t.label.clone());
        self.summary.stop.get_or_insert(StopReason::NoAssessment {
            label: label.unwrap_or_default(),
            error,
        });
        if self.missing_targets.len() == targets.len() {
            self.stop.set();
        }
    }

    /// Stops sending, while requests are in flight.
    pub(super) fn request_stop(&mut self, stop: StopReason) {
        if self.stop.is_set() {
            return;
        }
        self.end_with(stop);
        let run = self.settings.run;
        self.events.report(Event::Stopping { run, kind: K::KIND });
    }

    /// Ends sending. No requests are in flight.
    pub(super) fn end_with(&mut self, stop: StopReason) {
        self.stop.set();
        self.summary.stop = Some(stop);
    }

    /// Records the results so far, and if requests are being sent, that they are.
    pub(super) fn record_activity(&mut self, has_requests: bool) {
        if has_requests && self.settings.client.limiter_status().pause.is_none() {
            self.send_queue.record_activity();
        } else {
            self.send_queue.flush();
        }
    }

    pub(super) fn report_progress(&mut self) {
        self.progress.pause = self.settings.client.limiter_status().pause;
        self.progress.unclear = self.send_queue.parked();
        self.progress.asks_again_in = self.unclear_ends.remaining_wait();
        self.events.report(Event::Progress(self.progress.clone()));
    }
}
