//! `/api/candidates`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::list::List;
use crate::sandbox::api_error::ApiError;
use crate::sandbox::body::JsonBody;
use crate::sandbox::query::{ListQuery, PathId};
use crate::sandbox::state::Store;
use crate::sandbox::state::candidates::{self, Candidate};
use crate::sandbox::syntax;

/// Lists candidates, all or those of an assessment.
pub(super) async fn list(
    State(store): State<Arc<Store>>,
    filters: ListQuery,
) -> Result<Json<List<Candidate>>, ApiError> {
    let page = filters.page()?;
    let assessment = filters.id("assessmentId")?;
    let listing =
        store.read(|connection, _| Ok(candidates::list(connection, assessment, page)?))?;
    Ok(Json(List {
        name: "candidates",
        listing,
        page,
    }))
}

/// Changes a candidate's name or address.
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
    if let Some(email) = email.filter(|email| !syntax::is_email(email)) {
        return Err(ApiError::bad_request(format!(
            "`email` is not an email address: `{email}`"
        )));
    }
    let candidate = store.write(|connection, _| {
        let candidate = candidates::find(connection, &id)?.ok_or_else(|| unknown(&id))?;
        if let Some(email) = email
            && let Some(holder) = candidates::find_by_email(connection, email)?
            && !holder.is_same(&candidate)
        {
            return Err(ApiError::conflict(format!(
                "another candidate has the address `{email}`"
            )));
        }
        candidates::update(connection, &id, name, email)?;
        candidates::find(connection, &id)?.ok_or_else(|| unknown(&id))
    })?;
    Ok(Json(json!({ "candidate": candidate })))
}

/// Deletes a candidate softly: gone from the lists, their sessions kept.
pub(super) async fn delete(
    State(store): State<Arc<Store>>,
    PathId(id): PathId,
) -> Result<Json<Value>, ApiError> {
    if store.write(|connection, now| Ok(candidates::delete(connection, &id, now)?))? {
        Ok(Json(json!({ "ok": true })))
    } else {
        Err(unknown(&id))
    }
}

fn unknown(id: &str) -> ApiError {
    ApiError::not_found(format!("there is no candidate `{id}`"))
}
