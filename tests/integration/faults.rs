//! Faults that the sandbox shows on purpose, and how a run handles them.

use std::collections::BTreeMap;

use serde_json::json;

use crate::candidate_list::{INVITE_ALL, people};
use crate::ledger::{notes, state_counts};
use crate::stub::ASSESSMENT;
use crate::support::{Project, Ran, Sandbox};

const INVITE_THREE: &str = "let outcome = invite_all([\"a@example.com\", \"b@example.com\", \"c@example.com\"]);\nprint(outcome);";

/// Invites three people one after the other, with a sandbox that has this fault. The first two requests fetch the assessment and
/// its sessions, so the invites are requests 3, 4 and 5 if nothing is retried.
fn invite_three(project: &Project, fault: &[&str], max_retries: &str) -> Ran {
    let faults: Vec<&str> = fault.iter().flat_map(|fault| ["--fault", fault]).collect();
    let _sandbox = project.sandbox(&faults);
    invite_in_turn(project, max_retries)
}

/// Invites three people one after the other, with the running sandbox.
fn invite_in_turn(project: &Project, max_retries: &str) -> Ran {
    let options = [
        "--sandbox",
        "--concurrency",
        "1",
        "--timeout",
        "1",
        "--max-retries",
        max_retries,
    ];
    project.rhai(&options, INVITE_THREE)
}

#[test]
fn an_error_is_reported_with_its_row() {
    invite_three(&Project::new(), &["error=4:503"], "0")
        .exits(3)
        .prints("3 rows: 2 created, 0 existing, 1 failed\n")
        .says("failed: row 2: b@example.com: the API answered 503");
}

#[test]
fn a_page_instead_of_json_is_shown() {
    invite_three(&Project::new(), &["html=5"], "0")
        .exits(3)
        .prints("3 rows: 2 created, 0 existing, 1 failed\n")
        .says("failed: row 3: c@example.com: ")
        .says("answered 200 with something that is not JSON: `<");
}

#[test]
fn a_stall_ends_with_the_timeout() {
    invite_three(&Project::new(), &["stall=5:1m"], "0")
        .exits(3)
        .prints("3 rows: 2 created, 0 existing, 1 failed\n")
        .says("c@example.com: 127.0.0.1:")
        .says("did not answer within 1 s");
}

/// Returns the number of sessions in a sandbox.
fn sessions(sandbox: &Sandbox) -> u64 {
    let (_, sessions) = sandbox.get("/api/sessions?limit=1");
    sessions["total"].as_u64().unwrap()
}

/// Every request is late. A second invite before the session is created creates another one, as a service without a lock would.
#[test]
fn a_late_session_does_not_see_others() {
    let project = Project::new();
    let sandbox = project.sandbox(&["--fault", "late=1:500ms"]);
    let path = format!("/api/assessments/{ASSESSMENT}/invite");
    let jane = json!({ "email": "jane@example.com", "name": "Jane Smith" });
    let invite = || sandbox.start_request("POST", &path, &jane.to_string());
    let (first, second) = (invite(), invite());
    assert_eq!((first().0, second().0), (201, 201));
    assert_eq!(sessions(&sandbox), 2);
    // Now there is an active one.
    assert_eq!(invite()().0, 200);
    assert_eq!(sessions(&sandbox), 2);
}

/// The client does not wait for the response, and the session is created nevertheless.
#[test]
fn a_late_session_of_a_client_that_is_gone_is_found() {
    let project = Project::new();
    let sandbox = project.sandbox(&["--fault", "late=3:1500ms"]);
    invite_in_turn(&project, "5")
        .succeeds()
        .prints("3 rows: 3 created, 0 existing, 0 failed\n")
        .says("unclear: 1 row, perhaps invited: 127.0.0.1:");
    assert_eq!(sessions(&sandbox), 3);
}

#[test]
fn a_pause_is_observed_in_seconds_or_until_a_date() {
    for faults in [
        &["--fault", "rate=2"][..],
        &["--fault", "rate=2", "--fault", "retry-after=date"],
    ] {
        let project = Project::new();
        let mut sandbox = project.sandbox(faults);
        invite_in_turn(&project, "0")
            .succeeds()
            .prints("3 rows: 3 created, 0 existing, 0 failed\n");
        sandbox.server.wait_for("429 POST ");
    }
}

#[test]
fn a_second_run_finds_the_session_whose_response_was_lost() {
    let project = Project::new();
    invite_three(&project, &["lose=5"], "0")
        .exits(3)
        .says("c@example.com");
    // The time limit is short, and so is the wait for what the API may still be doing.
    invite_in_turn(&project, "0")
        .succeeds()
        .prints("3 rows: 0 created, 3 existing, 0 failed\n");
}

#[test]
fn a_refused_request_leaves_no_session() {
    let project = Project::new();
    invite_three(&project, &["error=5"], "0")
        .exits(3)
        .says("c@example.com");
    project
        .rehearse(INVITE_THREE)
        .succeeds()
        .prints("3 rows: 1 created, 2 existing, 0 failed\n");
}

#[test]
fn an_unknown_fault_is_refused_with_a_list_of_faults() {
    Project::new()
        .run(&["sandbox", "--fault", "dorp=3"])
        .exits(2)
        .says("unknown fault `dorp`")
        .says("drop=N");
}

