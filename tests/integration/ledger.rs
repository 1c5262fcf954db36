//! The ledger's file: files that are not ledgers, ledgers that cannot be used, and file permissions.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use crate::service::Service;
use crate::stub::{Stub, default_reply};
use crate::support::{PATIENCE, Project, files_below, has};

/// The states of rows, indexed by the number in the file.
const STATES: [&str; 11] = [
    "planned",
    "sending",
    "created",
    "existing",
    "failed",
    "skipped",
    "invalid",
    "duplicate",
    "done",
    "kept",
    "unclear",
];

/// Opens a ledger without changing the files that a killed process has left.
fn open_read_only(path: &Path) -> Connection {
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
}

/// Returns how many rows are in each state. Asserts that the stored counts agree.
#[track_caller]
pub(crate) fn state_counts(project: &Project) -> BTreeMap<String, u64> {
    let ledger = open_read_only(&project.ledger());
    // A process may be writing: both are read as of the same moment.
    ledger.execute_batch("BEGIN").unwrap();
    let read = |query: &str| -> BTreeMap<String, u64> {
        ledger
            .prepare(query)
            .unwrap()
            .query_map([], |row| {
                Ok((STATES[row.get::<_, usize>(0)?].to_owned(), row.get(1)?))
            })
            .unwrap()
            .map(Result::unwrap)
            .collect()
    };
    let rows = read("SELECT state, count(*) FROM invites GROUP BY state");
    let counts = read("SELECT state, sum(count) FROM counts GROUP BY state HAVING sum(count) > 0");
    assert_eq!(rows, counts, "rows and stored counts");
    rows
}

/// Returns the notes of all rows in this state.
pub(crate) fn notes(project: &Project, state: &str) -> Vec<String> {
    let number = STATES.iter().position(|name| *name == state).unwrap();
    open_read_only(&project.ledger())
        .prepare("SELECT note FROM invites WHERE state = ?1")
        .unwrap()
        .query_map([number], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect()
}

pub(crate) fn state(project: &Project, run: u32) -> String {
    open_read_only(&project.ledger())
        .query_row("SELECT state FROM runs WHERE id = ?1", [run], |row| {
            row.get(0)
        })
        .unwrap()
}

pub(crate) fn set_state(project: &Project, run: u32, state: &str) {
    Connection::open(project.ledger())
        .unwrap()
        .execute("UPDATE runs SET state = ?2 WHERE id = ?1", (run, state))
        .unwrap();
}

/// Returns true if the ledger's file, or a file that SQLite keeps next to it, contains the bytes of `text`.
pub(crate) fn ledger_contains(project: &Project, text: &str) -> bool {
    let is_of_ledger = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap();
        name.starts_with("ledger.db")
    };
    let files = files_below(&project.home());
    files
        .iter()
        .filter(|path| is_of_ledger(path))
        .any(|path| has(path, text))
}

/// Lets the time pass in which the API may still carry out requests of a killed process, for which `send` would wait.
pub(crate) fn settle(project: &Project) {
    let ledger = Connection::open(project.ledger()).unwrap();
    ledger.busy_timeout(PATIENCE).unwrap();
    let earlier = "UPDATE runs SET asked_at = asked_at - 60000, timeout = 30000";
    ledger.execute(earlier, []).unwrap();
}

/// Keeps other processes from writing until the transaction or the connection ends.
pub(crate) fn lock(project: &Project) -> Connection {
    let connection = Connection::open(project.ledger()).unwrap();
    connection.busy_timeout(PATIENCE).unwrap();
    connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    connection
}

/// Runs a script that invites three candidates, and asserts that the ledger fails before anything is sent.
fn expect_refusal(project: Project, options: &[&str], message: &str, hint: &str) -> Project {
    let stub = Stub::start(default_reply);
    let project = project.talking_to(&stub);
    project
        .rhai(
            &[&["--yes"], options].concat(),
            "invite_all([\"a@example.com\", \"b@example.com\", \"c@example.com\"]);",
        )
        .exits(1)
        .says(message)
        .says("= hint: ")
        .says(hint)
        .never_says("panicked");
    assert!(stub.invites().is_empty());
    project
}

/// A project with a run of `rows` rows that was planned and not sent.
fn planned_project(stub: &Stub, rows: usize) -> Project {
    let project = Project::new().talking_to(stub);
    project
        .rhai(
            &["--dry-run"],
            &format!(
                "let people = [];\nfor i in 0..{rows} {{ people.push(`someone${{i}}@example.com`); }}\ninvite_all(people);"
            ),
        )
        .succeeds();
    project
}

