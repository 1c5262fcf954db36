//! Existing sessions: candidates who have finished are not invited again, and those with an active session keep it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::candidate_list::{INVITE_ALL, addresses, people};
use crate::service::{OTHER, Service};
use crate::stub::{ASSESSMENT, Reply, Stub, default_reply};
use crate::support::Project;

fn session(number: usize, email: &str, status: &str) -> Value {
    json!({ "id": format!("session-{number}"), "candidateEmail": email, "status": status })
}

/// Starts a stub with these sessions and candidates.
fn stub_with(sessions: Vec<Value>, candidates: Vec<Value>) -> Stub {
    Stub::start(move |request| match request.path.as_str() {
        "/api/sessions" => Reply::page(request, "sessions", &sessions),
        "/api/candidates" => Reply::page(request, "candidates", &candidates),
        _ => default_reply(request),
    })
}

/// Invites Jane and John while these sessions and candidates exist, and returns the invited addresses.
fn invited_with(sessions: Vec<Value>, candidates: Vec<Value>) -> Vec<String> {
    let stub = stub_with(sessions, candidates);
    Project::new()
        .talking_to(&stub)
        .rhai(
            &["--yes"],
            "invite_all([\"jane@example.com\", \"john@example.com\"]);",
        )
        .succeeds();
    stub.invited_emails()
}

fn invited_if_jane_has_finished(email: &str) -> Vec<String> {
    invited_with(vec![session(1, email, "scored")], Vec::new())
}

const SIX: &str = "email\nann.a@example.com\nbob.b@example.com\ncyd.c@example.com\ndan.d@example.com\neve.e@example.com\nfay.f@example.com\n";

fn all_but_bob_have_finished() -> Vec<Value> {
    vec![
        session(1, "ann.a@example.com", "submitted"),
        session(2, "cyd.c@example.com", "scoring"),
        session(3, "dan.d@example.com", "scored"),
        session(4, "eve.e@example.com", "reviewed"),
        session(5, "fay.f@example.com", "submitted"),
        session(6, "someone.else@example.com", "submitted"),
    ]
}

#[test]
fn candidates_who_have_finished_are_skipped() {
    let stub = stub_with(all_but_bob_have_finished(), Vec::new());
    Project::new()
        .file("people.csv", SIX)
        .talking_to(&stub)
        .rhai(
            &["--yes"],
            r#"
            let outcome = invite_all(read_csv("people.csv"));
            print(outcome);
            for row in outcome.results() { print(`${row.line} ${row.outcome} ${row.note ?? "-"}`); }
            "#,
        )
        .succeeds()
        .prints(
            "6 rows: 1 created, 0 existing, 0 failed, 5 skipped\n\
             2 skipped finished (submitted)\n\
             3 created -\n\
             4 skipped finished (scoring)\n\
             5 skipped finished (scored)\n\
             6 skipped finished (reviewed)\n\
             7 skipped finished (submitted)\n",
        )
        .says("1 to invite to `Stub Assessment`")
        .says("1 skipped: finished (reviewed) (line 6)\n")
        .says("1 skipped: finished (scored) (line 5)\n")
        .says("1 skipped: finished (scoring) (line 4)\n")
        .says("2 skipped: finished (submitted) (lines 2, 7)\n");
    assert_eq!(stub.invited_emails(), ["bob.b@example.com"]);
}

#[test]
fn again_invites_to_a_second_attempt() {
    let stub = stub_with(all_but_bob_have_finished(), Vec::new());
    Project::new()
        .file("people.csv", SIX)
        .talking_to(&stub)
        .rhai(
            &["--yes", "--again"],
            "print(invite_all(read_csv(\"people.csv\")));",
        )
        .succeeds()
        .prints("6 rows: 6 created, 0 existing, 0 failed\n")
        .never_says("finished");
    assert_eq!(stub.invited_emails().len(), 6);
}

#[test]
fn candidates_with_an_active_session_are_invited_and_announced() {
    let mut sessions: Vec<Value> = ["invited", "setup", "in_progress"]
        .into_iter()
        .enumerate()
        .map(|(number, status)| session(number, &format!("{status}@example.com"), status))
        .collect();
    // With both an active and a finished session, in any order, the active one is used.
    sessions.extend([
        session(10, "first@example.com", "reviewed"),
        session(11, "first@example.com", "invited"),
        session(12, "last@example.com", "invited"),
        session(13, "last@example.com", "submitted"),
    ]);
    let stub = stub_with(sessions, Vec::new());
    Project::new()
        .talking_to(&stub)
        .rhai(
            &["--yes"],
            "let people = [\"invited\", \"setup\", \"in_progress\", \"first\", \"last\", \"new\"];\ninvite_all(people, |name| name + \"@example.com\");",
        )
        .succeeds()
        .says("6 to invite to `Stub Assessment`")
        .says("5 of them already invited: session, link and deadline stay the same\n")
        .never_says("finished");
    assert_eq!(stub.invited_emails().len(), 6);
}

