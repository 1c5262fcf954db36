//! `--dry-run`: everything is planned and shown, and nothing is sent, written or waited for.

use crate::stub::{Request, Stub, default_reply};
use crate::support::Project;

fn assert_only_reads(stub: &Stub) {
    let wrote: Vec<Request> = stub
        .requests()
        .into_iter()
        .filter(|request| request.method != "GET")
        .collect();
    assert!(wrote.is_empty(), "{wrote:?}");
}

#[test]
fn rows_are_reported_as_planned() {
    let stub = Stub::start(default_reply);
    Project::new()
        .talking_to(&stub)
        .rhai(
            &["--dry-run"],
            r#"
            let outcome = invite_all(["jane@example.com", "john@example.com"]);
            print(outcome);
            print([outcome.planned, outcome.created]);
            for row in outcome.results() { print([row.email, row.outcome, row.invite_url, row.note]); }
            "#,
        )
        .succeeds()
        .prints(
            "2 rows: 0 created, 0 existing, 0 failed, 2 not sent\n\
             [2, 0]\n\
             [\"jane@example.com\", \"planned\", (), ()]\n\
             [\"john@example.com\", \"planned\", (), ()]\n",
        )
        .says("2 to invite to `Stub Assessment`")
        .says("dry run: nothing was sent; `gradient-bulk send 1` sends this plan\n");
    assert_only_reads(&stub);
}

#[test]
fn single_invitations_are_planned_too() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    project
        .rhai(
            &["--dry-run"],
            r#"
            for email in ["jane@example.com", "john@example.com", "JANE@example.com"] {
                let sent = invite(#{ email: email, due_date: "2035-02-01" });
                print([sent.email, sent.name, sent.outcome, sent.invite_url, sent.session]);
            }
            "#,
        )
        .succeeds()
        .prints(
            "[\"jane@example.com\", \"Jane\", \"planned\", (), ()]\n\
             [\"john@example.com\", \"John\", \"planned\", (), ()]\n\
             [\"jane@example.com\", \"Jane\", \"planned\", (), ()]\n",
        )
        .says_once("dry run: Jane <jane@example.com> is not invited to `Stub Assessment`\n")
        .says_once("dry run: John <john@example.com> is not invited to `Stub Assessment`\n");
    assert_only_reads(&stub);
    project
        .run(&["send", "1", "--yes"])
        .succeeds()
        .says("2 to invite to `Stub Assessment`");
    assert_eq!(
        stub.invited_emails(),
        ["jane@example.com", "john@example.com"]
    );
}

#[test]
fn files_are_announced_and_not_written() {
    let project = Project::new().file("old.csv", "old\n");
    project
        .rhai(
            &["--sandbox", "--dry-run"],
            r#"
            let outcome = invite_all(["jane@example.com"]);
            outcome.write_csv("outcome.csv");
            write_csv("rows.csv", [[1]]);
            write_csv("old.csv", outcome.results());
            write_json("value.json", 1);
            print("went on");
            "#,
        )
        .succeeds()
        .prints("went on\n")
        .says_once("dry run: `outcome.csv` is not written\n")
        .says_once("dry run: `rows.csv` is not written\n")
        .says_once("dry run: `old.csv` is not written\n")
        .says_once("dry run: `value.json` is not written\n");
    for name in ["outcome.csv", "rows.csv", "value.json"] {
        assert!(!project.path().join(name).exists(), "{name}");
    }
    assert_eq!(project.read("old.csv"), "old\n");
}

/// If the script slept, the test would time out.
#[test]
fn sleep_returns_at_once() {
    Project::new()
        .rhai(
            &["--sandbox", "--dry-run"],
            "for i in 0..5 { sleep(3600); sleep(0.5); }\nlist_sessions();\nsleep(3600);\nsleep(3600);\nprint(\"went on\");",
        )
        .succeeds()
        .prints("went on\n");
}

#[test]
fn waiting_for_sessions_ends_the_script() {
    for question in [
        "list_sessions()",
        "list_sessions(#{ status: \"invited\" })",
        "session(id)",
    ] {
        let project = Project::new();
        project
            .rehearse("invite(\"jane@example.com\", \"Jane\");")
            .succeeds();
        let script = format!(
            "let id = list_sessions()[0].id;\ninvite_all([\"john@example.com\"]);\nwhile true {{\n    let state = {question};\n    print(\"asked\");\n    try {{ sleep(60); }} catch {{}}\n}}\nprint(\"went on\");"
        );
        project
            .rhai(&["--sandbox", "--dry-run"], &script)
            .succeeds()
            .prints("asked\nasked\n")
            .says_once("dry run: the script waits for sessions to change, and ends here\n");
    }
}

#[test]
fn an_invalid_plan_is_rejected_in_a_dry_run_too() {
    Project::new()
        .rhai(
            &["--sandbox", "--dry-run"],
            "invite_all([\"nobody\"]);\nprint(\"went on\");",
        )
        .exits(5)
        .prints("")
        .says("1 of 1 row is invalid");
}

#[test]
fn an_empty_plan_is_reported() {
    Project::new()
        .rhai(&["--sandbox", "--dry-run"], "invite_all([]);")
        .succeeds()
        .says("nobody to invite\n")
        .says("dry run: nothing would be sent\n")
        .never_says("gradient-bulk send");
}
