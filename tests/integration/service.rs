//! A server that keeps state as the API does: one active session for each candidate, listed page by page.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::hold::Hold;
use crate::stub::{ASSESSMENT, Reply, Request, Stub};

/// A second assessment that the service knows.
pub(crate) const OTHER: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

/// A running service; it ends when dropped.
pub(crate) struct Service {
    pub(crate) stub: Stub,
    sessions: Arc<Mutex<Vec<Session>>>,
}

struct Session {
    assessment: String,
    email: String,
    status: &'static str,
    due_date: Value,
}

impl Service {
    /// Starts a service. `intervene` gets each invite and its number, from 1, before it is carried out: it may block, or return a
    /// reply that is sent instead.
    pub(crate) fn start(
        intervene: impl Fn(usize, &Request) -> Option<Reply> + Send + Sync + 'static,
    ) -> Self {
        let sessions = Arc::<Mutex<Vec<Session>>>::default();
        let kept = Arc::clone(&sessions);
        let count = Mutex::new(0);
        let stub = Stub::start(move |request| {
            if request.is_invite() {
                let number = {
                    let mut count = count.lock().unwrap();
                    *count += 1;
                    *count
                };
                intervene(number, request).unwrap_or_else(|| invite(&kept, request))
            } else {
                look_up(&kept, request)
            }
        });
        Self { stub, sessions }
    }

    /// Starts a service that looks for an active session when an invite arrives, and creates one `delay` later without looking
    /// again. `arrived` gets the number of each invite, from 1, when it arrives.
    pub(crate) fn creating_late(
        delay: impl Fn(usize) -> Duration + Send + Sync + 'static,
        arrived: impl Fn(usize) + Send + Sync + 'static,
    ) -> Self {
        let sessions = Arc::<Mutex<Vec<Session>>>::default();
        let kept = Arc::clone(&sessions);
        let count = AtomicUsize::new(0);
        let stub = Stub::start(move |request| {
            if !request.is_invite() {
                return look_up(&kept, request);
            }
            let number = count.fetch_add(1, Ordering::SeqCst) + 1;
            let found = active_session(&kept.lock().unwrap(), request);
            arrived(number);
            thread::sleep(delay(number));
            invite_unless_found(&mut kept.lock().unwrap(), request, found)
        });
        Self { stub, sessions }
    }

    /// Starts a service without faults.
    pub(crate) fn healthy() -> Self {
        Self::start(|_, _| None)
    }

    /// Starts a service that holds the invites whose number `which` selects.
    pub(crate) fn holding(which: impl Fn(usize) -> bool + Send + Sync + 'static) -> (Self, Hold) {
        let hold = Hold::default();
        let at = hold.clone();
        let service = Self::start(move |number, _| {
            if which(number) {
                at.pass();
            }
            None
        });
        (service, hold)
    }

    /// Marks a candidate's sessions as submitted.
    pub(crate) fn submit(&self, email: &str) {
        for session in &mut *self.sessions.lock().unwrap() {
            if session.email == email {
                session.status = "submitted";
            }
        }
    }

    /// Adds a session that the program did not create.
    pub(crate) fn add_session(&self, email: &str, status: &'static str) {
        self.sessions.lock().unwrap().push(Session {
            assessment: ASSESSMENT.to_owned(),
            email: email.to_owned(),
            status,
            due_date: Value::Null,
        });
    }

    /// The number of sessions of each candidate.
    pub(crate) fn created(&self) -> BTreeMap<String, usize> {
        let mut created = BTreeMap::new();
        for session in &*self.sessions.lock().unwrap() {
            *created.entry(session.email.clone()).or_default() += 1;
        }
        created
    }

    /// Asserts that exactly these candidates have sessions, one each.
    #[track_caller]
    pub(crate) fn has_one_session_for_each(&self, emails: &[String]) {
        let expected: BTreeMap<String, usize> =
            emails.iter().map(|email| (email.clone(), 1)).collect();
        let created = self.created();
        assert!(
            created == expected,
            "{} candidates have a session, {} should; these have more than one: {:?}",
            created.len(),
            expected.len(),
            created
                .iter()
                .filter(|(_, count)| **count > 1)
                .collect::<Vec<_>>()
        );
    }
}

fn invite(sessions: &Mutex<Vec<Session>>, request: &Request) -> Reply {
    let mut sessions = sessions.lock().unwrap();
    let found = active_session(&sessions, request);
    invite_unless_found(&mut sessions, request, found)
}

/// The assessment of an invite.
fn assessment(request: &Request) -> &str {
    request.path.split('/').nth(3).unwrap()
}

/// The number of the candidate's active session.
fn active_session(sessions: &[Session], request: &Request) -> Option<usize> {
    let email = request.email().to_lowercase();
    let assessment = assessment(request);
    sessions.iter().position(|session| {
        session.assessment == assessment && session.email == email && session.status == "invited"
    })
}

/// Returns the active session that was `found`, or creates one.
fn invite_unless_found(
    sessions: &mut Vec<Session>,
    request: &Request,
    found: Option<usize>,
) -> Reply {
    let (status, number) = found.map_or((201, sessions.len()), |number| (200, number));
    if found.is_none() {
        sessions.push(Session {
            assessment: assessment(request).to_owned(),
            email: request.email().to_lowercase(),
            status: "invited",
            due_date: request.body["dueDate"].clone(),
        });
    }
    let url = format!("https://service.example/s/{number}");
    let session = describe(number, &sessions[number]);
    Reply::json(status, &json!({ "inviteUrl": url, "session": session }))
}

fn look_up(sessions: &Mutex<Vec<Session>>, request: &Request) -> Reply {
    let path = request.path.trim_start_matches("/api/");
    let assessment = |id, name| json!({ "id": id, "name": name, "isActive": true });
    let all = [
        assessment(ASSESSMENT, "First Assessment"),
        assessment(OTHER, "Other Assessment"),
    ];
    match path.strip_prefix("assessments/") {
        _ if path == "assessments" => Reply::json(200, &json!({ "assessments": all, "total": 2 })),
        _ if path == "sessions" => list(&sessions.lock().unwrap(), request),
        Some(id) => match all.iter().find(|known| known["id"] == id) {
            Some(found) => Reply::json(200, &json!({ "assessment": found })),
            None => Reply::refusal(404, "the service knows no such assessment"),
        },
        None => Reply::refusal(404, "the service knows no such path"),
    }
}

fn list(sessions: &[Session], request: &Request) -> Reply {
    let listed: Vec<Value> = sessions
        .iter()
        .enumerate()
        .filter(|(_, session)| {
            request
                .query
                .contains(&format!("assessmentId={}", session.assessment))
        })
        .map(|(number, session)| describe(number, session))
        .collect();
    Reply::page(request, "sessions", &listed)
}

fn describe(number: usize, session: &Session) -> Value {
    json!({
        "id": format!("session-{number}"),
        "assessmentId": session.assessment,
        "candidateEmail": session.email,
        "status": session.status,
        "dueDate": session.due_date,
    })
}
