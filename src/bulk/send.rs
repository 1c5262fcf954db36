//! Sending the rows of a plan, with several requests in flight. A row that fails does not stop the others.

use std::pin::pin;
use std::sync::Arc;

use futures_util::{FutureExt as _, StreamExt as _, stream::FuturesUnordered};
use jiff::Timestamp;

use super::frontend::{Event, Progress};
use super::problem::Problem;
use super::request_loop::{
    EventSender, FailureKind, FailureStreak, MAX_CONSECUTIVE_FAILURES, progress_timer,
};
use super::sample::RowOrigin;
use super::send_result::{DeadlineMismatch, SendResult, StopReason, success_note};
use crate::api::{self, Client, Invite, InviteEndpoint, InviteResponse, RetryOutcome};
use crate::interrupt::Interrupt;
use crate::ledger::{PendingRow, RowResult, RowState, RunId, SendQueue, Target};
use crate::time::{Clock, DateTime};

/// Sends the rows of one run.
pub(super) struct InvitationSender {
    pub(super) run: RunId,
    pub(super) client: Client,
    pub(super) targets: Vec<Target>,
    /// One for each target.
    pub(super) invite_endpoints: Vec<InviteEndpoint>,
    pub(super) files: Vec<Arc<str>>,
    pub(super) concurrency: usize,
    pub(super) clock: Clock,
    /// Report every result, not only failures.
    pub(super) report_all: bool,
}

#[derive(Debug, Default)]
pub(super) struct SendSummary {
    /// Why sending ended early, if it did.
    pub(super) stop: Option<StopReason>,
    /// How many existing sessions keep a deadline other than the requested one.
    pub(super) deadline_mismatches: u64,
    /// How many candidates are invited although the API sent no link.
    pub(super) without_link: u64,
}

struct SendAttempt {
    row: PendingRow,
    due_date: Option<DateTime>,
    /// Why the row was not even sent, or the outcome of its request.
    outcome: Result<RetryOutcome<InviteResponse>, Problem>,
}

impl InvitationSender {
    /// Sends the `total` rows of `send_queue`, and returns the queue.
    ///
    /// After an interrupt, a refusal of the key, or too many failures, no more rows are sent, and requests in flight are awaited.
    pub(super) async fn send(
        self,
        mut send_queue: SendQueue,
        total: u64,
        interrupt: Interrupt,
        events: EventSender,
    ) -> (SendQueue, SendSummary) {
        let mut state = SendState {
            sender: &self,
            events,
            progress: Progress {
                total,
                ..Progress::default()
            },
            summary: SendSummary::default(),
            stop: Interrupt::default(),
            missing_targets: Vec::new(),
            failure_streak: FailureStreak::default(),
        };
        let mut in_flight = FuturesUnordered::new();
        let mut more = true;
        let mut timer = progress_timer();
        let mut interrupted = pin!(interrupt.wait().fuse());
        loop {
            more = more && !state.stop.is_set();
            if !more && in_flight.is_empty() {
                break;
            }
            tokio::select! {
                Some(attempt) = in_flight.next() => state.record_result(attempt, &mut send_queue),
                row = send_queue.next(), if more && in_flight.len() < self.concurrency => match row {
                    Some(row) if state.missing_targets.contains(&row.target) => send_queue.put_back(row.number),
                    Some(row) => in_flight.push(self.send_row(row, state.stop.clone())),
                    None => more = false,
                },
                () = &mut interrupted => state.request_stop(StopReason::Interrupted),
                _ = timer.tick() => {
                    send_queue.flush();
                    state.report_progress();
                }
            }
        }
        state.report_progress();
        if interrupt.is_set() {
            // Even if all rows were sent by then: the user does not want what the script does next.
            state.summary.stop.get_or_insert(StopReason::Interrupted);
        }
        (send_queue, state.summary)
    }

    async fn send_row(&self, row: PendingRow, cancel: Interrupt) -> SendAttempt {
        let due_date = row.due_date.clone();
        // Hours may pass between planning and sending: at the prompt, or because of a rate limit.
        let expired = due_date
            .as_ref()
            .filter(|due| due.timestamp() <= self.clock.now());
        let outcome = match (expired, self.invite_endpoints.get(row.target as usize)) {
            (Some(expired), _) => Err(Problem::expired(expired)),
            (None, Some(endpoint)) => Ok(invite(endpoint, &row, due_date.as_ref(), &cancel).await),
            (None, None) => Err(Problem::no_target(row.target)),
        };
        SendAttempt {
            row,
            due_date,
            outcome,
        }
    }
}

async fn invite(
    endpoint: &InviteEndpoint,
    row: &PendingRow,
    due_date: Option<&DateTime>,
    cancel: &Interrupt,
) -> RetryOutcome<InviteResponse> {
    let invite = Invite {
        email: row.email.clone(),
        name: row.name.clone(),
        due_date: due_date.map(DateTime::timestamp),
        send_email: row.send_email,
    };
    endpoint.invite(&invite, cancel).await
}

