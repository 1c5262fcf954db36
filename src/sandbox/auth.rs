//! Authentication: the key of the data directory is accepted, and two forms of it show how refusals look.

use axum::extract::{Request, State};
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::Response;

use super::api_error::ApiError;
use super::key::{KeyKind, SandboxKey};

const KEY_PREFIX: &str = "gai_";

/// What the API shows of the key of a request.
#[derive(Debug, Clone)]
pub(crate) struct ShownKey {
    pub(crate) prefix: String,
    pub(crate) is_admin: bool,
}

/// Lets a request pass if its key permits its method.
pub(crate) async fn require_key(
    State(own_key): State<SandboxKey>,
    mut request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let key = bearer_key(&request)?;
    let is_read = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    let kind = own_key.classify(key);
    match kind {
        KeyKind::Full => {}
        KeyKind::Readonly if is_read => {}
        KeyKind::Readonly => return Err(ApiError::no_admin_access()),
        KeyKind::Revoked => return Err(ApiError::unauthorized("this API key was revoked")),
        KeyKind::Foreign => {
            return Err(ApiError::unauthorized(
                "this is not the key of this sandbox, which `gradient-bulk sandbox` prints",
            ));
        }
    }
    let shown = ShownKey {
        prefix: key.chars().take(KEY_PREFIX.len() + 4).collect(),
        is_admin: kind == KeyKind::Full,
    };
    request.extensions_mut().insert(shown);
    Ok(next.run(request).await)
}

fn bearer_key(request: &Request) -> Result<&str, ApiError> {
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
    Ok(key)
}
