//! `sessions`: lists of sessions, filtered, sorted, and in formats for other programs.

use serde_json::{Value, json};

use crate::stub::{Reply, Stub, default_reply};
use crate::support::{Project, Ran};

/// The current time for the sessions below.
const NOW: &str = "2030-02-05T12:00:00Z";

/// Sessions with every status, some late.
fn all_sessions() -> Vec<Value> {
    let session = |name: &str, status: &str, created: &str, due: Value| {
        json!({
            "id": name.to_lowercase(),
            "assessmentId": "first",
            "candidateName": name,
            "candidateEmail": format!("{}@example.com", name.to_lowercase()),
            "status": status,
            "createdAt": created,
            "dueDate": due,
            "token": "link-secret",
        })
    };
    let (old, fresh) = ("2030-02-01T12:00:00Z", "2030-02-05T09:00:00Z");
    let mut dan = session("Dan", "in_progress", old, json!("2030-02-05T20:00:00Z"));
    dan["taskStartedAt"] = json!("2030-02-04T08:00:00Z");
    let mut eve = session("Eve", "submitted", old, json!("2030-02-03T12:00:00Z"));
    eve["submittedAt"] = json!("2030-02-02T12:00:00Z");
    eve["riskScore"] = json!(3);
    vec![
        session("Ann", "invited", old, json!("2030-02-04T22:59:59Z")),
        session("Bob", "invited", fresh, Value::Null),
        session("Cyd", "on_hold", fresh, json!("next week")),
        dan,
        eve,
    ]
}

/// Lists all sessions with these options.
fn sessions(options: &[&str]) -> Ran {
    let stub = Stub::listing(all_sessions());
    let arguments = [
        &["sessions", "--now", NOW, "--tz", "Europe/Berlin"],
        options,
    ]
    .concat();
    Project::new().talking_to(&stub).run(&arguments)
}

/// The IDs of a list with these options, in order.
fn ids(options: &[&str]) -> String {
    let csv = ["--format", "csv", "--columns", "id"];
    let ran = sessions(&[options, &csv].concat()).succeeds();
    let lines: Vec<&str> = ran.stdout.lines().skip(1).collect();
    lines.join(" ")
}

#[test]
fn a_table_is_followed_by_the_funnel_and_late_candidates() {
    sessions(&[]).succeeds().reports("").prints(
        "\
┌────────────────┬─────────────────┬─────────────┬──────────────────────┐
│ candidate_name ┆ candidate_email ┆ status      ┆ due_date             │
╞════════════════╪═════════════════╪═════════════╪══════════════════════╡
│ Ann            ┆ ann@example.com ┆ invited     ┆ 2030-02-04 23:59 CET │
│ Bob            ┆ bob@example.com ┆ invited     ┆                      │
│ Dan            ┆ dan@example.com ┆ in_progress ┆ 2030-02-05 21:00 CET │
│ Eve            ┆ eve@example.com ┆ submitted   ┆ 2030-02-03 13:00 CET │
│ Cyd            ┆ cyd@example.com ┆ on_hold     ┆ next week            │
└────────────────┴─────────────────┴─────────────┴──────────────────────┘
5 sessions: invited 2 → setup 0 → in progress 1 → submitted 1; on hold 1
past the deadline: 1
  2030-02-04 23:59 CET  Ann
due within a day: 1
  2030-02-05 21:00 CET  Dan
",
    );
}

#[test]
fn filters_select_sessions() {
    for (options, expected) in [
        (&["--status", "submitted"][..], "eve"),
        (
            &["--status", "In Progress", "--status", "on_hold"],
            "dan cyd",
        ),
        (&["--status", "invited,submitted"], "ann bob eve"),
        (&["--due-before", "2030-02-05"], "ann eve"),
        (&["--due-before", "2030-02-04T22:00:00Z"], "eve"),
        // Eve has finished, and Dan began a day ago.
        (&["--stale", "3d"], "ann"),
        (&["--stale", "1d"], "ann dan"),
        (&["--stale", "1d", "--status", "in_progress"], "dan"),
        (&["--status", "scored"], ""),
    ] {
        assert_eq!(ids(options), expected, "{options:?}");
    }
    sessions(&["--status", "submitted"])
        .succeeds()
        .shows("1 of 5 sessions: invited 0 → setup 0 → in progress 0 → submitted 1\n");
    sessions(&["--status", "scored"])
        .succeeds()
        .prints("0 of 5 sessions\n");
}

