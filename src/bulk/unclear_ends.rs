//! Requests whose end is unclear: the API may still be carrying them out, so their rows are asked again only later.

use std::collections::BTreeSet;
use std::future::Future;
use std::time::Duration;

use futures_util::future::try_join_all;
use jiff::Timestamp;
use tokio::time::{Instant, sleep, sleep_until};

use super::existing_sessions::{CLOCK_TOLERANCE, ExistingSessions, existing_sessions};
use super::frontend::{BulkFrontend, Event};
use super::request_loop::MAX_CONSECUTIVE_FAILURES;
use crate::api::{Client, Error};
use crate::change_kind::ChangeKind;
use crate::ledger::{self, Ledger, RowState, RunId, Target};
use crate::runtime::Runtime;

/// After this many timeouts, a request is no longer carried out: the service's part of the bargain.
pub(super) const SETTLING_TIMEOUTS: u32 = 2;

#[derive(Debug, Default)]
pub(super) struct UnclearEnds {
    /// How many there were in succession, without any response in between.
    streak: u32,
    last_end: Option<Instant>,
    pub(super) last_error: String,
    /// The targets of their rows.
    targets: BTreeSet<u32>,
    /// When the API has carried out all of them.
    settled_at: Option<Instant>,
}

impl UnclearEnds {
    /// Adds an unclear end that has come just now.
    pub(super) fn add(&mut self, target: u32, error: &Error) {
        self.streak += 1;
        self.last_end = Some(Instant::now());
        self.last_error = error.to_string();
        self.targets.insert(target);
    }

    /// Records that there was a response.
    pub(super) fn reset_streak(&mut self) {
        self.streak = 0;
    }

    /// Returns whether too many requests in succession had an unclear end, so that no more are sent for now.
    pub(super) fn are_repeated(&self) -> bool {
        self.streak >= MAX_CONSECUTIVE_FAILURES
    }

    /// Starts to wait until nothing is carried out any more, and returns when that is.
    pub(super) fn start_wait(&mut self, wait: Duration) -> Instant {
        let end = self.last_end.unwrap_or_else(Instant::now) + wait;
        self.settled_at = Some(end);
        end
    }

    /// Starts to ask the rows again.
    pub(super) fn start_round(&mut self) {
        self.streak = 0;
        self.settled_at = None;
        self.targets.clear();
    }

    /// Returns how long it is until the rows are asked again.
    pub(super) fn remaining_wait(&self) -> Option<Duration> {
        let settled_at = self.settled_at?;
        Some(settled_at.saturating_duration_since(Instant::now()))
    }

    /// Waits until `end`, and lists the existing sessions of each target. Targets without unclear ends have no list.
    pub(super) fn list_after(
        &self,
        end: Instant,
        client: &Client,
        targets: &[Target],
    ) -> impl Future<Output = Result<Vec<Option<ExistingSessions>>, Error>> + use<> {
        let listings: Vec<_> = (0..)
            .zip(targets)
            .map(|(number, target)| {
                let assessment = target.assessment.clone();
                let assessment = self.targets.contains(&number).then_some(assessment);
                list(client.clone(), assessment)
            })
            .collect();
        async move {
            sleep_until(end).await;
            try_join_all(listings).await
        }
    }
}

async fn list(
    client: Client,
    assessment: Option<String>,
) -> Result<Option<ExistingSessions>, Error> {
    match assessment {
        Some(assessment) => existing_sessions(client, assessment).await.map(Some),
        None => Ok(None),
    }
}

/// Returns the latest time, by the clock of the API, at which a session may have been created for `run` by what earlier processes have
/// sent. `None` if they have sent nothing.
pub(super) fn settled_at(
    ledger: &Ledger,
    run: RunId,
    client: &Client,
) -> Result<Option<Timestamp>, ledger::Error> {
    let last = ledger.last_activity(run)?;
    Ok(last.and_then(|last| {
        let settled = last.at.checked_add(last.timeout * SETTLING_TIMEOUTS).ok()?;
        client
            .server_time(settled)
            .checked_add(CLOCK_TOLERANCE)
            .ok()
    }))
}

/// The rows of a run, in one of these states, that an earlier process may have sent.
pub(super) struct UnclearRows<'a> {
    pub(super) ledger: &'a Ledger,
    pub(super) run: RunId,
    pub(super) states: &'a [RowState],
}

/// Rows that the API may still be carrying out.
pub(super) struct Unsettled {
    pub(super) kind: ChangeKind,
    pub(super) rows: u64,
    /// For how long.
    pub(super) wait: Duration,
}

impl UnclearRows<'_> {
    /// Waits until the API has carried out what it may still be carrying out. Returns `false` if the user interrupts it.
    pub(super) fn await_settled(
        &self,
        client: &Client,
        runtime: &Runtime,
        frontend: &dyn BulkFrontend,
    ) -> Result<bool, ledger::Error> {
        let Some(Unsettled { kind, rows, wait }) = self.unsettled(client)? else {
            return Ok(true);
        };
        frontend.progress(Event::Unsettled { kind, rows, wait });
        let waited = runtime.wait_unless_interrupted(async { sleep(wait).await });
        Ok(waited.is_some())
    }

    /// Returns how many rows the API may still be carrying out, and for how long.
    pub(super) fn unsettled(&self, client: &Client) -> Result<Option<Unsettled>, ledger::Error> {
        let Some(last) = self.ledger.last_activity(self.run)? else {
            return Ok(None);
        };
        let timeout = client.config().limits.timeout.max(last.timeout);
        // If the clock was set back, no time has passed.
        let passed =
            Duration::try_from(Timestamp::now().duration_since(last.at)).unwrap_or_default();
        let wait = (timeout * SETTLING_TIMEOUTS).saturating_sub(passed);
        if wait.is_zero() {
            return Ok(None);
        }
        let rows = self.ledger.count_unclear(self.run, self.states)?;
        let kind = self.ledger.run(self.run)?.kind;
        Ok((rows > 0).then_some(Unsettled { kind, rows, wait }))
    }
}
