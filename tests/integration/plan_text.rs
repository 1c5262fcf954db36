//! The text of a plan before it is sent: candidates, rows that are left out and why, warnings, and why it is rejected.

use crate::stub::{Stub, default_reply};
use crate::support::{Project, Ran};

/// Plans this file in a dry run against the sandbox.
fn shown_plan(people: &str) -> Ran {
    Project::new()
        .file("people.csv", people)
        .rhai(
            &["--sandbox", "--dry-run"],
            "invite_all(read_csv(\"people.csv\"));",
        )
        .succeeds()
}

#[test]
fn the_first_rows_and_the_last_one_are_shown() {
    let people = |count: usize| {
        let names = ["Ann", "Bob", "Cyd", "Dan", "Eve", "Fay"];
        let rows = names.iter().take(count);
        rows.fold("name,email\n".to_owned(), |text, name| {
            format!("{text}{name} Doe,{name}@example.com\n")
        })
    };
    let first = "people.csv\n  line 2: Ann Doe <Ann@example.com>\n  line 3: Bob Doe <Bob@example.com>\n  line 4: Cyd Doe <Cyd@example.com>\n";
    shown_plan(&people(3)).says(&format!("{first}dry run"));
    shown_plan(&people(4)).says(&format!(
        "{first}  line 5: Dan Doe <Dan@example.com>\ndry run"
    ));
    shown_plan(&people(6))
        .says("6 to invite to `Senior PM Assessment` at the sandbox, from people.csv\n")
        .says(&format!(
            "{first}  …\n  line 7: Fay Doe <Fay@example.com>\ndry run"
        ));
}

#[test]
fn duplicates_name_both_lines() {
    let rows = |name: &str| -> String {
        let row = |number| format!("Jane Doe,{name}{number}@example.com\n");
        (0..12).map(row).collect()
    };
    let people = format!(
        "name,email\n{}{}Jane Doe,jane0@example.com\n",
        rows("jane"),
        rows("JANE")
    );
    let named: Vec<String> = (14..24)
        .map(|line| format!("line {line} repeats line {}", line - 12))
        .collect();
    Project::new()
        .file("people.csv", &people)
        .rehearse(
            "let outcome = invite_all(read_csv(\"people.csv\"));\n\
             print(outcome.duplicates);\n\
             for row in outcome.results() { if row.line > 23 { print(`${row.outcome}: ${row.note}`); } }",
        )
        .succeeds()
        .prints(
            "13\n\
             duplicate: same address as people.csv line 12\n\
             duplicate: same address as people.csv line 13\n\
             duplicate: same address as people.csv line 2\n",
        )
        .says("12 to invite")
        .says(&format!(
            "13 duplicates, invited once: {}, and 3 more\n",
            named.join(", ")
        ));
}

#[test]
fn doubtful_names_are_pointed_out() {
    for (name, email, doubt) in [
        ("", "info@example.com", "`Info` (not a person's address)"),
        ("", "Jobs@example.com", "`Jobs` (not a person's address)"),
        ("", "hr+pm@example.com", "`Hr` (not a person's address)"),
        (
            "",
            "no-reply@example.com",
            "`No Reply` (not a person's address)",
        ),
        (
            "Info",
            "info@example.com",
            "`Info` (not a person's address)",
        ),
        ("", "j@example.com", "`J` (a single letter)"),
        ("", "j7@example.com", "`J` (a single letter)"),
        ("X", "jane.doe@example.com", "`X` (a single letter)"),
        ("?", "jane.doe@example.com", "`?` (no letter)"),
        ("n/a", "jane.doe@example.com", "`n/a` (a placeholder)"),
        (
            "",
            "jobs-berlin@example.com",
            "`Jobs Berlin` (not a person's address)",
        ),
        ("", "j.doe@example.com", "`J Doe` (an initial)"),
        ("", "jane_d@example.com", "`Jane D` (an initial)"),
    ] {
        shown_plan(&format!(
            "name,email\nJohn Doe,john.doe@example.com\n{name},{email}\n"
        ))
        .says(&format!("\n1 name looks doubtful: line 3 {doubt}\n"));
    }
    shown_plan("name,email\n,jdoe@example.com\n,info@example.com\nJane,jane@example.com\n")
        .says("\n1 name looks doubtful: line 3 `Info` (not a person's address)\n")
        .says("\n2 names look doubtful (only one word): line 2 `Jdoe`, line 4 `Jane`\n");
    shown_plan("name,email\n,a.b@example.com\n,info@example.com\n").says(
        "\n2 names look doubtful: line 2 `A B` (an initial), line 3 `Info` (not a person's address)\n",
    );
}

