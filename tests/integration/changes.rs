//! What holds for every kind of change: the same tests for inviting, revoking and scoring.

use std::time::Duration;

use crate::change_service::{ChangeService, FOREIGN_KEY, Kind};
use crate::hold::Hold;
use crate::ledger::{counts, state, state_counts};
use crate::stub::Reply;
#[cfg(unix)]
use crate::support::PATIENCE;

#[test]
fn a_dry_run_changes_nothing_and_send_makes_the_changes() {
    for kind in Kind::ALL {
        let service = ChangeService::healthy(kind, 5);
        let project = service.project();
        service
            .run(&project, &["--dry-run"])
            .succeeds()
            .says(&format!(
                "dry run: nothing was {}; `gradient-bulk send 1",
                kind.sent()
            ));
        assert_eq!(service.changes(), 0, "{kind:?}");
        service.send(&project, &[]).succeeds();
        assert_eq!((service.changes(), service.changed()), (5, 5), "{kind:?}");
        assert_eq!(state_counts(&project), counts(&[(kind.done(), 5)]));
        assert_eq!(state(&project, 1), "done");
    }
}

#[test]
fn first_changes_only_so_many_rows() {
    for kind in Kind::ALL {
        let service = ChangeService::healthy(kind, 5);
        let project = service.project();
        let sent = kind.sent();
        service
            .run(&project, &["--first", "2"])
            .succeeds()
            .says(&format!("only the first 2 are {sent} now\n"))
            .says(&format!(", 3 not {sent}\n"));
        assert_eq!(service.changes(), 2, "{kind:?}");
        assert_eq!(
            state_counts(&project),
            counts(&[("planned", 3), (kind.done(), 2)])
        );
        service.send(&project, &[]).succeeds();
        assert_eq!((service.changes(), service.changed()), (5, 5), "{kind:?}");
    }
}

#[test]
fn a_row_that_fails_does_not_stop_the_others_and_can_be_retried() {
    for kind in Kind::ALL {
        let service = ChangeService::start(kind, 4, |number, _, _| {
            (number == 2).then(|| Reply::refusal(422, "not today"))
        });
        let project = service.project();
        service
            .run(&project, &["--concurrency", "1"])
            .exits(3)
            .says("failed: row 2: p2@example.com: the API answered 422: not today");
        assert_eq!(
            state_counts(&project),
            counts(&[(kind.done(), 3), ("failed", 1)])
        );
        service.send(&project, &["--failed"]).succeeds();
        assert_eq!((service.changes(), service.changed()), (5, 4), "{kind:?}");
    }
}

#[test]
fn a_refused_key_stops_the_run_and_loses_nothing() {
    for kind in Kind::ALL {
        let service = ChangeService::start(kind, 4, |number, _, _| {
            (number == 3).then(|| Reply::refusal(403, "no admin access"))
        });
        let project = service.project();
        let ran = service.run(&project, &["--concurrency", "1"]);
        // The rows of `score_all` are returned, so that what was paid for is not lost.
        let status = if kind == Kind::Score { 3 } else { 4 };
        ran.exits(status)
            .says("stopped: the API answered 403: no admin access");
        assert_eq!(
            state_counts(&project),
            counts(&[("planned", 2), (kind.done(), 2)])
        );
        service.send(&project, &[]).succeeds();
        assert_eq!((service.changes(), service.changed()), (5, 4), "{kind:?}");
    }
}

#[test]
fn an_invalid_row_rejects_the_plan_or_is_skipped() {
    // The sessions to score are a list, of which no row can be invalid.
    for kind in [Kind::Invite, Kind::Revoke] {
        let service = ChangeService::healthy(kind, 3);
        let project = service.project();
        let closure = ", |row| { if `${row}`.contains(\"p2@\") { throw \"not this one\" } row });";
        let script =
            project
                .read("script.rhai")
                .replacen(");\nprint", &format!("{closure}\nprint"), 1);
        let project = project.file("script.rhai", script);
        service
            .run(&project, &[])
            .exits(5)
            .says("row 2")
            .says("not this one")
            .says(&format!(
                "1 of 3 rows is invalid, so nothing is {}:\n",
                kind.sent()
            ))
            .says(if kind == Kind::Invite {
                "leaves it out and invites the other 2"
            } else {
                "leaves it out and revokes the other 2"
            });
        assert_eq!(service.changes(), 0, "{kind:?}");
        service.run(&project, &["--skip-invalid"]).exits(3);
        assert_eq!((service.changes(), service.changed()), (2, 2), "{kind:?}");
    }
}

