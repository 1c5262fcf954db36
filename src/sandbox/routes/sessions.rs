//! `/api/sessions` and `/api/scoring`.

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use serde_json::{Value, json};

use crate::sandbox::api_error::ApiError;
use crate::sandbox::body::JsonBody;
use crate::sandbox::clock::timestamp;
use crate::sandbox::fault_injector::OpenLink;
use crate::sandbox::query::{ListQuery, PathId, list_body};
use crate::sandbox::score;
use crate::sandbox::seed::parse_uuid;
use crate::sandbox::state::Store;
use crate::sandbox::state::sessions::{self, Filter};
use crate::session_status::SessionStatus;

pub(super) async fn list(
    State(store): State<Arc<Store>>,
    query: ListQuery,
) -> Result<Json<Value>, ApiError> {
    let page = query.page()?;
    let filter = Filter {
        assessment: query.id("assessmentId")?,
        candidate: query.id("candidateId")?,
        status: query.status()?,
    };
    let listing = store.read(|connection, now| sessions::list(connection, filter, page, now))?;
    Ok(list_body("sessions", listing, page))
}

pub(super) async fn show(
    State(store): State<Arc<Store>>,
    PathId(id): PathId,
    opens_link: Option<Extension<OpenLink>>,
) -> Result<Json<Value>, ApiError> {
    if opens_link.is_some() {
        store.write(|connection, now| -> Result<_, ApiError> {
            Ok(sessions::open_link(connection, &id, now)?)
        })?;
    }
    let session = store
        .read(|connection, now| sessions::find(connection, &id, now))?
        .ok_or_else(|| not_found(&id))?;
    Ok(Json(json!({ "session": session })))
}

/// Deletes a session permanently: its link no longer works, and the candidate can be invited anew.
pub(super) async fn delete(
    State(store): State<Arc<Store>>,
    PathId(id): PathId,
) -> Result<Json<Value>, ApiError> {
    store.write(|connection, _| {
        let deleted = sessions::delete(connection, &id)?;
        deleted.then_some(()).ok_or_else(|| not_found(&id))
    })?;
    Ok(Json(json!({ "ok": true })))
}

/// Scores a session that is submitted or scored.
pub(super) async fn score(
    State(store): State<Arc<Store>>,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    let id = body.required_text("sessionId")?;
    let id = parse_uuid(id).ok_or_else(|| not_found(id))?;
    let result = store.write(|connection, now| {
        let session = sessions::find(connection, &id, now)?.ok_or_else(|| not_found(&id))?;
        if !matches!(
            session.status,
            SessionStatus::Submitted | SessionStatus::Scored
        ) {
            return Err(ApiError::conflict(format!(
                "the session is `{}`: only a `submitted` or `scored` one can be scored",
                session.status.name()
            )));
        }
        sessions::mark_scored(connection, &id, now)?;
        Ok(score::score(&session.id, session.seed, timestamp(now)))
    })?;
    Ok(Json(json!({ "score": result })))
}

fn not_found(id: &str) -> ApiError {
    ApiError::not_found(format!("there is no session `{id}`"))
}
