//! Refuses requests that a web page may have made.
//!
//! A browser sends requests of any page to this machine. A page whose host name is resolved to 127.0.0.1 (DNS rebinding)
//! can even read the responses. Such requests have a foreign `Host`; those of other pages have an `Origin`, a
//! `Sec-Fetch-Site`, or both.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use super::api_error::ApiError;

/// The names by which a server can be addressed.
#[derive(Debug)]
pub(crate) struct LocalNames(Vec<String>);

impl LocalNames {
    pub(crate) fn of(port: u16) -> Self {
        let hosts = ["127.0.0.1", "localhost", "[::1]"];
        let with_port = hosts.iter().map(|host| format!("{host}:{port}"));
        // Clients leave out the default port.
        let without_port = hosts.iter().filter(|_| port == 80).map(ToString::to_string);
        Self(with_port.chain(without_port).collect())
    }

    fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|known| known.eq_ignore_ascii_case(name))
    }

    fn check(&self, request: &Request) -> Result<(), ApiError> {
        let headers = request.headers();
        self.check_host(headers)?;
        // `GET http://name/path` names the host once more.
        if let Some(authority) = request.uri().authority() {
            self.check_name(authority.as_str())?;
        }
        check_sender(headers, |origin| {
            let name = origin.strip_prefix("http://");
            name.is_some_and(|name| self.contains(name))
        })
    }

    fn check_host(&self, headers: &HeaderMap) -> Result<(), ApiError> {
        let mut hosts = headers.get_all(HOST).iter();
        match (hosts.next(), hosts.next()) {
            (Some(host), None) => self.check_name(&text(host)),
            (None, _) => Err(ApiError::bad_request("the `Host` header is missing")),
            (Some(_), Some(_)) => Err(ApiError::bad_request(
                "there is more than one `Host` header",
            )),
        }
    }

    fn check_name(&self, name: &str) -> Result<(), ApiError> {
        if self.contains(name) {
            return Ok(());
        }
        let known: Vec<String> = self.0.iter().map(|name| format!("`{name}`")).collect();
        Err(forbidden(format!(
            "the sandbox can be reached as {}, not as `{name}`",
            known.join(", ")
        )))
    }
}

/// Checks what a browser says about the page that sends a request.
fn check_sender(headers: &HeaderMap, is_own: impl Fn(&str) -> bool) -> Result<(), ApiError> {
    let own_site = |site: &str| matches!(site, "same-origin" | "none");
    let origins = headers.get_all(ORIGIN).iter().map(text);
    let sites = headers.get_all("sec-fetch-site").iter().map(text);
    let foreign = origins
        .filter(|origin| !is_own(origin))
        .map(|origin| ("Origin", origin))
        .chain(
            sites
                .filter(|site| !own_site(site))
                .map(|site| ("Sec-Fetch-Site", site)),
        )
        .next();
    match foreign {
        None => Ok(()),
        Some((header, value)) => Err(forbidden(format!(
            "the sandbox does not answer web pages, and this request has the header `{header}: {value}`"
        ))),
    }
}

fn text(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}

fn forbidden(message: String) -> ApiError {
    ApiError::new(StatusCode::FORBIDDEN, message)
}

/// Lets a request pass that names this server, and that no foreign web page has sent.
pub(crate) async fn require_local(
    State(names): State<Arc<LocalNames>>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    names.check(&request)?;
    Ok(next.run(request).await)
}
