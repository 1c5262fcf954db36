//! Promises that hold whatever happens: no candidate is lost, none is invited twice, and the numbers are correct.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};

use crate::candidate_list::{INVITE_ALL, addresses, people};
use crate::change_service::{ChangeService, Kind};
use crate::hold::Hold;
use crate::ledger::{counts, lock, settle, state, state_counts};
use crate::service::{OTHER, Service};
use crate::stub::{Reply, Stub};
use crate::support::{PATIENCE, Project, Ran, Running};

/// How many results may wait to be recorded.
const MAX_UNRECORDED: usize = 256;
/// How many requests are in flight by default.
pub(crate) const IN_FLIGHT: usize = 16;

fn invite_count(stub: &Stub, email: &str) -> usize {
    let mut invites = stub.invites();
    invites.retain(|invite| invite.email() == email);
    invites.len()
}

/// Starts to invite `rows` people. The first `unanswered` requests have arrived and are held.
fn start_run(rows: usize, unanswered: usize) -> (Service, Hold, Project, Running) {
    let (service, hold) = Service::holding(move |number| number <= unanswered);
    let project = people(rows).talking_to(&service.stub);
    let running = project.start_rhai(&["--yes"], INVITE_ALL);
    hold.await_arrivals(unanswered);
    (service, hold, project, running)
}

/// Kills a run of 2,000 rows, and each `send` that continues it, when the service has seen these numbers of invites.
#[cfg(unix)]
fn survives_kills_at(moments: &[usize]) {
    let (reached, arrivals) = channel();
    let (go_on, released) = channel();
    let (reached, released) = (Mutex::new(reached), Mutex::new(released));
    let next = Arc::new(AtomicUsize::new(moments[0]));
    let awaited = Arc::clone(&next);
    let service = Service::start(move |number, _| {
        let moment = awaited.load(Ordering::SeqCst);
        let is_now = number >= moment
            && awaited
                .compare_exchange(moment, usize::MAX, Ordering::SeqCst, Ordering::SeqCst)
                .is_ok();
        if is_now {
            reached.lock().unwrap().send(()).unwrap();
            let _ = released.lock().unwrap().recv_timeout(PATIENCE);
        }
        None
    });
    let project = people(2_000)
        .file("script.rhai", INVITE_ALL)
        .talking_to(&service.stub);
    // Each process has its own key, which identifies its requests.
    let start = |process: usize, words: &[&str]| {
        let key = format!("key{process}");
        std::fs::write(project.path().join(&key), format!("gai_process_{process}")).unwrap();
        let (command, rest) = words.split_first().unwrap();
        project.start(&[&[*command, "--yes", "--api-key-file", &key], rest].concat())
    };
    let mut running = start(0, &["run", "script.rhai"]);
    for (process, _) in (1..).zip(moments) {
        arrivals.recv_timeout(PATIENCE).unwrap();
        running.kill();
        go_on.send(()).unwrap();
        state_counts(&project);
        settle(&project);
        next.store(
            moments.get(process).copied().unwrap_or(usize::MAX),
            Ordering::SeqCst,
        );
        running = start(process, &["send", "1"]);
    }
    running.finish().succeeds();

    service.has_one_session_for_each(&addresses(2_000));
    let rows = state_counts(&project);
    let done = rows.get("created").unwrap_or(&0) + rows.get("existing").unwrap_or(&0);
    assert_eq!(done, 2_000, "{rows:?}");
    assert_eq!(state(&project, 1), "done");

    let mut invited_before = BTreeSet::new();
    for process in 0..=moments.len() {
        let key = format!("Bearer gai_process_{process}");
        let mut invited: Vec<String> = Vec::new();
        for invite in service.stub.invites() {
            if invite.header("authorization") == key {
                invited.push(invite.email().to_owned());
            }
        }
        let distinct: BTreeSet<String> = invited.iter().cloned().collect();
        assert_eq!(distinct.len(), invited.len(), "a process invited twice");
        let repeated = distinct.intersection(&invited_before).count();
        assert!(
            repeated <= IN_FLIGHT + MAX_UNRECORDED,
            "{repeated} repeated by process {process} of {moments:?}"
        );
        invited_before.extend(distinct);
    }
}

