//! Sending a plan: several invitations in flight at once, none of which stops the others by failing.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{FutureExt as _, StreamExt as _, stream::FuturesUnordered};
use jiff::Timestamp;
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::{MissedTickBehavior, interval};

use super::throttling::throttling;
use super::{DeadlineMismatch, Event, Problem, Progress, RowOrigin, SendResult, StopReason};
use crate::api::{self, Client, Invite, InviteEndpoint, InviteResponse, RetryOutcome};
use crate::interrupt::Interrupt;
use crate::ledger::{PendingRow, RowResult, RowState, RunId, SendQueue, Target};
use crate::time::{Clock, DateTime};

/// So many rows that fail in succession because the service cannot be reached or is broken stop the run.
const MAX_CONSECUTIVE_FAILURES: u32 = 20;
/// How often progress is told, and answers are recorded at the latest.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(100);

/// Sends the rows of one run.
pub(super) struct InvitationSender {
    pub(super) run: RunId,
    pub(super) client: Client,
    pub(super) targets: Vec<Target>,
    /// Where the invitations to each target go.
    pub(super) invite_endpoints: Vec<InviteEndpoint>,
    pub(super) files: Vec<Arc<str>>,
    pub(super) concurrency: usize,
    /// What deadlines are judged by.
    pub(super) clock: Clock,
    /// Every answer is reported, not failures only.
    pub(super) report_all: bool,
}

/// What came of sending.
#[derive(Debug, Default)]
pub(super) struct SendSummary {
    /// Why it ended early, if it did.
    pub(super) stop: Option<StopReason>,
    /// How many existing sessions keep another deadline than was asked for.
    pub(super) deadline_mismatches: u64,
}

/// A row that was asked for, and what came of it.
struct SendAttempt {
    row: PendingRow,
    due_date: Option<DateTime>,
    /// The problem of a row that was not even sent.
    attempted: Result<RetryOutcome<InviteResponse>, Problem>,
}

impl InvitationSender {
    /// Sends the rows that `send_queue` hands out, of which there are `total`, and returns it.
    ///
    /// A row that fails does not stop the others. An interrupt, a refusal of the key and an outage end the taking of rows;
    /// requests in flight are waited for.
    pub(super) async fn send(
        self,
        mut send_queue: SendQueue,
        total: u64,
        interrupt: Interrupt,
        events: UnboundedSender<Event>,
    ) -> (SendQueue, SendSummary) {
        let mut sending = Sending {
            sender: &self,
            events,
            progress: Progress {
                total,
                ..Progress::default()
            },
            sent: SendSummary::default(),
            stop: Interrupt::default(),
            missing_targets: Vec::new(),
            consecutive_failures: 0,
        };
        let mut in_flight = FuturesUnordered::new();
        let mut more = true;
        let mut tick = interval(PROGRESS_INTERVAL);
        tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let mut interrupted = pin!(interrupt.wait().fuse());
        loop {
            more = more && !sending.stop.is_set();
            if !more && in_flight.is_empty() {
                break;
            }
            tokio::select! {
                Some(attempt) = in_flight.next() => sending.record_result(attempt, &mut send_queue),
                row = send_queue.next(), if more && in_flight.len() < self.concurrency => match row {
                    Some(row) if sending.missing_targets.contains(&row.target) => send_queue.put_back(row.number),
                    Some(row) => in_flight.push(self.send_row(row, sending.stop.clone())),
                    None => more = false,
                },
                () = &mut interrupted => sending.request_stop(StopReason::Interrupted),
                _ = tick.tick() => {
                    send_queue.flush();
                    sending.report_progress();
                }
            }
        }
        sending.report_progress();
        if interrupt.is_set() {
            // Also where the last row was answered meanwhile: who interrupts wants what comes after not to happen.
            sending.sent.stop.get_or_insert(StopReason::Interrupted);
        }
        (send_queue, sending.sent)
    }

    async fn send_row(&self, row: PendingRow, cancel: Interrupt) -> SendAttempt {
        let due_date = row.due_date.as_deref().and_then(DateTime::from_text);
        // Hours may lie between a plan and its sending: a question waits, and so does a rate limit.
        let expired = due_date
            .as_ref()
            .filter(|due| due.timestamp() <= self.clock.now());
        let attempted = match (expired, self.invite_endpoints.get(row.target as usize)) {
            (Some(expired), _) => Err(Problem::expired(expired)),
            (None, Some(location)) => Ok(invite(location, &row, due_date.as_ref(), &cancel).await),
            (None, None) => Err(Problem::no_target(row.target)),
        };
        SendAttempt {
            row,
            due_date,
            attempted,
        }
    }
}

