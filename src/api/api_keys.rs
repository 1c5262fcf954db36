//! `GET /api/api-keys`.

use serde::Deserialize;
use serde_json::Value;

use super::{Client, Error, Extra, Time};

/// Possible names of the list in the response: the documentation shows only its entries.
const LIST_FIELDS: [&str; 2] = ["apiKeys", "keys"];

/// What the API says about a key of the organization; the key itself stays secret.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApiKeyInfo {
    pub id: String,
    pub name: Option<String>,
    pub key_prefix: Option<String>,
    /// Reserved for future use, and `[]` in every documented response: nothing follows from it.
    pub scopes: Value,
    pub expires_at: Option<Time>,
    pub last_used_at: Option<Time>,
    pub created_by: Option<String>,
    pub created_at: Option<Time>,
    pub is_active: Option<bool>,
    #[serde(flatten)]
    pub extra: Extra,
}

impl Client {
    /// Lists the organization's keys. The API documents no pages for this list.
    pub async fn api_keys(&self) -> Result<Vec<ApiKeyInfo>, Error> {
        let list = match self.fetch(&["api", "api-keys"], &[]).await? {
            Value::Object(mut fields) => LIST_FIELDS.iter().find_map(|name| fields.remove(*name)),
            list => Some(list),
        };
        self.parse_list(list, LIST_FIELDS[0])
    }

    /// Finds this client's key among the organization's; `None` if it is not listed.
    pub async fn own_api_key(&self) -> Result<Option<ApiKeyInfo>, Error> {
        let key = self.config().key.as_ref().ok_or(Error::NoKey)?;
        let matched_length = |listed: &ApiKeyInfo| {
            let prefix = listed.key_prefix.as_deref().unwrap_or_default();
            let prefix = prefix.trim_end_matches(['.', '…', '*']);
            Some(prefix.len()).filter(|_| key.has_prefix(prefix))
        };
        let keys = self.api_keys().await?.into_iter();
        let matching = keys.filter_map(|listed| Some((matched_length(&listed)?, listed)));
        Ok(matching
            .max_by_key(|(length, _)| *length)
            .map(|(_, listed)| listed))
    }
}
