//! The layer that makes requests fail as `faults` describes.

use std::io;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use futures_util::{future, stream};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use serde_json::Value;
use tokio::time::{Instant, sleep, sleep_until};

use super::api_error::ApiError;
use super::clock::{Millis, timestamp};
use super::faults::{Fault, Faults, RetryAfterFormat};

/// The time in which `rate` counts requests.
const WINDOW: Duration = Duration::from_secs(1);

/// What a proxy in front of the API might return.
const PROXY_PAGE: &str = "<!DOCTYPE html>
<html>
<head><title>Be right back</title></head>
<body><h1>We will be right back</h1></body>
</html>
";

/// The faults, and the counters they depend on.
#[derive(Debug)]
pub(crate) struct FaultInjector {
    faults: Faults,
    request_count: AtomicU64,
    /// How many requests for a single session there were.
    look_count: AtomicU64,
    window: Mutex<Window>,
}

/// A second that began with a request, and the number of requests admitted since then.
#[derive(Debug, Default)]
struct Window {
    start: Option<Instant>,
    admitted: u32,
}

/// Marks a response that is never sent.
#[derive(Debug, Clone, Copy)]
struct ConnectionClosed;

/// Marks an invite whose session is created after this time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LateCreation(pub(crate) Duration);

/// Marks a request for a session whose candidate opens the link just before.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OpenLink;

impl FaultInjector {
    pub(crate) fn new(faults: Faults) -> Self {
        Self {
            faults,
            request_count: AtomicU64::new(0),
            look_count: AtomicU64::new(0),
            window: Mutex::default(),
        }
    }

    async fn handle(&self, arrived: Instant, mut request: Request, next: Next) -> Response {
        let number = self.request_count.fetch_add(1, Ordering::Relaxed) + 1;
        if let Err(wait) = self.admit(arrived) {
            return self.rate_limited_response(wait);
        }
        if self.opens_link(&request) {
            request.extensions_mut().insert(OpenLink);
        }
        match self.faults.fault_for(number) {
            None => self.respond(request, next).await,
            Some(Fault::Drop) => close_connection(),
            Some(Fault::Lose) => {
                next.run(request).await;
                close_connection()
            }
            Some(Fault::Error(status)) => {
                ApiError::new(status, "the sandbox is set to refuse this request").into_response()
            }
            Some(Fault::Html) => Html(PROXY_PAGE).into_response(),
            Some(Fault::Truncate) => truncate_body(self.respond(request, next).await).await,
            Some(Fault::Empty) => empty_body(self.respond(request, next).await),
            Some(Fault::Stall(time)) => {
                sleep(time).await;
                self.respond(request, next).await
            }
            Some(Fault::Late(time)) => {
                request.extensions_mut().insert(LateCreation(time));
                self.respond(request, next).await
            }
        }
    }

    /// Returns whether the candidate of the session that is asked for opens the link now.
    fn opens_link(&self, request: &Request) -> bool {
        let Some(every) = self.faults.open else {
            return false;
        };
        let id = request.uri().path().strip_prefix("/api/sessions/");
        if request.method() != Method::GET || id.is_none_or(str::is_empty) {
            return false;
        }
        let number = self.look_count.fetch_add(1, Ordering::Relaxed) + 1;
        number.is_multiple_of(every.get())
    }

    /// Carries out a request.
    async fn respond(&self, request: Request, next: Next) -> Response {
        let response = next.run(request).await;
        match self.faults.short_list {
            Some(length) => shorten_list(response, length.get()).await,
            None => response,
        }
    }

    fn admit(&self, now: Instant) -> Result<(), Duration> {
        let Some(rate) = self.faults.rate else {
            return Ok(());
        };
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        window.admit(now, rate)
    }

    fn rate_limited_response(&self, wait: Duration) -> Response {
        let error = ApiError::new(StatusCode::TOO_MANY_REQUESTS, "too many requests");
        let mut response = error.into_response();
        // Real time: clients do not wait in sandbox time.
        let now = Timestamp::now().as_millisecond();
        if let Some(value) = retry_after(self.faults.retry_after_format, now, wait) {
            response.headers_mut().insert(header::RETRY_AFTER, value);
        }
        response
    }
}

impl Window {
    /// Admits a request, or returns the time until the next window.
    fn admit(&mut self, now: Instant, rate: NonZeroU32) -> Result<(), Duration> {
        let passed = self.start.map(|start| now.saturating_duration_since(start));
        let left = passed.and_then(|passed| WINDOW.checked_sub(passed));
        match left {
            Some(left) if !left.is_zero() => {
                if self.admitted == rate.get() {
                    return Err(left);
                }
                self.admitted += 1;
            }
            _ => {
                self.start = Some(now);
                self.admitted = 1;
            }
        }
        Ok(())
    }
}

pub(crate) async fn inject(
    State(injector): State<Arc<FaultInjector>>,
    request: Request,
    next: Next,
) -> Response {
    let arrived = Instant::now();
    let response = injector.handle(arrived, request, next).await;
    if let Some(latency) = injector.faults.latency {
        sleep_until(arrived + latency).await;
    }
    response
}

/// Returns whether the connection is closed instead of sending this response.
pub(crate) fn is_connection_closed(response: &Response) -> bool {
    response.extensions().get::<ConnectionClosed>().is_some()
}

/// Returns a response that closes its connection before any of it is sent.
///
/// The server buffers the head and asks for the body before it sends anything; if the body fails, it drops the connection with
/// the buffer. (A response to `HEAD` has no body that could fail, and is sent.)
fn close_connection() -> Response {
    let error = io::Error::from(io::ErrorKind::ConnectionAborted);
    let body = stream::once(future::ready(Err::<Bytes, _>(error)));
    let mut response = Response::new(Body::from_stream(body));
    response.extensions_mut().insert(ConnectionClosed);
    response
}

