//! Which sessions a run has created, if a response is missing: `undo` finds them, and leaves those of others alone.

use jiff::{Timestamp, ToSpan as _};

use crate::change_service::{ChangeService, Kind, Session, Sessions, add, reply};
use crate::ledger::{counts, notes, state_counts};
use crate::stub::{Reply, Request};
use crate::support::{Project, Ran};

const TIMEOUT: [&str; 2] = ["--timeout", "0.3"];
/// The candidate whose response is missing.
const LOST: &str = "p2@example.com";

/// Invites three candidates. `answer` replies to the invite of the second one, and to each of its repetitions.
fn invite_three(
    options: &[&str],
    answer: impl Fn(&Request, &Sessions) -> Option<Reply> + Send + Sync + 'static,
) -> (ChangeService, Project) {
    let service = ChangeService::start(Kind::Invite, 3, move |_, request, sessions| {
        let is_lost = request.email() == LOST;
        is_lost.then(|| answer(request, sessions)).flatten()
    });
    let project = service.project();
    service.run(&project, &[&TIMEOUT, options].concat());
    (service, project)
}

/// Carries out an invite. Returns `answer` in place of the response if that created a session.
fn losing_creation(
    answer: impl Fn() -> Reply + Send + Sync + 'static,
) -> impl Fn(&Request, &Sessions) -> Option<Reply> + Send + Sync + 'static {
    move |request, sessions| {
        let carried_out = reply(sessions, request);
        Some(if carried_out.is_created() {
            answer()
        } else {
            carried_out
        })
    }
}

const ONCE: [&str; 2] = ["--max-retries", "0"];

fn undo(project: &Project, run: &str) -> Ran {
    let consent = ["undo", run, "--yes", "--max-changes", "3"];
    project.run(&[consent.as_slice(), &TIMEOUT].concat())
}

/// Changes the session of the candidate whose response is missing.
fn change(service: &ChangeService, change: impl Fn(&mut Session)) {
    let mut sessions = service.sessions.lock().unwrap();
    let mut lost = sessions.values_mut().filter(|each| each.email == LOST);
    change(lost.next().unwrap());
}

fn hours_from_now(hours: i64) -> Timestamp {
    Timestamp::now() + hours.hours()
}

#[test]
fn a_session_is_found_whatever_the_api_answered() {
    for status in [None, Some(500), Some(502)] {
        let (service, project) = invite_three(
            &ONCE,
            losing_creation(move || match status {
                Some(status) => Reply::refusal(status, "broken"),
                None => Reply::broken(),
            }),
        );
        assert_eq!(
            state_counts(&project),
            counts(&[("created", 2), ("failed", 1)])
        );
        undo(&project, "1")
            .succeeds()
            .says("1 session created at the time of a request of run 1 that got no usable response")
            .says("3 revoked");
        assert!(service.sessions.lock().unwrap().is_empty(), "{status:?}");
    }
}

/// It is asked for once more.
#[test]
fn a_session_of_a_failed_row_is_created_if_the_row_is_retried() {
    let refusal = || Reply::refusal(500, "broken");
    let (_service, project) = invite_three(&ONCE, losing_creation(refusal));
    project
        .run(&["send", "1", "--failed", "--yes"])
        .succeeds()
        .says("3 created, 0 existing, 0 failed")
        .never_says("waiting");
}

/// It may be of a colleague, so it stays, and the plan names it.
#[test]
fn a_session_of_an_unknown_age_is_kept_and_named() {
    for (created_at, reason) in [
        (
            None,
            "perhaps of this run, but it is not known when it was created",
        ),
        (
            Some(hours_from_now(-5)),
            "perhaps of this run, but older than its request, by the clock of the API",
        ),
        (
            Some(hours_from_now(1)),
            "newer than the requests of this run, by the clock of the API",
        ),
    ] {
        let (service, project) = invite_three(&ONCE, losing_creation(Reply::broken));
        change(&service, |session| session.created_at = created_at);
        undo(&project, "1")
            .succeeds()
            .says(&format!("1 kept: {reason}: row 2 P <{LOST}>"))
            .says("2 revoked, 1 kept, 0 failed");
        assert_eq!(notes(&project, "kept"), [reason]);
        assert_eq!(service.sessions.lock().unwrap().len(), 1);
    }
}

/// The candidate is asked again in the same run, and has a session by then.
#[test]
fn a_session_that_was_found_in_a_round_is_named_too() {
    let (service, project) = invite_three(&[], |request, sessions| {
        let lost = losing_creation(Reply::broken)(request, sessions);
        let mut sessions = sessions.lock().unwrap();
        let own = sessions.values_mut().find(|each| each.email == LOST);
        own.unwrap().created_at = None;
        drop(sessions);
        lost
    });
    let states = counts(&[("created", 2), ("existing", 1)]);
    assert_eq!(state_counts(&project), states);
    undo(&project, "1")
        .succeeds()
        .says("1 kept: perhaps of this run, but it is not known when it was created: row 2 ")
        .says("2 revoked, 1 kept, 0 failed");
    assert_eq!(service.sessions.lock().unwrap().len(), 1);
    change(&service, |session| session.status = "setup");
    undo(&project, "1")
        .succeeds()
        .says("1 kept: perhaps of this run, but it is not known when it was created: row 2 ");
}

#[test]
fn a_session_that_others_created_later_is_not_taken_for_the_own_one() {
    let (service, project) = invite_three(&ONCE, |_, sessions| {
        let has_session = sessions.lock().unwrap().contains_key("other");
        (!has_session).then(Reply::broken)
    });
    add(&service.sessions, "other", LOST, "invited");
    change(&service, |session| {
        session.created_at = Some(hours_from_now(1));
    });
    project
        .run(&[&["send", "1", "--failed", "--yes"], TIMEOUT.as_slice()].concat())
        .succeeds()
        .says("2 created, 1 existing, 0 failed");
    undo(&project, "1")
        .succeeds()
        .says("1 kept: the session is not of run 1: ")
        .says("2 revoked");
    assert!(service.sessions.lock().unwrap().contains_key("other"));
}

/// The list is run again, and the second run gets the session as an existing one.
#[test]
fn a_later_run_that_found_the_session_does_not_hide_it() {
    let (service, project) = invite_three(&ONCE, losing_creation(Reply::broken));
    service
        .run(&project, &TIMEOUT)
        .succeeds()
        .says("3 existing");
    undo(&project, "1").succeeds().says("3 revoked");
    assert!(service.sessions.lock().unwrap().is_empty());
}
