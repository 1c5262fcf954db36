//! The API keys of the organisation.

use rhai::plugin::*;
use rhai::{Array, Map, Module};

use crate::api::ApiKeyInfo;
use crate::script::api::conversion::object_map::{MapBuilder, ToMap, to_maps};
use crate::script::error::throw::RhaiResultOf;
use crate::script::host::run_host::Host;
use crate::script::values::convert::from_json;

pub(super) fn register(module: &mut Module) {
    module.combine(exported_module!(functions));
}

impl ToMap for ApiKeyInfo {
    fn to_map(&self, host: &Host) -> Map {
        MapBuilder::new(host, &self.extra)
            .text("id", Some(&self.id))
            .text("name", self.name.as_ref())
            .text("key_prefix", self.key_prefix.as_ref())
            .value("scopes", Some(from_json(&self.scopes, &str::to_owned)))
            .time("expires_at", self.expires_at.as_ref())
            .time("last_used_at", self.last_used_at.as_ref())
            .text("created_by", self.created_by.as_ref())
            .time("created_at", self.created_at.as_ref())
            .value("is_active", self.is_active)
            .into_map()
    }
}

#[export_module]
mod functions {
    /// Lists the API keys of the organisation as maps, without their secrets.
    ///
    /// Keys: `id`, `name`, `key_prefix` (the first characters of the key), `scopes`, `expires_at`, `last_used_at`,
    /// `created_by`, `created_at`, `is_active`, and whatever else the API sends. Times are DateTimes in the run's
    /// zone, or `()` if the key never expires or was never used.
    ///
    /// # Errors
    /// - those of `list_assessments`
    ///
    /// # Example
    /// ```rhai
    /// let soon = now().plus_days(14);
    /// for key in list_api_keys().filter(|key| key.expires_at != () && key.expires_at < soon) {
    ///     print(`${key.name} (${key.key_prefix}…) expires on ${key.expires_at}`);
    /// }
    /// ```
    #[rhai_fn(return_raw)]
    pub fn list_api_keys(ctx: NativeCallContext) -> RhaiResultOf<Array> {
        let host = Host::of(&ctx)?;
        let listed = host.call_api(&ctx, host.settings().client.api_keys())?;
        Ok(to_maps(&host, &listed))
    }
}
