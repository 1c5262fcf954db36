//! What `check` knows about types without a run: values that do not exist, comparisons that never hold, lost changes.

use crate::support::{Project, Ran};

fn check(script: &str) -> Ran {
    Project::new()
        .file("script.rhai", script)
        .run(&["check", "script.rhai"])
}

#[track_caller]
fn passes(script: &str) {
    let ran = check(script).succeeds().reports("no mistakes found\n");
    assert_eq!(ran.stdout, "", "{script}");
}

/// `check` finds this error, and nothing else.
#[track_caller]
fn fails(script: &str, error: &str, hint: &str) {
    check(script)
        .exits(1)
        .shows(&format!("error: {error}\n"))
        .shows(&format!("= hint: {hint}\n"))
        .reports("1 error\n");
}

#[track_caller]
fn warns(script: &str, warning: &str, hint: &str) {
    check(script)
        .succeeds()
        .shows(&format!("warning: {warning}\n"))
        .shows(&format!("= hint: {hint}\n"));
}

#[test]
fn a_function_without_a_value_is_found_in_every_form() {
    let forms = [
        "let b = a.replace(\"x\", \"y\"); print(b);",
        "print(#{ name: a.pad(9, \" \") });",
        "print([a.trim()]);",
        "print(`Dear ${a.trim()}`);",
        "if a.trim() == \"\" { print(1); }",
        "print(a.trim() ?? \"y\");",
        "print(a.trim().len());",
        "print(a + a.trim());",
        "fn f(a) { return a.trim(); } print(f(a));",
        "print([a].map(|x| x.trim()));",
        "print([a].filter(|x| { x.crop(1) }));",
        "print([a].map(|x| { return x.make_upper(); }));",
        "for x in [a].reverse() { print(x); }",
        "switch a.make_lower() { \"a\" => print(1), _ => print(2) }",
        "let n = if a == \"\" { 1 } else { a.truncate(1) }; print(n);",
        "throw a.trim();",
    ];
    for form in forms {
        check(&format!("let a = \"x\";\n{form}\n"))
            .exits(1)
            .shows("changes the value in place and returns nothing that could be used here")
            .reports("1 error\n");
    }
}

#[test]
fn the_type_of_a_value_decides_whether_a_function_has_a_value() {
    fails(
        "let row = read_csv(\"people.csv\")[0];\nlet n = row.name.remove(\"x\");\nprint(n);",
        "`remove` changes the value in place and returns nothing that could be used here",
        "change a variable first: `let value = …; value.remove(…);`, and use `value` here",
    );
    passes("let map = #{ a: 1 };\nprint(map.remove(\"a\"));");
    passes("fn f(x) { x.remove(\"a\") }\nprint(f(#{ a: 1 }));");
}

#[test]
fn a_function_of_the_program_may_have_no_value_either() {
    fails(
        "let n = write_csv(\"a.csv\", []);\nprint(n);",
        "`write_csv` returns nothing that could be used here",
        "call `write_csv(…);` as a statement of its own",
    );
    fails(
        "let shown = print(\"a\");\nprint(shown);",
        "`print` returns nothing that could be used here",
        "call `print(…);` as a statement of its own",
    );
    passes("fn usage() { return print(\"usage\"); }\nusage();");
    passes("[1, 2].for_each(|n| print(n));\nfn say(x) { print(x) }\nsay(1);");
    passes("[1, 2].map(|n| print(n));");
}

#[test]
fn a_text_and_a_number_never_compare() {
    let rows = "let rows = read_csv(\"people.csv\");\n";
    let error = "`<` cannot compare a `string` with an `int`";
    for use_of_rows in [
        "for row in rows { if row.score < 70 { print(1); } }",
        "print(rows.filter(|row| row.score < 70));",
        "print(invite_all(rows, |row| if row.score < 70 { skip(\"\") } else { row.email }));",
    ] {
        let script = format!("{rows}{use_of_rows}");
        fails(
            &script,
            error,
            "turn the text into a number: `parse_int(row.score)`",
        );
    }
    fails(
        &format!("{rows}print(rows.map(|row| row[\"score\"]).filter(|score| score < 70));"),
        error,
        "turn the text into a number: `parse_int(score)`",
    );
    fails(
        &format!(
            "let limit = arg(\"limit\", \"Points\", 70);\n{rows}print(rows[0].score == limit);"
        ),
        "`==` cannot compare a `string` with an `int`",
        "turn the text into a number: `parse_int(rows[0].score)`",
    );
    fails(
        "print(5 == \"5\");",
        "`==` cannot compare an `int` with a `string`",
        "write the number without quotes: `5`",
    );
}

