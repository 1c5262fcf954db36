//! Inviting one candidate, or a whole list after planning it.

mod invite_all;
mod invite_one;
mod request;
mod source_columns;

use rhai::plugin::*;
use rhai::{FnPtr, Map};

pub(super) use self::invite_all::{abandon, row_source};
use self::invite_one::invite_one;
pub(super) use self::request::InviteMap;
pub(super) use self::request::decide_failed_row;
use self::request::decide_row;
use crate::bulk::{Invitation, Outcome, Problem, RowDecision, SendResult};
use crate::change_kind::ChangeKind;
use crate::error_code::ErrorCode;
use crate::ledger::RowState;
use crate::people::parse_email;
use crate::script::api::conversion::object_map::ToMap as _;
use crate::script::api::sessions::SESSION;
use crate::script::error::throw::{OrThrow as _, RhaiResultOf, Throw, throw};
use crate::script::host::run_host::Host;
use crate::script::rows::results::{RESULT, result_map};
use crate::script::rows::row_list::RowIter;
use crate::script::values::result_shape::{ResultKey, ResultShape, join_keys};

fn invite_single(ctx: &NativeCallContext, request: &Dynamic) -> RhaiResultOf<Map> {
    let host = Host::of(ctx)?;
    host.ensure_not_planning(ctx, "invite")?;
    host.ensure_change_allowed(ctx, ChangeKind::Invite, "invite")?;
    let shard = host.settings.options.shard;
    let may_invite =
        |email: &str| parse_email(email).is_ok() && shard.is_none_or(|shard| shard.contains(email));
    let request = match decide_row(&host, ctx, request, may_invite)? {
        RowDecision::Invite(request) => request,
        RowDecision::Invalid(problem) => return Err(throw(ctx, problem_error(&problem))),
        RowDecision::Skip(_) | RowDecision::Change(_) => {
            let message = "`skip` is for the closure of `invite_all`";
            return Err(throw(ctx, Throw::new(ErrorCode::WrongType, message)));
        }
    };
    let invitation =
        Invitation::check(request.clone(), host.now().timestamp()).map_err(|problem| {
            host.abandon_session_lists();
            throw(ctx, problem_error(&problem))
        })?;
    let (row, answer) = invite_one(&host, ctx, request, &invitation)?;
    let session = match answer {
        Some(SendResult::Failed(error)) => return Err(throw(ctx, error)),
        Some(SendResult::Unsent(problem)) => return Err(throw(ctx, problem_error(&problem))),
        Some(SendResult::Created(invited) | SendResult::Existing(invited)) => invited.session(),
        _ => None,
    };
    if row.outcome == RowState::Skipped.name() && !is_never_invited(&host, ctx, &row.email)? {
        let reason = row.note.unwrap_or_default();
        let message = format!("`{}` is not invited again: {reason}", row.email);
        let thrown = Throw::new(ErrorCode::Finished, message);
        return Err(throw(ctx, thrown.hint("`--again` opens a second attempt")));
    }
    let mut map = result_map(&row);
    let session = session.map(|session| Dynamic::from_map(session.to_map(&host)));
    map.insert("session".into(), session.unwrap_or(Dynamic::UNIT));
    Ok(map)
}

/// Returns whether an address is in the list of `never_invite`.
fn is_never_invited(host: &Host, ctx: &NativeCallContext, email: &str) -> RhaiResultOf<bool> {
    let list = host.settings.options.never_invite_check().or_throw(ctx)?;
    Ok(list.is_some_and(|list| list.line_of(email).is_some()))
}

fn problem_error(problem: &Problem) -> Throw {
    let code = match problem.field {
        Some("email") => ErrorCode::BadEmail,
        Some("due_date") => ErrorCode::BadDate,
        _ => ErrorCode::BadRequest,
    };
    Throw::new(code, problem.to_string())
}

const INVITE_KEYS: [ResultKey; RESULT.keys.len() + 1] = join_keys(
    RESULT.keys,
    &[ResultKey::new("session", "map", "the session").of(&SESSION)],
);

/// The map that `invite` returns.
pub(super) const INVITE: ResultShape = ResultShape::closed("the result", &INVITE_KEYS);

