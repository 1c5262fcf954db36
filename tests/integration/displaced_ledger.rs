//! A ledger whose file is moved, deleted or replaced while a run is sent.

use std::fs;
use std::path::Path;

use crate::candidate_list::{INVITE_ALL, addresses, people};
use crate::service::Service;
use crate::stub::Stub;
use crate::support::{Project, Ran};

/// Sends to `rows` people, and calls `displace` when every request after the first `answered` has to wait for it.
fn displaced_while_sending(
    rows: usize,
    answered: usize,
    displace: impl FnOnce(&Project),
) -> (Service, Project, Ran) {
    let (service, hold) = Service::holding(move |number| number > answered);
    let project = people(rows).talking_to(&service.stub);
    let running = project.start_rhai(&["--yes"], INVITE_ALL);
    hold.await_arrivals(1);
    displace(&project);
    hold.release();
    let ran = running.finish();
    (service, project, ran)
}

/// Sends the rest with the ledger at `path`. Nobody is invited twice, and at most a few requests are repeated.
#[track_caller]
fn send_rest(service: &Service, project: &Project, path: &Path, rows: usize) {
    let ledger = path.to_str().unwrap();
    project
        .run(&["send", "1", "--yes", "--ledger", ledger])
        .succeeds()
        .says("created");
    service.has_one_session_for_each(&addresses(rows));
    assert_eq!(service.stub.invites().len(), rows, "requests");
}

#[cfg(target_os = "linux")]
#[test]
fn a_moved_ledger_stops_sending_and_has_all_results() {
    let (service, project, ran) = displaced_while_sending(2_000, 20, |project| {
        fs::rename(project.ledger(), project.path().join("moved.db")).unwrap();
    });
    let moved = project.path().join("moved.db");
    let ledger = project.ledger();
    ran.exits(1)
        .says(&format!(
            "run 1 was stopped: the ledger `{}` was moved to `{}` while it was in use; that file has all results",
            ledger.display(),
            moved.display()
        ))
        .says(&format!("move `{}` to `{}`", moved.display(), ledger.display()));
    assert!(service.stub.invites().len() < 1_000, "sending went on");
    assert!(!ledger.exists(), "an empty ledger was created");
    send_rest(&service, &project, &moved, 2_000);
}

#[cfg(unix)]
#[test]
fn a_deleted_ledger_is_copied() {
    let (service, project, ran) = displaced_while_sending(2_000, 20, |project| {
        fs::remove_file(project.ledger()).unwrap();
    });
    let copy = project.home().join("ledger.db.recovered");
    ran.exits(1).says(&format!(
        "was deleted or replaced while it was in use; `{}` is a copy with all results",
        copy.display()
    ));
    send_rest(&service, &project, &copy, 2_000);
}

#[cfg(unix)]
#[test]
fn a_ledger_that_is_deleted_with_its_directory_is_lost() {
    let (_service, _project, ran) = displaced_while_sending(2_000, 20, |project| {
        fs::remove_dir_all(project.home()).unwrap();
    });
    ran.exits(1)
        .says("was deleted or replaced while it was in use; its results are lost")
        .says("hint: run the script again: candidates with an active session keep it")
        .never_says("gradient-bulk send 1` with the same ledger");
}

#[cfg(target_os = "linux")]
#[test]
fn a_replaced_ledger_is_noticed() {
    let (service, project, ran) = displaced_while_sending(2_000, 20, |project| {
        fs::rename(project.ledger(), project.path().join("moved.db")).unwrap();
        fs::write(project.ledger(), "").unwrap();
    });
    let moved = project.path().join("moved.db");
    ran.exits(1)
        .says(&format!("was moved to `{}`", moved.display()));
    assert_eq!(fs::read(project.ledger()).unwrap(), b"");
    send_rest(&service, &project, &moved, 2_000);
}

#[cfg(target_os = "linux")]
#[test]
fn a_ledger_that_is_moved_at_the_end_is_noticed() {
    let (service, project, ran) = displaced_while_sending(5, 4, |project| {
        fs::rename(project.ledger(), project.path().join("moved.db")).unwrap();
    });
    service.has_one_session_for_each(&addresses(5));
    ran.exits(1)
        .says("error: the ledger")
        .says("that file has all results")
        .never_says("was stopped");
    let moved = project.path().join("moved.db");
    project
        .run(&["runs", "1", "--ledger", moved.to_str().unwrap()])
        .succeeds()
        .shows("run 1: done");
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_is_sent_if_the_ledger_is_moved_before() {
    let (stub, hold) = Stub::holding(|request| request.path == "/api/sessions");
    let project = people(5).talking_to(&stub);
    let running = project.start_rhai(&["--yes"], INVITE_ALL);
    hold.await_arrivals(1);
    fs::rename(project.ledger(), project.path().join("moved.db")).unwrap();
    hold.release();
    running
        .finish()
        .exits(1)
        .says("was moved to `")
        .says("that file has all results");
    assert!(stub.invites().is_empty());
    assert!(!project.ledger().exists(), "an empty ledger was created");
}
