//! What must hold whatever happens: nobody is lost, nobody is invited twice, and the numbers are true.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};

use crate::ledger::{lock, notes, set_state, state, states};
use crate::service::{Hold, OTHER, Service};
use crate::stub::{ASSESSMENT, Reply, Request, Stub, usual};
use crate::support::{PATIENCE, Project, Ran, Running};

/// Answers that are recorded at once.
const GROUP: usize = 256;
/// Requests in flight, unless an option says otherwise.
const IN_FLIGHT: usize = 16;

const INVITE_ALL: &str = "invite_all(read_lines(\"people.txt\"));";

/// So many addresses, in the order in which they stand in the list.
fn addresses(count: usize) -> Vec<String> {
    (1..=count)
        .map(|number| format!("someone{number:05}@example.com"))
        .collect()
}

/// A project with a list of so many people.
fn people(count: usize) -> Project {
    Project::new().file("people.txt", addresses(count).join("\n"))
}

fn invites_of(stub: &Stub, email: &str) -> usize {
    let mut invites = stub.invites();
    invites.retain(|invite| invite.email() == email);
    invites.len()
}

/// A service that holds the invites which `which` names by number, and tells of the arrival of each.
pub(crate) fn holding(
    which: impl Fn(usize) -> bool + Send + Sync + 'static,
) -> (Service, Arc<Hold>, Receiver<()>) {
    let hold = Arc::new(Hold::default());
    let at = Arc::clone(&hold);
    let (arrived, arrivals) = channel();
    let arrived = Mutex::new(arrived);
    let service = Service::start(move |number, _| {
        if which(number) {
            let _ = arrived.lock().unwrap().send(());
            at.wait();
        }
        None
    });
    (service, hold, arrivals)
}

fn await_arrivals(arrivals: &Receiver<()>, count: usize) {
    for _ in 0..count {
        arrivals.recv_timeout(PATIENCE).unwrap();
    }
}

/// Starts to invite so many people; the first `unanswered` requests have come in, and are held.
fn started(rows: usize, unanswered: usize) -> (Service, Arc<Hold>, Project, Running) {
    let (service, hold, arrivals) = holding(move |number| number <= unanswered);
    let project = people(rows).talking_to(&service.stub);
    let running = project.start_rhai(&["--yes"], INVITE_ALL);
    await_arrivals(&arrivals, unanswered);
    (service, hold, project, running)
}

