//! Request bodies: JSON objects whose fields are checked one by one, so that an error can name the field.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::api_error::ApiError;

/// The largest body that is read, in bytes.
pub(crate) const LIMIT: usize = 64 * 1024;

/// The JSON object in a request.
#[derive(Debug)]
pub(crate) struct JsonBody(Map<String, Value>);

impl JsonBody {
    /// Returns a string; `None` if the field is missing or null.
    pub(crate) fn text(&self, field: &str) -> Result<Option<&str>, ApiError> {
        match self.0.get(field) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(wrong_type(field, "a string", other)),
        }
    }

    /// Returns a string that must not be missing or empty.
    pub(crate) fn required_text(&self, field: &str) -> Result<&str, ApiError> {
        self.text(field)?
            .filter(|text| !text.is_empty())
            .ok_or_else(|| ApiError::bad_request(format!("`{field}` is missing")))
    }

    /// Returns a boolean; `None` if the field is missing or null.
    pub(crate) fn flag(&self, field: &str) -> Result<Option<bool>, ApiError> {
        match self.0.get(field) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(other) => Err(wrong_type(field, "a boolean", other)),
        }
    }

    /// Returns a timestamp; `None` if the field is missing or null.
    pub(crate) fn timestamp(&self, field: &str) -> Result<Option<Timestamp>, ApiError> {
        let Some(text) = self.text(field)? else {
            return Ok(None);
        };
        text.parse().map(Some).map_err(|_| {
            ApiError::bad_request(format!(
                "`{field}` must be a timestamp with an offset, like `2025-02-01T23:59:59Z`, not `{text}`"
            ))
        })
    }
}

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|rejection| {
                if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                    let message = format!("the body is larger than {} KiB", LIMIT / 1024);
                    ApiError::new(rejection.status(), message)
                } else {
                    ApiError::bad_request("the body could not be read")
                }
            })?;
        if bytes.is_empty() {
            return Err(ApiError::bad_request(
                "the body is empty; it must be a JSON object",
            ));
        }
        match serde_json::from_slice(&bytes) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(other) => Err(ApiError::bad_request(format!(
                "the body must be a JSON object, not {}",
                json_type(&other)
            ))),
            Err(error) => Err(ApiError::bad_request(format!(
                "the body is not JSON: {error}"
            ))),
        }
    }
}

/// Checks that the text can be an email address; strict enough that a rehearsal finds typing errors.
pub(crate) fn check_email(text: &str) -> Result<(), ApiError> {
    if is_email(text) {
        return Ok(());
    }
    Err(ApiError::bad_request(format!(
        "`email` is not an email address: `{text}`"
    )))
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let forbidden = |c: char| c.is_whitespace() || c.is_control() || "@,;:<>()[]\"\\".contains(c);
    let dotted = |part: &str| part.split('.').all(|label| !label.is_empty());
    text.len() <= 254
        && !text.contains(|c| forbidden(c) && c != '@')
        && !local.contains('@')
        && dotted(local)
        && domain.contains('.')
        && dotted(domain)
        && domain
            .split('.')
            .all(|label| !label.starts_with('-') && !label.ends_with('-'))
}

fn wrong_type(field: &str, wanted: &str, found: &Value) -> ApiError {
    ApiError::bad_request(format!(
        "`{field}` must be {wanted}, not {}",
        json_type(found)
    ))
}

fn json_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
