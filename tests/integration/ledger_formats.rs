//! Ledgers of older versions: they are migrated, and a copy is kept.

use std::fs;
use std::path::Path;

use rusqlite::Connection;

use crate::ledger::state;
use crate::service::Service;
use crate::support::Project;

/// A ledger that version 0.1.0 wrote. Run 1 was killed: two of its six rows are `created`, and four are `sending`. Run 2 was
/// planned by a dry run.
const FORMAT_2: &str = "tests/data/ledgers/format-2.db";

/// A project with an older ledger, whose runs were planned for the service.
fn with_ledger_of_format_2(service: &Service) -> Project {
    let project = Project::new().talking_to(&service.stub);
    fs::create_dir(project.home()).unwrap();
    fs::copy(
        Path::new(env!("CARGO_MANIFEST_DIR")).join(FORMAT_2),
        project.ledger(),
    )
    .unwrap();
    let url = service.stub.url();
    Connection::open(project.ledger())
        .unwrap()
        .execute("UPDATE runs SET api_url = ?1", [url])
        .unwrap();
    project
}

/// Returns the format of a ledger, and the state of each row.
fn read(path: &Path) -> (i64, Vec<i64>) {
    let ledger = Connection::open(path).unwrap();
    let format = ledger
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap();
    let states = ledger
        .prepare("SELECT state FROM invites ORDER BY id")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    (format, states)
}

const STATES: [i64; 12] = [2, 2, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0];

#[test]
fn a_ledger_of_format_2_is_migrated_and_a_copy_is_kept() {
    let service = Service::healthy();
    let project = with_ledger_of_format_2(&service);
    project
        .run(&["runs", "1"])
        .succeeds()
        .shows("run 1: sending, and was cut short");
    assert_eq!(read(&project.ledger()), (3, STATES.to_vec()));
    let copy = project.home().join("ledger.db.v2");
    assert_eq!(read(&copy), (2, STATES.to_vec()));
    let files = fs::read_dir(project.home()).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    assert!(!names.into_iter().any(|name| name.contains("part")));
}

#[cfg(unix)]
#[test]
fn only_the_user_can_read_the_copy() {
    use std::os::unix::fs::PermissionsExt as _;
    let project = with_ledger_of_format_2(&Service::healthy());
    project.shell("umask 000; gradient-bulk runs").succeeds();
    let copy = fs::metadata(project.home().join("ledger.db.v2")).unwrap();
    assert_eq!(copy.permissions().mode() & 0o777, 0o600);
}

/// An earlier migration was cut short while it wrote the copy.
#[test]
fn an_unfinished_copy_is_replaced() {
    let project = with_ledger_of_format_2(&Service::healthy());
    fs::write(project.home().join("ledger.db.v2.part"), "half of it").unwrap();
    project.run(&["runs"]).succeeds();
    let copy = project.home().join("ledger.db.v2");
    assert_eq!(read(&copy), (2, STATES.to_vec()));
}

#[test]
fn several_processes_can_migrate_at_once() {
    let project = with_ledger_of_format_2(&Service::healthy());
    let running: Vec<_> = (0..5).map(|_| project.start(&["runs"])).collect();
    for each in running {
        each.finish().succeeds();
    }
    assert_eq!(read(&project.ledger()), (3, STATES.to_vec()));
    let copy = project.home().join("ledger.db.v2");
    assert_eq!(read(&copy), (2, STATES.to_vec()));
}

/// Nobody knows when the rows of the killed run were sent, so `send` waits as if that was just now.
#[test]
fn a_killed_run_of_an_older_version_is_sent() {
    let service = Service::healthy();
    let project = with_ledger_of_format_2(&service);
    for person in 1..=3 {
        service.add_session(&format!("person{person}@example.com"), "invited");
    }
    project
        .run(&["send", "1", "--yes", "--timeout", "1"])
        .succeeds()
        .says(": 4 rows may have been sent moments ago")
        .says("6 rows: 6 created, 0 existing, 0 failed");
    assert_eq!(service.created().len(), 6);
    assert_eq!(service.created().values().sum::<usize>(), 6);
    assert_eq!(state(&project, 1), "done");
}

