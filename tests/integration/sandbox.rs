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
    let key = sandbox.key();
    let other = Project::new();
    let other = other.sandbox(&[]);
    for authorization in [
        key,
        &format!("Basic {key}"),
        "Bearer sk_test",
        "Bearer gai_",
        // The fixed key of earlier versions.
        "Bearer gai_sandbox",
        "Bearer gai_readonly",
        &format!("Bearer {}", other.key()),
        &format!("Bearer {}", &key[..key.len() - 1]),
        &format!("Bearer {key}0"),
        &format!("Bearer {}", key.replace("gai_sandbox_", "gai_revoked_")),
    ] {
        let headers = format!("Authorization: {authorization}\r\n");
        refused(send(&headers, "GET"), 401);
        refused(send(&headers, "POST"), 401);
    }
    refused(send("", "POST"), 401);
    assert_eq!(sandbox.get("/api/sessions").1["total"], 0);
    let readonly = key.replace("gai_sandbox_", "gai_readonly_");
    let readonly = format!("Authorization: Bearer {readonly}\r\n");
    assert_eq!(send(&readonly, "GET").0, 200);
    refused(send(&readonly, "POST"), 403);
    let keys = sandbox.request_as(&readonly, "GET", "/api/api-keys", "");
    refused(keys, 403);
    let headers = format!("Authorization: bearer {key}\r\n");
    assert_eq!(send(&headers, "POST").0, 201);
}

#[test]
fn every_data_directory_keeps_a_key_of_its_own() {
    let project = Project::new();
    // A data directory of an earlier version has no key, and an interrupted write leaves half of one.
    project
        .rehearse("invite(\"jane@example.com\", \"Jane\");")
        .succeeds();
    let file = project.home().join("sandbox/sandbox.key");
    let read = || std::fs::read_to_string(&file).unwrap();
    let first = read();
    std::fs::remove_file(&file).unwrap();
    project
        .rehearse("print(list_sessions().len());")
        .prints("1\n");
    let second = read();
    assert_ne!(first, second);
    std::fs::write(&file, &second[..20]).unwrap();
    let sandbox = project.sandbox(&["--reset"]);
    let third = sandbox.key().to_owned();
    assert_eq!(read().trim(), third);
    assert!(!third.starts_with(&second[..20]), "{third}");
    drop(sandbox);
    assert_eq!(project.sandbox(&[]).key(), third);
}

