//! The sandbox over HTTP: the documented API, and a server that several processes share.

use std::time::Instant;

use serde_json::{Value, json};

use crate::support::{PATIENCE, Project, Sandbox};

/// The assessment that is used if none is named.
const ASSESSMENT: &str = "1a6d0f8e-5b42-4ce9-b813-3dfaeb0c6951";
/// A UUID that the sandbox does not know.
const UNKNOWN_ID: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

fn start(options: &[&str]) -> (Project, Sandbox) {
    let project = Project::new();
    let sandbox = project.sandbox(options);
    (project, sandbox)
}

fn invite(sandbox: &Sandbox, body: &Value) -> (u16, Value) {
    sandbox.post(&format!("/api/assessments/{ASSESSMENT}/invite"), body)
}

fn invite_many(sandbox: &Sandbox, count: usize) {
    for number in 0..count {
        let email = format!("someone{number}@example.com");
        let (status, _) = invite(sandbox, &json!({ "email": email, "name": "Some One" }));
        assert_eq!(status, 201);
    }
}

/// Polls until the condition is true; sandbox time passes with every request.
fn wait_until(condition: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !condition() {
        assert!(Instant::now() < deadline, "timed out");
    }
}

/// Asserts an error response in the documented form, and returns its message.
#[track_caller]
fn refused((status, body): (u16, Value), expected: u16) -> String {
    assert_eq!(status, expected, "{body}");
    let Value::String(code) = &body["error"]["code"] else {
        panic!("no code in {body}");
    };
    assert!(!code.is_empty(), "{body}");
    match body["error"]["message"].as_str() {
        Some(message) => message.to_owned(),
        None => panic!("no message in {body}"),
    }
}

#[test]
fn a_second_invite_returns_the_active_session() {
    let (_project, sandbox) = start(&[]);
    let body = json!({ "email": "Jane@Example.com", "name": "Jane", "dueDate": "2035-02-01T23:59:59Z", "sendEmail": false });
    let (status, first) = invite(&sandbox, &body);
    assert_eq!(status, 201);
    assert!(
        first["inviteUrl"].as_str().unwrap().starts_with("https://"),
        "{first}"
    );
    let session = &first["session"];
    assert_eq!(session["status"], "invited");
    assert_eq!(session["assessmentId"], ASSESSMENT);
    assert_eq!(session["candidateName"], "Jane");
    assert_eq!(session["candidateEmail"], "Jane@Example.com");
    assert_eq!(session["dueDate"], "2035-02-01T23:59:59Z");
    for field in ["id", "candidateId", "token", "createdAt", "assessmentName"] {
        assert!(session[field].is_string(), "{field} in {session}");
    }
    for field in ["setupStartedAt", "taskStartedAt", "submittedAt"] {
        assert!(session[field].is_null(), "{field} in {session}");
    }

    let again =
        json!({ "email": "jane@EXAMPLE.com", "name": "J.", "dueDate": "2036-01-01T00:00:00Z" });
    let (status, second) = invite(&sandbox, &again);
    assert_eq!(status, 200);
    assert_eq!(second, first);
}

#[test]
fn an_invite_after_submission_creates_another_session() {
    // Everyone submits within 36 hours, which pass in a fraction of a second.
    let (_project, sandbox) = start(&["--speed", "1000000"]);
    let body = json!({ "email": "jane@example.com", "name": "Jane" });
    let (_, first) = invite(&sandbox, &body);
    let path = format!("/api/sessions/{}", first["session"]["id"].as_str().unwrap());
    wait_until(|| sandbox.get(&path).1["session"]["status"] == "submitted");
    let (status, second) = invite(&sandbox, &body);
    assert_eq!(status, 201);
    assert_ne!(second["session"]["id"], first["session"]["id"]);
    assert_eq!(
        second["session"]["candidateId"],
        first["session"]["candidateId"]
    );
}

