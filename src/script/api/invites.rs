//! Inviting: one candidate, or all of a list after a plan.

use rhai::plugin::*;
use rhai::{Array, Engine, FnPtr, Map};

use super::outcomes::{Results, result_map};
use crate::bulk::{self, Answer, Counts, Draft, Invitation, Outcome, OutcomeRow, Planner, Stop};
use crate::script::request::{Skip, draft, draft_of_error};
use crate::script::throw::{RhaiResultOf, Throw, throw};
use crate::script::{Ending, Host, origin::origin};

pub(super) fn register(engine: &mut Engine) {
    engine
        .register_type_with_name::<Skip>("Skip")
        .register_global_module(exported_module!(functions).into());
}

fn one(ctx: &NativeCallContext, request: &Dynamic) -> RhaiResultOf<Map> {
    let host = Host::of(ctx)?;
    host.refuse_while_planning(ctx, "invite")?;
    let invitation = match draft(&host, ctx, request)? {
        Draft::Invite(request) => Invitation::check(request, host.now().timestamp()),
        Draft::Invalid(problem) => Err(problem),
        Draft::Skip(_) => {
            return Err(throw(
                ctx,
                Throw::new("wrong_type", "`skip` is for the closure of `invite_all`"),
            ));
        }
    };
    let invitation = invitation.map_err(|problem| {
        let code = match problem.field {
            "email" => "bad_email",
            "due_date" => "bad_date",
            _ => "bad_request",
        };
        throw(ctx, Throw::new(code, problem.to_string()))
    })?;
    if let Some(ending) = host.console().approve_one(&invitation).ending() {
        return Err(ending.into());
    }
    let invited = host.ask(ctx, bulk::invite_one(&host.settings().client, &invitation));
    let created = matches!(&invited, Ok(invited) if invited.created);
    let failed = invited.is_err();
    host.count(Counts {
        total: 1,
        created: usize::from(created),
        existing: usize::from(!created && !failed),
        failed: usize::from(failed),
        ..Counts::default()
    });
    let row = OutcomeRow::of_one(&invitation, Answer::from(Ok(invited?)));
    Ok(result_map(&host, &row))
}

fn all(
    ctx: &NativeCallContext,
    rows: Array,
    make: impl Fn(Dynamic) -> RhaiResultOf<Dynamic>,
) -> RhaiResultOf<Results> {
    let host = Host::of(ctx)?;
    host.refuse_while_planning(ctx, "invite_all")?;
    let plan = {
        let _standing_still = host.plan();
        let mut planner = Planner::new(host.now().timestamp());
        for row in rows {
            let place = origin(&host, &row);
            let draft = match make(row) {
                Ok(request) => draft(&host, ctx, &request)?,
                Err(error) => draft_of_error(error)?,
            };
            planner.add(place, draft);
        }
        planner.finish()
    };
    if let Some(ending) = host.console().approve(&plan).ending() {
        return Err(ending.into());
    }
    let sending = host.runtime().wait(bulk::send(
        &host.settings().client,
        &plan,
        host.settings().concurrency,
        host.runtime().interrupt(),
        |event| host.console().progress(event),
    ));
    let (stop, outcome) = Outcome::new(&plan, sending);
    host.count(outcome.counts());
    match stop {
        None => Ok(outcome.into()),
        Some(Stop::Interrupted) => Err(Ending::Interrupted.into()),
        Some(Stop::Refused(error)) => Err(throw(ctx, error)),
    }
}