#[test]
fn a_plan_of_an_older_version_is_sent() {
    let service = Service::healthy();
    let project = with_ledger_of_format_2(&service);
    project
        .run(&["send", "2", "--yes"])
        .succeeds()
        .says("6 rows: 6 created, 0 existing, 0 failed");
    assert_eq!(service.created().len(), 6);
}

/// Format 1 is format 2 without the reason why a run was rejected.
#[test]
fn a_ledger_of_format_1_is_migrated() {
    let project = with_ledger_of_format_2(&Service::healthy());
    Connection::open(project.ledger())
        .unwrap()
        .execute_batch("ALTER TABLE runs DROP COLUMN reason; PRAGMA user_version = 1")
        .unwrap();
    project
        .run(&["runs", "1"])
        .succeeds()
        .shows("run 1: sending, and was cut short");
    assert_eq!(read(&project.ledger()), (3, STATES.to_vec()));
    let copy = project.home().join("ledger.db.v1");
    assert_eq!(read(&copy), (1, STATES.to_vec()));
}

#[test]
fn a_run_records_who_planned_it_and_what_was_agreed_to() {
    let service = Service::healthy();
    let project = Project::new()
        .talking_to(&service.stub)
        .env("USER", "jane")
        .file("invite.rhai", "invite_all([\"jane@example.com\"]);\n");
    project.run(&["run", "--dry-run", "invite.rhai"]).succeeds();
    let run = || project.run(&["runs", "--json"]).json()[0].clone();
    let planned = run();
    assert_eq!(planned["kind"], "invite");
    assert_eq!(planned["os_user"], "jane");
    assert!(planned["key_prefix"].as_str().unwrap().starts_with("gai_"));
    // As `sha256sum` prints it.
    assert_eq!(
        planned["script_sha256"],
        "10a78964a281c792f226a28fb664dd79727f41b1932a7891d305cd4c20fb4a5e"
    );
    assert!(planned["confirmed_at"].is_null());
    project.run(&["send", "1", "--yes"]).succeeds();
    let first = run()["confirmed_at"].clone();
    assert!(first.is_string());
    project.run(&["send", "1", "--yes"]);
    assert_eq!(run()["confirmed_at"], first);
}

/// SQLite would read the missing part as empty, and leave its rows out without an error.
#[test]
fn a_ledger_that_ends_too_early_is_damaged() {
    let service = Service::healthy();
    let project = with_ledger_of_format_2(&service);
    project.run(&["runs"]).succeeds();
    let whole = fs::read(project.ledger()).unwrap();
    for missing in [1, 4_000, 20_000] {
        fs::write(project.ledger(), &whole[..whole.len() - missing]).unwrap();
        project.run(&["runs"]).exits(1).says("is damaged\n");
    }
    fs::write(project.ledger(), &whole).unwrap();
    project.run(&["runs"]).succeeds();
}

#[test]
fn a_row_in_an_unknown_state_is_not_left_out() {
    let service = Service::healthy();
    let project = with_ledger_of_format_2(&service);
    project.run(&["runs"]).succeeds();
    Connection::open(project.ledger())
        .unwrap()
        .execute("UPDATE invites SET state = 42 WHERE id = (1 << 32) + 1", [])
        .unwrap();
    for command in [
        &["runs", "1", "--created"][..],
        &["send", "1", "--yes", "--timeout", "0.1"],
        &[
            "undo",
            "1",
            "--yes",
            "--max-changes",
            "9",
            "--timeout",
            "0.1",
        ],
    ] {
        crate::ledger::settle(&project);
        project
            .run(command)
            .exits(1)
            .says("cannot read the state `42` of a row in the ledger")
            .says("another program has changed it; nothing is sent");
    }
    assert!(service.stub.invites().is_empty());
}
