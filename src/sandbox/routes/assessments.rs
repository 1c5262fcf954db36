//! `/api/assessments`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::list::List;
use crate::sandbox::api_error::ApiError;
use crate::sandbox::query::{ListQuery, PathId};
use crate::sandbox::state::Store;
use crate::sandbox::state::assessments::{self, Assessment};

/// Lists assessments.
pub(super) async fn list(
    State(store): State<Arc<Store>>,
    filters: ListQuery,
) -> Result<Json<List<Assessment>>, ApiError> {
    let page = filters.page()?;
    let is_active = filters.flag("isActive")?;
    let listing =
        store.read(|connection, _| Ok(assessments::list(connection, is_active, page)?))?;
    Ok(Json(List {
        name: "assessments",
        listing,
        page,
    }))
}

/// Shows one assessment; one that is not known is adopted.
pub(super) async fn show(
    State(store): State<Arc<Store>>,
    PathId(id): PathId,
) -> Result<Json<Value>, ApiError> {
    let assessment =
        store.write(|connection, now| Ok(assessments::find_or_adopt(connection, &id, now)?))?;
    Ok(Json(json!({ "assessment": assessment })))
}