#[test]
fn bad_invites_are_refused_with_a_reason() {
    let (_project, sandbox) = start(&[]);
    for (body, reason) in [
        (json!({ "name": "Jane" }), "`email` is missing"),
        (
            json!({ "email": "jane@@example.com" }),
            "`email` is not an email address: `jane@@example.com`",
        ),
        (
            json!({ "email": 5 }),
            "`email` must be a string, not a number",
        ),
        (
            json!({ "email": "jane@example.com", "dueDate": "2035-02-01" }),
            "`dueDate` must be a timestamp",
        ),
        (
            json!({ "email": "jane@example.com", "dueDate": "01/02/2035" }),
            "`dueDate` must be a timestamp",
        ),
        (
            json!({ "email": "jane@example.com", "sendEmail": "no" }),
            "`sendEmail` must be a boolean",
        ),
        (json!([1]), "the body must be a JSON object"),
    ] {
        let message = refused(invite(&sandbox, &body), 400);
        assert!(message.contains(reason), "{message}");
    }
    let path = format!("/api/assessments/{ASSESSMENT}/invite");
    for body in ["", "{\"email\": ", "email=jane@example.com"] {
        refused(sandbox.request("POST", &path, body), 400);
    }
    assert_eq!(sandbox.get("/api/sessions").1["total"], 0);
}

#[test]
fn a_key_is_required() {
    let (_project, sandbox) = start(&[]);
    let send = |headers: &str, method: &str| {
        let path = match method {
            "GET" => "/api/sessions".to_owned(),
            _ => format!("/api/assessments/{ASSESSMENT}/invite"),
        };
        sandbox.request_as(headers, method, &path, "{\"email\": \"jane@example.com\"}")
    };
    for headers in [
        "",
        "Authorization: gai_test\r\n",
        "Authorization: Basic gai_test\r\n",
        "Authorization: Bearer sk_test\r\n",
        "Authorization: Bearer gai_\r\n",
        "Authorization: Bearer gai_revoked1\r\n",
    ] {
        refused(send(headers, "GET"), 401);
        refused(send(headers, "POST"), 401);
    }
    let readonly = "Authorization: Bearer gai_readonly1\r\n";
    assert_eq!(send(readonly, "GET").0, 200);
    refused(send(readonly, "POST"), 403);
    assert_eq!(send("Authorization: bearer gai_any\r\n", "POST").0, 201);
}

#[test]
fn unknown_ids_and_paths_are_not_found() {
    let (_project, sandbox) = start(&[]);
    for (method, path) in [
        ("GET", format!("/api/sessions/{UNKNOWN_ID}")),
        ("DELETE", format!("/api/sessions/{UNKNOWN_ID}")),
        ("DELETE", format!("/api/candidates/{UNKNOWN_ID}")),
        ("GET", "/api/sessions/17".to_owned()),
        ("GET", "/api/assessments/pm".to_owned()),
        ("GET", "/api/nothing".to_owned()),
        ("GET", "/".to_owned()),
    ] {
        refused(sandbox.request(method, &path, ""), 404);
    }
    refused(sandbox.request("PUT", "/api/sessions", ""), 405);
    let path = format!("/api/candidates/{UNKNOWN_ID}");
    refused(sandbox.request("PATCH", &path, "{\"name\": \"Jane\"}"), 404);
}

#[test]
fn lists_have_pages_of_twenty_by_default() {
    let (_project, sandbox) = start(&[]);
    invite_many(&sandbox, 25);
    let page = |query: &str| sandbox.get(&format!("/api/sessions{query}")).1;
    let length = |page: &Value| page["sessions"].as_array().unwrap().len();

    let first = page("");
    assert_eq!(
        (
            length(&first),
            &first["total"],
            &first["limit"],
            &first["offset"]
        ),
        (20, &json!(25), &json!(20), &json!(0))
    );
    let rest = page("?offset=20");
    assert_eq!(length(&rest), 5);
    assert_eq!(length(&page("?limit=100")), 25);
    assert_eq!(length(&page("?limit=1&offset=3")), 1);
    assert_eq!(length(&page("?offset=1000")), 0);
    let mut ids: Vec<&str> = [&first, &rest]
        .into_iter()
        .flat_map(|page| page["sessions"].as_array().unwrap())
        .map(|session| session["id"].as_str().unwrap())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 25);

    for query in ["?limit=0", "?limit=101", "?limit=many", "?offset=-1"] {
        refused(sandbox.get(&format!("/api/sessions{query}")), 400);
    }
}

