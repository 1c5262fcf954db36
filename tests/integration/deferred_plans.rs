//! Deferred plans: complete, but the existing sessions could not be listed. They are kept for `send`, or rejected.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
#[cfg(unix)]
use std::thread;

use crate::candidate_list::{INVITE_ALL, addresses, people};
#[cfg(unix)]
use crate::ledger::{state, state_counts};
use crate::stub::{Reply, Stub, default_reply};
use crate::support::Project;

/// A stub whose session list fails while the flag is set.
fn broken_session_list() -> (Stub, Arc<AtomicBool>) {
    let broken = Arc::new(AtomicBool::new(true));
    let flag = Arc::clone(&broken);
    let stub = Stub::start(move |request| {
        if request.path == "/api/sessions" && flag.load(Ordering::SeqCst) {
            return Reply::refusal(500, "broken");
        }
        default_reply(request)
    });
    (stub, broken)
}

/// A network failure does not lose the plan: `send` lists the sessions again.
#[test]
fn a_plan_without_existing_sessions_is_kept_for_send() {
    let (stub, broken) = broken_session_list();
    let project = Project::new()
        .talking_to(&stub)
        .file("people.csv", "name,email\nJane Doe,jane@example.com\n")
        .file("bad.csv", "name,email\nJane,jane@example.com\nJoe,joe\n");
    let run = ["run", "--yes", "--max-retries", "0", "invite_csv"];
    project
        .run(&[&run[..], &["people.csv"]].concat())
        .exits(1)
        .says("the plan is kept; `gradient-bulk send 1` continues with it\n");
    project
        .run(&["runs", "1"])
        .shows("run 1: planned; nothing was sent\n");
    // An invalid plan cannot be sent.
    project
        .run(&[&run[..], &["bad.csv"]].concat())
        .exits(1)
        .says("run 2 was rejected and cannot be sent: 1 of 2 rows is invalid\n")
        .never_says("gradient-bulk send");
    project
        .run(&["runs", "2"])
        .shows("run 2: rejected; it cannot be sent\n  because      1 of 2 rows is invalid\n");
    broken.store(false, Ordering::SeqCst);
    project
        .run(&["send", "last", "--yes"])
        .exits(5)
        .says("run 2 is rejected");
    project.run(&["send", "1", "--yes"]).succeeds();
    assert_eq!(stub.invited_emails(), ["jane@example.com"]);
}

/// After `--first 1`, the printed command also sends one row, and after a dry run it is a dry run.
#[test]
fn the_printed_command_keeps_the_options() {
    let (stub, broken) = broken_session_list();
    let project = people(3).talking_to(&stub);
    let canary = ["--max-retries", "0", "--ledger", "mine.db", "--first", "1"];
    project
        .rhai(&[&canary[..], &["--yes"]].concat(), INVITE_ALL)
        .exits(1)
        .says("the plan is kept; `gradient-bulk send --ledger mine.db 1 --first 1` continues with it\n");
    project
        .rhai(&[&canary[..], &["--dry-run"]].concat(), INVITE_ALL)
        .exits(1)
        .says("the plan is kept; `gradient-bulk send --ledger mine.db 2 --first 1 --dry-run` continues with it\n");
    broken.store(false, Ordering::SeqCst);
    project
        .shell("gradient-bulk send --ledger mine.db 2 --first 1 --dry-run")
        .succeeds()
        .says("dry run: nothing was sent; `gradient-bulk send --ledger mine.db 2 --first 1` sends this plan\n");
    assert!(stub.invites().is_empty());
    project
        .shell("gradient-bulk send --ledger mine.db 1 --first 1 --yes")
        .succeeds();
    assert_eq!(stub.invited_emails(), addresses(1));
}

#[cfg(unix)]
#[test]
fn a_plan_interrupted_by_ctrl_c_is_kept_for_send_or_rejected() {
    let stub = Stub::start(|request| match &*request.path {
        "/api/sessions" => Reply::text(429, "").header("retry-after", "300"),
        _ => default_reply(request),
    });
    let project = people(3).talking_to(&stub);
    let interrupted = |rows: u64, options: &[&str]| {
        let mut running = project.start_rhai(options, INVITE_ALL);
        running.wait_for("waiting until ");
        // Once the rows are stored, the plan waits only for the list of sessions.
        while state_counts(&project).values().sum::<u64>() < rows {
            thread::yield_now();
        }
        running.signal("INT");
        running.finish().exits(130).says("\ninterrupted\n")
    };
    interrupted(3, &["--first", "1"])
        .says("the plan is kept; `gradient-bulk send 1 --first 1` continues with it\n");
    assert_eq!(state(&project, 1), "planned");
    interrupted(6, &["--max-invites", "2"])
        .says("run 2 was rejected and cannot be sent: 3 invitations are planned, but `--max-invites` allows 2\n");
    assert_eq!(state(&project, 2), "rejected");
}
