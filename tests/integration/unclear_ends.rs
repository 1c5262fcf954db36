//! Requests whose end is unclear: nobody is invited twice, however late the service acts, and nobody is lost.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use fastrand::Rng;
use jiff::Timestamp;

use crate::candidate_list::{INVITE_ALL, addresses, people};
use crate::ledger::{counts, notes, state, state_counts};
use crate::seeds::for_each_seed;
use crate::service::{InviteFault, Service};
use crate::stub::Request;
use crate::support::{PATIENCE, Project};

const ROWS: usize = 40;

/// A time limit for requests that this machine meets even if it is busy.
const TIMEOUT: Duration = Duration::from_millis(600);
const SENDING: [&str; 3] = ["--yes", "--timeout", "0.6"];

/// A random time between these fractions of the timeout.
fn part_of_timeout(rng: &mut Rng, from: f64, to: f64) -> Duration {
    TIMEOUT.mul_f64(from + rng.f64() * (to - from))
}

/// The number in an address such as `someone00012@example.com`.
fn row_number(request: &Request) -> u64 {
    request.email()[7..12].parse().unwrap()
}

/// Returns random faults, and none after the third invite of a candidate. A session is created at most `latest` timeouts after
/// the request arrived.
fn random_faults(
    seed: u64,
    latest: f64,
) -> impl Fn(usize, &Request) -> Option<InviteFault> + Send + Sync {
    let counts: Mutex<HashMap<String, u64>> = Mutex::default();
    move |_, request| {
        let mut counts = counts.lock().unwrap();
        let count = counts.entry(request.email().to_owned()).or_default();
        *count += 1;
        // The same for the same seed, whatever the order of the requests.
        let mut rng = Rng::with_seed(seed << 32 | row_number(request) << 8 | *count);
        if *count > 3 {
            return None;
        }
        match rng.u8(0..20) {
            0..4 => Some(InviteFault::Late(part_of_timeout(&mut rng, 0.5, latest))),
            4 => Some(InviteFault::Lost),
            5 => Some(InviteFault::Dropped),
            6 => Some(InviteFault::Gateway(502)),
            7 => Some(InviteFault::Gateway(504)),
            8 => Some(InviteFault::Unreachable(502)),
            9 => Some(InviteFault::Page),
            10 => Some(InviteFault::Empty),
            _ => None,
        }
    }
}

/// Asserts that everybody has one session, and that the ledger says so: nobody had a session before, so all are created.
#[track_caller]
fn all_created(service: &Service, project: &Project, rows: usize) {
    service.has_one_session_for_each(&addresses(rows));
    let expected = [("created", rows as u64)];
    assert_eq!(state_counts(project), counts(&expected));
    assert_eq!(state(project, 1), "done");
}

#[test]
fn a_service_that_acts_late_creates_one_session_for_each_candidate() {
    for_each_seed(|seed| {
        let service = Service::faulty(move |_, request| {
            let mut rng = Rng::with_seed(seed << 32 | row_number(request));
            Some(InviteFault::Late(part_of_timeout(&mut rng, 0.5, 1.9)))
        });
        let project = people(ROWS).talking_to(&service.stub);
        project
            .rhai(&SENDING, INVITE_ALL)
            .succeeds()
            .says("40 rows: 40 created, 0 existing, 0 failed");
        all_created(&service, &project, ROWS);
    });
}

#[test]
fn random_faults_create_one_session_for_each_candidate() {
    for_each_seed(|seed| {
        let service = Service::faulty(random_faults(seed, 1.9));
        let project = people(ROWS).talking_to(&service.stub);
        project.rhai(&SENDING, INVITE_ALL).succeeds();
        all_created(&service, &project, ROWS);
        // One list for the plan, and one for each round.
        assert!(service.stub.lists() <= 4, "{}", service.stub.lists());
    });
}

/// Waits until the service has received this many invites.
#[cfg(unix)]
fn await_invites(service: &Service, count: usize) {
    let deadline = Instant::now() + PATIENCE;
    while service.stub.invites().len() < count {
        assert!(Instant::now() < deadline, "{count} invites never came");
        std::thread::yield_now();
    }
}

