//! Sending the rows of a plan, with several requests in flight. A row that fails does not stop the others.

use std::pin::pin;

use futures_util::{FutureExt as _, StreamExt as _, stream::FuturesUnordered};
use jiff::Timestamp;

use super::existing_sessions::{ExistingSession, ExistingSessions, SessionState, candidate_key};
use super::frontend::Event;
use super::problem::Problem;
use super::request_loop::EventSender;
use super::send_result::{SendAttempt, StopReason};
use super::send_state::{SendSettings, SendState, SendSummary};
use super::unclear_ends::SETTLING_TIMEOUTS;
use crate::api::{Error, Invite, InviteEndpoint, InviteResponse, RetryOutcome};
use crate::interrupt::Interrupt;
use crate::ledger::{PendingRow, SendQueue};
use crate::time::DateTime;

/// Sends the rows of one run.
pub(super) struct InvitationSender {
    pub(super) settings: SendSettings,
    /// One for each target.
    pub(super) invite_endpoints: Vec<InviteEndpoint>,
}

/// The rows to send.
enum RowSource {
    Plan,
    /// The parked rows, and the existing sessions of each target.
    Parked(Vec<Option<ExistingSessions>>),
}

impl RowSource {
    async fn next(&self, send_queue: &mut SendQueue) -> Option<PendingRow> {
        match self {
            Self::Plan => send_queue.next().await,
            Self::Parked(_) => send_queue.next_parked().await,
        }
    }

    /// Returns the session that the candidate of a parked row has by now.
    fn existing_session(&self, row: &PendingRow) -> Option<&ExistingSession> {
        match self {
            Self::Plan => None,
            Self::Parked(sessions) => {
                let sessions = sessions.get(row.target as usize)?;
                sessions.as_ref()?.get(&row.email)
            }
        }
    }
}

impl InvitationSender {
    /// Sends the `total` rows of `send_queue`, and returns the queue.
    ///
    /// A row whose request has an unclear end is parked. When there are no other rows to send, and the API has had the time to
    /// carry out those requests, the existing sessions are listed once, and each parked row is asked again.
    ///
    /// After an interrupt, a refusal of the key, or too many failures, no more rows are sent, and requests in flight are awaited.
    pub(super) async fn send(
        self,
        send_queue: SendQueue,
        total: u64,
        interrupt: Interrupt,
        events: EventSender,
    ) -> (SendQueue, SendSummary) {
        let mut state =
            SendState::new(&self.settings, send_queue, total, interrupt.clone(), events);
        loop {
            if !state.unclear_ends.are_repeated() {
                self.send_rows(&RowSource::Plan, &mut state).await;
            }
            if state.is_stopped() || state.send_queue.parked() == 0 {
                break;
            }
            let Some(sessions) = self.list_when_settled(&mut state).await else {
                break;
            };
            state.send_queue.start_round();
            state.unclear_ends.start_round();
            self.send_rows(&RowSource::Parked(sessions), &mut state)
                .await;
            state.send_queue.end_round();
        }
        state.report_progress();
        if interrupt.is_set() {
            // Even if all rows were sent by then: the user does not want what the script does next.
            state.summary.stop.get_or_insert(StopReason::Interrupted);
        }
        (state.send_queue, state.summary)
    }

    /// Sends the rows of `source` until there are no more, or no more are to be sent for now.
    async fn send_rows(&self, source: &RowSource, state: &mut SendState<'_>) {
        let mut in_flight = FuturesUnordered::new();
        let mut more = true;
        let interrupt = state.interrupt.clone();
        let mut interrupted = pin!(interrupt.wait().fuse());
        loop {
            more = more && !state.stop.is_set() && !state.unclear_ends.are_repeated();
            if !more && in_flight.is_empty() {
                return;
            }
            tokio::select! {
                Some(attempt) = in_flight.next() => state.record_result(attempt),
                row = source.next(&mut state.send_queue), if more && in_flight.len() < self.settings.client.config().limits.concurrency => match row {
                    Some(row) => {
                        let session = source.existing_session(&row);
                        let is_active = session.is_some_and(|session| session.state == SessionState::Active);
                        if let Some(row) = state.take_row(row, session) {
                            in_flight.push(self.send_row(row, is_active, state.stop.clone()));
                        }
                    }
                    None => more = false,
                },
                () = &mut interrupted => state.request_stop(StopReason::Interrupted),
                _ = state.timer.tick() => {
                    state.record_activity(!in_flight.is_empty());
                    state.report_progress();
                }
            }
        }
    }

