//! Sessions in the responses to invites that are not what the plan showed: with other terms, of another candidate, or of another
//! assessment.

use serde_json::{Value, json};

use crate::candidate_list::{INVITE_ALL, people};
use crate::ledger::state;
use crate::service::Service;
use crate::stub::{ASSESSMENT, Reply, Stub};
use crate::support::{Project, Ran, Running};

const OPTIONS: [&str; 5] = [
    "--yes",
    "--tz",
    "Europe/Berlin",
    "--now",
    "2030-01-01T12:00:00Z",
];
const REQUESTED: &str = "2030-02-01T16:00:00Z";
const LATER: &str = "2030-02-08T16:00:00Z";
const PASSED: &str = "2029-12-31T23:00:00Z";
const SHOWN: &str =
    "Fri 2030-02-08 17:00:00 Europe/Berlin, not Fri 2030-02-01 17:00:00 Europe/Berlin";

/// Invites three people with a name and a deadline.
fn project(stub: &Stub) -> Project {
    Project::new()
        .file(
            "people.csv",
            "name,email\nAnn Lee,ann@example.com\nBo Li,bo@example.com\nCy Mo,cy@example.com\n",
        )
        .talking_to(stub)
}

fn invite_all() -> String {
    format!(
        "let outcome = invite_all(read_csv(\"people.csv\"), |row| #{{ email: row.email, name: row.name, due_date: \"{REQUESTED}\" }});
         for row in outcome.results() {{ print(`${{row.email}} ${{row.outcome}} ${{row.invite_url}}: ${{row.note}}`); }}"
    )
}

/// Answers invites with this status and a session, which `change` changes.
fn answering(status: u16, change: impl Fn(&str, &mut Value) + Send + Sync + 'static) -> Stub {
    Stub::inviting(move |request| {
        let email = request.email();
        let mut session = json!({
            "id": format!("session-of-{email}"), "candidateEmail": email, "candidateName": request.body["name"],
            "dueDate": request.body["dueDate"], "status": "invited",
        });
        change(email, &mut session);
        Reply::json(
            status,
            &json!({ "inviteUrl": format!("https://stub.example/{email}"), "session": session }),
        )
    })
}

#[test]
fn a_new_session_with_other_terms_is_noted_and_summed_up() {
    let stub = answering(201, |email, session| match email {
        "ann@example.com" => session["dueDate"] = json!(LATER),
        "bo@example.com" => session["candidateName"] = json!("Bo Lee"),
        _ => session["dueDate"] = json!(PASSED),
    });
    let project = project(&stub);
    project
        .rhai(&OPTIONS, &invite_all())
        .succeeds()
        .prints(
            "ann@example.com created https://stub.example/ann@example.com: the new session has a different deadline: \
             Fri 2030-02-08 17:00:00 Europe/Berlin, not Fri 2030-02-01 17:00:00 Europe/Berlin\n\
             bo@example.com created https://stub.example/bo@example.com: the candidate keeps the name `Bo Lee`, not `Bo Li`\n\
             cy@example.com created https://stub.example/cy@example.com: the new session has a different deadline: \
             Tue 2030-01-01 00:00:00 Europe/Berlin, not Fri 2030-02-01 17:00:00 Europe/Berlin; \
             the deadline of the new session has passed (Tue 2030-01-01 00:00:00 Europe/Berlin), so its link is dead\n",
        )
        .says(&format!(
            "  2 have new sessions with a different deadline: people.csv line 2 ({SHOWN}), people.csv line 4 ("
        ))
        .says("  1 has a new session with a different name: people.csv line 3 (`Bo Lee`, not `Bo Li`)\n")
        .says("  1 has a session whose deadline has passed, so its link is dead: people.csv line 4 (Tue 2030-01-01 00:00:00 Europe/Berlin)\n")
        .never_says("existing sessions");
    let ran = project.run(&["runs", "1", "--format", "jsonl"]);
    let rows = ran.succeeds().json_lines();
    assert_eq!(rows[0]["due_date"], LATER);
    assert_eq!(rows[0]["requested_due_date"], REQUESTED);
    assert_eq!(rows[1]["session_name"], "Bo Lee");
}

/// A row as the object of `--json` names it.
fn json_row(line: u64, in_force: &str, requested: Option<&str>) -> Value {
    json!({ "row": line - 1, "file": "people.csv", "line": line, "in_force": in_force, "requested": requested })
}

fn json_group(session: &str, difference: &str, not_in_plan: usize, first: &[Value]) -> Value {
    json!({
        "run": 1, "session": session, "difference": difference, "total": first.len(), "not_in_plan": not_in_plan, "first": first,
    })
}

