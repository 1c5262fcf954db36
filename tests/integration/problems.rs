//! Invalid rows as a person reads them: a line for each kind of problem, the column, the lines, and what can be done.

use crate::support::{Project, Ran};

fn plan(people: &str, options: &[&str], script: &str) -> Ran {
    let options = [&["--sandbox", "--dry-run"], options].concat();
    Project::new()
        .file("people.csv", people)
        .rhai(&options, script)
}

#[test]
fn problems_of_one_kind_are_one_line() {
    let rows = (0..12).fold(String::new(), |rows, number| {
        format!("{rows}Ann Lee,ann{number}@@example.com,2031-01-01\n")
    });
    let people = format!(
        "name,E-Mail,Deadline\n{rows}Bo Li,bo@example.com,2020-01-01\nCy Mo,cy@example.com,2020-01-01\n\
         Di Po,,2031-01-01\nEd Ro,,2031-01-01\nFay Su,fay@example.com,2031-12-31 noon\nGus To,gus@example.com,2031-12-30 noon\n\
         Hal Vu,hal@example.com,2031-01-01\nIda Wu,ida@example.com,2031-01-01\n"
    );
    let script = "invite_all(read_csv(\"people.csv\", #{ aliases: #{ email: [], due_date: \"Deadline\" } }));";
    let named: Vec<String> = (1..10)
        .map(|number| format!("line {} `ann{number}@@example.com`", number + 2))
        .collect();
    plan(&people, &[], script)
        .exits(5)
        .says(&format!(
            "error: 18 of 20 rows are invalid, so nothing is sent:\n  \
             12 rows: column `E-Mail`: not an email address (more than one `@`): people.csv line 2 `ann0@@example.com`, {}, and 2 more\n  \
             2 rows: column `Deadline` `Wed 2020-01-01 23:59:59 UTC`: the deadline has passed: people.csv lines 14, 15\n  \
             2 rows: email: no address: people.csv line 16 (Di Po), line 17 (Ed Ro)\n  \
             2 rows like people.csv line 18: column `Deadline`: `2031-12-31 noon` has `noon` after the date, which is not a time of day; write the time as `17:00` or `5pm`; a deadline without a time is the end of its day: people.csv lines 18, 19\n  \
             hint: `--skip-invalid` leaves them out and invites the other 2\n",
            named.join(", ")
        ));
    plan(&people, &["--skip-invalid"], script)
        .exits(3)
        .says("2 to invite")
        .says("18 rows left out as invalid:\n  12 rows: column `E-Mail`")
        .never_says("hint: `--skip-invalid`");
}

/// The column that a deadline came from is found again when the plan is sent later, whatever its name and the form of the date.
#[test]
fn a_deadline_that_passes_before_the_plan_is_sent_is_shown_by_its_column() {
    let project = Project::new().file(
        "people.csv",
        "name,E-Mail,Frist,born,due_date\n\
         Ann Lee,ann@example.com,05.02.2030,1999-02-05,\n\
         Bo Li,bo@example.com,2030-02-05 12:00,,\n\
         Cy Mo,cy@example.com,2030-02-07,2030-02-07,\n\
         Di Po,di@example.com,,,2030-02-06\n\
         Ed Ro,ed@example.com,,2030-02-01,\n\
         Fay Su,fay@example.com,2031-02-05,,\n",
    );
    let script = "let rows = read_csv(\"people.csv\", #{ aliases: #{ email: [] } });
        invite_all(rows, |row| {
            let text = if row.Frist == \"\" { row.due_date } else { row.Frist };
            let due = if text == \"\" { today().plus_days(3).end_of_day() } else { deadline(text, \"Europe/Berlin\") };
            #{ email: row.email, name: row.name, due_date: due }
        });";
    let options = ["--sandbox", "--tz", "UTC", "--now"];
    let planned = [
        "--dry-run",
        options[0],
        options[1],
        options[2],
        options[3],
        "2030-02-01T12:00:00Z",
    ];
    project.rhai(&planned, script).succeeds();
    let send = [&["send", "1"], &options[1..], &["2030-03-01T12:00:00Z"]].concat();
    project.run(&send).exits(5).says(
        "error: 5 of 6 rows are invalid, so nothing is sent:\n  \
         2 rows: column `Frist`: the deadline has passed: people.csv line 2 `Tue 2030-02-05 23:59:59 Europe/Berlin`, \
         line 3 `Tue 2030-02-05 12:00:00 Europe/Berlin`\n  \
         3 rows: due_date: the deadline has passed: people.csv line 4 `Thu 2030-02-07 23:59:59 Europe/Berlin`, \
         line 5 `Wed 2030-02-06 23:59:59 Europe/Berlin`, line 6 `Mon 2030-02-04 23:59:59 UTC`\n",
    );
}

#[test]
fn skip_invalid_is_named_only_if_it_invites_somebody() {
    let script = "invite_all(read_csv(\"people.csv\"));";
    plan("email\na@@b.c\nann.lee@example.com\n", &[], script)
        .exits(5)
        .says("  hint: `--skip-invalid` leaves it out and invites the other 1\n");
    plan("email\na@@b.c\n", &[], script)
        .exits(5)
        .never_says("--skip-invalid");
    plan(
        "email\na@@b.c\nann.lee@example.com\nbo.li@example.com\n",
        &["--max-invites", "1"],
        script,
    )
    .exits(5)
    .never_says("--skip-invalid");
}