#[test]
fn plausible_names_are_not_pointed_out() {
    for (name, email) in [
        ("Jane Doe", "info@example.com"),
        ("Jane Doe", "j@example.com"),
        ("Jane D.", "jane.d@example.com"),
        ("Jo", "x@example.com"),
        ("O'Neil", "o@example.com"),
        ("", "jane.doe@example.com"),
        ("", "information.desk@example.com"),
        ("", "jane.m.doe@example.com"),
        ("", "mary-jane.o'neil@example.com"),
        ("王芳", "wang@example.com"),
    ] {
        shown_plan(&format!("name,email\n{name},{email}\n"))
            .says("1 to invite")
            .never_says("doubtful");
    }
}

#[test]
fn expired_deadlines_are_listed_with_their_line() {
    Project::new()
        .file(
            "people.csv",
            "email,due_date\njane@example.com,2030-02-03\njohn@example.com,2030-02-01\njoe@example.com,2030-02-02T11:59:59Z\njill@example.com,\n",
        )
        .rhai(
            &["--sandbox", "--now", "2030-02-02T12:00:00Z"],
            "invite_all(read_csv(\"people.csv\"), |row| #{\n    email: row.email,\n    due_date: if row.due_date == \"\" { () } else { row.due_date },\n});",
        )
        .exits(5)
        .says(
            "error: 2 of 4 rows are invalid, so nothing is sent:\n  \
             2 rows: due_date: the deadline has passed: people.csv line 3 `Fri 2030-02-01 23:59:59 UTC`, line 4 `Sat 2030-02-02 11:59:59 UTC`\n  \
             hint: `--skip-invalid` leaves them out and invites the other 2\n",
        );
}

const SOME_INVALID: &str = "name,email\nJane,jane@example.com\nBob,bob@@example.com\nJohn,john@example.com\n,4711@example.com\n";

#[test]
fn skip_invalid_leaves_invalid_rows_out() {
    let stub = Stub::start(default_reply);
    Project::new()
        .file("people.csv", SOME_INVALID)
        .talking_to(&stub)
        .rhai(
            &["--yes", "--skip-invalid"],
            "let outcome = invite_all(read_csv(\"people.csv\"));\n\
             print(`${outcome.created} ${outcome.invalid}`);\n\
             for row in outcome.results() { if row.outcome == \"invalid\" { print(`${row.line}: ${row.note}`); } }",
        )
        .exits(3)
        .prints(
            "2 2\n\
             3: email `bob@@example.com`: not an email address (more than one `@`)\n\
             5: column `email` `4711@example.com`: no name is given and none can be derived from the address\n",
        )
        .says("2 to invite to `Stub Assessment`")
        .says(
            "2 rows left out as invalid:\n  \
             people.csv line 3: email `bob@@example.com`: not an email address (more than one `@`)\n  \
             people.csv line 5: column `email` `4711@example.com`: no name is given and none can be derived from the address\n",
        )
        .says("run 1: 4 rows: 2 created, 0 existing, 0 failed, 2 invalid\n")
        .never_says("error");
    assert_eq!(
        stub.invited_emails(),
        ["jane@example.com", "john@example.com"]
    );
}

