//! Scoring: which sessions are scored, which requests are never sent twice, and the shipped script that ranks candidates.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use crate::hold::Hold;
use crate::stub::{Reply, Request, Stub, default_reply};
use crate::support::Project;

/// A list of sessions in these statuses; their ids are their positions.
const SESSIONS: &str = r#"
let sessions = [];
for status in ["submitted", "scored", "setup", "reviewed", "submitted"] {
    sessions.push(#{ id: `${sessions.len()}`, status: status, candidate_name: `Candidate ${sessions.len()}` });
}
"#;

fn is_scoring(request: &Request) -> bool {
    request.method == "POST" && request.path == "/api/scoring"
}

/// The ids of the sessions that were sent to be scored, in order.
fn scoring_requests(stub: &Stub) -> Vec<String> {
    let requests = stub.requests().into_iter().filter(is_scoring);
    requests
        .map(|request| request.body["sessionId"].as_str().unwrap().to_owned())
        .collect()
}

/// Starts a stub where `reply` decides the replies to scoring requests.
fn judging(reply: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Stub {
    Stub::start(move |request| {
        if is_scoring(request) {
            return reply(request.body["sessionId"].as_str().unwrap());
        }
        match request.path.strip_prefix("/api/sessions/") {
            Some(id) => {
                let status = match id {
                    "1" => "scored",
                    "2" => "setup",
                    "3" => "reviewed",
                    _ => "submitted",
                };
                let session = json!({ "id": id, "status": status });
                Reply::json(200, &json!({ "session": session }))
            }
            None => default_reply(request),
        }
    })
}

fn scored(id: &str) -> Reply {
    let categories = json!({ "Own Words": { "score": 7.5, "maxPoints": 10, "subCriteria": {} } });
    let score = json!({
        "id": format!("score-{id}"),
        "sessionId": id,
        "finalScore": 78,
        "autoScores": { "categories": categories, "rawTotal": 80, "finalTotal": 78 },
        "followUpQuestions": [{ "categoryId": "Own Words", "lookFor": "an example" }],
        "percentileGlobal": 61,
        "scoredAt": "2030-02-01T12:00:00Z",
        "judgeModel": "new here",
    });
    Reply::json(200, &json!({ "score": score }))
}

#[test]
fn a_score_reaches_the_script_with_all_its_fields() {
    let stub = judging(scored);
    Project::new()
        .talking_to(&stub)
        .rhai(
            &["--yes"],
            r#"
            let s = score("a");
            print([s.outcome, s.session_id, s.final_score, s.raw_total, s.percentile_global, s.percentile_category]);
            print(s.categories);
            print(s.follow_up_questions[0].look_for);
            print(s.scored_at);
            print(s.judge_model);
            "#,
        )
        .succeeds()
        .prints(
            "[\"scored\", \"a\", 78, 80, 61, ()]\n\
             #{\"Own Words\": #{\"max_points\": 10, \"score\": 7.5, \"sub_criteria\": #{}}}\n\
             an example\n\
             Fri 2030-02-01 12:00:00 UTC\n\
             new here\n",
        );
    assert_eq!(scoring_requests(&stub), ["a"]);
}

#[test]
fn a_score_with_undocumented_types_is_not_lost() {
    let stub = judging(|_| {
        let score = json!({ "finalScore": "high", "autoScores": [1], "summaryText": "good" });
        Reply::json(200, &json!({ "score": score }))
    });
    Project::new()
        .talking_to(&stub)
        .rhai(
            &["--yes"],
            "let s = score(\"a\");\nprint([s.outcome, s.final_score, s.categories, s.summary_text]);",
        )
        .succeeds()
        .prints("[\"scored\", (), #{}, \"good\"]\n");
}

#[test]
fn sessions_that_have_a_score_or_are_not_ready_are_skipped_with_a_reason() {
    let stub = judging(scored);
    let script = format!(
        "{SESSIONS}\nfor row in score_all(sessions + [sessions[0]]) {{ print([row.session_id, row.outcome, row.note]); }}"
    );
    Project::new()
        .talking_to(&stub)
        .rhai(&["--yes"], &script)
        .succeeds()
        .prints(
            "[\"0\", \"scored\", ()]\n\
             [\"1\", \"skipped\", \"scored already\"]\n\
             [\"2\", \"skipped\", \"not submitted yet\"]\n\
             [\"3\", \"skipped\", \"reviewed already\"]\n\
             [\"4\", \"scored\", ()]\n\
             [\"0\", \"skipped\", \"listed twice\"]\n",
        )
        .says("run 1: 6 rows: 2 scored, 3 kept, 0 failed, 1 duplicate\n");
    let mut ids = scoring_requests(&stub);
    ids.sort();
    assert_eq!(ids, ["0", "4"]);
}

#[test]
fn a_session_whose_status_has_changed_is_kept() {
    let stub = judging(|id| match id {
        "0" => Reply::refusal(409, "the session is `in_progress`"),
        _ => scored(id),
    });
    let script = format!(
        "{SESSIONS}\nfor row in score_all(sessions, #{{ again: true }}) {{ print([row.session_id, row.outcome]); }}"
    );
    let ran = Project::new()
        .talking_to(&stub)
        .rhai(&["--yes", "--json"], &script)
        .succeeds()
        .says("[\"0\", \"skipped\"]\n[\"1\", \"scored\"]\n")
        .says_once(
            "kept: row 1: Candidate 0: the API answered 409: the session is `in_progress` (stub_code)\n",
        );
    let summary = ran.json();
    let expected = json!({ "scored": 2, "skipped": 3, "failed": 0 });
    assert_eq!(summary["scores"], expected);
    // Failed scores are not failed invites.
    assert_eq!(summary["failed"], 0);
}

#[test]
fn a_wrong_status_is_an_error_that_can_be_caught() {
    let stub = judging(|_| Reply::refusal(409, "the session is `invited`"));
    Project::new()
        .talking_to(&stub)
        .rhai(
            &["--yes"],
            "try { score(\"a\"); } catch (e) { print(`${e.error} ${e.status}`); }",
        )
        .succeeds()
        .prints("wrong_state 409\n");
}

#[test]
fn a_session_that_may_have_been_scored_is_not_scored_again() {
    for status in [500, 502, 504] {
        let stub = judging(move |_| Reply::text(status, "<html>gateway</html>"));
        Project::new()
            .talking_to(&stub)
            .rhai(
                &["--yes"],
                "let row = score_all([\"a\"])[0];\nprint(`${row.outcome}: ${row.note}`);",
            )
            .exits(3)
            .shows("failed: the request may have been carried out, so it is not retried: ");
        assert_eq!(scoring_requests(&stub), ["a"], "{status}");
    }
}

#[cfg(unix)]
/// It was paid for, but it says nothing about this candidate.
#[test]
fn a_score_of_another_session_is_not_taken() {
    let stub = judging(|_| {
        Reply::json(
            200,
            &json!({ "score": { "sessionId": "b", "finalScore": 9 } }),
        )
    });
    Project::new()
        .talking_to(&stub)
        .rhai(
            &["--yes"],
            "let rows = score_all([\"a\"]);\nprint(rows[0].final_score);",
        )
        .exits(3)
        .prints("\n")
        .says("unclear: row 1: ")
        .says("unexpected JSON: it is the score of the session `b`");
}

#[test]
fn a_broken_connection_is_not_retried() {
    let project = Project::new();
    let submitted = {
        let _sandbox = project.sandbox(&["--speed", "100000", "-q"]);
        project
            .rehearse(
                r#"
                let sent = invite("jane@example.com", "Jane");
                while session(sent.session.id).status != "submitted" { sleep(0.02); }
                print(sent.session.id);
                "#,
            )
            .succeeds()
            .stdout
    };
    // The third request: the session is looked up twice before.
    let sandbox = project.sandbox(&["--fault", "lose=3"]);
    project
        .rehearse(&format!("score(\"{}\");", submitted.trim()))
        .exits(1)
        .says(
            "error: the request may have been carried out, so it is not retried: the connection to ",
        )
        .says("hint: check the session's status to see whether it was");
    sandbox.server.signal("INT");
    let log = sandbox.server.finish().stderr;
    assert_eq!(log.matches("POST /api/scoring").count(), 1, "{log}");
}

#[test]
fn a_rate_limit_is_observed() {
    let refused = AtomicUsize::new(0);
    let stub = judging(move |id| {
        if refused.fetch_add(1, Ordering::Relaxed) < 2 {
            Reply::text(429, "").header("retry-after", "0")
        } else {
            scored(id)
        }
    });
    Project::new()
        .talking_to(&stub)
        .rhai(&["--yes"], "print(score(\"a\").final_score);")
        .succeeds()
        .prints("78\n");
    assert_eq!(scoring_requests(&stub), ["a", "a", "a"]);
}

#[test]
fn a_refused_key_ends_scoring() {
    let stub = judging(|_| Reply::refusal(401, "revoked"));
    Project::new()
        .talking_to(&stub)
        .rhai(
            &["--yes", "--concurrency", "1"],
            "score_all([\"a\", \"b\", \"c\"]);\nprint(\"went on\");",
        )
        .exits(4)
        .prints("")
        .says("error: the API answered 401: revoked (stub_code)\n --> script.rhai:1:1");
    assert_eq!(scoring_requests(&stub), ["a"]);
}

#[test]
fn a_key_refused_midway_loses_no_score() {
    let stub = judging(|id| match id {
        "a" => scored(id),
        _ => Reply::refusal(403, "no more"),
    });
    Project::new()
        .talking_to(&stub)
        .rhai(
            &["--yes", "--concurrency", "1"],
            "for row in score_all([\"a\", \"b\", \"c\"]) { print([row.outcome, row.note]); }",
        )
        .exits(3)
        .prints(
            "[\"scored\", ()]\n\
             [\"skipped\", \"not requested: the API refuses the key\"]\n\
             [\"skipped\", \"not requested: the API refuses the key\"]\n",
        );
    assert_eq!(scoring_requests(&stub), ["a", "b"]);
}

#[test]
fn an_outage_ends_scoring() {
    let stub = judging(|_| Reply::refusal(500, "down"));
    let script = "let ids = [];\nfor i in 0..40 { ids.push(`${i}`); }\nlet rows = score_all(ids);\nprint(count_by(rows, \"outcome\"));\nprint(rows[39].note);";
    let ran = Project::new()
        .talking_to(&stub)
        .rhai(&["--yes", "--concurrency", "4"], script)
        .exits(3)
        .shows("not requested after 20 consecutive failures\n");
    let requests = scoring_requests(&stub).len();
    assert!((20..=24).contains(&requests), "{requests} requests\n{ran}");
}

#[test]
fn nothing_is_scored_in_a_dry_run() {
    let stub = judging(scored);
    let script = format!(
        "{SESSIONS}\nprint(count_by(score_all(sessions), \"outcome\"));\nprint(score(\"a\").outcome);"
    );
    Project::new()
        .talking_to(&stub)
        .rhai(&["--dry-run"], &script)
        .succeeds()
        .prints("#{\"planned\": 2, \"skipped\": 3}\nplanned\n")
        .says("2 to score in ")
        .says("dry run: nothing was scored; `gradient-bulk send 1` scores them\n");
    assert!(scoring_requests(&stub).is_empty());
}

#[test]
fn nothing_is_scored_without_confirmation() {
    let stub = judging(scored);
    Project::new()
        .talking_to(&stub)
        .rhai(&[], "score_all([\"a\", \"b\"]);\nprint(\"went on\");")
        .exits(6)
        .prints("")
        .says("not confirmed: this would score 2 sessions at ")
        .says("hint: pass `--yes` to score without asking, or `--sandbox` to rehearse\n");
    assert!(scoring_requests(&stub).is_empty());
}

#[test]
fn planning_scores_nothing() {
    let stub = judging(scored);
    for call in ["score(\"a\")", "score_all([\"a\"])"] {
        let script = format!("invite_all([\"jane@example.com\"], |row| {{ {call}; row }});");
        Project::new()
            .talking_to(&stub)
            .rhai(&["--yes"], &script)
            .exits(1)
            .says("may not be called while `invite_all` plans");
    }
    assert!(scoring_requests(&stub).is_empty());
}

#[test]
fn a_list_without_sessions_is_refused_before_anything_is_scored() {
    let stub = judging(scored);
    for (list, message) in [
        ("[\"a\", 1]", "not `int`"),
        ("[\"a\", #{ name: \"Jane\" }]", "not `map`"),
        ("\"a\"", "a list is needed"),
    ] {
        Project::new()
            .talking_to(&stub)
            .rhai(&["--yes"], &format!("score_all({list});"))
            .exits(1)
            .says(message);
    }
    Project::new()
        .talking_to(&stub)
        .rhai(&["--yes"], "score_all([\"a\"], #{ agian: true });")
        .exits(1)
        .says("there is no option `agian`")
        .says("did you mean `again`?");
    assert!(scoring_requests(&stub).is_empty());
}

#[cfg(unix)]
#[test]
fn ctrl_c_waits_for_the_scores_in_progress_and_shows_them() {
    let hold = Hold::default();
    let arrivals = hold.clone();
    let stub = judging(move |id| {
        arrivals.pass();
        scored(id)
    });
    let project = Project::new().talking_to(&stub);
    let mut running = project.start_rhai(
        &["--yes", "--concurrency", "2"],
        "score_all([\"a\", \"b\", \"c\", \"d\"]);\nprint(\"went on\");",
    );
    hold.await_arrivals(2);
    running.signal("INT");
    running.wait_for("stopping: waiting for the scores in progress");
    hold.release();
    running
        .finish()
        .exits(130)
        .prints("")
        .says("run 1: 4 rows: 2 scored, 0 kept, 0 failed, 2 not scored\n")
        .says("\ninterrupted\n");
    assert_eq!(scoring_requests(&stub).len(), 2);
    // What was paid for is in the ledger.
    let rows = project
        .run(&["runs", "1", "--done", "--format", "jsonl"])
        .json_lines();
    let points: Vec<_> = rows
        .iter()
        .map(|row| &row["result"]["finalScore"])
        .collect();
    assert_eq!(points, [78, 78]);
}

#[test]
fn the_shipped_script_keeps_earlier_scores_in_its_ranking() {
    let project = Project::new();
    let _sandbox = project.sandbox(&["--speed", "100000", "-q"]);
    let finish = |emails: &str| {
        project
            .rehearse(&format!(
                "invite_all({emails});\nwhile list_sessions().some(|s| [\"invited\", \"setup\", \"in_progress\"].contains(s.status)) {{ sleep(0.02); }}"
            ))
            .succeeds();
    };
    let rank = || {
        project
            .run(&[
                "run",
                "--sandbox",
                "score_submitted",
                "--out",
                "ranking.csv",
            ])
            .succeeds()
    };
    finish("[\"ann@example.com\", \"bob@example.com\"]");
    rank().shows("2 of 2 scored\n");
    let header: Vec<String> = [
        "rank",
        "candidate_name",
        "candidate_email",
        "final_score",
        "delegation",
        "deliverable_quality",
        "description",
        "diligence",
        "discernment",
        "percentile_this_assessment",
        "percentile_category",
        "percentile_global",
        "summary_text",
        "session_id",
    ]
    .map(str::to_owned)
    .to_vec();
    let first = project.read_csv("ranking.csv");
    assert_eq!(first[0], header);
    assert_eq!(first.len(), 3);

    rank().prints("nobody to score\n");
    assert_eq!(project.read_csv("ranking.csv"), first);

    finish("[\"cyd@example.com\"]");
    rank().shows("1 of 1 scored\n");
    let second = project.read_csv("ranking.csv");
    assert_eq!(second[0], header);
    let mut emails: Vec<&str> = second[1..].iter().map(|row| &*row[2]).collect();
    emails.sort_unstable();
    assert_eq!(
        emails,
        ["ann@example.com", "bob@example.com", "cyd@example.com"]
    );
    let points: Vec<i64> = second[1..]
        .iter()
        .map(|row| row[3].parse().unwrap())
        .collect();
    assert!(points.is_sorted_by(|one, other| one >= other), "{points:?}");
    let ranks: Vec<&str> = second[1..].iter().map(|row| &*row[0]).collect();
    assert_eq!(ranks, ["1", "2", "3"]);
}

#[test]
fn a_file_that_is_not_a_ranking_is_refused_before_anything_is_scored() {
    let stub = Stub::listing(vec![json!({ "id": "a", "status": "submitted" })]);
    let project = Project::new()
        .talking_to(&stub)
        .file("people.csv", "email\njane@example.com\n");
    project
        .run(&["run", "--yes", "score_submitted", "--out", "people.csv"])
        .exits(1)
        .says("has no column `final_score`; its columns are `email`");
    assert!(scoring_requests(&stub).is_empty());
    assert_eq!(project.read("people.csv"), "email\njane@example.com\n");
}