#[test]
fn all_pages_of_sessions_are_read() {
    for (count, place) in [(101, 100), (250, 249), (250, 100), (250, 99)] {
        let mut sessions: Vec<Value> = (0..count)
            .map(|number| session(number, &format!("someone{number}@example.com"), "submitted"))
            .collect();
        sessions[place] = session(place, "jane@example.com", "submitted");
        assert_eq!(
            invited_with(sessions, Vec::new()),
            ["john@example.com"],
            "{place} of {count}"
        );
    }
}

#[test]
fn addresses_match_in_any_case() {
    assert_eq!(
        invited_if_jane_has_finished("JANE@Example.COM"),
        ["john@example.com"]
    );
    assert_eq!(
        invited_if_jane_has_finished(" jane@example.com "),
        ["john@example.com"]
    );
    // The other way round: the row is in capitals, and its domain is not ASCII.
    let known = vec![session(1, "jane@bücher.example", "submitted")];
    let stub = stub_with(known, Vec::new());
    Project::new()
        .talking_to(&stub)
        .rhai(&["--yes"], "invite_all([\"JANE@bücher.example\"]);")
        .succeeds()
        .says("1 skipped: finished (submitted) (row 1)");
    assert!(stub.invites().is_empty());
}

#[test]
fn sessions_without_an_address_are_matched_by_candidate_id() {
    let mut sessions = vec![
        session(1, "john@example.com", "submitted"),
        json!({ "id": "session-2", "candidateId": "candidate-149", "status": "submitted" }),
        json!({ "id": "session-3", "candidateId": "candidate-gone", "status": "submitted" }),
    ];
    let mut candidates: Vec<Value> = (0..150)
        .map(|number| {
            let email = format!("someone{number}@example.com");
            json!({ "id": format!("candidate-{number}"), "email": email })
        })
        .collect();
    candidates[149]["email"] = "Jane@example.com".into();
    assert!(invited_with(sessions.clone(), candidates.clone()).is_empty());
    sessions.remove(0);
    assert_eq!(invited_with(sessions, candidates), ["john@example.com"]);
}

#[test]
fn sessions_of_another_assessment_are_ignored() {
    let stub = Stub::start(move |request| {
        let sessions = if request.query.contains(ASSESSMENT) {
            vec![session(1, "jane@example.com", "submitted")]
        } else {
            vec![session(2, "john@example.com", "scored")]
        };
        match request.path.as_str() {
            "/api/sessions" => Reply::page(request, "sessions", &sessions),
            path if path == format!("/api/assessments/{OTHER}") => {
                let assessment = json!({ "id": OTHER, "name": "Other Assessment" });
                Reply::json(200, &json!({ "assessment": assessment }))
            }
            _ => default_reply(request),
        }
    });
    let script = format!(
        r#"
        invite_all(["{ASSESSMENT}", "{OTHER}"].map(|id| ["jane", "john"].map(|name| #{{
            email: name + "@example.com",
            assessment: id,
        }})).reduce(|all, some| (all ?? []) + some));
        "#
    );
    Project::new()
        .talking_to(&stub)
        .rhai(&["--yes"], &script)
        .succeeds()
        .says("1 to invite to `Stub Assessment`")
        .says("  row 2: John <john@example.com>\n")
        .says("1 to invite to `Other Assessment`")
        .says("  row 3: Jane <jane@example.com>\n")
        .says("1 skipped: finished (submitted) (row 1)\n")
        .says("1 skipped: finished (scored) (row 4)\n");
    let paths: Vec<(String, String)> = stub
        .invites()
        .into_iter()
        .map(|request| (request.email().to_owned(), request.path))
        .collect();
    assert_eq!(paths.len(), 2);
    for (email, id) in [
        ("john@example.com", ASSESSMENT),
        ("jane@example.com", OTHER),
    ] {
        let path = format!("/api/assessments/{id}/invite");
        assert!(paths.contains(&(email.to_owned(), path)), "{paths:?}");
    }
}

#[test]
fn nobody_is_invited_if_sessions_cannot_be_listed() {
    for (status, exit) in [(400, 1), (401, 4), (403, 4), (500, 1)] {
        for script in [
            "invite_all([\"jane@example.com\"]);\nprint(\"went on\");",
            "invite(\"jane@example.com\", \"Jane\");\nprint(\"went on\");",
        ] {
            let stub = Stub::start(move |request| match request.path.as_str() {
                "/api/sessions" => Reply::refusal(status, "no list today"),
                _ => default_reply(request),
            });
            Project::new()
                .talking_to(&stub)
                .rhai(&["--yes", "--max-retries", "0"], script)
                .exits(exit)
                .prints("")
                .says_once("error: cannot list the existing sessions: ")
                .says(&format!("the API answered {status}: no list today"))
                .says("--> script.rhai:1:");
            assert!(stub.invites().is_empty());
        }
    }
}

