//! Authentication: every key `gai_…` is accepted, except for two prefixes that show how refusals look.

use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use super::api_error::ApiError;

/// A key that the sandbox accepts.
pub const KEY: &str = "gai_sandbox";

const KEY_PREFIX: &str = "gai_";
const READONLY_PREFIX: &str = "gai_readonly";
const REVOKED_PREFIX: &str = "gai_revoked";

/// The key of a request.
#[derive(Debug, Clone)]
pub(crate) struct BearerKey(String);

impl BearerKey {
    /// Returns the part of the key that the API shows.
    pub(crate) fn prefix(&self) -> String {
        self.0.chars().take(KEY_PREFIX.len() + 4).collect()
    }

    pub(crate) fn is_readonly(&self) -> bool {
        self.0.starts_with(READONLY_PREFIX)
    }
}

/// Lets a request pass if its key permits its method.
pub(crate) async fn require_key(mut request: Request, next: Next) -> Result<Response, ApiError> {
    let key = bearer_key(&request)?;
    let is_read = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if key.is_readonly() && !is_read {
        return Err(ApiError::new(
            StatusCode::FORBIDDEN,
            "this API key has no admin access",
        ));
    }
    request.extensions_mut().insert(key);
    Ok(next.run(request).await)
}

fn bearer_key(request: &Request) -> Result<BearerKey, ApiError> {
    let header = request
        .headers()
        .get(header::AUTHORIZATION)
        .ok_or_else(|| ApiError::unauthorized("the `Authorization` header is missing"))?;
    let key = header
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, key)| key.trim())
        .ok_or_else(|| {
            ApiError::unauthorized("the `Authorization` header must be `Bearer gai_…`")
        })?;
    if key.strip_prefix(KEY_PREFIX).is_none_or(str::is_empty) {
        return Err(ApiError::unauthorized(
            "this is not an API key: keys start with `gai_`",
        ));
    }
    if key.starts_with(REVOKED_PREFIX) {
        return Err(ApiError::unauthorized("this API key was revoked"));
    }
    Ok(BearerKey(key.to_owned()))
}
