//! Reports every request to an observer.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::fault_injector::is_connection_closed;

/// One request and its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedRequest {
    pub method: String,
    /// With the query.
    pub path: String,
    /// 0 if the connection was closed instead.
    pub status: u16,
}

/// A function that is called after each request, on the runtime's threads. It should be quick.
pub type Observer = Arc<dyn Fn(&ObservedRequest) + Send + Sync>;

/// The layer that calls the observer when a response is ready.
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
