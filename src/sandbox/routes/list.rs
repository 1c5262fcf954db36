//! The response body of all paged lists.

use axum::Json;
use serde::Serialize;
use serde_json::{Value, json};

use crate::sandbox::state::{Listing, Page};

/// Returns `{ NAME: […], total, limit, offset }`.
pub(super) fn list_body<T: Serialize>(name: &str, listing: Listing<T>, page: Page) -> Json<Value> {
    let Listing { entries, total } = listing;
    let (limit, offset) = (page.limit, page.offset);
    Json(json!({ name: entries, "total": total, "limit": limit, "offset": offset }))
}
