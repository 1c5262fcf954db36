//! What the configuration file forbids: kinds of change, too many invitations, and addresses that are never invited.

use std::fs;

use crate::stub::{Stub, default_reply};
use crate::support::{Project, Ran};

const PEOPLE: &str = "name,email\nJane Doe,Jane@Example.com\nBob Hill,bob@mail.acme.example\nAnn Lee,ann@example.com\n\
                      Zoe Zed,z@bücher.example\n";
const NEVER: &str =
    "# erased on request\njane@example.com\n\n@acme.example  # employees\nBücher.example\n";
const INVITE: &str = "print(invite_all(read_csv(\"people.csv\")));";

/// A project that talks to the stub, with a profile `x` of these settings.
fn with_profile(stub: &Stub, settings: &str) -> Project {
    let project = Project::new().talking_to(stub).file("people.csv", PEOPLE);
    project.configure(&format!("[profiles.x]\n{settings}\n"));
    project
}

fn never_invite(project: &Project, text: impl AsRef<[u8]>) {
    fs::write(project.home().join("never.txt"), text).unwrap();
}

/// A project with a list of addresses that are never invited.
fn with_list(stub: &Stub, list: &str) -> Project {
    let project = with_profile(stub, "never_invite = \"never.txt\"");
    never_invite(&project, list);
    project
}

fn run(project: &Project, options: &[&str], script: &str) -> Ran {
    project.rhai(&[&["--profile", "x", "--yes"], options].concat(), script)
}

#[test]
fn a_plan_skips_whoever_is_in_the_list_and_says_so() {
    let stub = Stub::start(default_reply);
    let project = with_list(&stub, NEVER);
    run(&project, &[], INVITE)
        .succeeds()
        .says("1 to invite to ")
        .says(
            "3 skipped: in the never_invite list of profile `x`, line 2 (line 2), line 4 (line 3), line 5 (line 5)\n",
        )
        .says("run 1: 4 rows: 1 created, 0 existing, 0 failed, 3 skipped\n");
    assert_eq!(stub.invited_emails(), ["ann@example.com"]);
    let rows = project
        .run(&["runs", "1", "--all", "--format", "jsonl"])
        .json_lines();
    assert_eq!(rows[0]["outcome"], "skipped");
    assert_eq!(rows[0]["email"], "Jane@Example.com");
    assert_eq!(
        rows[0]["note"],
        "in the never_invite list of profile `x`, line 2"
    );
    let ran = run(&project, &["--json", "--dry-run"], INVITE).succeeds();
    assert_eq!(ran.json()["skipped"], 3);
    let script = "for row in invite_all(read_csv(\"people.csv\")).results() { print(`${row.outcome}: ${row.note}`); }";
    run(&project, &["-q"], script)
        .succeeds()
        .shows("skipped: in the never_invite list of profile `x`, line 4\n");
    assert_eq!(
        stub.invited_emails(),
        ["ann@example.com", "ann@example.com"]
    );
}

/// Nothing else about such a row matters, so it cannot reject the plan.
#[test]
fn an_invalid_row_of_the_list_is_skipped() {
    let stub = Stub::start(default_reply);
    let project = with_list(&stub, "jane@example.com");
    let script = "invite_all([\"jane@example.com\", \"jane@example.com\"], |email| #{ email: email, due_date: \"2001-01-01\" });";
    run(&project, &[], script).succeeds().says(
        "2 skipped: in the never_invite list of profile `x`, line 1 (row 1), line 1 (row 2)\n",
    );
    assert!(stub.invites().is_empty());
}

#[test]
fn a_stored_plan_is_checked_with_the_list_of_today() {
    let stub = Stub::start(default_reply);
    let project = with_list(&stub, "# nobody\n");
    run(&project, &["--dry-run"], INVITE).succeeds();
    never_invite(&project, "ann@example.com\njane@example.com\n");
    let send = |options: &[&str]| {
        project.run(&[&["send", "--profile", "x", "--yes"], options, &["1"]].concat())
    };
    send(&["--dry-run"]).succeeds().says(
        "2 skipped: in the never_invite list of profile `x`, line 2 (line 2), line 1 (line 4)\n",
    );
    // Everybody was agreed to when the plan was made, so a correction of the list counts as well.
    never_invite(&project, "jane@example.com\n");
    send(&[]).succeeds().says("3 created");
    assert_eq!(
        stub.invited_emails(),
        [
            "ann@example.com",
            "bob@mail.acme.example",
            "z@xn--bcher-kva.example"
        ]
    );
    fs::remove_file(project.home().join("never.txt")).unwrap();
    send(&[]).exits(2).says("never.txt` of profile `x`: ");
}