#[test]
fn an_incomplete_list_is_an_error() {
    let sessions: Vec<Value> = (0..150)
        .map(|number| json!({ "id": format!("session-{number}"), "status": "submitted", "candidateId": "c" }))
        .collect();
    for (path, offset) in [("/api/sessions", 100), ("/api/candidates", 0)] {
        let sessions = sessions.clone();
        let stub = Stub::start(move |request| match request.path.as_str() {
            failing if failing == path && request.number("offset") == offset => {
                Reply::refusal(500, "out of order")
            }
            "/api/sessions" => Reply::page(request, "sessions", &sessions),
            _ => default_reply(request),
        });
        Project::new()
            .talking_to(&stub)
            .rhai(
                &["--yes", "--max-retries", "0"],
                "invite_all([\"jane@example.com\"]);",
            )
            .exits(1)
            .says("error: cannot list the existing sessions: the API answered 500");
        assert!(stub.invites().is_empty());
    }
}

#[test]
fn an_existing_session_with_another_deadline_is_reported() {
    let project = Project::new().file("people.csv", "email,due\njane@example.com,2035-02-01\njohn@example.com,2035-02-01\njoe@example.com,2035-02-01\n");
    let script = |change: &str| {
        format!(
            r#"
            let outcome = invite_all(read_csv("people.csv"), |row| {{
                let request = #{{ email: row.email, due_date: row.due }};
                {change}
                request
            }});
            for row in outcome.results() {{ print(`${{row.outcome}} ${{row.note ?? "-"}}`); }}
            "#
        )
    };
    project
        .rehearse(&script(""))
        .succeeds()
        .prints("created -\ncreated -\ncreated -\n")
        .never_says("other deadline");
    project
        .rehearse(&script(
            "if row.email.starts_with(\"jane\") { request.due_date = \"2035-02-02\"; }\n\
             if row.email.starts_with(\"joe\") { request.remove(\"due_date\"); }",
        ))
        .succeeds()
        .prints(
            "existing the existing session keeps its deadline: Thu 2035-02-01 23:59:59 UTC, not Fri 2035-02-02 23:59:59 UTC\n\
             existing -\n\
             existing -\n",
        )
        .says("run 2: 3 rows: 0 created, 3 existing, 0 failed\n")
        .says("existing sessions with a different deadline than requested: 1; see `gradient-bulk runs 2 --existing`\n")
        .says("links: `gradient-bulk runs 2 --existing --format csv`\n");
}

#[test]
fn finished_sessions_are_skipped_and_active_ones_announced() {
    let service = Service::healthy();
    let [finished, active, _] = &addresses(3)[..] else {
        unreachable!()
    };
    service.add_session(finished, "scored");
    service.add_session(active, "in_progress");
    service.add_session(&active.to_uppercase(), "submitted");
    let project = people(3).talking_to(&service.stub);
    project
        .rhai(&["--yes"], INVITE_ALL)
        .succeeds()
        .says("2 to invite")
        .says("1 of them already invited: session, link and deadline stay the same")
        .says("1 skipped: finished (scored) (line 1)");
    assert_eq!(service.stub.invited_emails(), addresses(3)[1..]);
    project
        .rhai(&["--yes", "--again"], INVITE_ALL)
        .succeeds()
        .never_says("skipped");
    assert_eq!(service.created()[finished], 2);
}

#[test]
fn a_broken_session_list_defers_the_plan() {
    let broken = Arc::new(AtomicUsize::new(0));
    let flag = Arc::clone(&broken);
    let stub = Stub::start(move |request| {
        let is_list = request.path == "/api/sessions";
        match flag.load(Ordering::SeqCst) {
            _ if !is_list => default_reply(request),
            0 => default_reply(request),
            1 => Reply::refusal(500, "broken"),
            2 => Reply::text(200, "<html>"),
            3 => Reply::json(200, &json!({ "total": 0 })),
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
            .says("cannot list the existing sessions")
            .says("the plan is kept; `gradient-bulk send ");
        project
            .run(&[&["send", "1"], &options[..]].concat())
            .exits(status)
            .says("cannot list the existing sessions");
    }
    assert!(stub.invites().is_empty());
    broken.store(0, Ordering::SeqCst);
    // The plans were complete, so `send` only lists the sessions again.
    project.run(&["send", "2", "--yes"]).succeeds();
    assert_eq!(stub.invited_emails(), addresses(3));
}
