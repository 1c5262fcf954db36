//! What stands in a URL: ids in the path, filters and paging in the query.

use std::collections::HashMap;

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;

use super::api_error::ApiError;
use super::lifecycle::Status;
use super::syntax;

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
        syntax::parse_uuid(&text).map(Self).ok_or_else(|| {
            ApiError::not_found(format!(
                "there is nothing with the id `{text}`: ids are UUIDs"
            ))
        })
    }
}

/// Which part of a list is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Page {
    /// How many entries at most.
    pub(crate) limit: i64,
    /// How many to leave out before them.
    pub(crate) offset: i64,
}

/// The query of a list.
#[derive(Debug)]
pub(crate) struct ListQuery(HashMap<String, String>);

impl ListQuery {
    /// Returns the wanted page.
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

    /// Returns the id to filter by.
    pub(crate) fn id(&self, name: &str) -> Result<Option<String>, ApiError> {
        self.parsed(name, "a UUID", syntax::parse_uuid)
    }

    /// Returns the truth value to filter by.
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, ApiError> {
        self.parsed(name, "`true` or `false`", |text| text.parse().ok())
    }

    /// Returns the status to filter by.
    pub(crate) fn status(&self) -> Result<Option<Status>, ApiError> {
        let words = Status::ALL.map(|status| format!("`{}`", status.name()));
        self.parsed("status", &format!("one of {}", words.join(", ")), |text| {
            Status::ALL.into_iter().find(|status| status.name() == text)
        })
    }

    fn number(&self, name: &str) -> Result<Option<i64>, ApiError> {
        self.parsed(name, "a whole number", |text| text.parse().ok())
    }

    fn parsed<T>(
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
