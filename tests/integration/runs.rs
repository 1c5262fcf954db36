//! `runs`: lists past runs and exports their rows, as text and as data.

use serde_json::{Value, json};

use crate::stub::{Reply, Stub, default_reply};
use crate::support::Project;

/// Invites everyone in people.csv, and skips the team `alumni`.
const INVITE: &str = "invite_all(read_csv(\"people.csv\"), |row| {
    if row.team == \"alumni\" { return skip(\"by hand\"); }
    #{ email: row.email, name: row.name, due_date: \"2035-02-01\" }
});";

const PEOPLE: &str = "team,name,email\n\
    design,\"Smith, \"\"Jane\"\"\nJr.\",jane@example.com\n\
    alumni,Al,al@example.com\n\
    design,John,john@example.com\n\
    design,Jane again,JANE@example.com\n";

/// A project whose run 1, in the sandbox, has created, skipped and duplicate rows.
fn project_with_run() -> Project {
    let project = Project::new().file("people.csv", PEOPLE);
    project.rehearse(INVITE).succeeds();
    project
}

/// A stub that refuses addresses that begin with `bad`.
fn refusing_stub() -> Stub {
    Stub::inviting(|request| {
        if request.email().starts_with("bad") {
            Reply::refusal(400, "the address bounces, \"always\"")
        } else {
            default_reply(request)
        }
    })
}

#[test]
fn a_missing_ledger_is_not_an_error_and_is_not_created() {
    let project = Project::new();
    project
        .run(&["runs"])
        .succeeds()
        .prints("")
        .reports("no runs yet\n");
    project
        .run(&["runs", "--format", "json"])
        .succeeds()
        .prints("[]\n");
    project
        .run(&["runs", "1", "--all"])
        .exits(2)
        .says("there is no run 1");
    assert!(!project.home().exists());
}

#[test]
fn an_unknown_run_is_wrong_usage() {
    let project = project_with_run();
    for options in [&[][..], &["--all"], &["--discard"], &["--delete"]] {
        project
            .run(&[&["runs", "99"], options].concat())
            .exits(2)
            .prints("")
            .says("error: there is no run 99")
            .says("hint: `gradient-bulk runs` lists them");
    }
}

#[test]
fn filters_and_actions_need_a_run() {
    let project = project_with_run();
    for option in ["--failed", "--all", "--discard", "--delete"] {
        project.run(&["runs", option]).exits(2).says("<RUN");
    }
    project
        .run(&["runs", "1", "--delete", "--failed"])
        .exits(2)
        .says("cannot be used with");
    project
        .run(&["runs", "1"])
        .succeeds()
        .shows("1 skipped, 1 duplicate");
}

#[test]
fn the_newest_run_is_listed_first() {
    let project = project_with_run();
    project
        .rhai(
            &["--sandbox", "--dry-run"],
            "invite_all([\"kim@example.com\"]);",
        )
        .succeeds();
    let ran = project.run(&["runs", "--tz", "Asia/Tokyo"]).succeeds();
    let lines: Vec<&str> = ran.stdout.lines().collect();
    for column in [
        "run",
        "when",
        "state",
        "script",
        "place",
        "assessment",
        "rows",
        "created",
        "existing",
        "failed",
        "left",
    ] {
        assert!(lines[1].contains(column), "{ran}");
    }
    assert!(
        lines[3].starts_with("│ 2 ") && lines[3].contains(" planned "),
        "{ran}"
    );
    assert!(
        lines[4].starts_with("│ 1 ") && lines[4].contains(" done "),
        "{ran}"
    );
    assert!(
        lines[3].contains(" JST ") && lines[3].contains(" sandbox "),
        "{ran}"
    );
    assert!(lines[3].contains(" Senior PM Assessment "), "{ran}");
}

#[cfg(target_os = "linux")]
#[test]
fn the_list_fits_a_terminal() {
    let ran = project_with_run()
        .shell("script -qec 'stty cols 80; gradient-bulk runs' /dev/null")
        .succeeds()
        .shows("assessment ")
        .shows("2\u{a0}created");
    let letters = ran
        .stdout
        .lines()
        .map(|line| line.trim_end().chars().count());
    assert!(letters.max() <= Some(80), "{ran}");
}