/// What a web page on another site can make a browser send, with or without DNS rebinding.
#[test]
fn web_pages_are_refused() {
    let (_project, sandbox) = start(&[]);
    let host = sandbox.host();
    let port = host.rsplit_once(':').unwrap().1;
    let (key, body) = (sandbox.key(), r#"{"email": "jane@example.com"}"#);
    let invite = |target: &str, headers: &str| {
        sandbox.send_raw(&format!(
            "POST {target}/api/assessments/{ASSESSMENT}/invite HTTP/1.1\r\n{headers}Connection: close\r\n\
             Authorization: Bearer {key}\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ))
    };
    let own = format!("Host: {host}\r\n");
    for (headers, status, reason) in [
        ("", 400, "the `Host` header is missing"),
        ("Host: rebound.example\r\n", 403, "not as `rebound.example`"),
        (
            &format!("Host: rebound.example:{port}\r\n"),
            403,
            "not as `rebound.example:",
        ),
        ("Host: 127.0.0.1\r\n", 403, "not as `127.0.0.1`"),
        ("Host: localhost:1\r\n", 403, "not as `localhost:1`"),
        (
            &format!("Host: localhost.:{port}\r\n"),
            403,
            "not as `localhost.:",
        ),
        (&format!("Host: {host}.rebound.example\r\n"), 403, "not as"),
        (
            &format!("Host: 0.0.0.0:{port}\r\n"),
            403,
            "not as `0.0.0.0:",
        ),
        (&format!("Host: me@{host}\r\n"), 403, "not as `me@"),
        (&format!("{own}{own}"), 400, "more than one `Host` header"),
        (
            &format!("{own}Host: rebound.example\r\n"),
            400,
            "more than one `Host` header",
        ),
        (
            &format!("{own}Origin: https://site.example\r\n"),
            403,
            "`Origin: https://site.example`",
        ),
        (&format!("{own}Origin: null\r\n"), 403, "`Origin: null`"),
        (
            &format!("{own}Origin: http://localhost:3000\r\n"),
            403,
            "`Origin: http://localhost:3000`",
        ),
        (
            &format!("{own}Origin: https://{host}\r\n"),
            403,
            "`Origin: https://127.0.0.1",
        ),
        (
            &format!("{own}Origin: http://{host}\r\nOrigin: https://site.example\r\n"),
            403,
            "site.example",
        ),
        (
            &format!("{own}Sec-Fetch-Site: cross-site\r\n"),
            403,
            "`Sec-Fetch-Site: cross-site`",
        ),
        (
            &format!("{own}Sec-Fetch-Site: same-site\r\n"),
            403,
            "`Sec-Fetch-Site: same-site`",
        ),
    ] {
        let message = refused(invite("", headers), status);
        assert!(message.contains(reason), "{headers}: {message}");
    }
    let message = refused(invite("http://rebound.example", &own), 403);
    assert!(message.contains("not as `rebound.example`"), "{message}");
    assert_eq!(sandbox.get("/api/sessions").1["total"], 0);

    for headers in [
        own.clone(),
        format!("Host: LocalHost:{port}\r\n"),
        format!("Host: [::1]:{port}\r\n"),
        format!("{own}Origin: http://localhost:{port}\r\nSec-Fetch-Site: same-origin\r\n"),
        format!("{own}Sec-Fetch-Site: none\r\n"),
    ] {
        let (status, answer) = invite("", &headers);
        assert!([200, 201].contains(&status), "{headers}: {answer}");
    }
    assert_eq!(invite(sandbox.url(), &own).0, 200);
}

/// A foreign page must not even reach the faults, which need no key.
#[test]
fn web_pages_are_refused_before_faults() {
    let (_project, mut sandbox) = start(&["--fault", "drop=1"]);
    let request =
        "GET /api/sessions HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n";
    refused(sandbox.send_raw(request), 403);
    sandbox.server.wait_for("403 GET /api/sessions");
}

/// A program that is pointed at the sandbox by its address needs its key.
#[test]
fn the_sandbox_can_be_used_by_its_address() {
    let (project, sandbox) = start(&[]);
    let invite = "print(invite(\"jane@example.com\", \"Jane\").outcome);";
    let key_file = project.home().join("sandbox/sandbox.key");
    project
        .rhai(
            &[
                "--yes",
                "--api-url",
                sandbox.url(),
                "--assessment",
                ASSESSMENT,
                "--api-key-file",
                key_file.to_str().unwrap(),
            ],
            invite,
        )
        .succeeds()
        .prints("created\n");
    let localhost = sandbox.url().replace("127.0.0.1", "localhost");
    let with_key = |project: Project, key: &str| {
        project
            .env("GRADIENT_API_URL", &localhost)
            .env("GRADIENT_ASSESSMENT_ID", ASSESSMENT)
            .env("GRADIENT_API_KEY", key)
            .rhai(&["--yes"], invite)
    };
    with_key(Project::new(), sandbox.key())
        .succeeds()
        .prints("existing\n");
    with_key(Project::new(), "gai_sandbox")
        .exits(4)
        .says("this is not the key of this sandbox, which `gradient-bulk sandbox` prints");
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
    let (project, mut sandbox) = start(&[]);
    // `curl` is replaced by a program that shows its arguments, so that the test needs none.
    let mut script = "curl() { printf '%s\\n' \"$@\"; }\n".to_owned();
    for part in [
        " GRADIENT_ASSESSMENT_ID=",
        " GRADIENT_API_KEY=",
        "curl ",
        " -H ",
        " -d ",
    ] {
        script.push_str(&sandbox.server.wait_for(part));
    }
    sandbox.server.wait_for("Ctrl-C stops it.");
    // The history of a shell does not contain the key.
    assert!(!script.contains(sandbox.key()), "{script}");
    let shown = project.shell(&script).succeeds();
    let arguments: Vec<&str> = shown.stdout.lines().collect();
    let url = format!("{}/api/assessments/{ASSESSMENT}/invite", sandbox.url());
    let authorization = format!("Authorization: Bearer {}", sandbox.key());
    assert_eq!(arguments[..5], ["-s", "-X", "POST", &url, "-H"]);
    assert_eq!(arguments[5], authorization);
    let body: Value = serde_json::from_str(arguments[9]).unwrap();
    assert_eq!(invite(&sandbox, &body).0, 201);
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
