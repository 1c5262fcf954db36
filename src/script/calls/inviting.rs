//! Inviting for scripts: from rows to a plan, and from a plan to its outcome.

use std::cell::RefCell;
use std::panic::resume_unwind;

use rhai::{Dynamic, EvalAltResult, Map, NativeCallContext};
use tokio::task::JoinHandle;

use super::request::{draft, draft_of_error};
use crate::api;
use crate::bulk::{
    Answer, Consent, Course, Draft, Ended, Error, Event, Invitation, Options, Outcome, OutcomeRow,
    Overseer, Plan, Planned, Planner, Rejection, Request, Standings, standings,
};
use crate::ledger::{self, RunId};
use crate::script::diagnosis::throw::{RhaiResultOf, innermost, throw};
use crate::script::lists::rows::Rows;
use crate::script::services::origin::origin;
use crate::script::values::value::source;
use crate::script::{Ending, Host};

/// Plans what `make` makes of `rows`, and sends it as far as that is agreed to.
pub(in crate::script) fn invite_all(
    host: &Host,
    ctx: &NativeCallContext,
    rows: Rows,
    make: impl Fn(Dynamic) -> RhaiResultOf<Dynamic>,
) -> RhaiResultOf<Outcome> {
    let raise = |error| throw(ctx, error);
    let raise_bulk = |error: Error| throw(ctx, error);
    let ledger = host.ledger(ctx)?;
    let run = ledger.begin(&host.settings().run).map_err(raise)?;
    let _hold = ledger.hold(run).map_err(raise)?;
    host.note_run(run);
    let planned = plan(host, ctx, run, rows, make);
    let (planned, listings) = planned.inspect_err(|error| {
        // What the script is told comes first; that the ledger fails as well is only part of it.
        if let Ok(false) = ledger.abandon(run, &reason(error)) {
            host.forget_run(run);
        }
    })?;
    let course = Course {
        ledger: &ledger,
        client: &host.settings().client,
        runtime: host.runtime(),
        overseer: host.console(),
        options: &host.settings().options,
    };
    let known = match listings.finish(host) {
        Some(Ok(known)) => known,
        Some(Err(source)) => {
            course.put_off(planned).map_err(raise_bulk)?;
            return Err(raise_bulk(Error::Sessions(source)));
        }
        None => {
            course.put_off(planned).map_err(raise_bulk)?;
            return Err(Ending::Interrupted.into());
        }
    };
    let plan = course.complete(planned, &known).map_err(raise_bulk)?;
    let ended = course.carry_out(&plan, false).map_err(raise_bulk)?;
    let outcome = Outcome::of(&ledger, run).map_err(raise)?;
    host.console().report(&ended, &outcome);
    match Ending::of(&ended.end) {
        Some(ending) => Err(ending.into()),
        None => Ok(outcome),
    }
}

/// Why a script's error, or its end, left a plan unfinished.
fn reason(error: &EvalAltResult) -> String {
    match innermost(error) {
        EvalAltResult::ErrorTerminated(..) => "the script ended while it planned".to_owned(),
        EvalAltResult::ErrorRuntime(value, _) => {
            let map = value.read_lock::<Map>();
            let message = map.as_ref().and_then(|map| map.get("message"));
            message.unwrap_or(value).to_string()
        }
        other => other.to_string(),
    }
}

/// Evaluates every row, while the sessions of the assessments they are for are listed.
fn plan(
    host: &Host,
    ctx: &NativeCallContext,
    run: RunId,
    rows: Rows,
    make: impl Fn(Dynamic) -> RhaiResultOf<Dynamic>,
) -> RhaiResultOf<(Planned, Listings)> {
    let raise = |error| throw(ctx, error);
    let ledger = host.ledger(ctx)?;
    let mut listings = Listings::default();
    let planned = {
        let _standing_still = host.plan();
        let now = host.now().timestamp();
        let mut planner =
            Planner::start(&ledger, run, now, host.settings().options.shard).map_err(raise)?;
        for row in rows {
            let row = row?;
            let place = origin(host, &row);
            let source = source(&row);
            let draft = match make(row) {
                Ok(request) => draft(host, ctx, &request)?,
                Err(error) => draft_of_error(error)?,
            };
            if let Draft::Invite(request) = &draft {
                listings.begin(host, &request.target.id);
            }
            planner.add(place, Some(source), draft).map_err(raise)?;
        }
        planner.finish().map_err(raise)?
    };
    Ok((planned, listings))
}

/// The lists of sessions that are being read, by assessment.
#[derive(Default)]
struct Listings(Vec<(String, JoinHandle<Result<Standings, api::Error>>)>);

