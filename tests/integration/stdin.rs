//! `-`: standard input as a file.

use crate::support::Project;

const PEOPLE: &str = "name;email\nZoë;zoe@example.com\nBo;bo@example.com\n";

/// A project with this script and a list to pipe into it.
fn with_script(script: &str) -> Project {
    Project::new()
        .file("people.csv", PEOPLE)
        .file("script.rhai", script)
}

#[test]
fn every_reading_function_takes_standard_input() {
    for (script, printed) in [
        (
            "for row in read_csv(\"-\") { print(`${row.file()} ${row.line()} ${row.name}`); }",
            "standard input 2 Zoë\nstandard input 3 Bo\n",
        ),
        (
            "let people = scan_csv(\"-\", #{ delimiter: \"|\" });\nprint(people);\nprint(count_by(people, \"name;email\").len());",
            "scan of standard input (name;email)\n2\n",
        ),
        (
            "print(read_lines(\"-\"));",
            "[\"name;email\", \"Zoë;zoe@example.com\", \"Bo;bo@example.com\"]\n",
        ),
    ] {
        with_script(script)
            .shell("cat people.csv | gradient-bulk run script.rhai")
            .succeeds()
            .prints(printed);
    }
    with_script("print(read_json(\"-\").rules[0]);")
        .shell("echo '{\"rules\": [7]}' | gradient-bulk run script.rhai")
        .succeeds()
        .prints("7\n");
}

#[test]
fn messages_call_it_standard_input() {
    for (script, problem) in [
        (
            "read_csv(\"-\", #{ columns: [\"team\"] });",
            "`standard input` line 1: there is no column `team`",
        ),
        ("read_json(\"-\");", "`standard input` is not JSON: "),
        (
            "read_xlsx(\"-\");",
            "cannot read `standard input` as a workbook: it is not an .xlsx file",
        ),
    ] {
        with_script(script)
            .shell("cat people.csv | gradient-bulk run script.rhai")
            .exits(1)
            .says(&format!("error: {problem}"));
    }
}

#[test]
fn standard_input_can_be_read_once() {
    for script in [
        "read_csv(\"-\");\nread_csv(\"-\");",
        "let people = scan_csv(\"-\");\nfor pass in 0..2 { count_by(people, \"name\"); }",
        "read_lines(\"-\");\nread_json(\"-\");",
    ] {
        with_script(script)
            .shell("cat people.csv | gradient-bulk run script.rhai")
            .exits(1)
            .says("error: `standard input` was already read\n --> script.rhai:2:")
            .says(
                "hint: it can only be read once: keep what `read_csv(\"-\")` returns in a variable",
            );
    }
}

#[test]
fn a_shipped_script_reads_a_pipe() {
    with_script("")
        .shell("cat people.csv | gradient-bulk run --sandbox invite_csv -")
        .succeeds()
        .prints("created 2, existing 0, failed 0\n")
        .says("2 to invite to `Senior PM Assessment` at the sandbox, from standard input\n")
        .says("  line 2: Zoë <zoe@example.com>\n");
}