/// Returns a successful response without its body. An error stays as it is.
fn empty_body(response: Response) -> Response {
    if response.status().is_success() {
        StatusCode::NO_CONTENT.into_response()
    } else {
        response
    }
}

/// Cuts the body in half; `Content-Length` then matches the half.
async fn truncate_body(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(whole) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    let half = whole.slice(..whole.len() / 2);
    Response::from_parts(parts, Body::from(half))
}

/// Leaves out the entries of a list after the first `length`, of which a page with an offset has only the rest. Other responses
/// stay as they are.
async fn shorten_list(response: Response, length: usize) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(whole) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let Ok(Value::Object(mut list)) = serde_json::from_slice(&whole) else {
        return Response::from_parts(parts, Body::from(whole));
    };
    let offset = list.get("offset").and_then(Value::as_u64);
    let Some(offset) = offset.and_then(|offset| usize::try_from(offset).ok()) else {
        return Response::from_parts(parts, Body::from(whole));
    };
    for entries in list.values_mut().filter_map(Value::as_array_mut) {
        entries.truncate(length.saturating_sub(offset));
    }
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(Value::Object(list).to_string()))
}

/// Returns the value of a `Retry-After` header, rounded up.
fn retry_after(format: RetryAfterFormat, now: Millis, wait: Duration) -> Option<HeaderValue> {
    let text = match format {
        RetryAfterFormat::Seconds => {
            let rest = u64::from(wait.subsec_nanos() > 0);
            (wait.as_secs() + rest).max(1).to_string()
        }
        RetryAfterFormat::Date => {
            let wait = Millis::try_from(wait.as_millis()).ok()?;
            // A date has whole seconds; the next one also covers the fraction of a millisecond that `wait` lost.
            let end = (now + wait + 1_000) / 1_000 * 1_000;
            DateTimePrinter::new()
                .timestamp_to_rfc9110_string(&timestamp(end))
                .ok()?
        }
    };
    HeaderValue::try_from(text).ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that unwraps nothing has failed")]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::{Ipv4Addr, SocketAddr, TcpStream};
    use std::num::NonZeroU32;
    use std::sync::Arc;
    use std::time::Duration;

    use axum::Router;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use tokio::net::TcpListener;
    use tokio::task::spawn_blocking;
    use tokio::time::Instant;

    use super::{FaultInjector, Window, inject, retry_after};
    use crate::sandbox::faults::{Faults, RetryAfterFormat};

    const NOW: i64 = 1_700_000_000_250;

    fn retry_after_text(format: RetryAfterFormat, millis: u64) -> String {
        let value = retry_after(format, NOW, Duration::from_millis(millis)).unwrap();
        value.to_str().unwrap().to_owned()
    }

    #[test]
    fn a_window_admits_up_to_the_rate() {
        let rate = NonZeroU32::new(2).unwrap();
        let start = Instant::now();
        let at = |millis| start + Duration::from_millis(millis);
        let mut window = Window::default();
        assert_eq!(window.admit(at(100), rate), Ok(()));
        assert_eq!(window.admit(at(400), rate), Ok(()));
        let wait = Err(Duration::from_millis(600));
        assert_eq!(window.admit(at(500), rate), wait);
        assert_eq!(window.admit(at(1_100), rate), Ok(()));
        assert_eq!(window.admit(at(1_100), rate), Ok(()));
        let wait = Err(Duration::from_secs(1));
        assert_eq!(window.admit(at(1_100), rate), wait);
    }

    #[test]
    fn requests_out_of_order_stay_in_their_window() {
        let rate = NonZeroU32::new(1).unwrap();
        let start = Instant::now() + Duration::from_secs(1);
        let mut window = Window::default();
        assert_eq!(window.admit(start, rate), Ok(()));
        let earlier = start.checked_sub(Duration::from_millis(1)).unwrap();
        let wait = Err(Duration::from_secs(1));
        assert_eq!(window.admit(earlier, rate), wait);
    }

    #[test]
    fn a_wait_is_rounded_up() {
        assert_eq!(retry_after_text(RetryAfterFormat::Seconds, 0), "1");
        assert_eq!(retry_after_text(RetryAfterFormat::Seconds, 1_000), "1");
        assert_eq!(retry_after_text(RetryAfterFormat::Seconds, 1_001), "2");
        let date = "Tue, 14 Nov 2023 22:13:21 GMT";
        assert_eq!(retry_after_text(RetryAfterFormat::Date, 749), date);
        let date = "Tue, 14 Nov 2023 22:13:22 GMT";
        assert_eq!(retry_after_text(RetryAfterFormat::Date, 1_000), date);
    }

    #[tokio::test]
    async fn a_dropped_connection_sends_nothing() {
        let faults = Faults::parse(&["drop=2".to_owned()]).unwrap();
        let injector = Arc::new(FaultInjector::new(faults));
        let router = Router::new()
            .route("/", get(async || "hello"))
            .layer(from_fn_with_state(injector, inject));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(axum::serve(listener, router).into_future());

        for expected in ["hello", "", "hello"] {
            let received = spawn_blocking(move || fetch_raw(address)).await.unwrap();
            assert!(received.ends_with(expected), "{received}");
            assert_eq!(received.is_empty(), expected.is_empty(), "{received}");
        }
        server.abort();
    }

    fn fetch_raw(address: SocketAddr) -> String {
        let mut stream = TcpStream::connect(address).unwrap();
        let request = b"GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n";
        stream.write_all(request).unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text
    }
}
