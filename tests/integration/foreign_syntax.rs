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
fn brackets_of_other_languages_get_a_hint() {
    let part = "a part of a list is `list.extract(0..2)`, and a part of a text `text.sub_string(0..2)`: from the first position to before the second";
    hints("let l = [1]; print(l[0:2]);", 23, part);
    hints("let t = (1, 2);", 11, "a list is in brackets: `[1, 2]`");
    hints(
        "let l = [x * 2 for x in [1]];",
        16,
        "write `list.map(|x| x * 2)`, and `list.filter(|x| x > 1)` to choose items",
    );
    hints(
        "fn f(a, b = 2) { a + b }",
        11,
        "parameters have no defaults: define another function with fewer parameters that calls this one",
    );
    hints(
        "print(format_number(1.5, digits=2));",
        32,
        "arguments have no names: pass them in order, or if it takes options, in a map: `#{ days: 5 }`",
    );
    hints("let m = #{ a: 1, a: 2 };", 18, "remove one of them");
    hints(
        "let n = try { 1 } catch { 2 };",
        9,
        "`try` has no value: declare a variable before it, `let n = 0; try { n = … } catch { n = 1; }`",
    );
    hints(
        "print(switch 1 { _ if true => 2 });",
        20,
        "put the condition behind it: `_ => if n > 5 { a } else { b }`",
    );
    hints("let n = (); n ??= 5;", 17, "write `x = x ?? 5`");
    hints(
        "for [a, b] in [[1, 2]] { print(a); }",
        5,
        "take the parts in the loop: `for pair in list { … pair[0] … }`, or of a map, `for entry in map.entries() { … entry.key … entry.value … }`",
    );
    hints(
        "let a = [...[1], 2];",
        11,
        "join lists with `+`: `[1, 2] + others`, and maps too: `#{ a: 1 } + others`",
    );
    hints(
        "print(\"a\".matches(/a/));",
        19,
        "write `text.matches(regex(\"…\"))`",
    );
}

#[test]
fn functions_of_other_languages_that_look_like_ours_are_not_taken_for_them() {
    let part = "a part of a list is `list.extract(0..2)`, and a part of a text `text.sub_string(0..2)`: from the first position to before the second";
    for call in ["slice(1, 2)", "substring(1, 2)", "substr(1, 2)"] {
        hints(&format!("print(\"abc\".{call});"), 13, part);
    }
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
