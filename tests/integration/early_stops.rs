//! Errors that stop a run, errors that stop a part of it, and errors of single rows.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::candidate_list::{INVITE_ALL, addresses, people};
use crate::ledger::{counts, state, state_counts};
use crate::reliability::IN_FLIGHT;
use crate::service::{OTHER, Service};
use crate::stub::{ASSESSMENT, Reply, Request, Stub, default_reply};
use crate::support::{Project, Ran};

/// A service that refuses the invites that `which` selects with this status, while the flag is set.
fn refusing_service(
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
fn a_revoked_key_stops_the_run_at_once() {
    for status in [401, 403] {
        let (service, refuses) = refusing_service(status, |number, _| number > 50);
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
            state_counts(&project),
            counts(&[("created", 50), ("planned", 550)])
        );
        // Still refused: nothing changes.
        project.run(&["send", "1", "--yes"]).exits(4);
        refuses.store(false, Ordering::SeqCst);
        project.run(&["send", "1", "--yes"]).succeeds();
        service.has_one_session_for_each(&addresses(600));
    }
}

/// Invites `count` people to a missing assessment, then as many to an existing one.
fn with_one_assessment_missing(count: usize) {
    let (service, refuses) = refusing_service(404, |_, request| request.path.contains(OTHER));
    let project = people(2 * count).talking_to(&service.stub);
    let script = format!(
        "let number = 0;\ninvite_all(read_lines(\"people.txt\"), |email| {{\n    number += 1;\n    #{{ email: email, assessment: if number <= {count} {{ \"{OTHER}\" }} else {{ \"{ASSESSMENT}\" }} }}\n}});"
    );
    project
        .rhai(&["--yes"], &script)
        .exits(4)
        .says("cannot invite to `Other Assessment`: the API answered 404");
    let half = count as u64;
    assert_eq!(
        state_counts(&project),
        counts(&[("created", half), ("planned", half)])
    );
    assert_eq!(state(&project, 1), "stopped");
    refuses.store(false, Ordering::SeqCst);
    project.run(&["send", "1", "--yes"]).succeeds();
    service.has_one_session_for_each(&addresses(2 * count));
}

#[test]
fn a_missing_assessment_stops_its_own_rows_only() {
    with_one_assessment_missing(30);
}

/// More rows than the queue holds: dropping them must not keep the others from coming.
#[test]
fn a_missing_assessment_with_many_rows_stops_its_own_rows_only() {
    with_one_assessment_missing(900);
}

#[test]
fn a_missing_only_assessment_stops_the_run() {
    let (service, refuses) = refusing_service(404, |_, _| true);
    let project = people(600).talking_to(&service.stub);
    project.rhai(&["--yes"], INVITE_ALL).exits(4);
    assert!(service.stub.invites().len() <= IN_FLIGHT);
    assert_eq!(state_counts(&project), counts(&[("planned", 600)]));
    refuses.store(false, Ordering::SeqCst);
    project.run(&["send", "1", "--yes"]).succeeds();
    service.has_one_session_for_each(&addresses(600));
}

const ONE_BY_ONE: [&str; 5] = ["--yes", "--max-retries", "0", "--concurrency", "1"];

#[test]
fn twenty_consecutive_failures_stop_the_run() {
    let (service, refuses) = refusing_service(503, |number, _| number > 5);
    let project = people(60).talking_to(&service.stub);
    project
        .rhai(&ONE_BY_ONE, INVITE_ALL)
        .exits(3)
        .says("stopped after 20 consecutive failures")
        .says("503")
        .says("60 rows: 5 created, 0 existing, 20 failed, 35 not sent");
    assert_eq!(service.stub.invites().len(), 25);
    let expected = [("created", 5), ("failed", 20), ("planned", 35)];
    assert_eq!(state_counts(&project), counts(&expected));
    refuses.store(false, Ordering::SeqCst);
    project.run(&["send", "1", "--yes"]).exits(3);
    let expected = [("created", 40), ("failed", 20)];
    assert_eq!(state_counts(&project), counts(&expected));
    project.run(&["send", "1", "--yes", "--failed"]).succeeds();
    service.has_one_session_for_each(&addresses(60));
}

#[test]
fn nineteen_consecutive_failures_do_not_stop_the_run() {
    let (service, _) = refusing_service(503, |number, _| number % 20 != 0);
    let project = people(60).talking_to(&service.stub);
    project
        .rhai(&ONE_BY_ONE, INVITE_ALL)
        .exits(3)
        .says("60 rows: 3 created, 0 existing, 57 failed");
    assert_eq!(service.stub.invites().len(), 60);
}

