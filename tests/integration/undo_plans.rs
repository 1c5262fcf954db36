//! What the plan of `undo` says, and which runs it refuses.

use serde_json::json;

#[cfg(unix)]
use crate::change_service::reply;
use crate::change_service::{ChangeService, Kind, add};
#[cfg(unix)]
use crate::hold::Hold;
use crate::support::Project;

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

/// A run without rows would only be in the way.
#[test]
fn undo_of_a_run_without_sessions_leaves_no_run() {
    let service = ChangeService::healthy(Kind::Invite, 3);
    let project = service.project();
    service.run(&project, &["--dry-run"]).succeeds();
    for options in [&["--yes", "--max-changes", "3"][..], &["--dry-run"], &[]] {
        let ran = project.run(&[&["undo", "1", "--json"], options].concat());
        let summary = ran
            .succeeds()
            .says_once("nothing to revoke\nrun 1 has created no sessions\n")
            .json();
        assert_eq!(
            (&summary["undo"], &summary["run"], &summary["total"]),
            (&json!(1), &json!(null), &json!(0))
        );
        let runs = project.run(&["runs", "--json"]).json();
        assert_eq!(runs.as_array().unwrap().len(), 1);
    }
}

/// The rest of an undo is the same sessions again: the plan says so, and the second undo names who is gone because of the first.
#[test]
fn a_second_undo_names_the_first_one() {
    let service = ChangeService::healthy(Kind::Invite, 3);
    let project = service.project();
    service.run(&project, &["--concurrency", "1"]).succeeds();
    let undo = |options: &[&str]| {
        let consent = ["undo", "1", "--yes", "--max-changes", "3"];
        project.run(&[&consent, options].concat())
    };
    undo(&["--first", "1"])
        .succeeds()
        .says("run 2: 3 rows: 1 revoked, 0 kept, 0 failed, 2 not revoked\n");
    undo(&[])
        .succeeds()
        .says("2 to revoke in ")
        .says("1 kept: already revoked in run 2: row 1 P <p1@example.com>\n")
        .says("note: run 2 of the same script and arguments has 2 rows not revoked yet: `gradient-bulk send 2` continues with it\n")
        .says("run 3: 3 rows: 2 revoked, 1 kept, 0 failed\n");
    project
        .run(&["send", "2", "--yes", "--max-changes", "3"])
        .succeeds()
        .says("2 kept: already revoked in run 3: ")
        .says("run 2: 3 rows: 1 revoked, 2 kept, 0 failed\n");
}

/// A rehearsal of `undo last` is a run, and the newest, but not the one to undo.
#[test]
fn the_last_run_is_not_an_undo() {
    let service = ChangeService::healthy(Kind::Invite, 3);
    let project = service.project();
    service.run(&project, &[]).succeeds();
    project
        .run(&["undo", "last", "--dry-run"])
        .succeeds()
        .says("3 to revoke in ");
    let confirmed = ["undo", "last", "--yes", "--max-changes", "3"];
    project
        .run(&confirmed)
        .succeeds()
        .says("run 3: 3 rows: 3 revoked, 0 kept, 0 failed\n");
    project
        .run(&confirmed)
        .succeeds()
        .says("3 kept: already revoked in run 3: ");
}

/// If no run has revoked a session, nobody knows who has deleted it.
#[test]
fn a_session_that_somebody_else_has_deleted_is_gone() {
    let service = ChangeService::healthy(Kind::Invite, 2);
    let project = service.project();
    service.run(&project, &["--concurrency", "1"]).succeeds();
    service.sessions.lock().unwrap().remove("s0001");
    for _ in 0..2 {
        project
            .run(&["undo", "1", "--dry-run"])
            .succeeds()
            .says("1 to revoke in ")
            .says("1 kept: already gone: row 1 P <p1@example.com>\n");
    }
}

#[test]
fn options_that_mean_nothing_for_undo_are_refused() {
    for option in [
        "--again",
        "--skip-invalid",
        "--max-invites=3",
        "--unclear",
        "--now=2030-01-01",
    ] {
        let name = option.split('=').next().unwrap();
        Project::new()
            .run(&["undo", "1", option])
            .exits(2)
            .says(&format!("unexpected argument '{name}' found"));
    }
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
    project
        .rhai(&["--dry-run"], "revoke_all([\"s0001\"]);")
        .succeeds()
        .says("nothing to revoke\n1 kept: already revoked in run 1: ");
    service
        .send(&project, &["--timeout", "0.2"])
        .succeeds()
        .says("4 to revoke in ")
        .says("2 revoked: gone after an earlier request: row 1 Ada Lee <p1@example.com>, row 2 ")
        .never_says("already gone")
        .says("run 1: 6 rows: 6 revoked, 0 kept, 0 failed\n");
}
