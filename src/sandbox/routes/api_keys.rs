//! `/api/api-keys`.

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use serde_json::{Value, json};

use crate::sandbox::api_error::ApiError;
use crate::sandbox::auth::ShownKey;
use crate::sandbox::clock::timestamp;
use crate::sandbox::samples::SAMPLES_CREATED;
use crate::sandbox::state::Store;

/// Lists one key: that of the request. As documented, listing keys requires the admin role, and scopes are not used yet.
pub(super) async fn list(
    State(store): State<Arc<Store>>,
    Extension(key): Extension<ShownKey>,
) -> Result<Json<Value>, ApiError> {
    if !key.is_admin {
        return Err(ApiError::no_admin_access());
    }
    let now = store.read(|_, now| Ok(now))?;
    Ok(Json(json!({ "apiKeys": [{
        "id": "4d9a3c2b-8e75-4f1c-ab46-60d1e3f9c851",
        "name": "Sandbox key",
        "keyPrefix": key.prefix,
        "scopes": [],
        "expiresAt": null,
        "lastUsedAt": timestamp(now),
        "createdBy": "sandbox@example.com",
        "createdAt": timestamp(SAMPLES_CREATED),
        "isActive": true,
    }] })))
}