/// No row of a score can be invalid, so `--skip-invalid` has nothing to skip, and a list that is not one of sessions stays an error.
#[test]
fn nothing_is_scored_if_an_entry_is_not_a_session() {
    let service = ChangeService::healthy(Kind::Score, 2);
    let project = service.project();
    let script = "score_all([list_sessions()[0], \"\"]);";
    for options in [&[][..], &["--skip-invalid"]] {
        project
            .rhai(&[&["--yes"], options].concat(), script)
            .exits(1)
            .says("error: ");
        assert_eq!(service.changes(), 0);
    }
}

/// An option that does nothing may look as if it did something.
#[test]
fn send_refuses_options_that_do_nothing_for_the_kind() {
    for kind in Kind::ALL {
        let service = ChangeService::healthy(kind, 2);
        let project = service.project();
        service.run(&project, &["--dry-run"]).succeeds();
        for (option, is_useful) in [
            (&["--unclear"][..], kind == Kind::Score),
            (&["--max-invites", "9"], kind == Kind::Invite),
            (&["--skip-invalid"], kind == Kind::Invite),
            (&["--again"], kind != Kind::Revoke),
            (&["--failed"], true),
        ] {
            let options = [&["--dry-run"], option].concat();
            let ran = service.send(&project, &options);
            if is_useful {
                ran.succeeds();
            } else {
                let name = format!("{kind:?}").to_lowercase();
                ran.exits(2).says(&format!(
                    "error: `{}` does nothing for run 1, whose kind is `{name}`\n",
                    option[0]
                ));
            }
        }
        assert_eq!(service.changes(), 0, "{kind:?}");
    }
}

/// A profile or a variable may bring the key of another organization. Nothing of the plan is there, so it stays as it is.
#[test]
fn a_key_of_another_organization_sends_nothing() {
    for kind in Kind::ALL {
        for rows in [3, 17] {
            let service = ChangeService::healthy(kind, rows);
            let project = service.project();
            service.run(&project, &["--dry-run"]).succeeds();
            project.configure(&format!(
                "[profiles.other]\napi_url = \"{}\"\napi_key_file = \"other.key\"\n",
                service.stub.url()
            ));
            let project = project.file("../home/other.key", FOREIGN_KEY);
            service
                .send(&project, &["--profile", "other"])
                .exits(4)
                .says_once(
                    "note: run 1 was planned with key gai_pref…, and gai_fore… is used now\n",
                )
                .says("cannot look up the assessment: no assessment `");
            assert_eq!(service.changes(), 0, "{kind:?}");
            let planned = u64::try_from(rows).unwrap();
            assert_eq!(state_counts(&project), counts(&[("planned", planned)]));
            service
                .send(&project, &[])
                .succeeds()
                .never_says("was planned with key");
            assert_eq!(service.changed(), rows, "{kind:?}");
        }
    }
}

/// A key may be renewed.
#[test]
fn a_new_key_is_pointed_at() {
    for kind in Kind::ALL {
        let service = ChangeService::healthy(kind, 2);
        let project = service.project();
        service.run(&project, &["--first", "1"]).succeeds();
        let project = project.env("GRADIENT_API_KEY", "gai_renewed_by_the_owner");
        let note = "note: run 1 was planned with key gai_pref…, and gai_rene… is used now\n";
        service
            .send(&project, &["--dry-run"])
            .succeeds()
            .says_once(note);
        if kind == Kind::Invite {
            project
                .run(&["undo", "1", "--dry-run"])
                .succeeds()
                .says_once(note);
        }
        service.send(&project, &["--quiet"]).succeeds().reports("");
        assert_eq!(service.changed(), 2, "{kind:?}");
    }
}