#[test]
fn twenty_consecutive_refusals_of_one_kind_stop_the_run() {
    for status in [302, 402, 405, 409, 451] {
        let (service, refuses) = refusing_service(status, |number, _| number > 5);
        let project = people(60).talking_to(&service.stub);
        project
            .rhai(&ONE_BY_ONE, &format!("{INVITE_ALL}\nprint(\"went on\");"))
            .exits(3)
            .prints("")
            .says("error: stopped after 20 consecutive failures; the last one: ")
            .says("60 rows: 5 created, 0 existing, 20 failed, 35 not sent");
        assert_eq!(service.stub.invites().len(), 25);
        let expected = [("created", 5), ("failed", 20), ("planned", 35)];
        assert_eq!(state_counts(&project), counts(&expected));
        refuses.store(false, Ordering::SeqCst);
        project.run(&["send", "1", "--yes", "--failed"]).succeeds();
        service.has_one_session_for_each(&addresses(60));
    }
}

#[test]
fn nineteen_consecutive_refusals_do_not_stop_the_run() {
    let (service, _) = refusing_service(409, |number, _| number % 20 != 0);
    let project = people(60).talking_to(&service.stub);
    project
        .rhai(&ONE_BY_ONE, INVITE_ALL)
        .exits(3)
        .says("60 rows: 3 created, 0 existing, 57 failed");
}

#[test]
fn refusals_of_different_kinds_do_not_add_up() {
    let next = AtomicUsize::new(0);
    let stub = Stub::inviting(move |_| {
        let number = next.fetch_add(1, Ordering::SeqCst);
        Reply::refusal(if number.is_multiple_of(19) { 402 } else { 409 }, "no")
    });
    people(60)
        .talking_to(&stub)
        .rhai(&ONE_BY_ONE, INVITE_ALL)
        .exits(3)
        .says("60 rows: 0 created, 0 existing, 60 failed");
}

#[test]
fn rows_that_the_api_blames_do_not_stop_the_run() {
    for status in [400, 422] {
        let (service, _) = refusing_service(status, |_, _| true);
        let project = people(60).talking_to(&service.stub);
        project
            .rhai(&ONE_BY_ONE, INVITE_ALL)
            .exits(3)
            .says("60 rows: 0 created, 0 existing, 60 failed");
        assert_eq!(service.stub.invites().len(), 60);
    }
}

/// Returns the lines about failed rows.
fn failure_lines(ran: &Ran) -> Vec<&str> {
    let lines = ran.stderr.lines();
    lines.filter(|line| line.starts_with("failed: ")).collect()
}

/// Starts a service that rejects every address, with a message that contains the address.
fn rejecting_addresses() -> Stub {
    Stub::inviting(|request| {
        Reply::refusal(422, &format!("`{}` is not known here", request.email()))
    })
}

#[test]
fn rows_that_fail_alike_are_summed_up() {
    let stub = rejecting_addresses();
    let project = people(300).talking_to(&stub);
    for verbosity in [&[][..], &["--quiet"]] {
        let ran = project
            .rhai(&[&ONE_BY_ONE, verbosity].concat(), INVITE_ALL)
            .exits(3);
        assert_eq!(
            failure_lines(&ran),
            [
                "failed: people.txt line 1: someone00001@example.com: the API answered 422: `someone00001@example.com` is not known here (stub_code)",
                "failed: 300 rows like people.txt line 1: the API answered 422: `someone00001@example.com` is not known here (stub_code): \
                 people.txt lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, and 290 more",
            ]
        );
    }
}

#[test]
fn a_row_that_fails_alone_is_one_line() {
    let stub = rejecting_addresses();
    let ran = people(1)
        .talking_to(&stub)
        .rhai(&ONE_BY_ONE, INVITE_ALL)
        .exits(3);
    assert_eq!(failure_lines(&ran).len(), 1, "{ran}");
}

