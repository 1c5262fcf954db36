//! Revoking: what the answers to a deletion mean, which sessions are kept, and how a run is undone.

use std::sync::Arc;
use std::time::Duration;
use std::{fs, thread};

use serde_json::json;

use crate::change_service::{ChangeService, Kind, Sessions, add, reply};
#[cfg(unix)]
use crate::hold::Hold;
use crate::ledger::{counts, notes, state_counts};
use crate::stub::{Reply, Request, Stub};

fn set_status(sessions: &Sessions, request: &Request, status: &'static str) {
    let id = request.path.strip_prefix("/api/sessions/").unwrap();
    if let Some(session) = sessions.lock().unwrap().get_mut(id) {
        session.status = status;
    }
}

/// Revokes three sessions, one after the other. `answer` replies to the first deletion.
fn revoke_three(
    answer: impl Fn(&Request, &Sessions) -> Option<Reply> + Send + Sync + 'static,
) -> (ChangeService, crate::support::Project, crate::support::Ran) {
    let service = ChangeService::start(Kind::Revoke, 3, move |number, request, sessions| {
        (number == 1).then(|| answer(request, sessions)).flatten()
    });
    let project = service.project();
    let ran = service.run(&project, &["--concurrency", "1", "--timeout", "0.5"]);
    (service, project, ran)
}

#[test]
fn a_deletion_is_done_whatever_its_body_is() {
    for (status, body) in [(200, "{}"), (200, ""), (204, ""), (202, "[1]")] {
        let (service, project, ran) = revoke_three(move |request, sessions| {
            reply(sessions, request);
            Some(Reply::text(status, body))
        });
        ran.succeeds();
        assert_eq!((service.changes(), service.changed()), (3, 3));
        assert_eq!(state_counts(&project), counts(&[("done", 3)]));
    }
}

#[test]
fn a_session_that_is_gone_by_then_is_done() {
    let (service, project, ran) = revoke_three(|request, sessions| {
        reply(sessions, request);
        Some(Reply::refusal(404, "gone"))
    });
    ran.succeeds();
    assert_eq!(service.changes(), 3);
    assert_eq!(state_counts(&project), counts(&[("done", 3)]));
}

#[test]
fn a_conflict_is_looked_into() {
    let (service, project, ran) = revoke_three(|request, sessions| {
        set_status(sessions, request, "setup");
        Some(Reply::refusal(409, "the candidate has begun"))
    });
    ran.succeeds()
        .says("kept: row 1: p1@example.com: begun (setup)");
    assert_eq!(service.changed(), 2);
    assert_eq!(state_counts(&project), counts(&[("done", 2), ("kept", 1)]));

    let (service, project, ran) = revoke_three(|_, _| Some(Reply::refusal(409, "no")));
    ran.exits(3)
        .says("failed: row 1: p1@example.com: the API answered 409: no");
    assert_eq!(service.changed(), 2);
    assert_eq!(
        state_counts(&project),
        counts(&[("done", 2), ("failed", 1)])
    );
}

