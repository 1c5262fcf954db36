//! `run`: scripts as programs, and their exit statuses.

use crate::stub::{Reply, Stub};
use crate::support::Project;

#[test]
fn a_shebang_keeps_the_line_numbers() {
    Project::new()
        .rhai(
            &[],
            "#!/usr/bin/env -S gradient-bulk run\nprint(1);\nthrow \"here\";\n",
        )
        .exits(1)
        .prints("1\n")
        .says("--> script.rhai:3:1");
}

#[test]
fn exit_ends_with_its_status() {
    let project = Project::new();
    project
        .rhai(&[], "print(1);\nexit(7);\nprint(2);")
        .exits(7)
        .prints("1\n")
        .reports("");
    project
        .rhai(&[], "fn leave() { exit(); }\nleave();\nprint(2);")
        .succeeds()
        .prints("");
    project
        .rhai(&[], "try { exit(9); } catch { print(\"caught\"); }")
        .exits(9)
        .prints("");
    project
        .rhai(&[], "exit(256);")
        .exits(1)
        .says("the exit status 256 is not from 0 to 255");
}

#[test]
fn every_result_has_its_exit_status() {
    let project = Project::new();
    project.rhai(&[], "").exits(0);
    project.rhai(&[], "throw 1;").exits(1);
    project.rhai(&["--no-such-option"], "").exits(2);
    project.run(&["run"]).exits(2);
    project.rehearse("invite_all([\"nobody\"]);").exits(5);

    let stub = Stub::inviting(|_| Reply::refusal(500, "broken"));
    let stubbed = Project::new().talking_to(&stub);
    stubbed
        .rhai(
            &["--yes", "--max-retries", "0"],
            "invite_all([\"jane@example.com\"]);",
        )
        .exits(3);
    stubbed
        .rhai(&[], "invite_all([\"jane@example.com\"]);")
        .exits(6);
    stubbed
        .rhai(&["--assessment", "No Such"], "list_sessions();")
        .exits(4);
}

#[test]
fn failed_rows_take_precedence_over_exit() {
    let stub = Stub::inviting(|_| Reply::refusal(500, "broken"));
    Project::new()
        .talking_to(&stub)
        .rhai(
            &["--yes", "--max-retries", "0"],
            "invite_all([\"jane@example.com\"]);\nexit();",
        )
        .exits(3);
}

#[test]
fn script_errors_take_precedence_over_failed_rows() {
    let stub = Stub::inviting(|_| Reply::refusal(500, "broken"));
    Project::new()
        .talking_to(&stub)
        .rhai(
            &["--yes", "--max-retries", "0"],
            "invite_all([\"jane@example.com\"]);\nthrow \"later\";",
        )
        .exits(1);
}

/// If several apply, the exit status is the one that needs attention first.
#[test]
fn refusals_and_rejections_take_precedence_over_failed_rows() {
    for (second, status) in [("jane@example.com", 4), ("nobody", 5)] {
        let stub = Stub::inviting(|request| match request.email() {
            "bad@example.com" => Reply::refusal(422, "no"),
            _ => Reply::refusal(403, "not any more"),
        });
        let script = format!("invite_all([\"bad@example.com\"]);\ninvite_all([\"{second}\"]);");
        Project::new()
            .talking_to(&stub)
            .rhai(&["--yes"], &script)
            .exits(status)
            .says("failed: row 1: bad@example.com");
    }
}

#[test]
fn a_script_without_requests_needs_no_key() {
    Project::new()
        .rhai(&[], "print(title_case(\"jane\"));")
        .succeeds()
        .prints("Jane\n");
}

#[cfg(unix)]
#[test]
fn a_script_with_a_shebang_is_executable() {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    let project = Project::new().file(
        "invite",
        "#!/usr/bin/env -S gradient-bulk run --sandbox\n//! Invites one.\nlet email = arg(\"email\", \"Address\");\n\
         let name = arg(\"name\", \"Name\", \"\");\nprint(invite(email, name).outcome);\nif name == \"\" { throw \"who?\"; }\n",
    );
    let path = project.path().join("invite");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    project
        .shell("./invite jane@example.com --name 'Jane Smith'")
        .succeeds()
        .prints("created\n");
    project
        .shell("./invite jane@example.com")
        .exits(1)
        .says(" --> ./invite:6:17\n");
    project
        .shell("./invite --help")
        .succeeds()
        .shows("Invites one.\n");
}