#[cfg(unix)]
#[test]
fn thirty_kills_lose_nobody_and_invite_nobody_twice() {
    let mut random = fastrand::Rng::with_seed(4711);
    for _ in 0..6 {
        let mut moments: Vec<usize> = (0..5).map(|_| random.usize(1..=2_000)).collect();
        moments.sort_unstable();
        survives_kills_at(&moments);
    }
}

#[cfg(unix)]
#[test]
fn an_interrupted_plan_is_never_sent() {
    let (stub, hold) = Stub::holding(move |request| request.path.ends_with(OTHER));
    let project = people(1_000).talking_to(&stub);
    let running = project.start_rhai(&["--yes"], &script_with_request_at_row(900));
    hold.await_arrivals(1);
    running.kill();
    hold.release();
    assert_eq!(state(&project, 1), "planning");
    project
        .run(&["send", "1", "--yes"])
        .exits(5)
        .says("run 1 is planning")
        .says("run the script again");
    assert!(stub.invites().is_empty());
}

/// Kills a run of 60 rows with 16 in flight. Then a candidate who was not invited yet finishes a session from before.
#[cfg(unix)]
fn finished_after_a_kill() -> (Service, Project) {
    let (service, hold, project, running) = start_run(60, IN_FLIGHT);
    running.kill();
    hold.release();
    let an_hour_ago = Timestamp::now() - SignedDuration::from_hours(1);
    service.add_session_since("someone00060@example.com", "submitted", an_hour_ago);
    settle(&project);
    (service, project)
}

#[cfg(unix)]
#[test]
fn a_candidate_who_finishes_between_kill_and_send_is_not_invited_again() {
    let (service, project) = finished_after_a_kill();
    project
        .run(&["send", "1", "--yes"])
        .succeeds()
        .says("1 skipped: finished (submitted) (line 60)");
    assert_eq!(invite_count(&service.stub, "someone00060@example.com"), 0);
    service.has_one_session_for_each(&addresses(60));
}

#[cfg(unix)]
#[test]
fn again_invites_a_candidate_who_finished_between_kill_and_send() {
    let (service, project) = finished_after_a_kill();
    project.run(&["send", "1", "--yes", "--again"]).succeeds();
    assert_eq!(service.created()["someone00060@example.com"], 2);
    assert_eq!(service.created().values().sum::<usize>(), 61);
}

/// The result was lost with the killed process, and the candidate has finished since.
#[cfg(unix)]
#[test]
fn a_candidate_of_a_killed_run_who_has_finished_is_not_invited_again() {
    let (service, hold) = Service::holding(|number| number == 3);
    let project = people(20).talking_to(&service.stub);
    let running = project.start_rhai(&["--yes", "--concurrency", "1"], INVITE_ALL);
    hold.await_arrivals(1);
    running.kill();
    hold.release();
    service.submit("someone00001@example.com");
    settle(&project);
    project.run(&["send", "1", "--yes"]).succeeds();
    service.has_one_session_for_each(&addresses(20));
    assert_eq!(invite_count(&service.stub, "someone00001@example.com"), 1);
}

#[cfg(unix)]
#[test]
fn one_process_at_a_time_sends_a_run() {
    let (service, hold, project, running) = start_run(40, IN_FLIGHT);
    project
        .run(&["send", "1", "--yes"])
        .exits(1)
        .says(&format!("run 1 is in use by process {}", running.id()))
        .says("only one process at a time can work on a run");
    hold.release();
    running.finish().succeeds();
    // The refused process does not leave the run locked.
    project.run(&["send", "1", "--yes"]).succeeds();
    assert_eq!(service.stub.invites().len(), 40);
    service.has_one_session_for_each(&addresses(40));
}

#[cfg(unix)]
#[test]
fn after_a_signal_requests_in_flight_are_recorded_and_send_is_suggested() {
    for signal in ["INT", "TERM", "HUP"] {
        let (service, hold, project, mut running) = start_run(40, IN_FLIGHT);
        running.signal(signal);
        running.wait_for("stopping");
        hold.release();
        running
            .finish()
            .exits(130)
            .says("40 rows: 16 created, 0 existing, 0 failed, 24 not sent")
            .says("`gradient-bulk send 1`");
        let expected = [("created", 16), ("planned", 24)];
        assert_eq!(state_counts(&project), counts(&expected));
        assert_eq!(state(&project, 1), "stopped");
        project.run(&["send", "1", "--yes"]).succeeds();
        service.has_one_session_for_each(&addresses(40));
        assert_eq!(service.stub.invites().len(), 40);
    }
}

