//! Habits of Python and JavaScript: what somebody wrote, and the hint that says how it is written here.

use crate::support::Project;

/// Checks `script` and expects this hint, at `column` of its line.
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
fn operators_of_other_languages_are_known() {
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
        "a function without a name is `|x| x + 1`",
    );
    hints("# a comment", 1, "a comment begins with `//`");
}

#[test]
fn words_of_other_languages_are_known() {
    let nothing = "nothing is `()`: write `x == ()`, or `x ?? 5` for a value in its place";
    for word in ["null", "None", "undefined", "nil"] {
        hints(&format!("print({word});"), 7, nothing);
    }
    hints("print(True);", 7, "write `true`");
    hints("if true and false { }", 9, "write `&&` for \"and\"");
    hints("if true or false { }", 9, "write `||` for \"or\"");
    hints("print(not true);", 11, "write `!x` for \"not x\"");
    hints("if true { } elif false { }", 18, "write `else if`");
    hints("var x = 1;", 1, "a variable begins with `let`");
    hints("x = 1;", 1, "a new variable begins with `let`: `let x = …`");
    hints(
        "def f(x) { x }",
        5,
        "a function begins with `fn`: `fn deadline(row) { … }`",
    );
}

#[test]
fn texts_maps_blocks_and_loops_are_known() {
    hints(
        "print('hello');",
        7,
        "a text stands in double quotes: `\"…\"`; single ones are for one character",
    );
    hints(
        "print(f\"hello {x}\");",
        8,
        "values stand in a text between backticks, each as `${name}`",
    );
    hints(
        "let map = { name: 5 };",
        17,
        "a map begins with `#`: `#{ name: \"Jane\" }`",
    );
    hints(
        "let map = {\"name\": 5};",
        18,
        "a map begins with `#`: `#{ name: \"Jane\" }`",
    );
    hints(
        "if 1 == 1: print(1)",
        10,
        "a block stands in braces: `if x { … } else { … }`",
    );
    let list = "a loop over a list is `for item in list { … }`";
    hints("for (const x of [1]) { print(x); }", 6, list);
    hints("for x of [1] { print(x); }", 7, list);
    hints(
        "for (let i = 0; i < 3; i += 1) { }",
        6,
        "a loop that counts is `for i in 0..3 { … }`",
    );
}

#[test]
fn functions_of_other_languages_are_known() {
    hints("print(str(5));", 7, "write `x.to_string()`");
    hints(
        "let n = parseInt(\"5\");\nprint(n);",
        9,
        "write `parse_int(text)`",
    );
    hints("console.log(\"hello\");", 1, "`print(x)` shows a value");
}

#[test]
fn a_column_may_have_the_name_of_a_word() {
    hints(
        "let row = #{}; print(row.new);",
        26,
        "for a column or key of that name, write `row[\"new\"]`",
    );
}

#[test]
fn what_is_missing_at_the_end_is_shown_at_the_end() {
    hints("let days = 1 +\n\n", 14, "a value is expected behind `+`");
    let project = Project::new();
    project
        .run(&["repl", "--sandbox", "-e", "1 +"])
        .exits(1)
        .says("error: the text ends where more is expected")
        .says("1 | 1 +\n  |   ^\n")
        .says("hint: a value is expected behind `+`");
}

#[test]
fn one_sign_of_equality_does_not_compare_and_a_map_begins_with_a_hash() {
    let compares = "`==` compares; a single `=` assigns";
    hints("let a = 1; if a = 2 { print(a); }", 17, compares);
    let map = "a map begins with `#`: `#{ name: \"Jane\" }`";
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
        "there are no classes: what belongs together is a map, `#{ name: \"Jane\" }`",
    );
}

#[test]
fn a_number_added_to_a_time_is_told_how_and_no_list_of_operators_is_shown() {
    let project = Project::new();
    project
        .run(&["repl", "--sandbox", "-e", "today() + 5"])
        .exits(1)
        .says("time.plus_days(5)");
    let ran = project
        .run(&["repl", "--sandbox", "-e", "\"a\" * 2"])
        .exits(1);
    assert!(!ran.stderr.contains("hint"), "{}", ran.stderr);
}

#[test]
fn short_names_are_not_said_to_be_like_others() {
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
