//! `invite`: candidates invited one by one.

use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::Connection;
use serde_json::json;

use crate::service::OTHER;
use crate::stub::{Reply, Stub, default_reply};
use crate::support::{PATIENCE, Project, Ran};

/// Starts a stub where Jane has finished.
fn jane_has_finished() -> Stub {
    Stub::listing(vec![
        json!({ "id": "s", "candidateEmail": "Jane@example.com", "status": "scored" }),
    ])
}

/// Starts a stub that refuses the first invitation.
fn failing_once() -> Stub {
    let failed = AtomicBool::new(false);
    Stub::inviting(move |request| {
        if failed.swap(true, Ordering::Relaxed) {
            default_reply(request)
        } else {
            Reply::refusal(409, "not now")
        }
    })
}

#[test]
fn a_finished_candidate_is_an_error_that_can_be_caught() {
    let stub = jane_has_finished();
    let project = Project::new().talking_to(&stub);
    project
        .rhai(
            &["--yes"],
            r#"
            for email in ["jane@example.com", "JANE@example.com", "john@example.com"] {
                try {
                    print(invite(#{ email: email }).outcome);
                } catch (e) {
                    print(`${e.error}: ${e.message}`);
                }
            }
            "#,
        )
        .succeeds()
        .prints(
            "finished: `jane@example.com` is not invited again: finished (scored)\n\
             finished: `jane@example.com` is not invited again: finished (scored)\n\
             created\n",
        );
    assert_eq!(stub.invited_emails(), ["john@example.com"]);
    project
        .rhai(&["--yes"], "invite(\"jane@example.com\", \"Jane\");")
        .exits(1)
        .says("error: `jane@example.com` is not invited again: finished (scored)\n --> script.rhai:1:1")
        .says("hint: `--again` opens a second attempt");
    project
        .rhai(
            &["--yes", "--again"],
            "print(invite(\"jane@example.com\", \"Jane\").outcome);",
        )
        .succeeds()
        .prints("created\n");
    assert_eq!(
        stub.invited_emails(),
        ["jane@example.com", "john@example.com"]
    );
}

#[test]
fn the_same_address_is_requested_once() {
    let stub = Stub::start(default_reply);
    Project::new()
        .talking_to(&stub)
        .rhai(
            &["--yes"],
            r#"
            for email in ["jane@example.com", "JANE@Example.com", " jane@example.com"] {
                let sent = invite(#{ email: email });
                print([sent.outcome, sent.email, sent.invite_url]);
            }
            "#,
        )
        .succeeds()
        .prints(
            "[\"created\", \"jane@example.com\", \"https://stub.example/s/jane@example.com\"]\n\
             [\"existing\", \"jane@example.com\", \"https://stub.example/s/jane@example.com\"]\n\
             [\"existing\", \"jane@example.com\", \"https://stub.example/s/jane@example.com\"]\n",
        );
    // The assessment, its sessions, one invitation.
    assert_eq!(stub.requests().len(), 3);
}

#[test]
fn a_failed_invite_can_be_retried() {
    let stub = failing_once();
    let ran = Project::new().talking_to(&stub).rhai(
        &["--yes", "--json"],
        r#"
        loop {
            try {
                print(invite("jane@example.com", "Jane").outcome);
                break;
            } catch (e) {
                print(e.message);
            }
        }
        print(invite("jane@example.com", "Jane").outcome);
        "#,
    );
    let ran = ran.exits(3).says("the API answered 409: not now");
    assert!(ran.stderr.ends_with("\ncreated\nexisting\n"), "{ran}");
    assert_eq!(
        stub.invited_emails(),
        ["jane@example.com", "jane@example.com"]
    );
    let summary = ran.json();
    // A run contains each address once.
    assert_eq!(summary["runs"], json!([1, 2]));
    assert_eq!(summary["created"], 1);
    assert_eq!(summary["failed"], 1);
}

#[test]
fn single_invites_share_one_run() {
    let stub = Stub::start(default_reply);
    let ran = Project::new()
        .talking_to(&stub)
        .rhai(
            &["--yes", "--json"],
            "for name in [\"ann\", \"bob\", \"cyd\"] { invite(name + \"@example.com\", name); }",
        )
        .succeeds();
    let summary = ran.json();
    assert_eq!(summary["runs"], json!([1]));
    assert_eq!(summary["total"], 3);
    assert_eq!(summary["created"], 3);
    // The sessions are listed once for all.
    assert_eq!(stub.requests().len(), 2 + 3);
}

/// Invites two candidates one by one. After the first invitation, its row gets this number, as if the ledger had been changed by
/// another program.
fn invite_after_row(number: u32) -> Ran {
    let project = Project::new();
    let path = project.ledger();
    let stub = Stub::start(move |request| {
        if request.path.ends_with(OTHER) {
            let ledger = Connection::open(&path).unwrap();
            ledger.busy_timeout(PATIENCE).unwrap();
            let id = (1 << 32) | i64::from(number);
            ledger.execute("UPDATE invites SET id = ?1", [id]).unwrap();
            return Reply::json(200, &json!({ "assessment": { "id": OTHER } }));
        }
        default_reply(request)
    });
    let script = format!(
        "print(invite(\"ann@example.com\", \"Ann\").outcome);\n\
         print(invite(#{{ email: \"bob@example.com\", assessment: \"{OTHER}\" }}).outcome);"
    );
    project.talking_to(&stub).rhai(&["--yes"], &script)
}

#[test]
fn rows_continue_after_a_gap_in_their_numbers() {
    for number in [2, 3, u32::MAX - 1] {
        invite_after_row(number)
            .succeeds()
            .prints("created\ncreated\n");
    }
}

#[test]
fn a_run_without_free_row_numbers_takes_no_more_rows() {
    invite_after_row(u32::MAX)
        .exits(1)
        .prints("created\n")
        .says("error: a run cannot have more than 4294967295 rows");
}

#[test]
fn verbose_shows_each_result() {
    let script = "invite(\"jane@example.com\", \"Jane\");";
    Project::new()
        .rhai(&["--sandbox", "-v"], script)
        .succeeds()
        .reports("created: jane@example.com\n");
    Project::new()
        .rhai(&["--sandbox"], script)
        .succeeds()
        .reports("");
}

#[cfg(unix)]
#[test]
fn a_long_wait_is_announced_and_ctrl_c_ends_it() {
    let stub = Stub::inviting(|_| Reply::text(429, "").header("retry-after", "300"));
    let project = Project::new().talking_to(&stub);
    let mut running = project.start_rhai(
        &["--yes"],
        "try { invite(\"jane@example.com\", \"Jane\"); } catch {}\nprint(\"went on\");",
    );
    let line = running.wait_for("waiting until ");
    assert!(
        line.ends_with(": the API asks to wait (429, Retry-After)\n"),
        "{line}"
    );
    running.signal("INT");
    running
        .finish()
        .exits(130)
        .prints("")
        .says("run 1: 1 row: 0 created, 0 existing, 0 failed, 1 not sent\n");
    assert_eq!(stub.invites().len(), 1);
}

#[test]
fn a_single_invite_returns_its_result() {
    Project::new()
        .rehearse(
            r#"
            let due = datetime("2035-01-31T12:00:00Z");
            let first = invite(#{ email: " Jane.Smith@Example.com ", due_date: due });
            print([first.outcome, first.email, first.name, first.due_date == due, first.session.status]);
            let again = invite(#{ email: "jane.smith@example.com", due_date: due.plus_days(1) });
            print([again.outcome, again.invite_url == first.invite_url, again.session.id == first.session.id]);
            print(again.note);
            print(again.due_date == due);
            "#,
        )
        .succeeds()
        .prints(
            "[\"created\", \"Jane.Smith@Example.com\", \"Jane Smith\", true, \"invited\"]\n\
             [\"existing\", true, true]\n\
             the existing session keeps its deadline: Wed 2035-01-31 12:00:00 UTC, not Thu 2035-02-01 12:00:00 UTC\n\
             true\n",
        );
}