/// What was skipped when the plan was made was never agreed to.
#[test]
fn a_plan_does_not_grow_when_the_list_shrinks() {
    let stub = Stub::start(default_reply);
    let project = with_list(&stub, NEVER);
    run(&project, &["--dry-run"], INVITE).succeeds();
    never_invite(&project, "");
    project
        .run(&["send", "--profile", "x", "--yes", "1"])
        .succeeds();
    assert_eq!(stub.invited_emails(), ["ann@example.com"]);
}

#[test]
fn single_invites_skip_whoever_is_in_the_list() {
    let stub = Stub::start(default_reply);
    let project = with_list(&stub, NEVER);
    let script = "for email in [\"a@acme.example\", \"ann@example.com\"] {\n\
                  let sent = invite(email, \"A B\"); print(`${sent.outcome} ${sent.invite_url} ${sent.note}`); }";
    run(&project, &[], script)
        .succeeds()
        .says("skipped: a@acme.example: in the never_invite list of profile `x`, line 4\n")
        .shows("skipped  in the never_invite list of profile `x`, line 4\n")
        .shows("created https://");
    project
        .run(&[
            "repl",
            "--profile",
            "x",
            "--yes",
            "-e",
            "invite(\"a@acme.example\", \"A B\").outcome",
            "-e",
            "invite_all([\"b@acme.example\"]).skipped",
        ])
        .succeeds()
        .prints("skipped\n1\n");
    assert_eq!(stub.invited_emails(), ["ann@example.com"]);
}

/// A long session must not use the list of this morning.
#[test]
fn a_list_that_changes_while_a_script_runs_is_read_again() {
    let stub = Stub::start(default_reply);
    let project = with_list(&stub, "");
    let script = "invite(\"ann@example.com\", \"Ann\"); print(\"ready\");\n\
                  loop { try { read_lines(\"go.txt\"); break; } catch { sleep(0.01); } }\n\
                  print(invite(\"bob@example.com\", \"Bob\").outcome);";
    let mut running = project.start_rhai(&["--profile", "x", "--yes"], script);
    running.wait_for("ready");
    never_invite(&project, "bob@example.com\n");
    fs::write(project.path().join("go.txt"), "").unwrap();
    running.finish().succeeds().shows("skipped\n");
    assert_eq!(stub.invited_emails(), ["ann@example.com"]);
}

#[test]
fn without_a_readable_list_nobody_is_invited() {
    let stub = Stub::start(default_reply);
    let project = with_list(&stub, "");
    fs::create_dir(project.home().join("directory")).unwrap();
    for (list, reason) in [
        (
            "jane@@example.com\n",
            "line 1: `jane@@example.com` is not an email address",
        ),
        (
            "\njane\n",
            "line 2: `jane` is neither an email address nor a domain",
        ),
        (
            "name,email\nJane,jane@example.com\n",
            "line 1: `name,email` has several columns",
        ),
        (
            "*@example.com\n",
            "line 1: `*@example.com` is not a pattern",
        ),
    ] {
        never_invite(&project, list);
        run(&project, &["--dry-run"], INVITE)
            .exits(2)
            .says("cannot use the never_invite list `")
            .says(&format!("never.txt` of profile `x`: {reason}"))
            .says("hint: each line is an address, or a domain such as `@example.com`");
    }
    never_invite(&project, b"a@example.com\nj\xe9@example.com\n");
    run(&project, &[], INVITE)
        .exits(2)
        .says("line 2: the line is not UTF-8 text");
    for file in ["missing.txt", "directory"] {
        project.configure(&format!("[profiles.x]\nnever_invite = \"{file}\"\n"));
        run(&project, &[], INVITE)
            .exits(2)
            .says(&format!("{file}` of profile `x`: "));
        project.run(&["repl", "--profile", "x", "-e", "1"]).exits(2);
    }
    // A command that invites nobody does not need the list.
    project.run(&["sessions", "--profile", "x"]).succeeds();
    assert!(stub.invites().is_empty());
}

#[test]
fn top_level_restrictions_hold_unless_a_profile_has_its_own() {
    let stub = Stub::start(default_reply);
    let project = with_list(&stub, "jane@example.com\n");
    project.configure(
        "never_invite = \"never.txt\"\nmax_invites = 1\n[profiles.x]\nmax_invites = 10\n",
    );
    project
        .rhai(&["--yes"], INVITE)
        .exits(5)
        .says("1 skipped: in the never_invite list of `config.toml`, line 1 (line 2)\n")
        .says("error: 3 invitations are planned, but `config.toml` allows 1, so nothing is sent\n");
    run(&project, &[], INVITE).succeeds().says("3 created");
}

