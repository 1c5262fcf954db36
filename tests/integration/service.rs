//! A server that keeps state as the API does: one active session for each candidate, listed page by page.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::hold::Hold;
use crate::stub::{ASSESSMENT, Reply, Request, Stub};

/// The documented statuses of a session, and one that is not.
pub(crate) const STATUSES: [&str; 8] = [
    "invited",
    "setup",
    "in_progress",
    "submitted",
    "scoring",
    "scored",
    "reviewed",
    "on_hold",
];

/// A second assessment that the service knows.
pub(crate) const OTHER: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

/// A running service; it ends when dropped.
pub(crate) struct Service {
    pub(crate) stub: Stub,
    sessions: Arc<Mutex<Vec<Session>>>,
    /// The deadline of each assessment.
    deadline: Arc<Mutex<Value>>,
    /// Which list of sessions is refused, from 1; 0 for none.
    refused_list: Arc<AtomicUsize>,
}

struct Session {
    assessment: String,
    email: String,
    status: &'static str,
    candidate_name: Value,
    due_date: Value,
    created_at: Timestamp,
}

/// What is wrong with the response to an invite. Unless it says otherwise, the session is created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InviteFault {
    /// The session is created after this time, although there may be another one by then. The response comes after that.
    Late(Duration),
    /// The connection breaks.
    Lost,
    /// The connection breaks, and the candidate hands in at once.
    Finished,
    /// The connection breaks, and no session is created.
    Dropped,
    /// A gateway gives up, with this status.
    Gateway(u16),
    /// A gateway gives up with this status, and no session is created.
    Unreachable(u16),
    /// The response is not JSON.
    Page,
    /// The response is empty.
    Empty,
    /// The response never comes, and no session is created.
    Never,
}

/// How long a response takes that never comes: longer than the timeout of any test with such a response.
const NEVER: Duration = Duration::from_secs(3);

impl Service {
    /// Starts a service. `intervene` gets each invite and its number, from 1, before it is carried out: it may block, or return a
    /// reply that is sent instead.
    pub(crate) fn start(
        intervene: impl Fn(usize, &Request) -> Option<Reply> + Send + Sync + 'static,
    ) -> Self {
        Self::with_sessions(Arc::default(), intervene)
    }

    fn with_sessions(
        sessions: Arc<Mutex<Vec<Session>>>,
        intervene: impl Fn(usize, &Request) -> Option<Reply> + Send + Sync + 'static,
    ) -> Self {
        let kept = Arc::clone(&sessions);
        let count = Mutex::new(0);
        let lists = AtomicUsize::new(0);
        let refused_list = Arc::<AtomicUsize>::default();
        let refused = Arc::clone(&refused_list);
        let deadline = Arc::<Mutex<Value>>::default();
        let due_date = Arc::clone(&deadline);
        let stub = Stub::start(move |request| {
            if request.is_invite() {
                let number = {
                    let mut count = count.lock().unwrap();
                    *count += 1;
                    *count
                };
                intervene(number, request).unwrap_or_else(|| invite(&kept, request))
            } else if request.path == "/api/sessions"
                && lists.fetch_add(1, Ordering::SeqCst) + 1 == refused.load(Ordering::SeqCst)
            {
                Reply::refusal(422, "no list today")
            } else {
                look_up(&kept, &due_date.lock().unwrap(), request)
            }
        });
        Self {
            stub,
            sessions,
            deadline,
            refused_list,
        }
    }