impl Listings {
    fn begin(&mut self, host: &Host, assessment: &str) {
        if self.0.iter().any(|(id, _)| id == assessment) {
            return;
        }
        let client = host.settings().client.clone();
        let listing = host
            .runtime()
            .spawn(standings(client, assessment.to_owned()));
        self.0.push((assessment.to_owned(), listing));
    }

    /// Waits for all of them; `None` where the user interrupts.
    fn finish(self, host: &Host) -> Option<Result<Vec<(String, Standings)>, api::Error>> {
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

/// Invites one candidate, and returns the row it has in the ledger, and what the API answered; no answer, where the
/// candidate has finished, or nothing was to be sent.
pub(in crate::script) fn invite_one(
    host: &Host,
    ctx: &NativeCallContext,
    request: Request,
    invitation: &Invitation,
) -> RhaiResultOf<(OutcomeRow, Option<Answer>)> {
    if let Some(again) = host.singles().borrow().again(invitation) {
        return Ok(again);
    }
    let known = [(
        invitation.target.id.clone(),
        host.standing(ctx, invitation)?,
    )];
    let run = host.run_of_singles(ctx)?;
    let sent = host.singles().borrow().sent();
    let single = Single {
        host,
        invitation,
        sent,
        answer: RefCell::new(None),
    };
    let options = host.settings().options.clone();
    let options = Options {
        report_all: true,
        dry_run: options.dry_run || options.first.is_some_and(|first| sent >= first),
        first: None,
        max_invites: options
            .max_invites
            .map(|allowed| allowed.saturating_sub(sent)),
        ..options
    };
    let ledger = host.ledger(ctx)?;
    let course = Course {
        ledger: &ledger,
        client: &host.settings().client,
        runtime: host.runtime(),
        overseer: &single,
        options: &options,
    };
    let sent = send_one(&course, run, request, &known);
    // A row that was not answered stays in its run: who is invited next begins another one, and is sent alone.
    let leave_run = || host.singles().borrow_mut().leave_run();
    let (ended, row) = sent.map_err(|error| {
        leave_run();
        throw(ctx, error)
    })?;
    if let Some(ending) = Ending::of(&ended.end) {
        leave_run();
        let outcome = Outcome::of(&ledger, run).map_err(|error| throw(ctx, error))?;
        host.console().report(&ended, &outcome);
        return Err(ending.into());
    }
    let answer = single.answer.take();
    let mut singles = host.singles().borrow_mut();
    singles.remember(invitation, &row, answer.as_ref());
    drop(singles);
    Ok((row, answer))
}

fn send_one(
    course: &Course,
    run: RunId,
    request: Request,
    known: &[(String, Standings)],
) -> Result<(Ended, OutcomeRow), Error> {
    let mut planner = Planner::start(course.ledger, run, course.options.now(), None)?;
    planner.add(None, None, Draft::Invite(request))?;
    let plan = course.complete(planner.finish()?, known)?;
    let ended = course.carry_out(&plan, false)?;
    let row = Outcome::of(course.ledger, run)?.last()?;
    let row = row.ok_or(ledger::Error::NoRun { run })?;
    Ok((ended, row))
}

/// Sees a plan of one candidate through.
struct Single<'a> {
    host: &'a Host,
    invitation: &'a Invitation,
    /// How many were sent one by one before.
    sent: u64,
    answer: RefCell<Option<Answer>>,
}

impl Overseer for Single<'_> {
    fn show(&self, plan: &Plan, rejection: Option<&Rejection>) {
        if let Some(Rejection::TooMany {
            invitations,
            allowed,
        }) = rejection
        {
            let whole = Rejection::TooMany {
                invitations: invitations + self.sent,
                allowed: allowed + self.sent,
            };
            self.host.console().show(plan, Some(&whole));
        } else if self.host.settings().options.dry_run && plan.to_send() > 0 {
            let Invitation {
                name,
                email,
                target,
                ..
            } = self.invitation;
            let label = &target.label;
            self.host.console().note(&format!(
                "dry run: {name} <{email}> is not invited to `{label}`"
            ));
        }
    }

    fn approve(&self, _: &Plan) -> Consent {
        self.host.console().approve_one(self.invitation)
    }

    fn progress(&self, event: Event) {
        let Event::Answered {
            email,
            answer,
            note,
            ..
        } = event
        else {
            // A long wait is announced here too, and that Ctrl-C waits for the answer.
            return self.host.console().progress(event);
        };
        if self.host.settings().options.report_all {
            let note = note.map_or_else(String::new, |note| format!(": {note}"));
            let what = answer.name();
            self.host.console().note(&format!("{what}: {email}{note}"));
        }
        self.answer.replace(Some(answer));
    }
}
