//! Sessions. A session is a candidate's attempt at an assessment.

use rhai::plugin::*;
use rhai::{Array, Map};

use crate::api::{Session, SessionFilter, Time};
use crate::script::api::conversion::object_map::{ToMap as _, object_map, to_maps};
use crate::script::error::throw::RhaiResultOf;
use crate::script::host::run_host::Host;
use crate::script::values::option_map::{option_map, read_map};

object_map! {
    SESSION: "a session" from Session {
        /// the session's id
        id: String,
        /// `invited`, `setup`, `in_progress`, `submitted`, `scoring`, `scored` or `reviewed`
        status: Option<String>,
        /// the candidate's name
        candidate_name: Option<String>,
        /// the candidate's address
        candidate_email: Option<String>,
        /// the candidate's id
        candidate_id: Option<String>,
        /// the assessment's name
        assessment_name: Option<String>,
        /// the assessment's id
        assessment_id: Option<String>,
        /// the secret part of the candidate's link
        token: Option<String>,
        /// when the candidate was invited
        created_at: Option<Time>,
        /// when the candidate opened the link
        setup_started_at: Option<Time>,
        /// when the candidate started the task
        task_started_at: Option<Time>,
        /// when the candidate submitted the task
        submitted_at: Option<Time>,
        /// the candidate's deadline
        due_date: Option<Time>,
    }
}

option_map! {
    pub(super) struct SessionQuery: Options {
        /// The assessment of the sessions, by id or name. The run's assessment by default.
        assessment: Option<String>,
        /// The candidate of the sessions, by id.
        candidate: Option<String>,
        /// The status of the sessions.
        status: Option<String>,
    }
}

fn list(ctx: &NativeCallContext, filter: &Map) -> RhaiResultOf<Array> {
    let host = Host::of(ctx)?;
    let filter: SessionQuery = read_map(ctx, filter)?;
    let filter = SessionFilter {
        assessment_id: host.assessment_filter_id(ctx, filter.assessment.as_deref())?,
        candidate_id: filter.candidate,
        status: filter.status,
    };
    host.record_poll();
    let listed = host.call_api(ctx, host.settings.client.sessions(&filter))?;
    Ok(to_maps(&host, &listed))
}

#[export_module]
pub mod functions {
    /// Lists the sessions of the run's assessment as maps, from every page.
    ///
    /// Times are DateTimes in the run's zone, or `()` if they have not happened. If no assessment is set, the sessions of all
    /// assessments are listed.
    ///
    /// # Errors
    /// - those of `list_assessments`
    ///
    /// # Example
    /// ```rhai
    /// let late = list_sessions().filter(|s| s.status == "invited" && s.due_date != () && s.due_date < now());
    /// print_table(late, ["candidate_name", "candidate_email", "due_date"]);
    /// ```
    #[rhai_fn(return_raw)]
    pub fn list_sessions(ctx: NativeCallContext) -> RhaiResultOf<Array> {
        list(&ctx, &Map::new())
    }

    /// Lists the sessions that match a filter as maps, from every page.
    ///
    /// # Errors
    /// - `unknown_option`: the filter has an unknown key
    /// - those of `assessment`
    ///
    /// # Example
    /// ```rhai
    /// let done = list_sessions(#{ status: "submitted" });
    /// print(`${done.len()} submitted`);
    /// ```
    #[rhai_fn(name = "list_sessions", return_raw)]
    pub fn list_sessions_filtered(ctx: NativeCallContext, filter: Map) -> RhaiResultOf<Array> {
        list(&ctx, &filter)
    }

    /// Fetches one session by its id, as a map.
    ///
    /// # Errors
    /// - `not_found`: there is no such session
    /// - those of `list_assessments`
    ///
    /// # Example
    /// ```rhai
    /// let invited = invite("jane.smith@example.com", "Jane Smith");
    /// print(session(invited.session.id).status);
    /// ```
    #[rhai_fn(return_raw)]
    pub fn session(ctx: NativeCallContext, id: &str) -> RhaiResultOf<Map> {
        let host = Host::of(&ctx)?;
        host.record_poll();
        let found = host.call_api(&ctx, host.settings.client.session(id))?;
        Ok(found.to_map(&host))
    }
}