#[test]
fn max_invites_limits_all_plans_of_a_process() {
    let stub = Stub::start(default_reply);
    let project = with_profile(&stub, "max_invites = 5");
    let script =
        "for n in 0..3 { invite_all([`a${n}@example.com`, `b${n}@example.com`]); print(n); }";
    for options in [&[][..], &["--dry-run"]] {
        run(&project, options, script)
            .exits(5)
            .prints("0\n1\n")
            .says(
                "error: 6 invitations are planned, but profile `x` allows 5, so nothing is sent\n",
            );
    }
    assert_eq!(stub.invites().len(), 4);
    let mixed = "invite_all([\"a@example.com\", \"b@example.com\"]);\n\
                 for n in 0..9 { print(n); invite(`c${n}@example.com`, \"C D\"); }";
    run(&project, &[], mixed)
        .exits(5)
        .prints("0\n1\n2\n3\n")
        .says("6 invitations are planned, but profile `x` allows 5");
    assert_eq!(stub.invites().len(), 4 + 5);
    run(&project, &["--max-invites", "1"], INVITE)
        .exits(5)
        .says("4 invitations are planned, but `--max-invites` allows 1");
    for command in [&["run"][..], &["send"]] {
        let last = if command == ["run"] {
            "script.rhai"
        } else {
            "last"
        };
        project
            .run(
                &[
                    command,
                    &["--profile", "x", "--yes", "--max-invites", "6", last],
                ]
                .concat(),
            )
            .exits(2)
            .says("error: `--max-invites 6` is above the limit of profile `x`, which is 5")
            .says("hint: the option can only lower `max_invites` of the configuration file");
    }
    assert_eq!(stub.invites().len(), 9);
}

#[test]
fn only_allowed_kinds_of_change_are_made() {
    let stub = Stub::start(default_reply);
    let project = with_profile(&stub, "allow = [\"invite\"]");
    run(&project, &["--dry-run"], INVITE).succeeds();
    for script in ["score(\"x\");", "score_all(list_sessions());"] {
        run(&project, &[], script).exits(1).says(
            "changes something at the API, and `allow` of profile `x` does not list `score`\n",
        );
    }
    for (settings, options, reason) in [
        (
            "allow = []",
            &[][..],
            "`allow` of profile `x` does not list `invite`",
        ),
        (
            "allow = [\"score\"]",
            &["--dry-run"],
            "`allow` of profile `x` does not list `invite`",
        ),
        (
            "allow = [\"score\"]",
            &["--deny-send"],
            "`--deny-send` forbids it",
        ),
        (
            "allow = [\"invite\"]",
            &["--deny-send"],
            "`--deny-send` forbids it",
        ),
    ] {
        project.configure(&format!("[profiles.x]\n{settings}\n"));
        for script in [INVITE, "invite(\"ann@example.com\", \"Ann\");"] {
            run(&project, options, script).exits(1).says(reason);
        }
    }
    project.configure("[profiles.x]\nallow = []\n");
    project
        .run(&["send", "--profile", "x", "1"])
        .exits(2)
        .says("error: run 1 changes something at the API, and `allow` of profile `x` does not list `invite`\n");
    project
        .run(&[
            "repl",
            "--profile",
            "x",
            "--yes",
            "-e",
            "invite_all([\"a@example.com\"])",
        ])
        .exits(1)
        .says("`allow` of profile `x` does not list `invite`");
    assert!(stub.invites().is_empty());
}

#[test]
fn mistakes_in_restrictions_are_errors_with_their_line() {
    let project = Project::new();
    for (settings, mistake) in [
        (
            "allow = [\"invite\", \"scores\"]",
            "config.toml:2: there is no kind of change `scores`",
        ),
        (
            "allow = [\"delete\"]",
            "config.toml:2: there is no kind of change `delete`",
        ),
        ("allow = \"invite\"", "config.toml:2: invalid type: string"),
        (
            "max_invites = -1",
            "config.toml:2: a number from 0 to 4294967295 is needed",
        ),
        ("max_invites = 1.5", "config.toml:2: invalid type"),
        (
            "never_invit = \"x\"",
            "config.toml:2: there is no setting `never_invit`",
        ),
    ] {
        project.configure(&format!("[profiles.x]\n{settings}\n"));
        project.rehearse("print(1);").exits(2).says(mistake);
    }
    project.configure("allow = [\"delete\"]\n");
    project
        .rehearse("")
        .exits(2)
        .says("hint: known: `invite`, `revoke`, `score`");
}

#[test]
fn doctor_shows_restrictions_and_checks_the_list() {
    let stub = Stub::start(default_reply);
    let project = with_profile(
        &stub,
        "allow = [\"invite\"]\nmax_invites = 50\nnever_invite = \"never.txt\"",
    );
    never_invite(&project, NEVER);
    let doctor = || project.run(&["doctor", "--profile", "x", "--sandbox"]);
    doctor()
        .succeeds()
        .shows("ok       allow          invite (profile `x`)\n")
        .shows("ok       max_invites    50 invitations by one command (profile `x`)\n")
        .shows("never.txt` (profile `x`): 1 address and 2 domains\n");
    never_invite(&project, "jane\n");
    doctor()
        .exits(2)
        .shows("fault    never_invite   cannot use the never_invite list `")
        .shows("line 1: `jane` is neither an email address nor a domain");
}
