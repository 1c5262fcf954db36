//! Assessments, which candidates are invited to.

use rhai::plugin::*;
use rhai::{Array, Map, Module};

use crate::api::Assessment;
use crate::script::api::conversion::object_map::{MapBuilder, ToMap, to_maps};
use crate::script::error::throw::RhaiResultOf;
use crate::script::host::run_host::Host;

pub(super) fn register(module: &mut Module) {
    module.combine(exported_module!(functions));
}

impl ToMap for Assessment {
    fn to_map(&self, host: &Host) -> Map {
        MapBuilder::new(host, &self.extra)
            .text("id", Some(&self.id))
            .text("name", self.name.as_ref())
            .text("role", self.role.as_ref())
            .value("is_active", self.is_active)
            .value("task_time_minutes", self.task_time_minutes)
            .time("due_date", self.due_date.as_ref())
            .time("created_at", self.created_at.as_ref())
            .time("updated_at", self.updated_at.as_ref())
            .into_map()
    }
}

#[export_module]
mod functions {
    /// Lists all assessments as maps.
    ///
    /// Keys: `id`, `name`, `role`, `is_active`, `task_time_minutes`, `due_date`, and whatever else the API sends.
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
        let listed = host.call_api(&ctx, host.settings().client.assessments())?;
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
        let found = host.call_api(&ctx, host.settings().client.assessment(id_or_name))?;
        Ok(found.to_map(&host))
    }
}
