//! `/api/candidates`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::sandbox::api_error::ApiError;
use crate::sandbox::body::{JsonBody, check_email};
use crate::sandbox::query::{ListQuery, PathId, list_body};
use crate::sandbox::state::{Store, candidates};

pub(super) async fn list(
    State(store): State<Arc<Store>>,
    query: ListQuery,
) -> Result<Json<Value>, ApiError> {
    let page = query.page()?;
    let assessment = query.id("assessmentId")?;
    let listing = store.read(|connection, _| candidates::list(connection, assessment, page))?;
    Ok(list_body("candidates", listing, page))
}

/// Changes a candidate's name or email address.
pub(super) async fn update(
    State(store): State<Arc<Store>>,
    PathId(id): PathId,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    let name = body.text("name")?;
    let email = body.text("email")?;
    if name.is_none() && email.is_none() {
        return Err(ApiError::bad_request("`name` or `email` is needed"));
    }
    if name.is_some_and(|name| name.trim().is_empty()) {
        return Err(ApiError::bad_request("`name` must not be blank"));
    }
    email.map_or(Ok(()), check_email)?;
    let candidate = store.write(|connection, _| {
        let candidate = candidates::find(connection, &id)?.ok_or_else(|| not_found(&id))?;
        if let Some(email) = email
            && let Some(holder) = candidates::find_by_email(connection, email)?
            && !holder.is_same(&candidate)
        {
            return Err(ApiError::conflict(format!(
                "another candidate has the address `{email}`"
            )));
        }
        candidates::update(connection, &id, name, email)?;
        candidates::find(connection, &id)?.ok_or_else(|| not_found(&id))
    })?;
    Ok(Json(json!({ "candidate": candidate })))
}

/// Deletes a candidate softly: the lists no longer show them, but their sessions are kept.
pub(super) async fn delete(
    State(store): State<Arc<Store>>,
    PathId(id): PathId,
) -> Result<Json<Value>, ApiError> {
    store.write(|connection, now| {
        let deleted = candidates::delete(connection, &id, now)?;
        deleted.then_some(()).ok_or_else(|| not_found(&id))
    })?;
    Ok(Json(json!({ "ok": true })))
}

fn not_found(id: &str) -> ApiError {
    ApiError::not_found(format!("there is no candidate `{id}`"))
}