/// Kills a run of 2,000 rows, and each `send` that goes on with it, when the service has seen these numbers of invites.
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
    // Each process has a key of its own, by which its requests are told apart.
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
        states(&project);
        next.store(
            moments.get(process).copied().unwrap_or(usize::MAX),
            Ordering::SeqCst,
        );
        running = start(process, &["send", "1"]);
    }
    running.finish().succeeds();

    service.has_one_session_for_each(&addresses(2_000));
    let rows = states(&project);
    let done = rows.get("created").unwrap_or(&0) + rows.get("existing").unwrap_or(&0);
    assert_eq!(done, 2_000, "{rows:?}");
    assert_eq!(state(&project, 1), "done");

    let mut asked_before = BTreeSet::new();
    for process in 0..=moments.len() {
        let key = format!("Bearer gai_process_{process}");
        let mut asked: Vec<String> = Vec::new();
        for invite in service.stub.invites() {
            if invite.header("authorization") == key {
                asked.push(invite.email().to_owned());
            }
        }
        let distinct: BTreeSet<String> = asked.iter().cloned().collect();
        assert_eq!(distinct.len(), asked.len(), "a process asked twice");
        let repeated = distinct.intersection(&asked_before).count();
        assert!(
            repeated <= IN_FLIGHT + GROUP,
            "{repeated} repeated by process {process} of {moments:?}"
        );
        asked_before.extend(distinct);
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
fn a_plan_that_was_cut_short_is_never_sent() {
    let hold = Arc::new(Hold::default());
    let at = Arc::clone(&hold);
    let (arrived, arrivals) = channel();
    let arrived = Mutex::new(arrived);
    let stub = Stub::start(move |request| {
        if request.path.ends_with(OTHER) {
            arrived.lock().unwrap().send(()).unwrap();
            at.wait();
        }
        usual(request)
    });
    let project = people(1_000).talking_to(&stub);
    let running = project.start_rhai(&["--yes"], &asks_at_row(900));
    await_arrivals(&arrivals, 1);
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

#[test]
fn what_nobody_agreed_to_is_kept_and_can_be_sent() {
    let service = Service::sound();
    let project = people(3).talking_to(&service.stub);
    project.rhai(&[], INVITE_ALL).exits(6).says("pass `--yes`");
    assert_eq!(state(&project, 1), "declined");
    project.run(&["send", "1"]).exits(6);
    assert_eq!(state(&project, 1), "declined");
    assert!(service.created().is_empty());
    project.run(&["send", "1", "--yes"]).succeeds();
    service.has_one_session_for_each(&addresses(3));
}

/// Kills a run of 60 rows with 16 in flight; then somebody it had reached and somebody it had not have finished.
#[cfg(unix)]
fn finished_after_a_kill() -> (Service, Project) {
    let (service, hold, project, running) = started(60, IN_FLIGHT);
    running.kill();
    hold.release();
    service.has("someone00060@example.com", "submitted");
    (service, project)
}

#[cfg(unix)]
#[test]
fn who_finishes_between_kill_and_send_is_not_invited_again() {
    let (service, project) = finished_after_a_kill();
    project
        .run(&["send", "1", "--yes"])
        .succeeds()
        .says("1 skipped: finished (submitted) (line 60)");
    assert_eq!(invites_of(&service.stub, "someone00060@example.com"), 0);
    service.has_one_session_for_each(&addresses(60));
}

#[cfg(unix)]
#[test]
fn who_finishes_between_kill_and_send_can_be_invited_again_on_purpose() {
    let (service, project) = finished_after_a_kill();
    project.run(&["send", "1", "--yes", "--again"]).succeeds();
    assert_eq!(service.created()["someone00060@example.com"], 2);
    assert_eq!(service.created().values().sum::<usize>(), 61);
}

/// The row's answer was lost with the killed process, and meanwhile its candidate has finished.
#[cfg(unix)]
#[test]
fn who_was_reached_by_a_killed_run_and_finished_is_not_invited_again() {
    let (service, hold, arrivals) = holding(|number| number == 3);
    let project = people(20).talking_to(&service.stub);
    let running = project.start_rhai(&["--yes", "--concurrency", "1"], INVITE_ALL);
    await_arrivals(&arrivals, 1);
    running.kill();
    hold.release();
    service.submit("someone00001@example.com");
    project.run(&["send", "1", "--yes"]).succeeds();
    service.has_one_session_for_each(&addresses(20));
    assert_eq!(invites_of(&service.stub, "someone00001@example.com"), 1);
}

#[test]
fn who_has_finished_is_left_out_and_who_is_active_is_announced() {
    let service = Service::sound();
    let [finished, active, _] = &addresses(3)[..] else {
        unreachable!()
    };
    service.has(finished, "scored");
    service.has(active, "in_progress");
    service.has(&active.to_uppercase(), "submitted");
    let project = people(3).talking_to(&service.stub);
    project
        .rhai(&["--yes"], INVITE_ALL)
        .succeeds()
        .says("2 to invite")
        .says("1 of them already invited: their session and link stay")
        .says("1 skipped: finished (scored) (line 1)");
    assert_eq!(service.stub.invited(), addresses(3)[1..]);
    project
        .rhai(&["--yes", "--again"], INVITE_ALL)
        .succeeds()
        .never_says("skipped");
    assert_eq!(service.created()[finished], 2);
}

/// Invites 200 people at a sandbox with these faults, and asserts that every row has an end, and which exit status follows.
fn two_hundred(faults: &[&str], options: &[&str]) -> (Project, BTreeMap<String, u64>) {
    let project = people(200);
    let faults = faults.iter().flat_map(|fault| ["--fault", fault]);
    let sandbox = project.sandbox(&faults.collect::<Vec<_>>());
    let ran = project.rhai(&[&["--sandbox"], options].concat(), INVITE_ALL);
    drop(sandbox);
    let rows = states(&project);
    let of = |state: &str| rows.get(state).copied().unwrap_or(0);
    let (created, existing, failed) = (of("created"), of("existing"), of("failed"));
    assert_eq!(created + existing + failed, 200, "{rows:?}\n{ran}");
    ran.exits(if failed == 0 { 0 } else { 3 }).says(&format!(
        "200 rows: {created} created, {existing} existing, {failed} failed"
    ));
    let sane = project.sandbox(&[]);
    let (_, sessions) = sane.get("/api/sessions?limit=1");
    let total = sessions["total"].as_u64().unwrap();
    assert!(
        (created + existing..=200).contains(&total),
        "{sessions} {rows:?}"
    );
    (project, rows)
}

/// Asserts that nobody fails at a sandbox with these faults, as requests are repeated.
fn all_succeed(faults: &[&str], options: &[&str]) -> BTreeMap<String, u64> {
    let (_, rows) = two_hundred(faults, options);
    assert_eq!(rows.get("failed"), None);
    rows
}

/// Asserts that some fail at a sandbox with these faults where nothing is repeated, each for this reason, and that
/// `send --failed` mends it.
fn some_fail(faults: &[&str], options: &[&str], reason: &str) {
    let (project, rows) = two_hundred(faults, &[&["--max-retries", "0"], options].concat());
    let notes = notes(&project, "failed");
    assert_eq!(notes.len() as u64, rows["failed"]);
    for note in &notes {
        assert!(note.contains(reason), "{note}");
    }
    project
        .run(&["send", "1", "--failed"])
        .succeeds()
        .says(" 0 failed");
    assert_eq!(states(&project).get("failed"), None);
}

#[test]
fn dropped_connections_lose_nobody() {
    let rows = all_succeed(&["drop=7"], &[]);
    assert_eq!(rows["created"], 200);
    some_fail(&["drop=7"], &[], "the connection to 127.0.0.1:");
}

#[test]
fn answers_that_are_lost_are_asked_for_again() {
    let rows = all_succeed(&["lose=7"], &[]);
    assert!(rows["existing"] > 20, "{rows:?}");
    let rows = all_succeed(&["truncate=9"], &[]);
    assert!(rows["existing"] > 15, "{rows:?}");
    some_fail(&["truncate=9"], &[], "127.0.0.1:");
}

#[test]
fn server_errors_lose_nobody() {
    let rows = all_succeed(&["error=10"], &[]);
    assert_eq!(rows["created"], 200);
    some_fail(&["error=10"], &[], "the API answered 500");
}

#[test]
fn refusals_that_are_final_are_not_repeated() {
    let (project, rows) = two_hundred(&["error=10:422"], &[]);
    assert!((19..=21).contains(&rows["failed"]), "{rows:?}");
    for note in notes(&project, "failed") {
        assert!(note.contains("the API answered 422"), "{note}");
    }
}

#[test]
fn too_many_requests_make_everybody_wait() {
    let rows = all_succeed(&["rate=120"], &["--max-retries", "0"]);
    assert_eq!(rows["created"], 200);
    let rows = all_succeed(&["rate=120", "retry-after=date"], &["--max-retries", "0"]);
    assert_eq!(rows["created"], 200);
}

#[test]
fn pages_instead_of_answers_lose_nobody() {
    let rows = all_succeed(&["html=10"], &[]);
    assert_eq!(rows["created"], 200);
    some_fail(&["html=10"], &[], "something that is not JSON");
}

#[test]
fn stalls_end_with_the_timeout_and_lose_nobody() {
    let rows = all_succeed(&["stall=50:1m"], &["--timeout", "1"]);
    assert_eq!(rows["created"], 200);
    some_fail(
        &["stall=50:1m"],
        &["--timeout", "1"],
        "did not answer within 1 s",
    );
}

#[cfg(unix)]
#[test]
fn one_process_at_a_time_sends_a_run() {
    let (service, hold, project, running) = started(40, IN_FLIGHT);
    project
        .run(&["send", "1", "--yes"])
        .exits(1)
        .says(&format!("run 1 is held by process {}", running.id()))
        .says("one process at a time works on a run");
    hold.release();
    running.finish().succeeds();
    // Who was refused does not leave the run locked.
    project.run(&["send", "1", "--yes"]).succeeds();
    assert_eq!(service.stub.invites().len(), 40);
    service.has_one_session_for_each(&addresses(40));
}

#[cfg(unix)]
#[test]
fn signals_leave_those_in_flight_recorded_and_name_the_command_that_goes_on() {
    for signal in ["INT", "TERM", "HUP"] {
        let (service, hold, project, mut running) = started(40, IN_FLIGHT);
        running.signal(signal);
        running.wait_for("stopping");
        hold.release();
        running
            .finish()
            .exits(130)
            .says("40 rows: 16 created, 0 existing, 0 failed, 24 not sent")
            .says("`gradient-bulk send 1`");
        let expected = [("created", 16), ("planned", 24)];
        assert_eq!(states(&project), named(&expected));
        assert_eq!(state(&project, 1), "stopped");
        project.run(&["send", "1", "--yes"]).succeeds();
        service.has_one_session_for_each(&addresses(40));
        assert_eq!(service.stub.invites().len(), 40);
    }
}

#[cfg(unix)]
#[test]
fn a_second_ctrl_c_loses_nothing() {
    let (service, hold, project, mut running) = started(40, IN_FLIGHT);
    running.signal("INT");
    running.wait_for("stopping");
    running.signal("INT");
    running.finish().exits(130);
    hold.release();
    states(&project);
    project.run(&["send", "1", "--yes"]).succeeds();
    service.has_one_session_for_each(&addresses(40));
    assert_eq!(states(&project).values().sum::<u64>(), 40);
}

/// Rows by state, as a test writes them down.
fn named(states: &[(&str, u64)]) -> BTreeMap<String, u64> {
    let named = states
        .iter()
        .map(|(name, count)| ((*name).to_owned(), *count));
    named.collect()
}

/// A service that answers invites with this status as long as the flag is set, and `which` holds.
fn refusing(
    status: u16,
    which: impl Fn(usize, &Request) -> bool + Send + Sync + 'static,
) -> (Service, Arc<AtomicBool>) {
    let refuses = Arc::new(AtomicBool::new(true));
    let flag = Arc::clone(&refuses);
    let service = Service::start(move |number, request| {
        (flag.load(Ordering::SeqCst) && which(number, request))
            .then(|| Reply::refusal(status, "the test refuses"))
    });
    (service, refuses)
}

#[test]
fn a_key_that_is_revoked_stops_the_run_at_once() {
    for status in [401, 403] {
        let (service, refuses) = refusing(status, |number, _| number > 50);
        let project = people(600).talking_to(&service.stub);
        project
            .rhai(&["--yes"], &format!("{INVITE_ALL}\nprint(\"went on\");"))
            .exits(4)
            .prints("")
            .says("the test refuses")
            .says("600 rows: 50 created, 0 existing, 0 failed, 550 not sent")
            .says("`gradient-bulk send 1`");
        assert!(service.stub.invites().len() <= 50 + IN_FLIGHT);
        assert_eq!(
            states(&project),
            named(&[("created", 50), ("planned", 550)])
        );
        // Still refused: nothing changes.
        project.run(&["send", "1", "--yes"]).exits(4);
        refuses.store(false, Ordering::SeqCst);
        project.run(&["send", "1", "--yes"]).succeeds();
        service.has_one_session_for_each(&addresses(600));
    }
}

/// Invites so many people to an assessment that is gone, and then as many to another.
fn one_assessment_is_gone(count: usize) {
    let (service, refuses) = refusing(404, |_, request| request.path.contains(OTHER));
    let project = people(2 * count).talking_to(&service.stub);
    let script = format!(
        "let number = 0;\ninvite_all(read_lines(\"people.txt\"), |email| {{\n    number += 1;\n    #{{ email: email, assessment: if number <= {count} {{ \"{OTHER}\" }} else {{ \"{ASSESSMENT}\" }} }}\n}});"
    );
    project
        .rhai(&["--yes"], &script)
        .exits(4)
        .says("`Other Assessment` cannot be invited to: the API answered 404");
    let half = count as u64;
    assert_eq!(
        states(&project),
        named(&[("created", half), ("planned", half)])
    );
    assert_eq!(state(&project, 1), "stopped");
    refuses.store(false, Ordering::SeqCst);
    project.run(&["send", "1", "--yes"]).succeeds();
    service.has_one_session_for_each(&addresses(2 * count));
}

#[test]
fn an_assessment_that_is_gone_stops_its_own_rows_only() {
    one_assessment_is_gone(30);
}

/// More rows than are taken from the ledger at once: dropping them must not end the supply.
#[test]
fn a_large_assessment_that_is_gone_stops_its_own_rows_only() {
    one_assessment_is_gone(900);
}

#[test]
fn the_only_assessment_that_is_gone_stops_the_run() {
    let (service, refuses) = refusing(404, |_, _| true);
    let project = people(600).talking_to(&service.stub);
    project.rhai(&["--yes"], INVITE_ALL).exits(4);
    assert!(service.stub.invites().len() <= IN_FLIGHT);
    assert_eq!(states(&project), named(&[("planned", 600)]));
    refuses.store(false, Ordering::SeqCst);
    project.run(&["send", "1", "--yes"]).succeeds();
    service.has_one_session_for_each(&addresses(600));
}

const ONE_BY_ONE: [&str; 5] = ["--yes", "--max-retries", "0", "--concurrency", "1"];

#[test]
fn twenty_failures_in_succession_stop_the_run() {
    let (service, refuses) = refusing(503, |number, _| number > 5);
    let project = people(60).talking_to(&service.stub);
    project
        .rhai(&ONE_BY_ONE, INVITE_ALL)
        .exits(3)
        .says("stopped after 20 failures in succession")
        .says("503")
        .says("60 rows: 5 created, 0 existing, 20 failed, 35 not sent");
    assert_eq!(service.stub.invites().len(), 25);
    let expected = [("created", 5), ("failed", 20), ("planned", 35)];
    assert_eq!(states(&project), named(&expected));
    refuses.store(false, Ordering::SeqCst);
    project.run(&["send", "1", "--yes"]).exits(3);
    let expected = [("created", 40), ("failed", 20)];
    assert_eq!(states(&project), named(&expected));
    project.run(&["send", "1", "--yes", "--failed"]).succeeds();
    service.has_one_session_for_each(&addresses(60));
}

#[test]
fn nineteen_failures_in_succession_do_not_stop_the_run() {
    let (service, _) = refusing(503, |number, _| number % 20 != 0);
    let project = people(60).talking_to(&service.stub);
    project
        .rhai(&ONE_BY_ONE, INVITE_ALL)
        .exits(3)
        .says("60 rows: 3 created, 0 existing, 57 failed");
    assert_eq!(service.stub.invites().len(), 60);
}

#[test]
fn refused_rows_are_no_outage() {
    let (service, _) = refusing(422, |_, _| true);
    let project = people(60).talking_to(&service.stub);
    project
        .rhai(&ONE_BY_ONE, INVITE_ALL)
        .exits(3)
        .says("60 rows: 0 created, 0 existing, 60 failed");
}

#[test]
fn a_canary_sends_the_first_and_send_the_rest() {
    let service = Service::sound();
    let project = people(600).talking_to(&service.stub);
    project
        .rhai(&["--yes", "--first", "3"], INVITE_ALL)
        .succeeds()
        .says("`gradient-bulk send 1`");
    assert_eq!(service.stub.invited(), addresses(3));
    project
        .run(&["send", "1", "--yes", "--first", "257"])
        .succeeds();
    assert_eq!(service.stub.invited(), addresses(260));
    project.run(&["send", "1", "--yes"]).succeeds();
    assert_eq!(service.stub.invited(), addresses(600));
}

#[test]
fn a_dry_run_sends_and_writes_nothing_and_can_be_sent() {
    let service = Service::sound();
    let project = people(5).talking_to(&service.stub);
    project
        .rhai(
            &["--dry-run"],
            "let outcome = invite_all(read_lines(\"people.txt\"));\noutcome.write_csv(\"links.csv\");\nwrite_json(\"links.json\", [1]);",
        )
        .succeeds();
    project.run(&["send", "1", "--dry-run"]).succeeds();
    assert!(service.stub.invites().is_empty());
    let mut files: Vec<_> = std::fs::read_dir(project.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    files.sort();
    assert_eq!(files, ["people.txt", "script.rhai"]);
    project.run(&["send", "1", "--yes"]).succeeds();
    service.has_one_session_for_each(&addresses(5));
}

/// Plans three rows, the first of which is due early in 2030.
fn planned_with_a_deadline() -> (Service, Project) {
    let service = Service::sound();
    let project = people(3).talking_to(&service.stub);
    project
        .rhai(
            &["--dry-run", "--now", "2029-01-01T00:00:00Z"],
            "let number = 0;\ninvite_all(read_lines(\"people.txt\"), |email| {\n    number += 1;\n    #{ email: email, due_date: if number == 1 { \"2030-01-01\" } else { \"2031-01-01\" } }\n});",
        )
        .succeeds();
    (service, project)
}

const LATER: [&str; 5] = ["send", "1", "--yes", "--now", "2030-06-01T00:00:00Z"];

#[test]
fn a_deadline_that_passed_meanwhile_is_refused_each_time() {
    let (service, project) = planned_with_a_deadline();
    for _ in 0..2 {
        project
            .run(&LATER)
            .exits(5)
            .says("1 of 3 rows is invalid, so nothing is sent")
            .says("people.txt line 1: due_date");
    }
    assert!(service.stub.invites().is_empty());
    project
        .run(&[&LATER[..], &["--skip-invalid"]].concat())
        .exits(3);
    assert_eq!(service.stub.invited(), addresses(3)[1..]);
}

/// What is rehearsed with another time has no consequences.
#[test]
fn a_rehearsal_at_another_time_makes_no_row_invalid() {
    let (service, project) = planned_with_a_deadline();
    let rehearsal = [&LATER[..], &["--dry-run", "--skip-invalid"]].concat();
    project.run(&rehearsal);
    project
        .run(&["send", "1", "--yes", "--now", "2029-06-01T00:00:00Z"])
        .succeeds();
    service.has_one_session_for_each(&addresses(3));
}

/// What is rehearsed without `--again` can be sent with it.
#[test]
fn a_rehearsal_leaves_out_nobody_for_good() {
    let service = Service::sound();
    let project = people(2).talking_to(&service.stub);
    project.rhai(&["--dry-run"], INVITE_ALL).succeeds();
    service.has("someone00001@example.com", "submitted");
    project
        .run(&["send", "1", "--dry-run"])
        .succeeds()
        .says("1 skipped: finished");
    project.run(&["send", "1", "--yes", "--again"]).succeeds();
    assert_eq!(service.stub.invited(), addresses(2));
}

#[test]
fn send_goes_where_the_run_was_planned_for() {
    let service = Service::sound();
    let elsewhere = Service::sound();
    let project = people(3).talking_to(&service.stub);
    project.rhai(&["--dry-run"], INVITE_ALL).succeeds();
    for contradiction in [
        &["--sandbox"][..],
        &["--api-url", &elsewhere.stub.url()],
        &["--assessment", OTHER],
    ] {
        project
            .run(&[&["send", "1", "--yes"], contradiction].concat())
            .exits(2)
            .says("run 1 was planned for")
            .says(contradiction[0]);
    }
    project
        .run(&[
            "send",
            "1",
            "--yes",
            "--api-url",
            &format!("{}/", service.stub.url()),
        ])
        .succeeds();
    service.has_one_session_for_each(&addresses(3));
    assert!(elsewhere.created().is_empty());
}

#[test]
fn a_rehearsed_run_is_sent_to_the_sandbox_only() {
    let service = Service::sound();
    let project = people(3).talking_to(&service.stub);
    project
        .rhai(&["--sandbox", "--first", "1"], INVITE_ALL)
        .succeeds();
    project
        .run(&["send", "1", "--api-url", &service.stub.url()])
        .exits(2);
    project
        .run(&["send", "1"])
        .succeeds()
        .says("3 rows: 3 created");
    assert!(service.stub.seen().is_empty());
}

#[test]
fn runs_that_were_given_up_are_not_sent() {
    let service = Service::sound();
    let project = people(3).talking_to(&service.stub);
    project
        .rhai(
            &["--yes"],
            "invite_all([\"jane@example.com\", \"nobody\"]);",
        )
        .exits(5);
    project
        .run(&["send", "1", "--yes"])
        .exits(5)
        .says("run 1 is rejected");
    project.rhai(&["--dry-run"], INVITE_ALL).succeeds();
    set_state(&project, 2, "discarded");
    project
        .run(&["send", "2", "--yes"])
        .exits(5)
        .says("run 2 is discarded");
    project
        .run(&["send", "3", "--yes"])
        .exits(2)
        .says("there is no run 3")
        .says("`gradient-bulk runs`");
    for nonsense in ["0", "-1", "one", "99999999999999999999"] {
        project.run(&["send", nonsense]).exits(2);
    }
    assert!(service.stub.invites().is_empty());
}

#[test]
fn shares_cover_everybody_once() {
    let service = Service::sound();
    let project = people(400).talking_to(&service.stub);
    for share in 1..=4 {
        let (share, ledger) = (format!("{share}/4"), format!("ledger{share}.db"));
        project
            .rhai(
                &["--yes", "--shard", &share, "--ledger", &ledger],
                INVITE_ALL,
            )
            .succeeds()
            .says(&ledger);
    }
    assert_eq!(service.stub.invited(), addresses(400));
}

#[test]
fn an_invalid_row_rejects_every_share() {
    let service = Service::sound();
    let project = Project::new()
        .file(
            "people.txt",
            format!("{}\nnobody\n", addresses(40).join("\n")),
        )
        .talking_to(&service.stub);
    for share in ["1/4", "2/4", "3/4", "4/4"] {
        project
            .rhai(&["--yes", "--shard", share], INVITE_ALL)
            .exits(5);
    }
    assert!(service.stub.invites().is_empty());
}

/// Two processes share a ledger: a plan that takes its time must not keep another run from being recorded.
fn others_can_send_while_a_plan_waits_for(path: &'static str, script: &str) {
    let hold = Arc::new(Hold::default());
    let at = Arc::clone(&hold);
    let (arrived, arrivals) = channel();
    let arrived = Mutex::new(arrived);
    let slow = Stub::start(move |request| {
        if request.path.ends_with(path) {
            arrived.lock().unwrap().send(()).unwrap();
            at.wait();
        }
        usual(request)
    });
    let service = Service::sound();
    let project = people(600)
        .file("other.rhai", INVITE_ALL)
        .talking_to(&service.stub);
    let planning = project.start_rhai(&["--yes", "--api-url", &slow.url()], script);
    await_arrivals(&arrivals, 1);
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
    others_can_send_while_a_plan_waits_for(OTHER, &asks_at_row(500));
}

/// A script that asks the API about another assessment when it comes to this row.
fn asks_at_row(number: usize) -> String {
    format!(
        "invite_all(read_lines(\"people.txt\"), |email| {{\n    if email == \"someone{number:05}@example.com\" {{ assessment(\"{OTHER}\"); }}\n    email\n}});"
    )
}

/// What another process keeps from being recorded is not sent either, but for one group; the program waits ten seconds.
#[test]
fn a_ledger_that_is_locked_meanwhile_loses_nobody() {
    let (service, hold, arrivals) = holding(|number| number == 300);
    let project = people(2_000).talking_to(&service.stub);
    let running = project.start_rhai(&["--yes"], INVITE_ALL);
    await_arrivals(&arrivals, 1);
    let other = lock(&project);
    hold.release();
    running
        .finish()
        .exits(1)
        .says("is locked by another process")
        .says("gradient-bulk send 1");
    other.execute_batch("COMMIT").unwrap();
    project.run(&["send", "1", "--yes"]).succeeds();
    service.has_one_session_for_each(&addresses(2_000));
    let repeated = service.stub.invites().len() - 2_000;
    assert!(repeated <= GROUP + IN_FLIGHT, "{repeated} repeated");
}

#[cfg(unix)]
#[test]
fn a_ledger_has_one_lock_however_it_is_named() {
    let (_service, hold, project, running) = started(40, 1);
    std::os::unix::fs::symlink(
        project.home().join("ledger.db"),
        project.path().join("link"),
    )
    .unwrap();
    project
        .run(&["send", "1", "--yes", "--ledger", "link"])
        .exits(1)
        .says(&format!("run 1 is held by process {}", running.id()));
    hold.release();
    running.finish().succeeds();
}

/// Who cannot see who has finished invites nobody.
#[test]
fn without_the_list_of_sessions_nobody_is_invited() {
    let broken = Arc::new(AtomicUsize::new(0));
    let flag = Arc::clone(&broken);
    let stub = Stub::start(move |request| {
        let is_list = request.path == "/api/sessions";
        match flag.load(Ordering::SeqCst) {
            _ if !is_list => usual(request),
            0 => usual(request),
            1 => Reply::refusal(500, "broken"),
            2 => Reply::text(200, "<html>"),
            3 => Reply::json(200, &serde_json::json!({ "total": 0 })),
            _ => Reply::refusal(403, "not yours"),
        }
    });
    let project = people(3).talking_to(&stub);
    project.rhai(&["--dry-run"], INVITE_ALL).succeeds();
    for (kind, status) in [(1, 1), (2, 1), (3, 1), (4, 4)] {
        broken.store(kind, Ordering::SeqCst);
        let options = ["--yes", "--max-retries", "0"];
        project
            .rhai(&options, INVITE_ALL)
            .exits(status)
            .says("cannot see who was invited before")
            .says("the plan is kept, and `gradient-bulk send ");
        project
            .run(&[&["send", "1"], &options[..]].concat())
            .exits(status)
            .says("cannot see who was invited before");
    }
    assert!(stub.invites().is_empty());
    broken.store(0, Ordering::SeqCst);
    // The plans were whole, so what the API could not say then is asked now.
    project.run(&["send", "2", "--yes"]).succeeds();
    assert_eq!(stub.invited(), addresses(3));
}

/// Nobody waits an hour because the API asked for it, once they have had enough.
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
    assert_eq!(states(&project), named(&[("created", 20), ("planned", 20)]));
    waits.store(false, Ordering::SeqCst);
    project.run(&["send", "1", "--yes"]).succeeds();
    service.has_one_session_for_each(&addresses(40));
}

/// Tells whether a file system of one's own can be mounted here, and says so where not.
#[cfg(target_os = "linux")]
#[expect(clippy::print_stderr, reason = "a test that is skipped should say so")]
fn can_mount(project: &Project) -> bool {
    let ran = project.shell(&format!("mkdir -p disk; {OWN_DISK} true'"));
    if ran.status != 0 {
        eprintln!("skipped: no file system can be mounted here\n{ran}");
    }
    ran.status == 0
}

/// Begins a line of shell that runs with a disk of 16 MiB, which nobody else sees and which goes with the line.
#[cfg(target_os = "linux")]
const OWN_DISK: &str =
    "unshare --user --map-root-user --mount sh -c 'mount -t tmpfs -o size=16m none disk && ";

/// The disk is filled when the service has seen 300 invites, and has room again for `send`.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_loses_nobody() {
    let (service, hold, arrivals) = holding(|number| number == 300);
    let project = people(2_000)
        .file("script.rhai", INVITE_ALL)
        .talking_to(&service.stub);
    if !can_mount(&project) {
        return;
    }
    let mut running = project.start_shell(&format!(
        "mkfifo fill; {OWN_DISK}
         gradient-bulk run --yes --ledger disk/ledger.db script.rhai & sender=$!
         cat fill; cat /dev/zero > disk/filler; echo full; wait $sender; echo run: $?
         rm disk/filler; gradient-bulk send --yes --ledger disk/ledger.db 1; echo send: $?
         cp disk/ledger.db* .'"
    ));
    await_arrivals(&arrivals, 1);
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
        repeated <= GROUP + IN_FLIGHT,
        "{repeated} were asked for again\n{ran}"
    );
}
