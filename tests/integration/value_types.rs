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

const ROWS: &str = "let rows = read_csv(\"people.csv\");\n";

#[test]
fn operators_indexes_properties_and_loops_of_the_wrong_type_are_found() {
    for (use_, error, hint) in [
        (
            "print(rows[0..2]);",
            "expected int, found range",
            "a part of a list is `list.extract(0..2)`",
        ),
        (
            "print(rows[\"name\"]);",
            "expected int, found string",
            "a list has no keys: take an item first, as in `rows[0][\"name\"]`, or loop over it",
        ),
        (
            "print(rows.length);",
            "unknown property `length` of type `array`",
            "write `x.len()`",
        ),
        (
            "let m = #{ a: rows }; for k in m { print(k); }",
            "a `for` loop needs a list",
            "over a map, write `for key in map.keys() { … }`; to count, write `for i in 0..3 { … }`",
        ),
        (
            "let n = rows.len(); for i in n { print(i); }",
            "a `for` loop needs a list",
            "over a map, write `for key in map.keys() { … }`; to count, write `for i in 0..3 { … }`",
        ),
        (
            "print(today() + rows.len());",
            "`+` does not take a `DateTime` and an `int`",
            "a number may be days or hours: write `time.plus_days(5)` or `time.plus_hours(5)`",
        ),
        (
            "for r in rows { print(r.score * 2); }",
            "`*` does not take a `string` and an `int`",
            "turn the text into a number: `parse_int(text)` or `parse_float(text)`; to repeat it, write `text.repeated(3)`",
        ),
        (
            "print(\"Dear %s\" % rows[0].name);",
            "`%` does not take a `string` and a `string`",
            "to insert values, put the text between backticks: `` `Dear ${name}` ``",
        ),
        (
            "print(rows[0].name & rows[0].email);",
            "`&` does not take a `string` and a `string`",
            "join texts with `+`: `a + b`",
        ),
        (
            "print(rows[0].name.plus_days(1));",
            "`plus_days` takes `DateTime` for `time`, not `string`",
            "available: `plus_days(time, days)`",
        ),
        (
            "print(rows[0].name.matches(\"a.c\"));",
            "a regular expression is needed, not `string`",
            "write `regex(\"…\")`; to search for a text itself, `text.contains(\"…\")`",
        ),
        (
            "for r in rows { if r.score in [80, 65] { print(r); } }",
            "`in` cannot compare a `string` with an `int`",
            "turn the text into a number: `parse_int(r.score)`",
        ),
        (
            "print(parse_int(rows[0].score) !in [\"80\"]);",
            "`in` cannot compare an `int` with a `string`",
            "turn the text into a number: `parse_int(text)`",
        ),
    ] {
        fails(&format!("{ROWS}{use_}\n"), error, hint);
    }
}

#[test]
fn what_the_types_allow_is_not_reported() {
    for script in [
        "let l = [\"a\"]; l.push(1); for x in l { if x == 1 { print(x); } }",
        "let l = [\"a\"]; l[0] = 1; print(l[0] == 1);",
        "let l = [[\"a\"]]; l[0].push(1); print(l[0][1] == 1);",
        "let l = [1]; l.insert(0, \"a\"); print(\"a\" in l);",
        "print(\"abc\"[0..2]); print(\"a\" - \"a\"); print(\"a\" + 'b' + 1 + 1.5 + true + [1]);",
        "print([1] + [2]); let a = [1]; a += 2; print(a); print(#{ a: 1 } + #{ b: 2 });",
        "print(5 & 3 | 8); print(1 << 3); print(true & false); print(2 ** 3); print(7 % 2.5);",
        "let x = 5; print(x.is_odd); print(\"abc\".len); print((0..3).start); print(1.5.int);",
        "let r = 0..3; for i in r { print(i); } for c in \"abc\" { print(c); } for (c, i) in [1] { print(c + i); }",
        "print((now() - today()).days > 1); print(now() > today());",
        "print('a' in \"abc\"); print(2 in 0..3); print(\"a\" in #{ a: 1 }); print(1.0 in [1, 2]);",
        "let last = (); for x in [1, 2] { if last == () { last = x; } } print(last);",
        "let x = if now() > today() { \"a\" } else { () }; print(x == ());",
        "let m = #{ f: |x| x }; print(m.f.call(1)); print(m.f == ()); print(m.missing ?? 1);",
        "fn clean(t) { t.trim(); t } print(clean(\" a \").len());",
        "fn string.shout() { this.to_upper() } print(\"a\".shout());",
        "let f = |x| x; print(f.name);",
        "let name = \"x\"; print(\"Hi ${name}\".replaced(\"${name}\", name));",
        "switch 5 { 1 => print(1), 2..=9 => print(2), _ => print(3) }",
        "let text = \"a\"; switch text { \"a\" | \"b\" => print(1), _ => print(3) }",
    ] {
        passes(&format!("{script}\n"));
    }
}

#[test]
fn a_test_and_a_case_that_never_hold_are_warned_about() {
    warns(
        &format!("{ROWS}for r in rows {{ if r.team == () {{ print(r); }} }}\n"),
        "`r.team` is a `string`, and never `()`",
        "test for an empty text: `r.team == \"\"`",
    );
    warns(
        "let n = [1].len(); if n != () { print(n); }\n",
        "`n` is an `int`, and never `()`",
        "remove the test",
    );
    warns(
        &format!("{ROWS}for r in rows {{ switch r.score {{ 80 => print(1), _ => print(2) }} }}\n"),
        "`switch` cannot compare a `string` with an `int`",
        "turn the text into a number: `parse_int(r.score)`",
    );
    for test in [
        "type_of(5) == \"int\"",
        "5.type_of() != \"int\"",
        "\"int\" == type_of(5)",
    ] {
        warns(
            &format!("print({test});\n"),
            "`type_of` never returns `int`",
            "write `\"i64\"`",
        );
    }
    warns(
        "let n = 0; [1, 2].for_each(|x| n += x); print(n);\n",
        "`x` is the index: `for_each` passes the item as `this`",
        "write `for item in list { … }`",
    );
    warns(
        "[1, 2].filter(|x| x > 1);\n",
        "the result of `filter` is not used",
        "keep it: `let value = ….filter(…);`",
    );
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
