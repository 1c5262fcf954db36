//! `run` and `scripts`: the shipped scripts end to end, imports, output, exit statuses.

use serde_json::Value;

use crate::stub::{Reply, Stub, usual};
use crate::support::Project;

const CANDIDATES: &str = include_str!("../../scripts/data/candidates.csv");
const DEADLINES: &str = include_str!("../../scripts/data/deadlines.csv");
const EMAILS: &str = include_str!("../../scripts/data/emails.txt");

#[test]
fn invite_csv_invites_everyone_once() {
    let project = Project::new().file("people.csv", CANDIDATES);
    let run = || {
        let arguments = ["run", "--sandbox", "invite_csv", "people.csv"];
        project.run(&arguments).succeeds()
    };
    run()
        .prints("created 11, existing 0, failed 0\n")
        .says("1 duplicate, invited once: line 10 repeats line 2\n");
    run().prints("created 0, existing 11, failed 0\n");
}

#[test]
fn invite_csv_writes_names_and_links() {
    let project = Project::new().file("people.csv", CANDIDATES);
    project
        .run(&[
            "run",
            "--sandbox",
            "invite_csv",
            "people.csv",
            "--out",
            "links.csv",
        ])
        .succeeds()
        .shows("links are in links.csv\n");
    let table = project.read_csv("links.csv");
    assert_eq!(
        table[0],
        [
            "file",
            "line",
            "email",
            "name",
            "outcome",
            "invite_url",
            "due_date",
            "note"
        ]
    );
    let shown = |line: &str| {
        let row = table.iter().find(|row| row[1] == line).unwrap();
        [row[2].clone(), row[3].clone(), row[4].clone()]
    };
    assert_eq!(
        shown("3"),
        ["jose.garcia@example.com", "García, José", "created"]
    );
    assert_eq!(
        shown("4"),
        [
            "bob.obrien@example.com",
            "Robert \"Bob\" O'Brien",
            "created"
        ]
    );
    assert_eq!(
        shown("6"),
        [
            "mary-jane.o'neil+jobs@example.com",
            "Mary-Jane O'Neil",
            "created"
        ]
    );
    assert_eq!(shown("9")[1], "Ludwig van Beethoven");
    assert_eq!(
        shown("13"),
        ["ada@example.co.uk", "Ada Lovelace", "created"]
    );
    assert_eq!(shown("10")[2], "duplicate");
    for row in &table[1..] {
        assert_eq!(
            row[5].starts_with("https://"),
            row[4] == "created",
            "{row:?}"
        );
        assert_eq!(row[0], "people.csv");
    }
}

#[test]
fn invite_list_takes_arguments_and_a_file() {
    let project = Project::new().file("emails.txt", EMAILS);
    let arguments = [
        "run",
        "--sandbox",
        "invite_list",
        "anna-lena@example.com",
        "--file",
        "emails.txt",
    ];
    project
        .run(&arguments)
        .succeeds()
        .shows("created  Anna Lena <anna-lena@example.com>  https://")
        .shows("created  Mary-Jane O'Neil <mary-jane.o'neil+jobs@example.com>  https://")
        .shows("created  John Doe <john_doe42@example.com>  https://")
        .shows("5 rows: 5 created, 0 existing, 0 failed\n");
    project
        .run(&arguments)
        .succeeds()
        .shows("5 rows: 0 created, 5 existing, 0 failed\n");
}

#[test]
fn invite_list_needs_somebody() {
    Project::new()
        .run(&["run", "--sandbox", "invite_list"])
        .exits(1)
        .says("error: nobody to invite: give addresses, or --file FILE");
}

#[test]
fn invite_deadlines_follows_its_rules() {
    let project = Project::new().file("people.csv", DEADLINES);
    let options = [
        "run",
        "--sandbox",
        "--now",
        "2030-03-28T12:00:00Z",
        "--tz",
        "Europe/Berlin",
    ];
    let arguments = [
        "invite_deadlines",
        "people.csv",
        "--days",
        "3",
        "--out",
        "links.csv",
    ];
    let run = || project.run(&[&options[..], &arguments].concat()).succeeds();
    run();
    let due: Vec<[String; 2]> = project
        .read_csv("links.csv")
        .into_iter()
        .skip(1)
        .map(|row| [row[2].clone(), row[6].clone()])
        .collect();
    let expected = [
        // design: 7 days; Berlin is on summer time by then.
        ["jane.smith@example.com", "2030-04-04T15:00:00Z"],
        // engineering, whatever its case: 10 days.
        ["jose.garcia@example.com", "2030-04-07T23:00:00Z"],
        // A date of her own ends at midnight in Vienna; an instant is one.
        ["zoe@example.org", "2035-02-01T22:59:59Z"],
        ["ravi.kumar@example.com", "2035-02-01T11:30:00Z"],
        // No rule: --days, in the run's zone.
        ["soren@example.dk", "2030-03-31T15:00:00Z"],
    ];
    assert_eq!(due, expected.map(|row| row.map(str::to_owned)));
    run().shows("5 rows: 0 created, 5 existing, 0 failed\n");
}

