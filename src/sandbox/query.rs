//! Parses URLs: the id in a path, the filters and the page in a query. Makes the page of a list.

use std::collections::HashMap;

use axum::Json;
use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use serde::Serialize;
use serde_json::{Value, json};

use super::api_error::ApiError;
use super::seed::parse_uuid;
use super::state::{Listing, Page};
use crate::session_status::SessionStatus;

const LIMITS: std::ops::RangeInclusive<i64> = 1..=100;
const DEFAULT_LIMIT: i64 = 20;

/// The id in a path like `/api/sessions/:id`, in lower case.
#[derive(Debug)]
pub(crate) struct PathId(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for PathId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Ok(Path(text)) = Path::<String>::from_request_parts(parts, state).await else {
            return Err(ApiError::not_found("the id in the path is not text"));
        };
        parse_uuid(&text).map(Self).ok_or_else(|| {
            ApiError::not_found(format!(
                "there is nothing with the id `{text}`: ids are UUIDs"
            ))
        })
    }
}

#[derive(Debug)]
pub(crate) struct ListQuery(HashMap<String, String>);

impl ListQuery {
    pub(crate) fn page(&self) -> Result<Page, ApiError> {
        let limit = self.number("limit")?.unwrap_or(DEFAULT_LIMIT);
        let offset = self.number("offset")?.unwrap_or(0);
        if !LIMITS.contains(&limit) {
            return Err(ApiError::bad_request(format!(
                "`limit` must be from 1 to 100, not `{limit}`"
            )));
        }
        if offset < 0 {
            return Err(ApiError::bad_request(format!(
                "`offset` must not be negative, not `{offset}`"
            )));
        }
        Ok(Page { limit, offset })
    }

    pub(crate) fn id(&self, name: &str) -> Result<Option<String>, ApiError> {
        self.parse(name, "a UUID", parse_uuid)
    }

    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, ApiError> {
        self.parse(name, "`true` or `false`", |text| text.parse().ok())
    }

    pub(crate) fn status(&self) -> Result<Option<SessionStatus>, ApiError> {
        let names = SessionStatus::ALL.iter();
        let names: Vec<String> = names.map(|status| format!("`{}`", status.name())).collect();
        let wanted = format!("one of {}", names.join(", "));
        self.parse("status", &wanted, SessionStatus::of)
    }

    fn number(&self, name: &str) -> Result<Option<i64>, ApiError> {
        self.parse(name, "a whole number", |text| text.parse().ok())
    }

    fn parse<T>(
        &self,
        name: &str,
        wanted: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, ApiError> {
        let Some(text) = self.0.get(name) else {
            return Ok(None);
        };
        parse(text).map(Some).ok_or_else(|| {
            ApiError::bad_request(format!("`{name}` must be {wanted}, not `{text}`"))
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ListQuery {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match Query::from_request_parts(parts, state).await {
            Ok(Query(filters)) => Ok(Self(filters)),
            Err(_) => Err(ApiError::bad_request("the query cannot be read")),
        }
    }
}

/// Returns `{ NAME: […], total, limit, offset }`, the response body of all paged lists.
pub(crate) fn list_body<T: Serialize>(name: &str, listing: Listing<T>, page: Page) -> Json<Value> {
    let Listing { entries, total } = listing;
    let (limit, offset) = (page.limit, page.offset);
    Json(json!({ name: entries, "total": total, "limit": limit, "offset": offset }))
}
