//! The shipped scripts, end to end, and `scripts`, which lists them.

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
            "requested_due_date",
            "session_name",
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
fn invite_list_needs_at_least_one_address() {
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
        "--overwrite",
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
        // design: 7 days; Berlin has summer time then.
        ["jane.smith@example.com", "2030-04-04T15:00:00Z"],
        // engineering, in any case: 10 days.
        ["jose.garcia@example.com", "2030-04-07T23:00:00Z"],
        // A date ends at midnight in Vienna; an instant is used as it is.
        ["zoe@example.org", "2035-02-01T22:59:59Z"],
        ["ravi.kumar@example.com", "2035-02-01T11:30:00Z"],
        // No rule: --days, in the zone of the run.
        ["soren@example.dk", "2030-03-31T15:00:00Z"],
    ];
    assert_eq!(due, expected.map(|row| row.map(str::to_owned)));
    run().shows("5 rows: 0 created, 5 existing, 0 failed\n");
}

#[test]
fn a_shipped_script_can_import_shipped_rules() {
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
    // Five business days after a Friday, at the end of work in Berlin.
    assert_eq!(table[1][3], "Jane Smith");
    assert_eq!(table[1][6], "2030-01-11T16:00:00Z");
    project
        .run(&[&options[..], &["extend_or_report", "--days", "10"]].concat())
        .succeeds()
        .shows("0 past the deadline, 1 near it\n");
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
fn monitor_rejects_an_unknown_status() {
    Project::new()
        .run(&["run", "--sandbox", "monitor", "--until", "finished"])
        .exits(1)
        .says("there is no status \"finished\"");
}

#[test]
fn scripts_lists_the_shipped_scripts() {
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
            "revoke",
            "score_submitted"
        ]
    );
    assert!(lines[2].contains("Invites everyone in a CSV file"), "{ran}");
    assert!(lines.iter().all(|line| line.len() <= 100), "{ran}");
}

#[test]
fn a_misspelled_script_gets_a_suggestion() {
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
fn a_missing_file_is_reported_with_its_directory() {
    let project = Project::new();
    let ran = project.run(&["run", "--sandbox", "invite_csv", "people.csv"]);
    ran.exits(1)
        .says("error: cannot open `people.csv`: ")
        .says("hint: paths are relative to the directory the command runs in, `")
        .never_says("<shipped>")
        .never_says("read_csv");
}

#[test]
fn a_missing_column_can_be_renamed_in_the_file() {
    Project::new()
        .file("people.csv", "Emial,Name\nj@example.com,Jane\n")
        .run(&["run", "--sandbox", "invite_csv", "people.csv"])
        .exits(1)
        .reports(
            "error: `people.csv` has no column `email`; its columns are `Emial`, `Name`
 |
 = hint: rename the column `Emial` to `email` in the file\n",
        );
}

#[test]
fn hints_for_users_do_not_mention_functions() {
    let cases: [(&[u8], &str); 4] = [
        (
            b"email,name\n",
            "hint: the first line must name the columns, such as `name,email`: add it if your file starts with a row\n",
        ),
        (
            b"email,name\nj@x.com,Zo\xeb\n",
            "choose the right one, as in `--encoding windows-1252` after the script, if it has that option, or save the file",
        ),
        (
            b"PK\x03\x04 and so on",
            "hint: open it in the spreadsheet, and save it as an Excel workbook (.xlsx) without password\n",
        ),
        (
            b"email,name\nj@x.com\n",
            "hint: an empty field still needs its comma, as in `,jane@example.com`; put a field with a line break in quotes, and delete a line that is not a row, such as a total\n",
        ),
    ];
    for (content, hint) in cases {
        Project::new()
            .file("people.csv", content)
            .run(&["run", "--sandbox", "invite_csv", "people.csv"])
            .exits(1)
            .says(hint)
            .never_says("<shipped>")
            .never_says("#{");
    }
}

#[test]
fn errors_of_a_shipped_script_do_not_show_its_source() {
    Project::new()
        .run(&["run", "--sandbox", "invite_list"])
        .exits(1)
        .reports("error: nobody to invite: give addresses, or --file FILE\n");
    Project::new()
        .run(&["run", "invite_list", "jane@example.com"])
        .exits(4)
        .never_says("<shipped>")
        .says("hint: set `GRADIENT_API_KEY`");
}

/// A copy of a shipped script is the user's own.
#[test]
fn errors_of_a_users_script_show_its_source() {
    let project = Project::new();
    project
        .run(&["new", "mine.rhai", "--from", "invite_csv"])
        .succeeds();
    project
        .run(&["run", "--sandbox", "mine.rhai", "people.csv"])
        .exits(1)
        .says("--> mine.rhai:")
        .says("let rows = read_table(");
}
