//! What stands in a URL: ids in the path, filters and paging in the query.

use std::collections::HashMap;

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;

use super::answer::Refusal;
use super::lifecycle::Status;
use super::syntax;

const LIMITS: std::ops::RangeInclusive<i64> = 1..=100;
const DEFAULT_LIMIT: i64 = 20;

/// The id in a path like `/api/sessions/:id`, in lower case.
#[derive(Debug)]
pub(crate) struct Id(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let Ok(Path(text)) = Path::<String>::from_request_parts(parts, state).await else {
            return Err(Refusal::not_found("the id in the path is not text"));
        };
        syntax::uuid(&text).map(Self).ok_or_else(|| {
            Refusal::not_found(format!(
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
pub(crate) struct Filters(HashMap<String, String>);

impl Filters {
    /// Returns the wanted page.
    pub(crate) fn page(&self) -> Result<Page, Refusal> {
        let limit = self.number("limit")?.unwrap_or(DEFAULT_LIMIT);
        let offset = self.number("offset")?.unwrap_or(0);
        if !LIMITS.contains(&limit) {
            return Err(Refusal::bad_request(format!(
                "`limit` must be from 1 to 100, not `{limit}`"
            )));
        }
        if offset < 0 {
            return Err(Refusal::bad_request(format!(
                "`offset` must not be negative, not `{offset}`"
            )));
        }
        Ok(Page { limit, offset })
    }

    /// Returns the id to filter by.
    pub(crate) fn id(&self, name: &str) -> Result<Option<String>, Refusal> {
        self.parsed(name, "a UUID", syntax::uuid)
    }

    /// Returns the truth value to filter by.
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, Refusal> {
        self.parsed(name, "`true` or `false`", |text| text.parse().ok())
    }

    /// Returns the status to filter by.
    pub(crate) fn status(&self) -> Result<Option<Status>, Refusal> {
        let words = Status::ALL.map(|status| format!("`{}`", status.word()));
        self.parsed("status", &format!("one of {}", words.join(", ")), |text| {
            Status::ALL.into_iter().find(|status| status.word() == text)
        })
    }

    fn number(&self, name: &str) -> Result<Option<i64>, Refusal> {
        self.parsed(name, "a whole number", |text| text.parse().ok())
    }

    fn parsed<T>(
        &self,
        name: &str,
        wanted: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, Refusal> {
        let Some(text) = self.0.get(name) else {
            return Ok(None);
        };
        parse(text)
            .map(Some)
            .ok_or_else(|| Refusal::bad_request(format!("`{name}` must be {wanted}, not `{text}`")))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Filters {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        match Query::from_request_parts(parts, state).await {
            Ok(Query(filters)) => Ok(Self(filters)),
            Err(_) => Err(Refusal::bad_request("the query cannot be read")),
        }
    }
}