/// Sends run 1, which must fail before anyone is invited.
fn expect_failed_send(project: &Project, stub: &Stub, message: &str, hint: &str) {
    project
        .run(&["send", "1", "--yes"])
        .exits(1)
        .says(message)
        .says("ledger.db")
        .says("= hint: ")
        .says(hint)
        .never_says("panicked");
    assert!(stub.invites().is_empty());
}

#[test]
fn a_file_that_is_not_a_ledger_is_left_alone() {
    for content in ["x", "my notes\n", &"my notes\n".repeat(1_000)] {
        let project = Project::new().file("notes.txt", content);
        expect_refusal(
            Project::new().file("notes.txt", content),
            &["--ledger", "notes.txt"],
            "`notes.txt` is not a gradient-bulk ledger",
            "`--ledger`",
        );
        project
            .run(&["send", "1", "--ledger", "notes.txt"])
            .exits(1)
            .says("`notes.txt` is not a gradient-bulk ledger");
        assert_eq!(project.read("notes.txt"), content);
    }
}

#[test]
fn another_programs_database_is_left_alone() {
    let project = Project::new();
    let path = project.path().join("other.db");
    Connection::open(&path)
        .unwrap()
        .execute_batch("CREATE TABLE runs (id INTEGER); INSERT INTO runs VALUES (1);")
        .unwrap();
    let before = fs::read(&path).unwrap();
    let ledger = ["--ledger", path.to_str().unwrap()];
    let message = "other.db` is not a gradient-bulk ledger";
    let project = expect_refusal(project, &ledger, message, "pass another file");
    assert!(fs::read(&path).unwrap() == before);
    drop(project);
}

#[test]
fn a_newer_ledger_is_not_touched() {
    let stub = Stub::start(default_reply);
    let project = planned_project(&stub, 3);
    Connection::open(project.ledger())
        .unwrap()
        .pragma_update(None, "user_version", 99)
        .unwrap();
    expect_failed_send(
        &project,
        &stub,
        "has format 99, but this version reads formats up to 3",
        "update gradient-bulk",
    );
}

/// The first pages stay intact; pages in the middle are overwritten.
#[test]
fn a_damaged_ledger_sends_nothing() {
    let stub = Stub::start(default_reply);
    let project = planned_project(&stub, 2_000);
    let path = project.ledger();
    let mut bytes = fs::read(&path).unwrap();
    let size = bytes.len();
    assert!(size > 40 * 4096, "{size}");
    bytes[20 * 4096..size - 4096].fill(0xA5);
    fs::write(&path, &bytes).unwrap();
    expect_failed_send(&project, &stub, "is damaged", ".recover");
}

#[test]
fn a_truncated_ledger_sends_nothing() {
    let stub = Stub::start(default_reply);
    let project = planned_project(&stub, 2_000);
    let path = project.ledger();
    let size = fs::metadata(&path).unwrap().len();
    let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.set_len(size / 2).unwrap();
    expect_failed_send(&project, &stub, "is damaged", ".recover");
}

/// The program waits ten seconds before it reports the lock.
#[test]
fn a_locked_ledger_sends_nothing() {
    let stub = Stub::start(default_reply);
    let project = planned_project(&stub, 3);
    let other = lock(&project);
    expect_failed_send(
        &project,
        &stub,
        "is locked by another process",
        "use a separate ledger",
    );
    other.execute_batch("COMMIT").unwrap();
    project.run(&["send", "1", "--yes"]).succeeds();
    assert_eq!(stub.invites().len(), 3);
}

/// Other processes can read in the meantime.
#[test]
fn a_released_lock_delays_the_run_only() {
    let (service, hold) = Service::holding(|_| true);
    let project = Project::new().talking_to(&service.stub);
    let running = project.start_rhai(&["--yes"], "invite_all([\"a@example.com\"]);");
    hold.await_arrivals(1);
    let other = lock(&project);
    // The response has arrived and cannot be recorded.
    hold.release();
    for _ in 0..5 {
        project
            .run(&["runs", "1"])
            .succeeds()
            .shows("run 1: sending\n");
    }
    other.execute_batch("COMMIT").unwrap();
    running.finish().succeeds();
    assert_eq!(state_counts(&project)["created"], 1);
}

#[test]
fn a_home_directory_that_cannot_be_created_is_reported() {
    let project = Project::new().file("home", "not a directory");
    let home = project.path().join("home");
    let project = project.env("GRADIENT_BULK_HOME", home.to_str().unwrap());
    expect_refusal(
        project,
        &[],
        &format!("cannot keep the ledger in `{}", home.display()),
        "use `--ledger FILE` or set `GRADIENT_BULK_HOME` to keep it elsewhere",
    );
}