/// Invites 200 people with a sandbox that has these faults, and asserts that every row is finished and the exit status fits.
fn invite_200(faults: &[&str], options: &[&str]) -> (Project, BTreeMap<String, u64>) {
    let project = people(200);
    let faults = faults.iter().flat_map(|fault| ["--fault", fault]);
    let sandbox = project.sandbox(&faults.collect::<Vec<_>>());
    let ran = project.rhai(
        &[&["--sandbox", "--timeout", "1"], options].concat(),
        INVITE_ALL,
    );
    drop(sandbox);
    let rows = state_counts(&project);
    let of = |state: &str| rows.get(state).copied().unwrap_or(0);
    let (created, existing, failed) = (of("created"), of("existing"), of("failed"));
    assert_eq!(created + existing + failed, 200, "{rows:?}\n{ran}");
    ran.exits(if failed == 0 { 0 } else { 3 }).says(&format!(
        "200 rows: {created} created, {existing} existing, {failed} failed"
    ));
    let without_faults = project.sandbox(&[]);
    let (_, sessions) = without_faults.get("/api/sessions?limit=1");
    let total = sessions["total"].as_u64().unwrap();
    assert!(
        (created + existing..=200).contains(&total),
        "{sessions} {rows:?}"
    );
    (project, rows)
}

/// Asserts that retries make every row succeed despite these faults.
fn all_succeed(faults: &[&str], options: &[&str]) -> BTreeMap<String, u64> {
    let (_, rows) = invite_200(faults, options);
    assert_eq!(rows.get("failed"), None);
    rows
}

/// Asserts that some rows fail for this reason if nothing is retried, and that `send --failed` then completes them.
fn some_fail(faults: &[&str], options: &[&str], reason: &str) {
    let (project, rows) = invite_200(faults, &[&["--max-retries", "0"], options].concat());
    let notes = notes(&project, "failed");
    assert_eq!(notes.len() as u64, rows["failed"]);
    for note in &notes {
        assert!(note.contains(reason), "{note}");
    }
    project
        .run(&["send", "1", "--failed", "--timeout", "1"])
        .succeeds()
        .says(" 0 failed");
    assert_eq!(state_counts(&project).get("failed"), None);
}

#[test]
fn dropped_connections_are_retried() {
    let rows = all_succeed(&["drop=7"], &[]);
    assert_eq!(rows["created"], 200);
    some_fail(&["drop=7"], &[], "the connection to 127.0.0.1:");
}

#[test]
fn lost_responses_are_retried() {
    for fault in ["lose=7", "truncate=9"] {
        let rows = all_succeed(&[fault], &[]);
        assert_eq!(rows["created"], 200);
    }
    some_fail(&["truncate=9"], &[], "127.0.0.1:");
}

#[test]
fn server_errors_are_retried() {
    let rows = all_succeed(&["error=10"], &[]);
    assert_eq!(rows["created"], 200);
    some_fail(&["error=10"], &[], "the API answered 500");
}

#[test]
fn final_errors_are_not_retried() {
    let (project, rows) = invite_200(&["error=10:422"], &[]);
    assert!((19..=21).contains(&rows["failed"]), "{rows:?}");
    for note in notes(&project, "failed") {
        assert!(note.contains("the API answered 422"), "{note}");
    }
}

#[test]
fn a_rate_limit_pauses_all_requests() {
    let rows = all_succeed(&["rate=120"], &["--max-retries", "0"]);
    assert_eq!(rows["created"], 200);
    let rows = all_succeed(&["rate=120", "retry-after=date"], &["--max-retries", "0"]);
    assert_eq!(rows["created"], 200);
}

#[test]
fn pages_instead_of_json_are_retried() {
    let rows = all_succeed(&["html=10"], &[]);
    assert_eq!(rows["created"], 200);
    some_fail(&["html=10"], &[], "something that is not JSON");
}

#[test]
fn stalls_end_with_the_timeout_and_are_retried() {
    let rows = all_succeed(&["stall=50:1m"], &[]);
    assert_eq!(rows["created"], 200);
    some_fail(&["stall=50:1m"], &[], "did not answer within 1 s");
}

/// Creates a session, and returns its path.
fn invite_jane(sandbox: &Sandbox) -> String {
    let jane = json!({ "email": "jane@example.com", "name": "Jane Smith" });
    let (_, invited) = sandbox.post(&format!("/api/assessments/{ASSESSMENT}/invite"), &jane);
    format!(
        "/api/sessions/{}",
        invited["session"]["id"].as_str().unwrap()
    )
}

#[test]
fn a_candidate_opens_the_link_before_a_look_at_the_session() {
    let project = Project::new();
    let sandbox = project.sandbox(&["--fault", "open=2"]);
    let path = invite_jane(&sandbox);
    let status = || sandbox.get(&path).1["session"]["status"].clone();
    assert_eq!(status(), "invited");
    // Lists and other requests are not counted.
    assert_eq!(
        sandbox.get("/api/sessions").1["sessions"][0]["status"],
        "invited"
    );
    assert_eq!(status(), "setup");
}

#[test]
fn a_deletion_can_be_answered_without_a_body() {
    let project = Project::new();
    let sandbox = project.sandbox(&["--fault", "empty=2"]);
    let path = invite_jane(&sandbox);
    assert_eq!(
        sandbox.request("DELETE", &path, ""),
        (204, serde_json::Value::Null)
    );
    assert_eq!(sandbox.get(&path).0, 404);
    assert_eq!(sandbox.request("DELETE", &path, "").0, 404);
}