#[export_module]
mod functions {
    /// Invites one candidate by a request, and returns what came of it as a map.
    ///
    /// Keys of the result: `email`, `name`, `outcome` (`"created"` or `"existing"`), `invite_url`, `due_date`, `session`,
    /// `note`. For a list, use `invite_all`: it checks every row before it sends the first.
    ///
    /// # Options
    /// - `email`: the candidate's address
    /// - `name`: their name; blank or missing, it is derived from the address
    /// - `due_date`: their deadline: a DateTime, or text: an instant, or a date, which ends at 23:59:59 in the run's zone
    /// - `send_email`: `false`: the service sends no email, and you pass the link on
    /// - `assessment`: id or name; missing, the run's assessment
    ///
    /// # Errors
    /// - `unknown_key`, `missing_key`, `wrong_type`: the request is wrong
    /// - `bad_email`, `bad_date`, `bad_request`: its address, deadline or assessment is
    /// - `bad_request`, `wrong_state`, `rate_limited`: the API refused it
    /// - those of `assessment`
    ///
    /// # Example
    /// ```rhai
    /// let sent = invite(#{ email: "jane@example.com", due_date: today().plus_days(5).end_of_day() });
    /// print(`${sent.outcome}: ${sent.invite_url}`);
    /// ```
    #[rhai_fn(return_raw)]
    pub fn invite(ctx: NativeCallContext, request: Map) -> RhaiResultOf<Map> {
        one(&ctx, &Dynamic::from_map(request))
    }

    /// Invites one candidate by address and name, and returns what came of it as a map.
    ///
    /// # Errors
    /// - those of `invite(request)`
    ///
    /// # Example
    /// ```rhai
    /// print(invite("jane.smith@example.com", "Jane Smith").invite_url);
    /// ```
    #[rhai_fn(name = "invite", return_raw)]
    pub fn invite_named(ctx: NativeCallContext, email: &str, name: &str) -> RhaiResultOf<Map> {
        let request = [("email".into(), email.into()), ("name".into(), name.into())];
        one(&ctx, &Dynamic::from_map(request.into_iter().collect()))
    }

    /// Invites everybody in a list: checks every row first, then sends.
    ///
    /// A row is an address, a request (see `invite`), or a row of a file with the column `email` and perhaps `name` and
    /// `due_date`. Any invalid row refuses the whole plan, and nothing is sent. A row that the API refuses does not stop
    /// the others. An address that comes twice is invited once.
    ///
    /// # Errors
    /// - `unknown_key`, `missing_key`, `wrong_type`, `unknown_column`: a row is no request
    /// - `unauthorized`, `forbidden`: the key is refused; the rows after it are not sent
    /// - those of `assessment`
    ///
    /// # Example
    /// ```rhai
    /// let outcome = invite_all(["jane.smith@example.com", "john.doe@example.com"]);
    /// print(outcome);
    /// ```
    #[rhai_fn(return_raw)]
    pub fn invite_all(ctx: NativeCallContext, rows: Array) -> RhaiResultOf<Results> {
        all(&ctx, rows, Ok)
    }

    /// Invites everybody for whom a closure returns a request.
    ///
    /// Every row is checked before the first one is sent. The closure is called once for each row, in order. It returns a request (see `invite`), an address, or
    /// `skip(reason)`. What it throws makes that row invalid, and any invalid row refuses the whole plan.
    ///
    /// # Errors
    /// - those of `invite_all(rows)`
    ///
    /// # Example
    /// ```rhai
    /// let people = [#{ who: "jane@example.com", days: 3 }, #{ who: "john@example.com", days: 5 }];
    /// let outcome = invite_all(people, |p| #{
    ///     email: p.who,
    ///     due_date: today().plus_days(p.days).end_of_day(),
    /// });
    /// print(outcome.created);
    /// ```
    #[rhai_fn(name = "invite_all", return_raw)]
    pub fn invite_all_with(
        ctx: NativeCallContext,
        rows: Array,
        request: FnPtr,
    ) -> RhaiResultOf<Results> {
        all(&ctx, rows, |row| request.call_within_context(&ctx, (row,)))
    }

    /// Leaves a row out of `invite_all`, for a reason that the plan shows.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// let outcome = invite_all(["jane@example.com", "bot@example.com"], |email| {
    ///     if email.starts_with("bot@") { return skip("not a person"); }
    ///     email
    /// });
    /// print(outcome.skipped);
    /// ```
    pub fn skip(reason: &str) -> Skip {
        Skip {
            reason: reason.to_owned(),
        }
    }
}