#[test]
fn runs_are_listed_as_data() {
    let project = Project::new()
        .file("invite.rhai", "let file = arg(\"file\", \"f\");\nlet note = arg(\"note\", \"n\", \"\");\ninvite_all([file]);");
    project
        .run(&[
            "run",
            "--sandbox",
            "invite.rhai",
            "jane@example.com",
            "--note",
            "two words",
        ])
        .succeeds();
    let run = project.run(&["runs", "--format", "json"]).json();
    let run = &run[0];
    assert_eq!(run["run"], 1);
    assert_eq!(run["state"], "done");
    assert_eq!(run["script"], "invite.rhai");
    assert_eq!(
        run["arguments"],
        json!(["jane@example.com", "--note", "two words"])
    );
    assert_eq!(run["sandbox"], true);
    assert_eq!(run["shard"], Value::Null);
    assert_eq!(run["assessments"][0]["label"], "Senior PM Assessment");
    assert_eq!(
        (&run["rows"], &run["created"], &run["left"]),
        (&json!(1), &json!(1), &json!(0))
    );
    let planned_at = run["planned_at"].as_str().unwrap();
    assert!(
        planned_at.ends_with('Z') && planned_at.contains('T'),
        "{planned_at}"
    );

    let lines = project.run(&["runs", "--format", "jsonl"]).json_lines();
    assert_eq!(lines, std::slice::from_ref(run));

    let table = project.run(&["runs", "--format", "csv"]).succeeds().csv();
    let at = table[0]
        .iter()
        .position(|column| column == "arguments")
        .unwrap();
    assert_eq!(
        table[1][at],
        "[\"jane@example.com\",\"--note\",\"two words\"]"
    );

    project
        .run(&["runs"])
        .shows("invite.rhai jane@example.com --note 'tw…");
}

#[test]
fn a_run_is_summarized_with_the_next_commands() {
    let stub = refusing_stub();
    let project = Project::new().talking_to(&stub);
    project
        .rhai(
            &["--yes", "--first", "2"],
            "invite_all([\"jane@example.com\", \"bad@example.com\", \"kim@example.com\"]);",
        )
        .exits(3);
    project
        .run(&["runs", "1", "--tz", "Asia/Tokyo"])
        .succeeds()
        .shows("run 1: stopped\n")
        .shows(" Asia/Tokyo\n")
        .shows("  script       script.rhai\n")
        .shows(&format!("  place        {}\n", stub.address()))
        .shows("  assessment   Stub Assessment (7c9e6679-7425-40de-944b-e07fc1f90ae7)\n")
        .shows("  outcome      3 rows: 1 created, 0 existing, 1 failed, 1 not sent\n")
        .shows("  links: `gradient-bulk runs 1 --created --format csv`\n")
        .shows(
            "  failed: `gradient-bulk runs 1 --failed`; retry: `gradient-bulk send 1 --failed`\n",
        )
        .shows("  the rest: `gradient-bulk send 1`\n")
        .reports("");
}

#[test]
fn the_next_commands_repeat_the_ledger_option() {
    let project = Project::new();
    project
        .rhai(
            &["--sandbox", "--dry-run", "--ledger", "mine.db"],
            "invite_all([\"jane@example.com\"]);",
        )
        .succeeds();
    project
        .run(&["runs", "1", "--ledger", "mine.db"])
        .succeeds()
        .shows("run 1: planned; nothing was sent\n")
        .shows("  the rest: `gradient-bulk send --ledger mine.db 1`\n");
}

#[test]
fn filters_are_combined() {
    let project = project_with_run();
    let lines = |options: &[&str]| -> Vec<String> {
        let ran = project.run(&[&["runs", "1", "--format", "csv"], options].concat());
        let records = ran.succeeds().csv();
        let at = records[0].iter().position(|column| column == "gb_line");
        let at = at.unwrap();
        records[1..]
            .iter()
            .map(|record| record[at].clone())
            .collect()
    };
    assert_eq!(lines(&["--created"]), ["2", "5"]);
    assert_eq!(lines(&["--skipped"]), ["4"]);
    assert_eq!(lines(&["--skipped", "--duplicates"]), ["4", "6"]);
    assert_eq!(lines(&["--all"]), ["2", "4", "5", "6"]);
    assert_eq!(lines(&[]), ["2", "4", "5", "6"]);
    assert!(lines(&["--planned"]).is_empty());
    project
        .run(&["runs", "1", "--existing"])
        .succeeds()
        .prints("")
        .reports("run 1 has no such rows\n");
}

