//! The API keys of the organization.

use rhai::Array;
use rhai::plugin::*;
use serde_json::Value;

use crate::api::{ApiKeyInfo, Time};
use crate::script::api::conversion::object_map::{object_map, to_maps};
use crate::script::error::throw::RhaiResultOf;
use crate::script::host::run_host::Host;

object_map! {
    API_KEY: "an API key" from ApiKeyInfo {
        /// the key's id, which is not a secret
        id: String,
        /// the key's name
        name: Option<String>,
        /// the first characters of the key
        key_prefix: Option<String>,
        /// reserved for future use, and empty
        scopes: Value,
        /// when the key expires, or `()` if it never does
        expires_at: Option<Time>,
        /// when the key was last used, or `()` if it never was
        last_used_at: Option<Time>,
        /// who created the key
        created_by: Option<String>,
        /// when the key was created
        created_at: Option<Time>,
        /// whether the API accepts the key
        is_active: Option<bool>,
    }
}

#[export_module]
pub mod functions {
    /// Lists the API keys of the organization as maps, without their secrets.
    ///
    /// Times are DateTimes in the run's zone.
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
        let listed = host.call_api(&ctx, host.settings.client.api_keys())?;
        Ok(to_maps(&host, &listed))
    }
}