#[cfg(unix)]
#[test]
fn a_second_ctrl_c_loses_nothing() {
    let (service, hold, project, mut running) = start_run(40, IN_FLIGHT);
    running.signal("INT");
    running.wait_for("stopping");
    running.signal("INT");
    running.finish().exits(130);
    hold.release();
    state_counts(&project);
    settle(&project);
    project.run(&["send", "1", "--yes"]).succeeds();
    service.has_one_session_for_each(&addresses(40));
    assert_eq!(state_counts(&project).values().sum::<u64>(), 40);
}

/// Two processes share a ledger: a slow plan must not keep another run from being recorded.
fn others_can_send_while_a_plan_waits_for(path: &'static str, script: &str) {
    let (slow, hold) = Stub::holding(move |request| request.path.ends_with(path));
    let service = Service::healthy();
    let project = people(600)
        .file("other.rhai", INVITE_ALL)
        .talking_to(&service.stub);
    let planning = project.start_rhai(&["--yes", "--api-url", &slow.url()], script);
    hold.await_arrivals(1);
    project.run(&["run", "--yes", "other.rhai"]).succeeds();
    service.has_one_session_for_each(&addresses(600));
    hold.release();
    planning.finish();
}

#[test]
fn others_can_send_while_a_plan_waits_for_the_list_of_sessions() {
    others_can_send_while_a_plan_waits_for("/sessions", INVITE_ALL);
}

#[test]
fn others_can_send_while_a_plan_waits_for_its_script() {
    others_can_send_while_a_plan_waits_for(OTHER, &script_with_request_at_row(500));
}

/// A script that requests another assessment when it reaches this row.
fn script_with_request_at_row(number: usize) -> String {
    format!(
        "invite_all(read_lines(\"people.txt\"), |email| {{\n    if email == \"someone{number:05}@example.com\" {{ assessment(\"{OTHER}\"); }}\n    email\n}});"
    )
}

/// While results cannot be recorded, only a limited number of rows is sent. The program waits ten seconds.
#[test]
fn a_ledger_locked_while_sending_loses_nobody() {
    let (service, hold) = Service::holding(|number| number == 300);
    let project = people(2_000).talking_to(&service.stub);
    let running = project.start_rhai(&["--yes"], INVITE_ALL);
    hold.await_arrivals(1);
    let other = lock(&project);
    hold.release();
    running
        .finish()
        .exits(1)
        .says("is locked by another process")
        .says("gradient-bulk send 1");
    other.execute_batch("COMMIT").unwrap();
    settle(&project);
    project.run(&["send", "1", "--yes"]).succeeds();
    service.has_one_session_for_each(&addresses(2_000));
    let repeated = service.stub.invites().len() - 2_000;
    assert!(
        repeated <= MAX_UNRECORDED + IN_FLIGHT,
        "{repeated} repeated"
    );
}