async fn invite(
    location: &InviteEndpoint,
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
    location.invite(&invite, cancel).await
}

/// What is known while sending goes on.
struct Sending<'a> {
    sender: &'a InvitationSender,
    events: UnboundedSender<Event>,
    progress: Progress,
    sent: SendSummary,
    /// Set when no more rows are to be taken, and nothing but answers is to be waited for.
    stop: Interrupt,
    /// Targets that the API does not know.
    missing_targets: Vec<u32>,
    consecutive_failures: u32,
}

impl Sending<'_> {
    fn record_result(&mut self, attempt: SendAttempt, send_queue: &mut SendQueue) {
        let row = attempt.row;
        let recorded = |state, attempts| RowResult {
            number: row.number,
            state,
            attempts,
            status: None,
            invite_url: None,
            session: None,
            due_date: row.due_date.clone(),
            note: None,
            at: Timestamp::now().as_millisecond(),
        };
        let (attempts, answer) = match attempt.attempted {
            Err(problem) => (0, SendResult::Unsent(problem)),
            Ok(RetryOutcome { attempts, result }) => match result {
                Err(api::Error::Cancelled { after }) => {
                    // Where something was sent, nobody knows whether it was carried out: `send` asks again.
                    if let Some(error) = after {
                        send_queue.record(RowResult {
                            note: Some(error.to_string()),
                            ..recorded(RowState::Sending, attempts)
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
        let other = match &answer {
            SendResult::Existing(invited) => {
                DeadlineMismatch::of(invited, attempt.due_date.as_ref())
            }
            _ => None,
        };
        let row_result = match &answer {
            SendResult::Created(invited) => RowResult {
                status: Some(201),
                invite_url: Some(invited.invite_url.clone()),
                session: invited.session_id(),
                ..recorded(RowState::Created, attempts)
            },
            SendResult::Existing(invited) => RowResult {
                status: Some(200),
                invite_url: Some(invited.invite_url.clone()),
                session: invited.session_id(),
                due_date: match &other {
                    Some(other) => other.session_deadline.as_ref().map(DateTime::to_text),
                    None => row.due_date.clone(),
                },
                note: other.map(|other| other.note),
                ..recorded(RowState::Existing, attempts)
            },
            SendResult::Failed(error) => RowResult {
                status: error.status(),
                note: Some(error.to_string()),
                ..recorded(RowState::Failed, attempts)
            },
            SendResult::Unsent(problem) => RowResult {
                note: Some(problem.to_string()),
                ..recorded(RowState::Invalid, attempts)
            },
        };
        let note = row_result.note.clone();
        send_queue.record(row_result);
        self.count(&answer, note.is_some());
        let is_failure = matches!(answer, SendResult::Failed(_) | SendResult::Unsent(_));
        let outage = is_failure && self.consecutive_failures == MAX_CONSECUTIVE_FAILURES;
        if is_failure || self.sender.report_all {
            self.report(Event::RowResult {
                origin: RowOrigin::new(row.number, row.location, &self.sender.files),
                email: row.email,
                note: note.clone(),
                answer,
            });
        }
        if outage {
            self.request_stop(StopReason::Outage {
                rows: MAX_CONSECUTIVE_FAILURES,
                last: note.unwrap_or_default(),
            });
        }
    }

    fn count(&mut self, answer: &SendResult, noted: bool) {
        self.consecutive_failures = match answer {
            SendResult::Failed(error) if error.is_outage() => self.consecutive_failures + 1,
            _ => 0,
        };
        match answer {
            SendResult::Created(_) => self.progress.created += 1,
            SendResult::Existing(_) => {
                self.progress.existing += 1;
                self.sent.deadline_mismatches += u64::from(noted);
            }
            SendResult::Failed(_) | SendResult::Unsent(_) => self.progress.failed += 1,
        }
    }

    /// Takes up that the API does not know an assessment: its rows are not sent, those of others are.
    fn skip_target(&mut self, target: u32, error: api::Error) {
        if self.missing_targets.contains(&target) {
            return;
        }
        self.missing_targets.push(target);
        let targets = &self.sender.targets;
        let label = targets
            .get(target as usize)
            .map(|target| target.label.clone());
        self.sent.stop.get_or_insert(StopReason::NoAssessment {
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
        self.sent.stop = Some(stop);
        let run = self.sender.run;
        self.report(Event::Stopping { run });
    }

    fn report(&self, event: Event) {
        // Where nobody listens any more, there is nobody to tell.
        let _ = self.events.send(event);
    }

    fn report_progress(&mut self) {
        self.progress.throttling = throttling(&self.sender.client);
        self.report(Event::Progress(self.progress.clone()));
    }
}