/// The API may have carried it out, so the session is looked at two timeouts later.
#[test]
fn an_unclear_end_is_looked_into_before_anything_is_repeated() {
    for (is_carried_out, status, body) in [
        (true, 500, "{}"),
        (false, 500, "{}"),
        (true, 200, "<html>"),
        (false, 200, r#"{ "ok": false }"#),
        (false, 200, r#"{ "error": { "message": "not today" } }"#),
        (false, 502, "<html>"),
    ] {
        let (service, project, ran) = revoke_three(move |request, sessions| {
            if is_carried_out {
                reply(sessions, request);
            }
            Some(Reply::text(status, body))
        });
        ran.succeeds()
            .says("unclear: 1 row, perhaps revoked: ")
            .says("run 1: 3 rows: 3 revoked, 0 kept, 0 failed");
        let expected = if is_carried_out { 3 } else { 4 };
        assert_eq!((service.changes(), service.changed()), (expected, 3));
        assert_eq!(state_counts(&project), counts(&[("done", 3)]));
    }
}

/// The deletion comes after the timeout, when the session was opened.
#[test]
fn a_candidate_who_begins_after_an_unclear_end_is_kept() {
    let (service, project, ran) = revoke_three(|request, sessions| {
        set_status(sessions, request, "in_progress");
        thread::sleep(Duration::from_millis(800));
        Some(Reply::refusal(500, "too late"))
    });
    ran.succeeds();
    assert_eq!((service.changes(), service.changed()), (3, 2));
    assert_eq!(notes(&project, "kept"), ["begun (in_progress)"]);
}

#[test]
fn candidates_who_have_begun_are_named_and_kept() {
    let service = ChangeService::healthy(Kind::Revoke, 4);
    for (id, status) in [("s0002", "setup"), ("s0003", "scored")] {
        service.sessions.lock().unwrap().get_mut(id).unwrap().status = status;
    }
    let project = service.project();
    service
        .run(&project, &[])
        .succeeds()
        .says("2 to revoke in `Stub Assessment`")
        .says("1 kept: begun (setup): row 2 Ada Lee <p2@example.com>\n")
        .says("1 kept: finished (scored): row 3 Ada Lee <p3@example.com>\n")
        .says("run 1: 4 rows: 2 revoked, 2 kept, 0 failed\n");
    assert_eq!((service.changes(), service.changed()), (2, 2));
}

#[test]
fn two_sessions_of_one_candidate_are_two_rows() {
    let service = ChangeService::healthy(Kind::Revoke, 1);
    add(&service.sessions, "other", "p1@example.com", "invited");
    let project = service.project();
    service
        .run(&project, &[])
        .succeeds()
        .says("row 1: Ada Lee <p1@example.com>, session other")
        .says("row 2: Ada Lee <p1@example.com>, session s0001")
        .says("2 revoked");
    assert!(service.sessions.lock().unwrap().is_empty());
}

#[test]
fn a_key_of_another_organization_gives_no_row_a_result() {
    for concurrency in ["1", "16"] {
        let service = looking(40, |_| {
            Some(Reply::refusal(404, "there is no such session"))
        });
        let project = service.project();
        service
            .run(&project, &["--concurrency", concurrency])
            .exits(3)
            .says("stopped after 20 consecutive failures; the last one: there is no such session")
            .says("check whether the key belongs to the organization of these sessions");
        assert_eq!(state_counts(&project), counts(&[("planned", 40)]));
    }
}

/// Starts a service where `look` replies to requests for a single session. There are enough sessions for the plan to list them, so
/// these requests come right before the deletions.
fn looking(
    count: usize,
    look: impl Fn(&Request) -> Option<Reply> + Send + Sync + 'static,
) -> ChangeService {
    assert!(count > 16);
    let mut service = ChangeService::healthy(Kind::Revoke, count);
    let sessions = Arc::clone(&service.sessions);
    service.stub = Stub::start(move |request| {
        let is_look = request.method == "GET" && request.path.starts_with("/api/sessions/");
        let looked = is_look.then(|| look(request)).flatten();
        looked.unwrap_or_else(|| reply(&sessions, request))
    });
    service
}

fn is_first(request: &Request) -> bool {
    request.path.ends_with("/s0001")
}

#[test]
fn a_session_is_not_deleted_if_the_look_at_it_shows_another_one() {
    let service = looking(17, |request| {
        let other = json!({ "session": { "id": "other", "status": "invited" } });
        is_first(request).then(|| Reply::json(200, &other))
    });
    let project = service.project();
    service
        .run(&project, &[])
        .exits(3)
        .says("failed: row 1: p1@example.com: ")
        .says("unexpected JSON: it is about the session `other`");
    assert_eq!((service.changes(), service.changed()), (16, 16));
    let states = counts(&[("done", 16), ("failed", 1)]);
    assert_eq!(state_counts(&project), states);
}

/// Nothing is deleted without a look, so nothing is unclear either.
#[test]
fn a_session_that_cannot_be_looked_at_is_a_failure() {
    let service = looking(17, |request| {
        is_first(request).then(|| Reply::refusal(500, "broken"))
    });
    let project = service.project();
    service
        .run(&project, &["--max-retries", "1"])
        .exits(3)
        .says("failed: row 1: p1@example.com: the API answered 500: broken")
        .never_says("perhaps revoked");
    assert_eq!((service.changes(), service.changed()), (16, 16));

    let service = looking(60, |_| Some(Reply::refusal(500, "broken")));
    let project = service.project();
    service
        .run(&project, &["--max-retries", "0"])
        .exits(3)
        .says("stopped after 20 consecutive failures; the last one: the API answered 500: broken")
        .never_says("may have been sent");
    assert_eq!(service.changes(), 0);
}

/// A 404 without a code, which a proxy may send.
fn proxy_404() -> [Reply; 3] {
    let kong = json!({ "message": "no Route matched with those values" });
    [
        Reply::text(404, ""),
        Reply::json(404, &kong),
        Reply::text(404, "<html>not found</html>"),
    ]
}

#[test]
fn a_404_of_a_proxy_does_not_show_that_a_session_is_gone() {
    for at in 0..proxy_404().len() {
        let service = looking(17, move |request| {
            is_first(request).then(|| proxy_404().into_iter().nth(at).unwrap())
        });
        let project = service.project();
        service
            .run(&project, &["--max-retries", "0"])
            .exits(3)
            .says("failed: row 1: p1@example.com: ")
            .says(" answered 404")
            .says("run 1: 17 rows: 16 revoked, 0 kept, 1 failed\n");
        assert_eq!((service.changes(), service.changed()), (16, 16));
    }
}

/// A few sessions are looked at one by one, and the list decides if that does not work.
#[test]
fn the_plan_lists_the_sessions_if_a_look_at_one_is_no_proof() {
    for at in 0..proxy_404().len() {
        let mut service = ChangeService::healthy(Kind::Revoke, 3);
        let sessions = Arc::clone(&service.sessions);
        service.stub = Stub::start(move |request| {
            if request.method == "GET" && request.path.starts_with("/api/sessions/") {
                return proxy_404().into_iter().nth(at).unwrap();
            }
            reply(&sessions, request)
        });
        let project = service.project();
        service
            .run(&project, &["--max-retries", "0"])
            .exits(3)
            .says("3 to revoke in ")
            .says("run 1: 3 rows: 0 revoked, 0 kept, 3 failed\n");
        assert_eq!(service.changes(), 0);
        service.sessions.lock().unwrap().remove("s0002");
        service
            .send(&project, &["--failed", "--dry-run"])
            .exits(3)
            .says("2 to revoke in ")
            .says("1 kept: already gone: row 2 ");
        // Without an assessment, there is no list to look at.
        project
            .rhai(&["--dry-run"], "revoke_all([\"s0001\"]);")
            .exits(1)
            .says(" answered 404");
    }
}

/// It may be gone or still be there, so it is looked at again.
#[test]
fn a_refused_deletion_of_a_missing_session_is_looked_into() {
    for status in [404, 410] {
        for is_carried_out in [true, false] {
            let (service, project, ran) = revoke_three(move |request, sessions| {
                if is_carried_out {
                    reply(sessions, request);
                }
                Some(Reply::text(status, ""))
            });
            let states = if is_carried_out {
                ran.succeeds();
                counts(&[("done", 3)])
            } else {
                let says = format!("failed: row 1: p1@example.com: the API answered {status}: ");
                ran.exits(3).says(&says);
                counts(&[("done", 2), ("failed", 1)])
            };
            assert_eq!(state_counts(&project), states);
            assert_eq!(service.changes(), 3);
        }
        let (service, project, ran) = revoke_three(move |request, sessions| {
            reply(sessions, request);
            Some(Reply::refusal(status, "it is gone"))
        });
        ran.succeeds();
        assert_eq!((service.changes(), service.changed()), (3, 3));
        assert_eq!(state_counts(&project), counts(&[("done", 3)]));
    }
}

/// If every 404 is without a code, the list still shows which sessions are gone.
#[test]
fn the_list_shows_what_is_gone_if_no_404_has_a_code() {
    for at in 0..proxy_404().len() {
        let mut service = ChangeService::healthy(Kind::Revoke, 17);
        let sessions = Arc::clone(&service.sessions);
        service.stub = Stub::start(move |request| {
            // Somebody deletes it after the plan.
            if request.method == "GET" && is_first(request) {
                sessions.lock().unwrap().remove("s0001");
            }
            match request.path.strip_prefix("/api/sessions/") {
                Some(id) if !sessions.lock().unwrap().contains_key(id) => {
                    proxy_404().into_iter().nth(at).unwrap()
                }
                _ => reply(&sessions, request),
            }
        });
        let project = service.project();
        service
            .run(&project, &["--max-retries", "0"])
            .succeeds()
            .says("run 1: 17 rows: 17 revoked, 0 kept, 0 failed\n");
        assert_eq!(service.changes(), 16);
    }
}

#[test]
fn a_session_that_is_gone_for_good_counts_as_gone() {
    let service = looking(17, |request| {
        is_first(request).then(|| Reply::refusal(410, "it is gone"))
    });
    let project = service.project();
    service
        .run(&project, &[])
        .succeeds()
        .says("17 revoked, 0 kept, 0 failed");
    assert_eq!(service.changes(), 16);
}

/// The plan looks at a few sessions one by one.
#[test]
fn sessions_of_an_assessment_that_the_key_does_not_reach_are_not_gone() {
    let service = ChangeService::healthy(Kind::Invite, 3);
    let project = service.project();
    service.run(&project, &[]).succeeds();
    let other = Stub::start(|request| match request.path.as_str() {
        "/api/sessions" => Reply::page(request, "sessions", &[]),
        _ => Reply::refusal(404, "not found"),
    });
    let project = project.talking_to(&other);
    rusqlite::Connection::open(project.ledger())
        .unwrap()
        .execute("UPDATE runs SET api_url = ?1", [other.url()])
        .unwrap();
    project
        .run(&["undo", "1", "--yes", "--max-changes", "3"])
        .exits(4)
        .says("cannot look up the assessment: ");
    assert_eq!(
        state_counts(&project),
        counts(&[("created", 3), ("planned", 3)])
    );
}

#[cfg(unix)]
#[test]
fn a_run_that_cannot_be_undone_now_is_undone_later() {
    let hold = Hold::default();
    let at = hold.clone();
    let service = ChangeService::start(Kind::Invite, 3, move |number, _, _| {
        if number == 4 {
            at.pass();
        }
        None
    });
    let project = service.project();
    service.run(&project, &[]).succeeds();
    let project = project.file("other.rhai", "invite_all([\"someone@example.com\"]);");
    let running = project.start(&["run", "--yes", "other.rhai"]);
    hold.await_arrivals(1);
    let consent = ["--yes", "--max-changes", "3"];
    project
        .run(&[&["undo", "1"], consent.as_slice()].concat())
        .exits(7)
        .says("the plan is kept; `gradient-bulk send 3` continues with it");
    hold.release();
    running.finish().succeeds();
    project
        .run(&[&["send", "3"], consent.as_slice()].concat())
        .succeeds()
        .says("run 3: 3 rows: 3 revoked, 0 kept, 0 failed");
}

#[test]
fn a_run_is_undone() {
    let service = ChangeService::healthy(Kind::Invite, 5);
    let project = service.project();
    service.run(&project, &[]).succeeds();
    service
        .sessions
        .lock()
        .unwrap()
        .get_mut("s0002")
        .unwrap()
        .status = "setup";
    let undo = |options: &[&str]| project.run(&[&["undo", "1"], options].concat());
    undo(&[]).exits(6);
    undo(&["--yes"]).exits(6);
    assert_eq!(service.sessions.lock().unwrap().len(), 5);
    let ran = undo(&["--yes", "--max-changes", "4", "--json"])
        .succeeds()
        .says("4 to revoke in ")
        .says("1 kept: begun (setup): ");
    let summary = ran.json();
    assert_eq!(
        (&summary["undo"], &summary["done"], &summary["kept"]),
        (&json!(1), &json!(4), &json!(1))
    );
    let left = service.sessions.lock().unwrap();
    assert_eq!(left.keys().collect::<Vec<_>>(), ["s0002"]);
    drop(left);
    undo(&["--yes", "--max-changes", "4"])
        .succeeds()
        .says("nothing to revoke")
        .says("4 kept: already revoked in run 4: ")
        .says("1 kept: begun (setup): ")
        .says("run 5: 5 rows: 0 revoked, 5 kept, 0 failed\n");
    let undo = |run: &str| {
        let says = format!("run {run} cannot be undone: what it has revoked does not come back\n");
        project.run(&["undo", run]).exits(2).says(&says)
    };
    undo("3").says("hint: `gradient-bulk send 3` continues with it\n");
    undo("4").says("hint: run the script that invited again");
}

/// The response is lost, and the session is there.
#[test]
fn a_lost_response_does_not_hide_a_session_from_undo() {
    let service = ChangeService::start(Kind::Invite, 3, |number, request, sessions| {
        (number == 2).then(|| {
            reply(sessions, request);
            Reply::broken()
        })
    });
    let project = service.project();
    let options = [
        "--max-retries",
        "0",
        "--concurrency",
        "1",
        "--timeout",
        "0.3",
    ];
    service.run(&project, &options).exits(3);
    assert_eq!(
        state_counts(&project),
        counts(&[("created", 2), ("failed", 1)])
    );
    let options = [
        "undo",
        "1",
        "--yes",
        "--max-changes",
        "3",
        "--timeout",
        "0.3",
    ];
    project.run(&options).succeeds().says("3 revoked");
    assert!(service.sessions.lock().unwrap().is_empty());
}

/// Sessions that existed before, and those of later runs, are not touched.
#[test]
fn undo_leaves_the_sessions_of_others_alone() {
    let service = ChangeService::healthy(Kind::Invite, 2);
    add(
        &service.sessions,
        "before",
        "someone@example.com",
        "invited",
    );
    let project = service.project();
    service.run(&project, &["--concurrency", "1"]).succeeds();
    service
        .sessions
        .lock()
        .unwrap()
        .retain(|_, session| session.email != "p1@example.com");
    fs::write(
        project.path().join("again.rhai"),
        "invite_all([\"p1@example.com\"]);",
    )
    .unwrap();
    project.run(&["run", "--yes", "again.rhai"]).succeeds();
    let newer = service.sessions.lock().unwrap().len();
    project
        .run(&["undo", "1", "--yes", "--max-changes", "9"])
        .succeeds()
        .says("a newer session, of run 2: ");
    let sessions = service.sessions.lock().unwrap();
    assert!(sessions.contains_key("before"));
    assert!(sessions.len() < newer, "{sessions:?}");
}