/// The run decides about the server, whatever a profile says, and no key is sent to another one.
#[test]
fn a_profile_for_another_server_is_refused() {
    for kind in Kind::ALL {
        let service = ChangeService::healthy(kind, 2);
        let project = service.project();
        service.run(&project, &["--dry-run"]).succeeds();
        let requests = service.stub.requests().len();
        let other = ChangeService::healthy(kind, 2);
        project.configure(&format!(
            "[profiles.other]\napi_url = \"{}\"\napi_key_file = \"other.key\"\n",
            other.stub.url()
        ));
        let project = project.file("../home/other.key", "gai_other");
        service
            .send(&project, &["--profile", "other"])
            .exits(2)
            .says("run 1 was planned for `");
        assert!(other.stub.requests().is_empty());
        assert_eq!(service.stub.requests().len(), requests);
    }
}

#[test]
fn requests_start_at_the_rate() {
    for kind in Kind::ALL {
        let service = ChangeService::healthy(kind, 8);
        let project = service.project();
        service.run(&project, &["--rate", "40"]).succeeds();
        let requests = service.stub.requests();
        let took = requests[requests.len() - 1].arrived - requests[0].arrived;
        let intervals = u32::try_from(requests.len()).unwrap() - 1;
        // The first request may arrive late.
        let least = Duration::from_millis(25) * intervals / 2;
        assert!(
            took >= least,
            "{kind:?}: {took:?} for {intervals} intervals"
        );
    }
}

#[test]
fn a_rate_limit_changes_no_state() {
    for kind in Kind::ALL {
        let service = ChangeService::start(kind, 3, |number, _, _| {
            (number == 2).then(|| Reply::text(429, "").header("retry-after", "0"))
        });
        let project = service.project();
        service.run(&project, &["--concurrency", "1"]).succeeds();
        assert_eq!((service.changes(), service.changed()), (4, 3), "{kind:?}");
    }
}

/// Starts a run of 6 rows, of which the first two are held.
#[cfg(unix)]
fn holding(kind: Kind) -> (ChangeService, Hold) {
    let hold = Hold::default();
    let at = hold.clone();
    let service = ChangeService::start(kind, 6, move |number, _, _| {
        if number <= 2 {
            at.pass();
        }
        None
    });
    (service, hold)
}

#[cfg(unix)]
#[test]
fn ctrl_c_finishes_the_rows_that_have_begun() {
    for kind in Kind::ALL {
        let (service, hold) = holding(kind);
        let project = service.project();
        let mut running = service.begin(&project, &["--concurrency", "2"]);
        hold.await_arrivals(2);
        running.signal("INT");
        running.wait_for("stopping: waiting for the ");
        hold.release();
        running.finish().exits(130).prints("");
        assert_eq!(service.changes(), 2, "{kind:?}");
        assert_eq!(
            state_counts(&project),
            counts(&[("planned", 4), (kind.done(), 2)])
        );
        service.send(&project, &[]).succeeds();
        assert_eq!((service.changes(), service.changed()), (6, 6), "{kind:?}");
    }
}

#[cfg(unix)]
#[test]
fn one_process_at_a_time_works_on_a_run_and_on_an_assessment() {
    for kind in Kind::ALL {
        let (service, hold) = holding(kind);
        let project = service.project();
        let running = service.begin(&project, &["--concurrency", "2"]);
        hold.await_arrivals(2);
        service.send(&project, &[]).exits(1).says("run 1 is ");
        service
            .run(&project, &[])
            .exits(7)
            .says("`Stub Assessment` is in use by ");
        hold.release();
        running.finish().succeeds();
        assert_eq!((service.changes(), service.changed()), (6, 6), "{kind:?}");
    }
}

