//! The routes, and the layers around them.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, patch, post};

use super::{api_keys, assessments, candidates, invites, sessions};
use crate::sandbox::api_error::ApiError;
use crate::sandbox::fault_injector::{FaultInjector, inject};
use crate::sandbox::faults::Faults;
use crate::sandbox::host_check::{LocalNames, require_local};
use crate::sandbox::key::SandboxKey;
use crate::sandbox::observer::{Observer, observe};
use crate::sandbox::state::Store;
use crate::sandbox::{auth, body};

/// Builds the service for the owner of `key`, which is reached by `names`.
///
/// The last layer is the outermost: the observer sees every response, including those of the fault injector, which does not
/// check keys.
pub(crate) fn router(
    store: Arc<Store>,
    key: SandboxKey,
    names: LocalNames,
    faults: Faults,
    observer: Option<Observer>,
) -> Router {
    let mut router = Router::new()
        .route("/api/api-keys", get(api_keys::list))
        .route("/api/assessments", get(assessments::list))
        .route("/api/assessments/{id}", get(assessments::show))
        .route("/api/assessments/{id}/invite", post(invites::create))
        .route("/api/candidates", get(candidates::list))
        .route(
            "/api/candidates/{id}",
            patch(candidates::update).delete(candidates::delete),
        )
        .route("/api/scoring", post(sessions::score))
        .route("/api/sessions", get(sessions::list))
        .route(
            "/api/sessions/{id}",
            get(sessions::show).delete(sessions::delete),
        )
        .fallback(unknown_path)
        .method_not_allowed_fallback(wrong_method)
        .with_state(store)
        .layer(DefaultBodyLimit::max(body::LIMIT))
        .layer(from_fn_with_state(key, auth::require_key));
    if faults != Faults::default() {
        let injector = Arc::new(FaultInjector::new(faults));
        router = router.layer(from_fn_with_state(injector, inject));
    }
    router = router.layer(from_fn_with_state(Arc::new(names), require_local));
    if let Some(observer) = observer {
        router = router.layer(from_fn_with_state(observer, observe));
    }
    router
}

async fn unknown_path(request: Request) -> ApiError {
    ApiError::not_found(format!("there is nothing at `{}`", request.uri().path()))
}

async fn wrong_method(request: Request) -> ApiError {
    let (method, path) = (request.method(), request.uri().path());
    let message = format!("`{path}` does not take `{method}`");
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, message)
}
