//! Personal data: only its user can read it, deletion removes all of it, and discarded rows are never sent.

use rusqlite::Connection;
use serde_json::json;

use crate::ledger::ledger_contains;
use crate::stub::{Request, Stub};
use crate::support::Project;

const DAY: i64 = 24 * 60 * 60 * 1000;

/// A project with three runs of one person each. Run 1 is 100 days old; run 2 was never sent and is 95 days old.
fn three_runs() -> Project {
    let project = Project::new();
    let invite = |name: &str| format!("invite_all([\"{name}@example.com\"]);");
    project.rehearse(&invite("oldest")).succeeds();
    project
        .rhai(&["--sandbox", "--dry-run"], &invite("unsent"))
        .succeeds();
    project.rehearse(&invite("newest")).succeeds();
    make_older(&project, 1, 100);
    make_older(&project, 2, 95);
    project
}

/// Makes a run `days` days older.
fn make_older(project: &Project, run: i64, days: i64) {
    let ledger = Connection::open(project.ledger()).unwrap();
    let aged = ledger.execute(
        "UPDATE runs SET created_at = created_at - ?1 WHERE id = ?2",
        [days * DAY, run],
    );
    assert_eq!(aged, Ok(1));
}

fn runs(project: &Project, options: &[&str]) -> Vec<i64> {
    let ran = project.run(&[&["runs", "--format", "jsonl"], options].concat());
    let listed = ran.succeeds().json_lines();
    listed
        .iter()
        .filter_map(|run| run["run"].as_i64())
        .collect()
}

#[test]
fn old_runs_are_listed_and_not_deleted_without_confirmation() {
    let project = three_runs();
    assert_eq!(runs(&project, &["--older-than", "90d"]), [2, 1]);
    assert_eq!(runs(&project, &["--older-than", "97d"]), [1]);
    project
        .run(&["runs", "--older-than", "200d"])
        .succeeds()
        .reports("no run is that old\n");
    project
        .run(&["runs", "--older-than", "90d", "--delete"])
        .exits(6)
        .says("run 2 has 1 row not sent\n")
        .says("not confirmed: this would delete 2 runs with 2 rows")
        .says("hint: pass `--yes` to delete without asking");
    assert_eq!(runs(&project, &[]), [3, 2, 1]);
}

#[test]
fn deleting_old_runs_removes_all_their_data() {
    let project = three_runs();
    assert!(ledger_contains(&project, "oldest@") && ledger_contains(&project, "unsent@"));
    let ran = project
        .run(&["runs", "--older-than", "90d", "--delete", "--yes", "--json"])
        .succeeds()
        .reports("run 2 has 1 row not sent\n2 runs are deleted, with 2 rows\n");
    let account = ran.json();
    assert_eq!(
        account,
        json!({
            "deleted": [{ "run": 2, "rows": 1, "left": 1 }, { "run": 1, "rows": 1, "left": 0 }],
            "kept": [],
        })
    );
    assert!(!ledger_contains(&project, "oldest@") && !ledger_contains(&project, "unsent@"));
    assert!(ledger_contains(&project, "newest@"));
    assert_eq!(runs(&project, &[]), [3]);
    project
        .run(&["runs", "--older-than", "90d", "--delete"])
        .succeeds()
        .reports("no run is that old\n");
}

#[test]
fn deleting_one_run_needs_confirmation_too() {
    let project = three_runs();
    project
        .run(&["runs", "2", "--delete"])
        .exits(6)
        .says("run 2 has 1 row not sent\n")
        .says("not confirmed: this would delete run 2 with 1 row, and there is no terminal to ask at\n")
        .says("hint: pass `--yes` to delete without asking");
    assert_eq!(runs(&project, &[]), [3, 2, 1]);
    let ran = project
        .run(&["runs", "2", "--delete", "--yes", "--json"])
        .succeeds()
        .reports("run 2 has 1 row not sent\nrun 2 is deleted, with 1 row\n");
    let account = ran.json();
    let deleted = json!([{ "run": 2, "rows": 1, "left": 1 }]);
    assert_eq!(account, json!({ "deleted": deleted, "kept": [] }));
    assert_eq!(runs(&project, &[]), [3, 1]);
}

#[test]
fn deleting_without_a_selection_is_wrong_usage() {
    for options in [
        &["--delete"][..],
        &["--yes"],
        &["1", "--older-than", "90d", "--delete"],
        &["1", "--yes"],
        &["--json", "--format", "csv"],
        &["1", "--discard", "--json"],
        &["--older-than", "90d", "--failed"],
        &["--older-than", "0d"],
        &["--older-than", "soon"],
    ] {
        Project::new().run(&[&["runs"], options].concat()).exits(2);
    }
}

#[test]
fn an_old_run_that_is_being_sent_is_kept() {
    let (stub, hold) = Stub::holding(Request::is_invite);
    let project = Project::new().talking_to(&stub);
    let sending = project.start_rhai(&["--yes"], "invite_all([\"jane@example.com\"]);");
    hold.await_arrivals(1);
    make_older(&project, 1, 100);
    let ran = project
        .run(&["runs", "--older-than", "90d", "--delete", "--yes", "--json"])
        .succeeds()
        .says("run 1 is not deleted: it is in use by process ");
    let account = ran.json();
    assert_eq!(account["deleted"], json!([]));
    assert_eq!(account["kept"][0]["run"], 1);
    hold.release();
    sending.finish().succeeds();
    assert_eq!(runs(&project, &[]), [1]);
}