#[test]
fn json_has_what_differs_from_the_request() {
    let session = |request: &crate::stub::Request| json!({ "id": "s", "candidateEmail": request.email(), "candidateName": "Bo Lee", "dueDate": LATER });
    let service = Service::start(move |_, request| {
        let (status, body) = match request.email() {
            "ann@example.com" => (201, json!({ "session": { "id": "s", "dueDate": PASSED } })),
            "bo@example.com" => (
                200,
                json!({ "inviteUrl": "https://stub.example/s", "session": session(request) }),
            ),
            _ => return None,
        };
        Some(Reply::json(status, &body))
    });
    service.add_session_with("cy@example.com", "setup", json!("Cy Mo"), Value::Null);
    let project = project(&service.stub);
    let options = [&OPTIONS[..], &["--json"]].concat();
    let summary = project.rhai(&options, &invite_all()).succeeds().json();
    let cy = json!({ "row": 3, "file": "people.csv", "line": 4, "in_force": null, "requested": REQUESTED });
    assert_eq!(
        summary["differences"],
        json!([
            json_group(
                "existing",
                "deadline",
                1,
                &[json_row(3, LATER, Some(REQUESTED)), cy]
            ),
            json_group(
                "existing",
                "name",
                1,
                &[json_row(3, "Bo Lee", Some("Bo Li"))]
            ),
            json_group(
                "created",
                "deadline",
                1,
                &[json_row(2, PASSED, Some(REQUESTED))]
            ),
            json_group("created", "expired", 1, &[json_row(2, PASSED, None)]),
        ])
    );
    assert_eq!(summary["without_link"], 1);
}

#[test]
fn json_has_what_differs_in_single_invitations() {
    let stub = answering(201, |_, session| session["candidateName"] = json!("Bo Lee"));
    let script = "invite(\"bo@example.com\", \"Bo Li\"); invite(\"cy@example.com\", \"Bo Lee\");";
    let options = [&OPTIONS[..], &["--json"]].concat();
    let summary = project(&stub).rhai(&options, script).succeeds().json();
    let row =
        json!({ "row": 1, "file": null, "line": null, "in_force": "Bo Lee", "requested": "Bo Li" });
    assert_eq!(
        summary["differences"],
        json!([json_group("created", "name", 1, &[row])])
    );
}

/// Another form of the time, another case of the name, and a response without terms do not count.
#[test]
fn a_new_session_as_requested_has_no_note() {
    let stub = answering(201, |email, session| match email {
        "ann@example.com" => session["dueDate"] = json!("2030-02-01T17:00:00+01:00"),
        "bo@example.com" => session["candidateName"] = json!("BO LI"),
        _ => *session = json!({ "id": "s" }),
    });
    project(&stub)
        .rhai(&OPTIONS, &invite_all())
        .succeeds()
        .prints(
            "ann@example.com created https://stub.example/ann@example.com: \n\
             bo@example.com created https://stub.example/bo@example.com: \n\
             cy@example.com created https://stub.example/cy@example.com: \n",
        )
        .never_says("another");
}

#[test]
fn a_single_invite_says_what_is_new() {
    let stub = answering(201, |_, session| session["dueDate"] = json!(LATER));
    let script = format!(
        "print(invite(#{{ email: \"ann@example.com\", name: \"Ann Lee\", due_date: \"{REQUESTED}\" }}).note);"
    );
    project(&stub)
        .rhai(&OPTIONS, &script)
        .succeeds()
        .says(&format!(
            "ann@example.com has a new session with a different deadline: {SHOWN}\n"
        ))
        .shows("the new session has a different deadline: Fri 2030-02-08 ");
}

/// Another program invites a candidate after the plan was shown, with another deadline.
#[test]
fn a_session_that_appears_after_the_plan_is_named_at_the_end() {
    let session = |request: &crate::stub::Request| json!({ "id": "s", "candidateEmail": request.email(), "candidateName": "Bo Lee", "dueDate": LATER });
    let service = Service::start(move |_, request| {
        let is_taken = request.email() == "bo@example.com";
        let body = json!({ "inviteUrl": "https://stub.example/s", "session": session(request) });
        is_taken.then(|| Reply::json(200, &body))
    });
    service.add_session_with("cy@example.com", "setup", json!("Cy Mo"), json!(LATER));
    project(&service.stub)
        .rhai(&OPTIONS, &invite_all())
        .succeeds()
        .says(&format!("1 keeps a different deadline: line 4 ({SHOWN})\n"))
        .says("  existing sessions with a different deadline than requested: 2; see ")
        .says(&format!(
            "  not in the plan: 1 keeps a different deadline: people.csv line 3 ({SHOWN})\n"
        ))
        .says(
            "  not in the plan: 1 keeps a different name: people.csv line 3 (`Bo Lee`, not `Bo Li`)\n",
        );
}