#[cfg(unix)]
#[test]
fn a_kill_while_waiting_creates_one_session_for_each_candidate() {
    for_each_seed(|seed| {
        let mut rng = Rng::with_seed(seed);
        let service = Service::faulty(random_faults(seed, 1.6));
        let project = people(ROWS).talking_to(&service.stub);
        let mut running = project.start_rhai(&SENDING, INVITE_ALL);
        if rng.bool() {
            running.wait_for("asking again in ");
            std::thread::sleep(part_of_timeout(&mut rng, 0.0, 1.9));
        } else {
            await_invites(&service, rng.usize(1..=ROWS));
        }
        running.kill();
        project
            .run(&[&["send", "1"], &SENDING[..]].concat())
            .succeeds();
        all_created(&service, &project, ROWS);
    });
}

/// Starts to invite people. The answer to the first invite of each selected candidate is lost.
fn losing(which: impl Fn(&Request) -> bool + Send + Sync + 'static) -> Service {
    let lost = Mutex::new(Vec::new());
    Service::faulty(move |_, request| {
        let mut lost = lost.lock().unwrap();
        let is_first = !lost.contains(&request.email().to_owned());
        lost.push(request.email().to_owned());
        (is_first && which(request)).then_some(InviteFault::Lost)
    })
}

fn someone(number: usize) -> String {
    format!("someone{number:05}@example.com")
}

#[test]
fn every_kind_of_unclear_end_is_asked_again() {
    for fault in [
        InviteFault::Lost,
        InviteFault::Dropped,
        InviteFault::Gateway(502),
        InviteFault::Gateway(504),
        InviteFault::Gateway(524),
        InviteFault::Unreachable(504),
        InviteFault::Page,
        InviteFault::Empty,
    ] {
        let service = Service::faulty(move |number, _| (number == 3).then_some(fault));
        let project = people(5).talking_to(&service.stub);
        project
            .rhai(&["--yes", "--timeout", "0.6"], INVITE_ALL)
            .succeeds()
            .says("unclear: 1 row, perhaps invited: ")
            .says("asking again in 2 s")
            .says("5 rows: 5 created, 0 existing, 0 failed");
        all_created(&service, &project, 5);
        assert_eq!(service.stub.lists(), 2, "{fault:?}");
        assert_eq!(service.stub.invites().len(), 6, "{fault:?}");
    }
}

#[test]
fn without_an_unclear_end_nothing_is_listed_again() {
    let service = Service::healthy();
    let project = people(300).talking_to(&service.stub);
    project.rhai(&["--yes"], INVITE_ALL).succeeds();
    assert_eq!(service.stub.lists(), 1);
    assert_eq!(service.stub.invites().len(), 300);
}

#[test]
fn parked_rows_wait_for_the_others_and_are_listed_once() {
    let service = losing(|request| request.email().ends_with("7@example.com"));
    let project = people(300).talking_to(&service.stub);
    project
        .rhai(&SENDING, INVITE_ALL)
        .succeeds()
        .says("unclear: 30 rows, perhaps invited: ");
    all_created(&service, &project, 300);
    let requests = service.stub.requests();
    let second_list = requests
        .iter()
        .rposition(|request| request.path == "/api/sessions" && request.number("offset") == 0)
        .unwrap();
    let before = requests[..second_list].iter().filter(|r| r.is_invite());
    assert_eq!(before.count(), 300);
    let last = requests[..second_list].iter().rfind(|r| r.is_invite());
    let wait = requests[second_list].arrived - last.unwrap().arrived;
    assert!(wait >= TIMEOUT * 2, "{wait:?}");
    assert_eq!(service.stub.lists(), 2);
    assert_eq!(service.stub.invites().len(), 330);
}

/// An active session from before stays `existing`, also if the first response is lost.
#[test]
fn a_session_from_before_is_not_recorded_as_created() {
    let service = losing(|_| true);
    service.add_session(&someone(2), "invited");
    let project = people(3).talking_to(&service.stub);
    project
        .rhai(&SENDING, INVITE_ALL)
        .succeeds()
        .says("3 rows: 2 created, 1 existing, 0 failed");
    service.has_one_session_for_each(&addresses(3));
}

