//! A service whose sessions can be invited, deleted and scored, for tests that hold for every kind of change.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::stub::{ASSESSMENT, Reply, Request, Stub, default_reply};
use crate::support::{Project, Ran, Running};

/// A kind of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Invite,
    Revoke,
    Score,
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::Invite, Self::Revoke, Self::Score];

    /// Returns whether a request makes a change of this kind.
    pub(crate) fn is_change(self, request: &Request) -> bool {
        match self {
            Self::Invite => request.is_invite(),
            Self::Revoke => request.method == "DELETE",
            Self::Score => request.path == "/api/scoring",
        }
    }

    /// The outcome of a row that was changed.
    pub(crate) fn done(self) -> &'static str {
        match self {
            Self::Invite => "created",
            Self::Revoke | Self::Score => "done",
        }
    }

    /// What messages say was done with the rows of a plan.
    pub(crate) fn sent(self) -> &'static str {
        match self {
            Self::Invite => "sent",
            Self::Revoke => "revoked",
            Self::Score => "scored",
        }
    }

    /// A script that changes all rows.
    pub(crate) fn script(self) -> &'static str {
        match self {
            Self::Invite => {
                "let people = [];\nfor i in 1..=COUNT { people.push(`p${i}@example.com`); }\ninvite_all(people);\nprint(\"went on\");"
            }
            Self::Revoke => "revoke_all(list_sessions());\nprint(\"went on\");",
            Self::Score => "score_all(list_sessions());\nprint(\"went on\");",
        }
    }

    /// The options that confirm a plan.
    pub(crate) fn consent(self) -> &'static [&'static str] {
        match self {
            Self::Invite | Self::Score => &["--yes"],
            Self::Revoke => &["--yes", "--max-changes", "1000"],
        }
    }
}

/// The state of a session in the service.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) email: String,
    pub(crate) status: &'static str,
    /// How often it was scored.
    pub(crate) scores: usize,
    /// `None` if the service does not say.
    pub(crate) created_at: Option<Timestamp>,
}

/// A key of another organization.
pub(crate) const FOREIGN_KEY: &str = "gai_foreign_organization";

pub(crate) type Sessions = Arc<Mutex<BTreeMap<String, Session>>>;

/// A running service; it ends when dropped.
pub(crate) struct ChangeService {
    pub(crate) stub: Stub,
    pub(crate) sessions: Sessions,
    pub(crate) kind: Kind,
    count: usize,
}

impl ChangeService {
    /// Starts a service for `count` rows to change. `intervene` gets each change and its number, from 1, before it is carried out:
    /// it may block, or return a reply that is sent instead.
    pub(crate) fn start(
        kind: Kind,
        count: usize,
        intervene: impl Fn(usize, &Request, &Sessions) -> Option<Reply> + Send + Sync + 'static,
    ) -> Self {
        let sessions = Sessions::default();
        let status = match kind {
            Kind::Invite => None,
            Kind::Revoke => Some("invited"),
            Kind::Score => Some("submitted"),
        };
        if let Some(status) = status {
            for number in 1..=count {
                let email = format!("p{number}@example.com");
                add(&sessions, &format!("s{number:04}"), &email, status);
            }
        }
        let kept = Arc::clone(&sessions);
        let changes = Mutex::new(0);
        let stub = Stub::start(move |request| {
            if request.header("authorization").ends_with(FOREIGN_KEY) {
                return foreign_reply(request);
            }
            if kind.is_change(request) {
                let number = {
                    let mut changes = changes.lock().unwrap();
                    *changes += 1;
                    *changes
                };
                if let Some(reply) = intervene(number, request, &kept) {
                    return reply;
                }
            }
            reply(&kept, request)
        });
        Self {
            stub,
            sessions,
            kind,
            count,
        }
    }

    pub(crate) fn healthy(kind: Kind, count: usize) -> Self {
        Self::start(kind, count, |_, _, _| None)
    }

    /// A project whose `script.rhai` changes all rows.
    pub(crate) fn project(&self) -> Project {
        let script = self.kind.script().replace("COUNT", &self.count.to_string());
        Project::new()
            .talking_to(&self.stub)
            .file("script.rhai", script)
    }

    /// Runs the script, confirmed.
    pub(crate) fn run(&self, project: &Project, options: &[&str]) -> Ran {
        self.begin(project, options).finish()
    }

