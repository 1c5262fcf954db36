//! What an observer of the server is told.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::fault_injector::is_connection_closed;

/// One request and how it was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ObservedRequest {
    /// The request's method, like `POST`.
    pub method: String,
    /// The request's path with its query.
    pub path: String,
    /// The status of the answer; 0 where the connection was closed instead.
    pub status: u16,
}

/// A function that is called after each request, on the runtime's threads: it should be
/// quick.
pub type Observer = Arc<dyn Fn(&ObservedRequest) + Send + Sync>;

/// Reports each request to the observer once its answer is ready.
pub(crate) async fn observe(
    State(observer): State<Observer>,
    request: Request,
    next: Next,
) -> Response {
    let method = request.method().to_string();
    let path = request
        .uri()
        .path_and_query()
        .map_or_else(String::new, ToString::to_string);
    let response = next.run(request).await;
    let status = if is_connection_closed(&response) {
        0
    } else {
        response.status().as_u16()
    };
    observer(&ObservedRequest {
        method,
        path,
        status,
    });
    response
}