#[test]
fn a_candidate_who_finishes_in_the_meantime_is_not_invited_again() {
    for again in [&[][..], &["--again"]] {
        let service = Service::faulty(|number, request| {
            let is_asked_first = number <= 3 && request.email() == someone(2);
            is_asked_first.then_some(InviteFault::Finished)
        });
        let project = people(3).talking_to(&service.stub);
        project
            .rhai(&[&SENDING, again].concat(), INVITE_ALL)
            .succeeds()
            .says("3 rows: 2 created, 0 existing, 0 failed, 1 skipped");
        service.has_one_session_for_each(&addresses(3));
        assert_eq!(notes(&project, "skipped"), ["finished (submitted)"]);
    }
}

#[test]
fn again_invites_after_an_unclear_end_if_only_an_older_session_is_finished() {
    let service = Service::faulty(|number, _| (number == 1).then_some(InviteFault::Dropped));
    let an_hour_ago = Timestamp::now() - Duration::from_secs(3600);
    service.add_session_since(&someone(1), "submitted", an_hour_ago);
    let project = people(1).talking_to(&service.stub);
    project
        .rhai(&[&SENDING[..], &["--again"]].concat(), INVITE_ALL)
        .succeeds()
        .says("1 row: 1 created");
    assert_eq!(service.created()[&someone(1)], 2);
}

#[test]
fn a_service_that_never_answers_stops_the_run() {
    let service = Service::faulty(|_, _| Some(InviteFault::Never));
    let project = people(200).talking_to(&service.stub);
    project
        .rhai(
            &["--yes", "--timeout", "0.2", "--max-retries", "1"],
            INVITE_ALL,
        )
        .exits(3)
        .says("error: stopped after 20 consecutive failures; the last one: ")
        .says("did not answer within 0.2 s");
    let rows = state_counts(&project);
    // All but twenty, and those in flight.
    assert!(rows["planned"] >= 200 - 36, "{rows:?}");
    assert!(rows["failed"] >= 20, "{rows:?}");
}

#[test]
fn an_outage_of_the_gateway_fails_nobody() {
    let service = Service::faulty(|number, _| {
        (51..80)
            .contains(&number)
            .then_some(InviteFault::Unreachable(502))
    });
    let project = people(200).talking_to(&service.stub);
    project
        .rhai(&SENDING, INVITE_ALL)
        .succeeds()
        .says("200 rows: 200 created, 0 existing, 0 failed");
    all_created(&service, &project, 200);
    // No more rows were handed out during the outage.
    assert!(service.stub.invites().len() <= 200 + 36);
}

#[test]
fn a_list_that_fails_leaves_the_rows_for_send() {
    let service = losing(|request| request.email() == someone(2));
    service.refuse_list(2);
    let project = people(3).talking_to(&service.stub);
    project
        .rhai(&SENDING, INVITE_ALL)
        .exits(3)
        .says("error: stopped: cannot list the existing sessions to ask again: the API answered 422: no list today (stub_code)")
        .says("3 rows: 2 created, 0 existing, 0 failed, 1 not sent");
    assert_eq!(
        state_counts(&project),
        counts(&[("created", 2), ("sending", 1)])
    );
    project
        .run(&[&["send", "1"], &SENDING[..]].concat())
        .succeeds();
    all_created(&service, &project, 3);
}

#[test]
fn without_retries_an_unclear_end_is_a_failure() {
    let service = losing(|request| request.email() == someone(2));
    let project = people(3).talking_to(&service.stub);
    project
        .rhai(
            &["--yes", "--timeout", "0.6", "--max-retries", "0"],
            INVITE_ALL,
        )
        .exits(3)
        .says("3 rows: 2 created, 0 existing, 1 failed")
        .never_says("unclear");
    // The service may still act, so this waits, and knows that the session is due to the first request.
    project
        .run(&[&["send", "1", "--failed"], &SENDING[..]].concat())
        .succeeds()
        .says(": 1 row may have been sent moments ago")
        .says("3 rows: 3 created, 0 existing, 0 failed");
    all_created(&service, &project, 3);
}

