//! Faults that the sandbox shows on purpose, and what a run makes of them.

use crate::support::{Project, Ran};

const THREE: &str = "let outcome = invite_all([\"a@example.com\", \"b@example.com\", \"c@example.com\"]);\nprint(outcome);";

/// Invites three people, one after the other, at a sandbox with this fault, and repeats a request so often. The first
/// two requests find the assessment and its sessions, so the invitations are requests 3, 4 and 5 where nothing is repeated.
fn invite_three(project: &Project, fault: &[&str], max_retries: &str) -> Ran {
    let faults: Vec<&str> = fault.iter().flat_map(|fault| ["--fault", fault]).collect();
    let _sandbox = project.sandbox(&faults);
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
fn an_invitation_whose_answer_was_lost_is_found_again() {
    for fault in ["lose=5", "truncate=5"] {
        invite_three(&Project::new(), &[fault], "5")
            .succeeds()
            .prints("3 rows: 2 created, 1 existing, 0 failed\n");
    }
}

#[test]
fn the_rate_of_the_server_is_waited_for() {
    invite_three(&Project::new(), &["rate=2"], "0")
        .succeeds()
        .prints("3 rows: 3 created, 0 existing, 0 failed\n");
}

#[test]
fn a_date_to_come_back_at_is_waited_for() {
    invite_three(&Project::new(), &["rate=2", "retry-after=date"], "0")
        .succeeds()
        .prints("3 rows: 3 created, 0 existing, 0 failed\n");
}

#[test]
fn an_answer_that_was_lost_leaves_a_session_that_is_found_again() {
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