/// The sessions are listed again after the wait, and the new list is not what the plan showed either.
#[test]
fn a_session_that_is_listed_again_is_named_at_the_end() {
    let (service, hold) = Service::holding(|_| true);
    service.add_session_with(
        "someone00001@example.com",
        "setup",
        Value::Null,
        json!(LATER),
    );
    let script = |due: &str| {
        format!(
            "invite_all(read_lines(\"people.txt\"), |email| #{{ email: email, due_date: \"{due}\" }});"
        )
    };
    let project = people(3)
        .file("first.rhai", script(LATER))
        .file("second.rhai", script(REQUESTED))
        .talking_to(&service.stub);
    let start = |options: &[&str], script: &str| -> Running {
        project.start(&[&["run"], &OPTIONS[..], options, &[script]].concat())
    };
    let first = start(&[], "first.rhai");
    hold.await_arrivals(1);
    let mut second = start(&["--wait-lock", "30"], "second.rhai");
    second.wait_for("waiting for run 1 (`first.rhai`) of ");
    hold.release();
    first.finish().succeeds();
    second
        .finish()
        .succeeds()
        .says("the sessions were listed again: 3 already invited\n")
        .says("  existing sessions with a different deadline than requested: 3; see ")
        .says(&format!(
            "  not in the plan: 2 keep a different deadline: people.txt line 2 ({SHOWN}), people.txt line 3 ({SHOWN})\n"
        ));
}

/// Invites three people. The API answers the invitation of Ann with a wrong session, whose link is kept nowhere.
#[track_caller]
fn invites_all_but_ann(project: &Project, status: u16, error: &str) -> Ran {
    let what = if status == 201 { "created" } else { "existing" };
    let ran = project
        .rhai(&OPTIONS, &invite_all())
        .exits(3)
        .prints(&format!(
            "ann@example.com failed : {error}\n\
             bo@example.com {what} https://stub.example/bo@example.com: \n\
             cy@example.com {what} https://stub.example/cy@example.com: \n"
        ));
    let exported = project.run(&["runs", "1", "--format", "csv"]).succeeds();
    assert!(!exported.stdout.contains("stub.example/ann"));
    assert!(!exported.stdout.contains("session-of-ann"));
    ran
}

#[test]
fn the_link_of_another_candidate_is_not_used() {
    for status in [200, 201] {
        let stub = answering(status, |email, session| match email {
            "ann@example.com" => session["candidateEmail"] = json!("someone.else@example.com"),
            "bo@example.com" => session["candidateEmail"] = json!(" BO@Example.com"),
            _ => session["candidateEmail"] = Value::Null,
        });
        let project = project(&stub);
        let error = format!(
            "the API answered {status} with a session of another candidate (`someone.else@example.com`), so its link is not used"
        );
        invites_all_but_ann(&project, status, &error)
            .says(&format!(
                "failed: people.csv line 2: ann@example.com: {error}\n"
            ))
            .says("1 failed");
        project
            .run(&[&["send", "1", "--failed"], &OPTIONS[..]].concat())
            .exits(3)
            .says(&error);
        project
            .rhai(
                &OPTIONS,
                "try { invite(\"ann@example.com\", \"Ann Lee\"); } catch (error) { print(error.error); }",
            )
            .prints("bad_answer\n");
    }
}

/// A service that always answers so is not asked about the whole list.
#[test]
fn sending_stops_if_every_link_is_of_another_candidate() {
    let stub = answering(201, |_, session| {
        session["candidateEmail"] = json!("someone.else@example.com");
    });
    let project = people(60).talking_to(&stub);
    project
        .rhai(
            &["--yes", "--concurrency", "1"],
            INVITE_ALL,
        )
        .exits(3)
        .says("stopped after 20 consecutive failures; the last one: the API answered 201 with a session of another candidate")
        .says("hint: look at the sessions of both candidates, and ask Gradient why");
    assert_eq!(stub.invites().len(), 20);
    assert_eq!(state(&project, 1), "stopped");
}

#[test]
fn the_link_of_another_assessment_is_not_used() {
    let other = "1a6d0f8e-5b42-4ce9-b813-3dfaeb0c6951";
    for status in [200, 201] {
        let stub = answering(status, move |email, session| {
            session["assessmentId"] = match email {
                "ann@example.com" => json!(other),
                "bo@example.com" => json!(ASSESSMENT.to_uppercase()),
                // Not the documented form of an id, so that it cannot be compared.
                _ => json!("senior-pm"),
            };
        });
        let project = project(&stub);
        let error = format!(
            "the API answered {status} with a session of another assessment (`{other}`), so its link is not used"
        );
        invites_all_but_ann(&project, status, &error);
    }
}
