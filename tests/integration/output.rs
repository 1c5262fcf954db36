//! How much is printed, and where: `--json`, `-q` and `-v` of `run` and `send`, and output to a pipe.

use serde_json::Value;

use crate::stub::{Reply, Stub, default_reply};
use crate::support::{Project, Ran};

/// Starts a stub that invites everyone except Bob.
fn stub_refusing_bob() -> Stub {
    Stub::inviting(|request| match request.email() {
        "bob@example.com" => Reply::refusal(422, "not Bob"),
        _ => default_reply(request),
    })
}

const SCRIPT: &str = "print(\"for people\");\nlet outcome = invite_all([\"ann@example.com\", \"bob@example.com\", \"cyd@example.com\", \"ANN@example.com\", \"dan@example.com\"], |email| if email.starts_with(\"dan\") { skip(\"later\") } else { email });\nprint(outcome);";

/// Returns the only object on standard output.
#[track_caller]
fn object(ran: &Ran) -> Value {
    assert_eq!(ran.stdout.lines().count(), 1, "{ran}");
    let value = ran.json();
    assert!(value.is_object(), "{ran}");
    assert_eq!(value["exit_status"], ran.status, "{ran}");
    value
}

#[track_caller]
fn counts(summary: &Value, expected: &[(&str, u64)]) {
    for name in [
        "total",
        "planned",
        "created",
        "existing",
        "skipped",
        "duplicates",
        "invalid",
        "failed",
    ] {
        let expected = expected.iter().find(|(key, _)| *key == name);
        let expected = expected.map_or(0, |(_, count)| *count);
        assert_eq!(summary[name], expected, "{name} of {summary}");
    }
}

#[test]
fn json_of_a_run_and_its_rest_is_one_object() {
    let stub = stub_refusing_bob();
    let project = Project::new().talking_to(&stub);

    let ran = project
        .rhai(&["--json", "--dry-run"], SCRIPT)
        .succeeds()
        .says("for people\n")
        .says("3 to invite");
    let summary = object(&ran);
    assert_eq!(summary["runs"], serde_json::json!([1]));
    assert_eq!(summary["dry_run"], true);
    assert_eq!(summary["sandbox"], false);
    let left_out = [("total", 5), ("skipped", 1), ("duplicates", 1)];
    counts(&summary, &[&left_out[..], &[("planned", 3)]].concat());

    let ran = project.run(&["send", "1", "--yes", "--json", "--first", "1"]);
    let summary = object(&ran.succeeds());
    assert_eq!(summary["run"], 1);
    counts(
        &summary,
        &[&left_out[..], &[("planned", 2), ("created", 1)]].concat(),
    );

    let ran = project.run(&["send", "1", "--yes", "--json"]).exits(3);
    let summary = object(&ran);
    counts(
        &summary,
        &[&left_out[..], &[("failed", 1), ("created", 2)]].concat(),
    );

    let ran = project.run(&["send", "1", "--json", "--failed"]).exits(6);
    object(&ran);
    let summary = object(&project.rhai(&["--json", "--yes"], SCRIPT).exits(3));
    assert_eq!(summary["runs"], serde_json::json!([2]));
    assert_eq!(summary["error"], Value::Null);
    counts(
        &summary,
        &[&left_out[..], &[("failed", 1), ("created", 2)]].concat(),
    );
}

#[test]
fn json_of_an_unsent_plan_is_one_object() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    let summary = object(&project.rhai(&["--json"], SCRIPT).exits(6));
    assert_eq!(summary["planned"], 3);
    let ran = project.rhai(&["--json", "--yes"], "invite_all([\"nobody\"]);");
    counts(&object(&ran.exits(5)), &[("total", 1), ("invalid", 1)]);
    assert!(stub.invites().is_empty());
}

#[test]
fn quiet_shows_only_failures_and_errors() {
    let stub = stub_refusing_bob();
    let project = Project::new().talking_to(&stub);
    let failed = "failed: row 2: bob@example.com: the API answered 422: not Bob (stub_code)\n";
    project
        .rhai(&["--yes", "-q"], SCRIPT)
        .exits(3)
        .shows("for people\n")
        .reports(failed);
    project
        .run(&["send", "1", "--yes", "-q", "--failed"])
        .exits(3)
        .prints("")
        .reports(failed);
    project
        .rhai(&["--yes", "-q"], "invite_all([\"nobody\"]);")
        .exits(5)
        .reports(
            "error: 1 of 1 row is invalid, so nothing is sent:\n  row 1: email `nobody`: not an email address (no `@`)\n",
        );
    project
        .rhai(
            &["--yes", "-q", "--max-invites", "0"],
            "invite_all([\"jane@example.com\"]);",
        )
        .exits(5)
        .reports(
            "error: 1 invitation is planned, but `--max-invites` allows 0, so nothing is sent\n",
        );
}

