//! `invite`: a plan of one row.

use std::cell::RefCell;

use rhai::NativeCallContext;

use crate::bulk::{
    BulkFrontend, ChangeCount, Consent, Error, Event, ExecutionResult, ExistingSessions,
    Interpretations, Invitation, InviteRequest, OF_CREATED, OF_EXISTING, Options, Outcome,
    OutcomeRow, Plan, PlanExecutor, Planner, Rejection, ResultDifferences, Retry, RowDecision,
    RowOrigin, SendResult, Shard,
};
use crate::ledger::{self, RowState, RunId, SessionDeadline};
use crate::script::error::termination::Termination;
use crate::script::error::throw::{OrThrow as _, RhaiResultOf, throw};
use crate::script::host::run_host::Host;

/// The outcome of a candidate who belongs to another shard. The ledger has no such rows.
const OTHER_SHARD: &str = "other_shard";

/// Invites one candidate. Returns its row of the ledger and the result of sending it, if it was sent. A candidate of another shard
/// gets a row that is not in the ledger.
pub(in crate::script) fn invite_one(
    host: &Host,
    ctx: &NativeCallContext,
    request: InviteRequest,
    invitation: &Invitation,
) -> RhaiResultOf<(OutcomeRow, Option<SendResult>)> {
    let shard = host.settings.options.shard;
    if let Some(shard) = shard.filter(|shard| !shard.contains(&invitation.email)) {
        return Ok((other_shard_row(host, invitation, shard), None));
    }
    if let Some(cached_result) = host
        .single_invites
        .borrow()
        .cached_result(invitation, host.now().timestamp())
    {
        return Ok(cached_result);
    }
    let known = [(
        invitation.target.id.clone(),
        host.existing_session(ctx, invitation)?,
    )];
    let run = host.single_invites_run(ctx)?;
    let single = SingleInviteFrontend {
        host,
        invitation,
        result: RefCell::new(None),
    };
    let options = host.settings.options.clone();
    let invited = options.changed.total();
    let is_over = options.first.is_some_and(|first| invited >= first);
    let options = Options {
        report_all: true,
        dry_run: options.dry_run || is_over,
        // In a dry run, the rows of earlier calls are still planned.
        first: Some(if is_over { 1 } else { invited + 1 }),
        changed: if is_over {
            ChangeCount::default()
        } else {
            options.changed
        },
        ..options
    };
    let ledger = host.ledger(ctx)?;
    let executor = PlanExecutor {
        ledger: &ledger,
        client: &host.settings.client,
        runtime: &host.runtime,
        frontend: &single,
        options: &options,
        locks: &host.settings.locks,
        own_runs: &host.runs(),
    };
    let interpretations = host.interpretations.take_outside_rows();
    let sent = send_one(&executor, run, request, &known, interpretations);
    // A row without a response stays in its run. The next candidate begins a new run, and is sent alone.
    let close_run = || host.single_invites.borrow_mut().close_run();
    let (ended, row) = sent.map_err(|error| {
        close_run();
        throw(ctx, error)
    })?;
    if let Some(ending) = Termination::of(&ended.status) {
        close_run();
        let outcome = Outcome::of(&ledger, run).or_throw(ctx)?;
        host.console.report(&ended, &outcome);
        return Err(ending.into());
    }
    host.console.record_result(&ended);
    let ResultDifferences {
        unannounced,
        created,
        ..
    } = &ended.differences;
    for (found, texts) in [(unannounced, OF_EXISTING), (created, OF_CREATED)] {
        for difference in found.of_only_row().announcements(texts) {
            let email = &invitation.email;
            host.console.note(&format!("{email} {difference}"));
        }
    }
    let result = single.result.take();
    let mut single_invites = host.single_invites.borrow_mut();
    if ended.listed_again {
        single_invites.forget_sessions(&invitation.target.id);
    }
    single_invites.remember(invitation, &row, result.as_ref());
    drop(single_invites);
    Ok((row, result))
}

/// The result for a candidate that another machine invites.
fn other_shard_row(host: &Host, invitation: &Invitation, shard: Shard) -> OutcomeRow {
    let email = invitation.email.clone();
    if host.settings.options.report_all {
        host.console.note(&format!("other shard: {email}"));
    }
    OutcomeRow {
        origin: RowOrigin {
            number: 0,
            location: None,
        },
        email,
        name: invitation.name.clone(),
        deadline: SessionDeadline::of(invitation.due_date.as_ref()),
        requested_due_date: invitation.due_date.clone(),
        session_name: None,
        state: RowState::Skipped,
        outcome: OTHER_SHARD,
        result: None,
        invite_url: None,
        session_id: None,
        note: Some(format!("not in shard {shard}")),
    }
}

fn send_one(
    executor: &PlanExecutor,
    run: RunId,
    request: InviteRequest,
    known: &[(String, ExistingSessions)],
    interpretations: Interpretations,
) -> Result<(ExecutionResult, OutcomeRow), Error> {
    let never_invite = executor.options.never_invite_check()?;
    let now = executor.options.now();
    let mut planner = Planner::start(executor.ledger, run, now, None, never_invite)?;
    planner.add(None, None, RowDecision::Invite(request), Vec::new())?;
    let validated = planner.finish(Vec::new(), interpretations)?;
    let plan = executor.complete(validated, known)?;
    let ended = executor.execute(&plan, Retry::default())?;
    let row = Outcome::of(executor.ledger, run)?.last()?;
    let row = row.ok_or(ledger::Error::NoRun { run })?;
    Ok((ended, row))
}

/// Shows and confirms a plan of one candidate, and keeps the result of sending it.
struct SingleInviteFrontend<'a> {
    host: &'a Host,
    invitation: &'a Invitation,
    result: RefCell<Option<SendResult>>,
}

impl BulkFrontend for SingleInviteFrontend<'_> {
    fn show(&self, plan: &Plan, rejection: Option<&Rejection>) {
        if let Some(Rejection::TooMany { .. }) = rejection {
            self.host.console.show(plan, rejection);
        }
        for (list, sample) in &plan.warnings.never_invited {
            for (_, line) in &sample.first {
                let email = &self.invitation.email;
                let console = &self.host.console;
                console.note(&format!("skipped: {email}: {list}, line {line}"));
            }
        }
        let interpretations = plan.warnings.interpretations.clone();
        if !interpretations.is_empty() {
            self.host.console.show_interpretations(interpretations);
        }
        if rejection.is_none() {
            let email = &self.invitation.email;
            let differences = plan.warnings.differences.of_only_row();
            for difference in differences.announcements(OF_EXISTING) {
                self.host.console.note(&format!("{email} {difference}"));
            }
        }
        if rejection.is_none() && self.host.settings.options.dry_run && plan.to_send() > 0 {
            let Invitation {
                name,
                email,
                target,
                ..
            } = self.invitation;
            let label = &target.label;
            self.host.console.note(&format!(
                "dry run: {name} <{email}> is not invited to `{label}`"
            ));
        }
    }

    fn approve(&self, _: &Plan) -> Consent {
        self.host.console.approve_one(self.invitation)
    }

    fn progress(&self, event: Event) {
        let Event::RowResult {
            candidate,
            result,
            note,
            ..
        } = event
        else {
            // This also reports long waits, and that Ctrl-C waits for the response.
            return self.host.console.progress(event);
        };
        if self.host.settings.options.report_all {
            let note = note.map_or_else(String::new, |note| format!(": {note}"));
            let what = result.name();
            self.host
                .console
                .note(&format!("{what}: {candidate}{note}"));
        }
        self.result.replace(Some(result));
    }
}
