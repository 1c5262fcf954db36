//! Scoring submitted sessions.

pub(super) mod score_sessions;

use rhai::plugin::*;
use rhai::{Array, Map};

use crate::change_kind::ChangeKind;
use crate::script::error::throw::RhaiResultOf;
use crate::script::host::run_host::Host;
use crate::script::rows::row_list::RowIter;
use crate::script::values::option_map::{option_map, read_map};

option_map! {
    pub(super) struct ScoreAllOptions: Options {
        /// Whether sessions that have a score are scored again. No other call that returns a score is documented.
        again: bool = false,
    }
}

fn score_rows(ctx: &NativeCallContext, sessions: Dynamic, choice: &Map) -> RhaiResultOf<Array> {
    let choice: ScoreAllOptions = read_map(ctx, choice)?;
    let host = Host::of(ctx)?;
    host.ensure_not_planning(ctx, "score_all")?;
    host.ensure_change_allowed(ctx, ChangeKind::Score, "score_all")?;
    score_sessions::score_all(&host, ctx, RowIter::of(ctx, sessions)?, choice.again)
}

#[export_module]
pub mod functions {
    /// Scores one session by its id, and returns the score as a map.
    ///
    /// The session must be submitted. A session with a score is scored again. Each score costs money, so every call
    /// asks for confirmation, unless you pass `--yes`, and a request is never repeated. Scoring can take minutes: the
    /// call waits up to 300 seconds, or as long as `--timeout` if that is longer.
    ///
    /// # Errors
    /// - `wrong_state`: the session is not submitted, or already reviewed
    /// - `not_found`: there is no such session
    /// - `timeout`, `connection`, `server_error`: the session may have been scored nevertheless; check its status
    /// - `planning`: called while `invite_all` plans
    /// - those of `list_assessments`
    ///
    /// # Example
    /// ```rhai
    /// for each in list_sessions(#{ status: "submitted" }) {
    ///     print(`${each.candidate_name}: ${score(each.id).final_score}`);
    /// }
    /// ```
    #[rhai_fn(return_raw)]
    pub fn score(ctx: NativeCallContext, session_id: &str) -> RhaiResultOf<Map> {
        let host = Host::of(&ctx)?;
        host.ensure_not_planning(&ctx, "score")?;
        host.ensure_change_allowed(&ctx, ChangeKind::Score, "score")?;
        score_sessions::score_one(&host, &ctx, session_id)
    }

    /// Scores the sessions of a list that have no score, and returns a row for each.
    ///
    /// A session is skipped if it is not submitted, has a score, or is listed twice. Sessions are maps as `list_sessions` returns them, or ids. Several are scored at
    /// the same time. The call asks for confirmation once, unless you pass `--yes`.
    ///
    /// # Errors
    /// - `wrong_type`: a session has no id
    /// - `unauthorized`, `forbidden`: the API rejects the key; nothing was scored
    /// - `planning`: called while `invite_all` plans
    ///
    /// # Example
    /// ```rhai
    /// for row in score_all(list_sessions()) {
    ///     print(`${row.outcome}: ${row.candidate_name} ${row.final_score ?? row.note}`);
    /// }
    /// ```
    #[rhai_fn(return_raw)]
    pub fn score_all(ctx: NativeCallContext, sessions: Dynamic) -> RhaiResultOf<Array> {
        score_rows(&ctx, sessions, &Map::new())
    }

    /// Scores the sessions of a list with options, and returns a row for each.
    ///
    /// # Errors
    /// - `unknown_option`: there is no such option
    /// - those of `score_all(sessions)`
    ///
    /// # Example
    /// ```rhai
    /// let rows = score_all(list_sessions(#{ status: "scored" }), #{ again: true });
    /// print_table(rows, ["candidate_name", "final_score", "percentile_this_assessment"]);
    /// ```
    #[rhai_fn(name = "score_all", return_raw)]
    pub fn score_all_with(
        ctx: NativeCallContext,
        sessions: Dynamic,
        choice: Map,
    ) -> RhaiResultOf<Array> {
        score_rows(&ctx, sessions, &choice)
    }
}