struct SendState<'a> {
    sender: &'a InvitationSender,
    events: EventSender,
    progress: Progress,
    summary: SendSummary,
    /// Set when no more rows are to be sent. Cancels retries, too.
    stop: Interrupt,
    /// Targets that the API does not know.
    missing_targets: Vec<u32>,
    failure_streak: FailureStreak,
}

impl SendState<'_> {
    fn record_result(&mut self, attempt: SendAttempt, send_queue: &mut SendQueue) {
        let row = attempt.row;
        let (attempts, result) = match attempt.outcome {
            Err(problem) => (0, SendResult::Unsent(problem)),
            Ok(RetryOutcome { attempts, result }) => match result {
                Err(api::Error::Cancelled { after }) => {
                    // If a request was sent, its result is unknown, and the next `send` repeats it.
                    if let Some(error) = after {
                        send_queue.record(RowResult {
                            note: Some(error.to_string()),
                            ..new_row_result(&row, RowState::Sending, attempts)
                        });
                    }
                    return;
                }
                Err(error) if error.is_auth_error() => {
                    return self.request_stop(StopReason::Refused(error));
                }
                Err(error) if error.status() == Some(404) => {
                    send_queue.put_back(row.number);
                    return self.skip_target(row.target, error);
                }
                result => (attempts, SendResult::from(result)),
            },
        };
        let mismatch = match &result {
            SendResult::Existing(invited) => {
                DeadlineMismatch::of(invited, attempt.due_date.as_ref())
            }
            _ => None,
        };
        let row_result = to_row_result(&row, attempts, &result, mismatch.as_ref());
        let note = row_result.note.clone();
        send_queue.record(row_result);
        self.count(&result, mismatch.is_some());
        let stop = self.check_failure_streak(&result);
        let is_failure = matches!(result, SendResult::Failed(_) | SendResult::Unsent(_));
        if is_failure || self.sender.report_all {
            self.events.report(Event::RowResult {
                origin: RowOrigin::new(row.number, row.location, &self.sender.files),
                email: row.email,
                note,
                result,
            });
        }
        if let Some(stop) = stop {
            self.request_stop(stop);
        }
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

    fn count(&mut self, result: &SendResult, has_mismatch: bool) {
        if let SendResult::Created(invited) | SendResult::Existing(invited) = result {
            self.summary.without_link += u64::from(invited.invite_url.is_none());
        }
        match result {
            SendResult::Created(_) => self.progress.created += 1,
            SendResult::Existing(_) => {
                self.progress.existing += 1;
                self.summary.deadline_mismatches += u64::from(has_mismatch);
            }
            SendResult::Failed(_) | SendResult::Unsent(_) => self.progress.failed += 1,
        }
    }

    /// Stops sending rows for an assessment that the API does not know. Rows of other assessments are still sent.
    fn skip_target(&mut self, target: u32, error: api::Error) {
        if self.missing_targets.contains(&target) {
            return;
        }
        self.missing_targets.push(target);
        let targets = &self.sender.targets;
        let label = targets
            .get(target as usize)
            .map(|target| target.label.clone());
        self.summary.stop.get_or_insert(StopReason::NoAssessment {
            label: label.unwrap_or_default(),
            error,
        });
        if self.missing_targets.len() == targets.len() {
            self.stop.set();
        }
    }

    fn request_stop(&mut self, stop: StopReason) {
        if self.stop.is_set() {
            return;
        }
        self.stop.set();
        self.summary.stop = Some(stop);
        let run = self.sender.run;
        self.events.report(Event::Stopping { run });
    }

    fn report_progress(&mut self) {
        self.progress.pause = self.sender.client.limiter_status().pause;
        self.events.report(Event::Progress(self.progress.clone()));
    }
}

fn to_row_result(
    row: &PendingRow,
    attempts: u32,
    result: &SendResult,
    mismatch: Option<&DeadlineMismatch>,
) -> RowResult {
    let new = |state| new_row_result(row, state, attempts);
    match result {
        SendResult::Created(invited) => RowResult {
            status: Some(201),
            invite_url: invited.invite_url.clone(),
            session: invited.session_id(),
            note: success_note(invited, None),
            ..new(RowState::Created)
        },
        SendResult::Existing(invited) => {
            let mut existing = RowResult {
                status: Some(200),
                invite_url: invited.invite_url.clone(),
                session: invited.session_id(),
                note: success_note(invited, mismatch),
                ..new(RowState::Existing)
            };
            if let Some(mismatch) = mismatch {
                existing.due_date.clone_from(&mismatch.session_deadline);
            }
            existing
        }
        SendResult::Failed(error) => RowResult {
            status: error.status(),
            note: Some(error.to_string()),
            ..new(RowState::Failed)
        },
        SendResult::Unsent(problem) => RowResult {
            note: Some(problem.to_string()),
            ..new(RowState::Invalid)
        },
    }
}

fn new_row_result(row: &PendingRow, state: RowState, attempts: u32) -> RowResult {
    RowResult {
        number: row.number,
        state,
        attempts,
        status: None,
        invite_url: None,
        session: None,
        due_date: row.due_date.clone(),
        note: None,
        at: Timestamp::now().as_millisecond(),
    }
}
