//! Which rows of a file are invited: conditions, hidden rows, lists of addresses; and columns that no script uses.

use std::fmt::Write as _;

use rust_xlsxwriter::{Workbook, Worksheet};

use crate::service::Service;
use crate::support::{Project, Ran};

/// Plans `people.csv` by a shipped script.
fn plan(script: &str, people: &str, options: &[&str]) -> Ran {
    let arguments = ["run", "--sandbox", "--dry-run", script, "people.csv"];
    Project::new()
        .file("people.csv", people)
        .run(&[&arguments, options].concat())
}

#[test]
fn columns_that_look_meant_and_are_not_used_are_named() {
    for (column, used_by) in [
        ("due_date", "`invite_deadlines` uses it for the deadlines"),
        ("Due Date", "`invite_deadlines` uses it for the deadlines"),
        ("Deadline", "`invite_deadlines` uses it for the deadlines"),
        ("Frist", "`invite_deadlines` uses it for the deadlines"),
        ("Time zone", "`invite_deadlines` uses it for the deadlines"),
        ("TEAM", "`invite_deadlines` uses it for the deadlines"),
        (
            "Job title",
            "`invite_cohorts` uses it to choose the assessment",
        ),
        ("Personal e-mail", "the addresses of another column are"),
        (
            "Stage",
            "the shipped scripts select rows by it with `--where COLUMN=VALUE`",
        ),
    ] {
        let people = |value: &str| {
            format!("name,email,{column}\nAnn Lee,ann@example.com,\nBo Li,bo@example.com,{value}\n")
        };
        plan("invite_csv", &people("x"), &[])
            .succeeds()
            .says(&format!("column `{column}` is not used: {used_by}\n"));
        // A column without values is in every export.
        plan("invite_csv", &people(""), &[])
            .succeeds()
            .never_says("is not used");
    }
}

#[test]
fn columns_that_are_used_are_not_named() {
    let people = "name,email,Deadline,Time zone,team\nAnn Lee,ann@example.com,2035-02-01,Europe/Berlin,design\n";
    plan("invite_deadlines", people, &[])
        .succeeds()
        .never_says("is not used");
    plan(
        "invite_cohorts",
        "name,email,role,zone\nAnn Lee,ann@example.com,product manager,\n",
        &[],
    )
    .succeeds()
    .never_says("is not used");
    plan("invite_csv", people, &["--where", "team=design"])
        .succeeds()
        .says("column `Deadline` is not used")
        .never_says("column `team` is not used");
    for (closure, is_named) in [
        ("|row| #{ email: row.email }", true),
        ("|row| row", false),
        ("|row| #{ email: row.email, due_date: row.due_date }", false),
        ("|row| { let map = row.to_map(); map.email }", false),
        (
            "|row| if \"due_date\" in row { row.email } else { skip(\"no\") }",
            false,
        ),
    ] {
        let ran = Project::new()
            .file(
                "people.csv",
                "email,due_date\nann.lee@example.com,2035-02-01\n",
            )
            .rehearse(&format!("invite_all(read_csv(\"people.csv\"), {closure});"))
            .succeeds();
        let named = ran.stderr.contains("column `due_date` is not used");
        assert_eq!(named, is_named, "{closure}\n{ran}");
    }
}

const STAGES: &str = "name,email,Stage,Team\n\
    Ann Lee,ann@example.com,Interview,design\n\
    Bo Li,bo@example.com, withdrawn ,design\n\
    Cy Mo,cy@example.com,,sales\n";

#[test]
fn conditions_leave_rows_out() {
    for (conditions, invited, skipped) in [
        (
            &["Stage!=Withdrawn"][..],
            "2 to invite",
            "1 skipped: left out by `Stage!=Withdrawn` (line 3)\n",
        ),
        (
            &["stage = INTERVIEW"],
            "1 to invite",
            "2 skipped: left out by `stage = INTERVIEW` (lines 3, 4)\n",
        ),
        (
            &["Stage="],
            "1 to invite",
            "2 skipped: left out by `Stage=` (lines 2, 3)\n",
        ),
        (
            &["Stage!="],
            "2 to invite",
            "1 skipped: left out by `Stage!=` (line 4)\n",
        ),
        (
            &["Stage!=Withdrawn", "team=design"],
            "1 to invite",
            "1 skipped: left out by `team=design` (line 4)\n",
        ),
        (
            &["Stage=Withdrawn", "Stage=Interview"],
            "nobody to invite",
            "1 skipped: left out by `Stage=Interview` (line 3)\n",
        ),
    ] {
        let options: Vec<&str> = conditions
            .iter()
            .flat_map(|each| ["--where", each])
            .collect();
        for script in ["invite_csv", "invite_new", "invite_deadlines"] {
            plan(script, STAGES, &options)
                .succeeds()
                .says(invited)
                .says(skipped)
                .never_says("no row has");
        }
    }
}