    /// Waits until the API has carried out what it may still be carrying out, and lists the sessions of each target with parked
    /// rows. Returns `None` if sending ends instead.
    async fn list_when_settled(
        &self,
        state: &mut SendState<'_>,
    ) -> Option<Vec<Option<ExistingSessions>>> {
        let wait = self.settings.client.config().limits.timeout * SETTLING_TIMEOUTS;
        let end = state.unclear_ends.start_wait(wait);
        state.send_queue.flush();
        state.events.report(Event::Parked {
            rows: state.send_queue.parked(),
            reason: state.unclear_ends.last_error().to_owned(),
            wait: state.unclear_ends.remaining_wait().unwrap_or_default(),
        });
        let listing =
            state
                .unclear_ends
                .list_after(end, &self.settings.client, &self.settings.targets);
        let mut listing = pin!(listing);
        let interrupt = state.interrupt.clone();
        let mut interrupted = pin!(interrupt.wait());
        loop {
            tokio::select! {
                listed = &mut listing => match listed {
                    Ok(sessions) => return Some(sessions),
                    Err(error) => {
                        state.end_with(StopReason::from_listing(error));
                        return None;
                    }
                },
                () = &mut interrupted => {
                    state.end_with(StopReason::Interrupted);
                    return None;
                }
                _ = state.timer.tick() => state.report_progress(),
            }
        }
    }

    /// Sends a row, or returns why it is not sent. `has_session` if an earlier request has created the session.
    async fn send_row(&self, row: PendingRow, has_session: bool, cancel: Interrupt) -> SendAttempt {
        let asked_at = row
            .asked_at
            .unwrap_or_else(|| Timestamp::now().as_millisecond());
        // Hours may pass between planning and sending: at the prompt, or because of a rate limit.
        let expired = row
            .due_date
            .as_ref()
            .filter(|due| !has_session && due.timestamp() <= self.settings.clock.now());
        let outcome = match (expired, self.invite_endpoints.get(row.target as usize)) {
            (Some(expired), _) => Err(Problem::expired(expired)),
            (None, Some(endpoint)) => Ok(invite(endpoint, &row, &cancel).await),
            (None, None) => Err(Problem::no_target(row.target)),
        };
        SendAttempt {
            row,
            asked_at,
            outcome,
        }
    }
}

async fn invite(
    endpoint: &InviteEndpoint,
    row: &PendingRow,
    cancel: &Interrupt,
) -> RetryOutcome<InviteResponse> {
    let invite = Invite {
        email: row.email.clone(),
        name: row.name.clone(),
        due_date: row.due_date.as_ref().map(DateTime::timestamp),
        send_email: row.send_email,
    };
    let RetryOutcome { attempts, result } = endpoint.invite(&invite, cancel).await;
    let result = result.and_then(|invited| unless_of_other(invited, &row.email));
    RetryOutcome { attempts, result }
}

/// Returns an error if the session in a response belongs to somebody else, whose link it may be.
fn unless_of_other(invited: InviteResponse, email: &str) -> Result<InviteResponse, Error> {
    let other = invited.candidate_email();
    let other = other
        .filter(|other| !other.trim().is_empty() && candidate_key(other) != candidate_key(email));
    match other {
        Some(other) => Err(Error::OtherCandidate {
            status: if invited.created { 201 } else { 200 },
            email: other,
        }),
        None => Ok(invited),
    }
}