#[test]
fn a_path_that_cannot_hold_a_ledger_is_refused() {
    for (path, message) in [
        (".", "cannot keep the ledger in `.`: is a directory"),
        (
            "/dev/null/ledger.db",
            "cannot keep the ledger in `/dev/null",
        ),
        (
            "script.rhai/ledger.db",
            "cannot keep the ledger in `script.rhai",
        ),
    ] {
        expect_refusal(
            Project::new(),
            &["--ledger", path],
            message,
            "to keep it elsewhere",
        );
    }
    #[cfg(target_os = "linux")]
    for path in ["/dev/null", "/dev/full", "/dev/zero"] {
        let stub = Stub::start(default_reply);
        Project::new()
            .talking_to(&stub)
            .rhai(
                &["--yes", "--ledger", path],
                "invite_all([\"a@example.com\"]);",
            )
            .exits(1)
            .says(path)
            .never_says("panicked");
        assert!(stub.invites().is_empty());
    }
}

/// Names with a special meaning to SQLite are plain file names here.
#[test]
fn a_ledger_is_always_a_file() {
    for name in [":memory:", "file:ledger?mode=memory"] {
        let stub = Stub::start(default_reply);
        let project = Project::new().talking_to(&stub);
        project
            .rhai(
                &["--yes", "--first", "1", "--ledger", name],
                "invite_all([\"a@example.com\", \"b@example.com\"]);",
            )
            .succeeds();
        project
            .run(&["send", "1", "--yes", "--ledger", name])
            .succeeds();
        assert_eq!(stub.invited_emails(), ["a@example.com", "b@example.com"]);
    }
}

#[cfg(unix)]
#[test]
fn only_its_user_can_read_a_ledger() {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let (service, hold) = Service::holding(|number| number == 1);
    let project = Project::new().talking_to(&service.stub);
    let running = project.start_rhai(&["--yes"], "invite_all([\"a@example.com\"]);");
    hold.await_arrivals(1);
    assert_eq!(mode(&project.home()), 0o700);
    assert_eq!(mode(&project.home().join("locks")), 0o700);
    for path in files_below(&project.home()) {
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
    assert_eq!(
        names_in(&project.home()),
        [
            "ledger.db",
            "ledger.db-run1.lock",
            "ledger.db-shm",
            "ledger.db-wal",
            "locks"
        ]
    );
    hold.release();
    running.finish().succeeds();
    assert_eq!(names_in(&project.home()), ["ledger.db", "locks"]);
}

pub(crate) fn names_in(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// None of them finds a ledger, so each creates one.
#[test]
fn many_processes_create_one_ledger_at_once() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub).file(
        "one.rhai",
        "let email = arg(\"email\", \"an address\");\ninvite_all([email]);",
    );
    let emails: Vec<String> = (0..8).map(|i| format!("someone{i}@example.com")).collect();
    let all: Vec<_> = emails
        .iter()
        .map(|email| project.start(&["run", "--yes", "--wait-lock", "60", "one.rhai", email]))
        .collect();
    for running in all {
        running.finish().succeeds();
    }
    assert_eq!(stub.invited_emails(), emails);
    assert_eq!(state_counts(&project)["created"], 8);
}

#[test]
fn runs_of_two_scripts_share_a_ledger() {
    let stub = Stub::start(default_reply);
    let script = |name: &str| {
        format!(
            "let people = [];\nfor i in 0..700 {{ people.push(`{name}${{i}}@example.com`); }}\ninvite_all(people);"
        )
    };
    let project = Project::new()
        .talking_to(&stub)
        .file("a.rhai", script("a"))
        .file("b.rhai", script("b"));
    let first = project.start(&["run", "--yes", "--wait-lock", "60", "a.rhai"]);
    let second = project.start(&["run", "--yes", "--wait-lock", "60", "b.rhai"]);
    first.finish().succeeds().says("700 rows: 700 created");
    second.finish().succeeds().says("700 rows: 700 created");
    assert_eq!(state_counts(&project)["created"], 1_400);
    assert_eq!(stub.invites().len(), 1_400);
}

/// The expected result of [`state_counts`].
pub(crate) fn counts(states: &[(&str, u64)]) -> BTreeMap<String, u64> {
    states
        .iter()
        .map(|(name, count)| ((*name).to_owned(), *count))
        .collect()
}
