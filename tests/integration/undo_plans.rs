//! What the plan of `undo` says, and which runs it refuses.

#[cfg(unix)]
use crate::change_service::reply;
use crate::change_service::{ChangeService, Kind, add};
#[cfg(unix)]
use crate::hold::Hold;

/// Candidates who had a session before the run keep it, and the plan names them.
#[test]
fn undo_names_the_candidates_whose_session_it_did_not_create() {
    let service = ChangeService::healthy(Kind::Invite, 3);
    add(&service.sessions, "before", "p2@example.com", "invited");
    let project = service.project();
    service.run(&project, &[]).succeeds();
    project
        .run(&["undo", "1", "--yes", "--max-changes", "2"])
        .succeeds()
        .says("1 kept: the session is not of run 1: row 2 P <p2@example.com>\n")
        .says("run 2: 3 rows: 2 revoked, 1 kept, 0 failed\n");
    let left = service.sessions.lock().unwrap();
    assert_eq!(left.keys().collect::<Vec<_>>(), ["before"]);
}

/// The run decides about the server.
#[test]
fn undo_at_another_server_is_refused() {
    let service = ChangeService::healthy(Kind::Invite, 1);
    let project = service.project();
    service.run(&project, &[]).succeeds();
    let other = ChangeService::healthy(Kind::Invite, 1);
    let project = project.talking_to(&other.stub);
    project
        .run(&["undo", "1", "--yes", "--max-changes", "1"])
        .exits(2)
        .says("run 1 was planned for `")
        .says("hint: leave out ");
    project
        .run(&["undo", "1", "--sandbox"])
        .exits(2)
        .says("run 1 was planned for `");
    assert!(other.stub.requests().is_empty());
}

#[test]
fn undo_of_what_is_not_there_or_not_an_invitation_is_refused() {
    let service = ChangeService::healthy(Kind::Score, 1);
    let project = service.project();
    project
        .run(&["undo", "1"])
        .exits(2)
        .says("there is no run 1");
    service.run(&project, &[]).succeeds();
    project
        .run(&["undo", "1"])
        .exits(2)
        .says("run 1 cannot be undone: what it has scored does not come back")
        .says("hint: only runs that invite can be undone");
    let runs = project.run(&["runs", "--json"]).json();
    assert_eq!(
        runs.as_array().unwrap().len(),
        1,
        "no run is left of the attempt"
    );
}

/// What the killed process has deleted counts as revoked, in the plan as in the result.
#[cfg(unix)]
#[test]
fn the_plan_of_a_killed_undo_says_what_it_has_deleted() {
    let hold = Hold::default();
    let at = hold.clone();
    let service = ChangeService::start(Kind::Revoke, 6, move |number, request, sessions| {
        if number <= 2 {
            reply(sessions, request);
            at.pass();
        }
        None
    });
    let project = service.project();
    let options = ["--concurrency", "2", "--timeout", "0.2"];
    let running = service.begin(&project, &options);
    hold.await_arrivals(2);
    running.kill();
    hold.release();
    service
        .send(&project, &["--timeout", "0.2"])
        .succeeds()
        .says("4 to revoke in ")
        .says("2 revoked: gone after an earlier request: row 1 Ada Lee <p1@example.com>, row 2 ")
        .never_says("already gone")
        .says("run 1: 6 rows: 6 revoked, 0 kept, 0 failed\n");
}
