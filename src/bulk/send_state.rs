//! The state of sending: records the result of each row, counts, and decides when to stop.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::time::Interval;

use super::assessment_deadline::AssessmentDeadline;
use super::difference_samples::ResultDifferences;
use super::existing_sessions::{ExistingSession, SessionState, asked_at};
use super::frontend::{Event, Progress};
use super::plan::AnnouncedDifferences;
use super::request_loop::{
    EventSender, FailureKind, FailureStreak, MAX_CONSECUTIVE_FAILURES, progress_timer,
};
use super::row_result::{new_row_result, to_row_result, unclear_row_result};
use super::sample::RowOrigin;
use super::send_result::{SendAttempt, SendResult, StopReason};
use super::session_differences::{RequestedTerms, SessionDifferences, terms_in_force};
use super::unclear_ends::UnclearEnds;
use crate::api::{self, Client, InviteResponse, RetryOutcome, Time};
use crate::interrupt::Interrupt;
use crate::ledger::{PendingRow, RowResult, RowState, RunId, SendQueue, SessionTerms, Target};
use crate::time::Clock;

/// What is sent, and how.
pub(super) struct SendSettings {
    pub(super) run: RunId,
    pub(super) client: Client,
    pub(super) targets: Vec<Target>,
    /// The deadline of each target.
    pub(super) deadlines: Vec<Option<AssessmentDeadline>>,
    /// The time that the plan compares deadlines with.
    pub(super) planned_at: Timestamp,
    /// How sessions differ in the plan that was agreed to, if they have been listed again since then.
    pub(super) announced: Option<Arc<AnnouncedDifferences>>,
    /// The files that the rows come from.
    pub(super) files: Vec<Arc<str>>,
    pub(super) clock: Clock,
    /// The time zone of deadlines that no row asks for.
    pub(super) zone: TimeZone,
    /// Invite candidates again even if they have finished.
    pub(super) again: bool,
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

pub(super) struct SendState<'a> {
    settings: &'a SendSettings,
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
}