#[test]
fn many_kinds_of_problems_are_summed_up() {
    Project::new()
        .rehearse(
            "let list = [];\n\
             for number in 0..30 { list.push(number); }\n\
             invite_all(list, |number| { throw `no rule ${number}`; });",
        )
        .exits(5)
        .says("  row 1: no rule 0\n  row 2: no rule 1\n")
        .says("  row 20: no rule 19\n  … and 10 rows with other problems\n");
}

#[test]
fn rows_that_are_not_sent_keep_whose_they_are() {
    let project = Project::new().file(
        "people.csv",
        "First name,Last name,E-Mail,due\nAnn,Lee,ann@@example.com,\nBo,Li,bo@example.com,x\nCy,Mo,cy@example.com,skip\nDi,Po,di@example.com,old\nEd,Ro,ed@example.com,\n",
    );
    project
        .rhai(
            &["--sandbox", "--skip-invalid"],
            "let rows = read_csv(\"people.csv\", #{ aliases: #{ email: [], first_name: [], last_name: [] } });\n\
             let outcome = invite_all(rows, |row| {\n\
                 if row.due == \"x\" { throw \"no rule\"; }\n\
                 if row.due == \"skip\" { return skip(\"withdrew\"); }\n\
                 #{ email: row.email, name: `${row.first_name} ${row.last_name}`, due_date: if row.due == \"old\" { \"2020-01-01\" } else { () } }\n\
             });\n\
             for row in outcome.results() { print(`${row.outcome}: ${row.name} <${row.email}>`); }",
        )
        .exits(3)
        .prints(
            "invalid: Ann Lee <ann@@example.com>\ninvalid: Bo Li <bo@example.com>\nskipped: Cy Mo <cy@example.com>\n\
             invalid: Di Po <di@example.com>\ncreated: Ed Ro <ed@example.com>\n",
        )
        .says("people.csv line 3: no rule\n");
    project
        .run(&["runs", "1", "--invalid", "--format", "csv"])
        .succeeds()
        .prints(
            "First name,Last name,E-Mail,due,gb_error,gb_status,gb_attempts\n\
             Ann,Lee,ann@@example.com,,column `E-Mail` `ann@@example.com`: not an email address (more than one `@`),,0\n\
             Bo,Li,bo@example.com,x,no rule,,0\n\
             Di,Po,di@example.com,old,due_date `Wed 2020-01-01 23:59:59 UTC`: the deadline has passed,,0\n",
        );
}

#[test]
fn tables_name_the_zone_of_a_deadline() {
    let project = Project::new().file(
        "people.csv",
        "name,email,zone\nAnn Lee,ann@example.com,America/Los_Angeles\nBo Li,bo@example.com,Asia/Kolkata\n",
    );
    project
        .run(&[
            "run",
            "--sandbox",
            "--now",
            "2030-02-01T09:00:00Z",
            "invite_deadlines",
            "people.csv",
        ])
        .succeeds()
        .shows("2030-02-06 17:00 America/Los_Angeles")
        .shows("2030-02-06 17:00 Asia/Kolkata");
    project
        .run(&["runs", "1", "--created"])
        .succeeds()
        .shows("2030-02-06 17:00 America/Los_Angeles");
}

#[test]
fn a_script_does_not_report_its_own_unfinished_runs() {
    let project = Project::new();
    let script = "invite_all([\"ann.lee@example.com\", \"bo.li@example.com\"]);\n\
                  invite_all([\"cy.mo@example.com\", \"di.po@example.com\"]);";
    project
        .rhai(&["--sandbox", "--first", "1", "--yes"], script)
        .never_says("of the same script and arguments");
    project
        .rhai(&["--sandbox", "--first", "1", "--yes"], script)
        .says("note: run 1 of the same script and arguments has 1 row not sent yet")
        .never_says("note: run 3");
}

/// An error in the closure names the column whose cell it is about, whatever the column is called.
#[test]
fn errors_of_functions_name_the_column() {
    let people = "name,email,Last day,Where,Days\nAnn Lee,ann@example.com,2031-12-31 noon,Europe/Berlin,3\n\
                  Bo Li,bo@example.com,2031-12-30 noon,Europe/Berlin,3\nCy Mo,cy@example.com,2031-01-01,Mars,3\n\
                  Di Po,di@example.com,2031-01-01,Europe/Berlin,three\nEd Ro,ed@example.com,soon,soon,3\n\
                  Fi So,fi@example.com,2031-01-01,none,3\nGo To,no rule,2031-01-01,Europe/Berlin,3\n";
    let script = "invite_all(read_csv(\"people.csv\"), |row| {
        if row.Where == \"none\" { throw \"`\" + row.email + \"` has no rule\"; }
        let due = datetime(row[\"Last day\"]).plus_days(parse_int(row.Days)).in_tz(row.Where);
        #{ email: row.email, name: row.name, due_date: due }
    });";
    plan(people, &[], script)
        .exits(5)
        .says("\n  2 rows like people.csv line 2: column `Last day`: `2031-12-31 noon` has ")
        .says("\n  people.csv line 4: column `Where`: ")
        .says("\n  people.csv line 5: column `Days`: `three` is not ")
        .says("\n  people.csv line 6: `soon` is not ")
        .says("\n  people.csv line 7: `fi@example.com` has no rule\n")
        .says("\n  people.csv line 8: email `no rule`: not an email address");
    let script = "invite_all(read_csv(\"people.csv\"), |row| #{ email: row.email, due_date: row[\"Last day\"] });";
    plan(people, &[], script)
        .exits(5)
        .says("\n  2 rows like people.csv line 2: column `Last day`: `2031-12-31 noon` has `noon` after the date");
}