#[cfg(unix)]
#[test]
fn a_run_has_one_lock_for_all_paths_of_the_ledger() {
    let (_service, hold, project, running) = start_run(40, 1);
    std::os::unix::fs::symlink(project.ledger(), project.path().join("link")).unwrap();
    project
        .run(&["send", "1", "--yes", "--ledger", "link"])
        .exits(1)
        .says(&format!("run 1 is in use by process {}", running.id()));
    hold.release();
    running.finish().succeeds();
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_long_pause() {
    let waits = Arc::new(AtomicBool::new(true));
    let flag = Arc::clone(&waits);
    let service = Service::start(move |number, _| {
        let refused = || Reply::refusal(429, "slowly").header("retry-after", "3600");
        (number > 20 && flag.load(Ordering::SeqCst)).then(refused)
    });
    let project = people(40).talking_to(&service.stub);
    let mut running = project.start_rhai(&["--yes", "--concurrency", "4"], INVITE_ALL);
    running.wait_for("the API asks to wait (429, Retry-After)");
    running.signal("INT");
    running
        .finish()
        .exits(130)
        .says("40 rows: 20 created, 0 existing, 0 failed, 20 not sent");
    assert_eq!(
        state_counts(&project),
        counts(&[("created", 20), ("planned", 20)])
    );
    waits.store(false, Ordering::SeqCst);
    project.run(&["send", "1", "--yes"]).succeeds();
    service.has_one_session_for_each(&addresses(40));
}

/// Returns true if a private file system can be mounted here, and prints a note otherwise.
#[cfg(target_os = "linux")]
#[expect(clippy::print_stderr, reason = "a test that is skipped should say so")]
fn can_mount(project: &Project) -> bool {
    let ran = project.shell(&format!("mkdir -p disk; {OWN_DISK} true'"));
    if ran.status != 0 {
        eprintln!("skipped: cannot mount a file system here\n{ran}");
    }
    ran.status == 0
}

/// The start of a shell command that runs with a private disk of 16 MiB, which disappears when the command ends.
#[cfg(target_os = "linux")]
const OWN_DISK: &str =
    "unshare --user --map-root-user --mount sh -c 'mount -t tmpfs -o size=16m none disk && ";

/// The disk is filled when the service has seen 300 invites, and has space again for `send`.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_loses_nobody() {
    let (service, hold) = Service::holding(|number| number == 300);
    let project = people(2_000)
        .file("script.rhai", INVITE_ALL)
        .talking_to(&service.stub);
    if !can_mount(&project) {
        return;
    }
    let mut running = project.start_shell(&format!(
        "mkfifo fill; {OWN_DISK}
         gradient-bulk run --yes --timeout 2 --ledger disk/ledger.db script.rhai & sender=$!
         cat fill; cat /dev/zero > disk/filler; echo full; wait $sender; echo run: $?
         rm disk/filler; gradient-bulk send --yes --timeout 2 --ledger disk/ledger.db 1; echo send: $?
         cp disk/ledger.db* .'"
    ));
    hold.await_arrivals(1);
    std::fs::write(project.path().join("fill"), "").unwrap();
    running.wait_for("full");
    hold.release();
    let ran: Ran = running
        .finish()
        .shows("run: 1\n")
        .says("no space is left for the ledger `disk/ledger.db`")
        .says("free some space")
        .shows("send: 0\n");
    service.has_one_session_for_each(&addresses(2_000));
    let repeated = service.stub.invites().len() - 2_000;
    assert!(
        repeated <= MAX_UNRECORDED + IN_FLIGHT,
        "{repeated} repeated\n{ran}"
    );
}

/// What was done before the disk was full is not done again, and the rest is done when there is space.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_loses_no_change() {
    const ROWS: usize = 120;
    for kind in Kind::ALL {
        let hold = Hold::default();
        let at = hold.clone();
        let service = ChangeService::start(kind, ROWS, move |number, _, _| {
            if number == 60 {
                at.pass();
            }
            None
        });
        let project = service.project();
        if !can_mount(&project) {
            return;
        }
        let consent = kind.consent().join(" ");
        let options = format!("{consent} --timeout 2 --ledger disk/ledger.db");
        let mut running = project.start_shell(&format!(
            "mkfifo fill; {OWN_DISK}
             gradient-bulk run {options} script.rhai & sender=$!
             cat fill; cat /dev/zero > disk/filler; echo full; wait $sender; echo run: $?
             gradient-bulk send {options} 1; echo on a full disk: $?
             gradient-bulk run {options} script.rhai; echo another on a full disk: $?
             rm disk/filler; gradient-bulk send {options} 1; echo send: $?
             cp disk/ledger.db {}'",
            project.ledger().display()
        ));
        hold.await_arrivals(1);
        std::fs::write(project.path().join("fill"), "").unwrap();
        running.wait_for("full");
        hold.release();
        let ran = running
            .finish()
            .shows("run: 1\n")
            .shows("on a full disk: 1\n")
            .shows("another on a full disk: 1\n")
            .says("no space is left for the ledger `disk/ledger.db`")
            .says("`gradient-bulk send 1` with the same ledger repeats the requests without a recorded result")
            .never_says("os error");
        let unclear = state_counts(&project).get("unclear").copied().unwrap_or(0);
        let status = if unclear > 0 { 3 } else { 0 };
        let ran = ran.shows(&format!("send: {status}\n"));
        if kind == Kind::Score {
            // A score whose result could not be recorded is not asked for again.
            let sessions = service.sessions.lock().unwrap();
            assert!(sessions.values().all(|session| session.scores <= 1));
            assert!(unclear <= IN_FLIGHT as u64, "{ran}");
        } else {
            assert_eq!((service.changed(), unclear), (ROWS, 0), "{kind:?}");
        }
    }
}