#[test]
fn skip_invalid_with_only_invalid_rows_invites_nobody() {
    let stub = Stub::start(default_reply);
    Project::new()
        .talking_to(&stub)
        .rhai(
            &["--yes", "--skip-invalid"],
            "print(invite_all([\"nobody\"]));",
        )
        .exits(3)
        .prints("1 row: 0 created, 0 existing, 0 failed, 1 invalid\n")
        .says("nobody to invite\n1 row left out as invalid:\n");
    assert!(stub.invites().is_empty());
}

#[test]
fn more_invitations_than_max_invites_are_refused() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    let three = "invite_all([\"ann@example.com\", \"bob@example.com\", \"cyd@example.com\", \"ANN@example.com\"]);\nprint(\"went on\");";
    project
        .rhai(&["--yes", "--max-invites", "2"], three)
        .exits(5)
        .prints("")
        .says("3 to invite to")
        .says_once(
            "error: 3 invitations are planned, but `--max-invites` allows 2, so nothing is sent\n",
        );
    assert!(stub.invites().is_empty());
    project
        .run(&["send", "1", "--yes"])
        .exits(5)
        .says("run 1 is rejected");
    assert!(stub.invites().is_empty());
    // The duplicate is not an invitation.
    project
        .rhai(&["--yes", "--max-invites", "3"], three)
        .succeeds()
        .prints("went on\n");
    assert_eq!(stub.invites().len(), 3);
}

#[test]
fn an_unfinished_earlier_run_is_mentioned() {
    let project = Project::new().file(
        "invite.rhai",
        "let who = arg(\"who\", \"the beginning of addresses\");\ninvite_all([who + \".one@example.com\", who + \".two@example.com\"]);",
    );
    let run = |options: &[&str], who: &str| {
        let ends = ["invite.rhai", who];
        project
            .run(&[&["run", "--sandbox"], options, &ends].concat())
            .succeeds()
    };
    let note = "note: run 1 of the same script and arguments has 1 row not sent yet: `gradient-bulk send 1` continues with it\n";
    run(&["--first", "1"], "jane").never_says("note: ");
    run(&["--dry-run"], "john").never_says("note: ");
    run(&["--dry-run"], "jane").says_once(note);
    project.run(&["send", "1"]).succeeds();
    run(&["--dry-run"], "jane").never_says("note: ");
}

#[test]
fn the_script_gets_the_numbers_of_its_plan() {
    Project::new()
        .rhai(
            &["--sandbox", "--first", "2"],
            "for list in [[\"ann\", \"bob\", \"cyd\"], [\"dan\"]] {\n    let outcome = invite_all(list, |name| name + \"@example.com\");\n    print(`run ${outcome.run}: ${outcome.total} ${outcome.planned} ${outcome.created}`);\n}",
        )
        .succeeds()
        .prints("run 1: 3 1 2\nrun 2: 1 1 0\n")
        .says("only the first 2 are sent now\n")
        .says("the rest: `gradient-bulk send 1`\n");
}

#[test]
fn a_duplicate_with_another_name_shows_which_one_is_sent() {
    let project = Project::new().file(
        "people.csv",
        "email,name\njane@example.com,Jane Smith\nJANE@example.com,Janet Smithe\njane@example.com,JANE SMITH\njane@example.com,\n",
    );
    project
        .rehearse("print(invite_all(read_csv(\"people.csv\")).results().to_array()[1].note);")
        .succeeds()
        .prints("same address as people.csv line 2, whose name is `Jane Smith`\n")
        .says(
            "3 duplicates, invited once: line 3 repeats line 2 (`Jane Smith` is sent, not `Janet Smithe`), \
             line 4 repeats line 2, line 5 repeats line 2\n",
        );
}

#[test]
fn last_name_first_and_office_names_are_pointed_out() {
    Project::new()
        .file(
            "people.csv",
            "email,name\njane@example.com,\"Smith, Jane\"\ninfo@example.com,Info Desk\njohn@example.com,\"John Doe, Jr.\"\n",
        )
        .rehearse("invite_all(read_csv(\"people.csv\"));")
        .succeeds()
        .says("2 names look doubtful: line 2 `Smith, Jane` (last name first), line 3 `Info Desk` (not a person's address)\n");
}