/// A process is running during the check, so that the temporary files of SQLite exist, too.
#[cfg(unix)]
#[test]
fn files_are_private_whatever_the_umask() {
    use std::os::unix::fs::PermissionsExt as _;

    let project = Project::new().file(
        "look.rhai",
        "invite_all([\"jane@example.com\"]); print(\"sent\"); sleep(3600);",
    );
    project
        .shell("umask 000; echo '1 + 1' | gradient-bulk repl --sandbox; cd .")
        .succeeds();
    let mut running =
        project.start_shell("umask 000; exec gradient-bulk run --sandbox look.rhai 1>&2");
    running.wait_for("sent");
    let mut open = vec![project.home()];
    let mut seen = Vec::new();
    while let Some(path) = open.pop() {
        let mode = path.metadata().unwrap().permissions().mode() & 0o777;
        let expected = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode, expected, "{}: {mode:o}", path.display());
        if path.is_dir() {
            let entries = std::fs::read_dir(&path).unwrap();
            open.extend(entries.map(|entry| entry.unwrap().path()));
        }
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        seen.push(name);
    }
    for name in [
        "ledger.db",
        "ledger.db-wal",
        "ledger.db-shm",
        "sandbox.db",
        "sandbox.addr",
    ] {
        assert!(seen.iter().any(|each| each == name), "{name}: {seen:?}");
    }
    running.signal("INT");
    running.finish().exits(130);
}

#[test]
fn a_discarded_run_is_never_sent() {
    let project = Project::new();
    let plan = "invite_all([\"jane@example.com\", \"kim@example.com\"]);";
    project
        .rhai(&["--sandbox", "--first", "1"], plan)
        .succeeds();
    project
        .run(&["runs", "1", "--discard"])
        .succeeds()
        .prints("")
        .says("run 1 is discarded: 1 row will not be sent; `gradient-bulk runs 1 --delete` deletes them");
    project
        .run(&["send", "1"])
        .exits(5)
        .says("run 1 is discarded and cannot be sent");
    project
        .run(&["runs", "1"])
        .succeeds()
        .shows("run 1: discarded; it cannot be sent\n")
        .shows("1 not sent")
        .never_says("gradient-bulk send");
    project
        .run(&["runs", "1", "--discard"])
        .exits(2)
        .says("error: run 1 is discarded and cannot be sent")
        .says("hint: `gradient-bulk runs 1 --delete` deletes it with its rows");
    project
        .rehearse("invite_all([\"jo@example.com\"]);")
        .succeeds();
    project
        .run(&["runs", "2", "--discard"])
        .exits(2)
        .says("error: run 2 is done and has nothing left to send");
}

#[test]
fn a_deleted_run_leaves_nothing_in_the_file() {
    let project = Project::new();
    for (person, domain) in [
        ("keep", "one.example"),
        ("secret", "two.example"),
        ("keep", "three.example"),
    ] {
        let script = format!(
            "let l = []; for i in 0..600 {{ l.push(`{person}${{i}}@{domain}`); }} invite_all(l, |e| #{{ email: e, name: \"{person} person\" }});"
        );
        project.rehearse(&script).succeeds();
    }
    assert!(ledger_contains(&project, "two.example"));
    project
        .run(&["runs", "2", "--delete", "--yes"])
        .succeeds()
        .prints("")
        .reports("run 2 is deleted, with 600 rows\n");
    assert!(!ledger_contains(&project, "two.example") && !ledger_contains(&project, "secret"));
    assert!(ledger_contains(&project, "three.example"));
    project
        .run(&["runs", "2"])
        .exits(2)
        .says("there is no run 2");
    let runs = project.run(&["runs", "--format", "jsonl"]).json_lines();
    let left: Vec<_> = runs
        .iter()
        .map(|run| (&run["run"], &run["created"]))
        .collect();
    assert_eq!(left, [(&json!(3), &json!(600)), (&json!(1), &json!(600))]);
}

#[cfg(unix)]
#[test]
fn a_run_in_use_is_left_alone() {
    let (stub, hold) = Stub::holding(Request::is_invite);
    let project = Project::new().talking_to(&stub);
    let sending = project.start_rhai(&["--yes"], "invite_all([\"jane@example.com\"]);");
    hold.await_arrivals(1);
    for option in ["--discard", "--delete"] {
        project
            .run(&["runs", "1", option])
            .exits(1)
            .says("error: run 1 is in use by process ")
            .says("hint: wait until that process ends");
    }
    project
        .run(&["runs", "1"])
        .succeeds()
        .shows("run 1: sending\n")
        .shows("  held by      process ")
        .shows("(1 of them may have been sent, without a recorded response)");
    hold.release();
    sending.finish().succeeds();
    project
        .run(&["runs", "1"])
        .shows("run 1: done\n")
        .never_says("held by");
}