#[test]
fn wrong_conditions_are_errors_before_anybody_is_invited() {
    for (condition, message) in [
        (
            "Stag=x",
            "error: `people.csv` has no column `Stag`; its columns are `name`, `email`, `Stage`, `Team`",
        ),
        ("Stag=x", "hint: did you mean `Stage`?"),
        ("Stage", "error: `Stage` is not a condition"),
        ("=x", "error: `=x` is not a condition"),
        (
            "Stage==x",
            "hint: write `COLUMN=VALUE` or `COLUMN!=VALUE`, such as `Stage!=Withdrawn`",
        ),
    ] {
        // The first condition leaves the row out, and the second one is checked nevertheless.
        plan(
            "invite_csv",
            STAGES,
            &["--where", "name=nobody", "--where", condition],
        )
        .exits(1)
        .says(message);
    }
    plan("invite_csv", STAGES, &["--where", "Stage!=Withdrwan"])
        .succeeds()
        .says("no row has `Withdrwan` in the column `Stage`, so the condition `Stage!=Withdrwan` leaves out nobody\n");
    plan("invite_csv", STAGES, &["--where", "Stage=New"])
        .succeeds()
        .says("no row has `New` in the column `Stage`, so the condition `Stage=New` leaves out everybody\n");
}

#[test]
fn options_can_be_repeated() {
    let script = "let list = arg(\"tag\", \"Tags\", [()]); print(list);";
    let project = Project::new().file("script.rhai", script);
    project
        .run(&["run", "script.rhai"])
        .succeeds()
        .prints("[]\n");
    project
        .run(&["run", "script.rhai", "--tag", "a", "--tag=b"])
        .succeeds()
        .prints("[\"a\", \"b\"]\n");
}

#[test]
fn lists_of_addresses_need_no_header() {
    let addresses = "jane.doe@example.com\n\n  bo.li@example.com\n";
    for people in [
        addresses.to_owned(),
        format!("email\n{addresses}"),
        format!("E-Mail\n{addresses}"),
    ] {
        plan("invite_csv", &people, &[])
            .succeeds()
            .says("2 to invite")
            .says(": Jane Doe <jane.doe@example.com>\n")
            .says("`people.csv` has addresses only: the names are derived from them\n");
    }
    for (people, message, hint) in [
        (
            "jane@example.com\nBo Li\n",
            "error: `people.csv` line 2: `Bo Li` is not an address, as the first line is\n",
            "add a first line that names the column, `email`",
        ),
        (
            "Jane Doe,jane@example.com\nBo Li,bo@example.com\n",
            "error: `people.csv` line 1: `jane@example.com` is an address, not the name of a column\n",
            "add a first line that names the columns, such as `name,email`",
        ),
        (
            "jane@example.com;bo@example.com\n",
            "error: `people.csv` line 1: `jane@example.com` is an address, not the name of a column\n",
            "a list of addresses has only one in each line",
        ),
        (
            "Person\njane@example.com\n",
            "error: `people.csv` has no column `email`",
            "",
        ),
    ] {
        plan("invite_csv", people, &[])
            .exits(1)
            .says(message)
            .says(hint);
    }
}

/// A workbook whose rows 3, by this attribute, and 5 are hidden; the first is the header.
fn workbook(hidden: &str) -> Vec<u8> {
    let people = ["Ann Lee", "Bo Li", "Cy Mo", "Di Po"];
    let mut rows = "<row><c t=\"inlineStr\"><is><t>name</t></is></c><c t=\"inlineStr\"><is><t>email</t></is></c></row>".to_owned();
    for (name, hidden) in
        people
            .iter()
            .zip(["", hidden, "hidden=\"0\" ht=\"15\"", "hidden=\"true\""])
    {
        let email = name.split(' ').next().unwrap().to_lowercase();
        write!(
            rows,
            "<row {hidden}><c t=\"inlineStr\"><is><t>{name}</t></is></c><c t=\"inlineStr\"><is><t>{email}@example.com</t></is></c></row>"
        )
        .unwrap();
    }
    crate::workbooks::pack(&rows)
}

#[test]
fn hidden_rows_are_counted_or_left_out() {
    let project = Project::new()
        .file("people.xlsx", workbook("hidden=\"1\""))
        .file("renamed.csv", workbook("ht=\"0\" customHeight=\"1\""));
    for file in ["people.xlsx", "renamed.csv"] {
        let run = |options: &[&str]| {
            let arguments = ["run", "--sandbox", "--dry-run", "invite_csv", file];
            project.run(&[&arguments, options].concat()).succeeds()
        };
        run(&[]).says("4 to invite").says(
            "2 hidden rows of the workbook, to be invited too (lines 3, 5): `#{ skip_hidden: true }`, or `--skip-hidden` of a shipped script, leaves hidden rows out\n",
        );
        run(&["--where", "name!=Bo Li"])
            .says("2 hidden rows of the workbook, of which 1 is to be invited (line 5): ");
        run(&["--where", "name=Ann Lee"])
            .says("2 hidden rows of the workbook, not to be invited\n");
        run(&["--skip-hidden"])
            .says("2 to invite")
            .says("2 skipped: hidden in the workbook (lines 3, 5)\n")
            .never_says("hidden rows of the workbook");
    }
    project
        .rehearse("let o = invite_all(read_xlsx(\"people.xlsx\", #{ skip_hidden: true })); print(o.skipped);")
        .succeeds()
        .prints("2\n");
}

