//! Changes of sessions: from what a script passes as a session to a plan, and from the plan to its outcome.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use rhai::{Array, Dynamic, ImmutableString, Map, NativeCallContext};

use super::invites::{abandon, decide_failed_row, row_source};
use crate::api::{self, Client, Session};
use crate::bulk::{
    BulkFrontend, ExecutionResult, Outcome, PlanExecutor, Planner, Retry, RowDecision,
    SessionRequest, Target, ValidatedPlan,
};
use crate::change_kind::ChangeKind;
use crate::error_code::ErrorCode;
use crate::ledger::{Decisions, RunId, RunSpec};
use crate::script::error::termination::Termination;
use crate::script::error::throw::{OrThrow as _, RhaiResultOf, Throw, throw};
use crate::script::host::row_origin::origin;
use crate::script::host::run_host::Host;
use crate::script::rows::row_list::RowIter;
use crate::script::values::convert::{to_cell, type_name};
use crate::script::values::skip::Skip;
use crate::table::Row;

/// A change of sessions that a script asks for.
pub(super) struct SessionChange<'a> {
    pub(super) kind: ChangeKind,
    /// The function that the script calls.
    pub(super) function: &'static str,
    /// Sessions are changed even if they have been.
    pub(super) again: bool,
    /// Shows the plan, asks for consent, and receives events.
    pub(super) frontend: &'a dyn BulkFrontend,
}

/// A session, as far as the script knows it.
struct GivenSession {
    id: String,
    email: Option<String>,
    name: Option<String>,
    /// The id of its assessment.
    assessment: Option<String>,
    /// The name of its assessment.
    label: Option<String>,
}

/// What a script decided about a row.
enum Decision {
    Change(GivenSession),
    Other(RowDecision),
}

impl SessionChange<'_> {
    /// Plans the change of the sessions that `choose` returns for `rows`, and sends the plan once it is confirmed.
    pub(super) fn execute(
        &self,
        host: &Host,
        ctx: &NativeCallContext,
        rows: RowIter,
        choose: impl Fn(Dynamic) -> RhaiResultOf<Dynamic>,
    ) -> RhaiResultOf<(ExecutionResult, Outcome)> {
        let options = host.settings.options.with_decisions(Decisions {
            again: self.again,
            skip_invalid: false,
        });
        let spec = RunSpec {
            decisions: options.decisions(),
            ..host.settings.run.clone()
        };
        let ledger = host.ledger(ctx)?;
        let run = ledger.create_run(self.kind, &spec).or_throw(ctx)?;
        let _run_lock = ledger.lock_run(run).or_throw(ctx)?;
        host.record_run(run);
        let planned = plan(host, ctx, self.function, run, rows, choose);
        let planned = planned.inspect_err(|error| abandon(host, &ledger, run, error))?;
        let executor = PlanExecutor {
            ledger: &ledger,
            client: &host.settings.client,
            runtime: &host.runtime,
            frontend: self.frontend,
            options: &options,
            locks: &host.settings.locks,
            own_runs: &host.runs(),
        };
        let completed = executor.complete_sessions(planned);
        let Some(plan) = completed.or_throw(ctx)? else {
            return Err(Termination::Interrupted.into());
        };
        let ended = executor.execute(&plan, Retry::default()).or_throw(ctx)?;
        let outcome = Outcome::of(&ledger, run).or_throw(ctx)?;
        Ok((ended, outcome))
    }
}

/// Evaluates every row, and stores the plan.
fn plan(
    host: &Host,
    ctx: &NativeCallContext,
    function: &'static str,
    run: RunId,
    rows: RowIter,
    choose: impl Fn(Dynamic) -> RhaiResultOf<Dynamic>,
) -> RhaiResultOf<ValidatedPlan> {
    let mut decided = Vec::new();
    let mut notes = Vec::new();
    {
        let _planning_guard = host.freeze_clock(function);
        for row in rows {
            host.record_activity();
            let row = row?;
            host.begin_row(&row);
            let location = origin(host, &row);
            let decisions = match choose(row.clone()) {
                Ok(chosen) => decide_all(ctx, &chosen)?,
                Err(error) => vec![Decision::Other(decide_failed_row(error)?)],
            };
            let interpretations = host.interpretations.take_row();
            for decision in decisions {
                let source = row.is::<Row>().then(|| row_source(&row));
                decided.push((location.clone(), source, decision, interpretations.clone()));
            }
        }
        notes.extend(host.conditions.take_notes());
    }
    let mut known = look_up(host, ctx, &decided)?;
    let options = &host.settings.options;
    let ledger = host.ledger(ctx)?;
    let now = host.now().timestamp();
    let mut planner = Planner::start(&ledger, run, now, options.shard, None).or_throw(ctx)?;
    let mut targets = HashMap::new();
    for (location, source, decision, interpretations) in decided {
        let decision = match decision {
            Decision::Change(given) => {
                let found = known.remove(&given.id);
                RowDecision::Change(given.request(found, &mut targets))
            }
            Decision::Other(decision) => decision,
        };
        planner
            .add(location, source, decision, interpretations)
            .or_throw(ctx)?;
    }
    let earlier = host.interpretations.take_outside_rows();
    planner.finish(notes, earlier).or_throw(ctx)
}