#[test]
fn verbose_shows_the_result_of_each_row() {
    let stub = stub_refusing_bob();
    let project = Project::new().talking_to(&stub);
    project
        .rhai(&["--yes", "-v"], SCRIPT)
        .exits(3)
        .says_once("created: row 1: ann@example.com\n")
        .says_once("failed: row 2: bob@example.com: the API answered 422")
        .says_once("created: row 3: cyd@example.com\n");
    project
        .rhai(&["--yes"], SCRIPT)
        .exits(3)
        .never_says("created: row")
        .says_once("failed: row 2: bob@example.com");
}

#[test]
fn json_contains_the_reason_if_nothing_was_sent() {
    let stub = Stub::inviting(|_| Reply::refusal(403, "no admin access"));
    let project = Project::new().talking_to(&stub);
    let refused = "stopped: the API answered 403: no admin access (stub_code)";
    for (options, script, status, error) in [
        (
            &["--json", "--yes"][..],
            "invite_all([\"ann@@example.com\", \"bo@example.com\"]);",
            5,
            "1 of 2 rows is invalid, so nothing is sent",
        ),
        (
            &["--json", "--yes", "--max-invites", "1"],
            SCRIPT,
            5,
            "3 invitations are planned, but `--max-invites` allows 1, so nothing is sent",
        ),
        (&["--json"], SCRIPT, 6, "not confirmed, nothing was sent"),
        (&["--json", "--yes"], SCRIPT, 4, refused),
    ] {
        let ran = project.rhai(options, script).exits(status);
        assert_eq!(object(&ran)["error"], error);
    }
    let ran = project.run(&["send", "4", "--json", "--yes"]).exits(4);
    assert_eq!(object(&ran)["error"], refused);
}

#[test]
fn json_is_one_object_on_standard_output() {
    let ran = Project::new()
        .rhai(
            &["--sandbox", "--json"],
            "print(\"for people\");\nprint_table([#{ a: 1 }]);\ninvite_all([\"jane@example.com\", \"john@example.com\"]);",
        )
        .succeeds()
        .says("for people");
    let summary = ran.json();
    assert_eq!(summary["script"], "script.rhai");
    assert_eq!(summary["sandbox"], true);
    assert_eq!(summary["exit_status"], 0);
    assert_eq!(summary["total"], 2);
    assert_eq!(summary["created"], 2);
    assert_eq!(summary["error"], Value::Null);
}

#[test]
fn json_contains_the_error() {
    let ran = Project::new()
        .rhai(&["--sandbox", "--json"], "throw \"no good\";")
        .exits(1)
        .says("error: no good");
    let summary = ran.json();
    assert_eq!(summary["exit_status"], 1);
    assert_eq!(summary["error"], "no good");
}

#[test]
fn quiet_shows_only_results() {
    Project::new()
        .rhai(
            &["--sandbox", "-q"],
            "print(invite_all([\"jane@example.com\"]));",
        )
        .succeeds()
        .prints("1 row: 1 created, 0 existing, 0 failed\n")
        .reports("");
}

#[test]
fn verbose_shows_single_invites_too() {
    Project::new()
        .rhai(
            &["--sandbox", "-v"],
            "invite_all([\"jane@example.com\", \"john@example.com\"]);",
        )
        .succeeds()
        .says_once("created: row 1: jane@example.com")
        .says_once("created: row 2: john@example.com");
}

#[test]
fn output_that_is_not_a_terminal_has_no_escape_codes() {
    for name in ["UNRELATED", "NO_COLOR"] {
        Project::new()
            .env(name, "1")
            .rhai(&["--sandbox"], "print_table([#{ a: 1 }]);\ninvit(1);")
            .exits(1)
            .never_says("\u{1b}");
    }
    Project::new()
        .run(&["--help"])
        .succeeds()
        .never_says("\u{1b}");
}

#[test]
fn failures_are_shown_even_when_quiet() {
    let stub = Stub::inviting(|_| Reply::refusal(500, "out of order"));
    Project::new()
        .talking_to(&stub)
        .rhai(
            &["--yes", "-q", "--max-retries", "0"],
            "invite_all([\"jane@example.com\"]);",
        )
        .exits(3)
        .reports(
            "failed: row 1: jane@example.com: the API answered 500: out of order (stub_code)\n",
        );
}