    pub(crate) fn begin(&self, project: &Project, options: &[&str]) -> Running {
        let consent = self.kind.consent();
        project.start(&[&["run"], consent, options, &["script.rhai"]].concat())
    }

    /// Sends the rest of run 1, confirmed.
    pub(crate) fn send(&self, project: &Project, options: &[&str]) -> Ran {
        let consent = self.kind.consent();
        project.run(&[&["send", "1"], consent, options].concat())
    }

    /// The changes that were requested so far.
    pub(crate) fn changes(&self) -> usize {
        let requests = self.stub.requests();
        let changes = requests
            .iter()
            .filter(|request| self.kind.is_change(request));
        changes.count()
    }

    /// How many rows are changed in the service.
    pub(crate) fn changed(&self) -> usize {
        let sessions = self.sessions.lock().unwrap();
        match self.kind {
            Kind::Invite => sessions.len(),
            Kind::Revoke => self.count - sessions.len(),
            Kind::Score => sessions.values().filter(|each| each.scores > 0).count(),
        }
    }
}

pub(crate) fn add(sessions: &Sessions, id: &str, email: &str, status: &'static str) {
    let session = Session::new(email, status);
    sessions.lock().unwrap().insert(id.to_owned(), session);
}

impl Session {
    fn new(email: &str, status: &'static str) -> Self {
        Self {
            email: email.to_owned(),
            status,
            scores: 0,
            created_at: Some(Timestamp::now()),
        }
    }
}

fn to_json(id: &str, session: &Session) -> Value {
    json!({
        "id": id,
        "assessmentId": ASSESSMENT,
        "assessmentName": "Stub Assessment",
        "status": session.status,
        "candidateEmail": session.email,
        "candidateName": "Ada Lee",
        "createdAt": session.created_at.map(|at| at.to_string()),
    })
}

/// Replies to a request with [`FOREIGN_KEY`], which reaches nothing.
fn foreign_reply(request: &Request) -> Reply {
    match request.path.as_str() {
        "/api/sessions" => Reply::page(request, "sessions", &[]),
        "/api/assessments" => Reply::page(request, "assessments", &[]),
        _ => Reply::refusal(404, "there is no such thing in this organization"),
    }
}

/// Carries out a request.
pub(crate) fn reply(sessions: &Sessions, request: &Request) -> Reply {
    let missing = || Reply::refusal(404, "there is no such session");
    if let Some(id) = request.path.strip_prefix("/api/sessions/") {
        let mut sessions = sessions.lock().unwrap();
        return match (request.method.as_str(), sessions.get(id)) {
            (_, None) => missing(),
            ("DELETE", _) => {
                sessions.remove(id);
                Reply::json(200, &json!({ "ok": true }))
            }
            (_, Some(session)) => Reply::json(200, &json!({ "session": to_json(id, session) })),
        };
    }
    if request.path == "/api/sessions" {
        let sessions = sessions.lock().unwrap();
        let entries: Vec<Value> = sessions
            .iter()
            .map(|(id, session)| to_json(id, session))
            .collect();
        return Reply::page(request, "sessions", &entries);
    }
    if request.path == "/api/scoring" {
        let id = request.body["sessionId"].as_str().unwrap();
        let mut sessions = sessions.lock().unwrap();
        let Some(session) = sessions.get_mut(id) else {
            return missing();
        };
        session.scores += 1;
        session.status = "scored";
        return Reply::json(200, &json!({ "score": { "finalScore": 78 } }));
    }
    if request.is_invite() {
        let mut sessions = sessions.lock().unwrap();
        let active = sessions
            .iter()
            .find(|(_, session)| session.email == request.email());
        let active = active.map(|(id, _)| id.clone());
        let status = if active.is_some() { 200 } else { 201 };
        let id = active.unwrap_or_else(|| {
            let numbers = sessions.keys().filter_map(|id| id[1..].parse().ok());
            format!("s{:04}", numbers.max().unwrap_or(0) + 1)
        });
        let session = sessions
            .entry(id.clone())
            .or_insert_with(|| Session::new(request.email(), "invited"));
        let url = format!("https://stub.example/s/{id}");
        let session = to_json(&id, session);
        return Reply::json(status, &json!({ "inviteUrl": url, "session": session }));
    }
    default_reply(request)
}
