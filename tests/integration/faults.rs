//! Faults that the sandbox shows on purpose, and what a run makes of them.

use crate::support::{Project, Ran};

const THREE: &str = "let outcome = invite_all([\"a@example.com\", \"b@example.com\", \"c@example.com\"]);\nprint(outcome);";

/// Invites three people, one after the other, at a sandbox with this fault. The first request finds the assessment, so
/// the invitations are requests 2, 3 and 4.
fn invite_three(project: &Project, fault: &str) -> Ran {
    let _sandbox = project.sandbox(&["--fault", fault]);
    project.rhai(
        &["--sandbox", "--concurrency", "1", "--timeout", "2"],
        THREE,
    )
}

#[test]
fn a_refusal_is_named_with_its_row() {
    invite_three(&Project::new(), "error=3:503")
        .exits(3)
        .prints("3 rows: 2 created, 0 existing, 1 failed\n")
        .says("failed: row 2: b@example.com: the API answered 503");
}

#[test]
fn a_page_instead_of_json_is_shown() {
    invite_three(&Project::new(), "html=4")
        .exits(3)
        .prints("3 rows: 2 created, 0 existing, 1 failed\n")
        .says("failed: row 3: c@example.com: ")
        .says("answered 200 with something that is not JSON: `<");
}

#[test]
fn half_an_answer_is_a_failure() {
    invite_three(&Project::new(), "truncate=3")
        .exits(3)
        .prints("3 rows: 2 created, 0 existing, 1 failed\n")
        .says("failed: row 2: b@example.com: ");
}

#[test]
fn a_stall_ends_with_the_timeout() {
    invite_three(&Project::new(), "stall=4:1m")
        .exits(3)
        .prints("3 rows: 2 created, 0 existing, 1 failed\n")
        .says("c@example.com: 127.0.0.1:")
        .says("did not answer within 2 s");
}

#[test]
fn too_many_requests_are_refused() {
    invite_three(&Project::new(), "rate=2")
        .exits(3)
        .prints("3 rows: 1 created, 0 existing, 2 failed\n")
        .says("the API answered 429");
}

#[test]
fn an_answer_that_was_lost_leaves_a_session_that_is_found_again() {
    let project = Project::new();
    invite_three(&project, "lose=4")
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
    invite_three(&project, "error=4")
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