    /// Starts a service that has the faults that `fault` selects, by the number of the invite, from 1.
    pub(crate) fn faulty(
        fault: impl Fn(usize, &Request) -> Option<InviteFault> + Send + Sync + 'static,
    ) -> Self {
        let sessions = Arc::<Mutex<Vec<Session>>>::default();
        let shared = Arc::clone(&sessions);
        Self::with_sessions(sessions, move |number, request| {
            let fault = fault(number, request)?;
            Some(faulty_reply(&shared, request, fault))
        })
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

    /// Refuses the list of sessions that is requested as the one with this number, from 1.
    pub(crate) fn refuse_list(&self, number: usize) {
        self.refused_list.store(number, Ordering::SeqCst);
    }

    /// Sets the deadline of each assessment.
    pub(crate) fn set_deadline(&self, deadline: Value) {
        *self.deadline.lock().unwrap() = deadline;
    }

    /// Marks a candidate's sessions as submitted.
    pub(crate) fn submit(&self, email: &str) {
        for session in &mut *self.sessions.lock().unwrap() {
            if session.email == email {
                session.status = "submitted";
            }
        }
    }

    /// Deletes all sessions.
    pub(crate) fn delete_sessions(&self) {
        self.sessions.lock().unwrap().clear();
    }

    /// Adds a session that the program did not create.
    pub(crate) fn add_session(&self, email: &str, status: &'static str) {
        self.add_session_since(email, status, Timestamp::now());
    }

    /// Adds a session that was created at this time.
    pub(crate) fn add_session_since(
        &self,
        email: &str,
        status: &'static str,
        created_at: Timestamp,
    ) {
        self.add(email, status, [Value::Null, Value::Null], created_at);
    }

    /// Adds a session with the name of its candidate and its deadline.
    pub(crate) fn add_session_with(
        &self,
        email: &str,
        status: &'static str,
        candidate_name: Value,
        due_date: Value,
    ) {
        self.add(email, status, [candidate_name, due_date], Timestamp::now());
    }

    fn add(
        &self,
        email: &str,
        status: &'static str,
        [candidate_name, due_date]: [Value; 2],
        created_at: Timestamp,
    ) {
        self.sessions.lock().unwrap().push(Session {
            assessment: ASSESSMENT.to_owned(),
            email: email.to_owned(),
            status,
            candidate_name,
            due_date,
            created_at,
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

    /// The candidate of each session, by its number.
    pub(crate) fn emails(&self) -> Vec<String> {
        let sessions = self.sessions.lock().unwrap();
        sessions
            .iter()
            .map(|session| session.email.clone())
            .collect()
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

fn faulty_reply(sessions: &Mutex<Vec<Session>>, request: &Request, fault: InviteFault) -> Reply {
    match fault {
        InviteFault::Late(time) => {
            let found = find_active(&sessions.lock().unwrap(), request);
            if found.is_none() {
                thread::sleep(time);
            }
            return invite_unless_found(&mut sessions.lock().unwrap(), request, found);
        }
        InviteFault::Never => {
            thread::sleep(NEVER);
            return Reply::broken();
        }
        InviteFault::Dropped => return Reply::broken(),
        InviteFault::Unreachable(status) => return Reply::text(status, "<html>"),
        _ => {}
    }
    let invited = invite(sessions, request);
    match fault {
        InviteFault::Gateway(status) => Reply::text(status, "<html>"),
        InviteFault::Page => Reply::text(200, "<html>"),
        InviteFault::Empty => Reply::text(201, ""),
        InviteFault::Finished => {
            let number = find_active(&sessions.lock().unwrap(), request).unwrap();
            sessions.lock().unwrap()[number].status = "submitted";
            Reply::broken()
        }
        InviteFault::Lost => Reply::broken(),
        _ => invited,
    }
}

fn invite(sessions: &Mutex<Vec<Session>>, request: &Request) -> Reply {
    let mut sessions = sessions.lock().unwrap();
    let found = find_active(&sessions, request);
    invite_unless_found(&mut sessions, request, found)
}

/// Returns the active session that was `found`, or creates one.
fn invite_unless_found(
    sessions: &mut Vec<Session>,
    request: &Request,
    found: Option<usize>,
) -> Reply {
    let status = if found.is_some() { 200 } else { 201 };
    let number = found.unwrap_or_else(|| create(sessions, request));
    let url = format!("https://service.example/s/{number}");
    let session = describe(number, &sessions[number]);
    Reply::json(status, &json!({ "inviteUrl": url, "session": session }))
}

/// The assessment and the address of an invite.
fn subject(request: &Request) -> (&str, String) {
    let assessment = request.path.split('/').nth(3).unwrap();
    (assessment, request.email().to_lowercase())
}

fn find_active(sessions: &[Session], request: &Request) -> Option<usize> {
    let (assessment, email) = subject(request);
    sessions.iter().position(|session| {
        let is_active = ["invited", "setup", "in_progress"].contains(&session.status);
        session.assessment == assessment && session.email == email && is_active
    })
}

fn create(sessions: &mut Vec<Session>, request: &Request) -> usize {
    let (assessment, email) = subject(request);
    sessions.push(Session {
        assessment: assessment.to_owned(),
        email,
        status: "invited",
        candidate_name: request.body["name"].clone(),
        due_date: request.body["dueDate"].clone(),
        created_at: Timestamp::now(),
    });
    sessions.len() - 1
}

fn look_up(sessions: &Mutex<Vec<Session>>, deadline: &Value, request: &Request) -> Reply {
    let path = request.path.trim_start_matches("/api/");
    let assessment =
        |id, name| json!({ "id": id, "name": name, "isActive": true, "dueDate": deadline });
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
        "candidateName": session.candidate_name,
        "status": session.status,
        "dueDate": session.due_date,
        "createdAt": session.created_at.to_string(),
    })
}