#[test]
fn sessions_are_filtered() {
    let (_project, sandbox) = start(&[]);
    invite_many(&sandbox, 3);
    let other = "2b7e1a90-6c53-4dfa-8924-4e0bfc1d7a62";
    let (status, invited) = sandbox.post(
        &format!("/api/assessments/{other}/invite"),
        &json!({ "email": "someone1@example.com", "name": "Some One" }),
    );
    assert_eq!(status, 201);
    let candidate = invited["session"]["candidateId"].as_str().unwrap();
    let total = |query: &str| sandbox.get(&format!("/api/sessions?{query}")).1["total"].clone();
    assert_eq!(total(&format!("assessmentId={ASSESSMENT}")), 3);
    assert_eq!(total(&format!("assessmentId={other}")), 1);
    assert_eq!(total(&format!("assessmentId={UNKNOWN_ID}")), 0);
    assert_eq!(total(&format!("candidateId={candidate}")), 2);
    assert_eq!(
        total(&format!("candidateId={candidate}&assessmentId={other}")),
        1
    );
    assert_eq!(total("status=invited"), 4);
    assert_eq!(total("status=submitted"), 0);
    refused(sandbox.get("/api/sessions?status=finished"), 400);
}

#[test]
fn sessions_are_shown_and_deleted() {
    let (_project, sandbox) = start(&[]);
    let (_, invited) = invite(
        &sandbox,
        &json!({ "email": "jane@example.com", "name": "Jane" }),
    );
    let path = format!(
        "/api/sessions/{}",
        invited["session"]["id"].as_str().unwrap()
    );
    assert_eq!(
        sandbox.get(&path),
        (200, json!({ "session": invited["session"] }))
    );
    assert_eq!(sandbox.request("DELETE", &path, "").0, 200);
    refused(sandbox.get(&path), 404);
    let (status, _) = invite(
        &sandbox,
        &json!({ "email": "jane@example.com", "name": "Jane" }),
    );
    assert_eq!(status, 201);
}

#[test]
fn candidates_are_changed_and_softly_deleted() {
    let (_project, sandbox) = start(&[]);
    invite_many(&sandbox, 2);
    let list = || {
        sandbox
            .get(&format!("/api/candidates?assessmentId={ASSESSMENT}"))
            .1
    };
    let listed = list();
    assert_eq!(listed["total"], 2);
    let candidate = listed["candidates"]
        .as_array()
        .unwrap()
        .iter()
        .find(|each| each["email"] == "someone0@example.com")
        .unwrap();
    for field in ["id", "orgId", "name", "createdAt"] {
        assert!(candidate[field].is_string(), "{field} in {candidate}");
    }
    let path = format!("/api/candidates/{}", candidate["id"].as_str().unwrap());

    let (status, changed) = sandbox.request(
        "PATCH",
        &path,
        "{\"name\": \"Jane\", \"email\": \"jane@example.com\"}",
    );
    assert_eq!(status, 200);
    assert_eq!(changed["candidate"]["name"], "Jane");
    assert_eq!(changed["candidate"]["email"], "jane@example.com");
    for body in ["{}", "{\"name\": \" \"}", "{\"email\": \"nobody\"}"] {
        refused(sandbox.request("PATCH", &path, body), 400);
    }
    refused(
        sandbox.request("PATCH", &path, "{\"email\": \"SOMEONE1@example.com\"}"),
        409,
    );

    assert_eq!(
        sandbox.request("DELETE", &path, ""),
        (200, json!({ "ok": true }))
    );
    assert_eq!(list()["total"], 1);
    assert_eq!(sandbox.get("/api/sessions").1["total"], 2);
}

#[test]
fn a_session_is_not_scored_before_it_is_submitted() {
    let (_project, sandbox) = start(&[]);
    let (_, invited) = invite(&sandbox, &json!({ "email": "jane@example.com" }));
    let score = |id: &Value| sandbox.post("/api/scoring", &json!({ "sessionId": id }));
    refused(score(&invited["session"]["id"]), 409);
    refused(score(&Value::Null), 400);
    refused(score(&json!(UNKNOWN_ID)), 404);
}

