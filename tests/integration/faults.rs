//! Faults that the sandbox shows on purpose, and what a run makes of them.

use std::collections::BTreeMap;

use crate::crowd::{INVITE_ALL, people};
use crate::ledger::{notes, states};
use crate::support::{Project, Ran};

const THREE: &str = "let outcome = invite_all([\"a@example.com\", \"b@example.com\", \"c@example.com\"]);\nprint(outcome);";

/// Invites three people, one after the other, at a sandbox with this fault, and repeats a request so often. The first
/// two requests find the assessment and its sessions, so the invitations are requests 3, 4 and 5 where nothing is repeated.
fn invite_three(project: &Project, fault: &[&str], max_retries: &str) -> Ran {
    let faults: Vec<&str> = fault.iter().flat_map(|fault| ["--fault", fault]).collect();
    let _sandbox = project.sandbox(&faults);
    invite_in_turn(project, max_retries)
}

/// Invites three people at the sandbox that serves.
fn invite_in_turn(project: &Project, max_retries: &str) -> Ran {
    let options = [
        "--sandbox",
        "--concurrency",
        "1",
        "--timeout",
        "2",
        "--max-retries",
        max_retries,
    ];
    project.rhai(&options, THREE)
}

#[test]
fn a_refusal_is_named_with_its_row() {
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
fn half_an_answer_is_a_failure() {
    invite_three(&Project::new(), &["truncate=4"], "0")
        .exits(3)
        .prints("3 rows: 2 created, 0 existing, 1 failed\n")
        .says("failed: row 2: b@example.com: ");
}

#[test]
fn a_stall_ends_with_the_timeout() {
    invite_three(&Project::new(), &["stall=5:1m"], "0")
        .exits(3)
        .prints("3 rows: 2 created, 0 existing, 1 failed\n")
        .says("c@example.com: 127.0.0.1:")
        .says("did not answer within 2 s");
}

#[test]
fn faults_that_pass_fail_no_row() {
    for fault in ["drop=4", "error=4:503", "html=5"] {
        invite_three(&Project::new(), &[fault], "5")
            .succeeds()
            .prints("3 rows: 3 created, 0 existing, 0 failed\n");
    }
}

#[test]
fn who_asks_again_after_a_lost_answer_finds_the_session() {
    for fault in ["lose=5", "truncate=5"] {
        invite_three(&Project::new(), &[fault], "5")
            .succeeds()
            .prints("3 rows: 2 created, 1 existing, 0 failed\n");
    }
}

#[test]
fn a_server_that_asks_to_wait_in_seconds_or_until_a_date_is_waited_for() {
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
fn a_second_run_finds_the_session_whose_answer_was_lost() {
    let project = Project::new();
    invite_three(&project, &["lose=5"], "0")
        .exits(3)
        .says("c@example.com");
    project
        .rehearse(THREE)
        .succeeds()
        .prints("3 rows: 0 created, 3 existing, 0 failed\n");
}

#[test]
fn a_request_that_was_refused_left_nothing() {
    let project = Project::new();
    invite_three(&project, &["error=5"], "0")
        .exits(3)
        .says("c@example.com");
    project
        .rehearse(THREE)
        .succeeds()
        .prints("3 rows: 1 created, 2 existing, 0 failed\n");
}

#[test]
fn an_unknown_fault_is_refused_with_those_there_are() {
    Project::new()
        .run(&["sandbox", "--fault", "dorp=3"])
        .exits(2)
        .says("there is no fault `dorp`")
        .says("drop=N");
}

/// Invites 200 people at a sandbox with these faults, and asserts that every row has an end, and which exit status follows.
fn two_hundred(faults: &[&str], options: &[&str]) -> (Project, BTreeMap<String, u64>) {
    let project = people(200);
    let faults = faults.iter().flat_map(|fault| ["--fault", fault]);
    let sandbox = project.sandbox(&faults.collect::<Vec<_>>());
    let ran = project.rhai(&[&["--sandbox"], options].concat(), INVITE_ALL);
    drop(sandbox);
    let rows = states(&project);
    let of = |state: &str| rows.get(state).copied().unwrap_or(0);
    let (created, existing, failed) = (of("created"), of("existing"), of("failed"));
    assert_eq!(created + existing + failed, 200, "{rows:?}\n{ran}");
    ran.exits(if failed == 0 { 0 } else { 3 }).says(&format!(
        "200 rows: {created} created, {existing} existing, {failed} failed"
    ));
    let sane = project.sandbox(&[]);
    let (_, sessions) = sane.get("/api/sessions?limit=1");
    let total = sessions["total"].as_u64().unwrap();
    assert!(
        (created + existing..=200).contains(&total),
        "{sessions} {rows:?}"
    );
    (project, rows)
}

/// Asserts that nobody fails at a sandbox with these faults, as requests are repeated.
fn all_succeed(faults: &[&str], options: &[&str]) -> BTreeMap<String, u64> {
    let (_, rows) = two_hundred(faults, options);
    assert_eq!(rows.get("failed"), None);
    rows
}

/// Asserts that some fail at a sandbox with these faults where nothing is repeated, each for this reason, and that
/// `send --failed` mends it.
fn some_fail(faults: &[&str], options: &[&str], reason: &str) {
    let (project, rows) = two_hundred(faults, &[&["--max-retries", "0"], options].concat());
    let notes = notes(&project, "failed");
    assert_eq!(notes.len() as u64, rows["failed"]);
    for note in &notes {
        assert!(note.contains(reason), "{note}");
    }
    project
        .run(&["send", "1", "--failed"])
        .succeeds()
        .says(" 0 failed");
    assert_eq!(states(&project).get("failed"), None);
}

#[test]
fn dropped_connections_lose_nobody() {
    let rows = all_succeed(&["drop=7"], &[]);
    assert_eq!(rows["created"], 200);
    some_fail(&["drop=7"], &[], "the connection to 127.0.0.1:");
}

#[test]
fn answers_that_are_lost_are_asked_for_again() {
    let rows = all_succeed(&["lose=7"], &[]);
    assert!(rows["existing"] > 20, "{rows:?}");
    let rows = all_succeed(&["truncate=9"], &[]);
    assert!(rows["existing"] > 15, "{rows:?}");
    some_fail(&["truncate=9"], &[], "127.0.0.1:");
}

#[test]
fn server_errors_lose_nobody() {
    let rows = all_succeed(&["error=10"], &[]);
    assert_eq!(rows["created"], 200);
    some_fail(&["error=10"], &[], "the API answered 500");
}

#[test]
fn refusals_that_are_final_are_not_repeated() {
    let (project, rows) = two_hundred(&["error=10:422"], &[]);
    assert!((19..=21).contains(&rows["failed"]), "{rows:?}");
    for note in notes(&project, "failed") {
        assert!(note.contains("the API answered 422"), "{note}");
    }
}

#[test]
fn too_many_requests_make_everybody_wait() {
    let rows = all_succeed(&["rate=120"], &["--max-retries", "0"]);
    assert_eq!(rows["created"], 200);
    let rows = all_succeed(&["rate=120", "retry-after=date"], &["--max-retries", "0"]);
    assert_eq!(rows["created"], 200);
}

#[test]
fn pages_instead_of_answers_lose_nobody() {
    let rows = all_succeed(&["html=10"], &[]);
    assert_eq!(rows["created"], 200);
    some_fail(&["html=10"], &[], "something that is not JSON");
}

#[test]
fn stalls_end_with_the_timeout_and_lose_nobody() {
    let rows = all_succeed(&["stall=50:1m"], &["--timeout", "1"]);
    assert_eq!(rows["created"], 200);
    some_fail(
        &["stall=50:1m"],
        &["--timeout", "1"],
        "did not answer within 1 s",
    );
}
