//! Assessments, which candidates are invited to.

use rhai::plugin::*;
use rhai::{Array, Map};

use crate::api::{Assessment, Time};
use crate::script::api::conversion::object_map::{ToMap as _, object_map, to_maps};
use crate::script::error::throw::RhaiResultOf;
use crate::script::host::run_host::Host;

object_map! {
    ASSESSMENT: "an assessment" from Assessment {
        /// the assessment's id
        id: String,
        /// the assessment's name
        name: Option<String>,
        /// the role that it is for
        role: Option<String>,
        /// whether candidates can be invited to it
        is_active: Option<bool>,
        /// how long a candidate may work on the task
        task_time_minutes: Option<i64>,
        /// the deadline of sessions without their own
        due_date: Option<Time>,
        /// when the assessment was created
        created_at: Option<Time>,
        /// when the assessment was last changed
        updated_at: Option<Time>,
    }
}

#[export_module]
pub mod functions {
    /// Lists all assessments as maps.
    ///
    /// # Errors
    /// - `no_key`, `unauthorized`, `forbidden`: there is no API key, or the API rejects it
    /// - `connection`, `timeout`, `server_error`, `bad_answer`: the API gave no usable response
    ///
    /// # Example
    /// ```rhai
    /// for each in list_assessments() {
    ///     print(`${each.name}: ${each.id}`);
    /// }
    /// ```
    #[rhai_fn(return_raw)]
    pub fn list_assessments(ctx: NativeCallContext) -> RhaiResultOf<Array> {
        let host = Host::of(&ctx)?;
        let listed = host.call_api(&ctx, host.settings.client.assessments())?;
        Ok(to_maps(&host, &listed))
    }

    /// Finds one assessment by its id or name.
    ///
    /// The case of a name is ignored. The name must belong to exactly one assessment.
    ///
    /// # Errors
    /// - `unknown_assessment`: no assessment has that id or name; the hint suggests similar names
    /// - `ambiguous_assessment`: several assessments have that name; the message lists their ids
    /// - those of `list_assessments`
    ///
    /// # Example
    /// ```rhai
    /// let pm = assessment("Senior PM Assessment");
    /// print(`${pm.task_time_minutes} minutes`);
    /// ```
    #[rhai_fn(return_raw)]
    pub fn assessment(ctx: NativeCallContext, id_or_name: &str) -> RhaiResultOf<Map> {
        let host = Host::of(&ctx)?;
        let found = host.call_api(&ctx, host.settings.client.assessment(id_or_name))?;
        Ok(found.to_map(&host))
    }
}
