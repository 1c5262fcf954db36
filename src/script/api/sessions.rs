//! Sessions. A session is a candidate's attempt at an assessment.

use rhai::plugin::*;
use rhai::{Array, Map, Module};

use crate::api::{Session, SessionFilter};
use crate::script::api::conversion::object_map::{MapBuilder, ToMap, to_maps};
use crate::script::error::throw::RhaiResultOf;
use crate::script::host::run_host::Host;
use crate::script::values::option_map::{option_map, read_map};

pub(super) fn register(module: &mut Module) {
    module.combine(exported_module!(functions));
}

impl ToMap for Session {
    fn to_map(&self, host: &Host) -> Map {
        MapBuilder::new(host, &self.extra)
            .text("id", Some(&self.id))
            .text("assessment_id", self.assessment_id.as_ref())
            .text("candidate_id", self.candidate_id.as_ref())
            .text("token", self.token.as_ref())
            .text("status", self.status.as_ref())
            .text("candidate_name", self.candidate_name.as_ref())
            .text("candidate_email", self.candidate_email.as_ref())
            .text("assessment_name", self.assessment_name.as_ref())
            .time("setup_started_at", self.setup_started_at.as_ref())
            .time("task_started_at", self.task_started_at.as_ref())
            .time("submitted_at", self.submitted_at.as_ref())
            .time("due_date", self.due_date.as_ref())
            .time("created_at", self.created_at.as_ref())
            .into_map()
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
    let listed = host.call_api(ctx, host.settings().client.sessions(&filter))?;
    Ok(to_maps(&host, &listed))
}

#[export_module]
mod functions {
    /// Lists the sessions of the run's assessment as maps, from every page.
    ///
    /// Keys: `id`, `status` (`invited`, `setup`, `in_progress`, `submitted`, `scoring`, `scored`, `reviewed`),
    /// `candidate_name`, `candidate_email`, `candidate_id`, `assessment_name`, `assessment_id`, `token`, `created_at`,
    /// `setup_started_at`, `task_started_at`, `submitted_at`, `due_date`, and whatever else the API sends. Times are
    /// DateTimes in the run's zone, or `()` if they have not happened. If no assessment is set, the sessions of all
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
        let found = host.call_api(&ctx, host.settings().client.session(id))?;
        Ok(found.to_map(&host))
    }
}