/// A workbook with people, in which `hide` hides something in the sheet `People`.
fn workbook_with(hide: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("People").unwrap();
    let rows = [
        ["", "Name", "Old mail", "E-Mail", "Deadline"],
        ["", "Ann Lee", "", "ann@example.com", "2031-02-01"],
        ["", "Bo Li", "b@old.example", "bo@example.com", "2031-02-01"],
    ];
    for (row, cells) in (2..).zip(rows) {
        for (column, cell) in (0..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string(row, column, cell).unwrap();
        }
    }
    hide(sheet);
    workbook.add_worksheet().set_active(true);
    workbook.save_to_buffer().unwrap()
}

/// Plans the invitations to the people of a workbook.
fn plan_workbook(content: Vec<u8>, script: &str) -> Ran {
    let project = Project::new().file("people.xlsx", content);
    let sandbox = ["run", "--sandbox", "--dry-run"];
    let sheet = [script, "people.xlsx", "--sheet", "People"];
    project.run(&[&sandbox[..], &sheet].concat()).succeeds()
}

#[test]
fn other_sheets_with_addresses_are_named_unless_one_is_chosen() {
    let mut workbook = Workbook::new();
    for (name, column) in [
        ("Berlin", "E-Mail"),
        ("Rome", "E-Mail"),
        ("Notes", "By"),
        ("Empty", ""),
    ] {
        let sheet = workbook.add_worksheet().set_name(name).unwrap();
        for (row, cells) in (0..).zip([["Name", column], ["Ann Lee", "ann@example.com"]]) {
            for (at, cell) in (0..).zip(cells).filter(|_| !column.is_empty()) {
                sheet.write_string(row, at, cell).unwrap();
            }
        }
    }
    let project = Project::new().file("people.xlsx", workbook.save_to_buffer().unwrap());
    let run = ["run", "--sandbox", "--dry-run", "invite_csv", "people.xlsx"];
    project.run(&run).succeeds().says(
        "`people.xlsx` has addresses in the sheet `Rome`, too: `--sheet` of a shipped script reads another sheet\n",
    );
    for sheet in ["Berlin", "1"] {
        project
            .run(&[&run[..], &["--sheet", sheet]].concat())
            .succeeds()
            .never_says("has addresses in");
    }
}

#[test]
fn hidden_columns_and_sheets_are_named_if_they_are_used() {
    let emails = |sheet: &mut Worksheet| {
        sheet.set_column_hidden(3).unwrap();
    };
    plan_workbook(workbook_with(emails), "invite_csv")
        .says("column `E-Mail` is hidden in `people.xlsx`, and it is used\n")
        .never_says("the sheet");
    let deadlines = |sheet: &mut Worksheet| {
        sheet.set_column_range_hidden(2, 2).unwrap();
        sheet.set_column_hidden(4).unwrap();
    };
    plan_workbook(workbook_with(deadlines), "invite_csv").never_says("is hidden");
    plan_workbook(workbook_with(deadlines), "invite_deadlines")
        .says("column `Deadline` is hidden in `people.xlsx`, and it is used\n")
        .never_says("`Old mail` is hidden");
    plan_workbook(workbook_with(|_| {}), "invite_deadlines").never_says("is hidden");
    let sheet = |sheet: &mut Worksheet| {
        sheet.set_hidden(true);
    };
    plan_workbook(workbook_with(sheet), "invite_csv")
        .says("the sheet `People` is hidden in `people.xlsx`, and it is used\n");
}

#[test]
fn a_workbook_on_standard_input_is_recognized() {
    Project::new()
        .file("people.xlsx", workbook("hidden=\"1\""))
        .shell("cat people.xlsx | gradient-bulk run --sandbox --dry-run invite_csv -")
        .succeeds()
        .says("4 to invite")
        .says("2 hidden rows of the workbook, to be invited too (lines 3, 5)");
    Project::new()
        .file("script.rhai", "read_table(\"-\"); read_table(\"-\");")
        .shell("printf 'a\\n1\\n' | gradient-bulk run script.rhai")
        .exits(1)
        .says("standard input");
}

/// A row that is hidden because its candidate has finished is skipped for that, and not counted among those to be invited.
#[test]
fn hidden_rows_of_candidates_who_have_finished_are_not_invited() {
    let service = Service::healthy();
    service.add_session("bo@example.com", "scored");
    let project = Project::new()
        .file("people.xlsx", workbook("hidden=\"1\""))
        .talking_to(&service.stub);
    project
        .run(&["run", "--yes", "invite_csv", "people.xlsx"])
        .succeeds()
        .says("3 to invite")
        .says("2 hidden rows of the workbook, of which 1 is to be invited (line 5): ")
        .says("1 skipped: finished (scored) (line 3)\n");
    assert!(
        !service
            .stub
            .invited_emails()
            .contains(&"bo@example.com".to_owned())
    );
}
