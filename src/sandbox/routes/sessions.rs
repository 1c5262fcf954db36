//! `/api/sessions`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::list::List;
use crate::sandbox::api_error::ApiError;
use crate::sandbox::query::{ListQuery, PathId};
use crate::sandbox::state::Store;
use crate::sandbox::state::sessions::{self, Filter, Session};

/// Lists sessions by assessment, candidate and status.
pub(super) async fn list(
    State(store): State<Arc<Store>>,
    filters: ListQuery,
) -> Result<Json<List<Session>>, ApiError> {
    let page = filters.page()?;
    let filter = Filter {
        assessment: filters.id("assessmentId")?,
        candidate: filters.id("candidateId")?,
        status: filters.status()?,
    };
    let listing =
        store.read(|connection, now| Ok(sessions::list(connection, filter, page, now)?))?;
    Ok(Json(List {
        name: "sessions",
        listing,
        page,
    }))
}

/// Shows one session.
pub(super) async fn show(
    State(store): State<Arc<Store>>,
    PathId(id): PathId,
) -> Result<Json<Value>, ApiError> {
    let session = store
        .read(|connection, now| Ok(sessions::find(connection, &id, now)?))?
        .ok_or_else(|| unknown(&id))?;
    Ok(Json(json!({ "session": session })))
}

/// Deletes one session for good.
pub(super) async fn delete(
    State(store): State<Arc<Store>>,
    PathId(id): PathId,
) -> Result<Json<Value>, ApiError> {
    if store.write(|connection, _| Ok(sessions::delete(connection, &id)?))? {
        Ok(Json(json!({ "ok": true })))
    } else {
        Err(unknown(&id))
    }
}

/// Refuses an id that no session has.
pub(super) fn unknown(id: &str) -> ApiError {
    ApiError::not_found(format!("there is no session `{id}`"))
}