#[test]
fn a_submitted_session_is_scored() {
    let (_project, sandbox) = start(&["--speed", "1000000"]);
    let (_, invited) = invite(&sandbox, &json!({ "email": "jane@example.com" }));
    let id = invited["session"]["id"].as_str().unwrap();
    let path = format!("/api/sessions/{id}");
    wait_until(|| sandbox.get(&path).1["session"]["status"] == "submitted");
    let (status, scored) = sandbox.post("/api/scoring", &json!({ "sessionId": id }));
    assert_eq!(status, 200);
    let score = &scored["score"];
    assert_eq!(score["sessionId"], id);
    let categories = score["autoScores"]["categories"].as_object().unwrap();
    let points: Vec<(&str, i64)> = categories
        .iter()
        .map(|(name, category)| (name.as_str(), category["maxPoints"].as_i64().unwrap()))
        .collect();
    for expected in [
        ("deliverable_quality", 40),
        ("delegation", 10),
        ("description", 20),
        ("discernment", 20),
        ("diligence", 10),
    ] {
        assert!(points.contains(&expected), "{points:?}");
    }
    for field in [
        "finalScore",
        "summaryText",
        "feedbackText",
        "followUpQuestions",
        "scoredAt",
    ] {
        assert!(!score[field].is_null(), "{field} in {score}");
    }
    let (_, shown) = sandbox.get(&path);
    assert!(shown["session"]["submittedAt"].is_string(), "{shown}");
}

#[test]
fn assessments_are_listed_and_adopted() {
    let (_project, sandbox) = start(&[]);
    let (_, listed) = sandbox.get("/api/assessments");
    assert_eq!(listed["total"], 3);
    assert_eq!(sandbox.get("/api/assessments?isActive=true").1["total"], 2);
    let (status, adopted) = sandbox.get(&format!("/api/assessments/{}", UNKNOWN_ID.to_uppercase()));
    assert_eq!(status, 200);
    assert_eq!(adopted["assessment"]["id"], UNKNOWN_ID);
    assert_eq!(adopted["assessment"]["isActive"], true);
    let inactive = "3c8f2b1a-7d64-4e0b-9a35-5f1c0d2e8b73";
    let path = format!("/api/assessments/{inactive}/invite");
    refused(
        sandbox.post(&path, &json!({ "email": "jane@example.com" })),
        409,
    );
}

#[test]
fn a_script_with_a_real_id_can_be_rehearsed() {
    Project::new()
        .rhai(
            &["--sandbox", "--assessment", UNKNOWN_ID],
            "print(invite_all([\"jane@example.com\"]).created);",
        )
        .succeeds()
        .prints("1\n");
}

#[test]
fn the_command_prints_an_example_that_works() {
    let (_project, mut sandbox) = start(&[]);
    let line = sandbox.server.wait_for("curl -s -X POST ");
    assert!(
        line.contains(&format!(
            "{}/api/assessments/{ASSESSMENT}/invite",
            sandbox.url()
        )),
        "{line}"
    );
    let key = sandbox.server.wait_for("Authorization: Bearer ");
    assert!(key.contains("Bearer gai_sandbox"), "{key}");
    sandbox.server.wait_for("Ctrl-C stops it.");
}

#[test]
fn a_run_uses_the_running_server() {
    let (project, mut sandbox) = start(&[]);
    project
        .rehearse("print(invite(\"jane@example.com\", \"Jane\").outcome);")
        .succeeds()
        .prints("created\n");
    sandbox
        .server
        .wait_for(&format!("201 POST /api/assessments/{ASSESSMENT}/invite"));
    assert_eq!(sandbox.get("/api/sessions").1["total"], 1);
}

#[test]
fn state_stays_between_processes() {
    let project = Project::new();
    project
        .rehearse("invite(\"jane@example.com\", \"Jane\");")
        .succeeds();
    project
        .rehearse("print(list_sessions()[0].candidate_email);")
        .prints("jane@example.com\n");
    let sandbox = project.sandbox(&[]);
    assert_eq!(sandbox.get("/api/sessions").1["total"], 1);
}

