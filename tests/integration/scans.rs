//! Lists that read their rows on demand: loops, late errors, and functions that take them.

use gradient_bulk::internals::table::{Header, Row};

use crate::support::{Project, Ran};

const PEOPLE: &str = "name,email,team\nJane,jane@example.com,design\nJohn,john@example.com,sales\nAda,ada@example.com,design\n";

/// Runs a script next to `people.csv`, which it knows as `people`.
fn scan(script: &str) -> Ran {
    Project::new().file("people.csv", PEOPLE).rhai(
        &[],
        &format!("let people = scan_csv(\"people.csv\");\n{script}"),
    )
}

/// A file with an error in its last line, which has this number.
fn bad_in_line(number: usize) -> String {
    let rows = "Jane,jane@example.com\n".repeat(number - 2);
    format!("name,email\n{rows}Jane\n")
}

#[test]
fn each_loop_reads_the_file_again() {
    let project = Project::new().file("people.csv", PEOPLE);
    let mut running = project.start_rhai(
        &[],
        r#"
        let people = scan_csv("people.csv");
        for row in people { print(`${row.line()} ${row.name}`); break; }
        for (row, number) in people { print(`${number} ${row.email}`); }
        let rows = [];
        while rows.len() != 1 {
            sleep(0.01);
            rows = people.to_array();
        }
        print(rows[0]);
        "#,
    );
    running.wait_for("2 ada@example.com");
    // The file is replaced in one step, so that no loop reads half of it.
    let new = project.path().join("new.csv");
    std::fs::write(&new, "name\nZoë\n").unwrap();
    std::fs::rename(&new, project.path().join("people.csv")).unwrap();
    running.finish().succeeds().prints(
        "2 Jane\n0 jane@example.com\n1 john@example.com\n2 ada@example.com\n#{name: \"Zoë\"}\n",
    );
}

#[test]
fn a_scan_prints_its_file_and_columns() {
    scan("print(people);\nprint(people.keys());\nprint(type_of(people));\nprint(people.to_array() == read_csv(\"people.csv\"));")
        .succeeds()
        .prints("scan of people.csv (name, email, team)\n[\"name\", \"email\", \"team\"]\nScan\ntrue\n");
}

#[test]
fn an_error_in_a_late_row_is_raised_when_it_is_read() {
    let project = Project::new().file("people.csv", bad_in_line(30_000));
    project
        .rhai(
            &[],
            "let people = scan_csv(\"people.csv\");\nlet read = 0;\nfor row in people {\n    read += 1;\n}",
        )
        .exits(1)
        .reports(
            "error: `people.csv` line 30000: 1 field where the header has 2\n \
             --> script.rhai:3:12\n  |\n3 | for row in people {\n  |            ^^^^^^\n  |\n  \
             = hint: an empty field still needs its comma, as in `,jane@example.com`; put a field with a line break in quotes, and delete a line that is not a row, such as a total\n",
        );
    project
        .rhai(
            &[],
            r#"
            let read = 0;
            try {
                for row in scan_csv("people.csv") { read += 1; }
            } catch (problem) {
                print([read, problem.error, problem.file, problem.file_line, problem.line]);
            }
            "#,
        )
        .succeeds()
        .prints("[29998, \"bad_table\", \"people.csv\", 30000, 4]\n");
}

#[test]
fn functions_raise_the_error_of_a_row_at_their_call() {
    let project = Project::new()
        .file("people.csv", bad_in_line(5))
        .file("out.csv", "old\n");
    for call in [
        "people.to_array()",
        "print_table(people)",
        "count_by(people, \"name\")",
        "write_csv(\"out.csv\", people)",
    ] {
        project
            .rhai(
                &[],
                &format!("let people = scan_csv(\"people.csv\");\n{call};"),
            )
            .exits(1)
            .says("error: `people.csv` line 5: 1 field where the header has 2")
            .says(" --> script.rhai:2:");
    }
    assert_eq!(project.read("out.csv"), "old\n");
    assert_eq!(std::fs::read_dir(project.path()).unwrap().count(), 3);
}

#[test]
fn errors_of_the_file_are_reported_when_it_is_opened() {
    for (content, problem) in [
        ("", "`people.csv` is empty"),
        ("email,\n1,2\n", "column 2 has no name"),
    ] {
        Project::new()
            .file("people.csv", content)
            .rhai(
                &[],
                "print(\"before\");\nscan_csv(\"people.csv\");\nprint(\"after\");",
            )
            .exits(1)
            .prints("before\n")
            .says(problem)
            .says(" --> script.rhai:2:1");
    }
    Project::new()
        .rhai(&[], "scan_csv(\"people.csv\");")
        .exits(1)
        .says("error: cannot open `people.csv`: No such file or directory")
        .says(" --> script.rhai:1:1");
}

#[test]
fn a_deleted_file_is_reported_by_the_next_loop() {
    let project = Project::new().file("people.csv", PEOPLE);
    let mut running = project.start_rhai(
        &[],
        "let people = scan_csv(\"people.csv\");\nfor row in people { sleep(0); }\nprint(\"read\");\n\
         loop {\n    for row in people { sleep(0.01); }\n}",
    );
    running.wait_for("read");
    std::fs::remove_file(project.path().join("people.csv")).unwrap();
    running
        .finish()
        .exits(1)
        .says("error: cannot open `people.csv`: No such file or directory")
        .says(" --> script.rhai:5:16");
}

