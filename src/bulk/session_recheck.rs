//! Comparing the sessions that a plan is about with the service: when it is made, and again before it is sent.

use std::collections::HashMap;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::Error;
use super::executor::PlanExecutor;
use super::existing_sessions::ListingTime;
use super::kinds::{self, Comparison, GONE, SessionLook};
use super::plan::Plan;
use super::warnings::Warnings;
use crate::api::{Client, SessionFilter};
use crate::ledger::{RowIter, RowState, Run, Target};

/// Up to this many sessions of an assessment are looked up one by one, and more of them by a list of all.
const MAX_SINGLE_LOOKUPS: usize = 16;

/// The status of each session that exists, by its id. A session may have none.
type Statuses = HashMap<String, Option<String>>;

impl PlanExecutor<'_> {
    /// Looks up the sessions of the rows of `run` in one of `states`, settles those that are not to be sent, and returns the plan
    /// of the others.
    pub(super) async fn compare_sessions(
        &self,
        run: &Run,
        states: &[RowState],
        warnings: Warnings,
    ) -> Result<Plan, Error> {
        let rows = || RowIter::of(self.ledger, run.id, states);
        let mut ids = vec![Vec::new(); run.targets.len()];
        for row in rows()? {
            let row = row?;
            if let (Some(ids), Some(id)) = (ids.get_mut(row.target as usize), row.subject) {
                ids.push(id);
            }
        }
        let listed_at = ListingTime::now();
        let mut known = Statuses::new();
        for (target, ids) in run.targets.iter().zip(ids) {
            look_up(self.client, target, ids, &mut known).await?;
        }
        let mut warnings = warnings;
        let mut plan_writer = self.ledger.plan_writer(run.id)?;
        // Read only if there is a session that is gone.
        let mut revoked = None;
        for row in rows()? {
            let row = row?;
            let id = row.subject.as_deref().unwrap_or_default();
            let found = known.get(id).map(Option::as_deref);
            let look = found.map_or(SessionLook::Missing, SessionLook::Found);
            let compared = kinds::compare(run.kind, row.state, look, self.options.again);
            let Comparison::Settled(state, mut reason) = compared else {
                continue;
            };
            if reason == GONE {
                let revoked = match &mut revoked {
                    Some(revoked) => revoked,
                    None => revoked.insert(self.ledger.revoked_sessions(run.id, GONE)?),
                };
                if let Some(by) = revoked.get(id) {
                    reason = format!("already revoked in run {by}");
                }
            }
            plan_writer.settle(row.number, row.target, row.state, state, &reason)?;
            warnings.add_settled(state, &reason, &row);
        }
        plan_writer.commit()?;
        let no_deadlines = vec![None; run.targets.len()];
        let no_existing = vec![0; run.targets.len()];
        Ok(Plan {
            first: self.options.remaining(),
            listed_at: Some(listed_at),
            ..Plan::read(
                self.ledger,
                run.id,
                states,
                &no_existing,
                no_deadlines,
                warnings,
                self.options.now(),
            )?
        })
    }
}

async fn look_up(
    client: &Client,
    target: &Target,
    ids: Vec<String>,
    statuses: &mut Statuses,
) -> Result<(), Error> {
    if ids.is_empty() {
        return Ok(());
    }
    let assessment = &target.assessment;
    if assessment.is_empty() || ids.len() <= MAX_SINGLE_LOOKUPS {
        let concurrency = client.config().limits.concurrency.max(1);
        let found: Result<Vec<_>, _> = stream::iter(ids)
            .map(|id| async move {
                match client.session(&id).await {
                    Ok(session) => Ok(Some((id, session.status))),
                    Err(error) if error.is_missing() => Ok(None),
                    Err(error) => Err(error),
                }
            })
            .buffer_unordered(concurrency)
            .try_collect()
            .await;
        match found {
            Ok(found) => {
                if !assessment.is_empty() && found.iter().all(Option::is_none) {
                    check_assessment(client, assessment).await?;
                }
                statuses.extend(found.into_iter().flatten());
                return Ok(());
            }
            // A proxy may have answered. The list shows which sessions exist.
            Err(error) if error.status() == Some(404) && !assessment.is_empty() => {}
            Err(error) => return Err(Error::Sessions(error)),
        }
    }
    let filter = SessionFilter {
        assessment_id: Some(assessment.clone()),
        ..SessionFilter::default()
    };
    let listed = client.sessions(&filter).await.map_err(Error::Sessions)?;
    if listed.is_empty() {
        check_assessment(client, assessment).await?;
    }
    statuses.extend(
        listed
            .into_iter()
            .map(|session| (session.id, session.status)),
    );
    Ok(())
}

/// Returns an error unless the key reaches an assessment none of whose sessions was found: they are not gone if it belongs to others.
async fn check_assessment(client: &Client, assessment: &str) -> Result<(), Error> {
    let found = client.assessment(assessment).await;
    found.map(drop).map_err(Error::Assessment)
}
