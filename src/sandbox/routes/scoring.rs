//! `/api/scoring`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::sessions::not_found;
use crate::sandbox::api_error::ApiError;
use crate::sandbox::body::JsonBody;
use crate::sandbox::clock::timestamp;
use crate::sandbox::score;
use crate::sandbox::seed::parse_uuid;
use crate::sandbox::state::{Store, sessions};
use crate::session_status::SessionStatus;

/// Scores a session that is submitted or scored.
pub(super) async fn create(
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
