//! `invite_all`: from rows to a plan, and from the plan to its outcome.

use std::panic::resume_unwind;
use std::sync::Arc;

use rhai::{Dynamic, EvalAltResult, Map, NativeCallContext};

use super::request::{decide_failed_row, decide_row};
use super::source_columns::SourceColumns;
use crate::api;
use crate::bulk::{
    Error, ExistingSessions, Outcome, PlanExecutor, Planner, Retry, RowDecision, RowSource,
    SourceJson, ValidatedPlan,
};
use crate::change_kind::ChangeKind;
use crate::ledger::{Ledger, RunId};
use crate::script::error::termination::Termination;
use crate::script::error::throw::{OrThrow as _, RhaiResultOf, innermost, throw};
use crate::script::host::row_origin::origin;
use crate::script::host::run_host::Host;
use crate::script::host::state::SessionList;
use crate::script::rows::row_list::RowIter;
use crate::script::values::convert::to_json;
use crate::table::Row;
use crate::time::with_offset_at;

/// Why a hidden row is left out.
const HIDDEN: &str = "hidden in the workbook";

/// Plans the requests that `build_request` returns for `rows`, and sends the plan once it is confirmed.
pub(in crate::script) fn invite_all(
    host: &Host,
    ctx: &NativeCallContext,
    rows: RowIter,
    build_request: impl Fn(Dynamic) -> RhaiResultOf<Dynamic>,
) -> RhaiResultOf<Outcome> {
    let ledger = host.ledger(ctx)?;
    let run = ledger
        .create_run(ChangeKind::Invite, &host.settings.run)
        .or_throw(ctx)?;
    let _run_lock = ledger.lock_run(run).or_throw(ctx)?;
    host.record_run(run);
    let planned = evaluate_rows(host, ctx, run, rows, build_request);
    let (planned, session_fetches) =
        planned.inspect_err(|error| abandon(host, &ledger, run, error))?;
    let executor = PlanExecutor {
        ledger: &ledger,
        client: &host.settings.client,
        runtime: &host.runtime,
        frontend: &*host.console,
        options: &host.settings.options,
        locks: &host.settings.locks,
        own_runs: &host.runs(),
    };
    let known = match session_fetches.finish(host) {
        Some(Ok(known)) => known,
        Some(Err(source)) => {
            executor.defer(planned).or_throw(ctx)?;
            return Err(throw(ctx, Error::Sessions(source)));
        }
        None => {
            executor.defer(planned).or_throw(ctx)?;
            return Err(Termination::Interrupted.into());
        }
    };
    let plan = executor.complete(planned, &known).or_throw(ctx)?;
    let ended = executor.execute(&plan, Retry::default()).or_throw(ctx)?;
    let outcome = Outcome::of(&ledger, run).or_throw(ctx)?;
    host.console.report(&ended, &outcome);
    match Termination::of(&ended.status) {
        Some(ending) => Err(ending.into()),
        None => Ok(outcome),
    }
}

/// Ends a run whose plan was left unfinished because of `error`, which comes first: if ending the run fails as well, that is part of
/// the same problem.
pub(in crate::script::api) fn abandon(
    host: &Host,
    ledger: &Ledger,
    run: RunId,
    error: &EvalAltResult,
) {
    let reason = match innermost(error) {
        EvalAltResult::ErrorTerminated(..) => "the script ended during planning".to_owned(),
        EvalAltResult::ErrorRuntime(value, _) => {
            let map = value.read_lock::<Map>();
            let message = map.as_ref().and_then(|map| map.get("message"));
            message.unwrap_or(value).to_string()
        }
        other => other.to_string(),
    };
    if let Ok(false) = ledger.abandon(run, &reason) {
        host.remove_run(run);
    }
}

