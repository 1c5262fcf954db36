//! Values that were read in a way that a person should see: in the plan, in all other places that show it, and without a plan.

use crate::screen::Screen;
use crate::stub::{Stub, default_reply};
use crate::support::Project;

const REMARK: &str = "the sign of this name is inverted, and it has no summer time";

const SCRIPT: &str = r#"
    invite_all(read_csv("people.csv"), |row| #{
        email: row.email,
        due_date: datetime("2035-02-01 17:00", row.zone),
    });
"#;

fn people(rows: &[(&str, &str)]) -> String {
    let rows = rows
        .iter()
        .map(|(name, zone)| format!("{name}@example.com,{zone}\n"));
    format!("email,zone\n{}", rows.collect::<String>())
}

#[test]
fn a_plan_shows_each_remark_once_with_the_rows_and_the_column() {
    let project = Project::new().file(
        "people.csv",
        people(&[
            ("ann", "Etc/GMT+8"),
            ("bob", "Europe/Berlin"),
            ("cyd", " Etc/GMT+8 "),
        ]),
    );
    project
        .rhai(&["--sandbox"], SCRIPT)
        .succeeds()
        .says_once(&format!(
            "2 rows: column `zone` `Etc/GMT+8` (UTC-8): {REMARK}: lines 2, 4\n"
        ));
    let project = project.file(
        "people.csv",
        people(&[("dan", "Etc/GMT+8"), ("eve", "Etc/GMT-2")]),
    );
    project.rhai(&["--sandbox"], SCRIPT).succeeds().says_once(&format!(
        "2 rows: column `zone`: {REMARK}: line 2 `Etc/GMT+8` (UTC-8), line 3 `Etc/GMT-2` (UTC+2)\n"
    ));
}

#[test]
fn rows_that_are_not_sent_need_nobody_to_look() {
    let project = Project::new().file(
        "people.csv",
        people(&[("ann@", "Etc/GMT+8"), ("bob", "UTC"), ("bob", "Etc/GMT+8")]),
    );
    project
        .rhai(&["--sandbox", "--skip-invalid"], SCRIPT)
        .exits(3)
        .says("1 to invite to")
        .never_says(REMARK);
}

#[test]
fn a_value_that_is_not_exactly_one_cell_has_no_column() {
    let project = Project::new().file("people.csv", "email,zone,other\na@example.com,8,8\n");
    project
        .rehearse(
            r#"invite_all(read_csv("people.csv"), |row| #{
                email: row.email,
                due_date: datetime("2035-02-01 17:00", "Etc/GMT+" + row.zone),
            });"#,
        )
        .succeeds()
        .says(&format!("`Etc/GMT+8` (UTC-8): {REMARK}: line 2\n"))
        .never_says("column `zone`");
}

#[test]
fn many_rows_are_counted_and_the_first_are_named() {
    let rows: Vec<String> = (0..1000)
        .map(|number| format!("c{number}@example.com,Etc/GMT+{}\n", 1 + number % 12))
        .collect();
    let project = Project::new().file("people.csv", format!("email,zone\n{}", rows.concat()));
    project
        .rhai(&["--sandbox", "--dry-run"], SCRIPT)
        .succeeds()
        .says(&format!(
            "1000 rows: column `zone`: {REMARK}: line 2 `Etc/GMT+1` (UTC-1), line 3"
        ))
        .says("line 11 `Etc/GMT+10` (UTC-10), and 990 more\n");
}

#[test]
fn the_json_object_has_them_too() {
    let project = Project::new().file("people.csv", people(&[("ann", "Etc/GMT+8")]));
    let ran = project.rhai(&["--sandbox", "--dry-run", "--json"], SCRIPT);
    let expected = serde_json::json!([{
        "remark": REMARK,
        "column": "zone",
        "total": 1,
        "first": [
            { "file": "people.csv", "line": 2, "value": "Etc/GMT+8", "reading": "UTC-8" },
        ],
    }]);
    assert_eq!(ran.json()["interpretations"], expected);
    // The rest of a run shows what was stored with it.
    let ran = project.run(&["send", "1", "--json"]).says_once(&format!(
        "column `zone` `Etc/GMT+8` (UTC-8): {REMARK}: line 2\n"
    ));
    assert_eq!(ran.json()["interpretations"], expected);
}

#[test]
fn the_list_of_all_rows_has_them() {
    let stub = Stub::start(default_reply);
    let project = Project::new()
        .talking_to(&stub)
        .file(
            "people.csv",
            people(&[("ann", "UTC"), ("bob", "Etc/GMT+8")]),
        )
        .file("script.rhai", SCRIPT);
    let mut screen = Screen::open(project.program(&["run", "script.rhai"]));
    screen.wait_for("[y/N/show]");
    screen.type_keys("show\n");
    screen.wait_for(
        "`Etc/GMT+8` (UTC-8): the sign of this name is inverted, and it has no summer time)",
    );
    screen.wait_for("[y/N/show]");
    screen.type_keys("n\n");
    screen.finish().exits(6);
}

#[test]
fn those_outside_of_a_row_go_to_the_next_plan_without_a_line() {
    Project::new()
        .rehearse(
            r#"
            let due = datetime("2035-02-01 17:00", "Etc/GMT+8");
            invite_all(["ann@example.com"], |email| #{ email: email, due_date: due });
            print("planned");
            invite_all(["bob@example.com"], |email| #{ email: email, due_date: due });
            "#,
        )
        .succeeds()
        .says_once(&format!("`Etc/GMT+8` (UTC-8): {REMARK}\n"))
        .never_says("warning");
}

#[test]
fn without_a_plan_they_are_warnings_at_the_end() {
    let script = r#"
        for number in 1..=3 { now().in_tz(`Etc/GMT+${number}`); }
        print("done");
    "#;
    let warning = format!(
        "warning: 3 values: {REMARK}: `Etc/GMT+1` (UTC-1), `Etc/GMT+2` (UTC-2), `Etc/GMT+3` (UTC-3)\n"
    );
    Project::new()
        .rehearse(script)
        .succeeds()
        .says_once(&warning);
    let ran = Project::new().rhai(&["--sandbox", "--json"], script);
    assert_eq!(ran.json()["interpretations"][0]["total"], 3);
    Project::new()
        .run(&[
            "repl",
            "--sandbox",
            "-e",
            r#"now().in_tz("Etc/GMT+8").zone"#,
        ])
        .succeeds()
        .says_once(&format!("warning: `Etc/GMT+8` (UTC-8): {REMARK}\n"));
}

#[test]
fn a_single_invitation_shows_them_before_it_is_sent() {
    Project::new()
        .rehearse(
            r#"invite(#{ email: "a@example.com", due_date: today("Etc/GMT+8").plus_days(9) });"#,
        )
        .succeeds()
        .says_once(&format!("warning: `Etc/GMT+8` (UTC-8): {REMARK}\n"));
}