#[test]
fn each_data_directory_has_its_own_state() {
    let (one, other) = (Project::new(), Project::new());
    one.rehearse("invite(\"jane@example.com\", \"Jane\");")
        .succeeds();
    other
        .rehearse("print(list_sessions().len());")
        .prints("0\n");
}

#[test]
fn two_runs_share_one_server() {
    let project = Project::new().file(
        "other.rhai",
        "print(`other ${invite(\"john@example.com\", \"John\").outcome}`);",
    );
    // The first process serves, and runs until the second has invited a candidate.
    let mut first = project.start_rhai(
        &["--sandbox"],
        "invite(\"jane@example.com\", \"Jane\");\nprint(\"ready\");\nwhile list_sessions().len() < 2 { sleep(0.01); }\nprint(\"both\");",
    );
    first.wait_for("ready");
    project
        .run(&["run", "--sandbox", "other.rhai"])
        .succeeds()
        .prints("other created\n");
    first.finish().succeeds().shows("both\n");
}

#[test]
fn reset_deletes_candidates_and_sessions() {
    let project = Project::new();
    project
        .rehearse("invite(\"jane@example.com\", \"Jane\");")
        .succeeds();
    let sandbox = project.sandbox(&["--reset"]);
    assert_eq!(sandbox.get("/api/sessions").1["total"], 0);
    assert_eq!(sandbox.get("/api/candidates").1["total"], 0);
    assert_eq!(sandbox.get("/api/assessments").1["total"], 3);
}

#[test]
fn a_second_server_is_refused_and_resets_nothing() {
    let (project, sandbox) = start(&[]);
    invite_many(&sandbox, 1);
    for options in [&["sandbox"][..], &["sandbox", "--reset"]] {
        project
            .run(options)
            .exits(1)
            .says("a sandbox already serves")
            .says(&format!("use it at {}", sandbox.url()));
    }
    assert_eq!(sandbox.get("/api/sessions").1["total"], 1);
}

#[test]
fn the_state_survives_a_killed_server() {
    let (project, sandbox) = start(&[]);
    invite_many(&sandbox, 3);
    // Dropping it kills the process.
    drop(sandbox);
    project
        .rehearse("print(list_sessions().len());")
        .succeeds()
        .prints("3\n");
    let again = project.sandbox(&[]);
    assert_eq!(again.get("/api/sessions").1["total"], 3);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_the_server() {
    let (_project, sandbox) = start(&[]);
    sandbox.server.signal("INT");
    sandbox.server.finish().succeeds();
}

#[test]
fn a_port_in_use_is_reported() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    Project::new()
        .run(&["sandbox", "--port", &port])
        .exits(1)
        .says(&format!(
            "error: cannot listen on port `{port}` of 127.0.0.1"
        ))
        .says("choose another port");
}

#[test]
fn a_speed_out_of_range_is_refused() {
    for speed in ["0", "0.5", "1000001", "NaN", "inf"] {
        Project::new()
            .run(&["sandbox", "--speed", speed])
            .exits(2)
            .says("the sandbox clock cannot run at speed");
    }
}

#[cfg(unix)]
#[test]
fn the_state_is_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let project = Project::new();
    project
        .rehearse("invite(\"jane@example.com\", \"Jane\");")
        .succeeds();
    let home = project.home();
    let mut files = 0;
    for entry in std::fs::read_dir(home.join("sandbox")).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{} has {mode:o}", entry.path().display());
        files += 1;
    }
    assert!(files > 0);
    let mode = std::fs::metadata(home.join("sandbox"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o077, 0, "{mode:o}");
}

#[test]
fn a_foreign_file_in_place_of_the_database_is_left_alone() {
    let project = Project::new().file("../home/sandbox/sandbox.db", "my own notes");
    project.rehearse("").exits(1).says("sandbox.db` ");
    assert_eq!(project.read("../home/sandbox/sandbox.db"), "my own notes");
}
