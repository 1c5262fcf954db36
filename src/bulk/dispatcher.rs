//! Sending the rows of a plan, whatever their kind of change, with several requests in flight. A row that fails does not stop the others.

use std::pin::pin;

use futures_util::{FutureExt as _, StreamExt as _, stream::FuturesUnordered};
use jiff::Timestamp;

use super::existing_sessions::{ExistingSession, ExistingSessions, SessionState};
use super::frontend::Event;
use super::kinds::{EndedRow, Kind, Meaning, Requests};
use super::request_loop::EventSender;
use super::send_attempt::{AttemptEnd, SendAttempt};
use super::send_result::StopReason;
use super::send_state::{SendSettings, SendState, SendSummary};
use super::unclear_ends::SETTLING_TIMEOUTS;
use crate::api::{Error, RetryOutcome};
use crate::interrupt::Interrupt;
use crate::ledger::{PendingRow, SendQueue, Target};

/// Sends the rows of one run.
pub(super) struct Dispatcher<K> {
    pub(super) settings: SendSettings,
    pub(super) kind: K,
}

/// The rows to send.
enum RowSource {
    Plan,
    /// The parked rows, and the existing sessions of each target.
    Parked(Vec<Option<ExistingSessions>>),
}

impl RowSource {
    async fn next(&self, send_queue: &mut SendQueue, free: usize) -> Option<PendingRow> {
        match self {
            Self::Plan => send_queue.next(free).await,
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

impl<K: Kind> Dispatcher<K> {
    /// Sends the rows of `send_queue`, and returns the queue.
    ///
    /// A row whose request has an unclear end is parked. When there are no other rows to send, and the API has had the time to
    /// carry out those requests, the existing sessions are listed once, and each parked row is asked again.
    ///
    /// After an interrupt, a refusal of the key, or too many failures, no more rows are sent, and requests in flight are awaited.
    pub(super) async fn send(
        self,
        send_queue: SendQueue,
        interrupt: Interrupt,
        events: EventSender,
    ) -> (SendQueue, SendSummary) {
        let mut state = SendState::new(
            &self.settings,
            &self.kind,
            send_queue,
            interrupt.clone(),
            events,
        );
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
        state.record_withheld();
        state.report_progress();
        if interrupt.is_set() {
            // Even if all rows were sent by then: the user does not want what the script does next.
            state.summary.stop.get_or_insert(StopReason::Interrupted);
        }
        (state.send_queue, state.summary)
    }

    /// Sends the rows of `source` until there are no more, or no more are to be sent for now.
    async fn send_rows(&self, source: &RowSource, state: &mut SendState<'_, K>) {
        let mut in_flight = FuturesUnordered::new();
        let concurrency = self.settings.client.config().limits.concurrency;
        let mut more = true;
        let interrupt = state.interrupt.clone();
        let mut interrupted = pin!(interrupt.wait().fuse());
        loop {
            more = more && !state.stop.is_set() && !state.unclear_ends.are_repeated();
            if !more && in_flight.is_empty() {
                return;
            }
            let free = concurrency.saturating_sub(in_flight.len());
            tokio::select! {
                Some(attempt) = in_flight.next() => state.record_result(attempt),
                row = source.next(&mut state.send_queue, free), if more && free > 0 => match row {
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

    /// Returns the targets whose sessions are listed before rows are asked again.
    fn listed_targets(&self) -> &[Target] {
        if K::LISTS_SESSIONS {
            &self.settings.targets
        } else {
            &[]
        }
    }

    /// Waits until the API has carried out what it may still be carrying out, and lists the sessions of each target with parked
    /// rows. Returns `None` if sending ends instead.
    async fn list_when_settled(
        &self,
        state: &mut SendState<'_, K>,
    ) -> Option<Vec<Option<ExistingSessions>>> {
        let wait = self.settings.client.config().limits.timeout * SETTLING_TIMEOUTS;
        let end = state.unclear_ends.start_wait(wait);
        state.send_queue.flush();
        state.events.report(Event::Parked {
            kind: K::KIND,
            rows: state.send_queue.parked(),
            reason: state.unclear_ends.last_error.clone(),
            wait: state.unclear_ends.remaining_wait().unwrap_or_default(),
        });
        let listing =
            state
                .unclear_ends
                .list_after(end, &self.settings.client, self.listed_targets());
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

    /// Sends a row, and reads from the outcome what it means.
    async fn send_row(&self, row: PendingRow, has_session: bool, cancel: Interrupt) -> SendAttempt {
        let asked_at = row
            .asked_at
            .unwrap_or_else(|| Timestamp::now().as_millisecond());
        let (attempts, end) = match self.kind.send(&row, has_session, &cancel).await {
            Err(problem) => (
                0,
                AttemptEnd::Meaning(Box::new(Meaning::Ended(EndedRow::unsent(&row, problem)))),
            ),
            Ok(RetryOutcome { attempts, result }) => {
                let end = match result {
                    Err(Error::Cancelled { after }) => {
                        AttemptEnd::Cancelled(after.filter(|error| error.may_have_taken_effect()))
                    }
                    Err(error) if error.is_auth_error() => AttemptEnd::Refused(error),
                    result => {
                        let requests = Requests {
                            row: &row,
                            asked_at,
                            attempts,
                        };
                        AttemptEnd::Meaning(Box::new(self.kind.interpret(requests, result)))
                    }
                };
                (attempts, end)
            }
        };
        SendAttempt {
            row,
            asked_at,
            attempts,
            end,
        }
    }
}