#[test]
fn other_types_that_never_compare_get_their_own_hint() {
    let row = "for row in read_csv(\"people.csv\") {\n";
    fails(
        &format!("{row}if row.due < now() {{ print(1); }} }}"),
        "`<` cannot compare a `string` with a `DateTime`",
        "turn the text into a time: `datetime(row.due)`",
    );
    fails(
        &format!("{row}if row.active == true {{ print(1); }} }}"),
        "`==` cannot compare a `string` with a `bool`",
        "compare with a text: `row.active == \"true\"`",
    );
    fails(
        &format!("{row}if row.name < () {{ print(1); }} }}"),
        "`<` cannot compare a `string` with the empty value `()`",
        "to test for a missing value, write `x == ()` or `x != ()`",
    );
}

#[test]
fn values_that_compare_are_accepted() {
    for condition in [
        "row.name == ()",
        "() != row.get(\"team\")",
        "row.name < \"M\"",
        "row.name == 'M'",
        "parse_int(row.score) < 70.5",
        "datetime(row.due) < now()",
        "row.due == row.name",
        "row == row",
    ] {
        passes(&format!(
            "for row in read_csv(\"people.csv\") {{ if {condition} {{ print(1); }} }}"
        ));
    }
    // What gets another value later may have any type.
    passes("let x = 5;\nx = \"a\";\nprint(x == \"a\");");
    passes("fn f(row) { row.score < 70 }\nprint(f(#{ score: 1 }));");
}

#[test]
fn a_comparison_whose_error_is_caught_is_a_warning() {
    warns(
        "try { print(\"a\" < 5); } catch { print(2); }",
        "`<` cannot compare a `string` with an `int`",
        "turn the text into a number: `parse_int(\"a\")`",
    );
}

#[test]
fn a_condition_of_another_type_is_an_error() {
    let row = "for row in read_csv(\"people.csv\") {\n";
    fails(
        &format!("{row}if row.name {{ print(1); }} }}"),
        "`if` needs `true` or `false`, not a `string`",
        "write `row.name != \"\"`",
    );
    fails(
        &format!("{row}print(row.name || row.active == \"yes\"); }}"),
        "`||` needs `true` or `false`, not a `string`",
        "for a default, write `if row.name != \"\" { row.name } else { … }`",
    );
    fails(
        &format!("{row}if !row.name {{ print(1); }} }}"),
        "`!` needs `true` or `false`, not a `string`",
        "write `row.name == \"\"`",
    );
    fails(
        "let list = [1];\nif list.len() && true { print(1); }",
        "`&&` needs `true` or `false`, not an `int`",
        "write `list.len() != 0`",
    );
}

#[test]
fn a_change_of_a_copy_that_nothing_reads_is_a_warning() {
    let new_list = "make a new list: `let changed = rows.map(|row| { …; row });`";
    for change in [
        "row.name = title_case(row.name);",
        "row[\"name\"] = \"x\";",
        "row.name.trim();",
        "row = #{};",
    ] {
        warns(
            &format!(
                "let rows = read_csv(\"people.csv\");\nfor row in rows {{ {change} }}\nprint(rows);"
            ),
            "this change is lost: `row` is a copy of an item of `rows`",
            new_list,
        );
    }
    warns(
        "let list = [#{ a: 1 }];\nlet first = list[0];\nfirst.a = 2;\nprint(list);",
        "this change is lost: `first` is a copy of the value",
        "change the value where it is, or use `first` afterwards",
    );
    warns(
        "fn fix(row) { row.name = \"x\"; }\nfix(#{});",
        "this change is lost: `row` is a copy of the argument",
        "return it: end with `row`, and use the result of the call",
    );
}

#[test]
fn a_change_that_is_read_afterwards_is_accepted() {
    passes("let out = [];\nfor row in [#{}] { row.a = 1; out.push(row); }\nprint(out);");
    passes("for row in [#{}] { if true { row.a = 1; } print(row); }");
    passes(
        "let list = [#{}];\nfor (item, at) in list { item.a = 1; list[at] = item; }\nprint(list);",
    );
    passes("for row in [#{ a: [] }] { for n in 0..3 { row.a.push(n); } print(row); }");
    passes("fn fix(row) { row.name = \"x\"; row }\nprint(fix(#{}));");
    passes("print([#{}].map(|row| { row.name = \"x\"; row }));");
    passes("let o = #{};\no.a = 1;\nprint(o);");
}

#[test]
fn counting_in_a_map_without_its_keys_is_an_error() {
    fails(
        "let seen = #{};\nfor row in read_csv(\"people.csv\") { seen[row.email] += 1; }\nprint(seen);",
        "`seen` has no key that `+=` could change",
        "write `seen[row.email] = (seen.get(row.email) ?? 0) + 1;`",
    );
    passes(
        "let seen = #{};\nfor key in [\"a\", \"a\"] {\n\
         if key in seen { seen[key] += 1; } else { seen[key] = 1; }\n}\nprint(seen);",
    );
    passes("let seen = #{ a: 0 };\nseen[\"a\"] += 1;\nprint(seen);");
}

#[test]
fn a_request_whose_address_is_missing_is_an_error() {
    fails(
        "print(invite_all(read_csv(\"people.csv\"), |row| #{ email: (), name: row.name }));",
        "the request has no `email`",
        "a request is `#{ email: …, name: … }`",
    );
}
