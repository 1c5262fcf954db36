//! A server in place of the API whose replies each test decides, for what the sandbox does not do.

use std::collections::HashSet;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use futures_util::{future, stream};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::hold::Hold;

/// The assessment that stubs know.
pub(crate) const ASSESSMENT: &str = "7c9e6679-7425-40de-944b-e07fc1f90ae7";

/// A request that a stub has received.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
    pub(crate) arrived: Instant,
    peer: SocketAddr,
}

impl Request {
    pub(crate) fn is_invite(&self) -> bool {
        self.method == "POST" && self.path.ends_with("/invite")
    }

    /// The email address in an invite.
    pub(crate) fn email(&self) -> &str {
        self.body["email"].as_str().unwrap_or("")
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// A number in the query, such as `offset`.
    pub(crate) fn number(&self, name: &str) -> usize {
        self.query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|(key, _)| *key == name)
            .map_or(0, |(_, value)| value.parse().unwrap())
    }
}

pub(crate) struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Bytes,
    is_broken: bool,
}

impl Reply {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::text(status, body.to_string()).header("content-type", "application/json")
    }

    pub(crate) fn text(status: u16, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.into(),
            is_broken: false,
        }
    }

    /// No response: the connection breaks.
    pub(crate) fn broken() -> Self {
        Self {
            is_broken: true,
            ..Self::text(200, "")
        }
    }

    /// An error response in the documented form.
    pub(crate) fn refusal(status: u16, message: &str) -> Self {
        let error = json!({ "error": { "code": "stub_code", "message": message } });
        Self::json(status, &error)
    }

    /// The page of a list that a request asks for, with at most 100 entries.
    pub(crate) fn page(request: &Request, name: &str, entries: &[Value]) -> Self {
        let limit = request.number("limit").clamp(1, 100);
        let rest = entries.iter().skip(request.number("offset"));
        let page: Vec<&Value> = rest.take(limit).collect();
        Self::json(200, &json!({ name: page, "total": entries.len() }))
    }

    /// Whether it is the response to a request that created something.
    pub(crate) fn is_created(&self) -> bool {
        self.status == 201
    }

    /// The body as JSON.
    pub(crate) fn json_body(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// Replies as a healthy API does: one assessment, an empty list of sessions, a new session for every invite, and a submitted one for
/// every id.
pub(crate) fn default_reply(request: &Request) -> Reply {
    let assessment = json!({ "id": ASSESSMENT, "name": "Stub Assessment", "isActive": true });
    match request.path.trim_start_matches("/api/") {
        "assessments" => Reply::json(200, &json!({ "assessments": [assessment], "total": 1 })),
        "sessions" => Reply::json(200, &json!({ "sessions": [], "total": 0 })),
        _ if request.is_invite() => {
            let url = format!("https://stub.example/s/{}", request.email());
            Reply::json(201, &json!({ "inviteUrl": url }))
        }
        path if path == format!("assessments/{ASSESSMENT}") => {
            Reply::json(200, &json!({ "assessment": assessment }))
        }
        path => match path.strip_prefix("sessions/") {
            Some(id) => {
                let session = json!({ "id": id, "status": "submitted" });
                Reply::json(200, &json!({ "session": session }))
            }
            None => Reply::refusal(404, "the stub knows no such path"),
        },
    }
}

type ReplyFn = Arc<dyn Fn(&Request) -> Reply + Send + Sync>;

#[derive(Clone)]
struct Shared {
    reply: ReplyFn,
    requests: Arc<Mutex<Vec<Request>>>,
}

/// A running stub; it ends when dropped.
pub(crate) struct Stub {
    address: String,
    requests: Arc<Mutex<Vec<Request>>>,
    _runtime: Runtime,
}

impl Stub {
    /// Starts a stub. `reply` may block: every request has its own thread.
    pub(crate) fn start(reply: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let shared = Shared {
            reply: Arc::new(reply),
            requests: Arc::default(),
        };
        let requests = Arc::clone(&shared.requests);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let service = Router::new()
            .fallback(handle)
            .with_state(shared)
            .into_make_service_with_connect_info::<SocketAddr>();
        runtime.spawn(async move { axum::serve(listener, service).await });
        Self {
            address,
            requests,
            _runtime: runtime,
        }
    }

    /// Starts a stub where `reply` decides the replies to invites.
    pub(crate) fn inviting(reply: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        Self::start(move |request| {
            if request.is_invite() {
                reply(request)
            } else {
                default_reply(request)
            }
        })
    }

    /// Starts a stub with these sessions.
    pub(crate) fn listing(sessions: Vec<Value>) -> Self {
        Self::start(move |request| match request.path.as_str() {
            "/api/sessions" => Reply::page(request, "sessions", &sessions),
            _ => default_reply(request),
        })
    }

    /// Starts a stub that holds the requests that `which` selects.
    pub(crate) fn holding(
        which: impl Fn(&Request) -> bool + Send + Sync + 'static,
    ) -> (Self, Hold) {
        let hold = Hold::default();
        let at = hold.clone();
        let stub = Self::start(move |request| {
            if which(request) {
                at.pass();
            }
            default_reply(request)
        });
        (stub, hold)
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// All requests so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// The number of connections so far.
    pub(crate) fn connections(&self) -> usize {
        let requests = self.requests.lock().unwrap();
        let peers: HashSet<SocketAddr> = requests.iter().map(|request| request.peer).collect();
        peers.len()
    }

    /// The number of times that the sessions were listed so far.
    pub(crate) fn lists(&self) -> usize {
        let is_first_page =
            |request: &Request| request.path == "/api/sessions" && request.number("offset") == 0;
        self.requests().iter().filter(|r| is_first_page(r)).count()
    }

    /// The invites so far.
    pub(crate) fn invites(&self) -> Vec<Request> {
        let mut requests = self.requests();
        requests.retain(Request::is_invite);
        requests
    }

    /// The email addresses of all invites so far, sorted.
    pub(crate) fn invited_emails(&self) -> Vec<String> {
        let invites = self.invites();
        let mut emails: Vec<String> = invites.iter().map(|i| i.email().to_owned()).collect();
        emails.sort();
        emails
    }
}

async fn handle(
    State(shared): State<Shared>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let request = Request {
        method: method.to_string(),
        path: uri.path().to_owned(),
        query: uri.query().unwrap_or_default().to_owned(),
        headers,
        body: serde_json::from_slice(&body).unwrap_or(Value::Null),
        arrived: Instant::now(),
        peer,
    };
    shared.requests.lock().unwrap().push(request.clone());
    let reply = tokio::task::spawn_blocking(move || (shared.reply)(&request))
        .await
        .unwrap();
    let mut response = Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    // The head is sent with the beginning of the body, and if that fails, not at all.
    let body = if reply.is_broken {
        let error = io::Error::from(io::ErrorKind::ConnectionAborted);
        Body::from_stream(stream::once(future::ready(Err::<Bytes, _>(error))))
    } else {
        Body::from(reply.body)
    };
    response.body(body).unwrap()
}
