//! `repl` without a terminal: `-e`, and inputs from a pipe.

use crate::stub::{Stub, default_reply};
use crate::support::{Project, Ran, SECRET};

const PEOPLE: &str = "email,name,team\nann@example.com,Ann Lee,design\nbob@example.com,,sales\n";

/// Evaluates `expressions` against the sandbox.
fn evaluate(project: &Project, expressions: &[&str]) -> Ran {
    let mut arguments = vec!["repl", "--sandbox"];
    for expression in expressions {
        arguments.extend(["-e", expression]);
    }
    project.run(&arguments)
}

/// Pipes `input` into a session with the sandbox.
fn pipe(project: &Project, input: &str) -> Ran {
    std::fs::write(project.path().join("input.txt"), input).unwrap();
    project.shell("gradient-bulk repl --sandbox < input.txt")
}

#[test]
fn an_expression_is_evaluated_and_printed() {
    evaluate(&Project::new(), &["6 * 7"])
        .succeeds()
        .prints("42\n")
        .reports("");
}

#[test]
fn control_characters_are_printed_as_escapes() {
    evaluate(&Project::new(), &["\"a b\"", r#""\x1b[31mred""#])
        .succeeds()
        .prints("a b\n\\u{1b}[31mred\n");
}

#[test]
fn expressions_share_variables_functions_and_the_last_result() {
    let expressions = ["let a = 20", "fn twice(x) { x * 2 }", "twice(a)", "it + 2"];
    evaluate(&Project::new(), &expressions)
        .succeeds()
        .prints("40\n42\n");
}

#[test]
fn rows_are_printed_as_a_table_and_one_row_as_a_list() {
    let project = Project::new().file("people.csv", PEOPLE);
    evaluate(&project, &["read_csv(\"people.csv\")", "it[0]"])
        .succeeds()
        .shows("│ ann@example.com ┆ Ann Lee ┆ design │\n")
        .shows("email  ann@example.com\nname   Ann Lee\nteam   design\n");
}

#[test]
fn json_prints_one_line_per_expression() {
    let project = Project::new().file("people.csv", PEOPLE);
    let expressions = [
        "-e",
        "read_csv(\"people.csv\")[0]",
        "-e",
        "print(\"shown\")",
        "-e",
        "#{ a: 1.5, b: () }",
    ];
    project
        .run(&[&["repl", "--sandbox", "--json"], &expressions[..]].concat())
        .succeeds()
        .prints("{\"email\":\"ann@example.com\",\"name\":\"Ann Lee\",\"team\":\"design\"}\nnull\n{\"a\":1.5,\"b\":null}\n")
        .says("shown\n");
}

#[test]
fn with_json_the_output_of_a_command_goes_to_standard_error() {
    Project::new()
        .run(&[
            "repl",
            "--sandbox",
            "--json",
            "-e",
            ":help score_all",
            "-e",
            "1 + 1",
        ])
        .succeeds()
        .prints("2\n")
        .says("Scores the sessions of a list that have no score");
}

#[test]
fn the_first_error_ends_the_session_with_its_status() {
    let ran = pipe(
        &Project::new(),
        "print(1);\nlet x = \"a\".nope;\nprint(\"later\");\n",
    );
    ran.exits(1)
        .prints("1\n")
        .says("--> input 2:1:13")
        .never_says("later");
}

#[test]
fn exit_sets_the_exit_status() {
    evaluate(&Project::new(), &["exit(7)", "print(\"later\")"])
        .exits(7)
        .never_says("later");
    pipe(&Project::new(), "exit(8)\nprint(\"later\")\n")
        .exits(8)
        .never_says("later");
}

#[test]
fn a_refused_plan_is_status_5_and_ends_the_session() {
    evaluate(&Project::new(), &["invite_all([\"nobody\"])", "1"])
        .exits(5)
        .prints("")
        .says("not an email address");
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_the_expression_and_those_after_it() {
    let project = Project::new();
    let expressions = ["print(\"ready\")", "loop {}", "print(\"later\")"];
    let expressions = expressions.map(|expression| ["-e", expression]).concat();
    let mut running = project.start(&[&["repl", "--sandbox"], &expressions[..]].concat());
    running.wait_for("ready");
    running.signal("INT");
    running
        .finish()
        .exits(130)
        .reports("interrupted\n")
        .never_says("later");
}

#[test]
fn piped_inputs_can_span_several_lines() {
    let input =
        "fn add(a, b) {\n    a +\n    b\n}\nlet f = |x|\n  add(x,\n  1);\nf.call(41)\n`a\nb`\n";
    pipe(&Project::new(), input).succeeds().prints("42\na\nb\n");
}

#[test]
fn commands_work_in_a_pipe_without_a_prompt() {
    pipe(
        &Project::new(),
        "let a = 5;\n:type a\n:quit\nprint(\"later\")\n",
    )
    .succeeds()
    .prints("int\n")
    .reports("");
}

#[test]
fn an_incomplete_last_input_is_an_error() {
    pipe(&Project::new(), "1\nfn f( {\n")
        .exits(1)
        .prints("1\n")
        .says("error: expected `)` to close the parameters list of function 'f'\n --> input 2:1:7");
}

#[test]
fn an_error_in_a_function_names_the_input_that_defined_it() {
    let inputs = [
        "fn f(x) {\n    x.nope\n}",
        "fn f(x, y) { x + y }",
        "let g = |x| f(x);",
        "g.call(1)",
    ];
    evaluate(&Project::new(), &inputs)
        .exits(1)
        .says("--> input 1:2:7")
        .says("2 |     x.nope\n")
        .says("in `f`, called at input 3:1")
        .says("in `closure`, called at input 4:1");
}

#[test]
fn closures_and_functions_of_earlier_inputs_work_in_invite_all() {
    let project = Project::new().file("people.csv", PEOPLE);
    let inputs = [
        "let days = 5",
        "fn shown(row) { if row.name == \"\" { \"Unknown Person\" } else { row.name } }",
        "let request = |row| #{ email: row.email, name: shown(row), due_date: today().plus_days(days) }",
        "let outcome = invite_all(read_csv(\"people.csv\"), request);",
        "outcome.results().to_array().map(|row| row.name)",
        "outcome",
    ];
    evaluate(&project, &inputs).succeeds().prints(
        "[\"Ann Lee\", \"Unknown Person\"]\nrun 1: 2 rows: 2 created, 0 existing, 0 failed\n",
    );
}

#[test]
fn an_error_in_a_closure_names_the_input_that_defined_it() {
    let project = Project::new().file("people.csv", PEOPLE);
    let inputs = [
        "let request = |row|\n    #{ email: row.mail };",
        "invite_all(read_csv(\"people.csv\"), request)",
    ];
    evaluate(&project, &inputs)
        .exits(1)
        .says("--> input 1:2:19")
        .says("did you mean `row.email`?");
}

#[test]
fn imports_last_for_the_session() {
    let project = Project::new().file("lib/math.rhai", "fn twice(x) { x * 2 }\n");
    let inputs = [
        "import \"lib/math\" as math",
        "fn four(x) { math::twice(math::twice(x)) }",
        "four(10)",
    ];
    evaluate(&project, &inputs).succeeds().prints("40\n");
}

#[test]
fn a_script_with_arguments_can_be_run_first() {
    let project = Project::new().file(
        "start.rhai",
        "let word = arg(\"word\", \"A word\");\nlet times = arg(\"times\", \"How often\", 2);\nfn loud(text) { text.to_upper() }\n",
    );
    project
        .run(&[
            "repl",
            "--sandbox",
            "-e",
            "loud(word) + times",
            "start.rhai",
            "hey",
            "--times",
            "3",
        ])
        .succeeds()
        .prints("HEY3\n");
    project
        .run(&["repl", "--sandbox", "-e", "1", "start.rhai"])
        .exits(2)
        .says("<WORD>");
}

#[test]
fn an_input_has_no_arguments() {
    evaluate(&Project::new(), &["let file = arg(\"file\", \"A file\")"])
        .exits(1)
        .says("`file` is not an argument of this script")
        .says("hint: the prompt takes no arguments");
}

#[test]
fn an_invisible_variable_in_a_function_is_explained() {
    evaluate(
        &Project::new(),
        &["let days = 5", "fn late() { days }", "late()"],
    )
    .exits(1)
    .says("a function `fn` cannot see variables outside it: pass `days`");
    evaluate(&Project::new(), &["let deadline = 5", "deadlin + 1"])
        .exits(1)
        .says("did you mean `deadline`?");
}

#[test]
fn without_a_terminal_sending_requires_yes() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    let invite = "invite(\"ann@example.com\", \"Ann Lee\").outcome";
    project
        .run(&["repl", "-e", invite])
        .exits(6)
        .says("not confirmed")
        .never_says(SECRET);
    assert!(stub.invites().is_empty());
    project
        .run(&["repl", "--yes", "-e", invite])
        .succeeds()
        .prints("created\n");
    assert_eq!(stub.invited_emails(), ["ann@example.com"]);
}

/// Standard input is where the inputs come from.
#[test]
fn a_script_cannot_read_standard_input_as_a_file() {
    pipe(&Project::new(), "read_lines(\"-\")\njane@example.com\n")
        .exits(1)
        .says("standard input");
}

#[test]
fn save_ends_a_statement_after_its_comment() {
    let project = Project::new();
    evaluate(
        &project,
        &["let a = 1 // note", "print(a)", ":save out.rhai"],
    )
    .succeeds();
    project.run(&["check", "out.rhai"]).succeeds();
}