fn plan_and_send(
    ctx: &NativeCallContext,
    rows: Dynamic,
    build_request: impl Fn(Dynamic) -> RhaiResultOf<Dynamic>,
) -> RhaiResultOf<Outcome> {
    let host = Host::of(ctx)?;
    host.ensure_not_planning(ctx, "invite_all")?;
    host.ensure_change_allowed(ctx, ChangeKind::Invite, "invite_all")?;
    host.ensure_result_files_are_new(ctx)?;
    invite_all::invite_all(&host, ctx, RowIter::of(ctx, rows)?, |row| {
        host.record_activity();
        build_request(row)
    })
}

#[export_module]
pub mod functions {
    pub type Skip = crate::script::values::skip::Skip;

    /// Invites one candidate by a request, and returns the result as a map.
    ///
    /// With `--shard`, a candidate of another shard is not invited: the outcome is `"other_shard"`, and `invite_url` and
    /// `session` are `()`. The same holds for a candidate in the list of `never_invite` in `config.toml`, with the outcome
    /// `"skipped"`.
    ///
    /// Each call asks for confirmation, unless you pass `--yes`. For a list, use `invite_all`: it checks every row
    /// before it sends the first, and asks once.
    ///
    /// # Errors
    /// - `unknown_key`, `missing_key`, `wrong_type`: the request has a wrong or missing key, or a value of a wrong
    ///   type
    /// - `bad_email`, `bad_date`, `bad_request`: the address, the deadline or the assessment of the request is invalid
    /// - `finished`: the candidate has finished a session of this assessment; pass `--again` to open a second one
    /// - `ledger`: the ledger cannot be written, so nothing was sent
    /// - `in_use`: another process invites to the assessment; pass `--wait-lock SECONDS` to wait for it
    /// - `bad_request`, `wrong_state`, `rate_limited`: the API rejected the request
    /// - those of `assessment`
    ///
    /// # Example
    /// ```rhai
    /// let sent = invite(#{ email: "jane@example.com", due_date: today().plus_days(5).end_of_day() });
    /// print(`${sent.outcome}: ${sent.invite_url}`);
    /// ```
    #[rhai_fn(return_raw)]
    pub fn invite(ctx: NativeCallContext, request: Map) -> RhaiResultOf<Map> {
        invite_single(&ctx, &Dynamic::from_map(request))
    }

    /// Invites one candidate by address and name, and returns the result as a map.
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
        invite_single(&ctx, &Dynamic::from_map(request.into_iter().collect()))
    }

    /// Invites everybody in a list: checks every row first, then sends.
    ///
    /// A row is an address, a request (see `invite`), or a row of a file with the column `email` and optionally `name`
    /// and `due_date`. Rows come in an array, or in a list such as the one that `scan_csv` returns. The plan is stored
    /// and shown, and you confirm it before the first row is sent.
    ///
    /// One invalid row rejects the whole plan, unless you pass `--skip-invalid`. An address that occurs twice is
    /// invited once. Candidates who have finished are left out, unless you pass `--again`. If the API rejects a row,
    /// the others are still sent. A plan that is rejected, declined or stopped ends the script.
    ///
    /// # Errors
    /// - `unknown_key`, `missing_key`, `wrong_type`, `unknown_column`: a row is not a valid request
    /// - `ledger`: the ledger cannot be written, so nothing was sent
    /// - `in_use`: another process invites to the assessment; the plan is kept for `send`
    /// - those of `assessment` and `list_sessions`
    ///
    /// # Example
    /// ```rhai
    /// let outcome = invite_all(["jane.smith@example.com", "john.doe@example.com"]);
    /// print(outcome);
    /// ```
    #[rhai_fn(return_raw)]
    pub fn invite_all(ctx: NativeCallContext, rows: Dynamic) -> RhaiResultOf<Outcome> {
        plan_and_send(&ctx, rows, Ok)
    }

    /// Invites everybody in a list by the requests that a closure returns.
    ///
    /// The closure is called once for each row, in order, and every row is checked before the first is sent. It must
    /// not send, write or sleep. It returns a request (see `invite`), an address, or `skip(reason)`. An error that it
    /// throws makes the row invalid, and one invalid row rejects the whole plan.
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
        rows: Dynamic,
        request: FnPtr,
    ) -> RhaiResultOf<Outcome> {
        plan_and_send(&ctx, rows, |row| request.call_within_context(&ctx, (row,)))
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
            reason: reason.into(),
        }
    }
}
