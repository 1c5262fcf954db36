//! Comparisons of values whose types are only known when a script runs.

use crate::support::{Project, Ran};

/// A function that gets both operands compares them.
fn compare(operator: &str, left: &str, right: &str) -> Ran {
    let script =
        format!("fn compared(a, b) {{ a {operator} b }}\nprint(compared({left}, {right}));\n");
    Project::new().rhai(&[], &script)
}

#[test]
fn a_value_is_not_looked_for_among_others_that_it_never_equals() {
    let find = |value: &str, list: &str| {
        let script = format!("fn find(x, list) {{ x in list }}\nprint(find({value}, {list}));\n");
        Project::new().rhai(&[], &script)
    };
    find("\"80\"", "[80, 65]")
        .exits(1)
        .says("error: `in` cannot compare a `string` with an `int`\n --> script.rhai:1:")
        .says("hint: turn the text into a number: `parse_int(text)`\n");
    find("today()", "[\"2030-02-01\"]")
        .exits(1)
        .says("`datetime(text)`");
    for (value, list, is_in) in [
        ("\"80\"", "[80, \"80\"]", true),
        ("\"80\"", "[80, \"65\"]", false),
        ("\"80\"", "[]", false),
        ("\"80\"", "[()]", false),
        ("()", "[80]", false),
        ("()", "[80, ()]", true),
        ("80", "[80.0]", true),
        ("\"a\"", "['a']", true),
        ("[1]", "[[1]]", true),
        ("#{ a: 1 }", "[#{ a: 1 }]", true),
        ("today()", "[today()]", true),
    ] {
        find(value, list).succeeds().prints(&format!("{is_in}\n"));
    }
}

#[test]
fn different_types_do_not_compare() {
    for (operator, left, right, error, hint) in [
        (
            "<",
            "\"5\"",
            "70",
            "`<` cannot compare a `string` with an `int`",
            "parse_int(text)",
        ),
        (
            "==",
            "70.5",
            "\"5\"",
            "`==` cannot compare a `float` with a `string`",
            "parse_float(text)",
        ),
        (
            ">=",
            "now()",
            "\"2027-01-01\"",
            "`>=` cannot compare a `DateTime` with a `string`",
            "datetime(text)",
        ),
        (
            "!=",
            "\"yes\"",
            "true",
            "`!=` cannot compare a `string` with a `bool`",
            "compare with a text",
        ),
        (
            "==",
            "()",
            "\"x\"",
            "`==` cannot compare the empty value `()` with a `string`",
            "`x ?? \"\"`",
        ),
        (
            "<",
            "5",
            "()",
            "`<` cannot compare an `int` with the empty value `()`",
            "`x ?? 0`",
        ),
        (
            "==",
            "[1]",
            "1",
            "`==` cannot compare an `array` with an `int`",
            "",
        ),
    ] {
        compare(operator, left, right)
            .exits(1)
            .says(&format!("error: {error}\n --> script.rhai:1:23"))
            .says(hint);
    }
}

#[test]
fn values_of_the_same_kind_compare() {
    for (operator, left, right, result) in [
        ("<", "1", "2.5", true),
        ("==", "1", "1.0", true),
        ("==", "'a'", "\"a\"", true),
        (">=", "\"b\"", "\"a\"", true),
        ("!=", "()", "()", false),
        ("==", "[1, \"2\"]", "[1, \"2\"]", true),
        ("==", "#{ a: 1 }", "#{ a: 1 }", true),
        ("<", "today()", "now()", true),
        ("<=", "true", "false", false),
    ] {
        compare(operator, left, right)
            .succeeds()
            .prints(&format!("{result}\n"));
    }
}

#[test]
fn the_test_for_a_missing_value_and_the_search_in_a_list_remain() {
    let script = r#"fn is_missing(x) { x == () }
print(is_missing("a"));
print(is_missing(()));
print([1, "2", ()].contains("2"));
print("2" in [1, "2"]);
fn word(x) { switch x { 1 => "number", "1" => "text", _ => "else" } }
print(word("1"));
fn both(a, b) { a < b && a != b || a == b }
print(both(1, 2));
"#;
    Project::new()
        .rhai(&[], script)
        .succeeds()
        .prints("false\ntrue\ntrue\ntrue\ntext\ntrue\n");
}

#[test]
fn a_mistake_in_a_comparison_is_reported_once_and_not_for_each_row() {
    let script = r#"let people = [#{ email: "a@example.com", score: "5" }, #{ email: "b@example.com", score: "6" }];
print(invite_all(people, |p| if p.score < 70 { skip("few") } else { p.email }));
"#;
    Project::new()
        .rehearse(script)
        .exits(1)
        .says("error: `<` cannot compare a `string` with an `int`\n --> script.rhai:2:41");
}

#[test]
fn an_imported_script_and_the_prompt_compare_in_the_same_way() {
    Project::new()
        .file("rules.rhai", "fn few(x) { x < 5 }\n")
        .rhai(
            &[],
            "import \"rules\" as rules;\nprint(rules::few(\"4\"));\n",
        )
        .exits(1)
        .says("error: `<` cannot compare a `string` with an `int`\n --> rules.rhai:1:15");
    Project::new()
        .run(&["repl", "--sandbox", "-e", "fn few(x) { x < 5 } few(\"4\")"])
        .exits(1)
        .says("`<` cannot compare a `string` with an `int`");
}