impl<'a> SendState<'a> {
    pub(super) fn new(
        settings: &'a SendSettings,
        send_queue: SendQueue,
        total: u64,
        interrupt: Interrupt,
        events: EventSender,
    ) -> Self {
        Self {
            settings,
            send_queue,
            interrupt,
            events,
            timer: progress_timer(),
            progress: Progress {
                total,
                ..Progress::default()
            },
            summary: SendSummary::default(),
            stop: Interrupt::default(),
            missing_targets: BTreeSet::new(),
            failure_streak: FailureStreak::default(),
            unclear_ends: UnclearEnds::default(),
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
        let reason = session.and_then(|session| self.reason_to_skip(&row, session));
        let Some(reason) = reason else {
            return Some(row);
        };
        self.progress.skipped += 1;
        self.send_queue.record(RowResult {
            note: Some(reason.to_owned()),
            ..new_row_result(&row, RowState::Skipped, 0)
        });
        None
    }

    /// Returns why a parked row is not asked again: its candidate has finished in the meantime.
    fn reason_to_skip<'s>(
        &self,
        row: &PendingRow,
        session: &'s ExistingSession,
    ) -> Option<&'s str> {
        let SessionState::Finished(reason) = &session.state else {
            return None;
        };
        let is_older = || {
            let asked_at = row
                .asked_at
                .and_then(|at| asked_at(&self.settings.client, at));
            asked_at.is_none_or(|asked_at| !session.is_since(asked_at))
        };
        (!self.settings.again || !is_older()).then_some(reason)
    }

    pub(super) fn record_result(&mut self, attempt: SendAttempt) {
        let SendAttempt {
            row,
            asked_at,
            outcome,
        } = attempt;
        let (attempts, result) = match outcome {
            Err(problem) => (0, SendResult::Unsent(problem)),
            Ok(RetryOutcome { attempts, result }) => match result {
                Err(api::Error::Cancelled { after }) => {
                    // If a request was sent, its result is unknown, and the next `send` repeats it.
                    if let Some(error) = after {
                        let unclear = unclear_row_result(&row, asked_at, attempts, &error);
                        self.send_queue.record(unclear);
                    }
                    return;
                }
                Err(error) if error.is_auth_error() => {
                    return self.request_stop(StopReason::Refused(error));
                }
                Err(error) if error.status() == Some(404) => {
                    self.send_queue.put_back(row.number);
                    return self.skip_target(row.target, error);
                }
                Err(error) if error.is_unclear() && row.unclear_ends < self.max_rounds() => {
                    self.unclear_ends.add(row.target, &error);
                    let unclear = unclear_row_result(&row, asked_at, attempts, &error);
                    return self.send_queue.park(unclear, row.unclear_ends + 1);
                }
                Ok(invited) if self.is_ours(&row, asked_at, attempts, &invited) => {
                    (attempts, SendResult::Created(invited))
                }
                result => (attempts, SendResult::from(result)),
            },
        };
        let session = self.session_terms(&row, &result);
        let differences = match &result {
            SendResult::Created(_) | SendResult::Existing(_) => {
                self.differences(&row, session.as_ref(), self.settings.clock.now())
            }
            SendResult::Failed(_) | SendResult::Unsent(_) => SessionDifferences::default(),
        };
        let origin = RowOrigin::new(row.number, row.location, &self.settings.files);
        let mut row_result = to_row_result(&row, attempts, &result, session, &differences);
        if matches!(&result, SendResult::Failed(error) if error.is_unclear()) {
            row_result.asked_at = Some(asked_at);
        } else if attempts > 0 {
            self.unclear_ends.reset_streak();
        }
        let note = row_result.note.clone();
        self.send_queue.record(row_result);
        self.count(&result);
        if !differences.is_empty() {
            self.add_differences(&row, &result, differences, &origin);
        }
        let stop = self.check_failure_streak(&result);
        let is_failure = matches!(result, SendResult::Failed(_) | SendResult::Unsent(_));
        if is_failure || self.settings.report_all {
            self.events.report(Event::RowResult {
                origin,
                email: row.email,
                note,
                result,
            });
        }
        if let Some(stop) = stop {
            self.request_stop(stop);
        }
    }

    /// Returns the name and the deadline in force after `result`.
    fn session_terms(&self, row: &PendingRow, result: &SendResult) -> Option<SessionTerms> {
        let listed = row.session_terms.as_ref();
        match result {
            SendResult::Created(invited) => {
                let zone = &self.settings.zone;
                terms_in_force(invited, row.due_date.as_ref(), None, zone)
            }
            SendResult::Existing(invited) => {
                let zone = &self.settings.zone;
                terms_in_force(invited, row.due_date.as_ref(), listed, zone)
            }
            SendResult::Failed(_) | SendResult::Unsent(_) => listed.cloned(),
        }
    }

    /// Returns how a session differs at the time `now` from what `row` asks for.
    fn differences(
        &self,
        row: &PendingRow,
        session: Option<&SessionTerms>,
        now: Timestamp,
    ) -> SessionDifferences {
        let requested = RequestedTerms {
            name: row.has_explicit_name.then_some(&row.name),
            due_date: row.due_date.as_ref(),
        };
        let inherited = self.settings.deadlines.get(row.target as usize);
        let inherited = inherited.and_then(Option::as_ref);
        session.map_or_else(SessionDifferences::default, |session| {
            SessionDifferences::of(session, requested, inherited, now)
        })
    }

    /// Adds how the session of a candidate who was invited differs from what `row` asks for.
    fn add_differences(
        &mut self,
        row: &PendingRow,
        result: &SendResult,
        differences: SessionDifferences,
        origin: &RowOrigin,
    ) {
        if matches!(result, SendResult::Created(_)) {
            return self.summary.differences.created.add(differences, origin);
        }
        let announced = match &self.settings.announced {
            Some(announced) => announced.get(&row.number).cloned().unwrap_or_default(),
            None => self.differences(row, row.session_terms.as_ref(), self.settings.planned_at),
        };
        let unannounced = differences.except(&announced);
        let summary = &mut self.summary.differences;
        summary.unannounced.add(unannounced, origin);
        summary.existing.add(differences, origin);
    }

    /// How often a row is asked again after an unclear end.
    fn max_rounds(&self) -> u32 {
        self.settings.client.config().limits.max_retries
    }

    /// Returns whether an existing session was created by an earlier request for this row, whose result is unclear.
    fn is_ours(
        &self,
        row: &PendingRow,
        first_asked_at: i64,
        attempts: u32,
        invited: &InviteResponse,
    ) -> bool {
        let was_asked = row.asked_at.is_some() || attempts > 1;
        if invited.created || !was_asked || row.is_known {
            return false;
        }
        let created_at = invited.created_at().as_ref().and_then(Time::timestamp);
        let asked_at = asked_at(&self.settings.client, first_asked_at);
        created_at
            .zip(asked_at)
            .is_some_and(|(created_at, asked_at)| created_at >= asked_at)
    }

    /// Returns why no more rows are to be sent if this result is one failure too many.
    fn check_failure_streak(&mut self, result: &SendResult) -> Option<StopReason> {
        let error = match result {
            SendResult::Created(_) | SendResult::Existing(_) => {
                self.failure_streak.record(None);
                return None;
            }
            // No request was made.
            SendResult::Unsent(_) => return None,
            SendResult::Failed(error) => error,
        };
        self.failure_streak
            .record(FailureKind::of_invitation(error))
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
        self.events.report(Event::Stopping { run });
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