#[cfg(unix)]
fn interrupted_while_waiting(service: &Service) -> Project {
    let project = people(5).talking_to(&service.stub);
    let mut running = project.start_rhai(&["--yes", "--timeout", "10"], INVITE_ALL);
    running.wait_for("unclear: 1 row, perhaps invited: ");
    running.signal("INT");
    running
        .finish()
        .exits(130)
        .says("5 rows: 4 created, 0 existing, 0 failed, 1 not sent (1 of them may have been sent, without a recorded response)\n")
        .says("`gradient-bulk send 1`");
    assert_eq!(
        state_counts(&project),
        counts(&[("created", 4), ("sending", 1)])
    );
    assert!(notes(&project, "sending")[0].contains("broke"));
    project
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_the_wait_and_send_continues() {
    let service = losing(|request| request.email() == someone(3));
    let project = interrupted_while_waiting(&service);
    let mut running = project.start(&["send", "1", "--yes", "--timeout", "10"]);
    running.wait_for("waiting 20 s: 1 row may have been sent moments ago");
    running.signal("INT");
    running.finish().exits(130).never_says("to invite to");
    crate::ledger::settle(&project);
    project.run(&["send", "1", "--yes"]).succeeds();
    all_created(&service, &project, 5);
}

/// The time limit of the killed process counts, not only the one of `send`.
#[cfg(unix)]
#[test]
fn send_waits_as_long_as_the_earlier_process_would_have() {
    let service = losing(|request| request.email() == someone(3));
    let project = interrupted_while_waiting(&service);
    let mut running = project.start(&["send", "1", "--yes", "--timeout", "1"]);
    running.wait_for("waiting 20 s: 1 row may have been sent moments ago");
    running.kill();
    // A dry run asks for nothing.
    project.run(&["send", "1", "--dry-run"]).succeeds();
}

/// Instead of `send`, people start a killed command again.
#[cfg(unix)]
#[test]
fn a_new_run_after_a_kill_creates_one_session_for_each_candidate() {
    for_each_seed(|seed| {
        let mut rng = Rng::with_seed(seed);
        let service = Service::faulty(random_faults(seed, 1.6));
        let project = people(ROWS).talking_to(&service.stub);
        let running = project.start_rhai(&SENDING, INVITE_ALL);
        await_invites(&service, rng.usize(1..=ROWS));
        running.kill();
        project.rhai(&SENDING, INVITE_ALL).succeeds();
        service.has_one_session_for_each(&addresses(ROWS));
    });
}

#[cfg(unix)]
#[test]
fn a_new_run_waits_as_send_does() {
    let service = losing(|request| request.email() == someone(3));
    let project = interrupted_while_waiting(&service);
    let mut running = project.start_rhai(&["--yes", "--timeout", "1"], INVITE_ALL);
    running.wait_for("waiting 20 s: 1 row may have been sent moments ago");
    running.signal("INT");
    running.finish().exits(130);
    assert_eq!(service.stub.invites().len(), 5);
}

#[test]
fn the_json_summary_counts_rows_that_were_asked_again() {
    let service = losing(|request| request.email() == someone(2));
    let project = people(3).talking_to(&service.stub);
    let ran = project
        .rhai(&[&SENDING[..], &["--json"]].concat(), INVITE_ALL)
        .succeeds();
    let summary = ran.json();
    assert_eq!(summary["created"], 3, "{summary}");
    assert_eq!(summary["planned"], 0, "{summary}");
}

#[test]
fn single_invites_are_asked_again_too() {
    let script = "let row = invite(\"jane@example.com\", \"Jane Smith\");\nprint(`${row.outcome} ${row.invite_url}`);";
    let service = losing(|_| true);
    let project = people(0).talking_to(&service.stub);
    project
        .rhai(&SENDING, script)
        .succeeds()
        .says("unclear: 1 row, perhaps invited: ")
        .prints("created https://service.example/s/0\n");
    assert_eq!(service.stub.lists(), 2);
}

#[test]
fn the_prompt_asks_again_too() {
    let service = losing(|_| true);
    let project = people(0).talking_to(&service.stub);
    project
        .run(&[
            "repl",
            "--yes",
            "--timeout",
            "0.6",
            "-e",
            "invite(\"jane@example.com\", \"Jane Smith\").outcome",
        ])
        .succeeds()
        .shows("created");
    assert_eq!(service.created().values().sum::<usize>(), 1);
}