#[test]
fn any_column_sorts_in_either_direction() {
    for (options, expected) in [
        (&["--sort", "candidate_name"][..], "ann bob cyd dan eve"),
        (&["--sort", "-candidate_name"], "eve dan cyd bob ann"),
        (&["--sort", "-status,-id"], "cyd eve dan bob ann"),
        // Text that is not a date comes after dates, and empty cells come last, in either direction.
        (&["--sort", "due_date"], "eve ann dan cyd bob"),
        (&["--sort=-risk_score,id"], "eve ann bob cyd dan"),
    ] {
        assert_eq!(ids(options), expected, "{options:?}");
    }
}

#[test]
fn csv_and_json_contain_only_records() {
    let ran = sessions(&["--format", "csv", "--status", "submitted"]).succeeds();
    ran.reports("").prints(
        "id,status,candidate_name,candidate_email,candidate_id,assessment_name,assessment_id,created_at,setup_started_at,task_started_at,submitted_at,last_progress_at,due_date\n\
         eve,submitted,Eve,eve@example.com,,,first,2030-02-01T12:00:00Z,,,2030-02-02T12:00:00Z,2030-02-02T12:00:00Z,2030-02-03T12:00:00Z\n",
    );
    for options in [&["--json"][..], &["--format", "json"]] {
        let columns = ["--columns", "id,due_date,risk_score,token"];
        let ran = sessions(&[options, &columns, &["--stale", "1s"]].concat()).succeeds();
        let records = ran.json();
        assert_eq!(
            records[0],
            json!({ "id": "ann", "due_date": "2030-02-04T22:59:59Z", "risk_score": null, "token": "link-secret" })
        );
    }
    let ran = sessions(&[
        "--format",
        "jsonl",
        "--columns",
        "id,risk_score",
        "--sort",
        "-id",
    ]);
    let ran = ran.succeeds();
    assert_eq!(
        ran.stdout.lines().next(),
        Some("{\"id\":\"eve\",\"risk_score\":3}")
    );
    sessions(&["--format", "csv"]).never_says("link-secret");
    sessions(&["--json"]).never_says("link-secret");
    let nobody = sessions(&["--format", "csv", "--columns", "id", "--status", "scored"]);
    nobody.succeeds().prints("id\n");
}

#[test]
fn misspelled_names_get_suggestions() {
    for (options, message, hint) in [
        (
            &["--columns", "statu"][..],
            "error: a session has no column `statu`",
            "did you mean `status`?",
        ),
        (
            &["--columns", "risk_scor"],
            "error: a session has no column `risk_scor`",
            "did you mean `risk_score`?",
        ),
        (
            &["--sort", "-deadline"],
            "error: a session has no column `deadline`",
            "known: `id`, `status`, ",
        ),
        (
            &["--status", "submited"],
            "error: no session has the status `submited`",
            "did you mean `submitted`?",
        ),
        (
            &["--due-before", "01/02/2030"],
            "error: `--due-before`: the order of day and month in `01/02/2030` is not known",
            "hint: write the date as `YYYY-MM-DD`",
        ),
        (
            &["--watch", "--until", "done"],
            "error: cannot wait for `done`: it is not a documented status",
            "known: `invited`, ",
        ),
        (
            &["--stale", "3"],
            "error: invalid value '3'",
            "3d, is needed",
        ),
        (
            &["--stale=-3d"],
            "error: invalid value '-3d'",
            "3d, is needed",
        ),
        (&["--wait", "2h"], "error: ", "--until <STATUS>"),
        (
            &["--watch", "--format", "csv"],
            "error: ",
            "cannot be used with",
        ),
    ] {
        sessions(options)
            .exits(2)
            .says(message)
            .says(hint)
            .prints("");
    }
}

/// The API may have undocumented statuses, and a job that filters by one must not fail while it is empty.
#[test]
fn an_undocumented_status_without_sessions_is_a_note() {
    let ran = sessions(&[
        "--status",
        "withdrawn",
        "--format",
        "csv",
        "--columns",
        "id",
    ]);
    ran.succeeds().prints("id\n").reports(
        "note: no session has the status `withdrawn`, which is not a documented status: invited setup \
         in_progress submitted scoring scored reviewed\n",
    );
}

