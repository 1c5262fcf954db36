//! Request bodies: JSON objects whose fields are checked one by one, so that a refusal can name the
//! field.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::api_error::ApiError;

/// The largest body that is read, in bytes.
pub(crate) const LIMIT: usize = 64 * 1024;

/// The JSON object a request came with.
#[derive(Debug)]
pub(crate) struct JsonBody(Map<String, Value>);

impl JsonBody {
    /// Returns a text; none where the field is missing or null.
    pub(crate) fn text(&self, field: &str) -> Result<Option<&str>, ApiError> {
        match self.0.get(field) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(wrong_type(field, "a string", other)),
        }
    }

    /// Returns a text that has to be there.
    pub(crate) fn required_text(&self, field: &str) -> Result<&str, ApiError> {
        self.text(field)?
            .filter(|text| !text.is_empty())
            .ok_or_else(|| ApiError::bad_request(format!("`{field}` is missing")))
    }

    /// Returns a truth value; none where the field is missing or null.
    pub(crate) fn flag(&self, field: &str) -> Result<Option<bool>, ApiError> {
        match self.0.get(field) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(other) => Err(wrong_type(field, "a boolean", other)),
        }
    }

    /// Returns an instant; none where the field is missing or null.
    pub(crate) fn instant(&self, field: &str) -> Result<Option<Timestamp>, ApiError> {
        let Some(text) = self.text(field)? else {
            return Ok(None);
        };
        text.parse().map(Some).map_err(|_| {
            ApiError::bad_request(format!(
                "`{field}` must be an instant with its zone like `2025-02-01T23:59:59Z`, not `{text}`"
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
                    ApiError::too_large(format!("the body is larger than {} KiB", LIMIT / 1024))
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