#[test]
fn monitor_shows_every_page() {
    let project = Project::new();
    project
        .rehearse(
            r"
            let emails = [];
            for i in 0..130 { emails.push(`candidate${i}.of.many@example.com`); }
            invite_all(emails);
            ",
        )
        .succeeds();
    let ran = project.run(&["run", "--sandbox", "monitor"]).succeeds();
    let shown = ran.stdout.matches("@example.com").count();
    assert_eq!(shown, 130, "{ran}");
    ran.shows("130 sessions: 130 invited\n");
}

#[test]
fn monitor_waits_until_all_have_submitted() {
    let project = Project::new();
    let _sandbox = project.sandbox(&["--speed", "100000"]);
    project
        .rehearse(r#"invite_all(["jane@example.com", "john@example.com"]);"#)
        .succeeds();
    project
        .run(&[
            "run",
            "--sandbox",
            "monitor",
            "--until",
            "submitted",
            "--every",
            "0.05",
        ])
        .succeeds()
        .shows("2 sessions: 2 submitted\n");
}

#[test]
fn monitor_knows_the_statuses() {
    Project::new()
        .run(&["run", "--sandbox", "monitor", "--until", "finished"])
        .exits(1)
        .says("there is no status \"finished\"");
}

#[test]
fn scripts_lists_the_shipped_ones() {
    let ran = Project::new().run(&["scripts"]).succeeds();
    let lines: Vec<&str> = ran.stdout.lines().collect();
    let names: Vec<&str> = lines
        .iter()
        .filter_map(|line| line.split("  ").next())
        .collect();
    assert_eq!(
        names,
        [
            "extend_or_report",
            "invite_cohorts",
            "invite_csv",
            "invite_deadlines",
            "invite_list",
            "invite_new",
            "monitor",
            "report",
            "score_submitted"
        ]
    );
    assert!(lines[2].contains("Invites everyone in a CSV file"), "{ran}");
    assert!(lines.iter().all(|line| line.len() <= 100), "{ran}");
}

#[test]
fn a_misspelt_shipped_script_is_guessed() {
    Project::new()
        .run(&["run", "--sandbox", "invite_cvs"])
        .exits(2)
        .says("error: no script `invite_cvs`")
        .says("hint: did you mean `invite_csv`?");
}

#[test]
fn a_file_wins_over_a_shipped_script() {
    Project::new()
        .file("monitor", "print(\"mine\");")
        .run(&["run", "monitor"])
        .succeeds()
        .prints("mine\n");
}

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
fn imports_stand_beside_the_script() {
    Project::new()
        .file("scripts/main.rhai", "import \"lib/names\" as names;\nprint(names::greet(\"Jane\"));")
        .file("scripts/lib/names.rhai", "import \"deeper/marks\" as marks;\nfn greet(name) { `Hello ${name}` + marks::end() }\n")
        .file("scripts/lib/deeper/marks.rhai", "fn end() { \"!\" }")
        .run(&["run", "scripts/main.rhai"])
        .succeeds()
        .prints("Hello Jane!\n");
}

#[test]
fn an_imported_script_finds_what_stands_beside_the_main_one_too() {
    Project::new()
        .file(
            "lib/a.rhai",
            "import \"lib/b\" as b;\nfn two() { b::one() + 1 }",
        )
        .file("lib/b.rhai", "fn one() { 1 }")
        .rhai(&[], "import \"lib/a\" as a;\nprint(a::two());")
        .succeeds()
        .prints("2\n");
}

#[test]
fn a_shipped_script_brings_the_rules_it_imports() {
    let cohorts = include_str!("../../scripts/data/cohorts.csv");
    let project = Project::new().file("people.csv", cohorts);
    let options = ["run", "--sandbox", "-q", "--now", "2030-01-04T12:00:00Z"];
    project
        .run(
            &[
                &options[..],
                &["invite_cohorts", "people.csv", "--out", "links.csv"],
            ]
            .concat(),
        )
        .succeeds()
        .shows("3 rows: 3 created, 0 existing, 0 failed\n");
    let table = project.read_csv("links.csv");
    // A Friday and five business days; the end of work in Berlin.
    assert_eq!(table[1][3], "Jane Smith");
    assert_eq!(table[1][6], "2030-01-11T16:00:00Z");
    project
        .run(&[&options[..], &["extend_or_report", "--days", "10"]].concat())
        .succeeds()
        .shows("0 past the deadline, 1 near it\n");
}

#[test]
fn imported_functions_and_constants_serve_a_closure() {
    Project::new()
        .file("rules.rhai", "export const TEAM = \"design\";\nfn request(email) { #{ email: email, name: \"From A Module\" } }")
        .rehearse(
            r#"
            import "rules" as rules;
            let outcome = invite_all(["jane@example.com"], |email| rules::request(email));
            print(outcome.results().to_array()[0].name + " " + rules::TEAM);
            "#,
        )
        .succeeds()
        .prints("From A Module design\n");
}

#[test]
fn imports_never_leave_the_directory() {
    let project = Project::new()
        .file("secret.rhai", "fn secret() { 1 }")
        .file("inside/lib.rhai", "import \"../../secret\" as s;");
    let absolute = project.path().join("secret.rhai");
    for path in [
        "../secret",
        "lib/../../secret",
        &absolute.display().to_string(),
    ] {
        let script = format!("import \"{path}\" as lib;\n");
        std::fs::write(project.path().join("inside/main.rhai"), script).unwrap();
        project
            .run(&["run", "inside/main.rhai"])
            .exits(1)
            .says(&format!("error: `{path}` is not beside the script"))
            .says("--> inside/main.rhai:1:");
    }
    std::fs::write(
        project.path().join("inside/main.rhai"),
        "import \"lib\" as lib;",
    )
    .unwrap();
    project
        .run(&["run", "inside/main.rhai"])
        .exits(1)
        .says("is not beside the script")
        .says("inside/lib.rhai:1:");
}

#[cfg(unix)]
#[test]
fn a_symlink_does_not_lead_out_either() {
    let project = Project::new()
        .file("secret.rhai", "fn secret() { 1 }")
        .file("inside/main.rhai", "import \"link\" as lib;");
    std::os::unix::fs::symlink("../secret.rhai", project.path().join("inside/link.rhai")).unwrap();
    project
        .run(&["run", "inside/main.rhai"])
        .exits(1)
        .says("error: `link` is not beside the script");
}

#[test]
fn an_import_cycle_is_an_error() {
    Project::new()
        .file("a.rhai", "import \"b\" as b;")
        .file("b.rhai", "import \"a\" as a;")
        .rhai(&[], "import \"a\" as a;")
        .exits(1)
        .says("`a` imports itself")
        .says("b.rhai:1:");
}

#[test]
fn a_missing_import_names_the_file() {
    Project::new()
        .rhai(&[], "import \"lib/nowhere\" as lib;")
        .exits(1)
        .says("no script `lib/nowhere` to import")
        .says("lib/nowhere.rhai`");
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
    let summary: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(summary["script"], "script.rhai");
    assert_eq!(summary["sandbox"], true);
    assert_eq!(summary["exit_status"], 0);
    assert_eq!(summary["total"], 2);
    assert_eq!(summary["created"], 2);
    assert_eq!(summary["error"], Value::Null);
}

#[test]
fn json_tells_of_an_error_too() {
    let ran = Project::new()
        .rhai(&["--sandbox", "--json"], "throw \"no good\";")
        .exits(1)
        .says("error: no good");
    let summary: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(summary["exit_status"], 1);
    assert_eq!(summary["error"], "no good");
}

#[test]
fn quiet_shows_results_only() {
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
fn verbose_shows_every_answer() {
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
fn exit_leaves_with_a_status() {
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
fn each_end_has_its_status() {
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
fn failed_rows_do_not_hide_behind_exit() {
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
fn a_script_error_after_failed_rows_is_a_script_error() {
    let stub = Stub::inviting(|_| Reply::refusal(500, "broken"));
    Project::new()
        .talking_to(&stub)
        .rhai(
            &["--yes", "--max-retries", "0"],
            "invite_all([\"jane@example.com\"]);\nthrow \"later\";",
        )
        .exits(1);
}

#[test]
fn a_script_without_requests_needs_no_key() {
    Project::new()
        .rhai(&[], "print(title_case(\"jane\"));")
        .succeeds()
        .prints("Jane\n");
}

#[test]
fn options_beat_the_environment() {
    let stub = Stub::start(usual);
    Project::new()
        .env("GRADIENT_API_URL", "http://127.0.0.1:9")
        .env("GRADIENT_API_KEY", "gai_one")
        .file("key.txt", "gai_from_file\n")
        .rhai(
            &["--api-url", &stub.url(), "--api-key-file", "key.txt"],
            "list_assessments();",
        )
        .succeeds();
    assert_eq!(
        stub.seen()[0].header("authorization"),
        "Bearer gai_from_file"
    );
}

#[test]
fn the_sandbox_ignores_a_configured_key_and_address() {
    let stub = Stub::start(usual);
    Project::new()
        .talking_to(&stub)
        .rehearse("print(invite(\"jane@example.com\", \"Jane\").outcome);")
        .succeeds()
        .prints("created\n");
    assert!(stub.seen().is_empty());
}

#[test]
fn a_single_invite_returns_what_came_of_it() {
    Project::new()
        .rehearse(
            r#"
            let due = datetime("2035-01-31T12:00:00Z");
            let first = invite(#{ email: " Jane.Smith@Example.com ", due_date: due });
            print([first.outcome, first.email, first.name, first.due_date == due, first.session.status]);
            let again = invite(#{ email: "jane.smith@example.com", due_date: due.plus_days(1) });
            print([again.outcome, again.invite_url == first.invite_url, again.session.id == first.session.id]);
            print(again.note);
            "#,
        )
        .succeeds()
        .prints(
            "[\"created\", \"Jane.Smith@Example.com\", \"Jane Smith\", true, \"invited\"]\n\
             [\"existing\", true, true]\n\
             the existing session keeps its deadline: Wed 2035-01-31 12:00:00 UTC\n",
        );
}
