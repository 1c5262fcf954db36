//! Revoking invitations of a whole list, after planning it.

use rhai::FnPtr;
use rhai::plugin::*;

use super::session_changes::SessionChange;
use crate::bulk::Outcome;
use crate::change_kind::ChangeKind;
use crate::script::error::termination::Termination;
use crate::script::error::throw::RhaiResultOf;
use crate::script::host::run_host::Host;
use crate::script::rows::row_list::RowIter;

fn revoke(
    ctx: &NativeCallContext,
    sessions: Dynamic,
    choose: impl Fn(Dynamic) -> RhaiResultOf<Dynamic>,
) -> RhaiResultOf<Outcome> {
    let host = Host::of(ctx)?;
    host.ensure_not_planning(ctx, "revoke_all")?;
    host.ensure_change_allowed(ctx, ChangeKind::Revoke, "revoke_all")?;
    host.ensure_result_files_are_new(ctx)?;
    let change = SessionChange {
        kind: ChangeKind::Revoke,
        function: "revoke_all",
        again: false,
        frontend: &*host.console,
    };
    let sessions = RowIter::of(ctx, sessions)?;
    let (ended, outcome) = change.execute(&host, ctx, sessions, choose)?;
    host.console.report(&ended, &outcome);
    match Termination::of(&ended.status) {
        Some(ending) => Err(ending.into()),
        None => Ok(outcome),
    }
}

#[export_module]
pub mod functions {
    /// Revokes the invitations of a list: deletes the sessions that nobody has opened.
    ///
    /// A session is a map as `list_sessions` returns it, another map or row with its `session_id`, or the id alone. The
    /// plan is stored and shown, and you confirm it by typing the number of sessions; without a terminal, by `--yes`
    /// together with `--max-changes`. Every session is looked at again right before it is deleted.
    ///
    /// A session whose candidate has begun or finished is kept, and so is one that is gone already: the plan and the
    /// outcome name them. A deleted session does not come back, and its link stops working, but an email cannot be
    /// unsent. A plan that is rejected, declined or stopped ends the script.
    ///
    /// # Errors
    /// - `wrong_type`: a session has no id
    /// - `ledger`: the ledger cannot be written, so nothing was deleted
    /// - `in_use`: another process changes sessions of the assessment; the plan is kept for `send`
    /// - `planning`: called while another plan is made
    /// - those of `list_sessions`
    ///
    /// # Example
    /// ```rhai
    /// let outcome = revoke_all(list_sessions(#{ status: "invited" }));
    /// print(`${outcome.done} revoked, ${outcome.kept} kept`);
    /// ```
    #[rhai_fn(return_raw)]
    pub fn revoke_all(ctx: NativeCallContext, sessions: Dynamic) -> RhaiResultOf<Outcome> {
        revoke(&ctx, sessions, Ok)
    }

    /// Revokes the invitations that a closure chooses.
    ///
    /// The closure is called once for each row, in order, and must not send, write or sleep. It returns a session (see
    /// `revoke_all(sessions)`), an array of sessions, or `skip(reason)`. An error that it throws makes the row invalid, and one invalid row
    /// rejects the whole plan.
    ///
    /// # Errors
    /// - those of `revoke_all(sessions)`
    ///
    /// # Example
    /// ```rhai
    /// let outcome = revoke_all(list_sessions(), |session| {
    ///     if session.candidate_email.ends_with("@example.com") { return session; }
    ///     skip("not a test")
    /// });
    /// print(outcome);
    /// ```
    #[rhai_fn(name = "revoke_all", return_raw)]
    pub fn revoke_all_with(
        ctx: NativeCallContext,
        sessions: Dynamic,
        session: FnPtr,
    ) -> RhaiResultOf<Outcome> {
        revoke(&ctx, sessions, |row| {
            session.call_within_context(&ctx, (row,))
        })
    }
}