#[test]
fn all_assessments_are_listed_without_assessment_or_on_request() {
    let mut all_sessions = all_sessions();
    all_sessions[0]["assessmentId"] = json!("second");
    all_sessions[0]["assessmentName"] = json!("Second Assessment");
    let stub = Stub::listing(all_sessions);
    let project = Project::new().talking_to(&stub);
    let asked_for = |options: &[&str]| {
        project
            .run(&[&["sessions", "--now", NOW], options].concat())
            .succeeds()
            .shows("Second Assessment");
        stub.requests().last().unwrap().query.clone()
    };
    assert!(asked_for(&[]).contains("assessmentId="));
    assert!(!asked_for(&["--all-assessments"]).contains("assessmentId="));
    let unset = project.env("GRADIENT_ASSESSMENT_ID", "");
    unset.run(&["sessions"]).succeeds();
    assert!(
        !stub
            .requests()
            .last()
            .unwrap()
            .query
            .contains("assessmentId=")
    );
    unset
        .run(&["sessions", "--assessment", "Sub Assessment"])
        .exits(4)
        .says("error: no assessment `Sub Assessment`")
        .says("hint: did you mean `Stub Assessment`?");
}

#[test]
fn text_of_the_server_cannot_move_the_cursor_or_break_the_table() {
    let mut session = all_sessions().swap_remove(0);
    session["candidateName"] = json!("\u{1b}[2JAnn\nB\u{202e}");
    session["status"] = json!("on\u{1b}hold");
    let stub = Stub::listing(vec![session]);
    Project::new()
        .talking_to(&stub)
        .run(&["sessions", "--now", NOW])
        .succeeds()
        .shows("\\u{1b}[2JAnn\\nB\\u{202e}")
        .shows("1 session: on\\u{1b}hold 1")
        .never_says("\u{1b}")
        .never_says("\u{202e}");
}

#[test]
fn pages_are_fetched_in_parallel_and_a_table_is_limited() {
    let many: Vec<Value> = (0..1_234)
        .map(|number| json!({ "id": format!("{number}"), "status": "invited" }))
        .collect();
    let stub = Stub::listing(many);
    let project = Project::new().talking_to(&stub);
    let ran = project.run(&["sessions", "--columns", "id"]).succeeds();
    assert_eq!(ran.stdout.matches('│').count(), 2 * 1_001);
    ran.shows("1234 sessions: invited 1234\n")
        .reports("… 234 more; `--format csv` shows all 1234 sessions\n");
    let ran = project.run(&["sessions", "--columns", "id", "--format", "csv"]);
    assert_eq!(ran.succeeds().stdout.lines().count(), 1_235);
    let pages = stub.requests();
    let pages = pages.iter().filter(|seen| seen.path == "/api/sessions");
    assert_eq!(pages.count(), 2 * 13);
}

#[test]
fn no_sessions_is_a_message() {
    let stub = Stub::listing(Vec::new());
    let project = Project::new().talking_to(&stub);
    project
        .run(&["sessions"])
        .succeeds()
        .prints("no sessions\n");
    project.run(&["sessions", "-q"]).succeeds().prints("");
    project
        .run(&["sessions", "--json"])
        .succeeds()
        .prints("[]\n");
}

#[test]
fn refusals_exit_with_4() {
    let stub = Stub::start(|_| Reply::refusal(401, "revoked"));
    let project = Project::new().talking_to(&stub);
    project.run(&["sessions"]).exits(4).says("revoked");
    project
        .run(&["sessions", "--watch"])
        .exits(4)
        .says("revoked");
    Project::new()
        .run(&["sessions"])
        .exits(4)
        .says("error: no API key");
}

#[cfg(unix)]
#[test]
fn a_long_wait_is_announced_and_ctrl_c_ends_it() {
    let stub = Stub::start(|request| match request.path.as_str() {
        "/api/sessions" => Reply::text(429, "").header("retry-after", "300"),
        _ => default_reply(request),
    });
    let project = Project::new().talking_to(&stub);
    let mut running = project.start(&["sessions"]);
    let line = running.wait_for("waiting until ");
    assert!(
        line.ends_with(" UTC: the API asks to wait (429, Retry-After)\n"),
        "{line}"
    );
    running.signal("INT");
    running.finish().exits(130).prints("").says("interrupted\n");
}