/// What the killed process has asked for is looked at before anything is asked again. A score that may have been made is never
/// requested again.
#[cfg(unix)]
#[test]
fn a_killed_run_is_resumed() {
    for kind in Kind::ALL {
        let (service, hold) = holding(kind);
        let project = service.project();
        let options = ["--concurrency", "2", "--timeout", "0.2"];
        let running = service.begin(&project, &options);
        hold.await_arrivals(2);
        running.kill();
        hold.release();
        let consent = kind.consent();
        let patient = ["send", "1", "--timeout", "600"];
        let mut waiting = project.start(&[&patient, consent].concat());
        waiting.wait_for(&format!(
            " rows may have been {} moments ago, and the API may not be done",
            kind.sent()
        ));
        waiting.signal("INT");
        waiting.finish().exits(130);
        let ran = service.send(&project, &["--timeout", "0.2"]);
        if kind == Kind::Score {
            // The held requests were carried out or not: either way, they are not repeated.
            let counted = state_counts(&project);
            assert_eq!(counted.values().sum::<u64>(), 6, "{counted:?}");
            assert_eq!(service.changes(), 6);
        } else {
            ran.succeeds();
            assert_eq!(service.changed(), 6, "{kind:?}");
        }
        let sessions = service.sessions.lock().unwrap();
        assert!(sessions.values().all(|session| session.scores <= 1));
    }
}

/// A list of thousands does not fill the screen with one reason.
#[test]
fn rows_with_the_same_result_are_summed_up() {
    for kind in Kind::ALL {
        let service = ChangeService::start(kind, 5, |_, _, _| Some(Reply::refusal(409, "not now")));
        let project = service.project();
        let result = if kind == Kind::Score {
            "kept"
        } else {
            "failed"
        };
        let ran = service.run(&project, &["--concurrency", "1"]);
        ran.says_once(&format!(
            "{result}: row 1: p1@example.com: the API answered 409: not now"
        ))
        .says(&format!(
            "{result}: 5 rows: the API answered 409: not now (stub_code): rows 1, 2, 3, 4, 5"
        ))
        .never_says("row 2: p2@example.com: the API");
    }
    // A message with an id is the same problem as one with another id.
    for kind in Kind::ALL {
        let service = ChangeService::start(kind, 5, |number, _, _| {
            let id = format!("7c9e6679-7425-40de-944b-e07fc1f90ae{number:x}");
            let message = format!("request {id}: {id} is locked, not abc-{id}.");
            Some(Reply::refusal(422, &message))
        });
        let project = service.project();
        service
            .run(&project, &["--concurrency", "1"])
            .exits(3)
            .says("failed: 5 rows like row 1: the API answered 422: request 7c9e6679-")
            .says("(stub_code): rows 1, 2, 3, 4, 5\n")
            .never_says("failed: row 2: ");
        project
            .run(&["runs", "1"])
            .shows("failed       5 rows like row 1: ");
    }
    let service = ChangeService::start(Kind::Score, 3, |_, _, _| Some(Reply::text(500, "")));
    let project = service.project();
    service
        .run(&project, &["--concurrency", "1"])
        .says("unclear: 3 rows: ")
        .never_says("failed: 3 rows");
}

/// The API certainly did not carry it out, so it was not sent.
#[cfg(unix)]
#[test]
fn ctrl_c_before_a_retry_leaves_no_row_unclear() {
    for kind in Kind::ALL {
        let (arrived, arrivals) = std::sync::mpsc::channel();
        let arrived = std::sync::Mutex::new(arrived);
        let service = ChangeService::start(kind, 2, move |_, _, _| {
            let _ = arrived.lock().unwrap().send(());
            Some(Reply::refusal(408, "too slow"))
        });
        let project = service.project();
        let running = service.begin(&project, &["--concurrency", "1", "--max-retries", "100"]);
        arrivals.recv_timeout(PATIENCE).unwrap();
        running.signal("INT");
        running.finish().exits(130);
        assert_eq!(
            state_counts(&project),
            counts(&[("planned", 2)]),
            "{kind:?}"
        );
    }
}