/// Fetches the sessions of which only the id is known.
fn look_up<T, U, V>(
    host: &Host,
    ctx: &NativeCallContext,
    decided: &[(T, U, Decision, V)],
) -> RhaiResultOf<HashMap<String, Session>> {
    let incomplete = decided
        .iter()
        .filter_map(|(_, _, decision, _)| match decision {
            Decision::Change(given) if given.assessment.is_none() => Some(given.id.clone()),
            _ => None,
        });
    let incomplete: Vec<String> = incomplete.collect();
    if incomplete.is_empty() {
        return Ok(HashMap::new());
    }
    let client = &host.settings.client;
    host.call_api(ctx, fetch(client, incomplete))
}

async fn fetch(client: &Client, ids: Vec<String>) -> Result<HashMap<String, Session>, api::Error> {
    let concurrency = client.config().limits.concurrency.max(1);
    let found: Vec<Option<(String, Session)>> = stream::iter(ids)
        .map(|id| async move {
            match client.session(&id).await {
                Ok(session) => Ok(Some((id, session))),
                // The plan says so.
                Err(error) if error.is_missing() => Ok(None),
                Err(error) => Err(error),
            }
        })
        .buffer_unordered(concurrency)
        .try_collect()
        .await?;
    Ok(found.into_iter().flatten().collect())
}

impl GivenSession {
    /// Returns the request, with what is known about the session. Sessions of one assessment share its target.
    fn request(
        self,
        found: Option<Session>,
        targets: &mut HashMap<String, Arc<Target>>,
    ) -> SessionRequest {
        let found = found.unwrap_or_default();
        let id = self.assessment.or(found.assessment_id).unwrap_or_default();
        let label = self.label.or(found.assessment_name);
        let target = targets.entry(id).or_insert_with_key(|id| {
            let label = label.unwrap_or_else(|| match id.as_str() {
                "" => "unknown assessment".to_owned(),
                id => id.to_owned(),
            });
            Arc::new(Target {
                id: id.clone(),
                label,
                is_active: None,
                deadline: None,
            })
        });
        SessionRequest {
            session: self.id,
            email: self.email.or(found.candidate_email),
            name: self.name.or(found.candidate_name),
            target: Arc::clone(target),
        }
    }
}

/// Reads what a script chose for a row: a session, several of them, or none.
fn decide_all(ctx: &NativeCallContext, chosen: &Dynamic) -> RhaiResultOf<Vec<Decision>> {
    match chosen.read_lock::<Array>() {
        Some(sessions) if sessions.is_empty() => {
            let reason = "no session".to_owned();
            Ok(vec![Decision::Other(RowDecision::Skip(reason))])
        }
        Some(sessions) => sessions.iter().map(|each| decide(ctx, each)).collect(),
        None => Ok(vec![decide(ctx, chosen)?]),
    }
}

/// Reads a session: a map as `list_sessions` returns it, another map or row with an id, or an id.
fn decide(ctx: &NativeCallContext, value: &Dynamic) -> RhaiResultOf<Decision> {
    if let Some(skip) = value.read_lock::<Skip>() {
        return Ok(Decision::Other(RowDecision::Skip(skip.reason.to_string())));
    }
    let id_alone = value.read_lock::<ImmutableString>();
    let field = |names: &[&str]| {
        let found = if let Some(map) = value.read_lock::<Map>() {
            names.iter().find_map(|name| map.get(*name)).map(to_cell)
        } else {
            let row = value.read_lock::<Row>()?;
            let mut names = names.iter();
            names.find_map(|name| row.value(name).map(ToString::to_string))
        };
        found.filter(|text| !text.trim().is_empty())
    };
    let id = id_alone
        .map(|id| id.to_string())
        .filter(|id| !id.trim().is_empty())
        .or_else(|| field(&["session_id", "id"]));
    let id = id.ok_or_else(|| {
        let message = format!(
            "a session is a map with its `id`, or the id alone, not `{}`",
            type_name(value)
        );
        throw(ctx, Throw::new(ErrorCode::WrongType, message))
    })?;
    Ok(Decision::Change(GivenSession {
        id: id.trim().to_owned(),
        email: field(&["candidate_email", "email"]),
        name: field(&["candidate_name", "name"]),
        assessment: field(&["assessment_id"]),
        label: field(&["assessment_name"]),
    }))
}
