//! `repl` with nobody at a terminal: `-e`, and inputs from a pipe.

use crate::stub::{Stub, default_reply};
use crate::support::{Project, Ran, SECRET};

const PEOPLE: &str = "email,name,team\nann@example.com,Ann Lee,design\nbob@example.com,,sales\n";

/// Evaluates each of `expressions` against the sandbox.
fn evaluate(project: &Project, expressions: &[&str]) -> Ran {
    let mut arguments = vec!["repl", "--sandbox"];
    for expression in expressions {
        arguments.extend(["-e", expression]);
    }
    project.run(&arguments)
}

/// Feeds `input` to a session with the sandbox.
fn feed(project: &Project, input: &str) -> Ran {
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
fn a_text_is_printed_as_it_is_but_for_control_characters() {
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
fn rows_are_printed_as_a_table_and_a_row_as_its_columns() {
    let project = Project::new().file("people.csv", PEOPLE);
    evaluate(&project, &["read_csv(\"people.csv\")", "it[0]"])
        .succeeds()
        .shows("│ ann@example.com ┆ Ann Lee ┆ design │\n")
        .shows("email  ann@example.com\nname   Ann Lee\nteam   design\n");
}

#[test]
fn json_is_one_line_for_each_expression() {
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
fn with_json_what_a_command_has_to_say_is_no_result() {
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
        .says("Scores all sessions of a list that have no score");
}

#[test]
fn the_first_error_ends_with_its_status_and_nothing_after_it_runs() {
    let ran = feed(
        &Project::new(),
        "print(1);\nlet x = \"a\".nope;\nprint(\"later\");\n",
    );
    ran.exits(1)
        .prints("1\n")
        .says("--> input 2:1:13")
        .never_says("later");
}

#[test]
fn an_exit_status_is_taken_over() {
    evaluate(&Project::new(), &["exit(7)", "print(\"later\")"])
        .exits(7)
        .never_says("later");
    feed(&Project::new(), "exit(8)\nprint(\"later\")\n")
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
fn ctrl_c_ends_an_expression_and_all_that_would_follow() {
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
fn piped_inputs_may_take_several_lines() {
    let input =
        "fn add(a, b) {\n    a +\n    b\n}\nlet f = |x|\n  add(x,\n  1);\nf.call(41)\n`a\nb`\n";
    feed(&Project::new(), input).succeeds().prints("42\na\nb\n");
}

#[test]
fn no_prompt_is_shown_in_a_pipe_and_commands_work() {
    feed(
        &Project::new(),
        "let a = 5;\n:type a\n:quit\nprint(\"later\")\n",
    )
    .succeeds()
    .prints("int\n")
    .reports("");
}

#[test]
fn an_input_that_never_ends_is_an_error() {
    feed(&Project::new(), "1\nfn f( {\n")
        .exits(1)
        .prints("1\n")
        .says("error: expected `)` to close the parameters list of function 'f'\n --> input 2:1:7");
}

#[test]
fn an_error_in_a_function_shows_the_input_it_stands_in() {
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
fn an_error_in_a_closure_that_invite_all_calls_shows_where_it_was_entered() {
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
fn what_was_imported_stays() {
    let project = Project::new().file("lib/math.rhai", "fn twice(x) { x * 2 }\n");
    let inputs = [
        "import \"lib/math\" as math",
        "fn four(x) { math::twice(math::twice(x)) }",
        "four(10)",
    ];
    evaluate(&project, &inputs).succeeds().prints("40\n");
}

#[test]
fn a_script_is_run_first_with_its_arguments() {
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
        .says("`file` is no argument of this script")
        .says("hint: the prompt takes no arguments");
}

#[test]
fn a_variable_that_a_function_cannot_see_is_explained() {
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
fn without_a_terminal_nothing_is_sent_unless_that_was_agreed_to() {
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

/// What comes by the pipe is the inputs.
#[test]
fn a_pipe_of_inputs_is_no_file() {
    feed(&Project::new(), "read_lines(\"-\")\njane@example.com\n")
        .exits(1)
        .says("standard input");
}

#[test]
fn a_saved_session_ends_its_inputs_behind_comments_too() {
    let project = Project::new();
    evaluate(
        &project,
        &["let a = 1 // note", "print(a)", ":save out.rhai"],
    )
    .succeeds();
    project.run(&["check", "out.rhai"]).succeeds();
}
