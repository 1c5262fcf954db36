//! `GET /api/api-keys`.

use serde::Deserialize;
use serde_json::Value;

use super::{Client, Error, Extra, Time};

/// What the list may be called: the documentation shows its entries only.
const LIST_FIELDS: [&str; 2] = ["apiKeys", "keys"];

/// A key of the organisation, without its secret.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApiKey {
    /// The key's id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// How it begins.
    pub key_prefix: Option<String>,
    /// What it may do, as it came.
    pub scopes: Value,
    /// When it stops to be good.
    pub expires_at: Option<Time>,
    /// When it was last used.
    pub last_used_at: Option<Time>,
    /// Who made it.
    pub created_by: Option<String>,
    /// When it was made.
    pub created_at: Option<Time>,
    /// Whether it is good.
    pub is_active: Option<bool>,
    /// All other fields.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ApiKey {
    /// Returns what it may do, as far as that is a list of names.
    #[must_use]
    pub fn scope_names(&self) -> Vec<&str> {
        let scopes = self.scopes.as_array().into_iter().flatten();
        scopes.filter_map(Value::as_str).collect()
    }
}

impl Client {
    /// Lists the organisation's keys. That is one answer: pages are not documented.
    ///
    /// # Errors
    /// The API refused, or there was no usable answer.
    pub async fn api_keys(&self) -> Result<Vec<ApiKey>, Error> {
        let answer = match self.fetch(&["api", "api-keys"], &[]).await? {
            Value::Object(mut fields) => LIST_FIELDS.iter().find_map(|list| fields.remove(*list)),
            list => Some(list),
        };
        let list =
            answer.ok_or_else(|| self.unexpected(&format!("`{}` is missing", LIST_FIELDS[0])))?;
        serde_json::from_value(list).map_err(|error| self.unexpected(&error.to_string()))
    }

    /// Finds the key that requests carry among the organisation's; `None` where it is not listed.
    ///
    /// # Errors
    /// As [`Client::api_keys`].
    pub async fn own_api_key(&self) -> Result<Option<ApiKey>, Error> {
        let key = self.config().key.as_ref().ok_or(Error::NoKey)?;
        let beginning = |listed: &ApiKey| {
            let prefix = listed.key_prefix.as_deref().unwrap_or_default();
            let prefix = prefix.trim_end_matches(['.', '…', '*']);
            Some(prefix.len()).filter(|_| key.has_prefix(prefix))
        };
        let keys = self.api_keys().await?.into_iter();
        let own = keys.filter_map(|listed| Some((beginning(&listed)?, listed)));
        Ok(own.max_by_key(|(length, _)| *length).map(|(_, key)| key))
    }
}
