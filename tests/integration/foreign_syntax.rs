//! Syntax of Python and JavaScript, and the hint that shows how to write it in Rhai.

use crate::support::Project;

/// Checks `script` and expects `hint` at `column` of its first line.
#[track_caller]
fn hints(script: &str, column: usize, hint: &str) {
    Project::new()
        .file("script.rhai", script)
        .run(&["check", "script.rhai"])
        .exits(1)
        .shows(&format!("--> script.rhai:1:{column}\n"))
        .shows(&format!("= hint: {hint}\n"));
}

#[test]
fn operators_of_other_languages_get_a_hint() {
    hints(
        "let x = 1 > 2 ? 1 : 2;",
        15,
        "there is no `x ? a : b`: write `if x { a } else { b }`",
    );
    hints("let n = 1; n++;", 13, "write `n += 1`");
    hints("let n = 1; --n;", 12, "write `n -= 1`");
    hints("print(1 === 1);", 9, "write `==`");
    hints("print(1 !== 1);", 9, "write `!=`");
    hints(
        "let f = x => x + 1;",
        11,
        "write an anonymous function as `|x| x + 1`",
    );
    hints("# a comment", 1, "a comment starts with `//`");
}

#[test]
fn keywords_of_other_languages_get_a_hint() {
    let nothing =
        "the empty value is `()`: compare with `x == ()`, or write `x ?? 5` for a default";
    for word in ["null", "None", "undefined", "nil"] {
        hints(&format!("print({word});"), 7, nothing);
    }
    hints("print(True);", 7, "write `true`");
    hints("if true and false { }", 9, "write `&&` instead of `and`");
    hints("if true or false { }", 9, "write `||` instead of `or`");
    hints("print(not true);", 11, "write `!x` instead of `not x`");
    hints("if true { } elif false { }", 18, "write `else if`");
    hints("var x = 1;", 1, "declare a variable with `let`");
    hints(
        "x = 1;",
        1,
        "declare a new variable with `let`: `let x = …`",
    );
    hints(
        "def f(x) { x }",
        5,
        "a function starts with `fn`: `fn deadline(row) { … }`",
    );
}

#[test]
fn foreign_texts_maps_blocks_and_loops_get_a_hint() {
    hints(
        "print('hello');",
        7,
        "put text in double quotes: `\"…\"`; single quotes are for one character",
    );
    hints(
        "print(f\"hello {x}\");",
        8,
        "to insert values, put the text between backticks: `` `Dear ${name}` ``",
    );
    hints(
        "let map = { name: 5 };",
        17,
        "a map starts with `#`: `#{ name: \"Jane\" }`",
    );
    hints(
        "let map = {\"name\": 5};",
        18,
        "a map starts with `#`: `#{ name: \"Jane\" }`",
    );
    hints(
        "if 1 == 1: print(1)",
        10,
        "put blocks in braces: `if x { … } else { … }`",
    );
    let list = "write a loop over a list as `for item in list { … }`";
    hints("for (const x of [1]) { print(x); }", 6, list);
    hints("for x of [1] { print(x); }", 7, list);
    hints(
        "for (let i = 0; i < 3; i += 1) { }",
        6,
        "write a counting loop as `for i in 0..3 { … }`",
    );
}

#[test]
fn functions_of_other_languages_get_a_hint() {
    hints("print(str(5));", 7, "write `x.to_string()`");
    hints(
        "let n = parseInt(\"5\");\nprint(n);",
        9,
        "write `parse_int(text)`",
    );
    hints("console.log(\"hello\");", 1, "write `print(x)`");
}

#[test]
fn a_column_may_be_named_like_a_keyword() {
    hints(
        "let row = #{}; print(row.new);",
        26,
        "for a column or key of that name, write `row[\"new\"]`",
    );
}

#[test]
fn a_script_that_ends_too_early_is_marked_at_its_end() {
    hints("let days = 1 +\n\n", 14, "write a value after `+`");
    let project = Project::new();
    project
        .run(&["repl", "--sandbox", "-e", "1 +"])
        .exits(1)
        .says("error: the script ends too early")
        .says("1 | 1 +\n  |   ^\n")
        .says("hint: write a value after `+`");
}

#[test]
fn an_assignment_as_condition_and_a_bare_map_get_a_hint() {
    let compares = "`==` compares; a single `=` assigns";
    hints("let a = 1; if a = 2 { print(a); }", 17, compares);
    let map = "a map starts with `#`: `#{ name: \"Jane\" }`";
    hints("let f = |row| { email: row.email, name: 1 };", 22, map);
    let ran = Project::new()
        .file("script.rhai", "let f = |row| {\n  email: row.email,\n};\n")
        .run(&["check", "script.rhai"])
        .exits(1)
        .shows(&format!("= hint: {map}\n"));
    assert!(!ran.stdout.contains("end the line"), "{}", ran.stdout);
    hints(
        "class A { }",
        7,
        "there are no classes: use a map such as `#{ name: \"Jane\" }`",
    );
}

#[test]
fn calculating_with_a_time_or_a_text_gets_a_hint() {
    let project = Project::new();
    project
        .run(&["repl", "--sandbox", "-e", "today() + 5"])
        .exits(1)
        .says("time.plus_days(5)");
    project
        .run(&["repl", "--sandbox", "-e", "\"a\" * 2"])
        .exits(1)
        .says("turn the text into a number");
    let ran = project
        .run(&["repl", "--sandbox", "-e", "[1] * 2"])
        .exits(1);
    assert!(!ran.stderr.contains("hint"), "{}", ran.stderr);
}

#[test]
fn short_names_get_no_suggestion() {
    for script in [
        "print(env(\"HOME\"));",
        "let o = #{}; o.foo();",
        "print(f(2));",
    ] {
        let ran = Project::new()
            .file("script.rhai", script)
            .run(&["check", "script.rhai"])
            .exits(1);
        assert!(!ran.stdout.contains("did you mean"), "{}", ran.stdout);
    }
}