#[test]
fn no_rows_are_an_error_unless_allowed() {
    let project = Project::new().file("people.csv", "name,email\n");
    project
        .rhai(&[], "for row in scan_csv(\"people.csv\") { print(row); }")
        .exits(1)
        .says("error: `people.csv` has a header but no rows")
        .says("pass `#{ allow_empty: true }`");
    project
        .rhai(
            &[],
            "let people = scan_csv(\"people.csv\", #{ allow_empty: true });\n\
             for row in people { print(row); }\nprint(people.to_array());",
        )
        .succeeds()
        .prints("[]\n");
    project
        .rhai(&[], "scan_csv(\"people.csv\", #{ allow_emtpy: true });")
        .exits(1)
        .says("hint: did you mean `allow_empty`?");
}

#[test]
fn functions_accept_a_scan_as_a_list() {
    let project = Project::new().file("people.csv", PEOPLE);
    project
        .rhai(
            &[],
            r#"
            let people = scan_csv("people.csv");
            print(count_by(people, "team"));
            print(count_by(people, |row| row.name.len()));
            print_table(people, ["name", "team"]);
            print_table(people);
            write_json("people.json", people);
            write_csv("all.csv", people);
            write_csv("some.csv", people, ["team", "nowhere", "name"]);
            let captured = || count_by(people, "team");
            print(captured.call());
            "#,
        )
        .succeeds()
        .shows("#{\"design\": 2, \"sales\": 1}\n#{\"3\": 1, \"4\": 2}\n┌──────┬────────┐")
        .shows("│ Ada  ┆ ada@example.com  ┆ design │")
        .shows("┘\n#{\"design\": 2, \"sales\": 1}\n");
    assert_eq!(project.read("all.csv"), PEOPLE);
    let json: serde_json::Value = serde_json::from_str(&project.read("people.json")).unwrap();
    assert_eq!(json[2]["email"], "ada@example.com");
    assert_eq!(
        project.read("some.csv"),
        "team,nowhere,name\ndesign,,Jane\nsales,,John\ndesign,,Ada\n"
    );
}

#[cfg(unix)]
#[test]
fn a_pipe_can_be_scanned_once() {
    let rows = "Jane,jane@example.com\n".repeat(20_000);
    Project::new()
        .file("people.csv", format!("name,email\n{rows}"))
        .file(
            "script.rhai",
            "let people = scan_csv(\"/dev/stdin\");\nprint(count_by(people, \"name\"));\ncount_by(people, \"name\");",
        )
        .shell("cat people.csv | gradient-bulk run script.rhai")
        .exits(1)
        .prints("#{\"Jane\": 20000}\n")
        .says("error: `standard input` was already read");
}

#[test]
fn functions_that_call_a_closure_take_a_scan_as_they_take_an_array() {
    for call in [
        "filter(|row| row.name != \"\")",
        "filter(|row, at| at > 0)",
        "map(|row| row.name)",
        "map(|row, at| `${at} ${row.name}`)",
        "all(|row| row.name == \"nobody\")",
        "some(|row| row.name != \"\")",
        "find(|row| row.name != \"\")",
        "find_map(|row| if row.name == \"\" { () } else { row.name })",
        "reduce(|sum, row| sum + row.name.len(), 0)",
    ] {
        let script = format!("assert_eq(people.{call}, people.to_array().{call}); print(1);");
        scan(&script).succeeds().prints("1\n");
    }
    scan("print(people.map(|row| row.nme));")
        .exits(1)
        .says("script.rhai:2:")
        .says("hint: did you mean `row.name`?");
}

#[test]
fn functions_of_arrays_get_a_hint() {
    const HINT: &str = "hint: a `Scan` yields one row at a time: loop over it with `for`, \
                        or make it an array with `.to_array()`\n";
    for (expression, problem) in [
        ("people.len()", "no function takes `len(Scan)`"),
        ("people.get(0)", "no function takes `get(Scan, int)`"),
        (
            "Fn(\"first\").call(people)",
            "unknown function `first(Scan)`",
        ),
        (
            "people == people",
            "`==` does not take a `Scan` and a `Scan`",
        ),
        (
            "people[0]",
            "a value of type `Scan` has no index of type `int`",
        ),
        ("people.len", "unknown property `len` of type `Scan`"),
    ] {
        scan(&format!("print({expression});"))
            .exits(1)
            .says(&format!("error: {problem}\n --> script.rhai:2:"))
            .says(HINT);
    }
    scan("[].append(people);")
        .exits(1)
        .says("error: no function takes `append(array, Scan)`\n --> script.rhai:2:")
        .says(HINT);
    scan("print_table(people, 5);")
        .exits(1)
        .says("error: `print_table` takes `array` for `columns`, not `int`")
        .says("hint: available: `print_table(rows)`, `print_table(rows, columns)`");
}

#[test]
fn a_value_that_is_not_a_list_is_rejected() {
    for (call, found) in [
        ("print_table(\"people.csv\")", "string"),
        ("count_by(#{ a: 1 }, \"a\")", "map"),
        ("count_by(1, |row| row)", "int"),
        ("write_csv(\"out.csv\", ())", "()"),
    ] {
        scan(&format!("{call};"))
            .exits(1)
            .says(&format!("error: a list is needed, not `{found}`"))
            .says(" --> script.rhai:2:1");
    }
}

#[test]
fn a_row_is_a_json_object_in_file_order() {
    let columns = ["zeta", "alpha", "empty"].map(str::to_owned).to_vec();
    let header = Header::new("people.csv".into(), columns).into();
    let mut row = Row::new(header, 2, ["\"quoted\"", "李"], &mut Vec::new());
    row.set("added", "007");
    assert_eq!(
        serde_json::to_string(&row).unwrap(),
        r#"{"zeta":"\"quoted\"","alpha":"李","empty":"","added":"007"}"#
    );
}
