//! `/api/assessments`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::sandbox::api_error::ApiError;
use crate::sandbox::query::{ListQuery, PathId, list_body};
use crate::sandbox::state::{Store, assessments};

pub(super) async fn list(
    State(store): State<Arc<Store>>,
    query: ListQuery,
) -> Result<Json<Value>, ApiError> {
    let page = query.page()?;
    let is_active = query.flag("isActive")?;
    let listing = store.read(|connection, _| assessments::list(connection, is_active, page))?;
    Ok(list_body("assessments", listing, page))
}

/// Shows an assessment; an unknown one is adopted.
pub(super) async fn show(
    State(store): State<Arc<Store>>,
    PathId(id): PathId,
) -> Result<Json<Value>, ApiError> {
    let assessment = store.write(|connection, now| -> Result<_, ApiError> {
        Ok(assessments::find_or_adopt(connection, &id, now)?)
    })?;
    Ok(Json(json!({ "assessment": assessment })))
}