/// Evaluates every row, while the sessions of its assessment are fetched in the background.
fn evaluate_rows(
    host: &Host,
    ctx: &NativeCallContext,
    run: RunId,
    rows: RowIter,
    build_request: impl Fn(Dynamic) -> RhaiResultOf<Dynamic>,
) -> RhaiResultOf<(ValidatedPlan, SessionFetches)> {
    let ledger = host.ledger(ctx)?;
    let mut session_fetches = SessionFetches::default();
    let planned = {
        let _planning_guard = host.freeze_clock("invite_all");
        let now = host.now().timestamp();
        let options = &host.settings.options;
        let never_invite = options.never_invite_check().or_throw(ctx)?;
        let mut planner =
            Planner::start(&ledger, run, now, options.shard, never_invite).or_throw(ctx)?;
        let mut columns = SourceColumns::default();
        for row in rows {
            let row = row?;
            let row_origin = origin(host, &row);
            let source = RowSource {
                columns: columns.add(&row),
                ..row_source(&row)
            };
            host.begin_row(&row);
            let decision = if skips_hidden(&row) {
                RowDecision::Skip(HIDDEN.to_owned())
            } else {
                match build_request(row) {
                    Ok(request) => decide_row(host, ctx, &request, |_| true)?,
                    Err(error) => decide_failed_row(error)?,
                }
            };
            if let RowDecision::Invite(request) = &decision {
                session_fetches.begin(host, &request.target.id);
            }
            let mut interpretations = host.interpretations.take_row();
            if let RowDecision::Invite(request) = &decision
                && let Some(due_date) = &request.due_date
            {
                interpretations = interpretations
                    .into_iter()
                    .map(|each| with_offset_at(each, due_date))
                    .collect();
            }
            planner
                .add(row_origin, Some(source), decision, interpretations)
                .or_throw(ctx)?;
        }
        let mut notes = columns.notes();
        notes.extend(host.conditions.take_notes());
        let earlier = host.interpretations.take_outside_rows();
        planner.finish(notes, earlier).or_throw(ctx)?
    };
    Ok((planned, session_fetches))
}

/// The requests for existing sessions that are under way, by assessment.
#[derive(Default)]
struct SessionFetches(Vec<(String, SessionList)>);

impl SessionFetches {
    fn begin(&mut self, host: &Host, assessment: &str) {
        if self.0.iter().any(|(id, _)| id == assessment) {
            return;
        }
        let list = host.take_session_list(assessment);
        self.0.push((assessment.to_owned(), list));
    }

    /// Waits for all of them. `None` means that the user interrupted.
    fn finish(self, host: &Host) -> Option<Result<Vec<(String, ExistingSessions)>, api::Error>> {
        let mut known = Vec::with_capacity(self.0.len());
        for (assessment, listing) in self.0 {
            let listed = host.unless_interrupted(listing)?;
            match listed.unwrap_or_else(|gone| resume_unwind(gone.into_panic())) {
                Ok(listed) => known.push((assessment, listed)),
                Err(error) => return Some(Err(error)),
            }
        }
        Some(Ok(known))
    }
}

fn is_hidden(row: &Dynamic) -> bool {
    row.read_lock::<Row>()
        .is_some_and(|row| row.is_hidden() && !row.header().skips_hidden_rows())
}

/// Returns whether a row is left out because the sheet hides it.
fn skips_hidden(row: &Dynamic) -> bool {
    row.read_lock::<Row>()
        .is_some_and(|row| row.is_hidden() && row.header().skips_hidden_rows())
}

/// Returns the source of a row, without the columns that name its candidate.
pub(in crate::script::api) fn row_source(row: &Dynamic) -> RowSource {
    RowSource {
        json: row_source_json(row),
        columns: Arc::default(),
        is_hidden: is_hidden(row),
    }
}

/// Returns what the ledger stores of the value that a script passed for a row.
fn row_source_json(value: &Dynamic) -> SourceJson {
    if let Some(row) = value.read_lock::<Row>() {
        let row = row.clone();
        return Box::new(move || serde_json::to_string(&row).ok());
    }
    let json = to_json(value);
    Box::new(move || json.map(|json| json.to_string()))
}