#[test]
fn a_table_omits_empty_columns() {
    let project = project_with_run();
    let ran = project.run(&["runs", "1", "--created"]).succeeds();
    let header = ran.stdout.lines().nth(1).unwrap();
    let columns: Vec<&str> = header.split(['│', '┆']).map(str::trim).collect();
    assert_eq!(
        columns,
        [
            "",
            "line",
            "email",
            "name",
            "outcome",
            "due_date",
            "invite_url",
            ""
        ],
        "{ran}"
    );
    ran.shows("Smith, \"Jane\" Jr.")
        .shows("2035-02-01 23:59 UTC");
    project
        .run(&["runs", "1", "--skipped"])
        .succeeds()
        .shows("by hand")
        .never_says("invite_url");
}

#[test]
fn exported_links_keep_the_columns_of_the_file() {
    let project = project_with_run();
    let table = project
        .run(&["runs", "1", "--created", "--format", "csv"])
        .succeeds()
        .csv();
    assert_eq!(
        table[0],
        [
            "team",
            "name",
            "email",
            "gb_line",
            "gb_email",
            "gb_name",
            "gb_outcome",
            "gb_invite_url",
            "gb_due_date",
            "gb_requested_due_date",
            "gb_session_name",
            "gb_note",
        ]
    );
    assert_eq!(
        table[1][..7],
        [
            "design",
            "Smith, \"Jane\"\nJr.",
            "jane@example.com",
            "2",
            "jane@example.com",
            "Smith, \"Jane\" Jr.",
            "created",
        ]
    );
    assert!(table[1][7].starts_with("http"), "{table:?}");
    assert_eq!(table[1][8], "2035-02-01T23:59:59Z");
}

#[test]
fn exported_columns_are_those_of_all_rows() {
    let project = Project::new();
    project
        .rehearse(
            "invite_all([
                \"jane@example.com\",
                #{ email: \"kim@example.com\", score: 4, tags: [\"a\", \"b\"] },
                #{ email: \"lee@example.com\", remote: true, gb_note: \"old\" },
                7,
            ], |row| if type_of(row) == \"map\" { row.email } else if type_of(row) == \"i64\" { skip(\"no\") } else { row });",
        )
        .succeeds();
    let table = project
        .run(&["runs", "1", "--all", "--format", "csv"])
        .succeeds()
        .csv();
    assert_eq!(
        table[0][..6],
        ["email", "score", "tags", "remote", "value", "gb_line"]
    );
    let given: Vec<_> = table[1..].iter().map(|record| &record[..5]).collect();
    assert_eq!(given[0], ["jane@example.com", "", "", "", ""]);
    assert_eq!(given[1], ["kim@example.com", "4", "[\"a\",\"b\"]", "", ""]);
    assert_eq!(given[2], ["lee@example.com", "", "", "true", ""]);
    assert_eq!(given[3], ["", "", "", "", "7"]);
    assert_eq!(table[3].last().unwrap(), "");
}

#[test]
fn json_rows_are_complete() {
    let project = project_with_run();
    let ran = project
        .run(&["runs", "1", "--all", "--format", "json"])
        .succeeds();
    let rows = ran.json();
    assert_eq!(rows.as_array().map(Vec::len), Some(4));
    let mut first = rows[0].clone();
    let link = first["invite_url"].take();
    assert!(link.as_str().unwrap().starts_with("http"));
    assert!(first["answered_at"].take().as_str().unwrap().ends_with('Z'));
    assert!(first["session_id"].take().is_string());
    assert_eq!(
        first,
        json!({
            "run": 1, "row": 1, "outcome": "created", "file": "people.csv", "line": 2, "email": "jane@example.com",
            "name": "Smith, \"Jane\" Jr.", "due_date": "2035-02-01T23:59:59Z",
            "requested_due_date": "2035-02-01T23:59:59Z", "session_name": "Smith, \"Jane\" Jr.", "assessment": "Senior PM Assessment",
            "attempts": 1, "status": 201, "invite_url": null, "session_id": null, "result": null, "note": null, "answered_at": null,
            "source": { "team": "design", "name": "Smith, \"Jane\"\nJr.", "email": "jane@example.com" },
        })
    );
    assert_eq!(rows[3]["outcome"], "duplicate");
    assert_eq!(
        rows[3]["note"],
        "same address as people.csv line 2, whose name is `Smith, \"Jane\" Jr.`"
    );
    let lines = project
        .run(&["runs", "1", "--all", "--format", "jsonl"])
        .succeeds()
        .json_lines();
    assert_eq!(json!(lines), rows);
    project
        .run(&["runs", "1", "--failed", "--format", "json"])
        .succeeds()
        .prints("[]\n");
    project
        .run(&["runs", "1", "--failed", "--format", "jsonl"])
        .succeeds()
        .prints("");
}