/// A plan, the end of sending, and `runs` sum up equal problems in the same form.
#[test]
fn a_run_sums_up_the_problems_of_its_rows() {
    let stub = Stub::inviting(|request| match request.email() {
        email if email.starts_with('o') => Reply::refusal(422, "no MX record"),
        _ => default_reply(request),
    });
    let file = "Name,E-Mail\nAnn Lee,ann@example.com\nBo Li,oa@example.com\nCy Mo,cy@@example.com\n\
                Di Po,oc@example.com\nEd Ro,ed@@example.com\nFi So,\nGo To,\n";
    let project = Project::new().file("people.csv", file).talking_to(&stub);
    let invalid = [
        "2 rows: column `E-Mail`: not an email address (more than one `@`): people.csv line 4 `cy@@example.com`, line 6 `ed@@example.com`",
        "2 rows: email: no address: people.csv line 7 (Fi So), line 8 (Go To)",
    ];
    let failed = "2 rows: the API answered 422: no MX record (stub_code): people.csv lines 3, 5\n";
    let ran = project.run(&["run", "--yes", "--skip-invalid", "invite_csv", "people.csv"]);
    let ran = ran.exits(3).says(&format!("failed: {failed}"));
    invalid.iter().fold(ran, |ran, line| ran.says(line));
    let ran = project.run(&["runs", "1"]).succeeds();
    let ran = ran.shows(&format!("  failed       {failed}"));
    invalid.iter().fold(ran, |ran, line| {
        ran.shows(&format!("  invalid      {line}\n"))
    });
}

#[test]
fn verbose_shows_every_row_that_fails() {
    let stub = rejecting_addresses();
    let options = [&ONE_BY_ONE[..], &["--verbose"]].concat();
    let ran = people(60)
        .talking_to(&stub)
        .rhai(&options, INVITE_ALL)
        .exits(3);
    assert_eq!(failure_lines(&ran).len(), 60, "{ran}");
    assert!(!ran.stderr.contains("60 rows like"), "{ran}");
}

/// Reasons with a number that always differs, as some services give, do not fill the screen either.
#[test]
fn rows_that_fail_for_many_reasons_are_summed_up() {
    let next = AtomicUsize::new(0);
    let stub = Stub::inviting(move |_| {
        let number = next.fetch_add(1, Ordering::SeqCst);
        Reply::refusal(422, &format!("incident {number}"))
    });
    let ran = people(300)
        .talking_to(&stub)
        .rhai(&ONE_BY_ONE, INVITE_ALL)
        .exits(3);
    let lines = failure_lines(&ran);
    assert_eq!(lines.len(), 20 + 1, "{ran}");
    assert_eq!(
        lines.last(),
        Some(&"failed: … and 280 rows with other problems")
    );
}

#[test]
fn a_key_without_admin_access_stops_the_run() {
    let stub = Stub::inviting(|_| Reply::refusal(403, "not an admin"));
    Project::new()
        .talking_to(&stub)
        .rhai(
            &["--yes", "--concurrency", "2"],
            "let emails = [];\nfor i in 0..50 { emails.push(`someone${i}@example.com`); }\ninvite_all(emails);\nprint(\"went on\");",
        )
        .exits(4)
        .prints("")
        .says_once("the API answered 403: not an admin (stub_code)")
        .says("inviting needs a key with admin access");
    assert!(
        stub.invites().len() <= 4,
        "{} were sent",
        stub.invites().len()
    );
}

#[test]
fn a_row_that_fails_does_not_stop_the_others() {
    let stub = Stub::inviting(|request| {
        if request.email().starts_with("bad") {
            Reply::refusal(500, "out of order")
        } else {
            default_reply(request)
        }
    });
    let project = Project::new()
        .file("people.csv", "email\ngood.one@example.com\nbad.one@example.com\ngood.two@example.com\nbad.two@example.com\n")
        .talking_to(&stub);
    project
        .rhai(
            &["--yes", "--max-retries", "0"],
            r#"
            let outcome = invite_all(read_csv("people.csv"));
            print(outcome);
            for row in outcome.failures() { print(`${row.line} ${row.email}: ${row.note}`); }
            outcome.write_csv("out.csv");
            "#,
        )
        .exits(3)
        .prints(
            "4 rows: 2 created, 0 existing, 2 failed\n\
             3 bad.one@example.com: the API answered 500: out of order (stub_code)\n\
             5 bad.two@example.com: the API answered 500: out of order (stub_code)\n",
        )
        .says_once("@example.com: the API answered 500: out of order (stub_code)\n")
        .says_once("failed: 2 rows: the API answered 500: out of order (stub_code): people.csv lines 3, 5\n");
    let outcomes: Vec<String> = project
        .read_csv("out.csv")
        .into_iter()
        .map(|row| row[4].clone())
        .collect();
    assert_eq!(
        outcomes,
        ["outcome", "created", "failed", "created", "failed"]
    );
}