#[test]
fn exported_failures_can_be_sent_and_exported_again() {
    let stub = refusing_stub();
    let project = Project::new().talking_to(&stub).file(
        "people.csv",
        "id,name,email\n007,Jane,jane@example.com\n008,\"Bad, \"\"B\"\"\nJr.\",bad@example.com\n",
    );
    project
        .run(&["run", "--yes", "invite_csv", "people.csv"])
        .exits(3);
    for run in ["1", "2"] {
        project
            .shell(&format!(
                "gradient-bulk runs {run} --failed --format csv >failed.csv"
            ))
            .succeeds();
        let table = project.read_csv("failed.csv");
        assert_eq!(
            table[0],
            [
                "id",
                "name",
                "email",
                "gb_error",
                "gb_status",
                "gb_attempts"
            ]
        );
        assert_eq!(table[1][..3], ["008", "Bad, \"B\"\nJr.", "bad@example.com"]);
        assert!(
            table[1][3].contains("the address bounces, \"always\""),
            "{table:?}"
        );
        assert_eq!(table[1][4..], ["400", "1"]);
        assert_eq!(table.len(), 2);
        project
            .run(&["run", "--yes", "invite_csv", "failed.csv"])
            .exits(3);
    }
    let good = Stub::start(default_reply);
    project
        .env("GRADIENT_API_URL", &good.url())
        .run(&["run", "--yes", "invite_csv", "failed.csv"])
        .succeeds();
    assert_eq!(good.invited_emails(), ["bad@example.com"]);
}

#[test]
fn an_export_drops_the_result_columns_of_an_earlier_run() {
    let project = Project::new().file(
        "people.csv",
        "name,email,gb_error,gb_status,gb_attempts\nJane,jane@example.com,it failed,400,1\n",
    );
    project
        .run(&["run", "--sandbox", "invite_csv", "people.csv"])
        .succeeds();
    project
        .run(&["runs", "1", "--created", "--format", "csv"])
        .succeeds()
        .shows("name,email,gb_line,")
        .never_says("it failed");
}

#[test]
fn invalid_rows_show_their_error() {
    let project = Project::new().file("people.csv", "name,email\nJane,jane@@example.com\n");
    project
        .run(&["run", "--sandbox", "invite_csv", "people.csv"])
        .exits(5);
    let table = project
        .run(&["runs", "1", "--invalid", "--failed", "--format", "csv"])
        .succeeds()
        .csv();
    assert_eq!(
        table[0],
        ["name", "email", "gb_error", "gb_status", "gb_attempts"]
    );
    assert!(table[1][2].contains("more than one `@`"), "{table:?}");
    project
        .run(&["runs", "1"])
        .shows("run 1: rejected; it cannot be sent\n")
        .shows("  invalid: `gradient-bulk runs 1 --invalid`\n")
        .never_says("gradient-bulk send");
}

#[test]
fn many_rows_are_streamed() {
    let project = Project::new();
    project
        .rhai(
            &["--sandbox", "--dry-run"],
            "let l = []; for i in 0..2000 { l.push(`p${i}@example.com`); } invite_all(l);",
        )
        .succeeds();
    for format in ["csv", "jsonl"] {
        let ran = project.run(&["runs", "1", "--planned", "--format", format]);
        let ran = ran.succeeds().reports("");
        let header = usize::from(format == "csv");
        assert_eq!(ran.stdout.lines().count(), 2000 + header);
    }
    let ran = project
        .run(&["runs", "1", "--all", "--format", "json"])
        .succeeds();
    let rows = ran.json();
    assert_eq!(rows[1999]["email"], "p1999@example.com");

    project
        .run(&["runs", "1", "--planned"])
        .succeeds()
        .shows("p999@example.com")
        .never_says("p1000@example.com")
        .reports("… 1000 more; `--format csv` shows all 2000 rows\n");

    for format in ["table", "csv", "json", "jsonl"] {
        let line =
            format!("(gradient-bulk runs 1 --all --format {format}; echo $? >status) | head -1");
        project
            .shell(&line)
            .succeeds()
            .reports(if format == "table" {
                "… 1000 more; `--format csv` shows all 2000 rows\n"
            } else {
                ""
            });
        assert_eq!(project.read("status"), "0\n", "{format}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_an_error() {
    project_with_run()
        .shell("gradient-bulk runs 1 --all --format csv >/dev/full")
        .exits(1)
        .says("error: cannot write the output: No space left on device");
}

#[test]
fn an_unknown_time_zone_is_wrong_usage() {
    Project::new()
        .run(&["runs", "--tz", "Europe/Berln"])
        .exits(2)
        .says("Europe/Berlin");
}
